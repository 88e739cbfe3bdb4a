#! /bin/sh
# test-limits.sh: how many, who, how long, how fast, and with no descriptor left
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"
requires python3

# errors: the server's error and warning lines.
errors ()
{
  grep '^gsock-server: ' "$SERVER_ERR"
}

# How many: more wait in the backlog, and are served when there is room.

for option in '-m 2' -m2 -m=2 --max-connections=2 '--max-connections 2'; do
  # shellcheck disable=SC2086 # words
  start_server --echo -v $option 127.0.0.1:0
  peer "$ADDR" "$SERVER_ERR" <<'EOP'
from peers import *
def echo(sock, text):
    sock.sendall(text)
    assert read_exactly(sock, len(text)) == text
first, second = connect(sys.argv[1]), connect(sys.argv[1])
echo(first, b'hola\n')
echo(second, b'hola\n')
waiting = [connect(sys.argv[1]) for n in range(3)]
for sock in waiting:
    sock.sendall(b'waiting\n')
wait_until(lambda: 'Full with 2' in open(sys.argv[2]).read(), 'full')
for n in range(50):
    echo(first, b'still\n')
assert not select.select(waiting, [], [], 0)[0], 'a third was served'
first.close()
second.close()
for sock in waiting[:2]:
    assert read_line(sock) == b'waiting\n'
assert not select.select(waiting[2:], [], [], 0)[0], 'a third was served'
waiting[0].close()
assert read_line(waiting[2]) == b'waiting\n'
EOP
  is "$status" 0 "$option: others wait, and then are served"
  stop_server
  is "$(errors)" '' '... which is no error'
done

# One that comes and goes at the limit does not fill the log.
start_server --echo -m1 127.0.0.1:0
peer "$ADDR" <<'EOP'
from peers import *
for n in range(300):
    sock = connect(sys.argv[1])
    sock.sendall(b'hola\n')
    assert read_line(sock) == b'hola\n'
    sock.close()
EOP
is "$status" 0 '300 clients one after another at -m1'
stop_server
ok '... are not a line each' test "$(grep -c Full "$SERVER_ERR")" -lt 30

start_server --echo --max-per-host=1 127.0.0.1:0 "$TMP/unix"
peer "$(endpoint 1)" "$(endpoint 2)" <<'EOP'
from peers import *
def echo(sock):
    sock.sendall(b'hola\n')
    return read_line(sock)
def refused(sock):
    try:
        sock.sendall(b'hola\n')
    except OSError:
        pass
    return ended(sock) == b''
tcp, unix = sys.argv[1:]
one = connect(tcp)
assert echo(one) == b'hola\n'
assert refused(connect(tcp)), 'the second of a host'
two = socket.socket()
two.bind(('127.0.0.2', 0))
two.connect(split(tcp)[1])
assert echo(two) == b'hola\n'
one.shutdown(socket.SHUT_WR)
assert read_all(one) == b''
one.close()
def again():
    sock = connect(tcp)
    try:
        return echo(sock) == b'hola\n'
    except OSError:
        return False
wait_until(again, 'room for another')
first = connect(unix)
assert echo(first) == b'hola\n'
assert refused(connect(unix)), 'the second of a user'
EOP
is "$status" 0 '--max-per-host=1: one an address, one a user'
stop_server
like "$(cat "$SERVER_ERR")" '^Refused 127\.0\.0\.1:[0-9]+ on .*--max-per-host' \
  '... and the refusal is told'

# Who.

# verdicts OPTION...: y or n for clients from 127.0.0.1 to .3 and from us on a
# UNIX socket.
cat >verdicts.py <<'EOP'
from peers import *
tcp, unix = sys.argv[1:3]
def served(sock):
    try:
        sock.sendall(b'hola\n')
        return read_line(sock) == b'hola\n'
    except (ConnectionResetError, BrokenPipeError):
        return False
verdict = ''
for n in 1, 2, 3:
    sock = socket.socket()
    sock.bind(('127.0.0.%d' % n, 0))
    sock.connect(split(tcp)[1])
    verdict += 'ny'[served(sock)]
print(verdict + 'ny'[served(connect(unix))])
EOP
verdicts ()
{
  run python3 "$TMP/verdicts.py" "$(endpoint 1)" "$(endpoint 2)"
}

# with_rules WANT OPTION...
with_rules ()
{
  want=$1
  shift
  start_server --echo "$@" 127.0.0.1:0 "$TMP/unix"
  verdicts
  is "$stdout" "$want" "who may: $*"
  stop_server
}

uid=$(id -u)
gid=$(id -g)
other=$((uid + 1))
with_rules yyyy
with_rules nyyy --deny=127.0.0.1
with_rules nyyn --deny=127.0.0.1 --deny=uid:"$uid"
with_rules nynn --allow=127.0.0.2
with_rules nnny --allow=uid:"$uid"
with_rules nnny --allow=gid:"$gid"
with_rules nnnn --allow=uid:"$other"
with_rules nnyn --deny=127.0.0.0/31 --deny=127.0.0.2 --allow=127.0.0.0/8
with_rules yyyn --allow=127.0.0.0/8 --deny=127.0.0.3
printf '# ours\n127.0.0.1\n\n127.0.0.3 # and this\n' >rules
with_rules ynyn --allow=@rules
run gsock-server --allow=127.0.0.1/33 0
is "$status" 2 'a rule that is none is a usage error'
run gsock-server --allow=@no-such-file 0
isnt "$status" 0 'nor does a file that is not there go unsaid'

start_server --echo --allow=@rules 127.0.0.1:0 "$TMP/unix"
verdicts
is "$stdout" ynyn 'a file of rules'
printf '127.0.0.2\nuid:%s\n' "$uid" >rules
verdicts
is "$stdout" ynyn '... changed, and not read yet'
kill -HUP "$SERVER_PID"
wait_for "$DEADLINE" grep -q 'read again' "$SERVER_ERR"
verdicts
is "$stdout" nyny '... and read again on SIGHUP'
printf '127.0.0.1\nnonsense\n' >rules
kill -HUP "$SERVER_PID"
wait_for "$DEADLINE" grep -q nonsense "$SERVER_ERR"
verdicts
is "$stdout" nyny 'rules that are wrong change nothing'
like "$(errors)" '^gsock-server: .*rules:2: .*nonsense' '... and are told: file, line, why'
is "$(errors | wc -l | tr -d ' ')" 1 '... in one line'
rm rules
kill -HUP "$SERVER_PID"
wait_for "$DEADLINE" grep -q 'no such file' "$SERVER_ERR"
verdicts
is "$stdout" nyny 'nor does a file that is gone'
stop_server

# A client that is in stays in.
printf '127.0.0.1\n' >rules
start_server --echo --allow=@rules 127.0.0.1:0
start_peer "$ADDR" "$SERVER_PID" "$SERVER_ERR" <<'EOP'
from peers import *
sock = connect(sys.argv[1])
# The kernel says yes before the server does: only an echo shows that we are in.
sock.sendall(b'hola\n')
assert read_line(sock) == b'hola\n'
print('in', flush=True)
open('rules', 'w').write('127.0.0.9\n')
os.kill(int(sys.argv[2]), signal.SIGHUP)
wait_until(lambda: 'read again' in open(sys.argv[3]).read(), 'a reload')
sock.sendall(b'hola\n')
assert read_line(sock) == b'hola\n'
EOP
end_peer 'a reload leaves those who are in'
stop_server

# How long.

run gsock-server --accept-timeout=50ms 127.0.0.1:0
is "$status:$(echo "$stderr" | grep -c '^gsock-server: No client')" 124:1 \
  '--accept-timeout: nobody came'
idle=1s
test -z "$TEST_WRAPPER" || idle=20s
start_server --echo --accept-timeout=20s "--exit-idle-time=$idle" 127.0.0.1:0
is "$(gsock-client "$ADDR" hola)" hola '--accept-timeout, and one comes'
reap "$SERVER_PID"
is "$status" 0 '... then --exit-idle-time ends it well'
run gsock-server --exit-idle-time=50ms 127.0.0.1:0
is "$status" 0 '--exit-idle-time: nobody came'

start_server --echo -i 100ms 127.0.0.1:0
peer "$ADDR" <<'EOP'
from peers import *
sock = connect(sys.argv[1])
sock.sendall(b'hola\n')
assert read_line(sock) == b'hola\n'
assert ended(sock) == b''
EOP
is "$status" 0 '-i closes a client that is idle'
wait_for "$DEADLINE" grep -q idle-timeout "$SERVER_ERR"
ok '... and goes on' kill -0 "$SERVER_PID"
stop_server
start_peer <<'EOP'
from peers import *
listener = listen()
for n in range(3):
    sock = accept(listener)
    sock.sendall(b'hola\n')
    ended(sock)
EOP
for option in '-i 100ms' '-i100ms' '--idle-timeout=100ms'; do
  # shellcheck disable=SC2086 # words
  run gsock-client $option --no-shutdown "$PEER" </dev/null
  is "$status:$stdout:$(printf '%s\n' "$stderr" | grep -c '^gsock-client: ')" \
    124:hola:1 "$option: a server that is silent"
done
end_peer

# How fast: never faster than told.  Slower is the machine's right.

python3 -c "print(end='x' * 60000)" >data
cat >slow.py <<'EOP'
from peers import *
began = time.monotonic()
sock = connect(sys.argv[1])
sock.sendall(open('data', 'rb').read())
sock.shutdown(socket.SHUT_WR)
assert len(read_all(sock)) == 60000
print(time.monotonic() - began > 0.5)
EOP
start_server --echo --limit-rate=100K 127.0.0.1:0
run python3 slow.py "$ADDR"
is "$stdout" True '--limit-rate of the server: 60,000 bytes take half a second'
stop_server
start_server --echo 127.0.0.1:0
peer "$ADDR" <<'EOP'
from peers import *
import subprocess
began = time.monotonic()
got = subprocess.run(['gsock-client', '--limit-rate=100K', sys.argv[1]],
                     stdin=open('data'), stdout=subprocess.PIPE).stdout
print(len(got), time.monotonic() - began > 0.5)
EOP
is "$stdout" '60000 True' '... and of the client'
stop_server

# What waits for that is no silence: three records, of which each is paid for
# after it has come.
start_server --limit-rate=100K -i 300ms "unix-seqpacket:$TMP/records"
peer <<'EOP'
from peers import *
sock = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
sock.connect('records')
for n in range(3):
    sock.send(b'x' * 60000 + b'\n')
ended(sock)
EOP
stop_server
is "$(tr -cd x <"$SERVER_OUT" | wc -c | tr -d ' ')" 180000 \
  '--idle-timeout does not count the waits of --limit-rate'

# What --once ends with.

# once STATUS TEXT OPTION... <PROGRAM
once ()
{
  once_status=$1
  once_text=$2
  shift 2
  start_server --once "$@" 127.0.0.1:0
  peer "$ADDR"
  reap "$SERVER_PID"
  is "$status:$(errors | wc -l | tr -d ' ')" \
    "$once_status:$((once_status != 0))" "--once: $once_text"
}

once 0 'a clean end' --echo <<'EOP'
from peers import *
sock = connect(sys.argv[1])
sock.sendall(b'hola\n')
sock.shutdown(socket.SHUT_WR)
assert read_all(sock) == b'hola\n'
EOP
once 0 'a greeting' --greet <<'EOP'
from peers import *
read_all(connect(sys.argv[1]))
EOP
once 1 'a reset' --echo <<'EOP'
from peers import *
sock = connect(sys.argv[1])
sock.sendall(b'hola\n')
assert read_line(sock) == b'hola\n'
reset(sock)
EOP
once 1 'half a frame' --discard -f u32 <<'EOP'
from peers import *
sock = connect(sys.argv[1])
sock.sendall(b'\0\0')
EOP
once 124 'idle' --echo -i 50ms <<'EOP'
from peers import *
ended(connect(sys.argv[1]))
EOP
once 124 'nobody' --echo --accept-timeout=50ms <<'EOP'
EOP
once 0 'one who may not come is not the one' --echo --deny=127.0.0.2 <<'EOP'
from peers import *
sock = socket.socket()
sock.bind(('127.0.0.2', 0))
sock.connect(split(sys.argv[1])[1])
ended(sock)
sock = connect(sys.argv[1])
sock.sendall(b'hola\n')
sock.shutdown(socket.SHUT_WR)
assert read_all(sock) == b'hola\n'
EOP

# No descriptor left.  60 clients where there is room for a few: all are served
# in the end, the processor rests meanwhile, and the log is short.

cat >crowd.py <<'EOP'
from peers import *
import resource
address, pid, log, how = sys.argv[1:]
pid = int(pid)
before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
if how == 'emfile':
    # Lower than what is open: the server did not expect that.
    used = len(os.listdir('/proc/%d/fd' % pid))
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (used, before[1]))
clients = [connect(address) for n in range(60)]
for sock in clients:
    sock.sendall(b'hola\n')
def told():
    return open(log).read().count('\n')
if how == 'emfile':
    wait_until(lambda: 'Cannot accept' in open(log).read(), 'a line')
else:
    wait_until(lambda: 'Full' in open(log).read(), 'full')
cpu, lines = cpu_seconds(pid), told()
select.select([], [], [], 1)            # what does it do meanwhile?
cpu, lines = cpu_seconds(pid) - cpu, told() - lines
resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
served = 0
while clients:
    for sock in select.select(clients, [], [], DEADLINE)[0]:
        served += read_line(sock) == b'hola\n'
        clients.remove(sock)
        sock.close()
print(served, lines <= 2, cpu < 0.1 or bool(os.environ['TEST_WRAPPER']))
if lines > 2 or cpu >= 0.1:
    sys.stderr.write('%d lines, %g s\n' % (lines, cpu))
EOP

SERVER_PREFIX='prlimit --nofile=40:40'
if command -v prlimit >/dev/null; then
  start_server --echo 127.0.0.1:0
  run python3 crowd.py "$ADDR" "$SERVER_PID" "$SERVER_ERR" full
  is "$stdout" '60 True True' 'at 40 descriptors 60 clients are served'
  test -z "$stderr" || diag "$stderr"
  is "$(errors)" '' '... none of whom saw the limit'
  stop_server
else
  skip 3 'no prlimit'
fi
SERVER_PREFIX=

for address in 127.0.0.1:0 "$TMP/unix"; do
  start_server --echo "$address"
  run python3 crowd.py "$ADDR" "$SERVER_PID" "$SERVER_ERR" emfile
  is "$stdout" '60 True True' "EMFILE: $address"
  test -z "$stderr" || diag "$stderr"
  like "$(errors)" '^gsock-server: Cannot accept .*too many open files' \
    '... is told'
  stop_server
done

# Every way accept can fail.

# attach ERROR: from now on every second accept of the server fails.
attach ()
{
  background strace strace -f -p "$SERVER_PID" -o "$TMP/trace" \
    -e trace=accept,accept4 -e "inject=accept,accept4:error=$1:when=1+2"
  wait_for "$DEADLINE" grep -q . strace.err
  grep -q attached strace.err
}

detach ()
{
  kill -INT "$BG_PID" 2>/dev/null
  reap "$BG_PID"
}

traced=
if test -z "$TEST_WRAPPER" && command -v strace >/dev/null; then
  start_server --echo 127.0.0.1:0
  ! attach EMFILE || traced=yes
  detach
  kill "$SERVER_PID"
  reap "$SERVER_PID"
fi
for error in EMFILE ENFILE ENOBUFS ENOMEM EPROTO EPERM ECONNABORTED EINTR; do
  if test -z "$traced"; then
    skip 3 'needs strace, and leave to trace'
    continue
  fi
  start_server --echo 127.0.0.1:0
  attach "$error"
  peer "$ADDR" <<'EOP'
from peers import *
clients = [connect(sys.argv[1]) for n in range(6)]
served = 0
for sock in clients:
    sock.sendall(b'hola\n')
    served += read_line(sock) == b'hola\n'
print(served)
EOP
  is "$stdout" 6 "accept fails with $error every second time: all are served"
  detach
  ok '... it did fail' grep -q "$error.*INJECTED" trace
  stop_server
done

# Memory that is short: who needs too much of it goes, and the others stay.  A
# message is taken in whole, and there is none left for a second copy of it.
for mode in --print '--print --workers=2' '--chat --workers=2'; do
  # shellcheck disable=SC2086 # words
  start_server $mode "$TMP/short"
  peer "$ADDR" "$SERVER_PID" "$SERVER_ERR" <<'EOP'
from peers import *
import resource
address, pid, log = sys.argv[1:]
size = status_field(pid, 'VmSize') << 10
if os.environ['TEST_WRAPPER'] or size > 4 << 30:
    print('skip')
    sys.exit()
resource.prlimit(int(pid), resource.RLIMIT_AS, (size + (24 << 20),) * 2)
def has_read(sock, n):
    try:
        sock.sendall(b'x' * n)
        while struct.unpack('i', fcntl.ioctl(sock, termios.TIOCOUTQ, bytes(4)))[0]:
            if is_closed(sock):
                return False
        return not is_closed(sock)
    except OSError:
        return False
clients = []
# Half a message leaves no room for a copy of a whole one.
for n in 1000000, 500000:
    while True:
        sock = connect(address)
        if not has_read(sock, n):
            break
        clients.append(sock)
        assert len(clients) < 500
for sock in clients:
    try:
        sock.sendall(b'\n')
    except OSError:
        pass
# The end of each is seen, or the answer to it.
for sock in clients:
    sock.close()
print('No memory is left for' in open(log).read())
while True:
    sock = connect(address)
    try:
        sock.sendall(b'still there\n')
        sock.shutdown(socket.SHUT_WR)
        read_all(sock)
        break
    except OSError:
        pass
EOP
  if test "$stdout" = skip; then
    skip 1 'a sanitizer or a wrapper needs memory of its own'
  else
    is "$status:$stdout" 0:True "memory that is short ends nobody else: $mode"
  fi
  stop_server
done

done_testing

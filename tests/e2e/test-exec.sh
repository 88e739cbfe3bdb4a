#! /bin/sh
# test-exec.sh: a command for each client: it has the socket, and nothing else
# of ours
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"
requires python3

python3 -c 'import random; random.seed(7)
open("3000000", "wb").write(random.randbytes(3000000))'
wc -c <3000000 >count

# Our own end first, and only then the answer: "ncat -c" and "socat SYSTEM:"
# lose it.  Then the same where bytes pass through us, by pipes.
answer='cat >got.$$; cat got.$$; wc -c <got.$$'
cat 3000000 count >want
for how in 127.0.0.1:0 ./s '--idle-timeout=1h 127.0.0.1:0' '-v -v ./s'; do
  # shellcheck disable=SC2086 # words
  start_server $how --sh="$answer"
  run gsock-client "$ADDR" <3000000
  is "$status" 0 "$how: an answer that comes after the client's end"
  same_bytes stdout want '... every byte of it'
  stop_server
done

# Nobody reads until all is written: "ncat -e /bin/cat" stops for ever.
start_server 127.0.0.1:0 -- cat
ok 'all is sent before any of the echo is read' peer "$ADDR" <<'EOP'
from peers import *
data = open('3000000', 'rb').read()
sock = connect(sys.argv[1])
sock.sendall(data)
sock.shutdown(socket.SHUT_WR)
if read_all(sock) != data:
    sys.exit('bytes are missing')
EOP
stop_server

# In a frame the process has a message a line, and so has the client.
for frame in line nul u16 netstring int; do
  start_server -f $frame 127.0.0.1:0 -- sed 's/^/</; s/$/>/'
  run gsock-client -f $frame "$ADDR" one '' 'two words'
  is "$status:$stdout" '0:<one>
<>
<two words>' "-f $frame: messages and lines"
  stop_server
done
start_server -f u16 --max-message=10 127.0.0.1:0 -- sed 's/$/ 123456789/'
run gsock-client -f u16 "$ADDR" ab
is "$stdout" '' 'a line over --max-message is not sent'
stop_server
like "$(cat "$SERVER_ERR")" 'COMMAND wrote a line longer than 10 bytes' \
  '... and the log says why'

# Words are the user's, to the last quote.
printf '#! /bin/sh\nprintf "<%%s>\\n" "$@"\n' >show
chmod +x show
start_server 127.0.0.1:0 -- ./show 'a b' '' "it's" 'host:80,x=1' '"$HOME"' '*'
run gsock-client --recv-only "$ADDR"
is "$stdout" '<a b>
<>
<it'\''s>
<host:80,x=1>
<"$HOME">
<*>' 'arguments arrive untouched'
stop_server

# What the process finds.
: >seven
exec 5<show 7>seven
start_server --banner='hello ' 127.0.0.1:0 -- python3 -c '
import os
fds = [n for n in range(100) if os.path.exists("/proc/self/fd/%d" % n)]
print(os.environ["GSOCK_PEER"], fds,
      os.get_blocking(0), os.get_blocking(1), os.getsid(0) == os.getpid())
for name in sorted(os.environ):
    if name == "GSOCK_LOCAL" or name.startswith(("GSOCK_P", "PROTO", "TCP")):
        print(name + "=" + os.environ[name])
'
exec 5<&- 7>&-
peer "$ADDR" <<'EOP'
from peers import *
sock = connect(sys.argv[1])
text = read_all(sock).decode()
for name, port in ('CPORT', sock.getsockname()[1]), ('SPORT', sock.getpeername()[1]):
    text = text.replace(str(port), name)
print(text, end='')
EOP
is "$(printf '%s\n' "$stdout" | sed -n 1p)" \
  'hello tcp:127.0.0.1:CPORT [0, 1, 2] True True True' \
  'the banner first; 0, 1 and 2 alone, blocking; a session of its own'
is "$(printf '%s\n' "$stdout" | sed 1d)" \
  'GSOCK_LOCAL=tcp:127.0.0.1:SPORT
GSOCK_PEER=tcp:127.0.0.1:CPORT
GSOCK_PEER_HOST=127.0.0.1
GSOCK_PEER_PORT=CPORT
GSOCK_PROTO=tcp
PROTO=TCP
TCPLOCALIP=127.0.0.1
TCPLOCALPORT=SPORT
TCPREMOTEIP=127.0.0.1
TCPREMOTEPORT=CPORT' '... and what it is told of the client'
stop_server

limit=$(ulimit -Sn)
start_server ./s \
  --sh='env | grep -E "^(PROTO|TCP|GSOCK_(LOCAL=|P))" | sort; ulimit -Sn'
run gsock-client --recv-only ./s
is "$(printf '%s\n' "$stdout" | sed '$d; s/PID=[1-9][0-9]*$/PID=N/')" \
  "GSOCK_LOCAL=unix:./s
GSOCK_PEER=unix:
GSOCK_PEER_GID=$(id -g)
GSOCK_PEER_PID=N
GSOCK_PEER_UID=$(id -u)
GSOCK_PROTO=unix
PROTO=UNIX" '... and of one on a UNIX socket'
if test -z "$TEST_WRAPPER"; then
  is "$(printf '%s\n' "$stdout" | tail -n 1)" "$limit" \
    '... with the limit of descriptors that we were given'
else
  skip 1 'valgrind keeps descriptors for itself'
fi
stop_server

if env --ignore-signal=HUP true 2>/dev/null; then
  SERVER_PREFIX='env --ignore-signal=HUP,USR2'
  start_server 127.0.0.1:0 -- grep -E '^Sig(Ign|Blk)' /proc/self/status
  SERVER_PREFIX=
  run gsock-client --recv-only "$ADDR"
  # From 32 on some are the C library's own, or qemu's.
  is "$(printf '%s\n' "$stdout" |
    sed 's/[0-9a-f]\{8\}\([0-9a-f]\{8\}\)$/\1/; s/8\(0000000\)$/0\1/')" \
    'SigBlk:	00000000
SigIgn:	00000000' 'no signal is blocked or ignored'
  stop_server
else
  skip 2 'env knows no --ignore-signal'
fi

# --once ends as the command does.
once ()
{
  start_server -v --once "$@"
  run gsock-client --recv-only "$ADDR"
  reap "$SERVER_PID"
}
once 127.0.0.1:0 -- true
is "$status" 0 '--once: status 0'
once 127.0.0.1:0 --sh='exit 3'
is "$status" 3 '--once: status 3'
like "$(cat "$SERVER_ERR")" 'process [0-9]* ended with status 3 after' \
  '... which -v tells'
once 127.0.0.1:0 --sh='kill -TERM $$'
is "$status" 143 '--once: 128 and the signal'
like "$(cat "$SERVER_ERR")" 'process [0-9]* ended by signal 15 after' \
  '... which -v tells'
run gsock-server --once 127.0.0.1:0 -- no-such-command
is "$status:$stderr" "127:gsock-server: There is no command 'no-such-command' in any folder of \$PATH" \
  '--once: no such command is found out at the start'
run gsock-server --once 127.0.0.1:0 -- ./3000000
is "$status" 126 '--once: one that is no program'
run gsock-server 127.0.0.1:0 -- ./nowhere
is "$status:$stderr" \
  "4:gsock-server: Cannot run './nowhere': no such file or directory" \
  'no such command, for ever'

# One that vanishes costs its client, and the log says so.
cp show fading
start_server 127.0.0.1:0 -- ./fading here
rm fading
run gsock-client --recv-only "$ADDR"
is "$stdout" '' 'the command is gone: so is the client'
cp show fading
run gsock-client --recv-only "$ADDR"
is "$stdout" '<here>' '... and the next one is served'
if test -z "$TEST_WRAPPER" && ! is_emulated; then
  like "$(cat "$SERVER_ERR")" 'Cannot start ./fading: no such file' \
    '... and the log says why'
else
  skip 1 "vfork of valgrind and qemu shares no memory: the child's error is lost"
fi
stop_server

start_server --json 127.0.0.1:0 --sh='exit 5'
run gsock-client --recv-only "$ADDR"
ok 'JSON: child-ended' wait_for "$DEADLINE" grep -Eq \
  '"event":"child-ended".*"child":[0-9]*,"seconds":[0-9.]*,"reason":"exited","status":5\}' \
  "$SERVER_ERR"
like "$(cat "$SERVER_ERR")" \
  '"event":"child-started".*"id":1,"peer":"tcp:127.0.0.1:[0-9]*","child":[0-9]*\}' \
  'JSON: child-started'
stop_server

# Nobody may take note of an orphan's end, where process 1 is no init.
has_ended ()
{
  test -n "$1" &&
    ! grep -q '^State:[[:space:]]*[A-WY]' "/proc/$1/status" 2>/dev/null
}

# What a command leaves behind in its group ends with it.
start_server 127.0.0.1:0 --sh='sleep 1000 & trap "" TERM; sleep 1000 & echo $!'
run gsock-client --recv-only "$ADDR"
is "$status" 0 'what a command leaves behind lets the client go'
left=$stdout
ok '... as it is ended' wait_for "$DEADLINE" has_ended "$left"
stop_server

# Those that hang, that ignore SIGTERM, that have put work behind them.  By
# pipes too.
for how in '' '-i 1h'; do
  # shellcheck disable=SC2086 # words
  start_server $how --grace=100ms 127.0.0.1:0 \
    --sh='trap "" TERM; (sleep 1000) & echo $$; sleep 1000; sleep 1000'
  start_peer "$ADDR" <<'EOP'
from peers import *
socks = [connect(sys.argv[1]) for i in range(5)]
for sock in socks:
    sock.recv(100)
print('served', flush=True)
for sock in socks:
    while sock.recv(100):
        pass
EOP
  stop_server "five that hang and ignore SIGTERM: the server ends well $how"
  end_peer '... and so do their clients'
  ok '... and no process is left' wait_for "$DEADLINE" no_processes
done

# No zombie, no descriptor.  GSOCK_TEST_EXEC_CLIENTS=10000 for the real thing.
start_server ./s -- echo hello
peer "${GSOCK_TEST_EXEC_CLIENTS:-200}" "$SERVER_PID" <<'EOP'
from peers import *
clients, server = map(int, sys.argv[1:])
def descriptors():
    return len(os.listdir('/proc/%d/fd' % server))
def children():
    # Each is its thread's that started it.
    return [child for task in os.listdir('/proc/%d/task' % server)
            for child in
            open('/proc/%d/task/%s/children' % (server, task)).read().split()]
def serve(n):
    socks = [connect('unix:s') for i in range(n)]
    for sock in socks:
        if read_all(sock) != b'hello\n':
            sys.exit('a client was not served')
        sock.close()
serve(1)
wait_until(lambda: not children(), 'the first child to end')
before = descriptors()
for i in range(clients // 50):
    serve(50)
wait_until(lambda: not children(), 'no child and no zombie')
wait_until(lambda: descriptors() == before, 'as many descriptors as before')
print('clean')
EOP
is "$stdout" clean 'many clients: no zombie, no descriptor is left'
stop_server

# A process counts as long as it lives; its client may have left.
mkfifo gate
start_server -m 1 127.0.0.1:0 --sh='exec <&- >&-; read -r x <gate'
run gsock-client --recv-only "$ADDR"
background second gsock-client --recv-only "$ADDR"
# Open both ways: who comes too late gets its line all the same, and who has
# gone already ends nobody.
exec 6<>gate
ok 'a process whose client has left fills --max-connections' \
  wait_for "$DEADLINE" grep -q Full "$SERVER_ERR"
echo >&6
echo >&6
ok '... and the next client is served when it has ended' reap "$BG_PID"
stop_server
exec 6>&-

# One whose stdout is closed has said all, whatever it does then.
for how in '' '-i 1h'; do
  # shellcheck disable=SC2086 # words
  start_server $how 127.0.0.1:0 --sh='echo all; exec <&- >&-; read -r x <gate'
  run gsock-client --recv-only "$ADDR"
  is "$status:$stdout" 0:all "closed stdout is an end $how"
  exec 6<>gate
  echo >&6
  stop_server
  exec 6>&-
done

# One that reads nothing must not lose what it says, nor stop us.
start_server -i 1h 127.0.0.1:0 --sh='exec <&-; echo read nothing'
run gsock-client "$ADDR" <3000000
is "$status:$stdout" '0:read nothing' 'a process that closes its stdin'
stop_server

# One that we cut is told.
start_server -i 100ms 127.0.0.1:0 --sh='trap "echo told >told; exit" TERM
while :; do sleep 0.01; done'
run gsock-client --recv-only "$ADDR"
ok 'the process of a client that was silent for too long is told to end' \
  wait_for "$DEADLINE" test -s told
stop_server

# A noisy stderr is the server's.
start_server 127.0.0.1:0 --sh='seq 100000 >&2; echo done'
run gsock-client --recv-only "$ADDR"
is "$stdout" done 'a flood on stderr'
stop_server
is "$(grep -c '^[0-9]*$' "$SERVER_ERR")" 100000 '... is where ours is'

# Where there are no pidfds a child's end is looked for.

# without_pidfds ARG...: a server that has none.
without_pidfds ()
{
  start_server "$@"
  background strace strace -f -b execve -p "$SERVER_PID" -o "$TMP/trace" \
    -e trace=pidfd_open -e inject=pidfd_open:error=ENOSYS
  wait_for "$DEADLINE" grep -q . strace.err
  grep -q attached strace.err
}

if test -z "$TEST_WRAPPER" && command -v strace >/dev/null &&
  strace -o /dev/null true 2>/dev/null; then
  asan_options=${ASAN_OPTIONS:-}
  export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
  without_pidfds --once 127.0.0.1:0 --sh='exit 3'
  run gsock-client --recv-only "$ADDR"
  reap "$SERVER_PID"
  is "$status" 3 'no pidfd: --once ends as the command does'
  ok '... and so it was' grep -q 'pidfd_open.*ENOSYS' trace
  reap "$BG_PID"
  without_pidfds --grace=100ms 127.0.0.1:0 \
    --sh='trap "" TERM; echo $$; while :; do sleep 0.1; done'
  start_peer "$ADDR" <<'EOP'
from peers import *
sock = connect(sys.argv[1])
print(read_line(sock).decode().strip(), flush=True)
while sock.recv(100):
    pass
EOP
  stop_server '... with one that ignores SIGTERM the server ends well'
  end_peer '... and so does its client'
  ok '... for it is killed' has_ended "$PEER"
  ASAN_OPTIONS=$asan_options
else
  skip 5 'needs strace, and leave to trace'
fi

# An abstract name belongs to nobody.
run gsock-server "@gsock-test-$$-exec" -- id
is "$status" 2 'an abstract name: only for users that are named'
like "$stderr" 'Every user of this machine .* --allow=uid:USER' '... and why'
start_server "--allow=uid:$(id -u)" "@gsock-test-$$-exec" -- echo me
run gsock-client --recv-only "$ADDR"
is "$stdout" me '... as with --allow=uid:'
if test "$(id -u)" -eq 0 && command -v setpriv >/dev/null; then
  peer "gsock-test-$$-exec" <<'EOP'
from peers import *
os.setresgid(65534, 65534, 65534)
os.setresuid(65534, 65534, 65534)
sock = socket.socket(socket.AF_UNIX)
sock.connect(b'\0' + os.fsencode(sys.argv[1]))
print(read_all(sock))
EOP
  is "$stdout" "b''" '... and a stranger gets nothing'
else
  skip 1 'takes root'
fi

# Of one that was inherited the command line says nothing; TLS before it or not.
cat >inherit.py <<'EOP'
import os, socket, sys
sock = socket.socket(socket.AF_UNIX)
sock.bind(b'\0' + os.fsencode(sys.argv[1]))
sock.listen()
os.dup2(sock.fileno(), 7)
os.execvp('gsock-server', ['gsock-server', *sys.argv[2:], '--', 'echo', 'me'])
EOP
for carrier in plain tls; do
  name=gsock-test-$$-$carrier
  set -- "@$name"
  test "$carrier" = plain || set -- --insecure "tls:@$name"
  case $carrier in
    plain) background inherited python3 inherit.py "$name" fd:7 ;;
    tls) background inherited python3 inherit.py "$name" --cert=auto tls:fd:7 ;;
  esac
  run gsock-client --retry=20 --recv-only "$@"
  is "$stdout" '' "an inherited abstract name: nothing is run, $carrier"
  kill "$BG_PID"
  reap "$BG_PID"
  like "$(cat inherited.err)" 'No COMMAND is run for an abstract name' \
    '... and why'
done
stop_server

start_server --once -f u8 127.0.0.1:0 -- \
  sh -c 'trap "" TERM; seq -s, 300'
run gsock-client -f u8 --recv-only "$ADDR"
reap "$SERVER_PID"
is "$status:$(grep -c "doesn't fit into the frame" "$SERVER_ERR")" 1:1 \
  'a line that its frame cannot carry: broken, and no wrong command line'

run gsock-server 127.0.0.1:0 --
is "$status" 2 'no COMMAND after --'
run gsock-server --sh=true 127.0.0.1:0 -- true
is "$status:$stderr" "2:gsock-server: COMMAND and --sh can't be used together" \
  'one of COMMAND and --sh'
run gsock-server --echo 127.0.0.1:0 -- true
is "$status" 2 'COMMAND is a mode of its own'

done_testing

#! /bin/sh
# test-forward.sh: --forward is two equal sides, and each direction ends alone
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"
requires python3

# stop_peer: of a peer that serves until it is told to end.
stop_peer ()
{
  kill -TERM "$PEER_PID" 2>/dev/null
  reap "$PEER_PID"
}

# reversed_after_end ADDRESS: answers after the client's end with what it said,
# last byte first; many clients.
reversed_after_end ()
{
  start_peer "$1" <<'EOP'
from peers import *
import threading
def serve(sock):
    sock.sendall(read_all(sock)[::-1])
    sock.close()
listener = listen(sys.argv[1])
while True:
    threading.Thread(target=serve, args=(accept(listener),), daemon=True).start()
EOP
}

python3 - <<'EOP'
from peers import *
import random
random.seed(9999)
data = random.randbytes(3000000)
open('3000000', 'wb').write(data)
open('3000000.reversed', 'wb').write(data[::-1])
EOP

address_of ()
{
  case $1 in
    tcp) echo tcp:127.0.0.1:0 ;;
    tcp6) echo 'tcp:[::1]:0' ;;
    unix) echo "unix:$TMP/$2" ;;
    abstract) echo "unix:@gsock-test-$$-$2" ;;
  esac
}

# Request, our end, and then the answer; on every pair of kinds.
for kind in tcp unix abstract; do
  reversed_after_end "$(address_of "$kind" up)"
  for client in tcp unix abstract; do
    start_server --forward="$PEER" "$(address_of "$client" down)"
    run gsock-client "$ADDR" <3000000
    is "$status" 0 "$client to $kind: an answer that comes after our end"
    same_bytes stdout 3000000.reversed '... every byte of it'
    is "$(cat "$SERVER_ERR")" "Listening on ${ADDR#*:}" '... and no complaint'
    stop_server
    rm -f down
  done
  stop_peer
  rm -f up
done

# The other way round: the upstream ends first, and then reads on.
for kind in tcp unix; do
  start_peer "$(address_of "$kind" up)" <<'EOP'
from peers import *
sock = accept(listen(sys.argv[1]))
sock.sendall(b'all I have\n')
sock.shutdown(socket.SHUT_WR)
assert len(read_all(sock)) == 3000000
EOP
  start_server --once --forward="$PEER" "$(address_of "$kind" down)"
  peer "$ADDR" <<'EOP'
from peers import *
sock = connect(sys.argv[1])
assert read_all(sock) == b'all I have\n'
sock.sendall(bytes(3000000))
EOP
  is "$status" 0 "$kind: the upstream ends first and we go on"
  end_peer '... and it gets all of it'
  reap "$SERVER_PID"
  is "$status" 0 '... and --once ends well'
  rm -f up down
done

# A reset is passed on as a reset, either way, and told in one line.
start_peer tcp:127.0.0.1:0 <<'EOP'
from peers import *
listener = listen(sys.argv[1])
sock = accept(listener)
sock.sendall(b'half of')
read_exactly(sock, 5)
reset(sock)
sock = accept(listener)
sock.sendall(b'some')
try:
    read_all(sock)
    sys.exit('an end, and no reset')
except ConnectionResetError:
    pass
EOP
start_server --forward="$PEER" 127.0.0.1:0
peer "$ADDR" <<'EOP'
from peers import *
sock = connect(sys.argv[1])
assert read_exactly(sock, 7) == b'half of'
sock.sendall(b'hello')
try:
    read_all(sock)
    sys.exit('an end, and no reset')
except ConnectionResetError:
    pass
sock = connect(sys.argv[1])
assert read_exactly(sock, 4) == b'some'
sock.sendall(b'hello')
reset(sock)
EOP
is "$status" 0 'the client sees the reset of its upstream'
end_peer '... and the upstream sees that of its client'
stop_server
is "$(grep -c 'reset the connection' "$SERVER_ERR")" 2 '... each is told once'

# Large and small in turn, both ways at once: the kernel moves the bytes while
# they come thick, and none is lost or out of its place.  What must be seen is
# copied.
start_peer tcp:127.0.0.1:0 <<'EOP'
from peers import *
import threading
def serve(sock):
    while True:
        data = sock.recv(1 << 20)
        if not data:
            break
        sock.sendall(data)
    sock.close()
listener = listen(sys.argv[1])
while True:
    threading.Thread(target=serve, args=(accept(listener),), daemon=True).start()
EOP
cat >exchange.py <<'EOP'
from peers import *
import hashlib, random, threading
sock = connect(sys.argv[1])
pid, what = sys.argv[2:]
random.seed(5)
sent, got = hashlib.sha256(), hashlib.sha256()
seen = 0
def pipes():
    fds = '/proc/%s/fd/' % pid
    links = []
    for name in os.listdir(fds):
        try:
            links.append(os.readlink(fds + name))
        except OSError:
            pass
    return len([link for link in links if link.startswith('pipe:')])
# What the server was given by whoever started it.
inherited = pipes()
def send():
    for i in range(40):
        size = random.choice((1, 64, 4000, 1000000))
        data = random.randbytes(size)
        sent.update(data)
        sock.sendall(data)
        if i == 20:
            wait_until(lambda: got.copy().digest() == sent.copy().digest())
    data = random.randbytes(6000000)
    sent.update(data)
    sock.sendall(data)
    sock.shutdown(socket.SHUT_WR)
sender = threading.Thread(target=send)
sender.start()
while True:
    data = sock.recv(1 << 16)
    if not data:
        break
    got.update(data)
    if what == 'splice' and not seen:
        seen = pipes() - inherited
sender.join()
assert got.digest() == sent.digest()
assert bool(seen) == (what == 'splice'), seen
assert (pipes() > inherited) == (what == 'splice')
EOP
start_server --forward="$PEER" 127.0.0.1:0
peer "$ADDR" "$SERVER_PID" splice <exchange.py
is "$status" 0 'large and small, both ways at once: spliced, and whole'
stop_server
for option in --record=record --limit-rate=1G; do
  start_server "$option" --forward="$PEER" 127.0.0.1:0
  peer "$ADDR" "$SERVER_PID" copy <exchange.py
  is "$status" 0 "... copied with ${option%=*}"
  stop_server
done
stop_peer

# Urgent bytes stop splice, which is no end: they and what is behind them
# arrive.
start_peer <<'EOP'
from peers import *
import collections
sock = accept(listen())
counts = collections.Counter()
while True:
    data = sock.recv(1 << 16)
    if not data:
        break
    counts.update(data)
assert counts[ord('a')] == 5 * 3000000, counts
assert counts[ord('b')] == 5 * 500000, counts
assert counts[ord('!')] == 5, counts
EOP
start_server --once --forward="$PEER" 127.0.0.1:0
peer "$ADDR" <<'EOP'
from peers import *
sock = connect(sys.argv[1])
for i in range(5):
    sock.sendall(b'a' * 3000000)
    sock.send(b'!', socket.MSG_OOB)
    sock.sendall(b'b' * 500000)
sock.shutdown(socket.SHUT_WR)
assert read_all(sock) == b''
EOP
reap "$SERVER_PID"
is "$status" 0 'a stream with urgent bytes in it'
end_peer '... is whole'

# An end behind bytes that the other side has not taken yet.
start_peer "unix:$TMP/up" <<'EOP'
from peers import *
sock = accept(listen(sys.argv[1]))
sock.sendall(bytes(9000000))
sock.close()
EOP
start_server --once --forward="$PEER" 127.0.0.1:0
peer "$ADDR" "$PEER_PID" <<'EOP'
from peers import *
sock = connect(sys.argv[1], receive=4096)
# Nothing is read until nothing moves any more.
before = -1
while True:
    now = open('/proc/%s/stat' % sys.argv[2]).read().split()[13:15]
    waiting = len(sock.recv(1 << 20, socket.MSG_PEEK))
    if (now, waiting) == before:
        break
    before = (now, waiting)
    select.select([], [], [], 0.1)
assert len(read_all(sock)) == 9000000
EOP
is "$status" 0 'the end waits for what is still in the pipe'
end_peer
reap "$SERVER_PID"
is "$status" 0 '... and it is a clean one'
rm -f up

# An upstream that gives its answer and doesn't read the rest.
start_peer tcp:127.0.0.1:0 <<'EOP'
from peers import *
sock = accept(listen(sys.argv[1]))
read_exactly(sock, 1000)
sock.sendall(b'too large\n')
sock.shutdown(socket.SHUT_WR)
read_exactly(sock, 200000)
sock.close()
EOP
start_server --once --forward="$PEER" 127.0.0.1:0
peer "$ADDR" <<'EOP'
from peers import *
sock = connect(sys.argv[1])
# More than the kernel's queues take on the way.
sock.sendall(bytes(30000000))
sock.shutdown(socket.SHUT_WR)
assert read_all(sock) == b'too large\n'
EOP
is "$status" 0 'the whole answer of an upstream that would not read all'
end_peer
reap "$SERVER_PID"
is "$status" 1 '... but the server says that something was lost'
like "$(cat "$SERVER_ERR")" "${PEER#tcp:} reset the connection" '... and whose fault'

# No upstream.
start_peer tcp:127.0.0.1:0 <<'EOP'
from peers import *
listen(sys.argv[1]).close()
EOP
end_peer
start_server --once --forward="$PEER" 127.0.0.1:0
run gsock-client "$ADDR" hello
isnt "$status" 0 'no upstream: the client sees a reset'
reap "$SERVER_PID"
is "$status" 4 '... the server exits with the status of a refused connect'
is "$(sed 1d "$SERVER_ERR")" \
  "gsock-server: Cannot connect to ${PEER#tcp:}: connection refused: nobody is listening there" \
  '... and one line'

# Every address of its name is tried.
reversed_after_end tcp:127.0.0.1:0
start_server --json -4 --forward="localhost:${PEER##*:}" 127.0.0.1:0
run gsock-client "$ADDR" abc
is "$status:$stdout" '0:
cba' 'an upstream by name'
stop_server
like "$(cat "$SERVER_ERR")" \
  '"event":"connected",.*"id":1,"side":"upstream","local":"tcp:127.0.0.1:[0-9]*","remote":"tcp:127.0.0.1:' \
  '... JSON says whose upstream it is'
is "$(grep -c '"event":"closed",.*"id":1,"side":"upstream"' "$SERVER_ERR")" 1 \
  '... also where it ends'
is "$(grep -c '"event":"closed",.*"id":1,"peer"' "$SERVER_ERR")" 1 \
  '... and the client is the other side'
start_server -6 --forward="127.0.0.1:${PEER##*:}" '[::1]:0'
run gsock-client "$ADDR" abc
isnt "$status" 0 '-6 is for the upstream too'
stop_server

# The calls of both sides.
start_server --explain --once --forward="$PEER" 127.0.0.1:0
run gsock-client "$ADDR" abc
reap "$SERVER_PID"
is "$status:$(grep -c '^connect (' "$SERVER_ERR"):$(grep -c '^shutdown (' "$SERVER_ERR")" \
  0:1:2 '--explain: one connect, two half-closes'
stop_peer

# An upstream that takes no connection: in time, told, and the others go on.
start_peer tcp:127.0.0.1:0 <<'EOP'
from peers import *
listener = listen(sys.argv[1], 0)
full = [socket.socket() for i in range(8)]
for sock in full:
    sock.setblocking(False)
    sock.connect_ex(listener.getsockname())
signal.pause()
EOP
start_server -w 300ms --forward="$PEER" 127.0.0.1:0
run gsock-client "$ADDR" hello
isnt "$status" 0 'a dead upstream: the client sees a reset'
stop_server
like "$(cat "$SERVER_ERR")" "Cannot connect to ${PEER#tcp:}.*300 ms" \
  '... after --timeout'
stop_peer

# A thousand clients whose upstream takes nothing, and one whose does.
start_peer unix:"$TMP/up" <<'EOP'
from peers import *
listener = listen(sys.argv[1], 4096)
kept = []
while True:
    sock = accept(listener)
    if read_exactly(sock, 1) == b's':
        kept.append(sock)
        continue
    sock.sendall(read_all(sock))
    sock.close()
EOP
start_server --forward="$PEER" "$TMP/down"
peer "$ADDR" "$SERVER_PID" <<'EOP'
from peers import *
import resource
resource.setrlimit(resource.RLIMIT_NOFILE,
                   (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
many = []
for i in range(1000):
    sock = connect(sys.argv[1])
    sock.sendall(b'stall')
    many.append(sock)
# One that sends for ever is held.
many[0].setblocking(False)
before = status_field(sys.argv[2], 'VmHWM')
sent = 0
quiet = 0
while quiet < 20:
    try:
        sent += many[0].send(bytes(65536))
        quiet = 0
    except BlockingIOError:
        quiet += 1
        select.select([], [many[0]], [], 0.01)
grown = status_field(sys.argv[2], 'VmHWM') - before
assert sent < 4000000, sent
assert grown < 4096 or 'TEST_WRAPPER' in os.environ, grown
for i in range(3):
    sock = connect(sys.argv[1])
    sock.sendall(b'good' * 100000)
    sock.shutdown(socket.SHUT_WR)
    assert read_all(sock)[-4:] == b'good'
EOP
is "$status" 0 'a thousand stalled clients, one of them sending for ever, and a good one'
kill -TERM "$SERVER_PID"
wait_for "$DEADLINE" grep -q Stopping "$SERVER_ERR"
kill -TERM "$SERVER_PID"
reap "$SERVER_PID"
is "$status" 0 '... and an end at the second signal'
like "$(cat "$SERVER_ERR")" 'Stopping .SIGTERM.; 1000 clients are still connected' '... the log says how many'
stop_peer

# Told to stop, it lets them finish.
start_peer tcp:127.0.0.1:0 <<'EOP'
from peers import *
sock = accept(listen(sys.argv[1]))
data = read_exactly(sock, 5)
print(data.decode(), flush=True)
data += read_all(sock)
sock.sendall(data)
EOP
start_server --grace=30s --forward="$PEER" 127.0.0.1:0
peer "$ADDR" "$SERVER_PID" "$PEER_OUT" "$SERVER_ERR" <<'EOP'
from peers import *
sock = connect(sys.argv[1])
sock.sendall(b'first')
wait_until(lambda: 'first' in open(sys.argv[3]).read())
os.kill(int(sys.argv[2]), signal.SIGTERM)
wait_until(lambda: 'Stopping' in open(sys.argv[4]).read())
# Longer than what a client of another mode may be quiet for.
assert not select.select([sock], [], [], 0.8)[0]
sock.sendall(b' and last')
sock.shutdown(socket.SHUT_WR)
assert read_all(sock) == b'first and last'
EOP
is "$status" 0 'a link that is quiet for a moment is not ended by SIGTERM'
reap "$SERVER_PID"
is "$status" 0 '... and the server ends after it'
end_peer

# What it can't be told.
run gsock-server --forward=nowhere://x 0
is "$status" 2 'an address that is none'
like "$stderr" '^gsock-server: --forward: ' '... is refused by name'
run gsock-server --forward=1 --echo 0
is "$status" 2 'one mode only'

# A descriptor is one connection: a second client would close it under the
# first one's link.
run gsock-server --forward=fd:3 127.0.0.1:0
is "$status:$stderr" \
  '2:gsock-server: --forward=fd: works only with --once' \
  'an upstream that is a descriptor is for one client'
peer <<'EOP'
from peers import *
import subprocess
ours, theirs = socket.socketpair()
ready, told = os.pipe()
server = subprocess.Popen(['gsock-server', '--quiet', '--once', '--ready-fd=%d' % told,
                           '--forward=fd:%d' % theirs.fileno(), '127.0.0.1:0'],
                          stdin=subprocess.DEVNULL,
                          pass_fds=(theirs.fileno(), told))
os.close(told)
theirs.close()
sock = connect(open(ready).readline().strip())
sock.sendall(b'hola')
sock.shutdown(socket.SHUT_WR)
assert read_all(ours) == b'hola'
ours.close()
assert read_all(sock) == b''
sock.close()
assert server.wait(DEADLINE) == 0
EOP
is "$status:$stderr" 0: '... and serves that one with --once'

done_testing

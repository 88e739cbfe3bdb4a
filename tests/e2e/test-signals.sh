#! /bin/sh
# test-signals.sh: an orderly end, and standard streams that fail
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"
requires python3

# told TEXT: the server has said so.
told ()
{
  wait_for "$DEADLINE" grep -q -- "$1" "$SERVER_ERR"
}

# SIGTERM in the middle of 8 MB each way.
for address in 127.0.0.1:0 "$TMP/socket"; do
  for number in TERM INT; do
    start_server --echo "$address"
    peer "$ADDR" "$SERVER_PID" "$number" "$SERVER_ERR" <<'EOP'
from peers import *
import threading
address, pid, number, log = sys.argv[1:]
data = bytes(range(256)) * 32768
sock = connect(address)
half, refused = threading.Event(), threading.Event()
def send():
    sock.sendall(data[:len(data) // 2])
    refused.wait()
    sock.sendall(data[len(data) // 2:])
    sock.shutdown(socket.SHUT_WR)
sender = threading.Thread(target=send)
sender.start()
got = read_exactly(sock, 1000000)
os.kill(int(pid), getattr(signal, 'SIG' + number))
wait_until(lambda: 'Stopping' in open(log).read(), 'it to be told')
try:
    connect(address)
    print('a new client was let in')
except (ConnectionRefusedError, FileNotFoundError):
    print('refused')
refused.set()
got += read_all(sock)
sender.join()
print(len(got), got == data)
EOP
    is "$status:$stdout" '0:refused
8388608 True' "SIG$number: new clients are refused, 8 MB are finished: $address"
    reap "$SERVER_PID"
    is "$status" 0 '... and the server ends well'
    ok '... its socket file is gone' test ! -e socket
  done
done

# A client that does not finish: the grace time, or a second signal.

stuck ()
{
  start_peer "$1" <<'EOP'
from peers import *
sock = connect(sys.argv[1])
sock.setblocking(False)
try:
    while True:
        sock.send(bytes(65536))
        select.select([], [sock], [], 0.2)
except BlockingIOError:
    print('stuck', flush=True)
signal.pause()
EOP
}

start_server --echo --grace=100ms "$TMP/socket"
stuck "$ADDR"
kill -TERM "$SERVER_PID"
reap "$SERVER_PID"
is "$status" 0 '--grace ends the wait for a client that is stuck'
like "$(cat "$SERVER_ERR")" '^gsock-server: 1 client had not finished' \
  '... and says so'
kill "$PEER_PID"

for number in TERM INT; do
  start_server --echo --grace=1h "$TMP/socket"
  stuck "$ADDR"
  kill -TERM "$SERVER_PID"
  told Stopping
  ok "with an hour's grace it waits" kill -0 "$SERVER_PID"
  kill "-$number" "$SERVER_PID"
  reap "$SERVER_PID"
  isnt "$status" 137 "... and a second signal, SIG$number, ends it at once"
  like "$(cat "$SERVER_ERR")" '^gsock-server: 1 client had not finished' \
    '... and says whom it cut'
  kill "$PEER_PID"
done

# A client that is only there is told at once, not after the grace time.
start_server --echo --grace=1h 127.0.0.1:0
start_peer "$ADDR" <<'EOP'
from peers import *
sock = connect(sys.argv[1])
print('in', flush=True)
assert sock.recv(1) == b''
EOP
kill -TERM "$SERVER_PID"
end_peer 'a quiet client is told that the server ends'
reap "$SERVER_PID"
is "$status" 0 '... which ends then'

# SIGHUP and SIGUSR1.

start_server --echo 127.0.0.1:0
gsock-client "$ADDR" 'doce bytes!' >/dev/null
kill -HUP "$SERVER_PID"
ok 'SIGHUP reads the rules again' told 'read again'
kill -USR1 "$SERVER_PID"
ok 'SIGUSR1 tells what was served' \
  told 'Connections now 0, so far 1; 12 bytes received, 12 bytes sent'
kill -PIPE "$SERVER_PID"
is "$(gsock-client "$ADDR" hola)" hola '... and it goes on, also after SIGPIPE'
peer "$ADDR" "$SERVER_PID" <<'EOP'
from peers import *
sock, pid = connect(sys.argv[1]), int(sys.argv[2])
for n in range(1000):
    os.kill(pid, signal.SIGHUP if n % 2 else signal.SIGUSR1)
    text = b'%d\n' % n
    sock.sendall(text)
    assert read_line(sock) == text
EOP
is "$status" 0 'a thousand of them lose nothing'
stop_server

# A client dies of the signal, as the shell expects it.
for number in INT TERM HUP; do
  start_peer "$number" <<'EOP'
from peers import *
import subprocess
listener = listen()
def ours():
    signal.signal(signal.SIGINT, signal.SIG_DFL)
client = subprocess.Popen(['gsock-client', 'tcp:127.0.0.1:%d'
                           % listener.getsockname()[1]],
                          stdin=subprocess.PIPE, preexec_fn=ours)
accept(listener)
client.send_signal(getattr(signal, 'SIG' + sys.argv[1]))
print(client.wait() == -getattr(signal, 'SIG' + sys.argv[1]))
EOP
  end_peer
  is "$(tail -n 1 "$PEER_OUT")" True "gsock-client ends by SIG$number"
done

# A peer that closes while we write kills nobody.
start_peer <<'EOP'
from peers import *
listener = listen()
for n in range(3):
    sock = accept(listener)
    read_exactly(sock, 10)
    reset(sock)
EOP
python3 -c "print(end='x' * 3000000)" >data
for n in 1 2 3; do
  run gsock-client "$PEER" <data
  is "$status:$(printf '%s\n' "$stderr" | wc -l | tr -d ' ')" 1:1 \
    'a peer that goes while we write: status 1, one line, no SIGPIPE'
done
end_peer

# stdout that fails.

start_server --greet 127.0.0.1:0
gsock-client "$ADDR" >/dev/full 2>said
is "$?:$(wc -l <said | tr -d ' ')" 7:1 'the client, stdout full: status 7, one line'
like "$(cat said)" '^gsock-client: .*standard output.*space' '... that says why'
for option in --help --help-all --version; do
  for tool in gsock-client gsock-server; do
    "$tool" "$option" >/dev/full 2>said
    is "$?:$(wc -l <said | tr -d ' ')" 7:1 "... and $tool $option"
  done
done
if test -z "$TEST_WRAPPER"; then
  gsock-client "$ADDR" >&- 2>said
  is "$?:$(wc -l <said | tr -d ' ')" 7:1 '... and stdout closed'
else
  skip 1 'valgrind has a use for that descriptor'
fi
stop_server

mkfifo ready
gsock-server --ready-fd=3 127.0.0.1:0 3>ready >/dev/full 2>said </dev/null &
server=$!
address=$(timeout "$DEADLINE" cat ready)
gsock-client "$address" hola 2>/dev/null
reap "$server"
is "$status" 7 'the server, stdout full: status 7'
is "$(grep -c '^gsock-server: .*standard output' said)" 1 '... and one line'

mkfifo ready-once
gsock-server --once --ready-fd=3 127.0.0.1:0 3>ready-once >/dev/full 2>said \
  </dev/null &
server=$!
address=$(timeout "$DEADLINE" cat ready-once)
gsock-client "$address" hola 2>/dev/null
reap "$server"
is "$status:$(grep -c '^gsock-server: ' said)" 7:1 \
  '... and one line with --once too, where it is the client'\''s error too'

# | head -1: whoever reads has had enough.
start_peer <<'EOP'
from peers import *
listener = listen()
sock = accept(listener)
sent = 0
try:
    while True:
        sock.sendall(b'line\n' * 1000)
        sent += 5000
except OSError:
    pass
EOP
{ gsock-client "$PEER" 2>said; echo $? >ended; } </dev/null | head -n 1 >first
wait_for "$DEADLINE" test -s ended
is "$(cat first):$(cat ended)" line:7 'the client into head -n 1: status 7'
end_peer '... and the peer is told'

# No standard streams at all: what is opened next must not become one.
start_peer <<'EOP'
from peers import *
listener = listen()
for n in range(8):
    sock = accept(listener)
    sock.sendall(b'answer\n')
    sock.shutdown(socket.SHUT_WR)
    print(ascii(read_all(sock)), flush=True)
EOP
gsock-client -v "$PEER" x <&- >/dev/null 2>&1
gsock-client -v "$PEER" x >&- 2>/dev/null
gsock-client -v "$PEER" x 2>&- >/dev/null
gsock-client -v "$PEER" x <&- >&- 2>/dev/null
gsock-client -v "$PEER" x <&- 2>&- >/dev/null
gsock-client -v "$PEER" x >&- 2>&-
gsock-client -v "$PEER" x <&- >&- 2>&-
gsock-client -v "$PEER" <&- >&- 2>&-
end_peer
is "$(sed 1d "$PEER_OUT" | sort | uniq -c | sed 's/^ *//')" "1 b''
7 b'x\\n'" 'a client without standard streams sends nothing but its messages'

for closed in '<&-' '>&-' '2>&-' '<&- >&-' '<&- >&- 2>&-'; do
  if test -n "$TEST_WRAPPER" && test "$closed" = '>&-'; then
    skip 2 'valgrind has a use for that descriptor'
    continue
  fi
  rm -f "$TMP/.ready"
  mkfifo "$TMP/.ready"
  eval "gsock-server -v --ready-fd=3 127.0.0.1:0 3>$TMP/.ready </dev/null >/dev/null 2>/dev/null $closed &"
  server=$!
  address=$(timeout "$DEADLINE" cat "$TMP/.ready")
  peer "$address" <<'EOP'
from peers import *
sock = connect(sys.argv[1])
sock.sendall(b'hola\n')
sock.shutdown(socket.SHUT_WR)
print(ascii(read_all(sock)))
EOP
  is "$stdout" "b''" "a server started with $closed sends nothing by mistake"
  case $closed in
    *'>&-'*'2>&-'* | '>&-' | *' >&-') want=7 ;;
    *) want=0 && kill -TERM "$server" ;;
  esac
  reap "$server"
  is "$status" "$want" "... and ends with $want"
done

# The service manager.

for name in "$TMP/notify" "@gsock-notify-$$"; do
  start_peer "$name" <<'EOP'
from peers import *
import subprocess
name = sys.argv[1]
manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
manager.bind('\0' + name[1:] if name[0] == '@' else name)
server = subprocess.Popen(['gsock-server', '127.0.0.1:0'],
                          env=dict(os.environ, NOTIFY_SOCKET=name),
                          stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
def hear():
    lines = manager.recv(1000).decode().split()
    usec = [l for l in lines if l.startswith('MONOTONIC_USEC=')]
    if usec:
        now = time.clock_gettime(time.CLOCK_MONOTONIC)
        assert now - 60 < int(usec[0][15:]) / 1e6 <= now
    print(*[l for l in lines if l not in usec], len(usec))
hear()
server.send_signal(signal.SIGHUP)
hear()
hear()
server.send_signal(signal.SIGTERM)
hear()
print(server.wait())
EOP
  end_peer
  is "$(cat "$PEER_OUT")" 'READY=1 0
RELOADING=1 1
READY=1 0
STOPPING=1 0
0' "\$NOTIFY_SOCKET is told: $name"
done
NOTIFY_SOCKET=$TMP/nobody
export NOTIFY_SOCKET
start_server 127.0.0.1:0
unset NOTIFY_SOCKET
stop_server 'a manager that is not there harms nothing'

# --ready-fd: a line a bound address, then closed.
gsock-server --ready-fd=5 127.0.0.1:0 "$TMP/one" '[::1]:0' 5>ready \
  </dev/null >/dev/null 2>&1 &
server=$!
timeout "$DEADLINE" cat ready >addresses
like "$(sed -n 1p addresses)" '^tcp:127\.0\.0\.1:[1-9][0-9]*$' '--ready-fd: the first'
is "$(sed -n 2p addresses)" "unix:$TMP/one" '... the second'
kill "$server"
reap "$server"
run gsock-server --ready-fd=77 127.0.0.1:0
isnt "$status" 0 'a --ready-fd that is not open is an error'

# A client that is stopped tells its sums first, and ends as others do.
start_server --echo 127.0.0.1:0
for number in INT:130 TERM:143; do
  mkfifo held
  BG_STDIN=held background summed gsock-client --stats --json "$ADDR"
  exec 7>held
  printf hola >&7
  ok "an echo came" wait_for "$DEADLINE" grep -q hola summed.out
  kill -"${number%:*}" "$BG_PID"
  reap "$BG_PID"
  is "$status" "${number#*:}" "SIG${number%:*} ends a client with --stats"
  like "$(cat summed.err)" '"event":"stats".*"in":4,"out":4' \
    '... which has told what it carried'
  exec 7>&-
  rm -f held summed.out summed.err
done
stop_server

done_testing

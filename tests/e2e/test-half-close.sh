#! /bin/sh
# test-half-close.sh: each direction ends by itself, and nothing is lost
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"
requires python3

# The peers take one client, do what their test says, and end.

# after_end ADDRESS: answers when the client has ended its side, not before.
after_end ()
{
  start_peer "$1" <<'EOP'
from peers import *
sock = accept(listen(sys.argv[1]))
sock.sendall(b'answer to ' + read_all(sock))
sock.close()
EOP
}

# reversed_after_end ADDRESS: keeps all that comes until the end of it, and
# then sends it back last byte first, so that no byte can come by accident.
reversed_after_end ()
{
  start_peer "$1" <<'EOP'
from peers import *
sock = accept(listen(sys.argv[1]))
sock.sendall(read_all(sock)[::-1])
sock.close()
EOP
}

python3 - <<'EOP'
from peers import *
import random
random.seed(3490)
for size in 20000, 3000000:
    data = random.randbytes(size)
    open('%d' % size, 'wb').write(data)
    open('%d.reversed' % size, 'wb').write(data[::-1])
EOP

for family in tcp unix; do
  case $family in
    tcp) address=tcp:127.0.0.1:0 ;;
    unix) address=unix:$TMP/peer ;;
  esac

  # The client's side ends first.
  after_end "$address"
  printf 'question\n' >question
  run gsock-client --explain "$PEER" <question
  is "$status:$stdout" '0:answer to question' \
    "$family: an answer that comes after our end"
  like "$stderr" '^shutdown \([0-9]+, SHUT_WR\) = 0' '... which is a half-close'
  end_peer
  rm -f peer

  after_end "$address"
  run gsock-client "$PEER" question
  is "$status:$stdout" '0:answer to question' \
    "$family: an answer to a MESSAGE, after our end"
  end_peer
  rm -f peer

  for size in 20000 3000000; do
    reversed_after_end "$address"
    run gsock-client "$PEER" <"$size"
    is "$status" 0 "$family: $size bytes and our end, $size bytes back"
    same_bytes stdout "$size.reversed" '... every one of them'
    end_peer
    rm -f peer
  done

  # The peer's side ends first; what it reads after that is told by it.
  mkfifo words
  start_peer "$address" <<'EOP'
from peers import *
sock = accept(listen(sys.argv[1]))
sock.sendall(b'all I have\n')
sock.shutdown(socket.SHUT_WR)
print(read_all(sock).decode(), end='')
EOP
  exec 5<>words
  BG_STDIN=$TMP/words
  background client gsock-client "$PEER" 5>&-
  BG_STDIN=
  printf 'first\n' >&5
  wait_for "$DEADLINE" grep -q have client.out
  printf 'second\n' >&5
  exec 5>&-
  reap "$BG_PID"
  is "$status:$(cat client.out)" '0:all I have' \
    "$family: the peer ends first, and we go on"
  end_peer
  is "$(sed 1d "$PEER_OUT")" 'first
second' '... and it gets all we say'
  rm -f peer words

  # A time for the answer.
  start_peer "$address" <<'EOP'
from peers import *
sock = accept(listen(sys.argv[1]))
read_all(sock)
signal.pause()
EOP
  run gsock-client -q 100ms "$PEER" <question
  is "$status:$stdout$stderr" '0:' "$family: -q leaves without an answer"
  kill "$PEER_PID" 2>/dev/null
  rm -f peer

  # Ours stays open.
  start_peer "$address" <<'EOP'
from peers import *
sock = accept(listen(sys.argv[1]))
line = read_line(sock)
sock.sendall(b'answer to ' + line)
sock.shutdown(socket.SHUT_WR)
assert read_all(sock) == b''
EOP
  run gsock-client --explain --no-shutdown "$PEER" <question
  is "$status:$stdout" '0:answer to question' "$family: --no-shutdown"
  unlike "$stderr" '^shutdown' '... does not shut down'
  end_peer
  rm -f peer

  # One way only.
  start_peer "$address" <<'EOP'
from peers import *
sock = accept(listen(sys.argv[1]))
sock.sendall(b'unwanted\n')
print(read_all(sock).decode(), end='')
EOP
  run gsock-client --send-only "$PEER" <question
  is "$status:$stdout" 0: "$family: --send-only prints nothing"
  end_peer
  is "$(sed 1d "$PEER_OUT")" question '... and sends all'
  rm -f peer

  start_peer "$address" <<'EOP'
from peers import *
sock = accept(listen(sys.argv[1]))
sock.sendall(b'wanted\n')
sock.shutdown(socket.SHUT_WR)
print('got %r' % read_all(sock))
EOP
  run gsock-client --recv-only "$PEER" <question
  is "$status:$stdout" 0:wanted "$family: --recv-only prints all"
  end_peer
  is "$(sed 1d "$PEER_OUT")" "got b''" '... and sends nothing'
  rm -f peer

  # A reset is told, once, and is status 1.
  start_peer "$address" <<'EOP'
from peers import *
sock = accept(listen(sys.argv[1]))
sock.sendall(b'12345')
# The client has these, and says so by its own.
assert read_exactly(sock, 2) == b'ok'
sock.sendall(b'67890')
reset(sock)
EOP
  mkfifo words
  exec 5<>words
  BG_STDIN=$TMP/words
  background client gsock-client "$PEER" 5>&-
  BG_STDIN=
  wait_for "$DEADLINE" grep -q 12345 client.out
  printf 'ok, and this is never read' >&5
  reap "$BG_PID"
  exec 5>&-
  is "$status:$(wc -l <client.err)" 1:1 \
    "$family: a reset in mid-stream is status 1 and one line"
  like "$(cat client.err)" "^gsock-client: .*${PEER#*:} reset the connection" \
    '... that says who and what'
  end_peer
  rm -f peer words
done

# On a UNIX socket it is seen that the peer has closed altogether and would take
# nothing: a client that waits for its stdin ends too.
mkfifo words
start_peer "unix:$TMP/peer" <<'EOP'
from peers import *
sock = accept(listen(sys.argv[1]))
sock.sendall(b'good bye\n')
sock.close()
EOP
exec 5<>words
run gsock-client "$PEER" <words
exec 5>&-
is "$status:$stdout" '0:good bye' 'a peer that has closed altogether ends us'
end_peer
rm -f peer words

# Nor does it take what is no message yet, and that is told.
for row in 'STREAM unix -fline' 'STREAM unix -fu32' \
  'SEQPACKET unix-seqpacket -fraw' 'SEQPACKET unix-seqpacket -fline'; do
  # shellcheck disable=SC2086 # words
  set -- $row
  mkfifo words
  exec 5<>words
  rm -f closer
  start_peer "$1" <<'EOF'
from peers import *
listener = socket.socket(socket.AF_UNIX, getattr(socket, 'SOCK_' + sys.argv[1]))
listener.bind('closer')
listener.listen()
print('closer', flush=True)
sock = accept(listener)
words = os.open('words', os.O_RDONLY)
wait_until(lambda: fcntl.ioctl(words, termios.FIONREAD, bytes(4)) == bytes(4),
           'the client to read it')
sock.close()
EOF
  printf 'half a line' >&5
  run gsock-client "$3" "$2:$TMP/closer" <words
  exec 5>&-
  is "$status:$stderr" "1:gsock-client: $TMP/closer closed the connection: \
11 bytes of an unfinished message were not sent" \
    "an unfinished message that the peer did not wait for: $2 $3"
  end_peer
  rm -f words
done

# The same of the server, to foreign clients.

start_server --echo -f raw 127.0.0.1:0 "$TMP/echo"
for n in 1 2; do
  peer "$(endpoint $n)" <<'EOP'
from peers import *
import threading
for size in 20000, 3000000:
    data = open('%d' % size, 'rb').read()
    sock = connect(sys.argv[1])
    def send():
        sock.sendall(data)
        sock.shutdown(socket.SHUT_WR)
    sender = threading.Thread(target=send)
    sender.start()
    assert read_all(sock) == data, size
    sender.join()
    sock.close()

# Nobody reads before all has been sent, as far as the kernel takes it.
sock = connect(sys.argv[1])
sock.setblocking(False)
sent = 0
while select.select([], [sock], [], 0.5)[1] and sent < len(data):
    sent += sock.send(data[sent:sent + 65536])
sock.settimeout(DEADLINE)
sock.shutdown(socket.SHUT_WR)
assert read_all(sock) == data[:sent]
EOP
  is "$status" 0 "--echo gives back all, also after the end: $(endpoint $n)"
  for size in 20000 3000000; do
    run gsock-client "$(endpoint $n)" <"$size"
    is "$status" 0 "our client and --echo, $size bytes"
    same_bytes stdout "$size" '... come back'
  done
  peer "$(endpoint $n)" <<'EOP'
from peers import *
sock = connect(sys.argv[1])
sock.sendall(b'x' * 1000)
read_exactly(sock, 500)
sock.sendall(b'y' * 1000)
reset(sock)
sock = connect(sys.argv[1])
sock.sendall(b'still there?')
sock.shutdown(socket.SHUT_WR)
print(read_all(sock).decode())
EOP
  is "$stdout" 'still there?' 'a client that resets harms nobody else'
done
stop_server
is "$(grep -c 'reset the connection' "$SERVER_ERR")" 2 '... and is one line each'

start_server --greet 127.0.0.1:0
peer "$ADDR" <<'EOP'
from peers import *
sock = connect(sys.argv[1])
sock.shutdown(socket.SHUT_WR)
print(read_all(sock).decode(), end='')
EOP
is "$stdout" 'This is a test string from server!' \
  'a client that ends at once is greeted'
stop_server

# --once is one end of a pipe, byte for byte, both ways at once.

for address in 127.0.0.1:0 "$TMP/once"; do
  SERVER_STDIN=$TMP/3000000
  start_server --once -f raw "$address"
  SERVER_STDIN=
  run gsock-client "$ADDR" <3000000.reversed
  is "$status" 0 "--once, files both ways: $address"
  same_bytes stdout 3000000 '... the server sent its own'
  reap "$SERVER_PID"
  is "$status" 0 '... and ends with its client'
  same_bytes "$SERVER_OUT" 3000000.reversed '... whose file it has'

  SERVER_STDIN=$TMP/question
  start_server --once "$address"
  SERVER_STDIN=
  peer "$ADDR" <<'EOP'
from peers import *
sock = connect(sys.argv[1])
question = read_all(sock)
sock.sendall(b'answer to ' + question)
sock.close()
EOP
  reap "$SERVER_PID"
  is "$status:$(cat "$SERVER_OUT")" '0:answer to question' \
    '... its stdin ends, and the answer comes after that'

  mkfifo words
  exec 5<>words
  SERVER_STDIN=$TMP/words
  start_server --once "$address" 5>&-
  SERVER_STDIN=
  start_peer "$ADDR" 5>&- <<'EOP'
from peers import *
sock = connect(sys.argv[1])
sock.sendall(b'question')
sock.shutdown(socket.SHUT_WR)
print('asked', flush=True)
print(read_all(sock).decode(), end='')
EOP
  wait_for "$DEADLINE" grep -q question "$SERVER_OUT"
  printf 'answer\n' >words
  exec 5>&-
  end_peer '... the client ends, and the answer goes after that'
  is "$(sed 1d "$PEER_OUT")" answer '... and arrives'
  reap "$SERVER_PID"
  is "$status" 0 '... clean on both sides'
  rm -f words

  start_server --once "$address"
  peer "$ADDR" "$SERVER_OUT" <<'EOP'
from peers import *
sock = connect(sys.argv[1])
sock.sendall(b'one\ntw')
wait_until(lambda: 'one' in open(sys.argv[2]).read(), 'the first line')
if sock.family == socket.AF_INET:
    reset(sock)
EOP
  reap "$SERVER_PID"
  said=$(sed 1d "$SERVER_ERR")
  case $address in
    */*)
      is "$status:$said:$(cat "$SERVER_OUT")" "0::one
tw" '... a line without its end counts'
      ;;
    *)
      is "$status:$(printf '%s\n' "$said" | wc -l)" 1:1 \
        '... a reset is status 1 and one line'
      like "$said" '^gsock-server: 127\.0\.0\.1:[0-9]+ reset the connection' \
        '... that says who and what'
      ;;
  esac
done

# What others do with the same peers: why all this is tested.

# rival PROGRAM PEER-FUNCTION WHAT COMMAND...: passes where the rival fails;
# a rival that has learnt it is skipped.
rival ()
{
  rival_name=$1
  rival_what=$3
  if ! command -v "$rival_name" >/dev/null; then
    skip 1 "no $rival_name"
    return
  fi
  "$2"
  shift 3
  timeout 3 "$@" "${PEER##*:}" <question >rival.out 2>rival.err
  rival_status=$?
  if test "$rival_status" -eq 0 && test "$(cat rival.out)" = "$wanted"; then
    skip 1 "this $rival_name does better than those we knew"
  else
    ok 0 "$rival_name $rival_what (status $rival_status)"
  fi
  kill "$PEER_PID" 2>/dev/null
}

# A second after the end, or when the client has gone.
late ()
{
  start_peer <<'EOP'
from peers import *
sock = accept(listen())
question = read_all(sock)
poll = select.poll()
poll.register(sock, 0)
poll.poll(1000)
sock.sendall(b'answer to ' + question)
EOP
}

wanted='answer to question'
rival socat late 'loses an answer that takes a second' \
  sh -c 'exec socat - "TCP:127.0.0.1:$1"' sh
rival nc late 'never ends its side' nc 127.0.0.1

resets ()
{
  start_peer <<'EOP'
from peers import *
sock = accept(listen())
sock.recv(1)
sock.sendall(b'12345')
reset(sock)
EOP
}

# resets_silently PROGRAM COMMAND...
resets_silently ()
{
  if ! command -v "$1" >/dev/null; then
    skip 1 "no $1"
    return
  fi
  rival_name=$1
  shift
  resets
  timeout 5 "$@" "${PEER##*:}" <question >rival.out 2>rival.err
  rival_status=$?
  if test "$rival_status" -eq 0 && ! test -s rival.err; then
    ok 0 "$rival_name takes a reset for an end, in silence"
  else
    skip 1 "this $rival_name does better than those we knew"
  fi
}

resets_silently socat sh -c 'exec socat - "TCP:127.0.0.1:$1"' sh
resets_silently nc nc -N 127.0.0.1
resets
run gsock-client "$PEER" <question
is "$status:$(printf '%s\n' "$stderr" | wc -l)" 1:1 'ours tells it, and fails'

done_testing

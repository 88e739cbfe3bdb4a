#! /bin/sh
# test-client.sh: how a client finds its server, and how it ends
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"
requires python3

# lines: how many $stderr has.
lines ()
{
  wc -l <"$TMP/stderr" | tr -d ' '
}

# fails STATUS ERE TEXT ARG...: the client does, with one line.
fails ()
{
  fails_status=$1
  fails_why=$2
  fails_text=$3
  shift 3
  run gsock-client "$@"
  is "$status:$stdout:$(lines)" "$fails_status::1" "$fails_text: $fails_status, one line"
  like "$stderr" "^gsock-client: .*$fails_why" '... that says why'
}

start_server --echo 127.0.0.1:0 "$TMP/socket" '[::1]:0' 2>/dev/null
v6=$(endpoint 3)

# Nobody listens there, and nobody else will soon.
free=$(free_ports 1)

# The forms of an address.
for form in "127.0.0.1:$PORT" "tcp:127.0.0.1:$PORT" "localhost:$PORT" "$PORT" \
  "unix:$TMP/socket" "$TMP/socket" ./socket "$v6" "${v6#tcp:}"; do
  run gsock-client "$form" hola
  is "$status:$stdout:$stderr" 0:hola: "ADDRESS $form"
done
for host in 127.0.0.1 localhost; do
  run gsock-client "$host" "$PORT" hola adios
  is "$status:$stdout" '0:hola
adios' "HOST PORT MESSAGE...: $host"
done
for host in ::1 '[::1]' '::1%lo' '[::1%lo]'; do
  run gsock-client "$host" "${v6##*:}" hola
  is "$status:$stdout" 0:hola "... $host"
done
run gsock-client "$TMP/socket" 80
is "$status:$stdout" 0:80 'after a path 80 is a message'
run gsock-client "127.0.0.1:$PORT" 80
is "$status:$stdout" 0:80 '... and after HOST:PORT'
run gsock-client -- "127.0.0.1:$PORT" --check -z
is "$status:$stdout" '0:--check
-z' 'after -- there are messages only'
run gsock-client "127.0.0.1:$PORT" hola --frame=nul
is "$status" 0 'options may come last'

# Statuses: nobody there, no such name, nonsense.
fails 4 '127\.0\.0\.1:.*refused' 'nobody listens' "127.0.0.1:$free" x
fails 4 "$TMP/nobody: .*gsock-server $TMP/nobody" 'no socket file' "$TMP/nobody" x
printf 'text\n' >text
fails 4 "$TMP/text" 'a regular file' "$TMP/text" x
fails 4 . 'an abstract name that nobody has' "@gsock-nobody-$$" x
# A copy, for the folder of the tool may be closed to others, as /root is.
stranger="setpriv --reuid=65534 --regid=65534 --clear-groups $TMP/gsock-client"
cp "$(command -v gsock-client)" "$TMP/gsock-client"
chmod 711 "$TMP"
# shellcheck disable=SC2086 # words
if $stranger --version >/dev/null 2>&1; then
  $stranger "$TMP/socket" x >stdout 2>stderr </dev/null
  is "$?:$(lines)" 6:1 "a socket file of another's: 6, one line"
else
  skip 1 'needs root, setpriv, and a tool that all may run'
fi
fails 3 'nobody\.invalid' 'a name that there is none' nobody.invalid 80 x
fails 2 . 'no address'
fails 2 . 'no port' localhost
fails 2 70000 'a port that is none' 127.0.0.1:70000
fails 2 vsock 'an address that this has not' vsock:2:80
fails 2 no-such-option 'an unknown option' --no-such-option "127.0.0.1:$PORT"
fails 2 . 'an unknown letter' -Y "127.0.0.1:$PORT"
fails 2 timeout 'an option without its value' "127.0.0.1:$PORT" --timeout
fails 2 . 'a time that is none' -w 5x "127.0.0.1:$PORT"
fails 2 . 'a flag with a value' --check=yes "127.0.0.1:$PORT"
for pair in '--send-only --recv-only' '--check --reconnect' '--send-only -n1'; do
  # shellcheck disable=SC2086 # words
  fails 2 "${pair%% *}.*together" "$pair" $pair "127.0.0.1:$PORT"
done
fails 2 . '--check and a message' --check "127.0.0.1:$PORT" x

# Short options take their value in three ways, and may stand together.
for option in -w5 '-w 5' -w=5 '-w 5s' -w5s -w=500ms --timeout=5 '--timeout 5' \
  '-w 0' -4w5; do
  # shellcheck disable=SC2086 # words
  run gsock-client $option "127.0.0.1:$PORT" </dev/null
  is "$status:$stdout$stderr" 0: "the option $option"
done
fails 2 . '-4w without a value' "127.0.0.1:$PORT" -4w

# -z: connects, says so by its status, and sends nothing.
for option in -z --check -4z -zw5; do
  run gsock-client "$option" "127.0.0.1:$PORT"
  is "$status:$stdout" 0: "$option: it answers"
  like "$stderr" "^Connected to 127\.0\.0\.1:$PORT" '... and that is told'
done
run gsock-client -z --quiet "127.0.0.1:$PORT"
is "$status:$stdout$stderr" 0: '... unless told not to'
run gsock-client -z "127.0.0.1:$free"
is "$status:$stdout" 4: '-z: it does not answer'
fails 4 refused '... and --quiet' -z --quiet "127.0.0.1:$free"

# TCP's urgent byte is one of the stream's.
start_peer <<'EOP'
from peers import *
sock = accept(listen())
sock.sendall(b'before')
sock.send(b'!', socket.MSG_OOB)
sock.sendall(b'behind')
EOP
is "$(gsock-client --recv-only "$PEER")" 'before!behind' 'an urgent byte'
end_peer

# -4 and -6.
run gsock-client -4 localhost "$PORT" hola
is "$status:$stdout" 0:hola '-4 localhost'
run gsock-client -4 --json localhost "$PORT" hola
unlike "$stderr" '\[::1\]' '... tries no IPv6 address'
run gsock-client -6 --json localhost "$PORT" hola
unlike "$stderr" '127\.0\.0\.1' '-6 tries no IPv4 address'
isnt "$status" 124 '... and ends'
fails 2 . '-6 and an IPv4 address' -6 "127.0.0.1:$PORT" x
for wrong in '-4 [::1]:0' '-4 [::]:0' '-6 127.0.0.1:0' '-4 udp:[::1]:0'; do
  family=IPv4
  test "${wrong#-4}" != "$wrong" || family=IPv6
  shown=${wrong#-? }
  # shellcheck disable=SC2086 # words
  run gsock-server --accept-timeout=1ms $wrong
  is "$status:${stderr%%, and*}" \
    "2:gsock-server: Cannot listen on ${shown#udp:}: it is no $family address" \
    "gsock-server $wrong"
done

# -s: where we come from.
start_server --tag 127.0.0.1:0
run gsock-client -s 127.0.0.7 "$ADDR" 'by address'
is "$status" 0 '-s ADDR'
run gsock-client --source=127.0.0.8:0 "$ADDR" 'address and port'
run gsock-client -s=127.0.0.9 "$ADDR" 'the third way'
wait_for "$DEADLINE" grep -q third "$SERVER_OUT"
is "$(sed 's/:[0-9]*:/:/' "$SERVER_OUT")" '127.0.0.7: by address
127.0.0.8: address and port
127.0.0.9: the third way' '... is what the server sees'
fails 4 . '-s with an address that is not ours' -s 192.0.2.1 "$ADDR" x
stop_server

# Every address of a name is tried: the first does not answer.
if test "$(getent ahosts localhost | sed -n 's/ *STREAM.*//p' | wc -l)" -ge 2; then
  for address in 127.0.0.1:0 '[::1]:0'; do
    start_server --echo "$address"
    run gsock-client localhost "$PORT" hola
    is "$status:$stdout:$stderr" 0:hola: "localhost is found at $address"
    stop_server
  done
else
  skip 4 'localhost has one address here'
fi

# -n: so many messages, then the end.
start_peer <<'EOP'
from peers import *
listener = listen()
while True:
    sock = accept(listener)
    sock.sendall(b'one\ntwo\nthree\n')
    ended(sock)
    sock.close()
EOP
for option in -n2 '-n 2' -n=2 --count=2; do
  # shellcheck disable=SC2086 # words
  run gsock-client --frame=line $option --no-shutdown "$PEER" </dev/null
  is "$status:$stdout:$stderr" '0:one
two:' "$option: two messages, and the end"
done
fails 2 . '-n0' -n0 "$PEER"
kill "$PEER_PID"

# Times.
start_peer <<'EOP'
from peers import *
# The backlog is full, so a connect gets no answer.
listener = listen(backlog=0)
clients = []
for n in range(4):
    client = socket.socket()
    client.setblocking(False)
    client.connect_ex(listener.getsockname())
    clients.append(client)
print('full', flush=True)
signal.pause()
EOP
wait_for "$DEADLINE" grep -q full "$PEER_OUT"
fails 124 '127\.0\.0\.1:.*300 ms.*--timeout' '-w: a server that does not answer' \
  -w 300ms "$PEER" x
fails 124 . '... and --check' --quiet -z -w300ms "$PEER"
kill "$PEER_PID"

# --retry: until the server is there.
BG_STDIN=
background retry gsock-client --retry=forever "$TMP/later" hola
retry_pid=$BG_PID
wait_for "$DEADLINE" grep -q 'trying again' retry.err
ok '--retry tells the first failure' grep -q "$TMP/later" retry.err
start_server --echo "$TMP/later"
reap "$retry_pid"
is "$status:$(cat retry.out)" 0:hola '... and is served when the server comes'
stop_server
run gsock-client --retry=2 "$TMP/later" hola
is "$status:$(grep -c 'trying again' stderr)" 4:2 '--retry=2: three attempts'
like "$(tail -n 1 stderr)" '^gsock-client: Cannot connect' '... and the error'
run gsock-client --retry=1 nobody.invalid 80 hola
is "$status" 3 '--retry and a name that does not come: 3'
fails 2 . '--retry with nonsense' --retry=often "$TMP/later"
background check gsock-client -z --retry=forever "$TMP/later"
check_pid=$BG_PID
wait_for "$DEADLINE" grep -q 'trying again' check.err
start_server --echo "$TMP/later"
reap "$check_pid"
is "$status" 0 '-z --retry waits for a server'
stop_server

# --reconnect: a dropped link comes back, the preamble first each time.
printf 'hello from a file\n' >preamble
for preamble in 'hello
' "@$TMP/preamble"; do
  start_peer <<'EOP'
from peers import *
listener = listen()
for n in range(3):
    sock = accept(listener)
    print(read_line(sock).decode(), end='', flush=True)
    sock.sendall(b'answer %d\n' % n)
    if n == 1:
        reset(sock)
    elif n == 0:
        sock.close()
    else:
        print(read_line(sock).decode(), end='', flush=True)
        sock.shutdown(socket.SHUT_WR)
        print(read_all(sock).decode(), end='')
EOP
  mkfifo words
  exec 5<>words
  BG_STDIN=$TMP/words
  background link gsock-client --reconnect "--preamble=$preamble" \
    --no-shutdown "$PEER" 5>&-
  BG_STDIN=
  wait_for "$DEADLINE" grep -q 'answer 2' link.out
  printf 'to the third\n' >&5
  wait_for "$DEADLINE" grep -q 'to the third' "$PEER_OUT"
  exec 5>&-
  kill "$BG_PID" 2>/dev/null
  reap "$BG_PID"
  kill "$PEER_PID" 2>/dev/null
  reap "$PEER_PID"
  is "$(grep -c '^hello' "$PEER_OUT")" 3 \
    "--reconnect: three links, the preamble on each"
  is "$(grep -c answer link.out)" 3 '... and all that came on them'
  like "$(cat link.err)" 'The connection with .* has ended; trying again' \
    '... an end is a line in the log'
  like "$(cat link.err)" 'reset the connection .*; trying again' \
    '... and so is a reset'
  rm -f words
done

# What of stdin one connection did not get, half a line too, is the next one's.
for scheme in unix unix-seqpacket; do
  mkfifo words
  exec 5<>words
  rm -f link
  start_peer "$scheme" <<'EOP'
from peers import *
import socket
kind = (socket.SOCK_SEQPACKET if sys.argv[1] == 'unix-seqpacket'
        else socket.SOCK_STREAM)
listener = socket.socket(socket.AF_UNIX, kind)
listener.bind('link')
listener.listen()
print('link', flush=True)
sock = accept(listener)
print(sock.recv(100))
words = os.open('words', os.O_RDONLY)
wait_until(lambda: fcntl.ioctl(words, termios.FIONREAD, bytes(4)) == bytes(4),
           'the client to read half a line')
sock.shutdown(socket.SHUT_WR)
assert sock.recv(100) == b'', 'no end of it'
sock.close()
sock = accept(listener)
os.write(os.open('words', os.O_WRONLY), b'o\n')
print(sock.recv(100))
EOP
  printf 'one\ntw' >&5
  BG_STDIN=$TMP/words
  background link gsock-client --reconnect -f line "$scheme:$TMP/link" 5>&-
  BG_STDIN=
  end_peer "--reconnect: the other side ends, and we come again: $scheme"
  exec 5>&-
  kill "$BG_PID" 2>/dev/null
  reap "$BG_PID"
  is "$(sed 1d "$PEER_OUT" | sed 's/\\n//' | tr -d '\n')" "b'one'b'two'" \
    '... with the rest of a line'
  rm -f words
done
fails 4 refused '--reconnect: the first connect has to succeed' \
  --reconnect "127.0.0.1:$free" x

# --stats, --sockopt and the rest of what is common.
start_server --echo 127.0.0.1:0
run gsock-client --stats "$ADDR" hola
is "$status:$stdout" 0:hola '--stats'
like "$stderr" '5 bytes received, 5 bytes sent' '... has the sums'
run gsock-client --quiet "$ADDR" hola
is "$status:$stdout:$stderr" 0:hola: '--quiet'
fails 4 refused '--quiet tells errors' --quiet "127.0.0.1:$free" x
for name in keepalive nodelay keepalive=0 sndbuf=64K rcvbuf=64K ttl=3 tos=8; do
  run gsock-client "--sockopt=$name" "$ADDR" hola
  is "$status:$stdout:$stderr" 0:hola: "--sockopt=$name"
done
fails 2 nonsense '--sockopt with a name that is none' --sockopt=nonsense "$ADDR"
run gsock-client -X "$ADDR" hola
like "$stderr" '68 6f 6c 61 0a' '-X shows the bytes'
run gsock-client --color=always -X "127.0.0.1:$free" hola
like "$stderr" "$(printf '\033')" '--color=always'
run gsock-client --color=never -X "127.0.0.1:$free" hola
unlike "$stderr" "$(printf '\033')" '--color=never'
fails 2 . '--color with another word' --color=blue "$ADDR"
run gsock-client --version
like "$stdout" '^gsock-client \(gsock\) [0-9]' '--version'
stop_server

# --banner: first, before all else, byte for byte.
printf 'two\nlines' >banner.txt
for banner in welcome @banner.txt; do
  start_server --echo --banner="$banner" 127.0.0.1:0
  printf ' hola' >said
  run gsock-client "$ADDR" <said
  case $banner in
    @*) is "$stdout" 'two
lines hola' '--banner=@FILE' ;;
    *) is "$stdout" 'welcome hola' '--banner=TEXT' ;;
  esac
  stop_server
done

done_testing

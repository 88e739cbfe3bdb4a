#! /bin/sh
# test-datagrams.sh: udp: and unix-dgram:, as others' tools see them, and ours
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

. "${0%/*}/../lib/functions.sh"

# As long as an answer may take; of silence there is no waiting for it.
long=${DEADLINE}s

said ()
{
  grep -Eq -e "$1" "$SERVER_ERR"
}

bytes ()
{
  head -c "$1" /dev/urandom >"$2"
}

# Echo: sizes, and a message each time

start_server --echo udp:127.0.0.1:0 "unix-dgram:$TMP/echo" udp:[::1]:0
udp=$ADDR
udp6=$(endpoint 3)
for size in 1 1472 1473 20000 65506 65507; do
  bytes $size data
  run gsock-client -n 1 -q "$long" "$udp" <data
  same_bytes "$TMP/stdout" data "$size bytes of stdin come back over UDP whole"
done
bytes 65527 data
run gsock-client -n 1 -q "$long" "$udp6" <data
same_bytes "$TMP/stdout" data '65527 over IPv6'
bytes 200000 data
run gsock-client -n 1 -q "$long" "unix-dgram:$TMP/echo" <data
same_bytes "$TMP/stdout" data '200000 over a UNIX socket'

# What a reader gives in pieces is one message too.
bytes 20000 data
{
  head -c 7 data
  head -c 3000 data | tail -c +8
  tail -c +3001 data
} | gsock-client -n 1 -q "$long" "$udp" >got
same_bytes got data '20000 bytes in three writes are one message'

run gsock-client -n 3 -q "$long" "$udp" one '' two
is "$status:$stdout" "0:one

two" 'an empty MESSAGE is a message'
run gsock-client -n 3 -q "$long" "unix-dgram:$TMP/echo" one '' two
is "$status:$stdout" "0:one

two" 'on a UNIX socket too'
run gsock-client -n 4 -q "$long" -f line "$udp" <<'EOF'
uno
dos

tres
EOF
is "$stdout" "uno
dos

tres" 'with --frame=line each line is a message'
run gsock-client -n 1 -q "$long" "$udp" 'two
lines'
is "$stdout" "two
lines" 'a MESSAGE may have lines'

bytes 65508 data
run gsock-client "$udp" <data
is "$status" 1 'stdin over the limit is refused'
like "$stderr" ' 65507 bytes at most.*--frame=line$' 'the limit is named'
run gsock-client "$udp" one "$(head -c 65508 /dev/zero | tr '\0' x)" two
is "$status:$stdout" 2: 'a MESSAGE over it too, and nothing is sent before'
like "$stderr" 'has 65508 bytes.* 65507 at most' 'its limit is named'
bytes 230000 data
run gsock-client "unix-dgram:$TMP/echo" <data
is "$status" 1 'on a UNIX socket the send buffer is the limit'

run gsock-client -q 0 --send-only "$udp" hola
is "$status:$stdout" 0: '--send-only'
run gsock-client -n 1 -q 1h "$udp" hola hola
is "$status:$stdout" 0:hola '-n 1 leaves with the first answer'
run gsock-client -n 1 -q "$long" -C "$udp" 'a
b'
is "$(od -An -c <"$TMP/stdout" | tr -d ' ')" 'a\r\nb\n' '-C sends CR LF'

# Strangers

start_peer "${udp##*:}" "$TMP/echo" <<'EOF'
import os, socket, sys
udp = ('127.0.0.1', int(sys.argv[1]))
clients = []
# So few at a time that the kernel has room for all.
for first in range(0, 300, 50):
    for i in range(first, first + 50):
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.settimeout(20)
        s.sendto(b'%d' % i, udp)
        clients.append(s)
    for i in range(first, first + 50):
        assert clients[i].recv(100) == b'%d' % i, i
# Nobody to answer to: the server minds nobody else for it.
nameless = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
nameless.connect(sys.argv[2])
for i in range(5):
    nameless.send(b'x')
# A named one that never reads, and one that does.
deaf = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
deaf.bind('')
deaf.connect(sys.argv[2])
good = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
good.settimeout(20)
good.bind('')
good.connect(sys.argv[2])
for i in range(200):
    deaf.send(b'x')
for i in range(50):
    good.send(b'%d' % i)
    assert good.recv(100) == b'%d' % i
print('done', flush=True)
EOF
is "$PEER" done '300 peers at once; one that is deaf and one without a name harm nobody'
end_peer
ok 'the one without a name is told' wait_for "$DEADLINE" \
  said 'could not be sent to pid [0-9]+ .*no name to answer to'
stop_server

# Print, with tags; empty messages

start_server --tag udp:127.0.0.1:0 "unix-dgram:$TMP/print"
run gsock-client --send-only "$ADDR" one '' two
run gsock-client --send-only "unix-dgram:$TMP/print" three
lines_are () { test "$(wc -l <"$SERVER_OUT")" -eq "$1"; }
ok 'each message is a line' wait_for "$DEADLINE" lines_are 4
is "$(sed 's/^[^ ]*: //; s/^pid [0-9]* (uid [0-9]*): //' "$SERVER_OUT" | sort)" "
one
three
two" 'an empty one too'
like "$(cat "$SERVER_OUT")" '^127\.0\.0\.1:[0-9]+: one$' '--tag says who'
stop_server

# The word of a user's own process stops, and the file goes.
start_server "unix-dgram:$TMP/quit"
run gsock-client --send-only "unix-dgram:$TMP/quit" quit
reap "$SERVER_PID"
is "$status" 0 'quit stops the server'
test ! -e "$TMP/quit"
ok $? 'its file is removed'

# Nobody there

run gsock-client udp:127.0.0.1:9 hola
is "$status" 4 'a refused datagram is exit 4'
like "$stderr" '^gsock-client: Nobody listens at 127\.0\.0\.1:9: ' 'and says so'
run gsock-client "unix-dgram:$TMP/none" hola
is "$status" 4 'no such UNIX socket'
like "$stderr" "nobody is listening there; start 'gsock-server unix-dgram:" \
  'the error says what to start'
run gsock-client -z udp:127.0.0.1:9
is "$status" 0 '-z has only a route to try'
like "$stderr" "can't be told: UDP has no connection" 'and says that it knows nothing'

# A live server's socket is nobody else's

start_server "unix-dgram:$TMP/live" udp:127.0.0.1:0
run gsock-server "unix-dgram:$TMP/live"
is "$status" 4 'a second server on the same path'
like "$stderr" 'already answering there' 'is told that one is there'
run gsock-server "$(endpoint 2)"
is "$status" 4 'a second one on the same port'
like "$stderr" 'has the port' 'is told too'
stop_server
: >file
run gsock-server "unix-dgram:$TMP/file"
is "$status" 4 'a regular file is left alone'

# Never more bytes than came

start_server --greet=12345678 udp:127.0.0.1:0
run gsock-client -q 300ms "$ADDR" 1234567
is "$status:$stdout" 0: 'a greeting that is longer than what came is not sent'
ok 'the server tells' wait_for "$DEADLINE" said 'longer than what came'
run gsock-client -n 1 -q "$long" "$ADDR" 12345678
is "$stdout" 12345678 'one as long is'
stop_server
start_server --greet=12345678 "unix-dgram:$TMP/greet"
run gsock-client -n 1 -q "$long" "unix-dgram:$TMP/greet" ''
is "$stdout" 12345678 'nobody can forge a UNIX address'
stop_server
start_server --echo udp:0.0.0.0:0
like "$(cat "$SERVER_ERR")" 'reached from other machines.*forged' \
  'an echo for everybody warns'
stop_server

# Who may, how many, how long

start_server --echo --deny=127.0.0.1 udp:127.0.0.1:0
run gsock-client -q 300ms "$ADDR" one two
is "$status:$stdout" 0: 'a denied peer gets nothing'
wait_for "$DEADLINE" said '^Refused'
is "$(grep -c '^Refused' "$SERVER_ERR")" 1 'and is told once'
stop_server
start_server -v --echo -m 2 udp:127.0.0.1:0
for i in 1 2 3 4 5; do
  run gsock-client -n 1 -q 300ms "$ADDR" $i
  echo "$stdout"
done >all
ok 'over -m one is lost, and told' \
  wait_for "$DEADLINE" said 'no room for another sender'
gets_in ()
{
  run gsock-client -n 1 -q 300ms "$ADDR" again
  test "$stdout" = again
}
# The one that is lost makes room for the next.
ok 'the longest silent one has given its place' wait_for "$DEADLINE" gets_in
stop_server
start_server --echo -v -i 100ms udp:127.0.0.1:0
run gsock-client -n 1 -q "$long" "$ADDR" hola
ok 'a silent peer is forgotten after -i' \
  wait_for "$DEADLINE" said '127.0.0.1:.* closed after'
unlike "$(cat "$SERVER_ERR")" 'silent for' 'which is no error'
stop_server
start_server --max-message=5 udp:127.0.0.1:0
run gsock-client --send-only "$ADDR" 123456 12345
ok 'what fits is printed' wait_for "$DEADLINE" grep -q 12345 "$SERVER_OUT"
is "$(cat "$SERVER_OUT")" 12345 'what is too long is not, not even in part'
ok 'and is told' wait_for "$DEADLINE" said 'message of 6 bytes; the limit is 5'
stop_server

# Chat

start_server --chat udp:127.0.0.1:0
start_peer "${ADDR##*:}" <<'EOF'
import socket, sys
to = ('127.0.0.1', int(sys.argv[1]))
clients = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for i in range(3)]
for s in clients:
    s.settimeout(20)
    s.sendto(b'', to)
clients[0].sendto(b'hola\n', to)
for s in clients[1:]:
    while (got := s.recv(100)) == b'':
        pass
    assert got == b'hola\n', got
print('done', flush=True)
EOF
is "$PEER" done '--chat tells all the others'
end_peer
stop_server

# A member who can't carry a message takes it from nobody, and is named.
mkfifo typing
exec 5<>typing
for mode in --chat --print; do
  SERVER_STDIN=$TMP/typing
  start_server "$mode" 127.0.0.1:0 udp:127.0.0.1:0 5>&-
  SERVER_STDIN=
  peer "$mode" "$ADDR" "$(endpoint 2)" "$SERVER_OUT" "$SERVER_ERR" <<'EOF'
from peers import *
mode, tcp, udp, out, err = sys.argv[1:]
host, port = udp[4:].rsplit(':', 1)
small = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
small.connect((host, int(port)))
members = []
for n in range(5):
    # It is in when the others have heard it, or it is printed.
    sock = small if n == 2 else connect(tcp)
    if n > 0 or mode == '--print':
        sock.send(b'in%d' % n if sock is small else b'in%d\n' % n)
    for other in members:
        if mode == '--chat' and other is not small:
            got = read_line(other)
            assert got == b'in%d\n' % n, (n, got)
    if mode == '--print':
        wait_until(lambda: 'in%d' % n in open(out).read(), 'it to be in')
    members.append(sock)
line = b'x' * 70000 + b'\n'
if mode == '--chat':
    members.pop().sendall(line)
else:
    os.write(os.open('typing', os.O_WRONLY | os.O_NONBLOCK), line[:65536])
    typing = os.open('typing', os.O_WRONLY)
    os.write(typing, line[65536:])
for sock in members:
    if sock is not small:
        assert read_exactly(sock, len(line)) == line
name = '127.0.0.1:%d: ' % small.getsockname()[1]
wait_until(lambda: name + 'A message has 70000 bytes' in open(err).read(),
           'a line that names it')
EOF
  is "$status" 0 "a long message reaches those who can have it: $mode"
  stop_server
done
exec 5>&-

# --once is one end of a pipe

SERVER_STDIN=$TMP/stdin
printf 'answer' >stdin
start_server --once -f raw -i 500ms udp:127.0.0.1:0
SERVER_STDIN=
run gsock-client -n 1 -q "$long" "$ADDR" question
is "$stdout" answer '--once: stdin goes to the first peer'
reap "$SERVER_PID"
is "$(cat "$SERVER_OUT")" question 'and what it says to stdout'

# JSON and --explain

start_server --json --echo udp:127.0.0.1:0
run gsock-client -n 1 -q "$long" "$ADDR" hola
like "$(cat "$SERVER_ERR")" '"event":"accepted".*"peer":"udp:127.0.0.1:[0-9]+"' \
  'JSON says udp:'
stop_server
start_server --explain --echo udp:127.0.0.1:0
run gsock-client --explain -n 1 -q "$long" "$ADDR" hola
like "$stderr" '^socket \(AF_INET, SOCK_DGRAM, 0\) = ' 'a client explains socket'
like "$stderr" 'lost, come twice or overtake' 'and what datagrams do not promise'
like "$stderr" '^recvfrom \([0-9]+, "hola", [0-9]+\) = 4 from 127\.0\.0\.1:' recvfrom
stop_server
said=$(cat "$SERVER_ERR")
like "$said" '^bind \([0-9]+, 127\.0\.0\.1:0\) = 0' 'a server explains bind'
unlike "$said" '^(listen|accept)' 'and neither listens nor accepts'
like "$said" '^recvmsg \([0-9]+, "hola", [0-9]+\) = 4 from 127\.0\.0\.1:' recvmsg
like "$said" '^sendmsg \([0-9]+, "hola", 4\) = 4 to 127\.0\.0\.1:' sendmsg

done_testing

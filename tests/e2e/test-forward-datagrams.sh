#! /bin/sh
# test-forward-datagrams.sh: --forward where one side, or both, keep messages
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

. "${0%/*}/../lib/functions.sh"

requires python3

long=${DEADLINE}s

said ()
{
  grep -Eq -e "$1" "$SERVER_ERR"
}

address_of ()
{
  case $1 in
    tcp|udp) echo "$1:127.0.0.1:0" ;;
    *) echo "$1:$TMP/$2" ;;
  esac
}

# Every pair of kinds where a message is one on both sides: three go on, an
# empty one among them, and three come back.  A peer that is idle holds nobody
# up who wants to stop.
for upstream in udp unix-dgram unix-seqpacket; do
  start_server --echo "$(address_of $upstream up)"
  up_pid=$SERVER_PID up_addr=$ADDR servers=
  for client in udp unix-dgram unix-seqpacket; do
    start_server --grace=1h --forward="$up_addr" "$(address_of $client down)"
    run gsock-client -n 3 -q "$long" "$ADDR" one '' three
    is "$status:$stdout" "0:one

three" "$client to $upstream: messages keep their bounds, both ways"
    is "$(wc -l <"$SERVER_ERR")" 1 '... and there is nothing to warn of'
    servers="$servers $SERVER_PID"
    rm -f down
  done
  # shellcheck disable=SC2086 # one argument a process
  kill $servers
  for pid in $servers; do
    reap "$pid"
    is "$status" 0 '... and it stops'
  done
  SERVER_PID=$up_pid
  stop_server
  rm -f up
done

# A stream on one side: what answers come after its end still arrive, and then
# the link ends by itself.
start_peer <<'EOF'
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(('127.0.0.1', 0))
print('udp:127.0.0.1:%d' % s.getsockname()[1], flush=True)
while True:
    data, who = s.recvfrom(70000)
    for word in b'first ', b'second ', data:
        s.sendto(word, who)
EOF
for client in tcp unix; do
  start_server --forward="$PEER" "$(address_of $client down)"
  run gsock-client -f raw "$ADDR" hola
  is "$status:$stdout" '0:first second hola' \
    "$client to udp: answers come after our half-close, and then an end"
  like "$(cat "$SERVER_ERR")" 'messages lose their bounds.*--frame$' \
    '... that a stream has no messages is told'
  stop_server
done
start_server --forward="$PEER" -f u16 tcp:127.0.0.1:0
run gsock-client -f u16 "$ADDR" one two
is "$status:$stdout" '0:first 
second 
one
first 
second 
two' 'with a frame each message of the stream is a datagram'
unlike "$(cat "$SERVER_ERR")" bounds '... and there is nothing to warn of'
stop_server
kill "$PEER_PID"
reap "$PEER_PID"

start_server --echo "unix-seqpacket:$TMP/up"
up_pid=$SERVER_PID
start_server --forward="$ADDR" tcp:127.0.0.1:0
head -c 500000 /dev/urandom >data
run gsock-client "$ADDR" <data
same_bytes "$TMP/stdout" data 'tcp to unix-seqpacket: a stream in pieces, whole'
stop_server
SERVER_PID=$up_pid
stop_server

# The other way: the upstream's end is the link's, and the next datagram of the
# same peer begins another.
start_peer <<'EOF'
from peers import *
listener = listen('tcp:127.0.0.1:0')
while True:
    sock = accept(listener)
    sock.sendall(b'got ' + sock.recv(100))
    sock.close()
EOF
for client in udp unix-dgram unix-seqpacket; do
  start_server -v --forward="$PEER" "$(address_of $client down)"
  run gsock-client -n 1 -q "$long" "$ADDR" hola
  is "$status:$stdout" '0:got hola' "$client to tcp"
  stop_server
  rm -f down
done
start_server -v --forward="$PEER" udp:127.0.0.1:0
cat >again.py <<'EOF'
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(float(sys.argv[2]))
for word in b'one', b'two':
    s.sendto(word, ('127.0.0.1', int(sys.argv[1])))
    assert s.recv(100) == b'got ' + word
    if word == b'one':
        sys.stdin.readline()
EOF
mkfifo go
background again sh -c "exec python3 again.py ${ADDR##*:} $DEADLINE <go"
exec 7>go
both_closed () { test "$(grep -c ' closed after ' "$SERVER_ERR")" -eq 2; }
ok "the upstream's end is the link's" wait_for "$DEADLINE" both_closed
echo go >&7
exec 7>&-
reap "$BG_PID"
is "$status" 0 "... and its peer's next message begins another"
stop_server
kill "$PEER_PID"
reap "$PEER_PID"

# A message that the other side's frame can't carry is lost, and told; the next
# one is not.
start_server -f line tcp:127.0.0.1:0
up_pid=$SERVER_PID up_out=$SERVER_OUT
start_server -f line --forward="$ADDR" udp:127.0.0.1:0
run gsock-client --send-only "$ADDR" 'two
lines' one
ok 'what can be carried is' wait_for "$DEADLINE" grep -qx one "$up_out"
is "$(cat "$up_out")" one 'and what can not is not, not even in part'
ok '... which is told' wait_for "$DEADLINE" said 'line'
stop_server
SERVER_PID=$up_pid
stop_server

# Nobody there
start_server --forward=udp:127.0.0.1:9 tcp:127.0.0.1:0
run gsock-client "$ADDR" hola
is "$status" 1 'a datagram that is refused breaks the stream'
ok '... and the log says why' wait_for "$DEADLINE" \
  said 'Nobody listens at 127.0.0.1:9: the datagram was refused'
stop_server

# In a full table the longest silent peer goes; one that is answered is not
# silent.
start_peer "$DEADLINE" <<'EOF'
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(float(sys.argv[1]))
s.bind(('127.0.0.1', 0))
print('udp:127.0.0.1:%d' % s.getsockname()[1], flush=True)
links = {}
for word in b'a', b'b':
    data, who = s.recvfrom(100)
    assert data == word, data
    links[word] = who
    s.sendto(b'ok', who)
data, who = s.recvfrom(100)     # b asks to tell a something
assert (data, who) == (b'tell a', links[b'b']), data
s.sendto(b'told', links[b'a'])
while True:
    data, who = s.recvfrom(100)
    s.sendto(b'ok', who)
    if data != b'c':
        break
assert (data, who) == (b'a again', links[b'a']), (data, who, links)
EOF
start_server -m 2 --forward="$PEER" udp:127.0.0.1:0
peer "${ADDR##*:}" "$DEADLINE" <<'EOF'
import socket, sys
to = ('127.0.0.1', int(sys.argv[1]))
a, b, c = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for i in range(3)]
for s in a, b:
    s.settimeout(float(sys.argv[2]))
for s, word in (a, b'a'), (b, b'b'):
    s.sendto(word, to)
    assert s.recv(100) == b'ok'
b.sendto(b'tell a', to)
assert a.recv(100) == b'told'
c.settimeout(0.2)
for i in range(int(float(sys.argv[2]) / 0.2)):
    c.sendto(b'c', to)
    try:
        assert c.recv(100) == b'ok'
        break
    except socket.timeout:
        pass
else:
    sys.exit('no place for c')
a.sendto(b'a again', to)
assert a.recv(100) == b'ok'
EOF
is "$status" 0 'in a full table the one that is answered keeps its place'
end_peer
stop_server

# A command for each sender is refused before anything is served.
for address in udp:127.0.0.1:0 "unix-dgram:$TMP/exec"; do
  run gsock-server "$address" -- cat
  is "$status:$stdout" 2: "${address%%:*}: no COMMAND for datagrams"
  like "$stderr" '^gsock-server: .* is for datagrams, .* COMMAND ' \
    '... in one line'
  is "$(printf '%s\n' "$stderr" | wc -l)" 1 '... and no more'
done
test ! -e exec
ok $? 'no socket file is left'
run gsock-server --sh=cat tcp:127.0.0.1:0 udp:127.0.0.1:0
is "$status" 2 'nor where one address of several is for them'
# Nor is anything tried before: that it is taken would be another answer.
start_server --discard udp:127.0.0.1:0
run gsock-server "$TMP/exec" "$ADDR" -- cat
is "$status" 2 'nor where somebody has the port already'
like "$stderr" ' is for datagrams, .* COMMAND ' '... which is told first'
stop_server
peer <<'EOF'
from peers import *
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(('127.0.0.1', 0))
os.dup2(sock.fileno(), 5)
os.set_inheritable(5, True)
os.execvp('gsock-server', ['gsock-server', './exec', 'fd:5', '--', 'cat'])
EOF
is "$status" 2 'nor for a socket that is inherited'
like "$stderr" ' is for datagrams, .* COMMAND ' '... which is told'
test ! -e exec
ok $? 'no socket file is left'
start_server "unix-seqpacket:$TMP/records" -- cat
run gsock-client "$ADDR" hola
is "$status:$stdout" 0:hola 'records have an end, and may have a COMMAND'
stop_server

done_testing

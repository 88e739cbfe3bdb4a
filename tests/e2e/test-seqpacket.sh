#! /bin/sh
# test-seqpacket.sh: unix-seqpacket: connections that keep messages apart
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

. "${0%/*}/../lib/functions.sh"

# An empty record is no end, and an end behind empty records is seen

start_server -v "unix-seqpacket:$TMP/print"
start_peer "$TMP/print" <<'EOF'
import socket, sys
for tail in [b''], []:
    s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    s.connect(sys.argv[1])
    for record in [b'one', b'', b'two\n'] + tail:
        s.send(record)
    s.close()
print('done', flush=True)
EOF
end_peer
closed_are () { test "$(grep -c 'both sides ended cleanly' "$SERVER_ERR")" -eq "$1"; }
ok 'both ends are seen' wait_for "$DEADLINE" closed_are 2
lines_are () { test "$(wc -l <"$SERVER_OUT")" -eq "$1"; }
wait_for "$DEADLINE" lines_are 7
is "$(sort "$SERVER_OUT")" "


one
one
two
two" 'each record is a line, empty ones too'
stop_server

# The other way round: what our client takes for an end

start_peer "$TMP/peer" <<'EOF'
import socket, sys
listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
listener.bind(sys.argv[1])
listener.listen()
print('ready', flush=True)
s, _ = listener.accept()
got = []
while True:
    # Whoever has no credentials beside it is an end.
    s.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    data, beside, _, _ = s.recvmsg(100, 100)
    if not beside:
        break
    got.append(data)
assert got == [b'a', b'', b'b'], got
for record in b'', b'late', b'', b'':
    s.send(record)
s.close()
EOF
run gsock-client "unix-seqpacket:$TMP/peer" a '' b
is "$status:$(tr '\n' '|' <"$TMP/stdout")" '0:|late|||' \
  'half-close is heard, and what comes after it, empty records too'
end_peer 'the peer got three records and then an end'

# Sizes

start_server --echo "unix-seqpacket:$TMP/echo" unix-seqpacket:@"${TMP##*/}"
for size in 1 65536 131072 131073 200000; do
  head -c $size /dev/urandom >data
  run gsock-client "unix-seqpacket:$TMP/echo" <data
  same_bytes "$TMP/stdout" data "$size bytes come back as one"
done
head -c 230000 /dev/zero >data
run gsock-client "unix-seqpacket:$TMP/echo" <data
is "$status" 1 'what the socket has no room for is refused'
like "$stderr" 'carries [0-9]+ bytes at most' 'with the limit'
run gsock-client "unix-seqpacket:@${TMP##*/}" hola
is "$status:$stdout" 0:hola 'an abstract name'
stop_server
test ! -e "$TMP/echo"
ok $? 'the file is removed'

start_server --max-message=5 "unix-seqpacket:$TMP/small"
run gsock-client "unix-seqpacket:$TMP/small" 12345
run gsock-client "unix-seqpacket:$TMP/small" 123456
said () { grep -q "$1" "$SERVER_ERR"; }
ok 'a record over --max-message is told' \
  wait_for "$DEADLINE" said 'message of 6 bytes; the limit is 5'
wait_for "$DEADLINE" lines_are 1
is "$(cat "$SERVER_OUT")" 12345 'and not printed, not even in part'
stop_server

# A reader that takes its time loses nothing

start_server --echo "unix-seqpacket:$TMP/slow"
start_peer "$TMP/slow" <<'EOF'
import random, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
s.settimeout(60)
s.connect(sys.argv[1])
records = [bytes([i % 256]) * (i * 37 % 5000) for i in range(2000)]
sent = got = 0
s.setblocking(False)
while got < len(records):
    try:
        if sent < len(records):
            s.send(records[sent])
            sent += 1
            continue
        s.shutdown(socket.SHUT_WR) if sent == len(records) else None
        sent += 1
    except BlockingIOError:
        pass
    s.settimeout(60)
    for i in range(10):
        if got < min(sent, len(records)):
            assert s.recv(6000) == records[got], got
            got += 1
    s.setblocking(False)
s.settimeout(60)
assert s.recv(10) == b''
print('done', flush=True)
EOF
is "$PEER" done '2000 records come back whole and in order'
end_peer
stop_server

# By descriptor

cat >give.py <<'EOF'
import os, socket, sys
kind = getattr(socket, sys.argv[1])
s = socket.socket(socket.AF_UNIX, kind)
s.bind(sys.argv[2])
if kind != socket.SOCK_DGRAM:
    s.listen()
os.dup2(s.fileno(), 7)
os.execvp(sys.argv[3], sys.argv[3:])
EOF
for kind in SOCK_SEQPACKET SOCK_DGRAM; do
  SERVER_PREFIX="python3 give.py $kind $TMP/$kind"
  start_server --echo fd:7
  SERVER_PREFIX=
  run gsock-client -n 1 -q "${DEADLINE}s" "$ADDR" hola
  is "$status:$stdout" 0:hola "an inherited $kind"
  stop_server
  test -e "$TMP/$kind"
  ok $? 'its file is not ours to remove'
done

start_server --explain --echo "unix-seqpacket:$TMP/explain"
run gsock-client --explain "unix-seqpacket:$TMP/explain" hola
like "$stderr" '^socket \(AF_UNIX, SOCK_SEQPACKET, 0\) = ' 'a client explains'
like "$stderr" '^recvmsg \([0-9]+, "hola", [0-9]+\) = 4' recvmsg
like "$stderr" 'no credentials of a sender' 'how an end is told'
stop_server

done_testing

#! /bin/sh
# test-empty-messages.sh: 100,000 empty messages, and the service goes on
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

. "${0%/*}/../lib/functions.sh"

# Not where each one takes a hundred times as long.
test -z "$TEST_WRAPPER" || : "${MESSAGES:=2000}"
: "${MESSAGES:=100000}"

start_server -f line udp:127.0.0.1:0 "unix-dgram:$TMP/d" "unix-seqpacket:$TMP/s"
start_peer "${ADDR##*:}" "$TMP/d" "$TMP/s" "$MESSAGES" <<'EOF'
import socket, sys
n = int(sys.argv[4])
for family, kind, to in (
        (socket.AF_INET, socket.SOCK_DGRAM, ('127.0.0.1', int(sys.argv[1]))),
        (socket.AF_UNIX, socket.SOCK_DGRAM, sys.argv[2]),
        (socket.AF_UNIX, socket.SOCK_SEQPACKET, sys.argv[3])):
    s = socket.socket(family, kind)
    s.connect(to)
    send = s.send
    for i in range(n):
        send(b'')
    if kind == socket.SOCK_SEQPACKET:
        s.close()
print('done', flush=True)
EOF
is "$PEER" done "$MESSAGES empty messages of each kind are sent"
end_peer
for address in "$ADDR" "unix-dgram:$TMP/d" "unix-seqpacket:$TMP/s"; do
  # UDP promises nothing; so until one has arrived.
  arrived ()
  {
    run gsock-client --send-only "$address" "after ${address%%:*}" &&
      grep -qx "after ${address%%:*}" "$SERVER_OUT"
  }
  ok "${address%%:*}: the next message is taken" wait_for "$DEADLINE" arrived
done
# On UNIX sockets nothing is lost.
enough () { test "$(grep -c '^$' "$SERVER_OUT")" -ge $((2 * MESSAGES)); }
ok 'and each empty one was one' wait_for "$DEADLINE" enough
stop_server

done_testing

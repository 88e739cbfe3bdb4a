#! /bin/sh
# test-rivals-files.sh: where other tools steal a socket, delete a file, trust a
# stranger or fail without a word, and ours do not
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# As test-rivals.sh, for what is on disk, who is trusted, and what is said.
. "${0%/*}/../lib/functions.sh"
. "$GSOCK_SRCDIR/tests/lib/rivals.sh"
. "$GSOCK_SRCDIR/tests/lib/certificates.sh"
requires python3

printf 'question\n' >question

# theirs COMMAND...: starts it, and waits until it listens on $TMP/theirs or has
# ended.
theirs ()
{
  background theirs "$@"
  wait_for 5 theirs_settled
}
theirs_settled ()
{
  listens "$TMP/theirs" || ! kill -0 "$BG_PID" 2>/dev/null
}
end_theirs ()
{
  kill "$BG_PID" 2>/dev/null
  wait "$BG_PID" 2>/dev/null
}

# 1. Somebody listens there already.
identity ()
{
  stat -c %d:%i "$TMP/theirs" 2>/dev/null
}
steals ()
{
  start_server "$TMP/theirs"
  before=$(identity)
  theirs "$@"
  # One of the two has been told; the other's may take a moment.
  wait_for 5 taken
  after=$(identity)
  end_theirs
  kill "$SERVER_PID"
  reap "$SERVER_PID"
  rm -f "$TMP/theirs"
  test -n "$after" && test "$after" != "$before"
}
taken ()
{
  test "$(identity)" != "$before" || ! kill -0 "$BG_PID" 2>/dev/null
}
steals gsock-server "$TMP/theirs"
isnt $? 0 "a live server's socket is not stolen"
like "$(cat theirs.err)" 'a server is already answering there' '... it is told'
rival nc "steals a live server's socket" steals nc -l -U "$TMP/theirs"
rival socat "with unlink-early steals a live server's socket" \
  steals socat "UNIX-LISTEN:$TMP/theirs,unlink-early" -
rival systemd-socket-activate "steals a live server's socket" \
  steals systemd-socket-activate -l "$TMP/theirs" cat

# 2. A file is there that is no socket.
deletes ()
{
  echo notes >"$TMP/theirs"
  theirs "$@"
  wait_for 2 no_file
  kept=$?
  end_theirs
  rm -f "$TMP/theirs"
  test "$kept" -eq 0
}
no_file ()
{
  test ! -f "$TMP/theirs"
}
run gsock-server "$TMP/question"
is "$status" 4 'a regular file is not replaced'
file_is question question '... nor deleted'
rival nc 'deletes a regular file' deletes nc -l -U "$TMP/theirs"
rival socat 'with unlink-early deletes a regular file' \
  deletes socat "UNIX-LISTEN:$TMP/theirs,unlink-early" -
rival systemd-socket-activate 'deletes a regular file' \
  deletes systemd-socket-activate -l "$TMP/theirs" cat

# 3. A server was killed, and its socket is still there.
leave_socket ()
{
  python3 -c 'import socket, sys
socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$TMP/theirs"
}
cannot_start ()
{
  leave_socket
  theirs "$@"
  kill -0 "$BG_PID" 2>/dev/null
  alive=$?
  end_theirs
  rm -f "$TMP/theirs"
  test "$alive" -ne 0
}
leave_socket
start_server "$TMP/theirs"
stop_server "a dead server's socket is replaced"
rival socat "can't start where a dead server's socket is" \
  cannot_start socat "UNIX-LISTEN:$TMP/theirs" -
rival ncat "can't start where a dead server's socket is" \
  cannot_start ncat -l -U "$TMP/theirs"

# 4. A path that is too long.
long=$TMP/$(printf '%0120d' 0)
# Whether there is a file whose name begins as that one does.
is_there ()
{
  set -- "$TMP"/000*
  test -e "$1"
}
run gsock-server "$long"
is "$status" 2 'a path that is too long is refused'
is_there
isnt $? 0 '... and nothing is made of it'
cuts_path ()
{
  background theirs "$@"
  wait_for 2 is_there && test ! -e "$long"
  cut=$?
  end_theirs
  rm -f "$TMP"/000*
  test "$cut" -eq 0
}
rival ncat 'cuts a path that is too long, and listens elsewhere' \
  cuts_path ncat -l -U "$long"

# 5. Nobody comes.
run gsock-server --accept-timeout=100ms 127.0.0.1:0
is "$status" 124 'nobody comes in time: status 124'
comes_to_0 ()
{
  run timeout 5 "$@"
  test "$status" -eq 0
}
waits_for_ever ()
{
  run timeout 2 "$@"
  test "$status" -eq 124
}
rival socat 'nobody comes in time: status 0' comes_to_0 \
  socat "UNIX-LISTEN:$TMP/theirs,accept-timeout=0.1" -
rival nc '-w does not end one that listens' \
  waits_for_ever nc -l -w 1 -U "$TMP/theirs"
rm -f "$TMP/theirs"
rival ncat '-w does not end one that listens' \
  waits_for_ever ncat -l -w 1 -U "$TMP/theirs"
rm -f "$TMP/theirs"

# 6. Nobody is there.
leave_socket
run gsock-client "$TMP/theirs" <question
is "$status:$(wc -l <"$TMP/stderr" | tr -d ' ')" 4:1 \
  'nobody listens there: status 4, and a line'
is_mute ()
{
  run "$@" <question
  test "$status" -ne 0 && test -z "$stderr"
}
port=$(python3 -c 'import socket
s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
rival nc 'says nothing where nobody listens' is_mute nc 127.0.0.1 "$port"
rm -f "$TMP/theirs"

# 7. More clients than may come in.
start_server --echo -m 1 "$TMP/full"
cat >full.py <<'EOP'
from peers import *
first = connect(sys.argv[1])
first.sendall(b'1')
assert read_exactly(first, 1) == b'1'
second = connect(sys.argv[1])
# Reset, or closed, at once; or it waits.
poll = select.poll()
poll.register(second, select.POLLIN)
if poll.poll(500):
    sys.exit('the second was sent away')
second.sendall(b'2')
first.close()
assert read_exactly(second, 1) == b'2'
EOP
run python3 full.py "unix:$TMP/full"
is "$status:$stderr" 0: 'who is one too many waits, and is served'
stop_server
sends_away ()
{
  theirs "$@"
  run python3 full.py "unix:$TMP/theirs"
  end_theirs
  rm -f "$TMP/theirs"
  test "$status" -eq 1
}
rival ncat '-m sends away who is one too many' \
  sends_away ncat -l -k -m 1 -e /bin/cat -U "$TMP/theirs"

# 8. Who is there, and whether all has come.
make_self_signed self DNS:localhost,IP:127.0.0.1
make_authority ca
make_certificate good DNS:localhost,IP:127.0.0.1
start_peer "$TLS" <<'EOP'
from peers import *
import ssl
listener = listen()
while True:
    sock = accept(listener)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    # A certificate that nobody has signed, or a stream that is cut.
    name = open('shown').read().strip()
    context.load_cert_chain('%s/%s.pem' % (sys.argv[1], name),
                            '%s/%s.key' % (sys.argv[1], name))
    try:
        sock = context.wrap_socket(sock, server_side=True)
        sock.sendall(b'half of it\n')
        # This is TCP's end, without TLS's.
        sock.shutdown(socket.SHUT_WR)
        while sock.recv(1000):
            pass
    except OSError:
        pass
    sock.close()
EOP
port=${PEER##*:}
echo self >shown
run gsock-client --cacert="$TLS/ca.pem" "tls:127.0.0.1:$port" <question
is "$status:$stdout" 5: 'a certificate that nobody has signed is not trusted'
is_trusting ()
{
  run "$@" <question
  test "$stdout" = 'half of it' && ! echo "$stderr" | grep -qi certificate
}
rival ncat 'trusts a certificate that nobody has signed, without a word of it' \
  is_trusting ncat --ssl 127.0.0.1 "$port"
echo good >shown
run gsock-client --cacert="$TLS/ca.pem" "tls:127.0.0.1:$port" <question
is "$status:$stdout" '1:half of it' 'a TLS stream that is cut: status 1'
like "$stderr" 'without TLS close_notify' '... and why'
is_content ()
{
  run "$@" <question
  test "$status:$stdout:$stderr" = '0:half of it:'
}
rival socat 'a TLS stream that is cut: status 0, without a word' is_content \
  socat - "OPENSSL:127.0.0.1:$port,cafile=$TLS/ca.pem"
kill "$PEER_PID"

# 9. What a command finds in its environment.
KEPT=yes
export KEPT
start_server "$TMP/environment" -- printenv KEPT
run gsock-client --recv-only "$TMP/environment"
is "$stdout" yes "a command has the server's environment"
stop_server
drops_it ()
{
  theirs "$@"
  run gsock-client --recv-only "$TMP/theirs"
  end_theirs
  rm -f "$TMP/theirs"
  test -z "$stdout"
}
rival systemd-socket-activate "drops the environment" \
  drops_it systemd-socket-activate -l "$TMP/theirs" -a --inetd printenv KEPT

done_testing

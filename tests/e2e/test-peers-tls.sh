#! /bin/sh
# test-peers-tls.sh: ten megabytes each way over TLS, between ours and other
# people's programs
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# As test-peers.sh, of those that speak TLS.  Some end both ways when one of them
# has ended: with them each way is a connection of its own.
test ! -w /dev/shm || TMPDIR=/dev/shm
. "${0%/*}/../lib/functions.sh"
. "$GSOCK_SRCDIR/tests/lib/rivals.sh"
. "$GSOCK_SRCDIR/tests/lib/certificates.sh"
requires python3

make_authority ca
make_certificate good DNS:localhost,IP:127.0.0.1
cat "$TLS/good.pem" "$TLS/good.key" >"$TLS/both.pem"
SHOW="--cert=$TLS/good.pem --key=$TLS/good.key"
TRUST=--cacert=$TLS/ca.pem
python3 - <<'EOP'
import random
random.seed(10)
for name in 'up', 'down':
    open(name, 'wb').write(random.randbytes(10 << 20))
EOP

# A client and our server, both ways at once.
if have socat; then
  SERVER_STDIN=$TMP/down
  # shellcheck disable=SC2086 # two options
  start_server --quiet --once -f raw $SHOW tls:127.0.0.1:0
  SERVER_STDIN=
  run socat -t "$DEADLINE" - "OPENSSL:127.0.0.1:$PORT,cafile=$TLS/ca.pem" <up
  reap "$SERVER_PID"
  is "$status" 0 'socat to ours, both ways at once'
  same_bytes "$SERVER_OUT" up '... up'
  same_bytes stdout down '... down'
else
  skip 3 'needs socat'
fi

# ncat before 7.95 says no TLS end, and is told of for it: whatever else was under
# way may be cut with it.
if have ncat; then
  # shellcheck disable=SC2086 # two options
  start_server --quiet --once -f raw $SHOW tls:127.0.0.1:0
  run ncat --ssl 127.0.0.1 "$PORT" <up
  reap "$SERVER_PID"
  like "$status:$(cat "$SERVER_ERR")" '^0:$|^1:.*without TLS close_notify' \
    'ncat to ours: up, and its end, or that there is none'
  same_bytes "$SERVER_OUT" up '... every byte'
  SERVER_STDIN=$TMP/down
  # shellcheck disable=SC2086 # two options
  start_server --quiet --once -f raw $SHOW tls:127.0.0.1:0
  SERVER_STDIN=
  run ncat --ssl --recv-only 127.0.0.1 "$PORT" </dev/null
  same_bytes stdout down '... and down'
  reap "$SERVER_PID"
else
  skip 3 'needs ncat'
fi

came_up ()
{
  test "$(wc -c <"$SERVER_OUT")" -ge 10485760
}
s_client ()
{
  openssl s_client -quiet -verify_return_error -CAfile "$TLS/ca.pem" \
    -connect "127.0.0.1:$PORT" 2>/dev/null
}

# openssl's does not end while its input is open, unless the server does.
# shellcheck disable=SC2086 # two options
start_server --quiet -f raw $SHOW tls:127.0.0.1:0
BG_STDIN=$TMP/up
background openssl s_client
BG_STDIN=
wait_for "$DEADLINE" came_up
same_bytes "$SERVER_OUT" up 'openssl to ours: up'
stop_server
reap "$BG_PID"
SERVER_STDIN=$TMP/down
# shellcheck disable=SC2086 # two options
start_server --quiet --once -f raw $SHOW tls:127.0.0.1:0
SERVER_STDIN=
run s_client </dev/null
same_bytes stdout down '... and down'
reap "$SERVER_PID"

# Our client and their server.
if have socat; then
  BG_STDIN=$TMP/down
  background socat socat -d -d -t "$DEADLINE" - \
    "OPENSSL-LISTEN:0,bind=127.0.0.1,cert=$TLS/both.pem,verify=0"
  BG_STDIN=
  wait_for "$DEADLINE" grep -q 'listening on' socat.err
  run gsock-client "$TRUST" \
    "tls:$(sed -n 's/.*listening on AF=2 //p' socat.err)" <up
  is "$status:$stderr" 0: 'ours to socat, both ways at once'
  reap "$BG_PID"
  same_bytes socat.out up '... up'
  same_bytes stdout down '... and down'
else
  skip 3 'needs socat'
fi

start_peer "$TLS" <<'EOP'
from peers import *
import ssl
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1] + '/both.pem')
sock = context.wrap_socket(accept(listen()), server_side=True)
assert read_all(sock) == open('up', 'rb').read(), 'other bytes'
sock.sendall(open('down', 'rb').read())
sock.unwrap()
EOP
run gsock-client "$TRUST" "tls:$PEER" <up
is "$status:$stderr" 0: "ours to OpenSSL's library, up and then down"
same_bytes stdout down '... down'
end_peer '... and up'

# openssl's program ends both ways at the first end.  What it can read before
# its client has come stays unsent now and then, whoever the client is.
s_server ()
{
  BG_STDIN=$TMP/said
  background s_server apart openssl s_server -quiet -naccept 1 -accept 127.0.0.1:0 \
    -cert "$TLS/good.pem" -key "$TLS/good.key"
  BG_STDIN=
  server_pid=$BG_PID
  wait_for "$DEADLINE" has_port "$server_pid"
}
apart ()
{
  exec 6>&-
  exec "$@"
}
has_port ()
{
  port=$(port_of "$1")
}
all_of ()
{
  test "$(wc -c <"$1")" -ge 10485760
}

mkfifo said
exec 6<>said
s_server
run gsock-client "$TRUST" --send-only "tls:127.0.0.1:$port" <up
is "$status:$stderr" 0: 'ours to openssl: up'
wait_for "$DEADLINE" all_of s_server.out
same_bytes s_server.out up '... every byte'
reap "$server_pid"
s_server
background client apart gsock-client -v "$TRUST" --recv-only \
  "tls:127.0.0.1:$port"
client_pid=$BG_PID
wait_for "$DEADLINE" grep -q '^TLS' client.err
cat down >&6
exec 6>&-
reap "$client_pid"
is "$status" 0 '... and down'
same_bytes client.out down '... every byte'
reap "$server_pid"

# A balancer between ours that takes TLS off and puts it on again.  Each way by
# itself: they end both ways at the first end, and nginx without a word of TLS.
write_haproxy ()
{
  cat >haproxy.cfg <<END
global
  nbthread 1
  maxconn 100
defaults
  mode tcp
  timeout connect 30s
  timeout client 60s
  timeout server 60s
listen here
  bind unix@$TMP/between ssl crt $TLS/both.pem
  server there unix@$TMP/back ssl verify required ca-file $TLS/ca.pem
END
}

write_nginx ()
{
  cat >nginx.cfg <<END
$nginx_module
daemon off;
master_process off;
pid $TMP/nginx.pid;
error_log /dev/null;
events { worker_connections 64; }
stream {
  server {
    listen unix:$TMP/between ssl;
    ssl_certificate $TLS/good.pem;
    ssl_certificate_key $TLS/good.key;
    proxy_pass unix:$TMP/back;
    proxy_ssl on;
    proxy_ssl_verify on;
    proxy_ssl_trusted_certificate $TLS/ca.pem;
    proxy_ssl_name localhost;
  }
}
END
}

# between NAME COMMAND...: the two ways through it.
between ()
{
  between_name=$1
  shift
  rm -f between
  background between "$@"
  between_pid=$BG_PID
  wait_for "$DEADLINE" listens "$TMP/between"
  # shellcheck disable=SC2086 # two options
  start_server --quiet -f raw $SHOW "tls:$TMP/back"
  run gsock-client "$TRUST" --server-name=localhost --send-only \
    "tls:$TMP/between" <up
  wait_for "$DEADLINE" came_up
  same_bytes "$SERVER_OUT" up "ours, $between_name, ours: up"
  stop_server
  SERVER_STDIN=$TMP/down
  # shellcheck disable=SC2086 # two options
  start_server --quiet --once -f raw $SHOW "tls:$TMP/back"
  SERVER_STDIN=
  run gsock-client "$TRUST" --server-name=localhost --recv-only \
    "tls:$TMP/between" </dev/null
  # HAProxy says its TLS end only where the socket has room for it just then.
  like "$status:$stderr" '^(0:|1:.*close_notify after 10485760 bytes)$' \
    "ours, $between_name, ours: down"
  same_bytes stdout down '... every byte'
  kill "$SERVER_PID" 2>/dev/null
  reap "$SERVER_PID"
  kill "$between_pid"
  reap "$between_pid"
}

if have haproxy; then
  write_haproxy
  between HAProxy haproxy -db -f haproxy.cfg
else
  skip 4 'needs haproxy'
fi
if nginx_streams; then
  write_nginx
  between nginx nginx -p "$TMP" -c "$TMP/nginx.cfg"
else
  skip 4 'needs nginx with its stream module'
fi

done_testing

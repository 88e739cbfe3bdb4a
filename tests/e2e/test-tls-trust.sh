#! /bin/sh
# test-tls-trust.sh: each certificate and protocol that is no good has its own
# sentence, whoever shows it
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"
. "$GSOCK_SRCDIR/tests/lib/certificates.sh"

NAMES=DNS:localhost,IP:127.0.0.1
make_authority ca
make_authority stranger
make_certificate good "$NAMES"
make_certificate other DNS:old.example
make_certificate expired "$NAMES" "$EXPIRED"
make_certificate future "$NAMES" "$FUTURE"
make_certificate strange "$NAMES" "$VALID" '' stranger
make_certificate revoked "$NAMES"
make_certificate only-client "$NAMES" "$VALID" '' ca clientAuth
make_self_signed self "$NAMES"
revoke revoked

# serve openssl|gsock CERTIFICATE: sets ADDR
serve ()
{
  if test "$1" = openssl; then
    s_server -rev -cert "$TLS/$2.pem" -key "$TLS/$2.key"
    ADDR=tls:127.0.0.1:$S_PORT
  else
    start_server --quiet --echo --cert="$TLS/$2.pem" --key="$TLS/$2.key" \
      tls:127.0.0.1:0
  fi
}

end_service ()
{
  if test "$1" = openssl; then
    end_s_server
  else
    kill "$SERVER_PID"
    reap "$SERVER_PID"
  fi
}

# refused SERVER CERTIFICATE ERE TEXT [OPTION...]
refused ()
{
  server=$1 certificate=$2 ere=$3 text=$4
  shift 4
  serve "$server" "$certificate"
  run gsock-client --cacert="$TLS/ca.pem" "$@" "$ADDR" hola
  is "$status/$stdout" 5/ "$server: $text: status 5, and nothing was said"
  like "$stderr" "^gsock-client: $ere" '... with its own sentence'
  end_service "$server"
  printf '%s\n' "$stderr" | sed 's/127.0.0.1:[0-9]*/HERE/; s/sha256:.*//' \
    >>"$TMP/sentences-$server"
}

for server in openssl gsock; do
  serve "$server" good
  test "$server" = openssl && answer=aloh || answer=hola
  run gsock-client --cacert="$TLS/ca.pem" "$ADDR" hola
  is "$status/$stdout/$stderr" "0/$answer/" "$server: a good certificate"
  run gsock-client --cacert="$TLS/ca.pem" "tls:localhost:${ADDR##*:}" hola
  is "$status/$stdout" "0/$answer" '... by its name too'
  run gsock-client "$ADDR" hola
  is "$status" 5 '... not without --cacert: the system does not know it'
  run env SSL_CERT_FILE="$TLS/ca.pem" gsock-client "$ADDR" hola
  is "$status/$stdout" "0/$answer" '... but a system that does'
  run gsock-client --pin="$(pin_of good)" "$ADDR" hola
  is "$status/$stdout" "0/$answer" '... by its pin'
  run gsock-client --pin="$(pin_of other)" --pin="$(pin_of good)" "$ADDR" hola
  is "$status/$stdout" "0/$answer" '... or one of its pins'
  run gsock-client --pin="$(pin_of other)" "$ADDR" hola
  is "$status" 5 '... not by the pin of another'
  like "$stderr" "not the pinned one: its pin is $(pin_of good)" '... says so'
  run gsock-client -k "$ADDR" hola
  is "$status/$stdout" "0/$answer" '... with --insecure'
  like "$stderr" 'was not checked \(--insecure\)' '... which is warned of'
  run gsock-client --cacert="$TLS/ca.pem" --server-name=old.example "$ADDR" hola
  is "$status" 5 '... not under another --server-name'
  end_service "$server"

  refused "$server" other "The certificate of 127.0.0.1:[0-9]+ is for \
old.example, not for '127.0.0.1' \(expires 2049-12-31\); to trust exactly it: \
--pin=$(pin_of other)\$" 'another host'
  refused "$server" expired '.*127.0.0.1\) expired on 2021-01-01; .*--pin=' \
    'expired'
  refused "$server" future '.*is not valid before 2048-01-01; is this' \
    'not valid yet'
  refused "$server" self '.*is signed by nobody but itself; .*--pin=' \
    'self-signed'
  refused "$server" strange \
    ".*signed by 'Authority stranger', whom nobody here trusts; .*--cacert" \
    'unknown authority'
  refused "$server" revoked '.*was revoked by its authority$' revoked \
    --cacert="$TLS/ca-and-list.pem"
  refused "$server" only-client '.*is not one for servers' 'for clients only'

  serve "$server" expired
  run gsock-client --pin="$(pin_of expired)" "$ADDR" hola
  is "$status/$stdout" "0/$answer" "$server: a pin is an order, expired or not"
  end_service "$server"
  serve "$server" other
  run gsock-client --cacert="$TLS/ca.pem" --server-name=old.example "$ADDR" hola
  is "$status/$stdout" "0/$answer" "$server: --server-name is whom we mean"
  end_service "$server"
done

# Too old a protocol, plain text.
s_server -rev -cert "$TLS/good.pem" -key "$TLS/good.key" -tls1_1 \
  -cipher ALL:@SECLEVEL=0
run gsock-client --cacert="$TLS/ca.pem" "tls:127.0.0.1:$S_PORT" hola
is "$status" 5 'a server of TLS 1.1: status 5'
like "$stderr" 'speaks no TLS that is new enough; at least TLS 1.2' '... says so'
printf '%s\n' "$stderr" >>"$TMP/sentences-openssl"
end_s_server

start_server --greet 127.0.0.1:0
run gsock-client "tls:127.0.0.1:$PORT" hola
is "$status" 5 'a server that speaks plain text: status 5'
like "$stderr" 'speaks no TLS but plain text: it began with "This is a test' \
  '... says so'
printf '%s\n' "$stderr" >>"$TMP/sentences-openssl"
stop_server

is "$(sort "$TMP/sentences-openssl" | uniq -d)" '' 'no sentence is said twice'
is "$(wc -l <"$TMP/sentences-openssl" | tr -d ' ')" 9 '... of all of them'

# The same from the other end.
start_server --echo --cert="$TLS/good.pem" --key="$TLS/good.key" tls:127.0.0.1:0
run openssl s_client -connect "127.0.0.1:${ADDR##*:}" -tls1_1 \
  -cipher ALL:@SECLEVEL=0 </dev/null
isnt "$status" 0 'a client of TLS 1.1 is not served'
echo 'GET / HTTP/1.1' >"$TMP/request"
run gsock-client --send-only "tcp:127.0.0.1:${ADDR##*:}" <"$TMP/request"
wait_for "$DEADLINE" grep -q 'plain text' "$SERVER_ERR"
wait_for "$DEADLINE" grep -q 'TLS 1.1' "$SERVER_ERR"
ok $? 'the server says why'
like "$(cat "$SERVER_ERR")" \
  'speaks TLS 1.1 at most, which is no longer safe; at least TLS 1.2' \
  '... too old a protocol'
like "$(cat "$SERVER_ERR")" \
  'speaks plain text to a TLS port: it began with "GET / HTTP/1' \
  '... plain text'
stop_server

# In Spanish.
if in_spanish true 2>/dev/null; then
  serve gsock other
  run in_spanish gsock-client --cacert="$TLS/ca.pem" "$ADDR" hola
  like "$stderr" 'es para old.example, no para «127.0.0.1»' 'in Spanish too'
  end_service gsock
else
  skip 1 'no Spanish locale'
fi

# What can't be used is said before anything is bound or sent.
usage ()
{
  run "$@"
  is "$status" 2 "refused: ${*#"$TLS/"}"
}
usage gsock-server tls:127.0.0.1:0
like "$stderr" '--cert=FILE, or --cert=auto' '... says what is missing'
usage gsock-server --cert="$TLS/none.pem" tls:127.0.0.1:0
usage gsock-server --cert="$TLS/ca.key" tls:127.0.0.1:0
usage gsock-server --cert="$TLS/good.pem" --key="$TLS/other.key" tls:127.0.0.1:0
like "$stderr" 'is not that of the certificate' '... says why'
usage gsock-server --cert="$TLS/good.pem" --key="$TLS/good.key" 127.0.0.1:0
usage gsock-server --echo --pin="$(pin_of good)" 127.0.0.1:0
usage gsock-server --client-ca="$TLS/ca.pem" 127.0.0.1:0
usage gsock-client --cacert="$TLS/ca.pem" 127.0.0.1:9 hola
usage gsock-client --cacert="$TLS/good.key" tls:127.0.0.1:9 hola
usage gsock-client --pin=sha256:12 tls:127.0.0.1:9 hola
usage gsock-client --alpn=, tls:127.0.0.1:9 hola
usage gsock-client -k --pin="$(pin_of good)" tls:127.0.0.1:9 hola

done_testing

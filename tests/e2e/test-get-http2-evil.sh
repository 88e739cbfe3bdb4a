#! /bin/sh
# test-get-http2-evil.sh: servers of HTTP/2 that lie, cut, refuse and flood
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"
. "$GSOCK_SRCDIR/tests/lib/certificates.sh"
requires python3

make_authority ca
make_certificate good DNS:localhost,IP:127.0.0.1
background evil python3 "$GSOCK_SRCDIR/tests/lib/evil-http2.py" \
  "$TLS/good.pem" "$TLS/good.key"
wait_for "$DEADLINE" grep -q ready evil.out || bail_out "$(cat evil.err)"
printf 'hola mundo\n' >hola

url ()
{
  printf 'https://127.0.0.1:%s/%s' "$(sed -n "s/^$1 //p" evil.out)" "$1"
}

get ()
{
  get_name=$1
  shift
  run gsock-get --cacert="$TLS/ca.pem" -w20 --max-time=60 "$@" "$(url "$get_name")"
}

get good
if test "$status" -ne 0 && ! gsock-get --http2 x 2>&1 | grep -q 'needs https'; then
  skip_all "no HTTP/2: $stderr"
fi

# What is right, however odd

for name in good trailers padded hints pings refuses1 goaway1 goawaydone; do
  rm -f out
  get "$name" -o out
  is "$status:$stderr" 0: "$name"
  same_bytes out hola "... is whole"
done
get good -i
like "$stdout" '^HTTP/2 200' '-i has a status line, without a reason'
get hints -i
like "$stdout" '^HTTP/2 103' '... and interim answers'
run gsock-get --cacert="$TLS/ca.pem" -d x "$(url refusesonce)"
is "$status:$stdout" '0:hola mundo' \
  'a POST that was not looked at is sent again'
run gsock-get --cacert="$TLS/ca.pem" -j 3 -w20 --max-time=60 "$(url limit)" \
  "$(url limit)" "$(url limit)" "$(url limit)"
is "$status:$(printf '%s\n' "$stdout" | wc -l | tr -d ' ')" 0:4 \
  'no more streams at once than the server allows'

# What is not

refused ()
{
  refused_name=$1
  refused_status=$2
  refused_reason=$3
  shift 3
  rm -f out out.part out.part.info
  get "$refused_name" -o out "$@"
  if test "$status" -eq "$refused_status" &&
      printf '%s\n' "$stderr" | grep -Eq -e "$refused_reason" &&
      test "$(printf '%s\n' "$stderr" | wc -l)" -eq 1 && test ! -e out; then
    ok 0 "$refused_name"
  else
    ok 1 "$refused_name"
    diag "status $status, want $refused_status; want /$refused_reason/"
    diag "$stderr"
    diag "$(ls -l out 2>/dev/null)"
  fi
}

while IFS='|' read -r name reason; do
  refused "$name" 1 "/$name: $reason" </dev/null
done <<'EOP'
short|the body ended after 11 of 20 bytes; nothing was saved
long|the body is longer than its Content-Length tells \(5\)
unchanged|the server says that nothing has changed \(304\), which it was not asked
bodyless|the answer breaks the rules of HTTP/2
noend|the body ended after 11 bytes, before the server said that it was whole
noendcl|the body ended after 11 of 20 bytes
allbutend|the body ended after 11 of 11 bytes
tlscut|the body ended after 11 bytes.*(without|reset)
nothing|the server ended without an answer
reset|the body ended after 11 of 20 bytes \(the server closed the stream: INTERNAL_ERROR\)
reset0|the body ended after 11 bytes, .*NO_ERROR
cancel|the server ended without an answer \(the server closed the stream: CANCEL\)
oneone|.*HTTP_1_1_REQUIRED; try --http1
refuses|the server refuses to look at the request
goaway|the server refuses to look at the request
calm|the body ended after 11 of 20 bytes \(the server ended the connection: ENHANCE_YOUR_CALM\)
hpackbomb|its header has more than 262144 bytes
continuations|.*(its header has more than 262144 bytes|CONTINUATION)
connection|the answer breaks the rules of HTTP/2: .*connection
chunked|the answer breaks the rules of HTTP/2: .*transfer-encoding
upper|.*X-Up
crlf|HTTP/2 allows no header 'x-a' as it came
nul|HTTP/2 allows no header 'x-a' as it came
badname|HTTP/2 allows no header 'x a' as it came
twocl|the answer breaks the rules of HTTP/2: .*content-length
negcl|the answer breaks the rules of HTTP/2: .*content-length
wordcl|the answer breaks the rules of HTTP/2: .*content-length
hugecl|the answer breaks the rules of HTTP/2: .*content-length
twostatus|the answer breaks the rules of HTTP/2: .*:status
latestatus|the answer breaks the rules of HTTP/2: .*:status
badstatus|the answer breaks the rules of HTTP/2: .*:status
path|the answer breaks the rules of HTTP/2: .*:path
nostatus|the answer breaks the rules of HTTP/2
interims|more than 32 interim answers came before it
interimend|the answer breaks the rules of HTTP/2
headless|the server ended without an answer \(what came is no HTTP/2: .*DATA
twoheads|the answer breaks the rules of HTTP/2
push|the server ended without an answer \(.*PUSH
one|the server ended without an answer \(what came is no HTTP/2: 
bigframe|the server ended without an answer \(what came is no HTTP/2: 
hpack|the server ended without an answer \(what came is no HTTP/2: 
other|the server ended without an answer \(what came is no HTTP/2: 
window|the server ended without an answer \(what came is no HTTP/2: 
EOP
refused part 1 '/part: the body ended after 11 of 100 bytes' -r 0-99
refused never 124 'max-time' --max-time=1
refused drip 124 'min-rate' --min-rate=100:1s
ok 'no body is left' test ! -e out
head -c 1048576 /dev/zero >long
get upload --min-rate=1:2s -d @long
is "$status:$stdout" '0:hola mundo' '--min-rate waits for an upload that goes on'

# One that fails does not take the others along
run gsock-get --json --cacert="$TLS/ca.pem" -j 8 -w20 --max-time=60 \
  "$(url good)" "$(url short)" "$(url good)" "$(url reset)" "$(url good)"
whose='s/.*"url":"[^"]*\/\([a-z]*\)".*/\1/p'
is "$status:$(printf '%s\n' "$stderr" | sed -n "/\"error\"/d; /\"size\":11,/$whose" |
  tr '\n' ' ')" '1:good good good ' \
  'those that are whole are fetched beside those that are not'
is "$(printf '%s\n' "$stderr" | sed -n "/\"error\"/$whose" | sort | tr '\n' ' ')" \
  'reset short ' '... which are named'
done_testing

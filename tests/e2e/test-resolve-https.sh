#! /bin/sh
# test-resolve-https.sh: DNS over HTTPS, by servers that are honest and others
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"
. "$GSOCK_SRCDIR/tests/lib/certificates.sh"
. "$GSOCK_SRCDIR/tests/lib/name-server.sh"
requires gsock-resolve python3

make_authority ca
make_certificate good DNS:localhost,IP:127.0.0.1
make_certificate other DNS:dns.example
export SSL_CERT_FILE="$TLS/ca.pem"

# The path says what to do; what goes wrong in here is on stderr.
# serve CERTIFICATE: sets URL.
serve ()
{
  : >asked
  start_peer "$TLS/$1.pem" "$TLS/$1.key" <<'EOP'
from peers import *
import base64
import re
import ssl
import threading

context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])
context.set_alpn_protocols(['http/1.1'])
listener = listen()
listener.settimeout(None)
failed = set()
lock = threading.Lock()


def question(query):
    return query[12:query.index(b'\0', 12) + 5]


def answer(query, flags=b'\x81\x80', ttl=300, name=None):
    q = question(query) if name is None else name
    return (query[:2] + flags + b'\0\1\0\1\0\0\0\0' + q + b'\xc0\x0c\0\1\0\1' +
            struct.pack('>IH', ttl, 4) + b'\x7f\0\0\1')


def reply(body, status='200 OK', type='application/dns-message', more=''):
    return (f'HTTP/1.1 {status}\r\nContent-Type: {type}\r\n{more}'
            f'Content-Length: {len(body)}\r\n\r\n').encode() + body


def answer_to(path, query):
    """What is sent, and whether the connection stays."""
    good = answer(query)
    if path == '/aged':
        return reply(good, more='Age: 100\r\n'), True
    if path == '/old':
        return reply(good, more='Age: 99999999999\r\n'), True
    if path == '/parameter':
        return reply(good, type='Application/DNS-Message; x=y'), True
    if path == '/chunked':
        return (b'HTTP/1.1 200 OK\r\nContent-Type: application/dns-message\r\n'
                b'Transfer-Encoding: chunked\r\n\r\n' +
                b'%x\r\n' % 5 + good[:5] + b'\r\n' +
                b'%x\r\n' % (len(good) - 5) + good[5:] + b'\r\n0\r\n\r\n'), True
    if path == '/closing':
        return reply(good), False
    if path == '/html':
        return reply(b'<p>', type='text/\x1b[31mhtml'), True
    if path == '/untyped':
        return (b'HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n' % len(good) +
                good), True
    if path == '/prefix':
        return reply(good, type='application/dns-messages'), True
    if path == '/none':
        return reply(b'no', '404 Not \x1b[31mFound', 'text/plain'), True
    if path == '/elsewhere':
        return reply(b'', '301 Moved', more='Location: https://x/\r\n'), True
    if path == '/nothing':
        return b'HTTP/1.1 204 No Content\r\n\r\n', True
    if path == '/broken':
        return reply(b'', '502 Bad Gateway'), True
    if path == '/once':
        with lock:
            first = query not in failed
            failed.add(query)
        return (reply(b'', '503 Busy') if first else reply(good)), True
    if path == '/big':
        return (b'HTTP/1.1 200 OK\r\nContent-Type: application/dns-message\r\n'
                b'Content-Length: 99999999999\r\n\r\n' + good), True
    if path == '/endless':
        return (b'HTTP/1.1 200 OK\r\nContent-Type: application/dns-message\r\n'
                b'\r\n' + bytes(1024) * 100), False
    if path == '/short':
        return reply(good[:5]), True
    if path == '/empty':
        return reply(b''), True
    if path == '/cut':
        return reply(good)[:-4], False
    if path == '/another':
        return reply(answer(query, name=b'\3bad\4test\0\0\1\0\1')), True
    if path == '/id':
        return reply(b'\0\1' + good[2:]), True
    if path == '/query':
        return reply(query), True
    if path == '/mangled':
        return reply(good[:-6]), True
    if path == '/truncated':
        return reply(answer(query, b'\x83\x80')), True
    if path == '/noise':
        return b'\0\1\2\3 not HTTP\r\n\r\n', False
    if path == '/silent':
        return b'', True
    if path == '/gone':
        return b'', False
    return reply(good), True


def serve(sock):
    try:
        sock = context.wrap_socket(sock, server_side=True)
        with lock, open('asked', 'a') as log:
            log.write('connection\n')
        pending = b''
        while True:
            while b'\r\n\r\n' not in pending:
                bytes = sock.recv(65536)
                if not bytes:
                    return
                pending += bytes
            head, pending = pending.split(b'\r\n\r\n', 1)
            method, target, version = head.split(b'\r\n')[0].decode().split()
            path, text = re.fullmatch(r'([^?]*)\?(?:k=v&)?dns=([\w-]+)',
                                      target).groups()
            query = base64.urlsafe_b64decode(text + '=' * (-len(text) % 4))
            right = (method == 'GET' and query[:2] == b'\0\0' and
                     b'\r\nAccept: application/dns-message' in head and
                     b'\r\nHost: ' in head)
            with lock, open('asked', 'a') as log:
                log.write(f'{path} {"right" if right else "wrong"}\n')
            out, stays = answer_to(path, query)
            sock.sendall(out)
            if not stays:
                sock.unwrap()
                return
    except (OSError, AttributeError) as error:
        print(error, file=sys.stderr)
    finally:
        sock.close()


while True:
    threading.Thread(target=serve, args=(listener.accept()[0],),
                     daemon=True).start()
EOP
  URL=https://localhost:${PEER##*:}
}

# ask PATH STATUS WANT [ERE]
ask ()
{
  run gsock-resolve --server="$URL$1" --short -w 20s -t A a.test
  is "$status:$stdout" "$2:$3" "$1"
  test "$2" -ne 0 || return 0
  is "$(wc -l <stderr | tr -d ' ')" 1 '... one line'
  like "$stderr" "^gsock-resolve: $URL$1: $4" '... which says why'
  if LC_ALL=C grep -q "$(printf '[\001-\010\016-\037\177]')" stderr; then
    point 1 '... and nothing raw'
  fi
}

serve good
ask /dns-query 0 127.0.0.1
is "$(cat asked)" 'connection
/dns-query right' 'it is asked as RFC 8484 says'
for path in '' / '/dns-query{?dns}'; do
  run gsock-resolve --server="$URL$path" --short -t A a.test
  is "$status:$stdout:$(tail -n 1 asked)" '0:127.0.0.1:/dns-query right' \
    "URL $path"
done
ask '/other?k=v' 0 127.0.0.1
is "$(tail -n 1 asked)" '/other right' '... has its own path and query'
run gsock-resolve --server="$URL" --json -t A a.test
like "$stdout" '"server":"https://localhost:[0-9]*/dns-query","via":"https"' \
  'JSON says how'
run gsock-resolve --server="$URL/aged" -t A a.test
like "$stdout" '^a\.test\. +200 +A +127' 'what lay in a cache is kept for less'
run gsock-resolve --server="$URL/old" -t A a.test
like "$stdout" '^a\.test\. +0 +A +127' '... or not at all'
ask /parameter 0 127.0.0.1
ask /chunked 0 127.0.0.1
ask /closing 0 127.0.0.1
ask /once 0 127.0.0.1
ask /truncated 0 127.0.0.1

# Connections are kept, and few.
i=0
while test $i -lt 300; do
  echo "n$i.test"
  i=$((i + 1))
done >names
: >asked
run gsock-resolve --server="$URL" --short -j 1 -t A -i names
is "$status:$(grep -c '^127\.0\.0\.1$' stdout)" 0:300 'many, one after another'
is "$(grep -c connection asked)" 1 '... over one connection'
: >asked
run gsock-resolve --server="$URL" --short -j 100 -t A -i names
is "$status:$(grep -c '^127\.0\.0\.1$' stdout)" 0:300 'many at once'
ok '... over few of them' test "$(grep -c connection asked)" -le 16
run gsock-resolve --server="$URL/closing" --short -j 4 -t A -i names
is "$status:$(grep -c '^127\.0\.0\.1$' stdout)" 0:300 \
  '... by a server that closes each time without a word'

# Lies.
ask /html 1 '' "the server answered with 'text/.x1b\[31mhtml', which is not"
ask /untyped 1 '' "the server answered with '', which is not application/dns"
ask /prefix 1 '' "the server answered with .*, which is not application/dns"
ask /none 8 '' '.*HTTP 404 Not .x1b.31mFound.*is the path right'
ask /elsewhere 6 '' 'the server says to ask elsewhere \(HTTP 301 Moved\)'
ask /nothing 8 '' '.*HTTP 204'
ask /broken 8 '' 'the server has no answer itself \(HTTP 502 Bad Gateway\)'
ask /big 1 '' '.* more than a DNS message can have'
ask /endless 1 '' '.* more than a DNS message can have'
ask /cut 1 '' .
ask /noise 1 '' .
ask /gone 1 '' .
for path in /short /empty /another /id /query; do
  run gsock-resolve --server="$URL$path" --short -t A a.test
  like "$status:$stdout:$stderr" "^1::gsock-resolve: $URL$path answered with \
something else than was asked$" "$path"
done
run gsock-resolve --server="$URL/mangled" --short -t A a.test
like "$status:$stdout:$stderr" "^1::gsock-resolve: $URL/mangled answered with \
a message that can't be read$" /mangled
run gsock-resolve --server="$URL/silent" -w 300ms -t A a.test
like "$status:$stderr" "^124:.*'a\.test' within" 'one that is silent'

# What can't be a URL.
for bad in 'https://' 'https://h/a b' 'https://h/#f' 'https://u:p@h/' \
  'https://h:99999/'; do
  run gsock-resolve --server="$bad" x
  is "$status:$(wc -l <stderr | tr -d ' ')" 2:1 "$bad is refused"
done
run gsock-resolve --server=https://127.0.0.1:1 -w 20s -t A a.test
like "$status:$stderr" '^4:.*https://127\.0\.0\.1:1/dns-query: .*refused' \
  'a server that is not there'

# Other tools, and a server that has a name itself: that is the system's.
start_server --greet=hello 127.0.0.1:0
run gsock-client --dns-server="$URL" --recv-only "some.test:$PORT"
is "$status:$stdout" 0:hello 'gsock-client --dns-server'
run gsock-client --dns-server="$URL/none" --recv-only "some.test:$PORT"
like "$status:$stderr" '^8:gsock-client: .*404' '... says what is wrong'
run gsock-get --dns-server="$URL" --simple "http://some.test:$PORT/"
is "$status:$stdout" 0:hello 'gsock-get --dns-server'
stop_server

# Whom to trust can be said.
unset SSL_CERT_FILE
run gsock-resolve --server="$URL" --short -t A a.test
like "$status:$stderr" '^5:.*--pin=sha256:[0-9a-f]{64}$' \
  'a server that nobody here trusts'
pin=${stderr##*--pin=}
run gsock-resolve --server="$URL" --pin="$pin" --short -t A a.test
is "$status:$stdout" 0:127.0.0.1 '... is trusted by the pin that it says'
run gsock-resolve --server="$URL" --cacert="$TLS/ca.pem" --short -t A a.test
is "$status:$stdout" 0:127.0.0.1 '... or by --cacert'
run gsock-resolve --server="$URL" --pin="sha256:$(printf %064d 0)" -t A a.test
is "$status" 5 '... and not by another pin'
run gsock-resolve --server="$URL" --cacert=/nowhere -t A a.test
is "$status:$(printf '%s\n' "$stderr" | wc -l)" 2:1 'a file that is not there'
export SSL_CERT_FILE="$TLS/ca.pem"
kill "$PEER_PID"

serve other
ask /dns-query 5 '' '.*dns\.example'
kill "$PEER_PID"

# Unbound speaks HTTP/2 alone, and TLS without HTTP.
start_unbound ()
{
  # shellcheck disable=SC2046 # words
  set -- $(free_ports 3)
  cat >unbound.conf <<EOF
server:
  interface: 127.0.0.1@$1
  interface: 127.0.0.1@$2
  interface: 127.0.0.1@$3
  port: $1
  tls-port: $2
  https-port: $3
  tls-service-key: "$TLS/good.key"
  tls-service-pem: "$TLS/good.pem"
  access-control: 127.0.0.0/8 allow
  directory: "$TMP"
  chroot: ""
  username: ""
  pidfile: "$TMP/unbound.pid"
  use-syslog: no
  local-zone: "lab.test." static
  local-data: "www.lab.test. 300 A 127.0.0.1"
  local-zone: "many.test." redirect
  local-data: "many.test. 300 A 127.0.0.2"
  num-threads: 1
remote-control:
  control-enable: no
EOF
  background unbound unbound -d -c unbound.conf
  DOT=tls://localhost:$2 DOH=https://localhost:$3
  wait_for "$DEADLINE" sh -c "gsock-resolve --server=127.0.0.1:$1 --short \
    -t A www.lab.test"
}

if command -v unbound >/dev/null && start_unbound >wait 2>&1; then
  run gsock-resolve --server="$DOT" --json -t A www.lab.test
  like "$status:$stdout" '^0:.*"via":"tls".*"data":"127\.0\.0\.1"' \
    'unbound answers by TLS'
  sed 's/test$/many.test/' names >more
  run gsock-resolve --server="$DOT" --short -t A -i more
  is "$status:$(grep -c '^127\.0\.0\.2$' stdout)" 0:300 '... about many names'
  unset SSL_CERT_FILE
  run gsock-resolve --server="$DOT" --short -t A www.lab.test
  like "$status:$stderr" '^5:.*--pin=sha256:[0-9a-f]{64}$' \
    '... whom nobody here trusts'
  run gsock-resolve --server="$DOT" --pin="${stderr##*--pin=}" --short -t A \
    www.lab.test
  is "$status:$stdout" 0:127.0.0.1 '... but by its pin'
  run gsock-resolve --server="$DOT" --cacert="$TLS/ca.pem" --short -t A \
    www.lab.test
  is "$status:$stdout" 0:127.0.0.1 '... or by --cacert'
  run gsock-resolve --server="$DOH" --cacert="$TLS/ca.pem" --json -t A \
    www.lab.test
  if test "$status" -eq 5 && ! grep -q nghttp2 "$GSOCK_BUILDDIR/config.h"; then
    skip 3 'needs nghttp2'
  else
    like "$status:$stdout" '^0:.*"via":"https".*"data":"127\.0\.0\.1"' \
      'by HTTPS it has HTTP/2 alone'
    run gsock-resolve --server="$DOH" --cacert="$TLS/ca.pem" --explain -t A \
      www.lab.test
    like "$stderr" '^answer \(https://.*, \{id 0x0000,.* NOERROR, answers 1' \
      '... whose answer is decoded'
    run gsock-resolve --server="$DOH" --cacert="$TLS/ca.pem" --short -t A \
      -i more
    is "$status:$(grep -c '^127\.0\.0\.2$' stdout)" 0:300 '... and many'
  fi
  export SSL_CERT_FILE="$TLS/ca.pem"
else
  skip 8 "needs unbound: $(tail -n 1 unbound.err 2>/dev/null)"
fi

# A server of other people's that speaks HTTP/1.1, if there is one here.
start_dnsdist ()
{
  # shellcheck disable=SC2046 # words
  set -- $(free_ports 3)
  cat >zone <<'EOF'
$ORIGIN lab.test.
@ 300 SOA ns root 1 3600 600 86400 60
@ 300 NS ns
ns 300 A 127.0.0.1
www 300 CNAME ns
EOF
  nsd_conf nsd "127.0.0.1@$1" lab.test=zone
  cat >dnsdist.conf <<EOF
setLocal('127.0.0.1:$2')
setSecurityPollSuffix('')
newServer({address='127.0.0.1:$1', healthCheckMode='up'})
addDOHLocal('127.0.0.1:$3', '$TLS/good.pem', '$TLS/good.key', '/dns-query')
EOF
  background nsd nsd -c nsd.conf -d
  background dnsdist dnsdist -C dnsdist.conf --supervised --disable-syslog
  URL=https://localhost:$3
  wait_for "$DEADLINE" sh -c "gsock-resolve --server=127.0.0.1:$1 --short \
    -t A ns.lab.test && gsock-resolve --short -t A ns.lab.test \
    --server=$URL || ! kill -0 $BG_PID || grep -q 'alert' dnsdist.err"
}

if command -v dnsdist >/dev/null && command -v nsd >/dev/null &&
  start_dnsdist >wait 2>&1 && run gsock-resolve --server="$URL" -t A ns.lab.test
then
  run gsock-resolve --server="$URL" --short www.lab.test
  is "$status:$stdout" '0:ns.lab.test.
127.0.0.1' 'dnsdist answers'
  run gsock-resolve --server="$URL" nowhere.lab.test
  like "$status:$stderr" "^3:.*NXDOMAIN from $URL/dns-query" \
    '... that a name is not there'
else
  skip 2 "needs dnsdist with HTTP/1.1, and nsd: $(tail -n 1 dnsdist.err wait \
    2>/dev/null | tail -n 1)"
fi

done_testing

#! /bin/sh
# test-get-proxy.sh: gsock-get through proxies: what they are told, and what the
# server behind them is not
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

. "${0%/*}/../lib/functions.sh"
requires python3

# The server says what it was asked, and by whom: connections have numbers.
start_peer <<'EOP'
from peers import *
from http.server import *

connections = 0

class Handler(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def setup(self):
        global connections
        connections += 1
        super().setup()

    def do_GET(self):
        where = self.path.partition('?')[2]
        body = '%s\n%s' % (self.requestline, self.headers)
        self.send_response(302 if where else 200)
        if where:
            self.send_header('Location', where)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *arguments):
        pass

server = ThreadingHTTPServer(('127.0.0.1', 0), Handler)
print('tcp:127.0.0.1:%d' % server.server_address[1], flush=True)
server.serve_forever()
EOP
server=${PEER#tcp:}
url=http://$server
PROXY_PID=

# proxy MODE [SECRET]: one of ours; sets PROXY, host and port
proxy ()
{
  test -z "$PROXY_PID" || { kill "$PROXY_PID"; reap "$PROXY_PID"; }
  rm -f heard clients
  start_peer "$@" <"$GSOCK_SRCDIR/tests/lib/proxy.py"
  PROXY=${PEER#tcp:}
  PROXY_PID=$PEER_PID
}

# was_told ERE: the proxy, since it began
was_told ()
{
  tr -d '\r' <heard 2>/dev/null | grep -Eaq -e "$1"
}

# Plain http by an http proxy: whole URLs, and connections that are kept.
proxy http
run gsock-get -x "http://$PROXY" "$url/one" "$url/two?three"
is "$status:$stderr" '0:' 'an http proxy'
like "$stdout" '^GET /one HTTP/1\.1' '... asks the server'
like "$stdout" '^Via: 1\.1 proxy' '... in its own name'
unlike "$stdout" '^[Pp]roxy-' '... and is not spoken of there'
ok '... by the whole URL' was_told "^GET $url/one HTTP/1\\.1\$"
ok '... with its query' was_told "^GET $url/two\\?three HTTP/1\\.1\$"
ok '... and its host' was_told "^Host: $server\$"
run gsock-get --proxy="http://$PROXY" "$url/three"
is "$(wc -l <clients | tr -d ' ')" 2 'two URLs share a connection to it'
proxy http
run gsock-get -x "http://$PROXY" "$url/?$url/end" "http://localhost:${server##*:}/other"
is "$status:$(wc -l <clients | tr -d ' ')" 0:1 '... other hosts too, and redirects'
proxy http
start_server --sh='read -r line; echo "heard: $line"' 127.0.0.1:0
simple=http://127.0.0.1:$PORT
run gsock-get -x "http://$PROXY" --simple "$simple/one"
is "$status:$stdout" '0:heard: GET /one' 'HTTP/0.9 has no place for a host'
ok '... and goes through a tunnel' was_told "^CONNECT 127\\.0\\.0\\.1:$PORT HTTP/1\\.1\$"

# Tunnels.
for kind in socks5 socks4a; do
  proxy "${kind%a}"
  run gsock-get -x "$kind://$PROXY" "$url/one" "$url/two"
  is "$status:$(wc -l <clients | tr -d ' ')" 0:1 "$kind: two URLs by one tunnel"
  like "$stdout" '^GET /one HTTP/1\.1' '... to the server itself'
done
proxy http
run gsock-get -x "http://$PROXY" -H 'Proxy-Authorization: mine' "$url/one"
ok 'what is for a proxy is told to it' was_told '^Proxy-Authorization: mine$'
proxy socks5
run gsock-get -x "socks5://$PROXY" -H 'Proxy-Authorization: mine' "$url/one"
unlike "$stdout" '^Proxy-Authorization' '... and not to the server behind a tunnel'
if command -v openssl >/dev/null; then
  start_server --cert=auto --sh='while read -r line && test ${#line} -gt 1; do :; done
    printf "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nun secreto\n"' tls:127.0.0.1:0
  PORT=${ADDR##*:}
  proxy http
  run gsock-get -k -x "http://$PROXY" "https://127.0.0.1:$PORT/secreto"
  is "$status:$stdout" '0:un secreto' 'https by an http proxy'
  ok '... is a tunnel' was_told "^CONNECT 127\\.0\\.0\\.1:$PORT HTTP/1\\.1\$"
  ok '... that the proxy reads nothing in' sh -c '! grep -aq secreto heard'

  # TLS to the proxy itself, whom the system's trust has to know.
  . "$GSOCK_SRCDIR/tests/lib/certificates.sh"
  make_authority ca
  make_certificate good IP:127.0.0.1,DNS:localhost
  proxy http 'ana:pa:ss'
  secret=https://127.0.0.1:$PORT/secreto
  start_server --cert="$TLS/good.pem" --key="$TLS/good.key" --forward="$PROXY" tls:127.0.0.1:0
  safe=127.0.0.1:${ADDR##*:}
  SSL_CERT_FILE=$TLS/ca.pem
  GSOCK_PROXY_PASSWORD='pa:ss'
  export SSL_CERT_FILE GSOCK_PROXY_PASSWORD
  run gsock-get -x "https://ana@$safe" "$url/one" "$url/two"
  is "$status:$stderr:$(wc -l <clients | tr -d ' ')" 0::1 'an https proxy, one connection'
  like "$stdout" '^Via: 1\.1 proxy' '... asks the server'
  ok '... by the whole URL' was_told "^GET $url/two HTTP/1\\.1\$"
  run gsock-get -k -x "https://ana@$safe" "$secret"
  is "$status:$stdout" '0:un secreto' '... and makes tunnels, TLS in TLS'
  ok '... that it reads nothing in' sh -c '! grep -aq secreto heard'
  rm -f heard
  run env -u SSL_CERT_FILE gsock-get -k -x "https://ana@$safe" "$url/one"
  is "$status:$(cat heard 2>/dev/null)" 5: 'another one is told nothing, whatever -k says of servers'
  like "$stderr" "^gsock-get: $url/one: .*proxy" '... and is said to be the proxy'
  run env -u SSL_CERT_FILE gsock-get -k -x "https://ana@$safe" "$secret"
  is "$status:$(cat heard 2>/dev/null)" 5: '... for a tunnel neither'
  unset SSL_CERT_FILE GSOCK_PROXY_PASSWORD
else
  skip 11 'needs openssl'
fi

# Who we are.
GSOCK_PROXY_PASSWORD='pa:ss'
export GSOCK_PROXY_PASSWORD
proxy http 'ana:pa:ss'
basic=$(printf 'ana:pa:ss' | base64)
run gsock-get -x "http://ana@$PROXY" "$url/one"
is "$status" 0 'a user and $GSOCK_PROXY_PASSWORD'
ok '... as Basic' was_told "^Proxy-Authorization: Basic $basic\$"
unlike "$stdout" '[Aa]uthorization' '... which the server never sees'
run gsock-get -vv --explain -x "http://ana@$PROXY" "$url/one"
unlike "$stderr" "pa:ss|$basic" '... nor anybody who reads what we say'
for kind in http socks5; do
  proxy "$kind" 'ana:pa:ss'
  run gsock-get --explain -k -x "$kind://ana@$PROXY" https://127.0.0.1:1/
  ok "$kind: a tunnel with a user" was_told 'ana|Proxy-Authorization'
  unlike "$stderr" "pa:ss|Basic [A-Za-z0-9]" '... whose password nobody reads either'
done
proxy http 'ana:pa:ss'
run gsock-get -x "http://eva@$PROXY" "$url/one"
is "$status:$stdout" 6: 'the wrong user is denied'
like "$stderr" "^gsock-get: $url/one: .*$PROXY.*user or the password" '... in one line'
run gsock-get -x "http://$PROXY" -o file "$url/one"
is "$status:$(ls file* 2>/dev/null)" 6: 'nobody is denied'
like "$stderr" 'USER@.*GSOCK_PROXY_PASSWORD' '... and told what to do'
run gsock-get -x "http://eva@$PROXY" --simple "$simple/one"
is "$status" 6 '... a tunnel too'
unset GSOCK_PROXY_PASSWORD
proxy http-ntlm a:b
run gsock-get -x "http://ana@$PROXY" "$url/one"
is "$status" 6 'a proxy that wants another proof'
like "$stderr" 'NTLM' '... which is named'
run gsock-get -x "http://ana:secreto@$PROXY" "$url/one"
is "$status" 2 'a password on the command line is refused'
unlike "$stderr" secreto '... and not repeated'

# The environment.
proxy http ana:secreto
run env http_proxy="http://ana:secreto@$PROXY" gsock-get "$url/one"
is "$status" 0 '$http_proxy, its password in it'
ok '... is used' test -s clients
run env http_proxy="ana:secreto@$PROXY" gsock-get "$url/one"
is "$status" 0 '... without a scheme'
proxy http
for name in all_proxy ALL_PROXY; do
  rm -f clients
  run env "$name=http://$PROXY" gsock-get "$url/one"
  is "$status:$(test -s clients && echo used)" 0:used "\$$name"
done
# direct TEXT COMMAND...: it reaches the server by itself
direct ()
{
  direct_text=$1
  shift
  rm -f clients
  run "$@"
  is "$status:$(cat clients 2>/dev/null)" 0: "$direct_text"
}
http_proxy=http://$PROXY
export http_proxy
direct '$HTTP_PROXY is not believed' env -u http_proxy HTTP_PROXY="http://$PROXY" gsock-get "$url/one"
direct '$https_proxy is for https' env -u http_proxy https_proxy="http://$PROXY" gsock-get "$url/one"
for rule in '*' 127.0.0.1 'example.org, 127.0.0.1' 127.0.0.0/8; do
  direct "\$no_proxy $rule" env no_proxy="$rule" gsock-get "$url/one"
done
direct '$NO_PROXY' env NO_PROXY=127.0.0.1 gsock-get "$url/one"
direct '--no-proxy' gsock-get --no-proxy "$url/one"
direct '--no-proxy=LIST' gsock-get --no-proxy=a.example,127.0.0.1 "$url/one"
direct '--proxy= is none' gsock-get --proxy= "$url/one"
direct '--connect is none' gsock-get --connect="$server" http://example.org/
rm -f clients
run gsock-get --no-proxy=0.0.1 -x system "$url/one"
is "$status:$(cat clients)" 0:client '... an address has no domains'
run env no_proxy=127.0.0.1 gsock-get --no-proxy=example.org "$url/one"
is "$status:$(wc -l <clients | tr -d ' ')" 0:2 '--no-proxy=LIST takes the place of $no_proxy'
run env http_proxy=ftp://ana:secreto@h gsock-get "$url/one"
is "$status" 2 'a variable that is no proxy'
like "$stderr" '\$http_proxy' '... is named'
unlike "$stderr" secreto '... without its password'
run env https_proxy=nonsense:// gsock-get "$url/one"
is "$status" 0 '... only where it is wanted'
unset http_proxy

# What goes wrong.
for pair in --connect=127.0.0.1:9 --unix=/x --no-proxy; do
  run gsock-get -x http://127.0.0.1:9 "$pair" "$url/one"
  is "$status" 2 "--proxy excludes $pair"
done
for kind in http socks5; do
  run gsock-get -x "$kind://127.0.0.1:1" "$url/one"
  is "$status" 4 "$kind: a proxy that is not there"
  like "$stderr" "^gsock-get: $url/one: Cannot reach the proxy: .*127\\.0\\.0\\.1:1" '... is said to be the proxy'
done
proxy refuse5
run gsock-get -x "socks5://$PROXY" http://127.0.0.1:1/
is "$status" 4 'a server that a proxy does not reach'
proxy garbage
run gsock-get -x "http://$PROXY" "$url/one"
is "$status" 1 'a proxy that speaks no HTTP'
proxy status502
run gsock-get -x "http://$PROXY" "$url/one"
is "$status" 8 'what a proxy answers is an answer'

# A real one.
if command -v tinyproxy >/dev/null; then
  free=$(python3 -c 'import socket
s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
  printf 'Port %s\nListen 127.0.0.1\nTimeout 60\nBasicAuth ana secreto\n' "$free" >tinyproxy.conf
  background tinyproxy tinyproxy -d -c tinyproxy.conf
  GSOCK_PROXY_PASSWORD=secreto
  export GSOCK_PROXY_PASSWORD
  run gsock-get --retry=20 -x "http://ana@127.0.0.1:$free" "$url/one" "$url/two"
  is "$status" 0 'tinyproxy'
  like "$stdout" '^Via:.*tinyproxy' '... asks for us'
  unlike "$stdout" '[Aa]uthorization' '... and keeps for itself who we are'
  run gsock-get --simple -x "http://ana@127.0.0.1:$free" "$simple/one"
  like "$status:$stdout" '^[0-9]+:|heard' '... a tunnel'
  run gsock-get -x "http://127.0.0.1:$free" "$url/one"
  is "$status" 6 '... and denies'
  kill "$BG_PID"; reap "$BG_PID"
else
  skip 5 'needs tinyproxy'
fi

done_testing

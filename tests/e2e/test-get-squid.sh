#! /bin/sh
# test-get-squid.sh: gsock-get through a real proxy, squid, by http and by https
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"
PATH=$PATH:/usr/sbin
requires squid python3
. "$GSOCK_SRCDIR/tests/lib/certificates.sh"
helper=/usr/lib/squid/basic_ncsa_auth
test -x "$helper" || skip_all "needs $helper"

# The server behind it, and one that speaks TLS.
python3 -c 'import sys
sys.stdout.buffer.write(bytes(range(256)) * 16384)' >big
start_peer <<'EOP'
from peers import *
from http.server import *

class Handler(SimpleHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def do_GET(self):
        if self.path == '/big':
            return super().do_GET()
        body = ('%s\n%s' % (self.requestline, self.headers)).encode()
        self.send_response(200)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass

server = ThreadingHTTPServer(('127.0.0.1', 0), Handler)
print('tcp:127.0.0.1:%d' % server.server_address[1], flush=True)
server.serve_forever()
EOP
url=http://${PEER#tcp:}
make_authority ca
make_certificate good IP:127.0.0.1,DNS:localhost
start_server --cert="$TLS/good.pem" --key="$TLS/good.key" \
  --sh='while read -r line && test ${#line} -gt 1; do :; done
    printf "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nun secreto\n"' tls:127.0.0.1:0
secret=https://127.0.0.1:${ADDR##*:}/

# shellcheck disable=SC2046 # two words
set -- $(free_ports 2)
plain=127.0.0.1:$1 safe=127.0.0.1:$2
mkdir squid
printf 'ana:%s\n' "$(openssl passwd -apr1 secreto)" >squid/users
cat >squid/conf <<END
http_port $plain
https_port $safe tls-cert=$TMP/squid/chain tls-key=$TMP/squid/key
auth_param basic program $helper $TMP/squid/users
auth_param basic children 1 startup=1
auth_param basic realm gsock
acl known proxy_auth REQUIRED
acl bad dstdomain denied.example
http_access deny bad
http_access allow known
http_access deny all
cache deny all
cache_mem 0
memory_cache_shared off
access_log none
cache_log $TMP/squid/log
cache_store_log none
coredump_dir $TMP/squid
netdb_filename none
pid_filename none
pinger_enable off
shutdown_lifetime 0 seconds
visible_hostname squid.example
END
cp "$TLS/good.pem" squid/chain
cp "$TLS/good.key" squid/key
# It doesn't stay root.
if test "$(id -u)" -eq 0; then
  chmod 755 "$TMP"
  chown -R proxy squid || skip_all 'squid has no user of its own'
fi
background squid squid -N -f "$TMP/squid/conf"
squid_pid=$BG_PID
squid_listens ()
{
  gsock-client --quiet -z "$plain" 2>/dev/null &&
    gsock-client --quiet -z "$safe" 2>/dev/null
}
wait_for "$DEADLINE" squid_listens ||
  skip_all "squid does not start: $(tail -n 1 squid/log 2>/dev/null)"
GSOCK_PROXY_PASSWORD=secreto
SSL_CERT_FILE=$TLS/ca.pem
export GSOCK_PROXY_PASSWORD SSL_CERT_FILE

for proxy in "http://ana@$plain" "https://ana@$safe"; do
  kind=${proxy%%:*}
  run gsock-get -x "$proxy" "$url/one" "$url/two"
  is "$status:$stderr" 0: "$kind: it asks for us"
  like "$stdout" '^Via:.*squid' '... in its own name'
  like "$stdout" '^GET /two HTTP/1\.1' '... twice'
  unlike "$stdout" '[Aa]uthorization' '... and keeps for itself who we are'
  run gsock-get -x "$proxy" -o got "$url/big"
  is "$status" 0 '... for a large file'
  same_bytes got big '... byte for byte'
  gsock-get -x "$proxy" "$url/big" | cmp - big
  is "$?" 0 '... through a pipe too'
  run gsock-get -x "$proxy" "$secret"
  is "$status:$stdout" '0:un secreto' '... a tunnel'
  run gsock-get -x "$proxy" https://denied.example/
  is "$status" 6 '... not to where its rules forbid it'
  run gsock-get -x "$proxy" http://127.0.0.1:1/
  is "$status" 8 '... nor to where nobody answers'
  run gsock-get -x "$kind://${proxy#*@}" "$url/one"
  is "$status" 6 '... nor for nobody'
  like "$stderr" 'GSOCK_PROXY_PASSWORD' '... who is told what to do'
  run gsock-get -x "$kind://${proxy#*@}" "$secret"
  is "$status" 6 '... by a tunnel neither'
  run env GSOCK_PROXY_PASSWORD=otro gsock-get -x "$proxy" "$url/one"
  is "$status" 6 '... nor for the wrong user'
done
run env -u SSL_CERT_FILE gsock-get -x "https://ana@$safe" "$url/one"
is "$status" 5 'https: it has to be the right proxy'
like "$stderr" "^gsock-get: $url/one: .*proxy" '... which is what is said'
run env -u SSL_CERT_FILE gsock-get -k -x "https://ana@$safe" "$url/one"
is "$status" 5 '... whatever is trusted of servers'

kill "$squid_pid"
reap "$squid_pid"
done_testing

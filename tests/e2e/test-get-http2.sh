#! /bin/sh
# test-get-http2.sh: gsock-get and real servers of HTTP/2: nginx, nghttpd
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"
. "$GSOCK_SRCDIR/tests/lib/certificates.sh"
PATH=$PATH:/usr/sbin
requires nginx python3 sha256sum

run gsock-get --http2 http://localhost/
is "$status:$stdout" 2: '--http2 without https: is refused'
like "$stderr" 'needs https: here|built without HTTP/2' '... with the reason'

make_authority ca
make_certificate good DNS:localhost,IP:127.0.0.1
mkdir html temporary many
chmod 755 "$TMP"
printf 'hola mundo\n' >html/hola
: >html/empty
head -c 3000000 /dev/urandom >html/large
i=0
while test "$i" -lt 200; do
  echo "file $i" >"html/f$i"
  echo "https://localhost/f$i" >>urls
  i=$((i + 1))
done
cat >nginx.conf <<END
daemon off;
master_process off;
pid $TMP/temporary/pid;
error_log $TMP/temporary/error;
events { worker_connections 64; }
http {
  log_format how '\$connection \$request \$status';
  access_log $TMP/log how;
  gzip on;
  gzip_types *;
  client_body_temp_path $TMP/temporary/1;
  proxy_temp_path $TMP/temporary/2;
  fastcgi_temp_path $TMP/temporary/3;
  uwsgi_temp_path $TMP/temporary/4;
  scgi_temp_path $TMP/temporary/5;
  ssl_certificate $TLS/good.pem;
  ssl_certificate_key $TLS/good.key;
  server {
    listen unix:$TMP/socket ssl http2;
    root $TMP/html;
    http2_max_concurrent_streams 8;
    keepalive_requests 60;
    location = /moved { return 301 /hola; }
    location = /secret { auth_basic x; auth_basic_user_file $TMP/users; alias $TMP/html/hola; }
    location = /cookie { add_header Set-Cookie a=b; return 200 "\$http_cookie\\n"; }
    location = /upload { client_max_body_size 4m; proxy_pass http://unix:$TMP/inner; }
  }
  server {
    listen unix:$TMP/old ssl;
    root $TMP/html;
  }
  server {
    listen unix:$TMP/inner;
    client_max_body_size 4m;
    location = /upload { return 200 "\$content_length\\n"; }
  }
}
END
printf 'ana:%s\n' "$(openssl passwd -apr1 secreto)" >users
background nginx nginx -c "$TMP/nginx.conf"
nginx_pid=$BG_PID

get ()
{
  run gsock-get --cacert="$TLS/ca.pem" --unix="$TMP/socket" "$@"
}
answers ()
{
  get --quiet https://localhost/hola
}
wait_for "$DEADLINE" answers || bail_out "nginx: $(cat nginx.err)"

get -i --no-compressed https://localhost/hola
if test "$(head -c 8 stdout)" != 'HTTP/2 2'; then
  skip 1 'built without HTTP/2'
  done_testing
fi
is "$(sed -n 1p stdout | tr -d '\r')" 'HTTP/2 200' '-i: the status line'
like "$stdout" '^server: nginx' '... the headers'
is "$(tail -n 1 stdout)" 'hola mundo' '... and the body'
get -i --http1 https://localhost/hola
is "$(sed -n 1p stdout | tr -d '\r')" 'HTTP/1.1 200 OK' '--http1'
get --http2 https://localhost/hola
is "$status:$stdout" '0:hola mundo' '--http2'
run gsock-get --cacert="$TLS/ca.pem" --unix="$TMP/old" https://localhost/hola
is "$status:$stdout" '0:hola mundo' 'a server of HTTP/1.1 is spoken to by that'
run gsock-get --cacert="$TLS/ca.pem" --unix="$TMP/old" --http2 \
  https://localhost/hola
is "$status:$stdout" 5: '... unless --http2 says no'
like "$stderr" 'HTTP/2|the protocols that were offered' '... with the reason'
get --alpn=http/1.1 -i https://localhost/hola
is "$(sed -n 1p stdout | tr -d '\r')" 'HTTP/1.1 200 OK' '--alpn decides'
get --http1 --http2 https://localhost/hola
is "$status" 2 '--http1 and --http2 exclude each other'
get -I https://localhost/hola
is "$status:$(tail -n 1 stdout | tr -d '\r')" 0: '-I: no body'
get https://localhost/empty
is "$status:$stdout" 0: 'an empty file'
get https://localhost/none
is "$status" 8 '404'
# What is said is explained, in the server's sight of it.
get --explain --http2 -u ana:secreto https://localhost/secret
is "$(sed -nE 's/^header \("(:[a-z]+): .*, sent.*/\1/p; s/^(status|request|body) \(([^)]*).*/\1 \2/p' stderr | tail -n 7)" 'request "GET /secret HTTP/2", sent
:method
:scheme
:authority
:path
status "HTTP/2 200", received
body received' '--explain: a stream'
like "$stderr" 'HTTP/2 has no request line' '... with its lesson'
like "$stderr" '^header \("[Aa]uthorization: Basic…", sent' '... and no secret'
get -o large https://localhost/large
is "$status:$stderr" 0: 'a large file'
same_bytes large html/large '... byte for byte'
get --json -o hola https://localhost/moved
like "$stdout" '"protocol":"HTTP/2".*"redirects":1' 'a redirect, and --json'
get -u ana:secreto https://localhost/secret
is "$status:$stdout" '0:hola mundo' 'a password'
get --cookies=jar https://localhost/cookie
get --cookies=jar https://localhost/cookie
is "$status:$stdout" 0:a=b 'cookies'
head -c 2000000 html/large >body
get -d @body https://localhost/upload
is "$status:$stdout" 0:2000000 'a large body is sent'
get -H 'Connection: close' -H 'TE: gzip' https://localhost/hola
is "$status:$stdout" '0:hola mundo' "what is HTTP/1's alone is not sent"

# A part, and the rest of it
head -c 1234567 html/large >resumed.part
printf 'url https://localhost/large\nvalidator %s\nlength 3000000\n' \
  "$(gsock-get --cacert="$TLS/ca.pem" --unix="$TMP/socket" -I \
    --no-compressed https://localhost/large | tr -d '\r' | sed -n 's/^etag: //p')" >resumed.part.info
get --json -c -o resumed https://localhost/large
like "$stdout" '"resumed":1234567' '-c goes on'
same_bytes resumed html/large '... to the same bytes'
get -r 5-8 https://localhost/hola
is "$status:$stdout" 0:mund '-r'

# Many on one connection, which the server has enough of after 60
: >log
get -j 20 --input=urls
is "$status:$(sha256sum <stdout)" \
  "0:$(seq 0 199 | sed 's/^/file /' | sha256sum)" '200 URLs, in their order'
like "$(sort -u log | wc -l | tr -d ' ')" '^200$' '... each asked once'
ok '... on few connections' \
  test "$(cut -d ' ' -f 1 log | sort -u | wc -l)" -le 6
: >log
( cd many && exec gsock-get --cacert="$TLS/ca.pem" --unix="$TMP/socket" \
    -j 8 -O https://localhost/f1 https://localhost/hola https://localhost/f2 )
is "$?:$(cat many/f1 many/hola many/f2)" '0:file 1
hola mundo
file 2' 'each to its file'
is "$(cut -d ' ' -f 1 log | sort -u | wc -l | tr -d ' ')" 1 \
  '... on one connection'
get --compressed -v https://localhost/f1
is "$status:$stdout" '0:file 1' 'compressed'

# A reader that is slow holds the server, and not in our memory: what comes is
# read only when the size has been looked at
mkfifo slow
gsock-get --cacert="$TLS/ca.pem" --unix="$TMP/socket" https://localhost/large \
  >slow 2>slow.err &
slow_pid=$!
exec 7<slow
{ head -c 1000000; cat; } <&7 >slow.out
exec 7<&-
wait "$slow_pid"
is "$?:$(cat slow.err)" 0: 'a pipe'
same_bytes slow.out html/large '... has the same bytes'

kill "$nginx_pid"
reap "$nginx_pid"

if command -v nghttpd >/dev/null; then
  free=$(python3 -c 'import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  background nghttpd nghttpd -a 127.0.0.1 -d html --trailer='x-sum: 1' \
    --max-concurrent-streams=2 "$free" "$TLS/good.key" "$TLS/good.pem"
  nghttpd_get ()
  {
    run gsock-get --cacert="$TLS/ca.pem" "$@"
  }
  nghttpd_answers ()
  {
    nghttpd_get --quiet "https://127.0.0.1:$free/hola"
  }
  wait_for "$DEADLINE" nghttpd_answers
  is "$status:$stdout" '0:hola mundo' 'nghttpd: a file, and trailers'
  sed "s,localhost,127.0.0.1:$free," urls >nghttpd.urls
  nghttpd_get -j 50 --input=nghttpd.urls
  is "$status:$(sha256sum <stdout)" \
    "0:$(seq 0 199 | sed 's/^/file /' | sha256sum)" \
    '... 200 URLs, two at once'
  nghttpd_get -o large2 "https://127.0.0.1:$free/large"
  same_bytes large2 html/large '... and a large one'
else
  skip 3 'needs nghttpd'
fi
done_testing

#! /bin/sh
# test-get-nginx.sh: gsock-get and a real web server, nginx, on a UNIX socket and
# on TCP
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"
PATH=$PATH:/usr/sbin
requires nginx python3 sha256sum

mkdir html temporary
chmod 755 "$TMP"
printf 'hola mundo\n' >html/hola
seq 100000 >html/numbers
i=0
while test "$i" -lt 200; do
  echo "file $i" >"html/f$i"
  i=$((i + 1))
done
port=$(free_ports 1)
cat >nginx.conf <<END
daemon off;
master_process off;
pid $TMP/temporary/pid;
error_log $TMP/temporary/error;
events { worker_connections 64; }
http {
  access_log off;
  gzip on;
  gzip_types *;
  client_body_temp_path $TMP/temporary/1;
  proxy_temp_path $TMP/temporary/2;
  fastcgi_temp_path $TMP/temporary/3;
  uwsgi_temp_path $TMP/temporary/4;
  scgi_temp_path $TMP/temporary/5;
  server {
    listen unix:$TMP/socket;
    listen 127.0.0.1:$port;
    root $TMP/html;
    location = /moved { return 301 /hola; }
    location = /away { return 302 ftp://localhost/; }
    location = /busy { return 503; }
  }
}
END
background nginx nginx -c "$TMP/nginx.conf"
nginx_pid=$BG_PID

# get ARG...: its last one is a path
get ()
{
  run gsock-get --unix="$TMP/socket" "$@"
}
answers ()
{
  get --quiet http://localhost/hola
}
wait_for "$DEADLINE" answers || bail_out "nginx: $(cat nginx.err)"

is "$status:$stdout" '0:hola mundo' 'a file'
get -i --no-compressed http://localhost/hola
is "$(sed -n 1p stdout | tr -d '\r')" 'HTTP/1.1 200 OK' '-i: the status line'
like "$stdout" '^Server: nginx' '... the headers'
is "$(tail -n 1 stdout)" 'hola mundo' '... and the body'
get --simple http://localhost/hola
is "$status:$stdout" '0:hola mundo' '--simple: HTTP/0.9'

# The same by its address.
host=127.0.0.1:$port
run gsock-get -i --no-compressed "http://$host/hola"
is "$(sed -n 1p stdout | tr -d '\r')" 'HTTP/1.1 200 OK' 'on TCP: the status line'
like "$stdout" '^Server: nginx' '... the headers'
is "$(tail -n 1 stdout)" 'hola mundo' '... and the body'
run gsock-get --simple "http://$host/hola"
is "$status:$stdout" '0:hola mundo' '... HTTP/0.9'
run gsock-get -o over-tcp --no-compressed "http://$host/numbers"
same_bytes over-tcp html/numbers '... a file of some size'

get -i http://localhost/numbers
like "$stdout" '^Content-Encoding: gzip' 'nginx compresses'
get http://localhost/numbers
same_bytes stdout html/numbers '... and that is undone'
get -r 2-5 http://localhost/hola
is "$status:$stdout" '0:la m' '-r'
get http://localhost/moved
is "$status:$stdout" '0:hola mundo' 'a redirect'
get http://localhost/away
is "$status" 6 'a redirect to another scheme'
get http://localhost/none
is "$status" 8 'a file that there is not'
like "$stdout" '404 Not Found' '... and its page'

# Cut by our own limit, then gone on with.
get --max-time=400ms --limit-rate=100K --no-compressed -o numbers http://localhost/numbers
is "$status" 124 'a transfer that takes too long'
ok '... leaves a part' test -s numbers.part
get -c -o numbers http://localhost/numbers
is "$status" 0 '... which -c completes'
same_bytes numbers html/numbers '... to the same bytes'
get -c -o numbers http://localhost/numbers
is "$status" 0 '... and -c again is a success'

# Two hundred, some of which fail.
i=0
while test "$i" -lt 200; do
  case $i in
    *7) echo "http://localhost/none$i" ;;
    *) echo "http://localhost/f$i" ;;
  esac
  i=$((i + 1))
done >urls
mkdir out
cd out || bail_out 'no directory'
gsock-get --unix="$TMP/socket" -j 8 -O --input="$TMP/urls" 2>"$TMP/stderr"
is "$?" 8 '-j 8: the status of the gravest'
is "$(ls | wc -l | tr -d ' ')" 180 '... every file that there is'
is "$(cat f8 f199)" 'file 8
file 199' '... with its own content'
is "$(grep -c '^gsock-get: http://localhost/none[0-9]*7: ' "$TMP/stderr")" 20 \
  '... and each that there is not, by its URL'
is "$(wc -l <"$TMP/stderr" | tr -d ' ')" 20 '... and no other line'

# Two hundred with failures of all kinds, to standard output.
cd "$TMP" || bail_out 'no directory'
{
  sed 50q urls
  echo http://localhost/away
  sed 1,50d urls | sed '90s|.*|http://localhost/busy|'
} >mixed
gsock-get --unix="$TMP/socket" --no-compressed --input=mixed >one 2>/dev/null
gsock-get --unix="$TMP/socket" --no-compressed -j 8 --input=mixed >eight 2>err
is "$?" 6 '-j 8 to stdout: the gravest is the redirect'
same_bytes eight one '... body after body, none mixed with another'
is "$(sed -E 's,^gsock-get: (http://localhost/[a-z0-9]*): .*,\1,' err | sort)" \
  "$(grep -E 'none|away|busy' mixed | sort)" '... and each failure is named'

kill -TERM "$nginx_pid"
reap "$nginx_pid"
done_testing

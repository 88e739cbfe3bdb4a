#! /bin/sh
# test-get-httpbin.sh: gsock-get and a server that others test their clients by
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

. "${0%/*}/../lib/functions.sh"
requires python3

# Debian's is for the system's Python.
python=
for candidate in python3 /usr/bin/python3; do
  "$candidate" -c 'import httpbin, werkzeug.serving' 2>/dev/null || continue
  python=$candidate
  break
done
test -n "$python" || skip_all 'needs httpbin'

cat >server.py <<'EOP'
from httpbin import app
from werkzeug.serving import make_server

server = make_server('127.0.0.1', 0, app, threaded=True)
print('ready http://127.0.0.1:%d' % server.server_port, flush=True)
server.serve_forever()
EOP
background httpbin "$python" server.py
wait_for "$DEADLINE" grep -q '^ready ' httpbin.out ||
  bail_out "httpbin: $(cat httpbin.err)"
url=$(sed -n 's/^ready //p' httpbin.out)

# gets ERE TEXT ARG...: it goes well, and the body has a line like that
gets ()
{
  gets_ere=$1 gets_text=$2
  shift 2
  run gsock-get "$@"
  is "$status" 0 "$gets_text"
  like "$stdout" "$gets_ere" '... as it should be'
}

gets '"url": ?"http://127\.0\.0\.1:.*/get\?a=b"' 'a GET' "$url/get?a=b"
gets '"X-One": ?"1"' 'a header' -H 'X-One: 1' "$url/headers"
gets '"x": ?"1"' 'a POST' -d x=1 "$url/post"
gets '"data": ?"hola"' 'a PUT' -X PUT -H 'Content-Type: text/plain' -d hola "$url/put"

# Redirects
gets '"url"' 'redirects' "$url/redirect/3"
gets '"url"' '... of whole URLs' "$url/absolute-redirect/2"
gets '"url"' '... of paths' "$url/relative-redirect/2"
run gsock-get --max-redirects=2 "$url/redirect/3"
is "$status" 6 '... not more than are allowed'

# Who asks
gets '"user": ?"ana"' 'Basic' -u ana:secreto "$url/basic-auth/ana/secreto"
gets '"user": ?"ana"' 'Digest' -u ana:secreto "$url/digest-auth/auth/ana/secreto"
gets '"user": ?"ana"' '... by SHA-256' -u ana:secreto "$url/digest-auth/auth/ana/secreto/SHA-256"
run gsock-get -u ana:otro "$url/digest-auth/auth/ana/secreto"
is "$status" 8 '... not for others'
run gsock-get "$url/basic-auth/ana/secreto"
is "$status" 8 '... nor for nobody'

# Cookies
gets '"a": ?"b"' 'a cookie is kept' --cookies=jar "$url/cookies/set?a=b"
gets '"a": ?"b"' '... for the next run' --cookies=jar "$url/cookies"
gets '"cookies": ?\{' '... and forgotten' --cookies=jar "$url/cookies/delete?a="
unlike "$stdout" '"a": ?"b"' '... when it is taken back'

# Codings
gets '"gzipped": ?true' 'gzip' "$url/gzip"
gets '"deflated": ?true' 'deflate' "$url/deflate"
case $(gsock-get "$url/headers") in
  *'"Accept-Encoding"'*br*) gets '"brotli": ?true' 'brotli' "$url/brotli" ;;
  *) skip 2 'built without brotli' ;;
esac

# Bodies
gets . 'chunks' "$url/stream/20"
is "$(wc -l <stdout | tr -d ' ')" 20 '... all of them'
run gsock-get -o bytes "$url/stream-bytes/30000?seed=1&chunk_size=100"
is "$status:$(wc -c <bytes | tr -d ' ')" 0:30000 'many chunks'
run gsock-get -r 5-9 "$url/range/26"
is "$status:$stdout" 0:fghij 'a range'
run gsock-get "$url/drip?duration=0&numbytes=5&code=200"
is "$status:$stdout" '0:*****' 'a drip'
gets '"url"' 'a delay' "$url/delay/0"
run gsock-get --max-time=200ms "$url/delay/9"
is "$status" 124 '... that is too long'
run gsock-get "$url/status/404" "$url/status/503" "$url/get"
is "$status" 8 'errors'
like "$stderr" '/status/404: .*404' '... each'
like "$stderr" '/status/503: .*503' '... by its URL'
run gsock-get -I "$url/get"
like "$stdout" '^HTTP/1\.[01] 200' 'HEAD'
run gsock-get "$url/status/204"
is "$status:$stdout" 0: 'no content'

done_testing

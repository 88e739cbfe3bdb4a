#! /bin/sh
# test-get.sh: what gsock-get fetches, where to, and how it ends
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"
requires python3 sha256sum

# A server that answers by what is asked, many connections, requests one after
# another on each; it writes each request's head to requests-N.
start_peer <<'EOP'
from peers import *
import threading
listener = listen()
BIG = bytes(range(256)) * 4096
lock = threading.Lock()
count = [0]
nonce = [0, 0]  # its number, and how often it was good

def answer(status, body=b'', *fields):
    head = ['HTTP/1.1 ' + status, 'Content-Length: %d' % len(body), *fields]
    return '\r\n'.join(head).encode() + b'\r\n\r\n' + body

def reply(target, head, body, sock):
    if target == '/hola':
        return answer('200 OK', b'hola mundo\n', 'X-Name:  kept as is ')
    if target == '/echo':
        return answer('200 OK', head.encode() + body)
    if target in ('/big', '/zeros'):
        start = 0
        tag = '"v1"'
        if 'Range: bytes=' in head and ('If-Range' not in head or tag in head):
            start = int(head.partition('Range: bytes=')[2].split('-')[0])
            if start >= len(BIG):
                return answer('416 No', b'', 'Content-Range: bytes */%d' % len(BIG))
            return answer('206 Part', BIG[start:], 'ETag: ' + tag,
                          'Content-Range: bytes %d-%d/%d' % (start, len(BIG) - 1, len(BIG)))
        return answer('200 OK', BIG, 'ETag: ' + tag)
    if target.startswith('/cut'):
        whole = answer('200 OK', BIG, 'ETag: "v1"')
        if 'Range: bytes=' in head:
            return reply('/big', head, body, sock)
        sock.sendall(whole[:600000])
        return None
    if target == '/short':
        sock.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc')
        return None
    if target == '/busy':
        with lock:
            count[0] += 1
            if count[0] < 2:
                return answer('503 Busy', b'later', 'Retry-After: 0')
        return answer('200 OK', b'at last\n')
    if target == '/later':
        return answer('503 Busy', b'', 'Retry-After: 7200')
    if target == '/never':
        return answer('503 Busy', b'', 'Retry-After: Fri, 31 Dec 2100 23:59:59 GMT')
    if target == '/now':
        with lock:
            count[0] += 1
            if count[0] < 4:
                return answer('503 Busy', b'', 'Retry-After: Sun, 06 Nov 1994 08:49:37 GMT')
        return answer('200 OK', b'now\n')
    if target == '/slow':
        sock.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc')
        sock.recv(1)
        return None
    if target == '/here':
        return answer('302 Found', b'moved', 'Location: /hola')
    if target == '/away':
        return answer('302 Found', b'', 'Location: http://localhost:%d/echo'
                      % listener.getsockname()[1])
    if target == '/file':
        return answer('302 Found', b'', 'Location: file:///etc/passwd')
    if target == '/private':
        if 'Authorization: Basic bmFtZTpzZWNyZXQ=' in head:
            return answer('200 OK', b'welcome\n')
        return answer('401 Who', b'who?\n', 'WWW-Authenticate: Basic realm="x"')
    if target.startswith(('/digest/', '/stale')):
        with lock:
            count[0] += 1
            if 'nonce="%d"' % nonce[0] in head and target != '/stale' and nonce[1] < 2:
                nonce[1] += 1
                return answer('200 OK', target.encode() + b'\n')
            nonce[:] = nonce[0] + 1, 0
            return answer('401 Who', b'', 'WWW-Authenticate: Digest realm="x", '
                          'nonce="%d", qop="auth", stale=true' % nonce[0])
    if target == '/domain':
        return answer('200 OK', head.encode(), 'Set-Cookie: d=e; Domain=example.net')
    if target == '/count':
        return answer('200 OK', b'%d\n' % count[0])
    if target == '/cookie':
        return answer('200 OK', head.encode(), 'Set-Cookie: a=b; Path=/; Max-Age=1000')
    if target.startswith('/n/'):
        return answer('200 OK', target.encode() + b'\n')
    return answer('404 Not Found', b'nothing\n')

def serve(sock):
    rest = b''
    try:
        while True:
            while b'\n' not in rest or (b'HTTP/' in rest and b'\r\n\r\n' not in rest):
                data = sock.recv(65536)
                if not data:
                    return
                rest += data
            if b'HTTP/' not in rest:
                sock.sendall(b'' if b'/empty' in rest else b'simple\n')
                return
            head, _, rest = rest.partition(b'\r\n\r\n')
            head = head.decode('latin-1') + '\r\n\r\n'
            length = int(head.lower().partition('content-length:')[2].split('\r')[0] or 0)
            while len(rest) < length:
                rest += sock.recv(65536)
            body, rest = rest[:length], rest[length:]
            out = reply(head.split(' ')[1], head, body, sock)
            if out is None:
                return
            if head.startswith('HEAD '):
                out = out.partition(b'\r\n\r\n')[0] + b'\r\n\r\n'
            sock.sendall(out)
    except OSError:
        pass
    finally:
        sock.close()

while True:
    sock = listener.accept()[0]
    sock.settimeout(None)
    threading.Thread(target=serve, args=(sock,), daemon=True).start()
EOP
url=http://${PEER#tcp:}
python3 -c 'import sys; sys.stdout.buffer.write(bytes(range(256)) * 4096)' >big

# fails STATUS ERE TEXT ARG...: it does, and says why in one line
fails ()
{
  fails_status=$1
  fails_why=$2
  fails_text=$3
  shift 3
  run gsock-get "$@"
  is "$status:$(wc -l <stderr | tr -d ' ')" "$fails_status:1" \
    "$fails_text: $fails_status, one line"
  like "$stderr" "^gsock-get: .*$fails_why" '... that says why'
}

# Standard output.
run gsock-get "$url/hola"
is "$status:$stdout:$stderr" '0:hola mundo:' 'the body goes to stdout'
run gsock-get "${url#http://}/hola"
is "$status:$stdout" '0:hola mundo' 'a URL needs no scheme'
gsock-get "$url/big" >got
same_bytes got big 'a large body, byte for byte'
gsock-get "$url/big" | cat >got
same_bytes got big '... through a pipe'
for option in -i --include; do
  run gsock-get "$option" "$url/hola"
  is "$(od -An -c stdout | head -3)" \
    "$(printf 'HTTP/1.1 200 OK\r\nContent-Length: 11\r\nX-Name:  kept as is \r\n\r\nhola mundo\n' | od -An -c | head -3)" \
    "$option: the head as received"
done
for option in -I --head; do
  run gsock-get "$option" "$url/hola"
  is "$status:$(printf '%s' "$stdout" | tr -d '\r' | tail -n 1)" \
    '0:X-Name:  kept as is ' "$option: a head and no body"
done
run gsock-get --simple "$url/hola"
is "$status:$stdout" 0:simple '--simple: a line, and what comes'
run gsock-get --simple -o empty "$url/empty"
is "$status:$stderr:$(wc -c <empty | tr -d ' ')" 0::0 '... which may be nothing'
fails 8 '404 Not Found' 'an error of the server' "$url/none"
is "$stdout" nothing '... and its body'

# Readers that have had enough, or take their time: the server feels it.
gsock-get "$url/big" 2>err | head -c 1 >got
is "$(wc -c <got | tr -d ' '):$(wc -l <err | tr -d ' ')" 1:1 'a reader that ends: one line'
peer gsock-get <<'EOP'
from peers import *
import subprocess
import threading

SIZE = 64 << 20
sent = 0
stalled = threading.Event()

def serve(listener):
    global sent
    sock = listener.accept()[0]
    sock.recv(65536)
    sock.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n' % SIZE)
    sock.setblocking(False)
    piece = bytes(65536)
    while sent < SIZE:
        if not select.select([], [sock], [], DEADLINE if stalled.is_set() else 1)[1]:
            stalled.set()
            continue
        sent += sock.send(piece[:SIZE - sent])
    stalled.set()
    sock.close()

listener = listen()
threading.Thread(target=serve, args=(listener,), daemon=True).start()
get = subprocess.Popen([*sys.argv[1:], 'http://127.0.0.1:%d/' % listener.getsockname()[1]],
                       stdout=subprocess.PIPE)
stalled.wait(DEADLINE)
print('held' if sent < SIZE // 2 else 'not held: %d' % sent)
print(len(get.stdout.read()) == SIZE, get.wait())
EOP
is "$(printf '%s\n' "$stdout" | tail -n 2 | tr '\n' ' ')" 'held True 0 ' 'a reader that waits holds the server, and loses nothing'

# The request.
run gsock-get -H 'X-One: 1' --header='User-Agent: me' -H 'Accept:' -H 'X-Empty;' \
  "$url/echo"
like "$stdout" '^X-One: 1' '-H sends a header'
like "$stdout" '^User-Agent: me' '... in the place of ours'
unlike "$stdout" '^Accept:' '... or without it'
like "$stdout" '^X-Empty: ' '... or empty'
is "$(printf '%s\n' "$stdout" | sed -n '2s/: .*//p')" Host 'Host comes first'
printf 'X-Two: 2\r\n\nX-Three: 3\n' >headers
run gsock-get -H @headers "$url/echo"
like "$stdout" '^X-Three: 3' '-H @FILE sends its lines'
printf 'X-Two: 2\nX-Three: a\0b\nX-Four: 4\n' >nul
fails 2 'headers?: nul:2: the line has a NUL' 'a NUL in FILE' -H @nul "$url/echo"
: >empty
run gsock-get -H @empty "$url/hola"
is "$status:$stdout" '0:hola mundo' 'an empty FILE'
fails 2 'header line' 'a header with a line in it' -H "$(printf 'A: b\r\nX: y')" "$url/echo"
fails 2 'header line' '... that is none' -H nonsense "$url/echo"
run gsock-get -X PUT -d data "$url/echo"
like "$stdout" '^PUT /echo HTTP/1.1' '-X: another method'
is "$(printf '%s\n' "$stdout" | tail -n 1)" data '-d: data'
run gsock-get --data=@headers "$url/echo"
like "$stdout" '^POST /echo' '--data=@FILE is a POST'
printf 'c=3\n' >data
run gsock-get -d a=1 --data= -d b=2 -d @data -d d=4 "$url/echo"
is "$status:$(printf '%s\n' "$stdout" | tail -n 2 | tr '\n' ' ')" '0:a=1&&b=2&c=3 &d=4 ' \
  'several -d are joined'
run gsock-get -d '' -d a=1 "$url/echo"
is "$(printf '%s\n' "$stdout" | tail -n 1)" 'a=1' '... with nothing before the first'
run gsock-get --request=DELETE "$url/echo"
like "$stdout" '^DELETE /echo' '--request'
fails 2 method 'a method that is none' -X 'GET /x' "$url/echo"
run gsock-get -v "$url/a%20b/../hola"
is "$status:$stdout" '0:hola mundo' 'a URL with dots'
like "$stderr" 'Connecting to 127' '... and -v'

# Redirects.
run gsock-get "$url/here"
is "$status:$stdout" '0:hola mundo' 'a redirect is followed'
run gsock-get --no-follow "$url/here"
is "$status:$stdout" '0:moved' '--no-follow'
fails 6 'max-redirects' '--max-redirects=0' --max-redirects=0 "$url/here"
fails 6 file 'a redirect to file:' "$url/file"
run gsock-get -H 'X-Secret: 1' -H 'User-Agent: me' "$url/away"
like "$stdout" '^GET /echo' 'a redirect to another origin'
unlike "$stdout" 'X-Secret|^User-Agent: me' '... without what was given by hand'

# URLs that are none.
fails 2 'ftp' 'another scheme' ftp://localhost/
for bad in 'http://h/%zz' 'http://h:99999/' 'http:///x' 'http://a b/'; do
  fails 2 'no URL' "'$bad'" "$bad"
done
fails 2 missing 'no URL at all'
fails 3 nobody 'a name that there is none' http://nobody.invalid/

# Ranges and compression.
run gsock-get -r 5- "$url/big"
is "$status:$(wc -c <stdout | tr -d ' ')" 0:1048571 '-r: a part'
fails 1 range 'a server without ranges' --range=0-3 "$url/hola"
fails 2 range 'a range that is none' -r 9-3 "$url/hola"
run gsock-get "$url/echo"
like "$stdout" '^Accept-Encoding: ' 'compression is asked for'
run gsock-get --no-compressed "$url/echo"
unlike "$stdout" '^Accept-Encoding: ' '... not with --no-compressed'
run gsock-get --retry=1 "$url/echo"
unlike "$stdout" '^Accept-Encoding: ' '... nor with --retry'
run gsock-get --retry=1 --compressed "$url/echo"
like "$stdout" '^Accept-Encoding: ' '... but with --compressed'

# Files.
for option in '-o file' --output=file; do
  # shellcheck disable=SC2086 # words
  run gsock-get $option "$url/hola"
  is "$status:$stdout:$(cat file)" '0::hola mundo' "$option"
done
is "$(ls file*)" file 'nothing else is left'
run gsock-get -O "$url/hola"
file_is hola 'hola mundo' '-O: named by the URL'
fails 7 'exists already' '... never in the place of another' --remote-name "$url/hola"
ln -s hola link
fails 7 'symbolic link' 'a symbolic link is not written' -o link "$url/hola"
mkdir dir
fails 7 directory 'nor a directory' -o dir "$url/hola"
run gsock-get -o /dev/null "$url/hola"
is "$status" 0 'a device is'
fails 1 'http://.*: the body ended after 3 of 10 bytes; nothing was saved' \
  'a body that is cut' -o short "$url/short"
is "$(ls short* 2>/dev/null)" '' '... leaves nothing'
fails 8 'nothing was saved' 'an error is no file' -o none "$url/none"
is "$(ls none* 2>/dev/null)" '' '... leaves nothing'
fails 7 . 'a full device' -o /dev/full "$url/big"
gsock-get "$url/hola" >/dev/full 2>err
is "$?:$(wc -l <err | tr -d ' ')" 7:1 'a full stdout: 7, one line'
good=$(sha256sum <big | cut -d ' ' -f 1)
run gsock-get --sha256="$good" -o sum "$url/big"
is "$status" 0 '--sha256: the right one'
fails 1 'SHA-256' '--sha256: another' --sha256="$(printf 'x' | sha256sum | cut -d ' ' -f 1)" \
  -o bad "$url/big"
is "$(ls bad* 2>/dev/null)" '' '... leaves nothing'
fails 2 sha256 '--sha256: nonsense' --sha256=12 "$url/big"

# Going on.
fails 1 'bytes are in cut\.part' 'a cut that can be mended' -o cut "$url/cut"
ok 'the part is there' test -s cut.part
run gsock-get -c -o cut "$url/cut"
is "$status" 0 '-c goes on'
same_bytes cut big '... to the same bytes'
is "$(ls cut*)" cut '... and nothing is left'
run gsock-get --continue -o cut "$url/big"
is "$status:$stderr" 0: '-c with a whole file is a success'
run gsock-get -c -o cut --sha256="$good" "$url/big"
is "$status:$stderr" 0: '... if its sum is the right one'
fails 1 'its SHA-256 is' '... and only then' -c -o cut "$url/big" \
  --sha256="$(printf 'x' | sha256sum | cut -d ' ' -f 1)"
same_bytes cut big '... and the file is left as it is'
head -c 1048576 /dev/zero >zeros
printf '%s  %s/zeros\n' "$good" "$url" >list
fails 1 'zeros: its SHA-256 is' '... in a list too' -c -O --input=list
printf 'other' >cut.part
run gsock-get -c -o cut "$url/big"
same_bytes cut big '-c with a part of unknown origin begins anew'
gsock-get -o cut2 "$url/cut" 2>/dev/null
sed -i s/v1/v0/ cut2.part.info
run gsock-get -c -o cut2 "$url/cut"
is "$status" 0 '-c with a changed file begins anew'
same_bytes cut2 big '... to the same bytes'
run gsock-get --retry=2 -o again "$url/cut"
is "$status" 0 '--retry goes on where it was cut'
same_bytes again big '... to the same bytes'
like "$stderr" 'http://.*/cut: .*trying again in' '... and tells'
run gsock-get --retry=1 "$url/busy"
is "$status:$stdout" '0:at last' '--retry waits for a server that is busy'

run gsock-get --retry=1 "$url/now"
is "$status:$stdout" '0:now' '... by a date too'
for name in later never; do
  fails 8 '503 Busy; it asks for a wait of .* \(Retry-After\)' \
    "... but not for ever ($name)" --retry=1 "$url/$name"
done

run gsock-get --retry=2 -d x "$url/short"
is "$status" 1 'a POST that was cut is not sent again'
unlike "$stderr" 'trying again' '... by itself'

# Limits.
fails 124 'max-time' '--max-time' --max-time=300ms "$url/slow"
fails 124 'min-rate' '--min-rate' --min-rate=1K:1s "$url/slow"
fails 2 'min-rate' '--min-rate: nonsense' --min-rate=5 "$url/slow"
fails 2 'min-rate' '--min-rate: no time' --min-rate=5:0 "$url/slow"
fails 124 'only 3 bytes came in 900 ms' '--min-rate: less than a second' \
  --min-rate=10:900ms "$url/slow"
# One that takes what it is sent bit by bit, and says nothing before the end.
start_peer <<'EOP'
from peers import *
listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
listener.bind(('127.0.0.1', 0))
listener.listen()
print(listener.getsockname()[1], flush=True)
sock = listener.accept()[0]
received = pauses = 0
while received < 16 << 20:
    received += len(sock.recv(65536))
    if received >> 19 > pauses:
        pauses += 1
        select.select([], [], [], 0.1)
sock.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
sock.recv(1)
EOP
head -c 16777216 /dev/zero >long
run gsock-get --min-rate=1:2s --sockopt=sndbuf=64K -d @long "http://127.0.0.1:$PEER/"
is "$status:$stderr" 0: '--min-rate waits for an upload that goes on'
fails 1 'max-size' '--max-size' --max-size=1K "$url/big"
is "$(wc -c <stdout | tr -d ' ')" 0 '... before anything comes'
run gsock-get -I --max-size=1K --no-compressed "$url/big"
like "$status:$stderr:$stdout" '^0::HTTP/1.1 200 OK' '... unless it never does'
run gsock-get --limit-rate=100M "$url/big" -w 5 -4 --sockopt=rcvbuf=64K
is "$(wc -c <stdout | tr -d ' ')" 1048576 '--limit-rate -w -4 --sockopt'
fails 2 . '-6 and an IPv4 address' -6 "$url/hola"

# Many.
for i in 1 2 3 4 5 6 7 8 9; do
  printf '%s/n/%d\n' "$url" "$i"
done >urls
run gsock-get -j 4 --input=urls
is "$status:$(echo $stdout)" '0:/n/1 /n/2 /n/3 /n/4 /n/5 /n/6 /n/7 /n/8 /n/9' \
  '-j: bodies in the order of their URLs'
{
  printf '# a comment\n\n%s  %s/big\n' "$good" "$url"
  printf '%s/none\n' "$url"
} >list
gsock-get --jobs=2 --input=- <list >got 2>err
is "$?" 8 '--input=-: the gravest status'
like "$(cat err)" "^gsock-get: $url/none: " '... and each error names its URL'
printf '%s *%s/big\n' "$good" "$url" >list
gsock-get --input=list >got
is $? 0 '--input: as sha256sum -b would write it'
same_bytes got big '... to the same bytes'
printf '%s *%s/hola\n' "$good" "$url" >list
fails 1 'SHA-256' '... and checked' --input=list
printf '%s/hola\n%s/ho\0la\n' "$url" "$url" >list
fails 2 'list:2: the line has a NUL' '... a NUL in it' --input=list
gsock-get --input=- <&- 2>err
is "$?:$(wc -l <err | tr -d ' ')" 2:1 '... from a standard input that is closed'
cp err closed
gsock-get --input=- 0>/dev/null 2>err
is "$?:$(cat err)" "2:$(cat closed)" "... or nohup's, which is for writing"
gsock-get --input=- </dev/null 2>err
is "$?:$(cat err)" 0: '... or has nothing'
fails 2 'one URL' '--output and two URLs' -o x "$url/hola" "$url/hola"

# Elsewhere.
run gsock-get --connect="${url#http://}" http://example.invalid/hola
is "$status:$stdout" '0:hola mundo' '--connect'
start_peer <<'EOP'
from peers import *
listener = listen('unix:socket')
sock = accept(listener)
sock.recv(65536)
sock.sendall(b'HTTP/1.1 200 OK\r\n\r\nover unix\n')
sock.close()
EOP
run gsock-get --unix=socket http://localhost/v1
is "$status:$stdout" '0:over unix' '--unix'

run gsock-get --ipv4 --verbose "http://localhost:${url##*:}/hola"
like "$status:$stderr" 'Connecting to (127|localhost)' '--ipv4 --verbose'
fails 2 . '--ipv6 and an IPv4 address' --ipv6 "$url/hola"
printf 'h.test A 127.0.0.1\nmute.test SILENT\n' >zone
background dns python3 "$GSOCK_SRCDIR/tests/lib/dns-zone.py" zone
wait_for "$DEADLINE" grep -q . dns.out
dns=127.0.0.1:$(cat dns.out)
run gsock-get --dns-server="$dns" "http://h.test:${url##*:}/hola"
is "$status:$stdout" '0:hola mundo' '--dns-server'
fails 124 'mute\.test' '--timeout' --timeout=300ms --dns-server="$dns" http://mute.test/

# Who asks.
run gsock-get -u name:secret "$url/private"
is "$status:$stdout" 0:welcome '-u: Basic'
fails 8 "'name'" '-u with another password' --user=name:other "$url/private"
fails 8 401 'nobody' "$url/private"
run env GSOCK_PASSWORD=secret gsock-get -u name "$url/private"
is "$status:$stdout" 0:welcome '... the password from the environment'
printf 'machine 127.0.0.1 login name password secret\n' >.netrc
chmod 600 .netrc
run gsock-get --netrc "$url/private"
is "$status:$stdout" 0:welcome '--netrc'
run gsock-get "http://name:secret@${url#http://}/private"
is "$status:$stdout" 0:welcome 'a user in the URL'
run gsock-get "http://name:other@${url#http://}/private" \
  "http://name:secret@${url#http://}/private"
is "$status:$(tail -n 1 stdout)" 8:welcome '... with the password of each URL'
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
  printf '%s/digest/%d\n' "$url" "$i"
done >urls
run gsock-get -u name:secret --input=urls
is "$status:$(wc -l <stdout | tr -d ' '):$stderr" 0:12: \
  'Digest: however often a run meets a stale nonce'
before=$(gsock-get "$url/count")
fails 8 401 'Digest: a server that calls each nonce stale' -u name:secret "$url/stale"
ok '... is not asked for ever' test "$(gsock-get "$url/count")" -lt $((before + 6))
run gsock-get --cookies=jar "$url/cookie"
unlike "$stdout" '^Cookie:' '--cookies: none yet'
run gsock-get --cookies=jar "$url/cookie"
like "$stdout" '^Cookie: a=b' '... and one the next time'
# Without the list of public suffixes each domain may be one.
mkdir libraries
: >libraries/libpsl.so.5
LD_LIBRARY_PATH=$TMP/libraries gsock-get --cookies=jar2 --connect="${url#http://}" \
  http://a.example.net/domain >/dev/null
is "$?:$(cat jar2 2>/dev/null)" 0: '... none for a domain where no list is there'
LD_LIBRARY_PATH=$TMP/libraries gsock-get --cookies=jar2 --connect="${url#http://}" \
  http://example.net/domain >/dev/null
like "$?:$(tail -n 1 jar2)" '^0:example\.net.FALSE.*d.e$' "... but its host's own"
run gsock-get --hsts=hosts "$url/hola"
is "$status:$stdout" '0:hola mundo' '--hsts'

# What is shown.
run gsock-get --timing "$url/hola"
like "$stderr" '^http://.*/hola: connect .*, first byte .*, all .*, 11 bytes$' '--timing'
run gsock-get --json -o json-file "$url/here"
like "$stdout" '^\{"event":"fetched","url":".*/here","final_url":".*/hola","status":200,.*"size":11,.*"redirects":1,.*"file":"json-file","times":\{.*"total":[0-9]+\.[0-9]+\}\}$' \
  '--json: a line for each URL'
run gsock-get --json "$url/none"
is "$status:$stdout" 8:nothing '... on stderr where bodies go to stdout'
like "$stderr" '"event":"fetched".*"error":\{"code":"remote","exit":8' '... with its error'
run gsock-get --progress -o p "$url/hola"
is "$status:$stderr" 0: '--progress shows nothing where there is no terminal'
peer gsock-get --limit-rate=1M --no-compressed -o tty "$url/big" <<'EOP'
from peers import *
t = Terminal(sys.argv[1:])
t.expect('] ')
t.expect('/s')
print(t.end())
EOP
is "$stdout" 0 'a terminal gets a bar'
run gsock-get --no-progress "$url/hola"
is "$status:$stderr" 0: '--no-progress'
run gsock-get --explain --quiet --color=never "$url/hola"
like "$stderr" 'g_socket_connect' '--explain --quiet --color'
for option in --help -h --help-all; do
  run gsock-get "$option"
  like "$status:$stdout" "--help-all" "$option"
done
like "$stdout" '--min-rate=' '... with everything'
run gsock-get --version
like "$stdout" '^gsock-get \(gsock\) [0-9]' '--version'
for pair in '-o x -O' '--simple -I' '--simple -d x' '-I -X PUT' '-c -r 1-' \
  '--compressed --no-compressed' '-c'; do
  # shellcheck disable=SC2086 # words
  run gsock-get $pair "$url/hola"
  is "$status" 2 "$pair: refused"
done

done_testing

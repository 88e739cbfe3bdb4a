#! /bin/sh
# test-get-explain.sh: --explain tells HTTP as it happens, in its order, and
# nothing that should stay unsaid
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

. "${0%/*}/../lib/functions.sh"
requires python3

# Answers by the path, each on a connection of its own but for /here, which
# stays for another request.
start_peer <<'EOP'
import threading
from peers import *

listener = listen()
port = listener.getsockname()[1]
ANSWERS = {
    'hola': b'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Odd: \x1b[31m\r\n'
            b'Set-Cookie: id=secreto\r\n\r\nhola\n',
    'secret': b'HTTP/1.1 200 OK\r\nSet-Cookie: id=secreto\r\n'
              b'Content-Length: 5\r\n\r\nhola\n',
    'trailers': b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'
                b'5\r\nhola\n\r\n0\r\nSet-Cookie: id=secreto\r\n\r\n',
    'here': b'HTTP/1.1 302 Found\r\nLocation: /hola\r\nContent-Length: 0\r\n\r\n',
    'away': b'HTTP/1.1 301 Moved\r\nLocation: http://localhost:%d/hola\r\n'
            b'Content-Length: 0\r\n\r\n' % port,
    'chunks': b'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n'
              b'Transfer-Encoding: chunked\r\n\r\n'
              b'3\r\nhol\r\n2\r\na\n\r\n0\r\n\r\n',
    'close': b'HTTP/1.0 200 OK\r\n\r\nhola\n',
    'none': b'HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\nno\n',
}

def serve(sock):
    head = b''
    while True:
        piece = sock.recv(65536)
        if not piece:
            break
        head += piece
        if b'\n' not in head or (b' HTTP/' in head and not head.endswith(b'\r\n\r\n')):
            continue
        path = head.split()[1].decode().rpartition('/')[2]
        answer = ANSWERS[path]
        if head.startswith(b'HEAD '):
            answer = answer.partition(b'\r\n\r\n')[0] + b'\r\n\r\n'
        sock.sendall(answer)
        head = b''
        if path == 'close':
            break
    sock.close()

while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
EOP
url=http://${PEER#tcp:}

# said: what was told of HTTP, a word a line: a header's name, else the call
said ()
{
  sed -nE 's/^header \("([^:]*): .*, (sent|received)\) = .*/\1/p
    s/^(request|status|body|chunk|redirect) \((.*)\) = .*/\1 \2/p
    s/^(connect|send|close) \(.*/\1/p' "$TMP/stderr"
}

run gsock-get --explain --no-compressed "$url/hola"
is "$status:$stdout" 0:hola '--explain, and the body as ever'
is "$(said)" 'connect
send
request "GET /hola HTTP/1.1", sent
Host
User-Agent
Accept
status "HTTP/1.1 200 OK", received
Content-Length
X-Odd
Set-Cookie
body received
close' 'calls and lines in their order'
like "$stderr" '^body \(received\) = 5' 'how much there was of it'
like "$stderr" 'Which host is meant' 'a header has a lesson'
like "$stderr" 'As many bytes have come' '... and its end'
like "$stderr" '^header \("X-Odd: .x1b' 'escape sequences are shown'
unlike "$stderr" '^header.*secreto' '... and secrets are not'
run gsock-get --explain -u ana:secreto -H 'Cookie: id=oculto' "$url/hola"
like "$stderr" '^header \("Cookie: id…", sent' 'a cookie has a name'
unlike "$stderr" '^header.*oculto' '... and no more'

# Nor in what is sent, however short what stands before it is, and in whatever
# pieces it goes.
for secret in 'Authorization: Bearer oculto' 'cookie:id=oculto' 'Proxy-Authorization:oculto'; do
  run gsock-get --explain --connect="$PEER" -H Accept: -H User-Agent: -H "$secret" \
    --no-compressed http://h/hola
  like "$status:$stderr" "^send \\(.*${secret%%:*}:\"…" "send and ${secret%%:*}"
  unlike "$stderr" 'oculto|Bearer o' '... without its value'
done
run gsock-get --explain --connect="$PEER" -H Accept: -H User-Agent: -H 'Authorization: un valor oculto' \
  --no-compressed --limit-rate=48 http://h/hola
like "$stderr" '^send \(.*, [0-9]+\) = ([1-9]|[1-4][0-9])  ' 'sent in pieces'
unlike "$stderr" 'valor|oculto' '... of which none shows it'

# Nor in what is received.
for path in secret trailers; do
  run gsock-get --explain "$url/$path"
  is "$status:$stdout" 0:hola "received: $path"
  unlike "$stderr" secreto '... and not shown'
done
for path in secret trailers; do
  run gsock-get --explain --connect="$PEER" -H Accept: -H User-Agent: --no-compressed \
    --limit-rate=48 "http://h/$path"
  is "$status:$stdout" 0:hola "received in pieces: $path"
  like "$stderr" '^recv \([0-9]+, ""…, 1\) = 1' '... of which some are not shown'
  unlike "$stderr" '^recv \([0-9]+, "[^"]*(=|secreto)' '... so that none shows it'
done
run gsock-get --explain "$url/secret"
like "$stderr" '^recv \([0-9]+, "HTTP/1\.1 200 OK.r.nSet-Cookie:"…' 'what is before a secret is shown'

run gsock-get --explain --no-compressed "$url/here"
is "$(said | grep -E '^(connect|request|status|redirect|body|close)')" "connect
request \"GET /here HTTP/1.1\", sent
status \"HTTP/1.1 302 Found\", received
body received
redirect $url/here, $url/hola
request \"GET /hola HTTP/1.1\", sent
status \"HTTP/1.1 200 OK\", received
body received
close" 'a redirect, on the same connection'
like "$stderr" 'there is no body' '... which had no body'
unlike "$stderr" 'somebody else' '... to nobody else'
run gsock-get --explain "$url/away"
like "$stderr" '^redirect \(http://127.0.0.1:.*/away, http://localhost:.*/hola\)' 'a redirect to another origin'
like "$stderr" 'somebody else' '... and what does not go there'

run gsock-get --explain "$url/chunks"
is "$(said | grep -E '^(status|chunk|body)')" 'status "HTTP/1.1 100 Continue", received
status "HTTP/1.1 200 OK", received
chunk 0x3, received
chunk 0x2, received
chunk 0x0, received
body received' 'chunks, and what comes before them'
like "$stderr" '^chunk \(0x0, received\) = 0' 'the last chunk'
run gsock-get --explain "$url/close"
like "$stderr" 'ends where the connection does' 'an end that nobody told'
run gsock-get --explain "$url/none"
is "$status" 8 'an error'
like "$stderr" 'has no such thing' '... is explained'
run gsock-get --explain -I "$url/none"
like "$stderr" '^request \("HEAD /none HTTP/1\.1", sent\)' 'HEAD'
run gsock-get --explain --simple "$url/close"
like "$stderr" '^request \("GET /close", sent\)' 'HTTP/0.9'
like "$stderr" 'All there was' '... all of it'
run gsock-get --explain -x "$url" http://example.org/hola
like "$stderr" '^request \("GET http://example\.org/hola HTTP/1\.1", sent\)' 'through a proxy'

# Without it nothing is told.
run gsock-get "$url/chunks"
is "$stderr" '' 'nobody is taught who did not ask'

speak_spanish
run gsock-get --explain "$url/chunks"
like "$stderr" 'Empieza un fragmento' 'in Spanish too'
like "$stderr" '^chunk \(0x3, received\)' '... where names are names'

done_testing

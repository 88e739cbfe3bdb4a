#! /bin/sh
# test-get-tls.sh: https: whom gsock-get trusts, and what a cut is there
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"
. "$GSOCK_SRCDIR/tests/lib/certificates.sh"
requires python3

NAMES=DNS:localhost,IP:127.0.0.1
make_authority ca
make_certificate good "$NAMES"
make_certificate other DNS:old.example
make_certificate expired "$NAMES" "$EXPIRED"

# serve CERTIFICATE: a server of one answer a connection; sets URL.  Of /cut the
# end is a cut of the connection, without TLS's own.
serve ()
{
  start_peer "$TLS/$1.pem" "$TLS/$1.key" <<'EOP'
from peers import *
import ssl
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])
listener = listen()
listener.settimeout(None)
while True:
    sock = listener.accept()[0]
    try:
        sock = context.wrap_socket(sock, server_side=True)
        head = sock.recv(65536)
        if b'/down' in head:
            sock.sendall(b'HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n'
                         b'Content-Length: 0\r\n\r\n')
        elif b'/same' in head:
            sock.sendall(b'HTTP/1.1 302 Found\r\nLocation: http://localhost:%d/\r\n'
                         b'Strict-Transport-Security: max-age=99\r\n'
                         b'Content-Length: 0\r\n\r\n' % listener.getsockname()[1])
        else:
            sock.sendall(b'HTTP/1.1 200 OK\r\nStrict-Transport-Security: max-age=99\r\n\r\n'
                         b'hola\n')
        if b'/cut' in head:
            sock = socket.socket(fileno=sock.detach())
            sock.close()
        else:
            sock.unwrap().close()
    except OSError:
        sock.close()
EOP
  URL=https://127.0.0.1:${PEER##*:}
}

# refused ERE TEXT OPTION...: 5, and one line that says why
refused ()
{
  ere=$1 text=$2
  shift 2
  run gsock-get "$@" "$URL/"
  is "$status:$stdout:$(wc -l <stderr | tr -d ' ')" 5::1 "$text: 5, one line"
  like "$stderr" "^gsock-get: $URL/: .*$ere" '... that says why'
}

serve good
run gsock-get --cacert="$TLS/ca.pem" "$URL/"
is "$status:$stdout:$stderr" 0:hola: '--cacert'
run gsock-get --insecure "$URL/"
is "$status:$stdout" 0:hola '--insecure'
run gsock-get -k --alpn=http/1.1 --hsts=hosts "$URL/"
is "$status:$(grep -v '^#' hosts 2>/dev/null)" 0: '... believes nothing about https'
refused 'certificate' 'an unknown authority'
run gsock-get --cacert="$TLS/ca.pem" "$URL/down"
is "$status:$stdout:$(wc -l <stderr | tr -d ' ')" 6::1 'a redirect from https to http: 6, one line'
like "$stderr" "^gsock-get: $URL/down: .*http" '... that says why'
same=https://localhost:${URL##*:}/same
run gsock-get --cacert="$TLS/ca.pem" --connect="127.0.0.1:${URL##*:}" "$same"
is "$status" 6 '... to the same host too'
run gsock-get --cacert="$TLS/ca.pem" --connect="127.0.0.1:${URL##*:}" --hsts=known "$same"
is "$status:$stdout:$stderr" 0:hola: '... which --hsts knows to mean https'
pin=sha256:$(openssl x509 -in "$TLS/good.pem" -outform DER | sha256sum | cut -d ' ' -f 1)
run gsock-get --pin="$pin" "$URL/"
is "$status:$stdout" 0:hola '--pin'
run gsock-get --cacert="$TLS/ca.pem" "$URL/cut"
is "$status:$stdout" 1:hola 'the end of a connection is no end of a body by TLS'
like "$stderr" "^gsock-get: $URL/cut: the body ended after 5 bytes, before the server said that it was whole \\(.*\\)" \
  '... and that is said'
run gsock-get --cacert="$TLS/ca.pem" --connect="127.0.0.1:${URL##*:}" \
  https://localhost/
is "$status:$stdout" 0:hola '--connect: the certificate names the host of the URL'
run gsock-get --cacert="$TLS/ca.pem" --connect="127.0.0.1:${URL##*:}" \
  https://example.org/
is "$status" 5 '... or is refused'
run gsock-get --cacert="$TLS/ca.pem" --server-name=localhost \
  --connect="127.0.0.1:${URL##*:}" https://example.org/
is "$status" 0 '... unless --server-name says otherwise'
run gsock-get --cacert="$TLS/ca.pem" --timing "$URL/"
like "$stderr" 'TLS [0-9]' '--timing has the handshake'
run gsock-get --cert="$TLS/good.pem" --key="$TLS/good.key" -k "$URL/"
is "$status:$stdout" 0:hola '--cert --key'
kill "$PEER_PID"

serve other
refused 'old\.example' 'another name' --cacert="$TLS/ca.pem"
kill "$PEER_PID"
serve expired
refused 'expired' 'an old certificate' --cacert="$TLS/ca.pem"

done_testing

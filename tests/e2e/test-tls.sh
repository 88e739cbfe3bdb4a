#! /bin/sh
# test-tls.sh: bytes over TLS: whole, both ways, each end by itself, and no one
# who stalls delays another
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"
. "$GSOCK_SRCDIR/tests/lib/certificates.sh"
requires python3

NAMES=DNS:localhost,IP:127.0.0.1
make_authority ca
make_authority clients
make_certificate server "$NAMES"
make_certificate next "$NAMES"
make_certificate ana DNS:ana "$VALID" '' clients clientAuth
make_certificate gone DNS:gone "$VALID" '' clients clientAuth
SHOW="--cert=$TLS/server.pem --key=$TLS/server.key"
TRUST=--cacert=$TLS/ca.pem
head -c 10000000 /dev/urandom >"$TMP/10M"

# 10 MB both ways, each tool against itself and against openssl.
# shellcheck disable=SC2086 # two options
start_server --echo $SHOW tls:127.0.0.1:0 "tls:$TMP/socket"
for address in "$(endpoint 1)" "$(endpoint 2)"; do
  run gsock-client "$TRUST" --server-name=localhost "$address" <"$TMP/10M"
  is "$status/$stderr" 0/ "10 MB there and back over $address"
  same_bytes "$TMP/stdout" "$TMP/10M" '... byte for byte'
done
for version in -tls1_2 -tls1_3; do
  start_peer "$PORT" "$TMP/10M" "$TLS/ca.pem" "$version" <<'EOP'
from peers import *
import ssl
context = ssl.create_default_context(cafile=sys.argv[3])
if sys.argv[4] == '-tls1_2':
    context.maximum_version = ssl.TLSVersion.TLSv1_2
sock = context.wrap_socket(socket.create_connection(('127.0.0.1', sys.argv[1])),
                           server_hostname='localhost')
want = open(sys.argv[2], 'rb').read()
# Both ways at once in one thread: an SSL object is no two threads' thing.
sock.setblocking(False)
sent, got = 0, bytearray()
while len(got) < len(want):
    try:
        if sent < len(want):
            sent += sock.send(want[sent:sent + 65536])
    except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
        pass
    try:
        while len(got) < len(want):
            piece = sock.recv(65536)
            assert piece, 'ended after %d bytes' % len(got)
            got += piece
    except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
        select.select([sock], [sock] if sent < len(want) else [], [], 1)
assert got == want, 'other bytes'
print(sock.version(), flush=True)
EOP
  end_peer "OpenSSL sends and gets 10 MB, $PEER"
done
stop_server
is "$(grep -c '^gsock-server: ' "$SERVER_ERR")" 2 \
  'who ends without close_notify is told of, twice'
like "$(cat "$SERVER_ERR")" \
  'was cut: it ended without TLS close_notify after 10000000 bytes' '... so'

# A reply that comes after our end, and a stream that is cut.
start_peer "$TLS" <<'EOP'
from peers import *
import ssl
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1] + '/server.pem', sys.argv[1] + '/server.key')
listener = listen()
for version in ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3:
    context.minimum_version = context.maximum_version = version
    sock = context.wrap_socket(accept(listener), server_side=True,
                               suppress_ragged_eofs=False)
    assert read_all(sock) == b'request\n', 'another request'
    time.sleep(0.3)    # the late reply is what is tested
    sock.sendall(b'late reply\n')
    sock.unwrap()
    sock.close()
sock = context.wrap_socket(accept(listener), server_side=True)
sock.sendall(b'x' * 8192)
assert read_all(sock) == b'', 'more than an end'
socket.socket.close(sock)
EOP
for version in 1.2 1.3; do
  run gsock-client "$TRUST" "tls:$PEER" request
  is "$status/$stdout" '0/late reply' \
    "TLS $version: our end is not the end: the reply is read"
done
run gsock-client "$TRUST" -f raw "tls:$PEER" </dev/null
is "$status" 1 'a stream that is cut: status 1'
like "$stderr" 'was cut: it ended without TLS close_notify after 8192 bytes$' \
  '... says so'
is "$(wc -c <"$TMP/stdout" | tr -d ' ')" 8192 '... after all that came'
end_peer

# Who stalls delays nobody; garbage and a flood of bytes are a line each.
# shellcheck disable=SC2086 # two options
start_server --echo $SHOW tls:127.0.0.1:0
peer "$PORT" "$TLS/ca.pem" "$SERVER_PID" <<'EOP'
from peers import *
import ssl
context = ssl.create_default_context(cafile=sys.argv[2])
address = ('127.0.0.1', sys.argv[1])
stalled = [socket.create_connection(address) for n in range(50)]
for sock in stalled[:25]:
    sock.sendall(b'\x16\x03\x01\x02\x00\x01')   # a ClientHello that never ends
half = ssl.MemoryBIO(), ssl.MemoryBIO()
client = context.wrap_bio(*half, server_hostname='localhost')
try:
    client.do_handshake()
except ssl.SSLWantReadError:
    pass
hello = half[1].read()
for sock in stalled[25:40]:
    sock.sendall(hello)                          # all but our last word
before = cpu_seconds(int(sys.argv[3]))
for n in range(5):
    good = context.wrap_socket(socket.create_connection(address),
                               server_hostname='localhost')
    good.sendall(b'hola')
    assert read_exactly(good, 4) == b'hola'
    good.unwrap()
assert not [s for s in stalled[:25] if is_closed(s)], 'dropped before its time'
garbage = socket.create_connection(address)
garbage.sendall(b'\x16\x03\x01\x40\x00' + b'\xff' * 20000)
assert ended(garbage), 'garbage is answered'
EOP
is "$status" 0 '50 who stall delay nobody'
wait_for "$DEADLINE" grep -q '^gsock-server: 127' "$SERVER_ERR"
like "$(cat "$SERVER_ERR")" '^gsock-server: .*TLS' 'garbage is a line in the log'
stop_server

# A file that has nothing is named, and for what it lacks.
: >"$TMP/empty.pem"
run gsock-server --cert="$TMP/empty.pem" tls:127.0.0.1:0
is "$status:$stderr" \
  "2:gsock-server: There is no certificate (PEM) in $TMP/empty.pem" \
  'an empty --cert'
run gsock-server --cert="$TLS/server.pem" --key="$TMP/empty.pem" tls:127.0.0.1:0
is "$status:$stderr" "2:gsock-server: There is no key (PEM) in $TMP/empty.pem" \
  'an empty --key'
run gsock-server --cert=auto --key="$TLS/server.key" tls:127.0.0.1:0
is "$status:$stderr" \
  "2:gsock-server: --key and --cert=auto can't be used together" \
  'a key that would not be read'

# Certificates change under load, and no handshake fails.
cat "$TLS/server.pem" "$TLS/server.key" >"$TMP/shown.pem"
chmod 600 "$TMP/shown.pem"
start_server --echo --cert="$TMP/shown.pem" tls:127.0.0.1:0
peer "$PORT" "$TLS" "$TMP/shown.pem" "$SERVER_PID" "$SERVER_ERR" <<'EOP'
from peers import *
import ssl, threading
port, tls, shown, pid, log = sys.argv[1:]
context = ssl.create_default_context(cafile=tls + '/ca.pem')
end, failed, seen = threading.Event(), [], set()
def load():
    while not end.is_set():
        try:
            sock = context.wrap_socket(
                socket.create_connection(('127.0.0.1', port)),
                server_hostname='localhost')
            seen.add(sock.getpeercert()['subject'])
            sock.sendall(b'hola')
            assert read_exactly(sock, 4) == b'hola'
            sock.unwrap()
        except Exception as error:
            failed.append(error)
threads = [threading.Thread(target=load) for n in range(4)]
for thread in threads:
    thread.start()
def told(words):
    return open(log).read().count(words)
for n in range(30):
    name = ('next', 'server')[n % 2]
    with open(shown + '.new', 'w') as file:
        for kind in '.pem', '.key':
            file.write(open(tls + '/' + name + kind).read())
    os.chmod(shown + '.new', 0o600)
    os.rename(shown + '.new', shown)
    os.kill(int(pid), signal.SIGHUP)
    wait_until(lambda: told('read again') > n, 'a reload')
wait_until(lambda: len(seen) == 2, 'both certificates')
open(shown, 'w').write('nonsense\n')
os.kill(int(pid), signal.SIGHUP)
wait_until(lambda: told('no certificate'), 'a warning')
end.set()
for thread in threads:
    thread.join()
seen.clear()
end.clear()
threading.Timer(0.2, end.set).start()
load()
assert not failed, failed
assert seen, 'nobody served after the bad file'
EOP
is "$status" 0 '30 reloads under load and a bad file: no handshake fails'
stop_server

# Clients with a certificate only.
revoke_client ()
{
  made openssl ca -config "$TLS/config" -cert "$TLS/clients.pem" \
    -keyfile "$TLS/clients.key" -revoke "$TLS/gone.pem"
  made openssl ca -config "$TLS/config" -cert "$TLS/clients.pem" \
    -keyfile "$TLS/clients.key" -gencrl -out "$TLS/clients.crl"
  cat "$TLS/clients.pem" "$TLS/clients.crl" >"$TLS/clients-and-list.pem"
}
revoke_client
# shellcheck disable=SC2086 # two options
start_server --echo $SHOW --client-ca="$TLS/clients-and-list.pem" \
  --alpn=one,two tls:127.0.0.1:0
run gsock-client "$TRUST" --cert="$TLS/ana.pem" --key="$TLS/ana.key" -v \
  --alpn=two,three "$ADDR" hola
is "$status/$stdout" 0/hola '--client-ca lets in who has a certificate of it'
like "$stderr" '^TLS 1.3 with .*, ALPN two; certificate for localhost' \
  '... and --alpn agrees on a protocol'
run gsock-client "$TRUST" "$ADDR" hola
is "$status/$stdout" 5/ '... not who has none'
like "$stderr" 'wants a certificate of its clients .*--cert and --key' \
  '... who is told'
run gsock-client "$TRUST" --cert="$TLS/next.pem" --key="$TLS/next.key" "$ADDR" x
is "$status" 5 '... nor who has one of another authority'
like "$stderr" 'does not accept the certificate in --cert' '... who is told'
run gsock-client "$TRUST" --cert="$TLS/gone.pem" --key="$TLS/gone.key" "$ADDR" x
is "$status" 5 '... nor who has one that is revoked'
run gsock-client "$TRUST" --cert="$TLS/ana.pem" --key="$TLS/ana.key" \
  --alpn=three "$ADDR" hola
is "$status" 5 '... nor who speaks no protocol of --alpn'
like "$stderr" 'speaks none of the protocols in --alpn' '... who is told'
stop_server
like "$(cat "$SERVER_ERR")" 'shows no certificate, and --client-ca asks for one' \
  'the log says who showed none'
like "$(cat "$SERVER_ERR")" 'for gone\) was revoked' '... and whose is revoked'

# One made for this run; the ends of a forward; limits; secrets.
start_server --echo --cert=auto tls:127.0.0.1:0
pin=$(grep -o 'sha256:[0-9a-f]*' "$SERVER_ERR")
run gsock-client --pin="$pin" "$ADDR" hola
is "$status/$stdout" 0/hola '--cert=auto tells its pin'
echo_pid=$SERVER_PID
# shellcheck disable=SC2086 # two options
start_server --forward="$ADDR" --pin="$pin" $SHOW tls:127.0.0.1:0 127.0.0.1:0
run gsock-client "$TRUST" "$ADDR" <"$TMP/10M"
is "$status" 0 'a forward from TLS to TLS'
same_bytes "$TMP/stdout" "$TMP/10M" '... carries 10 MB both ways'
run gsock-client "$(endpoint 2)" hola
is "$status/$stdout" 0/hola '... and from plain to TLS'
stop_server
is "$(awk '/^CoreDumping/ { print $2 }' "/proc/$echo_pid/status")" 0 \
  'nothing dumps core'
if test "$(id -u)" = 0; then
  ok 'a process with a key is nobody else'\''s to look into' \
    test "$(stat -c %U "/proc/$echo_pid/environ")" = root
else
  ok 'a process with a key is nobody else'\''s to look into' \
    test ! -r "/proc/$echo_pid/environ"
fi
kill "$echo_pid"
reap "$echo_pid"

# What a forward shows to its upstream changes on SIGHUP too.
make_certificate bea DNS:bea "$VALID" '' clients clientAuth
for name in ana bea; do
  cat "$TLS/$name.pem" "$TLS/$name.key" >"$TMP/$name.both"
  chmod 600 "$TMP/$name.both"
done
# shellcheck disable=SC2086 # two options
start_server --json --echo $SHOW --client-ca="$TLS/clients.pem" tls:127.0.0.1:0
upstream_pid=$SERVER_PID upstream_log=$SERVER_ERR
cp -p "$TMP/ana.both" "$TMP/outgoing"
start_server --forward="$ADDR" "$TRUST" --cert="$TMP/outgoing" 127.0.0.1:0
run gsock-client "$ADDR" hola
is "$status/$stdout" 0/hola 'a forward shows its certificate'
like "$(cat "$upstream_log")" '"names":"ana"' '... which its upstream sees'
cp -p "$TMP/bea.both" "$TMP/outgoing.new"
mv "$TMP/outgoing.new" "$TMP/outgoing"
kill -HUP "$SERVER_PID"
ok '... and reads it again on SIGHUP' wait_for "$DEADLINE" \
  grep -q 'read again' "$SERVER_ERR"
run gsock-client "$ADDR" hola
is "$status/$stdout" 0/hola '... shows the new one'
like "$(cat "$upstream_log")" '"names":"bea"' '... which its upstream sees'
echo nonsense >"$TMP/outgoing"
kill -HUP "$SERVER_PID"
ok '... a bad file is told' wait_for "$DEADLINE" \
  grep -q 'no certificate' "$SERVER_ERR"
run gsock-client "$ADDR" hola
is "$status/$stdout" 0/hola '... and changes nothing'
stop_server
kill "$upstream_pid"
reap "$upstream_pid"

# --explain tells what happened, and in its order.
# shellcheck disable=SC2086 # two options
start_server --explain --greet $SHOW tls:127.0.0.1:0
run gsock-client --explain "$TRUST" "$ADDR"
like "$stderr" '^handshake \([0-9]+, ClientHello, sent\) = [0-9]+' \
  '--explain: the hello'
like "$stderr" '^verify \([0-9]+, "localhost, 127.0.0.1", sha256:' \
  '... who it is'
like "$stderr" '^handshake \([0-9]+, TLS 1.3, TLS_' '... what was agreed on'
like "$stderr" '^gnutls_bye \([0-9]+, GNUTLS_SHUT_WR\) = 0' '... our end'
like "$(cat "$SERVER_ERR")" \
  '^setsockopt \([0-9]+, IPPROTO_TCP, TCP_QUICKACK, 1\) = 0' \
  '... that the handshake'\''s last word is acknowledged at once'
run gsock-client --json "$TRUST" "$ADDR"
like "$stderr" '"event":"tls",.*"version":"TLS 1.3","cipher":"TLS_[A-Z0-9_]*",' \
  '--json has the facts'
like "$stderr" '"names":"localhost, 127.0.0.1","pin":"sha256:[0-9a-f]{64}"' \
  '... of the certificate too'
stop_server

done_testing

#! /bin/sh
# test-proxy.sh: a client behind SOCKS and HTTP proxies: real ones, and one that
# does everything wrong
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

. "${0%/*}/../lib/functions.sh"
requires python3

unset all_proxy ALL_PROXY no_proxy NO_PROXY GSOCK_PROXY_PASSWORD
# A proxy of our own: speaks as it is told, keeps what it heard in "heard", and
# connects on to whom it is asked for.  MODE is a protocol, or a misbehaviour.
cat >proxy.py <<'EOP'
import threading
from peers import *

mode = sys.argv[1]
secret = sys.argv[2] if len(sys.argv) > 2 else ''
listener = listen()


def hear(sock, size):
    data = read_exactly(sock, size)
    with open('heard', 'ab') as heard:
        heard.write(data)
    return data


def pump(a, b):
    try:
        while True:
            piece = a.recv(65536)
            if not piece:
                break
            b.sendall(piece)
        b.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def join(sock, host, port, answer):
    upstream = socket.create_connection((host, port))
    # What the target says first comes in one piece with our answer.
    early = b''
    if mode.endswith('-early'):
        early = upstream.recv(65536)
    sock.sendall(answer + early)
    threads = [threading.Thread(target=pump, args=pair)
               for pair in ((sock, upstream), (upstream, sock))]
    [t.start() for t in threads]
    [t.join() for t in threads]


def until_zero(sock):
    text = b''
    while True:
        byte = hear(sock, 1)
        if byte in (b'\0', b''):
            return text
        text += byte


def socks4(sock):
    head = hear(sock, 8)
    user = until_zero(sock)
    port = struct.unpack('>H', head[2:4])[0]
    host = socket.inet_ntoa(head[4:8])
    if head[4:7] == b'\0\0\0':
        host = until_zero(sock).decode()
    if secret and user != secret.encode():
        sock.sendall(b'\0\x5d' + b'\0' * 6)
        return
    join(sock, host, port, b'\0\x5a' + b'\0' * 6)


def socks5(sock):
    head = hear(sock, 2)
    methods = hear(sock, head[1])
    if secret:
        if 2 not in methods:
            sock.sendall(b'\5\xff')
            return
        sock.sendall(b'\5\2')
        size = hear(sock, 2)[1]
        user = hear(sock, size)
        word = hear(sock, hear(sock, 1)[0])
        if (user + b':' + word).decode() != secret:
            sock.sendall(b'\1\1')
            return
        sock.sendall(b'\1\0')
    else:
        sock.sendall(b'\5\0')
    kind = hear(sock, 4)[3]
    if kind == 3:
        host = hear(sock, hear(sock, 1)[0]).decode()
    elif kind == 1:
        host = socket.inet_ntoa(hear(sock, 4))
    else:
        host = socket.inet_ntop(socket.AF_INET6, hear(sock, 16))
    port = struct.unpack('>H', hear(sock, 2))[0]
    if mode.startswith('refuse'):
        sock.sendall(b'\5' + bytes([int(mode[6:])]) + b'\0\1' + b'\0' * 6)
        return
    join(sock, host, port, b'\5\0\0\3\x04name\0\0')


def http(sock):
    head = b''
    while not head.endswith(b'\r\n\r\n'):
        head += hear(sock, 1)
    import base64
    want = b'Basic ' + base64.b64encode(secret.encode())
    if secret and want not in head:
        sock.sendall(b'HTTP/1.1 407 Who are you\r\n\r\n')
        return
    if mode.startswith('status'):
        sock.sendall(b'HTTP/1.1 %s Not \x1b[31mtoday\r\nX: y\r\n\r\n'
                     % mode[6:].encode())
        return
    host, port = head.split()[1].decode().rsplit(':', 1)
    join(sock, host.strip('[]'), int(port),
         b'HTTP/1.1 200 Connected\r\nX-Long: ' + b'x' * 300 + b'\r\n\r\n')


def serve(sock):
    try:
        if mode.startswith('socks4'):
            socks4(sock)
        elif mode.startswith(('socks5', 'refuse')):
            socks5(sock)
        elif mode.startswith(('http', 'status')):
            http(sock)
        elif mode == 'garbage':
            sock.recv(1)
            sock.sendall(b'SSH-2.0-nonsense and more of it\r\n' * 4)
            ended(sock)
        elif mode == 'endless':
            sock.sendall(b'HTTP/1.1 200 OK\r\n')
            while True:
                sock.sendall(b'X: ' + b'y' * 1000 + b'\r\n')
        elif mode == 'cut':
            sock.recv(3)
            sock.sendall(b'\5')
        elif mode == 'mute':
            ended(sock)
    except OSError:
        pass
    sock.close()


while True:
    try:
        sock = listener.accept()[0]
    except OSError:
        break
    threading.Thread(target=serve, args=(sock,), daemon=True).start()
EOP

# proxy MODE [SECRET]: sets PROXY, host and port
proxy ()
{
  test -z "${PEER_PID:-}" || { kill "$PEER_PID"; reap "$PEER_PID"; }
  rm -f heard
  start_peer "$@" <proxy.py
  PROXY=${PEER#tcp:}
}

start_server --echo 127.0.0.1:0 '[::1]:0'
six=$(endpoint 2)
six=${six##*:}

for kind in socks4 socks4a socks5 http; do
  mode=$kind
  test "$kind" != socks4a || mode=socks4
  proxy "$mode"
  run gsock-client --proxy="$kind://$PROXY" "127.0.0.1:$PORT" 'hola mundo'
  is "$status:$stdout:$stderr" '0:hola mundo:' "$kind: through it, and back"
  run gsock-client -x "$kind://$PROXY" localhost "$PORT" hola
  is "$status:$stdout" 0:hola "$kind: by name"
  if test "$kind" = socks4; then
    ok '... which it is not told' sh -c '! grep -q localhost heard'
  else
    ok '... which it looks up itself' grep -q localhost heard
  fi
  head -c 1000000 /dev/urandom >data
  run gsock-client -x "$kind://$PROXY" "127.0.0.1:$PORT" <data
  same_bytes data stdout "$kind: a megabyte each way, and both ends"
done
proxy socks5
run gsock-client -x "socks5://$PROXY" "[::1]:$six" hola
is "$status:$stdout" 0:hola 'socks5: an IPv6 address'
proxy socks4
run gsock-client -x "socks4://$PROXY" "[::1]:$six" hola
is "$status" 2 'socks4 has no IPv6'
like "$stderr" '^gsock-client: .*IPv4.*socks4' '... and it is said'

# What the target says first must not be lost behind the answer.
for kind in socks4a socks5 http; do
  proxy "${kind%a}-early"
  start_server --greet 127.0.0.1:0
  run gsock-client -x "$kind://$PROXY" "127.0.0.1:$PORT"
  is "$status:$stdout" '0:This is a test string from server!' \
    "$kind: what comes in one piece with its answer"
done

# Who we are.
start_server --echo 127.0.0.1:0
GSOCK_PROXY_PASSWORD='pa:ss'
export GSOCK_PROXY_PASSWORD
for kind in socks5 http; do
  proxy "$kind" 'ana:pa:ss'
  run gsock-client -x "$kind://ana@$PROXY" "127.0.0.1:$PORT" hola
  is "$status:$stdout" 0:hola "$kind: with a password"
  run gsock-client -x "$kind://eva@$PROXY" "127.0.0.1:$PORT" hola
  is "$status" 6 "$kind: the wrong user is denied"
  like "$stderr" '^gsock-client: .*127\.0\.0\.1.*user or the password' '... in one line'
  run gsock-client -x "$kind://$PROXY" "127.0.0.1:$PORT" hola
  is "$status" 6 "$kind: nobody is denied"
  like "$stderr" 'GSOCK_PROXY_PASSWORD' '... and told what to do'
done
proxy socks4 ana
run gsock-client -x "socks4a://ana@$PROXY" "127.0.0.1:$PORT" hola
is "$status:$stdout" 0:hola 'socks4a: with a user'
run gsock-client -x "socks4a://eva@$PROXY" "127.0.0.1:$PORT" hola
is "$status" 6 'socks4a: the wrong one is denied'
unset GSOCK_PROXY_PASSWORD

# refused STATUS ERE TEXT KIND: what the proxy in force answers is told
refused ()
{
  run gsock-client -w 2s -x "$4://$PROXY" 127.0.0.1:9 hola
  is "$status:$stdout" "$1:" "$3"
  like "$stderr" "^gsock-client: .*$2" '... in one line'
  is "$(wc -l <stderr)" 1 '... and no more'
}
proxy refuse2; refused 6 'rules' 'socks5: not allowed' socks5
proxy refuse3; refused 4 'network is unreachable' 'socks5: no network' socks5
proxy refuse4; refused 4 'host is unreachable' 'socks5: no host' socks5
proxy refuse5; refused 4 'connection was refused' 'socks5: refused' socks5
proxy refuse99; refused 4 'unknown code 99' 'socks5: an unknown answer' socks5
proxy status403; refused 6 '403 Not .x1b' 'http: forbidden, escapes shown' http
proxy status502; refused 4 '502' 'http: a bad gateway' http
for kind in socks4 socks5 http; do
  proxy garbage; refused 1 'not of' "$kind: garbage" "$kind"
  proxy cut; refused 1 '(closed the connection|not of|reset)' "$kind: cut short" "$kind"
  proxy mute; refused 124 'within 2 s' "$kind: silence" "$kind"
done
proxy endless; refused 1 'no end after' 'http: an answer without end' http

# TLS begins in the tunnel, or nothing is said.
if command -v openssl >/dev/null; then
  start_server --cert=auto --echo tls:127.0.0.1:0
  PORT=${ADDR##*:}
  proxy http
  run gsock-client -k -x "http://$PROXY" "tls:127.0.0.1:$PORT" 'un secreto'
  is "$status:$stdout" '0:un secreto' 'TLS through a tunnel'
  ok '... of which the proxy reads nothing' sh -c '! grep -aq secreto heard'
  start_server --echo 127.0.0.1:0
  proxy http
  run gsock-client -k -w 5s -x "http://$PROXY" "tls:127.0.0.1:$PORT" 'un secreto'
  is "$status" 5 'a target without TLS is an error'
else
  skip 3 'needs openssl'
fi

# Nonsense.
start_server --echo 127.0.0.1:0
for url in nada ftp://h:1 http:// http://h:1/path http://h:99999 \
    socks5://ana:secreto@h:1; do
  run gsock-client "--proxy=$url" "127.0.0.1:$PORT" x
  is "$status" 2 "--proxy=$url is a usage error"
  unlike "$stderr" secreto '... that repeats no password'
done
run gsock-client -x socks5://127.0.0.1:9 "$TMP/socket" x
is "$status" 2 'a UNIX socket is behind no proxy'

# The environment's.
proxy socks5
all_proxy=socks5://$PROXY
export all_proxy
run gsock-client -x system "127.0.0.1:$PORT" hola
is "$status:$stdout:$(test -s heard && echo heard)" 0:hola:heard \
  '--proxy=system: $all_proxy'
rm -f heard
no_proxy=example.org,127.0.0.1 run env no_proxy=example.org,127.0.0.1 \
  gsock-client -x system "127.0.0.1:$PORT" hola
is "$status:$stdout:$(test -e heard || echo direct)" 0:hola:direct \
  '... unless $no_proxy has it'
run gsock-client "127.0.0.1:$PORT" hola
is "$status:$stdout:$(test -e heard || echo direct)" 0:hola:direct \
  '... and only if it is asked for'
unset all_proxy

# Real ones.  They choose no port by themselves: one that was free a moment ago.
# Nor do they know of half-closes: the first end of file ends both ways.
free_port ()
{
  python3 -c 'import socket
s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])'
}
if command -v microsocks >/dev/null; then
  free=$(free_port)
  background microsocks microsocks -i 127.0.0.1 -p "$free" -u ana -P secreto
  GSOCK_PROXY_PASSWORD=secreto run env GSOCK_PROXY_PASSWORD=secreto \
    gsock-client --retry=20 --no-shutdown -n1 -x "socks5://ana@127.0.0.1:$free" 127.0.0.1 "$PORT" hola
  is "$status:$stdout" 0:hola 'microsocks'
  kill "$BG_PID"; reap "$BG_PID"
else
  skip 1 'needs microsocks'
fi
if command -v tinyproxy >/dev/null; then
  free=$(free_port)
  printf 'Port %s\nListen 127.0.0.1\nTimeout 60\n' "$free" >tinyproxy.conf
  background tinyproxy tinyproxy -d -c tinyproxy.conf
  run gsock-client --retry=20 --no-shutdown -n1 -x "http://127.0.0.1:$free" 127.0.0.1 "$PORT" hola
  is "$status:$stdout" 0:hola 'tinyproxy'
  kill "$BG_PID"; reap "$BG_PID"
else
  skip 1 'needs tinyproxy'
fi

done_testing

#! /bin/sh
# test-proxy-header.sh: a balancer's word counts, if it is trusted, and nobody
# else's does
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"
requires python3

# Headers, and what they make of whoever sends them; None: nothing; CHECK: of
# one that is no client.
cat >headers.py <<'EOP'
from peers import *
SIGNATURE = b'\r\n\r\n\0\r\nQUIT\n'


def v1(text):
    return b'PROXY ' + text + b'\r\n'


def v2(command, kind, rest=b''):
    return SIGNATURE + bytes((0x20 | command, kind)) + struct.pack(
        '>H', len(rest)) + rest


four = socket.inet_aton('192.0.2.7') + socket.inet_aton('198.51.100.2')
six = (socket.inet_pton(socket.AF_INET6, '2001:db8::7') +
       socket.inet_pton(socket.AF_INET6, '2001:db8::2'))
ports = struct.pack('>HH', 4000, 80)
CHECK = 'check'
unix = b'/run/a'.ljust(108, b'\0') * 2
HEADERS = (
    (v1(b'TCP4 192.0.2.7 198.51.100.2 4000 80'), 'tcp:192.0.2.7:4000'),
    (v1(b'TCP6 2001:db8::7 2001:db8::2 4000 80'), 'tcp:[2001:db8::7]:4000'),
    (v1(b'TCP6 ::ffff:192.0.2.7 ::1 4000 80'), 'tcp:192.0.2.7:4000'),
    (v1(b'UNKNOWN'), None),
    (v1(b'UNKNOWN whatever that may mean'), None),
    (v2(1, 0x11, four + ports), 'tcp:192.0.2.7:4000'),
    (v2(1, 0x12, four + ports), 'tcp:192.0.2.7:4000'),
    (v2(1, 0x21, six + ports), 'tcp:[2001:db8::7]:4000'),
    (v2(1, 0x11, four + ports + b'\4\x30\0' + bytes(0x3000)),
     'tcp:192.0.2.7:4000'),
    (v2(1, 0x31, unix), None),
    (v2(1, 0), None),
    (v2(0, 0), CHECK),
    (v2(0, 0x11, four + ports), CHECK),
)


def ours(sock):
    """What we are to a server where nobody speaks for us."""
    if sock.family == socket.AF_UNIX:
        return 'unix:'
    return 'tcp:%s:%d' % sock.getsockname()
EOP

# A process sees who it is, and of the bytes just those behind the header;
# however these come.
for workers in 1 2; do
  start_server --workers="$workers" --accept-proxy=127.0.0.0/8 \
    --accept-proxy=uid:"$(id -u)" 127.0.0.1:0 "$TMP/socket" \
    --sh 'printf "%s\n" "$GSOCK_PEER"; cat'
  peer "$(endpoint 1)" "$(endpoint 2)" <<'EOP'
from headers import *
for address in sys.argv[1:]:
    for header, want in HEADERS:
        sock = connect(address)
        sock.sendall(header + b'hola\n')
        sock.shutdown(socket.SHUT_WR)
        got = ended(sock).decode().split('\n')
        assert got == ([''] if want == CHECK else
                       [want or ours(sock), 'hola', '']), (header[:40], got)
    for header, want in HEADERS[0], HEADERS[5], HEADERS[10]:
        sock = connect(address)
        for n in range(0, len(header), 7):
            sock.sendall(header[n:n + 7])
            wait_until(lambda: not unread(sock) or
                       sock.family == socket.AF_UNIX, 'it to be taken')
        sock.sendall(b'hola\n')
        sock.shutdown(socket.SHUT_WR)
        got = read_all(sock).decode().split('\n')
        assert got == [want or ours(sock), 'hola', ''], (header[:40], got)
EOP
  is "$status" 0 "$workers threads: every header, at once and in pieces"
  stop_server
  unlike "$(cat "$SERVER_ERR")" 'Refused|gsock-server' '... and no complaint'
done
start_server --json --accept-proxy=127.0.0.1 127.0.0.1:0 --sh cat
peer "$ADDR" <<'EOP'
from headers import *
for header, want in HEADERS:
    sock = connect(sys.argv[1])
    sock.sendall(header)
    sock.shutdown(socket.SHUT_WR)
    assert ended(sock) == b''
print(sum(want != CHECK for header, want in HEADERS))
EOP
stop_server
is "$(grep -c '"event":"child-started"' "$SERVER_ERR")" "$stdout" \
  'no process is started for a check of a balancer'

# Events, the record, what is printed.
start_server --json --record="$TMP/record" --tag --accept-proxy=127.0.0.1 \
  127.0.0.1:0
peer "$ADDR" <<'EOP'
from headers import *
sock = connect(sys.argv[1])
sock.sendall(HEADERS[0][0] + b'hola\n')
sock.shutdown(socket.SHUT_WR)
read_all(sock)
print('"accepted",.*"local":"%s","peer":"tcp:192.0.2.7:4000","via":"%s"'
      % (sys.argv[1], ours(sock)))
EOP
stop_server
like "$(cat "$SERVER_ERR")" "$stdout" 'who came, and through whom'
like "$(cat "$SERVER_ERR")" '"closed",.*"peer":"tcp:192.0.2.7:4000","in":5,' \
  '... and who left, its own bytes counted'
like "$(cat record)" '"peer":"tcp:192.0.2.7:4000".*"data":"hola' \
  '... in the record too'
is "$(cat "$SERVER_OUT")" '192.0.2.7:4000: hola' '... and before what is printed'

# Where the client came to is kept: for a process, for events, and for who is
# behind us; also through TLS.
start_server --json --cert=auto --accept-proxy=127.0.0.1 \
  --accept-proxy=uid:"$(id -u)" 127.0.0.1:0 tls:127.0.0.1:0 "$TMP/called" \
  --sh 'printf "%s %s %s\n" "$GSOCK_LOCAL" "$TCPLOCALIP" "$TCPLOCALPORT"'
back=$SERVER_PID back_log=$SERVER_ERR
printf '%s\n' "$ENDPOINTS" >backs
cat >called.py <<'EOP'
from headers import *
back, front = sys.argv[1:]
for address in back, front:
    if address.startswith('tls:'):
        continue
    for header, want in (
            (HEADERS[0][0], 'tcp:198.51.100.2:80 198.51.100.2 80\n'),
            (HEADERS[5][0], 'tcp:198.51.100.2:80 198.51.100.2 80\n'),
            (HEADERS[7][0], 'tcp:[2001:db8::2]:80 2001:db8::2 80\n')):
        sock = connect(address)
        sock.sendall(header)
        got = read_all(sock).decode()
        assert got == want, (address, header[:40], got)
# Where that is not said it is where the balancer came to.
if back.startswith('tcp:'):
    for header in HEADERS[3][0], HEADERS[9][0]:
        sock = connect(back)
        sock.sendall(header)
        got = read_all(sock).decode()
        assert got == '%s %s %d\n' % ((back,) + sock.getpeername()), got
EOP
while read -r address; do
  case $address in tls:*) secure=-k ;; *) secure= ;; esac
  for version in 1 2; do
    # shellcheck disable=SC2086 # an option, or none
    start_server $secure --accept-proxy=127.0.0.1 --send-proxy=$version \
      --forward="$address" 127.0.0.1:0
    run python3 called.py "$address" "$ADDR"
    is "$status:$stderr" 0: "where a client came to: ${address%:*}, version $version"
    stop_server
  done
done <backs
SERVER_PID=$back
stop_server
like "$(cat "$back_log")" \
  '"accepted",.*"via":"tcp:127\.0\.0\.1:[0-9]+","called":"tcp:198\.51\.100\.2:80"\}$' \
  '... is told by an event'

# The rules are for the client.
start_server -v --echo --accept-proxy=127.0.0.1 --deny=192.0.2.7 \
  --max-per-host=1 127.0.0.1:0
peer "$ADDR" "$SERVER_ERR" <<'EOP'
from headers import *


def call(host):
    sock = connect(sys.argv[1])
    sock.sendall(v1(b'TCP4 %s 198.51.100.2 4000 80' % host) + b'hola\n')
    return sock


assert ended(call(b'192.0.2.7')) == b''
first, other = call(b'192.0.2.8'), call(b'192.0.2.9')
assert read_line(first) == b'hola\n'
assert read_line(other) == b'hola\n'
assert ended(call(b'192.0.2.8')) == b''
EOP
is "$status" 0 '--deny and --max-per-host are for the client behind'
stop_server
like "$(cat "$SERVER_ERR")" "^Refused 192\.0\.2\.7:4000 on .*: 192\.0\.2\.7$" \
  '... and the refusal is told'
like "$(cat "$SERVER_ERR")" \
  "^Connection [0-9]*: 192\.0\.2\.8:4000 connected to 198\.51\.100\.2:80, and 127\.0\.0\.1:[0-9]* for it to 127\.0\.0\.1:[0-9]*$" \
  '... as is who came through whom'

# From whom nobody trusts nothing is read; a file of rules is read again.
echo 127.0.0.2 >balancers
start_server --echo --accept-proxy=@balancers 127.0.0.1:0
peer "$ADDR" "$SERVER_PID" "$SERVER_ERR" <<'EOP'
from headers import *
sock = connect(sys.argv[1])
assert ended(sock) == b'', 'without a word of ours'
sock = socket.socket()
sock.bind(('127.0.0.2', 0))
sock.connect(split(sys.argv[1])[1])
sock.sendall(HEADERS[0][0] + b'hola\n')
assert read_line(sock) == b'hola\n'
open('balancers', 'w').write('127.0.0.1\n')
os.kill(int(sys.argv[2]), signal.SIGHUP)
wait_until(lambda: 'read again' in open(sys.argv[3]).read())
sock = connect(sys.argv[1])
sock.sendall(HEADERS[0][0] + b'hola\n')
assert read_line(sock) == b'hola\n'
EOP
is "$status" 0 'only who is trusted, and that can change'
stop_server
is "$(grep -c '^Refused 127\.0\.0\.1:[0-9]* on .*: it is not trusted to send a PROXY header (--accept-proxy)$' "$SERVER_ERR")" \
  1 '... and the refusal says why'
# What is no header, or none that is whole; and who is quick is not kept.
start_server --json --echo --accept-proxy=127.0.0.1 127.0.0.1:0
peer "$ADDR" "$SERVER_ERR" "$SERVER_PID" <<'EOP'
from headers import *
for data in (b'GET / HTTP/1.1\r\n\r\n', b'\x16\3\1\2\0', b'PROXY TCP7 ',
             b'PROXY TCP4 1.2.3.4 1.2.3.4 99999 1\r\n',
             v2(2, 0x11, four + ports), v2(1, 0x11, four),
             v2(1, 0x11, four + ports + b'\3\0\4sum!'),
             v2(1, 0x11, bytes(20000))):
    sock = connect(sys.argv[1])
    sock.sendall(data)
    assert ended(sock) == b'', data
for data in b'', b'PROXY TCP4 1.2', v2(1, 0x11, four + ports)[:-1]:
    sock = connect(sys.argv[1])
    sock.sendall(data)
    sock.shutdown(socket.SHUT_WR)
    assert ended(sock) == b'', data
stalled = []
for n in range(20):
    sock = connect(sys.argv[1])
    sock.sendall((b'', b'PROXY TCP4 1.2', v2(1, 0x21, six + ports)[:20])[n % 3])
    stalled.append(sock)
before = cpu_seconds(sys.argv[3])
sock = connect(sys.argv[1])
sock.sendall(HEADERS[0][0] + b'hola\n')
assert read_line(sock) == b'hola\n'
for other in stalled:
    assert ended(other) == b''
sock.sendall(b'still\n')
assert read_line(sock) == b'still\n'
assert cpu_seconds(sys.argv[3]) - before < 1, 'busy'
EOP
is "$status" 0 'what is none ends, and keeps nobody waiting'
kill -TERM "$SERVER_PID"
reap "$SERVER_PID"
is "$status" 0 '... nor the server, when it is told to stop'
told ()
{
  grep -c "\"bad-proxy-header\",.*\"peer\":\"tcp:127.0.0.1:[0-9]*\",\"domain\":\"gsock\",\"code\":\"$1\"" \
    "$SERVER_ERR"
}
is "$(told frame-bad)" 7 '... malformed ones, each told'
is "$(told frame-too-big)" 1 '... one too long'
is "$(told cut)" 3 '... those that end too early'
is "$(told timed-out)" 20 '... those that did not come within 3 seconds'

# More than may wait: the oldest go, and who is quick is served.
start_server --json --echo --accept-proxy=127.0.0.1 127.0.0.1:0
peer "$ADDR" <<'EOP'
from headers import *
import resource
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
stalled = []
for n in range(1100):
    sock = connect(sys.argv[1])
    sock.sendall(b'PROXY')
    stalled.append(sock)
    if n % 256 == 0:
        good = connect(sys.argv[1])
        good.sendall(HEADERS[5][0] + b'hola\n')
        assert read_line(good) == b'hola\n'
assert ended(stalled[0]) == b''
# Somebody who only looks whether a server is there.
reset(connect(sys.argv[1]))
sock = connect(sys.argv[1])
sock.sendall(v2(0, 0) + b'hola\n')
assert read_line(sock) == b'hola\n'
reset(sock)
EOP
is "$status" 0 'of too many the oldest go, and others are served'
stop_server
# A machine that is slow may have it done by their time.
ok '... and it is told' test "$(($(told limit) + $(told timed-out)))" -gt 0
unlike "$(cat "$SERVER_ERR")" '"event":"(warning|error)"' \
  '... but who only looks in is no warning'

# One client only, and the first that says who it is.
start_server --once --echo --accept-proxy=127.0.0.1 127.0.0.1:0
peer "$ADDR" <<'EOP'
from headers import *
stalled = connect(sys.argv[1])
refused = connect(sys.argv[1])
refused.sendall(b'hola\n')
assert ended(refused) == b''
sock = connect(sys.argv[1])
sock.sendall(HEADERS[0][0] + b'hola\n')
assert read_line(sock) == b'hola\n'
assert ended(stalled) == b''
EOP
is "$status" 0 '--once: the first who is introduced'
reap "$SERVER_PID"
is "$status" 0 '... and it ends with it'

# ... and no check of a balancer is that one.
start_server --once --accept-proxy=127.0.0.1 127.0.0.1:0 -- cat
peer "$ADDR" <<'EOP'
from headers import *
check = connect(sys.argv[1])
check.sendall(v2(0, 0))
assert ended(check) == b''
sock = connect(sys.argv[1])
sock.sendall(HEADERS[0][0] + b'hola\n')
sock.shutdown(socket.SHUT_WR)
assert read_all(sock) == b'hola\n'
EOP
is "$status" 0 '--once: a check is not the one client'
reap "$SERVER_PID"
is "$status" 0 '... which ends it'

# What we say of ourselves.
start_peer tcp:127.0.0.1:0 <<'EOP'
from peers import *
listener = listen(sys.argv[1])
while True:
    sock = accept(listener)
    data = read_all(sock)
    head, _, rest = data.partition(b'\r\n')
    host, port = sock.getpeername()
    ours, our_port = sock.getsockname()
    if data.startswith(b'PROXY'):
        want = 'PROXY TCP4 %s %s %d %d' % (host, ours, port, our_port)
        sock.sendall(b'1 ' + rest if head == want.encode() else head)
    else:
        want = (b'\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c' + socket.inet_aton(host) +
                socket.inet_aton(ours) + struct.pack('>HH', port, our_port))
        sock.sendall(b'2 ' + data[28:] if data[:28] == want else data)
    sock.close()
EOP
for option in --send-proxy --send-proxy=1 --send-proxy=2; do
  run gsock-client "$option" "$PEER" hola
  case $option in *2) want=2 ;; *) want=1 ;; esac
  is "$status:$stdout" "0:$want hola" "gsock-client $option"
  # ... and of somebody else.
  start_server --forward="$PEER" "$option" 127.0.0.1:0 "$TMP/down"
  run gsock-client "$ADDR" hola
  unlike "$stdout" "^$want hola" "gsock-server --forward $option: not of itself"
  stop_server
done
kill "$PEER_PID"; reap "$PEER_PID"

# The same, understood by ourselves, over all kinds of address and TLS.
start_server --cert=auto --accept-proxy=127.0.0.0/8 --accept-proxy=::1 \
  --accept-proxy=uid:"$(id -u)" 127.0.0.1:0 '[::1]:0' "$TMP/plain" \
  tls:127.0.0.1:0 "tls:$TMP/tls" --sh 'printf "%s\n" "$GSOCK_PEER"; cat'
back=$SERVER_PID
printf '%s\n' "$ENDPOINTS" >backs
while read -r address; do
  case $address in tls:*) secure=-k ;; *) secure= ;; esac
  case $address in
    *unix:*) want=unix: ;;
    *::1*) want='tcp:\[::1\]:[0-9]+' ;;
    *) want='tcp:127\.0\.0\.1:[0-9]+' ;;
  esac
  for version in 1 2; do
    # shellcheck disable=SC2086 # an option, or none
    run gsock-client $secure --send-proxy=$version "$address" hola
    like "$status $(echo "$stdout" | tr '\n' ' ')" "^0 $want hola ?$" \
      "version $version to $address" || diag "$stderr"
  done
done <backs
# A chain: a balancer's client, us, and whoever is behind us.
for address in $(sed -n '1p;3p;4p' backs); do
  case $address in tls:*) secure=-k ;; *) secure= ;; esac
  for version in 1 2; do
    # shellcheck disable=SC2086 # an option, or none
    start_server $secure --accept-proxy=127.0.0.1 --send-proxy=$version \
      --forward="$address" 127.0.0.1:0
    peer "$ADDR" <<'EOP'
from headers import *
for header, want in HEADERS[0], HEADERS[1]:
    sock = connect(sys.argv[1])
    sock.sendall(header + b'hola\n')
    sock.shutdown(socket.SHUT_WR)
    got = read_all(sock).decode().split('\n')
    assert got == [want, 'hola', ''], got
EOP
    is "$status" 0 "version $version: a client's address through two hands"
    stop_server
  done
done
SERVER_PID=$back
stop_server

# A UNIX socket's client, in the only version that knows of one.
start_peer "unix:$TMP/up" <<'EOP'
from peers import *
listener = listen(sys.argv[1])
for want in bytes(108), bytes(108):
    sock = accept(listener)
    data = read_all(sock)
    assert data[12:16] == b'\x21\x31\0\xd8', data
    assert data[16:124] == want, data
    print(data[124:232].rstrip(b'\0').decode(), flush=True)
    sock.close()
sock = accept(listener)
assert read_all(sock) == b'PROXY UNKNOWN\r\nhola\n'
EOP
start_server --forward="$TMP/up" --send-proxy=2 "$TMP/down"
run gsock-client "$TMP/down" hola
run gsock-client --send-proxy=2 "$TMP/up" hola
stop_server
run gsock-client --send-proxy=1 "$TMP/up" hola
end_peer 'UNIX sockets, in both versions'
is "$(sed 1d "$PEER_OUT")" "$TMP/down
$TMP/up" '... and where the client has called'

# What can't be meant.
run gsock-client --send-proxy=3 "$PEER" hola
is "$status" 2 'there is no version 3'
run gsock-client --send-proxy -x socks5://127.0.0.1:1 127.0.0.1:1 hola
is "$status" 2 '--send-proxy goes through no proxy'
run gsock-server --send-proxy --echo 0
is "$status" 2 '--send-proxy goes with --forward'
run gsock-client --send-proxy udp:127.0.0.1:1 hola
is "$status" 2 '--send-proxy goes before no datagram'
run gsock-server --send-proxy --forward=udp:127.0.0.1:1 0
is "$status" 2 '... on either side'
run gsock-server --accept-proxy=127.0.0.1 0 udp:127.0.0.1:0
is "$status" 2 '... nor does --accept-proxy'
run gsock-server --accept-proxy=everybody 0
is "$status" 2 'a rule that is none'
like "$stderr" '^gsock-server: --accept-proxy: ' '... is refused by name'

done_testing

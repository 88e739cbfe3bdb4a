#! /bin/sh
# test-haproxy.sh: two servers behind a balancer, which know their clients; one
# of them is taken away
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"
. "$GSOCK_SRCDIR/tests/lib/rivals.sh"
requires python3

# 32 clients, half of them on each host.  When all have had an answer one host
# is killed (by a command), and from then on: whoever is on the other host gets
# every reply, and whoever was on this one does when it comes again.
cat >clients.py <<'EOP'
from peers import *
import collections
import subprocess

fronts, kill = sys.argv[1].split(','), sys.argv[2]
sources = sys.argv[3:] or ['']
DATA = bytes(range(256)) * 400


class Client:
    def __init__(self, n):
        family, native = split(fronts[n % len(fronts)])
        source = sources[n % len(sources)]
        self.sock = socket.socket(family)
        if source:
            self.sock.bind((source, 0))
        self.sock.connect(native)
        host, port = self.sock.getsockname()[:2]
        form = 'tcp:[%s]:%d' if family == socket.AF_INET6 else 'tcp:%s:%d'
        self.name = form % (host, port)

    def greeted(self):
        """Which host it is, and that it knows who we are."""
        line = read_line(self.sock).decode()
        assert line.endswith('\n'), 'cut: %r' % line
        host, name = line.split()
        assert name == self.name, (name, self.name)
        self.host = host

    def talk(self):
        for n in range(5):
            self.sock.sendall(b'%d\n' % n + DATA)
            assert read_exactly(self.sock, len(DATA) + 2) == b'%d\n' % n + DATA
        self.sock.shutdown(socket.SHUT_WR)
        assert read_all(self.sock) == b''


def attempt(n):
    """One that comes to a host that has just died is cut, as it would be
    without a balancer; then there is the other."""
    client = Client(n)
    try:
        client.greeted()
        client.talk()
    except (AssertionError, OSError):
        return None
    return client


clients = [Client(n) for n in range(32)]
for client in clients:
    client.greeted()
count = collections.Counter(client.host for client in clients)
assert sorted(count) == ['one', 'two'] and min(count.values()) >= 8, count
for client in clients:
    client.sock.sendall(b'?')
    assert read_exactly(client.sock, 1) == b'?'
subprocess.run(kill, shell=True, check=True)
for client in clients:
    if client.host == 'two':
        client.talk()
# The balancer cuts those of the host that is gone.
for client in clients:
    if client.host == 'one':
        assert ended(client.sock) == b''
for n in range(32):
    client = wait_until(lambda: attempt(n), 'the other')
    assert client.host == 'two', client.host
print(count['two'] + 32)
EOP

# What the events of the other host say of whom a balancer has brought.
cat >served.py <<'EOP'
import json
import sys
events = [json.loads(line) for line in open(sys.argv[1])]
brought = {e['id'] for e in events if e['event'] == 'accepted' and 'via' in e}
whole = [e for e in events if e['event'] == 'closed' and e['id'] in brought
         and e['reason'] == 'clean' and e['in'] > 5 * 256 * 400]
bad = [e for e in events
       if e['event'] in ('error', 'warning', 'denied', 'bad-proxy-header')]
print(len(brought), len(whole), bad)
EOP

# -i: the server carries the bytes itself, and its end is theirs.
serve='printf "%s %s\n" "$NAME" "$GSOCK_PEER"; exec cat'

# On one machine: the balancer of the example, in the middle of loopback.  It is
# given its listening socket, so that nobody else can take the port.
if command -v haproxy >/dev/null; then
  NAME=one start_server --accept-proxy=127.0.0.1 -i 10m \
    127.0.0.1:0 --sh "$serve"
  one=${ADDR#tcp:} one_pid=$SERVER_PID
  NAME=two start_server --json --accept-proxy=127.0.0.1 -i 10m \
    127.0.0.1:0 --sh "$serve"
  two=${ADDR#tcp:}
  start_peer "$one" "$two" "$GSOCK_SRCDIR/examples/haproxy/haproxy.cfg" <<'EOP'
from peers import *
listener = listen('tcp:127.0.0.1:0', 1024)
os.set_inheritable(listener.fileno(), True)
os.environ.update(FRONT='fd@%d' % listener.fileno(), ONE=sys.argv[1],
                  TWO=sys.argv[2])
os.dup2(2, 1)
os.execvp('haproxy', ['haproxy', '-db', '-f', sys.argv[3]])
EOP
  run python3 clients.py "$PEER" "kill -KILL $one_pid" 127.0.0.1 127.0.0.2 \
    127.0.0.3
  is "$status:$stderr" 0: 'loopback: one of two servers dies, nothing else is lost'
  clients=$stdout
  kill "$PEER_PID"
  reap "$PEER_PID"
  stop_server
  is "$(python3 served.py "$SERVER_ERR")" "$clients $clients []" \
    '... on the other one every client got all, and nobody complained'

  # The same between UNIX sockets; a balancer that reads what we say, in both
  # versions, and says it on.
  start_server --accept-proxy=uid:"$(id -u)" "$TMP/back" \
    --sh 'printf "%s\n" "$GSOCK_PEER"; exec cat'
  cat >chain.cfg <<END
global
  nbthread 1
defaults
  mode tcp
  timeout connect 30s
  timeout client 60s
  timeout server 60s
listen one
  bind unix@$TMP/to-v1 accept-proxy
  server back unix@$TMP/back send-proxy
listen two
  bind unix@$TMP/to-v2 accept-proxy
  server back unix@$TMP/back send-proxy-v2 proxy-v2-options crc32c,unique-id
END
  background haproxy haproxy -db -f chain.cfg
  balancer=$BG_PID
  wait_for "$DEADLINE" listens "$TMP/to-v2"
  for version in 1 2; do
    for hop in to-v1 to-v2; do
      start_server --send-proxy=$version --forward="$TMP/$hop" 127.0.0.1:0 '[::1]:0'
      for address in $(endpoint 1) $(endpoint 2); do
        peer "$address" <<'EOP'
from peers import *
sock = connect(sys.argv[1])
sock.sendall(b'hola\n')
sock.shutdown(socket.SHUT_WR)
host, port = sock.getsockname()[:2]
want = ('tcp:[%s]:%d\nhola\n' if ':' in host else 'tcp:%s:%d\nhola\n') % (host, port)
got = read_all(sock).decode()
assert got == want, (got, want)
EOP
        is "$status" 0 "version $version, HAProxy $hop, and who ${address%:*} is"
      done
      stop_server
    done
  done
  kill "$balancer"
  reap "$balancer"
else
  skip 16 'needs haproxy'
fi

# nginx understands what we say, and we what it says.
# It chooses no port by itself: one that was free a moment ago, and another one
# where somebody was quicker.
start_nginx ()
{
  free=$(free_ports 1)
  cat >nginx.cfg <<END
$nginx_module
daemon off;
master_process off;
pid $TMP/nginx.pid;
error_log /dev/null;
events { worker_connections 64; }
stream {
  server {
    listen unix:$TMP/nginx-tells proxy_protocol;
    return "tcp:\$proxy_protocol_addr:\$proxy_protocol_port\n";
  }
  server {
    listen 127.0.0.1:$free;
    proxy_pass unix:$TMP/nginx-back;
    proxy_protocol on;
    proxy_half_close on;
  }
}
END
  rm -f nginx-tells
  background nginx nginx -p "$TMP" -c nginx.cfg
  wait_for "$DEADLINE" nginx_has_begun && kill -0 "$BG_PID" 2>/dev/null &&
    gsock-client -z "127.0.0.1:$free" 2>/dev/null
}

nginx_has_begun ()
{
  test -s nginx.pid || ! kill -0 "$BG_PID" 2>/dev/null
}

if nginx_streams; then
  start_server --accept-proxy=uid:"$(id -u)" "$TMP/nginx-back" \
    --sh 'printf "%s\n" "$GSOCK_PEER"; exec cat'
  back=$SERVER_PID
  start_nginx || start_nginx || start_nginx
  is $? 0 'nginx is there'
  cat >who.py <<'EOP'
from peers import *
sock = connect(sys.argv[1])
got = read_line(sock).decode()
want = 'tcp:%s:%d\n' % sock.getsockname()
assert got == want, (got, want)
EOP
  for version in 1 2; do
    start_server --send-proxy=$version --forward="$TMP/nginx-tells" 127.0.0.1:0
    peer "$ADDR" <who.py
    is "$status" 0 "version $version, as nginx understands it"
    stop_server
  done
  peer "tcp:127.0.0.1:$free" <who.py
  is "$status" 0 'what nginx says'
  kill "$BG_PID"
  reap "$BG_PID"
  SERVER_PID=$back
  stop_server
else
  skip 7 'needs nginx with its stream module'
fi

# Three machines and a client's, each a network namespace of its own, and one of
# the machines is lost: no packet comes from it any more.  A namespace is there
# as long as the process that made it.
enter=
for way in 'unshare -n' 'unshare -rn'; do
  test -n "$enter" ||
    ! $way sh -c 'unshare -n true && ip link add left type veth peer name right' \
      >/dev/null 2>&1 || enter=$way
done
if test -z "$enter"; then
  skip 1 'needs to be allowed to make network namespaces with cables'
elif ! command -v haproxy >/dev/null || ! command -v nsenter >/dev/null; then
  skip 1 'needs haproxy and nsenter'
else
  cat >machines.sh <<'END'
. "$GSOCK_SRCDIR/tests/lib/functions.sh"

# machine NAME NUMBER: a cable from it to here, 10.7.NUMBER.2 to .1
machine ()
{
  background "$1" unshare -n sh -c 'echo made; exec cat'
  eval "$1=/proc/$BG_PID/ns/net"
  wait_for "$DEADLINE" grep -q made "$1.out" || bail_out 'no namespace'
  ip link add "to-$1" type veth peer name eth0 netns "$BG_PID"
  ip address add "10.7.$2.1/24" dev "to-$1"
  ip address add "fd07:0:0:$2::1/64" dev "to-$1" nodad
  ip link set "to-$1" up
  on "$1" ip link set lo up
  on "$1" ip address add "10.7.$2.2/24" dev eth0
  on "$1" ip address add "fd07:0:0:$2::2/64" dev eth0 nodad
  on "$1" ip link set eth0 up
}

# on MACHINE COMMAND...
on ()
{
  eval "on_net=\$$1"
  shift
  nsenter --net="$on_net" "$@"
}

mkfifo hold
exec 7<>hold
BG_STDIN=hold
ip link set lo up
machine one 1
machine two 2
machine clients 3
BG_STDIN=/dev/null
for name in one two; do
  eval "SERVER_PREFIX=\"nsenter --net=\$$name\""
  NAME=$name
  export NAME
  start_server --json --accept-proxy=10.7.0.0/16 -i 10m '*:7000' --sh "$serve"
done
SERVER_PREFIX=
FRONT=10.7.3.1:7000,fd07:0:0:3::1:7000 ONE=10.7.1.2:7000 TWO=10.7.2.2:7000 \
  background haproxy haproxy -db \
  -f "$GSOCK_SRCDIR/examples/haproxy/haproxy.cfg"
on clients gsock-client -z --retry=20 10.7.3.1:7000 2>/dev/null
run on clients python3 "$OUTER/clients.py" \
  'tcp:10.7.3.1:7000,tcp:[fd07:0:0:3::1]:7000' \
  "nsenter --net=/proc/$$/ns/net ip link set to-one down"
is "$status:$stderr" 0: 'one of two machines is lost, nothing else is'
clients=$stdout
stop_server
is "$(python3 "$OUTER/served.py" "$SERVER_ERR")" "$clients $clients []" \
  '... every client of the other got all, and nobody complained'
done_testing
END
  OUTER=$TMP
  export OUTER serve
  run $enter sh machines.sh
  point "$status" 'namespaces: the same with machines of their own' ||
    diag "$stdout
$stderr"
fi

done_testing

#! /bin/sh
# test-socket-file.sh: a socket's path is taken from nobody, and given back
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"
requires python3

socket=$TMP/socket

inode ()
{
  stat -c %d:%i "$1"
}

# answers PATH: a server is there.
answers ()
{
  test "$(gsock-client "$1" hola 2>/dev/null)" = hola
}

# names: of the files here, but for the test's own.
names ()
{
  find . ! -name 'std*' ! -name .watchdog ! -name .ready ! -name before \
    ! -name after ! -name '*-[0-9]*.*' | sort
}

# refused PATH WHAT WHY: one line, status 4, without anything left behind.
refused ()
{
  names >before
  run gsock-server --ready-fd=1 "$1"
  is "$status:$stdout:$(printf '%s\n' "$stderr" | wc -l | tr -d ' ')" 4::1 \
    "a server on $2 is refused"
  like "$stderr" "^gsock-server: Cannot listen on .*: .*$3" '... and told why'
  names >after
  same_bytes after before '... and leaves nothing'
}

# Somebody else's.

start_server --echo "$socket"
live=$(inode socket)
refused "$socket" 'the path of a live server' 'already answering'
is "$(inode socket)" "$live" '... whose socket is the same'
ok '... and which goes on' answers "$socket"

# A live one that cannot take another client now is alive all the same.
start_peer "unix:$TMP/busy" <<'EOP'
from peers import *
sock = listen(sys.argv[1], backlog=0)
clients = []
try:
    while True:
        client = socket.socket(socket.AF_UNIX)
        client.setblocking(False)
        client.connect(sys.argv[1][5:])
        clients.append(client)
except BlockingIOError:
    print('full', flush=True)
signal.pause()
EOP
wait_for "$DEADLINE" grep -q full "$PEER_OUT"
live=$(inode busy)
refused "$TMP/busy" 'the path of a server with a full backlog' 'full'
is "$(inode busy)" "$live" '... whose socket is the same'
kill "$PEER_PID"

printf 'my notes\n' >notes
mkdir directory
mkfifo fifo
ln -s notes link
ln -s nowhere dangling
ln -s socket to-socket
for object in notes directory fifo link dangling to-socket; do
  was=$(inode "$object")
  refused "$TMP/$object" "a $object" .
  is "$(inode "$object")" "$was" '... which stays'
done
file_is notes 'my notes' 'the regular file has its text'
ok 'no file was made through the dangling link' test ! -e nowhere
ok 'the live server still answers' answers "$socket"
stop_server

# A stale one.

start_server --echo "$socket"
kill -KILL "$SERVER_PID"
reap "$SERVER_PID" 2>/dev/null >&2
ok 'kill -9 leaves the socket file' test -S socket
stale=$(inode socket)
start_server --echo "$socket"
ok 'a new server takes it' answers "$socket"
isnt "$(inode socket)" "$stale" '... with a socket of its own'
stop_server
ok '... and removes it at its end' test ! -e socket

# Ten at once: one serves, nine are refused.
: >socket
names >names
rm socket
for round in fresh stale; do
  start_peer "$socket" <<'EOP'
from peers import *
import subprocess
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
def unblock():
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
servers, ready = [], []
for n in range(10):
    r, w = os.pipe()
    servers.append(subprocess.Popen(
        ['gsock-server', '--echo', '--ready-fd=%d' % w, sys.argv[1]],
        pass_fds=[w], preexec_fn=unblock, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
    os.close(w)
    ready.append(r)
winners = [n for n in range(10) if os.read(ready[n], 1000)]
statuses = [s.wait() for n, s in enumerate(servers) if n not in winners]
print(len(winners), statuses.count(4), flush=True)
signal.sigwait([signal.SIGTERM])
for n in winners:
    servers[n].kill()
    servers[n].wait()
EOP
  is "$PEER" '1 9' "of ten concurrent starts one wins: $round path"
  ok '... and it answers' answers "$socket"
  names >after
  same_bytes after names '... and no temporary name is left'
  kill "$PEER_PID"
  end_peer
  ok '... killed, it leaves a stale one' test -S socket
done
rm -f socket

# Rights.

mode ()
{
  stat -c %a "$1"
}

for mask in 000 022 077; do
  umask "$mask"
  start_server "$socket"
  is "$(mode socket)" 600 "mode 0600 under umask $mask"
  stop_server
  start_server --mode=660 "$socket"
  is "$(mode socket)" 660 '... and --mode=660'
  stop_server
done
umask 022
run gsock-server --mode=888 "$socket"
is "$status" 2 'a mode that is none is a usage error'
if test "$(id -u)" -eq 0; then
  start_server --mode=0660 --owner=65534:65534 "$socket"
  is "$(stat -c %a:%u:%g socket)" 660:65534:65534 '--owner=USER:GROUP'
  stop_server
  start_server --owner=:65534 "$socket"
  is "$(stat -c %u:%g socket)" 0:65534 '--owner=:GROUP'
  stop_server
else
  skip 4 'needs root to give files away'
fi
run gsock-server --owner=no-such-user "$socket"
is "$status" 2 'an owner that is none is a usage error'

# Paths.

# long N: a path of N bytes.
long ()
{
  printf '%s/' "$TMP"
  printf "%0$(($1 - ${#TMP} - 1))d" 0
}

start_server --echo "$(long 107)"
ok 'a path of 107 bytes' answers "$(long 107)"
stop_server
ok '... is removed' test ! -e "$(long 107)"
for tool in gsock-server gsock-client; do
  run "$tool" "$(long 108)"
  isnt "$status" 0 "$tool: a path of 108 bytes is refused"
  like "$stderr" '108.*107' '... and the numbers told'
  ok '... and nothing made' test ! -e "$(long 107)"
done

mkdir 'a directory'
cd 'a directory' || exit
start_server --echo './un zócalo:1,2'
ok 'a relative path with spaces, colon and comma' answers './un zócalo:1,2'
is "$ADDR" 'unix:./un zócalo:1,2' '... is announced as it was given'
stop_server
ok '... is removed' test ! -e './un zócalo:1,2'
cd "$TMP" || exit
run gsock-server "$TMP/no/such/directory"
is "$status:$(printf '%s\n' "$stderr" | wc -l | tr -d ' ')" 4:1 \
  'a directory that is not there'

start_server --echo "@gsock-test-$$"
ok 'an abstract name' answers "@gsock-test-$$"
run gsock-server --ready-fd=1 "@gsock-test-$$"
is "$status:$stdout" 4: '... is taken from nobody'
stop_server

# At the end: only what is ours.

start_server --echo "$socket"
mv socket elsewhere
printf 'not yours\n' >socket
stop_server
file_is socket 'not yours' 'another file at the path stays at our end'
rm -f socket elsewhere

start_server --echo "$socket"
first=$SERVER_PID
rm socket
start_server --echo "$socket"
second=$(inode socket)
kill "$first"
reap "$first"
is "$status" 0 'a server whose path somebody else took ends well'
is "$(inode socket)" "$second" '... and the new socket stays'
ok '... and answers' answers "$socket"
stop_server
start_server --echo "$socket"
rm socket
stop_server 'a server whose path was removed ends well'

# Inherited: fd:N, sd: and sd:NAME, by a launcher as a service manager is one.

cat >launch.py <<'EOP'
from peers import *
# launch.py NAMES ADDRESS... -- COMMAND...: binds, tells, and becomes COMMAND.
cut = sys.argv.index('--')
names, addresses, command = sys.argv[1], sys.argv[2:cut], sys.argv[cut + 1:]
socks = [listen(address) for address in addresses]
sys.stdout.flush()
for n, sock in enumerate(socks):
    high = fcntl.fcntl(sock.fileno(), fcntl.F_DUPFD, 20 + n)
    sock.close()
    socks[n] = high
for n, high in enumerate(socks):
    os.dup2(high, 3 + n, inheritable=True)
    os.close(high)
if names != '-':
    os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(socks)),
                      LISTEN_FDNAMES=names)
os.execvp(command[0], command)
EOP

# launched NAMES ADDRESS... -- COMMAND...: sets BG_PID and INHERITED, the
# addresses.
launched ()
{
  background launched python3 "$TMP/launch.py" "$@"
  wait_for "$DEADLINE" grep -q istening launched.err
  INHERITED=$(cat launched.out)
}

launched a:b "unix:$socket" tcp:127.0.0.1:0 -- gsock-server --echo
tcp=$(echo "$INHERITED" | grep tcp)
ok 'inherited sockets are used by themselves: unix' answers "$socket"
ok '... and tcp' answers "$tcp"
kill "$BG_PID"
reap "$BG_PID"
is "$status" 0 '... and the server ends'
ok '... an inherited socket file is not removed' test -S socket
rm -f socket

launched web:db "unix:$socket" "unix:$TMP/other" -- gsock-server --echo sd:db
ok 'sd:NAME serves the socket of that name' answers "$TMP/other"
kill "$BG_PID"
reap "$BG_PID"
rm -f socket other

launched web "unix:$socket" -- gsock-server --echo sd: "$TMP/own"
ok 'sd: beside a socket of our own' answers "$socket"
ok '... which serves too' answers "$TMP/own"
kill "$BG_PID"
reap "$BG_PID"
ok '... at the end ours is gone' test ! -e own
ok '... and the inherited one is not' test -S socket
rm -f socket

launched - "unix:$socket" -- gsock-server --echo fd:3
ok 'fd:N serves an inherited descriptor' answers "$socket"
kill "$BG_PID"
reap "$BG_PID"
ok '... and leaves its file' test -S socket
rm -f socket

run python3 "$TMP/launch.py" web "unix:$socket" -- gsock-server sd:db
is "$status" 4 'a name that was not passed is an error'
like "$stderr" 'db' '... that says which'
rm -f socket
run env LISTEN_PID=1 LISTEN_FDS=1 gsock-server
is "$status" 2 "sockets for another process are not ours"
run gsock-server fd:3
isnt "$status" 0 'a descriptor that is not open is an error'

if command -v systemd-socket-activate >/dev/null; then
  background activated systemd-socket-activate -l "$socket" \
    "$(command -v gsock-server)" --echo
  wait_for "$DEADLINE" listens "$socket"
  ok 'started by systemd-socket-activate' answers "$socket"
  ok '... for more than one client' answers "$socket"
  kill "$BG_PID"
  reap "$BG_PID"
  is "$status" 0 '... and it ends well'
  ok '... and its socket file is left' test -S socket
  rm -f socket
else
  skip 4 'no systemd-socket-activate'
fi

done_testing

# test-workers.sh: the server over several threads serves as it does in one
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

. "${0%/*}/../lib/functions.sh"

# What the threads share, judged by ThreadSanitizer; of GLib's own locks it
# knows nothing, so it sees the queue alone.
judge_queue ()
{
  cc=${CC:-cc}
  echo 'int main (void) { return 0; }' >"$TMP/empty.c"
  : >"$TMP/config.h"
  # shellcheck disable=SC2086 # words
  if $cc -fsanitize=thread -pthread -o "$TMP/empty" "$TMP/empty.c" \
      >/dev/null 2>&1 && "$TMP/empty" 2>/dev/null; then
    $cc -g -O1 -D_GNU_SOURCE -fsanitize=thread -pthread -I"$TMP" \
      -I"$GSOCK_SRCDIR/src" -o "$TMP/threads" \
      "$GSOCK_SRCDIR/tests/lib/queue-threads.c" \
      "$GSOCK_SRCDIR/src/core/queue.c" 2>"$TMP/cc.err" || diag "$(cat "$TMP/cc.err")"
    run env TSAN_OPTIONS='exitcode=99 halt_on_error=1' "$TMP/threads"
    is "$status" 0 'four threads push, one runs: every item once, in order, no race'
    test "$status" -eq 0 || diag "$stdout $stderr"
  else
    skip 1 'no ThreadSanitizer here'
  fi
}
judge_queue

run gsock-server --workers=0 1
is "$status" 2 '--workers=0 is refused'
like "$stderr" "^gsock-server: .*--workers: '0' is neither 'auto' nor a number" \
  '... and told why'
run gsock-server --workers=many 1
is "$status" 2 'so is a word'

# The threads are there, as many as were asked for, and the clients in them.
start_server --echo --workers=3 127.0.0.1:0
# A thread takes its name itself.
three_threads ()
{
  test "$(grep -lx gsock-worker "/proc/$SERVER_PID/task/"*/comm | wc -l)" -eq 3
}
ok '--workers=3: three threads have clients' wait_for "$DEADLINE" three_threads
peer "$PORT" <<'END'
import sys
from peers import *
port = int(sys.argv[1])
clients = [socket.create_connection(('127.0.0.1', port)) for _ in range(60)]
for round in range(20):
    for i, client in enumerate(clients):
        client.sendall(b'%d %d\n' % (round, i))
for i, client in enumerate(clients):
    client.shutdown(socket.SHUT_WR)
    got = b''
    while part := client.recv(65536):
        got += part
    assert got == b''.join(b'%d %d\n' % (r, i) for r in range(20)), got
END
is "$status" 0 'sixty clients at once get their own back, all of it'
stop_server
start_server --echo --workers=auto 127.0.0.1:0
run gsock-client "$ADDR" hola
is "$stdout" hola '--workers=auto serves'
stop_server

# Chat crosses threads: each message once to every other client.
start_server --chat --workers=3 127.0.0.1:0
peer "$PORT" <<'END'
import sys
from peers import *
port = int(sys.argv[1])
n = 9
clients = [socket.create_connection(('127.0.0.1', port)) for _ in range(n)]
# A client is in the room when the others hear it: each greets until all have.
files = [client.makefile('rb') for client in clients]
for client in clients:
    client.settimeout(0.1)
heard = [set() for _ in clients]
data = [b'' for _ in clients]
while any(len(h) < n - 1 for h in heard):
    for i, client in enumerate(clients):
        client.sendall(b'in %d\n' % i)
    for i, client in enumerate(clients):
        try:
            while part := client.recv(65536):
                data[i] += part
                if len(heard[i]) < n - 1:
                    heard[i] = {l for l in data[i].split(b'\n')[:-1]}
        except TimeoutError:
            pass
        heard[i] = {l for l in data[i].split(b'\n')[:-1]}
for i, client in enumerate(clients):
    client.settimeout(30)
for turn in range(300):
    for i, client in enumerate(clients):
        client.sendall(b'%d %d\n' % (i, turn))
for i, client in enumerate(clients):
    want = [b'%d %d' % (j, t) for j in range(n) if j != i for t in range(300)]
    while sum(not l.startswith(b'in ') for l in data[i].split(b'\n')[:-1]) < len(want):
        part = client.recv(65536)
        assert part
        data[i] += part
    got = [l for l in data[i].split(b'\n')[:-1] if not l.startswith(b'in ')]
    assert sorted(got) == sorted(want)
    for j in range(n):  # in the order of each sender
        said = [l for l in got if l.startswith(b'%d ' % j)]
        assert said == [b'%d %d' % (j, t) for t in range(300)] or j == i
END
is "$status" 0 'chat: what nine clients say reaches the eight others once, in order'
stop_server

# Printing: one stdout, in the order of each client, and nobody is drowned.
start_server --workers=2 --grace=1h "$TMP/print"
peer "$TMP/print" <<'END'
import sys
from peers import *
clients = []
for _ in range(6):
    client = socket.socket(socket.AF_UNIX)
    client.connect(sys.argv[1])
    clients.append(client)
for i, client in enumerate(clients):
    client.sendall(b''.join(b'%d %d %s\n' % (i, n, b'x' * 500) for n in range(2000)))
    client.close()
quit = socket.socket(socket.AF_UNIX)
quit.connect(sys.argv[1])
quit.sendall(b'quit\n')
END
reap "$SERVER_PID"
is "$status" 0 'the stop word from a thread ends the server'
awk '$1 ~ /^[0-9]$/ { if ($2 != n[$1]++) bad = 1; if (length ($3) != 500) bad = 1 }
  END { for (i = 0; i < 6; i++) if (n[i] != 2000) bad = 1; exit bad }' "$SERVER_OUT"
ok $? 'twelve thousand messages are printed whole, each client in its order'
ok 'the socket file is gone' test ! -e "$TMP/print"

# stdout stuck: clients are held, nothing is lost when it goes on.
mkfifo "$TMP/pipe"
start_held_print ()
{
  rm -f "$TMP/.ready"
  mkfifo "$TMP/.ready"
  exec 7<>"$TMP/pipe"
  gsock-server --ready-fd=3 --workers=2 127.0.0.1:0 3>"$TMP/.ready" \
    >"$TMP/pipe" </dev/null 2>"$TMP/held.err" 7<&- &
  SERVER_PID=$!
  ADDR=$(cat "$TMP/.ready")
}
start_held_print
start_peer "${ADDR##*:}" <<'END'
import sys
from peers import *
client = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
line = b'y' * 1023 + b'\n'
client.setblocking(False)
sent = 0
quiet = time.monotonic() + 0.5
while sent < 64 << 20 and time.monotonic() < quiet:
    try:
        sent += client.send(line * 64)
        quiet = time.monotonic() + 0.5
    except BlockingIOError:
        select.select([], [client], [], 0.05)
print(sent, flush=True)
client.close()
END
ok 'a stuck stdout holds its clients' test "$PEER" -lt 67108864
printed=$(head -c "$PEER" <&7 | wc -c)
is "$printed" "$PEER" '... and all they said is printed when it goes on'
end_peer
kill -TERM "$SERVER_PID"
exec 7<&-
reap "$SERVER_PID"
is "$status" 0 'it ends well'

# Lines of stdin reach the clients of every thread.
mkfifo "$TMP/lines"
exec 6<>"$TMP/lines"
SERVER_STDIN=$TMP/lines
start_server --workers=3 127.0.0.1:0
start_peer "$PORT" <<'END'
import sys
from peers import *
clients = [socket.create_connection(('127.0.0.1', int(sys.argv[1]))) for _ in range(6)]
for client in clients:
    client.sendall(b'here\n')
print('here', flush=True)
for client in clients:
    got = b''
    while not got.endswith(b'last\n'):
        part = client.recv(4096)
        assert part
        got += part
END
all_here () { test "$(grep -c here "$SERVER_OUT")" -eq 6; }
ok 'six clients are there' wait_for "$DEADLINE" all_here
echo first >&6
echo last >&6
end_peer 'lines of stdin reach the clients of all threads'
exec 6>&-
stop_server

# The limits are those of all threads together.
SERVER_STDIN=/dev/null
start_server --echo --workers=2 -m3 --max-per-host=2 -v 127.0.0.1:0
peer "$PORT" <<'END'
import sys
from peers import *
port = int(sys.argv[1])
def call(host):
    s = socket.create_connection(('127.0.0.1', port), source_address=(host, 0))
    s.sendall(b'?')
    return s
a, b = call('127.0.0.1'), call('127.0.0.1')
assert a.recv(1) == b.recv(1) == b'?'
c = call('127.0.0.1')
try:
    assert c.recv(1) == b''
except ConnectionResetError:
    pass
d = call('127.0.0.2')
assert d.recv(1) == b'?'
e = call('127.0.0.3')       # waits in the backlog
e.settimeout(0.2)
try:
    e.recv(1)
    assert False
except TimeoutError:
    pass
a.close()
e.settimeout(30)
assert e.recv(1) == b'?'
END
is "$status" 0 '-m and --max-per-host count over all threads'
# What a thread has sent it counts a moment later.
told ()
{
  kill -USR1 "$SERVER_PID"
  grep -q '^Connections now .*, so far 4; 4 bytes received, 4 bytes sent' \
    "$SERVER_ERR"
}
ok 'SIGUSR1 tells their sums' wait_for "$DEADLINE" told
stop_server

# A drain ends the quiet ones, and cuts the rest after the grace time.
start_server --echo --workers=2 --grace=500ms 127.0.0.1:0
start_peer "$PORT" <<'END'
import sys
from peers import *
clients = [socket.create_connection(('127.0.0.1', int(sys.argv[1]))) for _ in range(8)]
for client in clients:
    client.sendall(b'?')
    assert client.recv(1) == b'?'
print('all in', flush=True)
for client in clients[:4]:      # well-mannered: end when the server does
    while client.recv(1):
        pass
    client.close()
for client in clients[4:]:      # never close
    while client.recv(1):
        pass
END
kill -TERM "$SERVER_PID"
end_peer 'every client of every thread is told the end'
reap "$SERVER_PID"
is "$status" 0 'a drain over threads ends with 0'

done_testing

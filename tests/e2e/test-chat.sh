#! /bin/sh
# test-chat.sh: a message goes to all others; one who does not read loses alone
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"
requires python3

for address in 127.0.0.1:0 "$TMP/socket"; do
  start_server --chat "$address"
  peer "$ADDR" <<'EOP'
from peers import *
members = []
for name in b'ana', b'luis', b'eva':
    sock = connect(sys.argv[1])
    members.append((name, sock))
    # It is in when the others have heard it, and they came before it.
    if len(members) > 1:
        sock.sendall(name + b' is here\n')
    for other, theirs in members[:-1]:
        assert read_line(theirs) == name + b' is here\n'
for name, sock in members:
    sock.sendall(b'hola from ' + name + b'\n')
    for other, theirs in members:
        if theirs is not sock:
            assert read_line(theirs) == b'hola from ' + name + b'\n', other

# Half a line is no message; the last one counts without its end.
ana, luis, eva = [sock for name, sock in members]
ana.sendall(b'ha')
luis.sendall(b'first\n')
assert read_line(eva) == b'first\n'
assert read_line(ana) == b'first\n'
ana.sendall(b'lf\nlast')
ana.shutdown(socket.SHUT_WR)
for theirs in luis, eva:
    assert read_line(theirs) == b'half\n'
    assert read_line(theirs) == b'last\n'

# One that has ended its side still hears; one that has gone harms nobody.
luis.sendall(b'to whom it concerns\n')
assert read_line(eva) == b'to whom it concerns\n'
ana.close()
eva.sendall(b'bye\n')
assert read_line(luis) == b'bye\n'
luis.shutdown(socket.SHUT_WR)
assert read_all(luis) == b'', 'heard itself'
EOP
  is "$status" 0 "all others hear it, in whole messages: $address"
  stop_server
done

# In any frame, and with our own client.
start_server --chat -f netstring 127.0.0.1:0
start_peer "$ADDR" <<'EOP'
from peers import *
sock = connect(sys.argv[1])
print('in', flush=True)
wire = b'4:hola,0:,3:\n,\n,'
assert read_exactly(sock, len(wire)) == wire, 'not that'
sock.sendall(b'6:gracia,')
sock.shutdown(socket.SHUT_WR)
read_all(sock)
EOP
peer "$ADDR" <<'EOP'
from peers import *
sock = connect(sys.argv[1])
sock.sendall(b'4:hola,0:,3:\n,\n,')
assert read_exactly(sock, 9) == b'6:gracia,'
EOP
is "$status" 0 'frames are kept: netstring'
end_peer
stop_server

mkfifo words
exec 5<>words
start_server -v --chat 127.0.0.1:0 5>&-
BG_STDIN=$TMP/words
background ana gsock-client "$ADDR" 5>&-
BG_STDIN=
# Nobody is told what was said before they came.
wait_for "$DEADLINE" grep -q connected "$SERVER_ERR"
printf 'soy ana\n' >&5
peer "$ADDR" <<'EOP'
from peers import *
sock = connect(sys.argv[1])
# Ana may have said hers before we came.
sock.sendall(b'hola ana\n')
wait_until(lambda: 'hola ana' in open('ana.out').read(), 'ana to hear')
EOP
is "$status:$(cat ana.out)" '0:hola ana' 'our client hears the others'
exec 5>&-
reap "$BG_PID"
is "$status" 0 '... and ends well'
stop_server

# One of them never reads.  The others get everything; it is dropped, and told
# in the log with what it lost.
for address in 127.0.0.1:0 "$TMP/socket"; do
  start_server --chat --max-message=64K "$address"
  peer "$ADDR" "$SERVER_PID" "$SERVER_ERR" <<'EOP'
from peers import *
import hashlib
import threading
address, pid, log = sys.argv[1:]
TOTAL = 24 << 20
message = b'%s\n' % (b'x' * 1023)

class Reader(threading.Thread):
    def __init__(self):
        super().__init__(daemon=True)
        self.sock = connect(address)
        self.size, self.right = 0, True
        self.start()
    def run(self):
        while self.size < TOTAL:
            data = self.sock.recv(1 << 16)
            if not data:
                break
            self.right &= data.count(b'\n') == (
                (self.size + len(data)) // 1024 - self.size // 1024)
            self.size += len(data)

readers = [Reader() for n in range(3)]
stuck = connect(address, receive=4096)
speaker = connect(address)
wait_until(lambda: len(os.listdir('/proc/%s/fd' % pid)) > 5)
before = status_field(pid, 'VmHWM')
for n in range(TOTAL // len(message)):
    speaker.sendall(message)
for reader in readers:
    reader.join(DEADLINE)
print(*[reader.size for reader in readers])
print(*[reader.right for reader in readers])
grown = status_field(pid, 'VmHWM') - before
# A sanitizer keeps what was freed.
limit = 262144 if b'libasan' in open('/proc/%s/maps' % pid, 'rb').read() else 8192
print(grown < limit or bool(os.environ['TEST_WRAPPER']) or grown)
wait_until(lambda: 'reads too slowly' in open(log).read(), 'a line of it')
print(len(ended(stuck)) < TOTAL)
speaker.sendall(b'still here\n')
for reader in readers:
    assert read_line(reader.sock) == b'still here\n'
EOP
  is "$stdout" '25165824 25165824 25165824
True True True
True
True' "good readers get 24 MiB beside one who does not read: $address"
  stop_server
  like "$(cat "$SERVER_ERR")" \
    '^gsock-server: .* reads too slowly: [0-9.]+ [kKM]i?B were waiting for it' \
    '... who is dropped, with a line that says what it lost'
  is "$(grep -c 'too slowly' "$SERVER_ERR")" 1 '... and nobody else'
done

# The same for what is typed at a server that prints.
mkfifo typing
exec 5<>typing
SERVER_STDIN=$TMP/typing
start_server 127.0.0.1:0 5>&-
SERVER_STDIN=
start_peer "$ADDR" 5>&- <<'EOP'
from peers import *
stuck = connect(sys.argv[1], receive=4096)
sock = connect(sys.argv[1])
stuck.sendall(b'in\n')
sock.sendall(b'in\n')
print('in', flush=True)
size = 0
while size < 12 << 20:
    size += len(sock.recv(1 << 16))
print(size)
EOP
wait_for "$DEADLINE" grep -q in "$SERVER_OUT"
python3 - >&5 <<'EOP'
import sys
for n in range(12 << 10):
    sys.stdout.buffer.write(b'%s\n' % (b'x' * 1023))
EOP
end_peer 'stdin to all: a reader gets it beside one who does not read'
is "$(tail -n 1 "$PEER_OUT")" "$((12 << 20))" '... every byte'
exec 5>&-
stop_server

# Stdin is kept from who has ended its side, and would get no more, for the next
# one: not a line is missing between them.
python3 - >lines <<'EOF'
for n in range(500000):
    print('%07d' % n)
EOF
for workers in 1 2; do
  SERVER_STDIN=$TMP/lines
  start_server -v --workers=$workers 127.0.0.1:0
  SERVER_STDIN=
  peer "$ADDR" "$SERVER_OUT" "$SERVER_ERR" <<'EOF'
from peers import *
address, out, err = sys.argv[1:]
first = connect(address, receive=4096)
assert select.select([first], [], [], DEADLINE)[0]
first.shutdown(socket.SHUT_WR)
wait_until(lambda: 'has no more to send' in open(err).read(), 'its end')
second = connect(address)
second.sendall(b'in\n')
wait_until(lambda: 'in\n' in open(out).read(), 'it to be in')
got = read_all(first)
assert got.endswith(b'\n') and len(got) < 4000000, len(got)
line = int(read_line(second))
missing = line - len(got) // 8
# A thread may be so late that another has lines already: then it is told.
assert missing == 0 or (
    '%d lines of standard input reached no client' % missing
    in open(err).read()), missing
EOF
  is "$status" 0 "who comes after a half-close gets the next line: \
$workers thread(s)"
  stop_server
done

done_testing

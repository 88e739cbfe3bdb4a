#! /bin/sh
# test-get-progress.sh: what a terminal shows of transfers, and what is left
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"
requires python3

# A server of bodies that stop half way until they may go on, and gsock-get in a
# terminal that changes its width.
cat >watch.py <<'EOP'
from peers import *
import re
import subprocess
import threading

NAME = 'a-name-that-needs-much-room-' + 'x' * 70
ERASE = re.compile(rb'\r\x1b\[(\d+)A\x1b\[J')
go_on = threading.Event()

def answer(sock):
    head = b''
    while not head.endswith(b'\r\n\r\n'):
        head += sock.recv(65536)
    if b'/none' in head:
        sock.sendall(b'HTTP/1.1 404 None\r\nContent-Length: 0\r\n\r\n')
    else:
        sock.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n' + bytes(50000))
        go_on.wait(DEADLINE)
        sock.sendall(bytes(50000))
    while sock.recv(65536):
        pass

def serve(listener):
    while True:
        threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()

listener = listen()
listener.settimeout(None)
threading.Thread(target=serve, args=(listener,), daemon=True).start()
url = 'http://127.0.0.1:%d/' % listener.getsockname()[1]

def widen(t, columns):
    fcntl.ioctl(t.fd, termios.TIOCSWINSZ, struct.pack('HHHH', 24, columns, 0, 0))

def pictures(t):
    """Of each that was drawn: its lines, and how many rows were rubbed out then."""
    parts = ERASE.split(t.shown.replace(b'\r\n', b'\n'))
    return [(parts[i].decode().splitlines(), int(parts[i + 1]))
            for i in range(0, len(parts) - 1, 2)]

def rows(lines, columns):
    return sum(max(-(-len(line) // columns), 1) for line in lines)

def until(t, found):
    """Draws until there is one; what it is."""
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        t.read(0.1)
        result = found(pictures(t))
        if result is not None:
            return result
    sys.exit('not shown: %r' % t.shown)

def first_of(picture):
    return picture[0][0] if picture[0] else ''

def last_longer(columns):
    return lambda drawn: drawn[-1] if drawn and len(first_of(drawn[-1])) > columns else None
EOP

# says WANT TEXT <PROGRAM
says ()
{
  says_want=$1
  PYTHONPATH=$PYTHONPATH:$TMP peer
  is "$(printf '%s\n' "$stdout" | sed 1d)" "$says_want" "$2"
}

says 'True True
0 True' 'a line as wide as there is room, gone at the end' <<'EOP'
from watch import *
t = Terminal(['gsock-get', '-o', 'one', url + NAME])
widen(t, 150)
# A slow one shows it before it knows how much will come, or half of it has.
line = first_of(until(t, lambda drawn: drawn[-1] if drawn and
                      re.search(' 50 %', first_of(drawn[-1])) and
                      len(first_of(drawn[-1])) > 100 else None))
print(NAME in line, len(line) < 150)
go_on.set()
print(t.end(), t.shown.endswith(b'\x1b[J'))
EOP
ok 'and the file is there' test "$(wc -c <one | tr -d ' ')" -eq 100000

# The width may change at any moment, and so between two looks at it: but not
# each time.
says 'True' 'what a narrower terminal has broken is rubbed out whole' <<'EOP'
from watch import *
t = Terminal(['gsock-get', '-o', 'two', url + NAME])
end = time.monotonic() + DEADLINE
good = False
while not good and time.monotonic() < end:
    widen(t, 150)
    until(t, last_longer(100))
    widen(t, 40)
    until(t, lambda drawn: drawn[-1] if 0 < len(first_of(drawn[-1])) < 40 else None)
    drawn = pictures(t)
    good = any(lines and after and len(lines[0]) > 100 and len(after[0]) < 40
               and erased == rows(lines, 40) > 1
               for (lines, erased), (after, _) in zip(drawn, drawn[1:]))
print(good)
go_on.set()
t.end()
EOP

says "0 of 2
8 True 1" 'two, a line for all of them, and errors above' <<'EOP'
from watch import *
t = Terminal(['gsock-get', '-j', '2', '-O', url + 'none', url + 'file'])
until(t, lambda drawn: next((p for p in drawn if len(p[0]) > 1), None))
go_on.set()
status = t.end()
total = [line for lines, _ in pictures(t) for line in lines if ' of 2' in line]
print(re.match(r'\d of \d', total[0]).group(0).replace('1', '0'))
left = ERASE.sub(b'', t.shown)
print(status, t.shown.endswith(b'\x1b[J'), left.count(b'404'))
EOP

says '0 True' 'none where it is not wanted' <<'EOP'
from watch import *
go_on.set()
t = Terminal(['gsock-get', '--no-progress', '-o', 'three', url + NAME])
print(t.end(), t.shown == b'' or t.shown)
EOP

# Who reads a pipe may write to the same terminal, where a line that is rubbed
# out takes theirs with it.
says '0 True 0 0 100000' 'none where the body goes into a pipe' <<'EOP'
from watch import *
os.mkfifo('pipe')
reader = subprocess.Popen(['cat', 'pipe'], stdout=open('piped', 'wb'))
piped = Terminal(['gsock-get', url + NAME], stdout='pipe')
other = Terminal(['gsock-get', '-o', 'four', url + NAME])
until(other, lambda drawn: len(drawn) > 3 or None)
go_on.set()
print(piped.end(), piped.shown == b'' or piped.shown, other.end(), reader.wait(),
      os.path.getsize('piped'))
EOP

done_testing

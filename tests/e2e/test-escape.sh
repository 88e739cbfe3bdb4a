#! /bin/sh
# test-escape.sh: no byte of a peer drives a terminal; a pipe gets every one
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"
requires python3

TERM=dumb
export TERM

# What a terminal must not get, and what is sent to have it so.
cat >nasty.py <<'EOP'
BIDI = [0x61c, 0x200e, 0x200f, *range(0x202a, 0x202f), *range(0x2066, 0x206a)]

NASTY = [
    bytes(range(256)).replace(b'\n', b''),
    b'\x1b]0;a new title\x07',                  # OSC, BEL
    b'\x1b]52;c;Y3VybCBldmlsfHNo\x1b\\',        # OSC 52: the clipboard
    b'\x1b[31mred\x1b[2J\x1b[H',                # CSI
    b'\x9b31mred\x9d0;title\x9c',               # C1, as bytes
    b'\xc2\x9b31mred\xc2\x9d0;title\xc2\x9c',   # C1, in UTF-8
    ''.join(chr(c) for c in BIDI).encode(),
    b'\xe2\x80',                                # cut short
    b'\xc0\x9b \xe0\x80\x9b \xed\xa0\x80',      # overlong, a surrogate
    b'\xf4\x90\x80\x80 \xff\xfe',               # no character at all
    b'back\b\b\b\bover\rwritten\x7f\x0c\x0b\x0e\x0f',
    b'\x05\x1bc\x1bP1$r\x1b\\',                 # answerback, reset, DCS
]
GOOD = 'ñandú ☃ 日本語 \t 🐍'.encode()


def unsafe(shown, utf8=True):
    """What is wrong with bytes that went to a terminal; '' for nothing."""
    shown = shown.replace(b'\r\n', b'\n')
    if not utf8:
        bad = [b for b in shown if b > 0x7e or b < 0x20 and b not in b'\n\t']
        return str(bad) if bad else ''
    try:
        text = shown.decode()
    except UnicodeDecodeError as error:
        return str(error)
    bad = [hex(ord(c)) for c in text
           if ord(c) < 0x20 and c not in '\n\t' or 0x7f <= ord(c) <= 0x9f
           or ord(c) in BIDI]
    return ' '.join(bad)


def restored(text):
    """The bytes that an escaped text stands for."""
    out, i = b'', 0
    while i < len(text):
        if text[i:i + 2] == '\\x':
            out += bytes.fromhex(text[i + 2:i + 4])
            i += 4
        else:
            out += text[i].encode()
            i += 1
    return out
EOP
PYTHONPATH=$PYTHONPATH:$TMP
export PYTHONPATH

# The server's terminal

for options in '' --tag -v -X '-f nul' '-f raw' '-f u32 -vX'; do
  # shellcheck disable=SC2086 # words
  peer $options <<'EOP'
from peers import *
from nasty import *
options = sys.argv[1:]
FRAME = options[1] if options[:1] == ['-f'] else 'line'
def frame(m):
    return (m.replace(b'\0', b'') + b'\0' if FRAME == 'nul' else
            struct.pack('>I', len(m)) + m if FRAME == 'u32' else m + b'\n')
t = Terminal(['gsock-server', *options, '127.0.0.1:0'], stdin='/dev/null')
t.expect('127.0.0.1:')
t.expect('\r\n')
port = t.shown.split(b'127.0.0.1:')[1].split()[0].decode()
sock = connect('tcp:127.0.0.1:' + port)
for message in NASTY:
    sock.sendall(frame(message))
sock.sendall(frame(GOOD))
sock.sendall(frame(b'the end'))
t.expect('the end')
sock.close()
os.kill(t.pid, signal.SIGTERM)
t.end()
print(t.status, unsafe(t.shown))
if GOOD not in t.shown:
    print('what is readable was not shown')
EOP
  is "$status:$stdout" '0:0 ' "the server's terminal gets nothing it obeys: ${options:-as is}"
done

peer <<'EOP'
from peers import *
from nasty import *
os.environ['LC_ALL'] = 'C'
t = Terminal(['gsock-server', '-v', '127.0.0.1:0'], stdin='/dev/null')
t.expect('127.0.0.1:')
t.expect('\r\n')
port = t.shown.split(b'127.0.0.1:')[1].split()[0].decode()
sock = connect('tcp:127.0.0.1:' + port)
sock.sendall(b'\n'.join(NASTY) + b'\n' + GOOD + b'\nthe end\n')
t.expect('the end')
os.kill(t.pid, signal.SIGTERM)
t.end()
print(t.status, unsafe(t.shown, utf8=False))
EOP
is "$status:$stdout" '0:0 ' 'in the C locale it gets ASCII'

# A character that comes in two packets is one; half of one is shown.
peer <<'EOP'
from peers import *
from nasty import *
t = Terminal(['gsock-server', '-f', 'raw', os.environ['TMP'] + '/split'],
             stdin='/dev/null')
t.expect('split\r\n')
sock = connect('unix:' + os.environ['TMP'] + '/split')
for i in range(len(GOOD)):
    sock.sendall(GOOD[i:i + 1])
    wait_until(lambda: unread(sock) == 0)
sock.sendall(b'\xe2\x80')
wait_until(lambda: unread(sock) == 0)
sock.sendall(b'\xae\n\xe2\x80')
wait_until(lambda: unread(sock) == 0)
sock.close()
os.kill(t.pid, signal.SIGTERM)
t.end()
print(t.status, unsafe(t.shown), GOOD in t.shown,
      rb'\xe2\x80\xae' in t.shown, t.shown.count(rb'\xe2\x80'))
EOP
is "$status:$stdout" '0:0  True True 2' 'a stream is escaped in whatever pieces it comes'

# The client's terminal

start_peer <<'EOP'
from peers import *
from nasty import *
import threading
listener = listen()
def serve(sock):
    read_exactly(sock, 1)
    for message in NASTY + [GOOD, b'the end']:
        sock.sendall(message + b'\n')
    read_all(sock)
while True:
    threading.Thread(target=serve, args=[accept(listener)], daemon=True).start()
EOP
peer "$PEER" <<'EOP'
from peers import *
from nasty import *
def check(t, what):
    t.end()
    shown = t.shown
    if what == 'a conversation':
        # The editor's own: carriage returns that clear its line.
        shown = shown.replace(b'\r\n', b'\n').replace(b'\r', b'')
    print(t.status, what, unsafe(shown), GOOD in shown)
t = Terminal(['gsock-client', sys.argv[1], 'x'])
check(t, 'messages')
t = Terminal(['gsock-client', '-v', '--explain', sys.argv[1], 'x'])
check(t, 'explained')
t = Terminal(['gsock-client', '-X', sys.argv[1], 'x'])
check(t, 'dumped')
open('x', 'w').write('x')
t = Terminal(['gsock-client', sys.argv[1]], stdin='x')
check(t, 'a pipe in')
t = Terminal(['gsock-client', sys.argv[1]])
t.expect('> ')
t.type('x\r')
t.expect('< the end')
t.type(b'\x04')
check(t, 'a conversation')
EOP
is "$status:$stdout" '0:0 messages  True
0 explained  True
0 dumped  True
0 a pipe in  True
0 a conversation  True' "the client's terminal gets nothing it obeys"
kill "$PEER_PID"

# Names: a path, a host, an option's value; on a terminal and in a log that is
# none, in each of the ways to write it.

esc=$(printf '\033]0;x\007\302\233\342\200\256')
for options in '' -v --explain -X --quiet; do
  peer "$TMP/$esc" $options <<'EOP'
from peers import *
from nasty import *
path, options = sys.argv[1], sys.argv[2:]
quiet = options == ['--quiet']
t = Terminal(['gsock-server', '--echo', *options, path], stdin='/dev/null')
wait_until(lambda: os.path.exists(path))
sock = connect('unix:' + path)
sock.sendall(b'hola\n')
read_line(sock)
busy = Terminal(['gsock-server', path])
print(busy.end(), unsafe(busy.shown))
client = Terminal(['gsock-client', *options, path, 'hola'])
print(client.end(), unsafe(client.shown))
sock.close()
os.kill(t.pid, signal.SIGTERM)
print(t.end(), unsafe(t.shown))
gone = Terminal(['gsock-client', *options, path, 'hola'])
print(gone.end(), unsafe(gone.shown), gone.shown.count(b'\n') >= 1)
EOP
  is "$status:$stdout" '0:4 
0 
0 
4  True' "a path of escapes is shown escaped: ${options:-as is}"
done

# one_line TEXT: $stderr is a line without controls, C1 or bidi.
one_line ()
{
  printf '%s' "$stderr" >said
  peer <<'EOP'
from nasty import *
said = open('said', 'rb').read()
print(said.count(b'\n'), unsafe(said), said[:6].decode())
EOP
  is "$stdout" '0  gsock-' "$1"
}

run gsock-client "$TMP/$esc
2026-11-22 FAKE" x
is "$status" 4 'a path with a newline and escapes'
one_line '... is one line in a log too'
run gsock-client "$esc" 80 x
isnt "$status" 0 'a host of escapes'
one_line '... is one line'
run gsock-client "--$esc" x
is "$status" 2 'an option of escapes'
one_line '... is one line'
run gsock-client -f "$esc" x
is "$status" 2 'a frame of escapes'
one_line '... is one line'
run gsock-client -w "$esc" x
is "$status" 2 'a time of escapes'
one_line '... is one line'
run gsock-server "--allow=$esc" 0
is "$status" 2 'a rule of escapes'
one_line '... is one line'

start_server -f netstring --discard 127.0.0.1:0
peer "$ADDR" <<'EOP'
from peers import *
sock = connect(sys.argv[1])
sock.sendall(b'\x1b]0;x\x07\xc2\x9b\n2026-11-22 FAKE\xe2\x80\xae')
ended(sock)
EOP
stop_server
stderr=$(grep '^gsock-server' "$SERVER_ERR")
one_line 'what is no frame is shown escaped, in one line'
unlike "$(cat "$SERVER_ERR")" '^2026' '... and makes no line of its own'

# A pipe or a file gets the bytes.

peer <<'EOP'
from nasty import *
open('bytes', 'wb').write(b'\n'.join(NASTY + [GOOD]) + b'\n')
open('all', 'wb').write(bytes(range(256)) * 40)
EOP
for file in bytes all; do
  start_server --once -f raw 127.0.0.1:0
  run gsock-client --send-only "$ADDR" <"$file"
  reap "$SERVER_PID"
  same_bytes "$SERVER_OUT" "$file" "raw: the server's output is what came ($file)"

  SERVER_STDIN=$TMP/$file
  start_server --once -f raw 127.0.0.1:0
  SERVER_STDIN=
  run gsock-client "$ADDR" </dev/null
  reap "$SERVER_PID"
  same_bytes stdout "$file" "... and the client's ($file)"
done
start_server 127.0.0.1:0
gsock-client "$ADDR" <bytes
wait_for "$DEADLINE" cmp -s "$SERVER_OUT" bytes
same_bytes "$SERVER_OUT" bytes 'lines come out as they were'
stop_server

# JSON has every byte.

start_server --echo --record="$TMP/record" --json "$TMP/$esc"
run gsock-client -o "$TMP/record2" "$ADDR" <all
same_bytes stdout all 'all bytes are echoed'
stop_server
peer "$TMP/$esc" record "$SERVER_ERR" record2 <<'EOP'
import base64, json, sys
def lossless(value):
    return (base64.b64decode(value['base64']) if isinstance(value, dict)
            else value.encode())
path, record, log, record2 = sys.argv[1:]
for name in record, record2:
    sums = {'in': b'', 'out': b''}
    for line in open(name, 'rb'):
        assert min(line.rstrip(b'\n')) >= 0x20 and max(line) != 0x7f
        event = json.loads(line.decode())
        if event['event'] == 'data':
            data = lossless(event['data'])
            assert len(data) == event['size']
            sums[event['direction']] += data
    everything = bytes(range(256)) * 40
    print(sums['in'] == everything, sums['out'] == everything)
locals = set()
for line in open(log, 'rb'):
    event = json.loads(line.decode())
    if 'local' in event:
        locals.add(lossless(event['local']))
print(locals == {b'unix:' + path.encode()})
EOP
is "$status:$stdout" '0:True True
True True
True' 'records and JSON are lossless'

done_testing

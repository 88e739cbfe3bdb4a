#! /bin/sh
# test-conversation.sh: a person at a terminal talks with a peer
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"

requires python3

TERM=vt100
XDG_STATE_HOME=$TMP/state
export TERM XDG_STATE_HOME

# A screen is what a person sees: the little of a terminal that a line editor
# asks for, lines as wide as they get.
cat >talk.py <<'EOF'
import os, re, socket, sys, termios
from peers import *
import peers

# Before the shell does, to say why.
DEADLINE = peers.DEADLINE = peers.DEADLINE * 0.8

STEP = re.compile(rb'\x1b\[([?0-9;]*)([A-Za-z])|\x1b[()][0-9A-Z]|\x1b[=>]|'
                  rb'\x00|\x0f|\x07|\r|\n|\x08|[^\x00-\x1f\x7f]+', re.S)

# vt100, as far as readline and we use it.
def screen(shown):
    lines, row, column = [''], 0, 0
    position = 0
    while position < len(shown):
        step = STEP.match(shown, position)
        if not step:
            if len(shown) - position < 8:
                break           # the rest of it is still to come
            sys.exit('what is %r?' % shown[position:position + 20])
        position = step.end()
        text = step.group()
        if step.group(2):
            command = step.group(2)
            if command in b'mhl':
                continue
            count = int(step.group(1) or 0)
            line = lines[row].ljust(column)
            if command == b'K':
                lines[row] = line[:column] if count == 0 else ''
            elif command == b'J':
                lines[row] = line[:column]
                del lines[row + 1:]
            elif command == b'C':
                column += count or 1
            elif command == b'D':
                column = max(0, column - (count or 1))
            elif command == b'A':
                row = max(0, row - (count or 1))
            else:
                sys.exit('what is %r?' % text)
        elif text == b'\r':
            column = 0
        elif text == b'\x08':
            column = max(0, column - 1)
        elif text == b'\n':
            row += 1
            if row == len(lines):
                lines.append('')
        elif text[0] >= 0x20:
            text = text.decode(errors='replace')
            line = lines[row].ljust(column)
            lines[row] = line[:column] + text + line[column + len(text):]
            column += len(text)
    return [line.rstrip(' ') if line != '> ' else line for line in lines]

class Screen(Terminal):
    def lines(self):
        self.read(0.01)
        return screen(self.shown)

    # Until the last lines are these: text, or patterns.
    def wait(self, *want):
        end = time.monotonic() + DEADLINE
        while True:
            got = self.lines()[-len(want):]
            if len(got) == len(want) and all(
                    map(lambda w, g: w.fullmatch(g) if hasattr(w, 'fullmatch')
                        else w == g, want, got)):
                return
            if time.monotonic() > end:
                os.kill(self.pid, signal.SIGKILL)
                sys.exit('want %r\nthe screen has %r\nof %r' %
                         (want, self.lines(), self.shown))

    def enter(self, line):
        self.lines()
        self.seen = len(self.shown)
        self.type(line + '\r')

    def prompt(self):
        self.expect('\n')
        self.expect(PROMPT)

    def attributes(self):
        return termios.tcgetattr(self.fd)

    def is_given_back(self):
        master, slave = pty.openpty()
        fresh = termios.tcgetattr(master)
        os.close(master)
        os.close(slave)
        return self.attributes() == fresh

    # Whether it is edited by us or by the terminal.
    def is_raw(self):
        return not self.attributes()[3] & termios.ICANON

class Talk:
    """A client on a terminal, and what it is connected with."""

    def __init__(self, *options):
        self.listener = listen()
        self.t = Screen(['gsock-client', *options,
                         'tcp:%s:%d' % self.listener.getsockname()])
        self.peer = accept(self.listener)
        self.t.wait(PROMPT)

    def type(self, text):
        self.t.type(text)

    def says(self, text):
        self.peer.sendall(text.encode() if isinstance(text, str) else text)

    # Enter, and the next prompt: what is typed before that is not edited yet.
    def enter(self, line=''):
        self.t.enter(line)
        self.hears(line + '\n')
        self.t.prompt()

    def hears(self, text):
        want = text.encode()
        got = read_exactly(self.peer, len(want))
        assert got == want, (got, want, self.t.shown)

def check(condition, *what):
    if not condition:
        sys.exit(repr(what))

UP, END_OF_INPUT, INTERRUPT, BACKSPACE = '\x1b[A', '\x04', '\x03', '\x7f'
PROMPT = '> '
raw = os.environ['RAW'] == '1'
EOF

# A library that is none: then the terminal's own editing is what is left.
mkdir nothing
for number in 6 7 8 9 10; do
  : >"nothing/libreadline.so.$number"
done
if test -f "$GSOCK_BUILDDIR/config.h"; then
  ways=plain
  ! grep -q '^#define HAVE_READLINE ' "$GSOCK_BUILDDIR/config.h" ||
    ways='readline plain'
else
  ways='plain'
  start_peer <<'EOF'
import os
os.environ['RAW'] = '1'
from talk import *
talk = Talk()
print('readline' if talk.t.is_raw() else 'plain', flush=True)
os.kill(talk.t.pid, signal.SIGKILL)
EOF
  end_peer 'a way to edit is found'
  ! grep -q readline "$PEER_OUT" || ways='readline plain'
fi

for way in $ways; do
  case $way in
    readline) RAW=1; library_path=${LD_LIBRARY_PATH:-} ;;
    plain) RAW=0; library_path=$TMP/nothing ;;
  esac
  export RAW
  with="LD_LIBRARY_PATH=$library_path"

  # say TEXT <PROGRAM: one point
  say ()
  {
    run env "$with" python3 -
    is "$status:$stderr" 0: "$way: $1"
  }

  say 'lines go out, replies come, and at the end all is as it was' <<'EOF'
from talk import *
talk = Talk()
check(talk.t.is_raw() == raw, 'how lines are edited')
talk.enter('hello')
talk.t.wait('> hello', '> ')
talk.says('hi\n')
talk.t.wait('> hello', '< hi', '> ')
talk.enter()
talk.type(END_OF_INPUT)
check(talk.peer.recv(1) == b'', 'half-closed')
talk.t.wait('')
check(talk.t.is_given_back(), 'given back while replies may come')
talk.says('late\nlater\n')
talk.t.wait('< late', '< later', '')
talk.peer.close()
check(talk.t.end() == 0, talk.t.status)
check(talk.t.is_given_back(), 'given back')
check('closed the connection' not in talk.t.text(), 'no need to say')
EOF

  say 'a reply does not break a line half typed' <<'EOF'
from talk import *
talk = Talk()
talk.type('half ty')
talk.t.wait('> half ty')
talk.says('one\ntwo\n')
talk.t.wait('< one', '< two', '> half ty' if raw else '> ')
talk.says('three\n')
talk.t.wait('< one', '< two', '< three', '> half ty' if raw else '> ')
talk.t.enter('ped')
talk.hears('half typed\n')
talk.t.prompt()
talk.type(END_OF_INPUT)
check(talk.peer.recv(1) == b'', 'half-closed')
talk.peer.close()
check(talk.t.end() == 0, talk.t.status)
EOF

  say 'nor do lines of the log' <<'EOF'
from talk import *
talk = Talk('-vX', '--color=never')
talk.type('half ty')
talk.t.wait('> half ty')
talk.says('one\n')
talk.t.wait(re.compile('Connection 1: 4 bytes from 127.0.0.1:[0-9]+'),
            re.compile('< 00000000  6f 6e 65 0a .*'), '< one',
            '> half ty' if raw else '> ')
talk.type('ped\r')
talk.hears('half typed\n')
talk.peer.close()
check(talk.t.end() == 0, talk.t.status)
check(talk.t.is_given_back(), 'given back')
EOF

  say 'nor does what is told of the line itself' <<'EOF'
from talk import *
talk = Talk('-X', '--color=never')
for count in 1, 2:
    talk.type('line\r')
    talk.hears('line\n')
    talk.t.wait('> line',
                re.compile('Connection 1: 5 bytes to 127.0.0.1:[0-9]+'),
                re.compile('> 0000000[05]  6c 69 6e 65 0a .*'), '> ')
talk.peer.close()
check(talk.t.end() == 0, talk.t.status)
EOF

  say 'a peer does not drive the terminal' <<'EOF'
from talk import *
talk = Talk()
talk.says(b'\x1b]0;title\x07\x1b[31mred\x9b2J\xff\rback\n')
talk.t.wait(re.compile(r'< \\x1b]0;title\\x07\\x1b\[31mred.*back'), '> ')
check(b'\x1b]' not in talk.t.shown and b'\x1b[31m' not in talk.t.shown,
      talk.t.shown)
talk.peer.close()
check(talk.t.end() == 0, talk.t.status)
EOF

  say 'Ctrl-C ends it as it ends everything' <<'EOF'
from talk import *
talk = Talk()
talk.type('abc')
talk.t.wait('> abc')
talk.type(INTERRUPT)
check(talk.t.end() == -signal.SIGINT, talk.t.status)
check(talk.t.is_given_back(), 'given back')
check(talk.peer.recv(10) == b'', 'nothing was sent')
EOF

  say 'SIGTERM too, and the shell sees 143' <<'EOF'
from talk import *
talk = Talk()
os.kill(talk.t.pid, signal.SIGTERM)
check(talk.t.end() == -signal.SIGTERM, talk.t.status)
check(talk.t.is_given_back(), 'given back')
EOF

  say 'the end of the peer ends it, and is told' <<'EOF'
from talk import *
talk = Talk()
talk.type('abc')
talk.t.wait('> abc')
talk.says('bye\n')
talk.peer.close()
check(talk.t.end() == 0, talk.t.status)
check(talk.t.is_given_back(), 'given back')
got = [line for line in screen(talk.t.shown) if line]
check(re.fullmatch(r'127\.0\.0\.1:\d+ closed the connection', got[-1]), got)
check(got[-2] == '< bye', got)
EOF

  say 'a reset is an error, told on a terminal that is whole again' <<'EOF'
from talk import *
talk = Talk()
talk.type('abc')
talk.t.wait('> abc')
reset(talk.peer)
check(talk.t.end() == 1, talk.t.status)
check(talk.t.is_given_back(), 'given back')
got = [line for line in screen(talk.t.shown) if line]
check(re.match(r'gsock-client: .* reset the connection', got[-1]), got)
EOF

  say 'what is pasted is sent line by line' <<'EOF'
from talk import *
talk = Talk()
talk.type('one\rtwo\rthree\r')
talk.hears('one\ntwo\nthree\n')
talk.peer.close()
check(talk.t.end() == 0, talk.t.status)
EOF

  say '-n ends it after so many messages, -q some time after Ctrl-D' <<'EOF'
from talk import *
talk = Talk('-n2')
talk.says('one\n')
talk.t.wait('< one', '> ')
talk.says('two\nthree\n')
check(talk.t.end() == 0, talk.t.status)
check(talk.t.is_given_back(), 'given back')
check(b'< two' in talk.t.shown and b'three' not in talk.t.shown, talk.t.shown)
talk = Talk('-q', '50ms')
talk.type(END_OF_INPUT)
check(talk.t.end() == 0, talk.t.status)
talk = Talk('--no-shutdown', '--quit-after=50ms')
talk.enter('one')
talk.type(END_OF_INPUT)
check(talk.t.end() == 0, talk.t.status)
EOF

  say 'lines that could not be sent are told, or waited for' <<'EOF'
from talk import *
address = os.environ['TMP'] + '/slow'
poll = select.poll()
def stuck(scheme, kind, *options):
    if os.path.exists(address):
        os.unlink(address)
    listener = socket.socket(socket.AF_UNIX, kind)
    listener.bind(address)
    if kind != socket.SOCK_DGRAM:
        listener.listen()
    t = Screen(['gsock-client', '--sockopt=sndbuf=2K', *options,
                scheme + ':' + address])
    peer = listener if kind == socket.SOCK_DGRAM else accept(listener)
    t.wait(PROMPT)
    for n in range(30):
        t.type('%03d' % n + 'x' * 300 + '\r')
        t.lines()
    t.prompt()
    # Between two lines the terminal is not readline's, and would swallow it.
    for n in range(5):
        try:
            t.type(END_OF_INPUT)
        except OSError:
            break
        poll.poll(100)
    return t, peer
for scheme, kind in (('unix', socket.SOCK_STREAM),
                     ('unix-dgram', socket.SOCK_DGRAM)):
    t, peer = stuck(scheme, kind, '-q', '50ms')
    check(t.end() == 124, t.status)
    check('Not all could be sent within 50 ms (--quit-after)' in t.text(),
          t.text())
    check(t.is_given_back(), 'given back')
# It would have left after a second without an answer.
t, peer = stuck('unix-dgram', socket.SOCK_DGRAM)
poll.register(t.fd, 0)
poll.poll(1500)
got = [peer.recv(1000)[:3] for n in range(30)]
check(got == [b'%03d' % n for n in range(30)], got)
check(t.end() == 0, t.status)
EOF

  say 'a line that its frame does not carry is refused, and talk goes on' <<'EOF'
from talk import *
talk = Talk('-f', 'u8')
talk.type('x' * 256 + '\r')
talk.t.wait(re.compile("A message of 256 bytes doesn't fit into .*"), '> ')
talk.type('abc\r')
talk.hears('\x03abc')
talk.says('\x02hi')
talk.t.wait('< hi', '> ')
talk.peer.close()
check(talk.t.end() == 0, talk.t.status)
EOF

  say '--reconnect keeps the line, and sends none into the void' <<'EOF'
from talk import *
path = 'unix:' + os.environ['TMP'] + '/again'
os.environ['RAW'] = '1'
if os.path.exists(path[5:]):
    os.unlink(path[5:])
listener = listen(path)
t = Screen(['gsock-client', '--reconnect', path])
peer = accept(listener)
t.wait(PROMPT)
t.type('ab')
t.wait('> ab')
listener.close()
os.unlink(path[5:])
peer.close()
t.wait(re.compile('The connection with .* has ended; trying again in .*'),
       '> ab' if raw else '> ')
t.type('c\r')
t.expect('Not connected; that line was not sent')
t.prompt()
listener = listen(path)
peer = accept(listener)
t.enter('def')
check(read_exactly(peer, 4) == b'def\n', t.shown)
t.prompt()
t.type(END_OF_INPUT)
check(peer.recv(1) == b'', 'half-closed')
peer.close()
check(t.end() == 0, t.status)
check(t.is_given_back(), 'given back')
EOF

  say 'Ctrl-D while there is no connection ends it' <<'EOF'
from talk import *
path = 'unix:' + os.environ['TMP'] + '/gone'
listener = listen(path)
t = Screen(['gsock-client', '--reconnect', path])
peer = accept(listener)
t.wait(PROMPT)
listener.close()
os.unlink(path[5:])
peer.close()
t.expect('trying again')
t.type(END_OF_INPUT)
check(t.end() in (0, 4), t.status, t.shown) # 4: what the last try said
check(t.is_given_back(), 'given back')
EOF
done

case $ways in
  readline*)
    RAW=1
    with=RAW=1
    way=readline
    say 'old lines come back, in the next conversation too' <<'EOF'
from talk import *
history = os.environ['XDG_STATE_HOME'] + '/gsock/history'
talk = Talk()
talk.enter('first')
talk.enter('second')
talk.enter(' secret')
talk.type(UP + UP)
talk.t.wait('> first')
talk.t.enter('')
talk.hears('first\n')
talk.t.prompt()
talk.type(END_OF_INPUT)
talk.peer.recv(1)
talk.peer.close()
check(talk.t.end() == 0, talk.t.status)
check(os.stat(history).st_mode & 0o777 == 0o600, 'mode')
kept = open(history).read().splitlines()[-3:]
check(kept == ['first', 'second', 'first'], kept)
talk = Talk()
talk.type(UP + UP)
talk.t.wait('> second')
talk.t.enter('s')
talk.hears('seconds\n')
talk.t.prompt()
talk.type(INTERRUPT)
check(talk.t.end() == -signal.SIGINT, talk.t.status)
kept = open(history).read().splitlines()[-1]
check(kept == 'seconds', 'kept in spite of Ctrl-C', kept)
EOF

    say 'what stands in place of the history is left as it is' <<'EOF'
from talk import *
history = os.environ['XDG_STATE_HOME'] + '/gsock/history'
def converse(line):
    talk = Talk()
    talk.enter(line)
    talk.type(END_OF_INPUT)
    talk.peer.recv(1)
    talk.peer.close()
    check(talk.t.end() == 0, talk.t.status)
kept = open(history).read()
os.rename(history, 'shared')
os.chmod('shared', 0o644)
os.symlink(os.path.abspath('shared'), history)
converse('linked')
check(open('shared').read() == kept + 'linked\n', 'through a link')
check(os.stat('shared').st_mode & 0o777 == 0o644, 'mode of its target')
os.unlink(history)
os.mkfifo(history)
os.chmod(history, 0o622)
converse('hello')
check(os.stat(history).st_mode & 0o777 == 0o622, 'mode of a FIFO')
os.unlink(history)
device = os.ttyname(pty.openpty()[1])
os.chmod(device, 0o622)
os.symlink(device, history)
converse('hello')
check(os.stat(device).st_mode & 0o777 == 0o622, 'mode of a device')
os.unlink(history)
EOF

    say 'a character is one character' <<'EOF'
from talk import *
talk = Talk()
talk.type('señá')
talk.t.wait('> señá')
talk.type(BACKSPACE + BACKSPACE + 'ñas\r')
talk.hears('señas\n')
talk.says('señal\n')
talk.t.wait('< señal', '> ')
talk.peer.close()
check(talk.t.end() == 0, talk.t.status)
EOF

    say 'a line wider than the terminal stays one line' <<'EOF'
from talk import *
import fcntl, struct
talk = Talk()
fcntl.ioctl(talk.t.fd, termios.TIOCSWINSZ, struct.pack('4H', 24, 40, 0, 0))
os.kill(talk.t.pid, signal.SIGWINCH)
text = ' '.join('word%d' % i for i in range(20))
talk.type(text)
talk.t.expect('word19')
talk.says('meanwhile\n')
talk.t.expect('< meanwhile')
talk.t.expect('word19')
talk.type('\r')
talk.hears(text + '\n')
talk.peer.close()
check(talk.t.end() == 0, talk.t.status)
EOF
    ;;
  *) skip 4 'built without readline' ;;
esac

way=plain
RAW=0
with="LD_LIBRARY_PATH=$TMP/nothing"
say 'a last line without its end is sent' <<'EOF'
from talk import *
talk = Talk()
talk.type('abc')
talk.t.wait('> abc')
talk.type(END_OF_INPUT + END_OF_INPUT)
talk.hears('abc\n')
check(talk.peer.recv(1) == b'', 'half-closed')
talk.peer.close()
check(talk.t.end() == 0, talk.t.status)
EOF

# Our own server at the other end.

start_server --echo 0
run env RAW=1 python3 - "$ADDR" <<'EOF'
from talk import *
t = Screen(['gsock-client', sys.argv[1]])
t.wait(PROMPT)
t.type('hello\r')
t.wait('> hello', '< hello', '> ')
t.type(END_OF_INPUT)
check(t.end() == 0, t.status)
EOF
is "$status:$stderr" 0: 'a person talks with --echo'
stop_server

start_server --chat 0
run env RAW=1 python3 - "$ADDR" <<'EOF'
from talk import *
one = Screen(['gsock-client', sys.argv[1]])
two = Screen(['gsock-client', sys.argv[1]])
one.wait(PROMPT)
two.wait(PROMPT)
# A prompt is there before the server has accepted, which it does in their order.
two.type('knock\r')
one.wait('< knock', '> ')
one.type('who is ')
one.expect('who is ')
two.wait('> knock', '> ')
two.type('still here\r')
one.expect('< still here')
one.enter('there?')
one.prompt()
two.wait('> knock', '> still here', '< who is there?', '> ')
for t in one, two:
    t.type(END_OF_INPUT)
    check(t.end() == 0, t.status)
EOF
is "$status:$stderr" 0: 'two people talk by --chat'
stop_server

# A server in the background leaves the terminal to the shell, and takes what is
# typed once it is in front.
if command -v bash >/dev/null; then
  run env RAW=1 python3 - <<'EOF'
from talk import *
path = os.environ['TMP'] + '/job'
t = Terminal(['bash', '--norc', '--noprofile', '-i'])
t.type('PS1="$ "\n')
t.type('gsock-server %s &\n' % path)
t.expect('Listening on ')
sock = connect('unix:' + path)
sock.sendall(b'one\n')
t.expect('one')
t.type('echo for the sh""ell\n')
t.expect('for the shell')
t.type('fg\n')
t.expect('gsock-server')
t.type('for the clients\n')
check(read_line(sock) == b'for the clients\n', t.shown)
t.type(INTERRUPT)
t.expect('Stopping')
check(sock.recv(1) == b'', t.shown)
sock.close()
t.type('echo status=$?\n')
t.expect('status=0')
t.type('exit\n')
check(t.end() == 0, t.status, t.shown)
EOF
  is "$status:$stderr" 0: 'a server in the background, then in front'
else
  skip 1 'needs bash'
fi

# What is no conversation: a stream that is no terminal.
start_server --echo 0
run env RAW=1 python3 - "$ADDR" <<'EOF'
from talk import *
t = Terminal(['gsock-client', sys.argv[1]], stdout='out')
t.type('piped\n' + END_OF_INPUT)
check(t.end() == 0, t.status)
check(open('out').read() == 'piped\n', open('out').read())
open('in', 'w').write('typed\n')
t = Terminal(['gsock-client', sys.argv[1]], stdin='in')
check(t.end() == 0, t.status)
check(t.text() == 'typed\n', t.text())
EOF
is "$status:$stderr" 0: 'no prompt where one side is no terminal'
stop_server

done_testing

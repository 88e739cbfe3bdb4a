# peers.py: what foreign peers in the shell tests are made of
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Nothing of gsock is in here: sockets as others would use them, with a
deadline on everything, and a terminal to run a program in."""

import array
import errno
import fcntl
import os
import pty
import select
import shutil
import signal
import socket
import struct
import sys
import termios
import time

DEADLINE = float(os.environ.get('GSOCK_TEST_DEADLINE') or
                 (120 if os.environ.get('TEST_WRAPPER') else 30))

socket.setdefaulttimeout(DEADLINE)


def tool_byte_order():
    """Of the machine the tools are made for, '<' or '>', as struct has it: this
    Python may be another's, where they run emulated."""
    tool = shutil.which('gsock-server')
    header = open(tool, 'rb').read(6) if tool else b''
    if header[:4] != b'\x7fELF':
        return '<' if sys.byteorder == 'little' else '>'
    return '>' if header[5] == 2 else '<'


# A C int of that machine, for struct.
INT = tool_byte_order() + 'i'


def wait_until(condition, what='a condition'):
    """Polls until condition() is true and returns what it gave."""
    end = time.monotonic() + DEADLINE
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            sys.exit('waited in vain for ' + what)
        time.sleep(0.005)


# Sockets: an address is written as gsock writes it, tcp:HOST:PORT or
# unix:PATH.

def split(address):
    scheme, rest = address.split(':', 1)
    if scheme == 'unix':
        name = os.fsencode(rest)
        return socket.AF_UNIX, b'\0' + name[1:] if name[:1] == b'@' else name
    host, port = rest.rsplit(':', 1)
    if host.startswith('['):
        return socket.AF_INET6, (host[1:-1], int(port))
    return socket.AF_INET, (host, int(port))


def connect(address, **options):
    """A connected socket; receive=BYTES limits its receive buffer."""
    family, native = split(address)
    sock = socket.socket(family, socket.SOCK_STREAM)
    if 'receive' in options:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF,
                        options['receive'])
    sock.connect(native)
    if family != socket.AF_UNIX:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def listen(address='tcp:127.0.0.1:0', backlog=64):
    """A listening socket.  Its address is the first line of stdout."""
    family, native = split(address)
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.bind(native)
    sock.listen(backlog)
    if family == socket.AF_INET:
        address = 'tcp:%s:%d' % sock.getsockname()
    print(address, flush=True)
    return sock


def accept(listener):
    sock = listener.accept()[0]
    sock.settimeout(DEADLINE)
    if sock.family != socket.AF_UNIX:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def read_all(sock):
    """To the end of file."""
    pieces = []
    while True:
        piece = sock.recv(1 << 16)
        if not piece:
            return b''.join(pieces)
        pieces.append(piece)


def read_exactly(sock, size):
    data = b''
    while len(data) < size:
        piece = sock.recv(size - len(data))
        if not piece:
            break
        data += piece
    return data


def read_line(sock):
    line = b''
    while not line.endswith(b'\n'):
        piece = sock.recv(1)
        if not piece:
            break
        line += piece
    return line


def unread(sock):
    """Bytes we sent that the peer has not taken from its queue (UNIX) or its
    kernel not acknowledged (TCP)."""
    count = array.array('i', [0])
    fcntl.ioctl(sock.fileno(), termios.TIOCOUTQ, count)
    return count[0]


def reset(sock):
    """Closes so that the peer is told ECONNRESET.  On TCP by a RST; on UNIX,
    which has none, by leaving what it sent unread."""
    if sock.family == socket.AF_UNIX:
        wait_until(lambda: select.select([sock], [], [], 0)[0],
                   'bytes to leave unread')
    else:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                        struct.pack('ii', 1, 0))
    sock.close()


def is_closed(sock):
    """Whether the peer has ended its side or reset, without waiting."""
    ready = select.select([sock], [], [], 0)[0]
    try:
        return bool(ready) and not sock.recv(1, socket.MSG_PEEK)
    except OSError:
        return True


def ended(sock):
    """Reads to the peer's end, however it ends; what came before."""
    data = b''
    while True:
        try:
            piece = sock.recv(1 << 16)
        except (ConnectionResetError, BrokenPipeError):
            return data
        if not piece:
            return data
        data += piece


# Processes

def status_field(pid, name):
    """A number of /proc/PID/status: VmHWM in KiB."""
    with open('/proc/%s/status' % pid) as lines:
        for line in lines:
            if line.startswith(name + ':'):
                return int(line.split()[1])
    return 0


def cpu_seconds(pid):
    with open('/proc/%s/stat' % pid) as stat:
        fields = stat.read().rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


class Terminal:
    """A program in a terminal of its own: expect() what it shows, type()
    what a person would.  .shown has every byte of it."""

    def __init__(self, argv, **streams):
        self.shown = b''
        self.seen = 0
        self.status = None
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                # The streams that are no terminal.
                for name, path in streams.items():
                    number = ('stdin', 'stdout', 'stderr').index(name)
                    flags = os.O_RDONLY if number == 0 else (
                        os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
                    os.dup2(os.open(path, flags, 0o600), number)
                for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGPIPE):
                    signal.signal(number, signal.SIG_DFL)
                os.execvp(argv[0], argv)
            finally:
                os._exit(127)

    def read(self, timeout):
        """FALSE at the terminal's end."""
        if select.select([self.fd], [], [], timeout)[0]:
            try:
                piece = os.read(self.fd, 1 << 16)
            except OSError as error:
                if error.errno != errno.EIO:
                    raise
                return False
            self.shown += piece
            return bool(piece)
        return True

    def expect(self, what):
        """Waits for bytes after those of the last expect()."""
        end = time.monotonic() + DEADLINE
        what = what if isinstance(what, bytes) else what.encode()
        while what not in self.shown[self.seen:]:
            alive = self.read(0.1)
            if what in self.shown[self.seen:]:
                break
            if not alive or time.monotonic() > end:
                os.kill(self.pid, signal.SIGKILL)
                sys.exit('%r was not shown: %r' % (what, self.shown))
        self.seen = self.shown.index(what, self.seen) + len(what)

    def type(self, what):
        os.write(self.fd, what if isinstance(what, bytes) else what.encode())

    def end(self):
        """Reads to the end; the program's exit status."""
        end = time.monotonic() + DEADLINE
        while self.read(0.1):
            if time.monotonic() > end:
                os.kill(self.pid, signal.SIGKILL)
                sys.exit('did not end: %r' % self.shown)
        status = os.waitpid(self.pid, 0)[1]
        self.status = os.waitstatus_to_exitcode(status)
        return self.status

    def text(self):
        """What was shown, a terminal's CR LF made a newline."""
        return self.shown.replace(b'\r\n', b'\n').decode(errors='replace')

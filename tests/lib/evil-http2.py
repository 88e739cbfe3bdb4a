# evil-http2.py: a server of HTTP/2 whose every listener breaks it in one way
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# evil-http2.py CERT KEY: prints a line "NAME PORT" for each case, then "ready".
# Frames are written by hand, so any can be wrong.  Nothing of what is asked is
# looked at but for the number of its stream.

import socket
import ssl
import struct
import sys
import threading

DATA, HEADERS, RST, SETTINGS, PUSH, PING, GOAWAY, WINDOW, CONTINUATION = (
    0, 1, 3, 4, 5, 6, 7, 8, 9)
END_STREAM, END_HEADERS = 1, 4
NO_ERROR, PROTOCOL, INTERNAL, REFUSED, CANCEL, CALM, ONE_ONE = (
    0, 1, 2, 7, 8, 11, 13)
BODY = b'hola mundo\n'


def number(value, bits):
    most = (1 << bits) - 1
    if value < most:
        return bytes([value])
    out = bytearray([most])
    value -= most
    while value >= 128:
        out.append(value % 128 + 128)
        value //= 128
    out.append(value)
    return bytes(out)


def text(value):
    return number(len(value), 7) + value


def block(*fields):
    return b''.join(b'\0' + text(n) + text(v) for n, v in fields)


class Connection:
    def __init__(self, sock):
        self.sock = sock
        self.buffer = b''
        if self.take(24) != b'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n':
            raise OSError('no preface')

    def take(self, size):
        while len(self.buffer) < size:
            data = self.sock.recv(65536)
            if not data:
                raise EOFError
            self.buffer += data
        data, self.buffer = self.buffer[:size], self.buffer[size:]
        return data

    def read(self):
        head = self.take(9)
        size = int.from_bytes(head[:3], 'big')
        data = self.take(size)
        if head[3] == SETTINGS and not head[4] & 1:
            self.send(SETTINGS, 1, 0)
        return head[3], head[4], int.from_bytes(head[5:], 'big'), data

    def request(self):
        """The number of the next stream that is opened."""
        while True:
            kind, _, stream, _ = self.read()
            if kind == HEADERS:
                return stream

    def send(self, kind, flags, stream, payload=b''):
        self.sock.sendall(len(payload).to_bytes(3, 'big')
                          + bytes([kind, flags])
                          + stream.to_bytes(4, 'big') + payload)

    def settings(self, *pairs):
        self.send(SETTINGS, 0, 0,
                  b''.join(struct.pack('>HI', *pair) for pair in pairs))

    def head(self, stream, *fields, status=b'200', end=False):
        self.send(HEADERS, END_HEADERS | (END_STREAM if end else 0), stream,
                  block((b':status', status), *fields))

    def data(self, stream, data=BODY, end=False):
        self.send(DATA, END_STREAM if end else 0, stream, data)

    def answer(self, stream):
        self.head(stream, (b'content-length', b'11'))
        self.data(stream, end=True)

    def rst(self, stream, code):
        self.send(RST, 0, stream, struct.pack('>I', code))

    def goaway(self, last, code):
        self.send(GOAWAY, 0, 0, struct.pack('>II', last, code))

    def serve(self):
        while True:
            self.answer(self.request())

    def until_end(self):
        while True:
            self.read()


CASES = {}
count = {}


def case(function):
    CASES[function.__name__] = function
    return function


def fields(name, *pairs, **options):
    """A case whose head has these fields, and whose body is BODY."""
    def run(c, s):
        c.head(s, *pairs, **options)
        c.data(s, end=True)
    CASES[name] = run


@case
def good(c, s):
    c.answer(s)
    c.serve()


@case
def trailers(c, s):
    c.head(s)
    c.data(s)
    c.send(HEADERS, END_HEADERS | END_STREAM, s, block((b'x-sum', b'1')))


@case
def padded(c, s):
    c.head(s, (b'content-length', b'11'))
    c.send(DATA, 8 | END_STREAM, s, b'\x20' + BODY + b'\0' * 32)


@case
def hints(c, s):
    c.head(s, (b'link', b'</x>'), status=b'103')
    c.answer(s)


@case
def pings(c, s):
    c.sock.sendall((b'\0\0\x08\x06\0\0\0\0\0' + b'12345678') * 3000)
    c.answer(s)


@case
def short(c, s):
    c.head(s, (b'content-length', b'20'))
    c.data(s, end=True)


@case
def long(c, s):
    c.head(s, (b'content-length', b'5'))
    c.data(s, end=True)


@case
def unchanged(c, s):
    c.head(s, status=b'304', end=True)


@case
def part(c, s):
    c.head(s, (b'content-range', b'bytes 0-99/1000'), status=b'206')
    c.data(s, end=True)


@case
def bodyless(c, s):
    c.head(s, (b'content-length', b'11'), end=True)


@case
def noend(c, s):
    c.head(s)
    c.data(s)
    c.sock.unwrap()


@case
def noendcl(c, s):
    c.head(s, (b'content-length', b'20'))
    c.data(s)
    c.sock.unwrap()


@case
def allbutend(c, s):
    c.head(s, (b'content-length', b'11'))
    c.data(s)
    c.sock.unwrap()


@case
def tlscut(c, s):
    c.head(s)
    c.data(s)
    c.sock = socket.socket(fileno=c.sock.detach())
    c.sock.close()


@case
def nothing(c, s):
    c.sock.unwrap()


@case
def reset(c, s):
    c.head(s, (b'content-length', b'20'))
    c.data(s)
    c.rst(s, INTERNAL)
    c.until_end()


@case
def reset0(c, s):
    c.head(s)
    c.data(s)
    c.rst(s, NO_ERROR)
    c.until_end()


@case
def cancel(c, s):
    c.rst(s, CANCEL)
    c.until_end()


@case
def oneone(c, s):
    c.rst(s, ONE_ONE)
    c.until_end()


@case
def refuses(c, s):
    while True:
        c.rst(s, REFUSED)
        s = c.request()


@case
def refuses1(c, s):
    c.rst(s, REFUSED)
    c.serve()


@case
def goaway(c, s):
    c.goaway(0, NO_ERROR)
    c.until_end()


@case
def goaway1(c, s):
    count['goaway1'] = count.get('goaway1', 0) + 1
    if count['goaway1'] == 1:
        c.goaway(0, NO_ERROR)
        c.until_end()
    c.answer(s)
    c.serve()


@case
def refusesonce(c, s):
    count['refusesonce'] = count.get('refusesonce', 0) + 1
    if count['refusesonce'] == 1:
        c.rst(s, REFUSED)
        c.until_end()
    c.answer(s)


@case
def goawaydone(c, s):
    c.goaway(s, NO_ERROR)
    c.answer(s)
    c.until_end()


@case
def calm(c, s):
    c.head(s, (b'content-length', b'20'))
    c.data(s)
    c.goaway(s, CALM)
    c.sock.unwrap()


@case
def hpackbomb(c, s):
    big = b'\x40' + text(b'x-big') + text(b'y' * 4000)
    c.send(HEADERS, END_HEADERS, s,
           block((b':status', b'200')) + big + b'\xbe' * 12000)
    c.until_end()


@case
def continuations(c, s):
    c.send(HEADERS, 0, s, block((b':status', b'200')))
    for _ in range(40):
        c.send(CONTINUATION, 0, s,
               block(*[(b'x-%d' % i, b'y' * 100) for i in range(140)]))
    c.until_end()


fields('connection', (b'connection', b'close'))
fields('chunked', (b'transfer-encoding', b'chunked'))
fields('upper', (b'X-Up', b'1'))
fields('crlf', (b'x-a', b'1\r\nx-b: 2'))
fields('nul', (b'x-a', b'1\x002'))
fields('badname', (b'x a', b'1'))
fields('twocl', (b'content-length', b'11'), (b'content-length', b'11'))
fields('negcl', (b'content-length', b'-5'))
fields('wordcl', (b'content-length', b'eleven'))
fields('hugecl', (b'content-length', b'99999999999999999999999'))
fields('twostatus', (b':status', b'200'))
fields('latestatus', (b'x-a', b'1'), (b':status', b'200'))
fields('badstatus', status=b'2x0')
fields('path', (b':path', b'/'))


@case
def nostatus(c, s):
    c.send(HEADERS, END_HEADERS, s, block((b'x-a', b'1')))
    c.data(s, end=True)


@case
def interims(c, s):
    for _ in range(100):
        c.head(s, status=b'100')
    c.until_end()


@case
def interimend(c, s):
    c.head(s, status=b'103', end=True)
    c.until_end()


@case
def headless(c, s):
    c.data(s, end=True)
    c.until_end()


@case
def twoheads(c, s):
    c.head(s)
    c.head(s)
    c.data(s, end=True)
    c.until_end()


@case
def push(c, s):
    c.send(PUSH, END_HEADERS, s, struct.pack('>I', 2) + block((b':path', b'/')))
    c.until_end()


@case
def one(c, s):
    c.sock.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n' + BODY)
    c.until_end()


@case
def bigframe(c, s):
    c.sock.sendall(b'\x10\0\0\0\0' + s.to_bytes(4, 'big'))
    c.until_end()


@case
def hpack(c, s):
    c.send(HEADERS, END_HEADERS, s, b'\xff\xff\xff\x0f')
    c.until_end()


@case
def other(c, s):
    c.head(s + 1)
    c.until_end()


@case
def window(c, s):
    for _ in range(2):
        c.send(WINDOW, 0, 0, struct.pack('>I', 0x7fffffff))
    c.until_end()


@case
def drip(c, s):
    c.head(s)
    c.data(s)
    c.until_end()


@case
def upload(c, s):
    """Takes what it is sent bit by bit, and says nothing before its end."""
    ended = False
    while not ended:
        kind, flags, _, data = c.read()
        if kind == DATA:
            ended = flags & END_STREAM
            threading.Event().wait(0.05)
            for stream in (0, s):
                c.send(WINDOW, 0, stream, struct.pack('>I', max(len(data), 1)))
    c.answer(s)


def limit(c):
    """One stream at a time: once that is told, a second one ends all."""
    known = False
    c.settings((3, 1))
    s = c.request()
    while True:
        c.head(s)
        c.send(PING, 0, 0, b'12345678')
        while True:
            kind, flags, other, _ = c.read()
            if kind == HEADERS and known:
                raise OSError('a second stream')
            if kind == HEADERS:
                c.rst(other, REFUSED)
            if kind == PING and flags & 1:
                break
        known = True
        c.data(s, end=True)
        s = c.request()


def never(c):
    c.settings((3, 0))
    c.until_end()


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])
context.set_alpn_protocols(['h2'])


def serve(sock, run, waits):
    try:
        sock = context.wrap_socket(sock, server_side=True)
        c = Connection(sock)
        if waits:
            c.settings()
            run(c, c.request())
            c.until_end()
        else:
            run(c)
    except (OSError, EOFError, ValueError):
        pass
    finally:
        try:
            c.sock.close()
        except (OSError, NameError, UnboundLocalError):
            sock.close()


def listen(name, run, waits):
    listener = socket.create_server(('127.0.0.1', 0), backlog=64)
    print(name, listener.getsockname()[1])

    def loop():
        while True:
            threading.Thread(target=serve, daemon=True,
                             args=(listener.accept()[0], run, waits)).start()
    threading.Thread(target=loop, daemon=True).start()


for name, run in CASES.items():
    listen(name, run, True)
listen('limit', limit, False)
listen('never', never, False)
print('ready', flush=True)
threading.Event().wait()

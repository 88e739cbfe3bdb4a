# evil-http.py: a web server that does everything wrong, a path for each wrong
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prints "PORT OTHER" when it is ready: the same on two ports of 127.0.0.1,
which are two origins.  /_log gives the heads of all requests so far, with the
port that each came to before it.  It ends with the test that started it."""

import gzip
import random
import socket
import sys
import threading
import zlib

HOSTS = ('127.0.0.1', '127.0.0.1')
HELLO = b'hola mundo\n'
BIG = bytes(range(256)) * 4096
OK = b'HTTP/1.1 200 OK\r\n'
CHUNKED = OK + b'Transfer-Encoding: chunked\r\n\r\n'

ports = []
log = []
counts = {}
lock = threading.Lock()


def whole(body, *fields, status='200 OK'):
    head = ['HTTP/1.1 ' + status, 'Content-Length: %d' % len(body), *fields]
    return '\r\n'.join(head).encode('latin-1') + b'\r\n\r\n' + body


def coded(body, coding):
    return whole(body, 'Content-Encoding: ' + coding)


def length(text, body=HELLO):
    return OK + b'Content-Length: ' + text + b'\r\n\r\n' + body


# What is sent, and then the connection is closed.
RAW = {
    # Bodies that are not what they say
    'shortcl': length(b'20'),
    'nobody': length(b'11', b''),
    'twocl': OK + b'Content-Length: 3\r\nContent-Length: 5\r\n\r\n' + HELLO,
    'listcl': length(b'3, 5'),
    'negcl': length(b'-5'),
    'pluscl': length(b'+11'),
    'hexcl': length(b'0xb'),
    'emptycl': length(b''),
    'wordcl': length(b'eleven'),
    'spacecl': length(b'1 1'),
    'hugecl': length(b'99999999999999999999999'),
    'hugecl64': length(b'18446744073709551627'),
    'lastchunk': CHUNKED + b'b\r\nhola mundo\n\r\n',
    'shortchunk': CHUNKED + b'14\r\nhola mundo\n',
    'midchunk': CHUNKED + b'b\r\nhola mundo\n\r\nb\r\nhola',
    'midsize': CHUNKED + b'b\r\nhola mundo\n\r\n1',
    'badchunk': CHUNKED + b'ZZ\r\nhola mundo\n\r\n0\r\n\r\n',
    'negchunk': CHUNKED + b'-b\r\nhola mundo\n\r\n0\r\n\r\n',
    'pluschunk': CHUNKED + b'+b\r\nhola mundo\n\r\n0\r\n\r\n',
    'hexchunk': CHUNKED + b'0xb\r\nhola mundo\n\r\n0\r\n\r\n',
    'emptychunk': CHUNKED + b'\r\nhola mundo\n\r\n0\r\n\r\n',
    'hugechunk': CHUNKED + b'FFFFFFFFFFFFFFFF\r\nhola mundo\n',
    'hugechunk2': CHUNKED + b'1000000000000000b\r\nhola mundo\n\r\n0\r\n\r\n',
    'longchunk': CHUNKED + b'b;' + b'x' * 300000 + b'\r\n',
    'chunkend': CHUNKED + b'b\r\nhola mundo\nXX0\r\n\r\n',
    'notrailend': CHUNKED + b'b\r\nhola mundo\n\r\n0\r\n',
    'badtrailer': CHUNKED + b'b\r\nhola mundo\n\r\n0\r\nno colon\r\n\r\n',
    'trailerflood': CHUNKED + b'b\r\nhola mundo\n\r\n0\r\n'
                    + b'X: y\r\n' * 100000,
    'unknownte': OK + b'Transfer-Encoding: braid\r\n\r\n' + HELLO,
    'twochunked': OK + b'Transfer-Encoding: chunked, chunked\r\n\r\n'
                  b'b\r\nhola mundo\n\r\n0\r\n\r\n',
    'tecl': OK + b'Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n'
            b'b\r\nhola mundo\n\r\n0\r\n\r\n',
    # Heads
    'nothing': b'',
    'garbage': b'\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 no http\r\n\r\n',
    'ssh': b'SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n',
    'http99': b'HTTP/9.9 200 OK\r\nContent-Length: 11\r\n\r\n' + HELLO,
    'status20': b'HTTP/1.1 20 OK\r\nContent-Length: 11\r\n\r\n' + HELLO,
    'status2000': b'HTTP/1.1 2000 OK\r\nContent-Length: 11\r\n\r\n' + HELLO,
    'statusminus': b'HTTP/1.1 -20 OK\r\nContent-Length: 11\r\n\r\n' + HELLO,
    'status000': b'HTTP/1.1 000 OK\r\nContent-Length: 11\r\n\r\n' + HELLO,
    'cuthead': OK + b'Content-Len',
    'nulhdr': OK + b'X-Nul: a\0b\r\nContent-Length: 11\r\n\r\n' + HELLO,
    'barecr': OK + b'X-Cr: a\rContent-Length: 3\r\nContent-Length: 11\r\n\r\n'
              + HELLO,
    'nocolon': OK + b'what is this\r\nContent-Length: 11\r\n\r\n' + HELLO,
    'noname': OK + b': nobody\r\nContent-Length: 11\r\n\r\n' + HELLO,
    'foldfirst': OK + b' folded\r\nContent-Length: 11\r\n\r\n' + HELLO,
    'spacecolon': OK + b'Content-Length : 11\r\n\r\n' + HELLO,
    'spacename': OK + b'Content Length: 11\r\n\r\n' + HELLO,
    'hdrflood': OK + b'X-Flood: ' + b'x' * 1000000,
    'hdrmany': OK + b'X: y\r\n' * 100000,
    'statusflood': b'HTTP/1.1 200 ' + b'x' * 1000000,
    'unchanged': b'HTTP/1.1 304 Not Modified\r\n\r\n',
    'nowhere': whole(HELLO, status='302 Found'),
    'switch': b'HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n',
    # Codings
    'nogzip': coded(HELLO, 'gzip'),
    'cutgzip': coded(gzip.compress(BIG)[:-9], 'gzip'),
    'sumgzip': coded(gzip.compress(BIG)[:-8] + b'\0' * 8, 'gzip'),
    'moregzip': coded(gzip.compress(HELLO) + b'more', 'gzip'),
    'cutdeflate': coded(zlib.compress(HELLO)[:-1], 'deflate'),
    'nobr': coded(b'\xff' * 20, 'br'),
    'nozstd': coded(HELLO, 'zstd'),
    'nocoding': coded(HELLO, 'sdch'),
    'codings': coded(HELLO, ', '.join(['gzip'] * 20)),
    # Odd, and right
    'hola': whole(HELLO),
    'gzip': coded(gzip.compress(HELLO), 'gzip'),
    'members': coded(gzip.compress(HELLO[:4]) + gzip.compress(HELLO[4:]),
                     'x-gzip'),
    'deflate': coded(zlib.compress(HELLO), 'deflate'),
    'rawdeflate': coded(zlib.compress(HELLO)[2:-4], 'deflate'),
    'twice': coded(gzip.compress(zlib.compress(HELLO)), 'deflate, gzip'),
    'barelf': b'HTTP/1.1 200 OK\nContent-Length: 11\n\n' + HELLO,
    'fold': OK + b'X-Fold: a\r\n b\r\nContent-Length: 11\r\n\r\n' + HELLO,
    'noreason': b'HTTP/1.1 200\r\nContent-Length: 11\r\n\r\n' + HELLO,
    'nocontent': b'HTTP/1.1 204 No Content\r\nContent-Length: 11\r\n\r\n',
    'samecl': OK + b'Content-Length: 11\r\nContent-Length: 11\r\n\r\n' + HELLO,
    'eof': OK + b'\r\n' + HELLO,
    'http10': b'HTTP/1.0 200 OK\r\n\r\n' + HELLO,
    'chunked': CHUNKED + b'4;x=y\r\nhola\r\n7\r\n mundo\n\r\n0\r\nT: u\r\n\r\n',
    'interim': b'HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n' * 3
               + whole(HELLO),
    'bighead': OK + b'X-Big: ' + b'x' * 90000
               + b'\r\nContent-Length: 11\r\n\r\n' + HELLO,
    'escapes': b'HTTP/1.1 404 \x1b]0;owned\x07\x9b31m\r\n'
               b'Content-Length: 0\r\n\r\n',
}

# Where the answer is that it is elsewhere.
REDIRECTS = {
    'file': 'file:///etc/passwd',
    'data': 'data:text/plain,hola',
    'ftp': 'ftp://127.0.0.1/hola',
    'scheme': 'gsock-x:y',
    'self': '/to/self',
    'circle1': '/to/circle2',
    'circle2': '/to/circle1',
    'nourl': 'http://[::1/',
    'nohost': 'http:///hola',
    'crlf': '/hola\tX: y',
    'near': '/seen',
    'far': 'http://127.0.0.1:%(other)s/seen',
    'back': 'http://127.0.0.1:%(other)s/to/near2',
    'near2': 'http://127.0.0.1:%(other)s/seen',
    'user': 'http://eve:secret@127.0.0.1:%(port)s/seen',
}


def bomb():
    """2 GiB of zeros in 2 MB, as many gzip members."""
    member = gzip.compress(bytes(16 << 20))
    return coded(member * 128, 'gzip')


def part(first, tag, total, *fields):
    if first >= len(BIG):
        return whole(b'', 'Content-Range: bytes */%d' % total, status='416 No')
    return whole(BIG[first:], 'ETag: ' + tag,
                 'Content-Range: bytes %d-%d/%d' % (first, len(BIG) - 1, total),
                 *fields, status='206 Partial Content')


def piece(span, body, version='HTTP/1.1', chunks=False):
    """A part that tells no length but that of the SPAN."""
    head = [version + ' 206 Partial Content', 'ETag: "v1"',
            'Content-Range: bytes ' + span]
    if chunks:
        head.append('Transfer-Encoding: chunked')
        body = b'%x\r\n%b\r\n0\r\n\r\n' % (len(body), body)
    return '\r\n'.join(head).encode() + b'\r\n\r\n' + body


def ranged(rest):
    """/range/SPAN/TOTAL/SIZE[/LENGTH]: a part whose body has SIZE bytes."""
    span, total, size, *said = rest.split('/')
    sent = piece(span + '/' + total, b'x' * int(size))
    if said:
        sent = sent.replace(b'\r\n', b'\r\nContent-Length: %d\r\n' % int(said[0]), 1)
    return sent


def resume(name, head):
    """/resume/NAME: the first time half of BIG; then what NAME says."""
    with lock:
        first_time = 'range' not in head and name not in counts
        counts.setdefault(name, 1)
    tag = '"v1"'
    half = len(BIG) // 2
    if first_time:
        fields = {'none': '', 'weak': 'ETag: W/"v1"\r\n',
                  'date': 'Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n'
                          'Date: Mon, 07 Nov 1994 08:49:37 GMT\r\n',
                  'fresh': 'Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n'
                           'Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n',
                  'dateless': 'Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT'
                              '\r\n'}
        fields['redated'] = fields['date']
        return (OK + b'Content-Length: %d\r\n' % len(BIG)
                + fields.get(name, 'ETag: "v1"\r\n').encode()
                + b'\r\n' + BIG[:half])
    span = head.get('range', '')
    if not span:
        return whole(BIG, 'ETag: ' + tag)
    begin = int(span.split('=')[1].split('-')[0])
    if name == 'changed':
        return whole(b'new ' * 1000, 'ETag: "v2"')
    if name == 'liar':  # another version, as if it were the same
        return part(begin, '"v2"', len(BIG))
    if name == 'gone':
        return whole(b'', 'Content-Range: bytes */100', status='416 No')
    if name == 'wrongstart':
        return part(begin - 1, tag, len(BIG))
    if name == 'wrongtotal':
        return part(begin, tag, len(BIG) + 1)
    if name == 'norange':
        return whole(BIG[begin:], 'ETag: ' + tag, status='206 Partial Content')
    if name == 'badrange':
        return whole(BIG[begin:], 'ETag: ' + tag,
                     'Content-Range: bytes x-y/z', status='206 Partial Content')
    if name == 'whole':
        return whole(BIG, 'ETag: ' + tag)
    if name.startswith('ends'):  # by the connection's end, after ten bytes
        return piece('%d-%d/%d' % (begin, len(BIG) - 1, len(BIG)),
                     BIG[begin:begin + 10], 'HTTP/1.0' if name == 'ends10'
                     else 'HTTP/1.1', chunks=name == 'endschunks')
    if name == 'long':
        return piece('%d-%d/%d' % (begin, len(BIG) - 1, len(BIG)), BIG,
                     chunks=True)
    if name == 'starshort':
        return piece('%d-%d/*' % (begin, begin + 9), BIG[begin:begin + 10])
    if name == 'star':
        return piece('%d-%d/*' % (begin, len(BIG) - 1), BIG[begin:])
    if name == 'redated':  # another version, as if it were the same
        return whole(b'y' * (len(BIG) - begin),
                     'Last-Modified: Mon, 07 Nov 1994 08:49:37 GMT',
                     'Content-Range: bytes %d-%d/%d'
                     % (begin, len(BIG) - 1, len(BIG)),
                     status='206 Partial Content')
    if name == 'date' and 'if-range' not in head:
        return whole(BIG)
    return part(begin, tag, len(BIG))


def random_cut(name, head):
    """/cut/SEED: the first ten times cut where chance will have it."""
    with lock:
        dice = counts.setdefault(name, random.Random(name))
        times = counts[name, 'times'] = counts.get((name, 'times'), 0) + 1
        size = dice.randrange(len(BIG) // 5)
    span = head.get('range', '')
    begin = int(span.split('=')[1].split('-')[0]) if span else 0
    sent = (part(begin, '"v1"', len(BIG)) if span
            else whole(BIG, 'ETag: "v1"'))
    body = sent.index(b'\r\n\r\n') + 4
    return sent[:body + size] if times <= 10 else sent


def hang(sock, name, head):
    """/hang/NAME: the first time half of it, and then nothing."""
    with lock:
        counts[name] = counts.get(name, 0) + 1
        times = counts[name]
    if times > 1:
        return resume('good', {'range': head['range']})
    sock.sendall(whole(BIG, 'ETag: "v1"')[:-(len(BIG) // 2)])
    return never(sock)


def drip(sock):
    """A byte now and then, for ever."""
    sock.sendall(b'HTTP/1.1 200 OK\r\nX-Drip: ')
    sock.settimeout(0.05)
    while True:
        try:
            if not sock.recv(1):
                return
        except TimeoutError:
            sock.sendall(b'x')


def never(sock):
    sock.recv(1)


def endless(sock, piece):
    while True:
        sock.sendall(piece)


def reset(sock):
    sock.sendall(length(b'1000'))
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b'\1\0\0\0\0\0\0\0')


ENDLESS = {
    'interims': b'HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n' * 100,
    'heads': b'X-More: of the same\r\n' * 100,
    'trailers': b'X-More: of the same\r\n' * 100,
    'chunks': b'1\r\nx\r\n' * 1000,
}
BEFORE = {'heads': OK, 'trailers': CHUNKED + b'0\r\n', 'chunks': CHUNKED}


def answer(sock, port, target, head):
    path = target.partition('?')[0]
    first, _, rest = path[1:].partition('/')
    other = ports[1] if port == ports[0] else ports[0]
    if first == '_log':
        with lock:
            return whole(''.join(log).encode('latin-1'))
    if first == 'seen':
        return whole(HELLO)
    if first == 'to':
        where = REDIRECTS[rest] % {'port': port, 'other': other}
        return whole(b'elsewhere', 'Location: ' + where, status='302 Found')
    if first == 'keep':
        where = REDIRECTS[rest] % {'port': port, 'other': other}
        return whole(b'', 'Location: ' + where, status='307 Temporary')
    if first == 'count':
        return whole(b'', 'Location: /count/%d' % (int(rest) + 1),
                     status='302 Found')
    if first == 'resume':
        return resume(rest, head)
    if first == 'range':
        return ranged(rest)
    if first == 'cut':
        return random_cut(rest, head)
    if first == 'name':
        return whole(HELLO, 'Content-Disposition: attachment; '
                     'filename="../../evil"')
    if first == 'hang':
        return hang(sock, rest, head)
    if first == 'bomb':
        return bomb()
    if first == 'endless':
        sock.sendall(BEFORE.get(rest, b''))
        return endless(sock, ENDLESS[rest])
    if first in ('drip', 'never', 'reset'):
        return globals()[first](sock)
    return RAW.get(first) if first in RAW else whole(b'', status='404 None')


def serve(sock, port):
    with sock:
        try:
            data = b''
            while b'\r\n\r\n' not in data:
                more = sock.recv(65536)
                if not more:
                    return
                data += more
            text = data.partition(b'\r\n\r\n')[0].decode('latin-1')
            lines = text.split('\r\n')
            head = {name.lower(): value.strip() for name, _, value in
                    (line.partition(':') for line in lines[1:])}
            target = lines[0].split(' ')[1]
            if target != '/_log':
                with lock:
                    log.append('%d %s\n\n' % (port, '\n'.join(lines)))
            sent = answer(sock, port, target, head)
            if sent is not None:
                sock.sendall(sent)
                # So that bytes of ours unread by the peer aren't lost to a
                # reset: its end first.
                sock.shutdown(socket.SHUT_WR)
                while sock.recv(65536):
                    pass
        except OSError:
            pass


def accept(listener, port):
    while True:
        sock, _ = listener.accept()
        sock.settimeout(60)
        threading.Thread(target=serve, args=(sock, port), daemon=True).start()


def main():
    for host in HOSTS:
        listener = socket.create_server((host, 0), backlog=128)
        ports.append(listener.getsockname()[1])
        threading.Thread(target=accept, args=(listener, ports[-1]),
                         daemon=True).start()
    print(*ports, flush=True)
    threading.Event().wait()


if __name__ == '__main__':
    sys.exit(main())

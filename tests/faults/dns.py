# dns.py: N2: answers of a name server that lies, or has nothing to say
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

import threading

from faults import *

A, CNAME, AAAA = 1, 5, 28


def name_of(labels):
    return b''.join(bytes([len(l)]) + l for l in labels.split(b'.') if l) + b'\0'


def record(kind, data, owner=b'\xc0\x0c'):
    return owner + struct.pack('>HHIH', kind, 1, 60, len(data)) + data


def answer(query):
    """Of each name what it is called after."""
    end = query.index(b'\0', 12)
    kind = struct.unpack('>H', query[end + 1:end + 3])[0]
    name, at, labels = query[12:end + 1], 12, []
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]])
        at += 1 + query[at]
    what, records, code = labels[0].decode(), [], 0
    if what == 'nxdomain':
        code = 3
    elif what == 'servfail':
        code = 2
    elif what == 'many' and kind == A:
        records = [record(A, bytes([127, 0, 9, i])) for i in range(50)]
    elif what == 'zero' and kind == A:
        records = [record(A, bytes(4))]
    elif what == 'zero6' and kind == AAAA:
        records = [record(AAAA, bytes(16))]
    elif what == 'mapped' and kind == AAAA:
        records = [record(AAAA, bytes(10) + b'\xff\xff' + bytes([127, 0, 0, 1]))]
    elif what == 'circle':
        records = [record(CNAME, name)]
    elif what == 'chain':
        owners = [name] + [name_of(b'c%d.test' % i) for i in range(40)]
        records = [record(CNAME, owners[i + 1], owners[i]) for i in range(40)]
        if kind == A:
            records.append(record(A, bytes([127, 0, 0, 1]), owners[-1]))
    elif what == 'short' and kind == A:
        records = [record(A, b'\x7f')]
    elif what == 'pointer':
        records = [record(A, bytes([127, 0, 0, 1]), b'\xff\xff')]
    elif what == 'wrongid':
        query = bytes([query[0] ^ 255]) + query[1:]
    elif what == 'garbage':
        return query[:2] + b'\x81\x80' + b'\xff' * 60
    head = query[:2] + struct.pack('>HHHHH', 0x8180 | code, 1, len(records), 0,
                                   0)
    return head + query[12:end + 5] + b''.join(records)


def serve(sock):
    while True:
        try:
            query, peer = sock.recvfrom(4096)
        except OSError:
            return
        if query == b'end':
            return
        try:
            sock.sendto(answer(query)[:4000], peer)
        except (ValueError, IndexError, OSError):
            pass


@case('N2', 'name servers that say no, nothing, too much, and nonsense',
      'each has its status and its cause, within the time limit',
      'socat, ncat and nc have one sentence for all')
def answers_of(t):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(('127.0.0.1', 0))
    sock.settimeout(None)
    thread = threading.Thread(target=serve, args=(sock,), daemon=True)
    thread.start()
    where = '127.0.0.1:%d' % sock.getsockname()[1]
    said = set()
    server = t.server('--quiet', '--discard', '127.0.0.1:0')
    port = server.address.rsplit(':', 1)[1]
    rows = (('nxdomain', (3,)), ('servfail', (3, 8)), ('none', (3, 8)),
            ('many', (4,)), ('zero', (0, 4, 6)), ('zero6', (0, 4, 6)),
            ('mapped', (0,)), ('circle', (3, 8)), ('chain', (0, 3)),
            ('short', (1,)), ('pointer', (1,)), ('wrongid', (3, 124)),
            ('garbage', (3, 8, 124)))
    late = []
    for name, wanted in rows:
        begun = time.monotonic()
        client = t.start('gsock-client', '-w', '3s', '--dns-server', where,
                         '--send-only', name + '.test', port, 'hola')
        status = client.wait()
        took = time.monotonic() - begun
        if took > 3.5:
            late.append(name)
        t.ok(status in wanted and (status == 0 or one_line(client.err())),
             '%s: exit %d: %s' % (name, status, client.err().strip()[:200]))
        if status != 0:
            said.add(client.err().replace(name, 'NAME'))
    t.figure('%d of %d in time, %d different sentences' % (
        len(rows) - len(late), len(rows), len(said)), not late)
    sock.sendto(b'end', sock.getsockname())
    thread.join(1)

# padded-dns.py: a name server that hides what nobody has signed behind more than
# anybody would look at
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# padded-dns.py HOST SERVER ZONE: at HOST's TCP port 53 it hands on what SERVER
# answers, and prints "ready".  To real.ZONE's address one that it has not is
# added, behind 1,100 signatures of something else; forged.ZONE gets one, behind
# the sets n1.ZONE … n32.ZONE, each with its signature.

import socket
import struct
import sys
import threading

HOST, SERVER, ZONE = sys.argv[1:]
A, RRSIG = 1, 46
RECORD = b'\xc0\x0c' + struct.pack('>HHIH4B', A, 1, 300, 4, 6, 6, 6, 6)


def encode(name):
    return b''.join(bytes([len(label)]) + label.encode()
                    for label in name.split('.')) + b'\0'


def take(file):
    head = file.read(2)
    return file.read(int.from_bytes(head, 'big')) if len(head) == 2 else b''


def ask(query):
    with socket.create_connection((SERVER, 53)) as upstream:
        upstream.sendall(struct.pack('>H', len(query)) + query)
        return take(upstream.makefile('rb'))


def skip_name(message, at):
    while message[at] and message[at] < 0xc0:
        at += message[at] + 1
    return at + (2 if message[at] else 1)


def records(message):
    """How many its answer has, and where they begin and end."""
    begin = at = skip_name(message, 12) + 4
    count = int.from_bytes(message[6:8], 'big')
    for _ in range(count):
        at = skip_name(message, at) + 8
        at += 2 + int.from_bytes(message[at:at + 2], 'big')
    return count, begin, at


def question(name, id):
    """With the DO bit, so that signatures come along."""
    return (struct.pack('>6H', id, 0x100, 1, 0, 0, 1) + encode(name)
            + struct.pack('>HH', A, 1)
            + b'\0' + struct.pack('>HHIH', 41, 4096, 0x8000, 0))


def signed_sets(id):
    """The n1 … n32, without compression: their names stand in full."""
    total, body = 0, b''
    for number in range(1, 33):
        name = 'n%d.%s' % (number, ZONE)
        message = ask(question(name, id))
        count, begin, end = records(message)
        total += count
        # Each owner is a pointer to the question.
        at = begin
        for _ in range(count):
            behind = skip_name(message, at)
            size = 10 + int.from_bytes(message[behind + 8:behind + 10], 'big')
            body += encode(name) + message[behind:behind + size]
            at = behind + size
    return total, body


def answer(query):
    end = skip_name(query, 12) + 4
    asked, kind = query[12:end - 4], int.from_bytes(query[end - 4:end - 2],
                                                    'big')
    if kind != A or asked not in (encode('real.' + ZONE),
                                  encode('forged.' + ZONE)):
        return ask(query)
    if asked == encode('real.' + ZONE):
        message = ask(query)
        total, begin, stop = records(message)
        body = message[begin:stop]
        padding = b'\xc0\x0c' + struct.pack('>HHIH', RRSIG, 1, 300, 20)
        padding += struct.pack('>HBBIIIH', 99, 13, 3, 0, 9, 9, 1) + b'\0x'
        body += padding * 1100
        total += 1100
    else:
        total, body = signed_sets(7)
    head = query[:2] + struct.pack('>5H', 0x8580, 1, total + 1, 0, 0)
    return head + query[12:end] + body + RECORD


def serve(sock):
    with sock:
        file = sock.makefile('rb')
        while True:
            query = take(file)
            if not query:
                return
            reply = answer(query)
            sock.sendall(struct.pack('>H', len(reply)) + reply)


listener = socket.create_server((HOST, 53), backlog=64)
print('ready', flush=True)
while True:
    threading.Thread(target=serve, daemon=True,
                     args=(listener.accept()[0],)).start()

# dns-zone.py: a small name server: answers by UDP what a file says
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""dns-zone.py FILE [PORT]

Serves 127.0.0.1 until it is killed, and prints its port when it can be asked.
Each line of FILE, which is read again for each question, is a record:

    NAME A ADDRESS
    NAME SRV PRIORITY WEIGHT PORT TARGET
    NAME TXT WORD
    NAME FAIL              SERVFAIL, whatever is asked
    NAME SILENT            no answer at all
    NAME BAD               an answer that breaks off in the middle

A name without a record doesn't exist; one without a record of the type that is
asked for has none."""

import socket
import struct
import sys

TYPES = {'A': 1, 'TXT': 16, 'SRV': 33}


def encode_name(name):
    labels = [label.encode() for label in name.split('.') if label]
    return b''.join(bytes([len(label)]) + label for label in labels) + b'\0'


def encode_data(kind, words):
    if kind == 'A':
        return socket.inet_aton(words[0])
    if kind == 'TXT':
        return bytes([len(words[0])]) + words[0].encode()
    return (struct.pack('>HHH', *map(int, words[:3])) +
            encode_name(words[3]))


def read_question(message):
    labels, at = [], 12
    while message[at] != 0:
        labels.append(message[at + 1:at + 1 + message[at]].decode())
        at += 1 + message[at]
    kind, = struct.unpack('>H', message[at + 1:at + 3])
    return '.'.join(labels).lower(), kind, message[12:at + 5]


def answer(message, zone):
    name, kind, question = read_question(message)
    records = [line.split()[1:] for line in open(zone)
               if line.split()[:1] == [name]]
    words = [record[0] for record in records]
    if 'SILENT' in words:
        return None
    found = [record for record in records if TYPES.get(record[0]) == kind]
    code = 2 if 'FAIL' in words else 0 if records else 3
    reply = message[:2] + struct.pack('>HHHHH', 0x8580 | code, 1, len(found),
                                      0, 0) + question
    for record in found:
        data = encode_data(record[0], record[1:])
        reply += b'\xc0\x0c' + struct.pack('>HHIH', kind, 1, 60, len(data))
        reply += data
    if 'BAD' in words:
        reply = reply[:6] + b'\0\x07' + reply[8:] + b'\xc0'
    return reply


def main():
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(('127.0.0.1', int(sys.argv[2]) if len(sys.argv) > 2 else 0))
    print(server.getsockname()[1], flush=True)
    while True:
        message, who = server.recvfrom(4096)
        reply = answer(message, sys.argv[1])
        if reply is not None:
            server.sendto(reply, who)


main()

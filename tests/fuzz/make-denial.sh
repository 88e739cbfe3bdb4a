#! /bin/sh
# make-denial.sh: makes the corpus of fuzz-denial anew, and the keys to it
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# make-denial.sh SOURCEDIR.  Zones of each kind are signed with keys of this one
# run, for ten years; what nsd answers about them is the corpus, and the keys
# are tests/lib/dnssec-keys.h, which tests/unit/test-denial.c reads too.
set -eu

cd "$1"
shift
source=$PWD
corpus=$source/tests/fuzz/corpus/denial
dir=$(mktemp -d)
server=
trap 'test -z "$server" || kill "$server"; rm -rf "$dir"' EXIT
PATH=$PATH:/usr/sbin:/sbin
rm -rf "$corpus"
mkdir -p "$corpus"
cd "$dir"

TMP=$dir
export TMP
. "$source/tests/lib/name-server.sh"

cat >records <<'END'
@        SOA   ns root 1 3600 600 86400 60
@        NS    ns
ns       A     127.0.0.1
www      A     192.0.2.9
alias    CNAME www
*.wild   A     192.0.2.3
a.b.ent  TXT   "below nothing"
old      DNAME www
cut      NS    ns.cut
cut      NS    ns.elsewhere.example.
ns.cut   A     192.0.2.99
ns.cut   AAAA  2001:db8::99
safe     NS    ns.elsewhere.example.
safe     DS    1 13 2 0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF
END
cat >"$source/tests/lib/dnssec-keys.h" <<'END'
/* dnssec-keys.h: the keys of the zones in tests/fuzz/corpus/denial
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Written by tests/fuzz/make-denial.sh. */

#pragma once

/* clang-format off */
static const char *const dnssec_keys[] = {
END
zones=
# two.test has a second key that nobody is told.
for zone in nsec.test:-u nsec3.test:-n out.test:-n,-p many.test:-n,-t,500 \
  two.test:-u; do
  name=${zone%%:*}
  options=$(printf '%s\n' "${zone#*:}" | tr , ' ')
  { printf '$ORIGIN %s.\n$TTL 300\n' "$name"; cat records; } >"$name"
  key=$(ldns-keygen -a ECDSAP256SHA256 -k "$name")
  test "$name" != two.test ||
    set -- "$(ldns-keygen -a ECDSAP256SHA256 -k "$name")"
  # shellcheck disable=SC2086 # options
  ldns-signzone ${options#-u} -i 20260101000000 -e 20360101000000 -o "$name" \
    -f "$name.signed" "$name" "$key" "$@"
  sed -n 's/;.*//; s/[\t ]*$//; s/\t/ /g; s/.*DNSKEY.*/  "&",/p' "$key.key" \
    >>"$source/tests/lib/dnssec-keys.h"
  zones="$zones $name=$name.signed"
done
printf '};\n/* clang-format on */\n' >>"$source/tests/lib/dnssec-keys.h"
port=$(free_ports 1)
# shellcheck disable=SC2086 # words
nsd_conf nsd "127.0.0.1@$port" $zones
nsd -c nsd.conf -d 2>nsd.err &
server=$!

python3 - "$port" "$corpus" <<'END'
import socket
import struct
import sys

TYPES = {'A': 1, 'MX': 15, 'TXT': 16, 'DS': 43, 'DNSKEY': 48, 'SOA': 6}
ASKED = ('DNSKEY @', 'A nothing', 'A www', 'MX www', 'A alias', 'MX alias',
         'A x.wild', 'MX x.wild', 'A ent', 'A b.ent', 'TXT a.b.ent',
         'DS www', 'DS cut', 'DS safe', 'A x.cut', 'A x.safe', 'A x.old',
         'A a.b.nothing', 'MX @', 'A zz')
ZONES = {'nsec': ASKED, 'nsec3': ASKED,
         'out': ('A nothing', 'DS cut', 'A x.wild', 'MX www'),
         'many': ('A nothing',), 'two': ('A www', 'DNSKEY @')}


def wire(name):
    return b''.join(bytes([len(label)]) + label.encode()
                    for label in name.split('.') if label) + b'\0'


s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect(('127.0.0.1', int(sys.argv[1])))
s.settimeout(1)
for zone, asked_of in ZONES.items():
    for asked in asked_of:
        kind, label = asked.split()
        name = zone + '.test' if label == '@' else f'{label}.{zone}.test'
        query = (b'\0\1\0\0\0\1\0\0\0\0\0\1' + wire(name) +
                 struct.pack('>HH', TYPES[kind], 1) +
                 b'\0' + struct.pack('>HHIH', 41, 4096, 0x8000, 0))
        for attempt in range(20):
            try:
                s.send(query)
                answer = s.recv(65535)
                break
            except OSError:
                pass
        label = 'apex' if label == '@' else label
        path = f'{sys.argv[2]}/{zone}-{label}-{kind.lower()}'
        with open(path, 'wb') as seed:
            seed.write(answer)
END

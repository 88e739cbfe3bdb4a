#! /bin/sh
# test-resolve-hostile.sh: name servers that lie, cheat and stutter
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"
. "$GSOCK_SRCDIR/tests/lib/name-server.sh"
requires gsock-resolve python3

# The first label of a name says what to do to it.
start_peer <<'EOF'
import random, socket, struct, threading

udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
while True:
    udp.bind(('127.0.0.1', 0))
    tcp = socket.socket()
    tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        tcp.bind(udp.getsockname())
        break
    except OSError:
        udp.close()
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
tcp.listen(16)


def header(query, flags=0x8180, rcode=0, counts=(1, 1, 0, 0)):
    return query[:2] + struct.pack('>H4H', flags | rcode, *counts)


def question(query):
    end = query.index(b'\0', 12) + 5
    return query[12:end]


def a(address=b'\xc0\0\2\1', name=b'\xc0\x0c'):
    return name + struct.pack('>HHIH', 1, 1, 60, 4) + address


def record(kind, data, name=b'\xc0\x0c'):
    return name + struct.pack('>HHIH', kind, 1, 60, len(data)) + data


def answers(query, by_tcp):
    """What is sent back, in order."""
    what = query[13:13 + query[12]].decode()
    q = question(query)
    good = header(query) + q + a()
    if what == 'good':
        return [good]
    if what == 'selfpointer':
        return [header(query) + q + a(name=b'\xc0' + bytes([12 + len(q)]))]
    if what == 'pointerloop':
        at = 12 + len(q)
        return [header(query) + q +
                a(name=b'\1a\xc0' + bytes([at + 4]) + b'\1b\xc0' + bytes([at]))]
    if what == 'forward':
        return [header(query) + q + a(name=b'\xff\xff')]
    if what == 'wrongid':
        return [bytes([query[0] ^ 1]) + good[1:], good]
    if what == 'wrongname':
        return [good.replace(b'wrongname', b'wrongnamf'), good]
    if what == 'wrongtype':
        return [header(query) + q[:-4] + b'\0\2\0\1' + a(b'\6\6\6\6'), good]
    if what == 'twoquestions':
        return [header(query, counts=(2, 1, 0, 0)) + q + q + a(b'\6\6\6\6'),
                good]
    if what == 'notananswer':
        return [query, good]
    if what == 'cut':
        return [good[:-3]]
    if what == 'counts':
        return [header(query, counts=(1, 65535, 65535, 65535)) + q + a()]
    if what == 'rdlength':
        return [header(query) + q + b'\xc0\x0c' +
                struct.pack('>HHIH', 1, 1, 60, 65535) + b'\xc0\0\2\1']
    if what == 'empty':
        return [b'', b'\0', query[:2], query[:11], good]
    if what == 'oversized':
        return [good + b'x' * 60000] if not by_tcp else [good]
    if what == 'truncated':
        return [header(query, 0x8380)[:12] + q] if not by_tcp else [good]
    if what == 'tcpshort':
        return [header(query, 0x8380)[:12] + q] if not by_tcp else [good[:5]]
    if what == 'tcpclose':
        return [header(query, 0x8380)[:12] + q] if not by_tcp else None
    if what == 'escape':
        return [header(query, counts=(1, 2, 0, 0)) + q +
                record(16, b'\x07\x1b]0;x\x07\xc2') +
                record(16, b'\x05\xc2\x9b31m')]
    if what == 'nameescape':
        return [header(query, counts=(1, 1, 0, 0)) + q +
                record(5, b'\x05\x1b[31m\4evil\0')]
    if what == 'othername':
        return [header(query) + q + a(b'\xc0\0\2\x42', b'\4else\4test\0')]
    if what == 'others':
        return [header(query, counts=(1, 2, 0, 0)) + q + a() +
                a(b'\xc0\0\2\x42', b'\4else\4test\0')]
    if what == 'zero':
        return [header(query) + q + a(b'\0\0\0\0')]
    if what == 'ede':
        text = b'\x1b[2J because'
        option = struct.pack('>HHH', 15, 2 + len(text), 6) + text
        return [header(query, rcode=2, counts=(1, 0, 0, 1)) + q +
                b'\0' + struct.pack('>HHIH', 41, 1232, 0, len(option)) + option]
    if what == 'badopt':
        option = struct.pack('>HHH', 15, 60000, 6)
        return [header(query, rcode=2, counts=(1, 0, 0, 1)) + q +
                b'\0' + struct.pack('>HHIH', 41, 1232, 0, len(option)) + option]
    if what == 'noedns':
        if query[11] != 0:
            return [header(query, rcode=1, counts=(0, 0, 0, 0))]
        return [good]
    if what == 'silent6' and q[-3] == 28:
        return []
    if what in ('silent6', 'silent'):
        return [good] if what == 'silent6' else []
    if what == '_silent':
        return [header(query, counts=(1, 3, 0, 0)) + q +
                b''.join(record(33, b'\0%c\0\0\0\x50%b\4test\0' % host)
                         for host in [(1, b'\4good'), (2, b'\7silent6'),
                                      (3, b'\6silent')])]
    if what in ('fails4', 'fails6'):
        kind = q[-3]
        if kind == (1 if what == 'fails4' else 28):
            return [header(query, rcode=2, counts=(1, 0, 0, 0)) + q]
        if kind == 28:
            return [header(query) + q + record(28, b'\x20\1' + b'\1' * 14)]
        return [good] if kind == 1 else [header(query, counts=(1, 0, 0, 0)) + q]
    if what == '_half':
        return [header(query, counts=(1, 2, 0, 0)) + q +
                record(33, b'\0\1\0\0\0\x50\4good\4test\0') +
                record(33, b'\0\2\0\0\0\x50\6fails6\4test\0')]
    if what == 'lame':
        return [header(query, 0x8000, counts=(1, 0, 1, 0)) + q +
                record(2, b'\2ns\0', name=b'\0')]
    if what == 'rcode':
        return [header(query, rcode=13, counts=(1, 0, 0, 0)) + q]
    if what == 'random':
        r = random.Random(query[14:20])
        return [header(query)[:12] + q +
                bytes(r.randrange(256) for i in range(r.randrange(300)))]
    if what == 'lossy':
        lossy[query[12:]] = lossy.get(query[12:], 0) + 1
        return [good] if lossy[query[12:]] > 1 else []
    return []


lossy = {}


def serve_stream(client):
    try:
        while True:
            size = client.recv(2, socket.MSG_WAITALL)
            if len(size) < 2:
                return
            query = client.recv(struct.unpack('>H', size)[0],
                                socket.MSG_WAITALL)
            for answer in answers(query, True) or []:
                client.sendall(struct.pack('>H', len(answer)) + answer)
            if answers(query, True) is None:
                return
    finally:
        client.close()


def serve_tcp():
    while True:
        client = tcp.accept()[0]
        threading.Thread(target=serve_stream, args=(client,),
                         daemon=True).start()


threading.Thread(target=serve_tcp, daemon=True).start()
print(udp.getsockname()[1], flush=True)
while True:
    query, peer = udp.recvfrom(4096)
    for answer in answers(query, False) or []:
        udp.sendto(answer, peer)
EOF

# ask TEXT LABEL STATUS WANT [ERE]: --short's answer, and the error's words.
ask ()
{
  run gsock-resolve --server="127.0.0.1:$PEER" --short -w 15s -t "${type:-A}" \
    "$2.test"
  is "$status:$stdout" "$3:$4" "$2: $1"
  if test "$3" -ne 0; then
    is "$(printf '%s\n' "$stderr" | wc -l)" 1 '... one line'
    like "$stderr" "^gsock-resolve: .*$5" '... which says why'
  fi
  if LC_ALL=C grep -q "$(printf '[\001-\010\016-\037\177\302]')" stdout stderr
  then
    point 1 '... and nothing raw'
  fi
}

ask 'an honest answer' good 0 192.0.2.1
ask 'a name that points to itself' selfpointer 1 '' "can't be read"
ask 'two that point to each other' pointerloop 1 '' "can't be read"
ask 'one that points behind the end' forward 1 '' "can't be read"
for lie in wrongid wrongname wrongtype twoquestions notananswer empty; do
  ask 'what answers something else is not taken' $lie 0 192.0.2.1
done
ask 'an address of another name is none' othername 8 '' 'has no A record'
ask 'nor is one beside it' others 0 192.0.2.1
ask 'half a record' cut 1 '' "can't be read"
ask 'more records announced than are there' counts 1 '' "can't be read"
ask 'a record longer than its message' rdlength 1 '' "can't be read"
ask 'more than a datagram should have' oversized 0 192.0.2.1
ask 'an answer that was cut is fetched by TCP' truncated 0 192.0.2.1
ask 'a server that closes instead' tcpclose 1 '' 'closed the connection'
ask 'the address of nobody is an address' zero 0 0.0.0.0
ask 'an extended error is told, and tamed' ede 8 '' \
  'SERVFAIL.*DNSSEC says that the answer is false: \\x1b\[2J because'
ask 'a broken option does no harm' badopt 8 '' 'SERVFAIL|read'
ask 'a server of the old days' noedns 0 192.0.2.1
ask 'a lame server' lame 8 '' 'lame'
ask 'a code that nobody knows' rcode 8 '' 'RCODE13'
ask 'a question that got lost is asked again' lossy 0 192.0.2.1
ask 'an alias that drives terminals' nameescape 8 '' "'\\\\\\\\027\[31m"
type=CNAME
ask 'and one that was asked for' nameescape 0 '\027[31m.evil.'
type=TXT
ask 'text that drives terminals' escape 0 '"\027]0;x\007\194"
"\194\15531m"'
type=A
run gsock-resolve --server="127.0.0.1:$PEER" --json -t TXT escape.test ede.test
ok 'nor is there anything raw in JSON' sh -c \
  "! LC_ALL=C grep -q \"\$(printf '[\\001-\\010\\016-\\037\\177]')\" stdout"

# One type that failed is told, beside what the other has.
# described: what JSON says of the answer, and why it isn't whole.
described ()
{
  run gsock-resolve --server="127.0.0.1:$PEER" --json -w 15s "$1"
  cat stdout >>all.json
  python3 -c 'import json
r = json.load(open("stdout"))
print(r.get("rcode"), r["verdict"], len(r["records"]), r["error"]["status"])'
}
for half in 4:2001:101:101:101:101:101:101:101 6:192.0.2.1; do
  name=fails${half%%:*}.test
  run gsock-resolve --server="127.0.0.1:$PEER" --short -w 15s "$name"
  is "$status:$stdout" "8:${half#*:}" "$name: what one family has is told"
  like "$stderr" "^gsock-resolve: udp://.* answered SERVFAIL about '$name'" \
    '... and that the other one failed'
  is "$(printf '%s\n' "$stderr" | wc -l)" 1 '... in one line'
  is "$(described "$name")" 'SERVFAIL failed 1 8' '... in JSON too'
done
run gsock-resolve --server="127.0.0.1:$PEER" -w 15s _half._tcp.test
is "$status:$(grep -c ' A  ' stdout)" 8:2 'a service: the addresses that there are'
like "$stderr" "SERVFAIL about 'fails6\.test\.'" '... and of which host some are not'

# One that is not answered takes nothing from the others either.
patience=300ms told='300 ms'
if test -n "$TEST_WRAPPER"; then
  patience=3s told='3 s'
fi
run gsock-resolve --server="127.0.0.1:$PEER" --short -w "$patience" silent6.test
is "$status:$stdout" 124:192.0.2.1 'a silent family: what the other has is told'
like "$stderr" "^gsock-resolve: No answer about 'silent6\.test' within $told" \
  '... and that not all of it came'
run gsock-resolve --server="127.0.0.1:$PEER" --json -w "$patience" silent6.test \
  silent.test
cat stdout >>all.json
python3 - >verdict <<'EOF'
import json
for line in open('stdout'):
    r = json.loads(line)
    print(r.get('verdict'), len(r.get('records', [])), r['error']['status'])
EOF
is "$(cat verdict)" 'no-answer 1 124
None 0 124' '... in JSON too, and nothing of a name that has nothing'
run gsock-resolve --server="127.0.0.1:$PEER" -w "$patience" _silent._tcp.test
is "$status:$(grep -c ' A  ' stdout)" 124:2 '... so with a host of a service'
keeps_to_schema all.json 'all of the JSON keeps to its schema'

# Noise: whatever it is, the tool ends by itself with a status of its own.
i=0
while test $i -lt 40; do
  echo "random.x$i.test"
  i=$((i + 1))
done >names
run gsock-resolve --server="127.0.0.1:$PEER" --json -w 15s -t A -i names
like "$status" '^[0-9]$' 'noise'
is "$(wc -l <stdout)" 40 '... a line for each'
kill "$PEER_PID"

done_testing

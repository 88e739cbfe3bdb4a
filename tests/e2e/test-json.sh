#! /bin/sh
# test-json.sh: --json keeps to its schema, --explain to what really happened
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"
requires python3

# A subshell, for it leaves the test where there is no Spanish.
spanish=$(requires_spanish >/dev/null && printf 'yes:%s' "$spanish_locpath")
case $spanish in
  yes:*) spanish_locpath=${spanish#yes:} ;;
esac

# Everything that can happen, as JSON: *.json are lines of stderr and records.

# json_server ARG...
json_server ()
{
  start_server --json -o "$TMP/record.json" "$@"
}

# keep: the lines of the server that has ended.
keep ()
{
  cat "$SERVER_ERR" >>servers.json
}

json_client ()
{
  run gsock-client --json -o "$TMP/record2.json" "$@"
  cat stderr >>clients.json
}

json_server --explain --stats -f int "$TMP/socket" 127.0.0.1:0
json_client --explain --stats -f int "$TMP/socket" hola
json_client --explain -f int localhost "${ENDPOINTS##*:}" hola
kill -HUP "$SERVER_PID"
kill -USR1 "$SERVER_PID"
wait_for "$DEADLINE" grep -q '"reloaded"' "$SERVER_ERR"
wait_for "$DEADLINE" grep -q '"stats"' "$SERVER_ERR"
json_client -f int "$TMP/socket" quit
reap "$SERVER_PID"
is "$status:$(cat "$SERVER_OUT")" '0:hola
hola
quit' '--json leaves stdout to the data'
keep

json_server --cert=auto --echo tls:127.0.0.1:0
json_client -k "$ADDR" hola
is "$status:$stdout" 0:hola '--json and TLS'
kill "$SERVER_PID"
reap "$SERVER_PID"
keep

json_server --echo -m2 --max-per-host=2 -i 300ms -f u32 --deny=127.0.0.2 \
  127.0.0.1:0
peer "$ADDR" <<'EOP'
from peers import *
address = sys.argv[1]
denied = socket.socket()
denied.bind(('127.0.0.2', 0))
denied.connect(split(address)[1])
ended(denied)
full = [connect(address) for n in range(2)]
later = connect(address)
full[0].sendall(b'\xff\xff\xff\xff')            # too big
ended(full[0])
full[1].sendall(b'\0\0\0\1\xff')                # no UTF-8
assert read_exactly(full[1], 5) == b'\0\0\0\1\xff'
full[1].sendall(b'\0\0')
reset(full[1])
ended(later)                                    # idle
EOP
is "$status" 0 'clients of all kinds'
stop_server
keep

json_server --echo --accept-proxy=127.0.0.1 127.0.0.1:0
json_client --send-proxy=2 "$ADDR" hola
is "$status:$stdout" 0:hola '--json and the PROXY protocol'
json_client "$ADDR" hola
kill "$SERVER_PID"
reap "$SERVER_PID"
keep

# A stuck reader, one that outlives the grace time, and a failing accept.
# (Valgrind keeps descriptors for itself: there accept does not fail.)
json_server --chat --grace=50ms "$TMP/socket"
peer "$ADDR" "$SERVER_PID" "$SERVER_ERR" "${TEST_WRAPPER:+wrapped}" <<'EOP'
from peers import *
import resource
address, pid, log = sys.argv[1], int(sys.argv[2]), sys.argv[3]
def logged(what):
    return lambda: what in open(log).read()
stuck, speaker = connect(address), connect(address)
speaker.setblocking(False)
def speak():
    try:
        while True:
            speaker.send(b'x' * 1023 + b'\n')
    except BlockingIOError:
        return logged('too-slow')()
wait_until(speak, 'it to be dropped')
used = len(os.listdir('/proc/%d/fd' % pid))
before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
if not sys.argv[4]:
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (used, before[1]))
more = [connect(address) for n in range(8)]
if not sys.argv[4]:
    wait_until(logged('accept-failed'), 'a failure')
resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
wait_until(logged('"id":10'), 'them all to be in')
more[0].sendall(b'hola\n')
assert read_line(more[1]) == b'hola\n'
os.kill(pid, signal.SIGTERM)
wait_until(logged('stopped'), 'its end')
EOP
is "$status" 0 'a stuck reader, no descriptor, no time left'
reap "$SERVER_PID"
keep

json_server "$TMP/socket" 127.0.0.1:0 --sh='exit 3'
json_client --recv-only "$TMP/socket"
json_client --recv-only "$(endpoint 2)"
wait_for "$DEADLINE" grep -q '"child-ended".*tcp' "$SERVER_ERR"
stop_server
keep

run gsock-server --json --accept-timeout=10ms 127.0.0.1:0
cat stderr >>servers.json
run gsock-server --json "$TMP/no/such/place"
cat stderr >>servers.json
run gsock-server --json --no-such-option
cat stderr >>servers.json
json_client --retry=1 localhost 1 x
json_client nobody.invalid 80 x
json_client "$TMP/$(printf 'no\377body')" x
json_client -z "$TMP/nobody"

cat >validate.py <<'EOP'
import base64
import json
import os
import sys
import jsonschema

def bytes_of(value):
    return (base64.b64decode(value['base64'], validate=True)
            if isinstance(value, dict) else value.encode())

schema = json.load(open(os.environ['GSOCK_SRCDIR'] +
                        '/tests/events.schema.json'))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
kinds, bad = set(), 0
for name in sys.argv[1:]:
    for line in open(name, 'rb'):
        event = json.loads(line.decode())
        kinds.add(event['event'])
        for error in validator.iter_errors(event):
            bad += 1
            print(name, line.decode().strip(), error.message)
print('bad:', bad)
missing = set(schema['properties']['event']['enum']) - kinds
print('never seen:', *sorted(missing))
EOP
if python3 -c 'import jsonschema; jsonschema.Draft202012Validator' 2>/dev/null
then
  run python3 validate.py servers.json clients.json record.json record2.json
  is "$stdout" "bad: 0
never seen:${TEST_WRAPPER:+ accept-failed}" 'every event there is, and every line is as the schema says'
  test -z "$stderr" || diag "$stderr"
  # The schema refuses what is wrong, so the above says something.
  printf '%s\n' '{"event":"ready","time":"2026-11-22T20:02:53.412Z","x":1}' \
    '{"event":"nonsense","time":"2026-11-22T20:02:53.412Z"}' \
    '{"event":"closed","time":"2026-11-22T20:02:53.412Z"}' >wrong.json
  run python3 validate.py wrong.json
  isnt "$(echo "$stdout" | grep '^bad')" 'bad: 0' '... and it does refuse others'
else
  skip 2 'needs python3-jsonschema'
fi

python3 - >said <<'EOP'
import base64, json
seen = [json.loads(line) for line in open('record.json')]
data = [e['data'] for e in seen if e['event'] == 'data']
print({'base64': base64.b64encode(b'\0\0\0\1\xff').decode()} in data)
lines = [json.loads(line) for line in open('clients.json', 'rb')]
text = [base64.b64decode(e['remote']['base64']) for e in lines
        if isinstance(e.get('remote'), dict)]
print(any(t.endswith(b'/no\xffbody') for t in text))
EOP
is "$(cat said)" 'True
True' 'what is no UTF-8 is there byte for byte'

# The same keys in Spanish; the message of an error is for people.
if test -n "$spanish"; then
  run gsock-client --json "$TMP/nobody" x
  printf '%s\n' "$stderr" | sed 's/"time":"[^"]*"//; s/"message":".*//' >en
  english=$stderr
  run in_spanish gsock-client --json "$TMP/nobody" x
  printf '%s\n' "$stderr" | sed 's/"time":"[^"]*"//; s/"message":".*//' >es
  same_bytes es en 'keys are never translated'
  isnt "$(echo "$stderr" | sed 's/.*"message"//')" \
    "$(echo "$english" | sed 's/.*"message"//')" '... messages are'
else
  skip 2 'needs a Spanish locale'
fi

# --explain against what strace saw.

cat >compare.py <<'EOP'
import os
import re
import sys

NAMES = {'accept4': 'accept', 'sendto': 'send', 'sendmsg': 'send',
         'recvfrom': 'recv', 'recvmsg': 'recv', 'renameat2': 'rename',
         'renameat': 'rename', 'unlinkat': 'unlink', 'linkat': 'link',
         'fchmodat': 'chmod', 'fchmodat2': 'chmod', 'fchownat': 'chown'}


def base(path):
    return os.path.basename(path.strip('"'))


def address(text):
    """As we write it, of what strace writes of a struct sockaddr."""
    found = re.search(r'sun_path=(@?)"([^"]*)"', text)
    if found:
        return found.group(1) + base(found.group(2))
    port = re.search(r'port=htons\((\d+)\)', text)
    if port is None:
        return ''
    found = re.search(r'inet_pton\(AF_INET6, "([^"]*)"', text)
    if found:
        return '[%s]:%s' % (found.group(1), port.group(1))
    return '%s:%s' % (re.search(r'inet_addr\("([^"]*)"', text).group(1),
                      port.group(1))


def key(name, args, result, errno, ours):
    """(descriptor, what both must agree in)"""
    words = [word.strip() for word in args.split(',')]
    fd = words[0] if words[0].isdigit() else None
    if name == 'socket':
        return None, (name, words[0], words[1].split('|')[0], result)
    if name in ('bind', 'connect'):
        where = args.split(', ', 1)[1]
        where = (base(where) if '/' in where else where) if ours \
            else address(args)
        return fd, (name, where, result, errno)
    if name == 'listen':
        return fd, (name, words[1], result)
    if name in ('accept', 'close'):
        return fd, (name, result, errno)
    if name == 'shutdown':
        return fd, (name, words[1], result, errno)
    if name in ('setsockopt', 'getsockopt'):
        value = words[3].strip('[]') if len(words) > 3 else ''
        return fd, (name, words[2], value, result)
    if name == 'flock':
        return fd, (name, words[1].replace(' ', ''), result)
    if name in ('send', 'recv'):
        if ours:
            size = words[-1]
        else:
            size = (re.findall(r'iov_len=(\d+)', args) or
                    re.findall(r'(?:"|\.\.\.|0x[0-9a-f]+), (\d+), ', args))[-1]
        return fd, (name, size, result, errno)
    if name in ('rename', 'link'):
        paths = [base(w) for w in words if ours or w.startswith('"')][:2]
        return None, (name, *paths, result)
    if name == 'unlink':
        path = words[0] if ours else [w for w in words if w[0] == '"'][0]
        return None, (name, base(path), result)
    if name == 'chmod':
        mode = [w for w in words if re.match('0[0-7]+$', w)][-1]
        return None, (name, mode, result)
    return None, (name, result)


LINE = re.compile(r'([a-z0-9_]+) ?\((.*)\)\s+= (-?\d+)(?: (E[A-Z0-9]+))?')

told = []
for line in open(sys.argv[1]):
    found = LINE.match(line)
    if found and found.group(1) != 'getaddrinfo':
        told.append((found.group(0),
                     *key(*found.groups(), ours=True)))
seen = []
lines = []
for name in sys.argv[2:]:
    lines += open(name).read().splitlines()
for line in sorted(lines):
    found = LINE.match(line.split(' ', 1)[1])
    if found:
        name, args, result, errno = found.groups()
        name = NAMES.get(name, name)
        seen.append((line, *key(name, args, result, errno, ours=False)))

# What is told happened, and in that order on each descriptor.
used, last = set(), {}
for line, fd, what in told:
    for n in range(last.get(fd, -1) + 1, len(seen)):
        if n not in used and seen[n][1:] == (fd, what):
            used.add(n)
            last[fd] = n
            break
    else:
        print('never happened:', line)

# And what happened to a socket that is told of is told.
sockets = {what[3] for line, fd, what in told if what[0] == 'socket'}
sockets |= {what[1] for line, fd, what in told if what[0] == 'accept'}
for n, (line, fd, what) in enumerate(seen):
    if n not in used and fd in sockets and what[-1] != 'EAGAIN' and \
            what[0] in ('bind', 'listen', 'connect', 'accept', 'send', 'recv',
                        'shutdown'):
        print('not told:', line)
print(len(told) > 2)
EOP

# traced NAME COMMAND...: in the background, under strace; its calls go to
# NAME.trace.PID, BG_PID ends when both have ended.
traced ()
{
  traced_name=$1
  shift
  background "$traced_name" strace -ff -ttt -s 100 -qq \
    -o "$TMP/$traced_name.trace" \
    -e trace=%network,close,flock,?rename,?renameat,?renameat2,?unlink,?unlinkat,?link,?linkat,?chmod,?fchmodat,?fchmodat2,?fchownat,?prctl,?landlock_create_ruleset,?landlock_add_rule,?landlock_restrict_self \
    "$@"
}

# agree NAME TEXT
agree ()
{
  run python3 compare.py "$1.err" "$1".trace.*
  is "$stdout$stderr" True "$2"
}

if test -z "$TEST_WRAPPER" && command -v strace >/dev/null &&
  strace -o /dev/null true 2>/dev/null; then
  # It can't look for leaks while it is traced.
  ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
  export ASAN_OPTIONS
  n=0
  for address in "$TMP/traced" 127.0.0.1:0 localhost:0 '*:0' "@gsock-test-$$"; do
    for mode in --greet --echo; do
      n=$((n + 1))
      traced "server$n" gsock-server --explain --once --ready-fd=1 "$mode" \
        "$address"
      server=$BG_PID
      wait_for "$DEADLINE" grep -q : "server$n.out"
      place=$(sed -n 's/\*:/127.0.0.1:/; s/\[::\]:/127.0.0.1:/; 1p' "server$n.out")
      traced "client$n" gsock-client --explain "$place" hola
      reap "$BG_PID"
      is "$status" 0 "under strace: $mode $address"
      reap "$server"
      agree "server$n" '... the server tells what happens, and all of it'
      agree "client$n" '... and the client'
    done
  done

  start_server --echo 127.0.0.1:0
  traced busy gsock-server --explain "$ADDR"
  reap "$BG_PID"
  is "$status" 4 'a port that is taken'
  agree busy '... is told as it is'
  like "$(cat busy.err)" '^bind \(.*\) = -1 EADDRINUSE' '... with its errno'
  traced name gsock-client --explain localhost "$PORT" hola
  reap "$BG_PID"
  agree name 'a name with two addresses is told as it is'
  kill "$SERVER_PID"
  reap "$SERVER_PID"
  for place in "$ADDR" "$TMP/nobody"; do
    traced refused gsock-client --explain "$place" hola
    reap "$BG_PID"
    is "$status" 4 "nobody at $place"
    agree refused '... is told as it is'
    rm -f refused.trace.*
  done
else
  skip 38 'needs strace, and leave to trace'
fi

# What it teaches.

start_server --explain --echo 127.0.0.1:0
run gsock-client --explain "$ADDR" uno
english=$stderr
like "$english" '^socket \(AF_INET, SOCK_STREAM, 0\) = [0-9]+ +g_socket_new$' \
  'a call, its result, its counterpart in GLib'
is "$(echo "$english" | grep -c '^    0 bytes is end of file')" 1 \
  '... and its lesson below it'
is "$(echo "$english" | grep -Ec '^recv')" 2 'a call that comes twice'
run gsock-client -v --explain "$ADDR" uno
ok '... teaches again only with -v' test \
  "$(echo "$stderr" | grep -c '^    ')" -ge "$(echo "$english" | grep -c '^    ')"
stop_server
run gsock-client --explain "127.0.0.1:$PORT" uno
like "$stderr" '\(RST\)' 'a refused TCP connection has its own lesson'
run gsock-client --explain "$TMP/nobody" uno
like "$stderr" '^    There is no such file' '... a missing socket file its own'

if test -n "$spanish"; then
  : "${LOCPATH:=}"
  for tool in server client; do
    if test "$tool" = server; then
      start_server --explain --once --greet 127.0.0.1:0
      gsock-client "$ADDR" >/dev/null
      reap "$SERVER_PID"
      cp "$SERVER_ERR" en
      (
        speak_spanish
        start_server --explain --once --greet 127.0.0.1:0
        gsock-client "$ADDR" >/dev/null
        reap "$SERVER_PID"
        cp "$SERVER_ERR" es
      )
    else
      start_server --greet 127.0.0.1:0
      run gsock-client --explain "$ADDR"
      cp stderr en
      run in_spanish gsock-client --explain "$ADDR"
      cp stderr es
      stop_server
    fi
    # Which of two ends is seen first is chance: the second needs no shutdown.
    for language in en es; do
      grep -v '^ ' $language | grep '(' | grep -v '^shutdown' |
        sed 's/[0-9]*//g' | sort -u >$language.calls
    done
    same_bytes es.calls en.calls "in Spanish: the same calls of the $tool"
    grep '^ ' en | sort >en.lessons
    grep '^ ' es | sort >es.lessons
    is "$(comm -12 en.lessons es.lessons)" '' '... no lesson in English'
    ok '... and as many' test "$(wc -l <es.lessons)" -ge \
      "$(($(wc -l <en.lessons) * 3 / 4))"
  done
else
  skip 6 'needs a Spanish locale'
fi

done_testing

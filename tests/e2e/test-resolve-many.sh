#! /bin/sh
# test-resolve-many.sh: many names at once: their order, progress, and patience
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"
requires gsock-resolve python3

# A name server: "held" is answered once there is a file "go", "silent" never,
# "lossy..." the second time it is asked, "no..." doesn't exist.  "asked" says
# how often which was.
start_peer <<'EOP'
from peers import *
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.settimeout(None)
udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
udp.bind(('127.0.0.1', 0))
print(udp.getsockname()[1], flush=True)
times = {}
while True:
    query, client = udp.recvfrom(512)
    name = query[13:13 + query[12]].decode()
    times[name] = times.get(name, 0) + 1
    if name == 'report':
        with open('asked', 'w') as log:
            for key in sorted(times):
                log.write(f'{key} {times[key]}\n')
        times = {}
    if (name == 'silent' or name == 'held' and not os.path.exists('go') or
            name.startswith('lossy') and times[name] < 2):
        continue
    question = query[12:query.index(b'\0', 12) + 5]
    if name.startswith('no'):
        answer = b'\x85\x83\0\1\0\0\0\0\0\0' + question
    else:
        answer = (b'\x85\x80\0\1\0\1\0\0\0\0' + question + b'\xc0\x0c\0\1\0\1' +
                  struct.pack('>IH', 60, 4) + b'\xc0\0\2\1')
    udp.sendto(query[:2] + answer, client)
EOP
DNS=127.0.0.1:$PEER

# report: what was asked since the last one.
report ()
{
  gsock-resolve --short --server="$DNS" -t A report.test >/dev/null
  grep -v '^report ' asked
}

# In the order of the names, though the first is the last to be answered; and
# as they come.
{
  echo held.test
  i=0
  while test $i -lt 3000; do
    echo "n$i.test"
    i=$((i + 1))
  done
} >names
for mode in '' --unordered; do
  rm -f go
  peer "$DNS" $mode <<'EOP'
from peers import *
t = Terminal(['gsock-resolve', '--server=' + sys.argv[1], '-w', '0', '--json',
              '-t', 'A', '-i', 'names'] + sys.argv[2:], stdout='answers')
# In order none can be told before it, though all were read.
t.expect('%3d %%  %d names, 0 without an answer  ' % (
    (99, 3000) if sys.argv[2:] else (0, 0)))
open('go', 'w').close()
status = t.end()
print(status, t.text().endswith('\033[1A\033[J'))
EOP
  is "$stdout" '0 True' "$mode a terminal gets a line, which is gone then"
  is "$(wc -l <answers)" 3001 '... and the answers go elsewhere'
done
like "$(tail -n 1 answers)" '"held\.test"' '--unordered has the slow one last'

# Who reads a pipe may write to the same terminal, where a line that is rubbed
# out takes theirs with it.  By the other one's lines time goes by.
rm -f go
mkfifo pipe
cat pipe >piped &
reader=$!
peer "$DNS" <<'EOP'
from peers import *
command = ['gsock-resolve', '--server=' + sys.argv[1], '-w', '0', '--json',
           '-t', 'A', '-i', 'names']
piped = Terminal(command, stdout='pipe')
other = Terminal(command, stdout='answers')
for n in range(3):
    other.expect(' names, 0 without an answer  ')
open('go', 'w').close()
print(piped.end(), piped.text() == '' or piped.text(), other.end())
EOP
reap "$reader"
is "$stdout" '0 True 0' 'no line where the answers go into a pipe'
is "$(wc -l <piped)" 3001 '... which has them all'
run gsock-resolve --server="$DNS" --json -t A -i names
is "$(sed 's/.*"name":"\([^"]*\)","source.*/\1/' stdout | cksum)" \
  "$(cksum <names)" 'all in the order of the file'
is "$stderr" '' '... and no progress where there is no terminal'

# Lines that are no names are told as such, each by itself.
{
  echo '# a comment'
  echo
  printf '  spaced.test \t\r\n'
  head -c 100000 /dev/zero | tr '\0' x
  echo
  printf 'nowhere.test\na..b\nlast.test'
} >names
run gsock-resolve --server="$DNS" --json -t A -i names first.test
is "$status" 3 'several: the status of the first that failed'
is "$(sed 's/^{"name":"\([^"]\{1,20\}\).*/\1/' stdout)" 'first.test
spaced.test
xxxxxxxxxxxxxxxxxxxx
nowhere.test
a..b
last.test' '... all of them told'
is "$(grep -c '"error":{"code":"name","status":3' stdout)" 3 '... those with errors too'
peer "$DNS" <<'EOP'
from peers import *
t = Terminal(['gsock-resolve', '--server=' + sys.argv[1], '--short', '-t', 'A',
              '-i', 'names'], stdout='answers')
print(t.end(), t.text().count("can't be a name"), t.text().count('exist'))
EOP
is "$stdout" '3 2 1' 'errors stay on the terminal'
is "$(cat answers)" '192.0.2.1
192.0.2.1' '... and not among the answers'
printf 'a.test\0.evil.test\n\0\nlast.test\n# \0\n' >nul
run gsock-resolve --server="$DNS" --json -t A -i nul
python3 - >verdict <<'EOP'
import json
for line in open('stdout'):
    r = json.loads(line)
    print(ascii(r['name']), r.get('error', {}).get('status'))
EOP
is "$status:$(cat verdict)" "3:'a.test\\ufffd.evil.test' 3
'\\ufffd' 3
'last.test' None" 'a NUL in a line does not hide what is behind it'
run gsock-resolve --server="$DNS" -t A -i missing
like "$status:$stderr" '^1:gsock-resolve: Cannot read missing: ' \
  'a file that is not there'
run gsock-resolve --server="$DNS" -t A -i .
is "$status:$stderr" '1:gsock-resolve: Cannot read .: it is a directory' \
  '... and one that is none'

# What is lost is asked for again, and nothing is given up before its time: a
# question leaves at once, after half a second, and after one more.
i=0
while test $i -lt 200; do
  echo "lossy$i.test"
  i=$((i + 1))
done >names
run gsock-resolve --server="$DNS" --short -t A -i names
is "$status:$(grep -c 192 stdout)" 0:200 'none is lost that was lost once'
report >/dev/null
run gsock-resolve --server="$DNS" -w 300ms -t A silent.test
is "$status:$(report)" '124:silent 1' '-w ends before the second question'
run gsock-resolve --server="$DNS" -w 1200ms -t A silent.test
is "$status:$(report)" '124:silent 2' '... or before the third'

kill "$PEER_PID"
done_testing

#! /bin/sh
# test-resolve-trace.sh: gsock-resolve --trace through zones of its own
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/dns-tree.sh"

tree_zone lab.test <<'END'
ns      A     127.0.0.3
www     CNAME one
one     CNAME two
two     CNAME real
real    A     192.0.2.1
real    AAAA  2001:db8::1
far     CNAME www.second.test.
circle  CNAME circle.second.test.
dangling CNAME nowhere.second.test.
near    CNAME near2
near2   CNAME near
onlytxt TXT   "here"
*.wild  A     192.0.2.3
$ORIGIN lab.test.
xn--espaa-rta A 192.0.2.7
END
i=0
while test $i -lt 60; do
  echo "many TXT \"string number $i of the sixty that are here\""
  i=$((i + 1))
done >>lab.testzone.signed
tree_zone second.test <<'END'
www     A     192.0.2.2
circle  CNAME circle.lab.test.
END
tree_zone 2.0.192.in-addr.arpa <<'END'
1 PTR real.lab.test.
1 PTR other.lab.test.
END
TREE_NS=own tree_zone test <<'END'
@       NS ns
ns      A  127.0.0.2
lab     NS ns.lab
ns.lab  A  127.0.0.3
second  NS ns.second
ns.second A 127.0.0.4
noglue  NS ns.noglue
lame    NS ns1.lame
lame    NS ns2.lame
ns1.lame A 127.0.0.2
ns2.lame A 127.0.0.2
dead    NS ns.dead
ns.dead A  127.0.0.9
half    NS ns1.half
half    NS ns2.half
ns1.half A 127.0.0.9
ns2.half A 127.0.0.3
knot    NS ns.tie
tie     NS ns.knot
END
tree_zone half.test <<'END'
www A 192.0.2.9
END
tree_zone . <<'END'
@       NS a.root.
a.root. A  127.0.0.1
test.   NS ns.test.
ns.test. A 127.0.0.2
2.0.192.in-addr.arpa. NS ns.lab.test.
wave.   NS ns.tide.
tide.   NS ns.wave.
END
tree_serve 1 .
tree_serve 2 test
tree_serve 3 lab.test 2.0.192.in-addr.arpa half.test
tree_serve 4 second.test

trace ()
{
  run gsock-resolve --trace --root-hints=hints "$@"
}

trace -4 www.lab.test
is "$status:$stderr" 0: 'a name is followed from the root'
like "$stdout" '^\. +a\.root\. \(127\.0\.0\.1, udp, .*\) refers to test\.: 1 name server, 1 address, not signed$' \
  'the root refers to a top-level domain'
like "$stdout" '^test\. +ns\.test\. \(127\.0\.0\.2, .* refers to lab\.test\.' \
  '... which refers to the zone'
like "$stdout" '^lab\.test\. +ns\.lab\.test\. .* has the A of www\.lab\.test\.$' \
  '... which has the answer'
like "$stdout" '^real\.lab\.test\. +300 +A +192\.0\.2\.1$' \
  '... with its records'
is "$(printf '%s\n' "$stdout" | wc -l)" 8 '... and that is all'
trace --short -t A real.lab.test
is "$stdout" 192.0.2.1 '--short has the answer alone'
trace --short -t A,AAAA real.lab.test
is "$stdout" '192.0.2.1
2001:db8::1' 'one type after the other'
trace --short x.y.wild.lab.test
is "$stdout" 192.0.2.3 'a wildcard'
trace --short españa.lab.test
is "$stdout" 192.0.2.7 'a name in other letters'

trace far.lab.test
like "$stdout" 'far\.lab\.test\. is an alias of www\.second\.test\., which is sought' \
  'an alias leads to another zone'
is "$(printf '%s\n' "$stdout" | tail -n 2 | sed 's/   */ /g')" \
  'far.lab.test. 300 CNAME www.second.test.
www.second.test. 300 A 192.0.2.2' '... and both records are there'
is "$(printf '%s\n' "$stdout" | grep -c '^\. ')" 2 '... from the root, twice'
trace circle.lab.test
like "$status:$stderr" '^8:.*circle\.lab\.test.* is an alias .* circle' \
  'a circle through two zones has an end'
like "$stdout" 'is an alias that leads back to circle\.lab\.test\.$' \
  '... and is shown'
trace near.lab.test
like "$status:$stderr" '^8:.*circle' 'so has one within a zone'
trace dangling.lab.test
like "$status:$stderr" \
  "^3:.*'dangling\.lab\.test' is an alias of 'nowhere\.second\.test\.', which doesn't" \
  'an alias of nothing in another zone'
trace nothing.lab.test
like "$status:$stderr" '^3:.*NXDOMAIN from udp://127\.0\.0\.3:53' 'no such name'
like "$stdout" "nothing\.lab\.test\. doesn't exist$" '... said by whom'
trace -t A onlytxt.lab.test
like "$status:$stderr" '^8:.*has no A record' 'no such record'

trace --json 192.0.2.1
cp stdout all.json
python3 - >verdict <<'END'
import json
result = json.load(open('stdout'))
print(sorted(record['data'] for record in result['records']))
print([(s['depth'], s['step'], s['server']) for s in result['trace']])
END
is "$(cat verdict)" "['other.lab.test.', 'real.lab.test.']
[(0, 'referral', 'a.root.'), (0, 'needed', 'ns.lab.test.'), (1, 'referral', 'a.root.'), (1, 'referral', 'ns.test.'), (1, 'answer', 'ns.lab.test.'), (0, 'answer', 'ns.lab.test.')]" \
  'a server without glue is looked up beside it'
trace 192.0.2.1
like "$stdout" '^\. +a\.root.* refers to 2\.0\.192\.in-addr\.arpa\.: 1 name server, 0 addresses' \
  '... and told'
like "$stdout" '^  test\. ' '... further to the right'

trace -t TXT many.lab.test
like "$stdout" '\(127\.0\.0\.3, tcp, .* has the TXT' \
  'an answer that does not fit comes by TCP'
is "$(printf '%s\n' "$stdout" | grep -c 'of the sixty')" 60 '... all of it'

trace --json x.noglue.test
like "$status:$stdout" '^8:.*"step":"no-glue","server":"ns\.noglue\.test\."' \
  'missing glue'
cat stdout >>all.json
like "$stdout" '"error":.*"message":"Nobody can say where' '... is said'
trace x.lame.test
like "$status:$stderr" '^8:.*lame' 'lame servers'
is "$(printf '%s\n' "$stdout" | grep -c 'a lame server')" 2 '... each of them'
trace --json x.lame.test
cat stdout >>all.json
trace x.dead.test
like "$status:$stderr" "^4:.*No server of 'dead\.test\.' has an answer.*refused" \
  'a server that is not there'
cp stdout dead
ok '... is shown' grep -q 'ns\.dead\.test\. (127\.0\.0\.9) is of no use' dead
trace --json www.half.test
like "$status:$stdout" '^0:.*"step":"(unreachable|answer)".*"step":"answer"|^0:.*"step":"answer"' \
  'one of two is enough'
cat stdout >>all.json
trace x.knot.test
like "$status:$stdout" '^8:.*' 'zones that need each other'
ok '... have an end' grep -q 'no glue' stdout
trace --json x.wave
cat stdout >>all.json
like "$status:$stdout" '^8:.*"no-glue"' '... at the top too'

# Many at once, in order.
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  echo "h$i.wild.lab.test"
done >names
trace --short -i names
is "$(printf '%s\n' "$stdout" | sort | uniq -c | tr -s ' ')" ' 20 192.0.2.3' \
  'many names at once'

# Silence: what was done until then is shown.
start_peer <<'END'
import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(('127.0.0.9', 53))
print('ready', flush=True)
time.sleep(600)
END
patience=300ms
test -z "$TEST_WRAPPER" || patience=3s
trace -w "$patience" x.dead.test
is "$status" 124 'a silent server, until -w'
like "$stdout" '^test\. .* refers to dead\.test\.' '... with the steps so far'
trace x.dead.test
like "$status:$stdout" '^124:|does not answer' 'a silent server, of its own accord'
kill "$PEER_PID"

run gsock-resolve --trace --server=127.0.0.1 x
is "$status" 2 '--trace asks no other server'
run gsock-resolve --root-hints=hints x
is "$status" 2 '--root-hints is for --trace'
run gsock-resolve --trace --root-hints=/nowhere x
like "$status:$stderr" '^2:.*Cannot read /nowhere: no such file' \
  'a file of hints that is not there'
echo 'nothing of use' >empty
run gsock-resolve --trace --root-hints=empty x
like "$status:$stderr" '^2:.*Cannot use empty: no address' '... or is of no use'

keeps_to_schema all.json 'the JSON keeps to its schema'

done_testing

#! /bin/sh
# test-resolve-dnssec.sh: gsock-resolve --dnssec through signed zones, right
# and wrong ones, and what others make of them
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/dns-tree.sh"
requires unbound delv drill

{ cat && seq -f 'n%.0f A 192.0.2.50' 32; } <<'END' | tree_zone lab.test
ns      A     127.0.0.3
www     CNAME one
one     CNAME real
real    A     192.0.2.1
real    AAAA  2001:db8::1
*.wild  A     192.0.2.3
a.b.ent TXT   "below nothing"
text    TXT   "hello" "two"
away    CNAME www.plain.test.
awry    CNAME www.expired.test.
sub     DNAME text
x.text  A     192.0.2.4
_good._tcp SRV 1 0 80 real
_evil._tcp SRV 1 0 80 www.bad.test.
END
tree_sign lab.test

# A zone of each kind, with the same names.
simple ()
{
  tree_zone "$1" <<'END'
www     A     192.0.2.9
*.wild  A     192.0.2.3
END
}
for zone in three expired future bad nosig nokeys wrongkey nodenial plain \
  odd many; do
  simple "$zone.test"
done
past='-i 20200101000000 -e 20200201000000'
coming='-i 20370101000000 -e 20371231000000'
tree_sign three.test -n
tree_sign many.test -n -t 500
# shellcheck disable=SC2086 # options
tree_sign expired.test $past
# shellcheck disable=SC2086
tree_sign future.test $coming
tree_sign bad.test
sed -i 's/192\.0\.2\.9/192.0.2.10/' bad.testzone.signed
tree_sign nosig.test
sed -i '/^www.*RRSIG[[:blank:]]A /d' nosig.testzone.signed
tree_sign nokeys.test
cp nokeys.testzone nokeys.testzone.signed
tree_sign wrongkey.test
cp wrongkey.test.ds kept
tree_sign wrongkey.test
cp kept wrongkey.test.ds
tree_sign nodenial.test
sed -i '/[[:blank:]]NSEC[[:blank:]]/d' nodenial.testzone.signed
tree_sign odd.test
sed -i 's/\(DS[[:blank:]][0-9]*\) 13 /\1 200 /' odd.test.ds

TREE_NS=own tree_zone test <<'END'
@       NS ns
ns      A  127.0.0.2
lab     NS ns.lab
ns.lab  A  127.0.0.3
END
for zone in three expired future bad nosig nokeys wrongkey nodenial plain \
  odd many; do
  echo "$zone.test. NS ns.lab.test."
done >>testzone
cat ./*.test.ds >>testzone
tree_sign test
TREE_NS=own tree_zone . <<'END'
@       NS a.root.
a.root. A  127.0.0.1
test.   NS ns.test.
ns.test. A 127.0.0.2
END
cat test.ds >>.zone
tree_sign .
tree_serve 1 .
tree_serve 2 test
tree_serve 3 lab.test three.test expired.test future.test bad.test nosig.test \
  nokeys.test wrongkey.test nodenial.test plain.test odd.test many.test

# A server that asks these, and leaves the checking to us.
cat >unbound.conf <<END
server:
  interface: 127.0.0.5
  access-control: 127.0.0.0/8 allow
  do-not-query-localhost: no
  directory: "$TMP"
  chroot: ""
  username: ""
  pidfile: "$TMP/unbound.pid"
  root-hints: "$TMP/hints"
  trust-anchor-file: "$TMP/..key"
  use-syslog: no
  module-config: "validator iterator"
  local-zone: "test." nodefault
  aggressive-nsec: no
  num-threads: 1
remote-control:
  control-enable: no
END
background unbound unbound -d -c unbound.conf
recurses ()
{
  dig +time=1 +tries=1 +short @127.0.0.5 www.plain.test 2>/dev/null |
    grep -q 192.0.2.9
}
wait_for "$DEADLINE" recurses ||
  skip_all "unbound does not start: $(tail -n 1 unbound.err)"

: >all.json
check ()
{
  run gsock-resolve --dnssec --trust-anchors=..key --server=127.0.0.5 "$@"
}
verdict ()
{
  python3 -c 'import json
d = json.load(open("stdout")).get("dnssec", {})
print(d.get("verdict"), d.get("reason"), d.get("name"), d.get("type"))'
}
# others TYPE NAME: what delv says in a word.
others ()
{
  delv @127.0.0.5 -a anchors +root=. "$2" "$1" >delv.out 2>&1
  if grep -q 'unsigned answer' delv.out; then
    echo insecure
  elif grep -q 'fully validated' delv.out; then
    echo secure
  else
    echo bogus
  fi
}
awk '$3 == "DNSKEY" || $4 == "DNSKEY" {
  sub (/^.*DNSKEY[ \t]+/, ""); sub (/;.*/, "")
  key = ""
  for (i = 4; i <= NF; i++) key = key $i
  print "trust-anchors { . static-key " $1 " " $2 " " $3 " \"" key "\"; };"
}' ..key >anchors

# judge STATUS VERDICT REASON NAME TYPE of TYPE NAME
judge ()
{
  check --json -t "$6" "$7"
  is "$status:$(verdict)" "$1:$2 $3 $4 $5" "$6 of $7 is $2 ($3)"
  cat stdout >>all.json
  is "$(others "$6" "$7")" "$2" '... as delv has it'
}

judge 0 secure None None None A real.lab.test
judge 0 secure None None None A www.lab.test
judge 0 secure None None None TXT text.lab.test
judge 0 secure None None None SOA lab.test
judge 0 secure None None None DNSKEY lab.test
judge 0 secure None None None DS lab.test
judge 0 secure None None None A x.y.wild.lab.test
judge 0 secure None None None A x.sub.lab.test
judge 3 secure None None None A nothing.lab.test
judge 3 secure None None None A a.nothing.lab.test
judge 8 secure None None None MX real.lab.test
judge 8 secure None None None A b.ent.lab.test
judge 8 secure None None None MX x.wild.lab.test
judge 0 secure None None None A www.three.test
judge 0 secure None None None A x.wild.three.test
judge 3 secure None None None A nothing.three.test
judge 8 secure None None None MX www.three.test
judge 0 insecure no-ds plain.test. None A www.plain.test
judge 3 insecure no-ds plain.test. None A nothing.plain.test
judge 0 insecure no-ds plain.test. None A away.lab.test
judge 0 insecure algorithm odd.test. DNSKEY A www.odd.test
judge 0 secure None None None A www.many.test
judge 3 insecure iterations many.test. None A nothing.many.test
judge 5 bogus expired expired.test. DNSKEY A www.expired.test
judge 5 bogus expired expired.test. DNSKEY A awry.lab.test
judge 5 bogus not-yet-valid future.test. DNSKEY A www.future.test
judge 5 bogus bad-signature www.bad.test. A A www.bad.test
judge 5 bogus no-signature www.nosig.test. A A www.nosig.test
judge 5 bogus no-keys nokeys.test. DNSKEY A www.nokeys.test
judge 5 bogus wrong-key wrongkey.test. DNSKEY A www.wrongkey.test
judge 5 bogus no-denial nothing.nodenial.test. A A nothing.nodenial.test
judge 5 bogus no-denial www.nodenial.test. MX MX www.nodenial.test

# The same from the root down, by the zones' own servers alone.
# walk STATUS VERDICT REASON NAME TYPE of TYPE NAME
walk ()
{
  run gsock-resolve --trace --root-hints=hints --dnssec --trust-anchors=..key \
    --json -t "$6" "$7"
  is "$status:$(verdict)" "$1:$2 $3 $4 $5" \
    "$6 of $7 from the root is $2 ($3)"
  cat stdout >>all.json
}
walk 0 secure None None None A real.lab.test
walk 0 secure None None None A www.lab.test
walk 0 secure None None None DNSKEY lab.test
walk 0 secure None None None DS lab.test
walk 0 secure None None None A x.y.wild.lab.test
walk 3 secure None None None A nothing.lab.test
walk 8 secure None None None MX real.lab.test
walk 3 secure None None None A nothing.three.test
walk 0 insecure no-ds plain.test. None A www.plain.test
walk 0 insecure no-ds plain.test. None A away.lab.test
walk 5 bogus expired expired.test. DNSKEY A www.expired.test
walk 5 bogus expired expired.test. DNSKEY A awry.lab.test
walk 5 bogus bad-signature www.bad.test. A A www.bad.test
walk 5 bogus no-keys nokeys.test. DNSKEY A www.nokeys.test
walk 5 bogus wrong-key wrongkey.test. DNSKEY A www.wrongkey.test
walk 5 bogus no-denial nothing.nodenial.test. A A nothing.nodenial.test
run gsock-resolve --trace --root-hints=hints --dnssec --trust-anchors=..key \
  -t A away.lab.test
like "$stdout" '^lab\.test\. +ns\.lab\.test\. .* is an alias of www\.plain\.test\.' \
  '--trace --dnssec tells the steps'
is "$(printf '%s\n' "$stdout" | tail -n 1)" \
  'DNSSEC: insecure: plain.test. is not signed: its parent proves that it has no DS' \
  '... and what they are worth'

check -t A www.lab.test
is "$(printf '%s\n' "$stdout" | tail -n 1)" \
  'DNSSEC: secure: signed, and every link from the trust anchor holds' \
  'what is secure is said so'
unlike "$stdout" RRSIG '... without the signatures'
check -t A www.plain.test
like "$stdout" '^DNSSEC: insecure: plain\.test\. is not signed' \
  'what is insecure, and since when'
check -t A www.expired.test
like "$status:$stderr" "^5:.*'www\.expired\.test': bogus: the signature of the DNSKEY of expired\.test\. expired on 2020-02-01 00:00:00 UTC" \
  'what is bogus, and with its date'
check --short -t A www.bad.test
is "$stdout" '' '--short prints nothing that is bogus'
check www.lab.test
like "$stdout" '^DNSSEC: secure' 'both addresses at once'

# The hosts of a service are checked as the service is.
check _good._tcp.lab.test
like "$status:$stdout" '^real\.lab\.test\..*192\.0\.2\.1' 'the hosts of a service'
like "$stdout" '^DNSSEC: secure' '... and they are secure'
check _evil._tcp.lab.test
like "$status:$stderr" "^5:.*bogus: .*www\.bad\.test" \
  '... or not, though the service is'

# The same names from the root, by hand: drill -S follows the chain itself.
for asked in secure:real.lab.test bogus:www.bad.test bogus:www.expired.test; do
  drill -S -k ..key @127.0.0.5 "${asked#*:}" A >drill.out 2>&1
  drilled=$?
  check -t A "${asked#*:}"
  case $asked in
    secure:*) is "$status:$drilled" 0:0 "drill -S trusts ${asked#*:} too" ;;
    *) isnt "$drilled" 0 "drill -S does not trust ${asked#*:} either" ;;
  esac
done

run gsock-resolve --dnssec --server=127.0.0.5 -t A real.lab.test
like "$status:$stderr" '^5:.*bogus: \. has none of the keys' \
  'the root of the world is not ours'
run gsock-resolve --trust-anchors=..key x
is "$status" 2 '--trust-anchors is for --dnssec'
run gsock-resolve --dnssec --trust-anchors=/nowhere x
is "$status" 2 'a file of anchors that is not there'
run gsock-resolve --dnssec --trust-anchors=hints x
like "$status:$stderr" '^2:.*no DS and no DNSKEY' '... or is of no use'
cp lab.test.ds own
run gsock-resolve --dnssec --trust-anchors=own --server=127.0.0.5 -t A real.lab.test
like "$status:$stdout" '^0:|DNSSEC: secure' 'an anchor of a zone below'
run gsock-resolve --dnssec --trust-anchors=own --server=127.0.0.5 -t A www.plain.test
like "$stdout" 'insecure: no trust anchor is above www\.plain\.test\.' \
  '... which says nothing of others'

# A server that lies: what is not looked at is not said to be secure.
background padded python3 "$GSOCK_SRCDIR/tests/lib/padded-dns.py" \
  127.0.0.6 127.0.0.5 lab.test
wait_for "$DEADLINE" grep -q ready padded.out || bail_out "$(cat padded.err)"
padded ()
{
  run gsock-resolve --dnssec --trust-anchors=..key --server=tcp://127.0.0.6 "$@"
}
padded -t A n7.lab.test
like "$status:$stdout" '^0:|DNSSEC: secure' 'what it does not touch is secure'
for name in real forged; do
  padded -t A "$name.lab.test"
  is "$status:$stderr" "8:gsock-resolve: Signatures can't be checked: the answer has too many records" \
    "an address behind too many records ($name) is not"
  padded --short -t A "$name.lab.test"
  is "$stdout" '' '... nor printed by --short'
done

keeps_to_schema all.json 'the JSON keeps to its schema'

done_testing

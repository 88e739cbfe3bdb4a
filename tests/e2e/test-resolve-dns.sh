#! /bin/sh
# test-resolve-dns.sh: gsock-resolve against a real name server, and dig
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"
. "$GSOCK_SRCDIR/tests/lib/name-server.sh"
requires gsock-resolve nsd dig python3

cat >lab.test <<'EOF'
$ORIGIN lab.test.
$TTL 300
@       SOA   ns root 1 3600 600 86400 60
@       NS    ns
@       MX    10 mail
@       TXT   "v=lab"
ns      A     127.0.0.1
www     CNAME one
one     CNAME two
two     CNAME real
real    A     192.0.2.1
real    A     192.0.2.2
real    AAAA  2001:db8::1
loop    CNAME loop2
loop2   CNAME loop
dangling CNAME nowhere
nodata  CNAME onlytxt
onlytxt TXT   "here"
*.wild  A     192.0.2.3
mail    A     192.0.2.5
text    TXT   "hello \"q\" \\ \027[31mred" "two"
_sip._tcp SRV 10 60 5060 mail
_sip._tcp SRV 20 0 5061 real
_talk._sctp SRV 1 0 3490 real
caa     CAA   0 issue "ca.example"
https   HTTPS 1 . alpn=h2 ipv4hint=192.0.2.1
tlsa    TLSA  3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
ssh     SSHFP 4 2 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
naptr   NAPTR 100 50 "s" "SIP+D2U" "" _sip._udp.lab.test.
unknown TYPE65280 \# 4 0a000001
esc\.ape A    192.0.2.66
xn--espaa-rta A 192.0.2.7
EOF
i=0
while test $i -lt 60; do
  echo "many TXT \"string number $i of the sixty that are here\""
  i=$((i + 1))
done >>lab.test
printf '@ 60 SOA ns root 1 3600 600 86400 60\n@ NS ns.lab.test.\n' >local
cat >2.0.192.in-addr.arpa <<'EOF'
$ORIGIN 2.0.192.in-addr.arpa.
$TTL 300
@ SOA ns.lab.test. root.lab.test. 1 3600 600 86400 60
@ NS  ns.lab.test.
1 PTR real.lab.test.
1 PTR other.lab.test.
EOF

# start_nsd: on a port that was free a moment ago; sets DNS (HOST:PORT).
start_nsd ()
{
  port=$(free_ports 1)
  DNS=127.0.0.1:$port
  nsd_conf nsd "127.0.0.1@$port" lab.test=lab.test localhost=local \
    2.0.192.in-addr.arpa=2.0.192.in-addr.arpa
  background nsd nsd -c nsd.conf -d
  wait_for "$DEADLINE" sh -c "dig +time=1 +tries=1 +short @127.0.0.1 \
    -p $port ns.lab.test 2>/dev/null | grep -q 127" ||
    skip_all "nsd does not start: $(tail -n 1 nsd.err)"
}
start_nsd

resolve ()
{
  run gsock-resolve --server="$DNS" "$@"
}

# records_of PROGRAM NAME TYPE: by one of others, as ours are listed: quotes
# around the values of HTTPS and capitals of hexadecimal are theirs.
records_of ()
{
  case $1 in
    dig) dig +noall +answer +nosplit +noidnout "@127.0.0.1" -p "$port" "$2" "$3" ;;
    kdig) kdig +noall +answer +noidn "@127.0.0.1" -p "$port" "$2" "$3" ;;
  esac | awk '$4 != "" && $1 !~ /^;/ {
      n = $1; t = $2; y = $4
      sub(/^[^\t ]+[\t ]+[0-9]+[\t ]+IN[\t ]+[A-Z0-9]+[\t ]+/, "")
      print n, t, y, $0 }' |
    sed 's/ipv4hint="\(.*\)"/ipv4hint=\1/; s/alpn="\(.*\)"/alpn=\1/; s/ *$//' |
    sort
}

# The same records as dig and kdig have, for every name and type.
: >all.json
for asked in A:www.lab.test AAAA:www.lab.test A:real.lab.test \
  AAAA:real.lab.test CNAME:one.lab.test NS:lab.test SOA:lab.test MX:lab.test \
  TXT:lab.test TXT:text.lab.test TXT:many.lab.test A:x.y.wild.lab.test \
  SRV:_sip._tcp.lab.test CAA:caa.lab.test HTTPS:https.lab.test \
  TLSA:tlsa.lab.test SSHFP:ssh.lab.test NAPTR:naptr.lab.test \
  TYPE65280:unknown.lab.test 'A:esc\.ape.lab.test' \
  A:xn--espaa-rta.lab.test PTR:1.2.0.192.in-addr.arpa A:loop.lab.test \
  A:dangling.lab.test A:nowhere.lab.test; do
  type=${asked%%:*}
  name=${asked#*:}
  resolve --json -t "$type" "$name"
  cat stdout >>all.json
  python3 -c 'import json
for r in json.load(open("stdout"))["records"]:
    print(r["name"], r["ttl"], r["type"], r["data"])' | sort >ours
  for other in dig kdig; do
    if ! command -v $other >/dev/null; then
      skip 1 "needs $other"
      continue
    fi
    records_of $other "$name" "$type" >theirs
    case $type in
      TLSA | SSHFP | TYPE*)
        tr A-F a-f <ours >o && mv o ours
        tr A-F a-f <theirs >o && mv o theirs
        ;;
    esac
    same_bytes ours theirs "$type of $name is what $other has"
  done
done

resolve www.lab.test
is "$status:$stderr" '0:' 'a name with three aliases'
like "$stdout" '^www\.lab\.test\. +300 +CNAME +one\.lab\.test\.$' \
  '... has its records in columns'
is "$(printf '%s\n' "$stdout" | wc -l)" 6 '... none of them twice'
resolve --short -4 real.lab.test
is "$(printf '%s\n' "$stdout" | sort)" '192.0.2.1
192.0.2.2' '--short -4: the addresses alone'
resolve --short -6 real.lab.test
is "$stdout" '2001:db8::1' '... -6: of the other family'
resolve --short -t txt many.lab.test
is "$(printf '%s\n' "$stdout" | grep -c 'of the sixty')" 60 \
  'an answer of 4 kB is fetched by TCP'
run gsock-resolve --server="tcp://$DNS" --json -t TXT many.lab.test
like "$stdout" '"via":"tcp"' 'tcp:// asks by TCP at once'
cat stdout >>all.json
resolve --json -t SRV,TXT _sip._tcp.lab.test
cat stdout >>all.json
resolve --short 192.0.2.1
is "$(printf '%s\n' "$stdout" | sort)" 'other.lab.test.
real.lab.test.' 'an address has all its names'
resolve --short españa.lab.test
is "$stdout" 192.0.2.7 'a name in other letters'
resolve -t A españa.lab.test
like "$stdout" '^xn--espaa-rta\.lab\.test\. +300 +A +192\.0\.2\.7$' \
  '... whose records keep the form that DNS has'
resolve -a lab.test
like "$stdout" 'MX +10 mail' '-a has the MX'
like "$stdout" 'TXT +"v=lab"' '... and the TXT'
resolve _sip._tcp.lab.test
is "$(printf '%s\n' "$stdout" | sed 's/   */ /g' | head -n 3)" \
  '_sip._tcp.lab.test. 300 SRV 10 60 5060 mail.lab.test.
_sip._tcp.lab.test. 300 SRV 20 0 5061 real.lab.test.
mail.lab.test. 300 A 192.0.2.5' 'a service: its hosts in order, with addresses'
resolve nowhere.lab.test -t MX lab.test onlytxt.lab.test lab.test
is "$(sed 's/  .*//' stdout)" 'lab.test.

lab.test.' 'an empty line stands between blocks alone'
for name in _SIP._TCP.lab.test _talk._sctp.lab.test; do
  resolve --short "$name"
  like "$status:$stdout" '^0:[0-9]+ [0-9]+ [0-9]+ (mail|real)\.lab\.test\.' \
    "$name is one too"
done
resolve --explain --all lab.test
like "$stderr" '^send \([0-9]+, \{id 0x[0-9a-f]{4}, RD, "lab\.test\." IN MX\}' \
  '--explain decodes the question'
like "$stderr" '^recv \(.*AA, NOERROR, answers 1, ' '... and the answer'
like "$stderr" '^record \("lab\.test\.", 300, IN, MX, 10 mail\.lab\.test\.\) = 0$' \
  '... and its records'
like "$stderr" 'takes mail for this domain' '... with what they are for'
run gsock-resolve --server="tcp://$DNS" --explain -t A www.lab.test
like "$stderr" '^question \(tcp://[0-9.:]*, \{id 0x[0-9a-f]{4}, RD, "www\.lab\.test\." IN A\}\) = [0-9]+$' \
  'over a stream the question is decoded'
like "$stderr" '^answer \(tcp://[0-9.:]*, \{.*AA, NOERROR, answers 5, ' \
  '... and the answer'
like "$stderr" '^record \("www\.lab\.test\.", 300, IN, CNAME, one\.lab\.test\.\)' \
  '... with its aliases'

# What is wrong is said, each with its own words and status.
wrong ()
{
  resolve "$1"
  like "$status:$stderr" "^$2:gsock-resolve: $3" "$1: $4"
  is "$(printf '%s\n' "$stderr" | wc -l)" 1 '... in one line'
  resolve --json "$1"
  cat stdout >>all.json
}
wrong loop.lab.test 8 ".*'loop\.lab\.test' is an alias .* circle" 'a circle'
wrong dangling.lab.test 3 \
  ".* alias of 'nowhere\.lab\.test\.', which doesn't exist" 'dangling'
wrong nodata.lab.test 8 ".* which has no such record" 'an alias without data'
wrong nowhere.lab.test 3 ".* doesn't exist \(NXDOMAIN from udp://" 'no name'
# README's rows about dig.
run dig "@127.0.0.1" -p "$port" nowhere.lab.test
is "$status" 0 '... which dig has status 0 for'
like "$stdout" 'status: NXDOMAIN' '... though it says so'
run dig "@127.0.0.1" -p "$port" +yaml real.lab.test
like "$stdout" '^ *status: NOERROR$' 'for programs dig has YAML'
run dig "@127.0.0.1" -p "$port" +short localhost
is "$stdout" '' "dig doesn't see what /etc/hosts has"
run gsock-resolve --short -4 localhost
is "$status:$stdout" 0:127.0.0.1 '... which programs see, and we'
wrong onlytxt.lab.test 8 ".* exists, but has no A record" 'no data'
wrong other.test 8 ".* answered REFUSED about 'other\.test'" 'not its zone'
resolve a..b
like "$status:$stderr" "^3:gsock-resolve: 'a\.\.b' can't be a name" \
  'a name that is none'
for type in NONSENSE '' A, ,; do
  run gsock-resolve -t "$type" x
  is "$status" 2 "type '$type' is a usage error"
done
run gsock-resolve --server=ftp://x/ x
like "$status:$stderr" "^2:.*'ftp://x/' is not a name server; write .*udp://HOST" \
  '... and so is a server that is none'
run gsock-resolve --server="UDP://$DNS" --short -6 real.lab.test
is "$status:$stdout" 0:2001:db8::1 '... which is not one in capitals'
# Where nobody can be asked that is said once, and no name has a result.
{ echo a.test; echo b.test; } >two
for mode in 'a.test b.test' '--json a.test b.test' \
  '--json --unordered a.test b.test' '--json --jobs=2 -i two'; do
  # shellcheck disable=SC2086 # options
  run gsock-resolve --server=127.0.0.1:99999 $mode
  is "$status:$stdout" 2: "$mode: a server that can't be set up"
  is "$(printf '%s\n' "$stderr" | wc -l)" 1 '... is one line'
done
run gsock-resolve --server=nosuch.invalid -i two
like "$status:$stderr" '^3:gsock-resolve: .*nosuch\.invalid' \
  '... and so is one that has no address'
is "$(printf '%s\n' "$stderr" | wc -l)" 1 '... in one line'
for option in --cacert=/dev/null "--pin=sha256:$(printf %064d 0)"; do
  run gsock-resolve "$option" x
  is "$status" 2 "${option%%=*} is for a server by TLS"
  run gsock-resolve "$option" --server="$DNS" x
  like "$status:$stderr" '^2:.*--server=tls://' '... which this is not'
done
run gsock-resolve --source=system --server="$DNS" x
is "$status" 2 '... and one that would not be asked'

# Both planes.  What the server doesn't serve it refuses, which says nothing.
run gsock-resolve --source=both --server="$DNS" localhost
like "$stdout" '^Only the system has .*127\.0\.0\.1' \
  '--source=both shows where they differ'
is "$status:$stderr" 0: '... and what one has is there'
run gsock-resolve --source=both --json --server="$DNS" localhost
like "$stdout" '"only_system":\[.*"127\.0\.0\.1"' '... as JSON too'
cat stdout >>all.json

# Nobody there: refused at once, and silent for as long as -w says.
run gsock-resolve --server=127.0.0.1:1 -w 20s www.lab.test
like "$status:$stderr" '^4:.*udp://127\.0\.0\.1:1: connection refused' \
  'a server that is not there'
start_peer <<'EOF'
import socket, sys, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(('127.0.0.1', 0))
print(s.getsockname()[1], flush=True)
time.sleep(600)
EOF
run gsock-resolve --server="127.0.0.1:$PEER" -w 300ms www.lab.test
like "$status:$stderr" "^124:.*'www\.lab\.test' within" 'one that is silent'
kill "$PEER_PID"

# gsock-client asks the same server, and /etc/hosts no more.
start_server --greet=hello 127.0.0.1:0
run gsock-client --dns-server="$DNS" --recv-only "ns.lab.test:$PORT"
is "$status:$stdout" '0:hello' 'gsock-client --dns-server finds a name there'
run gsock-client -4 --dns-server="tcp://$DNS" --recv-only "ns.lab.test:$PORT"
is "$status:$stdout" '0:hello' '... by TCP, and one family alone'
run gsock-client --dns-server="$DNS" -w 20s "loop.lab.test:$PORT" x
like "$status:$stderr" '^8:gsock-client: .*circle' '... and says what is wrong'
run gsock-client --dns-server="$DNS" -w 20s "no.lab.test:$PORT" x
like "$status:$stderr" '^3:gsock-client: .*NXDOMAIN from udp' '... with a name'
run gsock-client --dns-server='a b:c:d/' localhost:1 x
is "$status" 2 '... or with the option'
stop_server

# Many, in order, with errors as JSON.
i=0
while test $i -lt 700; do
  echo "h$i.wild.lab.test"
  echo "h$i.lab.test"
  i=$((i + 1))
done >names
run gsock-resolve --server="$DNS" -4 --json -i names
python3 - >verdict <<'EOF'
import json
results = [json.loads(line) for line in open('stdout')]
print([r['name'] for r in results] == open('names').read().split())
print(all(r['records'][0]['data'] == '192.0.2.3' for r in results[::2]))
print(all(r['error']['status'] == 3 for r in results[1::2]))
EOF
is "$(cat verdict)" 'True
True
True' 'many names, in order, errors too'

head -n 50 stdout >>all.json
keeps_to_schema all.json 'all of the JSON keeps to its schema'

done_testing

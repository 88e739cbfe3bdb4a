#! /bin/sh
# test-resolve-system.sh: /etc/hosts, resolv.conf and DNS of a machine of its
# own, by namespaces
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"
. "$GSOCK_SRCDIR/tests/lib/name-server.sh"
requires gsock-resolve nsd unshare ip mount python3

if test "$(id -u)" -eq 0; then
  unshare='unshare -n -m'
else
  unshare='unshare -r -n -m'
fi
$unshare sh -c 'mount -t tmpfs none /mnt && ip link set lo up' 2>/dev/null ||
  skip_all 'needs leave to make namespaces'

cat >zone <<'EOF'
$ORIGIN google.com.
$TTL 300
@     SOA   ns root 1 3600 600 86400 60
@     NS    ns
ns    A     127.0.0.1
www   CNAME www.l
www.l A     74.125.227.144
www.l A     74.125.227.147
www.l A     74.125.227.145
www.l A     74.125.227.146
www.l A     74.125.227.148
loop  CNAME loop2
loop2 CNAME loop
gone  CNAME nowhere
EOF
printf '@ 60 SOA ns root 1 3600 600 86400 60\n@ NS ns.google.com.\n' >empty
nsd_conf nsd 127.0.0.1 google.com=zone test=empty 227.125.74.in-addr.arpa=reverse
cat >reverse <<'EOF'
$ORIGIN 227.125.74.in-addr.arpa.
$TTL 300
@   SOA ns.google.com. root.google.com. 1 3600 600 86400 60
@   NS  ns.google.com.
144 PTR www.l.google.com.
144 PTR second.google.com.
EOF
printf '%s\n' '127.0.0.1 localhost' '192.0.2.7 here.test alias1 alias2' \
  '2001:db8::7 here.test alias3' '192.0.2.9 xn--espaa-rta.test' \
  '192.0.2.11 out.example' >hosts
printf '%s\n' 'nameserver 127.0.0.1' 'options timeout:1' >resolv.conf
printf 'hosts: files dns\n' >nsswitch.conf

# inside COMMAND...: on that machine, whose only interface is lo.
cat >inside.sh <<'EOF'
for file in hosts resolv.conf nsswitch.conf; do
  mount --bind "$TMP/$file" "$(readlink -f /etc/$file)" || exit 99
done
ip link set lo up
if test -z "$DEAD"; then
  nsd -c "$TMP/nsd.conf" -d >"$TMP/nsd.log" 2>&1 &
  server=$!
  n=0
  until gsock-resolve --quiet --server=127.0.0.1 -w 1s -t SOA google.com \
    >/dev/null 2>&1; do
    n=$((n + 1))
    test $n -lt 300 || exit 99
  done
fi
"$@"
status=$?
test -n "$DEAD" || kill "$server"
exit "$status"
EOF
DEAD=
export TMP DEAD

inside ()
{
  run $unshare sh inside.sh "$@"
}

inside true
test "$status" -eq 0 || skip_all "no such machine: $stderr"

# The lab sheet's screen.
inside gsock-resolve www.google.com
is "$(printf '%s\n' "$stdout" | head -n 4)" 'Name            www.google.com
Canonical name  www.l.google.com
Aliases         www.google.com
Address length  4 bytes (AF_INET)' "the lab sheet's screen"
is "$(printf '%s\n' "$stdout" | sed -n '5,$s/.* //p' | sort)" \
  '74.125.227.144
74.125.227.145
74.125.227.146
74.125.227.147
74.125.227.148' '... with its five addresses'
spanish=$(requires_spanish >/dev/null && printf 'yes:%s' "$spanish_locpath")
case $spanish in
  yes:*)
    spanish_locpath=${spanish#yes:}
    run in_spanish $unshare sh inside.sh gsock-resolve www.google.com
    is "$(printf '%s\n' "$stdout" | head -n 4)" \
      'Nombre           www.google.com
Nombre canónico  www.l.google.com
Alias            www.google.com
Longitud         4 bytes (AF_INET)' '... and in Spanish'
    ;;
  *) skip 1 'needs a Spanish locale' ;;
esac

inside sh -c 'getent ahosts www.google.com | sed -n "s/ *STREAM.*//p" >theirs
  gsock-resolve --short www.google.com >ours
  sort -o theirs theirs; sort -o ours ours; cmp ours theirs'
is "$status" 0 'the same addresses as getent ahosts'

# A machine that has only lo finds what stands in its hosts, aliases too.
inside gsock-resolve here.test
like "$stdout" '^(Aliases)? +alias1$' '/etc/hosts has aliases'
like "$stdout" '^ +alias2$' '... the second one too'
like "$stdout" '^(Aliases)? +alias3$' "... and the other family's"
like "$stdout" '16 bytes \(AF_INET6\)' '... and both families'
inside gsock-resolve --json alias2
like "$stdout" '"canonical":"here\.test"' 'an alias leads to its name'
inside gsock-resolve 192.0.2.7
like "$stdout" '^Names +here\.test$' 'and an address back'
like "$stdout" '^ +alias1$' '... with all of its line'

# How the system does it, from the file that says who is asked to the bytes.
# explained N ERE TEXT: the Nth call that --explain told
explained ()
{
  like "$(grep -E '^[a-z0-9_]+ \(' stderr | sed -n "$1p")" "$2" "$3"
}
inside gsock-resolve --explain here.test
explained 1 '^nsswitch \(/etc/nsswitch\.conf, "hosts:"\) = 2 files dns$' \
  '--explain begins with who is asked'
explained 2 '^source \("files", "here\.test"\) = 2 /etc/hosts:2: 192\.0\.2\.7 here\.test alias1 alias2; /etc/hosts:3: 2001:db8::7 here\.test alias3$' \
  '... finds the lines of /etc/hosts'
explained 3 '^getaddrinfo \("here\.test", NULL, \{AF_UNSPEC, SOCK_STREAM\}\) = 0 ' \
  '... and asks nobody else'
like "$stderr" '^connect \([0-9]+, (\[2001:db8::7\]|192\.0\.2\.7):0, SOCK_DGRAM\) = -1 ENETUNREACH' \
  '... why the addresses are in that order'
like "$stderr" '^inet_ntop \(AF_INET, \{c0 00 02 07\}\) = 0 "192\.0\.2\.7", s_addr 0x(070200c0|c0000207), ntohl 0xc0000207' \
  '... and the order of their bytes'
like "$stderr" 'so getaddrinfo took its place' '... and why the old call is one'
inside gsock-resolve --explain www.google.com
explained 2 '^source \("files", "www\.google\.com"\) = 0$' \
  'what is not in /etc/hosts'
explained 3 '^source \("dns", "www\.google\.com"\) = 1 /etc/resolv\.conf: nameserver 127\.0\.0\.1$' \
  '... DNS is asked about'
printf 'hosts: nosuch [UNAVAIL=continue] files [SUCCESS=merge] dns\n' >nsswitch.conf
inside gsock-resolve --explain here.test
explained 1 ' = 3 nosuch \[UNAVAIL=continue\] files \[SUCCESS=merge\] dns$' \
  'another order is told as it stands'
explained 3 '^source \("\[UNAVAIL=continue\]"\) = 0$' '... its brackets too'
explained 6 '^source \("dns", ' '... and who is asked all the same'
printf 'hosts: files dns\n' >nsswitch.conf
inside gsock-resolve --explain 192.0.2.7
explained 2 '^source \("files", "192\.0\.2\.7"\) = 1 /etc/hosts:2: ' \
  'an address is sought in the same way'
case $spanish in
  yes:*)
    run in_spanish $unshare sh inside.sh gsock-resolve --explain www.google.com
    explained 2 '^source \("files", "www\.google\.com"\) = 0$' \
      'in Spanish the calls are the same'
    like "$stderr" 'El archivo /etc/hosts no tiene ninguna línea' \
      '... and the lessons are not'
    ;;
  *) skip 2 'needs a Spanish locale' ;;
esac

# What only DNS can tell.
inside gsock-resolve loop.google.com
like "$status:$stderr" "^8:.*'loop\.google\.com' is an alias .* circle" \
  'a circle of aliases is told from a name that is not there'
inside gsock-resolve gone.google.com
like "$status:$stderr" "^3:.* alias of 'nowhere\.google\.com\.', which" \
  '... and so is an alias of nothing'
inside gsock-resolve 74.125.227.144
like "$stdout" '^Names +www\.l\.google\.com$' 'an address'
like "$stdout" '^ +second\.google\.com$' '... has all its names'
inside gsock-resolve españa.test
is "$(printf '%s\n' "$stdout" | sed 's/   */ /' | head -n 2)" \
  'Name españa.test
Canonical name españa.test' 'a name in other letters is shown in them'
inside gsock-resolve --short 192.0.2.9
is "$stdout" xn--espaa-rta.test '... but by --short as DNS has it'

# both ERE TEXT NAME [OPTION...]: the status, the error and the last line.
both ()
{
  text=$2
  like=$1
  shift 2
  inside gsock-resolve --source=both "$@"
  like "$status:$stderr:$(printf '%s\n' "$stdout" | tail -n 1)" "$like" "$text"
}
both '^0::The system and DNS agree on the addresses$' 'both agree' www.google.com
both '^0::Only the system has .*192\.0\.2\.7' 'a name in /etc/hosts alone' \
  here.test
both '^0::Only the system has 192\.0\.2\.7$' '... of the type that was asked for' \
  -t A here.test
both '^3:.* doesn.t exist .*:$' 'where neither has any they do not agree on them' \
  nowhere.google.com
both '^8:.* has no MX record .*:Addresses +127\.0\.0\.1$' \
  'of addresses that DNS was not asked for nothing is said' -t MX ns.google.com
both '^8:.* REFUSED .*:Addresses +192\.0\.2\.11$' '... nor where it did not answer' out.example
inside gsock-resolve --source=both --json out.example
like "$stdout" '"verdict":"failed".*"status":8' '... in JSON'
unlike "$stdout" 'only_' '... where nothing is compared either'
both '^0::.* PTR +[a-z.]*\.google\.com\.$' 'names of an address are not addresses' \
  74.125.227.144

# What the C library makes of odd lines is what we make of them.
printf '%s\n' 'nameserver nosuch.invalid' 'nameserver 127.0.0.1' 'search .' \
  >resolv.conf
inside gsock-resolve --source=dns --short www.google.com
like "$status:$(printf '%s\n' "$stdout" | sort | head -n 1)" \
  '^0:74\.125\.227\.144$' 'a nameserver without an address, and the root to search'

# Nobody answers.
DEAD=1
printf '%s\n' 'nameserver 192.0.2.53' 'options timeout:5' >resolv.conf
inside gsock-resolve here.test
is "$status" 0 'without a network /etc/hosts still serves'
printf '%s\n' 'nameserver 127.0.0.1' 'options timeout:5' >resolv.conf
cat >silent.py <<'EOF'
import json, socket, subprocess, sys, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(('127.0.0.1', 53))
# The C library would ask again after 5 s, and give up after 20.
limit, least, *planes = sys.argv[1:]
for plane in planes:
    done = subprocess.run(['gsock-resolve', '-w', limit, '--json',
                           '--source=' + plane, 'x.google.com'],
                          stdout=subprocess.PIPE)
    result = json.loads(done.stdout)
    print(done.returncode, result['error']['code'], result['error']['status'],
          float(least) <= result['seconds'] < 5, flush=True)
EOF
inside python3 silent.py 500ms 0.5 system dns
is "$stdout" '124 timed-out 124 True
124 timed-out 124 True' 'a dead server: status 124 from either plane, by -w'
printf '%s\n' 'nameserver 127.0.0.1' 'options timeout:1 attempts:1' >resolv.conf
inside python3 silent.py 30s 1 dns
is "$stdout" '124 timed-out 124 True' \
  '... and before that when the servers have had their time'

done_testing

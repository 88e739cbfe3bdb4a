#! /bin/sh
# test-resolve-system.sh: /etc/hosts, resolv.conf and DNS of a machine of its
# own, by namespaces
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"
PATH=$PATH:/usr/sbin:/sbin
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
cat >nsd.conf <<EOF
server:
  ip-address: 127.0.0.1
  zonesdir: "$TMP"
  pidfile: "$TMP/nsd.pid"
  database: ""
  username: ""
  chroot: ""
  xfrdfile: "$TMP/xfrd"
  zonelistfile: "$TMP/zones"
  server-count: 1
remote-control:
  control-enable: no
zone:
  name: google.com
  zonefile: zone
zone:
  name: 227.125.74.in-addr.arpa
  zonefile: reverse
EOF
cat >reverse <<'EOF'
$ORIGIN 227.125.74.in-addr.arpa.
$TTL 300
@   SOA ns.google.com. root.google.com. 1 3600 600 86400 60
@   NS  ns.google.com.
144 PTR www.l.google.com.
144 PTR second.google.com.
EOF
printf '%s\n' '127.0.0.1 localhost' '192.0.2.7 here.test alias1 alias2' \
  '2001:db8::7 here.test alias3' >hosts
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

# Nobody answers.
DEAD=1
printf '%s\n' 'nameserver 192.0.2.53' 'options timeout:5' >resolv.conf
inside gsock-resolve here.test
is "$status" 0 'without a network /etc/hosts still serves'
printf '%s\n' 'nameserver 127.0.0.1' 'options timeout:5' >resolv.conf
cat >silent.py <<'EOF'
import socket, subprocess, sys, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(('127.0.0.1', 53))
for plane in [], ['--source=dns']:
    print(subprocess.run(['gsock-resolve', '-w', '500ms', 'x.google.com'] +
                         plane).returncode, flush=True)
EOF
inside python3 silent.py
is "$stdout" '124
124' 'a dead server: status 124 from either plane'

done_testing

#! /bin/sh
# test-manual.sh: what the pages show is what happens: every session in the
# manual and in README.md is played again
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"
. "$GSOCK_SRCDIR/tests/lib/name-server.sh"
requires gsock-resolve busybox ip jq mount nginx nsd python3 unshare

# test-manual-es.sh is this file, for the Spanish pages and LEEME.md.
test "${manual_language:-en}" = en || speak_spanish

if test "$(id -u)" -eq 0; then
  unshare='unshare -n -m'
else
  unshare='unshare -r -n -m'
fi
$unshare sh -c 'mount -t tmpfs none /mnt && ip link set lo up' 2>/dev/null ||
  skip_all 'needs leave to make namespaces'
test -f /proc/net/if_inet6 || skip_all 'needs IPv6'

# The machine of the pages: one interface; example.org, its name server at
# 192.0.2.53 and its web server at 192.0.2.80; an empty /tmp, where the sessions
# are.

printf '%s\n' '127.0.0.1 localhost' '::1 localhost ip6-localhost' \
  '192.0.2.54 db.example' >hosts
printf '%s\n' 'nameserver 192.0.2.53' 'options timeout:1' >resolv.conf
printf 'hosts: files dns\n' >nsswitch.conf
cat >zone <<'EOF'
$ORIGIN example.org.
$TTL 3600
@          SOA   ns root 1 3600 600 86400 60
@          NS    ns
@          A     192.0.2.80
@          MX    10 mail
@          MX    20 mail.example.net.
@          TXT   "v=spf1 mx -all"
ns         A     192.0.2.53
www        CNAME web
web        A     192.0.2.80
web        AAAA  2001:db8::80
mail       A     192.0.2.25
_talk._tcp SRV   10 0 3490 web
EOF
cat >reverse <<'EOF'
$ORIGIN 2.0.192.in-addr.arpa.
$TTL 3600
@   SOA ns.example.org. root.example.org. 1 3600 600 86400 60
@   NS  ns.example.org.
80  PTR web.example.org.
EOF
nsd_conf nsd 192.0.2.53 example.org=zone 2.0.192.in-addr.arpa=reverse
mkdir html temporary
chmod 755 "$TMP"
printf '<p>It works.</p>\n' >html/index.html
head -c 4000000 /dev/zero >html/disk.iso
printf 'first\n' >html/first.txt
printf 'second\n' >html/second.txt
touch -d '2026-01-02 03:04:05 UTC' html/*
cat >nginx.conf <<EOF
daemon off;
master_process off;
pid $TMP/temporary/pid;
error_log $TMP/temporary/error;
events { worker_connections 64; }
http {
  access_log off;
  server_tokens off;
  client_body_temp_path $TMP/temporary/1;
  proxy_temp_path $TMP/temporary/2;
  fastcgi_temp_path $TMP/temporary/3;
  uwsgi_temp_path $TMP/temporary/4;
  scgi_temp_path $TMP/temporary/5;
  types { text/html html; text/plain txt; application/octet-stream iso; }
  server {
    listen 192.0.2.80:80;
    root $TMP/html;
    location = /moved { return 301 /index.html; }
  }
}
EOF

# inside.sh COMMAND...: on that machine
cat >inside.sh <<'EOF'
# The sessions put sockets into /run, where some have a file of /etc.
hosts=$(readlink -f /etc/hosts)
resolv=$(readlink -f /etc/resolv.conf)
nsswitch=$(readlink -f /etc/nsswitch.conf)
mount -t tmpfs none /run || exit 99
put ()
{
  test -e "$2" || { mkdir -p "${2%/*}" && : >"$2"; }
  mount --bind "$TMP/$1" "$2" || exit 99
}
put hosts "$hosts"
put resolv.conf "$resolv"
put nsswitch.conf "$nsswitch"
# What is needed of the real /tmp stays where it is.
mount -t tmpfs none /mnt || exit 99
tools=$(dirname "$(command -v gsock-server)")
set_aside ()
{
  count=0
  for folder in "$GSOCK_SRCDIR" "$GSOCK_BUILDDIR" "$tools" "$TMP"; do
    count=$((count + 1))
    mkdir -p "/mnt/$count"
    "$1" "/mnt/$count" "$folder" || exit 99
  done
}
there ()
{
  mount --bind "$2" "$1"
}
back ()
{
  case $2 in
    /tmp/*) mkdir -p "$2" && mount --bind "$1" "$2" ;;
  esac
}
set_aside there
mount -t tmpfs none /tmp || exit 99
set_aside back
ip link set lo up
for address in 192.0.2.53/32 192.0.2.80/32 2001:db8::80/128; do
  ip addr add "$address" dev lo || exit 99
done
nsd -c "$TMP/nsd.conf" -d >"$TMP/nsd.log" 2>&1 &
servers=$!
nginx -c "$TMP/nginx.conf" >"$TMP/nginx.log" 2>&1 &
servers="$servers $!"
mkdir /tmp/there && cd /tmp/there || exit 99
end=$(($(date +%s) + DEADLINE))
until gsock-resolve --quiet -w 10s -t SOA example.org &&
    gsock-client --quiet -z -w 10s 192.0.2.80 80; do
  test "$(date +%s)" -lt "$end" || exit 98
done >/dev/null 2>&1
"$@"
status=$?
# shellcheck disable=SC2086 # numbers
kill $servers
exit "$status"
EOF
TERM=dumb
NO_COLOR=1
HISTFILE=
export DEADLINE TERM NO_COLOR HISTFILE

# With GSOCK_WRITE=yes what was shown is put into the pages: "make
# update-sessions".
player="python3 $GSOCK_SRCDIR/tests/lib/transcripts.py"

# plays FILE [CATALOGUE]
plays ()
{
  # shellcheck disable=SC2086 # words
  $unshare sh "$TMP/inside.sh" $player ${GSOCK_WRITE:+--write} "$@" \
    >"$TMP/played" 2>"$TMP/played.err"
  status=$?
  while IFS= read -r line; do
    case $line in
      'ok '*) ok 0 "${1##*/}: ${line#ok }" ;;
      'not ok '*) ok 1 "${1##*/}: ${line#not ok }" ;;
      *) printf '%s\n' "$line" ;;
    esac
  done <"$TMP/played"
  is "$status:$(cat "$TMP/played.err")" 0: "${1##*/} was played to its end"
}

man=$GSOCK_SRCDIR/man
for page in ${GSOCK_PAGES:-gsock gsock-server gsock-client gsock-resolve gsock-get README}; do
  case ${manual_language:-en}-$page in
    en-README) plays "$GSOCK_SRCDIR/README.md" ;;
    es-README) plays "$GSOCK_SRCDIR/LEEME.md" ;;
    en-*) plays "$man/$page.pod" ;;
    es-*) plays "$man/$page.pod" "$man/po/es.po" ;;
  esac
done

# What is not so is found.
cat >wrong.pod <<'EOF'
=head1 A SERVER

    $ gsock-server --echo 3490
    Listening on 127.0.0.1:3490
    Listening on [::1]:3490

    $ gsock-client localhost 3490 hola
    hola

    $ gsock-client localhost 3490 hola
    adios

    $ gsock-client localhost 3490 hola

    $ gsock-client localhost 3490 hola
    hola
    hola

    Listening on 127.0.0.1:3491

=head1 ANOTHER

    no command
EOF
if test "${manual_language:-en}" = en; then
  # What does not come is waited for in vain, three times.
  soon=3
  test -z "$TEST_WRAPPER" || soon=30
  # shellcheck disable=SC2086 # words
  run env GSOCK_TEST_DEADLINE="$soon" $unshare sh inside.sh $player "$TMP/wrong.pod"
  is "$(sed -nE 's/^(ok|not ok) [A-Z ]+: /\1 /p' stdout)" \
    'ok $ gsock-server --echo 3490
ok $ gsock-client localhost 3490 hola
not ok $ gsock-client localhost 3490 hola
not ok $ gsock-client localhost 3490 hola
not ok $ gsock-client localhost 3490 hola
not ok Listening on 127.0.0.1:3491
not ok no command' 'a page that shows something else is found out'
fi

done_testing

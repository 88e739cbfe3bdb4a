#! /bin/sh
# test-srv.sh: srv: asks DNS for the hosts of a service and tries them in order,
# by the system and by --dns-server
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

. "${0%/*}/../lib/functions.sh"

# The system's name servers have port 53: so in a machine of its own.
in_network='unshare -n -m'
test "$(id -u)" -eq 0 || in_network='unshare -r -n -m'
if test -z "${GSOCK_TEST_NETWORK:-}" && command -v unshare ip >/dev/null &&
  $in_network sh -c 'ip link set lo up &&
    mount --bind /dev/null /etc/resolv.conf' 2>/dev/null
then
  GSOCK_TEST_NETWORK=1
  export GSOCK_TEST_NETWORK
  trap - EXIT
  rm -rf "$TMP"
  # shellcheck disable=SC2093 # it never returns
  cd "$GSOCK_BUILDDIR" &&
    exec $in_network sh "$GSOCK_SRCDIR/tests/e2e/${0##*/}"
fi

. "$GSOCK_SRCDIR/tests/lib/certificates.sh"
requires python3

# start_dns [PORT]: sets DNS_PORT
start_dns ()
{
  : >zone
  background dns python3 "$GSOCK_SRCDIR/tests/lib/dns-zone.py" "$TMP/zone" "$@"
  wait_for "$DEADLINE" grep -q . dns.out || {
    diag "$(cat dns.err)"
    skip_all 'needs a name server'
  }
  DNS_PORT=$(cat dns.out)
}

planes=
if test -n "${GSOCK_TEST_NETWORK:-}"; then
  ip link set lo up
  printf 'nameserver 127.0.0.1\noptions timeout:1 attempts:2\n' >resolv.conf
  mount --bind resolv.conf /etc/resolv.conf
  start_dns 53
  planes=system
else
  start_dns
fi
! gsock-client --help-all | grep -q -e --dns-server ||
  planes="$planes dns"
test -n "$planes" || skip_all 'needs a network of its own, or --dns-server'

make_authority ca
make_certificate domain DNS:s.test
make_certificate host DNS:a.s.test

ask ()
{
  if test "$plane" = system; then
    run gsock-client "$@"
  else
    run gsock-client --dns-server="127.0.0.1:$DNS_PORT" "$@"
  fi
}

start_server --echo 127.0.0.1:0 udp:127.0.0.1:0
udp_port=$(endpoint 2)
udp_port=${udp_port##*:}
main=$SERVER_PID main_port=$PORT
start_server --echo --cert="$TLS/domain.pem" --key="$TLS/domain.key" \
  tls:127.0.0.1:0
domain=$SERVER_PID domain_port=$PORT
start_server --echo --cert="$TLS/host.pem" --key="$TLS/host.key" tls:127.0.0.1:0
host_port=$PORT

cat >zone <<EOF
a.s.test A 127.0.0.1
b.s.test A 127.0.0.1
_one._tcp.s.test SRV 0 0 $main_port a.s.test
_two._tcp.s.test SRV 20 5 $main_port b.s.test
_two._tcp.s.test SRV 10 5 9 a.s.test
_gone._tcp.s.test SRV 1 0 9 nowhere.s.test
_gone._tcp.s.test SRV 2 0 $main_port a.s.test
_all._tcp.s.test SRV 1 0 9 a.s.test
_all._tcp.s.test SRV 2 0 9 b.s.test
_no._tcp.s.test SRV 0 0 0 .
_text._tcp.s.test TXT here
_bad._tcp.s.test SRV 0 0 $main_port a.s.test
_bad._tcp.s.test BAD
_fail._tcp.s.test FAIL
_silent._tcp.s.test SILENT
_u._udp.s.test SRV 0 0 $udp_port a.s.test
_tls._tcp.s.test SRV 0 0 $domain_port a.s.test
_lied._tcp.s.test SRV 0 0 $host_port a.s.test
EOF

for plane in $planes; do
  ask srv:_one._tcp.s.test hola
  is "$status:$stdout:$stderr" 0:hola: "$plane: the host of a service"
  ask srv:_ONE._TCP.s.test. hola
  is "$status:$stdout" 0:hola '... with capitals and a last dot'
  ask -v srv:_two._tcp.s.test hola
  is "$status:$stdout" 0:hola \
    '... the next one, where the one of the first priority refuses'
  like "$stderr" "a\.s\.test:9, b\.s\.test:$main_port" '... -v tells the order'
  ask srv:_gone._tcp.s.test hola
  is "$status:$stdout" 0:hola '... or where that has no address'
  ask -n 1 -q "${DEADLINE}s" srv:_u._udp.s.test hola
  is "$status:$stdout" 0:hola '... of a service of datagrams'

  ask srv:_all._tcp.s.test hola
  is "$status" 4 '... where all refuse, that is it'
  like "$stderr" "^gsock-client: No host of _all\._tcp\.s\.test can be \
connected to: .*a\.s\.test:9.*; .*b\.s\.test:9" '... and each one is named'
  ask srv:_no._tcp.s.test hola
  is "$status" 3 '... one that is not to be had'
  like "$stderr" "^gsock-client: '_no\._tcp\.s\.test' is not to be had" \
    '... has a sentence of its own'
  ask srv:_x._tcp.s.test hola
  is "$status" 3 '... one that DNS does not know'
  isnt "$stderr" '' '... is told'
  ask srv:_text._tcp.s.test hola
  like "$status" '^[38]$' '... a name that is there, without hosts'
  isnt "$stderr" '' '... is told'
  ask -w "${DEADLINE}s" srv:_bad._tcp.s.test hola
  isnt "$status" 0 '... an answer that breaks off'
  isnt "$stderr" '' '... is told'
  ask -w "${DEADLINE}s" srv:_fail._tcp.s.test hola
  like "$status" '^[38]$' '... a name server that has failed'
  ask -w 300ms srv:_silent._tcp.s.test hola
  is "$status" 124 '... a name server that is silent'
  like "$stderr" 'no name server told its hosts within 300 ms \(--timeout\)' \
    '... is not waited for longer than --timeout says'

  ask --cacert="$TLS/ca.pem" tls:srv:_tls._tcp.s.test hola
  is "$status:$stdout" 0:hola \
    '... by TLS: the certificate is of the domain that was asked for'
  ask --cacert="$TLS/ca.pem" tls:srv:_lied._tcp.s.test hola
  is "$status" 5 '... and not of the host that DNS named'

  ask --explain srv:_one._tcp.s.test hola
  like "$stderr" '^connect \([0-9]+, 127\.0\.0\.1:' '... --explain goes on to connect'
  if test "$plane" = system; then
    like "$stderr" '^res_nquery \("_one\._tcp\.s\.test", C_IN, T_SRV\) = [0-9]+' \
      '... and begins with the question'
    ask --explain srv:_x._tcp.s.test hola
    like "$stderr" '^res_nquery \("_x\._tcp\.s\.test", C_IN, T_SRV\) = -1 .*HOST_NOT_FOUND' \
      '... whose errors have their names'
  fi
done

# A forward's upstream is a client.
if test "${planes%% *}" = system; then
  start_server --forward=srv:_two._tcp.s.test 127.0.0.1:0
  run gsock-client "$ADDR" hola
  is "$status:$stdout" 0:hola '--forward to a service'
  stop_server
fi
run gsock-server srv:_one._tcp.s.test
is "$status" 2 'a server does not listen on a service'
run gsock-client --proxy=socks5://127.0.0.1:9 srv:_one._tcp.s.test hola
is "$status" 2 'through a proxy there are no services'
kill "$main" "$domain"

done_testing

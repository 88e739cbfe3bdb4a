#! /bin/sh
# test-multicast.sh: groups and broadcast, in a network of its own
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

. "${0%/*}/../lib/functions.sh"

requires unshare ip
if test -z "${GSOCK_TEST_NETWORK:-}"; then
  unshare -n true 2>/dev/null || skip_all 'needs the right to make a network'
  GSOCK_TEST_NETWORK=1
  export GSOCK_TEST_NETWORK
  trap - EXIT
  rm -rf "$TMP"
  # shellcheck disable=SC2093 # it never returns
  cd "$GSOCK_BUILDDIR" && exec unshare -n sh "$GSOCK_SRCDIR/tests/e2e/${0##*/}"
fi
ip link set lo up
ip link set lo multicast on
if ! { ip link add gsock0 type veth peer name gsock1 &&
         ip link set gsock0 addrgenmode none &&
         ip addr add 192.0.2.1/24 dev gsock0 && ip link set gsock0 up &&
         ip link set gsock1 up && ip route add default dev gsock0 &&
         ip addr add fe80::1/64 dev gsock0 nodad; } 2>why
then
  skip_all "no network device can be made: $(cat why)"
fi

for group in 239.1.2.3 '239.1.2.3%gsock0'; do
  start_server -v --echo "udp:$group:0"
  like "$(cat "$SERVER_ERR")" 'reached from other machines' "$group is for many"
  run gsock-client -n 1 -q 10s "$ADDR" hola
  is "$status:$stdout" 0:hola "$group: a member answers from its own address"
  stop_server
done

# Two servers of one group both get it.
start_server udp:239.1.2.3:0
first=$SERVER_PID first_out=$SERVER_OUT group=$ADDR
start_server "$group"
run gsock-client --send-only "$group" hola
ok 'one member gets it' wait_for "$DEADLINE" grep -qx hola "$first_out"
ok 'and another one, of the same port' \
  wait_for "$DEADLINE" grep -qx hola "$SERVER_OUT"
stop_server
SERVER_PID=$first
stop_server

run gsock-server 'udp:239.1.2.3%nosuch:0'
is "$status" 3 'an interface that is not there'
like "$stderr" 'no network interface of that name' 'is named'

# Broadcast has to be asked for, and is.
start_server --echo 'udp:*:0'
port=${ADDR##*:}
for address in 192.0.2.255 255.255.255.255; do
  run gsock-client --explain -n 1 -q 10s "udp:$address:$port" hola
  is "$status:$stdout" 0:hola "broadcast to $address"
  like "$stderr" '^setsockopt \([0-9]+, SOL_SOCKET, SO_BROADCAST, 1\)' \
    'is asked for'
done
# A server of every address answers from the one that was asked.
ip addr add 127.0.0.2/8 dev lo 2>/dev/null
for address in 127.0.0.2 192.0.2.1 '[::1]'; do
  run gsock-client -n 1 -q 10s "udp:$address:$port" hola
  is "$status:$stdout" 0:hola "the answer comes from $address"
done
stop_server

done_testing

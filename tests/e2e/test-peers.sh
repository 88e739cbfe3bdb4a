#! /bin/sh
# test-peers.sh: ten megabytes each way between ours and other people's programs
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A cell of the matrix is a client, what stands between, and a server.  The
# client sends "up" and gets "down", the server the other way round; each ends
# its side when it has sent all, and each byte is compared.  Servers listen on
# UNIX sockets, whose names nobody else takes.
#
# A listening nc leaves when its peer has ended, whatever it still had to send:
# with it the two ways are two connections.
test ! -w /dev/shm || TMPDIR=/dev/shm
. "${0%/*}/../lib/functions.sh"
. "$GSOCK_SRCDIR/tests/lib/rivals.sh"
requires python3

python3 - <<'EOP'
import random
random.seed(10)
for name in 'up', 'down':
    open(name, 'wb').write(random.randbytes(10 << 20))
EOP

# server PROGRAM PATH: takes one client.
server ()
{
  case $1 in
    gsock) gsock-server --quiet --once -f raw "$2" ;;
    socat) socat -t "$DEADLINE" - "UNIX-LISTEN:$2" ;;
    ncat) ncat -l -U "$2" ;;
    nc) nc -l -U "$2" ;;
  esac
}

# client PROGRAM tcp:HOST:PORT|unix:PATH
client ()
{
  client_rest=${2#*:}
  case $1-${2%%:*} in
    gsock-*) gsock-client "$2" ;;
    socat-tcp) socat -t "$DEADLINE" - "TCP:$client_rest" ;;
    socat-unix) socat -t "$DEADLINE" - "UNIX-CONNECT:$client_rest" ;;
    ncat-tcp) ncat "${client_rest%:*}" "${client_rest##*:}" ;;
    ncat-unix) ncat -U "$client_rest" ;;
    nc-tcp) nc -N "${client_rest%:*}" "${client_rest##*:}" ;;
    nc-unix) nc -N -U "$client_rest" ;;
  esac
}

# The same, of one that only listens.
receiver ()
{
  client_rest=${2#*:}
  case $1-${2%%:*} in
    gsock-*) gsock-client --recv-only "$2" ;;
    socat-tcp) socat -u "TCP:$client_rest" - ;;
    socat-unix) socat -u "UNIX-CONNECT:$client_rest" - ;;
    ncat-tcp) ncat --recv-only "${client_rest%:*}" "${client_rest##*:}" ;;
    ncat-unix) ncat --recv-only -U "$client_rest" ;;
    nc-tcp) nc -d "${client_rest%:*}" "${client_rest##*:}" ;;
    nc-unix) nc -d -U "$client_rest" ;;
  esac
}

# exchange SERVER PATH CLIENT ADDRESS, with the server in the background, its
# process $server_pid: both statuses, where one is not 0.
exchange ()
{
  if test "$1" != nc; then
    client "$3" "$4" <up >"$5.got-down" || echo "client: $?"
    wait "$server_pid" || echo "server: $?"
    return
  fi
  client "$3" "$4" <up >"$5.none" || echo "client: $?"
  wait "$server_pid" || echo "server: $?"
  rm -f "$2" "$5.none"
  nc -N -l -U "$2" <down >/dev/null &
  server_pid=$!
  wait_for "$DEADLINE" serves nc "$2" || echo 'no server again'
  receiver "$3" "$4" >"$5.got-down" </dev/null || echo "client: $?"
  wait "$server_pid" || echo "server: $?"
}

# A balancer that listens on PATH and goes on to OTHER.  With epoll HAProxy 2.6
# lost the last buffers of a half-closed stream once in some hundred runs on a
# loaded machine, it seems by taking the hang-up for the end of what is queued;
# with select it reads until there is no more.
haproxy_between ()
{
  cat >"$1.cfg" <<END
global
  nbthread 1
  noepoll
  nopoll
  maxconn 100
defaults
  mode tcp
  timeout connect 30s
  timeout client 60s
  timeout server 60s
listen here
  bind unix@$1
  server there unix@$2
END
  exec haproxy -db -f "$1.cfg" >/dev/null 2>&1
}

nginx_between ()
{
  cat >"$1.cfg" <<END
$nginx_module
daemon off;
master_process off;
pid $1.pid;
error_log /dev/null;
events { worker_connections 64; }
stream {
  server {
    listen unix:$1;
    proxy_pass unix:$2;
    proxy_half_close on;
  }
}
END
  exec nginx -p "$TMP" -c "$1.cfg" >/dev/null 2>&1
}

gsock_between ()
{
  exec gsock-server --quiet --forward="$2" "$1"
}

# serves PROGRAM PATH: one of ours is ready when its socket file is there.
serves ()
{
  if test "$1" = gsock; then test -S "$2"; else listens "$2"; fi
}

# cell NAME CLIENT SERVER [BETWEEN...]: a chain of sockets NAME.0, NAME.1, ...;
# NAME.told gets what is wrong.
cell ()
{
  name=$1 cell_client=$2 cell_server=$3
  shift 3
  : >"$name.told"
  pids=
  from=down
  test "$cell_server" != nc || from=/dev/null
  server "$cell_server" "$TMP/$name.0" <"$from" >"$name.got-up" 2>/dev/null &
  server_pid=$!
  wait_for "$DEADLINE" serves "$cell_server" "$TMP/$name.0" ||
    echo 'no server' >>"$name.told"
  last=0
  for between; do
    "${between}_between" "$TMP/$name.$((last + 1))" "$TMP/$name.$last" &
    pids="$pids $!"
    last=$((last + 1))
    wait_for "$DEADLINE" serves "$between" "$TMP/$name.$last" ||
      echo "no $between" >>"$name.told"
  done
  exchange "$cell_server" "$TMP/$name.0" "$cell_client" \
    "unix:$TMP/$name.$last" "$name" >>"$name.told" 2>&1
  test -z "$pids" || kill $pids
  cmp up "$name.got-up" >>"$name.told" 2>&1
  cmp down "$name.got-down" >>"$name.told" 2>&1
  rm -f "$name.got-up" "$name.got-down"
  touch "$name.done"
}

# matrix LINE...: "CLIENT SERVER [BETWEEN...]" each; all at the same time.
matrix ()
{
  for line; do
    name=$(echo "$line" | tr ' ' -)
    # shellcheck disable=SC2086 # words
    ( cell "$name" $line ) 2>/dev/null &
  done
  for line; do
    name=$(echo "$line" | tr ' ' -)
    wait_for $((2 * DEADLINE)) test -f "$name.done"
    is "$(cat "$name.told" 2>&1)" '' "$line"
  done
  wait
}

others=
for program in socat ncat nc; do
  if have "$program"; then
    others="$others $program"
  else
    diag "$program is not installed"
  fi
done

# Ours and theirs, face to face; and ours between any two.
for program in $others; do
  matrix "gsock $program" "$program gsock" \
    "$program gsock gsock" "gsock $program gsock"
done
for program in $others; do
  # shellcheck disable=SC2086 # words
  set --
  for server in $others; do
    set -- "$@" "$program $server gsock"
  done
  matrix "$@"
done
matrix 'gsock gsock' 'gsock gsock gsock' 'gsock gsock gsock gsock'

# Balancers on either side of ours.
if have haproxy; then
  matrix 'gsock gsock haproxy' 'gsock gsock haproxy gsock' \
    'gsock gsock gsock haproxy' 'gsock gsock gsock haproxy gsock'
else
  skip 4 'needs haproxy'
fi
if nginx_streams; then
  matrix 'gsock gsock nginx' 'gsock gsock nginx gsock' \
    'gsock gsock gsock nginx' 'gsock gsock gsock nginx gsock'
else
  skip 4 'needs nginx with its stream module'
fi

# TCP at both ends of ours.
for program in gsock $others; do
  from=down
  test "$program" != nc || from=/dev/null
  server "$program" "$TMP/tcp.0" <"$from" >tcp.got-up 2>/dev/null &
  server_pid=$!
  wait_for "$DEADLINE" serves "$program" "$TMP/tcp.0"
  start_server --forward="$TMP/tcp.0" 127.0.0.1:0
  inner=$ADDR inner_pid=$SERVER_PID
  start_server --forward="$inner" 127.0.0.1:0
  exchange "$program" "$TMP/tcp.0" "$program" "$ADDR" tcp >told 2>&1
  is "$(cat told)" '' "TCP: $program, ours twice, $program"
  same_bytes tcp.got-up up '... up'
  same_bytes tcp.got-down down '... and down'
  stop_server
  SERVER_PID=$inner_pid
  stop_server
  rm -f tcp.0
done

done_testing

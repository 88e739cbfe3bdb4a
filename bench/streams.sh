# streams.sh: the cases of bench/run about clients, relays and commands
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

# run reads this file; its variables are those of run.
# shellcheck shell=sh disable=SC2154,SC2034

upstream_pid=
upstream=

# start_upstream COMMAND...: one that says where it listens on its standard
# output; sets upstream and upstream_pid.
start_upstream ()
{
  rm -f "$tmp/upstream"
  mkfifo "$tmp/upstream"
  "$@" >"$tmp/upstream" 2>"$tmp/upstream.log" </dev/null &
  upstream_pid=$!
  upstream=$(timeout 20 head -n 1 <"$tmp/upstream")
  upstream=${upstream#tcp:}
  [ -n "$upstream" ] || die "$1 did not start: $(tail -n 1 "$tmp/upstream.log")"
}

stop_upstream ()
{
  [ -z "$upstream_pid" ] || kill "$upstream_pid" 2>/dev/null
  [ -z "$upstream_pid" ] || wait "$upstream_pid" 2>/dev/null
  upstream_pid=
}

# Forward: what stands between a client and its server

# "splice": every stream is spliced, and not only large ones.
write_haproxy ()
{
  splice='option splice-auto'
  [ "$1" = haproxy ] || splice='option splice-request
  option splice-response'
  cat >"$tmp/haproxy.cfg" <<END
global
  nbthread 1
  maxconn 1000
defaults
  mode tcp
  $splice
  timeout connect 30s
  timeout client 1h
  timeout server 1h
listen here
  bind 127.0.0.1:$port
  server there $upstream
END
}

# start_between NAME: sets pid and address, which leads to upstream.
start_between ()
{
  if [ "$1" = gsock-server ]; then
    launch "$most" gsock-server --quiet --forward="$upstream" --ready-fd=3 \
      127.0.0.1:0
    await_line "$1"
    return
  fi
  port=$(load port) || die 'no free port'
  address=127.0.0.1:$port
  case $1 in
    haproxy*)
      write_haproxy "$1"
      launch "$most" haproxy -db -f "$tmp/haproxy.cfg" ;;
    socat)
      launch "$most" socat \
        "TCP-LISTEN:$port,bind=127.0.0.1,reuseaddr,fork,backlog=4096" \
        "TCP:$upstream" ;;
  esac
  await_answer "$1"
}

# measure_between N SERVERS MODE [OPTION...]
measure_between ()
{
  todo=$1 list=$2
  shift 2
  while [ "$todo" -gt 0 ]; do
    for each in $list; do
      start_between "$each"
      if load "$@" --pid="$pid" "$address" \
        >"$tmp/line" 2>"$tmp/error" </dev/null; then
        cat "$tmp/line" >>"$tmp/$each.json"
      else
        say "  ! $each: $(tail -n 1 "$tmp/error")"
        bad=1
      fi
      stop_server
    done
    todo=$((todo - 1))
  done
}

# pick_between NAME...: as pick, of the programs behind the names.
pick_between ()
{
  chosen=
  for name in "$@"; do
    pick "${name%-splice}"
    [ -z "$picked" ] || chosen="$chosen $name"
  done
  picked=$chosen
}

# Of those two that are HAProxy the better one.
best_haproxy ()
{
  {
    median haproxy "$1"
    median haproxy-splice "$1"
  } | grep -v '^-$' | sort -n | tail -n 1
}

case_forward_small ()
{
  header "forward-small: $active clients echo 64 bytes through a relay, TCP" \
    "gsock-server at least 1.00 of HAProxy per CPU-second of the relay"
  start_upstream epoll-echo 127.0.0.1:0
  pick_between gsock-server haproxy haproxy-splice
  main=$picked
  measure_between $((rounds * 4)) "$main" rr --idle=0 --active="$active" \
    --seconds="$seconds"
  pick_between socat
  measure_between 1 "$picked" rr --idle=0 --active="$active" \
    --seconds="$seconds" --parallel=4
  stop_upstream
  base=$(best_haproxy requests_per_cpu_second)
  rate_rows "${base:--}" "$main$picked"
  rate_verdict "${base:--}" 1.00
}

case_forward_bulk ()
{
  header "forward-bulk: $bulk MiB from a client through a relay, TCP" \
    "gsock-server at least 1.00 of HAProxy per CPU-second of the relay"
  start_upstream flow sink 127.0.0.1:0
  pick_between gsock-server haproxy haproxy-splice socat
  measure_between "$rounds" "$picked" push --size="$bulk"
  stop_upstream
  base=$(best_haproxy mib_per_cpu_second)
  base=${base:--}
  row server 'MiB/CPU-second' ratio range 'MiB/s'
  for each in $picked; do
    rate=$(median "$each" mib_per_cpu_second)
    row "$each" "$rate" "$(quotient "$rate" "$base")" \
      "$(range "$each" mib_per_cpu_second)" \
      "$(median "$each" mib_per_second)"
  done
  verdict "$(quotient "$(median gsock-server mib_per_cpu_second)" "$base")" \
    ge 1.00
}

# Bulk: a file, or a pipe, through a client

# bulk_command CLIENT: the words that send standard input to upstream.
bulk_command ()
{
  case $1 in
    gsock-client) echo "gsock-client $upstream" ;;
    nc) echo "nc -N ${upstream%:*} ${upstream##*:}" ;;
    socat) echo "socat - TCP:$upstream" ;;
    ncat) echo "ncat ${upstream%:*} ${upstream##*:}" ;;
  esac
}

# bulk_rounds FOLDER INPUT: a script a client is there, by its name.
bulk_rounds ()
{
  set -- "$1" "$2"
  commands=
  for client in $picked; do
    commands="$commands -- $1/$client"
  done
  # shellcheck disable=SC2086 # words
  load start --total="$rounds" --wait=60 --input="$2" $commands \
    >"$tmp/line" 2>"$tmp/error" || die "bulk: $(tail -n 1 "$tmp/error")"
  for client in $picked; do
    grep "\"command\":\"$client\"" "$tmp/line" >"$tmp/$client.json"
  done
}

bulk_rows ()
{
  row client 'MiB/s' 'times nc' 'times socat' 'CPU ms' failed
  for client in $picked; do
    took=$(median "$client" median_ms)
    row "$client" "$(quotient $((bulk * 1000)) "$took")" \
      "$(quotient "$(median nc median_ms)" "$took")" \
      "$(quotient "$(median socat median_ms)" "$took")" \
      "$(median "$client" cpu_ms)" "$(median "$client" failed)"
  done
  wanted gsock-client || return 0
  ours=$(median gsock-client median_ms)
  for rival in nc:2.00 socat:4.00; do
    theirs=$(median "${rival%:*}" median_ms)
    [ "$theirs" != - ] || continue
    say "  beside ${rival%:*}:"
    verdict "$(quotient "$theirs" "$ours")" ge "${rival#*:}"
  done
}

case_bulk ()
{
  header "bulk: $bulk MiB of a file, and of a pipe, to a TCP sink" \
    'gsock-client at least 2.00 times nc, 4.00 times socat'
  start_upstream flow sink 127.0.0.1:0
  pick gsock-client nc socat ncat
  mkdir -p "$tmp/file" "$tmp/pipe"
  for client in $picked; do
    words=$(bulk_command "$client")
    printf '#! /bin/sh\nexec %s\n' "$words" >"$tmp/file/$client"
    printf '#! /bin/sh\nflow pour %s | %s\n' "$bulk" "$words" \
      >"$tmp/pipe/$client"
    chmod +x "$tmp/file/$client" "$tmp/pipe/$client"
  done
  flow pour "$bulk" | cat >"$tmp/input" || die 'no room for a file'
  for kind in file pipe; do
    say "  a $kind:"
    input=$tmp/input
    [ "$kind" = file ] || input=/dev/null
    bulk_rounds "$tmp/$kind" "$input"
    bulk_rows
  done
  rm -f "$tmp/input"
  stop_upstream
}

# Start: one message and its echo

# start_rounds tcp|unix: every client in turn, to the same server.
start_rounds ()
{
  start_server epoll-echo "$1" "$most"
  host=${address%:*} port=${address##*:} path=${address#unix:}
  set -- "$1"
  for client in $picked; do
    case $client-$1 in
      gsock-client-*) set -- "$@" -- gsock-client "$address" hola ;;
      socat-tcp) set -- "$@" -- socat - "TCP:$host:$port" ;;
      socat-unix) set -- "$@" -- socat - "UNIX-CONNECT:$path" ;;
      nc-tcp) set -- "$@" -- nc -N "$host" "$port" ;;
      nc-unix) set -- "$@" -- nc -N -U "$path" ;;
      ncat-tcp) set -- "$@" -- ncat "$host" "$port" ;;
      ncat-unix) set -- "$@" -- ncat -U "$path" ;;
    esac
  done
  shift
  load start --total="$starts" --input="$tmp/hola" --expect=hola "$@" \
    >"$tmp/line" 2>"$tmp/error" || die "start: $(tail -n 1 "$tmp/error")"
  stop_server
  for client in $picked; do
    grep "\"command\":\"$client\"" "$tmp/line" >"$tmp/$client.json"
  done
}

case_start ()
{
  header "start: one message and its echo, from start to exit, $starts times" \
    'gsock-client below socat and ncat, at most 2.00 of nc'
  echo hola >"$tmp/hola"
  pick gsock-client nc socat ncat
  for family in unix tcp; do
    start_rounds "$family"
    say "  $family:"
    row client 'median ms' 'of nc' 'p10 ms' 'p90 ms' 'CPU ms' failed
    for client in $picked; do
      took=$(median "$client" median_ms)
      row "$client" "$took" "$(quotient "$took" "$(median nc median_ms)")" \
        "$(median "$client" p10_ms)" "$(median "$client" p90_ms)" \
        "$(median "$client" cpu_ms)" "$(median "$client" failed)"
    done
    start_verdicts
  done
}

start_verdicts ()
{
  wanted gsock-client || return 0
  ours=$(median gsock-client median_ms)
  if [ "$(median gsock-client failed)" != 0 ]; then
    say '  ! gsock-client: a run failed'
    bad=1
  fi
  for rival in nc:2.00 socat:1.00 ncat:1.00; do
    theirs=$(median "${rival%:*}" median_ms)
    [ "$theirs" != - ] || continue
    say "  beside ${rival%:*}:"
    verdict "$(quotient "$ours" "$theirs")" le "${rival#*:}"
  done
}

# Exec: a process for each client

start_exec ()
{
  port=$(load port) || die 'no free port'
  address=127.0.0.1:$port
  case $1 in
    gsock-server)
      launch "$most" gsock-server --quiet --ready-fd=3 127.0.0.1:0 -- cat
      await_line "$1"
      return ;;
    tcpserver)
      launch "$most" tcpserver -q -H -R -l 0 -c 800 127.0.0.1 "$port" cat ;;
    socat)
      launch "$most" socat \
        "TCP-LISTEN:$port,bind=127.0.0.1,reuseaddr,fork,backlog=4096" \
        EXEC:cat,nofork ;;
  esac
  await_answer "$1"
}

# What a server has: children, dead or alive, and descriptors.
count_children ()
{
  cat /proc/"$pid"/task/*/children 2>/dev/null | wc -w
}

count_descriptors ()
{
  find /proc/"$pid"/fd -type l 2>/dev/null | wc -l
}

# Processes that were started here, whoever their parent is now.
count_orphans ()
{
  grep -lsF "GSOCK_BENCH=$tmp" /proc/[0-9]*/environ 2>/dev/null |
    grep -vc "^/proc/$pid/"
}

# Children end a moment after their clients.
settle_children ()
{
  tries=100
  while [ "$(count_children)" -gt 0 ] && [ "$tries" -gt 0 ]; do
    sleep 0.05
    tries=$((tries - 1))
  done
}

measure_exec ()
{
  GSOCK_BENCH=$tmp
  export GSOCK_BENCH
  start_exec "$1"
  unset GSOCK_BENCH
  # What it opens once is not counted.
  load churn --total=1 --parallel=1 "$address" >/dev/null 2>&1
  settle_children
  descriptors=$(count_descriptors)
  if load churn --pid="$pid" --total="$2" --parallel=16 --wait=500 "$address" \
    >"$tmp/line" 2>"$tmp/error" </dev/null; then
    settle_children
    printf '{"children":%d,"orphans":%d,"descriptors":%d}\n' \
      "$(count_children)" "$(count_orphans)" \
      "$(($(count_descriptors) - descriptors))" >>"$tmp/$1.json"
    cat "$tmp/line" >>"$tmp/$1.json"
  else
    say "  ! $1: $(tail -n 1 "$tmp/error")"
    bad=1
  fi
  stop_server
}

case_exec ()
{
  header "exec: $execs clients with a process each, 64 bytes, 16 at once, TCP" \
    'gsock-server: all served; no child, no orphan, no descriptor is left'
  pick gsock-server tcpserver socat
  for each in $picked; do
    measure_exec "$each" "$execs"
  done
  row server 'per CPU-second' failed children orphans descriptors
  for each in $picked; do
    row "$each" "$(median "$each" requests_per_cpu_second)" \
      "$(largest "$each" failed)" "$(largest "$each" children)" \
      "$(largest "$each" orphans)" "$(largest "$each" descriptors)"
  done
  for what in failed children orphans descriptors; do
    say "  $what:"
    verdict "$(largest gsock-server "$what")" le 0
  done
}

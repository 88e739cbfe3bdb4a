#! /bin/sh
# test-confine.sh: what server and get give up, and that they can do without it
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"

# Whether the kernel has it is told by the tool itself.
start_server --explain --echo "$TMP/first" 127.0.0.1:0
first_err=$SERVER_ERR
like "$(cat "$SERVER_ERR")" '^landlock_create_ruleset \(' \
  'a server asks for Landlock'
run gsock-client -f raw "unix:$TMP/first" hola
is "$status:$stdout" 0:hola '... and serves as ever'
landlock=no
grep -q '^landlock_restrict_self (.*) = 0' "$SERVER_ERR" && landlock=yes
diag "Landlock: $landlock"
stop_server
ok '... and removes its socket file' test ! -e first

if test "$landlock" = yes; then
  order=$(sed -n 's/^\(rename\|listen\|landlock_restrict_self\|Listening\).*/\1/p' \
    "$first_err" | uniq | tr '\n' ' ')
  is "$order" 'listen rename listen landlock_restrict_self Listening ' \
    'it is confined when all is bound, before a client can come'
  like "$(cat "$first_err")" \
    '^landlock_add_rule \(.*, \{0x20, .*\}, 0\) = 0' \
    '... may only remove files, where its socket is'
else
  skip 2 'this kernel has no Landlock'
fi

# all_threads PATTERN: whether each thread of the server has it in its status
all_threads ()
{
  for one in "/proc/$SERVER_PID/task"/*/status; do
    grep -q "$1" "$one" || return 1
  done
}

if test "$landlock" = yes && test -z "$TEST_WRAPPER"; then
  for mode in --print --echo --greet --chat --discard; do
    start_server "$mode" --workers=2 127.0.0.1:0
    ok "$mode: each thread is confined" all_threads 'NoNewPrivs:.*1'
    stop_server
  done
  start_server 127.0.0.1:0 -- cat
  ok 'a server with a COMMAND is not' all_threads 'NoNewPrivs:.*0'
  stop_server
  start_server --forward=127.0.0.1:9 127.0.0.1:0
  ok '... nor one that forwards' all_threads 'NoNewPrivs:.*0'
  stop_server
else
  skip 14 'no Landlock, or the program is not the process'
fi

# What a reload reads, and nothing else: the rules turn into a link to a place
# that was not named.
mkdir rules elsewhere
echo 127.0.0.1 >rules/list
echo 127.0.0.1 >elsewhere/list
start_server --echo --allow=@rules/list 127.0.0.1:0
echo 127.0.0.2 >rules/new
mv rules/new rules/list
kill -HUP "$SERVER_PID"
ok 'rules that were replaced are read again' \
  wait_for "$DEADLINE" grep -q 'read again' "$SERVER_ERR"
if test "$landlock" = yes && test "$(ldd "$(command -v gsock-server)" |
  grep -c asan)" = 0; then
  ln -sf ../elsewhere/list rules/list
  kill -HUP "$SERVER_PID"
  ok '... but not from elsewhere' \
    wait_for "$DEADLINE" grep -q 'list.*ermission denied' "$SERVER_ERR"
else
  skip 1 'no Landlock, or a sanitizer that reads all files'
fi
stop_server
start_server --echo --record="$TMP/record" 127.0.0.1:0
run gsock-client -f raw "$ADDR" hola
stop_server
like "$(cat record)" '"base64":"aG9sYQ=="|"text":"hola"|hola' \
  'the record is written'

# Standard streams that are named pipes are opened again, so that nobody waits
# for who is at their other end.
mkfifo named named-ready
exec 7<>named
gsock-server --ready-fd=3 127.0.0.1:0 3>named-ready >named </dev/null 7<&- &
named_pid=$!
timeout "$DEADLINE" cat named-ready >named-address
if test -z "$TEST_WRAPPER"; then
  is "$(find "/proc/$named_pid/fd" -lname "$TMP/named" | wc -l | tr -d ' ')" 2 \
    'a named pipe as stdout is opened again'
else
  skip 1 'the program is not the process'
fi
kill -TERM "$named_pid"
reap "$named_pid"
exec 7<&-

# gsock-get, whose directory for cookies is another one when they come.
cat >swap.py <<'E2'
import os
import sys
from peers import *

listener = listen()
for i in range(2):
    sock = accept(listener)
    while not read_line(sock).strip() == b'':
        pass
    if i == 1:
        os.rename('out', 'was')
        os.symlink('other', 'out')
    sock.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n'
                 b'Set-Cookie: a=b; Max-Age=9999\r\n'
                 b'Connection: close\r\n\r\nhola')
    sock.close()
E2
mkdir out other
start_peer <swap.py
run gsock-get --explain -o out/file "http://${PEER#tcp:}/"
is "$status:$(cat out/file)" 0:hola 'a file is written where it was asked for'
like "$stderr" '^landlock_create_ruleset ' '... by who writes nowhere else'
run gsock-get --cookies=out/cookies "http://${PEER#tcp:}/"
if test "$landlock" = yes; then
  is "$status" 7 'a directory that was put there meanwhile is not written to'
  like "$stderr" '^gsock-get: .*out/cookies: permission denied$' '... in one line'
  is "$(ls other)" '' '... and nothing is in it'
else
  skip 3 'this kernel has no Landlock'
fi
reap "$PEER_PID"
mkfifo fifo
background fifo cat fifo
start_peer <<'E2'
from peers import *

listener = listen()
for i in range(2):
    sock = accept(listener)
    while not read_line(sock).strip() == b'':
        pass
    sock.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n'
                 b'Set-Cookie: a=b; Max-Age=9999\r\n'
                 b'Connection: close\r\n\r\nhola')
    sock.close()
E2
run gsock-get -o fifo "http://${PEER#tcp:}/"
reap "$BG_PID"
is "$status:$(cat fifo.out)" 0:hola 'a FIFO is written to'
run gsock-get --cookies=other/cookies "http://${PEER#tcp:}/"
like "$status:$stdout:$(cat other/cookies)" '127.0.0.1.*a.*b' \
  'a file of cookies is replaced'

# Older kernels, and those without: each version by what strace answers.
if test -z "$TEST_WRAPPER" && command -v strace >/dev/null &&
  strace -o /dev/null true 2>/dev/null &&
  strace -e trace=landlock_create_ruleset true 2>/dev/null; then
  ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
  export ASAN_OPTIONS

  # degraded INJECTION PATTERN TEXT
  degraded ()
  {
    rm -f degraded.out
    background degraded strace -D -f -o "$TMP/trace" \
      -e trace=landlock_create_ruleset,landlock_add_rule,landlock_restrict_self \
      -e "inject=$1" gsock-server --explain --echo --ready-fd=1 127.0.0.1:0
    wait_for "$DEADLINE" grep -qs : degraded.out
    run gsock-client -f raw "$(head -n 1 degraded.out)" hola
    is "$status:$stdout" 0:hola "$3: it serves"
    like "$(cat degraded.err)" "$2" '... and says what the kernel said'
    kill "$BG_PID"
    reap "$BG_PID"
  }
  degraded landlock_create_ruleset:error=ENOSYS \
    '^landlock_create_ruleset .* = -1 ENOSYS' 'a kernel without Landlock'
  unlike "$(cat trace)" 'landlock_(add_rule|restrict_self)' \
    '... and nothing more is tried'
  degraded landlock_create_ruleset:error=EOPNOTSUPP \
    '^landlock_create_ruleset .* = -1 EOPNOTSUPP' 'Landlock is switched off'
  if test "$landlock" = yes; then
    degraded landlock_restrict_self:error=E2BIG \
      '^landlock_restrict_self .* = -1 E2BIG' 'it is refused at the end'
    for row in 1:0x1fff:0x0:8 2:0x3fff:0x0:8 3:0x7fff:0x0:8 4:0x7fff:0x3:16 \
      5:0xffff:0x3:16 6:0xffff:0x3:24; do
      version=${row%%:*}
      rest=${row#*:}
      size=${rest##*:}
      degraded "landlock_create_ruleset:retval=$version:when=1" \
        "^landlock_create_ruleset [(].fs: ${rest%%:*}, net: .*, $size, 0. = [0-9]" \
        "version $version of Landlock"
    done
  else
    skip 14 'this kernel has no Landlock'
  fi
else
  skip 19 'needs a strace that knows Landlock, and leave to trace'
fi

done_testing

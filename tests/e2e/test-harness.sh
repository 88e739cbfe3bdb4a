#! /bin/sh
# test-harness.sh: the functions all other tests stand on
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"

# nested TEXT: runs the lines of TEXT as a test of their own.  $stdout is its
# TAP; $inner the directory it had.
nested ()
{
  {
    echo ". '$GSOCK_SRCDIR/tests/lib/functions.sh'"
    echo "echo \"\$TMP\" >'$TMP/inner'"
    printf '%s\n' "$1"
  } >nested.sh
  run env GSOCK_TEST_DEADLINE="${2:-$DEADLINE}" sh nested.sh
  inner=$(cat inner)
}

# Nothing of the nested test is alive, and its directory is gone.
nothing_left ()
{
  test ! -e "$inner" && ! grep -qsF "GSOCK_TEST_DIR=$inner" /proc/[0-9]*/environ
}

# Points
nested 'ok 0 a; ok 1 b; ok c true; ok d false; is x x e; is x y f
like abc "^a.c$" g; like abc "^b" h; unlike abc "^b" i; unlike abc b j
skip 2 "no k"; isnt x y l; isnt x x m; done_testing'
is "$(printf '%s\n' "$stdout" | grep -v '^#')" 'ok 1 - a
not ok 2 - b
ok 3 - c
not ok 4 - d
ok 5 - e
not ok 6 - f
ok 7 - g
not ok 8 - h
ok 9 - i
not ok 10 - j
ok 11 # SKIP no k
ok 12 # SKIP no k
ok 13 - l
not ok 14 - m
1..14' 'points are counted and judged'
is "$status" 1 'failed points fail the test'
nested 'printf "a\033\n" >f; printf "a\n" >g; is a b "a point"
file_is f a "a file"; file_is nothing a "no file"; same_bytes f g "two files"
same_bytes f f "one file"; done_testing'
is "$(printf '%s\n' "$stdout" | grep -c '^not ok')" 4 'files are compared'
like "$stdout" '^# got:  a\^\[$' 'what differs is shown, escapes made visible'
nested 'requires sh no-such-program; ok 0 "not reached"'
is "$status:$stdout" '0:1..0 # SKIP needs no-such-program' \
  'a missing program skips the test'

# Commands
run sh -c 'cat; echo warning >&2; exit 7' <<'EOF'
input
EOF
is "$status:$stdout:$stderr" '7:input:warning' \
  'run passes stdin and keeps status, stdout and stderr'
nested 'run sleep 600; echo "status $status"' 1
like "$stdout" '^status 137$' 'run kills what passes the deadline'
nested 'wait_for 1 false || echo late; wait_for 9 true && echo "in time"'
is "$stdout" 'late
in time' 'wait_for waits, but not for ever'

# What is left behind
nested 'background one sleep 600
(setsid sleep 600 &)
sleep 600 | sleep 600 &
echo $BG_PID; done_testing'
ok 'every process and the directory are gone' nothing_left
printf '%s\n' ". '$GSOCK_SRCDIR/tests/lib/functions.sh'" \
  "echo \"\$TMP\" >'$TMP/inner'" 'background one sleep 600' \
  "echo ready >'$TMP/ready'" 'run sleep 600' >nested.sh
background nested sh "$TMP/nested.sh"
wait_for "$DEADLINE" test -s ready
inner=$(cat inner)
kill -TERM "$BG_PID"
reap "$BG_PID"
is "$status" 143 'a test that is told to end ends'
ok '... and leaves nothing' nothing_left

# The server
start_server --echo 127.0.0.1:0
like "$ADDR" '^tcp:127\.0\.0\.1:[0-9]+$' 'start_server tells the address'
is "tcp:127.0.0.1:$PORT" "$ADDR" '... and the port'
is "$(endpoint 1)" "$ADDR" '... of the first endpoint'
ok 'the server is alive' kill -0 "$SERVER_PID"
stop_server
ok 'the server has ended' test ! -e "/proc/$SERVER_PID"
start_server --echo 127.0.0.1:0
kill -INT "$SERVER_PID"
reap "$SERVER_PID"
is "$status" 0 'a server in the background hears SIGINT'
nested 'start_server --no-such-option; ok 0 "not reached"'
like "$stdout" '^not ok 1 - gsock-server --no-such-option is ready$' \
  'a server that does not start fails the test'
like "$stdout" '^1\.\.1$' '... which ends there'
unlike "$stdout" 'not reached' '... at once'

# Languages
# Not by locale(1), which may be of another byte order than our tools.
nested 'requires_spanish; in_spanish gsock-client --help; done_testing'
like "$stdout" '^Modo de empleo: gsock-client \[OPCIÓN\]|^1\.\.0 # SKIP' \
  'in_spanish has its locale'

# What valgrind leaves is read.
if command -v python3 >/dev/null; then
  mkdir logs
  cat >logs/1.log <<'EOF'
==1== Memcheck, a memory error detector
==1== Command: gsock-server
==1== 
--1-- WARNING: unhandled amd64-linux syscall: 444
==1== FILE DESCRIPTORS: 5 open (3 std) at exit.
==1== Open file descriptor 3: /tmp/logs/1.log
==1==    <inherited from parent>
==1== 
==1== Open file descriptor 4:
==1==    at 0x1: eventfd (syscall-template.S:120)
==1==    by 0x2: g_main_context_default (in /usr/lib/libglib-2.0.so.0)
==1== 
==1== HEAP SUMMARY:
==1==     in use at exit: 10 bytes in 1 blocks
==1== 
==1== LEAK SUMMARY:
==1==    definitely lost: 0 bytes in 0 blocks
==1== 
==1== For lists of detected and suppressed errors, rerun with: -s
==1== ERROR SUMMARY: 0 errors from 0 contexts (suppressed: 0 from 0)
EOF
  read_logs=$GSOCK_SRCDIR/tests/lib/valgrind-logs.py
  run python3 "$read_logs" logs
  is "$status:$stdout" '0:1 programs, 0 errors, 0 descriptors left open' \
    'valgrind: what was inherited, or lives as long as the program, is no leak'
  cat >logs/2.log <<'EOF'
==2== 100 bytes in 1 blocks are definitely lost in loss record 1 of 1
==2==    at 0x1: malloc (vg_replace_malloc.c:381)
==2== 
==2== FILE DESCRIPTORS: 4 open (3 std) at exit.
==2== Open AF_INET socket 3: 127.0.0.1:9 <-> unbound
==2==    at 0x1: socket (syscall-template.S:120)
==2== 
EOF
  run python3 "$read_logs" logs
  is "$status:$(cat logs/summary)" \
    '1:2 programs, 1 errors, 1 descriptors left open' \
    '... and memory or a socket that was left is told'
  like "$stdout" '^2\.log: Open AF_INET socket 3: 127' '... with what it was'
  for signal in '15 (SIGTERM)' '11 (SIGSEGV)'; do
    cat >logs/2.log <<EOF
==2== Invalid read of size 1
==2==    at 0x1: strlen (vg_replace_strmem.c:494)
==2== 
==2== Process terminating with default action of signal $signal
==2==    at 0x1: poll (poll.c:29)
==2== 
==2== FILE DESCRIPTORS: 4 open (3 std) at exit.
==2== Open AF_INET socket 3: 127.0.0.1:9 <-> unbound
==2==    at 0x1: socket (syscall-template.S:120)
==2== 
==2== 1,042 (42 direct, 1,000 indirect) bytes in 1 blocks are definitely lost in loss record 2 of 2
==2==    at 0x1: malloc (vg_replace_malloc.c:381)
==2== 
EOF
    run python3 "$read_logs" logs
    cat logs/summary
  done >ends
  is "$(cat ends)" '2 programs, 1 errors, 0 descriptors left open
2 programs, 3 errors, 1 descriptors left open' \
    '... but not where somebody ended it, unless that was the program itself'
else
  skip 4 'needs python3'
fi
if test -f "$GSOCK_BUILDDIR/Makefile"; then
  run env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS make -n -C "$GSOCK_BUILDDIR" \
    VALGRIND_LOGS="$TMP/none" VALGRIND_TESTS=tests/unit/test-escape check-valgrind
  like "$stdout" "TESTS='tests/unit/test-escape'" \
    'valgrind: "make -n" says what would be run'
  test -e "$TMP/none"
  is $? 1 '... and notes nothing as done'
else
  skip 2 'needs a build tree'
fi

done_testing

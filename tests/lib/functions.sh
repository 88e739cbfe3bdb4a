# functions.sh: TAP and processes for the shell tests, in plain sh
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A test begins with
#
#   . "${0%/*}/../lib/functions.sh"
#
# and ends with done_testing.  It runs in a directory of its own, $TMP, which
# goes away at exit together with every process that was started in the test,
# by whatever way.  No test sleeps: it waits for a condition, and only until a
# deadline.
#
# Points
#   ok STATUS TEXT            the point TEXT; STATUS 0 is a pass
#   ok TEXT COMMAND [ARG...]  the same with the status of COMMAND
#   is GOT WANT TEXT          two equal strings
#   isnt GOT OTHER TEXT       two different ones
#   like GOT ERE TEXT         a line of GOT matches ERE
#   unlike GOT ERE TEXT       no line does
#   file_is FILE WANT TEXT    the content of FILE, final newlines apart
#   same_bytes FILE FILE TEXT byte for byte
#   skip N WHY                N points that cannot be tested here
#   requires PROGRAM...       skips the whole file unless all are there
#   requires_spanish          the same for a Spanish locale and catalogue
#   skip_all WHY
#   diag TEXT...              a comment
#   done_testing
#
# Commands.  The tools are on PATH; $TEST_WRAPPER (valgrind, qemu) stands
# before each of them without anything to do for the test.
#   run COMMAND [ARG...]      waits for it; $status, $stdout, $stderr, and the
#                             bytes in $TMP/stdout, $TMP/stderr; returns $status
#   in_spanish COMMAND...     run in_spanish gsock-client ...
#   speak_spanish             the same for all that follows; skips the file
#                             without a Spanish locale
#   background NAME COMMAND...  sets BG_PID; output in $TMP/NAME.out, .err; its
#                             stdin is $BG_STDIN (/dev/null)
#   reap PID [SECONDS]        waits for a process of ours; sets and returns
#                             $status (137 after killing it at the deadline)
#   wait_for SECONDS COMMAND...  until COMMAND succeeds; fails at the deadline
#   listens PATH              whether somebody listens on that UNIX socket
#   start_server ARG...       gsock-server in the background, ready when this
#                             returns.  Sets SERVER_PID, SERVER_OUT, SERVER_ERR
#                             (files), ENDPOINTS (all, a line each) and, of the
#                             first, ADDR (tcp:127.0.0.1:40123, unix:/path) and
#                             PORT.  Its stdin is $SERVER_STDIN (/dev/null);
#                             $SERVER_PREFIX stands before it (strace -D).
#                             With GSOCK_TEST_WORKERS=N it has N threads
#   endpoint N                prints the Nth of ENDPOINTS
#   is_emulated               whether that server runs in qemu's user emulation
#   stop_server [TEXT]        SIGTERM; one point: it ends with status 0
#   peer ARG... <PROGRAM      runs a Python program with tests/lib/peers.py
#   start_peer ARG... <PROGRAM  the same in the background; returns when it has
#                             printed a line, its address.  Sets PEER (that
#                             line), PEER_PID, PEER_OUT and PEER_ERR
#   end_peer [TEXT]           one point: it ends by itself with status 0
#   free_ports N              prints so many of 127.0.0.1, free a moment ago: for
#                             programs that choose none by themselves

# POSIX leaves the state of "set -e" in functions to chance; -u is sound.
set -u

test_name=${0##*/}
test_name=${test_name%.sh}
test_count=0
test_failed=0
server_count=0
peer_count=0

# Seconds until a test gives up on something that should happen at once.
: "${TEST_WRAPPER:=}"
if test -n "$TEST_WRAPPER"; then
  DEADLINE=${GSOCK_TEST_DEADLINE:-120}
else
  DEADLINE=${GSOCK_TEST_DEADLINE:-30}
fi

diag ()
{
  printf '%s\n' "$*" | cat -v | sed 's/^/# /'
}

point ()
{
  test_count=$((test_count + 1))
  if test "$1" -eq 0; then
    printf 'ok %d - %s\n' "$test_count" "$2"
  else
    test_failed=$((test_failed + 1))
    printf 'not ok %d - %s\n' "$test_count" "$2"
  fi
  return "$1"
}

ok ()
{
  case $1 in
    *[!0-9]*|'')
      point_text=$1
      shift
      "$@"
      point $? "$point_text"
      ;;
    *)
      point "$1" "$2"
      ;;
  esac
}

is ()
{
  if test "x$1" = "x$2"; then
    point 0 "$3"
  else
    point 1 "$3"
    diag "got:  $1"
    diag "want: $2"
    return 1
  fi
}

isnt ()
{
  if test "x$1" != "x$2"; then
    point 0 "$3"
  else
    point 1 "$3"
    diag "got, and should not: $1"
    return 1
  fi
}

like ()
{
  if printf '%s\n' "$1" | grep -Eq -e "$2"; then
    point 0 "$3"
  else
    point 1 "$3"
    diag "got:  $1"
    diag "want: /$2/"
    return 1
  fi
}

unlike ()
{
  if printf '%s\n' "$1" | grep -Eq -e "$2"; then
    point 1 "$3"
    diag "got: $1"
    diag "and should not match: /$2/"
    return 1
  else
    point 0 "$3"
  fi
}

file_is ()
{
  if test -f "$1"; then
    is "$(cat "$1")" "$2" "$3"
  else
    point 1 "$3"
    diag "there is no file $1"
    return 1
  fi
}

same_bytes ()
{
  if difference=$(cmp "$1" "$2" 2>&1); then
    point 0 "$3"
  else
    point 1 "$3"
    diag "$difference"
    return 1
  fi
}

skip ()
{
  skip_left=$1
  while test "$skip_left" -gt 0; do
    test_count=$((test_count + 1))
    skip_left=$((skip_left - 1))
    printf 'ok %d # SKIP %s\n' "$test_count" "$2"
  done
}

skip_all ()
{
  printf '1..0 # SKIP %s\n' "$*"
  exit 0
}

bail_out ()
{
  printf 'Bail out! %s\n' "$*"
  exit 99
}

requires ()
{
  for program; do
    command -v "$program" >/dev/null || skip_all "needs $program"
  done
}

done_testing ()
{
  printf '1..%d\n' "$test_count"
  test "$test_failed" -eq 0
  exit
}

# Time and processes

free_ports ()
{
  python3 -c 'import socket, sys
all = [socket.socket() for i in range(int(sys.argv[1]))]
for s in all: s.bind(("127.0.0.1", 0))
print(*[s.getsockname()[1] for s in all])' "$1"
}

now ()
{
  date +%s
}

wait_for ()
{
  wait_end=$(($(now) + $1))
  shift
  until "$@"; do
    test "$(now)" -lt "$wait_end" || return 1
    sleep 0.02
  done
}

# The file may be there a moment before anybody listens on it, or have had
# another name, with more behind it, when that began.
listens ()
{
  test -S "$1" && awk -v path="$1" \
    '$4 == "00010000" && index($8, path) == 1 { found = 1 }
    END { exit !found }' /proc/net/unix
}

# is_emulated: whether the server runs in qemu's user emulation
is_emulated ()
{
  grep -q qemu- "/proc/$SERVER_PID/cmdline" 2>/dev/null
}

# The watchdog reads a fifo that we hold open: it ends when we close it, and
# kills when nobody did in time.  No process is left sleeping.
reap ()
{
  rm -f "$TMP/.watchdog"
  mkfifo "$TMP/.watchdog"
  ( timeout "${2:-$DEADLINE}" cat "$TMP/.watchdog" >/dev/null 2>&1 ||
      kill -KILL "$1" 2>/dev/null ) &
  watchdog=$!
  exec 9>"$TMP/.watchdog"
  wait "$1"
  status=$?
  exec 9>&-
  wait "$watchdog" 2>/dev/null
  test "$status" -ne 137 || diag "process $1 was killed, at the deadline?"
  return "$status"
}

run ()
{
  exec 8<&0
  "$@" <&8 8<&- >"$TMP/stdout" 2>"$TMP/stderr" &
  run_pid=$!
  exec 8<&-
  reap "$run_pid"
  stdout=$(tr -d '\000' <"$TMP/stdout")
  stderr=$(tr -d '\000' <"$TMP/stderr")
  return "$status"
}

background ()
{
  background_name=$1
  shift
  # Here and now: what an earlier one of that name said must not be taken for
  # what this one says.
  : >"$TMP/$background_name.out"
  : >"$TMP/$background_name.err"
  "$@" <"${BG_STDIN:-/dev/null}" >"$TMP/$background_name.out" \
    2>"$TMP/$background_name.err" &
  BG_PID=$!
}

start_server ()
{
  server_count=$((server_count + 1))
  SERVER_OUT=$TMP/server-$server_count.out
  SERVER_ERR=$TMP/server-$server_count.err
  rm -f "$TMP/.ready"
  mkfifo "$TMP/.ready"
  # A shell starts its background children deaf to SIGINT.
  # shellcheck disable=SC2086 # words
  $with_signals ${SERVER_PREFIX:-} gsock-server --ready-fd=3 \
    ${GSOCK_TEST_WORKERS:+--workers="$GSOCK_TEST_WORKERS"} "$@" \
    3>"$TMP/.ready" \
    <"${SERVER_STDIN:-/dev/null}" >"$SERVER_OUT" 2>"$SERVER_ERR" &
  SERVER_PID=$!
  ENDPOINTS=$(timeout "$DEADLINE" cat "$TMP/.ready")
  rm -f "$TMP/.ready"
  if test -z "$ENDPOINTS"; then
    point 1 "gsock-server $* is ready"
    diag "it said: $(cat "$SERVER_ERR")"
    done_testing
  fi
  ADDR=$(endpoint 1)
  case $ADDR in
    tcp:*|tls:tcp:*) PORT=${ADDR##*:} ;;
    *) PORT= ;;
  esac
}

endpoint ()
{
  printf '%s\n' "$ENDPOINTS" | sed -n "$1p"
}

stop_server ()
{
  kill -TERM "$SERVER_PID" 2>/dev/null
  reap "$SERVER_PID"
  if test "$status" -eq 0; then
    point 0 "${1:-the server ends well on SIGTERM}"
  else
    point 1 "${1:-the server ends well on SIGTERM}"
    diag "status $status; it said: $(cat "$SERVER_ERR")"
    return 1
  fi
}

# Peers in Python, their programs on stdin

peer ()
{
  run python3 - "$@"
  test "$status" -eq 0 || diag "the peer: $stderr"
  return "$status"
}

start_peer ()
{
  peer_count=$((peer_count + 1))
  PEER_OUT=$TMP/peer-$peer_count.out
  PEER_ERR=$TMP/peer-$peer_count.err
  exec 8<&0
  python3 - "$@" <&8 8<&- >"$PEER_OUT" 2>"$PEER_ERR" &
  PEER_PID=$!
  exec 8<&-
  wait_for "$DEADLINE" grep -q . "$PEER_OUT" || {
    point 1 'the peer is ready'
    diag "it said: $(cat "$PEER_ERR")"
    done_testing
  }
  PEER=$(head -n 1 "$PEER_OUT")
}

end_peer ()
{
  reap "$PEER_PID"
  if test "$status" -eq 0; then
    point 0 "${1:-the peer is content}"
  else
    point 1 "${1:-the peer is content}"
    diag "status $status; it said: $(cat "$PEER_ERR")"
    return 1
  fi
}

# Every program that was started here carries GSOCK_TEST_DIR in its
# environment, and this shell, whose environment is older, does not.
our_processes ()
{
  GSOCK_TEST_DIR='' grep -lsF "GSOCK_TEST_DIR=$TMP" /proc/[0-9]*/environ |
    sed 's,/proc/\([0-9]*\)/environ,\1,'
}

no_processes ()
{
  test -z "$(our_processes)"
}

clean_up ()
{
  trap '' HUP INT TERM
  jobs -p >"$TMP/.jobs"
  # shellcheck disable=SC2046 # one argument a process
  kill -KILL $(cat "$TMP/.jobs") $(our_processes) 2>/dev/null
  wait
  wait_for 5 no_processes || diag "processes are left: $(our_processes)"
  cd /
  rm -rf "$TMP"
}

# A signal that breaks off a redirection makes dash forget the trap on EXIT.
interrupted ()
{
  trap - EXIT
  clean_up
  exit "$1"
}

# Languages

# Everything from here on, as a Spanish user would have it.
speak_spanish ()
{
  requires_spanish
  test -z "$spanish_locpath" || LOCPATH=$spanish_locpath
  LC_ALL=es_ES.UTF-8
  LANGUAGE=es
  export LC_ALL LANGUAGE ${LOCPATH:+LOCPATH}
}

in_spanish ()
{
  if test -n "$spanish_locpath"; then
    env LOCPATH="$spanish_locpath" LC_ALL=es_ES.UTF-8 LANGUAGE=es "$@"
  else
    env LC_ALL=es_ES.UTF-8 LANGUAGE=es "$@"
  fi
}

# The locale loads only if it has been made, and for the tools' own machine:
# "locale" may be another's.
speaks_spanish ()
{
  test "$(in_spanish gsock-client 2>&1)" != \
    "$(env -u LANGUAGE LC_ALL=C gsock-client 2>&1)"
}

requires_spanish ()
{
  if test -z "${GSOCK_INSTALLED:-}"; then
    test -f "$GSOCK_LOCALEDIR/es/LC_MESSAGES/gsock.mo" ||
      skip_all 'built with --disable-nls'
  fi
  if ! speaks_spanish; then
    spanish_locpath=$TMP/.locpath
    mkdir -p "$spanish_locpath"
    localedef --no-archive -i es_ES -f UTF-8 \
      "$spanish_locpath/es_ES.UTF-8" >/dev/null 2>&1
    speaks_spanish || skip_all 'needs a Spanish locale'
  fi
}

# The scene

: "${GSOCK_SRCDIR:=$(cd "${0%/*}/../.." && pwd)}"
: "${GSOCK_BUILDDIR:=$PWD}"
: "${GSOCK_INSTALLED:=}"
spanish_locpath=
if test -d "$GSOCK_BUILDDIR/tests/locpath/es_ES.UTF-8"; then
  spanish_locpath=$GSOCK_BUILDDIR/tests/locpath
fi
if test -z "$GSOCK_INSTALLED"; then
  test -x "$GSOCK_BUILDDIR/gsock-server" ||
    bail_out "no gsock-server in $GSOCK_BUILDDIR; GSOCK_INSTALLED=1 tests the installed one"
  : "${GSOCK_LOCALEDIR:=$GSOCK_BUILDDIR/tests/locale}"
  export GSOCK_LOCALEDIR
  PATH=$GSOCK_BUILDDIR:$GSOCK_BUILDDIR/tests/lab:$PATH
fi
LC_ALL=C.UTF-8
GIO_USE_PROXY_RESOLVER=dummy
GIO_USE_VFS=local
GSETTINGS_BACKEND=memory
INPUTRC=/dev/null
unset LANG LANGUAGE LISTEN_FDNAMES LISTEN_FDS LISTEN_PID NO_COLOR \
  NOTIFY_SOCKET http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY \
  no_proxy NO_PROXY GSOCK_PROXY_PASSWORD || :
PYTHONPATH=$GSOCK_SRCDIR/tests/lib
PYTHONDONTWRITEBYTECODE=1
export GSOCK_SRCDIR GSOCK_BUILDDIR GSOCK_INSTALLED PATH LC_ALL \
  GIO_USE_PROXY_RESOLVER GIO_USE_VFS GSETTINGS_BACKEND INPUTRC \
  PYTHONPATH PYTHONDONTWRITEBYTECODE TEST_WRAPPER

# A socket's path has 107 bytes at most: not in the build tree.
TMP=$(mktemp -d "${TMPDIR:-/tmp}/gsock-test.XXXXXX") ||
  bail_out 'no temporary directory'
GSOCK_TEST_DIR=$TMP
HOME=$TMP
export TMP GSOCK_TEST_DIR HOME
trap clean_up EXIT
trap 'interrupted 129' HUP
trap 'interrupted 130' INT
trap 'interrupted 143' TERM
cd "$TMP" || bail_out "cannot enter $TMP"

with_signals=
if env --default-signal=INT,QUIT true 2>/dev/null; then
  with_signals='env --default-signal=INT,QUIT'
fi

# A wrapped tool is a script of the same name, first on PATH: so it is wrapped
# wherever it stands in a command, and keeps its process id.
if test -n "$TEST_WRAPPER"; then
  mkdir "$TMP/.wrapped"
  for tool in gsock-server gsock-client gsock-get gsock-resolve; do
    tool_path=$(command -v "$tool") || {
      # The one that is not made where a library is missing.
      test "$tool" = gsock-resolve && continue
      bail_out "no $tool on PATH"
    }
    {
      printf '#! /bin/sh\n'
      printf 'exec %s "%s" "$@"\n' "$TEST_WRAPPER" "$tool_path"
    } >"$TMP/.wrapped/$tool"
    chmod +x "$TMP/.wrapped/$tool"
  done
  PATH=$TMP/.wrapped:$PATH
fi

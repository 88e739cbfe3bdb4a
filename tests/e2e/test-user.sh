#! /bin/sh
# test-user.sh: root gives up its rights when all is bound
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"

run gsock-server --user=no-such-user 0
is "$status" 2 'a user that is none'
is "$stderr" "gsock-server: --user: There is no user 'no-such-user' here" \
  '... is named'
run gsock-server --user=65533:no-such-group 0
is "$status:$stderr" \
  "2:gsock-server: --user: There is no group 'no-such-group' here" \
  'a group that is none'
run gsock-server --user=4294967290 0
is "$status" 2 'a number without a name, and so without a group'
run gsock-server --user=0:0 0
is "$status" 2 'root would give up nothing'
run gsock-server "--user=$(printf 'a\033[2Jb')" 0
unlike "$stderr" "$(printf '\033')" 'a name is shown escaped'

me=$(id -u):$(id -g)
if test "$me" != 0:0; then
  start_server --echo "--user=$me" 127.0.0.1:0
  run gsock-client -f raw "$ADDR" hola
  is "$status:$stdout" 0:hola 'who is that user already needs no right'
  stop_server
  run gsock-server --user=65533:65533 0
  is "$status" 6 'only root can become another'
  skip_rest='only root can become another user'
fi
getent passwd nobody >/dev/null || skip_rest='there is no user nobody'
test -z "$TEST_WRAPPER" || skip_rest='the program is not the process'
if test -n "${skip_rest-}"; then
  skip 1 "$skip_rest"
  done_testing
fi

uid=$(id -u nobody)
gid=$(id -g nobody)
chmod 711 "$TMP"

# status_of FIELD: of each thread, the different ones
status_of ()
{
  cat "/proc/$SERVER_PID/task"/*/status | sed -n "s/^$1:[[:space:]]*//p" |
    tr '\t' ' ' | sort -u
}

# has_none: no capability, no other user or group
has_none ()
{
  is "$(status_of Uid)" "$uid $uid $uid $uid" '... user, in all threads'
  is "$(status_of Gid)" "$1 $1 $1 $1" '... group'
  is "$(status_of Groups | tr -d ' ')" "$2" '... and the groups of that user'
  is "$(status_of CapPrm):$(status_of CapEff):$(status_of CapInh):$(status_of CapAmb)" \
    0000000000000000:0000000000000000:0000000000000000:0000000000000000 \
    '... and no capability'
}

# A port that only root may have, and a directory of that user.
mkdir "$TMP/run"
chown nobody "$TMP/run"
port=$(python3 -c '
import socket
for port in range(1, 20):
    try:
        socket.create_server(("127.0.0.1", port))
    except PermissionError:
        break
    except OSError:
        continue
    print(port)
    break')
start_server --echo --user=nobody --workers=2 --explain "127.0.0.1:${port:-0}" \
  "$TMP/run/socket"
if test -n "$port"; then
  run gsock-client -f raw "$ADDR" hola
  is "$status:$stdout" 0:hola 'a port below 1024 is served'
else
  skip 1 'no port below 1024 is to be had, not for root either'
fi
if is_emulated; then
  stop_server
  skip 1 "qemu has threads of its own, which keep root's rights"
  done_testing
fi
has_none "$gid" "$(id -G nobody | tr -d ' ')"
is "$(stat -c %u:%g:%a "$TMP/run/socket")" "$uid:$gid:600" \
  '... whose socket file it is'
order=$(sed -n 's/^\(rename\|bind\|initgroups\|setresgid\|setresuid\|landlock_restrict_self\|Listening\).*/\1/p' \
  "$SERVER_ERR" | grep -v landlock | uniq | tr '\n' ' ')
is "$order" 'bind rename initgroups setresgid setresuid Listening ' \
  '... after it was bound, before anybody came'
if grep -q '^landlock_restrict_self' "$SERVER_ERR"; then
  is "$(sed -n 's/^\(setresuid\|landlock_restrict_self\).*/\1/p' "$SERVER_ERR" |
    tr '\n' ' ')" 'setresuid landlock_restrict_self ' '... and before Landlock'
else
  skip 1 'this kernel has no Landlock'
fi
stop_server
ok '... and the socket file is removed' test ! -e "$TMP/run/socket"

start_server --user="$uid:1" 127.0.0.1:0 -- id -u
run gsock-client --recv-only "$ADDR"
is "$stdout" "$uid" 'a COMMAND has that user too'
has_none 1 "$(id -G nobody | tr ' ' '\n' | sed "s/^$gid\$/1/" | sort -un |
  tr -d '\n')"
stop_server
start_server --user=65533:65533 127.0.0.1:0 -- sh -c 'id -u; id -G'
run gsock-client --recv-only "$ADDR"
is "$stdout" "65533
65533" 'a number that has no name has no other groups'
stop_server

if command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null; then
  ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
  export ASAN_OPTIONS
  for call in setgroups setresgid setresuid; do
    run strace -o /dev/null -f -e "inject=$call:error=EPERM" \
      gsock-server --user=nobody 127.0.0.1:0
    is "$status" 6 "$call is refused: nothing is served"
    is "$(printf '%s\n' "$stderr" | wc -l)" 1 '... and one line says so'
  done
  # A kernel that says yes and does nothing.
  run strace -o /dev/null -f -e inject=setresuid:retval=0 \
    gsock-server --user=nobody 127.0.0.1:0
  is "$status" 6 'a change that did not take place is seen'
else
  skip 7 'needs strace, and leave to trace'
fi

# Programs with a setuid bit heed nobody.
mkdir "$TMP/set"
chmod 755 "$TMP" "$TMP/set"
cp "$(command -v gsock-server)" "$TMP/set/gsock-server"
chmod 4755 "$TMP/set/gsock-server"
if command -v setpriv >/dev/null; then
  run setpriv --reuid=nobody --regid="$gid" --clear-groups \
    "$TMP/set/gsock-server" 127.0.0.1:0
  if test "$status" = 124; then
    skip 2 'setuid programs do nothing here'
  else
    is "$status" 2 'a setuid program refuses to run'
    is "$(printf '%s\n' "$stderr" | wc -l)" 1 '... in one line'
  fi
else
  skip 2 'needs setpriv'
fi

done_testing

# rivals.sh: other people's tools, and what they do wrong
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# To be read after functions.sh.
#
#   rival PROGRAM FAILURE COMMAND...  a point "PROGRAM: FAILURE" where COMMAND
#                             succeeds, which shows it; a skip where PROGRAM is
#                             not installed, or does not fail any more
#   have PROGRAM              whether it is installed, and the one we mean
#   nginx_streams             whether nginx passes streams on; $nginx_module is
#                             the line for that in its configuration, if any
#   port_of PID               prints the TCP port of 127.0.0.1 that it listens on

have ()
{
  case $1 in
    # There are others of that name.
    nc) nc -h 2>&1 | grep -q OpenBSD ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

nginx_module=
for file in /usr/lib/nginx/modules/ngx_stream_module.so \
  /usr/lib64/nginx/modules/ngx_stream_module.so; do
  test ! -f "$file" || nginx_module="load_module $file;"
done

nginx_streams ()
{
  have nginx || return
  test -n "$nginx_module" || nginx -V 2>&1 | grep -q -- '--with-stream\( \|$\)'
}

rival ()
{
  rival_program=$1 rival_failure="${1##*/}: $2"
  shift 2
  if ! have "$rival_program"; then
    skip 1 "$rival_failure (${rival_program##*/} is not installed)"
  elif "$@"; then
    point 0 "$rival_failure"
  else
    skip 1 "$rival_failure (not this one)"
    diag "status ${status:-}: ${stdout:-}: ${stderr:-}"
  fi
}

port_of ()
{
  python3 - "$1" <<'END'
import os, sys
fds = '/proc/%s/fd/' % sys.argv[1]
mine = [os.readlink(fds + fd) for fd in os.listdir(fds)]
for line in open('/proc/net/tcp'):
    word = line.split()
    if word[3] == '0A' and 'socket:[%s]' % word[9] in mine:
        print(int(word[1].partition(':')[2], 16))
        sys.exit()
sys.exit(1)
END
}

#! /bin/sh
# test-examples.sh: the example units: as tight as they say, and what they start
# serves
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

. "${0%/*}/../lib/functions.sh"

units=$GSOCK_SRCDIR/examples/systemd

# A unit's own file is "name.service" or, of a template, "name@1.service".
instance ()
{
  case $1 in
    *@.service) echo "$TMP/${1%.service}1.service" ;;
    *) echo "$TMP/$1" ;;
  esac
}

# exec_start UNIT: its command, with the tool as PATH finds it.
exec_start ()
{
  sed -n 's|^ExecStart=/usr/bin/||p' "$units/$1"
}

for unit in gsock-echo@.service gsock-greet.service; do
  if command -v systemd-analyze >/dev/null &&
      systemd-analyze security --help 2>/dev/null | grep -q -e --threshold; then
    cp "$units/$unit" "$(instance "$unit")"
    run systemd-analyze security --offline=yes --no-pager --threshold=20 \
      "$(instance "$unit")"
    is "$status" 0 "$unit: an exposure of 2.0 at most" ||
      diag "$(tail -n 1 "$TMP/stdout")"
  else
    skip 1 'needs systemd-analyze security --threshold'
  fi
  command=$(exec_start "$unit")
  isnt "$command" '' "$unit starts a tool"
  # Every option it gives is one that there is.
  run sh -c "$command --help"
  is "$status" 0 "$unit: $command is understood"
done

if command -v systemd-socket-activate >/dev/null; then
  # shellcheck disable=SC2046 # the unit's words
  background activate systemd-socket-activate -l "$TMP/echo" --fdname=echo \
    "$(command -v gsock-server)" \
    $(exec_start gsock-echo@.service | sed 's/^gsock-server //')
  ok 'systemd listens' wait_for "$DEADLINE" listens "$TMP/echo"
  run gsock-client --retry=20 "$TMP/echo" 'probando echo'
  is "$stdout" 'probando echo' 'the first client starts the service, which echoes'
  run gsock-client "$TMP/echo" 'adios'
  is "$stdout" 'adios' '... and goes on serving'
  kill "$BG_PID"
  reap "$BG_PID"
  is "$status" 0 '... until it is told to end'
  ok 'and leaves the socket, which is not its own' test -S "$TMP/echo"
else
  skip 5 'needs systemd-socket-activate'
fi

done_testing

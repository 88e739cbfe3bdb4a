#! /bin/sh
# check-surface.sh: finds what the pages say of addresses, frames, modes and exit
# statuses and the tools do not do, or the other way
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# check-surface.sh SOURCEDIR [tables].  The tools are on PATH.  Each scheme,
# frame, mode and status of the pages must be in the tools' own table, each one
# of the table in the pages; and, without "tables", what can be typed is typed,
# and must be taken, or refused.  Options have check-options.sh.  Says what is
# wrong, one line each, and then ends with status 1.
set -eu

cd "$1"
tables_only=${2:-}
LC_ALL=C
export LC_ALL

# section PAGE HEADING: from one heading to the next of its rank
section ()
{
  awk -v heading="$2" '
    $0 == heading { on = 1; rank = $1; next }
    on && /^=head/ && $1 <= rank { exit }
    on' "$1"
}

# words ERE: what stands in the parentheses of ERE, as often as it is in a line
words ()
{
  awk -v ere="$1" '{
    while (match ($0, ere)) {
      print substr ($0, RSTART, RLENGTH)
      $0 = substr ($0, RSTART + RLENGTH)
    }
  }'
}

# both WHAT PAGES TABLE: two lists of words, a line each
both ()
{
  printf '%s\n' "$2" | while read -r word; do
    test -z "$word" || printf '%s\n' "$3" | grep -Fqx -e "$word" ||
      echo "the pages have the $1 $word, and the tools have not"
  done
  printf '%s\n' "$3" | while read -r word; do
    test -z "$word" || printf '%s\n' "$2" | grep -Fqx -e "$word" ||
      echo "the tools have the $1 $word, and the pages have not"
  done
}

# typed STATUSES WHAT COMMAND...: one of STATUSES, "4|124"
typed ()
{
  test -z "$tables_only" || return 0
  wanted=$1 what=$2
  shift 2
  status=0
  timeout 60 "$@" </dev/null >/dev/null 2>&1 || status=$?
  case "|$wanted|" in
    *"|$status|"*) ;;
    *) echo "$what: '$*' ended with $status, not $wanted" ;;
  esac
}

schemes ()
{
  documented=$(section man/gsock.pod '=head1 ADDRESSES' | grep '^=item' |
    words 'B<[a-z0-9-]+:[>@]' | sed 's/^B<//; s/:.*//' | sort -u)
  refused=$(section man/gsock.pod '=head1 ADDRESSES' | grep 'are refused' |
    words 'B<[a-z0-9-]+:>' | sed 's/^B<//; s/:.*//' | sort -u)
  both 'scheme' "$documented" "$(
    sed -nE 's/^  \{ "([a-z0-9-]+)", GSOCK_ENDPOINT_.*/\1/p' \
      src/core/endpoint-parse.c)"
  both 'refused scheme' "$refused" "$(
    sed -nE 's/^  \{ "([a-z0-9-]+)", 0, NULL,.*/\1/p' \
      src/core/endpoint-parse.c)"
  for scheme in $documented; do
    case $scheme in
      tcp|udp|tls) typed '0|4' "$scheme:" gsock-client -z "$scheme:127.0.0.1:9" ;;
      unix*) typed 4 "$scheme:" gsock-client -z "$scheme:/nowhere/at/all" ;;
      fd) typed 4 fd: gsock-server fd:0 ;;
      sd) typed 4 sd: gsock-server sd:nowhere ;;
      srv) typed '3|4|124' srv: gsock-client -w 500ms -z srv:_x._tcp.invalid ;;
      *) echo "check-surface.sh: how is $scheme: typed?" ;;
    esac
  done
  for scheme in $refused nosuch; do
    test "$scheme" = nosuch && rest=//x || rest=x
    typed 2 "$scheme:" gsock-client -z "$scheme:$rest"
    typed 2 "$scheme:" gsock-server "$scheme:$rest"
  done
}

frames ()
{
  documented=$(section man/gsock.pod '=head1 FRAMES' | grep '^=item' |
    words 'B<[a-z0-9]+>' | sed 's/^B<//; s/>$//' | sort -u)
  both 'frame' "$documented" "$(
    sed -nE 's/^  \{ "([a-z0-9]+)", N_ .*/\1/p' src/core/codec.c)"
  for frame in $documented; do
    typed 4 "--frame=$frame" gsock-client -z -f "$frame" 127.0.0.1:9
    typed 124 "--frame=$frame" \
      gsock-server -f "$frame" --accept-timeout=1ms 127.0.0.1:0
  done
  typed 2 '--frame=nosuch' gsock-client -z -f nosuch 127.0.0.1:9
}

modes ()
{
  documented=$(section man/gsock-server.pod '=head2 Mode' | grep '^=item' |
    sed -E 's/^=item B<(--[a-z]*)>.*/\1/; s/^--$/COMMAND/' |
    grep -vx -e --once -e --sh | sort -u)
  both 'mode' "$documented" "$(
    sed -nE 's/^  \{ "(--[a-z]+|COMMAND)", &.*_handler \},/\1/p' \
      src/tools/server-options.c)"
  for mode in $documented; do
    case $mode in
      COMMAND)
        typed 124 "$mode" gsock-server --accept-timeout=1ms 127.0.0.1:0 -- true
        typed 124 --sh gsock-server --accept-timeout=1ms 127.0.0.1:0 --sh=true ;;
      --forward)
        typed 124 "$mode" gsock-server "$mode=127.0.0.1:9" \
          --accept-timeout=1ms 127.0.0.1:0 ;;
      *) typed 124 "$mode" gsock-server "$mode" --accept-timeout=1ms 127.0.0.1:0 ;;
    esac
  done
}

statuses ()
{
  # 125 to 127 are a command's, 128 and more a signal's.
  documented=$(section man/gsock.pod '=head1 EXIT STATUS' | grep '^=item' |
    words 'B<[0-9]+>' | sed 's/^B<//; s/>$//' | awk '$1 < 125' | sort -un)
  both 'exit status' "$documented" "$(
    sed -nE 's/^ *GSOCK_EXIT_[A-Z_]+ = ([0-9]+),.*/\1/p' src/core/error.h)"
}

found=$(schemes; frames; modes; statuses)
if test -n "$found"; then
  printf '%s\n' "$found"
  exit 1
fi

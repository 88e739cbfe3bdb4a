#! /bin/sh
# check-options.sh: finds options that help, manual page, completions and tests
# do not all know
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# check-options.sh SOURCEDIR TOOL <HELP.  HELP is what "TOOL --help-all" prints
# in English.  Each option in it must be an =item of man/TOOL.pod, stand in the
# completions for bash, zsh and fish, and be used by a test; each option that
# is an =item must be in HELP.  Says what is missing, one line each, and then
# ends with status 1.
set -eu

cd "$1"
tool=$2
pod=man/$tool.pod

# The help has "  -w, --timeout=T    text"; some options have no letter.
options=$(sed -nE 's/^  (    )?(-., )?--([A-Za-z0-9][A-Za-z0-9-]*).*/\2\3/p' |
  sed -E 's/^-(.), (.*)/\2 \1/' | sort -u)
test -n "$options" || { echo "$tool: the help names no option"; exit 1; }

# The options of the page's =item lines, markup taken away, one a line.
items=$(sed -nE '/^=item/p' "$pod" |
  sed -E 's/[BCFILX]<+ ?([^<>]*[^<> ]) ?>+/\1/g; s/[BCFILX]<+|>+//g' |
  tr ' ,|=[' '\n\n\n\n\n' | sed -nE 's/^--([A-Za-z0-9][A-Za-z0-9-]*).*/\1/p' |
  sort -u)

# has FILE ERE: the option's name ends where a name can end
has ()
{
  test -f "$1" && grep -Eq -e "(^|[^A-Za-z0-9-])$2([^A-Za-z0-9-]|\$)" "$1"
}

# An option counts as tested where a command of a test has it, by either name.
# What merely lists options is no test of them.
tested ()
{
  for test in tests/e2e/test-*.sh tests/lib/functions.sh; do
    case $test in
      */test-options.sh) continue ;;
    esac
    test -f "$test" || continue
    has "$test" "--$1" && return
    if test -n "$2"; then
      grep -v '^[[:space:]]*#' "$test" |
        grep -Eq -e "gsock-.* -[A-Za-z0-9]*$2|start_server .*-$2" && return
    fi
  done
  return 1
}

found=$(
  printf '%s\n' "$options" | while read -r name letter; do
    printf '%s\n' "$items" | grep -Fqx -e "$name" ||
      echo "$pod has no =item --$name"
    has "completions/$tool" "--$name" ||
      echo "completions/$tool does not complete --$name"
    has "completions/_$tool" "--$name" ||
      echo "completions/_$tool does not complete --$name"
    has "completions/$tool.fish" "(-l|--long-option) ['\"]?$name" ||
      echo "completions/$tool.fish does not complete --$name"
    case $name in
      help-*) ;;
      *) tested "$name" "$letter" || echo "no end-to-end test uses --$name" ;;
    esac
  done
  printf '%s\n' "$items" | while read -r name; do
    printf '%s\n' "$options" | grep -Eq -e "^$name( |\$)" ||
      test -z "$name" || echo "$pod describes --$name, which $tool has not"
  done
)
if test -n "$found"; then
  printf '%s\n' "$found"
  exit 1
fi

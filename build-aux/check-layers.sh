#! /bin/sh
# check-layers.sh: finds includes that point up, or that hide their layer
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# check-layers.sh SOURCEDIR.  Core may include core, handlers core and
# handlers, dns core and dns, http core and http, tools all of them, each as
# "layer/name.h"; "config.h" is free.
# Says what is wrong, one line each, and then ends with status 1.
set -eu

cd "${1:-.}/src"
wrong=0

# check LAYER ALLOWED-LAYERS-ERE
check ()
{
  for file in "$1"/*.[ch]; do
    test -f "$file" || continue
    grep -nE '^[[:space:]]*#[[:space:]]*include' "$file" |
      sed -nE \
        -e "s,^([0-9]+):[^\"<]*\"config\\.h\".*,,;t" \
        -e "s,^([0-9]+):[^\"<]*\"($2)/[^/\"]+\\.h\".*,,;t" \
        -e "s,^([0-9]+):[^\"<]*(<(core|dns|handlers|http|tools)/[^>]*>).*,src/$file:\\1: write \\2 with quotes,p;t" \
        -e "s,^([0-9]+):[^\"<]*(\"(core|dns|handlers|http|tools)/[^\"]*\").*,src/$file:\\1: $1 must not include \\2,p;t" \
        -e "s,^([0-9]+):[^\"<]*(\"[^\"]*\").*,src/$file:\\1: \\2 does not name its layer,p;t" \
        -e "s,^([0-9]+):[^\"<]*\$,src/$file:\\1: an include that cannot be checked,p"
  done
}

found=$(
  check core 'core'
  check dns 'core|dns'
  check handlers 'core|handlers'
  check http 'core|http'
  check tools 'core|dns|handlers|http|tools'
  find . -name '*.[ch]' ! -path './core/*' ! -path './dns/*' \
    ! -path './handlers/*' ! -path './http/*' ! -path './tools/*' |
    sed 's,^\./\(.*\),src/\1: belongs to no layer,'
)
if test -n "$found"; then
  printf '%s\n' "$found"
  wrong=1
fi
exit "$wrong"

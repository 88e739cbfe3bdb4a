#! /bin/sh
# check-layers.sh: finds includes that point up, or that hide their layer, and
# files that HACKING.md names and nobody has
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# check-layers.sh SOURCEDIR.  Core may include core, handlers core and
# handlers, dns core and dns, http core and http, tools all of them, each as
# "layer/name.h"; "config.h" is free.  What HACKING.md names of them is there.
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

# named FILE: LINE LAYER NAME of each file that the account in it names; what is
# not in the first column of a table may be of any layer (*), or says of which.
named ()
{
  awk -F'`' '
    /^## / { on = /^## Who is who in core/; layer = "core" }
    /^Http, in the same way/ { layer = "http" }
    on {
      rest = /^[|] `/ ? 0 : 1
      for (i = 2; i <= NF; i += 2)
        {
          if (i > 2 && $(i - 1) ~ /[|]/)
            rest = 1
          if ($i ~ /^[a-z][a-z0-9-]*([*]|[.][ch])?$/)
            print NR, rest ? "*" : layer, $i
          else if (split ($i, path, "/") == 2 && path[1] != "src")
            print NR, path[1], path[2]
        }
    }' "$1"
}

# exists NAME...: some file or folder
exists ()
{
  for path; do
    test ! -e "$path" || return 0
  done
  return 1
}

# has LAYER NAME: NAME.c, NAME.h or what NAME says; both may be patterns
has ()
{
  # shellcheck disable=SC2086 # patterns
  exists $1/$2 $1/$2.[ch] ./$2
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
  test ! -f ../HACKING.md || named ../HACKING.md |
    while read -r line layer name; do
      has "$layer" "$name" ||
        echo "HACKING.md:$line: src/$layer has no $name"
    done
)
if test -n "$found"; then
  printf '%s\n' "$found"
  wrong=1
fi
exit "$wrong"

#! /bin/sh
# check-lists.sh: finds files that no list names: unbuilt, untested,
# untranslated
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# check-lists.sh SOURCEDIR.  Says what is missing, one line each, and then ends
# with status 1.
set -eu

cd "$1"

# listed FRAGMENT FOLDER FILE-WITHOUT-SUFFIX-IF-THE-LIST-HAS-NONE
listed ()
{
  tr -s ' \t\\' '\n\n\n' <"$1" | grep -Fqx "%D%/${3#"$2"/}" ||
    echo "$1 does not list $3"
}

found=$(
  for layer in src/core src/dns src/handlers src/http src/tools; do
    for file in "$layer"/*.[ch]; do
      test ! -f "$file" || listed "$layer/local.mk" "$layer" "$file"
    done
  done
  for file in tests/unit/test-*.c tests/fuzz/fuzz-*.c tests/lab/*.c; do
    test ! -f "$file" || listed tests/local.mk tests "${file%.c}"
  done
  for file in tests/e2e/test-*.sh; do
    test ! -f "$file" || listed tests/local.mk tests "$file"
  done
  for file in bench/*.c; do
    test ! -f "$file" || listed bench/local.mk bench "${file%.c}"
  done
  grep -lE '(^|[^A-Za-z0-9_])(N?_|g_dngettext|ngettext|C_) ?\(("|$)' \
    src/*/*.[ch] |
    while read -r file; do
      grep -Fqx "$file" po/POTFILES.in ||
        echo "po/POTFILES.in does not list $file"
    done
)
if test -n "$found"; then
  printf '%s\n' "$found"
  exit 1
fi

#! /bin/sh
# format.sh: indents the C files as .clang-format says; --check only looks
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# format.sh [--check] [FILE...].  Other releases of clang-format break lines
# elsewhere, so only 14 decides; $CLANG_FORMAT names another program.
set -eu

check=
if test "${1:-}" = --check; then
  check=yes
  shift
fi
if test -z "${CLANG_FORMAT:-}"; then
  CLANG_FORMAT=clang-format
  command -v clang-format-14 >/dev/null && CLANG_FORMAT=clang-format-14
fi
case $("$CLANG_FORMAT" --version 2>&1) in
  *'version 14.'*) ;;
  *)
    echo "format.sh: clang-format 14 is needed; \$CLANG_FORMAT can name it" >&2
    exit 1
    ;;
esac

if test $# -eq 0; then
  cd "$(dirname "$0")/.."
  set -- src/*/*.[ch] tests/*/*.[ch] bench/*.[ch]
fi
bad=0
for file; do
  test -f "$file" || continue
  if test -z "$check"; then
    "$CLANG_FORMAT" --style=file -i "$file"
  elif ! "$CLANG_FORMAT" --style=file "$file" | diff -u "$file" - >&2; then
    bad=1
  fi
done
exit "$bad"

#! /bin/sh
# test-lists.sh: every file is built, tested and offered to the translators
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"

check=$GSOCK_SRCDIR/build-aux/check-lists.sh

run sh "$check" "$GSOCK_SRCDIR"
is "$status:$stdout$stderr" '0:' 'every file is in its list'

# planted FILE MESSAGE: one more FILE beside a tree in order.
planted ()
{
  rm -rf planted
  mkdir -p planted/src/core planted/src/dns planted/src/handlers planted/src/tools \
    planted/tests/unit planted/tests/lab planted/tests/e2e planted/bench \
    planted/po
  printf 'X = \\\n\t%%D%%/fd.c %%D%%/fd.h\n' >planted/src/core/local.mk
  : >planted/src/handlers/local.mk
  : >planted/src/tools/local.mk
  : >planted/tests/local.mk
  : >planted/bench/local.mk
  echo src/core/fd.c >planted/po/POTFILES.in
  echo 'f (_("Text"));' >planted/src/core/fd.c
  : >planted/src/core/fd.h
  echo 'f (N_("Text"));' >>"planted/$1"
  run sh "$check" planted
  like "$status:$stdout" "$2" "$1 is found"
}

planted src/core/fd.c '^0:$'
planted src/core/f.c '^1:src/core/local\.mk does not list src/core/f\.c$'
planted src/core/fd.h '^1:po/POTFILES\.in does not list src/core/fd\.h$'
planted src/handlers/fd.c 'src/handlers/local\.mk does not list'
planted src/tools/fd.h 'src/tools/local\.mk does not list'
planted tests/unit/test-fd.c 'tests/local\.mk does not list tests/unit/test-fd$'
planted tests/lab/lab-x.c 'tests/local\.mk does not list tests/lab/lab-x$'
planted tests/e2e/test-x.sh \
  'tests/local\.mk does not list tests/e2e/test-x\.sh$'
planted bench/x.c 'bench/local\.mk does not list bench/x$'

# A fault that was to be tried has a case, and a goal is measured by one.
if command -v python3 >/dev/null; then
  run python3 "$GSOCK_SRCDIR/bench/draw.py" "$GSOCK_SRCDIR/bench/README.md"
  same_bytes stdout "$GSOCK_SRCDIR/bench/get.svg" \
    "the benches' picture is of their table"
  run python3 "$GSOCK_SRCDIR/tests/faults/run.py" --check
  is "$status:$stdout$stderr" '0:' 'each fault, bug class and goal has its case'
  mkdir cases
  cp -R "$GSOCK_SRCDIR/tests/faults" "$GSOCK_SRCDIR/tests/fuzz" \
    "$GSOCK_SRCDIR/tests/lib" cases
  chmod -R u+w cases
  sed -i "s/^@case('P3', /@case('P33', /" cases/faults/process.py
  sed -i "s/^@case('C24', /@case('C23', /" cases/faults/classes.py
  run python3 cases/faults/run.py --check
  is "$status:$stdout" '1:P3: there is no such case
C24: there is no such case
P33: no such case is asked for
C23: there are two of it
objects of others destroyed, of 6 kinds: no case P3
zombies, orphans, descriptors left: no case C24' '... and one that is missing is named'
else
  skip 3 'needs python3'
fi

done_testing

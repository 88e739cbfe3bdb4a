#! /bin/sh
# test-layers.sh: no include points up, and what HACKING.md names is there
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

# shellcheck disable=SC2016 # Markdown's backquotes
. "${0%/*}/../lib/functions.sh"

check=$GSOCK_SRCDIR/build-aux/check-layers.sh

run sh "$check" "$GSOCK_SRCDIR"
is "$status:$stdout$stderr" '0:' \
  'every include points down or sideways, and the account names what there is'

# planted LAYER LINE: what the checker says of a tree where a file of LAYER has
# LINE after one that is right.
planted ()
{
  rm -rf planted
  mkdir -p planted/src/core planted/src/handlers planted/src/http \
    planted/src/tools
  printf '#include "config.h"\n#include "core/fd.h"\n%s\n' "$2" \
    >"planted/src/$1/x.c"
  run sh "$check" planted
}

# allowed LAYER LINE
allowed ()
{
  planted "$1" "$2"
  is "$status:$stdout$stderr" '0:' "$1 may have $2"
}

# refused LAYER LINE REASON
refused ()
{
  planted "$1" "$2"
  is "$status:$stdout$stderr" "1:src/$1/x.c:3: $3" "$1 may not have $2"
}

allowed core '#include <gio/gio.h>'
allowed handlers '#include "handlers/echo.h"'
allowed tools '#include "handlers/echo.h"'
allowed tools '#include "http/filename.h"'
allowed tools '#include "tools/tool.h"'
allowed http '#include "core/fd.h"'
allowed core '/* #include "tools/tool.h" */'

refused core '#include "handlers/echo.h"' \
  'core must not include "handlers/echo.h"'
refused core '  #  include "tools/tool.h" /* why not */' \
  'core must not include "tools/tool.h"'
refused handlers '#include "tools/tool.h"' \
  'handlers must not include "tools/tool.h"'
refused http '#include "handlers/echo.h"' \
  'http must not include "handlers/echo.h"'
refused core '#include "http/filename.h"' \
  'core must not include "http/filename.h"'
refused core '#include "buffer.h"' '"buffer.h" does not name its layer'
refused core '#include "../handlers/echo.h"' \
  '"../handlers/echo.h" does not name its layer'
refused tools '#include "core/../tools/tool.h"' \
  'tools must not include "core/../tools/tool.h"'
refused core '#include <handlers/echo.h>' 'write <handlers/echo.h> with quotes'
refused core '#include HEADER' 'an include that cannot be checked'

planted core '#include <gio/gio.h>'
cp planted/src/core/x.c planted/src/y.c
run sh "$check" planted
is "$status:$stdout" '1:src/y.c: belongs to no layer' \
  'a file outside the layers is found'

# account TEXT: what the checker says of a tree whose account of itself has TEXT
account ()
{
  planted core '#include <gio/gio.h>'
  : >planted/src/core/handler.h
  : >planted/src/http/coding-x.c
  printf '%s\n' '# Hacking' '`nowhere` is not in this part.' \
    '## Who is who in core' "$@" '## Next' '`nowhere`, nor in this' \
    >planted/HACKING.md
  run sh "$check" planted
}

account '| file | what it is |' '| --- | --- |' \
  '| `x` `handler.h` | what `x` and `coding-x` do with `tls:` |' \
  'Http, in the same way:' '| `coding-*` | as `x` of `core`, and `core/x` |' \
  'In `src/dns`: `x`.'
is "$status:$stdout$stderr" '0:' 'an account of files that are there'
account '| `x` `y` | two |'
is "$status:$stdout" '1:HACKING.md:4: src/core has no y' \
  'a file that the account names and nobody has is found'
account '| `coding-x` | of another layer |'
is "$status:$stdout" '1:HACKING.md:4: src/core has no coding-x' \
  '... or has elsewhere'
account 'Http, in the same way:' '| `coding-*` `x` | codings |'
is "$status:$stdout" '1:HACKING.md:5: src/http has no x' '... of http too'
account '| `x` | as `y` does |' 'Or as `core/y`, `coding-y*` and `handler.h`.'
is "$status:$stdout" '1:HACKING.md:4: src/* has no y
HACKING.md:5: src/core has no y
HACKING.md:5: src/* has no coding-y*' '... wherever it is named'

done_testing

#! /bin/sh
# test-layers.sh: no include points up
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"

check=$GSOCK_SRCDIR/build-aux/check-layers.sh

run sh "$check" "$GSOCK_SRCDIR"
is "$status:$stdout$stderr" '0:' 'every include points down or sideways'

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

done_testing

#! /bin/sh
# test-surface.sh: the pages' tables of addresses, frames, modes and statuses are
# the tools' own
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

. "${0%/*}/../lib/functions.sh"

check=$GSOCK_SRCDIR/build-aux/check-surface.sh

run sh "$check" "$GSOCK_SRCDIR"
is "$status:$stdout$stderr" 0: 'what the pages say and what the tools do'

# planted FILE SED ERE: one thing changed in a tree in order
planted ()
{
  rm -rf planted
  mkdir -p planted/man planted/src/core planted/src/tools
  for file in man/gsock.pod man/gsock-server.pod src/core/endpoint-parse.c \
    src/core/codec.c src/core/error.h src/tools/server-options.c; do
    cp "$GSOCK_SRCDIR/$file" "planted/$file"
  done
  sed "$2" "$GSOCK_SRCDIR/$1" >"planted/$1"
  run sh "$check" planted tables
  like "$status:$stdout" "$3" "$1: $2"
}

planted man/gsock.pod '/^=item B<sd:>/d' \
  '^1:the tools have the scheme sd, and the pages have not$'
planted man/gsock.pod 's/B<ax25:>, //' 'the tools have the refused scheme ax25'
planted man/gsock.pod 's/^=item B<netstring>/=item B<netstrings>/' \
  "the pages have the frame netstrings.*"
planted src/core/codec.c '/{ "nul", N_/d' '^1:the pages have the frame nul,'
planted man/gsock-server.pod '/^=item B<--chat>/d' \
  'the tools have the mode --chat, and the pages have not'
planted man/gsock.pod '/^=item B<7>/d' 'the tools have the exit status 7'
planted src/core/error.h 's/GSOCK_EXIT_TLS = 5/GSOCK_EXIT_TLS = 9/' \
  'the tools have the exit status 9'

done_testing

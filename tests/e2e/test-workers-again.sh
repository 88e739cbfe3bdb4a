# test-workers-again.sh: the server's other tests, with its clients in threads
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

. "${0%/*}/../lib/functions.sh"

for name in chat half-close signals; do
  GSOCK_TEST_WORKERS=2 sh "$GSOCK_SRCDIR/tests/e2e/test-$name.sh" \
    >"$TMP/$name.out" 2>&1
  point "$?" "test-$name.sh with two workers" ||
    diag "$(grep -A5 '^not ok' "$TMP/$name.out")"
done

done_testing

#! /bin/sh
# test-pages.sh: the manual pages: well formed, whole, in both languages
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

. "${0%/*}/../lib/functions.sh"

cd "$GSOCK_SRCDIR/man" || bail_out 'no man/'

# Both languages and both of man's readers.  (What is installed is compressed
# and elsewhere: the pages are the same.)
for page in gsock*.[17] es/gsock*.[17]; do
  if ! test -f "$page"; then
    skip 1 "$page was not made"
    continue
  fi
  if command -v mandoc >/dev/null; then
    is "$(mandoc -T lint -W warning "$page" 2>&1)" '' "$page: mandoc has no warning"
  else
    skip 1 'needs mandoc'
  fi
  if command -v groff >/dev/null; then
    is "$(groff -man -ww -K utf8 -T utf8 -z "$page" 2>&1)" '' \
      "$page: groff has no warning"
  else
    skip 1 'needs groff'
  fi
done

for pod in gsock*.pod; do
  page=${pod%.pod}
  if command -v podchecker >/dev/null; then
    like "$(podchecker -warnings -warnings "$pod" 2>&1)" 'pod syntax OK' \
      "$pod is sound"
  else
    skip 1 'needs podchecker'
  fi
  sections='NAME SYNOPSIS DESCRIPTION OPTIONS EXAMPLES ENVIRONMENT FILES'
  test "$page" != gsock || sections='NAME DESCRIPTION ENVIRONMENT FILES'
  for section in $sections 'EXIT STATUS' 'SEE ALSO'; do
    ok "$page has $section" grep -Fqx "=head1 $section" "$pod"
  done
  # Whoever reads one page finds the others.
  for other in gsock*.pod; do
    test "$other" != "$pod" || continue
    name=${other%.pod}
    grep -Eq "L<$name\([17]\)>" "$pod"
    ok $? "$page names $name"
  done
done

if command -v msgattrib >/dev/null; then
  for catalogue in po/es.po ../po/es.po; do
    is "$(msgattrib --no-obsolete --only-fuzzy "$catalogue")" '' \
      "$catalogue has nothing fuzzy"
    is "$(msgattrib --no-obsolete --untranslated "$catalogue")" '' \
      "$catalogue has nothing untranslated"
  done
else
  skip 4 'needs gettext'
fi

done_testing

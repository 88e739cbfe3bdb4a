#! /bin/sh
# test-dist.sh: a release has every file of the repository that it should
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"
requires git make

test -z "$GSOCK_INSTALLED" || skip_all 'nothing is packed from what is installed'
# In a release there is nothing to compare with; a checkout's owner may differ.
tracked ()
{
  git -c safe.directory='*' -C "$GSOCK_SRCDIR" ls-files
}
test -e "$GSOCK_SRCDIR/.git" && tracked >tracked 2>/dev/null ||
  skip_all 'needs a checkout'

# What stays in the repository: how it is kept, and Debian's own packaging.  po/
# has a list of its own; tools/check-package looks into the tarball.
grep -Ev '^(\.ci/|\.git|debian/|po/)' tracked | sort >wanted

# A folder in the list stands for all in it.
env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS \
  make -s -C "$GSOCK_BUILDDIR" list-dist >listed 2>listed.err
is "$?:$(cat listed.err)" 0: 'make list-dist tells what is packed'
sed -e "s|^$GSOCK_SRCDIR/||" -e 's|^\(\.\./\)*||' listed | sort -u >packed
is "$(awk '
  NR == FNR { packed[$0]; next }
  {
    name = $0
    found = name in packed
    while (!found && sub("/[^/]*$", "", name))
      found = name in packed
    if (!found)
      print $0
  }' packed wanted)" '' 'each tracked file is packed'
is "$(grep -c . wanted | sed 's/^[1-9].*/some/')" some '... and there are some'

# What is made before a release, so that it needs fewer tools than a checkout.
for file in configure Makefile.in config.h.in aclocal.m4 build-aux/install-sh \
    man/gsock.7 man/es/gsock.7 man/gsock-server.1 man/es/gsock-server.1 \
    man/po4a.stamp completions/_gsock-server completions/gsock-server \
    completions/gsock-server.fish; do
  case $file in
    man/es/*|*.stamp) test -f "$GSOCK_SRCDIR/$file" || {
      skip 1 'made without po4a'
      continue
    } ;;
  esac
  ok "$file is packed" grep -Fqx "$file" packed
done

done_testing

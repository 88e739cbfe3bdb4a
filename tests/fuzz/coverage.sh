#! /bin/sh
# coverage.sh: how many lines of the parsers the fuzz targets reach
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# coverage.sh BUILDDIR: one that was configured with CFLAGS='--coverage -O0' or
# --enable-coverage, in which the targets have run.  A line a file and one for
# all; status 1 if that is under 95 %.
set -eu

cd "$1"
for name in core-codec core-endpoint-parse core-endpoint-inet core-escape \
  core-acl-rule core-proxy-header core-units dns-anchor dns-answer dns-denial \
  dns-hints dns-message dns-name dns-plain dns-referral dns-resolv-conf \
  dns-resolver-records dns-sources dns-verify http-challenge \
  http-coding-brotli http-coding-zlib http-coding-zstd http-cookies-parse \
  http-date http-decode http-filename http-headers http-hsts http-http1 \
  http-http2 http-netrc http-redirect; do
  layer=${name%%-*}
  file=${name#*-}
  # Which of the two depends on the layer's having flags of its own.
  counts=src/$layer/libgsock_${layer}_a-$file.gcda
  test -f "$counts" || counts=src/$layer/$file.gcda
  gcov -n -o "src/$layer" "$counts" 2>/dev/null |
    sed -n "/File '.*src\/$layer\/$file\.c'/{n;s/Lines executed:\(.*\)% of \(.*\)/$layer\/$file.c \1 \2/p;}"
done | awk '
  { printf "%-26s %6.2f %% of %d lines\n", $1, $2, $3
    lines += $3; reached += $2 * $3 / 100 }
  END {
    if (!lines) { print "nothing was counted"; exit 1 }
    printf "%-26s %6.2f %% of %d lines\n", "all", 100 * reached / lines, lines
    exit reached / lines < 0.95
  }'

#! /bin/sh
# test-options.sh: help, manual page, completions and tests know the same
# options, and help explains the values that they take
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"

check=$GSOCK_SRCDIR/build-aux/check-options.sh

for tool in gsock-server gsock-client gsock-get gsock-resolve; do
  # Not built without ldns.
  test "$tool" != gsock-resolve || command -v "$tool" >/dev/null || continue
  run "$tool" --help-all
  is "$status:$stderr" '0:' "$tool --help-all prints its options"
  cp stdout help
  run sh "$check" "$GSOCK_SRCDIR" "$tool" <help
  is "$status:$stdout$stderr" '0:' "each option of $tool is known everywhere"
  # Each word is named in the last paragraph just when an option takes it.
  sed '/^$/h;/^$/!H;$!d;x' help | tr '\n' ' ' >last
  for word in TIME SIZE RATE; do
    grep -Eq -e "--[a-z-]+=([A-Z]+:)?$word(:|\$| )" help && taken=0 || taken=1
    grep -Eq "(^| )$word (is|and|are) " last && told=0 || told=1
    is "$told" "$taken" "$tool --help-all explains $word where it is taken"
  done
done

# A tree in order, then the checker's verdict with one thing missing.
mkdir -p man completions tests/e2e
cat >man/gsock-x.pod <<'EOF'
=item B<-w>, B<--wait>=I<TIME>

=item B<--max>=I<N>, C<< --maximum >>

Beside B<--elsewhere>.
EOF
printf '%s\n' '-w --wait --max= --maximum' >completions/gsock-x
printf '%s\n' "'(-w --wait)'{-w,--wait}'[]'" "'--max[]'" "'--maximum[]'" \
  >completions/_gsock-x
printf '%s\n' 'complete -c gsock-x -s w -l wait' 'complete -c gsock-x -l max' \
  'complete -c gsock-x -l maximum' >completions/gsock-x.fish
printf '%s\n' 'run gsock-x -w 5 --max=3 --maximum' >tests/e2e/test-x.sh
cat >help <<'EOF'
Usage:
  gsock-x [OPTION…] --notme

  -w, --wait=TIME     Wait
  --max=N             Limit, not --that
  --maximum           None
EOF

# verdict TEXT WANT
verdict ()
{
  run sh "$check" . gsock-x <help
  is "$stdout$stderr" "$2" "$1"
}

# without FILE SED-SCRIPT WANT
without ()
{
  cp "$1" saved
  sed "$2" saved >"$1"
  verdict "$1 with $2" "$3"
  is "$status" 1 "... and status 1"
  cp saved "$1"
}

verdict 'nothing is missing' ''
without man/gsock-x.pod s/--wait/--weight/ \
  'man/gsock-x.pod has no =item --wait
man/gsock-x.pod describes --weight, which gsock-x has not'
without man/gsock-x.pod s/--max/--min/ 'man/gsock-x.pod has no =item --max
man/gsock-x.pod describes --min, which gsock-x has not'
without completions/gsock-x s/--max=// \
  'completions/gsock-x does not complete --max'
without completions/_gsock-x s/--wait//g \
  'completions/_gsock-x does not complete --wait'
without completions/gsock-x.fish '/max$/d' \
  'completions/gsock-x.fish does not complete --max'
without tests/e2e/test-x.sh 's/-w 5//' 'no end-to-end test uses --wait'
without tests/e2e/test-x.sh 's/--max=3//' 'no end-to-end test uses --max'
: >help
verdict 'help without options is refused' 'gsock-x: the help names no option'

done_testing

# steps.sh: the steps of a tool that checks, told as they begin and counted as
# points of TAP as they end
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
#   . tools/steps.sh
#   trap 'end_step; ...' EXIT   a step that is left in its middle has failed
#   step TEXT...                begins one, and ends the one before
#   wrong TEXT...               what is wrong in it; the tool goes on
#   skip_step WHY               ends one that can't be done here
#   end_step well               after the last one
#   $failed                     1 once anything was wrong

failed=0
step_count=0
step_text=
step_sound=1

end_step ()
{
  test -n "$step_text" || return 0
  step_count=$((step_count + 1))
  if test "${1:-}" = well && test "$step_sound" -eq 1; then
    echo "ok $step_count - $step_text"
  else
    echo "not ok $step_count - $step_text"
  fi
  step_text=
}

skip_step ()
{
  step_count=$((step_count + 1))
  echo "ok $step_count - $step_text # SKIP $*"
  step_text=
}

step ()
{
  end_step well
  step_text=$*
  step_sound=1
  printf '\n== %s\n' "$*"
}

wrong ()
{
  failed=1
  step_sound=0
  printf '%s: %s\n' "${0##*/}" "$*" >&2
}

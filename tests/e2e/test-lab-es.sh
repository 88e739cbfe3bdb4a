#! /bin/sh
# test-lab-es.sh: the lab sheet's conversations in Spanish
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

# shellcheck disable=SC2034 # read there
lab_language=es
. "${0%/*}/test-lab.sh"

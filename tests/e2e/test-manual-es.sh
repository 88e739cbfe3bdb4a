#! /bin/sh
# test-manual-es.sh: every session of the Spanish pages
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

# shellcheck disable=SC2034 # read there
manual_language=es
. "${0%/*}/test-manual.sh"

/* resolve-run.h: many names at once, printed in order
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "tools/tool.h"

G_BEGIN_DECLS

/* Asks about @words and the input's lines as the options say, and prints what
 * comes.  The exit status, the first name's that has another than 0; what
 * stops all of it is @error. */
int gsock_resolve_run (char **words, GError **error);

G_END_DECLS

/* help.h: --help, from the same tables that the options are parsed by
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "tools/tool.h"

G_BEGIN_DECLS

/* In 80 columns; @all: the rarer options too; free with g_free. */
char *gsock_help_text (const GsockTool *tool, gboolean all);

G_END_DECLS

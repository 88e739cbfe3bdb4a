/* arguments.h: argv taken apart by the tables of a tool's options
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "tools/tool.h"

G_BEGIN_DECLS

/* On its caller's stack. */
typedef struct
{
  char **words; /* what is no option */
  char **rest;  /* the command after "--", or NULL */
} GsockArguments;

/* Fills in @arguments and what the entries point to. GSOCK_ERROR_USAGE. */
gboolean gsock_arguments_parse (GsockArguments *arguments,
                                const GsockTool *tool, char **argv,
                                GError **error);
void gsock_arguments_clear (GsockArguments *arguments);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GsockArguments, gsock_arguments_clear)

G_END_DECLS

/* library.h: a shared library, loaded when the first of it is needed
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A function, and where its pointer stands in the caller's table. */
typedef struct
{
  const char *name;
  gsize offset;
} GsockSymbol;

#define GSOCK_SYMBOL(Table, symbol) \
  { \
#symbol, G_STRUCT_OFFSET(Table, symbol) \
  }

/* Fills @table.  GSOCK_ERROR_FAILED: the dynamic linker's words. */
gboolean gsock_library_load (gpointer table, const char *soname,
                             const GsockSymbol *symbols, gsize count,
                             GError **error);

G_END_DECLS

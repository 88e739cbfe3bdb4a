/* readline.c: GNU readline, loaded when the first line is to be edited
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Linked in, it and its terminal library would take a tenth of the time of
 * each client that only sends a message; and a package of gsock needn't
 * depend on it. */

#include "config.h"

#ifdef HAVE_READLINE

#include "tools/readline.h"

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/library.h"

static const GsockSymbol symbols[] = {
#define ROW(symbol) GSOCK_SYMBOL (GsockReadline, symbol),
  GSOCK_READLINE_SYMBOLS (ROW)
#undef ROW
};

static GsockReadline readline_table;

/**
 * gsock_readline_load:
 * @error: %GSOCK_ERROR_FAILED
 *
 * By the name that the library had where gsock was built.
 *
 * Returns: (transfer none) (nullable): all of it
 */
const GsockReadline *
gsock_readline_load (GError **error)
{
  g_autoptr (GError) why = NULL;

  if (readline_table.using_history != NULL
      || gsock_library_load (&readline_table, READLINE_SONAME, symbols,
                             G_N_ELEMENTS (symbols), &why))
    return &readline_table;
  g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_FAILED,
               /* TRANSLATORS: a library's name, then why. */
               _ ("Lines can't be recalled here, as %s is not there: %s"),
               READLINE_SONAME, why->message);
  return NULL;
}

#endif

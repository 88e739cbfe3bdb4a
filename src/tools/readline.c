/* readline.c: GNU readline, loaded when the first line is to be edited
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Linked in, it and its terminal library would take a tenth of the time of
 * each client that only sends a message; and a package of gsock needn't
 * depend on it. */

#include "config.h"

#ifdef HAVE_READLINE

#include "tools/readline.h"

#include <dlfcn.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"

typedef struct
{
  const char *name;
  gsize offset; /* of its pointer in GsockReadline */
} Symbol;

static const Symbol symbols[] = {
#define ROW(symbol) { #symbol, G_STRUCT_OFFSET (GsockReadline, symbol) },
  GSOCK_READLINE_SYMBOLS (ROW)
#undef ROW
};

static GsockReadline readline_table;

static gboolean
load (GsockReadline *table)
{
  void *library = dlopen (READLINE_SONAME, RTLD_NOW | RTLD_LOCAL);

  if (library == NULL)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (symbols); i++)
    {
      void *address = dlsym (library, symbols[i].name);

      if (address == NULL)
        return FALSE;
      memcpy ((char *) table + symbols[i].offset, &address, sizeof address);
    }
  return TRUE;
}

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
  if (readline_table.using_history != NULL || load (&readline_table))
    return &readline_table;
  g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_FAILED,
               /* TRANSLATORS: a library's name, then why. */
               _ ("Lines can't be recalled here, as %s is not there: %s"),
               READLINE_SONAME, dlerror ());
  return NULL;
}

#endif

/* library.c: a shared library, loaded when the first of it is needed
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/library.h"

#include <dlfcn.h>
#include <string.h>

#include "core/error.h"

/**
 * gsock_library_load:
 * @table: a struct of pointers to functions; untouched on failure
 * @soname: by the name that it had where gsock was built
 * @symbols: (array length=count): what is wanted of it
 * @count: how many
 * @error: %GSOCK_ERROR_FAILED; says only why, in the dynamic linker's words
 *
 * A library that has been loaded stays.
 *
 * Returns: whether all of @symbols are there
 */
gboolean
gsock_library_load (gpointer table, const char *soname,
                    const GsockSymbol *symbols, gsize count, GError **error)
{
  void *library = dlopen (soname, RTLD_NOW | RTLD_LOCAL);
  g_autofree gpointer *found = g_new0 (gpointer, count);
  gboolean good = library != NULL;

  for (gsize i = 0; good && i < count; i++)
    {
      found[i] = dlsym (library, symbols[i].name);
      good = found[i] != NULL;
    }
  if (!good)
    {
      g_set_error_literal (error, GSOCK_ERROR, GSOCK_ERROR_FAILED, dlerror ());
      return FALSE;
    }
  for (gsize i = 0; i < count; i++)
    memcpy ((char *) table + symbols[i].offset, &found[i], sizeof found[i]);
  return TRUE;
}

/* suffix.c: domains under which everybody may have one
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "http/suffix.h"

#ifdef HAVE_PSL

#include <libpsl.h>

#include "core/library.h"

typedef struct
{
  typeof (&psl_latest) latest;
  typeof (&psl_is_public_suffix) is_public_suffix;
} Psl;

static const GsockSymbol symbols[] = {
  { "psl_latest", G_STRUCT_OFFSET (Psl, latest) },
  { "psl_is_public_suffix", G_STRUCT_OFFSET (Psl, is_public_suffix) },
};

/* Loaded by the first that asks; lives as long as the process. */
static Psl psl;
static psl_ctx_t *list;

static gboolean
load (void)
{
  static gsize tried;

  if (g_once_init_enter (&tried))
    {
      if (gsock_library_load (&psl, PSL_SONAME, symbols, G_N_ELEMENTS (symbols),
                              NULL))
        list = psl.latest (NULL);
      g_once_init_leave (&tried, 1);
    }
  return list != NULL;
}

#endif

/**
 * gsock_is_public_suffix:
 * @domain: in lower case and ASCII, no dot at either end
 *
 * Whoever may set a cookie for such a domain may set it for strangers.
 *
 * Returns: whether it is one, or there is no list to know it by
 */
gboolean
gsock_is_public_suffix (const char *domain G_GNUC_UNUSED)
{
#ifdef HAVE_PSL
  if (load ())
    return psl.is_public_suffix (list, domain) != 0;
#endif
  return TRUE;
}

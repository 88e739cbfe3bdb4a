/* ldns.c: the library that knows DNS's records, loaded when they are needed
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Linked in, it and the library of cryptography that it needs would take as
 * long to load as everything else of a look-up by the system takes. */

#include "config.h"

#include "dns/ldns.h"

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/library.h"

static const GsockSymbol symbols[] = {
#define ROW(symbol) { #symbol, G_STRUCT_OFFSET (GsockLdns, symbol) },
  GSOCK_LDNS_SYMBOLS (ROW)
#undef ROW
};

/* Filled in once, by the main thread. */
GsockLdns gsock_ldns;

/**
 * gsock_ldns_load:
 * @error: %GSOCK_ERROR_FAILED
 *
 * By the name that the library had where gsock was built.
 *
 * Returns: %FALSE where it is not there
 */
gboolean
gsock_ldns_load (GError **error)
{
  static gboolean loaded;
  g_autoptr (GError) why = NULL;

  if (!loaded)
    loaded = gsock_library_load (&gsock_ldns, LDNS_SONAME, symbols,
                                 G_N_ELEMENTS (symbols), &why);
  if (loaded)
    return TRUE;
  g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_FAILED,
               /* TRANSLATORS: why a library is not there */
               _ ("DNS can't be asked here: %s"), why->message);
  return FALSE;
}

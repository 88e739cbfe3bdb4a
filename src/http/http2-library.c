/* http2-library.c: nghttp2, loaded when the first HTTP/2 is to be spoken
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#ifdef HAVE_NGHTTP2

#include "http/http2-library.h"

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/library.h"

static const GsockSymbol symbols[] = {
#define ROW(symbol) \
  { "nghttp2_" #symbol, G_STRUCT_OFFSET (GsockNghttp2, symbol) },
  GSOCK_NGHTTP2_SYMBOLS (ROW)
#undef ROW
};

GsockNghttp2 nghttp2;

/**
 * gsock_nghttp2_load:
 * @error: %GSOCK_ERROR_FAILED
 *
 * By the name that the library had where gsock was built.  Any thread.
 *
 * Returns: whether it is there
 */
gboolean
gsock_nghttp2_load (GError **error)
{
  static gsize loaded;
  static GError *why;

  if (g_once_init_enter (&loaded))
    {
      gsock_library_load (&nghttp2, NGHTTP2_SONAME, symbols,
                          G_N_ELEMENTS (symbols), &why);
      g_once_init_leave (&loaded, 1);
    }
  if (why == NULL)
    return TRUE;
  g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_FAILED,
               /* TRANSLATORS: a library, a package, why. */
               _ ("HTTP/2 needs %s, which is not there (Debian's package is "
                  "%s): %s"),
               NGHTTP2_SONAME, "libnghttp2-14", why->message);
  return FALSE;
}

#endif

/* tls-library.c: GnuTLS, loaded when the first TLS is to be spoken
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <dlfcn.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/tls-private.h"

typedef struct
{
  const char *name;
  gsize offset; /* of its pointer in GsockGnutls */
} Symbol;

static const Symbol symbols[] = {
#define ROW(symbol) \
  { "gnutls_" #symbol, G_STRUCT_OFFSET (GsockGnutls, symbol) },
  GSOCK_GNUTLS_SYMBOLS (ROW)
#undef ROW
};

GsockGnutls gnutls;

static char *
load (void)
{
  void *library = dlopen (GNUTLS_SONAME, RTLD_NOW | RTLD_LOCAL);

  if (library == NULL)
    return g_strdup (dlerror ());
  for (gsize i = 0; i < G_N_ELEMENTS (symbols); i++)
    {
      void *address = dlsym (library, symbols[i].name);

      if (address == NULL)
        return g_strdup (dlerror ());
      memcpy ((char *) &gnutls + symbols[i].offset, &address, sizeof address);
    }
  return NULL;
}

/**
 * gsock_gnutls_load:
 * @error: %GSOCK_ERROR_TLS
 *
 * By the name that the library had where gsock was built.  Any thread.
 *
 * Returns: whether it is there
 */
gboolean
gsock_gnutls_load (GError **error)
{
  static gsize loaded;
  static char *why;

  if (g_once_init_enter (&loaded))
    {
      why = load ();
      g_once_init_leave (&loaded, 1);
    }
  if (why == NULL)
    return TRUE;
  g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_TLS,
               /* TRANSLATORS: a library, a package, why. */
               _ ("TLS needs %s, which is not there (Debian's package is %s): "
                  "%s"),
               GNUTLS_SONAME, "libgnutls30", why);
  return FALSE;
}

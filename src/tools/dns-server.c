/* dns-server.c: --dns-server: which name server a tool asks, and no other
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tools/dns-server.h"

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "tools/options.h"

#ifdef HAVE_LDNS
#include "tools/dns-https.h"
#endif

static char *dns_server; /* as it was written; main thread */

static const GOptionEntry entries[] = {
  { "dns-server", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_FILENAME, &dns_server,
    N_ ("ask this name server for names, and not the system: HOST, "
        "udp://HOST, tcp://HOST, tls://HOST or https://HOST, each with :PORT "
        "or "
        "without"),
    N_ ("SERVER") },
  G_OPTION_ENTRY_NULL,
};
const GsockOptionGroup gsock_options_dns_server = { NULL, entries, NULL };

/* That which asks; or NULL. */
static const GsockDnsFace *begun;

#ifdef HAVE_LDNS

static gboolean
begin (const GsockDnsFace *face, GError **error)
{
  GsockDnsServer *server = gsock_dns_server_parse (dns_server, error);

  if (server == NULL)
    return FALSE;
  face->begin (server, &gsock_dns_https);
  begun = face;
  return TRUE;
}

#else

static gboolean
begin (const GsockDnsFace *face G_GNUC_UNUSED, GError **error)
{
  return gsock_refuse (error, _ ("this gsock was built without DNS (ldns)"));
}

#endif

/**
 * gsock_options_begin_dns_server:
 * @face: through whom it is asked
 * @error: see the header
 *
 * Returns: %FALSE if there was the option, and its server can't be asked
 */
gboolean
gsock_options_begin_dns_server (const GsockDnsFace *face, GError **error)
{
  return dns_server == NULL
         || gsock_options_check (begin (face, error), "--dns-server", error);
}

/**
 * gsock_options_end_dns_server:
 *
 * Closes what is open to it, if it was asked.
 */
void
gsock_options_end_dns_server (void)
{
  if (begun != NULL)
    begun->end ();
}

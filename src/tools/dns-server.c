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

#ifdef HAVE_LDNS

static gboolean
set_server (GsockDnsServerSetter set, GError **error)
{
  GsockDnsServer *server = gsock_dns_server_parse (dns_server, error);

  if (server == NULL)
    return FALSE;
  set (server, &gsock_dns_https);
  return TRUE;
}

#else

static gboolean
set_server (GsockDnsServerSetter set G_GNUC_UNUSED, GError **error)
{
  return gsock_refuse (error, _ ("this gsock was built without DNS (ldns)"));
}

#endif

/**
 * gsock_options_set_dns_server:
 * @set: who is to ask it
 * @error: see the header
 *
 * Returns: %FALSE if there was the option, and its server can't be asked
 */
gboolean
gsock_options_set_dns_server (GsockDnsServerSetter set, GError **error)
{
  return dns_server == NULL
         || gsock_options_check (set_server (set, error), "--dns-server",
                                 error);
}

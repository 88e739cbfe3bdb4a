/* https.c: DNS questions by HTTPS (RFC 8484)
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/log.h"
#include "dns/client-private.h"
#include "dns/tell.h"

/* Each answer has a request of its own, so the id tells nothing, and one that
 * is always the same lets caches know the question again (RFC 8484, 4.1). */
#define ID 0

static void
answer_cb (const guint8 *message, gsize size, guint32 age, const GError *error,
           gpointer data)
{
  GsockDnsQuery *query = data;
  GsockDnsHeader header;

  query->https = NULL;
  query->age = age;
  if (error != NULL)
    dns_query_rejected (query, g_error_copy (error));
  else if (!gsock_dns_is_answer (message, size, ID, &query->question, &header))
    dns_query_rejected (
        query,
        g_error_new (GSOCK_ERROR, GSOCK_ERROR_FAILED,
                     /* TRANSLATORS: a name server's URL */
                     _ ("%s answered with something else than was asked"),
                     dns_server (query->dns, query->server)->text));
  else
    {
      header.truncated = FALSE;
      if (gsock_explaining ())
        gsock_dns_tell_message (message, size,
                                dns_server (query->dns, query->server));
      dns_query_answered (query, message, size, &header, GSOCK_DNS_HTTPS);
    }
}

/**
 * dns_https_send: to the query's server, unless it is under way there
 */
gboolean
dns_https_send (GsockDnsQuery *query, GError **error)
{
  GsockDns *dns = query->dns;
  gpointer *https = &dns->https[query->server];
  guint8 buffer[GSOCK_DNS_QUERY_MAX];
  gsize size;

  if (query->https != NULL)
    return TRUE;
  if (dns->https_class == NULL)
    {
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_CONNECT, _ ("Cannot ask %s"),
                   dns_server (dns, query->server)->text);
      return FALSE;
    }
  if (*https == NULL)
    *https = dns->https_class->open (dns_server (dns, query->server),
                                     dns->timeout, dns->worker);
  size = gsock_dns_write_query (buffer, ID, &query->question, query->flags);
  query->https = dns->https_class->ask (*https, buffer, size, answer_cb, query,
                                        error);
  if (query->https != NULL && gsock_explaining ())
    gsock_dns_tell_question (ID, &query->question, query->flags, size,
                             dns_server (dns, query->server));
  return query->https != NULL;
}

/**
 * dns_https_forget: an answer to it is no longer waited for
 */
void
dns_https_forget (GsockDnsQuery *query)
{
  if (query->https != NULL)
    query->dns->https_class->cancel (query->https);
  query->https = NULL;
}

/**
 * dns_https_close: the connections to all servers
 */
void
dns_https_close (GsockDns *dns)
{
  for (guint s = 0; s < GSOCK_DNS_SERVERS_MAX; s++)
    if (dns->https[s] != NULL)
      dns->https_class->close (dns->https[s]);
}

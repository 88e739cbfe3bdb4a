/* asker.c: DNS instead of the system, for all names that core looks up
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Not a GResolver: a client that sends one message is linked without GIO, and
 * a GResolver could not say which server answered what. */

#include "config.h"

#include "dns/asker.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "core/resolve.h"
#include "core/srv.h"
#include "dns/lookup.h"
#include "dns/words.h"

#define TIMEOUT (5 * G_TIME_SPAN_SECOND)
#define ATTEMPTS 2
#define WINDOW 16

/* Of the thread that looks names up; lives as long as the program, as a
 * question that nobody waits for may outlive who asked it. */
static struct
{
  GPtrArray *servers;
  char *host; /* the server's, as DNS has it; or NULL */
  const GsockDnsHttps *https;
  GMainContext *context; /* NULL: nothing was asked as yet */
  GsockWorker *worker;
  GsockDns *dns;
} asker;

static gboolean
ensure_client (GMainContext *context, GError **error)
{
  const GsockDnsConfig config = { .servers = asker.servers,
                                  .timeout = TIMEOUT,
                                  .attempts = ATTEMPTS,
                                  .window = WINDOW,
                                  .https = asker.https };

  if (asker.context == context)
    return TRUE;
  asker.worker = gsock_worker_new (context, error);
  if (asker.worker == NULL)
    return FALSE;
  asker.context = context;
  asker.dns = gsock_dns_new (&config, asker.worker);
  return TRUE;
}

static void
add_address (GArray *found, const GsockDnsRecord *record, guint16 port)
{
  GsockAddress address = { .size = 0 };

  if ((record->type != GSOCK_DNS_A && record->type != GSOCK_DNS_AAAA)
      || !gsock_address_init_from_host (&address, record->data))
    return;
  if (address.any.sa_family == AF_INET6)
    address.inet6.sin6_port = g_htons (port);
  else
    address.inet.sin_port = g_htons (port);
  g_array_append_val (found, address);
}

static void
answer_cb (GPtrArray *answers, const char *host, const GError *error,
           gpointer data)
{
  GsockResolve *resolve = data;
  g_autoptr (GPtrArray) owned = answers;
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (GsockAddress));
  g_autoptr (GError) problem = error != NULL ? g_error_copy (error) : NULL;
  guint16 port = gsock_resolve_get_port (resolve);

  for (guint i = 0; owned != NULL && i < owned->len; i++)
    {
      const GsockDnsAnswer *answer = g_ptr_array_index (owned, i);

      for (guint n = 0; n < answer->records->len; n++)
        add_address (found, g_ptr_array_index (answer->records, n), port);
    }
  if (problem == NULL && found->len == 0)
    gsock_dns_answer_set_error (g_ptr_array_index (owned, 0), host, &problem);
  gsock_resolve_answer (resolve, found, problem);
}

/* A question that can't be asked is answered in the next round. */
static gboolean
ask_cb (gpointer data)
{
  GsockResolve *resolve = data;
  int family = gsock_resolve_get_family (resolve);
  GPtrArray *candidates = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  guint16 types[2];
  guint count = 0;

  g_ptr_array_add (candidates, g_strdup (gsock_resolve_get_host (resolve)));
  if (family != AF_INET)
    types[count++] = GSOCK_DNS_AAAA;
  if (family != AF_INET6)
    types[count++] = GSOCK_DNS_A;
  if (!ensure_client (gsock_resolve_get_context (resolve), &error))
    g_ptr_array_unref (candidates);
  else
    gsock_dns_lookup_start (asker.dns, candidates, types, count,
                            GSOCK_DNS_RECURSE | GSOCK_DNS_EDNS, answer_cb,
                            resolve, &error);
  if (error != NULL)
    gsock_resolve_answer (resolve, NULL, error);
  return G_SOURCE_REMOVE;
}

/* A server can't be asked for its own address. */
static gboolean
is_server (const char *host)
{
  return asker.host != NULL && g_ascii_strcasecmp (host, asker.host) == 0;
}

static gboolean
ask (GsockResolve *resolve, const char *host)
{
  g_autoptr (GSource) source = NULL;

  if (is_server (host))
    return FALSE;
  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, ask_cb, resolve, NULL);
  g_source_attach (source, gsock_resolve_get_context (resolve));
  return TRUE;
}

/* The hosts of a service */

/* "10 60 5060 host." */
static void
add_host (GPtrArray *hosts, const GsockDnsRecord *record)
{
  guint priority, weight, port;
  const char *host = strrchr (record->data, ' ');

  if (record->type == GSOCK_DNS_SRV && host != NULL
      && sscanf (record->data, "%u %u %u ", &priority, &weight, &port) == 3)
    g_ptr_array_add (hosts,
                     gsock_srv_host_new ((guint16) priority, (guint16) weight,
                                         (guint16) port, host + 1));
}

static void
hosts_cb (GPtrArray *answers, const char *host, const GError *error,
          gpointer data)
{
  g_autoptr (GPtrArray) owned = answers;
  g_autoptr (GError) problem = error != NULL ? g_error_copy (error) : NULL;
  GPtrArray *hosts = g_ptr_array_new_with_free_func (
      (GDestroyNotify) gsock_srv_host_free);
  const GsockDnsAnswer *answer = owned != NULL && owned->len > 0
                                     ? g_ptr_array_index (owned, 0)
                                     : NULL;

  for (guint i = 0; answer != NULL && i < answer->records->len; i++)
    add_host (hosts, g_ptr_array_index (answer->records, i));
  if (problem == NULL && hosts->len == 0 && answer != NULL)
    gsock_dns_answer_set_error (answer, host, &problem);
  gsock_srv_answer (data, hosts, problem);
}

static gboolean
ask_srv_cb (gpointer data)
{
  GsockSrv *srv = data;
  const guint16 type = GSOCK_DNS_SRV;
  GPtrArray *candidates = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (candidates, g_strdup (gsock_srv_get_name (srv)));
  if (!ensure_client (gsock_srv_get_context (srv), &error))
    g_ptr_array_unref (candidates);
  else
    gsock_dns_lookup_start (asker.dns, candidates, &type, 1,
                            GSOCK_DNS_RECURSE | GSOCK_DNS_EDNS, hosts_cb, srv,
                            &error);
  if (error != NULL)
    gsock_srv_answer (srv, NULL, error);
  return G_SOURCE_REMOVE;
}

static gboolean
ask_srv (GsockSrv *srv)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, ask_srv_cb, srv, NULL);
  g_source_attach (source, gsock_srv_get_context (srv));
  return TRUE;
}

/**
 * gsock_dns_asker_set:
 * @server: (transfer full): who is asked
 * @https: (nullable): how an https:// one is
 */
void
gsock_dns_asker_set (GsockDnsServer *server, const GsockDnsHttps *https)
{
  asker.servers = g_ptr_array_new_with_free_func (
      (GDestroyNotify) gsock_dns_server_free);
  g_ptr_array_add (asker.servers, server);
  asker.https = https;
  asker.host = g_hostname_to_ascii (gsock_endpoint_get_host (server->endpoint));
  gsock_resolve_set_asker (ask);
  gsock_srv_set_asker (ask_srv);
}

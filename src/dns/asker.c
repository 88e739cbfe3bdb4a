/* asker.c: DNS instead of the system, for all names that core looks up
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Not a GResolver, which `resolver` is: a client that sends one message is
 * linked without GIO. */

#include "config.h"

#include "dns/asker.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "core/resolve.h"
#include "core/srv.h"
#include "dns/words.h"

/* Of the thread that looks names up; a question that nobody waits for may
 * outlive who asked it. */
static struct
{
  GPtrArray *servers;
  char *host; /* the server's, as DNS has it; or NULL */
  const GsockDnsHttps *https;
  GMainContext *context; /* NULL: nothing was asked as yet */
  GsockDnsStub *stub;
} asker;

/* NULL with @error, where there is none for @context and none can be had. */
static GsockDnsStub *
ensure_stub (GMainContext *context, GError **error)
{
  GsockDnsStub *stub;

  if (asker.context == context)
    return asker.stub;
  stub = gsock_dns_stub_new (asker.servers, asker.https, context, error);
  if (stub == NULL)
    return NULL;
  asker.context = context;
  asker.stub = stub;
  return stub;
}

static void
add_address (GArray *found, const GsockDnsRecord *record, guint16 port)
{
  GsockAddress address = { .size = 0 };

  if (!gsock_address_init_from_host (&address, record->data))
    return;
  if (address.any.sa_family == AF_INET6)
    address.inet6.sin6_port = g_htons (port);
  else
    address.inet.sin_port = g_htons (port);
  g_array_append_val (found, address);
}

static void
addresses_cb (const GPtrArray *records, const GError *error, gpointer data)
{
  GsockResolve *resolve = data;
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (GsockAddress));
  guint16 port = gsock_resolve_get_port (resolve);

  for (guint i = 0; records != NULL && i < records->len; i++)
    add_address (found, g_ptr_array_index (records, i), port);
  gsock_resolve_answer (resolve, found, error);
}

/* In the next round: what can't be asked is not answered at once either. */
static gboolean
ask_cb (gpointer data)
{
  GsockResolve *resolve = data;
  g_autoptr (GError) error = NULL;
  GsockDnsStub *stub = ensure_stub (gsock_resolve_get_context (resolve),
                                    &error);

  if (stub == NULL)
    gsock_resolve_answer (resolve, NULL, error);
  else
    gsock_dns_stub_ask_addresses (stub, gsock_resolve_get_host (resolve),
                                  gsock_resolve_get_family (resolve),
                                  addresses_cb, resolve);
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

  if (host != NULL
      && sscanf (record->data, "%u %u %u ", &priority, &weight, &port) == 3)
    g_ptr_array_add (hosts,
                     gsock_srv_host_new ((guint16) priority, (guint16) weight,
                                         (guint16) port, host + 1));
}

static void
hosts_cb (const GPtrArray *records, const GError *error, gpointer data)
{
  GPtrArray *hosts = g_ptr_array_new_with_free_func (
      (GDestroyNotify) gsock_srv_host_free);

  for (guint i = 0; records != NULL && i < records->len; i++)
    add_host (hosts, g_ptr_array_index (records, i));
  gsock_srv_answer (data, hosts, error);
}

static gboolean
ask_srv_cb (gpointer data)
{
  const guint16 type = GSOCK_DNS_SRV;
  GsockSrv *srv = data;
  g_autoptr (GError) error = NULL;
  GsockDnsStub *stub = ensure_stub (gsock_srv_get_context (srv), &error);

  if (stub == NULL)
    gsock_srv_answer (srv, NULL, error);
  else
    gsock_dns_stub_ask (stub, gsock_srv_get_name (srv), &type, 1, hosts_cb,
                        srv);
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

static void
begin (GsockDnsServer *server, const GsockDnsHttps *https)
{
  asker.servers = g_ptr_array_new_with_free_func (
      (GDestroyNotify) gsock_dns_server_free);
  g_ptr_array_add (asker.servers, server);
  asker.https = https;
  asker.host = g_hostname_to_ascii (gsock_endpoint_get_host (server->endpoint));
  gsock_resolve_set_asker (ask);
  gsock_srv_set_asker (ask_srv);
}

static void
end (void)
{
  gsock_resolve_set_asker (NULL);
  gsock_srv_set_asker (NULL);
  g_clear_pointer (&asker.stub, gsock_dns_stub_free);
  g_clear_pointer (&asker.servers, g_ptr_array_unref);
  g_clear_pointer (&asker.host, g_free);
  asker.context = NULL;
}

const GsockDnsFace gsock_dns_asker = { begin, end };

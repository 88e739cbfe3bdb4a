/* resolve-dns.c: what the options say of DNS: servers, types, names
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tools/resolve-dns.h"

#include <string.h>

#include "dns/ldns.h"
#include "dns/resolv-conf.h"
#include "dns/words.h"
#include "tools/resolve-options.h"

struct _GsockResolveDns
{
  GsockResolvConf conf;
  GsockDns *dns;
};

static gboolean
add_server (GPtrArray *servers, const char *text, GError **error)
{
  GsockDnsServer *server = gsock_dns_server_parse (text, error);

  if (server == NULL)
    return FALSE;
  g_ptr_array_add (servers, server);
  return TRUE;
}

/* Those of the options, or else of resolv.conf. */
static GPtrArray *
list_servers (const GsockResolvConf *conf, GError **error)
{
  g_autoptr (GPtrArray) servers = g_ptr_array_new_with_free_func (
      (GDestroyNotify) gsock_dns_server_free);
  const char *given = gsock_resolve_options_get ()->server;

  if (given != NULL)
    return add_server (servers, given, error) ? g_steal_pointer (&servers)
                                              : NULL;
  for (guint i = 0; i < conf->servers->len; i++)
    if (!add_server (servers, g_ptr_array_index (conf->servers, i), error))
      return NULL;
  return g_steal_pointer (&servers);
}

/**
 * gsock_resolve_dns_new:
 * @window: questions that may be under way at once
 * @worker: whose thread it belongs to
 * @error: see the header
 *
 * Returns: (transfer full) (nullable): ready to ask
 */
GsockResolveDns *
gsock_resolve_dns_new (guint window, GsockWorker *worker, GError **error)
{
  GsockResolveDns *self = g_new0 (GsockResolveDns, 1);
  g_autoptr (GPtrArray) servers = NULL;
  GsockDnsConfig config = { .window = window };

  gsock_resolv_conf_read (&self->conf);
  servers = gsock_ldns_load (error) ? list_servers (&self->conf, error) : NULL;
  if (servers == NULL)
    {
      gsock_resolve_dns_free (self);
      return NULL;
    }
  config.servers = servers;
  config.timeout = self->conf.timeout * G_TIME_SPAN_SECOND;
  config.attempts = self->conf.attempts;
  self->dns = gsock_dns_new (&config, worker);
  return self;
}

/**
 * gsock_resolve_dns_free:
 * @self: (transfer full): without look-ups under way
 */
void
gsock_resolve_dns_free (GsockResolveDns *self)
{
  g_clear_pointer (&self->dns, gsock_dns_free);
  gsock_resolv_conf_clear (&self->conf);
  g_free (self);
}

/* "_http._tcp.example.org" */
static gboolean
is_service (const char *host)
{
  return host[0] == '_'
         && (strstr (host, "._tcp.") != NULL
             || strstr (host, "._udp.") != NULL);
}

/* What is asked for where the options don't say. */
static guint
default_types (const char *host, gboolean reverse, guint16 *types)
{
  int family = gsock_resolve_options_family ();
  guint count = 0;

  if (reverse)
    types[count++] = GSOCK_DNS_PTR;
  else if (is_service (host))
    types[count++] = GSOCK_DNS_SRV;
  else
    {
      if (family != AF_INET6)
        types[count++] = GSOCK_DNS_A;
      if (family != AF_INET)
        types[count++] = GSOCK_DNS_AAAA;
    }
  return count;
}

/**
 * gsock_resolve_dns_start:
 * @self: ready to ask
 * @host: a name as DNS has it, or an address
 * @func: told the answers, once
 * @data: for @func
 * @error: %GSOCK_ERROR_NAME
 *
 * Returns: (transfer none) (nullable): the look-up
 */
GsockDnsLookup *
gsock_resolve_dns_start (GsockResolveDns *self, const char *host,
                         GsockDnsLookupFunc func, gpointer data, GError **error)
{
  const GsockResolveOptions *options = gsock_resolve_options_get ();
  g_autofree char *reverse = gsock_dns_reverse_name (host);
  guint16 types[GSOCK_DNS_TYPES_MAX];
  guint count = options->type_count;

  memcpy (types, options->types, sizeof types);
  if (count == 0)
    count = default_types (host, reverse != NULL, types);
  return gsock_dns_lookup_start (
      self->dns,
      gsock_resolv_conf_candidates (&self->conf,
                                    reverse != NULL ? reverse : host),
      types, count, GSOCK_DNS_RECURSE | GSOCK_DNS_EDNS, func, data, error);
}

/* resolve-dns-setup.c: what the options say of DNS: servers, hints, anchors
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "dns/anchor.h"
#include "dns/hints.h"
#include "dns/ldns.h"
#include "tools/dns-https.h"
#include "tools/resolve-dns-private.h"
#include "tools/resolve-options.h"
#include "tools/tls-options.h"

static gboolean
add_server (GPtrArray *servers, const char *text, GError **error)
{
  GsockDnsServer *server = gsock_dns_server_parse (text, error);

  if (server == NULL)
    return FALSE;
  g_ptr_array_add (servers, server);
  return TRUE;
}

static gboolean
trust_server (GsockDnsServer *server, GError **error)
{
  GsockTls *tls;

  if (!gsock_tls_options_make_trust (server->endpoint, GSOCK_RESOLVE_TLS_SERVER,
                                     &tls, error))
    return FALSE;
  server->tls = tls != NULL ? gsock_tls_ref (tls) : NULL;
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
    return add_server (servers, given, error)
                   && trust_server (g_ptr_array_index (servers, 0), error)
               ? g_steal_pointer (&servers)
               : NULL;
  for (guint i = 0; i < conf->servers->len; i++)
    if (!add_server (servers, g_ptr_array_index (conf->servers, i), error))
      return NULL;
  return g_steal_pointer (&servers);
}

static gboolean
set_up_trace (GsockResolveDns *self, GsockWorker *worker, GError **error)
{
  const char *path = gsock_resolve_options_get ()->root_hints;
  GPtrArray *hints;

  if (!gsock_ldns_load (error))
    return FALSE;
  hints = path != NULL ? gsock_dns_hints_read (path, error)
                       : gsock_dns_hints_new ();
  if (hints != NULL)
    self->tracer = gsock_dns_tracer_new (hints, gsock_resolve_options_family (),
                                         worker);
  return hints != NULL;
}

static gboolean
set_up_check (GsockResolveDns *self, GsockWorker *worker, GError **error)
{
  const char *path = gsock_resolve_options_get ()->trust_anchors;
  ldns_rr_list *anchors;

  if (!gsock_ldns_load (error))
    return FALSE;
  anchors = path != NULL ? gsock_dns_anchors_read (path, error)
                         : gsock_dns_anchors_new ();
  if (anchors == NULL)
    return FALSE;
  self->checker = gsock_dns_checker_new (self->dns, worker, anchors);
  if (self->tracer != NULL)
    gsock_dns_checker_set_tracer (self->checker, self->tracer);
  return TRUE;
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
  GsockDnsConfig config = { .window = window, .https = &gsock_dns_https };

  gsock_resolv_conf_read (&self->conf);
  servers = list_servers (&self->conf, error);
  if (servers == NULL
      || (gsock_resolve_options_get ()->trace
          && !set_up_trace (self, worker, error)))
    {
      gsock_resolve_dns_free (self);
      return NULL;
    }
  config.servers = servers;
  config.timeout = self->conf.timeout * G_TIME_SPAN_SECOND;
  config.attempts = self->conf.attempts;
  self->dns = gsock_dns_new (&config, worker);
  if (!gsock_resolve_options_get ()->dnssec
      || set_up_check (self, worker, error))
    return self;
  gsock_resolve_dns_free (self);
  return NULL;
}

/**
 * gsock_resolve_dns_free:
 * @self: (transfer full): without look-ups under way
 */
void
gsock_resolve_dns_free (GsockResolveDns *self)
{
  g_clear_pointer (&self->checker, gsock_dns_checker_free);
  g_clear_pointer (&self->dns, gsock_dns_free);
  g_clear_pointer (&self->tracer, gsock_dns_tracer_free);
  gsock_resolv_conf_clear (&self->conf);
  g_free (self);
}

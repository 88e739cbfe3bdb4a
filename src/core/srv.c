/* srv.c: the hosts that DNS names for a service, in the order of trying
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/srv-private.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/endpoint-private.h"
#include "core/error.h"
#include "core/escape.h"
#include "core/log.h"

/* Who is asked before the system; or NULL. */
static GsockSrvAsker asker;

GsockSrvHost *
gsock_srv_host_new (guint16 priority, guint16 weight, guint16 port,
                    const char *host)
{
  GsockSrvHost *self = g_new (GsockSrvHost, 1);

  *self = (GsockSrvHost) { .priority = priority,
                           .weight = weight,
                           .port = port,
                           .host = g_strdup (host) };
  if (g_str_has_suffix (self->host, "."))
    self->host[strlen (self->host) - 1] = '\0';
  return self;
}

void
gsock_srv_host_free (GsockSrvHost *host)
{
  g_free (host->host);
  g_free (host);
}

void
srv_free (GsockSrv *srv)
{
  g_main_context_unref (srv->context);
  gsock_endpoint_unref (srv->endpoint);
  g_free (srv->name);
  g_free (srv);
}

/* --- The order ----------------------------------------------------------- */

/* Those of weight 0 first within their priority, as RFC 2782 has it: so they
 * have a small chance where others have weight. */
static int
compare (gconstpointer a, gconstpointer b)
{
  const GsockSrvHost *one = *(const GsockSrvHost *const *) a;
  const GsockSrvHost *two = *(const GsockSrvHost *const *) b;

  if (one->priority != two->priority)
    return one->priority < two->priority ? -1 : 1;
  return (one->weight > 0) - (two->weight > 0);
}

/* Which of the hosts from @first to @end the lot falls on. */
static guint
draw_one (GPtrArray *hosts, guint first, guint end, GsockSrvDraw draw)
{
  guint sum = 0, lot, running = 0;

  for (guint i = first; i < end; i++)
    sum += ((GsockSrvHost *) g_ptr_array_index (hosts, i))->weight;
  lot = draw (sum);
  for (guint i = first; i < end; i++)
    {
      running += ((GsockSrvHost *) g_ptr_array_index (hosts, i))->weight;
      if (running >= lot)
        return i;
    }
  return end - 1;
}

/**
 * gsock_srv_order:
 * @hosts: (element-type GsockSrvHost): in any order
 * @draw: a number from 0 to the one it is given
 *
 * Puts them in the order in which a client tries them (RFC 2782): the lowest
 * priority first, and within one priority lots are drawn by weight.
 */
void
gsock_srv_order (GPtrArray *hosts, GsockSrvDraw draw)
{
  g_ptr_array_sort (hosts, compare);
  for (guint first = 0; first < hosts->len; first++)
    {
      const GsockSrvHost *host = g_ptr_array_index (hosts, first);
      guint end = first;
      gpointer drawn;

      while (end < hosts->len
             && ((GsockSrvHost *) g_ptr_array_index (hosts, end))->priority
                    == host->priority)
        end++;
      /* The others keep their order. */
      drawn = g_ptr_array_steal_index (hosts,
                                       draw_one (hosts, first, end, draw));
      g_ptr_array_insert (hosts, (int) first, drawn);
    }
}

static guint
draw_lot (guint most)
{
  return most == 0 ? 0 : g_random_int () % (most + 1);
}

/* --- The answer ---------------------------------------------------------- */

/* A target of "." is no host: there is no such service, by decision. */
static void
drop_refusals (GPtrArray *hosts)
{
  for (guint i = hosts->len; i > 0; i--)
    if (((GsockSrvHost *) g_ptr_array_index (hosts, i - 1))->host[0] == '\0')
      g_ptr_array_remove_index (hosts, i - 1);
}

static void
tell_hosts (const GsockSrv *srv, const GPtrArray *hosts)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; i < hosts->len; i++)
    {
      const GsockSrvHost *host = g_ptr_array_index (hosts, i);
      g_autofree char *shown = gsock_escape (host->host, -1);

      g_string_append_printf (list, "%s%s:%u", i == 0 ? "" : ", ", shown,
                              host->port);
    }
  gsock_log (GSOCK_EVENT_RESOLVED,
             .text = gsock_endpoint_get_name (srv->endpoint),
             .detail = list->str);
}

static GError *
order_or_refuse (const GsockSrv *srv, GPtrArray *hosts)
{
  g_autofree char *name = gsock_escape (gsock_endpoint_get_name (srv->endpoint),
                                        -1);
  guint all = hosts->len;

  drop_refusals (hosts);
  if (hosts->len > 0)
    {
      gsock_srv_order (hosts, draw_lot);
      return NULL;
    }
  if (all > 0)
    return g_error_new (GSOCK_ERROR, GSOCK_ERROR_NAME,
                        /* TRANSLATORS: a service: _imap._tcp.example.org. */
                        _ ("'%s' is not to be had: DNS says so, with \".\" in "
                           "place of a host"),
                        name);
  return g_error_new (GSOCK_ERROR, GSOCK_ERROR_NAME,
                      _ ("DNS names no host for '%s'"), name);
}

/**
 * gsock_srv_answer:
 * @srv: (transfer full): a question that somebody has taken
 * @hosts: (transfer full) (nullable) (element-type GsockSrvHost): in any order
 * @error: (nullable): why there are none
 */
void
gsock_srv_answer (GsockSrv *srv, GPtrArray *hosts, const GError *error)
{
  g_autoptr (GPtrArray) owned = hosts;
  g_autoptr (GError) problem = error != NULL ? g_error_copy (error) : NULL;

  if (srv->func != NULL && problem == NULL)
    problem = order_or_refuse (srv, owned);
  if (srv->func != NULL && problem == NULL
      && gsock_log_wants (GSOCK_EVENT_RESOLVED))
    tell_hosts (srv, owned);
  if (srv->func != NULL)
    srv->func (problem == NULL ? owned : NULL, problem, srv->data);
  srv_free (srv);
}

/* --- Asking -------------------------------------------------------------- */

void
gsock_srv_set_asker (GsockSrvAsker func)
{
  asker = func;
}

const char *
gsock_srv_get_name (GsockSrv *srv)
{
  return srv->name;
}

GMainContext *
gsock_srv_get_context (GsockSrv *srv)
{
  return srv->context;
}

/**
 * gsock_srv_domain:
 * @endpoint: srv:
 *
 * Returns: (transfer full): whose service it is, as DNS has it
 */
char *
gsock_srv_domain (const GsockEndpoint *endpoint)
{
  const char *name = gsock_endpoint_get_name (endpoint);
  g_auto (GStrv) parts = gsock_endpoint_split_service (name);
  char *ascii;

  g_return_val_if_fail (parts != NULL, NULL);
  ascii = g_hostname_to_ascii (parts[2]);
  return ascii != NULL ? ascii : g_strdup (parts[2]);
}

static char *
name_for_dns (const GsockEndpoint *endpoint)
{
  const char *name = gsock_endpoint_get_name (endpoint);
  g_auto (GStrv) parts = gsock_endpoint_split_service (name);
  g_autofree char *domain = gsock_srv_domain (endpoint);

  g_return_val_if_fail (parts != NULL, NULL);
  return g_strdup_printf ("%s.%s.%s", parts[0], parts[1], domain);
}

/**
 * gsock_srv_start:
 * @endpoint: srv:
 * @context: the context whose thread calls this, and in which @func is called
 * @func: told the answer, once
 * @data: for @func
 *
 * There is no time limit here, as with gsock_resolve_start().
 *
 * Returns: (transfer none): it frees itself when it calls @func
 */
GsockSrv *
gsock_srv_start (const GsockEndpoint *endpoint, GMainContext *context,
                 GsockSrvFunc func, gpointer data)
{
  GsockSrv *srv = g_new0 (GsockSrv, 1);

  srv->endpoint = gsock_endpoint_ref ((GsockEndpoint *) (guintptr) endpoint);
  srv->name = name_for_dns (endpoint);
  srv->context = g_main_context_ref (context);
  srv->func = func;
  srv->data = data;
  gsock_log (GSOCK_EVENT_RESOLVING, .text = gsock_endpoint_get_name (endpoint));
  if (asker == NULL || !asker (srv))
    srv_ask_system (srv);
  return srv;
}

/**
 * gsock_srv_cancel:
 * @srv: (transfer full): one whose func has not been called
 *
 * Its func is not called any more.
 */
void
gsock_srv_cancel (GsockSrv *srv)
{
  srv->func = NULL;
}

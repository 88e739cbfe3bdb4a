/* srv-gio.c: asks the default GResolver for the hosts of a service
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/srv-gio.h"

#include "core/error.h"
#include "core/resolve-gio.h"
#include "core/srv.h"

static GsockSrvHost *
host_of (GVariant *record)
{
  guint16 priority, weight, port;
  const char *host;

  g_variant_get (record, "(qqq&s)", &priority, &weight, &port, &host);
  return gsock_srv_host_new (priority, weight, port, host);
}

/* A resolver's @error as one of ours. */
static GError *
error_of (const GError *error)
{
  if (error == NULL || error->domain == GSOCK_ERROR)
    return error != NULL ? g_error_copy (error) : NULL;
  return g_error_new_literal (
      GSOCK_ERROR,
      g_error_matches (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND)
          ? GSOCK_ERROR_NAME
          : GSOCK_ERROR_REMOTE,
      error->message);
}

static void
looked_up_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  GList *records = g_resolver_lookup_records_finish (G_RESOLVER (source),
                                                     result, &error);
  g_autoptr (GError) problem = error_of (error);
  GPtrArray *hosts = g_ptr_array_new_with_free_func (
      (GDestroyNotify) gsock_srv_host_free);

  for (GList *item = records; item != NULL; item = item->next)
    g_ptr_array_add (hosts, host_of (item->data));
  g_list_free_full (records, (GDestroyNotify) g_variant_unref);
  gsock_srv_answer (data, hosts, problem);
}

static gboolean
ask (GsockSrv *srv)
{
  g_autoptr (GResolver) resolver = gsock_resolve_dup_gio ();

  if (resolver == NULL)
    return FALSE;
  g_main_context_push_thread_default (gsock_srv_get_context (srv));
  g_resolver_lookup_records_async (resolver, gsock_srv_get_name (srv),
                                   G_RESOLVER_RECORD_SRV, NULL, looked_up_cb,
                                   srv);
  g_main_context_pop_thread_default (gsock_srv_get_context (srv));
  return TRUE;
}

/**
 * gsock_srv_use_gio:
 *
 * From now on services are asked of the default GResolver, unless it is GLib's
 * own.  At start, by the main thread.
 */
void
gsock_srv_use_gio (void)
{
  gsock_srv_set_asker (ask);
}

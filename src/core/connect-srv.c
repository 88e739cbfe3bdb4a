/* connect-srv.c: a connection with one of a service's hosts
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The hosts are tried in turn, each with all its addresses as any host is, and
 * the next one when that has failed.  Of the time that is left each has its
 * share, so that one which answers nothing leaves some to the others. */

#include "config.h"

#include "core/connect-srv.h"

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/srv.h"

/* DNS may name thousands; who answers at none of so many is not there. */
#define HOSTS_MAX 32

struct _GsockConnectSrv
{
  GsockEndpoint *endpoint;
  GsockConnectOptions options; /* what it points to is the caller's */
  GMainContext *context;
  GsockConnectFunc func;
  gpointer data;
  gint64 deadline;       /* 0: none */
  GsockSrv *asking;      /* until the hosts are known */
  GPtrArray *targets;    /* GsockEndpoint, in the order of trying */
  guint tried;           /* how many of them */
  GsockConnect *connect; /* with the last one tried */
  GString *reasons;      /* why they failed */
  GsockErrorCode code;   /* what their errors have in common */
};

static void
visit_free (GsockConnectSrv *self)
{
  g_clear_pointer (&self->asking, gsock_srv_cancel);
  g_clear_pointer (&self->connect, gsock_connect_cancel);
  g_ptr_array_unref (self->targets);
  g_string_free (self->reasons, TRUE);
  gsock_endpoint_unref (self->endpoint);
  g_main_context_unref (self->context);
  g_free (self);
}

static void
finish (GsockConnectSrv *self, int fd, const GError *error)
{
  GsockConnectFunc func = self->func;
  gpointer data = self->data;

  visit_free (self);
  func (fd, error, data);
}

static void
add_reason (GsockConnectSrv *self, const GError *error)
{
  if (self->reasons->len > 0)
    g_string_append (self->reasons, "; ");
  else
    self->code = (GsockErrorCode) error->code;
  g_string_append (self->reasons, error->message);
  if (error->code != (int) self->code)
    self->code = GSOCK_ERROR_CONNECT;
}

static void
fail (GsockConnectSrv *self)
{
  g_autofree char *who = gsock_endpoint_to_display (self->endpoint);
  g_autoptr (GError) error = g_error_new (
      GSOCK_ERROR, self->code,
      /* TRANSLATORS: a service, then an error of each of its hosts. */
      _ ("No host of %s can be connected to: %s"), who, self->reasons->str);

  finish (self, -1, error);
}

static void try_next (GsockConnectSrv *self);

static void
connected_cb (int fd, const GError *error, gpointer data)
{
  GsockConnectSrv *self = data;

  self->connect = NULL;
  if (fd >= 0)
    {
      finish (self, fd, NULL);
      return;
    }
  add_reason (self, error);
  try_next (self);
}

static void
try_next (GsockConnectSrv *self)
{
  GsockConnectOptions options = self->options;
  guint left = self->targets->len - self->tried;

  if (left == 0)
    {
      fail (self);
      return;
    }
  if (self->deadline != 0)
    options.timeout = MAX ((self->deadline - g_get_monotonic_time ()) / left,
                           1);
  self->connect = gsock_connect_start (
      g_ptr_array_index (self->targets, self->tried++), &options, self->context,
      connected_cb, self);
}

/* What is no host, or has no port, is a reason like another. */
static void
add_target (GsockConnectSrv *self, const GsockSrvHost *host)
{
  gboolean stream = gsock_endpoint_is_stream (self->endpoint);
  g_autofree char *text = g_strdup_printf ("%s:%s:%u", stream ? "tcp" : "udp",
                                           host->host, host->port);
  g_autoptr (GError) error = NULL;
  GsockEndpoint *target = gsock_endpoint_parse (text, GSOCK_ENDPOINT_FOR_CLIENT,
                                                &error);

  if (target == NULL)
    add_reason (self, error);
  else
    g_ptr_array_add (self->targets, target);
}

static void
hosts_cb (const GPtrArray *hosts, const GError *error, gpointer data)
{
  GsockConnectSrv *self = data;

  self->asking = NULL;
  if (error != NULL)
    {
      finish (self, -1, error);
      return;
    }
  for (guint i = 0; i < MIN (hosts->len, HOSTS_MAX); i++)
    add_target (self, g_ptr_array_index (hosts, i));
  try_next (self);
}

/**
 * gsock_connect_srv_start:
 * @endpoint: srv:
 * @options: as for one host; what it points to outlives this
 * @context: the context whose thread calls this, and in which @func is called
 * @func: told the outcome, once
 * @data: for @func
 *
 * Asks for the hosts and tries them in the order of RFC 2782, until one is
 * connected.
 *
 * Returns: (transfer none): it frees itself when it calls @func
 */
GsockConnectSrv *
gsock_connect_srv_start (const GsockEndpoint *endpoint,
                         const GsockConnectOptions *options,
                         GMainContext *context, GsockConnectFunc func,
                         gpointer data)
{
  GsockConnectSrv *self = g_new0 (GsockConnectSrv, 1);

  self->endpoint = gsock_endpoint_ref ((GsockEndpoint *) (guintptr) endpoint);
  self->options = *options;
  self->context = g_main_context_ref (context);
  self->func = func;
  self->data = data;
  self->targets = g_ptr_array_new_with_free_func (
      (GDestroyNotify) gsock_endpoint_unref);
  self->reasons = g_string_new (NULL);
  self->code = GSOCK_ERROR_CONNECT;
  if (options->timeout > 0)
    self->deadline = g_get_monotonic_time () + options->timeout;
  self->asking = gsock_srv_start (endpoint, context, hosts_cb, self);
  return self;
}

/**
 * gsock_connect_srv_cancel:
 * @srv: (transfer full): one whose func has not been called
 */
void
gsock_connect_srv_cancel (GsockConnectSrv *srv)
{
  visit_free (srv);
}

gboolean
gsock_connect_srv_is_asking (const GsockConnectSrv *srv)
{
  return srv->asking != NULL;
}

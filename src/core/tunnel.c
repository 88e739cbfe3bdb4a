/* tunnel.c: asks a proxy to connect on, over a carrier that reaches it
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/tunnel.h"

#include <errno.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/units.h"

struct _GsockTunnel
{
  GsockWatch watch; /* first: a watch is its tunnel */
  GsockTimer timer;
  GsockWorker *worker;
  GsockProxy *proxy;
  GsockProxyTalk talk;
  GsockCarrier carrier;
  GError *error; /* it has failed before it began */
  GsockTimeLimit limit;
  GsockTunnelFunc func;
  gpointer data;
  gboolean is_watched;
};

static void
stop_watching (GsockTunnel *tunnel)
{
  gsock_worker_disarm (tunnel->worker, &tunnel->timer);
  if (tunnel->is_watched)
    gsock_poller_remove (tunnel->worker->poller, &tunnel->watch);
  tunnel->is_watched = FALSE;
}

static void
tunnel_free (GsockTunnel *tunnel)
{
  stop_watching (tunnel);
  gsock_carrier_close (&tunnel->carrier);
  gsock_proxy_talk_clear (&tunnel->talk);
  gsock_proxy_unref (tunnel->proxy);
  g_clear_error (&tunnel->error);
  g_free (tunnel);
}

/* @error: (transfer full) (nullable) */
static void
finish (GsockTunnel *tunnel, GError *error)
{
  GsockTunnelFunc func = tunnel->func;
  gpointer data = tunnel->data;
  g_auto (GsockCarrier) carrier = { .fd = -1 };
  g_autoptr (GError) reason = error;

  stop_watching (tunnel);
  tunnel->carrier.veiled = FALSE;
  if (reason == NULL)
    {
      carrier = gsock_carrier_steal (&tunnel->carrier);
      /* Where a layer reads ahead, it may have the target's first bytes. */
      carrier.has_ahead = !carrier.klass->splices;
    }
  tunnel_free (tunnel);
  func (&carrier, reason, data);
}

static GError *
new_error (GsockTunnel *tunnel, GError *error, int errnum)
{
  g_autofree char *proxy = NULL;

  if (error != NULL)
    return error;
  proxy = gsock_endpoint_to_display (gsock_proxy_get_endpoint (tunnel->proxy));
  gsock_set_error_errno (
      &error,
      errnum == ECONNRESET || errnum == EPIPE ? GSOCK_ERROR_RESET
                                              : GSOCK_ERROR_FAILED,
      errnum,
      /* TRANSLATORS: an address, a proxy's address. */
      _ ("Cannot reach %s through the proxy %s"), tunnel->talk.shown, proxy);
  return error;
}

/* %FALSE when it is over, or must wait. */
static gboolean
send_some (GsockTunnel *tunnel)
{
  GByteArray *out = tunnel->talk.out;
  GError *error = NULL;
  gssize n = tunnel->carrier.klass->send (
      &tunnel->carrier, (const char *) out->data, out->len, &error);

  if (n > 0)
    {
      g_byte_array_remove_range (out, 0, (guint) n);
      return TRUE;
    }
  if (error == NULL && (errno == EAGAIN || errno == EWOULDBLOCK))
    {
      gsock_poller_forget (tunnel->worker->poller, &tunnel->watch,
                           GSOCK_READY_OUT);
      gsock_poller_want (tunnel->worker->poller, &tunnel->watch,
                         GSOCK_READY_OUT);
      return FALSE;
    }
  finish (tunnel, new_error (tunnel, error, errno));
  return FALSE;
}

static gboolean
receive_some (GsockTunnel *tunnel)
{
  char data[512];
  gsize wants = MIN (gsock_proxy_talk_wants (&tunnel->talk), sizeof data);
  GError *error = NULL;
  gssize n = tunnel->carrier.klass->receive (&tunnel->carrier, data, wants,
                                             &error);

  if (n < 0 && error == NULL && (errno == EAGAIN || errno == EWOULDBLOCK))
    {
      gsock_poller_forget (tunnel->worker->poller, &tunnel->watch,
                           GSOCK_READY_IN);
      gsock_poller_want (tunnel->worker->poller, &tunnel->watch,
                         GSOCK_READY_IN);
      return FALSE;
    }
  if (n < 0)
    {
      finish (tunnel, new_error (tunnel, error, errno));
      return FALSE;
    }
  if (!gsock_proxy_talk_take (&tunnel->talk, data, (gsize) n, &error))
    {
      finish (tunnel, error);
      return FALSE;
    }
  return TRUE;
}

/* A password in what is said next is not told by --explain. */
static void
veil (GsockTunnel *tunnel)
{
  tunnel->carrier.veiled = TRUE;
  tunnel->carrier.open = tunnel->talk.open;
}

static void
step_cb (GsockWatch *watch)
{
  GsockTunnel *tunnel = (GsockTunnel *) watch;

  while (tunnel->talk.out->len > 0)
    if (!send_some (tunnel))
      return;
  while (gsock_proxy_talk_wants (&tunnel->talk) > 0)
    {
      if (!receive_some (tunnel))
        return;
      veil (tunnel);
      while (tunnel->talk.out->len > 0)
        if (!send_some (tunnel))
          return;
    }
  finish (tunnel, NULL);
}

static void
timer_cb (GsockTimer *timer)
{
  GsockTunnel *tunnel =
      (GsockTunnel *) (gpointer) ((char *) timer
                                  - G_STRUCT_OFFSET (GsockTunnel, timer));
  g_autofree char *proxy = NULL, *time = NULL;

  if (tunnel->error != NULL)
    {
      finish (tunnel, g_steal_pointer (&tunnel->error));
      return;
    }
  proxy = gsock_endpoint_to_display (gsock_proxy_get_endpoint (tunnel->proxy));
  time = gsock_format_time (tunnel->limit.given);
  finish (tunnel, g_error_new (GSOCK_ERROR, GSOCK_ERROR_TIMED_OUT,
                               /* TRANSLATORS: an address, a proxy's address, a
                                * time such as "10 s". */
                               _ ("Cannot reach %s through the proxy %s: it "
                                  "did not answer within %s (--timeout)"),
                               tunnel->talk.shown, proxy, time));
}

/**
 * gsock_tunnel_start:
 * @proxy: whom to ask
 * @carrier: (transfer full): reaches @proxy; nothing was said yet
 * @target: what to reach: a host and a port
 * @address: (nullable): of @target, where gsock_proxy_wants_address()
 * @limit: of the time
 * @worker: whose thread calls this, and in which @func is called
 * @func: told the outcome, once, never before this has returned
 * @data: for @func
 *
 * Errors: %GSOCK_ERROR_DENIED, _CONNECT, _TIMED_OUT, _CUT, _FRAME_BAD, _LIMIT,
 * _RESET: one line that names target and proxy.
 *
 * Returns: (transfer none): it frees itself when it calls @func
 */
GsockTunnel *
gsock_tunnel_start (GsockProxy *proxy, GsockCarrier *carrier,
                    const GsockEndpoint *target, const GsockAddress *address,
                    GsockTimeLimit limit, GsockWorker *worker,
                    GsockTunnelFunc func, gpointer data)
{
  GsockTunnel *tunnel = g_new0 (GsockTunnel, 1);

  tunnel->timer.func = timer_cb;
  tunnel->worker = worker;
  tunnel->proxy = gsock_proxy_ref (proxy);
  tunnel->carrier = gsock_carrier_steal (carrier);
  tunnel->limit = limit;
  tunnel->func = func;
  tunnel->data = data;
  if (!gsock_proxy_talk_init (&tunnel->talk, proxy, target, address,
                              &tunnel->error)
      || !gsock_poller_add (worker->poller, &tunnel->watch, tunnel->carrier.fd,
                            step_cb, &tunnel->error))
    {
      gsock_worker_arm_in (worker, &tunnel->timer, 0);
      return tunnel;
    }
  veil (tunnel);
  tunnel->is_watched = TRUE;
  gsock_poller_again (worker->poller, &tunnel->watch);
  if (limit.given > 0)
    gsock_worker_arm_in (worker, &tunnel->timer, limit.left);
  return tunnel;
}

/**
 * gsock_tunnel_cancel:
 * @tunnel: (transfer full): one whose func has not been called
 */
void
gsock_tunnel_cancel (GsockTunnel *tunnel)
{
  tunnel_free (tunnel);
}

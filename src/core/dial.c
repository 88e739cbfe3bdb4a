/* dial.c: from an endpoint to a carrier: the socket, and what is laid over it
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Each step hands what it has made to the next, and the first that fails ends
 * all:
 *
 *   connect:  endpoint -> a connected socket
 *   secure:   TLS over it, where the endpoint is a tls: one
 *   finish:   the carrier is the caller's */

#include "config.h"

#include "core/dial.h"

/* Belongs to the thread of its context. */
struct _GsockDial
{
  GsockConnect *connect; /* while there is no socket */
  GsockTlsHandshake *handshake;
  GsockEndpoint *endpoint;
  GsockEndpoint *meant; /* or NULL */
  GsockTls *tls;        /* or NULL */
  GMainContext *context;
  GsockWorker *worker; /* of the handshake */
  gint64 deadline;     /* monotonic microseconds; 0: none */
  GsockCarrier carrier;
  gint64 *connected, *secured; /* the caller's, or NULL */
  GsockDialFunc func;
  gpointer data;
};

static void
dial_free (GsockDial *dial)
{
  g_clear_pointer (&dial->connect, gsock_connect_cancel);
  g_clear_pointer (&dial->handshake, gsock_tls_handshake_cancel);
  gsock_carrier_close (&dial->carrier);
  g_clear_pointer (&dial->worker, gsock_worker_free);
  g_clear_pointer (&dial->tls, gsock_tls_unref);
  gsock_endpoint_unref (dial->endpoint);
  g_clear_pointer (&dial->meant, gsock_endpoint_unref);
  g_main_context_unref (dial->context);
  g_free (dial);
}

static void
finish (GsockDial *dial, const GError *error)
{
  g_auto (GsockCarrier) carrier = gsock_carrier_steal (&dial->carrier);

  dial->func (&carrier, error, dial->data);
  dial_free (dial);
}

static void
note_time (gint64 *when)
{
  if (when != NULL)
    *when = g_get_monotonic_time ();
}

static void
secured_cb (GsockCarrier *carrier, const GError *error, gpointer data)
{
  GsockDial *dial = data;

  dial->handshake = NULL;
  dial->carrier = gsock_carrier_steal (carrier);
  if (error == NULL)
    note_time (dial->secured);
  finish (dial, error);
}

static void
secure (GsockDial *dial)
{
  GsockTlsParty party = {
    .remote = dial->meant != NULL ? dial->meant : dial->endpoint,
  };
  g_autoptr (GError) error = NULL;

  dial->worker = gsock_worker_new (dial->context, &error);
  if (dial->worker == NULL)
    {
      gsock_carrier_close (&dial->carrier);
      finish (dial, error);
      return;
    }
  /* The limit is for all the steps, and what is over is told as the rest of
   * what was given. */
  if (dial->deadline > 0)
    party.timeout = MAX (dial->deadline - g_get_monotonic_time (), 1);
  dial->handshake = gsock_tls_handshake_start (
      dial->tls, &dial->carrier, &party, dial->worker, secured_cb, dial);
}

static void
connected_cb (int fd, const GError *error, gpointer data)
{
  GsockDial *dial = data;

  dial->connect = NULL;
  if (fd >= 0)
    {
      note_time (dial->connected);
      dial->carrier = gsock_carrier_plain (fd, NULL);
    }
  if (fd >= 0 && gsock_endpoint_is_tls (dial->endpoint))
    secure (dial);
  else
    finish (dial, error);
}

/**
 * gsock_dial_start:
 * @endpoint: what to reach
 * @options: how; copied
 * @context: the context whose thread calls this, and in which @func is called
 * @func: told the outcome, once, never before this has returned
 * @data: for @func
 *
 * Connects as gsock_connect_start() does, and says its errors; then, for a
 * tls: endpoint, those of gsock_tls_handshake_start().
 *
 * Returns: (transfer none): it frees itself when it has called @func
 */
GsockDial *
gsock_dial_start (const GsockEndpoint *endpoint,
                  const GsockDialOptions *options, GMainContext *context,
                  GsockDialFunc func, gpointer data)
{
  GsockDial *dial = g_new0 (GsockDial, 1);

  dial->func = func;
  dial->data = data;
  dial->connected = options->connected;
  dial->secured = options->secured;
  dial->carrier.fd = -1;
  dial->context = g_main_context_ref (context);
  dial->endpoint = gsock_endpoint_ref ((GsockEndpoint *) (guintptr) endpoint);
  if (options->meant != NULL)
    dial->meant = gsock_endpoint_ref (
        (GsockEndpoint *) (guintptr) options->meant);
  if (options->tls != NULL)
    dial->tls = gsock_tls_ref (options->tls);
  if (options->connect.timeout > 0)
    dial->deadline = g_get_monotonic_time () + options->connect.timeout;
  dial->connect = gsock_connect_start (endpoint, &options->connect, context,
                                       connected_cb, dial);
  return dial;
}

/**
 * gsock_dial_cancel:
 * @dial: (transfer full): one whose func has not been called
 *
 * Closes what it has opened and frees it; its func is not called any more.
 */
void
gsock_dial_cancel (GsockDial *dial)
{
  dial_free (dial);
}

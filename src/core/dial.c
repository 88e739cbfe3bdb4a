/* dial.c: from an endpoint to a carrier: the socket, and what is laid over it
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Each step hands what it has made to the next, and the first that fails ends
 * all:
 *
 *   connect:  endpoint -> a connected socket
 *   finish:   the carrier is the caller's */

#include "config.h"

#include "core/dial.h"

/* Belongs to the thread of its context. */
struct _GsockDial
{
  GsockConnect *connect; /* while there is no socket */
  GsockCarrier carrier;
  GsockDialFunc func;
  gpointer data;
};

static void
dial_free (GsockDial *dial)
{
  g_clear_pointer (&dial->connect, gsock_connect_cancel);
  gsock_carrier_close (&dial->carrier);
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
connected_cb (int fd, const GError *error, gpointer data)
{
  GsockDial *dial = data;

  dial->connect = NULL;
  if (fd >= 0)
    dial->carrier = gsock_carrier_plain (fd, NULL);
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
 * Connects as gsock_connect_start() does, and says its errors.
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
  dial->carrier.fd = -1;
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

/* arrival.c: clients that have connected and are no connection yet
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A client of a tls: address shakes hands before any handler hears of it.  One
 * that stalls is given 10 seconds.  They are cheap, but not free; so there is
 * a limit to how many may be at it at once, and it is the oldest that has to
 * go: whoever means it is quick, so a flood of others delays nobody. */

#include "config.h"

#include "core/arrival.h"

#include <glib/gi18n-lib.h>

#include "core/error.h"

/* In each thread. */
#define WAITING_MAX 1024

/* Belongs to the thread of its arrivals. */
typedef struct
{
  GList link; /* first: a link is its arrival */
  GsockArrivals *arrivals;
  GsockTlsHandshake *handshake;
  guint64 id;
  GsockPeer peer;
} Arrival;

/**
 * gsock_arrivals_init:
 * @arrivals: storage of the caller's
 * @worker: whose thread it belongs to
 * @func: told how each came out
 * @data: for @func
 */
void
gsock_arrivals_init (GsockArrivals *arrivals, GsockWorker *worker,
                     GsockArrivedFunc func, gpointer data)
{
  arrivals->worker = worker;
  arrivals->func = func;
  arrivals->data = data;
  g_queue_init (&arrivals->waiting);
}

static void
finish (Arrival *arrival, GsockCarrier *carrier, const GError *error)
{
  GsockArrivals *arrivals = arrival->arrivals;

  g_queue_unlink (&arrivals->waiting, &arrival->link);
  g_clear_pointer (&arrival->handshake, gsock_tls_handshake_cancel);
  arrivals->func (arrival->id, carrier, &arrival->peer, error, arrivals->data);
  g_free (arrival);
}

static void
give_up (Arrival *arrival, const GError *error)
{
  g_auto (GsockCarrier) none = { .fd = -1 };

  finish (arrival, &none, error);
}

static void
secured_cb (GsockCarrier *carrier, const GError *error, gpointer data)
{
  Arrival *arrival = data;

  arrival->handshake = NULL;
  finish (arrival, carrier, error);
}

static void
drop_oldest (GsockArrivals *arrivals)
{
  Arrival *oldest = (Arrival *) g_queue_peek_head_link (&arrivals->waiting);
  g_autofree char *who = gsock_peer_to_display (&oldest->peer);
  g_autoptr (GError) error = g_error_new (
      GSOCK_ERROR, GSOCK_ERROR_LIMIT,
      /* TRANSLATORS: an address, a number. */
      _ ("%s was dropped: it had not finished the TLS handshake, and %u others "
         "wait for theirs"),
      who, (guint) WAITING_MAX);

  give_up (oldest, error);
}

/**
 * gsock_arrivals_add:
 * @arrivals: initialised
 * @id: the client's number in events
 * @carrier: (transfer full): what it has connected by
 * @peer: who it is
 * @tls: who we are and whom we let in
 */
void
gsock_arrivals_add (GsockArrivals *arrivals, guint64 id, GsockCarrier *carrier,
                    const GsockPeer *peer, GsockTls *tls)
{
  const GsockTlsParty party = {
    .peer = peer,
    .id = id,
    .timeout = GSOCK_TLS_TIMEOUT,
  };
  Arrival *arrival = g_new0 (Arrival, 1);

  if (arrivals->waiting.length >= WAITING_MAX)
    drop_oldest (arrivals);
  arrival->link.data = arrival;
  arrival->arrivals = arrivals;
  arrival->id = id;
  arrival->peer = *peer;
  g_queue_push_tail_link (&arrivals->waiting, &arrival->link);
  arrival->handshake = gsock_tls_handshake_start (
      tls, carrier, &party, arrivals->worker, secured_cb, arrival);
}

/**
 * gsock_arrivals_cut:
 * @arrivals: initialised
 * @error: what is told of each
 */
void
gsock_arrivals_cut (GsockArrivals *arrivals, const GError *error)
{
  while (arrivals->waiting.length > 0)
    give_up ((Arrival *) g_queue_peek_head_link (&arrivals->waiting), error);
}

/* arrival.c: clients that have connected and are no connection yet
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Before any handler hears of it a balancer says for whom it has connected, and
 * a client of a tls: address shakes hands.  One that stalls is given some
 * seconds.  They are cheap, but not free; so there is a limit to how many may
 * be at it at once, and it is the oldest that has to go: whoever means it is
 * quick, so a flood of others delays nobody. */

#include "config.h"

#include "core/arrival.h"

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/introduction.h"

/* Of each kind; of those who shake hands, in each thread. */
#define WAITING_MAX 1024

/* Belongs to the thread of its arrivals. */
typedef struct
{
  GList link; /* first: a link is its client */
  GsockArrivals *arrivals;
  GsockTlsHandshake *handshake; /* one of the two */
  GsockIntroduction *introduction;
  GsockArrival arrival;
} Waiting;

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

guint
gsock_arrivals_count (const GsockArrivals *arrivals)
{
  return arrivals->waiting.length;
}

static void
stop_waiting (Waiting *waiting)
{
  g_queue_unlink (&waiting->arrivals->waiting, &waiting->link);
  g_clear_pointer (&waiting->handshake, gsock_tls_handshake_cancel);
  g_clear_pointer (&waiting->introduction, gsock_introduction_cancel);
}

static void
finish (Waiting *waiting, GsockCarrier *carrier, const GError *error)
{
  GsockArrivals *arrivals = waiting->arrivals;

  stop_waiting (waiting);
  arrivals->func (&waiting->arrival, carrier, error, arrivals->data);
  g_free (waiting);
}

static void
give_up (Waiting *waiting, const GError *error)
{
  g_auto (GsockCarrier) none = { .fd = -1 };

  finish (waiting, &none, error);
}

static GError *
new_crowded_error (const Waiting *waiting)
{
  g_autofree char *who = NULL;

  if (waiting->introduction != NULL)
    return g_error_new (GSOCK_ERROR, GSOCK_ERROR_LIMIT,
                        /* TRANSLATORS: said of a peer, "it ..."; a number. */
                        _ ("had not sent all of its PROXY header, and %u "
                           "others wait for theirs"),
                        (guint) WAITING_MAX);
  who = gsock_peer_to_display (&waiting->arrival.peer);
  return g_error_new (
      GSOCK_ERROR, GSOCK_ERROR_LIMIT,
      /* TRANSLATORS: an address, a number. */
      _ ("%s was dropped: it had not finished the TLS handshake, and %u others "
         "wait for theirs"),
      who, (guint) WAITING_MAX);
}

static Waiting *
add (GsockArrivals *arrivals, guint64 id, const GsockCarrier *carrier,
     const GsockPeer *peer)
{
  Waiting *waiting;

  if (arrivals->waiting.length >= WAITING_MAX)
    {
      Waiting *oldest = (Waiting *) g_queue_peek_head_link (&arrivals->waiting);
      g_autoptr (GError) error = new_crowded_error (oldest);

      give_up (oldest, error);
    }
  waiting = g_new0 (Waiting, 1);
  waiting->link.data = waiting;
  waiting->arrivals = arrivals;
  waiting->arrival.id = id;
  waiting->arrival.peer = *peer;
  waiting->arrival.local = carrier->local;
  g_queue_push_tail_link (&arrivals->waiting, &waiting->link);
  return waiting;
}

static void
secured_cb (GsockCarrier *carrier, const GError *error, gpointer data)
{
  Waiting *waiting = data;

  waiting->handshake = NULL;
  finish (waiting, carrier, error);
}

/**
 * gsock_arrivals_secure:
 * @arrivals: initialised
 * @id: the client's number in events
 * @carrier: (transfer full): what it has connected by
 * @peer: who it is
 * @tls: who we are and whom we let in
 */
void
gsock_arrivals_secure (GsockArrivals *arrivals, guint64 id,
                       GsockCarrier *carrier, const GsockPeer *peer,
                       GsockTls *tls)
{
  const GsockTlsParty party = {
    .peer = peer,
    .id = id,
    .limit = { GSOCK_TLS_TIMEOUT, GSOCK_TLS_TIMEOUT },
  };
  Waiting *waiting = add (arrivals, id, carrier, peer);

  waiting->handshake = gsock_tls_handshake_start (
      tls, carrier, &party, arrivals->worker, secured_cb, waiting);
}

/* Where it says nothing of a client, or of one behind a UNIX socket of its
 * own machine, the balancer stays who it is: no socket of ours is of that
 * family because somebody says so. */
static void
introduced_cb (GsockCarrier *carrier, const GsockProxyHeader *header,
               const GError *error, gpointer data)
{
  Waiting *waiting = data;
  GsockArrival *arrival = &waiting->arrival;

  waiting->introduction = NULL;
  carrier->is_check = error == NULL && header->is_local;
  if (error == NULL
      && (gsock_address_is_of_family (&header->source, AF_INET)
          || gsock_address_is_of_family (&header->source, AF_INET6)))
    {
      arrival->via = arrival->peer;
      gsock_peer_init_from_native (&arrival->peer, &header->source.any,
                                   header->source.size);
      carrier->called = gsock_endpoint_new_from_native (
          &header->destination.any, header->destination.size, SOCK_STREAM);
    }
  finish (waiting, carrier, error);
}

/**
 * gsock_arrivals_introduce:
 * @arrivals: initialised
 * @carrier: (transfer full): what a balancer has connected by, a plain one
 * @peer: who that is
 */
void
gsock_arrivals_introduce (GsockArrivals *arrivals, GsockCarrier *carrier,
                          const GsockPeer *peer)
{
  Waiting *waiting = add (arrivals, 0, carrier, peer);

  waiting->introduction = gsock_introduction_start (carrier, arrivals->worker,
                                                    introduced_cb, waiting);
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
    give_up ((Waiting *) g_queue_peek_head_link (&arrivals->waiting), error);
}

/**
 * gsock_arrivals_drop:
 * @arrivals: initialised
 */
void
gsock_arrivals_drop (GsockArrivals *arrivals)
{
  while (arrivals->waiting.length > 0)
    {
      Waiting *waiting = (Waiting *) g_queue_peek_head_link (
          &arrivals->waiting);

      stop_waiting (waiting);
      g_free (waiting);
    }
}

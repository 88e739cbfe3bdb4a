/* shard.c: the connections of a thread: taken, drained, cut
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/shard.h"

#include "core/arrival.h"
#include "core/error.h"

#define DRAIN_LOOK_EVERY (100 * G_TIME_SPAN_MILLISECOND)
#define QUIET_FOR (500 * G_TIME_SPAN_MILLISECOND)

struct _GsockShard
{
  /* Set once. */
  GsockWorker *worker, *home; /* the same where there is no thread */
  GThread *thread;            /* or NULL */
  GsockConnectionConfig config;
  GsockGoneFunc gone;
  gpointer data;
  /* The main thread's. */
  guint load;             /* clients given to it, and not gone yet */
  GsockArrivals arrivals; /* those who shake hands */
  /* Of the thread of @worker. */
  GPtrArray *connections; /* GsockConnection; each knows its slot */
  GsockTimer look;        /* while draining */
  gboolean stop;
};

/* Something to do in a shard's thread. */
typedef struct
{
  GsockQueueItem item;
  GsockShard *shard;
  void (*func) (GsockShard *shard);
} Call;

/* A client on its way to its thread. */
typedef struct
{
  GsockQueueItem item;
  GsockShard *shard;
  guint64 id;
  GsockCarrier carrier;
  GsockPeer peer;
} Coming;

/* The news of its end, on its way back. */
typedef struct
{
  GsockQueueItem item;
  GsockShard *shard;
  guint64 id;
  GsockPeer peer;
  GError *error;
} Going;

static GsockShard *
shard_from_timer (GsockTimer *timer)
{
  return (GsockShard *) ((char *) timer - G_STRUCT_OFFSET (GsockShard, look));
}

/* The end. */

static void
end_quiet_ones (GsockShard *shard, gint64 now)
{
  for (guint i = 0; i < shard->connections->len; i++)
    {
      GsockConnection *connection = g_ptr_array_index (shard->connections, i);

      if (!shard->config.handler->relays
          && !gsock_connection_is_kept (connection)
          && gsock_connection_get_queued (connection) == 0
          && now - gsock_connection_get_active (connection) >= QUIET_FOR)
        gsock_connection_end (connection);
    }
}

static void
look_cb (GsockTimer *timer)
{
  GsockShard *shard = shard_from_timer (timer);
  gint64 now = g_get_monotonic_time ();

  end_quiet_ones (shard, now);
  if (shard->connections->len > 0)
    gsock_worker_arm (shard->worker, &shard->look, now + DRAIN_LOOK_EVERY);
}

static void
drain (GsockShard *shard)
{
  gsock_worker_arm (shard->worker, &shard->look, g_get_monotonic_time ());
}

static void
cut (GsockShard *shard)
{
  g_autoptr (GError) error = g_error_new_literal (
      GSOCK_ERROR, GSOCK_ERROR_TIMED_OUT, "the grace time is over");

  for (guint i = 0; i < shard->connections->len; i++)
    gsock_connection_close (g_ptr_array_index (shard->connections, i), error);
}

static void
stop (GsockShard *shard)
{
  shard->stop = TRUE;
}

static void
call_cb (GsockQueueItem *item)
{
  Call *call = (Call *) item;

  call->func (call->shard);
  g_free (call);
}

static void
call_in_thread (GsockShard *shard, void (*func) (GsockShard *shard))
{
  Call *call;

  if (shard->thread == NULL)
    {
      func (shard);
      return;
    }
  call = g_new0 (Call, 1);
  call->item.run = call_cb;
  call->shard = shard;
  call->func = func;
  gsock_worker_post (shard->worker, &call->item);
}

/**
 * gsock_shard_drain:
 * @shard: a shard that takes nobody any more
 *
 * Half-closes every connection to which nothing is owed as soon as it has been
 * quiet for a moment.
 */
void
gsock_shard_drain (GsockShard *shard)
{
  call_in_thread (shard, drain);
}

/**
 * gsock_shard_cut:
 * @shard: a shard
 *
 * Closes every connection in the next round of its context.
 */
void
gsock_shard_cut (GsockShard *shard)
{
  g_autoptr (GError) error = g_error_new_literal (
      GSOCK_ERROR, GSOCK_ERROR_TIMED_OUT, "the grace time is over");

  call_in_thread (shard, cut);
  gsock_arrivals_cut (&shard->arrivals, error);
}

/* Its life. */

static void
forget (GsockShard *shard, GsockConnection *connection)
{
  guint slot = gsock_connection_get_slot (connection);
  guint last = shard->connections->len - 1;

  if (slot != last)
    gsock_connection_set_slot (g_ptr_array_index (shard->connections, last),
                               slot);
  g_ptr_array_remove_index_fast (shard->connections, slot);
}

static void
be_gone (GsockShard *shard, guint64 id, const GsockPeer *peer,
         const GError *error)
{
  shard->load--;
  shard->gone (id, peer, error, shard->data);
}

static void
going_cb (GsockQueueItem *item)
{
  Going *going = (Going *) item;

  be_gone (going->shard, going->id, &going->peer, going->error);
  g_clear_error (&going->error);
  g_free (going);
}

static void
tell_gone (GsockShard *shard, guint64 id, const GsockPeer *peer,
           const GError *error)
{
  Going *going;

  if (shard->thread == NULL)
    {
      be_gone (shard, id, peer, error);
      return;
    }
  going = g_new0 (Going, 1);
  going->item.run = going_cb;
  going->shard = shard;
  going->id = id;
  going->peer = *peer;
  going->error = error != NULL ? g_error_copy (error) : NULL;
  gsock_worker_post (shard->home, &going->item);
}

static void
closed_cb (GsockConnection *connection, const GError *error, gpointer data)
{
  GsockShard *shard = data;

  forget (shard, connection);
  tell_gone (shard, gsock_connection_get_id (connection),
             gsock_connection_get_known_peer (connection), error);
}

static void
take (GsockShard *shard, guint64 id, GsockCarrier *carrier,
      const GsockPeer *peer)
{
  g_autoptr (GError) error = NULL;
  GsockConnection *connection = gsock_connection_new (
      &shard->config, shard->worker, id, carrier, peer, &error);

  if (connection == NULL)
    {
      tell_gone (shard, id, peer, error);
      return;
    }
  gsock_connection_set_slot (connection, shard->connections->len);
  g_ptr_array_add (shard->connections, connection);
}

static void
coming_cb (GsockQueueItem *item)
{
  Coming *coming = (Coming *) item;

  take (coming->shard, coming->id, &coming->carrier, &coming->peer);
  g_free (coming);
}

static void
connect_client (GsockShard *shard, guint64 id, GsockCarrier *carrier,
                const GsockPeer *peer)
{
  Coming *coming;

  shard->load++;
  if (shard->thread == NULL)
    {
      take (shard, id, carrier, peer);
      return;
    }
  coming = g_new0 (Coming, 1);
  coming->item.run = coming_cb;
  coming->shard = shard;
  coming->id = id;
  coming->carrier = gsock_carrier_steal (carrier);
  coming->peer = *peer;
  gsock_worker_post (shard->worker, &coming->item);
}

static void
arrived_cb (const GsockArrival *arrival, GsockCarrier *carrier,
            const GError *error, gpointer data)
{
  GsockShard *shard = data;

  if (error != NULL)
    shard->gone (arrival->id, &arrival->peer, error, shard->data);
  else
    connect_client (shard, arrival->id, carrier, &arrival->peer);
}

/**
 * gsock_shard_take:
 * @shard: a shard
 * @id: the client's number in events
 * @carrier: (transfer full): what carries its bytes
 * @peer: who it is, as far as that is known already
 * @tls: (nullable): how to shake hands first
 *
 * Makes a connection of a client that may come in.
 */
void
gsock_shard_take (GsockShard *shard, guint64 id, GsockCarrier *carrier,
                  const GsockPeer *peer, GsockTls *tls)
{
  if (tls != NULL)
    gsock_arrivals_secure (&shard->arrivals, id, carrier, peer, tls);
  else
    connect_client (shard, id, carrier, peer);
}

/**
 * gsock_shard_new:
 * @config: what its connections have in common; copied
 * @home: the main thread's worker, which outlives it
 * @stats: what its connections count in
 * @gone: told of everybody that was taken, once
 * @data: for @gone
 *
 * Returns: (transfer full): an empty shard
 */
GsockShard *
gsock_shard_new (const GsockConnectionConfig *config, GsockWorker *home,
                 GsockStats *stats, GsockGoneFunc gone, gpointer data)
{
  GsockShard *shard = g_new0 (GsockShard, 1);

  shard->config = *config;
  shard->config.closed = closed_cb;
  shard->config.closed_data = shard;
  shard->config.stats = stats;
  shard->worker = shard->home = home;
  shard->connections = g_ptr_array_new ();
  gsock_arrivals_init (&shard->arrivals, home, arrived_cb, shard);
  shard->look.func = look_cb;
  shard->gone = gone;
  shard->data = data;
  return shard;
}

static gpointer
thread_main (gpointer data)
{
  GsockShard *shard = data;
  GMainContext *context = shard->worker->context;

  g_main_context_push_thread_default (context);
  while (!shard->stop)
    g_main_context_iteration (context, TRUE);
  g_main_context_pop_thread_default (context);
  return NULL;
}

/**
 * gsock_shard_new_thread:
 * @config: what its connections have in common; copied
 * @home: the main thread's worker, with a queue, which outlives it
 * @index: which it is
 * @stats: what its connections count in, and nobody else's
 * @gone: told of everybody that was taken, once, in the main thread
 * @data: for @gone
 * @error: %GSOCK_ERROR_FAILED: the system gives no thread
 *
 * Returns: (transfer full): an empty shard whose thread runs
 */
GsockShard *
gsock_shard_new_thread (const GsockConnectionConfig *config, GsockWorker *home,
                        guint index, GsockStats *stats, GsockGoneFunc gone,
                        gpointer data, GError **error)
{
  GsockShard *shard = gsock_shard_new (config, home, stats, gone, data);
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GsockWorker) worker = gsock_worker_new (context, error);

  if (worker != NULL && gsock_worker_open_queue (worker, error))
    {
      worker->index = index;
      shard->worker = worker;
      shard->thread = g_thread_try_new ("gsock-worker", thread_main, shard,
                                        error);
    }
  if (shard->thread == NULL)
    {
      shard->worker = home;
      gsock_shard_free (shard);
      return NULL;
    }
  (void) g_steal_pointer (&worker);
  return shard;
}

/**
 * gsock_shard_end_thread:
 * @shard: one without connections
 */
void
gsock_shard_end_thread (GsockShard *shard)
{
  if (shard->thread == NULL)
    return;
  call_in_thread (shard, stop);
  g_thread_join (g_steal_pointer (&shard->thread));
}

/**
 * gsock_shard_free:
 * @shard: (transfer full): one without connections, and whose thread has ended
 */
void
gsock_shard_free (GsockShard *shard)
{
  gsock_worker_disarm (shard->worker, &shard->look);
  if (shard->worker != shard->home)
    gsock_worker_free (shard->worker);
  g_ptr_array_unref (shard->connections);
  g_free (shard);
}

GsockWorker *
gsock_shard_get_worker (GsockShard *shard)
{
  return shard->worker;
}

guint
gsock_shard_get_load (const GsockShard *shard)
{
  return shard->load;
}

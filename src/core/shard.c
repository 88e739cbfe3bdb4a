/* shard.c: the connections of one thread: taken, drained, cut
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
  GsockConnectionConfig config;
  GsockWorker *worker;
  GsockArrivals arrivals; /* those who shake hands */
  GPtrArray *connections; /* GsockConnection; each knows its slot */
  GsockTimer look;        /* while draining */
  GsockGoneFunc gone;
  gpointer data;
};

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
  gsock_worker_arm (shard->worker, &shard->look, g_get_monotonic_time ());
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

  for (guint i = 0; i < shard->connections->len; i++)
    gsock_connection_close (g_ptr_array_index (shard->connections, i), error);
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
closed_cb (GsockConnection *connection, const GError *error, gpointer data)
{
  GsockShard *shard = data;

  forget (shard, connection);
  shard->gone (gsock_connection_get_id (connection),
               gsock_connection_get_known_peer (connection), error,
               shard->data);
}

static void
connect_client (GsockShard *shard, guint64 id, GsockCarrier *carrier,
                const GsockPeer *peer)
{
  g_autoptr (GError) error = NULL;
  GsockConnection *connection = gsock_connection_new (
      &shard->config, shard->worker, id, carrier, peer, &error);

  if (connection == NULL)
    {
      shard->gone (id, peer, error, shard->data);
      return;
    }
  gsock_connection_set_slot (connection, shard->connections->len);
  g_ptr_array_add (shard->connections, connection);
}

static void
arrived_cb (guint64 id, GsockCarrier *carrier, const GsockPeer *peer,
            const GError *error, gpointer data)
{
  GsockShard *shard = data;

  if (error != NULL)
    shard->gone (id, peer, error, shard->data);
  else
    connect_client (shard, id, carrier, peer);
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
    gsock_arrivals_add (&shard->arrivals, id, carrier, peer, tls);
  else
    connect_client (shard, id, carrier, peer);
}

/**
 * gsock_shard_new:
 * @config: what its connections have in common; copied
 * @worker: whose thread it belongs to
 * @stats: what its connections count in
 * @gone: told of everybody that was taken, once
 * @data: for @gone
 *
 * Returns: (transfer full): an empty shard
 */
GsockShard *
gsock_shard_new (const GsockConnectionConfig *config, GsockWorker *worker,
                 GsockStats *stats, GsockGoneFunc gone, gpointer data)
{
  GsockShard *shard = g_new0 (GsockShard, 1);

  shard->config = *config;
  shard->config.closed = closed_cb;
  shard->config.closed_data = shard;
  shard->config.stats = stats;
  shard->worker = worker;
  shard->connections = g_ptr_array_new ();
  gsock_arrivals_init (&shard->arrivals, worker, arrived_cb, shard);
  shard->look.func = look_cb;
  shard->gone = gone;
  shard->data = data;
  return shard;
}

/**
 * gsock_shard_free:
 * @shard: (transfer full): one without connections
 */
void
gsock_shard_free (GsockShard *shard)
{
  gsock_worker_disarm (shard->worker, &shard->look);
  g_ptr_array_unref (shard->connections);
  g_free (shard);
}

/* shards.c: all the threads that a server's clients are spread over
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/shards.h"

static GsockShard *
shard_at (const GsockShards *shards, guint i)
{
  return g_ptr_array_index (shards->all, i);
}

/**
 * gsock_shards_add_own:
 * @shards: storage of the caller's, with @home
 * @config: what connections have in common; copied
 * @stats: counts what they do
 * @gone: told of everybody that was taken, once
 * @data: for @gone
 *
 * One that lives in the main thread, if there is none yet.  Beside others that
 * are threads it gets none of the clients that have a socket of their own.
 */
void
gsock_shards_add_own (GsockShards *shards, const GsockConnectionConfig *config,
                      GsockStats *stats, GsockGoneFunc gone, gpointer data)
{
  if (shards->own != NULL)
    return;
  shards->own = gsock_shard_new (config, shards->home, stats, gone, data);
  shards->home->index = shards->all->len;
  g_ptr_array_add (shards->all, shards->own);
}

/**
 * gsock_shards_init:
 * @shards: storage of the caller's, zeroed
 * @n: how many, at least 1
 * @config: what connections have in common; copied
 * @home: the main thread's worker, which outlives them
 * @stats: gets the sum of what they count
 * @gone: told of everybody that was taken, once, in the main thread
 * @data: for @gone
 * @error: %GSOCK_ERROR_FAILED: the system gives no thread
 *
 * One is the main thread's own; several have a thread each, and the main thread
 * accepts, writes to stdout and stops.
 *
 * Returns: whether all of them are there
 */
gboolean
gsock_shards_init (GsockShards *shards, guint n,
                   const GsockConnectionConfig *config, GsockWorker *home,
                   GsockStats *stats, GsockGoneFunc gone, gpointer data,
                   GError **error)
{
  shards->home = home;
  shards->all = g_ptr_array_new_with_free_func (
      (GDestroyNotify) gsock_shard_free);
  if (n == 1)
    {
      gsock_shards_add_own (shards, config, stats, gone, data);
      return TRUE;
    }
  if (!gsock_worker_open_queue (home, error))
    return FALSE;
  shards->counted = g_new0 (GsockStats, n);
  for (guint i = 0; i < n; i++)
    {
      GsockShard *shard = gsock_shard_new_thread (
          config, home, i, &shards->counted[i], gone, data, error);

      if (shard == NULL)
        return FALSE;
      shards->counted[i].more = stats->more;
      stats->more = &shards->counted[i];
      g_ptr_array_add (shards->all, shard);
    }
  return TRUE;
}

/* With the threads gone their queues are ours, and what is in them (an answer
 * to an answer) is done here. */
static void
end_threads (GsockShards *shards)
{
  gboolean any = TRUE;

  for (guint i = 0; i < shards->all->len; i++)
    gsock_shard_end_thread (shard_at (shards, i));
  while (any)
    {
      any = gsock_worker_run_queue (shards->home);
      for (guint i = 0; i < shards->all->len; i++)
        any |= gsock_worker_run_queue (
            gsock_shard_get_worker (shard_at (shards, i)));
    }
}

/**
 * gsock_shards_clear:
 * @shards: initialised, whether that went well or not; without connections
 */
void
gsock_shards_clear (GsockShards *shards)
{
  if (shards->all == NULL)
    return;
  end_threads (shards);
  g_clear_pointer (&shards->all, g_ptr_array_unref);
  g_clear_pointer (&shards->counted, g_free);
}

/**
 * gsock_shards_get_idlest:
 * @shards: initialised
 *
 * Returns: (transfer none): the one with the fewest clients
 */
GsockShard *
gsock_shards_get_idlest (const GsockShards *shards)
{
  GsockShard *idlest = shard_at (shards, 0);

  for (guint i = 1; i < shards->all->len; i++)
    if (shard_at (shards, i) != shards->own
        && gsock_shard_get_load (shard_at (shards, i))
               < gsock_shard_get_load (idlest))
      idlest = shard_at (shards, i);
  return idlest;
}

void
gsock_shards_drain (GsockShards *shards)
{
  for (guint i = 0; i < shards->all->len; i++)
    gsock_shard_drain (shard_at (shards, i));
}

void
gsock_shards_cut (GsockShards *shards)
{
  for (guint i = 0; shards->all != NULL && i < shards->all->len; i++)
    gsock_shard_cut (shard_at (shards, i));
}

/**
 * gsock_shards_get_workers:
 * @shards: initialised
 * @n: (out): how many
 *
 * Returns: (transfer container) (array length=n): by their index; g_free
 */
GsockWorker **
gsock_shards_get_workers (const GsockShards *shards, guint *n)
{
  GsockWorker **workers = g_new (GsockWorker *, shards->all->len);

  *n = shards->all->len;
  for (guint i = 0; i < *n; i++)
    workers[i] = gsock_shard_get_worker (shard_at (shards, i));
  return workers;
}

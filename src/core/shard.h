/* shard.h: the connections of a thread: taken, drained, cut
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/connection.h"
#include "core/tls.h"

G_BEGIN_DECLS

/* The connections of one worker.  The functions are the main thread's, whose
 * worker is the home of all shards; what is in one belongs to the thread of its
 * worker, which may be the same. */
typedef struct _GsockShard GsockShard;

/* A client that was taken is no more; @error: why, NULL: cleanly.  In the main
 * thread. */
typedef void (*GsockGoneFunc) (guint64 id, const GsockPeer *peer,
                               const GError *error, gpointer data);

/* In the main thread itself: nothing is queued.  @config is copied, its closed
 * and stats are the shard's. */
GsockShard *gsock_shard_new (const GsockConnectionConfig *config,
                             GsockWorker *home, GsockStats *stats,
                             GsockGoneFunc gone, gpointer data);
/* In a thread of its own, the @index'th. */
GsockShard *gsock_shard_new_thread (const GsockConnectionConfig *config,
                                    GsockWorker *home, guint index,
                                    GsockStats *stats, GsockGoneFunc gone,
                                    gpointer data, GError **error);
/* Ends the thread of a shard that is empty.  What others have posted to it, or
 * it to others, is left in the queues. */
void gsock_shard_end_thread (GsockShard *shard);
/* One that is empty, its thread ended. */
void gsock_shard_free (GsockShard *shard);

/* A client that may come in: a connection from now on or, where there is @tls,
 * when it has shaken hands; and counted until @gone is called, which may be
 * before this returns. */
void gsock_shard_take (GsockShard *shard, guint64 id, GsockCarrier *carrier,
                       const GsockPeer *peer, GsockTls *tls);

/* Whoever is quiet is told by a half-close that no more comes; until cut. */
void gsock_shard_drain (GsockShard *shard);
/* Ends all of them in the next round. */
void gsock_shard_cut (GsockShard *shard);

GsockWorker *gsock_shard_get_worker (GsockShard *shard);
/* How many clients it has. */
guint gsock_shard_get_load (const GsockShard *shard);

G_END_DECLS

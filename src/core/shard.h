/* shard.h: the connections of one thread: taken, drained, cut
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/connection.h"
#include "core/tls.h"

G_BEGIN_DECLS

/* Belongs to the thread of its worker. */
typedef struct _GsockShard GsockShard;

/* A client that was taken is no more; @error: why, NULL: cleanly. */
typedef void (*GsockGoneFunc) (guint64 id, const GsockPeer *peer,
                               const GError *error, gpointer data);

/* @config is copied, its closed and stats are the shard's; @worker and @stats
 * are borrowed. */
GsockShard *gsock_shard_new (const GsockConnectionConfig *config,
                             GsockWorker *worker, GsockStats *stats,
                             GsockGoneFunc gone, gpointer data);
/* One that is empty. */
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

G_END_DECLS

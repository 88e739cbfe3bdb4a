/* shards.h: all the threads that a server's clients are spread over
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/shard.h"

G_BEGIN_DECLS

/* Embedded in its server; belongs to the main thread. */
typedef struct
{
  GsockWorker *home;   /* the main thread's */
  GPtrArray *all;      /* GsockShard */
  GsockShard *own;     /* of them, the main thread's; or NULL */
  GsockStats *counted; /* one a shard, where they are threads; or NULL */
} GsockShards;

/* @n of 1: the main thread's own; more: a thread each.  @stats gets the sum of
 * theirs.  FALSE with @error: clear it all the same. */
gboolean gsock_shards_init (GsockShards *shards, guint n,
                            const GsockConnectionConfig *config,
                            GsockWorker *home, GsockStats *stats,
                            GsockGoneFunc gone, gpointer data, GError **error);
/* The main thread's own too, for clients that share a socket there. */
void gsock_shards_add_own (GsockShards *shards,
                           const GsockConnectionConfig *config,
                           GsockStats *stats, GsockGoneFunc gone,
                           gpointer data);
/* They are empty; ends their threads. */
void gsock_shards_clear (GsockShards *shards);

/* Who has the fewest clients. */
GsockShard *gsock_shards_get_idlest (const GsockShards *shards);
void gsock_shards_drain (GsockShards *shards);
void gsock_shards_cut (GsockShards *shards);
/* (transfer container) (array length=n), by their index; g_free. */
GsockWorker **gsock_shards_get_workers (const GsockShards *shards, guint *n);

G_END_DECLS

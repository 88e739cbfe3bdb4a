/* stats.h: what has been served, counted; told at the end, on request, or live
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _GsockStats GsockStats;

/* Each thread counts in its own; whoever wants to know sums them up. */
struct _GsockStats
{
  gint64 since;           /* monotonic microseconds */
  guint64 count;          /* connections so far */
  guint64 active;         /* connections now */
  guint64 in, out;        /* bytes: gsock_stats_add */
  const GsockStats *more; /* of other threads: their bytes are added */
};

void gsock_stats_init (GsockStats *stats);

/* Adds to a counter that only this thread changes, and others read. */
static inline void
gsock_stats_add (guint64 *counter, gsize bytes)
{
  __atomic_store_n (counter,
                    __atomic_load_n (counter, __ATOMIC_RELAXED) + bytes,
                    __ATOMIC_RELAXED);
}

/* With the bytes of all the others added. */
GsockStats gsock_stats_sum (const GsockStats *stats);
/* A GSOCK_EVENT_STATS. */
void gsock_stats_tell (const GsockStats *stats);

/* A live meter on stderr where that is a terminal, redrawn each second and
 * erased when it is freed: bytes and rate (over 5 s) each way, clients, time.
 * NULL (and nothing shown) elsewhere. */
typedef struct _GsockMeter GsockMeter;
GsockMeter *gsock_meter_new (const GsockStats *stats, GMainContext *context);
void gsock_meter_free (GsockMeter *meter);

G_END_DECLS

/* stats.h: what has been served, counted; told at the end, on request, or live
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Belongs to the main thread. */
typedef struct
{
  gint64 since;    /* monotonic microseconds */
  guint64 count;   /* connections so far */
  guint64 active;  /* connections now */
  guint64 in, out; /* bytes */
} GsockStats;

void gsock_stats_init (GsockStats *stats);
/* A GSOCK_EVENT_STATS. */
void gsock_stats_tell (const GsockStats *stats);

/* A live meter on stderr where that is a terminal, redrawn each second and
 * erased when it is freed: bytes and rate (over 5 s) each way, clients, time.
 * NULL (and nothing shown) elsewhere. */
typedef struct _GsockMeter GsockMeter;
GsockMeter *gsock_meter_new (const GsockStats *stats, GMainContext *context);
void gsock_meter_free (GsockMeter *meter);

G_END_DECLS

/* arrival.h: clients that have connected and are no connection yet
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/tls.h"

G_BEGIN_DECLS

/* The client has arrived: @carrier is the callee's to steal; or it has not,
 * for @error. */
typedef void (*GsockArrivedFunc) (guint64 id, GsockCarrier *carrier,
                                  const GsockPeer *peer, const GError *error,
                                  gpointer data);

/* Those of one thread; embedded in its owner, and touched by its worker's
 * thread alone. */
typedef struct
{
  GsockWorker *worker;
  GQueue waiting; /* Arrival, the oldest first */
  GsockArrivedFunc func;
  gpointer data;
} GsockArrivals;

void gsock_arrivals_init (GsockArrivals *arrivals, GsockWorker *worker,
                          GsockArrivedFunc func, gpointer data);
/* Shakes hands with it; func is called once for each, never before this
 * returns. */
void gsock_arrivals_add (GsockArrivals *arrivals, guint64 id,
                         GsockCarrier *carrier, const GsockPeer *peer,
                         GsockTls *tls);
/* Ends all of them, now; func is called for each. */
void gsock_arrivals_cut (GsockArrivals *arrivals, const GError *error);

G_END_DECLS

/* arrival.h: clients that have connected and are no connection yet
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/tls.h"

G_BEGIN_DECLS

/* Who it is. */
typedef struct
{
  guint64 id;     /* in events; 0: it has none yet */
  GsockPeer peer; /* the client, as far as that is known */
  GsockPeer via;  /* the balancer that spoke for it; AF_UNSPEC: nobody did */
  const GsockEndpoint *local; /* where it came to */
} GsockArrival;

/* The client has arrived: @carrier is the callee's to steal; or it has not,
 * for @error. */
typedef void (*GsockArrivedFunc) (const GsockArrival *arrival,
                                  GsockCarrier *carrier, const GError *error,
                                  gpointer data);

/* Those who wait for one thing; embedded in its owner, and touched by its
 * worker's thread alone. */
typedef struct
{
  GsockWorker *worker;
  GQueue waiting; /* Waiting, the oldest first */
  GsockArrivedFunc func;
  gpointer data;
} GsockArrivals;

void gsock_arrivals_init (GsockArrivals *arrivals, GsockWorker *worker,
                          GsockArrivedFunc func, gpointer data);
guint gsock_arrivals_count (const GsockArrivals *arrivals);

/* Func is called once for each, never before these return. */

/* Shakes hands with it. */
void gsock_arrivals_secure (GsockArrivals *arrivals, guint64 id,
                            GsockCarrier *carrier, const GsockPeer *peer,
                            GsockTls *tls);
/* Waits for the PROXY header of @peer, a balancer.  An error is said of it: a
 * verb and what follows. */
void gsock_arrivals_introduce (GsockArrivals *arrivals, GsockCarrier *carrier,
                               const GsockPeer *peer);

/* Ends all of them, now; func is called for each. */
void gsock_arrivals_cut (GsockArrivals *arrivals, const GError *error);
/* The same, and nobody is told. */
void gsock_arrivals_drop (GsockArrivals *arrivals);

G_END_DECLS

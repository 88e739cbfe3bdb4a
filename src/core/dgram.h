/* dgram.h: one datagram socket, many peers: each one a carrier of its own
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/carrier.h"
#include "core/endpoint.h"
#include "core/peer.h"
#include "core/worker.h"

G_BEGIN_DECLS

/* A peer that has been silent for so long is forgotten. */
#define GSOCK_DGRAM_IDLE (60 * G_TIME_SPAN_SECOND)
/* Peers of one socket at once; for another, the one that has been silent for
 * longest is forgotten. */
#define GSOCK_DGRAM_PEERS 4096

typedef struct
{
  gint64 idle;        /* microseconds; 0: peers are never forgotten */
  gboolean both_ways; /* one that is sent to isn't silent */
  guint max_peers;    /* at least 1 */
  gsize max_message;  /* bytes; a longer one is told and dropped */
  gboolean answers; /* what goes out answers what came: over UDP it must not be
                        more */
} GsockDgramOptions;

/* Belongs to its worker's thread. */
typedef struct _GsockDgram GsockDgram;

typedef enum
{
  GSOCK_DGRAM_IN,      /* @carrier was stolen */
  GSOCK_DGRAM_DENIED,  /* what it sends is dropped for a while */
  GSOCK_DGRAM_NO_ROOM, /* this message is dropped, and the longest silent peer
                          goes */
} GsockDgramAnswer;

/* A peer that isn't known: a message waits in @carrier. */
typedef GsockDgramAnswer (*GsockDgramFunc) (GsockCarrier *carrier,
                                            const GsockPeer *peer,
                                            const GsockEndpoint *local,
                                            gpointer data);

/* Serves @socket (bound, non-blocking, shared with the caller) from now on.
 * NULL with GSOCK_ERROR_FAILED. */
GsockDgram *gsock_dgram_new (GsockWorker *worker, GSocket *socket,
                             const GsockEndpoint *local,
                             const GsockDgramOptions *options,
                             GsockDgramFunc func, gpointer data,
                             GError **error);
/* No new peers; those there are go on. */
void gsock_dgram_close_door (GsockDgram *dgram);
/* Nothing is read any more, and @func is not called; the socket is closed when
 * the last carrier is. */
void gsock_dgram_free (GsockDgram *dgram);

/* Messages that did not reach a handler, or whom they were for. */
guint64 gsock_dgram_get_lost (const GsockDgram *dgram);

G_END_DECLS

/* connection.h: one stream: socket, watch, buffers, codec, handler, limits
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "core/buffer.h"
#include "core/carrier.h"
#include "core/codec.h"
#include "core/endpoint.h"
#include "core/handler.h"
#include "core/peer.h"
#include "core/rate.h"
#include "core/stats.h"
#include "core/worker.h"

G_BEGIN_DECLS

/* Marks of the out buffer, in bytes. */
#define GSOCK_HIGH_MARK (256 * 1024)
#define GSOCK_LOW_MARK (64 * 1024)
/* Datagrams have no end: after ours the peer has so long to answer, and again
 * after each answer. */
#define GSOCK_ANSWER_TIME (1 * G_TIME_SPAN_SECOND)

typedef void (*GsockConnectionClosedFunc) (GsockConnection *connection,
                                           const GError *error, gpointer data);

/* What connections of one owner have in common; outlives them, not changed
 * while one lives. */
typedef struct
{
  const GsockHandler *handler;
  gpointer handler_data;
  const GsockCodec *codec;
  gsize max_message;           /* bytes of a payload */
  gboolean crlf;               /* -C: LF goes out as CRLF */
  gint64 idle_timeout;         /* microseconds; 0: none */
  gint64 linger;               /* after both our ends: wait so long for the
                                      peer's; 0: for ever */
  guint64 rate;                /* bytes/s each way; 0: no limit */
  const GsockEndpoint *remote; /* a client's; NULL in a server */
  const char *side;            /* "upstream": of the client whose id it has;
                                      else NULL */
  GBytes *preamble;            /* sent first, without a frame; or NULL */
  GsockStats *stats;
  GsockConnectionClosedFunc closed;
  gpointer closed_data;
} GsockConnectionConfig;

/* Starts it: @fd is its own from now on.  Where a GSocket or GSocketConnection
 * owns @fd, that is @carrier, unref'ed (which closes) at the end; NULL: @fd is
 * closed.  Sends the preamble, calls the handler's opened. NULL with @error
 * where epoll refuses it; it is closed then too. */
GsockConnection *gsock_connection_new (const GsockConnectionConfig *config,
                                       GsockWorker *worker, guint64 id,
                                       GsockCarrier *carrier,
                                       const GsockPeer *peer, GError **error);

/* One message in the connection's frame.  FALSE with GSOCK_ERROR_USAGE where
 * the frame can't carry it; nothing is sent then. A connection that has ended
 * its side ignores it and returns TRUE. */
gboolean gsock_connection_send (GsockConnection *connection, const char *data,
                                gsize size, GError **error);
/* Bytes without a frame: a banner, a greeting. */
void gsock_connection_send_bytes (GsockConnection *connection, const char *data,
                                  gsize size);
/* Of what is sent from now on --explain shows the first @open bytes, and no
 * more than the number of the others, until it is called again. */
void gsock_connection_veil (GsockConnection *connection, gsize open);
/* Of what comes it shows as many as @func says, each time before the handler is
 * told.  The socket must carry it as it is. */
void gsock_connection_veil_received (GsockConnection *connection,
                                     GsockOpenFunc func, gpointer data);
/* No more from our side: half-closes when all queued is sent.  The connection
 * ends by itself when both sides have. */
void gsock_connection_end (GsockConnection *connection);
/* Ends it in the next round of its context (until then the struct is valid and
 * does nothing); what is queued is lost.  @error (borrowed): why; NULL:
 * cleanly, the handler knows that nothing is lost. */
void gsock_connection_close (GsockConnection *connection, const GError *error);

/* All that @from is told goes to @to and nothing else does: large streams may
 * then be moved by the kernel, and message is not called for them. */
void gsock_connection_relay (GsockConnection *from, GsockConnection *to);
/* Moves up to @size bytes of a file or (@is_pipe) a pipe to the peer unseen, as
 * write does: 0 at the end of @fd.  EAGAIN: @fd has nothing; EBUSY: not now,
 * and relieved will be called; EINVAL: not this way, send them. */
gssize gsock_connection_send_from (GsockConnection *connection, int fd,
                                   gboolean is_pipe, gsize size);

/* Pinned, it stays though both directions have ended, until it is unpinned;
 * an error ends it all the same. */
void gsock_connection_pin (GsockConnection *connection);
void gsock_connection_unpin (GsockConnection *connection);
/* Ends it with @error and frees it before it returns: from the closed of
 * another connection of its thread, never from a callback of its own. */
void gsock_connection_destroy (GsockConnection *connection,
                               const GError *error);

/* Once all that is queued has been sent, nothing is read any more, and the
 * handler's handed is given the descriptor, which is closed after that.  From
 * then on it ends only by gsock_connection_close.  Only where
 * gsock_connection_can_hand_over. */
void gsock_connection_hand_over (GsockConnection *connection);
gboolean gsock_connection_can_hand_over (const GsockConnection *connection);
/* When it has ended (the handler was told by closed) it still counts for its
 * owner until it is let go; then it is freed.  The owner does not end it because
 * it is quiet. */
void gsock_connection_keep (GsockConnection *connection);
void gsock_connection_let_go (GsockConnection *connection);
gboolean gsock_connection_is_kept (const GsockConnection *connection);

/* Reading stops while it is held (holds are counted). */
void gsock_connection_hold (GsockConnection *connection);
void gsock_connection_release (GsockConnection *connection);

/* Bytes queued and not yet taken by the kernel; over GSOCK_HIGH_MARK it is
 * full, and the handler is told by relieved when it is not any more. */
gsize gsock_connection_get_queued (const GsockConnection *connection);
gboolean gsock_connection_is_full (const GsockConnection *connection);
/* Monotonic microseconds of the last byte the kernel took from us. */
gint64 gsock_connection_get_progress (const GsockConnection *connection);
/* Monotonic microseconds of the last byte either way. */
gint64 gsock_connection_get_active (const GsockConnection *connection);
/* TRUE when no more can be sent: our side has ended, or failed. */
gboolean gsock_connection_has_ended (const GsockConnection *connection);

/* Its socket keeps messages apart (records, datagrams), whatever the codec. */
gboolean gsock_connection_keeps_messages (const GsockConnection *connection);
/* Neither side can say that it has ended: datagrams. */
gboolean gsock_connection_is_endless (const GsockConnection *connection);
/* Bytes of the longest message it can send, where it keeps them apart. */
gsize gsock_connection_get_largest (const GsockConnection *connection);
/* GSOCK_ERROR_USAGE that names the limit, for a message of @size bytes. */
gboolean gsock_connection_check_size (const GsockConnection *connection,
                                      gsize size, GError **error);

guint64 gsock_connection_get_id (const GsockConnection *connection);
int gsock_connection_get_fd (const GsockConnection *connection);
const GsockPeer *gsock_connection_get_peer (GsockConnection *connection);
/* What is known of it already; the only one to ask in config.closed. */
const GsockPeer *
gsock_connection_get_known_peer (const GsockConnection *connection);
/* Where it was accepted; NULL where that was not said. */
const GsockEndpoint *
gsock_connection_get_local (const GsockConnection *connection);
/* Where its client came to, as the balancer between says; NULL: none does. */
const GsockEndpoint *
gsock_connection_get_called (const GsockConnection *connection);
/* It is a balancer's own, which looks whether we are there: no client. */
gboolean gsock_connection_is_check (const GsockConnection *connection);
const char *gsock_connection_get_carrier_name (const GsockConnection *c);
const GsockConnectionConfig *
gsock_connection_get_config (const GsockConnection *connection);
gpointer gsock_connection_get_handler_data (const GsockConnection *c);
/* One pointer for the handler's own use, NULL at first. */
gpointer gsock_connection_get_state (const GsockConnection *connection);
void gsock_connection_set_state (GsockConnection *connection, gpointer state);
/* An index for the owner's own use, 0 at first. */
guint gsock_connection_get_slot (const GsockConnection *connection);
void gsock_connection_set_slot (GsockConnection *connection, guint slot);
/* Who is there, for messages: "127.0.0.1:40322", "/run/x"; escaped. */
char *gsock_connection_describe (GsockConnection *connection);
GsockWorker *gsock_connection_get_worker (const GsockConnection *connection);
guint64 gsock_connection_get_in (const GsockConnection *connection);
guint64 gsock_connection_get_out (const GsockConnection *connection);

G_END_DECLS

/* connection-private.h: what the two directions of a connection share
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/connection.h"
#include "core/error.h"

G_BEGIN_DECLS

/* Belongs to its worker's thread. */
struct _GsockConnection
{
  GsockWatch watch; /* first: a watch is its connection */
  GsockTimer timer;
  const GsockConnectionConfig *config;
  GsockWorker *worker;
  GsockCarrier carrier;
  GsockRate *rates;           /* in, out; NULL without a limit */
  const GsockEndpoint *local; /* where it was accepted; or NULL */
  gpointer state;
  GError *error; /* why it ends */
  GsockBuffer in, out;
  GsockPipe *pipe;         /* of the out queue, behind @out; or NULL */
  GsockConnection *sink;   /* where it relays to, and may splice to */
  GsockConnection *feeder; /* whose sink it is */
  guint64 id, bytes_in, bytes_out;
  gint64 since, active, progress;
  gint64 linger_until; /* 0: not lingering */
  gsize scanned;       /* of the first frame in the in buffer */
  guint slot;
  guint16 holds;
  guint8 streak; /* reads in a row that ask for the other way of reading */
  GsockPeer peer;
  unsigned int is_unix : 1;
  unsigned int shutting : 1;    /* the half-close waits until it can be sent */
  unsigned int dispatching : 1; /* in a call from below: don't free it yet */
  unsigned int dead : 1;
  unsigned int eof : 1;      /* the peer's end was read */
  unsigned int told_end : 1; /* and the handler knows */
  unsigned int told_gone : 1;
  unsigned int ending : 1; /* we end when all is sent */
  unsigned int shut : 1;   /* we have ended, or can't send */
  unsigned int cut : 1;    /* the peer's end is no end of its own making */
  unsigned int was_full : 1;
  unsigned int starved : 1; /* the kernel had no memory: try again soon */
  unsigned int gives : 1;   /* large reads to the handler's take */
  unsigned int splicing : 1;
  unsigned int waiting : 1; /* until all that its sink has queued is gone */
  unsigned int paced : 1;   /* waits for what --limit-rate lets go */
  unsigned int pinned : 1;  /* stays when both sides have ended */
  unsigned int last_cr : 1; /* for -C on a raw stream */
  unsigned int handing : 1; /* to be handed over when all is sent */
  unsigned int handed : 1;
  unsigned int kept : 1;  /* its owner counts it when it has ended too */
  unsigned int ended : 1; /* nothing is left of it but this struct */
};

/* connection.c: why it ends, and what it is called for next.  The first reason
 * is the one that is told. */
void connection_fail (GsockConnection *connection, GsockErrorCode code,
                      const char *format, ...) G_GNUC_PRINTF (3, 4);
void connection_take_error (GsockConnection *connection, GError *error,
                            int errnum);
void connection_settle (GsockConnection *connection);
/* How many of @wish bytes --limit-rate lets go now; 0 is in, 1 is out. */
gsize connection_rate_allows (GsockConnection *connection, guint direction,
                              gsize wish);

/* connection-hand.c: hands it over if that was asked for and nothing is
 * queued. */
void connection_try_hand_over (GsockConnection *connection);
/* connection.c: the owner is told, and it is freed. */
void connection_finish (GsockConnection *connection);

/* connection-in.c: reads what there is, within the budget, and tells. */
void connection_read (GsockConnection *connection);
/* The peer has closed altogether, if it has. */
void connection_tell_gone (GsockConnection *connection);

/* connection-out.c: sends what is queued; half-closes when it is time. */
void connection_flush (GsockConnection *connection);
void connection_finish_out (GsockConnection *connection);
/* The peer takes no more. */
void connection_give_up_out (GsockConnection *connection, int errnum);

/* It fails, for want of memory for what waits. */
void connection_fail_queue (GsockConnection *connection);
/* -C: every LF that no CR stands before as CRLF; @last_cr: one stands before all
 * of it.  NULL without memory, and it fails. */
char *connection_with_crlf (GsockConnection *connection, const char *data,
                            gsize *size, gboolean last_cr);

/* What has been carried, counted and told. */
void connection_note_received (GsockConnection *connection, const char *data,
                               gsize size);
void connection_note_sent (GsockConnection *connection, const char *data,
                           gsize size);
/* A send that returned -1: with @error (transfer full) or errno. */
void connection_send_failed (GsockConnection *connection, GError *error);
/* A frame or message that can't be: @reason (transfer full) after who. */
void connection_frame_failed (GsockConnection *connection, GError *reason);

/* connection-records.c: the same for a carrier that keeps messages.  The first
 * returns FALSE when reading is over for now. */
gboolean connection_read_record (GsockConnection *connection, gsize *budget);
gboolean connection_send_record (GsockConnection *connection, const char *data,
                                 gsize size, GError **error);
void connection_flush_records (GsockConnection *connection);

/* connection-in.c, connection-out.c: bytes have gone by that nobody looked at. */
void connection_note_moved_in (GsockConnection *connection, gsize size);
void connection_note_moved_out (GsockConnection *connection, gsize size);

/* connection-splice.c: large streams from one connection to another. */
void connection_note_read (GsockConnection *connection, gsize size);
gboolean connection_splice_once (GsockConnection *connection, gsize *budget);
void connection_flush_pipe (GsockConnection *connection);
void connection_drop_pipe (GsockConnection *connection);
void connection_leave_relay (GsockConnection *connection);

/* Bytes that the kernel has still to take. */
static inline gsize
connection_queued (const GsockConnection *connection)
{
  return connection->out.size
         + (connection->pipe != NULL ? connection->pipe->held : 0);
}

static inline gboolean
connection_awaits_out (const GsockConnection *connection)
{
  return connection_queued (connection) > 0 || connection->was_full
         || connection->shutting;
}

/* What one connection may read or write before the others have their turn. */
#define CONNECTION_BUDGET (256 * 1024)

G_END_DECLS

/* connection-in.c: what a connection reads, and how the peer's side ends
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <sys/socket.h>

#include "core/connection-private.h"
#include "core/log.h"
#include "core/units.h"

void
connection_frame_failed (GsockConnection *connection, GError *reason)
{
  g_autofree char *who = gsock_connection_describe (connection);

  /* TRANSLATORS: who, then what they did: "10.0.0.7:9000: a frame of ...". */
  connection_fail (connection, reason->code, _ ("%s: %s"), who,
                   reason->message);
  g_error_free (reason);
}

/* The frames of @data in turn; how many bytes they were.  Stops at a hold. */
static gsize
decode_all (GsockConnection *connection, const char *data, gsize size)
{
  const GsockConnectionConfig *config = connection->config;
  gsize done = 0;

  while (done < size && !connection->dead && connection->holds == 0)
    {
      GsockFrame frame = { 0 };
      GError *reason = NULL;

      switch (config->codec->decode (data + done, size - done,
                                     config->max_message, &connection->scanned,
                                     &frame, &reason))
        {
        case GSOCK_DECODE_MORE:
          return done;
        case GSOCK_DECODE_BAD:
          connection_frame_failed (connection, reason);
          return done;
        case GSOCK_DECODE_FRAME:
        default:
          connection->scanned = 0;
          config->handler->message (connection, data + done + frame.offset,
                                    frame.size);
          done += frame.consumed;
        }
    }
  return done;
}

/* Frames that an earlier hold left in the in buffer.  The buffer is set aside
 * meanwhile, since the handler's calls may come back here. */
static void
process_buffered (GsockConnection *connection)
{
  GsockBuffer buffered = connection->in;
  gsize size;
  const char *data = gsock_buffer_peek (&buffered, &size);
  gsize done;

  if (size == 0)
    return;
  connection->in = (GsockBuffer) { 0 };
  done = decode_all (connection, data, size);
  gsock_buffer_consume (&buffered, done);
  connection->in = buffered;
}

/* New bytes; FALSE when no more should be read now. */
static gboolean
process (GsockConnection *connection, const char *data, gsize size)
{
  const GsockConnectionConfig *config = connection->config;
  gboolean is_first = connection->in.size == 0;
  gsize done = 0;

  if (config->codec->raw)
    {
      config->handler->message (connection, data, size);
      return !connection->dead && connection->holds == 0;
    }
  if (is_first)
    done = decode_all (connection, data, size);
  if (connection->dead)
    return FALSE;
  if (!gsock_buffer_append (&connection->in, data + done, size - done, 0))
    {
      g_autofree char *who = gsock_connection_describe (connection);

      connection_fail (connection, GSOCK_ERROR_LIMIT,
                       _ ("No memory is left for a message from %s"), who);
      return FALSE;
    }
  if (!is_first)
    process_buffered (connection);
  return !connection->dead && connection->holds == 0;
}

/* The peer's end was read, and all before it has been handled or held. */
static void
tell_end (GsockConnection *connection)
{
  const GsockConnectionConfig *config = connection->config;

  if (!connection->eof || connection->told_end || connection->holds > 0
      || connection->dead)
    return;
  if (connection->cut && (connection->in.size > 0 || config->handler->relays))
    {
      connection->dead = TRUE; /* half a line is no last line */
      return;
    }
  if (connection->in.size > 0)
    {
      GsockBuffer left = connection->in;
      GsockFrame frame = { 0 };
      GError *reason = NULL;
      gsize size;
      const char *data = gsock_buffer_peek (&left, &size);

      connection->in = (GsockBuffer) { 0 };
      if (config->codec->finish (data, size, config->max_message, &frame,
                                 &reason)
          == GSOCK_DECODE_FRAME)
        config->handler->message (connection, data + frame.offset, frame.size);
      else
        connection_frame_failed (connection, reason);
      gsock_buffer_clear (&left);
      if (connection->dead || connection->holds > 0)
        return;
    }
  connection->told_end = TRUE;
  gsock_log (GSOCK_EVENT_HALF_CLOSED, .id = connection->id,
             .peer = gsock_connection_get_peer (connection),
             .remote = config->remote, .side = config->side);
  if (config->handler->ended != NULL)
    config->handler->ended (connection);
  else
    gsock_connection_end (connection);
}

/* Why the socket is gone: 0 where the peer has closed it after reading all. */
static int
pending_errno (const GsockConnection *connection)
{
  int errnum = 0;
  socklen_t size = sizeof errnum;

  if (connection_queued (connection) > 0)
    return EPIPE;
  (void) getsockopt (connection->watch.fd, SOL_SOCKET, SO_ERROR, &errnum,
                     &size);
  return errnum;
}

/* The peer has closed altogether.  What was queued for it, here or in the
 * kernel, is lost, and said; with nothing queued nothing is. */
void
connection_tell_gone (GsockConnection *connection)
{
  const GsockHandler *handler = connection->config->handler;
  int errnum;

  if (!connection->told_end || connection->told_gone || connection->shut
      || !(connection->watch.ready & GSOCK_READY_GONE))
    return;
  connection->told_gone = TRUE;
  errnum = pending_errno (connection);
  if (errnum != 0)
    connection_give_up_out (connection, errnum);
  else if (handler->gone != NULL)
    handler->gone (connection);
  else
    gsock_connection_end (connection);
}

void
connection_note_moved_in (GsockConnection *connection, gsize size)
{
  connection->bytes_in += size;
  connection->active = gsock_worker_now (connection->worker);
  if (connection->config->stats != NULL)
    gsock_stats_add (&connection->config->stats->in, size);
}

void
connection_note_received (GsockConnection *connection, const char *data,
                          gsize size)
{
  connection_note_moved_in (connection, size);
  if (connection->rates != NULL)
    gsock_rate_spend (&connection->rates[0], size);
  if (gsock_log_wants (GSOCK_EVENT_DATA))
    gsock_log (GSOCK_EVENT_DATA, .id = connection->id,
               .peer = gsock_connection_get_peer (connection),
               .remote = connection->config->remote,
               .side = connection->config->side, .text = "in", .data = data,
               .size = size, .count = connection->bytes_in - size);
}

/* After a short read, which most likely was all.  While others have their turn
 * the peer may send more, and the call that finds nothing is saved. */
static gboolean
ask_at_once (GsockConnection *connection)
{
  GsockPoller *poller = connection->worker->poller;

  if (!connection->carrier.klass->is_bare)
    return !gsock_poller_others_wait (poller);
  return (connection->watch.ready & GSOCK_READY_HANGUP) != 0
         || !gsock_poller_doubt (poller, &connection->watch);
}

/* One read; FALSE when reading is over for now. */
static gboolean
read_once (GsockConnection *connection, gsize *budget)
{
  GsockPoller *poller = connection->worker->poller;
  GsockCarrier *carrier = &connection->carrier;
  char *scratch = connection->worker->scratch;
  GError *error = NULL;
  gsize wish = connection_rate_allows (connection, 0, GSOCK_SCRATCH_SIZE);
  gssize n;

  if (wish == 0)
    return FALSE;
  if (connection->splicing)
    return connection_splice_once (connection, budget);
  n = carrier->klass->receive (carrier, scratch, wish, &error);
  if (n < 0 && error == NULL && (errno == EAGAIN || errno == EWOULDBLOCK))
    {
      gsock_poller_forget (poller, &connection->watch, GSOCK_READY_IN);
      return FALSE;
    }
  if (n < 0)
    {
      connection_take_error (connection, error, errno);
      connection->dead = TRUE;
      return FALSE;
    }
  if (n == 0)
    {
      connection->eof = TRUE;
      gsock_poller_forget (poller, &connection->watch, GSOCK_READY_IN);
      return FALSE;
    }
  connection_note_received (connection, scratch, (gsize) n);
  connection_note_read (connection, (gsize) n);
  *budget -= MIN (*budget, (gsize) n);
  if (!process (connection, scratch, (gsize) n))
    return FALSE;
  return (gsize) n == wish || ask_at_once (connection);
}

void
connection_read (GsockConnection *connection)
{
  gboolean records = connection->carrier.klass->records;
  gsize budget = CONNECTION_BUDGET;

  process_buffered (connection);
  while (budget > 0 && !connection->dead && !connection->eof
         && connection->holds == 0 && !connection->waiting
         && (connection->watch.ready & GSOCK_READY_IN))
    if (records ? !connection_read_record (connection, &budget)
                : !read_once (connection, &budget))
      break;
  tell_end (connection);
}

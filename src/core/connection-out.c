/* connection-out.c: what a connection sends, and how its own side ends
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/connection-private.h"
#include "core/log.h"
#include "core/units.h"

static void
start_lingering (GsockConnection *connection)
{
  if (connection->config->linger > 0 && connection->linger_until == 0)
    connection->linger_until = g_get_monotonic_time ()
                               + connection->config->linger;
}

void
connection_finish_out (GsockConnection *connection)
{
  int errnum;

  if (connection->shut || !connection->ending
      || connection_queued (connection) > 0)
    return;
  if (connection->told_end && !connection->pinned
      && !connection->carrier.klass->says_goodbye)
    {
      connection->shut = TRUE;
      return; /* both have ended: close says it all */
    }
  errnum = connection->carrier.klass->shut (&connection->carrier);
  connection->shutting = errnum == EAGAIN;
  if (connection->shutting)
    {
      gsock_poller_forget (connection->worker->poller, &connection->watch,
                           GSOCK_READY_OUT);
      return;
    }
  connection->shut = TRUE;
  if (errnum != 0 && errnum != ENOTCONN)
    connection_take_error (connection, NULL, errnum);
  start_lingering (connection);
}

/* The peer takes no more.  What it has said is still read; the error waits for
 * its end. */
void
connection_give_up_out (GsockConnection *connection, int errnum)
{
  connection_take_error (connection, NULL, errnum);
  gsock_buffer_clear (&connection->out);
  connection_drop_pipe (connection);
  /* EPIPE: the peer's own end came first, so what it said is whole. */
  connection->cut = errnum != EPIPE;
  connection->shut = connection->ending = TRUE;
  start_lingering (connection);
}

/* Out. */

void
connection_note_moved_out (GsockConnection *connection, gsize size)
{
  connection->bytes_out += size;
  connection->active = connection->progress = gsock_worker_now (
      connection->worker);
  if (connection->config->stats != NULL)
    gsock_stats_add (&connection->config->stats->out, size);
}

void
connection_note_sent (GsockConnection *connection, const char *data, gsize size)
{
  connection_note_moved_out (connection, size);
  if (connection->rates != NULL)
    gsock_rate_spend (&connection->rates[1], size);
  if (gsock_log_wants (GSOCK_EVENT_DATA))
    gsock_log (GSOCK_EVENT_DATA, .id = connection->id,
               .peer = gsock_connection_get_peer (connection),
               .remote = connection->config->remote,
               .side = connection->config->side, .text = "out", .data = data,
               .size = size, .count = connection->bytes_out - size);
}

void
connection_send_failed (GsockConnection *connection, GError *error)
{
  if (error != NULL)
    {
      connection_take_error (connection, error, 0);
      connection_give_up_out (connection, EPROTO);
    }
  else if (errno == ENOBUFS || errno == ENOMEM)
    connection->starved = TRUE;
  else if (errno == EAGAIN || errno == EWOULDBLOCK)
    gsock_poller_forget (connection->worker->poller, &connection->watch,
                         GSOCK_READY_OUT);
  else
    connection_give_up_out (connection, errno);
}

/* One send; how many bytes went, 0 when it would block or has failed. */
static gsize
send_some (GsockConnection *connection, const char *data, gsize size)
{
  GsockCarrier *carrier = &connection->carrier;
  GError *error = NULL;
  gsize allowed = connection_rate_allows (connection, 1, size);
  gssize n;

  if (allowed == 0)
    return 0;
  n = carrier->klass->send (carrier, data, allowed, &error);
  if (n < 0)
    {
      connection_send_failed (connection, error);
      return 0;
    }
  connection_note_sent (connection, data, (gsize) n);
  return (gsize) n;
}

static void
flush_bytes (GsockConnection *connection)
{
  gsize budget = CONNECTION_BUDGET;

  while (connection->out.size > 0 && budget > 0)
    {
      gsize size;
      const char *data = gsock_buffer_peek (&connection->out, &size);
      gsize sent = send_some (connection, data, MIN (size, budget));

      if (sent == 0)
        break;
      gsock_buffer_consume (&connection->out, sent);
      budget -= sent;
    }
}

void
connection_flush (GsockConnection *connection)
{
  if (connection->carrier.klass->records)
    connection_flush_records (connection);
  else
    flush_bytes (connection);
  connection_flush_pipe (connection);
  if (connection->was_full && connection_queued (connection) <= GSOCK_LOW_MARK)
    {
      connection->was_full = FALSE;
      if (!connection->dead && connection->config->handler->relieved != NULL)
        connection->config->handler->relieved (connection);
    }
  connection_finish_out (connection);
}

void
connection_fail_queue (GsockConnection *connection)
{
  g_autofree char *who = gsock_connection_describe (connection);

  connection_fail (connection, GSOCK_ERROR_LIMIT,
                   _ ("No memory is left for what %s has not read yet"), who);
}

static void
queue (GsockConnection *connection, const char *data, gsize size)
{
  if (size == 0 || connection->shut)
    return;
  if (!gsock_buffer_append (&connection->out, data, size, 0))
    {
      connection_fail_queue (connection);
      return;
    }
  connection->was_full |= connection->out.size > GSOCK_HIGH_MARK;
}

static void
send_or_queue (GsockConnection *connection, const char *data, gsize size)
{
  gsize sent = 0;

  /* A frame that has lost a part goes no further. */
  if (connection->dead)
    return;
  if (connection->out.size == 0 && size > 0)
    {
      sent = send_some (connection, data, size);
      /* The kernel may have room for the rest still: a short count only says
       * that it had none just now.  The event will tell. */
    }
  queue (connection, data + sent, size - sent);
}

/* Head, payload and tail in one call where the kernel takes it. */
static void
send_frame (GsockConnection *connection, const GsockFrameEnds *ends,
            const char *data, gsize size)
{
  g_autofree char *big = NULL;
  char small[512];
  gsize total = ends->head_size + size + ends->tail_size;
  char *whole = small;

  if (total > sizeof small)
    whole = big = size <= CONNECTION_BUDGET ? g_try_malloc (total) : NULL;
  if (whole == NULL)
    {
      send_or_queue (connection, ends->head, ends->head_size);
      send_or_queue (connection, data, size);
      send_or_queue (connection, ends->tail, ends->tail_size);
      return;
    }
  memcpy (whole, ends->head, ends->head_size);
  if (size > 0)
    memcpy (whole + ends->head_size, data, size);
  memcpy (whole + ends->head_size + size, ends->tail, ends->tail_size);
  send_or_queue (connection, whole, total);
}

char *
connection_with_crlf (GsockConnection *connection, const char *data,
                      gsize *size, gboolean last_cr)
{
  gsize n = 0, written = 0;
  char *out;

  for (gsize i = 0; i < *size; i++)
    n += data[i] == '\n';
  out = g_try_malloc (*size + n + 1);
  if (out == NULL)
    {
      connection_fail_queue (connection);
      return NULL;
    }
  for (gsize i = 0; i < *size; i++)
    {
      if (data[i] == '\n' && !last_cr)
        out[written++] = '\r';
      out[written++] = data[i];
      last_cr = data[i] == '\r';
    }
  *size = written;
  return out;
}

/* -C on a raw stream, whose pieces may end between a CR and its LF. */
static void
send_crlf (GsockConnection *connection, const char *data, gsize size)
{
  g_autofree char *out = NULL;

  if (size == 0)
    return;
  out = connection_with_crlf (connection, data, &size, connection->last_cr);
  if (out == NULL)
    return;
  connection->last_cr = out[size - 1] == '\r';
  send_or_queue (connection, out, size);
}

/**
 * gsock_connection_send:
 * @connection: a connection
 * @data: a message
 * @size: its bytes
 * @error: %GSOCK_ERROR_USAGE: the frame can't carry it, or it is longer than
 *   the socket's messages can be, and nothing was sent
 *
 * Sends one message in the connection's frame; where the carrier keeps messages
 * apart, as it is.  A connection whose own side
 * has ended ignores it.
 *
 * Returns: FALSE only with @error
 */
gboolean
gsock_connection_send (GsockConnection *connection, const char *data,
                       gsize size, GError **error)
{
  const GsockConnectionConfig *config = connection->config;
  GsockFrameEnds ends = { .head_size = 0 };

  if (connection->carrier.klass->records)
    return connection_send_record (connection, data, size, error);
  if (config->codec->raw && !config->crlf)
    {
      gsock_connection_send_bytes (connection, data, size);
      return TRUE;
    }
  if (!config->codec->encode (data, size, config->crlf, &ends, error))
    return FALSE;
  if (connection->ending || connection->shut || connection->dead)
    return TRUE;
  if (config->codec->raw)
    send_crlf (connection, data, size);
  else
    send_frame (connection, &ends, data, size);
  connection_settle (connection);
  return TRUE;
}

/**
 * gsock_connection_send_bytes:
 * @connection: a connection
 * @data: bytes, sent as they are
 * @size: how many
 */
void
gsock_connection_send_bytes (GsockConnection *connection, const char *data,
                             gsize size)
{
  if (connection->ending || connection->shut || connection->dead)
    return;
  if (connection->carrier.klass->records)
    {
      g_autoptr (GError) error = NULL;

      if (!connection_send_record (connection, data, size, &error))
        connection_frame_failed (connection, g_steal_pointer (&error));
      return;
    }
  send_or_queue (connection, data, size);
  connection_settle (connection);
}

/**
 * gsock_connection_veil:
 * @connection: a connection
 * @open: how many bytes of what is sent next are no secret
 */
void
gsock_connection_veil (GsockConnection *connection, gsize open)
{
  connection->carrier.veiled = TRUE;
  connection->carrier.open = connection_queued (connection) == 0 ? open : 0;
}

/**
 * gsock_connection_veil_received:
 * @connection: a connection
 * @func: how many of the bytes that have come are no secret
 * @data: for @func; outlives @connection
 */
void
gsock_connection_veil_received (GsockConnection *connection, GsockOpenFunc func,
                                gpointer data)
{
  connection->carrier.get_open = func;
  connection->carrier.open_data = data;
}

/**
 * gsock_connection_end:
 * @connection: a connection
 *
 * No more comes from our side: when all that is queued has been sent, it is
 * half-closed.
 */
void
gsock_connection_end (GsockConnection *connection)
{
  if (connection->ending || connection->handed)
    return;
  connection->ending = TRUE;
  connection_finish_out (connection);
  connection_settle (connection);
}

/* connection-records.c: a connection whose carrier keeps messages apart
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* No codec has a part in it: what one receive gives is a message, of 0 bytes
 * too, and goes to the handler as it is.  What the kernel does not take at once
 * waits in the out buffer, each message behind its length, so that it goes out
 * in one piece later. */

#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#include "core/connection-private.h"
#include "core/log.h"

/* Empty messages take their turn too. */
#define LEAST_COST 256
/* No socket's buffer lets a longer message through by default; pages that no
 * message reaches are never touched. */
#define ROOM_MAX (16 * 1024 * 1024)

/* In. */

/* Room for the longest message that is taken, at least the scratch's; NULL: there
 * is no memory for it, and the connection fails. */
static char *
room_for_message (GsockConnection *connection, gsize *size)
{
  GsockWorker *worker = connection->worker;
  gsize wish = MIN (connection->config->max_message, ROOM_MAX);

  *size = GSOCK_SCRATCH_SIZE;
  if (!connection->is_unix || wish <= GSOCK_SCRATCH_SIZE)
    return worker->scratch;
  if (worker->record_size < wish)
    {
      g_free (worker->record);
      worker->record = g_try_malloc (wish);
      worker->record_size = worker->record != NULL ? wish : 0;
    }
  if (worker->record == NULL)
    {
      g_autofree char *who = gsock_connection_describe (connection);

      connection_fail (connection, GSOCK_ERROR_LIMIT,
                       _ ("No memory is left for a message from %s"), who);
      return NULL;
    }
  *size = wish;
  return worker->record;
}

static GError *
new_too_long_error (gsize size, gsize limit)
{
  return g_error_new (
      GSOCK_ERROR, GSOCK_ERROR_FRAME_TOO_BIG,
      g_dngettext (
          GETTEXT_PACKAGE,
          /* TRANSLATORS: said of a peer, whose name and a colon come
                    * before it; the last word is an option's name. */
          "sent a message of %" PRIu64 " byte; the limit is %" PRIu64 " (%s)",
          "sent a message of %" PRIu64 " bytes; the limit is %" PRIu64 " (%s)",
          (gulong) size),
      (guint64) size, (guint64) limit, "--max-message");
}

/* One of a server's many who talk by datagrams loses the message, and is not
 * lost itself: the next one may be well. */
static void
take_too_long (GsockConnection *connection, gsize size, gsize limit)
{
  GError *reason = new_too_long_error (size, limit);
  g_autoptr (GError) error = NULL;
  g_autofree char *who = NULL;

  if (!connection->carrier.klass->endless || connection->config->remote != NULL)
    {
      connection_frame_failed (connection, reason);
      return;
    }
  who = gsock_connection_describe (connection);
  error = g_error_new (reason->domain, reason->code, "%s: %s", who,
                       reason->message);
  gsock_log (GSOCK_EVENT_WARNING, .id = connection->id,
             .peer = gsock_connection_get_peer (connection), .error = error);
  g_error_free (reason);
}

static gboolean
receive_failed (GsockConnection *connection, GError *error)
{
  if (error == NULL && (errno == EAGAIN || errno == EWOULDBLOCK))
    {
      gsock_poller_forget (connection->worker->poller, &connection->watch,
                           GSOCK_READY_IN);
      return FALSE;
    }
  connection_take_error (connection, error, errno);
  connection->dead = TRUE;
  return FALSE;
}

/* One message; FALSE when reading is over for now.  --limit-rate can't have a
 * part of one: what was too much is waited for later. */
gboolean
connection_read_record (GsockConnection *connection, gsize *budget)
{
  GsockCarrier *carrier = &connection->carrier;
  gsize limit = connection->config->max_message;
  GError *error = NULL;
  gsize room;
  char *data = room_for_message (connection, &room);
  gssize n;

  if (data == NULL || connection_rate_allows (connection, 0, 1) == 0)
    return FALSE;
  carrier->ended = FALSE;
  n = carrier->klass->receive (carrier, data, room, &error);
  if (n < 0)
    return receive_failed (connection, error);
  if (carrier->ended)
    {
      connection->eof = TRUE;
      gsock_poller_forget (connection->worker->poller, &connection->watch,
                           GSOCK_READY_IN);
      return FALSE;
    }
  connection_note_received (connection, data, MIN ((gsize) n, room));
  *budget -= MIN (*budget, MAX ((gsize) n, LEAST_COST));
  if ((gsize) n > MIN (room, limit))
    take_too_long (connection, (gsize) n, MIN (room, limit));
  else
    connection->config->handler->message (connection, data, (gsize) n);
  return !connection->dead && connection->holds == 0;
}

/* Out. */

/* FALSE: it has to wait, or will never go. */
static gboolean
send_now (GsockConnection *connection, const char *data, gsize size)
{
  GsockCarrier *carrier = &connection->carrier;
  GError *error = NULL;

  if (connection_rate_allows (connection, 1, 1) == 0)
    return FALSE;
  if (carrier->klass->send (carrier, data, size, &error) < 0)
    {
      connection_send_failed (connection, error);
      return FALSE;
    }
  connection_note_sent (connection, data, size);
  return TRUE;
}

void
connection_flush_records (GsockConnection *connection)
{
  gsize budget = CONNECTION_BUDGET;

  while (connection->out.size > 0 && budget > 0)
    {
      gsize queued, size;
      const char *data = gsock_buffer_peek (&connection->out, &queued);

      memcpy (&size, data, sizeof size);
      if (!send_now (connection, data + sizeof size, size))
        return;
      gsock_buffer_consume (&connection->out, sizeof size + size);
      budget -= MIN (budget, MAX (size, LEAST_COST));
    }
}

static void
queue (GsockConnection *connection, const char *data, gsize size)
{
  if (connection->shut)
    return;
  if (gsock_buffer_append (&connection->out, &size, sizeof size, 0)
      && gsock_buffer_append (&connection->out, data, size, 0))
    {
      connection->was_full |= connection->out.size > GSOCK_HIGH_MARK;
      return;
    }
  connection_fail_queue (connection);
}

/**
 * gsock_connection_check_size:
 * @connection: a connection that keeps messages apart
 * @size: bytes of a message
 * @error: %GSOCK_ERROR_USAGE
 *
 * Returns: whether its socket can send it
 */
gboolean
gsock_connection_check_size (const GsockConnection *connection, gsize size,
                             GError **error)
{
  gsize limit = connection->carrier.largest;

  if (!connection->carrier.klass->records || size <= limit)
    return TRUE;
  g_set_error (
      error, GSOCK_ERROR, GSOCK_ERROR_USAGE,
      g_dngettext (GETTEXT_PACKAGE,
                   "A message has %" PRIu64
                   " byte; this kind of socket carries %" PRIu64 " at most",
                   "A message has %" PRIu64
                   " bytes; this kind of socket carries %" PRIu64 " at most",
                   (gulong) size),
      (guint64) size, (guint64) limit);
  return FALSE;
}

gboolean
connection_send_record (GsockConnection *connection, const char *data,
                        gsize size, GError **error)
{
  g_autofree char *lines = NULL;

  if (connection->config->crlf && size > 0)
    {
      data = lines = connection_with_crlf (connection, data, &size, FALSE);
      if (lines == NULL)
        {
          connection_settle (connection);
          return TRUE;
        }
    }
  if (!gsock_connection_check_size (connection, size, error))
    return FALSE;
  if (connection->ending || connection->shut || connection->dead)
    return TRUE;
  if (connection->out.size > 0 || !send_now (connection, data, size))
    queue (connection, data, size);
  connection_settle (connection);
  return TRUE;
}

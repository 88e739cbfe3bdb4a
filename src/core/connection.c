/* connection.c: one stream: its life, its limits in time, what it is called for
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A connection has two directions, and each ends by itself.
 *
 *   in:   recv -> (in buffer) -> codec -> handler.message ... handler.ended
 *   out:  send / send_bytes -> (out buffer) -> send ... shutdown
 *
 * Bytes are read into the worker's scratch, so a connection that waits holds no
 * buffer; only what is left of a frame is kept.  What the kernel does not take
 * at once is kept in the out buffer: over GSOCK_HIGH_MARK the handler should
 * feed it no more, and is told by relieved when it may.
 *
 * When the peer can't be written to any more (EPIPE, a reset), what it said
 * before is still read to its end: the error is told then.  When both
 * directions have ended the connection closes by itself.  A close with bytes
 * unread would have the kernel send a reset, which can destroy what the peer
 * has not read yet: so an end is a shutdown first, then reading to the peer's
 * end, for as long as the linger time allows. */

#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <sys/socket.h>

#include "core/call.h"
#include "core/connection-private.h"
#include "core/log.h"
#include "core/units.h"

/* No event tells that the kernel has memory again. */
#define STARVED_WAIT (100 * G_TIME_SPAN_MILLISECOND)

static GsockConnection *
connection_from_timer (GsockTimer *timer)
{
  return (GsockConnection *) ((char *) timer
                              - G_STRUCT_OFFSET (GsockConnection, timer));
}

/* The first reason is the one that is told. */
void
connection_fail (GsockConnection *connection, GsockErrorCode code,
                 const char *format, ...)
{
  va_list args;

  connection->dead = TRUE;
  if (connection->error != NULL)
    return;
  va_start (args, format);
  connection->error = g_error_new_valist (GSOCK_ERROR, code, format, args);
  va_end (args);
}

static GError *
new_io_error (GsockConnection *connection, int errnum)
{
  g_autofree char *who = gsock_connection_describe (connection);
  GError *error = NULL;

  if (errnum == ECONNRESET || errnum == EPIPE)
    {
      g_autofree char *got = gsock_format_size (connection->bytes_in);
      g_autofree char *sent = gsock_format_size (connection->bytes_out);

      if (connection->in.size > 0)
        return g_error_new (
            GSOCK_ERROR, GSOCK_ERROR_RESET,
            g_dngettext (GETTEXT_PACKAGE,
                         /* TRANSLATORS: the peer, e.g. 10.0.0.7:9000. */
                         "%s reset the connection after %" PRIu64
                         " byte of an unfinished message",
                         "%s reset the connection after %" PRIu64
                         " bytes of an unfinished message",
                         connection->in.size),
            who, (guint64) connection->in.size);
      return g_error_new (GSOCK_ERROR, GSOCK_ERROR_RESET,
                          /* TRANSLATORS: the peer, then two sizes such as
                             "12 bytes" and "3 MB". */
                          _ ("%s reset the connection (%s received, %s sent)"),
                          who, got, sent);
    }
  if (errnum == ECONNREFUSED)
    return g_error_new (GSOCK_ERROR, GSOCK_ERROR_CONNECT,
                        /* TRANSLATORS: an address; said of datagrams. */
                        _ ("Nobody listens at %s: the datagram was refused"),
                        who);
  if (errnum == ETIMEDOUT || errnum == EHOSTUNREACH || errnum == ENETUNREACH)
    gsock_set_error_errno (&error, GSOCK_ERROR_TIMED_OUT, errnum,
                           _ ("The connection with %s was lost"), who);
  else
    gsock_set_error_errno (&error, GSOCK_ERROR_FAILED, errnum,
                           _ ("The connection with %s failed"), who);
  return error;
}

/* @error: (transfer full) or, where it is NULL, @errnum.  The first one counts. */
void
connection_take_error (GsockConnection *connection, GError *error, int errnum)
{
  if (connection->error != NULL)
    g_clear_error (&error);
  else
    connection->error = error != NULL ? error
                                      : new_io_error (connection, errnum);
}

gsize
connection_rate_allows (GsockConnection *connection, guint direction,
                        gsize wish)
{
  if (connection->rates == NULL)
    return wish;
  return gsock_rate_allows (&connection->rates[direction],
                            g_get_monotonic_time (), wish);
}

/* Time. */

static void
consider (gint64 *due, gint64 when)
{
  if (*due < 0 || when < *due)
    *due = when;
}

/* One of a datagram socket's many is forgotten by the socket's own table. */
static gint64
idle_limit (const GsockConnection *connection)
{
  return connection->carrier.klass->attach == NULL
             ? connection->config->idle_timeout
             : 0;
}

/* Until when --limit-rate lets nothing go, and whether there is anything. */
static void
consider_rates (GsockConnection *connection, gint64 *due)
{
  gint64 now = g_get_monotonic_time ();

  connection->paced = FALSE;
  for (guint i = 0; i < 2; i++)
    if (gsock_rate_allows (&connection->rates[i], now, 1) == 0)
      {
        consider (due, gsock_rate_when (&connection->rates[i], now));
        if (i == 0 ? !connection->eof : connection_awaits_out (connection))
          connection->paced = TRUE;
      }
}

static void
arm_timer (GsockConnection *connection)
{
  gint64 due = -1;

  if (idle_limit (connection) > 0)
    consider (&due, connection->active + idle_limit (connection));
  if (connection->linger_until > 0)
    consider (&due, connection->linger_until);
  if (connection->starved)
    consider (&due, g_get_monotonic_time () + STARVED_WAIT);
  if (connection->rates != NULL)
    consider_rates (connection, &due);
  /* A timer that is due too early looks again when it comes: cheaper than to
   * move it with each byte. */
  if (due < 0)
    gsock_worker_disarm (connection->worker, &connection->timer);
  else if (!gsock_timer_is_armed (&connection->timer)
           || due < connection->timer.due)
    gsock_worker_arm (connection->worker, &connection->timer, due);
}

static void
timer_cb (GsockTimer *timer)
{
  GsockConnection *connection = connection_from_timer (timer);
  gint64 now = g_get_monotonic_time ();
  gint64 idle = idle_limit (connection);

  /* Until now we kept our rate; or it is held, and has nothing left to read
   * from us: it waits for us. */
  if (connection->paced
      || ((connection->holds > 0 || connection->waiting)
          && connection_queued (connection) == 0))
    connection->active = now;
  if (idle > 0 && now >= connection->active + idle)
    {
      g_autofree char *who = gsock_connection_describe (connection);
      g_autofree char *time = gsock_format_time (idle);

      gsock_log (GSOCK_EVENT_IDLE, .id = connection->id,
                 .peer = gsock_connection_get_peer (connection),
                 .remote = connection->config->remote,
                 .side = connection->config->side, .duration = idle);
      connection_fail (connection, GSOCK_ERROR_TIMED_OUT,
                       /* TRANSLATORS: the peer, then a time such as "5 s". */
                       _ ("%s was silent for %s (--idle-timeout)"), who, time);
    }
  else if (connection->linger_until > 0 && now >= connection->linger_until)
    connection->dead = TRUE;
  if (!connection->dead && (connection->rates != NULL || connection->starved))
    gsock_poller_again (connection->worker->poller, &connection->watch);
  connection->starved = FALSE;
  connection_settle (connection);
}

/* The end. */

static const char *
reason_of (const GError *error)
{
  if (error == NULL)
    return "clean";
  return error->domain == GSOCK_ERROR ? gsock_error_code_name (error->code)
                                      : "failed";
}

/* The peer has not been told an end, and a close would tell it one.  (A UNIX
 * socket has no other; it takes the option and tells an end.) */
static void
reset_at_close (GsockConnection *connection)
{
  struct linger linger = { .l_onoff = 1 };
  int fd = connection->watch.fd;
  int result;

  if (connection->error == NULL || connection->shut || connection->is_unix)
    return;
  result = setsockopt (fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
  if (gsock_explaining ())
    gsock_call (GSOCK_CALL_SETSOCKOPT, NULL, result, result == 0 ? 0 : errno,
                NULL, "%d, SOL_SOCKET, SO_LINGER, {1, 0}", fd);
}

void
connection_finish (GsockConnection *connection)
{
  const GsockConnectionConfig *config = connection->config;

  if (config->closed != NULL)
    config->closed (connection, connection->error, config->closed_data);
  gsock_buffer_clear (&connection->in);
  gsock_buffer_clear (&connection->out);
  g_clear_error (&connection->error);
  g_free (connection->rates);
  g_free (connection);
}

static void
end_now (GsockConnection *connection)
{
  const GsockConnectionConfig *config = connection->config;

  if (config->handler->relays)
    reset_at_close (connection);
  connection->dispatching = TRUE;
  gsock_worker_disarm (connection->worker, &connection->timer);
  if (config->handler->closed != NULL)
    config->handler->closed (connection, connection->error);
  gsock_log (GSOCK_EVENT_CLOSED, .id = connection->id,
             .peer = gsock_connection_get_peer (connection),
             .remote = config->remote, .side = config->side,
             .in = connection->bytes_in, .out = connection->bytes_out,
             .duration = g_get_monotonic_time () - connection->since,
             .text = reason_of (connection->error));
  if (connection->error != NULL)
    (void) gsock_connection_get_peer (connection); /* it will be told */
  gsock_poller_remove (connection->worker->poller, &connection->watch);
  connection_leave_relay (connection);
  gsock_carrier_close (&connection->carrier);
  connection->watch.fd = -1;
  connection->ended = TRUE;
  if (!connection->kept)
    connection_finish (connection);
}

static gboolean
is_over (const GsockConnection *connection)
{
  if (connection->dead)
    return TRUE;
  if (!connection->shut || connection_queued (connection) > 0
      || connection->handed
      || (connection->pinned && connection->error == NULL))
    return FALSE;
  /* Of datagrams no end comes: what has come already is all there is. */
  if (connection->carrier.klass->endless)
    return connection->holds > 0
           || (connection->watch.ready & GSOCK_READY_IN) == 0;
  return connection->told_end;
}

/* After whatever happened: say what to be called for next.  One that is over
 * ends in the next round and not here, in the middle of its caller's work. */
void
connection_settle (GsockConnection *connection)
{
  guint wanted = 0;

  if (connection->dispatching || connection->ended)
    return;
  if (is_over (connection))
    {
      gsock_poller_want (connection->worker->poller, &connection->watch, 0);
      gsock_poller_again (connection->worker->poller, &connection->watch);
      return;
    }
  if (connection->handed)
    return;
  /* Before the rates are asked: what they refuse here has its time there. */
  arm_timer (connection);
  if (connection_awaits_out (connection) && !connection->starved
      && connection_rate_allows (connection, 1, 1) > 0)
    wanted |= GSOCK_READY_OUT;
  if (!connection->eof && connection->holds == 0 && !connection->waiting
      && connection_rate_allows (connection, 0, 1) > 0)
    wanted |= GSOCK_READY_IN;
  if (connection->told_end && !connection->told_gone)
    wanted |= GSOCK_READY_GONE;
  gsock_poller_want (connection->worker->poller, &connection->watch, wanted);
}

static void
ready_cb (GsockWatch *watch)
{
  GsockConnection *connection = (GsockConnection *) watch;

  connection->dispatching = TRUE;
  if (!is_over (connection) && connection_awaits_out (connection)
      && (watch->ready & GSOCK_READY_OUT))
    connection_flush (connection);
  if (!is_over (connection) && connection->holds == 0 && !connection->waiting
      && !connection->handed)
    connection_read (connection);
  if (!is_over (connection))
    connection_tell_gone (connection);
  if (!is_over (connection))
    connection_try_hand_over (connection);
  connection->dispatching = FALSE;
  if (is_over (connection))
    end_now (connection);
  else
    connection_settle (connection);
}

/**
 * gsock_connection_close:
 * @connection: a connection
 * @error: (nullable): why; NULL: cleanly
 *
 * Ends it in the next round of its context; until then it stays valid and does
 * nothing.  What is queued is lost.
 */
void
gsock_connection_close (GsockConnection *connection, const GError *error)
{
  if (connection->ended && connection->config->handler->cut != NULL)
    connection->config->handler->cut (connection);
  if (connection->dead || connection->ended)
    return;
  connection->dead = TRUE;
  if (error != NULL && connection->error == NULL)
    connection->error = g_error_copy (error);
  connection_settle (connection);
}

/**
 * gsock_connection_pin:
 * @connection: a connection
 *
 * When both directions have ended it is shut down all the same, but stays.
 */
void
gsock_connection_pin (GsockConnection *connection)
{
  connection->pinned = TRUE;
}

/**
 * gsock_connection_unpin:
 * @connection: a connection that is pinned
 */
void
gsock_connection_unpin (GsockConnection *connection)
{
  connection->pinned = FALSE;
  connection_settle (connection);
}

/**
 * gsock_connection_destroy:
 * @connection: (transfer full): a connection, not in a callback of its own
 * @error: (nullable): why, where there is no reason yet
 *
 * As gsock_connection_close(), now: its handler's closed is called, and it is
 * freed.
 */
void
gsock_connection_destroy (GsockConnection *connection, const GError *error)
{
  g_return_if_fail (!connection->dispatching);
  connection->dead = TRUE;
  if (error != NULL && connection->error == NULL)
    connection->error = g_error_copy (error);
  end_now (connection);
}

/**
 * gsock_connection_hold:
 * @connection: a connection
 *
 * Nothing more is read from it, nor told of what was, until it is released as
 * often as it was held.
 */
void
gsock_connection_hold (GsockConnection *connection)
{
  connection->holds++;
  connection_settle (connection);
}

/**
 * gsock_connection_release:
 * @connection: a connection that is held
 */
void
gsock_connection_release (GsockConnection *connection)
{
  g_return_if_fail (connection->holds > 0);
  connection->holds--;
  if (connection->holds > 0 || connection->dead)
    return;
  gsock_poller_again (connection->worker->poller, &connection->watch);
  connection_settle (connection);
}

/**
 * gsock_connection_new:
 * @config: what it shares with its siblings; outlives it
 * @worker: whose thread it belongs to
 * @id: its number in events
 * @carrier: (transfer full): what carries its bytes
 * @peer: who it is, as far as that is known already; the family at least
 * @error: %GSOCK_ERROR_FAILED: it can't be watched
 *
 * Starts a connection: sends the preamble and calls the handler's opened.
 *
 * Returns: (transfer none): it owns itself and ends by itself; NULL only with
 *   @error
 */
GsockConnection *
gsock_connection_new (const GsockConnectionConfig *config, GsockWorker *worker,
                      guint64 id, GsockCarrier *carrier, const GsockPeer *peer,
                      GError **error)
{
  GsockConnection *connection = g_new0 (GsockConnection, 1);

  if (!gsock_poller_add (worker->poller, &connection->watch, carrier->fd,
                         ready_cb, error))
    {
      g_free (connection);
      gsock_carrier_close (carrier);
      return NULL;
    }
  connection->config = config;
  /* What it has of the peer's already, no event will tell. */
  if (carrier->has_ahead)
    connection->watch.ready |= GSOCK_READY_IN;
  connection->worker = worker;
  connection->id = id;
  connection->local = carrier->local;
  connection->carrier = gsock_carrier_steal (carrier);
  if (connection->carrier.klass->attach != NULL)
    connection->carrier.klass->attach (&connection->carrier,
                                       &connection->watch);
  connection->timer.func = timer_cb;
  connection->is_unix = peer->family == AF_UNIX;
  connection->since = connection->active = connection->progress =
      g_get_monotonic_time ();
  connection->peer = *peer;
  if (config->rate > 0)
    {
      connection->rates = g_new (GsockRate, 2);
      gsock_rate_init (&connection->rates[0], config->rate, connection->since);
      gsock_rate_init (&connection->rates[1], config->rate, connection->since);
    }
  connection->dispatching = TRUE;
  if (config->preamble != NULL)
    {
      gsize size;
      const char *data = g_bytes_get_data (config->preamble, &size);

      gsock_connection_send_bytes (connection, data, size);
    }
  if (config->handler->opened != NULL)
    config->handler->opened (connection);
  connection->dispatching = FALSE;
  connection_settle (connection);
  return connection;
}

/* connection-splice.c: bytes that go from one connection to another as they are
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* For small messages a recv and a send are the cheapest; what fills the buffer
 * again and again is better moved by the kernel, socket to pipe to socket.  A
 * connection that relays to another begins with copying, changes when enough
 * reads in a row were large, and back when enough were small:
 *
 *   copying:   recv -> handler.message -> send -> (out buffer of the other)
 *   splicing:  splice -> pipe -> splice
 *
 * The pipe is the second part of the other's out queue, behind its out buffer,
 * and counts as queued there.  It is filled only when all of that queue has
 * gone: so the order is kept, and an EAGAIN of the filling can only mean that
 * the socket has nothing.  Until then the connection waits, and the other wakes
 * it.  A pipe is taken when there is something to move, and given back when
 * the socket has run dry. */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>

#include "core/connection-private.h"
#include "core/log.h"

/* A read of so much is large; three of them in a row begin it. */
#define LARGE (32 * 1024)
#define SMALL (8 * 1024)
#define IN_A_ROW 3
/* In one call where nobody else waits for his turn. */
#define ALONE (1024 * 1024)

/* The bytes must be ours to pass over, and nobody else may want to see them. */
static gboolean
may_splice (const GsockConnection *connection)
{
  return connection->carrier.klass->splices && connection->config->codec->raw
         && !connection->config->crlf && connection->rates == NULL
         && !gsock_log_wants (GSOCK_EVENT_DATA) && !gsock_explaining ();
}

/**
 * gsock_connection_relay:
 * @from: a connection whose handler sends all it is told to @to, and nothing
 *   of its own
 * @to: (nullable): another of the same thread, to which nobody else sends;
 *   %NULL: the handler's take moves them
 *
 * Where nothing forbids it, bytes of @from may reach @to without the handler's
 * message being called.
 */
void
gsock_connection_relay (GsockConnection *from, GsockConnection *to)
{
  if (!may_splice (from) || (to != NULL && !may_splice (to)))
    return;
  from->sink = to;
  if (to != NULL)
    to->feeder = from;
  else
    from->gives = from->config->handler->take != NULL;
}

static void
stop (GsockConnection *connection)
{
  connection->splicing = connection->waiting = FALSE;
  connection->streak = 0;
}

/* Whatever it had waited for: the connection reads on. */
static void
wake_feeder (GsockConnection *connection)
{
  GsockConnection *feeder = connection->feeder;

  if (feeder == NULL || !feeder->waiting)
    return;
  feeder->waiting = FALSE;
  gsock_poller_again (feeder->worker->poller, &feeder->watch);
  connection_settle (feeder);
}

void
connection_drop_pipe (GsockConnection *connection)
{
  GsockPipe *pipe = g_steal_pointer (&connection->pipe);

  if (pipe != NULL)
    gsock_pipes_give (&connection->worker->pipes, pipe);
  wake_feeder (connection);
}

/* It is about to be freed. */
void
connection_leave_relay (GsockConnection *connection)
{
  connection_drop_pipe (connection);
  if (connection->feeder != NULL)
    {
      stop (connection->feeder);
      connection->feeder->sink = NULL;
    }
  if (connection->sink != NULL)
    connection->sink->feeder = NULL;
}

/* A recv gave @size bytes. */
void
connection_note_read (GsockConnection *connection, gsize size)
{
  if (connection->sink == NULL && !connection->gives)
    return;
  connection->streak = size >= LARGE ? connection->streak + 1 : 0;
  if (connection->streak < IN_A_ROW)
    return;
  connection->splicing = TRUE;
  connection->streak = 0;
}

void
connection_flush_pipe (GsockConnection *connection)
{
  GsockPipe *pipe = connection->pipe;

  if (connection->out.size > 0)
    return;
  while (pipe != NULL && pipe->held > 0)
    {
      gssize n = gsock_pipe_drain (pipe, connection->watch.fd);

      if (n > 0)
        connection_note_moved_out (connection, (gsize) n);
      else if (n < 0 && (errno == ENOBUFS || errno == ENOMEM))
        {
          connection->starved = TRUE;
          return;
        }
      else if (n < 0 && errno != EAGAIN)
        {
          connection_give_up_out (connection, errno);
          return;
        }
      else
        {
          gsock_poller_forget (connection->worker->poller, &connection->watch,
                               GSOCK_READY_OUT);
          return;
        }
    }
  wake_feeder (connection);
}

/* TCP's urgent byte stops splice, which then says what it says of a socket that
 * has nothing, or, where the peer's end has come too, has ended.  recv reads on
 * behind it. */
static gboolean
is_at_urgent (const GsockConnection *connection)
{
  int at = 0;

  return !connection->is_unix
         && ioctl (connection->watch.fd, SIOCATMARK, &at) == 0 && at != 0;
}

/* What was moved, or that nothing was; FALSE when reading is over for now. */
static gboolean
take_outcome (GsockConnection *connection, gssize n, int errnum)
{
  if (n > 0)
    {
      connection_note_moved_in (connection, (gsize) n);
      connection->streak = n < SMALL ? connection->streak + 1 : 0;
      return TRUE;
    }
  if (n < 0 && errnum == EBUSY)
    return FALSE;
  if (n < 0 && errnum != EAGAIN)
    {
      connection_take_error (connection, NULL, errnum);
      connection->dead = TRUE;
      return FALSE;
    }
  if (is_at_urgent (connection))
    {
      stop (connection);
      return TRUE;
    }
  connection->eof = n == 0;
  gsock_poller_forget (connection->worker->poller, &connection->watch,
                       GSOCK_READY_IN);
  return FALSE;
}

/* By way of a pipe to the connection that it relays to. */
static gboolean
splice_to_sink (GsockConnection *connection, gsize *budget)
{
  GsockConnection *sink = connection->sink;
  gssize n;
  int errnum;

  if (connection_queued (sink) > 0)
    {
      connection->waiting = TRUE;
      return FALSE;
    }
  if (connection->streak >= IN_A_ROW || sink->shut || sink->ending)
    {
      stop (connection);
      connection_drop_pipe (sink);
      return TRUE;
    }
  if (sink->pipe == NULL)
    sink->pipe = gsock_pipes_take (&connection->worker->pipes);
  if (sink->pipe == NULL)
    {
      stop (connection);
      return TRUE;
    }
  n = gsock_pipe_fill (sink->pipe, connection->watch.fd, *budget);
  errnum = n < 0 ? errno : 0;
  if (n > 0)
    {
      *budget -= MIN (*budget, (gsize) n);
      connection_flush_pipe (sink);
      connection_settle (sink);
    }
  else
    connection_drop_pipe (sink);
  if (errnum != EINVAL)
    return take_outcome (connection, n, errnum);
  /* A kind of socket that the kernel can't do it with. */
  sink->feeder = connection->sink = NULL;
  stop (connection);
  return TRUE;
}

static gboolean
splice_to_handler (GsockConnection *connection, gsize *budget)
{
  gssize n = -1;

  errno = EINVAL;
  if (connection->streak < IN_A_ROW)
    n = connection->config->handler->take (
        connection, connection->watch.fd,
        gsock_poller_others_wait (connection->worker->poller) ? *budget
                                                              : ALONE);
  if (n > 0)
    *budget -= MIN (*budget, (gsize) n);
  if (n >= 0 || errno != EINVAL)
    return take_outcome (connection, n, errno);
  connection->gives = connection->streak >= IN_A_ROW;
  stop (connection);
  return TRUE;
}

/* As a read: FALSE when it is over for now. */
gboolean
connection_splice_once (GsockConnection *connection, gsize *budget)
{
  if (connection->sink != NULL)
    return splice_to_sink (connection, budget);
  if (connection->gives)
    return splice_to_handler (connection, budget);
  stop (connection);
  return TRUE;
}

/* The peer takes no more now. */
static gssize
wait_for_room (GsockConnection *connection)
{
  connection->was_full = TRUE;
  connection_settle (connection);
  errno = EBUSY;
  return -1;
}

/* Straight from the pipe @fd to the socket it would be locked for as long as
 * the socket takes, and who writes to it would wait: so its pages are first
 * moved to a pipe of ours. */
static gssize
move_on (GsockConnection *connection, int fd, gsize size)
{
  gssize n = gsock_pipe_fill (connection->pipe, fd, size);
  int errnum = errno;

  if (n > 0)
    {
      connection_flush_pipe (connection);
      connection_settle (connection);
      errnum = EBUSY;
    }
  else
    connection_drop_pipe (connection);
  errno = errnum;
  return n > 0 && connection->shut ? -1 : n;
}

/**
 * gsock_connection_send_from:
 * @connection: a connection
 * @fd: a file or a pipe
 * @is_pipe: which
 * @size: at most so many bytes
 *
 * A file that is written to meanwhile may be sent as it is when the peer reads
 * it.
 *
 * Returns: bytes; 0 at the end of @fd, -1 with errno
 */
gssize
gsock_connection_send_from (GsockConnection *connection, int fd,
                            gboolean is_pipe, gsize size)
{
  GsockWatch *watch = &connection->watch;
  int waiting = 0;
  gssize n;

  errno = EINVAL;
  if (!may_splice (connection) || connection->ending || connection->shut
      || connection->dead)
    return -1;
  if (connection_queued (connection) > 0)
    return wait_for_room (connection);
  if (is_pipe && connection->pipe == NULL)
    connection->pipe = gsock_pipes_take (&connection->worker->pipes);
  if (is_pipe && connection->pipe != NULL)
    return move_on (connection, fd, size);
  do
    n = is_pipe ? splice (fd, NULL, watch->fd, NULL, size,
                          SPLICE_F_MOVE | SPLICE_F_NONBLOCK)
                : sendfile (watch->fd, fd, NULL, size);
  while (n < 0 && errno == EINTR);
  if (n > 0)
    connection_note_moved_out (connection, (gsize) n);
  if (n >= 0)
    return n;
  if (errno == EPIPE || errno == ECONNRESET || errno == ETIMEDOUT)
    {
      connection_give_up_out (connection, errno);
      connection_settle (connection);
      errno = EBUSY;
      return -1;
    }
  if (errno != EAGAIN)
    return -1;
  if (is_pipe && ioctl (fd, FIONREAD, &waiting) == 0 && waiting == 0)
    {
      errno = EAGAIN;
      return -1;
    }
  gsock_poller_forget (connection->worker->poller, watch, GSOCK_READY_OUT);
  return wait_for_room (connection);
}

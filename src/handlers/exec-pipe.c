/* exec-pipe.c: between a connection and the two pipes of its process
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* On a raw stream bytes go as they come.  In any other frame the process reads
 * each message on a line and each line it writes is a message, as standard
 * input and output of gsock-client have it. */

#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "core/error.h"
#include "core/fd.h"
#include "core/log.h"
#include "handlers/exec-private.h"

/* Read from the process before others have their turn. */
#define BUDGET (256 * 1024)

static GsockPoller *
poller_of (const GsockExecPipe *pipe)
{
  return gsock_connection_get_worker (pipe->connection)->poller;
}

static void
close_watch (GsockExecPipe *pipe, GsockWatch *watch)
{
  if (watch->fd < 0)
    return;
  gsock_poller_remove (poller_of (pipe), watch);
  gsock_fd_close (watch->fd);
  watch->fd = -1;
}

/* To the process. */

static void
release (GsockExecPipe *pipe)
{
  if (!pipe->held || pipe->to_process.size > GSOCK_LOW_MARK)
    return;
  pipe->held = FALSE;
  gsock_connection_release (pipe->connection);
}

/* It reads no more: what the client still sends is read and forgotten, since
 * the process may have an answer for it that must not be lost to a reset. */
static void
stop_writing (GsockExecPipe *pipe)
{
  gsock_buffer_clear (&pipe->to_process);
  close_watch (pipe, &pipe->in);
  release (pipe);
}

/* How many bytes it took; -1: it takes no more at all. */
static gssize
write_some (GsockExecPipe *pipe, const char *data, gsize size)
{
  gssize n;

  do
    n = write (pipe->in.fd, data, size);
  while (n < 0 && errno == EINTR);
  if (n < 0 && errno != EAGAIN)
    return -1;
  if (n < (gssize) size)
    gsock_poller_forget (poller_of (pipe), &pipe->in, GSOCK_READY_OUT);
  return MAX (n, 0);
}

static void
flush (GsockExecPipe *pipe)
{
  gsize size;
  const char *data = gsock_buffer_peek (&pipe->to_process, &size);

  if (size > 0)
    {
      gssize n = write_some (pipe, data, size);

      if (n < 0)
        {
          stop_writing (pipe);
          return;
        }
      gsock_buffer_consume (&pipe->to_process, (gsize) n);
    }
  if (pipe->to_process.size > 0)
    {
      gsock_poller_want (poller_of (pipe), &pipe->in, GSOCK_READY_OUT);
      release (pipe);
      return;
    }
  /* A process that closes its stdin is noticed when there is something for it:
   * nothing is wanted until then. */
  gsock_poller_want (poller_of (pipe), &pipe->in, 0);
  if (pipe->peer_ended)
    close_watch (pipe, &pipe->in);
  release (pipe);
}

static void
in_cb (GsockWatch *watch)
{
  flush ((GsockExecPipe *) watch);
}

static gboolean
append (GsockExecPipe *pipe, const char *data, gsize size)
{
  if (gsock_buffer_append (&pipe->to_process, data, size, 0))
    return TRUE;
  stop_writing (pipe);
  return FALSE;
}

/**
 * gsock_exec_pipe_feed:
 * @pipe: a pipe
 * @data: a message from the client
 * @size: its bytes
 */
void
gsock_exec_pipe_feed (GsockExecPipe *pipe, const char *data, gsize size)
{
  gssize n = 0;

  if (pipe->in.fd < 0)
    return;
  if (pipe->line == NULL && pipe->to_process.size == 0)
    n = write_some (pipe, data, size);
  if (n < 0)
    {
      stop_writing (pipe);
      return;
    }
  if (!append (pipe, data + n, size - (gsize) n)
      || (pipe->line != NULL && !append (pipe, "\n", 1)))
    return;
  if (pipe->to_process.size == 0)
    return;
  if (pipe->to_process.size > GSOCK_HIGH_MARK && !pipe->held)
    {
      pipe->held = TRUE;
      gsock_connection_hold (pipe->connection);
    }
  flush (pipe);
}

/**
 * gsock_exec_pipe_end:
 * @pipe: a pipe
 *
 * The client has no more to say: the process reads its end after all before.
 */
void
gsock_exec_pipe_end (GsockExecPipe *pipe)
{
  pipe->peer_ended = TRUE;
  if (pipe->in.fd >= 0 && pipe->to_process.size == 0)
    close_watch (pipe, &pipe->in);
}

/* From the process. */

static gboolean
send_message (GsockExecPipe *pipe, const char *data, gsize size)
{
  g_autoptr (GError) error = NULL;

  if (gsock_connection_send (pipe->connection, data, size, &error))
    return TRUE;
  /* The process wrote it, and not who started us. */
  error->code = GSOCK_ERROR_FRAME_BAD;
  gsock_connection_close (pipe->connection, error);
  return FALSE;
}

static gboolean
line_too_long (GsockExecPipe *pipe, gsize limit)
{
  g_autoptr (GError) error = g_error_new (
      GSOCK_ERROR, GSOCK_ERROR_FRAME_TOO_BIG,
      g_dngettext (
          GETTEXT_PACKAGE,
          "COMMAND wrote a line longer than %" PRIu64 " byte (--max-message)",
          "COMMAND wrote a line longer than %" PRIu64 " bytes (--max-message)",
          limit),
      (guint64) limit);

  gsock_connection_close (pipe->connection, error);
  return FALSE;
}

static gboolean
send_lines (GsockExecPipe *pipe, const char *data, gsize size)
{
  gsize limit = gsock_connection_get_config (pipe->connection)->max_message;

  while (size > 0)
    {
      const char *end = memchr (data, '\n', size);
      gsize length = end != NULL ? (gsize) (end - data) : size;

      if (pipe->line->len + length > limit)
        return line_too_long (pipe, limit);
      g_string_append_len (pipe->line, data, (gssize) length);
      if (end == NULL)
        return TRUE;
      if (!send_message (pipe, pipe->line->str, pipe->line->len))
        return FALSE;
      g_string_truncate (pipe->line, 0);
      data += length + 1;
      size -= length + 1;
    }
  return TRUE;
}

static void
end_of_output (GsockExecPipe *pipe)
{
  close_watch (pipe, &pipe->out);
  if (pipe->line != NULL && pipe->line->len > 0
      && !send_message (pipe, pipe->line->str, pipe->line->len))
    return;
  gsock_connection_end (pipe->connection);
}

/* One read; FALSE when reading is over for now. */
static gboolean
read_some (GsockExecPipe *pipe, gsize *budget)
{
  char *scratch = gsock_connection_get_worker (pipe->connection)->scratch;
  gssize n;

  do
    n = read (pipe->out.fd, scratch, MIN (GSOCK_SCRATCH_SIZE, *budget));
  while (n < 0 && errno == EINTR);
  if (n < 0 && errno == EAGAIN)
    {
      gsock_poller_forget (poller_of (pipe), &pipe->out, GSOCK_READY_IN);
      return FALSE;
    }
  if (n <= 0)
    {
      end_of_output (pipe);
      return FALSE;
    }
  *budget -= (gsize) n;
  return pipe->line != NULL ? send_lines (pipe, scratch, (gsize) n)
                            : send_message (pipe, scratch, (gsize) n);
}

static void
out_cb (GsockWatch *watch)
{
  GsockExecPipe *pipe =
      (GsockExecPipe *) ((char *) watch - G_STRUCT_OFFSET (GsockExecPipe, out));
  gsize budget = BUDGET;

  while (budget > 0 && !gsock_connection_is_full (pipe->connection))
    if (!read_some (pipe, &budget))
      return;
  if (gsock_connection_is_full (pipe->connection))
    gsock_poller_want (poller_of (pipe), &pipe->out, 0);
}

/**
 * gsock_exec_pipe_relieved:
 * @pipe: a pipe
 *
 * The client takes bytes again.
 */
void
gsock_exec_pipe_relieved (GsockExecPipe *pipe)
{
  if (pipe->out.fd >= 0)
    gsock_poller_want (poller_of (pipe), &pipe->out, GSOCK_READY_IN);
}

/**
 * gsock_exec_pipe_new:
 * @connection: outlives it
 * @in: (transfer full): the process's stdin, non-blocking
 * @out: (transfer full): its stdout, non-blocking
 * @error: %GSOCK_ERROR_FAILED: they can't be watched; they are closed then
 *
 * Returns: (transfer full) (nullable): what copies between them
 */
GsockExecPipe *
gsock_exec_pipe_new (GsockConnection *connection, int in, int out,
                     GError **error)
{
  g_auto (GsockFd) in_fd = in, out_fd = out;
  GsockExecPipe *pipe = g_new0 (GsockExecPipe, 1);

  pipe->connection = connection;
  pipe->in.fd = pipe->out.fd = -1;
  if (!gsock_poller_add (poller_of (pipe), &pipe->in, in, in_cb, error))
    {
      g_free (pipe);
      return NULL;
    }
  if (!gsock_poller_add (poller_of (pipe), &pipe->out, out, out_cb, error))
    {
      gsock_poller_remove (poller_of (pipe), &pipe->in);
      g_free (pipe);
      return NULL;
    }
  (void) gsock_fd_steal (&in_fd);
  (void) gsock_fd_steal (&out_fd);
  if (!gsock_connection_get_config (connection)->codec->raw)
    pipe->line = g_string_new (NULL);
  gsock_poller_want (poller_of (pipe), &pipe->out, GSOCK_READY_IN);
  return pipe;
}

/**
 * gsock_exec_pipe_free:
 * @pipe: (transfer full): a pipe
 *
 * The process reads its end, and can write no more.
 */
void
gsock_exec_pipe_free (GsockExecPipe *pipe)
{
  close_watch (pipe, &pipe->in);
  close_watch (pipe, &pipe->out);
  gsock_buffer_clear (&pipe->to_process);
  if (pipe->line != NULL)
    g_string_free (pipe->line, TRUE);
  g_free (pipe);
}

/* stdio.c: one end of a pipe: stdin to the peer, the peer to stdout
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>
#include <sys/ioctl.h>

#include "core/error.h"
#include "core/log.h"
#include "core/units.h"
#include "handlers/handlers.h"
#include "handlers/stdio.h"

/* At most so much of stdin in one call. */
#define MOVE_SIZE (512 * 1024)
/* After so long somebody may wonder why nothing goes out. */
#define WAIT_TOLD (2 * G_TIME_SPAN_SECOND)

static void
fail (GsockStdio *stdio, const GError *error)
{
  if (stdio->failed != NULL)
    stdio->failed (error, stdio->data);
}

static void
finish (GsockStdio *stdio)
{
  if (stdio->finished != NULL)
    stdio->finished (stdio->data);
}

/* From us to the peer. */

static void
arm_quit (GsockStdio *stdio)
{
  gsock_worker_arm_in (gsock_connection_get_worker (stdio->connection),
                       &stdio->quit_timer, stdio->quit_silence);
}

/**
 * gsock_stdio_unsent_error:
 * @quit_after: microseconds
 *
 * Returns: (transfer full): %GSOCK_ERROR_TIMED_OUT: so long after the end of
 *   what there was to send, not all of it has been sent
 */
GError *
gsock_stdio_unsent_error (gint64 quit_after)
{
  g_autofree char *time = gsock_format_time (quit_after);

  return g_error_new (GSOCK_ERROR, GSOCK_ERROR_TIMED_OUT,
                      /* TRANSLATORS: a time such as "5 s". */
                      _ ("Not all could be sent within %s (--quit-after)"),
                      time);
}

static void
quit_cb (GsockTimer *timer)
{
  GsockStdio *stdio = (GsockStdio *) ((char *) timer
                                      - G_STRUCT_OFFSET (GsockStdio,
                                                         quit_timer));
  g_autoptr (GError) error = NULL;

  if (stdio->connection == NULL)
    return;
  if (gsock_connection_get_queued (stdio->connection) == 0)
    {
      gsock_connection_close (stdio->connection, NULL);
      return;
    }
  /* Nobody answers what has not been sent yet. */
  if (stdio->quit_after < 0)
    {
      arm_quit (stdio);
      return;
    }
  error = gsock_stdio_unsent_error (stdio->quit_after);
  fail (stdio, error);
  gsock_connection_close (stdio->connection, error);
}

/* There is nothing to half-close: we leave when no answer comes any more. */
static void
end_of_datagrams (GsockStdio *stdio)
{
  stdio->quit_silence = stdio->quit_after >= 0 ? stdio->quit_after
                                               : GSOCK_ANSWER_TIME;
  if (stdio->send_only)
    gsock_connection_end (stdio->connection);
  else
    arm_quit (stdio);
}

/* We have nothing more to say. */
static void
end_of_ours (GsockStdio *stdio)
{
  finish (stdio);
  if (stdio->connection == NULL)
    return;
  if (gsock_connection_is_endless (stdio->connection))
    {
      end_of_datagrams (stdio);
      return;
    }
  if (stdio->quit_after >= 0)
    gsock_worker_arm_in (gsock_connection_get_worker (stdio->connection),
                         &stdio->quit_timer, stdio->quit_after);
  if (!stdio->no_shutdown || stdio->peer_ended)
    gsock_connection_end (stdio->connection);
}

static gboolean
send_message (GsockStdio *stdio, const char *data, gsize size)
{
  g_autoptr (GError) error = NULL;

  if (gsock_connection_send (stdio->connection, data, size, &error))
    return TRUE;
  fail (stdio, error);
  gsock_connection_close (stdio->connection, error);
  return FALSE;
}

/**
 * gsock_stdio_line_error:
 * @limit: bytes
 *
 * Returns: (transfer full): %GSOCK_ERROR_FRAME_TOO_BIG: a line of stdin is
 *   longer than @limit
 */
GError *
gsock_stdio_line_error (gsize limit)
{
  return g_error_new (
      GSOCK_ERROR, GSOCK_ERROR_FRAME_TOO_BIG,
      g_dngettext (GETTEXT_PACKAGE,
                   "A line of standard input is longer than %" PRIu64
                   " byte (--max-message)",
                   "A line of standard input is longer than %" PRIu64
                   " bytes (--max-message)",
                   limit),
      (guint64) limit);
}

static void
line_too_long (GsockStdio *stdio, gsize limit)
{
  g_autoptr (GError) error = gsock_stdio_line_error (limit);

  fail (stdio, error);
  gsock_connection_close (stdio->connection, error);
}

/* In every frame but raw a line of stdin is a message. */
static void
send_lines (GsockStdio *stdio, const char *data, gsize size)
{
  gsize limit = gsock_connection_get_config (stdio->connection)->max_message;

  while (size > 0)
    {
      const char *end = memchr (data, '\n', size);
      gsize length = end != NULL ? (gsize) (end - data) : size;

      if (stdio->line->len + length > limit)
        {
          line_too_long (stdio, limit);
          return;
        }
      g_string_append_len (stdio->line, data, (gssize) length);
      if (end == NULL)
        return;
      if (!send_message (stdio, stdio->line->str, stdio->line->len))
        return;
      g_string_truncate (stdio->line, 0);
      data += length + 1;
      size -= length + 1;
    }
}

static void
wait_cb (GsockTimer *timer)
{
  g_autoptr (GError) error = g_error_new (
      GSOCK_ERROR, GSOCK_ERROR_USAGE,
      /* TRANSLATORS: an option. */
      _ ("Standard input is one message and has not ended yet; to send each "
         "line as one: %s"),
      "--frame=line");

  (void) timer;
  gsock_log (GSOCK_EVENT_WARNING, .error = error);
}

/* A socket that keeps messages is not given pieces of whatever size the reads
 * had: without a frame all of stdin is one message, and what is longer than a
 * message can be is refused, whole. */
static void
gather (GsockStdio *stdio, const char *data, gsize size)
{
  g_autoptr (GError) error = NULL;

  if (stdio->line->len == 0)
    gsock_worker_arm_in (gsock_connection_get_worker (stdio->connection),
                         &stdio->wait_timer, WAIT_TOLD);
  if (gsock_connection_get_largest (stdio->connection) - stdio->line->len
      >= size)
    {
      g_string_append_len (stdio->line, data, (gssize) size);
      return;
    }
  error = g_error_new (
      GSOCK_ERROR, GSOCK_ERROR_LIMIT,
      g_dngettext (GETTEXT_PACKAGE,
                   /* TRANSLATORS: an option. */
                   "Standard input is one message, and this kind of socket "
                   "carries %" PRIu64 " byte at most; to send each line as "
                   "one: %s",
                   "Standard input is one message, and this kind of socket "
                   "carries %" PRIu64 " bytes at most; to send each line as "
                   "one: %s",
                   (gulong) gsock_connection_get_largest (stdio->connection)),
      (guint64) gsock_connection_get_largest (stdio->connection),
      "--frame=line");
  finish (stdio);
  fail (stdio, error);
  gsock_connection_close (stdio->connection, error);
}

static void
input_bytes_cb (const char *data, gsize size, gpointer user_data)
{
  GsockStdio *stdio = user_data;

  if (stdio->connection == NULL)
    return;
  if (!gsock_connection_get_config (stdio->connection)->codec->raw)
    send_lines (stdio, data, size);
  else if (gsock_connection_keeps_messages (stdio->connection))
    gather (stdio, data, size);
  else
    (void) send_message (stdio, data, size);
  if (gsock_connection_is_full (stdio->connection))
    gsock_input_hold (stdio->input);
}

/* What nobody has to look at goes to the peer by itself. */
static gssize
input_move_cb (int fd, gboolean is_pipe, gpointer user_data)
{
  GsockStdio *stdio = user_data;
  gssize n = -1;

  errno = EINVAL;
  if (stdio->connection != NULL)
    n = gsock_connection_send_from (stdio->connection, fd, is_pipe, MOVE_SIZE);
  if (n < 0 && errno == EBUSY)
    {
      gsock_input_hold (stdio->input);
      errno = EBUSY;
    }
  return n;
}

static void
input_ended_cb (const GError *error, gpointer user_data)
{
  GsockStdio *stdio = user_data;

  stdio->input_ended = TRUE;
  if (error != NULL)
    {
      fail (stdio, error);
      if (stdio->connection != NULL)
        gsock_connection_close (stdio->connection, error);
      return;
    }
  if (stdio->connection != NULL && stdio->line->len > 0
      && !send_message (stdio, stdio->line->str, stdio->line->len))
    return;
  g_string_truncate (stdio->line, 0);
  if (stdio->connection != NULL)
    gsock_worker_disarm (gsock_connection_get_worker (stdio->connection),
                         &stdio->wait_timer);
  end_of_ours (stdio);
}

/* None goes out where one can't. */
static gboolean
all_fit (GsockStdio *stdio)
{
  for (guint i = 0; i < stdio->messages->len; i++)
    {
      gsize size = g_bytes_get_size (g_ptr_array_index (stdio->messages, i));
      g_autoptr (GError) error = NULL;

      if (gsock_connection_check_size (stdio->connection, size, &error))
        continue;
      fail (stdio, error);
      gsock_connection_close (stdio->connection, error);
      return FALSE;
    }
  return TRUE;
}

static void
send_messages (GsockStdio *stdio)
{
  if (!all_fit (stdio))
    return;
  for (guint i = 0; i < stdio->messages->len; i++)
    {
      gsize size;
      const char *data = g_bytes_get_data (
          g_ptr_array_index (stdio->messages, i), &size);

      if (!send_message (stdio, data, size))
        return;
    }
  end_of_ours (stdio);
}

/* From the peer to us. */

static void
output_relieved_cb (gpointer data)
{
  GsockStdio *stdio = data;

  if (stdio->connection == NULL || !stdio->held)
    return;
  stdio->held = FALSE;
  gsock_connection_release (stdio->connection);
}

static void
output_failed_cb (const GError *error, gpointer data)
{
  GsockStdio *stdio = data;

  finish (stdio);
  fail (stdio, error);
  if (stdio->connection != NULL)
    gsock_connection_close (stdio->connection, error);
}

static void
message (GsockConnection *connection, const char *data, gsize size)
{
  GsockStdio *stdio = gsock_connection_get_handler_data (connection);

  if (stdio->send_only)
    return;
  if (stdio->count > 0 && stdio->received == stdio->count)
    return; /* came in the same piece as the last one */
  if (gsock_connection_get_config (connection)->codec->raw)
    gsock_output_bytes (stdio->output, data, size);
  else
    gsock_output_message (stdio->output, NULL, data,
                          gsock_handler_line_size (connection, data, size));
  stdio->received++;
  if (gsock_timer_is_armed (&stdio->quit_timer) && stdio->quit_silence > 0)
    arm_quit (stdio);
  if (stdio->count > 0 && stdio->received == stdio->count)
    {
      finish (stdio);
      gsock_connection_close (connection, NULL);
      return;
    }
  if (gsock_output_is_full (stdio->output) && !stdio->held)
    {
      stdio->held = TRUE;
      gsock_connection_hold (connection);
    }
}

static gssize
take (GsockConnection *connection, int fd, gsize size)
{
  GsockStdio *stdio = gsock_connection_get_handler_data (connection);
  gssize n = gsock_output_take (stdio->output, fd, size);

  if (n < 0 && errno == EBUSY && !stdio->held
      && !gsock_output_has_failed (stdio->output))
    {
      stdio->held = TRUE;
      gsock_connection_hold (connection);
      errno = EBUSY;
    }
  return n;
}

/* The handler. */

static void
opened (GsockConnection *connection)
{
  GsockStdio *stdio = gsock_connection_get_handler_data (connection);

  stdio->connection = connection;
  if (!stdio->send_only && stdio->count == 0)
    gsock_connection_relay (connection, NULL);
  if (stdio->recv_only)
    return;
  if (stdio->messages != NULL)
    send_messages (stdio);
  else if (stdio->input != NULL && !stdio->input_ended)
    gsock_input_release (stdio->input);
  else
    end_of_ours (stdio);
}

/* The peer has no more to say; ours goes on to its own end, unless there will be
 * another connection for it. */
static void
ended (GsockConnection *connection)
{
  GsockStdio *stdio = gsock_connection_get_handler_data (connection);

  stdio->peer_ended = TRUE;
  if (stdio->input != NULL && !stdio->input_ended && !stdio->recv_only)
    {
      if (!stdio->reconnects)
        return;
      gsock_input_hold (stdio->input);
    }
  gsock_connection_end (connection);
}

/* What was read of stdin and is no message yet. */
static void
tell_unfinished (GsockStdio *stdio)
{
  gsize size = stdio->line->len;
  g_autofree char *who = gsock_connection_describe (stdio->connection);
  g_autoptr (GError) error = g_error_new (
      GSOCK_ERROR, GSOCK_ERROR_RESET,
      g_dngettext (GETTEXT_PACKAGE,
                   /* TRANSLATORS: the peer, e.g. 10.0.0.7:9000. */
                   "%s closed the connection: %" PRIu64
                   " byte of an unfinished message was not sent",
                   "%s closed the connection: %" PRIu64
                   " bytes of an unfinished message were not sent",
                   (gulong) size),
      who, (guint64) size);

  fail (stdio, error);
  gsock_connection_close (stdio->connection, error);
}

/* And it would not take what we have.  What stdin holds at this moment is sent
 * all the same, so that its loss is told; with none, nothing is lost. */
static void
gone (GsockConnection *connection)
{
  GsockStdio *stdio = gsock_connection_get_handler_data (connection);
  int waiting = 0;

  if (stdio->line->len > 0)
    {
      tell_unfinished (stdio);
      return;
    }
  if (stdio->input != NULL && !stdio->input_ended
      && ioctl (stdio->input_fd, FIONREAD, &waiting) == 0 && waiting > 0)
    return;
  gsock_connection_end (connection);
}

static void
relieved (GsockConnection *connection)
{
  GsockStdio *stdio = gsock_connection_get_handler_data (connection);

  if (stdio->input != NULL && !stdio->input_ended && stdio->messages == NULL
      && !stdio->recv_only && !gsock_connection_has_ended (connection))
    gsock_input_release (stdio->input);
}

static void
closed (GsockConnection *connection, const GError *error G_GNUC_UNUSED)
{
  GsockStdio *stdio = gsock_connection_get_handler_data (connection);

  gsock_worker_disarm (gsock_connection_get_worker (connection),
                       &stdio->quit_timer);
  gsock_worker_disarm (gsock_connection_get_worker (connection),
                       &stdio->wait_timer);
  if (stdio->input != NULL)
    gsock_input_hold (stdio->input);
  stdio->connection = NULL;
  stdio->held = stdio->peer_ended = FALSE;
}

const GsockHandler gsock_stdio_handler = {
  .name = "stdio",
  .frame = "raw",
  .opened = opened,
  .message = message,
  .take = take,
  .ended = ended,
  .gone = gone,
  .relieved = relieved,
  .closed = closed,
};

/**
 * gsock_stdio_init:
 * @stdio: storage of the caller
 * @stdin_fd: what to send; -1: nothing
 * @stdout_fd: where what comes is written
 * @escape: it is a terminal: show controls, don't obey them
 * @context: the main thread's
 */
void
gsock_stdio_init (GsockStdio *stdio, int stdin_fd, int stdout_fd,
                  gboolean escape, GMainContext *context)
{
  static const GsockOutputNotify output_notify = { output_relieved_cb,
                                                   output_failed_cb };
  static const GsockInputNotify input_notify = { input_bytes_cb,
                                                 input_ended_cb };

  *stdio = (GsockStdio) {
    .quit_after = -1,
    .quit_timer.func = quit_cb,
    .wait_timer.func = wait_cb,
    .input_fd = stdin_fd,
  };
  stdio->output = gsock_output_new (stdout_fd, escape, &output_notify, stdio,
                                    context);
  if (stdin_fd >= 0)
    {
      stdio->input = gsock_input_new (stdin_fd, &input_notify, stdio, context);
      gsock_input_set_move (stdio->input, input_move_cb);
    }
  stdio->line = g_string_new (NULL);
}

/**
 * gsock_stdio_finish:
 * @stdio: initialised
 * @error: %GSOCK_ERROR_OUTPUT
 *
 * Waits until stdout has taken everything.
 *
 * Returns: whether it has
 */
gboolean
gsock_stdio_finish (GsockStdio *stdio, GError **error)
{
  return gsock_output_drain (stdio->output, error);
}

void
gsock_stdio_clear (GsockStdio *stdio)
{
  g_clear_pointer (&stdio->input, gsock_input_free);
  g_clear_pointer (&stdio->output, gsock_output_free);
  g_string_free (stdio->line, TRUE);
}

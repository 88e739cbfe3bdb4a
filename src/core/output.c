/* output.c: standard output as a queue that never blocks the loop
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib-unix.h>
#include <glib/gi18n-lib.h>

#include "core/buffer.h"
#include "core/error.h"
#include "core/escape.h"
#include "core/fd.h"

#define HIGH_MARK (256 * 1024)
#define LOW_MARK (64 * 1024)
/* What is shown is escaped so many bytes at a time: a peer decides how long it
 * is, and a GString ends the process where memory does. */
#define PIECE 4096

/* How the descriptor is written without waiting for its reader, and without
 * setting a flag that the shell and other programs would see. */
typedef enum
{
  WAY_DIRECT, /* a file, a device, our own non-blocking description */
  WAY_SEND,   /* a socket: MSG_DONTWAIT */
  WAY_POLLED, /* a pipe of another user's: POLLOUT promises PIPE_BUF bytes */
} Way;

/* One a process, of the thread that runs @context. */
struct _GsockOutput
{
  GsockOutputNotify notify;
  gpointer data;
  GMainContext *context;
  GSource *writable; /* while something waits */
  GSource *report;   /* while the failure is still to be told */
  GsockBuffer queue;
  GError *error; /* set: everything is dropped */
  int fd;
  int reopened; /* -1, or @fd and ours to close */
  Way way;
  gboolean escape;
  gboolean utf8; /* what is escaped may have its characters */
  gboolean full;
  gboolean wide;
  guint tail_size;
  char tail[4]; /* the beginning of a character that goes on in what comes */
};

static void
choose_way (GsockOutput *output)
{
  struct stat status;

  output->reopened = gsock_fd_reopen_nonblocking (output->fd, O_WRONLY);
  if (output->reopened >= 0)
    {
      output->fd = output->reopened;
      output->way = WAY_DIRECT;
      return;
    }

  if (fstat (output->fd, &status) < 0)
    output->way = WAY_DIRECT;
  else if (S_ISSOCK (status.st_mode))
    output->way = WAY_SEND;
  else if (S_ISFIFO (status.st_mode) || isatty (output->fd))
    output->way = WAY_POLLED;
  else
    output->way = WAY_DIRECT;
}

/**
 * gsock_output_new:
 * @fd: a descriptor, which stays the caller's; its flags are not touched
 * @escape: whether it is a terminal, which must not be driven by what peers
 *   send
 * @notify: copied
 * @data: for @notify
 * @context: where @notify is called; never from within another call, so they
 *   may free the output
 *
 * SIGPIPE must be ignored.
 *
 * Returns: (transfer full): free it with gsock_output_free()
 */
GsockOutput *
gsock_output_new (int fd, gboolean escape, const GsockOutputNotify *notify,
                  gpointer data, GMainContext *context)
{
  GsockOutput *output = g_new0 (GsockOutput, 1);

  output->notify = *notify;
  output->data = data;
  output->context = g_main_context_ref (
      context != NULL ? context : g_main_context_default ());
  output->fd = fd;
  output->escape = escape;
  output->utf8 = escape && g_get_charset (NULL);
  choose_way (output);
  return output;
}

static void
remove_source (GSource **source)
{
  if (*source == NULL)
    return;

  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

/**
 * gsock_output_free:
 * @output: (nullable) (transfer full): an output
 */
void
gsock_output_free (GsockOutput *output)
{
  if (output == NULL)
    return;

  remove_source (&output->writable);
  remove_source (&output->report);
  gsock_fd_clear (&output->reopened);
  gsock_buffer_clear (&output->queue);
  g_clear_error (&output->error);
  g_main_context_unref (output->context);
  g_free (output);
}

/* Failing */

static gboolean
report_cb (gpointer data)
{
  GsockOutput *output = data;

  g_clear_pointer (&output->report, g_source_unref);
  if (output->notify.failed != NULL)
    output->notify.failed (output->error, output->data);

  return G_SOURCE_REMOVE;
}

/* Told from the loop: the write that failed may be in the middle of a
 * connection's work, which ending the server now would pull away from under
 * it. */
static void
fail (GsockOutput *output, int errnum)
{
  gsock_set_error_errno (&output->error, GSOCK_ERROR_OUTPUT, errnum,
                         _ ("Cannot write to standard output"));
  remove_source (&output->writable);
  gsock_buffer_clear (&output->queue);
  output->full = FALSE;

  output->report = g_idle_source_new ();
  g_source_set_priority (output->report, G_PRIORITY_DEFAULT);
  g_source_set_callback (output->report, report_cb, output, NULL);
  g_source_attach (output->report, output->context);
}

/* Writing */

static gboolean
is_writable (int fd)
{
  struct pollfd ready = { .fd = fd, .events = POLLOUT };

  return poll (&ready, 1, 0) > 0;
}

static gssize
write_once (const GsockOutput *output, const char *data, gsize size)
{
  switch (output->way)
    {
    case WAY_SEND:
      return send (output->fd, data, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    case WAY_POLLED:
      if (!is_writable (output->fd))
        {
          errno = EAGAIN;
          return -1;
        }
      return write (output->fd, data, MIN (size, PIPE_BUF));
    case WAY_DIRECT:
    default:
      return write (output->fd, data, size);
    }
}

/* Writes what the descriptor takes now: 0, EAGAIN or what went wrong;
 * @written in any case. */
static int
write_some (const GsockOutput *output, const char *data, gsize size,
            gsize *written)
{
  *written = 0;
  while (*written < size)
    {
      gssize n = write_once (output, data + *written, size - *written);

      if (n > 0)
        *written += (gsize) n;
      else if (n == 0)
        return EIO;
      else if (errno != EINTR)
        return errno;
    }

  return 0;
}

static int
write_queue (GsockOutput *output)
{
  gsize size;
  gsize written;
  const char *data = gsock_buffer_peek (&output->queue, &size);
  int errnum;

  if (size == 0)
    return 0;

  errnum = write_some (output, data, size, &written);
  gsock_buffer_consume (&output->queue, written);
  return errnum;
}

/* Touches @output no more once it has called back: it may be gone. */
static gboolean
writable_cb (int fd G_GNUC_UNUSED, GIOCondition condition G_GNUC_UNUSED,
             gpointer data)
{
  GsockOutput *output = data;
  int errnum = write_queue (output);
  gboolean again = errnum == EAGAIN;

  if (errnum != 0 && errnum != EAGAIN)
    {
      fail (output, errnum);
      return G_SOURCE_REMOVE;
    }
  if (!again)
    g_clear_pointer (&output->writable, g_source_unref);
  if (output->full && output->queue.size <= LOW_MARK)
    {
      output->full = FALSE;
      if (output->notify.relieved != NULL)
        output->notify.relieved (output->data);
    }

  return again ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
wait_for_reader (GsockOutput *output)
{
  if (output->queue.size > HIGH_MARK)
    output->full = TRUE;
  if (output->writable != NULL)
    return;

  output->writable = g_unix_fd_source_new (output->fd,
                                           G_IO_OUT | G_IO_ERR | G_IO_HUP);
  g_source_set_callback (output->writable, G_SOURCE_FUNC (writable_cb), output,
                         NULL);
  g_source_attach (output->writable, output->context);
}

static void
push (GsockOutput *output, const char *data, gsize size)
{
  gsize written = 0;
  int errnum = EAGAIN;

  if (output->error != NULL || size == 0)
    return;

  if (output->queue.size == 0)
    errnum = write_some (output, data, size, &written);
  if (errnum == EAGAIN
      && !gsock_buffer_append (&output->queue, data + written, size - written,
                               0))
    errnum = ENOMEM;

  if (errnum == EAGAIN)
    wait_for_reader (output);
  else if (errnum != 0)
    fail (output, errnum);
}

/* Showing */

/* How many bytes at the end of @data begin a character and don't end it. */
static guint
open_tail (const char *data, gsize size)
{
  for (guint i = 1; i <= 3 && i <= size; i++)
    {
      const char *start = data + size - i;

      if (((guchar) *start & 0xc0) == 0xc0)
        return g_utf8_get_char_validated (start, i) == (gunichar) -2 ? i : 0;
    }

  return 0;
}

/* A stream has lines of its own, which stay lines. */
static void
append_shown (const GsockOutput *output, GString *shown, const char *data,
              gsize size)
{
  while (size > 0)
    {
      const char *end = memchr (data, '\n', size);
      gsize line = end != NULL ? (gsize) (end - data) + 1 : size;

      gsock_escape_append_message (shown, data, line, output->utf8);
      data += line;
      size -= line;
    }
}

/* What was kept back of a character that never came whole. */
static void
append_tail (GsockOutput *output, GString *shown)
{
  append_shown (output, shown, output->tail, output->tail_size);
  output->tail_size = 0;
}

static void
show_piece (GsockOutput *output, const char *data, gsize size)
{
  char whole[PIECE + sizeof output->tail];
  gsize ready = output->tail_size + size;
  g_autoptr (GString) shown = g_string_sized_new (ready);

  memcpy (whole, output->tail, output->tail_size);
  memcpy (whole + output->tail_size, data, size);
  output->tail_size = output->utf8 ? open_tail (whole, ready) : 0;
  ready -= output->tail_size;
  memcpy (output->tail, whole + ready, output->tail_size);

  append_shown (output, shown, whole, ready);
  push (output, shown->str, shown->len);
}

static void
show_bytes (GsockOutput *output, const char *data, gsize size)
{
  while (size > 0)
    {
      gsize part = MIN (size, PIECE);

      show_piece (output, data, part);
      data += part;
      size -= part;
    }
}

/* Some of a message, and not its end: no newline in it is the last one. */
static void
append_part (const GsockOutput *output, GString *shown, const char *data,
             gsize size)
{
  gsize plain = size;

  while (plain > 0 && data[plain - 1] == '\n')
    plain--;
  gsock_escape_append_message (shown, data, plain, output->utf8);
  for (; plain < size; plain++)
    g_string_append (shown, "\\x0a");
}

static void
show_message (GsockOutput *output, const char *prefix, const char *data,
              gsize size)
{
  g_autoptr (GString) shown = g_string_sized_new (256);

  append_tail (output, shown);
  if (prefix != NULL)
    g_string_append (shown, prefix);
  while (size > PIECE)
    {
      gsize part = gsock_escape_fit (data, size, PIECE);

      append_part (output, shown, data, part);
      push (output, shown->str, shown->len);
      g_string_truncate (shown, 0);
      data += part;
      size -= part;
    }
  gsock_escape_append_message (shown, data, size, output->utf8);
  g_string_append_c (shown, '\n');
  push (output, shown->str, shown->len);
}

/* In one write, or in three where there is no memory for the whole of it. */
static void
push_message (GsockOutput *output, const char *prefix, const char *data,
              gsize size)
{
  gsize head = prefix != NULL ? strlen (prefix) : 0;
  g_autofree char *line = g_try_malloc (head + size + 1);

  if (line == NULL)
    {
      push (output, prefix, head);
      push (output, data, size);
      push (output, "\n", 1);
      return;
    }
  if (head > 0)
    memcpy (line, prefix, head);
  if (size > 0)
    memcpy (line + head, data, size);
  line[head + size] = '\n';
  push (output, line, head + size + 1);
}

/**
 * gsock_output_bytes:
 * @output: an output
 * @data: (array length=size): bytes of a stream
 * @size: how many
 *
 * On a terminal they are escaped, whatever pieces they come in: a character
 * cut in two is kept back until its rest comes.
 */
void
gsock_output_bytes (GsockOutput *output, const char *data, gsize size)
{
  if (output->error != NULL || size == 0)
    return;

  if (output->escape)
    show_bytes (output, data, size);
  else
    push (output, data, size);
}

/**
 * gsock_output_message:
 * @output: an output
 * @prefix: (nullable): goes before it as it is
 * @data: (array length=size): the message
 * @size: its bytes; 0 is a message too
 *
 * The line goes out in one write where the descriptor takes it; what is long
 * and escaped, in several.
 */
void
gsock_output_message (GsockOutput *output, const char *prefix, const char *data,
                      gsize size)
{
  if (output->error != NULL)
    return;

  if (output->escape)
    show_message (output, prefix, data, size);
  else
    push_message (output, prefix, data, size);
}

/* A pipe of our own description, whose bytes are shown to nobody. */
static gboolean
may_take (const GsockOutput *output)
{
  struct stat status;

  return output->error == NULL && !output->escape && output->reopened >= 0
         && fstat (output->fd, &status) == 0 && S_ISFIFO (status.st_mode);
}

/**
 * gsock_output_take:
 * @output: an output
 * @fd: a non-blocking socket
 * @size: at most so many bytes
 *
 * A stream that is worth it makes the pipe as large as it may be.
 *
 * Returns: bytes; 0 at the end of @fd; -1 with errno
 */
gssize
gsock_output_take (GsockOutput *output, int fd, gsize size)
{
  gssize n;

  errno = EINVAL;
  if (output->error == NULL && gsock_fd_is_null (output->fd))
    return gsock_fd_drop (fd, size);
  if (!may_take (output))
    return -1;
  if (!output->wide)
    gsock_fd_widen_pipe (output->fd);
  output->wide = TRUE;
  errno = EAGAIN;
  n = -1;
  if (output->queue.size == 0)
    do
      n = splice (fd, NULL, output->fd, NULL, size,
                  SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
    while (n < 0 && errno == EINTR);
  if (n >= 0 || errno == EINVAL)
    return n;
  if (errno == EPIPE)
    fail (output, errno);
  else if (errno != EAGAIN
           || (output->queue.size == 0 && is_writable (output->fd)))
    return -1; /* what the socket has said */
  else
    {
      output->full = TRUE;
      wait_for_reader (output);
    }
  errno = EBUSY;
  return -1;
}

/**
 * gsock_output_is_full:
 * @output: an output
 *
 * Returns: %TRUE from when more than 256 KiB wait until relieved() is called,
 *   at 64 KiB; %FALSE after a failure, for then nothing waits any more
 */
gboolean
gsock_output_is_full (GsockOutput *output)
{
  return output->full;
}

/**
 * gsock_output_escapes:
 * @output: an output
 *
 * Returns: %TRUE if it is a terminal's
 */
gboolean
gsock_output_escapes (const GsockOutput *output)
{
  return output->escape;
}

/**
 * gsock_output_queued:
 * @output: an output
 *
 * Returns: bytes that wait for the reader
 */
gsize
gsock_output_queued (GsockOutput *output)
{
  return output->queue.size;
}

/**
 * gsock_output_has_failed:
 * @output: an output
 *
 * Returns: whether a write has failed; at once, also before failed() is called
 */
gboolean
gsock_output_has_failed (GsockOutput *output)
{
  return output->error != NULL;
}

/**
 * gsock_output_drain:
 * @output: an output
 * @error: GSOCK_ERROR_OUTPUT, also for a failure before
 *
 * Neither relieved() nor failed() is called in it or after it: who drains is
 * told here.
 *
 * Returns: %TRUE when every byte was written
 */
gboolean
gsock_output_drain (GsockOutput *output, GError **error)
{
  int errnum = 0;

  if (output->tail_size > 0)
    {
      g_autoptr (GString) shown = g_string_new (NULL);

      append_tail (output, shown);
      push (output, shown->str, shown->len);
    }
  remove_source (&output->writable);

  while (output->error == NULL && (errnum = write_queue (output)) == EAGAIN)
    {
      struct pollfd ready = { .fd = output->fd, .events = POLLOUT };

      (void) poll (&ready, 1, -1);
    }
  if (errnum != 0)
    fail (output, errnum);
  output->full = FALSE;
  remove_source (&output->report);
  if (output->error == NULL)
    return TRUE;

  g_propagate_error (error, g_error_copy (output->error));
  return FALSE;
}

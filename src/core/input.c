/* input.c: standard input, read as it comes and held when it comes too fast
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/input.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib-unix.h>
#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/fd.h"

#define READ_SIZE (128 * 1024)
/* All that a pipe has by default. */
#define PIPE_FULL (64 * 1024)

/* How long a server in the background leaves what is typed to the shell before
 * it looks again whether it is in front now. */
#define FOREGROUND_POLL_MS 250

/* One a process, of the thread that runs @context. */
struct _GsockInput
{
  GsockInputNotify notify;
  gpointer data;
  GMainContext *context;
  GSource *source; /* NULL: held, or at the end */
  char *buffer;
  char *name; /* of a file, for errors; NULL: it is standard input */
  int fd;
  int reopened; /* -1, or @fd and ours to close */
  gboolean is_socket;
  gboolean is_pipe;
  gboolean is_file;
  gboolean is_wide;
  GsockInputMove move; /* or NULL: bytes */
  gboolean is_terminal;
  gboolean has_foreground; /* a terminal's slave, not its master */
  gboolean ended;
};

/**
 * gsock_input_new:
 * @fd: a descriptor, which stays the caller's
 * @notify: copied; bytes() gets at most 128 KiB, valid for the call
 * @data: for @notify
 * @context: where @notify is called; it may hold, release and free the input
 *
 * Returns: (transfer full): held: release it with gsock_input_release()
 */
GsockInput *
gsock_input_new (int fd, const GsockInputNotify *notify, gpointer data,
                 GMainContext *context)
{
  GsockInput *input = g_new0 (GsockInput, 1);
  struct stat status;
  guint number;

  input->notify = *notify;
  input->data = data;
  input->context = g_main_context_ref (
      context != NULL ? context : g_main_context_default ());
  input->is_terminal = isatty (fd);
  input->has_foreground = input->is_terminal
                          && ioctl (fd, TIOCGPTN, &number) < 0;
  if (fstat (fd, &status) == 0)
    {
      input->is_socket = S_ISSOCK (status.st_mode);
      input->is_pipe = S_ISFIFO (status.st_mode);
      input->is_file = S_ISREG (status.st_mode);
    }
  /* Who shares a pipe or terminal with us may take the bytes between poll and
   * read: our own description doesn't wait for more then. */
  input->reopened = gsock_fd_reopen_nonblocking (fd, O_RDONLY);
  input->fd = input->reopened >= 0 ? input->reopened : fd;
  return input;
}

/**
 * gsock_input_free:
 * @input: (nullable) (transfer full): an input
 */
void
gsock_input_free (GsockInput *input)
{
  if (input == NULL)
    return;

  gsock_input_hold (input);
  gsock_fd_clear (&input->reopened);
  g_main_context_unref (input->context);
  g_free (input->buffer);
  g_free (input->name);
  g_free (input);
}

/**
 * gsock_input_set_move:
 * @input: an input; nothing happens where it is no file and no pipe
 * @move: called with the data of the notify
 */
void
gsock_input_set_move (GsockInput *input, GsockInputMove move)
{
  if (input->is_pipe || input->is_file)
    input->move = move;
}

/**
 * gsock_input_set_name:
 * @input: an input
 * @name: what errors call it, safe to be shown; copied
 */
void
gsock_input_set_name (GsockInput *input, const char *name)
{
  g_free (input->name);
  input->name = g_strdup (name);
}

/* Reading */

/* Bytes that go by unseen; a -1 with EINVAL: they have to be read. */
static gssize
move_once (GsockInput *input)
{
  gssize n = -1;

  errno = EINVAL;
  if (input->move != NULL)
    n = input->move (input->fd, input->is_pipe, input->data);
  if (n < 0 && errno == EINVAL)
    input->move = NULL;
  if (n >= PIPE_FULL && input->is_pipe && !input->is_wide)
    {
      input->is_wide = TRUE;
      gsock_fd_widen_pipe (input->fd);
    }
  return n;
}

static gssize
read_once (GsockInput *input)
{
  gssize n;

  if (input->buffer == NULL)
    input->buffer = g_malloc (READ_SIZE);

  do
    n = input->is_socket
            ? recv (input->fd, input->buffer, READ_SIZE, MSG_DONTWAIT)
            : read (input->fd, input->buffer, READ_SIZE);
  while (n < 0 && errno == EINTR);

  return n;
}

/* A terminal whose other side is gone has no more to say; nor has a stdin that
 * was closed before we began. */
static gboolean
is_end (const GsockInput *input, int errnum)
{
  return (errnum == EIO && input->is_terminal) || errnum == EBADF;
}

/* @input may be gone after it. */
static void
end (GsockInput *input, int errnum)
{
  g_autoptr (GError) error = NULL;

  gsock_input_hold (input);
  input->ended = TRUE;
  g_clear_pointer (&input->buffer, g_free);
  if (errnum != 0 && !is_end (input, errnum))
    {
      if (input->name != NULL)
        gsock_set_error_errno (&error, GSOCK_ERROR_FAILED, errnum,
                               /* TRANSLATORS: a file's name */
                               _ ("Cannot read %s"), input->name);
      else
        gsock_set_error_errno (&error, GSOCK_ERROR_FAILED, errnum,
                               _ ("Cannot read standard input"));
    }
  if (input->notify.ended != NULL)
    input->notify.ended (error, input->data);
}

/* To read the terminal from the background would stop us (SIGTTIN), and with
 * us every client; what is typed then is for the shell. */
static gboolean
is_in_background (const GsockInput *input)
{
  pid_t foreground = input->has_foreground ? tcgetpgrp (input->fd) : -1;

  return foreground > 0 && foreground != getpgrp ();
}

static void watch (GsockInput *input);

static gboolean
look_again_cb (gpointer data)
{
  GsockInput *input = data;

  gsock_input_hold (input);
  watch (input);
  return G_SOURCE_REMOVE;
}

/* Touches @input no more once it has called back: it may be gone. */
static gboolean
readable_cb (int fd G_GNUC_UNUSED, GIOCondition condition G_GNUC_UNUSED,
             gpointer data)
{
  GsockInput *input = data;
  gssize n;

  if (is_in_background (input))
    {
      gsock_input_hold (input);
      input->source = g_timeout_source_new (FOREGROUND_POLL_MS);
      g_source_set_callback (input->source, look_again_cb, input, NULL);
      g_source_attach (input->source, input->context);
      return G_SOURCE_REMOVE;
    }

  n = move_once (input);
  if (n > 0 || (n < 0 && (errno == EAGAIN || errno == EBUSY)))
    return G_SOURCE_CONTINUE;
  if (n < 0)
    n = read_once (input);
  if (n > 0)
    input->notify.bytes (input->buffer, (gsize) n, input->data);
  else if (n == 0)
    end (input, 0);
  else if (errno != EAGAIN)
    end (input, errno);

  /* Held or freed in the callback, the source is destroyed by now. */
  return G_SOURCE_CONTINUE;
}

static void
watch (GsockInput *input)
{
  input->source = g_unix_fd_source_new (input->fd,
                                        G_IO_IN | G_IO_ERR | G_IO_HUP);
  g_source_set_callback (input->source, G_SOURCE_FUNC (readable_cb), input,
                         NULL);
  g_source_attach (input->source, input->context);
}

/**
 * gsock_input_hold:
 * @input: an input
 *
 * Nothing is read, and nothing is told, until it is released.
 */
void
gsock_input_hold (GsockInput *input)
{
  if (input->source == NULL)
    return;

  g_source_destroy (input->source);
  g_clear_pointer (&input->source, g_source_unref);
}

/**
 * gsock_input_release:
 * @input: an input
 *
 * Reads on, from the loop.  Nothing happens after the end.
 */
void
gsock_input_release (GsockInput *input)
{
  if (input->source == NULL && !input->ended)
    watch (input);
}

/* sink.c: where a body goes: standard output, or a file that appears when whole
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A body that goes to the file f is written to f.part, under a lock, and what
 * it is a part of to f.part.info.  Only when it is whole, and on the disk, is
 * it renamed to f: so whatever kills us, nothing ever stands at f that isn't
 * whole, and a later run can go on with f.part.  Neither name is ever followed
 * where it is a symbolic link, nor written where it is somebody else's. */

#include "config.h"

#include "http/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"
#include "core/fd.h"
#include "http/filename.h"

#define INFO_LIMIT (64 * 1024)
/* Of opening a part that others put in its place before we have the lock. */
#define PART_TRIES 10

struct _GsockSink
{
  GsockOutput *output; /* or NULL: a file */
  GsockSinkOptions options;
  GsockSinkOrigin origin;
  char *path, *part, *info;
  char *shown, *shown_part; /* escaped */
  guint64 offset;           /* bytes of the part */
  guint64 there_size;
  int fd;
  gboolean direct; /* a device or a FIFO: no part, no renaming */
  gboolean copies; /* it can't be written to from a pipe */
  gboolean there;
  gboolean ours; /* the part: nothing of it was there before */
};

void
gsock_sink_origin_clear (GsockSinkOrigin *origin)
{
  g_clear_pointer (&origin->url, g_free);
  g_clear_pointer (&origin->validator, g_free);
  origin->length = -1;
}

static void
origin_copy (GsockSinkOrigin *to, const GsockSinkOrigin *from)
{
  gsock_sink_origin_clear (to);
  to->url = g_strdup (from->url);
  to->validator = g_strdup (from->validator);
  to->length = from->length;
}

/**
 * gsock_sink_new_output:
 * @output: gets the bytes; outlives the sink
 *
 * Returns: (transfer full): a sink that can't go back
 */
GsockSink *
gsock_sink_new_output (GsockOutput *output)
{
  GsockSink *sink = g_new0 (GsockSink, 1);

  sink->output = output;
  sink->fd = -1;
  sink->origin.length = -1;
  return sink;
}

/**
 * gsock_sink_new_file:
 * @path: the file's name when it is whole
 * @options: copied
 *
 * Returns: (transfer full): nothing is done yet
 */
GsockSink *
gsock_sink_new_file (const char *path, const GsockSinkOptions *options)
{
  GsockSink *sink = g_new0 (GsockSink, 1);

  sink->options = *options;
  sink->fd = -1;
  sink->origin.length = -1;
  sink->path = g_strdup (path);
  sink->part = gsock_filename_part (path);
  sink->info = gsock_filename_info (path);
  sink->shown = gsock_escape (path, -1);
  sink->shown_part = gsock_escape (sink->part, -1);
  return sink;
}

/**
 * gsock_sink_free:
 * @sink: (transfer full) (nullable): what has not been committed stays
 */
void
gsock_sink_free (GsockSink *sink)
{
  if (sink == NULL)
    return;
  if (sink->fd >= 0)
    gsock_fd_close (sink->fd);
  gsock_sink_origin_clear (&sink->origin);
  g_free (sink->path);
  g_free (sink->part);
  g_free (sink->info);
  g_free (sink->shown);
  g_free (sink->shown_part);
  g_free (sink);
}

/* Files */

static gboolean
fail_errno (const char *shown, int errnum, GError **error)
{
  gsock_set_error_errno (error,
                         errnum == EACCES || errnum == EPERM
                             ? GSOCK_ERROR_DENIED
                             : GSOCK_ERROR_OUTPUT,
                         errnum,
                         /* TRANSLATORS: a file's name; why comes after it */
                         _ ("Cannot write %s"), shown);
  return FALSE;
}

static gboolean
refuse (const char *shown, const char *reason, GError **error)
{
  g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_OUTPUT,
               /* TRANSLATORS: a file's name, why it can't be written */
               _ ("Cannot write %s: %s"), shown, reason);
  return FALSE;
}

/* What stands at the final name may only be a regular file of our own. */
static gboolean
check_target (GsockSink *sink, GError **error)
{
  struct stat status;

  sink->there = FALSE;
  if (lstat (sink->path, &status) != 0)
    return errno == ENOENT || fail_errno (sink->shown, errno, error);
  if (S_ISLNK (status.st_mode))
    return refuse (sink->shown, _ ("it is a symbolic link"), error);
  if (S_ISDIR (status.st_mode))
    return refuse (sink->shown, _ ("it is a directory"), error);
  if (S_ISCHR (status.st_mode) || S_ISFIFO (status.st_mode))
    {
      sink->direct = TRUE;
      return TRUE;
    }
  if (!S_ISREG (status.st_mode))
    return refuse (sink->shown, _ ("it is no regular file"), error);
  if (status.st_uid != geteuid ())
    return refuse (sink->shown, _ ("it is another user's"), error);
  sink->there = TRUE;
  sink->there_size = (guint64) status.st_size;
  if (sink->options.keep_old && !sink->options.resume)
    return refuse (sink->shown,
                   _ ("it exists already; -o replaces it, -c completes it"),
                   error);
  return TRUE;
}

static gboolean
open_direct (GsockSink *sink, GError **error)
{
  sink->fd = open (sink->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
  return sink->fd >= 0 || fail_errno (sink->shown, errno, error);
}

static void
close_part (GsockSink *sink)
{
  if (sink->fd >= 0)
    gsock_fd_close (sink->fd);
  sink->fd = -1;
}

/* @gone: the name is another file's by now, or nobody's. */
static gboolean
try_part (GsockSink *sink, gboolean *gone, GError **error)
{
  struct stat status, named;

  sink->fd = open (
      sink->part,
      O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK, 0666);
  if (sink->fd < 0 && errno == ELOOP)
    return refuse (sink->shown_part, _ ("it is a symbolic link"), error);
  if (sink->fd < 0 || fstat (sink->fd, &status) != 0)
    return fail_errno (sink->shown_part, errno, error);
  if (!S_ISREG (status.st_mode) || status.st_nlink > 1)
    return refuse (sink->shown_part, _ ("it is no regular file"), error);
  if (status.st_uid != geteuid ())
    return refuse (sink->shown_part, _ ("it is another user's"), error);
  if (flock (sink->fd, LOCK_EX | LOCK_NB) != 0)
    return refuse (sink->shown_part, _ ("another process is writing it"),
                   error);
  /* Until we had the lock, whoever had it may have put it in its place. */
  *gone = lstat (sink->part, &named) != 0 || named.st_dev != status.st_dev
          || named.st_ino != status.st_ino;
  if (*gone)
    return FALSE;
  sink->offset = (guint64) named.st_size;
  sink->ours = sink->offset == 0;
  return TRUE;
}

/* One that is refused is somebody else's: nothing is done to it later. */
static gboolean
open_part (GsockSink *sink, GError **error)
{
  for (guint i = 0; i < PART_TRIES; i++)
    {
      gboolean gone = FALSE;

      if (try_part (sink, &gone, error))
        return TRUE;
      close_part (sink);
      if (!gone)
        return FALSE;
    }
  return refuse (sink->shown_part, _ ("another process is writing it"), error);
}

/* The info file: "key value" lines. */

static void
take_info_line (GsockSinkOrigin *origin, const char *line)
{
  const char *value = strchr (line, ' ');

  if (value == NULL)
    return;
  value++;
  if (g_str_has_prefix (line, "url "))
    origin->url = g_strdup (value);
  else if (g_str_has_prefix (line, "validator "))
    origin->validator = g_strdup (value);
  else if (g_str_has_prefix (line, "length "))
    {
      guint64 length;

      if (g_ascii_string_to_unsigned (value, 10, 0, G_MAXINT64, &length, NULL))
        origin->length = (gint64) length;
    }
}

static void
read_info (GsockSink *sink)
{
  g_auto (GsockFd) fd = open (sink->info, O_RDONLY | O_CLOEXEC | O_NOFOLLOW
                                              | O_NONBLOCK | O_NOCTTY);
  struct stat status;
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  gssize n;

  if (fd < 0 || fstat (fd, &status) != 0 || !S_ISREG (status.st_mode)
      || status.st_uid != geteuid () || status.st_size >= INFO_LIMIT)
    return;
  text = g_malloc0 (INFO_LIMIT);
  n = read (fd, text, INFO_LIMIT - 1);
  if (n <= 0)
    return;
  lines = g_strsplit (text, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++)
    take_info_line (&sink->origin, lines[i]);
}

static gboolean
is_one_line (const char *text)
{
  return strpbrk (text, "\r\n") == NULL;
}

/* Where nothing may be replaced: whether a fetch has left what is in the part.
 */
static gboolean
check_part (GsockSink *sink, GError **error)
{
  gboolean known;

  if (sink->offset == 0 || !sink->options.keep_old)
    return TRUE;
  read_info (sink);
  known = sink->origin.url != NULL;
  gsock_sink_origin_clear (&sink->origin);
  if (known)
    return TRUE;
  close_part (sink);
  return refuse (sink->shown_part,
                 _ ("it exists already, and no fetch has left it"), error);
}

/* Without a validator there is nothing to go on by, but it is told that the
 * part is one. */
static void
write_info (GsockSink *sink)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const GsockSinkOrigin *origin = &sink->origin;
  g_auto (GsockFd) fd = -1;

  (void) unlink (sink->info);
  if (!is_one_line (origin->url))
    return;
  g_string_append_printf (text, "url %s\n", origin->url);
  if (origin->validator != NULL && is_one_line (origin->validator))
    g_string_append_printf (text, "validator %s\n", origin->validator);
  if (origin->length >= 0)
    g_string_append_printf (text, "length %" PRId64 "\n", origin->length);
  fd = open (sink->info, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
             0600);
  if (fd < 0 || !gsock_fd_write_all (fd, text->str, text->len))
    (void) unlink (sink->info);
}

/**
 * gsock_sink_prepare:
 * @sink: a new sink
 * @error: %GSOCK_ERROR_OUTPUT or %GSOCK_ERROR_DENIED
 *
 * Returns: %TRUE if it can be written, as far as can be known now
 */
gboolean
gsock_sink_prepare (GsockSink *sink, GError **error)
{
  if (sink->output != NULL || sink->fd >= 0)
    return TRUE;
  if (!check_target (sink, error))
    return FALSE;
  if (sink->direct)
    return open_direct (sink, error);
  if (sink->there && sink->options.resume && access (sink->part, F_OK) != 0)
    return TRUE;
  if (!open_part (sink, error))
    return FALSE;
  if (!sink->options.resume)
    return check_part (sink, error);
  read_info (sink);
  return TRUE;
}

guint64
gsock_sink_get_offset (const GsockSink *sink)
{
  return sink->offset;
}

const GsockSinkOrigin *
gsock_sink_get_origin (const GsockSink *sink)
{
  return sink->origin.validator != NULL && sink->origin.url != NULL
             ? &sink->origin
             : NULL;
}

/**
 * gsock_sink_is_there:
 * @sink: prepared, to be resumed
 * @size: (out): of the file
 *
 * Returns: %TRUE if there is a file at the final name, and no part of it
 */
gboolean
gsock_sink_is_there (const GsockSink *sink, guint64 *size)
{
  *size = sink->there_size;
  return sink->there && sink->options.resume && sink->fd < 0;
}

/* @shown: its name. */
static gboolean
feed (int fd, guint64 size, const char *shown, GChecksum *checksum,
      GError **error)
{
  g_autofree guchar *buffer = g_malloc (128 * 1024);
  guint64 done = 0;

  while (done < size)
    {
      gssize n = pread (fd, buffer, MIN (size - done, 128 * 1024),
                        (off_t) done);

      if (n <= 0 && (n == 0 || errno != EINTR))
        return fail_errno (shown, n == 0 ? EIO : errno, error);
      if (n > 0)
        {
          g_checksum_update (checksum, buffer, n);
          done += (guint64) n;
        }
    }
  return TRUE;
}

/**
 * gsock_sink_begin:
 * @sink: prepared
 * @keep: whether the body goes on where the part ends
 * @origin: what comes
 * @checksum: (nullable): is fed with the part
 * @error: %GSOCK_ERROR_OUTPUT
 *
 * Returns: %TRUE if the body may come
 */
gboolean
gsock_sink_begin (GsockSink *sink, gboolean keep, const GsockSinkOrigin *origin,
                  GChecksum *checksum, GError **error)
{
  if (sink->output != NULL || sink->direct)
    return TRUE;
  if (sink->fd < 0 && !open_part (sink, error))
    return FALSE;
  if (!keep)
    sink->offset = 0;
  if (ftruncate (sink->fd, (off_t) sink->offset) != 0
      || lseek (sink->fd, (off_t) sink->offset, SEEK_SET) < 0)
    return fail_errno (sink->shown_part, errno, error);
  sink->ours = TRUE;
  origin_copy (&sink->origin, origin);
  write_info (sink);
  return checksum == NULL
         || feed (sink->fd, sink->offset, sink->shown_part, checksum, error);
}

/**
 * gsock_sink_feed_there:
 * @sink: gsock_sink_is_there
 * @checksum: is fed with the file
 * @error: %GSOCK_ERROR_OUTPUT or %GSOCK_ERROR_DENIED
 *
 * Returns: %TRUE if all of it could be read
 */
gboolean
gsock_sink_feed_there (GsockSink *sink, GChecksum *checksum, GError **error)
{
  g_auto (GsockFd) fd = open (sink->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW
                                              | O_NONBLOCK | O_NOCTTY);

  if (fd < 0)
    return fail_errno (sink->shown, errno, error);
  return feed (fd, sink->there_size, sink->shown, checksum, error);
}

/**
 * gsock_sink_write:
 * @sink: begun
 * @data: bytes
 * @size: how many
 * @error: %GSOCK_ERROR_OUTPUT
 *
 * Returns: %TRUE if they were taken
 */
gboolean
gsock_sink_write (GsockSink *sink, const char *data, gsize size, GError **error)
{
  if (sink->output != NULL)
    {
      gsock_output_bytes (sink->output, data, size);
      if (!gsock_output_has_failed (sink->output))
        return TRUE;
      gsock_output_drain (sink->output, error);
      return FALSE;
    }
  if (!gsock_fd_write_all (sink->fd, data, size))
    return fail_errno (sink->shown, errno, error);
  sink->offset += size;
  return TRUE;
}

static gssize
move_to_file (GsockSink *sink, GsockPipes *pipes, int fd, gsize size,
              GError **error)
{
  GsockPipe *pipe = sink->copies || sink->direct ? NULL
                                                 : gsock_pipes_take (pipes);
  gssize n = -1;
  int errnum = EINVAL;

  if (pipe != NULL)
    {
      n = gsock_pipe_fill (pipe, fd, size);
      errnum = errno;
      if (n > 0 && !gsock_pipe_empty (pipe, sink->fd, &sink->copies))
        fail_errno (sink->shown, errno, error);
      sink->offset += (guint64) MAX (n, 0) - pipe->held;
      n = pipe->held > 0 ? -1 : n;
      gsock_pipes_give (pipes, pipe);
    }
  errno = errnum;
  return n;
}

/**
 * gsock_sink_take:
 * @sink: begun
 * @pipes: its thread's
 * @fd: a socket
 * @size: at most so many bytes
 * @error: %GSOCK_ERROR_OUTPUT, of a file
 *
 * Returns: bytes; 0 at the end of @fd; -1 with @error or errno
 */
gssize
gsock_sink_take (GsockSink *sink, GsockPipes *pipes, int fd, gsize size,
                 GError **error)
{
  if (sink->output != NULL)
    return gsock_output_take (sink->output, fd, size);
  if (sink->direct && gsock_fd_is_null (sink->fd))
    return gsock_fd_drop (fd, size);
  return move_to_file (sink, pipes, fd, size, error);
}

/**
 * gsock_sink_write_head:
 * @sink: begun, if it is a file
 * @data: lines that end in CR LF
 * @size: how many bytes
 * @error: %GSOCK_ERROR_OUTPUT
 *
 * On a terminal the CRs, which would be shown, are left out.
 *
 * Returns: %TRUE if they were taken
 */
gboolean
gsock_sink_write_head (GsockSink *sink, const char *data, gsize size,
                       GError **error)
{
  g_autoptr (GString) plain = NULL;

  if (sink->output == NULL || !gsock_output_escapes (sink->output))
    return gsock_sink_write (sink, data, size, error);
  plain = g_string_new_len (data, (gssize) size);
  g_string_replace (plain, "\r\n", "\n", 0);
  return gsock_sink_write (sink, plain->str, plain->len, error);
}

/**
 * gsock_sink_flush:
 * @sink: a sink
 * @error: %GSOCK_ERROR_OUTPUT
 *
 * Returns: %TRUE if what waited for the reader was taken
 */
gboolean
gsock_sink_flush (GsockSink *sink, GError **error)
{
  return sink->output == NULL || gsock_output_drain (sink->output, error);
}

gboolean
gsock_sink_is_full (const GsockSink *sink)
{
  return sink->output != NULL && gsock_output_is_full (sink->output);
}

static gboolean
put_in_place (GsockSink *sink, GError **error)
{
  guint flags = sink->options.keep_old && !sink->options.resume
                    ? RENAME_NOREPLACE
                    : 0;

  if (!check_target (sink, error))
    return FALSE;
  if (renameat2 (AT_FDCWD, sink->part, AT_FDCWD, sink->path, flags) == 0)
    return TRUE;
  if (errno == EINVAL && rename (sink->part, sink->path) == 0)
    return TRUE; /* a file system without RENAME_NOREPLACE */
  return fail_errno (sink->shown, errno, error);
}

/**
 * gsock_sink_commit:
 * @sink: one that has got all
 * @error: %GSOCK_ERROR_OUTPUT
 *
 * Returns: %TRUE if the file is on the disk and at its place
 */
gboolean
gsock_sink_commit (GsockSink *sink, GError **error)
{
  int fd;

  if (sink->output != NULL)
    return TRUE;
  if (sink->direct)
    {
      fd = sink->fd;
      sink->fd = -1;
      return close (fd) == 0 || fail_errno (sink->shown, errno, error);
    }
  if (fsync (sink->fd) != 0 && errno != EINVAL && errno != EROFS)
    return fail_errno (sink->shown_part, errno, error);
  if (!put_in_place (sink, error))
    return FALSE;
  (void) unlink (sink->info);
  fd = sink->fd;
  sink->fd = -1;
  return close (fd) == 0 || fail_errno (sink->shown, errno, error);
}

/**
 * gsock_sink_spoil:
 * @sink: a sink whose bytes are not those that were wanted
 */
void
gsock_sink_spoil (GsockSink *sink)
{
  gsock_sink_origin_clear (&sink->origin);
}

/**
 * gsock_sink_abandon:
 * @sink: one that will not be whole
 *
 * What was there before it was begun is left as it is.
 *
 * Returns: the bytes that are kept for a later -c; 0: none
 */
guint64
gsock_sink_abandon (GsockSink *sink)
{
  if (sink->fd < 0 || sink->direct)
    return 0;
  if (gsock_sink_get_origin (sink) != NULL && sink->offset > 0)
    return sink->offset;
  if (!sink->ours)
    return 0;
  (void) unlink (sink->part);
  (void) unlink (sink->info);
  return 0;
}

/**
 * gsock_sink_can_restart:
 * @sink: prepared
 *
 * Returns: %TRUE for a file that has a part, and for the null device
 */
gboolean
gsock_sink_can_restart (const GsockSink *sink)
{
  return sink->output == NULL && (!sink->direct || gsock_fd_is_null (sink->fd));
}

const char *
gsock_sink_get_part_name (const GsockSink *sink)
{
  return sink->shown_part;
}

const char *
gsock_sink_get_path (const GsockSink *sink)
{
  return sink->path;
}

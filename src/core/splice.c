/* splice.c: pipes that the kernel moves bytes through, a few and shared
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/splice.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/fd.h"

/* Pipes of a worker, at two descriptors each.  A pipe is somebody's only while
 * bytes come, so few do for many; and they are nothing that cannot be done
 * without, so the last descriptors are not for them. */
#define MOST 64
#define MOST_IDLE 8
/* What one is asked to hold; the kernel may say no, and 64 KiB do too. */
#define CAPACITY (256 * 1024)
/* After a refusal it is not asked again so soon. */
#define REFUSED_FOR G_TIME_SPAN_SECOND

static void
pipe_free (GsockPipes *pipes, GsockPipe *pipe)
{
  gsock_fd_close (pipe->fds[0]);
  gsock_fd_close (pipe->fds[1]);
  g_free (pipe);
  pipes->count--;
}

/* Clients come first: an eighth of what the process may have is theirs. */
static gboolean
is_scarce (int fd)
{
  struct rlimit limit;

  return getrlimit (RLIMIT_NOFILE, &limit) == 0
         && (rlim_t) fd >= limit.rlim_cur - limit.rlim_cur / 8;
}

static GsockPipe *
pipe_new (GsockPipes *pipes)
{
  gint64 now = g_get_monotonic_time ();
  GsockPipe *pipe;
  int fds[2];

  if (pipes->count >= MOST
      || (pipes->refused != 0 && now - pipes->refused < REFUSED_FOR))
    return NULL;
  pipes->refused = now;
  if (pipe2 (fds, O_CLOEXEC | O_NONBLOCK) != 0)
    return NULL;
  if (is_scarce (fds[1]))
    {
      gsock_fd_close (fds[0]);
      gsock_fd_close (fds[1]);
      return NULL;
    }
  pipes->refused = 0;
  (void) fcntl (fds[1], F_SETPIPE_SZ, CAPACITY);
  pipe = g_new0 (GsockPipe, 1);
  pipe->fds[0] = fds[0];
  pipe->fds[1] = fds[1];
  pipes->count++;
  return pipe;
}

/**
 * gsock_pipes_take:
 * @pipes: a worker's
 *
 * Returns: (nullable) (transfer full): an empty pipe; %NULL where the worker
 *   has as many as it may, or the kernel gives none (EMFILE, ENFILE)
 */
GsockPipe *
gsock_pipes_take (GsockPipes *pipes)
{
  if (pipes->idle != NULL && pipes->idle->len > 0)
    return g_ptr_array_remove_index_fast (pipes->idle, pipes->idle->len - 1);
  return pipe_new (pipes);
}

/**
 * gsock_pipes_give:
 * @pipes: the worker's that @pipe was taken from
 * @pipe: (transfer full): kept for another if it is empty
 */
void
gsock_pipes_give (GsockPipes *pipes, GsockPipe *pipe)
{
  if (pipes->idle == NULL)
    pipes->idle = g_ptr_array_new ();
  if (pipe->held > 0 || pipes->idle->len >= MOST_IDLE)
    pipe_free (pipes, pipe);
  else
    g_ptr_array_add (pipes->idle, pipe);
}

/**
 * gsock_pipes_clear:
 * @pipes: all of whose pipes have been given back
 */
void
gsock_pipes_clear (GsockPipes *pipes)
{
  while (pipes->idle != NULL && pipes->idle->len > 0)
    pipe_free (pipes, g_ptr_array_remove_index_fast (pipes->idle,
                                                     pipes->idle->len - 1));
  g_clear_pointer (&pipes->idle, g_ptr_array_unref);
}

/**
 * gsock_pipe_fill:
 * @pipe: a pipe
 * @fd: what to take from
 * @size: at most so many bytes
 *
 * A short count says nothing: a pipe has so many places, and each takes what
 * one packet had.
 *
 * Returns: bytes; 0: the end of @fd; -1 with errno
 */
gssize
gsock_pipe_fill (GsockPipe *pipe, int fd, gsize size)
{
  gssize n;

  do
    n = splice (fd, NULL, pipe->fds[1], NULL, size,
                SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
  while (n < 0 && errno == EINTR);
  if (n > 0)
    pipe->held += (gsize) n;
  return n;
}

/**
 * gsock_pipe_drain:
 * @pipe: a pipe that holds something
 * @fd: what to give to
 *
 * Returns: bytes; -1 with errno
 */
gssize
gsock_pipe_drain (GsockPipe *pipe, int fd)
{
  gssize n;

  do
    n = splice (pipe->fds[0], NULL, fd, NULL, pipe->held,
                SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
  while (n < 0 && errno == EINTR);
  if (n > 0)
    pipe->held -= (gsize) n;
  return n;
}

static gboolean
copy_out (GsockPipe *pipe, int fd)
{
  char buffer[16 * 1024];

  while (pipe->held > 0)
    {
      gssize n = read (pipe->fds[0], buffer, MIN (pipe->held, sizeof buffer));

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0 || !gsock_fd_write_all (fd, buffer, (gsize) n))
        return FALSE;
      pipe->held -= (gsize) n;
    }
  return TRUE;
}

/**
 * gsock_pipe_empty:
 * @pipe: a pipe
 * @fd: a regular file
 * @copied: (out): only set where it had to be
 *
 * Returns: whether @pipe holds nothing any more; errno
 */
gboolean
gsock_pipe_empty (GsockPipe *pipe, int fd, gboolean *copied)
{
  while (pipe->held > 0)
    {
      gssize n = gsock_pipe_drain (pipe, fd);

      if (n > 0)
        continue;
      if (n == 0)
        errno = EIO;
      if (n == 0 || errno != EINVAL)
        return FALSE;
      *copied = TRUE;
      return copy_out (pipe, fd);
    }
  return TRUE;
}

/* fd.c: file descriptors: closing them, and how many there may be
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/fd.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "core/error.h"

/* Kept free below the limit for what is opened only for a moment or later: a
 * rule file read again on SIGHUP, the lock of a socket file's directory, the
 * resolver's sockets, a record, the spare of an accept. */
#define RESERVE 16

/* What unprivileged users may have, by default. */
#define PIPE_WIDTH (1024 * 1024)

/* Of one receive whose bytes nobody wants. */
#define DROP_MAX (1024 * 1024)

/**
 * gsock_fd_close:
 * @fd: a descriptor
 *
 * close(2) as Linux means it: the number is free whatever it returns, so a
 * second try after EINTR could close what another thread has just opened.
 * errno is kept, so it can stand between a failed call and its report.
 */
void
gsock_fd_close (int fd)
{
  int saved_errno = errno;

  close (fd);
  errno = saved_errno;
}

/* Of 0, 1, 2: those that were closed when we began; main thread. */
static gboolean reserved[3];

/**
 * gsock_fd_reserve_stdio:
 * @error: GSOCK_ERROR_FAILED where /dev/null can't be opened
 *
 * Fills each of 0, 1, 2 that is closed.  Reading the stand-in of stdin gives
 * end of file; writing to that of stdout fails with EBADF, as it would have
 * without it; what goes to that of stderr vanishes, for there is nobody to
 * tell.  They are inherited by children, as the real ones are.
 */
gboolean
gsock_fd_reserve_stdio (GError **error)
{
  static const int modes[] = { O_RDONLY, O_RDONLY, O_WRONLY };

  for (int fd = 0; fd <= 2; fd++)
    {
      if (fcntl (fd, F_GETFD) >= 0 || errno != EBADF)
        continue;

      /* The lowest free number is fd itself: those below are taken. */
      if (open ("/dev/null", modes[fd] | O_NOCTTY) < 0)
        {
          gsock_set_error_errno (error, GSOCK_ERROR_FAILED, errno,
                                 _ ("Cannot open %s"), "/dev/null");
          return FALSE;
        }
      reserved[fd] = TRUE;
    }

  return TRUE;
}

/**
 * gsock_fd_is_readable:
 * @fd: 0, 1 or 2
 *
 * Returns: whether it was open when we began, and for reading: nohup(1) gives
 *   what must not read from the terminal one for writing
 */
gboolean
gsock_fd_is_readable (int fd)
{
  int flags = fcntl (fd, F_GETFL);

  return !reserved[fd] && flags >= 0 && (flags & O_ACCMODE) != O_WRONLY;
}

/**
 * gsock_fd_raise_limit:
 *
 * A server may hold as many clients as its administrator allows; the soft
 * limit is 1024 almost everywhere, for the sake of select(2), which nothing
 * here uses.  Where the kernel refuses, the limit stays as it was.
 *
 * Returns: the number of descriptors this process may have, at most
 *   %G_MAXUINT
 */
guint
gsock_fd_raise_limit (void)
{
  struct rlimit limit;
  struct rlimit wanted;

  if (getrlimit (RLIMIT_NOFILE, &limit) < 0)
    return 1024;

  wanted = limit;
  wanted.rlim_cur = limit.rlim_max;
  if (limit.rlim_cur < limit.rlim_max
      && setrlimit (RLIMIT_NOFILE, &wanted) == 0)
    limit = wanted;

  return (guint) MIN (limit.rlim_cur, (rlim_t) G_MAXUINT);
}

/* Without /proc, which a confined server has not: poll(2) tells of numbers
 * that nothing is open at, hundreds in one call, up to a bound. */
static guint
probe_open (guint limit)
{
  struct pollfd numbers[512];
  guint end = MIN (limit, 65536), n = 0;

  for (guint first = 0; first < end; first += G_N_ELEMENTS (numbers))
    {
      guint count = MIN (end - first, G_N_ELEMENTS (numbers));

      for (guint i = 0; i < count; i++)
        numbers[i] = (struct pollfd) { .fd = (int) (first + i) };
      if (poll (numbers, count, 0) < 0)
        return n; /* more than it may look at: few can be open */
      for (guint i = 0; i < count; i++)
        n += (numbers[i].revents & POLLNVAL) == 0;
    }

  return n;
}

static guint
count_open (guint limit)
{
  DIR *directory = opendir ("/proc/self/fd");
  const struct dirent *entry;
  guint n = 0;

  if (directory == NULL)
    return probe_open (limit);

  while ((entry = readdir (directory)) != NULL)
    {
      if (g_ascii_isdigit (entry->d_name[0]))
        n++;
    }
  closedir (directory);

  /* Less the one it was read through. */
  return n > 0 ? n - 1 : 0;
}

/**
 * gsock_fd_capacity:
 * @limit: as gsock_fd_raise_limit() gives it
 *
 * Ask when the listeners and logs are open: they are counted as they are.
 *
 * Returns: how many more descriptors clients may take, at least 1
 */
guint
gsock_fd_capacity (guint limit)
{
  guint taken = count_open (limit);

  if (limit <= RESERVE || taken >= limit - RESERVE)
    return 1;

  return limit - RESERVE - taken;
}

/**
 * gsock_fd_set_nonblocking:
 * @fd: a descriptor nobody else shares: the flag belongs to the open file
 *   description, so whoever inherited it would see it
 * @error: GSOCK_ERROR_FAILED
 */
gboolean
gsock_fd_set_nonblocking (int fd, GError **error)
{
  int flags = fcntl (fd, F_GETFL);

  if (flags >= 0 && (flags & O_NONBLOCK) != 0)
    return TRUE;

  if (flags < 0 || fcntl (fd, F_SETFL, flags | O_NONBLOCK) < 0)
    {
      gsock_set_error_errno (error, GSOCK_ERROR_FAILED, errno,
                             _ ("Cannot make descriptor %d non-blocking"), fd);
      return FALSE;
    }

  return TRUE;
}

/* Whether opening @fd's file again gives the same thing once more.  A regular
 * file would begin again at its start, over what is there; a device can have
 * a meaning of its own for each open: a pseudo-terminal's master makes a new
 * terminal. */
static gboolean
is_worth_reopening (int fd)
{
  struct stat status;
  unsigned int number;

  if (fstat (fd, &status) < 0)
    return FALSE;
  if (S_ISFIFO (status.st_mode))
    return TRUE;

  return S_ISCHR (status.st_mode) && isatty (fd)
         && ioctl (fd, TIOCGPTN, &number) < 0;
}

/**
 * gsock_fd_reopen_nonblocking:
 * @fd: a pipe or a terminal
 * @open_flags: O_RDONLY, O_WRONLY or O_RDWR, nothing @fd can't do itself: a
 *   closed stdout's stand-in must not become writable here
 *
 * Everything else than a pipe or a terminal is refused: files and /dev/null
 * never block for long, and sockets have MSG_DONTWAIT.
 *
 * Returns: a new descriptor, the caller's to close; or -1 and errno
 */
int
gsock_fd_reopen_nonblocking (int fd, int open_flags)
{
  char path[sizeof "/proc/self/fd/-2147483648"];
  int flags = fcntl (fd, F_GETFL);
  int mode;

  if (flags < 0)
    return -1;

  mode = flags & O_ACCMODE;
  if (mode != O_RDWR && mode != (open_flags & O_ACCMODE))
    {
      errno = EBADF;
      return -1;
    }
  if (!is_worth_reopening (fd))
    {
      errno = EOPNOTSUPP;
      return -1;
    }

  g_snprintf (path, sizeof path, "/proc/self/fd/%d", fd);
  return open (path, open_flags | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
}

/**
 * gsock_fd_write_all:
 * @fd: a descriptor, blocking as far as we know
 * @data: (array length=size): bytes
 * @size: how many
 *
 * Goes on after a signal and after a short write; and where another process
 * that shares @fd has made it non-blocking behind our back, waits for room.
 *
 * Returns: %FALSE with errno set; part of @data may have been written
 */
gboolean
gsock_fd_write_all (int fd, const void *data, gsize size)
{
  const char *bytes = data;

  while (size > 0)
    {
      gssize n = write (fd, bytes, size);

      if (n >= 0)
        {
          bytes += n;
          size -= (gsize) n;
        }
      else if (errno == EAGAIN)
        {
          struct pollfd ready = { .fd = fd, .events = POLLOUT };

          if (poll (&ready, 1, -1) < 0 && errno != EINTR)
            return FALSE;
        }
      else if (errno != EINTR)
        {
          return FALSE;
        }
    }

  return TRUE;
}

/**
 * gsock_fd_widen_pipe:
 * @fd: either end of a pipe
 *
 * Each time a pipe is full or empty, somebody sleeps: a wide one carries twice
 * as much.  The kernel may say no, for one user has so many pages only.
 */
void
gsock_fd_widen_pipe (int fd)
{
  (void) fcntl (fd, F_SETPIPE_SZ, PIPE_WIDTH);
}

/**
 * gsock_fd_is_null:
 * @fd: a descriptor
 *
 * Returns: whether what is written to it is gone
 */
gboolean
gsock_fd_is_null (int fd)
{
  struct stat status;

  return fstat (fd, &status) == 0 && S_ISCHR (status.st_mode)
         && status.st_rdev == makedev (1, 3);
}

/**
 * gsock_fd_drop:
 * @fd: a stream socket
 * @size: at most so many bytes, at least one
 *
 * MSG_TRUNC is what tcp(7) says of it; to other sockets it means something
 * else.
 *
 * Returns: bytes; 0 at the end of @fd; -1 with errno
 */
gssize
gsock_fd_drop (int fd, gsize size)
{
  /* Never written to: but a kernel, or a checker, that doesn't know of this may
   * think so. */
  static char room[DROP_MAX];
  int protocol = 0;
  socklen_t length = sizeof protocol;
  gssize n;

  if (getsockopt (fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &length) != 0
      || protocol != IPPROTO_TCP)
    {
      errno = EINVAL;
      return -1;
    }
  do
    n = recv (fd, room, MIN (size, sizeof room), MSG_TRUNC | MSG_DONTWAIT);
  while (n < 0 && errno == EINTR);
  return n;
}

/* fd.h: file descriptors: closing them, and how many there may be
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* g_auto (GsockFd) fd = -1; is closed at the end of its scope. */
typedef int GsockFd;

void gsock_fd_close (int fd); /* never fails, never retries, keeps errno */

static inline void
gsock_fd_clear (GsockFd *fd)
{
  if (*fd >= 0)
    gsock_fd_close (*fd);
  *fd = -1;
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GsockFd, gsock_fd_clear)

static inline int
gsock_fd_steal (GsockFd *fd)
{
  int result = *fd;

  *fd = -1;
  return result;
}

/* Opens /dev/null on each of 0, 1, 2 that is closed, so that no socket ever
 * gets one of those numbers; a write to a closed stdout then still fails:
 * stdout's stand-in is opened read-only.  Call first thing in main. */
gboolean gsock_fd_reserve_stdio (GError **error);
/* FALSE for one that has filled, and for one that is open for writing only. */
gboolean gsock_fd_is_readable (int fd);

/* Raises the soft RLIMIT_NOFILE to the hard one; the limit in force. */
guint gsock_fd_raise_limit (void);

/* How many clients fit under @limit when the reserve (listeners, stdio, logs,
 * the poller) and what is open now are set aside; at least 1. */
guint gsock_fd_capacity (guint limit);

gboolean gsock_fd_set_nonblocking (int fd, GError **error);

/* A second, private open file description of @fd with O_NONBLOCK and
 * O_CLOEXEC (through /proc/self/fd), so that a flag set here is not seen by
 * the shell that shares @fd; -1 where that can't be had (sockets, no /proc). */
int gsock_fd_reopen_nonblocking (int fd, int open_flags);

/* write(2) of all of it to a blocking descriptor; FALSE keeps errno. */
gboolean gsock_fd_write_all (int fd, const void *data, gsize size);

/* A pipe that carries much: asks for more room than 64 KiB, and is content with
 * what it has. */
void gsock_fd_widen_pipe (int fd);

/* Whether @fd is /dev/null, or of its kind. */
gboolean gsock_fd_is_null (int fd);
/* For that: up to @size bytes of the TCP socket @fd are done with as recv would
 * be, and never copied.  EINVAL: not with this one. */
gssize gsock_fd_drop (int fd, gsize size);

G_END_DECLS

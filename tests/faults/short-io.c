/* short-io.c: a shim: every read and write of a socket or pipe moves 1 to 3
 * bytes, and each seventh is interrupted
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static unsigned int calls;

/* How many bytes this call may move; 0: it is interrupted. */
static size_t
allowed (int fd, size_t asked)
{
  struct stat st;

  if (asked == 0 || fstat (fd, &st) != 0
      || !(S_ISSOCK (st.st_mode) || S_ISFIFO (st.st_mode)))
    return asked;
  calls++;
  if (calls % 7 == 0)
    return 0;
  return asked < 1 + calls % 3 ? asked : 1 + calls % 3;
}

#define NEXT(name) ((__typeof__ (&name)) dlsym (RTLD_NEXT, #name))
#define SHORTEN(fd, size) \
  size_t n = allowed (fd, size); \
  if (n == 0 && size != 0) \
    { \
      errno = EINTR; \
      return -1; \
    }

ssize_t
recv (int fd, void *data, size_t size, int flags)
{
  SHORTEN (fd, size)
  return NEXT (recv) (fd, data, n, flags);
}

ssize_t
send (int fd, const void *data, size_t size, int flags)
{
  SHORTEN (fd, size)
  return NEXT (send) (fd, data, n, flags);
}

ssize_t
read (int fd, void *data, size_t size)
{
  SHORTEN (fd, size)
  return NEXT (read) (fd, data, n);
}

ssize_t
write (int fd, const void *data, size_t size)
{
  SHORTEN (fd, size)
  return NEXT (write) (fd, data, n);
}

ssize_t
recvmsg (int fd, struct msghdr *message, int flags)
{
  size_t size = message->msg_iovlen == 1 ? message->msg_iov[0].iov_len : 0;
  size_t n = allowed (fd, size);
  ssize_t got;

  if (size == 0)
    return NEXT (recvmsg) (fd, message, flags);
  if (n == 0)
    {
      errno = EINTR;
      return -1;
    }
  message->msg_iov[0].iov_len = n;
  got = NEXT (recvmsg) (fd, message, flags);
  message->msg_iov[0].iov_len = size;
  return got;
}

/* test-splice.c: pipes are few, shared, and can be done without
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/splice.h"

typedef struct
{
  int in[2], out[2]; /* ours is [0], the peer's [1] */
} Sockets;

static void
sockets_init (Sockets *sockets)
{
  const int type = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;

  g_assert_cmpint (socketpair (AF_UNIX, type, 0, sockets->in), ==, 0);
  g_assert_cmpint (socketpair (AF_UNIX, type, 0, sockets->out), ==, 0);
}

static void
sockets_clear (Sockets *sockets)
{
  close (sockets->in[0]);
  close (sockets->out[0]);
  close (sockets->out[1]);
}

static void
test_moves (void)
{
  GsockPipes pipes = { 0 };
  GsockPipe *pipe = gsock_pipes_take (&pipes);
  Sockets sockets;
  char got[32];

  g_assert_nonnull (pipe);
  sockets_init (&sockets);

  g_assert_cmpint (gsock_pipe_fill (pipe, sockets.in[0], 4096), ==, -1);
  g_assert_cmpint (errno, ==, EAGAIN);
  g_assert_cmpint (write (sockets.in[1], "hello, world", 12), ==, 12);
  g_assert_cmpint (gsock_pipe_fill (pipe, sockets.in[0], 7), ==, 7);
  g_assert_cmpuint (pipe->held, ==, 7);
  g_assert_cmpint (gsock_pipe_drain (pipe, sockets.out[0]), ==, 7);
  g_assert_cmpuint (pipe->held, ==, 0);
  g_assert_cmpint (gsock_pipe_fill (pipe, sockets.in[0], 4096), ==, 5);
  g_assert_cmpint (gsock_pipe_drain (pipe, sockets.out[0]), ==, 5);
  g_assert_cmpint (read (sockets.out[1], got, sizeof got), ==, 12);
  g_assert_cmpmem (got, 12, "hello, world", 12);

  close (sockets.in[1]);
  g_assert_cmpint (gsock_pipe_fill (pipe, sockets.in[0], 4096), ==, 0);
  gsock_pipes_give (&pipes, pipe);
  gsock_pipes_clear (&pipes);
  g_assert_cmpuint (pipes.count, ==, 0);
  sockets_clear (&sockets);
}

/* A file that splice(2) refuses, as one of O_APPEND, gets its bytes too. */
static void
test_empties (void)
{
  const int flags[] = { O_RDWR, O_RDWR | O_APPEND };

  for (gsize i = 0; i < G_N_ELEMENTS (flags); i++)
    {
      g_autofree char *path = NULL;
      int made = g_file_open_tmp ("gsock-XXXXXX", &path, NULL);
      int file = open (path, flags[i] | O_CLOEXEC);
      GsockPipes pipes = { 0 };
      GsockPipe *pipe = gsock_pipes_take (&pipes);
      gboolean copied = FALSE;
      Sockets sockets;
      char got[32];

      sockets_init (&sockets);
      g_assert_cmpint (write (sockets.in[1], "hello, world", 12), ==, 12);
      g_assert_cmpint (gsock_pipe_fill (pipe, sockets.in[0], 4096), ==, 12);
      g_assert_true (gsock_pipe_empty (pipe, file, &copied));
      g_assert_cmpint (copied, ==, (flags[i] & O_APPEND) != 0);
      g_assert_cmpuint (pipe->held, ==, 0);
      g_assert_cmpint (pread (file, got, sizeof got, 0), ==, 12);
      g_assert_cmpmem (got, 12, "hello, world", 12);
      g_assert_true (gsock_pipe_empty (pipe, file, &copied));
      gsock_pipes_give (&pipes, pipe);
      gsock_pipes_clear (&pipes);
      close (sockets.in[1]);
      sockets_clear (&sockets);
      close (file);
      close (made);
      g_unlink (path);
    }
}

/* What can't be written stays, and why is known. */
static void
test_empties_nowhere (void)
{
  int full = open ("/dev/full", O_WRONLY | O_CLOEXEC);
  GsockPipes pipes = { 0 };
  GsockPipe *pipe = gsock_pipes_take (&pipes);
  gboolean copied = FALSE;
  Sockets sockets;

  sockets_init (&sockets);
  g_assert_cmpint (write (sockets.in[1], "hello", 5), ==, 5);
  g_assert_cmpint (gsock_pipe_fill (pipe, sockets.in[0], 4096), ==, 5);
  g_assert_false (gsock_pipe_empty (pipe, full, &copied));
  g_assert_cmpint (errno, ==, ENOSPC);
  g_assert_cmpuint (pipe->held, >, 0);
  gsock_pipes_give (&pipes, pipe);
  gsock_pipes_clear (&pipes);
  g_assert_cmpuint (pipes.count, ==, 0);
  close (sockets.in[1]);
  sockets_clear (&sockets);
  close (full);
}

/* An empty one is for the next; one with somebody's bytes in it for nobody. */
static void
test_shared (void)
{
  GsockPipes pipes = { 0 };
  GsockPipe *first = gsock_pipes_take (&pipes);
  GsockPipe *second;
  Sockets sockets;

  sockets_init (&sockets);
  gsock_pipes_give (&pipes, first);
  second = gsock_pipes_take (&pipes);
  g_assert_true (second == first);
  g_assert_cmpuint (pipes.count, ==, 1);

  g_assert_cmpint (write (sockets.in[1], "secret", 6), ==, 6);
  g_assert_cmpint (gsock_pipe_fill (second, sockets.in[0], 4096), ==, 6);
  gsock_pipes_give (&pipes, second);
  g_assert_cmpuint (pipes.count, ==, 0);
  first = gsock_pipes_take (&pipes);
  g_assert_cmpuint (first->held, ==, 0);
  g_assert_cmpint (gsock_pipe_fill (first, sockets.in[0], 4096), ==, -1);
  g_assert_cmpint (errno, ==, EAGAIN);
  gsock_pipes_give (&pipes, first);
  gsock_pipes_clear (&pipes);
  close (sockets.in[1]);
  sockets_clear (&sockets);
}

static void
test_bounded (void)
{
  GsockPipes pipes = { 0 };
  g_autoptr (GPtrArray) taken = g_ptr_array_new ();
  GsockPipe *pipe;

  while ((pipe = gsock_pipes_take (&pipes)) != NULL)
    {
      g_ptr_array_add (taken, pipe);
      g_assert_cmpuint (taken->len, <, 1000);
    }
  g_assert_cmpuint (taken->len, ==, pipes.count);
  for (guint i = 0; i < taken->len; i++)
    gsock_pipes_give (&pipes, g_ptr_array_index (taken, i));
  g_assert_cmpuint (pipes.count, <, taken->len);
  gsock_pipes_clear (&pipes);
  g_assert_cmpuint (pipes.count, ==, 0);
}

static int
count_free (rlim_t limit)
{
  int n = 0;

  for (int fd = 0; fd < (int) limit; fd++)
    n += fcntl (fd, F_GETFD) < 0;
  return n;
}

static void
test_scarce (void)
{
  GsockPipes pipes = { 0 };
  g_autoptr (GPtrArray) taken = g_ptr_array_new ();
  struct rlimit before, small;
  GsockPipe *pipe;

  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &before), ==, 0);
  small = before;
  small.rlim_cur = 80;
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &small), ==, 0);
  while ((pipe = gsock_pipes_take (&pipes)) != NULL)
    g_ptr_array_add (taken, pipe);
  g_assert_cmpuint (taken->len, >, 0);
  g_assert_cmpint (count_free (80), >=, 10);
  for (guint i = 0; i < taken->len; i++)
    gsock_pipes_give (&pipes, g_ptr_array_index (taken, i));
  gsock_pipes_clear (&pipes);

  small.rlim_cur = 3;
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &small), ==, 0);
  pipes = (GsockPipes) { 0 };
  g_assert_null (gsock_pipes_take (&pipes));
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &before), ==, 0);
  /* Not again at once. */
  g_assert_null (gsock_pipes_take (&pipes));
  pipes.refused -= 2 * G_USEC_PER_SEC;
  pipe = gsock_pipes_take (&pipes);
  g_assert_nonnull (pipe);
  gsock_pipes_give (&pipes, pipe);
  gsock_pipes_clear (&pipes);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/splice/moves", test_moves);
  g_test_add_func ("/splice/empties", test_empties);
  g_test_add_func ("/splice/empties-nowhere", test_empties_nowhere);
  g_test_add_func ("/splice/shared", test_shared);
  g_test_add_func ("/splice/bounded", test_bounded);
  g_test_add_func ("/splice/scarce", test_scarce);
  return g_test_run ();
}

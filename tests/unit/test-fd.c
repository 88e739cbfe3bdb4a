/* test-fd.c: closing, standing in for stdio, limits, reopening, writing all
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/error.h"
#include "core/fd.h"

static gboolean
is_open (int fd)
{
  return fcntl (fd, F_GETFD) >= 0;
}

/* Runs @body in a child, where descriptors and limits can be ruined; it gives
 * 0 for success, else a number that tells where it failed. */
static int
status_in_child (int (*body) (gconstpointer data), gconstpointer data)
{
  pid_t child = fork ();
  int status;

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    _exit (body (data));

  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

static void
assert_in_child (int (*body) (gconstpointer data), gconstpointer data)
{
  g_assert_cmpint (status_in_child (body, data), ==, 0);
}

static void
test_close (void)
{
  int fd = open ("/dev/null", O_RDONLY | O_CLOEXEC);

  errno = ENOENT;
  gsock_fd_close (fd);
  g_assert_false (is_open (fd));

  errno = ENOENT;
  gsock_fd_close (-1);
  g_assert_cmpint (errno, ==, ENOENT);
}

static void
test_auto (void)
{
  int number;
  int kept;

  {
    g_auto (GsockFd) closed = open ("/dev/null", O_RDONLY | O_CLOEXEC);
    g_auto (GsockFd) stolen = open ("/dev/null", O_RDONLY | O_CLOEXEC);
    G_GNUC_UNUSED g_auto (GsockFd) none = -1;

    number = closed;
    kept = gsock_fd_steal (&stolen);
    g_assert_cmpint (stolen, ==, -1);
  }

  g_assert_false (is_open (number));
  g_assert_true (is_open (kept));
  gsock_fd_clear (&kept);
  g_assert_cmpint (kept, ==, -1);
}

/* @data: a bit for each of 0, 1, 2 that is closed. */
static int
reserve_stdio (gconstpointer data)
{
  int closed = GPOINTER_TO_INT (data);
  int null = open ("/dev/null", O_RDWR | O_CLOEXEC);
  char byte = 'x';

  for (int fd = 0; fd <= 2; fd++)
    {
      if (dup2 (null, fd) != fd)
        return 1;
    }
  for (int fd = 0; fd <= 2; fd++)
    {
      if (closed & (1 << fd))
        close (fd);
    }

  if (!gsock_fd_reserve_stdio (NULL))
    return 2;
  if (gsock_fd_is_readable (STDIN_FILENO) != ((closed & 1) == 0))
    return 9;
  if (!is_open (0) || !is_open (1) || !is_open (2))
    return 3;

  if (read (0, &byte, 1) != 0)
    return 4;
  if ((closed & 2) && (write (1, &byte, 1) != -1 || errno != EBADF))
    return 5;
  if (!(closed & 2) && write (1, &byte, 1) != 1)
    return 6;
  if (write (2, &byte, 1) != 1)
    return 7;
  null = open ("/dev/null", O_WRONLY | O_CLOEXEC);
  if (dup2 (null, STDIN_FILENO) < 0 || gsock_fd_is_readable (STDIN_FILENO))
    return 10;
  return socket (AF_UNIX, SOCK_STREAM, 0) > 2 ? 0 : 8;
}

static void
test_reserve_stdio (void)
{
  for (int closed = 0; closed < 8; closed++)
    assert_in_child (reserve_stdio, GINT_TO_POINTER (closed));
}

static int
raise_limit (G_GNUC_UNUSED gconstpointer data)
{
  struct rlimit limit;
  rlim_t hard;

  if (getrlimit (RLIMIT_NOFILE, &limit) < 0)
    return 1;

  hard = limit.rlim_max;
  limit.rlim_cur = 64;
  if (setrlimit (RLIMIT_NOFILE, &limit) < 0)
    return 2;

  if (gsock_fd_raise_limit () != MIN (hard, (rlim_t) G_MAXUINT))
    return 3;
  if (getrlimit (RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur != hard)
    return 4;
  /* Once more changes nothing. */
  return gsock_fd_raise_limit () == MIN (hard, (rlim_t) G_MAXUINT) ? 0 : 5;
}

static void
test_raise_limit (void)
{
  assert_in_child (raise_limit, NULL);
}

static guint
open_many (guint wanted)
{
  guint n = 0;

  while (n < wanted && open ("/dev/null", O_RDONLY) >= 0)
    n++;

  return n;
}

/* As many as it says can be opened, and its reserve after them; and it isn't
 * far too modest. */
static int
fill_capacity (G_GNUC_UNUSED gconstpointer data)
{
  struct rlimit limit;
  guint capacity;

  if (getrlimit (RLIMIT_NOFILE, &limit) < 0)
    return 1;
  limit.rlim_cur = 200;
  if (setrlimit (RLIMIT_NOFILE, &limit) < 0)
    return 1;

  capacity = gsock_fd_capacity (200);
  if (open_many (capacity) != capacity)
    return 2;
  if (gsock_fd_capacity (200) != 1)
    return 3;
  if (open_many (8) != 8)
    return 4;
  return open_many (64) < 64 ? 0 : 5;
}

static void
test_capacity (void)
{
  static const guint tiny[] = { 0, 1, 2, 15, 16, 17, 18 };
  guint before = gsock_fd_capacity (5000);
  g_auto (GsockFd) one = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  g_auto (GsockFd) two = open ("/dev/null", O_RDONLY | O_CLOEXEC);

  g_assert_cmpint (one, >=, 0);
  g_assert_cmpint (two, >=, 0);
  g_assert_cmpuint (before, <, 5000 - 16);
  g_assert_cmpuint (gsock_fd_capacity (5000), ==, before - 2);
  g_assert_cmpuint (gsock_fd_capacity (6000), ==, before - 2 + 1000);
  g_assert_cmpuint (gsock_fd_capacity (G_MAXUINT), >, G_MAXUINT / 2);
  for (gsize i = 0; i < G_N_ELEMENTS (tiny); i++)
    g_assert_cmpuint (gsock_fd_capacity (tiny[i]), ==, 1);

  /* Asking must cost nothing. */
  g_assert_cmpuint (gsock_fd_capacity (5000), ==, before - 2);

  assert_in_child (fill_capacity, NULL);
}

/* Where /proc can't be read, as in a confined server, the count is the same. */
static int
count_without_proc (gconstpointer empty)
{
  guint before = gsock_fd_capacity (5000);

  if (chroot (empty) < 0 && (unshare (CLONE_NEWUSER) < 0 || chroot (empty) < 0))
    return 77;
  if (access ("/proc/self/fd", F_OK) == 0)
    return 1;
  if (gsock_fd_capacity (5000) != before)
    return 2;
  for (int i = 0; i < 600; i++)
    {
      if (dup (STDERR_FILENO) < 0)
        return 3;
    }
  return gsock_fd_capacity (5000) == before - 600 ? 0 : 4;
}

static void
test_capacity_without_proc (void)
{
  g_autofree char *empty = g_dir_make_tmp ("gsock-XXXXXX", NULL);
  const char *preload = g_getenv ("LD_PRELOAD");
  struct rlimit limit;
  int status;

  g_assert_nonnull (empty);
  g_assert_no_errno (getrlimit (RLIMIT_NOFILE, &limit));
  if (limit.rlim_cur < 5000)
    g_test_skip ("fewer than 5,000 descriptors");
  else if (preload != NULL && strstr (preload, "vgpreload") != NULL)
    g_test_skip ("valgrind keeps descriptors for itself");
  else
    {
      status = status_in_child (count_without_proc, empty);
      if (status == 77)
        g_test_skip ("chroot is not allowed");
      else
        g_assert_cmpint (status, ==, 0);
    }
  g_rmdir (empty);
}

static void
test_set_nonblocking (void)
{
  g_autoptr (GError) error = NULL;
  int ends[2];
  char byte;

  g_assert_no_errno (pipe2 (ends, O_CLOEXEC));
  for (int i = 0; i < 2; i++)
    {
      g_assert_true (gsock_fd_set_nonblocking (ends[0], &error));
      g_assert_no_error (error);
      g_assert_cmpint (read (ends[0], &byte, 1), ==, -1);
      g_assert_cmpint (errno, ==, EAGAIN);
    }
  close (ends[0]);
  close (ends[1]);

  g_assert_false (gsock_fd_set_nonblocking (-1, &error));
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "-1"));
  g_assert_nonnull (strstr (error->message, gsock_errno_text (EBADF)));
}

static void
assert_private (int shared, int again)
{
  g_assert_cmpint (again, >=, 0);
  g_assert_cmpint (fcntl (shared, F_GETFL) & O_NONBLOCK, ==, 0);
  g_assert_cmpint (fcntl (again, F_GETFL) & O_NONBLOCK, !=, 0);
  g_assert_cmpint (fcntl (again, F_GETFD) & FD_CLOEXEC, !=, 0);
}

static void
test_reopen_pipe (void)
{
  int ends[2];
  int again;
  char byte;

  g_assert_no_errno (pipe (ends));

  again = gsock_fd_reopen_nonblocking (ends[0], O_RDONLY);
  assert_private (ends[0], again);
  g_assert_cmpint (read (again, &byte, 1), ==, -1);
  g_assert_cmpint (errno, ==, EAGAIN);
  g_assert_cmpint (write (ends[1], "x", 1), ==, 1);
  g_assert_cmpint (read (again, &byte, 1), ==, 1);
  close (again);

  again = gsock_fd_reopen_nonblocking (ends[1], O_WRONLY);
  assert_private (ends[1], again);
  g_assert_cmpint (write (again, "y", 1), ==, 1);
  g_assert_cmpint (read (ends[0], &byte, 1), ==, 1);
  g_assert_cmpint (byte, ==, 'y');
  close (again);

  /* The other end's right is no right of this one. */
  g_assert_cmpint (gsock_fd_reopen_nonblocking (ends[0], O_WRONLY), ==, -1);
  g_assert_cmpint (gsock_fd_reopen_nonblocking (ends[1], O_RDONLY), ==, -1);
  g_assert_cmpint (errno, ==, EBADF);

  close (ends[0]);
  close (ends[1]);
}

static void
test_reopen_terminal (void)
{
  g_auto (GsockFd) master = posix_openpt (O_RDWR | O_NOCTTY | O_CLOEXEC);
  g_auto (GsockFd) slave = -1;
  g_auto (GsockFd) again = -1;
  char byte = 0;

  if (master < 0 || grantpt (master) < 0 || unlockpt (master) < 0)
    {
      g_test_skip ("no pseudo-terminals here");
      return;
    }

  slave = open (ptsname (master), O_RDWR | O_NOCTTY | O_CLOEXEC);
  g_assert_cmpint (slave, >=, 0);

  again = gsock_fd_reopen_nonblocking (slave, O_RDONLY);
  assert_private (slave, again);
  g_assert_cmpint (read (again, &byte, 1), ==, -1);
  g_assert_cmpint (errno, ==, EAGAIN);

  /* It would be another terminal. */
  g_assert_cmpint (gsock_fd_reopen_nonblocking (master, O_RDWR), ==, -1);
}

static void
test_reopen_refused (void)
{
  g_autofree char *path = NULL;
  g_auto (GsockFd) file = g_file_open_tmp ("gsock-XXXXXX", &path, NULL);
  g_auto (GsockFd) null = open ("/dev/null", O_RDWR | O_CLOEXEC);
  g_auto (GsockFd) sock = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int rows[] = { file, null, sock, -1, 100000 };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      errno = 0;
      g_assert_cmpint (gsock_fd_reopen_nonblocking (rows[i], O_WRONLY), ==, -1);
      g_assert_cmpint (errno, !=, 0);
    }

  g_unlink (path);
}

typedef struct
{
  int fd;
  pthread_t writer;
  gsize size;
  gboolean intact;
} Reader;

static guint8
byte_at (gsize offset)
{
  return (guint8) (offset * 7 + (offset >> 11));
}

/* Interrupts the writer, which mostly waits for room, before each of the
 * first reads. */
static gpointer
read_all_thread (gpointer data)
{
  Reader *reader = data;
  guint8 block[1500];
  int signals = 200;
  gssize n = 1;

  reader->intact = TRUE;
  while (n > 0)
    {
      if (signals-- > 0)
        pthread_kill (reader->writer, SIGUSR1);

      n = read (reader->fd, block, sizeof block);
      for (gssize i = 0; i < n; i++)
        reader->intact &= block[i] == byte_at (reader->size + (gsize) i);
      reader->size += n > 0 ? (gsize) n : 0;
    }

  return NULL;
}

static void
signal_cb (G_GNUC_UNUSED int number)
{
}

/* Writes far more than a pipe holds, in short writes and interrupted ones. */
static void
assert_writes_all (int flags)
{
  enum
  {
    SIZE = 2 << 20,
  };
  g_autofree guint8 *bytes = g_malloc (SIZE);
  Reader reader = { .writer = pthread_self () };
  GThread *thread;
  int ends[2];

  for (gsize i = 0; i < SIZE; i++)
    bytes[i] = byte_at (i);

  g_assert_no_errno (pipe2 (ends, flags | O_CLOEXEC));
  g_assert_no_errno (fcntl (ends[0], F_SETFL, 0));
  reader.fd = ends[0];
  thread = g_thread_new ("reader", read_all_thread, &reader);

  g_assert_true (gsock_fd_write_all (ends[1], bytes, SIZE));
  close (ends[1]);
  g_thread_join (thread);
  close (ends[0]);

  g_assert_cmpuint (reader.size, ==, SIZE);
  g_assert_true (reader.intact);
}

static void
test_write_all (void)
{
  /* No SA_RESTART: a blocked write(2) gives EINTR or a short count. */
  struct sigaction action = { .sa_handler = signal_cb };

  g_assert_no_errno (sigaction (SIGUSR1, &action, NULL));
  assert_writes_all (0);
  assert_writes_all (O_NONBLOCK);
  action.sa_handler = SIG_DFL;
  g_assert_no_errno (sigaction (SIGUSR1, &action, NULL));
}

static void
test_write_all_fails (void)
{
  int ends[2];

  signal (SIGPIPE, SIG_IGN);
  g_assert_no_errno (pipe2 (ends, O_CLOEXEC));
  close (ends[0]);
  g_assert_false (gsock_fd_write_all (ends[1], "x", 1));
  g_assert_cmpint (errno, ==, EPIPE);
  close (ends[1]);

  g_assert_false (gsock_fd_write_all (-1, "x", 1));
  g_assert_cmpint (errno, ==, EBADF);
  g_assert_true (gsock_fd_write_all (-1, NULL, 0));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/fd/close", test_close);
  g_test_add_func ("/fd/auto", test_auto);
  g_test_add_func ("/fd/reserve-stdio", test_reserve_stdio);
  g_test_add_func ("/fd/raise-limit", test_raise_limit);
  g_test_add_func ("/fd/capacity", test_capacity);
  g_test_add_func ("/fd/capacity/without-proc", test_capacity_without_proc);
  g_test_add_func ("/fd/set-nonblocking", test_set_nonblocking);
  g_test_add_func ("/fd/reopen/pipe", test_reopen_pipe);
  g_test_add_func ("/fd/reopen/terminal", test_reopen_terminal);
  g_test_add_func ("/fd/reopen/refused", test_reopen_refused);
  g_test_add_func ("/fd/write-all/complete", test_write_all);
  g_test_add_func ("/fd/write-all/fails", test_write_all_fails);

  return g_test_run ();
}

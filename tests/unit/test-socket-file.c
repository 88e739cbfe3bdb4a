/* test-socket-file.c: what may be at a path, and who may do what meanwhile
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "core/error.h"
#include "core/fd.h"
#include "core/log.h"
#include "core/socket-file.h"

#define DEADLINE_MS 20000

static const GsockSocketFileRights rights = {
  .mode = 0600,
  .owner = (uid_t) -1,
  .group = (gid_t) -1,
};

/* Calls of the library that are ours instead of the C library's: what another
 * program does at the worst moment, a kernel or file system that lacks
 * something, and a clock that need not be waited for. */

static void (*before_rename) (const char *path); /* called once */
static const char *before_rename_path;
static gboolean lacks_rename_flags;
static gboolean lacks_link;
static gint64 skew;
static guint impatience; /* seconds that pass with each refused lock */
static int flock_errno;

int
renameat2 (int old_directory, const char *old_name, int new_directory,
           const char *new_name, unsigned int flags)
{
  void (*hook) (const char *path) = before_rename;

  before_rename = NULL;
  if (hook != NULL)
    hook (before_rename_path);
  if (lacks_rename_flags && flags != 0)
    {
      errno = EINVAL;
      return -1;
    }

  return (int) syscall (SYS_renameat2, old_directory, old_name, new_directory,
                        new_name, flags);
}

int
linkat (int old_directory, const char *old_name, int new_directory,
        const char *new_name, int flags)
{
  if (lacks_link)
    {
      errno = EPERM;
      return -1;
    }

  return (int) syscall (SYS_linkat, old_directory, old_name, new_directory,
                        new_name, flags);
}

/* What it was until now, when it is set. */
static mode_t mode_at_chmod;

int
fchmodat (int directory, const char *name, mode_t mode, int flags)
{
  struct stat status;
  g_autofree char *path = NULL;

  g_assert_cmpint (fstatat (directory, name, &status, AT_SYMLINK_NOFOLLOW), ==,
                   0);
  g_assert_cmpint (flags, ==, AT_SYMLINK_NOFOLLOW);
  mode_at_chmod = status.st_mode & 07777;
  path = g_strdup_printf ("/proc/self/fd/%d/%s", directory, name);
  return chmod (path, mode);
}

int
flock (int fd, int operation)
{
  int result;

  if (flock_errno != 0)
    {
      errno = flock_errno;
      return -1;
    }

  result = (int) syscall (SYS_flock, fd, operation);
  if (result < 0)
    skew += (gint64) impatience * G_USEC_PER_SEC;
  return result;
}

gint64
g_get_monotonic_time (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000 + skew;
}

/* A directory and a path in it */

typedef struct
{
  char *directory;
  char *path;
} Place;

static void
place_init (Place *place, gconstpointer data G_GNUC_UNUSED)
{
  place->directory = g_dir_make_tmp ("gsock-XXXXXX", NULL);
  g_assert_nonnull (place->directory);
  place->path = g_build_filename (place->directory, "s", NULL);
}

static guint
count_entries (const char *directory)
{
  GDir *dir = g_dir_open (directory, 0, NULL);
  const char *name;
  guint n = 0;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_test_message ("there is %s", name);
      n++;
    }
  g_dir_close (dir);
  return n;
}

/* Each test says with it that nothing is left: rmdir would fail. */
static void
place_clear (Place *place, gconstpointer data G_GNUC_UNUSED)
{
  (void) count_entries (place->directory);
  g_assert_cmpint (g_rmdir (place->directory), ==, 0);
  g_free (place->directory);
  g_free (place->path);
}

static struct stat
look (const char *path)
{
  struct stat status;

  g_assert_cmpint (lstat (path, &status), ==, 0);
  return status;
}

static gboolean
is_there (const char *path)
{
  struct stat status;

  return lstat (path, &status) == 0;
}

static GSocket *
new_socket (GSocketType type)
{
  g_autoptr (GError) error = NULL;
  GSocket *socket = g_socket_new (G_SOCKET_FAMILY_UNIX, type,
                                  G_SOCKET_PROTOCOL_DEFAULT, &error);

  g_assert_no_error (error);
  return socket;
}

/* 0 or an errno. */
static int
try_connect (const char *path, int type)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  g_auto (GsockFd) fd = -1;

  fd = socket (AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  g_assert_cmpint (fd, >=, 0);
  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  return connect (fd, (struct sockaddr *) &address, sizeof address) < 0 ? errno
                                                                        : 0;
}

/* A socket as another program makes it: bound, and listening if @backlog is
 * not negative. */
static int
bind_foreign (const char *path, int type, int backlog)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, type | SOCK_CLOEXEC, 0);

  g_assert_cmpint (fd, >=, 0);
  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, sizeof address), ==,
                   0);
  if (backlog >= 0)
    g_assert_cmpint (listen (fd, backlog), ==, 0);
  return fd;
}

static void
leave_stale (const char *path, int type)
{
  int fd = bind_foreign (path, type, type == SOCK_DGRAM ? -1 : 1);

  close (fd);
  g_assert_cmpint (try_connect (path, type), ==, ECONNREFUSED);
}

/* Must fail with @part in its one line. */
static void
assert_refused (const char *path, const char *part)
{
  g_autoptr (GSocket) socket = new_socket (G_SOCKET_TYPE_STREAM);
  g_autoptr (GError) error = NULL;

  g_assert_null (gsock_socket_file_bind (socket, path, &rights, 16, &error));
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_BIND);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, part));
  g_assert_null (strchr (error->message, '\n'));
}

static GsockSocketFile *
serve (GSocket *socket, const char *path)
{
  g_autoptr (GError) error = NULL;
  GsockSocketFile *file = gsock_socket_file_bind (socket, path, &rights, 16,
                                                  &error);

  g_assert_no_error (error);
  g_assert_nonnull (file);
  return file;
}

/* Serves, is reached, goes, and nothing is left. */
static void
assert_serves (const char *path, GSocketType type, int native)
{
  g_autoptr (GSocket) socket = new_socket (type);
  GsockSocketFile *file = serve (socket, path);

  g_assert_true (S_ISSOCK (look (path).st_mode));
  g_assert_cmpint (try_connect (path, native), ==, 0);
  gsock_socket_file_release (file);
  g_assert_false (is_there (path));
}

static void
test_new (Place *place, gconstpointer data G_GNUC_UNUSED)
{
  assert_serves (place->path, G_SOCKET_TYPE_STREAM, SOCK_STREAM);
  assert_serves (place->path, G_SOCKET_TYPE_SEQPACKET, SOCK_SEQPACKET);
  assert_serves (place->path, G_SOCKET_TYPE_DATAGRAM, SOCK_DGRAM);
}

static void
test_accept (Place *place, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GSocket) socket = new_socket (G_SOCKET_TYPE_STREAM);
  g_autoptr (GSocket) accepted = NULL;
  g_autoptr (GError) error = NULL;
  GsockSocketFile *file = serve (socket, place->path);

  g_assert_cmpuint (count_entries (place->directory), ==, 1);
  g_assert_cmpint (g_socket_get_listen_backlog (socket), ==, 16);
  g_assert_cmpint (try_connect (place->path, SOCK_STREAM), ==, 0);
  g_socket_set_blocking (socket, FALSE);
  accepted = g_socket_accept (socket, NULL, &error);
  g_assert_no_error (error);
  gsock_socket_file_release (file);
}

static void
test_stale (Place *place, gconstpointer data G_GNUC_UNUSED)
{
  static const int types[] = { SOCK_STREAM, SOCK_SEQPACKET, SOCK_DGRAM };

  /* A socket nobody has open has no type any more. */
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      leave_stale (place->path, types[i]);
      assert_serves (place->path, G_SOCKET_TYPE_STREAM, SOCK_STREAM);
      leave_stale (place->path, types[i]);
      assert_serves (place->path, G_SOCKET_TYPE_DATAGRAM, SOCK_DGRAM);
    }
}

/* What is no socket */

static void
make_file (const char *path)
{
  g_assert_true (g_file_set_contents (path, "my notes\n", -1, NULL));
}

static void
make_directory (const char *path)
{
  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
}

static void
make_link (const char *path)
{
  g_assert_cmpint (symlink ("/etc/passwd", path), ==, 0);
}

static void
make_dangling (const char *path)
{
  g_assert_cmpint (symlink ("nothing-there", path), ==, 0);
}

static void
make_fifo (const char *path)
{
  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
}

static void
test_objects (Place *place, gconstpointer data G_GNUC_UNUSED)
{
  static const struct
  {
    void (*make) (const char *path);
    const char *part;
  } objects[] = {
    { make_file, ": it is a regular file, not a socket" },
    { make_directory, ": it is a directory, not a socket" },
    { make_link, ": it is a symbolic link" },
    { make_dangling, ": it is a symbolic link" },
    { make_fifo, ": it is a named pipe (FIFO), not a socket" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (objects); i++)
    {
      struct stat before;
      struct stat after;

      objects[i].make (place->path);
      before = look (place->path);
      assert_refused (place->path, objects[i].part);
      after = look (place->path);
      g_assert_cmpuint (before.st_ino, ==, after.st_ino);
      g_assert_cmpuint (before.st_mode, ==, after.st_mode);
      g_assert_cmpint (before.st_mtim.tv_nsec, ==, after.st_mtim.tv_nsec);
      g_assert_cmpuint (count_entries (place->directory), ==, 1);
      g_assert_cmpint (g_remove (place->path), ==, 0);
    }
}

static void
test_device (void)
{
  assert_refused ("/dev/null", ": it is a device, not a socket");
}

/* A link to a live or stale server is not followed either. */
static void
test_link_to_socket (Place *place, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *target = g_build_filename (place->directory, "t", NULL);

  leave_stale (target, SOCK_STREAM);
  g_assert_cmpint (symlink ("t", place->path), ==, 0);
  assert_refused (place->path, "symbolic link");
  g_assert_true (is_there (target));
  g_assert_cmpint (g_unlink (target), ==, 0);
  g_assert_cmpint (g_unlink (place->path), ==, 0);
}

/* Servers that live */

static void
test_live (Place *place, gconstpointer data G_GNUC_UNUSED)
{
  g_auto (GsockFd) fd = bind_foreign (place->path, SOCK_STREAM, 16);
  g_autofree char *pid = g_strdup_printf ("(pid %d)", getpid ());
  ino_t inode = look (place->path).st_ino;

  g_assert_cmpint (fd, >=, 0);
  assert_refused (place->path, ": a server is already answering there");
  assert_refused (place->path, pid);
  g_assert_cmpuint (look (place->path).st_ino, ==, inode);
  g_assert_cmpint (try_connect (place->path, SOCK_STREAM), ==, 0);
  g_assert_cmpuint (count_entries (place->directory), ==, 1);
  g_assert_cmpint (g_unlink (place->path), ==, 0);
}

static void
test_live_full (Place *place, gconstpointer data G_GNUC_UNUSED)
{
  g_auto (GsockFd) fd = bind_foreign (place->path, SOCK_STREAM, 0);
  int clients[16];
  int n = 0;

  g_assert_cmpint (fd, >=, 0);
  for (; n < 16; n++)
    {
      struct sockaddr_un address = { .sun_family = AF_UNIX };

      clients[n] = socket (AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
      g_strlcpy (address.sun_path, place->path, sizeof address.sun_path);
      if (connect (clients[n], (struct sockaddr *) &address, sizeof address)
          < 0)
        break;
    }
  g_assert_cmpint (n, <, 16);
  assert_refused (place->path, "its queue of waiting clients is full");
  for (; n >= 0; n--)
    close (clients[n]);
  g_assert_cmpint (g_unlink (place->path), ==, 0);
}

static void
test_live_types (Place *place, gconstpointer data G_GNUC_UNUSED)
{
  static const int types[] = { SOCK_SEQPACKET, SOCK_DGRAM };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      int fd = bind_foreign (place->path, types[i],
                             types[i] == SOCK_DGRAM ? -1 : 1);

      assert_refused (place->path, "a socket of another type");
      g_assert_true (is_there (place->path));
      close (fd);
      g_assert_cmpint (g_unlink (place->path), ==, 0);
    }
}

/* Between its bind and its listen a server refuses clients as a dead one
 * does. */
static void
test_not_yet_listening (Place *place, gconstpointer data G_GNUC_UNUSED)
{
  g_auto (GsockFd) fd = bind_foreign (place->path, SOCK_STREAM, -1);
  ino_t inode = look (place->path).st_ino;

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (try_connect (place->path, SOCK_STREAM), ==, ECONNREFUSED);
  assert_refused (place->path, "does not listen yet");
  g_assert_cmpuint (look (place->path).st_ino, ==, inode);
  g_assert_cmpint (g_unlink (place->path), ==, 0);
}

/* Children that are somebody else */

static int
wait_for (pid_t child)
{
  int status;

  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

static gboolean
become_nobody (void)
{
  return geteuid () != 0 || setresuid (65534, 65534, 65534) == 0;
}

static int
refused_as_nobody (const char *path, const GsockSocketFileRights *wanted,
                   const char *part)
{
  g_autoptr (GSocket) socket = new_socket (G_SOCKET_TYPE_STREAM);
  g_autoptr (GError) error = NULL;

  if (!become_nobody ())
    return 77;
  if (gsock_socket_file_bind (socket, path, wanted, 16, &error) != NULL)
    return 1;
  g_printerr ("# %s\n", error->message);
  return strstr (error->message, part) != NULL ? 0 : 2;
}

static void
assert_refused_as_nobody (const char *path, const GsockSocketFileRights *wanted,
                          const char *part)
{
  pid_t child = fork ();
  int status;

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    _exit (refused_as_nobody (path, wanted, part));
  status = wait_for (child);
  if (status == 77)
    g_test_skip ("cannot become another user here");
  else
    g_assert_cmpint (status, ==, 0);
}

/* Alive or not, who may not knock can't know. */
static void
test_no_permission (Place *place, gconstpointer data G_GNUC_UNUSED)
{
  ino_t inode;

  leave_stale (place->path, SOCK_STREAM);
  inode = look (place->path).st_ino;
  g_assert_cmpint (g_chmod (place->path, 0), ==, 0);
  g_assert_cmpint (g_chmod (place->directory, 0777), ==, 0);
  assert_refused_as_nobody (place->path, &rights, "we may not connect to");
  g_assert_cmpuint (look (place->path).st_ino, ==, inode);
  g_assert_cmpint (g_unlink (place->path), ==, 0);
}

static void
test_read_only_directory (Place *place, gconstpointer data G_GNUC_UNUSED)
{
  g_assert_cmpint (g_chmod (place->directory, 0555), ==, 0);
  assert_refused_as_nobody (place->path, &rights, "permission denied");
  g_assert_cmpint (g_chmod (place->directory, 0700), ==, 0);
}

static void
test_owner (Place *place, gconstpointer data G_GNUC_UNUSED)
{
  GsockSocketFileRights ours = { .mode = 0660,
                                 .owner = geteuid (),
                                 .group = getegid () };
  GsockSocketFileRights others = { .mode = 0660, .owner = 1, .group = 1 };
  g_autoptr (GSocket) socket = new_socket (G_SOCKET_TYPE_STREAM);
  g_autoptr (GError) error = NULL;
  GsockSocketFile *file;

  if (geteuid () == 0)
    ours.group = 12345;
  file = gsock_socket_file_bind (socket, place->path, &ours, 16, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (look (place->path).st_uid, ==, ours.owner);
  g_assert_cmpuint (look (place->path).st_gid, ==, ours.group);
  g_assert_cmpuint (look (place->path).st_mode & 07777, ==, 0660);
  gsock_socket_file_release (file);

  g_assert_cmpint (g_chmod (place->directory, 0777), ==, 0);
  assert_refused_as_nobody (place->path, &others, "to its owner");
  g_assert_cmpuint (count_entries (place->directory), ==, 0);
}

/* Rights */

static mode_t mode_at_rename;
static int connect_at_rename;

static void
look_at_rename (const char *directory)
{
  GDir *dir = g_dir_open (directory, 0, NULL);
  const char *name = g_dir_read_name (dir);
  g_autofree char *path = g_build_filename (directory, name, NULL);

  g_assert_null (g_dir_read_name (dir));
  g_dir_close (dir);
  mode_at_rename = look (path).st_mode & 07777;
  connect_at_rename = try_connect (path, SOCK_STREAM);
}

/* Whoever can find it finds a server that listens and has its mode already. */
static void
test_mode (Place *place, gconstpointer data G_GNUC_UNUSED)
{
  static const mode_t modes[] = { 0600, 0660, 0666, 0606, 0 };
  static const mode_t masks[] = { 0, 022, 077, 0777 };

  for (gsize i = 0; i < G_N_ELEMENTS (modes) * G_N_ELEMENTS (masks); i++)
    {
      mode_t mask = masks[i % G_N_ELEMENTS (masks)];
      GsockSocketFileRights wanted = rights;
      g_autoptr (GSocket) socket = new_socket (G_SOCKET_TYPE_STREAM);
      g_autoptr (GError) error = NULL;
      GsockSocketFile *file;
      mode_t before;

      wanted.mode = modes[i / G_N_ELEMENTS (masks)];
      before_rename = look_at_rename;
      before_rename_path = place->directory;
      before = umask (mask);
      file = gsock_socket_file_bind (socket, place->path, &wanted, 16, &error);
      g_assert_cmpuint (umask (before), ==, mask);
      g_assert_no_error (error);
      g_assert_cmpuint (mode_at_chmod, ==, 0600);
      g_assert_cmpuint (mode_at_rename, ==, wanted.mode);
      if ((wanted.mode & 0200) != 0)
        g_assert_cmpint (connect_at_rename, ==, 0);
      g_assert_cmpuint (look (place->path).st_mode & 07777, ==, wanted.mode);
      gsock_socket_file_release (file);
    }
}

/* Paths */

static void
test_length (Place *place, gconstpointer data G_GNUC_UNUSED)
{
  static const gsize sizes[] = { 60, 90, 105, 106, 107 };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      /* A long name here; and a deep directory, where not even a short
       * temporary name fits beside it. */
      gsize room = sizes[i] - strlen (place->directory) - 1;
      g_autofree char *name = g_strnfill (room, 'n');
      g_autofree char *deep_name = g_strnfill (room - 2, 'd');
      g_autofree char *path = g_build_filename (place->directory, name, NULL);
      g_autofree char *deep = g_build_filename (place->directory, deep_name,
                                                NULL);
      g_autofree char *short_in_deep = g_build_filename (deep, "s", NULL);

      g_assert_cmpuint (strlen (path), ==, sizes[i]);
      assert_serves (path, G_SOCKET_TYPE_STREAM, SOCK_STREAM);
      leave_stale (path, SOCK_STREAM);
      assert_serves (path, G_SOCKET_TYPE_STREAM, SOCK_STREAM);

      g_assert_cmpuint (strlen (short_in_deep), ==, sizes[i]);
      make_directory (deep);
      assert_serves (short_in_deep, G_SOCKET_TYPE_STREAM, SOCK_STREAM);
      leave_stale (short_in_deep, SOCK_STREAM);
      assert_serves (short_in_deep, G_SOCKET_TYPE_STREAM, SOCK_STREAM);
      g_assert_cmpint (g_rmdir (deep), ==, 0);
    }
}

static void
test_too_long (Place *place, gconstpointer data G_GNUC_UNUSED)
{
  static const gsize sizes[] = { 108, 109, 137, 5000 };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *name = g_strnfill (
          sizes[i] - strlen (place->directory) - 1, 'n');
      g_autofree char *path = g_build_filename (place->directory, name, NULL);
      g_autofree char *part = g_strdup_printf (
          "The path has %" G_GSIZE_FORMAT " bytes; a UNIX socket's path can "
          "have 107",
          sizes[i]);

      assert_refused (path, part);
      g_assert_cmpuint (count_entries (place->directory), ==, 0);
    }
}

static void
test_names (Place *place, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const names[] = { "a b", "ñandú",     "\xff\xfe", "-f",
                                       "@at", "new\nline", "%s%n",     "..." };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (place->directory, names[i],
                                                NULL);

      assert_serves (path, G_SOCKET_TYPE_STREAM, SOCK_STREAM);
      make_file (path);
      assert_refused (path, "regular file");
      g_assert_cmpint (g_unlink (path), ==, 0);
    }
}

static void
test_no_directory (Place *place, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *missing = g_build_filename (place->directory, "no", NULL);
  g_autofree char *path = g_build_filename (missing, "s", NULL);
  g_autofree char *part = g_strdup_printf (": the directory %s doesn't exist",
                                           missing);
  g_autofree char *other = g_strdup_printf (": %s is not a directory", missing);
  g_autofree char *slash = g_strconcat (place->directory, "/", NULL);
  g_autofree char *dots = g_strconcat (place->directory, "/..", NULL);

  assert_refused (path, part);
  make_file (missing);
  assert_refused (path, other);
  g_assert_cmpint (g_unlink (missing), ==, 0);
  assert_refused (slash, "it is a directory");
  assert_refused (dots, "it is a directory");
  assert_refused ("", "it is a directory");
}

static void
test_chdir (Place *place, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *before = g_get_current_dir ();
  static const char *const paths[] = { "s", "./s", "sub/../s" };
  g_autofree char *sub = g_build_filename (place->directory, "sub", NULL);

  make_directory (sub);
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (GSocket) socket = new_socket (G_SOCKET_TYPE_STREAM);
      GsockSocketFile *file;

      g_assert_cmpint (g_chdir (place->directory), ==, 0);
      file = serve (socket, paths[i]);
      g_assert_cmpint (g_chdir ("/"), ==, 0);
      g_assert_cmpint (try_connect (place->path, SOCK_STREAM), ==, 0);
      gsock_socket_file_release (file);
      g_assert_false (is_there (place->path));
    }
  g_assert_cmpint (g_chdir (before), ==, 0);
  g_assert_cmpint (g_rmdir (sub), ==, 0);
}

/* Giving back */

static void
test_not_ours (Place *place, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GSocket) first = new_socket (G_SOCKET_TYPE_STREAM);
  g_autoptr (GSocket) second = new_socket (G_SOCKET_TYPE_STREAM);
  GsockSocketFile *first_file = serve (first, place->path);
  GsockSocketFile *second_file;

  /* Removed by hand, taken by another, while the first still listens. */
  g_assert_cmpint (g_unlink (place->path), ==, 0);
  second_file = serve (second, place->path);
  gsock_socket_file_release (first_file);
  g_assert_cmpint (try_connect (place->path, SOCK_STREAM), ==, 0);
  gsock_socket_file_release (second_file);
  g_assert_false (is_there (place->path));
}

static void
test_not_ours_file (Place *place, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GSocket) socket = new_socket (G_SOCKET_TYPE_STREAM);
  GsockSocketFile *file = serve (socket, place->path);

  g_assert_cmpint (g_unlink (place->path), ==, 0);
  make_file (place->path);
  g_socket_close (socket, NULL);
  gsock_socket_file_release (file);
  g_assert_true (S_ISREG (look (place->path).st_mode));
  g_assert_cmpint (g_unlink (place->path), ==, 0);
}

/* Somebody may hold the lock for ever: one second, then the file stays. */
static void
test_release_locked (Place *place, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GSocket) socket = new_socket (G_SOCKET_TYPE_STREAM);
  GsockSocketFile *file = serve (socket, place->path);
  g_auto (GsockFd) holder = open (place->directory, O_RDONLY | O_CLOEXEC);

  g_assert_cmpint (flock (holder, LOCK_EX | LOCK_NB), ==, 0);
  impatience = 1;
  gsock_socket_file_release (file);
  impatience = 0;
  g_assert_true (is_there (place->path));
  g_assert_cmpint (g_unlink (place->path), ==, 0);
}

/* Locks */

static void
test_locked (Place *place, gconstpointer data G_GNUC_UNUSED)
{
  g_auto (GsockFd) holder = open (place->directory, O_RDONLY | O_CLOEXEC);
  gint64 before = skew;

  g_assert_cmpint (flock (holder, LOCK_EX | LOCK_NB), ==, 0);
  impatience = 1;
  assert_refused (place->path, "another process has held the lock");
  impatience = 0;
  g_assert_cmpint (skew - before, >=, 5 * G_USEC_PER_SEC);
  g_assert_cmpuint (count_entries (place->directory), ==, 0);

  /* And it lets go itself, after success and after failure. */
  g_assert_cmpint (flock (holder, LOCK_UN), ==, 0);
  assert_serves (place->path, G_SOCKET_TYPE_STREAM, SOCK_STREAM);
  g_assert_cmpint (flock (holder, LOCK_EX | LOCK_NB), ==, 0);
  g_assert_cmpint (flock (holder, LOCK_UN), ==, 0);
  make_file (place->path);
  assert_refused (place->path, "regular file");
  g_assert_cmpint (flock (holder, LOCK_EX | LOCK_NB), ==, 0);
  g_assert_cmpint (g_unlink (place->path), ==, 0);
}

static void
test_unlocked_while_serving (Place *place, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *other = g_build_filename (place->directory, "o", NULL);
  g_autoptr (GSocket) socket = new_socket (G_SOCKET_TYPE_STREAM);
  GsockSocketFile *file = serve (socket, place->path);

  assert_serves (other, G_SOCKET_TYPE_STREAM, SOCK_STREAM);
  gsock_socket_file_release (file);
}

static void
test_no_locks (Place *place, gconstpointer data G_GNUC_UNUSED)
{
  static const int errnums[] = { ENOLCK, EBADF, EOPNOTSUPP, ENOSYS };

  for (gsize i = 0; i < G_N_ELEMENTS (errnums); i++)
    {
      flock_errno = errnums[i];
      assert_serves (place->path, G_SOCKET_TYPE_STREAM, SOCK_STREAM);
      flock_errno = 0;
    }
}

/* Other programs, at the worst moment */

static int foreign_fd = -1;

static void
become_live (const char *path)
{
  (void) g_unlink (path);
  foreign_fd = bind_foreign (path, SOCK_STREAM, 16);
}

static void
become_file (const char *path)
{
  (void) g_unlink (path);
  make_file (path);
}

static void
become_nothing (const char *path)
{
  g_assert_cmpint (g_unlink (path), ==, 0);
}

static void
become_stale (const char *path)
{
  (void) g_unlink (path);
  leave_stale (path, SOCK_STREAM);
}

static void
arm (Place *place, void (*hook) (const char *path), gboolean stale)
{
  if (stale)
    leave_stale (place->path, SOCK_STREAM);
  before_rename = hook;
  before_rename_path = place->path;
}

static void
race (Place *place)
{
  for (int stale = 0; stale <= 1; stale++)
    {
      arm (place, become_file, stale);
      assert_refused (place->path, "regular file");
      g_assert_true (S_ISREG (look (place->path).st_mode));
      g_assert_cmpuint (count_entries (place->directory), ==, 1);
      g_assert_cmpint (g_unlink (place->path), ==, 0);

      arm (place, become_live, stale);
      assert_refused (place->path, "already answering there");
      g_assert_cmpint (try_connect (place->path, SOCK_STREAM), ==, 0);
      g_assert_cmpuint (count_entries (place->directory), ==, 1);
      gsock_fd_close (foreign_fd);
      g_assert_cmpint (g_unlink (place->path), ==, 0);

      arm (place, become_stale, stale);
      assert_serves (place->path, G_SOCKET_TYPE_STREAM, SOCK_STREAM);
      g_assert_null (before_rename);
    }

  arm (place, become_nothing, TRUE);
  assert_serves (place->path, G_SOCKET_TYPE_STREAM, SOCK_STREAM);
  g_assert_null (before_rename);
}

static void
test_race (Place *place, gconstpointer data G_GNUC_UNUSED)
{
  race (place);
}

/* The same on a file system that has no RENAME_EXCHANGE and the like. */
static void
test_race_without_flags (Place *place, gconstpointer data G_GNUC_UNUSED)
{
  lacks_rename_flags = TRUE;
  race (place);
  lacks_rename_flags = FALSE;
}

static void
test_without_flags (Place *place, gconstpointer data G_GNUC_UNUSED)
{
  lacks_rename_flags = TRUE;
  for (int i = 0; i <= 1; i++)
    {
      lacks_link = i;
      assert_serves (place->path, G_SOCKET_TYPE_STREAM, SOCK_STREAM);
      leave_stale (place->path, SOCK_STREAM);
      assert_serves (place->path, G_SOCKET_TYPE_STREAM, SOCK_STREAM);
    }
  lacks_rename_flags = FALSE;
  lacks_link = FALSE;
}

/* Ten at once */

static int
compete (const char *path, int start, int result, int stop)
{
  g_autoptr (GSocket) socket = new_socket (G_SOCKET_TYPE_STREAM);
  g_autoptr (GError) error = NULL;
  GsockSocketFile *file;
  char byte;

  /* Ends for all of us at the same moment. */
  if (read (start, &byte, 1) != 0)
    return 1;
  file = gsock_socket_file_bind (socket, path, &rights, 16, &error);
  byte = file != NULL ? 'w' : 'l';
  if (file == NULL && strstr (error->message, "already answering") == NULL)
    byte = '?';
  if (write (result, &byte, 1) != 1)
    return 2;
  /* The winner serves until all have tried. */
  if (read (stop, &byte, 1) != 0)
    return 3;
  if (file != NULL)
    gsock_socket_file_release (file);
  return 0;
}

static char
next_result (int fd)
{
  struct pollfd ready = { .fd = fd, .events = POLLIN };
  char byte;

  g_assert_cmpint (poll (&ready, 1, DEADLINE_MS), ==, 1);
  g_assert_cmpint (read (fd, &byte, 1), ==, 1);
  return byte;
}

static void
compete_once (const char *path)
{
  int start[2], result[2], stop[2];
  pid_t children[10];
  int winners = 0;
  int losers = 0;

  g_assert_cmpint (pipe (start), ==, 0);
  g_assert_cmpint (pipe (result), ==, 0);
  g_assert_cmpint (pipe (stop), ==, 0);
  for (int i = 0; i < 10; i++)
    {
      children[i] = fork ();
      g_assert_cmpint (children[i], >=, 0);
      if (children[i] == 0)
        {
          close (start[1]);
          close (stop[1]);
          _exit (compete (path, start[0], result[1], stop[0]));
        }
    }
  close (start[1]);
  for (int i = 0; i < 10; i++)
    {
      char byte = next_result (result[0]);

      winners += byte == 'w';
      losers += byte == 'l';
    }
  g_assert_cmpint (winners, ==, 1);
  g_assert_cmpint (losers, ==, 9);
  g_assert_cmpint (try_connect (path, SOCK_STREAM), ==, 0);

  close (stop[1]);
  for (int i = 0; i < 10; i++)
    g_assert_cmpint (wait_for (children[i]), ==, 0);
  close (start[0]);
  close (result[0]);
  close (result[1]);
  close (stop[0]);
}

static void
test_ten (Place *place, gconstpointer data G_GNUC_UNUSED)
{
  for (int i = 0; i < 4; i++)
    {
      if (i % 2 == 1)
        leave_stale (place->path, SOCK_STREAM);
      compete_once (place->path);
      g_assert_cmpuint (count_entries (place->directory), ==, 0);
    }
}

/* kill -9 leaves a socket that the next start replaces. */
static void
test_killed (Place *place, gconstpointer data G_GNUC_UNUSED)
{
  int result[2];
  pid_t child;
  int status;

  g_assert_cmpint (pipe (result), ==, 0);
  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      g_autoptr (GSocket) socket = new_socket (G_SOCKET_TYPE_STREAM);

      if (gsock_socket_file_bind (socket, place->path, &rights, 16, NULL)
              != NULL
          && write (result[1], "w", 1) == 1)
        pause ();
      _exit (1);
    }
  g_assert_cmpint (next_result (result[0]), ==, 'w');
  assert_refused (place->path, "already answering");
  g_assert_cmpint (kill (child, SIGKILL), ==, 0);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (is_there (place->path));
  assert_serves (place->path, G_SOCKET_TYPE_STREAM, SOCK_STREAM);
  close (result[0]);
  close (result[1]);
}

/* Telling */

static void
sink_cb (const char *text, gsize size, gpointer data)
{
  g_string_append_len (data, text, (gssize) size);
}

static void
assert_order (const char *told, const char *const *calls)
{
  for (gsize i = 0; calls[i] != NULL; i++)
    {
      const char *found = strstr (told, calls[i]);

      if (found == NULL)
        g_error ("%s is not told in:\n%s", calls[i], told);
      told = found + strlen (calls[i]);
    }
}

static void
test_explained (Place *place, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const calls[] = { "LOCK_EX | LOCK_NB) = 0",
                                       "socket (AF_UNIX, SOCK_STREAM, 0) = ",
                                       "connect (",
                                       "= -1 ECONNREFUSED",
                                       "close (",
                                       "bind (",
                                       "/.s.",
                                       "chmod (",
                                       "0600) = 0",
                                       "listen (",
                                       ", 16) = 0",
                                       "rename (",
                                       "RENAME_EXCHANGE) = 0",
                                       "unlink (",
                                       "LOCK_EX | LOCK_NB) = 0",
                                       "unlink (",
                                       "/s) = 0",
                                       NULL };
  g_autoptr (GString) told = g_string_new (NULL);
  g_autofree char *removed = NULL;

  leave_stale (place->path, SOCK_STREAM);
  gsock_log_setup (
      &(const GsockLogOptions) { .explain = TRUE, .verbosity = 1 });
  gsock_log_set_sink (sink_cb, told);
  assert_serves (place->path, G_SOCKET_TYPE_STREAM, SOCK_STREAM);
  gsock_log_set_sink (NULL, NULL);
  gsock_log_setup (&(const GsockLogOptions) { 0 });
  assert_order (told->str, calls);
  /* The removal is an event too, with the user's own path in it. */
  removed = g_strdup_printf ("\nRemoved %s\n", place->path);
  g_assert_nonnull (strstr (told->str, removed));
}

#define ADD(path, function) \
  g_test_add (path, Place, NULL, place_init, function, place_clear)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/socket-file/new", test_new);
  ADD ("/socket-file/accept", test_accept);
  ADD ("/socket-file/stale", test_stale);
  ADD ("/socket-file/objects", test_objects);
  g_test_add_func ("/socket-file/device", test_device);
  ADD ("/socket-file/link-to-socket", test_link_to_socket);
  ADD ("/socket-file/live", test_live);
  ADD ("/socket-file/live-full", test_live_full);
  ADD ("/socket-file/live-types", test_live_types);
  ADD ("/socket-file/not-yet-listening", test_not_yet_listening);
  ADD ("/socket-file/no-permission", test_no_permission);
  ADD ("/socket-file/read-only-directory", test_read_only_directory);
  ADD ("/socket-file/owner", test_owner);
  ADD ("/socket-file/mode", test_mode);
  ADD ("/socket-file/length", test_length);
  ADD ("/socket-file/too-long", test_too_long);
  ADD ("/socket-file/names", test_names);
  ADD ("/socket-file/no-directory", test_no_directory);
  ADD ("/socket-file/chdir", test_chdir);
  ADD ("/socket-file/not-ours", test_not_ours);
  ADD ("/socket-file/not-ours-file", test_not_ours_file);
  ADD ("/socket-file/release-locked", test_release_locked);
  ADD ("/socket-file/locked", test_locked);
  ADD ("/socket-file/unlocked-while-serving", test_unlocked_while_serving);
  ADD ("/socket-file/no-locks", test_no_locks);
  ADD ("/socket-file/race", test_race);
  ADD ("/socket-file/race-without-flags", test_race_without_flags);
  ADD ("/socket-file/without-flags", test_without_flags);
  ADD ("/socket-file/ten", test_ten);
  ADD ("/socket-file/killed", test_killed);
  ADD ("/socket-file/explained", test_explained);
  return g_test_run ();
}

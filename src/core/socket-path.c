/* socket-path.c: a UNIX socket's path, its directory held open
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/socket-path.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "core/call.h"
#include "core/endpoint.h"
#include "core/error.h"
#include "core/escape.h"
#include "core/fd.h"

#define LOCK_POLL (2 * 1000)

static void
fail_directory (const GsockSocketPath *path, const char *directory, int errnum,
                GError **error)
{
  g_autofree char *shown = gsock_escape (directory, -1);

  if (errnum == ENOENT)
    g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_BIND,
                 _ ("Cannot listen on %s: the directory %s doesn't exist"),
                 path->shown, shown);
  else if (errnum == ENOTDIR)
    g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_BIND,
                 _ ("Cannot listen on %s: %s is not a directory"), path->shown,
                 shown);
  else
    gsock_set_error_errno (
        error, GSOCK_ERROR_BIND, errnum,
        /* TRANSLATORS: a socket's path, then its directory; the system's
         * reason follows after a colon. */
        _ ("Cannot listen on %s: cannot open the directory %s"), path->shown,
        shown);
}

static gboolean
check_length (const char *text, GError **error)
{
  gsize size = strlen (text);

  if (size <= GSOCK_UNIX_PATH_MAX)
    return TRUE;

  /* GUnixSocketAddress would cut it without a word. */
  g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_BIND,
               g_dngettext (GETTEXT_PACKAGE,
                            "The path has %u byte; a UNIX socket's path can "
                            "have %u",
                            "The path has %u bytes; a UNIX socket's path can "
                            "have %u",
                            (gulong) size),
               (guint) size, (guint) GSOCK_UNIX_PATH_MAX);
  return FALSE;
}

/**
 * gsock_socket_path_init:
 * @path: (out caller-allocates): the path
 * @text: as the user wrote it; at most %GSOCK_UNIX_PATH_MAX bytes
 * @error: GSOCK_ERROR_BIND, the whole sentence
 *
 * Returns: %TRUE; clear it then
 */
gboolean
gsock_socket_path_init (GsockSocketPath *path, const char *text, GError **error)
{
  const char *slash = strrchr (text, '/');
  g_autofree char *directory = g_path_get_dirname (text);

  if (!check_length (text, error))
    return FALSE;

  path->text = g_strdup (text);
  path->shown = gsock_escape (text, -1);
  path->name = slash != NULL ? (gsize) (slash - text) + 1 : 0;
  path->directory = open (directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (path->directory < 0)
    {
      fail_directory (path, directory, errno, error);
      gsock_socket_path_clear (path);
      return FALSE;
    }

  return TRUE;
}

/**
 * gsock_socket_path_clear:
 * @path: a path
 *
 * Closes its directory, and so gives its lock back.
 */
void
gsock_socket_path_clear (GsockSocketPath *path)
{
  gsock_fd_clear (&path->directory);
  g_clear_pointer (&path->shown, g_free);
  g_clear_pointer (&path->text, g_free);
}

/**
 * gsock_socket_path_get_name:
 * @path: a path
 *
 * Returns: its last part, "" for "/run/"; owned by @path
 */
const char *
gsock_socket_path_get_name (const GsockSocketPath *path)
{
  return path->text + path->name;
}

/* A file system without locks (some network ones) still has renameat2's
 * guarantees, or link's. */
static gboolean
has_no_locks (int errnum)
{
  return errnum == EOPNOTSUPP || errnum == ENOSYS || errnum == ENOLCK
         || errnum == EBADF || errnum == EINVAL;
}

static void
narrate_flock (int fd, int errnum)
{
  if (gsock_explaining ())
    gsock_call (GSOCK_CALL_FLOCK, NULL, errnum == 0 ? 0 : -1, errnum, NULL,
                "%d, LOCK_EX | LOCK_NB", fd);
}

/**
 * gsock_socket_path_lock:
 * @path: a path
 * @timeout: how many microseconds to wait for others to let go
 *
 * Polled, for a flock that waits can't be given a time.  A file system that has
 * no locks counts as locked.
 *
 * Returns: %FALSE with errno, EWOULDBLOCK after @timeout
 */
gboolean
gsock_socket_path_lock (const GsockSocketPath *path, gint64 timeout)
{
  gint64 deadline = g_get_monotonic_time () + timeout;
  gboolean waited = FALSE;
  int errnum;

  while (flock (path->directory, LOCK_EX | LOCK_NB) < 0)
    {
      errnum = errno;
      if (errnum == EINTR)
        continue;
      if (!waited)
        narrate_flock (path->directory, errnum);
      if (has_no_locks (errnum))
        return TRUE;
      if (errnum != EWOULDBLOCK || g_get_monotonic_time () >= deadline)
        {
          errno = errnum;
          return FALSE;
        }
      waited = TRUE;
      g_usleep (LOCK_POLL);
    }

  narrate_flock (path->directory, 0);
  return TRUE;
}

/**
 * gsock_socket_path_unlock:
 * @path: a path
 *
 * Not left to close(): a child just forked has a copy until its exec.
 */
void
gsock_socket_path_unlock (const GsockSocketPath *path)
{
  (void) flock (path->directory, LOCK_UN);
}

/**
 * gsock_socket_path_is_same:
 * @path: a path
 * @name: a name in its directory
 * @inode: a descriptor of what it may be
 *
 * Returns: %TRUE if it is: the same device and inode
 */
gboolean
gsock_socket_path_is_same (const GsockSocketPath *path, const char *name,
                           int inode)
{
  struct stat there;
  struct stat ours;

  return fstatat (path->directory, name, &there, AT_SYMLINK_NOFOLLOW) == 0
         && fstat (inode, &ours) == 0 && there.st_dev == ours.st_dev
         && there.st_ino == ours.st_ino;
}

/**
 * gsock_socket_path_reach:
 * @path: a path
 * @name: a name in its directory
 *
 * Returns: (nullable): how a socket call and a user may write @name: beside the
 *   path as it was given, or, where that would be too long, through the
 *   directory's descriptor; %NULL where it doesn't fit either
 */
char *
gsock_socket_path_reach (const GsockSocketPath *path, const char *name)
{
  g_autofree char *beside = g_strdup_printf ("%.*s%s", (int) path->name,
                                             path->text, name);
  g_autofree char *through = NULL;

  if (strlen (beside) <= GSOCK_UNIX_PATH_MAX)
    return g_steal_pointer (&beside);

  through = g_strdup_printf ("/proc/self/fd/%d/%s", path->directory, name);
  if (strlen (through) <= GSOCK_UNIX_PATH_MAX)
    return g_steal_pointer (&through);

  return NULL;
}

/**
 * gsock_socket_path_unlink:
 * @path: a path
 * @name: a name in its directory
 *
 * Returns: 0, or an errno
 */
int
gsock_socket_path_unlink (const GsockSocketPath *path, const char *name)
{
  int errnum = unlinkat (path->directory, name, 0) < 0 ? errno : 0;

  if (gsock_explaining ())
    gsock_call (GSOCK_CALL_UNLINK, NULL, errnum == 0 ? 0 : -1, errnum, NULL,
                "%.*s%s", (int) path->name, path->text, name);
  return errnum;
}

/**
 * gsock_socket_path_fail:
 * @path: a path
 * @errnum: what the system says
 * @error: GSOCK_ERROR_BIND: "Cannot listen on PATH: why"
 *
 * Returns: %FALSE
 */
gboolean
gsock_socket_path_fail (const GsockSocketPath *path, int errnum, GError **error)
{
  gsock_set_error_errno (error, GSOCK_ERROR_BIND, errnum,
                         _ ("Cannot listen on %s"), path->shown);
  return FALSE;
}

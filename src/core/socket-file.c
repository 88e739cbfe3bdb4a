/* socket-file.c: a UNIX socket's path: taken safely, given back only if ours
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* bind(2) makes a file and refuses when one is there, so a server that died
 * leaves its path unusable, and the usual remedy, unlink first, takes the path
 * from a server that lives, or deletes a user's file.  Here:
 *
 * 1. The directory is locked (flock), so of several of us only one looks and
 *    acts at a time; the lock goes with its process and leaves no file.
 * 2. What stands at the path is opened as itself (O_PATH, no link followed):
 *    while that descriptor is open its inode number belongs to nothing else,
 *    so "device and inode" is an identity and no guess.  Anything but a socket
 *    on which nobody answers is an error.
 * 3. The socket is bound at a random name beside it, gets its owner and mode,
 *    and listens: nobody knows the name yet.
 * 4. Then it is renamed: onto nothing with RENAME_NOREPLACE; for a stale
 *    socket with RENAME_EXCHANGE, which hands us what really was there.  If
 *    programs that know nothing of our lock put another thing there meanwhile,
 *    it is put back, and we look again.
 *
 * A process killed between 3 and 4 leaves its random name behind, which harms
 * nobody; the path itself is right at every instant. */

#include "config.h"

#include "core/socket-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gio/gunixsocketaddress.h>
#include <glib/gi18n-lib.h>

#include "core/call.h"
#include "core/error.h"
#include "core/socket-path.h"
#include "core/socket-probe.h"

/* Others of us need milliseconds; longer is somebody who means to stop us, and
 * at the end, when a file left behind is all there is to lose, we wait less. */
#define LOCK_TIMEOUT (5 * G_USEC_PER_SEC)
#define RELEASE_TIMEOUT (1 * G_USEC_PER_SEC)

/* Times another program may change the path under our eyes. */
#define PLACE_TRIES 8
#define NAME_TRIES 32

/* A path we serve; belongs to the main thread. */
struct _GsockSocketFile
{
  GsockSocketPath path;
  char *temporary; /* our name in the directory until we are in place */
  int inode;       /* O_PATH; -1 until bound */
};

static GsockSocketFile *
socket_file_new (const char *path, GError **error)
{
  GsockSocketFile *file = g_new0 (GsockSocketFile, 1);

  file->inode = -1;
  if (gsock_socket_path_init (&file->path, path, error))
    return file;
  g_free (file);
  return NULL;
}

static void
socket_file_free (GsockSocketFile *file)
{
  gsock_fd_clear (&file->inode);
  gsock_socket_path_clear (&file->path);
  g_free (file->temporary);
  g_free (file);
}

static gboolean
fail_lock (const GsockSocketFile *file, int errnum, GError **error)
{
  if (errnum != EWOULDBLOCK)
    return gsock_socket_path_fail (&file->path, errnum, error);

  g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_BIND,
               /* TRANSLATORS: a lock in the sense of flock(2); a path, then a
                * number of seconds. */
               g_dngettext (GETTEXT_PACKAGE,
                            "Cannot listen on %s: for %d second another "
                            "process has held the lock of its directory",
                            "Cannot listen on %s: for %d seconds another "
                            "process has held the lock of its directory",
                            LOCK_TIMEOUT / G_USEC_PER_SEC),
               file->path.shown, (int) (LOCK_TIMEOUT / G_USEC_PER_SEC));
  return FALSE;
}

static void
unlink_if_ours (const GsockSocketFile *file, const char *name)
{
  if (name != NULL && file->inode >= 0
      && gsock_socket_path_is_same (&file->path, name, file->inode))
    (void) gsock_socket_path_unlink (&file->path, name);
}

/* After an error nothing of ours stays in the directory. */
static void
discard (GsockSocketFile *file)
{
  unlink_if_ours (file, file->temporary);
  unlink_if_ours (file, gsock_socket_path_get_name (&file->path));
  gsock_socket_path_unlock (&file->path);
  socket_file_free (file);
}

/* Binding */

/* A name nobody guesses; in "ss -xl" it shows for ever, so it tells whose it
 * is where there is room. */
static char *
invent_name (const GsockSocketFile *file, char **path)
{
  guint32 random = g_random_int () ^ (guint32) getpid ();
  g_autofree char *telling = g_strdup_printf (
      ".%s.%08x", gsock_socket_path_get_name (&file->path), random);
  g_autofree char *telling_path = gsock_socket_path_reach (&file->path,
                                                           telling);
  char *brief;

  if (telling_path != NULL
      && !g_str_has_prefix (telling_path, "/proc/self/fd/"))
    {
      *path = g_steal_pointer (&telling_path);
      return g_steal_pointer (&telling);
    }

  brief = g_strdup_printf (".gsock-%08x", random);
  *path = gsock_socket_path_reach (&file->path, brief);
  return brief;
}

/* The file is 0600 from its first moment, whatever our umask is. */
static int
bind_at (GSocket *socket, const char *path)
{
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  mode_t mask = umask (0177);
  int errnum = 0;

  errno = 0;
  if (!g_socket_bind (socket, address, FALSE, NULL))
    errnum = errno != 0 ? errno : EIO;
  (void) umask (mask);

  if (gsock_explaining ())
    gsock_call (GSOCK_CALL_BIND, "AF_UNIX", errnum == 0 ? 0 : -1, errnum, NULL,
                "%d, %s", g_socket_get_fd (socket), path);
  return errnum;
}

static gboolean
bind_temporary (GsockSocketFile *file, GSocket *socket, GError **error)
{
  struct stat status;
  int errnum = EADDRINUSE;

  for (int i = 0; i < NAME_TRIES && errnum == EADDRINUSE; i++)
    {
      g_autofree char *path = NULL;

      g_free (file->temporary);
      file->temporary = invent_name (file, &path);
      errnum = bind_at (socket, path);
    }
  if (errnum != 0)
    {
      g_clear_pointer (&file->temporary, g_free);
      return gsock_socket_path_fail (&file->path, errnum, error);
    }

  file->inode = openat (file->path.directory, file->temporary,
                        O_PATH | O_NOFOLLOW | O_CLOEXEC);
  if (file->inode < 0 || fstat (file->inode, &status) < 0)
    return gsock_socket_path_fail (&file->path, errno, error);
  /* Somebody who may write here has swapped it already. */
  if (!S_ISSOCK (status.st_mode))
    return gsock_socket_probe_refuse (&file->path, status.st_mode, error);

  return TRUE;
}

static gboolean
set_owner (const GsockSocketFile *file, const GsockSocketFileRights *rights,
           GError **error)
{
  int errnum = 0;

  if (rights->owner == (uid_t) -1 && rights->group == (gid_t) -1)
    return TRUE;

  if (fchownat (file->path.directory, file->temporary, rights->owner,
                rights->group, AT_SYMLINK_NOFOLLOW)
      < 0)
    errnum = errno;
  if (gsock_explaining ())
    gsock_call (GSOCK_CALL_CHOWN, NULL, errnum == 0 ? 0 : -1, errnum, NULL,
                "%.*s%s, %" G_GINT64_FORMAT ", %" G_GINT64_FORMAT,
                (int) file->path.name, file->path.text, file->temporary,
                (gint64) (gint32) rights->owner,
                (gint64) (gint32) rights->group);
  if (errnum == 0)
    return TRUE;

  gsock_set_error_errno (error, GSOCK_ERROR_BIND, errnum,
                         _ ("Cannot give %s to its owner"), file->path.shown);
  return FALSE;
}

static gboolean
set_mode (const GsockSocketFile *file, mode_t mode, GError **error)
{
  int errnum = 0;

  if (fchmodat (file->path.directory, file->temporary, mode,
                AT_SYMLINK_NOFOLLOW)
      < 0)
    errnum = errno;
  if (gsock_explaining ())
    gsock_call (GSOCK_CALL_CHMOD, NULL, errnum == 0 ? 0 : -1, errnum, NULL,
                "%.*s%s, %#o", (int) file->path.name, file->path.text,
                file->temporary, (guint) mode);
  /* The C library needs /proc for it; without, 0600 is there all the same. */
  if (errnum == 0 || (errnum == EOPNOTSUPP && mode == 0600))
    return TRUE;

  gsock_set_error_errno (error, GSOCK_ERROR_BIND, errnum,
                         _ ("Cannot set the mode of %s"), file->path.shown);
  return FALSE;
}

static gboolean
start_listening (const GsockSocketFile *file, GSocket *socket, int backlog,
                 GError **error)
{
  int errnum = 0;

  if (g_socket_get_socket_type (socket) == G_SOCKET_TYPE_DATAGRAM)
    return TRUE;

  g_socket_set_listen_backlog (socket, backlog);
  errno = 0;
  if (!g_socket_listen (socket, NULL))
    errnum = errno != 0 ? errno : EIO;
  if (gsock_explaining ())
    gsock_call (GSOCK_CALL_LISTEN, NULL, errnum == 0 ? 0 : -1, errnum, NULL,
                "%d, %d", g_socket_get_fd (socket), backlog);

  return errnum == 0 || gsock_socket_path_fail (&file->path, errnum, error);
}

/* Into place; these return 0 or an errno */

static int
rename_to_path (const GsockSocketFile *file, guint flags)
{
  static const char *const names[] = { "", ", RENAME_NOREPLACE",
                                       ", RENAME_EXCHANGE" };
  int errnum = 0;

  if (renameat2 (file->path.directory, file->temporary, file->path.directory,
                 gsock_socket_path_get_name (&file->path), flags)
      < 0)
    errnum = errno;
  if (gsock_explaining ())
    gsock_call (GSOCK_CALL_RENAME, NULL, errnum == 0 ? 0 : -1, errnum, NULL,
                "%.*s%s, %s%s", (int) file->path.name, file->path.text,
                file->temporary, file->path.text, names[flags]);
  return errnum;
}

static gboolean
lacks_flags (int errnum)
{
  return errnum == EINVAL || errnum == ENOSYS || errnum == EOPNOTSUPP;
}

/* link() never replaces either; where there is none, the lock has to do. */
static int
place_new (GsockSocketFile *file)
{
  int errnum = rename_to_path (file, RENAME_NOREPLACE);

  if (!lacks_flags (errnum))
    return errnum;

  if (linkat (file->path.directory, file->temporary, file->path.directory,
              gsock_socket_path_get_name (&file->path), 0)
      < 0)
    return errno == EEXIST ? EEXIST : rename_to_path (file, 0);

  return gsock_socket_path_unlink (&file->path, file->temporary);
}

/* We have another's thing in our hands.  Whatever happens now, it is not
 * unlinked: discard() looks whose it is. */
static int
give_back (const GsockSocketFile *file)
{
  int errnum = rename_to_path (file, RENAME_EXCHANGE);

  /* Even our own socket is gone from there: then its place is free. */
  if (errnum == ENOENT)
    errnum = rename_to_path (file, RENAME_NOREPLACE);

  return errnum != 0 ? errnum : EEXIST;
}

static int
place_over (GsockSocketFile *file, int stale)
{
  int errnum = rename_to_path (file, RENAME_EXCHANGE);

  if (lacks_flags (errnum))
    {
      if (!gsock_socket_path_is_same (
              &file->path, gsock_socket_path_get_name (&file->path), stale))
        return EEXIST;
      return rename_to_path (file, 0);
    }
  if (errnum != 0)
    return errnum;
  if (!gsock_socket_path_is_same (&file->path, file->temporary, stale))
    return give_back (file);

  /* Ours is in its place: what is left of the other is no failure of it. */
  (void) gsock_socket_path_unlink (&file->path, file->temporary);
  return 0;
}

static gboolean
put_in_place (GsockSocketFile *file, int type, GsockFd *stale, GError **error)
{
  int errnum = 0;

  for (int i = 0; i < PLACE_TRIES; i++)
    {
      errnum = *stale < 0 ? place_new (file) : place_over (file, *stale);
      if (errnum == 0)
        {
          g_clear_pointer (&file->temporary, g_free);
          return TRUE;
        }
      /* Not as it was when we looked: look again. */
      if ((errnum != EEXIST && errnum != ENOENT)
          || !gsock_socket_path_is_same (&file->path, file->temporary,
                                         file->inode))
        break;
      if (!gsock_socket_probe (&file->path, type, stale, error))
        return FALSE;
    }

  return gsock_socket_path_fail (&file->path, errnum, error);
}

static int
native_type (GSocket *socket)
{
  switch (g_socket_get_socket_type (socket))
    {
    case G_SOCKET_TYPE_DATAGRAM:
      return SOCK_DGRAM;
    case G_SOCKET_TYPE_SEQPACKET:
      return SOCK_SEQPACKET;
    case G_SOCKET_TYPE_STREAM:
    case G_SOCKET_TYPE_INVALID:
    default:
      return SOCK_STREAM;
    }
}

/**
 * gsock_socket_file_bind:
 * @socket: an AF_UNIX socket, not bound yet; after an error fit for nothing
 *   but to be closed
 * @path: at most %GSOCK_UNIX_PATH_MAX bytes
 * @rights: whose the file is and who may connect
 * @backlog: how many clients may wait; not for datagrams
 * @error: GSOCK_ERROR_BIND, the whole sentence: "Cannot listen on PATH: why"
 *
 * Blocks for milliseconds, for five seconds where another process doesn't let
 * go of the directory's lock.  Changes the process's umask for a moment.
 * After an error nothing is in the directory that was not there before.
 *
 * Returns: (transfer full) (nullable): for gsock_socket_file_release()
 */
GsockSocketFile *
gsock_socket_file_bind (GSocket *socket, const char *path,
                        const GsockSocketFileRights *rights, int backlog,
                        GError **error)
{
  GsockSocketFile *file = socket_file_new (path, error);
  int type = native_type (socket);
  g_auto (GsockFd) stale = -1;

  if (file == NULL)
    return NULL;
  if (!gsock_socket_path_lock (&file->path, LOCK_TIMEOUT))
    {
      fail_lock (file, errno, error);
      socket_file_free (file);
      return NULL;
    }
  if (!gsock_socket_probe (&file->path, type, &stale, error)
      || !bind_temporary (file, socket, error)
      || !set_owner (file, rights, error)
      || !set_mode (file, rights->mode, error)
      || !start_listening (file, socket, backlog, error)
      || !put_in_place (file, type, &stale, error))
    {
      discard (file);
      return NULL;
    }

  gsock_socket_path_unlock (&file->path);
  return file;
}

/**
 * gsock_socket_file_release:
 * @file: (transfer full): what gsock_socket_file_bind() gave
 *
 * Unlinks the path, wherever the working directory is now, unless another
 * thing stands there (a server started after us, a user's file); tells
 * GSOCK_EVENT_REMOVED when it did.  If the directory's lock can't be had in a
 * second the file stays: the next server finds it stale.  Best called before
 * the socket is closed, so that who finds the path finds a server.
 */
void
gsock_socket_file_release (GsockSocketFile *file)
{
  if (gsock_socket_path_lock (&file->path, RELEASE_TIMEOUT))
    {
      if (gsock_socket_path_is_same (&file->path,
                                     gsock_socket_path_get_name (&file->path),
                                     file->inode)
          && gsock_socket_path_unlink (&file->path,
                                       gsock_socket_path_get_name (&file->path))
                 == 0)
        gsock_log (GSOCK_EVENT_REMOVED, .text = file->path.text);
      gsock_socket_path_unlock (&file->path);
    }

  socket_file_free (file);
}

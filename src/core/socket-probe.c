/* socket-probe.c: what stands at a UNIX socket's path, and whether it lives
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/socket-probe.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <glib/gi18n-lib.h>

#include "core/call.h"
#include "core/error.h"

/**
 * gsock_socket_probe_refuse:
 * @path: a path
 * @mode: of what is there, which is no socket
 * @error: GSOCK_ERROR_BIND
 *
 * Returns: %FALSE
 */
gboolean
gsock_socket_probe_refuse (const GsockSocketPath *path, mode_t mode,
                           GError **error)
{
  g_autofree char *message = NULL;

  if (S_ISREG (mode))
    message = g_strdup_printf (
        _ ("Cannot listen on %s: it is a regular file, not a socket"),
        path->shown);
  else if (S_ISDIR (mode))
    message = g_strdup_printf (
        _ ("Cannot listen on %s: it is a directory, not a socket"),
        path->shown);
  else if (S_ISLNK (mode))
    message = g_strdup_printf (
        _ ("Cannot listen on %s: it is a symbolic link, which is neither "
           "followed nor replaced"),
        path->shown);
  else if (S_ISFIFO (mode))
    message = g_strdup_printf (
        _ ("Cannot listen on %s: it is a named pipe (FIFO), not a socket"),
        path->shown);
  else
    message = g_strdup_printf (
        _ ("Cannot listen on %s: it is a device, not a socket"), path->shown);

  g_set_error_literal (error, GSOCK_ERROR, GSOCK_ERROR_BIND, message);
  return FALSE;
}

static pid_t
listener_of (int fd)
{
  struct ucred credentials = { .pid = 0 };
  socklen_t size = sizeof credentials;

  if (getsockopt (fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) < 0)
    return 0;

  return MAX (credentials.pid, 0);
}

/* Connects as a client would: 0, or connect's errno.  @pid: who listens, 0
 * where the kernel doesn't say. */
static int
knock (const char *name, int type, pid_t *pid)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  g_auto (GsockFd) fd = -1;
  int errnum;

  fd = socket (AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  errnum = fd < 0 ? errno : 0;
  if (gsock_explaining ())
    gsock_call (GSOCK_CALL_SOCKET, "AF_UNIX", fd, errnum, NULL,
                "AF_UNIX, %s, 0", gsock_call_type (type));
  if (fd < 0)
    return errnum;

  g_strlcpy (address.sun_path, name, sizeof address.sun_path);
  if (connect (fd, (const struct sockaddr *) &address, sizeof address) < 0)
    errnum = errno;
  if (gsock_explaining ())
    gsock_call (GSOCK_CALL_CONNECT, "AF_UNIX", errnum == 0 ? 0 : -1, errnum,
                NULL, "%d, %s", fd, name);

  *pid = errnum == 0 ? listener_of (fd) : 0;
  if (gsock_explaining ())
    gsock_call (GSOCK_CALL_CLOSE, NULL, 0, 0, NULL, "%d", fd);
  return errnum;
}

static gboolean
fail_alive (const GsockSocketPath *path, int errnum, pid_t pid, GError **error)
{
  g_autofree char *message = NULL;

  if (errnum == 0 && pid > 0)
    message = g_strdup_printf (
        /* TRANSLATORS: a path, and the number of a process. */
        _ ("Cannot listen on %s: a server is already answering there (pid "
           "%d)"),
        path->shown, (int) pid);
  else if (errnum == 0)
    message = g_strdup_printf (
        _ ("Cannot listen on %s: a server is already answering there"),
        path->shown);
  else if (errnum == EAGAIN)
    message = g_strdup_printf (
        _ ("Cannot listen on %s: a server has it already; its queue of "
           "waiting clients is full"),
        path->shown);
  else if (errnum == EPROTOTYPE)
    message = g_strdup_printf (
        _ ("Cannot listen on %s: a process has it open as a socket of another "
           "type, or does not listen yet"),
        path->shown);
  else if (errnum == EACCES)
    message = g_strdup_printf (
        _ ("Cannot listen on %s: a socket is there that we may not connect "
           "to, so nobody knows whether its server lives"),
        path->shown);
  else
    message = g_strdup_printf (
        /* TRANSLATORS: a path, and the system's reason. */
        _ ("Cannot listen on %s: whether a server answers there cannot be "
           "told: %s"),
        path->shown, gsock_errno_text (errnum));

  g_set_error_literal (error, GSOCK_ERROR, GSOCK_ERROR_BIND, message);
  return FALSE;
}

/* Whether nobody has the socket at the path.  ECONNREFUSED means that nobody
 * listens there; but a server between its bind and its listen doesn't either.
 * A socket of another type tells these two apart: EPROTOTYPE comes only where
 * some process has the one there open. */
static gboolean
check_stale (const GsockSocketPath *path, int type, GError **error)
{
  g_autofree char *name = gsock_socket_path_reach (
      path, gsock_socket_path_get_name (path));
  int other = type == SOCK_DGRAM ? SOCK_STREAM : SOCK_DGRAM;
  pid_t pid = 0;
  int errnum = knock (name, type, &pid);

  if (errnum == ECONNREFUSED)
    errnum = knock (name, other, &pid);
  /* Gone since we looked: whoever places us will see it. */
  if (errnum == ECONNREFUSED || errnum == ENOENT)
    return TRUE;

  return fail_alive (path, errnum, pid, error);
}

/**
 * gsock_socket_probe:
 * @path: a path
 * @type: SOCK_STREAM... of the socket that wants the place
 * @stale: (inout): the socket to be replaced (O_PATH), or -1 where nothing is
 * @error: GSOCK_ERROR_BIND with what stands there
 *
 * Looks at the thing itself: no link is followed.  While @stale is open, its
 * inode number belongs to nothing else.
 *
 * Returns: %TRUE if the place may be taken
 */
gboolean
gsock_socket_probe (const GsockSocketPath *path, int type, GsockFd *stale,
                    GError **error)
{
  struct stat status;

  gsock_fd_clear (stale);
  if (*gsock_socket_path_get_name (path) == '\0')
    return gsock_socket_probe_refuse (path, S_IFDIR, error);

  *stale = openat (path->directory, gsock_socket_path_get_name (path),
                   O_PATH | O_NOFOLLOW | O_CLOEXEC);
  if (*stale < 0 && errno == ENOENT)
    return TRUE;
  if (*stale < 0 || fstat (*stale, &status) < 0)
    return gsock_socket_path_fail (path, errno, error);
  if (!S_ISSOCK (status.st_mode))
    return gsock_socket_probe_refuse (path, status.st_mode, error);

  return check_stale (path, type, error);
}

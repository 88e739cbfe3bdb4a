/* socket-path.h: a UNIX socket's path, its directory held open
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* In whoever serves it; the main thread's. */
typedef struct
{
  char *text;    /* as the user wrote it */
  char *shown;   /* escaped */
  gsize name;    /* where in @text its last part begins */
  int directory; /* kept: a relative path outlives chdir() */
} GsockSocketPath;

/* Opens the directory.  GSOCK_ERROR_BIND; nothing to be cleared then. */
gboolean gsock_socket_path_init (GsockSocketPath *path, const char *text,
                                 GError **error);
void gsock_socket_path_clear (GsockSocketPath *path);

/* Its last part, a name in the directory: "" for "/run/". */
const char *gsock_socket_path_get_name (const GsockSocketPath *path);

/* flock of the directory.  FALSE with errno: EWOULDBLOCK when @timeout
 * microseconds have passed. */
gboolean gsock_socket_path_lock (const GsockSocketPath *path, gint64 timeout);
void gsock_socket_path_unlock (const GsockSocketPath *path);

/* Of a @name in the directory: whether it is the inode that is open as @inode;
 * how a socket call may write it (free with g_free; NULL: in no way); its
 * removal, which gives 0 or an errno. */
gboolean gsock_socket_path_is_same (const GsockSocketPath *path,
                                    const char *name, int inode);
char *gsock_socket_path_reach (const GsockSocketPath *path, const char *name);
int gsock_socket_path_unlink (const GsockSocketPath *path, const char *name);

/* "Cannot listen on PATH: why": for what the system refuses.  FALSE. */
gboolean gsock_socket_path_fail (const GsockSocketPath *path, int errnum,
                                 GError **error);

G_END_DECLS

/* socket-file.h: a UNIX socket's path: taken safely, given back only if ours
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A path we serve; belongs to the main thread. */
typedef struct _GsockSocketFile GsockSocketFile;

typedef struct
{
  mode_t mode; /* of the file, e.g. 0600 */
  uid_t owner; /* (uid_t) -1: as it is */
  gid_t group; /* (gid_t) -1: as it is */
} GsockSocketFileRights;

/* Binds @socket (AF_UNIX, new, any type) to @path and makes it listen
 * (@backlog; not for datagrams): under flock of the directory, at a temporary
 * name beside it, chown, chmod, listen, then renamed into place. What stands at
 * @path is replaced only if it is a socket on which nobody answers.
 * GSOCK_ERROR_BIND with what stands there; each call narrated. */
GsockSocketFile *gsock_socket_file_bind (GSocket *socket, const char *path,
                                         const GsockSocketFileRights *rights,
                                         int backlog, GError **error);

/* Unlinks the path if it is still ours (same device and inode); frees. */
void gsock_socket_file_release (GsockSocketFile *file);

G_END_DECLS

/* socket-probe.h: what stands at a UNIX socket's path, and whether it lives
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/fd.h"
#include "core/socket-path.h"

G_BEGIN_DECLS

/* TRUE where nothing is at @path, @stale -1; or a socket on which nobody
 * answers, @stale then O_PATH of it.  Else GSOCK_ERROR_BIND with what stands
 * there.  @type is that of the socket that wants the place. */
gboolean gsock_socket_probe (const GsockSocketPath *path, int type,
                             GsockFd *stale, GError **error);

/* "Cannot listen on PATH: it is a directory, not a socket"; FALSE. */
gboolean gsock_socket_probe_refuse (const GsockSocketPath *path, mode_t mode,
                                    GError **error);

G_END_DECLS

/* sockopt.h: socket options by the names users know: keepalive, nodelay, tos=…
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _GsockSockopt GsockSockopt;

/* NAME or NAME=VALUE: keepalive[=IDLE,INTERVAL,COUNT] nodelay reuseport tos ttl
 * rcvbuf sndbuf device freebind mark.  GSOCK_ERROR_USAGE lists them. */
GsockSockopt *gsock_sockopt_parse (const char *text, GError **error);
void gsock_sockopt_free (GsockSockopt *option);

/* Sets those that make sense for @fd's family (nodelay is skipped on a UNIX
 * socket), narrating each; before bind or connect.  GSOCK_ERROR_DENIED for
 * EPERM, else GSOCK_ERROR_FAILED; the message names the option. @options:
 * element-type GsockSockopt, may be NULL. */
gboolean gsock_sockopt_apply (GPtrArray *options, int fd, int family,
                              GError **error);

/* setsockopt of an int, narrated. */
gboolean gsock_sockopt_set_int (int fd, int level, const char *level_name,
                                int option, const char *option_name, int value,
                                GError **error);

G_END_DECLS

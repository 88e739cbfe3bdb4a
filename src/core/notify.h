/* notify.h: what the service manager gives and is told: sockets, readiness
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Sends @state ("READY=1", "STOPPING=1", "RELOADING=1\nMONOTONIC_USEC=…") to
 * $NOTIFY_SOCKET (path or @abstract); nothing without it; FALSE if it could
 * not be delivered. */
gboolean gsock_notify (const char *state);
gboolean gsock_notify_reloading (void); /* with MONOTONIC_USEC */

/* The descriptors of $LISTEN_FDS if $LISTEN_PID is us, taken from the
 * environment so that no child inherits the variables, CLOEXEC set. */
typedef struct
{
  int fd;
  char *name; /* from $LISTEN_FDNAMES, "" where there is none */
} GsockInherited;

/* (element-type GsockInherited), possibly empty; call once. */
GArray *gsock_notify_take_sockets (void);

G_END_DECLS

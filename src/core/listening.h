/* listening.h: from an endpoint to sockets that are bound and listen
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "core/endpoint.h"
#include "core/socket-file.h"

G_BEGIN_DECLS

typedef struct
{
  int family;                   /* AF_UNSPEC, AF_INET (-4), AF_INET6 (-6) */
  GsockSocketFileRights rights; /* of a socket file */
  GPtrArray *sockopts;          /* (element-type GsockSockopt), or NULL */
  gboolean no_datagrams;        /* sockets for them are refused */
} GsockListenerOptions;

/* Embedded in its owner; belongs to the main thread. */
typedef struct
{
  GPtrArray *sockets;   /* GSocket, non-blocking */
  GPtrArray *endpoints; /* GsockEndpoint, as bound, in the same order */
  GPtrArray *files;     /* GsockSocketFile */
} GsockListening;

void gsock_listening_init (GsockListening *listening);
void gsock_listening_clear (GsockListening *listening);

/* Opens every socket of @endpoint (a bare PORT has two, a name as many as it
 * has addresses).  GSOCK_ERROR_BIND, _DENIED, _NAME, _USAGE: one line. */
gboolean gsock_listening_open (GsockListening *listening,
                               const GsockEndpoint *endpoint,
                               const GsockListenerOptions *options,
                               GError **error);
/* A socket that listens already (fd:, sd:); its file is never removed. */
gboolean gsock_listening_adopt (GsockListening *listening, int fd, gboolean tls,
                                GError **error);
/* Closes the sockets and removes the files that are still ours. */
void gsock_listening_shut (GsockListening *listening);

G_END_DECLS

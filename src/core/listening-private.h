/* listening-private.h: what the makers of listening sockets share
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/listening.h"

G_BEGIN_DECLS

/* What one socket of an endpoint is opened with. */
typedef struct
{
  const GsockListenerOptions *options;
  const char *shown; /* the endpoint, for errors */
  int type;          /* SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET */
  guint index;       /* of an IPv4 group, the interface; 0: none is named */
  gboolean is_dual;  /* an IPv6 socket serves IPv4 too */
  int errnum;        /* why it failed, where a call did */
} ListeningOpening;

/* listening.c: @socket is one of ours; @endpoint (transfer full), as bound. */
void listening_keep (GsockListening *listening, GSocket *socket,
                     GsockEndpoint *endpoint);

/* listening-socket.c: each with GSOCK_ERROR_BIND or _DENIED, one line. */
gboolean listening_is_datagram (GSocket *socket);
/* The longest backlog there is here. */
int listening_backlog (void);
GSocket *listening_new_socket (GSocketFamily family, int type,
                               const char *shown, int *errnum, GError **error);
gboolean listening_set_options (GSocket *socket,
                                const GsockListenerOptions *options,
                                gboolean is_dual, GError **error);
gboolean listening_bind_abstract (GSocket *socket,
                                  const GsockEndpoint *endpoint,
                                  const char *shown, GError **error);
gboolean listening_start (GSocket *socket, const char *shown, GError **error);
/* All of it, for an address: bound, in its group, listening; or NULL. */
GSocket *listening_open_inet (ListeningOpening *opening, GInetAddress *inet,
                              guint16 port, guint32 scope, GError **error);

/* listening-inet.c: the sockets of "*", of a bare PORT, of a host. */
gboolean listening_add_any (GsockListening *listening,
                            const GsockEndpoint *endpoint,
                            ListeningOpening *opening, GError **error);
gboolean listening_add_loopback (GsockListening *listening,
                                 const GsockEndpoint *endpoint,
                                 ListeningOpening *opening, GError **error);
gboolean listening_add_host (GsockListening *listening,
                             const GsockEndpoint *endpoint,
                             ListeningOpening *opening, GError **error);

G_END_DECLS

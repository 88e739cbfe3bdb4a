/* listener.h: listening sockets as a GSocketService: drained, bounded, paused
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "core/dgram.h"
#include "core/listening.h"
#include "core/peer.h"

G_BEGIN_DECLS

#define GSOCK_TYPE_LISTENER (gsock_listener_get_type ())
G_DECLARE_FINAL_TYPE (GsockListener, gsock_listener, GSOCK, LISTENER,
                      GSocketService)

/* A new client: @fd is the callee's, to close or, where @carrier is not NULL,
 * to close by unref'ing that.  @peer: its address; of a UNIX client only the
 * family (uid -1: ask the kernel).  FALSE: no room for another one now; the
 * listener stops until gsock_listener_go_on. */
typedef gboolean (*GsockAcceptFunc) (GObject *carrier, int fd,
                                     const GsockPeer *peer,
                                     const GsockEndpoint *local, gpointer data);

GsockListener *gsock_listener_new (GsockAcceptFunc accept, gpointer data);

/* Opens every socket of @endpoint (a bare PORT has two, a name as many as
 * it has addresses), listening, not yet accepting.  GSOCK_ERROR_BIND,
 * _DENIED, _NAME. */
gboolean gsock_listener_add (GsockListener *listener,
                             const GsockEndpoint *endpoint,
                             const GsockListenerOptions *options,
                             GError **error);
/* A socket that listens already (fd:, sd:), or one for datagrams; its file is
 * never removed. */
gboolean gsock_listener_add_fd (GsockListener *listener, int fd, gboolean tls,
                                GError **error);
gboolean gsock_listener_has_datagrams (GsockListener *listener);
/* Serves those of its sockets that are for datagrams, in @worker's thread, from
 * gsock_listener_start on.  @func: told of each new peer.  FALSE with
 * GSOCK_ERROR_FAILED. */
gboolean gsock_listener_take_datagrams (GsockListener *listener,
                                        GsockWorker *worker,
                                        const GsockDgramOptions *options,
                                        GsockDgramFunc func, gpointer data,
                                        GError **error);
/* No new client; whoever talks by datagrams goes on. */
void gsock_listener_close_door (GsockListener *listener);

/* All of @endpoints or, where there are none, all that the service manager has
 * passed; on an error some may be open. */
gboolean gsock_listener_open (GsockListener *listener,
                              const GPtrArray *endpoints,
                              const GsockListenerOptions *options,
                              GError **error);
/* That it listens: to the log, to @ready_fd (-1: none), to the service
 * manager. */
gboolean gsock_listener_announce (GsockListener *listener, int ready_fd,
                                  GError **error);

/* What is bound, ports chosen: (element-type GsockEndpoint), the listener's. */
GPtrArray *gsock_listener_get_endpoints (GsockListener *listener);

void gsock_listener_start (GsockListener *listener, GsockWorker *worker);
/* There is room again. */
void gsock_listener_go_on (GsockListener *listener);
/* Closes the sockets and removes the files that are still ours; clients that
 * wait in a backlog are refused by the kernel. */
void gsock_listener_shut (GsockListener *listener);

G_END_DECLS

/* server.h: listeners, connections and an orderly end: core's roof for servers
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/acl.h"
#include "core/connection.h"
#include "core/listener.h"
#include "core/notify.h"
#include "core/tls.h"

G_BEGIN_DECLS

/* What was needed to listen is given up; FALSE with @error ends it all. */
typedef gboolean (*GsockSettleFunc) (gpointer data, GError **error);

typedef struct
{
  GPtrArray *endpoints; /* (element-type GsockEndpoint) */
  GsockListenerOptions listen;
  GsockConnectionConfig connection; /* closed, stats: set by the server */
  GsockAcl *acl;                    /* or NULL: everybody */
  GsockAcl *balancers;              /* whose PROXY headers count, and nobody
                                       else comes; or NULL: there are none */
  GsockTls *tls;                    /* of tls: endpoints, or NULL */
  GsockTls *upstream_tls;           /* of those that it calls itself, or NULL */
  guint max_connections;            /* 0: what the descriptors allow */
  guint max_per_host;               /* 0: no limit */
  guint workers;                    /* threads for them; 0, 1: the main one */
  guint descriptors;                /* that a client takes; 0: its own */
  GBytes *banner;                   /* or NULL */
  gboolean once;                    /* one client, then its status */
  gint64 accept_timeout;            /* µs without any client ever; 0: none */
  gint64 exit_idle_time;            /* µs with no client; 0: none */
  gint64 grace;                     /* µs to drain in */
  int ready_fd;                     /* -1: none */
  gboolean answers; /* it speaks in answer only: over UDP never at more length
                       than it was spoken to */
  /* Or NULL.  When all is bound, before there is a client and a thread: one
   * that is there already would keep what the others give up. */
  GsockSettleFunc settle;
  gpointer settle_data;
} GsockServerConfig;

/* Belongs to the main thread. */
typedef struct _GsockServer GsockServer;

/* @config is copied (what it points to is borrowed and must outlive it).  Takes
 * inherited sockets from the environment when there is no endpoint. Binds and
 * listens: GSOCK_ERROR_BIND and so on; on failure nothing is left. */
GsockServer *gsock_server_new (const GsockServerConfig *config, GError **error);
void gsock_server_free (GsockServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GsockServer, gsock_server_free)

/* Announces itself (LISTENING, ready fd, READY=1), serves until stopped, and
 * drains.  FALSE with the reason: a --once client's error, a timeout,
 * what gsock_server_fail was given. */
gboolean gsock_server_run (GsockServer *server, GError **error);

/* Stops accepting and drains for the grace time; a second call cuts. @why is
 * told in the log. */
void gsock_server_stop (GsockServer *server, const char *why);
/* The same, and run returns @error. */
void gsock_server_fail (GsockServer *server, const GError *error);
/* Reads rule files and certificates again. */
void gsock_server_reload (GsockServer *server);

const GsockStats *gsock_server_get_stats (GsockServer *server);
GsockWorker *gsock_server_get_worker (GsockServer *server);
/* Those that have connections: the same one, or one a thread; g_free. */
GsockWorker **gsock_server_get_workers (GsockServer *server, guint *n);
GMainContext *gsock_server_get_context (GsockServer *server);

G_END_DECLS

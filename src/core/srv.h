/* srv.h: the hosts that DNS names for a service, in the order of trying
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/endpoint.h"

G_BEGIN_DECLS

/* A record of type SRV (RFC 2782). */
typedef struct
{
  guint16 priority, weight, port;
  char *host; /* as DNS has it, without the last dot; "": no such service */
} GsockSrvHost;

GsockSrvHost *gsock_srv_host_new (guint16 priority, guint16 weight,
                                  guint16 port, const char *host);
void gsock_srv_host_free (GsockSrvHost *host);

/* A number from 0 to @most. */
typedef guint (*GsockSrvDraw) (guint most);
/* The lowest priority first; within one, lots are drawn by weight. */
void gsock_srv_order (GPtrArray *hosts, GsockSrvDraw draw);
/* (element-type GsockSrvHost), in the order of the message; @data may hold
 * anything.  NULL: it can't be read. */
GPtrArray *gsock_srv_parse (const guint8 *data, gsize size);

/* (transfer full): the domain of an srv: endpoint, as DNS has it. */
char *gsock_srv_domain (const GsockEndpoint *endpoint);

/* A service being asked for; belongs to the thread of its context. */
typedef struct _GsockSrv GsockSrv;

/* Who may be asked before the system is: as GsockResolveAsker. */
typedef gboolean (*GsockSrvAsker) (GsockSrv *srv);
void gsock_srv_set_asker (GsockSrvAsker func);
const char *gsock_srv_get_name (GsockSrv *srv); /* as DNS has it */
GMainContext *gsock_srv_get_context (GsockSrv *srv);
/* @hosts: (transfer full) (element-type GsockSrvHost), or @error.  Frees it. */
void gsock_srv_answer (GsockSrv *srv, GPtrArray *hosts, const GError *error);

/* @hosts: (element-type GsockSrvHost), one at least, in the order of trying; or
 * NULL with @error: GSOCK_ERROR_NAME, _REMOTE.  Both are borrowed. */
typedef void (*GsockSrvFunc) (const GPtrArray *hosts, const GError *error,
                              gpointer data);

/* @endpoint: srv:.  Never calls @func before it returns. */
GsockSrv *gsock_srv_start (const GsockEndpoint *endpoint, GMainContext *context,
                           GsockSrvFunc func, gpointer data);
/* @func is not called any more.  After @func it is freed already. */
void gsock_srv_cancel (GsockSrv *srv);

G_END_DECLS

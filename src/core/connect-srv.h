/* connect-srv.h: a connection with one of a service's hosts
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/connect.h"

G_BEGIN_DECLS

/* Belongs to the thread of its context. */
typedef struct _GsockConnectSrv GsockConnectSrv;

/* @endpoint: srv:.  @options: as for one host; its time limit is for all of
 * them, once they are known.  Never calls @func before it returns. */
GsockConnectSrv *gsock_connect_srv_start (const GsockEndpoint *endpoint,
                                          const GsockConnectOptions *options,
                                          GMainContext *context,
                                          GsockConnectFunc func, gpointer data);
void gsock_connect_srv_cancel (GsockConnectSrv *srv);
/* Whether the hosts are not known yet: nobody but the caller limits that. */
gboolean gsock_connect_srv_is_asking (const GsockConnectSrv *srv);

G_END_DECLS

/* route.h: where the connection for a request goes, and through what
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/dial.h"
#include "http/proxies.h"
#include "http/request.h"

G_BEGIN_DECLS

/* Its owner's. */
typedef struct
{
  char *key;               /* connections with the same one can be shared */
  GsockEndpoint *endpoint; /* to be dialed */
  GsockEndpoint *meant;    /* the URL's own */
  GsockProxy *tunnel;      /* which connects on to @endpoint; or NULL */
  GsockProxy *forwarder;   /* which is @endpoint, and asks for us; or NULL */
} GsockRoute;

/* @connect: instead of the URL's host, or NULL; @proxies: or NULL.  Gives
 * @request what a proxy is told with it.  GSOCK_ERROR_USAGE. */
gboolean gsock_route_init (GsockRoute *route, GsockRequest *request,
                           const GsockEndpoint *connect, GsockProxies *proxies,
                           GError **error);
void gsock_route_clear (GsockRoute *route);

/* What it takes of @dial, which borrows from @route. */
void gsock_route_fill_dial (const GsockRoute *route, GsockDialOptions *dial);
/* For the request line; NULL: the URL's own. */
const char *gsock_route_get_target (const GsockRoute *route,
                                    const GsockRequest *request);

G_END_DECLS

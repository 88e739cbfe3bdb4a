/* tunnel.h: asks a proxy to connect on, over a carrier that reaches it
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/carrier.h"
#include "core/proxy.h"
#include "core/worker.h"

G_BEGIN_DECLS

/* Belongs to the thread of its worker. */
typedef struct _GsockTunnel GsockTunnel;

/* Called once: @carrier, which now reaches the target, is the callee's to steal,
 * and closed if it doesn't; with @error it is of no class. */
typedef void (*GsockTunnelFunc) (GsockCarrier *carrier, const GError *error,
                                 gpointer data);

GsockTunnel *gsock_tunnel_start (GsockProxy *proxy, GsockCarrier *carrier,
                                 const GsockEndpoint *target,
                                 const GsockAddress *address,
                                 GsockTimeLimit limit, GsockWorker *worker,
                                 GsockTunnelFunc func, gpointer data);
void gsock_tunnel_cancel (GsockTunnel *tunnel);

G_END_DECLS

/* dial.h: from an endpoint to a carrier: the socket, and what is laid over it
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/carrier.h"
#include "core/connect.h"
#include "core/proxy-header.h"
#include "core/proxy.h"
#include "core/tls.h"

G_BEGIN_DECLS

typedef struct
{
  GsockConnectOptions connect; /* its time limit is for every step */
  GsockTls *tls; /* for a tls: endpoint; NULL: the system's trust */
  const GsockEndpoint
      *meant;        /* whom TLS is with, where that is not the endpoint:
                                 its host; or NULL */
  GsockProxy *proxy; /* through which all goes; or NULL */
  guint send_proxy;  /* the version of the PROXY header that is sent first,
                        without a @proxy; 0: none */
  const GsockProxyHeader
      *header; /* what it says; NULL: that the connection is our own */
  /* What is offered to the endpoint where @tls says nothing: protocols by
   * preference, NULL at the end; static; or NULL. */
  const char *const *alpn;
  /* For whoever wants to know when it was done with what: monotonic
   * microseconds, 0 not yet.  Outlive the dial, or NULL. */
  gint64 *connected;
  gint64 *secured;
} GsockDialOptions;

typedef struct _GsockDial GsockDial;

/* Called once: @carrier is the callee's to steal, and closed if it doesn't; with
 * @error it is of no class. */
typedef void (*GsockDialFunc) (GsockCarrier *carrier, const GError *error,
                               gpointer data);

GsockDial *gsock_dial_start (const GsockEndpoint *endpoint,
                             const GsockDialOptions *options,
                             GMainContext *context, GsockDialFunc func,
                             gpointer data);
void gsock_dial_cancel (GsockDial *dial);

G_END_DECLS

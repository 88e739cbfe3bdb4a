/* connect.h: from an endpoint to a connected socket: attempts, time limit
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "core/address.h"
#include "core/endpoint.h"

G_BEGIN_DECLS

typedef struct
{
  int family;          /* AF_UNSPEC, AF_INET (-4), AF_INET6 (-6) */
  gint64 timeout;      /* microseconds for all of it; 0: none */
  GsockAddress source; /* -s; of no size: the kernel chooses */
  GPtrArray *sockopts; /* (element-type GsockSockopt), may be NULL */
  gint64 *resolved; /* gets the monotonic time when addresses were known; may be
                       NULL */
} GsockConnectOptions;

/* One try to reach an endpoint; belongs to the thread of its context. */
typedef struct _GsockConnect GsockConnect;

/* @fd: connected, non-blocking, the callee's to close; or -1 with @error:
 * GSOCK_ERROR_NAME, _CONNECT, _DENIED, _TIMED_OUT, one line that names the
 * endpoint and, with several addresses, says what each one answered; or
 * _USAGE, which no other try will change. */
typedef void (*GsockConnectFunc) (int fd, const GError *error, gpointer data);

/* Never calls @func before it returns. Every address of a name is tried,
 * IPv6 and IPv4 in turn, the next one started when one fails or after 250 ms
 * (RFC 8305). @endpoint and @options are copied or ref'ed. */
GsockConnect *gsock_connect_start (const GsockEndpoint *endpoint,
                                   const GsockConnectOptions *options,
                                   GMainContext *context, GsockConnectFunc func,
                                   gpointer data);
/* Frees it; @func is not called any more.  After @func it is freed already. */
void gsock_connect_cancel (GsockConnect *connect);

G_END_DECLS

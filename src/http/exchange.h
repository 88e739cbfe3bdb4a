/* exchange.h: one request and its answer, over connections that are kept
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/dial.h"
#include "core/worker.h"
#include "http/headers.h"
#include "http/proxies.h"
#include "http/request.h"

G_BEGIN_DECLS

typedef enum
{
  GSOCK_HTTP_1,      /* and what TLS was told to agree on */
  GSOCK_HTTP_1_OR_2, /* 2 where it can be had: over TLS, by ALPN */
  GSOCK_HTTP_2,      /* or nothing */
} GsockHttpVersion;

typedef struct
{
  GsockDialOptions dial;
  GsockEndpoint *connect; /* instead of the URL's host: --unix; or NULL */
  GsockProxies *proxies;  /* where @connect is NULL; or NULL */
  guint64 rate;           /* bytes a second of a connection; 0: no limit */
  gboolean fresh;         /* a connection for each request */
  GsockHttpVersion version;
} GsockHttpConfig;

/* Connections by origin, and what they carry; belongs to the thread of its
 * worker. */
typedef struct _GsockHttp GsockHttp;

GsockHttp *gsock_http_new (const GsockHttpConfig *config, GsockWorker *worker);
/* No exchange may be left.  Iterates the context until all is closed. */
void gsock_http_free (GsockHttp *http);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GsockHttp, gsock_http_free)
GsockWorker *gsock_http_get_worker (GsockHttp *http);

/* When what happened: monotonic microseconds, 0: it didn't. */
typedef struct
{
  gint64 begun;
  gint64 resolved;
  gint64 connected; /* 0 on a connection that was there already */
  gint64 secured;   /* the TLS handshake was done */
  gint64 answered;  /* the first byte of the answer */
} GsockHttpTimes;

typedef struct _GsockExchange GsockExchange;

/* None is called before gsock_exchange_start has returned; any may cancel the
 * exchange. */
typedef struct
{
  /* Of each interim answer too (a status under 200); borrowed for the call, but
   * the last one lives until done. */
  void (*head) (GsockExchange *exchange, const GsockHttpHead *head,
                gpointer data);
  void (*body) (GsockExchange *exchange, const char *bytes, gsize size,
                gpointer data);
  /* In its place where bytes come thick, or NULL: moves up to @size of them,
   * all of the body, out of the socket @fd to where they belong, as recv does.
   * EAGAIN: there are none; EBUSY: not now, and the exchange is held; EINVAL:
   * not this way. */
  gssize (*take) (GsockExchange *exchange, int fd, gsize size, gpointer data);
  /* Once, the last one: @error NULL: the answer is whole.  Else a clause, or a
   * sentence about the connection, of GSOCK_ERROR. */
  void (*done) (GsockExchange *exchange, const GError *error, gpointer data);
} GsockExchangeNotify;

/* @request: (transfer full).  @notify is static. */
GsockExchange *gsock_exchange_start (GsockHttp *http, GsockRequest *request,
                                     const GsockExchangeNotify *notify,
                                     gpointer data);
/* Frees it; done is not called any more.  Its connection is closed unless the
 * answer was whole. */
void gsock_exchange_cancel (GsockExchange *exchange);

/* Nothing more is read while it is held, but what has been read is told. */
void gsock_exchange_hold (GsockExchange *exchange);
void gsock_exchange_release (GsockExchange *exchange);

const GsockRequest *gsock_exchange_get_request (const GsockExchange *exchange);
const GsockHttpTimes *gsock_exchange_get_times (const GsockExchange *exchange);
/* Of the body, by Content-Length; -1: not said. */
gint64 gsock_exchange_get_length (const GsockExchange *exchange);
/* Bytes that came after the answer's end, and belong to nothing. */
gsize gsock_exchange_get_excess (const GsockExchange *exchange);
/* As received, after the last chunk; NULL: none. */
const GString *gsock_exchange_get_trailers (const GsockExchange *exchange);
/* Monotonic microseconds of the last byte either way; 0: none yet. */
gint64 gsock_exchange_get_active (const GsockExchange *exchange);
/* Bytes of the request's body that the kernel has taken, or about as many. */
guint64 gsock_exchange_get_sent (const GsockExchange *exchange);
const char *gsock_exchange_get_protocol (const GsockExchange *exchange);
/* The proxy that asks in our place; NULL: none, or it makes a tunnel only. */
const GsockProxy *gsock_exchange_get_forwarder (const GsockExchange *exchange);

G_END_DECLS

/* client.h: DNS questions on their way: servers, retries, UDP and streams
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/worker.h"
#include "dns/https.h"
#include "dns/message.h"
#include "dns/server.h"

G_BEGIN_DECLS

#define GSOCK_DNS_SERVERS_MAX 8

typedef struct
{
  GPtrArray *servers; /* (element-type GsockDnsServer), 1 to SERVERS_MAX */
  gint64 timeout;     /* µs for one server, once */
  guint attempts;     /* of each server */
  guint window;       /* questions under way at once, about */
  const GsockDnsHttps *https; /* for https:// servers, static; NULL: none */
} GsockDnsConfig;

/* The bytes of an answer, checked to be one; borrowed. */
typedef struct
{
  const guint8 *data;
  gsize size;
  const GsockDnsServer *server;
  GsockDnsVia via;
  gint64 duration; /* µs */
  guint32 age;     /* seconds that it was in caches of HTTP */
} GsockDnsReply;

/* Called once: @reply; or @error: GSOCK_ERROR_TIMED_OUT, _CONNECT ... */
typedef void (*GsockDnsFunc) (const GsockDnsReply *reply, const GError *error,
                              gpointer data);

/* All of it belongs to the worker's thread. */
typedef struct _GsockDns GsockDns;
typedef struct _GsockDnsQuery GsockDnsQuery;

/* @config's servers are kept by reference. */
GsockDns *gsock_dns_new (const GsockDnsConfig *config, GsockWorker *worker);
void gsock_dns_free (GsockDns *dns); /* without questions under way */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GsockDns, gsock_dns_free)

/* Never calls @func before it returns. */
GsockDnsQuery *gsock_dns_ask (GsockDns *dns, const GsockDnsQuestion *question,
                              guint flags, GsockDnsFunc func, gpointer data);
void gsock_dns_cancel (GsockDnsQuery *query);

G_END_DECLS

/* client-private.h: what the parts of the DNS client share
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "dns/client.h"
#include "dns/https.h"
#include "dns/stream.h"

G_BEGIN_DECLS

/* Sockets of one server at once, each with a port that the kernel draws. */
#define DNS_SOCKETS 8

typedef struct
{
  GsockDns *dns;
  guint server;
  GsockWatch watch;
  int fd;              /* -1: none */
  guint used;          /* questions sent so far */
  GHashTable *queries; /* by id, those under way */
  GPtrArray *out;      /* to be sent */
} DnsSocket;

/* A server's stream, if there is one, and what was asked over it. */
typedef struct
{
  GsockDns *dns;
  guint server;
  GsockDnsStream *stream;
  GHashTable *queries; /* by id */
} DnsStream;

struct _GsockDnsQuery
{
  GsockDns *dns;
  GsockDnsQuestion question;
  guint flags;
  GsockDnsFunc func;
  gpointer data;
  gint64 since;
  gint64 due; /* when we give up */
  GsockTimer timer;
  guint server; /* the one being asked */
  guint round;  /* how often all of them were */
  guint8 bad;   /* bits: servers that are of no use */
  guint16 id;
  DnsSocket *socket; /* where it is under way, or NULL */
  DnsStream *stream;
  gpointer https;    /* the same by HTTPS */
  guint32 age;       /* seconds that its answer was in caches */
  gboolean queued;   /* in the socket's out */
  gboolean reopened; /* a stream ended under it once */
};

struct _GsockDns
{
  GsockWorker *worker;
  GPtrArray *servers;
  gint64 timeout;
  guint attempts;
  guint window;
  guint active;
  GSource *flush; /* at the end of the round */
  guint queued;   /* in the sockets' outs, about; 0: nothing to flush */
  guint picked;   /* the socket that questions go to now */
  guint left;     /* so many more of them, before another one is drawn */
  DnsSocket sockets[GSOCK_DNS_SERVERS_MAX][DNS_SOCKETS];
  DnsStream streams[GSOCK_DNS_SERVERS_MAX];
  const GsockDnsHttps *https_class;
  gpointer https[GSOCK_DNS_SERVERS_MAX]; /* NULL: not asked so far */
};

/* udp.c */
gboolean dns_udp_send (GsockDnsQuery *query, GError **error);
void dns_udp_forget (GsockDnsQuery *query);
void dns_udp_flush (GsockDns *dns);
void dns_udp_close (DnsSocket *socket);

/* https.c */
gboolean dns_https_send (GsockDnsQuery *query, GError **error);
void dns_https_forget (GsockDnsQuery *query);
void dns_https_close (GsockDns *dns);

/* client.c: whose answer that is, of @queries by id; NULL: of none, for somebody
 * guesses, or it came twice. */
GsockDnsQuery *dns_query_find (GHashTable *queries, const guint8 *data,
                               gsize size, GsockDnsHeader *header);
/* An answer has come; this server is of no use (@error is taken);
 * an answer that did not fit. */
void dns_query_answered (GsockDnsQuery *query, const guint8 *data, gsize size,
                         const GsockDnsHeader *header, GsockDnsVia via);
void dns_query_rejected (GsockDnsQuery *query, GError *error);

static inline const GsockDnsServer *
dns_server (GsockDns *dns, guint index)
{
  return g_ptr_array_index (dns->servers, index);
}

G_END_DECLS

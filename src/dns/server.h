/* server.h: a name server, and how it is to be asked
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/address.h"
#include "core/tls.h"

G_BEGIN_DECLS

typedef enum
{
  GSOCK_DNS_UDP, /* and TCP for answers that don't fit */
  GSOCK_DNS_TCP,
  GSOCK_DNS_TLS,   /* RFC 7858 */
  GSOCK_DNS_HTTPS, /* RFC 8484 */
} GsockDnsVia;

/* Immutable once it is asked. */
typedef struct
{
  GsockDnsVia via;
  char *text;              /* "udp://192.0.2.1:53", "https://h:443/dns-query" */
  GsockAddress address;    /* of UDP */
  GsockEndpoint *endpoint; /* of streams; of UDP: the same by TCP */
  GsockTls *tls;           /* of TLS and HTTPS; NULL: the system's trust */
} GsockDnsServer;

/* "[udp://|tcp://|tls://]HOST[:PORT]", "https://HOST[:PORT][/PATH]"; a HOST that is a name is looked up, as
 * long as that takes.  GSOCK_ERROR_USAGE, _NAME. */
GsockDnsServer *gsock_dns_server_parse (const char *text, GError **error);
void gsock_dns_server_free (GsockDnsServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GsockDnsServer, gsock_dns_server_free)

const char *gsock_dns_via_name (GsockDnsVia via); /* "udp" */

G_END_DECLS

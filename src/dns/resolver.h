/* resolver.h: a GResolver that asks name servers, and not the system
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "dns/stub.h"

G_BEGIN_DECLS

/* Its errors are GSOCK_ERROR_NAME, _REMOTE, _TIMED_OUT ..., which have the
 * server's own words, or G_IO_ERROR_CANCELLED; not G_RESOLVER_ERROR, whose three
 * codes are too few for our exit statuses. */
#define GSOCK_TYPE_DNS_RESOLVER (gsock_dns_resolver_get_type ())
G_DECLARE_FINAL_TYPE (GsockDnsResolver, gsock_dns_resolver, GSOCK, DNS_RESOLVER,
                      GResolver)

/* @servers: (element-type GsockDnsServer), kept by reference; @https: static. */
GResolver *gsock_dns_resolver_new (GPtrArray *servers,
                                   const GsockDnsHttps *https);

/* The default GResolver, which core asks as well: for programs with GIO, in
 * place of gsock_dns_asker. */
extern const GsockDnsFace gsock_dns_default_resolver;

G_END_DECLS

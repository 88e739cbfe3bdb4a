/* resolve-dns.h: what the options say of DNS: servers, types, names
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "dns/lookup.h"

G_BEGIN_DECLS

/* The DNS client of the options, and what goes with it; main thread. */
typedef struct _GsockResolveDns GsockResolveDns;

/* GSOCK_ERROR_FAILED where ldns is missing, _USAGE and _NAME of --server. */
GsockResolveDns *gsock_resolve_dns_new (guint window, GsockWorker *worker,
                                        GError **error);
void gsock_resolve_dns_free (GsockResolveDns *self);

/* @host as the types of the options, or of what it is, ask for it. */
GsockDnsLookup *gsock_resolve_dns_start (GsockResolveDns *self,
                                         const char *host,
                                         GsockDnsLookupFunc func, gpointer data,
                                         GError **error);

G_END_DECLS

/* resolve-dns.h: what the options say of DNS: servers, types, names
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "dns/lookup.h"
#include "tools/resolve-result.h"

G_BEGIN_DECLS

/* The DNS client of the options, and what goes with it; main thread. */
typedef struct _GsockResolveDns GsockResolveDns;

/* GSOCK_ERROR_USAGE and _NAME of --server. */
GsockResolveDns *gsock_resolve_dns_new (guint window, GsockWorker *worker,
                                        GError **error);
void gsock_resolve_dns_free (GsockResolveDns *self);

/* One question, with those that follow from its answer. */
typedef struct _GsockResolveAsk GsockResolveAsk;

/* @host as the types of the options, or of what it is, ask for it; of a
 * service the answers to its hosts come after its own (unless a type was asked
 * for), which is in the order of trying. */
GsockResolveAsk *gsock_resolve_dns_start (GsockResolveDns *self,
                                          const char *host,
                                          GsockDnsLookupFunc func,
                                          gpointer data, GError **error);
/* What DNS knows beyond what the system said in @result: why there is no
 * answer, or further names of an address.  NULL: nothing to be asked. */
GsockResolveAsk *gsock_resolve_dns_start_more (GsockResolveDns *self,
                                               const GsockResult *result,
                                               GsockDnsLookupFunc func,
                                               gpointer data);
void gsock_resolve_dns_take_more (GsockResult *result, GPtrArray *answers);
/* (transfer full) (nullable) (element-type GsockDnsAnswer): what has come so far,
 * of a trace its steps, but nothing whose signatures were to be checked; what is
 * asked is to be cancelled then. */
GPtrArray *gsock_resolve_dns_take (GsockResolveAsk *ask);
void gsock_resolve_dns_cancel (GsockResolveAsk *ask);

G_END_DECLS

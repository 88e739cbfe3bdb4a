/* lookup.h: a name looked up in DNS: types, search list, what went wrong
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "dns/answer.h"

G_BEGIN_DECLS

#define GSOCK_DNS_TYPES_MAX 32

/* Called once: @answers (element-type GsockDnsAnswer), one a type, the
 * callee's, about @host, a name that was tried; or @error, where no type has an
 * answer.  Where some have, those that have none are NO_ANSWER, and why. */
typedef void (*GsockDnsLookupFunc) (GPtrArray *answers, const char *host,
                                    const GError *error, gpointer data);

/* Belongs to the client's thread. */
typedef struct _GsockDnsLookup GsockDnsLookup;

/* @candidates: (transfer full) (element-type utf8), tried in turn until one of
 * them exists.  Never calls @func before it returns, but gives NULL with
 * @error where a name can't be one. */
GsockDnsLookup *gsock_dns_lookup_start (GsockDns *dns, GPtrArray *candidates,
                                        const guint16 *types, guint count,
                                        guint flags, GsockDnsLookupFunc func,
                                        gpointer data, GError **error);
/* (transfer full) (element-type GsockDnsAnswer) What has come so far, one a type,
 * NO_ANSWER if it has not; NULL: nothing has. */
GPtrArray *gsock_dns_lookup_take (GsockDnsLookup *lookup);
void gsock_dns_lookup_cancel (GsockDnsLookup *lookup);

/* "1.2.0.192.in-addr.arpa." of a number; NULL of a name; free with g_free. */
char *gsock_dns_reverse_name (const char *host);

G_END_DECLS

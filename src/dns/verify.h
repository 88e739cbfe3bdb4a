/* verify.h: signatures of DNS: sets of records, keys, and proofs of nothing
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "dns/ldns.h"
#include "dns/security.h"

G_BEGIN_DECLS

/* Pure, all of it.  A zone whose keys are trusted; borrowed. */
typedef struct
{
  GsockDnsName name;
  const ldns_rr_list *keys;
  gint64 now; /* seconds since 1970 */
} GsockDnsZone;

/* Records of @owner and @type in @section, borrowed; rr_list_free. */
ldns_rr_list *gsock_dns_pick (const ldns_rr_list *section, GsockDnsName owner,
                              guint16 type);
/* Who has signed them: FALSE: nobody.  Borrowed. */
gboolean gsock_dns_find_signer (const ldns_rr_list *section, GsockDnsName owner,
                                guint16 type, GsockDnsName *signer);

/* Whether they are signed by @zone; else what is wrong is in @flaw (cleared
 * before, name and type set).  @labels: of a wildcard, how many of its labels
 * are not the "*"; else all. */
gboolean gsock_dns_verify_set (const ldns_rr_list *section, GsockDnsName owner,
                               guint16 type, const GsockDnsZone *zone,
                               guint *labels, GsockDnsSecurity *flaw);

/* Whether they come of a wildcard that they are not; @labels: as above. */
gboolean gsock_dns_is_expanded (GsockDnsName owner, guint labels);

/* The keys of @zone in @section, vouched for by @anchors (DS or DNSKEY); deep
 * copies.  NULL: @flaw, which may be INSECURE. */
ldns_rr_list *gsock_dns_verify_keys (const ldns_rr_list *section,
                                     const GsockDnsZone *zone,
                                     const ldns_rr_list *anchors,
                                     GsockDnsSecurity *flaw);

typedef enum
{
  GSOCK_DNS_DENIAL_NONE,       /* @flaw */
  GSOCK_DNS_DENIAL_PROVEN,     /* there is no such thing */
  GSOCK_DNS_DENIAL_DELEGATION, /* nor a DS, but a zone of its own */
  GSOCK_DNS_DENIAL_OPEN,       /* @flaw: opt-out, or too many iterations */
} GsockDnsDenial;

/* What NSEC and NSEC3 in @section prove of @type at @name, or of the @name
 * itself where @is_missing. */
GsockDnsDenial gsock_dns_verify_denial (const ldns_rr_list *section,
                                        GsockDnsName name, guint16 type,
                                        gboolean is_missing,
                                        const GsockDnsZone *zone,
                                        GsockDnsSecurity *flaw);
/* The same of a name that was made from a wildcard with @labels labels. */
GsockDnsDenial gsock_dns_verify_wildcard (const ldns_rr_list *section,
                                          GsockDnsName name, guint16 type,
                                          guint labels,
                                          const GsockDnsZone *zone,
                                          GsockDnsSecurity *flaw);

G_END_DECLS

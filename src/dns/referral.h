/* referral.h: an answer that says who knows more
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "dns/answer.h"
#include "dns/hints.h"
#include "dns/name.h"

G_BEGIN_DECLS

typedef struct
{
  char *zone;          /* "org." */
  GPtrArray *servers;  /* (element-type GsockDnsNameServer), 16 at most */
  guint addresses;     /* of all of them */
  gboolean has_digest; /* DS: the zone's keys are vouched for */
} GsockDnsReferral;

/* Pure; @data may hold anything.  What a server of @zone says of a zone below
 * it that has @question's name in it; addresses are believed of names within
 * @zone alone.  NULL: it refers to nothing of that kind. */
GsockDnsReferral *gsock_dns_referral_parse (const guint8 *data, gsize size,
                                            const GsockDnsQuestion *question,
                                            GsockDnsName zone);
void gsock_dns_referral_free (GsockDnsReferral *referral);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GsockDnsReferral, gsock_dns_referral_free)

G_END_DECLS

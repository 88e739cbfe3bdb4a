/* check.h: an answer checked by DNSSEC, from the trust anchor down
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "dns/answer.h"
#include "dns/ldns.h"
#include "dns/security.h"
#include "dns/trace.h"

G_BEGIN_DECLS

/* What is known of zones so far, and whom to ask for more; one thread's. */
typedef struct _GsockDnsChecker GsockDnsChecker;
typedef struct _GsockDnsCheck GsockDnsCheck;

/* What the questions are to be asked with. */
#define GSOCK_DNS_CHECK_FLAGS \
  (GSOCK_DNS_RECURSE | GSOCK_DNS_EDNS | GSOCK_DNS_SECURE | GSOCK_DNS_UNCHECKED)

/* Called once: @security, borrowed; or @error: a link that nobody told. */
typedef void (*GsockDnsCheckFunc) (const GsockDnsSecurity *security,
                                   const GError *error, gpointer data);

/* @anchors: (transfer full), at least one.  gsock_ldns_load() first. */
GsockDnsChecker *gsock_dns_checker_new (GsockDns *dns, GsockWorker *worker,
                                        ldns_rr_list *anchors);
void gsock_dns_checker_free (GsockDnsChecker *checker); /* without checks */
/* From now on it asks by @tracer, which outlives it, and nobody to ask for it. */
void gsock_dns_checker_set_tracer (GsockDnsChecker *checker,
                                   GsockDnsTracer *tracer);

/* @answer: whose message is there; it is not used any more when this returns.
 * Never calls @func before that. */
GsockDnsCheck *gsock_dns_check_start (GsockDnsChecker *checker,
                                      const GsockDnsAnswer *answer,
                                      GsockDnsCheckFunc func, gpointer data);
void gsock_dns_check_cancel (GsockDnsCheck *check);

G_END_DECLS

/* resolve-dns-private.h: what the parts of asking DNS share
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "dns/check.h"
#include "dns/resolv-conf.h"
#include "tools/resolve-dns.h"

G_BEGIN_DECLS

/* Main thread. */
struct _GsockResolveDns
{
  GsockResolvConf conf;
  GsockDns *dns;
  GsockDnsTracer *tracer;   /* NULL: without --trace */
  GsockDnsChecker *checker; /* NULL: without --dnssec */
};

G_END_DECLS

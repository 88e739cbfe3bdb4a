/* dns-https.h: DNS over HTTPS: what src/dns asks and src/http carries
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "dns/https.h"

G_BEGIN_DECLS

extern const GsockDnsHttps gsock_dns_https;

G_END_DECLS

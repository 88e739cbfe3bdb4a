/* asker.h: DNS instead of the system, for all names that core looks up
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "dns/stub.h"

G_BEGIN_DECLS

/* Core's own hooks: neither /etc/hosts nor the search list is looked at. */
extern const GsockDnsFace gsock_dns_asker;

G_END_DECLS

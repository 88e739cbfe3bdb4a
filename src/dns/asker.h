/* asker.h: DNS instead of the system, for all names that core looks up
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "dns/https.h"

G_BEGIN_DECLS

/* From now on core/resolve asks @server, which is taken, and nobody else:
 * neither /etc/hosts nor the search list.  At start, by the thread that then
 * looks names up; but where @server has a name itself, the system knows that.
 * @https: how an https:// one is asked, static. */
void gsock_dns_asker_set (GsockDnsServer *server, const GsockDnsHttps *https);

G_END_DECLS

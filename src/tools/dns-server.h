/* dns-server.h: --dns-server: which name server a tool asks, and no other
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "dns/https.h"
#include "dns/server.h"
#include "tools/tool.h"

G_BEGIN_DECLS

/* --dns-server, to stand in a tool's table under a title of the tool's. */
extern const GsockOptionGroup gsock_options_dns_server;

/* Who takes a server, to ask it and not the system: gsock_dns_asker_set(), or
 * gsock_dns_resolver_set_default() where there is GIO. */
typedef void (*GsockDnsServerSetter) (GsockDnsServer *server,
                                      const GsockDnsHttps *https);

#ifdef HAVE_LDNS
#define GSOCK_DNS_SERVER_SETTER(func) (func)
#else
#define GSOCK_DNS_SERVER_SETTER(func) NULL
#endif

/* Has what follows ask the server of the option, if there was one; before the
 * first name is looked up.  GSOCK_ERROR_USAGE, _NAME, _FAILED. */
gboolean gsock_options_set_dns_server (GsockDnsServerSetter set,
                                       GError **error);

G_END_DECLS

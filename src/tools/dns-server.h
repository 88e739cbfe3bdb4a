/* dns-server.h: --dns-server: which name server a tool asks, and no other
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "dns/stub.h"
#include "tools/tool.h"

G_BEGIN_DECLS

/* --dns-server, to stand in a tool's table under a title of the tool's. */
extern const GsockOptionGroup gsock_options_dns_server;

#ifdef HAVE_LDNS
#define GSOCK_DNS_FACE(face) (&(face))
#else
#define GSOCK_DNS_FACE(face) NULL
#endif

/* Has what follows ask the server of the option, if there was one, through
 * @face: gsock_dns_asker, or gsock_dns_default_resolver where there is GIO;
 * before the first name is looked up.  GSOCK_ERROR_USAGE, _NAME, _FAILED. */
gboolean gsock_options_begin_dns_server (const GsockDnsFace *face,
                                         GError **error);
/* When nothing is looked up any more. */
void gsock_options_end_dns_server (void);

G_END_DECLS

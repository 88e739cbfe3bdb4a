/* dns-server.h: --dns-server: which name server a tool asks, and no other
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "tools/tool.h"

G_BEGIN_DECLS

/* --dns-server, to stand in a tool's table under a title of the tool's. */
extern const GsockOptionGroup gsock_options_dns_server;

/* Has what follows ask the server of the option, if there was one; before the
 * first name is looked up.  GSOCK_ERROR_USAGE, _NAME, _FAILED. */
gboolean gsock_options_set_dns_server (GError **error);

G_END_DECLS

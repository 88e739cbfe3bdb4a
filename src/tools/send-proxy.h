/* send-proxy.h: --send-proxy: saying first, on a connection, whose it is
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/endpoint.h"
#include "tools/tool.h"

G_BEGIN_DECLS

extern const GsockOptionGroup gsock_options_send_proxy;

/* GSOCK_ERROR_USAGE where @remote is no stream, and it was asked for. */
gboolean gsock_send_proxy_check (const GsockEndpoint *remote, GError **error);
/* The version that was asked for; 0: none. */
guint gsock_send_proxy_get_version (void);

G_END_DECLS

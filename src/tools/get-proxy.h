/* get-proxy.h: the proxies that gsock-get fetches through
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "http/proxies.h"
#include "tools/tool.h"

G_BEGIN_DECLS

extern const GsockOptionGroup gsock_get_proxy_group; /* -x --no-proxy */

/* @elsewhere: --connect or --unix was given, and no proxy can be.
 * GSOCK_ERROR_USAGE. */
GsockProxies *gsock_get_proxies_new (gboolean elsewhere, GError **error);

G_END_DECLS

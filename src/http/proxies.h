/* proxies.h: which proxy a URL is fetched through, if any
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/proxy.h"
#include "http/url.h"

G_BEGIN_DECLS

/* Belongs to one thread. */
typedef struct _GsockProxies GsockProxies;

/* None, until one of the next two. */
GsockProxies *gsock_proxies_new (void);
void gsock_proxies_free (GsockProxies *proxies);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GsockProxies, gsock_proxies_free)

/* For every URL.  GSOCK_ERROR_USAGE. */
gboolean gsock_proxies_set (GsockProxies *proxies, const char *url,
                            const char *password, GError **error);
/* $http_proxy, $https_proxy and $all_proxy: read when a URL wants them. */
void gsock_proxies_set_environment (GsockProxies *proxies,
                                    const char *password);
/* Hosts that are reached without: a list as $no_proxy has it. */
void gsock_proxies_set_exempt (GsockProxies *proxies, const char *list);

/* @proxy: (transfer none): NULL: none.  GSOCK_ERROR_USAGE: the environment
 * says nonsense. */
gboolean gsock_proxies_find (GsockProxies *proxies, const GsockUrl *url,
                             GsockProxy **proxy, GError **error);

G_END_DECLS

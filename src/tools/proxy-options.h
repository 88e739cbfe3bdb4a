/* proxy-options.h: the proxy that the command line or the environment names
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/dial.h"
#include "tools/tool.h"

G_BEGIN_DECLS

extern const GsockOptionGroup gsock_options_proxy; /* -x */

/* @remote: what is to be reached.  @dial borrows the proxy. */
gboolean gsock_proxy_options_fill_dial (GsockDialOptions *dial,
                                        const GsockEndpoint *remote,
                                        GError **error);

G_END_DECLS

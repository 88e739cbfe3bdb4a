/* server-settle.h: what gsock-server gives up when all is bound
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/server.h"

G_BEGIN_DECLS

/* A GsockSettleFunc; @data: the GsockServerConfig.  GSOCK_ERROR_DENIED. */
gboolean gsock_server_settle (gpointer data, GError **error);

G_END_DECLS

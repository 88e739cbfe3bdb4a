/* forward-options.h: where the options of gsock-server connect clients on to
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/server.h"
#include "handlers/forward.h"

G_BEGIN_DECLS

gboolean gsock_forward_options_fill (GsockForward *forward,
                                     GsockServerConfig *config, GError **error);

G_END_DECLS

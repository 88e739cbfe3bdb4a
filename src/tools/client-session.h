/* client-session.h: one run of gsock-client: a pipe or a conversation
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/client.h"

G_BEGIN_DECLS

gboolean gsock_client_session_run (GsockClientConfig *config,
                                   GPtrArray *messages, GError **error);
gboolean gsock_client_session_converse (GsockClientConfig *config,
                                        GError **error);

G_END_DECLS

/* forward.h: each client is connected on to another address
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/connection.h"
#include "core/dial.h"

G_BEGIN_DECLS

/* Not changed while a connection lives, so threads may share it. */
typedef struct
{
  const GsockEndpoint *upstream;
  GsockDialOptions dial;
  GsockConnectionConfig connection; /* of the upstream sides */
} GsockForward;

/* @clients: what the clients' connections have in common. */
void gsock_forward_init (GsockForward *forward, const GsockEndpoint *upstream,
                         const GsockDialOptions *dial,
                         const GsockConnectionConfig *clients);

G_END_DECLS

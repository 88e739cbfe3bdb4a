/* chat.h: each message goes to every other client
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "handlers/spread.h"

G_BEGIN_DECLS

typedef struct
{
  GsockSpread spread;
} GsockChat;

/* As gsock_spread_init. */
void gsock_chat_init (GsockChat *chat, GsockWorker *home,
                      GsockWorker *const *workers, guint n);
void gsock_chat_clear (GsockChat *chat);

G_END_DECLS

/* chat.h: each message goes to every other client
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "handlers/crowd.h"

G_BEGIN_DECLS

typedef struct
{
  GsockCrowd crowd;
} GsockChat;

void gsock_chat_init (GsockChat *chat);
void gsock_chat_clear (GsockChat *chat);

G_END_DECLS

/* chat.c: each message goes to every other client
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "handlers/chat.h"
#include "handlers/handlers.h"

static void
opened (GsockConnection *connection)
{
  GsockChat *chat = gsock_connection_get_handler_data (connection);

  gsock_crowd_join (&chat->crowd, connection);
}

static void
message (GsockConnection *connection, const char *data, gsize size)
{
  GsockChat *chat = gsock_connection_get_handler_data (connection);

  /* It came in this frame, so it can go out in it. */
  (void) gsock_crowd_send (&chat->crowd, connection, data, size, NULL);
}

static void
relieved (GsockConnection *connection)
{
  GsockChat *chat = gsock_connection_get_handler_data (connection);

  gsock_crowd_member_relieved (&chat->crowd, connection);
}

static void
closed (GsockConnection *connection, const GError *error G_GNUC_UNUSED)
{
  GsockChat *chat = gsock_connection_get_handler_data (connection);

  gsock_crowd_leave (&chat->crowd, connection);
}

const GsockHandler gsock_chat_handler = {
  .name = "chat",
  .frame = "line",
  .opened = opened,
  .message = message,
  .relieved = relieved,
  .closed = closed,
};

void
gsock_chat_init (GsockChat *chat)
{
  gsock_crowd_init (&chat->crowd);
}

void
gsock_chat_clear (GsockChat *chat)
{
  gsock_crowd_clear (&chat->crowd);
}

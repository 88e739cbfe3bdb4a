/* chat.c: each message goes to every other client
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/log.h"
#include "handlers/chat.h"
#include "handlers/handlers.h"

static void
opened (GsockConnection *connection)
{
  GsockChat *chat = gsock_connection_get_handler_data (connection);

  gsock_crowd_join (&gsock_spread_port (&chat->spread, connection)->crowd,
                    connection);
}

static void
message (GsockConnection *connection, const char *data, gsize size)
{
  GsockChat *chat = gsock_connection_get_handler_data (connection);

  g_autoptr (GError) error = NULL;

  /* It came in this frame, so it can go out in it; but a socket that keeps
   * messages may not carry as long ones as another. */
  if (!gsock_spread_send (&chat->spread, connection, data, size, &error))
    gsock_log (GSOCK_EVENT_WARNING, .id = gsock_connection_get_id (connection),
               .peer = gsock_connection_get_peer (connection), .error = error);
}

static void
relieved (GsockConnection *connection)
{
  GsockChat *chat = gsock_connection_get_handler_data (connection);

  gsock_crowd_member_relieved (
      &gsock_spread_port (&chat->spread, connection)->crowd, connection);
}

static void
closed (GsockConnection *connection, const GError *error G_GNUC_UNUSED)
{
  GsockChat *chat = gsock_connection_get_handler_data (connection);

  gsock_spread_leave (&chat->spread, connection);
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
gsock_chat_init (GsockChat *chat, GsockWorker *home,
                 GsockWorker *const *workers, guint n)
{
  gsock_spread_init (&chat->spread, home, workers, n);
}

void
gsock_chat_clear (GsockChat *chat)
{
  gsock_spread_clear (&chat->spread);
}

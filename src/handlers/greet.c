/* greet.c: sends a greeting and closes
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "handlers/handlers.h"

/* The end is a half-close: to close at once, with something from the client
 * unread, would be a reset, and a reset can destroy the greeting on its way. */
static void
opened (GsockConnection *connection)
{
  gsize size;
  const char *data = g_bytes_get_data (
      gsock_connection_get_handler_data (connection), &size);

  gsock_connection_send_bytes (connection, data, size);
  gsock_connection_end (connection);
}

static void
message (GsockConnection *connection G_GNUC_UNUSED,
         const char *data G_GNUC_UNUSED, gsize size G_GNUC_UNUSED)
{
}

const GsockHandler gsock_greet_handler = {
  .name = "greet",
  .frame = "raw",
  .opened = opened,
  .message = message,
};

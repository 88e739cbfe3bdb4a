/* echo.c: sends back what it receives
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "handlers/handlers.h"

/* A peer that does not read what comes back is not read either. */
static void
message (GsockConnection *connection, const char *data, gsize size)
{
  g_autoptr (GError) error = NULL;

  /* Only where a message could be received that is too long to be sent. */
  if (!gsock_connection_send (connection, data, size, &error))
    {
      gsock_connection_close (connection, error);
      return;
    }
  if (gsock_connection_get_state (connection) == NULL
      && gsock_connection_is_full (connection))
    {
      gsock_connection_set_state (connection, GINT_TO_POINTER (TRUE));
      gsock_connection_hold (connection);
    }
}

static void
relieved (GsockConnection *connection)
{
  if (gsock_connection_get_state (connection) == NULL)
    return;
  gsock_connection_set_state (connection, NULL);
  gsock_connection_release (connection);
}

const GsockHandler gsock_echo_handler = {
  .name = "echo",
  .frame = "raw",
  .message = message,
  .relieved = relieved,
};

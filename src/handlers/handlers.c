/* handlers.c: the table of handlers
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "handlers/handlers.h"

static const GsockHandler *const table[] = {
  &gsock_print_handler, &gsock_echo_handler,    &gsock_greet_handler,
  &gsock_chat_handler,  &gsock_discard_handler, &gsock_forward_handler,
  &gsock_stdio_handler, &gsock_exec_handler,
};

/**
 * gsock_handler_find:
 * @name: "echo"
 *
 * Returns: (transfer none) (nullable): the handler of that name
 */
const GsockHandler *
gsock_handler_find (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    if (g_str_equal (table[i]->name, name))
      return table[i];
  return NULL;
}

/**
 * gsock_handler_line_size:
 * @connection: where a message came from
 * @data: the message
 * @size: its bytes
 *
 * Returns: how many of them are shown where an end of line follows
 */
gsize
gsock_handler_line_size (const GsockConnection *connection, const char *data,
                         gsize size)
{
  gboolean has_end = size > 0 && data[size - 1] == '\n';

  return has_end && gsock_connection_keeps_messages (connection) ? size - 1
                                                                 : size;
}

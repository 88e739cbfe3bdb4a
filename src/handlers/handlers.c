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

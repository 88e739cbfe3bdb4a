/* discard.c: reads and counts
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "handlers/handlers.h"

/* The connection counts. */
static void
message (GsockConnection *connection G_GNUC_UNUSED,
         const char *data G_GNUC_UNUSED, gsize size G_GNUC_UNUSED)
{
}

const GsockHandler gsock_discard_handler = {
  .name = "discard",
  .frame = "raw",
  .message = message,
};

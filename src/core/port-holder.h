/* port-holder.h: which process listens on a port that can't be had
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  int pid;
  char name[32]; /* as /proc/PID/comm has it: anything, to be escaped */
} GsockPortHolder;

gboolean gsock_port_holder_find (GsockPortHolder *holder, guint16 port);

G_END_DECLS

/* srv-private.h: what the ways to ask for a service share
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/srv.h"

G_BEGIN_DECLS

/* Belongs to the thread of @context.  Freed by the answer, which comes even
 * when it was cancelled, or goes with the context. */
struct _GsockSrv
{
  GsockEndpoint *endpoint;
  char *name; /* as DNS has it */
  GMainContext *context;
  GsockSrvFunc func; /* NULL: nobody wants the answer any more */
  gpointer data;
};

void srv_free (GsockSrv *srv);
/* srv-system.c: by the C library, in a thread of its own. */
void srv_ask_system (GsockSrv *srv);

G_END_DECLS

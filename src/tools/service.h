/* service.h: what each mode of gsock-server has beside its server
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/server.h"
#include "handlers/chat.h"
#include "handlers/exec.h"
#include "handlers/forward.h"
#include "handlers/print.h"
#include "handlers/stdio.h"

G_BEGIN_DECLS

/* What lives while we serve; main thread.  Of the modes one is in use. */
typedef struct
{
  GsockServer *server;
  GsockPrint print;
  GsockStdio stdio;
  GsockChat chat;
  GsockForward forward;
  GsockExec exec;
} GsockService;

/* In the order of a life: before there is a server, with it, when it has
 * stopped, when it is gone. */
gpointer gsock_service_get_data (GsockService *service,
                                 const GsockHandler *handler);
void gsock_service_start (GsockService *service, const GsockHandler *handler);
gboolean gsock_service_finish (GsockService *service,
                               const GsockHandler *handler, GError **error);
void gsock_service_clear (GsockService *service, const GsockHandler *handler);

G_END_DECLS

/* rush.h: listening sockets while clients come faster than one by one
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "core/worker.h"

G_BEGIN_DECLS

typedef enum
{
  GSOCK_DRAIN_EMPTY, /* nobody waits any more */
  GSOCK_DRAIN_MORE,  /* somebody may wait: call again in the next round */
  GSOCK_DRAIN_STOP,  /* somebody may, and can't be taken now */
} GsockDrain;

/* Who is called while there is a rush; both may end it. */
typedef struct
{
  GsockDrain (*drain) (GSocket *socket, gpointer data);
  /* No client has come for a while. */
  void (*over) (gpointer data);
} GsockRushFuncs;

typedef struct _GsockRush GsockRush;

GsockRush *gsock_rush_new (GsockWorker *worker, const GPtrArray *sockets,
                           const GsockRushFuncs *funcs, gpointer data);
void gsock_rush_free (GsockRush *rush);
/* Whether clients are to be taken; at first they are. */
void gsock_rush_let (GsockRush *rush, gboolean in);

G_END_DECLS

/* resolve-progress.h: how far many names have come, live, on a terminal
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "tools/resolve-names.h"

G_BEGIN_DECLS

/* Kept by whoever has the names. */
typedef struct
{
  guint64 started; /* names that were asked for */
  guint64 told;    /* of which are done with */
  guint64 unknown; /* of these had no answer */
} GsockResolveCount;

/* Main thread. */
typedef struct _GsockResolveProgress GsockResolveProgress;

/* Draws a line on stderr, and takes the log's so that they stay above it.
 * @names and @count outlive it. */
GsockResolveProgress *
gsock_resolve_progress_new (const GsockResolveNames *names,
                            const GsockResolveCount *count,
                            GMainContext *context);
/* Rubbed out. */
void gsock_resolve_progress_free (GsockResolveProgress *progress);

G_END_DECLS

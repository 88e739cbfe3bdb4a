/* get-progress.h: how far transfers have come, live, on a terminal
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "http/fetch.h"

G_BEGIN_DECLS

/* Belongs to the main thread. */
typedef struct _GsockProgress GsockProgress;

/* Draws on stderr, and takes the log lines so that they stay above it.  @all:
 * how many transfers there will be. */
GsockProgress *gsock_progress_new (guint all, GMainContext *context);
/* Before something else is written to the terminal: drawn again soon. */
void gsock_progress_erase (GsockProgress *progress);
/* Rubbed out. */
void gsock_progress_free (GsockProgress *progress);

void gsock_progress_add (GsockProgress *progress,
                         const GsockFetchReport *report);
/* @report is gone after this. */
void gsock_progress_remove (GsockProgress *progress,
                            const GsockFetchReport *report);

G_END_DECLS

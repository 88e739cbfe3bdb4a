/* worker.h: a thread's context, its poller and its one timer
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/poller.h"
#include "core/queue.h"
#include "core/splice.h"
#include "core/timer.h"

G_BEGIN_DECLS

/* Everything in it belongs to the thread that runs its context. */
typedef struct
{
  GMainContext *context;
  GsockPoller *poller;
  GsockTimers timers;
  GSource *timer_source;
  GsockPipes pipes;
  gboolean runs;      /* its timers, now */
  guint index;        /* among its siblings, from 0 */
  gboolean has_queue; /* other threads may post to it */
  GsockQueue queue;
  GsockWatch queue_watch;
  char *scratch; /* GSOCK_SCRATCH_SIZE bytes for one read at a time */
  char *record;  /* the same for a long message; NULL until there was one */
  gsize record_size;
} GsockWorker;

#define GSOCK_SCRATCH_SIZE (128 * 1024)

GsockWorker *gsock_worker_new (GMainContext *context, GError **error);
void gsock_worker_free (GsockWorker *worker);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GsockWorker, gsock_worker_free)

void gsock_worker_arm (GsockWorker *worker, GsockTimer *timer, gint64 due);
void gsock_worker_arm_in (GsockWorker *worker, GsockTimer *timer,
                          gint64 microseconds);
void gsock_worker_disarm (GsockWorker *worker, GsockTimer *timer);

/* Where there are several threads: lets the others post to it. */
gboolean gsock_worker_open_queue (GsockWorker *worker, GError **error);
/* Any thread: @item is run in the thread of @worker. */
void gsock_worker_post (GsockWorker *worker, GsockQueueItem *item);
/* What is left of a worker whose thread has ended; FALSE: nothing was. */
gboolean gsock_worker_run_queue (GsockWorker *worker);

/* Monotonic time of this round, microseconds; cheap. */
gint64 gsock_worker_now (GsockWorker *worker);

G_END_DECLS

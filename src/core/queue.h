/* queue.h: what one thread has for another to do: many writers, one reader
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <stdatomic.h>
#include <stdbool.h>

/* Nothing of GLib in it: ThreadSanitizer can then judge it. */

typedef struct _GsockQueueItem GsockQueueItem;

/* Embedded, first, in what it brings; the writer's until it is pushed, then
 * the reader's, whose thread @run is called in: it frees the item, or pushes it
 * on. */
struct _GsockQueueItem
{
  GsockQueueItem *next;
  void (*run) (GsockQueueItem *item);
};

/* Any thread pushes, one runs. */
typedef struct
{
  _Atomic (GsockQueueItem *) last;
  int fd; /* an eventfd: there is something to run when it can be read */
} GsockQueue;

/* 0 or an errno. */
int gsock_queue_init (GsockQueue *queue);
/* One that is empty. */
void gsock_queue_clear (GsockQueue *queue);

void gsock_queue_push (GsockQueue *queue, GsockQueueItem *item);
/* Runs what is there, each writer's items in its order; false: nothing was. */
bool gsock_queue_run (GsockQueue *queue);

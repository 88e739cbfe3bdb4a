/* queue.c: what one thread has for another to do: many writers, one reader
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A stack, pushed with compare-and-swap, that the reader takes whole and turns
 * round.  Since it never takes a single one, an item that comes back at the
 * same address in between (ABA) does no harm.  Who pushes on an empty stack
 * wakes the reader; the others know that somebody has. */

#include "config.h"

#include "core/queue.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

int
gsock_queue_init (GsockQueue *queue)
{
  atomic_init (&queue->last, NULL);
  queue->fd = eventfd (0, EFD_NONBLOCK | EFD_CLOEXEC);
  return queue->fd >= 0 ? 0 : errno;
}

void
gsock_queue_clear (GsockQueue *queue)
{
  if (queue->fd >= 0)
    close (queue->fd);
  queue->fd = -1;
}

/**
 * gsock_queue_push:
 * @queue: a queue
 * @item: (transfer full): what the reader's thread shall run
 *
 * Any thread may call it; it never waits.
 */
void
gsock_queue_push (GsockQueue *queue, GsockQueueItem *item)
{
  const uint64_t one = 1;
  GsockQueueItem *last = atomic_load_explicit (&queue->last,
                                               memory_order_relaxed);

  do
    item->next = last;
  while (!atomic_compare_exchange_weak_explicit (
      &queue->last, &last, item, memory_order_release, memory_order_relaxed));
  if (last != NULL)
    return;
  while (write (queue->fd, &one, sizeof one) < 0 && errno == EINTR)
    continue;
}

static GsockQueueItem *
turn_round (GsockQueueItem *last)
{
  GsockQueueItem *first = NULL;

  while (last != NULL)
    {
      GsockQueueItem *next = last->next;

      last->next = first;
      first = last;
      last = next;
    }
  return first;
}

/**
 * gsock_queue_run:
 * @queue: a queue; in the reader's thread
 *
 * What is pushed meanwhile, by an item that runs too, is for the next time.
 *
 * Returns: whether there was anything
 */
bool
gsock_queue_run (GsockQueue *queue)
{
  uint64_t count;
  GsockQueueItem *item;
  bool any;

  /* First, so that whoever pushes after the exchange wakes us again. */
  while (read (queue->fd, &count, sizeof count) < 0 && errno == EINTR)
    continue;
  item = turn_round (
      atomic_exchange_explicit (&queue->last, NULL, memory_order_acquire));
  any = item != NULL;
  while (item != NULL)
    {
      GsockQueueItem *next = item->next;

      item->run (item);
      item = next;
    }
  return any;
}

/* timer.c: many timers in one heap
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/timer.h"

/* A binary heap in an array; slot 0 stays empty, so that position 0 can mean
 * "not armed" and the parent of i is i / 2. */

static GsockTimer *
timer_at (const GsockTimers *timers, guint position)
{
  return g_ptr_array_index (timers->heap, position);
}

static void
put_at (GsockTimers *timers, guint position, GsockTimer *timer)
{
  g_ptr_array_index (timers->heap, position) = timer;
  timer->position = position;
}

static void
sift_up (GsockTimers *timers, GsockTimer *timer)
{
  guint position = timer->position;

  while (position > 1 && timer_at (timers, position / 2)->due > timer->due)
    {
      put_at (timers, position, timer_at (timers, position / 2));
      position /= 2;
    }
  put_at (timers, position, timer);
}

static void
sift_down (GsockTimers *timers, GsockTimer *timer)
{
  guint position = timer->position;
  guint last = timers->heap->len - 1;

  while (position * 2 <= last)
    {
      guint child = position * 2;

      if (child < last
          && timer_at (timers, child + 1)->due < timer_at (timers, child)->due)
        child++;
      if (timer_at (timers, child)->due >= timer->due)
        break;
      put_at (timers, position, timer_at (timers, child));
      position = child;
    }
  put_at (timers, position, timer);
}

/**
 * gsock_timers_init:
 * @timers: storage of the caller
 *
 * An empty heap.
 */
void
gsock_timers_init (GsockTimers *timers)
{
  *timers = (GsockTimers) { .heap = g_ptr_array_new () };
  g_ptr_array_add (timers->heap, NULL);
}

/**
 * gsock_timers_clear:
 * @timers: a heap
 *
 * Disarms every timer and frees the heap's own storage.
 */
void
gsock_timers_clear (GsockTimers *timers)
{
  for (guint i = 1; i < timers->heap->len; i++)
    timer_at (timers, i)->position = 0;
  g_clear_pointer (&timers->heap, g_ptr_array_unref);
}

/**
 * gsock_timers_arm:
 * @timers: a heap
 * @timer: armed or not
 * @due: monotonic microseconds
 *
 * Arms @timer, or moves it.  What is armed during a run is due after it at the
 * earliest, so that a run ends and nobody is called twice in it.  O(log n).
 */
void
gsock_timers_arm (GsockTimers *timers, GsockTimer *timer, gint64 due)
{
  timer->due = MAX (due, timers->now + 1);
  if (timer->position == 0)
    {
      g_ptr_array_add (timers->heap, timer);
      timer->position = timers->heap->len - 1;
    }
  sift_up (timers, timer);
  sift_down (timers, timer);
}

/**
 * gsock_timers_disarm:
 * @timers: the heap it is armed in
 * @timer: armed or not
 *
 * After this @timer may be freed.  O(log n).
 */
void
gsock_timers_disarm (GsockTimers *timers, GsockTimer *timer)
{
  guint position = timer->position;
  guint last = timers->heap->len - 1;
  GsockTimer *moved = timer_at (timers, last);

  if (position == 0)
    return;
  g_ptr_array_set_size (timers->heap, (int) last);
  timer->position = 0;
  if (moved == timer)
    return;
  moved->position = position;
  sift_up (timers, moved);
  sift_down (timers, moved);
}

/**
 * gsock_timers_next:
 * @timers: a heap
 *
 * Returns: monotonic microseconds of the first timer due, -1 without one.
 */
gint64
gsock_timers_next (const GsockTimers *timers)
{
  return timers->heap->len > 1 ? timer_at (timers, 1)->due : -1;
}

/**
 * gsock_timers_run:
 * @timers: a heap
 * @now: monotonic microseconds
 *
 * Calls what is due at @now, earliest first.
 */
void
gsock_timers_run (GsockTimers *timers, gint64 now)
{
  timers->now = now;
  while (timers->heap->len > 1 && timer_at (timers, 1)->due <= now)
    {
      GsockTimer *timer = timer_at (timers, 1);

      gsock_timers_disarm (timers, timer);
      timer->func (timer);
    }
  timers->now = 0;
}

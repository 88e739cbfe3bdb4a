/* timer.h: many timers in one heap
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The time that the user gave for several steps: a message names that, not
 * what the steps before have left. */
typedef struct
{
  gint64 given; /* microseconds; 0: no limit */
  gint64 left;  /* of it, > 0 */
} GsockTimeLimit;

typedef struct _GsockTimer GsockTimer;
typedef void (*GsockTimerFunc) (GsockTimer *timer);

/* Embedded in its owner; belongs to the thread of the heap it is armed in.
 * All zero but func is a disarmed timer. */
struct _GsockTimer
{
  gint64 due;     /* g_get_monotonic_time, microseconds */
  guint position; /* in the heap, from 1; 0: not armed */
  GsockTimerFunc func;
};

typedef struct
{
  GPtrArray *heap;
  gint64 now; /* of the run in progress, else 0 */
} GsockTimers;

void gsock_timers_init (GsockTimers *timers);
void gsock_timers_clear (GsockTimers *timers);
/* Arms or moves; during a run to a time after it. */
void gsock_timers_arm (GsockTimers *timers, GsockTimer *timer, gint64 due);
void gsock_timers_disarm (GsockTimers *timers, GsockTimer *timer);
/* When the first is due; -1 when none is armed. */
gint64 gsock_timers_next (const GsockTimers *timers);
/* Runs what was due at @now, each once, disarmed before it is called. */
void gsock_timers_run (GsockTimers *timers, gint64 now);

static inline gboolean
gsock_timer_is_armed (const GsockTimer *timer)
{
  return timer->position != 0;
}

G_END_DECLS

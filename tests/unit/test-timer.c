/* test-timer.c: order, moving, disarming, and what a callback may do
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/timer.h"

#define MANY 500

typedef struct
{
  GsockTimer timer; /* first: a timer is its probe */
  GsockTimers *timers;
  GArray *fired; /* of all, in turn: their numbers */
  guint number;
  gint64 again;    /* armed for this when it fires; 0: not */
  GsockTimer *off; /* disarmed when it fires */
} Probe;

static void
fired_cb (GsockTimer *timer)
{
  Probe *probe = (Probe *) timer;

  g_assert_false (gsock_timer_is_armed (timer));
  g_array_append_val (probe->fired, probe->number);
  if (probe->again != 0)
    gsock_timers_arm (probe->timers, timer, probe->again);
  if (probe->off != NULL)
    gsock_timers_disarm (probe->timers, probe->off);
}

static void
probe_init (Probe *probe, GsockTimers *timers, GArray *fired, guint number)
{
  *probe = (Probe) {
    .timer.func = fired_cb,
    .timers = timers,
    .fired = fired,
    .number = number,
  };
}

static void
test_empty (void)
{
  GsockTimers timers;
  GsockTimer timer = { .func = NULL };

  gsock_timers_init (&timers);
  g_assert_cmpint (gsock_timers_next (&timers), ==, -1);
  gsock_timers_disarm (&timers, &timer);
  gsock_timers_run (&timers, G_MAXINT64);
  gsock_timers_clear (&timers);
}

/* Armed, moved and disarmed at random, they fire in the order of their times
 * and none is lost. */
static void
test_order (void)
{
  g_autofree Probe *probes = g_new (Probe, MANY);
  g_autoptr (GArray) fired = g_array_new (FALSE, FALSE, sizeof (guint));
  GsockTimers timers;
  guint armed = 0;
  gint64 last = 0;

  gsock_timers_init (&timers);
  for (guint i = 0; i < MANY; i++)
    probe_init (&probes[i], &timers, fired, i);
  for (guint i = 0; i < MANY * 10; i++)
    {
      Probe *probe = &probes[g_test_rand_int_range (0, MANY)];

      if (g_test_rand_int_range (0, 4) == 0)
        gsock_timers_disarm (&timers, &probe->timer);
      else
        gsock_timers_arm (&timers, &probe->timer,
                          g_test_rand_int_range (1, 1000));
    }
  for (guint i = 0; i < MANY; i++)
    armed += gsock_timer_is_armed (&probes[i].timer);

  for (gint64 now = 100; now <= 1000; now += 100)
    {
      gsock_timers_run (&timers, now);
      g_assert_true (gsock_timers_next (&timers) == -1
                     || gsock_timers_next (&timers) > now);
    }
  g_assert_cmpuint (fired->len, ==, armed);
  for (guint i = 0; i < fired->len; i++)
    {
      gint64 due = probes[g_array_index (fired, guint, i)].timer.due;

      g_assert_cmpint (due, >=, last);
      last = due;
    }
  gsock_timers_clear (&timers);
}

static void
test_next (void)
{
  g_autoptr (GArray) fired = g_array_new (FALSE, FALSE, sizeof (guint));
  GsockTimers timers;
  Probe a, b;

  gsock_timers_init (&timers);
  probe_init (&a, &timers, fired, 1);
  probe_init (&b, &timers, fired, 2);
  gsock_timers_arm (&timers, &a.timer, 50);
  gsock_timers_arm (&timers, &b.timer, 40);
  g_assert_cmpint (gsock_timers_next (&timers), ==, 40);
  gsock_timers_arm (&timers, &b.timer, 60);
  g_assert_cmpint (gsock_timers_next (&timers), ==, 50);
  gsock_timers_disarm (&timers, &a.timer);
  g_assert_cmpint (gsock_timers_next (&timers), ==, 60);
  gsock_timers_run (&timers, 59);
  g_assert_cmpuint (fired->len, ==, 0);
  gsock_timers_run (&timers, 60);
  g_assert_cmpuint (fired->len, ==, 1);
  g_assert_cmpint (gsock_timers_next (&timers), ==, -1);
  gsock_timers_clear (&timers);
}

/* One that arms itself for a time that has passed is called once a run, and
 * keeps nobody from being called. */
static void
test_again (void)
{
  static const guint expected[] = { 1, 2, 1, 3, 1 };
  g_autoptr (GArray) fired = g_array_new (FALSE, FALSE, sizeof (guint));
  GsockTimers timers;
  Probe restless, later, far;

  gsock_timers_init (&timers);
  probe_init (&restless, &timers, fired, 1);
  probe_init (&later, &timers, fired, 2);
  probe_init (&far, &timers, fired, 3);
  restless.again = 5;
  gsock_timers_arm (&timers, &restless.timer, 5);
  gsock_timers_arm (&timers, &later.timer, 10);
  gsock_timers_arm (&timers, &far.timer, 11);

  gsock_timers_run (&timers, 10);
  g_assert_cmpuint (fired->len, ==, 2);
  restless.again = 3;
  gsock_timers_run (&timers, 11);
  g_assert_cmpuint (fired->len, ==, 4);
  restless.again = 0;
  gsock_timers_run (&timers, 12);
  g_assert_cmpmem (fired->data, fired->len * sizeof (guint), expected,
                   sizeof expected);
  gsock_timers_clear (&timers);
}

/* What is disarmed by a callback does not fire, though it was due. */
static void
test_disarmed_in_run (void)
{
  g_autoptr (GArray) fired = g_array_new (FALSE, FALSE, sizeof (guint));
  GsockTimers timers;
  Probe first, second, third;

  gsock_timers_init (&timers);
  probe_init (&first, &timers, fired, 1);
  probe_init (&second, &timers, fired, 2);
  probe_init (&third, &timers, fired, 3);
  first.off = &second.timer;
  gsock_timers_arm (&timers, &first.timer, 1);
  gsock_timers_arm (&timers, &second.timer, 2);
  gsock_timers_arm (&timers, &third.timer, 3);
  gsock_timers_run (&timers, 10);
  g_assert_cmpuint (fired->len, ==, 2);
  g_assert_cmpuint (g_array_index (fired, guint, 1), ==, 3);
  gsock_timers_clear (&timers);
}

static void
test_clear (void)
{
  g_autoptr (GArray) fired = g_array_new (FALSE, FALSE, sizeof (guint));
  GsockTimers timers;
  Probe probe;

  gsock_timers_init (&timers);
  probe_init (&probe, &timers, fired, 1);
  gsock_timers_arm (&timers, &probe.timer, 1);
  gsock_timers_clear (&timers);
  g_assert_false (gsock_timer_is_armed (&probe.timer));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/timer/empty", test_empty);
  g_test_add_func ("/timer/order", test_order);
  g_test_add_func ("/timer/next", test_next);
  g_test_add_func ("/timer/again", test_again);
  g_test_add_func ("/timer/disarmed-in-run", test_disarmed_in_run);
  g_test_add_func ("/timer/clear", test_clear);
  return g_test_run ();
}

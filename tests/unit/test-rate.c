/* test-rate.c: the token bucket, under a clock of our own
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib.h>

#include "core/rate.h"

#define SECOND ((gint64) G_USEC_PER_SEC)
#define START (G_GINT64_CONSTANT (12345) * SECOND)

static const guint64 rates[] = {
  1,       3,       19,
  1000,    65536,   999999,
  1000001, 1500000, G_GUINT64_CONSTANT (10737418240),
};

static void
assert_near (double sent, double expected)
{
  g_assert_cmpfloat (sent, >=, expected * 0.99 - 1);
  g_assert_cmpfloat (sent, <=, expected * 1.01 + 1);
}

static void
test_no_limit (void)
{
  GsockRate rate = { 0 };

  g_assert_cmpuint (gsock_rate_allows (&rate, START, G_MAXSIZE), ==, G_MAXSIZE);
  gsock_rate_spend (&rate, G_MAXSIZE);
  g_assert_cmpuint (gsock_rate_allows (&rate, START, 1), ==, 1);
  g_assert_cmpint (gsock_rate_when (&rate, START), ==, START);

  gsock_rate_init (&rate, 0, START);
  g_assert_cmpuint (gsock_rate_allows (&rate, START, 7), ==, 7);
}

static void
test_burst (void)
{
  GsockRate rate;

  gsock_rate_init (&rate, 100000, START);
  g_assert_cmpuint (gsock_rate_allows (&rate, START, G_MAXSIZE), ==, 10000);
  g_assert_cmpuint (gsock_rate_allows (&rate, START, 3), ==, 3);
  /* An hour's silence saves nothing up. */
  g_assert_cmpuint (gsock_rate_allows (&rate, START + 3600 * SECOND, G_MAXSIZE),
                    ==, 10000);

  gsock_rate_init (&rate, 9, START);
  g_assert_cmpuint (gsock_rate_allows (&rate, START, 100), ==, 1);
}

/* As the loop does it: sleep until when(), wake up a little late. */
static void
test_long_run (void)
{
  static const gint64 lateness[] = { 0, 1, 900 };

  for (gsize i = 0; i < G_N_ELEMENTS (rates) * G_N_ELEMENTS (lateness); i++)
    {
      guint64 speed = rates[i / G_N_ELEMENTS (lateness)];
      gint64 late = lateness[i % G_N_ELEMENTS (lateness)];
      gint64 end = START + 1000 * SECOND;
      gint64 now = START;
      double sent = 0;
      GsockRate rate;

      gsock_rate_init (&rate, speed, START);
      while (now < end)
        {
          gsize size = gsock_rate_allows (&rate, now, G_MAXSIZE);

          g_assert_cmpuint (size, >, 0);
          gsock_rate_spend (&rate, size);
          sent += (double) size;
          g_assert_cmpint (gsock_rate_when (&rate, now), >=, now);
          now = gsock_rate_when (&rate, now) + late;
        }
      assert_near (sent, (double) speed * 1000);
    }
}

/* Asked in any rhythm, it loses nothing to rounding. */
static void
test_rhythm (void)
{
  static const gint64 steps[] = { 1, 7, 1000, 33333, 70000 };

  for (gsize i = 0; i < G_N_ELEMENTS (rates) * G_N_ELEMENTS (steps); i++)
    {
      guint64 speed = rates[i / G_N_ELEMENTS (steps)];
      gint64 step = steps[i % G_N_ELEMENTS (steps)];
      double sent = 0;
      gint64 now = START;
      GsockRate rate;

      /* Who comes so seldom that the bucket runs over gets less. */
      if (speed * (guint64) step / G_USEC_PER_SEC > MAX (speed / 10, 1)
          || (speed < 20 && step > 50000))
        continue;
      gsock_rate_init (&rate, speed, START);
      gsock_rate_spend (&rate, gsock_rate_allows (&rate, START, G_MAXSIZE));
      for (int j = 0; j < 100000; j++)
        {
          gsize size;

          now += step;
          size = gsock_rate_allows (&rate, now, G_MAXSIZE);
          gsock_rate_spend (&rate, size);
          sent += (double) size;
        }
      /* What is in the bucket at the end was earned too. */
      if (rate.tokens > 0)
        sent += (double) rate.tokens;
      assert_near (sent, (double) speed * (double) (now - START) / SECOND);
    }
}

static void
test_when (void)
{
  static const struct
  {
    guint64 rate;
    gsize spend;
    gint64 wait; /* until a quarter of the burst is there */
  } cases[] = {
    { 1000, 100, 25000 },       { 1000, 75, 0 },   { 1000, 99, 24000 },
    { 1000, 1100, 1025000 },    { 10, 1, 100000 }, { 1, 1, 1000000 },
    { 1, 3601, 3601 * SECOND }, { 3, 1, 333334 },  { 4000000, 400000, 25000 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 when = START + cases[i].wait;
      GsockRate rate;

      gsock_rate_init (&rate, cases[i].rate, START);
      gsock_rate_spend (&rate, cases[i].spend);
      g_assert_cmpint (gsock_rate_when (&rate, START), ==, when);
      if (cases[i].wait > 0)
        {
          g_assert_cmpuint (gsock_rate_allows (&rate, START, 1), ==, 0);
          g_assert_cmpuint (gsock_rate_allows (&rate, when - 1, 1), ==, 0);
          g_assert_cmpint (gsock_rate_when (&rate, when - 1), ==, when);
        }
      g_assert_cmpuint (gsock_rate_allows (&rate, when, 1), ==, 1);
      g_assert_cmpint (gsock_rate_when (&rate, when), ==, when);
      /* Long past: now, and not then. */
      g_assert_cmpint (gsock_rate_when (&rate, when + SECOND), ==,
                       when + SECOND);
    }
}

/* Whoever asks with 1 and whoever asks with much must agree, or one of them
 * waits without a timer. */
static void
test_wish (void)
{
  GsockRate rate;

  gsock_rate_init (&rate, 1000, START);
  gsock_rate_spend (&rate, 100);
  for (gint64 now = START; now < START + 50000; now += 500)
    {
      gsize one = gsock_rate_allows (&rate, now, 1);
      gsize many = gsock_rate_allows (&rate, now, 65536);

      g_assert_cmpint (one > 0, ==, many > 0);
      g_assert_cmpint (one > 0, ==, gsock_rate_when (&rate, now) <= now);
      if (many > 0)
        g_assert_cmpuint (many, >=, 25);
    }
  g_assert_cmpuint (gsock_rate_allows (&rate, START + SECOND, 0), ==, 0);
}

static void
test_extremes (void)
{
  static const guint64 huge[] = {
    G_MAXUINT64,           G_MAXUINT64 - 1,           G_MAXINT64,
    G_MAXUINT64 / 1000000, G_MAXUINT64 / 1000000 + 1, 1
  };
  static const gint64 times[] = {
    0, 1, 999999, 1000001, G_MAXINT64 / 2, G_MAXINT64 - 1, G_MAXINT64
  };

  for (gsize i = 0; i < G_N_ELEMENTS (huge); i++)
    {
      GsockRate rate;

      gsock_rate_init (&rate, huge[i], 0);
      for (gsize j = 0; j < G_N_ELEMENTS (times); j++)
        {
          gsize size = gsock_rate_allows (&rate, times[j], G_MAXSIZE);

          g_assert_cmpuint (size, <=, MAX (huge[i] / 10, 1));
          gsock_rate_spend (&rate, size);
          g_assert_cmpint (gsock_rate_when (&rate, times[j]), >=, times[j]);
        }
      /* A debt that can't be told, again and again. */
      for (int j = 0; j < 3; j++)
        gsock_rate_spend (&rate, G_MAXSIZE);
      g_assert_cmpint (rate.tokens, <, 0);
      g_assert_cmpuint (gsock_rate_allows (&rate, G_MAXINT64, 1), ==, 0);
      g_assert_cmpint (gsock_rate_when (&rate, G_MAXINT64), ==, G_MAXINT64);
    }
}

static void
test_regress (void)
{
  GsockRate rate;
  gint64 now = START;
  double sent = 0;

  /* Two clocks a little apart: the same time is not paid twice. */
  gsock_rate_init (&rate, 100000, START);
  gsock_rate_spend (&rate, 10000);
  for (int i = 0; i < 10000; i++)
    {
      gsize size;

      now += 1000;
      size = gsock_rate_allows (&rate, now, G_MAXSIZE);
      gsock_rate_spend (&rate, size);
      sent += (double) size;
      size = gsock_rate_allows (&rate, now - 900, G_MAXSIZE);
      gsock_rate_spend (&rate, size);
      sent += (double) size;
    }
  assert_near (sent, 100000 * 10);

  /* A day back: it goes on from there and does not wait a day. */
  gsock_rate_init (&rate, 1000, START);
  gsock_rate_spend (&rate, 100);
  now = START - 3 * 3600 * SECOND;
  g_assert_cmpuint (gsock_rate_allows (&rate, now, 1), ==, 0);
  g_assert_cmpint (gsock_rate_when (&rate, now), ==, now + 25000);
  g_assert_cmpuint (gsock_rate_allows (&rate, now + 25000, 25), ==, 25);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rate/no-limit", test_no_limit);
  g_test_add_func ("/rate/burst", test_burst);
  g_test_add_func ("/rate/long-run", test_long_run);
  g_test_add_func ("/rate/rhythm", test_rhythm);
  g_test_add_func ("/rate/when", test_when);
  g_test_add_func ("/rate/wish", test_wish);
  g_test_add_func ("/rate/extremes", test_extremes);
  g_test_add_func ("/rate/regress", test_regress);
  return g_test_run ();
}

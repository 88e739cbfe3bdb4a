/* rate.c: a token bucket: so many bytes a second
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/rate.h"

static gint64
burst_of (const GsockRate *rate)
{
  return MAX ((gint64) (rate->rate / 10), 1);
}

/* What must have gathered before anything goes. */
static gint64
least_of (const GsockRate *rate)
{
  return MAX (burst_of (rate) / 4, 1);
}

static guint64
saturating_add (guint64 a, guint64 b)
{
  return a > G_MAXUINT64 - b ? G_MAXUINT64 : a + b;
}

static guint64
saturating_multiply (guint64 a, guint64 b)
{
  guint64 product;

  return g_uint64_checked_mul (&product, a, b) ? product : G_MAXUINT64;
}

/* What @elapsed microseconds earn, to the millionth of a byte: whatever the
 * rhythm of the calls, nothing is lost to rounding.  No product overflows. */
static guint64
earn (GsockRate *rate, guint64 elapsed)
{
  guint64 seconds = elapsed / G_USEC_PER_SEC;
  guint64 rest = elapsed % G_USEC_PER_SEC;
  guint64 millionths = rate->rate % G_USEC_PER_SEC * rest + rate->fraction;
  guint64 bytes = saturating_multiply (seconds, rate->rate);

  bytes = saturating_add (bytes, rate->rate / G_USEC_PER_SEC * rest);
  bytes = saturating_add (bytes, millionths / G_USEC_PER_SEC);
  rate->fraction = (guint32) (millionths % G_USEC_PER_SEC);
  return bytes;
}

static void
fill (GsockRate *rate, gint64 now)
{
  gint64 burst = burst_of (rate);
  guint64 earned;
  guint64 room;

  if (now <= rate->filled)
    {
      /* A thread's cached time may lag behind by a round, and those
       * microseconds must not be paid twice.  A clock that really went back
       * must not stop the stream until it has caught up. */
      if (rate->filled - now > G_USEC_PER_SEC)
        rate->filled = now;
      return;
    }

  earned = earn (rate, (guint64) now - (guint64) rate->filled);
  rate->filled = now;
  /* tokens never exceeds the burst; modulo 2^64 this is right for a debt. */
  room = (guint64) burst - (guint64) rate->tokens;
  if (earned > room)
    {
      rate->tokens = burst;
      rate->fraction = 0;
      return;
    }
  /* Also across zero, from a debt that no signed number could pay at once. */
  rate->tokens = (gint64) ((guint64) rate->tokens + earned);
}

/**
 * gsock_rate_init:
 * @rate: where to make it
 * @bytes_per_second: 0: no limit
 * @now: monotonic microseconds, not negative, as in all of these
 *
 * The bucket starts full: a first message needs no wait.
 */
void
gsock_rate_init (GsockRate *rate, guint64 bytes_per_second, gint64 now)
{
  *rate = (GsockRate) { .rate = bytes_per_second, .filled = now };
  rate->tokens = burst_of (rate);
}

/**
 * gsock_rate_allows:
 * @rate: a bucket
 * @now: monotonic microseconds
 * @wish: bytes there are to go
 *
 * Spends nothing.  Whether anything may go does not depend on @wish, so a
 * caller may ask with 1 whether to wait.
 *
 * Returns: how many bytes may go, at most @wish; 0: not before
 *   gsock_rate_when()
 */
gsize
gsock_rate_allows (GsockRate *rate, gint64 now, gsize wish)
{
  if (rate->rate == 0)
    return wish;

  fill (rate, now);
  if (rate->tokens < least_of (rate))
    return 0;

  return (gsize) MIN ((guint64) rate->tokens, (guint64) wish);
}

/**
 * gsock_rate_spend:
 * @rate: a bucket
 * @bytes: how many have gone; more than were allowed are a debt, waited for
 *   later
 */
void
gsock_rate_spend (GsockRate *rate, gsize bytes)
{
  gint64 debt;

  if (rate->rate == 0)
    return;

  debt = (guint64) bytes > (guint64) G_MAXINT64 ? G_MAXINT64 : (gint64) bytes;
  rate->tokens = rate->tokens < G_MININT64 + debt ? G_MININT64
                                                  : rate->tokens - debt;
}

/* Microseconds until @bytes (1 at least) are earned, rounded up. */
static guint64
duration_of (const GsockRate *rate, guint64 bytes)
{
  guint64 seconds = (bytes - 1) / rate->rate;
  guint64 rest = (bytes - 1) % rate->rate + 1;
  guint64 micro;

  if (rest <= G_MAXUINT64 / G_USEC_PER_SEC)
    {
      guint64 millionths = rest * G_USEC_PER_SEC - rate->fraction;

      micro = millionths / rate->rate + (millionths % rate->rate != 0);
    }
  else
    {
      micro = rest / (rate->rate / G_USEC_PER_SEC) + 1;
    }

  return saturating_add (saturating_multiply (seconds, G_USEC_PER_SEC), micro);
}

/**
 * gsock_rate_when:
 * @rate: a bucket
 * @now: monotonic microseconds
 *
 * Returns: from when on gsock_rate_allows() allows something, never before
 *   @now; @now itself where it does already
 */
gint64
gsock_rate_when (const GsockRate *rate, gint64 now)
{
  gint64 least = least_of (rate);
  guint64 wait;

  if (rate->rate == 0 || rate->tokens >= least)
    return now;

  wait = duration_of (rate, (guint64) least - (guint64) rate->tokens);
  if (wait > (guint64) G_MAXINT64 - (guint64) rate->filled)
    return G_MAXINT64;

  return MAX (rate->filled + (gint64) wait, now);
}

/* stats.c: what has been served, counted; told at the end, on request, or live
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/stats.h"

#include <inttypes.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "core/fd.h"
#include "core/log.h"
#include "core/units.h"

/* Rates are over the last 5 s: between the newest sample and the oldest. */
#define SAMPLES 6

/* Back to the line's beginning, and rub it out. */
#define ERASE "\r\033[K"

typedef struct
{
  gint64 time;
  guint64 in, out;
} Sample;

/* Belongs to the main thread. */
struct _GsockMeter
{
  const GsockStats *stats;
  GSource *source;
  GMutex lock;             /* of what follows: any thread may log */
  Sample samples[SAMPLES]; /* a ring */
  guint64 taken;           /* so far; the newest is at (taken - 1) */
  gboolean drawn;
};

/**
 * gsock_stats_init:
 * @stats: set to zero, beginning now
 */
void
gsock_stats_init (GsockStats *stats)
{
  memset (stats, 0, sizeof *stats);
  stats->since = g_get_monotonic_time ();
}

/**
 * gsock_stats_sum:
 * @stats: the main thread's
 *
 * Returns: how it stands, the bytes of other threads added
 */
GsockStats
gsock_stats_sum (const GsockStats *stats)
{
  GsockStats sum = *stats;

  sum.in = sum.out = 0;
  sum.more = NULL;
  for (; stats != NULL; stats = stats->more)
    {
      sum.in += __atomic_load_n (&stats->in, __ATOMIC_RELAXED);
      sum.out += __atomic_load_n (&stats->out, __ATOMIC_RELAXED);
    }
  return sum;
}

/**
 * gsock_stats_tell:
 * @stats: told as a %GSOCK_EVENT_STATS
 */
void
gsock_stats_tell (const GsockStats *stats)
{
  GsockStats sum = gsock_stats_sum (stats);

  gsock_log (GSOCK_EVENT_STATS, .active = sum.active, .count = sum.count,
             .in = sum.in, .out = sum.out,
             .duration = g_get_monotonic_time () - sum.since);
}

/* Bytes a second, of what rose from @before to @after. */
static guint64
rate_of (guint64 before, guint64 after, gint64 microseconds)
{
  if (microseconds <= 0)
    return 0;
  return (guint64) ((double) (after - before) * G_USEC_PER_SEC
                    / (double) microseconds);
}

static char *
meter_text (const GsockMeter *meter)
{
  const Sample *newest = &meter->samples[(meter->taken - 1) % SAMPLES];
  const Sample *oldest =
      &meter->samples[meter->taken > SAMPLES ? meter->taken % SAMPLES : 0];
  gint64 span = newest->time - oldest->time;
  gint64 seconds = (newest->time - meter->stats->since) / G_USEC_PER_SEC;
  g_autofree char *in = gsock_format_size (newest->in);
  g_autofree char *out = gsock_format_size (newest->out);
  g_autofree char *in_rate = gsock_format_size (
      rate_of (oldest->in, newest->in, span));
  g_autofree char *out_rate = gsock_format_size (
      rate_of (oldest->out, newest->out, span));

  return g_strdup_printf (
      /* TRANSLATORS: a live meter, one short line: bytes received and how many
       * a second, the same for bytes sent, connections now and so far, and
       * hours, minutes and seconds. */
      _ ("in %s (%s/s)  out %s (%s/s)  clients %" PRIu64 "/%" PRIu64
         "  %02d:%02d:%02d"),
      in, in_rate, out, out_rate, meter->stats->active, meter->stats->count,
      (int) (seconds / 3600), (int) (seconds / 60 % 60), (int) (seconds % 60));
}

/* A line as wide as the terminal would wrap, and could not be rubbed out. */
static void
cut_to_terminal (char *text)
{
  struct winsize size = { .ws_col = 0 };
  glong columns = 79;

  if (ioctl (STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1)
    columns = size.ws_col - 1;
  if (g_utf8_strlen (text, -1) > columns)
    *g_utf8_offset_to_pointer (text, columns) = '\0';
}

static void
draw (GsockMeter *meter)
{
  g_autofree char *text = meter_text (meter);
  g_autofree char *shown = NULL;
  g_autofree char *line = NULL;

  cut_to_terminal (text);
  shown = g_locale_from_utf8 (text, -1, NULL, NULL, NULL);
  line = g_strconcat (ERASE, shown != NULL ? shown : text, NULL);
  gsock_fd_write_all (STDERR_FILENO, line, strlen (line));
  meter->drawn = TRUE;
}

static void
erase (GsockMeter *meter)
{
  if (meter->drawn)
    gsock_fd_write_all (STDERR_FILENO, ERASE, strlen (ERASE));
  meter->drawn = FALSE;
}

static void
sample (GsockMeter *meter)
{
  GsockStats sum = gsock_stats_sum (meter->stats);

  meter->samples[meter->taken++ % SAMPLES] = (Sample) {
    .time = g_get_monotonic_time (),
    .in = sum.in,
    .out = sum.out,
  };
}

static gboolean
tick_cb (gpointer data)
{
  GsockMeter *meter = data;

  g_mutex_lock (&meter->lock);
  sample (meter);
  draw (meter);
  g_mutex_unlock (&meter->lock);
  return G_SOURCE_CONTINUE;
}

/* Log lines go above the meter. */
static void
sink_cb (const char *text, gsize size, gpointer data)
{
  GsockMeter *meter = data;
  gboolean drawn;

  g_mutex_lock (&meter->lock);
  drawn = meter->drawn;
  erase (meter);
  gsock_fd_write_all (STDERR_FILENO, text, size);
  if (drawn)
    draw (meter);
  g_mutex_unlock (&meter->lock);
}

/**
 * gsock_meter_new:
 * @stats: what to show; must outlive it
 * @context: of the main thread
 *
 * Log lines are written above the meter while there is one.
 *
 * Returns: (transfer full) (nullable): the meter; %NULL where stderr is no
 *   terminal
 */
GsockMeter *
gsock_meter_new (const GsockStats *stats, GMainContext *context)
{
  GsockMeter *meter;

  if (!isatty (STDERR_FILENO))
    return NULL;
  meter = g_new0 (GsockMeter, 1);
  meter->stats = stats;
  g_mutex_init (&meter->lock);
  meter->source = g_timeout_source_new_seconds (1);
  g_source_set_callback (meter->source, tick_cb, meter, NULL);
  g_source_attach (meter->source, context);
  sample (meter);
  gsock_log_set_sink (sink_cb, meter);
  return meter;
}

/**
 * gsock_meter_free:
 * @meter: rubbed out and freed
 */
void
gsock_meter_free (GsockMeter *meter)
{
  gsock_log_set_sink (NULL, NULL);
  erase (meter);
  g_source_destroy (meter->source);
  g_source_unref (meter->source);
  g_mutex_clear (&meter->lock);
  g_free (meter);
}

/* resolve-progress.c: how far many names have come, live, on a terminal
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tools/resolve-progress.h"

#include <inttypes.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "core/fd.h"
#include "core/log.h"
#include "tools/picture.h"

struct _GsockResolveProgress
{
  const GsockResolveNames *names;
  const GsockResolveCount *count;
  GSource *source;
  GsockPace names_pace, bytes_pace;
  gboolean drawn;
  gsize wide; /* columns of what is drawn */
};

/* How much of the file is done with: that it was read says nothing of a server
 * that is silent.  FALSE: it has no size. */
static gboolean
get_part (const GsockResolveProgress *progress, guint64 *done, guint64 *all)
{
  const GsockResolveCount *count = progress->count;
  gboolean has_size = gsock_resolve_names_get_part (progress->names, done, all);

  if (count->told < count->started)
    *done = (guint64) ((double) *done * (double) count->told
                       / (double) count->started);
  return has_size;
}

/* "[####......]  40 %  400 names, 3 of them without an answer  200/s  0:03" */
static void
append_facts (GString *text, const GsockResolveProgress *progress)
{
  guint64 told = progress->count->told;
  guint64 unknown = progress->count->unknown;
  guint64 done, all;
  gboolean has_size = get_part (progress, &done, &all);

  if (has_size)
    {
      gsock_picture_append_bar (text, done, all);
      g_string_append (text, "  ");
    }
  g_string_append_printf (
      text, ngettext ("%" PRIu64 " name", "%" PRIu64 " names", told), told);
  g_string_append (text, ", ");
  g_string_append_printf (text,
                          /* TRANSLATORS: names that were looked up */
                          ngettext ("%" PRIu64 " without an answer",
                                    "%" PRIu64 " without an answer", unknown),
                          unknown);
  g_string_append_printf (text, "  %" PRIu64 "/s",
                          gsock_pace_rate (&progress->names_pace));
  if (has_size && all > done)
    gsock_picture_append_left (text, all - done,
                               gsock_pace_rate (&progress->bytes_pace));
}

static void
draw (GsockResolveProgress *progress)
{
  g_autoptr (GString) picture = g_string_new (NULL);
  g_autoptr (GString) text = g_string_new (NULL);

  gsock_picture_append_erase (picture, &progress->wide,
                              progress->drawn ? 1 : 0);
  append_facts (text, progress);
  progress->wide = gsock_picture_append_line (picture, text->str);
  gsock_picture_show (picture);
  progress->drawn = TRUE;
}

static void
erase (GsockResolveProgress *progress)
{
  g_autoptr (GString) picture = g_string_new (NULL);

  gsock_picture_append_erase (picture, &progress->wide,
                              progress->drawn ? 1 : 0);
  gsock_picture_show (picture);
  progress->drawn = FALSE;
}

static gboolean
tick_cb (gpointer data)
{
  GsockResolveProgress *progress = data;
  guint64 done, all;

  get_part (progress, &done, &all);
  gsock_pace_take (&progress->names_pace, progress->count->told);
  gsock_pace_take (&progress->bytes_pace, done);
  draw (progress);
  return G_SOURCE_CONTINUE;
}

/* Log lines go above it, and it is drawn again at the next tick: there may be
 * thousands of them in a second. */
static void
sink_cb (const char *text, gsize size, gpointer data)
{
  erase (data);
  gsock_fd_write_all (STDERR_FILENO, text, size);
}

/**
 * gsock_resolve_progress_new:
 * @names: which names
 * @count: how many so far
 * @context: where it is drawn
 *
 * Returns: (transfer full): nothing is drawn before the first tick
 */
GsockResolveProgress *
gsock_resolve_progress_new (const GsockResolveNames *names,
                            const GsockResolveCount *count,
                            GMainContext *context)
{
  GsockResolveProgress *progress = g_new0 (GsockResolveProgress, 1);

  progress->names = names;
  progress->count = count;
  progress->source = g_timeout_source_new (GSOCK_PICTURE_TICK_MS);
  g_source_set_callback (progress->source, tick_cb, progress, NULL);
  g_source_attach (progress->source, context);
  gsock_log_set_sink (sink_cb, progress);
  return progress;
}

/**
 * gsock_resolve_progress_free:
 * @progress: (transfer full): rubbed out and freed
 */
void
gsock_resolve_progress_free (GsockResolveProgress *progress)
{
  gsock_log_set_sink (NULL, NULL);
  erase (progress);
  g_source_destroy (progress->source);
  g_source_unref (progress->source);
  g_free (progress);
}

/* get-progress.c: how far transfers have come, live, on a terminal
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tools/get-progress.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "core/escape.h"
#include "core/fd.h"
#include "core/log.h"
#include "core/units.h"
#include "tools/picture.h"

/* Transfers shown by a line of their own. */
#define LINES_MAX 16

typedef struct
{
  const GsockFetchReport *report;
  GsockPace pace;
} Line;

struct _GsockProgress
{
  GPtrArray *lines; /* (element-type Line) */
  GSource *source;
  GsockPace pace; /* of all */
  guint64 past;   /* bytes of those that are over */
  guint all, over;
  guint drawn;               /* lines on the terminal */
  gsize wide[LINES_MAX + 1]; /* columns of each */
};

/* "[####......]  40 %  12 MB  3.1 MB/s  0:12" */
static void
append_numbers (GString *text, guint64 size, gint64 length, guint64 rate)
{
  g_autofree char *bytes = gsock_format_size (size);
  g_autofree char *pace = gsock_format_size (rate);

  if (length > 0)
    gsock_picture_append_bar (text, size, (guint64) length);
  g_string_append_printf (text, "  %s  %s/s", bytes, pace);
  if (length > 0 && (guint64) length > size)
    gsock_picture_append_left (text, (guint64) length - size, rate);
}

static const char *
name_of (const GsockFetchReport *report)
{
  const char *slash = strrchr (report->url->target, '/');

  return slash != NULL && slash[1] != '\0' ? slash + 1 : report->url->authority;
}

static gsize
append_line (GString *picture, const Line *line)
{
  g_autofree char *name = gsock_escape_brief (name_of (line->report));
  g_autoptr (GString) text = g_string_new (NULL);
  gsize width = gsock_picture_columns ();

  append_numbers (text, line->report->size,
                  line->report->is_body ? line->report->length : -1,
                  gsock_pace_rate (&line->pace));
  /* The numbers come first where there is no room for both. */
  if (width > text->len + 10)
    {
      glong room = (glong) (width - text->len - 2);
      g_autofree char *cut = g_utf8_strlen (name, -1) > room
                                 ? g_utf8_substring (name, 0, room)
                                 : g_strdup (name);

      g_string_prepend (text, "  ");
      g_string_prepend (text, cut);
    }
  return gsock_picture_append_line (picture, text->str);
}

static guint64
sum (const GsockProgress *progress, gint64 *length)
{
  guint64 bytes = progress->past;

  *length = progress->over + progress->lines->len == progress->all
                ? (gint64) progress->past
                : -1;
  for (guint i = 0; i < progress->lines->len; i++)
    {
      const Line *line = progress->lines->pdata[i];

      bytes += line->report->size;
      if (line->report->length < 0)
        *length = -1;
      else if (*length >= 0)
        *length += line->report->length;
    }
  return bytes;
}

static gsize
append_total (GString *picture, const GsockProgress *progress)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gint64 length;
  guint64 bytes = sum (progress, &length);

  g_string_append_printf (text,
                          /* TRANSLATORS: URLs that are done, and all of them */
                          _ ("%u of %u"), progress->over, progress->all);
  g_string_append (text, "  ");
  append_numbers (text, bytes, length, gsock_pace_rate (&progress->pace));
  return gsock_picture_append_line (picture, text->str);
}

void
gsock_progress_erase (GsockProgress *progress)
{
  g_autoptr (GString) picture = g_string_new (NULL);

  gsock_picture_append_erase (picture, progress->wide, progress->drawn);
  progress->drawn = 0;
  gsock_fd_write_all (STDERR_FILENO, picture->str, picture->len);
}

static void
draw (GsockProgress *progress)
{
  g_autoptr (GString) picture = g_string_new (NULL);
  guint lines = MIN (progress->lines->len, LINES_MAX);

  gsock_picture_append_erase (picture, progress->wide, progress->drawn);
  for (guint i = 0; i < lines; i++)
    progress->wide[i] = append_line (picture, progress->lines->pdata[i]);
  progress->drawn = lines;
  if (progress->all > 1)
    progress->wide[progress->drawn++] = append_total (picture, progress);
  gsock_picture_show (picture);
}

static gboolean
tick_cb (gpointer data)
{
  GsockProgress *progress = data;
  gint64 length;

  for (guint i = 0; i < progress->lines->len; i++)
    {
      Line *line = progress->lines->pdata[i];

      gsock_pace_take (&line->pace, line->report->size);
    }
  gsock_pace_take (&progress->pace, sum (progress, &length));
  draw (progress);
  return G_SOURCE_CONTINUE;
}

/* Log lines go above it. */
static void
sink_cb (const char *text, gsize size, gpointer data)
{
  GsockProgress *progress = data;
  gboolean drawn = progress->drawn > 0;

  gsock_progress_erase (progress);
  gsock_fd_write_all (STDERR_FILENO, text, size);
  if (drawn)
    draw (progress);
}

GsockProgress *
gsock_progress_new (guint all, GMainContext *context)
{
  GsockProgress *progress = g_new0 (GsockProgress, 1);

  progress->all = all;
  progress->lines = g_ptr_array_new_with_free_func (g_free);
  progress->source = g_timeout_source_new (GSOCK_PICTURE_TICK_MS);
  g_source_set_callback (progress->source, tick_cb, progress, NULL);
  g_source_attach (progress->source, context);
  gsock_log_set_sink (sink_cb, progress);
  return progress;
}

void
gsock_progress_free (GsockProgress *progress)
{
  gsock_log_set_sink (NULL, NULL);
  gsock_progress_erase (progress);
  g_source_destroy (progress->source);
  g_source_unref (progress->source);
  g_ptr_array_unref (progress->lines);
  g_free (progress);
}

void
gsock_progress_add (GsockProgress *progress, const GsockFetchReport *report)
{
  Line *line = g_new0 (Line, 1);

  line->report = report;
  g_ptr_array_add (progress->lines, line);
}

void
gsock_progress_remove (GsockProgress *progress, const GsockFetchReport *report)
{
  for (guint i = 0; i < progress->lines->len; i++)
    if (((Line *) progress->lines->pdata[i])->report == report)
      {
        progress->past += report->size;
        progress->over++;
        g_ptr_array_remove_index (progress->lines, i);
        return;
      }
}

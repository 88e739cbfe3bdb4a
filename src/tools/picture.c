/* picture.c: what live pictures on a terminal are made of
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tools/picture.h"

#include <inttypes.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/fd.h"

#define BAR 20

/**
 * gsock_pace_take:
 * @pace: a pace
 * @amount: of what grows, now
 */
void
gsock_pace_take (GsockPace *pace, guint64 amount)
{
  pace->amounts[pace->taken % GSOCK_PACE_SAMPLES] = amount;
  pace->times[pace->taken % GSOCK_PACE_SAMPLES] = g_get_monotonic_time ();
  pace->taken++;
}

/**
 * gsock_pace_rate:
 * @pace: a pace
 *
 * Returns: how much it grew in a second, lately
 */
guint64
gsock_pace_rate (const GsockPace *pace)
{
  guint newest = (pace->taken + GSOCK_PACE_SAMPLES - 1) % GSOCK_PACE_SAMPLES;
  guint oldest = pace->taken > GSOCK_PACE_SAMPLES
                     ? pace->taken % GSOCK_PACE_SAMPLES
                     : 0;
  gint64 span = pace->times[newest] - pace->times[oldest];

  if (pace->taken < 2 || span <= 0
      || pace->amounts[newest] < pace->amounts[oldest])
    return 0;
  return (guint64) ((double) (pace->amounts[newest] - pace->amounts[oldest])
                    * G_USEC_PER_SEC / (double) span);
}

/**
 * gsock_picture_has_terminal:
 *
 * Returns: whether stderr is a terminal on which nothing else is shown, as far
 *   as can be known
 */
gboolean
gsock_picture_has_terminal (void)
{
  struct stat status;

  return isatty (STDERR_FILENO) && !isatty (STDOUT_FILENO)
         && (fstat (STDOUT_FILENO, &status) < 0 || !S_ISFIFO (status.st_mode));
}

/**
 * gsock_picture_columns:
 *
 * Returns: how many a line may have
 */
gsize
gsock_picture_columns (void)
{
  struct winsize size = { .ws_col = 0 };

  if (ioctl (STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1)
    return size.ws_col - 1;
  return 79;
}

/**
 * gsock_picture_append_bar:
 * @text: what it is appended to
 * @done: how much is done
 * @length: how much there is
 */
void
gsock_picture_append_bar (GString *text, guint64 done, guint64 length)
{
  double part = length > 0 ? MIN ((double) done / (double) length, 1) : 0;

  g_string_append_c (text, '[');
  for (guint i = 0; i < BAR; i++)
    g_string_append_c (text, i < (guint) (part * BAR) ? '#' : '.');
  g_string_append_printf (text, "] %3u %%", (guint) (part * 100));
}

/**
 * gsock_picture_append_left:
 * @text: what it is appended to
 * @left: how much is not yet done
 * @rate: how much of it is done in a second
 */
void
gsock_picture_append_left (GString *text, guint64 left, guint64 rate)
{
  guint64 seconds = rate > 0 ? left / rate : 0;

  if (rate > 0 && left > 0)
    g_string_append_printf (text, "  %" PRIu64 ":%02" PRIu64, seconds / 60,
                            seconds % 60);
}

/**
 * gsock_picture_append_line:
 * @picture: what it is appended to
 * @text: UTF-8, without an end of line
 *
 * Returns: how many columns of it there was room for
 */
gsize
gsock_picture_append_line (GString *picture, const char *text)
{
  gsize width = gsock_picture_columns ();
  gsize used = 0;

  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);
      gsize wide = g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;

      if (used + wide > width)
        break;
      used += wide;
      g_string_append_unichar (picture, c);
    }
  g_string_append_c (picture, '\n');
  return used;
}

/**
 * gsock_picture_append_erase:
 * @picture: what it is appended to
 * @wide: how many columns each line has that was drawn last: a terminal that
 *   has become narrower has broken them
 * @lines: how many lines that were
 */
void
gsock_picture_append_erase (GString *picture, const gsize *wide, guint lines)
{
  gsize width = gsock_picture_columns () + 1;
  gsize rows = 0;

  for (guint i = 0; i < lines; i++)
    rows += MAX ((wide[i] + width - 1) / width, 1);
  if (rows > 0)
    g_string_append_printf (picture, "\r\033[%" G_GSIZE_FORMAT "A\033[J", rows);
}

/**
 * gsock_picture_show:
 * @picture: UTF-8
 */
void
gsock_picture_show (const GString *picture)
{
  g_autofree char *shown = g_locale_from_utf8 (
      picture->str, (gssize) picture->len, NULL, NULL, NULL);

  if (shown != NULL)
    gsock_fd_write_all (STDERR_FILENO, shown, strlen (shown));
  else
    gsock_fd_write_all (STDERR_FILENO, picture->str, picture->len);
}

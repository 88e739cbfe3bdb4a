/* units.h: times, sizes and counts as users write them: 500ms, 64K, 3k
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "500ms" "5s" "2m" "1h" "1.5s", a bare number is seconds; microseconds.
 * GSOCK_ERROR_USAGE with a sentence that shows the forms. */
gboolean gsock_parse_time (const char *text, gint64 *microseconds,
                           GError **error);

/* "65536" "64K" "1M" "2G" (1024, k or K, an optional B or /s for rates). */
gboolean gsock_parse_size (const char *text, guint64 *bytes, GError **error);

/* "0" to "9" and no others, one at least: a number, however big. */
gboolean gsock_is_digits (const char *text);

gboolean gsock_parse_count (const char *text, guint64 minimum, guint64 maximum,
                            guint64 *count, GError **error);

/* For people, in their language: "1.5 s", "12.3 MB"; free with g_free. */
char *gsock_format_time (gint64 microseconds);
char *gsock_format_size (guint64 bytes);

/* TEXT is verbatim; @FILE is the file's bytes (at most @limit), @@TEXT is TEXT
 * that begins with one @.  For --banner, --greet, --preamble. */
GBytes *gsock_parse_text_or_file (const char *argument, gsize limit,
                                  GError **error);

G_END_DECLS

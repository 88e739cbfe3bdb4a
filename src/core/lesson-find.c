/* lesson-find.c: which lesson fits a call
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/lesson-private.h"

#include <string.h>

#include <glib/gi18n-lib.h>

static gboolean
is_word_character (char c)
{
  return g_ascii_isalnum (c) || c == '_';
}

/* Whether @pattern, a word or with a '*' the beginning of one, is in @text. */
static gboolean
has_word (const char *text, const char *pattern)
{
  gsize size = strcspn (pattern, "*");
  gboolean is_open = pattern[size] == '*';

  for (const char *at = text; *at != '\0'; at++)
    if (strncmp (at, pattern, size) == 0
        && (at == text || !is_word_character (at[-1]))
        && (is_open || !is_word_character (at[size])))
      return TRUE;
  return FALSE;
}

/**
 * gsock_lesson_is_about:
 * @pattern: a word, or with a '*' at its end the beginning of one
 * @topic: (nullable): what the call is about, when that is known
 * @arguments: the call's arguments, where @pattern is sought otherwise
 *
 * Returns: %TRUE if the call is about @pattern
 */
gboolean
gsock_lesson_is_about (const char *pattern, const char *topic,
                       const char *arguments)
{
  gsize size = strcspn (pattern, "*");

  if (topic == NULL)
    return has_word (arguments, pattern);
  if (pattern[size] == '*')
    return strncmp (pattern, topic, size) == 0;
  return strcmp (pattern, topic) == 0;
}

/* How well @row fits, more is better; 0: not at all. */
static guint
rate_row (const LessonRow *row, GsockCall call, int status, const char *topic,
          const char *arguments)
{
  guint fit = 1;

  if (row->call == call)
    fit += 16;
  else if (row->call != ANY_CALL)
    return 0;
  if (row->status == status)
    fit += 8;
  else if (row->status != ANY_ERROR || status == 0)
    return 0;
  if (row->topic == NULL)
    return fit;
  return gsock_lesson_is_about (row->topic, topic, arguments) ? fit + 2 : 0;
}

/**
 * gsock_lesson_find:
 * @call: what was called
 * @status: how it came out; see lesson.h
 * @topic: (nullable): what it is about, when that is known
 * @arguments: its arguments, where topics are sought otherwise
 *
 * Returns: (nullable): the lesson that fits best, in the user's language; the
 *   same pointer for the same lesson
 */
const char *
gsock_lesson_find (GsockCall call, int status, const char *topic,
                   const char *arguments)
{
  const struct
  {
    const LessonRow *rows;
    gsize count;
  } tables[] = {
    { lesson_rows, lesson_n_rows },
    { lesson_names_rows, lesson_names_n_rows },
    { lesson_http_rows, lesson_http_n_rows },
  };
  const LessonRow *best = NULL;
  guint best_fit = 0;

  for (gsize t = 0; t < G_N_ELEMENTS (tables); t++)
    for (gsize i = 0; i < tables[t].count; i++)
      {
        const LessonRow *row = &tables[t].rows[i];
        guint fit = rate_row (row, call, status, topic, arguments);

        if (fit > best_fit)
          {
            best = row;
            best_fit = fit;
          }
      }
  return best != NULL ? _ (best->lesson) : NULL;
}

/* sources.c: who is asked for names here, and what /etc/hosts has of them
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "dns/sources.h"

#include <string.h>

#define BLANKS " \t\r\v\f"

/* A word, or all that is between brackets; NULL: no more. */
static char *
next_word (const char **at)
{
  const char *start = *at + strspn (*at, BLANKS);
  const char *end = start + strcspn (start, BLANKS);

  if (*start == '[')
    {
      const char *bracket = strchr (start, ']');

      end = bracket != NULL ? bracket + 1 : start + strlen (start);
    }
  *at = end;
  return end > start ? g_strndup (start, (gsize) (end - start)) : NULL;
}

static char **
split_words (const char *text)
{
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  char *word;

  while ((word = next_word (&text)) != NULL)
    {
      g_strv_builder_add (words, word);
      g_free (word);
    }
  return g_strv_builder_end (words);
}

/**
 * gsock_nsswitch_parse:
 * @text: of a file of that form
 *
 * Returns: (transfer full) (nullable): the words of its last line on hosts
 */
char **
gsock_nsswitch_parse (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  char **words = NULL;

  for (gsize i = 0; lines[i] != NULL; i++)
    {
      char *line = lines[i];

      line[strcspn (line, "#")] = '\0';
      line += strspn (line, BLANKS);
      if (!g_str_has_prefix (line, "hosts"))
        continue;
      line += strlen ("hosts");
      line += strspn (line, BLANKS);
      if (*line != ':')
        continue;
      g_strfreev (words);
      words = split_words (line + 1);
    }
  return words;
}

/* @words: of a line: an address, and its names. */
static gboolean
has_host (char **words, const char *host, const GsockAddress *wanted)
{
  GsockAddress address;

  if (words[0] == NULL || words[1] == NULL
      || !gsock_address_init_from_host (&address, words[0]))
    return FALSE;
  if (wanted->size > 0)
    return gsock_address_equal (&address, wanted);
  for (gsize i = 1; words[i] != NULL; i++)
    if (g_ascii_strcasecmp (words[i], host) == 0)
      return TRUE;
  return FALSE;
}

/**
 * gsock_hosts_find:
 * @text: of a file of that form
 * @host: a name or an address
 * @max: how many lines are wanted
 * @count: (out): how many there are
 *
 * Returns: (transfer full) (element-type utf8): see the header
 */
GPtrArray *
gsock_hosts_find (const char *text, const char *host, guint max, guint *count)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  GsockAddress wanted = { .size = 0 };

  gsock_address_init_from_host (&wanted, host);
  *count = 0;
  for (gsize i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) words = NULL;
      g_autofree char *line = NULL;

      lines[i][strcspn (lines[i], "#")] = '\0';
      words = split_words (lines[i]);
      if (!has_host (words, host, &wanted) || ++*count > max)
        continue;
      line = g_strjoinv (" ", words);
      g_ptr_array_add (
          found, g_strdup_printf ("%" G_GSIZE_FORMAT ": %s", i + 1, line));
    }
  return found;
}

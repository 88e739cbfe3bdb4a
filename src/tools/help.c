/* help.c: --help, from the same tables that the options are parsed by
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* GOption's own help takes its headings from GLib's catalogue, which leaves
 * English in a Spanish page, and does not wrap. */

#include "config.h"

#include "tools/help.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#define WIDTH 80
#define COLUMN 29 /* where an option's explanation begins */

static gsize
display_width (const char *text, gsize size)
{
  gsize width = 0;

  for (const char *c = text; c < text + size; c = g_utf8_next_char (c))
    {
      gunichar character = g_utf8_get_char (c);

      if (!g_unichar_iszerowidth (character))
        width += g_unichar_iswide (character) ? 2 : 1;
    }
  return width;
}

static void
append_spaces (GString *page, gsize count)
{
  while (count-- > 0)
    g_string_append_c (page, ' ');
}

/* Words of @text from @used columns on, further lines at @indent. */
static void
append_wrapped (GString *page, const char *text, gsize used, gsize indent)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  gboolean first = TRUE;

  for (gsize i = 0; words[i] != NULL; i++)
    {
      gsize width = display_width (words[i], strlen (words[i]));

      if (!first && used + 1 + width >= WIDTH)
        {
          g_string_append_c (page, '\n');
          append_spaces (page, indent);
          used = indent;
          first = TRUE;
        }
      if (!first)
        g_string_append_c (page, ' ');
      g_string_append (page, words[i]);
      used += width + (first ? 0 : 1);
      first = FALSE;
    }
  g_string_append_c (page, '\n');
}

static void
append_entry (GString *page, const GOptionEntry *entry)
{
  const char *name = entry->arg_description;
  gboolean optional = (entry->flags & G_OPTION_FLAG_OPTIONAL_ARG) != 0;
  g_autoptr (GString) left = g_string_new ("  ");
  gsize used;

  if (entry->short_name != 0)
    g_string_append_printf (left, "-%c, ", entry->short_name);
  else
    g_string_append (left, "    ");
  g_string_append_printf (left, "--%s", entry->long_name);
  if (name != NULL)
    g_string_append_printf (left, optional ? "[=%s]" : "=%s", _ (name));
  used = display_width (left->str, left->len);
  g_string_append (page, left->str);
  /* Too long for its column: the explanation gets lines of its own. */
  if (used + 2 > COLUMN)
    {
      g_string_append_c (page, '\n');
      used = 0;
    }
  append_spaces (page, COLUMN - used);
  append_wrapped (page, _ (entry->description), COLUMN, COLUMN);
}

/* Nothing of a group whose entries are all hidden, its title either. */
static void
append_group (GString *page, const GsockOptionGroup *group, const char **title,
              gboolean all)
{
  const GOptionEntry *entry = group->entries;

  if (group->title != NULL)
    *title = group->title;
  for (; entry->long_name != NULL; entry++)
    {
      if (!all && (entry->flags & G_OPTION_FLAG_HIDDEN) != 0)
        continue;
      if (*title != NULL)
        g_string_append_printf (page, "\n%s\n", _ (*title));
      *title = NULL;
      append_entry (page, entry);
    }
}

static void
append_usage (GString *page, const GsockTool *tool)
{
  for (gsize i = 0; tool->usage[i] != NULL; i++)
    {
      /* TRANSLATORS: before how a program is called; the second one stands
       * under the first and should be as long, filled with spaces */
      const char *before = i == 0 ? _ ("Usage:") : _ ("   or:");
      g_autofree char *line = g_strdup_printf ("%s %s %s", before, tool->name,
                                               _ (tool->usage[i]));

      append_wrapped (page, line, 0,
                      display_width (before, strlen (before)) + 3);
    }
}

static void
append_examples (GString *page, const GsockTool *tool)
{
  g_string_append_printf (page, "\n%s\n", _ ("Examples:"));
  for (const GsockExample *e = tool->examples; e->arguments != NULL; e++)
    {
      gsize used = strlen (tool->name) + strlen (e->arguments) + 3;

      g_string_append_printf (page, "  %s %s", tool->name, e->arguments);
      if (used + 2 > COLUMN + 12)
        {
          g_string_append_c (page, '\n');
          used = 0;
        }
      append_spaces (page, COLUMN + 12 - used);
      append_wrapped (page, _ (e->what), COLUMN + 12, COLUMN + 12);
    }
}

/* Whether some option's value is a SIZE, a RATE or begins with one. */
static gboolean
takes_size (const GsockTool *tool)
{
  for (gsize i = 0; tool->groups[i] != NULL; i++)
    for (const GOptionEntry *entry = tool->groups[i]->entries;
         entry->long_name != NULL; entry++)
      if (entry->arg_description != NULL
          && (g_str_has_prefix (entry->arg_description, "SIZE")
              || g_str_has_prefix (entry->arg_description, "RATE")))
        return TRUE;
  return FALSE;
}

/* What its values look like, and where to read more. */
static void
append_last (GString *page, const GsockTool *tool, gboolean all)
{
  g_autofree char *last = NULL;

  if (all && takes_size (tool))
    last = g_strdup_printf (_ ("TIME is 500ms, 5s, 2m or 1h; SIZE and RATE are "
                               "64K, 1M or 2G. The manual page is %s(1)."),
                            tool->name);
  else if (all)
    last = g_strdup_printf (_ ("TIME is 500ms, 5s, 2m or 1h. The manual page "
                               "is %s(1)."),
                            tool->name);
  else
    last = g_strdup_printf (_ ("More options: --help-all. The manual page is "
                               "%s(1)."),
                            tool->name);
  g_string_append_c (page, '\n');
  append_wrapped (page, last, 0, 0);
}

/**
 * gsock_help_text:
 * @tool: whose help
 * @all: every option; else those not marked %G_OPTION_FLAG_HIDDEN
 *
 * Returns: (transfer full): what --help prints
 */
char *
gsock_help_text (const GsockTool *tool, gboolean all)
{
  g_autoptr (GString) page = g_string_new (NULL);
  const char *title = NULL;

  append_usage (page, tool);
  append_wrapped (page, _ (tool->summary), 0, 0);
  for (gsize i = 0; tool->groups[i] != NULL; i++)
    append_group (page, tool->groups[i], &title, all);
  append_examples (page, tool);
  append_last (page, tool, all);
  return g_string_free (g_steal_pointer (&page), FALSE);
}

/* arguments.c: argv taken apart by the tables of a tool's options
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* GOption alone loses the "--" before a COMMAND, takes "-m=3" for the value
 * "=3", lets "--greet WORD" swallow the WORD, insists on UTF-8 and answers in
 * GLib's catalogue, which may not be installed.  So argv is first rewritten,
 * by the same GOptionEntry tables, into long options whose values are joined by
 * "=", and all that is wrong with them is said here, in our words; GOption then
 * has nothing left to do but to call the callbacks. */

#include "config.h"

#include "tools/arguments.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "tools/options.h"

typedef struct
{
  const GsockTool *tool;
  GStrvBuilder *options; /* canonical */
  GStrvBuilder *words;
  char **next;   /* of argv */
  gboolean done; /* the rest of argv does not matter any more */
} Scan;

static gboolean
takes_value (const GOptionEntry *entry)
{
  return entry->arg != G_OPTION_ARG_NONE
         && (entry->flags & G_OPTION_FLAG_NO_ARG) == 0;
}

static gboolean
value_is_optional (const GOptionEntry *entry)
{
  return (entry->flags & G_OPTION_FLAG_OPTIONAL_ARG) != 0;
}

/* By its letter, or by the @size bytes of its long name. */
static const GOptionEntry *
find_entry (Scan *scan, char letter, const char *name, gsize size)
{
  for (gsize i = 0; scan->tool->groups[i] != NULL; i++)
    {
      const GOptionEntry *entry = scan->tool->groups[i]->entries;

      for (; entry->long_name != NULL; entry++)
        {
          if (name == NULL ? entry->short_name == letter
                           : strlen (entry->long_name) == size
                                 && memcmp (entry->long_name, name, size) == 0)
            return entry;
        }
    }
  return NULL;
}

static void
set_unknown (Scan *scan, const char *option, gsize size, GError **error)
{
  g_autofree char *name = g_strndup (option, size);

  g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE,
               /* TRANSLATORS: an option, a program's name */
               _ ("Unknown option %s; see %s --help"), name, scan->tool->name);
}

static void
set_unwanted_value (Scan *scan, const GOptionEntry *entry, GError **error)
{
  g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE,
               /* TRANSLATORS: an option, a program's name */
               _ ("Option --%s takes no value; see %s --help"),
               entry->long_name, scan->tool->name);
}

static void
add_option (Scan *scan, const GOptionEntry *entry, const char *value)
{
  g_autofree char *option = g_strconcat ("--", entry->long_name,
                                         value != NULL ? "=" : "",
                                         value != NULL ? value : "", NULL);

  g_strv_builder_add (scan->options, option);
  if (gsock_options_ends_parsing (entry))
    scan->done = TRUE;
}

/* @option: as the user wrote it, for the error. */
static gboolean
add_option_with_next (Scan *scan, const GOptionEntry *entry, const char *option,
                      GError **error)
{
  const char *value = *scan->next;

  if (value == NULL || strcmp (value, "--") == 0)
    {
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE,
                   /* TRANSLATORS: an option, a program's name */
                   _ ("Option %s needs a value; see %s --help"), option,
                   scan->tool->name);
      return FALSE;
    }
  scan->next++;
  add_option (scan, entry, value);
  return TRUE;
}

static gboolean
scan_long (Scan *scan, const char *word, GError **error)
{
  const char *name = word + 2;
  gsize size = strcspn (name, "=");
  const char *value = name[size] == '=' ? name + size + 1 : NULL;
  const GOptionEntry *entry = find_entry (scan, 0, name, size);

  if (entry == NULL)
    {
      set_unknown (scan, word, size + 2, error);
      return FALSE;
    }
  if (value != NULL && !takes_value (entry))
    {
      set_unwanted_value (scan, entry, error);
      return FALSE;
    }
  if (value == NULL && takes_value (entry) && !value_is_optional (entry))
    return add_option_with_next (scan, entry, word, error);
  add_option (scan, entry, value);
  return TRUE;
}

static void
set_unknown_letter (Scan *scan, const char *letter, GError **error)
{
  g_autofree char *option = NULL;
  gunichar c = g_utf8_get_char_validated (letter, -1);
  gsize size = c == (gunichar) -1 || c == (gunichar) -2
                   ? 1
                   : (gsize) (g_utf8_next_char (letter) - letter);

  option = g_strdup_printf ("-%.*s", (int) size, letter);
  set_unknown (scan, option, strlen (option), error);
}

/* "-46v", "-w5", "-w=5", "-w 5", "-vw5". */
static gboolean
scan_cluster (Scan *scan, const char *word, GError **error)
{
  for (const char *letter = word + 1; *letter != '\0' && !scan->done; letter++)
    {
      const GOptionEntry *entry = find_entry (scan, *letter, NULL, 0);
      const char option[] = { '-', *letter, '\0' };

      if (entry == NULL)
        {
          set_unknown_letter (scan, letter, error);
          return FALSE;
        }
      if (takes_value (entry) && letter[1] == '\0'
          && !value_is_optional (entry))
        return add_option_with_next (scan, entry, option, error);
      if (takes_value (entry) && letter[1] != '\0')
        {
          add_option (scan, entry, letter + 1 + (letter[1] == '='));
          return TRUE;
        }
      if (!takes_value (entry) && letter[1] == '=')
        {
          set_unwanted_value (scan, entry, error);
          return FALSE;
        }
      add_option (scan, entry, NULL);
    }
  return TRUE;
}

/* FALSE with the error; the scan ends at the first "--". */
static gboolean
scan_words (Scan *scan, GError **error)
{
  while (!scan->done && *scan->next != NULL && strcmp (*scan->next, "--") != 0)
    {
      const char *word = *scan->next++;

      /* A lone "-" is a word. */
      if (word[0] != '-' || word[1] == '\0')
        g_strv_builder_add (scan->words, word);
      else if (word[1] == '-' ? !scan_long (scan, word, error)
                              : !scan_cluster (scan, word, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
apply_options (const GsockTool *tool, char **options, GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_auto (GStrv) argv = g_strdupv (options);

  g_option_context_set_help_enabled (context, FALSE);
  for (gsize i = 0; tool->groups[i] != NULL; i++)
    {
      const GsockOptionGroup *from = tool->groups[i];
      GOptionGroup *group = g_option_group_new (
          from->entries->long_name, "", "", (gpointer) (guintptr) from->values,
          NULL);

      g_option_group_add_entries (group, from->entries);
      g_option_context_add_group (context, group);
    }
  return g_option_context_parse_strv (context, &argv, error);
}

static void
add_words (GStrvBuilder *words, char **more)
{
  for (; *more != NULL; more++)
    g_strv_builder_add (words, *more);
}

/**
 * gsock_arguments_parse:
 * @arguments: (out caller-allocates): what is no option
 * @tool: whose options
 * @argv: as main got it, not changed
 * @error: %GSOCK_ERROR_USAGE, or what an option's callback said
 *
 * Short options take their value glued, apart, or after "=", and flags may
 * stand together; options and words may be mixed up to the first "--".  After
 * an option that only shows something (--help) nothing else is looked at.
 *
 * Returns: %TRUE if all of it is right
 */
gboolean
gsock_arguments_parse (GsockArguments *arguments, const GsockTool *tool,
                       char **argv, GError **error)
{
  g_autoptr (GStrvBuilder) options = g_strv_builder_new ();
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  g_auto (GStrv) canonical = NULL;
  Scan scan = { .tool = tool, .options = options, .words = words };

  arguments->words = NULL;
  arguments->rest = NULL;
  g_strv_builder_add (options, tool->name);
  scan.next = argv[0] != NULL ? argv + 1 : argv;
  if (!scan_words (&scan, error))
    return FALSE;
  canonical = g_strv_builder_end (options);
  /* Without options GOption need not even look at its tables. */
  if (canonical[1] != NULL && !apply_options (tool, canonical, error))
    return FALSE;
  if (!scan.done && *scan.next != NULL)
    {
      if (tool->takes_command)
        arguments->rest = g_strdupv (scan.next + 1);
      else
        add_words (words, scan.next + 1);
    }
  arguments->words = g_strv_builder_end (words);
  return TRUE;
}

/**
 * gsock_arguments_clear:
 * @arguments: to be emptied
 */
void
gsock_arguments_clear (GsockArguments *arguments)
{
  g_clear_pointer (&arguments->words, g_strfreev);
  g_clear_pointer (&arguments->rest, g_strfreev);
}

/* fuzz-units.c: times, sizes, counts and texts, as users write them
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/units.h"
#include "fuzz.h"

#define LIMIT 64
#define MAXIMUM 1000000

/* @shown (transfer full): by one of the functions that tell people. */
static void
check (char *shown)
{
  g_assert_true (*shown != '\0' && fuzz_is_clean (shown));
  g_free (shown);
}

static void
try_numbers (const char *text)
{
  g_autoptr (GError) error = NULL;
  guint64 number;
  gint64 time;

  if (gsock_parse_time (text, &time, NULL))
    {
      g_assert_cmpint (time, >=, 0);
      check (gsock_format_time (time));
    }
  if (gsock_parse_size (text, &number, NULL))
    check (gsock_format_size (number));
  if (gsock_parse_count (text, 1, MAXIMUM, &number, &error))
    g_assert_true (number >= 1 && number <= MAXIMUM);
  else
    g_assert_nonnull (error);
}

/* A file is taken whole or not at all, and what is no file is the text. */
static void
try_text (const char *text, gsize size)
{
  g_autoptr (GBytes) itself = gsock_parse_text_or_file (text, LIMIT, NULL);
  g_autoptr (GBytes) whole = NULL;
  g_autofree char *argument = NULL;
  FuzzFile file;

  if (*text != '@')
    g_assert_cmpmem (g_bytes_get_data (itself, NULL), g_bytes_get_size (itself),
                     text, strlen (text));
  fuzz_file_init (&file, text, size);
  argument = g_strconcat ("@", file.path, NULL);
  whole = gsock_parse_text_or_file (argument, LIMIT, NULL);
  fuzz_file_clear (&file);
  g_assert_cmpint (whole != NULL, ==, size <= LIMIT);
  if (whole != NULL)
    g_assert_cmpmem (g_bytes_get_data (whole, NULL), g_bytes_get_size (whole),
                     text, size);
}

/* Files that a mutant names are nobody's business. */
static gboolean
names_a_file (const char *text)
{
  return text[0] == '@' && text[1] != '@' && text[1] != '\0'
         && strcmp (text, "@/no/such/file") != 0;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = fuzz_text (data, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 100);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      try_numbers (lines[i]);
      if (!names_a_file (lines[i]))
        try_text (lines[i], strlen (lines[i]));
    }
  return 0;
}

/* replay.c: runs a fuzz target over its corpus, as an ordinary test
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Besides each input as it is: all of its beginnings, and some mutants of it,
 * always the same ones.  It finds little that a fuzzer would not, but runs
 * everywhere, and a crash that a fuzzer has found stays found. */

#include "config.h"

#include "fuzz.h"

#define MUTANTS 300
#define BEGINNINGS 600

static void
run (const char *data, gsize size)
{
  /* Its own allocation, so that a checker sees the byte after its end. */
  g_autofree uint8_t *copy = g_malloc (MAX (size, 1));

  memcpy (copy, data, size);
  (void) LLVMFuzzerTestOneInput (copy, size);
}

static void
mutate (GRand *rand, GString *text)
{
  static const char favourites[] = "\0\r\n\t ,;=\"\\/:%#0-9\x7f\x80\xff";
  guint32 at = (guint32) g_rand_int_range (rand, 0, (gint32) text->len + 1);
  guint32 n = (guint32) g_rand_int_range (rand, 0, 8);

  switch (g_rand_int_range (rand, 0, 4))
    {
    case 0:
      if (at < text->len)
        text->str[at] = (char) g_rand_int_range (rand, 0, 256);
      break;
    case 1:
      g_string_insert_c (
          text, (gssize) at,
          favourites[g_rand_int_range (rand, 0, sizeof favourites - 1)]);
      break;
    case 2:
      g_string_erase (text, (gssize) at, (gssize) MIN (n, text->len - at));
      break;
    default:
      {
        g_autofree char *piece = g_memdup2 (text->str + at,
                                            MIN (n, text->len - at));

        g_string_insert_len (text, 0, piece, (gssize) MIN (n, text->len - at));
      }
    }
}

static void
test_input (gconstpointer path)
{
  g_autofree char *data = NULL;
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  gsize size = 0;

  g_assert_true (g_file_get_contents (path, &data, &size, NULL));
  run (data, size);
  for (gsize n = 0; n < MIN (size, BEGINNINGS); n++)
    run (data, n);
  for (guint n = 0; n < MUTANTS; n++)
    {
      g_autoptr (GString) mutant = g_string_new_len (data, (gssize) size);
      gint32 times = g_rand_int_range (rand, 1, 6);

      while (times-- > 0)
        mutate (rand, mutant);
      run (mutant->str, mutant->len);
    }
}

/* "fuzz-auth" runs over the folder corpus/auth. */
int
main (int argc, char *argv[])
{
  g_autofree char *program = g_path_get_basename (argv[0]);
  const char *dash = strchr (program, '-');
  const char *name = dash != NULL ? dash + 1 : program;
  g_autofree char *folder = NULL;
  g_autoptr (GDir) corpus = NULL;
  const char *entry;

  g_test_init (&argc, &argv, NULL);

  folder = g_test_build_filename (G_TEST_DIST, "fuzz", "corpus", name, NULL);
  corpus = g_dir_open (folder, 0, NULL);
  g_assert_nonnull (corpus);
  while ((entry = g_dir_read_name (corpus)) != NULL)
    {
      g_autofree char *point = g_strconcat ("/fuzz/", name, "/", entry, NULL);

      g_test_add_data_func_full (point, g_build_filename (folder, entry, NULL),
                                 test_input, g_free);
    }
  return g_test_run ();
}

/* test-state-file.c: a small text file that is kept from run to run
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "http/state-file.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/error.h"

/* A directory of our own, with @name in it. */
typedef struct
{
  char *directory;
  char *path;
} Place;

static void
place_init (Place *place)
{
  place->directory = g_dir_make_tmp ("gsock-XXXXXX", NULL);
  place->path = g_build_filename (place->directory, "state", NULL);
}

/* And nothing else may be left in it. */
static void
place_clear (Place *place)
{
  g_unlink (place->path);
  g_assert_no_errno (g_rmdir (place->directory));
  g_free (place->directory);
  g_free (place->path);
}

static void
assert_holds (const char *path, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *got = NULL;
  guint mode = 0;

  g_assert_true (gsock_state_file_read (path, &got, &mode, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (got, ==, text);
  g_assert_cmpuint (mode & 0777, ==, 0600);
}

static void
test_round (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *none = NULL;
  Place place;

  place_init (&place);
  g_assert_true (gsock_state_file_read (place.path, &none, NULL, &error));
  g_assert_null (none);
  g_assert_true (gsock_state_file_write (place.path, "hola\n", 5, &error));
  assert_holds (place.path, "hola\n");
  /* What was open to others is so no more. */
  g_assert_no_errno (chmod (place.path, 0666));
  g_assert_true (gsock_state_file_write (place.path, "adios\n", 6, &error));
  g_assert_no_error (error);
  assert_holds (place.path, "adios\n");
  place_clear (&place);
}

static void
test_link (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *link = NULL;
  g_autofree char *target = NULL;
  Place place;

  place_init (&place);
  link = g_build_filename (place.directory, "link", NULL);
  g_assert_no_errno (symlink ("state", link));
  g_assert_true (gsock_state_file_write (place.path, "1", 1, &error));
  g_assert_true (gsock_state_file_write (link, "2", 1, &error));
  g_assert_no_error (error);
  assert_holds (place.path, "2");
  target = g_file_read_link (link, NULL);
  g_assert_cmpstr (target, ==, "state");
  g_unlink (link);
  place_clear (&place);
}

static void
test_fails (void)
{
  static const char *const paths[] = { "/", "/dev/null",
                                       "/no-such-folder/state",
                                       "/dev/null/state" };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (GError) read = NULL;
      g_autoptr (GError) write = NULL;
      g_autofree char *text = NULL;

      g_test_message ("%s", paths[i]);
      g_assert_false (gsock_state_file_write (paths[i], "x", 1, &write));
      g_assert_error (write, GSOCK_ERROR, GSOCK_ERROR_OUTPUT);
      if (g_str_has_prefix (paths[i], "/no-such-folder"))
        continue;
      g_assert_false (gsock_state_file_read (paths[i], &text, NULL, &read));
      g_assert_error (read, GSOCK_ERROR, GSOCK_ERROR_USAGE);
    }
}

/* The old text stays, and nothing new, where no more may be written. */
static void
test_full (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *large = g_strnfill (10000, 'x');
  struct rlimit before;
  struct rlimit small;
  Place place;

  place_init (&place);
  g_assert_true (gsock_state_file_write (place.path, "old", 3, &error));
  g_assert_no_errno (getrlimit (RLIMIT_FSIZE, &before));
  small = before;
  small.rlim_cur = 5000;
  signal (SIGXFSZ, SIG_IGN);
  g_assert_no_errno (setrlimit (RLIMIT_FSIZE, &small));
  g_assert_false (gsock_state_file_write (place.path, large, 10000, &error));
  g_assert_no_errno (setrlimit (RLIMIT_FSIZE, &before));
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_OUTPUT);
  assert_holds (place.path, "old");
  place_clear (&place);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/state-file/round", test_round);
  g_test_add_func ("/state-file/link", test_link);
  g_test_add_func ("/state-file/fails", test_fails);
  g_test_add_func ("/state-file/full", test_full);

  return g_test_run ();
}

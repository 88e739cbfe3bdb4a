/* test-filename.c: which URLs give a file name, and the names beside it
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "http/filename.h"

#include <string.h>

#include "core/error.h"

static void
test_names (void)
{
  static const struct
  {
    const char *path;
    const char *name;
  } rows[] = {
    { "/a", "a" },
    { "/a/b/file.tar.gz", "file.tar.gz" },
    { "/%66ile", "file" },
    { "/a%20b", "a b" },
    { "/a+b", "a+b" },
    { "/../etc/passwd", "passwd" },
    { "/%2e%2e/x", "x" },
    { "/a..b", "a..b" },
    { "/a.", "a." },
    { "/-rf", "-rf" },
    { "/%C3%B1", "\xc3\xb1" },
    { "/a%5Cb", "a\\b" },
    { "/C:%5Ca", "C:\\a" },
    { "file", "file" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *name = gsock_filename_from_path (rows[i].path, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (name, ==, rows[i].name);
    }
}

static void
test_refused (void)
{
  static const struct
  {
    const char *path;
    const char *reason;
  } rows[] = {
    { "", "no name" },
    { "/", "no name" },
    { "/a/", "no name" },
    { "/.", "dot" },
    { "/..", "dot" },
    { "/a/..", "dot" },
    { "/.bashrc", "dot" },
    { "/%2ebashrc", "dot" },
    { "/%2E%2E", "dot" },
    { "/..%2f..%2fetc%2fpasswd", "slash" },
    { "/%2fetc%2fpasswd", "slash" },
    { "/a%2F", "slash" },
    { "/a%00b", "NUL" },
    { "/%00", "NUL" },
    { "/a%0Ab", "control" },
    { "/a%09b", "control" },
    { "/a%1B]0;x%07", "control" },
    { "/a%7F", "control" },
    { "/a%C2%9B", "control" },
    { "/a%E2%80%AEtxt.exe", "control" },
    { "/a%FF", "UTF-8" },
    { "/a%zz", "two digits" },
    { "/a%", "two digits" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *name = gsock_filename_from_path (rows[i].path, &error);

      g_test_message ("%s", rows[i].path);
      g_assert_null (name);
      g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
      g_assert_nonnull (strstr (error->message, rows[i].reason));
      g_assert_nonnull (strstr (error->message, "-o"));
      for (const char *c = error->message; *c != '\0'; c++)
        g_assert_cmpint ((guchar) *c, >=, ' ');
    }
}

static void
test_lengths (void)
{
  for (gsize size = 250; size <= 300; size++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *text = g_strnfill (size, 'x');
      g_autofree char *path = g_strconcat ("/", text, NULL);
      g_autofree char *name = gsock_filename_from_path (path, &error);

      if (size <= 255)
        {
          g_assert_cmpstr (name, ==, text);
          continue;
        }
      g_assert_null (name);
      g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
      g_assert_nonnull (strstr (error->message, "255"));
      g_assert_cmpuint (strlen (error->message), <, 300);
    }
}

static void
test_beside (void)
{
  g_autofree char *part = gsock_filename_part ("dir.d/file");
  g_autofree char *info = gsock_filename_info ("dir.d/file");

  g_assert_cmpstr (part, ==, "dir.d/file.part");
  g_assert_cmpstr (info, ==, "dir.d/file.part.info");
}

/* Long names keep apart, are one name each, and cut no character in two. */
static void
test_beside_long (void)
{
  for (gsize size = 240; size <= 255; size++)
    {
      g_autoptr (GString) a = g_string_new ("/tmp/d/");
      g_autofree char *part_a = NULL;
      g_autofree char *part_b = NULL;
      g_autofree char *info_a = NULL;

      for (gsize n = 0; n + 2 <= size; n += 2)
        g_string_append (a, "\xc3\xb1");
      if (size % 2 != 0)
        g_string_append_c (a, 'x');
      part_a = gsock_filename_part (a->str);
      info_a = gsock_filename_info (a->str);
      a->str[a->len - 1] = size % 2 != 0 ? 'y' : '\xb2';
      part_b = gsock_filename_part (a->str);

      g_assert_cmpuint (strlen (part_a), <=, 255 + strlen ("/tmp/d/"));
      g_assert_cmpuint (strlen (info_a), <=, 255 + strlen ("/tmp/d/"));
      g_assert_true (g_str_has_prefix (part_a, "/tmp/d/"));
      g_assert_true (g_str_has_suffix (part_a, ".part"));
      g_assert_true (g_utf8_validate (part_a, -1, NULL));
      g_assert_cmpstr (part_a, !=, part_b);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/filename/names", test_names);
  g_test_add_func ("/filename/refused", test_refused);
  g_test_add_func ("/filename/lengths", test_lengths);
  g_test_add_func ("/filename/beside", test_beside);
  g_test_add_func ("/filename/beside/long", test_beside_long);

  return g_test_run ();
}

/* test-hsts.c: hosts that are asked by https only
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "http/hsts.h"

#include <glib/gstdio.h>
#include <string.h>

#include "core/error.h"
#include "http/redirect.h"

#define NOW G_GINT64_CONSTANT (1800000000)

static GUri *
parse (const char *text)
{
  return g_uri_parse (text, GSOCK_URL_FLAGS, NULL);
}

static gboolean
note (GsockHsts *hsts, const char *text, const char *field)
{
  g_autoptr (GUri) url = parse (text);

  return gsock_hsts_note (hsts, url, field, NOW);
}

/* NULL: stays as it is. */
static char *
upgrade (const GsockHsts *hsts, const char *text, gint64 now)
{
  g_autoptr (GUri) url = parse (text);
  g_autoptr (GUri) upgraded = gsock_hsts_upgrade (hsts, url, now);

  return upgraded != NULL ? g_uri_to_string (upgraded) : NULL;
}

static void
test_fields (void)
{
  static const struct
  {
    const char *url;
    const char *field;
    gboolean taken;
    gboolean host;      /* is asked by https then */
    gboolean subdomain; /* too */
  } rows[] = {
    { "https://h.example/", "max-age=100", TRUE, TRUE, FALSE },
    { "https://H.example./", "MAX-AGE=\"100\"", TRUE, TRUE, FALSE },
    { "https://h.example/", "max-age=100; includeSubDomains", TRUE, TRUE,
      TRUE },
    { "https://h.example/", " includesubdomains ; max-age = 100 ;", TRUE, TRUE,
      TRUE },
    { "https://h.example/", "max-age=100; preload; x=y; z=\"w\"", TRUE, TRUE,
      FALSE },
    { "https://h.example/", "max-age=99999999999999999999999", TRUE, TRUE,
      FALSE },
    { "https://h.example/", "max-age=0", TRUE, FALSE, FALSE },
    { "http://h.example/", "max-age=100", FALSE, FALSE, FALSE },
    { "https://127.0.0.1/", "max-age=100", FALSE, FALSE, FALSE },
    { "https://[::1]/", "max-age=100", FALSE, FALSE, FALSE },
    { "https://127.0.0.1./", "max-age=100", FALSE, FALSE, FALSE },
    { "https://h.example/", "", FALSE, FALSE, FALSE },
    { "https://h.example/", "includeSubDomains", FALSE, FALSE, FALSE },
    { "https://h.example/", "max-age", FALSE, FALSE, FALSE },
    { "https://h.example/", "max-age=", FALSE, FALSE, FALSE },
    { "https://h.example/", "max-age=-1", FALSE, FALSE, FALSE },
    { "https://h.example/", "max-age=1x", FALSE, FALSE, FALSE },
    { "https://h.example/", "max-age=\"100", FALSE, FALSE, FALSE },
    { "https://h.example/", "max-age=\"", FALSE, FALSE, FALSE },
    { "https://h.example/", "max-age=100; max-age=200", FALSE, FALSE, FALSE },
    { "https://h.example/", "max-age=100; includeSubDomains; includeSubDomains",
      FALSE, FALSE, FALSE },
    { "https://h.example/", "max-age=100; includeSubDomains=x", FALSE, FALSE,
      FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GsockHsts) hsts = gsock_hsts_new ();
      g_autofree char *host = NULL;
      g_autofree char *subdomain = NULL;
      g_autofree char *parent = NULL;
      g_autofree char *similar = NULL;

      g_test_message ("%s", rows[i].field);
      g_assert_cmpint (note (hsts, rows[i].url, rows[i].field), ==,
                       rows[i].taken);
      host = upgrade (hsts, "http://h.example/a?b", NOW);
      subdomain = upgrade (hsts, "http://a.b.h.example/", NOW);
      parent = upgrade (hsts, "http://example/", NOW);
      similar = upgrade (hsts, "http://xh.example/", NOW);
      g_assert_cmpstr (host, ==, rows[i].host ? "https://h.example/a?b" : NULL);
      g_assert_cmpstr (subdomain, ==,
                       rows[i].subdomain ? "https://a.b.h.example/" : NULL);
      g_assert_null (parent);
      g_assert_null (similar);
    }
}

static void
test_upgrade (void)
{
  static const struct
  {
    const char *url;
    const char *upgraded;
  } rows[] = {
    { "http://h.example/", "https://h.example/" },
    { "http://H.EXAMPLE./x", "https://H.EXAMPLE./x" },
    { "http://h.example:80/", "https://h.example/" },
    { "http://h.example:8080/", "https://h.example:8080/" },
    { "http://u:p@h.example/%20?q#f", "https://u:p@h.example/%20?q#f" },
    { "https://h.example/", NULL },
    { "http://other.example/", NULL },
    { "http://127.0.0.1/", NULL },
  };
  g_autoptr (GsockHsts) hsts = gsock_hsts_new ();
  g_autofree char *late = NULL;

  g_assert_true (note (hsts, "https://h.example/", "max-age=100"));
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *upgraded = upgrade (hsts, rows[i].url, NOW + 99);

      g_assert_cmpstr (upgraded, ==, rows[i].upgraded);
    }
  late = upgrade (hsts, "http://h.example/", NOW + 100);
  g_assert_null (late);
  g_assert_true (note (hsts, "https://h.example/", "max-age=0"));
  g_assert_cmpuint (gsock_hsts_count (hsts), ==, 0);
}

static void
test_file (void)
{
  g_autoptr (GsockHsts) hsts = gsock_hsts_new ();
  g_autoptr (GsockHsts) again = gsock_hsts_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *directory = g_dir_make_tmp ("gsock-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "hsts", NULL);
  g_autofree char *text = NULL;

  g_assert_true (gsock_hsts_load (hsts, path, &error));
  g_assert_true (gsock_hsts_save (hsts, path, NOW, &error));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  note (hsts, "https://b.example/", "max-age=1000; includeSubDomains");
  note (hsts, "https://a.example/", "max-age=2000");
  note (hsts, "https://c.example/", "max-age=10");
  g_assert_true (gsock_hsts_save (hsts, path, NOW + 10, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_true (g_str_has_suffix (text, "a.example \"20270115 08:33:20\"\n"
                                         ".b.example \"20270115 08:16:40\"\n"));
  g_assert_true (gsock_hsts_load (again, path, &error));
  g_assert_cmpuint (gsock_hsts_count (again), ==, 2);
  g_unlink (path);
  g_rmdir (directory);
}

static void
test_lines (void)
{
  static const struct
  {
    const char *text;
    int count; /* -1: refused */
  } rows[] = {
    { "", 0 },
    { "# curl's\n\n", 0 },
    { "h.example \"20271125 12:00:00\"\r\n", 1 },
    { ".h.example \"unlimited\"", 1 },
    { "a.example \"20271125 12:00:00\"\nb.example \"20271125 12:00:00\"\n", 2 },
    { "h.example", -1 },
    { "h.example 20271125 12:00:00", -1 },
    { "h.example \"20271325 12:00:00\"", -1 },
    { "h.example \"2027112a 12:00:00\"", -1 },
    { "h.example \"20271125 12:00:00\"x", -1 },
    { "h.example \"20271125", -1 },
    { "127.0.0.1 \"20271125 12:00:00\"", -1 },
    { "127.0.0.1. \"20271125 12:00:00\"", -1 },
    { ":. \"20271125 12:00:00\"", -1 },
    { ". \"20271125 12:00:00\"", -1 },
  };
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("gsock-XXXXXX", &path, NULL);

  g_assert_true (g_close (fd, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GsockHsts) hsts = gsock_hsts_new ();
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", rows[i].text);
      g_assert_true (g_file_set_contents (path, rows[i].text, -1, NULL));
      g_assert_cmpint (gsock_hsts_load (hsts, path, &error), ==,
                       rows[i].count >= 0);
      if (rows[i].count < 0)
        {
          g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
          g_assert_nonnull (strstr (error->message, ":1:"));
          continue;
        }
      g_assert_cmpuint (gsock_hsts_count (hsts), ==, (guint) rows[i].count);
    }
  g_unlink (path);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/hsts/fields", test_fields);
  g_test_add_func ("/hsts/upgrade", test_upgrade);
  g_test_add_func ("/hsts/file", test_file);
  g_test_add_func ("/hsts/lines", test_lines);

  return g_test_run ();
}

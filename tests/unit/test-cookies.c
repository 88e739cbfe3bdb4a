/* test-cookies.c: what is kept of Set-Cookie, and who is told it again
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "http/cookies.h"

#include <glib/gstdio.h>
#include <string.h>

#include "core/error.h"
#include "http/redirect.h"

#define NOW G_GINT64_CONSTANT (1800000000)

static gboolean
set (GsockCookies *cookies, const char *text, const char *field)
{
  g_autoptr (GUri) url = g_uri_parse (text, GSOCK_URL_FLAGS, NULL);

  return gsock_cookies_set (cookies, url, field, NOW);
}

static char *
get_at (GsockCookies *cookies, const char *text, gint64 now)
{
  g_autoptr (GUri) url = g_uri_parse (text, GSOCK_URL_FLAGS, NULL);

  return gsock_cookies_get (cookies, url, now);
}

/* What one server says, and what another is then told. */
static void
test_rows (void)
{
  static const struct
  {
    const char *from;
    const char *field;
    const char *to;
    const char *cookie; /* NULL: nothing */
  } rows[] = {
    { "http://h.example/", "a=b", "http://h.example/", "a=b" },
    { "http://h.example/", " a = b ; Path=/", "http://h.example/x", "a=b" },
    { "http://h.example/", "a=\"b c\"", "http://h.example/", "a=\"b c\"" },
    { "http://h.example/", "a=", "http://h.example/", "a=" },
    { "http://h.example/", "a=b=c", "http://h.example/", "a=b=c" },
    { "http://H.Example/", "a=b", "http://h.eXample:81/", "a=b" },
    { "http://h.example/", "a=b;;;Secured;HttpOnly", "http://h.example/",
      "a=b" },
    { "http://h.example/", "=b", "http://h.example/", NULL },
    { "http://h.example/", "b", "http://h.example/", NULL },
    { "http://h.example/", "", "http://h.example/", NULL },
    { "http://h.example/", "a=b\x01", "http://h.example/", NULL },
    { "http://h.example/", "a=b\tc", "http://h.example/", NULL },
    { "http://h.example/", "a=b; Path=/\x7f", "http://h.example/", NULL },

    /* Hosts and domains */
    { "http://h.example/", "a=b", "http://x.h.example/", NULL },
    { "http://x.h.example/", "a=b", "http://h.example/", NULL },
    { "http://x.h.example/", "a=b; Domain=h.example", "http://xh.example/",
      NULL },
    { "http://x.h.example/", "a=b; Domain=y.h.example", "http://y.h.example/",
      NULL },
    { "http://h.example/", "a=b; Domain=x.h.example", "http://x.h.example/",
      NULL },
    { "http://h.example/", "a=b; Domain=other.example", "http://other.example/",
      NULL },
    { "http://h.example/", "a=b; Domain=", "http://x.h.example/", NULL },
    { "http://h.example/", "a=b; Domain=example", "http://o.example/", NULL },
    { "http://h.example/", "a=b; Domain=example", "http://h.example/", NULL },
    { "http://localhost/", "a=b; Domain=localhost", "http://localhost/",
      "a=b" },
    { "http://localhost/", "a=b; Domain=localhost", "http://x.localhost/",
      NULL },
    { "http://127.0.0.1/", "a=b", "http://127.0.0.1/", "a=b" },
    { "http://127.0.0.1/", "a=b; Domain=0.0.1", "http://127.0.0.1/", NULL },
    { "http://127.0.0.1/", "a=b; Domain=127.0.0.1", "http://127.0.0.1/",
      "a=b" },
    { "http://[::1]/", "a=b", "http://[::1]/", "a=b" },
#ifdef HAVE_PSL
    { "http://x.h.example/", "a=b; Domain=h.example", "http://h.example/",
      "a=b" },
    { "http://x.h.example/", "a=b; domain=.H.example", "http://y.h.example/",
      "a=b" },
    { "http://x.h.example/", "a=b; Domain=h.example", "http://y.h.example../",
      "a=b" },
    { "http://h.co.uk/", "a=b; Domain=co.uk", "http://o.co.uk/", NULL },
    { "http://h.example.co.uk/", "a=b; Domain=example.co.uk",
      "http://o.example.co.uk/", "a=b" },
    { "http://h.co.uk./", "a=b; Domain=co.uk", "http://o.co.uk./", NULL },
#endif

    /* Dots at the end */
    { "http://h.co.uk./", "a=b; Domain=co.uk.", "http://o.co.uk./", NULL },
    { "http://h.co.uk/", "a=b; Domain=co.uk.", "http://o.co.uk./", NULL },
    { "http://h.example./", "a=b; Domain=example..", "http://o.example../",
      NULL },
    { "http://h.example./", "a=b; Domain=h.example.", "http://h.example./",
      NULL },
    { "http://h.example./", "a=b; Domain=.", "http://o.example./", NULL },
    { "http://h.example./", "a=b", "http://h.example/", "a=b" },
    { "http://127.0.0.1./", "a=b; Domain=0.0.1", "http://127.0.0.1./", NULL },
    { "http://./", "a=b", "http://./", NULL },

    /* Paths */
    { "http://h.example/a/b", "a=b", "http://h.example/a/c", "a=b" },
    { "http://h.example/a/b", "a=b", "http://h.example/a", "a=b" },
    { "http://h.example/a/b", "a=b", "http://h.example/ab", NULL },
    { "http://h.example/a/b", "a=b", "http://h.example/", NULL },
    { "http://h.example/a/b", "a=b; Path=/", "http://h.example/c", "a=b" },
    { "http://h.example/a/b", "a=b; Path=c", "http://h.example/a/", "a=b" },
    { "http://h.example/", "a=b; Path=/c/", "http://h.example/c", NULL },
    { "http://h.example/", "a=b; Path=/c/", "http://h.example/c/d", "a=b" },
    { "http://h.example/", "a=b; Path=/c; Path=/d", "http://h.example/d",
      "a=b" },

    /* Secure, and names that promise it */
    { "https://h.example/", "a=b; Secure", "https://h.example/", "a=b" },
    { "https://h.example/", "a=b; secure", "http://h.example/", NULL },
    { "http://h.example/", "a=b; Secure", "https://h.example/", NULL },
    { "https://h.example/", "__Secure-a=b", "https://h.example/", NULL },
    { "https://h.example/", "__Secure-a=b; Secure", "https://h.example/",
      "__Secure-a=b" },
    { "https://h.example/", "__Host-a=b; Secure; Path=/", "https://h.example/",
      "__Host-a=b" },
    { "https://h.example/", "__host-a=b; Secure", "https://h.example/", NULL },
    { "https://x.h.example/", "__Host-a=b; Secure; Path=/; Domain=h.example",
      "https://x.h.example/", NULL },
    { "https://h.example/", "__Host-a=b; Path=/", "https://h.example/", NULL },

    /* Time */
    { "http://h.example/", "a=b; Max-Age=1", "http://h.example/", "a=b" },
    { "http://h.example/", "a=b; Max-Age=0", "http://h.example/", NULL },
    { "http://h.example/", "a=b; Max-Age=-1", "http://h.example/", NULL },
    { "http://h.example/", "a=b; Max-Age=x", "http://h.example/", "a=b" },
    { "http://h.example/", "a=b; Max-Age=99999999999999999999",
      "http://h.example/", "a=b" },
    { "http://h.example/", "a=b; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
      "http://h.example/", NULL },
    { "http://h.example/", "a=b; Expires=Wed, 21 Oct 2037 07:28:00 GMT",
      "http://h.example/", "a=b" },
    { "http://h.example/", "a=b; Expires=never", "http://h.example/", "a=b" },
    { "http://h.example/",
      "a=b; Max-Age=9; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
      "http://h.example/", "a=b" },
    { "http://h.example/",
      "a=b; Expires=Wed, 21 Oct 2037 07:28:00 GMT; Max-Age=0",
      "http://h.example/", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GsockCookies) cookies = gsock_cookies_new ();
      g_autofree char *cookie = NULL;

      g_test_message ("%s from %s to %s", rows[i].field, rows[i].from,
                      rows[i].to);
      set (cookies, rows[i].from, rows[i].field);
      cookie = get_at (cookies, rows[i].to, NOW);
      g_assert_cmpstr (cookie, ==, rows[i].cookie);
    }
}

static void
test_order (void)
{
  g_autoptr (GsockCookies) cookies = gsock_cookies_new ();
  g_autofree char *cookie = NULL;

  set (cookies, "http://h.example/", "a=1");
  set (cookies, "http://h.example/", "b=2; Path=/x");
  set (cookies, "http://h.example/", "c=3; Path=/x/y");
  set (cookies, "http://h.example/", "d=4");
  set (cookies, "http://h.example/", "a=5");
  cookie = get_at (cookies, "http://h.example/x/y", NOW);
  g_assert_cmpstr (cookie, ==, "c=3; b=2; a=5; d=4");
}

static void
test_changes (void)
{
  g_autoptr (GsockCookies) cookies = gsock_cookies_new ();
  const char *url = "http://h.example/";
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  g_assert_true (set (cookies, url, "a=b; Max-Age=10"));
  g_assert_false (set (cookies, url, "a=b; Max-Age=10"));
  g_assert_true (set (cookies, url, "a=b; Max-Age=11"));
  g_assert_false (set (cookies, url, "a=b; Domain=other.example"));
  g_assert_false (set (cookies, url, "x=y; Max-Age=0"));
  before = get_at (cookies, url, NOW + 10);
  after = get_at (cookies, url, NOW + 11);
  g_assert_cmpstr (before, ==, "a=b");
  g_assert_null (after);
  g_assert_true (set (cookies, url, "a=b; Max-Age=0"));
  g_assert_cmpuint (gsock_cookies_count (cookies), ==, 0);
}

/* What came in the clear doesn't take the place of what came by TLS. */
static void
test_hiding (void)
{
  g_autoptr (GsockCookies) cookies = gsock_cookies_new ();
  g_autofree char *cookie = NULL;

  g_assert_true (set (cookies, "https://h.example/", "a=b; Secure"));
  g_assert_false (set (cookies, "http://h.example/", "a=evil"));
  g_assert_false (set (cookies, "http://h.example/x/y", "a=evil"));
  g_assert_false (
      set (cookies, "http://x.h.example/", "a=evil; Domain=h.example"));
  g_assert_false (set (cookies, "http://h.example/", "a=evil; Max-Age=0"));
  g_assert_true (set (cookies, "http://h.example/", "c=d"));
  cookie = get_at (cookies, "https://h.example/x/y", NOW);
  g_assert_cmpstr (cookie, ==, "a=b; c=d");
}

static void
test_sizes (void)
{
  g_autoptr (GsockCookies) cookies = gsock_cookies_new ();

  for (gsize size = 4090; size < 4100; size++)
    {
      g_autofree char *value = g_strnfill (size - 1, 'x');
      g_autofree char *field = g_strconcat ("a=", value, NULL);

      g_assert_cmpint (set (cookies, "http://h.example/", field), ==,
                       size <= GSOCK_COOKIE_SIZE_MAX);
    }
}

static void
test_limits (void)
{
  g_autoptr (GsockCookies) cookies = gsock_cookies_new ();
  g_autofree char *first = NULL;

  for (guint n = 0; n < 60; n++)
    {
      g_autofree char *field = g_strdup_printf ("n%u=v", n);

      set (cookies, "http://h.example/", field);
    }
  g_assert_cmpuint (gsock_cookies_count (cookies), ==,
                    GSOCK_COOKIES_PER_DOMAIN);
  first = get_at (cookies, "http://h.example/", NOW);
  g_assert_true (g_str_has_prefix (first, "n10=v; "));
  g_assert_true (g_str_has_suffix (first, "; n59=v"));

  for (guint n = 0; n < 3100; n++)
    {
      g_autofree char *url = g_strdup_printf ("http://h%u.example/", n);

      set (cookies, url, "a=b");
    }
  g_assert_cmpuint (gsock_cookies_count (cookies), ==, GSOCK_COOKIES_MAX);
}

static void
test_file (void)
{
  g_autoptr (GsockCookies) cookies = gsock_cookies_new ();
  g_autoptr (GsockCookies) again = gsock_cookies_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *directory = g_dir_make_tmp ("gsock-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "cookies", NULL);
  g_autofree char *text = NULL;
  g_autofree char *cookie = NULL;
  GStatBuf status;

#ifndef HAVE_PSL
  g_test_skip ("no cookie for a domain without libpsl");
  g_rmdir (directory);
  return;
#endif
  g_assert_true (gsock_cookies_load (cookies, path, &error));
  g_assert_true (gsock_cookies_save (cookies, path, NOW, &error));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  set (cookies, "http://h.example/x/", "session=1");
  set (cookies, "https://w.h.example/",
       "dom=2; Domain=h.example; Secure; HttpOnly; Max-Age=1000");
  set (cookies, "http://h.example/", "soon=over; Max-Age=1");
  g_assert_true (gsock_cookies_save (cookies, path, NOW + 1, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_true (g_str_has_prefix (text, "# Netscape HTTP Cookie File\n"));
  g_assert_true (g_str_has_suffix (
      text, "\n\nh.example\tFALSE\t/x\tFALSE\t0\tsession\t1\n"
            "#HttpOnly_.h.example\tTRUE\t/\tTRUE\t1800001000\tdom\t2\n"));
  g_assert_no_errno (g_stat (path, &status));
  g_assert_cmpuint (status.st_mode & 0777, ==, 0600);

  g_assert_true (gsock_cookies_load (again, path, &error));
  cookie = get_at (again, "https://h.example/x/", NOW);
  g_assert_cmpstr (cookie, ==, "session=1; dom=2");
  g_unlink (path);
  g_rmdir (directory);
}

static void
test_lines (void)
{
  static const struct
  {
    const char *text;
    const char *cookie; /* for https://h.example/; NULL: none */
    gboolean bad;
  } rows[] = {
    { "", NULL, FALSE },
    { "# comment\n\n", NULL, FALSE },
    { "h.example\tFALSE\t/\tFALSE\t0\ta\tb\r\n", "a=b", FALSE },
    { ".h.example\tTRUE\t/\ttrue\t1900000000\ta\tb", "a=b", FALSE },
    { "#HttpOnly_h.example\tFALSE\t/\tFALSE\t0\ta\tb", "a=b", FALSE },
    { "h.example\tFALSE\t/\tFALSE\t0\ta\t", "a=", FALSE },
    { "h.example\tFALSE\t/\tFALSE\t0\ta", "a=", FALSE },
    { "h.example\tFALSE\t/\tFALSE\t1700000000\ta\tb", NULL, FALSE },
    { ".example\tTRUE\t/\tFALSE\t0\ta\tb", "a=b", FALSE },
    { "h.example FALSE / FALSE 0 a b", NULL, TRUE },
    { "h.example\tFALSE\t/\tFALSE\tx\ta\tb", NULL, TRUE },
    { "h.example\tFALSE\t/\tFALSE\t-1\ta\tb", NULL, TRUE },
    { "h.example\tFALSE\tx\tFALSE\t0\ta\tb", NULL, TRUE },
    { "h.example\tFALSE\t/\tFALSE\t0\t\tb", NULL, TRUE },
    { "\tFALSE\t/\tFALSE\t0\ta\tb", NULL, TRUE },
    { "h.example\tFALSE\t/\tFALSE\t0\ta\tb\tc", NULL, TRUE },
    { "h.example\tFALSE\t/\tFALSE\t0\ta\tb\x1b", NULL, TRUE },
    { "h.example\tFALSE", NULL, TRUE },
  };
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("gsock-XXXXXX", &path, NULL);

  g_assert_true (g_close (fd, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GsockCookies) cookies = gsock_cookies_new ();
      g_autoptr (GError) error = NULL;
      g_autofree char *cookie = NULL;

      g_test_message ("%s", rows[i].text);
      g_assert_true (g_file_set_contents (path, rows[i].text, -1, NULL));
      g_assert_cmpint (gsock_cookies_load (cookies, path, &error), ==,
                       !rows[i].bad);
      if (rows[i].bad)
        {
          g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
          g_assert_nonnull (strstr (error->message, ":1:"));
        }
      cookie = get_at (cookies, "https://h.example/", NOW);
      g_assert_cmpstr (cookie, ==, rows[i].cookie);
    }
  g_unlink (path);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/cookies/rows", test_rows);
  g_test_add_func ("/cookies/order", test_order);
  g_test_add_func ("/cookies/changes", test_changes);
  g_test_add_func ("/cookies/hiding", test_hiding);
  g_test_add_func ("/cookies/sizes", test_sizes);
  g_test_add_func ("/cookies/limits", test_limits);
  g_test_add_func ("/cookies/file", test_file);
  g_test_add_func ("/cookies/lines", test_lines);

  return g_test_run ();
}

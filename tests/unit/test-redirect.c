/* test-redirect.c: which redirects are followed, how, and which are refused
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "http/redirect.h"

#include <string.h>

#include "core/error.h"

#define GOOD (-1)

static GUri *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  GUri *url = g_uri_parse (text, GSOCK_URL_FLAGS, &error);

  g_assert_no_error (error);
  return url;
}

static void
test_targets (void)
{
  static const struct
  {
    const char *url;
    const char *location;
    int code;         /* GOOD, or a GsockErrorCode */
    const char *text; /* the next URL, or a part of the error */
    gboolean foreign;
  } rows[] = {
    { "http://h/a/b", "/c", GOOD, "http://h/c", FALSE },
    { "http://h/a/b", "c", GOOD, "http://h/a/c", FALSE },
    { "http://h/a/b", "../../../c?d=e", GOOD, "http://h/c?d=e", FALSE },
    { "http://h/a/b", "?x", GOOD, "http://h/a/b?x", FALSE },
    { "http://h/a", "//other/b", GOOD, "http://other/b", TRUE },
    { "http://h/a", "http://h:80/b", GOOD, "http://h/b", FALSE },
    { "http://h/a", "HTTP://H/b", GOOD, "http://H/b", FALSE },
    { "http://h/a", "http://h:81/b", GOOD, "http://h:81/b", TRUE },
    { "http://h/a", "https://h/a", GOOD, "https://h/a", TRUE },
    { "https://h/a", "https://h:443/b", GOOD, "https://h/b", FALSE },
    { "http://h/a", "http://h.evil/b", GOOD, "http://h.evil/b", TRUE },
    { "http://h/a", "http://127.0.0.1/b", GOOD, "http://127.0.0.1/b", TRUE },
    { "http://h/a", "http://[::1]:8/b", GOOD, "http://[::1]:8/b", TRUE },
    { "http://h/a", "http://u:p@h/b#frag", GOOD, "http://h/b", FALSE },
    { "http://u:p@h/a", "/b", GOOD, "http://h/b", FALSE },
    { "http://h/a", "/b%2fc%20d", GOOD, "http://h/b%2Fc%20d", FALSE },
    { "http://h/a", "/b c", GOOD, "http://h/b%20c", FALSE },
    { "http://h/a", "/\xc3\xb1\xff", GOOD, "http://h/%C3%B1%FF", FALSE },
    { "http://h/a", "/b\x1b]0;x\a", GOOD, "http://h/b%1B]0;x%07", FALSE },
    { "http://h/a", "/b\r\nX: y", GOOD, "http://h/bX:%20y", FALSE },
    { "http://h/a", "http://h", GOOD, "http://h/", FALSE },

    { "https://h/a", "http://h/a", GSOCK_ERROR_DENIED, "in the clear", FALSE },
    { "https://h/a", "http://o/", GSOCK_ERROR_DENIED, "in the clear", FALSE },
    { "http://h/a", "file:///etc/passwd", GSOCK_ERROR_DENIED,
      "'file:///etc/passwd' refused: only http", FALSE },
    { "http://h/a", "data:text/plain,x", GSOCK_ERROR_DENIED, "only http",
      FALSE },
    { "http://h/a", "ftp://h/a", GSOCK_ERROR_DENIED, "only http", FALSE },
    { "http://h/a", "gopher://h/a", GSOCK_ERROR_DENIED, "only http", FALSE },
    { "http://h/a", "javascript:alert(1)", GSOCK_ERROR_DENIED, "only http",
      FALSE },
    { "http://h/a", "unix:/run/x", GSOCK_ERROR_DENIED, "only http", FALSE },
    { "http://h/a", "/a", GSOCK_ERROR_DENIED, "in a circle", FALSE },
    { "http://h/a", "", GSOCK_ERROR_DENIED, "in a circle", FALSE },
    { "http://h/a", "#x", GSOCK_ERROR_DENIED, "in a circle", FALSE },

    { "http://h/a", "http://h:99999/", GSOCK_ERROR_FRAME_BAD, "no URL", FALSE },
    { "http://h/a", "http://h:8x/", GSOCK_ERROR_FRAME_BAD, "no URL", FALSE },
    { "http://h/a", "http:b", GSOCK_ERROR_FRAME_BAD, "", FALSE },
    { "http://h/a", "https:b", GSOCK_ERROR_FRAME_BAD, "", FALSE },
    { "http://h/a", "http:///b", GSOCK_ERROR_FRAME_BAD, "no host", FALSE },
    { "http://h/a", "http://h\x01/", GSOCK_ERROR_FRAME_BAD, "'http://h\\x01/'",
      FALSE },
    { "http://h/a", "http://h%0d%0aX/", GSOCK_ERROR_FRAME_BAD, "no host",
      FALSE },
    { "http://h/a", "http://h%2fx/", GSOCK_ERROR_FRAME_BAD, "no host", FALSE },
    { "http://h/a", "http://h\"x/", GSOCK_ERROR_FRAME_BAD, "no host", FALSE },
    { "http://h/a", "http://[::1/", GSOCK_ERROR_FRAME_BAD, "no URL", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (GsockRedirects) chain = { 0 };
      g_auto (GsockRedirect) next = { 0 };
      g_autoptr (GError) error = NULL;
      g_autoptr (GUri) url = parse (rows[i].url);
      g_autofree char *text = NULL;

      g_test_message ("%s -> %s", rows[i].url, rows[i].location);
      gsock_redirects_init (&chain, 10);
      g_assert_cmpint (gsock_redirects_next (&chain, url, "GET", FALSE, 302,
                                             rows[i].location, &next, &error),
                       ==, rows[i].code == GOOD);
      if (rows[i].code != GOOD)
        {
          g_assert_error (error, GSOCK_ERROR, rows[i].code);
          g_test_message ("%s", error->message);
          g_assert_nonnull (strstr (error->message, rows[i].text));
          g_assert_null (next.url);
          continue;
        }
      g_assert_no_error (error);
      text = g_uri_to_string (next.url);
      g_assert_cmpstr (text, ==, rows[i].text);
      g_assert_cmpint (next.foreign, ==, rows[i].foreign);
    }
}

static void
test_methods (void)
{
  static const struct
  {
    guint status;
    const char *method;
    const char *next;
    gboolean drop_body;
  } rows[] = {
    { 301, "GET", "GET", FALSE },    { 301, "POST", "GET", TRUE },
    { 301, "PUT", "PUT", FALSE },    { 302, "POST", "GET", TRUE },
    { 302, "HEAD", "HEAD", FALSE },  { 302, "DELETE", "DELETE", FALSE },
    { 303, "GET", "GET", TRUE },     { 303, "POST", "GET", TRUE },
    { 303, "PUT", "GET", TRUE },     { 303, "HEAD", "HEAD", TRUE },
    { 307, "POST", "POST", FALSE },  { 308, "POST", "POST", FALSE },
    { 308, "PATCH", "PATCH", FALSE }
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (GsockRedirects) chain = { 0 };
      g_auto (GsockRedirect) next = { 0 };
      g_autoptr (GError) error = NULL;
      g_autoptr (GUri) url = parse ("http://h/a");

      gsock_redirects_init (&chain, 10);
      g_assert_true (gsock_redirects_next (&chain, url, rows[i].method, TRUE,
                                           rows[i].status, "/b", &next,
                                           &error));
      g_assert_no_error (error);
      g_assert_cmpstr (next.method, ==, rows[i].next);
      g_assert_cmpint (next.drop_body, ==, rows[i].drop_body);
    }
}

/* Data goes to no other server; without data it may be asked. */
static void
test_body (void)
{
  static const struct
  {
    guint status;
    gboolean good;
  } rows[] = {
    { 301, TRUE }, { 302, TRUE }, { 303, TRUE }, { 307, FALSE }, { 308, FALSE }
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (GsockRedirects) chain = { 0 };
      g_auto (GsockRedirect) next = { 0 };
      g_auto (GsockRedirect) bare = { 0 };
      g_autoptr (GError) error = NULL;
      g_autoptr (GUri) url = parse ("http://h/a");

      gsock_redirects_init (&chain, 10);
      g_assert_cmpint (gsock_redirects_next (&chain, url, "POST", TRUE,
                                             rows[i].status, "http://o/", &next,
                                             &error),
                       ==, rows[i].good);
      if (rows[i].good)
        continue;
      g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_DENIED);
      g_assert_true (gsock_redirects_next (&chain, url, "POST", FALSE,
                                           rows[i].status, "http://o/", &bare,
                                           NULL));
      g_assert_true (bare.foreign);
    }
}

static void
test_statuses (void)
{
  for (guint status = 100; status < 600; status++)
    g_assert_cmpint (gsock_redirect_is (status), ==,
                     status == 301 || status == 302 || status == 303
                         || status == 307 || status == 308);
}

/* Follows @limit of them to new places, and then no more. */
static void
test_limit (void)
{
  static const guint limits[] = { 0, 1, 10 };

  for (gsize i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      g_auto (GsockRedirects) chain = { 0 };
      g_auto (GsockRedirect) last = { 0 };
      g_autoptr (GError) error = NULL;
      g_autoptr (GUri) url = parse ("http://h/");

      gsock_redirects_init (&chain, limits[i]);
      for (guint n = 0; n < limits[i]; n++)
        {
          g_autofree char *location = g_strdup_printf ("/%u", n);
          g_auto (GsockRedirect) next = { 0 };

          g_assert_true (gsock_redirects_next (&chain, url, "GET", FALSE, 302,
                                               location, &next, NULL));
          g_uri_unref (url);
          url = g_uri_ref (next.url);
        }
      g_assert_false (gsock_redirects_next (&chain, url, "GET", FALSE, 302,
                                            "/more", &last, &error));
      g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_DENIED);
      g_assert_nonnull (strstr (error->message, "--max-redirects"));
    }
}

/* A circle of three is seen where it closes; a new cookie opens it. */
static void
test_circle (void)
{
  g_auto (GsockRedirects) chain = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GUri) url = parse ("http://h/0");
  gboolean followed = TRUE;
  guint count = 0;

  gsock_redirects_init (&chain, 10);
  while (followed)
    {
      g_autofree char *location = g_strdup_printf ("/%u", ++count % 3);
      g_auto (GsockRedirect) next = { 0 };

      followed = gsock_redirects_next (&chain, url, "GET", FALSE, 302, location,
                                       &next, &error);
      if (!followed)
        break;
      g_uri_unref (url);
      url = g_uri_ref (next.url);
    }
  g_assert_cmpuint (count, ==, 3);
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_DENIED);

  for (guint n = 0; n < 8; n++)
    {
      g_auto (GsockRedirect) next = { 0 };

      gsock_redirects_forget (&chain);
      g_assert_true (gsock_redirects_next (&chain, url, "GET", FALSE, 302, "/2",
                                           &next, NULL));
    }
  g_assert_cmpuint (chain.count, ==, 10);
}

/* POST to a page that answers "now GET it" is no circle. */
static void
test_post_get (void)
{
  g_auto (GsockRedirects) chain = { 0 };
  g_auto (GsockRedirect) next = { 0 };
  g_autoptr (GUri) url = parse ("http://h/form");

  gsock_redirects_init (&chain, 10);
  g_assert_true (gsock_redirects_next (&chain, url, "POST", TRUE, 303, "/form",
                                       &next, NULL));
  g_assert_cmpstr (next.method, ==, "GET");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/redirect/targets", test_targets);
  g_test_add_func ("/redirect/methods", test_methods);
  g_test_add_func ("/redirect/body", test_body);
  g_test_add_func ("/redirect/statuses", test_statuses);
  g_test_add_func ("/redirect/limit", test_limit);
  g_test_add_func ("/redirect/circle", test_circle);
  g_test_add_func ("/redirect/post-get", test_post_get);

  return g_test_run ();
}

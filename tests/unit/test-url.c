/* test-url.c: URLs as users write them, and the requests made of them
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "http/url.h"

#include "core/error.h"
#include "http/request.h"

typedef struct
{
  const char *text;
  const char *origin; /* NULL: it is none */
  const char *authority;
  const char *target;
} Row;

static const Row rows[] = {
  { "http://h/f?q", "http://h:80", "h", "/f?q" },
  { "h/f", "http://h:80", "h", "/f" },
  { "localhost:8080", "http://localhost:8080", "localhost:8080", "/" },
  { "HTTPS://Host/", "https://host:443", "host", "/" },
  { "https://h:8443/x#y", "https://h:8443", "h:8443", "/x" },
  { "http://h:80/", "http://h:80", "h", "/" },
  { "http://[::1]:81/", "http://::1:81", "[::1]:81", "/" },
  { "http://[fe80::1%25lo]/", "http://fe80::1%lo:80", "[fe80::1]", "/" },
  { "http://u:p%40x@h/", "http://h:80", "h", "/" },
  { "http://h/a b?c d", "http://h:80", "h", "/a%20b?c%20d" },
  { "http://h/a\nb", "http://h:80", "h", "/a%0Ab" },
  { "http://h/%41%2f", "http://h:80", "h", "/A%2F" },
  { "http://h/a/../b", "http://h:80", "h", "/b" },
  { "http://h/\303\261", "http://h:80", "h", "/%C3%B1" },
  { "http://stra\303\237e.de/", "http://xn--strae-oqa.de:80",
    "xn--strae-oqa.de", "/" },
  { "http://h/%zz", NULL, NULL, NULL },
  { "http://h:99999/", NULL, NULL, NULL },
  { "http://h:0/", NULL, NULL, NULL },
  { "http:///x", NULL, NULL, NULL },
  { "http://a b/", NULL, NULL, NULL },
  { "http://h\\x/", NULL, NULL, NULL },
  { "http://h\r\nX: y/", NULL, NULL, NULL },
  { "ftp://h/", NULL, NULL, NULL },
  { "file:/etc/passwd", NULL, NULL, NULL },
  { "", NULL, NULL, NULL },
};

static void
test_rows (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GsockUrl) url = gsock_url_parse (rows[i].text, &error);

      if (rows[i].origin == NULL)
        {
          g_assert_null (url);
          g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpstr (url->origin, ==, rows[i].origin);
      g_assert_cmpstr (url->authority, ==, rows[i].authority);
      g_assert_cmpstr (url->target, ==, rows[i].target);
    }
}

static void
test_user (void)
{
  g_autoptr (GsockUrl) url = gsock_url_parse ("http://u:p%40x@h/y", NULL);

  g_assert_cmpstr (url->user, ==, "u");
  g_assert_cmpstr (url->password, ==, "p@x");
  g_assert_cmpstr (url->text, ==, "http://h/y");
}

static void
test_request (void)
{
  g_autoptr (GsockUrl) url = gsock_url_parse ("http://h/y?z", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GsockRequest) request = gsock_request_new ("GET", url, &error);
  g_autoptr (GString) bytes = NULL;

  g_assert_true (gsock_request_add (request, "Host", url->authority, &error));
  g_assert_true (gsock_request_set (request, "host", "other", &error));
  g_assert_false (gsock_request_add (request, "A", "b\r\nX: y", &error));
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
  g_clear_error (&error);
  g_assert_false (gsock_request_add (request, "A b", "c", &error));
  g_clear_error (&error);
  g_assert_null (gsock_request_new ("GET /", url, &error));
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
  bytes = gsock_request_to_http1 (request, NULL);
  g_assert_cmpstr (bytes->str, ==, "GET /y?z HTTP/1.1\r\nhost: other\r\n\r\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/url/rows", test_rows);
  g_test_add_func ("/url/user", test_user);
  g_test_add_func ("/url/request", test_request);
  return g_test_run ();
}

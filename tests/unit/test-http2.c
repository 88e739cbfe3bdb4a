/* test-http2.c: heads, trailers and lengths out of the fields of HTTP/2
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "core/error.h"
#include "http/http1.h"
#include "http/http2.h"

/* "name=value name=value": one block. */
static gboolean
add (GsockHttp2 *answer, const char *text, GError **error)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  for (gsize i = 0; words[i] != NULL; i++)
    {
      const char *equals = strchr (words[i], '=');

      if (!gsock_http2_add_field (answer, words[i], (gsize) (equals - words[i]),
                                  equals + 1, strlen (equals + 1), error))
        return FALSE;
    }
  return TRUE;
}

static void
test_head (void)
{
  g_auto (GsockHttp2) answer = { .length = -1 };
  g_autoptr (GError) error = NULL;

  gsock_http2_init (&answer);
  g_assert_true (add (&answer, ":status=103 link=x", &error));
  g_assert_cmpint (gsock_http2_end_fields (&answer, &error), ==,
                   GSOCK_HTTP2_INTERIM);
  g_assert_cmpint (answer.head.status, ==, 103);
  g_assert_false (answer.has_head);

  g_assert_true (add (&answer, ":status=200 content-length=12 a=b", &error));
  g_assert_cmpint (gsock_http2_end_fields (&answer, &error), ==,
                   GSOCK_HTTP2_HEAD);
  g_assert_no_error (error);
  g_assert_cmpint (answer.head.status, ==, 200);
  g_assert_cmpint (answer.head.major, ==, 2);
  g_assert_cmpstr (answer.head.reason, ==, "");
  g_assert_cmpint (answer.length, ==, 12);
  g_assert_cmpstr (gsock_http_head_get (&answer.head, "A"), ==, "b");
  g_assert_cmpstr (answer.head.raw->str, ==,
                   "HTTP/2 200\r\ncontent-length: 12\r\na: b\r\n\r\n");

  g_assert_true (add (&answer, "x-sum=1", &error));
  g_assert_cmpint (gsock_http2_end_fields (&answer, &error), ==,
                   GSOCK_HTTP2_TRAILERS);
  g_assert_cmpstr (answer.trailers->str, ==, "x-sum: 1\r\n\r\n");
}

static void
test_bad (void)
{
  static const char *const bad[] = { "a=b", ":status=2x0", ":status=20",
                                     ":status=2000", ":status=" };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_auto (GsockHttp2) answer = { .length = -1 };
      g_autoptr (GError) error = NULL;

      gsock_http2_init (&answer);
      g_assert_true (add (&answer, bad[i], &error));
      g_test_message ("%s", bad[i]);
      g_assert_cmpint (gsock_http2_end_fields (&answer, &error), ==,
                       GSOCK_HTTP2_BAD);
      g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_FRAME_BAD);
    }
}

static void
test_nothing (void)
{
  g_auto (GsockHttp2) answer = { .length = -1 };
  g_autoptr (GError) error = NULL;

  gsock_http2_init (&answer);
  g_assert_cmpint (gsock_http2_end_fields (&answer, &error), ==,
                   GSOCK_HTTP2_BAD);
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_FRAME_BAD);
}

static void
test_limits (void)
{
  g_auto (GsockHttp2) answer = { .length = -1 };
  g_autoptr (GError) error = NULL;
  guint n = 0;

  gsock_http2_init (&answer);
  while (n < GSOCK_HTTP1_HEAD_LIMIT && add (&answer, "=", &error))
    n++;
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_LIMIT);
  g_assert_cmpuint (n, <=, GSOCK_HTTP1_HEAD_LIMIT / 32);
}

static void
test_interims (void)
{
  g_auto (GsockHttp2) answer = { .length = -1 };
  g_autoptr (GError) error = NULL;

  gsock_http2_init (&answer);
  for (guint i = 0; i < GSOCK_HTTP1_INTERIM_LIMIT; i++)
    {
      g_assert_true (add (&answer, ":status=100", &error));
      g_assert_cmpint (gsock_http2_end_fields (&answer, &error), ==,
                       GSOCK_HTTP2_INTERIM);
    }
  g_assert_true (add (&answer, ":status=100", &error));
  g_assert_cmpint (gsock_http2_end_fields (&answer, &error), ==,
                   GSOCK_HTTP2_BAD);
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_LIMIT);
}

static void
check_cut (GsockHttp2 *answer, const char *words)
{
  g_autoptr (GError) error = NULL;

  gsock_http2_set_cut (answer, &error);
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_CUT);
  g_assert_cmpstr (error->message, ==, words);
}

static void
test_cut (void)
{
  g_auto (GsockHttp2) answer = { .length = -1 };

  gsock_http2_init (&answer);
  check_cut (&answer, "the server ended without an answer");
  answer.has_head = TRUE;
  answer.received = 7;
  check_cut (&answer, "the body ended after 7 bytes, before the server said "
                      "that it was whole");
  answer.length = 10;
  check_cut (&answer, "the body ended after 7 of 10 bytes");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/http2/head", test_head);
  g_test_add_func ("/http2/bad", test_bad);
  g_test_add_func ("/http2/nothing", test_nothing);
  g_test_add_func ("/http2/limits", test_limits);
  g_test_add_func ("/http2/interims", test_interims);
  g_test_add_func ("/http2/cut", test_cut);
  return g_test_run ();
}

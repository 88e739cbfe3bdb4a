/* test-http1.c: answers of HTTP/1.x, whole, cut, and wrong in every way
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "http/http1.h"

#include <string.h>

#include "core/error.h"

typedef struct
{
  const char *name;
  const char *bytes;
  gsize size;          /* 0: strlen */
  const char *body;    /* NULL: not whole */
  int code;            /* else this, of GSOCK_ERROR */
  const char *because; /* in the message */
} Row;

#define OK "HTTP/1.1 200 OK\r\n"
#define CHUNKED OK "Transfer-Encoding: chunked\r\n\r\n"
#define BAD GSOCK_ERROR_FRAME_BAD
#define CUT GSOCK_ERROR_CUT

static const Row rows[] = {
  { "length", OK "Content-Length: 3\r\n\r\nabc", 0, "abc", 0, NULL },
  { "empty", OK "Content-Length: 0\r\n\r\n", 0, "", 0, NULL },
  { "to-end", OK "\r\nabc", 0, "abc", 0, NULL },
  { "1.0", "HTTP/1.0 200 OK\r\n\r\nabc", 0, "abc", 0, NULL },
  { "no-reason", "HTTP/1.1 200\r\nContent-Length: 1\r\n\r\na", 0, "a", 0,
    NULL },
  { "204", "HTTP/1.1 204 No\r\n\r\n", 0, "", 0, NULL },
  { "304", "HTTP/1.1 304 No\r\nContent-Length: 9\r\n\r\n", 0, "", 0, NULL },
  { "interim", "HTTP/1.1 100 Go\r\n\r\n" OK "Content-Length: 1\r\n\r\na", 0,
    "a", 0, NULL },
  { "bare-lf", "HTTP/1.1 200 OK\nContent-Length: 1\n\na", 0, "a", 0, NULL },
  { "fold", OK "X: a\r\n b\r\nContent-Length: 1\r\n\r\na", 0, "a", 0, NULL },
  { "chunks", CHUNKED "3\r\nabc\r\n1;x=y\r\nd\r\n0\r\n\r\n", 0, "abcd", 0,
    NULL },
  { "trailers", CHUNKED "1\r\na\r\n0\r\nX: y\r\n\r\n", 0, "a", 0, NULL },
  { "short", OK "Content-Length: 10\r\n\r\nabc", 0, NULL, CUT, "3 of 10" },
  { "no-answer", "", 0, NULL, CUT, "without an answer" },
  { "half-head", "HTTP/1.1 200", 0, NULL, CUT, "in its middle" },
  { "no-last-chunk", CHUNKED "3\r\nabc\r\n", 0, NULL, CUT, "last chunk" },
  { "half-chunk", CHUNKED "9\r\nabc", 0, NULL, CUT, "3 bytes" },
  { "half-trailers", CHUNKED "0\r\nX: y\r\n", 0, NULL, CUT, "last chunk" },
  { "bad-chunk", CHUNKED "ZZ\r\n", 0, NULL, BAD, "'ZZ'" },
  { "empty-chunk-size", CHUNKED "\r\n", 0, NULL, BAD, "size" },
  { "negative-chunk", CHUNKED "-1\r\n", 0, NULL, BAD, "'-1'" },
  { "huge-chunk", CHUNKED "FFFFFFFFFFFFFFFFF\r\n", 0, NULL, BAD, "size" },
  { "signed-chunk", CHUNKED "FFFFFFFFFFFFFFFF\r\n", 0, NULL, BAD, "size" },
  { "chunk-lf", CHUNKED "1\na\n0\n\n", 0, NULL, BAD, "size" },
  { "long-chunk", CHUNKED "1\r\nab\r\n", 0, NULL, BAD, "longer" },
  { "two-lengths", OK "Content-Length: 3\r\nContent-Length: 5\r\n\r\nabcde", 0,
    NULL, BAD, "more than once" },
  { "same-lengths", OK "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 0,
    NULL, BAD, "more than once" },
  { "list-length", OK "Content-Length: 3, 3\r\n\r\nabc", 0, NULL, BAD,
    "more than once" },
  { "negative-length", OK "Content-Length: -5\r\n\r\nabc", 0, NULL, BAD,
    "'-5'" },
  { "plus-length", OK "Content-Length: +5\r\n\r\nabc", 0, NULL, BAD, "'+5'" },
  { "huge-length", OK "Content-Length: 99999999999999999999\r\n\r\n", 0, NULL,
    BAD, "Content-Length" },
  { "no-length", OK "Content-Length:\r\n\r\n", 0, NULL, BAD, "Content-Length" },
  { "both", OK "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", 0,
    NULL, BAD, "both" },
  { "te-gzip", OK "Transfer-Encoding: gzip, chunked\r\n\r\n", 0, NULL, BAD,
    "gzip" },
  { "te-1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 0, NULL,
    BAD, "HTTP/1.0" },
  { "version", "HTTP/9.9 200 OK\r\n\r\n", 0, NULL, BAD, "HTTP/9.9" },
  { "not-http", "SSH-2.0-x\r\n\r\n", 0, NULL, BAD, "begins with 'S" },
  { "not-http-silent", "SSH-2.0-x", 0, NULL, BAD, "begins with 'S" },
  { "status", "HTTP/1.1 20 OK\r\n\r\n", 0, NULL, BAD, "status line" },
  { "status-4", "HTTP/1.1 2000 OK\r\n\r\n", 0, NULL, BAD, "status line" },
  { "101", "HTTP/1.1 101 Go\r\n\r\n", 0, NULL, BAD, "101" },
  { "no-colon", OK "nonsense\r\n\r\n", 0, NULL, BAD, "colon" },
  { "blank-name", OK "Content-Length : 1\r\n\r\na", 0, NULL, BAD, "name" },
  { "fold-first", OK " X: a\r\n\r\n", 0, NULL, BAD, "blank" },
  { "bare-cr", OK "X: a\rb\r\n\r\n", 0, NULL, BAD, "bare CR" },
  { "nul", OK "X: a\0b\r\n\r\n", sizeof OK "X: a\0b\r\n\r\n" - 1, NULL, BAD,
    "NUL" },
  { "trailer-nonsense", CHUNKED "0\r\nnonsense\r\n\r\n", 0, NULL, BAD,
    "colon" },
};

/* Feeds it in pieces of @step; the error's code, or -1. */
static int
feed (const Row *row, gsize step, GString *body, char **message)
{
  g_auto (GsockHttp1) answer;
  g_autoptr (GError) error = NULL;
  gsize size = row->size > 0 ? row->size : strlen (row->bytes);
  gsize done = 0;

  gsock_http1_init (&answer, FALSE);
  for (;;)
    {
      const char *piece = NULL;
      gsize n = MIN (step, size - done), used = 0, piece_size = 0;
      GsockHttp1Event event = gsock_http1_next (
          &answer, row->bytes + done, n, &used, &piece, &piece_size, &error);

      g_assert_cmpuint (used, <=, n);
      done += used;
      if (event == GSOCK_HTTP1_BODY)
        g_string_append_len (body, piece, (gssize) piece_size);
      if (event == GSOCK_HTTP1_END)
        return -1;
      if (event == GSOCK_HTTP1_MORE && done == size
          && gsock_http1_finish (&answer, &error))
        return -1;
      if (error != NULL)
        {
          g_assert_true (error->domain == GSOCK_ERROR);
          *message = g_strdup (error->message);
          return error->code;
        }
    }
}

static void
test_row (gconstpointer data)
{
  const Row *row = data;

  for (gsize step = 1; step < 64; step++)
    {
      g_autoptr (GString) body = g_string_new (NULL);
      g_autofree char *message = NULL;
      int code = feed (row, step, body, &message);

      if (row->body != NULL)
        {
          g_assert_cmpint (code, ==, -1);
          g_assert_cmpstr (body->str, ==, row->body);
          continue;
        }
      g_assert_cmpint (code, ==, row->code);
      g_assert_nonnull (strstr (message, row->because));
    }
}

/* Heads and interim answers without end stop at their limits. */
static void
test_limits (void)
{
  static const char *const heads[] = { "X: 0123456789abcdef\r\n",
                                       "HTTP/1.1 103 Early\r\n\r\n" };

  for (gsize i = 0; i < G_N_ELEMENTS (heads); i++)
    {
      g_auto (GsockHttp1) answer;
      g_autoptr (GError) error = NULL;
      const char *body;
      gsize body_size, used, fed = 0;

      gsock_http1_init (&answer, FALSE);
      if (i == 0)
        gsock_http1_next (&answer, OK, strlen (OK), &used, &body, &body_size,
                          &error);
      while (error == NULL && fed < 2 * GSOCK_HTTP1_HEAD_LIMIT)
        {
          gsock_http1_next (&answer, heads[i], strlen (heads[i]), &used, &body,
                            &body_size, &error);
          fed += strlen (heads[i]);
        }
      g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_LIMIT);
      g_assert_cmpuint (fed, <=, GSOCK_HTTP1_HEAD_LIMIT + 64);
    }
}

static void
test_head (void)
{
  g_auto (GsockHttp1) answer;
  g_autoptr (GError) error = NULL;
  const char *bytes = OK
      "A: 1\r\nB:  two \r\na: 3\r\nC: x,\tY ;q=1\r\n\r\nrest";
  const char *body;
  gsize body_size, used;
  guint index = 0;

  gsock_http1_init (&answer, TRUE);
  g_assert_cmpint (gsock_http1_next (&answer, bytes, strlen (bytes), &used,
                                     &body, &body_size, &error),
                   ==, GSOCK_HTTP1_HEAD);
  g_assert_cmpuint (used, ==, strlen (bytes) - 4);
  g_assert_cmpint (answer.head.status, ==, 200);
  g_assert_cmpstr (answer.head.reason, ==, "OK");
  g_assert_cmpstr (gsock_http_head_get (&answer.head, "b"), ==, "two");
  g_assert_cmpstr (gsock_http_head_next (&answer.head, "a", &index), ==, "1");
  g_assert_cmpstr (gsock_http_head_next (&answer.head, "a", &index), ==, "3");
  g_assert_null (gsock_http_head_next (&answer.head, "a", &index));
  g_assert_true (gsock_http_head_has (&answer.head, "C", "y"));
  g_assert_false (gsock_http_head_has (&answer.head, "C", "q"));
  g_assert_cmpuint (answer.head.raw->len, ==, used);
  g_assert_cmpint (gsock_http1_next (&answer, bytes + used, 4, &used, &body,
                                     &body_size, &error),
                   ==, GSOCK_HTTP1_END);
  g_assert_cmpuint (used, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/http1/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], test_row);
    }
  g_test_add_func ("/http1/limits", test_limits);
  g_test_add_func ("/http1/head", test_head);
  return g_test_run ();
}

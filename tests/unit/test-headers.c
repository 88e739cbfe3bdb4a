/* test-headers.c: heads taken apart, and what is looked for in them
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "http/headers.h"

#include <string.h>

#include "core/error.h"

#define OK "HTTP/1.1 200 OK\r\n"

/* A NUL in @text counts where @size is told. */
static gboolean
parse (GsockHttpHead *head, const char *text, gsize size, GError **error)
{
  return gsock_http_head_parse (
      head, g_string_new_len (text, size > 0 ? (gssize) size : -1), error);
}

static void
test_status (void)
{
  static const struct
  {
    const char *line;
    int minor;
    int status;
    const char *reason;
  } rows[] = {
    { "HTTP/1.1 200 OK\r\n", 1, 200, "OK" },
    { "HTTP/1.0 404 Not Found\r\n", 0, 404, "Not Found" },
    { "HTTP/1.1 200\r\n", 1, 200, "" },
    { "HTTP/1.1 200 \r\n", 1, 200, "" },
    { "HTTP/1.1 999 x\n", 1, 999, "x" },
    { "HTTP/1.7 103 Early  Hints \r\n", 7, 103, "Early  Hints " },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (GsockHttpHead) head = { 0 };
      g_autoptr (GError) error = NULL;
      g_autofree char *text = g_strconcat (rows[i].line, "\r\n", NULL);

      g_test_message ("%s", rows[i].line);
      g_assert_true (parse (&head, text, 0, &error));
      g_assert_no_error (error);
      g_assert_cmpint (head.major, ==, 1);
      g_assert_cmpint (head.minor, ==, rows[i].minor);
      g_assert_cmpint (head.status, ==, rows[i].status);
      g_assert_cmpstr (head.reason, ==, rows[i].reason);
      g_assert_cmpstr (head.raw->str, ==, text);
      g_assert_cmpuint (head.fields->len, ==, 0);
    }
}

static void
test_fields (void)
{
  static const char text[] = OK "Content-TYPE:text/plain\r\n"
                                "X-Blank: \t a b \t\r\n"
                                "x-empty:\r\n"
                                "X-Colon: a:b: c\r\n"
                                "X-Folded: one\r\n\t two\r\n three\r\n"
                                "!#$%&'*+-.^_`|~09azAZ: odd\n"
                                "Content-Type: second\r\n"
                                "\r\n";
  static const struct
  {
    const char *name;
    const char *value;
  } rows[] = {
    { "Content-Type", "text/plain" },
    { "content-type", "text/plain" },
    { "X-BLANK", "a b" },
    { "X-Empty", "" },
    { "X-Colon", "a:b: c" },
    { "X-Folded", "one  \t two   three" },
    { "!#$%&'*+-.^_`|~09AZaz", "odd" },
    { "Content", NULL },
    { "Content-Types", NULL },
    { "", NULL },
  };
  g_auto (GsockHttpHead) head = { 0 };
  g_autoptr (GError) error = NULL;
  guint index = 0;

  g_assert_true (parse (&head, text, 0, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (head.fields->len, ==, 7);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s", rows[i].name);
      g_assert_cmpstr (gsock_http_head_get (&head, rows[i].name), ==,
                       rows[i].value);
    }
  g_assert_cmpstr (gsock_http_head_next (&head, "content-type", &index), ==,
                   "text/plain");
  g_assert_cmpstr (gsock_http_head_next (&head, "content-type", &index), ==,
                   "second");
  g_assert_null (gsock_http_head_next (&head, "content-type", &index));
  g_assert_null (gsock_http_head_next (&head, "content-type", &index));
  /* As received, whatever was found in it. */
  g_assert_cmpstr (head.raw->str, ==, text);
}

static void
test_bad (void)
{
  static const struct
  {
    const char *text;
    gsize size;
    const char *why;
  } rows[] = {
    { "SSH-2.0-OpenSSH\r\n\r\n", 0, "isn't HTTP" },
    { "HTTP/1\r\n\r\n", 0, "isn't HTTP" },
    { "http/1.1 200 OK\r\n\r\n", 0, "isn't HTTP" },
    { "HTTP/2.0 200 OK\r\n\r\n", 0, "no version" },
    { "HTTP/0.9 200 OK\r\n\r\n", 0, "no version" },
    { "HTTP/1,1 200 OK\r\n\r\n", 0, "no version" },
    { "HTTP/1.1x 200 OK\r\n\r\n", 0, "no status line" },
    { "HTTP/1.1  200 OK\r\n\r\n", 0, "no status line" },
    { "HTTP/1.1 20 OK\r\n\r\n", 0, "no status line" },
    { "HTTP/1.1 2000 OK\r\n\r\n", 0, "no status line" },
    { "HTTP/1.1 020 OK\r\n\r\n", 0, "no status line" },
    { "HTTP/1.1 -20 OK\r\n\r\n", 0, "no status line" },
    { "HTTP/1.1 \r\n\r\n", 0, "no status line" },
    { OK "no colon\r\n\r\n", 0, "no colon" },
    { OK ": nobody\r\n\r\n", 0, "no name" },
    { OK "A : b\r\n\r\n", 0, "no name" },
    { OK "A B: c\r\n\r\n", 0, "no name" },
    { OK "A\xc3\xb1: c\r\n\r\n", 0, "no name" },
    { OK " folded\r\n\r\n", 0, "begins with a blank" },
    { OK "A: b\rC: d\r\n\r\n", 0, "bare CR" },
    { OK "A: b\r\r\n\r\n", 0, "bare CR" },
    { OK "A: b\0c\r\n\r\n", sizeof OK "A: b\0c\r\n\r\n" - 1, "NUL" },
    { "HTTP/1.1 200 OK", 0, "no end" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (GsockHttpHead) head = { 0 };
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", rows[i].text);
      g_assert_false (parse (&head, rows[i].text, rows[i].size, &error));
      g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_FRAME_BAD);
      g_assert_nonnull (strstr (error->message, rows[i].why));
    }
}

/* What is wrong is told without a byte that a terminal would obey. */
static void
test_escaped (void)
{
  g_auto (GsockHttpHead) head = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_false (parse (&head, OK "\033[31m\r\n\r\n", 0, &error));
  g_assert_null (strchr (error->message, '\033'));
}

static void
test_http2 (void)
{
  static const struct
  {
    const char *text;
    int status; /* 0: refused */
  } rows[] = {
    { "HTTP/2 200\r\na: b\r\n\r\n", 200 },
    { "HTTP/2 999\r\n\r\n", 999 },
    { "HTTP/2 099\r\n\r\n", 0 },
    { "HTTP/2 1000\r\n\r\n", 0 },
    { "HTTP/2 +20\r\n\r\n", 0 },
    { "HTTP/2 200 OK\r\n\r\n", 0 },
    { "HTTP/2 \r\n\r\n", 0 },
    { "HTTP/1.1 200\r\n\r\n", 0 },
    { "a: b\r\n\r\n", 0 },
    { "\r\n", 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (GsockHttpHead) head = { 0 };
      g_autoptr (GError) error = NULL;
      gboolean taken = gsock_http_head_parse2 (
          &head, g_string_new (rows[i].text), &error);

      g_test_message ("%s", rows[i].text);
      g_assert_cmpint (taken, ==, rows[i].status != 0);
      if (taken)
        g_assert_cmpint (head.status, ==, rows[i].status);
      else
        g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_FRAME_BAD);
    }
}

static void
test_has (void)
{
  static const struct
  {
    const char *fields;
    gboolean has;
  } rows[] = {
    { "Connection: close\r\n", TRUE },
    { "connection: Close\r\n", TRUE },
    { "Connection: keep-alive, close\r\n", TRUE },
    { "Connection: ,, close\t,x\r\n", TRUE },
    { "Connection: close;x=y\r\n", TRUE },
    { "Connection: x\r\nConnection: close\r\n", TRUE },
    { "Connection: closed\r\n", FALSE },
    { "Connection: not-close\r\n", FALSE },
    { "Connection: x close\r\n", FALSE },
    { "Connection:\r\n", FALSE },
    { "Connections: close\r\n", FALSE },
    { "", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (GsockHttpHead) head = { 0 };
      g_autofree char *text = g_strconcat (OK, rows[i].fields, "\r\n", NULL);

      g_test_message ("%s", rows[i].fields);
      g_assert_true (parse (&head, text, 0, NULL));
      g_assert_cmpint (gsock_http_head_has (&head, "Connection", "close"), ==,
                       rows[i].has);
    }
}

static void
test_content_range (void)
{
  static const struct
  {
    const char *text;
    gint64 first, last, length; /* of one that is taken */
    gboolean taken;
  } rows[] = {
    { "bytes 5-9/10", 5, 9, 10, TRUE },
    { "bytes 0-0/1", 0, 0, 1, TRUE },
    { "Bytes  5-9/10", 5, 9, 10, TRUE },
    { "bytes 5-9/*", 5, 9, -1, TRUE },
    { "bytes */10", -1, -1, 10, TRUE },
    { "bytes */0", -1, -1, 0, TRUE },
    { "bytes 0-9223372036854775806/9223372036854775807", 0, G_MAXINT64 - 1,
      G_MAXINT64, TRUE },
    { NULL, 0, 0, 0, FALSE },
    { "", 0, 0, 0, FALSE },
    { "bytes", 0, 0, 0, FALSE },
    { "bytes */*", 0, 0, 0, FALSE },
    { "bytes 9-5/10", 0, 0, 0, FALSE },
    { "bytes 5-10/10", 0, 0, 0, FALSE },
    { "bytes -5/10", 0, 0, 0, FALSE },
    { "bytes 5-/10", 0, 0, 0, FALSE },
    { "bytes 5-9", 0, 0, 0, FALSE },
    { "bytes 5-9/", 0, 0, 0, FALSE },
    { "bytes 5-9/10x", 0, 0, 0, FALSE },
    { "bytes 5-9/+10", 0, 0, 0, FALSE },
    { "bytes x-y/z", 0, 0, 0, FALSE },
    { "lines 5-9/10", 0, 0, 0, FALSE },
    { "bytes 0-99999999999999999999/*", 0, 0, 0, FALSE },
    { "bytes 5-9/9223372036854775808", 0, 0, 0, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gint64 first, last, length;

      g_test_message ("%s", rows[i].text);
      g_assert_cmpint (
          gsock_http_parse_content_range (rows[i].text, &first, &last, &length),
          ==, rows[i].taken);
      if (!rows[i].taken)
        continue;
      g_assert_cmpint (first, ==, rows[i].first);
      g_assert_cmpint (last, ==, rows[i].last);
      g_assert_cmpint (length, ==, rows[i].length);
    }
}

static void
test_bytes (void)
{
  g_assert_true (gsock_http_is_token ("X-a1", 4));
  g_assert_false (gsock_http_is_token ("", 0));
  g_assert_false (gsock_http_is_token ("a\0b", 3));
  for (guint c = 0; c < 256; c++)
    {
      char text[] = { 'a', (char) c };

      g_assert_cmpint (gsock_http_is_token (text, 2), ==,
                       c > ' ' && c < 0x7f
                           && strchr ("\"(),/:;<=>?@[\\]{}", (int) c) == NULL);
      g_assert_cmpint (gsock_http_is_value (text, 2), ==,
                       c != '\0' && c != '\r' && c != '\n');
    }
  g_assert_true (gsock_http_is_value ("", 0));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/headers/status", test_status);
  g_test_add_func ("/headers/fields", test_fields);
  g_test_add_func ("/headers/bad", test_bad);
  g_test_add_func ("/headers/escaped", test_escaped);
  g_test_add_func ("/headers/http2", test_http2);
  g_test_add_func ("/headers/has", test_has);
  g_test_add_func ("/headers/content-range", test_content_range);
  g_test_add_func ("/headers/bytes", test_bytes);
  return g_test_run ();
}

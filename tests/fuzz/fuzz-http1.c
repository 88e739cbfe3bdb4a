/* fuzz-http1.c: answers of HTTP/1.x
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fuzz.h"
#include "http/http1.h"

/* What was found in it, as text: it may not depend on how it comes. */
typedef struct
{
  GString *text;
  GString *body;
  gboolean over;
} Found;

/* What a part says of itself makes sense, whoever says it. */
static void
try_range (const char *text)
{
  gint64 first, last, length;

  if (!gsock_http_parse_content_range (text, &first, &last, &length))
    return;
  g_assert_true (first <= last && (length < 0 || last < length));
  g_assert_true (first >= 0 || (last < 0 && length >= 0));
}

/* A head as an answer of HTTP/2 is written for who wants to see it. */
static void
try_head2 (const char *data, gsize size)
{
  g_auto (GsockHttpHead) head = { 0 };
  g_autoptr (GError) error = NULL;
  GString *raw = g_string_new_len (data, (gssize) size);

  if (gsock_http_head_parse2 (&head, raw, &error))
    g_assert_true (head.major == 2 && head.status >= 100 && head.status < 1000);
  else
    g_assert_true (fuzz_is_clean (error->message));
}

static void
tell (Found *found, GsockHttp1 *answer, GsockHttp1Event event)
{
  switch (event)
    {
    case GSOCK_HTTP1_INTERIM:
    case GSOCK_HTTP1_HEAD:
      g_string_append_printf (found->text,
                              "head %d '%s' %u %" G_GINT64_FORMAT "\n",
                              answer->head.status, answer->head.reason,
                              answer->head.fields->len, answer->length);
      for (guint i = 0; i < answer->head.fields->len; i++)
        {
          const GsockHttpField *field = &g_array_index (answer->head.fields,
                                                        GsockHttpField, i);

          g_assert_true (
              gsock_http_is_token (field->name, strlen (field->name)));
          g_assert_true (
              gsock_http_is_value (field->value, strlen (field->value)));
          g_assert_true (gsock_http_head_get (&answer->head, field->name)
                         != NULL);
          try_range (field->value);
        }
      break;
    case GSOCK_HTTP1_END:
    case GSOCK_HTTP1_BAD:
      g_string_append (found->text,
                       event == GSOCK_HTTP1_END ? "end\n" : "bad\n");
      found->over = TRUE;
      break;
    default:
      break;
    }
}

/* All events of @size bytes that have come together. */
static void
feed (Found *found, GsockHttp1 *answer, const char *data, gsize size)
{
  GsockHttp1Event event = GSOCK_HTTP1_BODY;
  guint rounds = 0;

  while (!found->over && event != GSOCK_HTTP1_MORE)
    {
      g_autoptr (GError) error = NULL;
      const char *body = NULL;
      gsize body_size = 0;
      gsize used = 0;

      event = gsock_http1_next (answer, data, size, &used, &body, &body_size,
                                &error);
      g_assert_cmpuint (used, <=, size);
      g_assert_cmpuint (rounds++, <=, size + 10000);
      g_assert_true ((event == GSOCK_HTTP1_BAD) == (error != NULL));
      if (event == GSOCK_HTTP1_BODY)
        g_string_append_len (found->body, body, (gssize) body_size);
      tell (found, answer, event);
      data += used;
      size -= used;
    }
}

static char *
read_all (const char *data, gsize size, gsize piece, gboolean without_body)
{
  g_auto (GsockHttp1) answer;
  g_autoptr (GString) body = g_string_new (NULL);
  Found found = { .text = g_string_new (NULL), .body = body };

  gsock_http1_init (&answer, without_body);
  for (gsize at = 0; !found.over && at < size; at += piece)
    feed (&found, &answer, data + at, MIN (piece, size - at));
  if (!found.over)
    g_string_append (found.text,
                     gsock_http1_finish (&answer, NULL) ? "whole\n" : "cut\n");
  g_string_append_len (found.text, body->str, (gssize) body->len);
  return g_string_free (found.text, FALSE);
}

/* HTTP/0.9: whatever comes is the body, and its end the body's. */
static void
try_simple (const char *data, gsize size)
{
  g_auto (GsockHttp1) answer;
  const char *body = NULL;
  gsize body_size = 0, used = 0;

  gsock_http1_init_simple (&answer);
  g_assert_cmpint (
      gsock_http1_next (&answer, data, size, &used, &body, &body_size, NULL),
      ==, GSOCK_HTTP1_BODY);
  g_assert_true (body == data && body_size == size && used == size);
  g_assert_true (gsock_http1_finish (&answer, NULL));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const char *bytes = (const char *) data;
  g_autofree char *whole = NULL;
  g_autofree char *single = NULL;
  g_autofree char *head = NULL;

  if (size == 0)
    return 0;
  whole = read_all (bytes, size, size, FALSE);
  single = read_all (bytes, size, 1, FALSE);
  head = read_all (bytes, size, 7, TRUE);
  g_assert_cmpstr (whole, ==, single);
  try_head2 (bytes, size);
  try_simple (bytes, size);
  return 0;
}

/* fuzz-http2.c: the fields of HTTP/2 made heads and trailers
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fuzz.h"
#include "http/http1.h"
#include "http/http2.h"

/* What the frames of a stream would be: "name:value" lines, of which an empty
 * one ends a block; a ':' that begins a name, as of ":status", is its own. */
typedef struct
{
  GsockHttp2 answer;
  guint blocks;
  guint added; /* fields of this block, without ":status" */
} Stream;

static void
check_head (const Stream *stream, GsockHttp2Event event)
{
  const GsockHttpHead *head = &stream->answer.head;

  g_assert_cmpint (head->status, >=, event == GSOCK_HTTP2_HEAD ? 200 : 100);
  g_assert_cmpint (head->status, <=, event == GSOCK_HTTP2_HEAD ? 999 : 199);
  g_assert_cmpint (stream->answer.has_head, ==, event == GSOCK_HTTP2_HEAD);
  g_assert_true (g_str_has_suffix (head->raw->str, "\r\n\r\n"));
  g_assert_cmpuint (head->fields->len, <=, stream->added);
  for (guint i = 0; i < head->fields->len; i++)
    {
      const GsockHttpField *field = &g_array_index (head->fields,
                                                    GsockHttpField, i);

      g_assert_true (gsock_http_is_token (field->name, strlen (field->name)));
      g_assert_true (gsock_http_is_value (field->value, strlen (field->value)));
    }
}

/* FALSE when the stream is over. */
static gboolean
end_block (Stream *stream)
{
  g_autoptr (GError) error = NULL;
  GsockHttp2Event event = gsock_http2_end_fields (&stream->answer, &error);

  g_assert_true ((event == GSOCK_HTTP2_BAD) == (error != NULL));
  g_assert_cmpuint (++stream->blocks, <=, GSOCK_HTTP1_INTERIM_LIMIT + 2);
  if (event == GSOCK_HTTP2_BAD)
    g_assert_true (fuzz_is_clean (error->message));
  else if (event != GSOCK_HTTP2_TRAILERS)
    check_head (stream, event);
  stream->added = 0;
  return event == GSOCK_HTTP2_INTERIM || event == GSOCK_HTTP2_HEAD;
}

static gboolean
add_line (Stream *stream, const char *line, gsize size)
{
  const char *colon = size > 1 ? memchr (line + 1, ':', size - 1) : NULL;
  gsize name_size = colon != NULL ? (gsize) (colon - line) : size;
  const char *value = colon != NULL ? colon + 1 : "";
  gsize value_size = colon != NULL ? size - name_size - 1 : 0;
  g_autoptr (GError) error = NULL;

  stream->added += *line != ':';
  if (gsock_http2_add_field (&stream->answer, line, name_size, value,
                             value_size, &error))
    {
      g_assert_cmpuint (stream->answer.size, <=, GSOCK_HTTP1_HEAD_LIMIT);
      return TRUE;
    }
  g_assert_nonnull (error);
  return FALSE;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  Stream stream = { .blocks = 0 };
  g_autoptr (GError) cut = NULL;
  gboolean goes_on = TRUE;
  gsize at = 0;

  gsock_http2_init (&stream.answer);
  while (goes_on && at < size)
    {
      const char *line = (const char *) data + at;
      const char *lf = memchr (line, '\n', size - at);
      gsize n = lf != NULL ? (gsize) (lf - line) : size - at;

      goes_on = n > 0 ? add_line (&stream, line, n) : end_block (&stream);
      at += n + 1;
    }
  gsock_http2_set_cut (&stream.answer, &cut);
  g_assert_true (fuzz_is_clean (cut->message));
  gsock_http2_clear (&stream.answer);
  return 0;
}

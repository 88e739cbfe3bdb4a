/* http2.c: an answer of HTTP/2 put together, without any I/O (RFC 9113)
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Fields come one by one out of HPACK; they are written down as HTTP/1 would
 * have them, so that all that reads heads reads these. */

#include "config.h"

#include "http/http2.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "http/http1.h"

/* What a field counts beside its bytes, as RFC 9113 has it: so that empty ones
 * are not without end. */
#define FIELD_COST 32

/**
 * gsock_http2_init:
 * @answer: (out caller-allocates): of which nothing has come
 */
void
gsock_http2_init (GsockHttp2 *answer)
{
  *answer = (GsockHttp2) { .length = -1 };
}

/**
 * gsock_http2_clear:
 * @answer: initialised
 */
void
gsock_http2_clear (GsockHttp2 *answer)
{
  gsock_http_head_clear (&answer->head);
  if (answer->trailers != NULL)
    g_string_free (g_steal_pointer (&answer->trailers), TRUE);
  if (answer->lines != NULL)
    g_string_free (g_steal_pointer (&answer->lines), TRUE);
}

/**
 * gsock_http2_add_field:
 * @answer: an answer
 * @name: of a field; ":status" begins a head
 * @name_size: its bytes
 * @value: its value
 * @value_size: its bytes
 * @error: %GSOCK_ERROR_LIMIT, a clause
 *
 * Returns: %FALSE if that is too much
 */
gboolean
gsock_http2_add_field (GsockHttp2 *answer, const char *name, gsize name_size,
                       const char *value, gsize value_size, GError **error)
{
  answer->size += name_size + value_size + FIELD_COST;
  if (answer->size > GSOCK_HTTP1_HEAD_LIMIT)
    {
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_LIMIT,
                   /* TRANSLATORS: a number of bytes */
                   _ ("its header has more than %d bytes"),
                   GSOCK_HTTP1_HEAD_LIMIT);
      return FALSE;
    }
  if (answer->lines == NULL)
    answer->lines = g_string_sized_new (512);
  if (name_size > 0 && *name == ':')
    g_string_append (answer->lines, "HTTP/2 ");
  else
    {
      g_string_append_len (answer->lines, name, (gssize) name_size);
      g_string_append (answer->lines, ": ");
    }
  g_string_append_len (answer->lines, value, (gssize) value_size);
  g_string_append (answer->lines, "\r\n");
  return TRUE;
}

/* Told more than once, or no number, is refused by the library. */
static gint64
length_of (const GsockHttpHead *head)
{
  const char *text = gsock_http_head_get (head, "Content-Length");
  guint64 length;

  if (text == NULL
      || !g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &length, NULL))
    return -1;
  return (gint64) length;
}

static GsockHttp2Event
end_head (GsockHttp2 *answer, GError **error)
{
  gsock_http_head_clear (&answer->head);
  g_string_append (answer->lines, "\r\n");
  if (!gsock_http_head_parse2 (&answer->head, g_steal_pointer (&answer->lines),
                               error))
    return GSOCK_HTTP2_BAD;
  if (answer->head.status >= 200)
    {
      answer->has_head = TRUE;
      answer->length = length_of (&answer->head);
      return GSOCK_HTTP2_HEAD;
    }
  if (++answer->interims <= GSOCK_HTTP1_INTERIM_LIMIT)
    return GSOCK_HTTP2_INTERIM;
  g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_LIMIT,
               _ ("more than %d interim answers came before it"),
               GSOCK_HTTP1_INTERIM_LIMIT);
  return GSOCK_HTTP2_BAD;
}

/**
 * gsock_http2_end_fields:
 * @answer: an answer
 * @error: %GSOCK_ERROR_FRAME_BAD or %GSOCK_ERROR_LIMIT, a clause
 *
 * Returns: what its fields were
 */
GsockHttp2Event
gsock_http2_end_fields (GsockHttp2 *answer, GError **error)
{
  if (answer->lines == NULL)
    answer->lines = g_string_new (NULL);
  if (!answer->has_head)
    return end_head (answer, error);
  if (answer->lines->len == 0)
    g_string_free (g_steal_pointer (&answer->lines), TRUE);
  else
    {
      g_string_append (answer->lines, "\r\n");
      answer->trailers = g_steal_pointer (&answer->lines);
    }
  return GSOCK_HTTP2_TRAILERS;
}

/**
 * gsock_http2_set_cut:
 * @answer: an answer that isn't whole
 * @error: %GSOCK_ERROR_CUT, a clause
 */
void
gsock_http2_set_cut (const GsockHttp2 *answer, GError **error)
{
  if (!answer->has_head)
    g_set_error_literal (error, GSOCK_ERROR, GSOCK_ERROR_CUT,
                         _ ("the server ended without an answer"));
  else
    gsock_http_set_body_cut (answer->length, FALSE, answer->received, error);
}

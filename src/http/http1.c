/* http1.c: the answers of HTTP/1.x taken apart, without any I/O (RFC 9112)
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Where RFC 9112 leaves it to the client whether to guess, this one doesn't: an
 * answer whose length is told twice, or in two ways, is refused.  Guessing
 * wrong is how a mixed or a cut file is taken for a whole one. */

#include "config.h"

#include "http/http1.h"

#include <inttypes.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"

/* A chunk's size and its extensions. */
#define CHUNK_LINE_LIMIT (4 * 1024)

enum
{
  STATE_HEAD,
  STATE_LENGTH,     /* a body of so many bytes */
  STATE_CHUNK_LINE, /* "1a;extension" */
  STATE_CHUNK,      /* its bytes */
  STATE_CHUNK_END,  /* CR LF after them */
  STATE_TRAILERS,
  STATE_TO_END, /* a body that ends with the connection */
  STATE_EMPTY,  /* there is no body: END is next */
  STATE_END,
};

static gboolean
fail (GError **error, GsockErrorCode code, const char *sentence)
{
  g_set_error_literal (error, GSOCK_ERROR, code, sentence);
  return FALSE;
}

/**
 * gsock_http1_init:
 * @answer: (out caller-allocates): waits for the first byte of a head
 * @without_body: whether it is the answer to a HEAD
 */
void
gsock_http1_init (GsockHttp1 *answer, gboolean without_body)
{
  *answer = (GsockHttp1) {
    .length = -1,
    .state = STATE_HEAD,
    .without_body = without_body,
  };
}

/**
 * gsock_http1_init_simple:
 * @answer: (out caller-allocates): of HTTP/0.9: a body and nothing else
 */
void
gsock_http1_init_simple (GsockHttp1 *answer)
{
  *answer = (GsockHttp1) {
    .length = -1,
    .state = STATE_TO_END,
    .simple = TRUE,
  };
}

static void
forget_line (GsockHttp1 *answer)
{
  if (answer->line != NULL)
    g_string_free (g_steal_pointer (&answer->line), TRUE);
}

/**
 * gsock_http1_clear:
 * @answer: initialised
 */
void
gsock_http1_clear (GsockHttp1 *answer)
{
  gsock_http_head_clear (&answer->head);
  if (answer->trailers != NULL)
    g_string_free (g_steal_pointer (&answer->trailers), TRUE);
  forget_line (answer);
}

/**
 * gsock_http1_get_part:
 * @answer: an answer
 *
 * Returns: (transfer none) (nullable): what has come of a head, or of trailers,
 *   that isn't whole
 */
const GString *
gsock_http1_get_part (const GsockHttp1 *answer)
{
  return answer->state == STATE_HEAD || answer->state == STATE_TRAILERS
             ? answer->line
             : NULL;
}

/* Lines */

/* Moves the next bytes of @data to @answer->line, up to the LF that ends it or
 * to the end of @data.  TRUE with a whole line, FALSE without or with @error. */
static gboolean
gather_line (GsockHttp1 *answer, const char *data, gsize size, gsize *used)
{
  const char *lf = memchr (data, '\n', size);

  *used = lf != NULL ? (gsize) (lf + 1 - data) : size;
  if (answer->line == NULL)
    answer->line = g_string_sized_new (MAX (*used, 512));
  g_string_append_len (answer->line, data, (gssize) *used);
  return lf != NULL;
}

/* Whether the line that begins at @start of @text is an empty one. */
static gboolean
is_empty_line (const char *text, gsize size, gsize start)
{
  return (size - start == 1 && text[start] == '\n')
         || (size - start == 2 && text[start] == '\r'
             && text[start + 1] == '\n');
}

/* Moves lines to @answer->line up to and with an empty one.  TRUE when it has
 * come. */
static gboolean
gather_lines (GsockHttp1 *answer, const char *data, gsize size, gsize *used,
              GError **error)
{
  *used = 0;
  while (*used < size)
    {
      const char *last;
      gsize n;
      gboolean whole = gather_line (answer, data + *used, size - *used, &n);

      *used += n;
      answer->head_size += n;
      if (answer->head_size > GSOCK_HTTP1_HEAD_LIMIT)
        {
          g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_LIMIT,
                       /* TRANSLATORS: a number of bytes */
                       _ ("its header has more than %d bytes"),
                       GSOCK_HTTP1_HEAD_LIMIT);
          return FALSE;
        }
      if (!whole)
        return FALSE;
      /* Not a function for strings: a NUL must be found out, not end it. */
      last = memrchr (answer->line->str, '\n', answer->line->len - 1);
      if (is_empty_line (answer->line->str, answer->line->len,
                         last != NULL ? (gsize) (last + 1 - answer->line->str)
                                      : 0))
        return TRUE;
    }
  return FALSE;
}

/* The head */

static gboolean
parse_length (const char *text, gint64 *length)
{
  guint64 value = 0;

  if (*text == '\0')
    return FALSE;
  for (; *text != '\0'; text++)
    {
      if (!g_ascii_isdigit (*text)
          || value > (G_MAXINT64 - (guint64) (*text - '0')) / 10)
        return FALSE;
      value = value * 10 + (guint64) (*text - '0');
    }
  *length = (gint64) value;
  return TRUE;
}

static gboolean
take_length (GsockHttp1 *answer, GError **error)
{
  guint index = 0;
  const char *text = gsock_http_head_next (&answer->head, "Content-Length",
                                           &index);

  if (text == NULL)
    return TRUE;
  if (gsock_http_head_next (&answer->head, "Content-Length", &index) != NULL
      || strchr (text, ',') != NULL)
    return fail (error, GSOCK_ERROR_FRAME_BAD,
                 _ ("its Content-Length is told more than once"));
  if (!parse_length (text, &answer->length))
    {
      g_autofree char *shown = gsock_escape_brief (text);

      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_FRAME_BAD,
                   _ ("its Content-Length is '%s'"), shown);
      return FALSE;
    }
  return TRUE;
}

static gboolean
take_coding (GsockHttp1 *answer, GError **error)
{
  guint index = 0;
  const char *text = gsock_http_head_next (&answer->head, "Transfer-Encoding",
                                           &index);
  g_autofree char *shown = NULL;

  if (text == NULL)
    return TRUE;
  if (answer->head.minor == 0)
    return fail (error, GSOCK_ERROR_FRAME_BAD,
                 _ ("it has a Transfer-Encoding, which HTTP/1.0 has not"));
  if (g_ascii_strcasecmp (text, "chunked") != 0
      || gsock_http_head_next (&answer->head, "Transfer-Encoding", &index)
             != NULL)
    {
      shown = gsock_escape_brief (text);
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_FRAME_BAD,
                   _ ("its Transfer-Encoding '%s' was not asked for"), shown);
      return FALSE;
    }
  answer->chunked = TRUE;
  return TRUE;
}

/* RFC 9112, 6.3. */
static gboolean
choose_framing (GsockHttp1 *answer, GError **error)
{
  const GsockHttpHead *head = &answer->head;

  if (!take_length (answer, error) || !take_coding (answer, error))
    return FALSE;
  if (answer->chunked && answer->length >= 0)
    return fail (error, GSOCK_ERROR_FRAME_BAD,
                 _ ("it has both a Content-Length and chunks"));
  answer->keeps_alive = head->minor > 0
                            ? !gsock_http_head_has (head, "Connection", "close")
                            : gsock_http_head_has (head, "Connection",
                                                   "keep-alive");
  if (answer->without_body || head->status == 204 || head->status == 304)
    answer->state = STATE_EMPTY;
  else if (answer->chunked)
    answer->state = STATE_CHUNK_LINE;
  else if (answer->length >= 0)
    {
      answer->left = (guint64) answer->length;
      answer->state = answer->left > 0 ? STATE_LENGTH : STATE_EMPTY;
    }
  else
    {
      answer->state = STATE_TO_END;
      answer->keeps_alive = FALSE;
    }
  return TRUE;
}

static GsockHttp1Event
take_head (GsockHttp1 *answer, GError **error)
{
  gsock_http_head_clear (&answer->head);
  if (!gsock_http_head_parse (&answer->head, g_steal_pointer (&answer->line),
                              error))
    return GSOCK_HTTP1_BAD;
  if (answer->head.status == 101)
    {
      fail (error, GSOCK_ERROR_FRAME_BAD,
            _ ("it switches to another protocol (101), which was not asked "
               "for"));
      return GSOCK_HTTP1_BAD;
    }
  if (answer->head.status < 200)
    {
      if (++answer->interims <= GSOCK_HTTP1_INTERIM_LIMIT)
        return GSOCK_HTTP1_INTERIM;
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_LIMIT,
                   _ ("more than %d interim answers came before it"),
                   GSOCK_HTTP1_INTERIM_LIMIT);
      return GSOCK_HTTP1_BAD;
    }
  return choose_framing (answer, error) ? GSOCK_HTTP1_HEAD : GSOCK_HTTP1_BAD;
}

/* Chunks */

static gboolean
bad_chunk (GsockHttp1 *answer, GError **error)
{
  g_autofree char *shown = NULL;

  g_strchomp (answer->line->str);
  shown = gsock_escape_brief (answer->line->str);
  g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_FRAME_BAD,
               _ ("'%s' is no size of a chunk"), shown);
  return FALSE;
}

/* "1A", "1a;name=value", with CR LF after it. */
static gboolean
parse_chunk_line (GsockHttp1 *answer, GError **error)
{
  const char *text = answer->line->str;
  gsize size = answer->line->len;
  guint64 value = 0;
  gsize i = 0;

  if (size < 3 || text[size - 2] != '\r'
      || !gsock_http_is_value (text, size - 2))
    return bad_chunk (answer, error);
  for (; g_ascii_isxdigit (text[i]); i++)
    {
      if (value > (G_MAXINT64 >> 4))
        return bad_chunk (answer, error);
      value = value << 4 | (guint64) g_ascii_xdigit_value (text[i]);
    }
  if (i == 0)
    return bad_chunk (answer, error);
  while (text[i] == ' ' || text[i] == '\t')
    i++;
  if (text[i] != ';' && text[i] != '\r')
    return bad_chunk (answer, error);
  answer->left = value;
  return TRUE;
}

static GsockHttp1Event
next_chunk_line (GsockHttp1 *answer, const char *data, gsize size, gsize *used,
                 GError **error)
{
  gboolean whole = gather_line (answer, data, size, used);

  if (answer->line->len > CHUNK_LINE_LIMIT)
    {
      fail (error, GSOCK_ERROR_LIMIT, _ ("the line of a chunk has no end"));
      return GSOCK_HTTP1_BAD;
    }
  if (!whole)
    return GSOCK_HTTP1_MORE;
  if (!parse_chunk_line (answer, error))
    return GSOCK_HTTP1_BAD;
  forget_line (answer);
  answer->chunks++;
  answer->chunk = answer->left;
  answer->state = answer->left > 0 ? STATE_CHUNK : STATE_TRAILERS;
  return GSOCK_HTTP1_MORE;
}

static GsockHttp1Event
next_chunk_end (GsockHttp1 *answer, const char *data, gsize size, gsize *used,
                GError **error)
{
  gsize had = answer->line != NULL ? answer->line->len : 0;
  gsize n = MIN (size, 2 - had);

  if (answer->line == NULL)
    answer->line = g_string_sized_new (2);
  g_string_append_len (answer->line, data, (gssize) n);
  *used = n;
  if (memcmp (answer->line->str, "\r\n", answer->line->len) != 0)
    {
      fail (error, GSOCK_ERROR_FRAME_BAD,
            _ ("a chunk is longer than its size says"));
      return GSOCK_HTTP1_BAD;
    }
  if (answer->line->len == 2)
    {
      forget_line (answer);
      answer->state = STATE_CHUNK_LINE;
    }
  return GSOCK_HTTP1_MORE;
}

/* What they say is kept as it came; that they are fields at all is checked, for
 * the next answer would begin in them otherwise. */
static gboolean
check_trailers (GString *trailers, GError **error)
{
  g_auto (GsockHttpHead) head = { 0 };
  GString *raw = g_string_new ("HTTP/1.1 200 \r\n");

  g_string_append_len (raw, trailers->str, (gssize) trailers->len);
  return gsock_http_head_parse (&head, raw, error);
}

static GsockHttp1Event
next_trailers (GsockHttp1 *answer, const char *data, gsize size, gsize *used,
               GError **error)
{
  GError *reason = NULL;

  if (!gather_lines (answer, data, size, used, &reason))
    {
      if (reason == NULL)
        return GSOCK_HTTP1_MORE;
      g_propagate_error (error, reason);
      return GSOCK_HTTP1_BAD;
    }
  if (answer->line->len > 2)
    {
      answer->trailers = g_steal_pointer (&answer->line);
      if (!check_trailers (answer->trailers, error))
        return GSOCK_HTTP1_BAD;
    }
  forget_line (answer);
  answer->state = STATE_END;
  return GSOCK_HTTP1_END;
}

/* The body */

static GsockHttp1Event
next_body (GsockHttp1 *answer, const char *data, gsize size, gsize *used,
           const char **body, gsize *body_size)
{
  gsize n = (gsize) MIN ((guint64) size, gsock_http1_get_room (answer));

  gsock_http1_skip (answer, n);
  *used = n;
  *body = data;
  *body_size = n;
  return GSOCK_HTTP1_BODY;
}

/**
 * gsock_http1_get_room:
 * @answer: an answer
 *
 * Returns: how many bytes from here on are of the body; %G_MAXUINT64: all that
 *   come; 0: there is something else first
 */
guint64
gsock_http1_get_room (const GsockHttp1 *answer)
{
  if (answer->state == STATE_TO_END)
    return G_MAXUINT64;
  return answer->state == STATE_LENGTH || answer->state == STATE_CHUNK
             ? answer->left
             : 0;
}

/**
 * gsock_http1_skip:
 * @answer: an answer
 * @size: at most its room
 *
 * They have come, and gone to their place.
 */
void
gsock_http1_skip (GsockHttp1 *answer, gsize size)
{
  answer->received += size;
  if (answer->state == STATE_TO_END)
    return;
  answer->left -= size;
  if (answer->left == 0)
    answer->state = answer->state == STATE_LENGTH ? STATE_EMPTY
                                                  : STATE_CHUNK_END;
}

/* What speaks something else may wait for us to go on, and never end a line. */
static gboolean
may_be_http (GsockHttp1 *answer, GError **error)
{
  static const char start[] = "HTTP/";
  const GString *line = answer->line;
  g_autofree char *first = NULL;
  g_autofree char *shown = NULL;

  if (line == NULL
      || memcmp (line->str, start, MIN (line->len, sizeof start - 1)) == 0)
    return TRUE;
  first = g_strndup (line->str, strcspn (line->str, "\r\n"));
  shown = gsock_escape_brief (first);
  g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_FRAME_BAD,
               /* TRANSLATORS: what came instead of "HTTP/1.1 200 OK" */
               _ ("the answer isn't HTTP: it begins with '%s'"), shown);
  return FALSE;
}

static GsockHttp1Event
step (GsockHttp1 *answer, const char *data, gsize size, gsize *used,
      const char **body, gsize *body_size, GError **error)
{
  GError *reason = NULL;

  switch (answer->state)
    {
    case STATE_HEAD:
      if (gather_lines (answer, data, size, used, &reason))
        return take_head (answer, error);
      if (reason == NULL && may_be_http (answer, &reason))
        return GSOCK_HTTP1_MORE;
      g_propagate_error (error, reason);
      return GSOCK_HTTP1_BAD;
    case STATE_CHUNK_LINE:
      return next_chunk_line (answer, data, size, used, error);
    case STATE_CHUNK_END:
      return next_chunk_end (answer, data, size, used, error);
    case STATE_TRAILERS:
      return next_trailers (answer, data, size, used, error);
    default:
      return next_body (answer, data, size, used, body, body_size);
    }
}

/**
 * gsock_http1_next:
 * @answer: initialised
 * @data: what has come
 * @size: how much of it
 * @consumed: (out): how much of it is done with
 * @body: (out): with BODY: a piece of it, in @data
 * @body_size: (out): its bytes
 * @error: %GSOCK_ERROR_FRAME_BAD or %GSOCK_ERROR_LIMIT, a clause
 *
 * Returns: what comes next; after MORE nothing does, until more bytes have
 *   come; after END or BAD nothing any more
 */
GsockHttp1Event
gsock_http1_next (GsockHttp1 *answer, const char *data, gsize size,
                  gsize *consumed, const char **body, gsize *body_size,
                  GError **error)
{
  gsize done = 0;

  for (;;)
    {
      GsockHttp1Event event;
      gsize used = 0;

      if (answer->state == STATE_EMPTY)
        {
          answer->state = STATE_END;
          *consumed = done;
          return GSOCK_HTTP1_END;
        }
      if (done == size)
        {
          *consumed = done;
          return GSOCK_HTTP1_MORE;
        }
      event = step (answer, data + done, size - done, &used, body, body_size,
                    error);
      done += used;
      *consumed = done;
      if (event != GSOCK_HTTP1_MORE)
        return event;
    }
}

/**
 * gsock_http_set_body_cut:
 * @length: of the body, as announced; -1: it was not
 * @chunked: whether its end is a last chunk
 * @received: how much of it has come
 * @error: %GSOCK_ERROR_CUT, a clause
 *
 * What ends with the connection is whole where the server has said, by FIN or
 * close_notify, that it ends there.
 */
void
gsock_http_set_body_cut (gint64 length, gboolean chunked, guint64 received,
                         GError **error)
{
  if (length >= 0)
    g_set_error (
        error, GSOCK_ERROR, GSOCK_ERROR_CUT,
        g_dngettext (GETTEXT_PACKAGE,
                     /* TRANSLATORS: how many came, of how many */
                     "the body ended after %" PRIu64 " of %" PRIu64 " byte",
                     "the body ended after %" PRIu64 " of %" PRIu64 " bytes",
                     (gulong) length),
        received, (guint64) length);
  else if (chunked)
    g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_CUT,
                 g_dngettext (GETTEXT_PACKAGE,
                              "the body ended after %" PRIu64
                              " byte, before its last chunk",
                              "the body ended after %" PRIu64
                              " bytes, before its last chunk",
                              (gulong) received),
                 received);
  else
    g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_CUT,
                 g_dngettext (GETTEXT_PACKAGE,
                              "the body ended after %" PRIu64
                              " byte, before the server said that it was whole",
                              "the body ended after %" PRIu64
                              " bytes, before the server said that it was "
                              "whole",
                              (gulong) received),
                 received);
}

/**
 * gsock_http1_set_cut:
 * @answer: an answer that isn't whole
 * @error: %GSOCK_ERROR_CUT, a clause
 */
void
gsock_http1_set_cut (const GsockHttp1 *answer, GError **error)
{
  if (answer->state == STATE_HEAD)
    g_set_error_literal (error, GSOCK_ERROR, GSOCK_ERROR_CUT,
                         answer->head_size > 0
                             ? _ ("the header ended in its middle")
                             : _ ("the server ended without an answer"));
  else
    gsock_http_set_body_cut (answer->length, answer->chunked, answer->received,
                             error);
}

/**
 * gsock_http1_finish:
 * @answer: one without an END yet
 * @error: %GSOCK_ERROR_CUT, a clause
 *
 * Returns: %TRUE if the end of the connection is the body's
 */
gboolean
gsock_http1_finish (GsockHttp1 *answer, GError **error)
{
  if (answer->state == STATE_TO_END || answer->state == STATE_EMPTY)
    {
      answer->state = STATE_END;
      return TRUE;
    }
  gsock_http1_set_cut (answer, error);
  return FALSE;
}

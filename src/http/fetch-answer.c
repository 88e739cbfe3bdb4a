/* fetch-answer.c: what a transfer makes of an answer: its head, its end
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <inttypes.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"
#include "core/units.h"
#include "http/date.h"
#include "http/fetch-private.h"

/* In a row: a Digest's nonce may be stale, and then the user wrong. */
#define AUTH_TRIES 3
/* What a server may ask us to wait. */
#define WAIT_MOST (1 * G_TIME_SPAN_HOUR)
/* Seconds of a Last-Modified before the answer's own Date. */
#define DATE_IS_STRONG 60

static gboolean
fail (GError **error, GsockErrorCode code, const char *sentence)
{
  g_set_error_literal (error, GSOCK_ERROR, code, sentence);
  return FALSE;
}

/* The head */

/* Dates only tell whole seconds: what was changed a moment ago may change again
 * and keep its date.  RFC 9110 (8.8.2.2, 13.1.5) lets those be used that are
 * older than the answer itself. */
static gboolean
is_strong_date (const char *modified, const char *date)
{
  gint64 then, now;

  return modified != NULL && date != NULL && gsock_date_parse (modified, &then)
         && gsock_date_parse (date, &now) && now - then >= DATE_IS_STRONG;
}

/* What may be sent as If-Range: a strong ETag; else a date. */
static char *
validator_of (const GsockHttpHead *head)
{
  const char *etag = gsock_http_head_get (head, "ETag");
  const char *modified = gsock_http_head_get (head, "Last-Modified");

  if (etag != NULL && *etag == '"')
    return g_strdup (etag);
  if (etag == NULL
      && is_strong_date (modified, gsock_http_head_get (head, "Date")))
    return g_strdup (modified);
  return NULL;
}

/* What doesn't begin where the whole does is no part to go on with; nor is a
 * file that begins with a head. */
static gboolean
may_go_on (const GsockFetch *fetch, const GsockHttpHead *head, gboolean keep)
{
  return gsock_decoder_is_plain (fetch->decoder) && !fetch->options->include
         && (keep || head->status != 206);
}

static gboolean
begin_sink (GsockFetch *fetch, const GsockHttpHead *head, gboolean keep,
            gint64 length, GError **error)
{
  GsockSinkOrigin origin = {
    .url = fetch->url->text,
    .validator = may_go_on (fetch, head, keep) ? validator_of (head) : NULL,
    .length = length,
  };
  gboolean done;

  fetch->fate = FETCH_BODY_SINK;
  fetch->report.is_body = TRUE;
  fetch->report.resumed = keep ? fetch->offset : 0;
  fetch->report.size = fetch->report.resumed;
  fetch->report.length = length;
  if (fetch->checksum != NULL)
    g_checksum_reset (fetch->checksum);
  done = gsock_sink_begin (fetch->sink, keep, &origin,
                           keep ? fetch->checksum : NULL, error);
  g_free (origin.validator);
  return done;
}

static gboolean
start_decoder (GsockFetch *fetch, const GsockHttpHead *head, GError **error)
{
  g_autoptr (GString) codings = g_string_new (NULL);
  const char *field;
  guint index = 0;

  g_clear_pointer (&fetch->decoder, gsock_decoder_free);
  if (fetch->options->compressed)
    while ((field = gsock_http_head_next (head, "Content-Encoding", &index))
           != NULL)
      g_string_append_printf (codings, codings->len > 0 ? ", %s" : "%s", field);
  fetch->decoder = gsock_decoder_new (codings->len > 0 ? codings->str : NULL,
                                      fetch->options->max_size, error);
  return fetch->decoder != NULL;
}

/* A body that is announced to be too long needn't come at all; that of a HEAD's
 * answer doesn't. */
static gboolean
check_size (GsockFetch *fetch, gint64 length, GError **error)
{
  guint64 limit = fetch->options->max_size;

  if (limit == 0 || length < 0 || (guint64) length <= limit
      || !gsock_decoder_is_plain (fetch->decoder)
      || g_str_equal (fetch->method, "HEAD"))
    return TRUE;
  g_set_error (
      error, GSOCK_ERROR, GSOCK_ERROR_LIMIT,
      _ ("it has %" PRIu64 " bytes; the limit is %" PRIu64 " (--max-size)"),
      (guint64) length, limit);
  return FALSE;
}

static gboolean
take_whole (GsockFetch *fetch, const GsockHttpHead *head, GError **error)
{
  gint64 length = gsock_exchange_get_length (fetch->exchange);

  if (fetch->options->range != NULL && head->status == 200)
    return fail (error, GSOCK_ERROR_FAILED,
                 _ ("the server sent the whole, as it doesn't do ranges "
                    "(--range)"));
  if (!start_decoder (fetch, head, error) || !check_size (fetch, length, error))
    return FALSE;
  return begin_sink (fetch, head, FALSE,
                     gsock_decoder_is_plain (fetch->decoder) ? length : -1,
                     error);
}

/* The body of a HEAD's answer doesn't come. */
static void
expect_part (GsockFetch *fetch, gint64 size)
{
  if (!g_str_equal (fetch->method, "HEAD"))
    fetch->part_size = size;
}

static gboolean
refuse_range (const char *text, GError **error)
{
  g_autofree char *shown = gsock_escape_brief (text != NULL ? text : "");

  g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_FRAME_BAD,
               /* TRANSLATORS: the value of a Content-Range */
               _ ("its Content-Range '%s' is not what was asked for"), shown);
  return FALSE;
}

/* Whether @first to @last of @total (-1: not known) is what the @range of
 * --range means. */
static gboolean
is_range (const char *range, gint64 first, gint64 last, gint64 total)
{
  const char *dash = strchr (range, '-');
  gint64 begin = g_ascii_strtoll (range, NULL, 10);
  gint64 end = g_ascii_strtoll (dash + 1, NULL, 10);

  if (dash == range)
    return last == total - 1 && first == MAX (total - end, 0);
  if (first != begin)
    return FALSE;
  if (dash[1] == '\0')
    return total < 0 || last == total - 1;
  return last == end || (last < end && last == total - 1);
}

/* 206: the part that --range, or a field given by hand, has asked for. */
static gboolean
take_range (GsockFetch *fetch, const GsockHttpHead *head, GError **error)
{
  const char *text = gsock_http_head_get (head, "Content-Range");
  const char *range = fetch->options->range;
  gint64 length = gsock_exchange_get_length (fetch->exchange);
  gint64 first, last, total;

  if (!gsock_http_parse_content_range (text, &first, &last, &total) || first < 0
      || (length >= 0 && length != last - first + 1)
      || (range != NULL && !is_range (range, first, last, total)))
    return refuse_range (text, error);
  if (!start_decoder (fetch, head, error) || !check_size (fetch, length, error))
    return FALSE;
  expect_part (fetch, last - first + 1);
  return begin_sink (
      fetch, head, FALSE,
      gsock_decoder_is_plain (fetch->decoder) ? last - first + 1 : -1, error);
}

/* Whether a part up to @last of @total belongs to what is there, and ends it:
 * a file of ours that is shorter than theirs has no validator to go by. */
static gboolean
is_ours (const GsockFetch *fetch, const GsockHttpHead *head, gint64 last,
         gint64 total)
{
  const GsockSinkOrigin *origin = gsock_sink_get_origin (fetch->sink);
  const char *validator;
  guint64 size;

  if (gsock_sink_is_there (fetch->sink, &size) || origin == NULL)
    return FALSE;
  if (total < 0 ? origin->length != last + 1
                : origin->length >= 0 && origin->length != total)
    return FALSE;
  validator = gsock_http_head_get (
      head, *origin->validator == '"' ? "ETag" : "Last-Modified");
  return validator == NULL || g_str_equal (validator, origin->validator);
}

/* 206: a part, which must be the one that was asked for. */
static gboolean
take_part (GsockFetch *fetch, const GsockHttpHead *head, GError **error)
{
  const char *text = gsock_http_head_get (head, "Content-Range");
  gint64 length = gsock_exchange_get_length (fetch->exchange);
  gint64 first, last, total;

  if (fetch->offset == 0 && fetch->options->range == NULL
      && gsock_request_get (gsock_exchange_get_request (fetch->exchange),
                            "Range")
             == NULL)
    return fail (error, GSOCK_ERROR_FRAME_BAD,
                 _ ("the server sent a part (206) where the whole was asked "
                    "for"));
  if (fetch->offset == 0)
    return take_range (fetch, head, error);
  if (!gsock_http_parse_content_range (text, &first, &last, &total)
      || (guint64) first != fetch->offset || (total >= 0 && last + 1 != total)
      || (length >= 0 && length != last - first + 1))
    return refuse_range (text, error);
  if (!is_ours (fetch, head, last, total))
    {
      fetch->fate = FETCH_BODY_DISCARD;
      fetch->then = FETCH_THEN_AGAIN;
      fetch->restarted = TRUE;
      return TRUE;
    }
  if (!start_decoder (fetch, head, error)
      || !check_size (fetch, last + 1, error))
    return FALSE;
  expect_part (fetch, last - first + 1);
  return begin_sink (fetch, head, TRUE, last + 1, error);
}

/* 416: there is nothing from there on; or they have changed. */
static gboolean
take_unsatisfiable (GsockFetch *fetch, const GsockHttpHead *head)
{
  const GsockSinkOrigin *origin = gsock_sink_get_origin (fetch->sink);
  gint64 first, last, total;
  guint64 size;
  gboolean known = gsock_http_parse_content_range (
                       gsock_http_head_get (head, "Content-Range"), &first,
                       &last, &total)
                   && first < 0;
  gboolean is_there = gsock_sink_is_there (fetch->sink, &size);

  fetch->fate = FETCH_BODY_DISCARD;
  if (known && total == (gint64) fetch->offset
      && (is_there || (origin != NULL && origin->length == total)))
    {
      fetch->then = FETCH_THEN_WHOLE;
      return TRUE;
    }
  fetch->then = FETCH_THEN_AGAIN;
  fetch->restarted = TRUE;
  return TRUE;
}

static gboolean
is_passing (int status)
{
  return status == 408 || status == 429 || status == 500 || status == 502
         || status == 503 || status == 504;
}

/* Seconds, or a date; in microseconds from now, 0: nothing that is known. */
static gint64
parse_retry_after (const char *text)
{
  gint64 now = g_get_real_time () / G_TIME_SPAN_SECOND;
  gint64 seconds;

  if (text == NULL || *text == '\0')
    return 0;
  if (text[strspn (text, "0123456789")] == '\0')
    seconds = g_ascii_strtoll (text, NULL, 10);
  else if (gsock_date_parse (text, &seconds))
    seconds -= now;
  else
    return 0;
  return CLAMP (seconds, 0, G_MAXINT32) * G_TIME_SPAN_SECOND;
}

/* A server that wants to be left alone for so long is not asked earlier. */
static void
set_wait_error (GsockFetch *fetch, const GsockHttpHead *head, gint64 wait)
{
  g_autofree char *reason = gsock_escape_brief (head->reason);
  g_autofree char *time = gsock_format_time (wait);

  fetch->error = g_error_new (
      GSOCK_ERROR, GSOCK_ERROR_REMOTE,
      /* TRANSLATORS: a status of HTTP, 503, and what the server calls it; a
         time */
      _ ("the server answered %d %s; it asks for a wait of %s (Retry-After)"),
      head->status, reason, time);
}

static gboolean
may_retry_status (GsockFetch *fetch, const GsockHttpHead *head)
{
  gint64 wait;

  if (!is_passing (head->status) || !gsock_method_is_idempotent (fetch->method)
      || (fetch->options->retries >= 0
          && fetch->report.retries >= fetch->options->retries))
    return FALSE;
  wait = parse_retry_after (gsock_http_head_get (head, "Retry-After"));
  if (wait > WAIT_MOST)
    {
      set_wait_error (fetch, head, wait);
      return FALSE;
    }
  fetch->retry_after = wait;
  fetch->fate = FETCH_BODY_DISCARD;
  fetch->then = FETCH_THEN_RETRY;
  return TRUE;
}

static void
set_status_error (GsockFetch *fetch, const GsockHttpHead *head)
{
  g_autofree char *reason = gsock_escape_brief (head->reason);

  fetch->error = g_error_new (GSOCK_ERROR, GSOCK_ERROR_REMOTE,
                              /* TRANSLATORS: a status of HTTP, 404, and what
                                 the server calls it, which may be nothing */
                              _ ("the server answered %d %s"), head->status,
                              reason);
  g_strchomp (fetch->error->message);
}

/* 401: whether there is an answer to the challenge that it has not had yet. */
static gboolean
may_answer (GsockFetch *fetch, const GsockHttpHead *head)
{
  g_autoptr (GPtrArray) fields = g_ptr_array_new ();
  const char *field;
  guint index = 0;

  if (head->status != 401 || fetch->auth == NULL
      || ++fetch->auth_tries > AUTH_TRIES)
    return FALSE;
  while ((field = gsock_http_head_next (head, "WWW-Authenticate", &index))
         != NULL)
    g_ptr_array_add (fields, (gpointer) (guintptr) field);
  g_ptr_array_add (fields, NULL);
  if (!gsock_auth_take (fetch->auth, (const char *const *) fields->pdata,
                        fetch->auth_sent, &fetch->error))
    return FALSE;
  fetch->fate = FETCH_BODY_DISCARD;
  fetch->then = FETCH_THEN_AGAIN;
  return TRUE;
}

/* The body of an error is for people to read, and belongs in no file. */
static gboolean
show_error (GsockFetch *fetch, const GsockHttpHead *head, GError **error)
{
  if (gsock_sink_get_path (fetch->sink) == NULL)
    return start_decoder (fetch, head, error)
           && begin_sink (fetch, head, FALSE,
                          gsock_decoder_is_plain (fetch->decoder)
                              ? gsock_exchange_get_length (fetch->exchange)
                              : -1,
                          error);
  fetch->fate = FETCH_BODY_DISCARD;
  return TRUE;
}

static gboolean
take_error (GsockFetch *fetch, const GsockHttpHead *head, GError **error)
{
  if (fetch_take_denial (fetch, head))
    return TRUE;
  if (may_retry_status (fetch, head) || may_answer (fetch, head))
    return TRUE;
  if (fetch->error == NULL)
    set_status_error (fetch, head);
  return show_error (fetch, head, error);
}

static gboolean
take_redirect (GsockFetch *fetch, const GsockHttpHead *head, GError **error)
{
  const char *location = gsock_http_head_get (head, "Location");

  if (location == NULL)
    {
      g_clear_error (&fetch->error);
      fail (&fetch->error, GSOCK_ERROR_FRAME_BAD,
            _ ("the server redirects, but does not say where"));
      return show_error (fetch, head, error);
    }
  if (!gsock_redirects_next (&fetch->redirects, fetch->current->uri,
                             fetch->method, fetch->body != NULL,
                             (guint) head->status, location, &fetch->next,
                             error))
    return FALSE;
  fetch->fate = FETCH_BODY_DISCARD;
  fetch->then = FETCH_THEN_REDIRECT;
  return TRUE;
}

/* 304: there is no body, and nothing to save, as somebody who has it already
 * has asked for by hand. */
static gboolean
take_unchanged (GsockFetch *fetch, GError **error)
{
  const GsockRequest *request = gsock_exchange_get_request (fetch->exchange);

  if (gsock_request_get (request, "If-None-Match") == NULL
      && gsock_request_get (request, "If-Modified-Since") == NULL)
    return fail (error, GSOCK_ERROR_FRAME_BAD,
                 _ ("the server says that nothing has changed (304), which it "
                    "was not asked"));
  fetch->fate = FETCH_BODY_DISCARD;
  return TRUE;
}

static gboolean
take_head (GsockFetch *fetch, const GsockHttpHead *head, GError **error)
{
  if (gsock_redirect_is ((guint) head->status) && !fetch->options->no_follow)
    return take_redirect (fetch, head, error);
  if (head->status == 416 && fetch->offset > 0)
    return take_unsatisfiable (fetch, head);
  if (head->status >= 400)
    return take_error (fetch, head, error);
  if (head->status == 304)
    return take_unchanged (fetch, error);
  if (head->status == 206)
    return take_part (fetch, head, error);
  return take_whole (fetch, head, error);
}

static void
keep_raw (GsockFetch *fetch, const GsockHttpHead *head)
{
  if (fetch->heads == NULL)
    fetch->heads = g_string_new (NULL);
  g_string_append_len (fetch->heads, head->raw->str, (gssize) head->raw->len);
}

static void
head_cb (GsockExchange *exchange, const GsockHttpHead *head, gpointer data)
{
  GsockFetch *fetch = data;
  g_autoptr (GError) error = NULL;

  if (fetch->options->include)
    keep_raw (fetch, head);
  if (head->status < 200)
    return;
  fetch->report.status = head->status;
  g_free (fetch->reason);
  fetch->report.reason = fetch->reason = g_strdup (head->reason);
  fetch->report.protocol = gsock_exchange_get_protocol (exchange);
  fetch->report.times = *gsock_exchange_get_times (exchange);
  fetch->then = FETCH_THEN_DONE;
  if (head->status != 401)
    fetch->auth_tries = 0;
  if (fetch->options->session != NULL
      && gsock_session_take (fetch->options->session, fetch->current, head))
    gsock_redirects_forget (&fetch->redirects);
  if (!take_head (fetch, head, &error))
    fetch_fail (fetch, error);
  else
    fetch_write_heads (fetch);
}

gboolean
fetch_begin_simple (GsockFetch *fetch, GError **error)
{
  static const GsockHttpHead none = { .status = 0 };

  return start_decoder (fetch, &none, error)
         && begin_sink (fetch, &none, FALSE, -1, error);
}

/* The end */

gboolean
fetch_check_part (const GsockFetch *fetch, GError **error)
{
  if (fetch->part_size < 0 || fetch->arrived >= (guint64) fetch->part_size)
    return TRUE;
  g_set_error (
      error, GSOCK_ERROR, GSOCK_ERROR_CUT,
      g_dngettext (GETTEXT_PACKAGE,
                   "the body ended after %" PRIu64 " of %" PRIu64 " byte",
                   "the body ended after %" PRIu64 " of %" PRIu64 " bytes",
                   (gulong) fetch->part_size),
      fetch->arrived, (guint64) fetch->part_size);
  return FALSE;
}

static void
done_cb (GsockExchange *exchange, const GError *error, gpointer data)
{
  GsockFetch *fetch = data;

  fetch->report.times = *gsock_exchange_get_times (exchange);
  fetch->exchange = NULL;
  fetch->holding = FALSE;
  if (fetch->fate == FETCH_BODY_DISCARD)
    {
      /* However it ended: the head has said all. */
      fetch_answer_over (fetch);
      return;
    }
  if (error != NULL)
    {
      fetch_fail (fetch, error);
      return;
    }
  if (fetch->stash->len > 0 || fetch_is_blocked (fetch))
    {
      fetch->over = TRUE;
      return;
    }
  fetch_answer_over (fetch);
}

const GsockExchangeNotify fetch_notify = {
  .head = head_cb,
  .body = fetch_take_body,
  .take = fetch_move_body,
  .done = done_cb,
};

/* Nothing of the last answer is left. */
void
fetch_drop_answer (GsockFetch *fetch)
{
  if (fetch->exchange != NULL)
    gsock_exchange_cancel (g_steal_pointer (&fetch->exchange));
  fetch->holding = FALSE;
  fetch->over = FALSE;
  fetch->fate = FETCH_BODY_NONE;
  fetch->arrived = 0;
  fetch->part_size = -1;
  fetch->report.is_body = FALSE;
  g_clear_error (&fetch->error);
  g_clear_pointer (&fetch->decoder, gsock_decoder_free);
  g_byte_array_set_size (fetch->stash, 0);
}

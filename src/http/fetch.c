/* fetch.c: one URL to one sink: redirects, ranges, retries, time limits
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A fetch asks, takes the answer (fetch-answer.c), and does what that said is
 * next: it is done, goes where a redirect leads, asks again, or waits first.
 * Whatever goes wrong on the way comes to fetch_fail(), which retries what may
 * pass and tells the rest, with the URL before it and with what has become of
 * the bytes that came. */

#include "config.h"

#include <inttypes.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"
#include "core/log.h"
#include "core/units.h"
#include "http/fetch-private.h"
#include "http/tell.h"

#define WAIT_FIRST (1 * G_TIME_SPAN_SECOND)
#define WAIT_LONGEST (60 * G_TIME_SPAN_SECOND)

static void ask (GsockFetch *fetch);

static void
fetch_free (GsockFetch *fetch)
{
  fetch_drop_answer (fetch);
  gsock_worker_disarm (gsock_http_get_worker (fetch->http), &fetch->timer);
  gsock_sink_free (fetch->sink);
  gsock_redirects_clear (&fetch->redirects);
  gsock_redirect_clear (&fetch->next);
  g_clear_pointer (&fetch->checksum, g_checksum_free);
  g_clear_pointer (&fetch->body, g_bytes_unref);
  if (fetch->heads != NULL)
    g_string_free (fetch->heads, TRUE);
  g_byte_array_unref (fetch->stash);
  gsock_url_unref (fetch->url);
  gsock_url_unref (fetch->current);
  g_free (fetch->auth_sent);
  g_free (fetch->expected);
  g_free (fetch->reason);
  g_free (fetch->report.sha256);
  g_free (fetch);
}

static void
end (GsockFetch *fetch, const GError *error)
{
  fetch->report.ended = g_get_monotonic_time ();
  fetch->func (fetch, error, fetch->data);
  fetch_free (fetch);
}

/* Errors */

static char *
where (const GsockFetch *fetch)
{
  if (fetch->current == fetch->url)
    return gsock_escape (fetch->url->text, -1);
  return g_strdup_printf ("%s -> %s", fetch->url->text, fetch->current->text);
}

/* What is left of it, where that is a file. */
static char *
outcome (GsockFetch *fetch)
{
  guint64 kept;

  if (!gsock_sink_can_restart (fetch->sink))
    return g_strdup ("");
  kept = gsock_sink_abandon (fetch->sink);
  if (kept == 0)
    return g_strdup (_ ("; nothing was saved"));
  return g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE,
                   /* TRANSLATORS: after an error; a file's name is last */
                   "; %" PRIu64 " byte is in %s, where -c goes on",
                   "; %" PRIu64 " bytes are in %s, where -c goes on",
                   (gulong) kept),
      kept, gsock_sink_get_part_name (fetch->sink));
}

static void
tell (GsockFetch *fetch, const GError *error)
{
  g_autofree char *url = where (fetch);
  g_autofree char *left = outcome (fetch);
  g_autoptr (GError) whole = g_error_new (
      error->domain, error->code, "%s: %s%s", url, error->message, left);

  end (fetch, whole);
}

/* What another try may change. */
static gboolean
is_passing (const GError *error)
{
  if (error->domain != GSOCK_ERROR)
    return TRUE;
  switch (error->code)
    {
    case GSOCK_ERROR_FAILED:
    case GSOCK_ERROR_RESET:
    case GSOCK_ERROR_CUT:
    case GSOCK_ERROR_NAME:
    case GSOCK_ERROR_CONNECT:
    case GSOCK_ERROR_TIMED_OUT:
      return TRUE;
    default:
      return FALSE;
    }
}

/* Where bytes have gone out that can't be taken back, only a server that can
 * go on from there helps. */
static gboolean
can_go_on (const GsockFetch *fetch)
{
  return gsock_sink_can_restart (fetch->sink) || fetch->report.size == 0;
}

/* What can't be sent twice without harm may be if nobody has had it. */
static gboolean
was_not_sent (const GError *error)
{
  return g_error_matches (error, GSOCK_ERROR, GSOCK_ERROR_NAME)
         || g_error_matches (error, GSOCK_ERROR, GSOCK_ERROR_CONNECT);
}

static gboolean
may_retry (const GsockFetch *fetch, const GError *error)
{
  const GsockFetchOptions *options = fetch->options;

  return is_passing (error) && can_go_on (fetch)
         && (options->retries < 0 || fetch->report.retries < options->retries)
         && (fetch->until == 0 || g_get_monotonic_time () < fetch->until)
         && (gsock_method_is_idempotent (fetch->method)
             || was_not_sent (error));
}

static void arm (GsockFetch *fetch);

static void
wait_and_ask (GsockFetch *fetch, const GError *error)
{
  gint64 wait = WAIT_FIRST << MIN (fetch->report.retries, 6);
  g_autofree char *url = where (fetch);
  g_autoptr (GError) whole = g_error_new (error->domain, error->code, "%s: %s",
                                          url, error->message);

  wait = MAX (MIN (wait, WAIT_LONGEST), fetch->retry_after);
  fetch->retry_after = 0;
  fetch->report.retries++;
  fetch->restarted = FALSE;
  gsock_log (GSOCK_EVENT_RETRYING, .duration = wait, .error = whole);
  fetch_drop_answer (fetch);
  fetch->wait_until = g_get_monotonic_time () + wait;
  arm (fetch);
}

void
fetch_fail (GsockFetch *fetch, const GError *error)
{
  g_autoptr (GError) reason = g_error_copy (error);

  fetch_write_heads (fetch);
  if (may_retry (fetch, reason))
    wait_and_ask (fetch, reason);
  else
    {
      fetch_drop_answer (fetch);
      tell (fetch, reason);
    }
}

/* The end of an answer */

static gboolean
check_digest (GsockFetch *fetch, GError **error)
{
  if (fetch->checksum == NULL)
    return TRUE;
  g_free (fetch->report.sha256);
  fetch->report.sha256 = g_strdup (g_checksum_get_string (fetch->checksum));
  if (fetch->expected == NULL
      || g_str_equal (fetch->report.sha256, fetch->expected))
    return TRUE;
  g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_FRAME_BAD,
               /* TRANSLATORS: two digests of 64 digits */
               _ ("its SHA-256 is %s and not %s"), fetch->report.sha256,
               fetch->expected);
  return FALSE;
}

static gboolean
is_saved (const GsockFetch *fetch)
{
  return fetch->fate == FETCH_BODY_SINK && fetch->error == NULL;
}

static gboolean
complete (GsockFetch *fetch, GError **error)
{
  if (!fetch_check_part (fetch, error))
    return FALSE;
  if (fetch->decoder != NULL && !gsock_decoder_finish (fetch->decoder, error))
    return FALSE;
  if (fetch->error == NULL && !check_digest (fetch, error))
    {
      gsock_sink_spoil (fetch->sink);
      return FALSE;
    }
  if (!is_saved (fetch))
    return TRUE;
  if (!gsock_sink_commit (fetch->sink, error))
    return FALSE;
  fetch->report.saved = gsock_sink_get_path (fetch->sink) != NULL;
  return TRUE;
}

static void
finish (GsockFetch *fetch)
{
  g_autoptr (GError) error = NULL;

  /* HTTP/0.9 again, of which not even a body has come. */
  if ((fetch->fate == FETCH_BODY_NONE && !fetch_begin_simple (fetch, &error))
      || !complete (fetch, &error))
    {
      fetch_fail (fetch, error);
      return;
    }
  if (fetch->error != NULL)
    {
      error = g_steal_pointer (&fetch->error);
      tell (fetch, error);
      return;
    }
  if (!is_saved (fetch))
    gsock_sink_abandon (fetch->sink);
  end (fetch, NULL);
}

/* The file is there, and as long as theirs: nothing else is known of it. */
static void
finish_there (GsockFetch *fetch)
{
  g_autoptr (GError) error = NULL;

  if ((fetch->checksum != NULL
       && !gsock_sink_feed_there (fetch->sink, fetch->checksum, &error))
      || !check_digest (fetch, &error))
    {
      fetch_fail (fetch, error);
      return;
    }
  fetch->report.saved = TRUE;
  end (fetch, NULL);
}

/* The part that was there was all of it. */
static void
finish_whole (GsockFetch *fetch)
{
  GsockSinkOrigin origin = { .length = -1 };
  g_autoptr (GError) error = NULL;
  guint64 size;

  fetch->report.size = fetch->report.resumed = fetch->offset;
  if (fetch->checksum != NULL)
    g_checksum_reset (fetch->checksum);
  if (gsock_sink_is_there (fetch->sink, &size))
    {
      finish_there (fetch);
      return;
    }
  fetch->fate = FETCH_BODY_SINK;
  origin.url = fetch->url->text;
  if (gsock_sink_begin (fetch->sink, TRUE, &origin, fetch->checksum, &error))
    finish (fetch);
  else
    fetch_fail (fetch, error);
}

static void
follow (GsockFetch *fetch)
{
  GsockUrl *url = gsock_url_new_from_uri (fetch->next.url);

  if (url == NULL)
    {
      g_autofree char *text = g_uri_to_string (fetch->next.url);
      g_autofree char *shown = gsock_escape_brief (text);
      g_autoptr (GError) error = g_error_new (
          GSOCK_ERROR, GSOCK_ERROR_FRAME_BAD,
          _ ("it redirects to '%s', which can't be asked"), shown);

      fetch_fail (fetch, error);
      return;
    }
  if (gsock_explaining ())
    gsock_http_tell_redirect (fetch->current->text, url->text,
                              fetch->next.foreign);
  fetch->method = fetch->next.method;
  if (fetch->next.drop_body)
    g_clear_pointer (&fetch->body, g_bytes_unref);
  fetch->foreign |= fetch->next.foreign;
  gsock_redirect_clear (&fetch->next);
  gsock_url_unref (fetch->current);
  fetch->current = url;
  fetch->report.current = url;
  fetch->report.redirects++;
  fetch_drop_answer (fetch);
  ask (fetch);
}

/* The answer, or as much of it as is wanted, has come. */
void
fetch_answer_over (GsockFetch *fetch)
{
  g_autoptr (GError) error = NULL;

  switch (fetch->then)
    {
    case FETCH_THEN_REDIRECT:
      follow (fetch);
      break;
    case FETCH_THEN_AGAIN:
      fetch_drop_answer (fetch);
      ask (fetch);
      break;
    case FETCH_THEN_RETRY:
      error = g_error_new (GSOCK_ERROR, GSOCK_ERROR_REMOTE,
                           _ ("the server answered %d %s"),
                           fetch->report.status, fetch->report.reason);
      wait_and_ask (fetch, error);
      break;
    case FETCH_THEN_WHOLE:
      finish_whole (fetch);
      break;
    case FETCH_THEN_DONE:
    default:
      finish (fetch);
      break;
    }
}

/* Time */

static void
consider (gint64 *due, gint64 when)
{
  if (when > 0 && (*due == 0 || when < *due))
    *due = when;
}

static void
arm (GsockFetch *fetch)
{
  gint64 due = 0;

  consider (&due, fetch->until);
  consider (&due, fetch->wait_until);
  if (fetch->exchange != NULL)
    consider (&due, fetch->window_end);
  if (due > 0)
    gsock_worker_arm (gsock_http_get_worker (fetch->http), &fetch->timer, due);
}

static void
start_window (GsockFetch *fetch, gint64 now)
{
  fetch->window_received = 0;
  fetch->window_sent = gsock_exchange_get_sent (fetch->exchange);
  fetch->window_end = fetch->options->min_rate > 0
                          ? now + fetch->options->min_time
                          : 0;
}

static void
tell_time (GsockFetch *fetch)
{
  g_autofree char *limit = gsock_format_time (fetch->options->max_time);
  g_autoptr (GError)
      error = g_error_new (GSOCK_ERROR, GSOCK_ERROR_TIMED_OUT,
                           _ ("it was not done within %s (--max-time)"), limit);

  fetch_fail (fetch, error);
}

/* Bytes that have come since the window began, or gone. */
static guint64
window_moved (const GsockFetch *fetch)
{
  guint64 sent = gsock_exchange_get_sent (fetch->exchange);

  return fetch->window_received + sent - MIN (sent, fetch->window_sent);
}

/* While our reader is slow, the server may be too; and while nothing is
 * connected yet, --timeout counts. */
static void
check_rate (GsockFetch *fetch, gint64 now)
{
  const GsockFetchOptions *options = fetch->options;
  double wanted = (double) options->min_rate * (double) options->min_time
                  / G_TIME_SPAN_SECOND;
  guint64 moved = window_moved (fetch);
  g_autofree char *time = gsock_format_time (options->min_time);
  g_autofree char *size = gsock_format_size (moved);
  g_autoptr (GError) error = NULL;

  if (fetch->holding || (double) moved >= MAX (wanted, 1)
      || gsock_exchange_get_active (fetch->exchange) == 0)
    {
      start_window (fetch, now);
      arm (fetch);
      return;
    }
  error = g_error_new (GSOCK_ERROR, GSOCK_ERROR_TIMED_OUT,
                       /* TRANSLATORS: a size and a time, "12 bytes", "5 s" */
                       _ ("only %s came in %s (--min-rate)"), size, time);
  fetch_fail (fetch, error);
}

static void
timer_cb (GsockTimer *timer)
{
  GsockFetch *fetch = (GsockFetch *) timer;
  gint64 now = g_get_monotonic_time ();

  if (fetch->until > 0 && now >= fetch->until)
    tell_time (fetch);
  else if (fetch->wait_until > 0 && now >= fetch->wait_until)
    ask (fetch);
  else if (fetch->exchange != NULL && fetch->window_end > 0
           && now >= fetch->window_end)
    check_rate (fetch, now);
  else
    arm (fetch);
}

/* The beginning */

/* To https, where the host is known to want that. */
static void
upgrade (GsockFetch *fetch)
{
  GsockUrl *url = fetch->options->session != NULL ? gsock_session_upgrade (
                      fetch->options->session, fetch->current)
                                                  : NULL;

  if (url == NULL)
    return;
  gsock_url_unref (fetch->current);
  fetch->current = url;
  fetch->report.current = url;
}

static void
ask (GsockFetch *fetch)
{
  g_autoptr (GError) error = NULL;
  GsockRequest *request;

  upgrade (fetch);
  request = fetch_new_request (fetch, &error);
  fetch->wait_until = 0;
  fetch->report.status = 0;
  if (request == NULL)
    {
      fetch_drop_answer (fetch);
      tell (fetch, error);
      return;
    }
  fetch->then = FETCH_THEN_DONE;
  fetch->exchange = gsock_exchange_start (fetch->http, request, &fetch_notify,
                                          fetch);
  start_window (fetch, g_get_monotonic_time ());
  arm (fetch);
}

static const char *
method_of (const GsockFetchOptions *options)
{
  if (options->method != NULL)
    return options->method;
  return options->body != NULL ? "POST" : "GET";
}

static void
first_cb (GsockTimer *timer)
{
  GsockFetch *fetch = (GsockFetch *) timer;
  g_autoptr (GError) error = NULL;

  fetch->timer.func = timer_cb;
  if (gsock_sink_prepare (fetch->sink, &error))
    ask (fetch);
  else
    {
      g_autofree char *url = where (fetch);

      g_prefix_error (&error, "%s: ", url);
      end (fetch, error);
    }
}

static GUri *
upgrade_cb (gpointer data, GUri *url)
{
  return gsock_session_upgrade_uri (data, url);
}

/**
 * gsock_fetch_start:
 * @http: whose connections it uses
 * @options: outlive it
 * @url: what to fetch
 * @sink: (transfer full): where to
 * @sha256: (nullable): what the whole must have
 * @func: told how it ended, once, never before this has returned
 * @data: for @func
 *
 * Returns: (transfer none): it frees itself when it has called @func
 */
GsockFetch *
gsock_fetch_start (GsockHttp *http, const GsockFetchOptions *options,
                   GsockUrl *url, GsockSink *sink, const char *sha256,
                   GsockFetchFunc func, gpointer data)
{
  GsockFetch *fetch = g_new0 (GsockFetch, 1);
  gint64 now = g_get_monotonic_time ();

  fetch->http = http;
  fetch->options = options;
  fetch->func = func;
  fetch->data = data;
  fetch->sink = sink;
  fetch->url = gsock_url_ref (url);
  fetch->current = gsock_url_ref (url);
  fetch->method = method_of (options);
  fetch->body = options->body != NULL ? g_bytes_ref (options->body) : NULL;
  fetch->stash = g_byte_array_new ();
  fetch->part_size = -1;
  fetch->expected = sha256 != NULL ? g_ascii_strdown (sha256, -1) : NULL;
  fetch->checksum = sha256 != NULL ? g_checksum_new (G_CHECKSUM_SHA256) : NULL;
  gsock_redirects_init (&fetch->redirects, options->max_redirects);
  if (options->session != NULL)
    {
      fetch->redirects.upgrade = upgrade_cb;
      fetch->redirects.upgrade_data = options->session;
    }
  fetch->has_turn = gsock_sink_get_path (sink) != NULL;
  fetch->report = (GsockFetchReport) {
    .url = fetch->url,
    .current = fetch->current,
    .length = -1,
    .begun = now,
  };
  fetch->until = options->max_time > 0 ? now + options->max_time : 0;
  fetch->timer.func = first_cb;
  gsock_worker_arm (gsock_http_get_worker (http), &fetch->timer, now);
  return fetch;
}

/**
 * gsock_fetch_cancel:
 * @fetch: (transfer full): one whose func has not been called
 */
void
gsock_fetch_cancel (GsockFetch *fetch)
{
  fetch_drop_answer (fetch);
  gsock_sink_abandon (fetch->sink);
  fetch_free (fetch);
}

void
gsock_fetch_give_turn (GsockFetch *fetch)
{
  fetch->has_turn = TRUE;
  fetch_drain (fetch);
}

void
gsock_fetch_relieve (GsockFetch *fetch)
{
  if (fetch->has_turn)
    fetch_drain (fetch);
}

const GsockFetchReport *
gsock_fetch_get_report (const GsockFetch *fetch)
{
  return &fetch->report;
}

GsockSink *
gsock_fetch_get_sink (const GsockFetch *fetch)
{
  return fetch->sink;
}

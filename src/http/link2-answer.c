/* link2-answer.c: what comes on a connection of HTTP/2, and for whom
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#ifdef HAVE_NGHTTP2

#include <inttypes.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"
#include "core/log.h"
#include "http/link2-private.h"
#include "http/tell.h"

#define STREAM_WINDOW (8 * 1024 * 1024)
#define FIRST_WINDOW 65535 /* the protocol's own */

/* The end of an exchange */

/* Its head and trailers live on until done has been told. */
static void
finish (Link2 *link2, Stream *stream, const GError *error)
{
  GsockExchange *exchange = link2_detach (link2, stream);

  exchange->trailers = stream->answer.trailers;
  gsock_exchange_finish (exchange, error);
  link2_stream_free (stream);
}

/* That the library does not know of it is not known to the server yet. */
static void
fail (Link2 *link2, Stream *stream, const GError *error)
{
  nghttp2.submit_rst_stream (link2->session, NGHTTP2_FLAG_NONE, stream->id,
                             NGHTTP2_PROTOCOL_ERROR);
  finish (link2, stream, error);
}

/* How far it had come, and @detail (or NULL) of why no further. */
void
link2_finish_cut (Link2 *link2, Stream *stream, int code, const char *detail)
{
  g_autoptr (GError) cut = NULL;
  g_autoptr (GError) both = NULL;

  gsock_http2_set_cut (&stream->answer, &cut);
  if (detail != NULL)
    both = g_error_new (GSOCK_ERROR, code, "%s (%s)", cut->message, detail);
  finish (link2, stream, both != NULL ? both : cut);
}

static void
finish_closed (Link2 *link2, Stream *stream, guint32 code)
{
  const char *name = nghttp2.http2_strerror (code);
  g_autofree char *detail = g_strdup_printf (
      code == NGHTTP2_HTTP_1_1_REQUIRED
          /* TRANSLATORS: a code of HTTP/2: "INTERNAL_ERROR" */
          ? _ ("the server closed the stream: %s; try --http1")
          : _ ("the server closed the stream: %s"),
      name);

  link2_finish_cut (link2, stream, GSOCK_ERROR_RESET, detail);
}

static void
finish_refused (Link2 *link2, Stream *stream)
{
  g_autoptr (GError) error = g_error_new_literal (
      GSOCK_ERROR, GSOCK_ERROR_RESET,
      _ ("the server refuses to look at the request"));
  GsockExchange *exchange = link2_detach (link2, stream);

  gsock_exchange_refuse (exchange, error);
  link2_stream_free (stream);
}

/* A length that the body hasn't is found by the library, which says no more
 * than that a rule is broken. */
static void
finish_broken (Link2 *link2, Stream *stream)
{
  const GsockHttp2 *answer = &stream->answer;
  g_autoptr (GError) error = NULL;

  if (stream->why != NULL)
    {
      finish (link2, stream, stream->why);
      return;
    }
  if (answer->length < 0 || stream->announced == (guint64) answer->length)
    error = g_error_new (GSOCK_ERROR, GSOCK_ERROR_FRAME_BAD,
                         /* TRANSLATORS: what is wrong, in a library's words */
                         _ ("the answer breaks the rules of HTTP/2: %s"),
                         link2->words != NULL
                             ? link2->words
                             : nghttp2.http2_strerror (NGHTTP2_PROTOCOL_ERROR));
  else if (stream->announced > (guint64) answer->length)
    error = g_error_new (GSOCK_ERROR, GSOCK_ERROR_FRAME_BAD,
                         _ ("the body is longer than its Content-Length tells "
                            "(%" PRIu64 ")"),
                         (guint64) answer->length);
  else
    gsock_http2_set_cut (answer, &error);
  finish (link2, stream, error);
}

/* What nghttp2 tells */

static int
header_cb (nghttp2_session *session G_GNUC_UNUSED, const nghttp2_frame *frame,
           const uint8_t *name, size_t name_size, const uint8_t *value,
           size_t value_size, uint8_t flags G_GNUC_UNUSED, void *data)
{
  Link2 *link2 = data;
  Stream *stream = link2_find (link2, frame->hd.stream_id);

  if (stream == NULL || stream->why != NULL)
    return 0;
  return gsock_http2_add_field (&stream->answer, (const char *) name, name_size,
                                (const char *) value, value_size, &stream->why)
             ? 0
             : NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
}

/* Of a kind that the library would let pass. */
static int
invalid_header_cb (nghttp2_session *session G_GNUC_UNUSED,
                   const nghttp2_frame *frame, const uint8_t *name,
                   size_t name_size, const uint8_t *value G_GNUC_UNUSED,
                   size_t value_size G_GNUC_UNUSED, uint8_t flags G_GNUC_UNUSED,
                   void *data)
{
  Link2 *link2 = data;
  Stream *stream = link2_find (link2, frame->hd.stream_id);
  g_autofree char *text = g_strndup ((const char *) name, name_size);
  g_autofree char *shown = gsock_escape_brief (text);

  if (stream != NULL && stream->why == NULL)
    stream->why = g_error_new (GSOCK_ERROR, GSOCK_ERROR_FRAME_BAD,
                               /* TRANSLATORS: a header's name */
                               _ ("HTTP/2 allows no header '%s' as it came"),
                               shown);
  return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
}

static int
error_cb (nghttp2_session *session G_GNUC_UNUSED, int code G_GNUC_UNUSED,
          const char *text, size_t size, void *data)
{
  Link2 *link2 = data;
  g_autofree char *copy = g_strndup (text, size);

  g_free (link2->words);
  link2->words = gsock_escape_brief (copy);
  return 0;
}

static int
invalid_frame_cb (nghttp2_session *session G_GNUC_UNUSED,
                  const nghttp2_frame *frame, int code, void *data)
{
  Link2 *link2 = data;
  Stream *stream = link2_find (link2, frame->hd.stream_id);
  const char *words = link2->words != NULL ? link2->words
                                           : nghttp2.strerror (code);

  if (stream != NULL && stream->why == NULL)
    stream->why = g_error_new (GSOCK_ERROR, GSOCK_ERROR_FRAME_BAD,
                               _ ("the answer breaks the rules of HTTP/2: %s"),
                               words);
  return 0;
}

/* What we tell the server of it, if anything has been wrong with all of it. */
static int
sent_cb (nghttp2_session *session G_GNUC_UNUSED, const nghttp2_frame *frame,
         void *data)
{
  Link2 *link2 = data;
  const nghttp2_goaway *goaway = &frame->goaway;
  g_autofree char *text = NULL;

  if (frame->hd.type != NGHTTP2_GOAWAY || goaway->error_code == NGHTTP2_NO_ERROR
      || link2->reason != NULL)
    return 0;
  text = g_strndup ((const char *) goaway->opaque_data,
                    goaway->opaque_data_len);
  link2->reason = g_strdup_printf (
      /* TRANSLATORS: what is wrong, in a library's words */
      _ ("what came is no HTTP/2: %s"),
      text != NULL && *text != '\0'
          ? text
          : nghttp2.http2_strerror (goaway->error_code));
  return 0;
}

static void
take_fields (Link2 *link2, Stream *stream)
{
  GsockExchange *exchange = stream->exchange;
  g_autoptr (GError) error = NULL;

  exchange->active = gsock_worker_now (
      gsock_connection_get_worker (link2->link.connection));
  if (!exchange->answered)
    exchange->times.answered = exchange->active;
  exchange->answered = TRUE;
  switch (gsock_http2_end_fields (&stream->answer, &error))
    {
    case GSOCK_HTTP2_HEAD:
      exchange->length = stream->answer.length;
      G_GNUC_FALLTHROUGH;
    case GSOCK_HTTP2_INTERIM:
      if (gsock_explaining ())
        gsock_http_tell_head (&stream->answer.head);
      exchange->notify->head (exchange, &stream->answer.head, exchange->data);
      break;
    case GSOCK_HTTP2_BAD:
      fail (link2, stream, error);
      break;
    case GSOCK_HTTP2_TRAILERS:
    default:
      break;
    }
}

/* All of the answer has come; of the request the server needs no more. */
static void
take_end (Link2 *link2, Stream *stream)
{
  const GBytes *body = stream->exchange->request->body;

  if (!stream->answer.has_head)
    return; /* the library closes it */
  if (body != NULL
      && stream->sent < g_bytes_get_size ((GBytes *) (guintptr) body))
    nghttp2.submit_rst_stream (link2->session, NGHTTP2_FLAG_NONE, stream->id,
                               NGHTTP2_NO_ERROR);
  if (gsock_explaining ())
    gsock_http_tell_body ("STREAM", stream->answer.received);
  finish (link2, stream, NULL);
}

static void
take_goaway (Link2 *link2, const nghttp2_goaway *goaway)
{
  if (goaway->error_code != NGHTTP2_NO_ERROR && link2->reason == NULL)
    link2->reason = g_strdup_printf (
        /* TRANSLATORS: a code of HTTP/2: "ENHANCE_YOUR_CALM" */
        _ ("the server ended the connection: %s"),
        nghttp2.http2_strerror (goaway->error_code));
}

static int
frame_cb (nghttp2_session *session G_GNUC_UNUSED, const nghttp2_frame *frame,
          void *data)
{
  Link2 *link2 = data;
  gint32 id = frame->hd.stream_id;
  guint type = frame->hd.type;
  Stream *stream = link2_find (link2, id);

  if (type == NGHTTP2_RST_STREAM && stream != NULL)
    stream->is_reset = TRUE;
  if (type == NGHTTP2_GOAWAY)
    take_goaway (link2, &frame->goaway);
  if (stream == NULL || (type != NGHTTP2_HEADERS && type != NGHTTP2_DATA))
    return 0;
  if (type == NGHTTP2_HEADERS)
    take_fields (link2, stream);
  /* Whoever was told of the head may have gone. */
  stream = link2_find (link2, id);
  if (stream != NULL && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM))
    take_end (link2, stream);
  return 0;
}

/* Read as it comes, and there is more of it: it is not to wait for us. */
static void
grow (Link2 *link2, Stream *stream)
{
  gint64 length = stream->answer.length;

  if (stream->has_grown || (length >= 0 && length <= FIRST_WINDOW))
    return;
  stream->has_grown = TRUE;
  nghttp2.session_set_local_window_size (link2->session, NGHTTP2_FLAG_NONE,
                                         stream->id, STREAM_WINDOW);
}

static int
data_cb (nghttp2_session *session, uint8_t flags G_GNUC_UNUSED, int32_t id,
         const uint8_t *bytes, size_t size, void *data)
{
  Link2 *link2 = data;
  Stream *stream = link2_find (link2, id);
  GsockExchange *exchange;

  nghttp2.session_consume_connection (session, size);
  if (stream == NULL)
    return 0;
  exchange = stream->exchange;
  exchange->active = gsock_worker_now (
      gsock_connection_get_worker (link2->link.connection));
  stream->answer.received += size;
  exchange->notify->body (exchange, (const char *) bytes, size, exchange->data);
  stream = link2_find (link2, id);
  if (stream == NULL)
    return 0;
  if (stream->is_held)
    stream->owed += size;
  else
    {
      nghttp2.session_consume_stream (session, id, size);
      grow (link2, stream);
    }
  return 0;
}

static int
begin_frame_cb (nghttp2_session *session G_GNUC_UNUSED,
                const nghttp2_frame_hd *head, void *data)
{
  Link2 *link2 = data;
  Stream *stream = link2_find (link2, head->stream_id);

  if (stream != NULL && head->type == NGHTTP2_DATA)
    stream->announced = stream->answer.received + head->length;
  return 0;
}

static int
closed_stream_cb (nghttp2_session *session G_GNUC_UNUSED, int32_t id,
                  uint32_t code, void *data)
{
  Link2 *link2 = data;
  Stream *stream = link2_find (link2, id);

  if (stream == NULL)
    return 0;
  if (code == NGHTTP2_REFUSED_STREAM)
    finish_refused (link2, stream);
  else if (!stream->is_reset)
    finish_broken (link2, stream);
  else
    finish_closed (link2, stream, code);
  return 0;
}

/* A request that never left. */
static int
not_sent_cb (nghttp2_session *session G_GNUC_UNUSED, const nghttp2_frame *frame,
             int code, void *data)
{
  Link2 *link2 = data;
  Stream *stream = link2_find (link2, frame->hd.stream_id);
  g_autoptr (GError) error = NULL;

  if (stream == NULL || frame->hd.type != NGHTTP2_HEADERS)
    return 0;
  if (code == NGHTTP2_ERR_START_STREAM_NOT_ALLOWED
      || code == NGHTTP2_ERR_SESSION_CLOSING)
    {
      finish_refused (link2, stream);
      return 0;
    }
  error = g_error_new (GSOCK_ERROR, GSOCK_ERROR_FAILED,
                       /* TRANSLATORS: why, in a library's words */
                       _ ("the request can't be sent by HTTP/2: %s"),
                       nghttp2.strerror (code));
  finish (link2, stream, error);
  return 0;
}

void
link2_set_callbacks (nghttp2_session_callbacks *callbacks)
{
  nghttp2.session_callbacks_set_error_callback2 (callbacks, error_cb);
  nghttp2.session_callbacks_set_on_begin_frame_callback (callbacks,
                                                         begin_frame_cb);
  nghttp2.session_callbacks_set_on_data_chunk_recv_callback (callbacks,
                                                             data_cb);
  nghttp2.session_callbacks_set_on_frame_not_send_callback (callbacks,
                                                            not_sent_cb);
  nghttp2.session_callbacks_set_on_frame_recv_callback (callbacks, frame_cb);
  nghttp2.session_callbacks_set_on_frame_send_callback (callbacks, sent_cb);
  nghttp2.session_callbacks_set_on_header_callback (callbacks, header_cb);
  nghttp2.session_callbacks_set_on_invalid_frame_recv_callback (
      callbacks, invalid_frame_cb);
  nghttp2.session_callbacks_set_on_invalid_header_callback (callbacks,
                                                            invalid_header_cb);
  nghttp2.session_callbacks_set_on_stream_close_callback (callbacks,
                                                          closed_stream_cb);
}

#endif

/* link2.c: exchanges on a connection of HTTP/2: many at once
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* nghttp2 knows the protocol and has no I/O: what comes is put into it, what it
 * wants to say is taken out, and what it finds is told to the callbacks here.
 * It takes any number of requests and keeps those back for which the server
 * has no stream yet.
 *
 * An answer is whole when a frame that was accepted says so, and never else: a
 * stream that is closed before is cut, whatever it was closed with.  A stream
 * whose exchange has ended is forgotten at once, so what comes on it later
 * finds nobody.
 *
 * Flow control: a stream begins with the small window that the protocol has;
 * one that is read as it comes gets a large one.  What is held is not given
 * back, so the server stops; and when all are held, the connection is, so
 * that then the kernel's buffers are the limit as with HTTP/1.  The
 * connection's own window never keeps anything back: one stream that waits
 * for its turn would stop the one whose turn it is. */

#include "config.h"

#include "http/exchange-private.h"

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/log.h"

#ifdef HAVE_NGHTTP2

#include <string.h>

#include "http/http1.h"
#include "http/link2-private.h"
#include "http/tell.h"

#define CONNECTION_WINDOW (64 * 1024 * 1024)
/* Sent in one piece; a record of TLS has as many. */
#define PIECE (16 * 1024)
/* Streams of a connection, its waiting ones too. */
#define STREAMS_MAX 1024

void
link2_stream_free (Stream *stream)
{
  gsock_http2_clear (&stream->answer);
  g_clear_error (&stream->why);
  g_free (stream);
}

Stream *
link2_find (const Link2 *link2, gint32 id)
{
  return g_hash_table_lookup (link2->streams, GINT_TO_POINTER (id));
}

/* Sending */

static void
send_piece (Link2 *link2)
{
  if (link2->out->len > 0)
    gsock_connection_send_bytes (link2->link.connection, link2->out->str,
                                 link2->out->len);
  g_string_set_size (link2->out, 0);
}

/* As much as the connection takes; the rest when it is relieved. */
static void
flush (Link2 *link2)
{
  const guint8 *data;
  gssize n = 0;

  while (!link2->link.closing
         && !gsock_connection_is_full (link2->link.connection)
         && (n = nghttp2.session_mem_send (link2->session, &data)) > 0)
    {
      g_string_append_len (link2->out, (const char *) data, n);
      if (link2->out->len >= PIECE)
        send_piece (link2);
    }
  send_piece (link2);
  if (n < 0 && link2->reason == NULL)
    link2->reason = g_strdup (nghttp2.strerror ((int) n));
  if (n < 0
      || (!nghttp2.session_want_read (link2->session)
          && !nghttp2.session_want_write (link2->session)))
    gsock_link_close (&link2->link);
}

static gboolean
flush_cb (gpointer data)
{
  Link2 *link2 = data;

  g_clear_pointer (&link2->flusher, g_source_unref);
  flush (link2);
  return G_SOURCE_REMOVE;
}

/* Soon: never in a callback of nghttp2's, nor while an exchange begins. */
static void
flush_soon (Link2 *link2)
{
  if (link2->flusher != NULL || link2->receiving)
    return;
  link2->flusher = g_idle_source_new ();
  g_source_set_priority (link2->flusher, G_PRIORITY_DEFAULT);
  g_source_set_callback (link2->flusher, flush_cb, link2, NULL);
  g_source_attach (link2->flusher,
                   link2->link.http != NULL
                       ? gsock_http_get_worker (link2->link.http)->context
                       : NULL);
}

/* Holding */

static void
settle_holds (Link2 *link2)
{
  guint n = g_hash_table_size (link2->streams);
  gboolean held = n > 0 && link2->held_count == n;

  if (link2->is_held == held)
    return;
  link2->is_held = held;
  if (held)
    gsock_connection_hold (link2->link.connection);
  else
    gsock_connection_release (link2->link.connection);
}

static void
set_held (Link2 *link2, Stream *stream, gboolean held)
{
  if (stream->is_held == held)
    return;
  stream->is_held = held;
  link2->held_count += held ? 1 : -1u;
  if (!held && stream->owed > 0)
    {
      nghttp2.session_consume_stream (link2->session, stream->id, stream->owed);
      stream->owed = 0;
      flush_soon (link2);
    }
}

static void
hold (GsockLink *link, GsockExchange *exchange, gboolean held)
{
  Link2 *link2 = (Link2 *) link;

  set_held (link2, exchange->stream, held);
  settle_holds (link2);
}

/* Requests */

static ssize_t
read_body_cb (nghttp2_session *session G_GNUC_UNUSED, int32_t id, uint8_t *to,
              size_t room, uint32_t *flags,
              nghttp2_data_source *source G_GNUC_UNUSED, void *data)
{
  Link2 *link2 = data;
  Stream *stream = link2_find (link2, id);
  gsize size, n;
  const char *body;

  if (stream == NULL)
    return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
  body = g_bytes_get_data (stream->exchange->request->body, &size);
  n = MIN (room, size - stream->sent);
  memcpy (to, body + stream->sent, n);
  stream->sent += n;
  stream->exchange->sent += n;
  stream->exchange->active = g_get_monotonic_time ();
  if (stream->sent == size)
    *flags |= NGHTTP2_DATA_FLAG_EOF;
  return (ssize_t) n;
}

static void
add_field (GArray *fields, GPtrArray *names, const char *name,
           const char *value)
{
  char *lower = g_ascii_strdown (name, -1);
  nghttp2_nv field = {
    .name = (uint8_t *) lower,
    .namelen = strlen (lower),
    .value = (uint8_t *) (guintptr) value,
    .valuelen = strlen (value),
  };

  g_ptr_array_add (names, lower);
  g_array_append_val (fields, field);
}

/* Of one connection, which with HTTP/2 is nobody's alone. */
static gboolean
is_for_connection (const char *name, const char *value)
{
  static const char *const names[] = { "connection",        "host",
                                       "keep-alive",        "proxy-connection",
                                       "transfer-encoding", "upgrade" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strcasecmp (name, names[i]) == 0)
      return TRUE;
  return g_ascii_strcasecmp (name, "te") == 0
         && g_ascii_strcasecmp (value, "trailers") != 0;
}

static void
tell_request (const GsockRequest *request, const GArray *fields)
{
  gsock_http_tell_stream (request->method, request->url->target);
  for (guint i = 0; i < fields->len; i++)
    {
      const nghttp2_nv *field = &g_array_index (fields, nghttp2_nv, i);
      g_autofree char *name = g_strndup ((const char *) field->name,
                                         field->namelen);
      g_autofree char *value = g_strndup ((const char *) field->value,
                                          field->valuelen);

      gsock_http_tell_sent (name, value);
    }
}

static gint32
submit (Link2 *link2, const GsockRequest *request)
{
  g_autoptr (GArray) fields = g_array_new (FALSE, FALSE, sizeof (nghttp2_nv));
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *host = gsock_request_get (request, "Host");
  const nghttp2_data_provider body = { .read_callback = read_body_cb };

  add_field (fields, names, ":method", request->method);
  add_field (fields, names, ":scheme", "https");
  add_field (fields, names, ":authority",
             host != NULL ? host : request->url->authority);
  add_field (fields, names, ":path", request->url->target);
  for (guint i = 0; i < request->fields->len; i += 2)
    if (!is_for_connection (request->fields->pdata[i],
                            request->fields->pdata[i + 1]))
      add_field (fields, names, request->fields->pdata[i],
                 request->fields->pdata[i + 1]);
  if (gsock_explaining ())
    tell_request (request, fields);
  return nghttp2.submit_request (
      link2->session, NULL, (const nghttp2_nv *) (gpointer) fields->data,
      fields->len, request->body != NULL ? &body : NULL, NULL);
}

static void
begin (GsockLink *link, GsockExchange *exchange)
{
  Link2 *link2 = (Link2 *) link;
  Stream *stream = g_new0 (Stream, 1);

  gsock_http2_init (&stream->answer);
  stream->exchange = exchange;
  stream->id = submit (link2, exchange->request);
  exchange->stream = stream;
  exchange->protocol = "HTTP/2";
  if (stream->id < 0)
    {
      /* No memory, or no more numbers: what is on it ends with it. */
      link2->reason = g_strdup (nghttp2.strerror (stream->id));
      gsock_link_close (link);
    }
  g_hash_table_insert (link2->streams, GINT_TO_POINTER (stream->id), stream);
  settle_holds (link2);
  flush_soon (link2);
}

/* The end of an exchange */

GsockExchange *
link2_detach (Link2 *link2, Stream *stream)
{
  GsockExchange *exchange = stream->exchange;

  stream->owed = 0;
  set_held (link2, stream, FALSE);
  g_hash_table_steal (link2->streams, GINT_TO_POINTER (stream->id));
  settle_holds (link2);
  return exchange;
}

static void
leave (GsockLink *link, GsockExchange *exchange)
{
  Link2 *link2 = (Link2 *) link;
  Stream *stream = exchange->stream;

  link2_detach (link2, stream);
  if (!link->closing)
    {
      nghttp2.submit_rst_stream (link2->session, NGHTTP2_FLAG_NONE, stream->id,
                                 NGHTTP2_CANCEL);
      flush_soon (link2);
    }
  link2_stream_free (stream);
}

/* The connection */

static void
opened (GsockLink *link)
{
  Link2 *link2 = (Link2 *) link;
  static const nghttp2_settings_entry settings[] = {
    { NGHTTP2_SETTINGS_ENABLE_PUSH, 0 },
    { NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, GSOCK_HTTP1_HEAD_LIMIT },
  };

  nghttp2.submit_settings (link2->session, NGHTTP2_FLAG_NONE, settings,
                           G_N_ELEMENTS (settings));
  nghttp2.session_set_local_window_size (link2->session, NGHTTP2_FLAG_NONE, 0,
                                         CONNECTION_WINDOW);
}

static void
bytes (GsockLink *link, const char *data, gsize size)
{
  Link2 *link2 = (Link2 *) link;
  gssize n;

  if (link->closing)
    return;
  link2->receiving = TRUE;
  n = nghttp2.session_mem_recv (link2->session, (const uint8_t *) data, size);
  link2->receiving = FALSE;
  if (n < 0 && link2->reason == NULL)
    link2->reason = g_strdup (nghttp2.strerror ((int) n));
  flush (link2);
  if (n < 0)
    gsock_link_close (link);
}

static void
relieved (GsockLink *link)
{
  flush_soon ((Link2 *) link);
}

/* Nothing of what has not come whole will. */
static void
cut_all (Link2 *link2, int code, const char *detail)
{
  GHashTableIter iter;
  gpointer stream;

  for (;;)
    {
      g_hash_table_iter_init (&iter, link2->streams);
      if (!g_hash_table_iter_next (&iter, NULL, &stream))
        return;
      link2_finish_cut (link2, stream, code, detail);
    }
}

static void
ended (GsockLink *link)
{
  Link2 *link2 = (Link2 *) link;

  link->closing = TRUE;
  cut_all (link2, GSOCK_ERROR_CUT, link2->reason);
  link->closing = FALSE;
}

static void
closed (GsockLink *link, const GError *error)
{
  Link2 *link2 = (Link2 *) link;
  int code = link2->reason != NULL ? GSOCK_ERROR_FRAME_BAD : GSOCK_ERROR_CUT;

  if (error != NULL && error->domain == GSOCK_ERROR)
    code = error->code;
  else if (error != NULL)
    code = GSOCK_ERROR_FAILED;
  cut_all (link2, code, error != NULL ? error->message : link2->reason);
}

static void
link2_free (GsockLink *link)
{
  Link2 *link2 = (Link2 *) link;

  if (link2->flusher != NULL)
    {
      g_source_destroy (link2->flusher);
      g_source_unref (link2->flusher);
    }
  g_hash_table_unref (link2->streams);
  nghttp2.session_del (link2->session);
  g_string_free (link2->out, TRUE);
  g_free (link2->reason);
  g_free (link2->words);
  g_free (link2);
}

static gboolean
is_free (GsockLink *link)
{
  Link2 *link2 = (Link2 *) link;

  return nghttp2.session_check_request_allowed (link2->session)
         && g_hash_table_size (link2->streams) < STREAMS_MAX;
}

static gboolean
is_idle (GsockLink *link)
{
  return g_hash_table_size (((Link2 *) link)->streams) == 0;
}

static const GsockLinkClass link2_class = {
  .name = "HTTP/2",
  .opened = opened,
  .begin = begin,
  .leave = leave,
  .hold = hold,
  .bytes = bytes,
  .ended = ended,
  .closed = closed,
  .free = link2_free,
  .relieved = relieved,
  .is_free = is_free,
  .is_idle = is_idle,
};

static nghttp2_session *
new_session (Link2 *link2)
{
  nghttp2_session_callbacks *callbacks = NULL;
  nghttp2_session *session = NULL;
  nghttp2_option *option = NULL;

  if (nghttp2.session_callbacks_new (&callbacks) == 0
      && nghttp2.option_new (&option) == 0)
    {
      link2_set_callbacks (callbacks);
      nghttp2.option_set_no_auto_window_update (option, 1);
      if (nghttp2.session_client_new2 (&session, callbacks, link2, option) != 0)
        session = NULL;
    }
  if (option != NULL)
    nghttp2.option_del (option);
  if (callbacks != NULL)
    nghttp2.session_callbacks_del (callbacks);
  return session;
}

GsockLink *
gsock_link2_new (GError **error)
{
  Link2 *link2;

  if (!gsock_nghttp2_load (error))
    return NULL;
  link2 = g_new0 (Link2, 1);
  link2->link.klass = &link2_class;
  link2->session = new_session (link2);
  if (link2->session == NULL)
    {
      g_free (link2);
      g_set_error_literal (error, GSOCK_ERROR, GSOCK_ERROR_LIMIT,
                           _ ("no memory is left for a connection"));
      return NULL;
    }
  link2->streams = g_hash_table_new_full (NULL, NULL, NULL,
                                          (GDestroyNotify) link2_stream_free);
  link2->out = g_string_sized_new (PIECE);
  return &link2->link;
}

gboolean
gsock_link2_load (GError **error)
{
  return gsock_nghttp2_load (error);
}

#else

gboolean
gsock_link2_load (GError **error)
{
  g_set_error_literal (error, GSOCK_ERROR, GSOCK_ERROR_FAILED,
                       _ ("This gsock was built without HTTP/2"));
  return FALSE;
}

GsockLink *
gsock_link2_new (GError **error)
{
  gsock_link2_load (error);
  return NULL;
}

#endif

/* link2-private.h: what the parts of a connection of HTTP/2 share
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "http/exchange-private.h"
#include "http/http2-library.h"
#include "http/http2.h"

G_BEGIN_DECLS

/* In the pool's thread. */
typedef struct
{
  GsockLink link; /* first: a link is its Link2 */
  nghttp2_session *session;
  GHashTable *streams; /* (element-type gint Stream): id -> it */
  GString *out;
  GSource *flusher; /* or NULL: there is nothing to be said */
  char *reason;     /* what is wrong with all of it, a clause; or NULL */
  char *words;      /* nghttp2's, of the last thing that it refused; or NULL */
  guint held_count; /* streams */
  gboolean is_held; /* the connection */
  gboolean receiving;
} Link2;

/* One exchange. */
typedef struct
{
  gint32 id;
  GsockExchange *exchange;
  GsockHttp2 answer;
  GError *why;       /* the server's fault, if there is one so far */
  gsize sent;        /* of the request's body */
  gsize owed;        /* bytes that came while it was held */
  guint64 announced; /* what @answer has received when this frame is through */
  gboolean is_held;
  gboolean is_reset;  /* by the server */
  gboolean has_grown; /* its window has */
} Stream;

Stream *link2_find (const Link2 *link2, gint32 id);
/* The exchange is off the link, and @stream the caller's to free. */
GsockExchange *link2_detach (Link2 *link2, Stream *stream);
void link2_stream_free (Stream *stream);

/* link2-answer.c */
void link2_set_callbacks (nghttp2_session_callbacks *callbacks);
/* How far it had come, and @detail (or NULL) of why no further. */
void link2_finish_cut (Link2 *link2, Stream *stream, int code,
                       const char *detail);

G_END_DECLS

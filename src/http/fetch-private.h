/* fetch-private.h: what the parts of a transfer share
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "http/decode.h"
#include "http/fetch.h"
#include "http/redirect.h"

G_BEGIN_DECLS

/* What becomes of the answer on its way. */
typedef enum
{
  FETCH_BODY_NONE,    /* no head has come */
  FETCH_BODY_SINK,    /* it is what was asked for */
  FETCH_BODY_DISCARD, /* a redirect's, an error's that has no place */
} FetchBody;

/* What happens when the answer has been read to its end. */
typedef enum
{
  FETCH_THEN_DONE,
  FETCH_THEN_REDIRECT, /* to @next */
  FETCH_THEN_AGAIN,    /* the same again: without the part, with credentials */
  FETCH_THEN_RETRY,    /* after a wait */
  FETCH_THEN_WHOLE,    /* the part was all of it already */
} FetchThen;

struct _GsockFetch
{
  GsockTimer timer; /* first: a timer is its fetch; one for all limits */
  GsockFetchReport report;
  GsockHttp *http;
  const GsockFetchOptions *options;
  GsockFetchFunc func;
  gpointer data;
  GsockSink *sink;
  GsockUrl *url, *current;
  GsockRedirects redirects;
  GsockRedirect next;
  const char *method;
  GBytes *body; /* to be sent */
  GsockExchange *exchange;
  GsockDecoder *decoder;
  GChecksum *checksum;
  char *expected; /* sha256, lower case */
  char *location;
  GString *heads;    /* for -i, until it is our turn */
  GByteArray *stash; /* of the body, what the sink had no room for */
  GError *error;     /* what an answer's end will be told with */
  FetchBody fate;
  FetchThen then;
  guint64 offset;     /* asked for: the part ends there */
  guint64 arrived;    /* bytes of this answer's body, off the wire */
  gint64 part_size;   /* what a 206 says that they will be; -1: it is none */
  gint64 until;       /* max_time's end */
  gint64 wait_until;  /* of a retry; 0: not waiting */
  gint64 retry_after; /* asked for by the server; µs */
  gint64 window_end;  /* of --min-rate */
  guint64 window_received;
  guint64 window_sent; /* of our body, when it began */
  GsockAuth *auth;     /* the session's; of the last request, or NULL */
  char *auth_sent;     /* with it */
  guint auth_tries;
  char *reason;
  gboolean foreign;   /* other than the first origin: nothing given by hand */
  gboolean restarted; /* once, without the part */
  gboolean has_turn;
  gboolean holding; /* the exchange */
  gboolean over;    /* the answer is whole, but the stash is not empty */
};

/* fetch.c */
void fetch_fail (GsockFetch *fetch, const GError *error);
void fetch_answer_over (GsockFetch *fetch);

/* fetch-request.c */
GsockRequest *fetch_new_request (GsockFetch *fetch, GError **error);
gboolean fetch_is_resuming (const GsockFetch *fetch);

/* fetch-denial.c */
/* 407 of the proxy that asks for us: what it says is not the server's answer. */
gboolean fetch_take_denial (GsockFetch *fetch, const GsockHttpHead *head);

/* fetch-answer.c */
extern const GsockExchangeNotify fetch_notify;
void fetch_drop_answer (GsockFetch *fetch);
/* All of the part that a 206 has announced has come. */
gboolean fetch_check_part (const GsockFetch *fetch, GError **error);
/* HTTP/0.9: no head comes first. */
gboolean fetch_begin_simple (GsockFetch *fetch, GError **error);

/* fetch-body.c: as GsockExchangeNotify has them. */
void fetch_take_body (GsockExchange *exchange, const char *bytes, gsize size,
                      gpointer data);
gssize fetch_move_body (GsockExchange *exchange, int fd, gsize size,
                        gpointer data);
void fetch_write_heads (GsockFetch *fetch);
gboolean fetch_is_blocked (const GsockFetch *fetch);
/* Goes on with what waits; FALSE when it failed, and the fetch is gone. */
void fetch_drain (GsockFetch *fetch);

G_END_DECLS

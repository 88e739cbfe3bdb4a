/* fetch.h: one URL to one sink: redirects, ranges, retries, time limits
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "http/exchange.h"
#include "http/session.h"
#include "http/sink.h"

G_BEGIN_DECLS

/* What all transfers of a run have in common; outlives them. */
typedef struct
{
  const char *method; /* NULL: GET, or POST with a body */
  GPtrArray *fields;  /* names and values in turn, given by hand: they take the
                         place of ours; a NULL value: without it */
  GBytes *body;       /* or NULL */
  const char *type;   /* of the body */
  const char *range;  /* "0-99"; or NULL */
  const char *user_agent;
  GsockSession *session; /* users, cookies, hosts of https only */
  guint max_redirects;
  gint64 retries;   /* -1: for ever */
  gint64 max_time;  /* µs for all of it; 0: no limit */
  guint64 min_rate; /* bytes a second over @min_time; 0: none */
  gint64 min_time;  /* µs */
  guint64 max_size; /* of the decoded body; 0: no limit */
  gboolean simple;  /* HTTP/0.9 */
  gboolean include; /* heads go to the sink too */
  gboolean no_follow;
  gboolean compressed; /* codings are asked for, and undone */
} GsockFetchOptions;

/* How it stands, and in the end how it went; for readers. */
typedef struct
{
  const GsockUrl *url;     /* asked for */
  const GsockUrl *current; /* where the redirects led */
  int status;              /* 0: no answer yet */
  const char *reason;
  const char *protocol; /* "HTTP/1.1"; NULL */
  guint redirects;
  guint retries;        /* made so far */
  guint64 received;     /* bytes of bodies off the wire */
  guint64 size;         /* bytes at the sink, resumed ones too */
  guint64 resumed;      /* of which were there before */
  gint64 length;        /* what @size will be; -1: not known */
  gint64 begun, ended;  /* monotonic µs; 0: not yet */
  GsockHttpTimes times; /* of the last exchange */
  char *sha256;         /* of the whole, where it was to be checked */
  gboolean is_body;     /* it comes now */
  gboolean saved;       /* the file stands at its place */
} GsockFetchReport;

/* Belongs to the thread of its GsockHttp's worker. */
typedef struct _GsockFetch GsockFetch;

/* Once; @error NULL: it is whole.  A sentence that begins with the URL. The
 * fetch is freed when it returns. */
typedef void (*GsockFetchFunc) (GsockFetch *fetch, const GError *error,
                                gpointer data);

/* @sink: (transfer full).  @sha256: expected, 64 digits; or NULL. */
GsockFetch *gsock_fetch_start (GsockHttp *http,
                               const GsockFetchOptions *options, GsockUrl *url,
                               GsockSink *sink, const char *sha256,
                               GsockFetchFunc func, gpointer data);
/* func is not called any more; its part file is treated as at a failure. */
void gsock_fetch_cancel (GsockFetch *fetch);

/* Nothing goes to the sink until it is this one's turn: outputs are shared. */
void gsock_fetch_give_turn (GsockFetch *fetch);
/* The sink was full, and may not be any more. */
void gsock_fetch_relieve (GsockFetch *fetch);

const GsockFetchReport *gsock_fetch_get_report (const GsockFetch *fetch);
GsockSink *gsock_fetch_get_sink (const GsockFetch *fetch);

G_END_DECLS

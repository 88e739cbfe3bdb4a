/* http1.h: the answers of HTTP/1.x taken apart, without any I/O (RFC 9112)
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "http/headers.h"

G_BEGIN_DECLS

/* Bytes of an answer's heads and trailers together, interim ones too. */
#define GSOCK_HTTP1_HEAD_LIMIT (256 * 1024)
/* Interim answers (1xx) before the one that was asked for. */
#define GSOCK_HTTP1_INTERIM_LIMIT 32

typedef enum
{
  GSOCK_HTTP1_MORE,    /* all was taken; it goes on */
  GSOCK_HTTP1_INTERIM, /* a 1xx, to be read off @head */
  GSOCK_HTTP1_HEAD,    /* the answer's */
  GSOCK_HTTP1_BODY,    /* @body is a piece of it */
  GSOCK_HTTP1_END,     /* all of it has come */
  GSOCK_HTTP1_BAD,     /* @error is set */
} GsockHttp1Event;

/* In its owner and touched by the owner's thread alone; the first lines, up to
 * @simple, are for readers. */
typedef struct
{
  GsockHttpHead head;    /* valid from HEAD (of a 1xx: until the next call) */
  GString *trailers;     /* as received; NULL: none */
  gint64 length;         /* announced by Content-Length; -1: not */
  gboolean chunked;      /* its body ends by a last chunk */
  guint64 chunks;        /* that have begun; the last one, of size 0, too */
  guint64 chunk;         /* size of the last of those */
  guint64 received;      /* bytes of the body so far */
  gboolean keeps_alive;  /* another request may follow on the connection */
  gboolean without_body; /* it answers a HEAD */
  gboolean simple;       /* HTTP/0.9: there are no heads */
  int state;
  guint64 left;    /* of the body or the chunk */
  gsize head_size; /* bytes counted against the limit */
  guint interims;
  GString *line; /* a head, or a chunk's line, that isn't whole yet */
} GsockHttp1;

/* @without_body: for HEAD. */
void gsock_http1_init (GsockHttp1 *answer, gboolean without_body);
/* HTTP/0.9: all that comes is the body. */
void gsock_http1_init_simple (GsockHttp1 *answer);
void gsock_http1_clear (GsockHttp1 *answer);

/* What has come of a head, or of trailers, that isn't whole; NULL: nothing, or
 * it is no head that comes. */
const GString *gsock_http1_get_part (const GsockHttp1 *answer);

/* Of a body of HTTP/1 or 2 that isn't whole: @length was announced, or -1;
 * GSOCK_ERROR_CUT, a clause. */
void gsock_http_set_body_cut (gint64 length, gboolean chunked, guint64 received,
                              GError **error);

/* What comes next in @data.  @consumed of it are done with; the rest (which may
 * be nothing, and still hold an END) is for the next call, until MORE.  A @body
 * points into @data.  GSOCK_ERROR_FRAME_BAD, _LIMIT: a clause. */
GsockHttp1Event gsock_http1_next (GsockHttp1 *answer, const char *data,
                                  gsize size, gsize *consumed,
                                  const char **body, gsize *body_size,
                                  GError **error);

/* Bytes of the body that come next and can't be anything else: they may be
 * taken off the connection without a look, and counted by gsock_http1_skip. */
guint64 gsock_http1_get_room (const GsockHttp1 *answer);
void gsock_http1_skip (GsockHttp1 *answer, gsize size);

/* The peer has ended: whether the answer is whole by that; else
 * GSOCK_ERROR_CUT. */
gboolean gsock_http1_finish (GsockHttp1 *answer, GError **error);
/* GSOCK_ERROR_CUT in the words for how far it had come, whatever cut it off. */
void gsock_http1_set_cut (const GsockHttp1 *answer, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GsockHttp1, gsock_http1_clear)

G_END_DECLS

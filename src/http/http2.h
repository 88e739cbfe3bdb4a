/* http2.h: an answer of HTTP/2 put together, without any I/O (RFC 9113)
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "http/headers.h"

G_BEGIN_DECLS

typedef enum
{
  GSOCK_HTTP2_INTERIM, /* a 1xx, to be read off @head */
  GSOCK_HTTP2_HEAD,    /* the answer's */
  GSOCK_HTTP2_TRAILERS,
  GSOCK_HTTP2_BAD, /* @error is set */
} GsockHttp2Event;

/* In its owner and touched by the owner's thread alone; the first four lines
 * are for readers.  What frames may stand where is the library's to know. */
typedef struct
{
  GsockHttpHead head; /* valid from HEAD (of a 1xx: until the next field) */
  GString *trailers;  /* as HTTP/1 would have them; NULL: none */
  gint64 length;      /* announced by Content-Length; -1: not */
  guint64 received;   /* bytes of the body so far */
  gboolean has_head;  /* the answer's, not a 1xx's */
  GString *lines;     /* of a head, or of trailers, that come */
  gsize size;         /* of all of them, against the limit */
  guint interims;
} GsockHttp2;

void gsock_http2_init (GsockHttp2 *answer);
void gsock_http2_clear (GsockHttp2 *answer);

/* One field in its turn, ":status" too.  GSOCK_ERROR_LIMIT, a clause. */
gboolean gsock_http2_add_field (GsockHttp2 *answer, const char *name,
                                gsize name_size, const char *value,
                                gsize value_size, GError **error);
/* All fields of one block have come.  GSOCK_ERROR_FRAME_BAD, _LIMIT. */
GsockHttp2Event gsock_http2_end_fields (GsockHttp2 *answer, GError **error);
/* GSOCK_ERROR_CUT in the words for how far it had come, whatever cut it off. */
void gsock_http2_set_cut (const GsockHttp2 *answer, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GsockHttp2, gsock_http2_clear)

G_END_DECLS

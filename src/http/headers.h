/* headers.h: the head of an answer: its status and its fields
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Strings of its head's. */
typedef struct
{
  const char *name;
  const char *value; /* without the blanks around it; folds are a space */
} GsockHttpField;

/* In its owner.  All zero is an empty one. */
typedef struct
{
  GString *raw; /* as received, to the empty line; of HTTP/2: as HTTP/1 would
                   have it */
  int status;
  int major, minor;
  const char *reason; /* "" where there is none */
  GArray *fields;     /* (element-type GsockHttpField), in their order */
  char *text;         /* of the fields */
} GsockHttpHead;

/* @raw (transfer full): a whole head, its empty line too.
 * GSOCK_ERROR_FRAME_BAD: a clause that says what is wrong with it. */
gboolean gsock_http_head_parse (GsockHttpHead *head, GString *raw,
                                GError **error);
/* The same of HTTP/2, whose first line is then "HTTP/2 200". */
gboolean gsock_http_head_parse2 (GsockHttpHead *head, GString *raw,
                                 GError **error);
void gsock_http_head_clear (GsockHttpHead *head);

/* The first field of that name, whatever its case; NULL: none. */
const char *gsock_http_head_get (const GsockHttpHead *head, const char *name);
/* The next one, from *@index (0 at first) on; NULL: no more. */
const char *gsock_http_head_next (const GsockHttpHead *head, const char *name,
                                  guint *index);
/* Whether a list such as Connection has the @token. */
gboolean gsock_http_head_has (const GsockHttpHead *head, const char *name,
                              const char *token);

/* "bytes 5-9/10" of a Content-Range; what it doesn't tell is -1. */
gboolean gsock_http_parse_content_range (const char *text, gint64 *first,
                                         gint64 *last, gint64 *length);

/* Whether @size bytes are a field's name, and whether they can be its value. */
gboolean gsock_http_is_token (const char *text, gsize size);
gboolean gsock_http_is_value (const char *text, gsize size);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GsockHttpHead, gsock_http_head_clear)

G_END_DECLS

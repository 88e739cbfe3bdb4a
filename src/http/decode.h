/* decode.h: content codings undone while the body arrives
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _GsockDecoder GsockDecoder;

/* Takes the next bytes, at most GSOCK_DECODE_PIECE; FALSE stops, with @error
 * set. */
typedef gboolean (*GsockDecodeFunc) (const char *data, gsize size,
                                     gpointer data_of_func, GError **error);

#define GSOCK_DECODE_PIECE (64 * 1024)

/* "gzip, deflate, br": what this build can undo, for Accept-Encoding. */
const char *gsock_decoder_accepts (void);

/* @codings is the Content-Encoding field, several joined by commas, or NULL;
 * @limit is of the decoded body, 0: none.  GSOCK_ERROR_FRAME_BAD: a coding
 * that is not known, or too many. */
GsockDecoder *gsock_decoder_new (const char *codings, guint64 limit,
                                 GError **error);
void gsock_decoder_free (GsockDecoder *decoder);

/* Whether anything is undone at all: else the bytes may take another way. */
gboolean gsock_decoder_is_plain (const GsockDecoder *decoder);

/* GSOCK_ERROR_FRAME_BAD: corrupt, or bytes after the end; GSOCK_ERROR_LIMIT;
 * else what @func said.  No more may be pushed after FALSE. */
gboolean gsock_decoder_push (GsockDecoder *decoder, const char *data,
                             gsize size, GsockDecodeFunc func, gpointer user,
                             GError **error);

/* The body ended: GSOCK_ERROR_CUT unless each coding ended too. */
gboolean gsock_decoder_finish (GsockDecoder *decoder, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GsockDecoder, gsock_decoder_free)

G_END_DECLS

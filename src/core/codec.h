/* codec.h: frames: how messages are told apart in a stream of bytes
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  GSOCK_DECODE_FRAME, /* @frame is set */
  GSOCK_DECODE_MORE,  /* not yet whole */
  GSOCK_DECODE_BAD,   /* @error is set */
} GsockDecode;

typedef struct
{
  gsize offset;   /* of the payload in the bytes looked at */
  gsize size;     /* of the payload; 0 is a message too */
  gsize consumed; /* bytes of the whole frame */
} GsockFrame;

/* What goes around a payload on the wire. */
typedef struct
{
  char head[24];
  gsize head_size;
  char tail[2];
  gsize tail_size;
} GsockFrameEnds;

/* Pure functions over bytes: no I/O, no state but @scanned, no allocation. */
typedef struct
{
  const char *name;
  const char *summary; /* N_(): for help */
  gboolean raw;        /* any piece of the stream is a message */

  /* The first frame of the @size bytes at @data.  @limit: largest payload.
   * @scanned (in and out, 0 at each new frame): how far an end was already
   * looked for, so that a slow line costs no quadratic time. */
  GsockDecode (*decode) (const char *data, gsize size, gsize limit,
                         gsize *scanned, GsockFrame *frame, GError **error);
  /* The stream has ended with @size > 0 bytes left over: a last message
   * (line) or GSOCK_ERROR_CUT that says how many bytes of what had come. */
  GsockDecode (*finish) (const char *data, gsize size, gsize limit,
                         GsockFrame *frame, GError **error);
  /* GSOCK_ERROR_USAGE where the frame can't carry it; @crlf: line only. */
  gboolean (*encode) (const char *data, gsize size, gboolean crlf,
                      GsockFrameEnds *ends, GError **error);
} GsockCodec;

/* "raw" "line" "nul" "u8" "u16" "u32" "u16le" "u32le" "int" "netstring";
 * GSOCK_ERROR_USAGE that lists them. */
const GsockCodec *gsock_codec_find (const char *name, GError **error);
/* The table, ended by one whose name is NULL. */
const GsockCodec *gsock_codecs (void);

G_END_DECLS

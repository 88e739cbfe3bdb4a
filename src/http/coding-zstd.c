/* coding-zstd.c: the coding zstd, by a library loaded when it is met
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#ifdef HAVE_ZSTD

#include <errno.h>
#include <zstd.h>

#include "core/error.h"
#include "http/coding.h"

/* RFC 9659: 8 MiB are enough for a body, and no server may ask for more. */
#define WINDOW_LOG_MAX 23

typedef struct
{
  typeof (&ZSTD_createDStream) create;
  typeof (&ZSTD_freeDStream) destroy;
  typeof (&ZSTD_DCtx_setParameter) set;
  typeof (&ZSTD_decompressStream) decompress;
  typeof (&ZSTD_isError) is_error;
  typeof (&ZSTD_getErrorName) error_name;
} Zstd;

static const GsockSymbol symbols[] = {
  { "ZSTD_createDStream", G_STRUCT_OFFSET (Zstd, create) },
  { "ZSTD_freeDStream", G_STRUCT_OFFSET (Zstd, destroy) },
  { "ZSTD_DCtx_setParameter", G_STRUCT_OFFSET (Zstd, set) },
  { "ZSTD_decompressStream", G_STRUCT_OFFSET (Zstd, decompress) },
  { "ZSTD_isError", G_STRUCT_OFFSET (Zstd, is_error) },
  { "ZSTD_getErrorName", G_STRUCT_OFFSET (Zstd, error_name) },
};

static Zstd zstd; /* filled once, by gsock_coding_load */

/* One body; what begins each of its frames is looked at before the library
 * sees it, which may know older formats too: those are no coding of HTTP. */
typedef struct
{
  ZSTD_DStream *stream;
  guchar magic[4];
  gsize magic_size;
} Body;

static gpointer
open_zstd (GError **error)
{
  Body *body;
  ZSTD_DStream *stream;

  if (!gsock_coding_load (&gsock_coding_zstd, &zstd, ZSTD_SONAME, symbols,
                          G_N_ELEMENTS (symbols), error))
    return NULL;

  stream = zstd.create ();
  if (stream == NULL)
    {
      gsock_coding_fail (&gsock_coding_zstd, gsock_errno_text (ENOMEM), error);
      return NULL;
    }
  zstd.set (stream, ZSTD_d_windowLogMax, WINDOW_LOG_MAX);
  body = g_new0 (Body, 1);
  body->stream = stream;
  return body;
}

static GsockCodingResult
decompress (Body *body, GsockCodingStep *step, GError **error)
{
  ZSTD_inBuffer in = { .src = step->in, .size = step->in_size };
  ZSTD_outBuffer out = { .dst = step->out, .size = step->out_room };
  size_t result = zstd.decompress (body->stream, &out, &in);

  if (zstd.is_error (result))
    {
      gsock_coding_fail (&gsock_coding_zstd, zstd.error_name (result), error);
      return GSOCK_CODING_BAD;
    }
  step->in += in.pos;
  step->in_size -= in.pos;
  step->out_size = out.pos;
  return result == 0 ? GSOCK_CODING_END : GSOCK_CODING_MORE;
}

/* RFC 8878, 3.1: a frame, or one to be skipped. */
static gboolean
is_magic (const guchar *magic)
{
  guint32 number = (guint32) magic[0] | (guint32) magic[1] << 8
                   | (guint32) magic[2] << 16 | (guint32) magic[3] << 24;

  return number == ZSTD_MAGICNUMBER
         || (number & ZSTD_MAGIC_SKIPPABLE_MASK) == ZSTD_MAGIC_SKIPPABLE_START;
}

static GsockCodingResult
run_zstd (gpointer state, GsockCodingStep *step, GError **error)
{
  Body *body = state;
  GsockCodingStep head = { .in = (const char *) body->magic,
                           .in_size = sizeof body->magic };

  if (body->magic_size == sizeof body->magic)
    return decompress (body, step, error);

  while (step->in_size > 0 && body->magic_size < sizeof body->magic)
    {
      body->magic[body->magic_size++] = (guchar) *step->in++;
      step->in_size--;
    }
  if (body->magic_size < sizeof body->magic)
    return GSOCK_CODING_MORE;
  if (is_magic (body->magic))
    /* It holds no byte of output, and is taken at once. */
    return decompress (body, &head, error);
  gsock_coding_fail (&gsock_coding_zstd, NULL, error);
  return GSOCK_CODING_BAD;
}

/* The library begins again by itself. */
static void
again_zstd (gpointer state)
{
  Body *body = state;

  body->magic_size = 0;
}

static void
close_zstd (gpointer state)
{
  Body *body = state;

  zstd.destroy (body->stream);
  g_free (body);
}

const GsockCoding gsock_coding_zstd = {
  .name = "zstd",
  .many = TRUE,
  .open = open_zstd,
  .run = run_zstd,
  .again = again_zstd,
  .close = close_zstd,
};

#endif

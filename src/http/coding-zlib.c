/* coding-zlib.c: gzip and deflate, by GLib
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <gio/gio.h>

#include "http/coding.h"

typedef struct
{
  GConverter *converter; /* NULL: the head is not complete */
  char head[2];
  gsize head_size;
} Deflate;

static GsockCodingResult
convert (const GsockCoding *coding, GConverter *converter,
         GsockCodingStep *step, GError **error)
{
  g_autoptr (GError) why = NULL;
  gsize taken = 0;
  gsize filled = 0;
  GConverterResult result = g_converter_convert (
      converter, step->in, step->in_size, step->out + step->out_size,
      step->out_room - step->out_size, G_CONVERTER_NO_FLAGS, &taken, &filled,
      &why);

  if (result == G_CONVERTER_ERROR)
    {
      if (g_error_matches (why, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT))
        return GSOCK_CODING_MORE;
      gsock_coding_fail (coding, NULL, error);
      return GSOCK_CODING_BAD;
    }
  step->in += taken;
  step->in_size -= taken;
  step->out_size += filled;
  return result == G_CONVERTER_FINISHED ? GSOCK_CODING_END : GSOCK_CODING_MORE;
}

static gpointer
open_gzip (GError **error G_GNUC_UNUSED)
{
  return g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);
}

static GsockCodingResult
run_gzip (gpointer state, GsockCodingStep *step, GError **error)
{
  return convert (&gsock_coding_gzip, state, step, error);
}

static void
again_gzip (gpointer state)
{
  g_converter_reset (state);
}

const GsockCoding gsock_coding_gzip = {
  .name = "gzip",
  .other_name = "x-gzip",
  .many = TRUE,
  .open = open_gzip,
  .run = run_gzip,
  .again = again_gzip,
  .close = g_object_unref,
};

static gpointer
open_deflate (GError **error G_GNUC_UNUSED)
{
  return g_new0 (Deflate, 1);
}

/* RFC 9110 means zlib's format by it; servers that send the bare one are
 * common.  The head of zlib's has a check of its own. */
static GZlibCompressorFormat
find_format (const char *head)
{
  guint first = (guchar) head[0];
  guint second = (guchar) head[1];

  return (first & 0x0f) == 8 && ((first << 8) + second) % 31 == 0
             ? G_ZLIB_COMPRESSOR_FORMAT_ZLIB
             : G_ZLIB_COMPRESSOR_FORMAT_RAW;
}

/* The two bytes that were looked at, which are always taken at once. */
static GsockCodingResult
run_head (Deflate *deflate, GsockCodingStep *step, GError **error)
{
  GsockCodingStep head = {
    .in = deflate->head,
    .in_size = sizeof deflate->head,
    .out = step->out,
    .out_room = step->out_room,
  };
  GsockCodingResult result = GSOCK_CODING_MORE;

  deflate->converter = G_CONVERTER (
      g_zlib_decompressor_new (find_format (deflate->head)));
  while (head.in_size > 0 && result == GSOCK_CODING_MORE)
    result = convert (&gsock_coding_deflate, deflate->converter, &head, error);
  step->out_size = head.out_size;
  return result;
}

static GsockCodingResult
run_deflate (gpointer state, GsockCodingStep *step, GError **error)
{
  Deflate *deflate = state;

  if (deflate->converter != NULL)
    return convert (&gsock_coding_deflate, deflate->converter, step, error);

  while (step->in_size > 0 && deflate->head_size < sizeof deflate->head)
    {
      deflate->head[deflate->head_size++] = *step->in++;
      step->in_size--;
    }
  if (deflate->head_size < sizeof deflate->head)
    return GSOCK_CODING_MORE;
  return run_head (deflate, step, error);
}

static void
close_deflate (gpointer state)
{
  Deflate *deflate = state;

  g_clear_object (&deflate->converter);
  g_free (deflate);
}

const GsockCoding gsock_coding_deflate = {
  .name = "deflate",
  .open = open_deflate,
  .run = run_deflate,
  .close = close_deflate,
};

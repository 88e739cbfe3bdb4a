/* coding-brotli.c: the coding br, by a library loaded when it is met
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#ifdef HAVE_BROTLI

#include <brotli/decode.h>
#include <errno.h>

#include "core/error.h"
#include "http/coding.h"

typedef struct
{
  typeof (&BrotliDecoderCreateInstance) create;
  typeof (&BrotliDecoderDestroyInstance) destroy;
  typeof (&BrotliDecoderDecompressStream) decompress;
  typeof (&BrotliDecoderGetErrorCode) get_error;
  typeof (&BrotliDecoderErrorString) error_string;
} Brotli;

static const GsockSymbol symbols[] = {
  { "BrotliDecoderCreateInstance", G_STRUCT_OFFSET (Brotli, create) },
  { "BrotliDecoderDestroyInstance", G_STRUCT_OFFSET (Brotli, destroy) },
  { "BrotliDecoderDecompressStream", G_STRUCT_OFFSET (Brotli, decompress) },
  { "BrotliDecoderGetErrorCode", G_STRUCT_OFFSET (Brotli, get_error) },
  { "BrotliDecoderErrorString", G_STRUCT_OFFSET (Brotli, error_string) },
};

static Brotli brotli; /* filled once, by gsock_coding_load */

static gpointer
open_brotli (GError **error)
{
  BrotliDecoderState *stream;

  if (!gsock_coding_load (&gsock_coding_brotli, &brotli, BROTLI_SONAME, symbols,
                          G_N_ELEMENTS (symbols), error))
    return NULL;

  stream = brotli.create (NULL, NULL, NULL);
  if (stream == NULL)
    {
      gsock_coding_fail (&gsock_coding_brotli, gsock_errno_text (ENOMEM),
                         error);
      return NULL;
    }
  return stream;
}

static GsockCodingResult
run_brotli (gpointer state, GsockCodingStep *step, GError **error)
{
  const uint8_t *in = (const uint8_t *) step->in;
  uint8_t *out = (uint8_t *) step->out;
  size_t room = step->out_room;
  BrotliDecoderResult result = brotli.decompress (state, &step->in_size, &in,
                                                  &room, &out, NULL);

  step->in = (const char *) in;
  step->out_size = step->out_room - room;
  if (result == BROTLI_DECODER_RESULT_SUCCESS)
    return GSOCK_CODING_END;
  if (result != BROTLI_DECODER_RESULT_ERROR)
    return GSOCK_CODING_MORE;

  gsock_coding_fail (&gsock_coding_brotli,
                     brotli.error_string (brotli.get_error (state)), error);
  return GSOCK_CODING_BAD;
}

static void
close_brotli (gpointer state)
{
  brotli.destroy (state);
}

const GsockCoding gsock_coding_brotli = {
  .name = "br",
  .open = open_brotli,
  .run = run_brotli,
  .close = close_brotli,
};

#endif

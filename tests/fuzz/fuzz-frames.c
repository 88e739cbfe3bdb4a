/* fuzz-frames.c: every frame: the same messages, however the stream is cut
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/codec.h"
#include "fuzz.h"

#define LIMIT 300

/* A message lies in what was looked at, and can be sent as it came. */
static void
take (const GsockCodec *codec, GString *got, const char *data, gsize size,
      const GsockFrame *frame)
{
  GsockFrameEnds ends = { 0 };

  g_assert_cmpuint (frame->consumed, <=, size);
  g_assert_cmpuint (frame->consumed, >, 0);
  g_assert_cmpuint (frame->offset + frame->size, <=, frame->consumed);
  g_assert_true (codec->raw || frame->size <= LIMIT);
  g_assert_true (
      codec->encode (data + frame->offset, frame->size, FALSE, &ends, NULL));
  g_assert_cmpuint (ends.head_size, <=, sizeof ends.head);
  if (!codec->raw)
    g_string_append_printf (got, "%u:", (guint) frame->size);
  g_string_append_len (got, data + frame->offset, (gssize) frame->size);
}

/* What is left when the stream ends. */
static void
finish (const GsockCodec *codec, GString *got, const char *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  GsockFrame frame = { 0 };

  if (size == 0)
    return;
  if (codec->finish (data, size, LIMIT, &frame, &error) == GSOCK_DECODE_FRAME)
    take (codec, got, data, size, &frame);
  else
    g_string_append (got, error != NULL ? "!" : "?");
}

/* All messages and how it ended, the bytes after @split being seen later. */
static GString *
decode (const GsockCodec *codec, const char *data, gsize size, gsize split)
{
  GString *got = g_string_new (NULL);
  gsize at = 0, scanned = 0, end = split;

  while (at < size)
    {
      g_autoptr (GError) error = NULL;
      GsockFrame frame = { 0 };
      GsockDecode result = end == at
                               ? GSOCK_DECODE_MORE
                               : codec->decode (data + at, end - at, LIMIT,
                                                &scanned, &frame, &error);

      if (result == GSOCK_DECODE_BAD)
        {
          g_assert_nonnull (error);
          g_string_append_c (got, '!');
          return got;
        }
      if (result == GSOCK_DECODE_FRAME)
        {
          take (codec, got, data + at, end - at, &frame);
          at += frame.consumed;
          scanned = 0;
        }
      else if (end == size)
        break;
      else
        end = size;
    }
  finish (codec, got, data + at, size - at);
  return got;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  gsize split = size > 0 ? data[0] % size : 0;
  g_autofree char *name = fuzz_text (data, size);
  const GsockCodec *named = gsock_codec_find (name, NULL);

  g_assert_true (named == NULL || strcmp (named->name, name) == 0);
  for (const GsockCodec *codec = gsock_codecs (); codec->name != NULL; codec++)
    {
      g_autoptr (GString) whole = NULL, cut = NULL;
      g_autoptr (GString) end = g_string_new (NULL);
      g_autoptr (GError) error = NULL;
      GsockFrameEnds ends = { 0 };

      whole = decode (codec, (const char *) data, size, size);
      cut = decode (codec, (const char *) data, size, split);
      g_assert_true (g_string_equal (whole, cut));
      if (codec->raw) /* as if nobody had looked before the end */
        finish (codec, end, (const char *) data, size);
      g_assert_true (
          codec->encode ((const char *) data, size, TRUE, &ends, &error)
          == (error == NULL));
    }
  return 0;
}

/* test-decode.c: content codings, whole, cut, corrupt and hostile
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "http/decode.h"

#include <string.h>

#include <gio/gio.h>

#include "core/error.h"

/* "hola, hola, hola" and what codes it, made by other programs. */
#define TEXT "hola, hola, hola"
#define GZIP \
  "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff\xcb\xc8\xcf\x49\xd4\x51" \
  "\xc8\x80\x93\x00\x1b\xef\x91\x4a\x10\x00\x00\x00"
#define ZLIB "\x78\x9c\xcb\xc8\xcf\x49\xd4\x51\xc8\x80\x93\x00\x2f\x22\x05\x85"
#define RAW "\xcb\xc8\xcf\x49\xd4\x51\xc8\x80\x93\x00"
#define BR \
  "\x8b\x07\x80\x68\x6f\x6c\x61\x2c\x20\x68\x6f\x6c\x61\x2c\x20\x68" \
  "\x6f\x6c\x61\x03"
#define ZSTD \
  "\x28\xb5\x2f\xfd\x04\x58\x65\x00\x00\x30\x68\x6f\x6c\x61\x2c\x20" \
  "\x01\x00\xd9\x4a\x11\xb6\x89\xc3\xa6"
#define GZIP_BR \
  "\x8b\x0d\x80\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff\xcb\xc8\xcf" \
  "\x49\xd4\x51\xc8\x80\x93\x00\x1b\xef\x91\x4a\x10\x00\x00\x00\x03"

typedef struct
{
  GString *text;
  gsize most; /* in one piece */
} Taken;

static gboolean
take (const char *data, gsize size, gpointer user, GError **error G_GNUC_UNUSED)
{
  Taken *taken = user;

  g_assert_cmpuint (size, <=, GSOCK_DECODE_PIECE);
  g_assert_cmpuint (size, >, 0);
  taken->most = MAX (taken->most, size);
  g_string_append_len (taken->text, data, (gssize) size);
  return TRUE;
}

static gboolean
count (const char *data G_GNUC_UNUSED, gsize size, gpointer user,
       GError **error G_GNUC_UNUSED)
{
  *(guint64 *) user += size;
  return TRUE;
}

/* All of @data, @piece bytes at a time. */
static gboolean
decode (const char *codings, const char *data, gsize size, gsize piece,
        guint64 limit, GString *text, GError **error)
{
  g_autoptr (GsockDecoder) decoder = gsock_decoder_new (codings, limit, error);
  Taken taken = { .text = text };

  if (decoder == NULL)
    return FALSE;
  for (gsize at = 0; at < size; at += piece)
    if (!gsock_decoder_push (decoder, data + at, MIN (piece, size - at), take,
                             &taken, error))
      return FALSE;
  return gsock_decoder_finish (decoder, error);
}

static GByteArray *
compress (GByteArray *array, const char *data, gsize size,
          GZlibCompressorFormat format)
{
  g_autoptr (GConverter)
      converter = G_CONVERTER (g_zlib_compressor_new (format, 9));
  GConverterResult result = G_CONVERTER_CONVERTED;
  gsize at = 0;

  while (result != G_CONVERTER_FINISHED)
    {
      char out[4096];
      gsize taken = 0;
      gsize filled = 0;

      result = g_converter_convert (converter, data + at, size - at, out,
                                    sizeof out, G_CONVERTER_INPUT_AT_END,
                                    &taken, &filled, NULL);
      g_assert_cmpint (result, !=, G_CONVERTER_ERROR);
      at += taken;
      g_byte_array_append (array, (const guint8 *) out, (guint) filled);
    }
  return array;
}

#define B(bytes) bytes, sizeof bytes - 1

static const struct
{
  const char *codings;
  const char *data;
  gsize size;
} whole[] = {
  { "gzip", B (GZIP) }, { "deflate", B (ZLIB) },     { "deflate", B (RAW) },
#ifdef HAVE_BROTLI
  { "br", B (BR) },     { "gzip, br", B (GZIP_BR) },
#endif
#ifdef HAVE_ZSTD
  { "zstd", B (ZSTD) },
#endif
};

/* Each form of each coding, in pieces of every size. */
static void
test_whole (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (whole); i++)
    for (gsize piece = 1; piece <= whole[i].size; piece++)
      {
        g_autoptr (GError) error = NULL;
        g_autoptr (GString) text = g_string_new (NULL);

        decode (whole[i].codings, whole[i].data, whole[i].size, piece, 0, text,
                &error);
        g_assert_no_error (error);
        g_assert_cmpstr (text->str, ==, TEXT);
      }
}

/* Cut anywhere it is an error, and never one byte too many. */
static void
test_cut (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (whole); i++)
    for (gsize size = 1; size < whole[i].size; size++)
      {
        g_autoptr (GError) error = NULL;
        g_autoptr (GString) text = g_string_new (NULL);

        g_test_message ("%s, %zu bytes", whole[i].codings, size);
        g_assert_false (decode (whole[i].codings, whole[i].data, size, size, 0,
                                text, &error));
        g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_CUT);
        g_assert_true (g_str_has_prefix (TEXT, text->str));
      }
}

static void
test_wrong (void)
{
  static const struct
  {
    const char *codings;
    const char *data;
    gsize size;
    const char *part; /* of the error */
  } rows[] = {
    { "gzip", B ("not gzip at all, I am afraid"), "its gzip" },
    { "gzip", B ("\x1f\x8b\x08\xff\xff\xff"), "its gzip" },
    { "gzip", B (GZIP "trailing"), "its gzip" },
    { "gzip", B (GZIP "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), "its gzip" },
    { "gzip", B (ZLIB), "its gzip" },
    { "deflate", B ("\x78\x9c not zlib"), "its deflate" },
    { "deflate", B ("\xff\xff\xff\xff"), "its deflate" },
    { "deflate", B (ZLIB "x"), "bytes follow the end of its deflate" },
    { "deflate", B (RAW "x"), "bytes follow the end of its deflate" },
#ifdef HAVE_BROTLI
    { "br", B ("not brotli, I am afraid"), "its br can't be undone: " },
    { "br", B (BR "x"), "bytes follow the end of its br" },
#endif
#ifdef HAVE_ZSTD
    { "zstd", B ("not zstd, I am afraid"), "its zstd can't be undone" },
    { "zstd", B ("\x27\xb5\x2f\xfd\xa6\0\0\x14\0\0\0\0\0\0"),
      "its zstd can't be undone" },
    { "zstd", B (ZSTD "trailing"), "its zstd" },
#endif
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    for (gsize piece = 1; piece <= rows[i].size; piece++)
      {
        g_autoptr (GError) error = NULL;
        g_autoptr (GString) text = g_string_new (NULL);

        g_test_message ("%s, row %zu", rows[i].codings, i);
        g_assert_false (decode (rows[i].codings, rows[i].data, rows[i].size,
                                piece, 0, text, &error));
        g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_FRAME_BAD);
        g_assert_nonnull (strstr (error->message, rows[i].part));
      }
}

/* Every bit of it turned: an error, or (a bit that says nothing) the text. */
static void
test_flipped (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (whole); i++)
    for (gsize bit = 0; bit < whole[i].size * 8; bit++)
      {
        g_autoptr (GError) error = NULL;
        g_autoptr (GString) text = g_string_new (NULL);
        g_autofree char *data = g_memdup2 (whole[i].data, whole[i].size);

        data[bit / 8] = (char) (data[bit / 8] ^ (1 << bit % 8));
        if (decode (whole[i].codings, data, whole[i].size, 7, 1000000, text,
                    &error))
          g_assert_no_error (error);
        else
          g_assert_true (error != NULL && error->domain == GSOCK_ERROR);
      }
}

/* gzip's and zstd's may be several, one after the other. */
static void
test_members (void)
{
  static const struct
  {
    const char *codings;
    const char *data;
    gsize size;
  } rows[] = {
    { "gzip", B (GZIP GZIP GZIP) },
#ifdef HAVE_ZSTD
    { "zstd", B (ZSTD ZSTD ZSTD) },
    { "zstd", B (ZSTD "\x50\x2a\x4d\x18\x03\0\0\0abc" ZSTD ZSTD) },
#endif
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    for (gsize piece = 1; piece <= rows[i].size; piece++)
      {
        g_autoptr (GError) error = NULL;
        g_autoptr (GString) text = g_string_new (NULL);

        decode (rows[i].codings, rows[i].data, rows[i].size, piece, 0, text,
                &error);
        g_assert_no_error (error);
        g_assert_cmpstr (text->str, ==, TEXT TEXT TEXT);
      }
}

static void
test_lists (void)
{
  static const struct
  {
    const char *codings;
    const char *part; /* of the error; or NULL */
    gboolean plain;
  } rows[] = {
    { NULL, NULL, TRUE },
    { "", NULL, TRUE },
    { "identity", NULL, TRUE },
    { " , Identity ,, ", NULL, TRUE },
    { "gzip", NULL, FALSE },
    { " GZIP\t", NULL, FALSE },
    { "x-gzip, identity", NULL, FALSE },
    { "gzip,gzip,gzip,gzip", NULL, FALSE },
    { "gzip,gzip,gzip,gzip,gzip", "more than 4", FALSE },
    { "compress", "'compress'", FALSE },
    { "gzip, sdch", "'sdch'", FALSE },
    { "gzip;q=1", "'gzip;q=1'", FALSE },
    { "x\x1b]0;", "'x\\x1b]0;'", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GsockDecoder)
          decoder = gsock_decoder_new (rows[i].codings, 0, &error);

      g_assert_cmpint (decoder == NULL, ==, rows[i].part != NULL);
      if (rows[i].part != NULL)
        {
          g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_FRAME_BAD);
          g_assert_nonnull (strstr (error->message, rows[i].part));
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpint (gsock_decoder_is_plain (decoder), ==, rows[i].plain);
      g_assert_true (gsock_decoder_finish (decoder, &error));
    }
}

/* What is offered can be undone. */
static void
test_accepts (void)
{
  g_auto (GStrv) names = g_strsplit (gsock_decoder_accepts (), ", ", -1);

  g_assert_cmpstr (names[0], ==, "gzip");
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GsockDecoder)
          decoder = gsock_decoder_new (names[i], 0, &error);

      g_assert_no_error (error);
      g_assert_nonnull (decoder);
    }
}

/* The limit is of what comes out, to the byte. */
static void
test_limit (void)
{
  static const struct
  {
    const char *codings;
    const char *data;
    gsize size;
  } rows[] = {
    { NULL, B (TEXT) },
    { "gzip", B (GZIP) },
    { "gzip, gzip", NULL, 0 },
  };
  g_autoptr (GByteArray) inner = compress (g_byte_array_new (), B (TEXT),
                                           G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  g_autoptr (GByteArray)
      twice = compress (g_byte_array_new (), (char *) inner->data, inner->len,
                        G_ZLIB_COMPRESSOR_FORMAT_GZIP);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    for (guint64 limit = 1; limit <= strlen (TEXT) + 1; limit++)
      {
        g_autoptr (GError) error = NULL;
        g_autoptr (GString) text = g_string_new (NULL);
        const char *data = rows[i].data != NULL ? rows[i].data
                                                : (const char *) twice->data;
        gsize size = rows[i].data != NULL ? rows[i].size : twice->len;
        gboolean good = decode (rows[i].codings, data, size, 1, limit, text,
                                &error);

        g_assert_cmpint (good, ==, limit >= strlen (TEXT));
        g_assert_cmpuint (text->len, <=, limit);
        if (!good)
          {
            g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_LIMIT);
            g_assert_nonnull (strstr (error->message, "--max-size"));
          }
      }
}

/* 64 MiB of zeros, coded twice, in a few hundred bytes: it comes out in pieces
 * of no more than GSOCK_DECODE_PIECE, and stops at the limit. */
static void
test_bomb (void)
{
  gsize size = (gsize) 64 << 20;
  g_autofree char *zeros = g_malloc0 (size);
  g_autoptr (GByteArray) inner = compress (g_byte_array_new (), zeros, size,
                                           G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  g_autoptr (GByteArray)
      bomb = compress (g_byte_array_new (), (char *) inner->data, inner->len,
                       G_ZLIB_COMPRESSOR_FORMAT_ZLIB);
  g_autoptr (GError) error = NULL;
  g_autoptr (GsockDecoder) all = gsock_decoder_new ("gzip, deflate", 0, NULL);
  g_autoptr (GsockDecoder)
      some = gsock_decoder_new ("gzip, deflate", 1 << 20, NULL);
  guint64 total = 0;

  g_assert_cmpuint (bomb->len, <, 10000);
  g_assert_true (gsock_decoder_push (all, (char *) bomb->data, bomb->len, count,
                                     &total, &error));
  g_assert_no_error (error);
  g_assert_true (gsock_decoder_finish (all, NULL));
  g_assert_cmpuint (total, ==, size);

  total = 0;
  g_assert_false (gsock_decoder_push (some, (char *) bomb->data, bomb->len,
                                      count, &total, &error));
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_LIMIT);
  g_assert_cmpuint (total, <=, 1 << 20);
}

/* More than one piece comes out of one push, byte for byte. */
static void
test_large (void)
{
  gsize size = 300001;
  g_autofree char *data = g_malloc (size);
  g_autoptr (GByteArray) coded = g_byte_array_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < size; i++)
    data[i] = (char) (i * i >> 7);
  compress (coded, data, size, G_ZLIB_COMPRESSOR_FORMAT_RAW);
  decode ("deflate", (char *) coded->data, coded->len, coded->len, 0, text,
          &error);
  g_assert_no_error (error);
  g_assert_cmpmem (text->str, text->len, data, size);
}

static gboolean
no_room (const char *data G_GNUC_UNUSED, gsize size G_GNUC_UNUSED,
         gpointer user G_GNUC_UNUSED, GError **error)
{
  g_set_error_literal (error, GSOCK_ERROR, GSOCK_ERROR_OUTPUT, "no room");
  return FALSE;
}

/* What the taker says is the end of it. */
static void
test_taker (void)
{
  static const char *const lists[] = { NULL, "gzip" };

  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GsockDecoder) decoder = gsock_decoder_new (lists[i], 0, NULL);

      g_assert_false (
          gsock_decoder_push (decoder, B (GZIP), no_room, NULL, &error));
      g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_OUTPUT);
    }
}

/* A coding is named, and there is no body: HEAD, or Content-Length: 0. */
static void
test_empty (void)
{
  g_autoptr (GsockDecoder) decoder = gsock_decoder_new ("gzip", 0, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (gsock_decoder_push (decoder, "", 0, no_room, NULL, &error));
  g_assert_true (gsock_decoder_finish (decoder, &error));
  g_assert_no_error (error);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/decode/whole", test_whole);
  g_test_add_func ("/decode/cut", test_cut);
  g_test_add_func ("/decode/wrong", test_wrong);
  g_test_add_func ("/decode/flipped", test_flipped);
  g_test_add_func ("/decode/members", test_members);
  g_test_add_func ("/decode/lists", test_lists);
  g_test_add_func ("/decode/accepts", test_accepts);
  g_test_add_func ("/decode/limit", test_limit);
  g_test_add_func ("/decode/bomb", test_bomb);
  g_test_add_func ("/decode/large", test_large);
  g_test_add_func ("/decode/taker", test_taker);
  g_test_add_func ("/decode/empty", test_empty);

  return g_test_run ();
}

/* fuzz-decode.c: content codings
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fuzz.h"
#include "http/decode.h"

#define LIMIT (1 << 20)
#define SMALL_LIMIT 16

static gboolean
take (const char *data, gsize size, gpointer checksum,
      GError **error G_GNUC_UNUSED)
{
  g_assert_cmpuint (size, <=, GSOCK_DECODE_PIECE);
  g_checksum_update (checksum, (const guchar *) data, (gssize) size);
  return TRUE;
}

/* The sum of what came out; NULL: it is no whole one, or a larger one. */
static char *
decode (const char *codings, guint64 limit, const char *data, gsize size,
        gsize piece)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GsockDecoder) decoder = gsock_decoder_new (codings, limit, &error);
  gboolean good = TRUE;

  if (decoder == NULL)
    {
      g_assert_true (fuzz_is_clean (error->message));
      return NULL;
    }
  g_assert_true (!gsock_decoder_is_plain (decoder) || codings == NULL
                 || strstr (codings, "identity") != NULL);
  for (gsize at = 0; good && at < size; at += piece)
    good = gsock_decoder_push (decoder, data + at, MIN (piece, size - at), take,
                               checksum, NULL);
  good = good && gsock_decoder_finish (decoder, NULL);
  /* Where it fails, more may have come out of a larger piece. */
  return good ? g_strdup (g_checksum_get_string (checksum)) : NULL;
}

/* The first byte says which; the end is the same whatever the pieces. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const char *const lists[] = {
    "gzip",
    "deflate",
    "deflate, gzip",
#ifdef HAVE_BROTLI
    "br",
#endif
#ifdef HAVE_ZSTD
    "zstd",
#endif
    "x-gzip,, identity",
    NULL,
    "compress\033[m",
    "gzip, gzip, gzip, gzip, br",
  };
  const char *bytes = (const char *) data + 1;
  const char *list;
  g_autofree char *whole = NULL;
  g_autofree char *pieces = NULL;
  g_autofree char *small = NULL;

  if (size < 1)
    return 0;
  list = lists[(*data - '0') % G_N_ELEMENTS (lists)];
  whole = decode (list, LIMIT, bytes, size - 1, size);
  pieces = decode (list, LIMIT, bytes, size - 1, 3);
  g_assert_cmpstr (whole, ==, pieces);
  small = decode (list, SMALL_LIMIT, bytes, size - 1, size);
  g_assert_true (small == NULL || strcmp (small, whole) == 0);
  return 0;
}

/* fuzz-proxy-header.c: what a balancer says before the client's bytes
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/proxy-header.h"
#include "fuzz.h"

static GsockDecode
decode (const char *data, gsize size, GsockProxyHeader *header, gsize *used)
{
  g_autoptr (GError) error = NULL;
  GsockDecode result = gsock_proxy_header_decode (data, size, header, used,
                                                  &error);

  g_assert_true ((result == GSOCK_DECODE_BAD) == (error != NULL));
  g_assert_true (error == NULL || fuzz_is_clean (error->message));
  return result;
}

/* What was read says the same when it is written and read again. */
static void
write_again (const GsockProxyHeader *header)
{
  GsockProxyHeader first = *header, second;
  char data[GSOCK_PROXY_HEADER_OWN_MAX];
  char again[GSOCK_PROXY_HEADER_OWN_MAX];
  gsize size, used;

  for (first.version = 1; first.version <= 2; first.version++)
    {
      size = gsock_proxy_header_encode (&first, data);
      g_assert_cmpint (decode (data, size, &second, &used), ==,
                       GSOCK_DECODE_FRAME);
      g_assert_cmpuint (used, ==, size);
      g_assert_cmpuint (gsock_proxy_header_encode (&second, again), ==, size);
      g_assert_cmpint (memcmp (data, again, size), ==, 0);
    }
}

/* However it comes: it wants more until it is whole or none, and then nothing
 * that follows changes that. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const char *bytes = (const char *) data;
  GsockProxyHeader header, whole;
  gsize used, whole_used;
  GsockDecode last = decode (bytes, size, &whole, &whole_used);
  GsockDecode result = GSOCK_DECODE_MORE;
  gsize n = 0;

  for (; n < size && result == GSOCK_DECODE_MORE; n++)
    {
      g_autofree char *copy = g_memdup2 (bytes, n + 1);

      result = decode (copy, n + 1, &header, &used);
    }
  g_assert_cmpint (result, ==, last);
  if (result != GSOCK_DECODE_FRAME)
    return 0;
  g_assert_cmpuint (used, ==, n);
  g_assert_cmpuint (whole_used, ==, n);
  write_again (&whole);
  return 0;
}

/* fuzz-hsts.c: Strict-Transport-Security fields
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fuzz.h"
#include "http/hsts.h"
#include "http/redirect.h"

#define NOW 1800000000

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = fuzz_text (data, size);
  g_autoptr (GsockHsts) hsts = gsock_hsts_new ();
  g_autoptr (GUri)
      secure = g_uri_parse ("https://h.example/", GSOCK_URL_FLAGS, NULL);
  g_autoptr (GUri)
      clear = g_uri_parse ("http://h.example/", GSOCK_URL_FLAGS, NULL);
  g_autoptr (GUri) upgraded = NULL;

  g_assert_false (gsock_hsts_note (hsts, clear, text, NOW));
  (void) gsock_hsts_note (hsts, secure, text, NOW);
  upgraded = gsock_hsts_upgrade (hsts, clear, NOW);
  g_assert_cmpint (upgraded != NULL, ==, gsock_hsts_count (hsts) == 1);
  return 0;
}

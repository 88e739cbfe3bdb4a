/* fuzz-cookies.c: Set-Cookie fields, and what is told of them
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fuzz.h"
#include "http/cookies.h"
#include "http/redirect.h"

#define NOW 1800000000

/* A line is a field; they come from several places in turn. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const char *const texts[] = { "https://h.example/a/b",
                                       "http://h.example/",
                                       "http://127.0.0.1/" };
  g_autofree char *text = fuzz_text (data, size);
  g_auto (GStrv) fields = g_strsplit (text, "\n", 100);
  g_autoptr (GsockCookies) cookies = gsock_cookies_new ();

  for (guint i = 0; fields[i] != NULL; i++)
    {
      g_autoptr (GUri) url = g_uri_parse (texts[i % G_N_ELEMENTS (texts)],
                                          GSOCK_URL_FLAGS, NULL);

      (void) gsock_cookies_set (cookies, url, fields[i], NOW);
    }
  g_assert_cmpuint (gsock_cookies_count (cookies), <=, 100);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GUri) url = g_uri_parse (texts[i], GSOCK_URL_FLAGS, NULL);
      g_autofree char *cookie = gsock_cookies_get (cookies, url, NOW);

      g_assert_true (cookie == NULL || fuzz_is_clean (cookie));
    }
  return 0;
}

/* fuzz-redirect.c: Location fields, and the names of files
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fuzz.h"
#include "http/filename.h"
#include "http/redirect.h"

/* What is followed is http or https, names a host, and breaks no line. */
static void
follow (GUri *url, const char *location)
{
  g_auto (GsockRedirects) chain = { 0 };
  g_auto (GsockRedirect) next = { 0 };
  g_autofree char *text = NULL;

  gsock_redirects_init (&chain, 10);
  if (!gsock_redirects_next (&chain, url, "GET", FALSE, 302, location, &next,
                             NULL))
    return;
  text = g_uri_to_string (next.url);
  g_assert_true (g_str_has_prefix (text, "https://"));
  g_assert_true (*g_uri_get_host (next.url) != '\0');
  g_assert_true (fuzz_is_clean (text) && strchr (text, ' ') == NULL);
  g_assert_null (g_uri_get_userinfo (next.url));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = fuzz_text (data, size);
  g_autoptr (GUri)
      url = g_uri_parse ("https://h.example/a", GSOCK_URL_FLAGS, NULL);
  g_autofree char *name = gsock_filename_from_path (text, NULL);

  follow (url, text);
  if (name != NULL)
    {
      g_autofree char *part = gsock_filename_part (name);

      g_assert_true (fuzz_is_clean (name) && strchr (name, '/') == NULL);
      g_assert_true (*name != '.' && strlen (name) <= GSOCK_FILENAME_MAX);
      g_assert_cmpuint (strlen (part), <=, GSOCK_FILENAME_MAX);
    }
  return 0;
}

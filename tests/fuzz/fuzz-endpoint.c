/* fuzz-endpoint.c: addresses as typed; what is understood can be written
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/endpoint.h"
#include "fuzz.h"

/* @endpoint (transfer full) (nullable), or why there is none. */
static void
check (GsockEndpoint *parsed, GsockEndpointUse use, GError *why)
{
  g_autoptr (GsockEndpoint) endpoint = parsed;
  g_autoptr (GError) error = why;
  g_autoptr (GsockEndpoint) again = NULL;
  g_autofree char *shown = NULL;

  g_assert_true ((endpoint == NULL) == (error != NULL));
  if (endpoint == NULL)
    {
      g_assert_true (fuzz_is_clean (error->message));
      return;
    }
  shown = gsock_endpoint_to_display (endpoint);
  g_assert_true (fuzz_is_clean (shown));
  again = gsock_endpoint_parse (gsock_endpoint_to_string (endpoint), use,
                                &error);
  g_assert_no_error (error);
  g_assert_true (gsock_endpoint_equal (endpoint, again));
  g_assert_cmpstr (gsock_endpoint_to_string (endpoint), ==,
                   gsock_endpoint_to_string (again));
}

static void
try_use (const char *text, GsockEndpointUse use)
{
  GError *error = NULL;
  GsockEndpoint *endpoint = gsock_endpoint_parse (text, use, &error);

  check (endpoint, use, error);
}

/* "HOST PORT", as a client may be told in two words. */
static void
try_words (const char *text)
{
  const char *blank = strchr (text, ' ');
  g_autofree char *host = NULL;
  GsockEndpoint *endpoint;
  GError *error = NULL;

  if (blank == NULL)
    return;
  host = g_strndup (text, (gsize) (blank - text));
  endpoint = gsock_endpoint_parse_host_port (host, blank + 1, &error);
  check (endpoint, GSOCK_ENDPOINT_FOR_CLIENT, error);
}

/* All of it may be a path; each of its lines is tried too. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = fuzz_text (data, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 100);

  try_use (text, GSOCK_ENDPOINT_FOR_SERVER);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      try_use (lines[i], GSOCK_ENDPOINT_FOR_SERVER);
      try_use (lines[i], GSOCK_ENDPOINT_FOR_CLIENT);
      try_words (lines[i]);
    }
  return 0;
}

/* fuzz-endpoint.c: addresses as typed; what is understood can be written
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/endpoint.h"
#include "core/proxy.h"
#include "core/units.h"
#include "fuzz.h"

static void
try_use (const char *text, GsockEndpointUse use)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GsockEndpoint) endpoint = gsock_endpoint_parse (text, use, &error);
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

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = fuzz_text (data, size);
  guint64 number;
  gint64 time;

  try_use (text, GSOCK_ENDPOINT_FOR_SERVER);
  try_use (text, GSOCK_ENDPOINT_FOR_CLIENT);
  if (gsock_parse_time (text, &time, NULL))
    g_assert_cmpint (time, >=, 0);
  (void) gsock_parse_size (text, &number, NULL);
  return 0;
}

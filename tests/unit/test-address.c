/* test-address.c: socket addresses by value: parsed, compared, shown
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <net/if.h>
#include <string.h>

#include "core/address.h"
#include "core/error.h"

typedef struct
{
  const char *text;
  const char *host; /* NULL: refused */
  guint16 port;
} SourceRow;

static const SourceRow source_rows[] = {
  { "127.0.0.1", "127.0.0.1", 0 },
  { "127.0.0.1:0", "127.0.0.1", 0 },
  { "10.1.2.3:65535", "10.1.2.3", 65535 },
  { "::1", "::1", 0 },
  { "[::1]", "::1", 0 },
  { "[::1]:80", "::1", 80 },
  { "fe80::1%lo", "fe80::1%lo", 0 },
  { "[fe80::1%1]:80", "fe80::1%lo", 80 },
  { "4000", "::", 4000 },
  { "0", "::", 0 },
  { "", NULL, 0 },
  { ":80", NULL, 0 },
  { "65536", NULL, 0 },
  { "-1", NULL, 0 },
  { "127.0.0.1:", NULL, 0 },
  { "127.0.0.1:65536", NULL, 0 },
  { "127.0.0.1:http", NULL, 0 },
  { "localhost", NULL, 0 },
  { "localhost:80", NULL, 0 },
  { "*", NULL, 0 },
  { "*:80", NULL, 0 },
  { "127.1", NULL, 0 },
  { "[::1", NULL, 0 },
  { "[::1]80", NULL, 0 },
  { "[::1]:", NULL, 0 },
  { "[[::1]]:80", NULL, 0 },
  { "[127.0.0.1]:80", NULL, 0 },
  { "fe80::1%gsocknone0", NULL, 0 },
  { "/run/x", NULL, 0 },
  { "@x", NULL, 0 },
  { "\33[2J", NULL, 0 },
};

static void
test_parse (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (source_rows); i++)
    {
      const SourceRow *row = &source_rows[i];
      g_autoptr (GError) error = NULL;
      GsockAddress address;
      gboolean good = gsock_address_parse (&address, row->text, &error);
      g_autofree char *host = NULL;

      if (row->host == NULL)
        {
          g_assert_false (good);
          g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
          g_assert_null (strchr (error->message, '\33'));
          continue;
        }
      g_assert_no_error (error);
      g_assert_true (good);
      host = gsock_address_host_to_string (&address);
      g_assert_cmpstr (host, ==, row->host);
      /* Both families have it in the same place. */
      g_assert_cmpuint (g_ntohs (address.inet.sin_port), ==, row->port);
    }
}

static GsockAddress
address_of (const char *text)
{
  g_autoptr (GsockEndpoint)
      endpoint = gsock_endpoint_parse (text, GSOCK_ENDPOINT_FOR_CLIENT, NULL);
  GsockAddress address;

  g_assert_true (gsock_address_init_from_endpoint (&address, endpoint));
  return address;
}

static void
test_family (void)
{
  const GsockAddress four = address_of ("0.0.0.0:80");
  const GsockAddress six = address_of ("[::]:80");
  const GsockAddress local = address_of ("/run/x");
  g_autofree char *host = gsock_address_host_to_string (&local);

  g_assert_null (host);
  g_assert_true (gsock_address_is_of_family (&four, AF_UNSPEC));
  g_assert_true (gsock_address_is_of_family (&four, AF_INET));
  g_assert_false (gsock_address_is_of_family (&four, AF_INET6));
  g_assert_true (gsock_address_is_of_family (&six, AF_INET6));
  g_assert_true (gsock_address_is_of_family (&local, AF_UNIX));
  g_assert_false (gsock_address_is_any6 (&four));
  g_assert_true (gsock_address_is_any6 (&six));
  g_assert_false (gsock_address_is_any6 (&local));
}

static void
test_equal (void)
{
  static const char *const texts[] = {
    "127.0.0.1:80", "127.0.0.1:81",    "127.0.0.2:80", "[::1]:80",
    "[fe80::1]:80", "[fe80::1%lo]:80", "/run/x",       "/run/xy",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (texts); j++)
      {
        const GsockAddress one = address_of (texts[i]);
        const GsockAddress two = address_of (texts[j]);

        g_assert_cmpint (gsock_address_equal (&one, &two), ==, i == j);
      }
}

static void
test_none (void)
{
  static const char *const texts[] = { "localhost:80", "80", "fd:3" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GsockEndpoint) endpoint = gsock_endpoint_parse (
          texts[i], GSOCK_ENDPOINT_FOR_CLIENT, NULL);
      GsockAddress address;

      g_assert_false (gsock_address_init_from_endpoint (&address, endpoint));
      g_assert_cmpuint (address.size, ==, 0);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/address/parse", test_parse);
  g_test_add_func ("/address/family", test_family);
  g_test_add_func ("/address/equal", test_equal);
  g_test_add_func ("/address/none", test_none);
  return g_test_run ();
}

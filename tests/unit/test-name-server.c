/* test-name-server.c: name servers, as they are written
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib.h>

#include "core/error.h"
#include "dns/server.h"

static void
test_parse (void)
{
  static const struct
  {
    const char *text;
    const char *canonical; /* NULL: refused */
    GsockDnsVia via;
    const char *endpoint;
  } rows[] = {
    { "192.0.2.1", "udp://192.0.2.1:53", GSOCK_DNS_UDP, "tcp:192.0.2.1:53" },
    { "192.0.2.1:5353", "udp://192.0.2.1:5353", GSOCK_DNS_UDP,
      "tcp:192.0.2.1:5353" },
    { "udp://192.0.2.1", "udp://192.0.2.1:53", GSOCK_DNS_UDP,
      "tcp:192.0.2.1:53" },
    { "tcp://192.0.2.1", "tcp://192.0.2.1:53", GSOCK_DNS_TCP,
      "tcp:192.0.2.1:53" },
    { "UDP://192.0.2.1", "udp://192.0.2.1:53", GSOCK_DNS_UDP,
      "tcp:192.0.2.1:53" },
    { "Https://dns.test", "https://dns.test:443/dns-query", GSOCK_DNS_HTTPS,
      "tls:tcp:dns.test:443" },
    { "tls://dns.test", "tls://dns.test:853", GSOCK_DNS_TLS,
      "tls:tcp:dns.test:853" },
    { "2001:db8::1", "udp://[2001:db8::1]:53", GSOCK_DNS_UDP,
      "tcp:[2001:db8::1]:53" },
    { "tls://[2001:db8::1]:99", "tls://[2001:db8::1]:99", GSOCK_DNS_TLS,
      "tls:tcp:[2001:db8::1]:99" },
    { "https://dns.test", "https://dns.test:443/dns-query", GSOCK_DNS_HTTPS,
      "tls:tcp:dns.test:443" },
    { "https://dns.test/", "https://dns.test:443/dns-query", GSOCK_DNS_HTTPS,
      "tls:tcp:dns.test:443" },
    { "https://[2001:db8::1]:8443/q?k=v", "https://[2001:db8::1]:8443/q?k=v",
      GSOCK_DNS_HTTPS, "tls:tcp:[2001:db8::1]:8443" },
    { "https://dns.test/resolve{?dns}", "https://dns.test:443/resolve",
      GSOCK_DNS_HTTPS, "tls:tcp:dns.test:443" },
    { "", NULL, 0, NULL },
    { ":53", NULL, 0, NULL },
    { "192.0.2.1/x", NULL, 0, NULL },
    { "tcp://192.0.2.1/x", NULL, 0, NULL },
    { "ftp://192.0.2.1", NULL, 0, NULL },
    { "[2001:db8::1", NULL, 0, NULL },
    { "[2001:db8::1]53", NULL, 0, NULL },
    { "tcp://192.0.2.1:99999", NULL, 0, NULL },
    { "https://", NULL, 0, NULL },
    { "https:///dns-query", NULL, 0, NULL },
    { "https://dns.test/a b", NULL, 0, NULL },
    { "https://dns.test/a\r\nHost: x", NULL, 0, NULL },
    { "https://dns.test/#f", NULL, 0, NULL },
    { "https://dns.test/{?other}", NULL, 0, NULL },
    { "https://user:word@dns.test/", NULL, 0, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GsockDnsServer)
          server = gsock_dns_server_parse (rows[i].text, &error);

      g_test_message ("%s", rows[i].text);
      g_assert_cmpint (server != NULL, ==, rows[i].canonical != NULL);
      if (server == NULL)
        {
          g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpint (server->via, ==, rows[i].via);
      g_assert_cmpstr (server->text, ==, rows[i].canonical);
      g_assert_cmpstr (gsock_endpoint_to_string (server->endpoint), ==,
                       rows[i].endpoint);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/name-server/parse", test_parse);
  return g_test_run ();
}

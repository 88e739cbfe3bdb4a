/* test-route.c: tests http/route.c and http/proxies.c: where a request's
 * connection goes, and what a proxy is told with it
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "http/route.h"

#include <string.h>

#include "core/error.h"

typedef struct
{
  const char *proxy;    /* or NULL */
  const char *password; /* or NULL */
  const char *exempt;   /* or NULL */
  const char *connect;  /* or NULL */
  const char *url;
  const char *endpoint;
  const char *key;
  const char *target; /* of the request line; or NULL: the URL's */
  const char *basic;  /* what it is told; or NULL */
} Row;

static const Row rows[] = {
  { NULL, NULL, NULL, NULL, "http://h/x", "tcp:h:80", "http://h:80", NULL,
    NULL },
  { NULL, NULL, NULL, NULL, "https://[::1]:4/x", "tls:tcp:[::1]:4",
    "https://::1:4", NULL, NULL },
  { NULL, NULL, NULL, "unix:/s", "http://h/x", "unix:/s", "http://h:80", NULL,
    NULL },
  { NULL, NULL, NULL, "i:5", "https://h/x", "tls:tcp:i:5", "https://h:443",
    NULL, NULL },
  { "http://p:3128", NULL, NULL, NULL, "http://ana:b@h/x?y#z", "tcp:p:3128",
    "via tcp:p:3128", "http://h/x?y", NULL },
  { "https://p", NULL, NULL, NULL, "http://h:8080", "tls:tcp:p:443",
    "via tls:tcp:p:443", "http://h:8080/", NULL },
  { "http://ana@p", "pw", NULL, NULL, "http://h/x", "tcp:p:80", "via tcp:p:80",
    "http://h/x", "Basic YW5hOnB3" },
  { "http://ana@p", "pw", NULL, NULL, "https://h/x", "tls:tcp:h:443",
    "https://h:443 via tcp:p:80", NULL, NULL },
  { "socks5://ana@p", "pw", NULL, NULL, "http://h/x", "tcp:h:80",
    "http://h:80 via tcp:p:1080", NULL, NULL },
  { "http://p", NULL, "h", NULL, "http://h/x", "tcp:h:80", "http://h:80", NULL,
    NULL },
  { "http://p", NULL, NULL, "i:5", "http://h/x", "tcp:i:5", "http://h:80", NULL,
    NULL },
};

static GsockEndpoint *
endpoint (const char *text)
{
  g_autoptr (GError) error = NULL;
  GsockEndpoint *made = text != NULL ? gsock_endpoint_parse (
                            text, GSOCK_ENDPOINT_FOR_CLIENT, &error)
                                     : NULL;

  g_assert_no_error (error);
  return made;
}

static GsockRequest *
request_for (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GsockUrl) url = gsock_url_parse (text, &error);
  GsockRequest *request;

  g_assert_no_error (error);
  request = gsock_request_new ("GET", url, &error);
  g_assert_no_error (error);
  return request;
}

static void
check (const Row *row)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GsockProxies) proxies = gsock_proxies_new ();
  g_autoptr (GsockEndpoint) connect = endpoint (row->connect);
  g_autoptr (GsockRequest) request = request_for (row->url);
  GsockDialOptions dial = { .tls = GSIZE_TO_POINTER (1) };
  GsockRoute route;

  if (row->proxy != NULL)
    gsock_proxies_set (proxies, row->proxy, row->password, &error);
  g_assert_no_error (error);
  gsock_proxies_set_exempt (proxies, row->exempt);
  gsock_route_init (&route, request, connect, proxies, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (gsock_endpoint_to_string (route.endpoint), ==,
                   row->endpoint);
  g_assert_cmpstr (route.key, ==, row->key);
  g_assert_cmpstr (gsock_route_get_target (&route, request), ==, row->target);
  g_assert_cmpstr (gsock_request_get (request, "Proxy-Authorization"), ==,
                   row->basic);
  gsock_route_fill_dial (&route, &dial);
  /* To a forwarder nothing is shown that is meant for the host. */
  g_assert_true ((dial.tls == NULL) == (row->target != NULL));
  g_assert_true ((dial.meant == NULL) == (row->target != NULL));
  gsock_route_clear (&route);
}

static void
test_routes (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    check (&rows[i]);
}

/* What was given by hand for the proxy reaches it, and nobody else. */
static void
test_by_hand (void)
{
  static const struct
  {
    const char *proxy, *url, *told;
  } cases[] = {
    { "http://ana@p", "http://h/", "mine" },
    { "http://ana@p", "https://h/", NULL },
    { "socks5://ana@p", "http://h/", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GsockProxies) proxies = gsock_proxies_new ();
      g_autoptr (GsockRequest) request = request_for (cases[i].url);
      GsockRoute route;

      gsock_proxies_set (proxies, cases[i].proxy, "pw", &error);
      gsock_request_add (request, "proxy-authorization", "mine", &error);
      gsock_route_init (&route, request, NULL, proxies, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (gsock_request_get (request, "Proxy-Authorization"), ==,
                       cases[i].told);
      gsock_route_clear (&route);
    }
}

/* The proxy for @url by the environment: where it is, or NULL. */
static char *
proxy_for (const char *text, gboolean *failed)
{
  g_autoptr (GsockProxies) proxies = gsock_proxies_new ();
  g_autoptr (GsockUrl) url = gsock_url_parse (text, NULL);
  g_autoptr (GError) error = NULL;
  GsockProxy *proxy = NULL;

  gsock_proxies_set_environment (proxies, NULL);
  *failed = !gsock_proxies_find (proxies, url, &proxy, &error);
  if (*failed)
    {
      g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
      g_assert_null (strstr (error->message, "secret"));
    }
  return proxy != NULL ? g_strdup (
             gsock_endpoint_to_string (gsock_proxy_get_endpoint (proxy)))
                       : NULL;
}

static void
test_environment (void)
{
  static const struct
  {
    const char *name, *value, *url, *endpoint;
    gboolean fails;
  } cases[] = {
    { "http_proxy", "http://p:1", "http://h/", "tcp:p:1", FALSE },
    { "http_proxy", "p:1", "http://h/", "tcp:p:1", FALSE },
    { "http_proxy", "ana:secret@p:1", "http://h/", "tcp:p:1", FALSE },
    { "http_proxy", "http://p:1", "https://h/", NULL, FALSE },
    { "HTTP_PROXY", "http://p:1", "http://h/", NULL, FALSE },
    { "https_proxy", "socks5://p", "https://h/", "tcp:p:1080", FALSE },
    { "HTTPS_PROXY", "https://p", "https://h/", "tls:tcp:p:443", FALSE },
    { "all_proxy", "http://p:1", "https://h/", "tcp:p:1", FALSE },
    { "ALL_PROXY", "http://p:1", "http://h/", "tcp:p:1", FALSE },
    { "http_proxy", "", "http://h/", NULL, FALSE },
    { "http_proxy", "ftp://ana:secret@p", "http://h/", NULL, TRUE },
    { "http_proxy", "http://ana:secret@p:99999", "http://h/", NULL, TRUE },
    { "http_proxy", "ftp://p", "https://h/", NULL, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *found = NULL;
      gboolean failed;

      g_setenv (cases[i].name, cases[i].value, TRUE);
      found = proxy_for (cases[i].url, &failed);
      g_unsetenv (cases[i].name);
      g_assert_cmpstr (found, ==, cases[i].endpoint);
      g_assert_cmpint (failed, ==, cases[i].fails);
    }
}

static void
test_exempt (void)
{
  static const struct
  {
    const char *host, *list;
    gboolean is;
  } cases[] = {
    { "h", NULL, FALSE },
    { "h", "", FALSE },
    { "h", "*", TRUE },
    { "h.example.org", "example.org", TRUE },
    { "h.example.org", ".example.org", TRUE },
    { "h.example.org", "a,EXAMPLE.org b", TRUE },
    { "example.org", ".example.org", TRUE },
    { "notexample.org", "example.org", FALSE },
    { "example.org", "h.example.org", FALSE },
    { "10.1.2.3", "10.1.2.3", TRUE },
    { "10.1.2.3", "2.3", FALSE },
    { "10.1.2.3", "10.0.0.0/8", TRUE },
    { "10.1.2.3", "10.1.2.0/30", TRUE },
    { "10.1.2.4", "10.1.2.0/30", FALSE },
    { "11.1.2.3", "0.0.0.0/0", TRUE },
    { "10.1.2.3", "10.0.0.0/33", FALSE },
    { "10.1.2.3", "10.0.0.0/x", FALSE },
    { "10.1.2.3", "h/8", FALSE },
    { "::1", "::1", TRUE },
    { "::1", "[::1]", TRUE },
    { "fd00::1", "fd00::/7", TRUE },
    { "fd00::1", "fe80::/10", FALSE },
    { "fd00::1", "10.0.0.0/8", FALSE },
    { "::1", "::1/128", TRUE },
    { "10.0.0.1", "10.0.0.1/32", TRUE },
    { "h", ".", FALSE },
    { "h", "[]", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_true (gsock_proxy_is_exempt (cases[i].host, cases[i].list)
                   == cases[i].is);
}

int
main (int argc, char **argv)
{
  static const char *const names[] = { "http_proxy",  "HTTP_PROXY",
                                       "https_proxy", "HTTPS_PROXY",
                                       "all_proxy",   "ALL_PROXY" };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_unsetenv (names[i]);
  g_test_add_func ("/route/routes", test_routes);
  g_test_add_func ("/route/by-hand", test_by_hand);
  g_test_add_func ("/route/environment", test_environment);
  g_test_add_func ("/route/exempt", test_exempt);
  return g_test_run ();
}

/* route.c: where the connection for a request goes, and through what
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* There are four ways:
 *
 *   to the URL's host
 *   elsewhere, as --connect and --unix say; the URL still says with whom
 *   through a tunnel: a SOCKS proxy's, or what CONNECT makes of an http proxy;
 *     then all of it is between us and the URL's host
 *   to an http proxy, which is given requests with the whole URL in them, for
 *     any host of plain http: its connections carry them all
 */

#include "config.h"

#include "http/route.h"

#include <string.h>

static GsockEndpoint *
endpoint_of (const GsockUrl *url, GError **error)
{
  gboolean is_v6 = strchr (url->host, ':') != NULL;
  g_autofree char *text = g_strdup_printf (is_v6 ? "%s[%s]:%u" : "%s%s:%u",
                                           url->https ? "tls:" : "", url->host,
                                           url->port);

  return gsock_endpoint_parse (text, GSOCK_ENDPOINT_FOR_CLIENT, error);
}

static GsockEndpoint *
elsewhere (const GsockEndpoint *address, gboolean https, GError **error)
{
  g_autofree char *text = NULL;

  if (!https || gsock_endpoint_is_tls (address))
    return gsock_endpoint_ref ((GsockEndpoint *) (guintptr) address);
  text = g_strconcat ("tls:", gsock_endpoint_to_string (address), NULL);
  return gsock_endpoint_parse (text, GSOCK_ENDPOINT_FOR_CLIENT, error);
}

/* A connection is shared with none that goes through another proxy. */
static char *
new_key (const GsockRoute *route, const GsockUrl *url)
{
  if (route->forwarder != NULL)
    return g_strdup_printf ("via %s",
                            gsock_endpoint_to_string (route->endpoint));
  if (route->tunnel != NULL)
    return g_strdup_printf (
        "%s via %s", url->origin,
        gsock_endpoint_to_string (gsock_proxy_get_endpoint (route->tunnel)));
  return g_strdup (url->origin);
}

/* A proxy's credentials are the proxy's alone: what was given by hand as such
 * goes into no tunnel. */
static gboolean
fill_request (const GsockRoute *route, GsockRequest *request, GError **error)
{
  g_autofree char *basic = NULL;

  if (route->tunnel != NULL)
    return gsock_request_set (request, "Proxy-Authorization", NULL, error);
  if (route->forwarder == NULL
      || gsock_request_get (request, "Proxy-Authorization") != NULL)
    return TRUE;
  basic = gsock_proxy_dup_basic (route->forwarder);
  return basic == NULL
         || gsock_request_add (request, "Proxy-Authorization", basic, error);
}

static gboolean
choose_proxy (GsockRoute *route, const GsockRequest *request,
              GsockProxies *proxies, GError **error)
{
  GsockProxy *proxy = NULL;

  if (proxies == NULL)
    return TRUE;
  if (!gsock_proxies_find (proxies, request->url, &proxy, error))
    return FALSE;
  /* HTTP/0.9 has no place for another host's name. */
  if (proxy != NULL && gsock_proxy_forwards (proxy) && !request->url->https
      && !request->simple)
    route->forwarder = gsock_proxy_ref (proxy);
  else if (proxy != NULL)
    route->tunnel = gsock_proxy_ref (proxy);
  return TRUE;
}

static GsockEndpoint *
choose_endpoint (const GsockRoute *route, const GsockUrl *url,
                 const GsockEndpoint *connect, GError **error)
{
  if (route->forwarder != NULL)
    return gsock_endpoint_ref ((GsockEndpoint *) (guintptr)
                                   gsock_proxy_get_endpoint (route->forwarder));
  if (connect != NULL)
    return elsewhere (connect, url->https, error);
  return gsock_endpoint_ref (route->meant);
}

/**
 * gsock_route_init:
 * @route: storage of the caller's
 * @request: what is asked for; gets what a proxy is told with it
 * @connect: (nullable): where to go instead of to the URL's host
 * @proxies: (nullable): which may be in between, then
 * @error: %GSOCK_ERROR_USAGE
 *
 * Returns: %FALSE if there is no such way; @route needs no clear then
 */
gboolean
gsock_route_init (GsockRoute *route, GsockRequest *request,
                  const GsockEndpoint *connect, GsockProxies *proxies,
                  GError **error)
{
  const GsockUrl *url = request->url;

  *route = (GsockRoute) { .key = NULL };
  route->meant = endpoint_of (url, error);
  if (route->meant != NULL
      && choose_proxy (route, request, connect == NULL ? proxies : NULL, error))
    route->endpoint = choose_endpoint (route, url, connect, error);
  if (route->endpoint == NULL || !fill_request (route, request, error))
    {
      gsock_route_clear (route);
      return FALSE;
    }
  route->key = new_key (route, url);
  return TRUE;
}

void
gsock_route_clear (GsockRoute *route)
{
  g_clear_pointer (&route->key, g_free);
  g_clear_pointer (&route->endpoint, gsock_endpoint_unref);
  g_clear_pointer (&route->meant, gsock_endpoint_unref);
  g_clear_pointer (&route->tunnel, gsock_proxy_unref);
  g_clear_pointer (&route->forwarder, gsock_proxy_unref);
}

/**
 * gsock_route_fill_dial:
 * @route: a route; outlives the start of the dial
 * @dial: gets what @route says
 *
 * What is shown to the URL's host, and trusted of it, is not for a proxy.
 */
void
gsock_route_fill_dial (const GsockRoute *route, GsockDialOptions *dial)
{
  if (route->forwarder != NULL)
    dial->tls = NULL;
  else
    dial->meant = route->meant;
  dial->proxy = route->tunnel;
}

/**
 * gsock_route_get_target:
 * @route: a route
 * @request: what goes there
 *
 * Returns: (nullable): what the request line asks for; %NULL: the URL's target
 */
const char *
gsock_route_get_target (const GsockRoute *route, const GsockRequest *request)
{
  return route->forwarder != NULL ? request->url->text : NULL;
}

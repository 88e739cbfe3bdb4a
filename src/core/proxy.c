/* proxy.c: a proxy as its URL names it
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"
#include "core/proxy-private.h"

typedef struct
{
  const char *scheme;
  ProxyKind kind;
  gboolean is_tls;
  int port;
} SchemeRow;

static const SchemeRow schemes[] = {
  { "socks4", PROXY_SOCKS4, FALSE, 1080 },
  { "socks4a", PROXY_SOCKS4A, FALSE, 1080 },
  { "socks5", PROXY_SOCKS5, FALSE, 1080 },
  { "socks5h", PROXY_SOCKS5, FALSE, 1080 },
  { "http", PROXY_HTTP, FALSE, 80 },
  { "https", PROXY_HTTP, TRUE, 443 },
};

static const SchemeRow *
find_scheme (const char *scheme)
{
  for (gsize i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (strcmp (schemes[i].scheme, scheme) == 0)
      return &schemes[i];
  return NULL;
}

static gboolean
refuse_url (const char *url, GError **error)
{
  g_autofree char *shown = gsock_escape (url, -1);

  return gsock_refuse (error,
                       _ ("'%s' is no proxy; write it like "
                          "socks5://HOST:1080 or http://HOST:3128 (also "
                          "socks4, socks4a, https)"),
                       shown);
}

static GsockEndpoint *
endpoint_of (GUri *uri, const SchemeRow *row, GError **error)
{
  const char *host = g_uri_get_host (uri);
  int port = g_uri_get_port (uri) > 0 ? g_uri_get_port (uri) : row->port;
  g_autofree char *text = g_strdup_printf (
      strchr (host, ':') != NULL ? "%stcp:[%s]:%d" : "%stcp:%s:%d",
      row->is_tls ? "tls:" : "", host, port);

  return gsock_endpoint_parse (text, GSOCK_ENDPOINT_FOR_CLIENT, error);
}

/* A path, a query or a fragment would mean nothing. */
static gboolean
is_bare (GUri *uri)
{
  const char *path = g_uri_get_path (uri);

  return (path[0] == '\0' || strcmp (path, "/") == 0)
         && g_uri_get_query (uri) == NULL && g_uri_get_fragment (uri) == NULL;
}

/**
 * gsock_proxy_parse:
 * @url: SCHEME://[USER@]HOST[:PORT], where SCHEME is socks4, socks4a, socks5,
 *   http or https
 * @password: (nullable): of USER; one in @url is refused, since every user of
 *   the machine can read a command line
 * @error: %GSOCK_ERROR_USAGE
 *
 * Returns: (transfer full) (nullable): the proxy
 */
GsockProxy *
gsock_proxy_parse (const char *url, const char *password, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (
      url, G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED_PATH, NULL);
  const SchemeRow *row = uri != NULL ? find_scheme (g_uri_get_scheme (uri))
                                     : NULL;
  g_autoptr (GsockEndpoint) endpoint = NULL;
  GsockProxy *proxy;

  if (row == NULL || g_uri_get_host (uri) == NULL
      || g_uri_get_host (uri)[0] == '\0' || !is_bare (uri))
    {
      refuse_url (url, error);
      return NULL;
    }
  if (g_uri_get_password (uri) != NULL)
    {
      gsock_refuse (error, _ ("A proxy's password does not belong on a command "
                              "line; put it into $GSOCK_PROXY_PASSWORD"));
      return NULL;
    }
  endpoint = endpoint_of (uri, row, error);
  if (endpoint == NULL)
    return NULL;
  proxy = g_new0 (GsockProxy, 1);
  g_atomic_ref_count_init (&proxy->references);
  proxy->kind = row->kind;
  proxy->endpoint = g_steal_pointer (&endpoint);
  proxy->user = g_strdup (g_uri_get_user (uri));
  if (proxy->user != NULL)
    proxy->password = g_strdup (password);
  return proxy;
}

/* One name or domain of $no_proxy. */
static gboolean
is_exempt (const char *host, const char *rule)
{
  gsize host_size = strlen (host), size;

  if (strcmp (rule, "*") == 0)
    return TRUE;
  while (*rule == '.')
    rule++;
  size = strlen (rule);
  if (size == 0 || size > host_size
      || g_ascii_strcasecmp (host + host_size - size, rule) != 0)
    return FALSE;
  return size == host_size || host[host_size - size - 1] == '.';
}

static const char *
variable (const char *lower, const char *upper)
{
  const char *value = g_getenv (lower);

  if (value == NULL || value[0] == '\0')
    value = g_getenv (upper);
  return value != NULL && value[0] != '\0' ? value : NULL;
}

/**
 * gsock_proxy_from_environment:
 * @target: what is to be reached
 * @password: (nullable): of a user
 * @error: %GSOCK_ERROR_USAGE: the variable is no proxy
 *
 * What $all_proxy says, unless $no_proxy has the host of @target in its list.
 *
 * Returns: (transfer full) (nullable): %NULL without @error: none is wanted
 */
GsockProxy *
gsock_proxy_from_environment (const GsockEndpoint *target, const char *password,
                              GError **error)
{
  const char *url = variable ("all_proxy", "ALL_PROXY");
  const char *exempt = variable ("no_proxy", "NO_PROXY");
  const char *host = gsock_endpoint_get_host (target);
  g_auto (GStrv)
      rules = g_strsplit_set (exempt != NULL ? exempt : "", ", ", -1);

  if (url == NULL || host == NULL)
    return NULL;
  for (gsize i = 0; rules[i] != NULL; i++)
    if (rules[i][0] != '\0' && is_exempt (host, rules[i]))
      return NULL;
  return gsock_proxy_parse (url, password, error);
}

GsockProxy *
gsock_proxy_ref (GsockProxy *proxy)
{
  g_atomic_ref_count_inc (&proxy->references);
  return proxy;
}

void
gsock_proxy_unref (GsockProxy *proxy)
{
  if (!g_atomic_ref_count_dec (&proxy->references))
    return;
  gsock_endpoint_unref (proxy->endpoint);
  g_free (proxy->user);
  g_free (proxy->password);
  g_free (proxy);
}

/**
 * gsock_proxy_get_endpoint:
 * @proxy: a proxy
 *
 * Returns: (transfer none): where it is; a tls: endpoint for https
 */
const GsockEndpoint *
gsock_proxy_get_endpoint (const GsockProxy *proxy)
{
  return proxy->endpoint;
}

/**
 * gsock_proxy_wants_address:
 * @proxy: a proxy
 *
 * Returns: %TRUE if it can't be told a name: socks4, which wants an IPv4 address
 */
gboolean
gsock_proxy_wants_address (const GsockProxy *proxy)
{
  return proxy->kind == PROXY_SOCKS4;
}

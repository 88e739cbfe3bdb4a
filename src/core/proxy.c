/* proxy.c: a proxy as its URL names it
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <arpa/inet.h>
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

/* Whatever it is, it may have a password in it. */
static char *
without_user (const char *url)
{
  const char *at = strrchr (url, '@');
  const char *slashes = strstr (url, "://");
  gsize kept = slashes != NULL && slashes < at ? (gsize) (slashes + 3 - url)
                                               : 0;

  return at == NULL ? g_strdup (url)
                    : g_strdup_printf ("%.*s%s", (int) kept, url, at + 1);
}

static gboolean
refuse_url (const char *url, GError **error)
{
  g_autofree char *bare = without_user (url);
  g_autofree char *shown = gsock_escape (bare, -1);

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

/* @may_tell: @url may have a password, which comes before the other. */
static GsockProxy *
parse (const char *url, const char *password, gboolean may_tell, GError **error)
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
  if (g_uri_get_password (uri) != NULL && !may_tell)
    {
      gsock_refuse (error, _ ("A proxy's password does not belong on a command "
                              "line; put it into $GSOCK_PROXY_PASSWORD"));
      return NULL;
    }
  endpoint = endpoint_of (uri, row, error);
  if (endpoint == NULL)
    return NULL;
  if (g_uri_get_password (uri) != NULL)
    password = g_uri_get_password (uri);
  proxy = g_new0 (GsockProxy, 1);
  g_atomic_ref_count_init (&proxy->references);
  proxy->kind = row->kind;
  proxy->endpoint = g_steal_pointer (&endpoint);
  proxy->user = g_strdup (g_uri_get_user (uri));
  if (proxy->user != NULL)
    proxy->password = g_strdup (password);
  return proxy;
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
  return parse (url, password, FALSE, error);
}

/* An address within NETWORK/BITS, of either family. */
static gboolean
is_within (const char *host, const char *network)
{
  static const int families[] = { AF_INET, AF_INET6 };
  const char *slash = strchr (network, '/');
  g_autofree char *first = NULL;
  guint64 bits;

  if (slash == NULL
      || !g_ascii_string_to_unsigned (slash + 1, 10, 0, 128, &bits, NULL))
    return FALSE;
  first = g_strndup (network, (gsize) (slash - network));
  for (gsize i = 0; i < G_N_ELEMENTS (families); i++)
    {
      guint8 a[16], b[16];
      gsize whole = (gsize) bits / 8;
      guint8 mask = (guint8) (0xff00 >> (bits % 8));

      if (inet_pton (families[i], host, a) != 1
          || inet_pton (families[i], first, b) != 1
          || bits > (families[i] == AF_INET ? 32 : 128))
        continue;
      return memcmp (a, b, whole) == 0
             && (mask == 0 || ((a[whole] ^ b[whole]) & mask) == 0);
    }
  return FALSE;
}

/* One name, domain, address or network of a list. */
static gboolean
matches (const char *host, const char *rule)
{
  gsize host_size = strlen (host), size;

  if (strcmp (rule, "*") == 0 || is_within (host, rule))
    return TRUE;
  while (*rule == '.')
    rule++;
  size = strlen (rule);
  if (size > 2 && *rule == '[' && rule[size - 1] == ']')
    {
      rule++;
      size -= 2;
    }
  if (size == 0 || size > host_size
      || g_ascii_strncasecmp (host + host_size - size, rule, size) != 0)
    return FALSE;
  return size == host_size
         || (host[host_size - size - 1] == '.'
             && !g_hostname_is_ip_address (host));
}

/**
 * gsock_proxy_is_exempt:
 * @host: a name, or an address without brackets
 * @list: (nullable): as $no_proxy has it, separated by commas or blanks: names
 *   and domains with all in them, addresses, networks ("10.0.0.0/8"), or "*"
 *
 * Returns: %TRUE if @host is to be reached without a proxy
 */
gboolean
gsock_proxy_is_exempt (const char *host, const char *list)
{
  g_auto (GStrv) rules = g_strsplit_set (list != NULL ? list : "", ", ", -1);

  for (gsize i = 0; rules[i] != NULL; i++)
    if (rules[i][0] != '\0' && matches (host, rules[i]))
      return TRUE;
  return FALSE;
}

/* The first of @names that is set, and not empty. */
static const char *
variable (const char *const *names, const char **name)
{
  for (; *names != NULL; names++)
    {
      const char *value = g_getenv (*names);

      *name = *names;
      if (value != NULL && value[0] != '\0')
        return value;
    }
  return NULL;
}

/**
 * gsock_proxy_from_variable:
 * @names: of environment variables, ended by %NULL; the first that is set
 *   counts
 * @password: (nullable): of a user that has none there
 * @error: %GSOCK_ERROR_USAGE: it is no proxy
 *
 * Without a scheme it is http.
 *
 * Returns: (transfer full) (nullable): %NULL without @error: none is set
 */
GsockProxy *
gsock_proxy_from_variable (const char *const *names, const char *password,
                           GError **error)
{
  const char *name;
  const char *value = variable (names, &name);
  g_autofree char *url = NULL;
  GsockProxy *proxy;

  if (value == NULL)
    return NULL;
  url = g_strconcat (strstr (value, "://") == NULL ? "http://" : "", value,
                     NULL);
  proxy = parse (url, password, TRUE, error);
  if (proxy == NULL)
    g_prefix_error (error, "$%s: ", name);
  return proxy;
}

/**
 * gsock_proxy_no_proxy:
 *
 * Returns: (nullable): the list of $no_proxy
 */
const char *
gsock_proxy_no_proxy (void)
{
  static const char *const names[] = { "no_proxy", "NO_PROXY", NULL };
  const char *name;

  return variable (names, &name);
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
  static const char *const names[] = { "all_proxy", "ALL_PROXY", NULL };
  const char *host = gsock_endpoint_get_host (target);

  if (host == NULL || gsock_proxy_is_exempt (host, gsock_proxy_no_proxy ()))
    return NULL;
  return gsock_proxy_from_variable (names, password, error);
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

/**
 * gsock_proxy_forwards:
 * @proxy: a proxy
 *
 * Returns: %TRUE if it can be given requests of HTTP, and not only asked for
 *   tunnels
 */
gboolean
gsock_proxy_forwards (const GsockProxy *proxy)
{
  return proxy->kind == PROXY_HTTP;
}

/**
 * gsock_proxy_has_user:
 * @proxy: a proxy
 *
 * Returns: %TRUE if it is told who we are
 */
gboolean
gsock_proxy_has_user (const GsockProxy *proxy)
{
  return proxy->user != NULL;
}

/**
 * gsock_proxy_dup_basic:
 * @proxy: a proxy
 *
 * Returns: (transfer full) (nullable): the value of Proxy-Authorization; %NULL:
 *   it has no user
 */
char *
gsock_proxy_dup_basic (const GsockProxy *proxy)
{
  g_autofree char *secret = NULL;
  g_autofree char *coded = NULL;

  if (proxy->user == NULL)
    return NULL;
  secret = g_strdup_printf ("%s:%s", proxy->user,
                            proxy->password != NULL ? proxy->password : "");
  coded = g_base64_encode ((const guchar *) secret, strlen (secret));
  return g_strconcat ("Basic ", coded, NULL);
}

/**
 * gsock_proxy_new_error:
 * @error: why a proxy could not be reached
 *
 * Returns: (transfer full): the same, that says that it was the proxy
 */
GError *
gsock_proxy_new_error (const GError *error)
{
  return g_error_new (error->domain, error->code,
                      /* TRANSLATORS: then comes a sentence, "Cannot connect to
                         ADDRESS: ..." */
                      _ ("Cannot reach the proxy: %s"), error->message);
}

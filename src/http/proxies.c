/* proxies.c: which proxy a URL is fetched through, if any
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "http/proxies.h"

/* By scheme. */
enum
{
  FOR_HTTP,
  FOR_HTTPS,
  N_FOR,
};

struct _GsockProxies
{
  GsockProxy *given; /* for all; or NULL */
  gboolean environment;
  char *password;            /* of those of the environment; or NULL */
  char *exempt;              /* or NULL */
  GsockProxy *found[N_FOR];  /* in the environment; or NULL */
  gboolean was_asked[N_FOR]; /* the environment */
};

/**
 * gsock_proxies_new:
 *
 * Returns: (transfer full): no proxy for anything
 */
GsockProxies *
gsock_proxies_new (void)
{
  return g_new0 (GsockProxies, 1);
}

/**
 * gsock_proxies_free:
 * @proxies: (transfer full): nothing that was found in it is used any more
 */
void
gsock_proxies_free (GsockProxies *proxies)
{
  g_clear_pointer (&proxies->given, gsock_proxy_unref);
  for (int i = 0; i < N_FOR; i++)
    g_clear_pointer (&proxies->found[i], gsock_proxy_unref);
  g_free (proxies->password);
  g_free (proxies->exempt);
  g_free (proxies);
}

gboolean
gsock_proxies_set (GsockProxies *proxies, const char *url, const char *password,
                   GError **error)
{
  g_clear_pointer (&proxies->given, gsock_proxy_unref);
  proxies->given = gsock_proxy_parse (url, password, error);
  return proxies->given != NULL;
}

void
gsock_proxies_set_environment (GsockProxies *proxies, const char *password)
{
  proxies->environment = TRUE;
  g_free (proxies->password);
  proxies->password = g_strdup (password);
}

void
gsock_proxies_set_exempt (GsockProxies *proxies, const char *list)
{
  g_free (proxies->exempt);
  proxies->exempt = g_strdup (list);
}

/* A server that runs us for its clients has what a client says as "Proxy:" in
 * $HTTP_PROXY (RFC 3875, 4.1.18): that one is never believed. */
static gboolean
ask (GsockProxies *proxies, int scheme, GError **error)
{
  static const char *const names[N_FOR][5] = {
    [FOR_HTTP] = { "http_proxy", "all_proxy", "ALL_PROXY", NULL },
    [FOR_HTTPS] = { "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
                    NULL },
  };
  g_autoptr (GError) failure = NULL;

  if (proxies->was_asked[scheme])
    return TRUE;
  proxies->found[scheme] = gsock_proxy_from_variable (
      names[scheme], proxies->password, &failure);
  proxies->was_asked[scheme] = failure == NULL;
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  return proxies->was_asked[scheme];
}

/**
 * gsock_proxies_find:
 * @proxies: proxies
 * @url: what is to be fetched
 * @proxy: (out) (transfer none) (nullable): through which; %NULL: none
 * @error: %GSOCK_ERROR_USAGE
 *
 * Returns: %FALSE if the environment names something that is no proxy
 */
gboolean
gsock_proxies_find (GsockProxies *proxies, const GsockUrl *url,
                    GsockProxy **proxy, GError **error)
{
  int scheme = url->https ? FOR_HTTPS : FOR_HTTP;

  *proxy = NULL;
  if ((proxies->given == NULL && !proxies->environment)
      || gsock_proxy_is_exempt (url->host, proxies->exempt))
    return TRUE;
  *proxy = proxies->given;
  if (proxies->given != NULL)
    return TRUE;
  if (!ask (proxies, scheme, error))
    return FALSE;
  *proxy = proxies->found[scheme];
  return TRUE;
}

/* get-proxy.c: the proxies that gsock-get fetches through
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tools/get-proxy.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "tools/options.h"

/* Main thread. */
static char *url;
static char *exempt;
static gboolean no_proxy;

static gboolean
no_proxy_cb (G_GNUC_UNUSED const char *option, const char *text,
             G_GNUC_UNUSED gpointer data, G_GNUC_UNUSED GError **error)
{
  g_free (exempt);
  exempt = g_strdup (text);
  no_proxy = text == NULL;
  return TRUE;
}

static const GOptionEntry entries[] = {
  { "proxy", 'x', GSOCK_OPTION_STRING, &url,
    N_ ("fetch through a proxy: http, https, socks5, socks4a or socks4; "
        "otherwise as $http_proxy, $https_proxy and $all_proxy say"),
    N_ ("URL") },
  { "no-proxy", 0, G_OPTION_FLAG_FILENAME | G_OPTION_FLAG_OPTIONAL_ARG,
    G_OPTION_ARG_CALLBACK, no_proxy_cb,
    N_ ("through none; or for none of these hosts, instead of $no_proxy"),
    N_ ("LIST") },
  G_OPTION_ENTRY_NULL,
};
const GsockOptionGroup gsock_get_proxy_group = { NULL, entries, NULL };

/* Whose password it is depends on the URL that is fetched: the environment may
 * name several proxies. */
static gboolean
fill (GsockProxies *proxies, GError **error)
{
  const char *password = g_getenv ("GSOCK_PROXY_PASSWORD");

  gsock_proxies_set_exempt (proxies,
                            exempt != NULL ? exempt : gsock_proxy_no_proxy ());
  if (url != NULL && url[0] != '\0' && strcmp (url, "system") != 0)
    return gsock_options_check (
        gsock_proxies_set (proxies, url, password, error), "--proxy", error);
  if (url == NULL || url[0] != '\0')
    gsock_proxies_set_environment (proxies, password);
  return TRUE;
}

/**
 * gsock_get_proxies_new:
 * @elsewhere: an address to connect to was given
 * @error: %GSOCK_ERROR_USAGE
 *
 * Returns: (transfer full) (nullable): what the command line and the
 *   environment say
 */
GsockProxies *
gsock_get_proxies_new (gboolean elsewhere, GError **error)
{
  g_autoptr (GsockProxies) proxies = gsock_proxies_new ();
  gboolean given = url != NULL && url[0] != '\0';

  if (!gsock_tool_excludes (given, "--proxy", elsewhere, "--connect", error)
      || !gsock_tool_excludes (given, "--proxy", no_proxy, "--no-proxy", error))
    return NULL;
  if (!no_proxy && !fill (proxies, error))
    return NULL;
  return g_steal_pointer (&proxies);
}

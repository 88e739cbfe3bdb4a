/* proxy-options.c: the proxy that the command line or the environment names
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tools/proxy-options.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "tools/options.h"

/* Main thread. */
static char *url;
static GsockProxy *proxy;

static const GOptionEntry entries[] = {
  { "proxy", 'x', GSOCK_OPTION_STRING, &url,
    N_ ("connect through a proxy: socks4, socks4a, socks5, http or https; "
        "'system' is what $all_proxy says"),
    N_ ("URL") },
  G_OPTION_ENTRY_NULL,
};
const GsockOptionGroup gsock_options_proxy = { NULL, entries, NULL };

/**
 * gsock_proxy_options_fill_dial:
 * @dial: gets the proxy, which lives as long as the process
 * @remote: what is to be reached
 * @error: %GSOCK_ERROR_USAGE
 *
 * Returns: %FALSE if there is no such proxy, or @remote can't be reached by one
 */
gboolean
gsock_proxy_options_fill_dial (GsockDialOptions *dial,
                               const GsockEndpoint *remote, GError **error)
{
  const char *password = g_getenv ("GSOCK_PROXY_PASSWORD");
  g_autoptr (GError) reason = NULL;

  if (url == NULL || url[0] == '\0')
    return TRUE;
  /* Its target would be told of an address that it does not see. */
  if (!gsock_tool_excludes (TRUE, "--proxy", dial->send_proxy != 0,
                            "--send-proxy", error))
    return FALSE;
  if (gsock_endpoint_get_kind (remote) != GSOCK_ENDPOINT_TCP)
    return gsock_tool_excludes (TRUE, "--proxy", TRUE,
                                gsock_endpoint_to_string (remote), error);
  g_clear_pointer (&proxy, gsock_proxy_unref);
  if (strcmp (url, "system") == 0)
    proxy = gsock_proxy_from_environment (remote, password, &reason);
  else
    proxy = gsock_proxy_parse (url, password, &reason);
  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return gsock_options_check (FALSE, "--proxy", error);
    }
  dial->proxy = proxy;
  return TRUE;
}

/* send-proxy.c: --send-proxy: saying first, on a connection, whose it is
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tools/send-proxy.h"

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"

/* Main thread. */
static guint version;

static gboolean
send_proxy_cb (const char *option, const char *text,
               G_GNUC_UNUSED gpointer data, GError **error)
{
  g_autofree char *shown = NULL;

  if (text == NULL || g_str_equal (text, "1"))
    version = 1;
  else if (g_str_equal (text, "2"))
    version = 2;
  else
    {
      shown = gsock_escape_brief (text);
      return gsock_refuse (error,
                           /* TRANSLATORS: an option, its value. */
                           _ ("%s: there is no version '%s' of the PROXY "
                              "protocol; write 1 or 2"),
                           option, shown);
    }
  return TRUE;
}

static const GOptionEntry entries[] = {
  { "send-proxy", 0,
    G_OPTION_FLAG_FILENAME | G_OPTION_FLAG_HIDDEN | G_OPTION_FLAG_OPTIONAL_ARG,
    G_OPTION_ARG_CALLBACK, send_proxy_cb,
    N_ ("say first whose connection it is, by HAProxy's PROXY protocol, "
        "version 1 (the default) or 2"),
    N_ ("VERSION") },
  G_OPTION_ENTRY_NULL,
};
const GsockOptionGroup gsock_options_send_proxy = { NULL, entries, NULL };

gboolean
gsock_send_proxy_check (const GsockEndpoint *remote, GError **error)
{
  return gsock_tool_excludes (version != 0, "--send-proxy",
                              !gsock_endpoint_is_stream (remote),
                              gsock_endpoint_to_string (remote), error);
}

guint
gsock_send_proxy_get_version (void)
{
  return version;
}

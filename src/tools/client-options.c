/* client-options.c: what gsock-client's command line can say, checked
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tools/client-options.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/units.h"
#include "tools/dns-server.h"
#include "tools/options.h"
#include "tools/proxy-options.h"
#include "tools/send-proxy.h"
#include "tools/tls-options.h"

/* The only one there is; main thread. */
static GsockClientOptions options = { .quit_after = -1 };

static gboolean
retry_cb (const char *option, const char *text, G_GNUC_UNUSED gpointer data,
          GError **error)
{
  guint64 times;

  if (g_str_equal (text, "forever"))
    options.retries = -1;
  else if (gsock_parse_count (text, 0, G_MAXINT64, &times, error))
    options.retries = (gint64) times;
  else
    return gsock_options_check (FALSE, option, error);
  return TRUE;
}

static gboolean
preamble_cb (const char *option, const char *text, G_GNUC_UNUSED gpointer data,
             GError **error)
{
  return gsock_options_take_text (&options.preamble, option, text, error);
}

static gboolean
source_cb (const char *option, const char *text, G_GNUC_UNUSED gpointer data,
           GError **error)
{
  return gsock_options_check (
      gsock_address_parse (&options.source, text, error), option, error);
}

static const GOptionEntry connection_entries[] = {
  { "check", 'z', GSOCK_OPTION_FLAG, &options.check,
    N_ ("connect, report and exit"), NULL },
  { "retry", 0, GSOCK_OPTION_CALLBACK, retry_cb,
    N_ ("connect again, up to N times or forever"), N_ ("N|forever") },
  { "reconnect", 0, GSOCK_OPTION_FLAG, &options.reconnect,
    N_ ("connect again after a lost connection too"), NULL },
  G_OPTION_ENTRY_NULL,
};
static const GsockOptionGroup connection_group = { N_ ("Connection:"),
                                                   connection_entries, NULL };

static const GOptionEntry message_entries[] = {
  { "preamble", 0, GSOCK_OPTION_CALLBACK, preamble_cb,
    N_ ("send this first on every connection"), N_ ("TEXT|@FILE") },
  { "send-only", 0, GSOCK_OPTION_FLAG, &options.send_only,
    N_ ("send, and receive nothing"), NULL },
  { "recv-only", 0, GSOCK_OPTION_FLAG, &options.recv_only,
    N_ ("receive, and send nothing"), NULL },
  { "no-shutdown", 0, GSOCK_OPTION_FLAG, &options.no_shutdown,
    N_ ("keep our side open at the end of stdin"), NULL },
  { "quit-after", 'q', GSOCK_OPTION_CALLBACK, gsock_value_cb,
    N_ ("leave so long after the end of stdin (when the peer ends)"),
    N_ ("TIME") },
  { "count", 'n', GSOCK_OPTION_CALLBACK, gsock_value_cb,
    N_ ("leave after so many messages received"), N_ ("N") },
  G_OPTION_ENTRY_NULL,
};
static const GsockValue message_values[] = {
  { "--quit-after", GSOCK_VALUE_TIME, &options.quit_after, 0, 0 },
  { "--count", GSOCK_VALUE_COUNT, &options.count, 1, G_MAXUINT64 },
};
static const GsockOptionGroup message_group = { N_ ("Messages:"),
                                                message_entries,
                                                message_values };

static const GOptionEntry socket_entries[] = {
  { "source", 's', GSOCK_OPTION_CALLBACK, source_cb,
    N_ ("connect from this address, port or both"), N_ ("ADDR[:PORT]") },
  G_OPTION_ENTRY_NULL,
};
static const GsockOptionGroup socket_group = { N_ ("Socket:"), socket_entries,
                                               NULL };

const GsockOptionGroup *const gsock_client_option_groups[] = {
  &connection_group,     &gsock_options_connect,    &gsock_options_dns_server,
  &gsock_options_proxy,  &gsock_options_send_proxy, &gsock_options_limits,
  &message_group,        &gsock_options_frame,      &gsock_options_tls,
  &socket_group,         &gsock_options_socket,     &gsock_options_shown,
  &gsock_options_events, &gsock_options_help,       NULL,
};

/**
 * gsock_client_options_get:
 *
 * Returns: (transfer none): what the command line said
 */
const GsockClientOptions *
gsock_client_options_get (void)
{
  return &options;
}

/**
 * gsock_client_options_check:
 * @has_messages: whether there are MESSAGEs
 * @error: %GSOCK_ERROR_USAGE
 *
 * Returns: %FALSE if options were given that exclude each other
 */
gboolean
gsock_client_options_check (gboolean has_messages, GError **error)
{
  const GsockClientOptions *o = &options;

  return gsock_tool_excludes (o->send_only, "--send-only", o->recv_only,
                              "--recv-only", error)
         && gsock_tool_excludes (o->send_only, "--send-only", o->count > 0,
                                 "--count", error)
         && gsock_tool_excludes (o->recv_only, "--recv-only", has_messages,
                                 _ ("MESSAGE"), error)
         && gsock_tool_excludes (o->check, "--check", has_messages,
                                 _ ("MESSAGE"), error)
         && gsock_tool_excludes (o->check, "--check", o->reconnect,
                                 "--reconnect", error);
}

/* A word that is no ADDRESS by itself, but can be the HOST before a PORT: it
 * has no port, scheme, slash or @, or is an IPv6 address, with brackets or
 * without. */
static gboolean
is_bare_host (const char *word)
{
  if (*word == '\0' || gsock_is_digits (word))
    return FALSE;
  if (word[0] == '[' && g_str_has_suffix (word, "]"))
    return TRUE;
  return strpbrk (word, ":/@") == NULL || g_hostname_is_ip_address (word);
}

/**
 * gsock_client_options_take_address:
 * @words: (inout): moves on to the first MESSAGE
 * @error: %GSOCK_ERROR_USAGE
 *
 * Returns: (transfer full) (nullable): what "ADDRESS [MESSAGE...]" or
 *   "HOST PORT [MESSAGE...]" begins with
 */
GsockEndpoint *
gsock_client_options_take_address (char ***words, GError **error)
{
  const char *host = (*words)[0];
  const char *port = host != NULL ? (*words)[1] : NULL;

  if (host == NULL)
    {
      g_set_error_literal (error, GSOCK_ERROR, GSOCK_ERROR_USAGE,
                           _ ("An address is missing, as in \"gsock-client "
                              "localhost 3490\" or \"gsock-client "
                              "/tmp/socket\"; see gsock-client --help"));
      return NULL;
    }
  (*words)++;
  if (port == NULL || !is_bare_host (host))
    return gsock_options_parse_address (host, GSOCK_ENDPOINT_FOR_CLIENT, error);
  (*words)++;
  return gsock_endpoint_parse_host_port (host, port, error);
}

/**
 * gsock_client_options_take_messages:
 * @words: the MESSAGEs
 * @remote: where they go
 * @config: whose frame must carry each of them, unless the socket keeps
 *   messages apart by itself
 * @error: %GSOCK_ERROR_USAGE
 *
 * Returns: (transfer full) (element-type GBytes) (nullable): the messages
 */
GPtrArray *
gsock_client_options_take_messages (char **words, const GsockEndpoint *remote,
                                    const GsockConnectionConfig *config,
                                    GError **error)
{
  gboolean framed = gsock_endpoint_is_stream (remote);
  g_autoptr (GPtrArray) messages = g_ptr_array_new_with_free_func (
      (GDestroyNotify) g_bytes_unref);

  for (gsize i = 0; words[i] != NULL; i++)
    {
      GsockFrameEnds ends;

      if (framed
          && !config->codec->encode (words[i], strlen (words[i]), config->crlf,
                                     &ends, error))
        return NULL;
      g_ptr_array_add (messages, g_bytes_new (words[i], strlen (words[i])));
    }
  return g_steal_pointer (&messages);
}

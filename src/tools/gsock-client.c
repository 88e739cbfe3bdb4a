/* gsock-client.c: connects to an ADDRESS: messages, a pipe, a conversation
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "core/client.h"
#include "dns/asker.h"
#include "tools/client-options.h"
#include "tools/client-session.h"
#include "tools/dns-server.h"
#include "tools/options.h"
#include "tools/proxy-options.h"
#include "tools/send-proxy.h"
#include "tools/tls-options.h"
#include "tools/tool.h"

/* A person at both ends of the pipe. */
static gboolean
is_conversation (gboolean has_messages)
{
  const GsockClientOptions *options = gsock_client_options_get ();

  return !has_messages && !options->check && !options->send_only
         && !options->recv_only && isatty (STDIN_FILENO)
         && isatty (STDOUT_FILENO);
}

/* What --frame is when it isn't given: a person types lines, and a socket that
 * keeps messages gets them as such. */
static const char *
default_frame (const GsockEndpoint *remote, gboolean says_lines)
{
  return says_lines
                 || (!gsock_endpoint_is_stream (remote)
                     && isatty (STDIN_FILENO))
             ? "line"
             : "raw";
}

/* All but the handler and its data. */
static gboolean
configure (GsockClientConfig *config, const char *frame, GError **error)
{
  const GsockClientOptions *options = gsock_client_options_get ();

  config->retries = options->retries;
  config->reconnect = options->reconnect;
  config->check = options->check;
  config->preamble = options->preamble;
  config->dial.connect.source = options->source;
  gsock_options_fill_dial (&config->dial);
  config->dial.send_proxy = gsock_send_proxy_get_version ();
  return gsock_send_proxy_check (config->remote, error)
         && gsock_proxy_options_fill_dial (&config->dial, config->remote, error)
         && gsock_tls_options_fill_dial (&config->dial, config->remote, error)
         && gsock_options_fill_connection (&config->connection, frame, error);
}

static int
run (char **words, G_GNUC_UNUSED char **rest, GError **error)
{
  g_autoptr (GsockEndpoint)
      remote = gsock_client_options_take_address (&words, error);
  gboolean has_messages = remote != NULL && words[0] != NULL;
  gboolean types = is_conversation (has_messages);
  g_autoptr (GPtrArray) messages = NULL;
  GsockClientConfig config = { .remote = remote };

  if (remote == NULL || !gsock_client_options_check (has_messages, error)
      || !gsock_options_begin_dns_server (GSOCK_DNS_FACE (gsock_dns_asker),
                                          error)
      || !configure (&config, default_frame (remote, types || has_messages),
                     error))
    return 0;
  if (config.check)
    gsock_options_raise_verbosity (1);
  if (has_messages)
    {
      messages = gsock_client_options_take_messages (words, remote,
                                                     &config.connection, error);
      if (messages == NULL)
        return 0;
    }
  if (types)
    gsock_client_session_converse (&config, error);
  else
    gsock_client_session_run (&config, messages, error);
  gsock_options_end_dns_server ();
  return 0;
}

static const char *const usage[] = { N_ ("[OPTION]... ADDRESS [MESSAGE...]"),
                                     N_ ("[OPTION]... HOST PORT [MESSAGE...]"),
                                     NULL };

static const GsockExample examples[] = {
  { "localhost 3490", N_ ("talk, or join a pipe") },
  { "/tmp/socket hello", N_ ("send a message, print the replies") },
  { "-z --retry=5 db.example 5432", N_ ("wait for a server to answer") },
  { NULL, NULL },
};

static const GsockTool tool = {
  .name = "gsock-client",
  .summary = N_ ("Connects to an ADDRESS (HOST:PORT, PORT, a path, @NAME): "
                 "sends each MESSAGE and prints the replies; without one, "
                 "holds a conversation on a terminal, or joins stdin and "
                 "stdout to the socket."),
  .usage = usage,
  .groups = gsock_client_option_groups,
  .examples = examples,
  .run = run,
};

int
main (int argc, char **argv)
{
  return gsock_tool_main (&tool, argc, argv);
}

/* gsock-client.c: connects to an ADDRESS: messages, a pipe, a conversation
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "core/client.h"
#include "core/error.h"
#include "handlers/handlers.h"
#include "handlers/stdio.h"
#include "tools/client-options.h"
#include "tools/conversation.h"
#include "tools/dns-server.h"
#include "tools/options.h"
#include "tools/proxy-options.h"
#include "tools/send-proxy.h"
#include "tools/tls-options.h"
#include "tools/tool.h"

/* What lives while we converse; main thread. */
typedef struct
{
  GsockClient *client;
  GsockStdio stdio;
  GsockConversation conversation;
  int signum; /* what ended us, with --stats */
} Session;

/* The user has nothing more to say, so an end is no dropped link. */
static void
finished_cb (gpointer data)
{
  Session *session = data;

  gsock_client_finish (session->client);
}

static void
failed_cb (const GError *error, gpointer data)
{
  Session *session = data;

  gsock_client_stop (session->client, error);
}

/* @messages: NULL: stdin. */
static void
start_stdio (Session *session, GPtrArray *messages)
{
  const GsockClientOptions *options = gsock_client_options_get ();
  gboolean reads = messages == NULL && !options->recv_only;
  GsockStdio *stdio = &session->stdio;

  gsock_stdio_init (stdio, reads ? STDIN_FILENO : -1, STDOUT_FILENO,
                    isatty (STDOUT_FILENO),
                    gsock_client_get_context (session->client));
  stdio->messages = messages;
  stdio->recv_only = options->recv_only;
  stdio->send_only = options->send_only;
  stdio->no_shutdown = options->no_shutdown;
  stdio->quit_after = options->quit_after;
  stdio->count = options->count;
  stdio->finished = finished_cb;
  stdio->failed = failed_cb;
  stdio->data = session;
}

/* The sums are told before a signal ends us.  The second one does at once. */
static gboolean
int_cb (gpointer data)
{
  Session *session = data;

  session->signum = SIGINT;
  gsock_client_stop (session->client, NULL);
  return G_SOURCE_REMOVE;
}

static gboolean
term_cb (gpointer data)
{
  Session *session = data;

  session->signum = SIGTERM;
  gsock_client_stop (session->client, NULL);
  return G_SOURCE_REMOVE;
}

static void
catch_signals (Session *session)
{
  GMainContext *context = gsock_client_get_context (session->client);

  if (!gsock_options_get ()->stats)
    return;
  gsock_tool_add_signal (context, SIGINT, int_cb, session);
  gsock_tool_add_signal (context, SIGTERM, term_cb, session);
}

static gboolean
run_stdio (const GsockClientConfig *config, Session *session,
           GPtrArray *messages, GError **error)
{
  gboolean shows = !gsock_client_options_get ()->send_only;
  g_autoptr (GsockClient) client = gsock_client_new (config, error);
  const GsockStats *stats;
  GsockMeter *meter;
  gboolean done;

  if (client == NULL)
    return FALSE;
  session->client = client;
  start_stdio (session, messages);
  catch_signals (session);
  stats = gsock_client_get_stats (client);
  meter = gsock_options_start_meter (stats, shows,
                                     gsock_client_get_context (client));
  done = gsock_client_run (client, error);
  gsock_options_end_meter (meter, stats);
  if (!gsock_stdio_finish (&session->stdio, done ? error : NULL))
    done = FALSE;
  g_clear_pointer (&client, gsock_client_free);
  gsock_stdio_clear (&session->stdio);
  if (session->signum != 0)
    raise (session->signum);
  return done;
}

static void
start_conversation (Session *session)
{
  const GsockClientOptions *options = gsock_client_options_get ();
  GsockConversation *conversation = &session->conversation;

  gsock_conversation_init (conversation,
                           gsock_client_get_context (session->client));
  conversation->no_shutdown = options->no_shutdown;
  conversation->reconnects = options->reconnect;
  conversation->quit_after = options->quit_after;
  conversation->count = options->count;
  conversation->finished = finished_cb;
  conversation->failed = failed_cb;
  conversation->data = session;
}

static gboolean
run_conversation (const GsockClientConfig *config, Session *session,
                  GError **error)
{
  g_autoptr (GsockClient) client = gsock_client_new (config, error);
  gboolean done;

  if (client == NULL)
    return FALSE;
  session->client = client;
  start_conversation (session);
  done = gsock_client_run (client, error);
  gsock_conversation_clear (&session->conversation);
  gsock_options_end_meter (NULL, gsock_client_get_stats (client));
  return done;
}

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
  Session session = { .client = NULL };

  if (remote == NULL || !gsock_client_options_check (has_messages, error)
      || !gsock_options_set_dns_server (error)
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
    {
      config.connection.handler = &gsock_conversation_handler;
      config.connection.handler_data = &session.conversation;
      run_conversation (&config, &session, error);
    }
  else
    {
      config.connection.handler = &gsock_stdio_handler;
      config.connection.handler_data = &session.stdio;
      run_stdio (&config, &session, messages, error);
    }
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

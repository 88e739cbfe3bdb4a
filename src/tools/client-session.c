/* client-session.c: one run of gsock-client: a pipe or a conversation
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tools/client-session.h"

#include <signal.h>
#include <unistd.h>

#include "handlers/handlers.h"
#include "handlers/stdio.h"
#include "tools/client-options.h"
#include "tools/conversation.h"
#include "tools/options.h"
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
  stdio->reconnects = options->reconnect;
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

/**
 * gsock_client_session_run:
 * @config: gets its handler
 * @messages: (nullable) (element-type GBytes): %NULL: standard input instead
 * @error: what ended it
 *
 * Joins the socket to standard input and output.
 *
 * Returns: whether it went well
 */
gboolean
gsock_client_session_run (GsockClientConfig *config, GPtrArray *messages,
                          GError **error)
{
  Session session = { .client = NULL };

  config->connection.handler = &gsock_stdio_handler;
  config->connection.handler_data = &session.stdio;
  return run_stdio (config, &session, messages, error);
}

/**
 * gsock_client_session_converse:
 * @config: gets its handler
 * @error: what ended it
 *
 * Talks with a person at a terminal.
 *
 * Returns: whether it went well
 */
gboolean
gsock_client_session_converse (GsockClientConfig *config, GError **error)
{
  Session session = { .client = NULL };

  config->connection.handler = &gsock_conversation_handler;
  config->connection.handler_data = &session.conversation;
  return run_conversation (config, &session, error);
}

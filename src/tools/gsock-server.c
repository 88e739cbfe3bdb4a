/* gsock-server.c: serves every ADDRESS it is given, many clients at once
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <signal.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/gio.h"
#include "core/server.h"
#include "handlers/handlers.h"
#include "tools/forward-options.h"
#include "tools/options.h"
#include "tools/server-options.h"
#include "tools/server-settle.h"
#include "tools/service.h"
#include "tools/tool.h"

static gboolean
term_cb (gpointer data)
{
  gsock_server_stop (data, "SIGTERM");
  return G_SOURCE_CONTINUE;
}

static gboolean
int_cb (gpointer data)
{
  gsock_server_stop (data, "SIGINT");
  return G_SOURCE_CONTINUE;
}

static gboolean
reload_cb (gpointer data)
{
  gsock_server_reload (data);
  return G_SOURCE_CONTINUE;
}

static gboolean
stats_cb (gpointer data)
{
  gsock_stats_tell (gsock_server_get_stats (data));
  return G_SOURCE_CONTINUE;
}

static void
add_signals (GsockServer *server)
{
  GMainContext *context = gsock_server_get_context (server);

  gsock_tool_add_signal (context, SIGTERM, term_cb, server);
  gsock_tool_add_signal (context, SIGINT, int_cb, server);
  gsock_tool_add_signal (context, SIGHUP, reload_cb, server);
  gsock_tool_add_signal (context, SIGUSR1, stats_cb, server);
}

/* No loop runs any more, and stdout may take as long as its reader likes: a
 * signal ends us now as it ends others. */
static void
stop_waiting_on_signal (void)
{
  struct sigaction action = { .sa_handler = SIG_DFL };

  sigaction (SIGTERM, &action, NULL);
  sigaction (SIGINT, &action, NULL);
}

static gboolean
serve (const GsockServerConfig *config, GsockService *service, GError **error)
{
  const GsockHandler *handler = config->connection.handler;
  g_autoptr (GsockServer) server = gsock_server_new (config, error);
  g_autoptr (GMainContext) context = NULL;
  GsockMeter *meter;
  gboolean done;

  if (server == NULL)
    {
      gsock_exec_clear (&service->exec); /* the one that is set already */
      return FALSE;
    }
  /* The handler's own sources go after the server and need its context. */
  context = g_main_context_ref (gsock_server_get_context (server));
  service->server = server;
  gsock_service_start (service, handler);
  add_signals (server);
  meter = gsock_options_start_meter (gsock_server_get_stats (server),
                                     handler == &gsock_print_handler
                                         || handler == &gsock_stdio_handler,
                                     context);
  done = gsock_server_run (server, error);
  stop_waiting_on_signal ();
  gsock_options_end_meter (meter, gsock_server_get_stats (server));
  if (!gsock_service_finish (service, handler, done ? error : NULL))
    done = FALSE;
  g_clear_pointer (&server, gsock_server_free);
  gsock_service_clear (service, handler);
  return done;
}

/* Whether there is such a command.  --once ends as it would have: with the
 * shell's status for one that can't be run. */
static gboolean
find_command (GsockService *service, int *status, GError **error)
{
  const GsockServerOptions *options = gsock_server_options_get ();
  int shell_status = 0;

  if (gsock_exec_init (&service->exec, options->command, &shell_status, error))
    {
      service->exec.allows_abstract = gsock_server_options_names_users ();
      return TRUE;
    }
  if (options->once)
    *status = shell_status;
  return FALSE;
}

static int
run (char **words, char **rest, GError **error)
{
  const GsockHandler *handler;
  g_autoptr (GPtrArray) endpoints = NULL;
  GsockServerConfig config = { .grace = 0 };
  GsockService service = { .server = NULL };
  int status = 0;

  if (!gsock_server_options_take_command (rest, error))
    return 0;
  handler = gsock_server_options_get_handler (error);
  if (handler == NULL)
    return 0;
  endpoints = gsock_server_options_get_endpoints (words, error);
  if (endpoints == NULL
      || !gsock_server_options_fill (&config, handler, endpoints, error))
    return 0;
  if (handler == &gsock_exec_handler
      && !find_command (&service, &status, error))
    return status;
  config.connection.handler_data = gsock_service_get_data (&service, handler);
  config.settle = gsock_server_settle;
  config.settle_data = &config;
  if (handler == &gsock_forward_handler
      && !gsock_forward_options_fill (&service.forward, &config, error))
    return 0;
  serve (&config, &service, error);
  if (handler == &gsock_exec_handler && config.once && service.exec.status >= 0)
    status = service.exec.status;
  return status;
}

static const char *const usage[] = {
  N_ ("[OPTION]... ADDRESS..."),
  N_ ("[OPTION]... ADDRESS... -- COMMAND [ARG]..."),
  NULL,
};

static const GsockExample examples[] = {
  { "3490", N_ ("print what comes to port 3490 of this machine") },
  { "--echo /tmp/socket", N_ ("echo on a UNIX socket") },
  { "7070 -- date", N_ ("run a command for each client") },
  { "--explain --greet '*:3490'", N_ ("greet everybody, and teach") },
  { NULL, NULL },
};

static const GsockTool tool = {
  .name = "gsock-server",
  .summary = N_ ("Serves every ADDRESS (PORT, HOST:PORT, *:PORT, a path, "
                 "@NAME) for ever, many clients at once."),
  .usage = usage,
  .groups = gsock_server_option_groups,
  .examples = examples,
  .takes_command = TRUE,
  .start = gsock_use_gio,
  .run = run,
};

int
main (int argc, char **argv)
{
  return gsock_tool_main (&tool, argc, argv);
}

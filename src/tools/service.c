/* service.c: what each mode of gsock-server has beside its server
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tools/service.h"

#include <unistd.h>

#include "handlers/handlers.h"
#include "tools/server-options.h"

/* The lab sheet's; taken from our own user's processes only. */
#define STOP_WORD "quit"

/**
 * gsock_service_get_data:
 * @service: zeroed
 * @handler: the mode
 *
 * Returns: (nullable): the handler_data of its connections
 */
gpointer
gsock_service_get_data (GsockService *service, const GsockHandler *handler)
{
  if (handler == &gsock_print_handler)
    return &service->print;
  if (handler == &gsock_stdio_handler)
    return &service->stdio;
  if (handler == &gsock_chat_handler)
    return &service->chat;
  if (handler == &gsock_forward_handler)
    return &service->forward;
  if (handler == &gsock_exec_handler)
    return &service->exec;
  return handler == &gsock_greet_handler ? gsock_server_options_get ()->greeting
                                         : NULL;
}

static void
stop_cb (gpointer data)
{
  GsockService *service = data;

  gsock_server_stop (service->server, "stop-word");
}

static void
failed_cb (const GError *error, gpointer data)
{
  GsockService *service = data;

  gsock_server_fail (service->server, error);
}

/* Of --once: what is typed at a terminal whose foreground is another's is not
 * for our client, who would wait for its end in vain. */
static int
usable_stdin (void)
{
  gboolean foreign = isatty (STDIN_FILENO)
                     && tcgetpgrp (STDIN_FILENO) != getpgrp ();

  return foreign ? -1 : STDIN_FILENO;
}

/**
 * gsock_service_start:
 * @service: with its server
 * @handler: the mode
 *
 * Prepares what @handler needs of the server, before anybody is accepted.
 */
void
gsock_service_start (GsockService *service, const GsockHandler *handler)
{
  const GsockServerOptions *options = gsock_server_options_get ();
  GMainContext *context = gsock_server_get_context (service->server);
  GsockWorker *home = gsock_server_get_worker (service->server);
  guint n;
  g_autofree GsockWorker **workers = gsock_server_get_workers (service->server,
                                                               &n);
  gboolean escape = isatty (STDOUT_FILENO);

  if (handler == &gsock_print_handler)
    {
      /* In the background it is not read until we are in front. */
      gsock_print_init (&service->print, STDIN_FILENO, STDOUT_FILENO, escape,
                        home, workers, n);
      service->print.tag = options->tag;
      service->print.stop_word = options->stop_word != NULL ? options->stop_word
                                                            : STOP_WORD;
      service->print.stop_word_any_peer = options->stop_word != NULL;
      if (service->print.stop_word[0] == '\0')
        service->print.stop_word = NULL;
      service->print.stop = stop_cb;
      service->print.failed = failed_cb;
      service->print.data = service;
    }
  else if (handler == &gsock_stdio_handler)
    {
      gsock_stdio_init (&service->stdio, usable_stdin (), STDOUT_FILENO, escape,
                        context);
      service->stdio.quit_after = -1;
      service->stdio.failed = failed_cb;
      service->stdio.data = service;
    }
  else if (handler == &gsock_chat_handler)
    gsock_chat_init (&service->chat, home, workers, n);
}

/**
 * gsock_service_finish:
 * @service: of a server that has stopped
 * @handler: the mode
 * @error: %GSOCK_ERROR_OUTPUT
 *
 * Returns: whether all that was to be written is
 */
gboolean
gsock_service_finish (GsockService *service, const GsockHandler *handler,
                      GError **error)
{
  if (handler == &gsock_print_handler)
    return gsock_print_finish (&service->print, error);
  if (handler == &gsock_stdio_handler)
    return gsock_stdio_finish (&service->stdio, error);
  return TRUE;
}

/**
 * gsock_service_clear:
 * @service: whose server is gone
 * @handler: the mode
 */
void
gsock_service_clear (GsockService *service, const GsockHandler *handler)
{
  if (handler == &gsock_print_handler)
    gsock_print_clear (&service->print);
  else if (handler == &gsock_stdio_handler)
    gsock_stdio_clear (&service->stdio);
  else if (handler == &gsock_chat_handler)
    gsock_chat_clear (&service->chat);
  else if (handler == &gsock_exec_handler)
    gsock_exec_clear (&service->exec);
}

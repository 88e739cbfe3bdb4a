/* print.c: each message goes to stdout; each line of stdin to every client
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "core/error.h"
#include "core/log.h"
#include "handlers/handlers.h"
#include "handlers/print.h"
#include "handlers/stdio.h"

/* From the clients to stdout. */

static gboolean
is_stop_word (const GsockPrint *print, GsockConnection *connection,
              const char *data, gsize size)
{
  const GsockPeer *peer;

  if (print->stop_word == NULL)
    return FALSE;
  if (size > 0 && data[size - 1] == '\r')
    size--; /* a terminal at the other end, telnet say */
  if (size != strlen (print->stop_word)
      || memcmp (data, print->stop_word, size) != 0)
    return FALSE;
  if (print->stop_word_any_peer)
    return TRUE;
  peer = gsock_connection_get_peer (connection);
  return peer->family == AF_UNIX && peer->local.pid != -1
         && peer->local.uid == geteuid ();
}

static void
write_message (GsockPrint *print, GsockConnection *connection, const char *data,
               gsize size)
{
  g_autofree char *who = NULL;
  g_autofree char *prefix = NULL;

  if (print->tag)
    {
      who = gsock_connection_describe (connection);
      prefix = g_strdup_printf ("%s: ", who);
    }
  if (gsock_connection_get_config (connection)->codec->raw && !print->tag)
    gsock_output_bytes (print->output, data, size);
  else
    gsock_output_message (print->output, prefix, data, size);
}

static void
message (GsockConnection *connection, const char *data, gsize size)
{
  GsockPrint *print = gsock_connection_get_handler_data (connection);

  write_message (print, connection, data, size);
  if (gsock_output_is_full (print->output)
      && !g_ptr_array_find (print->held, connection, NULL))
    {
      g_ptr_array_add (print->held, connection);
      gsock_connection_hold (connection);
    }
  if (!is_stop_word (print, connection, data, size))
    return;
  /* Once: to stop a second time is to cut, and that is not the peers' to say. */
  print->stop_word = NULL;
  gsock_log (GSOCK_EVENT_STOP_WORD, .id = gsock_connection_get_id (connection),
             .peer = gsock_connection_get_peer (connection));
  if (print->stop != NULL)
    print->stop (print->data);
}

static void
output_relieved_cb (gpointer data)
{
  GsockPrint *print = data;

  while (print->held->len > 0)
    gsock_connection_release (g_ptr_array_steal_index_fast (print->held, 0));
}

static void
output_failed_cb (const GError *error, gpointer data)
{
  GsockPrint *print = data;

  if (print->failed != NULL)
    print->failed (error, print->data);
}

/* From stdin to the clients, line by line. */

static void
send_line (GsockPrint *print, const char *data, gsize size)
{
  g_autoptr (GError) error = NULL;

  if (!gsock_crowd_send (&print->crowd, NULL, data, size, &error))
    gsock_log (GSOCK_EVENT_WARNING, .error = error);
}

/* One more piece of a line; what no client would take is told and left out. */
static void
add_to_line (GsockPrint *print, const char *data, gsize size)
{
  GsockConnection *first = g_ptr_array_index (print->crowd.members, 0);
  gsize limit = gsock_connection_get_config (first)->max_message;
  g_autoptr (GError) error = NULL;

  if (print->skipping)
    return;
  if (print->line->len + size <= limit)
    {
      g_string_append_len (print->line, data, (gssize) size);
      return;
    }
  print->skipping = TRUE;
  g_string_truncate (print->line, 0);
  error = gsock_stdio_line_error (limit);
  gsock_log (GSOCK_EVENT_WARNING, .error = error);
}

static void
end_line (GsockPrint *print)
{
  if (!print->skipping)
    send_line (print, print->line->str, print->line->len);
  print->skipping = FALSE;
  g_string_truncate (print->line, 0);
}

static void
input_bytes_cb (const char *data, gsize size, gpointer user_data)
{
  GsockPrint *print = user_data;

  if (print->crowd.members->len == 0)
    return;
  while (size > 0)
    {
      const char *end = memchr (data, '\n', size);
      gsize length = end != NULL ? (gsize) (end - data) : size;

      add_to_line (print, data, length);
      if (end == NULL)
        break;
      end_line (print);
      data += length + 1;
      size -= length + 1;
    }
  if (gsock_crowd_is_busy (&print->crowd))
    gsock_input_hold (print->input);
}

static void
input_ended_cb (const GError *error, gpointer user_data)
{
  GsockPrint *print = user_data;

  if (error != NULL)
    gsock_log (GSOCK_EVENT_WARNING, .error = error);
  if (print->line->len > 0)
    end_line (print);
}

static void
crowd_relieved_cb (gpointer data)
{
  GsockPrint *print = data;

  /* The last one that was waited for may have been the last one there. */
  if (print->input != NULL && print->crowd.members->len > 0)
    gsock_input_release (print->input);
}

/* The handler. */

static void
opened (GsockConnection *connection)
{
  GsockPrint *print = gsock_connection_get_handler_data (connection);

  gsock_crowd_join (&print->crowd, connection);
  /* Not before somebody is there to get it. */
  if (print->input != NULL && print->crowd.members->len == 1)
    gsock_input_release (print->input);
}

static void
relieved (GsockConnection *connection)
{
  GsockPrint *print = gsock_connection_get_handler_data (connection);

  gsock_crowd_member_relieved (&print->crowd, connection);
}

static void
closed (GsockConnection *connection, const GError *error G_GNUC_UNUSED)
{
  GsockPrint *print = gsock_connection_get_handler_data (connection);

  gsock_crowd_leave (&print->crowd, connection);
  g_ptr_array_remove_fast (print->held, connection);
  if (print->input != NULL && print->crowd.members->len == 0)
    gsock_input_hold (print->input);
}

const GsockHandler gsock_print_handler = {
  .name = "print",
  .frame = "line",
  .opened = opened,
  .message = message,
  .relieved = relieved,
  .closed = closed,
};

/**
 * gsock_print_init:
 * @print: storage of the caller
 * @stdin_fd: lines for the clients; -1: none
 * @stdout_fd: where messages go
 * @escape: it is a terminal: show controls, don't obey them
 * @context: the main thread's
 */
void
gsock_print_init (GsockPrint *print, int stdin_fd, int stdout_fd,
                  gboolean escape, GMainContext *context)
{
  static const GsockOutputNotify output_notify = { output_relieved_cb,
                                                   output_failed_cb };
  static const GsockInputNotify input_notify = { input_bytes_cb,
                                                 input_ended_cb };

  *print = (GsockPrint) { .tag = FALSE };
  print->output = gsock_output_new (stdout_fd, escape, &output_notify, print,
                                    context);
  if (stdin_fd >= 0)
    print->input = gsock_input_new (stdin_fd, &input_notify, print, context);
  gsock_crowd_init (&print->crowd);
  print->crowd.relieved = crowd_relieved_cb;
  print->crowd.data = print;
  print->line = g_string_new (NULL);
  print->held = g_ptr_array_new ();
}

/**
 * gsock_print_finish:
 * @print: initialised
 * @error: %GSOCK_ERROR_OUTPUT
 *
 * Waits until stdout has taken everything.
 *
 * Returns: whether it has
 */
gboolean
gsock_print_finish (GsockPrint *print, GError **error)
{
  return gsock_output_drain (print->output, error);
}

void
gsock_print_clear (GsockPrint *print)
{
  g_clear_pointer (&print->input, gsock_input_free);
  g_clear_pointer (&print->output, gsock_output_free);
  gsock_crowd_clear (&print->crowd);
  g_string_free (print->line, TRUE);
  g_ptr_array_unref (print->held);
}

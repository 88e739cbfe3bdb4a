/* conversation.c: a terminal: lines go to the peer, replies above the edit line
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tools/conversation.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"
#include "core/fd.h"
#include "handlers/stdio.h"
#include "tools/editor.h"

#define PROMPT "> "
#define REPLY "< "
/* Datagrams have no end: after ours the peer has so long to answer. */
#define ANSWER_TIME (1 * G_TIME_SPAN_SECOND)

static GsockConversation *
conversation_of (GsockConnection *connection)
{
  return gsock_connection_get_handler_data (connection);
}

static void
print (GsockConversation *conversation, const char *text, gsize size)
{
  g_autoptr (GError) error = NULL;

  if (conversation->editor != NULL)
    gsock_editor_print (conversation->editor, text, size);
  else if (!gsock_fd_write_all (STDOUT_FILENO, text, size))
    {
      gsock_set_error_errno (&error, GSOCK_ERROR_OUTPUT, errno,
                             _ ("Cannot write to standard output"));
      conversation->failed (error, conversation->data);
    }
}

/* What the program says itself, in the user's language and charset. */
static void
say (GsockConversation *conversation, const char *sentence)
{
  g_autofree char *line = g_strconcat (sentence, "\n", NULL);
  g_autofree char *shown = g_locale_from_utf8 (line, -1, NULL, NULL, NULL);
  const char *text = shown != NULL ? shown : line;

  print (conversation, text, strlen (text));
}

/* The user's side is over: replies are still read to the peer's end. */
static void
end_our_side (GsockConversation *conversation)
{
  gboolean endless = gsock_connection_is_endless (conversation->connection);
  gint64 wait = conversation->quit_after;

  if (wait < 0 && endless)
    wait = ANSWER_TIME;
  if (wait >= 0)
    gsock_worker_arm_in (gsock_connection_get_worker (conversation->connection),
                         &conversation->quit_timer, wait);
  if (!conversation->no_shutdown && !endless)
    gsock_connection_end (conversation->connection);
}

static void
end_input (GsockConversation *conversation)
{
  g_clear_pointer (&conversation->editor, gsock_editor_free);
  conversation->input_ended = TRUE;
  conversation->finished (conversation->data);
  if (conversation->connection != NULL)
    end_our_side (conversation);
}

static void
quit_cb (GsockTimer *timer)
{
  GsockConversation *conversation =
      (GsockConversation *) ((char *) timer
                             - G_STRUCT_OFFSET (GsockConversation, quit_timer));
  GsockConnection *connection = conversation->connection;
  g_autoptr (GError) error = NULL;

  if (gsock_connection_get_queued (connection) == 0)
    {
      gsock_connection_close (connection, NULL);
      return;
    }
  /* Nobody answers what has not been sent yet. */
  if (conversation->quit_after < 0)
    {
      gsock_worker_arm_in (gsock_connection_get_worker (connection), timer,
                           ANSWER_TIME);
      return;
    }
  error = gsock_stdio_unsent_error (conversation->quit_after);
  conversation->failed (error, conversation->data);
  gsock_connection_close (connection, error);
}

static void
send_line (GsockConversation *conversation, const char *line, GError **error)
{
  const GsockConnectionConfig *config = gsock_connection_get_config (
      conversation->connection);
  g_autoptr (GString) raw = NULL;

  if (!config->codec->raw
      || gsock_connection_keeps_messages (conversation->connection))
    {
      gsock_connection_send (conversation->connection, line, strlen (line),
                             error);
      return;
    }
  /* A frame that marks no end: the line keeps its own. */
  raw = g_string_new (line);
  g_string_append_c (raw, '\n');
  gsock_connection_send (conversation->connection, raw->str, raw->len, error);
}

static void
line_cb (const char *line, gpointer data)
{
  GsockConversation *conversation = data;
  g_autoptr (GError) error = NULL;

  if (line == NULL)
    end_input (conversation);
  else if (conversation->connection == NULL)
    say (conversation, _ ("Not connected; that line was not sent"));
  else
    {
      send_line (conversation, line, &error);
      if (error != NULL)
        say (conversation, error->message);
    }
}

static void
opened (GsockConnection *connection)
{
  GsockConversation *conversation = conversation_of (connection);

  conversation->connection = connection;
  /* The user left while it was being made. */
  if (conversation->input_ended)
    end_our_side (conversation);
  else if (conversation->editor == NULL)
    conversation->editor = gsock_editor_new (PROMPT, line_cb, conversation,
                                             conversation->context);
}

/* Each line of it, also where a raw piece has several or half of one. */
static void
print_reply (GsockConversation *conversation, const char *data, gsize size)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean utf8 = g_get_charset (NULL);

  do
    {
      const char *end = memchr (data, '\n', size);
      gsize length = end != NULL ? (gsize) (end - data) : size;

      g_string_append (text, REPLY);
      gsock_escape_append_message (text, data, length, utf8);
      g_string_append_c (text, '\n');
      length += end != NULL;
      data += length;
      size -= length;
    }
  while (size > 0);
  print (conversation, text->str, text->len);
}

static void
message (GsockConnection *connection, const char *data, gsize size)
{
  GsockConversation *conversation = conversation_of (connection);

  print_reply (conversation, data, size);
  conversation->received++;
  if (conversation->received != conversation->count)
    return;
  conversation->finished (conversation->data);
  gsock_connection_close (connection, NULL);
}

static void
ended (GsockConnection *connection)
{
  GsockConversation *conversation = conversation_of (connection);

  /* A link that comes again is told of by the client. */
  if (!conversation->input_ended && !conversation->reconnects)
    {
      g_autofree char *who = gsock_connection_describe (connection);
      g_autofree char *line = g_strdup_printf (_ ("%s closed the connection"),
                                               who);

      say (conversation, line);
    }
  gsock_connection_end (connection);
}

static void
closed (GsockConnection *connection, G_GNUC_UNUSED const GError *error)
{
  GsockConversation *conversation = conversation_of (connection);

  if (gsock_timer_is_armed (&conversation->quit_timer))
    gsock_worker_disarm (gsock_connection_get_worker (connection),
                         &conversation->quit_timer);
  conversation->connection = NULL;
  /* The error is told on a terminal that is whole again. */
  if (!conversation->reconnects)
    g_clear_pointer (&conversation->editor, gsock_editor_free);
}

const GsockHandler gsock_conversation_handler = {
  .name = "conversation",
  .frame = "line",
  .opened = opened,
  .message = message,
  .ended = ended,
  .closed = closed,
};

/**
 * gsock_conversation_init:
 * @conversation: all zero, or set up as its struct says
 * @context: where the terminal is read
 */
void
gsock_conversation_init (GsockConversation *conversation, GMainContext *context)
{
  conversation->context = context;
  conversation->quit_timer.func = quit_cb;
}

/**
 * gsock_conversation_clear:
 * @conversation: whose connection is closed; gives the terminal back
 */
void
gsock_conversation_clear (GsockConversation *conversation)
{
  g_clear_pointer (&conversation->editor, gsock_editor_free);
}

/* event-text.c: events as sentences, for people
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/call.h"
#include "core/error.h"
#include "core/escape.h"
#include "core/event-private.h"
#include "core/units.h"

typedef struct
{
  const char *word; /* as JSON has it, and the emitters */
  const char *clause;
} Word;

/* Why a connection closed or a server stops.  A word that is not here (the
 * name of a signal, a rule) is shown as it is. */
static const Word words[] = {
  /* TRANSLATORS: these clauses say why a connection was closed or why a server
   * stops; they come after a colon or in parentheses. */
  { "clean", N_ ("both sides ended cleanly") },
  { "reset", N_ ("reset by the other side") },
  { "cut", N_ ("it ended in the middle of a message") },
  { "frame-too-big", N_ ("a message was over the limit") },
  { "frame-bad", N_ ("bytes came that are no frame") },
  { "limit", N_ ("a limit was reached") },
  { "idle", N_ ("idle for too long") },
  { "too-slow", N_ ("it read too slowly") },
  { "denied", N_ ("it was not allowed") },
  { "output", N_ ("the output could not be written") },
  { "connect", N_ ("no connection") },
  { "tls", N_ ("TLS failed") },
  { "remote", N_ ("the server answered with an error") },
  { "timed-out", N_ ("timed out") },
  { "failed", N_ ("an error") },
  { "stopped", N_ ("this side was told to stop") },
  { "drain-timeout", N_ ("it had not finished in time") },
  { "stop-word", N_ ("the stop word came") },
  { "once", N_ ("one client was asked for") },
  { "accept-timeout", N_ ("no client came in time") },
  { "exit-idle-time", N_ ("no client for a while") },
  { "--accept-proxy",
    N_ ("it is not trusted to send a PROXY header (--accept-proxy)") },
  { "command", N_ ("a program could not be run") },
  /* TRANSLATORS: of a process that "ended with status 1", "ended by signal
   * 15". */
  { "exited", N_ ("with status") },
  { "killed", N_ ("by signal") },
};

static void
append_taken (GString *string, char *text)
{
  g_string_append (string, text);
  g_free (text);
}

static void
append_escaped (GString *string, const char *text)
{
  append_taken (string, gsock_escape (text, -1));
}

static void
append_word (GString *string, const char *word)
{
  if (word == NULL)
    {
      g_string_append (string, _ ("an error"));
      return;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (strcmp (words[i].word, word) == 0)
      {
        g_string_append (string, _ (words[i].clause));
        return;
      }
  append_escaped (string, word);
}

/* A client's peer on a UNIX socket is best known by the path it was asked to
 * reach, and a peer that is gone by what was asked for. */
static void
append_peer (GString *string, const GsockEvent *event)
{
  gboolean nameless = event->peer == NULL || event->peer->family == AF_UNIX
                      || event->peer->family == AF_UNSPEC;

  if (nameless && event->remote != NULL)
    append_taken (string, gsock_endpoint_to_display (event->remote));
  else if (event->peer != NULL)
    append_taken (string, gsock_peer_to_display (event->peer));
  else
    g_string_append (string, _ ("the other side"));
}

/* Messages of errors hold names that are escaped already, so backslashes are
 * left alone; but each is one line, so TAB and LF are not.  They are in the
 * user's language, so UTF-8 like our sentences; see gsock_event_to_text. */
static void
append_message (GString *string, const char *message)
{
  const char *end;

  for (; *message != '\0'; message = end)
    {
      end = message + strcspn (message, "\t\n");
      gsock_escape_append_message (string, message, (gsize) (end - message),
                                   TRUE);
      if (*end != '\0')
        g_string_append_printf (string, "\\x%02x", (guint) *end++);
    }
}

static void
append_fact (GString *string, const GsockEvent *event, const GsockFact *fact)
{
  const char *text;

  switch (fact->form)
    {
    case GSOCK_FORM_NUMBER:
    case GSOCK_FORM_ORDINAL:
      g_string_append_printf (string, "%" G_GUINT64_FORMAT,
                              gsock_fact_number (fact, event));
      break;
    case GSOCK_FORM_BYTES:
      append_taken (string,
                    gsock_format_size (gsock_fact_number (fact, event)));
      break;
    case GSOCK_FORM_TIME:
      append_taken (string, gsock_format_time (event->duration));
      break;
    case GSOCK_FORM_STRING:
      text = gsock_fact_string (fact, event);
      append_escaped (string, text != NULL ? text : "?");
      break;
    case GSOCK_FORM_ALPN:
      text = gsock_fact_string (fact, event);
      if (text == NULL)
        break;
      g_string_append (string, ", ALPN ");
      append_escaped (string, text);
      break;
    case GSOCK_FORM_WORD:
      append_word (string, gsock_fact_string (fact, event));
      break;
    case GSOCK_FORM_RULE:
      text = gsock_fact_string (fact, event);
      if (text != NULL)
        append_word (string, text);
      else
        /* TRANSLATORS: why a client was refused: there are rules that allow
         * some, and none of them is for this client. */
        g_string_append (string, _ ("no rule allows it"));
      break;
    case GSOCK_FORM_ENDPOINT:
      if (gsock_fact_endpoint (fact, event) == NULL)
        g_string_append_c (string, '?');
      else
        append_taken (string, gsock_endpoint_to_display (
                                  gsock_fact_endpoint (fact, event)));
      break;
    case GSOCK_FORM_PEER:
      append_peer (string, event);
      break;
    case GSOCK_FORM_VIA:
      if (event->via != NULL)
        append_taken (string, gsock_peer_to_display (event->via));
      break;
    case GSOCK_FORM_ERRNO:
      append_message (string, gsock_errno_text (event->errnum));
      break;
    case GSOCK_FORM_ERROR:
      append_message (string, event->error != NULL ? event->error->message
                                                   : _ ("an error"));
      break;
    case GSOCK_FORM_PAYLOAD:
    case GSOCK_FORM_CALL:
      break;
    }
}

static const GsockFact *
find_placeholder (GsockEventKind kind, const char *name, gsize size)
{
  const GsockFact *fact;

  for (gsize i = 0; (fact = gsock_event_fact (kind, i)) != NULL; i++)
    if (fact->placeholder != NULL && strlen (fact->placeholder) == size
        && memcmp (fact->placeholder, name, size) == 0)
      return fact;
  return NULL;
}

/* "= -1 ECONNREFUSED", and what follows a result. */
static void
append_call (GString *string, const GsockEvent *event)
{
  const char *failure = gsock_call_failure (event);

  g_string_append_printf (string, "%s (", gsock_call_name (event->call));
  append_message (string, event->text != NULL ? event->text : "");
  g_string_append_printf (string, ") = %" G_GINT64_FORMAT, event->result);
  if (failure != NULL)
    g_string_append_printf (string, " %s", failure);
  if (event->detail != NULL && *event->detail != '\0')
    {
      g_string_append_c (string, ' ');
      append_message (string, event->detail);
    }
}

/**
 * gsock_event_to_text:
 * @event: what happened
 *
 * The sentence for people, in their language, in UTF-8 (the writer converts it
 * where a terminal reads something else; facts are escaped for that already).
 * An error's sentence is its own message; a call is shown as C writes it,
 * "bind (5, [::]:0) = 0".
 *
 * Returns: one line without its end, no control characters in it; free with
 *   g_free()
 */
char *
gsock_event_to_text (const GsockEvent *event)
{
  GString *string = g_string_sized_new (128);
  const char *rest, *brace, *end;

  if (event->kind == GSOCK_EVENT_CALL)
    {
      append_call (string, event);
      return g_string_free (string, FALSE);
    }

  for (rest = gsock_event_sentence (event);
       (brace = strchr (rest, '{')) != NULL; rest = end)
    {
      const GsockFact *fact = NULL;

      end = brace + 1 + strcspn (brace + 1, "}");
      g_string_append_len (string, rest, brace - rest);
      if (*end == '}')
        fact = find_placeholder (event->kind, brace + 1,
                                 (gsize) (end - brace - 1));
      if (*end == '}')
        end++;
      /* A placeholder that is none (a slip in a translation) shows itself. */
      if (fact != NULL)
        append_fact (string, event, fact);
      else
        g_string_append_len (string, brace, end - brace);
    }
  g_string_append (string, rest);
  return g_string_free (string, FALSE);
}

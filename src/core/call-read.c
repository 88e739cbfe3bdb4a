/* call-read.c: what a call that was told says: why it failed, what it teaches
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/call.h"

#include <netdb.h>
#include <string.h>

#include "core/error.h"
#include "core/lesson.h"

typedef struct
{
  GsockCall call;
  const char *topic;
  const char *glib;
} GlibRow;

/* Where GLib has a function of its own for what C does by an option. */
static const GlibRow glib_rows[] = {
  { GSOCK_CALL_SETSOCKOPT, "SO_REUSEADDR", "g_socket_bind (…, allow_reuse)" },
  { GSOCK_CALL_SETSOCKOPT, "SO_KEEPALIVE", "g_socket_set_keepalive" },
  { GSOCK_CALL_SETSOCKOPT, "SO_BROADCAST", "g_socket_set_broadcast" },
  { GSOCK_CALL_SETSOCKOPT, "IP_TTL", "g_socket_set_ttl" },
  { GSOCK_CALL_SETSOCKOPT, "IPV6_UNICAST_HOPS", "g_socket_set_ttl" },
  { GSOCK_CALL_GETSOCKOPT, "SO_ERROR", "g_socket_check_connect_result" },
  { GSOCK_CALL_GETSOCKOPT, "SO_PEERCRED", "g_socket_get_credentials" },
};

/* What is read out of arguments, "5, [::]:3490". */

static const char *
arguments_of (const GsockEvent *event)
{
  return event->text != NULL ? event->text : "";
}

static const char *
address_of (const GsockEvent *event)
{
  const char *comma = strstr (arguments_of (event), ", ");

  return comma != NULL ? comma + 2 : "";
}

/* -1: the address has none. */
static int
port_of (const GsockEvent *event)
{
  const char *address = address_of (event);
  const char *colon = strrchr (address, ':');
  guint64 port;

  if ((*address != '[' && !g_ascii_isdigit (*address)) || colon == NULL
      || !g_ascii_string_to_unsigned (colon + 1, 10, 0, G_MAXUINT16, &port,
                                      NULL))
    return -1;
  return (int) port;
}

static const char *
kind_of_address (const char *address)
{
  if (*address == '/' || *address == '.')
    return "AF_UNIX";
  if (*address == '[')
    return "AF_INET6";
  if (g_ascii_isdigit (*address))
    return "AF_INET";
  return NULL;
}

/* What bind's address means says more than its family. */
static const char *
topic_of_bind (const GsockEvent *event)
{
  const char *address = address_of (event);

  if (event->result < 0)
    return NULL;
  if (port_of (event) == 0)
    return "PORT_0";
  if (g_str_has_prefix (address, "[::]:")
      || g_str_has_prefix (address, "0.0.0.0:"))
    return "EVERYWHERE";
  if (g_str_has_prefix (address, "[::1]:")
      || g_str_has_prefix (address, "127."))
    return "LOOPBACK";
  return NULL;
}

/* The topic as far as the arguments tell it better than the emitter, or when
 * it told none; NULL: rows' topics are looked for in the arguments. */
static const char *
topic_of (const GsockEvent *event)
{
  const char *topic = event->topic;
  const char *better = NULL;

  switch (event->call)
    {
    case GSOCK_CALL_SOCKET:
      if (gsock_lesson_is_about ("SOCK_DGRAM", NULL, arguments_of (event)))
        return "SOCK_DGRAM";
      if (gsock_lesson_is_about ("SOCK_SEQPACKET", NULL, arguments_of (event)))
        return "SOCK_SEQPACKET";
      return topic;
    case GSOCK_CALL_BIND:
    case GSOCK_CALL_CONNECT:
      if (g_strcmp0 (topic, "SOCK_DGRAM") == 0
          || g_strcmp0 (topic, "AF_UNSPEC") == 0
          || g_strcmp0 (topic, "ROUTE") == 0
          || g_strcmp0 (topic, "AUTOBIND") == 0)
        return topic;
      if (*address_of (event) == '@')
        return "ABSTRACT";
      if (event->call == GSOCK_CALL_BIND)
        better = topic_of_bind (event);
      if (better == NULL)
        better = topic != NULL ? topic : kind_of_address (address_of (event));
      return better;
    default:
      return topic;
    }
}

/* Whether @event's result is 0 or an EAI constant; -1 is one of them too, but
 * no resolver returns that one: it says that the emitter knows no more than
 * that it failed. */
static gboolean
has_eai (const GsockEvent *event)
{
  return (event->call == GSOCK_CALL_GETADDRINFO
          || event->call == GSOCK_CALL_GETNAMEINFO)
         && event->result < -1;
}

/* The errno in rows' sense. */
static int
status_of (const GsockEvent *event)
{
  if (event->result >= 0)
    return 0;
  if (has_eai (event))
    return (int) MAX (event->result, -G_MAXINT);
  return event->errnum != 0 ? event->errnum : GSOCK_LESSON_ANY_ERROR;
}

/**
 * gsock_call_glib:
 * @event: a GSOCK_EVENT_CALL
 *
 * Returns: (nullable): what a program with GLib writes for this very call
 */
const char *
gsock_call_glib (const GsockEvent *event)
{
  const char *topic = topic_of (event);

  for (gsize i = 0; i < G_N_ELEMENTS (glib_rows); i++)
    if (glib_rows[i].call == (GsockCall) event->call
        && gsock_lesson_is_about (glib_rows[i].topic, topic,
                                  arguments_of (event)))
      return glib_rows[i].glib;
  return gsock_call_counterpart (event->call);
}

static const char *
address_info_failure (gint64 result)
{
  switch (result)
    {
    case EAI_NONAME:
      return "EAI_NONAME";
    case EAI_AGAIN:
      return "EAI_AGAIN";
    case EAI_FAIL:
      return "EAI_FAIL";
    case EAI_FAMILY:
      return "EAI_FAMILY";
    case EAI_SERVICE:
      return "EAI_SERVICE";
    case EAI_SOCKTYPE:
      return "EAI_SOCKTYPE";
    case EAI_MEMORY:
      return "EAI_MEMORY";
    case EAI_SYSTEM:
      return "EAI_SYSTEM";
    default:
      return NULL;
    }
}

/**
 * gsock_call_failure:
 * @event: a GSOCK_EVENT_CALL
 *
 * Returns: (nullable): the constant that says why, "EADDRINUSE"; a number
 *   where it has no name we know; %NULL where the call went well or told none
 */
const char *
gsock_call_failure (const GsockEvent *event)
{
  const char *name;
  char number[16];

  if (event->result >= 0)
    return NULL;
  if (has_eai (event))
    return address_info_failure (event->result);
  if (event->errnum == 0)
    return NULL;
  name = gsock_errno_name (event->errnum);
  if (name != NULL)
    return name;
  g_snprintf (number, sizeof number, "%d", event->errnum);
  return g_intern_string (number);
}

/**
 * gsock_call_lesson:
 * @event: a GSOCK_EVENT_CALL
 *
 * What is to be learnt from this call, and from how it came out.
 *
 * Returns: (nullable): in the user's language, {placeholders} not replaced; see
 *   gsock_call_lesson_text()
 */
const char *
gsock_call_lesson (const GsockEvent *event)
{
  /* SO_ERROR: a connect that went on in the background ends here. */
  if (event->call == GSOCK_CALL_GETSOCKOPT && event->result >= 0
      && event->errnum != 0)
    return gsock_lesson_find (GSOCK_CALL_CONNECT, event->errnum, NULL,
                              arguments_of (event));
  return gsock_lesson_find ((GsockCall) event->call, status_of (event),
                            topic_of (event), arguments_of (event));
}

static char *
copy_digits (const char *text)
{
  return g_strndup (text, strspn (text, "0123456789"));
}

/* What stands for {@name} in the lesson of @event. */
static char *
number_of_call (const GsockEvent *event, const char *name)
{
  const char *arguments = arguments_of (event);
  const char *space = strrchr (arguments, ' ');
  guint port = (guint) MAX (port_of (event), 0);

  if (strcmp (name, "fd") == 0)
    return copy_digits (arguments);
  if (strcmp (name, "backlog") == 0)
    return copy_digits (space != NULL ? space + 1 : "");
  if (strcmp (name, "result") == 0)
    return g_strdup_printf ("%" G_GINT64_FORMAT, event->result);
  if (strcmp (name, "port") == 0)
    return g_strdup_printf ("%u", port);
  if (strcmp (name, "hex") == 0)
    return g_strdup_printf ("0x%04x", port);
  if (strcmp (name, "octets") == 0)
    return g_strdup_printf ("%02x %02x", port >> 8, port & 0xff);
  /* A slip in a translation shows itself. */
  return g_strdup_printf ("{%s}", name);
}

/**
 * gsock_call_lesson_text:
 * @event: a GSOCK_EVENT_CALL
 *
 * Returns: (nullable): gsock_call_lesson() with this call's own numbers in it;
 *   no line breaks; free with g_free()
 */
char *
gsock_call_lesson_text (const GsockEvent *event)
{
  const char *rest = gsock_call_lesson (event);
  const char *brace, *end;
  GString *text;

  if (rest == NULL)
    return NULL;
  text = g_string_sized_new (strlen (rest) + 16);
  for (; (brace = strchr (rest, '{')) != NULL
         && (end = strchr (brace, '}')) != NULL;
       rest = end + 1)
    {
      g_autofree char *name = g_strndup (brace + 1, (gsize) (end - brace - 1));
      g_autofree char *number = number_of_call (event, name);

      g_string_append_len (text, rest, brace - rest);
      g_string_append (text, number);
    }
  g_string_append (text, rest);
  return g_string_free (text, FALSE);
}

/* event-json.c: events as JSON, for programs
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>
#include <time.h>

#include "core/call.h"
#include "core/error.h"
#include "core/escape.h"
#include "core/event-private.h"

/* Numbers are made by hand or by conversions that no locale changes. */

static void
json_string (GString *string, const char *key, const char *value)
{
  if (value == NULL)
    return;
  gsock_json_key (string, key);
  gsock_json_append (string, value, strlen (value));
}

static void
json_number (GString *string, const char *key, guint64 value)
{
  gsock_json_key (string, key);
  g_string_append_printf (string, "%" G_GUINT64_FORMAT, value);
}

/* 2100 -> 0.0021: all digits that say something and no others. */
static void
json_seconds (GString *string, const char *key, gint64 microseconds)
{
  guint64 value = (guint64) MAX (microseconds, 0);
  guint fraction = (guint) (value % G_USEC_PER_SEC);

  json_number (string, key, value / G_USEC_PER_SEC);
  if (fraction == 0)
    return;
  g_string_append_printf (string, ".%06u", fraction);
  while (string->str[string->len - 1] == '0')
    g_string_truncate (string, string->len - 1);
}

static void
json_peer (GString *string, const char *key, const GsockPeer *peer)
{
  g_autofree char *text = NULL;

  if (peer == NULL || peer->family == AF_UNSPEC)
    return;
  text = gsock_peer_to_string (peer);
  json_string (string, key, text);
  if (peer->family != AF_UNIX)
    return;
  if (peer->local.pid >= 0)
    json_number (string, "pid", (guint64) peer->local.pid);
  if (peer->local.uid != (uid_t) -1)
    json_number (string, "uid", (guint64) peer->local.uid);
  if (peer->local.gid != (gid_t) -1)
    json_number (string, "gid", (guint64) peer->local.gid);
}

static void
json_via (GString *string, const char *key, const GsockPeer *via)
{
  g_autofree char *text = via != NULL ? gsock_peer_to_string (via) : NULL;

  json_string (string, key, text);
}

static void
json_errno (GString *string, const char *key, int errnum)
{
  const char *name = gsock_errno_name (errnum);
  g_autofree char *number = NULL;

  if (name == NULL)
    name = number = g_strdup_printf ("%d", errnum);
  json_string (string, key, name);
}

/* Of other libraries' errors: whoever loads those knows their names. */
static GsockErrorNamer namer;

/**
 * gsock_event_set_error_namer:
 * @func: (nullable): gives the name of an error's code, "connection-refused",
 *   for g_free(), or %NULL where it knows none
 *
 * At start, by the main thread.
 */
void
gsock_event_set_error_namer (GsockErrorNamer func)
{
  namer = func;
}

static char *
name_code (const GError *error)
{
  char *name = NULL;

  if (error->domain == GSOCK_ERROR)
    return g_strdup (gsock_error_code_name (error->code));
  if (namer != NULL)
    name = namer (error);
  return name != NULL ? name : g_strdup_printf ("%d", error->code);
}

static void
json_error (GString *string, const GError *error)
{
  g_autofree char *code = NULL;

  if (error == NULL)
    return;
  code = name_code (error);
  json_string (string, "domain",
               error->domain == GSOCK_ERROR
                   ? "gsock"
                   : g_quark_to_string (error->domain));
  json_string (string, "code", code);
  json_string (string, "message", error->message);
}

static void
json_call (GString *string, const GsockEvent *event)
{
  json_string (string, "call", gsock_call_name (event->call));
  json_string (string, "arguments", event->text != NULL ? event->text : "");
  gsock_json_key (string, "result");
  g_string_append_printf (string, "%" G_GINT64_FORMAT, event->result);
  json_string (string, "errno", gsock_call_failure (event));
  json_string (string, "detail", event->detail);
  json_string (string, "glib", gsock_call_glib (event));
}

static void
json_fact (GString *string, const GsockEvent *event, const GsockFact *fact)
{
  const GsockEndpoint *endpoint;

  switch (fact->form)
    {
    case GSOCK_FORM_ORDINAL:
      if (gsock_fact_number (fact, event) == 0)
        break;
      G_GNUC_FALLTHROUGH;
    case GSOCK_FORM_NUMBER:
    case GSOCK_FORM_BYTES:
      json_number (string, fact->key, gsock_fact_number (fact, event));
      break;
    case GSOCK_FORM_TIME:
      json_seconds (string, fact->key, event->duration);
      break;
    case GSOCK_FORM_STRING:
    case GSOCK_FORM_WORD:
    case GSOCK_FORM_ALPN:
    case GSOCK_FORM_RULE:
      json_string (string, fact->key, gsock_fact_string (fact, event));
      break;
    case GSOCK_FORM_ENDPOINT:
      endpoint = gsock_fact_endpoint (fact, event);
      if (endpoint != NULL)
        json_string (string, fact->key, gsock_endpoint_to_string (endpoint));
      break;
    case GSOCK_FORM_PEER:
      json_peer (string, fact->key, event->peer);
      break;
    case GSOCK_FORM_VIA:
      json_via (string, fact->key, event->via);
      break;
    case GSOCK_FORM_PAYLOAD:
      gsock_json_key (string, fact->key);
      gsock_json_append (string, event->data != NULL ? event->data : "",
                         event->data != NULL ? event->size : 0);
      break;
    case GSOCK_FORM_ERRNO:
      json_errno (string, fact->key, event->errnum);
      break;
    case GSOCK_FORM_ERROR:
      json_error (string, event->error);
      break;
    case GSOCK_FORM_CALL:
      json_call (string, event);
      break;
    }
}

static void
json_time (GString *string)
{
  gint64 now = g_get_real_time ();
  time_t seconds = (time_t) (now / G_USEC_PER_SEC);
  struct tm utc = { 0 };

  gmtime_r (&seconds, &utc);
  gsock_json_key (string, "time");
  g_string_append_printf (string, "\"%04d-%02d-%02dT%02d:%02d:%02d.%03dZ\"",
                          utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                          utc.tm_hour, utc.tm_min, utc.tm_sec,
                          (int) (now % G_USEC_PER_SEC / 1000));
}

/**
 * gsock_event_append_json:
 * @string: where to append
 * @event: what happened
 *
 * Appends `{"event":NAME,"time":NOW,...}` and a newline.  Numbers of the kind
 * are written even when they are 0; a string, an address or an id that the
 * event does not have is left out.  tests/events.schema.json says the same for
 * machines.
 */
void
gsock_event_append_json (GString *string, const GsockEvent *event)
{
  const GsockFact *fact;

  g_string_append_printf (string, "{\"event\":\"%s\"",
                          gsock_event_name (event->kind));
  json_time (string);
  for (gsize i = 0; (fact = gsock_event_fact (event->kind, i)) != NULL; i++)
    json_fact (string, event, fact);
  g_string_append (string, "}\n");
}

/* tell.c: requests and answers of HTTP told as they happen, for --explain
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "http/tell.h"

#include <string.h>

#include "core/call.h"
#include "core/escape.h"

/* Headers with a lesson of their own, and what is not shown of them: what comes
 * after one of these characters; all, where there is none. */
static const struct
{
  const char *name;
  const char *shown_to; /* NULL: all of it is */
} names[] = {
  { "Accept", NULL },
  { "Accept-Encoding", NULL },
  { "Authorization", " " },
  { "Connection", NULL },
  { "Content-Encoding", NULL },
  { "Content-Length", NULL },
  { "Content-Range", NULL },
  { "Content-Type", NULL },
  { "Cookie", "=" },
  { "Date", NULL },
  { "ETag", NULL },
  { "Host", NULL },
  { "If-Range", NULL },
  { "Last-Modified", NULL },
  { "Location", NULL },
  { "Proxy-Authorization", " " },
  { "Range", NULL },
  { "Server", NULL },
  { "Set-Cookie", "=" },
  { "Transfer-Encoding", NULL },
  { "User-Agent", NULL },
  { "Via", NULL },
  { "WWW-Authenticate", NULL },
};

static void
tell_field (const char *name, const char *value, const char *direction)
{
  const char *topic = "";
  const char *shown_to = NULL;
  g_autofree char *shown_name = gsock_escape_brief (name);
  g_autofree char *shown_value = NULL;
  g_autofree char *part = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strcasecmp (names[i].name, name) == 0)
      {
        topic = names[i].name;
        shown_to = names[i].shown_to;
      }
  if (shown_to == NULL)
    part = g_strdup (value);
  else
    part = g_strndup (value, strpbrk (value, shown_to) != NULL
                                 ? strcspn (value, shown_to)
                                 : 0);
  shown_value = gsock_escape_brief (part);
  gsock_call (GSOCK_CALL_HTTP_FIELD, topic, (gint64) strlen (value), 0, NULL,
              shown_to != NULL ? "\"%s: %s…\", %s" : "\"%s: %s\", %s",
              shown_name, shown_value, direction);
}

/* Whether the line that begins at @line has a value that is not shown whole. */
static gboolean
is_secret (const char *line)
{
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      gsize size = strlen (names[i].name);

      if (names[i].shown_to != NULL
          && g_ascii_strncasecmp (line, names[i].name, size) == 0
          && line[size + strspn (line + size, " \t")] == ':')
        return TRUE;
    }
  return FALSE;
}

/**
 * gsock_http_get_open:
 * @bytes: a request of HTTP/1, its body too
 *
 * Returns: how many of them are before the first secret; all, if there is none
 */
gsize
gsock_http_get_open (const GString *bytes)
{
  const char *line = strstr (bytes->str, "\r\n");

  for (; line != NULL && line[2] != '\r'; line = strstr (line + 2, "\r\n"))
    if (is_secret (line + 2))
      return (gsize) (strchr (line, ':') + 1 - bytes->str);
  return bytes->len;
}

/**
 * gsock_http_get_open_received:
 * @before: (nullable): what there is already of a head
 * @bytes: what has come next
 * @size: how much of it
 *
 * Bodies are not told from heads here: a line of one that looks like a secret
 * is taken for one.
 *
 * Returns: how many of @bytes are before the first secret; @size, if there is
 *   none
 */
gsize
gsock_http_get_open_received (const GString *before, const char *bytes,
                              gsize size)
{
  gsize known = before != NULL ? before->len : 0;
  g_autofree char *text = g_malloc (known + size + 1);
  const char *line = text;

  if (known > 0)
    memcpy (text, before->str, known);
  memcpy (text + known, bytes, size);
  text[known + size] = '\0';
  while (line != NULL)
    {
      const char *lf;

      if (is_secret (line))
        {
          gsize open = (gsize) (strchr (line, ':') + 1 - text);

          return open > known ? open - known : 0;
        }
      lf = memchr (line, '\n', known + size - (gsize) (line - text));
      line = lf != NULL ? lf + 1 : NULL;
    }
  return size;
}

/* "Name: value" of a request that is our own. */
static void
tell_line (const char *line)
{
  const char *colon = strchr (line, ':');
  g_autofree char *name = NULL;

  if (colon == NULL)
    return;
  name = g_strndup (line, (gsize) (colon - line));
  tell_field (name, colon[1] == ' ' ? colon + 2 : colon + 1, "sent");
}

static const char *
topic_of (const char *line)
{
  const char *target = strchr (line, ' ');

  if (target != NULL && strchr (target + 1, ' ') == NULL)
    return "SIMPLE";
  if (target != NULL && target[1] != '/')
    return "PROXY";
  if (g_str_has_prefix (line, "HEAD "))
    return "HEAD";
  return g_str_has_prefix (line, "POST ") ? "POST" : "";
}

/**
 * gsock_http_tell_request:
 * @bytes: a request of HTTP/1, its body too
 *
 * Tells its lines, up to the empty one.
 */
void
gsock_http_tell_request (const GString *bytes)
{
  const char *end = strstr (bytes->str, "\r\n\r\n");
  g_autofree char *head = g_strndup (
      bytes->str, end != NULL ? (gsize) (end - bytes->str) : bytes->len);
  g_auto (GStrv) lines = g_strsplit (g_strchomp (head), "\r\n", -1);
  g_autofree char *shown = gsock_escape_brief (lines[0]);

  gsock_call (GSOCK_CALL_HTTP_REQUEST, topic_of (lines[0]), (gint64) bytes->len,
              0, NULL, "\"%s\", sent", shown);
  for (gsize i = 1; lines[i] != NULL; i++)
    tell_line (lines[i]);
}

/**
 * gsock_http_tell_stream:
 * @method: of a request by HTTP/2
 * @target: its path
 */
void
gsock_http_tell_stream (const char *method, const char *target)
{
  g_autofree char *shown = gsock_escape_brief (target);

  gsock_call (GSOCK_CALL_HTTP_REQUEST, "STREAM", 0, 0, NULL,
              "\"%s %s HTTP/2\", sent", method, shown);
}

void
gsock_http_tell_sent (const char *name, const char *value)
{
  tell_field (name, value, "sent");
}

/**
 * gsock_http_tell_head:
 * @head: of an answer, or of one in between
 */
void
gsock_http_tell_head (const GsockHttpHead *head)
{
  g_autofree char *reason = gsock_escape_brief (head->reason);
  g_autofree char *version = NULL;
  char topic[16];

  g_snprintf (topic, sizeof topic, "%d", head->status);
  version = head->major > 1
                ? g_strdup_printf ("HTTP/%d", head->major)
                : g_strdup_printf ("HTTP/%d.%d", head->major, head->minor);
  gsock_call (GSOCK_CALL_HTTP_STATUS, topic, head->status, 0, NULL,
              "\"%s %d%s%s\", received", version, head->status,
              *reason != '\0' ? " " : "", reason);
  for (guint i = 0; i < head->fields->len; i++)
    {
      const GsockHttpField *field = &g_array_index (head->fields,
                                                    GsockHttpField, i);

      tell_field (field->name, field->value, "received");
    }
}

void
gsock_http_tell_chunk (guint64 size)
{
  gsock_call (GSOCK_CALL_HTTP_CHUNK, size == 0 ? "LAST" : "", (gint64) size, 0,
              NULL, "0x%" G_GINT64_MODIFIER "x, received", size);
}

/**
 * gsock_http_tell_body:
 * @how: (nullable): how its end was known
 * @received: its bytes
 */
void
gsock_http_tell_body (const char *how, guint64 received)
{
  gsock_call (GSOCK_CALL_HTTP_BODY, how != NULL ? how : "", (gint64) received,
              0, NULL, "received");
}

/**
 * gsock_http_tell_redirect:
 * @from: the URL that was asked for
 * @to: the one that is asked next
 * @foreign: it is another origin's
 */
void
gsock_http_tell_redirect (const char *from, const char *to, gboolean foreign)
{
  g_autofree char *shown_from = gsock_escape_brief (from);
  g_autofree char *shown_to = gsock_escape_brief (to);

  gsock_call (GSOCK_CALL_HTTP_REDIRECT, foreign ? "FOREIGN" : "", 0, 0, NULL,
              "%s, %s", shown_from, shown_to);
}

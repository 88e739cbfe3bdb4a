/* headers.c: the head of an answer: its status and its fields
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "http/headers.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"

typedef gboolean (*StatusFunc) (GsockHttpHead *head, const char *line,
                                gsize size, GError **error);

static gboolean
fail (GError **error, const char *sentence)
{
  g_set_error_literal (error, GSOCK_ERROR, GSOCK_ERROR_FRAME_BAD, sentence);
  return FALSE;
}

/* @format has one %s, for @size bytes of what came. */
static gboolean
fail_with (GError **error, const char *format, const char *text, gsize size)
{
  g_autofree char *copy = g_strndup (text, size);
  g_autofree char *shown = gsock_escape_brief (copy);

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_FRAME_BAD, format, shown);
#pragma GCC diagnostic pop
  return FALSE;
}

static gboolean
is_token_char (char c)
{
  return g_ascii_isalnum (c) || (c != '\0' && strchr ("!#$%&'*+-.^_`|~", c));
}

/**
 * gsock_http_is_token:
 * @text: bytes
 * @size: how many
 *
 * Returns: %TRUE if they are a token of RFC 9110, which a field's name is
 */
gboolean
gsock_http_is_token (const char *text, gsize size)
{
  for (gsize i = 0; i < size; i++)
    if (!is_token_char (text[i]))
      return FALSE;
  return size > 0;
}

/**
 * gsock_http_is_value:
 * @text: bytes
 * @size: how many
 *
 * Returns: %TRUE if a field's value can have them: no NUL, CR or LF
 */
gboolean
gsock_http_is_value (const char *text, gsize size)
{
  for (gsize i = 0; i < size; i++)
    if (text[i] == '\0' || text[i] == '\r' || text[i] == '\n')
      return FALSE;
  return TRUE;
}

static gboolean
is_blank (char c)
{
  return c == ' ' || c == '\t';
}

/* "HTTP/1.1 200 OK"; the reason may be missing, with its space or without. */
static gboolean
parse_status (GsockHttpHead *head, const char *line, gsize size, GError **error)
{
  if (size < 8 || memcmp (line, "HTTP/", 5) != 0)
    return fail_with (error,
                      /* TRANSLATORS: what came instead of "HTTP/1.1 200 OK" */
                      _ ("the answer isn't HTTP: it begins with '%s'"), line,
                      size);
  if (!g_ascii_isdigit (line[5]) || line[6] != '.' || !g_ascii_isdigit (line[7])
      || line[5] != '1')
    return fail_with (error,
                      _ ("'%s' is no version of HTTP that is known here"), line,
                      strcspn (line, " \r\n"));
  head->major = line[5] - '0';
  head->minor = line[7] - '0';
  if (size < 12 || line[8] != ' ' || line[9] < '1' || line[9] > '9'
      || !g_ascii_isdigit (line[10]) || !g_ascii_isdigit (line[11])
      || (size > 12 && line[12] != ' '))
    return fail_with (error, _ ("'%s' is no status line"), line, size);
  head->status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + line[11] - '0';
  return TRUE;
}

/* "HTTP/2 200": as it is shown; there is none on the wire. */
static gboolean
parse_status2 (GsockHttpHead *head, const char *line, gsize size,
               GError **error)
{
  gsize start = MIN (size, strlen ("HTTP/2 "));
  g_autofree char *digits = g_strndup (line + start, size - start);
  guint64 status;

  if (strncmp (line, "HTTP/2 ", start) != 0
      || !g_ascii_string_to_unsigned (digits, 10, 100, 999, &status, NULL))
    return fail_with (error, _ ("'%s' is no status line"), line, size);
  head->major = 2;
  head->status = (int) status;
  return TRUE;
}

/* The end of the line at @line: its LF.  NULL where a CR is anything else. */
static const char *
end_of_line (const char *line, const char *end, gsize *size)
{
  const char *lf = memchr (line, '\n', (gsize) (end - line));
  gsize n;

  if (lf == NULL)
    return NULL;
  n = (gsize) (lf - line);
  if (n > 0 && line[n - 1] == '\r')
    n--;
  *size = n;
  return lf;
}

static void
add_field (GsockHttpHead *head, const char *name, const char *value)
{
  GsockHttpField field = { name, value };

  g_array_append_val (head->fields, field);
}

/* @line has @size bytes of @head->text, which gets NULs where its parts end. */
static gboolean
parse_field (GsockHttpHead *head, char *line, gsize size, GError **error)
{
  char *colon = memchr (line, ':', size);
  gsize name_size = colon != NULL ? (gsize) (colon - line) : size;
  char *value;
  char *end = line + size;

  if (colon == NULL)
    return fail_with (error, _ ("the header line '%s' has no colon"), line,
                      size);
  if (!gsock_http_is_token (line, name_size))
    return fail_with (error, _ ("'%s' is no name of a header"), line,
                      name_size);
  value = colon + 1;
  while (value < end && is_blank (*value))
    value++;
  while (end > value && is_blank (end[-1]))
    end--;
  *colon = '\0';
  *end = '\0';
  add_field (head, line, value);
  return TRUE;
}

/* A line that begins with a blank goes on with the one before it: the line's
 * end becomes spaces, as RFC 9112, 5.2 asks. */
static gboolean
unfold (char *text, char *end, GError **error)
{
  gboolean first = TRUE;

  for (char *line = text; line < end;)
    {
      gsize size = 0;
      const char *lf = end_of_line (line, end, &size);

      if (is_blank (*line) && first)
        return fail (error, _ ("the first header line begins with a blank"));
      if (is_blank (*line))
        for (char *c = line - 1; c > text && (*c == '\n' || *c == '\r'); c--)
          *c = ' ';
      first = FALSE;
      line = text + (lf - text) + 1;
    }
  return TRUE;
}

static gboolean
check_bytes (const char *text, gsize size, GError **error)
{
  for (gsize i = 0; i < size; i++)
    {
      if (text[i] == '\0')
        return fail (error, _ ("there is a NUL in its header"));
      if (text[i] == '\r' && (i + 1 == size || text[i + 1] != '\n'))
        return fail (error, _ ("there is a bare CR in its header"));
    }
  return TRUE;
}

static gboolean
parse_fields (GsockHttpHead *head, char *text, char *end, GError **error)
{
  if (!unfold (text, end, error))
    return FALSE;
  for (char *line = text; line < end;)
    {
      gsize size = 0;
      const char *lf = end_of_line (line, end, &size);

      if (size == 0)
        return TRUE; /* the head's end */
      if (!parse_field (head, line, size, error))
        return FALSE;
      line = text + (lf - text) + 1;
    }
  return TRUE;
}

static gboolean
parse (GsockHttpHead *head, GString *raw, StatusFunc parse_line, GError **error)
{
  const char *lf;
  gsize size;

  head->raw = raw;
  head->reason = "";
  head->fields = g_array_new (FALSE, FALSE, sizeof (GsockHttpField));
  lf = end_of_line (raw->str, raw->str + raw->len, &size);
  if (lf == NULL || raw->str[raw->len - 1] != '\n')
    return fail (error, _ ("its header has no end"));
  if (!check_bytes (raw->str, raw->len, error)
      || !parse_line (head, raw->str, size, error))
    return FALSE;
  head->text = g_memdup2 (raw->str, raw->len + 1);
  if (size > 13)
    {
      head->text[size] = '\0';
      head->reason = head->text + 13;
    }
  return parse_fields (head, head->text + (lf + 1 - raw->str),
                       head->text + raw->len, error);
}

/**
 * gsock_http_head_parse:
 * @head: (out caller-allocates): an empty one
 * @raw: (transfer full): a head as received, its empty line too
 * @error: %GSOCK_ERROR_FRAME_BAD, a clause
 *
 * Lines may end in LF alone.  What RFC 9112 forbids is refused, but for folded
 * values, which it has every client take.
 *
 * Returns: %TRUE if it is a head; @head has @raw in any case
 */
gboolean
gsock_http_head_parse (GsockHttpHead *head, GString *raw, GError **error)
{
  return parse (head, raw, parse_status, error);
}

/**
 * gsock_http_head_parse2:
 * @head: (out caller-allocates): an empty one
 * @raw: (transfer full): one of HTTP/2, written as HTTP/1 would have it
 * @error: %GSOCK_ERROR_FRAME_BAD, a clause
 *
 * Returns: %TRUE if it is a head; @head has @raw in any case
 */
gboolean
gsock_http_head_parse2 (GsockHttpHead *head, GString *raw, GError **error)
{
  return parse (head, raw, parse_status2, error);
}

/**
 * gsock_http_head_clear:
 * @head: becomes empty
 */
void
gsock_http_head_clear (GsockHttpHead *head)
{
  if (head->raw != NULL)
    g_string_free (head->raw, TRUE);
  g_clear_pointer (&head->fields, g_array_unref);
  g_free (head->text);
  *head = (GsockHttpHead) { 0 };
}

/**
 * gsock_http_head_next:
 * @head: a head
 * @name: of a field
 * @index: (inout): 0 at first
 *
 * Returns: (nullable): the value of the next field of that name
 */
const char *
gsock_http_head_next (const GsockHttpHead *head, const char *name, guint *index)
{
  while (head->fields != NULL && *index < head->fields->len)
    {
      const GsockHttpField *field = &g_array_index (head->fields,
                                                    GsockHttpField, *index);

      (*index)++;
      if (g_ascii_strcasecmp (field->name, name) == 0)
        return field->value;
    }
  return NULL;
}

/**
 * gsock_http_head_get:
 * @head: a head
 * @name: of a field
 *
 * Returns: (nullable): the value of the first field of that name
 */
const char *
gsock_http_head_get (const GsockHttpHead *head, const char *name)
{
  guint index = 0;

  return gsock_http_head_next (head, name, &index);
}

static gboolean
list_has (const char *list, const char *token)
{
  gsize size = strlen (token);

  for (;;)
    {
      list += strspn (list, " \t,");
      if (*list == '\0')
        return FALSE;
      if (g_ascii_strncasecmp (list, token, size) == 0
          && strchr (" \t,;", list[size]) != NULL)
        return TRUE;
      list += strcspn (list, ",");
    }
}

/**
 * gsock_http_head_has:
 * @head: a head
 * @name: of a field that is a list
 * @token: what to look for
 *
 * Returns: %TRUE if one of the fields of that name has @token
 */
gboolean
gsock_http_head_has (const GsockHttpHead *head, const char *name,
                     const char *token)
{
  const char *list;
  guint index = 0;

  while ((list = gsock_http_head_next (head, name, &index)) != NULL)
    if (list_has (list, token))
      return TRUE;
  return FALSE;
}

/**
 * gsock_http_parse_content_range:
 * @text: (nullable): the value of a Content-Range
 * @first: (out): the first byte of the part; -1: there is none
 * @last: (out): its last byte; -1: there is none
 * @length: (out): bytes of the whole; -1: not known
 *
 * Returns: %TRUE for "bytes 5-9/10", and with a * for either half of it
 */
gboolean
gsock_http_parse_content_range (const char *text, gint64 *first, gint64 *last,
                                gint64 *length)
{
  guint64 value;
  char *end;

  *first = *last = *length = -1;
  if (text == NULL || g_ascii_strncasecmp (text, "bytes", 5) != 0)
    return FALSE;
  text += 5;
  while (*text == ' ')
    text++;
  if (*text == '*')
    text++;
  else
    {
      if (!g_ascii_isdigit (*text))
        return FALSE;
      value = g_ascii_strtoull (text, &end, 10);
      if (*end != '-' || !g_ascii_isdigit (end[1]) || value > G_MAXINT64)
        return FALSE;
      *first = (gint64) value;
      value = g_ascii_strtoull (end + 1, &end, 10);
      if (value > G_MAXINT64 || (gint64) value < *first)
        return FALSE;
      *last = (gint64) value;
      text = end;
    }
  if (*text++ != '/')
    return FALSE;
  if (*text == '*')
    return text[1] == '\0' && *first >= 0;
  if (!g_ascii_isdigit (*text))
    return FALSE;
  value = g_ascii_strtoull (text, &end, 10);
  if (*end != '\0' || value > G_MAXINT64 || (gint64) value <= *last)
    return FALSE;
  *length = (gint64) value;
  return TRUE;
}

/* cookies-parse.c: what a Set-Cookie field says
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "http/cookies-private.h"
#include "http/date.h"

#define ATTRIBUTE_MAX 1024
#define AGE_MAX (400 * 24 * 60 * 60) /* RFC 6265bis, 5.5 */
#define EXPIRED 1                    /* long ago; 0 is "with the session" */

/**
 * gsock_set_cookie_clear:
 * @parsed: what a field said
 */
void
gsock_set_cookie_clear (GsockSetCookie *parsed)
{
  g_clear_pointer (&parsed->name, g_free);
  g_clear_pointer (&parsed->value, g_free);
  g_clear_pointer (&parsed->domain, g_free);
  g_clear_pointer (&parsed->path, g_free);
}

/* A tab is none by the RFC, but would be in the file. */
static gboolean
has_control (const char *text)
{
  for (; *text != '\0'; text++)
    if ((guchar) *text < ' ' || *text == 0x7f)
      return TRUE;
  return FALSE;
}

static char *
strip (const char *text, gsize size)
{
  return g_strstrip (g_strndup (text, size));
}

/* "name=value"; one without a name would be told as if it were another's. */
static gboolean
take_pair (GsockSetCookie *parsed, const char *text, gsize size)
{
  const char *equals = memchr (text, '=', size);

  if (equals == NULL)
    return FALSE;
  parsed->name = strip (text, (gsize) (equals - text));
  parsed->value = strip (equals + 1, (gsize) (text + size - equals - 1));
  return *parsed->name != '\0' && !has_control (parsed->name)
         && !has_control (parsed->value)
         && strlen (parsed->name) + strlen (parsed->value)
                <= GSOCK_COOKIE_SIZE_MAX;
}

static gboolean
parse_age (const char *text, gint64 now, gint64 *expires)
{
  const char *digits = text + (*text == '-' ? 1 : 0);
  gint64 age = 0;

  if (*digits == '\0')
    return FALSE;
  for (; *digits != '\0'; digits++)
    {
      if (!g_ascii_isdigit (*digits))
        return FALSE;
      age = MIN (age * 10 + (*digits - '0'), AGE_MAX);
    }
  *expires = *text == '-' || age == 0 ? EXPIRED : now + age;
  return TRUE;
}

static void
set_expires (GsockSetCookie *parsed, const char *value, gint64 now)
{
  gint64 seconds;

  if (gsock_date_parse (value, &seconds))
    parsed->expires = CLAMP (seconds, EXPIRED, now + AGE_MAX);
}

static void
set_domain (GsockSetCookie *parsed, const char *value)
{
  g_free (parsed->domain);
  if (*value == '.')
    value++;
  parsed->domain = *value != '\0' ? g_ascii_strdown (value, -1) : NULL;
}

/* Max-Age goes before Expires, and the last of two alike counts. */
static void
take_attribute (GsockSetCookie *parsed, const char *name, const char *value,
                gint64 now, gboolean *has_age)
{
  if (g_ascii_strcasecmp (name, "secure") == 0)
    parsed->secure = TRUE;
  else if (g_ascii_strcasecmp (name, "httponly") == 0)
    parsed->http_only = TRUE;
  else if (g_ascii_strcasecmp (name, "domain") == 0)
    set_domain (parsed, value);
  else if (g_ascii_strcasecmp (name, "path") == 0)
    {
      g_free (parsed->path);
      parsed->path = *value == '/' ? g_strdup (value) : NULL;
    }
  else if (g_ascii_strcasecmp (name, "expires") == 0 && !*has_age)
    set_expires (parsed, value, now);
  else if (g_ascii_strcasecmp (name, "max-age") == 0
           && parse_age (value, now, &parsed->expires))
    *has_age = TRUE;
}

/**
 * gsock_set_cookie_parse:
 * @parsed: (out caller-allocates): what it says; to be cleared in any case
 * @field: the field's value, as received
 * @now: seconds since 1970
 *
 * RFC 6265bis, 5.6.
 *
 * Returns: whether it is a cookie at all
 */
gboolean
gsock_set_cookie_parse (GsockSetCookie *parsed, const char *field, gint64 now)
{
  gboolean has_age = FALSE;
  gsize size = strcspn (field, ";");

  *parsed = (GsockSetCookie) { 0 };
  if (!take_pair (parsed, field, size))
    return FALSE;
  for (field += size; *field == ';'; field += size)
    {
      const char *equals;
      g_autofree char *name = NULL;
      g_autofree char *value = NULL;

      field++;
      size = strcspn (field, ";");
      equals = memchr (field, '=', size);
      name = strip (field, equals != NULL ? (gsize) (equals - field) : size);
      value = equals != NULL
                  ? strip (equals + 1, size - (gsize) (equals + 1 - field))
                  : g_strdup ("");
      if (has_control (value))
        return FALSE;
      if (strlen (value) <= ATTRIBUTE_MAX)
        take_attribute (parsed, name, value, now, &has_age);
    }
  return TRUE;
}

/* cookies-file.c: cookies from run to run, in Netscape's format
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <inttypes.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"
#include "http/cookies-private.h"
#include "http/state-file.h"

#define HTTP_ONLY "#HttpOnly_"

/* The columns, tabs between them. */
enum
{
  DOMAIN,
  SUBDOMAINS,
  PATH,
  SECURE,
  EXPIRES,
  NAME,
  VALUE,
  COLUMNS
};

static const char head[] =
    "# Netscape HTTP Cookie File\n"
    "# Domain, its subdomains too, path, only by TLS, expiry in seconds since\n"
    "# 1970 (0: with the session), name, value.  gsock-get writes it anew.\n\n";

static gboolean
is_true (const char *word)
{
  return g_ascii_strcasecmp (word, "TRUE") == 0;
}

static gboolean
is_clean (const char *line)
{
  for (; *line != '\0'; line++)
    if (((guchar) *line < ' ' && *line != '\t') || *line == 0x7f)
      return FALSE;
  return TRUE;
}

/* NULL: it is no cookie. */
static GsockCookie *
parse_line (const char *line, gboolean http_only)
{
  g_auto (GStrv) words = g_strsplit (line, "\t", COLUMNS + 1);
  guint count = g_strv_length (words);
  const char *domain = words[0];
  gint64 expires;
  GsockCookie *cookie;

  /* Some programs leave an empty value's tab out. */
  if ((count != COLUMNS && count != COLUMNS - 1) || !is_clean (line)
      || *words[NAME] == '\0' || *words[PATH] != '/'
      || !g_ascii_string_to_signed (words[EXPIRES], 10, 0, G_MAXINT64, &expires,
                                    NULL))
    return NULL;
  if (*domain == '.')
    domain++;
  if (*domain == '\0')
    return NULL;

  cookie = g_new0 (GsockCookie, 1);
  cookie->domain = g_ascii_strdown (domain, -1);
  cookie->host_only = !is_true (words[SUBDOMAINS]);
  cookie->path = g_strdup (words[PATH]);
  cookie->secure = is_true (words[SECURE]);
  cookie->expires = expires;
  cookie->name = g_strdup (words[NAME]);
  cookie->value = g_strdup (count == COLUMNS ? words[VALUE] : "");
  cookie->http_only = http_only;
  return cookie;
}

/* TRUE and NULL: a comment. */
static gboolean
take_line (char *line, GsockCookie **cookie)
{
  gboolean http_only = g_str_has_prefix (line, HTTP_ONLY);
  gsize size = strlen (line);

  *cookie = NULL;
  if (size > 0 && line[size - 1] == '\r')
    line[size - 1] = '\0';
  if (*line == '\0' || (*line == '#' && !http_only))
    return TRUE;
  *cookie = parse_line (line + (http_only ? strlen (HTTP_ONLY) : 0), http_only);
  return *cookie != NULL;
}

/**
 * gsock_cookies_load:
 * @cookies: a jar
 * @path: a file
 * @error: %GSOCK_ERROR_USAGE, with the line's number and not its text
 *
 * Returns: whether all of it is in the jar now
 */
gboolean
gsock_cookies_load (GsockCookies *cookies, const char *path, GError **error)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!gsock_state_file_read (path, &text, NULL, error))
    return FALSE;
  if (text == NULL)
    return TRUE;

  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      GsockCookie *cookie;
      g_autofree char *shown = NULL;

      if (take_line (lines[i], &cookie))
        {
          /* None is old at the beginning of time: nothing is thrown away
           * before it is known what the time is. */
          if (cookie != NULL)
            gsock_cookies_put (cookies, cookie, 0);
          continue;
        }
      shown = gsock_escape_brief (path);
      return gsock_refuse (error,
                           /* TRANSLATORS: a file, a line's number. */
                           _ ("%s:%u: this line is no cookie in Netscape's "
                              "format: seven columns with tabs between"),
                           shown, i + 1);
    }
  cookies->changed = FALSE;
  return TRUE;
}

static void
append_line (GString *text, const GsockCookie *cookie)
{
  g_string_append_printf (text, "%s%s%s\t%s\t%s\t%s\t%" PRId64 "\t%s\t%s\n",
                          cookie->http_only ? HTTP_ONLY : "",
                          cookie->host_only ? "" : ".", cookie->domain,
                          cookie->host_only ? "FALSE" : "TRUE", cookie->path,
                          cookie->secure ? "TRUE" : "FALSE", cookie->expires,
                          cookie->name, cookie->value);
}

/**
 * gsock_cookies_save:
 * @cookies: a jar
 * @path: a file, that of gsock_cookies_load as a rule
 * @now: seconds since 1970
 * @error: %GSOCK_ERROR_OUTPUT
 *
 * Returns: whether the file says what the jar has
 */
gboolean
gsock_cookies_save (GsockCookies *cookies, const char *path, gint64 now,
                    GError **error)
{
  g_autoptr (GString) text = NULL;

  if (!cookies->changed)
    return TRUE;

  text = g_string_new (head);
  for (guint i = 0; i < cookies->all->len; i++)
    {
      const GsockCookie *cookie = g_ptr_array_index (cookies->all, i);

      if (cookie->expires == 0 || cookie->expires > now)
        append_line (text, cookie);
    }
  if (!gsock_state_file_write (path, text->str, text->len, error))
    return FALSE;
  cookies->changed = FALSE;
  return TRUE;
}

/* url.c: where a request goes: an http or https URL, checked
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "http/url.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"

/* Kept as they are written, so that what is signed or encoded twice arrives. */
#define FLAGS \
  (G_URI_FLAGS_ENCODED | G_URI_FLAGS_HAS_PASSWORD \
   | G_URI_FLAGS_SCHEME_NORMALIZE)

static void
clear (gpointer data)
{
  GsockUrl *url = data;

  g_clear_pointer (&url->uri, g_uri_unref);
  g_free (url->host);
  g_free (url->target);
  g_free (url->authority);
  g_free (url->origin);
  g_free (url->user);
  g_free (url->password);
  g_free (url->text);
}

GsockUrl *
gsock_url_ref (GsockUrl *url)
{
  return g_atomic_rc_box_acquire (url);
}

void
gsock_url_unref (GsockUrl *url)
{
  g_atomic_rc_box_release_full (url, clear);
}

/* A name that could be looked up, or an address: nothing that would end a
 * header's line, or be something else to a proxy. */
static gboolean
is_host (const char *host)
{
  if (*host == '\0' || strlen (host) > 255)
    return FALSE;
  if (g_hostname_is_ip_address (host) || strchr (host, ':') != NULL)
    return strpbrk (host, " \t\r\n/\\@[]") == NULL;
  for (; *host != '\0'; host++)
    if (!g_ascii_isalnum (*host) && strchr ("-._", *host) == NULL)
      return FALSE;
  return TRUE;
}

static char *
new_host (GUri *uri)
{
  const char *text = g_uri_get_host (uri);
  g_autofree char *ascii = text != NULL ? g_hostname_to_ascii (text) : NULL;

  if (ascii == NULL || !is_host (ascii))
    return NULL;
  return g_ascii_strdown (ascii, -1);
}

/* Path and query; what can't stand in a request line is written as %XX, which
 * GUri has mostly done already. */
static char *
new_target (GUri *uri)
{
  const char *path = g_uri_get_path (uri);
  const char *query = g_uri_get_query (uri);
  g_autofree char *whole = g_strconcat (
      *path == '/' ? "" : "/", path, query != NULL ? "?" : NULL, query, NULL);
  GString *target = g_string_sized_new (strlen (whole));

  for (const char *c = whole; *c != '\0'; c++)
    if (*c > ' ' && *c < 0x7f)
      g_string_append_c (target, *c);
    else
      g_string_append_printf (target, "%%%02X", (guint8) *c);
  return g_string_free (target, FALSE);
}

static char *
new_authority (const GsockUrl *url)
{
  gboolean is_usual = url->port == (url->https ? 443 : 80);
  g_autofree char *host = NULL;

  if (strchr (url->host, ':') != NULL)
    host = g_strdup_printf ("[%.*s]", (int) strcspn (url->host, "%"),
                            url->host);
  else
    host = g_strdup (url->host);
  if (is_usual)
    return g_steal_pointer (&host);
  return g_strdup_printf ("%s:%u", host, url->port);
}

static gboolean
take_user (GsockUrl *url)
{
  const char *user = g_uri_get_user (url->uri);
  const char *password = g_uri_get_password (url->uri);

  if (user == NULL)
    return TRUE;
  url->user = g_uri_unescape_string (user, NULL);
  url->password = password != NULL ? g_uri_unescape_string (password, NULL)
                                   : NULL;
  return url->user != NULL && (password == NULL || url->password != NULL);
}

static gboolean
is_known (const char *scheme)
{
  return strcmp (scheme, "http") == 0 || strcmp (scheme, "https") == 0;
}

/**
 * gsock_url_new_from_uri:
 * @uri: parsed with %G_URI_FLAGS_ENCODED
 *
 * Returns: (transfer full) (nullable): NULL where it has no host or port that
 *   one could ask, or a scheme that isn't HTTP's
 */
GsockUrl *
gsock_url_new_from_uri (GUri *uri)
{
  g_autoptr (GsockUrl) url = NULL;
  gboolean https = strcmp (g_uri_get_scheme (uri), "https") == 0;
  int port = g_uri_get_port (uri);

  if (!is_known (g_uri_get_scheme (uri)))
    return NULL;
  url = g_atomic_rc_box_new0 (GsockUrl);

  url->uri = g_uri_ref (uri);
  url->https = https;
  url->host = new_host (uri);
  url->port = (guint16) (port > 0 ? port : https ? 443 : 80);
  if (url->host == NULL || port == 0 || !take_user (url))
    return NULL;
  url->target = new_target (uri);
  url->authority = new_authority (url);
  url->origin = g_strdup_printf ("%s://%s:%u", https ? "https" : "http",
                                 url->host, url->port);
  url->text = g_strconcat (https ? "https://" : "http://", url->authority,
                           url->target, NULL);
  return g_steal_pointer (&url);
}

/* "file" of "file:/x", but nothing of "localhost:8080" and of "h/a:b". */
static char *
scheme_of (const char *text)
{
  gsize n = 0;

  while (g_ascii_isalnum (text[n])
         || (n > 0 && strchr ("+-.", text[n]) && text[n] != '\0'))
    n++;
  if (n == 0 || text[n] != ':' || !g_ascii_isalpha (*text))
    return NULL;
  if (!g_str_has_prefix (text + n, "://") && g_ascii_isdigit (text[n + 1]))
    return NULL;
  return g_ascii_strdown (text, (gssize) n);
}

/**
 * gsock_url_parse:
 * @text: what a user wrote
 * @error: %GSOCK_ERROR_USAGE, a sentence
 *
 * Returns: (transfer full) (nullable): the URL
 */
GsockUrl *
gsock_url_parse (const char *text, GError **error)
{
  g_autofree char *scheme = scheme_of (text);
  g_autofree char *whole = scheme != NULL ? g_strdup (text)
                                          : g_strconcat ("http://", text, NULL);
  g_autofree char *shown = gsock_escape_brief (text);
  g_autoptr (GUri) uri = NULL;
  GsockUrl *url;

  if (scheme != NULL && !is_known (scheme))
    {
      gsock_refuse (error,
                    /* TRANSLATORS: a URL, its scheme such as "ftp" */
                    _ ("%s: only http and https are fetched here, not %s"),
                    shown, scheme);
      return NULL;
    }
  uri = g_uri_parse (whole, FLAGS, NULL);
  url = uri != NULL ? gsock_url_new_from_uri (uri) : NULL;
  if (url == NULL)
    gsock_refuse (error,
                  _ ("'%s' is no URL: it should look like "
                     "http://HOST[:PORT]/PATH, with %%XX for what is no "
                     "letter, number or sign of it"),
                  shown);
  return url;
}

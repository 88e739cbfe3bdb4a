/* redirect.c: whether and how an answer that points elsewhere is followed
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "http/redirect.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"

/**
 * gsock_redirects_init:
 * @redirects: (out caller-allocates): the chain of a transfer
 * @limit: how many are followed at most
 */
void
gsock_redirects_init (GsockRedirects *redirects, guint limit)
{
  *redirects = (GsockRedirects) {
    .limit = limit,
    .seen = g_ptr_array_new_with_free_func (g_free),
  };
}

/**
 * gsock_redirects_clear:
 * @redirects: a chain
 */
void
gsock_redirects_clear (GsockRedirects *redirects)
{
  g_clear_pointer (&redirects->seen, g_ptr_array_unref);
}

/**
 * gsock_redirects_forget:
 * @redirects: a chain
 *
 * A site may send a client in a circle until it brings a cookie back.  Only
 * the limit holds from there.
 */
void
gsock_redirects_forget (GsockRedirects *redirects)
{
  g_ptr_array_set_size (redirects->seen, 0);
  redirects->forgotten = TRUE;
}

/**
 * gsock_redirect_clear:
 * @redirect: where to next
 */
void
gsock_redirect_clear (GsockRedirect *redirect)
{
  g_clear_pointer (&redirect->url, g_uri_unref);
}

/**
 * gsock_redirect_is:
 * @status: of the answer
 *
 * Returns: whether it says "ask elsewhere", given a Location
 */
gboolean
gsock_redirect_is (guint status)
{
  return (status >= 301 && status <= 303) || status == 307 || status == 308;
}

/**
 * gsock_url_get_port:
 * @url: an http or https URL
 *
 * Returns: the port to connect to
 */
guint
gsock_url_get_port (GUri *url)
{
  int port = g_uri_get_port (url);

  if (port > 0)
    return (guint) port;
  return strcmp (g_uri_get_scheme (url), "https") == 0 ? 443 : 80;
}

/**
 * gsock_url_same_origin:
 * @a: an http or https URL
 * @b: another
 *
 * Returns: whether what one may see the other may see too (RFC 6454)
 */
gboolean
gsock_url_same_origin (GUri *a, GUri *b)
{
  return strcmp (g_uri_get_scheme (a), g_uri_get_scheme (b)) == 0
         && g_ascii_strcasecmp (g_uri_get_host (a), g_uri_get_host (b)) == 0
         && gsock_url_get_port (a) == gsock_url_get_port (b);
}

/* A host as it may stand in a Host field and a name server's question: no
 * space, no control, nothing that ends it early for another reader. */
static gboolean
has_plain_host (GUri *url)
{
  const char *host = g_uri_get_host (url);

  if (host == NULL || *host == '\0')
    return FALSE;
  for (; *host != '\0'; host++)
    if (!g_ascii_isalnum (*host) && strchr ("-._~:%", *host) == NULL)
      return FALSE;
  return TRUE;
}

static gboolean
has_good_path (GUri *url)
{
  const char *path = g_uri_get_path (url);

  return g_uri_get_host (url) == NULL || *path == '\0' || *path == '/';
}

static GUri *
resolve (GUri *url, const char *location, const char *shown, GError **error)
{
  g_autoptr (GUri)
      next = g_uri_parse_relative (url, location, GSOCK_URL_FLAGS, NULL);
  const char *scheme;

  /* GLib takes "https:x" for a path beside the host, and can't write that. */
  if (next == NULL || !has_good_path (next))
    {
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_FRAME_BAD,
                   _ ("the server sends us elsewhere, but '%s' is no URL"),
                   shown);
      return NULL;
    }
  scheme = g_uri_get_scheme (next);
  if (strcmp (scheme, "http") != 0 && strcmp (scheme, "https") != 0)
    {
      g_set_error (
          error, GSOCK_ERROR, GSOCK_ERROR_DENIED,
          _ ("redirect to '%s' refused: only http and https are followed"),
          shown);
      return NULL;
    }
  if (!has_plain_host (next))
    {
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_FRAME_BAD,
                   _ ("the server sends us to '%s', which names no host"),
                   shown);
      return NULL;
    }
  /* A user and password in it would be the server's, and a fragment is never
   * sent. */
  return g_uri_build (GSOCK_URL_FLAGS, scheme, NULL, g_uri_get_host (next),
                      g_uri_get_port (next), g_uri_get_path (next),
                      g_uri_get_query (next), NULL);
}

/* RFC 6797, 8.3: before it is judged where that leads. */
static void
take_upgrade (const GsockRedirects *redirects, GUri **target)
{
  GUri *better = redirects->upgrade != NULL && *target != NULL
                     ? redirects->upgrade (redirects->upgrade_data, *target)
                     : NULL;

  if (better == NULL)
    return;
  g_uri_unref (*target);
  *target = better;
}

static gboolean
check_scheme (GUri *url, GUri *next, const char *shown, GError **error)
{
  if (strcmp (g_uri_get_scheme (url), "https") != 0
      || strcmp (g_uri_get_scheme (next), "https") == 0)
    return TRUE;

  g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_DENIED,
               _ ("redirect from https to '%s' refused: what was asked for "
                  "in secret would go in the clear"),
               shown);
  return FALSE;
}

static gboolean
check_count (GsockRedirects *redirects, const char *shown, GError **error)
{
  if (redirects->count < redirects->limit)
    return TRUE;

  g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_DENIED,
               /* TRANSLATORS: a URL, then how many redirects. */
               g_dngettext (GETTEXT_PACKAGE,
                            "redirect to '%s' refused: %u was followed "
                            "already (--max-redirects)",
                            "redirect to '%s' refused: %u were followed "
                            "already (--max-redirects)",
                            redirects->count),
               shown, redirects->count);
  return FALSE;
}

static char *
describe (const char *method, GUri *url)
{
  g_autofree char *text = g_uri_to_string_partial (
      url, G_URI_HIDE_USERINFO | G_URI_HIDE_FRAGMENT);

  return g_strconcat (method, " ", text, NULL);
}

/* What is asked twice with nothing changed is answered twice. */
static gboolean
check_loop (GsockRedirects *redirects, char *request, const char *shown,
            GError **error)
{
  if (g_ptr_array_find_with_equal_func (redirects->seen, request, g_str_equal,
                                        NULL))
    {
      g_free (request);
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_DENIED,
                   _ ("redirect to '%s' refused: it goes in a circle, for "
                      "that was asked already"),
                   shown);
      return FALSE;
    }
  g_ptr_array_add (redirects->seen, request);
  return TRUE;
}

/* RFC 9110, 15.4: what browsers have always done with 301 and 302, and 303 by
 * its definition. */
static const char *
next_method (const char *method, guint status)
{
  if (status == 303 && strcmp (method, "HEAD") != 0)
    return "GET";
  if ((status == 301 || status == 302) && strcmp (method, "POST") == 0)
    return "GET";
  return method;
}

/**
 * gsock_redirects_next:
 * @redirects: the chain so far
 * @url: what was asked
 * @method: how
 * @has_body: whether the request carried one
 * @status: of the answer, gsock_redirect_is
 * @location: its Location field, as received
 * @next: (out caller-allocates): to be cleared when %TRUE is returned
 * @error: %GSOCK_ERROR_DENIED or %GSOCK_ERROR_FRAME_BAD, a clause
 *
 * A body that was given by hand is as much the user's as a header field: it is
 * sent to no other origin.
 *
 * Returns: whether @next is to be asked
 */
gboolean
gsock_redirects_next (GsockRedirects *redirects, GUri *url, const char *method,
                      gboolean has_body, guint status, const char *location,
                      GsockRedirect *next, GError **error)
{
  g_autofree char *shown = gsock_escape_brief (location);
  g_autoptr (GUri) target = resolve (url, location, shown, error);
  const char *new_method = next_method (method, status);
  gboolean drop_body = new_method != method || status == 303;
  gboolean foreign;

  take_upgrade (redirects, &target);
  if (target == NULL || !check_scheme (url, target, shown, error)
      || !check_count (redirects, shown, error))
    return FALSE;

  foreign = !gsock_url_same_origin (url, target);
  if (has_body && !drop_body && foreign)
    {
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_DENIED,
                   _ ("redirect to '%s' refused: it would send the data to "
                      "another server"),
                   shown);
      return FALSE;
    }
  if (redirects->seen->len == 0 && !redirects->forgotten)
    g_ptr_array_add (redirects->seen, describe (method, url));
  redirects->forgotten = FALSE;
  if (!check_loop (redirects, describe (new_method, target), shown, error))
    return FALSE;

  redirects->count++;
  *next = (GsockRedirect) {
    .url = g_steal_pointer (&target),
    .method = new_method,
    .drop_body = drop_body,
    .foreign = foreign,
  };
  return TRUE;
}

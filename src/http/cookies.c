/* cookies.c: what servers want to be told again
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "http/cookies.h"

#include <gio/gio.h>
#include <string.h>

#include "http/cookies-private.h"
#include "http/suffix.h"

/**
 * gsock_cookies_new:
 *
 * Returns: (transfer full): an empty jar
 */
GsockCookies *
gsock_cookies_new (void)
{
  GsockCookies *cookies = g_new0 (GsockCookies, 1);

  cookies->all = g_ptr_array_new_with_free_func (
      (GDestroyNotify) gsock_cookie_free);
  return cookies;
}

/**
 * gsock_cookies_free:
 * @cookies: (transfer full): a jar
 */
void
gsock_cookies_free (GsockCookies *cookies)
{
  g_ptr_array_unref (cookies->all);
  g_free (cookies);
}

/**
 * gsock_cookie_free:
 * @cookie: (transfer full): a cookie
 */
void
gsock_cookie_free (GsockCookie *cookie)
{
  g_free (cookie->name);
  g_free (cookie->value);
  g_free (cookie->domain);
  g_free (cookie->path);
  g_free (cookie);
}

/**
 * gsock_cookies_count:
 * @cookies: a jar
 *
 * Returns: how many are in it, expired ones too
 */
guint
gsock_cookies_count (const GsockCookies *cookies)
{
  return cookies->all->len;
}

static gboolean
is_expired (const GsockCookie *cookie, gint64 now)
{
  return cookie->expires != 0 && cookie->expires <= now;
}

/* RFC 6265, 5.1.3: @host is @domain or below it, and has a name. */
static gboolean
domain_matches (const char *host, const char *domain)
{
  gsize host_size = strlen (host);
  gsize domain_size = strlen (domain);

  if (strcmp (host, domain) == 0)
    return TRUE;
  return host_size > domain_size
         && strcmp (host + host_size - domain_size, domain) == 0
         && host[host_size - domain_size - 1] == '.'
         && !g_hostname_is_ip_address (host);
}

/* RFC 6265, 5.1.4. */
static gboolean
path_matches (const char *path, const char *prefix)
{
  gsize size = strlen (prefix);

  return strncmp (path, prefix, size) == 0
         && (path[size] == '\0' || prefix[size - 1] == '/'
             || path[size] == '/');
}

static char *
default_path (const char *path)
{
  const char *slash = strrchr (path, '/');

  if (*path != '/' || slash == path)
    return g_strdup ("/");
  return g_strndup (path, (gsize) (slash - path));
}

static gboolean
is_same (const GsockCookie *a, const GsockCookie *b)
{
  return a->host_only == b->host_only && strcmp (a->name, b->name) == 0
         && strcmp (a->domain, b->domain) == 0
         && strcmp (a->path, b->path) == 0;
}

static gboolean
says_the_same (const GsockCookie *a, const GsockCookie *b)
{
  return strcmp (a->value, b->value) == 0 && a->expires == b->expires
         && a->secure == b->secure && a->http_only == b->http_only;
}

static void
remove_expired (GsockCookies *cookies, gint64 now)
{
  for (guint i = cookies->all->len; i-- > 0;)
    if (is_expired (g_ptr_array_index (cookies->all, i), now))
      {
        g_ptr_array_remove_index (cookies->all, i);
        cookies->changed = TRUE;
      }
}

/* The oldest of @domain; of any where that is NULL. */
static void
remove_oldest (GsockCookies *cookies, const char *domain)
{
  for (guint i = 0; i < cookies->all->len; i++)
    {
      const GsockCookie *cookie = g_ptr_array_index (cookies->all, i);

      if (domain != NULL && strcmp (cookie->domain, domain) != 0)
        continue;
      g_ptr_array_remove_index (cookies->all, i);
      return;
    }
}

static guint
count_of (const GsockCookies *cookies, const char *domain)
{
  guint count = 0;

  for (guint i = 0; i < cookies->all->len; i++)
    {
      const GsockCookie *cookie = g_ptr_array_index (cookies->all, i);

      count += strcmp (cookie->domain, domain) == 0;
    }
  return count;
}

static void
add (GsockCookies *cookies, GsockCookie *cookie, gint64 now)
{
  if (count_of (cookies, cookie->domain) >= GSOCK_COOKIES_PER_DOMAIN
      || cookies->all->len >= GSOCK_COOKIES_MAX)
    remove_expired (cookies, now);
  if (count_of (cookies, cookie->domain) >= GSOCK_COOKIES_PER_DOMAIN)
    remove_oldest (cookies, cookie->domain);
  if (cookies->all->len >= GSOCK_COOKIES_MAX)
    remove_oldest (cookies, NULL);
  g_ptr_array_add (cookies->all, cookie);
}

/**
 * gsock_cookies_put:
 * @cookies: a jar
 * @cookie: (transfer full): goes in the place of the same one, or at the end; an
 *   expired one only takes the other out
 * @now: seconds since 1970
 *
 * Returns: whether anything changed
 */
gboolean
gsock_cookies_put (GsockCookies *cookies, GsockCookie *cookie, gint64 now)
{
  g_autoptr (GsockCookie) owned = cookie;

  for (guint i = 0; i < cookies->all->len; i++)
    {
      GsockCookie *old = g_ptr_array_index (cookies->all, i);

      if (!is_same (old, cookie))
        continue;
      if (is_expired (cookie, now))
        g_ptr_array_remove_index (cookies->all, i);
      else if (says_the_same (old, cookie))
        return FALSE;
      else
        {
          gsock_cookie_free (old);
          cookies->all->pdata[i] = g_steal_pointer (&owned);
        }
      cookies->changed = TRUE;
      return TRUE;
    }
  if (is_expired (cookie, now))
    return FALSE;

  add (cookies, g_steal_pointer (&owned), now);
  cookies->changed = TRUE;
  return TRUE;
}

/* What comes in the clear may not take the place of what was kept from it. */
static gboolean
hides_secure (const GsockCookies *cookies, const GsockCookie *cookie)
{
  for (guint i = 0; i < cookies->all->len; i++)
    {
      const GsockCookie *old = g_ptr_array_index (cookies->all, i);

      if (old->secure && strcmp (old->name, cookie->name) == 0
          && (domain_matches (old->domain, cookie->domain)
              || domain_matches (cookie->domain, old->domain))
          && path_matches (cookie->path, old->path))
        return TRUE;
    }
  return FALSE;
}

static gboolean
has_prefix (const char *name, const char *prefix)
{
  return g_ascii_strncasecmp (name, prefix, strlen (prefix)) == 0;
}

/* Names that promise something. */
static gboolean
keeps_promise (const GsockSetCookie *parsed)
{
  if (has_prefix (parsed->name, "__Secure-"))
    return parsed->secure;
  if (has_prefix (parsed->name, "__Host-"))
    return parsed->secure && parsed->domain == NULL
           && g_strcmp0 (parsed->path, "/") == 0;
  return TRUE;
}

/* Whose it may be: its host's alone, or that of a domain over it which is no
 * public suffix. */
static gboolean
settle_domain (GsockSetCookie *parsed, const char *host)
{
  if (parsed->domain != NULL && gsock_is_public_suffix (parsed->domain))
    {
      if (strcmp (parsed->domain, host) != 0)
        return FALSE;
      g_clear_pointer (&parsed->domain, g_free);
    }
  return parsed->domain == NULL || domain_matches (host, parsed->domain);
}

/* A dot at the end says that a name is whole, and makes no other host of it;
 * but what knows domains by their names would not know it.  A Domain with one
 * is nobody's. */
static char *
host_of (GUri *url)
{
  const char *host = g_uri_get_host (url);
  gsize size = strlen (host);

  while (size > 0 && host[size - 1] == '.')
    size--;
  return g_ascii_strdown (host, (gssize) size);
}

/* NULL: may not be. */
static GsockCookie *
make (GsockSetCookie *parsed, GUri *url, gboolean is_secure)
{
  g_autofree char *host = host_of (url);
  GsockCookie *cookie;

  if (*host == '\0' || !keeps_promise (parsed) || (parsed->secure && !is_secure)
      || !settle_domain (parsed, host))
    return NULL;
  cookie = g_new0 (GsockCookie, 1);
  cookie->host_only = parsed->domain == NULL;
  cookie->domain = parsed->domain != NULL ? g_steal_pointer (&parsed->domain)
                                          : g_steal_pointer (&host);
  cookie->path = parsed->path != NULL ? g_steal_pointer (&parsed->path)
                                      : default_path (g_uri_get_path (url));
  cookie->name = g_steal_pointer (&parsed->name);
  cookie->value = g_steal_pointer (&parsed->value);
  cookie->expires = parsed->expires;
  cookie->secure = parsed->secure;
  cookie->http_only = parsed->http_only;
  return cookie;
}

static gboolean
is_https (GUri *url)
{
  return strcmp (g_uri_get_scheme (url), "https") == 0;
}

/**
 * gsock_cookies_set:
 * @cookies: a jar
 * @url: what was asked
 * @field: one Set-Cookie of the answer, as received
 * @now: seconds since 1970
 *
 * RFC 6265bis, 5.7; SameSite has no sense here.
 *
 * Returns: whether the jar changed
 */
gboolean
gsock_cookies_set (GsockCookies *cookies, GUri *url, const char *field,
                   gint64 now)
{
  g_auto (GsockSetCookie) parsed = { 0 };
  g_autoptr (GsockCookie) cookie = NULL;

  if (!gsock_set_cookie_parse (&parsed, field, now))
    return FALSE;
  cookie = make (&parsed, url, is_https (url));
  if (cookie == NULL || (!is_https (url) && hides_secure (cookies, cookie)))
    return FALSE;
  return gsock_cookies_put (cookies, g_steal_pointer (&cookie), now);
}

/* Longer paths first; of equals the older one (their order is kept). */
static int
compare_cb (gconstpointer a, gconstpointer b)
{
  const GsockCookie *const *first = a;
  const GsockCookie *const *second = b;
  gsize first_size = strlen ((*first)->path);
  gsize second_size = strlen ((*second)->path);

  return (first_size < second_size) - (first_size > second_size);
}

/**
 * gsock_cookies_get:
 * @cookies: a jar
 * @url: what is to be asked
 * @now: seconds since 1970
 *
 * Returns: (transfer full) (nullable): the value of its Cookie field
 */
char *
gsock_cookies_get (GsockCookies *cookies, GUri *url, gint64 now)
{
  g_autofree char *host = host_of (url);
  const char *path = g_uri_get_path (url);
  g_autoptr (GPtrArray) fit = g_ptr_array_new ();
  GString *text;

  for (guint i = 0; i < cookies->all->len; i++)
    {
      GsockCookie *cookie = g_ptr_array_index (cookies->all, i);

      if (!is_expired (cookie, now) && (!cookie->secure || is_https (url))
          && path_matches (*path != '\0' ? path : "/", cookie->path)
          && (cookie->host_only ? strcmp (host, cookie->domain) == 0
                                : domain_matches (host, cookie->domain)))
        g_ptr_array_add (fit, cookie);
    }
  if (fit->len == 0)
    return NULL;

  g_ptr_array_sort (fit, compare_cb);
  text = g_string_new (NULL);
  for (guint i = 0; i < fit->len; i++)
    {
      const GsockCookie *cookie = g_ptr_array_index (fit, i);

      g_string_append_printf (text, "%s%s=%s", i > 0 ? "; " : "", cookie->name,
                              cookie->value);
    }
  return g_string_free (text, FALSE);
}

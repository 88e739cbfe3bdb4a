/* session.c: what is remembered of servers over the transfers of a run
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "http/session.h"

#include <string.h>

#include "core/error.h"
#include "http/cookies.h"
#include "http/hsts.h"
#include "http/netrc.h"

struct _GsockSession
{
  char *user, *password; /* NULL: none */
  char *netrc;           /* text, or NULL */
  GHashTable *auths;     /* what key_of() makes -> GsockAuth */
  GsockCookies *cookies; /* NULL: none are kept */
  GsockHsts *hsts;       /* NULL: none are known */
  char *cookies_path, *hsts_path;
  gboolean insecure;
};

/**
 * gsock_session_new:
 *
 * Returns: (transfer full): a session that knows nothing
 */
GsockSession *
gsock_session_new (void)
{
  return g_new0 (GsockSession, 1);
}

/**
 * gsock_session_free:
 * @session: (transfer full): no transfer uses it any more
 */
void
gsock_session_free (GsockSession *session)
{
  g_clear_pointer (&session->auths, g_hash_table_unref);
  g_clear_pointer (&session->cookies, gsock_cookies_free);
  g_clear_pointer (&session->hsts, gsock_hsts_free);
  g_free (session->cookies_path);
  g_free (session->hsts_path);
  g_free (session->user);
  g_free (session->password);
  g_free (session->netrc);
  g_free (session);
}

void
gsock_session_set_user (GsockSession *session, const char *user,
                        const char *password)
{
  g_free (session->user);
  g_free (session->password);
  session->user = g_strdup (user);
  session->password = g_strdup (password);
}

void
gsock_session_set_netrc (GsockSession *session, const char *text)
{
  g_free (session->netrc);
  session->netrc = g_strdup (text);
}

static gboolean
find_user (GsockSession *session, const GsockUrl *url, char **user,
           char **password, GError **error)
{
  const char *given = url->user != NULL ? url->user : session->user;
  const char *secret = url->user != NULL ? url->password : session->password;

  *user = *password = NULL;
  if (session->netrc != NULL && secret == NULL
      && !gsock_netrc_find (session->netrc, url->host, given, user, password,
                            error))
    return FALSE;
  if (*user == NULL)
    *user = g_strdup (given);
  if (*password == NULL)
    *password = g_strdup (secret != NULL ? secret : "");
  return TRUE;
}

/* Whoever knows another password is another one.  No part can have an end of
 * line: gsock_auth_new() refuses it. */
static char *
key_of (const char *user, const char *password, const GsockUrl *url)
{
  return g_strjoin ("\n", user, password, url->origin, NULL);
}

static void
auth_free (gpointer data)
{
  gsock_auth_free (data);
}

/**
 * gsock_session_get_auth:
 * @session: a session
 * @url: what is asked for, of an origin that may know who asks
 * @error: %GSOCK_ERROR_USAGE
 *
 * A user in the URL comes before the one that was given, and that before the
 * .netrc's, which has the password of either.
 *
 * Returns: (transfer none) (nullable): shared by all transfers of that user
 *   with that password from that origin
 */
GsockAuth *
gsock_session_get_auth (GsockSession *session, const GsockUrl *url,
                        GError **error)
{
  g_autofree char *user = NULL;
  g_autofree char *password = NULL;
  g_autofree char *key = NULL;
  GsockAuth *auth;

  if (!find_user (session, url, &user, &password, error) || user == NULL)
    return NULL;
  if (session->auths == NULL)
    session->auths = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                            auth_free);
  key = key_of (user, password, url);
  auth = g_hash_table_lookup (session->auths, key);
  if (auth != NULL)
    return auth;
  auth = gsock_auth_new (user, password, error);
  if (auth != NULL)
    g_hash_table_insert (session->auths, g_steal_pointer (&key), auth);
  return auth;
}

static gint64
seconds_now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

char *
gsock_session_dup_cookies (GsockSession *session, const GsockUrl *url)
{
  return session->cookies != NULL
             ? gsock_cookies_get (session->cookies, url->uri, seconds_now ())
             : NULL;
}

/**
 * gsock_session_upgrade_uri:
 * @session: a session
 * @uri: what is to be asked for
 *
 * Returns: (transfer full) (nullable): as gsock_session_upgrade
 */
GUri *
gsock_session_upgrade_uri (GsockSession *session, GUri *uri)
{
  return session->hsts != NULL
             ? gsock_hsts_upgrade (session->hsts, uri, seconds_now ())
             : NULL;
}

/**
 * gsock_session_upgrade:
 * @session: a session
 * @url: what is to be asked for
 *
 * Returns: (transfer full) (nullable): the same by https, where its host wants
 *   to be asked by nothing else
 */
GsockUrl *
gsock_session_upgrade (GsockSession *session, const GsockUrl *url)
{
  g_autoptr (GUri) uri = gsock_session_upgrade_uri (session, url->uri);

  return uri != NULL ? gsock_url_new_from_uri (uri) : NULL;
}

/**
 * gsock_session_take:
 * @session: a session
 * @url: what was asked for
 * @head: of the answer
 *
 * Returns: %TRUE if cookies were set or removed
 */
gboolean
gsock_session_take (GsockSession *session, const GsockUrl *url,
                    const GsockHttpHead *head)
{
  const char *field = gsock_http_head_get (head, "Strict-Transport-Security");
  gint64 now = seconds_now ();
  gboolean changed = FALSE;
  guint index = 0;

  if (session->hsts != NULL && field != NULL && url->https
      && !session->insecure)
    (void) gsock_hsts_note (session->hsts, url->uri, field, now);
  while (session->cookies != NULL
         && (field = gsock_http_head_next (head, "Set-Cookie", &index)) != NULL)
    changed |= gsock_cookies_set (session->cookies, url->uri, field, now);
  return changed;
}

gboolean
gsock_session_load_cookies (GsockSession *session, const char *path,
                            GError **error)
{
  session->cookies = gsock_cookies_new ();
  session->cookies_path = g_strdup (path);
  return gsock_cookies_load (session->cookies, path, error);
}

gboolean
gsock_session_load_hsts (GsockSession *session, const char *path,
                         gboolean insecure, GError **error)
{
  session->hsts = gsock_hsts_new ();
  session->hsts_path = g_strdup (path);
  session->insecure = insecure;
  return gsock_hsts_load (session->hsts, path, error);
}

/**
 * gsock_session_save:
 * @session: a session
 * @error: %GSOCK_ERROR_OUTPUT
 *
 * Returns: %TRUE if what has changed in the files it has loaded was written
 */
gboolean
gsock_session_save (GsockSession *session, GError **error)
{
  gint64 now = seconds_now ();

  return (session->cookies == NULL
          || gsock_cookies_save (session->cookies, session->cookies_path, now,
                                 error))
         && (session->hsts == NULL
             || gsock_hsts_save (session->hsts, session->hsts_path, now,
                                 error));
}

/* auth.c: a user's way in: Basic and Digest
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "http/auth.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"
#include "http/challenge.h"

#define CNONCE_SIZE 16

/* Worst first. */
typedef enum
{
  WAY_NONE,
  WAY_BASIC,
  WAY_MD5,
  WAY_SHA256,
} Way;

struct _GsockAuth
{
  char *user;
  char *password;
  Way way;
  /* Of a Digest: */
  GsockChallenge *challenge;
  char *cnonce; /* one a nonce, as "-sess" wants it */
  guint count;  /* requests with this nonce */
};

static gboolean
has_control (const char *text)
{
  for (; *text != '\0'; text++)
    if ((guchar) *text < ' ' || *text == 0x7f)
      return TRUE;
  return FALSE;
}

/**
 * gsock_auth_new:
 * @user: in UTF-8
 * @password: likewise
 * @error: %GSOCK_ERROR_USAGE
 *
 * Returns: (transfer full) (nullable): a user who has not been asked yet
 */
GsockAuth *
gsock_auth_new (const char *user, const char *password, GError **error)
{
  GsockAuth *auth;

  if (has_control (user) || has_control (password))
    {
      gsock_refuse (error, _ ("A user name or password can't have control "
                              "characters in HTTP"));
      return NULL;
    }
  auth = g_new0 (GsockAuth, 1);
  auth->user = g_strdup (user);
  auth->password = g_strdup (password);
  return auth;
}

static void
clear_digest (GsockAuth *auth)
{
  g_clear_pointer (&auth->challenge, gsock_challenge_free);
  g_clear_pointer (&auth->cnonce, g_free);
  auth->count = 0;
}

static void
wipe (char *text)
{
  explicit_bzero (text, strlen (text));
  g_free (text);
}

/**
 * gsock_auth_free:
 * @auth: (transfer full): a user
 */
void
gsock_auth_free (GsockAuth *auth)
{
  clear_digest (auth);
  wipe (auth->password);
  g_free (auth->user);
  g_free (auth);
}

/**
 * gsock_auth_begin_basic:
 * @auth: a user who has not been asked yet
 *
 * Saves a round trip, and is for a server that never asks.  Only over TLS may
 * it be anything but a mistake.
 */
void
gsock_auth_begin_basic (GsockAuth *auth)
{
  auth->way = WAY_BASIC;
}

/* Whether a comma-separated list has @word. */
static gboolean
list_has (const char *list, const char *word)
{
  g_auto (GStrv) words = g_strsplit (list, ",", -1);

  for (guint i = 0; words[i] != NULL; i++)
    if (g_ascii_strcasecmp (g_strstrip (words[i]), word) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
is_session (const GsockChallenge *challenge)
{
  const char *algorithm = challenge->algorithm;

  return algorithm != NULL
         && (g_ascii_strcasecmp (algorithm, "MD5-sess") == 0
             || g_ascii_strcasecmp (algorithm, "SHA-256-sess") == 0);
}

static Way
find_digest (const GsockChallenge *challenge)
{
  const char *algorithm = challenge->algorithm;

  if (challenge->realm == NULL || challenge->nonce == NULL
      || (challenge->qop != NULL && !list_has (challenge->qop, "auth")))
    return WAY_NONE;
  if (algorithm == NULL || g_ascii_strcasecmp (algorithm, "MD5") == 0
      || g_ascii_strcasecmp (algorithm, "MD5-sess") == 0)
    return WAY_MD5;
  if (g_ascii_strcasecmp (algorithm, "SHA-256") == 0
      || g_ascii_strcasecmp (algorithm, "SHA-256-sess") == 0)
    return WAY_SHA256;
  return WAY_NONE;
}

static Way
find_way (const GsockChallenge *challenge)
{
  if (g_ascii_strcasecmp (challenge->scheme, "Basic") == 0)
    return WAY_BASIC;
  if (g_ascii_strcasecmp (challenge->scheme, "Digest") == 0)
    return find_digest (challenge);
  return WAY_NONE;
}

/* "Negotiate, NTLM", "Digest SHA-512-256": what can't be done here. */
static char *
name_all (GPtrArray *challenges)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < challenges->len; i++)
    {
      const GsockChallenge *challenge = g_ptr_array_index (challenges, i);

      g_string_append_printf (names, "%s%s", i > 0 ? ", " : "",
                              challenge->scheme);
      if (challenge->algorithm != NULL)
        g_string_append_printf (names, " %s", challenge->algorithm);
      if (challenge->qop != NULL)
        g_string_append_printf (names, " %s", challenge->qop);
    }
  return gsock_escape_brief (names->str);
}

static gboolean
fail_unknown (GPtrArray *challenges, GError **error)
{
  g_autofree char *names = name_all (challenges);

  if (challenges->len == 0)
    g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_REMOTE,
                 _ ("the server wants to know who asks, and does not say how "
                    "to tell it"));
  else
    g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_REMOTE,
                 /* TRANSLATORS: names of schemes: "Negotiate, NTLM". */
                 _ ("the server wants to know who asks by %s; only Basic and "
                    "Digest (MD5, SHA-256) are spoken here"),
                 names);
  return FALSE;
}

static gboolean
fail_refused (const GsockAuth *auth, GError **error)
{
  g_autofree char *user = gsock_escape_brief (auth->user);

  g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_REMOTE,
               _ ("the server does not accept the user '%s' with this "
                  "password"),
               user);
  return FALSE;
}

static char *
make_cnonce (void)
{
  guchar bytes[CNONCE_SIZE];
  GString *text = g_string_sized_new (2 * CNONCE_SIZE);
  gsize size = 0;

  while (size < sizeof bytes)
    {
      gssize got = getrandom (bytes + size, sizeof bytes - size, 0);

      if (got < 0 && errno != EINTR)
        break;
      size += got > 0 ? (gsize) got : 0;
    }
  /* A kernel without getrandom(2). */
  for (; size < sizeof bytes; size++)
    bytes[size] = (guchar) g_random_int_range (0, 256);
  for (gsize i = 0; i < sizeof bytes; i++)
    g_string_append_printf (text, "%02x", bytes[i]);
  return g_string_free (text, FALSE);
}

static GPtrArray *
parse_all (const char *const *fields)
{
  GPtrArray *challenges = g_ptr_array_new_with_free_func (
      (GDestroyNotify) gsock_challenge_free);

  for (gsize i = 0; fields[i] != NULL; i++)
    (void) gsock_challenges_parse (challenges, fields[i]);
  return challenges;
}

/* The best; of equals the first. */
static gboolean
find_best (GPtrArray *challenges, guint *index, Way *way)
{
  *way = WAY_NONE;
  for (guint i = 0; i < challenges->len; i++)
    {
      Way found = find_way (g_ptr_array_index (challenges, i));

      if (found <= *way)
        continue;
      *way = found;
      *index = i;
    }
  return *way != WAY_NONE;
}

/* Whether the answer that was given was wrong, and not only its nonce old, or
 * its scheme another. */
static gboolean
is_refusal (const GsockChallenge *challenge, Way way, const char *sent)
{
  gboolean stale = challenge->stale != NULL
                   && g_ascii_strcasecmp (challenge->stale, "true") == 0;

  if (sent == NULL)
    return FALSE;
  return g_str_has_prefix (sent, "Basic ") ? way == WAY_BASIC
                                           : way != WAY_BASIC && !stale;
}

/**
 * gsock_auth_take:
 * @auth: a user
 * @fields: (array zero-terminated=1): what the server wants, as received
 * @sent: (nullable): the answer that the refused request had
 * @error: %GSOCK_ERROR_REMOTE, a clause
 *
 * Of several challenges the one is taken that gives the least away.  A server
 * may call each nonce stale, so whoever asks counts how often.
 *
 * Returns: whether to ask again
 */
gboolean
gsock_auth_take (GsockAuth *auth, const char *const *fields, const char *sent,
                 GError **error)
{
  g_autoptr (GPtrArray) challenges = parse_all (fields);
  GsockChallenge *best;
  guint index = 0;
  Way way;

  if (!find_best (challenges, &index, &way))
    return fail_unknown (challenges, error);

  best = g_ptr_array_index (challenges, index);
  if (is_refusal (best, way, sent))
    return fail_refused (auth, error);

  clear_digest (auth);
  auth->way = way;
  if (way != WAY_BASIC)
    {
      g_ptr_array_set_free_func (challenges, NULL);
      for (guint i = 0; i < challenges->len; i++)
        if (i != index)
          gsock_challenge_free (g_ptr_array_index (challenges, i));
      auth->challenge = best;
      auth->cnonce = make_cnonce ();
    }
  return TRUE;
}

static char *hash (GChecksumType type, const char *first, ...)
    G_GNUC_NULL_TERMINATED;

/* Of the parts with colons between them. */
static char *
hash (GChecksumType type, const char *first, ...)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (type);
  const char *part = first;
  va_list parts;

  va_start (parts, first);
  while (part != NULL)
    {
      g_checksum_update (checksum, (const guchar *) part,
                         (gssize) strlen (part));
      part = va_arg (parts, const char *);
      if (part != NULL)
        g_checksum_update (checksum, (const guchar *) ":", 1);
    }
  va_end (parts);
  return g_strdup (g_checksum_get_string (checksum));
}

/**
 * gsock_digest_compute:
 * @digest: all that it is the sum of
 *
 * RFC 7616, 3.4.1.
 *
 * Returns: (transfer full): the "response"
 */
char *
gsock_digest_compute (const GsockDigest *digest)
{
  g_autofree char *first = hash (digest->type, digest->user, digest->realm,
                                 digest->password, NULL);
  g_autofree char *second = hash (digest->type, digest->method, digest->target,
                                  NULL);

  if (digest->session)
    {
      char *session = hash (digest->type, first, digest->nonce, digest->cnonce,
                            NULL);

      g_free (first);
      first = session;
    }
  if (digest->count == NULL)
    return hash (digest->type, first, digest->nonce, second, NULL);
  return hash (digest->type, first, digest->nonce, digest->count,
               digest->cnonce, "auth", second, NULL);
}

static void
append_quoted (GString *string, const char *name, const char *value)
{
  g_string_append_printf (
      string, "%s%s=\"", g_str_has_suffix (string->str, " ") ? "" : ", ", name);
  for (; *value != '\0'; value++)
    {
      if (*value == '"' || *value == '\\')
        g_string_append_c (string, '\\');
      g_string_append_c (string, *value);
    }
  g_string_append_c (string, '"');
}

/* RFC 7616, 3.4: its hash; or, beyond ASCII, in the form of RFC 8187 where
 * the server has said that it takes UTF-8; or as it is. */
static void
append_user (GString *string, const GsockAuth *auth, GChecksumType type)
{
  const GsockChallenge *challenge = auth->challenge;

  if (challenge->userhash != NULL
      && g_ascii_strcasecmp (challenge->userhash, "true") == 0)
    {
      g_autofree char *hashed = hash (type, auth->user, challenge->realm, NULL);

      append_quoted (string, "username", hashed);
      g_string_append (string, ", userhash=true");
      return;
    }
  if (challenge->charset != NULL && !g_str_is_ascii (auth->user))
    {
      g_autofree char *escaped = g_uri_escape_string (auth->user, NULL, FALSE);

      g_string_append_printf (string, "username*=UTF-8''%s", escaped);
      return;
    }
  append_quoted (string, "username", auth->user);
}

static char *
answer_digest (GsockAuth *auth, const char *method, const char *target)
{
  const GsockChallenge *challenge = auth->challenge;
  GString *string = g_string_new ("Digest ");
  g_autofree char *count = g_strdup_printf ("%08x", ++auth->count);
  gboolean has_qop = challenge->qop != NULL;
  GsockDigest digest = {
    .type = auth->way == WAY_SHA256 ? G_CHECKSUM_SHA256 : G_CHECKSUM_MD5,
    .session = is_session (challenge),
    .user = auth->user,
    .realm = challenge->realm,
    .password = auth->password,
    .method = method,
    .target = target,
    .nonce = challenge->nonce,
    .cnonce = auth->cnonce,
    .count = has_qop ? count : NULL,
  };
  g_autofree char *response = gsock_digest_compute (&digest);

  append_user (string, auth, digest.type);
  append_quoted (string, "realm", challenge->realm);
  append_quoted (string, "nonce", challenge->nonce);
  append_quoted (string, "uri", target);
  append_quoted (string, "response", response);
  if (challenge->algorithm != NULL)
    g_string_append_printf (string, ", algorithm=%s", challenge->algorithm);
  if (challenge->opaque != NULL)
    append_quoted (string, "opaque", challenge->opaque);
  if (has_qop)
    g_string_append_printf (string, ", qop=auth, nc=%s", count);
  if (has_qop || digest.session)
    append_quoted (string, "cnonce", auth->cnonce);
  return g_string_free (string, FALSE);
}

static char *
answer_basic (const GsockAuth *auth, GError **error)
{
  g_autofree char *plain = NULL;
  g_autofree char *coded = NULL;

  if (strchr (auth->user, ':') != NULL)
    {
      gsock_refuse (error, _ ("the server asks for Basic authentication, where "
                              "a user name can't have a colon"));
      return NULL;
    }
  plain = g_strconcat (auth->user, ":", auth->password, NULL);
  coded = g_base64_encode ((const guchar *) plain, strlen (plain));
  explicit_bzero (plain, strlen (plain));
  return g_strconcat ("Basic ", coded, NULL);
}

/**
 * gsock_auth_answer:
 * @auth: a user
 * @method: of the request
 * @target: of the request, as in its first line
 * @error: %GSOCK_ERROR_USAGE
 *
 * Each one is for one request: a Digest counts them.
 *
 * Returns: (transfer full) (nullable): the field's value
 */
char *
gsock_auth_answer (GsockAuth *auth, const char *method, const char *target,
                   GError **error)
{
  if (auth->way == WAY_NONE)
    return NULL;
  return auth->way == WAY_BASIC ? answer_basic (auth, error)
                                : answer_digest (auth, method, target);
}

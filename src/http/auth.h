/* auth.h: a user's way in: Basic and Digest
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One user at one origin, or at one proxy; belongs to one thread. */
typedef struct _GsockAuth GsockAuth;

/* GSOCK_ERROR_USAGE: a control character in either. */
GsockAuth *gsock_auth_new (const char *user, const char *password,
                           GError **error);
void gsock_auth_free (GsockAuth *auth); /* wipes the password */

/* Basic unasked, in the first request already. */
void gsock_auth_begin_basic (GsockAuth *auth);

/* @fields: the values of all WWW-Authenticate (Proxy-Authenticate) fields of a
 * 401 (407), NULL at the end; @sent: the answer it had, or NULL: several may be
 * under way, and not all have had the last one.  TRUE: ask again, there is another answer now.
 * GSOCK_ERROR_REMOTE: there is none, and why. */
gboolean gsock_auth_take (GsockAuth *auth, const char *const *fields,
                          const char *sent, GError **error);

/* The value of Authorization (Proxy-Authorization) for the next request, whose
 * target is as in its request line; free with g_free.  NULL with no error:
 * nothing is known yet.  GSOCK_ERROR_USAGE: this user can't be said so. */
char *gsock_auth_answer (GsockAuth *auth, const char *method,
                         const char *target, GError **error);

/* What a Digest is the sum of; for gsock_auth_answer, and its test. */
typedef struct
{
  GChecksumType type;
  gboolean session; /* "-sess" */
  const char *user;
  const char *realm;
  const char *password;
  const char *method;
  const char *target;
  const char *nonce;
  const char *cnonce;
  const char *count; /* "00000001"; NULL: without qop, as in RFC 2069 */
} GsockDigest;

char *gsock_digest_compute (const GsockDigest *digest);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GsockAuth, gsock_auth_free)

G_END_DECLS

/* session.h: what is remembered of servers over the transfers of a run
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "http/auth.h"
#include "http/headers.h"
#include "http/url.h"

G_BEGIN_DECLS

/* Belongs to the thread of the transfers. */
typedef struct _GsockSession GsockSession;

GsockSession *gsock_session_new (void);
void gsock_session_free (GsockSession *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GsockSession, gsock_session_free)

/* For every URL that has none of its own; @password may be NULL. */
void gsock_session_set_user (GsockSession *session, const char *user,
                             const char *password);
/* A .netrc's text: for hosts that no user was given for. */
void gsock_session_set_netrc (GsockSession *session, const char *text);

/* How @url's origin is shown who we are; NULL without @error: in no way.
 * Owned by the session.  GSOCK_ERROR_USAGE. */
GsockAuth *gsock_session_get_auth (GsockSession *session, const GsockUrl *url,
                                   GError **error);

/* The value of Cookie for @url; NULL: none; free with g_free. */
char *gsock_session_dup_cookies (GsockSession *session, const GsockUrl *url);
/* @url by https where its host has asked for that; else NULL. */
GsockUrl *gsock_session_upgrade (GsockSession *session, const GsockUrl *url);
GUri *gsock_session_upgrade_uri (GsockSession *session, GUri *uri);
/* @head answers a request for @url.  TRUE: cookies have changed. */
gboolean gsock_session_take (GsockSession *session, const GsockUrl *url,
                             const GsockHttpHead *head);

/* Files that are read now, and written again by save.  @insecure: nothing that
 * comes by TLS was verified. */
gboolean gsock_session_load_cookies (GsockSession *session, const char *path,
                                     GError **error);
gboolean gsock_session_load_hsts (GsockSession *session, const char *path,
                                  gboolean insecure, GError **error);
gboolean gsock_session_save (GsockSession *session, GError **error);

G_END_DECLS

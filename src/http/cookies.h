/* cookies.h: what servers want to be told again
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define GSOCK_COOKIE_SIZE_MAX 4096 /* name and value */
#define GSOCK_COOKIES_PER_DOMAIN 50
#define GSOCK_COOKIES_MAX 3000

/* A jar of them; belongs to one thread. */
typedef struct _GsockCookies GsockCookies;

GsockCookies *gsock_cookies_new (void);
void gsock_cookies_free (GsockCookies *cookies);
guint gsock_cookies_count (const GsockCookies *cookies);

/* One Set-Cookie field of the answer for @url; @now: seconds since 1970.  What
 * may not be kept is left out, as RFC 6265bis says.  Whether the jar changed:
 * gsock_redirects_forget wants to know. */
gboolean gsock_cookies_set (GsockCookies *cookies, GUri *url, const char *field,
                            gint64 now);

/* The Cookie field for @url: "a=b; c=d"; NULL: none; free with g_free. */
char *gsock_cookies_get (GsockCookies *cookies, GUri *url, gint64 now);

/* A file in Netscape's format, as curl's; one that isn't there is an empty
 * jar.  GSOCK_ERROR_USAGE: it can't be read, or a line is none of it. */
gboolean gsock_cookies_load (GsockCookies *cookies, const char *path,
                             GError **error);
/* Writes them if there is any change since they were loaded, with session
 * cookies, without expired ones.  GSOCK_ERROR_OUTPUT. */
gboolean gsock_cookies_save (GsockCookies *cookies, const char *path,
                             gint64 now, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GsockCookies, gsock_cookies_free)

G_END_DECLS

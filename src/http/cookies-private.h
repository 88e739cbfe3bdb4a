/* cookies-private.h: what the parts of the jar share
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "http/cookies.h"

G_BEGIN_DECLS

typedef struct
{
  char *name;
  char *value;
  char *domain; /* lower case, no dot before it */
  char *path;
  gint64 expires; /* seconds since 1970; 0: with the session */
  gboolean host_only;
  gboolean secure;
  gboolean http_only;
} GsockCookie;

struct _GsockCookies
{
  GPtrArray *all; /* of GsockCookie, oldest first */
  gboolean changed;
};

/* What a Set-Cookie field says, before it is asked whether it may. */
typedef struct
{
  char *name;
  char *value;
  char *domain; /* NULL: not given */
  char *path;   /* NULL: not given, or no path */
  gint64 expires;
  gboolean secure;
  gboolean http_only;
} GsockSetCookie;

void gsock_cookie_free (GsockCookie *cookie);

/* cookies-parse.c; FALSE: it is to be ignored. */
gboolean gsock_set_cookie_parse (GsockSetCookie *parsed, const char *field,
                                 gint64 now);
void gsock_set_cookie_clear (GsockSetCookie *parsed);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GsockSetCookie, gsock_set_cookie_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GsockCookie, gsock_cookie_free)

/* cookies.c: @cookie (taken) goes in, in the place of one that is the same;
 * whether anything changed. */
gboolean gsock_cookies_put (GsockCookies *cookies, GsockCookie *cookie,
                            gint64 now);

G_END_DECLS

/* redirect.h: whether and how an answer that points elsewhere is followed
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How every URL is read and made here: what is escaped stays so. */
#define GSOCK_URL_FLAGS \
  (G_URI_FLAGS_ENCODED | G_URI_FLAGS_SCHEME_NORMALIZE \
   | G_URI_FLAGS_PARSE_RELAXED)

/* The chain of one transfer, in its owner's thread. */
typedef struct
{
  guint limit;        /* --max-redirects */
  guint count;        /* followed so far */
  GPtrArray *seen;    /* "GET http://host/path", without fragments */
  gboolean forgotten; /* the last request is not one of them */
  /* What is asked in place of @url, (transfer full); NULL: itself.  Set by the
   * owner, or NULL. */
  GUri *(*upgrade) (gpointer data, GUri *url);
  gpointer upgrade_data;
} GsockRedirects;

/* Where to next. */
typedef struct
{
  GUri *url;          /* http or https, with a host, without user or fragment */
  const char *method; /* static, or the one that was given */
  gboolean drop_body; /* the next request has none */
  /* Another host, port or scheme: neither a header field that was given by
   * hand nor a user and password goes there, nor a cookie of the first. */
  gboolean foreign;
} GsockRedirect;

void gsock_redirects_init (GsockRedirects *redirects, guint limit);
void gsock_redirects_clear (GsockRedirects *redirects);

/* 301, 302, 303, 307, 308: the others that begin with 3 are answers. */
gboolean gsock_redirect_is (guint status);

/* GSOCK_ERROR_DENIED: refused, with the reason; GSOCK_ERROR_FRAME_BAD: the
 * Location is no URL. */
gboolean gsock_redirects_next (GsockRedirects *redirects, GUri *url,
                               const char *method, gboolean has_body,
                               guint status, const char *location,
                               GsockRedirect *next, GError **error);

/* A cookie was set or removed: the same URL may now answer otherwise. */
void gsock_redirects_forget (GsockRedirects *redirects);

void gsock_redirect_clear (GsockRedirect *redirect);

/* The same scheme, host and port, the scheme's own port given or not. */
gboolean gsock_url_same_origin (GUri *a, GUri *b);
guint gsock_url_get_port (GUri *url); /* 80 or 443 where none is given */

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GsockRedirects, gsock_redirects_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GsockRedirect, gsock_redirect_clear)

G_END_DECLS

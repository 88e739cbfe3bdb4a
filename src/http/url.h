/* url.h: where a request goes: an http or https URL, checked
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Immutable and reference counted (g_atomic_rc_box). */
typedef struct
{
  GUri *uri;
  gboolean https;
  char *host; /* ASCII, lower case; IPv6 without brackets, with %scope */
  guint16 port;
  char *target;    /* path and query: visible ASCII only */
  char *authority; /* for Host: "h", "h:8080", "[::1]" */
  char *origin;    /* "http://h:80" */
  char *user;      /* decoded; NULL: none */
  char *password;  /* decoded; NULL: none */
  char *text;      /* without user and fragment: to be shown */
} GsockUrl;

/* "http://h/f", "h/f", "localhost:8080": without a scheme it is http.
 * GSOCK_ERROR_USAGE, a whole sentence that names it. */
GsockUrl *gsock_url_parse (const char *text, GError **error);
/* The same of what has been parsed: NULL where it has no host or port that one
 * could ask, or another scheme. */
GsockUrl *gsock_url_new_from_uri (GUri *uri);

GsockUrl *gsock_url_ref (GsockUrl *url);
void gsock_url_unref (GsockUrl *url);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GsockUrl, gsock_url_unref)

G_END_DECLS

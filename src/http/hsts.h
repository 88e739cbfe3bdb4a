/* hsts.h: hosts that are asked by https only
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define GSOCK_HSTS_MAX 10000

/* Who said so (RFC 6797); belongs to one thread. */
typedef struct _GsockHsts GsockHsts;

GsockHsts *gsock_hsts_new (void);
void gsock_hsts_free (GsockHsts *hsts);
guint gsock_hsts_count (const GsockHsts *hsts);

/* The first Strict-Transport-Security field of the answer for @url; it counts
 * only where that came by TLS, its certificate verified.  @now: seconds since
 * 1970.  FALSE: it did not count. */
gboolean gsock_hsts_note (GsockHsts *hsts, GUri *url, const char *field,
                          gint64 now);

/* The same by https, where that is known of its host: port 80 becomes 443,
 * another stays.  NULL: @url may be asked as it is. */
GUri *gsock_hsts_upgrade (const GsockHsts *hsts, GUri *url, gint64 now);

/* A file of curl's format; one that isn't there knows no host.
 * GSOCK_ERROR_USAGE. */
gboolean gsock_hsts_load (GsockHsts *hsts, const char *path, GError **error);
/* If anything changed.  GSOCK_ERROR_OUTPUT. */
gboolean gsock_hsts_save (GsockHsts *hsts, const char *path, gint64 now,
                          GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GsockHsts, gsock_hsts_free)

G_END_DECLS

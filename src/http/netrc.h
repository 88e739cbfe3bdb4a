/* netrc.h: users and passwords of machines, out of ~/.netrc
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Looks @host up in @text, a .netrc of curl's and ftp's grammar; @user (may be
 * NULL) must then be the entry's.  TRUE and NULL in both: there is none.
 * GSOCK_ERROR_USAGE: the text is none.  Free with g_free. */
gboolean gsock_netrc_find (const char *text, const char *host, const char *user,
                           char **login, char **password, GError **error);

/* The file's text.  GSOCK_ERROR_USAGE: it can't be read; GSOCK_ERROR_DENIED:
 * it may be read by others too. */
char *gsock_netrc_read (const char *path, GError **error);

G_END_DECLS

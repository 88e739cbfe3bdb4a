/* privilege.h: the rights of root given up for those of a user
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whom to become. */
typedef struct
{
  char *name; /* for the groups it is in; NULL: it has no name, and no more
                 groups than @gid */
  guint32 uid;
  guint32 gid;
} GsockUser;

/* NAME[:GROUP], each a name or a number; without GROUP the one that the user
 * has by itself.  GSOCK_ERROR_USAGE. */
gboolean gsock_user_parse (GsockUser *user, const char *text, GError **error);
void gsock_user_clear (GsockUser *user);

/* All threads of the process; GSOCK_ERROR_DENIED. */
gboolean gsock_privilege_drop (const GsockUser *user, GError **error);

/* A secret is in memory: neither a core file nor whoever may trace others of
 * our user gets to see it.  Told by --explain. */
void gsock_privilege_hide_memory (void);

G_END_DECLS

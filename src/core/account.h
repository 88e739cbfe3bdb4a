/* account.h: users and groups of this machine, by name or number
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @text: a name, or a number, which need not have one.  0, or an errno: ENOENT
 * where nobody has the name, EINVAL for "" and for a number that is no id. */
int gsock_find_user (const char *text, guint32 *id);
int gsock_find_group (const char *text, guint32 *id);
/* The user's own group and name, too; ENOENT where a number has no name. */
int gsock_find_account (const char *text, guint32 *uid, guint32 *gid,
                        char **name);

G_END_DECLS

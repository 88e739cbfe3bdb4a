/* state-file.h: a small text file that is kept from run to run
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Its text, and (where @mode is not NULL) its permissions; TRUE and NULL where
 * there is no such file.  GSOCK_ERROR_USAGE: it
 * can't be read, is no regular file, or is larger than 16 MiB. */
gboolean gsock_state_file_read (const char *path, char **text, guint *mode,
                                GError **error);

/* All or nothing, 0600: the old text stays until the new one is on the disk.
 * A symbolic link stays, and what it leads to is written.
 * GSOCK_ERROR_OUTPUT. */
gboolean gsock_state_file_write (const char *path, const char *text, gsize size,
                                 GError **error);

G_END_DECLS

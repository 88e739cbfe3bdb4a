/* filename.h: a file's name out of a URL, and the names beside it
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a file system takes as one name. */
#define GSOCK_FILENAME_MAX 255

/* The last part of a URL's path (still with its %HH): one plain name in the
 * current directory.  GSOCK_ERROR_USAGE, with what is wrong with it; free with
 * g_free. */
char *gsock_filename_from_path (const char *path, GError **error);

/* "PATH.part": what has come of it; "PATH.part.info": of what it is a part.  A
 * name that would be too long is cut and told apart by a digest. */
char *gsock_filename_part (const char *path);
char *gsock_filename_info (const char *path);

G_END_DECLS

/* get-input.h: a list of URLs, each with its digest if it has one
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @sha256: 64 digits, or NULL. */
typedef gboolean (*GsockGetInputFunc) (const char *url, const char *sha256,
                                       gpointer data, GError **error);

/* "URL", "HEX  URL" or "HEX *URL" a line; empty lines and those that begin with # don't
 * count.  @path "-": standard input.  GSOCK_ERROR_USAGE, with the line. */
gboolean gsock_get_input_read (const char *path, GsockGetInputFunc func,
                               gpointer data, GError **error);

G_END_DECLS

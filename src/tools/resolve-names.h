/* resolve-names.h: the names to be looked up, of the command line and a file
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A line that is longer is no name. */
#define GSOCK_RESOLVE_LINE_MAX 1024

/* Main thread.  It holds no more of the file than was read at once. */
typedef struct _GsockResolveNames GsockResolveNames;

/* There may be another name now, or none will come any more. */
typedef void (*GsockResolveNamesFunc) (gpointer data);

/* @words: those of the command line, borrowed.  @path: of the file, "-" is
 * standard input; or NULL.  GSOCK_ERROR_FAILED where it can't be read. */
GsockResolveNames *gsock_resolve_names_new (char **words, const char *path,
                                            GMainContext *context,
                                            GsockResolveNamesFunc func,
                                            gpointer data, GError **error);
void gsock_resolve_names_free (GsockResolveNames *names);

/* The next one, valid until this is called again; NULL: none as yet (func will
 * be called), or none at all. */
const char *gsock_resolve_names_next (GsockResolveNames *names);
gboolean gsock_resolve_names_are_over (const GsockResolveNames *names);
/* Why the file could not be read to its end; or NULL. */
const GError *gsock_resolve_names_get_error (const GsockResolveNames *names);

/* Bytes of the file that are done with, and all that it has; FALSE: that is not
 * known. */
gboolean gsock_resolve_names_get_part (const GsockResolveNames *names,
                                       guint64 *done, guint64 *all);

G_END_DECLS

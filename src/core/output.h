/* output.h: standard output as a queue that never blocks the loop
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _GsockOutput GsockOutput;

typedef struct
{
  void (*relieved) (gpointer data); /* fell to the low mark */
  void (*failed) (const GError *error, gpointer data); /* once; then all is
                                                    dropped */
} GsockOutputNotify;

/* For @fd (1): writes at once when nothing waits, else queues and goes on when
 * the descriptor takes more; a pipe or terminal is reopened non-blocking for
 * us alone, a regular file is written directly.  @escape: what is written by
 * gsock_output_message is shown, not obeyed (a terminal). */
GsockOutput *gsock_output_new (int fd, gboolean escape,
                               const GsockOutputNotify *notify, gpointer data,
                               GMainContext *context);
/* Drops what waits: drain first. */
void gsock_output_free (GsockOutput *output);

/* Bytes as they are (escaped piecewise if @escape). */
void gsock_output_bytes (GsockOutput *output, const char *data, gsize size);
/* @prefix (may be NULL, ours, already safe) + message + LF. */
void gsock_output_message (GsockOutput *output, const char *prefix,
                           const char *data, gsize size);
/* Moves up to @size bytes of the socket @fd to a pipe, or to where nobody
 * looks, unseen and as recv does: 0 at its end.  EAGAIN: @fd has nothing;
 * EBUSY: not now, and relieved will be called; EINVAL: not this way. */
gssize gsock_output_take (GsockOutput *output, int fd, gsize size);
/* Over the high mark (256 KiB): feed it no more until relieved. */
gboolean gsock_output_is_full (GsockOutput *output);
gboolean gsock_output_escapes (const GsockOutput *output);
gsize gsock_output_queued (GsockOutput *output);
gboolean gsock_output_has_failed (GsockOutput *output);
/* Blocks until all is written; GSOCK_ERROR_OUTPUT. */
gboolean gsock_output_drain (GsockOutput *output, GError **error);

G_END_DECLS

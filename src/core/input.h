/* input.h: standard input, read as it comes and held when it comes too fast
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _GsockInput GsockInput;

typedef struct
{
  void (*bytes) (const char *data, gsize size, gpointer data_);
  /* Once: end of file (@error NULL) or a failed read. */
  void (*ended) (const GError *error, gpointer data_);
} GsockInputNotify;

/* Never changes @fd's flags (the shell shares them).  A regular file, a
 * directory (EISDIR), /dev/null and a closed stdin all work. Starts held. */
GsockInput *gsock_input_new (int fd, const GsockInputNotify *notify,
                             gpointer data, GMainContext *context);
void gsock_input_free (GsockInput *input);
/* What errors call it: standard input, if nothing else was said. */
void gsock_input_set_name (GsockInput *input, const char *name);
/* From now on, instead of reading a file or (@is_pipe) a pipe: @move moves some
 * of @fd itself, as read does.  EAGAIN: @fd has nothing; EBUSY: not now, and
 * the input is held; EINVAL: bytes, for good. */
typedef gssize (*GsockInputMove) (int fd, gboolean is_pipe, gpointer data);
void gsock_input_set_move (GsockInput *input, GsockInputMove move);
void gsock_input_hold (GsockInput *input);
void gsock_input_release (GsockInput *input);

G_END_DECLS

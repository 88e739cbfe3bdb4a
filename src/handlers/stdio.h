/* stdio.h: one end of a pipe: stdin to the peer, the peer to stdout
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/connection.h"
#include "core/input.h"
#include "core/output.h"

G_BEGIN_DECLS

typedef struct
{
  GsockOutput *output;
  GsockInput *input;           /* NULL: nothing is read from stdin */
  GsockConnection *connection; /* the one in progress, or NULL */
  /* Set by the tool before the first connection. */
  GPtrArray *messages;  /* (element-type GBytes) sent first, then our
                                   end is closed; or NULL: stdin */
  gboolean recv_only;   /* never send */
  gboolean send_only;   /* never print; end when all is sent */
  gboolean no_shutdown; /* end of stdin does not half-close */
  gboolean reconnects;  /* the peer's end is not ours: the rest of stdin is
                                for the next connection */
  gint64 quit_after;    /* µs after the end of stdin; -1: never, and of
                                datagrams 1 s.  Of these it is a silence. */
  guint64 count;        /* end after so many messages; 0: no */
  void (*finished) (gpointer data); /* the user has nothing more: a closed
                                       connection is now no dropped link */
  void (*failed) (const GError *error, gpointer data);
  gpointer data;
  /* Its own. */
  GString *line; /* of stdin, where a frame cuts it in lines, or where all of it
                    is one message */
  GsockTimer quit_timer;
  GsockTimer wait_timer; /* stdin doesn't end, and is one message */
  gint64 quit_silence;
  guint64 received;
  int input_fd;
  gboolean input_ended;
  gboolean peer_ended;
  gboolean held;
} GsockStdio;

/* A line of stdin over @limit bytes: GSOCK_ERROR_FRAME_TOO_BIG. */
GError *gsock_stdio_line_error (gsize limit);
/* Something still waits @quit_after µs after the end: GSOCK_ERROR_TIMED_OUT. */
GError *gsock_stdio_unsent_error (gint64 quit_after);

void gsock_stdio_init (GsockStdio *stdio, int stdin_fd, int stdout_fd,
                       gboolean escape, GMainContext *context);
gboolean gsock_stdio_finish (GsockStdio *stdio, GError **error);
void gsock_stdio_clear (GsockStdio *stdio);

G_END_DECLS

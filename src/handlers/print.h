/* print.h: each message goes to stdout; each line of stdin to every client
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/input.h"
#include "core/output.h"
#include "handlers/spread.h"

G_BEGIN_DECLS

typedef struct
{
  GsockOutput *output;
  GsockInput *input; /* or NULL: stdin is not read */
  GsockSpread spread;
  guint present;  /* threads that have clients */
  gsize limit;    /* bytes of a message, as the clients have it */
  GQueue waiting; /* messages of other threads, while stdout is full */
  gboolean stopped;
  GString *line;     /* the part of a line stdin has given so far */
  gboolean skipping; /* the rest of a line that was too long */
  GQueue missed;     /* GBytes: lines whose client had gone, for the next one */
  gboolean tag;      /* --tag */
  /* The stop word: from a peer of our own user on a UNIX socket, or from
   * anybody when @any_peer; NULL: none. */
  const char *stop_word;
  gboolean stop_word_any_peer;
  void (*stop) (gpointer data);                        /* the word was said */
  void (*failed) (const GError *error, gpointer data); /* stdout is gone */
  gpointer data;
  GPtrArray *held; /* connections held while stdout is full */
} GsockPrint;

/* @stdin_fd: -1 to read none.  The callbacks are set by the caller after. */
void gsock_print_init (GsockPrint *print, int stdin_fd, int stdout_fd,
                       gboolean escape, GsockWorker *home,
                       GsockWorker *const *workers, guint n);
/* Writes out what waits for stdout: GSOCK_ERROR_OUTPUT. */
gboolean gsock_print_finish (GsockPrint *print, GError **error);
void gsock_print_clear (GsockPrint *print);

G_END_DECLS

/* picture.h: what live pictures on a terminal are made of
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How often one is drawn. */
#define GSOCK_PICTURE_TICK_MS 200
/* Samples that a rate is over: 5 s. */
#define GSOCK_PACE_SAMPLES 25

/* How fast something grows, by a sample a tick; all zero is none so far. */
typedef struct
{
  guint64 amounts[GSOCK_PACE_SAMPLES];
  gint64 times[GSOCK_PACE_SAMPLES];
  guint taken;
} GsockPace;

void gsock_pace_take (GsockPace *pace, guint64 amount);
guint64 gsock_pace_rate (const GsockPace *pace); /* a second */

/* Whether stderr is a terminal that stdout leaves alone: it is no terminal
 * itself, and no pipe, whose reader may write to the same one. */
gboolean gsock_picture_has_terminal (void);
/* Of the terminal that stderr is, less one. */
gsize gsock_picture_columns (void);
/* "[####......]  40 %"; @length: of all, 0: none of it. */
void gsock_picture_append_bar (GString *text, guint64 done, guint64 length);
/* "  0:12": the time that is left; nothing where it can't be told. */
void gsock_picture_append_left (GString *text, guint64 left, guint64 rate);
/* A line, no wider than the terminal: one that wraps can't be rubbed out. */
gsize gsock_picture_append_line (GString *picture, const char *text);
/* Up over so many lines, which are rubbed out. */
void gsock_picture_append_erase (GString *picture, const gsize *wide,
                                 guint lines);
/* To stderr, in its encoding. */
void gsock_picture_show (const GString *picture);

G_END_DECLS

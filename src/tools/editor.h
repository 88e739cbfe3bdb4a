/* editor.h: a line being typed, and text that comes meanwhile
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One a process, for stdin and stdout on a terminal; main thread.  GNU
 * readline where we were built with it, else the terminal's own editing. */
typedef struct _GsockEditor GsockEditor;

/* A line without its LF; NULL: end of input, and no more will come.  It may
 * free the editor. */
typedef void (*GsockEditorFunc) (const char *line, gpointer data);

/* Takes the terminal, shows @prompt, and takes the log lines meant for stderr
 * too if that is a terminal. */
GsockEditor *gsock_editor_new (const char *prompt, GsockEditorFunc func,
                               gpointer data, GMainContext *context);
/* Complete lines, shown above the one being typed. */
void gsock_editor_print (GsockEditor *editor, const char *text, gsize size);
/* Gives the terminal back as it was, and keeps the history. */
void gsock_editor_free (GsockEditor *editor);

G_END_DECLS

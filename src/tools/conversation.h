/* conversation.h: a terminal: lines go to the peer, replies above the edit line
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/connection.h"

G_BEGIN_DECLS

typedef struct _GsockEditor GsockEditor;

/* The handler's data, in its caller's hands; main thread. */
typedef struct
{
  /* Set by the tool before the first connection. */
  gboolean no_shutdown;             /* end of input does not half-close */
  gboolean reconnects;              /* a dropped link is not the end */
  gint64 quit_after;                /* µs after the end of input; -1: never */
  guint64 count;                    /* end after so many messages; 0: no */
  void (*finished) (gpointer data); /* the user has nothing more */
  void (*failed) (const GError *error, gpointer data);
  gpointer data;
  /* Its own. */
  GMainContext *context;
  GsockEditor *editor;         /* while lines are read */
  GsockConnection *connection; /* the one in progress, or NULL */
  GsockTimer quit_timer;
  guint64 received;
  gboolean input_ended;
} GsockConversation;

extern const GsockHandler gsock_conversation_handler;

void gsock_conversation_init (GsockConversation *conversation,
                              GMainContext *context);
/* The terminal as it was. */
void gsock_conversation_clear (GsockConversation *conversation);

G_END_DECLS

/* spread.h: a crowd over several threads, and what they tell each other
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "handlers/crowd.h"

G_BEGIN_DECLS

typedef struct _GsockSpread GsockSpread;

/* What has been posted from here and is not done yet, in bytes; who feeds it is
 * held while that is too much.  Belongs to one thread. */
typedef struct
{
  GsockWorker *worker;
  gsize open;
  gboolean full;
  GHashTable *held; /* GsockConnection */
  void (*relieved) (gpointer data);
  /* Or NULL: a message that no thread had a member for is back; and nothing is
   * on its way any more. */
  void (*missed) (const char *message, gsize size, gpointer data);
  void (*drained) (gpointer data);
  gpointer data;
} GsockWindow;

/* What a thread has of it; belongs to that thread. */
typedef struct
{
  GsockSpread *spread;
  GsockCrowd crowd; /* the members in this thread */
  GsockWindow window;
  GPtrArray *owed; /* deliveries that are done when the crowd is relieved */
} GsockPort;

/* In the handler's own struct.  What is in it is set once. */
struct _GsockSpread
{
  GsockWorker *home; /* the main thread's */
  GsockPort *ports;  /* by the index of their worker */
  guint n;
  GsockWindow window; /* of the main thread, where it is none of them */
};

/* @workers: those that have connections; one: it is @home, and nothing is
 * posted. */
void gsock_spread_init (GsockSpread *spread, GsockWorker *home,
                        GsockWorker *const *workers, guint n);
/* When the threads have ended. */
void gsock_spread_clear (GsockSpread *spread);

/* The connection's own. */
GsockPort *gsock_spread_port (GsockSpread *spread, GsockConnection *connection);
/* Whether the members are in other threads than the main one. */
gboolean gsock_spread_is_threaded (const GsockSpread *spread);

/* To every member of every thread but @from.  @from is held where it is too
 * much.  GSOCK_ERROR_USAGE as gsock_crowd_send, of the members here. */
gboolean gsock_spread_send (GsockSpread *spread, GsockConnection *from,
                            const char *data, gsize size, GError **error);
/* From the main thread, which has no member; TRUE while it should wait. */
void gsock_spread_send_home (GsockSpread *spread, const char *data, gsize size);
gboolean gsock_spread_is_busy (const GsockSpread *spread);

/* The member leaves: instead of gsock_crowd_leave. */
void gsock_spread_leave (GsockSpread *spread, GsockConnection *connection);

/* A message of it can't be posted: GSOCK_ERROR_LIMIT. */
void gsock_spread_fail (GsockConnection *from);

/* Bytes are on their way (@from, or NULL, is held when that is too much);
 * @size of them have arrived. */
void gsock_window_open (GsockWindow *window, GsockConnection *from, gsize size);
void gsock_window_close (GsockWindow *window, gsize size);

G_END_DECLS

/* crowd.h: many receivers of the same bytes, none of whom slows the others
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/connection.h"

G_BEGIN_DECLS

/* A receiver that takes nothing for so long no longer holds the senders. */
#define GSOCK_CROWD_PATIENCE (200 * G_TIME_SPAN_MILLISECOND)
/* Nor does one that is still behind after so long, however much it takes. */
#define GSOCK_CROWD_LONGEST_WAIT (2 * G_TIME_SPAN_SECOND)
/* Kept for a receiver that the senders don't wait for; over it it is dropped
 * with GSOCK_EVENT_TOO_SLOW. */
#define GSOCK_CROWD_LIMIT (1024 * 1024)

/* Embedded in the handler's own struct; main thread. */
typedef struct
{
  GPtrArray *members;   /* GsockConnection */
  GHashTable *awaited;  /* members that are full and still moving, and
                               since when (gint64, monotonic microseconds) */
  GHashTable *given_up; /* members too slow to be awaited until relieved */
  GHashTable *held;     /* members held meanwhile */
  GsockTimer timer;     /* when the most patient wait is over */
  GsockWorker *worker;
  /* Told when the feeder that is no member (stdin) may go on. */
  void (*relieved) (gpointer data);
  gpointer data;
} GsockCrowd;

void gsock_crowd_init (GsockCrowd *crowd);
void gsock_crowd_clear (GsockCrowd *crowd);
void gsock_crowd_join (GsockCrowd *crowd, GsockConnection *connection);
void gsock_crowd_leave (GsockCrowd *crowd, GsockConnection *connection);

/* To every member but @from (NULL: to all). @from is held while a member is
 * full and still takes bytes. FALSE with GSOCK_ERROR_USAGE where a member's
 * frame or socket can't carry it; the others got it. */
gboolean gsock_crowd_send (GsockCrowd *crowd, GsockConnection *from,
                           const char *data, gsize size, GError **error);
/* A member's relieved. */
void gsock_crowd_member_relieved (GsockCrowd *crowd,
                                  GsockConnection *connection);
/* TRUE while a feeder that is no member should wait. */
gboolean gsock_crowd_is_busy (const GsockCrowd *crowd);

G_END_DECLS

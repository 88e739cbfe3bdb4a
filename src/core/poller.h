/* poller.h: many descriptors behind one GSource, by epoll
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  GSOCK_READY_IN = 1 << 0,
  GSOCK_READY_OUT = 1 << 1,
  GSOCK_READY_HANGUP = 1 << 2, /* the peer's FIN, a reset or an error */
  GSOCK_READY_AGAIN = 1 << 3,  /* gsock_poller_again was asked */
  GSOCK_READY_GONE = 1 << 4,   /* both directions are closed, or an error */
} GsockReady;

typedef struct _GsockWatch GsockWatch;
typedef void (*GsockWatchFunc) (GsockWatch *watch);

/* Embedded in its owner; belongs to its poller's thread. */
struct _GsockWatch
{
  GsockWatchFunc func;
  GsockWatch *next, *previous; /* in one of the poller's rings */
  int fd;
  guint8 ready;  /* GsockReady the kernel has told */
  guint8 wanted; /* GsockReady the owner wants to act on */
  guint8 listed;
  guint8 doubted; /* perhaps it is not ready for input any more */
};

typedef struct _GsockPoller GsockPoller; /* a GSource */

GsockPoller *gsock_poller_new (GError **error);
void gsock_poller_destroy (GsockPoller *poller); /* detaches and unrefs */
void gsock_poller_attach (GsockPoller *poller, GMainContext *context);

/* With @fd -1 the kernel has no part in it: gsock_poller_tell does. */
gboolean gsock_poller_add (GsockPoller *poller, GsockWatch *watch, int fd,
                           GsockWatchFunc func, GError **error);
void gsock_poller_remove (GsockPoller *poller, GsockWatch *watch);

/* What to be called for. While something is both ready and wanted, the watch
 * stays on the ready list and is called once a round, so an owner that stops
 * early for fairness is called again. */
void gsock_poller_want (GsockPoller *poller, GsockWatch *watch, guint wanted);
/* Would block: forget @ready until the kernel tells it again. */
void gsock_poller_forget (GsockPoller *poller, GsockWatch *watch, guint ready);
/* A short read: whether IN is still so is left open while others have their
 * turn; FALSE where nobody has. */
gboolean gsock_poller_doubt (GsockPoller *poller, GsockWatch *watch);
/* Of a watch without a descriptor: @ready is so now. */
void gsock_poller_tell (GsockPoller *poller, GsockWatch *watch, guint ready);
/* Call it in the next round whatever the kernel says. */
void gsock_poller_again (GsockPoller *poller, GsockWatch *watch);
/* Whether more are to be called in this round. */
gboolean gsock_poller_others_wait (const GsockPoller *poller);

G_END_DECLS

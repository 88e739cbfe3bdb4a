/* poller.c: many descriptors behind one GSource, by epoll
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* GLib's main loop hands every descriptor to poll(2) in each round: with ten
 * thousand clients that is all it does.  Here the context sees one descriptor,
 * the epoll's.
 *
 * The kernel tells each change once (edge-triggered, and the mask is never
 * changed, so a watch costs one epoll_ctl for its whole life); what it told is
 * remembered in the watch until its owner says that a call would block.  A
 * watch that is ready for something its owner wants is on the ready list.  Each
 * dispatch takes the list as it stands, a round, and calls every watch in it
 * once: an owner with much to do stops when it has had its share and is called
 * again in the next round, so nobody starves and TLS, which may hold bytes the
 * kernel knows nothing of, needs no case of its own.
 *
 * A read that gave less than was asked for has most likely emptied the socket,
 * and the call that would make sure costs as much as the one that carries the
 * next request.  So its owner may say that it doubts: the watch is put aside,
 * and is called when the kernel tells more, or when there has been nothing else
 * to do for a moment, or, in a loop that never rests, after some rounds.  A doubt is always
 * settled by a call; with many busy peers the next request is that call. */

#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <sys/epoll.h>

#include "core/error.h"
#include "core/fd.h"
#include "core/poller.h"

#define EVENTS_A_ROUND 256
/* A doubt is as old as this many rounds at least, and twice as many at most,
 * when it is settled in a loop that never rests. */
#define ROUNDS_OF_DOUBT 16
/* In a loop that has nothing to do, milliseconds: mostly the peer answers. */
#define REST_OF_DOUBT 1

/* Belongs to the thread that runs its context. */
struct _GsockPoller
{
  GSource source;
  gpointer tag; /* of the epoll descriptor in the context */
  int fd;
  GsockWatch ready;     /* head of a ring: to be called in the next round */
  GsockWatch round;     /* head of a ring: still to be called in this one */
  GsockWatch doubts[2]; /* heads of rings: put aside, lately and before that */
  guint rounds;         /* since the older doubts were settled */
  gboolean runs;        /* a round, now */
};

static void
ring_init (GsockWatch *head)
{
  head->next = head->previous = head;
}

static gboolean
ring_is_empty (const GsockWatch *head)
{
  return head->next == head;
}

static void
unlist (GsockWatch *watch)
{
  if (!watch->listed)
    return;
  watch->previous->next = watch->next;
  watch->next->previous = watch->previous;
  watch->listed = FALSE;
}

static void
list_last (GsockWatch *head, GsockWatch *watch)
{
  watch->previous = head->previous;
  watch->next = head;
  head->previous->next = watch;
  head->previous = watch;
  watch->listed = TRUE;
}

/* One that is in doubt is on a ring of doubts, if on any. */
static void
relist (GsockPoller *poller, GsockWatch *watch)
{
  guint due = watch->ready & watch->wanted;

  if (due == 0)
    {
      unlist (watch);
      return;
    }
  if (watch->doubted && due != GSOCK_READY_IN)
    {
      unlist (watch);
      watch->doubted = FALSE;
    }
  if (!watch->listed)
    list_last (watch->doubted ? &poller->doubts[0] : &poller->ready, watch);
}

static gboolean
has_doubts (const GsockPoller *poller)
{
  return !ring_is_empty (&poller->doubts[0])
         || !ring_is_empty (&poller->doubts[1]);
}

static void
settle_doubts (GsockPoller *poller, GsockWatch *head)
{
  while (!ring_is_empty (head))
    {
      GsockWatch *watch = head->next;

      unlist (watch);
      watch->doubted = FALSE;
      list_last (&poller->ready, watch);
    }
}

/* All of @from is put into @to, which is empty. */
static void
move_ring (GsockWatch *to, GsockWatch *from)
{
  if (ring_is_empty (from))
    return;
  *to = *from;
  to->next->previous = to;
  to->previous->next = to;
  ring_init (from);
}

/* After the kernel has told what it had. */
static void
consider_doubts (GsockPoller *poller)
{
  GsockWatch *late = &poller->doubts[0], *early = &poller->doubts[1];

  if (!has_doubts (poller))
    {
      poller->rounds = 0;
      return;
    }
  poller->rounds++;
  if (ring_is_empty (&poller->ready))
    {
      settle_doubts (poller, early);
      settle_doubts (poller, late);
    }
  else if (poller->rounds >= ROUNDS_OF_DOUBT)
    {
      settle_doubts (poller, early);
      move_ring (early, late);
      poller->rounds = 0;
    }
}

static guint
ready_from_events (guint32 events)
{
  guint ready = 0;

  if (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR))
    ready |= GSOCK_READY_IN;
  if (events & (EPOLLOUT | EPOLLHUP | EPOLLERR))
    ready |= GSOCK_READY_OUT;
  if (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR))
    ready |= GSOCK_READY_HANGUP;
  if (events & (EPOLLHUP | EPOLLERR))
    ready |= GSOCK_READY_GONE;
  return ready;
}

static gboolean
poller_prepare (GSource *source, int *timeout)
{
  GsockPoller *poller = (GsockPoller *) source;

  *timeout = !poller->runs && has_doubts (poller) ? REST_OF_DOUBT : -1;
  return !poller->runs && !ring_is_empty (&poller->ready);
}

static gboolean
poller_check (GSource *source)
{
  GsockPoller *poller = (GsockPoller *) source;

  return !poller->runs
         && (!ring_is_empty (&poller->ready) || has_doubts (poller)
             || g_source_query_unix_fd (source, poller->tag) != 0);
}

static void
take_events (GsockPoller *poller)
{
  struct epoll_event events[EVENTS_A_ROUND];
  int n = epoll_wait (poller->fd, events, G_N_ELEMENTS (events), 0);

  for (int i = 0; i < n; i++)
    {
      GsockWatch *watch = events[i].data.ptr;

      watch->ready |= ready_from_events (events[i].events);
      if (watch->doubted)
        unlist (watch);
      watch->doubted = FALSE;
      relist (poller, watch);
    }
}

static gboolean
poller_dispatch (GSource *source, GSourceFunc func G_GNUC_UNUSED,
                 gpointer data G_GNUC_UNUSED)
{
  GsockPoller *poller = (GsockPoller *) source;

  poller->runs = TRUE;
  take_events (poller);
  consider_doubts (poller);
  move_ring (&poller->round, &poller->ready);
  while (!ring_is_empty (&poller->round))
    {
      GsockWatch *watch = poller->round.next;

      /* Listed for the next round before it is called: it may end in the call,
       * and unlisting is all that its end needs then. */
      unlist (watch);
      watch->ready &= (guint8) ~GSOCK_READY_AGAIN;
      relist (poller, watch);
      watch->func (watch);
    }
  poller->runs = FALSE;
  return G_SOURCE_CONTINUE;
}

static void
poller_finalize (GSource *source)
{
  GsockPoller *poller = (GsockPoller *) source;

  if (poller->fd >= 0)
    gsock_fd_close (poller->fd);
}

static GSourceFuncs poller_funcs = {
  .prepare = poller_prepare,
  .check = poller_check,
  .dispatch = poller_dispatch,
  .finalize = poller_finalize,
};

/**
 * gsock_poller_new:
 * @error: %GSOCK_ERROR_FAILED when the kernel gives no epoll
 *
 * Returns: (transfer full): a poller, not yet attached
 */
GsockPoller *
gsock_poller_new (GError **error)
{
  GSource *source = g_source_new (&poller_funcs, sizeof (GsockPoller));
  GsockPoller *poller = (GsockPoller *) source;

  g_source_set_static_name (source, "gsock-poller");
  /* What can't recurse is taken out of the poll and put back around each
   * dispatch, and each wakes the loop by a call: three system calls a round.
   * It doesn't recurse all the same: see runs. */
  g_source_set_can_recurse (source, TRUE);
  ring_init (&poller->ready);
  ring_init (&poller->round);
  ring_init (&poller->doubts[0]);
  ring_init (&poller->doubts[1]);
  poller->fd = epoll_create1 (EPOLL_CLOEXEC);
  if (poller->fd < 0)
    {
      gsock_set_error_errno (error, GSOCK_ERROR_FAILED, errno,
                             _ ("Cannot watch sockets (epoll)"));
      g_source_unref (source);
      return NULL;
    }
  poller->tag = g_source_add_unix_fd (source, poller->fd, G_IO_IN);
  return poller;
}

/**
 * gsock_poller_attach:
 * @poller: a poller
 * @context: (nullable): whose thread it belongs to from now on
 */
void
gsock_poller_attach (GsockPoller *poller, GMainContext *context)
{
  g_source_attach (&poller->source, context);
}

/**
 * gsock_poller_destroy:
 * @poller: (transfer full): a poller without watches
 */
void
gsock_poller_destroy (GsockPoller *poller)
{
  g_source_destroy (&poller->source);
  g_source_unref (&poller->source);
}

/**
 * gsock_poller_add:
 * @poller: a poller
 * @watch: storage of the caller, not moved until it is removed
 * @fd: a descriptor that epoll takes, non-blocking; -1: none, and what is ready
 *   is told by gsock_poller_tell()
 * @func: called while something is both ready and wanted
 * @error: %GSOCK_ERROR_FAILED: no memory, or too many watches for this user
 *
 * Nothing is wanted at first.
 *
 * Returns: whether it is watched
 */
gboolean
gsock_poller_add (GsockPoller *poller, GsockWatch *watch, int fd,
                  GsockWatchFunc func, GError **error)
{
  struct epoll_event event = {
    .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
    .data.ptr = watch,
  };

  *watch = (GsockWatch) { .func = func, .fd = fd };
  if (fd < 0 || epoll_ctl (poller->fd, EPOLL_CTL_ADD, fd, &event) == 0)
    return TRUE;
  gsock_set_error_errno (error, GSOCK_ERROR_FAILED, errno,
                         _ ("Cannot watch a socket (epoll)"));
  return FALSE;
}

/**
 * gsock_poller_remove:
 * @poller: a poller
 * @watch: one of its watches, whose descriptor is still open, or was removed
 *   before and is -1
 *
 * After this @watch may be freed, from its own function too.  The descriptor
 * is taken out by name: closing it would not do while a child between fork and
 * exec still has a copy.
 */
void
gsock_poller_remove (GsockPoller *poller, GsockWatch *watch)
{
  unlist (watch);
  watch->ready = watch->wanted = watch->doubted = 0;
  if (watch->fd >= 0)
    (void) epoll_ctl (poller->fd, EPOLL_CTL_DEL, watch->fd, NULL);
}

/**
 * gsock_poller_want:
 * @poller: a poller
 * @watch: one of its watches
 * @wanted: #GsockReady bits to be called for
 */
void
gsock_poller_want (GsockPoller *poller, GsockWatch *watch, guint wanted)
{
  watch->wanted = (guint8) (wanted | GSOCK_READY_AGAIN);
  relist (poller, watch);
}

/**
 * gsock_poller_forget:
 * @poller: a poller
 * @watch: one of its watches
 * @ready: #GsockReady bits that would block now
 *
 * Say it only after the call that would block: what is forgotten too early is
 * not told again.
 */
void
gsock_poller_forget (GsockPoller *poller, GsockWatch *watch, guint ready)
{
  watch->ready &= (guint8) ~ready;
  relist (poller, watch);
}

/**
 * gsock_poller_doubt:
 * @poller: a poller
 * @watch: one of its watches, that reads from its descriptor, with nothing in
 *   between that may hold bytes back; ready for input
 *
 * A read gave less than it might have.  Where others have their turn, whether
 * that was all is left open for now.
 *
 * Returns: FALSE where nobody else has anything to do: ask at once
 */
gboolean
gsock_poller_doubt (GsockPoller *poller, GsockWatch *watch)
{
  if (ring_is_empty (&poller->round) && !has_doubts (poller))
    return FALSE;
  unlist (watch);
  watch->doubted = TRUE;
  relist (poller, watch);
  return TRUE;
}

/**
 * gsock_poller_tell:
 * @poller: a poller
 * @watch: one of its watches, without a descriptor
 * @ready: #GsockReady bits that are so until they are forgotten
 */
void
gsock_poller_tell (GsockPoller *poller, GsockWatch *watch, guint ready)
{
  watch->ready |= (guint8) ready;
  relist (poller, watch);
}

/**
 * gsock_poller_again:
 * @poller: a poller
 * @watch: one of its watches
 *
 * Has @watch called in the next round though the kernel has nothing new.
 */
void
gsock_poller_again (GsockPoller *poller, GsockWatch *watch)
{
  watch->ready |= GSOCK_READY_AGAIN;
  watch->wanted |= GSOCK_READY_AGAIN;
  relist (poller, watch);
}

/**
 * gsock_poller_others_wait:
 * @poller: a poller
 *
 * Returns: whether more watches are to be called in this round: who leaves
 *   something for the next one then costs the loop nothing
 */
gboolean
gsock_poller_others_wait (const GsockPoller *poller)
{
  return !ring_is_empty (&poller->round);
}

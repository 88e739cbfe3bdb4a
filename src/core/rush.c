/* rush.c: listening sockets while clients come faster than one by one
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A GSocketService makes a source for each accept and wakes its own loop twice
 * by it, and asks the kernel a dozen questions about the client: as much as
 * the whole of a short conversation costs.  That is nothing where a client
 * comes now and then.  In a rush the poller watches the listening sockets
 * instead, for as long as it lasts. */

#include "config.h"

#include "core/rush.h"

/* Without a client for so long the rush is over. */
#define QUIET (100 * G_TIME_SPAN_MILLISECOND)

typedef struct
{
  GsockWatch watch; /* first: a watch is its door */
  GsockRush *rush;
  GSocket *socket;
} Door;

/* Belongs to its worker's thread. */
struct _GsockRush
{
  GsockWorker *worker;
  const GsockRushFuncs *funcs;
  gpointer data;
  GsockTimer timer;
  gint64 last; /* a client, monotonic microseconds */
  guint count;
  Door doors[];
};

static void
door_cb (GsockWatch *watch)
{
  Door *door = (Door *) watch;
  GsockRush *rush = door->rush;
  GsockPoller *poller = rush->worker->poller;

  rush->last = gsock_worker_now (rush->worker);
  if (rush->funcs->drain (door->socket, rush->data) == GSOCK_DRAIN_EMPTY)
    gsock_poller_forget (poller, watch, GSOCK_READY_IN);
}

static void
timer_cb (GsockTimer *timer)
{
  GsockRush *rush = (GsockRush *) ((char *) timer
                                   - G_STRUCT_OFFSET (GsockRush, timer));
  gint64 end = rush->last + QUIET;

  if (g_get_monotonic_time () < end)
    gsock_worker_arm (rush->worker, timer, end);
  else
    rush->funcs->over (rush->data);
}

/**
 * gsock_rush_free:
 * @rush: (transfer full): a rush; in a call of its own too, if that says
 *   GSOCK_DRAIN_STOP
 */
void
gsock_rush_free (GsockRush *rush)
{
  gsock_worker_disarm (rush->worker, &rush->timer);
  for (guint i = 0; i < rush->count; i++)
    gsock_poller_remove (rush->worker->poller, &rush->doors[i].watch);
  g_free (rush);
}

/**
 * gsock_rush_let:
 * @rush: a rush
 * @in: whether clients are to be taken
 */
void
gsock_rush_let (GsockRush *rush, gboolean in)
{
  for (guint i = 0; i < rush->count; i++)
    gsock_poller_want (rush->worker->poller, &rush->doors[i].watch,
                       in ? GSOCK_READY_IN : 0);
}

/**
 * gsock_rush_new:
 * @worker: in whose thread clients are accepted
 * @sockets: (element-type GSocket): of which those of streams are watched, that
 *   nobody else may watch meanwhile; they outlive the rush
 * @funcs: outlives it too
 * @data: for @funcs
 *
 * Returns: (transfer full) (nullable): NULL where the kernel watches no more:
 *   then there is none
 */
GsockRush *
gsock_rush_new (GsockWorker *worker, const GPtrArray *sockets,
                const GsockRushFuncs *funcs, gpointer data)
{
  GsockRush *rush = g_malloc0 (sizeof *rush + sockets->len * sizeof (Door));

  rush->worker = worker;
  rush->funcs = funcs;
  rush->data = data;
  rush->timer.func = timer_cb;
  rush->last = g_get_monotonic_time ();
  for (guint i = 0; i < sockets->len; i++)
    {
      GSocket *socket = g_ptr_array_index (sockets, i);
      Door *door = &rush->doors[rush->count];

      if (g_socket_get_socket_type (socket) == G_SOCKET_TYPE_DATAGRAM)
        continue;
      if (!gsock_poller_add (worker->poller, &door->watch,
                             g_socket_get_fd (socket), door_cb, NULL))
        {
          gsock_rush_free (rush);
          return NULL;
        }
      door->rush = rush;
      door->socket = socket;
      rush->count++;
    }
  gsock_rush_let (rush, TRUE);
  gsock_worker_arm (worker, &rush->timer, rush->last + QUIET);
  return rush;
}

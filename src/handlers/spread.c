/* spread.c: a crowd over several threads, and what they tell each other
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A message for the members of other threads is copied once and posted to each
 * of those threads.  Its delivery comes back when the crowd there is not busy
 * with it any more: so whoever feeds knows how much is on its way, and is held
 * when that is more than GSOCK_HIGH_MARK. */

#include "config.h"

#include "handlers/spread.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/error.h"
#include "core/log.h"

/* Never changed after it is posted but for the atomics. */
typedef struct
{
  int refs;        /* atomic */
  int told_failed; /* atomic: of all threads one says so */
  int reached;     /* atomic: some thread had a member for it */
  gsize size;
  char data[];
} Message;

typedef struct
{
  GsockQueueItem item;
  Message *message;
  GsockPort *to;
  GsockWindow *from;
} Delivery;

/* Windows. */

static void
window_init (GsockWindow *window, GsockWorker *worker)
{
  *window = (GsockWindow) { .worker = worker };
  window->held = g_hash_table_new (NULL, NULL);
}

/**
 * gsock_window_open:
 * @window: a window, in its thread
 * @from: (nullable): a connection of that thread, which feeds it
 * @size: bytes that are posted
 */
void
gsock_window_open (GsockWindow *window, GsockConnection *from, gsize size)
{
  window->open += size;
  if (window->open > GSOCK_HIGH_MARK)
    window->full = TRUE;
  if (window->full && from != NULL && g_hash_table_add (window->held, from))
    gsock_connection_hold (from);
}

/**
 * gsock_window_close:
 * @window: a window, in its thread
 * @size: bytes that are done
 */
void
gsock_window_close (GsockWindow *window, gsize size)
{
  GHashTableIter iter;
  gpointer connection;

  window->open -= size;
  if (!window->full || window->open > GSOCK_LOW_MARK)
    return;
  window->full = FALSE;
  g_hash_table_iter_init (&iter, window->held);
  while (g_hash_table_iter_next (&iter, &connection, NULL))
    {
      g_hash_table_iter_remove (&iter);
      gsock_connection_release (connection);
    }
  if (window->relieved != NULL)
    window->relieved (window->data);
}

/* Deliveries. */

/* All of its deliveries are back. */
static void
message_done (Message *message, GsockWindow *from)
{
  if (from->missed != NULL && !g_atomic_int_get (&message->reached))
    from->missed (message->data, message->size, from->data);
  g_free (message);
}

static void
done_cb (GsockQueueItem *item)
{
  Delivery *delivery = (Delivery *) item;
  Message *message = delivery->message;
  GsockWindow *from = delivery->from;

  g_free (delivery);
  gsock_window_close (from, message->size);
  if (g_atomic_int_dec_and_test (&message->refs))
    message_done (message, from);
  if (from->open == 0 && from->drained != NULL)
    from->drained (from->data);
}

static void
give_back (Delivery *delivery)
{
  delivery->item.run = done_cb;
  gsock_worker_post (delivery->from->worker, &delivery->item);
}

static void
crowd_relieved_cb (gpointer data)
{
  GsockPort *port = data;

  while (port->owed->len > 0)
    give_back (g_ptr_array_steal_index_fast (port->owed, port->owed->len - 1));
}

static void
deliver_cb (GsockQueueItem *item)
{
  Delivery *delivery = (Delivery *) item;
  Message *message = delivery->message;
  GsockPort *port = delivery->to;
  g_autoptr (GError) error = NULL;

  if (port->crowd.members->len > 0)
    g_atomic_int_set (&message->reached, TRUE);
  if (!gsock_crowd_send (&port->crowd, NULL, message->data, message->size,
                         &error)
      && g_atomic_int_compare_and_exchange (&message->told_failed, FALSE, TRUE))
    gsock_log (GSOCK_EVENT_WARNING, .error = error);
  if (gsock_crowd_is_busy (&port->crowd))
    g_ptr_array_add (port->owed, delivery);
  else
    give_back (delivery);
}

/**
 * gsock_spread_fail:
 * @from: a connection
 *
 * There is no memory to post its message: it ends with %GSOCK_ERROR_LIMIT.
 */
void
gsock_spread_fail (GsockConnection *from)
{
  g_autofree char *who = gsock_connection_describe (from);
  g_autoptr (GError)
      error = g_error_new (GSOCK_ERROR, GSOCK_ERROR_LIMIT,
                           _ ("No memory is left for a message from %s"), who);

  gsock_connection_close (from, error);
}

/* To every port but @but.  How long it is may be a stranger's choice. */
static void
post_to_others (GsockSpread *spread, const GsockPort *but, GsockWindow *window,
                GsockConnection *from, const char *data, gsize size)
{
  guint others = spread->n - (but != NULL ? 1 : 0);
  Message *message;

  if (others == 0)
    return;
  message = from != NULL ? g_try_malloc (sizeof *message + size)
                         : g_malloc (sizeof *message + size);
  if (message == NULL)
    {
      gsock_spread_fail (from);
      return;
    }
  message->refs = (int) others;
  message->told_failed = message->reached = FALSE;
  message->size = size;
  memcpy (message->data, data, size);
  gsock_window_open (window, from, size * others);
  for (guint i = 0; i < spread->n; i++)
    {
      GsockPort *port = &spread->ports[i];
      Delivery *delivery;

      if (port == but)
        continue;
      delivery = g_new0 (Delivery, 1);
      delivery->item.run = deliver_cb;
      delivery->message = message;
      delivery->to = port;
      delivery->from = window;
      gsock_worker_post (port->window.worker, &delivery->item);
    }
}

/**
 * gsock_spread_send:
 * @spread: a spread
 * @from: the member that it comes from, in whose thread this is called
 * @data: a message
 * @size: its bytes
 * @error: as gsock_crowd_send(), of the members in this thread; the log says it
 *   of the others
 *
 * Returns: FALSE with @error where one of them could not get it
 */
gboolean
gsock_spread_send (GsockSpread *spread, GsockConnection *from, const char *data,
                   gsize size, GError **error)
{
  GsockPort *port = gsock_spread_port (spread, from);
  gboolean done = gsock_crowd_send (&port->crowd, from, data, size, error);

  post_to_others (spread, port, &port->window, from, data, size);
  return done;
}

/**
 * gsock_spread_send_home:
 * @spread: a spread over threads, none of which is the main one
 * @data: a message
 * @size: its bytes
 *
 * Where a member can't get it, the log says so.
 */
void
gsock_spread_send_home (GsockSpread *spread, const char *data, gsize size)
{
  post_to_others (spread, NULL, &spread->window, NULL, data, size);
}

gboolean
gsock_spread_is_busy (const GsockSpread *spread)
{
  return spread->window.full;
}

/**
 * gsock_spread_leave:
 * @spread: a spread
 * @connection: a member that would get nothing any more, in its thread
 */
void
gsock_spread_leave (GsockSpread *spread, GsockConnection *connection)
{
  GsockPort *port = gsock_spread_port (spread, connection);

  g_hash_table_remove (port->window.held, connection);
  gsock_crowd_leave (&port->crowd, connection);
}

GsockPort *
gsock_spread_port (GsockSpread *spread, GsockConnection *connection)
{
  return &spread->ports[gsock_connection_get_worker (connection)->index];
}

gboolean
gsock_spread_is_threaded (const GsockSpread *spread)
{
  return spread->n > 1;
}

/**
 * gsock_spread_init:
 * @spread: storage of the caller
 * @home: the main thread's worker
 * @workers: those that have connections, by their index
 * @n: how many
 */
void
gsock_spread_init (GsockSpread *spread, GsockWorker *home,
                   GsockWorker *const *workers, guint n)
{
  *spread = (GsockSpread) { .home = home, .n = n };
  spread->ports = g_new0 (GsockPort, n);
  window_init (&spread->window, home);
  for (guint i = 0; i < n; i++)
    {
      GsockPort *port = &spread->ports[i];

      port->spread = spread;
      gsock_crowd_init (&port->crowd);
      if (n > 1)
        {
          port->crowd.relieved = crowd_relieved_cb;
          port->crowd.data = port;
        }
      port->owed = g_ptr_array_new ();
      window_init (&port->window, workers[i]);
    }
}

/**
 * gsock_spread_clear:
 * @spread: a spread whose members have left and whose threads have ended
 */
void
gsock_spread_clear (GsockSpread *spread)
{
  for (guint i = 0; i < spread->n; i++)
    {
      GsockPort *port = &spread->ports[i];

      gsock_crowd_clear (&port->crowd);
      g_ptr_array_unref (port->owed);
      g_hash_table_unref (port->window.held);
    }
  g_hash_table_unref (spread->window.held);
  g_free (spread->ports);
}

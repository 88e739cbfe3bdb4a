/* crowd.c: many receivers of the same bytes, none of whom slows the others
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A receiver whose buffer is full and who still takes bytes holds the senders:
 * that is what keeps a fast sender from drowning a good reader.  One that has
 * taken nothing for GSOCK_CROWD_PATIENCE, or takes it drop by drop and is still
 * behind after GSOCK_CROWD_LONGEST_WAIT, holds nobody any more until it has
 * caught up: the others go on, GSOCK_CROWD_LIMIT more bytes are kept for it, and
 * then it is dropped, with a line in the log that says how much it lost. */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/log.h"
#include "core/units.h"
#include "handlers/crowd.h"

static GsockCrowd *
crowd_from_timer (GsockTimer *timer)
{
  return (GsockCrowd *) ((char *) timer - G_STRUCT_OFFSET (GsockCrowd, timer));
}

static void
let_go (GsockCrowd *crowd)
{
  GHashTableIter iter;
  gpointer connection;

  if (g_hash_table_size (crowd->awaited) > 0)
    return;
  gsock_worker_disarm (crowd->worker, &crowd->timer);
  g_hash_table_iter_init (&iter, crowd->held);
  while (g_hash_table_iter_next (&iter, &connection, NULL))
    {
      g_hash_table_iter_remove (&iter);
      gsock_connection_release (connection);
    }
  if (crowd->relieved != NULL)
    crowd->relieved (crowd->data);
}

static gboolean
is_moving (GsockConnection *connection, gint64 now)
{
  return now - gsock_connection_get_progress (connection)
         < GSOCK_CROWD_PATIENCE;
}

static gboolean
is_worth_waiting (GsockConnection *connection, gint64 since, gint64 now)
{
  return is_moving (connection, now) && now - since < GSOCK_CROWD_LONGEST_WAIT
         && !gsock_connection_has_ended (connection);
}

static void
patience_cb (GsockTimer *timer)
{
  GsockCrowd *crowd = crowd_from_timer (timer);
  gint64 now = g_get_monotonic_time ();
  GHashTableIter iter;
  gpointer connection, since;

  g_hash_table_iter_init (&iter, crowd->awaited);
  while (g_hash_table_iter_next (&iter, &connection, &since))
    if (!is_worth_waiting (connection, *(gint64 *) since, now))
      {
        g_hash_table_add (crowd->given_up, connection);
        g_hash_table_iter_remove (&iter);
      }
  if (g_hash_table_size (crowd->awaited) > 0)
    gsock_worker_arm (crowd->worker, timer, now + GSOCK_CROWD_PATIENCE / 2);
  else
    let_go (crowd);
}

static void
drop (GsockConnection *connection)
{
  gsize lost = gsock_connection_get_queued (connection);
  g_autofree char *who = gsock_connection_describe (connection);
  g_autofree char *size = gsock_format_size (lost);
  g_autoptr (GError) error = NULL;

  gsock_log (GSOCK_EVENT_TOO_SLOW, .id = gsock_connection_get_id (connection),
             .peer = gsock_connection_get_peer (connection), .size = lost);
  /* TRANSLATORS: the peer, then a size such as "1.2 MB". */
  error = g_error_new (GSOCK_ERROR, GSOCK_ERROR_LIMIT,
                       _ ("%s reads too slowly: %s were waiting for it"), who,
                       size);
  gsock_connection_close (connection, error);
}

static void
wait_for (GsockCrowd *crowd, GsockConnection *connection, gint64 now)
{
  if (!g_hash_table_contains (crowd->awaited, connection))
    g_hash_table_insert (crowd->awaited, connection,
                         g_memdup2 (&now, sizeof now));
  if (!gsock_timer_is_armed (&crowd->timer))
    gsock_worker_arm (crowd->worker, &crowd->timer, now + GSOCK_CROWD_PATIENCE);
}

static void
look_at_receiver (GsockCrowd *crowd, GsockConnection *connection)
{
  gint64 now = g_get_monotonic_time ();

  if (!gsock_connection_is_full (connection)
      || gsock_connection_has_ended (connection))
    return;
  if (is_moving (connection, now)
      && !g_hash_table_contains (crowd->given_up, connection))
    wait_for (crowd, connection, now);
  else if (gsock_connection_get_queued (connection)
           > GSOCK_HIGH_MARK + GSOCK_CROWD_LIMIT)
    drop (connection);
}

static void
note_failed (GsockConnection *member, GError *reason, GError **first)
{
  if (*first == NULL)
    {
      g_autofree char *who = gsock_connection_describe (member);

      *first = g_error_new (reason->domain, reason->code,
                            /* TRANSLATORS: who, then why they can't. */
                            _ ("%s: %s"), who, reason->message);
    }
  g_error_free (reason);
}

/**
 * gsock_crowd_send:
 * @crowd: a crowd
 * @from: (nullable): the member that it comes from, who gets none
 * @data: a message
 * @size: its bytes
 * @error: %GSOCK_ERROR_USAGE: the frame, or the socket, of a member, whom it
 *   names, can't carry it
 *
 * Sends to every other member.  @from is held while one of them is full and
 * still takes bytes; a feeder that is no member asks gsock_crowd_is_busy().
 *
 * Returns: FALSE with @error where a member could not get it; all who can have
 *   it have got it then too
 */
gboolean
gsock_crowd_send (GsockCrowd *crowd, GsockConnection *from, const char *data,
                  gsize size, GError **error)
{
  GError *failure = NULL;

  for (guint i = 0; i < crowd->members->len; i++)
    {
      GsockConnection *member = g_ptr_array_index (crowd->members, i);
      GError *reason = NULL;

      if (member == from)
        continue;
      if (gsock_connection_send (member, data, size, &reason))
        look_at_receiver (crowd, member);
      else
        note_failed (member, reason, &failure);
    }
  if (from != NULL && gsock_crowd_is_busy (crowd)
      && g_hash_table_add (crowd->held, from))
    gsock_connection_hold (from);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, failure);
  return FALSE;
}

/**
 * gsock_crowd_member_relieved:
 * @crowd: a crowd
 * @connection: a member whose handler was told relieved
 */
void
gsock_crowd_member_relieved (GsockCrowd *crowd, GsockConnection *connection)
{
  g_hash_table_remove (crowd->given_up, connection);
  if (g_hash_table_remove (crowd->awaited, connection))
    let_go (crowd);
}

gboolean
gsock_crowd_is_busy (const GsockCrowd *crowd)
{
  return g_hash_table_size (crowd->awaited) > 0;
}

/**
 * gsock_crowd_join:
 * @crowd: a crowd
 * @connection: a new member; its state is the crowd's from now on
 */
void
gsock_crowd_join (GsockCrowd *crowd, GsockConnection *connection)
{
  crowd->worker = gsock_connection_get_worker (connection);
  g_ptr_array_add (crowd->members, connection);
  gsock_connection_set_state (connection,
                              GUINT_TO_POINTER (crowd->members->len));
}

/**
 * gsock_crowd_leave:
 * @crowd: a crowd
 * @connection: a member that would get nothing any more; its state is NULL then
 */
void
gsock_crowd_leave (GsockCrowd *crowd, GsockConnection *connection)
{
  guint place = GPOINTER_TO_UINT (gsock_connection_get_state (connection));
  GsockConnection *last = g_ptr_array_index (crowd->members,
                                             crowd->members->len - 1);

  gsock_connection_set_state (last, GUINT_TO_POINTER (place));
  g_ptr_array_remove_index_fast (crowd->members, place - 1);
  gsock_connection_set_state (connection, NULL);
  g_hash_table_remove (crowd->held, connection);
  g_hash_table_remove (crowd->given_up, connection);
  if (g_hash_table_remove (crowd->awaited, connection))
    let_go (crowd);
}

void
gsock_crowd_init (GsockCrowd *crowd)
{
  *crowd = (GsockCrowd) { .timer.func = patience_cb };
  crowd->members = g_ptr_array_new ();
  crowd->awaited = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  crowd->given_up = g_hash_table_new (NULL, NULL);
  crowd->held = g_hash_table_new (NULL, NULL);
}

/**
 * gsock_crowd_clear:
 * @crowd: a crowd whose members have left; their worker may be gone too
 */
void
gsock_crowd_clear (GsockCrowd *crowd)
{
  g_ptr_array_unref (crowd->members);
  g_hash_table_unref (crowd->awaited);
  g_hash_table_unref (crowd->given_up);
  g_hash_table_unref (crowd->held);
}

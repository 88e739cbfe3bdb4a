/* connection-facts.c: what can be asked of a connection
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/connection-private.h"

gsize
gsock_connection_get_queued (const GsockConnection *connection)
{
  return connection_queued (connection);
}

gboolean
gsock_connection_is_full (const GsockConnection *connection)
{
  return connection->out.size > GSOCK_HIGH_MARK;
}

gint64
gsock_connection_get_progress (const GsockConnection *connection)
{
  return connection->progress;
}

gint64
gsock_connection_get_active (const GsockConnection *connection)
{
  return connection->active;
}

gboolean
gsock_connection_has_ended (const GsockConnection *connection)
{
  return connection->shut || connection->ending || connection->dead;
}

guint64
gsock_connection_get_id (const GsockConnection *connection)
{
  return connection->id;
}

int
gsock_connection_get_fd (const GsockConnection *connection)
{
  return connection->watch.fd;
}

/**
 * gsock_connection_get_peer:
 * @connection: a connection
 *
 * A UNIX peer's user is asked of the kernel the first time somebody wants to
 * know: it costs a call, and a server with thousands of clients rarely does.
 *
 * Returns: (transfer none): who is there
 */
const GsockPeer *
gsock_connection_get_peer (GsockConnection *connection)
{
  if (connection->is_unix && connection->peer.local.uid == (uid_t) -1
      && connection->watch.fd >= 0)
    gsock_peer_init_from_fd (&connection->peer, connection->watch.fd);
  return &connection->peer;
}

/**
 * gsock_connection_get_known_peer:
 * @connection: a connection
 *
 * Asks the kernel nothing: for closed functions, when the descriptor is gone
 * and its number may be another's.
 *
 * Returns: (transfer none): who is there, as far as that is known
 */
const GsockPeer *
gsock_connection_get_known_peer (const GsockConnection *connection)
{
  return &connection->peer;
}

const GsockEndpoint *
gsock_connection_get_local (const GsockConnection *connection)
{
  return connection->local;
}

/**
 * gsock_connection_get_called:
 * @connection: a connection that is not closed
 *
 * Returns: (transfer none) (nullable): where its client came to, as the
 *   balancer says that has connected for it; %NULL: nobody says
 */
const GsockEndpoint *
gsock_connection_get_called (const GsockConnection *connection)
{
  return connection->carrier.called;
}

/**
 * gsock_connection_is_check:
 * @connection: a connection that is not closed
 *
 * Returns: whether a balancer has connected for itself (LOCAL)
 */
gboolean
gsock_connection_is_check (const GsockConnection *connection)
{
  return connection->carrier.is_check;
}

/* "plain", "unix", "tls"; NULL when it is closed. */
const char *
gsock_connection_get_carrier_name (const GsockConnection *connection)
{
  return connection->carrier.klass != NULL ? connection->carrier.klass->name
                                           : NULL;
}

const GsockConnectionConfig *
gsock_connection_get_config (const GsockConnection *connection)
{
  return connection->config;
}

gpointer
gsock_connection_get_handler_data (const GsockConnection *connection)
{
  return connection->config->handler_data;
}

gpointer
gsock_connection_get_state (const GsockConnection *connection)
{
  return connection->state;
}

void
gsock_connection_set_state (GsockConnection *connection, gpointer state)
{
  connection->state = state;
}

guint
gsock_connection_get_slot (const GsockConnection *connection)
{
  return connection->slot;
}

void
gsock_connection_set_slot (GsockConnection *connection, guint slot)
{
  connection->slot = slot;
}

/**
 * gsock_connection_describe:
 * @connection: a connection
 *
 * Returns: (transfer full): who is there, as a user would say it, escaped
 */
char *
gsock_connection_describe (GsockConnection *connection)
{
  if (connection->config->remote != NULL)
    return gsock_endpoint_to_display (connection->config->remote);
  return gsock_peer_to_display (gsock_connection_get_peer (connection));
}

/**
 * gsock_connection_keeps_messages:
 * @connection: a connection
 *
 * Returns: %TRUE if its socket keeps messages apart, whatever the codec
 */
gboolean
gsock_connection_keeps_messages (const GsockConnection *connection)
{
  return connection->carrier.klass->records;
}

/**
 * gsock_connection_is_endless:
 * @connection: a connection
 *
 * Returns: %TRUE if neither side can say that it has ended: datagrams
 */
gboolean
gsock_connection_is_endless (const GsockConnection *connection)
{
  return connection->carrier.klass->endless;
}

/**
 * gsock_connection_get_largest:
 * @connection: a connection that keeps messages apart
 *
 * Returns: how many bytes the longest message has that its socket can send
 */
gsize
gsock_connection_get_largest (const GsockConnection *connection)
{
  return connection->carrier.largest;
}

GsockWorker *
gsock_connection_get_worker (const GsockConnection *connection)
{
  return connection->worker;
}

guint64
gsock_connection_get_in (const GsockConnection *connection)
{
  return connection->bytes_in;
}

guint64
gsock_connection_get_out (const GsockConnection *connection)
{
  return connection->bytes_out;
}

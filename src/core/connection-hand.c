/* connection-hand.c: a connection that another process carries on
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/connection-private.h"
#include "core/log.h"

void
connection_try_hand_over (GsockConnection *connection)
{
  if (!connection->handing || connection->handed || connection->dead
      || connection->shut || connection_queued (connection) > 0)
    return;
  /* What is asked of the socket later must be asked before it is gone. */
  (void) gsock_connection_get_peer (connection);
  connection->handed = TRUE;
  gsock_worker_disarm (connection->worker, &connection->timer);
  gsock_poller_remove (connection->worker->poller, &connection->watch);
  connection->config->handler->handed (connection, connection->watch.fd);
  gsock_carrier_close (&connection->carrier);
  connection->watch.fd = -1;
}

/**
 * gsock_connection_can_hand_over:
 * @connection: a connection
 *
 * Returns: whether its descriptor alone carries its bytes as they are, and
 *   nothing that the user asked for has to see them
 */
gboolean
gsock_connection_can_hand_over (const GsockConnection *connection)
{
  const GsockConnectionConfig *config = connection->config;

  return connection->carrier.klass != NULL && connection->carrier.klass->is_bare
         && config->codec->raw && !config->crlf && config->rate == 0
         && config->idle_timeout == 0 && !gsock_log_wants (GSOCK_EVENT_DATA);
}

/**
 * gsock_connection_hand_over:
 * @connection: one that has read nothing yet, see
 *   gsock_connection_can_hand_over()
 *
 * When all that is queued has been sent (now, if nothing is), its descriptor
 * goes to the handler's handed.  The connection itself stays, for its owner to
 * count, until it is closed.
 */
void
gsock_connection_hand_over (GsockConnection *connection)
{
  connection->handing = TRUE;
  connection->holds++;
  connection_try_hand_over (connection);
  connection_settle (connection);
}

/**
 * gsock_connection_keep:
 * @connection: a connection
 *
 * Its owner goes on counting it after its end, until it is let go.
 */
void
gsock_connection_keep (GsockConnection *connection)
{
  connection->kept = TRUE;
}

/**
 * gsock_connection_let_go:
 * @connection: (transfer full): one that is kept; not in a callback of its own
 *
 * Frees it if it has ended; otherwise it is then freed as any other.
 */
void
gsock_connection_let_go (GsockConnection *connection)
{
  connection->kept = FALSE;
  if (connection->ended)
    connection_finish (connection);
}

gboolean
gsock_connection_is_kept (const GsockConnection *connection)
{
  return connection->kept;
}

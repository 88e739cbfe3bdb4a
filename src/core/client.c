/* client.c: connect, converse, connect again: core's roof for clients
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A client is in one of four states, and one step leads to the next:
 *
 *   connecting   attempt is set     -> conversing, waiting or done
 *   conversing   connection is set  -> waiting (--reconnect) or done
 *   waiting      timer is armed     -> connecting
 *   done         run returns
 *
 * A wait begins at 0.2 s and doubles with each one that follows, to 30 s, with
 * up to a quarter more or less, so that the clients of a server that has been
 * restarted don't all come back at once, and again, and again.  A link that
 * held for as long as the longest wait starts anew at 0.2 s; a server that
 * accepts only to hang up doesn't. */

#include "config.h"

#include "core/client.h"

#include <sys/socket.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/log.h"

#define WAIT_FIRST (200 * G_TIME_SPAN_MILLISECOND)
#define WAIT_LONGEST (30 * G_TIME_SPAN_SECOND)

/* Belongs to the thread that runs its context. */
struct _GsockClient
{
  GsockTimer timer; /* first: a timer is its client */
  GsockClientConfig config;
  GsockHandler handler; /* the caller's, with our opened before its own */
  void (*opened) (GsockConnection *connection);
  GsockEndpoint *remote;
  GMainContext *context;
  GsockWorker *worker;
  GsockStats stats;
  GsockDial *attempt;
  GsockConnection *connection;
  GError *error;   /* what run returns; while waiting, what was lost */
  gint64 failures; /* connects that failed since the last that didn't */
  gint64 wait;     /* the last one, unjittered; 0: none yet */
  gint64 since;    /* when the connection began */
  gboolean linked; /* there has been a connection */
  gboolean finishing;
  gboolean done;
};

static void connect_again (GsockClient *client);

static void
end (GsockClient *client, const GError *error)
{
  GError *copy = error != NULL ? g_error_copy (error) : NULL;

  /* The copy comes first: @error may be the client's own. */
  g_clear_error (&client->error);
  client->error = copy;
  client->done = TRUE;
  gsock_worker_disarm (client->worker, &client->timer);
  g_clear_pointer (&client->attempt, gsock_dial_cancel);
  /* Whoever iterates the context may be asleep in it. */
  g_main_context_wakeup (client->context);
}

/* --- Waiting ------------------------------------------------------------- */

static gint64
next_wait (GsockClient *client)
{
  client->wait = client->wait == 0 ? WAIT_FIRST
                                   : MIN (client->wait * 2, WAIT_LONGEST);
  return (gint64) (client->wait * g_random_double_range (0.75, 1.25));
}

static void
wait_and_connect (GsockClient *client, const GError *why)
{
  gint64 wait = next_wait (client);

  gsock_log (GSOCK_EVENT_RETRYING, .remote = client->remote, .duration = wait,
             .error = why);
  gsock_worker_arm_in (client->worker, &client->timer, wait);
}

static void
timer_cb (GsockTimer *timer)
{
  connect_again ((GsockClient *) timer);
}

/* --- Conversing ---------------------------------------------------------- */

static void
opened_cb (GsockConnection *connection)
{
  const GsockConnectionConfig *config = gsock_connection_get_config (
      connection);
  GsockClient *client = config->closed_data;

  client->connection = connection;
  if (client->opened != NULL)
    client->opened (connection);
}

/* A link that drops for one of these would drop again, or nobody is left to
 * use it. */
static gboolean
is_final (const GError *error)
{
  return g_error_matches (error, GSOCK_ERROR, GSOCK_ERROR_USAGE)
         || g_error_matches (error, GSOCK_ERROR, GSOCK_ERROR_DENIED)
         || g_error_matches (error, GSOCK_ERROR, GSOCK_ERROR_OUTPUT);
}

/* Nothing was lost, but a reason must be told. */
static void
wait_after_end (GsockClient *client, GsockConnection *connection)
{
  g_autofree char *who = gsock_connection_describe (connection);
  g_autoptr (GError)
      error = g_error_new (GSOCK_ERROR, GSOCK_ERROR_CUT,
                           /* TRANSLATORS: an address. */
                           _ ("The connection with %s has ended"), who);

  wait_and_connect (client, error);
}

static void
closed_cb (GsockConnection *connection, const GError *error, gpointer data)
{
  GsockClient *client = data;

  client->connection = NULL;
  client->stats.active--;
  if (client->done)
    return;
  if (!client->config.reconnect || client->finishing || is_final (error))
    {
      end (client, error);
      return;
    }

  if (g_get_monotonic_time () - client->since >= WAIT_LONGEST)
    client->wait = 0;
  if (error != NULL)
    {
      client->error = g_error_copy (error);
      wait_and_connect (client, error);
    }
  else
    wait_after_end (client, connection);
}

static int
type_of (int fd)
{
  int type = SOCK_STREAM;
  socklen_t size = sizeof type;

  (void) getsockopt (fd, SOL_SOCKET, SO_TYPE, &type, &size);
  return type;
}

static GsockEndpoint *
local_endpoint (int fd)
{
  struct sockaddr_storage native = { 0 };
  socklen_t size = sizeof native;

  if (getsockname (fd, (struct sockaddr *) &native, &size) != 0)
    return NULL;
  return gsock_endpoint_new_from_native (&native, size, type_of (fd));
}

static GsockEndpoint *
remote_endpoint (int fd)
{
  struct sockaddr_storage native = { 0 };
  socklen_t size = sizeof native;

  if (getpeername (fd, (struct sockaddr *) &native, &size) != 0)
    return NULL;
  return gsock_endpoint_new_from_native (&native, size, type_of (fd));
}

/* A name has become an address: that is what is told, else what was asked. */
static void
tell_connected (GsockClient *client, int fd)
{
  g_autoptr (GsockEndpoint) local = local_endpoint (fd);
  g_autoptr (GsockEndpoint) remote = NULL;

  if (gsock_endpoint_get_host (client->remote) != NULL
      && client->config.dial.proxy == NULL)
    remote = remote_endpoint (fd);
  gsock_log (GSOCK_EVENT_CONNECTED, .id = client->stats.count, .local = local,
             .remote = remote != NULL ? remote : client->remote);
}

/* A check that was made and says nothing must not look as if it did. */
static void
tell_unknown (GsockClient *client)
{
  g_autofree char *who = gsock_endpoint_to_display (client->remote);
  g_autoptr (GError) error = g_error_new (
      GSOCK_ERROR, GSOCK_ERROR_FAILED,
      /* TRANSLATORS: an address of UDP. */
      _ ("Whether anybody listens at %s can't be told: UDP has no connection "
         "to try; send a message and wait for an answer instead"),
      who);

  gsock_log (GSOCK_EVENT_WARNING, .error = error);
}

static void
converse (GsockClient *client, GsockCarrier *carrier)
{
  g_autoptr (GError) error = NULL;
  GsockPeer peer;

  gsock_peer_init_from_fd (&peer, carrier->fd);
  client->since = g_get_monotonic_time ();
  client->stats.active++;
  if (gsock_connection_new (&client->config.connection, client->worker,
                            client->stats.count, carrier, &peer, &error)
      != NULL)
    return;

  client->stats.active--;
  end (client, error);
}

/* --- Connecting ---------------------------------------------------------- */

static gboolean
may_retry (GsockClient *client, const GError *error)
{
  const GsockClientConfig *config = &client->config;

  if (client->finishing || is_final (error))
    return FALSE;
  /* Without --retry the first connect has to succeed; but what --reconnect
   * has promised would be nothing if a restart took longer than one wait. */
  if (config->retries == 0 && config->reconnect && client->linked)
    return TRUE;
  return config->retries < 0 || client->failures <= config->retries;
}

static void
connected_cb (GsockCarrier *carrier, const GError *error, gpointer data)
{
  GsockClient *client = data;

  client->attempt = NULL;
  if (error != NULL)
    {
      client->failures++;
      if (!may_retry (client, error))
        end (client, error);
      else
        {
          g_clear_error (&client->error);
          client->error = g_error_copy (error);
          wait_and_connect (client, error);
        }
      return;
    }

  client->failures = 0;
  client->linked = TRUE;
  client->stats.count++;
  g_clear_error (&client->error);
  if (gsock_log_wants (GSOCK_EVENT_CONNECTED))
    tell_connected (client, carrier->fd);
  if (!client->config.check)
    {
      converse (client, carrier);
      return;
    }
  gsock_carrier_close (carrier);
  if (gsock_endpoint_get_kind (client->remote) == GSOCK_ENDPOINT_UDP)
    tell_unknown (client);
  end (client, NULL);
}

static void
connect_again (GsockClient *client)
{
  client->attempt = gsock_dial_start (client->remote, &client->config.dial,
                                      client->context, connected_cb, client);
}

/**
 * gsock_client_new:
 * @config: copied; what it points to is borrowed and outlives the client
 * @error: %GSOCK_ERROR_FAILED when the kernel gives no epoll
 *
 * Makes a client whose connections run in the thread-default main context of
 * the caller, so that stdin, signals and timers which the caller has there are
 * served by gsock_client_run() too.
 *
 * With `reconnect` and no `retries` the first connect must succeed; after that
 * failed ones are borne for ever.
 *
 * Returns: (transfer full): a client that does nothing yet; or %NULL
 */
GsockClient *
gsock_client_new (const GsockClientConfig *config, GError **error)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  GsockWorker *worker = gsock_worker_new (context, error);
  GsockClient *client;
  GsockConnectionConfig *connection;

  if (worker == NULL)
    return NULL;

  client = g_new0 (GsockClient, 1);
  client->timer.func = timer_cb;
  client->config = *config;
  client->handler = *config->connection.handler;
  client->opened = client->handler.opened;
  client->handler.opened = opened_cb;
  client->remote = gsock_endpoint_ref (
      (GsockEndpoint *) (guintptr) config->remote);
  client->context = g_steal_pointer (&context);
  client->worker = worker;
  gsock_stats_init (&client->stats);

  connection = &client->config.connection;
  connection->handler = &client->handler;
  connection->remote = client->remote;
  connection->stats = &client->stats;
  connection->closed = closed_cb;
  connection->closed_data = client;
  if (config->preamble != NULL)
    connection->preamble = config->preamble;
  return client;
}

/**
 * gsock_client_free:
 * @client: (transfer full): a client, not inside gsock_client_run(), which
 *     leaves no connection behind
 */
void
gsock_client_free (GsockClient *client)
{
  g_return_if_fail (client->connection == NULL);

  gsock_worker_disarm (client->worker, &client->timer);
  g_clear_pointer (&client->attempt, gsock_dial_cancel);
  gsock_worker_free (client->worker);
  g_clear_error (&client->error);
  gsock_endpoint_unref (client->remote);
  g_main_context_unref (client->context);
  g_free (client);
}

/**
 * gsock_client_run:
 * @client: a client that has not run yet
 * @error: why it ended: what gsock_dial_start() or the connection says, or
 *     what gsock_client_stop() was given
 *
 * Connects, lets the handler converse, and connects again as the configuration
 * has it.
 *
 * Returns: %TRUE when the last conversation ended cleanly
 */
gboolean
gsock_client_run (GsockClient *client, GError **error)
{
  if (!client->done)
    connect_again (client);
  /* A connection that is closed has its end in the next round. */
  while (!client->done || client->connection != NULL)
    g_main_context_iteration (client->context, TRUE);

  if (client->error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&client->error));
  return FALSE;
}

/**
 * gsock_client_finish:
 * @client: a client
 *
 * There is no more to say, so no other connection will be made: run returns
 * when this one has ended (or has failed to come about), and at once, with
 * what had been lost, while none is being made.
 */
void
gsock_client_finish (GsockClient *client)
{
  client->finishing = TRUE;
  if (gsock_timer_is_armed (&client->timer))
    end (client, client->error);
}

/**
 * gsock_client_stop:
 * @client: a client
 * @error: (nullable): what run returns; %NULL: %TRUE
 *
 * Ends the connection now, whatever is queued, and run returns.
 */
void
gsock_client_stop (GsockClient *client, const GError *error)
{
  if (client->done)
    return;
  end (client, error);
  if (client->connection != NULL)
    gsock_connection_close (client->connection, error);
}

/**
 * gsock_client_get_connection:
 * @client: a client
 *
 * Returns: (nullable): the connection, %NULL while there is none
 */
GsockConnection *
gsock_client_get_connection (GsockClient *client)
{
  return client->connection;
}

/**
 * gsock_client_get_stats:
 * @client: a client
 *
 * Returns: (transfer none): what all its connections have carried
 */
const GsockStats *
gsock_client_get_stats (GsockClient *client)
{
  return &client->stats;
}

/**
 * gsock_client_get_context:
 * @client: a client
 *
 * Returns: (transfer none): the context that gsock_client_run() iterates
 */
GMainContext *
gsock_client_get_context (GsockClient *client)
{
  return client->context;
}

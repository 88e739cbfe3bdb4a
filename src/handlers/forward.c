/* forward.c: each client is connected on to another address
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A link is two connections, equal sides but for who came first.  What one side
 * says goes to the other; its end goes to the other as an end, and the way back
 * stays open until the other has ended too.
 *
 *   the client's side     held while its upstream is being connected to; pinned
 *                         until the upstream's side is gone, so that who counts
 *                         clients (a server that drains) counts links
 *   the upstream's side   never outlives the client's
 *
 * A side that fails takes the other with it, by a reset: half a stream must not
 * look like a whole one.  There is one exception.  An upstream that has said
 * all it had, and would not read all it was sent (a server that refuses an
 * upload), has given a whole answer: the client gets it, what else it sends is
 * read and dropped, and the reset comes when the client ends, or after a
 * while.
 *
 * Datagrams have no end, and none can be said to them.  So once the other side
 * has said all it had, answers are waited for until there has been none for a
 * while; and where a stream has ended that a datagram peer was connected to,
 * the link is over, and the peer's next message begins another. */

#include "config.h"

#include "handlers/forward.h"

#include <sys/socket.h>

#include "core/log.h"
#include "handlers/handlers.h"

/* How long a client may go on after its upstream has failed. */
#define LINGER (5 * G_TIME_SPAN_SECOND)

/* Belongs to the thread of its client; the state of both connections. */
typedef struct
{
  const GsockForward *forward;
  GsockDial *dial; /* while the upstream is being connected to */
  GsockConnection *client, *upstream;
  GsockTimer timer;     /* with @error: when the client has had its time; else
                           when datagrams may have been answered */
  GError *error;        /* why the upstream is gone */
  gboolean client_held; /* its upstream is full */
  gboolean upstream_held;
  gboolean client_ended; /* it has said all it had */
  gboolean upstream_ended;
} Link;

static GsockConnection *
other_side (const Link *link, const GsockConnection *connection)
{
  return connection == link->client ? link->upstream : link->client;
}

static gboolean *
held_flag (Link *link, const GsockConnection *connection)
{
  return connection == link->client ? &link->client_held : &link->upstream_held;
}

static void
let_go (Link *link, GsockConnection *connection)
{
  gboolean *held = held_flag (link, connection);

  if (!*held)
    return;
  *held = FALSE;
  gsock_connection_release (connection);
}

/* Both sides */

/* What one read of a stream without a frame gave is no message: it has as many
 * as it takes. */
static gsize
piece_size (const GsockConnection *from, const GsockConnection *to, gsize size)
{
  const GsockConnectionConfig *config = gsock_connection_get_config (to);
  gsize largest;

  if (!config->codec->raw || gsock_connection_keeps_messages (from)
      || !gsock_connection_keeps_messages (to))
    return size;
  largest = gsock_connection_get_largest (to) / (config->crlf ? 2 : 1);
  return MIN (size, MAX (largest, 1));
}

static gboolean
send_on (GsockConnection *from, GsockConnection *to, const char *data,
         gsize size, GError **error)
{
  gsize piece = piece_size (from, to, size);

  for (; size > piece; data += piece, size -= piece)
    if (!gsock_connection_send (to, data, piece, error))
      return FALSE;
  return gsock_connection_send (to, data, size, error);
}

/* It can't go on.  A datagram is lost, and the next one may be well. */
static void
refuse_message (GsockConnection *connection, const GError *error)
{
  if (!gsock_connection_is_endless (connection))
    gsock_connection_close (connection, error);
  else
    gsock_log (GSOCK_EVENT_WARNING, .id = gsock_connection_get_id (connection),
               .peer = gsock_connection_get_peer (connection), .error = error);
}

static void
message (GsockConnection *connection, const char *data, gsize size)
{
  Link *link = gsock_connection_get_state (connection);
  GsockConnection *other = other_side (link, connection);
  gboolean *held = held_flag (link, connection);
  g_autoptr (GError) error = NULL;

  if (other == NULL)
    return;
  if (!send_on (connection, other, data, size, &error))
    {
      refuse_message (connection, error);
      return;
    }
  if (!*held && gsock_connection_is_full (other))
    {
      *held = TRUE;
      gsock_connection_hold (connection);
    }
}

static void
relieved (GsockConnection *connection)
{
  Link *link = gsock_connection_get_state (connection);
  GsockConnection *feeder = link != NULL ? other_side (link, connection) : NULL;

  if (feeder != NULL)
    let_go (link, feeder);
}

/* That nobody reads any more is told when there is something to read. */
static void
gone (GsockConnection *connection G_GNUC_UNUSED)
{
}

static void
arm_at (Link *link, gint64 when)
{
  gsock_worker_arm (gsock_connection_get_worker (link->client), &link->timer,
                    when);
}

/* The client has ended, and its upstream can't. */
static void
await_answers (Link *link)
{
  arm_at (link, g_get_monotonic_time () + GSOCK_ANSWER_TIME);
}

static void
look_for_answers (Link *link)
{
  gint64 due = gsock_connection_get_active (link->upstream) + GSOCK_ANSWER_TIME;

  if (link->upstream_held || gsock_connection_get_queued (link->upstream) > 0)
    await_answers (link);
  else if (g_get_monotonic_time () < due)
    arm_at (link, due);
  else
    {
      gsock_connection_end (link->client);
      gsock_connection_close (link->upstream, NULL);
    }
}

static void
timer_cb (GsockTimer *timer)
{
  Link *link = (Link *) ((char *) timer - G_STRUCT_OFFSET (Link, timer));

  if (link->error != NULL)
    gsock_connection_close (link->client, link->error);
  else if (link->upstream != NULL)
    look_for_answers (link);
}

/* The upstream's side */

static void
upstream_ended (GsockConnection *upstream)
{
  Link *link = gsock_connection_get_state (upstream);

  link->upstream_ended = TRUE;
  gsock_connection_end (link->client);
  if (gsock_connection_is_endless (link->client))
    gsock_connection_end (upstream);
}

/* The client has all that its upstream said, as far as we know. */
static gboolean
is_client_served (const Link *link)
{
  return link->client_ended && gsock_connection_get_queued (link->client) == 0;
}

static void
upstream_closed (GsockConnection *upstream, const GError *error)
{
  Link *link = gsock_connection_get_state (upstream);

  if (link == NULL)
    return; /* the client is in the middle of its own end */
  link->upstream = NULL;
  if (error == NULL)
    gsock_connection_unpin (link->client);
  else if (!link->upstream_ended || is_client_served (link))
    gsock_connection_close (link->client, error);
  else
    {
      link->error = g_error_copy (error);
      arm_at (link, g_get_monotonic_time () + LINGER);
      let_go (link, link->client);
    }
}

static const GsockHandler upstream_handler = {
  .name = "forward",
  .frame = "raw",
  .relays = TRUE,
  .message = message,
  .ended = upstream_ended,
  .gone = gone,
  .relieved = relieved,
  .closed = upstream_closed,
};

static GsockEndpoint *
own_address (const Link *link, int fd)
{
  int type = gsock_endpoint_get_socket_type (link->forward->upstream);
  struct sockaddr_storage native = { 0 };
  socklen_t size = sizeof native;

  if (getsockname (fd, (struct sockaddr *) &native, &size) != 0)
    return NULL;
  return gsock_endpoint_new_from_native (&native, size, type);
}

/* A name has become an address: that is what is told. */
static GsockEndpoint *
address_reached (const Link *link, int fd)
{
  const GsockEndpoint *asked = link->forward->upstream;
  GsockEndpointKind kind = gsock_endpoint_get_kind (asked);
  struct sockaddr_storage native = { 0 };
  socklen_t size = sizeof native;

  if ((kind == GSOCK_ENDPOINT_TCP || kind == GSOCK_ENDPOINT_UDP)
      && getpeername (fd, (struct sockaddr *) &native, &size) == 0)
    return gsock_endpoint_new_from_native (
        &native, size, gsock_endpoint_get_socket_type (asked));
  return gsock_endpoint_ref ((GsockEndpoint *) (guintptr) asked);
}

static void
tell_connected (const Link *link, int fd)
{
  g_autoptr (GsockEndpoint) local = own_address (link, fd);
  g_autoptr (GsockEndpoint) remote = address_reached (link, fd);

  gsock_log (GSOCK_EVENT_CONNECTED,
             .id = gsock_connection_get_id (link->client), .side = "upstream",
             .local = local, .remote = remote);
}

static void
dialled_cb (GsockCarrier *carrier, const GError *error, gpointer data)
{
  Link *link = data;
  g_autoptr (GError) failure = NULL;
  GsockPeer peer;

  link->dial = NULL;
  if (error != NULL)
    {
      gsock_connection_close (link->client, error);
      return;
    }
  if (gsock_log_wants (GSOCK_EVENT_CONNECTED))
    tell_connected (link, carrier->fd);
  gsock_peer_init_from_fd (&peer, carrier->fd);
  link->upstream = gsock_connection_new (
      &link->forward->connection, gsock_connection_get_worker (link->client),
      gsock_connection_get_id (link->client), carrier, &peer, &failure);
  if (link->upstream == NULL)
    {
      gsock_connection_close (link->client, failure);
      return;
    }
  gsock_connection_set_state (link->upstream, link);
  gsock_connection_relay (link->client, link->upstream);
  gsock_connection_relay (link->upstream, link->client);
  gsock_connection_release (link->client);
}

/* The client's side */

/* Where it came to: as the balancer says that has spoken for it, or (where that
 * says nothing) of the family it is of. */
static void
take_destination (GsockAddress *address, GsockConnection *client)
{
  const GsockPeer *peer = gsock_connection_get_peer (client);
  const GsockEndpoint *local = gsock_connection_get_local (client);
  const GsockEndpoint *called = gsock_connection_get_called (client);
  struct sockaddr_storage native = { 0 };
  socklen_t size = sizeof native;
  GsockPeer ours;

  if (called != NULL && gsock_address_init_from_endpoint (address, called))
    return;
  /* A UNIX socket itself knows only the temporary name it was bound to. */
  if (peer->family == AF_UNIX && local != NULL
      && gsock_address_init_from_endpoint (address, local))
    return;
  if (getsockname (gsock_connection_get_fd (client),
                   (struct sockaddr *) &native, &size)
      != 0)
    size = 0;
  gsock_peer_init_from_native (&ours, (struct sockaddr *) &native, size);
  if (ours.family != AF_INET && ours.family != AF_INET6)
    ours = (GsockPeer) { .family = peer->family };
  gsock_address_init_from_peer (address, &ours);
}

static GsockDial *
dial_upstream (Link *link)
{
  GsockDialOptions options = link->forward->dial;
  GsockProxyHeader header = { .version = 0 };

  if (options.send_proxy != 0)
    {
      const GsockPeer *client = gsock_connection_get_peer (link->client);

      header.is_dgram = client->type == SOCK_DGRAM;
      gsock_address_init_from_peer (&header.source, client);
      take_destination (&header.destination, link->client);
      options.header = &header;
    }
  return gsock_dial_start (link->forward->upstream, &options,
                           gsock_connection_get_worker (link->client)->context,
                           dialled_cb, link);
}

/* Nothing is read from it before there is somebody to read it. */
static void
opened (GsockConnection *client)
{
  Link *link = g_new0 (Link, 1);

  link->forward = gsock_connection_get_handler_data (client);
  link->client = client;
  link->timer.func = timer_cb;
  gsock_connection_set_state (client, link);
  gsock_connection_hold (client);
  gsock_connection_pin (client);
  link->dial = dial_upstream (link);
}

static void
client_ended (GsockConnection *client)
{
  Link *link = gsock_connection_get_state (client);

  link->client_ended = TRUE;
  if (link->upstream != NULL && gsock_connection_is_endless (link->upstream))
    await_answers (link);
  else if (link->upstream != NULL)
    gsock_connection_end (link->upstream);
  else if (link->error != NULL && is_client_served (link))
    gsock_connection_close (client, link->error);
}

static void
client_closed (GsockConnection *client, const GError *error)
{
  Link *link = gsock_connection_get_state (client);
  GsockConnection *upstream = g_steal_pointer (&link->upstream);

  gsock_worker_disarm (gsock_connection_get_worker (client), &link->timer);
  g_clear_pointer (&link->dial, gsock_dial_cancel);
  if (upstream != NULL)
    {
      gsock_connection_set_state (upstream, NULL);
      gsock_connection_destroy (upstream, error);
    }
  g_clear_error (&link->error);
  g_free (link);
}

const GsockHandler gsock_forward_handler = {
  .name = "forward",
  .frame = "raw",
  .relays = TRUE,
  .opened = opened,
  .message = message,
  .ended = client_ended,
  .gone = gone,
  .relieved = relieved,
  .closed = client_closed,
};

/**
 * gsock_forward_init:
 * @forward: storage of the caller, the handler_data of gsock_forward_handler
 * @upstream: where clients are connected on to; outlives @forward
 * @dial: how; copied
 * @clients: their frame and limits, which the other sides have too; of
 *   --limit-rate one side is enough
 */
void
gsock_forward_init (GsockForward *forward, const GsockEndpoint *upstream,
                    const GsockDialOptions *dial,
                    const GsockConnectionConfig *clients)
{
  *forward = (GsockForward) {
    .upstream = upstream,
    .dial = *dial,
    .connection = {
      .handler = &upstream_handler,
      .codec = clients->codec,
      .max_message = clients->max_message,
      .crlf = clients->crlf,
      /* A link between datagrams is forgotten by its client's socket. */
      .idle_timeout = gsock_endpoint_is_stream (upstream)
                          ? clients->idle_timeout
                          : 0,
      .remote = upstream,
      .side = "upstream",
    },
  };
}

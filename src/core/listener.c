/* listener.c: listening sockets as a GSocketService: drained, bounded, paused
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* GSocketService is the front door: it watches the listening sockets and
 * accepts the first client of a burst.  Its `incoming` then drains the rest of
 * that backlog by itself, for a third of the price a client; and where several
 * wait, the poller has the sockets until the rush is over.
 *
 * Two things it can't do by itself.  When there is no room, it is stopped and
 * the clients wait in the backlog (accepting them to close them would be a
 * lie to each, and leaving it on with no descriptor free a busy loop).  When an
 * accept fails, it only warns and tries again at once, for ever: so its warning
 * is taken here as the notice that it is, and the service pauses. */

#include "config.h"

#include <errno.h>
#include <sys/socket.h>

#include <glib/gi18n-lib.h>

#include "core/call.h"
#include "core/error.h"
#include "core/listener.h"
#include "core/log.h"
#include "core/rush.h"

#define PAUSE_MS 100
/* Enough for a burst, few enough that those who are in don't wait for it. */
#define ACCEPTS_A_ROUND 256
#define FAILURES_A_ROUND 16
/* So many at once, and more may well be on their way. */
#define RUSH 3
#define TELL_FAILURES_EVERY G_USEC_PER_SEC

/* One per server; belongs to the main thread. */
struct _GsockListener
{
  GSocketService parent;
  GsockAcceptFunc accept;
  gpointer data;
  GsockListening open;
  GPtrArray *dgrams;   /* GsockDgram; they belong to their worker's thread */
  GsockWorker *worker; /* where a rush is watched; or NULL */
  GsockRush *rush;     /* or NULL: the service has the sockets */
  guint64 taken;       /* clients */
  guint pause;         /* GSource id; 0: not pausing */
  guint log_handler;
  gint64 failure_told; /* monotonic microseconds */
  gboolean full;
  gboolean started;
};

G_DEFINE_FINAL_TYPE (GsockListener, gsock_listener, G_TYPE_SOCKET_SERVICE)

/* With datagrams alone there is nothing to accept from: a service without
 * sockets begins to wait for a client, and never frees what it waits with. */
static void
update (GsockListener *listener)
{
  GSocketService *service = G_SOCKET_SERVICE (listener);
  gboolean in = listener->started && !listener->full && listener->pause == 0
                && listener->open.sockets->len > listener->dgrams->len;

  if (listener->rush != NULL)
    gsock_rush_let (listener->rush, in);
  if (in && listener->rush == NULL)
    g_socket_service_start (service);
  else
    g_socket_service_stop (service);
}

/* Accepting. */

static gboolean
pause_over_cb (gpointer data)
{
  GsockListener *listener = data;

  listener->pause = 0;
  update (listener);
  return G_SOURCE_REMOVE;
}

/* The system is short of something (descriptors, memory): it will not be less
 * so in the next microsecond. */
static void
pause_accepting (GsockListener *listener, const GsockEndpoint *local,
                 int errnum)
{
  gint64 now = g_get_monotonic_time ();

  if (listener->pause == 0)
    listener->pause = g_timeout_add (PAUSE_MS, pause_over_cb, listener);
  update (listener);
  if (listener->failure_told != 0
      && now - listener->failure_told < TELL_FAILURES_EVERY)
    return;
  listener->failure_told = now;
  gsock_log (GSOCK_EVENT_ACCEPT_FAILED, .local = local, .errnum = errnum);
}

/* These concern one client, who is gone: the next may be well. */
static gboolean
is_about_one_client (int errnum)
{
  switch (errnum)
    {
    case ECONNABORTED:
    case EINTR:
    case EPROTO:
    case EPERM: /* a firewall's rule */
    case ENETDOWN:
    case ENOPROTOOPT:
    case EHOSTDOWN:
    case ENONET:
    case EHOSTUNREACH:
    case EOPNOTSUPP:
    case ENETUNREACH:
      return TRUE;
    default:
      return FALSE;
    }
}

static const GsockEndpoint *
endpoint_of (GsockListener *listener, GSocket *from)
{
  guint i;

  if (!g_ptr_array_find (listener->open.sockets, from, &i))
    return NULL;
  return g_ptr_array_index (listener->open.endpoints, i);
}

static void
tell_accept (int from, int fd, const struct sockaddr_storage *address,
             socklen_t size)
{
  g_autofree char *who = gsock_call_sockaddr (address, size);
  g_autofree char *tail = NULL;

  if (who != NULL && *who != '\0')
    tail = g_strdup_printf ("from %s", who);
  gsock_call (GSOCK_CALL_ACCEPT, NULL, fd, 0, tail, "%d", from);
}

static void
give (GsockListener *listener, GSocket *from, GObject *carrier, int fd,
      const struct sockaddr_storage *address, socklen_t size)
{
  GsockPeer peer = { .family = AF_UNIX };

  listener->taken++;
  if (gsock_explaining ())
    tell_accept (g_socket_get_fd (from), fd, address, size);
  if (address->ss_family == AF_UNIX)
    {
      peer.local.pid = -1;
      peer.local.uid = (uid_t) -1;
      peer.local.gid = (gid_t) -1;
    }
  else
    gsock_peer_init_from_native (&peer, (const struct sockaddr *) address,
                                 size);
  if (!listener->accept (carrier, fd, &peer, endpoint_of (listener, from),
                         listener->data))
    {
      listener->full = TRUE;
      update (listener);
    }
}

/* Takes what waits in the backlog of @from.  Not with g_socket_accept: a
 * GSocket asks the kernel nine questions about its descriptor, which is more
 * than a short connection costs in all. */
static GsockDrain
drain (GSocket *from, gpointer data)
{
  GsockListener *listener = data;
  guint failures = 0;

  for (guint i = 0; i < ACCEPTS_A_ROUND && listener->started && !listener->full;
       i++)
    {
      struct sockaddr_storage address = { .ss_family = AF_UNSPEC };
      socklen_t size = sizeof address;
      int fd = accept4 (g_socket_get_fd (from), (struct sockaddr *) &address,
                        &size, SOCK_NONBLOCK | SOCK_CLOEXEC);

      if (fd >= 0)
        give (listener, from, NULL, fd, &address, size);
      else if (errno == EAGAIN || errno == EWOULDBLOCK)
        return GSOCK_DRAIN_EMPTY;
      else if (!is_about_one_client (errno) || ++failures == FAILURES_A_ROUND)
        {
          pause_accepting (listener, endpoint_of (listener, from), errno);
          return GSOCK_DRAIN_STOP;
        }
    }
  return listener->started && !listener->full ? GSOCK_DRAIN_MORE
                                              : GSOCK_DRAIN_STOP;
}

static void
rush_over (gpointer data)
{
  GsockListener *listener = data;

  g_clear_pointer (&listener->rush, gsock_rush_free);
  update (listener);
}

static const GsockRushFuncs rush_funcs = { .drain = drain, .over = rush_over };

static void
begin_rush (GsockListener *listener)
{
  if (listener->worker == NULL || !listener->started)
    return;
  listener->rush = gsock_rush_new (listener->worker, listener->open.sockets,
                                   &rush_funcs, listener);
  update (listener);
}

static gboolean
gsock_listener_incoming (GSocketService *service, GSocketConnection *incoming,
                         GObject *source)
{
  GsockListener *listener = GSOCK_LISTENER (service);
  GSocket *from = g_object_get_data (source, "socket");
  int fd = g_socket_get_fd (g_socket_connection_get_socket (incoming));
  struct sockaddr_storage address = { .ss_family = AF_UNSPEC };
  socklen_t size = sizeof address;
  guint64 before = listener->taken;

  if (!listener->started)
    return TRUE;
  /* Who has gone already is served all the same, as what it said may wait; but
   * it has no address, and rules must not take it for 0.0.0.0. */
  if (getpeername (fd, (struct sockaddr *) &address, &size) != 0
      && g_socket_get_family (from) == G_SOCKET_FAMILY_UNIX)
    address.ss_family = AF_UNIX;
  give (listener, from, g_object_ref (G_OBJECT (incoming)), fd, &address, size);
  drain (from, listener);
  if (listener->rush == NULL && listener->taken - before >= RUSH)
    begin_rush (listener);
  return TRUE;
}

/* The service's own accept has failed, and this warning is all that GIO gives
 * of it.  What failed is asked of the sockets again: they still fail, or the
 * client is served now. */
static void
gio_warning_cb (const char *domain, GLogLevelFlags level, const char *message,
                gpointer data)
{
  GsockListener *listener = data;

  if (!g_str_has_prefix (message, "fail: "))
    {
      g_log_default_handler (domain, level, message, NULL);
      return;
    }
  for (guint i = 0; i < listener->open.sockets->len; i++)
    if (drain (g_ptr_array_index (listener->open.sockets, i), listener)
        == GSOCK_DRAIN_STOP)
      break;
}

/* Opening. */

/* What has been opened since there were @before sockets is the service's too. */
static void
watch_new (GsockListener *listener, guint before)
{
  for (guint i = before; i < listener->open.sockets->len; i++)
    {
      GSocket *socket = g_ptr_array_index (listener->open.sockets, i);
      /* What `incoming` is given to tell one socket from another.  GIO has the
       * socket hold it: the socket itself would hold itself for ever. */
      g_autoptr (GObject) source = NULL;

      if (g_socket_get_socket_type (socket) == G_SOCKET_TYPE_DATAGRAM)
        continue;
      source = g_object_new (G_TYPE_OBJECT, NULL);
      g_object_set_data (source, "socket", socket);
      g_socket_listener_add_socket (G_SOCKET_LISTENER (listener), socket,
                                    source, NULL);
    }
}

/**
 * gsock_listener_add:
 * @listener: a listener
 * @endpoint: where to listen: TCP, UNIX or fd:, behind tls: or not
 * @options: family, rights of a socket file, socket options
 * @error: %GSOCK_ERROR_BIND, _DENIED, _NAME, _USAGE: one line
 *
 * Opens every socket of @endpoint with the system's longest backlog.
 *
 * Returns: whether all of them listen
 */
gboolean
gsock_listener_add (GsockListener *listener, const GsockEndpoint *endpoint,
                    const GsockListenerOptions *options, GError **error)
{
  guint before = listener->open.sockets->len;

  if (!gsock_listening_open (&listener->open, endpoint, options, error))
    return FALSE;
  watch_new (listener, before);
  return TRUE;
}

/**
 * gsock_listener_add_fd:
 * @listener: a listener
 * @fd: an inherited descriptor, the listener's where it is taken
 * @tls: whether its clients speak TLS
 * @error: %GSOCK_ERROR_BIND: it neither listens nor is for datagrams
 *
 * Returns: whether it is one
 */
gboolean
gsock_listener_add_fd (GsockListener *listener, int fd, gboolean tls,
                       GError **error)
{
  guint before = listener->open.sockets->len;

  if (!gsock_listening_adopt (&listener->open, fd, tls, error))
    return FALSE;
  watch_new (listener, before);
  return TRUE;
}

static gboolean
is_datagram (GSocket *socket)
{
  return g_socket_get_socket_type (socket) == G_SOCKET_TYPE_DATAGRAM;
}

/**
 * gsock_listener_has_datagrams:
 * @listener: a listener with all its sockets
 *
 * Returns: whether one of them is for datagrams
 */
gboolean
gsock_listener_has_datagrams (GsockListener *listener)
{
  GPtrArray *sockets = listener->open.sockets;

  for (guint i = 0; i < sockets->len; i++)
    if (is_datagram (g_ptr_array_index (sockets, i)))
      return TRUE;
  return FALSE;
}

/**
 * gsock_listener_take_datagrams:
 * @listener: a listener with all its sockets
 * @worker: in whose thread they are read
 * @options: copied
 * @func: told of each new peer
 * @data: for @func
 * @error: %GSOCK_ERROR_FAILED
 *
 * Returns: whether all those of datagrams, if there are any, are served
 */
gboolean
gsock_listener_take_datagrams (GsockListener *listener, GsockWorker *worker,
                               const GsockDgramOptions *options,
                               GsockDgramFunc func, gpointer data,
                               GError **error)
{
  const GsockListening *open = &listener->open;

  for (guint i = 0; i < open->sockets->len; i++)
    {
      GSocket *socket = g_ptr_array_index (open->sockets, i);
      GsockDgram *dgram;

      if (!is_datagram (socket))
        continue;
      dgram = gsock_dgram_new (worker, socket,
                               g_ptr_array_index (open->endpoints, i), options,
                               func, data, error);
      if (dgram == NULL)
        return FALSE;
      g_ptr_array_add (listener->dgrams, dgram);
    }
  return TRUE;
}

/**
 * gsock_listener_get_endpoints:
 * @listener: a listener
 *
 * Returns: (transfer none) (element-type GsockEndpoint): what is bound, with
 *   the ports that the kernel chose
 */
GPtrArray *
gsock_listener_get_endpoints (GsockListener *listener)
{
  return listener->open.endpoints;
}

/**
 * gsock_listener_start:
 * @listener: a listener with all its sockets
 * @worker: (nullable): of this thread, outlives the time until
 *   gsock_listener_shut(): where many clients at once are taken
 *
 * Clients are accepted from now on.
 */
void
gsock_listener_start (GsockListener *listener, GsockWorker *worker)
{
  listener->started = TRUE;
  listener->worker = worker;
  listener->log_handler = g_log_set_handler ("GLib-GIO", G_LOG_LEVEL_WARNING,
                                             gio_warning_cb, listener);
  update (listener);
}

/**
 * gsock_listener_go_on:
 * @listener: a listener that was told that there is no room
 */
void
gsock_listener_go_on (GsockListener *listener)
{
  if (!listener->full)
    return;
  listener->full = FALSE;
  update (listener);
}

static void
shut_streams (GsockListener *listener)
{
  listener->started = FALSE;
  g_clear_pointer (&listener->rush, gsock_rush_free);
  g_clear_handle_id (&listener->pause, g_source_remove);
  if (listener->log_handler != 0)
    g_log_remove_handler ("GLib-GIO", listener->log_handler);
  listener->log_handler = 0;
  g_socket_service_stop (G_SOCKET_SERVICE (listener));
  gsock_listening_shut (&listener->open);
}

/**
 * gsock_listener_close_door:
 * @listener: a listener
 *
 * As gsock_listener_shut(), but those who talk by datagrams, and are known,
 * are still listened to.
 */
void
gsock_listener_close_door (GsockListener *listener)
{
  shut_streams (listener);
  for (guint i = 0; i < listener->dgrams->len; i++)
    gsock_dgram_close_door (g_ptr_array_index (listener->dgrams, i));
}

/**
 * gsock_listener_shut:
 * @listener: a listener
 *
 * Closes every listening socket and removes the socket files that are still
 * ours.  May be called from the accept function.
 */
void
gsock_listener_shut (GsockListener *listener)
{
  shut_streams (listener);
  g_ptr_array_set_size (listener->dgrams, 0);
}

static void
gsock_listener_dispose (GObject *object)
{
  gsock_listener_shut (GSOCK_LISTENER (object));
  G_OBJECT_CLASS (gsock_listener_parent_class)->dispose (object);
}

static void
gsock_listener_finalize (GObject *object)
{
  GsockListener *listener = GSOCK_LISTENER (object);

  g_ptr_array_unref (listener->dgrams);
  gsock_listening_clear (&listener->open);
  G_OBJECT_CLASS (gsock_listener_parent_class)->finalize (object);
}

static void
gsock_listener_class_init (GsockListenerClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->dispose = gsock_listener_dispose;
  object_class->finalize = gsock_listener_finalize;
  G_SOCKET_SERVICE_CLASS (class)->incoming = gsock_listener_incoming;
}

static void
gsock_listener_init (GsockListener *listener)
{
  gsock_listening_init (&listener->open);
  listener->dgrams = g_ptr_array_new_with_free_func (
      (GDestroyNotify) gsock_dgram_free);
}

/**
 * gsock_listener_new:
 * @accept: called for each client
 * @data: for @accept
 *
 * Returns: (transfer full): a listener without sockets, not started
 */
GsockListener *
gsock_listener_new (GsockAcceptFunc accept, gpointer data)
{
  /* "active" is a construct property, and TRUE by default: the service would
   * accept from the first socket on. */
  GsockListener *listener = g_object_new (GSOCK_TYPE_LISTENER, "active", FALSE,
                                          NULL);

  listener->accept = accept;
  listener->data = data;
  return listener;
}

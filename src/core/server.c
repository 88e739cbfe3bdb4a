/* server.c: listeners, connections and an orderly end
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* An orderly end: the listening sockets are closed, so that new clients are
 * refused at once; whoever is in the middle of something may finish it within
 * the grace time; a client that has been quiet for a moment and to whom nothing
 * is owed is told by a half-close that no more comes; the rest is cut then. */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/admission.h"
#include "core/arrival.h"
#include "core/error.h"
#include "core/log.h"
#include "core/server.h"
#include "core/shards.h"
#include "core/units.h"

#define TELL_FULL_EVERY (2 * G_USEC_PER_SEC)

typedef enum
{
  SERVING,
  DRAINING,
  STOPPED,
} Phase;

/* Belongs to the main thread. */
struct _GsockServer
{
  GsockServerConfig config;
  GMainLoop *loop;
  GsockWorker *worker;
  GsockListener *listener;
  GsockAdmission admission;
  GHashTable *checks;      /* the ids of those that are balancers' own */
  GsockArrivals balancers; /* who have not said yet for whom they come */
  GsockShards shards;      /* where the connections live */
  GsockStats stats;
  GsockTimer look; /* accept timeout, idle exit, drain */
  GError *error;
  gint64 idle_since; /* no client since; monotonic microseconds */
  gint64 drain_until;
  guint64 last_id;
  guint capacity;
  Phase phase;
  gint64 full_told; /* monotonic microseconds */
  gboolean is_full;
  gboolean is_cutting;   /* the log tells how many, not each */
  gboolean tell_resumed; /* the FULL before it was told too */
};

static GsockServer *
server_from_timer (GsockTimer *timer)
{
  return (GsockServer *) ((char *) timer - G_STRUCT_OFFSET (GsockServer, look));
}

/* The end. */

static void
quit_when_empty (GsockServer *server)
{
  if (server->phase != DRAINING || server->stats.active > 0)
    return;
  server->phase = STOPPED;
  g_main_loop_quit (server->loop);
}

static void
cut_all (GsockServer *server)
{
  server->is_cutting = TRUE;
  gsock_shards_cut (&server->shards);
}

/* They could not finish, and have had time since the server was stopped. */
static void
cut_late (GsockServer *server, gint64 now)
{
  gint64 left = MAX (server->drain_until - now, 0);

  if (server->stats.active > 0 && !server->is_cutting)
    gsock_log (GSOCK_EVENT_DRAIN_TIMEOUT, .count = server->stats.active,
               .duration = server->config.grace - left);
  cut_all (server);
}

static void
look_at_drain (GsockServer *server, gint64 now)
{
  if (now < server->drain_until)
    {
      gsock_worker_arm (server->worker, &server->look, server->drain_until);
      return;
    }
  cut_late (server, now);
}

/**
 * gsock_server_stop:
 * @server: a server
 * @why: (nullable): a word for the log, not translated: "exit-idle-time"
 *
 * Stops accepting and drains for the grace time; the second call cuts.
 */
void
gsock_server_stop (GsockServer *server, const char *why)
{
  gint64 now = g_get_monotonic_time ();

  if (server->phase == STOPPED)
    return;
  if (server->phase == DRAINING)
    {
      cut_late (server, now);
      return;
    }
  server->phase = DRAINING;
  (void) gsock_notify ("STOPPING=1");
  gsock_listener_shut (server->listener); /* before it is told */
  gsock_log (GSOCK_EVENT_STOPPING, .text = why, .count = server->stats.active);
  gsock_arrivals_drop (&server->balancers);
  server->drain_until = now + server->config.grace;
  gsock_worker_arm (server->worker, &server->look, server->drain_until);
  gsock_shards_drain (&server->shards);
  quit_when_empty (server);
}

/**
 * gsock_server_fail:
 * @server: a server
 * @error: why
 *
 * As gsock_server_stop(), and gsock_server_run() returns a copy of @error.
 */
void
gsock_server_fail (GsockServer *server, const GError *error)
{
  if (server->error == NULL)
    server->error = g_error_copy (error);
  if (server->phase == SERVING)
    gsock_server_stop (server, NULL);
}

/* Waiting. */

static void
look_at_waiting (GsockServer *server, gint64 now)
{
  gint64 idle = server->config.exit_idle_time;
  gint64 accept = server->config.accept_timeout;

  if (server->stats.active > 0)
    return; /* armed again when the last one has left */
  if (accept > 0 && server->stats.count == 0
      && now >= server->idle_since + accept)
    {
      g_autofree char *time = gsock_format_time (accept);
      g_autoptr (GError) error = g_error_new (
          GSOCK_ERROR, GSOCK_ERROR_TIMED_OUT,
          /* TRANSLATORS: a time such as "5 s". */
          _ ("No client came within %s (--accept-timeout)"), time);

      server->error = g_steal_pointer (&error);
      gsock_server_stop (server, "accept-timeout");
    }
  else if (idle > 0 && now >= server->idle_since + idle)
    gsock_server_stop (server, "exit-idle-time");
}

static void
arm_waiting (GsockServer *server)
{
  gint64 idle = server->config.exit_idle_time;
  gint64 accept = server->config.accept_timeout;
  gint64 wait = 0;

  if (server->phase != SERVING)
    return;
  if (accept > 0 && server->stats.count == 0)
    wait = accept;
  if (idle > 0 && (wait == 0 || idle < wait))
    wait = idle;
  if (wait > 0)
    gsock_worker_arm (server->worker, &server->look, server->idle_since + wait);
}

static void
look_cb (GsockTimer *timer)
{
  GsockServer *server = server_from_timer (timer);
  gint64 now = g_get_monotonic_time ();

  if (server->phase == DRAINING)
    {
      look_at_drain (server, now);
      return;
    }
  look_at_waiting (server, now);
  if (server->stats.active == 0)
    arm_waiting (server);
}

/* Clients. */

/* @via: (nullable): who has connected for it. */
static gboolean
take_client (GsockServer *server, GsockCarrier *carrier, GsockPeer *peer,
             const GsockEndpoint *local, const GsockPeer *via)
{
  if (!gsock_admission_let_in (&server->admission, carrier->fd, peer, local))
    return FALSE;
  server->last_id++;
  gsock_log (GSOCK_EVENT_ACCEPTED, .id = server->last_id, .local = local,
             .peer = peer, .via = via, .called = carrier->called);
  server->stats.count++;
  server->stats.active++;
  /* One without a descriptor shares its socket, which the main thread reads. */
  gsock_shard_take (carrier->fd < 0 ? server->shards.own
                                    : gsock_shards_get_idlest (&server->shards),
                    server->last_id, carrier, peer,
                    gsock_endpoint_is_tls (local) ? server->config.tls : NULL);
  return TRUE;
}

static gboolean
has_room (const GsockServer *server)
{
  return server->stats.active + gsock_arrivals_count (&server->balancers)
         < server->capacity;
}

/* A server that stays at its limit is full and not full with every client: the
 * log is told now and then. */
static void
tell_full (GsockServer *server)
{
  gint64 now = g_get_monotonic_time ();

  if (server->full_told != 0 && now - server->full_told < TELL_FULL_EVERY)
    return;
  server->full_told = now;
  server->tell_resumed = TRUE;
  gsock_log (GSOCK_EVENT_FULL, .count = server->capacity);
}

static GsockCarrier
accepted_carrier (int fd, GObject *owner, GsockPeer *peer,
                  const GsockEndpoint *local)
{
  if (local != NULL && gsock_endpoint_is_stream (local))
    return gsock_carrier_plain (fd, owner, g_object_unref);
  peer->type = SOCK_SEQPACKET;
  return gsock_carrier_for_socket (fd, owner, g_object_unref);
}

/* The first message of somebody who talks by datagrams. */
static GsockDgramAnswer
datagram_cb (GsockCarrier *carrier, const GsockPeer *address,
             const GsockEndpoint *local, gpointer data)
{
  GsockServer *server = data;
  GsockPeer peer = *address;

  if (server->stats.active >= server->capacity)
    return GSOCK_DGRAM_NO_ROOM;
  if (!gsock_admission_trusts (&server->admission, -1, &peer, local)
      || !take_client (server, carrier, &peer, local, NULL))
    return GSOCK_DGRAM_DENIED;
  if (server->config.once)
    gsock_listener_close_door (server->listener);
  return GSOCK_DGRAM_IN;
}

/* How a balancer looks whether somebody is here: it connects and breaks off.
 * Nothing has come of it, nor was anything lost. */
static void
tell_glance (GsockServer *server, const GsockPeer *peer,
             const GsockEndpoint *local)
{
  server->last_id++;
  gsock_log (GSOCK_EVENT_ACCEPTED, .id = server->last_id, .local = local,
             .peer = peer);
  gsock_log (GSOCK_EVENT_CLOSED, .id = server->last_id, .peer = peer,
             .text = "reset");
}

static void
receive_balancer (GsockServer *server, GsockCarrier *carrier, GsockPeer *peer)
{
  const GsockEndpoint *local = carrier->local;

  if (peer->family == AF_UNSPEC)
    tell_glance (server, peer, local); /* gone before we could ask who it is */
  else if (gsock_admission_trusts (&server->admission, carrier->fd, peer,
                                   local))
    gsock_arrivals_introduce (&server->balancers, carrier, peer);
}

static gboolean
accept_cb (GObject *owner, int fd, const GsockPeer *address,
           const GsockEndpoint *local, gpointer data)
{
  GsockServer *server = data;
  GsockPeer peer = *address;
  g_auto (GsockCarrier) carrier = accepted_carrier (fd, owner, &peer, local);

  carrier.local = local;
  if (gsock_admission_wants_header (&server->admission))
    receive_balancer (server, &carrier, &peer);
  else if (take_client (server, &carrier, &peer, local, NULL)
           && server->config.once)
    {
      gsock_listener_shut (server->listener);
      return TRUE;
    }
  if (has_room (server))
    return TRUE;
  server->is_full = TRUE;
  tell_full (server);
  return FALSE;
}

/* What fails the server fails its clients too: it is said at the end. */
static gboolean
is_ours (const GsockServer *server, const GError *error)
{
  return server->error != NULL
         && g_error_matches (error, server->error->domain, server->error->code)
         && g_str_equal (error->message, server->error->message);
}

static void
tell_failed (GsockServer *server, guint64 id, const GsockPeer *peer,
             const GError *error)
{
  if (server->config.once && server->error == NULL)
    server->error = g_error_copy (error);
  else if (!is_ours (server, error))
    gsock_log (GSOCK_EVENT_WARNING, .id = id, .peer = peer, .error = error);
}

static void
have_room (GsockServer *server)
{
  server->is_full = FALSE;
  if (server->tell_resumed)
    gsock_log (GSOCK_EVENT_RESUMED, .count = server->stats.active);
  server->tell_resumed = FALSE;
  gsock_listener_go_on (server->listener);
}

static gpointer
key_of (guint64 id)
{
  return GSIZE_TO_POINTER ((gsize) id);
}

static void
take_introduced (GsockServer *server, GsockCarrier *carrier,
                 const GsockArrival *arrival)
{
  GsockPeer peer = arrival->peer;
  const GsockPeer *via = arrival->via.family != AF_UNSPEC ? &arrival->via
                                                          : NULL;
  gpointer key = key_of (server->last_id + 1);

  if (carrier->is_check)
    g_hash_table_add (server->checks, key);
  if (!take_client (server, carrier, &peer, arrival->local, via))
    g_hash_table_remove (server->checks, key);
  else if (server->config.once)
    {
      gsock_listener_shut (server->listener);
      gsock_arrivals_drop (&server->balancers);
    }
}

/* A balancer has said for whom it has connected, or not. */
static void
introduced_cb (const GsockArrival *arrival, GsockCarrier *carrier,
               const GError *error, gpointer data)
{
  GsockServer *server = data;

  if (g_error_matches (error, GSOCK_ERROR, GSOCK_ERROR_RESET)
      || (carrier->is_check && server->config.once)) /* not the one client */
    tell_glance (server, &arrival->peer, arrival->local);
  else if (error != NULL)
    gsock_log (GSOCK_EVENT_BAD_HEADER, .local = arrival->local,
               .peer = &arrival->peer, .error = error);
  else
    take_introduced (server, carrier, arrival);
  if (server->phase == SERVING && server->is_full && has_room (server))
    have_room (server);
}

static void
gone_cb (guint64 id, const GsockPeer *peer, const GError *error, gpointer data)
{
  GsockServer *server = data;
  gboolean is_glance;

  gsock_admission_leave (&server->admission, peer);
  server->stats.active--;
  is_glance = g_hash_table_remove (server->checks, key_of (id))
              && g_error_matches (error, GSOCK_ERROR, GSOCK_ERROR_RESET);
  if (error != NULL && !server->is_cutting && !is_glance)
    tell_failed (server, id, peer, error);
  if (server->config.once && server->phase == SERVING)
    server->phase = DRAINING;
  if (server->phase == SERVING && server->is_full && has_room (server))
    have_room (server);
  if (server->stats.active == 0)
    {
      server->idle_since = g_get_monotonic_time ();
      arm_waiting (server);
    }
  quit_when_empty (server);
}

/* Starting. */

/* A --once server's only peer may be silent for as long as it likes. */
static gboolean
take_datagrams (GsockServer *server, GError **error)
{
  const GsockServerConfig *config = &server->config;
  gint64 idle = config->connection.idle_timeout;
  GsockDgramOptions options = {
    .idle = idle > 0 || config->once ? idle : GSOCK_DGRAM_IDLE,
    .max_peers = MIN (server->capacity, GSOCK_DGRAM_PEERS),
    .max_message = config->connection.max_message,
    .answers = config->answers,
    .both_ways = config->connection.handler->relays,
  };

  if (!gsock_listener_has_datagrams (server->listener))
    return TRUE;
  gsock_shards_add_own (&server->shards, &config->connection, &server->stats,
                        gone_cb, server);
  return gsock_listener_take_datagrams (server->listener, server->worker,
                                        &options, datagram_cb, server, error);
}

/**
 * gsock_server_new:
 * @config: copied; what it points to is borrowed and must outlive the server
 * @error: %GSOCK_ERROR_BIND, _DENIED, _NAME, _USAGE: one line
 *
 * Binds and listens everywhere or nowhere.  Without an endpoint it takes the
 * sockets that the service manager has passed.
 *
 * Returns: (transfer full): a server that does not accept yet
 */
GsockServer *
gsock_server_new (const GsockServerConfig *config, GError **error)
{
  g_autoptr (GsockServer) server = g_new0 (GsockServer, 1);

  server->config = *config;
  server->config.connection.preamble = config->banner;
  server->config.listen.no_datagrams = config->connection.handler->needs_end;
  server->look.func = look_cb;
  gsock_admission_init (&server->admission, config->acl, config->balancers,
                        config->max_per_host);
  server->checks = g_hash_table_new (NULL, NULL);
  gsock_stats_init (&server->stats);
  server->loop = g_main_loop_new (NULL, FALSE);
  server->worker = gsock_worker_new (g_main_context_default (), error);
  if (server->worker == NULL)
    return NULL;
  gsock_arrivals_init (&server->balancers, server->worker, introduced_cb,
                       server);
  server->listener = gsock_listener_new (accept_cb, server);
  if (!gsock_listener_open (server->listener, config->endpoints,
                            &server->config.listen, error)
      || (config->settle != NULL
          && !config->settle (config->settle_data, error)))
    return NULL;
  if (!gsock_shards_init (&server->shards,
                          config->once ? 1 : MAX (config->workers, 1),
                          &server->config.connection, server->worker,
                          &server->stats, gone_cb, server, error))
    return NULL;
  server->capacity = gsock_admission_capacity (config->max_connections,
                                               config->descriptors);
  if (!take_datagrams (server, error))
    return NULL;
  return g_steal_pointer (&server);
}

/**
 * gsock_server_free:
 * @server: (transfer full): not running
 *
 * Cuts whoever is left.
 */
void
gsock_server_free (GsockServer *server)
{
  if (server->listener != NULL)
    gsock_listener_shut (server->listener);
  server->phase = STOPPED;
  gsock_arrivals_drop (&server->balancers);
  cut_all (server);
  while (server->stats.active > 0)
    g_main_context_iteration (NULL, server->shards.counted != NULL);
  g_clear_object (&server->listener);
  gsock_shards_clear (&server->shards);
  if (server->worker != NULL)
    {
      gsock_worker_disarm (server->worker, &server->look);
      gsock_worker_free (server->worker);
    }
  g_main_loop_unref (server->loop);
  gsock_admission_clear (&server->admission);
  g_hash_table_unref (server->checks);
  g_clear_error (&server->error);
  g_free (server);
}

/**
 * gsock_server_run:
 * @server: a server
 * @error: a --once client's error, a timeout, or gsock_server_fail()'s
 *
 * Announces itself, serves until it is stopped, and drains.
 *
 * Returns: FALSE with @error
 */
gboolean
gsock_server_run (GsockServer *server, GError **error)
{
  GsockStats sum;

  gsock_listener_start (server->listener, server->worker);
  server->idle_since = g_get_monotonic_time ();
  if (!gsock_listener_announce (server->listener, server->config.ready_fd,
                                error))
    return FALSE;
  arm_waiting (server);
  if (server->phase != STOPPED)
    g_main_loop_run (server->loop);
  gsock_listener_shut (server->listener);
  sum = gsock_stats_sum (&server->stats);
  gsock_log (GSOCK_EVENT_STOPPED, .count = sum.count, .in = sum.in,
             .out = sum.out, .duration = g_get_monotonic_time () - sum.since);
  if (server->error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&server->error));
  return FALSE;
}

static gboolean
reload_tls (GsockTls *tls)
{
  g_autoptr (GError) error = NULL;

  if (tls == NULL || gsock_tls_reload (tls, &error))
    return TRUE;
  gsock_log (GSOCK_EVENT_WARNING, .error = error);
  return FALSE;
}

/**
 * gsock_server_reload:
 * @server: a server
 *
 * Reads rule files and certificates again; what is bad changes nothing.
 */
void
gsock_server_reload (GsockServer *server)
{
  gboolean rules, ours;

  (void) gsock_notify_reloading ();
  rules = gsock_admission_reload (&server->admission);
  ours = reload_tls (server->config.tls);
  if (reload_tls (server->config.upstream_tls) && ours && rules)
    gsock_log (GSOCK_EVENT_RELOADED);
  (void) gsock_notify ("READY=1");
}

const GsockStats *
gsock_server_get_stats (GsockServer *server)
{
  return &server->stats;
}

GsockWorker *
gsock_server_get_worker (GsockServer *server)
{
  return server->worker;
}

/**
 * gsock_server_get_workers:
 * @server: a server
 * @n: how many
 *
 * Returns: (transfer container) (array length=n): those that serve; g_free
 */
GsockWorker **
gsock_server_get_workers (GsockServer *server, guint *n)
{
  return gsock_shards_get_workers (&server->shards, n);
}

GMainContext *
gsock_server_get_context (GsockServer *server)
{
  return server->worker->context;
}

/* dgram.c: one datagram socket, many peers: each one a carrier of its own
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A datagram socket is not accepted from: whoever knows its address sends to
 * it, and each message says who did.  So that to handlers a peer is a
 * connection like any other, the socket is read here, and what came is put into
 * the queue of the peer that sent it:
 *
 *   socket --recvmmsg--> peer by address -> its queue -> carrier.receive
 *   socket <--sendmmsg-- messages of all <- carrier.send
 *
 * A peer is made by its first message and lives until it has been silent for a
 * while, or until it is the longest silent one and another needs its place in
 * the table: a sender can forge as many addresses as it likes, so the table is
 * bounded.  Its carrier has no descriptor; its connection's watch is told what
 * a descriptor's would be by the kernel.
 *
 * What is lost is counted and told, by why it is.  A peer that is not let in
 * has its place in the table too, so that the log says it once and not with
 * each message. */

#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/call.h"
#include "core/dgram-private.h"
#include "core/dgram-socket.h"
#include "core/error.h"

/* A peer whose place another one took some time ago. */
#define EXPIRE_A_ROUND 256

static GsockDgram *
dgram_from_timer (GsockTimer *timer)
{
  return (GsockDgram *) ((char *) timer - G_STRUCT_OFFSET (GsockDgram, expiry));
}

GsockDgram *
dgram_ref (GsockDgram *dgram)
{
  dgram->refs++;
  return dgram;
}

void
dgram_unref (GsockDgram *dgram)
{
  if (--dgram->refs > 0)
    return;
  gsock_poller_remove (dgram->worker->poller, &dgram->watch);
  gsock_worker_disarm (dgram->worker, &dgram->expiry);
  dgram_io_clear (dgram);
  if (gsock_explaining ())
    gsock_call (GSOCK_CALL_CLOSE, NULL, 0, 0, NULL, "%d", dgram->fd);
  g_hash_table_unref (dgram->peers);
  g_ptr_array_unref (dgram->blocked);
  /* Its listener goes on knowing it, and leaves the closing to us. */
  g_socket_close (dgram->socket, NULL);
  g_object_unref (dgram->socket);
  gsock_endpoint_unref (dgram->local);
  g_free (dgram);
}

/* Who it is. */

static gboolean
has_name (const DgramPeer *peer)
{
  return peer->address.size > sizeof (sa_family_t);
}

/* Seeded: a sender must not be able to put all its forged addresses into one
 * bucket. */
static guint
peer_hash (gconstpointer data)
{
  static guint32 seed;
  const DgramPeer *peer = data;
  const guint8 *bytes = (const guint8 *) &peer->address.storage;
  guint32 hash;

  while (seed == 0)
    seed = g_random_int ();
  hash = seed ^ (guint32) peer->uid;
  if (!has_name (peer))
    return hash ^ (guint32) peer->pid;
  for (gsize i = 0; i < peer->address.size; i++)
    {
      hash += bytes[i];
      hash += hash << 10;
      hash ^= hash >> 6;
    }
  hash += hash << 3;
  hash ^= hash >> 11;
  return hash + (hash << 15);
}

static gboolean
peer_equal (gconstpointer one, gconstpointer two)
{
  const DgramPeer *a = one, *b = two;

  if (a->address.size != b->address.size || a->uid != b->uid)
    return FALSE;
  if (!has_name (a))
    return a->pid == b->pid;
  return memcmp (&a->address.storage, &b->address.storage, a->address.size)
         == 0;
}

GsockPeer
dgram_describe (const DgramPeer *peer)
{
  GsockPeer who;

  gsock_peer_init_from_native (&who, &peer->address.any, peer->address.size);
  who.type = SOCK_DGRAM;
  if (peer->dgram->family != AF_UNIX)
    return who;
  who.family = AF_UNIX; /* one without a name has no family either */
  who.local.uid = peer->uid;
  who.local.gid = (gid_t) -1;
  who.local.pid = peer->pid > 0 ? peer->pid : -1;
  return who;
}

/* The table. */

static void
arm_expiry (GsockDgram *dgram)
{
  const DgramPeer *oldest = g_queue_peek_head (&dgram->order);

  if (oldest != NULL && dgram->options.idle > 0
      && !gsock_timer_is_armed (&dgram->expiry))
    gsock_worker_arm (dgram->worker, &dgram->expiry,
                      oldest->active + dgram->options.idle);
}

void
dgram_forget_peer (DgramPeer *peer)
{
  GsockDgram *dgram = peer->dgram;

  if (!peer->known)
    return;
  peer->known = FALSE;
  g_queue_unlink (&dgram->order, &peer->link);
  g_hash_table_remove (dgram->peers, peer);
  dgram_peer_unref (peer);
}

/* Its connection reads the end, when it has read all before it. */
void
dgram_expire (DgramPeer *peer)
{
  dgram_peer_ref (peer);
  peer->expired = TRUE;
  peer->leaving = peer->watch != NULL;
  peer->dgram->leaving += peer->leaving;
  dgram_forget_peer (peer);
  dgram_peer_tell (peer, GSOCK_READY_IN);
  dgram_peer_unref (peer);
}

static void
expiry_cb (GsockTimer *timer)
{
  GsockDgram *dgram = dgram_from_timer (timer);
  gint64 now = g_get_monotonic_time ();
  DgramPeer *oldest;

  for (guint i = 0; i < EXPIRE_A_ROUND; i++)
    {
      oldest = g_queue_peek_head (&dgram->order);
      if (oldest == NULL || oldest->active + dgram->options.idle > now)
        break;
      dgram_expire (oldest);
    }
  dgram_tell_losses (dgram);
  arm_expiry (dgram);
}

static void
remember (DgramPeer *peer)
{
  GsockDgram *dgram = peer->dgram;

  peer->known = TRUE;
  g_hash_table_add (dgram->peers, dgram_peer_ref (peer));
  g_queue_push_tail_link (&dgram->order, &peer->link);
}

/* The longest silent one goes. */
static void
make_room (GsockDgram *dgram)
{
  DgramPeer *oldest = g_queue_peek_head (&dgram->order);

  if (oldest != NULL)
    dgram_expire (oldest);
}

/* Denied until it is let in: so that its place is kept where it is not. */
static void
welcome (DgramPeer *peer)
{
  GsockDgram *dgram = peer->dgram;
  GsockPeer who = dgram_describe (peer);
  g_auto (GsockCarrier) carrier = dgram_peer_carrier (peer);
  GsockDgramAnswer answer;

  peer->denied = TRUE;
  answer = dgram->func (&carrier, &who, dgram->local, dgram->data);
  if (answer == GSOCK_DGRAM_DENIED)
    return;
  peer->denied = FALSE;
  if (answer == GSOCK_DGRAM_IN)
    return;
  dgram_forget_peer (peer);
  dgram_lose (dgram, peer, DGRAM_LOST_ROOM, 1);
  if (dgram->leaving == 0)
    make_room (dgram);
}

static DgramPeer *
find_peer (GsockDgram *dgram, const GsockAddress *address,
           const struct ucred *credentials)
{
  DgramPeer key = { .address = *address,
                    .uid = credentials->uid,
                    .pid = credentials->pid };

  return g_hash_table_lookup (dgram->peers, &key);
}

/* One that is denied does not stay so for as long as it goes on sending. */
void
dgram_note_active (DgramPeer *peer)
{
  GsockDgram *dgram = peer->dgram;

  if (peer->denied || !peer->known)
    return;
  peer->active = gsock_worker_now (dgram->worker);
  g_queue_unlink (&dgram->order, &peer->link);
  g_queue_push_tail_link (&dgram->order, &peer->link);
}

void
dgram_deliver (GsockDgram *dgram, const GsockAddress *address,
               const struct ucred *credentials, const DgramInfo *info,
               const char *data, gsize size, gsize stored)
{
  DgramPeer *peer = find_peer (dgram, address, credentials);
  gboolean is_new = peer == NULL;

  if (is_new && dgram->no_more)
    {
      dgram_lose (dgram, NULL, DGRAM_LOST_ROOM, 1);
      return;
    }
  if (is_new)
    {
      peer = dgram_peer_new (dgram, address, credentials);
      peer->active = gsock_worker_now (dgram->worker);
      if (g_queue_get_length (&dgram->order) >= dgram->options.max_peers)
        make_room (dgram);
      remember (peer);
    }
  else
    dgram_peer_ref (peer);
  peer->came += size;
  peer->info = *info;
  dgram_note_active (peer);
  if (!peer->denied)
    dgram_peer_take (peer, data, size, stored);
  if (is_new)
    {
      welcome (peer);
      arm_expiry (dgram);
    }
  dgram_peer_unref (peer);
}

/* Its life. */

static void
ready_cb (GsockWatch *watch)
{
  GsockDgram *dgram = (GsockDgram *) watch;

  dgram_ref (dgram);
  if (watch->ready & GSOCK_READY_OUT)
    {
      dgram_flush (dgram);
      if (dgram->out_count == 0 && !gsock_timer_is_armed (&dgram->again))
        dgram_unblock_all (dgram);
    }
  if (!dgram->closed && (watch->ready & GSOCK_READY_IN))
    dgram_read (dgram);
  dgram_unref (dgram);
}

static void
again_cb (GsockTimer *timer)
{
  GsockDgram *dgram = (GsockDgram *) ((char *) timer
                                      - G_STRUCT_OFFSET (GsockDgram, again));

  dgram_unblock_all (dgram);
}

/* Whoever says that he is somebody else has us answer to that one. */
static void
warn_of_forgery (const GsockDgram *dgram, const GsockAddress *bound)
{
  g_autofree char *here = NULL;
  g_autoptr (GError) error = NULL;

  if (!dgram->options.answers || gsock_address_is_local (bound))
    return;
  here = gsock_endpoint_to_display (dgram->local);
  error = g_error_new (
      GSOCK_ERROR, GSOCK_ERROR_LIMIT,
      /* TRANSLATORS: an address. */
      _ ("%s can be reached from other machines; over UDP a sender's address "
         "can be forged, so no answer is longer than what it answers"),
      here);
  gsock_log (GSOCK_EVENT_WARNING, .error = error);
}

/**
 * gsock_dgram_new:
 * @worker: whose thread it belongs to
 * @socket: bound; a reference is kept
 * @local: its address, as it is told
 * @options: copied
 * @func: told of each peer that isn't known, with its carrier
 * @data: for @func
 * @error: %GSOCK_ERROR_FAILED
 *
 * Returns: (transfer full): a socket that is read from now on
 */
GsockDgram *
gsock_dgram_new (GsockWorker *worker, GSocket *socket,
                 const GsockEndpoint *local, const GsockDgramOptions *options,
                 GsockDgramFunc func, gpointer data, GError **error)
{
  GsockDgram *dgram = g_new0 (GsockDgram, 1);
  GsockAddress bound = { .size = sizeof bound.storage };

  dgram->fd = g_socket_get_fd (socket);
  if (!gsock_poller_add (worker->poller, &dgram->watch, dgram->fd, ready_cb,
                         error))
    {
      g_free (dgram);
      return NULL;
    }
  dgram->refs = 1;
  dgram->worker = worker;
  dgram->socket = g_object_ref (socket);
  dgram->local = gsock_endpoint_ref ((GsockEndpoint *) (guintptr) local);
  dgram->options = *options;
  dgram->func = func;
  dgram->data = data;
  dgram->expiry.func = expiry_cb;
  dgram->again.func = again_cb;
  dgram->peers = g_hash_table_new (peer_hash, peer_equal);
  dgram->blocked = g_ptr_array_new ();
  (void) getsockname (dgram->fd, &bound.any, &bound.size);
  dgram->family = bound.any.sa_family;
  dgram->any = gsock_address_is_any (&bound);
  dgram->largest = gsock_dgram_largest (dgram->fd, dgram->family);
  dgram_io_init (dgram);
  warn_of_forgery (dgram, &bound);
  gsock_poller_want (worker->poller, &dgram->watch, GSOCK_READY_IN);
  return dgram;
}

/**
 * gsock_dgram_close_door:
 * @dgram: a socket
 *
 * Messages of peers that are not known yet are dropped from now on.
 */
void
gsock_dgram_close_door (GsockDgram *dgram)
{
  dgram->no_more = TRUE;
}

/**
 * gsock_dgram_free:
 * @dgram: (transfer full): a socket
 *
 * Nothing more is read, and so each peer has ended.  The socket itself is closed
 * with the last of its carriers, which may go on sending.
 */
void
gsock_dgram_free (GsockDgram *dgram)
{
  DgramPeer *peer;

  dgram->closed = dgram->no_more = TRUE;
  gsock_worker_disarm (dgram->worker, &dgram->expiry);
  while ((peer = g_queue_peek_head (&dgram->order)) != NULL)
    dgram_expire (peer);
  dgram_tell_losses (dgram);
  gsock_poller_want (dgram->worker->poller, &dgram->watch, 0);
  dgram_unref (dgram);
}

/**
 * gsock_dgram_get_lost:
 * @dgram: a socket
 *
 * Returns: how many messages did not reach a handler, or whom they were for
 */
guint64
gsock_dgram_get_lost (const GsockDgram *dgram)
{
  return dgram->lost;
}

/* dgram-peer.c: one of a datagram socket's many peers, as a carrier
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <string.h>

#include "core/dgram-private.h"
#include "core/dgram-socket.h"

/* Kept for a handler that is held; what comes then is lost, as it would be in
 * the kernel's own queue. */
#define WAITING_BYTES (256 * 1024)
#define WAITING_MAX 4096

DgramPeer *
dgram_peer_new (GsockDgram *dgram, const GsockAddress *address,
                const struct ucred *credentials)
{
  DgramPeer *peer = g_new0 (DgramPeer, 1);

  peer->dgram = dgram_ref (dgram);
  peer->refs = 1;
  peer->link.data = peer;
  peer->address = *address;
  peer->uid = credentials->uid;
  peer->pid = credentials->pid;
  return peer;
}

DgramPeer *
dgram_peer_ref (DgramPeer *peer)
{
  peer->refs++;
  return peer;
}

void
dgram_peer_unref (DgramPeer *peer)
{
  if (--peer->refs > 0)
    return;
  gsock_buffer_clear (&peer->in);
  dgram_unref (peer->dgram);
  g_free (peer);
}

void
dgram_peer_tell (DgramPeer *peer, guint ready)
{
  if (peer->watch != NULL)
    gsock_poller_tell (peer->dgram->worker->poller, peer->watch, ready);
}

/* @stored bytes of a message that had @size. */
void
dgram_peer_take (DgramPeer *peer, const char *data, gsize size, gsize stored)
{
  const DgramHead head = { size, stored };

  if (peer->waiting > 0
      && (peer->waiting >= WAITING_MAX
          || peer->in.size + stored > WAITING_BYTES))
    {
      dgram_lose (peer->dgram, peer, DGRAM_LOST_QUEUE, 1);
      return;
    }
  if (!gsock_buffer_append (&peer->in, &head, sizeof head, 0))
    return;
  if (!gsock_buffer_append (&peer->in, data, stored, 0))
    {
      /* The head is the last thing in it. */
      peer->in.size -= sizeof head;
      dgram_lose (peer->dgram, peer, DGRAM_LOST_QUEUE, 1);
      return;
    }
  peer->waiting++;
  dgram_peer_tell (peer, GSOCK_READY_IN);
}

/* The carrier. */

static gssize
peer_receive (GsockCarrier *carrier, char *data, gsize size,
              G_GNUC_UNUSED GError **error)
{
  DgramPeer *peer = carrier->state;
  DgramHead head;
  gsize queued;
  const char *first = gsock_buffer_peek (&peer->in, &queued);

  if (queued > 0)
    {
      memcpy (&head, first, sizeof head);
      memcpy (data, first + sizeof head, MIN (head.stored, size));
      gsock_buffer_consume (&peer->in, sizeof head + head.stored);
      peer->waiting--;
      return (gssize) head.size;
    }
  if (peer->errnum != 0)
    {
      errno = peer->errnum;
      return -1;
    }
  carrier->ended = peer->expired;
  errno = EAGAIN;
  return peer->expired ? 0 : -1;
}

static gssize
peer_send (GsockCarrier *carrier, const char *data, gsize size,
           G_GNUC_UNUSED GError **error)
{
  DgramPeer *peer = carrier->state;
  GsockDgram *dgram = peer->dgram;
  int errnum;

  /* What can't go is as good as gone: to wait would not help. */
  if (peer->address.size <= sizeof (sa_family_t))
    {
      dgram_lose (dgram, peer, DGRAM_LOST_NAME, 1);
      return (gssize) size;
    }
  if (dgram->options.answers && dgram->family != AF_UNIX
      && size > peer->came - peer->went)
    {
      dgram_lose (dgram, peer, DGRAM_LOST_LONGER, 1);
      return (gssize) size;
    }
  errnum = dgram_send (peer, data, size);
  if (errnum != 0)
    {
      errno = errnum;
      return -1;
    }
  peer->went += size;
  if (dgram->options.both_ways)
    dgram_note_active (peer);
  return (gssize) size;
}

static int
peer_shut (G_GNUC_UNUSED GsockCarrier *carrier)
{
  return 0;
}

static void
peer_attach (GsockCarrier *carrier, GsockWatch *watch)
{
  DgramPeer *peer = carrier->state;

  peer->watch = watch;
  dgram_peer_tell (peer,
                   GSOCK_READY_OUT | (peer->in.size > 0 ? GSOCK_READY_IN : 0));
}

static void
peer_close (GsockCarrier *carrier)
{
  DgramPeer *peer = carrier->state;

  peer->watch = NULL;
  peer->dgram->leaving -= peer->leaving;
  peer->leaving = FALSE;
  if (!peer->denied)
    dgram_forget_peer (peer);
  dgram_peer_unref (peer);
}

static const GsockCarrierClass peer_class = {
  .name = "datagrams",
  .records = TRUE,
  .endless = TRUE,
  .receive = peer_receive,
  .send = peer_send,
  .shut = peer_shut,
  .attach = peer_attach,
  .close = peer_close,
};

GsockCarrier
dgram_peer_carrier (DgramPeer *peer)
{
  return (GsockCarrier) {
    .klass = &peer_class,
    .fd = -1,
    .state = dgram_peer_ref (peer),
    .largest = peer->dgram->largest,
  };
}

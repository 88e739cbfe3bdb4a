/* dgram-private.h: a datagram socket and its peers, as its own files see them
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <netinet/in.h>

#include "core/address.h"
#include "core/buffer.h"
#include "core/dgram.h"

G_BEGIN_DECLS

/* How many are lost, told now and then. */
typedef struct
{
  guint64 count; /* since it was told */
  gint64 told;   /* monotonic microseconds; 0: never */
} DgramLoss;

/* Why a message is lost. */
typedef enum
{
  DGRAM_LOST_QUEUE,  /* its handler did not keep up */
  DGRAM_LOST_KERNEL, /* we did not */
  DGRAM_LOST_SEND,   /* it could not be sent */
  DGRAM_LOST_NAME,   /* its peer has no address to answer to */
  DGRAM_LOST_LONGER, /* more would go out than came */
  DGRAM_LOST_ROOM,   /* no room for another peer */
  DGRAM_N_LOSSES,
} DgramLost;

/* To which address of ours a message came, and the answer goes out from. */
typedef struct
{
  int family; /* AF_UNSPEC: not told */
  union
  {
    struct in_pktinfo inet;
    struct in6_pktinfo inet6;
  };
} DgramInfo;

typedef struct _DgramBatch DgramBatch;

/* One that talks to us.  The table has a reference while it is known, its
 * carrier one, and each message that waits to be sent to it. */
typedef struct
{
  GsockDgram *dgram;
  guint refs;
  GList link; /* of the table, the longest silent first */
  GsockAddress address;
  uid_t uid; /* of UNIX */
  pid_t pid; /* of UNIX, where it has no address to be known by */
  gboolean known;
  gboolean denied;
  gboolean expired; /* to its carrier: the end */
  gboolean leaving; /* counted in the socket's @leaving */
  gboolean blocked; /* waits until the socket takes more */
  DgramInfo info;
  gint64 delay;      /* until it is tried again; 0: it took the last one */
  gint64 active;     /* monotonic microseconds */
  guint64 came;      /* bytes */
  guint64 went;      /* bytes */
  GsockWatch *watch; /* its connection's, or NULL */
  GsockBuffer in;    /* DgramHead and bytes, as often as there are messages */
  guint waiting;     /* messages in it */
  int errnum;        /* what a send that was put off met */
} DgramPeer;

typedef struct
{
  gsize size;   /* of the message */
  gsize stored; /* how many of its bytes are here */
} DgramHead;

/* Belongs to its worker's thread. */
struct _GsockDgram
{
  GsockWatch watch; /* first: a watch is its socket */
  GsockTimer expiry;
  GsockTimer again; /* when blocked peers are told, where no event does it */
  GsockWorker *worker;
  GSocket *socket;
  GsockEndpoint *local;
  GsockDgramOptions options;
  GsockDgramFunc func;
  gpointer data;
  guint refs;         /* the owner's, and each peer's */
  GHashTable *peers;  /* DgramPeer, known, by address */
  GQueue order;       /* the same; the longest silent first */
  GPtrArray *blocked; /* DgramPeer */
  guint leaving;      /* how many have expired, and their carriers are there */
  int fd;
  int family;
  gboolean any;     /* bound to every address: answers must say theirs */
  gboolean closed;  /* the owner is gone */
  gboolean no_more; /* no new peers */
  gsize largest;
  gsize room; /* bytes of each of @slots */
  guint n_slots;
  char *slots;       /* what one recvmmsg gives */
  DgramBatch *batch; /* what its calls are given */
  gboolean burst;    /* several came at once */
  GsockBuffer out;   /* DgramOut and bytes, each message that waits */
  guint out_count;
  guint32 kernel_lost; /* the kernel's own count */
  guint64 lost;
  DgramLoss losses[DGRAM_N_LOSSES];
};

typedef struct
{
  DgramPeer *peer; /* a reference */
  gsize size;
} DgramOut;

/* dgram.c */
GsockDgram *dgram_ref (GsockDgram *dgram);
void dgram_unref (GsockDgram *dgram);
/* A message for whoever sent it, who is made if not known; dropped where he
 * can't be. */
void dgram_deliver (GsockDgram *dgram, const GsockAddress *address,
                    const struct ucred *credentials, const DgramInfo *info,
                    const char *data, gsize size, gsize stored);
void dgram_forget_peer (DgramPeer *peer);
/* The same, and its connection ends. */
void dgram_expire (DgramPeer *peer);
/* It is not silent now. */
void dgram_note_active (DgramPeer *peer);
GsockPeer dgram_describe (const DgramPeer *peer);

/* dgram-loss.c */
/* Counts @n messages of @peer (or NULL) that are lost, and tells now and
 * then. */
void dgram_lose (GsockDgram *dgram, DgramPeer *peer, DgramLost why, guint n);
void dgram_tell_losses (GsockDgram *dgram);

/* dgram-peer.c */
DgramPeer *dgram_peer_new (GsockDgram *dgram, const GsockAddress *address,
                           const struct ucred *credentials);
DgramPeer *dgram_peer_ref (DgramPeer *peer);
void dgram_peer_unref (DgramPeer *peer);
GsockCarrier dgram_peer_carrier (DgramPeer *peer);
void dgram_peer_take (DgramPeer *peer, const char *data, gsize size,
                      gsize stored);
void dgram_peer_tell (DgramPeer *peer, guint ready);

/* dgram-io.c */
void dgram_io_init (GsockDgram *dgram);
void dgram_io_clear (GsockDgram *dgram);
void dgram_read (GsockDgram *dgram);
/* 0, or an errno; EAGAIN: not now. */
int dgram_send (DgramPeer *peer, const char *data, gsize size);
void dgram_flush (GsockDgram *dgram);
/* @peer waits for room; it is told. */
void dgram_block (DgramPeer *peer, int errnum);
void dgram_unblock_all (GsockDgram *dgram);

G_END_DECLS

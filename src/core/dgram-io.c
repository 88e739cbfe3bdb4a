/* dgram-io.c: a datagram socket's messages, in and out, many at a time
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* In: recvmmsg takes as many as there are slots, so that a burst costs one call
 * and not one each.  Out: while a burst is being answered, what goes out waits
 * for the end of the round and goes by sendmmsg; a single answer goes at once.
 * Where calls are told, each message has its own, so that nothing is told that
 * did not happen. */

#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "core/call.h"
#include "core/dgram-private.h"
#include "core/dgram-socket.h"
#include "core/log.h"
#include "core/sockopt.h"

/* Of UDP no message is longer than a slot. */
#define INET_SLOTS 32
#define INET_ROOM (64 * 1024)
#define UNIX_SLOTS 4
#define UNIX_ROOM_MAX (16 * 1024 * 1024)
/* A burst, but not the others' whole time. */
#define BATCHES_A_ROUND 8
#define FAILURES_A_ROUND 16
/* What waits for sendmmsg. */
#define OUT_MESSAGES 32
#define OUT_BYTES (256 * 1024)
/* A queue whose room no event tells is tried again, less and less often. */
#define AGAIN_FIRST (1 * G_TIME_SPAN_MILLISECOND)
#define AGAIN_LONGEST (64 * G_TIME_SPAN_MILLISECOND)

/* What comes beside a message: where it came to, who sent it, how many the
 * kernel has dropped. */
#define CONTROL_SIZE \
  (CMSG_SPACE (sizeof (struct in6_pktinfo)) \
   + CMSG_SPACE (sizeof (struct in_pktinfo)) \
   + CMSG_SPACE (sizeof (struct ucred)) + CMSG_SPACE (sizeof (guint32)))

typedef union
{
  struct cmsghdr header; /* for its alignment */
  char room[CONTROL_SIZE];
} Control;

/* What the calls of a batch are given. */
struct _DgramBatch
{
  struct mmsghdr messages[INET_SLOTS];
  struct iovec vectors[INET_SLOTS];
  struct sockaddr_storage names[INET_SLOTS];
  Control controls[INET_SLOTS];
};

typedef struct
{
  GsockAddress address;
  struct ucred credentials;
  DgramInfo info;
} Sender;

static void
ask_for (GsockDgram *dgram, int level, const char *level_name, int option,
         const char *option_name)
{
  (void) gsock_sockopt_set_int (dgram->fd, level, level_name, option,
                                option_name, 1, NULL);
}

void
dgram_io_init (GsockDgram *dgram)
{
  if (dgram->family == AF_UNIX)
    {
      dgram->n_slots = UNIX_SLOTS;
      dgram->room = CLAMP (dgram->options.max_message, INET_ROOM,
                           UNIX_ROOM_MAX);
      ask_for (dgram, SOL_SOCKET, "SOL_SOCKET", SO_PASSCRED, "SO_PASSCRED");
    }
  else
    {
      dgram->n_slots = INET_SLOTS;
      dgram->room = INET_ROOM;
      ask_for (dgram, SOL_SOCKET, "SOL_SOCKET", SO_RXQ_OVFL, "SO_RXQ_OVFL");
    }
  if (gsock_explaining ())
    dgram->n_slots = 1;
  /* Pages that no message reaches are never touched. */
  dgram->batch = g_new (DgramBatch, 1);
  dgram->slots = g_malloc (dgram->room * dgram->n_slots);
  if (dgram->any && dgram->family == AF_INET6)
    ask_for (dgram, IPPROTO_IPV6, "IPPROTO_IPV6", IPV6_RECVPKTINFO,
             "IPV6_RECVPKTINFO");
  /* What comes by IPv4 to a socket of IPv6 has its own, which alone knows what
   * of ours a broadcast came to. */
  if (dgram->any)
    ask_for (dgram, IPPROTO_IP, "IPPROTO_IP", IP_PKTINFO, "IP_PKTINFO");
}

void
dgram_io_clear (GsockDgram *dgram)
{
  gsock_worker_disarm (dgram->worker, &dgram->again);
  gsock_buffer_clear (&dgram->out);
  g_free (dgram->slots);
  g_free (dgram->batch);
}

/* In. */

/* Answers come from where the question went; a group is no such place. */
static void
take_inet6_info (Sender *sender, const struct in6_pktinfo *info)
{
  if (sender->info.family == AF_INET)
    return;
  sender->info.family = AF_INET6;
  sender->info.inet6 = *info;
  if (IN6_IS_ADDR_MULTICAST (&info->ipi6_addr))
    sender->info.inet6.ipi6_addr = in6addr_any;
  /* By the route: the interface it came by need not be the one back, save
   * where an address means nothing without one. */
  if (!IN6_IS_ADDR_LINKLOCAL (&info->ipi6_addr)
      && !IN6_IS_ADDR_MULTICAST (&info->ipi6_addr))
    sender->info.inet6.ipi6_ifindex = 0;
}

static void
take_inet_info (Sender *sender, const struct in_pktinfo *info)
{
  sender->info.family = AF_INET;
  /* spec_dst: of a broadcast or a group, our own address that got it. */
  sender->info.inet =
      (struct in_pktinfo) { .ipi_spec_dst = info->ipi_spec_dst };
}

static void
take_kernel_lost (GsockDgram *dgram, guint32 count)
{
  guint32 more = count - dgram->kernel_lost;

  dgram->kernel_lost = count;
  if (more > 0)
    dgram_lose (dgram, NULL, DGRAM_LOST_KERNEL, more);
}

static void
read_control (GsockDgram *dgram, Sender *sender, struct msghdr *message)
{
  for (struct cmsghdr *c = CMSG_FIRSTHDR (message); c != NULL;
       c = CMSG_NXTHDR (message, c))
    {
      if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_CREDENTIALS)
        memcpy (&sender->credentials, CMSG_DATA (c),
                sizeof sender->credentials);
      else if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_RXQ_OVFL)
        {
          guint32 count;

          memcpy (&count, CMSG_DATA (c), sizeof count);
          take_kernel_lost (dgram, count);
        }
      else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO)
        {
          struct in6_pktinfo info;

          memcpy (&info, CMSG_DATA (c), sizeof info);
          take_inet6_info (sender, &info);
        }
      else if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO)
        {
          struct in_pktinfo info;

          memcpy (&info, CMSG_DATA (c), sizeof info);
          take_inet_info (sender, &info);
        }
    }
}

static void
take_message (GsockDgram *dgram, struct msghdr *message, const char *data,
              gsize size)
{
  Sender sender = { .address.size = message->msg_namelen,
                    .credentials = { .pid = -1, .uid = (uid_t) -1 } };

  if (message->msg_namelen > 0)
    memcpy (&sender.address.storage, message->msg_name, message->msg_namelen);
  read_control (dgram, &sender, message);
  dgram_deliver (dgram, &sender.address, &sender.credentials, &sender.info,
                 data, size, MIN (size, dgram->room));
}

/* How many came; -1 with errno. */
static int
read_batch (GsockDgram *dgram)
{
  DgramBatch *batch = dgram->batch;
  int n;

  for (guint i = 0; i < dgram->n_slots; i++)
    {
      batch->vectors[i] = (struct iovec) { dgram->slots + i * dgram->room,
                                           dgram->room };
      batch->messages[i].msg_hdr = (struct msghdr) {
        .msg_name = &batch->names[i],
        .msg_namelen = sizeof batch->names[i],
        .msg_iov = &batch->vectors[i],
        .msg_iovlen = 1,
        .msg_control = &batch->controls[i],
        .msg_controllen = sizeof batch->controls[i],
      };
    }
  do
    n = recvmmsg (dgram->fd, batch->messages, dgram->n_slots, MSG_TRUNC, NULL);
  while (n < 0 && errno == EINTR);
  return n;
}

/* The same of one, by the call that lessons are about. */
static int
read_one (GsockDgram *dgram)
{
  DgramBatch *batch = dgram->batch;
  struct msghdr *message = &batch->messages[0].msg_hdr;
  GsockAddress from = { 0 };
  gssize n;

  batch->vectors[0] = (struct iovec) { dgram->slots, dgram->room };
  *message = (struct msghdr) { .msg_name = &batch->names[0],
                               .msg_namelen = sizeof batch->names[0],
                               .msg_iov = &batch->vectors[0],
                               .msg_iovlen = 1,
                               .msg_control = &batch->controls[0],
                               .msg_controllen = sizeof batch->controls[0] };
  do
    n = recvmsg (dgram->fd, message, MSG_TRUNC);
  while (n < 0 && errno == EINTR);
  if (n >= 0)
    {
      from.size = message->msg_namelen;
      memcpy (&from.storage, &batch->names[0], from.size);
      batch->messages[0].msg_len = (guint) n;
    }
  gsock_dgram_tell_received (GSOCK_CALL_RECVMSG, dgram->fd, dgram->slots,
                             dgram->room, n, "DATAGRAM", &from);
  return n < 0 ? -1 : 1;
}

/* What the network told of an earlier message is not about the next one; but
 * what goes on failing is looked at again later. */
static gboolean
read_failed (GsockDgram *dgram, guint *failures)
{
  if (errno != EAGAIN && errno != EWOULDBLOCK && ++*failures < FAILURES_A_ROUND)
    return TRUE;
  gsock_poller_forget (dgram->worker->poller, &dgram->watch, GSOCK_READY_IN);
  return FALSE;
}

/* What has come, each message to its peer's queue. */
void
dgram_read (GsockDgram *dgram)
{
  guint failures = 0;

  for (guint i = 0; i < BATCHES_A_ROUND && !dgram->closed; i++)
    {
      int n = dgram->n_slots == 1 ? read_one (dgram) : read_batch (dgram);

      if (n < 0 && !read_failed (dgram, &failures))
        break;
      dgram->burst = n > 1;
      for (int k = 0; k < n && !dgram->closed; k++)
        take_message (dgram, &dgram->batch->messages[k].msg_hdr,
                      dgram->slots + (gsize) k * dgram->room,
                      dgram->batch->messages[k].msg_len);
    }
}

/* Out. */

static void
fill_message (DgramPeer *peer, struct msghdr *message, struct iovec *vector,
              Control *control)
{
  gboolean inet6 = peer->info.family == AF_INET6;
  gsize size = inet6 ? sizeof peer->info.inet6 : sizeof peer->info.inet;
  struct cmsghdr *header;

  *message = (struct msghdr) { .msg_name = &peer->address.storage,
                               .msg_namelen = peer->address.size,
                               .msg_iov = vector,
                               .msg_iovlen = 1 };
  if (peer->info.family == AF_UNSPEC)
    return;
  memset (control, 0, sizeof *control);
  message->msg_control = control;
  message->msg_controllen = CMSG_SPACE (size);
  header = CMSG_FIRSTHDR (message);
  header->cmsg_level = inet6 ? IPPROTO_IPV6 : IPPROTO_IP;
  header->cmsg_type = inet6 ? IPV6_PKTINFO : IP_PKTINFO;
  header->cmsg_len = CMSG_LEN (size);
  memcpy (CMSG_DATA (header), &peer->info.inet6, size);
}

/* 0, or an errno. */
static int
send_now (DgramPeer *peer, const char *data, gsize size)
{
  struct iovec vector = { (char *) (guintptr) data, size };
  struct msghdr message;
  Control control;
  gssize n;

  fill_message (peer, &message, &vector, &control);
  do
    n = sendmsg (peer->dgram->fd, &message, MSG_NOSIGNAL);
  while (n < 0 && errno == EINTR);
  if (gsock_explaining ())
    gsock_dgram_tell_sent (GSOCK_CALL_SENDMSG, peer->dgram->fd, data, size, n,
                           &peer->address);
  return n < 0 ? errno : 0;
}

static gboolean
is_short_of_room (int errnum)
{
  return errnum == EAGAIN || errnum == EWOULDBLOCK || errnum == ENOBUFS
         || errnum == ENOMEM;
}

/* A UNIX peer that has closed its socket: what was for it is lost, and it goes
 * as it would have gone by being silent. */
static gboolean
has_left (const GsockDgram *dgram, int errnum)
{
  return dgram->family == AF_UNIX
         && (errnum == ECONNREFUSED || errnum == ENOENT || errnum == ECONNRESET
             || errnum == EPERM);
}

static void
let_leave (DgramPeer *peer)
{
  dgram_lose (peer->dgram, peer, DGRAM_LOST_SEND, 1);
  dgram_expire (peer);
}

/* FALSE: there is no room to let it wait. */
static gboolean
put_off (DgramPeer *peer, const char *data, gsize size)
{
  GsockDgram *dgram = peer->dgram;
  const DgramOut head = { peer, size };

  if (dgram->out.size > OUT_BYTES || dgram->out_count >= OUT_MESSAGES)
    dgram_flush (dgram);
  if (dgram->out.size > OUT_BYTES || dgram->out_count >= OUT_MESSAGES
      || gsock_buffer_reserve (&dgram->out, sizeof head + size) == NULL)
    return FALSE;
  (void) gsock_buffer_append (&dgram->out, &head, sizeof head, 0);
  (void) gsock_buffer_append (&dgram->out, data, size, 0);
  dgram->out_count++;
  dgram_peer_ref (peer);
  /* After the others have had their turn. */
  gsock_poller_again (dgram->worker->poller, &dgram->watch);
  return TRUE;
}

/* One of @peer's messages to it; 0, or an errno: EAGAIN, and then it is told
 * when there is room. */
int
dgram_send (DgramPeer *peer, const char *data, gsize size)
{
  GsockDgram *dgram = peer->dgram;
  int errnum;

  if (dgram->burst || dgram->out_count > 0)
    {
      if (put_off (peer, data, size))
        return 0;
      dgram_block (peer, EAGAIN);
      return EAGAIN;
    }
  errnum = send_now (peer, data, size);
  if (is_short_of_room (errnum))
    {
      dgram_block (peer, errnum);
      return EAGAIN;
    }
  peer->delay = 0;
  if (!has_left (dgram, errnum))
    return errnum;
  let_leave (peer);
  return 0;
}

/* A message that was put off can't go.  Of UDP the whole socket has no room; of
 * UNIX sockets that one peer, and the others' go on. */
static gboolean
flush_failed (GsockDgram *dgram, DgramPeer *peer, int errnum)
{
  if (is_short_of_room (errnum) && dgram->family != AF_UNIX)
    {
      dgram_block (peer, errnum);
      return FALSE;
    }
  if (has_left (dgram, errnum))
    {
      let_leave (peer);
      return TRUE;
    }
  if (!is_short_of_room (errnum))
    {
      peer->errnum = errnum;
      dgram_peer_tell (peer, GSOCK_READY_IN);
    }
  dgram_lose (dgram, peer, DGRAM_LOST_SEND, 1);
  return TRUE;
}

static void
consume_first (GsockDgram *dgram)
{
  DgramOut head;
  gsize size;

  memcpy (&head, gsock_buffer_peek (&dgram->out, &size), sizeof head);
  gsock_buffer_consume (&dgram->out, sizeof head + head.size);
  dgram->out_count--;
  dgram_peer_unref (head.peer);
}

/* The messages that wait, as one batch; the first one's peer. */
static DgramPeer *
fill_batch (GsockDgram *dgram, guint *n)
{
  DgramBatch *batch = dgram->batch;
  gsize size, at = 0;
  const char *data = gsock_buffer_peek (&dgram->out, &size);
  DgramPeer *first = NULL;
  DgramOut head;

  for (*n = 0; at < size && *n < INET_SLOTS; (*n)++)
    {
      memcpy (&head, data + at, sizeof head);
      at += sizeof head;
      batch->vectors[*n] = (struct iovec) { (char *) (guintptr) data + at,
                                            head.size };
      fill_message (head.peer, &batch->messages[*n].msg_hdr,
                    &batch->vectors[*n], &batch->controls[*n]);
      at += head.size;
      if (first == NULL)
        first = head.peer;
    }
  return first;
}

/* Sends what has been put off, until all is gone or there is no room. */
void
dgram_flush (GsockDgram *dgram)
{
  while (dgram->out_count > 0)
    {
      guint n;
      DgramPeer *first = fill_batch (dgram, &n);
      int sent = sendmmsg (dgram->fd, dgram->batch->messages, n, MSG_NOSIGNAL);

      if (sent < 0 && errno == EINTR)
        continue;
      if (sent < 0 && !flush_failed (dgram, first, errno))
        return;
      for (int i = 0; i < MAX (sent, 1); i++)
        consume_first (dgram);
    }
}

/* Waiting for room. */

void
dgram_block (DgramPeer *peer, int errnum)
{
  GsockDgram *dgram = peer->dgram;
  gboolean is_told = dgram->family != AF_UNIX
                     && (errnum == EAGAIN || errnum == EWOULDBLOCK);

  if (!peer->blocked)
    {
      peer->blocked = TRUE;
      g_ptr_array_add (dgram->blocked, dgram_peer_ref (peer));
    }
  if (is_told)
    {
      gsock_poller_forget (dgram->worker->poller, &dgram->watch,
                           GSOCK_READY_OUT);
      gsock_poller_want (dgram->worker->poller, &dgram->watch,
                         (dgram->closed ? 0 : GSOCK_READY_IN)
                             | GSOCK_READY_OUT);
      return;
    }
  peer->delay = peer->delay == 0 ? AGAIN_FIRST
                                 : MIN (peer->delay * 2, AGAIN_LONGEST);
  if (!gsock_timer_is_armed (&dgram->again))
    gsock_worker_arm_in (dgram->worker, &dgram->again, peer->delay);
}

/* There may be room again. */
void
dgram_unblock_all (GsockDgram *dgram)
{
  g_autoptr (GPtrArray) waited = NULL;

  if (dgram->blocked->len == 0)
    return;
  waited = g_steal_pointer (&dgram->blocked);
  dgram->blocked = g_ptr_array_new ();
  gsock_poller_want (dgram->worker->poller, &dgram->watch,
                     dgram->closed ? 0 : GSOCK_READY_IN);
  for (guint i = 0; i < waited->len; i++)
    {
      DgramPeer *peer = g_ptr_array_index (waited, i);

      peer->blocked = FALSE;
      dgram_peer_tell (peer, GSOCK_READY_OUT);
      dgram_peer_unref (peer);
    }
}

/* carrier-records.c: carriers that keep messages apart: seqpacket, datagrams
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* On a socket that keeps records, recv tells three things with a number: how
 * long a message is, that there is an empty one, and (seqpacket) that the peer
 * has ended.  The last two are both 0.  What tells them apart is what comes
 * beside the bytes: with SO_PASSCRED each record, empty ones too, brings its
 * sender's credentials, and an end, which is no record, brings nothing.
 * Neither poll nor FIONREAD would do: an empty record may be queued before the
 * end, and then both say what they say of the end alone.
 *
 * MSG_TRUNC has recv return the length that a message really has, so that one
 * longer than its room is seen and told instead of being cut. */

#include "config.h"

#include "core/carrier-private.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "core/address.h"
#include "core/dgram-socket.h"
#include "core/sockopt.h"

/* --- unix-seqpacket ------------------------------------------------------ */

static gssize
seqpacket_receive (GsockCarrier *carrier, char *data, gsize size,
                   G_GNUC_UNUSED GError **error)
{
  union
  {
    struct cmsghdr header; /* for its alignment */
    char room[CMSG_SPACE (sizeof (struct ucred))];
  } control;
  struct iovec vector = { .iov_base = data, .iov_len = size };
  struct msghdr message = { .msg_iov = &vector,
                            .msg_iovlen = 1,
                            .msg_control = &control,
                            .msg_controllen = sizeof control };
  gssize n;

  do
    {
      message.msg_controllen = sizeof control;
      n = recvmsg (carrier->fd, &message, MSG_TRUNC);
    }
  while (n < 0 && errno == EINTR);
  carrier->ended = n == 0 && message.msg_controllen == 0;
  if (gsock_explaining ())
    gsock_dgram_tell_received (GSOCK_CALL_RECVMSG, carrier->fd, data, size, n,
                               carrier->ended ? "EOF" : "RECORD", NULL);
  return n;
}

static const GsockCarrierClass seqpacket_class = {
  .name = "seqpacket",
  .records = TRUE,
  .receive = seqpacket_receive,
  .send = carrier_plain_send,
  .shut = carrier_plain_shut,
  .close = carrier_plain_close,
};

/* A connected UNIX socket of type SOCK_SEQPACKET. */
GsockCarrier
carrier_seqpacket (int fd, gpointer owner, GDestroyNotify release)
{
  (void) gsock_sockopt_set_int (fd, SOL_SOCKET, "SOL_SOCKET", SO_PASSCRED,
                                "SO_PASSCRED", 1, NULL);
  return (GsockCarrier) {
    .klass = &seqpacket_class,
    .fd = fd,
    .object = owner,
    .release = release,
    .largest = gsock_dgram_largest (fd, AF_UNIX),
  };
}

/* --- Datagrams, with one peer -------------------------------------------- */

/* A group or a broadcast address is talked to, but answers come from its
 * members' own: a socket that stayed connected would not take them. */
static gboolean
is_for_many (int fd, const GsockAddress *to)
{
  int broadcast = 0;
  socklen_t size = sizeof broadcast;

  if (gsock_address_is_multicast (to))
    return TRUE;
  return to->any.sa_family == AF_INET
         && getsockopt (fd, SOL_SOCKET, SO_BROADCAST, &broadcast, &size) == 0
         && broadcast;
}

static gssize
datagram_receive (GsockCarrier *carrier, char *data, gsize size,
                  G_GNUC_UNUSED GError **error)
{
  GsockAddress from = { .size = sizeof from.storage };
  gssize n;

  do
    {
      from.size = sizeof from.storage;
      n = recvfrom (carrier->fd, data, size, MSG_TRUNC, &from.any, &from.size);
    }
  while (n < 0 && errno == EINTR);
  if (gsock_explaining ())
    gsock_dgram_tell_received (GSOCK_CALL_RECVFROM, carrier->fd, data, size, n,
                               "RECORD", &from);
  return n;
}

static gssize
datagram_send (GsockCarrier *carrier, const char *data, gsize size,
               GError **error)
{
  const GsockAddress *to = carrier->state;
  gssize n;

  if (to == NULL)
    return carrier_plain_send (carrier, data, size, error);
  do
    n = sendto (carrier->fd, data, size, MSG_NOSIGNAL, &to->any, to->size);
  while (n < 0 && errno == EINTR);
  if (gsock_explaining ())
    gsock_dgram_tell_sent (GSOCK_CALL_SENDTO, carrier->fd, data, size, n, to);
  return n;
}

/* There is nothing on the wire that would say it. */
static int
datagram_shut (G_GNUC_UNUSED GsockCarrier *carrier)
{
  return 0;
}

static void
datagram_close (GsockCarrier *carrier)
{
  g_free (carrier->state);
  carrier_plain_close (carrier);
}

static const GsockCarrierClass datagram_class = {
  .name = "datagram",
  .records = TRUE,
  .endless = TRUE,
  .receive = datagram_receive,
  .send = datagram_send,
  .shut = datagram_shut,
  .close = datagram_close,
};

/* Takes the note of the address back. */
static void
disconnect (int fd)
{
  const struct sockaddr nobody = { .sa_family = AF_UNSPEC };
  int errnum = connect (fd, &nobody, sizeof nobody) == 0 ? 0 : errno;

  if (gsock_explaining ())
    gsock_call (GSOCK_CALL_CONNECT, "AF_UNSPEC", errnum == 0 ? 0 : -1, errnum,
                NULL, "%d, AF_UNSPEC", fd);
}

/* A connected datagram socket. */
GsockCarrier
carrier_datagram (int fd)
{
  GsockCarrier carrier = { .klass = &datagram_class, .fd = fd };
  GsockAddress to = { .size = sizeof to.storage };
  int family = AF_UNSPEC;
  socklen_t size = sizeof family;

  (void) getsockopt (fd, SOL_SOCKET, SO_DOMAIN, &family, &size);
  carrier.largest = gsock_dgram_largest (fd, family);
  if (family == AF_UNIX || getpeername (fd, &to.any, &to.size) != 0
      || !is_for_many (fd, &to))
    return carrier;
  disconnect (fd);
  carrier.state = g_memdup2 (&to, sizeof to);
  return carrier;
}

/* carrier.c: what carries a connection's bytes: a descriptor, or more before it
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/carrier-private.h"

#include <errno.h>
#include <sys/socket.h>

#include "core/call.h"
#include "core/fd.h"
#include "core/log.h"

void
carrier_tell_received (GsockCarrier *carrier, const char *data, gsize size,
                       gssize n)
{
  int errnum = errno;
  gsize open = size;

  if (n < 0 && errnum == EAGAIN)
    return;
  if (n > 0 && carrier->get_open != NULL)
    open = carrier->get_open (carrier->open_data, data, (gsize) n);
  gsock_call_veiled_io (GSOCK_CALL_RECV, carrier->fd, data, open, size, n,
                        n < 0 ? errnum : 0);
  errno = errnum;
}

static gssize
plain_receive (GsockCarrier *carrier, char *data, gsize size,
               G_GNUC_UNUSED GError **error)
{
  gssize n;

  do
    n = recv (carrier->fd, data, size, 0);
  while (n < 0 && errno == EINTR);
  if (gsock_explaining ())
    carrier_tell_received (carrier, data, size, n);
  return n;
}

/* errno is kept. */
static void
tell_sent (GsockCarrier *carrier, const char *data, gsize size, gssize n)
{
  int saved_errno = errno;
  int errnum = n < 0 ? errno : 0;

  if (carrier->klass->records)
    gsock_call_message (GSOCK_CALL_SEND, "RECORD", carrier->fd, data, size, n,
                        errnum, NULL);
  else if (carrier->veiled)
    gsock_call_veiled_io (GSOCK_CALL_SEND, carrier->fd, data, carrier->open,
                          size, n, errnum);
  else
    gsock_call_io (GSOCK_CALL_SEND, carrier->fd, data, size, n, errnum);
  if (n > 0)
    carrier->open -= MIN (carrier->open, (gsize) n);
  errno = saved_errno;
}

gssize
carrier_plain_send (GsockCarrier *carrier, const char *data, gsize size,
                    G_GNUC_UNUSED GError **error)
{
  gssize n;

  do
    n = send (carrier->fd, data, size, MSG_NOSIGNAL);
  while (n < 0 && errno == EINTR);
  if (gsock_explaining ())
    tell_sent (carrier, data, size, n);
  return n;
}

int
carrier_plain_shut (GsockCarrier *carrier)
{
  int errnum = shutdown (carrier->fd, SHUT_WR) == 0 ? 0 : errno;

  if (gsock_explaining ())
    gsock_call (GSOCK_CALL_SHUTDOWN, "SHUT_WR", errnum == 0 ? 0 : -1, errnum,
                NULL, "%d, SHUT_WR", carrier->fd);
  return errnum;
}

void
carrier_plain_close (GsockCarrier *carrier)
{
  if (carrier->object != NULL)
    carrier->release (carrier->object);
  else
    gsock_fd_close (carrier->fd);
  if (gsock_explaining ())
    gsock_call (GSOCK_CALL_CLOSE, NULL, 0, 0, NULL, "%d", carrier->fd);
}

static const GsockCarrierClass plain_class = {
  .name = "plain",
  .splices = TRUE,
  .is_bare = TRUE,
  .receive = plain_receive,
  .send = carrier_plain_send,
  .shut = carrier_plain_shut,
  .close = carrier_plain_close,
};

/**
 * gsock_carrier_plain:
 * @fd: a connected stream socket, non-blocking
 * @owner: (transfer full) (nullable): what owns @fd
 * @release: frees @owner, and closes @fd with it
 *
 * Returns: (transfer full): the socket by itself
 */
GsockCarrier
gsock_carrier_plain (int fd, gpointer owner, GDestroyNotify release)
{
  return (GsockCarrier) {
    .klass = &plain_class,
    .fd = fd,
    .object = owner,
    .release = release,
  };
}

/**
 * gsock_carrier_for_socket:
 * @fd: a connected socket, non-blocking
 * @owner: (transfer full) (nullable): what owns @fd; of datagrams nothing does
 * @release: frees @owner, and closes @fd with it
 *
 * Asks the kernel what it is.
 *
 * Returns: (transfer full): the socket by itself
 */
GsockCarrier
gsock_carrier_for_socket (int fd, gpointer owner, GDestroyNotify release)
{
  int type = SOCK_STREAM;
  socklen_t size = sizeof type;

  (void) getsockopt (fd, SOL_SOCKET, SO_TYPE, &type, &size);
  if (type == SOCK_SEQPACKET)
    return carrier_seqpacket (fd, owner, release);
  if (type == SOCK_DGRAM)
    return carrier_datagram (fd);
  return gsock_carrier_plain (fd, owner, release);
}

/**
 * gsock_carrier_close:
 * @carrier: (transfer full): of no class: nothing is done
 */
void
gsock_carrier_close (GsockCarrier *carrier)
{
  GsockCarrier closing = gsock_carrier_steal (carrier);

  if (closing.klass != NULL)
    closing.klass->close (&closing);
  g_clear_pointer (&closing.called, gsock_endpoint_unref);
}

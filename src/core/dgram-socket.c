/* dgram-socket.c: what sockets that keep messages have of their own
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/dgram-socket.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/sockopt.h"

/* A length of 16 bits counts the headers too: of UDP (8), and for IPv4 its own
 * (20). */
#define LARGEST_INET (65535 - 8 - 20)
#define LARGEST_INET6 (65535 - 8)
/* What the kernel keeps for itself of a UNIX socket's buffer. */
#define UNIX_OVERHEAD 32

/**
 * gsock_address_is_multicast:
 * @address: an address
 *
 * Returns: %TRUE if it is a group that hosts join
 */
gboolean
gsock_address_is_multicast (const GsockAddress *address)
{
  if (address->any.sa_family == AF_INET)
    return IN_MULTICAST (g_ntohl (address->inet.sin_addr.s_addr));
  return address->any.sa_family == AF_INET6
         && IN6_IS_ADDR_MULTICAST (&address->inet6.sin6_addr);
}

/**
 * gsock_address_is_local:
 * @address: an address
 *
 * Returns: %TRUE if what is bound to it hears this machine only
 */
gboolean
gsock_address_is_local (const GsockAddress *address)
{
  const struct in6_addr *inet6 = &address->inet6.sin6_addr;

  if (address->any.sa_family == AF_INET)
    return g_ntohl (address->inet.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
  if (address->any.sa_family != AF_INET6)
    return TRUE;
  return IN6_IS_ADDR_LOOPBACK (inet6)
         || (IN6_IS_ADDR_V4MAPPED (inet6) && inet6->s6_addr[12] == 127);
}

/**
 * gsock_address_is_any:
 * @address: an address
 *
 * Returns: %TRUE for 0.0.0.0 and [::]
 */
gboolean
gsock_address_is_any (const GsockAddress *address)
{
  if (address->any.sa_family == AF_INET)
    return address->inet.sin_addr.s_addr == INADDR_ANY;
  return gsock_address_is_any6 (address);
}

/**
 * gsock_dgram_largest:
 * @fd: a socket that keeps messages
 * @family: its
 *
 * Returns: how many bytes the longest message has that it can send: of UDP
 *   65507, over IPv6 65527; of UNIX sockets what its send buffer takes
 */
gsize
gsock_dgram_largest (int fd, int family)
{
  int buffer = 0;
  socklen_t size = sizeof buffer;

  if (family == AF_INET)
    return LARGEST_INET;
  if (family == AF_INET6)
    return LARGEST_INET6;
  if (getsockopt (fd, SOL_SOCKET, SO_SNDBUF, &buffer, &size) != 0
      || buffer <= UNIX_OVERHEAD)
    return G_MAXSIZE;
  return (gsize) buffer - UNIX_OVERHEAD;
}

static guint
interface_of (const GsockAddress *address, guint index)
{
  return address->any.sa_family == AF_INET6 ? address->inet6.sin6_scope_id
                                            : index;
}

/**
 * gsock_dgram_join:
 * @fd: a datagram socket of the family of @address
 * @address: a group
 * @index: of IPv4, the interface; 0: the one of the route to the group
 * @shown: what is listened on, for the error
 * @error: %GSOCK_ERROR_BIND
 *
 * From here on @fd hears what is sent to the group.
 *
 * Returns: whether the network of the interface knows
 */
gboolean
gsock_dgram_join (int fd, const GsockAddress *address, guint index,
                  const char *shown, GError **error)
{
  gboolean inet6 = address->any.sa_family == AF_INET6;
  int level = inet6 ? IPPROTO_IPV6 : IPPROTO_IP;
  struct group_req request = { .gr_interface = interface_of (address, index) };
  int errnum = 0;

  memcpy (&request.gr_group, &address->storage, sizeof request.gr_group);
  if (setsockopt (fd, level, MCAST_JOIN_GROUP, &request, sizeof request) != 0)
    errnum = errno;
  if (gsock_explaining ())
    {
      g_autofree char *group = gsock_address_host_to_string (address);

      gsock_call (
          GSOCK_CALL_SETSOCKOPT, "MCAST_JOIN_GROUP", errnum == 0 ? 0 : -1,
          errnum, NULL, "%d, %s, MCAST_JOIN_GROUP, {%u, %s}", fd,
          inet6 ? "IPPROTO_IPV6" : "IPPROTO_IP", request.gr_interface, group);
    }
  if (errnum == 0)
    return TRUE;
  if (errnum == ENODEV)
    g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_BIND,
                 /* TRANSLATORS: an address of a multicast group. */
                 _ ("Cannot join %s: no network interface leads there; name "
                    "one with %%, as in 239.1.2.3%%eth0"),
                 shown);
  else
    gsock_set_error_errno (error, GSOCK_ERROR_BIND, errnum,
                           _ ("Cannot join %s"), shown);
  return FALSE;
}

/**
 * gsock_dgram_send_by:
 * @fd: a datagram socket of the family of @address
 * @address: a group
 * @index: of IPv4, the interface; 0: the system's choice
 * @error: %GSOCK_ERROR_FAILED
 *
 * Returns: whether what @fd sends to groups goes out by that interface
 */
gboolean
gsock_dgram_send_by (int fd, const GsockAddress *address, guint index,
                     GError **error)
{
  guint interface = interface_of (address, index);
  struct ip_mreqn request = { .imr_ifindex = (int) interface };
  int errnum = 0;

  if (interface == 0)
    return TRUE;
  if (address->any.sa_family == AF_INET6)
    return gsock_sockopt_set_int (fd, IPPROTO_IPV6, "IPPROTO_IPV6",
                                  IPV6_MULTICAST_IF, "IPV6_MULTICAST_IF",
                                  (int) interface, error);
  if (setsockopt (fd, IPPROTO_IP, IP_MULTICAST_IF, &request, sizeof request)
      != 0)
    errnum = errno;
  if (gsock_explaining ())
    gsock_call (GSOCK_CALL_SETSOCKOPT, "IP_MULTICAST_IF", errnum == 0 ? 0 : -1,
                errnum, NULL, "%d, IPPROTO_IP, IP_MULTICAST_IF, {%u}", fd,
                interface);
  if (errnum == 0)
    return TRUE;
  gsock_set_error_errno (error, GSOCK_ERROR_FAILED, errnum,
                         _ ("Cannot set the socket option %s"),
                         "IP_MULTICAST_IF");
  return FALSE;
}

/**
 * gsock_dgram_tell_received:
 * @call: recvfrom or recvmsg
 * @fd: a socket that keeps messages
 * @data: what came
 * @size: how many bytes had room
 * @n: what the call returned, errno being its
 * @topic: "RECORD", "DATAGRAM" or "EOF"
 * @from: (nullable): who sent it
 */
void
gsock_dgram_tell_received (GsockCall call, int fd, const char *data, gsize size,
                           gssize n, const char *topic,
                           const GsockAddress *from)
{
  int saved_errno = errno;
  g_autofree char *who = NULL;
  g_autofree char *tail = NULL;

  if (n < 0 && saved_errno == EAGAIN)
    return;
  if (n > (gssize) size)
    topic = "TRUNC";
  if (from != NULL && n >= 0 && from->size > sizeof (sa_family_t))
    {
      who = gsock_call_sockaddr (&from->storage, from->size);
      tail = g_strdup_printf ("from %s", who);
    }
  gsock_call_message (call, topic, fd, data, size, n, n < 0 ? saved_errno : 0,
                      tail);
  errno = saved_errno;
}

/**
 * gsock_dgram_tell_sent:
 * @call: sendto or sendmsg
 * @fd: a socket that keeps messages
 * @data: what was to be sent
 * @size: its bytes
 * @n: what the call returned, errno being its
 * @to: whom to
 */
void
gsock_dgram_tell_sent (GsockCall call, int fd, const char *data, gsize size,
                       gssize n, const GsockAddress *to)
{
  int saved_errno = errno;
  g_autofree char *who = gsock_call_sockaddr (&to->storage, to->size);
  g_autofree char *tail = g_strdup_printf ("to %s", who);

  gsock_call_message (call, "RECORD", fd, data, size, n,
                      n < 0 ? saved_errno : 0, tail);
  errno = saved_errno;
}

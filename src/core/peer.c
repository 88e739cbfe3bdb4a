/* peer.c: who is at the other end of a connection, in few bytes
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/peer.h"

static void
set_unknown (GsockPeer *peer)
{
  memset (peer, 0, sizeof *peer);
  peer->family = AF_UNSPEC;
}

static void
set_local (GsockPeer *peer)
{
  memset (peer, 0, sizeof *peer);
  peer->family = AF_UNIX;
  peer->local.pid = -1;
  peer->local.uid = (uid_t) -1;
  peer->local.gid = (gid_t) -1;
}

static void
set_inet (GsockPeer *peer, const struct sockaddr_in *address)
{
  peer->family = AF_INET;
  peer->port = g_ntohs (address->sin_port);
  memcpy (peer->inet.address, &address->sin_addr, 4);
}

/* A dual-stack listener sees IPv4 clients as ::ffff:a.b.c.d.  Rules, limits
 * and people think of a.b.c.d, so it is folded here, once for all. */
static void
set_inet6 (GsockPeer *peer, const struct sockaddr_in6 *address)
{
  peer->port = g_ntohs (address->sin6_port);
  if (IN6_IS_ADDR_V4MAPPED (&address->sin6_addr))
    {
      peer->family = AF_INET;
      memcpy (peer->inet.address, address->sin6_addr.s6_addr + 12, 4);
      return;
    }
  peer->family = AF_INET6;
  memcpy (peer->inet.address, &address->sin6_addr, 16);
  peer->inet.scope = address->sin6_scope_id;
}

/**
 * gsock_peer_init_from_native:
 * @peer: where to write; every byte of it is set
 * @address: what accept(), getpeername() or recvfrom() gave
 * @size: how many bytes of @address are meant
 *
 * An address that is too short or of another family gives AF_UNSPEC.  The
 * ids of an AF_UNIX peer are not in its address and stay -1 here; see
 * gsock_peer_init_from_fd().
 */
void
gsock_peer_init_from_native (GsockPeer *peer, const struct sockaddr *address,
                             gsize size)
{
  struct sockaddr_storage copy = { 0 };

  set_unknown (peer);
  /* The copy makes the casts below right whatever @address is aligned to. */
  memcpy (&copy, address, MIN (size, sizeof copy));
  if (size < sizeof copy.ss_family)
    return;

  if (copy.ss_family == AF_UNIX)
    set_local (peer);
  else if (copy.ss_family == AF_INET && size >= sizeof (struct sockaddr_in))
    set_inet (peer, (const struct sockaddr_in *) &copy);
  else if (copy.ss_family == AF_INET6 && size >= sizeof (struct sockaddr_in6))
    set_inet6 (peer, (const struct sockaddr_in6 *) &copy);
}

/* The kernel says 0 for a process outside our PID namespace, and -1 ids for a
 * socket that nobody connected: both are "told none". */
static void
read_credentials (GsockPeer *peer, int fd)
{
  struct ucred credentials;
  socklen_t size = sizeof credentials;

  if (getsockopt (fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0
      || size != sizeof credentials)
    return;

  peer->local.pid = credentials.pid > 0 ? credentials.pid : -1;
  peer->local.uid = credentials.uid;
  peer->local.gid = credentials.gid;
}

/**
 * gsock_peer_init_from_fd:
 * @peer: where to write; every byte of it is set
 * @fd: a connected socket
 *
 * Asks the kernel who is at the other end of @fd.  A TCP peer that has reset
 * the connection meanwhile is AF_UNSPEC; an AF_UNIX one is known all the same,
 * as its ids were kept when it connected.
 */
void
gsock_peer_init_from_fd (GsockPeer *peer, int fd)
{
  struct sockaddr_storage address = { 0 };
  socklen_t size = sizeof address;
  int domain = AF_UNSPEC;
  socklen_t domain_size = sizeof domain;
  int type = 0;
  socklen_t type_size = sizeof type;

  if (getpeername (fd, (struct sockaddr *) &address, &size) == 0)
    gsock_peer_init_from_native (peer, (const struct sockaddr *) &address,
                                 MIN (size, sizeof address));
  else if (getsockopt (fd, SOL_SOCKET, SO_DOMAIN, &domain, &domain_size) == 0
           && domain == AF_UNIX)
    set_local (peer);
  else
    set_unknown (peer);

  if (peer->family == AF_UNIX)
    read_credentials (peer, fd);
  if (getsockopt (fd, SOL_SOCKET, SO_TYPE, &type, &type_size) == 0)
    peer->type = type == SOCK_STREAM ? 0 : (guint8) type;
}

/* An interface may be named with any byte but a few; those names that would
 * need escaping or couldn't be parsed back are shown as their number. */
static gboolean
is_plain_name (const char *name)
{
  for (; *name != '\0'; name++)
    if (!g_ascii_isgraph (*name) || strchr ("[]%/:\\", *name) != NULL)
      return FALSE;
  return TRUE;
}

static char *
inet6_to_string (const GsockPeer *peer)
{
  char address[INET6_ADDRSTRLEN];
  char name[IF_NAMESIZE];

  inet_ntop (AF_INET6, peer->inet.address, address, sizeof address);
  if (peer->inet.scope == 0)
    return g_strdup (address);
  if (if_indextoname (peer->inet.scope, name) != NULL && is_plain_name (name))
    return g_strdup_printf ("%s%%%s", address, name);
  return g_strdup_printf ("%s%%%u", address, peer->inet.scope);
}

/**
 * gsock_peer_host_to_string:
 * @peer: a peer
 *
 * Returns: (nullable): the address without the port, "127.0.0.1" or
 *   "fe80::1%eth0"; %NULL where the peer has none (AF_UNIX, unknown).  Free
 *   with g_free().
 */
char *
gsock_peer_host_to_string (const GsockPeer *peer)
{
  char address[INET_ADDRSTRLEN];

  if (peer->family == AF_INET6)
    return inet6_to_string (peer);
  if (peer->family != AF_INET)
    return NULL;
  inet_ntop (AF_INET, peer->inet.address, address, sizeof address);
  return g_strdup (address);
}

static char *
inet_with_port (const GsockPeer *peer, const char *prefix)
{
  g_autofree char *host = gsock_peer_host_to_string (peer);
  gboolean brackets = peer->family == AF_INET6;

  return g_strdup_printf ("%s%s%s%s:%u", prefix, brackets ? "[" : "", host,
                          brackets ? "]" : "", (guint) peer->port);
}

static char *
local_to_display (const GsockPeer *peer)
{
  if (peer->local.uid == (uid_t) -1)
    return g_strdup (_ ("a process of this machine"));
  if (peer->local.pid < 0)
    return g_strdup_printf ("uid %lu", (gulong) peer->local.uid);
  return g_strdup_printf ("pid %ld (uid %lu)", (glong) peer->local.pid,
                          (gulong) peer->local.uid);
}

/**
 * gsock_peer_to_display:
 * @peer: a peer
 *
 * Returns: what people read: "127.0.0.1:40322", "[fe80::1%eth0]:9",
 *   "pid 812 (uid 1000)"; a few words where the kernel told nothing.  It
 *   needs no escaping.  Free with g_free().
 */
char *
gsock_peer_to_display (const GsockPeer *peer)
{
  switch (peer->family)
    {
    case AF_INET:
    case AF_INET6:
      return inet_with_port (peer, "");
    case AF_UNIX:
      return local_to_display (peer);
    default:
      return g_strdup (_ ("an unknown peer"));
    }
}

static const char *
local_scheme (const GsockPeer *peer)
{
  switch (peer->type)
    {
    case SOCK_DGRAM:
      return "unix-dgram:";
    case SOCK_SEQPACKET:
      return "unix-seqpacket:";
    default:
      return "unix:";
    }
}

/**
 * gsock_peer_to_string:
 * @peer: a peer
 *
 * Returns: what programs read, never translated: "tcp:127.0.0.1:40322",
 *   "unix:"; "unknown:" for AF_UNSPEC.  Free with g_free().
 */
char *
gsock_peer_to_string (const GsockPeer *peer)
{
  switch (peer->family)
    {
    case AF_INET:
    case AF_INET6:
      return inet_with_port (peer, peer->type == SOCK_DGRAM ? "udp:" : "tcp:");
    case AF_UNIX:
      return g_strdup (local_scheme (peer));
    default:
      return g_strdup ("unknown:");
    }
}

/* The bytes that make a host, whatever its port or process. */
static gsize
host_key (const GsockPeer *peer, guint8 key[24])
{
  memset (key, 0, 24);
  key[0] = (guint8) peer->family;
  switch (peer->family)
    {
    case AF_INET:
      memcpy (key + 4, peer->inet.address, 4);
      return 8;
    case AF_INET6:
      memcpy (key + 4, peer->inet.address, 16);
      memcpy (key + 20, &peer->inet.scope, 4);
      return 24;
    case AF_UNIX:
      memcpy (key + 4, &peer->local.uid, sizeof peer->local.uid);
      return 8;
    default:
      return 4;
    }
}

/* Who owns an IPv6 /64 picks 2^64 addresses: the seed keeps it from choosing
 * ones that all meet in one bucket of a hash table. */
static guint32
hash_seed (void)
{
  static gsize seed = 0;

  if (g_once_init_enter (&seed))
    g_once_init_leave (&seed, (gsize) g_random_int () | 1);
  return (guint32) seed;
}

/**
 * gsock_peer_host_hash:
 * @peer: a #GsockPeer
 *
 * A #GHashFunc over the host: its address and scope, for AF_UNIX its user.
 * Differs from one process to the next.
 *
 * Returns: the hash
 */
guint
gsock_peer_host_hash (gconstpointer peer)
{
  guint8 key[24];
  gsize size = host_key (peer, key);
  guint32 hash = hash_seed ();

  for (gsize i = 0; i < size; i++)
    {
      hash += key[i];
      hash += hash << 10;
      hash ^= hash >> 6;
    }
  hash += hash << 3;
  hash ^= hash >> 11;
  hash += hash << 15;
  return hash;
}

/**
 * gsock_peer_host_equal:
 * @a: a #GsockPeer
 * @b: another
 *
 * Returns: %TRUE if both are the same host (AF_UNIX: the same user)
 */
gboolean
gsock_peer_host_equal (gconstpointer a, gconstpointer b)
{
  guint8 key_a[24], key_b[24];

  host_key (a, key_a);
  host_key (b, key_b);
  return memcmp (key_a, key_b, sizeof key_a) == 0;
}

/* endpoint-native.c: endpoints from and to what the kernel has
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <gio/gnetworking.h>

#include "core/endpoint-private.h"
#include "core/peer.h"

G_STATIC_ASSERT (GSOCK_UNIX_PATH_MAX
                 == sizeof ((struct sockaddr_un *) 0)->sun_path - 1);

/* --- From the kernel --------------------------------------------------- */

static GsockEndpointKind
unix_kind (int socket_type)
{
  switch (socket_type)
    {
    case SOCK_DGRAM:
      return GSOCK_ENDPOINT_UNIX_DGRAM;
    case SOCK_SEQPACKET:
      return GSOCK_ENDPOINT_UNIX_SEQPACKET;
    default:
      return GSOCK_ENDPOINT_UNIX;
    }
}

/* @name has @size bytes of sun_path; 0 for a socket that has no name. */
static void
take_native_path (GsockEndpoint *endpoint, const char *name, gsize size)
{
  if (size == 0 || name[0] != '\0')
    {
      g_autofree char *path = g_strndup (name, size);

      /* A file called "@x" must not read as the abstract name. */
      endpoint->path = g_strconcat (*path == '@' ? "./" : "", path, NULL);
      return;
    }
  endpoint->abstract = TRUE;
  endpoint->path = g_malloc0 (size);
  memcpy (endpoint->path, name + 1, size - 1);
  /* Programs that bind with the whole of sockaddr_un have names padded with
   * NULs, which no text can hold: shown as /proc/net/unix shows them. */
  for (gsize i = 0; i + 1 < size; i++)
    if (endpoint->path[i] == '\0')
      {
        endpoint->path[i] = '@';
        endpoint->inexact = TRUE;
      }
}

static void
take_native_inet (GsockEndpoint *endpoint, const GsockPeer *address,
                  int socket_type)
{
  endpoint->kind = socket_type == SOCK_DGRAM ? GSOCK_ENDPOINT_UDP
                                             : GSOCK_ENDPOINT_TCP;
  endpoint->family = address->family;
  endpoint->port = address->port;
  endpoint->host = gsock_peer_host_to_string (address);
}

/**
 * gsock_endpoint_new_from_native:
 * @sockaddr: what getsockname() or getpeername() gave
 * @size: its bytes
 * @socket_type: SOCK_STREAM, SOCK_DGRAM or SOCK_SEQPACKET
 *
 * An IPv4 address mapped into IPv6 becomes the IPv4 address; the wildcard
 * stays what it is, `[::]` or `0.0.0.0`, as it can't be told whether it serves
 * both.  A socket without a name is `unix:`, its path empty.
 *
 * Returns: (transfer full) (nullable): the endpoint, or %NULL for a family
 *   that is not AF_INET, AF_INET6 or AF_UNIX
 */
GsockEndpoint *
gsock_endpoint_new_from_native (gconstpointer sockaddr, gsize size,
                                int socket_type)
{
  const gsize header = offsetof (struct sockaddr_un, sun_path);
  GsockEndpoint *endpoint;
  GsockPeer address;

  gsock_peer_init_from_native (&address, sockaddr, size);
  if (address.family == AF_UNSPEC)
    return NULL;

  endpoint = gsock_endpoint_new ();
  if (address.family != AF_UNIX)
    {
      take_native_inet (endpoint, &address, socket_type);
      return gsock_endpoint_finish (endpoint);
    }
  endpoint->kind = unix_kind (socket_type);
  size = MIN (size, sizeof (struct sockaddr_un));
  take_native_path (endpoint, (const char *) sockaddr + header,
                    size > header ? size - header : 0);
  return gsock_endpoint_finish (endpoint);
}

/* --- To the kernel and to GIO ------------------------------------------ */

static gsize
unix_to_native (const GsockEndpoint *endpoint, struct sockaddr_un *native)
{
  gsize size = strlen (endpoint->path);
  gsize head = endpoint->abstract ? 1 : 0;

  /* Names from the kernel alone may be too long to be closed by a NUL. */
  if (endpoint->inexact || size > GSOCK_UNIX_PATH_MAX)
    return 0;
  native->sun_family = AF_UNIX;
  memcpy (native->sun_path + head, endpoint->path, size);
  if (size > 0 && head == 0)
    size++;
  return offsetof (struct sockaddr_un, sun_path) + head + size;
}

static gsize
inet_to_native (const GsockEndpoint *endpoint, struct sockaddr_in *native)
{
  g_autofree char *host = g_strndup (endpoint->host,
                                     strcspn (endpoint->host, "%"));

  native->sin_family = AF_INET;
  native->sin_port = g_htons (endpoint->port);
  return inet_pton (AF_INET, host, &native->sin_addr) == 1 ? sizeof *native : 0;
}

/* A name first, as an interface may be called "7" too. */
static gboolean
find_scope (const char *scope, guint32 *index)
{
  guint64 number;

  *index = if_nametoindex (scope);
  if (*index != 0)
    return TRUE;
  if (!g_ascii_string_to_unsigned (scope, 10, 0, G_MAXUINT32, &number, NULL))
    return FALSE;
  *index = (guint32) number;
  return TRUE;
}

static const char *
interface_name (const GsockEndpoint *endpoint)
{
  const char *percent = endpoint->family == AF_INET
                            ? strchr (endpoint->host, '%')
                            : NULL;

  return percent != NULL ? percent + 1 : NULL;
}

/**
 * gsock_endpoint_has_interface:
 * @endpoint: an endpoint
 *
 * Returns: %TRUE for a group of IPv4 with an interface, "239.1.2.3%eth0"
 */
gboolean
gsock_endpoint_has_interface (const GsockEndpoint *endpoint)
{
  return interface_name (endpoint) != NULL;
}

/**
 * gsock_endpoint_get_interface:
 * @endpoint: an endpoint
 *
 * Returns: the index of that interface; 0 where this machine has none of the
 *   name, or none is named.  An IPv6 address has its own in its scope.
 */
guint
gsock_endpoint_get_interface (const GsockEndpoint *endpoint)
{
  const char *name = interface_name (endpoint);
  guint32 index = 0;

  if (name != NULL)
    (void) find_scope (name, &index);
  return index;
}

static gsize
inet6_to_native (const GsockEndpoint *endpoint, struct sockaddr_in6 *native)
{
  const char *scope = NULL;
  g_autofree char *text = endpoint->any ? g_strdup ("::")
                                        : gsock_endpoint_split_inet6 (
                                            endpoint->host, &scope);
  guint32 index = 0;

  if (scope != NULL && !find_scope (scope, &index))
    return 0;
  native->sin6_family = AF_INET6;
  native->sin6_port = g_htons (endpoint->port);
  native->sin6_scope_id = index;
  return inet_pton (AF_INET6, text, &native->sin6_addr) == 1 ? sizeof *native
                                                             : 0;
}

/**
 * gsock_endpoint_to_native:
 * @endpoint: an endpoint
 * @native: (out): what bind() and connect() take
 *
 * `*` gives [::], which with IPV6_V6ONLY off is every address; where IPv6 is
 * off, 0.0.0.0 is the caller's to choose.
 *
 * Returns: how many bytes of @native are meant, the others are zero; 0 where a
 *   name must be resolved first, where @endpoint is two addresses (a loopback
 *   pair) or none (`fd:`, `sd:`), and for a scope that names no interface of
 *   this machine
 */
gsize
gsock_endpoint_to_native (const GsockEndpoint *endpoint,
                          struct sockaddr_storage *native)
{
  memset (native, 0, sizeof *native);
  if (gsock_endpoint_is_unix (endpoint))
    return unix_to_native (endpoint, (struct sockaddr_un *) native);
  if (endpoint->host == NULL || endpoint->loopback_pair)
    return 0;
  if (endpoint->any || endpoint->family == AF_INET6)
    return inet6_to_native (endpoint, (struct sockaddr_in6 *) native);
  if (endpoint->family == AF_INET)
    return inet_to_native (endpoint, (struct sockaddr_in *) native);
  return 0;
}

/* listening-inet.c: which sockets an endpoint of TCP or UDP has
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <sys/socket.h>

#include "core/error.h"
#include "core/listening-private.h"

/* For a bare PORT 0: how often to look for one that both families have free. */
#define PORT_TRIES 16

static guint16
bound_port (GSocket *socket)
{
  g_autoptr (GSocketAddress)
      address = g_socket_get_local_address (socket, NULL);

  if (address == NULL || !G_IS_INET_SOCKET_ADDRESS (address))
    return 0;
  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
}

/* IPv6 is switched off here, rather than in somebody's use. */
static gboolean
lacks_ipv6 (const ListeningOpening *opening)
{
  return opening->options->family == AF_UNSPEC
         && (opening->errnum == EAFNOSUPPORT
             || opening->errnum == EADDRNOTAVAIL);
}

static void
keep_bound (GsockListening *listening, GSocket *socket)
{
  struct sockaddr_storage native = { 0 };
  socklen_t size = sizeof native;

  (void) getsockname (g_socket_get_fd (socket), (struct sockaddr *) &native,
                      &size);
  listening_keep (listening, socket,
                  gsock_endpoint_new_from_native (&native, size,
                                                  listening_is_datagram (socket)
                                                      ? SOCK_DGRAM
                                                      : SOCK_STREAM));
}

/* "*": one socket for both families where the machine has IPv6. */
gboolean
listening_add_any (GsockListening *listening, const GsockEndpoint *endpoint,
                   ListeningOpening *opening, GError **error)
{
  guint16 port = gsock_endpoint_get_port (endpoint);
  g_autoptr (GInetAddress) v6 = g_inet_address_new_any (G_SOCKET_FAMILY_IPV6);
  g_autoptr (GInetAddress) v4 = g_inet_address_new_any (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GError) no_v6 = NULL;
  g_autoptr (GSocket) socket = NULL;

  opening->is_dual = opening->options->family == AF_UNSPEC;
  if (opening->options->family != AF_INET)
    socket = listening_open_inet (opening, v6, port, 0, &no_v6);
  if (no_v6 != NULL && !lacks_ipv6 (opening))
    {
      g_propagate_error (error, g_steal_pointer (&no_v6));
      return FALSE;
    }
  if (socket == NULL)
    socket = listening_open_inet (opening, v4, port, 0, error);
  if (socket == NULL)
    return FALSE;
  listening_keep (listening, socket,
                  gsock_endpoint_with_port (endpoint, bound_port (socket)));
  return TRUE;
}

/* A bare PORT: loopback, both families; with port 0 both get the same one. */
gboolean
listening_add_loopback (GsockListening *listening,
                        const GsockEndpoint *endpoint,
                        ListeningOpening *opening, GError **error)
{
  g_autoptr (GInetAddress)
      v4 = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GInetAddress)
      v6 = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV6);
  guint16 wish = gsock_endpoint_get_port (endpoint);

  for (guint tries = PORT_TRIES;; tries--)
    {
      g_autoptr (GSocket) first = NULL;
      g_autoptr (GSocket) second = NULL;
      g_autoptr (GError) reason = NULL;
      guint16 port = wish;

      if (opening->options->family != AF_INET6)
        {
          first = listening_open_inet (opening, v4, port, 0, error);
          if (first == NULL)
            return FALSE;
          port = bound_port (first);
        }
      if (opening->options->family != AF_INET)
        second = listening_open_inet (opening, v6, port, 0, &reason);
      if (reason != NULL && !lacks_ipv6 (opening))
        {
          /* Somebody has the chosen port in the other family: another one. */
          if (wish == 0 && opening->errnum == EADDRINUSE && tries > 0)
            continue;
          g_propagate_error (error, g_steal_pointer (&reason));
          return FALSE;
        }
      if (first != NULL)
        keep_bound (listening, first);
      if (second != NULL)
        keep_bound (listening, second);
      return TRUE;
    }
}

static gboolean
add_inet (GsockListening *listening, ListeningOpening *opening,
          GInetAddress *inet, guint16 port, guint32 scope, GError **error)
{
  g_autoptr (GSocket)
      socket = listening_open_inet (opening, inet, port, scope, error);

  if (socket == NULL)
    return FALSE;
  keep_bound (listening, socket);
  return TRUE;
}

static GResolverNameLookupFlags
lookup_flags (int family)
{
  if (family == AF_INET)
    return G_RESOLVER_NAME_LOOKUP_FLAGS_IPV4_ONLY;
  if (family == AF_INET6)
    return G_RESOLVER_NAME_LOOKUP_FLAGS_IPV6_ONLY;
  return G_RESOLVER_NAME_LOOKUP_FLAGS_DEFAULT;
}

/* -4 and -6 are for addresses too, not for names alone. */
static gboolean
is_wanted (const ListeningOpening *opening, GSocketAddress *address,
           GError **error)
{
  int family = opening->options->family;

  if (family == AF_UNSPEC
      || family == (int) g_socket_address_get_family (address))
    return TRUE;
  g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE,
               /* TRANSLATORS: an address, "IPv4" or "IPv6", and the option
                * that asks for that one. */
               _ ("Cannot listen on %s: it is no %s address, and %s asks for "
                  "one"),
               opening->shown, family == AF_INET6 ? "IPv6" : "IPv4",
               family == AF_INET6 ? "-6" : "-4");
  return FALSE;
}

gboolean
listening_add_host (GsockListening *listening, const GsockEndpoint *endpoint,
                    ListeningOpening *opening, GError **error)
{
  g_autoptr (GSocketAddress) literal = gsock_endpoint_to_address (endpoint);
  guint16 port = gsock_endpoint_get_port (endpoint);
  g_autolist (GInetAddress) addresses = NULL;
  guint before = listening->sockets->len;

  if (literal != NULL)
    {
      GInetSocketAddress *inet = G_INET_SOCKET_ADDRESS (literal);
      guint32 scope = 0;

      if (!is_wanted (opening, literal, error))
        return FALSE;
      if (g_socket_address_get_family (literal) == G_SOCKET_FAMILY_IPV6)
        scope = g_inet_socket_address_get_scope_id (inet);
      return add_inet (listening, opening,
                       g_inet_socket_address_get_address (inet), port, scope,
                       error);
    }
  addresses = g_resolver_lookup_by_name_with_flags (
      g_resolver_get_default (), gsock_endpoint_get_host (endpoint),
      lookup_flags (opening->options->family), NULL, NULL);
  if (addresses == NULL)
    {
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_NAME,
                   _ ("Cannot listen on %s: the name has no address"),
                   opening->shown);
      return FALSE;
    }
  for (GList *l = addresses; l != NULL; l = l->next)
    {
      if (!add_inet (listening, opening, l->data, port, 0, error))
        return FALSE;
      if (port == 0)
        port = bound_port (g_ptr_array_index (listening->sockets, before));
    }
  return TRUE;
}

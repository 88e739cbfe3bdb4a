/* endpoint-gio.c: endpoints as GObject and GIO have them
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <gio/gio.h>

#include "core/endpoint-private.h"

G_DEFINE_BOXED_TYPE (GsockEndpoint, gsock_endpoint, gsock_endpoint_ref,
                     gsock_endpoint_unref)

/**
 * gsock_endpoint_to_address:
 * @endpoint: an endpoint
 *
 * Returns: (transfer full) (nullable): what gsock_endpoint_to_native() gives,
 *   for GIO
 */
GSocketAddress *
gsock_endpoint_to_address (const GsockEndpoint *endpoint)
{
  struct sockaddr_storage native;
  gsize size = gsock_endpoint_to_native (endpoint, &native);

  return size > 0 ? g_socket_address_new_from_native (&native, size) : NULL;
}

static GSocketConnectable *
srv_to_connectable (const GsockEndpoint *endpoint)
{
  g_auto (GStrv) parts = gsock_endpoint_split_service (endpoint->name);
  g_autofree char *domain = g_hostname_to_ascii (parts[2]);

  return g_network_service_new (parts[0] + 1, parts[1] + 1, domain);
}

/**
 * gsock_endpoint_to_connectable:
 * @endpoint: an endpoint
 *
 * International names become their ASCII form here.  An IPv6 literal whose
 * scope names no interface goes the way of names, so that its error comes
 * where theirs do.
 *
 * Returns: (transfer full) (nullable): what GSocketClient connects to: a
 *   socket address for literals and UNIX, else a #GNetworkAddress or
 *   #GNetworkService; %NULL for `fd:` and `sd:`
 */
GSocketConnectable *
gsock_endpoint_to_connectable (const GsockEndpoint *endpoint)
{
  GSocketAddress *address = gsock_endpoint_to_address (endpoint);
  g_autofree char *ascii = NULL;

  if (address != NULL)
    return G_SOCKET_CONNECTABLE (address);
  if (endpoint->kind == GSOCK_ENDPOINT_SRV)
    return srv_to_connectable (endpoint);
  if (endpoint->host == NULL)
    return NULL;
  if (endpoint->loopback_pair)
    return g_network_address_new_loopback (endpoint->port);
  ascii = g_hostname_to_ascii (endpoint->host);
  return g_network_address_new (ascii != NULL ? ascii : endpoint->host,
                                endpoint->port);
}

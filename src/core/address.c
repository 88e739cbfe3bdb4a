/* address.c: a socket address by value, as the kernel takes it
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/address.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"

/**
 * gsock_address_init_from_endpoint:
 * @address: where to write
 * @endpoint: an endpoint
 *
 * See gsock_endpoint_to_native() for what is no address.
 *
 * Returns: %TRUE if it is one
 */
gboolean
gsock_address_init_from_endpoint (GsockAddress *address,
                                  const GsockEndpoint *endpoint)
{
  address->size = (socklen_t) gsock_endpoint_to_native (endpoint,
                                                        &address->storage);
  return address->size > 0;
}

/**
 * gsock_address_init_from_peer:
 * @address: (out caller-allocates): where @peer is
 * @peer: a peer
 *
 * Of one that is unknown there is no address.
 */
void
gsock_address_init_from_peer (GsockAddress *address, const GsockPeer *peer)
{
  *address = (GsockAddress) { .size = 0 };
  address->any.sa_family = peer->family;
  if (peer->family == AF_INET)
    {
      address->size = sizeof address->inet;
      address->inet.sin_port = g_htons (peer->port);
      memcpy (&address->inet.sin_addr, peer->inet.address, 4);
    }
  else if (peer->family == AF_INET6)
    {
      address->size = sizeof address->inet6;
      address->inet6.sin6_port = g_htons (peer->port);
      memcpy (&address->inet6.sin6_addr, peer->inet.address, 16);
      address->inet6.sin6_scope_id = peer->inet.scope;
    }
  else if (peer->family == AF_UNIX)
    address->size = sizeof address->any.sa_family;
}

/**
 * gsock_address_is_of_family:
 * @address: an address
 * @family: AF_INET...; AF_UNSPEC is every one
 *
 * Returns: %TRUE if it is
 */
gboolean
gsock_address_is_of_family (const GsockAddress *address, int family)
{
  return family == AF_UNSPEC || address->any.sa_family == family;
}

/**
 * gsock_address_is_any6:
 * @address: an address
 *
 * Returns: %TRUE for [::], whatever its port
 */
gboolean
gsock_address_is_any6 (const GsockAddress *address)
{
  return address->any.sa_family == AF_INET6
         && IN6_IS_ADDR_UNSPECIFIED (&address->inet6.sin6_addr);
}

/**
 * gsock_address_equal:
 * @a: an address
 * @b: another
 *
 * Returns: %TRUE if they are the same, port and scope too
 */
gboolean
gsock_address_equal (const GsockAddress *a, const GsockAddress *b)
{
  return a->size == b->size && memcmp (&a->storage, &b->storage, a->size) == 0;
}

/* --- As text ------------------------------------------------------------- */

/**
 * gsock_address_host_to_string:
 * @address: of AF_INET or AF_INET6
 *
 * Returns: (nullable): the address without its port; %NULL for other families
 */
char *
gsock_address_host_to_string (const GsockAddress *address)
{
  GsockPeer peer;

  gsock_peer_init_from_native (&peer, &address->any, address->size);
  return gsock_peer_host_to_string (&peer);
}

/**
 * gsock_address_list_hosts:
 * @addresses: (element-type GsockAddress): of AF_INET or AF_INET6
 *
 * Returns: (transfer full): the addresses without their ports
 */
char *
gsock_address_list_hosts (const GArray *addresses)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < addresses->len; i++)
    {
      g_autofree char *host = gsock_address_host_to_string (
          &g_array_index (addresses, GsockAddress, i));

      g_string_append_printf (list, "%s%s", i == 0 ? "" : ", ", host);
    }
  return g_string_free (list, FALSE);
}

static gboolean
parse_port (const char *text, guint16 *port)
{
  guint64 number;

  if (!g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT16, &number, NULL))
    return FALSE;
  *port = (guint16) number;
  return TRUE;
}

/* @host is a number, not a name. */
static gboolean
set_address (GsockAddress *address, const char *host, guint16 port)
{
  g_autoptr (GsockEndpoint)
      numbers = gsock_endpoint_parse_host_port (host, "1", NULL);
  g_autoptr (GsockEndpoint) endpoint = NULL;

  if (numbers == NULL)
    return FALSE;
  endpoint = gsock_endpoint_with_port (numbers, port);
  return gsock_address_init_from_endpoint (address, endpoint);
}

/* "[V6]" and "[V6]:PORT". */
static gboolean
parse_bracketed (GsockAddress *address, const char *text)
{
  const char *end = strchr (text, ']');
  g_autofree char *host = NULL;
  guint16 port = 0;

  if (end == NULL || (end[1] != '\0' && end[1] != ':'))
    return FALSE;
  if (end[1] == ':' && !parse_port (end + 2, &port))
    return FALSE;
  host = g_strndup (text + 1, (gsize) (end - text - 1));
  return strchr (host, ':') != NULL && set_address (address, host, port);
}

static gboolean
parse_address (GsockAddress *address, const char *text)
{
  const char *colon = strchr (text, ':');
  g_autofree char *host = NULL;
  guint16 port = 0;

  if (text[0] == '[')
    return parse_bracketed (address, text);
  if (parse_port (text, &port))
    return set_address (address, "::", port);
  /* No colon: IPv4; several: IPv6 without brackets, and so without a port. */
  if (colon == NULL || strchr (colon + 1, ':') != NULL)
    return set_address (address, text, 0);
  if (!parse_port (colon + 1, &port))
    return FALSE;
  host = g_strndup (text, (gsize) (colon - text));
  return set_address (address, host, port);
}

/**
 * gsock_address_init_from_host:
 * @address: (out caller-allocates): the address, its port 0
 * @host: "192.0.2.1", "::1", "fe80::1%eth0", or a name
 *
 * Returns: %FALSE, and no address, where @host is a name
 */
gboolean
gsock_address_init_from_host (GsockAddress *address, const char *host)
{
  address->size = 0;
  return set_address (address, host, 0);
}

/**
 * gsock_address_parse:
 * @address: (out caller-allocates): the address
 * @text: "ADDR", "ADDR:PORT", "[V6]:PORT" or "PORT"
 * @error: %GSOCK_ERROR_USAGE
 *
 * Addresses are numbers, not names.  A PORT alone is [::] with that port, which
 * gsock_connect_start() takes for every address of either family.
 *
 * Returns: %TRUE if @text is one
 */
gboolean
gsock_address_parse (GsockAddress *address, const char *text, GError **error)
{
  g_autofree char *shown = NULL;

  if (parse_address (address, text))
    return TRUE;

  shown = gsock_escape_brief (text);
  return gsock_refuse (
      error,
      /* TRANSLATORS: what was written, then the forms it may have. */
      _ ("'%s' is not a source address; write %s"), shown,
      "ADDR, ADDR:PORT, [V6]:PORT, PORT");
}

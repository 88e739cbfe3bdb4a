/* proxy-header-write.c: a header for whoever wants to know whose bytes follow
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/un.h>

#include "core/proxy-header-private.h"

/* Both as IPv6 where one is. */
static void
widen (GsockAddress *address)
{
  guint8 mapped[16] = { [10] = 0xff, [11] = 0xff };

  if (address->any.sa_family != AF_INET)
    return;
  memcpy (mapped + 12, &address->inet.sin_addr, 4);
  gsock_proxy_header_set_inet6 (address, mapped,
                                g_ntohs (address->inet.sin_port));
}

/* The family of both; AF_UNSPEC where they have none in common. */
static int
reconcile (GsockAddress *source, GsockAddress *destination)
{
  if (source->size == 0 || destination->size == 0)
    return AF_UNSPEC;
  if (source->any.sa_family == AF_INET6
      || destination->any.sa_family == AF_INET6)
    {
      widen (source);
      widen (destination);
    }
  return source->any.sa_family == destination->any.sa_family
             ? source->any.sa_family
             : AF_UNSPEC;
}

static gsize
encode_line (const GsockAddress *source, const GsockAddress *destination,
             int family, char *data)
{
  char from[INET6_ADDRSTRLEN], to[INET6_ADDRSTRLEN];
  const gboolean is_six = family == AF_INET6;

  if (family != AF_INET && family != AF_INET6)
    return (gsize) g_snprintf (data, GSOCK_PROXY_HEADER_OWN_MAX,
                               "PROXY UNKNOWN\r\n");
  inet_ntop (family,
             is_six ? (gconstpointer) &source->inet6.sin6_addr
                    : (gconstpointer) &source->inet.sin_addr,
             from, sizeof from);
  inet_ntop (family,
             is_six ? (gconstpointer) &destination->inet6.sin6_addr
                    : (gconstpointer) &destination->inet.sin_addr,
             to, sizeof to);
  /* The ports are at the same place in both. */
  return (gsize) g_snprintf (
      data, GSOCK_PROXY_HEADER_OWN_MAX, "PROXY %s %s %s %u %u\r\n",
      is_six ? "TCP6" : "TCP4", from, to, g_ntohs (source->inet.sin_port),
      g_ntohs (destination->inet.sin_port));
}

/* What the kernel gave of it may be shorter than a path can be. */
static void
put_path (char *data, const GsockAddress *address)
{
  const gsize head = G_STRUCT_OFFSET (struct sockaddr_un, sun_path);
  gsize size = address->size > head ? address->size - head : 0;

  memcpy (data, (const char *) &address->storage + head, MIN (size, PATH_SIZE));
}

static void
put_addresses (char *data, const GsockAddress *source,
               const GsockAddress *destination, int family)
{
  if (family == AF_UNIX)
    {
      put_path (data, source);
      put_path (data + PATH_SIZE, destination);
      return;
    }
  if (family == AF_INET)
    {
      memcpy (data, &source->inet.sin_addr, 4);
      memcpy (data + 4, &destination->inet.sin_addr, 4);
      data += 8;
    }
  else
    {
      memcpy (data, &source->inet6.sin6_addr, 16);
      memcpy (data + 16, &destination->inet6.sin6_addr, 16);
      data += 32;
    }
  memcpy (data, &source->inet.sin_port, 2);
  memcpy (data + 2, &destination->inet.sin_port, 2);
}

static gsize
encode_binary (const GsockProxyHeader *header, const GsockAddress *source,
               const GsockAddress *destination, int family, char *data)
{
  guint row = 0;

  memset (data, 0, GSOCK_PROXY_HEADER_OWN_MAX);
  memcpy (data, SIGNATURE, SIGNATURE_SIZE);
  data[12] = header->is_local ? 0x20 : 0x21;
  for (guint i = 1; i < GSOCK_PROXY_HEADER_FAMILIES && !header->is_local; i++)
    if (gsock_proxy_header_families[i].family == family)
      row = i;
  if (row == 0)
    return HEAD_SIZE;
  data[13] = (char) (row << 4 | (header->is_dgram ? 2 : 1));
  data[15] = (char) gsock_proxy_header_families[row].size;
  put_addresses (data + HEAD_SIZE, source, destination, family);
  return HEAD_SIZE + gsock_proxy_header_families[row].size;
}

/**
 * gsock_proxy_header_encode:
 * @header: what to say, and in which version
 * @data: (out caller-allocates): the bytes
 *
 * Of version 1 a UNIX socket, datagrams and a balancer's own connection are
 * "UNKNOWN".
 *
 * Returns: how many bytes
 */
gsize
gsock_proxy_header_encode (const GsockProxyHeader *header,
                           char data[GSOCK_PROXY_HEADER_OWN_MAX])
{
  GsockAddress source = header->source;
  GsockAddress destination = header->destination;
  int family = reconcile (&source, &destination);

  if (header->version != 1)
    return encode_binary (header, &source, &destination, family, data);
  if (header->is_local || header->is_dgram)
    family = AF_UNSPEC;
  return encode_line (&source, &destination, family, data);
}

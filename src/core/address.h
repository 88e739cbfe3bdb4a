/* address.h: a socket address by value, as the kernel takes it
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include "core/endpoint.h"
#include "core/peer.h"

G_BEGIN_DECLS

/* Plain data, in whoever has it. */
typedef struct
{
  socklen_t size; /* what of it is meant; 0: no address */
  union
  {
    struct sockaddr_storage storage;
    struct sockaddr any;
    struct sockaddr_in inet;
    struct sockaddr_in6 inet6;
  };
} GsockAddress;

/* FALSE, and no address, where @endpoint is a name, or none at all. */
gboolean gsock_address_init_from_endpoint (GsockAddress *address,
                                           const GsockEndpoint *endpoint);
/* @host is a number, "192.0.2.1" or "fe80::1%eth0", and no name; port 0. */
gboolean gsock_address_init_from_host (GsockAddress *address, const char *host);
/* Of AF_UNIX the family alone: a client's socket has no name there. */
void gsock_address_init_from_peer (GsockAddress *address,
                                   const GsockPeer *peer);
/* "ADDR", "ADDR:PORT", "[V6]:PORT" or "PORT", all of them numbers: this is
 * --source.  GSOCK_ERROR_USAGE. */
gboolean gsock_address_parse (GsockAddress *address, const char *text,
                              GError **error);

/* AF_UNSPEC is every family. */
gboolean gsock_address_is_of_family (const GsockAddress *address, int family);
/* "[::]", which for --source stands for 0.0.0.0 too. */
gboolean gsock_address_is_any6 (const GsockAddress *address);
gboolean gsock_address_equal (const GsockAddress *a, const GsockAddress *b);
/* "127.0.0.1", "fe80::1%eth0": without the port; NULL for other families; free
 * with g_free. */
char *gsock_address_host_to_string (const GsockAddress *address);
/* Of a list (element-type GsockAddress): "::1, 127.0.0.1"; g_free. */
char *gsock_address_list_hosts (const GArray *addresses);

G_END_DECLS

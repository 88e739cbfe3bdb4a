/* proxy-header.h: what a balancer says of its client, before the client's bytes
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/address.h"
#include "core/codec.h"

G_BEGIN_DECLS

/* A header of HAProxy's PROXY protocol, version 1 (a line of text) or 2 (binary
 * and extensible).  Plain data. */
typedef struct
{
  guint version;
  gboolean is_local; /* 2 only: the balancer speaks for itself */
  gboolean is_dgram; /* 2 only: its client sent datagrams */
  /* The client, and where it came to: both of one family, AF_INET, AF_INET6 or
   * (2 only) AF_UNIX; of no size: not told. */
  GsockAddress source, destination;
} GsockProxyHeader;

/* Of version 1, its CR LF included. */
#define GSOCK_PROXY_HEADER_LINE_MAX 107
/* Of version 2: what we take, and the longest that we write. */
#define GSOCK_PROXY_HEADER_MAX (16 * 1024)
#define GSOCK_PROXY_HEADER_OWN_MAX 232

/* The header that the @size bytes at @data begin with; @used: how many of them
 * it has.  Any beginning of a good header wants more; GSOCK_ERROR_FRAME_BAD,
 * _FRAME_TOO_BIG as soon as it can be none. */
GsockDecode gsock_proxy_header_decode (const char *data, gsize size,
                                       GsockProxyHeader *header, gsize *used,
                                       GError **error);

/* How many bytes of @data are written.  Families that differ are brought
 * together (IPv4 as IPv6); what the version can't say is told as unknown. */
gsize gsock_proxy_header_encode (const GsockProxyHeader *header,
                                 char data[GSOCK_PROXY_HEADER_OWN_MAX]);

G_END_DECLS

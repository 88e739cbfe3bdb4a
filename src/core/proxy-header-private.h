/* proxy-header-private.h: what reading and writing a PROXY header share
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/proxy-header.h"

G_BEGIN_DECLS

/* Version 2: the signature, then version and command, family and protocol, and
 * two bytes that count all that follows. */
#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"
#define SIGNATURE_SIZE 12
#define HEAD_SIZE 16
#define PATH_SIZE 108

/* A row is the higher half of the 14th byte. */
typedef struct
{
  int family;
  gsize size; /* of both addresses */
} GsockProxyHeaderFamily;

#define GSOCK_PROXY_HEADER_FAMILIES 4
extern const GsockProxyHeaderFamily
    gsock_proxy_header_families[GSOCK_PROXY_HEADER_FAMILIES];

void gsock_proxy_header_set_inet6 (GsockAddress *address, gconstpointer bytes,
                                   guint port);

G_END_DECLS

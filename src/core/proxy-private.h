/* proxy-private.h: what a proxy's URL says, for what is said to it
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/proxy.h"

G_BEGIN_DECLS

typedef enum
{
  PROXY_SOCKS4,
  PROXY_SOCKS4A,
  PROXY_SOCKS5,
  PROXY_HTTP,
} ProxyKind;

struct _GsockProxy
{
  gatomicrefcount references;
  ProxyKind kind;
  GsockEndpoint *endpoint;
  char *user, *password; /* or NULL */
};

G_END_DECLS

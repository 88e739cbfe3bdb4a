/* endpoint-private.h: an endpoint as its own files see it
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/endpoint.h"

G_BEGIN_DECLS

/* Of a name in DNS, in bytes. */
#define GSOCK_LABEL_MAX 63

/* Immutable once gsock_endpoint_finish() gave it its text. */
struct _GsockEndpoint
{
  GsockEndpointKind kind;
  gboolean tls;
  gboolean any;
  gboolean loopback_pair;
  gboolean abstract;
  gboolean inexact; /* a peer's abstract name with NULs: to show, not to use */
  int family;       /* of a literal host: AF_INET or AF_INET6; else AF_UNSPEC */
  guint16 port;
  int fd;
  char *host;
  char *path;
  char *name;
  char *text;
};

/* One parse; lives on the stack. */
typedef struct
{
  const char *text; /* all of it: hints repeat the schemes before the REST */
  GsockEndpointUse use;
  GsockEndpoint *endpoint;
} GsockEndpointParser;

/* endpoint.c */
GsockEndpoint *gsock_endpoint_new (void);
GsockEndpoint *gsock_endpoint_finish (GsockEndpoint *endpoint);

/* endpoint-parse.c */
const char *gsock_endpoint_kind_word (GsockEndpointKind kind);
char **gsock_endpoint_split_service (const char *text);
char *gsock_endpoint_hint (const GsockEndpointParser *parser, const char *rest,
                           const char *a, const char *b, const char *c);

/* endpoint-inet.c */
gboolean gsock_endpoint_parse_inet (GsockEndpointParser *parser,
                                    const char *rest, GError **error);
gboolean gsock_endpoint_parse_name (GsockEndpointParser *parser,
                                    const char *host, GError **error);
char *gsock_endpoint_split_inet6 (const char *text, const char **scope);

G_END_DECLS

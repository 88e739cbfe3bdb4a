/* resolve-options.h: what gsock-resolve's command line can say, checked
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "dns/lookup.h"
#include "tools/tool.h"

G_BEGIN_DECLS

typedef enum
{
  GSOCK_SOURCE_DEFAULT, /* the system, or DNS where an option needs it */
  GSOCK_SOURCE_SYSTEM,
  GSOCK_SOURCE_DNS,
  GSOCK_SOURCE_BOTH,
} GsockSource;

/* What --cacert and --pin are for. */
#define GSOCK_RESOLVE_TLS_SERVER "--server=tls://"

/* Filled in once, by the main thread. */
typedef struct
{
  gboolean ipv4;
  gboolean ipv6;
  gint64 timeout; /* µs for one name; 0: none */
  guint16 types[GSOCK_DNS_TYPES_MAX];
  guint type_count; /* 0: as the name asks for it */
  char *server;     /* NULL: those of resolv.conf */
  GsockSource source;
  gboolean brief; /* --short */
  gboolean families;
  gboolean dnssec;
  char *trust_anchors; /* a path; NULL: IANA's */
  gboolean trace;
  char *root_hints; /* a path; NULL: IANA's */
  char *input;      /* a path, "-", or NULL */
  guint64 jobs;     /* 0: as many as the plane does well */
  gboolean unordered;
} GsockResolveOptions;

extern const GsockOptionGroup *const gsock_resolve_option_groups[];

const GsockResolveOptions *gsock_resolve_options_get (void);
/* AF_UNSPEC, AF_INET, AF_INET6. */
int gsock_resolve_options_family (void);
/* Never DEFAULT. */
GsockSource gsock_resolve_options_source (const char *host);
/* @has_words: whether there are NAMEs.  GSOCK_ERROR_USAGE. */
gboolean gsock_resolve_options_check (gboolean has_words, GError **error);

G_END_DECLS

/* hints.h: where the servers of the root are, to begin with
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A name server and where it is known to be; a tracer's own. */
typedef struct
{
  char *name;           /* "a.root-servers.net." */
  GPtrArray *addresses; /* (element-type utf8) numbers */
  gboolean inside;      /* it is in the zone that it serves */
} GsockDnsNameServer;

GsockDnsNameServer *gsock_dns_name_server_new (const char *name);
void gsock_dns_name_server_free (GsockDnsNameServer *server);

/* (element-type GsockDnsNameServer) IANA's, of 2026. */
GPtrArray *gsock_dns_hints_new (void);
/* Pure: those of a zone file, such as IANA's named.root; GSOCK_ERROR_FAILED
 * where there is no address in it. */
GPtrArray *gsock_dns_hints_parse (const char *text, GError **error);
/* GSOCK_ERROR_USAGE, the file named. */
GPtrArray *gsock_dns_hints_read (const char *path, GError **error);

G_END_DECLS

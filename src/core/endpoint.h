/* endpoint.h: an address as users write it, parsed once and never changed
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <sys/socket.h>

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  GSOCK_ENDPOINT_TCP,
  GSOCK_ENDPOINT_UNIX, /* stream; path or abstract */
  GSOCK_ENDPOINT_UDP,
  GSOCK_ENDPOINT_UNIX_DGRAM,
  GSOCK_ENDPOINT_UNIX_SEQPACKET,
  GSOCK_ENDPOINT_FD, /* an inherited descriptor */
  GSOCK_ENDPOINT_SD, /* systemd socket activation */
  GSOCK_ENDPOINT_SRV,
} GsockEndpointKind;

/* Which side reads the text: a bare PORT and "*" mean different things. */
typedef enum
{
  GSOCK_ENDPOINT_FOR_SERVER,
  GSOCK_ENDPOINT_FOR_CLIENT,
} GsockEndpointUse;

#define GSOCK_UNIX_PATH_MAX 107

/* Immutable and reference counted (atomically): may be shared by threads. */
typedef struct _GsockEndpoint GsockEndpoint;

#define GSOCK_TYPE_ENDPOINT (gsock_endpoint_get_type ())
GType gsock_endpoint_get_type (void);

/* GSOCK_ERROR_USAGE with one line that says why and what is possible. */
GsockEndpoint *gsock_endpoint_parse (const char *text, GsockEndpointUse use,
                                     GError **error);
/* The client's "HOST PORT" in two words. */
GsockEndpoint *gsock_endpoint_parse_host_port (const char *host,
                                               const char *port,
                                               GError **error);
/* From getsockname or getpeername; @socket_type SOCK_STREAM and so on. */
GsockEndpoint *gsock_endpoint_new_from_native (gconstpointer sockaddr,
                                               gsize size, int socket_type);

GsockEndpoint *gsock_endpoint_ref (GsockEndpoint *endpoint);
void gsock_endpoint_unref (GsockEndpoint *endpoint);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GsockEndpoint, gsock_endpoint_unref)

/* Canonical, with its scheme: "tcp:127.0.0.1:3490", "tls:tcp:[::1]:443",
 * "unix:/run/x", "unix:@name", "tcp:*:3490".  parse (to_string (e)) equals e.
 * Not escaped: escape it before it is shown. */
const char *gsock_endpoint_to_string (const GsockEndpoint *endpoint);
/* What people read: "127.0.0.1:3490", "/run/x", "@name", "*:3490", escaped;
 * free with g_free. */
char *gsock_endpoint_to_display (const GsockEndpoint *endpoint);

gboolean gsock_endpoint_equal (const GsockEndpoint *a, const GsockEndpoint *b);

GsockEndpointKind gsock_endpoint_get_kind (const GsockEndpoint *endpoint);
gboolean gsock_endpoint_is_tls (const GsockEndpoint *endpoint);
gboolean gsock_endpoint_is_unix (const GsockEndpoint *endpoint); /* 3 kinds */
gboolean gsock_endpoint_is_stream (const GsockEndpoint *endpoint);
/* SOCK_STREAM, SOCK_DGRAM or SOCK_SEQPACKET. */
int gsock_endpoint_get_socket_type (const GsockEndpoint *endpoint);
gboolean gsock_endpoint_is_abstract (const GsockEndpoint *endpoint);
gboolean gsock_endpoint_is_any (const GsockEndpoint *endpoint); /* "*" */
/* A server's bare PORT: v4 and v6. */
gboolean gsock_endpoint_is_loopback_pair (const GsockEndpoint *endpoint);
/* Host without brackets, with %scope; NULL for others than TCP and UDP. */
const char *gsock_endpoint_get_host (const GsockEndpoint *endpoint);
/* The index of the interface by which an IPv4 group is reached
 * ("239.1.2.3%eth0"); 0: none is named, or there is none of that name. */
guint gsock_endpoint_get_interface (const GsockEndpoint *endpoint);
/* Whether one is named. */
gboolean gsock_endpoint_has_interface (const GsockEndpoint *endpoint);
guint16 gsock_endpoint_get_port (const GsockEndpoint *endpoint);
/* Path, or abstract name without the @; NULL for others than UNIX. */
const char *gsock_endpoint_get_path (const GsockEndpoint *endpoint);
int gsock_endpoint_get_fd (const GsockEndpoint *endpoint);
/* sd:NAME, srv:NAME; NULL where there is none. */
const char *gsock_endpoint_get_name (const GsockEndpoint *endpoint);

/* The same with another port (for a server's chosen one). */
GsockEndpoint *gsock_endpoint_with_port (const GsockEndpoint *endpoint,
                                         guint16 port);

/* The same behind tls:. */
GsockEndpoint *gsock_endpoint_with_tls (const GsockEndpoint *endpoint);

/* What bind and connect take, the rest zero; its size, 0 where a name must be
 * resolved first. */
gsize gsock_endpoint_to_native (const GsockEndpoint *endpoint,
                                struct sockaddr_storage *native);

/* GUnixSocketAddress, GInetSocketAddress for a literal (scope kept), else
 * GNetworkAddress or GNetworkService; NULL for fd: and sd:. */
GSocketConnectable *
gsock_endpoint_to_connectable (const GsockEndpoint *endpoint);

/* The same for a literal or UNIX address only; NULL where a name must be
 * resolved first. */
GSocketAddress *gsock_endpoint_to_address (const GsockEndpoint *endpoint);

G_END_DECLS

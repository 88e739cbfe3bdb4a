/* endpoint.c: an address as users write it, parsed once and never changed
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/endpoint.h"

#include <string.h>
#include <sys/socket.h>

#include "core/endpoint-private.h"
#include "core/escape.h"

static void
endpoint_clear (gpointer data)
{
  GsockEndpoint *endpoint = data;

  g_free (endpoint->host);
  g_free (endpoint->path);
  g_free (endpoint->name);
  g_free (endpoint->text);
}

/* An empty one, to be filled and then finished. */
GsockEndpoint *
gsock_endpoint_new (void)
{
  GsockEndpoint *endpoint = g_atomic_rc_box_new0 (GsockEndpoint);

  endpoint->fd = -1;
  return endpoint;
}

/**
 * gsock_endpoint_ref:
 * @endpoint: an endpoint
 *
 * Returns: (transfer full): @endpoint; any thread may do it
 */
GsockEndpoint *
gsock_endpoint_ref (GsockEndpoint *endpoint)
{
  return g_atomic_rc_box_acquire (endpoint);
}

/**
 * gsock_endpoint_unref:
 * @endpoint: (transfer full): an endpoint
 *
 * Gives a reference back; the last one frees it.  Any thread may do it.
 */
void
gsock_endpoint_unref (GsockEndpoint *endpoint)
{
  g_atomic_rc_box_release_full (endpoint, endpoint_clear);
}

/* --- Canonical text ---------------------------------------------------- */

/* "127.0.0.1:80", "[::1]:80", "*:80", and "80" alone for a loopback pair. */
static char *
inet_text (const GsockEndpoint *endpoint)
{
  guint port = endpoint->port;

  if (endpoint->loopback_pair)
    return g_strdup_printf ("%u", port);
  if (endpoint->any)
    return g_strdup_printf ("*:%u", port);
  if (endpoint->family == AF_INET6)
    return g_strdup_printf ("[%s]:%u", endpoint->host, port);
  return g_strdup_printf ("%s:%u", endpoint->host, port);
}

static char *
rest_text (const GsockEndpoint *endpoint)
{
  switch (endpoint->kind)
    {
    case GSOCK_ENDPOINT_TCP:
    case GSOCK_ENDPOINT_UDP:
      return inet_text (endpoint);
    case GSOCK_ENDPOINT_UNIX:
    case GSOCK_ENDPOINT_UNIX_DGRAM:
    case GSOCK_ENDPOINT_UNIX_SEQPACKET:
      return g_strconcat (endpoint->abstract ? "@" : "", endpoint->path, NULL);
    case GSOCK_ENDPOINT_FD:
      return g_strdup_printf ("%d", endpoint->fd);
    case GSOCK_ENDPOINT_SD:
    case GSOCK_ENDPOINT_SRV:
    default:
      return g_strdup (endpoint->name != NULL ? endpoint->name : "");
    }
}

/* The last step of making one: returns @endpoint with its text. */
GsockEndpoint *
gsock_endpoint_finish (GsockEndpoint *endpoint)
{
  g_autofree char *rest = rest_text (endpoint);

  endpoint->text = g_strconcat (endpoint->tls ? "tls:" : "",
                                gsock_endpoint_kind_word (endpoint->kind), ":",
                                rest, NULL);
  return endpoint;
}

/* --- What it says ------------------------------------------------------ */

/**
 * gsock_endpoint_to_string:
 * @endpoint: an endpoint
 *
 * Returns: the canonical text, which parses back (for the same use) to an
 *   equal endpoint; owned by @endpoint, not escaped
 */
const char *
gsock_endpoint_to_string (const GsockEndpoint *endpoint)
{
  return endpoint->text;
}

/**
 * gsock_endpoint_to_display:
 * @endpoint: an endpoint
 *
 * Returns: what people read: "127.0.0.1:3490", "/run/x", "@name"; escaped.
 *   Free with g_free().
 */
char *
gsock_endpoint_to_display (const GsockEndpoint *endpoint)
{
  g_autofree char *rest = NULL;

  if (endpoint->loopback_pair)
    return g_strdup_printf ("localhost:%u", (guint) endpoint->port);
  rest = rest_text (endpoint);
  if (*rest != '\0' && endpoint->kind != GSOCK_ENDPOINT_FD
      && endpoint->kind != GSOCK_ENDPOINT_SD)
    return gsock_escape (rest, -1);
  return g_strconcat (gsock_endpoint_kind_word (endpoint->kind), ":", rest,
                      NULL);
}

/**
 * gsock_endpoint_equal:
 * @a: an endpoint
 * @b: another
 *
 * Returns: %TRUE if both mean the same
 */
gboolean
gsock_endpoint_equal (const GsockEndpoint *a, const GsockEndpoint *b)
{
  return a->loopback_pair == b->loopback_pair && a->inexact == b->inexact
         && strcmp (a->text, b->text) == 0;
}

/**
 * gsock_endpoint_get_kind:
 * @endpoint: an endpoint
 *
 * Returns: what it is; for `tls:` what carries the TLS
 */
GsockEndpointKind
gsock_endpoint_get_kind (const GsockEndpoint *endpoint)
{
  return endpoint->kind;
}

/**
 * gsock_endpoint_is_tls:
 * @endpoint: an endpoint
 *
 * Returns: %TRUE for `tls:`
 */
gboolean
gsock_endpoint_is_tls (const GsockEndpoint *endpoint)
{
  return endpoint->tls;
}

/**
 * gsock_endpoint_is_unix:
 * @endpoint: an endpoint
 *
 * Returns: %TRUE for the three kinds of AF_UNIX
 */
gboolean
gsock_endpoint_is_unix (const GsockEndpoint *endpoint)
{
  return endpoint->kind == GSOCK_ENDPOINT_UNIX
         || endpoint->kind == GSOCK_ENDPOINT_UNIX_DGRAM
         || endpoint->kind == GSOCK_ENDPOINT_UNIX_SEQPACKET;
}

/**
 * gsock_endpoint_get_socket_type:
 * @endpoint: an endpoint
 *
 * Returns: what socket() takes for it: SOCK_STREAM, SOCK_DGRAM or
 *   SOCK_SEQPACKET; `fd:` and `sd:` are held for streams
 */
int
gsock_endpoint_get_socket_type (const GsockEndpoint *endpoint)
{
  switch (endpoint->kind)
    {
    case GSOCK_ENDPOINT_UDP:
    case GSOCK_ENDPOINT_UNIX_DGRAM:
      return SOCK_DGRAM;
    case GSOCK_ENDPOINT_UNIX_SEQPACKET:
      return SOCK_SEQPACKET;
    case GSOCK_ENDPOINT_SRV:
      return gsock_endpoint_is_stream (endpoint) ? SOCK_STREAM : SOCK_DGRAM;
    case GSOCK_ENDPOINT_TCP:
    case GSOCK_ENDPOINT_UNIX:
    case GSOCK_ENDPOINT_FD:
    case GSOCK_ENDPOINT_SD:
    default:
      return SOCK_STREAM;
    }
}

/**
 * gsock_endpoint_is_stream:
 * @endpoint: an endpoint
 *
 * Returns: %TRUE if bytes flow in it without boundaries.  `fd:` and `sd:` are
 *   held for streams until SO_TYPE says what they are; `srv:` is what its
 *   `_PROTO` is.
 */
gboolean
gsock_endpoint_is_stream (const GsockEndpoint *endpoint)
{
  switch (endpoint->kind)
    {
    case GSOCK_ENDPOINT_UDP:
    case GSOCK_ENDPOINT_UNIX_DGRAM:
    case GSOCK_ENDPOINT_UNIX_SEQPACKET:
      return FALSE;
    case GSOCK_ENDPOINT_SRV:
      return g_str_has_prefix (strchr (endpoint->name, '.'), "._tcp.");
    case GSOCK_ENDPOINT_TCP:
    case GSOCK_ENDPOINT_UNIX:
    case GSOCK_ENDPOINT_FD:
    case GSOCK_ENDPOINT_SD:
    default:
      return TRUE;
    }
}

/**
 * gsock_endpoint_is_abstract:
 * @endpoint: an endpoint
 *
 * Returns: %TRUE for a name of the abstract namespace
 */
gboolean
gsock_endpoint_is_abstract (const GsockEndpoint *endpoint)
{
  return endpoint->abstract;
}

/**
 * gsock_endpoint_is_any:
 * @endpoint: an endpoint
 *
 * Returns: %TRUE for `*`, written so: `[::]` and `0.0.0.0` are addresses
 */
gboolean
gsock_endpoint_is_any (const GsockEndpoint *endpoint)
{
  return endpoint->any;
}

/**
 * gsock_endpoint_is_loopback_pair:
 * @endpoint: an endpoint
 *
 * Returns: %TRUE for a server's PORT alone: 127.0.0.1 and ::1
 */
gboolean
gsock_endpoint_is_loopback_pair (const GsockEndpoint *endpoint)
{
  return endpoint->loopback_pair;
}

/**
 * gsock_endpoint_get_host:
 * @endpoint: an endpoint
 *
 * Returns: (nullable): the host in lower case, without brackets, with its
 *   %scope; "*" and "localhost" where these are meant; %NULL for others than
 *   TCP and UDP
 */
const char *
gsock_endpoint_get_host (const GsockEndpoint *endpoint)
{
  return endpoint->host;
}

/**
 * gsock_endpoint_get_port:
 * @endpoint: an endpoint
 *
 * Returns: the port in host order, 0 for others than TCP and UDP
 */
guint16
gsock_endpoint_get_port (const GsockEndpoint *endpoint)
{
  return endpoint->port;
}

/**
 * gsock_endpoint_get_path:
 * @endpoint: an endpoint
 *
 * Returns: (nullable): the path or, if gsock_endpoint_is_abstract(), the name
 *   without the @; "" for a socket without a name; %NULL for others than UNIX
 */
const char *
gsock_endpoint_get_path (const GsockEndpoint *endpoint)
{
  return endpoint->path;
}

/**
 * gsock_endpoint_get_fd:
 * @endpoint: an endpoint
 *
 * Returns: the N of `fd:N`, -1 for others
 */
int
gsock_endpoint_get_fd (const GsockEndpoint *endpoint)
{
  return endpoint->fd;
}

/**
 * gsock_endpoint_get_name:
 * @endpoint: an endpoint
 *
 * Returns: (nullable): NAME of `sd:NAME`, all behind `srv:`, else %NULL
 */
const char *
gsock_endpoint_get_name (const GsockEndpoint *endpoint)
{
  return endpoint->name;
}

static GsockEndpoint *
copy_of (const GsockEndpoint *endpoint)
{
  GsockEndpoint *copy = gsock_endpoint_new ();

  copy->kind = endpoint->kind;
  copy->tls = endpoint->tls;
  copy->any = endpoint->any;
  copy->loopback_pair = endpoint->loopback_pair;
  copy->abstract = endpoint->abstract;
  copy->inexact = endpoint->inexact;
  copy->family = endpoint->family;
  copy->port = endpoint->port;
  copy->fd = endpoint->fd;
  copy->host = g_strdup (endpoint->host);
  copy->path = g_strdup (endpoint->path);
  copy->name = g_strdup (endpoint->name);
  return copy;
}

/**
 * gsock_endpoint_with_tls:
 * @endpoint: an endpoint of a stream
 *
 * Returns: (transfer full): the same behind `tls:`
 */
GsockEndpoint *
gsock_endpoint_with_tls (const GsockEndpoint *endpoint)
{
  GsockEndpoint *copy = copy_of (endpoint);

  copy->tls = TRUE;
  return gsock_endpoint_finish (copy);
}

/**
 * gsock_endpoint_with_port:
 * @endpoint: an endpoint
 * @port: another port, host order
 *
 * Returns: (transfer full): the same with @port; an equal one where ports mean
 *   nothing
 */
GsockEndpoint *
gsock_endpoint_with_port (const GsockEndpoint *endpoint, guint16 port)
{
  GsockEndpoint *copy = copy_of (endpoint);

  copy->port = endpoint->host != NULL ? port : 0;
  return gsock_endpoint_finish (copy);
}

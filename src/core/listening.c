/* listening.c: from an endpoint to sockets that are bound and listen
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/call.h"
#include "core/dgram-socket.h"
#include "core/error.h"
#include "core/escape.h"
#include "core/listening.h"
#include "core/port-holder.h"
#include "core/sockopt.h"

/* For a bare PORT 0: how often to look for one that both families have free. */
#define PORT_TRIES 16

static GSocketType
gio_type (int type)
{
  switch (type)
    {
    case SOCK_DGRAM:
      return G_SOCKET_TYPE_DATAGRAM;
    case SOCK_SEQPACKET:
      return G_SOCKET_TYPE_SEQPACKET;
    default:
      return G_SOCKET_TYPE_STREAM;
    }
}

static gboolean
is_datagram (GSocket *socket)
{
  return g_socket_get_socket_type (socket) == G_SOCKET_TYPE_DATAGRAM;
}

static GSocket *
new_socket (GSocketFamily family, int type, const char *shown, int *errnum,
            GError **error)
{
  GSocket *socket = g_socket_new (family, gio_type (type),
                                  G_SOCKET_PROTOCOL_DEFAULT, NULL);

  *errnum = socket == NULL ? errno : 0;
  if (gsock_explaining ())
    gsock_call (GSOCK_CALL_SOCKET, gsock_call_family (family),
                socket == NULL ? -1 : g_socket_get_fd (socket), *errnum, NULL,
                "%s, %s, 0", gsock_call_family (family),
                gsock_call_type (type));
  if (socket == NULL)
    {
      gsock_set_error_errno (error, GSOCK_ERROR_BIND, *errnum,
                             _ ("Cannot listen on %s"), shown);
      return NULL;
    }
  g_socket_set_blocking (socket, FALSE);
  return socket;
}

static void
keep (GsockListening *listening, GSocket *socket, GsockEndpoint *endpoint)
{
  g_ptr_array_add (listening->sockets, g_object_ref (socket));
  g_ptr_array_add (listening->endpoints, endpoint);
}

/* The kernel cuts a longer backlog to net.core.somaxconn; to say the number
 * that is really in force, it is read. */
static int
system_backlog (void)
{
  g_autofree char *text = NULL;

  if (!g_file_get_contents ("/proc/sys/net/core/somaxconn", &text, NULL, NULL))
    return SOMAXCONN;
  return (int) CLAMP (g_ascii_strtoll (text, NULL, 10), 1, G_MAXINT);
}

static gboolean
set_options (GSocket *socket, const GsockListenerOptions *options,
             gboolean is_dual, GError **error)
{
  int fd = g_socket_get_fd (socket);
  GSocketFamily family = g_socket_get_family (socket);

  if (family == G_SOCKET_FAMILY_IPV6
      && !gsock_sockopt_set_int (fd, IPPROTO_IPV6, "IPPROTO_IPV6", IPV6_V6ONLY,
                                 "IPV6_V6ONLY", !is_dual, error))
    return FALSE;
  /* Accepted sockets inherit these two: set once, not at each accept. */
  if (family != G_SOCKET_FAMILY_UNIX && !is_datagram (socket)
      && (!gsock_sockopt_set_int (fd, SOL_SOCKET, "SOL_SOCKET", SO_KEEPALIVE,
                                  "SO_KEEPALIVE", 1, error)
          || !gsock_sockopt_set_int (fd, IPPROTO_TCP, "IPPROTO_TCP",
                                     TCP_NODELAY, "TCP_NODELAY", 1, error)))
    return FALSE;
  return gsock_sockopt_apply (options->sockopts, fd, family, error);
}

/* @shown: "127.0.0.1:3490" */
static void
set_taken_error (GError **error, const char *shown)
{
  const char *port = strrchr (shown, ':');
  GsockPortHolder holder;
  g_autofree char *name = NULL;

  if (port == NULL
      || !gsock_port_holder_find (&holder, (guint16) atoi (port + 1)))
    {
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_BIND,
                   _ ("Cannot listen on %s: another process has the port"),
                   shown);
      return;
    }
  name = gsock_escape (holder.name, -1);
  if (holder.pid == getpid ())
    g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_BIND,
                 _ ("Cannot listen on %s: this server has the port already"),
                 shown);
  else
    g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_BIND,
                 /* TRANSLATORS: an address, a process's number, its name. */
                 _ ("Cannot listen on %s: another process (pid %d, %s) has "
                    "the port"),
                 shown, holder.pid, name);
}

static void
set_bind_error (GError **error, const char *shown, int errnum)
{
  if (errnum == EADDRINUSE)
    set_taken_error (error, shown);
  else if (errnum == EACCES)
    g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_DENIED,
                 _ ("Cannot listen on %s: ports below 1024 are for root; "
                    "choose a higher one"),
                 shown);
  else if (errnum == EADDRNOTAVAIL)
    g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_BIND,
                 _ ("Cannot listen on %s: no interface of this machine has "
                    "that address"),
                 shown);
  else
    gsock_set_error_errno (error, GSOCK_ERROR_BIND, errnum,
                           _ ("Cannot listen on %s"), shown);
}

/* Not by GIO, which decides by itself who may share an address: of datagrams
 * SO_REUSEADDR would let another process take our port while we have it. */
static gboolean
bind_address (GSocket *socket, GSocketAddress *address, const char *shown,
              int *errnum, GError **error)
{
  struct sockaddr_storage native = { 0 };
  socklen_t size = (socklen_t) g_socket_address_get_native_size (address);
  int fd = g_socket_get_fd (socket);

  if (!is_datagram (socket)
      && !gsock_sockopt_set_int (fd, SOL_SOCKET, "SOL_SOCKET", SO_REUSEADDR,
                                 "SO_REUSEADDR", 1, error))
    return FALSE;
  if (!g_socket_address_to_native (address, &native, sizeof native, error))
    return FALSE;
  *errnum = bind (fd, (struct sockaddr *) &native, size) == 0 ? 0 : errno;
  if (gsock_explaining ())
    {
      g_autofree char *text = gsock_call_sockaddr (&native, size);

      gsock_call (GSOCK_CALL_BIND, gsock_call_family (native.ss_family),
                  *errnum == 0 ? 0 : -1, *errnum, NULL, "%d, %s", fd, text);
    }
  if (*errnum != 0)
    set_bind_error (error, shown, *errnum);
  return *errnum == 0;
}

static gboolean
start_listening (GSocket *socket, const char *shown, GError **error)
{
  int backlog = system_backlog ();
  gboolean ok;
  int errnum;

  if (is_datagram (socket))
    return TRUE;
  g_socket_set_listen_backlog (socket, backlog);
  ok = g_socket_listen (socket, NULL);
  errnum = ok ? 0 : errno;
  if (gsock_explaining ())
    gsock_call (GSOCK_CALL_LISTEN, NULL, ok ? 0 : -1, errnum, NULL, "%d, %d",
                g_socket_get_fd (socket), backlog);
  if (!ok)
    set_bind_error (error, shown, errnum);
  return ok;
}

static guint16
bound_port (GSocket *socket)
{
  g_autoptr (GSocketAddress)
      address = g_socket_get_local_address (socket, NULL);

  if (address == NULL || !G_IS_INET_SOCKET_ADDRESS (address))
    return 0;
  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
}

/* What one socket of an endpoint is opened with. */
typedef struct
{
  const GsockListenerOptions *options;
  const char *shown; /* the endpoint, for errors */
  int type;          /* SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET */
  guint index;       /* of an IPv4 group, the interface; 0: none is named */
  gboolean is_dual;  /* an IPv6 socket serves IPv4 too */
  int errnum;        /* why it failed, where a call did */
} Opening;

/* Several processes may listen to one group, each of them gets all. */
static gboolean
share_group (GSocket *socket, const Opening *opening, GInetAddress *inet,
             GError **error)
{
  if (opening->type != SOCK_DGRAM || !g_inet_address_get_is_multicast (inet))
    return TRUE;
  return gsock_sockopt_set_int (g_socket_get_fd (socket), SOL_SOCKET,
                                "SOL_SOCKET", SO_REUSEADDR, "SO_REUSEADDR", 1,
                                error);
}

static gboolean
join_group (GSocket *socket, const Opening *opening, GInetAddress *inet,
            GError **error)
{
  GsockAddress address = { .size = sizeof address.storage };
  int fd = g_socket_get_fd (socket);

  if (opening->type != SOCK_DGRAM || !g_inet_address_get_is_multicast (inet))
    return TRUE;
  if (getsockname (fd, &address.any, &address.size) != 0)
    {
      set_bind_error (error, opening->shown, errno);
      return FALSE;
    }
  return gsock_dgram_join (fd, &address, opening->index, opening->shown, error)
         && gsock_dgram_send_by (fd, &address, opening->index, error);
}

/* One bound and listening socket; NULL with @error. */
static GSocket *
open_inet (Opening *opening, GInetAddress *inet, guint16 port, guint32 scope,
           GError **error)
{
  g_autoptr (GSocketAddress)
      address = g_object_new (G_TYPE_INET_SOCKET_ADDRESS, "address", inet,
                              "port", (guint) port, "scope-id", scope, NULL);
  g_autoptr (GSocket)
      socket = new_socket (g_inet_address_get_family (inet), opening->type,
                           opening->shown, &opening->errnum, error);

  if (socket == NULL
      || !set_options (socket, opening->options, opening->is_dual, error)
      || !share_group (socket, opening, inet, error)
      || !bind_address (socket, address, opening->shown, &opening->errnum,
                        error)
      || !join_group (socket, opening, inet, error)
      || !start_listening (socket, opening->shown, error))
    return NULL;
  return g_steal_pointer (&socket);
}

/* IPv6 is switched off here, rather than in somebody's use. */
static gboolean
lacks_ipv6 (const Opening *opening)
{
  return opening->options->family == AF_UNSPEC
         && (opening->errnum == EAFNOSUPPORT
             || opening->errnum == EADDRNOTAVAIL);
}

static void
keep_bound (GsockListening *listening, GSocket *socket)
{
  struct sockaddr_storage native = { 0 };
  socklen_t size = sizeof native;

  (void) getsockname (g_socket_get_fd (socket), (struct sockaddr *) &native,
                      &size);
  keep (listening, socket,
        gsock_endpoint_new_from_native (
            &native, size, is_datagram (socket) ? SOCK_DGRAM : SOCK_STREAM));
}

/* "*": one socket for both families where the machine has IPv6. */
static gboolean
add_any (GsockListening *listening, const GsockEndpoint *endpoint,
         Opening *opening, GError **error)
{
  guint16 port = gsock_endpoint_get_port (endpoint);
  g_autoptr (GInetAddress) v6 = g_inet_address_new_any (G_SOCKET_FAMILY_IPV6);
  g_autoptr (GInetAddress) v4 = g_inet_address_new_any (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GError) no_v6 = NULL;
  g_autoptr (GSocket) socket = NULL;

  opening->is_dual = opening->options->family == AF_UNSPEC;
  if (opening->options->family != AF_INET)
    socket = open_inet (opening, v6, port, 0, &no_v6);
  if (no_v6 != NULL && !lacks_ipv6 (opening))
    {
      g_propagate_error (error, g_steal_pointer (&no_v6));
      return FALSE;
    }
  if (socket == NULL)
    socket = open_inet (opening, v4, port, 0, error);
  if (socket == NULL)
    return FALSE;
  keep (listening, socket,
        gsock_endpoint_with_port (endpoint, bound_port (socket)));
  return TRUE;
}

/* A bare PORT: loopback, both families; with port 0 both get the same one. */
static gboolean
add_loopback (GsockListening *listening, const GsockEndpoint *endpoint,
              Opening *opening, GError **error)
{
  g_autoptr (GInetAddress)
      v4 = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GInetAddress)
      v6 = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV6);
  guint16 wish = gsock_endpoint_get_port (endpoint);

  for (guint tries = PORT_TRIES;; tries--)
    {
      g_autoptr (GSocket) first = NULL;
      g_autoptr (GSocket) second = NULL;
      g_autoptr (GError) reason = NULL;
      guint16 port = wish;

      if (opening->options->family != AF_INET6)
        {
          first = open_inet (opening, v4, port, 0, error);
          if (first == NULL)
            return FALSE;
          port = bound_port (first);
        }
      if (opening->options->family != AF_INET)
        second = open_inet (opening, v6, port, 0, &reason);
      if (reason != NULL && !lacks_ipv6 (opening))
        {
          /* Somebody has the chosen port in the other family: another one. */
          if (wish == 0 && opening->errnum == EADDRINUSE && tries > 0)
            continue;
          g_propagate_error (error, g_steal_pointer (&reason));
          return FALSE;
        }
      if (first != NULL)
        keep_bound (listening, first);
      if (second != NULL)
        keep_bound (listening, second);
      return TRUE;
    }
}

static gboolean
add_inet (GsockListening *listening, Opening *opening, GInetAddress *inet,
          guint16 port, guint32 scope, GError **error)
{
  g_autoptr (GSocket) socket = open_inet (opening, inet, port, scope, error);

  if (socket == NULL)
    return FALSE;
  keep_bound (listening, socket);
  return TRUE;
}

static GResolverNameLookupFlags
lookup_flags (int family)
{
  if (family == AF_INET)
    return G_RESOLVER_NAME_LOOKUP_FLAGS_IPV4_ONLY;
  if (family == AF_INET6)
    return G_RESOLVER_NAME_LOOKUP_FLAGS_IPV6_ONLY;
  return G_RESOLVER_NAME_LOOKUP_FLAGS_DEFAULT;
}

static gboolean
add_host (GsockListening *listening, const GsockEndpoint *endpoint,
          Opening *opening, GError **error)
{
  g_autoptr (GSocketAddress) literal = gsock_endpoint_to_address (endpoint);
  guint16 port = gsock_endpoint_get_port (endpoint);
  g_autolist (GInetAddress) addresses = NULL;
  guint before = listening->sockets->len;

  if (literal != NULL)
    {
      GInetSocketAddress *inet = G_INET_SOCKET_ADDRESS (literal);
      guint32 scope = 0;

      if (g_socket_address_get_family (literal) == G_SOCKET_FAMILY_IPV6)
        scope = g_inet_socket_address_get_scope_id (inet);
      return add_inet (listening, opening,
                       g_inet_socket_address_get_address (inet), port, scope,
                       error);
    }
  addresses = g_resolver_lookup_by_name_with_flags (
      g_resolver_get_default (), gsock_endpoint_get_host (endpoint),
      lookup_flags (opening->options->family), NULL, NULL);
  if (addresses == NULL)
    {
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_NAME,
                   _ ("Cannot listen on %s: the name has no address"),
                   opening->shown);
      return FALSE;
    }
  for (GList *l = addresses; l != NULL; l = l->next)
    {
      if (!add_inet (listening, opening, l->data, port, 0, error))
        return FALSE;
      if (port == 0)
        port = bound_port (g_ptr_array_index (listening->sockets, before));
    }
  return TRUE;
}

static gboolean
bind_abstract (GSocket *socket, const GsockEndpoint *endpoint,
               const char *shown, GError **error)
{
  g_autoptr (GSocketAddress) address = gsock_endpoint_to_address (endpoint);
  gboolean ok = g_socket_bind (socket, address, FALSE, NULL);
  int errnum = ok ? 0 : errno;

  if (gsock_explaining ())
    gsock_call (GSOCK_CALL_BIND, "AF_UNIX", ok ? 0 : -1, errnum, NULL, "%d, %s",
                g_socket_get_fd (socket), shown);
  if (errnum == EADDRINUSE)
    g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_BIND,
                 _ ("Cannot listen on %s: a server is already answering "
                    "there"),
                 shown);
  else if (!ok)
    set_bind_error (error, shown, errnum);
  return ok;
}

static gboolean
add_unix (GsockListening *listening, const GsockEndpoint *endpoint,
          Opening *opening, GError **error)
{
  g_autoptr (GSocket)
      socket = new_socket (G_SOCKET_FAMILY_UNIX, opening->type, opening->shown,
                           &opening->errnum, error);

  if (socket == NULL || !set_options (socket, opening->options, FALSE, error))
    return FALSE;
  if (gsock_endpoint_is_abstract (endpoint))
    {
      if (!bind_abstract (socket, endpoint, opening->shown, error)
          || !start_listening (socket, opening->shown, error))
        return FALSE;
    }
  else
    {
      GsockSocketFile *file = gsock_socket_file_bind (
          socket, gsock_endpoint_get_path (endpoint), &opening->options->rights,
          system_backlog (), error);

      if (file == NULL)
        return FALSE;
      g_ptr_array_add (listening->files, file);
    }
  keep (listening, socket, gsock_endpoint_ref ((GsockEndpoint *) endpoint));
  return TRUE;
}

static gboolean
open_plain (GsockListening *listening, const GsockEndpoint *endpoint,
            const GsockListenerOptions *options, GError **error)
{
  g_autofree char *shown = gsock_endpoint_to_display (endpoint);
  Opening opening = { .options = options,
                      .shown = shown,
                      .type = gsock_endpoint_get_socket_type (endpoint),
                      .index = gsock_endpoint_get_interface (endpoint) };

  if (opening.index == 0 && gsock_endpoint_has_interface (endpoint))
    {
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_NAME,
                   _ ("Cannot listen on %s: this machine has no network "
                      "interface of that name"),
                   shown);
      return FALSE;
    }
  if (gsock_endpoint_get_kind (endpoint) == GSOCK_ENDPOINT_FD)
    return gsock_listening_adopt (listening, gsock_endpoint_get_fd (endpoint),
                                  FALSE, error);
  if (gsock_endpoint_is_unix (endpoint))
    return add_unix (listening, endpoint, &opening, error);
  if (gsock_endpoint_is_any (endpoint))
    return add_any (listening, endpoint, &opening, error);
  if (gsock_endpoint_is_loopback_pair (endpoint))
    return add_loopback (listening, endpoint, &opening, error);
  return add_host (listening, endpoint, &opening, error);
}

/* From @first on they are tls: ones. */
static void
secure_from (GsockListening *listening, guint first)
{
  GPtrArray *endpoints = listening->endpoints;

  for (guint i = first; i < endpoints->len; i++)
    {
      GsockEndpoint *plain = g_ptr_array_index (endpoints, i);

      g_ptr_array_index (endpoints, i) = gsock_endpoint_with_tls (plain);
      gsock_endpoint_unref (plain);
    }
}

/**
 * gsock_listening_open:
 * @listening: initialised
 * @endpoint: where to listen: neither sd:, which stands for several sockets,
 *   nor srv:, which is a client's
 * @options: family, rights of a socket file, socket options
 * @error: %GSOCK_ERROR_BIND, _DENIED, _NAME, _USAGE: one line
 *
 * Opens every socket of @endpoint with the system's longest backlog.
 *
 * Returns: whether all of them listen
 */
gboolean
gsock_listening_open (GsockListening *listening, const GsockEndpoint *endpoint,
                      const GsockListenerOptions *options, GError **error)
{
  guint first = listening->endpoints->len;

  if (!open_plain (listening, endpoint, options, error))
    return FALSE;
  if (gsock_endpoint_is_tls (endpoint))
    secure_from (listening, first);
  return TRUE;
}

/* Asked before GIO is, which would warn.  Its type; -1: it is of no use. */
static int
type_to_serve (int fd, GError **error)
{
  int type = 0, listens = 0;
  socklen_t size = sizeof type;

  if (getsockopt (fd, SOL_SOCKET, SO_TYPE, &type, &size) != 0)
    {
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_BIND,
                   _ ("Cannot listen on descriptor %d: it is not a socket"),
                   fd);
      return -1;
    }
  size = sizeof listens;
  if (type == SOCK_DGRAM)
    return type;
  if ((type == SOCK_STREAM || type == SOCK_SEQPACKET)
      && getsockopt (fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0
      && listens)
    return type;
  g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_BIND,
               _ ("Cannot listen on descriptor %d: it is neither a socket that "
                  "listens nor one for datagrams"),
               fd);
  return -1;
}

/**
 * gsock_listening_adopt:
 * @listening: initialised
 * @fd: an inherited descriptor, @listening's from now on
 * @tls: whether its clients speak TLS
 * @error: %GSOCK_ERROR_BIND: it neither listens nor is for datagrams
 *
 * Returns: whether it can be served
 */
gboolean
gsock_listening_adopt (GsockListening *listening, int fd, gboolean tls,
                       GError **error)
{
  g_autoptr (GSocket) socket = NULL;
  struct sockaddr_storage native = { 0 };
  socklen_t size = sizeof native;
  int type = type_to_serve (fd, error);
  GsockEndpoint *endpoint;

  if (type < 0)
    return FALSE;
  socket = g_socket_new_from_fd (fd, NULL);
  endpoint = getsockname (fd, (struct sockaddr *) &native, &size) == 0
                 ? gsock_endpoint_new_from_native (&native, size, type)
                 : NULL;
  if (socket == NULL || endpoint == NULL)
    {
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_BIND,
                   _ ("Cannot listen on descriptor %d: it is neither an IP nor "
                      "a UNIX socket"),
                   fd);
      g_clear_pointer (&endpoint, gsock_endpoint_unref);
      return FALSE;
    }
  g_socket_set_blocking (socket, FALSE);
  keep (listening, socket, endpoint);
  if (tls)
    secure_from (listening, listening->endpoints->len - 1);
  return TRUE;
}

void
gsock_listening_init (GsockListening *listening)
{
  listening->endpoints = g_ptr_array_new_with_free_func (
      (GDestroyNotify) gsock_endpoint_unref);
  listening->sockets = g_ptr_array_new_with_free_func (g_object_unref);
  listening->files = g_ptr_array_new_with_free_func (
      (GDestroyNotify) gsock_socket_file_release);
}

/**
 * gsock_listening_shut:
 * @listening: initialised
 *
 * Removes the socket files that are still ours and closes the sockets, but
 * goes on knowing them.  Those of datagrams are closed by whoever serves them,
 * since answers may still go out.
 */
void
gsock_listening_shut (GsockListening *listening)
{
  /* The files first: whoever finds none knows that nobody listens. */
  g_ptr_array_set_size (listening->files, 0);
  for (guint i = 0; i < listening->sockets->len; i++)
    {
      GSocket *socket = g_ptr_array_index (listening->sockets, i);
      int fd = g_socket_get_fd (socket);

      if (g_socket_is_closed (socket) || is_datagram (socket))
        continue;
      g_socket_close (socket, NULL);
      if (gsock_explaining ())
        gsock_call (GSOCK_CALL_CLOSE, "listening", 0, 0, NULL, "%d", fd);
    }
}

void
gsock_listening_clear (GsockListening *listening)
{
  gsock_listening_shut (listening);
  g_ptr_array_unref (listening->files);
  g_ptr_array_unref (listening->sockets);
  g_ptr_array_unref (listening->endpoints);
}

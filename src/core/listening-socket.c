/* listening-socket.c: one socket, made, set up, bound, and listening
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
#include "core/listening-private.h"
#include "core/port-holder.h"
#include "core/sockopt.h"

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

gboolean
listening_is_datagram (GSocket *socket)
{
  return g_socket_get_socket_type (socket) == G_SOCKET_TYPE_DATAGRAM;
}

GSocket *
listening_new_socket (GSocketFamily family, int type, const char *shown,
                      int *errnum, GError **error)
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

/* The kernel cuts a longer backlog to net.core.somaxconn; to say the number
 * that is really in force, it is read. */
int
listening_backlog (void)
{
  g_autofree char *text = NULL;

  if (!g_file_get_contents ("/proc/sys/net/core/somaxconn", &text, NULL, NULL))
    return SOMAXCONN;
  return (int) CLAMP (g_ascii_strtoll (text, NULL, 10), 1, G_MAXINT);
}

gboolean
listening_set_options (GSocket *socket, const GsockListenerOptions *options,
                       gboolean is_dual, GError **error)
{
  int fd = g_socket_get_fd (socket);
  GSocketFamily family = g_socket_get_family (socket);

  if (family == G_SOCKET_FAMILY_IPV6
      && !gsock_sockopt_set_int (fd, IPPROTO_IPV6, "IPPROTO_IPV6", IPV6_V6ONLY,
                                 "IPV6_V6ONLY", !is_dual, error))
    return FALSE;
  /* Accepted sockets inherit these: set once, not at each accept. */
  if (family != G_SOCKET_FAMILY_UNIX && !listening_is_datagram (socket)
      && (!gsock_sockopt_set_int (fd, SOL_SOCKET, "SOL_SOCKET", SO_KEEPALIVE,
                                  "SO_KEEPALIVE", 1, error)
          || !gsock_sockopt_set_int (fd, SOL_SOCKET, "SOL_SOCKET", SO_OOBINLINE,
                                     "SO_OOBINLINE", 1, error)
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

  if (!listening_is_datagram (socket)
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

gboolean
listening_start (GSocket *socket, const char *shown, GError **error)
{
  int backlog = listening_backlog ();
  gboolean ok;
  int errnum;

  if (listening_is_datagram (socket))
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

/* Several processes may listen to one group, each of them gets all. */
static gboolean
share_group (GSocket *socket, const ListeningOpening *opening,
             GInetAddress *inet, GError **error)
{
  if (opening->type != SOCK_DGRAM || !g_inet_address_get_is_multicast (inet))
    return TRUE;
  return gsock_sockopt_set_int (g_socket_get_fd (socket), SOL_SOCKET,
                                "SOL_SOCKET", SO_REUSEADDR, "SO_REUSEADDR", 1,
                                error);
}

static gboolean
join_group (GSocket *socket, const ListeningOpening *opening,
            GInetAddress *inet, GError **error)
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
GSocket *
listening_open_inet (ListeningOpening *opening, GInetAddress *inet,
                     guint16 port, guint32 scope, GError **error)
{
  g_autoptr (GSocketAddress)
      address = g_object_new (G_TYPE_INET_SOCKET_ADDRESS, "address", inet,
                              "port", (guint) port, "scope-id", scope, NULL);
  g_autoptr (GSocket) socket = listening_new_socket (
      g_inet_address_get_family (inet), opening->type, opening->shown,
      &opening->errnum, error);

  if (socket == NULL
      || !listening_set_options (socket, opening->options, opening->is_dual,
                                 error)
      || !share_group (socket, opening, inet, error)
      || !bind_address (socket, address, opening->shown, &opening->errnum,
                        error)
      || !join_group (socket, opening, inet, error)
      || !listening_start (socket, opening->shown, error))
    return NULL;
  return g_steal_pointer (&socket);
}

gboolean
listening_bind_abstract (GSocket *socket, const GsockEndpoint *endpoint,
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

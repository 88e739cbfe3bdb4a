/* listening.c: from an endpoint to sockets that are bound and listen
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <sys/socket.h>

#include "core/call.h"
#include "core/error.h"
#include "core/listening-private.h"

void
listening_keep (GsockListening *listening, GSocket *socket,
                GsockEndpoint *endpoint)
{
  g_ptr_array_add (listening->sockets, g_object_ref (socket));
  g_ptr_array_add (listening->endpoints, endpoint);
}

static gboolean
add_unix (GsockListening *listening, const GsockEndpoint *endpoint,
          ListeningOpening *opening, GError **error)
{
  g_autoptr (GSocket)
      socket = listening_new_socket (G_SOCKET_FAMILY_UNIX, opening->type,
                                     opening->shown, &opening->errnum, error);

  if (socket == NULL
      || !listening_set_options (socket, opening->options, FALSE, error))
    return FALSE;
  if (gsock_endpoint_is_abstract (endpoint))
    {
      if (!listening_bind_abstract (socket, endpoint, opening->shown, error)
          || !listening_start (socket, opening->shown, error))
        return FALSE;
    }
  else
    {
      GsockSocketFile *file = gsock_socket_file_bind (
          socket, gsock_endpoint_get_path (endpoint), &opening->options->rights,
          listening_backlog (), error);

      if (file == NULL)
        return FALSE;
      g_ptr_array_add (listening->files, file);
    }
  listening_keep (listening, socket,
                  gsock_endpoint_ref ((GsockEndpoint *) endpoint));
  return TRUE;
}

static gboolean
open_plain (GsockListening *listening, const GsockEndpoint *endpoint,
            const GsockListenerOptions *options, GError **error)
{
  g_autofree char *shown = gsock_endpoint_to_display (endpoint);
  ListeningOpening opening = {
    .options = options,
    .shown = shown,
    .type = gsock_endpoint_get_socket_type (endpoint),
    .index = gsock_endpoint_get_interface (endpoint)
  };

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
    return listening_add_any (listening, endpoint, &opening, error);
  if (gsock_endpoint_is_loopback_pair (endpoint))
    return listening_add_loopback (listening, endpoint, &opening, error);
  return listening_add_host (listening, endpoint, &opening, error);
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
  listening_keep (listening, socket, endpoint);
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

      if (g_socket_is_closed (socket) || listening_is_datagram (socket))
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

/* listener-open.c: every address of a server, or the sockets it was given
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <sys/socket.h>

#include "core/error.h"
#include "core/fd.h"
#include "core/listener.h"
#include "core/log.h"
#include "core/notify.h"

/* @name: NULL: all of them. */
static gboolean
add_inherited (GsockListener *listener, const GArray *inherited,
               const char *name, gboolean tls, GError **error)
{
  guint used = 0;

  for (guint i = 0; i < inherited->len; i++)
    {
      GsockInherited *socket = &g_array_index (inherited, GsockInherited, i);

      if (name == NULL || g_strcmp0 (name, socket->name) == 0)
        {
          if (!gsock_listener_add_fd (listener, socket->fd, tls, error))
            return FALSE;
          used++;
        }
    }
  if (used > 0)
    return TRUE;
  if (name != NULL)
    g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_BIND,
                 _ ("The service manager has passed no socket named '%s'"),
                 name);
  else
    g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE,
                 _ ("Nothing to listen on: give an ADDRESS, for example 3490 "
                    "or /tmp/socket"));
  return FALSE;
}

/* What was asked for, before anything is bound; what was inherited, after. */
static gboolean
check_kinds (const GPtrArray *endpoints, const GsockListenerOptions *options,
             GError **error)
{
  for (guint i = 0; options->no_datagrams && i < endpoints->len; i++)
    {
      const GsockEndpoint *endpoint = g_ptr_array_index (endpoints, i);
      g_autofree char *shown = NULL;

      if (gsock_endpoint_get_socket_type (endpoint) != SOCK_DGRAM)
        continue;
      shown = gsock_endpoint_to_display (endpoint);
      return gsock_refuse (
          error,
          /* TRANSLATORS: an address. */
          _ ("%s is for datagrams, and whoever sends one has no connection "
             "that a process could serve to its end; a COMMAND is for "
             "streams and records"),
          shown);
    }
  return TRUE;
}

static gboolean
open_all (GsockListener *listener, const GPtrArray *endpoints,
          const GsockListenerOptions *options, GError **error)
{
  g_autoptr (GArray) inherited = gsock_notify_take_sockets ();

  if (endpoints == NULL || endpoints->len == 0)
    return add_inherited (listener, inherited, NULL, FALSE, error);
  if (!check_kinds (endpoints, options, error))
    return FALSE;
  for (guint i = 0; i < endpoints->len; i++)
    {
      const GsockEndpoint *endpoint = g_ptr_array_index (endpoints, i);
      gboolean ok;

      if (gsock_endpoint_get_kind (endpoint) == GSOCK_ENDPOINT_SD)
        ok = add_inherited (listener, inherited,
                            gsock_endpoint_get_name (endpoint),
                            gsock_endpoint_is_tls (endpoint), error);
      else
        ok = gsock_listener_add (listener, endpoint, options, error);
      if (!ok)
        return FALSE;
    }
  return TRUE;
}

/**
 * gsock_listener_open:
 * @listener: a listener
 * @endpoints: (nullable) (element-type GsockEndpoint): where to listen; none:
 *   on what the service manager has passed
 * @options: family, rights of a socket file, socket options, and whether there
 *   may be datagrams
 * @error: %GSOCK_ERROR_BIND, _DENIED, _NAME, _USAGE: one line
 *
 * Takes the service manager's sockets out of the environment; once a process.
 *
 * Returns: whether all of them listen
 */
gboolean
gsock_listener_open (GsockListener *listener, const GPtrArray *endpoints,
                     const GsockListenerOptions *options, GError **error)
{
  return open_all (listener, endpoints, options, error)
         && check_kinds (gsock_listener_get_endpoints (listener), options,
                         error);
}

static gboolean
tell_fd (GsockListener *listener, int ready_fd, GError **error)
{
  GPtrArray *endpoints = gsock_listener_get_endpoints (listener);
  g_autoptr (GString) lines = g_string_new (NULL);
  g_auto (GsockFd) fd = ready_fd;

  if (fd < 0)
    return TRUE;
  for (guint i = 0; i < endpoints->len; i++)
    g_string_append_printf (
        lines, "%s\n",
        gsock_endpoint_to_string (g_ptr_array_index (endpoints, i)));
  if (fd <= 2)
    (void) gsock_fd_steal (&fd); /* a standard stream stays open */
  if (gsock_fd_write_all (ready_fd, lines->str, lines->len))
    return TRUE;
  gsock_set_error_errno (error, GSOCK_ERROR_OUTPUT, errno,
                         _ ("Cannot write to descriptor %d (--ready-fd)"),
                         ready_fd);
  return FALSE;
}

/**
 * gsock_listener_announce:
 * @listener: one that listens
 * @ready_fd: gets each address on a line, and is closed; -1: none
 * @error: %GSOCK_ERROR_OUTPUT: it could not be written
 *
 * Tells the log, @ready_fd and the service manager.
 *
 * Returns: %FALSE with @error
 */
gboolean
gsock_listener_announce (GsockListener *listener, int ready_fd, GError **error)
{
  GPtrArray *endpoints = gsock_listener_get_endpoints (listener);

  for (guint i = 0; i < endpoints->len; i++)
    gsock_log (GSOCK_EVENT_LISTENING,
               .local = g_ptr_array_index (endpoints, i));
  if (!tell_fd (listener, ready_fd, error))
    return FALSE;
  (void) gsock_notify ("READY=1");
  gsock_log (GSOCK_EVENT_READY);
  return TRUE;
}

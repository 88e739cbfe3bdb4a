/* exec-environment.c: what a client's process is told in its environment
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "core/address.h"
#include "handlers/exec-private.h"

/* What is said of a client, and so must not come from our own parent: a server
 * may itself be another one's COMMAND.  The last ones are for us, not for it. */
static const char *const ours[] = {
  "GSOCK_PEER",     "GSOCK_PEER_HOST", "GSOCK_PEER_PORT", "GSOCK_PEER_UID",
  "GSOCK_PEER_GID", "GSOCK_PEER_PID",  "GSOCK_LOCAL",     "GSOCK_PROTO",
  "PROTO",          "TCPREMOTEIP",     "TCPREMOTEPORT",   "TCPLOCALIP",
  "TCPLOCALPORT",   "TCPREMOTEHOST",   "TCPREMOTEINFO",   "TCPLOCALHOST",
  "LISTEN_FDS",     "LISTEN_PID",      "LISTEN_FDNAMES",  "NOTIFY_SOCKET",
};

/* More than a client ever gets, and the NULL. */
#define OF_A_CLIENT 16

static gboolean
is_ours (const char *entry)
{
  for (gsize i = 0; i < G_N_ELEMENTS (ours); i++)
    {
      gsize length = strlen (ours[i]);

      if (strncmp (entry, ours[i], length) == 0 && entry[length] == '=')
        return TRUE;
    }
  return FALSE;
}

/**
 * gsock_exec_environment_new:
 *
 * Returns: (transfer full): our own environment without what is said of a
 *   client; to be freed with g_ptr_array_unref()
 */
GPtrArray *
gsock_exec_environment_new (void)
{
  GPtrArray *common = g_ptr_array_new ();

  for (char **entry = environ; *entry != NULL; entry++)
    if (!is_ours (*entry))
      g_ptr_array_add (common, *entry);
  return common;
}

static void
add (GPtrArray *array, const char *name, const char *value)
{
  if (value != NULL)
    g_ptr_array_add (array, g_strconcat (name, "=", value, NULL));
}

static void
add_number (GPtrArray *array, const char *name, gint64 value)
{
  g_ptr_array_add (array,
                   g_strdup_printf ("%s=%" G_GINT64_FORMAT, name, value));
}

static const char *
endpoint_text (const GsockEndpoint *endpoint)
{
  return endpoint != NULL ? gsock_endpoint_to_string (endpoint) : NULL;
}

/* Where the client came to: what the balancer says that has brought it, else
 * what the socket @fd says, for it may have been accepted on a wildcard.  In
 * the form of a peer, which folds addresses as it does the client's. */
static gboolean
find_called (GsockPeer *local, const GsockConnection *connection, int fd)
{
  const GsockEndpoint *called = gsock_connection_get_called (connection);
  GsockAddress address = { .size = sizeof address.storage };

  if (called != NULL)
    (void) gsock_address_init_from_endpoint (&address, called);
  else if (getsockname (fd, &address.any, &address.size) != 0)
    return FALSE;
  gsock_peer_init_from_native (local, &address.any, address.size);
  return local->family != AF_UNSPEC;
}

static void
add_inet (GPtrArray *array, const GsockPeer *peer,
          const GsockConnection *connection, int fd)
{
  g_autofree char *host = gsock_peer_host_to_string (peer);
  g_autofree char *local_host = NULL;
  g_autofree char *local_text = NULL;
  GsockPeer local;

  add (array, "GSOCK_PEER_HOST", host);
  add_number (array, "GSOCK_PEER_PORT", peer->port);
  add (array, "PROTO", "TCP");
  add (array, "TCPREMOTEIP", host);
  add_number (array, "TCPREMOTEPORT", peer->port);
  if (!find_called (&local, connection, fd))
    return;
  /* A balancer may speak for it on a UNIX socket. */
  if (local.family == AF_UNIX)
    {
      add (array, "GSOCK_LOCAL",
           endpoint_text (gsock_connection_get_local (connection)));
      return;
    }
  local_host = gsock_peer_host_to_string (&local);
  local_text = gsock_peer_to_string (&local);
  add (array, "GSOCK_LOCAL", local_text);
  add (array, "TCPLOCALIP", local_host);
  add_number (array, "TCPLOCALPORT", local.port);
}

/* The socket itself knows only the temporary name it was bound to. */
static void
add_local (GPtrArray *array, const GsockPeer *peer, const GsockEndpoint *local)
{
  add (array, "PROTO", "UNIX");
  add (array, "GSOCK_LOCAL", endpoint_text (local));
  if (peer->local.uid != (uid_t) -1)
    add_number (array, "GSOCK_PEER_UID", peer->local.uid);
  if (peer->local.gid != (gid_t) -1)
    add_number (array, "GSOCK_PEER_GID", peer->local.gid);
  if (peer->local.pid > 0)
    add_number (array, "GSOCK_PEER_PID", peer->local.pid);
}

static const char *
protocol_of (GsockConnection *connection, const GsockPeer *peer)
{
  const char *carrier = gsock_connection_get_carrier_name (connection);

  if (g_strcmp0 (carrier, "tls") == 0)
    return "tls";
  return peer->family == AF_UNIX ? "unix" : "tcp";
}

/**
 * gsock_exec_environment_for:
 * @common: from gsock_exec_environment_new()
 * @connection: whose process it is for
 * @fd: its socket
 *
 * Returns: (transfer full): all of its environment; to be freed with
 *   gsock_exec_environment_free()
 */
char **
gsock_exec_environment_for (const GPtrArray *common,
                            GsockConnection *connection, int fd)
{
  const GsockPeer *peer = gsock_connection_get_peer (connection);
  GPtrArray *array = g_ptr_array_sized_new (common->len + OF_A_CLIENT);
  g_autofree char *who = gsock_peer_to_string (peer);

  for (guint i = 0; i < common->len; i++)
    g_ptr_array_add (array, common->pdata[i]);
  add (array, "GSOCK_PEER", who);
  add (array, "GSOCK_PROTO", protocol_of (connection, peer));
  if (peer->family == AF_UNIX)
    add_local (array, peer, gsock_connection_get_local (connection));
  else if (peer->family == AF_INET || peer->family == AF_INET6)
    add_inet (array, peer, connection, fd);
  g_ptr_array_add (array, NULL);
  return (char **) g_ptr_array_free (array, FALSE);
}

/**
 * gsock_exec_environment_free:
 * @common: what it was made from
 * @environment: (transfer full): from gsock_exec_environment_for()
 */
void
gsock_exec_environment_free (const GPtrArray *common, char **environment)
{
  for (char **entry = environment + common->len; *entry != NULL; entry++)
    g_free (*entry);
  g_free (environment);
}

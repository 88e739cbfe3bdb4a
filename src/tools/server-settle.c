/* server-settle.c: what gsock-server gives up when all is bound
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tools/server-settle.h"

#include <errno.h>
#include <libintl.h>
#include <string.h>
#include <unistd.h>

#include "core/account.h"
#include "core/confine.h"
#include "handlers/handlers.h"
#include "tools/server-options.h"
#include "tools/tls-options.h"

/* Whom a client makes us do nothing for: no command, no other address. */
static gboolean
keeps_to_itself (const GsockHandler *handler)
{
  return handler != &gsock_exec_handler && handler != &gsock_forward_handler;
}

/* The service manager may be reached by an abstract name, and so may a client
 * that has sent us a datagram, as it may by an inherited socket. */
static gboolean
is_alone (const GPtrArray *endpoints)
{
  const char *manager = g_getenv ("NOTIFY_SOCKET");

  for (guint i = 0; i < endpoints->len; i++)
    {
      const GsockEndpoint *endpoint = g_ptr_array_index (endpoints, i);

      if (!gsock_endpoint_is_stream (endpoint)
          || gsock_endpoint_get_kind (endpoint) == GSOCK_ENDPOINT_FD
          || gsock_endpoint_get_kind (endpoint) == GSOCK_ENDPOINT_SD)
        return FALSE;
    }
  return manager == NULL || manager[0] != '@';
}

/* What libraries open when it is first wanted is wanted now: translations of
 * errors, and where names of users come from. */
static void
read_ahead (void)
{
  static const char *const domains[] = { GETTEXT_PACKAGE, "glib20",
                                         "gnutls30" };
  guint32 id;

  (void) g_strerror (ENOSPC);
  for (gsize i = 0; i < G_N_ELEMENTS (domains); i++)
    (void) dgettext (domains[i], "?");
  (void) gsock_find_user ("root", &id);
  (void) gsock_find_group ("root", &id);
}

static void
allow_socket_files (GsockConfine *confine, const GPtrArray *endpoints)
{
  for (guint i = 0; i < endpoints->len; i++)
    {
      const GsockEndpoint *endpoint = g_ptr_array_index (endpoints, i);
      const char *path = gsock_endpoint_get_path (endpoint);
      g_autofree char *directory = NULL;

      if (path == NULL || gsock_endpoint_is_abstract (endpoint))
        continue;
      directory = g_path_get_dirname (path);
      gsock_confine_allow (confine, directory, GSOCK_CONFINE_REMOVE);
    }
}

/* Rules may name users. */
static void
allow_rules (GsockConfine *confine, const GsockAcl *acl)
{
  g_autofree const char **files = gsock_acl_get_files (acl);

  for (gsize i = 0; files[i] != NULL; i++)
    gsock_confine_allow_around (confine, files[i], GSOCK_CONFINE_READ);
  if (files[0] != NULL)
    gsock_confine_allow_around (confine, "/etc/passwd", GSOCK_CONFINE_READ);
}

/* What SIGHUP has us read again. */
static void
allow_reload (GsockConfine *confine, const GsockServerConfig *config)
{
  const char *const tls[] = { gsock_tls_options_get_cert (),
                              gsock_tls_options_get_key (),
                              gsock_server_options_get ()->client_ca };

  for (gsize i = 0; config->tls != NULL && i < G_N_ELEMENTS (tls); i++)
    if (tls[i] != NULL)
      gsock_confine_allow_around (confine, tls[i], GSOCK_CONFINE_READ);
  if (config->acl != NULL)
    allow_rules (confine, config->acl);
  if (config->balancers != NULL)
    allow_rules (confine, config->balancers);
}

static void
confine_server (const GsockServerConfig *config)
{
  g_autoptr (GsockConfine) confine = NULL;

  read_ahead ();
  confine = gsock_confine_new (GSOCK_CONFINE_ALL, is_alone (config->endpoints));
  allow_socket_files (confine, config->endpoints);
  allow_reload (confine, config);
  gsock_confine_allow_fd (confine, STDIN_FILENO, GSOCK_CONFINE_READ);
  gsock_confine_allow_fd (confine, STDOUT_FILENO, GSOCK_CONFINE_WRITE);
  gsock_confine_allow_fd (confine, STDERR_FILENO, GSOCK_CONFINE_WRITE);
  (void) gsock_confine_apply (confine);
}

/**
 * gsock_server_settle:
 * @data: the GsockServerConfig
 * @error: %GSOCK_ERROR_DENIED
 *
 * The user of --user is taken on, and all is put out of reach that the mode
 * has no use for, where the kernel can do that.
 *
 * Returns: %FALSE if the rights could not be given up
 */
gboolean
gsock_server_settle (gpointer data, GError **error)
{
  const GsockServerConfig *config = data;
  const GsockServerOptions *options = gsock_server_options_get ();

  if (options->becomes && !gsock_privilege_drop (&options->user, error))
    return FALSE;
  if (keeps_to_itself (config->connection.handler))
    confine_server (config);
  return TRUE;
}

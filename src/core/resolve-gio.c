/* resolve-gio.c: asks the default GResolver, where somebody has set one
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What GLib's own resolver would hand to getaddrinfo() is not asked here: GLib
 * before 2.85 asks with AI_ADDRCONFIG, so that a machine with no network can't
 * find the names of its /etc/hosts; it drops IPv6 scopes; and it hides which
 * error it was. */

#include "config.h"

#include <netdb.h>
#include <string.h>

#include <gio/gio.h>

#include "core/error.h"
#include "core/resolve-gio.h"
#include "core/resolve-private.h"

static GResolverNameLookupFlags
lookup_flags (const GsockResolve *self)
{
  switch (self->wish.family)
    {
    case AF_INET:
      return G_RESOLVER_NAME_LOOKUP_FLAGS_IPV4_ONLY;
    case AF_INET6:
      return G_RESOLVER_NAME_LOOKUP_FLAGS_IPV6_ONLY;
    default:
      return G_RESOLVER_NAME_LOOKUP_FLAGS_DEFAULT;
    }
}

static GList *
lookup_finish (GResolver *resolver, GAsyncResult *result,
               const GsockResolve *self, GError **error)
{
  if (lookup_flags (self) == G_RESOLVER_NAME_LOOKUP_FLAGS_DEFAULT)
    return g_resolver_lookup_by_name_finish (resolver, result, error);
  return g_resolver_lookup_by_name_with_flags_finish (resolver, result, error);
}

/* As DNS has it, or NULL. */
static char *exception;

/* An EAI constant for a GResolver's @error. */
static int
result_of (const GError *error)
{
  if (error == NULL)
    return 0;
  if (g_error_matches (error, G_RESOLVER_ERROR,
                       G_RESOLVER_ERROR_TEMPORARY_FAILURE))
    return EAI_AGAIN;
  if (g_error_matches (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND))
    return EAI_NONAME;
  return EAI_FAIL;
}

static void
add_inet (GArray *addresses, GInetAddress *inet, guint16 port)
{
  const guint8 *bytes = g_inet_address_to_bytes (inet);
  GsockAddress address = { 0 };

  address.any.sa_family = (sa_family_t) g_inet_address_get_family (inet);
  if (address.any.sa_family == AF_INET6)
    {
      address.size = sizeof address.inet6;
      address.inet6.sin6_port = g_htons (port);
      memcpy (&address.inet6.sin6_addr, bytes, sizeof (struct in6_addr));
    }
  else
    {
      address.size = sizeof address.inet;
      address.inet.sin_port = g_htons (port);
      memcpy (&address.inet.sin_addr, bytes, sizeof (struct in_addr));
    }
  g_array_append_val (addresses, address);
}

static void
looked_up_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  GsockResolve *self = data;
  guint16 port = gsock_endpoint_get_port (self->endpoint);
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray)
      addresses = g_array_new (FALSE, FALSE, sizeof (GsockAddress));
  GList *found = lookup_finish (G_RESOLVER (source), result, self, &error);

  for (GList *item = found; item != NULL; item = item->next)
    add_inet (addresses, item->data, port);
  g_resolver_free_addresses (found);
  g_clear_object ((GCancellable **) &self->asked);
  if (self->func == NULL)
    resolve_free (self);
  else if (error != NULL && error->domain == GSOCK_ERROR)
    gsock_resolve_answer (self, NULL, error);
  else
    resolve_answer (self, addresses, result_of (error), 0);
}

/* The answer comes all the same. */
static void
cancel (GsockResolve *self)
{
  g_cancellable_cancel (self->asked);
}

/* A resolver needn't know of flags where none is set. */
static void
ask_resolver (GsockResolve *self, GResolver *resolver, const char *host)
{
  GResolverNameLookupFlags flags = lookup_flags (self);
  GCancellable *cancellable = g_cancellable_new ();

  self->asked = cancellable;
  self->cancel = cancel;

  if (flags == G_RESOLVER_NAME_LOOKUP_FLAGS_DEFAULT)
    g_resolver_lookup_by_name_async (resolver, host, cancellable, looked_up_cb,
                                     self);
  else
    g_resolver_lookup_by_name_with_flags_async (
        resolver, host, flags, cancellable, looked_up_cb, self);
}

static gboolean
ask (GsockResolve *resolve, const char *host)
{
  g_autoptr (GResolver) resolver = gsock_resolve_dup_gio ();

  if (resolver == NULL
      || (exception != NULL && g_ascii_strcasecmp (host, exception) == 0))
    return FALSE;
  g_main_context_push_thread_default (resolve->context);
  ask_resolver (resolve, resolver, host);
  g_main_context_pop_thread_default (resolve->context);
  return TRUE;
}

/**
 * gsock_resolve_dup_gio:
 *
 * Returns: (transfer full) (nullable): the default GResolver, where it is not
 *   GLib's own
 */
GResolver *
gsock_resolve_dup_gio (void)
{
  g_autoptr (GResolver) resolver = g_resolver_get_default ();

  if (strcmp (G_OBJECT_TYPE_NAME (resolver), "GThreadedResolver") == 0)
    return NULL;
  return g_steal_pointer (&resolver);
}

/**
 * gsock_resolve_gio_except:
 * @host: a name
 */
void
gsock_resolve_gio_except (const char *host)
{
  g_free (exception);
  exception = g_hostname_to_ascii (host);
}

/**
 * gsock_resolve_use_gio:
 *
 * From now on names are asked of the default GResolver, unless it is GLib's
 * own.  At start, by the main thread.
 */
void
gsock_resolve_use_gio (void)
{
  gsock_resolve_set_asker (ask);
}

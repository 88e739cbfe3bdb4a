/* resolver.c: a GResolver that asks name servers, and not the system
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A stub belongs to one context.  That of the first lookup which nobody waits
 * for keeps its stub, with its sockets and streams.  In another context, and
 * where somebody waits, a lookup has a stub of its own. */

#include "config.h"

#include "dns/resolver.h"

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/gio.h"
#include "core/resolve-gio.h"
#include "dns/resolver-private.h"
#include "dns/stub.h"
#include "dns/words.h"

struct _GsockDnsResolver
{
  GResolver parent;
  GPtrArray *servers; /* (element-type GsockDnsServer) */
  const GsockDnsHttps *https;
  GMutex lock;           /* of the two: */
  GMainContext *context; /* the stub's; NULL: nobody has asked */
  GsockDnsStub *stub;    /* belongs to the thread of @context */
};

G_DEFINE_FINAL_TYPE (GsockDnsResolver, gsock_dns_resolver, G_TYPE_RESOLVER)

/* --- A lookup ------------------------------------------------------------ */

/* Belongs to the thread of its context. */
typedef struct
{
  GTask *task;
  const ResolverProduct *product;
  GMainContext *context;
  GsockDnsStub *stub;
  gboolean has_stub; /* which is of this lookup alone */
  GsockDnsInquiry *inquiry;
  GSource *cancelled; /* or NULL */
  gpointer made;      /* the answer: @product's, or NULL with @error */
  GError *error;
} Lookup;

static void
lookup_free (Lookup *self)
{
  if (self->cancelled != NULL)
    {
      g_source_destroy (self->cancelled);
      g_source_unref (self->cancelled);
    }
  if (self->has_stub)
    gsock_dns_stub_free (self->stub);
  g_main_context_unref (self->context);
  g_free (self);
}

/* Who is told may be the last one who runs this context. */
static gboolean
conclude_cb (gpointer data)
{
  Lookup *self = data;
  g_autoptr (GTask) task = self->task;
  const ResolverProduct *product = self->product;
  gpointer made = self->made;
  GError *error = self->error;

  lookup_free (self);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, made, product->free);
  return G_SOURCE_REMOVE;
}

/* The stub is calling, and so can't be freed here. */
static void
answer_cb (const GPtrArray *records, const GError *error, gpointer data)
{
  Lookup *self = data;
  g_autoptr (GSource) source = g_idle_source_new ();

  if (error != NULL)
    self->error = g_error_copy (error);
  else
    self->made = self->product->make (records);
  if (self->error == NULL && self->made == NULL)
    self->error = g_error_new_literal (GSOCK_ERROR, GSOCK_ERROR_FAILED,
                                       _ ("a message that can't be read"));
  if (self->cancelled != NULL)
    g_source_destroy (self->cancelled);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, conclude_cb, self, NULL);
  g_source_attach (source, self->context);
}

static gboolean
cancelled_cb (GCancellable *cancellable G_GNUC_UNUSED, gpointer data)
{
  Lookup *self = data;
  g_autoptr (GTask) task = self->task;

  gsock_dns_stub_cancel (self->inquiry);
  lookup_free (self);
  g_task_return_error_if_cancelled (task);
  return G_SOURCE_REMOVE;
}

static void
watch_cancellable (Lookup *self, GCancellable *cancellable)
{
  if (cancellable == NULL)
    return;
  self->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (self->cancelled, G_SOURCE_FUNC (cancelled_cb), self,
                         NULL);
  g_source_attach (self->cancelled, self->context);
}

/* The stub that stays, where it is of @context. */
static GsockDnsStub *
get_stub (GsockDnsResolver *self, GMainContext *context, GError **error)
{
  GsockDnsStub *stub;

  g_mutex_lock (&self->lock);
  if (self->context == NULL)
    {
      self->stub = gsock_dns_stub_new (self->servers, self->https, context,
                                       error);
      if (self->stub != NULL)
        self->context = g_main_context_ref (context);
    }
  stub = self->context == context ? self->stub : NULL;
  g_mutex_unlock (&self->lock);
  return stub;
}

/* How a question is put: who asks, and where the answer goes. */
typedef struct
{
  GsockDnsResolver *resolver;
  gboolean waits; /* for the answer, in a context of its own */
  GCancellable *cancellable;
  GAsyncReadyCallback callback;
  gpointer data;
} Asking;

/* NULL: the task has an error, and is gone. */
static Lookup *
begin (const Asking *asking, const ResolverProduct *product)
{
  GTask *task = g_task_new (asking->resolver, asking->cancellable,
                            asking->callback, asking->data);
  GMainContext *context = g_main_context_ref_thread_default ();
  GError *error = NULL;
  GsockDnsStub *stub = NULL;
  gboolean has_stub = FALSE;
  Lookup *self;

  if (!asking->waits)
    stub = get_stub (asking->resolver, context, &error);
  if (stub == NULL && error == NULL)
    {
      stub = gsock_dns_stub_new (asking->resolver->servers,
                                 asking->resolver->https, context, &error);
      has_stub = TRUE;
    }
  if (stub == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      g_main_context_unref (context);
      return NULL;
    }
  self = g_new0 (Lookup, 1);
  self->task = task;
  self->product = product;
  self->context = context;
  self->stub = stub;
  self->has_stub = has_stub;
  watch_cancellable (self, asking->cancellable);
  return self;
}

static void
ask (const Asking *asking, const ResolverProduct *product, const char *name,
     guint16 type)
{
  Lookup *lookup = begin (asking, product);

  if (lookup != NULL)
    lookup->inquiry = gsock_dns_stub_ask (lookup->stub, name, &type, 1,
                                          answer_cb, lookup);
}

static void
ask_addresses (const Asking *asking, const char *host,
               GResolverNameLookupFlags flags)
{
  Lookup *lookup = begin (asking, &resolver_addresses);
  int family = AF_UNSPEC;

  if ((flags & G_RESOLVER_NAME_LOOKUP_FLAGS_IPV4_ONLY) != 0)
    family = AF_INET;
  else if ((flags & G_RESOLVER_NAME_LOOKUP_FLAGS_IPV6_ONLY) != 0)
    family = AF_INET6;
  if (lookup != NULL)
    lookup->inquiry = gsock_dns_stub_ask_addresses (lookup->stub, host, family,
                                                    answer_cb, lookup);
}

static void
ask_name (const Asking *asking, GInetAddress *address)
{
  g_autofree char *host = g_inet_address_to_string (address);
  g_autofree char *name = gsock_dns_reverse_name (host);

  ask (asking, &resolver_name, name, GSOCK_DNS_PTR);
}

static void
ask_records (const Asking *asking, const char *name,
             GResolverRecordType record_type)
{
  static const guint16 types[] = {
    [G_RESOLVER_RECORD_SRV] = GSOCK_DNS_SRV,
    [G_RESOLVER_RECORD_MX] = GSOCK_DNS_MX,
    [G_RESOLVER_RECORD_TXT] = GSOCK_DNS_TXT,
    [G_RESOLVER_RECORD_SOA] = GSOCK_DNS_SOA,
    [G_RESOLVER_RECORD_NS] = GSOCK_DNS_NS,
  };

  ask (asking, &resolver_records, name, types[record_type]);
}

/* --- As GResolver wants it: later ---------------------------------------- */

static void
lookup_by_name_with_flags_async (GResolver *resolver, const char *host,
                                 GResolverNameLookupFlags flags,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer data)
{
  const Asking asking = { GSOCK_DNS_RESOLVER (resolver), FALSE, cancellable,
                          callback, data };

  ask_addresses (&asking, host, flags);
}

static void
lookup_by_name_async (GResolver *resolver, const char *host,
                      GCancellable *cancellable, GAsyncReadyCallback callback,
                      gpointer data)
{
  lookup_by_name_with_flags_async (resolver, host,
                                   G_RESOLVER_NAME_LOOKUP_FLAGS_DEFAULT,
                                   cancellable, callback, data);
}

static void
lookup_by_address_async (GResolver *resolver, GInetAddress *address,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer data)
{
  const Asking asking = { GSOCK_DNS_RESOLVER (resolver), FALSE, cancellable,
                          callback, data };

  ask_name (&asking, address);
}

static void
lookup_records_async (GResolver *resolver, const char *name,
                      GResolverRecordType type, GCancellable *cancellable,
                      GAsyncReadyCallback callback, gpointer data)
{
  const Asking asking = { GSOCK_DNS_RESOLVER (resolver), FALSE, cancellable,
                          callback, data };

  ask_records (&asking, name, type);
}

static gpointer
finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static GList *
lookup_list_finish (GResolver *resolver G_GNUC_UNUSED, GAsyncResult *result,
                    GError **error)
{
  return finish (result, error);
}

static char *
lookup_by_address_finish (GResolver *resolver G_GNUC_UNUSED,
                          GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

/* --- At once ------------------------------------------------------------- */

/* Somebody who waits, in a context of its own. */
typedef struct
{
  GMainContext *context;
  GAsyncResult *result;
} Wait;

static void
waited_cb (GObject *source G_GNUC_UNUSED, GAsyncResult *result, gpointer data)
{
  Wait *wait = data;

  wait->result = g_object_ref (result);
}

static void
wait_begin (Wait *wait)
{
  *wait = (Wait) { .context = g_main_context_new () };
  g_main_context_push_thread_default (wait->context);
}

static gpointer
wait_end (Wait *wait, GError **error)
{
  gpointer found;

  while (wait->result == NULL)
    g_main_context_iteration (wait->context, TRUE);
  found = finish (wait->result, error);
  g_object_unref (wait->result);
  g_main_context_pop_thread_default (wait->context);
  g_main_context_unref (wait->context);
  return found;
}

static GList *
lookup_by_name_with_flags (GResolver *resolver, const char *host,
                           GResolverNameLookupFlags flags,
                           GCancellable *cancellable, GError **error)
{
  Wait wait;
  const Asking asking = { GSOCK_DNS_RESOLVER (resolver), TRUE, cancellable,
                          waited_cb, &wait };

  wait_begin (&wait);
  ask_addresses (&asking, host, flags);
  return wait_end (&wait, error);
}

static GList *
lookup_by_name (GResolver *resolver, const char *host,
                GCancellable *cancellable, GError **error)
{
  return lookup_by_name_with_flags (
      resolver, host, G_RESOLVER_NAME_LOOKUP_FLAGS_DEFAULT, cancellable, error);
}

static char *
lookup_by_address (GResolver *resolver, GInetAddress *address,
                   GCancellable *cancellable, GError **error)
{
  Wait wait;
  const Asking asking = { GSOCK_DNS_RESOLVER (resolver), TRUE, cancellable,
                          waited_cb, &wait };

  wait_begin (&wait);
  ask_name (&asking, address);
  return wait_end (&wait, error);
}

static GList *
lookup_records (GResolver *resolver, const char *name, GResolverRecordType type,
                GCancellable *cancellable, GError **error)
{
  Wait wait;
  const Asking asking = { GSOCK_DNS_RESOLVER (resolver), TRUE, cancellable,
                          waited_cb, &wait };

  wait_begin (&wait);
  ask_records (&asking, name, type);
  return wait_end (&wait, error);
}

/* --- The object ---------------------------------------------------------- */

static void
finalize (GObject *object)
{
  GsockDnsResolver *self = GSOCK_DNS_RESOLVER (object);

  g_clear_pointer (&self->stub, gsock_dns_stub_free);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_pointer (&self->servers, g_ptr_array_unref);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (gsock_dns_resolver_parent_class)->finalize (object);
}

static void
gsock_dns_resolver_class_init (GsockDnsResolverClass *class)
{
  GResolverClass *resolver = G_RESOLVER_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = finalize;
  resolver->lookup_by_name = lookup_by_name;
  resolver->lookup_by_name_async = lookup_by_name_async;
  resolver->lookup_by_name_finish = lookup_list_finish;
  resolver->lookup_by_name_with_flags = lookup_by_name_with_flags;
  resolver->lookup_by_name_with_flags_async = lookup_by_name_with_flags_async;
  resolver->lookup_by_name_with_flags_finish = lookup_list_finish;
  resolver->lookup_by_address = lookup_by_address;
  resolver->lookup_by_address_async = lookup_by_address_async;
  resolver->lookup_by_address_finish = lookup_by_address_finish;
  /* GResolver makes the hosts of a service of them. */
  resolver->lookup_records = lookup_records;
  resolver->lookup_records_async = lookup_records_async;
  resolver->lookup_records_finish = lookup_list_finish;
}

static void
gsock_dns_resolver_init (GsockDnsResolver *self)
{
  g_mutex_init (&self->lock);
}

/**
 * gsock_dns_resolver_new:
 * @servers: (element-type GsockDnsServer): who is asked, in this order
 * @https: (nullable): how https:// servers are
 *
 * No search list: names are whole ones.
 *
 * Returns: (transfer full): it has asked nobody as yet
 */
GResolver *
gsock_dns_resolver_new (GPtrArray *servers, const GsockDnsHttps *https)
{
  GsockDnsResolver *self = g_object_new (GSOCK_TYPE_DNS_RESOLVER, NULL);

  self->servers = g_ptr_array_ref (servers);
  self->https = https;
  return G_RESOLVER (self);
}

/* --- The default one ----------------------------------------------------- */

static void
begin_default (GsockDnsServer *server, const GsockDnsHttps *https)
{
  g_autoptr (GPtrArray) servers = g_ptr_array_new_with_free_func (
      (GDestroyNotify) gsock_dns_server_free);
  g_autoptr (GResolver) resolver = NULL;

  g_ptr_array_add (servers, server);
  gsock_use_gio ();
  /* A server can't be asked for its own address. */
  gsock_resolve_gio_except (gsock_endpoint_get_host (server->endpoint));
  resolver = gsock_dns_resolver_new (servers, https);
  g_resolver_set_default (resolver);
}

/* It stays the default one, but what was open is closed, and who waits is told
 * that it is over. */
static void
end_default (void)
{
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  GsockDnsResolver *self = GSOCK_DNS_RESOLVER (resolver);

  if (self->stub == NULL)
    return;
  g_clear_pointer (&self->stub, gsock_dns_stub_free);
  while (g_main_context_iteration (self->context, FALSE))
    continue;
  g_clear_pointer (&self->context, g_main_context_unref);
}

const GsockDnsFace gsock_dns_default_resolver = { begin_default, end_default };

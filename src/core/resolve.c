/* resolve.c: from an endpoint to socket addresses, in the order of trying
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Names go to the default GResolver when it isn't GLib's own, and for
 * localhost, which GLib answers by itself.  What GLib's own would hand to
 * getaddrinfo() is handed to it here: GLib before 2.85 asks with
 * AI_ADDRCONFIG, so that a machine with no network can't find the names of
 * its /etc/hosts; it drops IPv6 scopes; and it hides which error it was. */

#include "config.h"

#include "core/resolve.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

#include "core/call.h"
#include "core/error.h"
#include "core/escape.h"
#include "core/log.h"

/* Freed by the answer, which comes even when it was cancelled. */
struct _GsockResolve
{
  GsockEndpoint *endpoint;
  GsockResolveWish wish;
  GsockResolveFunc func; /* NULL: nobody wants the answer any more */
  gpointer data;
  GCancellable *cancellable;
};

/* One getaddrinfo in a thread of its own; what it was given and what it gave.
 * Handed over whole from one thread to the other. */
typedef struct
{
  char *host;
  guint16 port;
  int family;
  int result;
  int errnum;
  GArray *addresses; /* (element-type GsockAddress) */
} Question;

static void
resolve_free (GsockResolve *self)
{
  g_object_unref (self->cancellable);
  gsock_endpoint_unref (self->endpoint);
  g_free (self);
}

/* --- Addresses ----------------------------------------------------------- */

/* "::1, 127.0.0.1" */
static char *
list_hosts (const GArray *addresses)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < addresses->len; i++)
    {
      g_autofree char *host = gsock_address_host_to_string (
          &g_array_index (addresses, GsockAddress, i));

      g_string_append_printf (list, "%s%s", i == 0 ? "" : ", ", host);
    }
  return g_string_free (list, FALSE);
}

static gboolean
has_address (const GArray *addresses, const GsockAddress *address)
{
  for (guint i = 0; i < addresses->len; i++)
    if (gsock_address_equal (&g_array_index (addresses, GsockAddress, i),
                             address))
      return TRUE;
  return FALSE;
}

/* The next of @addresses from @from on whose family is @family's, or isn't. */
static const GsockAddress *
next_of (const GArray *addresses, guint *from, int family, gboolean same)
{
  while (*from < addresses->len)
    {
      const GsockAddress *address = &g_array_index (addresses, GsockAddress,
                                                    (*from)++);

      if (gsock_address_is_of_family (address, family) == same)
        return address;
    }
  return NULL;
}

/* The families in turn, beginning with that of the first address; within each
 * the order is the resolver's (RFC 8305 section 4). */
static GArray *
interleave (const GArray *addresses)
{
  GArray *turns = g_array_new (FALSE, FALSE, sizeof (GsockAddress));
  int family = g_array_index (addresses, GsockAddress, 0).any.sa_family;
  guint same = 0, other = 0;
  const GsockAddress *one, *two;

  do
    {
      one = next_of (addresses, &same, family, TRUE);
      two = next_of (addresses, &other, family, FALSE);
      if (one != NULL)
        g_array_append_vals (turns, one, 1);
      if (two != NULL)
        g_array_append_vals (turns, two, 1);
    }
  while (one != NULL || two != NULL);
  return turns;
}

/* NULL: none of @found is of @family. */
static GArray *
put_in_order (const GArray *found, int family)
{
  g_autoptr (GArray) wanted = g_array_new (FALSE, FALSE, sizeof (GsockAddress));

  for (guint i = 0; i < found->len; i++)
    {
      const GsockAddress *address = &g_array_index (found, GsockAddress, i);

      /* /etc/hosts may well have a line twice. */
      if (gsock_address_is_of_family (address, family)
          && !has_address (wanted, address))
        g_array_append_vals (wanted, address, 1);
    }
  return wanted->len > 0 ? interleave (wanted) : NULL;
}

/* --- Errors -------------------------------------------------------------- */

static const char *
family_name (int family)
{
  return family == AF_INET6 ? "IPv6" : "IPv4";
}

/* No address is of the family that is wished for. */
static void
set_family_error (GError **error, const GsockEndpoint *endpoint,
                  const GsockResolveWish *wish)
{
  g_autofree char *who = gsock_endpoint_to_display (endpoint);

  g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE,
               /* TRANSLATORS: an address, "IPv4" or "IPv6", and the option
                * that asks for that one. */
               _ ("Cannot connect to %s: it has no %s address, and %s asks for "
                  "one"),
               who, family_name (wish->family), wish->option);
}

/**
 * gsock_resolve_set_error:
 * @error: (out): %GSOCK_ERROR_NAME
 * @name: what was asked about; not escaped
 * @wish: which addresses were asked for
 * @result: an EAI constant of getaddrinfo
 * @errnum: errno, for %EAI_SYSTEM
 *
 * What getaddrinfo answered, as a sentence in the user's language.
 */
void
gsock_resolve_set_error (GError **error, const char *name,
                         const GsockResolveWish *wish, int result, int errnum)
{
  g_autofree char *host = gsock_escape (name, -1);

  if (wish->family != AF_UNSPEC
      && (result == EAI_NONAME || result == EAI_NODATA
          || result == EAI_ADDRFAMILY))
    g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_NAME,
                 /* TRANSLATORS: a name, "IPv4" or "IPv6", an option: "-4". */
                 _ ("'%s' doesn't exist or has no %s address (%s)"), host,
                 family_name (wish->family), wish->option);
  else if (result == EAI_NONAME)
    g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_NAME,
                 _ ("'%s' doesn't exist (name not found)"), host);
  else if (result == EAI_NODATA || result == EAI_ADDRFAMILY)
    g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_NAME,
                 _ ("'%s' exists, but has no address"), host);
  else if (result == EAI_AGAIN)
    g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_NAME,
                 _ ("The address of '%s' can't be found out now: no name "
                    "server answers"),
                 host);
  else
    g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_NAME,
                 /* TRANSLATORS: a name, then why. */
                 _ ("Cannot look up '%s': %s"), host,
                 result == EAI_SYSTEM ? gsock_errno_text (errnum)
                                      : gai_strerror (result));
}

/* --- The answer ---------------------------------------------------------- */

static void
tell_resolved (const GsockResolve *self, const GArray *addresses)
{
  g_autofree char *list = list_hosts (addresses);

  gsock_log (GSOCK_EVENT_RESOLVED,
             .text = gsock_endpoint_get_host (self->endpoint), .detail = list);
}

/* @result is 0 or an EAI constant. */
static void
answer (GsockResolve *self, const GArray *found, int result, int errnum)
{
  g_autoptr (GArray) addresses = NULL;
  g_autoptr (GError) error = NULL;

  if (result == 0 && found->len == 0)
    result = EAI_NODATA;
  if (result == 0)
    addresses = put_in_order (found, self->wish.family);

  if (result != 0)
    gsock_resolve_set_error (&error, gsock_endpoint_get_host (self->endpoint),
                             &self->wish, result, errnum);
  else if (addresses == NULL)
    set_family_error (&error, self->endpoint, &self->wish);
  else if (gsock_log_wants (GSOCK_EVENT_RESOLVED))
    tell_resolved (self, addresses);

  self->func (addresses, error, self->data);
  resolve_free (self);
}

/* --- The system's names -------------------------------------------------- */

static void
question_free (gpointer data)
{
  Question *question = data;

  g_free (question->host);
  g_clear_pointer (&question->addresses, g_array_unref);
  g_free (question);
}

static void
question_add (Question *question, const struct addrinfo *info)
{
  for (; info != NULL; info = info->ai_next)
    {
      GsockAddress address = { .size = info->ai_addrlen };

      if (info->ai_family != AF_INET && info->ai_family != AF_INET6)
        continue;
      memcpy (&address.storage, info->ai_addr, info->ai_addrlen);
      g_array_append_val (question->addresses, address);
    }
}

static void
ask_thread (GTask *task, gpointer source G_GNUC_UNUSED, gpointer data,
            GCancellable *cancellable G_GNUC_UNUSED)
{
  Question *question = data;
  /* One of each: without a type, an address comes once for each type. */
  struct addrinfo hints = { .ai_family = question->family,
                            .ai_socktype = SOCK_STREAM,
                            .ai_flags = AI_NUMERICSERV };
  struct addrinfo *info = NULL;
  g_autofree char *port = g_strdup_printf ("%u", question->port);

  question->addresses = g_array_new (FALSE, FALSE, sizeof (GsockAddress));
  question->result = getaddrinfo (question->host, port, &hints, &info);
  question->errnum = errno;
  if (question->result == 0)
    {
      question_add (question, info);
      freeaddrinfo (info);
    }
  g_task_return_boolean (task, TRUE);
}

static void
tell_getaddrinfo (const Question *question)
{
  g_autofree char *list = list_hosts (question->addresses);

  gsock_call (GSOCK_CALL_GETADDRINFO, NULL, question->result,
              question->result == EAI_SYSTEM ? question->errnum : 0,
              list[0] != '\0' ? list : NULL,
              "\"%s\", \"%u\", {%s, SOCK_STREAM}", question->host,
              question->port, gsock_call_family (question->family));
}

static void
asked_cb (GObject *source G_GNUC_UNUSED, GAsyncResult *result, gpointer data)
{
  GsockResolve *self = data;
  const Question *question;

  /* Before anything of the question is looked at: when it was cancelled, the
   * thread still has it. */
  if (!g_task_propagate_boolean (G_TASK (result), NULL))
    {
      resolve_free (self);
      return;
    }
  question = g_task_get_task_data (G_TASK (result));
  if (gsock_explaining ())
    tell_getaddrinfo (question);
  answer (self, question->addresses, question->result, question->errnum);
}

/* @host in the form that DNS has it. */
static void
ask_system (GsockResolve *self, const char *host)
{
  g_autoptr (GTask) task = g_task_new (NULL, self->cancellable, asked_cb, self);
  Question *question = g_new0 (Question, 1);

  question->host = g_strdup (host);
  question->port = gsock_endpoint_get_port (self->endpoint);
  question->family = self->wish.family;
  g_task_set_source_tag (task, ask_system);
  g_task_set_return_on_cancel (task, TRUE);
  g_task_set_task_data (task, question, question_free);
  g_task_run_in_thread (task, ask_thread);
}

/* --- GResolver ----------------------------------------------------------- */

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
  if (self->func == NULL)
    resolve_free (self);
  else
    answer (self, addresses, result_of (error), 0);
}

/* A resolver needn't know of flags where none is set. */
static void
ask_resolver (GsockResolve *self, GResolver *resolver, const char *host)
{
  GResolverNameLookupFlags flags = lookup_flags (self);

  if (flags == G_RESOLVER_NAME_LOOKUP_FLAGS_DEFAULT)
    g_resolver_lookup_by_name_async (resolver, host, self->cancellable,
                                     looked_up_cb, self);
  else
    g_resolver_lookup_by_name_with_flags_async (
        resolver, host, flags, self->cancellable, looked_up_cb, self);
}

/* --- Asking -------------------------------------------------------------- */

/* RFC 6761 section 6.3: no server is asked for these. */
static gboolean
is_localhost (const char *host)
{
  g_autofree char *lower = g_ascii_strdown (host, -1);

  return strcmp (lower, "localhost") == 0
         || g_str_has_suffix (lower, ".localhost");
}

static void
ask (GsockResolve *self, GMainContext *context)
{
  const char *host = gsock_endpoint_get_host (self->endpoint);
  g_autofree char *ascii = g_hostname_to_ascii (host);
  g_autoptr (GResolver) resolver = g_resolver_get_default ();

  g_main_context_push_thread_default (context);
  if (strcmp (G_OBJECT_TYPE_NAME (resolver), "GThreadedResolver") != 0
      || is_localhost (host))
    ask_resolver (self, resolver, ascii != NULL ? ascii : host);
  else
    ask_system (self, ascii != NULL ? ascii : host);
  g_main_context_pop_thread_default (context);
}

/**
 * gsock_resolve_start:
 * @endpoint: for which gsock_resolve_is_name()
 * @wish: which of its addresses will do
 * @context: the context whose thread calls this, and in which @func is called
 * @func: told the answer, once
 * @data: for @func
 *
 * There is no time limit here: a name server may take minutes, and a question
 * that is cancelled leaves its thread behind.
 *
 * Returns: (transfer none): it frees itself when it calls @func
 */
GsockResolve *
gsock_resolve_start (const GsockEndpoint *endpoint,
                     const GsockResolveWish *wish, GMainContext *context,
                     GsockResolveFunc func, gpointer data)
{
  GsockResolve *self = g_new0 (GsockResolve, 1);

  self->endpoint = gsock_endpoint_ref ((GsockEndpoint *) (guintptr) endpoint);
  self->wish = *wish;
  self->func = func;
  self->data = data;
  self->cancellable = g_cancellable_new ();
  gsock_log (GSOCK_EVENT_RESOLVING, .text = gsock_endpoint_get_host (endpoint));
  ask (self, context);
  return self;
}

/**
 * gsock_resolve_cancel:
 * @resolve: (transfer full): one whose func has not been called
 *
 * Its func is not called any more.
 */
void
gsock_resolve_cancel (GsockResolve *resolve)
{
  resolve->func = NULL;
  g_cancellable_cancel (resolve->cancellable);
}

/* --- Numbers ------------------------------------------------------------- */

/**
 * gsock_resolve_is_name:
 * @endpoint: an endpoint
 *
 * Returns: %TRUE if its host is neither a number nor `*`
 */
gboolean
gsock_resolve_is_name (const GsockEndpoint *endpoint)
{
  const char *host = gsock_endpoint_get_host (endpoint);

  return host != NULL && !gsock_endpoint_is_any (endpoint)
         && strchr (host, ':') == NULL && !g_hostname_is_ip_address (host);
}

/**
 * gsock_resolve_literal:
 * @address: (out caller-allocates): the only address of @endpoint
 * @endpoint: one that is an address: not a name, `fd:` or `sd:`
 * @wish: what it has to be
 * @error: %GSOCK_ERROR_USAGE, %GSOCK_ERROR_NAME
 *
 * Returns: %TRUE if it is
 */
gboolean
gsock_resolve_literal (GsockAddress *address, const GsockEndpoint *endpoint,
                       const GsockResolveWish *wish, GError **error)
{
  g_autofree char *text = NULL;

  if (!gsock_address_init_from_endpoint (address, endpoint))
    {
      text = gsock_escape (gsock_endpoint_to_string (endpoint), -1);
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_NAME,
                   /* TRANSLATORS: an address with a %scope. */
                   _ ("Cannot connect to %s: this machine has no network "
                      "interface of that name"),
                   text);
      return FALSE;
    }
  if (gsock_endpoint_is_unix (endpoint)
      || gsock_address_is_of_family (address, wish->family))
    return TRUE;
  set_family_error (error, endpoint, wish);
  return FALSE;
}

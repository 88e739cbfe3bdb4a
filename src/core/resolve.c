/* resolve.c: from an endpoint to socket addresses, in the order of trying
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"
#include "core/log.h"
#include "core/resolve-private.h"

/* Who is asked before the system; or NULL. */
static GsockResolveAsker asker;

void
resolve_free (GsockResolve *self)
{
  g_main_context_unref (self->context);
  g_free (self->host);
  gsock_endpoint_unref (self->endpoint);
  g_free (self);
}

/* --- Addresses ----------------------------------------------------------- */

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
  g_autofree char *list = gsock_address_list_hosts (addresses);

  gsock_log (GSOCK_EVENT_RESOLVED,
             .text = gsock_endpoint_get_host (self->endpoint), .detail = list);
}

void
resolve_answer (GsockResolve *self, const GArray *found, int result, int errnum)
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

/* --- Asking -------------------------------------------------------------- */

/* RFC 6761 section 6.3: no server is asked for these. */
static gboolean
is_localhost (const char *host)
{
  g_autofree char *lower = g_ascii_strdown (host, -1);

  return strcmp (lower, "localhost") == 0
         || g_str_has_suffix (lower, ".localhost");
}

/* Of localhost there is nothing to ask. */
static gboolean
localhost_cb (gpointer data)
{
  GsockResolve *self = data;
  guint16 port = g_htons (gsock_endpoint_get_port (self->endpoint));
  const GsockAddress loopback[] = {
    { .size = sizeof (struct sockaddr_in6),
      .inet6 = { .sin6_family = AF_INET6,
                 .sin6_port = port,
                 .sin6_addr = IN6ADDR_LOOPBACK_INIT } },
    { .size = sizeof (struct sockaddr_in),
      .inet = { .sin_family = AF_INET,
                .sin_port = port,
                .sin_addr.s_addr = g_htonl (INADDR_LOOPBACK) } },
  };
  g_autoptr (GArray)
      addresses = g_array_new (FALSE, FALSE, sizeof (GsockAddress));

  g_array_append_vals (addresses, loopback, G_N_ELEMENTS (loopback));
  if (self->func == NULL)
    resolve_free (self);
  else
    resolve_answer (self, addresses, 0, 0);
  return G_SOURCE_REMOVE;
}

static void
answer_localhost (GsockResolve *self)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, localhost_cb, self, NULL);
  g_source_attach (source, self->context);
}

static void
ask (GsockResolve *self)
{
  const char *host = gsock_endpoint_get_host (self->endpoint);

  self->host = g_hostname_to_ascii (host);
  if (self->host == NULL)
    self->host = g_strdup (host);
  if (is_localhost (host))
    answer_localhost (self);
  else if (asker == NULL || !asker (self, self->host))
    resolve_ask_system (self, self->host);
}

/**
 * gsock_resolve_set_asker:
 * @func: (nullable): asked before the system; %FALSE: it has not taken the
 *   question
 *
 * At start, by the main thread.
 */
void
gsock_resolve_set_asker (GsockResolveAsker func)
{
  asker = func;
}

/**
 * gsock_resolve_get_host:
 * @resolve: a question that an asker has taken
 *
 * Returns: (transfer none): the name, as DNS has it
 */
const char *
gsock_resolve_get_host (GsockResolve *resolve)
{
  return resolve->host;
}

/**
 * gsock_resolve_get_family:
 * @resolve: a question that an asker has taken
 *
 * Returns: which addresses are wanted; %AF_UNSPEC: all
 */
int
gsock_resolve_get_family (GsockResolve *resolve)
{
  return resolve->wish.family;
}

/**
 * gsock_resolve_get_port:
 * @resolve: a question that an asker has taken
 *
 * Returns: the port that addresses should have
 */
guint16
gsock_resolve_get_port (GsockResolve *resolve)
{
  return gsock_endpoint_get_port (resolve->endpoint);
}

/**
 * gsock_resolve_get_context:
 * @resolve: a question that an asker has taken
 *
 * Returns: (transfer none): where the answer is waited for
 */
GMainContext *
gsock_resolve_get_context (GsockResolve *resolve)
{
  return resolve->context;
}

/**
 * gsock_resolve_answer:
 * @resolve: (transfer full): a question that an asker has taken
 * @found: (element-type GsockAddress) (nullable): addresses
 * @error: (nullable): why there are none
 */
void
gsock_resolve_answer (GsockResolve *resolve, const GArray *found,
                      const GError *error)
{
  if (resolve->func == NULL)
    resolve_free (resolve);
  else if (error == NULL)
    resolve_answer (resolve, found, 0, 0);
  else
    {
      resolve->func (NULL, error, resolve->data);
      resolve_free (resolve);
    }
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
  self->context = g_main_context_ref (context);
  gsock_log (GSOCK_EVENT_RESOLVING, .text = gsock_endpoint_get_host (endpoint));
  ask (self);
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
  if (resolve->cancel != NULL)
    resolve->cancel (resolve);
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

  /* A group of IPv4 may have an interface behind it, "239.1.2.3%eth0". */
  return host != NULL && !gsock_endpoint_is_any (endpoint)
         && strpbrk (host, ":%") == NULL && !g_hostname_is_ip_address (host);
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

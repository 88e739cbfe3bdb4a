/* system.c: what programs on this machine make of a name, by the C library
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* getaddrinfo() alone has the order of trying and the scopes of addresses, and
 * gethostbyname2_r() alone the chain of aliases, those of /etc/hosts too, so
 * both are asked.  Neither has a time limit or can be stopped: whoever waits
 * gives up, and the thread stays behind until the C library lets it go. */

#include "config.h"

#include "dns/system-private.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"
#include "core/log.h"
#include "core/resolve.h"

/* Threads left behind that may be waiting at any time. */
#define ABANDONED_MAX 512
/* What gethostbyname2_r() fills; it asks for more by ERANGE. */
#define BUFFER_START 1024
#define BUFFER_MAX (1024 * 1024)

struct _GsockSystem
{
  GThreadPool *pool;
  GMainContext *context;
  guint threads;
  guint abandoned; /* context's thread */
};

/* --- Names --------------------------------------------------------------- */

/**
 * gsock_names_new:
 *
 * Returns: (transfer full): no names yet
 */
GsockNames *
gsock_names_new (void)
{
  GsockNames *names = g_new0 (GsockNames, 1);

  names->aliases = g_ptr_array_new_with_free_func (g_free);
  names->addresses = g_array_new (FALSE, FALSE, sizeof (GsockAddress));
  return names;
}

/**
 * gsock_names_free:
 * @names: (transfer full): to be freed
 */
void
gsock_names_free (GsockNames *names)
{
  g_free (names->canonical);
  g_ptr_array_unref (names->aliases);
  g_array_unref (names->addresses);
  g_free (names);
}

/**
 * gsock_names_add_alias:
 * @names: an answer
 * @name: one more alias, unless it is there already or the canonical name
 */
void
gsock_names_add_alias (GsockNames *names, const char *name)
{
  if (names->canonical != NULL
      && g_ascii_strcasecmp (names->canonical, name) == 0)
    return;
  for (guint i = 0; i < names->aliases->len; i++)
    if (g_ascii_strcasecmp (g_ptr_array_index (names->aliases, i), name) == 0)
      return;
  g_ptr_array_add (names->aliases, g_strdup (name));
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

/* --- Calls, in the pool's thread ----------------------------------------- */

static void
take_hostent (GsockSystemLookup *self, const struct hostent *host)
{
  if (self->names->canonical == NULL)
    self->names->canonical = g_strdup (host->h_name);
  else
    gsock_names_add_alias (self->names, host->h_name);
  for (char **alias = host->h_aliases; *alias != NULL; alias++)
    gsock_names_add_alias (self->names, *alias);
}

/* gethostbyname2_r() of @family, or gethostbyaddr_r() where @family is
 * AF_UNSPEC; into @buffer, which grows.  NULL: no such name. */
static struct hostent *
call_hostent (GsockSystemLookup *self, int family, struct hostent *host,
              GByteArray *buffer)
{
  const GsockAddress *address = &self->address;
  gboolean six = address->any.sa_family == AF_INET6;
  struct hostent *found = NULL;
  int problem, result;

  g_byte_array_set_size (buffer, BUFFER_START);
  for (;;)
    {
      char *data = (char *) buffer->data;

      if (family != AF_UNSPEC)
        result = gethostbyname2_r (self->host, family, host, data, buffer->len,
                                   &found, &problem);
      else if (six)
        result = gethostbyaddr_r (&address->inet6.sin6_addr, 16, AF_INET6, host,
                                  data, buffer->len, &found, &problem);
      else
        result = gethostbyaddr_r (&address->inet.sin_addr, 4, AF_INET, host,
                                  data, buffer->len, &found, &problem);
      if (result != ERANGE || buffer->len >= BUFFER_MAX)
        return result == 0 ? found : NULL;
      g_byte_array_set_size (buffer, buffer->len * 2);
    }
}

static void
ask_hostent (GsockSystemLookup *self, int family)
{
  g_autoptr (GByteArray) buffer = g_byte_array_new ();
  struct hostent space;
  struct hostent *host = call_hostent (self, family, &space, buffer);

  if (self->told != NULL)
    system_tell_hostent (self, family, host);
  if (host != NULL)
    take_hostent (self, host);
}

/* TRUE if there is one of @family. */
static gboolean
has_family (const GsockSystemLookup *self, int family)
{
  const GArray *addresses = self->names->addresses;

  for (guint i = 0; i < addresses->len; i++)
    if (g_array_index (addresses, GsockAddress, i).any.sa_family == family)
      return TRUE;
  return FALSE;
}

static void
take_addrinfo (GsockSystemLookup *self, const struct addrinfo *info)
{
  for (; info != NULL; info = info->ai_next)
    {
      GsockAddress address = { .size = info->ai_addrlen };

      if (info->ai_family != AF_INET && info->ai_family != AF_INET6)
        continue;
      memcpy (&address.storage, info->ai_addr, info->ai_addrlen);
      if (!has_address (self->names->addresses, &address))
        g_array_append_val (self->names->addresses, address);
    }
}

/* No AI_ADDRCONFIG: with it, a machine that has only its loopback interface
 * doesn't find what stands in its own /etc/hosts. */
static void
ask_addrinfo (GsockSystemLookup *self)
{
  struct addrinfo hints = { .ai_family = self->family,
                            .ai_socktype = SOCK_STREAM };
  struct addrinfo *info = NULL;

  self->result = getaddrinfo (self->host, NULL, &hints, &info);
  self->errnum = errno;
  if (self->result == 0)
    {
      take_addrinfo (self, info);
      freeaddrinfo (info);
    }
  if (self->told != NULL)
    system_tell_addrinfo (self);
}

static void
ask_name (GsockSystemLookup *self)
{
  ask_addrinfo (self);
  if (self->result == 0 && self->names->addresses->len == 0)
    self->result = EAI_NODATA;
  /* Where nobody answers, to ask again would only take as long again. */
  if (self->result != 0)
    return;
  for (int i = 0; i < 2; i++)
    {
      int family =
          g_array_index (self->names->addresses, GsockAddress, 0).any.sa_family;

      if (i == 1)
        family = family == AF_INET ? AF_INET6 : AF_INET;
      if (has_family (self, family))
        ask_hostent (self, family);
    }
  if (self->told != NULL)
    system_tell_addresses (self);
}

static void
ask_address (GsockSystemLookup *self)
{
  char name[NI_MAXHOST];

  g_array_append_val (self->names->addresses, self->address);
  self->names->reverse = TRUE;
  self->result = getnameinfo (&self->address.any, self->address.size, name,
                              sizeof name, NULL, 0, NI_NAMEREQD);
  self->errnum = errno;
  if (self->told != NULL)
    system_tell_nameinfo (self, name);
  if (self->result != 0)
    return;
  self->names->canonical = g_strdup (name);
  ask_hostent (self, AF_UNSPEC);
}

/* --- Handing over -------------------------------------------------------- */

static void
lookup_free (gpointer data)
{
  GsockSystemLookup *self = data;

  g_clear_pointer (&self->told, g_array_unref);
  g_clear_pointer (&self->names, gsock_names_free);
  g_main_context_unref (self->context);
  g_free (self->host);
  g_free (self);
}

/* Why there is no answer, with the exit status that it has here: the server's
 * refusal is not the same as a name that isn't there. */
static void
set_error (const GsockSystemLookup *self, GError **error)
{
  const GsockResolveWish wish = { self->family,
                                  self->family == AF_INET6 ? "-6" : "-4" };

  if (self->names->reverse && self->result == EAI_NONAME)
    {
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_NAME,
                   /* TRANSLATORS: an address */
                   _ ("No name is known for the address %s"), self->host);
      return;
    }
  gsock_resolve_set_error (error, self->host, &wish, self->result,
                           self->errnum);
  switch (self->result)
    {
    case EAI_AGAIN:
    case EAI_FAIL:
    case EAI_NODATA:
    case EAI_ADDRFAMILY:
      (*error)->code = GSOCK_ERROR_REMOTE;
      break;
    case EAI_SYSTEM:
    case EAI_MEMORY:
      (*error)->code = GSOCK_ERROR_FAILED;
      break;
    default:
      break;
    }
}

/* In the context's thread. */
static gboolean
answer_cb (gpointer data)
{
  GsockSystemLookup *self = data;
  g_autoptr (GError) error = NULL;

  if (self->func == NULL)
    {
      if (self->system != NULL)
        g_thread_pool_set_max_threads (
            self->system->pool,
            (int) (self->system->threads + --self->system->abandoned), NULL);
      return G_SOURCE_REMOVE;
    }
  system_tell_all (self);
  if (self->result != 0)
    set_error (self, &error);
  self->func (error == NULL ? g_steal_pointer (&self->names) : NULL, error,
              self->data);
  return G_SOURCE_REMOVE;
}

/* Not by g_main_context_invoke(), which may call in this thread. */
static void
thread_cb (gpointer data, gpointer pool_data G_GNUC_UNUSED)
{
  GsockSystemLookup *self = data;
  g_autoptr (GSource) source = g_idle_source_new ();

  if (self->told != NULL)
    system_tell_sources (self);
  if (self->address.size > 0)
    ask_address (self);
  else
    ask_name (self);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, answer_cb, self, lookup_free);
  g_source_attach (source, self->context);
}

/**
 * gsock_system_new:
 * @threads: how many names may be looked up at once
 * @context: whose thread calls the functions here, and gets the answers
 *
 * Returns: (transfer full): threads are started when they are needed
 */
GsockSystem *
gsock_system_new (guint threads, GMainContext *context)
{
  GsockSystem *self = g_new0 (GsockSystem, 1);

  self->threads = threads;
  self->context = g_main_context_ref (context);
  self->pool = g_thread_pool_new (thread_cb, NULL, (int) threads, FALSE, NULL);
  return self;
}

/**
 * gsock_system_free:
 * @system: (transfer full): nobody waits for an answer any more
 */
void
gsock_system_free (GsockSystem *system)
{
  g_thread_pool_free (system->pool, TRUE, FALSE);
  g_main_context_unref (system->context);
  g_free (system);
}

/**
 * gsock_system_start:
 * @system: whose threads
 * @host: a name as DNS has it, or an address, with a scope or without
 * @family: %AF_UNSPEC, %AF_INET or %AF_INET6; of a name
 * @func: told the answer, once
 * @data: for @func
 *
 * Returns: (transfer none): it frees itself after @func
 */
GsockSystemLookup *
gsock_system_start (GsockSystem *system, const char *host, int family,
                    GsockSystemFunc func, gpointer data)
{
  GsockSystemLookup *self = g_new0 (GsockSystemLookup, 1);

  self->system = system;
  self->func = func;
  self->data = data;
  self->context = g_main_context_ref (system->context);
  self->host = g_strdup (host);
  self->family = family;
  self->names = gsock_names_new ();
  gsock_address_init_from_host (&self->address, host);
  if (gsock_explaining ())
    self->told = system_told_new ();
  g_thread_pool_push (system->pool, self, NULL);
  return self;
}

/**
 * gsock_system_cancel:
 * @lookup: (transfer full): one whose answer has not come
 */
void
gsock_system_cancel (GsockSystemLookup *lookup)
{
  GsockSystem *system = lookup->system;

  lookup->func = NULL;
  if (system->abandoned >= ABANDONED_MAX)
    {
      lookup->system = NULL;
      return;
    }
  system->abandoned++;
  g_thread_pool_set_max_threads (
      system->pool, (int) (system->threads + system->abandoned), NULL);
}

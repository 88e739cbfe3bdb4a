/* resolve-dns.c: names asked of DNS, as the options want it
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tools/resolve-dns-private.h"

#include <stdio.h>
#include <string.h>

#include "dns/words.h"
#include "tools/resolve-options.h"

#define FLAGS (GSOCK_DNS_RECURSE | GSOCK_DNS_EDNS)
/* Hosts of a service that are looked up. */
#define HOSTS_MAX 16

struct _GsockResolveAsk
{
  GsockResolveDns *dns;
  GsockDnsLookupFunc func;
  gpointer data;
  GsockDnsLookup *lookup; /* the one under way */
  GPtrArray *answers;
  char *host;
  guint next;           /* of a service's hosts; of a trace's types */
  GError *problem;      /* with the first such host that has one, or NULL */
  GsockDnsTrace *trace; /* the one under way */
  guint16 types[GSOCK_DNS_TYPES_MAX]; /* of a trace */
  guint type_count;
  GPtrArray *parts;     /* of the answers, to be checked; NULL: not as yet */
  GsockDnsCheck *check; /* of the part before @checked */
  guint checked;
};

static guint
get_flags (const GsockResolveDns *self)
{
  return self->checker != NULL ? GSOCK_DNS_CHECK_FLAGS : FLAGS;
}

/* "_http._tcp.example.org", whatever the protocol and in upper or lower case. */
static gboolean
is_service (const char *host)
{
  const char *protocol = host[0] == '_' ? strchr (host, '.') : NULL;

  return protocol != NULL && protocol[1] == '_'
         && strchr (protocol + 1, '.') != NULL;
}

/* What is asked for where the options don't say. */
static guint
default_types (const char *host, gboolean reverse, guint16 *types)
{
  int family = gsock_resolve_options_family ();
  guint count = 0;

  if (reverse)
    types[count++] = GSOCK_DNS_PTR;
  else if (is_service (host))
    types[count++] = GSOCK_DNS_SRV;
  else
    {
      if (family != AF_INET6)
        types[count++] = GSOCK_DNS_A;
      if (family != AF_INET)
        types[count++] = GSOCK_DNS_AAAA;
    }
  return count;
}

/* --- Services -------------------------------------------------------------- */

static void
ask_free (GsockResolveAsk *ask)
{
  g_clear_pointer (&ask->parts, g_ptr_array_unref);
  g_clear_pointer (&ask->answers, g_ptr_array_unref);
  g_clear_error (&ask->problem);
  g_free (ask->host);
  g_free (ask);
}

typedef struct
{
  guint priority, weight;
} Srv;

/* "10 60 5060 host." */
static Srv
read_srv (const GsockDnsRecord *record)
{
  Srv srv = { G_MAXUINT, 0 };

  if (record->type == GSOCK_DNS_SRV)
    sscanf (record->data, "%u %u", &srv.priority, &srv.weight);
  return srv;
}

/* The lowest priority first, and of one priority the greatest weight: who is
 * to have most of the work.  A client draws lots by weight (RFC 2782). */
static int
compare_records (gconstpointer a, gconstpointer b)
{
  Srv one = read_srv (*(const GsockDnsRecord *const *) a);
  Srv two = read_srv (*(const GsockDnsRecord *const *) b);

  if (one.priority != two.priority)
    return one.priority < two.priority ? -1 : 1;
  return one.weight == two.weight ? 0 : one.weight > two.weight ? -1 : 1;
}

static void
finish (GsockResolveAsk *ask, const GError *error)
{
  GsockDnsLookupFunc func = ask->func;
  gpointer data = ask->data;
  GPtrArray *answers = g_steal_pointer (&ask->answers);
  g_autofree char *host = g_steal_pointer (&ask->host);

  ask_free (ask);
  func (answers, host, error, data);
}

static void next_host (GsockResolveAsk *ask);
static void check_next (GsockResolveAsk *ask);
static GPtrArray *list_parts (const GPtrArray *answers);

/* A host that is not there leaves the others as they are; of one about which
 * nobody knows that is told. */
static void
host_cb (GPtrArray *answers, const char *host, const GError *error,
         gpointer data)
{
  GsockResolveAsk *ask = data;
  const GsockDnsAnswer *answer = answers != NULL
                                     ? gsock_dns_answers_get_main (answers)
                                     : NULL;

  ask->lookup = NULL;
  if (ask->problem == NULL && error != NULL)
    ask->problem = g_error_copy (error);
  else if (ask->problem == NULL && gsock_dns_answer_has_failed (answer))
    gsock_dns_answer_set_error (answer, host, &ask->problem);
  if (answers != NULL)
    g_ptr_array_extend_and_steal (ask->answers, answers);
  next_host (ask);
}

static gboolean
start_host (GsockResolveAsk *ask, const char *host)
{
  GPtrArray *candidates = g_ptr_array_new_with_free_func (g_free);
  guint16 types[2];
  guint count = default_types ("", FALSE, types);

  g_ptr_array_add (candidates, g_strdup (host));
  ask->lookup = gsock_dns_lookup_start (ask->dns->dns, candidates, types, count,
                                        get_flags (ask->dns), host_cb, ask,
                                        NULL);
  return ask->lookup != NULL;
}

/* What came with the service has been checked; what came since has not. */
static void
check_hosts (GsockResolveAsk *ask)
{
  g_autoptr (GError) error = NULL;

  if (ask->parts != NULL)
    {
      g_ptr_array_unref (ask->parts);
      ask->parts = list_parts (ask->answers);
    }
  if (ask->parts != NULL && ask->checked < ask->parts->len)
    {
      check_next (ask);
      return;
    }
  error = g_steal_pointer (&ask->problem);
  finish (ask, error);
}

static void
next_host (GsockResolveAsk *ask)
{
  const GsockDnsAnswer *answer = g_ptr_array_index (ask->answers, 0);

  while (answer->type == GSOCK_DNS_SRV
         && gsock_resolve_options_get ()->type_count == 0
         && ask->next < answer->records->len && ask->next < HOSTS_MAX)
    {
      const GsockDnsRecord *record = g_ptr_array_index (answer->records,
                                                        ask->next++);
      const char *host = strrchr (record->data, ' ');

      if (record->type == GSOCK_DNS_SRV && !record->stray && host != NULL
          && strcmp (host, " .") != 0 && start_host (ask, host + 1))
        return;
    }
  check_hosts (ask);
}

static void
checked_cb (const GsockDnsSecurity *security, const GError *error,
            gpointer data)
{
  GsockResolveAsk *ask = data;

  ask->check = NULL;
  if (error != NULL)
    {
      finish (ask, error);
      return;
    }
  gsock_dns_answer_set_security (
      g_ptr_array_index (ask->parts, ask->checked - 1), security);
  check_next (ask);
}

/* All that was answered, what has led to it first; borrowed. */
static GPtrArray *
list_parts (const GPtrArray *answers)
{
  GPtrArray *parts = g_ptr_array_new ();

  for (guint i = 0; i < answers->len; i++)
    {
      GsockDnsAnswer *answer = g_ptr_array_index (answers, i);

      if (answer->earlier != NULL)
        g_ptr_array_extend (parts, answer->earlier, NULL, NULL);
      g_ptr_array_add (parts, answer);
    }
  return parts;
}

/* One answer after the other; what is bogus is the error of all of them.  An
 * answer that says nothing, by a server that failed, is worth nothing. */
static void
check_next (GsockResolveAsk *ask)
{
  g_autoptr (GError) error = NULL;

  if (ask->parts == NULL)
    ask->parts = list_parts (ask->answers);
  while (ask->checked < ask->parts->len)
    {
      const GsockDnsAnswer *answer = g_ptr_array_index (ask->parts,
                                                        ask->checked++);

      if (answer->message == NULL || gsock_dns_answer_has_failed (answer))
        continue;
      ask->check = gsock_dns_check_start (ask->dns->checker, answer, checked_cb,
                                          ask);
      return;
    }
  gsock_answers_set_bogus_error (ask->answers, ask->host, &error);
  if (error != NULL || ask->dns->tracer != NULL)
    finish (ask, error);
  else
    next_host (ask);
}

static void
answered_cb (GPtrArray *answers, const char *host, const GError *error,
             gpointer data)
{
  GsockResolveAsk *ask = data;
  GsockDnsAnswer *first;

  ask->lookup = NULL;
  ask->answers = answers;
  ask->host = g_strdup (host);
  if (error != NULL)
    {
      finish (ask, error);
      return;
    }
  first = g_ptr_array_index (answers, 0);
  if (first->type == GSOCK_DNS_SRV)
    g_ptr_array_sort (first->records, compare_records);
  if (ask->dns->checker != NULL)
    check_next (ask);
  else
    next_host (ask);
}

/* --- From the root -------------------------------------------------------- */

static gboolean next_type (GsockResolveAsk *ask, GError **error);

/* One type after the other; what stops one of them stops all. */
static void
traced_cb (GPtrArray *answers, const char *host G_GNUC_UNUSED,
           const GError *error, gpointer data)
{
  GsockResolveAsk *ask = data;

  ask->trace = NULL;
  g_ptr_array_extend_and_steal (ask->answers, answers);
  if (error == NULL && ask->next < ask->type_count && next_type (ask, NULL))
    return;
  if (error == NULL && ask->dns->checker != NULL)
    check_next (ask);
  else
    finish (ask, error);
}

static gboolean
next_type (GsockResolveAsk *ask, GError **error)
{
  ask->trace = gsock_dns_trace_start (ask->dns->tracer, ask->host,
                                      ask->types[ask->next++], traced_cb, ask,
                                      error);
  return ask->trace != NULL;
}

/* Where both families of addresses would be asked for it is the first: the way
 * to the other is the same. */
static GsockResolveAsk *
start_trace (GsockResolveDns *self, const char *host, const guint16 *types,
             guint count, GsockDnsLookupFunc func, gpointer data,
             GError **error)
{
  GsockResolveAsk *ask = g_new0 (GsockResolveAsk, 1);

  ask->dns = self;
  ask->func = func;
  ask->data = data;
  ask->host = g_strdup (host);
  ask->answers = g_ptr_array_new_with_free_func (
      (GDestroyNotify) gsock_dns_answer_free);
  memcpy (ask->types, types, count * sizeof *types);
  ask->type_count = gsock_resolve_options_get ()->type_count > 0 ? count : 1;
  if (next_type (ask, error))
    return ask;
  ask_free (ask);
  return NULL;
}

/* --- Asking --------------------------------------------------------------- */

static GsockResolveAsk *
start (GsockResolveDns *self, GPtrArray *candidates, const guint16 *types,
       guint count, GsockDnsLookupFunc func, gpointer data, GError **error)
{
  GsockResolveAsk *ask = g_new0 (GsockResolveAsk, 1);

  ask->dns = self;
  ask->func = func;
  ask->data = data;
  ask->lookup = gsock_dns_lookup_start (self->dns, candidates, types, count,
                                        get_flags (self), answered_cb, ask,
                                        error);
  if (ask->lookup != NULL)
    return ask;
  ask_free (ask);
  return NULL;
}

/**
 * gsock_resolve_dns_start:
 * @self: ready to ask
 * @host: a name as DNS has it, or an address
 * @func: told the answers, once
 * @data: for @func
 * @error: %GSOCK_ERROR_NAME
 *
 * Returns: (transfer none) (nullable): it frees itself before @func is called
 */
GsockResolveAsk *
gsock_resolve_dns_start (GsockResolveDns *self, const char *host,
                         GsockDnsLookupFunc func, gpointer data, GError **error)
{
  const GsockResolveOptions *options = gsock_resolve_options_get ();
  g_autofree char *reverse = gsock_dns_reverse_name (host);
  guint16 types[GSOCK_DNS_TYPES_MAX];
  guint count = options->type_count;

  memcpy (types, options->types, sizeof types);
  if (count == 0)
    count = default_types (host, reverse != NULL, types);
  if (self->tracer != NULL)
    return start_trace (self, reverse != NULL ? reverse : host, types, count,
                        func, data, error);
  return start (self,
                gsock_resolv_conf_candidates (&self->conf,
                                              reverse != NULL ? reverse : host),
                types, count, func, data, error);
}

/**
 * gsock_resolve_dns_take:
 * @ask: one whose answers have not come
 *
 * Returns: (transfer full) (nullable): see the header
 */
GPtrArray *
gsock_resolve_dns_take (GsockResolveAsk *ask)
{
  GPtrArray *answers = NULL;

  if (ask->trace != NULL)
    g_ptr_array_add (ask->answers, gsock_dns_trace_take (ask->trace));
  else if (ask->dns->checker != NULL)
    return NULL;
  else if (ask->lookup != NULL)
    answers = gsock_dns_lookup_take (ask->lookup);
  if (ask->answers == NULL)
    return answers;
  /* Of a service, what there is of a host goes with it. */
  if (answers != NULL)
    g_ptr_array_extend_and_steal (ask->answers, answers);
  return g_steal_pointer (&ask->answers);
}

/* Nobody's zone has names of these. */
static gboolean
is_local (const GsockAddress *address)
{
  if (address->any.sa_family == AF_INET6)
    return IN6_IS_ADDR_LOOPBACK (&address->inet6.sin6_addr)
           || IN6_IS_ADDR_LINKLOCAL (&address->inet6.sin6_addr);
  return (g_ntohl (address->inet.sin_addr.s_addr) >> 24) == 127;
}

/**
 * gsock_resolve_dns_start_more:
 * @self: ready to ask
 * @result: what the system said of a name
 * @func: told the answers, once
 * @data: for @func
 *
 * Returns: (transfer none) (nullable): as gsock_resolve_dns_start()
 */
GsockResolveAsk *
gsock_resolve_dns_start_more (GsockResolveDns *self, const GsockResult *result,
                              GsockDnsLookupFunc func, gpointer data)
{
  static const guint16 ptr = GSOCK_DNS_PTR;
  g_autofree char *reverse = gsock_dns_reverse_name (result->host);
  guint16 types[2];

  default_types ("", FALSE, types);
  if (reverse == NULL && result->names == NULL)
    return start (self,
                  gsock_resolv_conf_candidates (&self->conf, result->host),
                  types, 1, func, data, NULL);
  if (reverse == NULL || result->names == NULL || !result->names->reverse
      || is_local (&g_array_index (result->names->addresses, GsockAddress, 0)))
    return NULL;
  return start (self, gsock_resolv_conf_candidates (&self->conf, reverse), &ptr,
                1, func, data, NULL);
}

static gboolean
knows_name (const GsockDnsAnswer *answer, const char *name)
{
  gsize size = strlen (name);

  for (guint i = 0; i < answer->records->len; i++)
    {
      const GsockDnsRecord *record = g_ptr_array_index (answer->records, i);

      if (g_ascii_strncasecmp (record->data, name, size) == 0
          && strcmp (record->data + size, ".") == 0)
        return TRUE;
    }
  return FALSE;
}

/* Where the system has its name from DNS, DNS's other ones are names too. */
static void
add_names (GsockNames *names, const GsockDnsAnswer *answer)
{
  if (!knows_name (answer, names->canonical))
    return;
  for (guint i = 0; i < answer->records->len; i++)
    {
      const GsockDnsRecord *record = g_ptr_array_index (answer->records, i);
      g_autofree char *name = g_strdup (record->data);
      gsize size = strlen (name);

      if (record->type != GSOCK_DNS_PTR || size < 2)
        continue;
      name[size - 1] = '\0';
      gsock_names_add_alias (names, name);
    }
}

/**
 * gsock_resolve_dns_take_more:
 * @result: what the system said of a name
 * @answers: (nullable): what DNS said, if it did
 */
void
gsock_resolve_dns_take_more (GsockResult *result, GPtrArray *answers)
{
  const GsockDnsAnswer *answer = answers != NULL
                                     ? g_ptr_array_index (answers, 0)
                                     : NULL;

  if (answer == NULL)
    return;
  if (result->names != NULL)
    {
      add_names (result->names, answer);
      return;
    }
  if (answer->verdict != GSOCK_DNS_LOOP && answer->verdict != GSOCK_DNS_DANGLING
      && answer->verdict != GSOCK_DNS_FAILED)
    return;
  g_clear_error (&result->error);
  gsock_dns_answer_set_error (answer, result->host, &result->error);
}

/**
 * gsock_resolve_dns_cancel:
 * @ask: (transfer full): one whose answers have not come
 */
void
gsock_resolve_dns_cancel (GsockResolveAsk *ask)
{
  g_clear_pointer (&ask->lookup, gsock_dns_lookup_cancel);
  g_clear_pointer (&ask->trace, gsock_dns_trace_cancel);
  g_clear_pointer (&ask->check, gsock_dns_check_cancel);
  ask_free (ask);
}

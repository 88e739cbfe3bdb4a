/* lookup.c: a name looked up in DNS: types, search list, what went wrong
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "dns/lookup.h"

#include <string.h>

#include "core/error.h"
#include "dns/words.h"

/* Aliases that are asked for one by one, where a server gave up. */
#define STEPS_MAX 16

/* One of the types being asked for. */
typedef struct
{
  GsockDnsLookup *lookup;
  GsockDnsQuestion question;
  GsockDnsQuery *query; /* NULL: answered */
  GsockDnsAnswer *answer;
} Part;

struct _GsockDnsLookup
{
  GsockDns *dns;
  GPtrArray *candidates;
  guint candidate; /* the one being tried */
  guint flags;
  GsockDnsLookupFunc func;
  gpointer data;
  guint waiting;
  Part step;         /* of a circle that is sought */
  GPtrArray *circle; /* names on it, or NULL */
  guint count;
  Part parts[]; /* @count */
};

static gboolean ask (GsockDnsLookup *self, GError **error);
static void conclude (GsockDnsLookup *self);

static const char *
host_of (const GsockDnsLookup *self)
{
  return g_ptr_array_index (self->candidates, self->candidate);
}

static void
part_clear (Part *part)
{
  g_clear_pointer (&part->query, gsock_dns_cancel);
  g_clear_pointer (&part->answer, gsock_dns_answer_free);
}

static void
lookup_free (GsockDnsLookup *self)
{
  for (guint i = 0; i < self->count; i++)
    part_clear (&self->parts[i]);
  part_clear (&self->step);
  g_clear_pointer (&self->circle, g_ptr_array_unref);
  g_ptr_array_unref (self->candidates);
  g_free (self);
}

static void
fail (GsockDnsLookup *self, const GError *error)
{
  GsockDnsLookupFunc func = self->func;
  gpointer data = self->data;
  g_autofree char *host = g_strdup (host_of (self));

  lookup_free (self);
  func (NULL, host, error, data);
}

static GPtrArray *
take_answers (GsockDnsLookup *self)
{
  GPtrArray *answers = g_ptr_array_new_with_free_func (
      (GDestroyNotify) gsock_dns_answer_free);

  for (guint i = 0; i < self->count; i++)
    {
      Part *part = &self->parts[i];

      if (part->answer == NULL)
        part->answer = gsock_dns_answer_new_empty (part->question.type);
      g_ptr_array_add (answers, g_steal_pointer (&part->answer));
    }
  return answers;
}

static void
succeed (GsockDnsLookup *self)
{
  GPtrArray *answers = take_answers (self);
  GsockDnsLookupFunc func = self->func;
  gpointer data = self->data;
  g_autofree char *host = g_strdup (host_of (self));

  lookup_free (self);
  func (answers, host, NULL, data);
}

/* --- A circle of aliases ------------------------------------------------- */

/* Many servers that ask others say SERVFAIL to a circle, and no more: so each
 * alias is asked for by itself. */

static void step_cb (const GsockDnsReply *reply, const GError *error,
                     gpointer data);

static gboolean
ask_step (GsockDnsLookup *self, const char *name)
{
  if (self->circle->len >= STEPS_MAX
      || !gsock_dns_question_init (&self->step.question, name, GSOCK_DNS_CNAME,
                                   NULL))
    return FALSE;
  g_ptr_array_add (self->circle, g_strdup (name));
  self->step.query = gsock_dns_ask (self->dns, &self->step.question,
                                    self->flags, step_cb, self);
  return TRUE;
}

static gboolean
was_there (const GPtrArray *names, const char *name)
{
  for (guint i = 0; i < names->len; i++)
    if (g_ascii_strcasecmp (g_ptr_array_index (names, i), name) == 0)
      return TRUE;
  return FALSE;
}

/* @target: where the circle closes, for all types that had no answer. */
static void
set_circle (GsockDnsLookup *self, const char *target)
{
  for (guint i = 0; i < self->count; i++)
    {
      GsockDnsAnswer *answer = self->parts[i].answer;

      if (answer->verdict != GSOCK_DNS_FAILED)
        continue;
      answer->verdict = GSOCK_DNS_LOOP;
      g_free (answer->target);
      answer->target = g_strdup (target);
    }
}

/* FALSE: the next name is being asked about. */
static gboolean
take_step (GsockDnsLookup *self, const GsockDnsReply *reply)
{
  g_autoptr (GsockDnsAnswer)
      answer = reply != NULL
                   ? gsock_dns_answer_new (reply, &self->step.question, NULL)
                   : NULL;
  const GsockDnsRecord *record;

  if (answer == NULL || answer->verdict != GSOCK_DNS_FOUND)
    return TRUE;
  record = g_ptr_array_index (answer->records, 0);
  if (record->type != GSOCK_DNS_CNAME || record->stray)
    return TRUE;
  if (!was_there (self->circle, record->data))
    return !ask_step (self, record->data);
  set_circle (self, record->data);
  return TRUE;
}

static void
step_cb (const GsockDnsReply *reply, const GError *error G_GNUC_UNUSED,
         gpointer data)
{
  GsockDnsLookup *self = data;

  self->step.query = NULL;
  if (take_step (self, reply))
    succeed (self);
}

/* TRUE if a circle is being sought now. */
static gboolean
seek_circle (GsockDnsLookup *self)
{
  const GsockDnsAnswer *answer = self->parts[0].answer;
  g_autofree char *name = NULL;

  if (answer->verdict != GSOCK_DNS_FAILED || answer->rcode != 2
      || (self->flags & GSOCK_DNS_RECURSE) == 0)
    return FALSE;
  name = g_str_has_suffix (host_of (self), ".")
             ? g_strdup (host_of (self))
             : g_strconcat (host_of (self), ".", NULL);
  self->circle = g_ptr_array_new_with_free_func (g_free);
  return ask_step (self, name);
}

/* --- All types ----------------------------------------------------------- */

static void
answer_cb (const GsockDnsReply *reply, const GError *error, gpointer data)
{
  Part *part = data;
  GsockDnsLookup *self = part->lookup;
  g_autoptr (GError) problem = NULL;

  part->query = NULL;
  if (error == NULL)
    part->answer = gsock_dns_answer_new (reply, &part->question, &problem);
  if (part->answer == NULL)
    {
      part->answer = gsock_dns_answer_new_empty (part->question.type);
      part->answer->error = g_error_copy (error != NULL ? error : problem);
    }
  else if ((self->flags & GSOCK_DNS_SECURE) != 0)
    part->answer->message = g_bytes_new (reply->data, reply->size);
  if (--self->waiting == 0)
    conclude (self);
}

/* No type has an answer: the first one's error. */
static const GError *
find_error (const GsockDnsLookup *self)
{
  for (guint i = 0; i < self->count; i++)
    if (self->parts[i].answer->error == NULL)
      return NULL;
  return self->parts[0].answer->error;
}

static gboolean
is_missing (const GsockDnsLookup *self)
{
  for (guint i = 0; i < self->count; i++)
    if (self->parts[i].answer->verdict != GSOCK_DNS_NO_NAME)
      return FALSE;
  return TRUE;
}

static void
conclude (GsockDnsLookup *self)
{
  g_autoptr (GError) error = NULL;

  if (find_error (self) != NULL)
    {
      error = g_error_copy (find_error (self));
      fail (self, error);
      return;
    }
  if (is_missing (self) && self->candidate + 1 < self->candidates->len)
    {
      self->candidate++;
      if (!ask (self, &error))
        fail (self, error);
      return;
    }
  /* What is told of a name that isn't there is what the user wrote. */
  if (is_missing (self))
    self->candidate = 0;
  if (!seek_circle (self))
    succeed (self);
}

static gboolean
ask (GsockDnsLookup *self, GError **error)
{
  for (guint i = 0; i < self->count; i++)
    {
      Part *part = &self->parts[i];

      part_clear (part);
      if (!gsock_dns_question_init (&part->question, host_of (self),
                                    part->question.type, error))
        return FALSE;
    }
  self->waiting = self->count;
  for (guint i = 0; i < self->count; i++)
    self->parts[i].query = gsock_dns_ask (self->dns, &self->parts[i].question,
                                          self->flags, answer_cb,
                                          &self->parts[i]);
  return TRUE;
}

/**
 * gsock_dns_lookup_start:
 * @dns: the client
 * @candidates: (transfer full) (element-type utf8): names, tried in turn
 * @types: (array length=count): record types
 * @count: how many, at least one
 * @flags: #GsockDnsFlags
 * @func: told the answers, once
 * @data: for @func
 * @error: %GSOCK_ERROR_NAME
 *
 * Returns: (transfer none) (nullable): it frees itself before @func is called
 */
GsockDnsLookup *
gsock_dns_lookup_start (GsockDns *dns, GPtrArray *candidates,
                        const guint16 *types, guint count, guint flags,
                        GsockDnsLookupFunc func, gpointer data, GError **error)
{
  GsockDnsLookup *self = g_malloc0 (sizeof *self + count * sizeof (Part));

  self->dns = dns;
  self->candidates = candidates;
  self->flags = flags;
  self->func = func;
  self->data = data;
  self->count = count;
  for (guint i = 0; i < count; i++)
    {
      self->parts[i].lookup = self;
      self->parts[i].question.type = types[i];
    }
  if (ask (self, error))
    return self;
  lookup_free (self);
  return NULL;
}

/**
 * gsock_dns_lookup_take:
 * @lookup: one whose answers have not come, to be cancelled then
 *
 * Returns: (transfer full) (nullable) (element-type GsockDnsAnswer): see the
 *   header
 */
GPtrArray *
gsock_dns_lookup_take (GsockDnsLookup *lookup)
{
  gboolean any = FALSE;

  for (guint i = 0; i < lookup->count; i++)
    any |= lookup->parts[i].answer != NULL
           && lookup->parts[i].answer->error == NULL;
  return any ? take_answers (lookup) : NULL;
}

/**
 * gsock_dns_lookup_cancel:
 * @lookup: (transfer full): one whose answers have not come
 */
void
gsock_dns_lookup_cancel (GsockDnsLookup *lookup)
{
  lookup_free (lookup);
}

/**
 * gsock_dns_reverse_name:
 * @host: "192.0.2.1", "2001:db8::1", with a scope or without
 *
 * Returns: (transfer full) (nullable): where DNS has its names; %NULL where
 *   @host is no number
 */
char *
gsock_dns_reverse_name (const char *host)
{
  gsize size = strlen (host);
  GsockAddress address;
  GString *name;

  /* Most are names; a number has colons, or ends in a digit. */
  if (size == 0
      || (!g_ascii_isdigit (host[size - 1]) && strchr (host, ':') == NULL)
      || !gsock_address_init_from_host (&address, host))
    return NULL;
  if (address.any.sa_family == AF_INET)
    {
      const guint8 *b = (const guint8 *) &address.inet.sin_addr;

      return g_strdup_printf ("%u.%u.%u.%u.in-addr.arpa.", b[3], b[2], b[1],
                              b[0]);
    }
  name = g_string_new (NULL);
  for (int i = 15; i >= 0; i--)
    {
      guint8 byte = address.inet6.sin6_addr.s6_addr[i];

      g_string_append_printf (name, "%x.%x.", byte & 15, byte >> 4);
    }
  g_string_append (name, "ip6.arpa.");
  return g_string_free (name, FALSE);
}

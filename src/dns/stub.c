/* stub.c: name servers asked for the records that somebody wants, and no more
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "dns/stub.h"

#include <errno.h>
#include <sys/socket.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "dns/words.h"

#define TIMEOUT (5 * G_TIME_SPAN_SECOND)
#define ATTEMPTS 2
#define WINDOW 16

struct _GsockDnsStub
{
  GsockWorker *worker;
  GsockDns *dns;
  GQueue inquiries; /* (element-type GsockDnsInquiry) being asked */
};

struct _GsockDnsInquiry
{
  GsockDnsStub *stub;
  GList link;             /* of the stub's */
  GsockDnsLookup *lookup; /* NULL: it could not begin */
  GSource *failure;       /* which is told in the next round; or NULL */
  GError *error;          /* why it could not */
  GsockDnsStubFunc func;
  gpointer data;
  guint count;
  guint16 types[GSOCK_DNS_TYPES_MAX]; /* @count */
};

/**
 * gsock_dns_stub_new:
 * @servers: (element-type GsockDnsServer): who is asked, in this order
 * @https: (nullable): how https:// servers are
 * @context: where the answers come, run by this thread
 * @error: %GSOCK_ERROR_FAILED: no descriptors are left
 *
 * Returns: (transfer full) (nullable): it has asked nobody as yet
 */
GsockDnsStub *
gsock_dns_stub_new (GPtrArray *servers, const GsockDnsHttps *https,
                    GMainContext *context, GError **error)
{
  const GsockDnsConfig config = { .servers = servers,
                                  .timeout = TIMEOUT,
                                  .attempts = ATTEMPTS,
                                  .window = WINDOW,
                                  .https = https };
  GsockWorker *worker = gsock_worker_new (context, error);
  GsockDnsStub *self;

  if (worker == NULL)
    return NULL;
  self = g_new0 (GsockDnsStub, 1);
  self->worker = worker;
  self->dns = gsock_dns_new (&config, worker);
  return self;
}

static void
inquiry_free (GsockDnsInquiry *self)
{
  g_queue_unlink (&self->stub->inquiries, &self->link);
  g_clear_pointer (&self->failure, g_source_unref);
  g_clear_error (&self->error);
  g_free (self);
}

static void
answer (GsockDnsInquiry *self, const GPtrArray *records, const GError *error)
{
  GsockDnsStubFunc func = self->func;
  gpointer data = self->data;

  inquiry_free (self);
  func (records, error, data);
}

static void
stop (GsockDnsInquiry *self)
{
  if (self->lookup != NULL)
    gsock_dns_lookup_cancel (self->lookup);
  else
    g_source_destroy (self->failure);
}

/**
 * gsock_dns_stub_free:
 * @stub: (transfer full): not one that is calling
 *
 * What was asked and has no answer is told an error, now.
 */
void
gsock_dns_stub_free (GsockDnsStub *stub)
{
  g_autoptr (GError) error = g_error_new_literal (
      GSOCK_ERROR, GSOCK_ERROR_FAILED, gsock_errno_text (ECANCELED));

  while (stub->inquiries.head != NULL)
    {
      GsockDnsInquiry *inquiry = stub->inquiries.head->data;

      stop (inquiry);
      answer (inquiry, NULL, error);
    }
  gsock_dns_free (stub->dns);
  gsock_worker_free (stub->worker);
  g_free (stub);
}

/* An answer has the aliases that lead to it too, and may have what nobody has
 * asked for. */
static gboolean
is_wanted (const GsockDnsInquiry *self, const GsockDnsRecord *record)
{
  if (record->stray)
    return FALSE;
  for (guint i = 0; i < self->count; i++)
    if (self->types[i] == record->type)
      return TRUE;
  return FALSE;
}

/* What is wanted of @answers. */
static GPtrArray *
choose (const GsockDnsInquiry *self, const GPtrArray *answers)
{
  GPtrArray *records = g_ptr_array_new ();

  for (guint i = 0; i < answers->len; i++)
    {
      const GsockDnsAnswer *one = g_ptr_array_index (answers, i);

      if (one->verdict != GSOCK_DNS_FOUND)
        continue;
      for (guint n = 0; n < one->records->len; n++)
        if (is_wanted (self, g_ptr_array_index (one->records, n)))
          g_ptr_array_add (records, g_ptr_array_index (one->records, n));
    }
  return records;
}

static void
answers_cb (GPtrArray *answers, const char *host, const GError *error,
            gpointer data)
{
  GsockDnsInquiry *self = data;
  g_autoptr (GPtrArray) owned = answers;
  g_autoptr (GPtrArray) records = NULL;
  g_autoptr (GError) problem = NULL;

  if (error != NULL)
    {
      answer (self, NULL, error);
      return;
    }
  records = choose (self, owned);
  if (records->len == 0)
    gsock_dns_answer_set_error (gsock_dns_answers_get_main (owned), host,
                                &problem);
  if (records->len == 0 && problem == NULL)
    problem = g_error_new_literal (GSOCK_ERROR, GSOCK_ERROR_FAILED,
                                   _ ("a message that can't be read"));
  answer (self, problem == NULL ? records : NULL, problem);
}

static gboolean
failure_cb (gpointer data)
{
  GsockDnsInquiry *self = data;
  g_autoptr (GError) error = g_steal_pointer (&self->error);

  answer (self, NULL, error);
  return G_SOURCE_REMOVE;
}

/**
 * gsock_dns_stub_ask:
 * @stub: whom it asks is asked
 * @name: a whole name, with its last dot or without
 * @types: (array length=count): of records
 * @count: 1 to %GSOCK_DNS_TYPES_MAX
 * @func: told the records, once
 * @data: for @func
 *
 * A server that is silent has five seconds, twice.
 *
 * Returns: (transfer none): it frees itself before @func is called
 */
GsockDnsInquiry *
gsock_dns_stub_ask (GsockDnsStub *stub, const char *name, const guint16 *types,
                    guint count, GsockDnsStubFunc func, gpointer data)
{
  GsockDnsInquiry *self = g_new0 (GsockDnsInquiry, 1);
  GPtrArray *candidates = g_ptr_array_new_with_free_func (g_free);

  self->stub = stub;
  self->link.data = self;
  g_queue_push_tail_link (&stub->inquiries, &self->link);
  self->func = func;
  self->data = data;
  self->count = count;
  for (guint i = 0; i < count; i++)
    self->types[i] = types[i];
  g_ptr_array_add (candidates, g_strdup (name));
  self->lookup = gsock_dns_lookup_start (stub->dns, candidates, types, count,
                                         GSOCK_DNS_RECURSE | GSOCK_DNS_EDNS,
                                         answers_cb, self, &self->error);
  if (self->lookup == NULL)
    {
      self->failure = g_idle_source_new ();
      g_source_set_priority (self->failure, G_PRIORITY_DEFAULT);
      g_source_set_callback (self->failure, failure_cb, self, NULL);
      g_source_attach (self->failure, stub->worker->context);
    }
  return self;
}

/**
 * gsock_dns_stub_ask_addresses:
 * @stub: whom it asks is asked
 * @host: a whole name
 * @family: %AF_UNSPEC, %AF_INET or %AF_INET6
 * @func: told records of types A and AAAA, those of AAAA first
 * @data: for @func
 *
 * Returns: (transfer none): as gsock_dns_stub_ask()
 */
GsockDnsInquiry *
gsock_dns_stub_ask_addresses (GsockDnsStub *stub, const char *host, int family,
                              GsockDnsStubFunc func, gpointer data)
{
  guint16 types[2];
  guint count = 0;

  if (family != AF_INET)
    types[count++] = GSOCK_DNS_AAAA;
  if (family != AF_INET6)
    types[count++] = GSOCK_DNS_A;
  return gsock_dns_stub_ask (stub, host, types, count, func, data);
}

/**
 * gsock_dns_stub_cancel:
 * @inquiry: (transfer full): one whose func has not been called
 */
void
gsock_dns_stub_cancel (GsockDnsInquiry *inquiry)
{
  stop (inquiry);
  inquiry_free (inquiry);
}

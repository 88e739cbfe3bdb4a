/* client.c: DNS questions on their way: servers, retries, and by which way
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A question goes to one server after the other, sooner than resolv.conf has
 * it but for no longer: a packet that was lost is sent again after half a
 * second, then after one, and so on up to the server's own time.  A server
 * that refuses, fails or can't be reached is not asked again. */

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/log.h"
#include "dns/client-private.h"
#include "dns/tell.h"

#define FIRST_INTERVAL (500 * G_TIME_SPAN_MILLISECOND)

enum
{
  RCODE_FORMERR = 1,
  RCODE_SERVFAIL = 2,
  RCODE_NOTIMP = 4,
  RCODE_REFUSED = 5,
};

static void send_query (GsockDnsQuery *query);

static gpointer
key_of (guint16 id)
{
  return GUINT_TO_POINTER ((guint) id);
}

/* --- The end of a question ----------------------------------------------- */

static void
leave_stream (GsockDnsQuery *query)
{
  if (query->stream != NULL)
    g_hash_table_remove (query->stream->queries, key_of (query->id));
  query->stream = NULL;
}

/* What is under way for it, by whatever way, is not waited for. */
static void
leave (GsockDnsQuery *query)
{
  dns_udp_forget (query);
  leave_stream (query);
  dns_https_forget (query);
}

static void
query_free (GsockDnsQuery *query)
{
  gsock_worker_disarm (query->dns->worker, &query->timer);
  leave (query);
  query->dns->active--;
  g_free (query);
}

/* @error is taken. */
static void
fail (GsockDnsQuery *query, GError *error)
{
  GsockDnsFunc func = query->func;
  gpointer data = query->data;

  query_free (query);
  func (NULL, error, data);
  g_error_free (error);
}

/* Whoever refused or could not be reached was not silent. */
static void
time_out (GsockDnsQuery *query)
{
  GsockDns *dns = query->dns;
  GString *list = g_string_new (NULL);
  GError *error;

  for (guint i = 0; i < dns->servers->len; i++)
    if ((query->bad & 1 << i) == 0)
      g_string_append_printf (list, "%s%s", list->len == 0 ? "" : ", ",
                              dns_server (dns, i)->text);
  error = g_error_new (GSOCK_ERROR, GSOCK_ERROR_TIMED_OUT,
                       /* TRANSLATORS: one or several name servers */
                       _ ("No answer came from %s"), list->str);
  g_string_free (list, TRUE);
  fail (query, error);
}

/* --- From server to server ----------------------------------------------- */

/* FALSE: none is left. */
static gboolean
next_server (GsockDnsQuery *query)
{
  guint count = query->dns->servers->len;

  for (guint i = 1; i <= count; i++)
    {
      guint server = (query->server + i) % count;

      if ((query->bad & 1 << server) != 0)
        continue;
      if (server <= query->server)
        query->round++;
      if (server != query->server)
        leave (query);
      query->server = server;
      return TRUE;
    }
  return FALSE;
}

static void
timer_cb (GsockTimer *timer)
{
  GsockDnsQuery *query = (GsockDnsQuery *) ((char *) timer
                                            - G_STRUCT_OFFSET (GsockDnsQuery,
                                                               timer));

  if (g_get_monotonic_time () >= query->due || !next_server (query))
    time_out (query);
  else
    send_query (query);
}

static void
arm (GsockDnsQuery *query)
{
  GsockDns *dns = query->dns;
  gint64 interval = dns->timeout;
  gint64 now = g_get_monotonic_time ();

  if (query->stream == NULL && query->https == NULL && query->round >= 1
      && query->round <= 8)
    interval = MIN (interval, FIRST_INTERVAL << (query->round - 1));
  gsock_worker_arm (dns->worker, &query->timer,
                    MIN (now + interval, MAX (query->due, now + 1)));
}

/**
 * dns_query_rejected: @error is taken
 */
void
dns_query_rejected (GsockDnsQuery *query, GError *error)
{
  query->bad |= (guint8) (1 << query->server);
  if (!next_server (query))
    {
      fail (query, error);
      return;
    }
  g_error_free (error);
  send_query (query);
}

/**
 * dns_query_find: checked to be its answer
 */
GsockDnsQuery *
dns_query_find (GHashTable *queries, const guint8 *data, gsize size,
                GsockDnsHeader *header)
{
  GsockDnsQuery *query;

  if (size < 2)
    return NULL;
  query = g_hash_table_lookup (queries,
                               key_of ((guint16) (data[0] << 8 | data[1])));
  return query != NULL
                 && gsock_dns_is_answer (data, size, query->id,
                                         &query->question, header)
             ? query
             : NULL;
}

/* --- Streams ------------------------------------------------------------- */

static void
stream_message_cb (const guint8 *data, gsize size, gpointer user_data)
{
  DnsStream *self = user_data;
  GsockDnsHeader header;
  GsockDnsQuery *query = dns_query_find (self->queries, data, size, &header);

  if (query == NULL)
    return;
  header.truncated = FALSE;
  if (gsock_explaining ())
    gsock_dns_tell_message (data, size, dns_server (self->dns, self->server));
  dns_query_answered (query, data, size, &header,
                      dns_server (self->dns, self->server)->via == GSOCK_DNS_TLS
                          ? GSOCK_DNS_TLS
                          : GSOCK_DNS_TCP);
}

/* A server may close when it likes, so what it owes is asked once more. */
static void
stream_ended_cb (const GError *error, gpointer user_data)
{
  DnsStream *self = user_data;
  g_autoptr (GList) ids = g_hash_table_get_keys (self->queries);

  g_clear_pointer (&self->stream, gsock_dns_stream_free);
  for (GList *item = ids; item != NULL; item = item->next)
    {
      GsockDnsQuery *query = g_hash_table_lookup (self->queries, item->data);

      /* Whoever was told of one may have given up others. */
      if (query == NULL)
        continue;
      leave_stream (query);
      if (error == NULL && !query->reopened)
        {
          query->reopened = TRUE;
          send_query (query);
          continue;
        }
      dns_query_rejected (
          query, error != NULL ? g_error_copy (error)
                               : g_error_new (
                                   GSOCK_ERROR, GSOCK_ERROR_CUT,
                                   _ ("%s closed the connection without an "
                                      "answer"),
                                   dns_server (self->dns, self->server)->text));
    }
}

static const GsockDnsStreamNotify stream_notify = { stream_message_cb,
                                                    stream_ended_cb };

static void
send_by_stream (GsockDnsQuery *query)
{
  GsockDns *dns = query->dns;
  DnsStream *self = &dns->streams[query->server];
  guint8 buffer[GSOCK_DNS_QUERY_MAX];
  gsize size;

  /* Still under way there. */
  if (query->stream == self)
    return;
  dns_udp_forget (query);
  leave_stream (query);
  if (self->stream == NULL)
    self->stream = gsock_dns_stream_new (dns_server (dns, query->server),
                                         dns->timeout, dns->worker,
                                         &stream_notify, self);
  do
    query->id = (guint16) g_random_int ();
  while (g_hash_table_contains (self->queries, key_of (query->id)));
  g_hash_table_insert (self->queries, key_of (query->id), query);
  query->stream = self;
  size = gsock_dns_write_query (buffer, query->id, &query->question,
                                query->flags);
  gsock_dns_stream_send (self->stream, buffer, size);
  if (gsock_explaining ())
    gsock_dns_tell_question (query->id, &query->question, query->flags, size,
                             dns_server (dns, query->server));
}

/* --- Sending and answers ------------------------------------------------- */

static gboolean
send_by_its_way (GsockDnsQuery *query, GError **error)
{
  GsockDnsVia via = dns_server (query->dns, query->server)->via;

  if (via == GSOCK_DNS_HTTPS)
    return dns_https_send (query, error);
  if (query->stream == NULL && via == GSOCK_DNS_UDP)
    return dns_udp_send (query, error);
  send_by_stream (query);
  return TRUE;
}

static void
send_query (GsockDnsQuery *query)
{
  GError *error = NULL;

  if (send_by_its_way (query, &error))
    arm (query);
  else
    dns_query_rejected (query, error);
}

/* Another server may know better. */
static gboolean
is_refusal (const GsockDnsHeader *header)
{
  return header->rcode == RCODE_SERVFAIL || header->rcode == RCODE_NOTIMP
         || header->rcode == RCODE_REFUSED;
}

/**
 * dns_query_answered: by the server that is being asked
 */
void
dns_query_answered (GsockDnsQuery *query, const guint8 *data, gsize size,
                    const GsockDnsHeader *header, GsockDnsVia via)
{
  GsockDnsReply reply = {
    .data = data, .size = size, .via = via, .age = query->age
  };
  GsockDnsFunc func = query->func;
  gpointer user_data = query->data;
  guint answered = query->server;

  if (header->rcode == RCODE_FORMERR && (query->flags & GSOCK_DNS_EDNS) != 0)
    {
      /* A server of the old days. */
      query->flags &= ~(guint) (GSOCK_DNS_EDNS | GSOCK_DNS_SECURE);
      leave_stream (query);
      send_query (query);
      return;
    }
  if (header->truncated)
    {
      send_by_stream (query);
      arm (query);
      return;
    }
  if (is_refusal (header))
    {
      query->bad |= (guint8) (1 << query->server);
      if (next_server (query))
        {
          send_query (query);
          return;
        }
    }
  reply.server = dns_server (query->dns, answered);
  reply.duration = g_get_monotonic_time () - query->since;
  query_free (query);
  func (&reply, NULL, user_data);
}

static gboolean
flush_cb (gpointer data)
{
  GsockDns *dns = data;

  dns_udp_flush (dns);
  return G_SOURCE_CONTINUE;
}

static gboolean
flush_dispatch (GSource *source G_GNUC_UNUSED, GSourceFunc func, gpointer data)
{
  return func (data);
}

/* It is never another thread that has something to send, so there is nobody to
 * be woken, which g_source_set_ready_time does each time. */
typedef struct
{
  GSource source;
  const GsockDns *dns;
} FlushSource;

static gboolean
flush_prepare (GSource *source, int *timeout)
{
  *timeout = -1;
  return ((FlushSource *) source)->dns->queued > 0;
}

static gboolean
flush_check (GSource *source)
{
  return ((FlushSource *) source)->dns->queued > 0;
}

static GSourceFuncs flush_funcs = { .prepare = flush_prepare,
                                    .check = flush_check,
                                    .dispatch = flush_dispatch };

/**
 * gsock_dns_new:
 * @config: servers and patience
 * @worker: whose thread it belongs to
 *
 * Returns: (transfer full): a client without sockets as yet
 */
GsockDns *
gsock_dns_new (const GsockDnsConfig *config, GsockWorker *worker)
{
  GsockDns *dns = g_new0 (GsockDns, 1);

  dns->worker = worker;
  dns->servers = g_ptr_array_ref (config->servers);
  dns->timeout = config->timeout;
  dns->attempts = config->attempts;
  dns->window = config->window;
  dns->https_class = config->https;
  for (guint s = 0; s < GSOCK_DNS_SERVERS_MAX; s++)
    {
      for (guint i = 0; i < DNS_SOCKETS; i++)
        dns->sockets[s][i] = (DnsSocket) { .dns = dns, .server = s, .fd = -1 };
      dns->streams[s] = (DnsStream) {
        .dns = dns, .server = s, .queries = g_hash_table_new (NULL, NULL)
      };
    }
  dns->flush = g_source_new (&flush_funcs, sizeof (FlushSource));
  ((FlushSource *) dns->flush)->dns = dns;
  g_source_set_callback (dns->flush, flush_cb, dns, NULL);
  g_source_attach (dns->flush, worker->context);
  return dns;
}

/**
 * gsock_dns_free:
 * @dns: (transfer full): a client without questions under way
 */
void
gsock_dns_free (GsockDns *dns)
{
  for (guint s = 0; s < GSOCK_DNS_SERVERS_MAX; s++)
    {
      for (guint i = 0; i < DNS_SOCKETS; i++)
        {
          dns_udp_close (&dns->sockets[s][i]);
          g_clear_pointer (&dns->sockets[s][i].queries, g_hash_table_unref);
          g_clear_pointer (&dns->sockets[s][i].out, g_ptr_array_unref);
        }
      g_clear_pointer (&dns->streams[s].stream, gsock_dns_stream_free);
      g_hash_table_unref (dns->streams[s].queries);
    }
  dns_https_close (dns);
  g_source_destroy (dns->flush);
  g_source_unref (dns->flush);
  g_ptr_array_unref (dns->servers);
  g_free (dns);
}

/* Most questions leave at the end of this very round. */
static gboolean
start_by_udp (GsockDnsQuery *query)
{
  if (dns_server (query->dns, 0)->via != GSOCK_DNS_UDP
      || !dns_udp_send (query, NULL))
    return FALSE;
  query->round = 1;
  arm (query);
  return TRUE;
}

/**
 * gsock_dns_ask:
 * @dns: a client
 * @question: copied
 * @flags: #GsockDnsFlags
 * @func: told the answer, once
 * @data: for @func
 *
 * Returns: (transfer none): it frees itself before @func is called
 */
GsockDnsQuery *
gsock_dns_ask (GsockDns *dns, const GsockDnsQuestion *question, guint flags,
               GsockDnsFunc func, gpointer data)
{
  GsockDnsQuery *query = g_new0 (GsockDnsQuery, 1);

  query->dns = dns;
  query->question = *question;
  query->flags = flags;
  query->func = func;
  query->data = data;
  query->since = g_get_monotonic_time ();
  query->due = query->since + dns->timeout * dns->attempts * dns->servers->len;
  query->timer.func = timer_cb;
  dns->active++;
  if (!start_by_udp (query))
    {
      /* What fails at once is told in the next round. */
      gsock_worker_arm (dns->worker, &query->timer, query->since);
      query->server = dns->servers->len - 1;
    }
  return query;
}

/**
 * gsock_dns_cancel:
 * @query: (transfer full): one whose answer has not come
 */
void
gsock_dns_cancel (GsockDnsQuery *query)
{
  query_free (query);
}

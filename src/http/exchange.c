/* exchange.c: one request and its answer, over connections that are kept
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* An exchange is on its way to a connection (it dials one, or one that is there
 * is free), then on it, then done.  A connection outlives its exchanges; when
 * it has none it waits in the pool for the next one to its origin.  A server
 * may end such a connection just as a request leaves for it: then, if no byte
 * of an answer has come and the request may be sent twice, it is sent again, on
 * a new connection. */

#include "config.h"

#include "http/exchange-private.h"

#include <errno.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/log.h"

/* Connections kept that carry nothing. */
#define IDLE_LIMIT 64
#define LINGER (2 * G_TIME_SPAN_SECOND)
/* A request that a server refuses to look at, or connections that end before it
 * answers. */
#define AGAINS_MAX 3

/* Belongs to the thread of its worker. */
struct _GsockHttp
{
  GsockHttpConfig config;
  GsockConnectionConfig connection;
  GsockWorker *worker;
  GPtrArray *links;   /* (element-type GsockLink), the oldest first */
  GPtrArray *dialing; /* (element-type GsockExchange): with a dial */
  GQueue
      waiting; /* (element-type GsockExchange): what may be shared is dialed */
  GHashTable *ones; /* origins that speak HTTP/1: nothing to wait for */
  guint64 count;    /* connections so far: their numbers in events */
};

/* Links */

static GsockLink *
link_of (GsockConnection *connection)
{
  return gsock_connection_get_state (connection);
}

static void
message_cb (GsockConnection *connection, const char *data, gsize size)
{
  GsockLink *link = link_of (connection);

  link->klass->bytes (link, data, size);
}

static gssize
take_cb (GsockConnection *connection, int fd, gsize size)
{
  GsockLink *link = link_of (connection);

  errno = EINVAL;
  return link->klass->take != NULL ? link->klass->take (link, fd, size) : -1;
}

static void
ended_cb (GsockConnection *connection)
{
  GsockLink *link = link_of (connection);

  link->klass->ended (link);
  gsock_link_close (link);
}

static void
closed_cb (GsockConnection *connection, const GError *error)
{
  GsockLink *link = link_of (connection);
  GsockHttp *http;

  if (link == NULL)
    return;
  http = link->http;
  link->closing = TRUE;
  link->klass->closed (link, error);
  g_ptr_array_remove (http->links, link);
  g_free (link->key);
  link->klass->free (link);
}

static void
relieved_cb (GsockConnection *connection)
{
  GsockLink *link = link_of (connection);

  if (link->klass->relieved != NULL)
    link->klass->relieved (link);
}

static const GsockHandler handler = {
  .name = "http",
  .frame = "raw",
  .message = message_cb,
  .take = take_cb,
  .relieved = relieved_cb,
  .ended = ended_cb,
  .closed = closed_cb,
};

/* Clean: whatever went wrong is the exchange's to tell. */
void
gsock_link_close (GsockLink *link)
{
  if (link->closing)
    return;
  link->closing = TRUE;
  gsock_connection_close (link->connection, NULL);
}

static GsockLink *
find_free (GsockHttp *http, const char *key)
{
  for (guint i = 0; i < http->links->len; i++)
    {
      GsockLink *link = http->links->pdata[i];

      if (!link->closing && link->klass->is_free (link)
          && g_str_equal (link->key, key))
        return link;
    }
  return NULL;
}

/* The oldest of those that carry nothing go when there are too many. */
static void
trim (GsockHttp *http)
{
  if (http->links->len <= IDLE_LIMIT)
    return;
  for (guint i = 0; i < http->links->len; i++)
    {
      GsockLink *link = http->links->pdata[i];

      if (!link->closing && link->klass->is_idle (link))
        {
          gsock_link_close (link);
          return;
        }
    }
}

/* As the two ends have agreed in the handshake. */
static GsockLink *
choose_link (GsockHttp *http, const GsockCarrier *carrier, GError **error)
{
  g_autofree char *protocol = gsock_tls_carrier_dup_alpn (carrier);

  if (g_strcmp0 (protocol, "h2") == 0)
    return gsock_link2_new (error);
  if (http->config.version != GSOCK_HTTP_2)
    return gsock_link1_new ();
  g_set_error_literal (error, GSOCK_ERROR, GSOCK_ERROR_TLS,
                       _ ("the server does not speak HTTP/2 (--http2)"));
  return NULL;
}

static GsockLink *
new_link (GsockHttp *http, const char *key, GsockCarrier *carrier,
          GError **error)
{
  GsockLink *link = choose_link (http, carrier, error);
  GsockPeer peer;

  if (link == NULL)
    return NULL;
  gsock_peer_init_from_fd (&peer, carrier->fd);
  link->http = http;
  link->key = g_strdup (key);
  link->connection = gsock_connection_new (
      &http->connection, http->worker, ++http->count, carrier, &peer, error);
  if (link->connection == NULL)
    {
      g_free (link->key);
      link->klass->free (link);
      return NULL;
    }
  gsock_connection_set_state (link->connection, link);
  g_ptr_array_add (http->links, link);
  if (link->klass->opened != NULL)
    link->klass->opened (link);
  trim (http);
  return link;
}

/**
 * gsock_http_new:
 * @config: copied; what it points to is borrowed and outlives it
 * @worker: whose thread it belongs to
 *
 * Returns: (transfer full): no connection yet
 */
GsockHttp *
gsock_http_new (const GsockHttpConfig *config, GsockWorker *worker)
{
  GsockHttp *http = g_new0 (GsockHttp, 1);

  http->config = *config;
  http->worker = worker;
  http->links = g_ptr_array_new ();
  http->dialing = g_ptr_array_new ();
  http->ones = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  http->connection = (GsockConnectionConfig) {
    .handler = &handler,
    .handler_data = http,
    .codec = gsock_codec_find ("raw", NULL),
    .max_message = GSOCK_SCRATCH_SIZE,
    .linger = LINGER,
    .rate = config->rate,
  };
  return http;
}

/**
 * gsock_http_free:
 * @http: (transfer full): without exchanges
 */
void
gsock_http_free (GsockHttp *http)
{
  for (guint i = 0; i < http->links->len; i++)
    gsock_link_close (http->links->pdata[i]);
  while (http->links->len > 0)
    g_main_context_iteration (http->worker->context, TRUE);
  g_ptr_array_unref (http->links);
  g_ptr_array_unref (http->dialing);
  g_hash_table_unref (http->ones);
  g_free (http);
}

GsockWorker *
gsock_http_get_worker (GsockHttp *http)
{
  return http->worker;
}

/* Exchanges */

static const char *
key_of (const GsockExchange *exchange)
{
  return exchange->route.key;
}

static void start (GsockExchange *exchange);

/* It has dialed, or given up: those who waited for that look again. */
static void
wake (GsockExchange *exchange, gboolean alone)
{
  GsockHttp *http = exchange->http;
  GList *next;

  g_ptr_array_remove (http->dialing, exchange);
  for (GList *l = http->waiting.head; l != NULL; l = next)
    {
      GsockExchange *other = l->data;

      next = l->next;
      if (!g_str_equal (key_of (other), key_of (exchange)))
        continue;
      g_queue_delete_link (&http->waiting, l);
      other->alone = alone;
      start (other);
    }
}

static void
exchange_free (GsockExchange *exchange)
{
  g_queue_remove (&exchange->http->waiting, exchange);
  if (exchange->dial != NULL)
    {
      gsock_dial_cancel (g_steal_pointer (&exchange->dial));
      wake (exchange, FALSE);
    }
  if (exchange->starter != NULL)
    {
      g_source_destroy (exchange->starter);
      g_source_unref (exchange->starter);
    }
  gsock_route_clear (&exchange->route);
  gsock_request_free (exchange->request);
  g_free (exchange);
}

/* It belongs to no link any more. */
static void
end (GsockExchange *exchange, const GError *error)
{
  exchange->notify->done (exchange, error, exchange->data);
  exchange_free (exchange);
}

static void
begin_on (GsockExchange *exchange, GsockLink *link)
{
  exchange->link = link;
  exchange->reused = link->uses > 0;
  link->uses++;
  exchange->active = g_get_monotonic_time ();
  exchange->sent = 0;
  link->klass->begin (link, exchange);
  if (exchange->link != NULL && exchange->holds > 0)
    link->klass->hold (link, exchange, TRUE);
}

static void
dialed_cb (GsockCarrier *carrier, const GError *error, gpointer data)
{
  GsockExchange *exchange = data;
  g_autoptr (GError) failure = NULL;
  GsockLink *link = NULL;

  exchange->dial = NULL;
  if (error != NULL && exchange->route.forwarder != NULL)
    failure = gsock_proxy_new_error (error);
  if (error == NULL)
    link = new_link (exchange->http, exchange->route.key, carrier, &failure);
  if (link == NULL)
    {
      wake (exchange, TRUE);
      end (exchange, failure != NULL ? failure : error);
      return;
    }
  begin_on (exchange, link);
  if (!link->klass->is_free (link))
    g_hash_table_add (exchange->http->ones, g_strdup (key_of (exchange)));
  wake (exchange, FALSE);
}

/* What is offered by ALPN. */
static gboolean
choose_protocols (const GsockExchange *exchange, GsockDialOptions *dial,
                  GError **error)
{
  static const char *const any[] = { "h2", "http/1.1", NULL };
  static const char *const two[] = { "h2", NULL };
  GsockHttpVersion version = exchange->http->config.version;
  g_autoptr (GError) why = NULL;

  if (version == GSOCK_HTTP_2 && !exchange->request->url->https)
    return gsock_refuse (error, _ ("HTTP/2 needs https: here (--http2)"));
  if (version == GSOCK_HTTP_1 || !exchange->request->url->https)
    return TRUE;
  if (gsock_link2_load (&why))
    dial->alpn = version == GSOCK_HTTP_2 ? two : any;
  else if (version == GSOCK_HTTP_2)
    {
      g_propagate_error (error, g_steal_pointer (&why));
      return FALSE;
    }
  return TRUE;
}

/* Another one connects to its origin, and what comes of that may carry both. */
static gboolean
waits (const GsockExchange *exchange)
{
  GsockHttp *http = exchange->http;

  if (exchange->alone || http->config.version == GSOCK_HTTP_1
      || http->config.fresh || !exchange->request->url->https
      || g_hash_table_contains (http->ones, key_of (exchange)))
    return FALSE;
  for (guint i = 0; i < http->dialing->len; i++)
    if (g_str_equal (key_of (http->dialing->pdata[i]), key_of (exchange)))
      return TRUE;
  return FALSE;
}

static void
connect_fresh (GsockExchange *exchange)
{
  GsockHttp *http = exchange->http;
  GsockDialOptions dial = http->config.dial;

  g_autoptr (GError) error = NULL;

  if (!choose_protocols (exchange, &dial, &error))
    {
      end (exchange, error);
      return;
    }
  gsock_route_fill_dial (&exchange->route, &dial);
  dial.connect.resolved = &exchange->times.resolved;
  dial.connected = &exchange->times.connected;
  dial.secured = &exchange->times.secured;
  exchange->dial = gsock_dial_start (exchange->route.endpoint, &dial,
                                     http->worker->context, dialed_cb,
                                     exchange);
  g_ptr_array_add (http->dialing, exchange);
}

static void
connect_or_wait (GsockExchange *exchange)
{
  if (waits (exchange))
    g_queue_push_tail (&exchange->http->waiting, exchange);
  else
    connect_fresh (exchange);
}

static gboolean
start_cb (gpointer data)
{
  GsockExchange *exchange = data;
  const GsockHttpConfig *config = &exchange->http->config;
  g_autoptr (GError) error = NULL;
  GsockLink *link = NULL;

  g_clear_pointer (&exchange->starter, g_source_unref);
  gsock_route_clear (&exchange->route); /* of a first try, that waited */
  if (!gsock_route_init (&exchange->route, exchange->request, config->connect,
                         config->proxies, &error))
    {
      end (exchange, error);
      return G_SOURCE_REMOVE;
    }
  if (!config->fresh && gsock_method_is_idempotent (exchange->request->method))
    link = find_free (exchange->http, exchange->route.key);
  if (link != NULL)
    begin_on (exchange, link);
  else if (gsock_method_is_idempotent (exchange->request->method))
    connect_or_wait (exchange);
  else
    connect_fresh (exchange);
  return G_SOURCE_REMOVE;
}

static void
start (GsockExchange *exchange)
{
  exchange->starter = g_idle_source_new ();
  g_source_set_priority (exchange->starter, G_PRIORITY_DEFAULT);
  g_source_set_callback (exchange->starter, start_cb, exchange, NULL);
  g_source_attach (exchange->starter, exchange->http->worker->context);
}

/**
 * gsock_exchange_start:
 * @http: whose connections it uses
 * @request: (transfer full): what is asked
 * @notify: what is told; static
 * @data: for @notify
 *
 * Returns: (transfer none): it frees itself after done
 */
GsockExchange *
gsock_exchange_start (GsockHttp *http, GsockRequest *request,
                      const GsockExchangeNotify *notify, gpointer data)
{
  GsockExchange *exchange = g_new0 (GsockExchange, 1);

  exchange->http = http;
  exchange->request = request;
  exchange->notify = notify;
  exchange->data = data;
  exchange->length = -1;
  exchange->protocol = "HTTP/1.1";
  exchange->times.begun = g_get_monotonic_time ();
  start (exchange);
  return exchange;
}

static gboolean
may_begin_again (const GsockExchange *exchange, const GError *error)
{
  return exchange->reused && !exchange->answered && exchange->link == NULL
         && exchange->agains < AGAINS_MAX
         && (g_error_matches (error, GSOCK_ERROR, GSOCK_ERROR_CUT)
             || g_error_matches (error, GSOCK_ERROR, GSOCK_ERROR_RESET));
}

/* The link has let go of it. */
void
gsock_exchange_finish (GsockExchange *exchange, const GError *error)
{
  exchange->link = NULL;
  exchange->stream = NULL;
  if (error != NULL && may_begin_again (exchange, error))
    {
      exchange->agains++;
      connect_or_wait (exchange);
    }
  else
    end (exchange, error);
}

void
gsock_exchange_refuse (GsockExchange *exchange, const GError *error)
{
  exchange->link = NULL;
  exchange->stream = NULL;
  if (!exchange->answered && exchange->agains < AGAINS_MAX)
    {
      exchange->agains++;
      start (exchange);
    }
  else
    end (exchange, error);
}

/**
 * gsock_exchange_cancel:
 * @exchange: (transfer full): one that isn't done
 */
void
gsock_exchange_cancel (GsockExchange *exchange)
{
  GsockLink *link = exchange->link;

  if (link != NULL)
    link->klass->leave (link, exchange);
  exchange_free (exchange);
}

/**
 * gsock_exchange_hold:
 * @exchange: an exchange
 */
void
gsock_exchange_hold (GsockExchange *exchange)
{
  if (exchange->holds++ == 0 && exchange->link != NULL)
    exchange->link->klass->hold (exchange->link, exchange, TRUE);
}

/**
 * gsock_exchange_release:
 * @exchange: one that is held
 */
void
gsock_exchange_release (GsockExchange *exchange)
{
  g_return_if_fail (exchange->holds > 0);
  if (--exchange->holds == 0 && exchange->link != NULL)
    exchange->link->klass->hold (exchange->link, exchange, FALSE);
}

const GsockRequest *
gsock_exchange_get_request (const GsockExchange *exchange)
{
  return exchange->request;
}

const GsockHttpTimes *
gsock_exchange_get_times (const GsockExchange *exchange)
{
  return &exchange->times;
}

gint64
gsock_exchange_get_length (const GsockExchange *exchange)
{
  return exchange->length;
}

gsize
gsock_exchange_get_excess (const GsockExchange *exchange)
{
  return exchange->excess;
}

const GString *
gsock_exchange_get_trailers (const GsockExchange *exchange)
{
  return exchange->trailers;
}

gint64
gsock_exchange_get_active (const GsockExchange *exchange)
{
  return exchange->active;
}

guint64
gsock_exchange_get_sent (const GsockExchange *exchange)
{
  gsize queued = exchange->link != NULL
                     ? gsock_connection_get_queued (exchange->link->connection)
                     : 0;

  return exchange->sent - MIN (queued, exchange->sent);
}

const char *
gsock_exchange_get_protocol (const GsockExchange *exchange)
{
  return exchange->protocol;
}

const GsockProxy *
gsock_exchange_get_forwarder (const GsockExchange *exchange)
{
  return exchange->route.forwarder;
}

/* dns-https.c: DNS over HTTPS: what src/dns asks and src/http carries
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* By GET: it may be sent twice without harm, so connections are kept and one
 * that the server has just closed costs no answer; and caches may help. */

#include "config.h"

#include "tools/dns-https.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"
#include "core/sockopt.h"
#include "http/exchange.h"

/* Questions at once: of HTTP/1 each has a connection, of HTTP/2 all have one. */
#define AT_ONCE 16
#define STREAMS_AT_ONCE 100
#define MESSAGE_MAX 65535
#define MESSAGE_TYPE "application/dns-message"

/* One server. */
typedef struct
{
  const GsockDnsServer *server;
  GsockHttp *http;
  GsockHttpConfig config;
  GPtrArray *sockopts;
  guint active;
  guint at_once;
  GQueue waiting; /* (element-type Asked) */
} Https;

typedef struct
{
  Https *https;
  GsockDnsHttpsFunc func;
  gpointer data;
  GsockRequest *request;   /* until it is begun */
  GsockExchange *exchange; /* from then on */
  GByteArray *message;
  guint32 age;
  gboolean again; /* the second time */
} Asked;

static void
asked_free (Asked *asked)
{
  g_byte_array_unref (asked->message);
  gsock_request_free (asked->request);
  g_free (asked);
}

static void begin_more (Https *https);
static GsockRequest *make_request (GsockUrl *url, GError **error);

/* Its exchange is gone. */
static void
end (Asked *asked, const GError *error)
{
  Https *https = asked->https;
  GsockDnsHttpsFunc func = asked->func;
  gpointer data = asked->data;
  g_autoptr (GByteArray) message = g_byte_array_ref (asked->message);
  guint32 age = asked->age;

  asked_free (asked);
  https->active--;
  /* While the server is sure to be there: @func may be the last to want it. */
  begin_more (https);
  func (message->data, message->len, age, error, data);
}

/* --- Answers -------------------------------------------------------------- */

/* The connection is of no more use, for its answer was not read to the end. */
static void G_GNUC_PRINTF (3, 4)
    refuse (Asked *asked, int code, const char *format, ...)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *why = NULL;
  va_list args;

  va_start (args, format);
  why = g_strdup_vprintf (format, args);
  va_end (args);
  error = g_error_new (GSOCK_ERROR, code, "%s: %s", asked->https->server->text,
                       why);
  gsock_exchange_cancel (g_steal_pointer (&asked->exchange));
  end (asked, error);
}

/* A server that asks another one may have lost its answer. */
static gboolean
ask_again (Asked *asked)
{
  Https *https = asked->https;
  g_autoptr (GsockUrl)
      url = gsock_url_ref (gsock_exchange_get_request (asked->exchange)->url);

  if (asked->again)
    return FALSE;
  asked->again = TRUE;
  gsock_exchange_cancel (g_steal_pointer (&asked->exchange));
  asked->request = make_request (url, NULL);
  g_queue_push_tail (&https->waiting, asked);
  https->active--;
  begin_more (https);
  return TRUE;
}

static void
refuse_status (Asked *asked, const GsockHttpHead *head)
{
  g_autofree char *reason = gsock_escape_brief (head->reason);
  int status = head->status;

  if (status >= 500 && ask_again (asked))
    return;
  if (status >= 500)
    refuse (asked, GSOCK_ERROR_REMOTE,
            /* TRANSLATORS: a status of HTTP: 502, "Bad Gateway" */
            _ ("the server has no answer itself (HTTP %d %s)"), status, reason);
  else if (status >= 400 || status < 300)
    refuse (asked, GSOCK_ERROR_REMOTE,
            /* TRANSLATORS: a status of HTTP: 404, "Not Found" */
            _ ("the server does not answer questions about names there (HTTP "
               "%d %s); is the path right?"),
            status, reason);
  else
    refuse (asked, GSOCK_ERROR_DENIED,
            /* TRANSLATORS: a status of HTTP: 301, "Moved Permanently" */
            _ ("the server says to ask elsewhere (HTTP %d %s); write that URL "
               "instead"),
            status, reason);
}

static gboolean
is_message (const char *type)
{
  gsize size = strlen (MESSAGE_TYPE);

  return type != NULL && g_ascii_strncasecmp (type, MESSAGE_TYPE, size) == 0
         && strchr ("; \t", type[size]) != NULL;
}

static void
head_cb (GsockExchange *exchange, const GsockHttpHead *head, gpointer data)
{
  Asked *asked = data;
  const char *type = gsock_http_head_get (head, "Content-Type");
  const char *age = gsock_http_head_get (head, "Age");
  g_autofree char *shown = NULL;

  if (g_strcmp0 (gsock_exchange_get_protocol (exchange), "HTTP/2") == 0)
    asked->https->at_once = STREAMS_AT_ONCE;
  if (head->status < 200)
    return;
  if (head->status != 200)
    {
      refuse_status (asked, head);
      return;
    }
  if (age != NULL && g_ascii_isdigit (*age))
    asked->age = (guint32) MIN (g_ascii_strtoull (age, NULL, 10), G_MAXUINT32);
  shown = gsock_escape_brief (type != NULL ? type : "");
  if (!is_message (type))
    refuse (asked, GSOCK_ERROR_FRAME_BAD,
            /* TRANSLATORS: two types of content, "text/html" the first */
            _ ("the server answered with '%s', which is not %s"), shown,
            MESSAGE_TYPE);
  else if (gsock_exchange_get_length (exchange) > MESSAGE_MAX)
    refuse (asked, GSOCK_ERROR_LIMIT,
            _ ("the server answered with more than a DNS message can have"));
}

static void
body_cb (GsockExchange *exchange G_GNUC_UNUSED, const char *bytes, gsize size,
         gpointer data)
{
  Asked *asked = data;

  if (size > MESSAGE_MAX - asked->message->len)
    refuse (asked, GSOCK_ERROR_LIMIT,
            _ ("the server answered with more than a DNS message can have"));
  else
    g_byte_array_append (asked->message, (const guint8 *) bytes, (guint) size);
}

static void
done_cb (GsockExchange *exchange G_GNUC_UNUSED, const GError *error,
         gpointer data)
{
  Asked *asked = data;
  g_autoptr (GError) named = NULL;

  asked->exchange = NULL;
  if (error != NULL)
    named = g_error_new (error->domain, error->code, "%s: %s",
                         asked->https->server->text, error->message);
  end (asked, named);
}

static const GsockExchangeNotify notify = {
  .head = head_cb,
  .body = body_cb,
  .done = done_cb,
};

/* --- Questions ------------------------------------------------------------ */

static void
begin_more (Https *https)
{
  while (https->active < https->at_once && https->waiting.length > 0)
    {
      Asked *asked = g_queue_pop_head (&https->waiting);

      https->active++;
      asked->exchange = gsock_exchange_start (
          https->http, g_steal_pointer (&asked->request), &notify, asked);
    }
}

/* As RFC 8484 has it: base64url without its padding. */
static char *
make_url (const GsockDnsServer *server, const guint8 *message, gsize size)
{
  g_autofree char *text = g_base64_encode (message, size);

  text[strcspn (text, "=")] = '\0';
  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  return g_strconcat (
      server->text,
      strchr (server->text, '?') != NULL ? "&dns=" : "?dns=", text, NULL);
}

static GsockRequest *
make_request (GsockUrl *url, GError **error)
{
  g_autoptr (GsockRequest) request = gsock_request_new ("GET", url, error);

  if (request == NULL
      || !gsock_request_add (request, "Host", url->authority, error)
      || !gsock_request_add (request, "Accept", MESSAGE_TYPE, error))
    return NULL;
  return g_steal_pointer (&request);
}

static gpointer
ask (gpointer data, const guint8 *message, gsize size, GsockDnsHttpsFunc func,
     gpointer user_data, GError **error)
{
  Https *https = data;
  g_autofree char *text = make_url (https->server, message, size);
  g_autoptr (GsockUrl) url = gsock_url_parse (text, error);
  GsockRequest *request = url != NULL ? make_request (url, error) : NULL;
  Asked *asked;

  if (request == NULL)
    return NULL;
  asked = g_new0 (Asked, 1);
  asked->https = https;
  asked->func = func;
  asked->data = user_data;
  asked->request = request;
  asked->message = g_byte_array_new ();
  g_queue_push_tail (&https->waiting, asked);
  begin_more (https);
  return asked;
}

static void
cancel (gpointer data)
{
  Asked *asked = data;
  Https *https = asked->https;
  gboolean was_begun = asked->exchange != NULL;

  if (was_begun)
    gsock_exchange_cancel (asked->exchange);
  else
    g_queue_remove (&https->waiting, asked);
  asked_free (asked);
  if (!was_begun)
    return;
  https->active--;
  begin_more (https);
}

static gpointer
open_server (const GsockDnsServer *server, gint64 timeout, GsockWorker *worker)
{
  /* Where there is no nghttp2: a server of HTTP/2 alone then says so itself. */
  static const char *const protocols[] = { "http/1.1", NULL };
  Https *https = g_new0 (Https, 1);
  GsockSockopt *nodelay = gsock_sockopt_parse ("nodelay", NULL);

  https->server = server;
  g_queue_init (&https->waiting);
  https->sockopts = g_ptr_array_new_with_free_func (
      (GDestroyNotify) gsock_sockopt_free);
  if (nodelay != NULL)
    g_ptr_array_add (https->sockopts, nodelay);
  https->at_once = AT_ONCE;
  https->config.version = GSOCK_HTTP_1_OR_2;
  https->config.dial.connect.timeout = timeout;
  https->config.dial.connect.sockopts = https->sockopts;
  https->config.dial.tls = server->tls;
  https->config.dial.alpn = protocols;
  https->http = gsock_http_new (&https->config, worker);
  return https;
}

static void
close_server (gpointer data)
{
  Https *https = data;

  gsock_http_free (https->http);
  g_ptr_array_unref (https->sockopts);
  g_free (https);
}

const GsockDnsHttps gsock_dns_https = {
  .open = open_server,
  .close = close_server,
  .ask = ask,
  .cancel = cancel,
};

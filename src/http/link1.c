/* link1.c: exchanges on a connection of HTTP/1: one after another
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <sys/ioctl.h>

#include "core/error.h"
#include "core/log.h"
#include "http/exchange-private.h"
#include "http/http1.h"
#include "http/tell.h"

/* Less of a body than this is not worth another way of reading. */
#define WORTH_IT (256 * 1024)

/* In the pool's thread. */
typedef struct
{
  GsockLink link; /* first: a link is its Link1 */
  GsockExchange *exchange;
  GsockHttp1 answer; /* of @exchange */
  guint64 chunks;    /* of @answer, that were told */
  gboolean held;     /* the connection is */
} Link1;

/* For --explain */

static void
tell_chunk (Link1 *link1)
{
  if (!gsock_explaining () || link1->chunks == link1->answer.chunks)
    return;
  link1->chunks = link1->answer.chunks;
  gsock_http_tell_chunk (link1->answer.chunk);
}

/* @ended: by the end of the connection. */
static void
tell_end (Link1 *link1, gboolean ended)
{
  const GsockHttp1 *answer = &link1->answer;
  const char *how = NULL;

  if (!gsock_explaining ())
    return;
  tell_chunk (link1);
  if (ended)
    how = "CLOSE";
  else if (answer->chunked)
    how = "CHUNKS";
  else if (answer->received > 0)
    how = "LENGTH";
  gsock_http_tell_body (how, answer->received);
}

static gsize
get_open_cb (gpointer data, const char *bytes, gsize size)
{
  Link1 *link1 = data;

  if (link1->answer.simple)
    return size;
  return gsock_http_get_open_received (gsock_http1_get_part (&link1->answer),
                                       bytes, size);
}

static void
set_held (Link1 *link1, gboolean held)
{
  if (link1->held == held)
    return;
  link1->held = held;
  if (held)
    gsock_connection_hold (link1->link.connection);
  else
    gsock_connection_release (link1->link.connection);
}

static void
hold (GsockLink *link, GsockExchange *exchange G_GNUC_UNUSED, gboolean held)
{
  set_held ((Link1 *) link, held);
}

static void
begin (GsockLink *link, GsockExchange *exchange)
{
  Link1 *link1 = (Link1 *) link;
  const GsockRequest *request = exchange->request;
  GString *bytes = gsock_request_to_http1 (
      request, gsock_route_get_target (&exchange->route, request));

  link1->exchange = exchange;
  link1->chunks = 0;
  if (request->simple)
    gsock_http1_init_simple (&link1->answer);
  else
    gsock_http1_init (&link1->answer, g_str_equal (request->method, "HEAD"));
  if (gsock_explaining ())
    {
      gsock_connection_veil (link->connection, gsock_http_get_open (bytes));
      gsock_connection_veil_received (link->connection, get_open_cb, link1);
    }
  gsock_connection_send_bytes (link->connection, bytes->str, bytes->len);
  if (request->body != NULL)
    exchange->sent = g_bytes_get_size (request->body);
  if (gsock_explaining ())
    gsock_http_tell_request (bytes);
  g_string_free (bytes, TRUE);
}

/* The exchange is off the link. */
static GsockExchange *
detach (Link1 *link1)
{
  GsockExchange *exchange = g_steal_pointer (&link1->exchange);

  set_held (link1, FALSE);
  return exchange;
}

static void
leave (GsockLink *link, GsockExchange *exchange G_GNUC_UNUSED)
{
  Link1 *link1 = (Link1 *) link;

  detach (link1);
  gsock_http1_clear (&link1->answer);
  gsock_link_close (link);
}

/* Its head and trailers live on until done has been told. */
static void
finish (Link1 *link1, const GError *error)
{
  GsockHttp1 answer = link1->answer;
  GsockExchange *exchange;

  if (error != NULL || !answer.keeps_alive)
    gsock_link_close (&link1->link);
  link1->answer = (GsockHttp1) { .length = -1 };
  exchange = detach (link1);
  exchange->trailers = answer.trailers;
  gsock_exchange_finish (exchange, error);
  gsock_http1_clear (&answer);
}

/* The rest of the body, or of the chunk, may go its way without a copy. */
static void
offer (Link1 *link1)
{
  if (link1->exchange->notify->take != NULL
      && gsock_http1_get_room (&link1->answer) >= WORTH_IT)
    gsock_connection_relay (link1->link.connection, NULL);
}

/* One event; FALSE when the exchange is over, or gone. */
static gboolean
take (Link1 *link1, GsockHttp1Event event, const char *body, gsize body_size,
      const GError *error)
{
  GsockExchange *exchange = link1->exchange;

  switch (event)
    {
    case GSOCK_HTTP1_HEAD:
      exchange->length = link1->answer.length;
      G_GNUC_FALLTHROUGH;
    case GSOCK_HTTP1_INTERIM:
      if (gsock_explaining ())
        gsock_http_tell_head (&link1->answer.head);
      exchange->notify->head (exchange, &link1->answer.head, exchange->data);
      return link1->exchange == exchange;
    case GSOCK_HTTP1_BODY:
      tell_chunk (link1);
      exchange->notify->body (exchange, body, body_size, exchange->data);
      if (link1->exchange != exchange)
        return FALSE;
      offer (link1);
      return TRUE;
    case GSOCK_HTTP1_END:
      tell_end (link1, FALSE);
      finish (link1, NULL);
      return FALSE;
    case GSOCK_HTTP1_BAD:
      finish (link1, error);
      return FALSE;
    case GSOCK_HTTP1_MORE:
    default:
      return FALSE;
    }
}

/* All that @size bytes have to say, and what needs no more to be said; @behind
 * them there are so many more. */
static void
feed (Link1 *link1, const char *data, gsize size, gsize behind)
{
  GsockExchange *exchange = link1->exchange;
  gboolean goes_on = TRUE;
  gsize done = 0;

  while (goes_on)
    {
      g_autoptr (GError) error = NULL;
      const char *body = NULL;
      gsize body_size = 0, used = 0;
      GsockHttp1Event event = gsock_http1_next (&link1->answer, data + done,
                                                size - done, &used, &body,
                                                &body_size, &error);

      done += used;
      if (event == GSOCK_HTTP1_END && done < size + behind)
        {
          exchange->excess = size + behind - done;
          link1->answer.keeps_alive = FALSE;
        }
      goes_on = take (link1, event, body, body_size, error);
    }
}

static gint64
now (const Link1 *link1)
{
  return gsock_worker_now (
      gsock_connection_get_worker (link1->link.connection));
}

static void
bytes (GsockLink *link, const char *data, gsize size)
{
  Link1 *link1 = (Link1 *) link;
  GsockExchange *exchange = link1->exchange;

  if (exchange == NULL)
    {
      /* Nothing was asked: whatever it says, it can't be believed any more. */
      gsock_link_close (link);
      return;
    }
  exchange->active = now (link1);
  if (!exchange->answered)
    exchange->times.answered = exchange->active;
  exchange->answered = TRUE;
  feed (link1, data, size, 0);
}

/* Nobody has asked for that: it would be taken for the next answer. */
static gsize
count_behind (int fd)
{
  int size = 0;

  return ioctl (fd, FIONREAD, &size) == 0 ? (gsize) MAX (size, 0) : 0;
}

/* What is left of the body, and not a byte after it, goes to its place. */
static gssize
take_body (GsockLink *link, int fd, gsize size)
{
  Link1 *link1 = (Link1 *) link;
  GsockExchange *exchange = link1->exchange;
  guint64 room = exchange != NULL && exchange->notify->take != NULL
                     ? gsock_http1_get_room (&link1->answer)
                     : 0;
  gssize n;

  errno = EINVAL;
  if (room == 0)
    return -1;
  n = exchange->notify->take (exchange, fd, (gsize) MIN (size, room),
                              exchange->data);
  if (n <= 0 || link1->exchange != exchange)
    return n;
  exchange->active = now (link1);
  gsock_http1_skip (&link1->answer, (gsize) n);
  feed (link1, "", 0, (guint64) n == room ? count_behind (fd) : 0);
  return n;
}

static void
ended (GsockLink *link)
{
  Link1 *link1 = (Link1 *) link;
  g_autoptr (GError) error = NULL;

  if (link1->exchange == NULL)
    return;
  if (gsock_http1_finish (&link1->answer, &error))
    tell_end (link1, TRUE);
  finish (link1, error);
}

/* What is known of a connection that broke is less than what is known of the
 * answer that was on it. */
static void
closed (GsockLink *link, const GError *error)
{
  Link1 *link1 = (Link1 *) link;
  g_autoptr (GError) cut = NULL;

  if (link1->exchange == NULL)
    return;
  gsock_http1_set_cut (&link1->answer, &cut);
  if (error == NULL)
    finish (link1, cut);
  else
    {
      g_autoptr (GError) both = g_error_new (
          GSOCK_ERROR,
          error->domain == GSOCK_ERROR ? error->code : GSOCK_ERROR_FAILED,
          "%s (%s)", cut->message, error->message);

      finish (link1, both);
    }
}

static void
link1_free (GsockLink *link)
{
  gsock_http1_clear (&((Link1 *) link)->answer);
  g_free (link);
}

static gboolean
is_free (GsockLink *link)
{
  return ((Link1 *) link)->exchange == NULL;
}

static const GsockLinkClass link1_class = {
  .name = "HTTP/1.1",
  .begin = begin,
  .leave = leave,
  .hold = hold,
  .bytes = bytes,
  .take = take_body,
  .ended = ended,
  .closed = closed,
  .free = link1_free,
  .is_free = is_free,
  .is_idle = is_free,
};

GsockLink *
gsock_link1_new (void)
{
  Link1 *link1 = g_new0 (Link1, 1);

  link1->link.klass = &link1_class;
  link1->answer.length = -1;
  return &link1->link;
}

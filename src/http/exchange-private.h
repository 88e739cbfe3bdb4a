/* exchange-private.h: what exchanges and the connections under them share
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/connection.h"
#include "http/exchange.h"
#include "http/route.h"

G_BEGIN_DECLS

typedef struct _GsockLink GsockLink;

/* What a version of HTTP does with a connection. */
typedef struct
{
  const char *name;
  /* The connection is up. */
  void (*opened) (GsockLink *link);
  /* @link is joined to @exchange already; sends the request. */
  void (*begin) (GsockLink *link, GsockExchange *exchange);
  /* The exchange goes away with its answer unfinished. */
  void (*leave) (GsockLink *link, GsockExchange *exchange);
  void (*hold) (GsockLink *link, GsockExchange *exchange, gboolean held);
  void (*bytes) (GsockLink *link, const char *data, gsize size);
  /* As a handler's, or NULL: it has to see them all. */
  gssize (*take) (GsockLink *link, int fd, gsize size);
  /* The peer has ended. */
  void (*ended) (GsockLink *link);
  /* The connection is gone: @error, or NULL. */
  void (*closed) (GsockLink *link, const GError *error);
  void (*free) (GsockLink *link);
  /* What was queued has gone, after having been too much; or NULL. */
  void (*relieved) (GsockLink *link);
  /* Whether another exchange may begin on it now. */
  gboolean (*is_free) (GsockLink *link);
  /* Whether it carries none. */
  gboolean (*is_idle) (GsockLink *link);
} GsockLinkClass;

/* A connection to an origin, or to a proxy; its versions have more behind it. */
struct _GsockLink
{
  const GsockLinkClass *klass;
  GsockHttp *http;
  GsockConnection *connection;
  char *key;        /* of the routes that it serves */
  guint uses;       /* exchanges begun on it */
  gboolean closing; /* no more exchanges */
};

struct _GsockExchange
{
  GsockHttp *http;
  GsockRequest *request;
  GsockRoute route; /* from when it has begun */
  const GsockExchangeNotify *notify;
  gpointer data;
  GsockDial *dial;  /* while it connects */
  GSource *starter; /* until it begins, where a connection is there */
  GsockLink *link;  /* while it is on one */
  gpointer stream;  /* the link's own */
  GsockHttpTimes times;
  gint64 active;
  guint64 sent; /* of the request's body, given to the connection */
  gint64 length;
  gsize excess;
  const GString *trailers;
  const char *protocol;
  guint holds;
  guint agains;      /* times it was begun again */
  gboolean alone;    /* it waits for no other to connect */
  gboolean answered; /* a byte has come */
  gboolean reused;   /* its link had carried another before */
};

GsockLink *gsock_link1_new (void);
/* GSOCK_ERROR_FAILED: there is no library for it. */
GsockLink *gsock_link2_new (GError **error);
/* Whether HTTP/2 can be spoken at all; GSOCK_ERROR_FAILED, a sentence. */
gboolean gsock_link2_load (GError **error);

/* The exchange leaves its link and ends: @error NULL: its answer is whole. */
void gsock_exchange_finish (GsockExchange *exchange, const GError *error);
/* The same, where the server is known not to have looked at the request: it may
 * be sent again, whatever it is. */
void gsock_exchange_refuse (GsockExchange *exchange, const GError *error);
/* The link takes no more exchanges, and its connection ends. */
void gsock_link_close (GsockLink *link);

G_END_DECLS

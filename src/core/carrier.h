/* carrier.h: what carries a connection's bytes: a descriptor, or more before it
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "core/endpoint.h"
#include "core/poller.h"

G_BEGIN_DECLS

typedef struct _GsockCarrier GsockCarrier;

/* How many of the next bytes that have come are no secret. */
typedef gsize (*GsockOpenFunc) (gpointer data, const char *bytes, gsize size);

/* One const table a kind of carrier.  None of them ever blocks.  An end in
 * errno (-1, @error not set) is put into words by the connection; a carrier
 * that knows more sets @error. */
typedef struct
{
  const char *name; /* "plain", "tls" */
  /* The descriptor by itself carries the bytes: another process can have it. */
  gboolean is_bare;
  /* Every receive gives one message, of 0 bytes too, and every send is one: no
   * codec has a part in it. */
  gboolean records;
  /* The descriptor carries the bytes as they are: splice(2) may move them. */
  gboolean splices;
  /* Datagrams: neither side can say that it has ended. */
  gboolean endless;
  /* Bytes, 0: the peer's end; -1: errno (EAGAIN: not now) or @error.  Of
   * records: all the bytes that the message has, over @size too, and then the
   * rest of it is lost; 0: an empty one, or the end where @ended is set. */
  gssize (*receive) (GsockCarrier *carrier, char *data, gsize size,
                     GError **error);
  gssize (*send) (GsockCarrier *carrier, const char *data, gsize size,
                  GError **error);
  /* An end must be said before the close even when the peer has ended. */
  gboolean says_goodbye;
  /* Half-close: 0, EAGAIN (asked again when it can be written to) or an errno. */
  int (*shut) (GsockCarrier *carrier);
  /* Of a carrier without a descriptor (@fd is -1): whose watch it tells, by
   * gsock_poller_tell, what the kernel would tell of one.  NULL: it has one. */
  void (*attach) (GsockCarrier *carrier, GsockWatch *watch);
  /* Closes all of it, the descriptor too. */
  void (*close) (GsockCarrier *carrier);
} GsockCarrierClass;

/* By value: whoever holds it last closes it.  Belongs to one thread at a
 * time. */
struct _GsockCarrier
{
  const GsockCarrierClass *klass; /* NULL: none */
  int fd;                         /* what is polled */
  const GsockEndpoint *local;     /* where it was accepted, the listener's; or
                                     NULL */
  GsockEndpoint *called;          /* its own: where a balancer says that its
                                     client came to; or NULL */
  gpointer object;                /* what owns @fd, as @klass knows it; or NULL:
                                     the carrier does */
  GDestroyNotify release;         /* of a plain one's @object */
  /* What the peer has sent may wait in @object, where no poller sees it:
   * whoever takes the carrier over reads first. */
  gboolean has_ahead;
  /* A balancer's own, by which it looks whether we are there. */
  gboolean is_check;
  gboolean ended;  /* set by receive, of records: no message, but the end */
  gsize largest;   /* bytes of a message that can be sent, of records */
  gboolean veiled; /* what is sent says who we are: then --explain shows */
  gsize open;      /* its next bytes, so many, and of the rest how many */
  /* The same of what comes: how many of the bytes; NULL: all. */
  GsockOpenFunc get_open;
  gpointer open_data;
  gpointer state; /* the class's own */
};

GsockCarrier gsock_carrier_plain (int fd, gpointer owner,
                                  GDestroyNotify release);
/* By the type of the socket: a stream, records or datagrams. */
GsockCarrier gsock_carrier_for_socket (int fd, gpointer owner,
                                       GDestroyNotify release);
void gsock_carrier_close (GsockCarrier *carrier);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GsockCarrier, gsock_carrier_close)

/* "gsock_carrier_steal (&carrier)": the caller's from now on. */
static inline GsockCarrier
gsock_carrier_steal (GsockCarrier *carrier)
{
  GsockCarrier stolen = *carrier;

  *carrier = (GsockCarrier) { .fd = -1 };
  return stolen;
}

G_END_DECLS

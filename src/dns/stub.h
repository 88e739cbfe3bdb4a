/* stub.h: name servers asked for the records that somebody wants, and no more
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "dns/https.h"
#include "dns/lookup.h"

G_BEGIN_DECLS

/* A stub resolver (RFC 9499): it leaves all the looking to whom it asks.  All
 * of it belongs to the thread of its context. */
typedef struct _GsockDnsStub GsockDnsStub;
typedef struct _GsockDnsInquiry GsockDnsInquiry;

/* Called once: @records (element-type GsockDnsRecord), one at least, all of
 * them of the types asked for; or NULL with @error: GSOCK_ERROR_NAME, _REMOTE,
 * _TIMED_OUT ...  Both are borrowed. */
typedef void (*GsockDnsStubFunc) (const GPtrArray *records, const GError *error,
                                  gpointer data);

/* @servers: (element-type GsockDnsServer), kept by reference; @https: static. */
GsockDnsStub *gsock_dns_stub_new (GPtrArray *servers,
                                  const GsockDnsHttps *https,
                                  GMainContext *context, GError **error);
/* What is being asked is answered that it was given up. */
void gsock_dns_stub_free (GsockDnsStub *stub);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GsockDnsStub, gsock_dns_stub_free)

/* Never calls @func before it returns.  @name is a whole one: no search list. */
GsockDnsInquiry *gsock_dns_stub_ask (GsockDnsStub *stub, const char *name,
                                     const guint16 *types, guint count,
                                     GsockDnsStubFunc func, gpointer data);
/* The same for addresses; @family: AF_UNSPEC, AF_INET, AF_INET6. */
GsockDnsInquiry *gsock_dns_stub_ask_addresses (GsockDnsStub *stub,
                                               const char *host, int family,
                                               GsockDnsStubFunc func,
                                               gpointer data);
/* @func is not called any more.  After @func it is freed already. */
void gsock_dns_stub_cancel (GsockDnsInquiry *inquiry);

/* Who has core ask a stub for all names, and not the system. */
typedef struct
{
  /* @server is taken, and asked for all names but its own.  At start, by the
   * thread that then looks names up. */
  void (*begin) (GsockDnsServer *server, const GsockDnsHttps *https);
  /* At the end, by the same thread: nothing of it is open any more. */
  void (*end) (void);
} GsockDnsFace;

G_END_DECLS

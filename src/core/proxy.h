/* proxy.h: a proxy as its URL names it, and what is said to it
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/address.h"
#include "core/endpoint.h"

G_BEGIN_DECLS

/* Immutable and reference counted (atomically). */
typedef struct _GsockProxy GsockProxy;

GsockProxy *gsock_proxy_parse (const char *url, const char *password,
                               GError **error);
GsockProxy *gsock_proxy_from_environment (const GsockEndpoint *target,
                                          const char *password, GError **error);
/* What the environment says: nobody else can read that, so a password may be
 * in it. */
GsockProxy *gsock_proxy_from_variable (const char *const *names,
                                       const char *password, GError **error);
const char *gsock_proxy_no_proxy (void);
gboolean gsock_proxy_is_exempt (const char *host, const char *list);
GsockProxy *gsock_proxy_ref (GsockProxy *proxy);
void gsock_proxy_unref (GsockProxy *proxy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GsockProxy, gsock_proxy_unref)

/* Where it is: a tls: endpoint for https. */
const GsockEndpoint *gsock_proxy_get_endpoint (const GsockProxy *proxy);
/* Names are its own to look up, but for socks4, which knows addresses only. */
gboolean gsock_proxy_wants_address (const GsockProxy *proxy);
/* It takes requests of HTTP themselves, each with its whole URL. */
gboolean gsock_proxy_forwards (const GsockProxy *proxy);
gboolean gsock_proxy_has_user (const GsockProxy *proxy);
char *gsock_proxy_dup_basic (const GsockProxy *proxy);
/* @error, of the way to it, with the word that it is the proxy's. */
GError *gsock_proxy_new_error (const GError *error);

/* What is said to ask for a tunnel, without any I/O: send @out, read exactly
 * gsock_proxy_talk_wants() bytes, hand them over, and again, until it wants
 * none: then all that follows is the target's. */
typedef struct
{
  const GsockProxy *proxy;
  const char *host; /* the target's, in ASCII */
  guint16 port;
  GsockAddress address; /* the target's, where the proxy wants it */
  char *shown;          /* the target, for errors */
  GByteArray *out;      /* to be sent; the caller empties it */
  gsize open;           /* of which so many bytes are no secret */
  GByteArray *in;       /* of the answer in progress */
  gsize wants;
  int step;
} GsockProxyTalk;

gboolean gsock_proxy_talk_init (GsockProxyTalk *talk, const GsockProxy *proxy,
                                const GsockEndpoint *target,
                                const GsockAddress *address, GError **error);
gsize gsock_proxy_talk_wants (const GsockProxyTalk *talk);
gboolean gsock_proxy_talk_take (GsockProxyTalk *talk, const char *data,
                                gsize size, GError **error);
void gsock_proxy_talk_clear (GsockProxyTalk *talk);

G_END_DECLS

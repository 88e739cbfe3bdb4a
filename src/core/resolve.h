/* resolve.h: from an endpoint to socket addresses, in the order of trying
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/address.h"
#include "core/endpoint.h"

G_BEGIN_DECLS

/* TRUE if @endpoint is a name that somebody must be asked for. */
gboolean gsock_resolve_is_name (const GsockEndpoint *endpoint);

/* Which addresses will do. */
typedef struct
{
  int family;         /* AF_UNSPEC: all of them; AF_INET, AF_INET6 */
  const char *option; /* what asks for it, "-4"; static; else NULL */
} GsockResolveWish;

/* The address of an endpoint that is no name: a number, a UNIX socket.  FALSE
 * with GSOCK_ERROR_USAGE where it is not as wished, and with GSOCK_ERROR_NAME
 * where its %scope is not there. */
gboolean gsock_resolve_literal (GsockAddress *address,
                                const GsockEndpoint *endpoint,
                                const GsockResolveWish *wish, GError **error);

/* GSOCK_ERROR_NAME in words for @result, an EAI constant of getaddrinfo. */
void gsock_resolve_set_error (GError **error, const char *name,
                              const GsockResolveWish *wish, int result,
                              int errnum);

/* A name being asked for; belongs to the thread of its context. */
typedef struct _GsockResolve GsockResolve;

/* Who may be asked before the system is: takes the question, of a host as DNS
 * has it, or returns FALSE.  It is answered later, in the context, once, even
 * when nobody wants the answer any more. */
typedef gboolean (*GsockResolveAsker) (GsockResolve *resolve, const char *host);
void gsock_resolve_set_asker (GsockResolveAsker func);
const char *gsock_resolve_get_host (GsockResolve *resolve); /* same form */
int gsock_resolve_get_family (GsockResolve *resolve);
guint16 gsock_resolve_get_port (GsockResolve *resolve);
GMainContext *gsock_resolve_get_context (GsockResolve *resolve);
/* @found: (element-type GsockAddress), one at least, or @error.  Frees it. */
void gsock_resolve_answer (GsockResolve *resolve, const GArray *found,
                           const GError *error);

/* @addresses: (element-type GsockAddress), one at least, none twice, IPv6 and
 * IPv4 in turn (RFC 8305 section 4); or NULL with @error: GSOCK_ERROR_NAME, or
 * _USAGE where none is as wished.  Both are borrowed. */
typedef void (*GsockResolveFunc) (const GArray *addresses, const GError *error,
                                  gpointer data);

/* Never calls @func before it returns.  @endpoint is ref'ed. */
GsockResolve *gsock_resolve_start (const GsockEndpoint *endpoint,
                                   const GsockResolveWish *wish,
                                   GMainContext *context, GsockResolveFunc func,
                                   gpointer data);
/* @func is not called any more.  After @func it is freed already. */
void gsock_resolve_cancel (GsockResolve *resolve);

G_END_DECLS

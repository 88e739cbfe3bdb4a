/* request.h: what is asked of a server
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "http/url.h"

G_BEGIN_DECLS

/* Plain data of its owner's; an exchange takes one over. */
typedef struct
{
  GsockUrl *url;
  char *method;
  GPtrArray *fields; /* names and values in turn */
  GBytes *body;      /* or NULL */
  gboolean simple;   /* HTTP/0.9 */
} GsockRequest;

/* @method: a token, else GSOCK_ERROR_USAGE. */
GsockRequest *gsock_request_new (const char *method, GsockUrl *url,
                                 GError **error);
void gsock_request_free (GsockRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GsockRequest, gsock_request_free)

/* GSOCK_ERROR_USAGE where @name is no token, or @value has an end of line in
 * it: nothing is ever sent that would be read as two fields. */
gboolean gsock_request_add (GsockRequest *request, const char *name,
                            const char *value, GError **error);
/* The same, in place of those of that name; NULL: only without them. */
gboolean gsock_request_set (GsockRequest *request, const char *name,
                            const char *value, GError **error);
const char *gsock_request_get (const GsockRequest *request, const char *name);

/* It may be sent twice without harm. */
gboolean gsock_method_is_idempotent (const char *method);

/* The bytes for HTTP/1: @target is the request line's; NULL: the URL's own. */
GString *gsock_request_to_http1 (const GsockRequest *request,
                                 const char *target);

G_END_DECLS

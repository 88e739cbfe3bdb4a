/* tls-options.h: the TLS options, and what they become in core
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/dial.h"
#include "tools/tool.h"

G_BEGIN_DECLS

/* --cert --cacert --pin ..., under a title of their own.  A server adds its
 * --client-ca. */
extern const GsockOptionGroup gsock_options_tls;
/* --cacert --pin alone, under the last title. */
extern const GsockOptionGroup gsock_options_trust;

/* What a client shows and trusts; @remote is whom it calls.  @dial borrows it,
 * for the life of the program.  GSOCK_ERROR_USAGE: options without use, a file
 * that can't be read. */
gboolean gsock_tls_options_fill_dial (GsockDialOptions *dial,
                                      const GsockEndpoint *remote,
                                      GError **error);

/* Whom a tool trusts that shows nothing of itself; @what: "--server=tls://",
 * without which there is nobody to trust.  @tls: for the life of the program,
 * NULL: the system's trust.  GSOCK_ERROR_USAGE. */
gboolean gsock_tls_options_make_trust (const GsockEndpoint *remote,
                                       const char *what, GsockTls **tls,
                                       GError **error);

/* What a server reads again when it is told to: --cert and --key, NULL where
 * there is none. */
const char *gsock_tls_options_get_cert (void);
const char *gsock_tls_options_get_key (void);

/* --insecure: nothing that a peer says of itself was checked. */
gboolean gsock_tls_options_are_insecure (void);

/* What a server shows and trusts, for the life of the program: NULL where none of @endpoints
 * is a tls: one.  @client_ca: or NULL.  @remote: whom it calls itself, or
 * NULL. */
gboolean gsock_tls_options_make_server (GPtrArray *endpoints,
                                        const char *client_ca,
                                        const GsockEndpoint *remote,
                                        GsockTls **tls, GError **error);

G_END_DECLS

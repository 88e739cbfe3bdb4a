/* client-options.h: what gsock-client's command line can say, checked
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/client.h"
#include "tools/tool.h"

G_BEGIN_DECLS

/* Filled in once, by the main thread. */
typedef struct
{
  gboolean check;
  gboolean reconnect;
  gboolean no_shutdown;
  gboolean send_only;
  gboolean recv_only;
  guint64 count;       /* 0: no limit */
  gint64 retries;      /* -1: for ever */
  gint64 quit_after;   /* µs; -1: when the peer ends */
  GBytes *preamble;    /* or NULL */
  GsockAddress source; /* of no size: not said */
} GsockClientOptions;

/* In --help's order, the shared ones among them; NULL ends. */
extern const GsockOptionGroup *const gsock_client_option_groups[];

const GsockClientOptions *gsock_client_options_get (void);
/* GSOCK_ERROR_USAGE where options exclude each other. */
gboolean gsock_client_options_check (gboolean has_messages, GError **error);
/* What "ADDRESS [MESSAGE...]" or "HOST PORT [MESSAGE...]" begins with; @words
 * moves on to the first MESSAGE. */
GsockEndpoint *gsock_client_options_take_address (char ***words,
                                                  GError **error);
/* (element-type GBytes): the MESSAGEs, each one checked against the frame, or
 * the longest message of @remote's kind of socket, before anything is sent:
 * GSOCK_ERROR_USAGE. */
GPtrArray *
gsock_client_options_take_messages (char **words, const GsockEndpoint *remote,
                                    const GsockConnectionConfig *config,
                                    GError **error);

G_END_DECLS

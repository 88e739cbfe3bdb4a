/* client.h: connect, converse, connect again: core's roof for clients
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/connection.h"
#include "core/dial.h"

G_BEGIN_DECLS

typedef struct
{
  const GsockEndpoint *remote;
  GsockDialOptions dial;
  GsockConnectionConfig connection; /* closed, stats, remote: set by us */
  gint64 retries;                   /* failed connects borne; -1: for ever */
  gboolean reconnect;               /* after a dropped link too; with no
                                      retries: then for ever */
  gboolean check;                   /* -z: connect, report, end */
  GBytes *preamble;                 /* sent first on every connection */
  /* An error the reconnect must not hide (stdin has ended and all was
   * answered, say) is the handler's to tell: gsock_client_finish. */
} GsockClientConfig;

/* Belongs to the main thread. */
typedef struct _GsockClient GsockClient;

GsockClient *gsock_client_new (const GsockClientConfig *config, GError **error);
void gsock_client_free (GsockClient *client);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GsockClient, gsock_client_free)

/* Connects (retrying with a backoff of 0.2 s doubling to 30 s, jittered by a
 * quarter), runs until the conversation has ended.  FALSE with the error. */
gboolean gsock_client_run (GsockClient *client, GError **error);

/* No more connections: run returns when this one has ended. */
void gsock_client_finish (GsockClient *client);
/* Run returns now, with @error (borrowed, may be NULL). */
void gsock_client_stop (GsockClient *client, const GError *error);

/* NULL while there is none. */
GsockConnection *gsock_client_get_connection (GsockClient *client);
const GsockStats *gsock_client_get_stats (GsockClient *client);
GMainContext *gsock_client_get_context (GsockClient *client);

G_END_DECLS

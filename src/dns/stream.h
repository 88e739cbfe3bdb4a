/* stream.h: DNS messages over a stream, each behind its length (RFC 7766)
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/worker.h"
#include "dns/server.h"

G_BEGIN_DECLS

/* Belongs to its worker's thread. */
typedef struct _GsockDnsStream GsockDnsStream;

typedef struct
{
  void (*message) (const guint8 *data, gsize size, gpointer user_data);
  /* Once; @error: NULL: the server has closed.  Free the stream then. */
  void (*ended) (const GError *error, gpointer user_data);
} GsockDnsStreamNotify;

/* Connects; what is sent before that is done waits.  @server outlives it;
 * @timeout: µs for connecting. */
GsockDnsStream *gsock_dns_stream_new (const GsockDnsServer *server,
                                      gint64 timeout, GsockWorker *worker,
                                      const GsockDnsStreamNotify *notify,
                                      gpointer user_data);
void gsock_dns_stream_free (GsockDnsStream *stream);
void gsock_dns_stream_send (GsockDnsStream *stream, const guint8 *message,
                            gsize size);

G_END_DECLS

/* https.h: DNS messages by HTTPS, of whoever has HTTP (RFC 8484)
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/worker.h"
#include "dns/server.h"

G_BEGIN_DECLS

/* Called once, never before ask has returned: a message of @size bytes, borrowed,
 * which has been in caches for @age seconds; or @error, a sentence that names
 * the server. */
typedef void (*GsockDnsHttpsFunc) (const guint8 *message, gsize size,
                                   guint32 age, const GError *error,
                                   gpointer data);

/* HTTP stands beside DNS and not below it, so a tool that has both gives this.
 * All of it is of the worker's thread. */
typedef struct
{
  /* @server: an https:// one, which outlives it.  @timeout: µs for connecting. */
  gpointer (*open) (const GsockDnsServer *server, gint64 timeout,
                    GsockWorker *worker);
  void (*close) (gpointer https); /* without questions under way */
  /* @message: copied.  Frees itself before @func is called.  NULL with @error
   * where the server's URL is none. */
  gpointer (*ask) (gpointer https, const guint8 *message, gsize size,
                   GsockDnsHttpsFunc func, gpointer data, GError **error);
  void (*cancel) (gpointer asked);
} GsockDnsHttps;

G_END_DECLS

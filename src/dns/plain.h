/* plain.h: the plainest of answers, read without any library
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "dns/message.h"

G_BEGIN_DECLS

/* An address that was found: @data is 4 or 16 bytes of the message. */
typedef void (*GsockDnsPlainFunc) (const guint8 *data, guint32 ttl,
                                   gpointer user_data);

/* Tells each address where @data, for which gsock_dns_is_answer(), has nothing
 * else than addresses of exactly the name and type that were asked for, and
 * nothing is to be said beside them; FALSE, with none told, where it takes more
 * to read it, or it is wrong.  Pure. */
gboolean gsock_dns_plain_read (const guint8 *data, gsize size,
                               const GsockDnsQuestion *question,
                               GsockDnsPlainFunc func, gpointer user_data);

/* "www.example.org." of a name on the wire that has letters, digits, - and _
 * only, with a NUL, into GSOCK_DNS_NAME_MAX bytes; 0: it has others.  Else its
 * size, without the NUL. */
gsize gsock_dns_plain_name (char *text, const guint8 *name, gsize size);

G_END_DECLS

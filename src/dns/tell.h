/* tell.h: questions and answers of DNS told as they happen, for --explain
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "dns/answer.h"

G_BEGIN_DECLS

/* Call all of them under if (gsock_explaining ()).  Free with g_free. */

/* {id 0x1f2e, RD, "www.example.org." IN A} */
char *gsock_dns_describe_question (guint16 id, const GsockDnsQuestion *question,
                                   guint flags);
/* {id 0x1f2e, AA, RA, NOERROR, answers 1, authority 0, additional 1}; @data may
 * hold anything. */
char *gsock_dns_describe_header (const guint8 *data, gsize size);

/* Where no call shows a message by itself: one of a stream, or by HTTPS. */
void gsock_dns_tell_question (guint16 id, const GsockDnsQuestion *question,
                              guint flags, gsize size,
                              const GsockDnsServer *server);
void gsock_dns_tell_message (const guint8 *data, gsize size,
                             const GsockDnsServer *server);

/* Its records, each with what it is for. */
void gsock_dns_tell_records (const GsockDnsAnswer *answer);

G_END_DECLS

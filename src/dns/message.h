/* message.h: DNS questions written, and answers told from what is none
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define GSOCK_DNS_NAME_MAX 255  /* bytes of a name on the wire */
#define GSOCK_DNS_QUERY_MAX 288 /* header, question, OPT record */
#define GSOCK_DNS_UDP_SIZE 1232 /* what we say that we take by UDP */

/* A name and a type as the wire has them; by value. */
typedef struct
{
  guint8 name[GSOCK_DNS_NAME_MAX];
  guint8 size;
  guint16 type;
} GsockDnsQuestion;

typedef enum
{
  GSOCK_DNS_RECURSE = 1 << 0, /* RD: follow the delegations for us */
  GSOCK_DNS_EDNS = 1 << 1,
  GSOCK_DNS_SECURE = 1 << 2,    /* DO: signatures too; needs EDNS */
  GSOCK_DNS_UNCHECKED = 1 << 3, /* CD: bad ones as well */
} GsockDnsFlags;

typedef struct
{
  guint8 rcode; /* the header's four bits */
  gboolean truncated;
} GsockDnsHeader;

/* @host: "www.example.org", its dots and others escaped as \. and \046, in
 * ASCII; FALSE with GSOCK_ERROR_NAME where it can't be a name. */
gboolean gsock_dns_question_init (GsockDnsQuestion *question, const char *host,
                                  guint16 type, GError **error);

/* A name of the wire, not compressed, as zone files have it: "www.example.org."
 * with all but letters, digits and the like escaped; free with g_free. */
char *gsock_dns_name_to_text (const guint8 *name, gsize size);

/* Into @buffer, of GSOCK_DNS_QUERY_MAX bytes; how many were written. */
gsize gsock_dns_write_query (guint8 *buffer, guint16 id,
                             const GsockDnsQuestion *question, guint flags);

/* Whether @data is an answer with that @id to that @question, which nobody
 * guesses from afar; pure.  Nothing else of it has been looked at. */
gboolean gsock_dns_is_answer (const guint8 *data, gsize size, guint16 id,
                              const GsockDnsQuestion *question,
                              GsockDnsHeader *header);

G_END_DECLS

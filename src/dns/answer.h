/* answer.h: what a DNS answer says, in plain data
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "dns/client.h"
#include "dns/security.h"

G_BEGIN_DECLS

/* All strings are as zone files have them, but may hold anything that a server
 * has sent where ldns doesn't escape it: escape them before they are shown. */
typedef struct
{
  char *owner; /* "www.example.org."; the others stand behind it */
  guint32 ttl;
  guint16 type;
  gboolean stray; /* neither of the name asked for nor of an alias of it */
  const char *type_name;
  const char *data;
} GsockDnsRecord;

typedef enum
{
  GSOCK_DNS_FOUND,
  GSOCK_DNS_NO_NAME,    /* NXDOMAIN */
  GSOCK_DNS_NO_DATA,    /* the name exists, without that type */
  GSOCK_DNS_LOOP,       /* aliases that lead back to themselves */
  GSOCK_DNS_DANGLING,   /* an alias of a name that isn't there or has no data */
  GSOCK_DNS_UNFOLLOWED, /* an alias, and no word of its target */
  GSOCK_DNS_LAME,       /* it knows nothing and asks nobody */
  GSOCK_DNS_FAILED,     /* another rcode */
  GSOCK_DNS_NO_ANSWER,  /* nobody answered, or nobody who should know */
} GsockDnsVerdict;

typedef struct
{
  guint16 type; /* what was asked for */
  GsockDnsVerdict verdict;
  guint rcode;
  gboolean aa, ra, ad;
  GPtrArray *records; /* (element-type GsockDnsRecord) the answer's */
  char *target;       /* where the aliases lead, or NULL */
  int ede;            /* info-code, or -1 */
  char *ede_text;     /* of the server; or NULL */
  char *server;       /* "udp://192.0.2.1:53"; NULL: NO_ANSWER */
  GError *error;      /* of NO_ANSWER: why, where that is known; or NULL */
  const char *via;    /* "udp" */
  gsize size;
  gint64 duration;    /* µs */
  GPtrArray *steps;   /* (element-type GsockDnsStep) of a trace, or NULL */
  GPtrArray *earlier; /* (element-type GsockDnsAnswer) of a trace: those whose
                         aliases have led to it, or NULL */
  GBytes *message;    /* where signatures were asked for, or NULL */
  GsockDnsSecurity *security; /* NULL: not checked */
} GsockDnsAnswer;

const char *gsock_dns_verdict_name (GsockDnsVerdict verdict); /* "found" */

/* (element-type GsockDnsRecord) None as yet. */
GPtrArray *gsock_dns_records_new (void);
/* One that says nothing as yet: NO_ANSWER. */
GsockDnsAnswer *gsock_dns_answer_new_empty (guint16 type);
/* @security: copied; once. */
void gsock_dns_answer_set_security (GsockDnsAnswer *answer,
                                    const GsockDnsSecurity *security);
/* Pure; @data may hold anything.  NULL with GSOCK_ERROR_FAILED where it can't
 * be read. */
GsockDnsAnswer *gsock_dns_answer_parse (const guint8 *data, gsize size,
                                        const GsockDnsQuestion *question,
                                        GError **error);
/* The same of a reply, with who gave it. */
GsockDnsAnswer *gsock_dns_answer_new (const GsockDnsReply *reply,
                                      const GsockDnsQuestion *question,
                                      GError **error);
void gsock_dns_answer_free (GsockDnsAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GsockDnsAnswer, gsock_dns_answer_free)

/* Whether nothing is known after it. */
gboolean gsock_dns_answer_has_failed (const GsockDnsAnswer *answer);
/* (element-type GsockDnsAnswer): the one, of several types, that is told of all
 * of them: the first that failed, or else that found, or else the first. */
const GsockDnsAnswer *gsock_dns_answers_get_main (const GPtrArray *answers);

/* Sets @error for what isn't FOUND: GSOCK_ERROR_NAME, _REMOTE; of NO_ANSWER its
 * own, if it has one. */
void gsock_dns_answer_set_error (const GsockDnsAnswer *answer, const char *host,
                                 GError **error);

G_END_DECLS

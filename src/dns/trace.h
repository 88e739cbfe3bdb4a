/* trace.h: a name followed from the root down, each step remembered
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "dns/lookup.h"

G_BEGIN_DECLS

typedef enum
{
  GSOCK_DNS_STEP_REFERRAL,    /* others know more: target */
  GSOCK_DNS_STEP_ANSWER,      /* here are the records */
  GSOCK_DNS_STEP_ALIAS,       /* of target, which is sought from the root */
  GSOCK_DNS_STEP_NO_NAME,     /* NXDOMAIN */
  GSOCK_DNS_STEP_NO_DATA,     /* nothing of that type */
  GSOCK_DNS_STEP_LOOP,        /* aliases that lead back, to target */
  GSOCK_DNS_STEP_LAME,        /* it knows nothing of what it should serve */
  GSOCK_DNS_STEP_RCODE,       /* it answered with an error */
  GSOCK_DNS_STEP_SILENT,      /* it did not answer */
  GSOCK_DNS_STEP_UNREACHABLE, /* it can't be asked: message */
  GSOCK_DNS_STEP_NEEDED,      /* where it is has to be found out first */
  GSOCK_DNS_STEP_NO_GLUE,     /* where it is can't be found out */
} GsockDnsStepKind;

/* One server asked, or why it could not be. */
typedef struct
{
  GsockDnsStepKind kind;
  guint depth; /* 0; deeper where a name server's address is sought */
  char *zone;  /* whose servers are asked: "org." */
  char *name;  /* what about */
  guint16 type;
  char *server;    /* "ns.example.org." */
  char *address;   /* its; NULL: none is known */
  const char *via; /* "udp"; NULL: no answer */
  gint64 duration; /* µs */
  gsize size;      /* of the answer */
  char *target;    /* a zone, an alias's name; or NULL */
  guint servers, addresses;
  gboolean has_digest;
  guint rcode;
  char *message; /* or NULL */
} GsockDnsStep;

const char *gsock_dns_step_name (GsockDnsStepKind kind); /* "referral" */

/* All traces of a thread, and where they begin. */
typedef struct _GsockDnsTracer GsockDnsTracer;
typedef struct _GsockDnsTrace GsockDnsTrace;

/* @hints: (transfer full) (element-type GsockDnsNameServer); @family: of the
 * servers that are asked, AF_UNSPEC: both.  gsock_ldns_load() first. */
GsockDnsTracer *gsock_dns_tracer_new (GPtrArray *hints, int family,
                                      GsockWorker *worker);
void gsock_dns_tracer_free (GsockDnsTracer *tracer); /* without traces */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GsockDnsTracer, gsock_dns_tracer_free)

/* As gsock_dns_lookup_start(); @func gets one answer with its steps, beside an
 * error too. */
GsockDnsTrace *gsock_dns_trace_start (GsockDnsTracer *tracer, const char *host,
                                      guint16 type, GsockDnsLookupFunc func,
                                      gpointer data, GError **error);
/* The same of a question that is one already. */
GsockDnsTrace *gsock_dns_trace_question (GsockDnsTracer *tracer,
                                         const GsockDnsQuestion *question,
                                         GsockDnsLookupFunc func,
                                         gpointer data);
/* (transfer full): what has been done so far, as an answer; the trace is to be
 * cancelled then. */
GsockDnsAnswer *gsock_dns_trace_take (GsockDnsTrace *trace);
void gsock_dns_trace_cancel (GsockDnsTrace *trace);

G_END_DECLS

/* trace-private.h: what the parts of a trace share
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "dns/hints.h"
#include "dns/name.h"
#include "dns/trace.h"

G_BEGIN_DECLS

/* Where a server of a zone may be asked; without an address this has to be
 * found out. */
typedef struct
{
  char *server;
  char *address;
  gboolean inside;
} Place;

typedef struct
{
  GsockDnsQuestion question;
  GsockDnsQuestion zone; /* its name alone */
  char *zone_text;
  GPtrArray *places; /* (element-type Place) */
  guint next;
  GPtrArray *names; /* those sought so far: it, and what they are aliases of */
  GPtrArray *records; /* the aliases */
  GPtrArray *earlier; /* (element-type GsockDnsAnswer) which had them */
} Stretch;

struct _GsockDnsTracer
{
  GPtrArray *hints;
  int family;
  GsockWorker *worker;
  GPtrArray *spent; /* clients of traces that are over */
  GSource *sweep;
};

struct _GsockDnsTrace
{
  GsockDnsTracer *tracer;
  GsockDnsLookupFunc func;
  gpointer data;
  char *host;
  GPtrArray *stretches; /* (element-type Stretch) the last is worked on */
  GPtrArray *steps;     /* (element-type GsockDnsStep) */
  GPtrArray *clients;   /* (element-type GsockDns) one a server */
  GHashTable *by_address;
  GsockTimer begin;
  GsockDnsQuery *query; /* NULL: none is under way */
  const Place *asked;
  GError *problem; /* the last server's, that did not answer */
};

/* trace-way.c */
Stretch *trace_top (GsockDnsTrace *self);
Stretch *trace_push (GsockDnsTrace *self, const GsockDnsQuestion *question);
void trace_stretch_free (gpointer stretch);
void trace_set_zone (GsockDnsTrace *self, Stretch *stretch, const char *zone,
                     const GPtrArray *servers);
void trace_start_from_root (GsockDnsTrace *self, Stretch *stretch);
void trace_add_place (Stretch *stretch, guint at,
                      const GsockDnsNameServer *server, const char *address);
gboolean trace_is_within_zone (const Stretch *stretch, const char *name);
gboolean trace_was_sought (const Stretch *stretch, const char *name);
GsockDnsStep *trace_add_step (GsockDnsTrace *self, GsockDnsStepKind kind,
                              const Place *place);
void trace_step_free (gpointer step);

G_END_DECLS

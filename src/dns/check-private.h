/* check-private.h: what the parts of a check share
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <string.h>

#include "dns/check.h"

G_BEGIN_DECLS

typedef enum
{
  LINK_KEYS, /* of a zone */
  LINK_DS,   /* a zone begins here, and these vouch for its keys */
  LINK_SAME, /* no zone begins here */
  LINK_END,  /* nothing below is secure, and why */
} LinkKind;

/* Counted, as a target may use one that is forgotten meanwhile. */
typedef struct
{
  guint references;
  LinkKind kind;
  ldns_rr_list *records; /* deep, or NULL */
  GsockDnsSecurity end;
} Link;

struct _GsockDnsChecker
{
  GsockDns *dns;
  GsockWorker *worker;
  ldns_rr_list *anchors;
  GsockDnsTracer *tracer; /* who asks from the root down; NULL: dns is asked */
  GHashTable *links;      /* "K" and "D" before a name -> Link */
};

typedef struct
{
  GsockDnsQuestion question;
  gboolean is_denied;
  gboolean is_missing; /* the name itself is */
} Target;

struct _GsockDnsCheck
{
  GsockDnsChecker *checker;
  GsockDnsCheckFunc func;
  gpointer data;
  GsockTimer begin;
  GsockLdnsPacket *packet;
  GArray *targets;
  guint next;
  gboolean is_too_much; /* there are more targets than are checked */
  Target target;
  GsockDnsQuestion limit; /* the zone that should have signed it, or the name */
  GsockDnsQuestion zone;  /* where we are */
  guint labels;           /* of the limit that have been looked at */
  Link *vouched;          /* DS of the zone, whose keys are not known yet */
  Link *keys;             /* of the zone */
  GsockDnsQuestion asked;
  GsockDnsQuery *query;
  GsockDnsTrace *trace; /* the same, by the tracer */
  GsockDnsSecurity worst;
};

static inline void
check_set_name (GsockDnsQuestion *question, GsockDnsName name)
{
  memcpy (question->name, name.data, name.size);
  question->size = (guint8) name.size;
}

/* check-targets.c: whether a message has no more records than are looked at. */
gboolean check_is_small (const ldns_pkt *packet);
/* All that the packet says; FALSE: more than is checked.  And of one of them, its
 * limit. */
gboolean check_add_targets (GsockDnsCheck *self, const GsockDnsAnswer *answer);
void check_set_limit (GsockDnsCheck *self);

G_END_DECLS

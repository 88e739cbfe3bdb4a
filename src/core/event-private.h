/* event-private.h: the table of facts, for those who write them out
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/event.h"

G_BEGIN_DECLS

/* How a fact is shown. */
typedef enum
{
  GSOCK_FORM_NUMBER,
  GSOCK_FORM_ORDINAL, /* 0 is none: not written */
  GSOCK_FORM_BYTES,   /* for people: "12.3 MB" */
  GSOCK_FORM_TIME,    /* µs; seconds in JSON, "1.5 s" for people */
  GSOCK_FORM_STRING,
  GSOCK_FORM_WORD, /* a string that may stand for a clause */
  GSOCK_FORM_RULE, /* a string; NULL: no rule was there */
  GSOCK_FORM_ALPN, /* a string or nothing; ", ALPN h2" for people */
  GSOCK_FORM_ENDPOINT,
  GSOCK_FORM_PEER,
  GSOCK_FORM_VIA, /* another peer, or none */
  GSOCK_FORM_PAYLOAD,
  GSOCK_FORM_ERRNO,
  GSOCK_FORM_ERROR,
  GSOCK_FORM_CALL,
} GsockForm;

/* A row of event.c's. */
typedef struct
{
  const char *key;         /* in JSON */
  const char *placeholder; /* in sentences */
  GsockForm form;
  gsize offset; /* in GsockEvent */
} GsockFact;

/* The @i-th of those that @kind carries, in the order of JSON; NULL: no more. */
const GsockFact *gsock_event_fact (GsockEventKind kind, gsize i);
/* With {placeholders}; in the user's language; "" for a call. */
const char *gsock_event_sentence (const GsockEvent *event);

guint64 gsock_fact_number (const GsockFact *fact, const GsockEvent *event);
const char *gsock_fact_string (const GsockFact *fact, const GsockEvent *event);
const GsockEndpoint *gsock_fact_endpoint (const GsockFact *fact,
                                          const GsockEvent *event);

G_END_DECLS

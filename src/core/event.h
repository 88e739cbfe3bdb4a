/* event.h: the vocabulary of what can happen, and the facts each one carries
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/endpoint.h"
#include "core/peer.h"

G_BEGIN_DECLS

typedef enum
{
  GSOCK_LEVEL_ERROR, /* shown even with --quiet */
  GSOCK_LEVEL_WARNING,
  GSOCK_LEVEL_NOTICE, /* shown by default */
  GSOCK_LEVEL_INFO,   /* with -v, and with --json */
  GSOCK_LEVEL_DEBUG,  /* with -v -v */
  GSOCK_LEVEL_CALL,   /* with --explain */
} GsockLevel;

/* One row each in the table of event.c: JSON name, level, which facts it
 * carries, the sentence (with {facts} in braces) and its translation. */
typedef enum
{
  GSOCK_EVENT_ERROR,          /* id peer error */
  GSOCK_EVENT_WARNING,        /* id peer error */
  GSOCK_EVENT_LISTENING,      /* local */
  GSOCK_EVENT_READY,          /* */
  GSOCK_EVENT_ACCEPTED,       /* id local peer via called */
  GSOCK_EVENT_DENIED,         /* local peer text (the rule or limit; NULL:
                                 the default, no rule allows it) */
  GSOCK_EVENT_BAD_HEADER,     /* local peer error: its PROXY header was none */
  GSOCK_EVENT_FULL,           /* count: new clients wait in the backlog */
  GSOCK_EVENT_RESUMED,        /* count */
  GSOCK_EVENT_ACCEPT_FAILED,  /* local errnum: paused for a moment */
  GSOCK_EVENT_RESOLVING,      /* text */
  GSOCK_EVENT_RESOLVED,       /* text (name), detail (addresses) */
  GSOCK_EVENT_CONNECTING,     /* remote */
  GSOCK_EVENT_ATTEMPT_FAILED, /* remote errnum */
  GSOCK_EVENT_CONNECTED,      /* id side local remote */
  GSOCK_EVENT_RETRYING,       /* remote duration error */
  GSOCK_EVENT_HALF_CLOSED,    /* id side peer: the peer has no more to say */
  GSOCK_EVENT_IDLE,      /* id side peer duration: closed by --idle-timeout */
  GSOCK_EVENT_TOO_SLOW,  /* id peer size (bytes lost): dropped */
  GSOCK_EVENT_CLOSED,    /* id side peer in out duration text (a word of
                                 event-text.c's, "clean") */
  GSOCK_EVENT_DATA,      /* id side peer data size text ("in" or "out") count
                                 (of bytes before, for the hex dump) */
  GSOCK_EVENT_STOP_WORD, /* id peer */
  GSOCK_EVENT_STOPPING,  /* text (why: a word of event-text.c's, a
                                 signal's name; NULL: an error) count
                                 (clients left) */
  GSOCK_EVENT_DRAIN_TIMEOUT, /* count (clients cut) duration */
  GSOCK_EVENT_STOPPED,       /* count (clients served) in out duration */
  GSOCK_EVENT_RELOADED,      /* */
  GSOCK_EVENT_REMOVED,       /* text (path) */
  GSOCK_EVENT_STATS,         /* active count in out duration */
  GSOCK_EVENT_TLS,           /* id peer text (version) detail (cipher) alpn
                                names pin: shaken hands */
  GSOCK_EVENT_TLS_PIN,       /* pin: of the certificate made for us */
  GSOCK_EVENT_CHILD_STARTED, /* id peer child */
  GSOCK_EVENT_CHILD_ENDED,   /* id peer child duration text ("exited" or
                                 "killed") count (its status, or the signal) */
  GSOCK_EVENT_CALL,          /* the call facts */
  GSOCK_N_EVENTS,
} GsockEventKind;

/* The facts, on the emitter's stack; everything is borrowed for the call.
 * Strings are raw: each writer escapes them for where they go. */
typedef struct
{
  GsockEventKind kind;
  guint64 id; /* connection number, from 1 */
  const GsockEndpoint *local;
  const GsockEndpoint *remote; /* what a client was asked to reach */
  const GsockPeer *peer;
  const GsockPeer *via; /* the balancer that has spoken for @peer; NULL: none */
  const GsockEndpoint *called; /* where @via says that @peer came to; or NULL */
  const char *side; /* "upstream": the other half of connection @id */
  const char *text;
  const char *detail;
  const char *data; /* payload, @size bytes */
  guint64 size;
  guint64 in, out; /* bytes */
  guint64 count, active;
  gint64 duration; /* microseconds */
  guint64 child;   /* its process id */
  int errnum;
  const GError *error;
  /* Of TLS; NULL: none */
  const char *alpn;  /* the protocol that was agreed on */
  const char *names; /* whom the peer's certificate is for */
  const char *pin;   /* its fingerprint, "sha256:9f86…" */
  /* GSOCK_EVENT_CALL, filled by call.c */
  int call;          /* a GsockCall */
  const char *topic; /* which lesson: "AF_UNIX", "SO_REUSEADDR" */
  gint64 result;
} GsockEvent;

typedef char *(*GsockErrorNamer) (const GError *error);
void gsock_event_set_error_namer (GsockErrorNamer func);

const char *gsock_event_name (GsockEventKind kind); /* JSON, "too-slow" */
GsockLevel gsock_event_level (GsockEventKind kind);

/* The sentence in the user's language, every fact escaped for a terminal or
 * log; UTF-8; no program name, no final newline.  Free with g_free. */
char *gsock_event_to_text (const GsockEvent *event);

/* One JSON object and a newline: "event", "time" (UTC, ISO 8601, ms), then
 * the facts of its kind under fixed keys, in the order of GsockEvent. */
void gsock_event_append_json (GString *string, const GsockEvent *event);

G_END_DECLS

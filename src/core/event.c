/* event.c: the vocabulary of what can happen, and the facts each one carries
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Two tables say all there is to say.  facts[] has a row for each fact: its
 * key in JSON, its {placeholder} in sentences, and how it is shown in both.
 * rows[] has a row for each kind of event: its name, its level, the facts it
 * carries in the order JSON shows them, and its sentence.  Placeholders have
 * names so that a translation may put them in any order; a sentence can use
 * the facts of its own kind and no others.
 *
 * What is ours (sentences) is never escaped and what came from outside (facts)
 * always is, so no fact can look like a piece of our own text. */

#include "config.h"

#include "core/event.h"

#include <glib/gi18n-lib.h>

#include "core/event-private.h"

/* Marks a sentence that depends on a count: xgettext --keyword=NP_:1,2. */
#define NP_(singular, plural) singular, plural

typedef enum
{
  FACT_NONE,
  FACT_ID,
  FACT_SIDE,
  FACT_LOCAL,
  FACT_REMOTE,
  FACT_PEER,
  FACT_VIA,
  FACT_CALLED,
  FACT_RULE,
  FACT_NAME,
  FACT_ADDRESSES,
  FACT_PATH,
  FACT_REASON,
  FACT_DIRECTION,
  FACT_SIZE,
  FACT_DATA,
  FACT_IN,
  FACT_OUT,
  FACT_ACTIVE,
  FACT_CLIENTS,
  FACT_SECONDS,
  FACT_ERRNO,
  FACT_ERROR,
  FACT_VERSION,
  FACT_CIPHER,
  FACT_ALPN,
  FACT_NAMES,
  FACT_PIN,
  FACT_CALL,
  FACT_PID,
  FACT_STATUS,
  N_FACTS,
} Fact;

#define AT(member) G_STRUCT_OFFSET (GsockEvent, member)

static const GsockFact facts[N_FACTS] = {
  [FACT_ID] = { "id", "id", GSOCK_FORM_ORDINAL, AT (id) },
  [FACT_SIDE] = { "side", NULL, GSOCK_FORM_STRING, AT (side) },
  [FACT_LOCAL] = { "local", "local", GSOCK_FORM_ENDPOINT, AT (local) },
  [FACT_REMOTE] = { "remote", "remote", GSOCK_FORM_ENDPOINT, AT (remote) },
  [FACT_PEER] = { "peer", "peer", GSOCK_FORM_PEER, AT (peer) },
  [FACT_VIA] = { "via", "via", GSOCK_FORM_VIA, AT (via) },
  [FACT_CALLED] = { "called", "called", GSOCK_FORM_ENDPOINT, AT (called) },
  [FACT_RULE] = { "rule", "rule", GSOCK_FORM_RULE, AT (text) },
  [FACT_NAME] = { "name", "name", GSOCK_FORM_STRING, AT (text) },
  [FACT_ADDRESSES] = { "addresses", "addresses", GSOCK_FORM_STRING,
                       AT (detail) },
  [FACT_PATH] = { "path", "path", GSOCK_FORM_STRING, AT (text) },
  [FACT_REASON] = { "reason", "reason", GSOCK_FORM_WORD, AT (text) },
  [FACT_DIRECTION] = { "direction", "direction", GSOCK_FORM_STRING, AT (text) },
  [FACT_SIZE] = { "size", "size", GSOCK_FORM_BYTES, AT (size) },
  [FACT_DATA] = { "data", NULL, GSOCK_FORM_PAYLOAD, AT (data) },
  [FACT_IN] = { "in", "in", GSOCK_FORM_BYTES, AT (in) },
  [FACT_OUT] = { "out", "out", GSOCK_FORM_BYTES, AT (out) },
  [FACT_ACTIVE] = { "active", "active", GSOCK_FORM_NUMBER, AT (active) },
  [FACT_CLIENTS] = { "clients", "clients", GSOCK_FORM_NUMBER, AT (count) },
  [FACT_SECONDS] = { "seconds", "duration", GSOCK_FORM_TIME, AT (duration) },
  [FACT_ERRNO] = { "errno", "errno", GSOCK_FORM_ERRNO, AT (errnum) },
  [FACT_ERROR] = { NULL, "message", GSOCK_FORM_ERROR, AT (error) },
  [FACT_VERSION] = { "version", "version", GSOCK_FORM_STRING, AT (text) },
  [FACT_CIPHER] = { "cipher", "cipher", GSOCK_FORM_STRING, AT (detail) },
  [FACT_ALPN] = { "alpn", "alpn", GSOCK_FORM_ALPN, AT (alpn) },
  [FACT_NAMES] = { "names", "names", GSOCK_FORM_STRING, AT (names) },
  [FACT_PIN] = { "pin", "pin", GSOCK_FORM_STRING, AT (pin) },
  [FACT_PID] = { "child", "pid", GSOCK_FORM_NUMBER, AT (child) },
  [FACT_STATUS] = { "status", "status", GSOCK_FORM_NUMBER, AT (count) },
  [FACT_CALL] = { NULL, NULL, GSOCK_FORM_CALL, 0 },
};

typedef struct
{
  const char *name;
  GsockLevel level;
  Fact facts[8];
  const char *sentence;
  const char *plural; /* by {clients}; or NULL */
} Row;

/* TRANSLATORS: words in {braces} stand for facts: keep them as they are, each
 * one where your language wants it.  {peer}, {local} and {remote} are addresses
 * ("127.0.0.1:3490", "/run/app.sock"), {size}, {in} and {out} are sizes with
 * their unit ("12.3 MB"), {duration} is a time with its unit ("1.5 s"). */
static const Row rows[GSOCK_N_EVENTS] = {
  [GSOCK_EVENT_ERROR] = { "error",
                          GSOCK_LEVEL_ERROR,
                          { FACT_ID, FACT_PEER, FACT_ERROR },
                          "{message}",
                          NULL },
  [GSOCK_EVENT_WARNING] = { "warning",
                            GSOCK_LEVEL_WARNING,
                            { FACT_ID, FACT_PEER, FACT_ERROR },
                            "{message}",
                            NULL },
  [GSOCK_EVENT_LISTENING] = { "listening",
                              GSOCK_LEVEL_NOTICE,
                              { FACT_LOCAL },
                              N_ ("Listening on {local}"),
                              NULL },
  [GSOCK_EVENT_READY] = { "ready",
                          GSOCK_LEVEL_INFO,
                          { FACT_NONE },
                          N_ ("Ready"),
                          NULL },
  [GSOCK_EVENT_ACCEPTED] = { "accepted",
                             GSOCK_LEVEL_INFO,
                             { FACT_ID, FACT_LOCAL, FACT_PEER, FACT_VIA,
                               FACT_CALLED },
                             N_ ("Connection {id}: {peer} connected to "
                                 "{local}"),
                             NULL },
  [GSOCK_EVENT_DENIED] = { "denied",
                           GSOCK_LEVEL_NOTICE,
                           { FACT_LOCAL, FACT_PEER, FACT_RULE },
                           /* TRANSLATORS: {rule} is a rule or limit that the
                            * user gave, or words like "no rule allows it". */
                           N_ ("Refused {peer} on {local}: {rule}"),
                           NULL },
  [GSOCK_EVENT_BAD_HEADER] = { "bad-proxy-header",
                               GSOCK_LEVEL_NOTICE,
                               { FACT_LOCAL, FACT_PEER, FACT_ERROR },
                               /* TRANSLATORS: {message} begins with a verb:
                                * "sent ... where a PROXY header should
                                * begin", "ended before ...". */
                               N_ ("Refused {peer} on {local}: it {message}"),
                               NULL },
  [GSOCK_EVENT_FULL] = { "full",
                         GSOCK_LEVEL_NOTICE,
                         { FACT_CLIENTS },
                         NP_ ("Full with {clients} client; new ones wait in "
                              "the backlog",
                              "Full with {clients} clients; new ones wait in "
                              "the backlog") },
  [GSOCK_EVENT_RESUMED] = { "resumed",
                            GSOCK_LEVEL_INFO,
                            { FACT_CLIENTS },
                            NP_ ("Accepting clients again; {clients} is "
                                 "connected",
                                 "Accepting clients again; {clients} are "
                                 "connected") },
  [GSOCK_EVENT_ACCEPT_FAILED] = { "accept-failed",
                                  GSOCK_LEVEL_WARNING,
                                  { FACT_LOCAL, FACT_ERRNO },
                                  N_ ("Cannot accept a client on {local}: "
                                      "{errno}; trying again in a moment"),
                                  NULL },
  [GSOCK_EVENT_RESOLVING] = { "resolving",
                              GSOCK_LEVEL_INFO,
                              { FACT_NAME },
                              N_ ("Looking up {name}"),
                              NULL },
  [GSOCK_EVENT_RESOLVED] = { "resolved",
                             GSOCK_LEVEL_INFO,
                             { FACT_NAME, FACT_ADDRESSES },
                             N_ ("{name} is at {addresses}"),
                             NULL },
  [GSOCK_EVENT_CONNECTING] = { "connecting",
                               GSOCK_LEVEL_INFO,
                               { FACT_REMOTE },
                               N_ ("Connecting to {remote}"),
                               NULL },
  [GSOCK_EVENT_ATTEMPT_FAILED] = { "attempt-failed",
                                   GSOCK_LEVEL_INFO,
                                   { FACT_REMOTE, FACT_ERRNO },
                                   N_ ("No connection to {remote}: {errno}"),
                                   NULL },
  [GSOCK_EVENT_CONNECTED] = { "connected",
                              GSOCK_LEVEL_INFO,
                              { FACT_ID, FACT_SIDE, FACT_LOCAL, FACT_REMOTE },
                              N_ ("Connected to {remote}"),
                              NULL },
  [GSOCK_EVENT_RETRYING] = { "retrying",
                             GSOCK_LEVEL_NOTICE,
                             { FACT_REMOTE, FACT_SECONDS, FACT_ERROR },
                             /* TRANSLATORS: {message} is the whole message of
                              * an error, "Cannot connect to ADDRESS: ...". */
                             N_ ("{message}; trying again in {duration}"),
                             NULL },
  [GSOCK_EVENT_HALF_CLOSED] = { "half-closed",
                                GSOCK_LEVEL_INFO,
                                { FACT_ID, FACT_SIDE, FACT_PEER },
                                N_ ("Connection {id}: {peer} has no more to "
                                    "send"),
                                NULL },
  /* For these two the connection's error says it too, to everybody. */
  [GSOCK_EVENT_IDLE] = { "idle",
                         GSOCK_LEVEL_INFO,
                         { FACT_ID, FACT_SIDE, FACT_PEER, FACT_SECONDS },
                         N_ ("Connection {id}: closed, nothing came from "
                             "{peer} or went to it for {duration}"),
                         NULL },
  [GSOCK_EVENT_TOO_SLOW] = { "too-slow",
                             GSOCK_LEVEL_INFO,
                             { FACT_ID, FACT_PEER, FACT_SIZE },
                             N_ ("Connection {id}: dropped, {peer} reads too "
                                 "slowly; {size} could not be sent"),
                             NULL },
  [GSOCK_EVENT_CLOSED] = { "closed",
                           GSOCK_LEVEL_INFO,
                           { FACT_ID, FACT_SIDE, FACT_PEER, FACT_IN, FACT_OUT,
                             FACT_SECONDS, FACT_REASON },
                           /* TRANSLATORS: {reason} is a clause, "both sides
                            * ended cleanly". */
                           N_ ("Connection {id}: {peer} closed after "
                               "{duration}, {in} received, {out} sent: "
                               "{reason}"),
                           NULL },
  [GSOCK_EVENT_DATA] = { "data",
                         GSOCK_LEVEL_DEBUG,
                         { FACT_ID, FACT_SIDE, FACT_PEER, FACT_DIRECTION,
                           FACT_SIZE, FACT_DATA },
                         N_ ("Connection {id}: {size} from {peer}"),
                         NULL },
  [GSOCK_EVENT_STOP_WORD] = { "stop-word",
                              GSOCK_LEVEL_NOTICE,
                              { FACT_ID, FACT_PEER },
                              /* TRANSLATORS: the stop word ("quit") is a
                               * message that ends the server. */
                              N_ ("{peer} sent the stop word"),
                              NULL },
  [GSOCK_EVENT_STOPPING] = { "stopping",
                             GSOCK_LEVEL_NOTICE,
                             { FACT_REASON, FACT_CLIENTS },
                             /* TRANSLATORS: {reason} is the name of a signal
                              * ("SIGTERM") or a clause ("no client came in
                              * time"). */
                             NP_ ("Stopping ({reason}); {clients} client is "
                                  "still connected",
                                  "Stopping ({reason}); {clients} clients are "
                                  "still connected") },
  [GSOCK_EVENT_DRAIN_TIMEOUT] = { "drain-timeout",
                                  GSOCK_LEVEL_WARNING,
                                  { FACT_CLIENTS, FACT_SECONDS },
                                  NP_ ("{clients} client had not finished "
                                       "after {duration} and was cut",
                                       "{clients} clients had not finished "
                                       "after {duration} and were cut") },
  [GSOCK_EVENT_STOPPED] = { "stopped",
                            GSOCK_LEVEL_INFO,
                            { FACT_CLIENTS, FACT_IN, FACT_OUT, FACT_SECONDS },
                            NP_ ("Stopped after {duration}: {clients} client "
                                 "served, {in} received, {out} sent",
                                 "Stopped after {duration}: {clients} clients "
                                 "served, {in} received, {out} sent") },
  [GSOCK_EVENT_RELOADED] = { "reloaded",
                             GSOCK_LEVEL_NOTICE,
                             { FACT_NONE },
                             N_ ("The files were read again"),
                             NULL },
  [GSOCK_EVENT_REMOVED] = { "removed",
                            GSOCK_LEVEL_INFO,
                            { FACT_PATH },
                            N_ ("Removed {path}"),
                            NULL },
  [GSOCK_EVENT_STATS] = { "stats",
                          GSOCK_LEVEL_NOTICE,
                          { FACT_ACTIVE, FACT_CLIENTS, FACT_IN, FACT_OUT,
                            FACT_SECONDS },
                          N_ ("Connections now {active}, so far {clients}; "
                              "{in} received, {out} sent in {duration}"),
                          NULL },
  [GSOCK_EVENT_TLS] = { "tls",
                        GSOCK_LEVEL_INFO,
                        { FACT_ID, FACT_PEER, FACT_VERSION, FACT_CIPHER,
                          FACT_ALPN, FACT_NAMES, FACT_PIN },
                        /* TRANSLATORS: {version} is "TLS 1.3", {alpn} is ""
                         * or ", ALPN h2", {names} those in the peer's
                         * certificate, {pin} its fingerprint. */
                        N_ ("{version} with {peer}: {cipher}{alpn}; "
                            "certificate for {names}, {pin}"),
                        NULL },
  [GSOCK_EVENT_TLS_PIN] = { "tls-pin",
                            GSOCK_LEVEL_NOTICE,
                            { FACT_PIN },
                            /* TRANSLATORS: --pin is an option of the other
                             * side's. */
                            N_ ("Made a certificate for this run; clients can "
                                "know it by --pin={pin}"),
                            NULL },
  [GSOCK_EVENT_CHILD_STARTED] = { "child-started",
                                  GSOCK_LEVEL_INFO,
                                  { FACT_ID, FACT_PEER, FACT_PID },
                                  N_ ("Connection {id}: process {pid} serves "
                                      "{peer}"),
                                  NULL },
  [GSOCK_EVENT_CHILD_ENDED] = { "child-ended",
                                GSOCK_LEVEL_INFO,
                                { FACT_ID, FACT_PEER, FACT_PID, FACT_SECONDS,
                                  FACT_REASON, FACT_STATUS },
                                /* TRANSLATORS: {reason} is "with status" or
                                 * "by signal", {status} the number of it. */
                                N_ ("Connection {id}: process {pid} ended "
                                    "{reason} {status} after {duration}"),
                                NULL },
  [GSOCK_EVENT_CALL] = { "call", GSOCK_LEVEL_CALL, { FACT_CALL }, NULL, NULL },
};

/* The other half of GSOCK_EVENT_DATA. */
static const char data_out[] = N_ ("Connection {id}: {size} to {peer}");
/* GSOCK_EVENT_CONNECTED for a client of ours. */
static const char connected_upstream[] = N_ (
    "Connection {id}: connected on to {remote}");

/* GSOCK_EVENT_ACCEPTED where a balancer stands between. */
static const char accepted_via[] = N_ ("Connection {id}: {peer} connected to "
                                       "{local} through {via}");
/* TRANSLATORS: {called} is the balancer's address that the client connected
 * to, {local} ours that the balancer {via} connected to. */
static const char accepted_called[] = N_ ("Connection {id}: {peer} connected "
                                          "to {called}, and {via} for it to "
                                          "{local}");

/* GSOCK_EVENT_TLS where the peer shows no certificate. */
static const char tls_nameless[] = N_ ("{version} with {peer}: "
                                       "{cipher}{alpn}");

static const Row *
row_of (GsockEventKind kind)
{
  static const Row unknown = {
    "unknown", GSOCK_LEVEL_DEBUG, { FACT_NONE }, "", NULL
  };

  return (guint) kind < GSOCK_N_EVENTS ? &rows[kind] : &unknown;
}

/**
 * gsock_event_name:
 * @kind: a kind of event
 *
 * Returns: its name in JSON, "too-slow"; never translated
 */
const char *
gsock_event_name (GsockEventKind kind)
{
  return row_of (kind)->name;
}

/**
 * gsock_event_level:
 * @kind: a kind of event
 *
 * Returns: how much it matters, and so who sees it
 */
GsockLevel
gsock_event_level (GsockEventKind kind)
{
  return row_of (kind)->level;
}

/* The @i-th fact that @kind carries; %NULL behind the last. */
const GsockFact *
gsock_event_fact (GsockEventKind kind, gsize i)
{
  const Row *row = row_of (kind);

  return i < G_N_ELEMENTS (row->facts) && row->facts[i] != FACT_NONE
             ? &facts[row->facts[i]]
             : NULL;
}

/* Its {placeholders} not replaced yet. */
const char *
gsock_event_sentence (const GsockEvent *event)
{
  const Row *row = row_of (event->kind);
  /* An n over the range of ngettext's is cut so that no language's rule can
   * take it for another class: all rules look at n modulo a power of ten. */
  gulong n = event->count < 1000000
                 ? (gulong) event->count
                 : (gulong) (event->count % 1000000 + 1000000);

  if (row->plural != NULL)
    return g_dngettext (GETTEXT_PACKAGE, row->sentence, row->plural, n);
  if (event->kind == GSOCK_EVENT_DATA && g_strcmp0 (event->text, "out") == 0)
    return _ (data_out);
  if (event->kind == GSOCK_EVENT_CONNECTED && event->side != NULL)
    return _ (connected_upstream);
  if (event->kind == GSOCK_EVENT_ACCEPTED && event->called != NULL)
    return _ (accepted_called);
  if (event->kind == GSOCK_EVENT_ACCEPTED && event->via != NULL)
    return _ (accepted_via);
  if (event->kind == GSOCK_EVENT_TLS && event->pin == NULL)
    return _ (tls_nameless);
  /* _("") would be the catalogue's header. */
  if (row->sentence == NULL || *row->sentence == '\0')
    return "";
  return _ (row->sentence);
}

static gconstpointer
member_of (const GsockFact *fact, const GsockEvent *event)
{
  return (const char *) event + fact->offset;
}

guint64
gsock_fact_number (const GsockFact *fact, const GsockEvent *event)
{
  return *(const guint64 *) member_of (fact, event);
}

const char *
gsock_fact_string (const GsockFact *fact, const GsockEvent *event)
{
  return *(const char *const *) member_of (fact, event);
}

const GsockEndpoint *
gsock_fact_endpoint (const GsockFact *fact, const GsockEvent *event)
{
  return *(const GsockEndpoint *const *) member_of (fact, event);
}

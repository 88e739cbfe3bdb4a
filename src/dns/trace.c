/* trace.c: a name followed from the root down, each step remembered
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Nothing is remembered from one trace to the next, and no server is spared:
 * this shows the way, and is no resolver.  A stretch is one name being sought;
 * where a name server has no address, another stretch is put on top of it. */

#include "config.h"

#include "dns/trace.h"

#include <sys/socket.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"
#include "dns/referral.h"
#include "dns/trace-private.h"
#include "dns/words.h"

#define FLAGS (GSOCK_DNS_EDNS | GSOCK_DNS_SECURE)
/* Of one server, which is asked again after half a second and after one. */
#define PATIENCE (2 * G_TIME_SPAN_SECOND)
/* However the zones of strangers are woven into each other. */
#define STEPS_MAX 128
#define DEPTH_MAX 4
#define ALIASES_MAX 16

static void go_on (GsockDnsTrace *self);

/* --- The end -------------------------------------------------------------- */

static gboolean
sweep_cb (gpointer data)
{
  GsockDnsTracer *tracer = data;

  g_ptr_array_set_size (tracer->spent, 0);
  g_clear_pointer (&tracer->sweep, g_source_unref);
  return G_SOURCE_REMOVE;
}

/* A client can't be freed while it tells us something, so they are freed in
 * the next round. */
static void
trace_free (GsockDnsTrace *self)
{
  GsockDnsTracer *tracer = self->tracer;

  gsock_worker_disarm (tracer->worker, &self->begin);
  g_clear_pointer (&self->query, gsock_dns_cancel);
  g_ptr_array_extend_and_steal (tracer->spent, self->clients);
  g_hash_table_unref (self->by_address);
  g_ptr_array_unref (self->stretches);
  g_clear_pointer (&self->steps, g_ptr_array_unref);
  g_clear_error (&self->problem);
  g_free (self->host);
  g_free (self);
  if (tracer->sweep != NULL)
    return;
  tracer->sweep = g_idle_source_new ();
  g_source_set_callback (tracer->sweep, sweep_cb, tracer, NULL);
  g_source_attach (tracer->sweep, tracer->worker->context);
}

/**
 * gsock_dns_trace_take:
 * @trace: one under way
 *
 * Returns: (transfer full): an answer of nobody, with the steps so far
 */
GsockDnsAnswer *
gsock_dns_trace_take (GsockDnsTrace *trace)
{
  const Stretch *first = g_ptr_array_index (trace->stretches, 0);
  GsockDnsAnswer *answer = gsock_dns_answer_new_empty (first->question.type);

  answer->steps = g_steal_pointer (&trace->steps);
  return answer;
}

/* @answer: (transfer full) */
static void
finish (GsockDnsTrace *self, GsockDnsAnswer *answer, const GError *error)
{
  GPtrArray *answers = g_ptr_array_new_with_free_func (
      (GDestroyNotify) gsock_dns_answer_free);
  GsockDnsLookupFunc func = self->func;
  gpointer data = self->data;
  g_autofree char *host = g_steal_pointer (&self->host);

  if (answer->steps == NULL)
    answer->steps = g_steal_pointer (&self->steps);
  g_ptr_array_add (answers, answer);
  trace_free (self);
  func (answers, host, error, data);
}

static void
give_up (GsockDnsTrace *self)
{
  g_autofree char *zone = gsock_escape_brief (trace_top (self)->zone_text);
  g_autoptr (GError) error = g_steal_pointer (&self->problem);

  if (self->steps->len >= STEPS_MAX || error == NULL)
    {
      g_clear_error (&error);
      error = g_error_new (GSOCK_ERROR, GSOCK_ERROR_REMOTE,
                           self->steps->len >= STEPS_MAX
                               /* TRANSLATORS: a zone of DNS */
                               ? _ ("The way through '%s' has no end in sight: "
                                    "given up")
                               : _ ("Nobody can say where the servers of '%s' "
                                    "are"),
                           zone);
    }
  else
    g_prefix_error (&error,
                    /* TRANSLATORS: a zone of DNS; what happened to the last
                     * one of its servers follows. */
                    _ ("No server of '%s' has an answer; the last: "), zone);
  finish (self, gsock_dns_trace_take (self), error);
}

/* --- From server to server ------------------------------------------------ */

static void
set_problem (GsockDnsTrace *self, GError *error)
{
  g_clear_error (&self->problem);
  self->problem = error;
}

static GsockDns *
get_client (GsockDnsTrace *self, const char *address)
{
  GsockDns *dns = g_hash_table_lookup (self->by_address, address);
  g_autofree char *text = NULL;
  GsockDnsServer *server;
  GsockDnsConfig config = { .timeout = PATIENCE, .attempts = 1, .window = 1 };

  if (dns != NULL)
    return dns;
  text = g_strconcat ("udp://", address, NULL);
  server = gsock_dns_server_parse (text, NULL);
  if (server == NULL)
    return NULL;
  config.servers = g_ptr_array_new_with_free_func (
      (GDestroyNotify) gsock_dns_server_free);
  g_ptr_array_add (config.servers, server);
  dns = gsock_dns_new (&config, self->tracer->worker);
  g_ptr_array_unref (config.servers);
  g_ptr_array_add (self->clients, dns);
  g_hash_table_insert (self->by_address, g_strdup (address), dns);
  return dns;
}

/* Whether an answer would be needed to get it. */
static gboolean
is_sought (const GsockDnsTrace *self, GsockDnsName name)
{
  for (guint i = 0; i < self->stretches->len; i++)
    {
      const Stretch *stretch = g_ptr_array_index (self->stretches, i);

      if (gsock_dns_name_equal (gsock_dns_question_name (&stretch->question),
                                name))
        return TRUE;
    }
  return FALSE;
}

/* Seeks the address of a server; FALSE: that is in vain. */
static gboolean
seek (GsockDnsTrace *self, const Place *place)
{
  guint16 type = self->tracer->family == AF_INET6 ? GSOCK_DNS_AAAA
                                                  : GSOCK_DNS_A;
  GsockDnsQuestion question;

  if (place->inside || self->stretches->len > DEPTH_MAX
      || !gsock_dns_question_init (&question, place->server, type, NULL)
      || is_sought (self, gsock_dns_question_name (&question)))
    {
      trace_add_step (self, GSOCK_DNS_STEP_NO_GLUE, place);
      return FALSE;
    }
  trace_add_step (self, GSOCK_DNS_STEP_NEEDED, place);
  trace_push (self, &question);
  return TRUE;
}

/* What was found out about a server's address, if anything, is tried next. */
static void
pop (GsockDnsTrace *self, const GsockDnsAnswer *answer)
{
  Stretch *stretch;
  const Place *needed;
  GsockDnsNameServer *server;

  g_ptr_array_set_size (self->stretches, (int) self->stretches->len - 1);
  stretch = trace_top (self);
  needed = g_ptr_array_index (stretch->places, stretch->next - 1);
  server = gsock_dns_name_server_new (needed->server);
  for (guint i = 0; answer != NULL && i < answer->records->len; i++)
    {
      const GsockDnsRecord *record = g_ptr_array_index (answer->records, i);

      if (record->type == answer->type && !record->stray)
        trace_add_place (stretch, stretch->next, server, record->data);
    }
  gsock_dns_name_server_free (server);
  go_on (self);
}

static void reply_cb (const GsockDnsReply *reply, const GError *error,
                      gpointer data);

static gboolean
ask (GsockDnsTrace *self, const Place *place)
{
  GsockDns *dns = get_client (self, place->address);

  if (dns == NULL)
    return FALSE;
  self->asked = place;
  self->query = gsock_dns_ask (dns, &trace_top (self)->question, FLAGS,
                               reply_cb, self);
  return TRUE;
}

/* To the next server that can be asked. */
static void
go_on (GsockDnsTrace *self)
{
  for (;;)
    {
      Stretch *stretch = trace_top (self);
      const Place *place;

      if (self->steps->len >= STEPS_MAX
          || (stretch->next >= stretch->places->len
              && self->stretches->len == 1))
        {
          give_up (self);
          return;
        }
      if (stretch->next >= stretch->places->len)
        {
          pop (self, NULL);
          return;
        }
      place = g_ptr_array_index (stretch->places, stretch->next++);
      if (place->address == NULL)
        {
          /* On top is a stretch of its own now, or the next one's turn. */
          seek (self, place);
          continue;
        }
      if (ask (self, place))
        return;
    }
}

/* --- What they say -------------------------------------------------------- */

/* A server is believed of its own zone alone: what it adds of others goes, and
 * the first alias that leads out of it is (transfer full) returned. */
static char *
keep_own (const Stretch *stretch, GsockDnsAnswer *answer)
{
  char *target = NULL;

  for (guint i = 0; i < answer->records->len;)
    {
      const GsockDnsRecord *record = g_ptr_array_index (answer->records, i);

      if (!trace_is_within_zone (stretch, record->owner))
        {
          g_ptr_array_remove_index (answer->records, i);
          continue;
        }
      if (target == NULL && record->type == GSOCK_DNS_CNAME
          && answer->type != GSOCK_DNS_CNAME && answer->type != GSOCK_DNS_ANY
          && !trace_is_within_zone (stretch, record->data))
        target = g_strdup (record->data);
      i++;
    }
  if (target == NULL && answer->verdict == GSOCK_DNS_UNFOLLOWED)
    target = g_strdup (answer->target);
  return target;
}

/* The aliases of other zones come before what they lead to. */
static void
prepend_aliases (const Stretch *stretch, GsockDnsAnswer *answer)
{
  if (stretch->records->len == 0)
    return;
  g_ptr_array_extend_and_steal (stretch->records,
                                g_steal_pointer (&answer->records));
  answer->records = g_ptr_array_ref (stretch->records);
  if (answer->target == NULL)
    answer->target = g_strdup (
        g_ptr_array_index (stretch->names, stretch->names->len - 1));
  if (answer->verdict == GSOCK_DNS_NO_NAME
      || answer->verdict == GSOCK_DNS_NO_DATA)
    answer->verdict = GSOCK_DNS_DANGLING;
}

/* @answer: (transfer full): the stretch's last one. */
static void
conclude (GsockDnsTrace *self, GsockDnsAnswer *answer)
{
  prepend_aliases (trace_top (self), answer);
  if (self->stretches->len == 1)
    {
      answer->earlier = g_steal_pointer (&trace_top (self)->earlier);
      finish (self, answer, NULL);
      return;
    }
  pop (self, answer);
  gsock_dns_answer_free (answer);
}

/* @answer: (transfer full): an alias of @target, elsewhere. */
static void
follow (GsockDnsTrace *self, GsockDnsAnswer *answer, const char *target)
{
  Stretch *stretch = trace_top (self);
  GsockDnsQuestion question;

  if (trace_was_sought (stretch, target) || stretch->names->len > ALIASES_MAX
      || !gsock_dns_question_init (&question, target, stretch->question.type,
                                   NULL))
    {
      GsockDnsStep *step = g_ptr_array_index (self->steps,
                                              self->steps->len - 1);

      step->kind = GSOCK_DNS_STEP_LOOP;
      answer->verdict = GSOCK_DNS_LOOP;
      g_free (answer->target);
      answer->target = g_strdup (target);
      conclude (self, answer);
      return;
    }
  g_ptr_array_extend_and_steal (stretch->records,
                                g_steal_pointer (&answer->records));
  answer->records = gsock_dns_records_new ();
  /* Its alias is all that it is asked for: nothing is denied. */
  answer->verdict = GSOCK_DNS_FOUND;
  g_ptr_array_add (stretch->earlier, answer);
  g_ptr_array_add (stretch->names, g_strdup (target));
  stretch->question = question;
  trace_start_from_root (self, stretch);
  go_on (self);
}

static GsockDnsStepKind
kind_of (const GsockDnsAnswer *answer)
{
  switch (answer->verdict)
    {
    case GSOCK_DNS_FOUND:
      return GSOCK_DNS_STEP_ANSWER;
    case GSOCK_DNS_NO_NAME:
      return GSOCK_DNS_STEP_NO_NAME;
    case GSOCK_DNS_NO_DATA:
      return GSOCK_DNS_STEP_NO_DATA;
    case GSOCK_DNS_DANGLING:
      return answer->rcode == 3 ? GSOCK_DNS_STEP_NO_NAME
                                : GSOCK_DNS_STEP_NO_DATA;
    case GSOCK_DNS_LOOP:
      return GSOCK_DNS_STEP_LOOP;
    case GSOCK_DNS_UNFOLLOWED:
      return GSOCK_DNS_STEP_ALIAS;
    case GSOCK_DNS_FAILED:
      return GSOCK_DNS_STEP_RCODE;
    case GSOCK_DNS_LAME:
    case GSOCK_DNS_NO_ANSWER:
      return GSOCK_DNS_STEP_LAME;
    }
  g_return_val_if_reached (GSOCK_DNS_STEP_LAME);
}

static void
set_reply (GsockDnsStep *step, const GsockDnsReply *reply)
{
  step->via = gsock_dns_via_name (reply->via);
  step->duration = reply->duration;
  step->size = reply->size;
}

/* @answer: (transfer full). */
static void
take_answer (GsockDnsTrace *self, const GsockDnsReply *reply,
             GsockDnsAnswer *answer)
{
  g_autofree char *target = keep_own (trace_top (self), answer);
  GsockDnsStepKind kind = target != NULL ? GSOCK_DNS_STEP_ALIAS
                                         : kind_of (answer);
  GsockDnsStep *step = trace_add_step (self, kind, self->asked);
  GError *error = NULL;

  set_reply (step, reply);
  step->rcode = answer->rcode;
  step->target = g_strdup (target != NULL ? target : answer->target);
  if (kind == GSOCK_DNS_STEP_ALIAS)
    {
      follow (self, answer, target);
      return;
    }
  if (kind != GSOCK_DNS_STEP_LAME && kind != GSOCK_DNS_STEP_RCODE)
    {
      conclude (self, answer);
      return;
    }
  gsock_dns_answer_set_error (answer, step->name, &error);
  set_problem (self, error);
  gsock_dns_answer_free (answer);
  go_on (self);
}

/* TRUE: it was one, and has been followed. */
static gboolean
take_referral (GsockDnsTrace *self, const GsockDnsReply *reply)
{
  Stretch *stretch = trace_top (self);
  g_autoptr (GsockDnsReferral) referral = gsock_dns_referral_parse (
      reply->data, reply->size, &stretch->question,
      gsock_dns_question_name (&stretch->zone));
  GsockDnsStep *step;

  if (referral == NULL)
    return FALSE;
  step = trace_add_step (self, GSOCK_DNS_STEP_REFERRAL, self->asked);
  set_reply (step, reply);
  step->target = g_strdup (referral->zone);
  step->servers = referral->servers->len;
  step->addresses = referral->addresses;
  step->has_digest = referral->has_digest;
  g_clear_error (&self->problem);
  trace_set_zone (self, stretch, referral->zone, referral->servers);
  go_on (self);
  return TRUE;
}

static void
take_error (GsockDnsTrace *self, const GError *error)
{
  gboolean silent = g_error_matches (error, GSOCK_ERROR, GSOCK_ERROR_TIMED_OUT);
  GsockDnsStep *step = trace_add_step (
      self, silent ? GSOCK_DNS_STEP_SILENT : GSOCK_DNS_STEP_UNREACHABLE,
      self->asked);

  step->message = g_strdup (error->message);
  set_problem (self, g_error_copy (error));
  go_on (self);
}

static void
reply_cb (const GsockDnsReply *reply, const GError *error, gpointer data)
{
  GsockDnsTrace *self = data;
  g_autoptr (GError) problem = NULL;
  GsockDnsAnswer *answer;

  self->query = NULL;
  if (error != NULL)
    {
      take_error (self, error);
      return;
    }
  answer = gsock_dns_answer_new (reply, &trace_top (self)->question, &problem);
  if (answer == NULL)
    take_error (self, problem);
  else if (answer->rcode == 0 && answer->records->len == 0
           && take_referral (self, reply))
    gsock_dns_answer_free (answer);
  else
    {
      answer->message = g_bytes_new (reply->data, reply->size);
      take_answer (self, reply, answer);
    }
}

/* --- Traces --------------------------------------------------------------- */

/**
 * gsock_dns_tracer_new:
 * @hints: (transfer full) (element-type GsockDnsNameServer): the root's servers
 * @family: of the servers that are asked, or %AF_UNSPEC
 * @worker: whose thread it belongs to
 *
 * Returns: (transfer full): ready to trace
 */
GsockDnsTracer *
gsock_dns_tracer_new (GPtrArray *hints, int family, GsockWorker *worker)
{
  GsockDnsTracer *tracer = g_new0 (GsockDnsTracer, 1);

  tracer->hints = hints;
  tracer->family = family;
  tracer->worker = worker;
  tracer->spent = g_ptr_array_new_with_free_func (
      (GDestroyNotify) gsock_dns_free);
  return tracer;
}

/**
 * gsock_dns_tracer_free:
 * @tracer: (transfer full): without traces under way
 */
void
gsock_dns_tracer_free (GsockDnsTracer *tracer)
{
  if (tracer->sweep != NULL)
    {
      g_source_destroy (tracer->sweep);
      g_source_unref (tracer->sweep);
    }
  g_ptr_array_unref (tracer->spent);
  g_ptr_array_unref (tracer->hints);
  g_free (tracer);
}

static void
begin_cb (GsockTimer *timer)
{
  go_on ((GsockDnsTrace *) ((char *) timer
                            - G_STRUCT_OFFSET (GsockDnsTrace, begin)));
}

/**
 * gsock_dns_trace_question:
 * @tracer: ready to trace
 * @question: copied
 * @func: told what was found, once
 * @data: for @func
 *
 * Returns: (transfer none): it frees itself before @func is called
 */
GsockDnsTrace *
gsock_dns_trace_question (GsockDnsTracer *tracer,
                          const GsockDnsQuestion *question,
                          GsockDnsLookupFunc func, gpointer data)
{
  GsockDnsTrace *self = g_new0 (GsockDnsTrace, 1);

  self->tracer = tracer;
  self->func = func;
  self->data = data;
  self->host = gsock_dns_name_to_text (question->name, question->size);
  self->stretches = g_ptr_array_new_with_free_func (trace_stretch_free);
  self->steps = g_ptr_array_new_with_free_func (trace_step_free);
  self->clients = g_ptr_array_new ();
  self->by_address = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                            NULL);
  trace_push (self, question);
  self->begin.func = begin_cb;
  gsock_worker_arm (tracer->worker, &self->begin, g_get_monotonic_time ());
  return self;
}

/**
 * gsock_dns_trace_start:
 * @tracer: ready to trace
 * @host: a name
 * @type: a record type's number
 * @func: told what was found, once
 * @data: for @func
 * @error: %GSOCK_ERROR_NAME
 *
 * Returns: (transfer none) (nullable): it frees itself before @func is called
 */
GsockDnsTrace *
gsock_dns_trace_start (GsockDnsTracer *tracer, const char *host, guint16 type,
                       GsockDnsLookupFunc func, gpointer data, GError **error)
{
  GsockDnsQuestion question;

  if (!gsock_dns_question_init (&question, host, type, error))
    return NULL;
  return gsock_dns_trace_question (tracer, &question, func, data);
}

/**
 * gsock_dns_trace_cancel:
 * @trace: (transfer full): one that has not ended
 */
void
gsock_dns_trace_cancel (GsockDnsTrace *trace)
{
  trace_free (trace);
}

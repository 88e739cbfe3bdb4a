/* trace-way.c: stretches of a trace, whom they ask, and the steps taken
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>
#include <sys/socket.h>

#include "dns/trace-private.h"

#define PLACES_MAX 24

void
trace_step_free (gpointer data)
{
  GsockDnsStep *step = data;

  g_free (step->zone);
  g_free (step->name);
  g_free (step->server);
  g_free (step->address);
  g_free (step->target);
  g_free (step->message);
  g_free (step);
}

static void
place_free (gpointer data)
{
  Place *place = data;

  g_free (place->server);
  g_free (place->address);
  g_free (place);
}

void
trace_stretch_free (gpointer data)
{
  Stretch *stretch = data;

  g_free (stretch->zone_text);
  g_clear_pointer (&stretch->places, g_ptr_array_unref);
  g_ptr_array_unref (stretch->names);
  g_ptr_array_unref (stretch->records);
  g_clear_pointer (&stretch->earlier, g_ptr_array_unref);
  g_free (stretch);
}

/**
 * gsock_dns_step_name:
 * @kind: of a step
 *
 * Returns: its name in JSON, never translated
 */
const char *
gsock_dns_step_name (GsockDnsStepKind kind)
{
  static const char *const names[] = {
    [GSOCK_DNS_STEP_REFERRAL] = "referral",
    [GSOCK_DNS_STEP_ANSWER] = "answer",
    [GSOCK_DNS_STEP_ALIAS] = "alias",
    [GSOCK_DNS_STEP_NO_NAME] = "no-name",
    [GSOCK_DNS_STEP_NO_DATA] = "no-data",
    [GSOCK_DNS_STEP_LOOP] = "loop",
    [GSOCK_DNS_STEP_LAME] = "lame",
    [GSOCK_DNS_STEP_RCODE] = "rcode",
    [GSOCK_DNS_STEP_SILENT] = "silent",
    [GSOCK_DNS_STEP_UNREACHABLE] = "unreachable",
    [GSOCK_DNS_STEP_NEEDED] = "needed",
    [GSOCK_DNS_STEP_NO_GLUE] = "no-glue",
  };

  return names[kind];
}

Stretch *
trace_top (GsockDnsTrace *self)
{
  return g_ptr_array_index (self->stretches, self->stretches->len - 1);
}

GsockDnsStep *
trace_add_step (GsockDnsTrace *self, GsockDnsStepKind kind, const Place *place)
{
  const Stretch *stretch = trace_top (self);
  GsockDnsStep *step = g_new0 (GsockDnsStep, 1);

  step->kind = kind;
  step->depth = self->stretches->len - 1;
  step->zone = g_strdup (stretch->zone_text);
  step->name = gsock_dns_name_to_text (stretch->question.name,
                                       stretch->question.size);
  step->type = stretch->question.type;
  step->server = g_strdup (place->server);
  step->address = g_strdup (place->address);
  g_ptr_array_add (self->steps, step);
  return step;
}

/* --- Whom to ask ---------------------------------------------------------- */

void
trace_add_place (Stretch *stretch, guint at, const GsockDnsNameServer *server,
                 const char *address)
{
  Place *place;

  if (stretch->places->len >= PLACES_MAX)
    return;
  place = g_new0 (Place, 1);
  place->server = g_strdup (server->name);
  place->address = g_strdup (address);
  place->inside = server->inside;
  g_ptr_array_insert (stretch->places, (int) at, place);
}

static gboolean
is_of_family (const char *address, int family)
{
  return (strchr (address, ':') != NULL) == (family == AF_INET6);
}

static void
add_places_of (Stretch *stretch, const GPtrArray *servers, int family)
{
  for (guint i = 0; i < servers->len; i++)
    {
      const GsockDnsNameServer *server = g_ptr_array_index (servers, i);

      for (guint n = 0; n < server->addresses->len; n++)
        if (is_of_family (g_ptr_array_index (server->addresses, n), family))
          trace_add_place (stretch, stretch->places->len, server,
                           g_ptr_array_index (server->addresses, n));
    }
}

/* IPv6 after IPv4, as many machines have only the latter; and what has to be
 * looked up comes last. */
static void
set_servers (GsockDnsTrace *self, Stretch *stretch, const GPtrArray *servers)
{
  int family = self->tracer->family;

  g_clear_pointer (&stretch->places, g_ptr_array_unref);
  stretch->places = g_ptr_array_new_with_free_func (place_free);
  stretch->next = 0;
  if (family != AF_INET6)
    add_places_of (stretch, servers, AF_INET);
  if (family != AF_INET)
    add_places_of (stretch, servers, AF_INET6);
  for (guint i = 0; i < servers->len; i++)
    {
      const GsockDnsNameServer *server = g_ptr_array_index (servers, i);

      if (server->addresses->len == 0)
        trace_add_place (stretch, stretch->places->len, server, NULL);
    }
}

void
trace_set_zone (GsockDnsTrace *self, Stretch *stretch, const char *zone,
                const GPtrArray *servers)
{
  gsock_dns_question_init (&stretch->zone, zone, 0, NULL);
  g_free (stretch->zone_text);
  stretch->zone_text = g_strdup (zone);
  set_servers (self, stretch, servers);
}

void
trace_start_from_root (GsockDnsTrace *self, Stretch *stretch)
{
  trace_set_zone (self, stretch, ".", self->tracer->hints);
}

Stretch *
trace_push (GsockDnsTrace *self, const GsockDnsQuestion *question)
{
  Stretch *stretch = g_new0 (Stretch, 1);

  stretch->question = *question;
  stretch->names = g_ptr_array_new_with_free_func (g_free);
  stretch->records = gsock_dns_records_new ();
  stretch->earlier = g_ptr_array_new_with_free_func (
      (GDestroyNotify) gsock_dns_answer_free);
  g_ptr_array_add (stretch->names,
                   gsock_dns_name_to_text (question->name, question->size));
  trace_start_from_root (self, stretch);
  g_ptr_array_add (self->stretches, stretch);
  return stretch;
}

gboolean
trace_is_within_zone (const Stretch *stretch, const char *name)
{
  GsockDnsQuestion question;

  return gsock_dns_question_init (&question, name, 0, NULL)
         && gsock_dns_name_is_within (gsock_dns_question_name (&question),
                                      gsock_dns_question_name (&stretch->zone));
}

gboolean
trace_was_sought (const Stretch *stretch, const char *name)
{
  for (guint i = 0; i < stretch->names->len; i++)
    if (g_ascii_strcasecmp (g_ptr_array_index (stretch->names, i), name) == 0)
      return TRUE;
  return FALSE;
}

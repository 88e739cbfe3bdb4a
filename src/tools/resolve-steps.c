/* resolve-steps.c: a trace told step by step, for people and for programs
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/escape.h"
#include "core/units.h"
#include "dns/trace.h"
#include "dns/words.h"
#include "tools/resolve-result.h"

/* Zones are a column, as wide as the longest of them but no wider. */
#define ZONE_WIDTH_MAX 32

typedef void (*StepFunc) (GString *string, const GsockDnsStep *step,
                          gpointer data);

static void
foreach_step (GString *string, const GsockResult *result, StepFunc func,
              gpointer data)
{
  for (guint i = 0; result->answers != NULL && i < result->answers->len; i++)
    {
      const GsockDnsAnswer *answer = g_ptr_array_index (result->answers, i);

      for (guint n = 0; answer->steps != NULL && n < answer->steps->len; n++)
        func (string, g_ptr_array_index (answer->steps, n), data);
    }
}

/* --- For people ------------------------------------------------------------ */

/* "ns.example.org. (192.0.2.1, udp, 12 ms)" */
static char *
describe_server (const GsockDnsStep *step)
{
  g_autofree char *name = gsock_escape_brief (step->server);
  g_autofree char *time = gsock_format_time (step->duration);

  if (step->address == NULL)
    return g_steal_pointer (&name);
  if (step->via == NULL)
    return g_strdup_printf ("%s (%s)", name, step->address);
  return g_strdup_printf ("%s (%s, %s, %s)", name, step->address, step->via,
                          time);
}

static void
append_referral (GString *string, const GsockDnsStep *step, const char *who,
                 const char *target)
{
  g_autofree char *servers = g_strdup_printf (
      ngettext ("%u name server", "%u name servers", step->servers),
      step->servers);
  g_autofree char *addresses = g_strdup_printf (
      /* TRANSLATORS: of name servers, given beside their names (glue). */
      ngettext ("%u address", "%u addresses", step->addresses),
      step->addresses);

  g_string_append_printf (string,
                          /* TRANSLATORS: a name server, a zone, how many name
                           * servers and addresses, "signed" */
                          _ ("%s refers to %s: %s, %s, %s"), who, target,
                          servers, addresses,
                          step->has_digest
                              /* TRANSLATORS: a zone, by DNSSEC */
                              ? _ ("signed")
                              : _ ("not signed"));
}

static void
append_what (GString *string, const GsockDnsStep *step, const char *who)
{
  g_autofree char *name = gsock_escape_brief (step->name);
  g_autofree char *target = gsock_escape_brief (
      step->target != NULL ? step->target : "");

  switch (step->kind)
    {
    case GSOCK_DNS_STEP_REFERRAL:
      append_referral (string, step, who, target);
      break;
    case GSOCK_DNS_STEP_ANSWER:
      /* TRANSLATORS: a name server, a record type, a name */
      g_string_append_printf (string, _ ("%s has the %s of %s"), who,
                              gsock_dns_type_name (step->type), name);
      break;
    case GSOCK_DNS_STEP_ALIAS:
      /* TRANSLATORS: a name server, two names */
      g_string_append_printf (string,
                              _ ("%s: %s is an alias of %s, which is sought "
                                 "from the root again"),
                              who, name, target);
      break;
    case GSOCK_DNS_STEP_NO_NAME:
      /* TRANSLATORS: a name server, a name */
      g_string_append_printf (string, _ ("%s: %s doesn't exist"), who,
                              step->target != NULL ? target : name);
      break;
    case GSOCK_DNS_STEP_NO_DATA:
      /* TRANSLATORS: a name server, a name, a record type */
      g_string_append_printf (string, _ ("%s: %s has no %s record"), who,
                              step->target != NULL ? target : name,
                              gsock_dns_type_name (step->type));
      break;
    case GSOCK_DNS_STEP_LOOP:
      /* TRANSLATORS: a name server, two names */
      g_string_append_printf (string,
                              _ ("%s: %s is an alias that leads back to %s"),
                              who, name, target);
      break;
    case GSOCK_DNS_STEP_LAME:
      /* TRANSLATORS: a name server, a name */
      g_string_append_printf (
          string, _ ("%s knows nothing of %s (a lame server)"), who, name);
      break;
    case GSOCK_DNS_STEP_RCODE:
      /* TRANSLATORS: a name server, "SERVFAIL", what that means */
      g_string_append_printf (string, _ ("%s answers %s: %s"), who,
                              gsock_dns_rcode_name (step->rcode),
                              gsock_dns_rcode_text (step->rcode));
      break;
    case GSOCK_DNS_STEP_SILENT:
      /* TRANSLATORS: a name server */
      g_string_append_printf (string, _ ("%s does not answer"), who);
      break;
    case GSOCK_DNS_STEP_UNREACHABLE:
      /* TRANSLATORS: a name server, a whole message about it */
      g_string_append_printf (string, _ ("%s is of no use: %s"), who,
                              step->message);
      break;
    case GSOCK_DNS_STEP_NEEDED:
      g_string_append_printf (string,
                              /* TRANSLATORS: a name server */
                              _ ("%s: its address is not here; it is sought "
                                 "from the root"),
                              who);
      break;
    case GSOCK_DNS_STEP_NO_GLUE:
      g_string_append_printf (string,
                              /* TRANSLATORS: a name server */
                              _ ("%s: its address is missing (no glue), and "
                                 "only it could tell"),
                              who);
      break;
    }
}

static void
measure_cb (GString *string G_GNUC_UNUSED, const GsockDnsStep *step,
            gpointer data)
{
  int *width = data;

  *width = MAX (*width, (int) (strlen (step->zone) + 2 * step->depth));
}

static void
step_cb (GString *string, const GsockDnsStep *step, gpointer data)
{
  const int *width = data;
  int indent = 2 * (int) step->depth;
  g_autofree char *who = describe_server (step);
  g_autofree char *zone = gsock_escape_brief (step->zone);

  g_string_append_printf (string, "%*s%-*s  ", indent, "",
                          MAX (*width - indent, 0), zone);
  append_what (string, step, who);
  g_string_append_c (string, '\n');
}

/**
 * gsock_result_append_steps_text:
 * @string: what is printed
 * @result: what is known of a name
 *
 * What is done for another step stands further to the right; an empty line
 * follows the last.
 */
void
gsock_result_append_steps_text (GString *string, const GsockResult *result)
{
  gsize before = string->len;
  int width = 0;

  foreach_step (string, result, measure_cb, &width);
  width = MIN (width, ZONE_WIDTH_MAX);
  foreach_step (string, result, step_cb, &width);
  if (string->len > before)
    g_string_append_c (string, '\n');
}

/* --- For programs ---------------------------------------------------------- */

static void
json_step_cb (GString *string, const GsockDnsStep *step, gpointer data)
{
  gboolean *any = data;

  if (!*any)
    g_string_append (string, ",\"trace\":[");
  else
    g_string_append_c (string, ',');
  *any = TRUE;
  g_string_append_printf (string, "{\"depth\":%u", step->depth);
  gsock_result_append_member (string, "zone", step->zone);
  gsock_result_append_member (string, "name", step->name);
  gsock_result_append_member (string, "type", gsock_dns_type_name (step->type));
  gsock_result_append_member (string, "step", gsock_dns_step_name (step->kind));
  gsock_result_append_member (string, "server", step->server);
  gsock_result_append_member (string, "address", step->address);
  gsock_result_append_member (string, "target", step->target);
  if (step->kind == GSOCK_DNS_STEP_REFERRAL)
    g_string_append_printf (
        string, ",\"servers\":%u,\"addresses\":%u,\"signed\":%s", step->servers,
        step->addresses, step->has_digest ? "true" : "false");
  if (step->via != NULL)
    {
      gsock_result_append_member (string, "via", step->via);
      if (step->kind != GSOCK_DNS_STEP_REFERRAL)
        gsock_result_append_member (string, "rcode",
                                    gsock_dns_rcode_name (step->rcode));
      g_string_append_printf (string,
                              ",\"size\":%" G_GSIZE_FORMAT
                              ",\"seconds\":%" G_GINT64_FORMAT ".%06d",
                              step->size, step->duration / G_USEC_PER_SEC,
                              (int) (step->duration % G_USEC_PER_SEC));
    }
  gsock_result_append_member (string, "message", step->message);
  g_string_append_c (string, '}');
}

/**
 * gsock_result_append_steps_json:
 * @string: an object that is being written
 * @result: what is known of a name
 *
 * The member "trace", where there was one.
 */
void
gsock_result_append_steps_json (GString *string, const GsockResult *result)
{
  gboolean any = FALSE;

  foreach_step (string, result, json_step_cb, &any);
  if (any)
    g_string_append_c (string, ']');
}

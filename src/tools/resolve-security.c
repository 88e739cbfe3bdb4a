/* resolve-security.c: what DNSSEC says of a name, for people and programs
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "core/error.h"
#include "core/escape.h"
#include "dns/words.h"
#include "tools/resolve-options.h"
#include "tools/resolve-result.h"

/* Of all its answers, and what has led to them, the one that is worth least;
 * NULL: none was checked. */
static const GsockDnsSecurity *
find_worst (const GPtrArray *answers)
{
  const GsockDnsSecurity *worst = NULL;

  for (guint i = 0; answers != NULL && i < answers->len; i++)
    {
      const GsockDnsAnswer *answer = g_ptr_array_index (answers, i);
      const GsockDnsSecurity *earlier = find_worst (answer->earlier);

      if (earlier != NULL && (worst == NULL || earlier->trust > worst->trust))
        worst = earlier;
      if (answer->security != NULL
          && (worst == NULL || answer->security->trust > worst->trust))
        worst = answer->security;
    }
  return worst;
}

/**
 * gsock_answers_set_bogus_error:
 * @answers: (element-type GsockDnsAnswer): of one name
 * @host: that name
 * @error: (out): %GSOCK_ERROR_BOGUS
 *
 * Returns: %TRUE if one of them is bogus
 */
gboolean
gsock_answers_set_bogus_error (const GPtrArray *answers, const char *host,
                               GError **error)
{
  const GsockDnsSecurity *worst = find_worst (answers);
  g_autofree char *name = gsock_escape_brief (host);
  g_autofree char *text = NULL;

  if (worst == NULL || worst->trust != GSOCK_DNS_BOGUS)
    return FALSE;
  text = gsock_dns_security_to_text (worst);
  g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_BOGUS, "'%s': %s", name, text);
  return TRUE;
}

/**
 * gsock_result_is_doubtful:
 * @result: what is known of a name
 *
 * Returns: %TRUE if its records may be anybody's: they are bogus, or should have
 * been checked and were not
 */
gboolean
gsock_result_is_doubtful (const GsockResult *result)
{
  const GsockDnsSecurity *worst = find_worst (result->answers);

  if (worst != NULL && worst->trust == GSOCK_DNS_BOGUS)
    return TRUE;
  for (guint i = 0; gsock_resolve_options_get ()->dnssec
                    && result->answers != NULL && i < result->answers->len;
       i++)
    {
      const GsockDnsAnswer *answer = g_ptr_array_index (result->answers, i);

      if (answer->records->len > 0 && answer->security == NULL)
        return TRUE;
    }
  return FALSE;
}

/**
 * gsock_result_append_security_text:
 * @string: what is printed
 * @result: what is known of a name
 *
 * A line, where it was checked; what is bogus is an error, and told as such.
 */
void
gsock_result_append_security_text (GString *string, const GsockResult *result)
{
  const GsockDnsSecurity *worst = find_worst (result->answers);
  g_autofree char *text = NULL;

  if (worst == NULL || worst->trust == GSOCK_DNS_BOGUS)
    return;
  text = gsock_dns_security_to_text (worst);
  g_string_append_printf (string, "DNSSEC: %s\n", text);
}

/**
 * gsock_result_append_security_json:
 * @string: an object that is being written
 * @result: what is known of a name
 *
 * The member "dnssec", where it was checked.
 */
void
gsock_result_append_security_json (GString *string, const GsockResult *result)
{
  const GsockDnsSecurity *worst = find_worst (result->answers);
  g_autoptr (GDateTime) date = NULL;
  g_autofree char *time = NULL;

  if (worst == NULL)
    return;
  g_string_append_printf (string, ",\"dnssec\":{\"verdict\":\"%s\"",
                          gsock_dns_trust_name (worst->trust));
  if (worst->flaw != GSOCK_DNS_FLAW_NONE)
    gsock_result_append_member (string, "reason",
                                gsock_dns_flaw_name (worst->flaw));
  gsock_result_append_member (string, "name", worst->name);
  if (worst->type != 0)
    gsock_result_append_member (string, "type",
                                gsock_dns_type_name (worst->type));
  gsock_result_append_member (string, "zone", worst->zone);
  if (worst->number != 0)
    g_string_append_printf (string, ",\"number\":%u", worst->number);
  if (worst->flaw == GSOCK_DNS_FLAW_EXPIRED
      || worst->flaw == GSOCK_DNS_FLAW_NOT_YET)
    {
      date = g_date_time_new_from_unix_utc (worst->time);
      time = date != NULL ? g_date_time_format_iso8601 (date) : NULL;
      gsock_result_append_member (string, "time", time);
    }
  g_string_append_c (string, '}');
}

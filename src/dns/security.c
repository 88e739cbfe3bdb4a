/* security.c: what DNSSEC says of an answer, in words
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "dns/security.h"

#include <glib/gi18n-lib.h>

#include "core/escape.h"
#include "dns/words.h"

/**
 * gsock_dns_security_clear:
 * @security: whose strings are freed
 */
void
gsock_dns_security_clear (GsockDnsSecurity *security)
{
  g_free (security->zone);
  g_free (security->name);
  *security = (GsockDnsSecurity) { .trust = GSOCK_DNS_TRUSTED };
}

/**
 * gsock_dns_security_copy:
 * @to: (out caller-allocates): what was in it is forgotten
 * @from: copied
 */
void
gsock_dns_security_copy (GsockDnsSecurity *to, const GsockDnsSecurity *from)
{
  *to = *from;
  to->zone = g_strdup (from->zone);
  to->name = g_strdup (from->name);
}

/**
 * gsock_dns_trust_name:
 * @trust: of an answer
 *
 * Returns: its name in JSON, never translated
 */
const char *
gsock_dns_trust_name (GsockDnsTrust trust)
{
  static const char *const names[] = { "secure", "insecure", "bogus" };

  return names[trust];
}

/**
 * gsock_dns_flaw_name:
 * @flaw: why an answer is not secure
 *
 * Returns: its name in JSON, never translated
 */
const char *
gsock_dns_flaw_name (GsockDnsFlaw flaw)
{
  static const char *const names[] = {
    [GSOCK_DNS_FLAW_NONE] = "none",
    [GSOCK_DNS_FLAW_NO_DS] = "no-ds",
    [GSOCK_DNS_FLAW_OPT_OUT] = "opt-out",
    [GSOCK_DNS_FLAW_ALGORITHM] = "algorithm",
    [GSOCK_DNS_FLAW_ITERATIONS] = "iterations",
    [GSOCK_DNS_FLAW_NO_ANCHOR] = "no-anchor",
    [GSOCK_DNS_FLAW_UNSIGNABLE] = "unsignable",
    [GSOCK_DNS_FLAW_NO_SIGNATURE] = "no-signature",
    [GSOCK_DNS_FLAW_EXPIRED] = "expired",
    [GSOCK_DNS_FLAW_NOT_YET] = "not-yet-valid",
    [GSOCK_DNS_FLAW_BAD] = "bad-signature",
    [GSOCK_DNS_FLAW_NO_KEY] = "no-key",
    [GSOCK_DNS_FLAW_WRONG_SIGNER] = "wrong-signer",
    [GSOCK_DNS_FLAW_NO_KEYS] = "no-keys",
    [GSOCK_DNS_FLAW_WRONG_KEY] = "wrong-key",
    [GSOCK_DNS_FLAW_NO_DENIAL] = "no-denial",
  };

  return names[flaw];
}

static char *
format_date (gint64 time)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (time);

  return g_date_time_format (date, "%Y-%m-%d %H:%M:%S UTC");
}

/**
 * gsock_dns_security_to_text:
 * @security: of an answer
 *
 * Returns: (transfer full): a sentence without a full stop
 */
char *
gsock_dns_security_to_text (const GsockDnsSecurity *security)
{
  g_autofree char *name = gsock_escape_brief (
      security->name != NULL ? security->name : "");
  g_autofree char *zone = gsock_escape_brief (
      security->zone != NULL ? security->zone : "");
  g_autofree char *date = format_date (security->time);
  const char *type = gsock_dns_type_name (security->type);
  guint number = security->number;

  switch (security->flaw)
    {
    case GSOCK_DNS_FLAW_NONE:
      return g_strdup (_ ("secure: signed, and every link from the trust "
                          "anchor holds"));
    case GSOCK_DNS_FLAW_NO_DS:
      /* TRANSLATORS: a zone of DNS; DS: a record, of masculine gender. */
      return g_strdup_printf (_ ("insecure: %s is not signed: its parent "
                                 "proves that it has no DS"),
                              name);
    case GSOCK_DNS_FLAW_OPT_OUT:
      /* TRANSLATORS: a name in DNS */
      return g_strdup_printf (_ ("insecure: %s may be not signed: its parent "
                                 "leaves that open (NSEC3 opt-out)"),
                              name);
    case GSOCK_DNS_FLAW_ALGORITHM:
      /* TRANSLATORS: a zone of DNS, a number */
      return g_strdup_printf (_ ("insecure: %s is signed by algorithms that "
                                 "can't be checked here (%u)"),
                              name, number);
    case GSOCK_DNS_FLAW_ITERATIONS:
      /* TRANSLATORS: a zone of DNS, a number */
      return g_strdup_printf (
          _ ("insecure: %s hashes its names %u times, which "
             "nobody has to put up with (RFC 9276)"),
          name, number);
    case GSOCK_DNS_FLAW_NO_ANCHOR:
      /* TRANSLATORS: a name in DNS */
      return g_strdup_printf (_ ("insecure: no trust anchor is above %s"),
                              name);
    case GSOCK_DNS_FLAW_UNSIGNABLE:
      return g_strdup (_ ("insecure: signatures are not signed themselves"));
    case GSOCK_DNS_FLAW_NO_SIGNATURE:
      /* TRANSLATORS: "MX", a name, its zone */
      return g_strdup_printf (_ ("bogus: the %s of %s has no signature, though "
                                 "its zone, %s, is signed"),
                              type, name, zone);
    case GSOCK_DNS_FLAW_EXPIRED:
    case GSOCK_DNS_FLAW_NOT_YET:
      return g_strdup_printf (
          security->flaw == GSOCK_DNS_FLAW_EXPIRED
              /* TRANSLATORS: "MX", a name, a date */
              ? _ ("bogus: the signature of the %s of %s expired on %s")
              /* TRANSLATORS: "MX", a name, a date */
              : _ ("bogus: the signature of the %s of %s is not valid before "
                   "%s"),
          type, name, date);
    case GSOCK_DNS_FLAW_BAD:
      /* TRANSLATORS: "MX", a name, a number */
      return g_strdup_printf (_ ("bogus: the signature of the %s of %s (by key "
                                 "%u) is not one of these records"),
                              type, name, number);
    case GSOCK_DNS_FLAW_NO_KEY:
      /* TRANSLATORS: "MX", a name, a number, a zone */
      return g_strdup_printf (_ ("bogus: the %s of %s is signed by key %u, "
                                 "which %s doesn't have"),
                              type, name, number, zone);
    case GSOCK_DNS_FLAW_WRONG_SIGNER:
      /* TRANSLATORS: "MX", a name, its zone */
      return g_strdup_printf (_ ("bogus: the %s of %s is signed, but not by "
                                 "its zone, %s"),
                              type, name, zone);
    case GSOCK_DNS_FLAW_NO_KEYS:
      /* TRANSLATORS: a zone of DNS */
      return g_strdup_printf (_ ("bogus: %s has a DS in its parent, but shows "
                                 "no keys"),
                              name);
    case GSOCK_DNS_FLAW_WRONG_KEY:
      /* TRANSLATORS: a zone of DNS, a number */
      return g_strdup_printf (_ ("bogus: %s has none of the keys that its "
                                 "parent or the trust anchor vouches for "
                                 "(key %u)"),
                              name, number);
    case GSOCK_DNS_FLAW_NO_DENIAL:
      /* TRANSLATORS: "MX", a name, its zone */
      return g_strdup_printf (_ ("bogus: nothing proves that there is no %s of "
                                 "%s: the NSEC or NSEC3 of %s are missing, or "
                                 "don't cover it"),
                              type, name, zone);
    }
  g_return_val_if_reached (NULL);
}

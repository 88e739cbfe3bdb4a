/* check-targets.c: what of an answer is to be checked, and up to where
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "dns/check-private.h"
#include "dns/verify.h"
#include "dns/words.h"

/* More would be there only to keep us busy. */
#define TARGETS_MAX 32
#define RECORDS_MAX 1024

/* --- What is to be checked ------------------------------------------------ */

/* FALSE: there are too many. */
static gboolean
add_target (GsockDnsCheck *self, GsockDnsName name, guint16 type,
            gboolean is_denied, gboolean is_missing)
{
  Target target = { .is_denied = is_denied, .is_missing = is_missing };

  check_set_name (&target.question, name);
  target.question.type = type;
  for (guint i = 0; i < self->targets->len; i++)
    {
      const Target *other = &g_array_index (self->targets, Target, i);

      if (other->question.type == type && other->is_denied == is_denied
          && gsock_dns_name_equal (gsock_dns_question_name (&other->question),
                                   name))
        return TRUE;
    }
  if (self->targets->len == TARGETS_MAX)
    return FALSE;
  g_array_append_val (self->targets, target);
  return TRUE;
}

/* A CNAME that a DNAME stands for is not signed: the DNAME is. */
static gboolean
is_made_up (const ldns_rr_list *answer, GsockDnsName owner,
            const ldns_rr *alias)
{
  gsize count = ldns (rr_list_rr_count) (answer);
  GsockDnsName target = gsock_ldns_name (ldns (rr_rdf) (alias, 0));

  for (gsize i = 0; i < count; i++)
    {
      const ldns_rr *rr = ldns (rr_list_rr) (answer, i);
      GsockDnsName from, to;

      if ((guint) ldns (rr_get_type) (rr) != GSOCK_DNS_DNAME
          || ldns (rr_rdf) (rr, 0) == NULL)
        continue;
      from = gsock_ldns_name (ldns (rr_owner) (rr));
      to = gsock_ldns_name (ldns (rr_rdf) (rr, 0));
      if (owner.size > from.size && gsock_dns_name_is_within (owner, from)
          && target.size > to.size && gsock_dns_name_is_within (target, to)
          && owner.size - from.size == target.size - to.size
          && g_ascii_strncasecmp ((const char *) owner.data,
                                  (const char *) target.data,
                                  owner.size - from.size)
                 == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
add_records (GsockDnsCheck *self)
{
  const ldns_rr_list *answer = ldns (pkt_answer) (self->packet);
  gsize count = ldns (rr_list_rr_count) (answer);

  for (gsize i = 0; i < count; i++)
    {
      const ldns_rr *rr = ldns (rr_list_rr) (answer, i);
      guint type = ldns (rr_get_type) (rr);
      GsockDnsName owner = gsock_ldns_name (ldns (rr_owner) (rr));

      if (type == GSOCK_DNS_RRSIG
          || (type == GSOCK_DNS_CNAME && ldns (rr_rdf) (rr, 0) != NULL
              && is_made_up (answer, owner, rr)))
        continue;
      if (!add_target (self, owner, (guint16) type, FALSE, FALSE))
        return FALSE;
    }
  return TRUE;
}

/* At the end of the aliases, where there are some. */
static gboolean
add_denial (GsockDnsCheck *self, const GsockDnsAnswer *answer)
{
  GsockDnsQuestion question = { .size = 0 };
  const ldns_rr_list *asked = ldns (pkt_question) (self->packet);

  if (ldns (rr_list_rr_count) (asked) > 0)
    check_set_name (&question, gsock_ldns_name (ldns (rr_owner) (
                                   ldns (rr_list_rr) (asked, 0))));
  if (question.size == 0 || answer->verdict == GSOCK_DNS_FOUND
      || answer->verdict == GSOCK_DNS_LOOP
      || (answer->target != NULL
          && !gsock_dns_question_init (&question, answer->target, answer->type,
                                       NULL)))
    return TRUE;
  return add_target (self, gsock_dns_question_name (&question), answer->type,
                     TRUE, answer->rcode == 3);
}

/**
 * check_is_small:
 * @packet: a message
 *
 * Returns: %FALSE if it has more records than anybody has to look at
 */
gboolean
check_is_small (const ldns_pkt *packet)
{
  return ldns (rr_list_rr_count) (ldns (pkt_answer) (packet)) <= RECORDS_MAX
         && ldns (rr_list_rr_count) (ldns (pkt_authority) (packet))
                <= RECORDS_MAX;
}

/**
 * check_add_targets: each set of records, and what is not there
 *
 * Returns: %FALSE if that is more than anybody has to check: what is not looked
 * at is not secure
 */
gboolean
check_add_targets (GsockDnsCheck *self, const GsockDnsAnswer *answer)
{
  return check_is_small (self->packet) && add_records (self)
         && add_denial (self, answer);
}

/* --- A target ------------------------------------------------------------- */

/* Of the names that prove what is not there, any that could. */
static gboolean
find_denier (const GsockDnsCheck *self, GsockDnsName *signer)
{
  static const guint16 types[] = { 47, 50, GSOCK_DNS_SOA };
  const ldns_rr_list *authority = ldns (pkt_authority) (self->packet);
  gsize count = ldns (rr_list_rr_count) (authority);

  for (gsize i = 0; i < count; i++)
    {
      const ldns_rr *rr = ldns (rr_list_rr) (authority, i);
      GsockDnsName owner = gsock_ldns_name (ldns (rr_owner) (rr));

      for (guint t = 0; t < G_N_ELEMENTS (types); t++)
        if ((guint) ldns (rr_get_type) (rr) == types[t]
            && gsock_dns_find_signer (authority, owner, types[t], signer)
            && gsock_dns_name_is_within (
                gsock_dns_question_name (&self->target.question), *signer))
          return TRUE;
    }
  return FALSE;
}

/* Where the way ends: at the zone that says it has signed the target; or, where
 * nobody has, at its name, so that it is seen whether somebody should have. */
void
check_set_limit (GsockDnsCheck *self)
{
  const GsockDnsQuestion *question = &self->target.question;
  GsockDnsName name = gsock_dns_question_name (question);
  GsockDnsName signer;
  gboolean found = self->target.is_denied ? find_denier (self, &signer)
                                          : gsock_dns_find_signer (
                                              ldns (pkt_answer) (self->packet),
                                              name, question->type, &signer);

  if (!found)
    signer = question->type == GSOCK_DNS_DS ? gsock_dns_name_parent (name)
                                            : name;
  check_set_name (&self->limit, signer);
}

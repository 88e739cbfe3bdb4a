/* check.c: an answer checked by DNSSEC, from the trust anchor down
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Each set of records of an answer, and what it denies, is a target.  The way
 * to it leads from the nearest anchor down, label by label: at each one the
 * zone is asked for a DS, which it shows, or proves not to be there; there the
 * next zone begins, the chain ends, or it goes on in the same zone.  What was
 * found out about a name is remembered for the next target. */

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"
#include "dns/check-private.h"
#include "dns/verify.h"
#include "dns/words.h"

/* Names that are remembered; then they are learned anew. */
#define LINKS_MAX 4096

/* --- Links ---------------------------------------------------------------- */

static Link *
link_new (LinkKind kind)
{
  Link *link = g_new0 (Link, 1);

  link->references = 1;
  link->kind = kind;
  return link;
}

static Link *
link_ref (Link *link)
{
  link->references++;
  return link;
}

static void
link_unref (gpointer data)
{
  Link *link = data;

  if (--link->references > 0)
    return;
  if (link->records != NULL)
    ldns (rr_list_deep_free) (link->records);
  gsock_dns_security_clear (&link->end);
  g_free (link);
}

static char *
link_name (char what, GsockDnsName name)
{
  g_autofree char *text = gsock_dns_name_to_text (name.data, name.size);
  g_autofree char *lower = g_ascii_strdown (text, -1);

  return g_strdup_printf ("%c%s", what, lower);
}

/* Borrowed. */
static Link *
find_link (GsockDnsChecker *checker, char what, GsockDnsName name)
{
  g_autofree char *key = link_name (what, name);

  return g_hash_table_lookup (checker->links, key);
}

/* @link: (transfer full). */
static void
remember (GsockDnsChecker *checker, char what, GsockDnsName name, Link *link)
{
  if (g_hash_table_size (checker->links) >= LINKS_MAX)
    g_hash_table_remove_all (checker->links);
  g_hash_table_insert (checker->links, link_name (what, name), link);
}

/* --- The end -------------------------------------------------------------- */

static void
check_free (GsockDnsCheck *self)
{
  gsock_worker_disarm (self->checker->worker, &self->begin);
  g_clear_pointer (&self->query, gsock_dns_cancel);
  g_clear_pointer (&self->trace, gsock_dns_trace_cancel);
  g_clear_pointer (&self->vouched, link_unref);
  g_clear_pointer (&self->keys, link_unref);
  gsock_dns_security_clear (&self->worst);
  g_array_unref (self->targets);
  gsock_ldns_packet_free (self->packet);
  g_free (self);
}

static void
finish (GsockDnsCheck *self, const GError *error)
{
  GsockDnsCheckFunc func = self->func;
  gpointer data = self->data;
  GsockDnsSecurity security = self->worst;

  memset (&self->worst, 0, sizeof self->worst);
  check_free (self);
  func (error == NULL ? &security : NULL, error, data);
  gsock_dns_security_clear (&security);
}

/* The first of the worst is what is told. */
static void
take_security (GsockDnsCheck *self, const GsockDnsSecurity *security)
{
  if (security->trust <= self->worst.trust)
    return;
  gsock_dns_security_clear (&self->worst);
  gsock_dns_security_copy (&self->worst, security);
}

/* --- A target ------------------------------------------------------------- */

/* The anchors of the zone that is nearest above @name; NULL: none is. */
static Link *
find_anchors (const GsockDnsChecker *checker, GsockDnsName name)
{
  gsize count = ldns (rr_list_rr_count) (checker->anchors);
  GsockDnsName best = { NULL, 0 };
  Link *link;

  for (gsize i = 0; i < count; i++)
    {
      GsockDnsName owner = gsock_ldns_name (
          ldns (rr_owner) (ldns (rr_list_rr) (checker->anchors, i)));

      if (gsock_dns_name_is_within (name, owner) && owner.size > best.size)
        best = owner;
    }
  if (best.data == NULL)
    return NULL;
  link = link_new (LINK_DS);
  link->records = ldns (rr_list_new) ();
  for (gsize i = 0; i < count; i++)
    {
      const ldns_rr *rr = ldns (rr_list_rr) (checker->anchors, i);

      if (gsock_dns_name_equal (gsock_ldns_name (ldns (rr_owner) (rr)), best))
        ldns (rr_list_push_rr) (link->records, ldns (rr_clone) (rr));
    }
  return link;
}

static GsockDnsZone
zone_of (const GsockDnsCheck *self)
{
  return (GsockDnsZone) { gsock_dns_question_name (&self->zone),
                          self->keys != NULL ? self->keys->records : NULL,
                          g_get_real_time () / G_USEC_PER_SEC };
}

static void
verify_records (const GsockDnsCheck *self, GsockDnsSecurity *found)
{
  GsockDnsName name = gsock_dns_question_name (&self->target.question);
  guint16 type = self->target.question.type;
  GsockDnsZone zone = zone_of (self);
  guint labels = 0;

  if (!gsock_dns_verify_set (ldns (pkt_answer) (self->packet), name, type,
                             &zone, &labels, found))
    return;
  if (gsock_dns_is_expanded (name, labels))
    gsock_dns_verify_wildcard (ldns (pkt_authority) (self->packet), name, type,
                               labels, &zone, found);
}

static void
verify_denial (const GsockDnsCheck *self, GsockDnsSecurity *found)
{
  GsockDnsZone zone = zone_of (self);

  gsock_dns_verify_denial (ldns (pkt_authority) (self->packet),
                           gsock_dns_question_name (&self->target.question),
                           self->target.question.type, self->target.is_missing,
                           &zone, found);
}

static gboolean next_target (GsockDnsCheck *self);

/* With the keys of the zone that it should be signed by.  FALSE: it was the
 * last target. */
static gboolean
verify_target (GsockDnsCheck *self)
{
  GsockDnsSecurity found = { .trust = GSOCK_DNS_TRUSTED };

  if (self->target.is_denied)
    verify_denial (self, &found);
  else
    verify_records (self, &found);
  take_security (self, &found);
  gsock_dns_security_clear (&found);
  return next_target (self);
}

/* FALSE: there is no more, or nothing could make it worse. */
static gboolean
next_target (GsockDnsCheck *self)
{
  while (self->next < self->targets->len
         && self->worst.trust != GSOCK_DNS_BOGUS)
    {
      self->target = g_array_index (self->targets, Target, self->next++);
      check_set_limit (self);
      g_clear_pointer (&self->keys, link_unref);
      g_clear_pointer (&self->vouched, link_unref);
      self->vouched = find_anchors (self->checker,
                                    gsock_dns_question_name (&self->limit));
      if (self->vouched != NULL)
        {
          check_set_name (&self->zone,
                          gsock_ldns_name (ldns (rr_owner) (
                              ldns (rr_list_rr) (self->vouched->records, 0))));
          self->labels = gsock_dns_name_labels (
              gsock_dns_question_name (&self->zone));
          return TRUE;
        }
      if (self->worst.trust == GSOCK_DNS_TRUSTED)
        {
          self->worst.trust = GSOCK_DNS_INSECURE;
          self->worst.flaw = GSOCK_DNS_FLAW_NO_ANCHOR;
          self->worst.name = gsock_dns_name_to_text (
              self->target.question.name, self->target.question.size);
        }
    }
  return FALSE;
}

/* --- From link to link ---------------------------------------------------- */

static void reply_cb (const GsockDnsReply *reply, const GError *error,
                      gpointer data);
static void traced_cb (GPtrArray *answers, const char *host,
                       const GError *error, gpointer data);

static void
ask (GsockDnsCheck *self, GsockDnsName name, guint16 type)
{
  check_set_name (&self->asked, name);
  self->asked.type = type;
  if (self->checker->tracer != NULL)
    self->trace = gsock_dns_trace_question (self->checker->tracer, &self->asked,
                                            traced_cb, self);
  else
    self->query = gsock_dns_ask (self->checker->dns, &self->asked,
                                 GSOCK_DNS_CHECK_FLAGS, reply_cb, self);
}

/* FALSE: somebody has to be asked for them. */
static gboolean
get_keys (GsockDnsCheck *self)
{
  GsockDnsName zone = gsock_dns_question_name (&self->zone);
  Link *link = find_link (self->checker, 'K', zone);

  if (link == NULL)
    {
      ask (self, zone, GSOCK_DNS_DNSKEY);
      return FALSE;
    }
  self->keys = link_ref (link);
  return TRUE;
}

/* What is at the next label; FALSE: somebody has to be asked. */
static gboolean
go_down (GsockDnsCheck *self)
{
  GsockDnsName child = gsock_dns_name_last (
      gsock_dns_question_name (&self->limit), self->labels + 1);
  Link *link = find_link (self->checker, 'D', child);

  if (link == NULL)
    {
      ask (self, child, GSOCK_DNS_DS);
      return FALSE;
    }
  self->labels++;
  if (link->kind == LINK_SAME)
    return TRUE;
  g_clear_pointer (&self->keys, link_unref);
  if (link->kind == LINK_END)
    {
      self->keys = link_ref (link);
      return TRUE;
    }
  g_clear_pointer (&self->vouched, link_unref);
  self->vouched = link_ref (link);
  check_set_name (&self->zone, child);
  return TRUE;
}

/* As far as it goes without asking. */
static void
go_on (GsockDnsCheck *self)
{
  guint limit = gsock_dns_name_labels (gsock_dns_question_name (&self->limit));
  gboolean more = TRUE;

  while (more)
    {
      if (self->keys == NULL)
        {
          if (!get_keys (self))
            return;
        }
      else if (self->keys->kind == LINK_END)
        {
          take_security (self, &self->keys->end);
          more = next_target (self);
          limit = gsock_dns_name_labels (
              gsock_dns_question_name (&self->limit));
        }
      else if (self->labels < limit)
        {
          if (!go_down (self))
            return;
        }
      else
        {
          more = verify_target (self);
          limit = gsock_dns_name_labels (
              gsock_dns_question_name (&self->limit));
        }
    }
  finish (self, NULL);
}

static Link *
read_keys (const GsockDnsCheck *self, const ldns_pkt *packet)
{
  GsockDnsZone zone = zone_of (self);
  Link *link = link_new (LINK_KEYS);

  link->records = gsock_dns_verify_keys (ldns (pkt_answer) (packet), &zone,
                                         self->vouched->records, &link->end);
  if (link->records == NULL)
    link->kind = LINK_END;
  return link;
}

/* A zone begins at @name, or not, or that can't be known. */
static Link *
read_ds (const GsockDnsCheck *self, const ldns_pkt *packet, GsockDnsName name)
{
  const ldns_rr_list *answer = ldns (pkt_answer) (packet);
  GsockDnsZone zone = zone_of (self);
  ldns_rr_list *records = gsock_dns_pick (answer, name, GSOCK_DNS_DS);
  ldns_rr_list *aliases = gsock_dns_pick (answer, name, GSOCK_DNS_CNAME);
  Link *link = link_new (LINK_END);
  guint labels;

  if (ldns (rr_list_rr_count) (records) > 0)
    {
      if (gsock_dns_verify_set (answer, name, GSOCK_DNS_DS, &zone, &labels,
                                &link->end))
        {
          link->kind = LINK_DS;
          link->records = ldns (rr_list_clone) (records);
        }
    }
  /* An alias is no zone; whether it is right shows when it is a target. */
  else if (ldns (rr_list_rr_count) (aliases) > 0)
    link->kind = LINK_SAME;
  else
    switch (gsock_dns_verify_denial (
        ldns (pkt_authority) (packet), name, GSOCK_DNS_DS,
        (guint) ldns (pkt_get_rcode) (packet) == 3, &zone, &link->end))
      {
      case GSOCK_DNS_DENIAL_PROVEN:
        link->kind = LINK_SAME;
        break;
      case GSOCK_DNS_DENIAL_DELEGATION:
        link->end.trust = GSOCK_DNS_INSECURE;
        link->end.flaw = GSOCK_DNS_FLAW_NO_DS;
        link->end.name = gsock_dns_name_to_text (name.data, name.size);
        break;
      case GSOCK_DNS_DENIAL_NONE:
      case GSOCK_DNS_DENIAL_OPEN:
        break;
      }
  ldns (rr_list_free) (records);
  ldns (rr_list_free) (aliases);
  return link;
}

static void
fail (GsockDnsCheck *self, const char *why)
{
  g_autofree char *text = gsock_dns_name_to_text (self->asked.name,
                                                  self->asked.size);
  g_autofree char *name = gsock_escape_brief (text);
  g_autoptr (GError) error = NULL;

  error = g_error_new (GSOCK_ERROR, GSOCK_ERROR_REMOTE,
                       /* TRANSLATORS: "DNSKEY", a name, why */
                       _ ("Signatures can't be checked, as there is no answer "
                          "about the %s of %s: %s"),
                       gsock_dns_type_name (self->asked.type), name, why);
  finish (self, error);
}

/* The answer about the link. */
static void
take_message (GsockDnsCheck *self, const guint8 *data, gsize size)
{
  GsockDnsName name = gsock_dns_question_name (&self->asked);
  g_autoptr (GsockLdnsPacket) packet = NULL;
  guint rcode;

  if (ldns (wire2pkt) (&packet, data, size) != LDNS_STATUS_OK)
    {
      fail (self, _ ("a message that can't be read"));
      return;
    }
  if (!check_is_small (packet))
    {
      fail (self, _ ("a message of too many records"));
      return;
    }
  rcode = ldns (pkt_get_rcode) (packet);
  if (rcode != 0 && rcode != 3)
    {
      fail (self, gsock_dns_rcode_text (rcode));
      return;
    }
  if (self->asked.type == GSOCK_DNS_DNSKEY)
    remember (self->checker, 'K', name, read_keys (self, packet));
  else
    remember (self->checker, 'D', name, read_ds (self, packet, name));
  go_on (self);
}

static void
reply_cb (const GsockDnsReply *reply, const GError *error, gpointer data)
{
  GsockDnsCheck *self = data;

  self->query = NULL;
  if (error != NULL)
    finish (self, error);
  else
    take_message (self, reply->data, reply->size);
}

/* An alias in the place of a link is all that counts there, wherever it leads. */
static void
traced_cb (GPtrArray *answers, const char *host G_GNUC_UNUSED,
           const GError *error, gpointer data)
{
  GsockDnsCheck *self = data;
  g_autoptr (GPtrArray) owned = answers;
  const GsockDnsAnswer *answer = g_ptr_array_index (owned, 0);
  const guint8 *message;
  gsize size;

  self->trace = NULL;
  if (answer->earlier != NULL && answer->earlier->len > 0)
    answer = g_ptr_array_index (answer->earlier, 0);
  if (error != NULL)
    {
      finish (self, error);
      return;
    }
  /* Without an error that would be "secure". */
  if (answer->message == NULL)
    {
      fail (self, _ ("a message that can't be read"));
      return;
    }
  message = g_bytes_get_data (answer->message, &size);
  take_message (self, message, size);
}

/* --- Checks --------------------------------------------------------------- */

static void
begin_cb (GsockTimer *timer)
{
  GsockDnsCheck *self = (GsockDnsCheck *) ((char *) timer
                                           - G_STRUCT_OFFSET (GsockDnsCheck,
                                                              begin));

  if (self->is_too_much)
    {
      g_autoptr (GError) error = g_error_new_literal (
          GSOCK_ERROR, GSOCK_ERROR_REMOTE,
          _ ("Signatures can't be checked: the answer has too many records"));

      finish (self, error);
      return;
    }
  if (self->targets->len == 0)
    self->worst = (GsockDnsSecurity) { .trust = GSOCK_DNS_INSECURE,
                                       .flaw = GSOCK_DNS_FLAW_UNSIGNABLE };
  if (next_target (self))
    go_on (self);
  else
    finish (self, NULL);
}

/**
 * gsock_dns_check_start:
 * @checker: what is known so far
 * @answer: one that is read whole, with its message
 * @func: told what it is worth, once
 * @data: for @func
 *
 * Returns: (transfer none): it frees itself before @func is called
 */
GsockDnsCheck *
gsock_dns_check_start (GsockDnsChecker *checker, const GsockDnsAnswer *answer,
                       GsockDnsCheckFunc func, gpointer data)
{
  GsockDnsCheck *self = g_new0 (GsockDnsCheck, 1);
  gsize size;
  const guint8 *message = g_bytes_get_data (answer->message, &size);

  self->checker = checker;
  self->func = func;
  self->data = data;
  self->targets = g_array_new (FALSE, FALSE, sizeof (Target));
  if (ldns (wire2pkt) (&self->packet, message, size) == LDNS_STATUS_OK)
    self->is_too_much = !check_add_targets (self, answer);
  else
    self->packet = NULL;
  self->begin.func = begin_cb;
  gsock_worker_arm (checker->worker, &self->begin, g_get_monotonic_time ());
  return self;
}

/**
 * gsock_dns_check_cancel:
 * @check: (transfer full): one that has not ended
 */
void
gsock_dns_check_cancel (GsockDnsCheck *check)
{
  check_free (check);
}

/**
 * gsock_dns_checker_new:
 * @dns: who is asked
 * @worker: its own
 * @anchors: (transfer full): DS and DNSKEY records
 *
 * Returns: (transfer full): one that knows nothing but these
 */
GsockDnsChecker *
gsock_dns_checker_new (GsockDns *dns, GsockWorker *worker,
                       ldns_rr_list *anchors)
{
  GsockDnsChecker *checker = g_new0 (GsockDnsChecker, 1);

  checker->dns = dns;
  checker->worker = worker;
  checker->anchors = anchors;
  checker->links = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                          link_unref);
  return checker;
}

/**
 * gsock_dns_checker_free:
 * @checker: (transfer full): without checks under way
 */
void
gsock_dns_checker_free (GsockDnsChecker *checker)
{
  g_hash_table_unref (checker->links);
  ldns (rr_list_deep_free) (checker->anchors);
  g_free (checker);
}

/**
 * gsock_dns_checker_set_tracer:
 * @checker: one that has not been asked yet
 * @tracer: who follows each question from the root down
 */
void
gsock_dns_checker_set_tracer (GsockDnsChecker *checker, GsockDnsTracer *tracer)
{
  checker->tracer = tracer;
}

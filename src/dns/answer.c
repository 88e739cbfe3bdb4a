/* answer.c: what a DNS answer says, in plain data
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "dns/answer.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"
#include "core/log.h"
#include "dns/ldns.h"
#include "dns/plain.h"
#include "dns/tell.h"
#include "dns/words.h"

/* Aliases that are followed in one answer. */
#define CHAIN_MAX 128
#define EDNS_OPTION_EDE 15

static void
record_free (gpointer data)
{
  GsockDnsRecord *record = data;

  g_free (record->owner);
  g_free (record);
}

/* A field of a line, ended by a tab, and what comes after it. */
static char *
take_field (char **at)
{
  char *field = *at;

  *at += strcspn (field, "\t");
  if (**at != '\0')
    *(*at)++ = '\0';
  return field;
}

/* A name and the aliases that lead from it, to the last one. */
typedef struct
{
  GsockDnsName names[CHAIN_MAX + 1];
  guint count;
} Chain;

static gboolean
chain_has (const Chain *chain, GsockDnsName name)
{
  for (guint i = 0; i < chain->count; i++)
    if (gsock_dns_name_equal (chain->names[i], name))
      return TRUE;
  return FALSE;
}

/* "OWNER\tTTL\tCLASS\tTYPE\tDATA\n", as ldns writes a record. */
static void
add_record (GPtrArray *records, const ldns_rr *rr, const Chain *chain)
{
  GsockDnsRecord *record = g_new0 (GsockDnsRecord, 1);
  char *line = ldns (rr2str_fmt) (*ldns (output_format_nocomments), rr);
  char *at;

  record->owner = at = g_strdup (line != NULL ? g_strchomp (line) : "");
  /* ldns allocates by malloc. */
  free (line);
  take_field (&at);
  take_field (&at);
  take_field (&at);
  record->type_name = take_field (&at);
  record->data = at;
  record->ttl = ldns (rr_ttl) (rr);
  record->type = (guint16) ldns (rr_get_type) (rr);
  record->stray = !chain_has (chain, gsock_ldns_name (ldns (rr_owner) (rr)));
  g_ptr_array_add (records, record);
}

static void
take_records (GsockDnsAnswer *answer, const ldns_rr_list *list,
              const Chain *chain)
{
  gsize count = ldns (rr_list_rr_count) (list);

  for (gsize i = 0; i < count; i++)
    {
      const ldns_rr *rr = ldns (rr_list_rr) (list, i);

      /* Signatures come where they are asked for, beside what is. */
      if ((guint) ldns (rr_get_type) (rr) != GSOCK_DNS_RRSIG
          || answer->type == GSOCK_DNS_RRSIG || answer->type == GSOCK_DNS_ANY)
        add_record (answer->records, rr, chain);
    }
}

/* --- Aliases ------------------------------------------------------------- */

static const ldns_rr *
find (const ldns_rr_list *list, GsockDnsName name, guint16 type)
{
  gsize count = ldns (rr_list_rr_count) (list);

  for (gsize i = 0; i < count; i++)
    {
      const ldns_rr *rr = ldns (rr_list_rr) (list, i);
      guint found = ldns (rr_get_type) (rr);

      if ((found == type || (type == GSOCK_DNS_ANY && found != 0))
          && gsock_dns_name_equal (gsock_ldns_name (ldns (rr_owner) (rr)),
                                   name))
        return rr;
    }
  return NULL;
}

/* Follows the aliases of @list from @name on; FALSE: they lead back to
 * themselves. */
static gboolean
follow (const ldns_rr_list *list, guint16 type, GsockDnsName name, Chain *chain)
{
  chain->count = 0;
  for (;;)
    {
      gboolean is_circle = chain_has (chain, name);
      const ldns_rr *rr;

      chain->names[chain->count++] = name;
      if (is_circle || chain->count == G_N_ELEMENTS (chain->names))
        return FALSE;
      if (find (list, name, type) != NULL)
        return TRUE;
      rr = find (list, name, GSOCK_DNS_CNAME);
      if (rr == NULL || ldns (rr_rdf) (rr, 0) == NULL)
        return TRUE;
      name = gsock_ldns_name (ldns (rr_rdf) (rr, 0));
    }
}

/* A delegation and no answer, by a server that does not ask for us. */
static gboolean
is_lame (const GsockDnsAnswer *answer, const ldns_pkt *packet)
{
  const ldns_rr_list *authority = ldns (pkt_authority) (packet);
  gsize count = ldns (rr_list_rr_count) (authority);
  gboolean delegates = FALSE;

  if (answer->aa || answer->ra)
    return FALSE;
  for (gsize i = 0; i < count; i++)
    {
      guint type = ldns (rr_get_type) (ldns (rr_list_rr) (authority, i));

      if (type == GSOCK_DNS_SOA)
        return FALSE;
      delegates |= type == GSOCK_DNS_NS;
    }
  return delegates || count == 0;
}

static gboolean
has_soa (const ldns_pkt *packet)
{
  const ldns_rr_list *authority = ldns (pkt_authority) (packet);
  gsize count = ldns (rr_list_rr_count) (authority);

  for (gsize i = 0; i < count; i++)
    {
      guint type = ldns (rr_get_type) (ldns (rr_list_rr) (authority, i));

      if (type == GSOCK_DNS_SOA)
        return TRUE;
    }
  return FALSE;
}

static GsockDnsVerdict
judge (GsockDnsAnswer *answer, const ldns_pkt *packet,
       const GsockDnsQuestion *question, Chain *chain)
{
  const ldns_rr_list *list = ldns (pkt_answer) (packet);
  gboolean ends = follow (list, question->type,
                          gsock_dns_question_name (question), chain);
  GsockDnsName name = chain->names[chain->count - 1];
  guint steps = chain->count - 1;

  if (steps > 0)
    answer->target = gsock_dns_name_to_text (name.data, name.size);
  if (!ends)
    return GSOCK_DNS_LOOP;
  if (answer->rcode == 3)
    return steps > 0 ? GSOCK_DNS_DANGLING : GSOCK_DNS_NO_NAME;
  if (answer->rcode != 0)
    return GSOCK_DNS_FAILED;
  if (find (list, name, question->type) != NULL)
    return GSOCK_DNS_FOUND;
  if (steps > 0)
    return answer->ra || has_soa (packet) ? GSOCK_DNS_DANGLING
                                          : GSOCK_DNS_UNFOLLOWED;
  return is_lame (answer, packet) ? GSOCK_DNS_LAME : GSOCK_DNS_NO_DATA;
}

/* --- Extended errors ----------------------------------------------------- */

static void
take_ede (GsockDnsAnswer *answer, const ldns_pkt *packet)
{
  const ldns_rdf *options = ldns (pkt_edns_data) (packet);
  GsockDnsName left;

  if (options == NULL)
    return;
  left = gsock_ldns_name (options);
  while (left.size >= 4)
    {
      guint code = (guint) left.data[0] << 8 | left.data[1];
      gsize size = (gsize) left.data[2] << 8 | left.data[3];

      if (size > left.size - 4)
        return;
      if (code == EDNS_OPTION_EDE && size >= 2)
        {
          answer->ede = left.data[4] << 8 | left.data[5];
          g_free (answer->ede_text);
          answer->ede_text = size > 2 ? g_strndup ((const char *) left.data + 6,
                                                   size - 2)
                                      : NULL;
        }
      left.data += size + 4;
      left.size -= size + 4;
    }
}

/**
 * gsock_dns_verdict_name:
 * @verdict: what an answer comes to
 *
 * Returns: its name in JSON, never translated
 */
const char *
gsock_dns_verdict_name (GsockDnsVerdict verdict)
{
  static const char *const names[] = {
    [GSOCK_DNS_FOUND] = "found",         [GSOCK_DNS_NO_NAME] = "no-name",
    [GSOCK_DNS_NO_DATA] = "no-data",     [GSOCK_DNS_LOOP] = "loop",
    [GSOCK_DNS_DANGLING] = "dangling",   [GSOCK_DNS_UNFOLLOWED] = "unfollowed",
    [GSOCK_DNS_LAME] = "lame",           [GSOCK_DNS_FAILED] = "failed",
    [GSOCK_DNS_NO_ANSWER] = "no-answer",
  };

  return names[verdict];
}

/* --- The answer ---------------------------------------------------------- */

/**
 * gsock_dns_answer_free:
 * @answer: (transfer full): to be freed
 */
void
gsock_dns_answer_free (GsockDnsAnswer *answer)
{
  g_ptr_array_unref (answer->records);
  g_free (answer->target);
  g_free (answer->ede_text);
  g_free (answer->server);
  g_clear_error (&answer->error);
  g_clear_pointer (&answer->steps, g_ptr_array_unref);
  g_clear_pointer (&answer->earlier, g_ptr_array_unref);
  g_clear_pointer (&answer->message, g_bytes_unref);
  if (answer->security != NULL)
    gsock_dns_security_clear (answer->security);
  g_free (answer->security);
  g_free (answer);
}

/**
 * gsock_dns_answer_set_security:
 * @answer: an answer
 * @security: (transfer none): copied: what it is worth
 */
void
gsock_dns_answer_set_security (GsockDnsAnswer *answer,
                               const GsockDnsSecurity *security)
{
  answer->security = g_new0 (GsockDnsSecurity, 1);
  gsock_dns_security_copy (answer->security, security);
}

/* --- Plain answers -------------------------------------------------------- */

typedef struct
{
  GPtrArray *records;
  guint16 type;
  gsize size; /* of the owner */
  char line[GSOCK_DNS_NAME_MAX + INET6_ADDRSTRLEN];
} Plain;

static void
plain_cb (const guint8 *data, guint32 ttl, gpointer user_data)
{
  Plain *plain = user_data;
  GsockDnsRecord *record = g_new0 (GsockDnsRecord, 1);
  char *address = plain->line + plain->size + 1;
  gboolean is_v4 = plain->type == GSOCK_DNS_A;

  inet_ntop (is_v4 ? AF_INET : AF_INET6, data, address, INET6_ADDRSTRLEN);
  record->owner = g_memdup2 (plain->line,
                             plain->size + 1 + strlen (address) + 1);
  record->data = record->owner + plain->size + 1;
  record->type_name = is_v4 ? "A" : "AAAA";
  record->type = plain->type;
  record->ttl = ttl;
  g_ptr_array_add (plain->records, record);
}

/* FALSE: it takes ldns to read it. */
static gboolean
parse_plain (GsockDnsAnswer *answer, const guint8 *data, gsize size,
             const GsockDnsQuestion *question)
{
  Plain plain = { .records = answer->records, .type = question->type };

  if (size < 12 + (gsize) question->size + 4)
    return FALSE;
  plain.size = gsock_dns_plain_name (plain.line, data + 12, question->size);
  if (plain.size == 0
      || !gsock_dns_plain_read (data, size, question, plain_cb, &plain))
    return FALSE;
  answer->aa = (data[2] & 4) != 0;
  answer->ra = (data[3] & 0x80) != 0;
  answer->ad = (data[3] & 0x20) != 0;
  answer->verdict = GSOCK_DNS_FOUND;
  return TRUE;
}

/**
 * gsock_dns_records_new:
 *
 * Returns: (transfer full) (element-type GsockDnsRecord): an empty list
 */
GPtrArray *
gsock_dns_records_new (void)
{
  return g_ptr_array_new_with_free_func (record_free);
}

/**
 * gsock_dns_answer_new_empty:
 * @type: what was asked for
 *
 * Returns: (transfer full): an answer of nobody, without records
 */
GsockDnsAnswer *
gsock_dns_answer_new_empty (guint16 type)
{
  GsockDnsAnswer *answer = g_new0 (GsockDnsAnswer, 1);

  answer->records = gsock_dns_records_new ();
  answer->ede = -1;
  answer->type = type;
  answer->verdict = GSOCK_DNS_NO_ANSWER;
  return answer;
}

/**
 * gsock_dns_answer_parse:
 * @data: a DNS message
 * @size: its bytes
 * @question: what it answers
 * @error: %GSOCK_ERROR_FAILED
 *
 * Returns: (transfer full) (nullable): what it says
 */
GsockDnsAnswer *
gsock_dns_answer_parse (const guint8 *data, gsize size,
                        const GsockDnsQuestion *question, GError **error)
{
  g_autoptr (GsockLdnsPacket) packet = NULL;
  g_autoptr (GsockDnsAnswer)
      answer = gsock_dns_answer_new_empty (question->type);
  Chain chain;

  answer->size = size;
  if (parse_plain (answer, data, size, question))
    return g_steal_pointer (&answer);
  if (!gsock_ldns_load (error))
    return NULL;
  if (ldns (wire2pkt) (&packet, data, size) != LDNS_STATUS_OK)
    {
      g_set_error_literal (error, GSOCK_ERROR, GSOCK_ERROR_FAILED,
                           _ ("a message that can't be read"));
      return NULL;
    }
  answer->rcode = (guint) ldns (pkt_get_rcode) (packet)
                  | (guint) ldns (pkt_edns_extended_rcode) (packet) << 4;
  answer->aa = ldns (pkt_aa) (packet);
  answer->ra = ldns (pkt_ra) (packet);
  answer->ad = ldns (pkt_ad) (packet);
  take_ede (answer, packet);
  answer->verdict = judge (answer, packet, question, &chain);
  take_records (answer, ldns (pkt_answer) (packet), &chain);
  return g_steal_pointer (&answer);
}

/* What a cache of HTTP has kept may be kept for so much less (RFC 8484, 5.1). */
static void
grow_old (GsockDnsAnswer *answer, guint32 age)
{
  for (guint i = 0; i < answer->records->len; i++)
    {
      GsockDnsRecord *record = g_ptr_array_index (answer->records, i);

      record->ttl -= MIN (record->ttl, age);
    }
}

/**
 * gsock_dns_answer_new:
 * @reply: what a server has sent
 * @question: what it was asked
 * @error: %GSOCK_ERROR_FAILED, the server named
 *
 * Returns: (transfer full) (nullable): what it says
 */
GsockDnsAnswer *
gsock_dns_answer_new (const GsockDnsReply *reply,
                      const GsockDnsQuestion *question, GError **error)
{
  GsockDnsAnswer *answer = gsock_dns_answer_parse (reply->data, reply->size,
                                                   question, error);

  if (answer == NULL)
    {
      /* Without ldns, it is not the server who is wrong. */
      if (gsock_ldns_load (NULL))
        g_prefix_error (error,
                        /* TRANSLATORS: a name server; what it sent follows. */
                        _ ("%s answered with "), reply->server->text);
      return NULL;
    }
  answer->server = g_strdup (reply->server->text);
  answer->via = gsock_dns_via_name (reply->via);
  answer->duration = reply->duration;
  grow_old (answer, reply->age);
  if (gsock_explaining ())
    gsock_dns_tell_records (answer);
  return answer;
}

/**
 * gsock_dns_answer_has_failed:
 * @answer: an answer
 *
 * Returns: %TRUE if it tells neither what there is nor that there is nothing
 */
gboolean
gsock_dns_answer_has_failed (const GsockDnsAnswer *answer)
{
  return answer->verdict == GSOCK_DNS_LAME
         || answer->verdict == GSOCK_DNS_FAILED
         || answer->verdict == GSOCK_DNS_NO_ANSWER;
}

/**
 * gsock_dns_answers_get_main:
 * @answers: (element-type GsockDnsAnswer): of one name, at least one
 *
 * Returns: (transfer none): see the header
 */
const GsockDnsAnswer *
gsock_dns_answers_get_main (const GPtrArray *answers)
{
  const GsockDnsAnswer *found = NULL;

  for (guint i = 0; i < answers->len; i++)
    {
      const GsockDnsAnswer *answer = g_ptr_array_index (answers, i);

      if (gsock_dns_answer_has_failed (answer))
        return answer;
      if (found == NULL && answer->verdict == GSOCK_DNS_FOUND)
        found = answer;
    }
  return found != NULL ? found : g_ptr_array_index (answers, 0);
}

/* " (a signature has expired)", or nothing. */
static char *
describe_ede (const GsockDnsAnswer *answer)
{
  const char *text = answer->ede >= 0 ? gsock_dns_ede_text ((guint) answer->ede)
                                      : NULL;
  g_autofree char *own = answer->ede_text != NULL
                             ? gsock_escape_brief (answer->ede_text)
                             : NULL;

  if (answer->ede < 0 || (text == NULL && own == NULL))
    return g_strdup ("");
  if (text == NULL || own == NULL)
    return g_strdup_printf (" (%s)", text != NULL ? text : own);
  return g_strdup_printf (" (%s: %s)", text, own);
}

/**
 * gsock_dns_answer_set_error:
 * @answer: one that doesn't have what was asked for
 * @host: the name
 * @error: (out): see the header
 */
void
gsock_dns_answer_set_error (const GsockDnsAnswer *answer, const char *host,
                            GError **error)
{
  g_autofree char *name = gsock_escape_brief (host);
  g_autofree char *target = gsock_escape_brief (
      answer->target != NULL ? answer->target : "");
  g_autofree char *ede = describe_ede (answer);
  const char *type_name = gsock_dns_type_name (answer->type);

  switch (answer->verdict)
    {
    case GSOCK_DNS_FOUND:
      return;
    case GSOCK_DNS_NO_ANSWER:
      if (answer->error != NULL)
        g_propagate_error (error, g_error_copy (answer->error));
      return;
    case GSOCK_DNS_NO_NAME:
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_NAME,
                   /* TRANSLATORS: a name, a server, why (may be empty) */
                   _ ("'%s' doesn't exist (NXDOMAIN from %s)%s"), name,
                   answer->server, ede);
      return;
    case GSOCK_DNS_NO_DATA:
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_REMOTE,
                   /* TRANSLATORS: a name, a record type: "AAAA", a server */
                   _ ("'%s' exists, but has no %s record (said %s)%s"), name,
                   type_name, answer->server, ede);
      return;
    case GSOCK_DNS_LOOP:
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_REMOTE,
                   /* TRANSLATORS: two names in DNS */
                   _ ("'%s' is an alias that leads round in a circle, by way "
                      "of '%s': its zone is wrong"),
                   name, target);
      return;
    case GSOCK_DNS_DANGLING:
      g_set_error (error, GSOCK_ERROR,
                   answer->rcode == 3 ? GSOCK_ERROR_NAME : GSOCK_ERROR_REMOTE,
                   answer->rcode == 3
                       /* TRANSLATORS: two names in DNS */
                       ? _ ("'%s' is an alias of '%s', which doesn't exist")
                       : _ ("'%s' is an alias of '%s', which has no such "
                            "record"),
                   name, target);
      return;
    case GSOCK_DNS_UNFOLLOWED:
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_REMOTE,
                   /* TRANSLATORS: two names in DNS, a server */
                   _ ("'%s' is an alias of '%s', of which %s knows nothing"),
                   name, target, answer->server);
      return;
    case GSOCK_DNS_LAME:
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_REMOTE,
                   /* TRANSLATORS: a server, a name */
                   _ ("%s knows nothing of '%s' and asks no other server "
                      "(a lame server); try another one"),
                   answer->server, name);
      return;
    case GSOCK_DNS_FAILED:
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_REMOTE,
                   /* TRANSLATORS: a server, "SERVFAIL", a name, what that
                    * means, why (may be empty) */
                   _ ("%s answered %s about '%s': %s%s"), answer->server,
                   gsock_dns_rcode_name (answer->rcode), name,
                   gsock_dns_rcode_text (answer->rcode), ede);
      return;
    }
}

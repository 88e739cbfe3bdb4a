/* test-denial.c: what signed answers prove, and what is wrong with others
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Of denial.c and verify.c, by answers that a real server has signed: the corpus
 * of fuzz-denial. */

#include "config.h"

#include <string.h>

#include <glib.h>

#include "../lib/dnssec-keys.h"
#include "dns/verify.h"
#include "dns/words.h"

/* 2027, when the signatures are good; before; and after. */
#define NOW 1800000000
#define EARLY 1700000000
#define LATE 2200000000

static ldns_rr_list *
make_keys (void)
{
  ldns_rr_list *keys = ldns (rr_list_new) ();

  for (gsize i = 0; i < G_N_ELEMENTS (dnssec_keys); i++)
    {
      ldns_rr *key = NULL;

      g_assert_cmpint (
          ldns (rr_new_frm_str) (&key, dnssec_keys[i], 0, NULL, NULL), ==,
          LDNS_STATUS_OK);
      ldns (rr_list_push_rr) (keys, key);
    }
  return keys;
}

static ldns_pkt *
read_answer (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "fuzz", "corpus",
                                                 "denial", name, NULL);
  g_autofree char *data = NULL;
  g_autoptr (GError) error = NULL;
  ldns_pkt *packet = NULL;
  gsize size;

  g_file_get_contents (path, &data, &size, &error);
  g_assert_no_error (error);
  g_assert_cmpint (ldns (wire2pkt) (&packet, (const guint8 *) data, size), ==,
                   LDNS_STATUS_OK);
  return packet;
}

/* What was asked. */
static GsockDnsQuestion
question_of (const ldns_pkt *packet)
{
  const ldns_rr *rr = ldns (rr_list_rr) (ldns (pkt_question) (packet), 0);
  GsockDnsName name = gsock_ldns_name (ldns (rr_owner) (rr));
  GsockDnsQuestion question = { .size = (guint8) name.size,
                                .type = (guint16) ldns (rr_get_type) (rr) };

  memcpy (question.name, name.data, name.size);
  return question;
}

static GsockDnsName
zone_name (const GsockDnsQuestion *question)
{
  return gsock_dns_name_last (gsock_dns_question_name (question), 2);
}

static void
test_denials (void)
{
  static const struct
  {
    const char *file;
    GsockDnsDenial denial;
    GsockDnsFlaw flaw;
    gboolean is_missing;
    const char *other; /* asked about instead of the answer's own type */
  } rows[] = {
    { "nsec-nothing-a", GSOCK_DNS_DENIAL_PROVEN, 0, TRUE, NULL },
    { "nsec-a.b.nothing-a", GSOCK_DNS_DENIAL_PROVEN, 0, TRUE, NULL },
    { "nsec-zz-a", GSOCK_DNS_DENIAL_PROVEN, 0, TRUE, NULL },
    { "nsec-www-mx", GSOCK_DNS_DENIAL_PROVEN, 0, FALSE, NULL },
    { "nsec-apex-mx", GSOCK_DNS_DENIAL_PROVEN, 0, FALSE, NULL },
    { "nsec-x.wild-mx", GSOCK_DNS_DENIAL_PROVEN, 0, FALSE, NULL },
    { "nsec-ent-a", GSOCK_DNS_DENIAL_PROVEN, 0, FALSE, NULL },
    { "nsec-b.ent-a", GSOCK_DNS_DENIAL_PROVEN, 0, FALSE, NULL },
    { "nsec-www-ds", GSOCK_DNS_DENIAL_PROVEN, 0, FALSE, NULL },
    { "nsec-cut-ds", GSOCK_DNS_DENIAL_DELEGATION, 0, FALSE, NULL },
    { "nsec3-nothing-a", GSOCK_DNS_DENIAL_PROVEN, 0, TRUE, NULL },
    { "nsec3-a.b.nothing-a", GSOCK_DNS_DENIAL_PROVEN, 0, TRUE, NULL },
    { "nsec3-www-mx", GSOCK_DNS_DENIAL_PROVEN, 0, FALSE, NULL },
    { "nsec3-x.wild-mx", GSOCK_DNS_DENIAL_PROVEN, 0, FALSE, NULL },
    { "nsec3-ent-a", GSOCK_DNS_DENIAL_PROVEN, 0, FALSE, NULL },
    { "nsec3-cut-ds", GSOCK_DNS_DENIAL_DELEGATION, 0, FALSE, NULL },
    { "out-nothing-a", GSOCK_DNS_DENIAL_OPEN, GSOCK_DNS_FLAW_OPT_OUT, TRUE,
      NULL },
    { "out-cut-ds", GSOCK_DNS_DENIAL_DELEGATION, 0, FALSE, NULL },
    { "many-nothing-a", GSOCK_DNS_DENIAL_OPEN, GSOCK_DNS_FLAW_ITERATIONS, TRUE,
      NULL },
    /* What is there can't be denied by what says that it is. */
    { "nsec-www-mx", GSOCK_DNS_DENIAL_NONE, GSOCK_DNS_FLAW_NO_DENIAL, FALSE,
      "A" },
    { "nsec3-www-mx", GSOCK_DNS_DENIAL_NONE, GSOCK_DNS_FLAW_NO_DENIAL, FALSE,
      "A" },
    { "nsec-x.wild-mx", GSOCK_DNS_DENIAL_NONE, GSOCK_DNS_FLAW_NO_DENIAL, FALSE,
      "A" },
    { "nsec3-x.wild-mx", GSOCK_DNS_DENIAL_NONE, GSOCK_DNS_FLAW_NO_DENIAL, FALSE,
      "A" },
    { "nsec-cut-ds", GSOCK_DNS_DENIAL_NONE, GSOCK_DNS_FLAW_NO_DENIAL, FALSE,
      "MX" },
    { "nsec-www-mx", GSOCK_DNS_DENIAL_NONE, GSOCK_DNS_FLAW_NO_DENIAL, TRUE,
      NULL },
    { "nsec3-www-mx", GSOCK_DNS_DENIAL_NONE, GSOCK_DNS_FLAW_NO_DENIAL, TRUE,
      NULL },
    { "nsec-ent-a", GSOCK_DNS_DENIAL_NONE, GSOCK_DNS_FLAW_NO_DENIAL, TRUE,
      NULL },
    { "nsec-x.wild-mx", GSOCK_DNS_DENIAL_NONE, GSOCK_DNS_FLAW_NO_DENIAL, TRUE,
      NULL },
    /* The parent has the DS; all names have something, which ANY asks for. */
    { "nsec-apex-mx", GSOCK_DNS_DENIAL_NONE, GSOCK_DNS_FLAW_NO_DENIAL, FALSE,
      "DS" },
    { "nsec-www-mx", GSOCK_DNS_DENIAL_NONE, GSOCK_DNS_FLAW_NO_DENIAL, FALSE,
      "ANY" },
    { "nsec3-www-mx", GSOCK_DNS_DENIAL_NONE, GSOCK_DNS_FLAW_NO_DENIAL, FALSE,
      "ANY" },
    /* An answer that has nothing to say of it. */
    { "nsec-www-a", GSOCK_DNS_DENIAL_NONE, GSOCK_DNS_FLAW_NO_DENIAL, FALSE,
      "MX" },
    { "nsec3-www-a", GSOCK_DNS_DENIAL_NONE, GSOCK_DNS_FLAW_NO_DENIAL, TRUE,
      NULL },
  };
  ldns_rr_list *keys = make_keys ();

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      ldns_pkt *packet = read_answer (rows[i].file);
      GsockDnsQuestion question = question_of (packet);
      const GsockDnsZone zone = { zone_name (&question), keys, NOW };
      GsockDnsSecurity flaw = { .trust = GSOCK_DNS_TRUSTED };
      guint16 type = rows[i].other != NULL
                         ? gsock_dns_type_parse (rows[i].other)
                         : question.type;

      g_test_message ("%s %d", rows[i].file, type);
      g_assert_cmpint (
          gsock_dns_verify_denial (ldns (pkt_authority) (packet),
                                   gsock_dns_question_name (&question), type,
                                   rows[i].is_missing, &zone, &flaw),
          ==, rows[i].denial);
      g_assert_cmpint (flaw.flaw, ==, rows[i].flaw);
      gsock_dns_security_clear (&flaw);
      ldns (pkt_free) (packet);
    }
  ldns (rr_list_deep_free) (keys);
}

/* The proof itself has to be signed, and in time. */
static void
test_unproven (void)
{
  static const struct
  {
    gint64 now;
    GsockDnsFlaw flaw;
  } rows[] = { { EARLY, GSOCK_DNS_FLAW_NOT_YET },
               { LATE, GSOCK_DNS_FLAW_EXPIRED } };
  ldns_rr_list *keys = make_keys ();
  ldns_pkt *packet = read_answer ("nsec-nothing-a");
  GsockDnsQuestion question = question_of (packet);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const GsockDnsZone zone = { zone_name (&question), keys, rows[i].now };
      GsockDnsSecurity flaw = { .trust = GSOCK_DNS_TRUSTED };

      g_assert_cmpint (
          gsock_dns_verify_denial (ldns (pkt_authority) (packet),
                                   gsock_dns_question_name (&question),
                                   question.type, TRUE, &zone, &flaw),
          ==, GSOCK_DNS_DENIAL_NONE);
      g_assert_cmpint (flaw.flaw, ==, rows[i].flaw);
      gsock_dns_security_clear (&flaw);
    }
  ldns (pkt_free) (packet);
  ldns (rr_list_deep_free) (keys);
}

/* A set, as it was signed or with something wrong. */
static void
verify (const char *file, const char *zone_text, const ldns_rr_list *keys,
        gint64 now, GsockDnsFlaw wanted)
{
  ldns_pkt *packet = read_answer (file);
  GsockDnsQuestion question = question_of (packet);
  GsockDnsQuestion zone_question;
  GsockDnsZone zone = { zone_name (&question), keys, now };
  GsockDnsSecurity flaw = { .trust = GSOCK_DNS_TRUSTED };
  guint labels = 0;
  gboolean right;

  if (zone_text != NULL)
    {
      g_assert_true (
          gsock_dns_question_init (&zone_question, zone_text, 0, NULL));
      zone.name = gsock_dns_question_name (&zone_question);
    }
  right = gsock_dns_verify_set (ldns (pkt_answer) (packet),
                                gsock_dns_question_name (&question),
                                question.type, &zone, &labels, &flaw);
  g_assert_cmpint (right, ==, wanted == GSOCK_DNS_FLAW_NONE);
  g_assert_cmpint (flaw.flaw, ==, wanted);
  if (!right)
    g_assert_cmpint (flaw.type, ==, question.type);
  gsock_dns_security_clear (&flaw);
  ldns (pkt_free) (packet);
}

static void
test_sets (void)
{
  ldns_rr_list *keys = make_keys ();
  ldns_rr_list *none = ldns (rr_list_new) ();

  verify ("nsec-www-a", NULL, keys, NOW, GSOCK_DNS_FLAW_NONE);
  verify ("nsec-x.wild-a", NULL, keys, NOW, GSOCK_DNS_FLAW_NONE);
  verify ("nsec-apex-dnskey", NULL, keys, NOW, GSOCK_DNS_FLAW_NONE);
  verify ("nsec-safe-ds", NULL, keys, NOW, GSOCK_DNS_FLAW_NONE);
  verify ("nsec-www-a", NULL, keys, EARLY, GSOCK_DNS_FLAW_NOT_YET);
  verify ("nsec-www-a", NULL, keys, LATE, GSOCK_DNS_FLAW_EXPIRED);
  verify ("nsec-www-a", NULL, none, NOW, GSOCK_DNS_FLAW_NO_KEY);
  verify ("nsec-www-a", "test", keys, NOW, GSOCK_DNS_FLAW_WRONG_SIGNER);
  verify ("nsec-www-mx", NULL, keys, NOW, GSOCK_DNS_FLAW_NO_SIGNATURE);
  ldns (rr_list_free) (none);
  ldns (rr_list_deep_free) (keys);
}

/* One address is another's. */
static void
test_forged (void)
{
  ldns_rr_list *keys = make_keys ();
  ldns_pkt *packet = read_answer ("nsec-www-a");
  GsockDnsQuestion question = question_of (packet);
  const GsockDnsZone zone = { zone_name (&question), keys, NOW };
  GsockDnsSecurity flaw = { .trust = GSOCK_DNS_TRUSTED };
  ldns_rr_list *answer = ldns (pkt_answer) (packet);
  guint labels;

  ldns (rdf_data) (ldns (rr_rdf) (ldns (rr_list_rr) (answer, 0), 0))[3] ^= 1;
  g_assert_false (gsock_dns_verify_set (answer,
                                        gsock_dns_question_name (&question),
                                        question.type, &zone, &labels, &flaw));
  g_assert_cmpint (flaw.trust, ==, GSOCK_DNS_BOGUS);
  g_assert_cmpint (flaw.flaw, ==, GSOCK_DNS_FLAW_BAD);
  g_assert_cmpstr (flaw.name, ==, "www.nsec.test.");
  g_assert_cmpstr (flaw.zone, ==, "nsec.test.");
  gsock_dns_security_clear (&flaw);
  ldns (pkt_free) (packet);
  ldns (rr_list_deep_free) (keys);
}

/* Records of a wildcard need a proof that there is nothing nearer. */
static void
test_wildcards (void)
{
  static const struct
  {
    const char *file;
    const char *proof; /* whose authority section */
    guint labels;
    GsockDnsDenial denial;
  } rows[] = {
    { "nsec-x.wild-a", "nsec-x.wild-a", 3, GSOCK_DNS_DENIAL_PROVEN },
    { "nsec3-x.wild-a", "nsec3-x.wild-a", 3, GSOCK_DNS_DENIAL_PROVEN },
    { "out-x.wild-a", "out-x.wild-a", 3, GSOCK_DNS_DENIAL_OPEN },
    { "nsec-x.wild-a", "nsec-www-mx", 3, GSOCK_DNS_DENIAL_NONE },
    { "nsec3-x.wild-a", "nsec3-www-mx", 3, GSOCK_DNS_DENIAL_NONE },
    /* "wild" is there, so "*.nsec.test" has nothing to say of x.wild. */
    { "nsec-x.wild-a", "nsec-x.wild-a", 2, GSOCK_DNS_DENIAL_NONE },
    { "nsec3-x.wild-a", "nsec3-x.wild-a", 2, GSOCK_DNS_DENIAL_NONE },
  };
  ldns_rr_list *keys = make_keys ();

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      ldns_pkt *packet = read_answer (rows[i].file);
      ldns_pkt *proof = read_answer (rows[i].proof);
      GsockDnsQuestion question = question_of (packet);
      const GsockDnsZone zone = { zone_name (&question), keys, NOW };
      GsockDnsSecurity flaw = { .trust = GSOCK_DNS_TRUSTED };

      g_test_message ("%s by %s", rows[i].file, rows[i].proof);
      g_assert_cmpint (gsock_dns_verify_wildcard (
                           ldns (pkt_authority) (proof),
                           gsock_dns_question_name (&question), question.type,
                           rows[i].labels, &zone, &flaw),
                       ==, rows[i].denial);
      gsock_dns_security_clear (&flaw);
      ldns (pkt_free) (proof);
      ldns (pkt_free) (packet);
    }
  ldns (rr_list_deep_free) (keys);
}

/* The signature of a wildcard's own record holds under any name: if that counted,
 * what it says could be moved to where it denies what is there. */
static void
test_moved (void)
{
  ldns_rr_list *keys = make_keys ();
  ldns_pkt *packet = read_answer ("nsec-x.wild-mx");
  ldns_rr_list *section = ldns (pkt_authority) (packet);
  GsockDnsQuestion question = question_of (packet);
  const GsockDnsZone zone = { zone_name (&question), keys, NOW };
  GsockDnsSecurity flaw = { .trust = GSOCK_DNS_TRUSTED };
  guint moved = 0;

  for (gsize i = 0; i < ldns (rr_list_rr_count) (section); i++)
    {
      const ldns_rdf *owner = ldns (rr_owner) (ldns (rr_list_rr) (section, i));

      if (memcmp (ldns (rdf_data) (owner), "\1*", 2) != 0)
        continue;
      ldns (rdf_data) (owner)[1] = 'x';
      moved++;
    }
  g_assert_cmpuint (moved, ==, 2);
  g_assert_cmpint (gsock_dns_verify_denial (section,
                                            gsock_dns_question_name (&question),
                                            question.type, FALSE, &zone, &flaw),
                   ==, GSOCK_DNS_DENIAL_NONE);
  g_assert_cmpint (flaw.flaw, ==, GSOCK_DNS_FLAW_NO_DENIAL);
  gsock_dns_security_clear (&flaw);
  ldns (pkt_free) (packet);
  ldns (rr_list_deep_free) (keys);
}

static gboolean
is_among (const ldns_rr_list *list, gsize count, const ldns_rr *rr)
{
  for (gsize i = 0; i < count; i++)
    {
      const ldns_rr *other = ldns (rr_list_rr) (list, i);

      if (ldns (rr_get_type) (other) == ldns (rr_get_type) (rr)
          && gsock_dns_name_equal (gsock_ldns_name (ldns (rr_owner) (other)),
                                   gsock_ldns_name (ldns (rr_owner) (rr))))
        return TRUE;
    }
  return FALSE;
}

/* All that these say of nothing, once each; borrowed of @packets. */
static ldns_rr_list *
gather (ldns_pkt **packets, const char *const *files, gsize files_count)
{
  ldns_rr_list *all = ldns (rr_list_new) ();

  for (gsize i = 0; i < files_count; i++)
    {
      gsize before = ldns (rr_list_rr_count) (all);
      ldns_rr_list *section;

      packets[i] = read_answer (files[i]);
      section = ldns (pkt_authority) (packets[i]);
      for (gsize r = 0; r < ldns (rr_list_rr_count) (section); r++)
        if (!is_among (all, before, ldns (rr_list_rr) (section, r)))
          ldns (rr_list_push_rr) (all, ldns (rr_list_rr) (section, r));
    }
  return all;
}

/* How many of the names below @parent are denied by @section. */
static guint
count_denied (const ldns_rr_list *section, const ldns_rr_list *keys,
              const char *parent)
{
  guint denied = 0;

  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *text = g_strdup_printf ("n%u%s.nsec3.test", i, parent);
      GsockDnsSecurity flaw = { .trust = GSOCK_DNS_TRUSTED };
      GsockDnsQuestion question;
      GsockDnsZone zone = { .keys = keys, .now = NOW };

      g_assert_true (
          gsock_dns_question_init (&question, text, GSOCK_DNS_A, NULL));
      zone.name = zone_name (&question);
      denied += gsock_dns_verify_denial (section,
                                         gsock_dns_question_name (&question),
                                         GSOCK_DNS_A, TRUE, &zone, &flaw)
                == GSOCK_DNS_DENIAL_PROVEN;
      gsock_dns_security_clear (&flaw);
    }
  return denied;
}

/* The parent knows nothing of what is below a delegation, or a DNAME. */
static void
test_ancestor (void)
{
  static const char *const files[] = { "nsec3-nothing-a", "nsec3-cut-ds",
                                       "nsec3-b.ent-a", "nsec3-x.wild-mx",
                                       "nsec3-www-mx" };
  ldns_pkt *packets[G_N_ELEMENTS (files)];
  ldns_rr_list *keys = make_keys ();
  ldns_rr_list *section = gather (packets, files, G_N_ELEMENTS (files));

  g_assert_cmpuint (count_denied (section, keys, ""), >, 0);
  g_assert_cmpuint (count_denied (section, keys, ".cut"), ==, 0);
  ldns (rr_list_free) (section);
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    ldns (pkt_free) (packets[i]);
  ldns (rr_list_deep_free) (keys);
}

/* @anchor: "DS", "DNSKEY", or a record. */
static void
check_keys (const char *anchor, GsockDnsFlaw wanted)
{
  ldns_pkt *packet = read_answer ("nsec-apex-dnskey");
  GsockDnsQuestion question = question_of (packet);
  const GsockDnsZone zone = { zone_name (&question), NULL, NOW };
  GsockDnsSecurity flaw = { .trust = GSOCK_DNS_TRUSTED };
  ldns_rr_list *anchors = ldns (rr_list_new) ();
  ldns_rr_list *keys;
  ldns_rr *rr = NULL;

  ldns (rr_new_frm_str) (
      &rr, strcmp (anchor, "DS") == 0 ? dnssec_keys[0] : anchor, 0, NULL, NULL);
  g_assert_nonnull (rr);
  if (strcmp (anchor, "DS") == 0)
    {
      ldns_rr *digest = ldns (key_rr2ds) (rr, LDNS_SHA256);

      ldns (rr_free) (rr);
      rr = digest;
    }
  ldns (rr_list_push_rr) (anchors, rr);
  keys = gsock_dns_verify_keys (ldns (pkt_answer) (packet), &zone, anchors,
                                &flaw);
  g_assert_cmpint (keys != NULL, ==, wanted == GSOCK_DNS_FLAW_NONE);
  g_assert_cmpint (flaw.flaw, ==, wanted);
  if (keys != NULL)
    ldns (rr_list_deep_free) (keys);
  gsock_dns_security_clear (&flaw);
  ldns (rr_list_deep_free) (anchors);
  ldns (pkt_free) (packet);
}

#define DIGEST \
  "0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF"

static void
test_keys (void)
{
  check_keys (dnssec_keys[0], GSOCK_DNS_FLAW_NONE);
  check_keys ("DS", GSOCK_DNS_FLAW_NONE);
  check_keys (dnssec_keys[1], GSOCK_DNS_FLAW_WRONG_KEY);
  check_keys ("nsec.test. 300 IN DS 1 13 2 " DIGEST, GSOCK_DNS_FLAW_WRONG_KEY);
  check_keys ("nsec.test. 300 IN DS 1 3 2 " DIGEST, GSOCK_DNS_FLAW_ALGORITHM);
  check_keys ("nsec.test. 300 IN DS 1 13 3 " DIGEST, GSOCK_DNS_FLAW_ALGORITHM);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (gsock_ldns_load (NULL));
  g_test_add_func ("/denial/denials", test_denials);
  g_test_add_func ("/denial/unproven", test_unproven);
  g_test_add_func ("/denial/sets", test_sets);
  g_test_add_func ("/denial/forged", test_forged);
  g_test_add_func ("/denial/wildcards", test_wildcards);
  g_test_add_func ("/denial/moved", test_moved);
  g_test_add_func ("/denial/ancestor", test_ancestor);
  g_test_add_func ("/denial/keys", test_keys);
  return g_test_run ();
}

/* fuzz-denial.c: signed answers of a name server, checked; and referrals
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The corpus is signed by keys that the zones here have, so that it gets behind
 * the signatures; a mutant mostly does not. */

#include "config.h"

#include "../lib/dnssec-keys.h"
#include "dns/referral.h"
#include "dns/verify.h"
#include "fuzz.h"

/* When the corpus's signatures are good: 2027; before; and after. */
static const gint64 times[] = { 1800000000, 1700000000, 2200000000 };

/* All keys are every zone's: a signature has its signer's name in it. */
static const ldns_rr_list *
get_keys (void)
{
  static ldns_rr_list *keys;

  if (keys != NULL)
    return keys;
  g_assert_true (gsock_ldns_load (NULL));
  keys = ldns (rr_list_new) ();
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

/* One digest of a kind that nobody knows, and those of the keys too. */
static const ldns_rr_list *
get_digests (gboolean all)
{
  static ldns_rr_list *digests[2];
  const ldns_rr_list *keys = get_keys ();
  ldns_rr *unknown = NULL;

  if (digests[all] != NULL)
    return digests[all];
  digests[all] = ldns (rr_list_new) ();
  ldns (rr_new_frm_str) (&unknown, "nsec.test. IN DS 1 253 2 00", 0, NULL,
                         NULL);
  ldns (rr_list_push_rr) (digests[all], unknown);
  for (gsize i = 0; all && i < ldns (rr_list_rr_count) (keys); i++)
    ldns (rr_list_push_rr) (
        digests[all],
        ldns (key_rr2ds) (ldns (rr_list_rr) (keys, i), LDNS_SHA256));
  return digests[all];
}

static void
check_keys (const ldns_rr_list *answer, const GsockDnsZone *zone,
            const ldns_rr_list *anchors)
{
  GsockDnsSecurity flaw = { .trust = GSOCK_DNS_TRUSTED };
  ldns_rr_list *keys = gsock_dns_verify_keys (answer, zone, anchors, &flaw);

  if (keys != NULL)
    ldns (rr_list_deep_free) (keys);
  gsock_dns_security_clear (&flaw);
}

static void
check_sections (const ldns_pkt *packet, GsockDnsName name, guint16 type,
                const GsockDnsZone *zone)
{
  const ldns_rr_list *answer = ldns (pkt_answer) (packet);
  const ldns_rr_list *authority = ldns (pkt_authority) (packet);
  GsockDnsSecurity flaw = { .trust = GSOCK_DNS_TRUSTED };
  GsockDnsName signer;
  guint labels = 0;

  if (gsock_dns_verify_set (answer, name, type, zone, &labels, &flaw)
      && labels < gsock_dns_name_labels (name))
    gsock_dns_verify_wildcard (authority, name, type, labels, zone, &flaw);
  gsock_dns_security_clear (&flaw);
  for (int is_missing = 0; is_missing < 2; is_missing++)
    {
      gsock_dns_verify_denial (authority, name, type, is_missing, zone, &flaw);
      gsock_dns_security_clear (&flaw);
    }
  if (gsock_dns_find_signer (answer, name, type, &signer))
    g_assert_true (gsock_dns_name_is_within (name, signer));
  check_keys (answer, zone, zone->keys);
  check_keys (answer, zone, get_digests (FALSE));
  check_keys (answer, zone, get_digests (TRUE));
}

static void
check_referral (const uint8_t *data, size_t size, GsockDnsName name,
                GsockDnsName zone)
{
  GsockDnsQuestion question = { .size = (guint8) name.size };
  g_autoptr (GsockDnsReferral) referral = NULL;

  memcpy (question.name, name.data, name.size);
  referral = gsock_dns_referral_parse (data, size, &question, zone);
  for (guint i = 0; referral != NULL && i < referral->servers->len; i++)
    {
      const GsockDnsNameServer *server = g_ptr_array_index (referral->servers,
                                                            i);

      g_assert_true (fuzz_is_clean (server->name));
    }
}

/* Of the name that is asked for, the zone may be any that it is in. */
static void
check_packet (const ldns_pkt *packet, const uint8_t *data, size_t size)
{
  const ldns_rr_list *asked = ldns (pkt_question) (packet);
  const ldns_rr *question;
  GsockDnsName name;

  if (ldns (rr_list_rr_count) (asked) == 0)
    return;
  question = ldns (rr_list_rr) (asked, 0);
  name = gsock_ldns_name (ldns (rr_owner) (question));
  for (guint labels = 0; labels <= MIN (gsock_dns_name_labels (name), 3);
       labels++)
    {
      GsockDnsZone zone = { gsock_dns_name_last (name, labels), get_keys (),
                            times[0] };

      for (gsize i = 0; i < G_N_ELEMENTS (times); i++)
        {
          zone.now = times[i];
          check_sections (packet, name, (guint16) ldns (rr_get_type) (question),
                          &zone);
        }
      check_referral (data, size, name, zone.name);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GsockLdnsPacket) packet = NULL;

  (void) get_keys ();
  if (ldns (wire2pkt) (&packet, data, size) == LDNS_STATUS_OK)
    check_packet (packet, data, size);
  else
    packet = NULL;
  return 0;
}

/* verify.c: signatures of DNS: sets of records, and keys
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "dns/verify.h"

#include <string.h>

#include "dns/words.h"

/* More would be there only to keep us busy. */
#define SIGNATURES_MAX 8
#define KEYS_MAX 16
#define KEYS_OF_ONE_TAG_MAX 4

#define FLAG_ZONE 0x0100
#define FLAG_REVOKED 0x0080
#define PROTOCOL_DNSSEC 3

/* Of a signature's data. */
enum
{
  SIG_COVERED,
  SIG_ALGORITHM,
  SIG_LABELS,
  SIG_TTL,
  SIG_EXPIRATION,
  SIG_INCEPTION,
  SIG_KEY,
  SIG_SIGNER,
};

/* A number of @field, in network byte order; 0 where it is missing. */
static guint32
number_of (const ldns_rr *rr, gsize field)
{
  const ldns_rdf *rdf = ldns (rr_rdf) (rr, field);
  guint32 number = 0;

  if (rdf == NULL || ldns (rdf_size) (rdf) > 4)
    return 0;
  for (gsize i = 0; i < ldns (rdf_size) (rdf); i++)
    number = number << 8 | ldns (rdf_data) (rdf)[i];
  return number;
}

static guint
type_of (const ldns_rr *rr)
{
  return (guint) ldns (rr_get_type) (rr);
}

/**
 * gsock_dns_pick:
 * @section: of a message
 * @owner: a name
 * @type: a record type's number
 *
 * Returns: (transfer container): those records, of ldns's own
 */
ldns_rr_list *
gsock_dns_pick (const ldns_rr_list *section, GsockDnsName owner, guint16 type)
{
  ldns_rr_list *picked = ldns (rr_list_new) ();
  gsize count = ldns (rr_list_rr_count) (section);

  for (gsize i = 0; i < count; i++)
    {
      ldns_rr *rr = ldns (rr_list_rr) (section, i);

      if (type_of (rr) == type
          && gsock_dns_name_equal (gsock_ldns_name (ldns (rr_owner) (rr)),
                                   owner))
        ldns (rr_list_push_rr) (picked, rr);
    }
  return picked;
}

/* The @nth signature of them; NULL: no more. */
static const ldns_rr *
find_signature (const ldns_rr_list *section, GsockDnsName owner, guint16 type,
                guint nth)
{
  gsize count = ldns (rr_list_rr_count) (section);

  for (gsize i = 0; i < count; i++)
    {
      const ldns_rr *rr = ldns (rr_list_rr) (section, i);

      if (type_of (rr) == GSOCK_DNS_RRSIG
          && ldns (rr_rdf) (rr, SIG_SIGNER) != NULL
          && number_of (rr, SIG_COVERED) == type
          && gsock_dns_name_equal (gsock_ldns_name (ldns (rr_owner) (rr)),
                                   owner)
          && nth-- == 0)
        return rr;
    }
  return NULL;
}

static GsockDnsName
signer_of (const ldns_rr *signature)
{
  return gsock_ldns_name (ldns (rr_rdf) (signature, SIG_SIGNER));
}

/**
 * gsock_dns_find_signer:
 * @section: of a message
 * @owner: a name
 * @type: a record type's number
 * @signer: (out): a zone that has @owner in it
 *
 * Returns: %FALSE if nobody who could have has signed them
 */
gboolean
gsock_dns_find_signer (const ldns_rr_list *section, GsockDnsName owner,
                       guint16 type, GsockDnsName *signer)
{
  const ldns_rr *signature;

  for (guint i = 0;
       (signature = find_signature (section, owner, type, i)) != NULL; i++)
    {
      *signer = signer_of (signature);
      if (gsock_dns_name_is_within (owner, *signer))
        return TRUE;
    }
  return FALSE;
}

/* --- One signature -------------------------------------------------------- */

/* @flaw: why not, where it is nearer to being right than what was there. */
static gboolean
reject (GsockDnsSecurity *security, GsockDnsFlaw flaw, guint number,
        guint32 time, gint64 now)
{
  security->flaw = flaw;
  security->number = number;
  /* Dates have 32 bits: the one that is nearest to now is meant. */
  security->time = now + (gint32) (time - (guint32) now);
  return FALSE;
}

/* Keys by which it may have been made; a few, as tags are not unique. */
static ldns_rr_list *
pick_keys (const ldns_rr_list *keys, const ldns_rr *signature)
{
  ldns_rr_list *picked = ldns (rr_list_new) ();
  gsize count = ldns (rr_list_rr_count) (keys);

  for (gsize i = 0;
       i < count && ldns (rr_list_rr_count) (picked) < KEYS_OF_ONE_TAG_MAX; i++)
    {
      ldns_rr *key = ldns (rr_list_rr) (keys, i);

      if (number_of (key, 2) == number_of (signature, SIG_ALGORITHM)
          && ldns (calc_keytag) (key) == number_of (signature, SIG_KEY))
        ldns (rr_list_push_rr) (picked, key);
    }
  return picked;
}

/* ldns looks at the first record of a set that it takes for granted: of one that
 * is not there at all, a signature alone can come. */
static gboolean
fits (const ldns_rr_list *set, const ldns_rr *signature,
      const GsockDnsZone *zone, GsockDnsSecurity *flaw)
{
  guint tag = number_of (signature, SIG_KEY);
  ldns_rr_list *keys = pick_keys (zone->keys, signature);
  ldns_rr_list *good = ldns (rr_list_new) ();
  gboolean has_key = ldns (rr_list_rr_count) (keys) > 0;
  gboolean right = has_key && ldns (rr_list_rr_count) (set) > 0
                   && ldns (verify_rrsig_keylist_notime) (set, signature, keys,
                                                          good)
                          == LDNS_STATUS_OK;

  ldns (rr_list_free) (keys);
  ldns (rr_list_free) (good);
  if (right)
    return TRUE;
  return reject (flaw, has_key ? GSOCK_DNS_FLAW_BAD : GSOCK_DNS_FLAW_NO_KEY,
                 tag, 0, zone->now);
}

static gboolean
verify_one (const ldns_rr_list *set, const ldns_rr *signature,
            GsockDnsName owner, const GsockDnsZone *zone,
            GsockDnsSecurity *flaw)
{
  guint32 now = (guint32) zone->now;
  guint32 expiration = number_of (signature, SIG_EXPIRATION);
  guint32 inception = number_of (signature, SIG_INCEPTION);
  guint labels = number_of (signature, SIG_LABELS);
  guint tag = number_of (signature, SIG_KEY);

  /* A wildcard above the zone would not be the zone's. */
  if (!gsock_dns_name_equal (signer_of (signature), zone->name)
      || labels > gsock_dns_name_labels (owner)
      || labels < gsock_dns_name_labels (zone->name))
    return reject (flaw, GSOCK_DNS_FLAW_WRONG_SIGNER, tag, 0, zone->now);
  if (!fits (set, signature, zone, flaw))
    return FALSE;
  if ((gint32) (now - expiration) > 0)
    return reject (flaw, GSOCK_DNS_FLAW_EXPIRED, tag, expiration, zone->now);
  if ((gint32) (now - inception) < 0)
    return reject (flaw, GSOCK_DNS_FLAW_NOT_YET, tag, inception, zone->now);
  return TRUE;
}

/* How near it came to being right. */
static guint
rank (GsockDnsFlaw flaw)
{
  switch (flaw)
    {
    case GSOCK_DNS_FLAW_EXPIRED:
    case GSOCK_DNS_FLAW_NOT_YET:
      return 4;
    case GSOCK_DNS_FLAW_BAD:
      return 3;
    case GSOCK_DNS_FLAW_NO_KEY:
      return 2;
    default:
      return 1;
    }
}

/**
 * gsock_dns_verify_set:
 * @section: of a message
 * @owner: a name in it
 * @type: of its records
 * @zone: where they should be from
 * @labels: (out): see the header
 * @flaw: (out): see the header
 *
 * Returns: %TRUE if one of their signatures is right
 */
gboolean
gsock_dns_verify_set (const ldns_rr_list *section, GsockDnsName owner,
                      guint16 type, const GsockDnsZone *zone, guint *labels,
                      GsockDnsSecurity *flaw)
{
  ldns_rr_list *set = gsock_dns_pick (section, owner, type);
  GsockDnsSecurity best = { .trust = GSOCK_DNS_BOGUS,
                            .flaw = GSOCK_DNS_FLAW_NO_SIGNATURE };
  gboolean right = FALSE;

  for (guint i = 0; i < SIGNATURES_MAX && !right; i++)
    {
      GsockDnsSecurity one = { .trust = GSOCK_DNS_BOGUS };
      const ldns_rr *signature = find_signature (section, owner, type, i);

      if (signature == NULL)
        break;
      *labels = number_of (signature, SIG_LABELS);
      right = verify_one (set, signature, owner, zone, &one);
      if (!right
          && (best.flaw == GSOCK_DNS_FLAW_NO_SIGNATURE
              || rank (one.flaw) > rank (best.flaw)))
        best = one;
    }
  ldns (rr_list_free) (set);
  if (right)
    return TRUE;
  *flaw = best;
  flaw->type = type;
  flaw->name = gsock_dns_name_to_text (owner.data, owner.size);
  flaw->zone = gsock_dns_name_to_text (zone->name.data, zone->name.size);
  return FALSE;
}

/**
 * gsock_dns_is_expanded:
 * @owner: of records
 * @labels: that their signature counts
 *
 * Returns: %TRUE if they are those of a wildcard (RFC 4035, 5.3.4), under a name
 * that is not its own
 */
gboolean
gsock_dns_is_expanded (GsockDnsName owner, guint labels)
{
  gboolean is_wildcard = owner.size > 2 && owner.data[0] == 1
                         && owner.data[1] == '*';

  return labels + (is_wildcard ? 1 : 0) < gsock_dns_name_labels (owner);
}

/* --- Keys ------------------------------------------------------------------ */

/* That ldns computes; 1 and 3 of DSA and 12 of GOST are history. */
static gboolean
knows_algorithm (guint algorithm)
{
  return algorithm == 5 || algorithm == 7 || algorithm == 8 || algorithm == 10
         || (algorithm >= 13 && algorithm <= 16);
}

static gboolean
knows_digest (guint digest)
{
  return digest == 1 || digest == 2 || digest == 4;
}

static gboolean
same_data (const ldns_rr *a, gsize a_field, const ldns_rr *b, gsize b_field)
{
  const ldns_rdf *one = ldns (rr_rdf) (a, a_field);
  const ldns_rdf *two = ldns (rr_rdf) (b, b_field);

  return one != NULL && two != NULL
         && ldns (rdf_size) (one) == ldns (rdf_size) (two)
         && memcmp (ldns (rdf_data) (one), ldns (rdf_data) (two),
                    ldns (rdf_size) (one))
                == 0;
}

/* @anchor: a DS, or the key itself. */
static gboolean
vouches_for (const ldns_rr *anchor, const ldns_rr *key)
{
  ldns_rr *digest;
  gboolean same;

  if (type_of (anchor) == GSOCK_DNS_DNSKEY)
    return same_data (anchor, 2, key, 2) && same_data (anchor, 3, key, 3);
  if (number_of (anchor, 0) != ldns (calc_keytag) (key)
      || number_of (anchor, 1) != number_of (key, 2)
      || !knows_digest (number_of (anchor, 2)))
    return FALSE;
  digest = ldns (key_rr2ds) (key, (ldns_hash) number_of (anchor, 2));
  same = digest != NULL && same_data (digest, 3, anchor, 3);
  if (digest != NULL)
    ldns (rr_free) (digest);
  return same;
}

static gboolean
is_usable (const ldns_rr *anchor)
{
  if (type_of (anchor) == GSOCK_DNS_DNSKEY)
    return knows_algorithm (number_of (anchor, 2));
  return knows_algorithm (number_of (anchor, 1))
         && knows_digest (number_of (anchor, 2));
}

static ldns_rr_list *
pick_zone_keys (const ldns_rr_list *section, GsockDnsName zone)
{
  ldns_rr_list *all = gsock_dns_pick (section, zone, GSOCK_DNS_DNSKEY);
  ldns_rr_list *keys = ldns (rr_list_new) ();
  gsize count = ldns (rr_list_rr_count) (all);

  for (gsize i = 0; i < count && ldns (rr_list_rr_count) (keys) < KEYS_MAX; i++)
    {
      ldns_rr *key = ldns (rr_list_rr) (all, i);
      guint flags = number_of (key, 0);

      if ((flags & FLAG_ZONE) != 0 && (flags & FLAG_REVOKED) == 0
          && number_of (key, 1) == PROTOCOL_DNSSEC
          && ldns (rr_rdf) (key, 3) != NULL)
        ldns (rr_list_push_rr) (keys, key);
    }
  ldns (rr_list_free) (all);
  return keys;
}

/* Those of @keys that an anchor vouches for; how many anchors there are that
 * we can check is in @usable. */
static ldns_rr_list *
pick_trusted (const ldns_rr_list *keys, const ldns_rr_list *anchors,
              guint *usable)
{
  ldns_rr_list *trusted = ldns (rr_list_new) ();
  gsize anchor_count = MIN (ldns (rr_list_rr_count) (anchors), KEYS_MAX);
  gsize count = ldns (rr_list_rr_count) (keys);

  *usable = 0;
  for (gsize a = 0; a < anchor_count; a++)
    {
      const ldns_rr *anchor = ldns (rr_list_rr) (anchors, a);

      if (!is_usable (anchor))
        continue;
      (*usable)++;
      for (gsize k = 0; k < count; k++)
        if (vouches_for (anchor, ldns (rr_list_rr) (keys, k)))
          ldns (rr_list_push_rr) (trusted, ldns (rr_list_rr) (keys, k));
    }
  return trusted;
}

static void
set_key_flaw (GsockDnsSecurity *flaw, const ldns_rr_list *keys,
              const ldns_rr_list *anchors, guint usable, GsockDnsName zone)
{
  const ldns_rr *anchor = ldns (rr_list_rr) (anchors, 0);
  gboolean is_ds = type_of (anchor) == GSOCK_DNS_DS;

  flaw->trust = usable == 0 ? GSOCK_DNS_INSECURE : GSOCK_DNS_BOGUS;
  flaw->name = gsock_dns_name_to_text (zone.data, zone.size);
  flaw->type = GSOCK_DNS_DNSKEY;
  if (usable == 0)
    {
      flaw->flaw = GSOCK_DNS_FLAW_ALGORITHM;
      flaw->number = number_of (anchor, is_ds ? 1 : 2);
      return;
    }
  flaw->flaw = ldns (rr_list_rr_count) (keys) == 0 ? GSOCK_DNS_FLAW_NO_KEYS
                                                   : GSOCK_DNS_FLAW_WRONG_KEY;
  flaw->number = is_ds ? number_of (anchor, 0) : ldns (calc_keytag) (anchor);
}

/**
 * gsock_dns_verify_keys:
 * @section: the answer to a question for DNSKEY
 * @zone: whose keys they are; its own keys are not looked at
 * @anchors: DS or DNSKEY records that are trusted, at least one
 * @flaw: (out): what is wrong
 *
 * Returns: (transfer full) (nullable): the zone's keys
 */
ldns_rr_list *
gsock_dns_verify_keys (const ldns_rr_list *section, const GsockDnsZone *zone,
                       const ldns_rr_list *anchors, GsockDnsSecurity *flaw)
{
  ldns_rr_list *keys = pick_zone_keys (section, zone->name);
  ldns_rr_list *verified = NULL;
  GsockDnsZone trusted = { zone->name, NULL, zone->now };
  ldns_rr_list *vouched;
  guint usable, labels;

  vouched = pick_trusted (keys, anchors, &usable);
  trusted.keys = vouched;
  if (ldns (rr_list_rr_count) (vouched) == 0)
    set_key_flaw (flaw, keys, anchors, usable, zone->name);
  else if (gsock_dns_verify_set (section, zone->name, GSOCK_DNS_DNSKEY,
                                 &trusted, &labels, flaw))
    verified = ldns (rr_list_clone) (keys);
  ldns (rr_list_free) (vouched);
  ldns (rr_list_free) (keys);
  return verified;
}

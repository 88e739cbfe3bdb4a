/* denial.c: proofs that there is nothing: NSEC (RFC 4035) and NSEC3 (RFC 5155)
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "dns/verify.h"
#include "dns/words.h"

#define PROOFS_MAX 8
/* As unbound and others have it (RFC 9276). */
#define ITERATIONS_MAX 150
/* Base32 of a SHA-1. */
#define HASH_SIZE 32

enum
{
  TYPE_NSEC = 47,
  TYPE_NSEC3 = 50,
};

/* The records that prove, each of them signed by the zone. */
typedef struct
{
  const GsockDnsZone *zone;
  GsockDnsName name;
  guint16 type;
  const ldns_rr *nsec[PROOFS_MAX];
  const ldns_rr *nsec3[PROOFS_MAX];
  guint nsec_count, nsec3_count;
} Proofs;

static GsockDnsName
owner_of (const ldns_rr *rr)
{
  return gsock_ldns_name (ldns (rr_owner) (rr));
}

/* The types that an NSEC or NSEC3 lists; NULL: none. */
static const ldns_rdf *
bitmap_of (const ldns_rr *rr)
{
  gboolean is_nsec3 = (guint) ldns (rr_get_type) (rr) == TYPE_NSEC3;
  const ldns_rdf *bitmap = ldns (rr_rdf) (rr, is_nsec3 ? 5 : 1);

  return bitmap != NULL && ldns (rdf_size) (bitmap) > 0 ? bitmap : NULL;
}

static gboolean
has_type (const ldns_rr *rr, guint16 type)
{
  const ldns_rdf *bitmap = bitmap_of (rr);

  return bitmap != NULL
         && ldns (nsec_bitmap_covers_type) (bitmap, (ldns_rr_type) type);
}

/* A delegation, or a DNAME: what is below it is not this zone's to deny. */
static gboolean
is_end (const ldns_rr *rr)
{
  return (has_type (rr, GSOCK_DNS_NS) && !has_type (rr, GSOCK_DNS_SOA))
         || has_type (rr, GSOCK_DNS_DNAME);
}

/* --- Names in canonical order (RFC 4034, 6.1) ------------------------------ */

static int
compare_labels (const guint8 *a, const guint8 *b)
{
  for (guint i = 1; i <= MIN (a[0], b[0]); i++)
    {
      int difference = (guchar) g_ascii_tolower ((char) a[i])
                       - (guchar) g_ascii_tolower ((char) b[i]);

      if (difference != 0)
        return difference;
    }
  return a[0] - b[0];
}

static int
compare_names (GsockDnsName a, GsockDnsName b)
{
  guint a_labels = gsock_dns_name_labels (a);
  guint b_labels = gsock_dns_name_labels (b);

  for (guint i = 1; i <= MIN (a_labels, b_labels); i++)
    {
      int difference = compare_labels (gsock_dns_name_last (a, i).data,
                                       gsock_dns_name_last (b, i).data);

      if (difference != 0)
        return difference;
    }
  return (int) a_labels - (int) b_labels;
}

/* How many labels they have in common. */
static guint
common_labels (GsockDnsName a, GsockDnsName b)
{
  guint most = MIN (gsock_dns_name_labels (a), gsock_dns_name_labels (b));

  for (guint i = 1; i <= most; i++)
    if (compare_labels (gsock_dns_name_last (a, i).data,
                        gsock_dns_name_last (b, i).data)
        != 0)
      return i - 1;
  return most;
}

/* "*." before @name, in @space. */
static GsockDnsName
make_wildcard (GsockDnsName name, guint8 *space)
{
  space[0] = 1;
  space[1] = '*';
  memcpy (space + 2, name.data, MIN (name.size, GSOCK_DNS_NAME_MAX - 2));
  return (GsockDnsName) { space, MIN (name.size + 2, GSOCK_DNS_NAME_MAX) };
}

/* --- NSEC ------------------------------------------------------------------ */

static GsockDnsName
next_of (const ldns_rr *nsec)
{
  return gsock_ldns_name (ldns (rr_rdf) (nsec, 0));
}

/* @name lies between the two; the last record leads back to the zone. */
static gboolean
nsec_covers (const ldns_rr *nsec, GsockDnsName name)
{
  GsockDnsName owner = owner_of (nsec);
  GsockDnsName next = next_of (nsec);

  if (compare_names (owner, name) >= 0)
    return FALSE;
  if (gsock_dns_name_is_within (name, owner) && is_end (nsec))
    return FALSE;
  return compare_names (name, next) < 0 || compare_names (next, owner) <= 0;
}

static const ldns_rr *
find_nsec (const Proofs *proofs, GsockDnsName name, gboolean covering)
{
  for (guint i = 0; i < proofs->nsec_count; i++)
    {
      const ldns_rr *nsec = proofs->nsec[i];

      if (covering ? nsec_covers (nsec, name)
                   : gsock_dns_name_equal (owner_of (nsec), name))
        return nsec;
    }
  return NULL;
}

/* As far as anything on the way to @name is there, by the NSEC that covers it. */
static guint
closest_labels (const ldns_rr *nsec, GsockDnsName name)
{
  return MAX (common_labels (name, owner_of (nsec)),
              common_labels (name, next_of (nsec)));
}

/* What a record at the very name says of @type. */
static GsockDnsDenial
read_types (const ldns_rr *rr, guint16 type)
{
  gboolean is_cut = has_type (rr, GSOCK_DNS_NS)
                    && !has_type (rr, GSOCK_DNS_SOA);
  gboolean is_root = owner_of (rr).size == 1;

  if (has_type (rr, type) || has_type (rr, GSOCK_DNS_CNAME)
      || (type == GSOCK_DNS_ANY && bitmap_of (rr) != NULL))
    return GSOCK_DNS_DENIAL_NONE;
  /* A DS is the parent's to deny, and the root has none. */
  if (type == GSOCK_DNS_DS && has_type (rr, GSOCK_DNS_SOA) && !is_root)
    return GSOCK_DNS_DENIAL_NONE;
  if (type == GSOCK_DNS_DS)
    return is_cut ? GSOCK_DNS_DENIAL_DELEGATION : GSOCK_DNS_DENIAL_PROVEN;
  /* The parent's record knows nothing of what the child has. */
  return is_cut ? GSOCK_DNS_DENIAL_NONE : GSOCK_DNS_DENIAL_PROVEN;
}

static GsockDnsDenial
deny_by_nsec (const Proofs *proofs, gboolean is_missing)
{
  const ldns_rr *nsec = find_nsec (proofs, proofs->name, FALSE);
  guint8 space[GSOCK_DNS_NAME_MAX];
  GsockDnsName wildcard;
  guint labels;

  if (nsec != NULL)
    return is_missing ? GSOCK_DNS_DENIAL_NONE : read_types (nsec, proofs->type);
  nsec = find_nsec (proofs, proofs->name, TRUE);
  if (nsec == NULL)
    return GSOCK_DNS_DENIAL_NONE;
  /* A name that has nothing but names below it. */
  if (gsock_dns_name_is_within (next_of (nsec), proofs->name))
    return is_missing ? GSOCK_DNS_DENIAL_NONE : GSOCK_DNS_DENIAL_PROVEN;
  labels = closest_labels (nsec, proofs->name);
  wildcard = make_wildcard (gsock_dns_name_last (proofs->name, labels), space);
  if (find_nsec (proofs, wildcard, TRUE) != NULL)
    return GSOCK_DNS_DENIAL_PROVEN;
  nsec = find_nsec (proofs, wildcard, FALSE);
  if (nsec == NULL || is_missing)
    return GSOCK_DNS_DENIAL_NONE;
  return read_types (nsec, proofs->type);
}

/* --- NSEC3 ----------------------------------------------------------------- */

/* The hash of @name as an owner's first label has it; FALSE: it has none. */
static gboolean
hash_name (const ldns_rr *nsec3, GsockDnsName name, char *hash)
{
  ldns_rdf *rdf = ldns (rdf_new_frm_data) (LDNS_RDF_TYPE_DNAME, name.size,
                                           name.data);
  ldns_rdf *hashed = rdf != NULL ? ldns (nsec3_hash_name_frm_nsec3) (nsec3, rdf)
                                 : NULL;
  gboolean done = hashed != NULL && ldns (rdf_size) (hashed) > HASH_SIZE
                  && ldns (rdf_data) (hashed)[0] == HASH_SIZE;

  if (done)
    memcpy (hash, ldns (rdf_data) (hashed) + 1, HASH_SIZE);
  if (rdf != NULL)
    ldns (rdf_deep_free) (rdf);
  if (hashed != NULL)
    ldns (rdf_deep_free) (hashed);
  return done;
}

/* Of the next owner, which the record has in binary. */
static gboolean
next_hash (const ldns_rr *nsec3, char *hash)
{
  const ldns_rdf *rdf = ldns (rr_rdf) (nsec3, 4);
  char *text = rdf != NULL ? ldns (rdf2str) (rdf) : NULL;
  gboolean done = text != NULL && strlen (text) == HASH_SIZE;

  if (done)
    memcpy (hash, text, HASH_SIZE);
  free (text);
  return done;
}

static gboolean
nsec3_fits (const ldns_rr *nsec3, GsockDnsName name, gboolean covering)
{
  GsockDnsName owner = owner_of (nsec3);
  const char *own = (const char *) owner.data + 1;
  char hash[HASH_SIZE], next[HASH_SIZE];
  int before, after;

  if (owner.size <= HASH_SIZE || owner.data[0] != HASH_SIZE
      || !hash_name (nsec3, name, hash))
    return FALSE;
  before = g_ascii_strncasecmp (own, hash, HASH_SIZE);
  if (!covering)
    return before == 0;
  if (!next_hash (nsec3, next))
    return FALSE;
  after = g_ascii_strncasecmp (hash, next, HASH_SIZE);
  if (g_ascii_strncasecmp (own, next, HASH_SIZE) < 0)
    return before < 0 && after < 0;
  /* The last one leads back to the first. */
  return before != 0 && (before < 0 || after < 0);
}

static const ldns_rr *
find_nsec3 (const Proofs *proofs, GsockDnsName name, gboolean covering)
{
  for (guint i = 0; i < proofs->nsec3_count; i++)
    if (nsec3_fits (proofs->nsec3[i], name, covering))
      return proofs->nsec3[i];
  return NULL;
}

/* The name below it, towards the one that is denied, is not there. */
static GsockDnsDenial
deny_below (const Proofs *proofs, guint closest, GsockDnsSecurity *flaw)
{
  GsockDnsName next = gsock_dns_name_last (proofs->name, closest + 1);
  const ldns_rr *cover = find_nsec3 (proofs, next, TRUE);
  const ldns_rdf *flags;

  if (cover == NULL)
    return GSOCK_DNS_DENIAL_NONE;
  flags = ldns (rr_rdf) (cover, 1);
  if (flags == NULL || (ldns (rdf_data) (flags)[0] & 1) == 0)
    return GSOCK_DNS_DENIAL_PROVEN;
  gsock_dns_security_clear (flaw);
  flaw->trust = GSOCK_DNS_INSECURE;
  flaw->flaw = GSOCK_DNS_FLAW_OPT_OUT;
  flaw->name = gsock_dns_name_to_text (next.data, next.size);
  return GSOCK_DNS_DENIAL_OPEN;
}

static GsockDnsDenial
deny_by_nsec3 (const Proofs *proofs, gboolean is_missing,
               GsockDnsSecurity *flaw)
{
  guint zone = gsock_dns_name_labels (proofs->zone->name);
  guint closest = gsock_dns_name_labels (proofs->name);
  const ldns_rr *nsec3 = find_nsec3 (proofs, proofs->name, FALSE);
  guint8 space[GSOCK_DNS_NAME_MAX];
  GsockDnsName wildcard;
  GsockDnsDenial below;

  if (nsec3 != NULL)
    return is_missing ? GSOCK_DNS_DENIAL_NONE
                      : read_types (nsec3, proofs->type);
  while (nsec3 == NULL && closest-- > zone)
    nsec3 = find_nsec3 (proofs, gsock_dns_name_last (proofs->name, closest),
                        FALSE);
  if (nsec3 == NULL || is_end (nsec3))
    return GSOCK_DNS_DENIAL_NONE;
  below = deny_below (proofs, closest, flaw);
  if (below != GSOCK_DNS_DENIAL_PROVEN)
    return below;
  wildcard = make_wildcard (gsock_dns_name_last (proofs->name, closest), space);
  if (find_nsec3 (proofs, wildcard, TRUE) != NULL)
    return GSOCK_DNS_DENIAL_PROVEN;
  nsec3 = find_nsec3 (proofs, wildcard, FALSE);
  if (nsec3 == NULL || is_missing)
    return GSOCK_DNS_DENIAL_NONE;
  return read_types (nsec3, proofs->type);
}

/* --- All of it ------------------------------------------------------------- */

static guint
iterations_of (const ldns_rr *nsec3)
{
  const ldns_rdf *rdf = ldns (rr_rdf) (nsec3, 2);

  return rdf != NULL && ldns (rdf_size) (rdf) == 2
             ? (guint) ldns (rdf_data) (rdf)[0] << 8 | ldns (rdf_data) (rdf)[1]
             : 0;
}

/* FALSE: @flaw, what is wrong with the first that is not signed well, or that
 * nobody has to compute. */
static gboolean
take_proof (Proofs *proofs, const ldns_rr_list *section, const ldns_rr *rr,
            GsockDnsSecurity *flaw)
{
  guint type = ldns (rr_get_type) (rr);
  GsockDnsSecurity wrong = { .trust = GSOCK_DNS_BOGUS };
  guint labels;

  /* The bitmap of an NSEC3 may be empty, and is not there then. */
  if (ldns (rr_rdf) (rr, type == TYPE_NSEC ? 1 : 4) == NULL)
    return TRUE;
  if (!gsock_dns_verify_set (section, owner_of (rr), (guint16) type,
                             proofs->zone, &labels, &wrong))
    {
      gsock_dns_security_clear (flaw);
      *flaw = wrong;
      return FALSE;
    }
  /* Under other names than its own it would say what nobody has signed. */
  if (gsock_dns_is_expanded (owner_of (rr), labels))
    return FALSE;
  if (type == TYPE_NSEC && proofs->nsec_count < PROOFS_MAX)
    proofs->nsec[proofs->nsec_count++] = rr;
  if (type == TYPE_NSEC || proofs->nsec3_count == PROOFS_MAX)
    return TRUE;
  if (iterations_of (rr) <= ITERATIONS_MAX)
    {
      proofs->nsec3[proofs->nsec3_count++] = rr;
      return TRUE;
    }
  gsock_dns_security_clear (flaw);
  flaw->trust = GSOCK_DNS_INSECURE;
  flaw->flaw = GSOCK_DNS_FLAW_ITERATIONS;
  flaw->number = iterations_of (rr);
  flaw->name = gsock_dns_name_to_text (proofs->zone->name.data,
                                       proofs->zone->name.size);
  return FALSE;
}

/* Those of @section that count; otherwise @flaw. */
static void
take_proofs (Proofs *proofs, const ldns_rr_list *section,
             GsockDnsSecurity *flaw)
{
  gsize count = ldns (rr_list_rr_count) (section);
  guint tried = 0;

  for (gsize i = 0; i < count && tried < 2 * PROOFS_MAX; i++)
    {
      const ldns_rr *rr = ldns (rr_list_rr) (section, i);
      guint type = ldns (rr_get_type) (rr);

      if ((type != TYPE_NSEC && type != TYPE_NSEC3)
          || !gsock_dns_name_is_within (owner_of (rr), proofs->zone->name))
        continue;
      tried++;
      if (!take_proof (proofs, section, rr, flaw)
          && flaw->trust == GSOCK_DNS_INSECURE)
        return;
    }
}

static GsockDnsDenial
conclude (const Proofs *proofs, GsockDnsDenial denial, GsockDnsSecurity *flaw)
{
  if (denial == GSOCK_DNS_DENIAL_PROVEN
      || denial == GSOCK_DNS_DENIAL_DELEGATION)
    {
      gsock_dns_security_clear (flaw);
      return denial;
    }
  if (flaw->flaw != GSOCK_DNS_FLAW_NONE)
    return flaw->trust == GSOCK_DNS_INSECURE ? GSOCK_DNS_DENIAL_OPEN : denial;
  flaw->trust = GSOCK_DNS_BOGUS;
  flaw->flaw = GSOCK_DNS_FLAW_NO_DENIAL;
  flaw->type = proofs->type;
  flaw->name = gsock_dns_name_to_text (proofs->name.data, proofs->name.size);
  flaw->zone = gsock_dns_name_to_text (proofs->zone->name.data,
                                       proofs->zone->name.size);
  return denial;
}

/**
 * gsock_dns_verify_denial:
 * @section: the authority section of an answer
 * @name: a name in @zone
 * @type: a record type's number
 * @is_missing: the name itself is denied, and not a type alone
 * @zone: who says so
 * @flaw: (out): of NONE and OPEN
 *
 * Returns: what is proven
 */
GsockDnsDenial
gsock_dns_verify_denial (const ldns_rr_list *section, GsockDnsName name,
                         guint16 type, gboolean is_missing,
                         const GsockDnsZone *zone, GsockDnsSecurity *flaw)
{
  Proofs proofs = { .zone = zone, .name = name, .type = type };
  GsockDnsDenial denial = GSOCK_DNS_DENIAL_NONE;

  *flaw = (GsockDnsSecurity) { .trust = GSOCK_DNS_TRUSTED };
  take_proofs (&proofs, section, flaw);
  if (proofs.nsec_count > 0)
    denial = deny_by_nsec (&proofs, is_missing);
  if (denial == GSOCK_DNS_DENIAL_NONE && proofs.nsec3_count > 0)
    denial = deny_by_nsec3 (&proofs, is_missing, flaw);
  return conclude (&proofs, denial, flaw);
}

/**
 * gsock_dns_verify_wildcard:
 * @section: the authority section of an answer
 * @name: whose records were made from a wildcard
 * @type: their type
 * @labels: of the wildcard, without the "*"
 * @zone: who says so
 * @flaw: (out): of NONE and OPEN
 *
 * Returns: whether it is proven that nothing is nearer than the wildcard
 */
GsockDnsDenial
gsock_dns_verify_wildcard (const ldns_rr_list *section, GsockDnsName name,
                           guint16 type, guint labels, const GsockDnsZone *zone,
                           GsockDnsSecurity *flaw)
{
  Proofs proofs = { .zone = zone, .name = name, .type = type };
  GsockDnsDenial denial = GSOCK_DNS_DENIAL_NONE;
  const ldns_rr *nsec;

  *flaw = (GsockDnsSecurity) { .trust = GSOCK_DNS_TRUSTED };
  take_proofs (&proofs, section, flaw);
  nsec = find_nsec (&proofs, name, TRUE);
  if (nsec != NULL && closest_labels (nsec, name) == labels)
    denial = GSOCK_DNS_DENIAL_PROVEN;
  else if (proofs.nsec3_count > 0)
    denial = deny_below (&proofs, labels, flaw);
  return conclude (&proofs, denial, flaw);
}

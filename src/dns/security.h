/* security.h: what DNSSEC says of an answer, and which link is broken
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The worse, the greater. */
typedef enum
{
  GSOCK_DNS_TRUSTED,  /* signed, and the chain from the anchor holds */
  GSOCK_DNS_INSECURE, /* proven not to be signed, or not checkable */
  GSOCK_DNS_BOGUS,    /* false, or the zone is broken */
} GsockDnsTrust;

typedef enum
{
  GSOCK_DNS_FLAW_NONE,
  /* Why it is insecure: */
  GSOCK_DNS_FLAW_NO_DS,      /* of zone name, which its parent proves */
  GSOCK_DNS_FLAW_OPT_OUT,    /* NSEC3 leaves open whether name is signed */
  GSOCK_DNS_FLAW_ALGORITHM,  /* of zone name: number */
  GSOCK_DNS_FLAW_ITERATIONS, /* of NSEC3 in zone name: number, too many */
  GSOCK_DNS_FLAW_NO_ANCHOR,  /* name is below none */
  GSOCK_DNS_FLAW_UNSIGNABLE, /* signatures themselves are not signed */
  /* Why it is bogus; records are of name and type: */
  GSOCK_DNS_FLAW_NO_SIGNATURE,
  GSOCK_DNS_FLAW_EXPIRED, /* at time */
  GSOCK_DNS_FLAW_NOT_YET, /* valid, before time */
  GSOCK_DNS_FLAW_BAD,     /* made by key number, but not of these records */
  GSOCK_DNS_FLAW_NO_KEY,  /* made by key number, which zone has not */
  GSOCK_DNS_FLAW_WRONG_SIGNER, /* made by another zone */
  GSOCK_DNS_FLAW_NO_KEYS,      /* zone name has a DS and no DNSKEY */
  GSOCK_DNS_FLAW_WRONG_KEY,    /* zone name has no key for DS number */
  GSOCK_DNS_FLAW_NO_DENIAL,    /* nothing proves that there are no records */
} GsockDnsFlaw;

/* By value; its strings are its own. */
typedef struct
{
  GsockDnsTrust trust;
  GsockDnsFlaw flaw;
  char *zone; /* by whose keys; or NULL */
  char *name; /* or NULL */
  guint16 type;
  guint number; /* a key's tag, an algorithm, iterations */
  gint64 time;  /* seconds since 1970 */
} GsockDnsSecurity;

void gsock_dns_security_clear (GsockDnsSecurity *security);
void gsock_dns_security_copy (GsockDnsSecurity *to,
                              const GsockDnsSecurity *from);

const char *gsock_dns_trust_name (GsockDnsTrust trust); /* "bogus" */
const char *gsock_dns_flaw_name (GsockDnsFlaw flaw);    /* "expired" */
/* A sentence in the user's language, safe to show; free with g_free. */
char *gsock_dns_security_to_text (const GsockDnsSecurity *security);

G_END_DECLS

/* words.h: what DNS's numbers mean
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "NXDOMAIN", "RCODE30". */
const char *gsock_dns_rcode_name (guint rcode);
/* A clause in the user's language: "the server failed"; never NULL. */
const char *gsock_dns_rcode_text (guint rcode);
/* Of an extended error (RFC 8914): "the signature has expired"; NULL: a number
 * that we don't know. */
const char *gsock_dns_ede_text (guint code);

/* "A", "TYPE65280"; interned. */
const char *gsock_dns_type_name (guint type);
/* "A", "a", "TYPE65280"; 0: none. */
guint16 gsock_dns_type_parse (const char *name);

enum
{
  GSOCK_DNS_A = 1,
  GSOCK_DNS_NS = 2,
  GSOCK_DNS_CNAME = 5,
  GSOCK_DNS_SOA = 6,
  GSOCK_DNS_PTR = 12,
  GSOCK_DNS_MX = 15,
  GSOCK_DNS_TXT = 16,
  GSOCK_DNS_AAAA = 28,
  GSOCK_DNS_SRV = 33,
  GSOCK_DNS_DNAME = 39,
  GSOCK_DNS_DS = 43,
  GSOCK_DNS_RRSIG = 46,
  GSOCK_DNS_DNSKEY = 48,
  GSOCK_DNS_ANY = 255,
  GSOCK_DNS_CAA = 257,
};

G_END_DECLS

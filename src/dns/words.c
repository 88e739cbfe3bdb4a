/* words.c: what DNS's numbers mean
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "dns/words.h"

#include <string.h>

#include <glib/gi18n-lib.h>

typedef struct
{
  guint number;
  const char *name;
  const char *text;
} Word;

static const Word rcodes[] = {
  /* TRANSLATORS: what a name server answered, after a colon. */
  { 0, "NOERROR", N_ ("no error") },
  { 1, "FORMERR", N_ ("it did not understand the question") },
  { 2, "SERVFAIL", N_ ("it failed to find the answer") },
  { 3, "NXDOMAIN", N_ ("there is no such name") },
  { 4, "NOTIMP", N_ ("it does not know that kind of question") },
  { 5, "REFUSED", N_ ("it refuses to answer us") },
  { 6, "YXDOMAIN", N_ ("a name exists that should not") },
  { 7, "YXRRSET", N_ ("records exist that should not") },
  { 8, "NXRRSET", N_ ("records that should exist do not") },
  { 9, "NOTAUTH", N_ ("it is not responsible for that zone") },
  { 10, "NOTZONE", N_ ("the name is not in that zone") },
  { 16, "BADVERS", N_ ("it does not know our version of EDNS") },
  { 23, "BADCOOKIE", N_ ("it wants a cookie") },
};

static const Word edes[] = {
  /* TRANSLATORS: extended errors of DNS (RFC 8914): why a server could not
   * answer well; after a colon or in parentheses. */
  { 0, NULL, N_ ("some other error") },
  { 1, NULL, N_ ("the zone is signed by an algorithm that is not known") },
  { 2, NULL, N_ ("the DS record has a digest that is not known") },
  { 3, NULL, N_ ("the answer is stale: no server of the zone answers") },
  { 4, NULL, N_ ("the answer was forged by a policy") },
  { 5, NULL, N_ ("DNSSEC can say neither yes nor no") },
  { 6, NULL, N_ ("DNSSEC says that the answer is false") },
  { 7, NULL, N_ ("a signature has expired") },
  { 8, NULL, N_ ("a signature is not valid yet") },
  { 9, NULL, N_ ("the zone's key is missing") },
  { 10, NULL, N_ ("signatures are missing") },
  { 11, NULL, N_ ("no key of the zone may sign") },
  { 12, NULL, N_ ("the proof that nothing is there is missing") },
  { 13, NULL, N_ ("an earlier error is remembered") },
  { 14, NULL, N_ ("the server is not ready yet") },
  { 15, NULL, N_ ("the name is blocked by the server's operator") },
  { 16, NULL, N_ ("the name is censored by order of an authority") },
  { 17, NULL, N_ ("the name is filtered as the client has asked") },
  { 18, NULL, N_ ("this client may not ask") },
  { 19, NULL, N_ ("the denial is stale: no server of the zone answers") },
  { 20, NULL, N_ ("the server is not responsible for that zone") },
  { 21, NULL, N_ ("the server does not do that") },
  { 22, NULL, N_ ("no server of the zone can be reached") },
  { 23, NULL, N_ ("the network failed between the servers") },
  { 24, NULL, N_ ("the server's copy of the zone is not valid") },
};

static const struct
{
  guint16 number;
  const char *name;
} types[] = {
  { 1, "A" },        { 2, "NS" },          { 5, "CNAME" },
  { 6, "SOA" },      { 12, "PTR" },        { 13, "HINFO" },
  { 15, "MX" },      { 16, "TXT" },        { 17, "RP" },
  { 18, "AFSDB" },   { 28, "AAAA" },       { 29, "LOC" },
  { 33, "SRV" },     { 35, "NAPTR" },      { 36, "KX" },
  { 37, "CERT" },    { 39, "DNAME" },      { 43, "DS" },
  { 44, "SSHFP" },   { 46, "RRSIG" },      { 47, "NSEC" },
  { 48, "DNSKEY" },  { 50, "NSEC3" },      { 51, "NSEC3PARAM" },
  { 52, "TLSA" },    { 53, "SMIMEA" },     { 59, "CDS" },
  { 60, "CDNSKEY" }, { 61, "OPENPGPKEY" }, { 62, "CSYNC" },
  { 63, "ZONEMD" },  { 64, "SVCB" },       { 65, "HTTPS" },
  { 99, "SPF" },     { 108, "EUI48" },     { 109, "EUI64" },
  { 255, "ANY" },    { 256, "URI" },       { 257, "CAA" },
};

static const Word *
find (const Word *words, gsize count, guint number)
{
  for (gsize i = 0; i < count; i++)
    if (words[i].number == number)
      return &words[i];
  return NULL;
}

/**
 * gsock_dns_rcode_name:
 * @rcode: of an answer, the extended bits in it
 *
 * Returns: its name in the RFCs
 */
const char *
gsock_dns_rcode_name (guint rcode)
{
  const Word *word = find (rcodes, G_N_ELEMENTS (rcodes), rcode);
  char number[24];

  if (word != NULL)
    return word->name;
  g_snprintf (number, sizeof number, "RCODE%u", rcode & 0xfff);
  return g_intern_string (number);
}

/**
 * gsock_dns_rcode_text:
 * @rcode: of an answer
 *
 * Returns: a clause in the user's language
 */
const char *
gsock_dns_rcode_text (guint rcode)
{
  const Word *word = find (rcodes, G_N_ELEMENTS (rcodes), rcode);

  return word != NULL ? _ (word->text) : _ ("an error that we don't know");
}

/**
 * gsock_dns_ede_text:
 * @code: an info-code of RFC 8914
 *
 * Returns: (nullable): a clause in the user's language
 */
const char *
gsock_dns_ede_text (guint code)
{
  const Word *word = find (edes, G_N_ELEMENTS (edes), code);

  return word != NULL ? _ (word->text) : NULL;
}

/**
 * gsock_dns_type_name:
 * @type: a record type's number
 *
 * Returns: its name, "TYPE65280" where it has none
 */
const char *
gsock_dns_type_name (guint type)
{
  char number[16];

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (types[i].number == type)
      return types[i].name;
  g_snprintf (number, sizeof number, "TYPE%u", type & 0xffff);
  return g_intern_string (number);
}

/**
 * gsock_dns_type_parse:
 * @name: "A", "mx", "TYPE65280"
 *
 * Returns: the number; 0 where there is no such type
 */
guint16
gsock_dns_type_parse (const char *name)
{
  guint64 number;

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_ascii_strcasecmp (types[i].name, name) == 0)
      return types[i].number;
  if (g_ascii_strncasecmp (name, "TYPE", 4) != 0
      || !g_ascii_string_to_unsigned (name + 4, 10, 1, G_MAXUINT16, &number,
                                      NULL))
    return 0;
  return (guint16) number;
}

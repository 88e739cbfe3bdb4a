/* test-referral.c: to whom a name server refers, and what of it is believed
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <glib.h>

#include "dns/ldns.h"
#include "dns/referral.h"

/* About "a.test", by a server of "." or of another zone; at 12 the name, at 14
 * "test". */
#define HEADER(an, ns, ar) "\0\7\x80\0\0\1\0" an "\0" ns "\0" ar
#define QUESTION "\1a\4test\0\0\1\0\1"
#define TEST "\xc0\x0e"
#define ASKED "\xc0\x0c"
#define NS(owner, target, size) owner "\0\2\0\1\0\0\0\x3c\0" size target
#define IN(letter) "\1" letter TEST
#define A(owner) owner "\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\1"
#define AAAA(owner) \
  owner "\0\x1c\0\1\0\0\0\x3c\0\x10\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1"
#define SHORT_A(owner) owner "\0\1\0\1\0\0\0\x3c\0\3\xc0\0\2"
#define DS(owner) owner "\0\x2b\0\1\0\0\0\x3c\0\5\0\1\x0d\2\xff"
#define SOA(owner) \
  owner "\0\6\0\1\0\0\0\x3c\0\x18\xc0\x0e\xc0\x0e" \
        "\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1"
#define OTHER "\1n\5other\0"

static const struct
{
  const char *name;
  const char *bytes;
  gsize size;
  const char *zone;    /* of the server that was asked */
  const char *servers; /* "ZONE: SERVER ADDRESS...; ..."; NULL: no referral */
} rows[] = {
#define ROW(name, header, rest, zone, servers) \
  { \
    name, header QUESTION rest, sizeof header QUESTION rest - 1, zone, servers \
  }
  ROW ("with glue", HEADER ("\0", "\1", "\2"),
       NS (TEST, IN ("n"), "\4") A (IN ("n")) AAAA (IN ("n")), ".",
       "test.: n.test. (inside) 192.0.2.1 2001:db8::1"),
  ROW ("two, one of them elsewhere, and signed", HEADER ("\0", "\3", "\1"),
       NS (TEST, IN ("n"), "\4") NS (TEST, OTHER, "\x09") DS (TEST)
           A (IN ("n")),
       ".", "test.: n.test. (inside) 192.0.2.1; n.other.; signed"),
  ROW ("to the very name", HEADER ("\0", "\1", "\0"),
       NS (ASKED, IN ("n"), "\4"), "test", "a.test.: n.test."),
  ROW ("glue of somebody else's zone is not believed",
       HEADER ("\0", "\1", "\1"), NS (ASKED, OTHER, "\x09") A (OTHER), "test",
       "a.test.: n.other."),
  ROW ("an address that is none", HEADER ("\0", "\1", "\1"),
       NS (TEST, IN ("n"), "\4") SHORT_A (IN ("n")), ".", NULL),
  ROW ("to the zone that was asked", HEADER ("\0", "\1", "\0"),
       NS (TEST, IN ("n"), "\4"), "test", NULL),
  ROW ("upwards", HEADER ("\0", "\1", "\0"), NS ("\0", OTHER, "\x09"), "test",
       NULL),
  ROW ("sideways", HEADER ("\0", "\1", "\0"), NS (IN ("b"), IN ("n"), "\4"),
       "test", NULL),
  ROW ("an answer is none", HEADER ("\1", "\1", "\0"),
       A (ASKED) NS (TEST, IN ("n"), "\4"), ".", NULL),
  ROW ("nothing at all", HEADER ("\0", "\1", "\0"), SOA (TEST), ".", NULL),
};

static char *
describe (const GsockDnsReferral *referral)
{
  GString *text = g_string_new (referral->zone);
  guint addresses = 0;

  g_string_append_c (text, ':');
  for (guint i = 0; i < referral->servers->len; i++)
    {
      const GsockDnsNameServer *server = g_ptr_array_index (referral->servers,
                                                            i);

      g_string_append_printf (text, "%s %s%s", i == 0 ? "" : ";", server->name,
                              server->inside ? " (inside)" : "");
      for (guint n = 0; n < server->addresses->len; n++)
        g_string_append_printf (
            text, " %s", (char *) g_ptr_array_index (server->addresses, n));
      addresses += server->addresses->len;
    }
  g_assert_cmpuint (referral->addresses, ==, addresses);
  if (referral->has_digest)
    g_string_append (text, "; signed");
  return g_string_free (text, FALSE);
}

static GsockDnsReferral *
read_row (gsize i, gsize size)
{
  g_autofree guint8 *bytes = g_memdup2 (rows[i].bytes, size);
  GsockDnsQuestion question, zone;

  g_assert_true (gsock_dns_question_init (&question, "a.test", 1, NULL));
  g_assert_true (gsock_dns_question_init (&zone, rows[i].zone, 0, NULL));
  return gsock_dns_referral_parse (bytes, size, &question,
                                   gsock_dns_question_name (&zone));
}

static void
test_rows (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GsockDnsReferral) referral = read_row (i, rows[i].size);
      g_autofree char *text = referral != NULL ? describe (referral) : NULL;

      g_test_message ("%s", rows[i].name);
      g_assert_cmpstr (text, ==, rows[i].servers);
    }
}

/* Every beginning of each, in memory of that size. */
static void
test_broken (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    for (gsize size = 0; size < rows[i].size; size++)
      g_assert_null (read_row (i, size));
}

/* However many a server names, a few are enough. */
static void
test_limits (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  GsockDnsQuestion question, zone;
  g_autoptr (GsockDnsReferral) referral = NULL;
  const guint8 head[] = HEADER ("\0", "\x28", "\x28") QUESTION;
  const guint8 ns[] = NS (TEST, IN ("n"), "\4");
  const guint8 a[] = A (IN ("n"));
  const GsockDnsNameServer *server;

  g_byte_array_append (bytes, head, sizeof head - 1);
  for (int i = 0; i < 40; i++)
    g_byte_array_append (bytes, ns, sizeof ns - 1);
  for (int i = 0; i < 40; i++)
    g_byte_array_append (bytes, a, sizeof a - 1);
  g_assert_true (gsock_dns_question_init (&question, "a.test", 1, NULL));
  g_assert_true (gsock_dns_question_init (&zone, ".", 0, NULL));
  referral = gsock_dns_referral_parse (bytes->data, bytes->len, &question,
                                       gsock_dns_question_name (&zone));
  g_assert_nonnull (referral);
  g_assert_cmpuint (referral->servers->len, ==, 16);
  server = g_ptr_array_index (referral->servers, 0);
  g_assert_cmpuint (server->addresses->len, ==, 8);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (gsock_ldns_load (NULL));
  g_test_add_func ("/referral/rows", test_rows);
  g_test_add_func ("/referral/broken", test_broken);
  g_test_add_func ("/referral/limits", test_limits);
  return g_test_run ();
}

/* test-answer.c: what an answer of DNS comes to
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <glib.h>

#include "core/error.h"
#include "dns/answer.h"
#include "dns/words.h"

/* Of a header: QR and AA, QR and RA, QR. */
#define OWN "\x84\0"
#define CACHED "\x80\x80"
#define NEITHER "\x80\0"
#define COUNTS(an, ns, ar) "\0\1\0" an "\0" ns "\0" ar
#define QUESTION "\1a\4test\0\0\1\0\1"

/* At 12 the name that was asked for; "test" at 14; "b.test" by LABEL. */
#define ASKED "\xc0\x0c"
#define ZONE "\xc0\x0e"
#define LABEL(letter) "\1" letter ZONE
#define CNAME(owner, target) owner "\0\5\0\1\0\0\0\x3c\0\4" target
#define A(owner) owner "\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\1"
#define NS ZONE "\0\2\0\1\0\0\0\x3c\0\4" LABEL ("n")
#define SOA \
  ZONE "\0\6\0\1\0\0\0\x3c\0\x18\xc0\x0e\xc0\x0e" \
       "\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1"
#define EDE "\0\0\x29\4\xd0\0\0\0\0\0\x9\0\xf\0\5\0\6why"

static const struct
{
  const char *name;
  const char *bytes;
  gsize size;
  GsockDnsVerdict verdict;
  guint records;
  const char *target; /* or NULL */
  int code;           /* of the error */
  const char *words;  /* in it */
} rows[] = {
#define ROW(name, flags, counts, rest, ...) \
  { \
    name, "\0\7" flags counts QUESTION rest, \
        sizeof "\0\7" flags counts QUESTION rest - 1, __VA_ARGS__ \
  }
  ROW ("an address", OWN, COUNTS ("\1", "\0", "\0"), A (ASKED), GSOCK_DNS_FOUND,
       1, NULL, 0, NULL),
  ROW ("by an alias", OWN, COUNTS ("\2", "\0", "\0"),
       CNAME (ASKED, LABEL ("b")) A (LABEL ("b")), GSOCK_DNS_FOUND, 2,
       "b.test.", 0, NULL),
  ROW ("by an alias, in another order and case", OWN, COUNTS ("\2", "\0", "\0"),
       A (LABEL ("B")) CNAME (ASKED, LABEL ("b")), GSOCK_DNS_FOUND, 2,
       "b.test.", 0, NULL),
  ROW ("of another name", CACHED, COUNTS ("\1", "\0", "\0"), A (LABEL ("b")),
       GSOCK_DNS_NO_DATA, 1, NULL, GSOCK_ERROR_REMOTE, "has no A record"),
  ROW ("no name", "\x84\3", COUNTS ("\0", "\1", "\0"), SOA, GSOCK_DNS_NO_NAME,
       0, NULL, GSOCK_ERROR_NAME, "NXDOMAIN from udp://192.0.2.53:53"),
  ROW ("no data", OWN, COUNTS ("\0", "\1", "\0"), SOA, GSOCK_DNS_NO_DATA, 0,
       NULL, GSOCK_ERROR_REMOTE, "has no A record"),
  ROW ("an alias of nothing", "\x84\3", COUNTS ("\1", "\1", "\0"),
       CNAME (ASKED, LABEL ("b")) SOA, GSOCK_DNS_DANGLING, 1, "b.test.",
       GSOCK_ERROR_NAME, "which doesn't exist"),
  ROW ("an alias without data", CACHED, COUNTS ("\1", "\0", "\0"),
       CNAME (ASKED, LABEL ("b")), GSOCK_DNS_DANGLING, 1, "b.test.",
       GSOCK_ERROR_REMOTE, "has no such record"),
  ROW ("an alias of another zone", OWN, COUNTS ("\1", "\0", "\0"),
       CNAME (ASKED, LABEL ("b")), GSOCK_DNS_UNFOLLOWED, 1, "b.test.",
       GSOCK_ERROR_REMOTE, "knows nothing"),
  ROW ("an alias of itself", OWN, COUNTS ("\1", "\0", "\0"),
       CNAME (ASKED, LABEL ("a")), GSOCK_DNS_LOOP, 1, "a.test.",
       GSOCK_ERROR_REMOTE, "in a circle"),
  ROW ("a circle of two", OWN, COUNTS ("\2", "\0", "\0"),
       CNAME (ASKED, LABEL ("b")) CNAME (LABEL ("b"), LABEL ("a")),
       GSOCK_DNS_LOOP, 2, "a.test.", GSOCK_ERROR_REMOTE, "in a circle"),
  ROW ("a delegation", NEITHER, COUNTS ("\0", "\1", "\0"), NS, GSOCK_DNS_LAME,
       0, NULL, GSOCK_ERROR_REMOTE, "lame server"),
  ROW ("failure", "\x80\x82", COUNTS ("\0", "\0", "\0"), "", GSOCK_DNS_FAILED,
       0, NULL, GSOCK_ERROR_REMOTE, "SERVFAIL about 'a.test'"),
  ROW ("failure, and why", "\x80\x82", COUNTS ("\0", "\0", "\1"), EDE,
       GSOCK_DNS_FAILED, 0, NULL, GSOCK_ERROR_REMOTE, ": why)"),
};

static GsockDnsAnswer *
read_row (gsize i, gsize size, guint32 age, GError **error)
{
  static GsockDnsServer server = { .text = (char *) "udp://192.0.2.53:53" };
  g_autofree guint8 *bytes = g_memdup2 (rows[i].bytes, size);
  GsockDnsReply reply = {
    .data = bytes, .size = size, .server = &server, .age = age
  };
  GsockDnsQuestion question;

  g_assert_true (
      gsock_dns_question_init (&question, "a.test", GSOCK_DNS_A, NULL));
  return gsock_dns_answer_new (&reply, &question, error);
}

static void
test_verdicts (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GsockDnsAnswer) answer = read_row (i, rows[i].size, 0, &error);

      g_test_message ("%s", rows[i].name);
      g_assert_no_error (error);
      g_assert_cmpint (answer->verdict, ==, rows[i].verdict);
      g_assert_cmpuint (answer->records->len, ==, rows[i].records);
      g_assert_cmpstr (answer->target, ==, rows[i].target);
      gsock_dns_answer_set_error (answer, "a.test", &error);
      g_assert_cmpint (error != NULL, ==, rows[i].words != NULL);
      if (error == NULL)
        continue;
      g_assert_error (error, GSOCK_ERROR, rows[i].code);
      g_assert_nonnull (strstr (error->message, rows[i].words));
    }
}

/* Which records are of the name, or of where its aliases lead. */
static void
test_stray (void)
{
  static const char bytes[] = "\0\7" CACHED COUNTS ("\4", "\0", "\0")
      QUESTION A (LABEL ("c")) A (LABEL ("B")) CNAME (ASKED, LABEL ("b"))
          CNAME (LABEL ("d"), LABEL ("b"));
  static const gboolean stray[] = { TRUE, FALSE, FALSE, TRUE };
  GsockDnsQuestion question;
  g_autoptr (GsockDnsAnswer) answer = NULL;

  g_assert_true (
      gsock_dns_question_init (&question, "a.test", GSOCK_DNS_A, NULL));
  answer = gsock_dns_answer_parse ((const guint8 *) bytes, sizeof bytes - 1,
                                   &question, NULL);
  g_assert_nonnull (answer);
  g_assert_cmpint (answer->verdict, ==, GSOCK_DNS_FOUND);
  g_assert_cmpuint (answer->records->len, ==, G_N_ELEMENTS (stray));
  for (guint i = 0; i < answer->records->len; i++)
    {
      const GsockDnsRecord *record = g_ptr_array_index (answer->records, i);

      g_assert_cmpint (record->stray, ==, stray[i]);
    }
}

/* Of each, every beginning, in memory that ends where it does. */
static void
test_cut (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    for (gsize size = 0; size < rows[i].size; size++)
      {
        g_autoptr (GError) error = NULL;
        g_autoptr (GsockDnsAnswer) answer = read_row (i, size, 0, &error);

        if (answer != NULL)
          continue;
        g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_FAILED);
        g_assert_true (g_str_has_prefix (error->message,
                                         "udp://192.0.2.53:53 answered with"));
      }
}

static void
test_age (void)
{
  static const struct
  {
    guint32 age, ttl;
  } ages[] = { { 0, 60 }, { 1, 59 }, { 60, 0 }, { 61, 0 }, { G_MAXUINT32, 0 } };

  for (gsize i = 0; i < G_N_ELEMENTS (ages); i++)
    for (gsize row = 0; row < 2; row++)
      {
        g_autoptr (GsockDnsAnswer)
            answer = read_row (row, rows[row].size, ages[i].age, NULL);
        const GsockDnsRecord *record = g_ptr_array_index (answer->records, 0);

        g_assert_cmpuint (record->ttl, ==, ages[i].ttl);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/answer/verdicts", test_verdicts);
  g_test_add_func ("/answer/stray", test_stray);
  g_test_add_func ("/answer/cut", test_cut);
  g_test_add_func ("/answer/age", test_age);
  return g_test_run ();
}

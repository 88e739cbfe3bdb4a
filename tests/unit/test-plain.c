/* test-plain.c: the plainest of answers, and all that looks like one
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <glib.h>

#include "dns/answer.h"
#include "dns/plain.h"
#include "dns/words.h"

#define HEADER(an, ns, ar) "\0\7\x81\xa0\0\1\0" an "\0" ns "\0" ar
#define NAME "\1a\4test\0"
#define QUESTION(type) NAME "\0" type "\0\1"
#define A(ttl, data) "\xc0\x0c\0\1\0\1\0\0\0" ttl "\0\4" data
#define AAAA(data) "\xc0\x0c\0\x1c\0\1\0\0\0\5\0\x10" data
#define V6 "\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\1"
#define OPT(ttl, size, data) "\0\0\x29\x4\xd0" ttl "\0" size data
#define NS "\xc0\x0e\0\2\0\1\0\0\0\5\0\2\xc0\x0c"

static const struct
{
  const char *name;
  const char *bytes;
  gsize size;
  guint16 type;
  const char *found; /* "ADDRESS TTL, ..."; NULL: not plain */
} rows[] = {
#define ROW(name, type, found, bytes) \
  { \
    name, bytes, sizeof bytes - 1, type, found \
  }
  ROW ("one", GSOCK_DNS_A, "192.0.2.1 5, ",
       HEADER ("\1", "\0", "\0") QUESTION ("\1") A ("\5", "\xc0\0\2\1")),
  ROW ("two", GSOCK_DNS_A, "192.0.2.1 5, 0.0.0.0 0, ",
       HEADER ("\2", "\0", "\0") QUESTION ("\1") A ("\5", "\xc0\0\2\1")
           A ("\0", "\0\0\0\0")),
  ROW ("of IPv6", GSOCK_DNS_AAAA, "2001:db8::1 5, ",
       HEADER ("\1", "\0", "\0") QUESTION ("\x1c") AAAA (V6)),
  ROW ("with others beside it", GSOCK_DNS_A, "192.0.2.1 5, ",
       HEADER ("\1", "\1", "\1") QUESTION ("\1") A ("\5", "\xc0\0\2\1")
           NS OPT ("\0\0\x80\0", "\0", "")),
  ROW ("an extended code", GSOCK_DNS_A, NULL,
       HEADER ("\1", "\0", "\1") QUESTION ("\1") A ("\5", "\xc0\0\2\1")
           OPT ("\1\0\0\0", "\0", "")),
  ROW ("an option", GSOCK_DNS_A, NULL,
       HEADER ("\1", "\0", "\1") QUESTION ("\1") A ("\5", "\xc0\0\2\1")
           OPT ("\0\0\0\0", "\4", "\0\xf\0\0")),
  ROW ("none", GSOCK_DNS_A, NULL, HEADER ("\0", "\0", "\0") QUESTION ("\1")),
  ROW ("another type was asked for", GSOCK_DNS_MX, NULL,
       HEADER ("\1", "\0", "\0") QUESTION ("\xf") A ("\5", "\xc0\0\2\1")),
  ROW ("another type came", GSOCK_DNS_A, NULL,
       HEADER ("\1", "\0", "\0") QUESTION ("\1") AAAA (V6)),
  ROW ("an alias first", GSOCK_DNS_A, NULL,
       HEADER ("\2", "\0", "\0") QUESTION (
           "\1") "\xc0\x0c\0\5\0\1\0\0\0\5\0\2\xc0\x0e" A ("\5", "\xc0\0\2\1")),
  ROW ("another owner", GSOCK_DNS_A, NULL,
       HEADER ("\1", "\0", "\0")
           QUESTION ("\1") "\xc0\x0e\0\1\0\1\0\0\0\5\0\4\xc0\0\2\1"),
  ROW ("another class", GSOCK_DNS_A, NULL,
       HEADER ("\1", "\0", "\0")
           QUESTION ("\1") "\xc0\x0c\0\1\0\3\0\0\0\5\0\4\xc0\0\2\1"),
  ROW ("data of another size", GSOCK_DNS_A, NULL,
       HEADER ("\1", "\0", "\0")
           QUESTION ("\1") "\xc0\x0c\0\1\0\1\0\0\0\5\0\5\xc0\0\2\1\0"),
  ROW ("more than was announced", GSOCK_DNS_A, NULL,
       HEADER ("\1", "\0", "\0") QUESTION ("\1") A ("\5", "\xc0\0\2\1") "x"),
  ROW ("fewer than were announced", GSOCK_DNS_A, NULL,
       HEADER ("\2", "\0", "\0") QUESTION ("\1") A ("\5", "\xc0\0\2\1")),
  ROW ("a label that is none beside it", GSOCK_DNS_A, NULL,
       HEADER ("\1", "\0", "\1") QUESTION ("\1")
           A ("\5", "\xc0\0\2\1") "\x80\0\0\2\0\1\0\0\0\5\0\2\xc0\x0c"),
};

static void
found_cb (const guint8 *data, guint32 ttl, gpointer user_data)
{
  g_ptr_array_add (user_data, (gpointer) (guintptr) data);
  g_assert_cmpuint (ttl, <=, 5);
}

static char *
describe (const GsockDnsAnswer *answer)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < answer->records->len; i++)
    {
      const GsockDnsRecord *record = g_ptr_array_index (answer->records, i);

      g_assert_cmpstr (record->owner, ==, "a.test.");
      g_assert_cmpuint (record->type, ==, answer->type);
      g_string_append_printf (text, "%s %u, ", record->data, record->ttl);
    }
  return g_string_free (text, FALSE);
}

/* Each row, and each beginning of one that is plain, in memory that ends where
 * it does. */
static void
test_answers (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    for (gsize size = rows[i].size; size >= 12 + 12; size--)
      {
        g_autofree guint8 *bytes = g_memdup2 (rows[i].bytes, size);
        g_autoptr (GPtrArray) found = g_ptr_array_new ();
        GsockDnsQuestion question;
        gboolean plain, whole = size == rows[i].size;

        g_assert_true (
            gsock_dns_question_init (&question, "a.test", rows[i].type, NULL));
        plain = gsock_dns_plain_read (bytes, size, &question, found_cb, found);
        if (!whole && rows[i].found == NULL)
          break;
        g_test_message ("%s, %" G_GSIZE_FORMAT " bytes", rows[i].name, size);
        g_assert_cmpint (plain, ==, whole && rows[i].found != NULL);
        g_assert_cmpint (found->len > 0, ==, plain);
        if (plain)
          {
            g_autoptr (GsockDnsAnswer)
                answer = gsock_dns_answer_parse (bytes, size, &question, NULL);
            g_autofree char *text = describe (answer);

            g_assert_cmpint (answer->verdict, ==, GSOCK_DNS_FOUND);
            g_assert_cmpstr (text, ==, rows[i].found);
            g_assert_true (answer->ra && answer->ad && !answer->aa);
          }
      }
}

static void
test_names (void)
{
  static const struct
  {
    const char *name;
    gsize size;
    const char *text; /* NULL: not plain */
  } names[] = {
#define PLAIN(name, text) { name, sizeof name, text }
    PLAIN ("\1a\4test", "a.test."), PLAIN ("\3_-9\2Zz", "_-9.Zz."),
    PLAIN ("\1*\4test", NULL),      PLAIN ("\3a.b", NULL),
    PLAIN ("\2\33a", NULL),         PLAIN ("", NULL),
    { "\5abcd", 5, NULL },          { "\4abcd", 5, NULL },
  };
  char text[GSOCK_DNS_NAME_MAX];
  char longest[GSOCK_DNS_NAME_MAX] = { 0 };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree guint8 *name = g_memdup2 (names[i].name, names[i].size);
      gsize size = gsock_dns_plain_name (text, name, names[i].size);

      g_assert_cmpuint (size, ==,
                        names[i].text != NULL ? strlen (names[i].text) : 0);
      if (size > 0)
        g_assert_cmpstr (text, ==, names[i].text);
    }
  for (gsize i = 0; i < sizeof longest - 1; i += 2)
    memcpy (longest + i, "\1x", 2);
  g_assert_cmpuint (
      gsock_dns_plain_name (text, (guint8 *) longest, sizeof longest), ==,
      sizeof longest - 1);
  g_assert_cmpuint (strlen (text), ==, sizeof longest - 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plain/answers", test_answers);
  g_test_add_func ("/plain/names", test_names);
  return g_test_run ();
}

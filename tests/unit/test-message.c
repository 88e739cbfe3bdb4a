/* test-message.c: DNS questions on the wire, and what passes for an answer
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <glib.h>

#include "core/error.h"
#include "dns/message.h"

static void
test_names (void)
{
  static const struct
  {
    const char *host;
    const char *wire; /* without the root; NULL: can't be a name */
    const char *text;
  } rows[] = {
    { ".", "", "." },
    { "a", "\1a", "a." },
    { "a.", "\1a", "a." },
    { "www.Example.org", "\3www\7Example\3org", "www.Example.org." },
    { "a\\.b.c", "\3a.b\1c", "a\\.b.c." },
    { "a\\\\b", "\3a\\b", "a\\\\b." },
    { "\\027x", "\2\33x", "\\027x." },
    { "a b", "\3a b", "a\\032b." },
    { "", NULL, NULL },
    { "a..b", NULL, NULL },
    { ".a", NULL, NULL },
    { "a\\", NULL, NULL },
    { "a\\25", NULL, NULL },
    { "a\\256", NULL, NULL },
    { "a\\999.b", NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      GsockDnsQuestion question;
      g_autoptr (GError) error = NULL;
      gboolean done = gsock_dns_question_init (&question, rows[i].host, 1,
                                               &error);
      g_autofree char *text = NULL;

      g_test_message ("%s", rows[i].host);
      g_assert_cmpint (done, ==, rows[i].wire != NULL);
      if (!done)
        {
          g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_NAME);
          continue;
        }
      g_assert_cmpmem (question.name, question.size, rows[i].wire,
                       strlen (rows[i].wire) + 1);
      text = gsock_dns_name_to_text (question.name, question.size);
      g_assert_cmpstr (text, ==, rows[i].text);
    }
}

/* 63 bytes a label and 255 a name are right, one more is not. */
static void
test_limits (void)
{
  g_autofree char *label = g_strnfill (63, 'a');
  g_autofree char *longest = g_strdup_printf ("%s.%s.%s.%.61s", label, label,
                                              label, label);
  g_autofree char *longer = g_strconcat (longest, "b", NULL);
  g_autofree char *wide = g_strconcat (label, "b", NULL);
  g_autofree char *huge = g_strnfill (100000, 'a');
  GsockDnsQuestion question;

  g_assert_true (gsock_dns_question_init (&question, longest, 1, NULL));
  g_assert_cmpuint (question.size, ==, GSOCK_DNS_NAME_MAX);
  g_assert_false (gsock_dns_question_init (&question, longer, 1, NULL));
  g_assert_true (gsock_dns_question_init (&question, label, 1, NULL));
  g_assert_false (gsock_dns_question_init (&question, wide, 1, NULL));
  g_assert_false (gsock_dns_question_init (&question, huge, 1, NULL));
}

static void
test_query (void)
{
  static const char plain[] = "\x12\x34\1\0\0\1\0\0\0\0\0\0\1a\0\0\x1c\0\1";
  static const char edns[] = "\x12\x34\0\x10\0\1\0\0\0\0\0\1\1a\0\0\x1c\0\1"
                             "\0\0\x29\4\xd0\0\0\x80\0\0\0";
  GsockDnsQuestion question;
  guint8 buffer[GSOCK_DNS_QUERY_MAX];
  gsize size;

  g_assert_true (gsock_dns_question_init (&question, "a", 28, NULL));
  size = gsock_dns_write_query (buffer, 0x1234, &question, GSOCK_DNS_RECURSE);
  g_assert_cmpmem (buffer, size, plain, sizeof plain - 1);
  size = gsock_dns_write_query (buffer, 0x1234, &question,
                                GSOCK_DNS_EDNS | GSOCK_DNS_SECURE
                                    | GSOCK_DNS_UNCHECKED);
  g_assert_cmpmem (buffer, size, edns, sizeof edns - 1);
}

/* One bit of header or question wrong, or one byte short, and it is no answer;
 * the bits that say how the answer is do no harm. */
static void
test_answers (void)
{
  GsockDnsQuestion question;
  guint8 data[GSOCK_DNS_QUERY_MAX];
  GsockDnsHeader header;
  gsize size;

  g_assert_true (gsock_dns_question_init (&question, "www.a", 1, NULL));
  size = gsock_dns_write_query (data, 7, &question, 0);
  g_assert_false (gsock_dns_is_answer (data, size, 7, &question, &header));
  data[2] = 0x80;
  g_assert_true (gsock_dns_is_answer (data, size, 7, &question, &header));
  data[13] = 'W';
  g_assert_true (gsock_dns_is_answer (data, size, 7, &question, &header));
  for (gsize i = 0; i < size * 8; i++)
    {
      gsize byte = i / 8;
      guint8 bit = (guint8) (1 << i % 8);
      gboolean free = (byte == 2 && bit <= 4) || byte == 3
                      || (byte >= 6 && byte < 12)
                      || (bit == 0x20
                          && (byte == 17 || (byte > 12 && byte < 16)));

      data[byte] ^= bit;
      g_test_message ("byte %u, bit %u", (guint) byte, bit);
      g_assert_cmpint (gsock_dns_is_answer (data, size, 7, &question, &header),
                       ==, free);
      data[byte] ^= bit;
    }
  for (gsize shorter = 0; shorter < size; shorter++)
    {
      g_autofree guint8 *copy = g_memdup2 (data, shorter);

      g_assert_false (
          gsock_dns_is_answer (copy, shorter, 7, &question, &header));
    }
  data[2] |= 2;
  data[3] = 2;
  data[5] = 0;
  g_assert_true (gsock_dns_is_answer (data, 12, 7, &question, &header));
  g_assert_true (header.truncated);
  g_assert_cmpuint (header.rcode, ==, 2);
  data[3] = 3;
  g_assert_false (gsock_dns_is_answer (data, 12, 7, &question, &header));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/message/names", test_names);
  g_test_add_func ("/message/limits", test_limits);
  g_test_add_func ("/message/query", test_query);
  g_test_add_func ("/message/answers", test_answers);
  return g_test_run ();
}

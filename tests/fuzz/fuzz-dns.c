/* fuzz-dns.c: what a name server answers; names on the wire
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "dns/answer.h"
#include "dns/message.h"
#include "fuzz.h"

#define TYPE_A 1

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  GsockDnsQuestion question;
  GsockDnsHeader header;
  g_autoptr (GsockDnsAnswer) answer = NULL;
  g_autofree char *text = fuzz_text (data, MIN (size, 300));
  guint16 id = size >= 2 ? (guint16) (data[0] << 8 | data[1]) : 0;

  if (gsock_dns_question_init (&question, text, TYPE_A, NULL))
    {
      g_autofree char *name = gsock_dns_name_to_text (question.name,
                                                      question.size);
      guint8 buffer[GSOCK_DNS_QUERY_MAX];

      g_assert_true (fuzz_is_clean (name));
      g_assert_cmpuint (
          gsock_dns_write_query (buffer, id, &question, GSOCK_DNS_EDNS), <=,
          sizeof buffer);
    }
  g_assert_true (
      gsock_dns_question_init (&question, "www.example", TYPE_A, NULL));
  (void) gsock_dns_is_answer (data, size, id, &question, &header);
  answer = gsock_dns_answer_parse (data, size, &question, NULL);
  return 0;
}

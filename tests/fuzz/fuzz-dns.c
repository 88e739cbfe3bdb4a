/* fuzz-dns.c: what a name server answers; names on the wire
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "dns/answer.h"
#include "dns/message.h"
#include "dns/resolver-private.h"
#include "dns/words.h"
#include "fuzz.h"

#define TYPE_A 1
#define TYPE_ANY 255

/* What programs are given of it, which asked for one type. */
static void
make_product (const GsockDnsAnswer *answer, guint16 type,
              const ResolverProduct *product)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new ();
  gpointer made;

  for (guint i = 0; i < answer->records->len; i++)
    {
      GsockDnsRecord *record = g_ptr_array_index (answer->records, i);

      if (record->type == type)
        g_ptr_array_add (records, record);
    }
  if (records->len == 0)
    return;
  made = product->make (records);
  if (made != NULL)
    product->free (made);
}

static void
make_products (const GsockDnsAnswer *answer)
{
  static const struct
  {
    guint16 type;
    const ResolverProduct *product;
  } products[] = {
    { GSOCK_DNS_A, &resolver_addresses },
    { GSOCK_DNS_AAAA, &resolver_addresses },
    { GSOCK_DNS_PTR, &resolver_name },
    { GSOCK_DNS_MX, &resolver_records },
    { GSOCK_DNS_NS, &resolver_records },
    { GSOCK_DNS_SOA, &resolver_records },
    { GSOCK_DNS_SRV, &resolver_records },
    { GSOCK_DNS_TXT, &resolver_records },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (products); i++)
    make_product (answer, products[i].type, products[i].product);
}

/* What is told of an answer is fit to be shown, whatever was in it. */
static void
read_answer (const uint8_t *data, size_t size, const GsockDnsQuestion *question)
{
  static GsockDnsServer server = { .text = (char *) "udp://192.0.2.53:53" };
  const GsockDnsReply reply = {
    .data = data, .size = size, .server = &server, .age = 30
  };
  const GsockDnsSecurity security = { .trust = GSOCK_DNS_TRUSTED };
  g_autoptr (GError) error = NULL;
  g_autoptr (GsockDnsAnswer)
      answer = gsock_dns_answer_new (&reply, question, &error);

  g_assert_cmpint (answer == NULL, ==, error != NULL);
  if (answer == NULL)
    return;
  g_assert_nonnull (gsock_dns_verdict_name (answer->verdict));
  make_products (answer);
  gsock_dns_answer_set_security (answer, &security);
  gsock_dns_answer_set_error (answer, "www.example", &error);
  g_assert_true (error == NULL || fuzz_is_clean (error->message));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  GsockDnsQuestion question;
  GsockDnsHeader header;
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
  read_answer (data, size, &question);
  question.type = TYPE_ANY;
  read_answer (data, size, &question);
  return 0;
}

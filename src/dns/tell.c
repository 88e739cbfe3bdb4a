/* tell.c: questions and answers of DNS told as they happen, for --explain
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "dns/tell.h"

#include "core/call.h"
#include "dns/words.h"

#define HEADER_SIZE 12
/* Records of an answer that are shown. */
#define RECORDS_MAX 64

/**
 * gsock_dns_describe_question:
 * @id: by which the answer is known
 * @question: what is asked
 * @flags: #GsockDnsFlags
 *
 * Returns: (transfer full): see the header
 */
char *
gsock_dns_describe_question (guint16 id, const GsockDnsQuestion *question,
                             guint flags)
{
  g_autofree char *name = gsock_dns_name_to_text (question->name,
                                                  question->size);

  return g_strdup_printf ("{id 0x%04x, %s\"%s\" IN %s}", id,
                          (flags & GSOCK_DNS_RECURSE) != 0 ? "RD, " : "", name,
                          gsock_dns_type_name (question->type));
}

/**
 * gsock_dns_describe_header:
 * @data: what came
 * @size: how many bytes
 *
 * Returns: (transfer full): see the header
 */
char *
gsock_dns_describe_header (const guint8 *data, gsize size)
{
  if (size < HEADER_SIZE)
    return g_strdup ("{}");
  return g_strdup_printf (
      "{id 0x%02x%02x,%s%s%s%s %s, answers %u, authority %u, additional %u}",
      data[0], data[1], (data[2] & 4) != 0 ? " AA," : "",
      (data[2] & 2) != 0 ? " TC," : "", (data[3] & 0x80) != 0 ? " RA," : "",
      (data[3] & 0x20) != 0 ? " AD," : "", gsock_dns_rcode_name (data[3] & 15),
      data[6] << 8 | data[7], data[8] << 8 | data[9], data[10] << 8 | data[11]);
}

/**
 * gsock_dns_tell_question:
 * @id: by which the answer is known
 * @question: what is asked
 * @flags: #GsockDnsFlags
 * @size: bytes of the message
 * @server: whom
 */
void
gsock_dns_tell_question (guint16 id, const GsockDnsQuestion *question,
                         guint flags, gsize size, const GsockDnsServer *server)
{
  g_autofree char *text = gsock_dns_describe_question (id, question, flags);

  gsock_call (GSOCK_CALL_DNS_QUESTION, "", (gint64) size, 0, NULL, "%s, %s",
              server->text, text);
}

/**
 * gsock_dns_tell_message:
 * @data: an answer
 * @size: its bytes
 * @server: whose
 */
void
gsock_dns_tell_message (const guint8 *data, gsize size,
                        const GsockDnsServer *server)
{
  g_autofree char *text = gsock_dns_describe_header (data, size);

  gsock_call (GSOCK_CALL_DNS_ANSWER, "", (gint64) size, 0, NULL, "%s, %s",
              server->text, text);
}

/**
 * gsock_dns_tell_records:
 * @answer: whose records
 */
void
gsock_dns_tell_records (const GsockDnsAnswer *answer)
{
  for (guint i = 0; i < MIN (answer->records->len, RECORDS_MAX); i++)
    {
      const GsockDnsRecord *record = g_ptr_array_index (answer->records, i);

      gsock_call (GSOCK_CALL_DNS_RECORD, record->type_name, 0, 0, NULL,
                  "\"%s\", %u, IN, %s, %s", record->owner, record->ttl,
                  record->type_name, record->data);
    }
}

/* plain.c: the plainest of answers, read without any library
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Of many names most have some addresses and no more, and to read such an
 * answer by ldns is half of all the work.  Nothing is decided here that ldns
 * would decide otherwise: what is not as plain as can be is left to it. */

#include "config.h"

#include "dns/plain.h"

#include "dns/words.h"

#define HEADER_SIZE 12
#define FIXED_SIZE 10 /* of a record, between its owner and its data */
#define CLASS_IN 1
#define TYPE_OPT 41
#define POINTER 0xc0

/* What is left of a message. */
typedef struct
{
  const guint8 *at;
  const guint8 *end;
} Rest;

typedef struct
{
  guint16 type;
  guint16 class;
  guint32 ttl;
  const guint8 *data;
  gsize size;
} Record;

static guint
get16 (const guint8 *at)
{
  return (guint) at[0] << 8 | at[1];
}

/* Over a name, without following it. */
static gboolean
skip_name (Rest *rest)
{
  while (rest->at < rest->end)
    {
      guint size = *rest->at++;

      if (size == 0)
        return TRUE;
      if ((size & POINTER) == POINTER)
        return rest->at++ < rest->end;
      if (size >= 64 || (gsize) (rest->end - rest->at) < size)
        return FALSE;
      rest->at += size;
    }
  return FALSE;
}

/* What comes behind an owner. */
static gboolean
take_record (Rest *rest, Record *record)
{
  const guint8 *at = rest->at;

  if (rest->end - at < FIXED_SIZE)
    return FALSE;
  record->type = (guint16) get16 (at);
  record->class = (guint16) get16 (at + 2);
  record->ttl = (guint32) get16 (at + 4) << 16 | get16 (at + 6);
  record->size = get16 (at + 8);
  record->data = at + FIXED_SIZE;
  if ((gsize) (rest->end - record->data) < record->size)
    return FALSE;
  rest->at = record->data + record->size;
  return TRUE;
}

/* Its owner is a pointer to the question's name. */
static gboolean
take_address (Rest *rest, guint16 type, Record *record)
{
  if (rest->end - rest->at < 2 || rest->at[0] != POINTER
      || rest->at[1] != HEADER_SIZE)
    return FALSE;
  rest->at += 2;
  return take_record (rest, record) && record->type == type
         && record->class == CLASS_IN
         && record->size == (type == GSOCK_DNS_A ? 4 : 16);
}

/* Of no interest, but an extended code or error would be. */
static gboolean
skip_record (Rest *rest)
{
  Record record;

  return skip_name (rest) && take_record (rest, &record)
         && (record.type != TYPE_OPT
             || (record.size == 0 && record.ttl >> 16 == 0));
}

static gboolean
is_plain (Rest rest, const guint8 *counts, guint16 type)
{
  guint others = get16 (counts + 2) + get16 (counts + 4);
  Record record;

  for (guint i = get16 (counts); i > 0; i--)
    if (!take_address (&rest, type, &record))
      return FALSE;
  for (; others > 0; others--)
    if (!skip_record (&rest))
      return FALSE;
  return rest.at == rest.end;
}

/**
 * gsock_dns_plain_read:
 * @data: an answer to @question
 * @size: its bytes
 * @question: what was asked
 * @func: told each address
 * @user_data: for @func
 *
 * Returns: %FALSE if there is none, or something else
 */
gboolean
gsock_dns_plain_read (const guint8 *data, gsize size,
                      const GsockDnsQuestion *question, GsockDnsPlainFunc func,
                      gpointer user_data)
{
  Rest rest = { data + HEADER_SIZE, data + size };
  guint count = get16 (data + 6);
  Record record;

  if ((question->type != GSOCK_DNS_A && question->type != GSOCK_DNS_AAAA)
      || get16 (data + 4) != 1 || (data[3] & 15) != 0 || count == 0)
    return FALSE;
  rest.at += question->size + 4;
  if (!is_plain (rest, data + 6, question->type))
    return FALSE;
  for (; count > 0 && take_address (&rest, question->type, &record); count--)
    func (record.data, record.ttl, user_data);
  return TRUE;
}

/**
 * gsock_dns_plain_name:
 * @text: (out caller-allocates): %GSOCK_DNS_NAME_MAX bytes
 * @name: labels, each behind its size, not compressed
 * @size: their bytes, at most %GSOCK_DNS_NAME_MAX
 *
 * Returns: how long the text is; 0: it is another one's to write
 */
gsize
gsock_dns_plain_name (char *text, const guint8 *name, gsize size)
{
  gsize at = 0, used = 0;

  while (at < size && name[at] != 0)
    {
      gsize end = at + 1 + name[at];

      if (end >= size)
        return 0;
      for (at++; at < end; at++)
        {
          char c = (char) name[at];

          if (!g_ascii_isalnum (c) && c != '-' && c != '_')
            return 0;
          text[used++] = c;
        }
      text[used++] = '.';
    }
  text[used] = '\0';
  return used;
}

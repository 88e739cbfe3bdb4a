/* message.c: DNS questions written, and answers told from what is none
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "dns/message.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"

#define HEADER_SIZE 12
#define LABEL_MAX 63
#define CLASS_IN 1
#define TYPE_OPT 41

static void
put16 (guint8 *at, guint value)
{
  at[0] = (guint8) (value >> 8);
  at[1] = (guint8) value;
}

static guint16
get16 (const guint8 *at)
{
  return (guint16) (at[0] << 8 | at[1]);
}

/* One byte of a label: "a", "\." or "\046"; -1: none. */
static int
read_byte (const char **at)
{
  const char *c = *at;

  if (*c != '\\')
    {
      *at = c + 1;
      return (guint8) *c;
    }
  if (g_ascii_isdigit (c[1]))
    {
      int value;

      if (!g_ascii_isdigit (c[2]) || !g_ascii_isdigit (c[3]))
        return -1;
      value = (c[1] - '0') * 100 + (c[2] - '0') * 10 + (c[3] - '0');
      *at = c + 4;
      return value <= 255 ? value : -1;
    }
  if (c[1] == '\0')
    return -1;
  *at = c + 2;
  return (guint8) c[1];
}

/* The label at @at, behind a byte for its size; 0: none that is right. */
static gsize
read_label (const char **at, guint8 *wire, gsize room)
{
  gsize size = 0;

  while (**at != '\0' && **at != '.')
    {
      int byte = read_byte (at);

      if (byte < 0 || size >= LABEL_MAX || size + 1 >= room)
        return 0;
      wire[++size] = (guint8) byte;
    }
  wire[0] = (guint8) size;
  return size;
}

static gboolean
read_name (GsockDnsQuestion *question, const char *host)
{
  gsize used = 0;

  if (strcmp (host, ".") == 0)
    host++;
  while (*host != '\0')
    {
      /* One byte is kept for the root. */
      gsize size = read_label (&host, question->name + used,
                               GSOCK_DNS_NAME_MAX - 1 - used);

      if (size == 0)
        return FALSE;
      used += size + 1;
      if (*host == '.')
        host++;
      if (used >= GSOCK_DNS_NAME_MAX - 1 && *host != '\0')
        return FALSE;
    }
  question->name[used++] = 0;
  question->size = (guint8) used;
  return TRUE;
}

/**
 * gsock_dns_question_init:
 * @question: (out caller-allocates): the question
 * @host: a name, with a dot at its end or without
 * @type: a record type's number
 * @error: %GSOCK_ERROR_NAME
 *
 * Returns: %FALSE if @host can't be a name
 */
gboolean
gsock_dns_question_init (GsockDnsQuestion *question, const char *host,
                         guint16 type, GError **error)
{
  g_autofree char *shown = NULL;

  question->type = type;
  if (host[0] != '\0' && read_name (question, host))
    return TRUE;
  shown = gsock_escape_brief (host);
  g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_NAME,
               _ ("'%s' can't be a name in DNS: it or a part of it is empty or "
                  "too long"),
               shown);
  return FALSE;
}

/**
 * gsock_dns_name_to_text:
 * @name: labels, each behind its size; what is wrong with them does no harm
 * @size: their bytes
 *
 * Returns: (transfer full): the name, with a dot at its end
 */
char *
gsock_dns_name_to_text (const guint8 *name, gsize size)
{
  GString *text = g_string_new (NULL);
  gsize at = 0;

  while (at < size && name[at] != 0)
    {
      gsize end = MIN (at + 1 + name[at], size);

      for (at++; at < end; at++)
        {
          char c = (char) name[at];

          if (c == '.' || c == '\\')
            g_string_append_printf (text, "\\%c", c);
          else if (g_ascii_isgraph (c))
            g_string_append_c (text, c);
          else
            g_string_append_printf (text, "\\%03u", name[at]);
        }
      g_string_append_c (text, '.');
    }
  if (text->len == 0)
    g_string_append_c (text, '.');
  return g_string_free (text, FALSE);
}

/**
 * gsock_dns_write_query:
 * @buffer: %GSOCK_DNS_QUERY_MAX bytes
 * @id: by which the answer is known
 * @question: what is asked
 * @flags: #GsockDnsFlags
 *
 * Returns: how many bytes were written
 */
gsize
gsock_dns_write_query (guint8 *buffer, guint16 id,
                       const GsockDnsQuestion *question, guint flags)
{
  guint8 *at = buffer + HEADER_SIZE;

  memset (buffer, 0, HEADER_SIZE);
  put16 (buffer, id);
  buffer[2] = (flags & GSOCK_DNS_RECURSE) != 0 ? 0x01 : 0;
  buffer[3] = (flags & GSOCK_DNS_UNCHECKED) != 0 ? 0x10 : 0;
  put16 (buffer + 4, 1);
  memcpy (at, question->name, question->size);
  at += question->size;
  put16 (at, question->type);
  put16 (at + 2, CLASS_IN);
  at += 4;
  if ((flags & GSOCK_DNS_EDNS) != 0)
    {
      put16 (buffer + 10, 1);
      memset (at, 0, 11);
      put16 (at + 1, TYPE_OPT);
      put16 (at + 3, GSOCK_DNS_UDP_SIZE);
      at[7] = (flags & GSOCK_DNS_SECURE) != 0 ? 0x80 : 0;
      at += 11;
    }
  return (gsize) (at - buffer);
}

/* The same name, in upper or lower case; sizes of labels are no letters. */
static gboolean
same_name (const guint8 *a, const guint8 *b, gsize size)
{
  for (gsize i = 0; i < size; i++)
    if (g_ascii_tolower ((char) a[i]) != g_ascii_tolower ((char) b[i]))
      return FALSE;
  return TRUE;
}

/**
 * gsock_dns_is_answer:
 * @data: what came
 * @size: how many bytes
 * @id: the question's
 * @question: what was asked
 * @header: (out): of the answer
 *
 * An answer without the question is one only where it says that it has not
 * understood it (FORMERR and its kin).
 *
 * Returns: %TRUE if it answers @question
 */
gboolean
gsock_dns_is_answer (const guint8 *data, gsize size, guint16 id,
                     const GsockDnsQuestion *question, GsockDnsHeader *header)
{
  const guint8 *at = data + HEADER_SIZE;

  if (size < HEADER_SIZE || get16 (data) != id || (data[2] & 0xf8) != 0x80)
    return FALSE;
  header->rcode = data[3] & 0x0f;
  header->truncated = (data[2] & 0x02) != 0;
  if (get16 (data + 4) == 0)
    return header->rcode != 0 && header->rcode != 3;
  return get16 (data + 4) == 1
         && size >= HEADER_SIZE + (gsize) question->size + 4
         && same_name (at, question->name, question->size)
         && get16 (at + question->size) == question->type
         && get16 (at + question->size + 2) == CLASS_IN;
}

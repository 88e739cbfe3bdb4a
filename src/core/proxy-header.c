/* proxy-header.c: what a balancer says of its client, before the client's bytes
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* After "The PROXY protocol, versions 1 & 2", doc/proxy-protocol.txt of HAProxy
 * (2020/03/05); a § here is a section of it.  Nothing is allocated, and no
 * length is believed before it is compared with what there may be.  All numbers
 * are put together byte by byte, the highest first, on every machine.
 *
 * Errors are said of a peer: they begin with a verb, and whoever shows them
 * puts the peer's name and a colon before them. */

#include "config.h"

#include "core/proxy-header-private.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/un.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"

/* How much of what is none an error shows. */
#define SHOWN_BYTES 24

#define TLV_CRC32C 0x03
#define TLV_HEAD 3

static GsockDecode bad (GError **error, const char *format, ...)
    G_GNUC_PRINTF (2, 3);

static GsockDecode
bad (GError **error, const char *format, ...)
{
  va_list args;

  if (error == NULL)
    return GSOCK_DECODE_BAD;
  va_start (args, format);
  *error = g_error_new_valist (GSOCK_ERROR, GSOCK_ERROR_FRAME_BAD, format,
                               args);
  va_end (args);
  return GSOCK_DECODE_BAD;
}

static char *
shown (const char *data, gsize size)
{
  return gsock_escape (data, (gssize) MIN (size, SHOWN_BYTES));
}

static guint
number16 (const char *data)
{
  return (guint) (guint8) data[0] << 8 | (guint8) data[1];
}

/* Whether @data begins as @text of @length does, as far as both go. */
static gboolean
may_be (const char *data, gsize size, const char *text, gsize length)
{
  return memcmp (data, text, MIN (size, length)) == 0;
}

static void
set_inet (GsockAddress *address, gconstpointer bytes, guint port)
{
  *address = (GsockAddress) { .size = sizeof (struct sockaddr_in) };
  address->inet.sin_family = AF_INET;
  address->inet.sin_port = g_htons ((guint16) port);
  memcpy (&address->inet.sin_addr, bytes, 4);
}

void
gsock_proxy_header_set_inet6 (GsockAddress *address, gconstpointer bytes,
                              guint port)
{
  *address = (GsockAddress) { .size = sizeof (struct sockaddr_in6) };
  address->inet6.sin6_family = AF_INET6;
  address->inet6.sin6_port = g_htons ((guint16) port);
  memcpy (&address->inet6.sin6_addr, bytes, 16);
}

/* Version 1, § 2.1: "PROXY TCP4 SOURCE DESTINATION PORT PORT\r\n". */

#define LINE "PROXY "
#define LINE_SIZE 6
#define FIELDS 4

static const struct
{
  const char *word;
  int family; /* AF_UNSPEC: the rest of the line means nothing */
} protocols[] = {
  { "TCP4", AF_INET },
  { "TCP6", AF_INET6 },
  { "UNKNOWN", AF_UNSPEC },
};

/* What becomes of the word behind "PROXY ", of which @size bytes have come:
 * its row, or -1: not whole yet, -2: it is none of them. */
static int
find_protocol (const char *word, gsize size)
{
  gboolean may_come = FALSE;

  for (int i = 0; i < (int) G_N_ELEMENTS (protocols); i++)
    {
      gsize length = strlen (protocols[i].word);

      if (!may_be (word, size, protocols[i].word, length))
        continue;
      if (size <= length)
        may_come = TRUE;
      else if (word[length] == ' ')
        return i;
      else if (protocols[i].family == AF_UNSPEC
               && may_be (word + length, size - length, "\r\n", 2))
        return size - length < 2 ? -1 : i;
    }
  return may_come ? -1 : -2;
}

/* The line's length without its CR LF; 0: it has not come yet.  FALSE: it ends
 * otherwise, which only what nobody reads may do. */
static gboolean
find_end (const char *data, gsize size, gboolean strict, gsize *length)
{
  const char *end = data;

  *length = 0;
  while ((end = memchr (end, '\n', size - (gsize) (end - data))) != NULL)
    {
      if (end[-1] == '\r')
        {
          *length = (gsize) (end - data) - 1;
          return TRUE;
        }
      if (strict)
        return FALSE;
      end++;
    }
  return TRUE;
}

/* No zero before other digits, no sign, no space: "0" to "65535". */
static gboolean
parse_port (const char *text, guint *port)
{
  guint value = 0;

  if (*text == '\0' || strlen (text) > 5 || (text[0] == '0' && text[1] != '\0'))
    return FALSE;
  for (; *text != '\0'; text++)
    {
      if (!g_ascii_isdigit (*text))
        return FALSE;
      value = value * 10 + (guint) g_ascii_digit_value (*text);
    }
  *port = value;
  return value <= G_MAXUINT16;
}

static GsockDecode
bad_field (int family, guint i, const char *text, GError **error)
{
  g_autofree char *what = shown (text, strlen (text));

  if (i >= 2)
    return bad (error,
                _ ("sent a PROXY header with '%s' in place of a port number"),
                what);
  return bad (error,
              family == AF_INET
                  ? _ ("sent a PROXY header with '%s' in place of an IPv4 "
                       "address")
                  : _ ("sent a PROXY header with '%s' in place of an IPv6 "
                       "address"),
              what);
}

/* @text: the fields behind the protocol, one space between two. */
static GsockDecode
parse_fields (char *text, int family, GsockProxyHeader *header, GError **error)
{
  struct in6_addr address[2]; /* room for either kind */
  guint port[2];

  for (guint i = 0; i < FIELDS; i++)
    {
      char *end = i + 1 < FIELDS ? strchr (text, ' ') : NULL;

      if (end != NULL)
        *end = '\0';
      if (i < 2 ? inet_pton (family, text, &address[i]) != 1
                : !parse_port (text, &port[i - 2]))
        return bad_field (family, i, text, error);
      text = end != NULL ? end + 1 : text + strlen (text);
    }
  if (family == AF_INET)
    {
      set_inet (&header->source, &address[0], port[0]);
      set_inet (&header->destination, &address[1], port[1]);
    }
  else
    {
      gsock_proxy_header_set_inet6 (&header->source, &address[0], port[0]);
      gsock_proxy_header_set_inet6 (&header->destination, &address[1], port[1]);
    }
  return GSOCK_DECODE_FRAME;
}

static GsockDecode
decode_line (const char *data, gsize size, GsockProxyHeader *header,
             gsize *used, GError **error)
{
  char line[GSOCK_PROXY_HEADER_LINE_MAX];
  gsize seen = MIN (size, sizeof line);
  gsize length = 0;
  int row;

  header->version = 1;
  if (size <= LINE_SIZE)
    return GSOCK_DECODE_MORE;
  row = find_protocol (data + LINE_SIZE, seen - LINE_SIZE);
  if (row == -1)
    return GSOCK_DECODE_MORE;
  if (row < 0)
    {
      g_autofree char *word = shown (data + LINE_SIZE, seen - LINE_SIZE);

      return bad (error,
                  /* TRANSLATORS: the last ones are words of the protocol. */
                  _ ("sent a PROXY header with '%s' in place of %s"), word,
                  "TCP4, TCP6, UNKNOWN");
    }
  if (!find_end (data, seen, protocols[row].family != AF_UNSPEC, &length))
    return bad (error, _ ("sent a PROXY header that does not end in CR LF"));
  if (length == 0 && seen == sizeof line)
    return bad (error,
                /* TRANSLATORS: a number. */
                _ ("sent a PROXY header without an end in its first %u bytes"),
                GSOCK_PROXY_HEADER_LINE_MAX);
  if (length == 0)
    return GSOCK_DECODE_MORE;
  *used = length + 2;
  if (protocols[row].family == AF_UNSPEC)
    return GSOCK_DECODE_FRAME;
  memcpy (line, data, length);
  line[length] = '\0';
  if (strlen (line) < length)
    return bad (error, _ ("sent a PROXY header with a NUL in it"));
  return parse_fields (line + LINE_SIZE + strlen (protocols[row].word) + 1,
                       protocols[row].family, header, error);
}

/* Version 2, § 2.2. */

const GsockProxyHeaderFamily gsock_proxy_header_families[] = {
  { AF_UNSPEC, 0 },
  { AF_INET, 2 * 4 + 2 * 2 },
  { AF_INET6, 2 * 16 + 2 * 2 },
  { AF_UNIX, 2 * PATH_SIZE },
};

/* RFC 4960, appendix B, a bit at a time: it is asked for once a connection, if
 * at all. */
static guint32
crc32c (guint32 crc, const char *data, gsize size)
{
  for (gsize i = 0; i < size; i++)
    {
      crc ^= (guint8) data[i];
      for (guint bit = 0; bit < 8; bit++)
        crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78u : 0);
    }
  return crc;
}

/* § 2.2.3: over all of the header, with the sum itself, at @at, as zeros. */
static gboolean
is_sum_right (const char *data, gsize size, gsize at)
{
  guint32 told = (guint32) number16 (data + at) << 16
                 | number16 (data + at + 2);
  guint32 crc = crc32c (0xffffffffu, data, at);

  crc = crc32c (crc, "\0\0\0", 4);
  return (crc32c (crc, data + at + 4, size - at - 4) ^ 0xffffffffu) == told;
}

/* Type, length, value, to the very end; only the checksum means anything to
 * us. */
static GsockDecode
check_extensions (const char *data, gsize size, gsize at, GError **error)
{
  while (at < size)
    {
      gsize length;

      if (size - at < TLV_HEAD)
        return bad (error, _ ("sent a PROXY header with an extension (TLV) "
                              "that is cut"));
      length = number16 (data + at + 1);
      if (length > size - at - TLV_HEAD)
        return bad (error, _ ("sent a PROXY header with an extension (TLV) "
                              "that is cut"));
      if (data[at] == TLV_CRC32C
          && (length != 4 || !is_sum_right (data, size, at + TLV_HEAD)))
        return bad (error,
                    _ ("sent a PROXY header whose checksum is not right"));
      at += TLV_HEAD + length;
    }
  return GSOCK_DECODE_FRAME;
}

static void
set_path (GsockAddress *address, const char *path)
{
  struct sockaddr_un un = { .sun_family = AF_UNIX };

  G_STATIC_ASSERT (sizeof un.sun_path == PATH_SIZE);
  memcpy (un.sun_path, path, PATH_SIZE);
  *address = (GsockAddress) { .size = sizeof un };
  memcpy (&address->storage, &un, sizeof un);
}

static void
take_addresses (GsockProxyHeader *header, int family, const char *data)
{
  if (family == AF_INET)
    {
      set_inet (&header->source, data, number16 (data + 8));
      set_inet (&header->destination, data + 4, number16 (data + 10));
    }
  else if (family == AF_INET6)
    {
      gsock_proxy_header_set_inet6 (&header->source, data,
                                    number16 (data + 32));
      gsock_proxy_header_set_inet6 (&header->destination, data + 16,
                                    number16 (data + 34));
    }
  else
    {
      set_path (&header->source, data);
      set_path (&header->destination, data + PATH_SIZE);
    }
}

/* The 13th and the 14th byte, as far as they have come. */
static GsockDecode
check_head (const char *data, gsize size, GError **error)
{
  guint command = size > 12 ? (guint8) data[12] : 0x21;
  guint kind = size > 13 ? (guint8) data[13] : 0;

  if (command >> 4 != 2)
    return bad (error,
                /* TRANSLATORS: a number. */
                _ ("sent a PROXY header of the unknown version %u"),
                command >> 4);
  if ((command & 15) > 1)
    return bad (error,
                /* TRANSLATORS: a number. */
                _ ("sent a PROXY header with the unknown command %u"),
                command & 15);
  if ((command & 15) == 1
      && (kind >> 4 >= GSOCK_PROXY_HEADER_FAMILIES || (kind & 15) > 2))
    return bad (error,
                /* TRANSLATORS: a number in hexadecimal. */
                _ ("sent a PROXY header of the unknown family and protocol "
                   "0x%02x"),
                kind);
  return GSOCK_DECODE_FRAME;
}

static GsockDecode
check_length (gsize length, gsize addresses, GError **error)
{
  if (length + HEAD_SIZE > GSOCK_PROXY_HEADER_MAX)
    {
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_FRAME_TOO_BIG,
                   /* TRANSLATORS: two numbers. */
                   _ ("announces a PROXY header of %u bytes; the limit is %u"),
                   (guint) (length + HEAD_SIZE), GSOCK_PROXY_HEADER_MAX);
      return GSOCK_DECODE_BAD;
    }
  if (length < addresses)
    return bad (error,
                /* TRANSLATORS: two numbers. */
                _ ("announces %u bytes of addresses in its PROXY header, where "
                   "there must be %u"),
                (guint) length, (guint) addresses);
  return GSOCK_DECODE_FRAME;
}

static GsockDecode
decode_binary (const char *data, gsize size, GsockProxyHeader *header,
               gsize *used, GError **error)
{
  gsize length, addresses;
  guint kind, row;

  header->version = 2;
  if (check_head (data, size, error) == GSOCK_DECODE_BAD)
    return GSOCK_DECODE_BAD;
  if (size < HEAD_SIZE)
    return GSOCK_DECODE_MORE;
  kind = (guint8) data[13];
  header->is_local = (data[12] & 15) == 0;
  /* A half that is unspecified leaves the other without a meaning; and of the
   * balancer's own connection nothing is to be read at all. */
  row = header->is_local || (kind & 15) == 0 ? 0 : kind >> 4;
  header->is_dgram = row != 0 && (kind & 15) == 2;
  length = number16 (data + 14);
  addresses = gsock_proxy_header_families[row].size;
  if (check_length (length, addresses, error) == GSOCK_DECODE_BAD)
    return GSOCK_DECODE_BAD;
  if (size - HEAD_SIZE < length)
    return GSOCK_DECODE_MORE;
  *used = HEAD_SIZE + length;
  if (row == 0)
    return GSOCK_DECODE_FRAME;
  take_addresses (header, gsock_proxy_header_families[row].family,
                  data + HEAD_SIZE);
  return check_extensions (data, *used, HEAD_SIZE + addresses, error);
}

/**
 * gsock_proxy_header_decode:
 * @data: what has come so far
 * @size: bytes of it
 * @header: (out): what it says
 * @used: (out): the bytes it has, where it is whole
 * @error: %GSOCK_ERROR_FRAME_BAD, _FRAME_TOO_BIG; a verb and what follows it
 *
 * Takes both versions, and nothing that is only like them.
 *
 * Returns: whether it is whole, wants more, or is none
 */
GsockDecode
gsock_proxy_header_decode (const char *data, gsize size,
                           GsockProxyHeader *header, gsize *used,
                           GError **error)
{
  g_autofree char *start = NULL;

  *used = 0;
  *header = (GsockProxyHeader) { .version = 0 };
  if (size == 0)
    return GSOCK_DECODE_MORE;
  if (may_be (data, size, LINE, LINE_SIZE))
    return decode_line (data, size, header, used, error);
  if (may_be (data, size, SIGNATURE, SIGNATURE_SIZE))
    return decode_binary (data, size, header, used, error);
  start = shown (data, size);
  return bad (error,
              /* TRANSLATORS: what it sent. */
              _ ("sent '%s' where a PROXY header should begin"), start);
}

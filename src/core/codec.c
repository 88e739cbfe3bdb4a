/* codec.c: frames: how messages are told apart in a stream of bytes
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Every decoder looks at the bytes where they are, says where the payload of
 * the first frame is, and keeps nothing.  A length is compared with the limit
 * before anything waits for that many bytes, so what a peer claims never
 * becomes memory: at most the limit and a frame's own bytes are ever queued.
 *
 * Errors of decode and finish are said of a peer: they begin with a verb, and
 * whoever shows them puts the peer's name and a colon before them. */

#include "config.h"

#include "core/codec.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"

/* 10^19 - 1 is the longest run of nines that a guint64 holds. */
#define NETSTRING_DIGITS 19

/* How much of what is no frame an error shows. */
#define SHOWN_BYTES 16

static GsockDecode
found (GsockFrame *frame, gsize offset, gsize size, gsize consumed)
{
  frame->offset = offset;
  frame->size = size;
  frame->consumed = consumed;
  return GSOCK_DECODE_FRAME;
}

static GsockDecode
too_big (guint64 size, gsize limit, GError **error)
{
  g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_FRAME_TOO_BIG,
               g_dngettext (GETTEXT_PACKAGE,
                            /* TRANSLATORS: said of a peer, whose name and a
                             * colon come before it; the last word is an
                             * option's name. */
                            "announces a frame of %" PRIu64
                            " byte; the limit is %" PRIu64 " (%s)",
                            "announces a frame of %" PRIu64
                            " bytes; the limit is %" PRIu64 " (%s)",
                            (gulong) size),
               size, (guint64) limit, "--max-message");
  return GSOCK_DECODE_BAD;
}

static GsockDecode
too_long (gsize limit, GError **error)
{
  g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_FRAME_TOO_BIG,
               g_dngettext (GETTEXT_PACKAGE,
                            /* TRANSLATORS: said of a peer, whose name and a
                             * colon come before it; the last word is an
                             * option's name. */
                            "sent more than %" PRIu64
                            " byte without ending the message; that is the "
                            "limit (%s)",
                            "sent more than %" PRIu64
                            " bytes without ending the message; that is the "
                            "limit (%s)",
                            (gulong) limit),
               (guint64) limit, "--max-message");
  return GSOCK_DECODE_BAD;
}

/* @size bytes of @total had come; @total 0: nobody knows how many there
 * should have been. */
static GsockDecode
cut (gsize size, guint64 total, GError **error)
{
  if (total == 0)
    g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_CUT,
                 g_dngettext (GETTEXT_PACKAGE,
                              /* TRANSLATORS: said of a peer, whose name and a
                               * colon come before it. */
                              "ended the stream inside a frame, after %" PRIu64
                              " byte of it",
                              "ended the stream inside a frame, after %" PRIu64
                              " bytes of it",
                              (gulong) size),
                 (guint64) size);
  else
    g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_CUT,
                 g_dngettext (GETTEXT_PACKAGE,
                              /* TRANSLATORS: said of a peer, whose name and a
                               * colon come before it: 5 of 12 bytes. */
                              "ended the stream after %" PRIu64 " of %" PRIu64
                              " byte of a frame",
                              "ended the stream after %" PRIu64 " of %" PRIu64
                              " bytes of a frame",
                              (gulong) total),
                 (guint64) size, total);
  return GSOCK_DECODE_BAD;
}

/* A message of @size bytes in a frame that counts to @largest. */
static gboolean
countable (gsize size, guint64 largest, const char *name, GError **error)
{
  if (size <= largest)
    return TRUE;

  g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE,
               g_dngettext (GETTEXT_PACKAGE,
                            /* TRANSLATORS: '%s' is the name of a frame, as in
                             * --frame=u8. */
                            "A message of %" PRIu64 " byte doesn't fit into "
                            "the frame '%s', which carries at most %" PRIu64,
                            "A message of %" PRIu64 " bytes doesn't fit into "
                            "the frame '%s', which carries at most %" PRIu64,
                            (gulong) size),
               (guint64) size, name, largest);
  return FALSE;
}

/* raw */

static GsockDecode
raw_decode (const char *data G_GNUC_UNUSED, gsize size, gsize limit,
            gsize *scanned G_GNUC_UNUSED, GsockFrame *frame,
            GError **error G_GNUC_UNUSED)
{
  gsize piece = MIN (size, MAX (limit, 1));

  return size == 0 ? GSOCK_DECODE_MORE : found (frame, 0, piece, piece);
}

static GsockDecode
raw_finish (const char *data, gsize size, gsize limit, GsockFrame *frame,
            GError **error)
{
  return raw_decode (data, size, limit, NULL, frame, error);
}

static gboolean
raw_encode (const char *data G_GNUC_UNUSED, gsize size G_GNUC_UNUSED,
            gboolean crlf G_GNUC_UNUSED, GsockFrameEnds *ends,
            GError **error G_GNUC_UNUSED)
{
  ends->head_size = 0;
  ends->tail_size = 0;
  return TRUE;
}

/* line and nul: a byte that ends each message */

static GsockDecode
ended_decode (char end, const char *data, gsize size, gsize limit,
              gsize *scanned, GsockFrame *frame, GError **error)
{
  const char *at = NULL;
  gsize payload;

  if (*scanned < size)
    at = memchr (data + *scanned, end, size - *scanned);

  payload = at != NULL ? (gsize) (at - data) : size;
  if (payload > limit)
    return too_long (limit, error);
  if (at != NULL)
    return found (frame, 0, payload, payload + 1);

  *scanned = size;
  return GSOCK_DECODE_MORE;
}

static GsockDecode
line_decode (const char *data, gsize size, gsize limit, gsize *scanned,
             GsockFrame *frame, GError **error)
{
  return ended_decode ('\n', data, size, limit, scanned, frame, error);
}

static GsockDecode
line_finish (const char *data G_GNUC_UNUSED, gsize size, gsize limit,
             GsockFrame *frame, GError **error)
{
  if (size > limit)
    return too_long (limit, error);
  return found (frame, 0, size, size);
}

static gboolean
line_encode (const char *data, gsize size, gboolean crlf, GsockFrameEnds *ends,
             GError **error)
{
  if (size > 0 && memchr (data, '\n', size) != NULL)
    {
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE,
                   /* TRANSLATORS: '%s' is the name of a frame, as in
                    * --frame=line; then come options. */
                   _ ("A message with a newline inside doesn't fit into the "
                      "frame '%s'; send each line as a message of its own, or "
                      "choose another frame: %s, %s"),
                   "line", "--frame=nul", "--frame=netstring");
      return FALSE;
    }

  ends->head_size = 0;
  ends->tail_size = crlf ? 2 : 1;
  memcpy (ends->tail, crlf ? "\r\n" : "\n", ends->tail_size);
  return TRUE;
}

static GsockDecode
nul_decode (const char *data, gsize size, gsize limit, gsize *scanned,
            GsockFrame *frame, GError **error)
{
  return ended_decode ('\0', data, size, limit, scanned, frame, error);
}

static GsockDecode
nul_finish (const char *data G_GNUC_UNUSED, gsize size,
            gsize limit G_GNUC_UNUSED, GsockFrame *frame G_GNUC_UNUSED,
            GError **error)
{
  return cut (size, 0, error);
}

static gboolean
nul_encode (const char *data, gsize size, gboolean crlf G_GNUC_UNUSED,
            GsockFrameEnds *ends, GError **error)
{
  if (size > 0 && memchr (data, '\0', size) != NULL)
    {
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE,
                   /* TRANSLATORS: '%s' is the name of a frame, as in
                    * --frame=nul; then come options. */
                   _ ("A message with a NUL byte inside doesn't fit into the "
                      "frame '%s'; choose another one: %s, %s"),
                   "nul", "--frame=u32", "--frame=netstring");
      return FALSE;
    }

  ends->head_size = 0;
  ends->tail[0] = '\0';
  ends->tail_size = 1;
  return TRUE;
}

/* u8 u16 u32 u16le u32le: an unsigned count of @width bytes */

static guint64
count_read (const char *data, gsize width, gboolean little)
{
  guint64 count = 0;

  for (gsize i = 0; i < width; i++)
    count = count << 8 | (guint8) data[little ? width - 1 - i : i];
  return count;
}

static GsockDecode
counted_decode (gsize width, gboolean little, const char *data, gsize size,
                gsize limit, GsockFrame *frame, GError **error)
{
  guint64 count;

  if (size < width)
    return GSOCK_DECODE_MORE;

  count = count_read (data, width, little);
  if (count > limit)
    return too_big (count, limit, error);
  if (size - width < count)
    return GSOCK_DECODE_MORE;
  return found (frame, width, count, width + count);
}

static GsockDecode
counted_finish (gsize width, gboolean little, const char *data, gsize size,
                GError **error)
{
  if (size < width)
    return cut (size, 0, error);
  return cut (size - width, count_read (data, width, little), error);
}

static gboolean
counted_encode (gsize width, gboolean little, const char *name, gsize size,
                GsockFrameEnds *ends, GError **error)
{
  guint64 largest = (G_GUINT64_CONSTANT (1) << (8 * width)) - 1;
  guint64 count = size;

  if (!countable (size, largest, name, error))
    return FALSE;

  for (gsize i = 0; i < width; i++, count >>= 8)
    ends->head[little ? i : width - 1 - i] = (char) (count & 0xff);
  ends->head_size = width;
  ends->tail_size = 0;
  return TRUE;
}

#define COUNTED(id, width, little) \
  static GsockDecode id##_decode (const char *data, gsize size, gsize limit, \
                                  gsize *scanned G_GNUC_UNUSED, \
                                  GsockFrame *frame, GError **error) \
  { \
    return counted_decode (width, little, data, size, limit, frame, error); \
  } \
  static GsockDecode id##_finish ( \
      const char *data, gsize size, gsize limit G_GNUC_UNUSED, \
      GsockFrame *frame G_GNUC_UNUSED, GError **error) \
  { \
    return counted_finish (width, little, data, size, error); \
  } \
  static gboolean id##_encode (const char *data G_GNUC_UNUSED, gsize size, \
                               gboolean crlf G_GNUC_UNUSED, \
                               GsockFrameEnds *ends, GError **error) \
  { \
    return counted_encode (width, little, #id, size, ends, error); \
  }

COUNTED (u8, 1, FALSE)
COUNTED (u16, 2, FALSE)
COUNTED (u32, 4, FALSE)
COUNTED (u16le, 2, TRUE)
COUNTED (u32le, 4, TRUE)

/* int: the lab sheet's, a C int as the host has it, which counts the bytes
 * and the NUL that closes them.  A peer that forgets the NUL is understood. */

static GsockDecode
int_bad (int count, GError **error)
{
  g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_FRAME_BAD,
               /* TRANSLATORS: said of a peer, whose name and a colon come
                * before it; NUL is the byte 0 that ends a C string. */
               _ ("announces a frame of %d bytes; the closing NUL alone makes "
                  "it at least 1"),
               count);
  return GSOCK_DECODE_BAD;
}

static GsockDecode
int_decode (const char *data, gsize size, gsize limit,
            gsize *scanned G_GNUC_UNUSED, GsockFrame *frame, GError **error)
{
  int count;
  gsize payload;

  if (size < sizeof count)
    return GSOCK_DECODE_MORE;

  memcpy (&count, data, sizeof count);
  if (count <= 0)
    return int_bad (count, error);

  /* The NUL is not of the message: limit + 1 may still be right. */
  payload = (gsize) count - 1;
  if (payload > limit)
    return too_big (count, limit, error);
  if (size - sizeof count < (gsize) count)
    return GSOCK_DECODE_MORE;

  if (data[sizeof count + payload] != '\0')
    payload++;
  if (payload > limit)
    return too_big (count, limit, error);
  return found (frame, sizeof count, payload, sizeof count + (gsize) count);
}

static GsockDecode
int_finish (const char *data, gsize size, gsize limit G_GNUC_UNUSED,
            GsockFrame *frame G_GNUC_UNUSED, GError **error)
{
  int count;

  if (size < sizeof count)
    return cut (size, 0, error);

  memcpy (&count, data, sizeof count);
  if (count <= 0)
    return int_bad (count, error);
  return cut (size - sizeof count, count, error);
}

static gboolean
int_encode (const char *data G_GNUC_UNUSED, gsize size,
            gboolean crlf G_GNUC_UNUSED, GsockFrameEnds *ends, GError **error)
{
  int count;

  if (!countable (size, INT_MAX - 1, "int", error))
    return FALSE;

  count = (int) size + 1;
  memcpy (ends->head, &count, sizeof count);
  ends->head_size = sizeof count;
  ends->tail[0] = '\0';
  ends->tail_size = 1;
  return TRUE;
}

/* netstring: 5:hello, */

static GsockDecode
netstring_bad (const char *data, gsize size, GError **error)
{
  g_autofree char *shown = gsock_escape (data, MIN (size, SHOWN_BYTES));

  g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_FRAME_BAD,
               /* TRANSLATORS: said of a peer, whose name and a colon come
                * before it; '%s' is what it sent.  A netstring looks like
                * 5:hello, */
               _ ("sent '%s' where a netstring should begin with its length "
                  "and ':'"),
               shown);
  return GSOCK_DECODE_BAD;
}

/* FRAME: @count and @start (of the payload) are set. */
static GsockDecode
netstring_head (const char *data, gsize size, gsize limit, guint64 *count,
                gsize *start, GError **error)
{
  gsize i;

  *count = 0;
  for (i = 0; i < size && g_ascii_isdigit (data[i]); i++)
    {
      if (i == NETSTRING_DIGITS)
        {
          g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_FRAME_TOO_BIG,
                       /* TRANSLATORS: said of a peer, whose name and a colon
                        * come before it; %s is an option's name. */
                       _ ("announces a frame whose length has more than %d "
                          "digits; the limit is %" PRIu64 " (%s)"),
                       NETSTRING_DIGITS, (guint64) limit, "--max-message");
          return GSOCK_DECODE_BAD;
        }
      *count = *count * 10 + (guint64) g_ascii_digit_value (data[i]);
    }

  if (i > 1 && data[0] == '0')
    return netstring_bad (data, size, error);
  if (i == size)
    return GSOCK_DECODE_MORE;
  if (i == 0 || data[i] != ':')
    return netstring_bad (data, size, error);
  if (*count > limit)
    return too_big (*count, limit, error);

  *start = i + 1;
  return GSOCK_DECODE_FRAME;
}

static GsockDecode
netstring_decode (const char *data, gsize size, gsize limit,
                  gsize *scanned G_GNUC_UNUSED, GsockFrame *frame,
                  GError **error)
{
  g_autofree char *shown = NULL;
  guint64 count;
  gsize start = 0;
  GsockDecode head;

  head = netstring_head (data, size, limit, &count, &start, error);
  if (head != GSOCK_DECODE_FRAME)
    return head;
  if (size - start <= count)
    return GSOCK_DECODE_MORE;
  if (data[start + count] == ',')
    return found (frame, start, count, start + count + 1);

  shown = gsock_escape (data + start + count, 1);
  g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_FRAME_BAD,
               g_dngettext (GETTEXT_PACKAGE,
                            /* TRANSLATORS: said of a peer, whose name and a
                             * colon come before it; '%s' is the byte it sent.
                             * A netstring looks like 5:hello, */
                            "sent a netstring of %" PRIu64
                            " byte that ends in '%s' instead of a comma",
                            "sent a netstring of %" PRIu64
                            " bytes that ends in '%s' instead of a comma",
                            (gulong) count),
               count, shown);
  return GSOCK_DECODE_BAD;
}

static GsockDecode
netstring_finish (const char *data, gsize size, gsize limit,
                  GsockFrame *frame G_GNUC_UNUSED, GError **error)
{
  guint64 count;
  gsize start = 0;

  switch (netstring_head (data, size, limit, &count, &start, error))
    {
    case GSOCK_DECODE_BAD:
      return GSOCK_DECODE_BAD;
    case GSOCK_DECODE_MORE:
      return cut (size, 0, error);
    case GSOCK_DECODE_FRAME:
    default:
      /* The comma is counted: without it the frame isn't whole. */
      return cut (size - start, count + 1, error);
    }
}

static gboolean
netstring_encode (const char *data G_GNUC_UNUSED, gsize size,
                  gboolean crlf G_GNUC_UNUSED, GsockFrameEnds *ends,
                  GError **error G_GNUC_UNUSED)
{
  ends->head_size = (gsize) g_snprintf (ends->head, sizeof ends->head,
                                        "%" G_GSIZE_FORMAT ":", size);
  ends->tail[0] = ',';
  ends->tail_size = 1;
  return TRUE;
}

static const GsockCodec codecs[] = {
  { "raw", N_ ("bytes as they come"), TRUE, raw_decode, raw_finish,
    raw_encode },
  { "line", N_ ("each message ends in a newline"), FALSE, line_decode,
    line_finish, line_encode },
  { "nul", N_ ("each message ends in a NUL byte"), FALSE, nul_decode,
    nul_finish, nul_encode },
  { "u8", N_ ("one byte counts the bytes"), FALSE, u8_decode, u8_finish,
    u8_encode },
  { "u16", N_ ("two bytes count the bytes, the high one first"), FALSE,
    u16_decode, u16_finish, u16_encode },
  { "u32", N_ ("four bytes count the bytes, the high one first"), FALSE,
    u32_decode, u32_finish, u32_encode },
  { "u16le", N_ ("two bytes count the bytes, the low one first"), FALSE,
    u16le_decode, u16le_finish, u16le_encode },
  { "u32le", N_ ("four bytes count the bytes, the low one first"), FALSE,
    u32le_decode, u32le_finish, u32le_encode },
  { "int", N_ ("a C int of this machine counts the bytes and a closing NUL"),
    FALSE, int_decode, int_finish, int_encode },
  { "netstring", N_ ("as in 5:hello,"), FALSE, netstring_decode,
    netstring_finish, netstring_encode },
  { NULL, NULL, FALSE, NULL, NULL, NULL },
};

/**
 * gsock_codec_find:
 * @name: what the user wrote after `--frame=`
 * @error: return location for a #GError
 *
 * Looks a frame up by its name.
 *
 * Returns: (transfer none): the codec; or %NULL with %GSOCK_ERROR_USAGE and a
 *     line that lists the names there are
 */
const GsockCodec *
gsock_codec_find (const char *name, GError **error)
{
  g_autoptr (GString) names = NULL;
  g_autofree char *shown = NULL;

  for (const GsockCodec *codec = codecs; codec->name != NULL; codec++)
    if (strcmp (codec->name, name) == 0)
      return codec;

  names = g_string_new (codecs[0].name);
  for (const GsockCodec *codec = codecs + 1; codec->name != NULL; codec++)
    g_string_append_printf (names, ", %s", codec->name);
  shown = gsock_escape (name, -1);
  g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE,
               /* TRANSLATORS: '%s' is what was asked for, the last %s the
                * names of all frames. */
               _ ("There is no frame '%s'; choose one of these: %s"), shown,
               names->str);
  return NULL;
}

/**
 * gsock_codecs:
 *
 * Every frame, in the order of the help text.
 *
 * Returns: (transfer none): the table, ended by one whose name is %NULL
 */
const GsockCodec *
gsock_codecs (void)
{
  return codecs;
}

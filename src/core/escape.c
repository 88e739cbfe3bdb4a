/* escape.c: bytes from outside made safe for terminals, logs and JSON
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A terminal obeys what it is sent: ESC begins sequences that retitle its
 * window, answer as if typed, or hide text; U+009B does the same in one
 * character, and on an 8-bit terminal the byte 9B alone does.  Bidirectional
 * and invisible format characters make a name look like another.  So what is
 * let through is listed, and all the rest is shown as bytes:
 *
 *   0x20..0x7e                   always (a backslash marks an escape)
 *   a whole, shortest, valid     where the terminal reads UTF-8, unless
 *   UTF-8 sequence               is_control() knows it
 */

#include "config.h"

#include "core/escape.h"

#include <inttypes.h>
#include <string.h>

/* An argument may have 128 KiB; an error is one line. */
#define BRIEF_MAX 120

static const char hex_digits[] = "0123456789abcdef";

typedef struct
{
  gunichar first;
  gunichar last;
} Range;

/* In order; everything before the first one is ASCII's business. */
static const Range controls[] = {
  { 0x0080, 0x009f },   /* C1: CSI, OSC, DCS… in one character */
  { 0x00ad, 0x00ad },   /* soft hyphen */
  { 0x061c, 0x061c },   /* Arabic letter mark */
  { 0x180e, 0x180e },   /* Mongolian vowel separator */
  { 0x200b, 0x200f },   /* zero widths, left-to-right and right-to-left marks */
  { 0x2028, 0x202e },   /* separators of lines; embeddings and overrides */
  { 0x2060, 0x206f },   /* word joiner, isolates, deprecated controls */
  { 0xfeff, 0xfeff },   /* byte order mark */
  { 0xfff9, 0xfffb },   /* interlinear annotation, which hides its notes */
  { 0xe0000, 0xe007f }, /* tags: ASCII that nobody sees */
};

static gboolean
is_control (gunichar character)
{
  for (gsize i = 0; i < G_N_ELEMENTS (controls); i++)
    {
      if (character < controls[i].first)
        return FALSE;
      if (character <= controls[i].last)
        return TRUE;
    }

  return FALSE;
}

/* Bytes of the UTF-8 character at @data, which begins with one over 0x7f; 0
 * where it is none: cut, overlong, a surrogate, over U+10FFFF. */
static gsize
decode (const char *data, gsize size, gunichar *character)
{
  *character = g_utf8_get_char_validated (data, (gssize) MIN (size, 4));
  if (*character == (gunichar) -1 || *character == (gunichar) -2)
    return 0;

  return (gsize) g_utf8_skip[(guchar) *data];
}

static gboolean
is_ascii_text (char c)
{
  return (guchar) c >= 0x20 && (guchar) c < 0x7f;
}

static void
append_byte (GString *string, char byte)
{
  const char text[] = { '\\', 'x', hex_digits[(guchar) byte >> 4],
                        hex_digits[(guchar) byte & 0xf] };

  g_string_append_len (string, text, sizeof text);
}

/* How many bytes at @data, @size > 0, are one character that may be shown as
 * it is; 0: none. */
static gsize
shown_as_is (const char *data, gsize size, gboolean utf8, gboolean message)
{
  gunichar character;
  gsize length;

  if (is_ascii_text (*data))
    return message || *data != '\\';
  if ((guchar) *data < 0x80)
    return message && (*data == '\t' || (*data == '\n' && size == 1));
  if (!utf8)
    return 0;

  length = decode (data, size, &character);
  return length > 0 && !is_control (character) ? length : 0;
}

/* Copies in runs: plain text, nearly all there is, goes in one piece. */
static void
append_shown (GString *string, const char *data, gsize size, gboolean utf8,
              gboolean message)
{
  gsize start = 0;
  gsize i = 0;

  while (i < size)
    {
      gsize length = shown_as_is (data + i, size - i, utf8, message);

      if (length > 0)
        {
          i += length;
          continue;
        }

      g_string_append_len (string, data + start, (gssize) (i - start));
      if (data[i] == '\\')
        g_string_append_len (string, "\\\\", 2);
      else
        append_byte (string, data[i]);
      start = ++i;
    }

  if (i > start)
    g_string_append_len (string, data + start, (gssize) (i - start));
}

/**
 * gsock_escape_append:
 * @string: where to append
 * @data: (array length=size): bytes from anywhere
 * @size: how many
 * @utf8: whether the terminal or log reads UTF-8
 *
 * For names, paths and whatever else is quoted in a sentence.  Reversible:
 * a backslash of @data is doubled.
 */
void
gsock_escape_append (GString *string, const char *data, gsize size,
                     gboolean utf8)
{
  append_shown (string, data, size, utf8, FALSE);
}

/**
 * gsock_escape:
 * @data: (array length=size): bytes from anywhere
 * @size: how many; -1: to the first NUL
 *
 * gsock_escape_append() for the charset of the locale.
 *
 * Returns: (transfer full): free with g_free()
 */
char *
gsock_escape (const char *data, gssize size)
{
  gsize length = size < 0 ? strlen (data) : (gsize) size;
  GString *string = g_string_sized_new (length + 1);

  append_shown (string, data, length, g_get_charset (NULL), FALSE);
  return g_string_free (string, FALSE);
}

static gboolean
is_continuation (char byte)
{
  return ((guchar) byte & 0xc0) == 0x80;
}

/**
 * gsock_escape_fit:
 * @data: (array length=size): bytes from anywhere
 * @size: how many
 * @maximum: how many may be shown; over 3
 *
 * Returns: @size if that is no more than @maximum; else @maximum or, where it
 *   would cut a character in two, up to 3 less
 */
gsize
gsock_escape_fit (const char *data, gsize size, gsize maximum)
{
  gsize fit = maximum;

  if (size <= maximum)
    return size;
  while (fit > maximum - 3 && is_continuation (data[fit]))
    fit--;
  /* No UTF-8 after all. */
  return is_continuation (data[fit]) ? maximum : fit;
}

/**
 * gsock_escape_brief:
 * @text: what a user wrote
 *
 * gsock_escape() for a sentence of one line, which quotes no more of a long
 * text than tells which one it is.
 *
 * Returns: (transfer full): free with g_free()
 */
char *
gsock_escape_brief (const char *text)
{
  gsize size = strlen (text);
  gsize fit = gsock_escape_fit (text, size, BRIEF_MAX);
  g_autofree char *head = gsock_escape (text, (gssize) fit);

  return g_strconcat (head, fit < size ? "..." : "", NULL);
}

/**
 * gsock_escape_append_message:
 * @string: where to append
 * @data: (array length=size): bytes from anywhere
 * @size: how many
 * @utf8: whether the terminal reads UTF-8
 *
 * For messages themselves on a terminal: TAB and a backslash stay, and so
 * does an LF that is the very last byte.  Not reversible.  A character that
 * is cut at the end of @data is shown as bytes: a caller that escapes a
 * stream in pieces keeps its tail back.
 */
void
gsock_escape_append_message (GString *string, const char *data, gsize size,
                             gboolean utf8)
{
  append_shown (string, data, size, utf8, TRUE);
}

static void
append_json_unit (GString *string, guint unit)
{
  const char text[] = { '\\',
                        'u',
                        hex_digits[unit >> 12 & 0xf],
                        hex_digits[unit >> 8 & 0xf],
                        hex_digits[unit >> 4 & 0xf],
                        hex_digits[unit & 0xf] };

  g_string_append_len (string, text, sizeof text);
}

static void
append_json_escape (GString *string, gunichar character)
{
  if (character == '"' || character == '\\')
    {
      g_string_append_c (string, '\\');
      g_string_append_c (string, (char) character);
    }
  else if (character < 0x10000)
    {
      append_json_unit (string, character);
    }
  else
    {
      append_json_unit (string, 0xd800 + ((character - 0x10000) >> 10));
      append_json_unit (string, 0xdc00 + (character & 0x3ff));
    }
}

/* As append_shown(), in JSON's way; FALSE at the first byte that is no
 * UTF-8. */
static gboolean
append_json_string (GString *string, const char *data, gsize size,
                    gboolean utf8)
{
  gsize start = 0;
  gsize i = 0;

  g_string_append_c (string, '"');
  while (i < size)
    {
      gunichar character = (guchar) data[i];
      gsize length = 1;
      gboolean as_is = is_ascii_text (data[i]) && data[i] != '"'
                       && data[i] != '\\';

      if (character >= 0x80)
        {
          length = decode (data + i, size - i, &character);
          if (length == 0)
            return FALSE;
          as_is = utf8 && !is_control (character);
        }

      i += length;
      if (as_is)
        continue;

      g_string_append_len (string, data + start, (gssize) (i - length - start));
      append_json_escape (string, character);
      start = i;
    }

  if (i > start)
    g_string_append_len (string, data + start, (gssize) (i - start));
  g_string_append_c (string, '"');
  return TRUE;
}

/**
 * gsock_json_append:
 * @string: where to append
 * @data: (array length=size): bytes from anywhere
 * @size: how many
 *
 * A JSON value (RFC 8259) that is exactly @data to whoever decodes it, and
 * that no terminal obeys should the line end on one: controls, DEL, C1 and
 * format characters are \uXXXX.  Where the locale's charset isn't UTF-8 the
 * value is all ASCII, which JSON reads the same: to an 8-bit terminal the
 * second byte of "Û" would be a CSI.  NUL is a character of UTF-8 like others,
 * "\u0000".
 */
void
gsock_json_append (GString *string, const char *data, gsize size)
{
  gsize mark = string->len;
  g_autofree char *base64 = NULL;

  if (append_json_string (string, data, size, g_get_charset (NULL)))
    return;

  base64 = g_base64_encode ((const guchar *) data, size);
  g_string_truncate (string, mark);
  g_string_append (string, "{\"base64\":\"");
  g_string_append (string, base64);
  g_string_append (string, "\"}");
}

/**
 * gsock_json_key:
 * @string: an object under construction, from its '{' on
 * @key: one of our own names, which need no escape
 *
 * The value comes next.
 */
void
gsock_json_key (GString *string, const char *key)
{
  if (string->len > 0 && string->str[string->len - 1] != '{')
    g_string_append_c (string, ',');
  g_string_append_c (string, '"');
  g_string_append (string, key);
  g_string_append (string, "\":");
}

/* One line of a dump; @size is 1 to 16. */
static void
append_hex_line (GString *string, char mark, guint64 offset, const char *data,
                 gsize size)
{
  g_string_append_printf (string, "%c %08" PRIx64 " ", mark, offset);
  for (gsize i = 0; i < 16; i++)
    {
      guchar byte = i < size ? (guchar) data[i] : 0;

      if (i % 8 == 0)
        g_string_append_c (string, ' ');
      g_string_append_c (string, i < size ? hex_digits[byte >> 4] : ' ');
      g_string_append_c (string, i < size ? hex_digits[byte & 0xf] : ' ');
      g_string_append_c (string, ' ');
    }

  g_string_append (string, " |");
  for (gsize i = 0; i < size; i++)
    g_string_append_c (string, is_ascii_text (data[i]) ? data[i] : '.');
  g_string_append (string, "|\n");
}

/**
 * gsock_hexdump_append:
 * @string: where to append
 * @mark: '<' for what came in, '>' for what went out
 * @offset: where in its stream @data begins
 * @data: (array length=size): bytes from anywhere
 * @size: how many; nothing is appended for 0
 *
 * In the form of "hexdump -C", 80 columns wide, all ASCII.
 */
void
gsock_hexdump_append (GString *string, char mark, guint64 offset,
                      const char *data, gsize size)
{
  for (gsize i = 0; i < size; i += 16)
    append_hex_line (string, mark, offset + i, data + i, MIN (size - i, 16));
}

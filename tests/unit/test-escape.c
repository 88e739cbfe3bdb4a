/* test-escape.c: no peer drives a terminal, nothing is lost in JSON
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <locale.h>
#include <string.h>

#include "core/escape.h"

static char *
shown (const char *data, gsize size, gboolean utf8, gboolean message)
{
  GString *string = g_string_new (NULL);

  if (message)
    gsock_escape_append_message (string, data, size, utf8);
  else
    gsock_escape_append (string, data, size, utf8);

  g_assert_cmpuint (strlen (string->str), ==, string->len);
  return g_string_free (string, FALSE);
}

static char *
json (const char *data, gsize size)
{
  GString *string = g_string_new (NULL);

  gsock_json_append (string, data, size);
  g_assert_cmpuint (strlen (string->str), ==, string->len);
  return g_string_free (string, FALSE);
}

/* An oracle with no code of the thing tested: UTF-8 by the table 3-7 of the
 * Unicode standard.  The character's length, or 0. */
static gsize
oracle_decode (const guchar *p, gsize size, gunichar *character)
{
  guchar low = 0x80;
  guchar high = 0xbf;
  gsize length;

  if (p[0] < 0xc2 || p[0] > 0xf4)
    return 0;

  length = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
  low = p[0] == 0xe0 ? 0xa0 : p[0] == 0xf0 ? 0x90 : low;
  high = p[0] == 0xed ? 0x9f : p[0] == 0xf4 ? 0x8f : high;
  if (size < length || p[1] < low || p[1] > high)
    return 0;

  *character = p[0] & (0x7fu >> length);
  for (gsize i = 1; i < length; i++)
    {
      if ((p[i] & 0xc0) != 0x80)
        return 0;
      *character = *character << 6 | (p[i] & 0x3f);
    }

  return length;
}

static gboolean
oracle_is_control (gunichar c)
{
  return (c >= 0x80 && c <= 0x9f) || c == 0xad || c == 0x61c || c == 0x180e
         || (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e)
         || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff
         || (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe007f);
}

/* Whatever came in: this may be written to a terminal. */
static void
assert_safe (const char *text, gboolean utf8)
{
  const guchar *p = (const guchar *) text;
  gsize left = strlen (text);

  while (left > 0)
    {
      gunichar character = *p;
      gsize length = 1;

      if (character >= 0x80)
        {
          g_assert_true (utf8);
          length = oracle_decode (p, left, &character);
          g_assert_cmpuint (length, >, 0);
          g_assert_false (oracle_is_control (character));
        }
      else
        {
          g_assert_cmpuint (character, >=, 0x20);
          g_assert_cmpuint (character, !=, 0x7f);
        }

      p += length;
      left -= length;
    }
}

/* Each byte alone, in both modes and for both kinds of terminal. */
static void
test_bytes (void)
{
  for (int i = 0; i < 256; i++)
    {
      const char byte[] = { (char) i, 'x' };
      g_autofree char *escape = g_strdup_printf ("\\x%02xx", (guint) i);
      g_autofree char *plain = g_strdup_printf ("%cx", i);
      gboolean text = i >= 0x20 && i < 0x7f;

      for (int utf8 = 0; utf8 < 2; utf8++)
        {
          g_autofree char *name = shown (byte, 2, utf8, FALSE);
          g_autofree char *message = shown (byte, 2, utf8, TRUE);

          g_assert_cmpstr (name, ==,
                           i == '\\' ? "\\\\x"
                           : text    ? plain
                                     : escape);
          g_assert_cmpstr (message, ==, text || i == '\t' ? plain : escape);
        }
    }
}

static void
assert_like_oracle (const guchar *data, gsize size)
{
  g_autofree char *text = shown ((const char *) data, size, TRUE, FALSE);
  g_autoptr (GString) expected = g_string_new (NULL);

  for (gsize i = 0; i < size;)
    {
      gunichar character = 0;
      gsize length = oracle_decode (data + i, size - i, &character);

      if (data[i] == '\\')
        g_string_append (expected, "\\\\");
      else if (data[i] >= 0x20 && data[i] < 0x7f)
        g_string_append_c (expected, (char) data[i]);
      else if (length > 0 && !oracle_is_control (character))
        g_string_append_len (expected, (const char *) data + i,
                             (gssize) length);
      else
        {
          g_string_append_printf (expected, "\\x%02x", data[i]);
          length = 1;
        }
      i += MAX (length, 1);
    }

  if (!g_str_equal (text, expected->str))
    g_assert_cmpstr (text, ==, expected->str);
}

/* The edges of every range of table 3-7. */
static const guchar edges[] = { 0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9b,
                                0x9f, 0xa0, 0xbf, 0xc0, 0xe2, 0xff };

static void
test_sequences (void)
{
  const gsize n = G_N_ELEMENTS (edges);

  for (guint lead = 0xc0; lead < 0x100; lead++)
    {
      g_autoptr (GByteArray) all = g_byte_array_new ();

      for (guint second = 0; second < 0x100; second++)
        {
          const guchar two[] = { (guchar) lead, (guchar) second };

          assert_like_oracle (two, sizeof two);
        }
      for (gsize i = 0; i < n * n * n; i++)
        {
          const guchar four[] = { (guchar) lead, edges[i / n / n],
                                  edges[i / n % n], edges[i % n] };

          g_byte_array_append (all, four, sizeof four);
          g_byte_array_append (all, four, 3);
        }
      assert_like_oracle (all->data, all->len);
    }
}

/* Cut by the end of the data, with nothing after it that may be read. */
static void
test_cut (void)
{
  const gsize n = G_N_ELEMENTS (edges);

  for (guint lead = 0xe0; lead < 0xf8; lead++)
    {
      for (gsize i = 0; i < n * n; i++)
        {
          const guchar three[] = { (guchar) lead, edges[i / n], edges[i % n] };

          assert_like_oracle (three, sizeof three);
        }
    }
}

/* Every character there is: shown, or escaped if the header lists it. */
static void
test_characters (void)
{
  for (gunichar block = 0x80; block < 0x110000; block += 0x80)
    {
      g_autoptr (GString) string = g_string_new (NULL);

      if (block >= 0xd800 && block < 0xe000)
        continue;
      for (gunichar c = block; c < block + 0x80; c++)
        g_string_append_unichar (string, c);
      assert_like_oracle ((const guchar *) string->str, string->len);
    }
}

typedef struct
{
  const char *data;
  gsize size;
  const char *name;    /* as part of a sentence */
  const char *message; /* as a message */
  const char *narrow;  /* as a name where the charset isn't UTF-8 */
} Row;

#define S(literal) literal, sizeof literal - 1

static const Row rows[] = {
  { S (""), "", "", "" },
  { S ("hola mundo"), "hola mundo", "hola mundo", "hola mundo" },
  { S ("ñandú €😀"), "ñandú €😀", "ñandú €😀",
    "\\xc3\\xb1and\\xc3\\xba \\xe2\\x82\\xac\\xf0\\x9f\\x98\\x80" },
  { S ("a\\x41b"), "a\\\\x41b", "a\\x41b", "a\\\\x41b" },
  { S ("a\tb\n"), "a\\x09b\\x0a", "a\tb\n", "a\\x09b\\x0a" },
  { S ("a\nb\n"), "a\\x0ab\\x0a", "a\\x0ab\n", "a\\x0ab\\x0a" },
  { S ("a\r\n"), "a\\x0d\\x0a", "a\\x0d\n", "a\\x0d\\x0a" },
  { S ("a\n\n"), "a\\x0a\\x0a", "a\\x0a\n", "a\\x0a\\x0a" },
  { S ("a\0b"), "a\\x00b", "a\\x00b", "a\\x00b" },
  /* Retitle the window; clear the screen; 8-bit CSI; CSI as UTF-8. */
  { S ("\033]0;owned\007"), "\\x1b]0;owned\\x07", "\\x1b]0;owned\\x07",
    "\\x1b]0;owned\\x07" },
  { S ("\033[2J"), "\\x1b[2J", "\\x1b[2J", "\\x1b[2J" },
  { S ("\x9b"
       "2J"),
    "\\x9b2J", "\\x9b2J", "\\x9b2J" },
  { S ("\xc2\x9b"
       "2J"),
    "\\xc2\\x9b2J", "\\xc2\\x9b2J", "\\xc2\\x9b2J" },
  /* ESC overlong, as UTF-8 forbids; a surrogate; over the last character. */
  { S ("\xc0\x9b"), "\\xc0\\x9b", "\\xc0\\x9b", "\\xc0\\x9b" },
  { S ("\xe0\x80\x9b"), "\\xe0\\x80\\x9b", "\\xe0\\x80\\x9b",
    "\\xe0\\x80\\x9b" },
  { S ("\xed\xa0\x80"), "\\xed\\xa0\\x80", "\\xed\\xa0\\x80",
    "\\xed\\xa0\\x80" },
  { S ("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80", "\\xf4\\x90\\x80\\x80",
    "\\xf4\\x90\\x80\\x80" },
  /* Cut at the end, cut by text, a tail without a head. */
  { S ("\xe2\x82"), "\\xe2\\x82", "\\xe2\\x82", "\\xe2\\x82" },
  { S ("\xe2\x82z"), "\\xe2\\x82z", "\\xe2\\x82z", "\\xe2\\x82z" },
  { S ("\xac\xe2\x82\xac"), "\\xac€", "\\xac€", "\\xac\\xe2\\x82\\xac" },
  /* Right-to-left override; zero width space; byte order mark. */
  { S ("\u202egpj.exe"), "\\xe2\\x80\\xaegpj.exe", "\\xe2\\x80\\xaegpj.exe",
    "\\xe2\\x80\\xaegpj.exe" },
  { S ("a\u200bb"), "a\\xe2\\x80\\x8bb", "a\\xe2\\x80\\x8bb",
    "a\\xe2\\x80\\x8bb" },
  { S ("\ufeff"), "\\xef\\xbb\\xbf", "\\xef\\xbb\\xbf", "\\xef\\xbb\\xbf" },
  /* Soft hyphen; Mongolian vowel separator; tags. */
  { S ("\u00ad\u180e"), "\\xc2\\xad\\xe1\\xa0\\x8e",
    "\\xc2\\xad\\xe1\\xa0\\x8e", "\\xc2\\xad\\xe1\\xa0\\x8e" },
  { S ("\U000e0001\U000e0041\U000e007f"),
    "\\xf3\\xa0\\x80\\x81\\xf3\\xa0\\x81\\x81\\xf3\\xa0\\x81\\xbf",
    "\\xf3\\xa0\\x80\\x81\\xf3\\xa0\\x81\\x81\\xf3\\xa0\\x81\\xbf",
    "\\xf3\\xa0\\x80\\x81\\xf3\\xa0\\x81\\x81\\xf3\\xa0\\x81\\xbf" },
};

static void
test_rows (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const Row *row = &rows[i];
      g_autofree char *name = shown (row->data, row->size, TRUE, FALSE);
      g_autofree char *message = shown (row->data, row->size, TRUE, TRUE);
      g_autofree char *narrow = shown (row->data, row->size, FALSE, FALSE);

      g_assert_cmpstr (name, ==, row->name);
      g_assert_cmpstr (message, ==, row->message);
      g_assert_cmpstr (narrow, ==, row->narrow);
    }
}

static void
test_append (void)
{
  g_autoptr (GString) string = g_string_new ("> ");

  gsock_escape_append (string, "\033x", 2, TRUE);
  gsock_escape_append (string, NULL, 0, TRUE);
  gsock_escape_append_message (string, "y\n", 2, TRUE);
  g_assert_cmpstr (string->str, ==, "> \\x1bxy\n");
}

static void
test_locale (void)
{
  g_autofree char *wide = gsock_escape ("ñ\033", -1);
  g_autofree char *sized = gsock_escape ("a\0b", 3);
  g_autofree char *none = gsock_escape ("abc", 0);
  g_autofree char *narrow = NULL;
  g_autofree char *narrow_json = NULL;

  g_assert_cmpstr (wide, ==, "ñ\\x1b");
  g_assert_cmpstr (sized, ==, "a\\x00b");
  g_assert_cmpstr (none, ==, "");

  setlocale (LC_ALL, "C");
  narrow = gsock_escape ("ñ\033", -1);
  narrow_json = json (S ("ñ€😀x"));
  setlocale (LC_ALL, "C.UTF-8");
  g_assert_cmpstr (narrow, ==, "\\xc3\\xb1\\x1b");
  g_assert_cmpstr (narrow_json, ==, "\"\\u00f1\\u20ac\\ud83d\\ude00x\"");
}

/* Bytes that look for trouble: plain text, controls, leads, tails, and whole
 * characters, mixed. */
static gsize
random_bytes (char *data, gsize room)
{
  static const char *const pieces[] = {
    "a",        "\\",       "\"",       "ñ",        "😀",        "\033[",
    "\xc2\x9b", "\u202e",   "\u2028",   "\ufeff",   "\xe2\x80", "\xf0\x9f",
    "\x9b",     "\xed\xbf", "\xc0\xaf", "\xf8\x88", "\n",       "\x7f",
  };
  gsize wanted = (gsize) g_test_rand_int_range (0, (gint32) room - 4);
  gsize size = 0;

  while (size < wanted)
    {
      const char *piece =
          pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))];

      if (g_test_rand_bit ())
        {
          data[size++] = (char) g_test_rand_int ();
          continue;
        }
      memcpy (data + size, piece, strlen (piece));
      size += strlen (piece);
    }

  return size;
}

static void
test_random (void)
{
  for (int i = 0; i < 4000; i++)
    {
      char data[64];
      gsize size = random_bytes (data, sizeof data);
      gboolean utf8 = g_test_rand_bit ();
      g_autofree char *name = shown (data, size, utf8, FALSE);
      g_autofree char *message = shown (data, size, utf8, TRUE);

      if (utf8)
        assert_like_oracle ((const guchar *) data, size);
      assert_safe (name, utf8);

      if (g_str_has_suffix (message, "\n"))
        message[strlen (message) - 1] = '\0';
      assert_safe (g_strdelimit (message, "\t", ' '), utf8);
    }
}

/* A reader of JSON that knows just what the value may be, and is strict. */
static guint
read_unit (const char **p)
{
  guint unit = 0;

  g_assert_cmpint (**p, ==, 'u');
  (*p)++;
  for (int i = 0; i < 4; i++, (*p)++)
    {
      g_assert_true (g_ascii_isxdigit (**p));
      unit = unit << 4 | (guint) g_ascii_xdigit_value (**p);
    }

  return unit;
}

static void
read_escape (const char **p, GString *result)
{
  gunichar character;

  if (**p != 'u')
    {
      g_assert_nonnull (strchr ("\"\\", **p));
      g_string_append_c (result, *(*p)++);
      return;
    }

  character = read_unit (p);
  if (character >= 0xd800 && character < 0xdc00)
    {
      guint low;

      g_assert_cmpint (*(*p)++, ==, '\\');
      low = read_unit (p);
      g_assert_cmpuint (low & 0xfc00, ==, 0xdc00);
      character = 0x10000 + ((character & 0x3ff) << 10) + (low & 0x3ff);
    }
  g_assert_true (g_unichar_validate (character));
  if (character == 0)
    g_string_append_c (result, '\0');
  else
    g_string_append_unichar (result, character);
}

static GString *
read_json (const char *text)
{
  static const char head[] = "{\"base64\":\"";
  GString *result = g_string_new (NULL);
  const char *p = text + 1;

  if (g_str_has_prefix (text, head))
    {
      g_autofree char *code = g_strdup (text + sizeof head - 1);
      g_autofree guchar *bytes = NULL;
      gsize size;

      g_assert_true (g_str_has_suffix (code, "\"}"));
      code[strlen (code) - 2] = '\0';
      bytes = g_base64_decode (code, &size);
      g_string_append_len (result, (const char *) bytes, (gssize) size);
      return result;
    }

  g_assert_cmpint (text[0], ==, '"');
  while (*p != '"')
    {
      g_assert_cmpint (*p, !=, '\0');
      if (*p == '\\')
        {
          p++;
          read_escape (&p, result);
        }
      else
        {
          g_string_append_c (result, *p++);
        }
    }
  g_assert_cmpstr (p, ==, "\"");

  return result;
}

static void
test_json_rows (void)
{
  static const struct
  {
    const char *data;
    gsize size;
    const char *value;
  } json_rows[] = {
    { S (""), "\"\"" },
    { S ("hola"), "\"hola\"" },
    { S ("ñ€😀"), "\"ñ€😀\"" },
    { S ("\"\\/"), "\"\\\"\\\\/\"" },
    { S ("a\0b"), "\"a\\u0000b\"" },
    { S ("a\tb\r\n"), "\"a\\u0009b\\u000d\\u000a\"" },
    { S ("\033]0;x\007"), "\"\\u001b]0;x\\u0007\"" },
    { S ("\x7f"), "\"\\u007f\"" },
    { S ("\xc2\x9b"), "\"\\u009b\"" },
    { S ("\u2028\u2029\u202e\ufeff"), "\"\\u2028\\u2029\\u202e\\ufeff\"" },
    { S ("\xff"), "{\"base64\":\"/w==\"}" },
    { S ("ok\x9b"), "{\"base64\":\"b2ub\"}" },
    { S ("\xed\xa0\x80"), "{\"base64\":\"7aCA\"}" },
    { S ("\xc0\x80"), "{\"base64\":\"wIA=\"}" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (json_rows); i++)
    {
      g_autofree char *value = json (json_rows[i].data, json_rows[i].size);

      g_assert_cmpstr (value, ==, json_rows[i].value);
    }
}

/* The first quarter in the narrow charset, the rest in UTF-8. */
static void
test_json_random (void)
{
  for (int i = 0; i < 4000; i++)
    {
      gboolean utf8 = i >= 1000;
      char data[64];
      gsize size = random_bytes (data, sizeof data);
      g_autoptr (GString) back = NULL;
      g_autofree char *value = NULL;

      setlocale (LC_ALL, utf8 ? "C.UTF-8" : "C");
      value = json (data, size);
      assert_safe (value, utf8);
      back = read_json (value);
      g_assert_cmpmem (back->str, back->len, data, size);
    }
}

static void
test_json_object (void)
{
  g_autoptr (GString) string = g_string_new ("{");

  gsock_json_key (string, "event");
  gsock_json_append (string, "{", 1);
  gsock_json_key (string, "data");
  gsock_json_append (string, "\xff", 1);
  gsock_json_key (string, "inner");
  g_string_append_c (string, '{');
  gsock_json_key (string, "id");
  g_string_append (string, "7}}");
  g_assert_cmpstr (string->str, ==,
                   "{\"event\":\"{\",\"data\":{\"base64\":\"/w==\"},"
                   "\"inner\":{\"id\":7}}");
}

static void
test_hexdump (void)
{
  static const struct
  {
    char mark;
    guint64 offset;
    const char *data;
    gsize size;
    const char *text;
  } dumps[] = {
    { '<', 0, S (""), "" },
    { '<', 0, S ("hola"),
      "< 00000000  68 6f 6c 61"
      "                                       |hola|\n" },
    { '>', 0x1230, S ("12345678\0\033\x7f\x80\xff\\ ~"),
      "> 00001230  31 32 33 34 35 36 37 38  00 1b 7f 80 ff 5c 20 7e  "
      "|12345678.....\\ ~|\n" },
    { '>', G_GUINT64_CONSTANT (0xfffffff8), S ("0123456789abcdefñ"),
      "> fffffff8  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  "
      "|0123456789abcdef|\n"
      "> 100000008  c3 b1"
      "                                             |..|\n" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (dumps); i++)
    {
      g_autoptr (GString) string = g_string_new (NULL);

      gsock_hexdump_append (string, dumps[i].mark, dumps[i].offset,
                            dumps[i].data, dumps[i].size);
      g_assert_cmpstr (string->str, ==, dumps[i].text);
    }
}

static void
test_brief (void)
{
  g_autofree char *filler = g_strnfill (200, 'a');
  static const struct
  {
    gsize filled;
    const char *tail;
    gsize kept; /* of the filling */
    const char *shown;
  } briefs[] = {
    { 0, "", 0, "" },
    { 0, "\033\\", 0, "\\x1b\\\\" },
    { 120, "", 120, "" },
    { 121, "", 120, "..." },
    { 200, "", 120, "..." },
    { 118, "\xc3\xb1", 118, "\xc3\xb1" },
    { 119, "\xc3\xb1", 119, "..." },
    { 118, "\xc3\xb1z", 118, "\xc3\xb1..." },
    { 118, "\xe2\x82\xac", 118, "..." },
    { 117, "\xf0\x9f\x98\x80", 117, "..." },
    /* No UTF-8: no character to be kept whole. */
    { 115, "\x80\x80\x80\x80\x80\x80", 115, "\\x80\\x80\\x80\\x80\\x80..." },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (briefs); i++)
    {
      g_autofree char *text = g_strdup_printf ("%.*s%s", (int) briefs[i].filled,
                                               filler, briefs[i].tail);
      g_autofree char *expected = g_strdup_printf (
          "%.*s%s", (int) briefs[i].kept, filler, briefs[i].shown);
      g_autofree char *brief = gsock_escape_brief (text);

      g_assert_cmpstr (brief, ==, expected);
    }
}

static void
test_fit (void)
{
  g_assert_cmpuint (gsock_escape_fit ("", 0, 4), ==, 0);
  g_assert_cmpuint (gsock_escape_fit ("abcd", 4, 4), ==, 4);
  g_assert_cmpuint (gsock_escape_fit ("abcde", 5, 4), ==, 4);
  g_assert_cmpuint (gsock_escape_fit ("abc\xc3\xb1", 5, 4), ==, 3);
  g_assert_cmpuint (gsock_escape_fit ("a\xf0\x9f\x98\x80", 5, 4), ==, 1);
  g_assert_cmpuint (gsock_escape_fit ("\x80\x80\x80\x80\x80", 5, 4), ==, 4);
}

int
main (int argc, char *argv[])
{
  if (setlocale (LC_ALL, "C.UTF-8") == NULL)
    {
      g_print ("1..0 # SKIP no locale C.UTF-8\n");
      return 0;
    }
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/escape/bytes", test_bytes);
  g_test_add_func ("/escape/sequences", test_sequences);
  g_test_add_func ("/escape/cut", test_cut);
  g_test_add_func ("/escape/characters", test_characters);
  g_test_add_func ("/escape/rows", test_rows);
  g_test_add_func ("/escape/append", test_append);
  g_test_add_func ("/escape/locale", test_locale);
  g_test_add_func ("/escape/random", test_random);
  g_test_add_func ("/escape/brief", test_brief);
  g_test_add_func ("/escape/fit", test_fit);
  g_test_add_func ("/escape/json/rows", test_json_rows);
  g_test_add_func ("/escape/json/random", test_json_random);
  g_test_add_func ("/escape/json/object", test_json_object);
  g_test_add_func ("/escape/hexdump", test_hexdump);

  return g_test_run ();
}

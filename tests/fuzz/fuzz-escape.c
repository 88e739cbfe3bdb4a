/* fuzz-escape.c: what goes to terminals, logs and JSON
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/escape.h"
#include "fuzz.h"

/* Nothing in it drives a terminal, and it is UTF-8 where that is asked for. */
static void
check (const GString *shown, gboolean utf8, const char *allowed)
{
  const char *at;

  if (utf8)
    g_assert_true (g_utf8_validate (shown->str, (gssize) shown->len, NULL));
  for (gsize i = 0; i < shown->len; i++)
    {
      guchar c = (guchar) shown->str[i];

      g_assert_true ((c >= ' ' && c != 0x7f)
                     || (c != '\0' && strchr (allowed, c) != NULL));
      g_assert_true (utf8 || c < 0x7f);
    }
  for (at = shown->str; utf8 && *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      g_assert_true (c < 0x80 || c > 0x9f);
      g_assert_true (c != 0x61c && c != 0xfeff && (c < 0x200b || c > 0x200f)
                     && (c < 0x2028 || c > 0x202e)
                     && (c < 0x2060 || c > 0x206f));
    }
}

/* Back from the JSON value, as a reader has it: the base64 of it, at least. */
static void
check_json (const GString *json, const char *data, gsize size)
{
  static const char before[] = "{\"base64\":\"";

  check (json, TRUE, "");
  g_assert_true (*json->str == '"' || *json->str == '{');
  if (*json->str == '{')
    {
      g_autofree char *text = g_strndup (json->str + strlen (before),
                                         json->len - strlen (before) - 2);
      g_autofree guchar *back = NULL;
      gsize back_size = 0;

      g_assert_true (g_str_has_prefix (json->str, before));
      back = g_base64_decode (text, &back_size);
      g_assert_cmpmem (back, back_size, data, size);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const char *bytes = (const char *) data;
  g_autoptr (GString) string = g_string_new (NULL);

  for (int utf8 = 0; utf8 <= 1; utf8++)
    {
      g_string_truncate (string, 0);
      gsock_escape_append (string, bytes, size, utf8);
      check (string, utf8, "");
      g_string_truncate (string, 0);
      gsock_escape_append_message (string, bytes, size, utf8);
      check (string, utf8, "\t\n");
    }
  g_string_truncate (string, 0);
  gsock_json_append (string, bytes, size);
  check_json (string, bytes, size);
  g_string_truncate (string, 0);
  gsock_hexdump_append (string, '<', size, bytes, size);
  check (string, FALSE, "\n");
  g_assert_cmpuint (gsock_escape_fit (bytes, size, 20), <=, 20);
  g_string_assign (string, "{");
  for (int i = 0; i < 2; i++)
    {
      gsock_json_key (string, "key");
      gsock_json_append (string, bytes, size);
    }
  check (string, TRUE, "");
  return 0;
}

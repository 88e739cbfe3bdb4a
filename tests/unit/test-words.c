/* test-words.c: the words of DNS: types, codes, and what they mean
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib.h>

#include "dns/words.h"

static void
test_types (void)
{
  static const struct
  {
    const char *name;
    guint16 type; /* 0: none */
    const char *canonical;
  } rows[] = {
    { "A", 1, "A" },
    { "aaaa", 28, "AAAA" },
    { "mX", 15, "MX" },
    { "TYPE15", 15, "MX" },
    { "type65280", 65280, "TYPE65280" },
    { "TYPE65535", 65535, "TYPE65535" },
    { "TYPE0", 0, NULL },
    { "TYPE65536", 0, NULL },
    { "TYPE", 0, NULL },
    { "TYPE-1", 0, NULL },
    { "TYPE1x", 0, NULL },
    { "", 0, NULL },
    { "NONSENSE", 0, NULL },
    { "ANY", 255, "ANY" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s", rows[i].name);
      g_assert_cmpuint (gsock_dns_type_parse (rows[i].name), ==, rows[i].type);
      if (rows[i].type != 0)
        g_assert_cmpstr (gsock_dns_type_name (rows[i].type), ==,
                         rows[i].canonical);
    }
}

/* Whatever a server says, there are words for it. */
static void
test_codes (void)
{
  g_assert_cmpstr (gsock_dns_rcode_name (0), ==, "NOERROR");
  g_assert_cmpstr (gsock_dns_rcode_name (3), ==, "NXDOMAIN");
  g_assert_cmpstr (gsock_dns_rcode_name (13), ==, "RCODE13");
  /* Not all 4096: GLib gives up its table of interned strings, and a leak is
   * seen, when it has to have a larger one. */
  for (guint code = 0; code < 4096; code += code < 64 ? 1 : 63)
    {
      g_assert_nonnull (gsock_dns_rcode_name (code));
      g_assert_nonnull (gsock_dns_rcode_text (code));
    }
  g_assert_nonnull (gsock_dns_ede_text (6));
  g_assert_null (gsock_dns_ede_text (65535));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/words/types", test_types);
  g_test_add_func ("/words/codes", test_codes);
  return g_test_run ();
}

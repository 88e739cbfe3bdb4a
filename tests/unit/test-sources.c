/* test-sources.c: nsswitch.conf and hosts, well and badly written
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib.h>

#include "dns/sources.h"

static void
test_nsswitch (void)
{
  static const struct
  {
    const char *text;
    const char *words; /* with | between; NULL: no line */
  } rows[] = {
    { "hosts: files dns\n", "files|dns" },
    { "passwd: files\nhosts:\tfiles  dns # and no more\n", "files|dns" },
    { "hosts:files mdns4_minimal [NOTFOUND=return] dns\r\n",
      "files|mdns4_minimal|[NOTFOUND=return]|dns" },
    { "  hosts : resolve [!UNAVAIL=return  SUCCESS=merge] files",
      "resolve|[!UNAVAIL=return  SUCCESS=merge]|files" },
    { "hosts: files\nhosts: dns\n", "dns" },
    { "hosts:\n", "" },
    { "hosts: dns [never closed", "dns|[never closed" },
    { "#hosts: files\nhostsx: dns\nhosts files\nnetworks: files\n", NULL },
    { "", NULL },
    { "\x80\xff:", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (GStrv) words = gsock_nsswitch_parse (rows[i].text);
      g_autofree char *joined = words != NULL ? g_strjoinv ("|", words) : NULL;

      g_assert_cmpstr (joined, ==, rows[i].words);
    }
}

#define HOSTS \
  "127.0.0.1 localhost\n" \
  "# 192.0.2.9 here.test\n" \
  "192.0.2.7\there.test  alias1 alias2 # comment\r\n" \
  "2001:db8::7 HERE.test\n" \
  "here.test 192.0.2.8\n" \
  "fe80::1%lo link.test\n" \
  "192.0.2.10\n" \
  "192.0.2.7 other.test"

static void
test_hosts (void)
{
  static const struct
  {
    const char *host;
    guint max, count;
    const char *lines; /* with | between */
  } rows[] = {
    { "here.test", 4, 2,
      "3: 192.0.2.7 here.test alias1 alias2|4: 2001:db8::7 HERE.test" },
    { "Here.Test", 1, 2, "3: 192.0.2.7 here.test alias1 alias2" },
    { "alias2", 4, 1, "3: 192.0.2.7 here.test alias1 alias2" },
    { "192.0.2.7", 4, 2,
      "3: 192.0.2.7 here.test alias1 alias2|8: 192.0.2.7 other.test" },
    { "2001:db8:0::7", 4, 1, "4: 2001:db8::7 HERE.test" },
    { "192.0.2.10", 4, 0, "" },
    { "comment", 4, 0, "" },
    { "nowhere.test", 4, 0, "" },
    { "", 4, 0, "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      guint count;
      g_autoptr (GPtrArray)
          lines = gsock_hosts_find (HOSTS, rows[i].host, rows[i].max, &count);
      g_autofree char *joined = NULL;

      g_ptr_array_add (lines, NULL);
      joined = g_strjoinv ("|", (char **) lines->pdata);
      g_assert_cmpuint (count, ==, rows[i].count);
      g_assert_cmpstr (joined, ==, rows[i].lines);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sources/nsswitch", test_nsswitch);
  g_test_add_func ("/sources/hosts", test_hosts);
  return g_test_run ();
}

/* test-resolv-conf.c: /etc/resolv.conf, well and badly written
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib.h>

#include "dns/resolv-conf.h"

static char *
join (GPtrArray *words)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < words->len; i++)
    g_string_append_printf (text, "%s%s", i == 0 ? "" : " ",
                            (char *) g_ptr_array_index (words, i));
  return g_string_free (text, FALSE);
}

static void
test_parse (void)
{
  static const struct
  {
    const char *text;
    const char *servers;
    const char *search;
    guint ndots, timeout, attempts;
  } rows[] = {
    { "", "127.0.0.1", "", 1, 5, 2 },
    { "nameserver 192.0.2.1\nnameserver\t::1 \n", "192.0.2.1 ::1", "", 1, 5,
      2 },
    /* What is no address is nobody's, as for the C library. */
    { "nameserver foo.bar\nnameserver ::1\nnameserver 192.0.2.1:53\n", "::1",
      "", 1, 5, 2 },
    { "nameserver foo.bar\n", "127.0.0.1", "", 1, 5, 2 },
    { "#nameserver 1\n;x\nsearch a b\ndomain c", "127.0.0.1", "c", 1, 5, 2 },
    { "search  a.example\tb.example\r\n", "127.0.0.1", "a.example b.example", 1,
      5, 2 },
    { "options ndots:3 timeout:1 attempts:4 rotate\n", "127.0.0.1", "", 3, 1,
      4 },
    { "options ndots:99 timeout:99999999999 attempts:0\n", "127.0.0.1", "", 15,
      30, 1 },
    { "options timeout:0 ndots:x attempts\nnameserver\noptions\n\x80\xff\n",
      "127.0.0.1", "", 1, 1, 2 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (GsockResolvConf) conf = { .servers = NULL };
      g_autofree char *servers = NULL;
      g_autofree char *search = NULL;

      gsock_resolv_conf_parse (&conf, rows[i].text);
      servers = join (conf.servers);
      search = join (conf.search);
      g_assert_cmpstr (servers, ==, rows[i].servers);
      g_assert_cmpstr (search, ==, rows[i].search);
      g_assert_cmpuint (conf.ndots, ==, rows[i].ndots);
      g_assert_cmpuint (conf.timeout, ==, rows[i].timeout);
      g_assert_cmpuint (conf.attempts, ==, rows[i].attempts);
    }
}

static void
test_candidates (void)
{
  static const struct
  {
    const char *host;
    const char *names;
  } rows[] = {
    { "www", "www.a www.b www" },
    { "www.", "www." },
    { "www.x", "www.x.a www.x.b www.x" },
    { "www.x.y", "www.x.y www.x.y.a www.x.y.b" },
    { "www.x.y.", "www.x.y." },
  };
  g_auto (GsockResolvConf) conf = { .servers = NULL };

  gsock_resolv_conf_parse (&conf, "search a b\noptions ndots:2\n");
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GPtrArray)
          names = gsock_resolv_conf_candidates (&conf, rows[i].host);
      g_autofree char *text = join (names);

      g_assert_cmpstr (text, ==, rows[i].names);
    }
}

/* A list that has the root, and domains of which not every name has room. */
static void
test_odd_domains (void)
{
#define LABEL "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghi."
#define LONG LABEL LABEL LABEL "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrst"
  static const struct
  {
    const char *search;
    const char *host;
    const char *names;
  } rows[] = {
    { ".", "www", "www" },
    { ".", "www.x", "www.x" },
    { ".", "www.x.y", "www.x.y" },
    { "a . b", "www.x", "www.x.a www.x www.x.b" },
    { "a . b", "www.x.y", "www.x.y www.x.y.a www.x.y.b" },
    { "..", "www", "www" },
    { "a " LONG " b", "www", "www.a www." LONG " www.b www" },
    { "a " LONG " b", "wwwwwwwwwwwwwwwwwwwww",
      "wwwwwwwwwwwwwwwwwwwww.a wwwwwwwwwwwwwwwwwwwww.b wwwwwwwwwwwwwwwwwwwww" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (GsockResolvConf) conf = { .servers = NULL };
      g_autofree char *file = g_strdup_printf ("search %s\noptions ndots:2\n",
                                               rows[i].search);
      g_autoptr (GPtrArray) names = NULL;
      g_autofree char *text = NULL;

      gsock_resolv_conf_parse (&conf, file);
      names = gsock_resolv_conf_candidates (&conf, rows[i].host);
      text = join (names);
      g_assert_cmpstr (text, ==, rows[i].names);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/resolv-conf/parse", test_parse);
  g_test_add_func ("/resolv-conf/candidates", test_candidates);
  g_test_add_func ("/resolv-conf/odd-domains", test_odd_domains);
  return g_test_run ();
}

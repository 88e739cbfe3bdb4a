/* test-hints.c: the root's servers, built in or from a file
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "core/error.h"
#include "dns/hints.h"

static char *
describe (const GPtrArray *servers)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < servers->len; i++)
    {
      const GsockDnsNameServer *server = g_ptr_array_index (servers, i);

      g_string_append_printf (text, "%s%s", i == 0 ? "" : "; ", server->name);
      for (guint n = 0; n < server->addresses->len; n++)
        g_string_append_printf (
            text, " %s", (char *) g_ptr_array_index (server->addresses, n));
    }
  return g_string_free (text, FALSE);
}

static void
test_parse (void)
{
  static const struct
  {
    const char *text;
    const char *servers; /* NULL: refused */
  } rows[] = {
    { "a.root. 3600 IN A 192.0.2.1\n", "a.root. 192.0.2.1" },
    { "A.ROOT. A 192.0.2.1\na.root.\tAAAA\t2001:db8::1 ; x\n",
      "A.ROOT. 192.0.2.1 2001:db8::1" },
    { "a.root. 60 A 192.0.2.1\n   60 AAAA 2001:db8::1\r\n",
      "a.root. 192.0.2.1 2001:db8::1" },
    { ". 60 NS a.root.\na.root. 60 a 192.0.2.1\nb.root. 60 A 192.0.2.2",
      "a.root. 192.0.2.1; b.root. 192.0.2.2" },
    { "a.root. 60 A nonsense\nb..root. A 192.0.2.2\nc.root. A 192.0.2.3\n",
      "c.root. 192.0.2.3" },
    { "", NULL },
    { ";a.root. 60 A 192.0.2.1\n", NULL },
    { " 60 A 192.0.2.1\n", NULL },
    { "A 192.0.2.1\n", NULL },
    { ". 60 NS a.root.\n", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray)
          servers = gsock_dns_hints_parse (rows[i].text, &error);
      g_autofree char *text = servers != NULL ? describe (servers) : NULL;

      g_assert_cmpstr (text, ==, rows[i].servers);
      if (servers == NULL)
        g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_FAILED);
    }
}

/* However long a file is, there are not more of them than can be of use. */
static void
test_limits (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GPtrArray) servers = NULL;
  const GsockDnsNameServer *first;

  for (int i = 0; i < 100; i++)
    g_string_append_printf (text, "n%d.root. A 192.0.2.%d\n", i, i);
  for (int i = 0; i < 100; i++)
    g_string_append_printf (text, "n0.root. A 198.51.100.%d\n", i);
  servers = gsock_dns_hints_parse (text->str, NULL);
  g_assert_cmpuint (servers->len, ==, 64);
  first = g_ptr_array_index (servers, 0);
  g_assert_cmpuint (first->addresses->len, ==, 8);
}

static void
test_built_in (void)
{
  g_autoptr (GPtrArray) servers = gsock_dns_hints_new ();

  g_assert_cmpuint (servers->len, ==, 13);
  for (guint i = 0; i < servers->len; i++)
    {
      const GsockDnsNameServer *server = g_ptr_array_index (servers, i);

      g_assert_true (g_str_has_suffix (server->name, ".root-servers.net."));
      g_assert_cmpuint (server->addresses->len, ==, 2);
    }
}

static void
refuse (const char *path, const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (gsock_dns_hints_read (path, &error));
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
  g_assert_nonnull (strstr (error->message, words));
}

static void
test_files (void)
{
  g_autofree char *dir = g_dir_make_tmp ("gsock-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "hints", NULL);
  g_autofree char *fifo = g_build_filename (dir, "fifo", NULL);
  g_autoptr (GPtrArray) servers = NULL;

  refuse (path, "no such file");
  refuse (dir, "no regular file");
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  refuse (fifo, "no regular file");
  g_assert_true (g_file_set_contents (path, "nothing\n", -1, NULL));
  refuse (path, "no address of a server of the root");
  g_assert_true (g_file_set_contents (path, "a. A 192.0.2.1\n", -1, NULL));
  servers = gsock_dns_hints_read (path, NULL);
  g_assert_cmpuint (servers->len, ==, 1);
  g_assert_cmpint (truncate (path, 2 * 1024 * 1024), ==, 0);
  refuse (path, "too large");
  g_unlink (path);
  g_unlink (fifo);
  g_rmdir (dir);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hints/parse", test_parse);
  g_test_add_func ("/hints/limits", test_limits);
  g_test_add_func ("/hints/built-in", test_built_in);
  g_test_add_func ("/hints/files", test_files);
  return g_test_run ();
}

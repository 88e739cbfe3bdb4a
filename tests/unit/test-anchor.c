/* test-anchor.c: the keys that are trusted to begin with
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "core/error.h"
#include "dns/anchor.h"
#include "dns/words.h"

#define DS \
  "DS 1 13 2 " \
  "0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF"
#define KEY \
  "DNSKEY 257 3 13 " \
  "mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9" \
  "iUzy1L53eKGQ=="

static gsize
count_and_free (ldns_rr_list *anchors)
{
  gsize count = ldns (rr_list_rr_count) (anchors);

  ldns (rr_list_deep_free) (anchors);
  return count;
}

static void
test_parse (void)
{
  static const struct
  {
    const char *text;
    gsize count; /* 0: refused */
  } rows[] = {
    { ". IN " DS "\n", 1 },
    { "example. 3600 IN " KEY " ; its key\r\n", 1 },
    { "; both\n$TTL 60\n\n  \n. " DS "\nexample. " KEY "\n", 2 },
    { ". " DS "\nwww. A 192.0.2.1\nnonsense\n. DS 1\n", 1 },
    { "", 0 },
    { "www. A 192.0.2.1\n", 0 },
    { ";. " DS "\n", 0 },
    { "\x80\xff\n", 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      ldns_rr_list *anchors = gsock_dns_anchors_parse (rows[i].text, &error);

      g_test_message ("row %" G_GSIZE_FORMAT, i);
      g_assert_cmpint (anchors != NULL, ==, rows[i].count > 0);
      if (anchors != NULL)
        g_assert_cmpuint (count_and_free (anchors), ==, rows[i].count);
      else
        g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_FAILED);
    }
}

static void
test_limit (void)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (int i = 0; i < 100; i++)
    g_string_append_printf (text, "n%d. " DS "\n", i);
  g_assert_cmpuint (count_and_free (gsock_dns_anchors_parse (text->str, NULL)),
                    ==, 64);
}

static void
test_built_in (void)
{
  ldns_rr_list *anchors = gsock_dns_anchors_new ();

  for (gsize i = 0; i < ldns (rr_list_rr_count) (anchors); i++)
    g_assert_cmpint (ldns (rr_get_type) (ldns (rr_list_rr) (anchors, i)), ==,
                     GSOCK_DNS_DS);
  g_assert_cmpuint (count_and_free (anchors), ==, 2);
}

static void
test_files (void)
{
  g_autofree char *dir = g_dir_make_tmp ("gsock-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "anchors", NULL);
  g_autoptr (GError) missing = NULL;
  g_autoptr (GError) useless = NULL;

  g_assert_null (gsock_dns_anchors_read (path, &missing));
  g_assert_error (missing, GSOCK_ERROR, GSOCK_ERROR_USAGE);
  g_assert_true (g_file_set_contents (path, "nothing\n", -1, NULL));
  g_assert_null (gsock_dns_anchors_read (path, &useless));
  g_assert_error (useless, GSOCK_ERROR, GSOCK_ERROR_USAGE);
  g_assert_nonnull (strstr (useless->message, "no DS and no DNSKEY"));
  g_assert_true (g_file_set_contents (path, ". " DS "\n", -1, NULL));
  g_assert_cmpuint (count_and_free (gsock_dns_anchors_read (path, NULL)), ==,
                    1);
  g_unlink (path);
  g_rmdir (dir);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (gsock_ldns_load (NULL));
  g_test_add_func ("/anchor/parse", test_parse);
  g_test_add_func ("/anchor/limit", test_limit);
  g_test_add_func ("/anchor/built-in", test_built_in);
  g_test_add_func ("/anchor/files", test_files);
  return g_test_run ();
}

/* test-suffix.c: domains under which everybody may have one
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "http/suffix.h"

static void
test_rows (void)
{
  static const struct
  {
    const char *domain;
    gboolean by_list;
  } rows[] = {
    { "com", TRUE },
    { "localhost", TRUE },
    { "nowhere", TRUE },
    { "co.uk", TRUE },
    { "example.com", FALSE },
    { "example.co.uk", FALSE },
    { "a.b.example.com", FALSE },
  };
#ifdef HAVE_PSL
  gboolean by_list = TRUE;
#else
  gboolean by_list = FALSE;
#endif

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s", rows[i].domain);
      g_assert_cmpint (gsock_is_public_suffix (rows[i].domain), ==,
                       by_list ? rows[i].by_list : TRUE);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/suffix/rows", test_rows);

  return g_test_run ();
}

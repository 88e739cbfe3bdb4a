/* test-date.c: dates as servers write them
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "http/date.h"

static void
test_good (void)
{
  static const struct
  {
    const char *text;
    gint64 seconds;
  } rows[] = {
    { "Sun, 06 Nov 1994 08:49:37 GMT", 784111777 },
    { "Sunday, 06-Nov-94 08:49:37 GMT", 784111777 },
    { "Sun Nov  6 08:49:37 1994", 784111777 },
    { "06 Nov 1994 08:49:37", 784111777 },
    { "08:49:37 1994 nov 6", 784111777 },
    { "6 NOVEMBER 1994 8:49:37", 784111777 },
    { "Sun, 06-Nov-1994 08:49:37.123 GMT+5", 784111777 },
    { "Thu, 01 Jan 1970 00:00:00 GMT", 0 },
    { "1 jan 69 0:0:0", G_GINT64_CONSTANT (3124224000) },
    { "1 jan 70 0:0:0", 0 },
    { "29 Feb 2028 23:59:59", G_GINT64_CONSTANT (1835481599) },
    { "31 Dec 9999 23:59:59", G_GINT64_CONSTANT (253402300799) },
    { "1 Jan 1601 00:00:00", G_GINT64_CONSTANT (-11644473600) },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gint64 seconds = 42;

      g_test_message ("%s", rows[i].text);
      g_assert_true (gsock_date_parse (rows[i].text, &seconds));
      g_assert_cmpint (seconds, ==, rows[i].seconds);
    }
}

static void
test_bad (void)
{
  static const char *const rows[] = {
    "",
    "0",
    "now",
    "Sun, 06 Nov 1994",
    "Sun, 06 Nov 08:49:37 GMT",
    "Nov 1994 08:49:37",
    "06 1994 08:49:37",
    "32 Jan 2027 00:00:00",
    "29 Feb 2027 00:00:00",
    "1 Jan 2027 24:00:00",
    "1 Jan 2027 00:60:00",
    "1 Jan 2027 00:00:60",
    "1 Jan 1600 00:00:00",
    "1 Jan 20270 00:00:00",
    "123 Jan 2027 000:00:00",
    "1 Jxn 2027 00:00:00",
    "99999999999999999999 Jan 99999999999999999999 00:00:00",
    "\xff\xfe\x80",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gint64 seconds = 42;

      g_test_message ("%s", rows[i]);
      g_assert_false (gsock_date_parse (rows[i], &seconds));
      g_assert_cmpint (seconds, ==, 42);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/date/good", test_good);
  g_test_add_func ("/date/bad", test_bad);

  return g_test_run ();
}

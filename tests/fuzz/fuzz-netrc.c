/* fuzz-netrc.c: .netrc files
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <sys/stat.h>

#include "fuzz.h"
#include "http/netrc.h"

/* Of a file that others may read nothing is taken. */
static void
read_file (const char *text)
{
  g_autofree char *whole = NULL;
  g_autofree char *nothing = NULL;
  FuzzFile file;

  fuzz_file_init (&file, text, strlen (text));
  g_assert_cmpint (fchmod (file.fd, 0600), ==, 0);
  whole = gsock_netrc_read (file.path, NULL);
  g_assert_cmpstr (whole, ==, text);
  g_assert_cmpint (fchmod (file.fd, 0640), ==, 0);
  nothing = gsock_netrc_read (file.path, NULL);
  g_assert_null (nothing);
  fuzz_file_clear (&file);
  g_assert_null (gsock_netrc_read ("/no/such/file", NULL));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const char *const users[] = { NULL, "u" };
  g_autofree char *text = fuzz_text (data, size);

  for (guint i = 0; i < G_N_ELEMENTS (users); i++)
    {
      g_autofree char *login = NULL;
      g_autofree char *password = NULL;

      if (!gsock_netrc_find (text, "h", users[i], &login, &password, NULL))
        g_assert_true (login == NULL && password == NULL);
    }
  read_file (text);
  return 0;
}

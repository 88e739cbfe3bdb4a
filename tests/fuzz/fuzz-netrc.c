/* fuzz-netrc.c: .netrc files
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fuzz.h"
#include "http/netrc.h"

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
  return 0;
}

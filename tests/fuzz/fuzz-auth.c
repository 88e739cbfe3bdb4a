/* fuzz-auth.c: challenges, and what is answered to them
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fuzz.h"
#include "http/auth.h"

/* A line is a field. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = fuzz_text (data, size);
  g_auto (GStrv) fields = g_strsplit (text, "\n", 8);
  g_autoptr (GsockAuth) auth = gsock_auth_new ("u\"\\\xc3\xb1", "p", NULL);
  g_autofree char *answer = NULL;
  g_autofree char *again = NULL;

  if (!gsock_auth_take (auth, (const char *const *) fields, NULL, NULL))
    return 0;
  answer = gsock_auth_answer (auth, "GET", "/a?b", NULL);
  g_assert_true (answer != NULL && fuzz_is_clean (answer));
  if (gsock_auth_take (auth, (const char *const *) fields, answer, NULL))
    again = gsock_auth_answer (auth, "GET", "/", NULL);
  return 0;
}

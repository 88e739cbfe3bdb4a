/* fuzz-rules.c: rules of who may come in, one a line
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "core/acl.h"
#include "fuzz.h"

/* Files and names of users are looked up outside of us. */
static gboolean
is_pure (const char *rule)
{
  return *rule != '@'
         && (strchr ("ug", *rule) == NULL || *rule == '\0'
             || g_ascii_isdigit (rule[strcspn (rule, ":")] == ':'
                                     ? rule[strcspn (rule, ":") + 1]
                                     : 'x'));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = fuzz_text (data, size);
  g_auto (GStrv) rules = g_strsplit (text, "\n", 20);
  g_autoptr (GsockAcl) acl = gsock_acl_new ();
  GsockPeer peer = { 0 };

  for (guint i = 0; rules[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;

      if (is_pure (rules[i])
          && !gsock_acl_add (acl, i % 2 == 0, rules[i], &error))
        g_assert_true (fuzz_is_clean (error->message));
    }
  (void) gsock_acl_allows (acl, &peer, NULL);
  (void) gsock_acl_names_users (acl);
  g_assert_true (gsock_acl_reload (acl, NULL));
  return 0;
}

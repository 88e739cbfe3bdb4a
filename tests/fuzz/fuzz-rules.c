/* fuzz-rules.c: rules of who may come in, one a line
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "core/acl.h"
#include "fuzz.h"

/* Files and names of users are looked up outside of us, but for some that every
 * machine has in a file. */
static gboolean
is_pure (const char *rule)
{
  static const char *const known[] = { "uid:root", "gid:root", NULL };

  return g_strv_contains (known, rule)
         || (*rule != '@'
             && (strchr ("ug", *rule) == NULL || *rule == '\0'
                 || g_ascii_isdigit (rule[strcspn (rule, ":")] == ':'
                                         ? rule[strcspn (rule, ":") + 1]
                                         : 'x')));
}

/* Whoever comes is judged, and is told apart from nobody else. */
static void
ask (const GsockAcl *acl)
{
  GsockPeer nobody = { 0 };
  GsockPeer local = { .family = AF_UNIX };
  GsockPeer remote;
  struct sockaddr_in address = { .sin_family = AF_INET };

  address.sin_addr.s_addr = g_htonl (0x0a000001);
  gsock_peer_init_from_native (&remote, (const struct sockaddr *) &address,
                               sizeof address);
  (void) gsock_acl_allows (acl, &nobody, NULL);
  (void) gsock_acl_allows (acl, &local, NULL);
  (void) gsock_acl_allows (acl, &remote, NULL);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = fuzz_text (data, size);
  g_auto (GStrv) rules = g_strsplit (text, "\n", 20);
  g_autoptr (GsockAcl) acl = gsock_acl_new ();

  for (guint i = 0; rules[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;

      if (is_pure (rules[i])
          && !gsock_acl_add (acl, i % 2 == 0, rules[i], &error))
        g_assert_true (fuzz_is_clean (error->message));
    }
  ask (acl);
  (void) gsock_acl_names_users (acl);
  g_assert_true (gsock_acl_reload (acl, NULL));
  return 0;
}

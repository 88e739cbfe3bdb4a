/* test-challenge.c: challenges as servers write them, and as nobody should
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "http/challenge.h"

#include <string.h>

/* All of them as one line: "Basic realm=x; Digest nonce=y". */
static char *
describe (GPtrArray *challenges)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < challenges->len; i++)
    {
      const GsockChallenge *c = g_ptr_array_index (challenges, i);

      g_string_append_printf (text, "%s%s", i > 0 ? "; " : "", c->scheme);
#define SHOW(name) \
  if (c->name != NULL) \
  g_string_append_printf (text, " " #name "=%s", c->name)
      SHOW (realm);
      SHOW (nonce);
      SHOW (opaque);
      SHOW (algorithm);
      SHOW (qop);
      SHOW (stale);
      SHOW (userhash);
      SHOW (charset);
#undef SHOW
    }
  return g_string_free (text, FALSE);
}

static void
test_rows (void)
{
  static const struct
  {
    const char *field;
    gboolean good;
    const char *text;
  } rows[] = {
    { "", TRUE, "" },
    { " , ,", TRUE, "" },
    { "Basic", TRUE, "Basic" },
    { "Basic realm=x", TRUE, "Basic realm=x" },
    { "Basic realm=\"a b\"", TRUE, "Basic realm=a b" },
    { "basic REALM = \"x\" ", TRUE, "basic realm=x" },
    { "Basic realm=\"a\\\"b\\\\c, Digest\"", TRUE,
      "Basic realm=a\"b\\c, Digest" },
    { "Basic realm=\"\"", TRUE, "Basic realm=" },
    { "Basic realm=x, realm=y", TRUE, "Basic realm=x" },
    { "Basic realm=\"\xc3\xb1\", charset=\"UTF-8\"", TRUE,
      "Basic realm=\xc3\xb1 charset=UTF-8" },
    { "Digest realm=\"r\", nonce=\"n\", qop=\"auth,auth-int\", "
      "algorithm=SHA-256, opaque=\"o\", stale=TRUE, userhash=true, domain=/",
      TRUE,
      "Digest realm=r nonce=n opaque=o algorithm=SHA-256 qop=auth,auth-int "
      "stale=TRUE userhash=true" },
    { "Basic realm=x, Digest realm=y,nonce=z", TRUE,
      "Basic realm=x; Digest realm=y nonce=z" },
    { "Negotiate, NTLM, Basic realm=x", TRUE,
      "Negotiate; NTLM; Basic realm=x" },
    { "Negotiate oRQwEg==, Basic realm=x", TRUE, "Negotiate; Basic realm=x" },
    { "NTLM TlRMTVNTUAACAAAA", TRUE, "NTLM" },
    { "Newauth realm=\"apps\", type=1, title=\"Login to \\\"apps\\\"\", Basic "
      "realm=\"simple\"",
      TRUE, "Newauth realm=apps; Basic realm=simple" },
    { ", Basic , realm=x", TRUE, "Basic realm=x" },

    { "realm=x", FALSE, "" },
    { "=", FALSE, "" },
    { "\"x\"", FALSE, "" },
    { "Basic realm=\"x", FALSE, "Basic" },
    { "Basic realm=\"x\\", FALSE, "Basic" },
    { "Basic realm=\"x\\\"", FALSE, "Basic" },
    { "Basic realm=", TRUE, "Basic" }, /* by the grammar a token68 */
    { "Basic a=b, realm=", FALSE, "Basic" },
    { "Basic realm=x y", FALSE, "Basic realm=x" },
    { "Basic realm=\"x\"y", FALSE, "Basic realm=x" },
    { "Basic realm=\"x\r\nA: b\"", FALSE, "Basic" },
    { "Basic realm=\"x\x1b\"", FALSE, "Basic" },
    { "Basic realm=\"x\\\n\"", FALSE, "Basic" },
    { "Basic realm=\"x\x7f\"", FALSE, "Basic" },
    { "Basic/1 realm=x", FALSE, "Basic" },
    { "Basic realm=x; Digest", FALSE, "Basic realm=x;" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GPtrArray) challenges = g_ptr_array_new_with_free_func (
          (GDestroyNotify) gsock_challenge_free);
      g_autofree char *text = NULL;

      g_test_message ("%s", rows[i].field);
      g_assert_cmpint (gsock_challenges_parse (challenges, rows[i].field), ==,
                       rows[i].good);
      text = describe (challenges);
      g_assert_cmpstr (text, ==, rows[i].text);
    }
}

/* A thousand of them are not kept, and each cut of a field is survived. */
static void
test_many (void)
{
  g_autoptr (GPtrArray) challenges = g_ptr_array_new_with_free_func (
      (GDestroyNotify) gsock_challenge_free);
  g_autoptr (GString) field = g_string_new (NULL);

  for (guint n = 0; n < 1000; n++)
    g_string_append (field, "Basic realm=\"x\\\"\", ");
  g_assert_false (gsock_challenges_parse (challenges, field->str));
  g_assert_cmpuint (challenges->len, ==, GSOCK_CHALLENGES_MAX);
  for (gsize size = 0; size < 100; size++)
    {
      g_autofree char *cut = g_strndup (field->str, size);

      g_ptr_array_set_size (challenges, 0);
      (void) gsock_challenges_parse (challenges, cut);
      g_assert_cmpuint (challenges->len, <=, 6);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/challenge/rows", test_rows);
  g_test_add_func ("/challenge/many", test_many);

  return g_test_run ();
}

/* test-auth.c: a user's way in: Basic and Digest
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "http/auth.h"

#include <string.h>

#include "core/error.h"

#define FIELDS(...) ((const char *const[]) { __VA_ARGS__, NULL })

/* From RFC 2069 (as corrected), RFC 2617 and RFC 7616, 3.9.1. */
static void
test_digests (void)
{
  static const struct
  {
    GsockDigest digest;
    const char *response;
  } rows[] = {
    { { G_CHECKSUM_MD5, FALSE, "Mufasa", "testrealm@host.com", "Circle Of Life",
        "GET", "/dir/index.html", "dcd98b7102dd2f0e8b11d0f600bfb0c093",
        "0a4f113b", "00000001" },
      "6629fae49393a05397450978507c4ef1" },
    { { G_CHECKSUM_MD5, FALSE, "Mufasa", "testrealm@host.com", "CircleOfLife",
        "GET", "/dir/index.html", "dcd98b7102dd2f0e8b11d0f600bfb0c093", NULL,
        NULL },
      "1949323746fe6a43ef61f9606e7febea" },
    { { G_CHECKSUM_MD5, FALSE, "Mufasa", "http-auth@example.org",
        "Circle of Life", "GET", "/dir/index.html",
        "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
        "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", "00000001" },
      "8ca523f5e9506fed4657c9700eebdbec" },
    { { G_CHECKSUM_SHA256, FALSE, "Mufasa", "http-auth@example.org",
        "Circle of Life", "GET", "/dir/index.html",
        "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
        "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", "00000001" },
      "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *response = gsock_digest_compute (&rows[i].digest);

      g_assert_cmpstr (response, ==, rows[i].response);
    }
}

/* A session's first hash is hashed again with the nonces. */
static void
test_session (void)
{
  GsockDigest digest = { G_CHECKSUM_MD5, TRUE, "u", "r", "p",
                         "GET",          "/",  "n", "c", "00000001" };
  g_autofree char *first = g_compute_checksum_for_string (G_CHECKSUM_MD5,
                                                          "u:r:p", -1);
  g_autofree char *joined = g_strconcat (first, ":n:c", NULL);
  g_autofree char *session = g_compute_checksum_for_string (G_CHECKSUM_MD5,
                                                            joined, -1);
  g_autofree char *second = g_compute_checksum_for_string (G_CHECKSUM_MD5,
                                                           "GET:/", -1);
  g_autofree char *all = g_strconcat (session, ":n:00000001:c:auth:", second,
                                      NULL);
  g_autofree char *want = g_compute_checksum_for_string (G_CHECKSUM_MD5, all,
                                                         -1);
  g_autofree char *got = gsock_digest_compute (&digest);

  g_assert_cmpstr (got, ==, want);
}

static void
test_choice (void)
{
  static const struct
  {
    const char *fields[4];
    const char *answer; /* its beginning; NULL: none */
    const char *error;  /* a part of it */
  } rows[] = {
    { { "Basic realm=x" }, "Basic dTpww7E=", NULL },
    { { "Digest realm=r, nonce=n", "Basic realm=x" },
      "Digest username=\"u\", realm=\"r\", nonce=\"n\", uri=\"/t\", response=",
      NULL },
    { { "Basic realm=x, Digest realm=r, nonce=n, algorithm=MD5, Digest "
        "realm=r, nonce=m, algorithm=SHA-256, qop=\"auth\"" },
      "Digest username=\"u\", realm=\"r\", nonce=\"m\"",
      NULL },
    { { "Negotiate", "NTLM", "Basic realm=x" }, "Basic ", NULL },
    { { "Digest realm=r, nonce=n, algorithm=SHA-512-256", "Basic realm=x" },
      "Basic ",
      NULL },
    { { "Digest realm=r, nonce=n, qop=auth-int", "Basic realm=x" },
      "Basic ",
      NULL },
    { { "Digest realm=r", "Basic realm=x" }, "Basic ", NULL },
    { { "Negotiate", "NTLM" }, NULL, "by Negotiate, NTLM; only Basic" },
    { { "Digest realm=r, nonce=n, algorithm=SHA-512-256" },
      NULL,
      "by Digest SHA-512-256; only" },
    { { "Digest realm=r, nonce=n, qop=auth-int" }, NULL, "Digest auth-int" },
    { { "=" }, NULL, "does not say how" },
    { { "" }, NULL, "does not say how" },
    { { NULL }, NULL, "does not say how" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GsockAuth) auth = gsock_auth_new ("u", "p\xc3\xb1", NULL);
      g_autoptr (GError) error = NULL;
      g_autofree char *answer = NULL;

      g_assert_cmpint (gsock_auth_take (auth, rows[i].fields, NULL, &error), ==,
                       rows[i].answer != NULL);
      answer = gsock_auth_answer (auth, "GET", "/t", NULL);
      if (rows[i].answer == NULL)
        {
          g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_REMOTE);
          g_assert_nonnull (strstr (error->message, rows[i].error));
          g_assert_null (answer);
          continue;
        }
      g_assert_no_error (error);
      g_test_message ("%s", answer);
      g_assert_true (g_str_has_prefix (answer, rows[i].answer));
    }
}

/* All parts of a Digest, and that a nonce's requests are counted. */
static void
test_parts (void)
{
  g_autoptr (GsockAuth) auth = gsock_auth_new ("u", "p", NULL);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  g_assert_true (gsock_auth_take (
      auth,
      FIELDS ("Digest realm=\"a \\\"b\\\"\", nonce=\"n\\\\\", opaque=\"o\", "
              "qop=\"auth\", algorithm=SHA-256-sess"),
      NULL, NULL));
  first = gsock_auth_answer (auth, "GET", "/a\"b", NULL);
  second = gsock_auth_answer (auth, "GET", "/a\"b", NULL);
  g_assert_nonnull (strstr (first, "realm=\"a \\\"b\\\"\", nonce=\"n\\\\\""));
  g_assert_nonnull (strstr (first, "uri=\"/a\\\"b\""));
  g_assert_nonnull (strstr (first, ", algorithm=SHA-256-sess, opaque=\"o\", "
                                   "qop=auth, nc=00000001, cnonce=\""));
  g_assert_nonnull (strstr (second, "nc=00000002"));
}

static void
test_users (void)
{
  static const struct
  {
    const char *user;
    const char *extra;
    const char *part;
  } rows[] = {
    { "a\"b\\c", "", "username=\"a\\\"b\\\\c\"" },
    { "J\xc3\xa4s\xc3\xb8n Doe", ", charset=UTF-8",
      "username*=UTF-8''J%C3%A4s%C3%B8n%20Doe, " },
    { "J\xc3\xa4", "", "username=\"J\xc3\xa4\"" },
    { "ascii", ", charset=UTF-8", "username=\"ascii\"" },
    { "u", ", userhash=true",
      /* MD5 of "u:r" */
      "username=\"ba84be203fdfc7d34e054a76d285d0c9\", userhash=true" },
    { "u", ", userhash=false", "username=\"u\"" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GsockAuth) auth = gsock_auth_new (rows[i].user, "p", NULL);
      g_autofree char *field = g_strconcat ("Digest realm=r, nonce=n",
                                            rows[i].extra, NULL);
      g_autofree char *answer = NULL;

      g_assert_true (gsock_auth_take (auth, FIELDS (field), NULL, NULL));
      answer = gsock_auth_answer (auth, "GET", "/", NULL);
      g_test_message ("%s", answer);
      g_assert_nonnull (strstr (answer, rows[i].part));
    }
}

static void
test_refused (void)
{
  static const char *const bad[] = { "a\nb", "a\rb", "\x1b", "a\x7f", "a\tb" };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) user = NULL;
      g_autoptr (GError) password = NULL;

      g_assert_null (gsock_auth_new (bad[i], "p", &user));
      g_assert_error (user, GSOCK_ERROR, GSOCK_ERROR_USAGE);
      g_assert_null (gsock_auth_new ("u", bad[i], &password));
      g_assert_error (password, GSOCK_ERROR, GSOCK_ERROR_USAGE);
    }
}

static void
test_colon (void)
{
  g_autoptr (GsockAuth) auth = gsock_auth_new ("a:b", "p:q", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (gsock_auth_take (auth, FIELDS ("Basic realm=x"), NULL, NULL));
  g_assert_null (gsock_auth_answer (auth, "GET", "/", &error));
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
}

/* What has been answered and is asked again is a refusal; not so a stale nonce,
 * a better scheme, or the question to a request that had no answer. */
static void
test_again (void)
{
  static const struct
  {
    const char *first;
    const char *again;
    gboolean good;
  } rows[] = {
    { "Basic realm=x", "Basic realm=x", FALSE },
    { "Basic realm=x", "Digest realm=x, nonce=n", TRUE },
    { "Digest realm=x, nonce=n", "Digest realm=x, nonce=m", FALSE },
    { "Digest realm=x, nonce=n", "Digest realm=x, nonce=m, stale=false",
      FALSE },
    { "Digest realm=x, nonce=n", "Digest realm=x, nonce=m, stale=\"True\"",
      TRUE },
    { "Digest realm=x, nonce=n", "Basic realm=x", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GsockAuth) auth = gsock_auth_new ("u", "secret", NULL);
      g_autoptr (GError) error = NULL;
      g_autofree char *sent = NULL;

      g_assert_true (
          gsock_auth_take (auth, FIELDS (rows[i].first), NULL, NULL));
      sent = gsock_auth_answer (auth, "GET", "/", NULL);
      g_assert_true (
          gsock_auth_take (auth, FIELDS (rows[i].first), NULL, NULL));
      g_assert_cmpint (
          gsock_auth_take (auth, FIELDS (rows[i].again), sent, &error), ==,
          rows[i].good);
      if (rows[i].good)
        continue;
      g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_REMOTE);
      g_assert_nonnull (strstr (error->message, "'u'"));
      g_assert_null (strstr (error->message, "secret"));
    }
}

static void
test_unasked (void)
{
  g_autoptr (GsockAuth) auth = gsock_auth_new ("u", "p", NULL);
  g_autofree char *none = gsock_auth_answer (auth, "GET", "/", NULL);
  g_autofree char *sent = NULL;
  g_autofree char *better = NULL;

  g_assert_null (none);
  gsock_auth_begin_basic (auth);
  sent = gsock_auth_answer (auth, "GET", "/", NULL);
  g_assert_cmpstr (sent, ==, "Basic dTpw");
  g_assert_true (
      gsock_auth_take (auth, FIELDS ("Digest realm=x, nonce=n"), sent, NULL));
  better = gsock_auth_answer (auth, "GET", "/", NULL);
  g_assert_true (g_str_has_prefix (better, "Digest "));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/auth/digests", test_digests);
  g_test_add_func ("/auth/session", test_session);
  g_test_add_func ("/auth/choice", test_choice);
  g_test_add_func ("/auth/parts", test_parts);
  g_test_add_func ("/auth/users", test_users);
  g_test_add_func ("/auth/refused", test_refused);
  g_test_add_func ("/auth/colon", test_colon);
  g_test_add_func ("/auth/again", test_again);
  g_test_add_func ("/auth/unasked", test_unasked);

  return g_test_run ();
}

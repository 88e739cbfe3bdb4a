/* test-tls-trust.c: files of authorities, good and bad; whom they let through
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>

#include "../lib/certificates.h"
#include "core/error.h"

static Made authority, stranger, leaf;

static GsockTlsTrust *
trust_in (const char *pem, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (pem, strlen (pem));

  return gsock_tls_trust_new ("FILE", bytes, error);
}

/* Of a file that begins with a good certificate where @after_good. */
static const struct
{
  gboolean after_good;
  const char *text;
  const char *why; /* NULL: it is good */
} files[] = {
  { FALSE, "", "There is no certificate (PEM) in FILE" },
  { FALSE, "nonsense\n", "There is no certificate (PEM) in FILE" },
  { FALSE, "-----BEGIN CERTIFICATE-----\nAAAA\n",
    "There is no certificate (PEM) in FILE" },
  { FALSE, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    "Certificate 1 in FILE can't be read" },
  { FALSE, "-----BEGIN CERTIFICATE----------END CERTIFICATE-----\n",
    "Certificate 1 in FILE can't be read" },
  { FALSE, "-----END CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\n",
    "There is no certificate (PEM) in FILE" },
  { TRUE, "", NULL },
  { TRUE, "# and what else there may be\n", NULL },
  { TRUE, "-----BEGIN CERTIFICATE-----\n", NULL },
  { TRUE, "-----BEGIN CERTIFICATE-----\n%%%%\n-----END CERTIFICATE-----\n",
    "Certificate 2 in FILE can't be read" },
  { TRUE, "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n",
    "The list of revoked certificates in FILE can't be read" },
  { TRUE, "-----BEGIN X509 CRL-----\n",
    "The list of revoked certificates in FILE can't be read" },
};

static void
test_files (void)
{
  g_autofree char *good = made_pem (&authority);

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *pem = g_strconcat (files[i].after_good ? good : "",
                                          files[i].text, NULL);
      g_autoptr (GError) error = NULL;
      GsockTlsTrust *trust = trust_in (pem, &error);

      if (files[i].why == NULL)
        {
          g_assert_no_error (error);
          g_assert_cmpuint (trust->anchors->len, ==, 1);
          gsock_tls_trust_free (trust);
          continue;
        }
      g_assert_null (trust);
      g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
      g_assert_cmpstr (error->message, ==, files[i].why);
    }
}

/* What GnuTLS says of the leaf by that trust. */
static guint
judge (const GsockTlsTrust *trust)
{
  gnutls_x509_trust_list_t list = gsock_tls_trust_list (trust,
                                                        &leaf.certificate, 1);
  guint status = 0;

  g_assert_nonnull (list);
  g_assert_cmpint (gnutls.x509_trust_list_verify_crt2 (
                       list, &leaf.certificate, 1, NULL, 0, 0, &status, NULL),
                   ==, 0);
  gnutls.x509_trust_list_deinit (list, 1);
  return status;
}

static void
test_chains (void)
{
  g_autofree char *good = made_pem (&authority);
  g_autofree char *bad = made_pem (&stranger);
  g_autofree char *own = made_pem (&leaf);
  g_autofree char *list = made_list_pem (&authority, &leaf);
  g_autofree char *other_list = made_list_pem (&authority, &stranger);
  const struct
  {
    const char *parts[3];
    guint status; /* of it, these must be set; 0: none at all */
  } chains[] = {
    { { good }, 0 },
    { { bad, good }, 0 },
    { { good, bad }, 0 },
    { { bad }, GNUTLS_CERT_SIGNER_NOT_FOUND },
    { { own }, 0 },
    { { good, list }, GNUTLS_CERT_REVOKED },
    { { list, good }, GNUTLS_CERT_REVOKED },
    { { good, other_list }, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (chains); i++)
    {
      const char *const *parts = chains[i].parts;
      g_autofree char *pem = g_strconcat (
          parts[0], parts[1] != NULL ? parts[1] : "", NULL);
      g_autoptr (GError) error = NULL;
      GsockTlsTrust *trust = trust_in (pem, &error);
      guint status;

      g_assert_no_error (error);
      status = judge (trust);
      g_test_message ("row %u: %x", (guint) i, status);
      g_assert_cmphex (status & chains[i].status, ==, chains[i].status);
      g_assert_cmpint (status == 0, ==, chains[i].status == 0);
      gsock_tls_trust_free (trust);
    }
}

/* The system's: what $SSL_CERT_FILE names, read once. */
static void
test_system (void)
{
  g_autofree char *good = made_pem (&authority);
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  GsockTlsTrust *trust;
  int fd = g_file_open_tmp (NULL, &path, &error);

  g_assert_no_error (error);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, good, -1, NULL));
  g_setenv ("SSL_CERT_FILE", path, TRUE);
  trust = gsock_tls_trust_new (NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (trust->anchors);
  g_assert_cmphex (judge (trust), ==, 0);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmphex (judge (trust), ==, 0);
  gsock_tls_trust_free (trust);
}

int
main (int argc, char **argv)
{
  const Wish wishes[] = {
    { .subject = "authority", .is_authority = TRUE },
    { .subject = "stranger", .is_authority = TRUE },
    { .subject = "leaf", .names = "leaf.example" },
  };
  int status;

  g_test_init (&argc, &argv, NULL);
  authority = make_certificate (&wishes[0], NULL);
  stranger = make_certificate (&wishes[1], NULL);
  leaf = make_certificate (&wishes[2], &authority);
  g_test_add_func ("/tls-trust/files", test_files);
  g_test_add_func ("/tls-trust/chains", test_chains);
  g_test_add_func ("/tls-trust/system", test_system);
  status = g_test_run ();
  made_clear (&authority);
  made_clear (&stranger);
  made_clear (&leaf);
  return status;
}

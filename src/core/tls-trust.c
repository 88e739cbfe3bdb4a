/* tls-trust.c: whose signature is trusted: the system's choice, or a file's
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The system trusts some 140 authorities.  To have a library read them all
 * takes longer than all the rest of a handshake, and one of them is needed.  So
 * we keep their bytes, and hand on the few in which a name occurs that the
 * peer's chain is signed by.  That can only ever trust fewer. */

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/tls-private.h"

#define BEGIN "-----BEGIN CERTIFICATE-----"
#define END "-----END CERTIFICATE-----"
#define BEGIN_CRL "-----BEGIN X509 CRL-----"

/* Where systems keep what they trust, in one file. */
static const char *const bundles[] = {
  "/etc/ssl/certs/ca-certificates.crt", /* Debian, Arch, Gentoo */
  "/etc/pki/tls/certs/ca-bundle.crt",   /* Fedora */
  "/etc/ssl/ca-bundle.pem",             /* openSUSE */
  "/etc/ssl/cert.pem",                  /* Alpine, the BSDs */
};

static GPtrArray *
read_certificates (const char *pem, gsize size)
{
  g_autoptr (GPtrArray)
      found = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  const char *at = pem;
  const char *limit;

  if (size == 0)
    return g_steal_pointer (&found); /* nothing has no address */
  limit = pem + size;
  while ((at = g_strstr_len (at, limit - at, BEGIN)) != NULL)
    {
      const char *end;
      g_autofree char *text = NULL;
      guchar *der;
      gsize der_size;

      at += strlen (BEGIN);
      end = g_strstr_len (at, limit - at, END);
      if (end == NULL)
        break;
      text = g_strndup (at, (gsize) (end - at));
      der = g_base64_decode (text, &der_size);
      g_ptr_array_add (found, g_bytes_new_take (der, der_size));
      at = end;
    }
  return g_steal_pointer (&found);
}

static GPtrArray *
read_bundle (const char *path)
{
  g_autofree char *pem = NULL;
  gsize size;

  if (!g_file_get_contents (path, &pem, &size, NULL))
    return NULL;
  return read_certificates (pem, size);
}

/* SSL_CERT_FILE as OpenSSL's programs take it.  NULL: GnuTLS must know. */
static GPtrArray *
read_system (void)
{
  const char *path = g_getenv ("SSL_CERT_FILE");

  if (path != NULL && path[0] != '\0')
    {
      GPtrArray *found = read_bundle (path);

      return found != NULL ? found : g_ptr_array_new ();
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bundles); i++)
    {
      GPtrArray *found = read_bundle (bundles[i]);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* Once for the process, with the first certificate that has to be checked. */
static GPtrArray *
get_system (void)
{
  static GPtrArray *anchors;
  static gsize was_read;

  if (g_once_init_enter (&was_read))
    {
      anchors = read_system ();
      g_once_init_leave (&was_read, 1);
    }
  return anchors;
}

static gboolean
is_certificate (GBytes *der)
{
  gnutls_x509_crt_t certificate;
  gnutls_datum_t datum;
  gsize size;
  int result;

  datum.data = (guchar *) (guintptr) g_bytes_get_data (der, &size);
  datum.size = (guint) size;
  if (gnutls.x509_crt_init (&certificate) < 0)
    return FALSE;
  result = gnutls.x509_crt_import (certificate, &datum, GNUTLS_X509_FMT_DER);
  gnutls.x509_crt_deinit (certificate);
  return result == 0;
}

static gnutls_x509_crl_t *
parse_crls (GBytes *pem, guint *n)
{
  gnutls_x509_crl_t *crls = NULL;
  gnutls_datum_t datum;
  gsize size;

  datum.data = (guchar *) (guintptr) g_bytes_get_data (pem, &size);
  datum.size = (guint) size;
  if (gnutls.x509_crl_list_import2 (&crls, n, &datum, GNUTLS_X509_FMT_PEM, 0)
      < 0)
    return NULL;
  return crls;
}

static gboolean
has_good_crls (GBytes *pem)
{
  guint n;
  gnutls_x509_crl_t *crls = parse_crls (pem, &n);

  if (crls == NULL)
    return FALSE;
  for (guint i = 0; i < n; i++)
    gnutls.x509_crl_deinit (crls[i]);
  (*gnutls.free) (crls);
  return TRUE;
}

/**
 * gsock_tls_trust_new:
 * @path: (nullable): the file's name, for errors; NULL: the system's trust
 * @pem: (nullable): what is in it: certificates, and lists of revoked ones
 * @error: %GSOCK_ERROR_USAGE: there is no certificate in it, or a bad one
 *
 * Returns: (transfer full) (nullable): whom to trust
 */
GsockTlsTrust *
gsock_tls_trust_new (const char *path, GBytes *pem, GError **error)
{
  g_autoptr (GPtrArray) anchors = NULL;
  GsockTlsTrust *trust;
  const char *text;
  gboolean has_crls;
  gsize size;

  if (path == NULL)
    return g_new0 (GsockTlsTrust, 1);
  text = g_bytes_get_data (pem, &size);
  anchors = read_certificates (text, size);
  for (guint i = 0; i < anchors->len; i++)
    if (!is_certificate (g_ptr_array_index (anchors, i)))
      {
        gsock_refuse (error, _ ("Certificate %u in %s can't be read"), i + 1,
                      path);
        return NULL;
      }
  has_crls = size > 0 && g_strstr_len (text, (gssize) size, BEGIN_CRL) != NULL;
  if (anchors->len == 0)
    {
      gsock_refuse (error, _ ("There is no certificate (PEM) in %s"), path);
      return NULL;
    }
  if (has_crls && !has_good_crls (pem))
    {
      gsock_refuse (error,
                    _ ("The list of revoked certificates in %s can't be read"),
                    path);
      return NULL;
    }
  trust = g_new0 (GsockTlsTrust, 1);
  trust->anchors = g_steal_pointer (&anchors);
  if (has_crls)
    trust->crls = g_bytes_ref (pem);
  return trust;
}

void
gsock_tls_trust_free (GsockTlsTrust *trust)
{
  g_clear_pointer (&trust->anchors, g_ptr_array_unref);
  g_clear_pointer (&trust->crls, g_bytes_unref);
  g_free (trust);
}

static gboolean
contains (GBytes *der, const gnutls_datum_t *name)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (der, &size);

  return size > 0 && name->size > 0
         && memmem (data, size, name->data, name->size) != NULL;
}

/* Whether @der can have signed @certificate, or be it. */
static gboolean
is_related (GBytes *der, gnutls_x509_crt_t certificate)
{
  gnutls_datum_t issuer = { NULL, 0 };
  gboolean related;

  if (gnutls.x509_crt_get_raw_issuer_dn (certificate, &issuer) < 0)
    return FALSE;
  related = contains (der, &issuer);
  (*gnutls.free) (issuer.data);
  return related;
}

static void
add_anchor (gnutls_x509_trust_list_t list, GBytes *der)
{
  gnutls_x509_crt_t certificate;
  gnutls_datum_t datum;
  gsize size;

  datum.data = (guchar *) (guintptr) g_bytes_get_data (der, &size);
  datum.size = (guint) size;
  if (gnutls.x509_crt_init (&certificate) < 0)
    return;
  if (gnutls.x509_crt_import (certificate, &datum, GNUTLS_X509_FMT_DER) < 0
      || gnutls.x509_trust_list_add_cas (list, &certificate, 1, 0) < 1)
    gnutls.x509_crt_deinit (certificate);
}

static void
add_crls (gnutls_x509_trust_list_t list, GBytes *pem)
{
  guint n;
  gnutls_x509_crl_t *crls = parse_crls (pem, &n);

  if (crls == NULL)
    return;
  gnutls.x509_trust_list_add_crls (list, crls, n, 0, 0);
  (*gnutls.free) (crls);
}

gnutls_x509_trust_list_t
gsock_tls_trust_list (const GsockTlsTrust *trust, gnutls_x509_crt_t *chain,
                      guint size)
{
  GPtrArray *anchors = trust->anchors != NULL ? trust->anchors : get_system ();
  gnutls_x509_trust_list_t list;

  if (gnutls.x509_trust_list_init (&list, 0) < 0)
    return NULL;
  if (anchors == NULL)
    {
      (void) gnutls.x509_trust_list_add_system_trust (list, 0, 0);
      return list;
    }
  for (guint i = 0; i < anchors->len; i++)
    for (guint j = 0; j < size; j++)
      if (is_related (g_ptr_array_index (anchors, i), chain[j]))
        {
          add_anchor (list, g_ptr_array_index (anchors, i));
          break;
        }
  if (trust->crls != NULL)
    add_crls (list, trust->crls);
  return list;
}

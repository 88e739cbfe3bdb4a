/* certificates.h: certificates and lists of revoked ones, made for a test
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <arpa/inet.h>
#include <dlfcn.h>
#include <string.h>
#include <time.h>

#include "core/tls-private.h"

#define DAY 86400

typedef struct
{
  gnutls_x509_crt_t certificate;
  gnutls_x509_privkey_t key;
  GBytes *der;
} Made;

/* What is in one; all of it may be 0. */
typedef struct
{
  const char *subject; /* common name; NULL: none */
  const char *names;   /* "a.example,10.0.0.7", alternative names */
  const char *purpose; /* an OID; NULL: any */
  gboolean is_authority;
  int from, to; /* days from now; 0, 0: valid for some */
} Wish;

/* Of GnuTLS, beside what the tools use. */
#define EXTRA(symbol) \
  ((__typeof__ (gnutls_##symbol) *) find_in_gnutls ("gnutls_" #symbol))

static gpointer
find_in_gnutls (const char *name)
{
  void *library = dlopen (GNUTLS_SONAME, RTLD_NOW | RTLD_LOCAL);
  gpointer found = library != NULL ? dlsym (library, name) : NULL;

  g_assert_nonnull (found);
  return found;
}

static void
add_name (gnutls_x509_crt_t certificate, const char *name, gboolean is_first)
{
  guint8 address[16];
  gsize size = 0;

  if (inet_pton (AF_INET, name, address) == 1)
    size = 4;
  else if (inet_pton (AF_INET6, name, address) == 1)
    size = 16;
  g_assert_cmpint (gnutls.x509_crt_set_subject_alt_name (
                       certificate,
                       size > 0 ? GNUTLS_SAN_IPADDRESS : GNUTLS_SAN_DNSNAME,
                       size > 0 ? (const void *) address : name,
                       (guint) (size > 0 ? size : strlen (name)),
                       is_first ? GNUTLS_FSAN_SET : GNUTLS_FSAN_APPEND),
                   ==, 0);
}

static void
fill_in (gnutls_x509_crt_t certificate, const Wish *wish)
{
  static guint8 serial;
  g_auto (GStrv)
      names = g_strsplit (wish->names != NULL ? wish->names : "", ",", -1);
  time_t now = time (NULL);
  int from = wish->from, to = wish->to;

  if (from == 0 && to == 0)
    from = -1, to = 30;
  serial++;
  g_assert_cmpint (gnutls.x509_crt_set_version (certificate, 3), ==, 0);
  g_assert_cmpint (gnutls.x509_crt_set_serial (certificate, &serial, 1), ==, 0);
  gnutls.x509_crt_set_activation_time (certificate, now + from * DAY);
  gnutls.x509_crt_set_expiration_time (certificate, now + to * DAY);
  if (wish->subject != NULL)
    gnutls.x509_crt_set_dn_by_oid (certificate, GNUTLS_OID_X520_COMMON_NAME, 0,
                                   wish->subject,
                                   (guint) strlen (wish->subject));
  for (gsize i = 0; names[i] != NULL; i++)
    add_name (certificate, names[i], i == 0);
  if (wish->is_authority)
    g_assert_cmpint (
        EXTRA (x509_crt_set_basic_constraints) (certificate, 1, -1), ==, 0);
  if (wish->purpose != NULL)
    g_assert_cmpint (
        EXTRA (x509_crt_set_key_purpose_oid) (certificate, wish->purpose, 0),
        ==, 0);
}

/* @issuer: NULL: itself. */
static Made
make_certificate (const Wish *wish, const Made *issuer)
{
  Made made = { 0 };
  gnutls_datum_t der;

  g_assert_true (gsock_gnutls_load (NULL));
  g_assert_cmpint (gnutls.x509_crt_init (&made.certificate), ==, 0);
  g_assert_cmpint (gnutls.x509_privkey_init (&made.key), ==, 0);
  g_assert_cmpint (gnutls.x509_privkey_generate (
                       made.key, GNUTLS_PK_ECDSA,
                       GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0),
                   ==, 0);
  fill_in (made.certificate, wish);
  g_assert_cmpint (gnutls.x509_crt_set_key (made.certificate, made.key), ==, 0);
  g_assert_cmpint (gnutls.x509_crt_sign2 (
                       made.certificate,
                       issuer != NULL ? issuer->certificate : made.certificate,
                       issuer != NULL ? issuer->key : made.key,
                       GNUTLS_DIG_SHA256, 0),
                   ==, 0);
  g_assert_cmpint (
      gnutls.x509_crt_export2 (made.certificate, GNUTLS_X509_FMT_DER, &der), ==,
      0);
  made.der = g_bytes_new (der.data, der.size);
  /* As others see it: one that was made has not read what is in itself. */
  gnutls.x509_crt_deinit (made.certificate);
  g_assert_cmpint (gnutls.x509_crt_init (&made.certificate), ==, 0);
  g_assert_cmpint (
      gnutls.x509_crt_import (made.certificate, &der, GNUTLS_X509_FMT_DER), ==,
      0);
  (*gnutls.free) (der.data);
  return made;
}

static void
made_clear (Made *made)
{
  gnutls.x509_crt_deinit (made->certificate);
  gnutls.x509_privkey_deinit (made->key);
  g_bytes_unref (made->der);
}

G_GNUC_UNUSED static gnutls_datum_t
made_datum (const Made *made)
{
  gsize size;
  gnutls_datum_t datum;

  datum.data = (guchar *) (guintptr) g_bytes_get_data (made->der, &size);
  datum.size = (guint) size;
  return datum;
}

G_GNUC_UNUSED static char *
made_pem (const Made *made)
{
  gsize size;
  const guchar *data = g_bytes_get_data (made->der, &size);
  g_autofree char *base64 = g_base64_encode (data, size);

  return g_strdup_printf ("-----BEGIN CERTIFICATE-----\n%s\n"
                          "-----END CERTIFICATE-----\n",
                          base64);
}

/* Of @issuer's, with @revoked in it; PEM. */
G_GNUC_UNUSED static char *
made_list_pem (const Made *issuer, const Made *revoked)
{
  gnutls_x509_crl_t list;
  gnutls_datum_t pem;
  time_t now = time (NULL);
  char *text;

  g_assert_cmpint (EXTRA (x509_crl_init) (&list), ==, 0);
  EXTRA (x509_crl_set_version) (list, 2);
  EXTRA (x509_crl_set_this_update) (list, now - DAY);
  EXTRA (x509_crl_set_next_update) (list, now + DAY);
  EXTRA (x509_crl_set_number) (list, "\1", 1);
  g_assert_cmpint (
      EXTRA (x509_crl_set_crt) (list, revoked->certificate, now - DAY), ==, 0);
  g_assert_cmpint (EXTRA (x509_crl_sign2) (list, issuer->certificate,
                                           issuer->key, GNUTLS_DIG_SHA256, 0),
                   ==, 0);
  g_assert_cmpint (EXTRA (x509_crl_export2) (list, GNUTLS_X509_FMT_PEM, &pem),
                   ==, 0);
  text = g_strndup ((const char *) pem.data, pem.size);
  (*gnutls.free) (pem.data);
  gnutls.x509_crl_deinit (list);
  return text;
}

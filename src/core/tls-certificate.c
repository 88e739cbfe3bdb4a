/* tls-certificate.c: what is in a certificate, its pin, and one for ourselves
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <arpa/inet.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"
#include "core/log.h"
#include "core/tls-private.h"

#define PIN_PREFIX "sha256:"
#define PIN_SIZE 32
#define NAMES_MAX 5
#define AUTO_DAYS 30

/**
 * gsock_tls_pin_of:
 * @der: a certificate in DER
 * @size: its bytes
 *
 * Returns: (transfer full): "sha256:9f86…"
 */
char *
gsock_tls_pin_of (gconstpointer der, gsize size)
{
  g_autofree char *digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, der,
                                                         size);

  return g_strconcat (PIN_PREFIX, digest, NULL);
}

static gboolean
read_hex (const char *text, guint8 *bytes)
{
  gsize n = 0;

  while (*text != '\0')
    {
      if (n > 0 && *text == ':')
        text++;
      if (n == PIN_SIZE || !g_ascii_isxdigit (text[0])
          || !g_ascii_isxdigit (text[1]))
        return FALSE;
      bytes[n++] = (guint8) (g_ascii_xdigit_value (text[0]) << 4
                             | g_ascii_xdigit_value (text[1]));
      text += 2;
    }
  return n == PIN_SIZE;
}

/**
 * gsock_tls_pin_parse:
 * @text: "sha256:9f86…", with colons between the bytes or without
 * @error: %GSOCK_ERROR_USAGE
 *
 * Returns: (transfer full) (nullable): the 32 bytes
 */
GBytes *
gsock_tls_pin_parse (const char *text, GError **error)
{
  guint8 bytes[PIN_SIZE];

  if (g_ascii_strncasecmp (text, PIN_PREFIX, strlen (PIN_PREFIX)) == 0
      && read_hex (text + strlen (PIN_PREFIX), bytes))
    return g_bytes_new (bytes, sizeof bytes);
  gsock_refuse (error,
                /* TRANSLATORS: what was given; the form of a pin. */
                _ ("'%s' is no pin; write %s and 64 hexadecimal digits, as "
                   "'openssl x509 -fingerprint -sha256' shows them"),
                text, PIN_PREFIX);
  return NULL;
}

/* "name" or "10.0.0.7"; NULL where it is of another kind. */
static char *
format_name (guint type, const char *data, gsize size)
{
  char text[INET6_ADDRSTRLEN];

  if (type == GNUTLS_SAN_DNSNAME)
    return gsock_escape (data, (gssize) size);
  if (type != GNUTLS_SAN_IPADDRESS || (size != 4 && size != 16))
    return NULL;
  if (inet_ntop (size == 4 ? AF_INET : AF_INET6, data, text, sizeof text)
      == NULL)
    return NULL;
  return g_strdup (text);
}

static void
append_name (GString *names, const char *name)
{
  if (names->len > 0)
    g_string_append (names, ", ");
  g_string_append (names, name);
}

static void
append_common_name (GString *names, gnutls_x509_crt_t certificate)
{
  char name[256];
  size_t size = sizeof name;
  g_autofree char *shown = NULL;

  if (gnutls.x509_crt_get_dn_by_oid (certificate, GNUTLS_OID_X520_COMMON_NAME,
                                     0, 0, name, &size)
          < 0
      || size == 0)
    return;
  shown = gsock_escape (name, (gssize) size);
  append_name (names, shown);
}

/**
 * gsock_tls_names:
 * @certificate: a certificate
 *
 * Whom it is for: the names in it or, where there are none, its subject's.
 *
 * Returns: (transfer full): the first few, escaped; ""
 */
char *
gsock_tls_names (gnutls_x509_crt_t certificate)
{
  GString *names = g_string_new (NULL);
  guint found = 0;

  for (guint i = 0;; i++)
    {
      char name[256];
      size_t size = sizeof name;
      g_autofree char *shown = NULL;
      int type = gnutls.x509_crt_get_subject_alt_name (certificate, i, name,
                                                       &size, NULL);

      if (type == GNUTLS_E_SHORT_MEMORY_BUFFER)
        continue;
      if (type < 0)
        break;
      shown = format_name ((guint) type, name, size);
      if (shown == NULL || ++found > NAMES_MAX)
        continue;
      append_name (names, shown);
    }
  if (found == 0)
    append_common_name (names, certificate);
  if (found > NAMES_MAX)
    g_string_append_printf (names, "… (+%u)", found - NAMES_MAX);
  return g_string_free (names, FALSE);
}

char *
gsock_tls_names_of (const gnutls_datum_t *der)
{
  gnutls_x509_crt_t certificate;
  char *names = NULL;

  if (gnutls.x509_crt_init (&certificate) < 0)
    return g_strdup ("");
  if (gnutls.x509_crt_import (certificate, der, GNUTLS_X509_FMT_DER) == 0)
    names = gsock_tls_names (certificate);
  gnutls.x509_crt_deinit (certificate);
  return names != NULL ? names : g_strdup ("");
}

/**
 * gsock_tls_date:
 * @time: a time
 *
 * Returns: (transfer full): "2027-03-01"
 */
char *
gsock_tls_date (time_t when)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (when);

  return date != NULL ? g_date_time_format (date, "%Y-%m-%d") : g_strdup ("?");
}

/* One of our own that no client will take. */
void
gsock_tls_warn_of_time (gnutls_x509_crt_t certificate)
{
  time_t expires = gnutls.x509_crt_get_expiration_time (certificate);
  g_autofree char *names = NULL, *date = NULL;
  g_autoptr (GError) warning = NULL;

  if (expires == (time_t) -1 || expires >= time (NULL))
    return;
  names = gsock_tls_names (certificate);
  date = gsock_tls_date (expires);
  g_set_error (&warning, GSOCK_ERROR, GSOCK_ERROR_TLS,
               /* TRANSLATORS: the names in a certificate, a date. */
               _ ("Our own certificate, for %s, expired on %s"), names, date);
  gsock_log (GSOCK_EVENT_WARNING, .error = warning);
}

static int
add_names (gnutls_x509_crt_t certificate)
{
  static const guint8 loopback4[4] = { 127, 0, 0, 1 };
  static const guint8 loopback6[16] = { [15] = 1 };
  static const char local[] = "localhost";
  char host[256] = "";
  int result;

  result = gnutls.x509_crt_set_subject_alt_name (
      certificate, GNUTLS_SAN_DNSNAME, local, strlen (local), GNUTLS_FSAN_SET);
  if (result == 0)
    result = gnutls.x509_crt_set_subject_alt_name (
        certificate, GNUTLS_SAN_IPADDRESS, loopback4, sizeof loopback4,
        GNUTLS_FSAN_APPEND);
  if (result == 0)
    result = gnutls.x509_crt_set_subject_alt_name (
        certificate, GNUTLS_SAN_IPADDRESS, loopback6, sizeof loopback6,
        GNUTLS_FSAN_APPEND);
  if (result == 0 && gethostname (host, sizeof host - 1) == 0 && host[0] != '\0'
      && g_hostname_is_ascii_encoded (host) == FALSE
      && strcmp (host, local) != 0 && g_str_is_ascii (host))
    (void) gnutls.x509_crt_set_subject_alt_name (
        certificate, GNUTLS_SAN_DNSNAME, host, (guint) strlen (host),
        GNUTLS_FSAN_APPEND);
  return result;
}

static int
fill_certificate (gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key)
{
  time_t now = time (NULL);
  guint32 serial[4];
  int result;

  for (gsize i = 0; i < G_N_ELEMENTS (serial); i++)
    serial[i] = g_random_int ();
  ((guint8 *) serial)[0] &= 0x7f; /* a positive number */
  result = gnutls.x509_crt_set_version (certificate, 3);
  if (result == 0)
    result = gnutls.x509_crt_set_serial (certificate, serial, sizeof serial);
  if (result == 0)
    result = gnutls.x509_crt_set_activation_time (certificate, now - 3600);
  if (result == 0)
    result = gnutls.x509_crt_set_expiration_time (certificate,
                                                  now + AUTO_DAYS * 86400);
  if (result == 0)
    result = gnutls.x509_crt_set_dn_by_oid (
        certificate, GNUTLS_OID_X520_COMMON_NAME, 0, "gsock", 5);
  if (result == 0)
    result = gnutls.x509_crt_set_key (certificate, key);
  if (result == 0)
    result = add_names (certificate);
  if (result == 0)
    result = gnutls.x509_crt_sign2 (certificate, certificate, key,
                                    GNUTLS_DIG_SHA256, 0);
  return result;
}

static int
make_pair (gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key,
           GsockTlsSnapshot *snapshot)
{
  gnutls_datum_t der;
  int result = gnutls.x509_privkey_generate (
      key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1),
      0);

  if (result == 0)
    result = fill_certificate (certificate, key);
  if (result == 0)
    result = gnutls.certificate_set_x509_key (snapshot->credentials,
                                              &certificate, 1, key);
  if (result < 0)
    return result;
  result = gnutls.x509_crt_export2 (certificate, GNUTLS_X509_FMT_DER, &der);
  if (result < 0)
    return result;
  snapshot->pin = g_bytes_new (der.data, der.size);
  snapshot->shows = TRUE;
  (*gnutls.free) (der.data);
  return 0;
}

static void
tell_pin (GBytes *der)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (der, &size);
  g_autofree char *pin = gsock_tls_pin_of (data, size);

  gsock_log (GSOCK_EVENT_TLS_PIN, .pin = pin);
}

/**
 * gsock_tls_make_identity:
 * @snapshot: gets a key and a certificate that nobody has ever seen
 * @error: %GSOCK_ERROR_TLS
 *
 * Returns: whether that could be done
 */
gboolean
gsock_tls_make_identity (GsockTlsSnapshot *snapshot, GError **error)
{
  gnutls_x509_crt_t certificate = NULL;
  gnutls_x509_privkey_t key = NULL;
  int result = gnutls.x509_crt_init (&certificate);

  if (result == 0)
    result = gnutls.x509_privkey_init (&key);
  if (result == 0)
    result = make_pair (certificate, key, snapshot);
  if (certificate != NULL)
    gnutls.x509_crt_deinit (certificate);
  if (key != NULL)
    gnutls.x509_privkey_deinit (key);
  if (result >= 0)
    {
      tell_pin (snapshot->pin);
      return TRUE;
    }
  g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_TLS,
               _ ("No certificate could be made (--cert=auto): %s"),
               gnutls.strerror (result));
  return FALSE;
}

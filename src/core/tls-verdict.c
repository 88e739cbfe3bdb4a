/* tls-verdict.c: whether to trust what a peer shows; if not, why, in a sentence
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <arpa/inet.h>
#include <string.h>
#include <time.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"
#include "core/tls-private.h"

/* More than any chain has; GnuTLS has a limit of its own too. */
#define CHAIN_MAX 16

/* Everything of one look, on the stack of gsock_tls_verdict. */
typedef struct
{
  GsockTlsSession *session;
  gnutls_x509_crt_t chain[CHAIN_MAX]; /* the peer's own comes first */
  guint size;
  guint status;     /* gnutls_certificate_status_t */
  const char *host; /* whom we mean; NULL: anybody */
  char *who, *names, *pin;
} Look;

static void
clear_look (Look *look)
{
  for (guint i = 0; i < look->size; i++)
    gnutls.x509_crt_deinit (look->chain[i]);
  g_free (look->who);
  g_free (look->names);
  g_free (look->pin);
}

static gboolean
read_chain (Look *look)
{
  guint n = 0;
  const gnutls_datum_t *sent = gnutls.certificate_get_peers (
      look->session->session, &n);

  for (guint i = 0; sent != NULL && i < MIN (n, CHAIN_MAX); i++)
    {
      if (gnutls.x509_crt_init (&look->chain[i]) < 0)
        return FALSE;
      look->size++;
      if (gnutls.x509_crt_import (look->chain[i], &sent[i], GNUTLS_X509_FMT_DER)
          < 0)
        return FALSE;
    }
  if (look->size == 0)
    return FALSE;
  look->pin = gsock_tls_pin_of (sent[0].data, sent[0].size);
  look->names = gsock_tls_names (look->chain[0]);
  if (look->names[0] == '\0')
    {
      g_free (look->names);
      look->names = g_strdup ("?");
    }
  return TRUE;
}

static gboolean
is_pinned (const Look *look)
{
  const GPtrArray *pins = look->session->snapshot->pins;

  for (guint i = 0; i < pins->len; i++)
    {
      g_autoptr (GBytes) given = gsock_tls_pin_parse (look->pin, NULL);

      if (g_bytes_equal (given, g_ptr_array_index (pins, i)))
        return TRUE;
    }
  return FALSE;
}

static void
verify_chain (Look *look)
{
  const GsockTlsSnapshot *snapshot = look->session->snapshot;
  const char *purpose = snapshot->is_server ? GNUTLS_KP_TLS_WWW_CLIENT
                                            : GNUTLS_KP_TLS_WWW_SERVER;
  gnutls_typed_vdata_st data = { .type = GNUTLS_DT_KEY_PURPOSE_OID };
  gnutls_x509_trust_list_t list = gsock_tls_trust_list (
      snapshot->trust, look->chain, look->size);

  look->status = GNUTLS_CERT_INVALID;
  if (list == NULL)
    return;
  data.data = (guchar *) (guintptr) purpose;
  if (gnutls.x509_trust_list_verify_crt2 (list, look->chain, look->size, &data,
                                          1, 0, &look->status, NULL)
      < 0)
    look->status = GNUTLS_CERT_INVALID;
  gnutls.x509_trust_list_deinit (list, 1);
}

/* A name, or an address as its bytes: check_hostname takes it for either. */
static gboolean
is_for (const Look *look)
{
  return look->host == NULL
         || gnutls.x509_crt_check_hostname2 (look->chain[0], look->host, 0)
                != 0;
}

/* The issuer's name in the last certificate that came, escaped. */
static char *
find_issuer (const Look *look)
{
  gnutls_x509_crt_t last = look->chain[look->size - 1];
  static const char *const oids[] = { GNUTLS_OID_X520_COMMON_NAME,
                                      GNUTLS_OID_X520_ORGANIZATION_NAME };

  for (gsize i = 0; i < G_N_ELEMENTS (oids); i++)
    {
      char name[256];
      size_t size = sizeof name;

      if (gnutls.x509_crt_get_issuer_dn_by_oid (last, oids[i], 0, 0, name,
                                                &size)
              == 0
          && size > 0)
        return gsock_escape (name, (gssize) size);
    }
  return g_strdup ("?");
}

static gboolean
is_self_signed (const Look *look)
{
  return gnutls.x509_crt_check_issuer (look->chain[0], look->chain[0]) != 0;
}

static char *
say_time (const Look *look)
{
  time_t now = time (NULL);
  time_t since = gnutls.x509_crt_get_activation_time (look->chain[0]);
  time_t until = gnutls.x509_crt_get_expiration_time (look->chain[0]);
  g_autofree char *date = NULL;

  if (until != (time_t) -1 && now > until)
    {
      date = gsock_tls_date (until);
      return g_strdup_printf (
          /* TRANSLATORS: an address, the names in its certificate, a date. */
          _ ("The certificate of %s (for %s) expired on %s"), look->who,
          look->names, date);
    }
  if (since != (time_t) -1 && now < since)
    {
      date = gsock_tls_date (since);
      return g_strdup_printf (
          /* TRANSLATORS: an address, the names in its certificate, a date. */
          _ ("The certificate of %s (for %s) is not valid before %s; is this "
             "machine's clock right?"),
          look->who, look->names, date);
    }
  return g_strdup_printf (
      _ ("An authority above the certificate of %s (for %s) has expired, or is "
         "not valid yet"),
      look->who, look->names);
}

static char *
say_unknown (const Look *look)
{
  g_autofree char *issuer = NULL;

  if (is_self_signed (look))
    return g_strdup_printf (
        /* TRANSLATORS: an address, the names in its certificate. */
        _ ("The certificate of %s (for %s) is signed by nobody but itself"),
        look->who, look->names);
  issuer = find_issuer (look);
  return g_strdup_printf (
      /* TRANSLATORS: an address, the names in its certificate, the name of a
       * certification authority. */
      _ ("The certificate of %s (for %s) is signed by '%s', whom nobody here "
         "trusts; its own certificate can be given with %s"),
      look->who, look->names, issuer,
      look->session->snapshot->is_server ? "--client-ca" : "--cacert");
}

static char *
say_wrong_host (const Look *look)
{
  g_autofree char *date = gsock_tls_date (
      gnutls.x509_crt_get_expiration_time (look->chain[0]));
  g_autofree char *host = gsock_escape (look->host, -1);

  return g_strdup_printf (
      /* TRANSLATORS: an address, the names in its certificate, the name that
       * was wanted, a date. */
      _ ("The certificate of %s is for %s, not for '%s' (expires %s)"),
      look->who, look->names, host, date);
}

/* What is wrong, the worst first; NULL: nothing. */
static char *
say_what_is_wrong (const Look *look)
{
  guint status = look->status;

  if (status & GNUTLS_CERT_REVOKED)
    return g_strdup_printf (
        _ ("The certificate of %s (for %s) was revoked by its authority"),
        look->who, look->names);
  if (status & GNUTLS_CERT_SIGNATURE_FAILURE)
    return g_strdup_printf (
        _ ("The certificate of %s (for %s) has a false signature"), look->who,
        look->names);
  if (status & (GNUTLS_CERT_EXPIRED | GNUTLS_CERT_NOT_ACTIVATED))
    return say_time (look);
  if (status & GNUTLS_CERT_SIGNER_NOT_FOUND)
    return say_unknown (look);
  if (status & GNUTLS_CERT_PURPOSE_MISMATCH)
    return g_strdup_printf (
        look->session->snapshot->is_server
            ? _ ("The certificate of %s (for %s) is not one for clients")
            : _ ("The certificate of %s (for %s) is not one for servers"),
        look->who, look->names);
  if (status & GNUTLS_CERT_INSECURE_ALGORITHM)
    return g_strdup_printf (
        _ ("The certificate of %s (for %s) is signed in a way that can be "
           "forged"),
        look->who, look->names);
  if (status != 0)
    return g_strdup_printf (
        _ ("The chain of authorities above the certificate of %s (for %s) is "
           "broken"),
        look->who, look->names);
  return is_for (look) ? NULL : say_wrong_host (look);
}

static GError *
new_error (const Look *look, const char *what)
{
  const gboolean can_pin = !look->session->snapshot->is_server
                           && (look->status & GNUTLS_CERT_REVOKED) == 0;

  if (!can_pin)
    return g_error_new_literal (GSOCK_ERROR, GSOCK_ERROR_TLS, what);
  return g_error_new (GSOCK_ERROR, GSOCK_ERROR_TLS,
                      /* TRANSLATORS: a whole sentence that says what is wrong
                       * with a certificate; its fingerprint. */
                      _ ("%s; to trust exactly it: --pin=%s"), what, look->pin);
}

static GError *
judge_pin (const Look *look)
{
  if (is_pinned (look))
    return NULL;
  return g_error_new (GSOCK_ERROR, GSOCK_ERROR_TLS,
                      /* TRANSLATORS: an address, the names in its certificate,
                       * its fingerprint. */
                      _ ("The certificate of %s (for %s) is not the pinned "
                         "one: its pin is %s"),
                      look->who, look->names, look->pin);
}

static GError *
judge (Look *look)
{
  const GsockTlsSnapshot *snapshot = look->session->snapshot;
  GsockTlsSession *session = look->session;
  g_autofree char *what = NULL;

  look->who = gsock_tls_session_describe (session);
  if (!read_chain (look))
    return g_error_new (GSOCK_ERROR, GSOCK_ERROR_TLS,
                        _ ("The certificate of %s can't be read"), look->who);
  if (snapshot->insecure)
    return NULL;
  if (snapshot->pins != NULL)
    return judge_pin (look);
  if (snapshot->trust == NULL)
    return NULL;
  if (!snapshot->is_server)
    look->host = gsock_tls_session_host (session);
  verify_chain (look);
  what = say_what_is_wrong (look);
  return what != NULL ? new_error (look, what) : NULL;
}

static gnutls_alert_description_t
choose_alert (const Look *look)
{
  if (look->status & GNUTLS_CERT_REVOKED)
    return GNUTLS_A_CERTIFICATE_REVOKED;
  if (look->status & GNUTLS_CERT_EXPIRED)
    return GNUTLS_A_CERTIFICATE_EXPIRED;
  return look->status & GNUTLS_CERT_SIGNER_NOT_FOUND ? GNUTLS_A_UNKNOWN_CA
                                                     : GNUTLS_A_BAD_CERTIFICATE;
}

/**
 * gsock_tls_verdict:
 * @session: whose peer has shown its certificate
 *
 * A pin is an order: that certificate and no other, whatever it says of
 * itself.  Else the chain has to lead to somebody trusted, be valid today, be
 * meant for this, and be for the host that was called.
 *
 * Returns: (transfer full) (nullable): why not; NULL: it is trusted
 */
GError *
gsock_tls_verdict (GsockTlsSession *session)
{
  Look look = { .session = session };
  GError *error = judge (&look);

  if (look.pin != NULL)
    gsock_tls_tell_verdict (session, look.names, look.pin, error);
  if (error != NULL)
    session->alert = choose_alert (&look);
  clear_look (&look);
  return error;
}

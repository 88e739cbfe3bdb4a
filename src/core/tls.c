/* tls.c: one side's identity and trust, as they are at one time
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A GsockTls holds the newest snapshot.  A snapshot is never changed: a reload
 * makes another one, and whoever has the old one goes on with it. */

#include "config.h"

#include "core/tls.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/fd.h"
#include "core/log.h"
#include "core/privilege.h"
#include "core/tls-private.h"

/* More than any chain or list of authorities. */
#define FILE_LIMIT (16 * 1024 * 1024)

/* Our own least, whatever the system's policy allows. */
#define PRIORITY "-VERS-SSL3.0:-VERS-TLS1.0:-VERS-TLS1.1"

struct _GsockTls
{
  gatomicrefcount references;
  gboolean is_server;
  gboolean insecure;
  char *cert, *key, *trust, *server_name; /* or NULL */
  char **alpn;
  GPtrArray *pins;
  GMutex lock;
  GsockTlsSnapshot *snapshot; /* under lock */
};

/* Of any kind: a key may come through a pipe. */
static GBytes *
read_file (const char *path, GError **error)
{
  g_auto (GsockFd) fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  g_autoptr (GByteArray) content = g_byte_array_new ();
  guint8 piece[4096];
  gssize n = -1;

  while (fd >= 0 && content->len <= FILE_LIMIT
         && (n = read (fd, piece, sizeof piece)) > 0)
    g_byte_array_append (content, piece, (guint) n);
  if (fd < 0 || n < 0)
    {
      gsock_set_error_errno (error, GSOCK_ERROR_USAGE, errno,
                             _ ("Cannot read %s"), path);
      return NULL;
    }
  if (content->len <= FILE_LIMIT)
    return g_byte_array_free_to_bytes (g_steal_pointer (&content));
  gsock_refuse (error, _ ("%s is too large for certificates"), path);
  return NULL;
}

static gnutls_datum_t
datum_of (GBytes *bytes)
{
  gsize size;
  gnutls_datum_t datum;

  datum.data = (guchar *) (guintptr) g_bytes_get_data (bytes, &size);
  datum.size = (guint) size;
  return datum;
}

static void
warn_of_readable (const char *path)
{
  g_autoptr (GError) warning = NULL;
  struct stat status;

  if (stat (path, &status) != 0 || (status.st_mode & S_IROTH) == 0)
    return;
  g_set_error (&warning, GSOCK_ERROR, GSOCK_ERROR_TLS,
               _ ("Everybody on this machine can read the key in %s; its mode "
                  "should be 600"),
               path);
  gsock_log (GSOCK_EVENT_WARNING, .error = warning);
}

static gboolean
refuse_key (const GsockTls *tls, int result, GError **error)
{
  const char *key = tls->key != NULL ? tls->key : tls->cert;

  if (result == GNUTLS_E_CERTIFICATE_KEY_MISMATCH)
    return gsock_refuse (error,
                         _ ("The key in %s is not that of the certificate in "
                            "%s"),
                         key, tls->cert);
  if (result == GNUTLS_E_DECRYPTION_FAILED)
    return gsock_refuse (error,
                         _ ("The key in %s is locked with a password; unlock "
                            "it with 'openssl pkey'"),
                         key);
  if (result == GNUTLS_E_BASE64_UNEXPECTED_HEADER_ERROR
      || result == GNUTLS_E_NO_CERTIFICATE_FOUND
      || result == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
    return gsock_refuse (error,
                         _ ("There is no certificate (PEM) in %s, or no key in "
                            "%s (--cert, --key)"),
                         tls->cert, key);
  return gsock_refuse (error, _ ("The certificate in %s can't be used: %s"),
                       tls->cert, gnutls.strerror (result));
}

/* GnuTLS says of an empty file that the request is invalid. */
static gboolean
has_pem (GBytes *bytes)
{
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);

  return size > 0 && g_strstr_len (text, (gssize) size, "-----BEGIN ") != NULL;
}

/* The first certificate of a file. */
static GBytes *
find_pin (const gnutls_datum_t *pem)
{
  gnutls_x509_crt_t *certificates = NULL;
  gnutls_datum_t der;
  GBytes *pin = NULL;
  guint n = 0;

  if (gnutls.x509_crt_list_import2 (&certificates, &n, pem, GNUTLS_X509_FMT_PEM,
                                    0)
      < 0)
    return NULL;
  if (n > 0
      && gnutls.x509_crt_export2 (certificates[0], GNUTLS_X509_FMT_DER, &der)
             == 0)
    {
      pin = g_bytes_new (der.data, der.size);
      (*gnutls.free) (der.data);
    }
  for (guint i = 0; i < n; i++)
    {
      gsock_tls_warn_of_time (certificates[i]);
      gnutls.x509_crt_deinit (certificates[i]);
    }
  (*gnutls.free) (certificates);
  return pin;
}

static gboolean
load_identity (const GsockTls *tls, GsockTlsSnapshot *snapshot, GError **error)
{
  const char *key_path = tls->key != NULL ? tls->key : tls->cert;
  g_autoptr (GBytes) cert = NULL, key = NULL;
  gnutls_datum_t cert_pem, key_pem;
  int result;

  if (tls->cert == NULL)
    return TRUE;
  gsock_privilege_hide_memory ();
  if (g_str_equal (tls->cert, GSOCK_TLS_CERT_AUTO))
    return gsock_tls_make_identity (snapshot, error);
  cert = read_file (tls->cert, error);
  if (cert == NULL)
    return FALSE;
  key = tls->key != NULL ? read_file (tls->key, error) : g_bytes_ref (cert);
  if (key == NULL)
    return FALSE;
  if (!has_pem (cert))
    return gsock_refuse (error, _ ("There is no certificate (PEM) in %s"),
                         tls->cert);
  if (!has_pem (key))
    return gsock_refuse (error, _ ("There is no key (PEM) in %s"), key_path);
  cert_pem = datum_of (cert);
  key_pem = datum_of (key);
  result = gnutls.certificate_set_x509_key_mem2 (
      snapshot->credentials, &cert_pem, &key_pem, GNUTLS_X509_FMT_PEM, NULL, 0);
  if (result < 0)
    return refuse_key (tls, result, error);
  warn_of_readable (key_path);
  snapshot->pin = find_pin (&cert_pem);
  snapshot->shows = TRUE;
  return TRUE;
}

static gboolean
load_trust (const GsockTls *tls, GsockTlsSnapshot *snapshot, GError **error)
{
  g_autoptr (GBytes) pem = NULL;
  gnutls_datum_t datum;

  if (tls->trust == NULL)
    {
      if (!tls->is_server)
        snapshot->trust = gsock_tls_trust_new (NULL, NULL, error);
      return TRUE;
    }
  pem = read_file (tls->trust, error);
  if (pem == NULL)
    return FALSE;
  snapshot->trust = gsock_tls_trust_new (tls->trust, pem, error);
  if (snapshot->trust == NULL || !tls->is_server)
    return snapshot->trust != NULL;
  /* A client is told whose certificates will do. */
  datum = datum_of (pem);
  (void) gnutls.certificate_set_x509_trust_mem (snapshot->credentials, &datum,
                                                GNUTLS_X509_FMT_PEM);
  return TRUE;
}

static GsockTlsSnapshot *
make_snapshot (const GsockTls *tls, GError **error)
{
  g_autoptr (GsockTlsSnapshot) snapshot = NULL;
  int result;

  if (!gsock_gnutls_load (error))
    return NULL;
  snapshot = g_new0 (GsockTlsSnapshot, 1);
  g_atomic_ref_count_init (&snapshot->references);
  snapshot->is_server = tls->is_server;
  snapshot->insecure = tls->insecure;
  snapshot->server_name = g_strdup (tls->server_name);
  snapshot->alpn = g_strdupv (tls->alpn);
  if (tls->pins != NULL)
    snapshot->pins = g_ptr_array_ref (tls->pins);
  result = gnutls.certificate_allocate_credentials (&snapshot->credentials);
  if (result == 0)
    result = gnutls.priority_init2 (&snapshot->priority, PRIORITY, NULL,
                                    GNUTLS_PRIORITY_INIT_DEF_APPEND);
  if (result < 0)
    {
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_TLS,
                   _ ("GnuTLS can't be used here: %s"),
                   gnutls.strerror (result));
      return NULL;
    }
  if (!load_identity (tls, snapshot, error)
      || !load_trust (tls, snapshot, error))
    return NULL;
  return g_steal_pointer (&snapshot);
}

void
gsock_tls_snapshot_unref (GsockTlsSnapshot *snapshot)
{
  if (!g_atomic_ref_count_dec (&snapshot->references))
    return;
  if (snapshot->credentials != NULL)
    gnutls.certificate_free_credentials (snapshot->credentials);
  if (snapshot->priority != NULL)
    gnutls.priority_deinit (snapshot->priority);
  g_clear_pointer (&snapshot->trust, gsock_tls_trust_free);
  g_clear_pointer (&snapshot->pins, g_ptr_array_unref);
  g_clear_pointer (&snapshot->pin, g_bytes_unref);
  g_strfreev (snapshot->alpn);
  g_free (snapshot->server_name);
  g_free (snapshot);
}

GsockTlsSnapshot *
gsock_tls_take_snapshot (GsockTls *tls)
{
  GsockTlsSnapshot *snapshot;

  g_mutex_lock (&tls->lock);
  snapshot = tls->snapshot;
  g_atomic_ref_count_inc (&snapshot->references);
  g_mutex_unlock (&tls->lock);
  return snapshot;
}

/**
 * gsock_tls_new:
 * @options: copied
 * @error: %GSOCK_ERROR_USAGE: a file that can't be read or used; _TLS: this
 *     machine has no GnuTLS
 *
 * Once a key has been loaded the process leaves no core file.
 *
 * Returns: (transfer full) (nullable): one side's identity and trust
 */
GsockTls *
gsock_tls_new (const GsockTlsOptions *options, GError **error)
{
  g_autoptr (GsockTls) tls = g_new0 (GsockTls, 1);

  g_atomic_ref_count_init (&tls->references);
  g_mutex_init (&tls->lock);
  tls->is_server = options->is_server;
  tls->insecure = options->insecure;
  tls->cert = g_strdup (options->cert);
  tls->key = g_strdup (options->key);
  tls->trust = g_strdup (options->trust);
  tls->server_name = g_strdup (options->server_name);
  tls->alpn = g_strdupv ((char **) (guintptr) options->alpn);
  if (options->pins != NULL)
    tls->pins = g_ptr_array_ref (options->pins);
  tls->snapshot = make_snapshot (tls, error);
  return tls->snapshot != NULL ? g_steal_pointer (&tls) : NULL;
}

GsockTls *
gsock_tls_ref (GsockTls *tls)
{
  g_atomic_ref_count_inc (&tls->references);
  return tls;
}

void
gsock_tls_unref (GsockTls *tls)
{
  if (!g_atomic_ref_count_dec (&tls->references))
    return;
  g_clear_pointer (&tls->snapshot, gsock_tls_snapshot_unref);
  g_clear_pointer (&tls->pins, g_ptr_array_unref);
  g_strfreev (tls->alpn);
  g_free (tls->cert);
  g_free (tls->key);
  g_free (tls->trust);
  g_free (tls->server_name);
  g_mutex_clear (&tls->lock);
  g_free (tls);
}

/**
 * gsock_tls_reload:
 * @tls: in use, by other threads too
 * @error: as gsock_tls_new()
 *
 * Reads the files again, for the handshakes that begin after this.  What was
 * made for itself (%GSOCK_TLS_CERT_AUTO) stays.
 *
 * Returns: FALSE if nothing has changed
 */
gboolean
gsock_tls_reload (GsockTls *tls, GError **error)
{
  GsockTlsSnapshot *snapshot, *old;

  if (g_strcmp0 (tls->cert, GSOCK_TLS_CERT_AUTO) == 0)
    return TRUE;
  snapshot = make_snapshot (tls, error);
  if (snapshot == NULL)
    return FALSE;
  g_mutex_lock (&tls->lock);
  old = tls->snapshot;
  tls->snapshot = snapshot;
  g_mutex_unlock (&tls->lock);
  gsock_tls_snapshot_unref (old);
  return TRUE;
}

GsockTls *
gsock_tls_default_client (GError **error)
{
  static GMutex lock;
  static GsockTls *tls;
  const GsockTlsOptions options = { .is_server = FALSE };
  GsockTls *found;

  g_mutex_lock (&lock);
  if (tls == NULL)
    tls = gsock_tls_new (&options, error);
  found = tls;
  g_mutex_unlock (&lock);
  return found;
}

/**
 * gsock_tls_dup_pin:
 * @tls: whose
 *
 * Returns: (transfer full) (nullable): how another can pin what we show
 */
char *
gsock_tls_dup_pin (GsockTls *tls)
{
  g_autoptr (GsockTlsSnapshot) snapshot = gsock_tls_take_snapshot (tls);
  gconstpointer data;
  gsize size;

  if (snapshot->pin == NULL)
    return NULL;
  data = g_bytes_get_data (snapshot->pin, &size);
  return gsock_tls_pin_of (data, size);
}

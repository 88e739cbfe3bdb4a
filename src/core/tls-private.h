/* tls-private.h: what the parts of TLS know of each other
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "core/tls.h"

G_BEGIN_DECLS

/* Each function that we use of GnuTLS, without the prefix.  It is loaded with
 * the first tls: address and not linked: a tool that speaks plain TCP doesn't
 * pay for it. */
#define GSOCK_GNUTLS_SYMBOLS(USE) \
  USE (alert_get) \
  USE (alert_get_name) \
  USE (alert_send) \
  USE (alert_send_appropriate) \
  USE (alpn_get_selected_protocol) \
  USE (alpn_set_protocols) \
  USE (bye) \
  USE (certificate_allocate_credentials) \
  USE (certificate_free_credentials) \
  USE (certificate_get_peers) \
  USE (certificate_server_set_request) \
  USE (certificate_set_x509_key) \
  USE (certificate_set_x509_key_mem2) \
  USE (certificate_set_x509_trust_mem) \
  USE (ciphersuite_get) \
  USE (credentials_set) \
  USE (deinit) \
  USE (error_is_fatal) \
  USE (free) \
  USE (handshake) \
  USE (handshake_description_get_name) \
  USE (handshake_set_hook_function) \
  USE (init) \
  USE (priority_deinit) \
  USE (priority_init2) \
  USE (priority_set) \
  USE (protocol_get_name) \
  USE (protocol_get_version) \
  USE (record_get_direction) \
  USE (record_recv) \
  USE (record_send) \
  USE (server_name_set) \
  USE (session_get_ptr) \
  USE (session_set_ptr) \
  USE (session_set_verify_function) \
  USE (strerror) \
  USE (transport_set_errno) \
  USE (transport_set_ptr) \
  USE (transport_set_pull_function) \
  USE (transport_set_pull_timeout_function) \
  USE (transport_set_push_function) \
  USE (x509_crl_deinit) \
  USE (x509_crl_list_import2) \
  USE (x509_crt_check_hostname2) \
  USE (x509_crt_check_issuer) \
  USE (x509_crt_deinit) \
  USE (x509_crt_export2) \
  USE (x509_crt_get_activation_time) \
  USE (x509_crt_get_dn_by_oid) \
  USE (x509_crt_get_expiration_time) \
  USE (x509_crt_get_issuer_dn_by_oid) \
  USE (x509_crt_get_raw_dn) \
  USE (x509_crt_get_raw_issuer_dn) \
  USE (x509_crt_get_subject_alt_name) \
  USE (x509_crt_import) \
  USE (x509_crt_init) \
  USE (x509_crt_list_import2) \
  USE (x509_crt_set_activation_time) \
  USE (x509_crt_set_dn_by_oid) \
  USE (x509_crt_set_expiration_time) \
  USE (x509_crt_set_key) \
  USE (x509_crt_set_serial) \
  USE (x509_crt_set_subject_alt_name) \
  USE (x509_crt_set_version) \
  USE (x509_crt_sign2) \
  USE (x509_privkey_deinit) \
  USE (x509_privkey_generate) \
  USE (x509_privkey_init) \
  USE (x509_trust_list_add_cas) \
  USE (x509_trust_list_add_crls) \
  USE (x509_trust_list_add_system_trust) \
  USE (x509_trust_list_deinit) \
  USE (x509_trust_list_init) \
  USE (x509_trust_list_verify_crt2)

typedef struct
{
#define GSOCK_GNUTLS_MEMBER(symbol) __typeof__ (gnutls_##symbol) *symbol;
  GSOCK_GNUTLS_SYMBOLS (GSOCK_GNUTLS_MEMBER)
#undef GSOCK_GNUTLS_MEMBER
} GsockGnutls;

/* Valid once gsock_gnutls_load has been true; never unloaded. */
extern GsockGnutls gnutls;

gboolean gsock_gnutls_load (GError **error);

/* Whom one side trusts; immutable once made. */
typedef struct
{
  GPtrArray *anchors; /* (element-type GBytes) certificates in DER; or NULL:
                         the system's */
  GBytes *crls;       /* a file in PEM; or NULL */
} GsockTlsTrust;

GsockTlsTrust *gsock_tls_trust_new (const char *path, GBytes *pem,
                                    GError **error);
void gsock_tls_trust_free (GsockTlsTrust *trust);
/* A list to verify @chain with: of all anchors only those that can have signed
 * one of it.  NULL: no memory. */
gnutls_x509_trust_list_t gsock_tls_trust_list (const GsockTlsTrust *trust,
                                               gnutls_x509_crt_t *chain,
                                               guint size);

/* What a GsockTls is at one time; counted atomically, immutable. */
typedef struct
{
  gatomicrefcount references;
  gboolean is_server;
  gboolean insecure;
  gboolean shows; /* a certificate */
  gnutls_certificate_credentials_t credentials;
  gnutls_priority_t priority;
  GsockTlsTrust *trust; /* a server's; NULL: it asks for no certificate */
  GPtrArray *pins;      /* or NULL */
  char *server_name;    /* or NULL */
  char **alpn;          /* or NULL */
  GBytes *pin;          /* of what we show, or NULL */
} GsockTlsSnapshot;

/* The one at this time; (transfer full). */
GsockTlsSnapshot *gsock_tls_take_snapshot (GsockTls *tls);
/* For what has none given: made once.  NULL with @error. */
GsockTls *gsock_tls_default_client (GError **error);
void gsock_tls_snapshot_unref (GsockTlsSnapshot *snapshot);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GsockTlsSnapshot, gsock_tls_snapshot_unref)

/* The object of a TLS carrier; belongs to the thread that has the carrier. */
typedef struct
{
  GsockCarrier under;
  gnutls_session_t session;
  GsockTlsSnapshot *snapshot;
  GsockEndpoint *remote; /* or NULL */
  char *host;            /* of @remote, or NULL */
  GsockPeer peer;
  guint64 id;
  guint64 received; /* bytes of the peer's, decrypted */
  gsize accepted;   /* bytes that GnuTLS has taken and nobody was told of */
  char *ahead;      /* read from under, not yet by GnuTLS; or NULL */
  guint ahead_at, ahead_size;
  guint first_size;                 /* bytes of @first */
  char first[16];                   /* what the peer began with */
  gnutls_alert_description_t alert; /* what to say of the certificate */
  GError *error;                    /* of under, or of the peer's certificate */
  int errnum;                       /* of under's last failure */
  guint renegotiations;
  gboolean is_blocked; /* under has said so, since this was cleared */
  gboolean established;
} GsockTlsSession;

GsockTlsSession *gsock_tls_session_new (GsockTlsSnapshot *snapshot,
                                        GsockCarrier *under,
                                        const GsockTlsParty *party,
                                        GError **error);
void gsock_tls_session_free (GsockTlsSession *session);
/* Who is there, as a user would say it, escaped; g_free. */
char *gsock_tls_session_describe (const GsockTlsSession *session);
/* Whom we mean; NULL: anybody. */
const char *gsock_tls_session_host (const GsockTlsSession *session);
/* Keeps nobody waiting who waits for the end of the handshake. */
void gsock_tls_session_acknowledge (GsockTlsSession *session);
/* Tells the peer why we go. */
void gsock_tls_session_alert (GsockTlsSession *session, int result);
/* What a negative result of GnuTLS means. */
GError *gsock_tls_session_error (GsockTlsSession *session, int result);
GsockCarrier gsock_tls_session_carrier (GsockTlsSession *session);

/* Looks at what the peer shows: NULL, or why it is not trusted. */
GError *gsock_tls_verdict (GsockTlsSession *session);
void gsock_tls_watch_steps (GsockTlsSession *session);
void gsock_tls_tell_verdict (const GsockTlsSession *session, const char *names,
                             const char *pin, const GError *error);
void gsock_tls_tell (const GsockTlsSession *session);
gboolean gsock_tls_make_identity (GsockTlsSnapshot *snapshot, GError **error);
void gsock_tls_warn_of_time (gnutls_x509_crt_t certificate);
char *gsock_tls_date (time_t when); /* "2027-03-01" */
/* "a.example, 10.0.0.7", escaped, the first few; "" where there are none. */
char *gsock_tls_names (gnutls_x509_crt_t certificate);
char *gsock_tls_names_of (const gnutls_datum_t *der);
/* "sha256:9f86…" */
char *gsock_tls_pin_of (gconstpointer der, gsize size);

G_END_DECLS

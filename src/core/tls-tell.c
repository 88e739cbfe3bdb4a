/* tls-tell.c: what a handshake did: its event, and its steps explained
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/call.h"
#include "core/error.h"
#include "core/log.h"
#include "core/tls-private.h"

typedef struct
{
  guint type;
  const char *name; /* the standard's, and the lesson's topic */
} Message;

static const Message messages[] = {
  { GNUTLS_HANDSHAKE_HELLO_REQUEST, "HelloRequest" },
  { GNUTLS_HANDSHAKE_CLIENT_HELLO, "ClientHello" },
  { GNUTLS_HANDSHAKE_SERVER_HELLO, "ServerHello" },
  { GNUTLS_HANDSHAKE_HELLO_RETRY_REQUEST, "HelloRetryRequest" },
  { GNUTLS_HANDSHAKE_ENCRYPTED_EXTENSIONS, "EncryptedExtensions" },
  { GNUTLS_HANDSHAKE_CERTIFICATE_PKT, "Certificate" },
  { GNUTLS_HANDSHAKE_SERVER_KEY_EXCHANGE, "ServerKeyExchange" },
  { GNUTLS_HANDSHAKE_CERTIFICATE_REQUEST, "CertificateRequest" },
  { GNUTLS_HANDSHAKE_SERVER_HELLO_DONE, "ServerHelloDone" },
  { GNUTLS_HANDSHAKE_CERTIFICATE_VERIFY, "CertificateVerify" },
  { GNUTLS_HANDSHAKE_CLIENT_KEY_EXCHANGE, "ClientKeyExchange" },
  { GNUTLS_HANDSHAKE_FINISHED, "Finished" },
  { GNUTLS_HANDSHAKE_CERTIFICATE_STATUS, "CertificateStatus" },
  { GNUTLS_HANDSHAKE_KEY_UPDATE, "KeyUpdate" },
};

static int
message_cb (gnutls_session_t gnutls_session, unsigned int type,
            G_GNUC_UNUSED unsigned int when, unsigned int incoming,
            const gnutls_datum_t *message)
{
  const GsockTlsSession *session = gnutls.session_get_ptr (gnutls_session);

  for (gsize i = 0; i < G_N_ELEMENTS (messages); i++)
    if (messages[i].type == type && gsock_explaining ())
      gsock_call (GSOCK_CALL_TLS_HANDSHAKE, messages[i].name, message->size, 0,
                  NULL, "%d, %s, %s", session->under.fd, messages[i].name,
                  incoming ? "received" : "sent");
  return 0;
}

/* Has each message of the handshake told, where somebody wants to know. */
void
gsock_tls_watch_steps (GsockTlsSession *session)
{
  if (gsock_explaining ())
    gnutls.handshake_set_hook_function (session->session, GNUTLS_HANDSHAKE_ANY,
                                        GNUTLS_HOOK_POST, message_cb);
}

static const char *
trust_topic (const GsockTlsSnapshot *snapshot)
{
  if (snapshot->insecure)
    return "INSECURE";
  if (snapshot->pins != NULL)
    return "PIN";
  return snapshot->trust != NULL && snapshot->trust->anchors == NULL ? "SYSTEM"
                                                                     : "FILE";
}

/* The peer's certificate has been looked at: @error says what was found, NULL:
 * it is trusted. */
void
gsock_tls_tell_verdict (const GsockTlsSession *session, const char *names,
                        const char *pin, const GError *error)
{
  const char *topic = error != NULL ? "REFUSED"
                                    : trust_topic (session->snapshot);

  if (gsock_explaining ())
    gsock_call (GSOCK_CALL_TLS_VERIFY, topic, error != NULL ? -1 : 0, 0, NULL,
                "%d, \"%s\", %s", session->under.fd, names, pin);
}

static void
warn_insecure (const GsockTlsSession *session)
{
  g_autofree char *who = gsock_tls_session_describe (session);
  g_autoptr (GError)
      warning = g_error_new (GSOCK_ERROR, GSOCK_ERROR_TLS,
                             /* TRANSLATORS: an address. */
                             _ ("Whether it is %s was not checked "
                                "(--insecure): anybody on the way can "
                                "read along"),
                             who);

  gsock_log (GSOCK_EVENT_WARNING, .id = session->id, .error = warning);
}

static void
log_facts (const GsockTlsSession *session, const char *version,
           const char *cipher)
{
  g_autofree char *names = NULL, *pin = NULL, *protocol = NULL;
  gnutls_datum_t alpn;
  guint n = 0;
  const gnutls_datum_t *chain = gnutls.certificate_get_peers (session->session,
                                                              &n);

  if (chain != NULL && n > 0)
    {
      names = gsock_tls_names_of (&chain[0]);
      pin = gsock_tls_pin_of (chain[0].data, chain[0].size);
    }
  if (gnutls.alpn_get_selected_protocol (session->session, &alpn) == 0)
    protocol = g_strndup ((const char *) alpn.data, alpn.size);
  gsock_log (GSOCK_EVENT_TLS, .id = session->id, .peer = &session->peer,
             .remote = session->remote, .text = version, .detail = cipher,
             .alpn = protocol, .names = names, .pin = pin);
}

/**
 * gsock_tls_tell:
 * @session: one that has just shaken hands
 *
 * Tells what was agreed on, and warns where nobody was checked.
 */
void
gsock_tls_tell (const GsockTlsSession *session)
{
  const GsockTlsSnapshot *snapshot = session->snapshot;
  const char *version = gnutls.protocol_get_name (
      gnutls.protocol_get_version (session->session));
  const char *cipher = gnutls.ciphersuite_get (session->session);
  g_autofree char *spaced = NULL;

  /* "TLS1.3" is GnuTLS's; everybody else writes a space. */
  if (version != NULL && g_str_has_prefix (version, "TLS"))
    spaced = g_strconcat ("TLS ", version + 3, NULL);
  if (gsock_explaining ())
    gsock_call (GSOCK_CALL_TLS_HANDSHAKE, "DONE", 0, 0, NULL, "%d, %s, %s",
                session->under.fd, spaced, cipher);
  if (gsock_log_wants (GSOCK_EVENT_TLS))
    log_facts (session, spaced, cipher);
  if (snapshot->insecure && !snapshot->is_server)
    warn_insecure (session);
}

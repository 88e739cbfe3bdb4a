/* tls-session.c: GnuTLS over a carrier: what goes below it, and its errors
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include <glib/gi18n-lib.h>

#include "core/call.h"
#include "core/error.h"
#include "core/escape.h"
#include "core/tls-private.h"

/* A record's most, and its head. */
#define AHEAD_SIZE (16384 + 2048 + 5)

/* What a record begins with. */
#define CONTENT_ALERT 21
#define CONTENT_HANDSHAKE 22
#define MAJOR_VERSION 3

/* What the peer began with is no TLS, as far as it has come. */
static gboolean
is_plain (const GsockTlsSession *session)
{
  const guchar *first = (const guchar *) session->first;

  if (session->first_size == 0)
    return FALSE;
  if (first[0] != CONTENT_HANDSHAKE && first[0] != CONTENT_ALERT)
    return TRUE;
  return session->first_size > 1 && first[1] != MAJOR_VERSION;
}

static void
note_first (GsockTlsSession *session, const char *data, gsize size)
{
  gsize room = sizeof session->first - session->first_size;
  gsize n = MIN (size, room);

  memcpy (session->first + session->first_size, data, n);
  session->first_size += (guint) n;
}

/* Reads all that is there, not five bytes for a head and then the rest. */
static gssize
fill (GsockTlsSession *session)
{
  gssize n;
  int errnum;

  session->ahead = g_malloc (AHEAD_SIZE);
  n = session->under.klass->receive (&session->under, session->ahead,
                                     AHEAD_SIZE, &session->error);
  errnum = errno;
  if (n > 0 && session->first_size < sizeof session->first)
    note_first (session, session->ahead, (gsize) n);
  if (n > 0 && is_plain (session))
    {
      n = -1;
      errnum = EPROTO;
    }
  if (n > 0)
    {
      session->ahead_at = 0;
      session->ahead_size = (guint) n;
      return n;
    }
  g_clear_pointer (&session->ahead, g_free);
  errno = errnum;
  return n;
}

/* GnuTLS can say "again" where it has only been busy with its own affairs: that
 * the kernel has said so is noted here. */
static void
note_failure (GsockTlsSession *session, int errnum)
{
  if (session->error != NULL)
    errnum = EPROTO;
  if (errnum == EAGAIN || errnum == EWOULDBLOCK)
    session->is_blocked = TRUE;
  session->errnum = errnum;
  gnutls.transport_set_errno (session->session, errnum);
}

static ssize_t
pull_cb (gnutls_transport_ptr_t pointer, void *data, size_t size)
{
  GsockTlsSession *session = pointer;
  gsize n;

  if (session->ahead == NULL)
    {
      gssize got = fill (session);

      if (got < 0)
        note_failure (session, errno);
      if (got <= 0)
        return got;
    }
  n = MIN (size, session->ahead_size - session->ahead_at);
  memcpy (data, session->ahead + session->ahead_at, n);
  session->ahead_at += (guint) n;
  if (session->ahead_at == session->ahead_size)
    g_clear_pointer (&session->ahead, g_free);
  return (ssize_t) n;
}

/* GnuTLS asks before it reads where it could do without. */
static int
pull_timeout_cb (gnutls_transport_ptr_t pointer, unsigned int wait)
{
  GsockTlsSession *session = pointer;
  struct pollfd watched = { .fd = session->under.fd, .events = POLLIN };

  (void) wait; /* we never wait */
  return session->ahead != NULL ? 1 : poll (&watched, 1, 0);
}

static ssize_t
push_cb (gnutls_transport_ptr_t pointer, const void *data, size_t size)
{
  GsockTlsSession *session = pointer;
  gssize n = session->under.klass->send (&session->under, data, size,
                                         &session->error);

  if (n < 0)
    note_failure (session, errno);
  return n;
}

static gboolean
is_tcp (int fd)
{
  int family = AF_UNSPEC;
  socklen_t size = sizeof family;

  (void) getsockopt (fd, SOL_SOCKET, SO_DOMAIN, &family, &size);
  return family == AF_INET || family == AF_INET6;
}

static void
turn_on (int fd, int option, const char *name)
{
  const int on = 1;
  int errnum = setsockopt (fd, IPPROTO_TCP, option, &on, sizeof on) == 0
                   ? 0
                   : errno;

  if (gsock_explaining ())
    gsock_call (GSOCK_CALL_SETSOCKOPT, name, errnum == 0 ? 0 : -1, errnum, NULL,
                "%d, IPPROTO_TCP, %s, 1", fd, name);
}

/* A handshake is small messages to and fro: Nagle's wait for the answer to the
 * first before the second would be felt. */
static void
send_at_once (int fd)
{
  int is_on = 0;
  socklen_t size = sizeof is_on;

  if (!is_tcp (fd))
    return;
  (void) getsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &is_on, &size);
  if (!is_on)
    turn_on (fd, TCP_NODELAY, "TCP_NODELAY");
}

/**
 * gsock_tls_session_acknowledge:
 * @session: a server's, that has just shaken hands
 *
 * The client's last message of the handshake needs no answer, so the kernel
 * would wait for 40 ms before it acknowledges it; and a client with Nagle's
 * algorithm waits for that with its request.
 */
void
gsock_tls_session_acknowledge (GsockTlsSession *session)
{
  if (session->snapshot->is_server && is_tcp (session->under.fd))
    turn_on (session->under.fd, TCP_QUICKACK, "TCP_QUICKACK");
}

/* The host to ask for and to find in the certificate, without a scope; NULL:
 * anybody. */
const char *
gsock_tls_session_host (const GsockTlsSession *session)
{
  if (session->snapshot->server_name != NULL)
    return session->snapshot->server_name;
  return session->host;
}

static char *
host_of (const GsockEndpoint *remote)
{
  const char *host = remote != NULL ? gsock_endpoint_get_host (remote) : NULL;

  if (host == NULL)
    return NULL;
  /* A zone says where an address is, not whose; the last dot of a name is for
   * the resolver. */
  if (strchr (host, ':') != NULL)
    return g_strndup (host, strcspn (host, "%"));
  if (g_str_has_suffix (host, "."))
    return g_strndup (host, strlen (host) - 1);
  return g_strdup (host);
}

static int
ask_for_host (GsockTlsSession *session)
{
  const char *host = gsock_tls_session_host (session);

  if (host == NULL || g_hostname_is_ip_address (host))
    return 0;
  return gnutls.server_name_set (session->session, GNUTLS_NAME_DNS, host,
                                 strlen (host));
}

static int
offer_protocols (GsockTlsSession *session, const GsockTlsParty *party)
{
  const GsockTlsSnapshot *snapshot = session->snapshot;
  const char *const *alpn = snapshot->alpn != NULL
                                ? (const char *const *) snapshot->alpn
                                : party->alpn;
  g_autofree gnutls_datum_t *protocols = NULL;
  guint n = alpn != NULL ? g_strv_length ((char **) (guintptr) alpn) : 0;

  if (n == 0)
    return 0;
  protocols = g_new0 (gnutls_datum_t, n);
  for (guint i = 0; i < n; i++)
    {
      protocols[i].data = (guchar *) (guintptr) alpn[i];
      protocols[i].size = (guint) strlen (alpn[i]);
    }
  return gnutls.alpn_set_protocols (session->session, protocols, n,
                                    snapshot->is_server
                                        ? GNUTLS_ALPN_SERVER_PRECEDENCE
                                              | GNUTLS_ALPN_MANDATORY
                                        : 0);
}

static int
verify_cb (gnutls_session_t gnutls_session)
{
  GsockTlsSession *session = gnutls.session_get_ptr (gnutls_session);

  g_clear_error (&session->error);
  session->error = gsock_tls_verdict (session);
  return session->error == NULL ? 0 : GNUTLS_E_CERTIFICATE_ERROR;
}

static int
set_up (GsockTlsSession *session, const GsockTlsParty *party)
{
  const GsockTlsSnapshot *snapshot = session->snapshot;
  int result = gnutls.priority_set (session->session, snapshot->priority);

  if (result == 0)
    result = gnutls.credentials_set (session->session, GNUTLS_CRD_CERTIFICATE,
                                     snapshot->credentials);
  if (result == 0 && !snapshot->is_server)
    result = ask_for_host (session);
  if (result == 0)
    result = offer_protocols (session, party);
  if (snapshot->is_server && snapshot->trust != NULL)
    gnutls.certificate_server_set_request (session->session,
                                           GNUTLS_CERT_REQUIRE);
  gnutls.session_set_ptr (session->session, session);
  gnutls.session_set_verify_function (session->session, verify_cb);
  gnutls.transport_set_ptr (session->session, session);
  gnutls.transport_set_pull_function (session->session, pull_cb);
  gnutls.transport_set_pull_timeout_function (session->session,
                                              pull_timeout_cb);
  gnutls.transport_set_push_function (session->session, push_cb);
  return result;
}

/**
 * gsock_tls_session_new:
 * @snapshot: (transfer full): who we are and whom we trust
 * @under: (transfer full): what carries the records
 * @party: who is at the other end
 * @error: %GSOCK_ERROR_TLS
 *
 * Returns: (transfer full) (nullable): a session before its handshake
 */
GsockTlsSession *
gsock_tls_session_new (GsockTlsSnapshot *snapshot, GsockCarrier *under,
                       const GsockTlsParty *party, GError **error)
{
  GsockTlsSession *session = g_new0 (GsockTlsSession, 1);
  guint flags = snapshot->is_server ? GNUTLS_SERVER
                                    : GNUTLS_CLIENT | GNUTLS_FORCE_CLIENT_CERT;
  int result;

  session->snapshot = snapshot;
  session->under = gsock_carrier_steal (under);
  session->id = party->id;
  session->host = host_of (party->remote);
  if (party->remote != NULL)
    session->remote = gsock_endpoint_ref (
        (GsockEndpoint *) (guintptr) party->remote);
  if (party->peer != NULL)
    session->peer = *party->peer;
  else
    gsock_peer_init_from_fd (&session->peer, session->under.fd);
  result = gnutls.init (&session->session, flags | GNUTLS_NONBLOCK
                                               | GNUTLS_NO_SIGNAL
                                               | GNUTLS_NO_TICKETS);
  if (result == 0)
    result = set_up (session, party);
  if (result == 0)
    {
      send_at_once (session->under.fd);
      return session;
    }
  g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_TLS,
               _ ("GnuTLS can't be used here: %s"), gnutls.strerror (result));
  gsock_tls_session_free (session);
  return NULL;
}

/* Closes what is under it too. */
void
gsock_tls_session_free (GsockTlsSession *session)
{
  if (session->session != NULL)
    gnutls.deinit (session->session);
  gsock_carrier_close (&session->under);
  gsock_tls_snapshot_unref (session->snapshot);
  g_clear_pointer (&session->remote, gsock_endpoint_unref);
  g_clear_error (&session->error);
  g_free (session->host);
  g_free (session->ahead);
  g_free (session);
}

char *
gsock_tls_session_describe (const GsockTlsSession *session)
{
  return session->remote != NULL ? gsock_endpoint_to_display (session->remote)
                                 : gsock_peer_to_display (&session->peer);
}

/* May not go out, if the peer does not read; then it does not know. */
void
gsock_tls_session_alert (GsockTlsSession *session, int result)
{
  if (result == GNUTLS_E_CERTIFICATE_ERROR && session->alert != 0)
    (void) gnutls.alert_send (session->session, GNUTLS_AL_FATAL,
                              session->alert);
  else
    (void) gnutls.alert_send_appropriate (session->session, result);
}

/* Errors. */

/* "TLS 1.1" of the hello that came; NULL where none did. */
static const char *
offered_version (const GsockTlsSession *session)
{
  static const char *const names[] = { "SSL 3.0", "TLS 1.0", "TLS 1.1" };
  const guchar *first = (const guchar *) session->first;

  /* Record: type, version (2), size (2); message: type, size (3), version. */
  if (session->first_size < 11 || first[0] != CONTENT_HANDSHAKE
      || first[9] != MAJOR_VERSION || first[10] >= G_N_ELEMENTS (names))
    return NULL;
  return names[first[10]];
}

static GError *
new_plain_error (GsockTlsSession *session, const char *who)
{
  g_autofree char *first = gsock_escape (session->first, session->first_size);

  if (session->snapshot->is_server)
    return g_error_new (GSOCK_ERROR, GSOCK_ERROR_TLS,
                        /* TRANSLATORS: an address, what came from it. */
                        _ ("%s speaks plain text to a TLS port: it began with "
                           "\"%s\""),
                        who, first);
  return g_error_new (GSOCK_ERROR, GSOCK_ERROR_TLS,
                      /* TRANSLATORS: an address, what came from it. */
                      _ ("%s speaks no TLS but plain text: it began with "
                         "\"%s\"; without tls: before the address it can be "
                         "talked to"),
                      who, first);
}

static GError *
new_old_error (GsockTlsSession *session, const char *who)
{
  const char *version = offered_version (session);

  if (version != NULL)
    return g_error_new (GSOCK_ERROR, GSOCK_ERROR_TLS,
                        /* TRANSLATORS: an address, "TLS 1.1", "TLS 1.2". */
                        _ ("%s speaks %s at most, which is no longer safe; at "
                           "least %s is needed"),
                        who, version, "TLS 1.2");
  return g_error_new (GSOCK_ERROR, GSOCK_ERROR_TLS,
                      /* TRANSLATORS: an address, "TLS 1.2". */
                      _ ("%s speaks no TLS that is new enough; at least %s is "
                         "needed"),
                      who, "TLS 1.2");
}

static const char *
alert_name (GsockTlsSession *session, gnutls_alert_description_t *alert)
{
  const char *name;

  *alert = gnutls.alert_get (session->session);
  name = gnutls.alert_get_name (*alert);
  return name != NULL ? name : "?";
}

static GError *
new_alpn_error (const GsockTlsSession *session, const char *who)
{
  return g_error_new (GSOCK_ERROR, GSOCK_ERROR_TLS,
                      session->snapshot->alpn != NULL
                          ? _ ("%s speaks none of the protocols in --alpn")
                          : _ ("%s speaks none of the protocols that were "
                               "offered"),
                      who);
}

static GError *
new_certificate_alert_error (GsockTlsSession *session, const char *who,
                             const char *name)
{
  if (session->snapshot->is_server)
    return g_error_new (GSOCK_ERROR, GSOCK_ERROR_TLS,
                        /* TRANSLATORS: an address, an alert of TLS. */
                        _ ("%s does not trust our certificate (%s)"), who,
                        name);
  if (session->snapshot->shows)
    return g_error_new (GSOCK_ERROR, GSOCK_ERROR_TLS,
                        /* TRANSLATORS: an address, an alert of TLS. */
                        _ ("%s does not accept the certificate in --cert (%s)"),
                        who, name);
  return g_error_new (GSOCK_ERROR, GSOCK_ERROR_TLS,
                      /* TRANSLATORS: an address, an alert of TLS. */
                      _ ("%s wants a certificate of its clients (%s); give one "
                         "with --cert and --key"),
                      who, name);
}

static GError *
new_alert_error (GsockTlsSession *session, const char *who)
{
  gnutls_alert_description_t alert;
  const char *name = alert_name (session, &alert);

  switch ((int) alert)
    {
    case GNUTLS_A_PROTOCOL_VERSION:
      return new_old_error (session, who);
    case GNUTLS_A_BAD_CERTIFICATE:
    case GNUTLS_A_UNSUPPORTED_CERTIFICATE:
    case GNUTLS_A_CERTIFICATE_REVOKED:
    case GNUTLS_A_CERTIFICATE_EXPIRED:
    case GNUTLS_A_CERTIFICATE_UNKNOWN:
    case GNUTLS_A_UNKNOWN_CA:
    case GNUTLS_A_ACCESS_DENIED:
    case GNUTLS_A_CERTIFICATE_REQUIRED:
      return new_certificate_alert_error (session, who, name);
    case GNUTLS_A_NO_APPLICATION_PROTOCOL:
      return new_alpn_error (session, who);
    case GNUTLS_A_UNRECOGNIZED_NAME:
      return g_error_new (GSOCK_ERROR, GSOCK_ERROR_TLS,
                          /* TRANSLATORS: an address, a host's name. */
                          _ ("%s knows of no '%s'; another name can be given "
                             "with --server-name"),
                          who, gsock_tls_session_host (session));
    default:
      return g_error_new (GSOCK_ERROR, GSOCK_ERROR_TLS,
                          /* TRANSLATORS: an address, an alert of TLS, in
                           * English. */
                          _ ("%s ended the TLS conversation with the alert "
                             "\"%s\""),
                          who, name);
    }
}

static GError *
new_end_error (GsockTlsSession *session, const char *who)
{
  if (!session->established)
    return g_error_new (GSOCK_ERROR, GSOCK_ERROR_TLS,
                        _ ("%s closed the connection in the middle of the TLS "
                           "handshake"),
                        who);
  return g_error_new (
      GSOCK_ERROR, GSOCK_ERROR_CUT,
      g_dngettext (GETTEXT_PACKAGE,
                   /* TRANSLATORS: an address, a number of bytes.  close_notify
                    * is what TLS calls its end: keep it. */
                   "The stream from %s was cut: it ended without TLS "
                   "close_notify after %" PRIu64 " byte",
                   "The stream from %s was cut: it ended without TLS "
                   "close_notify after %" PRIu64 " bytes",
                   (gulong) session->received),
      who, session->received);
}

static GError *
new_transport_error (GsockTlsSession *session, const char *who)
{
  GError *error = NULL;

  if (session->error != NULL)
    return g_steal_pointer (&session->error);
  if (is_plain (session))
    return new_plain_error (session, who);
  gsock_set_error_errno (&error, GSOCK_ERROR_TLS, session->errnum,
                         _ ("The TLS handshake with %s failed"), who);
  return error;
}

/**
 * gsock_tls_session_error:
 * @session: a session
 * @result: what GnuTLS returned, fatal
 *
 * Returns: (transfer full): what it means, in one line
 */
GError *
gsock_tls_session_error (GsockTlsSession *session, int result)
{
  g_autofree char *who = gsock_tls_session_describe (session);

  if (result == GNUTLS_E_CERTIFICATE_ERROR && session->error != NULL)
    return g_steal_pointer (&session->error);
  if (!session->established && is_plain (session))
    return new_plain_error (session, who);
  switch (result)
    {
    case GNUTLS_E_PULL_ERROR:
    case GNUTLS_E_PUSH_ERROR:
      return new_transport_error (session, who);
    case GNUTLS_E_PREMATURE_TERMINATION:
      return new_end_error (session, who);
    case GNUTLS_E_FATAL_ALERT_RECEIVED:
    case GNUTLS_E_WARNING_ALERT_RECEIVED:
      return new_alert_error (session, who);
    case GNUTLS_E_UNSUPPORTED_VERSION_PACKET:
      return new_old_error (session, who);
    case GNUTLS_E_NO_CIPHER_SUITES:
    case GNUTLS_E_NO_COMMON_KEY_SHARE:
    case GNUTLS_E_INSUFFICIENT_CREDENTIALS:
      if (offered_version (session) != NULL)
        return new_old_error (session, who);
      return g_error_new (GSOCK_ERROR, GSOCK_ERROR_TLS,
                          _ ("%s and we have no cipher in common"), who);
    case GNUTLS_E_CERTIFICATE_REQUIRED:
    case GNUTLS_E_NO_CERTIFICATE_FOUND:
      return g_error_new (GSOCK_ERROR, GSOCK_ERROR_TLS,
                          _ ("%s shows no certificate, and --client-ca asks "
                             "for one"),
                          who);
    case GNUTLS_E_NO_APPLICATION_PROTOCOL:
      return new_alpn_error (session, who);
    default:
      return g_error_new (GSOCK_ERROR, GSOCK_ERROR_TLS,
                          /* TRANSLATORS: an address, GnuTLS's own words. */
                          _ ("The TLS conversation with %s failed: %s"), who,
                          gnutls.strerror (result));
    }
}

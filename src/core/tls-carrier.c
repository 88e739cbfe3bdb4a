/* tls-carrier.c: bytes over TLS, as the connection wants them
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What has arrived may be in GnuTLS or in what we have read ahead, where no
 * poller sees it.  Who holds a carrier reads until
 * it would block, and nothing is left anywhere then but the beginning of a
 * record. */

#include "config.h"

#include <errno.h>
#include <string.h>

#include "core/call.h"
#include "core/tls-private.h"

/* A peer may ask for another handshake; we refuse, but not for ever. */
#define RENEGOTIATIONS_MAX 3

static gssize
fail (GsockTlsSession *session, int result, GError **error)
{
  /* What went wrong below has words of the connection's own. */
  if ((result == GNUTLS_E_PULL_ERROR || result == GNUTLS_E_PUSH_ERROR)
      && session->error == NULL)
    {
      errno = session->errnum;
      return -1;
    }
  g_propagate_error (error, gsock_tls_session_error (session, result));
  return -1;
}

/* Not an error, and not data: whether to go on reading. */
static gboolean
goes_on (GsockTlsSession *session, int result)
{
  if (result == GNUTLS_E_INTERRUPTED)
    return TRUE;
  if (result == GNUTLS_E_AGAIN)
    return !session->is_blocked;
  if (result == GNUTLS_E_REHANDSHAKE)
    {
      if (++session->renegotiations > RENEGOTIATIONS_MAX)
        return FALSE;
      (void) gnutls.alert_send (session->session, GNUTLS_AL_WARNING,
                                GNUTLS_A_NO_RENEGOTIATION);
      return TRUE;
    }
  return result == GNUTLS_E_WARNING_ALERT_RECEIVED
         && ++session->renegotiations <= RENEGOTIATIONS_MAX;
}

static gssize
tls_receive (GsockCarrier *carrier, char *data, gsize size, GError **error)
{
  GsockTlsSession *session = carrier->object;
  gssize n;

  session->is_blocked = FALSE;
  do
    n = gnutls.record_recv (session->session, data, size);
  while (n < 0 && goes_on (session, (int) n));
  if (n >= 0)
    {
      session->received += (guint64) n;
      return n;
    }
  if (n == GNUTLS_E_AGAIN)
    {
      errno = EAGAIN;
      return -1;
    }
  return fail (session, (int) n, error);
}

/* One record.  After "again" GnuTLS has the bytes and asks for no others until
 * they are gone. */
static gssize
send_record (GsockTlsSession *session, const char *data, gsize size)
{
  gssize n;

  do
    n = gnutls.record_send (session->session, data, size);
  while (n == GNUTLS_E_INTERRUPTED);
  return n;
}

static gssize
tls_send (GsockCarrier *carrier, const char *data, gsize size, GError **error)
{
  GsockTlsSession *session = carrier->object;
  gsize done = 0;

  while (done < size)
    {
      gssize n = session->accepted > 0
                     ? (gssize) session->accepted
                     : send_record (session, data + done, size - done);

      if (n < 0 && n != GNUTLS_E_AGAIN)
        return done > 0 ? (gssize) done : fail (session, (int) n, error);
      if (n < 0)
        break;
      /* A record that had to wait is of the size it had then. */
      session->accepted = (gsize) n - MIN ((gsize) n, size - done);
      done += MIN ((gsize) n, size - done);
    }
  if (done > 0 || size == 0)
    return (gssize) done;
  errno = EAGAIN;
  return -1;
}

static int
tls_shut (GsockCarrier *carrier)
{
  GsockTlsSession *session = carrier->object;
  int result;

  do
    result = gnutls.bye (session->session, GNUTLS_SHUT_WR);
  while (result == GNUTLS_E_INTERRUPTED);
  if (result == GNUTLS_E_AGAIN)
    return EAGAIN;
  if (gsock_explaining ())
    gsock_call (GSOCK_CALL_TLS_BYE, "SHUT_WR", result, 0, NULL,
                "%d, GNUTLS_SHUT_WR", carrier->fd);
  if (result == 0)
    return 0;
  return result == GNUTLS_E_PUSH_ERROR ? session->errnum : EPIPE;
}

static void
tls_close (GsockCarrier *carrier)
{
  gsock_tls_session_free (carrier->object);
}

static const GsockCarrierClass tls_class = {
  .name = "tls",
  .receive = tls_receive,
  .send = tls_send,
  .says_goodbye = TRUE,
  .shut = tls_shut,
  .close = tls_close,
};

/* @session: (transfer full): after its handshake. */
GsockCarrier
gsock_tls_session_carrier (GsockTlsSession *session)
{
  session->established = TRUE;
  return (GsockCarrier) {
    .klass = &tls_class,
    .fd = session->under.fd,
    .local = session->under.local,
    .called = g_steal_pointer (&session->under.called),
    .is_check = session->under.is_check,
    .object = session,
    .has_ahead = TRUE,
  };
}

/**
 * gsock_tls_carrier_is:
 * @carrier: any
 *
 * Returns: whether TLS carries it
 */
gboolean
gsock_tls_carrier_is (const GsockCarrier *carrier)
{
  return carrier->klass == &tls_class;
}

/**
 * gsock_tls_carrier_dup_alpn:
 * @carrier: any
 *
 * Returns: (transfer full) (nullable): the protocol that was agreed on, "h2"
 */
char *
gsock_tls_carrier_dup_alpn (const GsockCarrier *carrier)
{
  const GsockTlsSession *session = carrier->object;
  gnutls_datum_t protocol;

  if (!gsock_tls_carrier_is (carrier)
      || gnutls.alpn_get_selected_protocol (session->session, &protocol) < 0)
    return NULL;
  return g_strndup ((const char *) protocol.data, protocol.size);
}

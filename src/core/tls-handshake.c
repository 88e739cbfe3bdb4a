/* tls-handshake.c: from a carrier to a TLS carrier, or to why not
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A handshake waits as a connection does, by a watch in its worker's poller:
 * one that stalls holds its memory until its time is over, and nobody else. */

#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/log.h"
#include "core/tls-private.h"
#include "core/units.h"

/* After an alert the peer has so long to close, and so much to say till then. */
#define FAREWELL_TIME (1 * G_TIME_SPAN_SECOND)
#define FAREWELL_MAX (64 * 1024)

/* Belongs to the thread of its worker. */
struct _GsockTlsHandshake
{
  GsockWatch watch; /* first: a watch is its handshake */
  GsockTimer timer;
  GsockWorker *worker;
  GsockTlsSession *session;
  GError *error; /* it has failed, which is to be told */
  GsockTimeLimit limit;
  GsockTlsFunc func;
  gpointer data;
  gsize heard; /* bytes, after it has failed */
  gboolean is_watched;
};

static void
handshake_free (GsockTlsHandshake *handshake)
{
  gsock_worker_disarm (handshake->worker, &handshake->timer);
  if (handshake->is_watched)
    gsock_poller_remove (handshake->worker->poller, &handshake->watch);
  g_clear_pointer (&handshake->session, gsock_tls_session_free);
  g_clear_error (&handshake->error);
  g_free (handshake);
}

/* @error: (transfer full) (nullable) */
static void
finish (GsockTlsHandshake *handshake, GError *error)
{
  GsockTlsFunc func = handshake->func;
  gpointer data = handshake->data;
  g_auto (GsockCarrier) carrier = { .fd = -1 };
  g_autoptr (GError) reason = error;

  if (handshake->is_watched)
    gsock_poller_remove (handshake->worker->poller, &handshake->watch);
  handshake->is_watched = FALSE;
  if (reason == NULL)
    {
      gsock_tls_session_acknowledge (handshake->session);
      gsock_tls_tell (handshake->session);
      carrier = gsock_tls_session_carrier (
          g_steal_pointer (&handshake->session));
    }
  handshake_free (handshake);
  func (&carrier, reason, data);
}

/* To close with something unread would be a reset, and could destroy the alert
 * that says why: so a server hears its client out, for a moment. */
static void
hear_out (GsockTlsHandshake *handshake)
{
  GsockCarrier *under = &handshake->session->under;
  g_autoptr (GError) error = NULL;
  char data[4096];
  gssize n = 0;

  while (handshake->heard < FAREWELL_MAX
         && (n = under->klass->receive (under, data, sizeof data, &error)) > 0)
    handshake->heard += (gsize) n;
  if (n < 0 && error == NULL && (errno == EAGAIN || errno == EWOULDBLOCK))
    gsock_poller_forget (handshake->worker->poller, &handshake->watch,
                         GSOCK_READY_IN);
  else
    finish (handshake, g_steal_pointer (&handshake->error));
}

static void
fail (GsockTlsHandshake *handshake, int result)
{
  GsockTlsSession *session = handshake->session;
  GError *error = gsock_tls_session_error (session, result);
  gboolean knows = result == GNUTLS_E_FATAL_ALERT_RECEIVED
                   || result == GNUTLS_E_PREMATURE_TERMINATION
                   || (result == GNUTLS_E_PULL_ERROR
                       && session->errnum != EPROTO)
                   || result == GNUTLS_E_PUSH_ERROR;

  if (!knows)
    gsock_tls_session_alert (session, result);
  if (knows || !session->snapshot->is_server)
    {
      finish (handshake, error);
      return;
    }
  handshake->error = error;
  (void) session->under.klass->shut (&session->under);
  gsock_worker_arm_in (handshake->worker, &handshake->timer, FAREWELL_TIME);
  gsock_poller_want (handshake->worker->poller, &handshake->watch,
                     GSOCK_READY_IN);
  gsock_poller_again (handshake->worker->poller, &handshake->watch);
}

static void
wait_more (GsockTlsHandshake *handshake)
{
  GsockPoller *poller = handshake->worker->poller;
  guint ready = gnutls.record_get_direction (handshake->session->session) == 0
                    ? GSOCK_READY_IN
                    : GSOCK_READY_OUT;

  gsock_poller_forget (poller, &handshake->watch, ready);
  gsock_poller_want (poller, &handshake->watch, ready);
}

static void
step_cb (GsockWatch *watch)
{
  GsockTlsHandshake *handshake = (GsockTlsHandshake *) watch;
  GsockTlsSession *session = handshake->session;
  int result;

  if (handshake->error != NULL)
    {
      hear_out (handshake);
      return;
    }
  session->is_blocked = FALSE;
  do
    result = gnutls.handshake (session->session);
  while (result < 0 && !session->is_blocked && !gnutls.error_is_fatal (result));
  if (result == 0)
    finish (handshake, NULL);
  else if (gnutls.error_is_fatal (result))
    fail (handshake, result);
  else
    wait_more (handshake);
}

static void
timer_cb (GsockTimer *timer)
{
  GsockTlsHandshake *handshake =
      (GsockTlsHandshake *) (gpointer) ((char *) timer
                                        - G_STRUCT_OFFSET (GsockTlsHandshake,
                                                           timer));
  g_autofree char *who = NULL, *time = NULL;

  if (handshake->error != NULL)
    {
      finish (handshake, g_steal_pointer (&handshake->error));
      return;
    }
  who = gsock_tls_session_describe (handshake->session);
  time = gsock_format_time (handshake->limit.given);
  finish (handshake,
          g_error_new (GSOCK_ERROR, GSOCK_ERROR_TIMED_OUT,
                       /* TRANSLATORS: an address, a time such as "10 s". */
                       _ ("%s did not finish the TLS handshake within %s"), who,
                       time));
}

static gboolean
start (GsockTlsHandshake *handshake, GsockTls *tls, GsockCarrier *carrier,
       const GsockTlsParty *party, GError **error)
{
  GsockWorker *worker = handshake->worker;

  if (tls == NULL)
    tls = gsock_tls_default_client (error);
  if (tls == NULL)
    return FALSE;
  handshake->session = gsock_tls_session_new (gsock_tls_take_snapshot (tls),
                                              carrier, party, error);
  if (handshake->session == NULL
      || !gsock_poller_add (worker->poller, &handshake->watch,
                            handshake->session->under.fd, step_cb, error))
    return FALSE;
  handshake->is_watched = TRUE;
  gsock_tls_watch_steps (handshake->session);
  gsock_poller_again (worker->poller, &handshake->watch);
  if (handshake->limit.given > 0)
    gsock_worker_arm_in (worker, &handshake->timer, handshake->limit.left);
  return TRUE;
}

/**
 * gsock_tls_handshake_start:
 * @tls: (nullable): who we are and whom we trust, as of now; NULL: a client
 *     without a certificate that trusts whom the system trusts
 * @carrier: (transfer full): connected; nothing may have been read ahead of it
 * @party: who is at the other end; copied
 * @worker: whose thread calls this, and in which @func is called
 * @func: told the outcome, once, never before this has returned
 * @data: for @func
 *
 * Shakes hands over @carrier: TLS 1.2 at least, and the peer has to be who it
 * should be.  Neither blocks nor takes a thread.
 *
 * Errors: %GSOCK_ERROR_TLS, or _TIMED_OUT; one line that names the peer.
 *
 * Returns: (transfer none): it frees itself when it has called @func
 */
GsockTlsHandshake *
gsock_tls_handshake_start (GsockTls *tls, GsockCarrier *carrier,
                           const GsockTlsParty *party, GsockWorker *worker,
                           GsockTlsFunc func, gpointer data)
{
  GsockTlsHandshake *handshake = g_new0 (GsockTlsHandshake, 1);

  handshake->worker = worker;
  handshake->timer.func = timer_cb;
  handshake->limit = party->limit;
  handshake->func = func;
  handshake->data = data;
  if (!start (handshake, tls, carrier, party, &handshake->error))
    {
      gsock_carrier_close (carrier);
      gsock_worker_arm_in (worker, &handshake->timer, 0);
    }
  return handshake;
}

/**
 * gsock_tls_handshake_cancel:
 * @handshake: (transfer full): one whose func has not been called
 */
void
gsock_tls_handshake_cancel (GsockTlsHandshake *handshake)
{
  handshake_free (handshake);
}

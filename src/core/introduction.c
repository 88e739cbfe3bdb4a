/* introduction.c: waits until a balancer has said for whom it has connected
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The header is looked at where it is, in the kernel's queue, until it is
 * whole, and then taken to its last byte: what follows belongs to whoever gets
 * the socket next, TLS or a child process that has nothing but the socket. */

#include "config.h"

#include "core/introduction.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <sys/socket.h>

#include "core/call.h"
#include "core/error.h"
#include "core/units.h"

struct _GsockIntroduction
{
  GsockWatch watch; /* first: a watch is its introduction */
  GsockTimer timer;
  GsockWorker *worker;
  GsockCarrier carrier;
  GError *error; /* it has failed before it began */
  GsockIntroducedFunc func;
  gpointer data;
};

static void
stop_watching (GsockIntroduction *introduction)
{
  gsock_worker_disarm (introduction->worker, &introduction->timer);
  if (introduction->watch.func != NULL)
    gsock_poller_remove (introduction->worker->poller, &introduction->watch);
  introduction->watch.func = NULL;
}

static void
introduction_free (GsockIntroduction *introduction)
{
  stop_watching (introduction);
  gsock_carrier_close (&introduction->carrier);
  g_clear_error (&introduction->error);
  g_free (introduction);
}

/* @error: (transfer full) (nullable) */
static void
finish (GsockIntroduction *introduction, const GsockProxyHeader *header,
        GError *error)
{
  GsockIntroducedFunc func = introduction->func;
  gpointer data = introduction->data;
  g_auto (GsockCarrier) carrier = { .fd = -1 };
  g_autoptr (GError) reason = error;

  stop_watching (introduction);
  if (reason == NULL)
    carrier = gsock_carrier_steal (&introduction->carrier);
  introduction_free (introduction);
  func (&carrier, reason == NULL ? header : NULL, reason, data);
}

static gssize
receive (int fd, char *data, gsize size, gboolean peek)
{
  gssize n;

  do
    n = recv (fd, data, size, peek ? MSG_PEEK : 0);
  while (n < 0 && errno == EINTR);
  if (gsock_explaining () && (n >= 0 || errno != EAGAIN))
    {
      int errnum = n < 0 ? errno : 0;

      if (peek)
        gsock_call (GSOCK_CALL_RECV, n == 0 ? "EOF" : "MSG_PEEK", n, errnum,
                    NULL, "%d, ..., %" G_GSIZE_FORMAT ", MSG_PEEK", fd, size);
      else
        gsock_call_io (GSOCK_CALL_RECV, fd, data, size, n, errnum);
      errno = errnum;
    }
  return n;
}

static GError *
new_cut_error (void)
{
  return g_error_new_literal (GSOCK_ERROR, GSOCK_ERROR_CUT,
                              /* TRANSLATORS: said of a peer, "it ...". */
                              _ ("ended before its PROXY header was whole"));
}

static GError *
new_read_error (int errnum)
{
  GError *error = NULL;

  gsock_set_error_errno (
      &error, errnum == ECONNRESET ? GSOCK_ERROR_RESET : GSOCK_ERROR_FAILED,
      errnum,
      /* TRANSLATORS: said of a peer, "it ...". */
      _ ("failed before its PROXY header was whole"));
  return error;
}

/* Just the header, which is there. */
static void
take (GsockIntroduction *introduction, const GsockProxyHeader *header,
      gsize size)
{
  char *scratch = introduction->worker->scratch;

  while (size > 0)
    {
      gssize n = receive (introduction->carrier.fd, scratch, size, FALSE);

      if (n <= 0)
        {
          finish (introduction, NULL,
                  n == 0 ? new_cut_error () : new_read_error (errno));
          return;
        }
      size -= (gsize) n;
    }
  finish (introduction, header, NULL);
}

static void
wait_more (GsockIntroduction *introduction)
{
  gsock_poller_forget (introduction->worker->poller, &introduction->watch,
                       GSOCK_READY_IN);
  gsock_poller_want (introduction->worker->poller, &introduction->watch,
                     GSOCK_READY_IN);
}

static void
look_cb (GsockWatch *watch)
{
  GsockIntroduction *introduction = (GsockIntroduction *) watch;
  /* Told before we look: what it has said is all there. */
  gboolean has_ended = (watch->ready & GSOCK_READY_HANGUP) != 0;
  gssize n = receive (introduction->carrier.fd, introduction->worker->scratch,
                      GSOCK_PROXY_HEADER_MAX, TRUE);
  GError *error = NULL;
  GsockProxyHeader header;
  GsockDecode result;
  gsize used;

  if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
    {
      wait_more (introduction);
      return;
    }
  if (n <= 0)
    {
      finish (introduction, NULL,
              n == 0 ? new_cut_error () : new_read_error (errno));
      return;
    }
  result = gsock_proxy_header_decode (introduction->worker->scratch, (gsize) n,
                                      &header, &used, &error);
  if (result == GSOCK_DECODE_FRAME)
    take (introduction, &header, used);
  else if (result == GSOCK_DECODE_BAD)
    finish (introduction, NULL, error);
  else if (has_ended)
    finish (introduction, NULL, new_cut_error ());
  else
    wait_more (introduction);
}

static void
timer_cb (GsockTimer *timer)
{
  GsockIntroduction *introduction =
      (GsockIntroduction *) (gpointer) ((char *) timer
                                        - G_STRUCT_OFFSET (GsockIntroduction,
                                                           timer));
  g_autofree char *time = NULL;

  if (introduction->error != NULL)
    {
      finish (introduction, NULL, g_steal_pointer (&introduction->error));
      return;
    }
  time = gsock_format_time (GSOCK_INTRODUCTION_TIMEOUT);
  finish (introduction, NULL,
          g_error_new (GSOCK_ERROR, GSOCK_ERROR_TIMED_OUT,
                       /* TRANSLATORS: said of a peer, "it ..."; a time such
                        * as "3 s". */
                       _ ("sent no whole PROXY header within %s"), time));
}

/**
 * gsock_introduction_start:
 * @carrier: (transfer full): a plain one, of which nothing was read
 * @worker: whose thread calls this, and in which @func is called
 * @func: told the outcome, once, never before this has returned
 * @data: for @func
 *
 * Waits for a PROXY header, but not longer than %GSOCK_INTRODUCTION_TIMEOUT.
 *
 * Returns: (transfer none): it frees itself when it has called @func
 */
GsockIntroduction *
gsock_introduction_start (GsockCarrier *carrier, GsockWorker *worker,
                          GsockIntroducedFunc func, gpointer data)
{
  GsockIntroduction *introduction = g_new0 (GsockIntroduction, 1);

  introduction->worker = worker;
  introduction->carrier = gsock_carrier_steal (carrier);
  introduction->timer.func = timer_cb;
  introduction->func = func;
  introduction->data = data;
  if (!gsock_poller_add (worker->poller, &introduction->watch,
                         introduction->carrier.fd, look_cb,
                         &introduction->error))
    {
      introduction->watch.func = NULL;
      gsock_worker_arm_in (worker, &introduction->timer, 0);
      return introduction;
    }
  gsock_poller_again (worker->poller, &introduction->watch);
  gsock_worker_arm_in (worker, &introduction->timer,
                       GSOCK_INTRODUCTION_TIMEOUT);
  return introduction;
}

/**
 * gsock_introduction_cancel:
 * @introduction: (transfer full): one whose func has not been called
 */
void
gsock_introduction_cancel (GsockIntroduction *introduction)
{
  introduction_free (introduction);
}

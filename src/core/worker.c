/* worker.c: a thread's context, its poller and its one timer
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/worker.h"

#include <glib/gi18n-lib.h>

#include "core/error.h"

typedef struct
{
  GSource source;
  GsockWorker *worker;
} TimerSource;

static void
clear (GsockWorker *worker)
{
  gsock_timers_clear (&worker->timers);
  g_main_context_unref (worker->context);
  gsock_pipes_clear (&worker->pipes);
  g_free (worker->scratch);
  g_free (worker->record);
  g_free (worker);
}

static gboolean
timers_dispatch (GSource *source, GSourceFunc func G_GNUC_UNUSED,
                 gpointer data G_GNUC_UNUSED)
{
  GsockWorker *worker = ((TimerSource *) source)->worker;

  worker->runs = TRUE;
  gsock_timers_run (&worker->timers, g_source_get_time (source));
  worker->runs = FALSE;
  if (g_source_is_destroyed (source))
    {
      clear (worker);
      return G_SOURCE_REMOVE;
    }
  g_source_set_ready_time (source, gsock_timers_next (&worker->timers));
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs timers_funcs = { .dispatch = timers_dispatch };

/**
 * gsock_worker_new:
 * @context: whose thread everything of the worker belongs to
 * @error: %GSOCK_ERROR_FAILED
 *
 * Returns: (transfer full): a worker with a poller and a timer in @context
 */
GsockWorker *
gsock_worker_new (GMainContext *context, GError **error)
{
  GsockPoller *poller = gsock_poller_new (error);
  GsockWorker *worker;

  if (poller == NULL)
    return NULL;
  worker = g_new0 (GsockWorker, 1);
  worker->context = g_main_context_ref (context);
  worker->poller = poller;
  gsock_poller_attach (poller, context);
  gsock_timers_init (&worker->timers);
  worker->timer_source = g_source_new (&timers_funcs, sizeof (TimerSource));
  ((TimerSource *) worker->timer_source)->worker = worker;
  g_source_set_static_name (worker->timer_source, "gsock-timers");
  g_source_attach (worker->timer_source, context);
  worker->scratch = g_malloc (GSOCK_SCRATCH_SIZE);
  return worker;
}

/**
 * gsock_worker_free:
 * @worker: (transfer full): a worker without watches and without timers; from a
 *     timer of its own too
 */
void
gsock_worker_free (GsockWorker *worker)
{
  gboolean runs = worker->runs;

  if (worker->has_queue)
    {
      gsock_poller_remove (worker->poller, &worker->queue_watch);
      gsock_queue_clear (&worker->queue);
    }
  gsock_poller_destroy (worker->poller);
  g_source_destroy (worker->timer_source);
  g_source_unref (worker->timer_source);
  if (!runs)
    clear (worker);
}

static void
queue_cb (GsockWatch *watch)
{
  GsockWorker *worker = (GsockWorker *) ((char *) watch
                                         - G_STRUCT_OFFSET (GsockWorker,
                                                            queue_watch));

  gsock_poller_forget (worker->poller, watch, GSOCK_READY_IN);
  gsock_queue_run (&worker->queue);
}

/**
 * gsock_worker_open_queue:
 * @worker: a worker that nobody posts to yet
 * @error: %GSOCK_ERROR_FAILED
 *
 * Returns: whether gsock_worker_post() may be called
 */
gboolean
gsock_worker_open_queue (GsockWorker *worker, GError **error)
{
  int errnum = gsock_queue_init (&worker->queue);

  if (errnum != 0)
    {
      gsock_set_error_errno (error, GSOCK_ERROR_FAILED, errnum,
                             _ ("Cannot make a queue between threads"));
      return FALSE;
    }
  if (!gsock_poller_add (worker->poller, &worker->queue_watch, worker->queue.fd,
                         queue_cb, error))
    {
      gsock_queue_clear (&worker->queue);
      return FALSE;
    }
  gsock_poller_want (worker->poller, &worker->queue_watch, GSOCK_READY_IN);
  worker->has_queue = TRUE;
  return TRUE;
}

/**
 * gsock_worker_post:
 * @worker: one with a queue
 * @item: (transfer full): run in its thread, after what this thread has posted
 *   before
 */
void
gsock_worker_post (GsockWorker *worker, GsockQueueItem *item)
{
  gsock_queue_push (&worker->queue, item);
}

/**
 * gsock_worker_run_queue:
 * @worker: a worker, in its thread or when that has ended
 *
 * Returns: whether there was anything in its queue
 */
gboolean
gsock_worker_run_queue (GsockWorker *worker)
{
  return worker->has_queue && gsock_queue_run (&worker->queue);
}

/**
 * gsock_worker_arm:
 * @worker: a worker
 * @timer: whose function is called at @due
 * @due: monotonic microseconds
 */
void
gsock_worker_arm (GsockWorker *worker, GsockTimer *timer, gint64 due)
{
  gint64 first = gsock_timers_next (&worker->timers);

  gsock_timers_arm (&worker->timers, timer, due);
  /* A first timer that was put off leaves an early wake-up behind, which does
   * nothing but set the next: cheaper than to set it at each arming. */
  if (first < 0 || due < first)
    g_source_set_ready_time (worker->timer_source, due);
}

/**
 * gsock_worker_arm_in:
 * @worker: a worker
 * @timer: whose function is called
 * @microseconds: from now
 */
void
gsock_worker_arm_in (GsockWorker *worker, GsockTimer *timer,
                     gint64 microseconds)
{
  gsock_worker_arm (worker, timer, g_get_monotonic_time () + microseconds);
}

/**
 * gsock_worker_disarm:
 * @worker: a worker
 * @timer: armed or not
 */
void
gsock_worker_disarm (GsockWorker *worker, GsockTimer *timer)
{
  gsock_timers_disarm (&worker->timers, timer);
}

/**
 * gsock_worker_now:
 * @worker: a worker
 *
 * Returns: monotonic microseconds, read once a round of the context
 */
gint64
gsock_worker_now (GsockWorker *worker G_GNUC_UNUSED)
{
  GSource *source = g_main_current_source ();

  return source != NULL ? g_source_get_time (source) : g_get_monotonic_time ();
}

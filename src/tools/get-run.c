/* get-run.c: many URLs fetched at once, each to its place
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Bodies that share standard output go there one after another, in the order
 * of their URLs: the first that isn't done has the turn, and the others read
 * ahead only as far as their connection's buffers go. */

#include "config.h"

#include "tools/get-run.h"

#include <errno.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/fd.h"
#include "core/log.h"
#include "tools/get-progress.h"
#include "tools/get-report.h"

/* Main thread. */
typedef struct
{
  const GsockGetRun *run;
  GMainContext *context;
  GsockWorker *worker;
  GsockHttp *http;
  GsockOutput *output;
  GPtrArray *fetches; /* of the jobs, in their order; NULL: not begun, over */
  guint next;         /* job to begin */
  guint turn;         /* job that may write to the output */
  GsockProgress *progress; /* or NULL */
  guint active;
  int status;
  gboolean stopped; /* nothing more can be written */
} Run;

GsockGetJob *
gsock_get_job_new (GsockUrl *url, const char *sha256)
{
  GsockGetJob *job = g_new0 (GsockGetJob, 1);

  job->url = gsock_url_ref (url);
  job->sha256 = g_strdup (sha256);
  return job;
}

void
gsock_get_job_free (GsockGetJob *job)
{
  gsock_url_unref (job->url);
  g_free (job->sha256);
  g_free (job->path);
  g_free (job);
}

/* What is lost weighs most; that a server had nothing to give, least. */
static guint
gravity (int status)
{
  static const int order[] = {
    GSOCK_EXIT_OK,     GSOCK_EXIT_REMOTE,  GSOCK_EXIT_TIMED_OUT,
    GSOCK_EXIT_NAME,   GSOCK_EXIT_CONNECT, GSOCK_EXIT_TLS,
    GSOCK_EXIT_DENIED, GSOCK_EXIT_USAGE,   GSOCK_EXIT_BROKEN,
    GSOCK_EXIT_OUTPUT,
  };

  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    if (order[i] == status)
      return i;
  return G_N_ELEMENTS (order);
}

static void
take_error (Run *run, const GError *error)
{
  int status = gsock_error_exit_status (error);

  gsock_log (GSOCK_EVENT_ERROR, .error = error);
  if (gravity (status) > gravity (run->status))
    run->status = status;
}

/* Turns */

static const GsockGetJob *
job_at (const Run *run, guint i)
{
  return run->run->jobs->pdata[i];
}

static gboolean
wants_turn (const Run *run, guint i)
{
  return job_at (run, i)->path == NULL;
}

static void
pass_turn (Run *run)
{
  while (run->turn < run->next
         && (!wants_turn (run, run->turn)
             || run->fetches->pdata[run->turn] == NULL))
    run->turn++;
  if (run->turn < run->next)
    gsock_fetch_give_turn (run->fetches->pdata[run->turn]);
}

static void
relieved_cb (gpointer data)
{
  Run *run = data;

  if (run->turn < run->next && run->fetches->pdata[run->turn] != NULL)
    gsock_fetch_relieve (run->fetches->pdata[run->turn]);
}

static void
stop (Run *run)
{
  run->stopped = TRUE;
  for (guint i = 0; i < run->next; i++)
    if (run->fetches->pdata[i] != NULL)
      {
        gsock_fetch_cancel (g_steal_pointer (&run->fetches->pdata[i]));
        run->active--;
      }
}

/* Told once: no other body could be written either. */
static void
failed_cb (const GError *error, gpointer data)
{
  Run *run = data;

  if (run->stopped)
    return;
  take_error (run, error);
  stop (run);
}

/* Jobs */

static guint
index_of (const Run *run, const GsockFetch *fetch)
{
  guint i = 0;

  while (run->fetches->pdata[i] != fetch)
    i++;
  return i;
}

/* Where bodies go to standard output, what is told of them can't. */
static void
tell (Run *run, const GString *text, gboolean is_result, const char *path)
{
  int fd = is_result && path != NULL ? STDOUT_FILENO : STDERR_FILENO;

  if (run->progress != NULL && fd == STDERR_FILENO)
    gsock_progress_erase (run->progress);
  if (!gsock_fd_write_all (fd, text->str, text->len) && fd == STDOUT_FILENO)
    {
      g_autoptr (GError) error = NULL;

      gsock_set_error_errno (&error, GSOCK_ERROR_OUTPUT, errno,
                             _ ("Cannot write to standard output"));
      take_error (run, error);
    }
}

static void
report (Run *run, const GsockFetch *fetch, const char *path,
        const GError *error)
{
  const GsockFetchReport *facts = gsock_fetch_get_report (fetch);
  g_autoptr (GString) text = g_string_new (NULL);

  if (run->run->json)
    {
      gsock_get_report_append_json (text, facts, path, error);
      tell (run, text, TRUE, path);
    }
  else if (run->run->timing)
    {
      gsock_get_report_append_timing (text, facts);
      tell (run, text, FALSE, path);
    }
  if (run->progress != NULL)
    gsock_progress_remove (run->progress, facts);
}

static void
done_cb (GsockFetch *fetch, const GError *error, gpointer data)
{
  Run *run = data;
  guint i = index_of (run, fetch);

  run->fetches->pdata[i] = NULL;
  run->active--;
  report (run, fetch, job_at (run, i)->path, error);
  /* A stdout that takes no more is told by itself, without a URL. */
  if (error != NULL && !gsock_output_has_failed (run->output))
    take_error (run, error);
}

static void
begin (Run *run, guint i)
{
  const GsockGetJob *job = job_at (run, i);
  GsockSink *sink = job->path != NULL
                        ? gsock_sink_new_file (job->path, &run->run->sink)
                        : gsock_sink_new_output (run->output);

  run->active++;
  run->fetches->pdata[i] = gsock_fetch_start (
      run->http, run->run->fetch, job->url, sink, job->sha256, done_cb, run);
  if (run->progress != NULL)
    gsock_progress_add (run->progress,
                        gsock_fetch_get_report (run->fetches->pdata[i]));
}

/* One that only waited for its turn is done as soon as it gets it, and makes
 * room for the next. */
static void
begin_more (Run *run)
{
  guint active;

  do
    {
      while (!run->stopped && run->active < run->run->at_once
             && run->next < run->run->jobs->len)
        begin (run, run->next++);
      active = run->active;
      if (!run->stopped)
        pass_turn (run);
    }
  while (run->active != active);
}

static void
finish (Run *run)
{
  g_autoptr (GError) error = NULL;

  if (!run->stopped && !gsock_output_drain (run->output, &error))
    take_error (run, error);
}

static void
loop (Run *run)
{
  for (begin_more (run); run->active > 0; begin_more (run))
    {
      guint before = run->active;

      while (run->active == before && !run->stopped)
        g_main_context_iteration (run->context, TRUE);
      if (run->stopped)
        break;
    }
}

int
gsock_get_run (const GsockGetRun *config, GError **error)
{
  static const GsockOutputNotify notify = { relieved_cb, failed_cb };
  Run run = { .run = config };

  /* One of our own: GLib wakes the default one by a call for each source that
   * is touched, for it may be polled without an owner. */
  run.context = g_main_context_new ();
  g_main_context_push_thread_default (run.context);
  run.worker = gsock_worker_new (run.context, error);
  if (run.worker != NULL)
    {
      run.http = gsock_http_new (&config->http, run.worker);
      run.output = gsock_output_new (STDOUT_FILENO, isatty (STDOUT_FILENO),
                                     &notify, &run, run.context);
      run.fetches = g_ptr_array_new ();
      g_ptr_array_set_size (run.fetches, (int) config->jobs->len);
      if (config->progress)
        run.progress = gsock_progress_new (config->jobs->len, run.context);
      loop (&run);
      g_clear_pointer (&run.progress, gsock_progress_free);
      finish (&run);
      g_ptr_array_unref (run.fetches);
      gsock_http_free (run.http);
      gsock_output_free (run.output);
      gsock_worker_free (run.worker);
    }
  g_main_context_pop_thread_default (run.context);
  g_main_context_unref (run.context);
  return run.status;
}

/* resolve-run.c: many names at once, printed in order
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A window moves over the names: so many are being asked about, and so many
 * answers wait for one before them.  Nothing grows with the number of names. */

#include "config.h"

#include "tools/resolve-run.h"

#include <string.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"
#include "core/log.h"
#include "core/output.h"
#include "core/units.h"
#include "core/worker.h"
#include "dns/words.h"
#include "tools/options.h"
#include "tools/picture.h"
#include "tools/resolve-dns.h"
#include "tools/resolve-names.h"
#include "tools/resolve-options.h"
#include "tools/resolve-progress.h"
#include "tools/resolve-result.h"

/* Names asked about at once, without --jobs: a thread each. */
#define SYSTEM_JOBS 64
/* The same of DNS: what a name server takes without dropping any. */
#define DNS_JOBS 256
#define TRACE_JOBS 16
/* For what DNS may add to the system's answer. */
#define MORE_TIME (1 * G_TIME_SPAN_SECOND)
/* Answers that may wait for an earlier one. */
#define AHEAD_MAX 2048
typedef struct _Run Run;

/* Who can be asked. */
enum
{
  SYSTEM,
  DNS,
  N_SOURCES,
};

/* One name, from its start to its printing. */
typedef struct
{
  Run *run;
  guint64 number;
  GsockResult result;
  gint64 since;
  GsockTimer deadline;
  GsockSystemLookup *lookup; /* NULL: no answer is waited for */
  GsockResolveAsk *dns;      /* the same of DNS */
  gboolean more;             /* the system has answered, DNS may add to it */
  GError *errors[N_SOURCES];
  gboolean said[N_SOURCES]; /* all that there is, if only that it's nothing */
  gboolean done;
} Job;

/* Main thread. */
struct _Run
{
  const GsockResolveOptions *options;
  gboolean json;
  GMainContext *context;
  GsockWorker *worker;
  GsockSystem *system;  /* NULL: not asked as yet */
  GsockResolveDns *dns; /* the same */
  gboolean no_more;     /* DNS can't be asked beside it */
  GsockOutput *output;
  GString *text; /* to be printed at the end of the round */
  gboolean printed;
  GsockResolveNames *names;
  GsockResolveProgress *progress; /* or NULL */
  guint jobs;                     /* at once */
  guint active;
  GsockResolveCount count;
  Job *window[AHEAD_MAX]; /* by number */
  int status;
  GError *error; /* what stops all of it */
};

static void fill (Run *run);

/* --- Printing ------------------------------------------------------------ */

static void
flush (Run *run)
{
  if (run->text->len == 0)
    return;
  gsock_output_bytes (run->output, run->text->str, run->text->len);
  g_string_truncate (run->text, 0);
}

static void
show (Run *run, Job *job)
{
  const GsockResult *result = &job->result;
  const GError *error = result->error;

  if (run->status == 0)
    run->status = gsock_error_exit_status (error);
  if (run->json)
    gsock_result_append_json (run->text, result);
  else
    {
      gsize before = run->text->len;

      gsock_result_append_text (run->text, result, run->options->brief);
      /* An empty line between blocks. */
      if (!run->options->brief && run->text->len > before && run->printed)
        g_string_insert_c (run->text, (gssize) before, '\n');
      run->printed |= run->text->len > before;
      if (error != NULL)
        {
          flush (run);
          gsock_log (GSOCK_EVENT_ERROR, .error = error);
        }
    }
  run->count.told++;
  if (error != NULL)
    run->count.unknown++;
}

static void
job_free (Job *job)
{
  gsock_result_clear (&job->result);
  for (int i = 0; i < N_SOURCES; i++)
    g_clear_error (&job->errors[i]);
  g_free (job);
}

/* In order: those of the window's beginning that are done. */
static void
show_ready (Run *run)
{
  for (;;)
    {
      Job **place = &run->window[run->count.told % AHEAD_MAX];
      Job *job = *place;

      if (job == NULL || !job->done)
        return;
      *place = NULL;
      show (run, job);
      job_free (job);
    }
}

static void
finish (Job *job)
{
  Run *run = job->run;

  gsock_worker_disarm (run->worker, &job->deadline);
  job->result.duration = g_get_monotonic_time () - job->since;
  job->done = TRUE;
  run->active--;
  if (run->options->unordered)
    {
      show (run, job);
      job_free (job);
    }
  else
    show_ready (run);
}

/* --- One name ------------------------------------------------------------ */

static gboolean
has_found (const GPtrArray *answers)
{
  for (guint i = 0; answers != NULL && i < answers->len; i++)
    if (((const GsockDnsAnswer *) g_ptr_array_index (answers, i))->verdict
        == GSOCK_DNS_FOUND)
      return TRUE;
  return FALSE;
}

/* NULL: none.  What one of two could not say is told first; that it has nothing
 * is no error where the other one has something. */
static GError **
choose_error (Job *job)
{
  for (int i = 0; i < N_SOURCES; i++)
    if (job->errors[i] != NULL && !job->said[i])
      return &job->errors[i];
  if (job->said[SYSTEM] && job->said[DNS]
      && (job->result.names != NULL || has_found (job->result.answers)))
    return NULL;
  return &job->errors[job->errors[SYSTEM] != NULL ? SYSTEM : DNS];
}

/* One of those that were asked has answered. */
static void
finish_part (Job *job)
{
  Run *run = job->run;
  g_autofree char *reverse = NULL;
  GError **error;

  if (job->lookup != NULL || job->dns != NULL)
    return;
  reverse = gsock_dns_reverse_name (job->result.host);
  job->result.compared = job->said[SYSTEM] && job->said[DNS] && reverse == NULL;
  error = choose_error (job);
  if (error != NULL && *error != NULL)
    job->result.error = g_steal_pointer (error);
  finish (job);
  fill (run);
}

static void
more_cb (GPtrArray *answers, const char *host G_GNUC_UNUSED,
         const GError *error G_GNUC_UNUSED, gpointer data)
{
  Job *job = data;

  job->dns = NULL;
  gsock_resolve_dns_take_more (&job->result, answers);
  g_clear_pointer (&answers, g_ptr_array_unref);
  finish_part (job);
}

/* A little time for what DNS can add to the system's answer; without ldns, or
 * a server, that answer is all. */
static void
start_more (Job *job)
{
  Run *run = job->run;
  gint64 due = g_get_monotonic_time () + MORE_TIME;

  if (job->result.error != NULL
      && gsock_error_exit_status (job->result.error) == GSOCK_EXIT_BROKEN)
    return;
  if (run->dns == NULL && !run->no_more)
    run->dns = gsock_resolve_dns_new (run->jobs, run->worker, NULL);
  run->no_more = run->dns == NULL;
  if (run->dns != NULL)
    job->dns = gsock_resolve_dns_start_more (run->dns, &job->result, more_cb,
                                             job);
  job->more = job->dns != NULL;
  if (job->more && (run->options->timeout == 0 || due < job->deadline.due))
    gsock_worker_arm (run->worker, &job->deadline, due);
}

static void
system_cb (GsockNames *names, const GError *error, gpointer data)
{
  Job *job = data;

  job->lookup = NULL;
  job->result.names = names;
  if (strcmp (job->result.source, "both") == 0)
    {
      job->errors[SYSTEM] = error != NULL ? g_error_copy (error) : NULL;
      job->said[SYSTEM] = error == NULL
                          || g_error_matches (error, GSOCK_ERROR,
                                              GSOCK_ERROR_NAME);
    }
  else
    {
      job->result.error = error != NULL ? g_error_copy (error) : NULL;
      start_more (job);
    }
  finish_part (job);
}

/* What the system says too: an address, a name of one, or that there is none. */
static gboolean
is_definite (const GsockDnsAnswer *answer)
{
  return answer->verdict == GSOCK_DNS_FOUND
         || answer->verdict == GSOCK_DNS_NO_NAME
         || answer->verdict == GSOCK_DNS_NO_DATA
         || answer->verdict == GSOCK_DNS_DANGLING;
}

/* Whether DNS was asked what the system is asked, and has said all of it.  Of a
 * service the addresses are those of its hosts. */
static gboolean
has_said_all (const GPtrArray *answers)
{
  gboolean given = gsock_resolve_options_get ()->type_count > 0;
  gboolean any = FALSE;

  for (guint i = 0; i < answers->len; i++)
    {
      const GsockDnsAnswer *answer = g_ptr_array_index (answers, i);

      if (gsock_dns_answer_has_failed (answer)
          || (answer->type == GSOCK_DNS_SRV && !given))
        return FALSE;
      if (answer->type != GSOCK_DNS_A && answer->type != GSOCK_DNS_AAAA
          && (answer->type != GSOCK_DNS_PTR || given))
        continue;
      if (!is_definite (answer))
        return FALSE;
      any = TRUE;
    }
  return any;
}

static void
dns_cb (GPtrArray *answers, const char *host, const GError *error,
        gpointer data)
{
  Job *job = data;

  job->dns = NULL;
  job->result.answers = answers;
  if (error != NULL)
    job->errors[DNS] = g_error_copy (error);
  else
    {
      gsock_dns_answer_set_error (gsock_dns_answers_get_main (answers), host,
                                  &job->errors[DNS]);
      job->said[DNS] = has_said_all (answers);
    }
  finish_part (job);
}

static void
stop (Job *job)
{
  g_clear_pointer (&job->lookup, gsock_system_cancel);
  g_clear_pointer (&job->dns, gsock_resolve_dns_cancel);
}

static void
deadline_cb (GsockTimer *timer)
{
  Job *job = (Job *) ((char *) timer - G_STRUCT_OFFSET (Job, deadline));
  Run *run = job->run;
  g_autofree char *name = gsock_escape_brief (job->result.asked);
  g_autofree char *limit = gsock_format_time (run->options->timeout);

  if (job->dns != NULL && !job->more)
    job->result.answers = gsock_resolve_dns_take (job->dns);
  stop (job);
  if (job->more)
    {
      finish_part (job);
      return;
    }
  g_clear_error (&job->result.error);
  g_set_error (&job->result.error, GSOCK_ERROR, GSOCK_ERROR_TIMED_OUT,
               /* TRANSLATORS: a name, a time: "5 s" */
               _ ("No answer about '%s' within %s"), name, limit);
  finish (job);
  fill (run);
}

/* As DNS has it; NULL with the error where it can't be a name. */
static char *
to_host (const char *asked, GError **error)
{
  gsize size = strlen (asked);
  g_autofree char *host = NULL;
  g_autofree char *shown = NULL;

  if (size > 0 && size < GSOCK_RESOLVE_LINE_MAX
      && g_utf8_validate (asked, -1, NULL))
    host = g_hostname_is_non_ascii (asked) ? g_hostname_to_ascii (asked)
                                           : g_strdup (asked);
  if (host != NULL)
    return g_steal_pointer (&host);
  shown = gsock_escape_brief (asked);
  g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_NAME,
               _ ("'%s' can't be a name: it is empty, too long or has letters "
                  "that no name has"),
               shown);
  return NULL;
}

/* What the library and the threads cost is paid when they are needed. */
static gboolean
start_dns (Job *job)
{
  Run *run = job->run;

  if (run->dns == NULL)
    run->dns = gsock_resolve_dns_new (run->jobs, run->worker, &run->error);
  if (run->dns == NULL)
    return FALSE;
  job->dns = gsock_resolve_dns_start (run->dns, job->result.host, dns_cb, job,
                                      &job->result.error);
  return job->dns != NULL;
}

static gboolean
start_system (Job *job)
{
  Run *run = job->run;

  if (run->system == NULL)
    run->system = gsock_system_new (run->jobs, run->worker->context);
  job->lookup = gsock_system_start (run->system, job->result.host,
                                    gsock_resolve_options_family (), system_cb,
                                    job);
  return TRUE;
}

/* FALSE: nobody could be asked. */
static gboolean
start_sources (Job *job)
{
  switch (gsock_resolve_options_source (job->result.host))
    {
    case GSOCK_SOURCE_DNS:
      job->result.source = "dns";
      return start_dns (job);
    case GSOCK_SOURCE_BOTH:
      job->result.source = "both";
      return start_dns (job) && start_system (job);
    case GSOCK_SOURCE_DEFAULT:
    case GSOCK_SOURCE_SYSTEM:
      return start_system (job);
    }
  g_return_val_if_reached (FALSE);
}

/* Nobody can be asked about any name, so nothing is told of this one. */
static void
drop (Job *job)
{
  Run *run = job->run;

  gsock_worker_disarm (run->worker, &job->deadline);
  if (!run->options->unordered)
    run->window[job->number % AHEAD_MAX] = NULL;
  run->active--;
  job_free (job);
}

static void
start (Run *run, const char *asked)
{
  Job *job = g_new0 (Job, 1);

  job->run = run;
  job->number = run->count.started++;
  job->since = g_get_monotonic_time ();
  job->result.asked = g_strdup (asked);
  job->result.source = "system";
  job->deadline.func = deadline_cb;
  run->active++;
  if (!run->options->unordered)
    run->window[job->number % AHEAD_MAX] = job;
  job->result.host = to_host (asked, &job->result.error);
  if (job->result.host == NULL)
    {
      finish (job);
      return;
    }
  if (run->options->timeout > 0)
    gsock_worker_arm_in (run->worker, &job->deadline, run->options->timeout);
  if (start_sources (job))
    return;
  if (run->error == NULL)
    finish (job);
  else
    drop (job);
}

/* --- The names ----------------------------------------------------------- */

static gboolean
has_room (const Run *run)
{
  return run->error == NULL && run->active < run->jobs
         && run->count.started - run->count.told < AHEAD_MAX
         && !gsock_output_is_full (run->output);
}

/* Starts what there is room for. */
static void
fill (Run *run)
{
  const char *name;

  while (has_room (run)
         && (name = gsock_resolve_names_next (run->names)) != NULL)
    start (run, name);
}

/* --- All of it ----------------------------------------------------------- */

static void
relieved_cb (gpointer data)
{
  fill (data);
}

static void
names_cb (gpointer data)
{
  Run *run = data;
  const GError *error = gsock_resolve_names_get_error (run->names);

  if (error != NULL && run->error == NULL)
    run->error = g_error_copy (error);
  fill (run);
}

static void
failed_cb (const GError *error, gpointer data)
{
  Run *run = data;

  if (run->error == NULL)
    run->error = g_error_copy (error);
}

static gboolean
is_over (const Run *run)
{
  return run->error != NULL
         || (run->active == 0 && gsock_resolve_names_are_over (run->names));
}

static void
clear (Run *run)
{
  for (gsize i = 0; i < AHEAD_MAX; i++)
    if (run->window[i] != NULL)
      {
        gsock_worker_disarm (run->worker, &run->window[i]->deadline);
        stop (run->window[i]);
        job_free (run->window[i]);
      }
  g_clear_pointer (&run->progress, gsock_resolve_progress_free);
  g_clear_pointer (&run->names, gsock_resolve_names_free);
  g_clear_pointer (&run->output, gsock_output_free);
  g_clear_pointer (&run->system, gsock_system_free);
  g_clear_pointer (&run->dns, gsock_resolve_dns_free);
  g_string_free (run->text, TRUE);
  g_clear_pointer (&run->worker, gsock_worker_free);
  g_main_context_unref (run->context);
  g_free (run);
}

static guint
count_jobs (const Run *run, guint words)
{
  guint jobs = gsock_resolve_options_source ("") == GSOCK_SOURCE_DNS
                   ? DNS_JOBS
                   : SYSTEM_JOBS;

  if (run->options->jobs > 0)
    return (guint) run->options->jobs;
  /* Each has a socket for every server on its way. */
  if (run->options->trace)
    jobs = TRACE_JOBS;
  return run->options->input != NULL ? jobs : MIN (jobs, MAX (words, 1));
}

/* Of many names, on a terminal, unless the answers go there too. */
static gboolean
shows_progress (const Run *run)
{
  const GsockCommonOptions *common = gsock_options_get ();

  return run->options->input != NULL && common->verbosity == 0
         && !common->explain && gsock_picture_has_terminal ();
}

static gboolean
set_up (Run *run, char **words, GError **error)
{
  static const GsockOutputNotify notify = { relieved_cb, failed_cb };
  GMainContext *context;

  run->options = gsock_resolve_options_get ();
  run->json = gsock_options_get ()->json;
  run->text = g_string_new (NULL);
  run->jobs = count_jobs (run, g_strv_length (words));
  /* One of our own: GLib wakes the default one by a call for each source that
   * is touched, for it may be polled without an owner. */
  context = run->context = g_main_context_new ();
  run->worker = gsock_worker_new (context, error);
  if (run->worker == NULL)
    return FALSE;
  run->output = gsock_output_new (STDOUT_FILENO, FALSE, &notify, run, context);
  run->names = gsock_resolve_names_new (words, run->options->input, context,
                                        names_cb, run, error);
  if (run->names == NULL)
    return FALSE;
  if (shows_progress (run))
    run->progress = gsock_resolve_progress_new (run->names, &run->count,
                                                context);
  return TRUE;
}

/**
 * gsock_resolve_run:
 * @words: the names of the command line
 * @error: what stopped all of it
 *
 * Returns: the exit status
 */
int
gsock_resolve_run (char **words, GError **error)
{
  Run *run = g_new0 (Run, 1);
  int status = 0;

  if (set_up (run, words, error))
    {
      fill (run);
      while (flush (run), !is_over (run))
        g_main_context_iteration (run->context, TRUE);
      if (run->error == NULL)
        gsock_output_drain (run->output, &run->error);
      status = run->status;
      if (run->error != NULL)
        g_propagate_error (error, g_steal_pointer (&run->error));
    }
  clear (run);
  return status;
}

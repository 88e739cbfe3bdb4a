/* gsock-get.c: fetches what URLs stand for: to standard output, or to files
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/log.h"
#include "dns/resolver.h"
#include "http/filename.h"
#include "http/netrc.h"
#include "tools/dns-server.h"
#include "tools/get-confine.h"
#include "tools/get-input.h"
#include "tools/get-options.h"
#include "tools/get-password.h"
#include "tools/get-proxy.h"
#include "tools/get-run.h"
#include "tools/options.h"
#include "tools/picture.h"
#include "tools/tls-options.h"
#include "tools/tool.h"

/* Where @job's body goes. */
static gboolean
choose_path (GsockGetJob *job, GError **error)
{
  const GsockGetOptions *options = gsock_get_options_get ();
  g_autofree char *path = NULL;

  if (options->output != NULL && strcmp (options->output, "-") != 0)
    job->path = g_strdup (options->output);
  if (!options->remote_name)
    return TRUE;
  path = g_strndup (job->url->target, strcspn (job->url->target, "?"));
  job->path = gsock_filename_from_path (path, error);
  if (job->path == NULL)
    g_prefix_error (error, "%s: ", job->url->text);
  return job->path != NULL;
}

static gboolean
add_job (GPtrArray *jobs, const char *text, const char *sha256, GError **error)
{
  g_autoptr (GsockUrl) url = gsock_url_parse (text, error);
  g_autoptr (GsockGetJob) job = NULL;

  if (url == NULL)
    return FALSE;
  job = gsock_get_job_new (url, sha256);
  if (!choose_path (job, error))
    return FALSE;
  g_ptr_array_add (jobs, g_steal_pointer (&job));
  return TRUE;
}

static gboolean
input_cb (const char *url, const char *sha256, gpointer data, GError **error)
{
  return add_job (data, url, sha256, error);
}

static GPtrArray *
new_jobs (char **words, GError **error)
{
  const GsockGetOptions *options = gsock_get_options_get ();
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func (
      (GDestroyNotify) gsock_get_job_free);

  for (gsize i = 0; words[i] != NULL; i++)
    if (!add_job (jobs, words[i], options->sha256, error))
      return NULL;
  if (options->input != NULL
      && !gsock_get_input_read (options->input, input_cb, jobs, error))
    return NULL;
  return g_steal_pointer (&jobs);
}

static gboolean
read_netrc (GsockSession *session, GError **error)
{
  g_autofree char *path = g_build_filename (g_get_home_dir (), ".netrc", NULL);
  g_autofree char *text = gsock_netrc_read (path, error);

  if (text == NULL)
    return FALSE;
  gsock_session_set_netrc (session, text);
  return TRUE;
}

/* -u NAME[:PASSWORD] */
static gboolean
take_user (GsockSession *session, GError **error)
{
  const GsockGetOptions *options = gsock_get_options_get ();
  const char *colon = strchr (options->user, ':');
  const char *secret = g_getenv ("GSOCK_PASSWORD");
  g_autofree char *name = g_strndup (
      options->user,
      colon != NULL ? (gsize) (colon - options->user) : strlen (options->user));
  g_autofree char *password = NULL;

  if (colon != NULL)
    password = g_strdup (colon + 1);
  else if (secret != NULL)
    password = g_strdup (secret);
  else if (!options->netrc)
    {
      password = gsock_get_password_ask (name, error);
      if (password == NULL)
        return FALSE;
    }
  gsock_session_set_user (session, name, password);
  return TRUE;
}

static gboolean
fill_session (GsockSession *session, GError **error)
{
  const GsockGetOptions *options = gsock_get_options_get ();

  return (!options->netrc || read_netrc (session, error))
         && (options->user == NULL || take_user (session, error))
         && (options->cookies == NULL
             || gsock_session_load_cookies (session, options->cookies, error))
         && (options->hsts == NULL
             || gsock_session_load_hsts (session, options->hsts,
                                         gsock_tls_options_are_insecure (),
                                         error));
}

/* On a terminal, unless bodies go there too. */
static gboolean
shows_progress (const GPtrArray *jobs)
{
  const GsockGetOptions *options = gsock_get_options_get ();
  const GsockCommonOptions *common = gsock_options_get ();
  const GsockGetJob *first = jobs->len > 0 ? jobs->pdata[0] : NULL;

  if (options->no_progress || common->json || common->verbosity != 0
      || common->explain || !isatty (STDERR_FILENO))
    return FALSE;
  return options->progress || (first != NULL && first->path != NULL)
         || gsock_picture_has_terminal ();
}

/* A redirect may lead to https from anywhere, so they are always of use. */
static gboolean
fill_dial (GsockDialOptions *dial, GError **error)
{
  g_autoptr (GsockEndpoint) any = gsock_endpoint_parse (
      "tls:localhost:443", GSOCK_ENDPOINT_FOR_CLIENT, error);

  gsock_options_fill_dial (dial);
  return any != NULL && gsock_tls_options_fill_dial (dial, any, error);
}

static int
run (char **words, G_GNUC_UNUSED char **rest, GError **error)
{
  const GsockGetOptions *options = gsock_get_options_get ();
  g_autoptr (GPtrArray) jobs = NULL;
  g_autoptr (GsockSession) session = gsock_session_new ();
  g_autoptr (GsockProxies) proxies = NULL;
  g_autoptr (GError) failure = NULL;
  int status;
  GsockFetchOptions fetch;
  GsockGetRun config = { .fetch = &fetch };

  if (!gsock_get_options_check (g_strv_length (words), error)
      || !gsock_options_begin_dns_server (
          GSOCK_DNS_FACE (gsock_dns_default_resolver), error))
    return 0;
  jobs = new_jobs (words, error);
  if (jobs == NULL || !fill_session (session, error))
    return 0;
  proxies = gsock_get_proxies_new (options->connect != NULL, error);
  if (proxies == NULL)
    return 0;
  fetch = options->fetch;
  fetch.session = session;
  config.json = gsock_options_get ()->json;
  config.timing = options->timing;
  config.progress = shows_progress (jobs);
  config.jobs = jobs;
  config.at_once = (guint) options->jobs;
  config.sink.resume = options->resume;
  config.sink.keep_old = options->remote_name;
  config.http.connect = options->connect;
  config.http.proxies = proxies;
  config.http.rate = options->rate;
  config.http.version = options->version;
  config.http.fresh = options->fetch.simple;
  if (!fill_dial (&config.http.dial, error))
    return 0;
  gsock_get_confine (jobs);
  status = gsock_get_run (&config, error);
  gsock_options_end_dns_server ();
  /* What was fetched is told first; a file of cookies weighs less. */
  if (*error == NULL && !gsock_session_save (session, &failure))
    {
      gsock_log (GSOCK_EVENT_ERROR, .error = failure);
      status = status != 0 ? status : GSOCK_EXIT_OUTPUT;
    }
  return status;
}

static const char *const usage[] = { N_ ("[OPTION]... URL..."), NULL };

static const GsockExample examples[] = {
  { "-i http://localhost/", N_ ("the headers and the body") },
  { "-O -c http://h/f.iso", N_ ("to f.iso, from where it was cut") },
  { "-j 8 --input=urls -O", N_ ("many, eight at once") },
  { NULL, NULL },
};

static const GsockTool tool = {
  .name = "gsock-get",
  .summary = N_ ("Fetches each URL by HTTP: the body goes to standard output, "
                 "or to a file that appears when it is whole."),
  .usage = usage,
  .groups = gsock_get_option_groups,
  .examples = examples,
  .run = run,
};

int
main (int argc, char **argv)
{
  return gsock_tool_main (&tool, argc, argv);
}

/* get-confine.c: gsock-get writes where its output goes, and nowhere else
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tools/get-confine.h"

#include <sys/stat.h>
#include <unistd.h>

#include "core/confine.h"
#include "tools/get-options.h"
#include "tools/get-run.h"

/* A file is made anew beside what is there; a device is written to. */
static void
allow_output (GsockConfine *confine, const char *path)
{
  struct stat status;

  if (lstat (path, &status) == 0
      && (S_ISCHR (status.st_mode) || S_ISFIFO (status.st_mode)))
    gsock_confine_allow (confine, path, GSOCK_CONFINE_WRITE);
  else
    gsock_confine_allow_around (confine, path, GSOCK_CONFINE_FILES);
}

/**
 * gsock_get_confine:
 * @jobs: (element-type GsockGetJob): all there will ever be
 *
 * Files can be read as before: names, certificates and libraries come from
 * wherever the system keeps them.
 */
void
gsock_get_confine (const GPtrArray *jobs)
{
  const GsockGetOptions *options = gsock_get_options_get ();
  g_autoptr (GsockConfine)
      confine = gsock_confine_new (GSOCK_CONFINE_WRITES, FALSE);
  const char *last = NULL;

  for (guint i = 0; i < jobs->len; i++)
    {
      const GsockGetJob *job = g_ptr_array_index (jobs, i);

      /* The names of -O stand in one directory, however many there are. */
      if (job->path != NULL && (last == NULL || !options->remote_name))
        allow_output (confine, job->path);
      last = job->path;
    }
  if (options->cookies != NULL)
    gsock_confine_allow_around (confine, options->cookies, GSOCK_CONFINE_FILES);
  if (options->hsts != NULL)
    gsock_confine_allow_around (confine, options->hsts, GSOCK_CONFINE_FILES);
  gsock_confine_allow (confine, "/dev/null", GSOCK_CONFINE_WRITE);
  gsock_confine_allow (confine, "/dev/tty", GSOCK_CONFINE_WRITE);
  gsock_confine_allow_fd (confine, STDOUT_FILENO, GSOCK_CONFINE_WRITE);
  gsock_confine_allow_fd (confine, STDERR_FILENO, GSOCK_CONFINE_WRITE);
  (void) gsock_confine_apply (confine);
}

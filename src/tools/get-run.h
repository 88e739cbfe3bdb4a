/* get-run.h: many URLs fetched at once, each to its place
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "http/fetch.h"

G_BEGIN_DECLS

typedef struct
{
  GsockUrl *url;
  char *sha256; /* expected; or NULL */
  char *path;   /* or NULL: standard output */
} GsockGetJob;

typedef struct
{
  GPtrArray *jobs; /* (element-type GsockGetJob) */
  GsockHttpConfig http;
  const GsockFetchOptions *fetch;
  GsockSinkOptions sink;
  guint at_once;
  gboolean json, timing, progress;
} GsockGetRun;

GsockGetJob *gsock_get_job_new (GsockUrl *url, const char *sha256);
void gsock_get_job_free (GsockGetJob *job);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GsockGetJob, gsock_get_job_free)

/* Fetches all of them, tells each error as it happens, and returns the gravest
 * one's exit status.  @error only where nothing could be begun. */
int gsock_get_run (const GsockGetRun *run, GError **error);

G_END_DECLS

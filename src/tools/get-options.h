/* get-options.h: what gsock-get's command line can say, checked
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "http/fetch.h"
#include "tools/tool.h"

G_BEGIN_DECLS

/* Filled in once, by the main thread. */
typedef struct
{
  GsockFetchOptions fetch;
  char *output;           /* -o; "-": stdout; or NULL */
  char *input;            /* --input; or NULL */
  char *sha256;           /* or NULL */
  char *user;             /* -u: NAME[:PASSWORD]; or NULL */
  GsockEndpoint *connect; /* --unix, --connect; or NULL */
  guint64 jobs;
  guint64 rate;
  GsockHttpVersion version;
  gboolean remote_name; /* -O */
  gboolean resume;      /* -c */
  gboolean netrc;
  char *cookies; /* a file, or NULL */
  char *hsts;    /* a file, or NULL */
  gboolean timing;
  gboolean progress, no_progress;
} GsockGetOptions;

/* In --help's order, the shared ones among them; NULL ends. */
extern const GsockOptionGroup *const gsock_get_option_groups[];

const GsockGetOptions *gsock_get_options_get (void);
/* GSOCK_ERROR_USAGE where options exclude each other; fills in what they leave
 * open. */
gboolean gsock_get_options_check (gsize urls, GError **error);

G_END_DECLS

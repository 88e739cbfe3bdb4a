/* resolv-conf.h: what /etc/resolv.conf says
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* On its caller's stack. */
typedef struct
{
  GPtrArray *servers; /* (element-type utf8) numbers; 127.0.0.1 if none */
  GPtrArray *search;  /* (element-type utf8) */
  guint ndots;
  guint timeout; /* seconds */
  guint attempts;
} GsockResolvConf;

void gsock_resolv_conf_clear (GsockResolvConf *conf);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GsockResolvConf, gsock_resolv_conf_clear)

/* Pure; @text may hold anything. */
void gsock_resolv_conf_parse (GsockResolvConf *conf, const char *text);
/* Of the file; one that isn't there is as an empty one. */
void gsock_resolv_conf_read (GsockResolvConf *conf);

/* @host with each ending of the search list that makes a name of it, in the
 * order in which they are to be tried; at least one. */
GPtrArray *gsock_resolv_conf_candidates (const GsockResolvConf *conf,
                                         const char *host);

G_END_DECLS

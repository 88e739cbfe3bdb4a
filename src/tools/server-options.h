/* server-options.h: what gsock-server's command line can say, checked
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/privilege.h"
#include "core/server.h"
#include "handlers/forward.h"
#include "tools/tool.h"

G_BEGIN_DECLS

/* Filled in once, by the main thread. */
typedef struct
{
  gboolean once;
  gboolean tag;
  char *stop_word;         /* NULL: not said; "": none */
  char **command;          /* for each client; or NULL */
  GBytes *greeting;        /* of --greet, else NULL */
  GsockEndpoint *upstream; /* of --forward, else NULL */
  GBytes *banner;          /* or NULL */
  GsockAcl *acl;           /* or NULL: everybody */
  GsockAcl *balancers;     /* or NULL: none */
  guint64 max_connections; /* 0: what the descriptors allow */
  guint64 max_per_host;    /* 0: no limit */
  guint workers;           /* threads; 0, 1: the main one serves */
  gint64 accept_timeout;   /* µs; 0: none */
  gint64 exit_idle_time;   /* µs; 0: never */
  gint64 grace;            /* µs */
  GsockSocketFileRights rights;
  guint64 ready_fd; /* 0: none */
  gboolean becomes; /* --user was given */
  GsockUser user;
  char *client_ca; /* or NULL */
} GsockServerOptions;

/* In --help's order, the shared ones among them; NULL ends. */
extern const GsockOptionGroup *const gsock_server_option_groups[];

const GsockServerOptions *gsock_server_options_get (void);
/* The mode that was asked for; GSOCK_ERROR_USAGE where options that exclude
 * each other were given. */
const GsockHandler *gsock_server_options_get_handler (GError **error);
/* First of all: @words is what follows "--", or NULL.  GSOCK_ERROR_USAGE. */
gboolean gsock_server_options_take_command (char **words, GError **error);
/* Whether only users that --allow names get in on a UNIX socket. */
gboolean gsock_server_options_names_users (void);
/* (element-type GsockEndpoint): empty if there are inherited sockets to serve
 * instead; GSOCK_ERROR_USAGE. */
GPtrArray *gsock_server_options_get_endpoints (char **words, GError **error);
gboolean gsock_server_options_fill (GsockServerConfig *config,
                                    const GsockHandler *handler,
                                    GPtrArray *endpoints, GError **error);

G_END_DECLS

/* options.h: the options that tools share, and what they become in core
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/connection.h"
#include "core/dial.h"
#include "core/listener.h"
#include "tools/tool.h"

G_BEGIN_DECLS

typedef enum
{
  GSOCK_COLOR_AUTO,
  GSOCK_COLOR_ALWAYS,
  GSOCK_COLOR_NEVER,
} GsockColor;

/* What the command line said; filled in once, by the main thread. */
typedef struct
{
  gboolean ipv4;
  gboolean ipv6;
  gint64 timeout;      /* µs */
  gint64 idle_timeout; /* µs; 0: none */
  guint64 rate;        /* bytes a second; 0: no limit */
  char *frame;         /* NULL: the mode's own */
  gboolean crlf;
  guint64 max_message; /* bytes */
  GPtrArray *sockopts; /* (element-type GsockSockopt), or NULL */
  int verbosity;       /* -1: --quiet */
  gboolean json;
  gboolean explain;
  gboolean stats;
  gboolean hexdump;
  char *record; /* a path, or NULL */
  GsockColor color;
  gboolean help;
  gboolean help_all;
  gboolean version;
} GsockCommonOptions;

/* Groups, each to stand in a tool's table under a title of the tool's. */
extern const GsockOptionGroup gsock_options_frame;   /* -f -C --max-message */
extern const GsockOptionGroup gsock_options_connect; /* -w */
extern const GsockOptionGroup gsock_options_limits;  /* -i --limit-rate */
extern const GsockOptionGroup gsock_options_socket;  /* -4 -6 --sockopt */
extern const GsockOptionGroup gsock_options_events;  /* --json, --stats, -X */
extern const GsockOptionGroup gsock_options_result;  /* --json: of results */
/* With titles of their own. */
extern const GsockOptionGroup gsock_options_shown; /* -v --explain ... */
extern const GsockOptionGroup gsock_options_help;  /* -h --version ... */

const GsockCommonOptions *gsock_options_get (void);
/* Whether @entry (--help) makes all that follows it irrelevant. */
gboolean gsock_options_ends_parsing (const GOptionEntry *entry);

/* @done, for an option's callback: an error gets the option's name before it. */
gboolean gsock_options_check (gboolean done, const char *option,
                              GError **error);
/* Such a callback's work for TEXT|@FILE: replaces @bytes. */
gboolean gsock_options_take_text (GBytes **bytes, const char *option,
                                  const char *text, GError **error);

/* @verbosity: at least so much is told where the user did not say. */
void gsock_options_raise_verbosity (int verbosity);
gboolean gsock_options_start_log (const char *program, GError **error);
gboolean gsock_options_fill_connection (GsockConnectionConfig *config,
                                        const char *default_frame,
                                        GError **error);
void gsock_options_fill_dial (GsockDialOptions *dial);
/* The rights of socket files stay as they are. */
void gsock_options_fill_listener (GsockListenerOptions *listen);

/* An address that this version can serve or reach, else GSOCK_ERROR_USAGE. */
GsockEndpoint *gsock_options_parse_address (const char *text,
                                            GsockEndpointUse use,
                                            GError **error);

/* A meter if --stats asks for it and the terminal has room for one: @busy, it
 * shows the data; else NULL. */
GsockMeter *gsock_options_start_meter (const GsockStats *stats, gboolean busy,
                                       GMainContext *context);
/* Ends the meter (which may be NULL) and tells the summary. */
void gsock_options_end_meter (GsockMeter *meter, const GsockStats *stats);

G_END_DECLS

/* options.c: the options that tools share, and what they become in core
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tools/options.h"

#include <string.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/log.h"
#include "core/sockopt.h"
#include "core/units.h"

#define DEFAULT_TIMEOUT (30 * G_TIME_SPAN_SECOND)
#define DEFAULT_MAX_MESSAGE (1024 * 1024)
#define TEXT_LIMIT (1024 * 1024)

static GsockCommonOptions common = {
  .timeout = DEFAULT_TIMEOUT,
  .max_message = DEFAULT_MAX_MESSAGE,
};

static gboolean
sockopt_cb (const char *option, const char *text, G_GNUC_UNUSED gpointer data,
            GError **error)
{
  GsockSockopt *sockopt = gsock_sockopt_parse (text, error);

  if (sockopt == NULL)
    return gsock_options_check (FALSE, option, error);
  if (common.sockopts == NULL)
    common.sockopts = g_ptr_array_new_with_free_func (
        (GDestroyNotify) gsock_sockopt_free);
  g_ptr_array_add (common.sockopts, sockopt);
  return TRUE;
}

static gboolean
verbose_cb (G_GNUC_UNUSED const char *option, G_GNUC_UNUSED const char *text,
            G_GNUC_UNUSED gpointer data, G_GNUC_UNUSED GError **error)
{
  common.verbosity = CLAMP (common.verbosity + 1, 1, 2);
  return TRUE;
}

static gboolean
quiet_cb (G_GNUC_UNUSED const char *option, G_GNUC_UNUSED const char *text,
          G_GNUC_UNUSED gpointer data, G_GNUC_UNUSED GError **error)
{
  common.verbosity = -1;
  return TRUE;
}

static gboolean
color_cb (const char *option, const char *text, G_GNUC_UNUSED gpointer data,
          GError **error)
{
  if (strcmp (text, "auto") == 0)
    common.color = GSOCK_COLOR_AUTO;
  else if (strcmp (text, "always") == 0)
    common.color = GSOCK_COLOR_ALWAYS;
  else if (strcmp (text, "never") == 0)
    common.color = GSOCK_COLOR_NEVER;
  else
    {
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE,
                   /* TRANSLATORS: an option, its value, the values it takes */
                   _ ("%s: '%s' is none of %s"), option, text,
                   "auto, always, never");
      return FALSE;
    }
  return TRUE;
}

static const GOptionEntry frame_entries[] = {
  { "frame", 'f', GSOCK_OPTION_STRING, &common.frame,
    N_ ("how messages are told apart: raw, line, nul, u8, u16, u32, u16le, "
        "u32le, int or netstring"),
    N_ ("FRAME") },
  { "crlf", 'C', GSOCK_OPTION_FLAG, &common.crlf,
    N_ ("send a line's end as CR LF"), NULL },
  { "max-message", 0, GSOCK_OPTION_RARE_CALLBACK, gsock_value_cb,
    N_ ("largest message taken (1M)"), N_ ("SIZE") },
  G_OPTION_ENTRY_NULL,
};
static const GsockValue frame_values[] = {
  { "--max-message", GSOCK_VALUE_SIZE, &common.max_message, 0, 0 },
};
const GsockOptionGroup gsock_options_frame = { NULL, frame_entries,
                                               frame_values };

static const GOptionEntry connect_entries[] = {
  { "timeout", 'w', GSOCK_OPTION_CALLBACK, gsock_value_cb,
    N_ ("give up connecting after this time (30s; 0: never)"), N_ ("TIME") },
  G_OPTION_ENTRY_NULL,
};
static const GsockValue connect_values[] = {
  { "--timeout", GSOCK_VALUE_TIME, &common.timeout, 0, 0 },
};
const GsockOptionGroup gsock_options_connect = { NULL, connect_entries,
                                                 connect_values };

static const GOptionEntry limits_entries[] = {
  { "idle-timeout", 'i', GSOCK_OPTION_CALLBACK, gsock_value_cb,
    N_ ("close a connection on which nothing moves for this time"),
    N_ ("TIME") },
  { "limit-rate", 0, GSOCK_OPTION_RARE_CALLBACK, gsock_value_cb,
    N_ ("at most so many bytes a second each way, for each connection"),
    N_ ("RATE") },
  G_OPTION_ENTRY_NULL,
};
static const GsockValue limits_values[] = {
  { "--idle-timeout", GSOCK_VALUE_TIME, &common.idle_timeout, 0, 0 },
  { "--limit-rate", GSOCK_VALUE_SIZE, &common.rate, 0, 0 },
};
const GsockOptionGroup gsock_options_limits = { NULL, limits_entries,
                                                limits_values };

static const GOptionEntry socket_entries[] = {
  { "ipv4", '4', GSOCK_OPTION_FLAG, &common.ipv4, N_ ("use IPv4 only"), NULL },
  { "ipv6", '6', GSOCK_OPTION_FLAG, &common.ipv6, N_ ("use IPv6 only"), NULL },
  { "sockopt", 0, GSOCK_OPTION_RARE_CALLBACK, sockopt_cb,
    N_ ("set a socket option: keepalive, nodelay, reuseport, tos, ttl, "
        "rcvbuf, sndbuf, device, freebind or mark"),
    N_ ("NAME[=VALUE]") },
  G_OPTION_ENTRY_NULL,
};
const GsockOptionGroup gsock_options_socket = { NULL, socket_entries, NULL };

static const GOptionEntry shown_entries[] = {
  { "verbose", 'v', GSOCK_OPTION_FLAG_CALLBACK, verbose_cb,
    N_ ("tell more on stderr; twice: data too"), NULL },
  { "quiet", 0, GSOCK_OPTION_FLAG_CALLBACK, quiet_cb, N_ ("tell errors only"),
    NULL },
  { "explain", 0, GSOCK_OPTION_FLAG, &common.explain,
    N_ ("show and explain each socket call as it happens"), NULL },
  { "color", 0, GSOCK_OPTION_RARE_CALLBACK, color_cb,
    N_ ("colors: auto (on a terminal, unless NO_COLOR is set), always or "
        "never"),
    N_ ("WHEN") },
  G_OPTION_ENTRY_NULL,
};
const GsockOptionGroup gsock_options_shown = { N_ ("What is shown:"),
                                               shown_entries, NULL };

static const GOptionEntry events_entries[] = {
  { "json", 0, GSOCK_OPTION_FLAG, &common.json,
    N_ ("tell everything as JSON, one event a line"), NULL },
  { "stats", 0, GSOCK_OPTION_FLAG, &common.stats,
    N_ ("show a live meter, and a summary at the end"), NULL },
  { "hexdump", 'X', GSOCK_OPTION_FLAG, &common.hexdump,
    N_ ("show what comes and goes in hexadecimal on stderr"), NULL },
  { "record", 'o', GSOCK_OPTION_STRING, &common.record,
    N_ ("append what comes and goes to a file, as JSON"), N_ ("FILE") },
  G_OPTION_ENTRY_NULL,
};
const GsockOptionGroup gsock_options_events = { NULL, events_entries, NULL };

static const GOptionEntry result_entries[] = {
  { "json", 0, GSOCK_OPTION_FLAG, &common.json,
    N_ ("print each result as JSON, one a line, errors too"), NULL },
  G_OPTION_ENTRY_NULL,
};
const GsockOptionGroup gsock_options_result = { NULL, result_entries, NULL };

static const GOptionEntry help_entries[] = {
  { "help", 'h', GSOCK_OPTION_FLAG, &common.help,
    N_ ("show the common options"), NULL },
  { "help-all", 0, GSOCK_OPTION_FLAG, &common.help_all,
    N_ ("show every option"), NULL },
  { "version", 0, GSOCK_OPTION_FLAG, &common.version, N_ ("show the version"),
    NULL },
  G_OPTION_ENTRY_NULL,
};
const GsockOptionGroup gsock_options_help = { N_ ("Help:"), help_entries,
                                              NULL };

/**
 * gsock_options_get:
 *
 * Returns: (transfer none): what the command line said
 */
const GsockCommonOptions *
gsock_options_get (void)
{
  return &common;
}

/**
 * gsock_options_ends_parsing:
 * @entry: an option of some tool
 *
 * Returns: %TRUE for --help and its like
 */
gboolean
gsock_options_ends_parsing (const GOptionEntry *entry)
{
  return entry >= help_entries
         && entry < help_entries + G_N_ELEMENTS (help_entries);
}

static gboolean
wants_color (void)
{
  const char *no_color = g_getenv ("NO_COLOR");
  const char *term = g_getenv ("TERM");

  if (common.color != GSOCK_COLOR_AUTO)
    return common.color == GSOCK_COLOR_ALWAYS;
  return (no_color == NULL || no_color[0] == '\0') && term != NULL
         && strcmp (term, "dumb") != 0 && isatty (STDERR_FILENO);
}

static void
set_up_log (const char *program)
{
  const GsockLogOptions log = {
    .program = program,
    .verbosity = common.verbosity,
    .json = common.json,
    .explain = common.explain,
    .color = wants_color (),
    .hexdump = common.hexdump,
  };

  gsock_log_setup (&log);
}

/**
 * gsock_options_start_log:
 * @program: begins error lines; kept
 * @error: %GSOCK_ERROR_OUTPUT where the record can't be opened
 *
 * Returns: %TRUE if events go where the options send them
 */
gboolean
gsock_options_start_log (const char *program, GError **error)
{
  set_up_log (program);
  return common.record == NULL || gsock_log_open_record (common.record, error);
}

/**
 * gsock_options_raise_verbosity:
 * @verbosity: what is told unless -v or --quiet ask for something else
 *
 * Before any other thread starts.
 */
void
gsock_options_raise_verbosity (int verbosity)
{
  if (common.verbosity != 0)
    return;
  common.verbosity = verbosity;
  set_up_log (g_get_prgname ());
}

static int
get_family (void)
{
  if (common.ipv4 == common.ipv6)
    return AF_UNSPEC;
  return common.ipv4 ? AF_INET : AF_INET6;
}

/**
 * gsock_options_fill_connection:
 * @config: gets codec, limits and rate
 * @default_frame: the frame without --frame
 * @error: %GSOCK_ERROR_USAGE
 *
 * Returns: %TRUE if the frame exists and goes with the rest
 */
gboolean
gsock_options_fill_connection (GsockConnectionConfig *config,
                               const char *default_frame, GError **error)
{
  const char *frame = common.frame != NULL ? common.frame : default_frame;

  config->codec = gsock_codec_find (frame, error);
  if (config->codec == NULL)
    return FALSE;
  if (!gsock_tool_requires (common.crlf, "--crlf",
                            config->codec->raw
                                || strcmp (config->codec->name, "line") == 0,
                            "--frame=line", error))
    return FALSE;
  config->crlf = common.crlf;
  config->max_message = (gsize) MIN (common.max_message, G_MAXSSIZE);
  config->idle_timeout = common.idle_timeout;
  config->rate = common.rate;
  return TRUE;
}

/**
 * gsock_options_fill_dial:
 * @dial: gets family, time limit and socket options
 */
void
gsock_options_fill_dial (GsockDialOptions *dial)
{
  dial->connect.family = get_family ();
  dial->connect.timeout = common.timeout;
  dial->connect.sockopts = common.sockopts;
}

/**
 * gsock_options_fill_listener:
 * @listen: gets family and socket options
 */
void
gsock_options_fill_listener (GsockListenerOptions *listen)
{
  listen->family = get_family ();
  listen->sockopts = common.sockopts;
}

/**
 * gsock_options_check:
 * @done: whether the option's value was taken
 * @option: "--source"
 * @error: where there is an error, it gets the option's name
 *
 * Returns: @done
 */
gboolean
gsock_options_check (gboolean done, const char *option, GError **error)
{
  if (!done)
    g_prefix_error (error, "%s: ", option);
  return done;
}

/**
 * gsock_options_take_text:
 * @bytes: (inout) (nullable): replaced
 * @option: "--banner"
 * @text: a text or, after an @, the name of a file; 1 MiB at most
 * @error: %GSOCK_ERROR_USAGE, the option named
 *
 * Returns: %TRUE if @text could be read
 */
gboolean
gsock_options_take_text (GBytes **bytes, const char *option, const char *text,
                         GError **error)
{
  g_clear_pointer (bytes, g_bytes_unref);
  *bytes = gsock_parse_text_or_file (text, TEXT_LIMIT, error);
  return gsock_options_check (*bytes != NULL, option, error);
}

/**
 * gsock_options_parse_address:
 * @text: an ADDRESS of the command line
 * @use: which side reads it
 * @error: %GSOCK_ERROR_USAGE
 *
 * Returns: (transfer full) (nullable): the endpoint
 */
GsockEndpoint *
gsock_options_parse_address (const char *text, GsockEndpointUse use,
                             GError **error)
{
  return gsock_endpoint_parse (text, use, error);
}

/**
 * gsock_options_start_meter:
 * @stats: what to show
 * @busy: whether stdout gets what arrives
 * @context: where it runs
 *
 * Returns: (transfer full) (nullable): a meter
 */
GsockMeter *
gsock_options_start_meter (const GsockStats *stats, gboolean busy,
                           GMainContext *context)
{
  if (!common.stats || common.json || (busy && isatty (STDOUT_FILENO)))
    return NULL;
  return gsock_meter_new (stats, context);
}

/**
 * gsock_options_end_meter:
 * @meter: (nullable) (transfer full): what gsock_options_start_meter() gave
 * @stats: the sums
 */
void
gsock_options_end_meter (GsockMeter *meter, const GsockStats *stats)
{
  g_clear_pointer (&meter, gsock_meter_free);
  if (common.stats)
    gsock_stats_tell (stats);
}

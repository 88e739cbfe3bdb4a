/* test-options.c: the shared options, from argv to what core is given
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tools/options.h"

#include <string.h>
#include <sys/socket.h>

#include "core/error.h"
#include "core/log.h"
#include "core/sockopt.h"
#include "tools/arguments.h"

static const GsockOptionGroup *const groups[] = {
  &gsock_options_frame,  &gsock_options_connect,
  &gsock_options_limits, &gsock_options_socket,
  &gsock_options_shown,  &gsock_options_events,
  &gsock_options_help,   NULL,
};
static const GsockTool tool = { .name = "gsock-x", .groups = groups };

/* As a process begins; nothing but a test goes back there. */
static void
forget (void)
{
  static GsockCommonOptions at_first;
  static gboolean known;
  GsockCommonOptions *common =
      (GsockCommonOptions *) (guintptr) gsock_options_get ();

  if (!known)
    at_first = *common;
  known = TRUE;
  g_clear_pointer (&common->frame, g_free);
  g_clear_pointer (&common->record, g_free);
  g_clear_pointer (&common->sockopts, g_ptr_array_unref);
  *common = at_first;
}

/* @line: words with one space between them. */
static gboolean
parse (const char *line, GError **error)
{
  g_autofree char *all = g_strconcat ("gsock-x ", line, NULL);
  g_auto (GStrv) argv = g_strsplit (g_strchomp (all), " ", -1);
  g_auto (GsockArguments) arguments = { NULL, NULL };

  forget ();
  return gsock_arguments_parse (&arguments, &tool, argv, error);
}

static void
parse_well (const char *line)
{
  g_autoptr (GError) error = NULL;

  parse (line, &error);
  g_assert_no_error (error);
}

static void
test_defaults (void)
{
  const GsockCommonOptions *common = gsock_options_get ();
  GsockConnectionConfig connection = { 0 };
  GsockDialOptions dial = { 0 };
  g_autoptr (GError) error = NULL;

  parse_well ("");
  g_assert_true (gsock_options_fill_connection (&connection, "line", &error));
  g_assert_no_error (error);
  gsock_options_fill_dial (&dial);
  g_assert_cmpstr (connection.codec->name, ==, "line");
  g_assert_cmpuint (connection.max_message, ==, 1024 * 1024);
  g_assert_cmpint (connection.idle_timeout, ==, 0);
  g_assert_cmpuint (connection.rate, ==, 0);
  g_assert_false (connection.crlf);
  g_assert_cmpint (dial.connect.family, ==, AF_UNSPEC);
  g_assert_cmpint (dial.connect.timeout, ==, 30 * G_TIME_SPAN_SECOND);
  g_assert_null (dial.connect.sockopts);
  g_assert_cmpint (common->verbosity, ==, 0);
  g_assert_cmpint (common->color, ==, GSOCK_COLOR_AUTO);
}

static void
test_family (void)
{
  static const struct
  {
    const char *line;
    int family;
  } rows[] = {
    { "-4", AF_INET },          { "--ipv4", AF_INET }, { "-6", AF_INET6 },
    { "--ipv6", AF_INET6 },     { "-46", AF_UNSPEC }, /* both are any */
    { "-6 --ipv4", AF_UNSPEC }, { "-v", AF_UNSPEC },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      GsockDialOptions dial = { .connect = { .family = -1 } };
      GsockListenerOptions listen = { .family = -1 };

      parse_well (rows[i].line);
      gsock_options_fill_dial (&dial);
      gsock_options_fill_listener (&listen);
      g_assert_cmpint (dial.connect.family, ==, rows[i].family);
      g_assert_cmpint (listen.family, ==, rows[i].family);
    }
}

static void
test_times (void)
{
  static const struct
  {
    const char *line;
    gint64 timeout;
    gint64 idle;
  } rows[] = {
    { "-w5", 5000000, 0 },
    { "-w 500ms", 500000, 0 },
    { "--timeout=0", 0, 0 },
    { "-i 2m", 30000000, 120000000 },
    { "--idle-timeout=1.5s -w1h", G_GINT64_CONSTANT (3600000000), 1500000 },
    { "-w1 -w2", 2000000, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      GsockConnectionConfig connection = { 0 };
      GsockDialOptions dial = { 0 };

      parse_well (rows[i].line);
      g_assert_true (gsock_options_fill_connection (&connection, "raw", NULL));
      gsock_options_fill_dial (&dial);
      g_assert_cmpint (dial.connect.timeout, ==, rows[i].timeout);
      g_assert_cmpint (connection.idle_timeout, ==, rows[i].idle);
    }
}

static void
test_sizes (void)
{
  static const struct
  {
    const char *line;
    gsize max_message;
    guint64 rate;
  } rows[] = {
    { "--max-message=64K", 65536, 0 },
    { "--max-message 1", 1, 0 },
    { "--limit-rate=2G", 1024 * 1024, G_GUINT64_CONSTANT (2147483648) },
    { "--limit-rate=1000 --max-message=3M", 3 * 1024 * 1024, 1000 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      GsockConnectionConfig connection = { 0 };

      parse_well (rows[i].line);
      g_assert_true (gsock_options_fill_connection (&connection, "raw", NULL));
      g_assert_cmpuint (connection.max_message, ==, rows[i].max_message);
      g_assert_cmpuint (connection.rate, ==, rows[i].rate);
    }
}

static void
test_frames (void)
{
  static const struct
  {
    const char *line;
    const char *mode; /* whose own frame is this */
    const char *want; /* NULL: refused */
    gboolean crlf;
  } rows[] = {
    { "", "raw", "raw", FALSE },
    { "-f nul", "raw", "nul", FALSE },
    { "--frame=netstring", "line", "netstring", FALSE },
    { "-C", "line", "line", TRUE },
    { "-C", "raw", "raw", TRUE },
    { "-Cf line", "u8", "line", TRUE },
    { "-Cfu8", "line", NULL, FALSE },
    { "--crlf", "nul", NULL, FALSE },
    { "-f lines", "line", NULL, FALSE },
    { "-f=", "line", NULL, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      GsockConnectionConfig connection = { 0 };
      g_autoptr (GError) error = NULL;

      parse_well (rows[i].line);
      g_assert_cmpint (
          gsock_options_fill_connection (&connection, rows[i].mode, &error), ==,
          rows[i].want != NULL);
      if (rows[i].want == NULL)
        {
          g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
          continue;
        }
      g_assert_cmpstr (connection.codec->name, ==, rows[i].want);
      g_assert_cmpint (connection.crlf, ==, rows[i].crlf);
    }
}

static void
test_sockopts (void)
{
  GsockDialOptions dial = { 0 };
  GsockListenerOptions listen = { 0 };

  parse_well ("--sockopt=nodelay --sockopt ttl=3");
  gsock_options_fill_dial (&dial);
  gsock_options_fill_listener (&listen);
  g_assert_nonnull (dial.connect.sockopts);
  g_assert_cmpuint (dial.connect.sockopts->len, ==, 2);
  g_assert_true (listen.sockopts == dial.connect.sockopts);
}

static void
test_verbosity (void)
{
  static const struct
  {
    const char *line;
    int verbosity;
    int raised; /* at least 1 where the user did not say */
  } rows[] = {
    { "", 0, 1 },
    { "-v", 1, 1 },
    { "-vv", 2, 2 },
    { "-vvv --verbose", 2, 2 },
    { "--quiet", -1, -1 },
    { "--quiet -v", 1, 1 },
    { "-vv --quiet", -1, -1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      parse_well (rows[i].line);
      g_assert_cmpint (gsock_options_get ()->verbosity, ==, rows[i].verbosity);
      gsock_options_raise_verbosity (1);
      g_assert_cmpint (gsock_options_get ()->verbosity, ==, rows[i].raised);
    }
}

static void
test_color (void)
{
  static const struct
  {
    const char *line;
    GsockColor color;
  } rows[] = {
    { "--color=auto", GSOCK_COLOR_AUTO },
    { "--color always", GSOCK_COLOR_ALWAYS },
    { "--color=never", GSOCK_COLOR_NEVER },
    { "--color=always --color=auto", GSOCK_COLOR_AUTO },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      parse_well (rows[i].line);
      g_assert_cmpint (gsock_options_get ()->color, ==, rows[i].color);
    }
}

/* One line that names the option and what was written. */
static void
test_bad_values (void)
{
  static const struct
  {
    const char *line;
    const char *want;
  } rows[] = {
    { "-w5x", "--timeout: '5x' *" },
    { "-w=-1", "--timeout: '-1' *" },
    { "--idle-timeout=soon", "--idle-timeout: 'soon' *" },
    { "--limit-rate=x", "--limit-rate: 'x' *" },
    { "--max-message=1Q", "--max-message: '1Q' *" },
    { "--sockopt=linger", "--sockopt: *linger*" },
    { "--sockopt=ttl=256", "--sockopt: *'ttl'*" },
    { "--color=red", "--color: 'red' is none of auto, always, never" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (parse (rows[i].line, &error));
      g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
      g_test_message ("%s: %s", rows[i].line, error->message);
      g_assert_true (g_pattern_match_simple (rows[i].want, error->message));
      g_assert_null (strchr (error->message, '\n'));
    }
}

static void
test_addresses (void)
{
  static const struct
  {
    const char *text;
    gboolean carried;
  } rows[] = {
    { "127.0.0.1:3490", TRUE },
    { "tcp:[::1]:3490", TRUE },
    { "/run/x", TRUE },
    { "@x", TRUE },
    { "fd:3", TRUE },
    { "udp:127.0.0.1:3490", TRUE },
    { "tls:127.0.0.1:3490", TRUE },
    { "tls:/run/x", TRUE },
    { "unix-dgram:/run/x", TRUE },
    { "unix-seqpacket:/run/x", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GsockEndpoint) endpoint = gsock_options_parse_address (
          rows[i].text, GSOCK_ENDPOINT_FOR_SERVER, &error);

      if (rows[i].carried)
        g_assert_no_error (error);
      else
        g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
      g_assert_cmpint (endpoint != NULL, ==, rows[i].carried);
    }
}

static void
test_both (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (gsock_tool_excludes (FALSE, "--a", FALSE, "--b", &error));
  g_assert_true (gsock_tool_excludes (TRUE, "--a", FALSE, "--b", &error));
  g_assert_true (gsock_tool_excludes (FALSE, "--a", TRUE, "--b", &error));
  g_assert_true (gsock_tool_requires (FALSE, "--a", FALSE, "--b", &error));
  g_assert_true (gsock_tool_requires (FALSE, "--a", TRUE, "--b", &error));
  g_assert_true (gsock_tool_requires (TRUE, "--a", TRUE, "--b", &error));
  g_assert_no_error (error);

  g_assert_false (gsock_tool_excludes (TRUE, "--a", TRUE, "--b", &error));
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
  g_assert_cmpstr (error->message, ==, "--a and --b can't be used together");
  g_clear_error (&error);
  g_assert_false (gsock_tool_requires (TRUE, "--a", FALSE, "--b", &error));
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
  g_assert_cmpstr (error->message, ==, "--a works only with --b");
}

static void
collect_cb (const char *text, gsize size, gpointer data)
{
  g_string_append_len (data, text, (gssize) size);
}

/* The summary is for --stats; a meter is for a terminal, and none is here. */
static void
test_stats (void)
{
  static const struct
  {
    const char *line;
    gboolean summary;
  } rows[] = { { "", FALSE },
               { "-v", FALSE },
               { "--stats", TRUE },
               { "--stats --json", TRUE },
               { "--stats --quiet", FALSE } };
  GsockStats stats;

  gsock_stats_init (&stats);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GString) told = g_string_new (NULL);
      g_autoptr (GError) error = NULL;
      GsockMeter *meter = NULL;

      parse_well (rows[i].line);
      g_assert_true (gsock_options_start_log ("test", &error));
      gsock_log_set_sink (collect_cb, told);
      if (strstr (rows[i].line, "--json") != NULL)
        {
          meter = gsock_options_start_meter (&stats, FALSE, NULL);
          g_assert_null (meter);
        }
      gsock_options_end_meter (meter, &stats);
      gsock_log_set_sink (NULL, NULL);
      g_assert_cmpint (told->len > 0, ==, rows[i].summary);
    }
}

/* A path that can't be opened is told before anything else happens. */
static void
test_record (void)
{
  g_autoptr (GError) error = NULL;

  parse_well ("-o /nowhere/at/all");
  g_assert_false (gsock_options_start_log ("test", &error));
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_OUTPUT);
  g_assert_nonnull (strstr (error->message, "/nowhere/at/all"));
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/options/defaults", test_defaults);
  g_test_add_func ("/options/family", test_family);
  g_test_add_func ("/options/times", test_times);
  g_test_add_func ("/options/sizes", test_sizes);
  g_test_add_func ("/options/frames", test_frames);
  g_test_add_func ("/options/sockopts", test_sockopts);
  g_test_add_func ("/options/verbosity", test_verbosity);
  g_test_add_func ("/options/color", test_color);
  g_test_add_func ("/options/bad-values", test_bad_values);
  g_test_add_func ("/options/addresses", test_addresses);
  g_test_add_func ("/options/both", test_both);
  g_test_add_func ("/options/stats", test_stats);
  g_test_add_func ("/options/record", test_record);
  status = g_test_run ();
  forget ();
  return status;
}

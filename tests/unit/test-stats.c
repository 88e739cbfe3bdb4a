/* test-stats.c: counters told, and a meter on a terminal of the test's own
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/stats.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/log.h"

#define DEADLINE (30 * G_USEC_PER_SEC)
#define ERASE "\r\033[K"

static void
collect_cb (const char *text, gsize size, gpointer data)
{
  g_string_append_len (data, text, (gssize) size);
}

static void
test_init (void)
{
  GsockStats stats = {
    .since = -1, .count = 1, .active = 2, .in = 3, .out = 4
  };
  gint64 before = g_get_monotonic_time ();

  gsock_stats_init (&stats);
  g_assert_cmpint (stats.since, >=, before);
  g_assert_cmpint (stats.since, <=, g_get_monotonic_time ());
  g_assert_cmpuint (stats.count, ==, 0);
  g_assert_cmpuint (stats.active, ==, 0);
  g_assert_cmpuint (stats.in, ==, 0);
  g_assert_cmpuint (stats.out, ==, 0);
}

/* Each number where it belongs, over 32 bits too. */
static void
test_tell (void)
{
  const GsockLogOptions options = { .program = "test", .json = TRUE };
  g_autoptr (GString) told = g_string_new (NULL);
  GsockStats stats;

  gsock_log_setup (&options);
  gsock_log_set_sink (collect_cb, told);
  gsock_stats_init (&stats);
  stats.count = 12;
  stats.active = 3;
  stats.in = G_GUINT64_CONSTANT (5000000000);
  stats.out = 42;
  gsock_stats_tell (&stats);
  gsock_log_set_sink (NULL, NULL);
  g_assert_nonnull (strstr (told->str, "{\"event\":\"stats\","));
  g_assert_nonnull (strstr (told->str, "\"active\":3,\"clients\":12,"
                                       "\"in\":5000000000,\"out\":42,"
                                       "\"seconds\":0"));
}

/* A terminal in the place of stderr. */

typedef struct
{
  int master;
  int saved; /* the stderr of the test */
  GMainContext *context;
  GsockStats stats;
  GString *shown;
} Terminal;

static void
set_up (Terminal *terminal, gconstpointer columns)
{
  const GsockLogOptions options = { .program = "test" };
  struct winsize size = {
    .ws_row = 24, .ws_col = (unsigned short) GPOINTER_TO_UINT (columns)
  };
  int slave;

  terminal->master = posix_openpt (O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  g_assert_cmpint (terminal->master, >=, 0);
  g_assert_cmpint (grantpt (terminal->master), ==, 0);
  g_assert_cmpint (unlockpt (terminal->master), ==, 0);
  slave = open (ptsname (terminal->master), O_RDWR | O_NOCTTY | O_CLOEXEC);
  g_assert_cmpint (slave, >=, 0);
  g_assert_cmpint (ioctl (slave, TIOCSWINSZ, &size), ==, 0);
  terminal->saved = dup (STDERR_FILENO);
  g_assert_cmpint (dup2 (slave, STDERR_FILENO), ==, STDERR_FILENO);
  close (slave);
  terminal->context = g_main_context_new ();
  terminal->shown = g_string_new (NULL);
  gsock_log_setup (&options);
  gsock_stats_init (&terminal->stats);
}

static void
tear_down (Terminal *terminal, gconstpointer columns G_GNUC_UNUSED)
{
  dup2 (terminal->saved, STDERR_FILENO);
  close (terminal->saved);
  close (terminal->master);
  g_main_context_unref (terminal->context);
  g_string_free (terminal->shown, TRUE);
}

/* What the terminal has been given up to now. */
static const char *
look (Terminal *terminal)
{
  char bytes[512];
  gssize size;

  while ((size = read (terminal->master, bytes, sizeof bytes)) > 0)
    g_string_append_len (terminal->shown, bytes, size);
  g_assert_true (size == 0 || errno == EAGAIN);
  return terminal->shown->str;
}

/* Runs the meter's context until the terminal shows @what. */
static void
wait_for (Terminal *terminal, const char *what)
{
  gint64 end = g_get_monotonic_time () + DEADLINE;

  while (strstr (look (terminal), what) == NULL)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_main_context_iteration (terminal->context, TRUE);
    }
}

static void
forget (Terminal *terminal)
{
  look (terminal);
  g_string_truncate (terminal->shown, 0);
}

static void
test_meter (Terminal *terminal, gconstpointer columns G_GNUC_UNUSED)
{
  GsockMeter *meter = gsock_meter_new (&terminal->stats, terminal->context);

  g_assert_nonnull (meter);
  /* A short transfer has none. */
  g_assert_cmpstr (look (terminal), ==, "");
  terminal->stats.in = 3 * 1024 * 1024;
  terminal->stats.out = 7;
  terminal->stats.active = 2;
  terminal->stats.count = 5;
  wait_for (terminal, "00:00:0");
  g_assert_true (g_pattern_match_simple (
      ERASE "in 3*/s)  out 7*/s)  clients 2/5  00:00:0?",
      terminal->shown->str));
  g_assert_false (g_pattern_match_simple (ERASE "in 3* (0*/s)  out*",
                                          terminal->shown->str));

  /* Again in its place, with what has come since. */
  forget (terminal);
  terminal->stats.out = 8;
  wait_for (terminal, "00:00:0");
  g_assert_true (g_pattern_match_simple (
      ERASE "in 3*/s)  out 8*/s)  clients 2/5  00:00:0?",
      terminal->shown->str));

  forget (terminal);
  gsock_meter_free (meter);
  g_assert_cmpstr (look (terminal), ==, ERASE);
}

/* No line of the log is glued to the meter, nor the meter lost below it. */
static void
test_meter_and_log (Terminal *terminal, gconstpointer columns G_GNUC_UNUSED)
{
  GsockMeter *meter = gsock_meter_new (&terminal->stats, terminal->context);

  gsock_stats_tell (&terminal->stats);
  g_assert_true (g_str_has_prefix (look (terminal), "Connections now 0"));
  g_assert_true (g_str_has_suffix (terminal->shown->str, "\r\n"));

  wait_for (terminal, "clients 0/0");
  forget (terminal);
  gsock_stats_tell (&terminal->stats);
  g_assert_true (g_pattern_match_simple (ERASE "Connections now 0*\r\n" ERASE
                                               "in 0*clients 0/0*",
                                         look (terminal)));

  gsock_meter_free (meter);
  forget (terminal);
  gsock_stats_tell (&terminal->stats);
  g_assert_true (g_str_has_prefix (look (terminal), "Connections now 0"));
}

/* A line that wrapped could not be rubbed out. */
static void
test_meter_is_cut (Terminal *terminal, gconstpointer columns)
{
  GsockMeter *meter = gsock_meter_new (&terminal->stats, terminal->context);
  gsize size;

  wait_for (terminal, "in 0");
  size = strlen (look (terminal)) - strlen (ERASE);
  g_assert_cmpuint (size, ==, GPOINTER_TO_UINT (columns) - 1);
  gsock_meter_free (meter);
}

/* What was never drawn is not rubbed out: there is something else there. */
static void
test_meter_not_drawn (Terminal *terminal, gconstpointer columns G_GNUC_UNUSED)
{
  gsock_meter_free (gsock_meter_new (&terminal->stats, terminal->context));
  g_assert_cmpstr (look (terminal), ==, "");
}

static void
test_no_terminal (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  int saved = dup (STDERR_FILENO);
  int null = open ("/dev/null", O_WRONLY | O_CLOEXEC);
  GsockStats stats;
  GsockMeter *meter;

  gsock_stats_init (&stats);
  dup2 (null, STDERR_FILENO);
  meter = gsock_meter_new (&stats, context);
  dup2 (saved, STDERR_FILENO);
  close (saved);
  close (null);
  g_assert_null (meter);
}

#define ADD(name, columns, function) \
  g_test_add (name, Terminal, GUINT_TO_POINTER (columns), set_up, function, \
              tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stats/init", test_init);
  g_test_add_func ("/stats/tell", test_tell);
  ADD ("/stats/meter", 100, test_meter);
  ADD ("/stats/meter-and-log", 100, test_meter_and_log);
  ADD ("/stats/meter-is-cut", 20, test_meter_is_cut);
  ADD ("/stats/meter-not-drawn", 100, test_meter_not_drawn);
  g_test_add_func ("/stats/no-terminal", test_no_terminal);
  return g_test_run ();
}

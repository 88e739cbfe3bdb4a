/* test-units.c: times, sizes, counts, and texts or files, as users write them
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/error.h"
#include "core/fd.h"
#include "core/units.h"

#define BAD (-1)

static const struct
{
  const char *text;
  gint64 microseconds;
} times[] = {
  { "0", 0 },
  { "500ms", 500000 },
  { "5s", 5000000 },
  { "5", 5000000 },
  { "2m", 120000000 },
  { "1h", G_GINT64_CONSTANT (3600000000) },
  { "1.5s", 1500000 },
  { "1.5", 1500000 },
  { ".5s", 500000 },
  { "0.25h", 900000000 },
  { "1.5ms", 1500 },
  { "0.000001s", 1 },
  { "007s", 7000000 },
  { "0.333333h", 1199998800 },
  /* What isn't nothing stays something. */
  { "0.0000001s", 1 },
  { "0.0001ms", 1 },
  { "0.00000000000000000000000000001h", 1 },
  { "0.0000000000000000000000000000h", 0 },
  { "4611686018427.387903", G_MAXINT64 / 2 },
  { "4611686018427.387904", BAD },
  { "9223372036854775807", BAD },
  { "18446744073709551616", BAD },
  { "99999999999999999999999999999999h", BAD },
  { "18446744073709551615.9ms", BAD },
  { "", BAD },
  { "s", BAD },
  { "ms", BAD },
  { ".", BAD },
  { ".s", BAD },
  { "5.", BAD },
  { "5.s", BAD },
  { "1.2.3s", BAD },
  { "1..2s", BAD },
  { "-1s", BAD },
  { "-0", BAD },
  { "+1s", BAD },
  { " 1s", BAD },
  { "1s ", BAD },
  { "1 s", BAD },
  { "1sec", BAD },
  { "1S", BAD },
  { "1M", BAD },
  { "1d", BAD },
  { "1s\n", BAD },
  { "1,5s", BAD },
  { "1e3s", BAD },
  { "0x10", BAD },
  { "inf", BAD },
  { "nan", BAD },
  { "1m30s", BAD },
  { "\xd9\xa1s", BAD }, /* an Arabic digit one */
};

static void
test_times (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (times); i++)
    {
      g_autoptr (GError) error = NULL;
      gint64 value = 42;
      gboolean parsed = gsock_parse_time (times[i].text, &value, &error);

      g_test_message ("'%s'", times[i].text);
      g_assert_cmpint (parsed, ==, times[i].microseconds != BAD);
      if (parsed)
        {
          g_assert_no_error (error);
          g_assert_cmpint (value, ==, times[i].microseconds);
        }
      else
        {
          g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
          g_assert_nonnull (strstr (error->message, times[i].text));
          g_assert_cmpint (value, ==, 42);
        }
    }
}

static void
test_sizes (void)
{
  static const struct
  {
    const char *text;
    gboolean good;
    guint64 bytes;
  } rows[] = {
    { "0", TRUE, 0 },
    { "65536", TRUE, 65536 },
    { "64K", TRUE, 65536 },
    { "64k", TRUE, 65536 },
    { "64KB", TRUE, 65536 },
    { "64KiB", TRUE, 65536 },
    { "64kB", TRUE, 65536 },
    { "64K/s", TRUE, 65536 },
    { "64KB/s", TRUE, 65536 },
    { "64KiB/s", TRUE, 65536 },
    { "100B", TRUE, 100 },
    { "100/s", TRUE, 100 },
    { "100B/s", TRUE, 100 },
    { "1M", TRUE, 1 << 20 },
    { "1m", TRUE, 1 << 20 },
    { "1.5M", TRUE, 3 << 19 },
    { "2G", TRUE, G_GUINT64_CONSTANT (2) << 30 },
    { "1T", TRUE, G_GUINT64_CONSTANT (1) << 40 },
    { "16777215T", TRUE, G_GUINT64_CONSTANT (16777215) << 40 },
    { "18446744073709551615", TRUE, G_MAXUINT64 },
    { "18446744073709551616", FALSE, 0 },
    { "16777216T", FALSE, 0 },
    { "16777215.9999999999999T", FALSE, 0 },
    { "18014398509481984K", FALSE, 0 },
    { "", FALSE, 0 },
    { "K", FALSE, 0 },
    { "B", FALSE, 0 },
    { "/s", FALSE, 0 },
    { "1.5", FALSE, 0 },
    { "1.5B", FALSE, 0 },
    { "-1", FALSE, 0 },
    { "+1", FALSE, 0 },
    { " 1", FALSE, 0 },
    { "1 K", FALSE, 0 },
    { "64Kb", FALSE, 0 },
    { "64Ki", FALSE, 0 },
    { "64iB", FALSE, 0 },
    { "64KK", FALSE, 0 },
    { "64K/s/s", FALSE, 0 },
    { "64K/", FALSE, 0 },
    { "64K/m", FALSE, 0 },
    { "64P", FALSE, 0 },
    { "1,5M", FALSE, 0 },
    { "0x10", FALSE, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      guint64 value = 42;

      g_test_message ("'%s'", rows[i].text);
      g_assert_cmpint (gsock_parse_size (rows[i].text, &value, &error), ==,
                       rows[i].good);
      g_assert_cmpuint (value, ==, rows[i].good ? rows[i].bytes : 42);
      if (!rows[i].good)
        g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
    }
}

static void
test_counts (void)
{
  static const struct
  {
    const char *text;
    guint64 minimum;
    guint64 maximum;
    gboolean good;
    guint64 count;
  } rows[] = {
    { "0", 0, G_MAXUINT64, TRUE, 0 },
    { "3000", 0, G_MAXUINT64, TRUE, 3000 },
    { "3k", 0, G_MAXUINT64, TRUE, 3000 },
    { "3K", 0, G_MAXUINT64, TRUE, 3000 },
    { "2M", 0, G_MAXUINT64, TRUE, 2000000 },
    { "18446744073709551615", 0, G_MAXUINT64, TRUE, G_MAXUINT64 },
    { "1", 1, 10, TRUE, 1 },
    { "10", 1, 10, TRUE, 10 },
    { "0", 1, 10, FALSE, 0 },
    { "11", 1, 10, FALSE, 0 },
    { "18446744073709551616", 0, G_MAXUINT64, FALSE, 0 },
    { "18446744073709551615k", 0, G_MAXUINT64, FALSE, 0 },
    { "", 0, 10, FALSE, 0 },
    { "k", 0, 10, FALSE, 0 },
    { "-1", 0, 10, FALSE, 0 },
    { "+1", 0, 10, FALSE, 0 },
    { "1.5k", 0, 10000, FALSE, 0 },
    { "1.", 0, 10, FALSE, 0 },
    { "1kk", 0, 10000, FALSE, 0 },
    { "1 ", 0, 10, FALSE, 0 },
    { "one", 0, 10, FALSE, 0 },
    { "0x1", 0, 10, FALSE, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      guint64 value = 42;

      g_test_message ("'%s'", rows[i].text);
      g_assert_cmpint (gsock_parse_count (rows[i].text, rows[i].minimum,
                                          rows[i].maximum, &value, &error),
                       ==, rows[i].good);
      g_assert_cmpuint (value, ==, rows[i].good ? rows[i].count : 42);
      if (!rows[i].good)
        g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
    }
}

/* What is wrong, and how to write it instead. */
static void
test_messages (void)
{
  g_autoptr (GError) time = NULL;
  g_autoptr (GError) size = NULL;
  g_autoptr (GError) junk = NULL;
  g_autoptr (GError) small = NULL;
  g_autoptr (GError) large = NULL;
  gint64 microseconds;
  guint64 value;

  gsock_parse_time ("5x", &microseconds, &time);
  g_assert_cmpstr (time->message, ==,
                   "'5x' is not a time; write it like "
                   "500ms, 5s, 1.5s, 2m, 1h");
  gsock_parse_size ("5x", &value, &size);
  g_assert_cmpstr (size->message, ==,
                   "'5x' is not a size in bytes; write it like "
                   "65536, 64K, 1.5M, 2G");
  gsock_parse_count ("5x", 1, 9, &value, &junk);
  g_assert_cmpstr (junk->message, ==,
                   "'5x' is not a whole number; write it like 3000, 3k");
  gsock_parse_count ("0", 1, 9, &value, &small);
  g_assert_cmpstr (small->message, ==,
                   "'0' is too small a number; the least is 1");
  gsock_parse_count ("10", 1, 9, &value, &large);
  g_assert_cmpstr (large->message, ==,
                   "'10' is too large a number; the most is 9");
}

static void
test_format_time (void)
{
  static const struct
  {
    gint64 microseconds;
    const char *text;
  } rows[] = {
    { 0, "0 s" },
    { -1, "0 s" },
    { G_MININT64, "0 s" },
    { 1, "0.001 ms" },
    { 250, "0.25 ms" },
    { 999, "0.999 ms" },
    { 1000, "1 ms" },
    { 1049, "1 ms" },
    { 1050, "1.1 ms" },
    { 12345, "12.3 ms" },
    { 500000, "500 ms" },
    { 999949, "999.9 ms" },
    { 999950, "1 s" },
    { 1500000, "1.5 s" },
    { 30000000, "30 s" },
    { 59949999, "59.9 s" },
    { 59950000, "1 min" },
    { 125000000, "2 min 5 s" },
    { G_GINT64_CONSTANT (3599600000), "1 h" },
    { G_GINT64_CONSTANT (5400000000), "1 h 30 min" },
    { G_GINT64_CONSTANT (86400000000), "1 d" },
    { G_GINT64_CONSTANT (183600000000), "2 d 3 h" },
    { G_MAXINT64, "106751991 d 4 h" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = gsock_format_time (rows[i].microseconds);

      g_assert_cmpstr (text, ==, rows[i].text);
    }
}

static void
test_format_size (void)
{
  static const struct
  {
    guint64 bytes;
    const char *text;
  } rows[] = {
    { 0, "0 bytes" },
    { 1, "1 byte" },
    { 999, "999 bytes" },
    { 1000, "1 kB" },
    { 1049, "1 kB" },
    { 1050, "1.1 kB" },
    { 65536, "65.5 kB" },
    { 999949, "999.9 kB" },
    { 999950, "1 MB" },
    { 12345678, "12.3 MB" },
    { G_GUINT64_CONSTANT (2500000000), "2.5 GB" },
    { G_GUINT64_CONSTANT (2500000000000), "2.5 TB" },
    { G_GUINT64_CONSTANT (2500000000000000), "2.5 PB" },
    { G_GUINT64_CONSTANT (999950000000000000), "1 EB" },
    { G_MAXUINT64, "18.4 EB" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = gsock_format_size (rows[i].bytes);

      g_assert_cmpstr (text, ==, rows[i].text);
    }
}

/* A decimal comma on the screen, and a point where it is read, always. */
static void
test_locale (void)
{
  g_autofree char *before = g_strdup (setlocale (LC_NUMERIC, NULL));
  g_autofree char *time = NULL;
  g_autofree char *size = NULL;

  if (setlocale (LC_NUMERIC, "es_ES.UTF-8") == NULL)
    {
      g_test_skip ("no locale es_ES.UTF-8");
      return;
    }

  test_times ();
  test_sizes ();
  time = gsock_format_time (1500000);
  size = gsock_format_size (12345678);
  setlocale (LC_NUMERIC, before);
  g_assert_cmpstr (time, ==, "1,5 s");
  g_assert_cmpstr (size, ==, "12,3 MB");
}

static void
test_text (void)
{
  static const struct
  {
    const char *argument;
    const char *text;
  } rows[] = {
    { "", "" },
    { "hola\\n", "hola\\n" },
    { "a@b", "a@b" },
    { "@@hola", "@hola" },
    { "@@", "@" },
    { "@@@", "@@" },
    { "\xff\n", "\xff\n" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes)
          bytes = gsock_parse_text_or_file (rows[i].argument, 1, &error);

      g_assert_no_error (error);
      g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                       rows[i].text, strlen (rows[i].text));
    }
}

/* Files of several sizes about a limit of 5000; 0 is no limit. */
static void
test_file (void)
{
  static const struct
  {
    gsize size;
    gsize limit;
    gboolean good;
  } rows[] = {
    { 0, 5000, TRUE },      { 1, 1, TRUE },          { 4096, 5000, TRUE },
    { 4999, 5000, TRUE },   { 5000, 5000, TRUE },    { 5001, 5000, FALSE },
    { 2, 1, FALSE },        { 100000, 5000, FALSE }, { 100000, 0, TRUE },
    { 9, G_MAXSIZE, TRUE },
  };
  g_autofree char *path = NULL;
  g_auto (GsockFd) fd = g_file_open_tmp ("gsock-XXXXXX", &path, NULL);
  g_autofree char *argument = g_strconcat ("@", path, NULL);
  g_autofree char *data = g_malloc (100000);

  for (gsize i = 0; i < 100000; i++)
    data[i] = (char) (i * 31);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = NULL;

      g_assert_no_errno (ftruncate (fd, 0));
      g_assert_cmpint (pwrite (fd, data, rows[i].size, 0), ==,
                       (gssize) rows[i].size);
      bytes = gsock_parse_text_or_file (argument, rows[i].limit, &error);
      g_assert_cmpint (bytes != NULL, ==, rows[i].good);
      if (rows[i].good)
        {
          g_assert_no_error (error);
          g_assert_cmpmem (g_bytes_get_data (bytes, NULL),
                           g_bytes_get_size (bytes), data, rows[i].size);
          continue;
        }
      g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
      g_assert_nonnull (strstr (error->message, path));
    }

  g_unlink (path);
}

static void
test_file_fails (void)
{
  static const struct
  {
    const char *argument;
    const char *part;
  } rows[] = {
    { "@", "@@" },
    { "@/nonexistent/file", "/nonexistent/file: no such file" },
    { "@/", "it is a directory" },
    { "@/dev/zero", "5000 bytes" }, /* endless: not read to its end */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (gsock_parse_text_or_file (rows[i].argument, 5000, &error));
      g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
      g_assert_nonnull (strstr (error->message, rows[i].part));
    }
}

/* 0 where the file is denied to a user without privileges. */
static int
read_denied (const char *argument)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (geteuid () == 0 && setuid (65534) < 0)
    return 77;

  bytes = gsock_parse_text_or_file (argument, 100, &error);
  return bytes == NULL
                 && g_error_matches (error, GSOCK_ERROR, GSOCK_ERROR_DENIED)
             ? 0
             : 1;
}

static void
test_file_denied (void)
{
  g_autofree char *path = NULL;
  g_auto (GsockFd) fd = g_file_open_tmp ("gsock-XXXXXX", &path, NULL);
  g_autofree char *argument = g_strconcat ("@", path, NULL);
  const char *preload = g_getenv ("LD_PRELOAD");
  pid_t child;
  int status;

  if (preload != NULL && strstr (preload, "vgpreload") != NULL)
    {
      g_unlink (path);
      g_test_skip ("valgrind's word on the child's memory is its status");
      return;
    }
  g_assert_no_errno (fchmod (fd, 0));
  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    _exit (read_denied (argument));

  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_unlink (path);
  g_assert_true (WIFEXITED (status));
  if (WEXITSTATUS (status) == 77)
    g_test_skip ("root can't become another user here");
  else
    g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

/* "@<(command)" of a shell: it comes in pieces and has no size. */
static void
test_file_pipe (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *argument = NULL;
  int ends[2];

  g_assert_no_errno (pipe2 (ends, O_CLOEXEC));
  g_assert_cmpint (write (ends[1], "hola\0", 5), ==, 5);
  close (ends[1]);
  argument = g_strdup_printf ("@/dev/fd/%d", ends[0]);
  bytes = gsock_parse_text_or_file (argument, 100, &error);
  close (ends[0]);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                   "hola\0", 5);
}

static void
test_digits (void)
{
  static const char *const others[] = { "",    " 1",  "1 ", "+1",      "-1",
                                        "1.5", "0x1", "1k", "\xd9\xa1" };

  g_assert_true (gsock_is_digits ("0"));
  g_assert_true (gsock_is_digits ("0123456789"));
  g_assert_true (gsock_is_digits ("99999999999999999999999999"));
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_false (gsock_is_digits (others[i]));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/units/times", test_times);
  g_test_add_func ("/units/sizes", test_sizes);
  g_test_add_func ("/units/counts", test_counts);
  g_test_add_func ("/units/digits", test_digits);
  g_test_add_func ("/units/messages", test_messages);
  g_test_add_func ("/units/format-time", test_format_time);
  g_test_add_func ("/units/format-size", test_format_size);
  g_test_add_func ("/units/locale", test_locale);
  g_test_add_func ("/units/text", test_text);
  g_test_add_func ("/units/file", test_file);
  g_test_add_func ("/units/file/fails", test_file_fails);
  g_test_add_func ("/units/file/denied", test_file_denied);
  g_test_add_func ("/units/file/pipe", test_file_pipe);

  return g_test_run ();
}

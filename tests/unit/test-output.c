/* test-output.c: stdout and stdin, whatever they are: output.c and input.c
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "core/error.h"
#include "core/escape.h"
#include "core/fd.h"
#include "core/input.h"
#include "core/output.h"

#define DEADLINE_SECONDS 20
#define HIGH_MARK (256 * 1024)
#define LOW_MARK (64 * 1024)

/* A loop with a deadline */

static gboolean
deadline_cb (gpointer data G_GNUC_UNUSED)
{
  g_error ("the deadline has passed");
  return G_SOURCE_REMOVE;
}

/* Waits for *@flag to be set. */
static void
run_until (GMainContext *context, const gboolean *flag)
{
  GSource *deadline = g_timeout_source_new_seconds (DEADLINE_SECONDS);

  g_source_set_callback (deadline, deadline_cb, NULL, NULL);
  g_source_attach (deadline, context);
  while (!*flag)
    g_main_context_iteration (context, TRUE);
  g_source_destroy (deadline);
  g_source_unref (deadline);
}

/* Whatever the loop has to do now, it does. */
static void
settle (GMainContext *context)
{
  while (g_main_context_iteration (context, FALSE))
    ;
}

/* Bytes that show where they come from. */
static void
fill_pattern (char *data, gsize size, gsize offset)
{
  for (gsize i = 0; i < size; i++)
    data[i] = (char) (((offset + i) * 31 + ((offset + i) >> 8)) & 0xff);
}

/* Makes open() fail, as it does for a pipe of another user: no descriptor is
 * left under the limit. */
typedef struct
{
  struct rlimit limit;
  int fillers[64];
  guint n;
} Shortage;

static void
begin_shortage (Shortage *shortage)
{
  struct rlimit low;

  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &shortage->limit), ==, 0);
  low = shortage->limit;
  low.rlim_cur = G_N_ELEMENTS (shortage->fillers);
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &low), ==, 0);
  for (shortage->n = 0; shortage->n < low.rlim_cur; shortage->n++)
    {
      shortage->fillers[shortage->n] = dup (0);
      if (shortage->fillers[shortage->n] < 0)
        break;
    }
}

static void
end_shortage (Shortage *shortage)
{
  while (shortage->n > 0)
    close (shortage->fillers[--shortage->n]);
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &shortage->limit), ==, 0);
}

/* Output */

typedef struct
{
  GMainContext *context;
  GsockOutput *output;
  int fds[2]; /* the reader's, the writer's */
  gboolean relieved;
  guint n_relieved;
  gboolean failed;
  guint n_failed;
  GError *error;
  gboolean free_in_callback;
} Fixture;

static void
relieved_cb (gpointer data)
{
  Fixture *fixture = data;

  fixture->relieved = TRUE;
  fixture->n_relieved++;
  g_assert_false (gsock_output_is_full (fixture->output));
  if (fixture->free_in_callback)
    g_clear_pointer (&fixture->output, gsock_output_free);
}

static void
failed_cb (const GError *error, gpointer data)
{
  Fixture *fixture = data;

  fixture->failed = TRUE;
  fixture->n_failed++;
  g_clear_error (&fixture->error);
  fixture->error = g_error_copy (error);
  if (fixture->free_in_callback)
    g_clear_pointer (&fixture->output, gsock_output_free);
}

static const GsockOutputNotify output_notify = { relieved_cb, failed_cb };

static void
open_output (Fixture *fixture, int fd, gboolean escape)
{
  fixture->output = gsock_output_new (fd, escape, &output_notify, fixture,
                                      fixture->context);
}

static void
fixture_init (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  *fixture = (Fixture) { .fds = { -1, -1 } };
  fixture->context = g_main_context_new ();
}

static void
fixture_clear (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_clear_pointer (&fixture->output, gsock_output_free);
  settle (fixture->context);
  g_main_context_unref (fixture->context);
  gsock_fd_clear (&fixture->fds[0]);
  gsock_fd_clear (&fixture->fds[1]);
  g_clear_error (&fixture->error);
}

static void
close_end (int *fd)
{
  gsock_fd_clear (fd);
}

/* Everything that is there now. */
static char *
read_now (int fd, gsize *size)
{
  GString *bytes = g_string_new (NULL);
  struct pollfd ready = { .fd = fd, .events = POLLIN };

  while (poll (&ready, 1, 0) == 1 && (ready.revents & POLLIN) != 0)
    {
      char piece[4096];
      gssize n = read (fd, piece, sizeof piece);

      if (n <= 0)
        break;
      g_string_append_len (bytes, piece, n);
    }
  if (size != NULL)
    *size = bytes->len;
  return g_string_free (bytes, FALSE);
}

static void
assert_written (Fixture *fixture, const char *expected)
{
  g_autofree char *written = read_now (fixture->fds[0], NULL);

  g_assert_cmpstr (written, ==, expected);
}

static void
write_text (Fixture *fixture, const char *text)
{
  gsock_output_bytes (fixture->output, text, strlen (text));
}

static void
write_message (Fixture *fixture, const char *prefix, const char *text)
{
  gsock_output_message (fixture->output, prefix, text, strlen (text));
}

static void
test_at_once (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  int flags;

  g_assert_cmpint (pipe (fixture->fds), ==, 0);
  flags = fcntl (fixture->fds[1], F_GETFL);
  open_output (fixture, fixture->fds[1], FALSE);
  write_text (fixture, "hola");
  assert_written (fixture, "hola");
  write_message (fixture, NULL, "mundo");
  assert_written (fixture, "mundo\n");
  write_message (fixture, "a> ", "\x1b[31m\xff");
  assert_written (fixture, "a> \x1b[31m\xff\n");
  write_message (fixture, NULL, "");
  assert_written (fixture, "\n");
  write_text (fixture, "");
  assert_written (fixture, "");
  g_assert_cmpuint (gsock_output_queued (fixture->output), ==, 0);
  g_assert_true (gsock_output_drain (fixture->output, NULL));
  /* Who shares the pipe sees no difference. */
  g_assert_cmpint (fcntl (fixture->fds[1], F_GETFL), ==, flags);
}

/* Pushes @total bytes of the pattern in pieces. */
static void
write_pattern (Fixture *fixture, gsize total)
{
  char piece[5000];

  for (gsize at = 0; at < total; at += sizeof piece)
    {
      gsize size = MIN (sizeof piece, total - at);

      fill_pattern (piece, size, at);
      gsock_output_bytes (fixture->output, piece, size);
    }
}

typedef struct
{
  int fd;
  gsize at;
  gsize total;
  gboolean done;
} Reader;

static gboolean
read_cb (gpointer data)
{
  Reader *reader = data;
  gsize size;
  g_autofree char *got = read_now (reader->fd, &size);
  g_autofree char *expected = g_malloc (size + 1);

  fill_pattern (expected, size, reader->at);
  g_assert_cmpint (memcmp (got, expected, size), ==, 0);
  reader->at += size;
  reader->done = reader->at >= reader->total;
  return reader->done ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

/* A reader that sleeps, then reads: nothing is lost or out of order, and the
 * one who feeds is told to stop and to go on. */
static void
run_slow_reader (Fixture *fixture)
{
  Reader reader = { .fd = fixture->fds[0], .total = 700 * 1000 };
  GSource *source = g_idle_source_new ();

  write_pattern (fixture, reader.total);
  g_assert_true (gsock_output_is_full (fixture->output));
  g_assert_cmpuint (gsock_output_queued (fixture->output), >, HIGH_MARK);
  settle (fixture->context);
  g_assert_false (fixture->relieved);

  g_source_set_callback (source, read_cb, &reader, NULL);
  g_source_attach (source, fixture->context);
  g_source_unref (source);
  run_until (fixture->context, &fixture->relieved);
  g_assert_cmpuint (gsock_output_queued (fixture->output), <=, LOW_MARK);
  run_until (fixture->context, &reader.done);
  settle (fixture->context);
  g_assert_cmpuint (reader.at, ==, reader.total);
  g_assert_cmpuint (fixture->n_relieved, ==, 1);
  g_assert_cmpuint (gsock_output_queued (fixture->output), ==, 0);
  g_assert_false (fixture->failed);
}

static void
test_slow_pipe (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_assert_cmpint (pipe (fixture->fds), ==, 0);
  open_output (fixture, fixture->fds[1], FALSE);
  run_slow_reader (fixture);
  g_assert_cmpint (fcntl (fixture->fds[1], F_GETFL) & O_NONBLOCK, ==, 0);
}

static void
test_slow_socket (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  int small = 4096;

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, fixture->fds), ==, 0);
  (void) setsockopt (fixture->fds[1], SOL_SOCKET, SO_SNDBUF, &small,
                     sizeof small);
  open_output (fixture, fixture->fds[1], FALSE);
  run_slow_reader (fixture);
  g_assert_cmpint (fcntl (fixture->fds[1], F_GETFL) & O_NONBLOCK, ==, 0);
}

/* A pipe that another user made can't be opened again. */
static void
test_slow_foreign_pipe (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  Shortage shortage;

  g_assert_cmpint (pipe (fixture->fds), ==, 0);
  begin_shortage (&shortage);
  open_output (fixture, fixture->fds[1], FALSE);
  end_shortage (&shortage);
  run_slow_reader (fixture);
  g_assert_cmpint (fcntl (fixture->fds[1], F_GETFL) & O_NONBLOCK, ==, 0);
}

/* Hysteresis: below the high mark nobody is ever told anything. */
static void
test_marks (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  Reader reader = { .fd = -1 };
  GSource *source = g_idle_source_new ();
  gsize queued;

  g_assert_cmpint (pipe (fixture->fds), ==, 0);
  open_output (fixture, fixture->fds[1], FALSE);
  write_pattern (fixture, 200 * 1000);
  queued = gsock_output_queued (fixture->output);
  g_assert_cmpuint (queued, >, LOW_MARK);
  g_assert_false (gsock_output_is_full (fixture->output));

  reader.fd = fixture->fds[0];
  reader.total = 200 * 1000;
  g_source_set_callback (source, read_cb, &reader, NULL);
  g_source_attach (source, fixture->context);
  g_source_unref (source);
  run_until (fixture->context, &reader.done);
  settle (fixture->context);
  g_assert_cmpuint (fixture->n_relieved, ==, 0);
}

static void
assert_failed (Fixture *fixture, const char *why)
{
  g_autoptr (GError) error = NULL;

  /* Known at once, told from the loop, told once. */
  g_assert_true (gsock_output_has_failed (fixture->output));
  g_assert_false (fixture->failed);
  run_until (fixture->context, &fixture->failed);
  g_assert_error (fixture->error, GSOCK_ERROR, GSOCK_ERROR_OUTPUT);
  g_assert_nonnull (strstr (fixture->error->message, why));
  g_assert_cmpint (gsock_error_exit_status (fixture->error), ==,
                   GSOCK_EXIT_OUTPUT);

  write_text (fixture, "more");
  write_message (fixture, NULL, "more");
  g_assert_cmpuint (gsock_output_queued (fixture->output), ==, 0);
  g_assert_false (gsock_output_is_full (fixture->output));
  settle (fixture->context);
  g_assert_false (gsock_output_drain (fixture->output, &error));
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_OUTPUT);
  settle (fixture->context);
  g_assert_cmpuint (fixture->n_failed, ==, 1);
}

static void
test_no_reader (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_assert_cmpint (pipe (fixture->fds), ==, 0);
  open_output (fixture, fixture->fds[1], FALSE);
  close_end (&fixture->fds[0]);
  write_text (fixture, "hola");
  assert_failed (fixture, gsock_errno_text (EPIPE));
}

static void
test_no_reader_socket (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, fixture->fds), ==, 0);
  open_output (fixture, fixture->fds[1], FALSE);
  close_end (&fixture->fds[0]);
  write_text (fixture, "hola");
  assert_failed (fixture, gsock_errno_text (EPIPE));
}

/* It goes while something waits for it. */
static void
test_reader_leaves (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_assert_cmpint (pipe (fixture->fds), ==, 0);
  open_output (fixture, fixture->fds[1], FALSE);
  write_pattern (fixture, 500 * 1000);
  g_assert_true (gsock_output_is_full (fixture->output));
  close_end (&fixture->fds[0]);
  run_until (fixture->context, &fixture->failed);
  g_assert_error (fixture->error, GSOCK_ERROR, GSOCK_ERROR_OUTPUT);
  g_assert_false (gsock_output_is_full (fixture->output));
  g_assert_cmpuint (gsock_output_queued (fixture->output), ==, 0);
  g_assert_false (fixture->relieved);
}

static void
test_full_device (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  fixture->fds[1] = open ("/dev/full", O_WRONLY | O_CLOEXEC);
  g_assert_cmpint (fixture->fds[1], >=, 0);
  open_output (fixture, fixture->fds[1], FALSE);
  write_text (fixture, "hola");
  assert_failed (fixture, gsock_errno_text (ENOSPC));
}

/* What stands in for a closed stdout is open for reading only. */
static void
test_closed (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  fixture->fds[1] = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  open_output (fixture, fixture->fds[1], FALSE);
  write_message (fixture, NULL, "hola");
  assert_failed (fixture, gsock_errno_text (EBADF));
}

static void
test_null (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  fixture->fds[1] = open ("/dev/null", O_WRONLY | O_CLOEXEC);
  open_output (fixture, fixture->fds[1], FALSE);
  write_pattern (fixture, 500 * 1000);
  g_assert_cmpuint (gsock_output_queued (fixture->output), ==, 0);
  g_assert_true (gsock_output_drain (fixture->output, NULL));
}

static void
test_file (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *path = NULL;
  g_autofree char *got = NULL;
  g_autofree char *expected = g_malloc (500 * 1000);
  gsize size;

  fixture->fds[1] = g_file_open_tmp ("gsock-XXXXXX", &path, NULL);
  g_assert_cmpint (write (fixture->fds[1], "kept\n", 5), ==, 5);
  open_output (fixture, fixture->fds[1], FALSE);
  write_pattern (fixture, 500 * 1000);
  g_assert_cmpuint (gsock_output_queued (fixture->output), ==, 0);
  g_assert_true (g_file_get_contents (path, &got, &size, NULL));
  fill_pattern (expected, 500 * 1000, 0);
  g_assert_cmpuint (size, ==, 5 + 500 * 1000);
  g_assert_cmpint (memcmp (got, "kept\n", 5), ==, 0);
  g_assert_cmpint (memcmp (got + 5, expected, 500 * 1000), ==, 0);
  g_assert_cmpint (g_unlink (path), ==, 0);
}

/* Somebody else has set O_NONBLOCK on what we share. */
static void
test_nonblocking_socket (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_assert_cmpint (
      socketpair (AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fixture->fds), ==,
      0);
  open_output (fixture, fixture->fds[1], FALSE);
  run_slow_reader (fixture);
}

/* Draining: reads in a thread, for it blocks. */
static gpointer
read_all_thread (gpointer data)
{
  Reader *reader = data;
  char piece[8192];
  gssize n;

  while (reader->at < reader->total
         && (n = read (reader->fd, piece, sizeof piece)) > 0)
    reader->at += (gsize) n;
  return NULL;
}

static void
test_drain (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  Reader reader = { .total = 700 * 1000 };
  g_autoptr (GError) error = NULL;
  GThread *thread;

  g_assert_cmpint (pipe (fixture->fds), ==, 0);
  open_output (fixture, fixture->fds[1], FALSE);
  write_pattern (fixture, reader.total);
  g_assert_true (gsock_output_is_full (fixture->output));
  reader.fd = fixture->fds[0];
  thread = g_thread_new ("reader", read_all_thread, &reader);
  g_assert_true (gsock_output_drain (fixture->output, &error));
  g_assert_no_error (error);
  g_thread_join (thread);
  g_assert_cmpuint (reader.at, ==, reader.total);
  g_assert_cmpuint (gsock_output_queued (fixture->output), ==, 0);
  settle (fixture->context);
  g_assert_false (fixture->relieved);

  /* And it can be used on. */
  write_text (fixture, "hola");
  assert_written (fixture, "hola");
}

static void
test_drain_fails (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (pipe (fixture->fds), ==, 0);
  open_output (fixture, fixture->fds[1], FALSE);
  write_pattern (fixture, 500 * 1000);
  close_end (&fixture->fds[0]);
  g_assert_false (gsock_output_drain (fixture->output, &error));
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_OUTPUT);
  g_assert_true (gsock_output_has_failed (fixture->output));
  /* Whoever drained knows: it isn't told a second time. */
  settle (fixture->context);
  g_assert_false (fixture->failed);
}

static void
test_free_when_failed (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_assert_cmpint (pipe (fixture->fds), ==, 0);
  open_output (fixture, fixture->fds[1], FALSE);
  close_end (&fixture->fds[0]);
  fixture->free_in_callback = TRUE;
  write_text (fixture, "hola");
  run_until (fixture->context, &fixture->failed);
  g_assert_null (fixture->output);
  settle (fixture->context);
}

static void
test_free_when_relieved (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  Reader reader = { .total = G_MAXSIZE };
  GSource *source = g_idle_source_new ();

  g_assert_cmpint (pipe (fixture->fds), ==, 0);
  open_output (fixture, fixture->fds[1], FALSE);
  write_pattern (fixture, 600 * 1000);
  fixture->free_in_callback = TRUE;
  reader.fd = fixture->fds[0];
  g_source_set_callback (source, read_cb, &reader, NULL);
  g_source_attach (source, fixture->context);
  run_until (fixture->context, &fixture->relieved);
  g_assert_null (fixture->output);
  g_source_destroy (source);
  g_source_unref (source);
}

/* Showing */

static void
test_shown (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  if (!g_get_charset (NULL))
    {
      g_test_skip ("the locale's charset is not UTF-8");
      return;
    }
  g_assert_cmpint (pipe (fixture->fds), ==, 0);
  open_output (fixture, fixture->fds[1], TRUE);

  write_message (fixture, "1< ", "\x1b[2J\tñ\\");
  assert_written (fixture, "1< \\x1b[2J\tñ\\\n");
  write_text (fixture, "uno\ndos\x07\ntres");
  assert_written (fixture, "uno\ndos\\x07\ntres");

  /* A character in pieces is one; one that never ends is bytes. */
  write_text (fixture, "\xc3");
  assert_written (fixture, "");
  write_text (fixture, "\xb1!");
  assert_written (fixture, "ñ!");
  write_text (fixture, "\xe2");
  write_text (fixture, "\x82");
  assert_written (fixture, "");
  write_text (fixture, "\xac\xf0\x9f\x98");
  assert_written (fixture, "€");
  write_text (fixture, "\x80");
  assert_written (fixture, "😀");
  write_text (fixture, "a\xc3");
  write_text (fixture, "b");
  assert_written (fixture, "a\\xc3b");
  write_text (fixture, "\xc3");
  write_message (fixture, NULL, "m");
  assert_written (fixture, "\\xc3m\n");
  write_text (fixture, "\xe2\x82");
  assert_written (fixture, "");
  g_assert_true (gsock_output_drain (fixture->output, NULL));
  assert_written (fixture, "\\xe2\\x82");

  /* A control cut in two stays escaped: U+009B, CSI. */
  write_text (fixture, "\xc2");
  write_text (fixture, "\x9b"
                       "2J");
  assert_written (fixture, "\\xc2\\x9b2J");
}

/* A long message is shown in pieces, which nobody can tell. */
static void
test_shown_long (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const units[] = { "\n",       "a\n",  "\342\202\254",
                                       "\302\233", "\200", "a" };

  g_assert_cmpint (pipe (fixture->fds), ==, 0);
  open_output (fixture, fixture->fds[1], TRUE);
  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    for (gsize shift = 0; shift < 4; shift++)
      {
        g_autoptr (GString) said = g_string_new_len ("xxx", (gssize) shift);
        g_autoptr (GString) want = g_string_new ("who: ");
        g_autofree char *shown = NULL;
        gsize size;

        while (said->len < 10000)
          g_string_append (said, units[i]);
        gsock_escape_append_message (want, said->str, said->len,
                                     g_get_charset (NULL));
        g_string_append_c (want, '\n');
        gsock_output_message (fixture->output, "who: ", said->str, said->len);
        g_assert_true (gsock_output_drain (fixture->output, NULL));
        shown = read_now (fixture->fds[0], &size);
        g_assert_cmpmem (shown, size, want->str, want->len);
      }
}

/* Whatever the pieces, no control gets through. */
static void
test_shown_bytes (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_assert_cmpint (pipe (fixture->fds), ==, 0);
  open_output (fixture, fixture->fds[1], TRUE);
  for (gsize step = 1; step <= 7; step++)
    {
      char bytes[512];
      g_autofree char *shown = NULL;
      gsize size;

      for (gsize i = 0; i < sizeof bytes; i++)
        bytes[i] = (char) (i < 256 ? i : 511 - i);
      for (gsize at = 0; at < sizeof bytes; at += step)
        gsock_output_bytes (fixture->output, bytes + at,
                            MIN (step, sizeof bytes - at));
      g_assert_true (gsock_output_drain (fixture->output, NULL));
      shown = read_now (fixture->fds[0], &size);
      g_assert_true (g_utf8_validate (shown, (gssize) size, NULL));
      for (const char *p = shown; p < shown + size; p = g_utf8_next_char (p))
        {
          gunichar c = g_utf8_get_char (p);

          if (c != '\n' && c != '\t')
            g_assert_false (g_unichar_iscntrl (c));
        }
    }
}

/* Terminals */

static int
open_terminal (int *master)
{
  struct termios settings;
  int slave;

  *master = posix_openpt (O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (*master < 0 || grantpt (*master) < 0 || unlockpt (*master) < 0)
    return -1;
  slave = open (ptsname (*master), O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (slave < 0 || tcgetattr (slave, &settings) < 0)
    return slave;
  settings.c_oflag &= ~(tcflag_t) OPOST;
  settings.c_lflag &= ~(tcflag_t) ECHO;
  g_assert_cmpint (tcsetattr (slave, TCSANOW, &settings), ==, 0);
  return slave;
}

static void
test_terminal (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  fixture->fds[1] = open_terminal (&fixture->fds[0]);
  if (fixture->fds[1] < 0)
    {
      g_test_skip ("no pseudo-terminal");
      return;
    }
  open_output (fixture, fixture->fds[1], FALSE);
  run_slow_reader (fixture);
  g_assert_cmpint (fcntl (fixture->fds[1], F_GETFL) & O_NONBLOCK, ==, 0);
}

static void
test_terminal_gone (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  fixture->fds[1] = open_terminal (&fixture->fds[0]);
  if (fixture->fds[1] < 0)
    {
      g_test_skip ("no pseudo-terminal");
      return;
    }
  open_output (fixture, fixture->fds[1], TRUE);
  close_end (&fixture->fds[0]);
  write_message (fixture, NULL, "hola");
  assert_failed (fixture, gsock_errno_text (EIO));
}

/* Input */

typedef struct
{
  GMainContext *context;
  GsockInput *input;
  int fds[2]; /* what is read, what is written */
  GString *bytes;
  gsize largest;
  guint n_calls;
  gboolean got;
  gboolean ended;
  guint n_ended;
  GError *error;
  gboolean hold_after_each;
  gboolean free_after_bytes;
  gboolean free_after_end;
} Source;

static void
bytes_cb (const char *data, gsize size, gpointer data_)
{
  Source *source = data_;

  g_assert_cmpuint (size, >, 0);
  g_string_append_len (source->bytes, data, (gssize) size);
  source->largest = MAX (source->largest, size);
  source->n_calls++;
  source->got = TRUE;
  if (source->hold_after_each)
    gsock_input_hold (source->input);
  if (source->free_after_bytes)
    g_clear_pointer (&source->input, gsock_input_free);
}

static void
ended_cb (const GError *error, gpointer data_)
{
  Source *source = data_;

  source->ended = TRUE;
  source->n_ended++;
  if (error != NULL)
    source->error = g_error_copy (error);
  if (source->free_after_end)
    g_clear_pointer (&source->input, gsock_input_free);
}

static const GsockInputNotify input_notify = { bytes_cb, ended_cb };

static void
source_init (Source *source, gconstpointer data G_GNUC_UNUSED)
{
  *source = (Source) { .fds = { -1, -1 } };
  source->context = g_main_context_new ();
  source->bytes = g_string_new (NULL);
}

static void
source_clear (Source *source, gconstpointer data G_GNUC_UNUSED)
{
  g_clear_pointer (&source->input, gsock_input_free);
  settle (source->context);
  g_main_context_unref (source->context);
  gsock_fd_clear (&source->fds[0]);
  gsock_fd_clear (&source->fds[1]);
  g_string_free (source->bytes, TRUE);
  g_clear_error (&source->error);
}

static void
open_input (Source *source, int fd)
{
  source->input = gsock_input_new (fd, &input_notify, source, source->context);
}

static void
type_text (Source *source, const char *text)
{
  g_assert_cmpint (write (source->fds[1], text, strlen (text)), ==,
                   (gssize) strlen (text));
}

static void
wait_bytes (Source *source)
{
  source->got = FALSE;
  run_until (source->context, &source->got);
}

static void
assert_clean_end (Source *source)
{
  run_until (source->context, &source->ended);
  g_assert_no_error (source->error);
  /* Once, whatever is asked of it after. */
  gsock_input_hold (source->input);
  gsock_input_release (source->input);
  settle (source->context);
  g_assert_cmpuint (source->n_ended, ==, 1);
}

static void
read_stream (Source *source)
{
  int flags = fcntl (source->fds[0], F_GETFL);

  open_input (source, source->fds[0]);
  type_text (source, "hola");
  /* Held at first. */
  settle (source->context);
  g_assert_cmpuint (source->n_calls, ==, 0);

  gsock_input_release (source->input);
  gsock_input_release (source->input);
  wait_bytes (source);
  g_assert_cmpstr (source->bytes->str, ==, "hola");
  settle (source->context);
  type_text (source, " mundo");
  wait_bytes (source);
  g_assert_cmpstr (source->bytes->str, ==, "hola mundo");

  /* Held: neither bytes nor the end. */
  gsock_input_hold (source->input);
  type_text (source, "\n");
  close_end (&source->fds[1]);
  settle (source->context);
  g_assert_cmpstr (source->bytes->str, ==, "hola mundo");
  g_assert_false (source->ended);

  gsock_input_release (source->input);
  assert_clean_end (source);
  g_assert_cmpstr (source->bytes->str, ==, "hola mundo\n");
  g_assert_cmpint (fcntl (source->fds[0], F_GETFL), ==, flags);
}

static void
test_input_pipe (Source *source, gconstpointer data G_GNUC_UNUSED)
{
  g_assert_cmpint (pipe (source->fds), ==, 0);
  read_stream (source);
}

static void
test_input_socket (Source *source, gconstpointer data G_GNUC_UNUSED)
{
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, source->fds), ==, 0);
  read_stream (source);
}

static void
test_input_foreign_pipe (Source *source, gconstpointer data G_GNUC_UNUSED)
{
  Shortage shortage;

  g_assert_cmpint (pipe (source->fds), ==, 0);
  begin_shortage (&shortage);
  open_input (source, source->fds[0]);
  end_shortage (&shortage);
  type_text (source, "hola");
  gsock_input_release (source->input);
  wait_bytes (source);
  settle (source->context);
  close_end (&source->fds[1]);
  assert_clean_end (source);
  g_assert_cmpstr (source->bytes->str, ==, "hola");
}

/* Pieces of 128 KiB, and one at a time if asked so. */
static void
test_input_file (Source *source, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *path = NULL;
  g_autofree char *pattern = g_malloc (300 * 1024);

  fill_pattern (pattern, 300 * 1024, 0);
  source->fds[0] = g_file_open_tmp ("gsock-XXXXXX", &path, NULL);
  g_assert_true (gsock_fd_write_all (source->fds[0], pattern, 300 * 1024));
  g_assert_cmpint (lseek (source->fds[0], 0, SEEK_SET), ==, 0);

  open_input (source, source->fds[0]);
  source->hold_after_each = TRUE;
  for (guint i = 1; i <= 3; i++)
    {
      gsock_input_release (source->input);
      wait_bytes (source);
      settle (source->context);
      g_assert_cmpuint (source->n_calls, ==, i);
    }
  g_assert_cmpuint (source->largest, ==, 128 * 1024);
  g_assert_cmpuint (source->bytes->len, ==, 300 * 1024);
  g_assert_cmpint (memcmp (source->bytes->str, pattern, 300 * 1024), ==, 0);
  g_assert_false (source->ended);
  gsock_input_release (source->input);
  assert_clean_end (source);
  g_assert_cmpint (g_unlink (path), ==, 0);
}

static void
test_input_null (Source *source, gconstpointer data G_GNUC_UNUSED)
{
  source->fds[0] = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  open_input (source, source->fds[0]);
  gsock_input_release (source->input);
  assert_clean_end (source);
  g_assert_cmpuint (source->bytes->len, ==, 0);
}

static void
test_input_closed (Source *source, gconstpointer data G_GNUC_UNUSED)
{
  int closed = dup (0);

  close (closed);
  open_input (source, closed);
  gsock_input_release (source->input);
  assert_clean_end (source);
}

static void
test_input_directory (Source *source, gconstpointer data G_GNUC_UNUSED)
{
  source->fds[0] = open ("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  open_input (source, source->fds[0]);
  gsock_input_release (source->input);
  run_until (source->context, &source->ended);
  g_assert_error (source->error, GSOCK_ERROR, GSOCK_ERROR_FAILED);
  g_assert_nonnull (strstr (source->error->message, gsock_errno_text (EISDIR)));
  gsock_input_release (source->input);
  settle (source->context);
  g_assert_cmpuint (source->n_ended, ==, 1);
}

static void
test_input_free (Source *source, gconstpointer data G_GNUC_UNUSED)
{
  g_assert_cmpint (pipe (source->fds), ==, 0);
  open_input (source, source->fds[0]);
  source->free_after_bytes = TRUE;
  gsock_input_release (source->input);
  type_text (source, "hola");
  wait_bytes (source);
  g_assert_null (source->input);
  settle (source->context);

  close_end (&source->fds[1]);
  open_input (source, source->fds[0]);
  source->free_after_end = TRUE;
  gsock_input_release (source->input);
  run_until (source->context, &source->ended);
  g_assert_null (source->input);
  settle (source->context);
  gsock_input_free (NULL);
}

static void
test_input_terminal (Source *source, gconstpointer data G_GNUC_UNUSED)
{
  source->fds[0] = open_terminal (&source->fds[1]);
  if (source->fds[0] < 0)
    {
      g_test_skip ("no pseudo-terminal");
      return;
    }
  open_input (source, source->fds[0]);
  gsock_input_release (source->input);
  type_text (source, "hola\n");
  wait_bytes (source);
  g_assert_cmpstr (source->bytes->str, ==, "hola\n");
  g_assert_cmpint (fcntl (source->fds[0], F_GETFL) & O_NONBLOCK, ==, 0);
  /* Ctrl-D */
  type_text (source, "\x04");
  assert_clean_end (source);
}

static void
test_input_hangup (Source *source, gconstpointer data G_GNUC_UNUSED)
{
  source->fds[0] = open_terminal (&source->fds[1]);
  if (source->fds[0] < 0)
    {
      g_test_skip ("no pseudo-terminal");
      return;
    }
  open_input (source, source->fds[0]);
  gsock_input_release (source->input);
  settle (source->context);
  close_end (&source->fds[1]);
  assert_clean_end (source);
}

/* Another session lives on the terminal whose master we read: its foreground
 * is not ours to wait for, and its end is EIO. */
static void
test_input_master (Source *source, gconstpointer data G_GNUC_UNUSED)
{
  pid_t child;

  source->fds[1] = open_terminal (&source->fds[0]);
  if (source->fds[1] < 0)
    {
      g_test_skip ("no pseudo-terminal");
      return;
    }
  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      if (setsid () > 0 && ioctl (source->fds[1], TIOCSCTTY, 0) == 0
          && write (source->fds[1], "hola", 4) == 4)
        pause ();
      _exit (1);
    }

  open_input (source, source->fds[0]);
  gsock_input_release (source->input);
  wait_bytes (source);
  g_assert_cmpstr (source->bytes->str, ==, "hola");
  g_assert_cmpint (kill (child, SIGKILL), ==, 0);
  g_assert_cmpint (waitpid (child, NULL, 0), ==, child);
  close_end (&source->fds[1]);
  assert_clean_end (source);
}

/* In the background of a terminal.  The session leader plays the shell: it
 * makes us the foreground only when we have been seen not to read. */

static int
run_in_background (int slave, int told)
{
  struct pollfd typed = { .fd = slave, .events = POLLIN };
  Source source;
  char byte;

  if (setpgid (0, 0) < 0)
    return 1;
  source_init (&source, NULL);
  open_input (&source, slave);
  gsock_input_release (source.input);
  if (write (told, "r", 1) != 1)
    return 2;
  /* What was typed is there, and we don't touch it. */
  if (poll (&typed, 1, DEADLINE_SECONDS * 1000) != 1)
    return 5;
  settle (source.context);
  byte = source.n_calls == 0 && !source.ended ? 'b' : '!';
  if (write (told, &byte, 1) != 1)
    return 3;
  run_until (source.context, &source.got);
  if (strcmp (source.bytes->str, "hola\n") != 0)
    return 4;
  source_clear (&source, NULL);
  return 0;
}

static char
hear (int fd)
{
  struct pollfd ready = { .fd = fd, .events = POLLIN };
  char byte = '\0';

  if (poll (&ready, 1, DEADLINE_SECONDS * 1000) != 1
      || read (fd, &byte, 1) != 1)
    return '\0';
  return byte;
}

static int
play_shell (int master, int slave)
{
  int told[2];
  pid_t child;
  int status;

  if (pipe (told) < 0 || setsid () < 0 || ioctl (slave, TIOCSCTTY, 0) < 0)
    return 77;
  (void) signal (SIGTTOU, SIG_IGN);
  child = fork ();
  if (child == 0)
    _exit (run_in_background (slave, told[1]));
  close (told[1]);
  if (hear (told[0]) != 'r' || write (master, "hola\n", 5) != 5)
    return 10;
  if (hear (told[0]) != 'b')
    return 11;
  if (tcsetpgrp (slave, child) < 0)
    return 12;
  /* Stopped by SIGTTIN it would never end: WUNTRACED tells. */
  if (waitpid (child, &status, WUNTRACED) != child || !WIFEXITED (status))
    return 13;
  return WEXITSTATUS (status);
}

static void
test_input_background (Source *source, gconstpointer data G_GNUC_UNUSED)
{
  pid_t child;
  int status;

  source->fds[0] = open_terminal (&source->fds[1]);
  child = source->fds[0] < 0 ? 0 : fork ();
  if (source->fds[0] < 0)
    {
      g_test_skip ("no pseudo-terminal");
      return;
    }
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    _exit (play_shell (source->fds[1], source->fds[0]));
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  if (WEXITSTATUS (status) == 77)
    g_test_skip ("no controlling terminal to be had");
  else
    g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

#define OUTPUT(path, function) \
  g_test_add ("/output/" path, Fixture, NULL, fixture_init, function, \
              fixture_clear)
#define INPUT(path, function) \
  g_test_add ("/input/" path, Source, NULL, source_init, function, source_clear)

int
main (int argc, char **argv)
{
  (void) signal (SIGPIPE, SIG_IGN);
  /* What is shown depends on the charset. */
  (void) setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  OUTPUT ("at-once", test_at_once);
  OUTPUT ("slow-pipe", test_slow_pipe);
  OUTPUT ("slow-socket", test_slow_socket);
  OUTPUT ("slow-foreign-pipe", test_slow_foreign_pipe);
  OUTPUT ("nonblocking-socket", test_nonblocking_socket);
  OUTPUT ("marks", test_marks);
  OUTPUT ("no-reader", test_no_reader);
  OUTPUT ("no-reader-socket", test_no_reader_socket);
  OUTPUT ("reader-leaves", test_reader_leaves);
  OUTPUT ("full-device", test_full_device);
  OUTPUT ("closed", test_closed);
  OUTPUT ("null", test_null);
  OUTPUT ("file", test_file);
  OUTPUT ("drain", test_drain);
  OUTPUT ("drain-fails", test_drain_fails);
  OUTPUT ("free-when-failed", test_free_when_failed);
  OUTPUT ("free-when-relieved", test_free_when_relieved);
  OUTPUT ("shown", test_shown);
  OUTPUT ("shown-long", test_shown_long);
  OUTPUT ("shown-bytes", test_shown_bytes);
  OUTPUT ("terminal", test_terminal);
  OUTPUT ("terminal-gone", test_terminal_gone);
  INPUT ("pipe", test_input_pipe);
  INPUT ("socket", test_input_socket);
  INPUT ("foreign-pipe", test_input_foreign_pipe);
  INPUT ("file", test_input_file);
  INPUT ("null", test_input_null);
  INPUT ("closed", test_input_closed);
  INPUT ("directory", test_input_directory);
  INPUT ("free", test_input_free);
  INPUT ("terminal", test_input_terminal);
  INPUT ("hangup", test_input_hangup);
  INPUT ("master", test_input_master);
  INPUT ("background", test_input_background);
  return g_test_run ();
}

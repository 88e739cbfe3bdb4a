/* test-log.c: who gets which event, in which form, in one write
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <libintl.h>
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "core/call.h"
#include "core/error.h"
#include "core/log.h"

/* stderr as a datagram socket, so that each write(2) is told from the next. */
typedef struct
{
  int saved;
  int ours;
} Capture;

static void
redirect_stderr (Capture *capture, int fd)
{
  capture->saved = fcntl (STDERR_FILENO, F_DUPFD_CLOEXEC, 10);
  g_assert_cmpint (capture->saved, >=, 0);
  g_assert_cmpint (dup2 (fd, STDERR_FILENO), ==, STDERR_FILENO);
  close (fd);
}

static void
capture_begin (Capture *capture)
{
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, fds), ==,
                   0);
  capture->ours = fds[0];
  redirect_stderr (capture, fds[1]);
}

/* The next write; NULL: there was none. */
static char *
capture_next (Capture *capture)
{
  char bytes[65536];
  ssize_t n = recv (capture->ours, bytes, sizeof bytes, MSG_DONTWAIT);

  return n >= 0 ? g_strndup (bytes, (gsize) n) : NULL;
}

static void
capture_end (Capture *capture)
{
  g_assert_cmpint (dup2 (capture->saved, STDERR_FILENO), ==, STDERR_FILENO);
  close (capture->saved);
  if (capture->ours >= 0)
    close (capture->ours);
}

static void
setup (int verbosity, gboolean json, gboolean explain)
{
  const GsockLogOptions options = { .program = "gsock-server",
                                    .verbosity = verbosity,
                                    .json = json,
                                    .explain = explain };

  gsock_log_setup (&options);
}

static void
test_wanted (void)
{
  enum
  {
    E = 1,
    W = 2,
    N = 4,
    I = 8,
    D = 16,
    C = 32
  };
  static const struct
  {
    GsockLogOptions options;
    guint wanted;
  } rows[] = {
    { { .verbosity = -1 }, E },
    { { .verbosity = -1, .json = TRUE }, E },
    { { .verbosity = -1, .explain = TRUE }, E | C },
    { { .verbosity = 0 }, E | W | N },
    { { .verbosity = 0, .json = TRUE }, E | W | N | I },
    { { .verbosity = 1 }, E | W | N | I },
    { { .verbosity = 2 }, E | W | N | I | D },
    { { .verbosity = 2, .json = TRUE }, E | W | N | I | D },
    { { .verbosity = 0, .explain = TRUE }, E | W | N | C },
    { { .verbosity = 0, .hexdump = TRUE }, E | W | N | D },
    { { .verbosity = 0, .hexdump = TRUE, .json = TRUE }, E | W | N | I },
    { { .verbosity = 7, .explain = TRUE, .hexdump = TRUE },
      E | W | N | I | D | C },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      guint wanted = 0;

      gsock_log_setup (&rows[i].options);
      wanted |= gsock_log_wants (GSOCK_EVENT_ERROR) ? E : 0;
      wanted |= gsock_log_wants (GSOCK_EVENT_WARNING) ? W : 0;
      wanted |= gsock_log_wants (GSOCK_EVENT_LISTENING) ? N : 0;
      wanted |= gsock_log_wants (GSOCK_EVENT_ACCEPTED) ? I : 0;
      wanted |= gsock_log_wants (GSOCK_EVENT_DATA) ? D : 0;
      wanted |= gsock_explaining () ? C : 0;
      g_assert_cmpuint (wanted, ==, rows[i].wanted);
    }
}

static guint n_evaluated;

static const char *
count_evaluation (void)
{
  n_evaluated++;
  return "x";
}

static void
test_unwanted_costs_nothing (void)
{
  setup (0, FALSE, FALSE);
  n_evaluated = 0;
  gsock_log (GSOCK_EVENT_RESOLVING, .text = count_evaluation ());
  g_assert_cmpuint (n_evaluated, ==, 0);
}

static void
test_text (void)
{
  g_autoptr (GError) error = g_error_new_literal (
      GSOCK_ERROR, GSOCK_ERROR_FAILED, "Cannot\nlisten \033[2J\\x07");
  GsockLogOptions options = { .program = "gsock-server" };
  Capture capture;
  g_autofree char *plain = NULL;
  g_autofree char *colored = NULL;
  g_autofree char *notice = NULL;
  g_autofree char *none = NULL;

  gsock_log_setup (&options);
  capture_begin (&capture);
  errno = EDOM;
  gsock_log (GSOCK_EVENT_ERROR, .error = error);
  g_assert_cmpint (errno, ==, EDOM);
  plain = capture_next (&capture);
  options.color = TRUE;
  gsock_log_setup (&options);
  gsock_log (GSOCK_EVENT_ERROR, .error = error);
  colored = capture_next (&capture);
  gsock_log (GSOCK_EVENT_RELOADED);
  notice = capture_next (&capture);
  gsock_log (GSOCK_EVENT_READY);
  none = capture_next (&capture);
  capture_end (&capture);

  g_assert_cmpstr (plain, ==,
                   "gsock-server: Cannot\\x0alisten \\x1b[2J\\x07\n");
  g_assert_cmpstr (colored, ==,
                   "\033[1;31mgsock-server:\033[0m Cannot\\x0alisten "
                   "\\x1b[2J\\x07\n");
  g_assert_cmpstr (notice, ==, "The files were read again\n");
  g_assert_null (none);
}

/* Even what comes past the macro. */
static void
test_quiet (void)
{
  GsockEvent event = { .kind = GSOCK_EVENT_LISTENING };
  g_autoptr (GError)
      error = g_error_new_literal (GSOCK_ERROR, GSOCK_ERROR_BIND, "No");
  Capture capture;
  g_autofree char *none = NULL;
  g_autofree char *line = NULL;

  setup (-1, FALSE, FALSE);
  capture_begin (&capture);
  gsock_log_event (&event);
  none = capture_next (&capture);
  gsock_log (GSOCK_EVENT_ERROR, .error = error);
  line = capture_next (&capture);
  capture_end (&capture);
  g_assert_null (none);
  g_assert_cmpstr (line, ==, "gsock-server: No\n");
}

static void
test_json (void)
{
  const GsockLogOptions options = {
    .json = TRUE, .explain = TRUE, .hexdump = TRUE, .color = TRUE
  };
  Capture capture;
  g_autofree char *closed = NULL;
  g_autofree char *call = NULL;
  g_autofree char *data = NULL;

  gsock_log_setup (&options);
  capture_begin (&capture);
  gsock_log (GSOCK_EVENT_CLOSED, .id = 1, .text = "clean");
  closed = capture_next (&capture);
  gsock_call (GSOCK_CALL_LISTEN, NULL, 0, 0, NULL, "5, 4096");
  call = capture_next (&capture);
  gsock_log (GSOCK_EVENT_DATA, .id = 1, .text = "in", .data = "x", .size = 1);
  data = capture_next (&capture);
  capture_end (&capture);

  g_assert_true (g_str_has_prefix (closed, "{\"event\":\"closed\",\"time\":"));
  g_assert_true (g_str_has_suffix (
      closed, ",\"id\":1,\"in\":0,\"out\":0,\"seconds\":0,\"reason\":"
              "\"clean\"}\n"));
  g_assert_nonnull (strstr (call, "\"call\":\"listen\",\"arguments\":"
                                  "\"5, 4096\",\"result\":0"));
  g_assert_cmpuint (strcspn (call, "\n"), ==, strlen (call) - 1);
  g_assert_null (data);
}

static void
test_explain (void)
{
  Capture capture;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *other = NULL;
  g_autofree char *failed = NULL;

  setup (0, FALSE, TRUE);
  capture_begin (&capture);
  gsock_call (GSOCK_CALL_LISTEN, NULL, 0, 0, NULL, "5, 4096");
  first = capture_next (&capture);
  gsock_call (GSOCK_CALL_LISTEN, NULL, 0, 0, NULL, "6, 4096");
  second = capture_next (&capture);
  gsock_call (GSOCK_CALL_ACCEPT, NULL, 9, 0, "from 127.0.0.1:40322", "5");
  other = capture_next (&capture);
  gsock_call (GSOCK_CALL_CONNECT, NULL, -1, ECONNREFUSED, NULL,
              "4, /tmp/socket");
  failed = capture_next (&capture);
  capture_end (&capture);

  g_assert_cmpstr (
      first, ==,
      "listen (5, 4096) = 0                                          "
      "g_socket_listen\n"
      "    From here the kernel completes connections by itself and queues up "
      "to 4096\n"
      "    of them until accept.\n");
  g_assert_cmpstr (
      second, ==,
      "listen (6, 4096) = 0                                          "
      "g_socket_listen\n");
  g_assert_true (g_str_has_prefix (
      other, "accept (5) = 9 from 127.0.0.1:40322                           "
             "g_socket_accept\n"
             "    A new socket for this client alone; 5 goes on listening,"));
  g_assert_true (g_str_has_prefix (
      failed, "connect (4, /tmp/socket) = -1 ECONNREFUSED                    "
              "g_socket_connect\n"
              "    The file exists, but no process listens on it"));
}

/* Again with -v; and told again when it comes out otherwise. */
static void
test_explain_again (void)
{
  Capture capture;
  g_autofree char *again = NULL;
  g_autofree char *otherwise = NULL;

  setup (1, FALSE, TRUE);
  capture_begin (&capture);
  gsock_call (GSOCK_CALL_LISTEN, NULL, 0, 0, NULL, "5, 4096");
  g_free (capture_next (&capture));
  gsock_call (GSOCK_CALL_LISTEN, NULL, 0, 0, NULL, "5, 4096");
  again = capture_next (&capture);
  setup (0, FALSE, TRUE);
  gsock_call (GSOCK_CALL_LISTEN, NULL, 0, 0, NULL, "5, 4096");
  g_free (capture_next (&capture));
  gsock_call (GSOCK_CALL_LISTEN, NULL, -1, EADDRINUSE, NULL, "5, 4096");
  otherwise = capture_next (&capture);
  capture_end (&capture);
  g_assert_nonnull (strstr (again, "\n    From here"));
  g_assert_nonnull (strstr (otherwise, "\n    Another socket"));
}

static void
test_explain_color (void)
{
  const GsockLogOptions options = { .explain = TRUE, .color = TRUE };
  Capture capture;
  g_autofree char *line = NULL;
  g_autofree char *lonely = NULL;

  gsock_log_setup (&options);
  capture_begin (&capture);
  gsock_call (GSOCK_CALL_CLOSE, NULL, 0, 0, NULL, "9");
  line = capture_next (&capture);
  gsock_call (GSOCK_CALL_FLOCK, NULL, 0, 0, NULL, "6, LOCK_EX");
  lonely = capture_next (&capture);
  capture_end (&capture);
  g_assert_true (g_str_has_prefix (
      line, "close (9) = 0                                                 "
            "\033[2mg_object_unref\033[0m\n"));
  /* No counterpart, no spaces before it. */
  g_assert_true (g_str_has_prefix (lonely, "flock (6, LOCK_EX) = 0\n"));
}

/* What is too long for the column is still apart from the counterpart. */
static void
test_explain_long (void)
{
  static const char long_path[] =
      "/run/a/rather/long/path/that/goes/on/and/on/to/the/socket";
  Capture capture;
  g_autofree char *line = NULL;
  g_autofree char *wanted = g_strdup_printf (
      "connect (4, %s) = 0  g_socket_connect\n", long_path);

  setup (0, FALSE, TRUE);
  capture_begin (&capture);
  gsock_call (GSOCK_CALL_CONNECT, NULL, 0, 0, NULL, "4, %s", long_path);
  line = capture_next (&capture);
  capture_end (&capture);
  g_assert_true (g_str_has_prefix (line, wanted));
}

/* A catalogue with one message, as msgfmt would make it. */
static void
write_catalogue (const char *path, const char *id, const char *text)
{
  static const char header[] = "Content-Type: text/plain; charset=UTF-8\n";
  const guint32 base = 28 + 2 * 16;
  const guint32 id_at = base + 1;
  const guint32 header_at = id_at + (guint32) strlen (id) + 1;
  const guint32 text_at = header_at + (guint32) sizeof header;
  const guint32 words[] = {
    0x950412de, 0,
    2,          28,
    44,         0,
    base,       0,
    base,       (guint32) strlen (id),
    id_at,      (guint32) sizeof header - 1,
    header_at,  (guint32) strlen (text),
    text_at,
  };
  g_autoptr (GString) bytes = g_string_new (NULL);

  g_string_append_len (bytes, (const char *) words, sizeof words);
  g_string_append_c (bytes, '\0');
  g_string_append_len (bytes, id, (gssize) strlen (id) + 1);
  g_string_append_len (bytes, header, sizeof header);
  g_string_append_len (bytes, text, (gssize) strlen (text) + 1);
  g_assert_true (
      g_file_set_contents (path, bytes->str, (gssize) bytes->len, NULL));
}

/* Columns as a terminal counts them: accents 1, combining 0, wide 2. */
static gsize
columns_of (const char *text)
{
  gsize columns = 0;

  for (; *text != '\0'; text += g_utf8_skip[(guchar) *text])
    {
      gunichar c = g_utf8_get_char (text);

      if (!g_unichar_iszerowidth (c))
        columns += g_unichar_iswide (c) ? 2 : 1;
    }
  return columns;
}

static void
check_wrapped (const char *told, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (told, "\n", -1);
  g_autoptr (GString) joined = g_string_new (NULL);
  guint n = g_strv_length (lines);

  g_assert_cmpstr (lines[n - 1], ==, "");
  for (guint i = 1; i < n - 1; i++)
    {
      g_assert_true (g_str_has_prefix (lines[i], "    "));
      g_assert_cmpuint (columns_of (lines[i]), <=, 78);
      /* No line ends early: the next word would not have fitted. */
      if (i > 1)
        g_assert_cmpuint (columns_of (lines[i - 1]) + 1
                              + strcspn (lines[i] + 4, " "),
                          >, 78 - 12);
      g_string_append_printf (joined, i > 1 ? " %s" : "%s", lines[i] + 4);
    }
  g_assert_cmpstr (joined->str, ==, text);
}

static void
test_wrap (void)
{
  static const char text[] =
      "Desde aquí el núcleo completa él solo las conexiones según llegan, y "
      "pone en la cola, detrás de las que ya están, cuantas quepan: "
      "e\u0301xito, señal, año, canción 接続 接続 接続 接続 接続 接続 接続 "
      "接続 接続 接続 接続 接続 接続 接続 y ñandú.";
  const GsockEvent event = { .call = GSOCK_CALL_LISTEN, .text = "5, 4096" };
  g_autofree char *directory = g_dir_make_tmp ("gsock-XXXXXX", NULL);
  g_autofree char *deep = g_build_filename (directory, "es", "LC_MESSAGES",
                                            NULL);
  g_autofree char *path = g_build_filename (deep, "gsock.mo", NULL);
  g_autofree char *shallow = g_build_filename (directory, "es", NULL);
  g_autofree char *id = g_strdup (gsock_call_lesson (&event));
  g_autofree char *told = NULL;
  Capture capture;

  g_assert_cmpint (g_mkdir_with_parents (deep, 0700), ==, 0);
  write_catalogue (path, id, text);
  g_setenv ("LANGUAGE", "es", TRUE);
  if (setlocale (LC_ALL, "es_ES.UTF-8") == NULL)
    setlocale (LC_ALL, "C.UTF-8");
  bindtextdomain (GETTEXT_PACKAGE, directory);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  setup (0, FALSE, TRUE);
  capture_begin (&capture);
  gsock_call (GSOCK_CALL_LISTEN, NULL, 0, 0, NULL, "5, 4096");
  told = capture_next (&capture);
  capture_end (&capture);
  if (strcmp (gsock_call_lesson (&event), id) == 0)
    g_test_skip ("this C library translates nothing without a locale");
  else
    check_wrapped (told, text);

  g_setenv ("LANGUAGE", "en", TRUE);
  setlocale (LC_ALL, "C.UTF-8");
  bindtextdomain (GETTEXT_PACKAGE, "/nonexistent");
  g_remove (path);
  g_rmdir (deep);
  g_rmdir (shallow);
  g_rmdir (directory);
}

/* A terminal that reads no UTF-8 gets none, in one write too. */
static void
test_charset (void)
{
  Capture capture;
  g_autofree char *line = NULL;

  setlocale (LC_ALL, "C");
  setup (0, FALSE, TRUE);
  capture_begin (&capture);
  gsock_call (GSOCK_CALL_SETSOCKOPT, "SO_REUSEADDR", 0, 0, NULL,
              "5, SOL_SOCKET, SO_REUSEADDR, 1");
  line = capture_next (&capture);
  capture_end (&capture);
  setlocale (LC_ALL, "C.UTF-8");
  g_assert_nonnull (strstr (line, "g_socket_bind ("));
  for (const char *at = line; *at != '\0'; at++)
    g_assert_cmpint ((guchar) *at, <, 0x7f);
}

static void
collect_cb (const char *text, gsize size, gpointer data)
{
  g_string_append_len (data, text, (gssize) size);
}

static void
test_sink (void)
{
  g_autoptr (GString) got = g_string_new (NULL);
  Capture capture;
  g_autofree char *none = NULL;
  g_autofree char *line = NULL;

  setup (0, FALSE, FALSE);
  capture_begin (&capture);
  gsock_log_set_sink (collect_cb, got);
  gsock_log (GSOCK_EVENT_RELOADED);
  none = capture_next (&capture);
  gsock_log_set_sink (NULL, NULL);
  gsock_log (GSOCK_EVENT_RELOADED);
  line = capture_next (&capture);
  capture_end (&capture);
  g_assert_cmpstr (got->str, ==, "The files were read again\n");
  g_assert_null (none);
  g_assert_cmpstr (line, ==, "The files were read again\n");
}

static gpointer
read_all_thread (gpointer data)
{
  int fd = GPOINTER_TO_INT (data);
  GString *got = g_string_new (NULL);
  char bytes[4096];
  ssize_t n;

  while ((n = read (fd, bytes, sizeof bytes)) > 0)
    g_string_append_len (got, bytes, n);
  close (fd);
  return got;
}

/* Somebody else has made stderr non-blocking, and it is full. */
static void
test_full_stderr (void)
{
  Capture capture = { .ours = -1 };
  int fds[2];
  gsize filled = 0;
  GThread *reader;
  g_autoptr (GString) got = NULL;

  g_assert_cmpint (pipe (fds), ==, 0);
  g_assert_cmpint (fcntl (fds[1], F_SETFL, O_NONBLOCK), ==, 0);
  while (write (fds[1], "x", 1) == 1)
    filled++;
  setup (0, FALSE, FALSE);
  redirect_stderr (&capture, fds[1]);
  reader = g_thread_new ("reader", read_all_thread, GINT_TO_POINTER (fds[0]));
  gsock_log (GSOCK_EVENT_RELOADED);
  capture_end (&capture);
  got = g_thread_join (reader);
  g_assert_cmpuint (got->len, >, filled);
  g_assert_cmpstr (got->str + filled, ==, "The files were read again\n");
}

static void
test_dead_stderr (void)
{
  Capture capture = { .ours = -1 };
  int fds[2];

  g_assert_cmpint (pipe (fds), ==, 0);
  close (fds[0]);
  setup (0, FALSE, FALSE);
  redirect_stderr (&capture, fds[1]);
  errno = EDOM;
  gsock_log (GSOCK_EVENT_RELOADED);
  g_assert_cmpint (errno, ==, EDOM);
  capture_end (&capture);
}

static gpointer
log_thread (gpointer data)
{
  for (guint i = 0; i < 200; i++)
    gsock_log (GSOCK_EVENT_REMOVED, .text = data);
  return NULL;
}

/* Lines of several threads never mix. */
static void
test_threads (void)
{
  Capture capture = { .ours = -1 };
  int fds[2];
  GThread *reader, *a, *b;
  g_autoptr (GString) got = NULL;
  g_auto (GStrv) lines = NULL;

  g_assert_cmpint (pipe (fds), ==, 0);
  setup (1, FALSE, FALSE);
  redirect_stderr (&capture, fds[1]);
  reader = g_thread_new ("reader", read_all_thread, GINT_TO_POINTER (fds[0]));
  a = g_thread_new ("a", log_thread, (char[]) { "/run/aaaaaaaaaaaaaaaaaaaa" });
  b = g_thread_new ("b", log_thread, (char[]) { "/run/bbbbbbbbbbbbbbbbbbbb" });
  g_thread_join (a);
  g_thread_join (b);
  capture_end (&capture);
  got = g_thread_join (reader);
  lines = g_strsplit (got->str, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 401);
  for (guint i = 0; i < 400; i++)
    g_assert_true (strcmp (lines[i], "Removed /run/aaaaaaaaaaaaaaaaaaaa") == 0
                   || strcmp (lines[i], "Removed /run/bbbbbbbbbbbbbbbbbbbb")
                          == 0);
}

static void
test_hexdump (void)
{
  const GsockLogOptions options = { .hexdump = TRUE };
  Capture capture;
  g_autofree char *in = NULL;
  g_autofree char *out = NULL;

  gsock_log_setup (&options);
  capture_begin (&capture);
  gsock_log (GSOCK_EVENT_DATA, .id = 7, .text = "in", .data = "hola\n",
             .size = 5);
  in = capture_next (&capture);
  gsock_log (GSOCK_EVENT_DATA, .id = 7, .text = "out", .data = "\033",
             .size = 1, .count = 0x10);
  out = capture_next (&capture);
  capture_end (&capture);
  g_assert_true (g_str_has_prefix (in, "Connection 7: "));
  g_assert_nonnull (strstr (in, "\n< 00000000  68 6f 6c 61 0a "));
  g_assert_true (g_str_has_suffix (in, "|hola.|\n"));
  g_assert_nonnull (strstr (out, "\n> 00000010  1b "));
}

static void
test_record (void)
{
  g_autofree char *directory = g_dir_make_tmp ("gsock-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "record", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) error = NULL;
  struct stat status;
  Capture capture;
  g_autofree char *none = NULL;

  setup (0, FALSE, FALSE);
  g_assert_true (g_file_set_contents (path, "before\n", -1, NULL));
  g_assert_cmpint (g_unlink (path), ==, 0);
  gsock_log_open_record (path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (stat (path, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 07777, ==, 0600);
  g_assert_true (gsock_log_wants (GSOCK_EVENT_DATA));
  capture_begin (&capture);
  gsock_log (GSOCK_EVENT_DATA, .id = 1, .text = "in", .data = "hola\n",
             .size = 5);
  none = capture_next (&capture);
  capture_end (&capture);
  g_assert_true (gsock_log_close_record (&error));
  g_assert_false (gsock_log_wants (GSOCK_EVENT_DATA));
  /* Appended to, and it says nothing but data. */
  g_assert_true (gsock_log_open_record (path, &error));
  setup (0, TRUE, FALSE);
  gsock_log (GSOCK_EVENT_DATA, .id = 2, .text = "out", .data = "\xff",
             .size = 1);
  g_assert_true (gsock_log_close_record (&error));
  g_assert_true (gsock_log_close_record (&error));

  g_assert_null (none);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 3);
  g_assert_true (g_str_has_suffix (
      lines[0],
      "\"id\":1,\"direction\":\"in\",\"size\":5,\"data\":\"hola\\u000a\"}"));
  g_assert_true (g_str_has_suffix (lines[1],
                                   "\"id\":2,\"direction\":\"out\",\"size\":1,"
                                   "\"data\":{\"base64\":\"/w==\"}}"));
  g_remove (path);
  g_rmdir (directory);
}

static void
test_record_refused (void)
{
  g_autofree char *directory = g_dir_make_tmp ("gsock-XXXXXX", NULL);
  g_autofree char *target = g_build_filename (directory, "target", NULL);
  g_autofree char *link = g_build_filename (directory, "link", NULL);
  g_autoptr (GError) through_link = NULL;
  g_autoptr (GError) no_file = NULL;

  setup (0, FALSE, FALSE);
  g_assert_cmpint (symlink ("target", link), ==, 0);
  g_assert_false (gsock_log_open_record (link, &through_link));
  g_assert_error (through_link, GSOCK_ERROR, GSOCK_ERROR_OUTPUT);
  g_assert_nonnull (strstr (through_link->message, link));
  g_assert_false (g_file_test (target, G_FILE_TEST_EXISTS));
  g_assert_false (gsock_log_open_record (directory, &no_file));
  g_assert_error (no_file, GSOCK_ERROR, GSOCK_ERROR_OUTPUT);
  g_assert_false (gsock_log_wants (GSOCK_EVENT_DATA));
  g_remove (link);
  g_rmdir (directory);
}

/* Told once when it happens, and once at the end. */
static void
test_record_full (void)
{
  g_autoptr (GError) error = NULL;
  Capture capture;
  g_autofree char *told = NULL;
  g_autofree char *none = NULL;

  if (access ("/dev/full", W_OK) != 0)
    {
      g_test_skip ("no /dev/full");
      return;
    }
  setup (-1, FALSE, FALSE);
  g_assert_true (gsock_log_open_record ("/dev/full", &error));
  capture_begin (&capture);
  gsock_log (GSOCK_EVENT_DATA, .id = 1, .text = "in", .data = "a", .size = 1);
  told = capture_next (&capture);
  gsock_log (GSOCK_EVENT_DATA, .id = 1, .text = "in", .data = "b", .size = 1);
  none = capture_next (&capture);
  capture_end (&capture);
  g_assert_true (g_str_has_prefix (
      told, "gsock-server: Cannot write the record /dev/full"));
  g_assert_null (none);
  g_assert_false (gsock_log_close_record (&error));
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_OUTPUT);
  g_clear_error (&error);
  g_assert_true (gsock_log_close_record (&error));
}

static void
test_glib (void)
{
  Capture capture;
  g_autofree char *line = NULL;
  g_autofree char *none = NULL;
  g_autofree char *json = NULL;

  setup (0, FALSE, FALSE);
  gsock_log_take_glib ();
  gsock_log_take_glib ();
  capture_begin (&capture);
  g_log_structured ("GLib-GIO", G_LOG_LEVEL_WARNING, "MESSAGE", "a\nb\033%s",
                    "c");
  line = capture_next (&capture);
  g_log_structured ("GLib-GIO", G_LOG_LEVEL_DEBUG, "MESSAGE", "x");
  none = capture_next (&capture);
  setup (0, TRUE, FALSE);
  g_log_structured ("GLib-GIO", G_LOG_LEVEL_WARNING, "MESSAGE", "x");
  json = capture_next (&capture);
  capture_end (&capture);
  g_assert_cmpstr (line, ==, "gsock-server: GLib-GIO: a\\x0ab\\x1bc\n");
  g_assert_null (none);
  g_assert_true (g_str_has_prefix (json, "{\"event\":\"warning\","));
}

int
main (int argc, char **argv)
{
  g_setenv ("LANGUAGE", "en", TRUE);
  g_unsetenv ("G_MESSAGES_DEBUG");
  setlocale (LC_ALL, "C.UTF-8");
  signal (SIGPIPE, SIG_IGN);
  g_test_init (&argc, &argv, NULL);
  /* Errors can be told before the options are known. */
  g_assert_true (gsock_log_wants (GSOCK_EVENT_ERROR));
  g_test_add_func ("/log/wanted", test_wanted);
  g_test_add_func ("/log/unwanted", test_unwanted_costs_nothing);
  g_test_add_func ("/log/text", test_text);
  g_test_add_func ("/log/quiet", test_quiet);
  g_test_add_func ("/log/json", test_json);
  g_test_add_func ("/log/explain", test_explain);
  g_test_add_func ("/log/explain/again", test_explain_again);
  g_test_add_func ("/log/explain/color", test_explain_color);
  g_test_add_func ("/log/explain/long", test_explain_long);
  g_test_add_func ("/log/explain/wrap", test_wrap);
  g_test_add_func ("/log/charset", test_charset);
  g_test_add_func ("/log/sink", test_sink);
  g_test_add_func ("/log/stderr/full", test_full_stderr);
  g_test_add_func ("/log/stderr/dead", test_dead_stderr);
  g_test_add_func ("/log/threads", test_threads);
  g_test_add_func ("/log/hexdump", test_hexdump);
  g_test_add_func ("/log/record", test_record);
  g_test_add_func ("/log/record/refused", test_record_refused);
  g_test_add_func ("/log/record/full", test_record_full);
  g_test_add_func ("/log/glib", test_glib);
  return g_test_run ();
}

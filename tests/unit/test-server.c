/* test-server.c: limits, rules, announcements, and an orderly end
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The server runs in the main thread, as in the tool; the clients are written
 * one after the other, with calls that wait, in a thread of their own, and
 * whatever they ask of the server is asked in its thread. */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib-unix.h>
#include <glib/gstdio.h>

#include "core/error.h"
#include "core/fd.h"
#include "core/log.h"
#include "core/server.h"
#include "handlers/handlers.h"

#define MS G_TIME_SPAN_MILLISECOND
#define DEADLINE 20 /* seconds, for a call of a client */

typedef struct
{
  GsockServerConfig config;
  GPtrArray *endpoints; /* GsockEndpoint */
  GPtrArray *bound;     /* char *: the lines of the ready descriptor */
  GsockServer *server;
  GError *error; /* what run gave */
  gint64 took;   /* run, microseconds */
  int ready;     /* the reading end */
  int left;      /* a client's, still open */
  void (*script) (gpointer fixture);
} Fixture;

static GString *events;
static int stopped; /* atomic: for the clients to see */

/* Of the main thread, where all events are. */
static gboolean
has_event (const char *name)
{
  g_autofree char *pattern = g_strdup_printf ("\"event\":\"%s\"", name);

  return strstr (events->str, pattern) != NULL;
}

static void
event_cb (const char *text, gsize size, gpointer data G_GNUC_UNUSED)
{
  g_string_append_len (events, text, (gssize) size);
  g_atomic_int_set (&stopped, has_event ("stopped"));
}

/* The clients' side. */

static void
read_ready (Fixture *f)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  char buffer[4096];
  gssize n;

  while ((n = read (f->ready, buffer, sizeof buffer)) > 0)
    g_string_append_len (lines, buffer, n);
  g_assert_cmpint (n, ==, 0);
  for (char *line = strtok (lines->str, "\n"); line != NULL;
       line = strtok (NULL, "\n"))
    g_ptr_array_add (f->bound, g_strdup (line));
}

static gboolean
stop_cb (gpointer data)
{
  gsock_server_stop (data, "test");
  return G_SOURCE_REMOVE;
}

static void
stop (Fixture *f)
{
  g_main_context_invoke (NULL, stop_cb, f->server);
}

static void
wait_until_stopped (void)
{
  gint64 deadline = g_get_monotonic_time () + DEADLINE * G_USEC_PER_SEC;

  while (!g_atomic_int_get (&stopped))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_usleep (1000);
    }
}

/* -1 with errno. */
static int
try_call (Fixture *f, guint i)
{
  const struct timeval patience = { .tv_sec = DEADLINE };
  g_autoptr (GsockEndpoint) endpoint = gsock_endpoint_parse (
      g_ptr_array_index (f->bound, i), GSOCK_ENDPOINT_FOR_CLIENT, NULL);
  g_autoptr (GSocketAddress) address = gsock_endpoint_to_address (endpoint);
  gssize size = g_socket_address_get_native_size (address);
  struct sockaddr_storage native = { 0 };
  int fd;

  g_assert_true (
      g_socket_address_to_native (address, &native, sizeof native, NULL));
  fd = socket (native.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (fd, >=, 0);
  setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt (fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (connect (fd, (struct sockaddr *) &native, (socklen_t) size) == 0)
    return fd;
  gsock_fd_close (fd);
  return -1;
}

static int
call (Fixture *f)
{
  int fd = try_call (f, 0);

  g_assert_cmpint (fd, >=, 0);
  return fd;
}

static void
say (int fd, const char *text)
{
  g_assert_cmpint (send (fd, text, strlen (text), MSG_NOSIGNAL), ==,
                   (gssize) strlen (text));
}

static void
assert_hears (int fd, const char *expected)
{
  g_autofree char *buffer = g_malloc0 (strlen (expected) + 1);

  g_assert_cmpint (recv (fd, buffer, strlen (expected), MSG_WAITALL), ==,
                   (gssize) strlen (expected));
  g_assert_cmpstr (buffer, ==, expected);
}

static gboolean
is_silent_for (int fd, int ms)
{
  struct pollfd look = { .fd = fd, .events = POLLIN };

  return poll (&look, 1, ms) == 0;
}

/* All to the end, by which the kernel must not mean a reset; how many bytes. */
static gsize
hear_all (int fd)
{
  g_autofree char *buffer = g_malloc (65536);
  gsize total = 0;
  gssize n;

  while ((n = recv (fd, buffer, 65536, 0)) > 0)
    total += (gsize) n;
  g_assert_cmpint (n, ==, 0);
  return total;
}

/* Closed without a word, with or without a reset. */
static void
assert_shown_out (int fd)
{
  char byte;
  gssize n = recv (fd, &byte, 1, 0);

  g_assert_cmpint (n, <=, 0);
  if (n < 0)
    g_assert_cmpint (errno, ==, ECONNRESET);
}

/* The server's side. */

static void
add (Fixture *f, const char *text)
{
  g_autoptr (GError) error = NULL;
  GsockEndpoint *endpoint = gsock_endpoint_parse (
      text, GSOCK_ENDPOINT_FOR_SERVER, &error);

  g_assert_no_error (error);
  g_ptr_array_add (f->endpoints, endpoint);
}

static void
fixture_init (Fixture *f, const GsockHandler *handler,
              void (*script) (gpointer))
{
  int ends[2];

  *f = (Fixture) { .script = script };
  f->endpoints = g_ptr_array_new_with_free_func (
      (GDestroyNotify) gsock_endpoint_unref);
  f->bound = g_ptr_array_new_with_free_func (g_free);
  g_assert_true (g_unix_open_pipe (ends, FD_CLOEXEC, NULL));
  f->ready = ends[0];
  f->config = (GsockServerConfig) {
    .endpoints = f->endpoints,
    .listen.rights = { .mode = 0600, .owner = (uid_t) -1, .group = (gid_t) -1 },
    .connection = { .handler = handler,
                    .codec = gsock_codec_find (handler->frame, NULL),
                    .max_message = 1024 * 1024,
                    .linger = 2 * G_USEC_PER_SEC },
    .grace = 5 * G_USEC_PER_SEC,
    .ready_fd = ends[1],
  };
  g_string_truncate (events, 0);
  g_atomic_int_set (&stopped, FALSE);
}

static gpointer
script_thread (gpointer data)
{
  Fixture *f = data;

  read_ready (f);
  if (f->script != NULL)
    f->script (f);
  return NULL;
}

static gboolean
run (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  gint64 began;
  GThread *clients;
  gboolean done;

  if (f->endpoints->len == 0)
    add (f, "127.0.0.1:0");
  f->server = gsock_server_new (&f->config, &error);
  g_assert_no_error (error);
  clients = g_thread_new ("clients", script_thread, f);
  began = g_get_monotonic_time ();
  done = gsock_server_run (f->server, &f->error);
  f->took = g_get_monotonic_time () - began;
  g_assert_cmpint (done, ==, f->error == NULL);
  g_thread_join (clients);
  return done;
}

static void
fixture_clear (Fixture *f)
{
  g_clear_pointer (&f->server, gsock_server_free);
  /* What GIO still has to finish refers to the listener. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  close (f->ready);
  g_clear_error (&f->error);
  g_ptr_array_unref (f->endpoints);
  g_ptr_array_unref (f->bound);
}

/* Ready, and addresses. */

static void
ready_script (gpointer data)
{
  Fixture *f = data;

  g_assert_cmpuint (f->bound->len, ==, 3);
  for (guint i = 0; i < f->bound->len; i++)
    {
      g_auto (GsockFd) fd = try_call (f, i);

      g_assert_cmpint (fd, >=, 0);
      say (fd, "echo");
      assert_hears (fd, "echo");
      shutdown (fd, SHUT_WR);
      g_assert_cmpuint (hear_all (fd), ==, 0);
    }
  stop (f);
}

static void
test_ready (void)
{
  g_autofree char *directory = g_dir_make_tmp (NULL, NULL);
  g_autofree char *path = g_build_filename (directory, "socket", NULL);
  g_autofree char *abstract = g_strconcat ("@", directory, NULL);
  g_autofree char *unix_path = g_strconcat ("unix:", path, NULL);
  Fixture f;

  fixture_init (&f, &gsock_echo_handler, ready_script);
  add (&f, "127.0.0.1:0");
  add (&f, path);
  add (&f, abstract);
  g_assert_true (run (&f));
  g_assert_true (
      g_str_has_prefix (g_ptr_array_index (f.bound, 0), "tcp:127.0.0.1:"));
  g_assert_cmpstr (g_ptr_array_index (f.bound, 1), ==, unix_path);
  g_assert_true (has_event ("listening"));
  g_assert_true (has_event ("ready"));
  g_assert_true (has_event ("stopped"));
  g_assert_cmpuint (gsock_server_get_stats (f.server)->count, ==, 3);
  g_assert_cmpuint (gsock_server_get_stats (f.server)->active, ==, 0);
  g_assert_cmpuint (gsock_server_get_stats (f.server)->in, ==, 12);
  g_assert_cmpuint (gsock_server_get_stats (f.server)->out, ==, 12);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_cmpint (g_rmdir (directory), ==, 0);
  fixture_clear (&f);
}

/* Everywhere or nowhere. */
static void
test_cannot_listen (void)
{
  g_autofree char *directory = g_dir_make_tmp (NULL, NULL);
  g_autofree char *path = g_build_filename (directory, "socket", NULL);
  g_autoptr (GError) error = NULL;
  Fixture f;

  fixture_init (&f, &gsock_echo_handler, NULL);
  add (&f, path);
  add (&f, "192.0.2.1:0");
  g_assert_null (gsock_server_new (&f.config, &error));
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_BIND);
  g_assert_cmpint (g_rmdir (directory), ==, 0);
  close (f.config.ready_fd);
  fixture_clear (&f);
}

static void
test_nothing_given (void)
{
  g_autoptr (GError) error = NULL;
  Fixture f;

  fixture_init (&f, &gsock_echo_handler, NULL);
  g_assert_null (gsock_server_new (&f.config, &error));
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
  close (f.config.ready_fd);
  fixture_clear (&f);
}

static void
banner_script (gpointer data)
{
  g_auto (GsockFd) fd = call (data);

  assert_hears (fd, "welcome\n");
  say (fd, "x");
  assert_hears (fd, "x");
  stop (data);
}

static void
test_banner (void)
{
  g_autoptr (GBytes) banner = g_bytes_new_static ("welcome\n", 8);
  Fixture f;

  fixture_init (&f, &gsock_echo_handler, banner_script);
  f.config.banner = banner;
  g_assert_true (run (&f));
  fixture_clear (&f);
}

/* Limits and rules. */

static void
capacity_script (gpointer data)
{
  Fixture *f = data;
  int fds[6];

  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    {
      fds[i] = call (f);
      say (fds[i], "hello");
    }
  /* Two are served, the others wait, and nobody is lost. */
  for (guint i = 0; i < G_N_ELEMENTS (fds); i += 2)
    {
      assert_hears (fds[i], "hello");
      assert_hears (fds[i + 1], "hello");
      if (i + 2 < G_N_ELEMENTS (fds))
        g_assert_true (is_silent_for (fds[i + 2], 50));
      close (fds[i]);
      close (fds[i + 1]);
    }
  stop (f);
}

static void
test_capacity (void)
{
  Fixture f;

  fixture_init (&f, &gsock_echo_handler, capacity_script);
  f.config.max_connections = 2;
  g_assert_true (run (&f));
  g_assert_true (has_event ("full"));
  g_assert_true (has_event ("resumed"));
  g_assert_cmpuint (gsock_server_get_stats (f.server)->count, ==, 6);
  fixture_clear (&f);
}

static void
per_host_script (gpointer data)
{
  Fixture *f = data;
  int first = call (f), second = call (f), third;

  say (first, "a");
  assert_hears (first, "a");
  say (second, "b");
  assert_hears (second, "b");
  third = call (f);
  assert_shown_out (third);
  close (third);

  /* One leaves, one more may come. */
  shutdown (first, SHUT_WR);
  g_assert_cmpuint (hear_all (first), ==, 0);
  for (;;)
    {
      char byte;

      third = call (f);
      (void) !send (third, "c", 1, MSG_NOSIGNAL);
      if (recv (third, &byte, 1, 0) == 1)
        break;
      close (third);
    }
  close (first);
  close (second);
  close (third);
  stop (f);
}

static void
test_max_per_host (void)
{
  static const char *const addresses[] = { "127.0.0.1:0", "unix" };

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autofree char *directory = g_dir_make_tmp (NULL, NULL);
      g_autofree char *path = g_build_filename (directory, "s", NULL);
      Fixture f;

      fixture_init (&f, &gsock_echo_handler, per_host_script);
      f.config.max_per_host = 2;
      add (&f, i == 0 ? addresses[i] : path);
      g_assert_true (run (&f));
      g_assert_true (has_event ("denied"));
      fixture_clear (&f);
      g_assert_cmpint (g_rmdir (directory), ==, 0);
    }
}

static void
denied_script (gpointer data)
{
  g_auto (GsockFd) fd = call (data);

  assert_shown_out (fd);
  stop (data);
}

static void
allowed_script (gpointer data)
{
  g_auto (GsockFd) fd = call (data);

  say (fd, "x");
  assert_hears (fd, "x");
  stop (data);
}

static void
test_acl (void)
{
  g_autofree char *directory = g_dir_make_tmp (NULL, NULL);
  g_autofree char *path = g_build_filename (directory, "s", NULL);
  g_autofree char *me = g_strdup_printf ("uid:%u", (guint) geteuid ());
  g_autofree char *other = g_strdup_printf ("uid:%u", (guint) geteuid () + 1);
  const struct
  {
    const char *address, *rule;
    gboolean allow, comes_in;
  } table[] = {
    { "127.0.0.1:0", "127.0.0.0/8", FALSE, FALSE },
    { "127.0.0.1:0", "10.0.0.0/8", FALSE, TRUE },
    { "127.0.0.1:0", "127.0.0.1", TRUE, TRUE },
    { "127.0.0.1:0", "10.0.0.1", TRUE, FALSE },
    { path, me, TRUE, TRUE },
    { path, me, FALSE, FALSE },
    { path, other, TRUE, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (GsockAcl) acl = gsock_acl_new ();
      g_autoptr (GError) error = NULL;
      Fixture f;

      g_assert_true (
          gsock_acl_add (acl, table[i].allow, table[i].rule, &error));
      fixture_init (&f, &gsock_echo_handler,
                    table[i].comes_in ? allowed_script : denied_script);
      f.config.acl = acl;
      add (&f, table[i].address);
      g_assert_true (run (&f));
      g_assert_cmpint (has_event ("denied"), ==, !table[i].comes_in);
      g_assert_cmpuint (gsock_server_get_stats (f.server)->count, ==,
                        table[i].comes_in);
      fixture_clear (&f);
    }
  g_assert_cmpint (g_rmdir (directory), ==, 0);
}

/* Who sends and resets before it is accepted can't be asked who it was: where
 * there are rules, what it said is not read. */

static GMutex busy_lock;
static int is_busy; /* atomic */

static gboolean
be_busy_cb (gpointer data G_GNUC_UNUSED)
{
  g_atomic_int_set (&is_busy, TRUE);
  g_mutex_lock (&busy_lock);
  g_mutex_unlock (&busy_lock);
  return G_SOURCE_REMOVE;
}

static void
hit_and_run_script (gpointer data)
{
  const struct linger linger = { .l_onoff = 1, .l_linger = 0 };
  int fds[4];

  g_atomic_int_set (&is_busy, FALSE);
  g_mutex_lock (&busy_lock);
  g_main_context_invoke (NULL, be_busy_cb, NULL);
  while (!g_atomic_int_get (&is_busy))
    g_usleep (1000);
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    {
      fds[i] = call (data);
      say (fds[i], "x");
      setsockopt (fds[i], SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
      close (fds[i]);
    }
  g_mutex_unlock (&busy_lock);
  denied_script (data);
}

static void
test_hit_and_run (void)
{
  g_autoptr (GsockAcl) acl = gsock_acl_new ();
  Fixture f;

  g_assert_true (gsock_acl_add (acl, FALSE, "127.0.0.1", NULL));
  fixture_init (&f, &gsock_echo_handler, hit_and_run_script);
  f.config.acl = acl;
  g_assert_true (run (&f));
  g_assert_cmpuint (gsock_server_get_stats (f.server)->count, ==, 0);
  g_assert_cmpuint (gsock_server_get_stats (f.server)->in, ==, 0);
  fixture_clear (&f);
}

/* One client. */

static void
once_script (gpointer data)
{
  Fixture *f = data;
  g_auto (GsockFd) fd = call (f);
  g_auto (GsockFd) second = -1;

  say (fd, "x");
  assert_hears (fd, "x");
  second = try_call (f, 0);
  g_assert_cmpint (second, ==, -1);
  shutdown (fd, SHUT_WR);
  g_assert_cmpuint (hear_all (fd), ==, 0);
}

static void
once_reset_script (gpointer data)
{
  const struct linger linger = { .l_onoff = 1, .l_linger = 0 };
  g_auto (GsockFd) fd = call (data);

  say (fd, "x");
  assert_hears (fd, "x");
  setsockopt (fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
}

static void
test_once (void)
{
  Fixture f;

  fixture_init (&f, &gsock_echo_handler, once_script);
  f.config.once = TRUE;
  f.config.accept_timeout = 10 * G_USEC_PER_SEC;
  g_assert_true (run (&f));
  fixture_clear (&f);

  fixture_init (&f, &gsock_echo_handler, once_reset_script);
  f.config.once = TRUE;
  g_assert_false (run (&f));
  g_assert_error (f.error, GSOCK_ERROR, GSOCK_ERROR_RESET);
  fixture_clear (&f);
}

/* Who is denied is not the one. */
static void
once_denied_script (gpointer data)
{
  Fixture *f = data;
  g_auto (GsockFd) denied = try_call (f, 0);
  g_auto (GsockFd) fd = -1;

  assert_shown_out (denied);
  fd = try_call (f, 1);
  say (fd, "x");
  assert_hears (fd, "x");
  shutdown (fd, SHUT_WR);
  g_assert_cmpuint (hear_all (fd), ==, 0);
}

static void
test_once_denied (void)
{
  g_autofree char *directory = g_dir_make_tmp (NULL, NULL);
  g_autofree char *path = g_build_filename (directory, "s", NULL);
  g_autoptr (GsockAcl) acl = gsock_acl_new ();
  Fixture f;

  g_assert_true (gsock_acl_add (acl, FALSE, "127.0.0.1", NULL));
  fixture_init (&f, &gsock_echo_handler, once_denied_script);
  f.config.once = TRUE;
  f.config.acl = acl;
  add (&f, "127.0.0.1:0");
  add (&f, path);
  g_assert_true (run (&f));
  g_assert_cmpuint (gsock_server_get_stats (f.server)->count, ==, 1);
  fixture_clear (&f);
  g_assert_cmpint (g_rmdir (directory), ==, 0);
}

/* Times. */

static void
test_accept_timeout (void)
{
  Fixture f;

  fixture_init (&f, &gsock_echo_handler, NULL);
  f.config.accept_timeout = 100 * MS;
  g_assert_false (run (&f));
  g_assert_error (f.error, GSOCK_ERROR, GSOCK_ERROR_TIMED_OUT);
  g_assert_cmpint (f.took, >=, 100 * MS);
  fixture_clear (&f);
}

/* A client has come, so it is not about accepting any more. */
static void
came_script (gpointer data)
{
  g_auto (GsockFd) fd = call (data);

  say (fd, "x");
  assert_hears (fd, "x");
  g_assert_true (is_silent_for (fd, 300));
  shutdown (fd, SHUT_WR);
  g_assert_cmpuint (hear_all (fd), ==, 0);
  fd = (close (fd), call (data));
  g_assert_true (is_silent_for (fd, 200));
  stop (data);
}

static void
test_accept_in_time (void)
{
  Fixture f;

  fixture_init (&f, &gsock_echo_handler, came_script);
  f.config.accept_timeout = 150 * MS;
  g_assert_true (run (&f));
  g_assert_cmpint (f.took, >=, 500 * MS);
  fixture_clear (&f);
}

static void
idle_script (gpointer data)
{
  g_auto (GsockFd) fd = call (data);

  /* As long as one is there it is not idle. */
  g_assert_true (is_silent_for (fd, 300));
  say (fd, "x");
  assert_hears (fd, "x");
  shutdown (fd, SHUT_WR);
  g_assert_cmpuint (hear_all (fd), ==, 0);
}

static void
test_exit_idle_time (void)
{
  Fixture f;

  fixture_init (&f, &gsock_echo_handler, idle_script);
  f.config.exit_idle_time = 150 * MS;
  g_assert_true (run (&f));
  g_assert_cmpint (f.took, >=, 450 * MS);
  g_assert_cmpint (f.took, <, 5000 * MS);
  fixture_clear (&f);

  fixture_init (&f, &gsock_echo_handler, NULL);
  f.config.exit_idle_time = 100 * MS;
  g_assert_true (run (&f));
  fixture_clear (&f);
}

/* The end. */

#define MUCH (24 * 1024 * 1024)

/* Sends MUCH to whoever asks, and never ends by itself. */
static void
much_message_cb (GsockConnection *connection, const char *data G_GNUC_UNUSED,
                 gsize size G_GNUC_UNUSED)
{
  g_autofree char *much = g_malloc0 (MUCH);

  gsock_connection_send_bytes (connection, much, MUCH);
}

static const GsockHandler much_handler = {
  .name = "much",
  .frame = "raw",
  .message = much_message_cb,
};

/* One is in the middle of a transfer, one is quiet: the one gets all, the
 * other is told that no more comes, and new ones are refused at once. */
static void
drain_script (gpointer data)
{
  Fixture *f = data;
  g_auto (GsockFd) busy = call (f);
  g_auto (GsockFd) quiet = call (f);
  g_auto (GsockFd) late = -1;
  g_autofree char *first = g_malloc (1024 * 1024);

  say (busy, "x");
  g_assert_cmpint (recv (busy, first, 1024 * 1024, MSG_WAITALL), ==,
                   1024 * 1024);
  stop (f);
  g_assert_cmpuint (hear_all (quiet), ==, 0);
  gsock_fd_clear (&quiet);
  late = try_call (f, 0);
  g_assert_cmpint (late, ==, -1);
  g_assert_cmpuint (hear_all (busy), ==, MUCH - 1024 * 1024);
}

static void
test_drain (void)
{
  Fixture f;

  fixture_init (&f, &much_handler, drain_script);
  f.config.grace = DEADLINE * G_USEC_PER_SEC;
  g_assert_true (run (&f));
  g_assert_true (has_event ("stopping"));
  g_assert_false (has_event ("drain-timeout"));
  g_assert_cmpint (f.took, <, 8 * G_USEC_PER_SEC);
  fixture_clear (&f);
}

/* One that does not read is cut when the grace time is over. */
static void
grace_script (gpointer data)
{
  Fixture *f = data;
  g_auto (GsockFd) fd = call (f);
  char byte;

  say (fd, "x");
  g_assert_cmpint (recv (fd, &byte, 1, 0), ==, 1);
  stop (f);
  wait_until_stopped ();
  g_assert_cmpuint (hear_all (fd), <, MUCH - 1);
}

static void
test_grace (void)
{
  Fixture f;

  fixture_init (&f, &much_handler, grace_script);
  f.config.grace = 300 * MS;
  g_assert_true (run (&f));
  g_assert_true (has_event ("drain-timeout"));
  g_assert_cmpint (f.took, >=, 300 * MS);
  g_assert_cmpint (f.took, <, 5 * G_USEC_PER_SEC);
  fixture_clear (&f);
}

static void
second_stop_script (gpointer data)
{
  Fixture *f = data;
  g_auto (GsockFd) fd = call (f);
  char byte;

  say (fd, "x");
  g_assert_cmpint (recv (fd, &byte, 1, 0), ==, 1);
  stop (f);
  stop (f);
  stop (f);
  wait_until_stopped ();
}

static void
test_second_stop (void)
{
  Fixture f;

  fixture_init (&f, &much_handler, second_stop_script);
  f.config.grace = 60 * G_USEC_PER_SEC;
  g_assert_true (run (&f));
  g_assert_true (has_event ("drain-timeout"));
  g_assert_cmpint (f.took, <, 5 * G_USEC_PER_SEC);
  fixture_clear (&f);
}

static gboolean
fail_cb (gpointer data)
{
  g_autoptr (GError)
      error = g_error_new_literal (GSOCK_ERROR, GSOCK_ERROR_OUTPUT, "gone");
  g_autoptr (GError)
      later = g_error_new_literal (GSOCK_ERROR, GSOCK_ERROR_FAILED, "later");

  gsock_server_fail (data, error);
  gsock_server_fail (data, later);
  return G_SOURCE_REMOVE;
}

static void
fail_script (gpointer data)
{
  g_auto (GsockFd) fd = call (data);

  say (fd, "x");
  assert_hears (fd, "x");
  g_main_context_invoke (NULL, fail_cb, ((Fixture *) data)->server);
  g_assert_cmpuint (hear_all (fd), ==, 0);
}

static void
test_fail (void)
{
  Fixture f;

  fixture_init (&f, &gsock_echo_handler, fail_script);
  g_assert_false (run (&f));
  g_assert_error (f.error, GSOCK_ERROR, GSOCK_ERROR_OUTPUT);
  fixture_clear (&f);
}

/* Freed with clients still there. */
static void
left_script (gpointer data)
{
  Fixture *f = data;
  int fd = call (f);

  say (fd, "x");
  assert_hears (fd, "x");
  /* Not closed yet: the server's to end. */
  f->left = fd;
  stop (f);
  stop (f);
}

static void
test_free (void)
{
  g_autoptr (GError) error = NULL;
  Fixture f;

  fixture_init (&f, &gsock_echo_handler, left_script);
  f.config.grace = 60 * G_USEC_PER_SEC;
  g_assert_true (run (&f));
  gsock_fd_close (f.left);
  fixture_clear (&f);

  /* Never run. */
  fixture_init (&f, &gsock_echo_handler, NULL);
  add (&f, "127.0.0.1:0");
  f.server = gsock_server_new (&f.config, &error);
  g_assert_no_error (error);
  close (f.config.ready_fd);
  fixture_clear (&f);
}

/* Sockets from elsewhere. */

static int
listening_socket (const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, sizeof address), ==,
                   0);
  g_assert_cmpint (listen (fd, 5), ==, 0);
  return fd;
}

static void
test_inherited_fd (void)
{
  g_autofree char *directory = g_dir_make_tmp (NULL, NULL);
  g_autofree char *path = g_build_filename (directory, "s", NULL);
  g_autofree char *address = g_strdup_printf ("fd:%d", listening_socket (path));
  Fixture f;

  fixture_init (&f, &gsock_echo_handler, allowed_script);
  add (&f, address);
  g_assert_true (run (&f));
  fixture_clear (&f);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (directory), ==, 0);
}

/* In a process that has its socket at 3, as service managers give it. */
static int
serve_inherited (void)
{
  g_autofree char *pid = g_strdup_printf ("%d", (int) getpid ());
  const GsockServerConfig config = {
    .connection = { .handler = &gsock_echo_handler,
                    .codec = gsock_codec_find ("raw", NULL),
                    .max_message = 1024 },
    .once = TRUE,
    .ready_fd = -1,
  };
  g_autoptr (GsockServer) server = NULL;

  g_setenv ("LISTEN_PID", pid, TRUE);
  server = gsock_server_new (&config, NULL);
  return server != NULL && g_getenv ("LISTEN_FDS") == NULL
                 && gsock_server_run (server, NULL)
             ? 0
             : 1;
}

static void
test_activated (gconstpointer program)
{
  g_autofree char *directory = g_dir_make_tmp (NULL, NULL);
  g_autofree char *path = g_build_filename (directory, "s", NULL);
  char *argv[] = { (char *) program, (char *) "--serve-inherited", NULL };
  g_auto (GStrv) environment = g_environ_setenv (g_get_environ (), "LISTEN_FDS",
                                                 "1", TRUE);
  posix_spawn_file_actions_t actions;
  g_auto (GsockFd) client = -1;
  int fd = listening_socket (path), status;
  Fixture f = { .bound = g_ptr_array_new () };
  pid_t child;

  /* dup2 to itself would leave FD_CLOEXEC on. */
  if (fd == 3)
    fd = dup (fd);
  posix_spawn_file_actions_init (&actions);
  posix_spawn_file_actions_adddup2 (&actions, fd, 3);
  g_assert_cmpint (
      posix_spawn (&child, program, &actions, NULL, argv, environment), ==, 0);
  posix_spawn_file_actions_destroy (&actions);
  close (fd);

  g_ptr_array_add (f.bound, path);
  client = call (&f);
  say (client, "x");
  assert_hears (client, "x");
  shutdown (client, SHUT_WR);
  g_assert_cmpuint (hear_all (client), ==, 0);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  g_ptr_array_unref (f.bound);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (directory), ==, 0);
}

int
main (int argc, char **argv)
{
  const GsockLogOptions options = { .program = "test", .json = TRUE };

  if (argc == 2 && strcmp (argv[1], "--serve-inherited") == 0)
    return serve_inherited ();
  g_test_init (&argc, &argv, NULL);
  events = g_string_new (NULL);
  gsock_log_setup (&options);
  gsock_log_set_sink (event_cb, NULL);
  signal (SIGPIPE, SIG_IGN);

  g_test_add_func ("/server/ready", test_ready);
  g_test_add_func ("/server/cannot-listen", test_cannot_listen);
  g_test_add_func ("/server/nothing-given", test_nothing_given);
  g_test_add_func ("/server/banner", test_banner);
  g_test_add_func ("/server/capacity", test_capacity);
  g_test_add_func ("/server/max-per-host", test_max_per_host);
  g_test_add_func ("/server/acl", test_acl);
  g_test_add_func ("/server/hit-and-run", test_hit_and_run);
  g_test_add_func ("/server/once", test_once);
  g_test_add_func ("/server/once-denied", test_once_denied);
  g_test_add_func ("/server/accept-timeout", test_accept_timeout);
  g_test_add_func ("/server/accept-in-time", test_accept_in_time);
  g_test_add_func ("/server/exit-idle-time", test_exit_idle_time);
  g_test_add_func ("/server/drain", test_drain);
  g_test_add_func ("/server/grace", test_grace);
  g_test_add_func ("/server/second-stop", test_second_stop);
  g_test_add_func ("/server/fail", test_fail);
  g_test_add_func ("/server/free", test_free);
  g_test_add_func ("/server/inherited-fd", test_inherited_fd);
  g_test_add_data_func ("/server/activated", argv[0], test_activated);
  return g_test_run ();
}

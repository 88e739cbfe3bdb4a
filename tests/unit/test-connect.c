/* test-connect.c: attempts and time limits against real sockets
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "../lib/events.h"
#include "../lib/names.h"
#include "core/connect.h"
#include "core/error.h"
#include "core/fd.h"
#include "core/gio.h"
#include "core/sockopt.h"

/* Of each test that waits; far over what it takes. */
#define PATIENCE_SECONDS 20

/* --- Peers --------------------------------------------------------------- */

/* Descriptors below are held to the end of their scope and some of them are
 * not looked at again: clang calls that unused. */

/* A TCP socket bound to @host, an IPv4 literal, and *@port (0: a free one). */
static int
bind_tcp (const char *host, guint16 *port)
{
  struct sockaddr_in address = { .sin_family = AF_INET };
  socklen_t size = sizeof address;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int on = 1;

  g_assert_cmpint (fd, >=, 0);
  address.sin_port = g_htons (*port);
  g_assert_cmpint (inet_pton (AF_INET, host, &address.sin_addr), ==, 1);
  g_assert_no_errno (setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on));
  g_assert_no_errno (bind (fd, (struct sockaddr *) &address, size));
  g_assert_no_errno (getsockname (fd, (struct sockaddr *) &address, &size));
  *port = g_ntohs (address.sin_port);
  return fd;
}

static int
listen_tcp (const char *host, guint16 *port)
{
  int fd = bind_tcp (host, port);

  g_assert_no_errno (listen (fd, 16));
  return fd;
}

/* One that takes no more: a connect to it stays without an answer. */
static int
listen_mute (const char *host, guint16 *port, int fillers[3])
{
  int fd = bind_tcp (host, port);
  struct sockaddr_in address;
  socklen_t size = sizeof address;

  g_assert_no_errno (listen (fd, 0));
  g_assert_no_errno (getsockname (fd, (struct sockaddr *) &address, &size));
  for (guint i = 0; i < 3; i++)
    {
      fillers[i] = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
                           0);
      (void) connect (fillers[i], (struct sockaddr *) &address, size);
    }
  return fd;
}

static void
close_all (int *fds, gsize n)
{
  for (gsize i = 0; i < n; i++)
    gsock_fd_close (fds[i]);
}

static char *
scratch_path (const char *name)
{
  g_autofree char *directory = g_dir_make_tmp ("gsock-XXXXXX", NULL);

  g_assert_nonnull (directory);
  return g_build_filename (directory, name, NULL);
}

static void
remove_scratch (const char *path)
{
  g_autofree char *directory = g_path_get_dirname (path);

  (void) g_unlink (path);
  g_assert_no_errno (g_rmdir (directory));
}

static void
init_unix (struct sockaddr_un *address, const char *path)
{
  memset (address, 0, sizeof *address);
  address->sun_family = AF_UNIX;
  g_assert_cmpuint (
      g_strlcpy (address->sun_path, path, sizeof address->sun_path), <,
      sizeof address->sun_path);
}

static int
listen_unix (const char *path, int backlog)
{
  struct sockaddr_un address;
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  init_unix (&address, path);
  g_assert_no_errno (bind (fd, (struct sockaddr *) &address, sizeof address));
  g_assert_no_errno (listen (fd, backlog));
  return fd;
}

/* Connects to @path until nobody else fits in. */
static GArray *
fill_unix (const char *path)
{
  GArray *fds = g_array_new (FALSE, FALSE, sizeof (int));
  struct sockaddr_un address;

  init_unix (&address, path);
  for (;;)
    {
      int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
      int result = connect (fd, (struct sockaddr *) &address, sizeof address);

      g_array_append_val (fds, fd);
      if (result == 0)
        continue;
      g_assert_cmpint (errno, ==, EAGAIN);
      return fds;
    }
}

static void
free_fds (GArray *fds)
{
  close_all ((int *) (gpointer) fds->data, fds->len);
  g_array_unref (fds);
}

/* --- Connecting ---------------------------------------------------------- */

typedef struct
{
  int fd;
  GError *error;
  guint calls;
  gint64 took; /* microseconds */
} Outcome;

static void
outcome_cb (int fd, const GError *error, gpointer data)
{
  Outcome *outcome = data;

  g_assert_true ((fd < 0) != (error == NULL));
  outcome->fd = fd;
  outcome->error = error != NULL ? g_error_copy (error) : NULL;
  outcome->calls++;
}

static void
outcome_clear (Outcome *outcome)
{
  gsock_fd_clear (&outcome->fd);
  g_clear_error (&outcome->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)

static gboolean
out_of_patience_cb (gpointer data G_GNUC_UNUSED)
{
  g_error ("this test waits for something that doesn't come");
  return G_SOURCE_REMOVE;
}

static void
iterate_until (guint *counter)
{
  guint patience = g_timeout_add_seconds (PATIENCE_SECONDS, out_of_patience_cb,
                                          NULL);

  while (*counter == 0)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (patience);
}

static void
iterate_pending (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

static void
try_endpoint (Outcome *outcome, const GsockEndpoint *endpoint,
              const GsockConnectOptions *options)
{
  const GsockConnectOptions none = { .family = AF_UNSPEC };
  gint64 start = g_get_monotonic_time ();

  gsock_connect_start (endpoint, options != NULL ? options : &none, NULL,
                       outcome_cb, outcome);
  g_assert_cmpuint (outcome->calls, ==, 0);
  iterate_until (&outcome->calls);
  outcome->took = g_get_monotonic_time () - start;
  iterate_pending ();
  g_assert_cmpuint (outcome->calls, ==, 1);
}

static GsockEndpoint *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  GsockEndpoint *endpoint = gsock_endpoint_parse (
      text, GSOCK_ENDPOINT_FOR_CLIENT, &error);

  g_assert_no_error (error);
  return endpoint;
}

static void
try_text (Outcome *outcome, const char *text,
          const GsockConnectOptions *options)
{
  g_autoptr (GsockEndpoint) endpoint = parse (text);

  try_endpoint (outcome, endpoint, options);
}

static void
try_port (Outcome *outcome, const char *host, guint16 port,
          const GsockConnectOptions *options)
{
  g_autofree char *text = g_strdup_printf ("%s:%u", host, port);

  try_text (outcome, text, options);
}

static void
assert_host (const struct sockaddr_in *address, const char *host)
{
  char text[INET_ADDRSTRLEN];

  g_assert_cmpint (address->sin_family, ==, AF_INET);
  inet_ntop (AF_INET, &address->sin_addr, text, sizeof text);
  g_assert_cmpstr (text, ==, host);
}

static void
assert_remote (Outcome *outcome, const char *host)
{
  struct sockaddr_in remote = { 0 };
  socklen_t size = sizeof remote;

  g_assert_no_error (outcome->error);
  g_assert_no_errno (
      getpeername (outcome->fd, (struct sockaddr *) &remote, &size));
  assert_host (&remote, host);
}

static struct sockaddr_in
get_local (Outcome *outcome)
{
  struct sockaddr_in local = { 0 };
  socklen_t size = sizeof local;

  g_assert_no_errno (
      getsockname (outcome->fd, (struct sockaddr *) &local, &size));
  return local;
}

static gboolean
is_nonblocking (int fd)
{
  return (fcntl (fd, F_GETFL) & O_NONBLOCK) != 0;
}

static void
assert_failed (Outcome *outcome, GsockErrorCode code, const char *part)
{
  g_assert_error (outcome->error, GSOCK_ERROR, (int) code);
  assert_contains (outcome->error->message, part);
  g_assert_null (strchr (outcome->error->message, '\n'));
}

static int
get_option (int fd, int level, int option)
{
  int value = 0;
  socklen_t size = sizeof value;

  g_assert_no_errno (getsockopt (fd, level, option, &value, &size));
  return value;
}

/* --- TCP ----------------------------------------------------------------- */

static void
test_tcp (void)
{
  guint16 port = 0;
  G_GNUC_UNUSED g_auto (GsockFd) server = listen_tcp ("127.0.0.1", &port);
  g_auto (Outcome) outcome = { .fd = -1 };

  try_port (&outcome, "127.0.0.1", port, NULL);
  assert_remote (&outcome, "127.0.0.1");
  g_assert_true (is_nonblocking (outcome.fd));
  g_assert_cmpint (fcntl (outcome.fd, F_GETFD), ==, FD_CLOEXEC);
  g_assert_cmpint (get_option (outcome.fd, SOL_SOCKET, SO_KEEPALIVE), ==, 1);
  g_assert_cmpint (get_option (outcome.fd, SOL_SOCKET, SO_OOBINLINE), ==, 1);
  g_assert_cmpint (get_option (outcome.fd, IPPROTO_TCP, TCP_NODELAY), ==, 1);
}

static void
test_refused (void)
{
  guint16 port = 0;
  G_GNUC_UNUSED g_auto (GsockFd) held = bind_tcp ("127.0.0.1", &port);
  g_auto (Outcome) outcome = { .fd = -1 };
  g_autofree char *start = g_strdup_printf (
      "Cannot connect to 127.0.0.1:%u: %s", port,
      gsock_errno_text (ECONNREFUSED));

  try_port (&outcome, "127.0.0.1", port, NULL);
  g_assert_error (outcome.error, GSOCK_ERROR, GSOCK_ERROR_CONNECT);
  g_assert_cmpstr (outcome.error->message, ==, start);
}

static void
test_timeout (void)
{
  const GsockConnectOptions options = { .timeout = 50
                                                   * G_TIME_SPAN_MILLISECOND };
  guint16 port = 0;
  int fillers[3];
  G_GNUC_UNUSED g_auto (GsockFd)
      server = listen_mute ("127.0.0.1", &port, fillers);
  g_auto (Outcome) outcome = { .fd = -1 };

  try_port (&outcome, "127.0.0.1", port, &options);
  assert_failed (&outcome, GSOCK_ERROR_TIMED_OUT, "no answer within");
  assert_contains (outcome.error->message, "--timeout");
  g_assert_cmpint (outcome.took, >=, options.timeout);
  close_all (fillers, 3);
}

static void
test_sockopts (void)
{
  g_autoptr (GPtrArray) sockopts = g_ptr_array_new_with_free_func (
      (GDestroyNotify) gsock_sockopt_free);
  const GsockConnectOptions options = { .sockopts = sockopts };
  guint16 port = 0;
  G_GNUC_UNUSED g_auto (GsockFd) server = listen_tcp ("127.0.0.1", &port);
  g_auto (Outcome) outcome = { .fd = -1 };

  g_ptr_array_add (sockopts, gsock_sockopt_parse ("ttl=7", NULL));
  try_port (&outcome, "127.0.0.1", port, &options);
  assert_remote (&outcome, "127.0.0.1");
  g_assert_cmpint (get_option (outcome.fd, IPPROTO_IP, IP_TTL), ==, 7);
}

/* --- The source address -------------------------------------------------- */

static GsockConnectOptions
from (const char *text)
{
  GsockConnectOptions options = { .family = AF_UNSPEC };

  g_assert_true (gsock_address_parse (&options.source, text, NULL));
  return options;
}

static void
test_source (void)
{
  const GsockConnectOptions options = from ("127.0.0.9");
  guint16 port = 0;
  G_GNUC_UNUSED g_auto (GsockFd) server = listen_tcp ("127.0.0.1", &port);
  g_auto (Outcome) outcome = { .fd = -1 };
  struct sockaddr_in local;

  try_port (&outcome, "127.0.0.1", port, &options);
  assert_remote (&outcome, "127.0.0.1");
  local = get_local (&outcome);
  assert_host (&local, "127.0.0.9");
}

/* A port alone goes with both families. */
static void
test_source_port (void)
{
  guint16 port = 0, own = 0;
  G_GNUC_UNUSED g_auto (GsockFd) server = listen_tcp ("127.0.0.1", &port);
  G_GNUC_UNUSED g_auto (GsockFd) held = bind_tcp ("127.0.0.1", &own);
  g_autofree char *text = g_strdup_printf ("%u", own);
  const GsockConnectOptions options = from (text);
  g_auto (Outcome) outcome = { .fd = -1 };

  try_port (&outcome, "127.0.0.1", port, &options);
  assert_remote (&outcome, "127.0.0.1");
  g_assert_cmpuint (g_ntohs (get_local (&outcome).sin_port), ==, own);
}

static void
test_source_not_ours (void)
{
  const GsockConnectOptions options = from ("192.0.2.1");
  guint16 port = 0;
  G_GNUC_UNUSED g_auto (GsockFd) server = listen_tcp ("127.0.0.1", &port);
  g_auto (Outcome) outcome = { .fd = -1 };

  try_port (&outcome, "127.0.0.1", port, &options);
  assert_failed (&outcome, GSOCK_ERROR_CONNECT,
                 "not from the source address 192.0.2.1: ");
  assert_contains (outcome.error->message, gsock_errno_text (EADDRNOTAVAIL));
}

static void
test_source_family (void)
{
  const GsockConnectOptions options = from ("::1");
  GsockConnectOptions torn = options;
  g_auto (Outcome) outcome = { .fd = -1 };
  g_auto (Outcome) name = { .fd = -1 };
  g_auto (Outcome) both = { .fd = -1 };

  try_text (&outcome, "127.0.0.1:9", &options);
  assert_failed (&outcome, GSOCK_ERROR_USAGE, "no IPv6 address");
  assert_contains (outcome.error->message, "--source");

  use_names ("127.0.0.1", NULL, NULL);
  try_text (&name, "db.example:9", &options);
  assert_failed (&name, GSOCK_ERROR_NAME, "no IPv6 address (--source)");

  torn.family = AF_INET;
  try_text (&both, "127.0.0.1:9", &torn);
  assert_failed (&both, GSOCK_ERROR_USAGE, "another family");
}

static void
test_source_unix (void)
{
  const GsockConnectOptions options = from ("::1");
  g_auto (Outcome) outcome = { .fd = -1 };

  try_text (&outcome, "@gsock-test-nobody", &options);
  assert_failed (&outcome, GSOCK_ERROR_USAGE, "--source");
}

/* The kernel would let a socket reach itself. */
static void
test_own_peer (void)
{
  guint16 port = 0;
  G_GNUC_UNUSED g_auto (GsockFd) held = bind_tcp ("127.0.0.1", &port);
  g_autofree char *text = g_strdup_printf ("127.0.0.1:%u", port);
  const GsockConnectOptions options = from (text);
  g_auto (Outcome) outcome = { .fd = -1 };

  try_port (&outcome, "127.0.0.1", port, &options);
  assert_failed (&outcome, GSOCK_ERROR_CONNECT,
                 gsock_errno_text (ECONNREFUSED));
}

/* --- Names --------------------------------------------------------------- */

/* Each is begun when the one before has failed, not 250 ms later. */
static void
test_next_address (void)
{
  static const char *const dead[] = { "127.0.0.2", "127.0.0.4", "127.0.0.5",
                                      "127.0.0.6", "127.0.0.7", "127.0.0.8" };
  guint16 port = 0;
  G_GNUC_UNUSED g_auto (GsockFd) server = listen_tcp ("127.0.0.3", &port);
  g_auto (Outcome) outcome = { .fd = -1 };

  use_names (NULL, NULL, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (dead); i++)
    names.addresses[i] = dead[i];
  names.addresses[G_N_ELEMENTS (dead)] = "127.0.0.3";
  try_port (&outcome, "db.example", port, NULL);
  assert_remote (&outcome, "127.0.0.3");
  g_assert_cmpuint (names.asked, ==, 1);
  g_assert_cmpint (outcome.took, <, 6 * 250 * G_TIME_SPAN_MILLISECOND);
}

/* The first address says nothing: the second one is begun meanwhile. */
static void
test_mute_address (void)
{
  guint16 port = 0;
  int fillers[3];
  G_GNUC_UNUSED g_auto (GsockFd)
      mute = listen_mute ("127.0.0.2", &port, fillers);
  G_GNUC_UNUSED g_auto (GsockFd) server = listen_tcp ("127.0.0.3", &port);
  g_auto (Outcome) outcome = { .fd = -1 };

  use_names ("127.0.0.2", "127.0.0.3", NULL);
  try_port (&outcome, "db.example", port, NULL);
  assert_remote (&outcome, "127.0.0.3");
  g_assert_cmpint (outcome.took, >=, 250 * G_TIME_SPAN_MILLISECOND);
  close_all (fillers, 3);
}

static void
test_all_dead (void)
{
  guint16 port = 0;
  G_GNUC_UNUSED g_auto (GsockFd) one = bind_tcp ("127.0.0.2", &port);
  G_GNUC_UNUSED g_auto (GsockFd) two = bind_tcp ("127.0.0.3", &port);
  g_auto (Outcome) outcome = { .fd = -1 };
  g_autofree char *whole = g_strdup_printf (
      "Cannot connect to db.example:%u: %s (127.0.0.2, "
      "127.0.0.3)",
      port, gsock_errno_text (ECONNREFUSED));

  use_names ("127.0.0.2", "127.0.0.3", "127.0.0.2");
  try_port (&outcome, "db.example", port, NULL);
  g_assert_error (outcome.error, GSOCK_ERROR, GSOCK_ERROR_CONNECT);
  g_assert_cmpstr (outcome.error->message, ==, whole);
}

/* A group can't be called by TCP, on any machine. */
static void
test_reasons_differ (void)
{
  guint16 port = 0;
  G_GNUC_UNUSED g_auto (GsockFd) one = bind_tcp ("127.0.0.2", &port);
  g_auto (Outcome) outcome = { .fd = -1 };
  g_autofree char *first = g_strdup_printf (": %s (127.0.0.2); ",
                                            gsock_errno_text (ECONNREFUSED));

  use_names ("127.0.0.2", "224.0.0.1", NULL);
  try_port (&outcome, "db.example", port, NULL);
  assert_failed (&outcome, GSOCK_ERROR_CONNECT, first);
  assert_contains (outcome.error->message, " (224.0.0.1)");
}

/* Time is up for the second one while the first was refused. */
static void
test_timeout_tells_all (void)
{
  const GsockConnectOptions options = { .timeout = 50
                                                   * G_TIME_SPAN_MILLISECOND };
  guint16 port = 0;
  int fillers[3];
  G_GNUC_UNUSED g_auto (GsockFd)
      mute = listen_mute ("127.0.0.3", &port, fillers);
  G_GNUC_UNUSED g_auto (GsockFd) dead = bind_tcp ("127.0.0.2", &port);
  g_auto (Outcome) outcome = { .fd = -1 };

  use_names ("127.0.0.2", "127.0.0.3", "127.0.0.4");
  try_port (&outcome, "db.example", port, &options);
  assert_failed (&outcome, GSOCK_ERROR_TIMED_OUT, " (127.0.0.2); no answer");
  assert_contains (outcome.error->message,
                   " (127.0.0.3); no time was left to try it (127.0.0.4)");
  close_all (fillers, 3);
}

/* RFC 8305: the families in turn, each in the resolver's order. */
static void
test_interleaved (void)
{
  const char *const order[] = { "\"event\":\"resolving\"",
                                "\"name\":\"db.example\"",
                                "\"event\":\"resolved\"",
                                "\"event\":\"connecting\"",
                                "tcp:127.0.0.2:",
                                "\"event\":\"attempt-failed\"",
                                "\"event\":\"connecting\"",
                                "tcp:[::1]:",
                                "\"event\":\"attempt-failed\"",
                                "\"event\":\"connecting\"",
                                "tcp:127.0.0.3:",
                                "\"event\":\"attempt-failed\"",
                                NULL };
  guint16 port = 0;
  G_GNUC_UNUSED g_auto (GsockFd) one = bind_tcp ("127.0.0.2", &port);
  G_GNUC_UNUSED g_auto (GsockFd) two = bind_tcp ("127.0.0.3", &port);
  g_auto (Outcome) outcome = { .fd = -1 };
  g_autofree char *log = NULL;

  use_names ("127.0.0.2", "127.0.0.3", "::1");
  listen_to_events (FALSE);
  try_port (&outcome, "db.example", port, NULL);
  log = stop_listening ();
  assert_order (log, order);
  assert_failed (&outcome, GSOCK_ERROR_CONNECT, "127.0.0.3");
}

static void
test_name_timeout (void)
{
  const GsockConnectOptions options = { .timeout = 30
                                                   * G_TIME_SPAN_MILLISECOND };
  g_auto (Outcome) outcome = { .fd = -1 };

  use_names (NULL, NULL, NULL);
  names.mute = TRUE;
  try_text (&outcome, "db.example:80", &options);
  assert_failed (&outcome, GSOCK_ERROR_TIMED_OUT, "'db.example' within");
  names_speak ();
}

static void
test_family_of_literal (void)
{
  const GsockConnectOptions four = { .family = AF_INET };
  const GsockConnectOptions six = { .family = AF_INET6 };
  g_auto (Outcome) one = { .fd = -1 };
  g_auto (Outcome) two = { .fd = -1 };

  try_text (&one, "127.0.0.1:9", &six);
  assert_failed (&one, GSOCK_ERROR_USAGE, "no IPv6 address, and -6");
  try_text (&two, "[::1]:9", &four);
  assert_failed (&two, GSOCK_ERROR_USAGE, "no IPv4 address, and -4");
}

static void
test_scope (void)
{
  g_auto (Outcome) outcome = { .fd = -1 };

  try_text (&outcome, "[fe80::1%gsocknone0]:80", NULL);
  assert_failed (&outcome, GSOCK_ERROR_NAME, "no network interface");
}

/* --- UNIX ---------------------------------------------------------------- */

static void
test_unix (void)
{
  g_autofree char *path = scratch_path ("s");
  G_GNUC_UNUSED g_auto (GsockFd) server = listen_unix (path, 4);
  g_auto (Outcome) outcome = { .fd = -1 };

  try_text (&outcome, path, NULL);
  g_assert_no_error (outcome.error);
  g_assert_true (is_nonblocking (outcome.fd));
  remove_scratch (path);
}

static void
test_unix_explained (void)
{
  const char *const order[] = { "socket", "AF_UNIX, SOCK_STREAM, 0", "connect",
                                NULL };
  g_autofree char *path = scratch_path ("s");
  G_GNUC_UNUSED g_auto (GsockFd) server = listen_unix (path, 4);
  g_auto (Outcome) outcome = { .fd = -1 };
  g_autofree char *log = NULL;

  listen_to_events (TRUE);
  try_text (&outcome, path, NULL);
  log = stop_listening ();
  g_assert_no_error (outcome.error);
  assert_order (log, order);
  g_assert_null (strstr (log, "setsockopt"));
  g_assert_null (strstr (log, "resolving"));
  remove_scratch (path);
}

static void
test_tcp_explained (void)
{
  const char *const order[] = { "socket",     "AF_INET, SOCK_STREAM, 0",
                                "setsockopt", "SO_KEEPALIVE",
                                "setsockopt", "SO_OOBINLINE",
                                "setsockopt", "TCP_NODELAY",
                                "connect",    "EINPROGRESS",
                                "getsockopt", "SO_ERROR, [ECONNREFUSED]",
                                "close",      NULL };
  guint16 port = 0;
  G_GNUC_UNUSED g_auto (GsockFd) held = bind_tcp ("127.0.0.1", &port);
  g_auto (Outcome) outcome = { .fd = -1 };
  g_autofree char *log = NULL;

  listen_to_events (TRUE);
  try_port (&outcome, "127.0.0.1", port, NULL);
  log = stop_listening ();
  if (strstr (log, "EINPROGRESS") == NULL)
    g_test_skip ("the kernel refused at once");
  else
    assert_order (log, order);
}

static void
test_unix_nobody (void)
{
  g_autofree char *path = scratch_path ("s");
  g_autofree char *spaced = g_strconcat (path, " x", NULL);
  g_autofree char *whole = g_strdup_printf (
      "Cannot connect to %s: nobody is listening there; "
      "start 'gsock-server %s' first",
      path, path);
  g_autofree char *quoted = g_strdup_printf ("gsock-server '%s'", spaced);
  g_auto (Outcome) missing = { .fd = -1 };
  g_auto (Outcome) stale = { .fd = -1 };
  g_auto (Outcome) shell = { .fd = -1 };

  try_text (&missing, path, NULL);
  g_assert_error (missing.error, GSOCK_ERROR, GSOCK_ERROR_CONNECT);
  g_assert_cmpstr (missing.error->message, ==, whole);

  try_text (&shell, spaced, NULL);
  assert_failed (&shell, GSOCK_ERROR_CONNECT, quoted);

  gsock_fd_close (listen_unix (path, 1));
  try_text (&stale, path, NULL);
  g_assert_error (stale.error, GSOCK_ERROR, GSOCK_ERROR_CONNECT);
  g_assert_cmpstr (stale.error->message, ==, whole);
  remove_scratch (path);
}

static void
test_unix_not_a_socket (void)
{
  g_autofree char *path = scratch_path ("s");
  g_auto (Outcome) outcome = { .fd = -1 };

  g_assert_true (g_file_set_contents (path, "x", 1, NULL));
  try_text (&outcome, path, NULL);
  assert_failed (&outcome, GSOCK_ERROR_CONNECT, gsock_errno_text (ENOTSOCK));
  remove_scratch (path);
}

static void
test_unix_datagram (void)
{
  g_autofree char *path = scratch_path ("s");
  G_GNUC_UNUSED g_auto (GsockFd)
      server = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  struct sockaddr_un address;
  g_auto (Outcome) outcome = { .fd = -1 };

  init_unix (&address, path);
  g_assert_no_errno (
      bind (server, (struct sockaddr *) &address, sizeof address));
  try_text (&outcome, path, NULL);
  assert_failed (&outcome, GSOCK_ERROR_CONNECT, gsock_errno_text (EPROTOTYPE));
  remove_scratch (path);
}

static void
test_unix_denied (void)
{
  g_autofree char *path = scratch_path ("s");
  G_GNUC_UNUSED g_auto (GsockFd) server = listen_unix (path, 1);
  g_auto (Outcome) outcome = { .fd = -1 };

  if (geteuid () == 0)
    g_test_skip ("nothing is denied to root");
  else
    {
      g_assert_no_errno (g_chmod (path, 0));
      try_text (&outcome, path, NULL);
      assert_failed (&outcome, GSOCK_ERROR_DENIED, gsock_errno_text (EACCES));
    }
  remove_scratch (path);
}

static void
test_abstract (void)
{
  g_autofree char *text = g_strdup_printf ("@gsock-test-%d-nobody",
                                           (int) getpid ());
  g_autofree char *hint = g_strdup_printf ("'gsock-server %s'", text);
  g_auto (Outcome) outcome = { .fd = -1 };

  try_text (&outcome, text, NULL);
  assert_failed (&outcome, GSOCK_ERROR_CONNECT, hint);
}

static void
test_backlog_stays_full (void)
{
  const GsockConnectOptions options = { .timeout = 50
                                                   * G_TIME_SPAN_MILLISECOND };
  g_autofree char *path = scratch_path ("s");
  G_GNUC_UNUSED g_auto (GsockFd) server = listen_unix (path, 0);
  GArray *fillers = fill_unix (path);
  g_auto (Outcome) outcome = { .fd = -1 };

  try_text (&outcome, path, &options);
  assert_failed (&outcome, GSOCK_ERROR_TIMED_OUT, "its backlog is full");
  g_assert_cmpint (outcome.took, >=, options.timeout);
  free_fds (fillers);
  remove_scratch (path);
}

static gboolean
accept_cb (gpointer data)
{
  int *server = data;

  gsock_fd_close (accept (*server, NULL, NULL));
  return G_SOURCE_REMOVE;
}

/* Refused for now, accepted later; the loop sleeps between the tries. */
static void
test_backlog_gets_room (void)
{
  g_autofree char *path = scratch_path ("s");
  G_GNUC_UNUSED g_auto (GsockFd) server = listen_unix (path, 0);
  GArray *fillers = fill_unix (path);
  g_auto (Outcome) outcome = { .fd = -1 };

  g_timeout_add (40, accept_cb, &server);
  try_text (&outcome, path, NULL);
  g_assert_no_error (outcome.error);
  g_assert_cmpint (outcome.fd, >=, 0);
  g_assert_cmpint (outcome.took, >=, 30 * G_TIME_SPAN_MILLISECOND);
  free_fds (fillers);
  remove_scratch (path);
}

/* --- Descriptors --------------------------------------------------------- */

static void
try_fd (Outcome *outcome, int fd)
{
  g_autofree char *text = g_strdup_printf ("fd:%d", fd);

  try_text (outcome, text, NULL);
}

static void
test_fd (void)
{
  g_auto (Outcome) outcome = { .fd = -1 };
  int pair[2];

  g_assert_no_errno (socketpair (AF_UNIX, SOCK_STREAM, 0, pair));
  try_fd (&outcome, pair[0]);
  g_assert_no_error (outcome.error);
  g_assert_cmpint (outcome.fd, ==, pair[0]);
  g_assert_true (is_nonblocking (outcome.fd));
  gsock_fd_close (pair[1]);
}

static void
test_fd_wrong (void)
{
  guint16 port = 0;
  G_GNUC_UNUSED g_auto (GsockFd) unconnected = bind_tcp ("127.0.0.1", &port);
  G_GNUC_UNUSED g_auto (GsockFd)
      file = g_open ("/dev/null", O_RDONLY | O_CLOEXEC, 0);
  g_auto (Outcome) closed = { .fd = -1 };
  g_auto (Outcome) plain = { .fd = -1 };
  g_auto (Outcome) datagrams = { .fd = -1 };
  g_auto (Outcome) lonely = { .fd = -1 };
  int pair[2];

  try_fd (&closed, 9999);
  assert_failed (&closed, GSOCK_ERROR_USAGE, "descriptor 9999: ");
  try_fd (&plain, file);
  assert_failed (&plain, GSOCK_ERROR_USAGE, gsock_errno_text (ENOTSOCK));
  g_assert_no_errno (socketpair (AF_UNIX, SOCK_DGRAM, 0, pair));
  try_fd (&datagrams, pair[0]);
  g_assert_no_error (datagrams.error);
  g_assert_cmpint (datagrams.fd, ==, pair[0]);
  gsock_fd_close (pair[1]);
  try_fd (&lonely, unconnected);
  assert_failed (&lonely, GSOCK_ERROR_CONNECT, gsock_errno_text (ENOTCONN));
}

/* --- What can't be ------------------------------------------------------- */

static void
test_refusals (void)
{
  static const char *const texts[] = { "*:80", "sd:" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GsockEndpoint) endpoint = gsock_endpoint_parse (
          texts[i], GSOCK_ENDPOINT_FOR_SERVER, &error);
      g_auto (Outcome) outcome = { .fd = -1 };

      g_assert_no_error (error);
      try_endpoint (&outcome, endpoint, NULL);
      assert_failed (&outcome, GSOCK_ERROR_USAGE, "Cannot connect to ");
    }
}

/* --- Cancelling ---------------------------------------------------------- */

static void
test_cancel_at_once (void)
{
  const GsockConnectOptions options = { .family = AF_UNSPEC };
  g_autoptr (GsockEndpoint) endpoint = parse ("127.0.0.1:9");
  Outcome outcome = { .fd = -1 };

  gsock_connect_cancel (
      gsock_connect_start (endpoint, &options, NULL, outcome_cb, &outcome));
  iterate_pending ();
  g_assert_cmpuint (outcome.calls, ==, 0);
}

static void
test_cancel_lookup (void)
{
  const GsockConnectOptions options = { .family = AF_UNSPEC };
  g_autoptr (GsockEndpoint) endpoint = parse ("db.example:80");
  Outcome outcome = { .fd = -1 };
  GsockConnect *attempt;

  use_names (NULL, NULL, NULL);
  names.mute = TRUE;
  attempt = gsock_connect_start (endpoint, &options, NULL, outcome_cb,
                                 &outcome);
  while (names_count (&names.asked) == 0)
    iterate_pending ();
  gsock_connect_cancel (attempt);
  names_speak ();
  iterate_pending ();
  g_assert_cmpuint (outcome.calls, ==, 0);
}

static void
test_cancel_attempt (void)
{
  const GsockConnectOptions options = { .family = AF_UNSPEC };
  guint16 port = 0;
  int fillers[3];
  G_GNUC_UNUSED g_auto (GsockFd)
      server = listen_mute ("127.0.0.1", &port, fillers);
  g_autofree char *text = g_strdup_printf ("127.0.0.1:%u", port);
  g_autoptr (GsockEndpoint) endpoint = parse (text);
  Outcome outcome = { .fd = -1 };
  GsockConnect *attempt = gsock_connect_start (endpoint, &options, NULL,
                                               outcome_cb, &outcome);

  iterate_pending ();
  g_assert_cmpuint (outcome.calls, ==, 0);
  gsock_connect_cancel (attempt);
  iterate_pending ();
  g_assert_cmpuint (outcome.calls, ==, 0);
  close_all (fillers, 3);
}

/* In a context of its own, where nothing of the default one runs. */
static void
test_own_context (void)
{
  const GsockConnectOptions options = { .family = AF_UNSPEC };
  g_autoptr (GMainContext) context = g_main_context_new ();
  guint16 port = 0;
  G_GNUC_UNUSED g_auto (GsockFd) server = listen_tcp ("127.0.0.1", &port);
  g_autofree char *text = g_strdup_printf ("db.example:%u", port);
  g_autoptr (GsockEndpoint) endpoint = parse (text);
  g_auto (Outcome) outcome = { .fd = -1 };

  use_names ("127.0.0.1", NULL, NULL);
  gsock_connect_start (endpoint, &options, context, outcome_cb, &outcome);
  for (guint round = 0; outcome.calls == 0 && round < 1000; round++)
    g_main_context_iteration (context, TRUE);
  assert_remote (&outcome, "127.0.0.1");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  gsock_use_gio ();
  g_test_add_func ("/connect/tcp", test_tcp);
  g_test_add_func ("/connect/tcp/refused", test_refused);
  g_test_add_func ("/connect/tcp/timeout", test_timeout);
  g_test_add_func ("/connect/tcp/sockopts", test_sockopts);
  g_test_add_func ("/connect/tcp/explained", test_tcp_explained);
  g_test_add_func ("/connect/source", test_source);
  g_test_add_func ("/connect/source/port", test_source_port);
  g_test_add_func ("/connect/source/not-ours", test_source_not_ours);
  g_test_add_func ("/connect/source/family", test_source_family);
  g_test_add_func ("/connect/source/unix", test_source_unix);
  g_test_add_func ("/connect/source/own-peer", test_own_peer);
  g_test_add_func ("/connect/name/next-address", test_next_address);
  g_test_add_func ("/connect/name/mute-address", test_mute_address);
  g_test_add_func ("/connect/name/all-dead", test_all_dead);
  g_test_add_func ("/connect/name/reasons-differ", test_reasons_differ);
  g_test_add_func ("/connect/name/timeout-tells-all", test_timeout_tells_all);
  g_test_add_func ("/connect/name/interleaved", test_interleaved);
  g_test_add_func ("/connect/name/timeout", test_name_timeout);
  g_test_add_func ("/connect/literal/family", test_family_of_literal);
  g_test_add_func ("/connect/literal/scope", test_scope);
  g_test_add_func ("/connect/unix", test_unix);
  g_test_add_func ("/connect/unix/explained", test_unix_explained);
  g_test_add_func ("/connect/unix/nobody", test_unix_nobody);
  g_test_add_func ("/connect/unix/not-a-socket", test_unix_not_a_socket);
  g_test_add_func ("/connect/unix/datagram", test_unix_datagram);
  g_test_add_func ("/connect/unix/denied", test_unix_denied);
  g_test_add_func ("/connect/unix/abstract", test_abstract);
  g_test_add_func ("/connect/unix/backlog-stays-full", test_backlog_stays_full);
  g_test_add_func ("/connect/unix/backlog-gets-room", test_backlog_gets_room);
  g_test_add_func ("/connect/fd", test_fd);
  g_test_add_func ("/connect/fd/wrong", test_fd_wrong);
  g_test_add_func ("/connect/refusals", test_refusals);
  g_test_add_func ("/connect/cancel/at-once", test_cancel_at_once);
  g_test_add_func ("/connect/cancel/lookup", test_cancel_lookup);
  g_test_add_func ("/connect/cancel/attempt", test_cancel_attempt);
  g_test_add_func ("/connect/own-context", test_own_context);
  return g_test_run ();
}

/* test-listener.c: what is opened, who is let in, and when nobody is
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "core/error.h"
#include "core/fd.h"
#include "core/listener.h"
#include "core/log.h"

#define DEADLINE (20 * G_USEC_PER_SEC)
#define MS G_TIME_SPAN_MILLISECOND
#define BURST 300

typedef struct
{
  GsockListener *listener;
  GArray *fds; /* of the clients accepted */
  GPtrArray *carriers;
  GsockPeer peer;
  const GsockEndpoint *local;
  guint room;     /* for so many; then it is full */
  guint portless; /* clients of an address that nobody can have */
  gboolean shuts;
} Door;

static GString *events;

static void
event_cb (const char *text, gsize size, gpointer data G_GNUC_UNUSED)
{
  g_string_append_len (events, text, (gssize) size);
}

static gboolean
accept_cb (GObject *carrier, int fd, const GsockPeer *peer,
           const GsockEndpoint *local, gpointer data)
{
  Door *door = data;

  g_array_append_val (door->fds, fd);
  g_ptr_array_add (door->carriers, carrier);
  door->peer = *peer;
  door->local = local;
  door->portless += peer->family == AF_INET && peer->port == 0;
  if (door->shuts)
    gsock_listener_shut (door->listener);
  return door->fds->len < door->room;
}

static void
door_init (Door *door)
{
  *door = (Door) { .room = G_MAXUINT };
  door->fds = g_array_new (FALSE, FALSE, sizeof (int));
  door->carriers = g_ptr_array_new ();
  door->listener = gsock_listener_new (accept_cb, door);
}

static void
forget_clients (Door *door)
{
  for (guint i = 0; i < door->fds->len; i++)
    if (g_ptr_array_index (door->carriers, i) != NULL)
      g_object_unref (g_ptr_array_index (door->carriers, i));
    else
      close (g_array_index (door->fds, int, i));
  g_array_set_size (door->fds, 0);
  g_ptr_array_set_size (door->carriers, 0);
}

static void
step (gint64 began)
{
  g_assert_cmpint (g_get_monotonic_time () - began, <, DEADLINE);
  g_main_context_iteration (NULL, TRUE);
}

#define wait_until(condition) \
  G_STMT_START \
  { \
    gint64 began_ = g_get_monotonic_time (); \
    while (!(condition)) \
      step (began_); \
  } \
  G_STMT_END

static void
wait_ms (gint64 ms)
{
  gint64 began = g_get_monotonic_time ();

  wait_until (g_get_monotonic_time () - began >= ms * MS);
}

/* Nothing of the listener and its sockets may be left. */
static void
door_clear (Door *door)
{
  gpointer listener = door->listener;

  forget_clients (door);
  g_object_add_weak_pointer (listener, &listener);
  gsock_listener_shut (door->listener);
  g_object_unref (door->listener);
  wait_until (listener == NULL);
  g_array_unref (door->fds);
  g_ptr_array_unref (door->carriers);
}

static const GsockListenerOptions plain = {
  .rights = { .mode = 0600, .owner = (uid_t) -1, .group = (gid_t) -1 },
};

static gboolean
try_add (Door *door, const char *text, const GsockListenerOptions *options,
         GError **error)
{
  g_autoptr (GsockEndpoint)
      endpoint = gsock_endpoint_parse (text, GSOCK_ENDPOINT_FOR_SERVER, error);

  return endpoint != NULL
         && gsock_listener_add (door->listener, endpoint, options, error);
}

static void
add (Door *door, const char *text)
{
  g_autoptr (GError) error = NULL;

  try_add (door, text, &plain, &error);
  g_assert_no_error (error);
}

static const GsockEndpoint *
bound (Door *door, guint i)
{
  return g_ptr_array_index (gsock_listener_get_endpoints (door->listener), i);
}

/* A client; -1 with errno where it is refused. */
static int
try_call (const GsockEndpoint *endpoint)
{
  struct sockaddr_storage native = { 0 };
  g_autoptr (GSocketAddress) address = NULL;
  socklen_t size;
  int fd;

  if (gsock_endpoint_is_any (endpoint))
    {
      struct sockaddr_in *inet = (struct sockaddr_in *) &native;

      inet->sin_family = AF_INET;
      inet->sin_port = htons (gsock_endpoint_get_port (endpoint));
      inet->sin_addr.s_addr = htonl (INADDR_LOOPBACK);
      size = sizeof *inet;
    }
  else
    {
      address = gsock_endpoint_to_address (endpoint);
      size = (socklen_t) g_socket_address_get_native_size (address);
      g_assert_true (
          g_socket_address_to_native (address, &native, sizeof native, NULL));
    }
  fd = socket (native.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  g_assert_cmpint (fd, >=, 0);
  if (connect (fd, (struct sockaddr *) &native, size) == 0
      || errno == EINPROGRESS)
    return fd;
  gsock_fd_close (fd);
  return -1;
}

static int
call (const GsockEndpoint *endpoint)
{
  int fd = try_call (endpoint);

  g_assert_cmpint (fd, >=, 0);
  return fd;
}

static gboolean
has_ipv6 (void)
{
  struct sockaddr_in6 address = { .sin6_family = AF_INET6,
                                  .sin6_addr = IN6ADDR_LOOPBACK_INIT };
  g_auto (GsockFd) fd = socket (AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);

  return fd >= 0
         && bind (fd, (struct sockaddr *) &address, sizeof address) == 0;
}

/* Each kind of address: what it opens, and that each of these answers. */
static void
test_addresses (void)
{
  g_autofree char *directory = g_dir_make_tmp (NULL, NULL);
  g_autofree char *path = g_build_filename (directory, "socket", NULL);
  g_autofree char *abstract = g_strconcat ("@", directory, NULL);
  const struct
  {
    const char *text;
    guint sockets;
    const char *prefix;
  } table[] = {
    { "127.0.0.1:0", 1, "tcp:127.0.0.1:" },
    { "localhost:0", 1, "tcp:" },
    { "0", has_ipv6 () ? 2 : 1, "tcp:127.0.0.1:" },
    { "*:0", 1, "tcp:*:" },
    { path, 1, "unix:/" },
    { abstract, 1, "unix:@" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      Door door;
      GPtrArray *endpoints;

      door_init (&door);
      add (&door, table[i].text);
      endpoints = gsock_listener_get_endpoints (door.listener);
      g_assert_cmpuint (endpoints->len, >=, table[i].sockets);
      g_assert_true (g_str_has_prefix (
          gsock_endpoint_to_string (bound (&door, 0)), table[i].prefix));
      gsock_listener_start (door.listener, NULL);
      for (guint j = 0; j < endpoints->len; j++)
        {
          g_auto (GsockFd) client = call (bound (&door, j));

          g_assert_cmpint (client, >=, 0);
          if (!gsock_endpoint_is_unix (bound (&door, j)))
            {
              g_assert_cmpuint (gsock_endpoint_get_port (bound (&door, j)), >,
                                0);
              g_assert_cmpuint (gsock_endpoint_get_port (bound (&door, j)), ==,
                                gsock_endpoint_get_port (bound (&door, 0)));
            }
          wait_until (door.fds->len == j + 1);
          g_assert_true (door.local == bound (&door, j));
        }
      door_clear (&door);
    }
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_cmpint (g_rmdir (directory), ==, 0);
}

static void
test_refused (void)
{
  g_autofree char *directory = g_dir_make_tmp (NULL, NULL);
  g_autofree char *file = g_build_filename (directory, "file", NULL);
  g_autofree char *live = g_build_filename (directory, "live", NULL);
  g_autofree char *nowhere = g_build_filename (directory, "no", "s", NULL);
  g_autofree char *abstract = g_strconcat ("@", directory, NULL);
  g_autofree char *port = NULL;
  const struct
  {
    const char **text;
    int code;
  } table[] = {
    { (const char **) &file, GSOCK_ERROR_BIND },
    { (const char **) &live, GSOCK_ERROR_BIND },
    { (const char **) &nowhere, GSOCK_ERROR_BIND },
    { (const char **) &abstract, GSOCK_ERROR_BIND },
    { (const char **) &port, GSOCK_ERROR_BIND },
    { &(const char *) { "192.0.2.1:0" }, GSOCK_ERROR_BIND },
    { &(const char *) { "no-such-host.invalid:0" }, GSOCK_ERROR_NAME },
    { &(const char *) { "udp:239.1.2.3%no-such:0" }, GSOCK_ERROR_NAME },
    { &(const char *) { "fd:0" }, GSOCK_ERROR_BIND },
  };
  Door other, door;

  g_assert_true (g_file_set_contents (file, "precious", -1, NULL));
  door_init (&other);
  add (&other, live);
  add (&other, abstract);
  add (&other, "127.0.0.1:0");
  port = g_strdup (gsock_endpoint_to_string (bound (&other, 2)));
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (GError) error = NULL;

      door_init (&door);
      g_assert_false (try_add (&door, *table[i].text, &plain, &error));
      g_assert_error (error, GSOCK_ERROR, table[i].code);
      g_assert_null (strchr (error->message, '\n'));
      g_assert_cmpuint (gsock_listener_get_endpoints (door.listener)->len, ==,
                        0);
      door_clear (&door);
    }
  g_assert_true (g_file_test (file, G_FILE_TEST_IS_REGULAR));
  g_assert_true (g_file_test (live, G_FILE_TEST_EXISTS));
  door_clear (&other);
  g_assert_false (g_file_test (live, G_FILE_TEST_EXISTS));
  g_unlink (file);
  g_assert_cmpint (g_rmdir (directory), ==, 0);
}

static void
test_rights (void)
{
  g_autofree char *directory = g_dir_make_tmp (NULL, NULL);
  g_autofree char *path = g_build_filename (directory, "socket", NULL);
  GsockListenerOptions options = plain;
  g_autoptr (GError) error = NULL;
  struct stat status;
  Door door;

  options.rights.mode = 0640;
  door_init (&door);
  try_add (&door, path, &options, &error);
  g_assert_no_error (error);
  g_assert_cmpint (stat (path, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 07777, ==, 0640);
  door_clear (&door);
  g_assert_cmpint (g_rmdir (directory), ==, 0);
}

/* Before it is started it accepts nobody, and loses nobody either. */
static void
test_not_started (void)
{
  g_auto (GsockFd) client = -1;
  Door door;

  door_init (&door);
  g_assert_false (
      g_socket_service_is_active (G_SOCKET_SERVICE (door.listener)));
  add (&door, "127.0.0.1:0");
  client = call (bound (&door, 0));
  wait_ms (30);
  g_assert_cmpuint (door.fds->len, ==, 0);
  gsock_listener_start (door.listener, NULL);
  wait_until (door.fds->len == 1);
  g_assert_cmpint (door.peer.family, ==, AF_INET);
  g_assert_cmpuint (door.peer.port, !=, 0);
  door_clear (&door);
}

/* A burst is taken whole, from two sockets at once; each client once. */
static void
test_burst (void)
{
  int clients[BURST];
  Door door;

  g_assert_cmpuint (gsock_fd_raise_limit (), >=, 2 * BURST + 50);
  door_init (&door);
  add (&door, "127.0.0.1:0");
  add (&door, "127.0.0.1:0");
  for (guint i = 0; i < BURST; i++)
    clients[i] = call (bound (&door, i % 2));
  gsock_listener_start (door.listener, NULL);
  wait_until (door.fds->len == BURST);
  wait_ms (20);
  g_assert_cmpuint (door.fds->len, ==, BURST);
  for (guint i = 0; i < BURST; i++)
    {
      g_assert_cmpint (
          send (g_array_index (door.fds, int, i), "x", 1, MSG_NOSIGNAL), ==, 1);
      close (clients[i]);
    }
  door_clear (&door);
}

/* Who finds no room waits in the backlog, and is served when there is. */
static void
test_full (void)
{
  int clients[6];
  Door door;

  door_init (&door);
  door.room = 2;
  add (&door, "127.0.0.1:0");
  add (&door, "127.0.0.1:0");
  gsock_listener_start (door.listener, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    clients[i] = call (bound (&door, i % 2));
  for (guint served = 2; served <= G_N_ELEMENTS (clients); served += 2)
    {
      wait_until (door.fds->len == 2);
      wait_ms (30);
      g_assert_cmpuint (door.fds->len, ==, 2);
      forget_clients (&door);
      gsock_listener_go_on (door.listener);
      gsock_listener_go_on (door.listener);
    }
  /* All have been served, and so closed. */
  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    {
      char byte;

      wait_until (recv (clients[i], &byte, 1, 0) == 0);
      close (clients[i]);
    }
  wait_ms (20);
  g_assert_cmpuint (door.fds->len, ==, 0);
  door_clear (&door);
}

static void
test_shut_in_accept (void)
{
  g_auto (GsockFd) first = -1;
  g_auto (GsockFd) second = -1;
  g_autoptr (GsockEndpoint) endpoint = NULL;
  Door door;

  door_init (&door);
  add (&door, "127.0.0.1:0");
  endpoint = gsock_endpoint_ref ((GsockEndpoint *) bound (&door, 0));
  first = call (endpoint);
  second = call (endpoint);
  door.shuts = TRUE;
  gsock_listener_start (door.listener, NULL);
  wait_until (door.fds->len == 1);
  wait_ms (30);
  g_assert_cmpuint (door.fds->len, ==, 1);
  door_clear (&door);
}

/* Without a descriptor left it says so, sleeps, and goes on when there is one:
 * the client has waited. */
static void
test_no_descriptors (void)
{
  struct rlimit old, low;
  g_autoptr (GArray) taken = g_array_new (FALSE, FALSE, sizeof (int));
  gint64 deadline;
  guint rounds = 0;
  GLogLevelFlags fatal;
  const char *preload = g_getenv ("LD_PRELOAD");
  int client, fd;
  Door door;

  if (preload != NULL && strstr (preload, "vgpreload") != NULL)
    {
      g_test_skip ("valgrind keeps descriptors for itself");
      return;
    }
  fatal = g_log_set_always_fatal (G_LOG_FATAL_MASK);
  door_init (&door);
  add (&door, "127.0.0.1:0");
  gsock_listener_start (door.listener, NULL);
  wait_ms (10);
  client = call (bound (&door, 0));
  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &old), ==, 0);
  low = old;
  low.rlim_cur = (rlim_t) client + 20;
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &low), ==, 0);
  while ((fd = open ("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0)
    g_array_append_val (taken, fd);
  g_string_truncate (events, 0);

  deadline = g_get_monotonic_time () + 350 * MS;
  while (g_get_monotonic_time () < deadline)
    {
      g_main_context_iteration (NULL, TRUE);
      rounds++;
    }
  g_assert_cmpuint (door.fds->len, ==, 0);
  g_assert_cmpuint (rounds, <, 200);
  g_assert_nonnull (strstr (events->str, "\"event\":\"accept-failed\""));
  g_assert_true (strstr (events->str, "accept-failed")
                 == g_strrstr (events->str, "accept-failed"));

  for (guint i = 0; i < taken->len; i++)
    close (g_array_index (taken, int, i));
  wait_until (door.fds->len == 1);
  setrlimit (RLIMIT_NOFILE, &old);
  close (client);
  door_clear (&door);
  g_log_set_always_fatal (fatal);
}

/* Who resets before it is accepted has no name, or its own: never another's,
 * for which a rule might let it in. */
static void
test_reset_before_accept (void)
{
  const struct linger linger = { .l_onoff = 1, .l_linger = 0 };
  Door door;

  door_init (&door);
  add (&door, "127.0.0.1:0");
  for (guint i = 0; i < 2; i++)
    {
      int client = call (bound (&door, 0));

      g_assert_cmpint (send (client, "x", 1, MSG_NOSIGNAL), ==, 1);
      setsockopt (client, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
      close (client);
    }
  gsock_listener_start (door.listener, NULL);
  wait_until (door.fds->len == 2);
  g_assert_cmpuint (door.portless, ==, 0);
  door_clear (&door);
}

static void
test_inherited (void)
{
  g_autofree char *directory = g_dir_make_tmp (NULL, NULL);
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  g_autoptr (GError) error = NULL;
  g_auto (GsockFd) client = -1;
  g_auto (GsockFd) bound_only = -1;
  int pair[2];
  Door door;
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_snprintf (address.sun_path, sizeof address.sun_path, "%s/s", directory);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, sizeof address), ==,
                   0);
  door_init (&door);

  /* Bound is not listening, and a connected one is not either. */
  bound_only = dup (fd);
  g_assert_false (
      gsock_listener_add_fd (door.listener, bound_only, FALSE, &error));
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_BIND);
  g_clear_error (&error);
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, pair), ==, 0);
  g_assert_false (
      gsock_listener_add_fd (door.listener, pair[0], FALSE, &error));
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_BIND);
  g_clear_error (&error);
  close (pair[0]);
  close (pair[1]);
  g_assert_cmpint (listen (fd, 5), ==, 0);

  g_assert_true (gsock_listener_add_fd (door.listener, fd, FALSE, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (gsock_endpoint_get_path (bound (&door, 0)), ==,
                   address.sun_path);
  gsock_listener_start (door.listener, NULL);
  client = call (bound (&door, 0));
  wait_until (door.fds->len == 1);
  g_assert_cmpint (door.peer.family, ==, AF_UNIX);
  door_clear (&door);
  /* It was somebody else's, and stays. */
  g_assert_cmpint (g_unlink (address.sun_path), ==, 0);
  g_assert_cmpint (g_rmdir (directory), ==, 0);
}

/* Shut, it answers nobody. */
static void
test_shut (void)
{
  g_autoptr (GsockEndpoint) endpoint = NULL;
  g_auto (GsockFd) client = -1;
  int error = 0;
  socklen_t size = sizeof error;
  Door door;

  door_init (&door);
  add (&door, "127.0.0.1:0");
  endpoint = gsock_endpoint_ref ((GsockEndpoint *) bound (&door, 0));
  gsock_listener_start (door.listener, NULL);
  wait_ms (10);
  gsock_listener_shut (door.listener);
  gsock_listener_shut (door.listener);
  client = try_call (endpoint);
  if (client >= 0)
    {
      wait_until (getsockopt (client, SOL_SOCKET, SO_ERROR, &error, &size) == 0
                  && error != 0);
      g_assert_cmpint (error, ==, ECONNREFUSED);
    }
  door_clear (&door);
}

static GsockDgramAnswer
stranger_cb (GsockCarrier *carrier G_GNUC_UNUSED,
             const GsockPeer *peer G_GNUC_UNUSED,
             const GsockEndpoint *local G_GNUC_UNUSED,
             gpointer data G_GNUC_UNUSED)
{
  return GSOCK_DGRAM_DENIED;
}

/* With no stream to accept from nothing waits for one, and outlives it. */
static void
test_datagrams_alone (void)
{
  const GsockDgramOptions options = { .max_peers = 1, .max_message = 64 };
  GsockWorker *worker = gsock_worker_new (g_main_context_default (), NULL);
  g_autoptr (GError) error = NULL;
  Door door;

  door_init (&door);
  add (&door, "udp:127.0.0.1:0");
  g_assert_true (gsock_listener_take_datagrams (door.listener, worker, &options,
                                                stranger_cb, NULL, &error));
  g_assert_no_error (error);
  gsock_listener_start (door.listener, NULL);
  wait_ms (10);
  door_clear (&door);
  gsock_worker_free (worker);
}

static gboolean
tick_cb (gpointer data G_GNUC_UNUSED)
{
  return G_SOURCE_CONTINUE;
}

int
main (int argc, char **argv)
{
  const GsockLogOptions options = { .program = "test", .json = TRUE };

  g_test_init (&argc, &argv, NULL);
  events = g_string_new (NULL);
  gsock_log_setup (&options);
  gsock_log_set_sink (event_cb, NULL);
  g_timeout_add (5, tick_cb, NULL);

  g_test_add_func ("/listener/addresses", test_addresses);
  g_test_add_func ("/listener/refused", test_refused);
  g_test_add_func ("/listener/rights", test_rights);
  g_test_add_func ("/listener/not-started", test_not_started);
  g_test_add_func ("/listener/burst", test_burst);
  g_test_add_func ("/listener/full", test_full);
  g_test_add_func ("/listener/shut-in-accept", test_shut_in_accept);
  g_test_add_func ("/listener/no-descriptors", test_no_descriptors);
  g_test_add_func ("/listener/reset-before-accept", test_reset_before_accept);
  g_test_add_func ("/listener/inherited", test_inherited);
  g_test_add_func ("/listener/shut", test_shut);
  g_test_add_func ("/listener/datagrams-alone", test_datagrams_alone);
  return g_test_run ();
}

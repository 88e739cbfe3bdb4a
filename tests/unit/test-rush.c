/* test-rush.c: who has the listening sockets when many clients come at once
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/fd.h"
#include "core/listener.h"

#define DEADLINE (20 * G_USEC_PER_SEC)
#define MANY 20

typedef struct
{
  GsockWorker *worker;
  GsockListener *listener;
  guint16 port;
  guint accepted, room;
  gboolean shuts;
  int clients[4 * MANY];
  guint called;
} Door;

static gboolean
accept_cb (GObject *carrier, int fd, const GsockPeer *peer,
           const GsockEndpoint *local, gpointer data)
{
  Door *door = data;

  g_assert_cmpint (peer->family, ==, AF_INET);
  g_assert_nonnull (local);
  door->accepted++;
  if (carrier != NULL)
    g_object_unref (carrier);
  else
    close (fd);
  if (door->shuts)
    gsock_listener_shut (door->listener);
  return door->accepted < door->room;
}

static void
door_init (Door *door)
{
  const GsockListenerOptions options = { .rights = { .mode = 0600 } };
  g_autoptr (GError) error = NULL;
  g_autoptr (GsockEndpoint) endpoint = gsock_endpoint_parse (
      "127.0.0.1:0", GSOCK_ENDPOINT_FOR_SERVER, &error);

  g_assert_no_error (error);
  *door = (Door) { .room = G_MAXUINT };
  door->worker = gsock_worker_new (g_main_context_default (), &error);
  g_assert_no_error (error);
  door->listener = gsock_listener_new (accept_cb, door);
  gsock_listener_add (door->listener, endpoint, &options, &error);
  g_assert_no_error (error);
  door->port = gsock_endpoint_get_port (
      g_ptr_array_index (gsock_listener_get_endpoints (door->listener), 0));
}

static void
call (Door *door, guint count)
{
  struct sockaddr_in address = {
    .sin_family = AF_INET,
    .sin_port = htons (door->port),
    .sin_addr.s_addr = htonl (INADDR_LOOPBACK),
  };

  for (guint i = 0; i < count; i++)
    {
      int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

      g_assert_cmpint (fd, >=, 0);
      g_assert_cmpint (
          connect (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
      door->clients[door->called++] = fd;
    }
}

#define wait_until(condition) \
  G_STMT_START \
  { \
    gint64 end_ = g_get_monotonic_time () + DEADLINE; \
    while (!(condition)) \
      { \
        g_assert_cmpint (g_get_monotonic_time (), <, end_); \
        g_main_context_iteration (NULL, TRUE); \
      } \
  } \
  G_STMT_END

/* All that has happened by now is known after this. */
static void
rounds (guint n)
{
  while (n-- > 0)
    g_main_context_iteration (NULL, FALSE);
}

static gboolean
service_has_it (const Door *door)
{
  return g_socket_service_is_active (G_SOCKET_SERVICE (door->listener));
}

static void
door_clear (Door *door)
{
  gpointer listener = door->listener;

  for (guint i = 0; i < door->called; i++)
    close (door->clients[i]);
  g_object_add_weak_pointer (listener, &listener);
  gsock_listener_shut (door->listener);
  g_object_unref (door->listener);
  wait_until (listener == NULL);
  gsock_worker_free (door->worker);
}

/* A rush; it begins with several at once. */
static void
begin (Door *door)
{
  call (door, MANY);
  gsock_listener_start (door->listener, door->worker);
  wait_until (door->accepted == MIN (MANY, door->room));
}

static void
test_begins_and_ends (void)
{
  Door door;

  door_init (&door);
  begin (&door);
  g_assert_false (service_has_it (&door));
  call (&door, MANY);
  wait_until (door.accepted == 2 * MANY);
  g_assert_false (service_has_it (&door));

  wait_until (service_has_it (&door));
  call (&door, 1);
  wait_until (door.accepted == 2 * MANY + 1);
  rounds (5);
  g_assert_true (service_has_it (&door));

  call (&door, MANY);
  wait_until (door.accepted == 3 * MANY + 1);
  g_assert_false (service_has_it (&door));
  door_clear (&door);
}

/* One after the other is no rush. */
static void
test_one_by_one (void)
{
  Door door;

  door_init (&door);
  gsock_listener_start (door.listener, door.worker);
  for (guint i = 1; i <= MANY; i++)
    {
      call (&door, 1);
      wait_until (door.accepted == i);
      rounds (3);
      g_assert_true (service_has_it (&door));
    }
  door_clear (&door);
}

/* Those who find no room wait in the backlog, and come in when there is. */
static void
test_full (void)
{
  Door door;

  door_init (&door);
  begin (&door);
  door.room = MANY + 5;
  call (&door, MANY);
  wait_until (door.accepted == door.room);
  rounds (20);
  g_assert_cmpuint (door.accepted, ==, MANY + 5);
  g_assert_false (service_has_it (&door));
  door.room = G_MAXUINT;
  gsock_listener_go_on (door.listener);
  wait_until (door.accepted == 2 * MANY);
  wait_until (service_has_it (&door));

  /* Full when the rush begins, and for longer than it lasts. */
  door.room = door.accepted + 10;
  call (&door, MANY);
  wait_until (door.accepted == door.room);
  rounds (20);
  g_assert_cmpuint (door.accepted, ==, 2 * MANY + 10);
  door.room = G_MAXUINT;
  gsock_listener_go_on (door.listener);
  wait_until (door.accepted == 3 * MANY);
  door_clear (&door);
}

/* The one who is let in may be the last. */
static void
test_shut_in_accept (void)
{
  Door door;

  door_init (&door);
  begin (&door);
  g_assert_false (service_has_it (&door));
  door.shuts = TRUE;
  call (&door, 5);
  wait_until (door.accepted > MANY);
  rounds (20);
  g_assert_cmpuint (door.accepted, ==, MANY + 1);
  door_clear (&door);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rush/begins-and-ends", test_begins_and_ends);
  g_test_add_func ("/rush/one-by-one", test_one_by_one);
  g_test_add_func ("/rush/full", test_full);
  g_test_add_func ("/rush/shut-in-accept", test_shut_in_accept);
  return g_test_run ();
}

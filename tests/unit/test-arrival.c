/* test-arrival.c: who a balancer says that it brings, and how many may wait
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/arrival.h"
#include "core/error.h"
#include "core/fd.h"

#define DEADLINE (30 * G_USEC_PER_SEC)
#define BYTES(literal) literal, sizeof literal - 1
#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"
/* As many as may wait at once. */
#define MOST 1024

typedef struct
{
  GsockWorker *worker;
  GsockArrivals arrivals;
  GsockEndpoint *local;
  guint calls;
  /* The last one. */
  GsockArrival arrival;
  char *called; /* or NULL */
  gboolean is_check;
  GError *error;
} Fixture;

static void
arrived_cb (const GsockArrival *arrival, GsockCarrier *carrier,
            const GError *error, gpointer data)
{
  Fixture *f = data;

  f->calls++;
  f->arrival = *arrival;
  g_clear_error (&f->error);
  g_clear_pointer (&f->called, g_free);
  f->error = error != NULL ? g_error_copy (error) : NULL;
  g_assert_cmpint (carrier->klass == NULL, ==, error != NULL);
  if (carrier->called != NULL)
    f->called = g_strdup (gsock_endpoint_to_string (carrier->called));
  f->is_check = carrier->is_check;
}

static void
set_up (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  f->worker = gsock_worker_new (g_main_context_default (), NULL);
  f->local = gsock_endpoint_parse ("127.0.0.1:3490", GSOCK_ENDPOINT_FOR_SERVER,
                                   NULL);
  gsock_arrivals_init (&f->arrivals, f->worker, arrived_cb, f);
}

static void
tear_down (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  gsock_arrivals_drop (&f->arrivals);
  g_assert_cmpuint (gsock_arrivals_count (&f->arrivals), ==, 0);
  g_clear_error (&f->error);
  g_free (f->called);
  gsock_endpoint_unref (f->local);
  gsock_worker_free (f->worker);
}

/* A balancer at 203.0.113.9; its end of it, or -1: no descriptor is left. */
static int
come (Fixture *f)
{
  GsockPeer balancer = { .family = AF_INET, .port = 9 };
  GsockCarrier carrier;
  int pair[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair)
      != 0)
    return -1;
  memcpy (balancer.inet.address, "\313\0\161\11", 4);
  carrier = gsock_carrier_plain (pair[0], NULL, NULL);
  carrier.local = f->local;
  gsock_arrivals_introduce (&f->arrivals, &carrier, &balancer);
  g_assert_cmpint (carrier.fd, ==, -1);
  return pair[1];
}

static void
wait_for_calls (Fixture *f, guint calls)
{
  gint64 began = g_get_monotonic_time ();

  while (f->calls < calls)
    {
      g_assert_cmpint (g_get_monotonic_time () - began, <, DEADLINE);
      g_main_context_iteration (NULL, TRUE);
    }
  g_assert_cmpuint (f->calls, ==, calls);
}

#define BALANCER "tcp:203.0.113.9:9"
#define FOUR "\300\0\2\7\306\63\144\2\17\240\0\120"

static const struct
{
  const char *data;
  gsize size;
  const char *peer, *via, *called; /* NULL: nobody, nowhere */
  gboolean is_check;
} rows[] = {
  { BYTES ("PROXY TCP4 192.0.2.7 198.51.100.2 4000 80\r\n"),
    "tcp:192.0.2.7:4000", BALANCER, "tcp:198.51.100.2:80", FALSE },
  { BYTES ("PROXY TCP6 2001:db8::7 2001:db8::2 4000 80\r\n"),
    "tcp:[2001:db8::7]:4000", BALANCER, "tcp:[2001:db8::2]:80", FALSE },
  { BYTES ("PROXY TCP6 ::ffff:192.0.2.7 ::ffff:198.51.100.2 4000 80\r\n"),
    "tcp:192.0.2.7:4000", BALANCER, "tcp:198.51.100.2:80", FALSE },
  { BYTES (SIGNATURE "\x21\x11\0\14" FOUR), "tcp:192.0.2.7:4000", BALANCER,
    "tcp:198.51.100.2:80", FALSE },
  /* Said of nobody, or of itself. */
  { BYTES ("PROXY UNKNOWN\r\n"), BALANCER, NULL, NULL, FALSE },
  { BYTES (SIGNATURE "\x21\0\0\0"), BALANCER, NULL, NULL, FALSE },
  { BYTES (SIGNATURE "\x20\0\0\0"), BALANCER, NULL, NULL, TRUE },
  { BYTES (SIGNATURE "\x20\x11\0\14" FOUR), BALANCER, NULL, NULL, TRUE },
};

static void
test_introduced (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (GsockFd) fd = come (f);
      g_autofree char *peer = NULL;
      g_autofree char *via = NULL;

      g_assert_cmpuint (f->calls, ==, i);
      g_assert_cmpint (send (fd, rows[i].data, rows[i].size, 0), ==,
                       (gssize) rows[i].size);
      wait_for_calls (f, i + 1);
      g_assert_no_error (f->error);
      peer = gsock_peer_to_string (&f->arrival.peer);
      if (f->arrival.via.family != AF_UNSPEC)
        via = gsock_peer_to_string (&f->arrival.via);
      g_assert_cmpstr (peer, ==, rows[i].peer);
      g_assert_cmpstr (via, ==, rows[i].via);
      g_assert_cmpstr (f->called, ==, rows[i].called);
      g_assert_cmpint (f->is_check, ==, rows[i].is_check);
      g_assert_true (f->arrival.local == f->local);
      g_assert_cmpuint (gsock_arrivals_count (&f->arrivals), ==, 0);
    }
}

/* Of one that fails it is told who, and where. */
static void
test_bad (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_auto (GsockFd) fd = come (f);
  g_autofree char *peer = NULL;

  g_assert_cmpint (send (fd, "nonsense\n", 9, 0), ==, 9);
  wait_for_calls (f, 1);
  g_assert_error (f->error, GSOCK_ERROR, GSOCK_ERROR_FRAME_BAD);
  peer = gsock_peer_to_string (&f->arrival.peer);
  g_assert_cmpstr (peer, ==, BALANCER);
  g_assert_true (f->arrival.local == f->local);
}

/* All of them are told why; the dropped ones nothing. */
static void
test_cut_and_drop (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = g_error_new_literal (
      GSOCK_ERROR, GSOCK_ERROR_TIMED_OUT, "the end");
  int fds[6];

  for (guint i = 0; i < 3; i++)
    fds[i] = come (f);
  g_assert_cmpuint (gsock_arrivals_count (&f->arrivals), ==, 3);
  gsock_arrivals_cut (&f->arrivals, error);
  g_assert_cmpuint (f->calls, ==, 3);
  g_assert_error (f->error, GSOCK_ERROR, GSOCK_ERROR_TIMED_OUT);
  g_assert_cmpuint (gsock_arrivals_count (&f->arrivals), ==, 0);

  for (guint i = 3; i < 6; i++)
    fds[i] = come (f);
  gsock_arrivals_drop (&f->arrivals);
  g_assert_cmpuint (gsock_arrivals_count (&f->arrivals), ==, 0);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_cmpuint (f->calls, ==, 3);
  for (guint i = 0; i < 6; i++)
    {
      char byte;

      g_assert_cmpint (recv (fds[i], &byte, 1, 0), ==, 0);
      gsock_fd_close (fds[i]);
    }
}

/* The oldest goes, and who is quick is not kept out. */
static void
test_crowd (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  static int fds[MOST + 1];
  guint n = 0;

  gsock_fd_raise_limit ();
  while (n < MOST && (fds[n] = come (f)) >= 0)
    n++;
  if (n < MOST || (fds[n] = come (f)) < 0)
    g_test_skip ("needs 2,050 descriptors");
  else
    {
      char byte;

      g_assert_cmpuint (f->calls, ==, 1);
      g_assert_error (f->error, GSOCK_ERROR, GSOCK_ERROR_LIMIT);
      g_assert_cmpuint (gsock_arrivals_count (&f->arrivals), ==, MOST);
      g_assert_cmpint (recv (fds[0], &byte, 1, 0), ==, 0);
      g_assert_cmpint (recv (fds[1], &byte, 1, 0), ==, -1);
      g_assert_cmpint (send (fds[n], rows[0].data, rows[0].size, MSG_NOSIGNAL),
                       ==, (gssize) rows[0].size);
      wait_for_calls (f, 2);
      g_assert_no_error (f->error);
      n++;
    }
  gsock_arrivals_drop (&f->arrivals);
  while (n > 0)
    gsock_fd_close (fds[--n]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/arrival/introduced", Fixture, NULL, set_up, test_introduced,
              tear_down);
  g_test_add ("/arrival/bad", Fixture, NULL, set_up, test_bad, tear_down);
  g_test_add ("/arrival/cut-and-drop", Fixture, NULL, set_up, test_cut_and_drop,
              tear_down);
  g_test_add ("/arrival/crowd", Fixture, NULL, set_up, test_crowd, tear_down);
  return g_test_run ();
}

/* test-poller.c: what is ready is told, once or as long as it is wanted
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <netinet/in.h>

#include "core/error.h"
#include "core/fd.h"
#include "core/poller.h"

#define DEADLINE (20 * G_USEC_PER_SEC)

/* A watched end and the other end of it. */
typedef struct
{
  GsockWatch watch; /* first: a watch is its side */
  GsockPoller *poller;
  int fd, other;
  guint calls;
  guint forget;    /* said in the call */
  gsize read_size; /* read in the call */
  gboolean others; /* whether others waited at the last call */
  gboolean doubts; /* says so in the call */
  gboolean parked; /* the last doubt was taken */
  gboolean removes;
  GsockWatch *removed; /* taken out in the call */
} Side;

static void
called_cb (GsockWatch *watch)
{
  Side *side = (Side *) watch;
  char buffer[64];

  side->calls++;
  side->others = gsock_poller_others_wait (side->poller);
  if (side->read_size > 0
      && read (side->fd, buffer, MIN (side->read_size, sizeof buffer)) < 0)
    gsock_poller_forget (side->poller, watch, GSOCK_READY_IN);
  if (side->forget != 0)
    gsock_poller_forget (side->poller, watch, side->forget);
  if (side->doubts)
    side->parked = gsock_poller_doubt (side->poller, watch);
  if (side->removed != NULL)
    gsock_poller_remove (side->poller, side->removed);
  side->removed = NULL;
  if (side->removes)
    gsock_poller_remove (side->poller, watch);
}

static void
side_init (Side *side, GsockPoller *poller)
{
  g_autoptr (GError) error = NULL;
  int pair[2];

  g_assert_cmpint (
      socketpair (AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair),
      ==, 0);
  *side = (Side) { .poller = poller, .fd = pair[0], .other = pair[1] };
  gsock_poller_add (poller, &side->watch, side->fd, called_cb, &error);
  g_assert_no_error (error);
}

static void
side_clear (Side *side)
{
  gsock_poller_remove (side->poller, &side->watch);
  close (side->fd);
  gsock_fd_clear (&side->other);
}

static GsockPoller *
new_poller (void)
{
  g_autoptr (GError) error = NULL;
  GsockPoller *poller = gsock_poller_new (&error);

  g_assert_no_error (error);
  gsock_poller_attach (poller, NULL);
  return poller;
}

/* Everything the kernel has to say by now is known after this. */
static void
rounds (guint n)
{
  for (guint i = 0; i < n; i++)
    g_main_context_iteration (NULL, FALSE);
}

static void
say (Side *side, const char *text)
{
  g_assert_cmpint (write (side->other, text, strlen (text)), ==,
                   (gssize) strlen (text));
}

static void
test_nothing_wanted (void)
{
  GsockPoller *poller = new_poller ();
  Side side;

  side_init (&side, poller);
  say (&side, "x");
  rounds (5);
  g_assert_cmpuint (side.calls, ==, 0);
  g_assert_cmpuint (side.watch.ready & GSOCK_READY_IN, !=, 0);

  /* Told long ago, and not forgotten. */
  gsock_poller_want (poller, &side.watch, GSOCK_READY_IN);
  rounds (1);
  g_assert_cmpuint (side.calls, ==, 1);
  side_clear (&side);
  gsock_poller_destroy (poller);
}

/* Called once a round until it would block, then not before there is news. */
static void
test_until_forgotten (void)
{
  GsockPoller *poller = new_poller ();
  Side side;

  side_init (&side, poller);
  gsock_poller_want (poller, &side.watch, GSOCK_READY_IN);
  say (&side, "123");
  side.read_size = 1;
  rounds (10);
  g_assert_cmpuint (side.calls, ==, 4);

  say (&side, "4");
  rounds (5);
  g_assert_cmpuint (side.calls, ==, 6);
  side_clear (&side);
  gsock_poller_destroy (poller);
}

static void
test_out (void)
{
  static char bytes[65536];
  GsockPoller *poller = new_poller ();
  Side side;

  side_init (&side, poller);
  while (write (side.fd, bytes, sizeof bytes) > 0)
    ;
  gsock_poller_want (poller, &side.watch, GSOCK_READY_OUT);
  side.forget = GSOCK_READY_OUT;
  rounds (5);
  /* It was writable when it was added, at most. */
  g_assert_cmpuint (side.calls, <=, 1);
  side.calls = 0;
  while (read (side.other, bytes, sizeof bytes) > 0)
    ;
  rounds (5);
  g_assert_cmpuint (side.calls, ==, 1);
  side_clear (&side);
  gsock_poller_destroy (poller);
}

static void
test_again (void)
{
  GsockPoller *poller = new_poller ();
  Side side;

  side_init (&side, poller);
  rounds (2);
  gsock_poller_again (poller, &side.watch);
  gsock_poller_again (poller, &side.watch);
  rounds (3);
  g_assert_cmpuint (side.calls, ==, 1);

  /* It stays asked for when something else is wanted meanwhile. */
  gsock_poller_again (poller, &side.watch);
  gsock_poller_want (poller, &side.watch, 0);
  rounds (3);
  g_assert_cmpuint (side.calls, ==, 2);
  side_clear (&side);
  gsock_poller_destroy (poller);
}

/* Of two in a round the first is told that another waits; alone nobody is. */
static void
test_others (void)
{
  GsockPoller *poller = new_poller ();
  Side sides[2];

  for (guint i = 0; i < 2; i++)
    {
      side_init (&sides[i], poller);
      gsock_poller_want (poller, &sides[i].watch, GSOCK_READY_IN);
      sides[i].forget = GSOCK_READY_IN;
      say (&sides[i], "x");
    }
  rounds (5);
  g_assert_cmpuint (sides[0].calls, ==, 1);
  g_assert_cmpuint (sides[1].calls, ==, 1);
  g_assert_cmpint (sides[0].others + sides[1].others, ==, 1);

  say (&sides[0], "x");
  rounds (5);
  g_assert_cmpuint (sides[0].calls, ==, 2);
  g_assert_false (sides[0].others);
  g_assert_false (gsock_poller_others_wait (poller));

  for (guint i = 0; i < 2; i++)
    side_clear (&sides[i]);
  gsock_poller_destroy (poller);
}

/* @side is put aside at its next call, before @busy has its turn. */
static void
park (Side *side, Side *busy)
{
  side->doubts = FALSE;
  rounds (1);
  gsock_poller_want (busy->poller, &busy->watch, 0);
  gsock_poller_want (busy->poller, &busy->watch, GSOCK_READY_IN);
  side->doubts = TRUE;
  side->parked = FALSE;
  rounds (1);
  side->doubts = FALSE;
  g_assert_true (side->parked);
}

/* A poller, and two that want to be called when there is something to read. */
static GsockPoller *
new_pair (Side *side, Side *other)
{
  GsockPoller *poller = new_poller ();

  side_init (side, poller);
  side_init (other, poller);
  gsock_poller_want (poller, &side->watch, GSOCK_READY_IN);
  gsock_poller_want (poller, &other->watch, GSOCK_READY_IN);
  return poller;
}

/* Alone there is no doubt; with another it is settled when that is quiet, and
 * at once when the kernel has news. */
static void
test_doubt (void)
{
  Side side, other;
  GsockPoller *poller = new_pair (&side, &other);

  side.read_size = other.read_size = 1;
  side.doubts = TRUE;
  say (&side, "ab");
  rounds (3);
  g_assert_false (side.parked);
  g_assert_cmpuint (side.calls, ==, 3);

  side.read_size = 0;
  say (&side, "abc");
  say (&other, "abcdefgh");
  park (&side, &other);
  side.calls = 0;
  rounds (1);
  g_assert_cmpuint (side.calls, ==, 0);
  say (&side, "d");
  side.read_size = 1;
  rounds (1);
  g_assert_cmpuint (side.calls, ==, 1);
  park (&side, &other);
  rounds (20);
  g_assert_cmpuint (side.watch.ready & GSOCK_READY_IN, ==, 0);
  g_assert_cmpuint (side.calls, ==, 5);
  side_clear (&side);
  side_clear (&other);
  gsock_poller_destroy (poller);
}

/* One that never rests, and one in doubt: it is settled all the same. */
static void
test_doubt_beside_busy (void)
{
  Side side, busy;
  GsockPoller *poller = new_pair (&side, &busy);
  guint waited = 0;

  say (&busy, "x");
  say (&side, "x");
  park (&side, &busy);
  for (side.calls = 0; side.calls == 0 && waited < 100; waited++)
    rounds (1);
  g_assert_cmpuint (waited, >, 1);
  g_assert_cmpuint (waited, <, 100);
  g_assert_cmpuint (busy.calls, >, waited);
  side_clear (&side);
  side_clear (&busy);
  gsock_poller_destroy (poller);
}

/* What else it is ready and wanted for isn't put aside; nor is one that is
 * held, or taken away, called. */
static void
test_doubt_and_else (void)
{
  Side side, busy;
  GsockPoller *poller = new_pair (&side, &busy);

  say (&busy, "x");
  say (&side, "x");
  park (&side, &busy);
  side.calls = 0;
  gsock_poller_want (poller, &side.watch, 0);
  rounds (50);
  g_assert_cmpuint (side.calls, ==, 0);
  gsock_poller_want (poller, &side.watch, GSOCK_READY_IN);
  gsock_poller_want (poller, &side.watch, GSOCK_READY_IN | GSOCK_READY_OUT);
  rounds (1);
  g_assert_cmpuint (side.calls, ==, 1);

  gsock_poller_want (poller, &side.watch, GSOCK_READY_IN);
  park (&side, &busy);
  side.calls = 0;
  gsock_poller_remove (poller, &side.watch);
  rounds (50);
  g_assert_cmpuint (side.calls, ==, 0);
  side_clear (&busy);
  close (side.fd);
  gsock_fd_clear (&side.other);
  gsock_poller_destroy (poller);
}

/* Two that are ready in the same round, and the first takes the other, or
 * itself, away. */
static void
test_removed_in_round (void)
{
  Side a, b;
  GsockPoller *poller = new_pair (&a, &b);

  say (&a, "x");
  say (&b, "x");
  a.removed = &b.watch;
  b.removed = &a.watch;
  rounds (1);
  g_assert_cmpuint (a.calls + b.calls, ==, 1);
  side_clear (&a);
  side_clear (&b);

  side_init (&a, poller);
  gsock_poller_want (poller, &a.watch, GSOCK_READY_IN);
  say (&a, "x");
  a.removes = TRUE;
  rounds (3);
  g_assert_cmpuint (a.calls, ==, 1);
  side_clear (&a);
  gsock_poller_destroy (poller);
}

static gboolean
tick_cb (gpointer data)
{
  ++*(guint *) data;
  return G_SOURCE_CONTINUE;
}

/* One that never stops costs the others, and the context's other sources, no
 * more than one call a round. */
static void
test_fair (void)
{
  Side busy, quiet;
  GsockPoller *poller = new_pair (&busy, &quiet);
  guint ticks = 0;
  guint source = g_timeout_add_full (G_PRIORITY_DEFAULT, 0, tick_cb, &ticks,
                                     NULL);

  say (&busy, "x");
  rounds (10);
  g_assert_cmpuint (busy.calls, >=, 9);
  g_assert_cmpuint (busy.calls, <=, 10);
  g_assert_cmpuint (ticks, ==, 10);
  quiet.forget = GSOCK_READY_IN;
  say (&quiet, "x");
  rounds (2);
  g_assert_cmpuint (quiet.calls, ==, 1);
  g_source_remove (source);
  side_clear (&busy);
  side_clear (&quiet);
  gsock_poller_destroy (poller);
}

static void
test_ends (void)
{
  const guint closed = GSOCK_READY_HANGUP | GSOCK_READY_GONE;
  GsockPoller *poller = new_poller ();
  Side side;

  side_init (&side, poller);
  gsock_poller_want (poller, &side.watch, GSOCK_READY_HANGUP);
  rounds (2);
  g_assert_cmpuint (side.watch.ready & closed, ==, 0);
  shutdown (side.other, SHUT_WR);
  rounds (2);
  g_assert_cmpuint (side.watch.ready & closed, ==, GSOCK_READY_HANGUP);
  g_assert_cmpuint (side.watch.ready & GSOCK_READY_IN, !=, 0);
  g_assert_cmpuint (side.calls, >=, 1);
  gsock_fd_clear (&side.other);
  rounds (2);
  g_assert_cmpuint (side.watch.ready & closed, ==, closed);
  side_clear (&side);
  gsock_poller_destroy (poller);
}

/* More ready descriptors than one look at the kernel gives. */
static void
test_many (void)
{
  enum
  {
    N = 600
  };
  GsockPoller *poller = new_poller ();
  g_autofree Side *sides = g_new0 (Side, N);

  g_assert_cmpuint (gsock_fd_raise_limit (), >=, 2 * N + 50);
  for (guint i = 0; i < N; i++)
    {
      side_init (&sides[i], poller);
      sides[i].forget = GSOCK_READY_IN;
      gsock_poller_want (poller, &sides[i].watch, GSOCK_READY_IN);
      say (&sides[i], "x");
    }
  rounds (6);
  for (guint i = 0; i < N; i++)
    {
      g_assert_cmpuint (sides[i].calls, ==, 1);
      side_clear (&sides[i]);
    }
  gsock_poller_destroy (poller);
}

static void
test_refused (void)
{
  GsockPoller *poller = new_poller ();
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  g_auto (GsockFd) fd = g_file_open_tmp (NULL, &path, NULL);
  GsockWatch watch;

  g_assert_false (gsock_poller_add (poller, &watch, fd, called_cb, &error));
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_FAILED);
  unlink (path);
  gsock_poller_destroy (poller);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/poller/nothing-wanted", test_nothing_wanted);
  g_test_add_func ("/poller/until-forgotten", test_until_forgotten);
  g_test_add_func ("/poller/out", test_out);
  g_test_add_func ("/poller/again", test_again);
  g_test_add_func ("/poller/others", test_others);
  g_test_add_func ("/poller/doubt", test_doubt);
  g_test_add_func ("/poller/doubt-beside-busy", test_doubt_beside_busy);
  g_test_add_func ("/poller/doubt-and-else", test_doubt_and_else);
  g_test_add_func ("/poller/removed-in-round", test_removed_in_round);
  g_test_add_func ("/poller/fair", test_fair);
  g_test_add_func ("/poller/ends", test_ends);
  g_test_add_func ("/poller/many", test_many);
  g_test_add_func ("/poller/refused", test_refused);
  return g_test_run ();
}

/* test-spread.c: a crowd over several threads: who hears what, and who waits
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Each worker has a context of its own, as in threads, but this one thread runs
 * them in turn: so each step of what they tell each other can be looked at. */

#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/error.h"
#include "core/fd.h"
#include "core/log.h"
#include "handlers/chat.h"
#include "handlers/handlers.h"

#define PORTS 3
#define MEMBERS 4

/* The raw socket at the other end of a member. */
typedef struct
{
  GsockConnection *connection; /* NULL once it has closed */
  int fd;
  guint port;
  GString *heard;
} Member;

typedef struct
{
  GsockWorker *home;
  GsockWorker *workers[PORTS];
  GMainContext *contexts[PORTS];
  GsockChat chat;
  GsockConnectionConfig config;
  Member members[MEMBERS];
  guint relieved; /* the home window's */
} Fixture;

static void
closed_cb (GsockConnection *connection, const GError *error G_GNUC_UNUSED,
           gpointer data)
{
  Fixture *f = data;

  f->members[gsock_connection_get_slot (connection)].connection = NULL;
}

static void
relieved_cb (gpointer data)
{
  ((Fixture *) data)->relieved++;
}

static void
set_up (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;

  f->home = gsock_worker_new (g_main_context_default (), &error);
  g_assert_true (gsock_worker_open_queue (f->home, &error));
  for (guint i = 0; i < PORTS; i++)
    {
      f->contexts[i] = g_main_context_new ();
      f->workers[i] = gsock_worker_new (f->contexts[i], &error);
      g_assert_true (gsock_worker_open_queue (f->workers[i], &error));
      f->workers[i]->index = i;
    }
  gsock_chat_init (&f->chat, f->home, f->workers, PORTS);
  f->chat.spread.window.relieved = relieved_cb;
  f->chat.spread.window.data = f;
  f->config = (GsockConnectionConfig) {
    .handler = &gsock_chat_handler,
    .handler_data = &f->chat,
    .codec = gsock_codec_find ("line", NULL),
    .max_message = 1024 * 1024,
    .closed = closed_cb,
    .closed_data = f,
  };
  for (guint i = 0; i < MEMBERS; i++)
    f->members[i] = (Member) { .fd = -1 };
}

/* The thread of the port; TRUE if it had something to do. */
static gboolean
run (Fixture *f, guint port)
{
  gboolean any = FALSE;

  while (g_main_context_iteration (f->contexts[port], FALSE))
    any = TRUE;
  return any;
}

static void
run_all (Fixture *f)
{
  gboolean any = TRUE;

  while (any)
    {
      any = FALSE;
      for (guint i = 0; i < PORTS; i++)
        any |= run (f, i);
      while (g_main_context_iteration (NULL, FALSE))
        any = TRUE;
    }
}

static void
tear_down (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  for (guint i = 0; i < MEMBERS; i++)
    {
      Member *member = &f->members[i];

      if (member->connection != NULL)
        gsock_connection_close (member->connection, NULL);
      run_all (f);
      g_assert_null (member->connection);
      gsock_fd_clear (&member->fd);
      if (member->heard != NULL)
        g_string_free (member->heard, TRUE);
    }
  run_all (f);
  for (guint i = 0; i < PORTS; i++)
    {
      g_assert_false (gsock_worker_run_queue (f->workers[i]));
      g_assert_cmpuint (f->chat.spread.ports[i].window.open, ==, 0);
      g_assert_cmpuint (f->chat.spread.ports[i].owed->len, ==, 0);
      gsock_worker_free (f->workers[i]);
      g_main_context_unref (f->contexts[i]);
    }
  g_assert_cmpuint (f->chat.spread.window.open, ==, 0);
  gsock_worker_free (f->home);
  gsock_chat_clear (&f->chat);
}

static Member *
join (Fixture *f, guint place, guint port)
{
  g_autoptr (GError) error = NULL;
  const GsockPeer peer = { .family = AF_UNIX };
  Member *member = &f->members[place];
  GsockCarrier carrier;
  int pair[2];

  g_assert_cmpint (
      socketpair (AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair),
      ==, 0);
  carrier = gsock_carrier_plain (pair[0], NULL, NULL);
  member->fd = pair[1];
  member->port = port;
  member->heard = g_string_new (NULL);
  member->connection = gsock_connection_new (
      &f->config, f->workers[port], place + 1, &carrier, &peer, &error);
  g_assert_no_error (error);
  gsock_connection_set_slot (member->connection, place);
  return member;
}

static gsize
hear (Member *member)
{
  char buffer[65536];
  gssize n = recv (member->fd, buffer, sizeof buffer, 0);

  if (n < 0)
    g_assert_cmpint (errno, ==, EAGAIN);
  if (n > 0)
    g_string_append_len (member->heard, buffer, n);
  return n > 0 ? (gsize) n : 0;
}

static void
say (Member *member, const char *text)
{
  g_assert_cmpint (send (member->fd, text, strlen (text), MSG_NOSIGNAL), ==,
                   (gssize) strlen (text));
}

static void
assert_heard (Member *member, const char *text)
{
  while (hear (member) > 0)
    continue;
  g_assert_cmpstr (member->heard->str, ==, text);
  g_string_truncate (member->heard, 0);
}

/* Each message once to everybody else, wherever they are. */
static void
test_others (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  Member *one = join (f, 0, 0), *same = join (f, 1, 0);
  Member *other = join (f, 2, 1), *last = join (f, 3, 2);

  g_assert_true (gsock_spread_is_threaded (&f->chat.spread));
  g_assert_true (gsock_spread_port (&f->chat.spread, other->connection)
                 == &f->chat.spread.ports[1]);
  say (one, "hello\nworld\n");
  run_all (f);
  say (other, "hi\n");
  run_all (f);
  assert_heard (one, "hi\n");
  assert_heard (same, "hello\nworld\nhi\n");
  assert_heard (other, "hello\nworld\n");
  assert_heard (last, "hello\nworld\nhi\n");
}

/* A message is on its way until the thread it is for has had it, and the news
 * of that has come back. */
static void
test_window (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  Member *one = join (f, 0, 0), *other = join (f, 1, 1);
  GsockWindow *window = &f->chat.spread.ports[0].window;

  say (one, "hello\n");
  run (f, 0);
  g_assert_cmpuint (window->open, ==, 5 * (PORTS - 1));
  assert_heard (other, "");
  run (f, 1);
  assert_heard (other, "hello\n");
  g_assert_cmpuint (window->open, ==, 5 * (PORTS - 1));
  run (f, 2);
  run (f, 0);
  g_assert_cmpuint (window->open, ==, 0);
  g_assert_false (window->full);
}

/* Who feeds threads that don't run is held, and goes on when they do. */
static void
test_held (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  Member *one = join (f, 0, 0), *other = join (f, 1, 1);
  GsockWindow *window = &f->chat.spread.ports[0].window;
  g_autofree char *line = g_strnfill (1024, 'x');
  gsize said = 0;
  gssize n;

  line[1023] = '\n';
  do
    {
      n = send (one->fd, line, 1024, MSG_NOSIGNAL);
      said += n > 0 ? (gsize) n : 0;
      run (f, 0);
    }
  while (n == 1024);
  g_assert_true (window->full);
  g_assert_cmpuint (g_hash_table_size (window->held), ==, 1);
  /* Not more than one read over the mark. */
  g_assert_cmpuint (window->open, <=,
                    GSOCK_HIGH_MARK + (PORTS - 1) * GSOCK_SCRATCH_SIZE);
  while (other->heard->len < said)
    {
      run_all (f);
      hear (other);
    }
  run_all (f);
  g_assert_cmpuint (other->heard->len, ==, said);
  g_assert_false (window->full);
  g_assert_cmpuint (g_hash_table_size (window->held), ==, 0);
  g_assert_cmpuint (window->open, ==, 0);
}

/* One who is held may leave; nobody remembers it. */
static void
test_leaves_held (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  Member *one = join (f, 0, 0);
  GsockWindow *window = &f->chat.spread.ports[0].window;

  gsock_window_open (window, one->connection, GSOCK_HIGH_MARK + 1);
  g_assert_true (window->full);
  g_assert_cmpuint (g_hash_table_size (window->held), ==, 1);
  gsock_connection_close (one->connection, NULL);
  run (f, 0);
  g_assert_null (one->connection);
  g_assert_cmpuint (g_hash_table_size (window->held), ==, 0);
  gsock_window_close (window, GSOCK_HIGH_MARK + 1);
  g_assert_false (window->full);
}

/* Held over the high mark, until it is under the low one. */
static void
test_marks (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  static const struct
  {
    gssize change;
    gboolean full;
    guint relieved;
  } steps[] = {
    { GSOCK_HIGH_MARK, FALSE, 0 },
    { 1, TRUE, 0 },
    { -1, TRUE, 0 },
    { GSOCK_LOW_MARK - GSOCK_HIGH_MARK + 1, TRUE, 0 },
    { -1, FALSE, 1 },
    { -GSOCK_LOW_MARK, FALSE, 1 },
  };
  GsockSpread *spread = &f->chat.spread;

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      if (steps[i].change > 0)
        gsock_window_open (&spread->window, NULL, (gsize) steps[i].change);
      else
        gsock_window_close (&spread->window, (gsize) -steps[i].change);
      g_assert_cmpint (gsock_spread_is_busy (spread), ==, steps[i].full);
      g_assert_cmpuint (f->relieved, ==, steps[i].relieved);
    }
}

/* From the main thread, which is none of them: to all. */
static void
test_home (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  Member *members[PORTS];
  g_autofree char *much = g_strnfill (GSOCK_HIGH_MARK, 'x');

  for (guint i = 0; i < PORTS; i++)
    members[i] = join (f, i, i);
  gsock_spread_send_home (&f->chat.spread, "news", 4);
  g_assert_false (gsock_spread_is_busy (&f->chat.spread));
  run_all (f);
  for (guint i = 0; i < PORTS; i++)
    assert_heard (members[i], "news\n");
  gsock_spread_send_home (&f->chat.spread, much, GSOCK_HIGH_MARK);
  g_assert_true (gsock_spread_is_busy (&f->chat.spread));
  for (guint i = 0; i < PORTS; i++)
    while (members[i]->heard->len < GSOCK_HIGH_MARK + 1)
      {
        run_all (f);
        hear (members[i]);
      }
  run_all (f);
  g_assert_false (gsock_spread_is_busy (&f->chat.spread));
  g_assert_cmpuint (f->relieved, ==, 1);
}

/* What the frame can't carry reaches nobody. */
static void
test_refused (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  Member *one = join (f, 0, 0), *same = join (f, 1, 0), *other = join (f, 2, 1);
  g_autoptr (GError) error = NULL;

  g_assert_false (gsock_spread_send (&f->chat.spread, one->connection,
                                     "two\nlines", 9, &error));
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
  run_all (f);
  assert_heard (same, "");
  assert_heard (other, "");
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*func) (Fixture *f, gconstpointer data);
  } tests[] = {
    { "/spread/others", test_others },
    { "/spread/window", test_window },
    { "/spread/held", test_held },
    { "/spread/leaves-held", test_leaves_held },
    { "/spread/marks", test_marks },
    { "/spread/home", test_home },
    { "/spread/refused", test_refused },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);
  return g_test_run ();
}

/* test-print.c: messages to stdout, lines of stdin to clients, the stop word
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/error.h"
#include "core/fd.h"
#include "core/log.h"
#include "handlers/handlers.h"
#include "handlers/print.h"

#define DEADLINE (30 * G_USEC_PER_SEC)
#define CLIENTS 3

/* A handler between pipes, and the raw sockets of its clients. */
typedef struct
{
  GsockWorker *worker;
  GsockPrint print;
  GsockConnectionConfig config;
  GsockConnection *connections[CLIENTS]; /* NULL: none, or closed */
  int clients[CLIENTS];
  int keyboard; /* writes to stdin; -1: there is none */
  int ours[2];  /* stdin, or -1, and stdout */
  int screen;   /* reads from stdout */
  GString *shown;
  guint stops, failures;
  int failure; /* code of the last one */
} Desk;

static GString *events;

static void
event_cb (const char *text, gsize size, gpointer data G_GNUC_UNUSED)
{
  g_string_append_len (events, text, (gssize) size);
}

static gboolean
tick_cb (gpointer data G_GNUC_UNUSED)
{
  return G_SOURCE_CONTINUE;
}

static void
closed_cb (GsockConnection *connection, const GError *error G_GNUC_UNUSED,
           gpointer data)
{
  Desk *desk = data;

  desk->connections[gsock_connection_get_slot (connection)] = NULL;
}

static void
stop_cb (gpointer data)
{
  ((Desk *) data)->stops++;
}

static void
failed_cb (const GError *error, gpointer data)
{
  Desk *desk = data;

  g_assert_true (error->domain == GSOCK_ERROR);
  desk->failures++;
  desk->failure = error->code;
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

/* What is ready now, and no more. */
static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
desk_init (Desk *desk, const char *frame, gboolean has_keyboard)
{
  int in[2] = { -1, -1 }, out[2];

  *desk = (Desk) { .keyboard = -1 };
  for (guint i = 0; i < CLIENTS; i++)
    desk->clients[i] = -1;
  g_string_truncate (events, 0);
  desk->shown = g_string_new (NULL);
  g_assert_no_errno (pipe2 (out, O_CLOEXEC));
  if (has_keyboard)
    g_assert_no_errno (pipe2 (in, O_CLOEXEC));
  desk->keyboard = in[1];
  desk->screen = out[0];
  desk->ours[0] = in[0];
  desk->ours[1] = out[1];
  g_assert_no_errno (fcntl (desk->screen, F_SETFL, O_NONBLOCK));
  desk->worker = gsock_worker_new (g_main_context_default (), NULL);
  gsock_print_init (&desk->print, in[0], out[1], FALSE, desk->worker,
                    &desk->worker, 1);
  desk->print.stop = stop_cb;
  desk->print.failed = failed_cb;
  desk->print.data = desk;
  desk->config = (GsockConnectionConfig) {
    .handler = &gsock_print_handler,
    .handler_data = &desk->print,
    .codec = gsock_codec_find (frame, NULL),
    .max_message = 64,
    .closed = closed_cb,
    .closed_data = desk,
  };
}

/* A client that is @peer to the server. */
static void
come (Desk *desk, guint place, const GsockPeer *peer)
{
  g_autoptr (GError) error = NULL;
  GsockCarrier carrier;
  int pair[2];

  g_assert_no_errno (socketpair (
      AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair));
  carrier = gsock_carrier_plain (pair[0], NULL, NULL);
  desk->clients[place] = pair[1];
  desk->connections[place] = gsock_connection_new (
      &desk->config, desk->worker, place + 1, &carrier, peer, &error);
  g_assert_no_error (error);
  gsock_connection_set_slot (desk->connections[place], place);
}

static void
come_unnamed (Desk *desk, guint place)
{
  const GsockPeer peer = { .family = AF_UNIX };

  come (desk, place, &peer);
}

static void
leave (Desk *desk, guint place)
{
  gsock_fd_clear (&desk->clients[place]);
  wait_until (desk->connections[place] == NULL);
}

static void
say (Desk *desk, guint place, const char *text)
{
  g_assert_cmpint (
      send (desk->clients[place], text, strlen (text), MSG_NOSIGNAL), ==,
      (gssize) strlen (text));
}

static void
type (Desk *desk, const char *text)
{
  g_assert_true (gsock_fd_write_all (desk->keyboard, text, strlen (text)));
}

/* All that stdout has been given so far. */
static const char *
look (Desk *desk)
{
  char buffer[65536];
  gssize n;

  while ((n = read (desk->screen, buffer, sizeof buffer)) > 0)
    g_string_append_len (desk->shown, buffer, n);
  return desk->shown->str;
}

static gboolean
hears (Desk *desk, guint place, const char *expected)
{
  char buffer[256];
  gssize n = recv (desk->clients[place], buffer, sizeof buffer, MSG_PEEK);

  if (n < (gssize) strlen (expected))
    return FALSE;
  g_assert_cmpmem (buffer, n, expected, strlen (expected));
  return TRUE;
}

static void
desk_clear (Desk *desk)
{
  for (guint i = 0; i < CLIENTS; i++)
    {
      if (desk->connections[i] != NULL)
        leave (desk, i);
      gsock_fd_clear (&desk->clients[i]);
    }
  gsock_worker_free (desk->worker);
  gsock_print_clear (&desk->print);
  gsock_fd_clear (&desk->keyboard);
  gsock_fd_clear (&desk->screen);
  gsock_fd_clear (&desk->ours[0]);
  gsock_fd_clear (&desk->ours[1]);
  g_string_free (desk->shown, TRUE);
}

static void
test_messages (void)
{
  Desk desk;

  desk_init (&desk, "line", FALSE);
  come_unnamed (&desk, 0);
  come_unnamed (&desk, 1);
  say (&desk, 0, "one\ntw");
  wait_until (g_str_equal (look (&desk), "one\n"));
  say (&desk, 1, "between\n");
  wait_until (g_str_equal (look (&desk), "one\nbetween\n"));
  say (&desk, 0, "o\n\nlast");
  g_assert_no_errno (shutdown (desk.clients[0], SHUT_WR));
  wait_until (g_str_equal (look (&desk), "one\nbetween\ntwo\n\nlast\n"));
  desk_clear (&desk);
}

/* Without a frame the bytes are the client's own; a tag makes messages of
 * them. */
static void
test_raw (void)
{
  Desk desk;

  desk_init (&desk, "raw", FALSE);
  come_unnamed (&desk, 0);
  say (&desk, 0, "a\033b\nc");
  wait_until (g_str_equal (look (&desk), "a\033b\nc"));
  desk_clear (&desk);
}

static void
test_tag (void)
{
  g_autofree char *who = NULL, *expected = NULL;
  Desk desk;

  desk_init (&desk, "line", FALSE);
  desk.print.tag = TRUE;
  come_unnamed (&desk, 0);
  who = gsock_connection_describe (desk.connections[0]);
  expected = g_strdup_printf ("%s: one\n%s: two\n", who, who);
  say (&desk, 0, "one\ntwo\n");
  wait_until (g_str_equal (look (&desk), expected));
  desk_clear (&desk);
}

static void
test_stop_word (void)
{
  const struct
  {
    const char *word, *said;
    gboolean any_peer;
    GsockPeer peer;
    guint stops;
  } rows[] = {
    { "quit", "quit\n", TRUE, { .family = AF_INET }, 1 },
    { "quit", "quit\r\n", TRUE, { .family = AF_INET }, 1 },
    { "quit", "quit\nquit\n", TRUE, { .family = AF_INET }, 1 },
    { "quit", "quit \nQUIT\nqui\nquits\n\n", TRUE, { .family = AF_INET }, 0 },
    { NULL, "quit\n", TRUE, { .family = AF_INET }, 0 },
    { "quit", "quit\n", FALSE, { .family = AF_INET }, 0 },
    { "quit",
      "quit\n",
      FALSE,
      { .family = AF_UNIX, .local = { .pid = 1, .uid = geteuid () } },
      1 },
    { "quit",
      "quit\n",
      FALSE,
      { .family = AF_UNIX, .local = { .pid = 1, .uid = geteuid () + 1 } },
      0 },
    { "quit",
      "quit\n",
      FALSE,
      { .family = AF_UNIX, .local = { .pid = -1, .uid = geteuid () } },
      0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Desk desk;

      desk_init (&desk, "line", FALSE);
      desk.print.stop_word = rows[i].word;
      desk.print.stop_word_any_peer = rows[i].any_peer;
      come (&desk, 0, &rows[i].peer);
      say (&desk, 0, rows[i].said);
      say (&desk, 0, "after\n");
      wait_until (g_str_has_suffix (look (&desk), "after\n"));
      g_test_message ("row %" G_GSIZE_FORMAT, i);
      g_assert_cmpuint (desk.stops, ==, rows[i].stops);
      g_assert_cmpint (strstr (events->str, "stop-word") != NULL, ==,
                       rows[i].stops > 0);
      desk_clear (&desk);
    }
}

/* Nobody reads stdout: who fills it is held, and what was taken is all there
 * once somebody does. */
static void
test_full (void)
{
  char block[4096];
  gsize sent = 0;
  gssize n;
  Desk desk;

  desk_init (&desk, "raw", FALSE);
  come_unnamed (&desk, 0);
  memset (block, 'x', sizeof block);
  while (desk.print.held->len == 0)
    {
      n = send (desk.clients[0], block, sizeof block, MSG_NOSIGNAL);
      sent += n > 0 ? (gsize) n : 0;
      settle ();
      g_assert_cmpuint (sent, <, 16 << 20);
    }
  g_assert_true (gsock_output_is_full (desk.print.output));
  come_unnamed (&desk, 1);
  say (&desk, 1, "y");
  wait_until ((look (&desk), desk.shown->len == sent + 1));
  g_assert_cmpuint (desk.print.held->len, ==, 0);
  for (gsize i = 0; i < sent; i++)
    g_assert_true (strchr ("xy", desk.shown->str[i]) != NULL);
  desk_clear (&desk);
}

/* Who is held may leave meanwhile, and nothing of theirs is lost. */
static void
test_full_and_gone (void)
{
  g_autoptr (GError) error = NULL;
  char block[4096];
  gsize sent = 0;
  gssize n;
  Desk desk;

  desk_init (&desk, "raw", FALSE);
  come_unnamed (&desk, 0);
  memset (block, 'x', sizeof block);
  while (desk.print.held->len == 0)
    {
      n = send (desk.clients[0], block, sizeof block, MSG_NOSIGNAL);
      sent += n > 0 ? (gsize) n : 0;
      settle ();
    }
  gsock_fd_clear (&desk.clients[0]);
  wait_until ((look (&desk), desk.connections[0] == NULL));
  wait_until ((look (&desk), gsock_output_queued (desk.print.output) == 0));
  g_assert_true (gsock_print_finish (&desk.print, &error));
  g_assert_no_error (error);
  look (&desk);
  g_assert_cmpuint (desk.shown->len, ==, sent);
  desk_clear (&desk);
}

static void
test_output_gone (void)
{
  g_autoptr (GError) error = NULL;
  Desk desk;

  desk_init (&desk, "line", FALSE);
  come_unnamed (&desk, 0);
  gsock_fd_clear (&desk.screen);
  say (&desk, 0, "one\ntwo\n");
  wait_until (desk.failures > 0);
  settle ();
  g_assert_cmpuint (desk.failures, ==, 1);
  g_assert_cmpint (desk.failure, ==, GSOCK_ERROR_OUTPUT);
  g_assert_false (gsock_print_finish (&desk.print, &error));
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_OUTPUT);
  desk_clear (&desk);
}

/* A line of stdin goes to all, and waits until somebody is there. */
static void
test_typed (void)
{
  Desk desk;

  desk_init (&desk, "line", TRUE);
  type (&desk, "early\n");
  settle ();
  come_unnamed (&desk, 0);
  wait_until (hears (&desk, 0, "early\n"));
  come_unnamed (&desk, 1);
  type (&desk, "to bo");
  settle ();
  type (&desk, "th\n");
  wait_until (hears (&desk, 0, "early\nto both\n"));
  wait_until (hears (&desk, 1, "to both\n"));
  type (&desk, "unended");
  gsock_fd_clear (&desk.keyboard);
  wait_until (hears (&desk, 1, "to both\nunended\n"));
  wait_until (hears (&desk, 0, "early\nto both\nunended\n"));
  desk_clear (&desk);
}

/* Who has ended its side gets what was sent to it and no more: what is typed
 * then is for the next one, even while the first has not read all. */
static void
test_typed_half_closed (void)
{
  g_autofree char *line = g_strnfill (64, 'x');
  Desk desk;

  line[63] = '\n';
  desk_init (&desk, "line", TRUE);
  come_unnamed (&desk, 0);
  while (gsock_connection_get_queued (desk.connections[0]) == 0)
    {
      type (&desk, line);
      settle ();
    }
  g_assert_false (gsock_connection_is_full (desk.connections[0]));
  g_assert_no_errno (shutdown (desk.clients[0], SHUT_WR));
  settle ();
  type (&desk, "later\n");
  settle ();
  g_assert_nonnull (desk.connections[0]);
  come_unnamed (&desk, 1);
  wait_until (hears (&desk, 1, "later\n"));
  desk_clear (&desk);
}

static void
test_typed_too_long (void)
{
  g_autofree char *longest = g_strnfill (64, 'a');
  g_autofree char *longer = g_strnfill (65, 'b');
  g_autofree char *typed = g_strconcat (longer, longer, "\n", longest, "\n",
                                        longer, "\nc\n", NULL);
  g_autofree char *heard = g_strconcat (longest, "\nc\n", NULL);
  const char *p = events->str;
  guint warnings = 0;
  Desk desk;

  desk_init (&desk, "line", TRUE);
  come_unnamed (&desk, 0);
  type (&desk, typed);
  wait_until (hears (&desk, 0, heard));
  while ((p = strstr (p, "\"event\":\"warning\"")) != NULL)
    p++, warnings++;
  g_assert_cmpuint (warnings, ==, 2);
  desk_clear (&desk);
}

int
main (int argc, char **argv)
{
  const GsockLogOptions options = { .program = "test", .json = TRUE };
  int result;

  signal (SIGPIPE, SIG_IGN);
  g_test_init (&argc, &argv, NULL);
  events = g_string_new (NULL);
  gsock_log_setup (&options);
  gsock_log_set_sink (event_cb, NULL);
  /* The other ends of pipes and sockets are looked at between rounds. */
  g_timeout_add (2, tick_cb, NULL);

  g_test_add_func ("/print/messages", test_messages);
  g_test_add_func ("/print/raw", test_raw);
  g_test_add_func ("/print/tag", test_tag);
  g_test_add_func ("/print/stop-word", test_stop_word);
  g_test_add_func ("/print/full", test_full);
  g_test_add_func ("/print/full-and-gone", test_full_and_gone);
  g_test_add_func ("/print/output-gone", test_output_gone);
  g_test_add_func ("/print/typed", test_typed);
  g_test_add_func ("/print/typed/half-closed", test_typed_half_closed);
  g_test_add_func ("/print/typed/too-long", test_typed_too_long);
  result = g_test_run ();
  g_string_free (events, TRUE);
  return result;
}

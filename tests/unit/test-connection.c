/* test-connection.c: frames, holds, both ends, limits, and peers that misbehave
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../lib/fds.h"
#include "core/connection.h"
#include "core/error.h"
#include "core/fd.h"
#include "core/log.h"
#include "handlers/handlers.h"

#define DEADLINE (20 * G_USEC_PER_SEC)
#define MS G_TIME_SPAN_MILLISECOND

/* What a call of the handler does besides noting that it was called. */
typedef enum
{
  DO_NOTHING,
  DO_HOLD, /* and the test releases */
  DO_HOLD_A_ROUND,
  DO_CLOSE,
  DO_CLOSE_OTHER,
  DO_END,
  DO_REPLY_LATER, /* and end */
} Action;

/* A connection, the raw socket at its other end, and what was told. */
typedef struct
{
  GsockWorker *worker;
  GsockConnectionConfig config;
  GsockStats stats;
  GsockConnection *connection; /* NULL once it has closed */
  GsockConnection *other;
  GString *told; /* "<payload>" a message, E ended, G gone, C closed */
  GError *error;
  GsockTimer timer;
  Action on_open, on_message, on_end;
  const char *reply;
  guint relieved;
  int peer;
} Fixture;

static GString *events;

static void
event_cb (const char *text, gsize size, gpointer data G_GNUC_UNUSED)
{
  g_string_append_len (events, text, (gssize) size);
}

static Fixture *
fixture_of (GsockConnection *connection)
{
  return gsock_connection_get_handler_data (connection);
}

static void
later_cb (GsockTimer *timer)
{
  Fixture *f = (Fixture *) ((char *) timer - G_STRUCT_OFFSET (Fixture, timer));

  if (f->reply == NULL)
    {
      gsock_connection_release (f->connection);
      return;
    }
  gsock_connection_send_bytes (f->connection, f->reply, strlen (f->reply));
  gsock_connection_end (f->connection);
}

static void
act (Fixture *f, GsockConnection *connection, Action action)
{
  switch (action)
    {
    case DO_HOLD_A_ROUND:
      gsock_connection_hold (connection);
      gsock_worker_arm_in (f->worker, &f->timer, 1);
      break;
    case DO_HOLD:
      gsock_connection_hold (connection);
      break;
    case DO_CLOSE:
      gsock_connection_close (connection, NULL);
      break;
    case DO_CLOSE_OTHER:
      gsock_connection_close (f->other, NULL);
      break;
    case DO_END:
      gsock_connection_end (connection);
      break;
    case DO_REPLY_LATER:
      gsock_worker_arm_in (f->worker, &f->timer, 20 * MS);
      break;
    case DO_NOTHING:
    default:
      break;
    }
}

static void
opened_cb (GsockConnection *connection)
{
  act (fixture_of (connection), connection, fixture_of (connection)->on_open);
}

static void
message_cb (GsockConnection *connection, const char *data, gsize size)
{
  Fixture *f = fixture_of (connection);

  g_string_append_c (f->told, '<');
  g_string_append_len (f->told, data, (gssize) size);
  g_string_append_c (f->told, '>');
  act (f, connection, f->on_message);
}

static void
ended_cb (GsockConnection *connection)
{
  g_string_append_c (fixture_of (connection)->told, 'E');
  act (fixture_of (connection), connection, fixture_of (connection)->on_end);
}

static void
gone_cb (GsockConnection *connection)
{
  g_string_append_c (fixture_of (connection)->told, 'G');
  gsock_connection_end (connection);
}

static void
relieved_cb (GsockConnection *connection)
{
  g_assert_cmpuint (gsock_connection_get_queued (connection), <=,
                    GSOCK_LOW_MARK);
  fixture_of (connection)->relieved++;
}

static void
closed_cb (GsockConnection *connection, const GError *error)
{
  Fixture *f = fixture_of (connection);

  g_string_append_c (f->told, 'C');
  g_assert_null (f->error);
  f->error = error != NULL ? g_error_copy (error) : NULL;
}

static const GsockHandler probe = {
  .name = "probe",
  .frame = "raw",
  .opened = opened_cb,
  .message = message_cb,
  .ended = ended_cb,
  .gone = gone_cb,
  .relieved = relieved_cb,
  .closed = closed_cb,
};

static void
freed_cb (GsockConnection *connection, const GError *error G_GNUC_UNUSED,
          gpointer data)
{
  Fixture *f = data;

  g_assert_true (f->connection == NULL || f->connection == connection);
  f->connection = NULL;
}

static void
fixture_init (Fixture *f, const GsockHandler *handler, const char *frame)
{
  *f = (Fixture) { .peer = -1, .timer.func = later_cb };
  f->worker = gsock_worker_new (g_main_context_default (), NULL);
  f->told = g_string_new (NULL);
  gsock_stats_init (&f->stats);
  f->config = (GsockConnectionConfig) {
    .handler = handler,
    .handler_data = f,
    .codec = gsock_codec_find (frame, NULL),
    .max_message = 1024 * 1024,
    .stats = &f->stats,
    .closed = freed_cb,
    .closed_data = f,
  };
  g_assert_nonnull (f->worker);
  g_assert_nonnull (f->config.codec);
}

/* One round of the loop; the test fails when it has taken too long. */
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

static void
fixture_clear (Fixture *f)
{
  if (f->connection != NULL)
    gsock_connection_close (f->connection, NULL);
  wait_until (f->connection == NULL);
  gsock_worker_disarm (f->worker, &f->timer);
  gsock_worker_free (f->worker);
  gsock_fd_clear (&f->peer);
  g_clear_error (&f->error);
  g_string_free (f->told, TRUE);
}

static void
tcp_pair (int pair[2])
{
  struct sockaddr_in address = { .sin_family = AF_INET };
  socklen_t size = sizeof address;
  g_auto (GsockFd) listening = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  g_assert_cmpint (bind (listening, (struct sockaddr *) &address, size), ==, 0);
  g_assert_cmpint (listen (listening, 1), ==, 0);
  g_assert_cmpint (getsockname (listening, (struct sockaddr *) &address, &size),
                   ==, 0);
  pair[1] = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (connect (pair[1], (struct sockaddr *) &address, size), ==,
                   0);
  pair[0] = accept4 (listening, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  g_assert_cmpint (pair[0], >=, 0);
  g_assert_true (gsock_fd_set_nonblocking (pair[1], NULL));
}

static void
make_pair (int family, int pair[2])
{
  if (family == AF_INET)
    tcp_pair (pair);
  else
    g_assert_cmpint (socketpair (AF_UNIX,
                                 SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
                                 pair),
                     ==, 0);
}

static void
begin_with (Fixture *f, int fd)
{
  static guint64 id;
  g_autoptr (GError) error = NULL;
  GsockCarrier carrier;
  GsockPeer peer;

  gsock_peer_init_from_fd (&peer, fd);
  carrier = gsock_carrier_plain (fd, NULL, NULL);
  f->connection = gsock_connection_new (&f->config, f->worker, ++id, &carrier,
                                        &peer, &error);
  g_assert_no_error (error);
}

static void
begin (Fixture *f, int family)
{
  int pair[2];

  make_pair (family, pair);
  f->peer = pair[1];
  begin_with (f, pair[0]);
}

/* The peer's side. */

static void
say_bytes (Fixture *f, const void *data, gsize size)
{
  g_assert_cmpint (send (f->peer, data, size, MSG_NOSIGNAL), ==, (gssize) size);
}

static void
say (Fixture *f, const char *text)
{
  say_bytes (f, text, strlen (text));
}

/* What has come to the peer by now; TRUE when the connection's end came too. */
static gboolean
hear (Fixture *f, GString *heard)
{
  char buffer[65536];
  gssize n;

  while ((n = recv (f->peer, buffer, sizeof buffer, 0)) > 0)
    g_string_append_len (heard, buffer, n);
  if (n < 0)
    g_assert_cmpint (errno, ==, EAGAIN);
  return n == 0;
}

static void
reset (Fixture *f)
{
  struct linger linger = { .l_onoff = 1, .l_linger = 0 };

  setsockopt (f->peer, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
  gsock_fd_clear (&f->peer);
}

/* Nothing told may come from a round too early: look again after some. */
static void
assert_told (Fixture *f, const char *expected)
{
  wait_ms (30);
  g_assert_cmpstr (f->told->str, ==, expected);
}

/* Frames. */

typedef struct
{
  const char *frame;
  const char *wire;
  gsize size;
  const char *told; /* with the end of the stream after it */
  int code;         /* -1: a clean end */
} Case;

#define WIRE(text) text, sizeof text - 1

static const Case cases[] = {
  { "line", WIRE ("one\ntwo\n\nthree\r\nlast"), "<one><two><><three\r><last>EC",
    -1 },
  { "line", WIRE (""), "EC", -1 },
  { "line", WIRE ("\n\n\n"), "<><><>EC", -1 },
  { "nul", WIRE ("one\0two\n\0"), "<one><two\n>EC", -1 },
  { "u8", WIRE ("\1a\0\3bcd"), "<a><><bcd>EC", -1 },
  { "u16", WIRE ("\0\1a\0\0\0\2bc"), "<a><><bc>EC", -1 },
  { "u32le", WIRE ("\1\0\0\0a\3\0\0\0bcd"), "<a><bcd>EC", -1 },
  { "netstring", WIRE ("5:hello,0:,2:ok,"), "<hello><><ok>EC", -1 },
  { "u16", WIRE ("\0\1a\0\5bc"), "<a>C", GSOCK_ERROR_CUT },
  { "u32", WIRE ("\0\0\0\1a\xff\xff\xff\xff"), "<a>C",
    GSOCK_ERROR_FRAME_TOO_BIG },
  { "netstring", WIRE ("2:ok,5xhello,"), "<ok>C", GSOCK_ERROR_FRAME_BAD },
};

static void
assert_end (Fixture *f, const Case *test)
{
  wait_until (f->connection == NULL);
  g_assert_cmpstr (f->told->str, ==, test->told);
  if (test->code < 0)
    g_assert_no_error (f->error);
  else
    g_assert_error (f->error, GSOCK_ERROR, test->code);
}

/* Each stream in two packets, cut at every byte, and in single bytes; with
 * nothing held, and with every message held for a round. */
static void
check_case (const Case *test, int family, Action action, gsize cut)
{
  Fixture f;
  gsize first = MIN (cut, test->size);
  gsize done = first;

  fixture_init (&f, &probe, test->frame);
  f.on_message = action;
  f.on_end = DO_END;
  begin (&f, family);
  if (first > 0)
    say_bytes (&f, test->wire, first);
  while (done < test->size)
    {
      gsize size = cut > test->size ? 1 : test->size - done;

      wait_until (f.connection == NULL
                  || gsock_connection_get_in (f.connection) >= done);
      if (f.connection == NULL
          || send (f.peer, test->wire + done, size, MSG_NOSIGNAL) < 0)
        break;
      done += size;
    }
  shutdown (f.peer, SHUT_WR);
  assert_end (&f, test);
  fixture_clear (&f);
}

static void
test_frames (gconstpointer data)
{
  const Case *test = data;

  for (gsize cut = 0; cut <= test->size; cut++)
    {
      check_case (test, AF_UNIX, DO_NOTHING, cut);
      check_case (test, AF_INET, DO_NOTHING, cut);
      check_case (test, AF_UNIX, DO_HOLD_A_ROUND, cut);
    }
}

static void
test_single_bytes (gconstpointer data)
{
  const Case *test = data;
  Fixture f;
  gsize done = 0;

  fixture_init (&f, &probe, test->frame);
  f.on_end = DO_END;
  begin (&f, AF_UNIX);
  for (; done < test->size && f.connection != NULL; done++)
    {
      say_bytes (&f, test->wire + done, 1);
      wait_until (f.connection == NULL
                  || gsock_connection_get_in (f.connection) == done + 1);
    }
  shutdown (f.peer, SHUT_WR);
  assert_end (&f, test);
  fixture_clear (&f);
}

static void
test_too_big (void)
{
  Fixture f;
  g_autofree char *line = g_strnfill (100 * 1024, 'x');

  fixture_init (&f, &probe, "line");
  f.config.max_message = 1000;
  begin (&f, AF_UNIX);
  say (&f, "fine\n");
  wait_until (f.told->len > 0);
  say (&f, line);
  wait_until (f.connection == NULL);
  g_assert_cmpstr (f.told->str, ==, "<fine>C");
  g_assert_error (f.error, GSOCK_ERROR, GSOCK_ERROR_FRAME_TOO_BIG);
  g_assert_cmpuint (f.stats.in, <=, 5 + 128 * 1024);
  fixture_clear (&f);
}

static void
test_sending (void)
{
  static const struct
  {
    const char *frame;
    gboolean crlf;
    const char *message;
    const char *wire; /* NULL: the frame can't carry it */
    gsize size;
  } table[] = {
    { "line", FALSE, "hola", WIRE ("hola\n") },
    { "line", TRUE, "hola", WIRE ("hola\r\n") },
    { "line", FALSE, "two\nlines", NULL, 0 },
    { "line", FALSE, "", WIRE ("\n") },
    { "u16", FALSE, "hola", WIRE ("\0\4hola") },
    { "netstring", FALSE, "hola", WIRE ("4:hola,") },
    { "raw", FALSE, "a\nb", WIRE ("a\nb") },
    { "raw", TRUE, "a\nb\r\nc\n", WIRE ("a\r\nb\r\nc\r\n") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      Fixture f;
      g_autoptr (GError) error = NULL;
      g_autoptr (GString) heard = g_string_new (NULL);

      fixture_init (&f, &probe, table[i].frame);
      f.config.crlf = table[i].crlf;
      begin (&f, AF_UNIX);
      g_assert_cmpint (gsock_connection_send (f.connection, table[i].message,
                                              strlen (table[i].message),
                                              &error),
                       ==, table[i].wire != NULL);
      if (table[i].wire == NULL)
        g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
      gsock_connection_end (f.connection);
      wait_until (hear (&f, heard));
      g_assert_cmpmem (heard->str, heard->len, table[i].wire, table[i].size);
      /* Ours has ended: what is sent now is ignored. */
      g_assert_true (gsock_connection_send (f.connection, "x", 1, NULL));
      g_assert_cmpuint (gsock_connection_get_queued (f.connection), ==, 0);
      fixture_clear (&f);
    }
}

/* Holds. */

static void
test_hold_in_packet (void)
{
  Fixture f;

  fixture_init (&f, &probe, "line");
  f.on_message = DO_HOLD;
  begin (&f, AF_UNIX);
  say (&f, "1\n2\n3\n4");
  assert_told (&f, "<1>");
  gsock_connection_release (f.connection);
  assert_told (&f, "<1><2>");

  /* Held twice, it wants to be released twice. */
  gsock_connection_hold (f.connection);
  gsock_connection_release (f.connection);
  say (&f, "5\n6\n");
  assert_told (&f, "<1><2>");
  gsock_connection_release (f.connection);
  assert_told (&f, "<1><2><3>");
  f.on_message = DO_NOTHING;
  gsock_connection_release (f.connection);
  assert_told (&f, "<1><2><3><45><6>");
  fixture_clear (&f);
}

static void
test_end_while_held (void)
{
  Fixture f;

  fixture_init (&f, &probe, "line");
  f.on_message = DO_HOLD;
  f.on_end = DO_END;
  begin (&f, AF_UNIX);
  say (&f, "1\n2\nlast");
  gsock_fd_clear (&f.peer);
  assert_told (&f, "<1>");
  gsock_connection_release (f.connection);
  assert_told (&f, "<1><2>");
  gsock_connection_release (f.connection);
  assert_told (&f, "<1><2><last>");
  gsock_connection_release (f.connection);
  wait_until (f.connection == NULL);
  g_assert_cmpstr (f.told->str, ==, "<1><2><last>EC");
  g_assert_no_error (f.error);
  fixture_clear (&f);
}

/* Our end is told though the peer's is still held. */
static void
test_own_end_while_held (void)
{
  Fixture f;
  g_autoptr (GString) heard = g_string_new (NULL);

  fixture_init (&f, &probe, "line");
  f.on_message = DO_HOLD;
  begin (&f, AF_INET);
  say (&f, "1\n2");
  shutdown (f.peer, SHUT_WR);
  wait_until (f.told->len > 0);
  gsock_connection_release (f.connection);
  wait_until (g_str_has_suffix (f.told->str, "<2>"));
  gsock_connection_end (f.connection);
  wait_until (hear (&f, heard));
  gsock_connection_release (f.connection);
  wait_until (f.connection == NULL);
  g_assert_cmpstr (f.told->str, ==, "<1><2>EC");
  fixture_clear (&f);
}

/* Ends. */

static void
test_peer_ends_first (gconstpointer family)
{
  Fixture f;
  g_autoptr (GString) heard = g_string_new (NULL);
  g_autofree char *reply = g_strnfill (3 * 1024 * 1024, 'r');

  fixture_init (&f, &probe, "line");
  f.on_end = DO_REPLY_LATER;
  f.reply = reply;
  begin (&f, GPOINTER_TO_INT (family));
  say (&f, "request");
  shutdown (f.peer, SHUT_WR);
  wait_until (hear (&f, heard));
  g_assert_cmpstr (heard->str, ==, reply);
  wait_until (f.connection == NULL);
  g_assert_cmpstr (f.told->str, ==, "<request>EC");
  g_assert_no_error (f.error);
  fixture_clear (&f);
}

static void
test_we_end_first (gconstpointer family)
{
  Fixture f;
  g_autoptr (GString) heard = g_string_new (NULL);

  fixture_init (&f, &probe, "line");
  f.on_open = DO_END;
  begin (&f, GPOINTER_TO_INT (family));
  wait_until (hear (&f, heard));
  g_assert_cmpuint (heard->len, ==, 0);
  say (&f, "late\nlater");
  assert_told (&f, "<late>");
  shutdown (f.peer, SHUT_WR);
  wait_until (f.connection == NULL);
  g_assert_cmpstr (f.told->str, ==, "<late><later>EC");
  g_assert_no_error (f.error);
  fixture_clear (&f);
}

/* The kernel tells of a UNIX peer that has closed both its directions. */
static void
test_gone (void)
{
  Fixture f;

  fixture_init (&f, &probe, "line");
  begin (&f, AF_UNIX);
  say (&f, "bye\n");
  gsock_fd_clear (&f.peer);
  wait_until (f.connection == NULL);
  g_assert_cmpstr (f.told->str, ==, "<bye>EGC");
  g_assert_no_error (f.error);
  fixture_clear (&f);
}

/* What the kernel had taken from us, and the peer did not read, is lost. */
static void
test_gone_unread (gconstpointer family)
{
  Fixture f;

  fixture_init (&f, &probe, "line");
  begin (&f, GPOINTER_TO_INT (family));
  shutdown (f.peer, SHUT_WR);
  wait_until (strcmp (f.told->str, "E") == 0);
  gsock_connection_send_bytes (f.connection, "reply", 5);
  gsock_fd_clear (&f.peer);
  wait_until (f.connection == NULL);
  g_assert_cmpstr (f.told->str, ==, "EC");
  g_assert_error (f.error, GSOCK_ERROR, GSOCK_ERROR_RESET);
  fixture_clear (&f);
}

static void
test_greet (gconstpointer family)
{
  static const char greeting[] = GSOCK_GREETING;
  g_autoptr (GBytes) bytes = g_bytes_new_static (greeting, sizeof greeting - 1);
  g_autofree char *noise = g_strnfill (100 * 1024, 'n');
  g_autoptr (GString) heard = g_string_new (NULL);
  Fixture f;
  int pair[2];

  fixture_init (&f, &gsock_greet_handler, "raw");
  f.config.handler_data = bytes;
  f.config.linger = 10 * G_USEC_PER_SEC;
  make_pair (GPOINTER_TO_INT (family), pair);
  f.peer = pair[1];
  say (&f, noise);
  begin_with (&f, pair[0]);
  wait_until (hear (&f, heard));
  g_assert_cmpstr (heard->str, ==, greeting);
  gsock_fd_clear (&f.peer);
  wait_until (f.connection == NULL);
  g_assert_cmpuint (f.stats.in, ==, strlen (noise));
  fixture_clear (&f);
}

static void
test_linger (void)
{
  Fixture f;
  g_autoptr (GString) heard = g_string_new (NULL);
  gint64 began = g_get_monotonic_time ();

  fixture_init (&f, &probe, "raw");
  f.config.linger = 100 * MS;
  f.on_open = DO_END;
  begin (&f, AF_INET);
  wait_until (hear (&f, heard));
  g_assert_cmpint (g_get_monotonic_time () - began, <, 100 * MS);
  /* It goes on talking, and that prolongs nothing. */
  while (f.connection != NULL)
    {
      (void) !send (f.peer, "x", 1, MSG_NOSIGNAL);
      step (began);
    }
  g_assert_cmpint (g_get_monotonic_time () - began, >=, 100 * MS);
  g_assert_no_error (f.error);
  fixture_clear (&f);
}

/* Full is told as full, and its end once. */
static void
test_relieved (void)
{
  static char much[2 * 1024 * 1024];
  Fixture f;
  g_autoptr (GString) heard = g_string_new (NULL);

  fixture_init (&f, &probe, "raw");
  begin (&f, AF_UNIX);
  for (guint times = 1; times <= 2; times++)
    {
      gsock_connection_send_bytes (f.connection, much, sizeof much);
      g_assert_true (gsock_connection_is_full (f.connection));
      wait_ms (20);
      g_assert_cmpuint (f.relieved, ==, times - 1);
      wait_until (!hear (&f, heard) && heard->len == times * sizeof much);
      g_assert_cmpuint (f.relieved, ==, times);
      g_assert_false (gsock_connection_is_full (f.connection));
    }
  fixture_clear (&f);
}

/* Peers that misbehave. */

static void
test_reset_in_frame (void)
{
  Fixture f;

  fixture_init (&f, &probe, "line");
  begin (&f, AF_INET);
  say (&f, "whole\nhal");
  wait_until (gsock_connection_get_in (f.connection) == 9);
  reset (&f);
  wait_until (f.connection == NULL);
  g_assert_cmpstr (f.told->str, ==, "<whole>C");
  g_assert_error (f.error, GSOCK_ERROR, GSOCK_ERROR_RESET);
  g_assert_nonnull (strstr (f.error->message, "3 bytes"));
  fixture_clear (&f);
}

/* Its end is found by sending; what it said before is told all the same. */
static void
test_send_to_the_dead (void)
{
  Fixture f;

  fixture_init (&f, &probe, "line");
  begin (&f, AF_UNIX);
  gsock_connection_hold (f.connection);
  say (&f, "last\nwords");
  gsock_fd_clear (&f.peer);
  gsock_connection_send_bytes (f.connection, "x", 1);
  g_assert_true (gsock_connection_has_ended (f.connection));
  assert_told (&f, "");
  gsock_connection_release (f.connection);
  wait_until (f.connection == NULL);
  g_assert_cmpstr (f.told->str, ==, "<last><words>EC");
  g_assert_error (f.error, GSOCK_ERROR, GSOCK_ERROR_RESET);
  fixture_clear (&f);
}

/* The same after a reset: of the last line nobody knows how long it was. */
static void
test_send_to_the_reset (void)
{
  Fixture f;
  struct pollfd look = { .events = POLLOUT };

  fixture_init (&f, &probe, "line");
  begin (&f, AF_INET);
  gsock_connection_hold (f.connection);
  say (&f, "last\nwor");
  reset (&f);
  look.fd = gsock_connection_get_fd (f.connection);
  wait_until (poll (&look, 1, 0) == 1 && (look.revents & POLLERR));
  gsock_connection_send_bytes (f.connection, "x", 1);
  gsock_connection_release (f.connection);
  wait_until (f.connection == NULL);
  g_assert_cmpstr (f.told->str, ==, "<last>C");
  g_assert_error (f.error, GSOCK_ERROR, GSOCK_ERROR_RESET);
  fixture_clear (&f);
}

/* A peer that sends and does not read: what is kept for it is bounded, it is
 * not read either, and when it reads at last it gets all, in order. */
static void
test_never_reader (gconstpointer family)
{
  enum
  {
    PIECE = 4096
  };
  Fixture f;
  g_autoptr (GString) heard = g_string_new (NULL);
  g_autoptr (GString) said = g_string_new (NULL);
  gint64 progress = g_get_monotonic_time ();
  gboolean heard_end = FALSE;

  fixture_init (&f, &gsock_echo_handler, "raw");
  begin (&f, GPOINTER_TO_INT (family));
  while (g_get_monotonic_time () - progress < 200 * MS)
    {
      char piece[PIECE];
      gssize n;

      for (gsize i = 0; i < PIECE; i++)
        piece[i] = (char) ((said->len + i) * 31 >> 3);
      n = send (f.peer, piece, PIECE, MSG_NOSIGNAL);
      if (n > 0)
        {
          g_string_append_len (said, piece, n);
          progress = g_get_monotonic_time ();
        }
      g_main_context_iteration (NULL, FALSE);
      g_assert_cmpuint (gsock_connection_get_queued (f.connection), <=,
                        GSOCK_HIGH_MARK + GSOCK_SCRATCH_SIZE);
    }
  g_assert_true (gsock_connection_is_full (f.connection));
  g_assert_cmpuint (said->len, >, GSOCK_HIGH_MARK);

  shutdown (f.peer, SHUT_WR);
  progress = g_get_monotonic_time ();
  while (!heard_end)
    {
      heard_end = hear (&f, heard);
      if (!heard_end)
        step (progress);
    }
  g_assert_cmpmem (heard->str, heard->len, said->str, said->len);
  wait_until (f.connection == NULL);
  fixture_clear (&f);
}

static void
say_with_fd (Fixture *f, const char *text)
{
  union
  {
    struct cmsghdr header;
    char space[CMSG_SPACE (sizeof (int))];
  } control = { .space = { 0 } };
  struct iovec vector = { (char *) text, strlen (text) };
  struct msghdr message = {
    .msg_iov = &vector,
    .msg_iovlen = 1,
    .msg_control = &control,
    .msg_controllen = sizeof control,
  };
  struct cmsghdr *header = CMSG_FIRSTHDR (&message);

  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN (sizeof (int));
  memcpy (CMSG_DATA (header), &f->peer, sizeof (int));
  g_assert_cmpint (sendmsg (f->peer, &message, MSG_NOSIGNAL), ==,
                   (gssize) strlen (text));
}

/* A read stops behind what came with a descriptor: all that was there when the
 * kernel told of it must be read, as it is not told again. */
static void
test_descriptors (void)
{
  Fixture f;
  guint before;

  fixture_init (&f, &probe, "line");
  begin (&f, AF_UNIX);
  before = count_fds ();
  say (&f, "1");
  say_with_fd (&f, "2");
  say (&f, "3");
  say_with_fd (&f, "4\n");
  say_with_fd (&f, "5");
  say (&f, "6\n");
  wait_until (strcmp (f.told->str, "<1234><56>") == 0);
  g_assert_cmpuint (count_fds (), ==, before);
  fixture_clear (&f);
}

static void
test_urgent (gconstpointer family)
{
  Fixture f;

  fixture_init (&f, &probe, "line");
  begin (&f, GPOINTER_TO_INT (family));
  say (&f, "1");
  if (send (f.peer, "!", 1, MSG_OOB | MSG_NOSIGNAL) != 1)
    {
      g_test_skip ("no out-of-band data on this kind of socket");
      fixture_clear (&f);
      return;
    }
  say (&f, "2\n");
  wait_until (strcmp (f.told->str, "<12>") == 0);
  /* And again, when it is known already. */
  say (&f, "3");
  g_assert_cmpint (send (f.peer, "!", 1, MSG_OOB | MSG_NOSIGNAL), ==, 1);
  say (&f, "4\n");
  wait_until (strcmp (f.told->str, "<12><34>") == 0);
  fixture_clear (&f);
}

/* What a handler may do. */

static void
test_close_in_message (void)
{
  Fixture f;
  const char *state;

  fixture_init (&f, &probe, "line");
  f.on_message = DO_CLOSE;
  begin (&f, AF_UNIX);
  say (&f, "1\n2\n");
  wait_until (f.connection == NULL);
  g_assert_cmpstr (f.told->str, ==, "<1>C");
  fixture_clear (&f);

  fixture_init (&f, &probe, "line");
  f.on_open = DO_CLOSE;
  begin (&f, AF_UNIX);
  g_assert_nonnull (f.connection);
  wait_until (f.connection == NULL);
  g_assert_cmpstr (f.told->str, ==, "C");
  fixture_clear (&f);

  fixture_init (&f, &probe, "line");
  f.on_end = DO_CLOSE;
  begin (&f, AF_UNIX);
  shutdown (f.peer, SHUT_WR);
  wait_until (f.connection == NULL);
  state = f.told->str;
  g_assert_cmpstr (state, ==, "EC");
  fixture_clear (&f);
}

/* Two with messages in the same round: whoever is first closes the other. */
static void
test_close_each_other (void)
{
  Fixture a, b;

  fixture_init (&a, &probe, "line");
  fixture_init (&b, &probe, "line");
  gsock_worker_free (b.worker);
  b.worker = a.worker;
  begin (&a, AF_UNIX);
  begin (&b, AF_UNIX);
  a.other = b.connection;
  b.other = a.connection;
  a.on_message = b.on_message = DO_CLOSE_OTHER;
  say (&a, "a\nb\n");
  say (&b, "a\nb\n");
  wait_until (a.connection == NULL || b.connection == NULL);
  g_assert_true (a.connection != NULL || b.connection != NULL);
  g_assert_cmpuint (a.told->len + b.told->len, >, 6);
  a.on_message = b.on_message = DO_NOTHING;
  if (a.connection != NULL)
    gsock_connection_close (a.connection, NULL);
  wait_until (a.connection == NULL || b.connection == NULL);
  b.worker = gsock_worker_new (g_main_context_default (), NULL);
  if (b.connection != NULL)
    gsock_connection_close (b.connection, NULL);
  wait_until (b.connection == NULL);
  fixture_clear (&b);
  fixture_clear (&a);
}

/* Closed, it is still there, and does nothing, until the next round. */
static void
test_use_after_close (void)
{
  Fixture f;

  fixture_init (&f, &probe, "line");
  begin (&f, AF_UNIX);
  say (&f, "1\n");
  gsock_connection_hold (f.connection);
  gsock_connection_close (f.connection, NULL);
  gsock_connection_release (f.connection);
  gsock_connection_hold (f.connection);
  gsock_connection_send_bytes (f.connection, "x", 1);
  gsock_connection_end (f.connection);
  gsock_connection_close (f.connection, NULL);
  g_assert_nonnull (f.connection);
  wait_until (f.connection == NULL);
  g_assert_cmpstr (f.told->str, ==, "C");
  fixture_clear (&f);
}

/* Limits. */

static void
test_idle (void)
{
  Fixture f;
  gint64 began = g_get_monotonic_time ();

  fixture_init (&f, &probe, "line");
  f.config.idle_timeout = 150 * MS;
  begin (&f, AF_UNIX);
  while (g_get_monotonic_time () - began < 400 * MS)
    {
      say (&f, "x\n");
      wait_ms (30);
      g_assert_nonnull (f.connection);
    }
  began = g_get_monotonic_time ();
  wait_until (f.connection == NULL);
  g_assert_cmpint (g_get_monotonic_time () - began, >, 50 * MS);
  g_assert_error (f.error, GSOCK_ERROR, GSOCK_ERROR_TIMED_OUT);
  fixture_clear (&f);
}

/* One that waits for us is not silent; one that does not read is. */
static void
test_idle_held (void)
{
  static char much[4 * 1024 * 1024];
  Fixture f;

  fixture_init (&f, &probe, "line");
  f.config.idle_timeout = 60 * MS;
  f.on_message = DO_HOLD;
  begin (&f, AF_UNIX);
  say (&f, "1\n2\n");
  wait_ms (300);
  g_assert_nonnull (f.connection);
  gsock_connection_send_bytes (f.connection, much, sizeof much);
  wait_until (f.connection == NULL);
  g_assert_cmpstr (f.told->str, ==, "<1>C");
  g_assert_error (f.error, GSOCK_ERROR, GSOCK_ERROR_TIMED_OUT);
  fixture_clear (&f);
}

/* Nor is one whose bytes wait for our rate: ten of them a second. */
static void
test_idle_paced (void)
{
  Fixture f;

  fixture_init (&f, &probe, "line");
  f.config.idle_timeout = 30 * MS;
  f.config.rate = 10;
  begin (&f, AF_UNIX);
  say (&f, "1\n2\n");
  gsock_connection_send_bytes (f.connection, "1\n2\n", 4);
  wait_until (f.connection == NULL);
  g_assert_cmpstr (f.told->str, ==, "<1><2>C");
  g_assert_cmpuint (f.stats.out, ==, 4);
  g_assert_error (f.error, GSOCK_ERROR, GSOCK_ERROR_TIMED_OUT);
  fixture_clear (&f);
}

/* 100 kB/s each way: 60 kB and back take half a second at least (a tenth of a
 * second's worth goes at once), and the loop sleeps meanwhile. */
static void
test_rate (gconstpointer family)
{
  Fixture f;
  g_autofree char *said = g_strnfill (60 * 1000, 's');
  g_autoptr (GString) heard = g_string_new (NULL);
  gint64 began = g_get_monotonic_time ();
  gboolean done = FALSE;
  guint rounds = 0;

  fixture_init (&f, &gsock_echo_handler, "raw");
  f.config.rate = 100 * 1000;
  begin (&f, GPOINTER_TO_INT (family));
  say (&f, said);
  shutdown (f.peer, SHUT_WR);
  while (!done)
    {
      done = hear (&f, heard);
      if (!done)
        step (began);
      rounds++;
    }
  g_assert_cmpstr (heard->str, ==, said);
  g_assert_cmpint (g_get_monotonic_time () - began, >=, 450 * MS);
  g_assert_cmpint (g_get_monotonic_time () - began, <, 5000 * MS);
  g_assert_cmpuint (rounds, <, 1000);
  wait_until (f.connection == NULL);
  fixture_clear (&f);
}

/* Whatever a connection waits for, it sleeps. */
static void
test_no_spin (void)
{
  static const Action actions[] = { DO_NOTHING, DO_HOLD, DO_END };
  gint64 deadline;

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      Fixture f;
      guint rounds = 0;

      fixture_init (&f, &probe, "line");
      f.config.idle_timeout = 10 * G_USEC_PER_SEC;
      f.config.rate = 1000 * 1000;
      f.on_message = actions[i];
      begin (&f, AF_INET);
      say (&f, "1\n2\n3");
      shutdown (f.peer, SHUT_WR);
      deadline = g_get_monotonic_time () + 200 * MS;
      while (g_get_monotonic_time () < deadline)
        {
          g_main_context_iteration (NULL, TRUE);
          rounds++;
        }
      g_assert_cmpuint (rounds, <, 60);
      fixture_clear (&f);
    }
}

/* So that a round comes though nothing happens on a descriptor of ours. */
static gboolean
tick_cb (gpointer data G_GNUC_UNUSED)
{
  return G_SOURCE_CONTINUE;
}

static void
add_families (const char *path, GTestDataFunc function)
{
  g_autofree char *local = g_strconcat (path, "/unix", NULL);
  g_autofree char *tcp = g_strconcat (path, "/tcp", NULL);

  g_test_add_data_func (local, GINT_TO_POINTER (AF_UNIX), function);
  g_test_add_data_func (tcp, GINT_TO_POINTER (AF_INET), function);
}

static void
add_frames (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *cut = g_strdup_printf ("/connection/frames/%u/%s", i,
                                              cases[i].frame);
      g_autofree char *single = g_strdup_printf (
          "/connection/single-bytes/%u/%s", i, cases[i].frame);

      g_test_add_data_func (cut, &cases[i], test_frames);
      g_test_add_data_func (single, &cases[i], test_single_bytes);
    }
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

  add_frames ();
  g_test_add_func ("/connection/too-big", test_too_big);
  g_test_add_func ("/connection/sending", test_sending);
  g_test_add_func ("/connection/hold-in-packet", test_hold_in_packet);
  g_test_add_func ("/connection/end-while-held", test_end_while_held);
  g_test_add_func ("/connection/own-end-while-held", test_own_end_while_held);
  add_families ("/connection/peer-ends-first", test_peer_ends_first);
  add_families ("/connection/we-end-first", test_we_end_first);
  g_test_add_func ("/connection/gone", test_gone);
  add_families ("/connection/gone-unread", test_gone_unread);
  add_families ("/connection/greet", test_greet);
  g_test_add_func ("/connection/linger", test_linger);
  g_test_add_func ("/connection/relieved", test_relieved);
  g_test_add_func ("/connection/reset-in-frame", test_reset_in_frame);
  g_test_add_func ("/connection/send-to-the-dead", test_send_to_the_dead);
  g_test_add_func ("/connection/send-to-the-reset", test_send_to_the_reset);
  add_families ("/connection/never-reader", test_never_reader);
  g_test_add_func ("/connection/descriptors", test_descriptors);
  add_families ("/connection/urgent", test_urgent);
  g_test_add_func ("/connection/close-in-message", test_close_in_message);
  g_test_add_func ("/connection/close-each-other", test_close_each_other);
  g_test_add_func ("/connection/use-after-close", test_use_after_close);
  g_test_add_func ("/connection/idle", test_idle);
  g_test_add_func ("/connection/idle-held", test_idle_held);
  g_test_add_func ("/connection/idle-paced", test_idle_paced);
  add_families ("/connection/rate", test_rate);
  g_test_add_func ("/connection/no-spin", test_no_spin);
  return g_test_run ();
}

/* test-crowd.c: a message to many: who is waited for, who is dropped
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

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

#define DEADLINE (30 * G_USEC_PER_SEC)
#define MS G_TIME_SPAN_MILLISECOND
#define MEMBERS 4

/* The raw socket at the other end of a member. */
typedef struct
{
  GsockConnection *connection; /* NULL once it has closed */
  int fd;
  GString *heard;
  int code; /* of the error it closed with; -1: none */
} Member;

typedef struct
{
  GsockWorker *worker;
  GsockChat chat;
  GsockConnectionConfig config;
  Member members[MEMBERS];
  guint relieved;
} Room;

static GString *events;

static void
event_cb (const char *text, gsize size, gpointer data G_GNUC_UNUSED)
{
  g_string_append_len (events, text, (gssize) size);
}

static guint
count_events (const char *name)
{
  g_autofree char *pattern = g_strdup_printf ("\"event\":\"%s\"", name);
  guint n = 0;

  for (const char *p = events->str; (p = strstr (p, pattern)) != NULL; p++)
    n++;
  return n;
}

static void
closed_cb (GsockConnection *connection, const GError *error, gpointer data)
{
  Room *room = data;
  Member *member = &room->members[gsock_connection_get_slot (connection)];

  g_assert_true (member->connection == connection);
  member->connection = NULL;
  member->code = error != NULL ? error->code : -1;
}

static void
room_relieved_cb (gpointer data)
{
  ((Room *) data)->relieved++;
}

static void
join (Room *room, guint place)
{
  g_autoptr (GError) error = NULL;
  const GsockPeer peer = { .family = AF_UNIX };
  Member *member = &room->members[place];
  GsockCarrier carrier;
  int pair[2];

  g_assert_cmpint (
      socketpair (AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair),
      ==, 0);
  carrier = gsock_carrier_plain (pair[0], NULL, NULL);
  member->fd = pair[1];
  member->heard = g_string_new (NULL);
  member->connection = gsock_connection_new (
      &room->config, room->worker, place + 1, &carrier, &peer, &error);
  g_assert_no_error (error);
  gsock_connection_set_slot (member->connection, place);
}

static void
room_init (Room *room, guint members)
{
  *room = (Room) { .relieved = 0 };
  g_string_truncate (events, 0);
  room->worker = gsock_worker_new (g_main_context_default (), NULL);
  gsock_chat_init (&room->chat, room->worker, &room->worker, 1);
  room->chat.spread.ports[0].crowd.relieved = room_relieved_cb;
  room->chat.spread.ports[0].crowd.data = room;
  room->config = (GsockConnectionConfig) {
    .handler = &gsock_chat_handler,
    .handler_data = &room->chat,
    .codec = gsock_codec_find ("line", NULL),
    .max_message = 1024 * 1024,
    .closed = closed_cb,
    .closed_data = room,
  };
  for (guint i = 0; i < MEMBERS; i++)
    room->members[i] = (Member) { .fd = -1, .code = -1 };
  for (guint i = 0; i < members; i++)
    join (room, i);
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

/* In the tools' order: the worker goes before the crowd. */
static void
room_clear (Room *room)
{
  for (guint i = 0; i < MEMBERS; i++)
    {
      Member *member = &room->members[i];

      if (member->connection != NULL)
        gsock_connection_close (member->connection, NULL);
      wait_until (member->connection == NULL);
      gsock_fd_clear (&member->fd);
      if (member->heard != NULL)
        g_string_free (member->heard, TRUE);
    }
  gsock_worker_free (room->worker);
  gsock_chat_clear (&room->chat);
}

/* At most @size bytes, if there are any. */
static gsize
hear (Member *member, gsize size)
{
  g_autofree char *buffer = g_malloc (size);
  gssize n = recv (member->fd, buffer, size, 0);

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
test_others (void)
{
  Room room;

  room_init (&room, 3);
  say (&room.members[0], "hello\nworld\n");
  say (&room.members[1], "hi\n");
  wait_until ((hear (&room.members[2], 64), room.members[2].heard->len == 15));
  hear (&room.members[0], 64);
  hear (&room.members[1], 64);
  g_assert_cmpstr (room.members[0].heard->str, ==, "hi\n");
  g_assert_cmpstr (room.members[1].heard->str, ==, "hello\nworld\n");
  room_clear (&room);
}

/* One by one they leave, whoever came first, and those who are left still
 * hear. */
static void
test_leaving (void)
{
  static const guint orders[][MEMBERS - 1] = { { 0, 1, 2 },
                                               { 2, 1, 0 },
                                               { 1, 0, 2 } };

  for (guint i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      Room room;
      Member *last;

      room_init (&room, MEMBERS);
      last = &room.members[MEMBERS - 1];
      for (guint j = 0; j < MEMBERS - 1; j++)
        {
          Member *leaver = &room.members[orders[i][j]];

          say (leaver, "bye\n");
          shutdown (leaver->fd, SHUT_WR);
          wait_until (leaver->connection == NULL);
          wait_until ((hear (last, 64), last->heard->len == 4 * (j + 1)));
        }
      g_assert_cmpuint (room.chat.spread.ports[0].crowd.members->len, ==, 1);
      room_clear (&room);
    }
}

/* What a feeder says as fast as it is let, in numbered lines. */
typedef struct
{
  gsize said;
  guint line;
  char buffer[1024];
  gsize left;
} Feeder;

static void
feed (Feeder *feeder, Member *member, gsize total)
{
  while (feeder->said < total)
    {
      gssize n;

      if (feeder->left == 0)
        {
          memset (feeder->buffer, 'x', sizeof feeder->buffer);
          g_snprintf (feeder->buffer, sizeof feeder->buffer, "%010u",
                      feeder->line++);
          feeder->buffer[10] = ' ';
          feeder->buffer[sizeof feeder->buffer - 1] = '\n';
          feeder->left = sizeof feeder->buffer;
        }
      n = send (member->fd,
                feeder->buffer + sizeof feeder->buffer - feeder->left,
                feeder->left, MSG_NOSIGNAL);
      if (n <= 0)
        return;
      feeder->said += (gsize) n;
      feeder->left -= (gsize) n;
    }
}

static void
assert_lines (const GString *heard, gsize total)
{
  g_assert_cmpuint (heard->len, ==, total);
  for (gsize i = 0; i * 1024 < total; i++)
    g_assert_cmpuint (g_ascii_strtoull (heard->str + i * 1024, NULL, 10), ==,
                      i);
}

/* Beside one who reads nothing the good reader gets all; the stuck one costs
 * no more than is promised, and is dropped. */
static void
test_stuck (void)
{
  const gsize total = 8 * 1024 * 1024;
  gint64 began = g_get_monotonic_time ();
  Room room;
  Feeder feeder = { 0 };
  Member *good, *stuck;

  room_init (&room, 3);
  good = &room.members[1];
  stuck = &room.members[2];
  while (good->heard->len < total)
    {
      feed (&feeder, &room.members[0], total);
      while (hear (good, 65536) > 0)
        ;
      if (stuck->connection != NULL)
        g_assert_cmpuint (gsock_connection_get_queued (stuck->connection), <=,
                          GSOCK_HIGH_MARK + GSOCK_CROWD_LIMIT + 2048);
      if (good->connection != NULL)
        g_assert_cmpuint (gsock_connection_get_queued (good->connection), <=,
                          GSOCK_HIGH_MARK + GSOCK_CROWD_LIMIT + 2048);
      step (began);
    }
  assert_lines (good->heard, total);
  g_assert_nonnull (good->connection);
  g_assert_null (stuck->connection);
  g_assert_cmpint (stuck->code, ==, GSOCK_ERROR_LIMIT);
  g_assert_cmpuint (count_events ("too-slow"), ==, 1);
  g_assert_cmpuint (g_hash_table_size (room.chat.spread.ports[0].crowd.awaited),
                    ==, 0);
  room_clear (&room);
}

/* A slow reader who goes on reading is waited for, and not dropped. */
static void
test_slow (void)
{
  const gsize total = 3 * 1024 * 1024;
  gint64 began = g_get_monotonic_time ();
  gint64 heard = began;
  gsize most = 0;
  Room room;
  Feeder feeder = { 0 };
  Member *slow;

  room_init (&room, 2);
  slow = &room.members[1];
  while (slow->heard->len < total)
    {
      feed (&feeder, &room.members[0], total);
      if (g_get_monotonic_time () - heard >= MS)
        {
          hear (slow, 8192);
          heard = g_get_monotonic_time ();
        }
      g_assert_nonnull (slow->connection);
      most = MAX (most, gsock_connection_get_queued (slow->connection));
      step (began);
    }
  assert_lines (slow->heard, total);
  g_assert_cmpuint (most, >, GSOCK_HIGH_MARK);
  /* One packet of the feeder's may be on its way when it is held. */
  g_assert_cmpuint (most, <=, GSOCK_HIGH_MARK + GSOCK_SCRATCH_SIZE + 2048);
  g_assert_cmpuint (count_events ("too-slow"), ==, 0);
  room_clear (&room);
}

/* Fills the one receiver until the feeder is held. */
static void
fill (Room *room, Feeder *feeder)
{
  gint64 began = g_get_monotonic_time ();

  while (!gsock_crowd_is_busy (&room->chat.spread.ports[0].crowd))
    {
      feed (feeder, &room->members[0], G_MAXSIZE);
      step (began);
    }
}

/* Who is waited for leaves, or whoever waits does. */
static void
test_gone_while_awaited (void)
{
  Room room;
  Feeder feeder = { 0 };

  room_init (&room, 2);
  fill (&room, &feeder);
  g_assert_cmpuint (g_hash_table_size (room.chat.spread.ports[0].crowd.held),
                    ==, 1);
  gsock_connection_close (room.members[1].connection, NULL);
  wait_until (room.members[1].connection == NULL);
  g_assert_false (gsock_crowd_is_busy (&room.chat.spread.ports[0].crowd));
  g_assert_cmpuint (g_hash_table_size (room.chat.spread.ports[0].crowd.held),
                    ==, 0);
  g_assert_cmpuint (room.relieved, ==, 1);
  g_assert_false (
      gsock_timer_is_armed (&room.chat.spread.ports[0].crowd.timer));
  room_clear (&room);

  feeder = (Feeder) { 0 };
  room_init (&room, 2);
  fill (&room, &feeder);
  gsock_connection_close (room.members[0].connection, NULL);
  wait_until (room.members[0].connection == NULL);
  g_assert_cmpuint (g_hash_table_size (room.chat.spread.ports[0].crowd.held),
                    ==, 0);
  wait_until (!gsock_crowd_is_busy (&room.chat.spread.ports[0].crowd));
  room_clear (&room);

  /* All at once, the timer still armed. */
  feeder = (Feeder) { 0 };
  room_init (&room, 3);
  fill (&room, &feeder);
  room_clear (&room);
}

/* One that is no member (standard input) asks whether to wait, and is told
 * when it need not any more: after the patience at the latest. */
static void
test_feeder (void)
{
  g_autofree char *line = g_strnfill (GSOCK_HIGH_MARK, 'x');
  g_autoptr (GError) error = NULL;
  Room room;

  room_init (&room, 2);
  for (guint i = 0; i < 3; i++)
    g_assert_true (gsock_crowd_send (&room.chat.spread.ports[0].crowd, NULL,
                                     line, strlen (line), &error));
  g_assert_true (gsock_crowd_is_busy (&room.chat.spread.ports[0].crowd));
  g_assert_cmpuint (room.relieved, ==, 0);
  wait_until (room.relieved > 0);
  g_assert_false (gsock_crowd_is_busy (&room.chat.spread.ports[0].crowd));
  g_assert_cmpuint (room.relieved, ==, 1);

  g_assert_false (gsock_crowd_send (&room.chat.spread.ports[0].crowd, NULL,
                                    "a\nb", 3, &error));
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
  room_clear (&room);
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
  g_timeout_add (2, tick_cb, NULL);

  g_test_add_func ("/crowd/others", test_others);
  g_test_add_func ("/crowd/leaving", test_leaving);
  g_test_add_func ("/crowd/stuck", test_stuck);
  g_test_add_func ("/crowd/slow", test_slow);
  g_test_add_func ("/crowd/gone-while-awaited", test_gone_while_awaited);
  g_test_add_func ("/crowd/feeder", test_feeder);
  return g_test_run ();
}

/* test-queue.c: items run once, in order, and the reader is woken for each lot
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What threads do to it is judged by tests/lib/queue-threads.c, too. */

#include "config.h"

#include <fcntl.h>
#include <glib.h>
#include <poll.h>

#include "core/queue.h"

#define WRITERS 4
#define ITEMS 2000

typedef struct
{
  GsockQueueItem item; /* first: an item is its Note */
  GString *heard;
  char letter;
  GsockQueue *on; /* where it goes when it has run; or NULL */
  GsockQueueItem *pushes;
} Note;

static void
note_cb (GsockQueueItem *item)
{
  Note *note = (Note *) item;
  GsockQueue *on = note->on;

  g_string_append_c (note->heard, note->letter);
  note->on = NULL;
  if (note->pushes != NULL)
    gsock_queue_push (on, note->pushes);
  else if (on != NULL)
    gsock_queue_push (on, item);
}

static gboolean
wakes (const GsockQueue *queue)
{
  struct pollfd ready = { .fd = queue->fd, .events = POLLIN };

  return poll (&ready, 1, 0) == 1;
}

typedef struct
{
  GsockQueue queue;
  GString *heard;
  Note notes[4]; /* a, b, c, d */
} Fixture;

static void
set_up (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_assert_cmpint (gsock_queue_init (&f->queue), ==, 0);
  f->heard = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (f->notes); i++)
    f->notes[i] = (Note) {
      .item.run = note_cb,
      .heard = f->heard,
      .letter = (char) ('a' + i),
    };
}

static void
tear_down (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  gsock_queue_clear (&f->queue);
  g_assert_cmpint (f->queue.fd, ==, -1);
  gsock_queue_clear (&f->queue); /* nothing more */
  g_string_free (f->heard, TRUE);
}

static void
test_empty (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_assert_false (wakes (&f->queue));
  g_assert_false (gsock_queue_run (&f->queue));
  g_assert_false (gsock_queue_run (&f->queue));
  g_assert_cmpint (fcntl (f->queue.fd, F_GETFD) & FD_CLOEXEC, ==, FD_CLOEXEC);
}

static void
test_order (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  for (guint round = 0; round < 3; round++)
    {
      for (guint i = 0; i < G_N_ELEMENTS (f->notes); i++)
        {
          gsock_queue_push (&f->queue, &f->notes[i].item);
          g_assert_true (wakes (&f->queue));
        }
      g_assert_true (gsock_queue_run (&f->queue));
      g_assert_cmpstr (f->heard->str, ==, "abcd");
      g_assert_false (wakes (&f->queue));
      g_assert_false (gsock_queue_run (&f->queue));
      g_string_truncate (f->heard, 0);
    }
}

/* What is pushed by an item that runs is for the next time, and wakes. */
static void
test_pushed_meanwhile (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  f->notes[0].on = &f->queue;
  f->notes[0].pushes = &f->notes[2].item;
  gsock_queue_push (&f->queue, &f->notes[0].item);
  gsock_queue_push (&f->queue, &f->notes[1].item);
  g_assert_true (gsock_queue_run (&f->queue));
  g_assert_cmpstr (f->heard->str, ==, "ab");
  g_assert_true (wakes (&f->queue));
  g_assert_true (gsock_queue_run (&f->queue));
  g_assert_cmpstr (f->heard->str, ==, "abc");
  g_assert_false (wakes (&f->queue));
}

/* The same item again at the same address, before the others have run. */
static void
test_comes_again (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  f->notes[0].on = &f->queue;
  for (guint i = 0; i < 3; i++)
    gsock_queue_push (&f->queue, &f->notes[i].item);
  g_assert_true (gsock_queue_run (&f->queue));
  g_assert_cmpstr (f->heard->str, ==, "abc");
  g_assert_true (gsock_queue_run (&f->queue));
  g_assert_cmpstr (f->heard->str, ==, "abca");
  g_assert_false (gsock_queue_run (&f->queue));
}

/* As the news of an end comes back to who has posted the client. */
static void
test_there_and_back (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  GsockQueue home;

  g_assert_cmpint (gsock_queue_init (&home), ==, 0);
  for (guint i = 0; i < 2; i++)
    {
      f->notes[i].on = &home;
      gsock_queue_push (&f->queue, &f->notes[i].item);
    }
  g_assert_false (wakes (&home));
  g_assert_true (gsock_queue_run (&f->queue));
  g_assert_true (wakes (&home));
  g_assert_false (wakes (&f->queue));
  g_assert_true (gsock_queue_run (&home));
  g_assert_cmpstr (f->heard->str, ==, "abab");
  gsock_queue_clear (&home);
}

typedef struct
{
  GsockQueueItem item;
  guint writer, number;
} Counted;

static guint next_of[WRITERS], done;

static void
counted_cb (GsockQueueItem *item)
{
  Counted *counted = (Counted *) item;

  g_assert_cmpuint (counted->number, ==, next_of[counted->writer]++);
  done++;
  g_free (counted);
}

typedef struct
{
  GsockQueue *queue;
  guint writer;
} Writer;

static gpointer
writer_main (gpointer data)
{
  const Writer *writer = data;

  for (guint i = 0; i < ITEMS; i++)
    {
      Counted *counted = g_new0 (Counted, 1);

      counted->item.run = counted_cb;
      counted->writer = writer->writer;
      counted->number = i;
      gsock_queue_push (writer->queue, &counted->item);
    }
  return NULL;
}

/* However they come, the reader is woken, and each writer's are in order. */
static void
test_threads (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  Writer writers[WRITERS];
  GThread *threads[WRITERS];
  struct pollfd ready = { .fd = f->queue.fd, .events = POLLIN };

  for (guint i = 0; i < WRITERS; i++)
    {
      writers[i] = (Writer) { &f->queue, i };
      threads[i] = g_thread_new ("writer", writer_main, &writers[i]);
    }
  while (done < WRITERS * ITEMS)
    {
      g_assert_cmpint (poll (&ready, 1, 60000), ==, 1);
      gsock_queue_run (&f->queue);
    }
  for (guint i = 0; i < WRITERS; i++)
    g_thread_join (threads[i]);
  g_assert_false (gsock_queue_run (&f->queue));
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*func) (Fixture *f, gconstpointer data);
  } tests[] = {
    { "/queue/empty", test_empty },
    { "/queue/order", test_order },
    { "/queue/pushed-meanwhile", test_pushed_meanwhile },
    { "/queue/comes-again", test_comes_again },
    { "/queue/there-and-back", test_there_and_back },
    { "/queue/threads", test_threads },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);
  return g_test_run ();
}

/* queue-threads.c: four threads push, one runs; for ThreadSanitizer
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "core/queue.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define WRITERS 4
#define ITEMS 20000

typedef struct
{
  GsockQueueItem item;
  int writer, number;
} Item;

static GsockQueue queue, back;
static int next[WRITERS]; /* plain, on purpose: the reader's alone */
static int done, returned;

/* Freed in the thread that it came from, as an answer would be. */
static void
return_cb (GsockQueueItem *item)
{
  returned++;
  free (item);
}

static void
run_cb (GsockQueueItem *item)
{
  Item *it = (Item *) item;

  if (it->number != next[it->writer]++)
    {
      printf ("writer %d: %d out of order\n", it->writer, it->number);
      exit (1);
    }
  done++;
  it->item.run = return_cb;
  gsock_queue_push (&back, item);
}

static void *
writer_main (void *data)
{
  for (int i = 0; i < ITEMS; i++)
    {
      Item *it = malloc (sizeof *it);

      it->item.run = run_cb;
      it->writer = (int) (long) data;
      it->number = i;
      gsock_queue_push (&queue, &it->item);
    }
  return NULL;
}

static void
run_until (GsockQueue *which, const int *count)
{
  while (*count < WRITERS * ITEMS)
    {
      struct pollfd ready = { .fd = which->fd, .events = POLLIN };

      if (poll (&ready, 1, 20000) != 1)
        {
          printf ("nobody woke us after %d\n", *count);
          exit (1);
        }
      gsock_queue_run (which);
    }
}

static void *
reader_main (void *data)
{
  run_until (&queue, &done);
  return data;
}

int
main (void)
{
  pthread_t reader, writers[WRITERS];

  if (gsock_queue_init (&queue) != 0 || gsock_queue_init (&back) != 0)
    return 1;
  pthread_create (&reader, NULL, reader_main, NULL);
  for (long i = 0; i < WRITERS; i++)
    pthread_create (&writers[i], NULL, writer_main, (void *) i);
  run_until (&back, &returned);
  for (int i = 0; i < WRITERS; i++)
    pthread_join (writers[i], NULL);
  pthread_join (reader, NULL);
  gsock_queue_clear (&queue);
  gsock_queue_clear (&back);
  return done == WRITERS * ITEMS && returned == done ? 0 : 1;
}

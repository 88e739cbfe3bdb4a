/* test-buffer.c: the byte queue against a model, at its limits, and when idle
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "core/buffer.h"

static void
assert_holds (const GsockBuffer *buffer, const char *data, gsize size)
{
  gsize queued;
  const char *bytes = gsock_buffer_peek (buffer, &queued);

  g_assert_cmpmem (bytes, queued, data, size);
}

static void
assert_idle (const GsockBuffer *buffer)
{
  g_assert_null (buffer->data);
  g_assert_cmpuint (buffer->head, ==, 0);
  g_assert_cmpuint (buffer->size, ==, 0);
  g_assert_cmpuint (buffer->capacity, ==, 0);
}

static void
test_empty (void)
{
  GsockBuffer buffer = { 0 };
  gsize size = 1;

  g_assert_null (gsock_buffer_peek (&buffer, &size));
  g_assert_cmpuint (size, ==, 0);
  gsock_buffer_consume (&buffer, 0);
  gsock_buffer_commit (&buffer, 0);
  gsock_buffer_clear (&buffer);
  g_assert_true (gsock_buffer_append (&buffer, NULL, 0, 1));
  assert_idle (&buffer);
}

static void
test_queue (void)
{
  g_auto (GsockBuffer) buffer = { 0 };

  g_assert_true (gsock_buffer_append (&buffer, "hola ", 5, 0));
  g_assert_true (gsock_buffer_append (&buffer, "mundo", 5, 0));
  assert_holds (&buffer, "hola mundo", 10);

  gsock_buffer_consume (&buffer, 5);
  assert_holds (&buffer, "mundo", 5);
  gsock_buffer_consume (&buffer, 0);
  assert_holds (&buffer, "mundo", 5);
  g_assert_true (gsock_buffer_append (&buffer, "!", 1, 0));
  assert_holds (&buffer, "mundo!", 6);
}

/* Tens of thousands of owners have nothing queued: they hold nothing. */
static void
test_idle (void)
{
  GsockBuffer buffer = { 0 };

  g_assert_true (gsock_buffer_append (&buffer, "x", 1, 0));
  gsock_buffer_consume (&buffer, 1);
  assert_idle (&buffer);

  g_assert_true (gsock_buffer_append (&buffer, "xyz", 3, 0));
  gsock_buffer_consume (&buffer, 1);
  gsock_buffer_consume (&buffer, 2);
  assert_idle (&buffer);

  /* A read that got nothing. */
  g_assert_nonnull (gsock_buffer_reserve (&buffer, 4096));
  gsock_buffer_commit (&buffer, 0);
  assert_idle (&buffer);
}

static void
test_limit (void)
{
  static const struct
  {
    gsize queued;
    gsize added;
    gsize limit;
    gboolean taken;
  } rows[] = {
    { 0, 10, 10, TRUE },
    { 0, 11, 10, FALSE },
    { 4, 6, 10, TRUE },
    { 4, 7, 10, FALSE },
    { 10, 0, 10, TRUE },
    { 10, 1, 10, FALSE },
    { 20, 0, 10, TRUE },
    { 20, 1, 10, FALSE },
    { 4, 10000, 0, TRUE },
    { 4, G_MAXSIZE, 10, FALSE },
    { 4, G_MAXSIZE - 2, 10, FALSE },
    { 4, 1, G_MAXSIZE, TRUE },
  };
  char bytes[20000];

  memset (bytes, 'b', sizeof bytes);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (GsockBuffer) buffer = { 0 };
      GsockBuffer before;
      gsize expected = rows[i].queued;

      g_assert_true (gsock_buffer_append (&buffer, bytes, rows[i].queued, 0));
      before = buffer;
      g_assert_cmpint (
          gsock_buffer_append (&buffer, bytes, rows[i].added, rows[i].limit),
          ==, rows[i].taken);
      if (rows[i].taken)
        expected += rows[i].added;
      else
        g_assert_cmpmem (&buffer, sizeof buffer, &before, sizeof before);
      assert_holds (&buffer, bytes, expected);
    }
}

/* What the bytes consumed before make of head must not count as the limit. */
static void
test_limit_after_consume (void)
{
  g_auto (GsockBuffer) buffer = { 0 };

  g_assert_true (gsock_buffer_append (&buffer, "0123456789", 10, 10));
  gsock_buffer_consume (&buffer, 4);
  g_assert_false (gsock_buffer_append (&buffer, "abcde", 5, 10));
  g_assert_true (gsock_buffer_append (&buffer, "abcd", 4, 10));
  assert_holds (&buffer, "456789abcd", 10);
}

static void
test_growth (void)
{
  static const struct
  {
    gsize size;
    gsize capacity;
  } rows[] = {
    { 1, 512 },     { 512, 512 },   { 513, 1024 },
    { 1024, 1024 }, { 5000, 8192 }, { 65536, 65536 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (GsockBuffer) buffer = { 0 };

      g_assert_nonnull (gsock_buffer_reserve (&buffer, rows[i].size));
      g_assert_cmpuint (buffer.capacity, ==, rows[i].capacity);
    }
}

static void
test_reserve (void)
{
  g_auto (GsockBuffer) buffer = { 0 };
  char *room = gsock_buffer_reserve (&buffer, 100);

  g_assert_nonnull (room);
  memcpy (room, "hola", 4);
  gsock_buffer_commit (&buffer, 4);
  assert_holds (&buffer, "hola", 4);

  room = gsock_buffer_reserve (&buffer, 508);
  g_assert_true (room == buffer.data + 4);
  memset (room, 'r', 508);
  gsock_buffer_commit (&buffer, 508);
  g_assert_cmpuint (buffer.size, ==, 512);
  g_assert_cmpuint (buffer.capacity, ==, 512);
}

static void
test_compact (void)
{
  g_auto (GsockBuffer) buffer = { 0 };
  const char *data;

  memset (gsock_buffer_reserve (&buffer, 512), 'a', 512);
  gsock_buffer_commit (&buffer, 512);
  gsock_buffer_consume (&buffer, 500);
  data = buffer.data;

  memset (gsock_buffer_reserve (&buffer, 500), 'b', 500);
  gsock_buffer_commit (&buffer, 500);
  g_assert_true (buffer.data == data);
  g_assert_cmpuint (buffer.capacity, ==, 512);
  g_assert_cmpuint (buffer.head, ==, 0);
  assert_holds (&buffer, buffer.data, 512);
  g_assert_cmpint (buffer.data[11], ==, 'a');
  g_assert_cmpint (buffer.data[12], ==, 'b');
}

/* A full queue that moves a byte at a time: neither does it grow for ever nor
 * is all of it moved for each byte. */
static void
test_slide (void)
{
  enum
  {
    STEPS = 200000,
    QUEUED = 65536,
  };
  g_auto (GsockBuffer) buffer = { 0 };
  gsize moved = 0;

  memset (gsock_buffer_reserve (&buffer, QUEUED), 0, QUEUED);
  gsock_buffer_commit (&buffer, QUEUED);
  for (guint i = 0; i < STEPS; i++)
    {
      char byte = (char) i;
      gsize head;

      gsock_buffer_consume (&buffer, 1);
      head = buffer.head;
      g_assert_true (gsock_buffer_append (&buffer, &byte, 1, QUEUED));
      if (buffer.head < head)
        moved += buffer.size;
      g_assert_cmpuint (buffer.capacity, <, 3 * QUEUED);
    }

  g_assert_cmpuint (moved, <=, 3 * (gsize) STEPS + 2 * QUEUED);
  for (guint i = 0; i < QUEUED; i++)
    g_assert_cmpint (buffer.data[buffer.head + i], ==,
                     (char) (STEPS - QUEUED + i));
}

/* Sizes that no allocator has, and sums that overflow: refused, unchanged. */
static void
test_overflow (void)
{
  static const gsize rows[] = {
    G_MAXSIZE,          G_MAXSIZE - 1, G_MAXSIZE - 511, (gsize) G_MAXSSIZE + 1,
    (gsize) G_MAXSSIZE,
  };
  g_auto (GsockBuffer) buffer = { 0 };

  g_assert_true (gsock_buffer_append (&buffer, "hola", 4, 0));
  gsock_buffer_consume (&buffer, 1);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_assert_null (gsock_buffer_reserve (&buffer, rows[i]));
      g_assert_false (gsock_buffer_append (&buffer, "x", rows[i], 0));
      assert_holds (&buffer, "ola", 3);
      g_assert_cmpuint (buffer.capacity, ==, 512);
    }
}

static gsize
random_size (void)
{
  return (gsize) g_test_rand_int_range (0, 1 << g_test_rand_int_range (1, 14));
}

static void
check_step (GsockBuffer *buffer, GByteArray *model)
{
  enum
  {
    LIMIT = 20000,
  };
  guint8 bytes[1 << 13];
  gsize size = random_size ();
  gboolean fits = model->len + size <= LIMIT;

  for (gsize i = 0; i < size; i++)
    bytes[i] = (guint8) g_test_rand_int ();

  switch (g_test_rand_int_range (0, 4))
    {
    case 0:
      g_assert_cmpint (gsock_buffer_append (buffer, bytes, size, LIMIT), ==,
                       fits);
      if (fits)
        g_byte_array_append (model, bytes, (guint) size);
      break;

    case 1:
      if (!fits)
        break;
      memcpy (gsock_buffer_reserve (buffer, size + 1), bytes, size);
      gsock_buffer_commit (buffer, size);
      g_byte_array_append (model, bytes, (guint) size);
      break;

    default:
      size = MIN (size, model->len);
      gsock_buffer_consume (buffer, size);
      if (size > 0)
        g_byte_array_remove_range (model, 0, (guint) size);
      break;
    }
}

static void
test_model (void)
{
  g_auto (GsockBuffer) buffer = { 0 };
  g_autoptr (GByteArray) model = g_byte_array_new ();

  for (int i = 0; i < 5000; i++)
    {
      check_step (&buffer, model);
      assert_holds (&buffer, (const char *) model->data, model->len);
      g_assert_cmpuint (buffer.capacity, <, 3 * 20000);
      if (model->len == 0)
        assert_idle (&buffer);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/buffer/empty", test_empty);
  g_test_add_func ("/buffer/queue", test_queue);
  g_test_add_func ("/buffer/idle", test_idle);
  g_test_add_func ("/buffer/limit", test_limit);
  g_test_add_func ("/buffer/limit-after-consume", test_limit_after_consume);
  g_test_add_func ("/buffer/growth", test_growth);
  g_test_add_func ("/buffer/reserve", test_reserve);
  g_test_add_func ("/buffer/compact", test_compact);
  g_test_add_func ("/buffer/slide", test_slide);
  g_test_add_func ("/buffer/overflow", test_overflow);
  g_test_add_func ("/buffer/model", test_model);

  return g_test_run ();
}

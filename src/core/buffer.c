/* buffer.c: a queue of bytes: append at the tail, peek and consume at the head
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/buffer.h"

#include <string.h>

#define SMALLEST 512

/* Bytes between the last one queued and the end of the storage. */
static gsize
tail_room (const GsockBuffer *buffer)
{
  return buffer->capacity - buffer->head - buffer->size;
}

/* Moves the bytes to the start of the storage.  Only when a quarter of it at
 * least has been consumed since the last time: so a byte consumed pays for at
 * most three moved, however small the steps, and storage stays under three
 * times what was ever queued in it. */
static gboolean
compact (GsockBuffer *buffer, gsize size)
{
  if (buffer->head < buffer->capacity / 4
      || buffer->capacity - buffer->size < size)
    return FALSE;

  memmove (buffer->data, buffer->data + buffer->head, buffer->size);
  buffer->head = 0;
  return TRUE;
}

static gboolean
grow (GsockBuffer *buffer, gsize size)
{
  gsize capacity = MAX (buffer->capacity, SMALLEST / 2);
  gsize needed;
  char *data;

  /* No object is larger than a signed size can tell. */
  if (size > G_MAXSSIZE - buffer->size)
    return FALSE;
  needed = buffer->size + size;

  do
    capacity = capacity > G_MAXSSIZE / 2 ? needed : capacity * 2;
  while (capacity < needed);

  data = g_try_malloc (capacity);
  if (data == NULL)
    return FALSE;

  if (buffer->size > 0)
    memcpy (data, buffer->data + buffer->head, buffer->size);
  g_free (buffer->data);
  buffer->data = data;
  buffer->head = 0;
  buffer->capacity = capacity;
  return TRUE;
}

/**
 * gsock_buffer_append:
 * @buffer: a buffer
 * @data: (array length=size): bytes from elsewhere than @buffer
 * @size: how many; 0 always succeeds
 * @limit: what @buffer may hold in all, in bytes; 0: no limit
 *
 * Returns: %FALSE, and nothing changed, over @limit or without memory
 */
gboolean
gsock_buffer_append (GsockBuffer *buffer, const void *data, gsize size,
                     gsize limit)
{
  char *tail;

  if (size == 0)
    return TRUE;
  if (limit > 0 && (buffer->size > limit || size > limit - buffer->size))
    return FALSE;

  tail = gsock_buffer_reserve (buffer, size);
  if (tail == NULL)
    return FALSE;

  memcpy (tail, data, size);
  buffer->size += size;
  return TRUE;
}

/**
 * gsock_buffer_reserve:
 * @buffer: a buffer
 * @size: bytes wanted, more than 0
 *
 * The room is valid until the next call on @buffer.  Always commit what was
 * put there, also when it is nothing: an empty buffer gives its storage back
 * then.
 *
 * Returns: (nullable): @size writable bytes after those queued
 */
char *
gsock_buffer_reserve (GsockBuffer *buffer, gsize size)
{
  g_return_val_if_fail (size > 0, NULL);

  if (size > tail_room (buffer) && !compact (buffer, size)
      && !grow (buffer, size))
    return NULL;

  return buffer->data + buffer->head + buffer->size;
}

/**
 * gsock_buffer_commit:
 * @buffer: a buffer
 * @size: how many bytes of the room reserved were filled
 */
void
gsock_buffer_commit (GsockBuffer *buffer, gsize size)
{
  g_return_if_fail (size <= tail_room (buffer));

  buffer->size += size;
  if (buffer->size == 0)
    gsock_buffer_clear (buffer);
}

/**
 * gsock_buffer_consume:
 * @buffer: a buffer
 * @size: how many bytes to forget, at most those queued
 *
 * What gsock_buffer_peek() gave before is not valid any more, except that a
 * consume of 0 changes nothing.
 */
void
gsock_buffer_consume (GsockBuffer *buffer, gsize size)
{
  g_return_if_fail (size <= buffer->size);

  if (size == 0)
    return;
  if (size == buffer->size)
    {
      gsock_buffer_clear (buffer);
      return;
    }

  buffer->head += size;
  buffer->size -= size;
}

/**
 * gsock_buffer_clear:
 * @buffer: a buffer
 *
 * Forgets everything and gives the storage back; @buffer can be used again.
 */
void
gsock_buffer_clear (GsockBuffer *buffer)
{
  g_free (buffer->data);
  *buffer = (GsockBuffer) { 0 };
}

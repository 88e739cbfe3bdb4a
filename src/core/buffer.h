/* buffer.h: a queue of bytes: append at the tail, peek and consume at the head
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Embedded in its owner and touched by the owner's thread alone.  All zero is
 * an empty buffer; one that becomes empty gives its storage back, so tens of
 * thousands of idle owners hold nothing. */
typedef struct
{
  char *data;
  gsize head; /* offset of the first byte */
  gsize size; /* bytes queued */
  gsize capacity;
} GsockBuffer;

/* FALSE (and nothing changed) when @limit (0: none) bytes would be exceeded
 * or memory is short. */
gboolean gsock_buffer_append (GsockBuffer *buffer, const void *data, gsize size,
                              gsize limit);

/* Room for @size bytes at the tail, to be filled in place and then
 * committed (0 too: it gives the room of an empty buffer back); NULL when
 * memory is short. */
char *gsock_buffer_reserve (GsockBuffer *buffer, gsize size);
void gsock_buffer_commit (GsockBuffer *buffer, gsize size);

/* The bytes queued, in one piece; may be NULL when there are none. */
static inline const char *
gsock_buffer_peek (const GsockBuffer *buffer, gsize *size)
{
  *size = buffer->size;
  /* NULL + 0 is undefined in C11. */
  return buffer->data != NULL ? buffer->data + buffer->head : NULL;
}

/* Forgets the first @size bytes; storage is freed when none are left. */
void gsock_buffer_consume (GsockBuffer *buffer, gsize size);

void gsock_buffer_clear (GsockBuffer *buffer);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GsockBuffer, gsock_buffer_clear)

G_END_DECLS

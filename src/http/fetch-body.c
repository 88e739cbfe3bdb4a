/* fetch-body.c: the bytes of an answer on their way to the sink
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "http/fetch-private.h"

/* Of coded bytes undone before the sink is looked at again. */
#define SLICE (4 * 1024)
/* Bodies that nobody wants are read to their end so that the connection can be
 * used again, but not for long. */
#define DISCARD_LIMIT (256 * 1024)

static gboolean
to_sink (const char *data, gsize size, gpointer user, GError **error)
{
  GsockFetch *fetch = user;

  /* Of a coding that makes much out of little there is no telling how much
   * comes: what has no room waits for its reader here. */
  if (gsock_sink_is_full (fetch->sink)
      && !gsock_decoder_is_plain (fetch->decoder)
      && !gsock_sink_flush (fetch->sink, error))
    return FALSE;
  if (fetch->checksum != NULL)
    g_checksum_update (fetch->checksum, (const guchar *) data, (gssize) size);
  if (!gsock_sink_write (fetch->sink, data, size, error))
    return FALSE;
  fetch->report.size += size;
  return TRUE;
}

gboolean
fetch_is_blocked (const GsockFetch *fetch)
{
  return !fetch->has_turn || gsock_sink_is_full (fetch->sink);
}

static gssize
push_decoded (GsockFetch *fetch, const char *data, gsize size, GError **error)
{
  gsize slice = gsock_decoder_is_plain (fetch->decoder) ? size : SLICE;
  gsize done = 0;

  while (done < size && !fetch_is_blocked (fetch))
    {
      gsize n = MIN (slice, size - done);

      if (!gsock_decoder_push (fetch->decoder, data + done, n, to_sink, fetch,
                               error))
        return -1;
      done += n;
    }
  return (gssize) done;
}

/* As much of @data as there is room for: how much that was, or -1.  What needs
 * neither decoding nor counting goes to its place in one piece. */
static gssize
push (GsockFetch *fetch, const char *data, gsize size, GError **error)
{
  if (gsock_decoder_is_plain (fetch->decoder) && fetch->options->max_size == 0)
    {
      if (fetch_is_blocked (fetch))
        return 0;
      return to_sink (data, size, fetch, error) ? (gssize) size : -1;
    }
  return push_decoded (fetch, data, size, error);
}

static void
hold (GsockFetch *fetch)
{
  if (fetch->holding || fetch->exchange == NULL)
    return;
  fetch->holding = TRUE;
  gsock_exchange_hold (fetch->exchange);
}

static void
release (GsockFetch *fetch)
{
  if (!fetch->holding)
    return;
  fetch->holding = FALSE;
  if (fetch->exchange != NULL)
    gsock_exchange_release (fetch->exchange);
}

void
fetch_write_heads (GsockFetch *fetch)
{
  g_autoptr (GError) error = NULL;
  GString *heads;

  if (fetch->heads == NULL || !fetch->has_turn
      || (fetch->fate != FETCH_BODY_SINK
          && gsock_sink_get_path (fetch->sink) != NULL))
    return;
  heads = g_steal_pointer (&fetch->heads);
  /* A failure is the next write's, or the end's. */
  (void) gsock_sink_write_head (fetch->sink, heads->str, heads->len, &error);
  g_string_free (heads, TRUE);
}

/* What waited goes on its way. */
void
fetch_drain (GsockFetch *fetch)
{
  g_autoptr (GError) error = NULL;
  gssize n = 0;

  fetch_write_heads (fetch);
  if (fetch->stash->len > 0)
    {
      g_autoptr (GByteArray) stash = g_steal_pointer (&fetch->stash);

      fetch->stash = g_byte_array_new ();
      n = push (fetch, (const char *) stash->data, stash->len, &error);
      if (n < 0)
        {
          fetch_fail (fetch, error);
          return;
        }
      g_byte_array_append (fetch->stash, stash->data + n,
                           stash->len - (guint) n);
    }
  if (fetch->stash->len > 0 || fetch_is_blocked (fetch))
    return;
  release (fetch);
  if (fetch->over)
    fetch_answer_over (fetch);
}

static void
count (GsockFetch *fetch, gsize size)
{
  fetch->report.received += size;
  fetch->window_received += size;
  fetch->arrived += size;
}

/* Of the part that a 206 has announced; else G_MAXUINT64. */
static guint64
bytes_to_come (const GsockFetch *fetch)
{
  if (fetch->part_size < 0)
    return G_MAXUINT64;
  return (guint64) fetch->part_size
         - MIN (fetch->arrived, (guint64) fetch->part_size);
}

/* What there is of it may be wrong too. */
static void
fail_part (GsockFetch *fetch)
{
  g_autoptr (GError) error = g_error_new_literal (
      GSOCK_ERROR, GSOCK_ERROR_FRAME_BAD,
      _ ("the body is longer than its Content-Range tells"));

  gsock_sink_spoil (fetch->sink);
  fetch_fail (fetch, error);
}

void
fetch_take_body (GsockExchange *exchange, const char *bytes, gsize size,
                 gpointer data)
{
  GsockFetch *fetch = data;
  g_autoptr (GError) error = NULL;
  gboolean too_long = size > bytes_to_come (fetch);
  gssize n = 0;

  count (fetch, size);
  if (too_long)
    {
      fail_part (fetch);
      return;
    }
  if (fetch->fate == FETCH_BODY_NONE && !fetch_begin_simple (fetch, &error))
    {
      fetch_fail (fetch, error);
      return;
    }
  if (fetch->fate == FETCH_BODY_DISCARD)
    {
      if (fetch->arrived > DISCARD_LIMIT)
        {
          gsock_exchange_cancel (exchange);
          fetch->exchange = NULL;
          fetch_answer_over (fetch);
        }
      return;
    }
  fetch_write_heads (fetch);
  if (fetch->stash->len == 0)
    n = push (fetch, bytes, size, &error);
  if (n < 0)
    {
      fetch_fail (fetch, error);
      return;
    }
  if ((gsize) n < size)
    g_byte_array_append (fetch->stash, (const guint8 *) bytes + n,
                         (guint) (size - (gsize) n));
  if (fetch->stash->len > 0 || fetch_is_blocked (fetch))
    hold (fetch);
}

/* Where all that is done with them is to put them somewhere, and count. */
static gboolean
may_move (const GsockFetch *fetch)
{
  return fetch->fate == FETCH_BODY_SINK && fetch->stash->len == 0
         && fetch->heads == NULL && fetch->checksum == NULL
         && fetch->options->max_size == 0
         && gsock_decoder_is_plain (fetch->decoder);
}

gssize
fetch_move_body (GsockExchange *exchange G_GNUC_UNUSED, int fd, gsize size,
                 gpointer data)
{
  GsockFetch *fetch = data;
  GsockWorker *worker = gsock_http_get_worker (fetch->http);
  g_autoptr (GError) error = NULL;
  gssize n = -1;

  errno = EINVAL;
  size = (gsize) MIN (size, bytes_to_come (fetch));
  if (!may_move (fetch) || size == 0)
    return -1;
  errno = EBUSY;
  if (!fetch_is_blocked (fetch))
    n = gsock_sink_take (fetch->sink, &worker->pipes, fd, size, &error);
  if (error != NULL)
    {
      fetch_fail (fetch, error);
      errno = EBUSY;
      return -1;
    }
  if (n > 0)
    {
      count (fetch, (gsize) n);
      fetch->report.size += (guint64) n;
    }
  else if (n < 0 && errno == EBUSY)
    {
      hold (fetch);
      errno = EBUSY;
    }
  return n;
}

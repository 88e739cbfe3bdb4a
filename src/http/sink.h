/* sink.h: where a body goes: standard output, or a file that appears when whole
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/output.h"
#include "core/splice.h"

G_BEGIN_DECLS

/* What a partial file is a part of; strings are its owner's. */
typedef struct
{
  char *url;       /* without user */
  char *validator; /* a strong ETag, or a Last-Modified; NULL: none */
  gint64 length;   /* of the whole; -1: not known */
} GsockSinkOrigin;

void gsock_sink_origin_clear (GsockSinkOrigin *origin);

typedef struct
{
  gboolean resume;   /* -c */
  gboolean keep_old; /* a file that is there is not replaced: -O */
} GsockSinkOptions;

/* Belongs to one thread. */
typedef struct _GsockSink GsockSink;

GsockSink *gsock_sink_new_output (GsockOutput *output);
GsockSink *gsock_sink_new_file (const char *path,
                                const GsockSinkOptions *options);
void gsock_sink_free (GsockSink *sink);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GsockSink, gsock_sink_free)

/* Before anything is asked: whether it can be written at all.  With resume,
 * what there is already is then told by the two below.  GSOCK_ERROR_OUTPUT,
 * GSOCK_ERROR_DENIED. */
gboolean gsock_sink_prepare (GsockSink *sink, GError **error);
/* Bytes of a part that is there, and what it is a part of; NULL: not known. */
guint64 gsock_sink_get_offset (const GsockSink *sink);
const GsockSinkOrigin *gsock_sink_get_origin (const GsockSink *sink);
/* The whole file stands at its place, as far as can be known. */
gboolean gsock_sink_is_there (const GsockSink *sink, guint64 *size);
gboolean gsock_sink_feed_there (GsockSink *sink, GChecksum *checksum,
                                GError **error);

/* A body begins: what there is of it is kept, or thrown away.  @origin
 * (borrowed) is written down beside it.  @checksum (may be NULL) is fed with
 * what is kept. */
gboolean gsock_sink_begin (GsockSink *sink, gboolean keep,
                           const GsockSinkOrigin *origin, GChecksum *checksum,
                           GError **error);
gboolean gsock_sink_write (GsockSink *sink, const char *data, gsize size,
                           GError **error);
/* Instead: moves up to @size bytes out of the socket @fd, as recv does, by the
 * kernel, through one of @pipes.  EAGAIN: it has none; EBUSY: full, or an
 * output that has failed; EINVAL: not this way; with @error:
 * GSOCK_ERROR_OUTPUT. */
gssize gsock_sink_take (GsockSink *sink, GsockPipes *pipes, int fd, gsize size,
                        GError **error);
/* A head, for people and programs to read before a body. */
gboolean gsock_sink_write_head (GsockSink *sink, const char *data, gsize size,
                                GError **error);
/* An output's reader is waited for. */
gboolean gsock_sink_flush (GsockSink *sink, GError **error);
/* Feed it no more until it isn't; only an output is ever full. */
gboolean gsock_sink_is_full (const GsockSink *sink);
/* All has come: it is synced, and put in its place. */
gboolean gsock_sink_commit (GsockSink *sink, GError **error);
/* What has come is wrong: nothing of it may be kept. */
void gsock_sink_spoil (GsockSink *sink);
/* It will not be whole.  What has come stays for a later -c if it has an origin
 * with a validator, else goes; as does nothing that hasn't been begun.  The
 * bytes that were kept. */
guint64 gsock_sink_abandon (GsockSink *sink);

/* Whether what has gone there can be taken back, or is lost to nobody. */
gboolean gsock_sink_can_restart (const GsockSink *sink);

/* Escaped, for messages: "f.part"; NULL: an output. */
const char *gsock_sink_get_part_name (const GsockSink *sink);
const char *gsock_sink_get_path (const GsockSink *sink); /* raw; NULL too */

G_END_DECLS

/* handler.h: what to do with the bytes: the contract every mode fulfils
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _GsockConnection GsockConnection;

/* All run in the connection's thread; every one but message may be NULL.  A
 * handler may close any connection, its own too, from any of them: none ends
 * before the next round of its context. */
typedef struct
{
  const char *name;  /* "echo" */
  const char *frame; /* the codec it has by default: "raw" */
  /* What it sends comes from elsewhere: one that fails is reset, so that no
   * peer takes half a stream for a whole one, and none is ended because it has
   * been quiet. */
  gboolean relays;
  /* What it starts for a client ends only with the client: not for datagrams,
   * whose senders have no end and can be forged. */
  gboolean needs_end;

  /* The stream is up and nothing has been read. */
  void (*opened) (GsockConnection *connection);
  /* One message (with a raw codec: what one read gave), borrowed. */
  void (*message) (GsockConnection *connection, const char *data, gsize size);
  /* In place of message, once reads are large and where gsock_connection_relay
   * was asked for (to nobody): moves up to @size bytes out of @fd, as recv does.
   * EAGAIN: @fd has nothing; EBUSY: not now, and the connection is held;
   * EINVAL: not this way. */
  gssize (*take) (GsockConnection *connection, int fd, gsize size);
  /* The peer half-closed; every message before it has been delivered.  NULL:
   * half-close ours too, once all is sent. */
  void (*ended) (GsockConnection *connection);
  /* After ended, and only where the kernel knows: the peer has closed its other
   * direction too, so that nothing we send would arrive.  NULL: ours ends. */
  void (*gone) (GsockConnection *connection);
  /* The out buffer fell under the low mark after having been full. */
  void (*relieved) (GsockConnection *connection);
  /* After gsock_connection_hand_over: @fd, non-blocking, is closed when this
   * returns, so whoever is to have it takes a copy. */
  void (*handed) (GsockConnection *connection, int fd);
  /* One that is kept has ended before (closed was called), and its owner wants
   * it gone: called each time it says so. */
  void (*cut) (GsockConnection *connection);
  /* Last call: the connection is about to be freed. @error NULL: cleanly. */
  void (*closed) (GsockConnection *connection, const GError *error);
} GsockHandler;

G_END_DECLS

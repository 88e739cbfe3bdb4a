/* attempt.h: one address being connected to: its socket, and what came of it
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/address.h"
#include "core/error.h"

G_BEGIN_DECLS

/* Belongs to the thread of its source.  Not begun, under way, connected
 * (@connected, and @fd is to be stolen) or failed (@reason). */
typedef struct
{
  GsockAddress address;
  int type;    /* SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET */
  guint index; /* of IPv4, the interface to a group; 0: the system's choice */
  const GsockAddress *from;
  GPtrArray *sockopts;
  GSource *source;
  int fd;       /* -1: not begun, or failed */
  gpointer tag; /* of the descriptor in the source, or NULL */
  gint64 again; /* when a full backlog is asked again; 0: it wasn't full */
  gint64 delay; /* until then */
  gboolean connected;
  GsockErrorCode code; /* with @reason */
  char *reason;        /* why it failed, a clause */
} GsockAttempt;

GsockAttempt *gsock_attempt_new (const GsockAddress *address, int type,
                                 const GsockAddress *from, GPtrArray *sockopts,
                                 GSource *source);
void gsock_attempt_free (GsockAttempt *attempt);

/* Both TRUE if it has been decided by this: connected, or failed.  The second
 * is for each dispatch of the source after that, and when @again is due. */
gboolean gsock_attempt_begin (GsockAttempt *attempt);
gboolean gsock_attempt_go_on (GsockAttempt *attempt, gint64 now);
/* After @timeout (microseconds): failed, unless it was already. */
void gsock_attempt_expire (GsockAttempt *attempt, gint64 timeout);

G_END_DECLS

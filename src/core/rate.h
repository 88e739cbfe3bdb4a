/* rate.h: a token bucket: so many bytes a second
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Embedded; belongs to its owner's thread.  All zero: no limit. */
typedef struct
{
  guint64 rate;     /* bytes a second; 0: no limit */
  gint64 tokens;    /* bytes that may go now; may be negative */
  gint64 filled;    /* monotonic microseconds */
  guint32 fraction; /* of a byte earned beside @tokens, in millionths */
} GsockRate;

void gsock_rate_init (GsockRate *rate, guint64 bytes_per_second, gint64 now);
/* How many of @wish bytes may go at @now; G_MAXSIZE-safe; 0: wait. The burst
 * is a tenth of a second's worth, at least 1; after a wait a quarter of it
 * goes at least, so that a stream is not cut into crumbs. */
gsize gsock_rate_allows (GsockRate *rate, gint64 now, gsize wish);
void gsock_rate_spend (GsockRate *rate, gsize bytes);
/* When something may go again (monotonic microseconds). */
gint64 gsock_rate_when (const GsockRate *rate, gint64 now);

G_END_DECLS

/* introduction.h: waits until a balancer has said for whom it has connected
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/carrier.h"
#include "core/proxy-header.h"
#include "core/worker.h"

G_BEGIN_DECLS

/* What of a header has not come after this never will: "at least 3 seconds to
 * cover a TCP retransmit". */
#define GSOCK_INTRODUCTION_TIMEOUT (3 * G_TIME_SPAN_SECOND)

/* Belongs to the thread of its worker. */
typedef struct _GsockIntroduction GsockIntroduction;

/* Called once: the next byte of @carrier is the client's, and it is the callee's
 * to steal; with @error it is of no class, and @header NULL. */
typedef void (*GsockIntroducedFunc) (GsockCarrier *carrier,
                                     const GsockProxyHeader *header,
                                     const GError *error, gpointer data);

/* Never calls @func before it returns, and frees itself after it.
 * GSOCK_ERROR_FRAME_BAD, _FRAME_TOO_BIG, _CUT, _RESET, _TIMED_OUT: said of the
 * balancer, a verb and what follows it. */
GsockIntroduction *gsock_introduction_start (GsockCarrier *carrier,
                                             GsockWorker *worker,
                                             GsockIntroducedFunc func,
                                             gpointer data);
/* Closes all and frees it; func is not called any more. */
void gsock_introduction_cancel (GsockIntroduction *introduction);

G_END_DECLS

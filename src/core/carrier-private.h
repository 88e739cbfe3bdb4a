/* carrier-private.h: what the carriers on a bare descriptor share
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/carrier.h"

G_BEGIN_DECLS

/* What a receive gave, where calls are told; errno is kept. */
void carrier_tell_received (GsockCarrier *carrier, const char *data, gsize size,
                            gssize n);
gssize carrier_plain_send (GsockCarrier *carrier, const char *data, gsize size,
                           GError **error);
int carrier_plain_shut (GsockCarrier *carrier);
void carrier_plain_close (GsockCarrier *carrier);

/* carrier-records.c: unix-seqpacket: a connection that keeps records. */
GsockCarrier carrier_seqpacket (int fd, gpointer owner, GDestroyNotify release);
/* A datagram socket of our own, connected to the one peer it talks to. */
GsockCarrier carrier_datagram (int fd);

G_END_DECLS

/* dgram-socket.h: what sockets that keep messages have of their own
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/address.h"
#include "core/call.h"

G_BEGIN_DECLS

/* A group that hosts join: 224.0.0.0/4, ff00::/8. */
gboolean gsock_address_is_multicast (const GsockAddress *address);
/* 127.0.0.0/8, ::1 and UNIX sockets: nobody else's packets get there. */
gboolean gsock_address_is_local (const GsockAddress *address);

/* 0.0.0.0 and [::]. */
gboolean gsock_address_is_any (const GsockAddress *address);

/* Bytes of the longest message that @fd of @family can send. */
gsize gsock_dgram_largest (int fd, int family);

/* For sending to, and receiving from, the group @address, by the interface of
 * its scope; @index: the one of IPv4, which has none in its address (0: the
 * system's choice).  GSOCK_ERROR_BIND. */
gboolean gsock_dgram_join (int fd, const GsockAddress *address, guint index,
                           const char *shown, GError **error);
gboolean gsock_dgram_send_by (int fd, const GsockAddress *address, guint index,
                              GError **error);

/* @call (recvfrom, recvmsg; sendto, sendmsg), where calls are told; errno is
 * kept.  @n: what it returned; @from: may be NULL. */
void gsock_dgram_tell_received (GsockCall call, int fd, const char *data,
                                gsize size, gssize n, const char *topic,
                                const GsockAddress *from);
void gsock_dgram_tell_sent (GsockCall call, int fd, const char *data,
                            gsize size, gssize n, const GsockAddress *to);

G_END_DECLS

/* peer.h: who is at the other end of a connection, in few bytes
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <sys/socket.h>
#include <sys/types.h>

#include <glib.h>

G_BEGIN_DECLS

/* Embedded in each connection.  An IPv4 address mapped into IPv6 (a dual-stack
 * listener) is stored as the IPv4 address it is. */
typedef struct
{
  guint8 family; /* AF_UNSPEC: unknown */
  guint8 type;   /* SOCK_STREAM...; 0: a stream */
  guint16 port;  /* host order */
  union
  {
    struct
    {
      guint8 address[16]; /* network order, 4 used for AF_INET */
      guint32 scope;
    } inet;
    struct
    {
      pid_t pid; /* -1 where the kernel told none */
      uid_t uid;
      gid_t gid;
    } local;
  };
} GsockPeer;

/* getpeername, and SO_PEERCRED for AF_UNIX. */
void gsock_peer_init_from_fd (GsockPeer *peer, int fd);
void gsock_peer_init_from_native (GsockPeer *peer,
                                  const struct sockaddr *address, gsize size);

/* "127.0.0.1:40322", "[fe80::1%eth0]:9", "pid 812 (uid 1000)". */
char *gsock_peer_to_display (const GsockPeer *peer);
/* "tcp:127.0.0.1:40322", "unix:". */
char *gsock_peer_to_string (const GsockPeer *peer);
/* The address alone, "127.0.0.1"; NULL for AF_UNIX. */
char *gsock_peer_host_to_string (const GsockPeer *peer);

/* For --max-per-host: hash and equality over the host (without port); AF_UNIX
 * counts by uid. */
guint gsock_peer_host_hash (gconstpointer peer);
gboolean gsock_peer_host_equal (gconstpointer a, gconstpointer b);

G_END_DECLS

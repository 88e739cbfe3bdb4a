/* test-peer.c: who is at the other end, from the kernel's own words
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/fd.h"
#include "core/peer.h"

static void
init_inet (GsockPeer *peer, const char *address, guint16 port)
{
  struct sockaddr_in native = { .sin_family = AF_INET };

  native.sin_port = htons (port);
  g_assert_cmpint (inet_pton (AF_INET, address, &native.sin_addr), ==, 1);
  gsock_peer_init_from_native (peer, (struct sockaddr *) &native,
                               sizeof native);
}

static void
init_inet6 (GsockPeer *peer, const char *address, guint16 port, guint scope)
{
  struct sockaddr_in6 native = { .sin6_family = AF_INET6 };

  native.sin6_port = htons (port);
  native.sin6_scope_id = scope;
  g_assert_cmpint (inet_pton (AF_INET6, address, &native.sin6_addr), ==, 1);
  gsock_peer_init_from_native (peer, (struct sockaddr *) &native,
                               sizeof native);
}

static void
assert_texts (const GsockPeer *peer, const char *display, const char *string,
              const char *host)
{
  g_autofree char *got_display = gsock_peer_to_display (peer);
  g_autofree char *got_string = gsock_peer_to_string (peer);
  g_autofree char *got_host = gsock_peer_host_to_string (peer);

  g_assert_cmpstr (got_display, ==, display);
  g_assert_cmpstr (got_string, ==, string);
  g_assert_cmpstr (got_host, ==, host);
}

static void
test_inet (void)
{
  GsockPeer peer;

  init_inet (&peer, "127.0.0.1", 40322);
  g_assert_cmpint (peer.family, ==, AF_INET);
  g_assert_cmpuint (peer.port, ==, 40322);
  assert_texts (&peer, "127.0.0.1:40322", "tcp:127.0.0.1:40322", "127.0.0.1");
}

static void
test_inet6 (void)
{
  GsockPeer peer;

  init_inet6 (&peer, "2001:DB8::1", 9, 0);
  g_assert_cmpint (peer.family, ==, AF_INET6);
  assert_texts (&peer, "[2001:db8::1]:9", "tcp:[2001:db8::1]:9", "2001:db8::1");
  init_inet6 (&peer, "fe80::1", 9, if_nametoindex ("lo"));
  assert_texts (&peer, "[fe80::1%lo]:9", "tcp:[fe80::1%lo]:9", "fe80::1%lo");
  init_inet6 (&peer, "fe80::1", 9, 999999);
  assert_texts (&peer, "[fe80::1%999999]:9", "tcp:[fe80::1%999999]:9",
                "fe80::1%999999");
}

static void
test_mapped (void)
{
  GsockPeer mapped, plain;

  init_inet6 (&mapped, "::ffff:10.1.2.3", 9, 0);
  init_inet (&plain, "10.1.2.3", 10);
  g_assert_cmpint (mapped.family, ==, AF_INET);
  assert_texts (&mapped, "10.1.2.3:9", "tcp:10.1.2.3:9", "10.1.2.3");
  g_assert_true (gsock_peer_host_equal (&mapped, &plain));
  g_assert_cmpuint (gsock_peer_host_hash (&mapped), ==,
                    gsock_peer_host_hash (&plain));
  /* "IPv4-compatible" is another thing, and long dead. */
  init_inet6 (&mapped, "::10.1.2.3", 9, 0);
  g_assert_cmpint (mapped.family, ==, AF_INET6);
}

static void
test_bad (void)
{
  struct sockaddr_storage native;
  static const int families[] = { AF_INET, AF_INET6, AF_NETLINK, AF_UNSPEC };
  GsockPeer peer;

  for (gsize i = 0; i < G_N_ELEMENTS (families); i++)
    for (gsize size = 0; size < sizeof (struct sockaddr_in); size++)
      {
        memset (&native, 0xff, sizeof native);
        native.ss_family = (sa_family_t) families[i];
        memset (&peer, 0xff, sizeof peer);
        gsock_peer_init_from_native (&peer, (struct sockaddr *) &native, size);
        g_assert_cmpint (peer.family, ==, AF_UNSPEC);
        assert_texts (&peer, "an unknown peer", "unknown:", NULL);
      }
}

/* A buffer of bytes is aligned to nothing. */
static void
test_unaligned (void)
{
  struct sockaddr_in native = { .sin_family = AF_INET, .sin_port = htons (7) };
  char bytes[1 + sizeof native];
  GsockPeer peer;

  memcpy (bytes + 1, &native, sizeof native);
  gsock_peer_init_from_native (&peer, (gconstpointer) (bytes + 1),
                               sizeof native);
  assert_texts (&peer, "0.0.0.0:7", "tcp:0.0.0.0:7", "0.0.0.0");
}

static void
test_local_native (void)
{
  struct sockaddr_un native = { .sun_family = AF_UNIX, .sun_path = "/run/x" };
  GsockPeer peer;

  gsock_peer_init_from_native (&peer, (struct sockaddr *) &native,
                               sizeof native.sun_family);
  g_assert_cmpint (peer.family, ==, AF_UNIX);
  g_assert_cmpint (peer.local.pid, ==, -1);
  g_assert_cmpuint (peer.local.uid, ==, (uid_t) -1);
  g_assert_cmpuint (peer.local.gid, ==, (gid_t) -1);
  assert_texts (&peer, "a process of this machine", "unix:", NULL);
}

static void
test_local_fd (void)
{
  int pair[2];
  g_autofree char *display = g_strdup_printf (
      "pid %ld (uid %lu)", (glong) getpid (), (gulong) geteuid ());
  GsockPeer peer;

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair),
                   ==, 0);
  for (int closed = 0; closed < 2; closed++)
    {
      gsock_peer_init_from_fd (&peer, pair[0]);
      g_assert_cmpint (peer.family, ==, AF_UNIX);
      g_assert_cmpint (peer.local.pid, ==, getpid ());
      g_assert_cmpuint (peer.local.uid, ==, geteuid ());
      g_assert_cmpuint (peer.local.gid, ==, getegid ());
      assert_texts (&peer, display, "unix:", NULL);
      /* Who left at once is known all the same. */
      if (closed == 0)
        gsock_fd_close (pair[1]);
    }
  gsock_fd_close (pair[0]);
}

static void
test_local_no_pid (void)
{
  GsockPeer peer = { .family = AF_UNIX };

  peer.local.pid = -1;
  peer.local.uid = 1000;
  assert_texts (&peer, "uid 1000", "unix:", NULL);
}

static int
listen_on (int family, struct sockaddr_storage *native, socklen_t *size)
{
  g_auto (GsockFd) fd = socket (family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int off = 0;

  memset (native, 0, sizeof *native);
  native->ss_family = (sa_family_t) family;
  *size = family == AF_INET ? sizeof (struct sockaddr_in)
                            : sizeof (struct sockaddr_in6);
  if (fd < 0)
    return -1;
  if (family == AF_INET6)
    setsockopt (fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  if (bind (fd, (struct sockaddr *) native, *size) != 0 || listen (fd, 1) != 0
      || getsockname (fd, (struct sockaddr *) native, size) != 0)
    return -1;
  return gsock_fd_steal (&fd);
}

/* An IPv4 client of a dual-stack listener, as both of its ends see it. */
static void
test_dual_stack (void)
{
  struct sockaddr_storage native;
  struct sockaddr_in target = { .sin_family = AF_INET };
  socklen_t size;
  g_auto (GsockFd) listener = listen_on (AF_INET6, &native, &size);
  g_auto (GsockFd) client = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_auto (GsockFd) accepted = -1;
  GsockPeer by_fd, by_native;

  if (listener < 0)
    {
      g_test_skip ("this machine has no IPv6");
      return;
    }
  target.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  target.sin_port = ((struct sockaddr_in6 *) &native)->sin6_port;
  g_assert_cmpint (connect (client, (struct sockaddr *) &target, sizeof target),
                   ==, 0);
  size = sizeof native;
  accepted = accept4 (listener, (struct sockaddr *) &native, &size,
                      SOCK_CLOEXEC);
  g_assert_cmpint (accepted, >=, 0);

  gsock_peer_init_from_fd (&by_fd, accepted);
  gsock_peer_init_from_native (&by_native, (struct sockaddr *) &native, size);
  g_assert_cmpint (by_fd.family, ==, AF_INET);
  g_assert_cmpmem (&by_fd, sizeof by_fd, &by_native, sizeof by_native);
  g_assert_cmpmem (by_fd.inet.address, 4, "\x7f\0\0\1", 4);
}

static void
test_not_connected (void)
{
  g_auto (GsockFd) fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  GsockPeer peer;

  gsock_peer_init_from_fd (&peer, fd);
  g_assert_cmpint (peer.family, ==, AF_UNSPEC);
  gsock_peer_init_from_fd (&peer, -1);
  g_assert_cmpint (peer.family, ==, AF_UNSPEC);
}

static void
test_equal (void)
{
  GsockPeer a, b;

  init_inet (&a, "10.0.0.1", 1);
  init_inet (&b, "10.0.0.2", 1);
  g_assert_false (gsock_peer_host_equal (&a, &b));
  init_inet6 (&a, "fe80::1", 1, 2);
  init_inet6 (&b, "fe80::1", 2, 2);
  g_assert_true (gsock_peer_host_equal (&a, &b));
  g_assert_cmpuint (gsock_peer_host_hash (&a), ==, gsock_peer_host_hash (&b));
  init_inet6 (&b, "fe80::1", 2, 3);
  g_assert_false (gsock_peer_host_equal (&a, &b));
  /* The same bytes in another family are another host. */
  init_inet6 (&a, "a00:1::", 1, 0);
  init_inet (&b, "10.0.0.1", 1);
  g_assert_false (gsock_peer_host_equal (&a, &b));
}

static void
test_equal_local (void)
{
  GsockPeer a = { .family = AF_UNIX }, b = { .family = AF_UNIX };

  a.local.uid = b.local.uid = 1000;
  a.local.pid = 1;
  b.local.pid = 2;
  g_assert_true (gsock_peer_host_equal (&a, &b));
  g_assert_cmpuint (gsock_peer_host_hash (&a), ==, gsock_peer_host_hash (&b));
  b.local.uid = 1001;
  g_assert_false (gsock_peer_host_equal (&a, &b));
}

static void
test_hash_spreads (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *text = g_strdup_printf ("10.0.%u.%u", i / 250, i % 250);
      GsockPeer peer;

      init_inet (&peer, text, 1);
      g_hash_table_add (seen, GUINT_TO_POINTER (gsock_peer_host_hash (&peer)));
    }
  g_assert_cmpuint (g_hash_table_size (seen), >, 990);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/peer/inet", test_inet);
  g_test_add_func ("/peer/inet6", test_inet6);
  g_test_add_func ("/peer/mapped", test_mapped);
  g_test_add_func ("/peer/bad", test_bad);
  g_test_add_func ("/peer/unaligned", test_unaligned);
  g_test_add_func ("/peer/local/native", test_local_native);
  g_test_add_func ("/peer/local/fd", test_local_fd);
  g_test_add_func ("/peer/local/no-pid", test_local_no_pid);
  g_test_add_func ("/peer/dual-stack", test_dual_stack);
  g_test_add_func ("/peer/not-connected", test_not_connected);
  g_test_add_func ("/peer/equal", test_equal);
  g_test_add_func ("/peer/equal-local", test_equal_local);
  g_test_add_func ("/peer/hash-spreads", test_hash_spreads);
  return g_test_run ();
}

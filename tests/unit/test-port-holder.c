/* test-port-holder.c: tests core/port-holder.c
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <glib.h>

#include "core/fd.h"
#include "core/port-holder.h"

static GsockFd
bound (int family, gboolean listens, guint16 *port)
{
  struct sockaddr_in6 any6 = { .sin6_family = AF_INET6,
                               .sin6_addr = IN6ADDR_LOOPBACK_INIT };
  struct sockaddr_in any4 = { .sin_family = AF_INET };
  gpointer native = family == AF_INET ? (gpointer) &any4 : (gpointer) &any6;
  socklen_t size = family == AF_INET ? sizeof any4 : sizeof any6;
  GsockFd fd = socket (family, SOCK_STREAM | SOCK_CLOEXEC, 0);

  any4.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  if (fd < 0 || bind (fd, native, size) != 0)
    {
      gsock_fd_clear (&fd);
      return -1;
    }
  if (listens)
    g_assert_cmpint (listen (fd, 1), ==, 0);
  g_assert_cmpint (getsockname (fd, native, &size), ==, 0);
  *port = ntohs (family == AF_INET ? any4.sin_port : any6.sin6_port);
  return fd;
}

static void
test_found (gconstpointer family)
{
  guint16 port = 0;
  g_auto (GsockFd) fd = bound (GPOINTER_TO_INT (family), TRUE, &port);
  GsockPortHolder holder;

  if (fd < 0)
    {
      g_test_skip ("no such family here");
      return;
    }
  g_assert_true (gsock_port_holder_find (&holder, port));
  g_assert_cmpint (holder.pid, ==, getpid ());
  g_assert_cmpuint (holder.name[0], !=, 0);
}

static void
test_nobody (void)
{
  guint16 port = 0;
  g_auto (GsockFd) fd = bound (AF_INET, FALSE, &port);
  GsockPortHolder holder;

  /* Bound, but nobody listens on it. */
  g_assert_cmpint (fd, >=, 0);
  g_assert_false (gsock_port_holder_find (&holder, port));
  g_assert_cmpint (holder.pid, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/port-holder/ipv4", GINT_TO_POINTER (AF_INET),
                        test_found);
  g_test_add_data_func ("/port-holder/ipv6", GINT_TO_POINTER (AF_INET6),
                        test_found);
  g_test_add_func ("/port-holder/nobody", test_nobody);
  return g_test_run ();
}

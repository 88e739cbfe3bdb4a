/* test-sockopt.c: socket options parsed, set on real sockets, and told
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>

#include "core/error.h"
#include "core/fd.h"
#include "core/log.h"
#include "core/sockopt.h"

static const char *const good[] = {
  "keepalive",
  "keepalive=1",
  "keepalive=2",
  "keepalive=0",
  "keepalive=2m,10s,6",
  "keepalive=30s",
  "keepalive=30,5",
  "keepalive=32767,32767,127",
  "nodelay",
  "nodelay=0",
  "reuseport",
  "tos=0",
  "tos=0x10",
  "tos=255",
  "ttl=1",
  "ttl=255",
  "rcvbuf=64K",
  "sndbuf=1",
  "device=lo",
  "device=a23456789012345",
  "freebind",
  "mark=0",
  "mark=0xffffffff",
};

static const char *const bad[] = {
  "",
  "=",
  "keepaliv",
  "keepalives",
  "KEEPALIVE",
  "nodelay ",
  "linger",
  "keepalive=",
  "keepalive=,",
  "keepalive=0,1,1",
  "keepalive=-1s",
  "keepalive=32768",
  "keepalive=1s,1s,128",
  "keepalive=1s,1s,0",
  "keepalive=1s,1s,1s",
  "keepalive=1s,1s,1,1",
  "keepalive=1s,,1",
  "nodelay=",
  "nodelay=2",
  "nodelay=yes",
  "reuseport=on",
  "tos",
  "tos=",
  "tos=256",
  "tos=-1",
  "tos=0x",
  "tos=0x100",
  "ttl=0",
  "ttl=256",
  "ttl=x",
  "rcvbuf",
  "rcvbuf=0",
  "rcvbuf=1T",
  "sndbuf=64Q",
  "device",
  "device=",
  "device=a234567890123456",
  "freebind=x",
  "mark",
  "mark=4294967296",
};

static gboolean
is_good (const char *text, GError **error)
{
  GsockSockopt *option = gsock_sockopt_parse (text, error);

  gsock_sockopt_free (option);
  return option != NULL;
}

static void
test_parse (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (is_good (good[i], &error));
      g_assert_no_error (error);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("'%s'", bad[i]);
      g_assert_false (is_good (bad[i], &error));
      g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
      g_assert_null (strchr (error->message, '\n'));
    }
  gsock_sockopt_free (NULL);
}

static void
test_lists (void)
{
  static const char *const names[] = { "keepalive[=IDLE,INTERVAL,COUNT]",
                                       "nodelay",
                                       "reuseport",
                                       "tos=",
                                       "ttl=",
                                       "rcvbuf=",
                                       "sndbuf=",
                                       "device=",
                                       "freebind",
                                       "mark=" };
  g_autoptr (GError) error = NULL;

  g_assert_false (is_good ("colour=red", &error));
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_nonnull (strstr (error->message, names[i]));
  g_assert_nonnull (strstr (error->message, "colour=red"));
}

/* Setting */

static gboolean
apply (const char *text, int fd, int family, GError **error)
{
  g_autoptr (GPtrArray) options = g_ptr_array_new_with_free_func (
      (GDestroyNotify) gsock_sockopt_free);
  GsockSockopt *option = gsock_sockopt_parse (text, error);

  if (option == NULL)
    return FALSE;
  g_ptr_array_add (options, option);
  return gsock_sockopt_apply (options, fd, family, error);
}

typedef struct
{
  const char *text;
  int family;
  int type;
  int level;
  int option;
  int expected;
} Case;

static const Case cases[] = {
  { "keepalive", AF_INET, SOCK_STREAM, SOL_SOCKET, SO_KEEPALIVE, 1 },
  { "keepalive=0", AF_INET, SOCK_STREAM, SOL_SOCKET, SO_KEEPALIVE, 0 },
  { "keepalive=2m,10s,6", AF_INET, SOCK_STREAM, SOL_SOCKET, SO_KEEPALIVE, 1 },
  { "keepalive=2m,10s,6", AF_INET, SOCK_STREAM, IPPROTO_TCP, TCP_KEEPIDLE,
    120 },
  { "keepalive=2m,10s,6", AF_INET6, SOCK_STREAM, IPPROTO_TCP, TCP_KEEPINTVL,
    10 },
  { "keepalive=2m,10s,6", AF_INET, SOCK_STREAM, IPPROTO_TCP, TCP_KEEPCNT, 6 },
  { "keepalive=1500ms", AF_INET, SOCK_STREAM, IPPROTO_TCP, TCP_KEEPIDLE, 2 },
  { "keepalive=10ms", AF_INET, SOCK_STREAM, IPPROTO_TCP, TCP_KEEPIDLE, 1 },
  { "keepalive", AF_INET, SOCK_DGRAM, SOL_SOCKET, SO_KEEPALIVE, 0 },
  { "keepalive", AF_UNIX, SOCK_STREAM, SOL_SOCKET, SO_KEEPALIVE, 0 },
  { "nodelay", AF_INET, SOCK_STREAM, IPPROTO_TCP, TCP_NODELAY, 1 },
  { "nodelay", AF_INET6, SOCK_STREAM, IPPROTO_TCP, TCP_NODELAY, 1 },
  { "nodelay=0", AF_INET, SOCK_STREAM, IPPROTO_TCP, TCP_NODELAY, 0 },
  { "nodelay", AF_UNIX, SOCK_STREAM, SOL_SOCKET, SO_TYPE, SOCK_STREAM },
  { "nodelay", AF_INET, SOCK_DGRAM, SOL_SOCKET, SO_TYPE, SOCK_DGRAM },
  { "reuseport", AF_INET, SOCK_STREAM, SOL_SOCKET, SO_REUSEPORT, 1 },
  { "reuseport", AF_INET, SOCK_DGRAM, SOL_SOCKET, SO_REUSEPORT, 1 },
  { "reuseport", AF_UNIX, SOCK_STREAM, SOL_SOCKET, SO_REUSEPORT, 0 },
  { "tos=0x10", AF_INET, SOCK_STREAM, IPPROTO_IP, IP_TOS, 0x10 },
  { "tos=16", AF_INET6, SOCK_STREAM, IPPROTO_IPV6, IPV6_TCLASS, 16 },
  { "tos=16", AF_INET6, SOCK_STREAM, IPPROTO_IP, IP_TOS, 16 },
  { "ttl=3", AF_INET, SOCK_DGRAM, IPPROTO_IP, IP_TTL, 3 },
  { "ttl=3", AF_INET6, SOCK_STREAM, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 3 },
  { "ttl=3", AF_INET6, SOCK_STREAM, IPPROTO_IP, IP_TTL, 3 },
  { "ttl=3", AF_UNIX, SOCK_STREAM, SOL_SOCKET, SO_TYPE, SOCK_STREAM },
  /* The kernel keeps twice what one asks for. */
  { "rcvbuf=16K", AF_INET, SOCK_STREAM, SOL_SOCKET, SO_RCVBUF, 32768 },
  { "sndbuf=16K", AF_UNIX, SOCK_STREAM, SOL_SOCKET, SO_SNDBUF, 32768 },
  { "freebind", AF_INET, SOCK_STREAM, IPPROTO_IP, IP_FREEBIND, 1 },
  { "freebind", AF_INET6, SOCK_STREAM, IPPROTO_IPV6, IPV6_FREEBIND, 1 },
  { "mark=7", AF_UNIX, SOCK_STREAM, SOL_SOCKET, SO_MARK, 0 },
};

static void
test_apply (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *c = &cases[i];
      g_autoptr (GError) error = NULL;
      g_auto (GsockFd) fd = socket (c->family, c->type | SOCK_CLOEXEC, 0);
      int value = -1;
      socklen_t size = sizeof value;

      if (fd < 0 && errno == EAFNOSUPPORT)
        continue;
      g_assert_cmpint (fd, >=, 0);
      apply (c->text, fd, c->family, &error);
      g_assert_no_error (error);
      g_assert_cmpint (getsockopt (fd, c->level, c->option, &value, &size), ==,
                       0);
      g_test_message ("%s on family %d", c->text, c->family);
      g_assert_cmpint (value, ==, c->expected);
    }
  g_assert_true (gsock_sockopt_apply (NULL, -1, AF_INET, NULL));
}

static void
test_error (void)
{
  g_auto (GsockFd) fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) other = NULL;

  g_assert_false (apply ("device=gsock-none0", fd, AF_INET, &error));
  g_assert_true (g_error_matches (error, GSOCK_ERROR, GSOCK_ERROR_FAILED)
                 || g_error_matches (error, GSOCK_ERROR, GSOCK_ERROR_DENIED));
  g_assert_nonnull (strstr (error->message, "'device=gsock-none0'"));
  g_assert_nonnull (strstr (error->message, "SO_BINDTODEVICE"));

  g_assert_false (gsock_sockopt_set_int (fd, SOL_SOCKET, "SOL_SOCKET", 9999,
                                         "SO_NONE", 1, &other));
  g_assert_error (other, GSOCK_ERROR, GSOCK_ERROR_FAILED);
  g_assert_nonnull (strstr (other->message, "SO_NONE"));
  g_assert_true (gsock_sockopt_set_int (fd, SOL_SOCKET, "SOL_SOCKET",
                                        SO_REUSEADDR, "SO_REUSEADDR", 1, NULL));
}

/* As somebody who is not root: 0 if it is refused as it should be. */
static int
mark_unprivileged (void)
{
  g_autoptr (GError) error = NULL;
  int fd = socket (AF_INET, SOCK_STREAM, 0);

  const int mark = 5;

  if (setsockopt (fd, SOL_SOCKET, SO_MARK, &mark, sizeof mark) < 0
      && errno == ENOPROTOOPT)
    return 77; /* qemu's user emulation knows no marks */
  if (geteuid () == 0 && setresuid (65534, 65534, 65534) < 0)
    return 77;
  if (apply ("mark=5", fd, AF_INET, &error))
    return 1;
  if (!g_error_matches (error, GSOCK_ERROR, GSOCK_ERROR_DENIED))
    return 2;
  if (strstr (error->message, "'mark=5'") == NULL
      || strstr (error->message, "CAP_NET_ADMIN") == NULL)
    return 3;
  return gsock_error_exit_status (error) == GSOCK_EXIT_DENIED ? 0 : 4;
}

static void
test_denied (void)
{
  pid_t child = fork ();
  int status;

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    _exit (mark_unprivileged ());
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  if (WEXITSTATUS (status) == 77)
    g_test_skip ("no other user, or no marks here");
  else
    g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

/* Telling */

static void
sink_cb (const char *text, gsize size, gpointer data)
{
  g_string_append_len (data, text, (gssize) size);
}

static void
test_explained (void)
{
  static const char *const expected[] = {
    "SOL_SOCKET, SO_KEEPALIVE, 1) = 0", "IPPROTO_TCP, TCP_KEEPIDLE, 30)",
    "IPPROTO_TCP, TCP_KEEPINTVL, 5)", "SOL_SOCKET, SO_MARK, 4294967295)",
    "SOL_SOCKET, SO_BINDTODEVICE, \"gsock-none0\") = -1 E"
  };
  g_autoptr (GString) told = g_string_new (NULL);
  g_auto (GsockFd) fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_autofree char *call = g_strdup_printf ("setsockopt (%d, ", fd);

  gsock_log_setup (&(const GsockLogOptions) { .explain = TRUE });
  gsock_log_set_sink (sink_cb, told);
  (void) apply ("keepalive=30s,5s", fd, AF_INET, NULL);
  (void) apply ("mark=0xffffffff", fd, AF_INET, NULL);
  (void) apply ("device=gsock-none0", fd, AF_INET, NULL);
  gsock_log_set_sink (NULL, NULL);
  gsock_log_setup (&(const GsockLogOptions) { 0 });

  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autofree char *whole = g_strconcat (call, expected[i], NULL);

      g_assert_nonnull (strstr (told->str, whole));
    }
  g_assert_null (strstr (told->str, "TCP_KEEPCNT, "));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sockopt/parse", test_parse);
  g_test_add_func ("/sockopt/lists", test_lists);
  g_test_add_func ("/sockopt/apply", test_apply);
  g_test_add_func ("/sockopt/error", test_error);
  g_test_add_func ("/sockopt/denied", test_denied);
  g_test_add_func ("/sockopt/explained", test_explained);
  return g_test_run ();
}

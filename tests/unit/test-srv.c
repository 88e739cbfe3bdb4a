/* test-srv.c: tests core/srv.c: answers taken apart, their order, the hosts
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/address.h"
#include "core/connect.h"
#include "core/error.h"
#include "core/srv.h"

/* --- The message --------------------------------------------------------- */

/* About "_x._tcp.d": two records of type SRV, and an alias between them. */
static GByteArray *
message (void)
{
  GByteArray *bytes = g_byte_array_new ();
  const guint8 head[] = "\0\1\x81\x80\0\1\0\3\0\0\0\0"
                        "\2_x\4_tcp\1d\0\0\x21\0\1";
  const guint8 one[] = "\xc0\x0c\0\x21\0\1\0\0\0\x3c\0\x0a"
                       "\0\x0a\0\5\0\x50\1a\xc0\x14";
  const guint8 alias[] = "\xc0\x0c\0\5\0\1\0\0\0\x3c\0\2\xc0\x0c";
  const guint8 two[] = "\xc0\x0c\0\x21\0\1\0\0\0\x3c\0\7\0\0\xff\xff\1\xbb\0";

  g_byte_array_append (bytes, head, sizeof head - 1);
  g_byte_array_append (bytes, one, sizeof one - 1);
  g_byte_array_append (bytes, alias, sizeof alias - 1);
  g_byte_array_append (bytes, two, sizeof two - 1);
  return bytes;
}

static void
test_parse (void)
{
  g_autoptr (GByteArray) bytes = message ();
  g_autoptr (GPtrArray) hosts = gsock_srv_parse (bytes->data, bytes->len);
  const GsockSrvHost *host;

  g_assert_nonnull (hosts);
  g_assert_cmpuint (hosts->len, ==, 2);
  host = g_ptr_array_index (hosts, 0);
  g_assert_cmpuint (host->priority, ==, 10);
  g_assert_cmpuint (host->weight, ==, 5);
  g_assert_cmpuint (host->port, ==, 80);
  g_assert_cmpstr (host->host, ==, "a.d");
  host = g_ptr_array_index (hosts, 1);
  g_assert_cmpuint (host->weight, ==, 0xffff);
  g_assert_cmpuint (host->port, ==, 443);
  g_assert_cmpstr (host->host, ==, "");
}

/* Every beginning of it, in memory of that size; and a name that points at
 * itself. */
static void
test_broken (void)
{
  g_autoptr (GByteArray) bytes = message ();

  for (guint size = 0; size < bytes->len; size++)
    {
      g_autofree guint8 *part = g_memdup2 (bytes->data, size);

      g_assert_null (gsock_srv_parse (part, size));
    }
  bytes->data[45] = 0xc0;
  bytes->data[46] = 45;
  g_assert_null (gsock_srv_parse (bytes->data, bytes->len));
}

/* --- The order ----------------------------------------------------------- */

static guint lots[8], next_lot, asked[8];

static guint
draw (guint most)
{
  asked[next_lot] = most;
  return lots[next_lot++];
}

static GPtrArray *
hosts_of (const guint (*rows)[2], guint n)
{
  GPtrArray *hosts = g_ptr_array_new_with_free_func (
      (GDestroyNotify) gsock_srv_host_free);

  for (guint i = 0; i < n; i++)
    {
      const char name[] = { (char) ('a' + i), '\0' };

      g_ptr_array_add (hosts,
                       gsock_srv_host_new ((guint16) rows[i][0],
                                           (guint16) rows[i][1], 1, name));
    }
  return hosts;
}

static char *
names_of (const GPtrArray *hosts)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < hosts->len; i++)
    g_string_append (names,
                     ((GsockSrvHost *) g_ptr_array_index (hosts, i))->host);
  return g_string_free (names, FALSE);
}

static void
test_order (void)
{
  static const guint rows[][2] = {
    { 20, 9 }, { 10, 30 }, { 10, 0 }, { 10, 70 }, { 5, 1 }
  };
  static const struct
  {
    guint lots[5];
    const char *names;
  } cases[] = {
    { { 0, 0, 0, 0, 0 }, "ecbda" },    { { 1, 1, 1, 1, 1 }, "ebdca" },
    { { 0, 30, 1, 0, 0 }, "ebdca" },   { { 0, 31, 0, 0, 0 }, "edcba" },
    { { 1, 100, 30, 0, 9 }, "edbca" }, { { 0, 0, 100, 70, 0 }, "ecdba" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) hosts = hosts_of (rows, G_N_ELEMENTS (rows));
      g_autofree char *names = NULL;

      memcpy (lots, cases[i].lots, sizeof cases[i].lots);
      next_lot = 0;
      gsock_srv_order (hosts, draw);
      names = names_of (hosts);
      g_assert_cmpstr (names, ==, cases[i].names);
      g_assert_cmpuint (asked[0], ==, 1);
      g_assert_cmpuint (asked[1], ==, 100);
    }
}

/* --- The hosts ----------------------------------------------------------- */

typedef struct
{
  int fd;
  GError *error;
  gboolean called;
} Outcome;

static guint16 open_port, shut_port;
static gboolean all_shut;

static gboolean
answer_cb (gpointer data)
{
  GPtrArray *hosts = g_ptr_array_new_with_free_func (
      (GDestroyNotify) gsock_srv_host_free);

  g_assert_cmpstr (gsock_srv_get_name (data), ==, "_x._tcp.d.test");
  g_ptr_array_add (
      hosts,
      gsock_srv_host_new (2, 0, all_shut ? shut_port : open_port, "127.0.0.1"));
  g_ptr_array_add (hosts, gsock_srv_host_new (1, 0, shut_port, "127.0.0.1."));
  g_ptr_array_add (hosts, gsock_srv_host_new (0, 0, 0, "no port"));
  gsock_srv_answer (data, hosts, NULL);
  return G_SOURCE_REMOVE;
}

static gboolean
asker (GsockSrv *srv)
{
  g_idle_add (answer_cb, srv);
  return TRUE;
}

static void
outcome_cb (int fd, const GError *error, gpointer data)
{
  Outcome *outcome = data;

  outcome->fd = fd;
  outcome->error = error != NULL ? g_error_copy (error) : NULL;
  outcome->called = TRUE;
}

/* A socket of 127.0.0.1; one that doesn't listen refuses, and keeps its port. */
static int
bind_one (gboolean listens, guint16 *port)
{
  GsockAddress address = { .size = sizeof address.storage };
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const struct sockaddr_in any = {
    .sin_family = AF_INET, .sin_addr.s_addr = g_htonl (INADDR_LOOPBACK)
  };

  g_assert_cmpint (bind (fd, (const struct sockaddr *) &any, sizeof any), ==,
                   0);
  if (listens)
    g_assert_cmpint (listen (fd, 1), ==, 0);
  g_assert_cmpint (getsockname (fd, &address.any, &address.size), ==, 0);
  *port = g_ntohs (address.inet.sin_port);
  return fd;
}

static void
test_hosts (void)
{
  const GsockConnectOptions options = { .family = AF_UNSPEC,
                                        .timeout = 60 * G_TIME_SPAN_SECOND };
  g_autoptr (GsockEndpoint) endpoint = gsock_endpoint_parse (
      "srv:_X._tcp.D.test", GSOCK_ENDPOINT_FOR_CLIENT, NULL);
  int listener = bind_one (TRUE, &open_port);
  int shut = bind_one (FALSE, &shut_port);

  gsock_srv_set_asker (asker);
  for (guint i = 0; i < 2; i++)
    {
      Outcome outcome = { .fd = -1 };

      all_shut = i == 1;
      gsock_connect_start (endpoint, &options, NULL, outcome_cb, &outcome);
      while (!outcome.called)
        g_main_context_iteration (NULL, TRUE);
      g_assert_cmpint (outcome.fd >= 0, ==, !all_shut);
      if (all_shut)
        {
          g_assert_error (outcome.error, GSOCK_ERROR, GSOCK_ERROR_CONNECT);
          g_assert_nonnull (strstr (outcome.error->message, "No host of "));
        }
      g_clear_error (&outcome.error);
      if (outcome.fd >= 0)
        close (outcome.fd);
    }
  gsock_srv_set_asker (NULL);
  close (listener);
  close (shut);
}

static void
test_cancel (void)
{
  const GsockConnectOptions options = { .family = AF_UNSPEC };
  g_autoptr (GsockEndpoint) endpoint = gsock_endpoint_parse (
      "srv:_x._tcp.d.test", GSOCK_ENDPOINT_FOR_CLIENT, NULL);
  Outcome outcome = { .fd = -1 };
  GsockConnect *connect;

  gsock_srv_set_asker (asker);
  connect = gsock_connect_start (endpoint, &options, NULL, outcome_cb,
                                 &outcome);
  /* Once for the question, and not again for the answer. */
  g_main_context_iteration (NULL, FALSE);
  gsock_connect_cancel (connect);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_false (outcome.called);
  gsock_srv_set_asker (NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/srv/parse", test_parse);
  g_test_add_func ("/srv/broken", test_broken);
  g_test_add_func ("/srv/order", test_order);
  g_test_add_func ("/srv/hosts", test_hosts);
  g_test_add_func ("/srv/cancel", test_cancel);
  return g_test_run ();
}

/* test-client.c: clients that connect, converse, and connect again
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <gio/gio.h>
#include <glib-unix.h>
#include <glib/gstdio.h>

#include "core/client.h"
#include "core/error.h"
#include "core/fd.h"
#include "core/gio.h"
#include "core/log.h"

/* Of each test; far over what it takes. */
#define PATIENCE_SECONDS 20

/* --- A server of a few lines, in the same loop --------------------------- */

typedef enum
{
  PEER_ECHOES,   /* until the client ends, then ends too */
  PEER_HANGS_UP, /* when something has come */
  PEER_RESETS,   /* when something has come */
  PEER_ABANDONS, /* hangs up, and listens no more */
} PeerManner;

typedef struct
{
  int fd;
  guint16 port;
  guint source;
  PeerManner manner;
  guint accepted;
  guint ended;       /* conversations that are over */
  GString *received; /* of all, each one ended by '|' */
} Peer;

typedef struct
{
  Peer *peer;
  int fd;
} Visitor;

static void
peer_stop_listening (Peer *peer)
{
  if (peer->source != 0)
    g_source_remove (peer->source);
  peer->source = 0;
  if (peer->fd >= 0)
    gsock_fd_close (peer->fd);
  peer->fd = -1;
}

static gboolean
visitor_end (Visitor *visitor)
{
  const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };
  Peer *peer = visitor->peer;

  if (peer->manner == PEER_RESETS)
    g_assert_no_errno (setsockopt (visitor->fd, SOL_SOCKET, SO_LINGER, &at_once,
                                   sizeof at_once));
  gsock_fd_close (visitor->fd);
  g_string_append_c (peer->received, '|');
  peer->ended++;
  if (peer->manner == PEER_ABANDONS)
    peer_stop_listening (peer);
  return G_SOURCE_REMOVE;
}

static gboolean
visitor_cb (int fd, GIOCondition condition G_GNUC_UNUSED, gpointer data)
{
  Visitor *visitor = data;
  char bytes[256];
  gssize n = recv (fd, bytes, sizeof bytes, 0);

  if (n <= 0)
    return visitor_end (visitor);
  g_string_append_len (visitor->peer->received, bytes, n);
  if (visitor->peer->manner != PEER_ECHOES)
    return visitor_end (visitor);
  g_assert_cmpint (send (fd, bytes, (gsize) n, MSG_NOSIGNAL), ==, n);
  return G_SOURCE_CONTINUE;
}

static gboolean
accept_cb (int fd, GIOCondition condition G_GNUC_UNUSED, gpointer data)
{
  Peer *peer = data;
  Visitor *visitor = g_new (Visitor, 1);

  visitor->peer = peer;
  visitor->fd = accept (fd, NULL, NULL);
  g_assert_cmpint (visitor->fd, >=, 0);
  peer->accepted++;
  g_unix_fd_add_full (G_PRIORITY_DEFAULT, visitor->fd, G_IO_IN, visitor_cb,
                      visitor, g_free);
  return G_SOURCE_CONTINUE;
}

/* Bound to 127.0.0.1, not listening: whoever calls is refused. */
static void
peer_init (Peer *peer, PeerManner manner)
{
  struct sockaddr_in address = { .sin_family = AF_INET };
  socklen_t size = sizeof address;

  memset (peer, 0, sizeof *peer);
  peer->manner = manner;
  peer->received = g_string_new (NULL);
  peer->fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  address.sin_addr.s_addr = g_htonl (INADDR_LOOPBACK);
  g_assert_no_errno (bind (peer->fd, (struct sockaddr *) &address, size));
  g_assert_no_errno (
      getsockname (peer->fd, (struct sockaddr *) &address, &size));
  peer->port = g_ntohs (address.sin_port);
}

static void
peer_listen (Peer *peer)
{
  g_assert_no_errno (listen (peer->fd, 16));
  peer->source = g_unix_fd_add (peer->fd, G_IO_IN, accept_cb, peer);
}

static void
peer_clear (Peer *peer)
{
  peer_stop_listening (peer);
  g_string_free (peer->received, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Peer, peer_clear)

/* --- Events -------------------------------------------------------------- */

static GString *events; /* JSON lines */
static guint retries;   /* "retrying" events so far */
static void (*retrying) (gpointer data);
static gpointer retrying_data;

static void
sink_cb (const char *text, gsize size, gpointer data G_GNUC_UNUSED)
{
  g_autofree char *line = g_strndup (text, size);

  g_string_append (events, line);
  if (strstr (line, "\"event\":\"retrying\"") == NULL)
    return;
  retries++;
  if (retrying != NULL)
    retrying (retrying_data);
}

/* How long the client said it would wait, each time; seconds. */
static GArray *
get_waits (void)
{
  GArray *waits = g_array_new (FALSE, FALSE, sizeof (double));
  g_auto (GStrv) lines = g_strsplit (events->str, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *seconds = strstr (lines[i], "\"seconds\":");
      double wait;

      if (strstr (lines[i], "\"event\":\"retrying\"") == NULL)
        continue;
      g_assert_nonnull (seconds);
      wait = g_ascii_strtod (seconds + strlen ("\"seconds\":"), NULL);
      g_array_append_val (waits, wait);
    }
  return waits;
}

static void
assert_waits (const double *expected, guint n)
{
  g_autoptr (GArray) waits = get_waits ();

  g_assert_cmpuint (waits->len, ==, n);
  for (guint i = 0; i < n; i++)
    {
      double wait = g_array_index (waits, double, i);

      g_assert_cmpfloat (wait, >=, expected[i] * 0.749);
      g_assert_cmpfloat (wait, <=, expected[i] * 1.251);
    }
}

static guint
count_events (const char *name)
{
  g_autofree char *part = g_strdup_printf ("\"event\":\"%s\"", name);
  guint n = 0;

  for (const char *rest = events->str; (rest = strstr (rest, part)) != NULL;
       rest += strlen (part))
    n++;
  return n;
}

/* --- The client under test ----------------------------------------------- */

/* What the handler is to do, and what it saw. */
typedef struct
{
  GsockClient *client;
  const char *say;  /* when opened */
  guint finish_at;  /* which connection is the last; 0: none */
  gboolean end;     /* half-close once said */
  gboolean close;   /* at once, when opened */
  const char *stop; /* at the first message, with this error; "": none */
  GsockErrorCode stop_code;
  guint opened;
  guint closed;
  GString *heard;
} Talk;

static void
opened_cb (GsockConnection *connection)
{
  Talk *talk = gsock_connection_get_handler_data (connection);

  talk->opened++;
  g_assert_true (gsock_client_get_connection (talk->client) == connection);
  if (talk->finish_at == talk->opened)
    gsock_client_finish (talk->client);
  if (talk->say != NULL)
    g_assert_true (gsock_connection_send (connection, talk->say,
                                          strlen (talk->say), NULL));
  if (talk->end)
    gsock_connection_end (connection);
  if (talk->close)
    gsock_connection_close (connection, NULL);
}

static void
message_cb (GsockConnection *connection, const char *data, gsize size)
{
  Talk *talk = gsock_connection_get_handler_data (connection);
  g_autoptr (GError) error = NULL;

  g_string_append_len (talk->heard, data, (gssize) size);
  if (talk->stop == NULL)
    return;
  if (talk->stop[0] != '\0')
    error = g_error_new_literal (GSOCK_ERROR, (int) talk->stop_code,
                                 talk->stop);
  gsock_client_stop (talk->client, error);
}

static void
closed_cb (GsockConnection *connection, const GError *error G_GNUC_UNUSED)
{
  Talk *talk = gsock_connection_get_handler_data (connection);

  talk->closed++;
}

static const GsockHandler handler = { .name = "test",
                                      .frame = "raw",
                                      .opened = opened_cb,
                                      .message = message_cb,
                                      .closed = closed_cb };

/* A test's client and all it needs. */
typedef struct
{
  Talk talk;
  GsockEndpoint *remote;
  GsockClientConfig config;
  guint patience;
} Fixture;

static gboolean
out_of_patience_cb (gpointer data G_GNUC_UNUSED)
{
  g_error ("this test waits for something that doesn't come");
  return G_SOURCE_REMOVE;
}

static void
fixture_init_text (Fixture *fixture, const char *text)
{
  const GsockLogOptions options = { .program = "test",
                                    .verbosity = 1,
                                    .json = TRUE };

  memset (fixture, 0, sizeof *fixture);
  fixture->talk.heard = g_string_new (NULL);
  fixture->remote = gsock_endpoint_parse (text, GSOCK_ENDPOINT_FOR_CLIENT,
                                          NULL);
  g_assert_nonnull (fixture->remote);
  fixture->config.remote = fixture->remote;
  fixture->config.connection.handler = &handler;
  fixture->config.connection.handler_data = &fixture->talk;
  fixture->config.connection.codec = gsock_codec_find ("raw", NULL);
  fixture->config.connection.max_message = 1024;
  fixture->patience = g_timeout_add_seconds (PATIENCE_SECONDS,
                                             out_of_patience_cb, NULL);
  events = g_string_new (NULL);
  retries = 0;
  retrying = NULL;
  gsock_log_setup (&options);
  gsock_log_set_sink (sink_cb, NULL);
}

static void
fixture_init (Fixture *fixture, const Peer *peer)
{
  g_autofree char *text = g_strdup_printf ("127.0.0.1:%u", peer->port);

  fixture_init_text (fixture, text);
}

static void
fixture_clear (Fixture *fixture)
{
  const GsockLogOptions quiet = { .program = "test", .verbosity = -1 };

  gsock_log_setup (&quiet);
  g_string_free (g_steal_pointer (&events), TRUE);
  g_source_remove (fixture->patience);
  gsock_endpoint_unref (fixture->remote);
  g_string_free (fixture->talk.heard, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static GsockClient *
make_client (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture->talk.client = gsock_client_new (&fixture->config, &error);
  g_assert_no_error (error);
  g_assert_null (gsock_client_get_connection (fixture->talk.client));
  return fixture->talk.client;
}

/* Until the server has seen @n conversations end. */
static void
wait_for_end (Peer *peer, guint n)
{
  while (peer->ended < n)
    g_main_context_iteration (NULL, TRUE);
}

/* --- Conversing ---------------------------------------------------------- */

static void
test_converse (void)
{
  g_auto (Peer) peer = { 0 };
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GsockClient) client = NULL;
  g_autoptr (GError) error = NULL;

  peer_init (&peer, PEER_ECHOES);
  peer_listen (&peer);
  fixture_init (&fixture, &peer);
  fixture.talk.say = "hola";
  fixture.talk.end = TRUE;
  client = make_client (&fixture);

  g_assert_true (gsock_client_run (client, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (fixture.talk.heard->str, ==, "hola");
  g_assert_cmpuint (fixture.talk.opened, ==, 1);
  g_assert_cmpuint (fixture.talk.closed, ==, 1);
  g_assert_null (gsock_client_get_connection (client));
  g_assert_cmpuint (gsock_client_get_stats (client)->count, ==, 1);
  g_assert_cmpuint (gsock_client_get_stats (client)->active, ==, 0);
  g_assert_cmpuint (gsock_client_get_stats (client)->in, ==, 4);
  g_assert_cmpuint (gsock_client_get_stats (client)->out, ==, 4);
  g_assert_cmpuint (count_events ("connected"), ==, 1);
  g_assert_cmpuint (count_events ("closed"), ==, 1);
  g_assert_nonnull (strstr (events->str, "\"local\":\"tcp:127.0.0.1:"));
}

static void
test_reset (void)
{
  g_auto (Peer) peer = { 0 };
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GsockClient) client = NULL;
  g_autoptr (GError) error = NULL;

  peer_init (&peer, PEER_RESETS);
  peer_listen (&peer);
  fixture_init (&fixture, &peer);
  fixture.talk.say = "hola";
  client = make_client (&fixture);

  g_assert_false (gsock_client_run (client, &error));
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_RESET);
  g_assert_cmpuint (retries, ==, 0);
}

static void
test_close_when_opened (void)
{
  g_auto (Peer) peer = { 0 };
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GsockClient) client = NULL;
  g_autoptr (GError) error = NULL;

  peer_init (&peer, PEER_ECHOES);
  peer_listen (&peer);
  fixture_init (&fixture, &peer);
  fixture.talk.close = TRUE;
  client = make_client (&fixture);

  g_assert_true (gsock_client_run (client, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (fixture.talk.closed, ==, 1);
  g_assert_null (gsock_client_get_connection (client));
  wait_for_end (&peer, 1);
}

/* --- Retrying ------------------------------------------------------------ */

static void
test_no_retry (void)
{
  g_auto (Peer) peer = { 0 };
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GsockClient) client = NULL;
  g_autoptr (GError) error = NULL;

  peer_init (&peer, PEER_ECHOES);
  fixture_init (&fixture, &peer);
  fixture.config.reconnect = TRUE; /* means nothing before the first link */
  client = make_client (&fixture);

  g_assert_false (gsock_client_run (client, &error));
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_CONNECT);
  g_assert_cmpuint (retries, ==, 0);
  g_assert_cmpuint (fixture.talk.opened, ==, 0);
}

static void
test_retries (void)
{
  const double waits[] = { 0.2, 0.4 };
  g_auto (Peer) peer = { 0 };
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GsockClient) client = NULL;
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();

  peer_init (&peer, PEER_ECHOES);
  fixture_init (&fixture, &peer);
  fixture.config.retries = 2;
  client = make_client (&fixture);

  g_assert_false (gsock_client_run (client, &error));
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_CONNECT);
  assert_waits (waits, 2);
  g_assert_cmpint (g_get_monotonic_time () - start, >=,
                   450 * G_TIME_SPAN_MILLISECOND);
}

static void
listen_now (gpointer data)
{
  Peer *peer = data;

  if (peer->source == 0)
    peer_listen (peer);
}

static void
test_retry_succeeds (void)
{
  g_auto (Peer) peer = { 0 };
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GsockClient) client = NULL;
  g_autoptr (GError) error = NULL;

  peer_init (&peer, PEER_ECHOES);
  fixture_init (&fixture, &peer);
  fixture.config.retries = -1;
  fixture.talk.say = "hola";
  fixture.talk.end = TRUE;
  retrying = listen_now;
  retrying_data = &peer;
  client = make_client (&fixture);

  g_assert_true (gsock_client_run (client, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (retries, ==, 1);
  g_assert_cmpstr (fixture.talk.heard->str, ==, "hola");
}

/* What can't be cured by waiting is told at once. */
static void
test_hopeless (void)
{
  g_auto (Peer) peer = { 0 };
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GsockClient) client = NULL;
  g_autoptr (GError) error = NULL;

  peer_init (&peer, PEER_ECHOES);
  fixture_init (&fixture, &peer);
  fixture.config.retries = -1;
  fixture.config.dial.connect.family = AF_INET6;
  client = make_client (&fixture);

  g_assert_false (gsock_client_run (client, &error));
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
  g_assert_cmpuint (retries, ==, 0);
}

/* --- Checking ------------------------------------------------------------ */

static void
test_check (void)
{
  g_auto (Peer) peer = { 0 };
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GBytes) preamble = g_bytes_new_static ("P", 1);
  g_autoptr (GsockClient) client = NULL;
  g_autoptr (GError) error = NULL;

  peer_init (&peer, PEER_ECHOES);
  peer_listen (&peer);
  fixture_init (&fixture, &peer);
  fixture.config.check = TRUE;
  fixture.config.preamble = preamble;
  client = make_client (&fixture);

  g_assert_true (gsock_client_run (client, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (fixture.talk.opened, ==, 0);
  g_assert_cmpuint (count_events ("connected"), ==, 1);
  wait_for_end (&peer, 1);
  g_assert_cmpstr (peer.received->str, ==, "|");
}

static void
test_check_refused (void)
{
  g_auto (Peer) peer = { 0 };
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GsockClient) client = NULL;
  g_autoptr (GError) error = NULL;

  peer_init (&peer, PEER_ECHOES);
  fixture_init (&fixture, &peer);
  fixture.config.check = TRUE;
  client = make_client (&fixture);

  g_assert_false (gsock_client_run (client, &error));
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_CONNECT);
}

/* --- Connecting again ---------------------------------------------------- */

/* The preamble comes first each time, and the third link is the last.  A
 * server that hangs up on everybody is asked less and less often. */
static void
check_reconnect (PeerManner manner, gboolean clean)
{
  const double waits[] = { 0.2, 0.4 };
  g_auto (Peer) peer = { 0 };
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GBytes) preamble = g_bytes_new_static ("PRE ", 4);
  g_autoptr (GsockClient) client = NULL;
  g_autoptr (GError) error = NULL;

  peer_init (&peer, manner);
  peer_listen (&peer);
  fixture_init (&fixture, &peer);
  fixture.config.reconnect = TRUE;
  fixture.config.preamble = preamble;
  fixture.talk.say = "hola";
  fixture.talk.finish_at = 3;
  client = make_client (&fixture);

  g_assert_cmpint (gsock_client_run (client, &error), ==, clean);
  if (!clean)
    g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_RESET);
  assert_waits (waits, 2);
  g_assert_cmpuint (fixture.talk.opened, ==, 3);
  g_assert_cmpuint (fixture.talk.closed, ==, 3);
  g_assert_cmpuint (peer.accepted, ==, 3);
  g_assert_cmpuint (gsock_client_get_stats (client)->count, ==, 3);
  /* One read may have found the preamble alone: what came is a beginning. */
  g_assert_true (g_str_has_prefix (peer.received->str, "PRE "));
  g_assert_nonnull (strstr (peer.received->str, "|PRE "));
}

static void
test_reconnect (void)
{
  check_reconnect (PEER_HANGS_UP, TRUE);
}

static void
test_reconnect_reset (void)
{
  check_reconnect (PEER_RESETS, FALSE);
}

static void
test_preamble_order (void)
{
  g_auto (Peer) peer = { 0 };
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GBytes) preamble = g_bytes_new_static ("PRE ", 4);
  g_autoptr (GsockClient) client = NULL;

  peer_init (&peer, PEER_ECHOES);
  peer_listen (&peer);
  fixture_init (&fixture, &peer);
  fixture.config.preamble = preamble;
  fixture.talk.say = "hola";
  fixture.talk.end = TRUE;
  client = make_client (&fixture);

  g_assert_true (gsock_client_run (client, NULL));
  g_assert_cmpstr (peer.received->str, ==, "PRE hola|");
}

/* --retry is for the beginning: a link that was up once is sought for ever,
 * until the handler has no more to say. */
static void
finish_at_third (gpointer data)
{
  Fixture *fixture = data;

  if (retries == 3)
    gsock_client_finish (fixture->talk.client);
}

static gboolean
finish_later_cb (gpointer data)
{
  finish_at_third (data);
  return G_SOURCE_REMOVE;
}

static void
finish_at_third_later (gpointer data)
{
  if (retries == 3)
    g_idle_add (finish_later_cb, data);
}

static void
test_finish_while_waiting (void)
{
  g_auto (Peer) peer = { 0 };
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GsockClient) client = NULL;
  g_autoptr (GError) error = NULL;

  peer_init (&peer, PEER_ABANDONS);
  peer_listen (&peer);
  fixture_init (&fixture, &peer);
  fixture.config.reconnect = TRUE;
  fixture.talk.say = "hola";
  retrying = finish_at_third_later;
  retrying_data = &fixture;
  client = make_client (&fixture);

  g_assert_false (gsock_client_run (client, &error));
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_CONNECT);
  g_assert_cmpuint (retries, ==, 3);
  g_assert_cmpuint (fixture.talk.opened, ==, 1);
}

static gboolean
finish_cb (gpointer data)
{
  gsock_client_finish (data);
  return G_SOURCE_REMOVE;
}

static void
finish_soon (gpointer data)
{
  g_idle_add (finish_cb, ((Fixture *) data)->talk.client);
}

/* The link had ended cleanly, so nothing was lost. */
static void
test_finish_after_clean_end (void)
{
  g_auto (Peer) peer = { 0 };
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GsockClient) client = NULL;
  g_autoptr (GError) error = NULL;

  peer_init (&peer, PEER_ABANDONS);
  peer_listen (&peer);
  fixture_init (&fixture, &peer);
  fixture.config.reconnect = TRUE;
  fixture.talk.say = "hola";
  retrying = finish_soon;
  retrying_data = &fixture;
  client = make_client (&fixture);

  g_assert_true (gsock_client_run (client, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (retries, ==, 1);
}

/* --- Stopping ------------------------------------------------------------ */

static void
check_stop (const char *why)
{
  g_auto (Peer) peer = { 0 };
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GsockClient) client = NULL;
  g_autoptr (GError) error = NULL;

  peer_init (&peer, PEER_ECHOES);
  peer_listen (&peer);
  fixture_init (&fixture, &peer);
  fixture.config.reconnect = TRUE;
  fixture.talk.say = "hola";
  fixture.talk.stop = why;
  fixture.talk.stop_code = GSOCK_ERROR_LIMIT;
  client = make_client (&fixture);

  g_assert_cmpint (gsock_client_run (client, &error), ==, why[0] == '\0');
  if (why[0] != '\0')
    {
      g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_LIMIT);
      g_assert_cmpstr (error->message, ==, why);
    }
  g_assert_cmpuint (fixture.talk.closed, ==, 1);
  g_assert_cmpuint (retries, ==, 0);
  wait_for_end (&peer, 1);
}

static void
test_stop (void)
{
  check_stop ("");
  check_stop ("enough");
}

static gboolean
stop_cb (gpointer data)
{
  gsock_client_stop (data, NULL);
  return G_SOURCE_REMOVE;
}

static void
stop_soon (gpointer data)
{
  g_idle_add (stop_cb, ((Fixture *) data)->talk.client);
}

/* By somebody who is in no call from the connection. */
static gboolean
stop_when_opened_cb (gpointer data)
{
  Talk *talk = data;

  if (talk->opened == 0)
    return G_SOURCE_CONTINUE;
  gsock_client_stop (talk->client, NULL);
  return G_SOURCE_REMOVE;
}

static void
test_stop_from_outside (void)
{
  g_auto (Peer) peer = { 0 };
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GsockClient) client = NULL;
  g_autoptr (GError) error = NULL;

  peer_init (&peer, PEER_ECHOES);
  peer_listen (&peer);
  fixture_init (&fixture, &peer);
  client = make_client (&fixture);
  g_idle_add (stop_when_opened_cb, &fixture.talk);

  g_assert_true (gsock_client_run (client, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (fixture.talk.closed, ==, 1);
  g_assert_null (gsock_client_get_connection (client));
  wait_for_end (&peer, 1);
}

static void
test_stop_while_waiting (void)
{
  g_auto (Peer) peer = { 0 };
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GsockClient) client = NULL;
  g_autoptr (GError) error = NULL;

  peer_init (&peer, PEER_ECHOES);
  fixture_init (&fixture, &peer);
  fixture.config.retries = -1;
  retrying = stop_soon;
  retrying_data = &fixture;
  client = make_client (&fixture);

  g_assert_true (gsock_client_run (client, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (retries, ==, 1);
}

/* A server that has no room: the connect is still under way. */
static void
test_stop_while_connecting (void)
{
  g_auto (Peer) peer = { 0 };
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GsockClient) client = NULL;
  g_autoptr (GError) error = NULL;
  struct sockaddr_in address = { .sin_family = AF_INET };
  int fillers[3];

  peer_init (&peer, PEER_ECHOES);
  g_assert_no_errno (listen (peer.fd, 0));
  address.sin_addr.s_addr = g_htonl (INADDR_LOOPBACK);
  address.sin_port = g_htons (peer.port);
  for (guint i = 0; i < G_N_ELEMENTS (fillers); i++)
    {
      fillers[i] = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
                           0);
      (void) connect (fillers[i], (struct sockaddr *) &address, sizeof address);
    }
  fixture_init (&fixture, &peer);
  client = make_client (&fixture);
  g_timeout_add (30, stop_cb, client);

  g_assert_true (gsock_client_run (client, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (fixture.talk.opened, ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (fillers); i++)
    gsock_fd_close (fillers[i]);
}

static void
test_stop_before_run (void)
{
  g_auto (Peer) peer = { 0 };
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GsockClient) client = NULL;

  peer_init (&peer, PEER_ECHOES);
  peer_listen (&peer);
  fixture_init (&fixture, &peer);
  client = make_client (&fixture);
  gsock_client_stop (client, NULL);

  g_assert_true (gsock_client_run (client, NULL));
  g_assert_cmpuint (peer.accepted, ==, 0);
}

/* --- Other matters ------------------------------------------------------- */

static void
test_context (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_auto (Peer) peer = { 0 };
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GsockClient) client = NULL;
  g_autoptr (GsockClient) other = NULL;
  g_autoptr (GError) error = NULL;

  peer_init (&peer, PEER_ECHOES);
  fixture_init (&fixture, &peer);
  client = make_client (&fixture);
  g_assert_true (gsock_client_get_context (client)
                 == g_main_context_default ());

  g_main_context_push_thread_default (context);
  other = make_client (&fixture);
  g_assert_true (gsock_client_get_context (other) == context);
  g_assert_false (gsock_client_run (other, &error));
  g_main_context_pop_thread_default (context);
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_CONNECT);
}

static void
test_unix (void)
{
  g_autofree char *directory = g_dir_make_tmp ("gsock-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "s", NULL);
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  g_auto (Fixture) fixture = { 0 };
  g_auto (Peer) peer = { 0 };
  g_autoptr (GsockClient) client = NULL;
  g_autoptr (GError) error = NULL;

  peer_init (&peer, PEER_ECHOES);
  gsock_fd_close (peer.fd);
  peer.fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  g_assert_no_errno (
      bind (peer.fd, (struct sockaddr *) &address, sizeof address));
  peer_listen (&peer);
  fixture_init_text (&fixture, path);
  fixture.talk.say = "hola";
  fixture.talk.end = TRUE;
  client = make_client (&fixture);

  g_assert_true (gsock_client_run (client, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (fixture.talk.heard->str, ==, "hola");
  g_assert_nonnull (strstr (events->str, "\"remote\":\"unix:/"));
  g_assert_no_errno (g_unlink (path));
  g_assert_no_errno (g_rmdir (directory));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  gsock_use_gio ();
  g_test_add_func ("/client/converse", test_converse);
  g_test_add_func ("/client/reset", test_reset);
  g_test_add_func ("/client/close-when-opened", test_close_when_opened);
  g_test_add_func ("/client/retry/none", test_no_retry);
  g_test_add_func ("/client/retry/counted", test_retries);
  g_test_add_func ("/client/retry/succeeds", test_retry_succeeds);
  g_test_add_func ("/client/retry/hopeless", test_hopeless);
  g_test_add_func ("/client/check", test_check);
  g_test_add_func ("/client/check/refused", test_check_refused);
  g_test_add_func ("/client/reconnect", test_reconnect);
  g_test_add_func ("/client/reconnect/reset", test_reconnect_reset);
  g_test_add_func ("/client/preamble", test_preamble_order);
  g_test_add_func ("/client/finish/waiting", test_finish_while_waiting);
  g_test_add_func ("/client/finish/clean", test_finish_after_clean_end);
  g_test_add_func ("/client/stop", test_stop);
  g_test_add_func ("/client/stop/from-outside", test_stop_from_outside);
  g_test_add_func ("/client/stop/waiting", test_stop_while_waiting);
  g_test_add_func ("/client/stop/connecting", test_stop_while_connecting);
  g_test_add_func ("/client/stop/before-run", test_stop_before_run);
  g_test_add_func ("/client/context", test_context);
  g_test_add_func ("/client/unix", test_unix);
  return g_test_run ();
}

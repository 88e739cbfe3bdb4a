/* test-dns-client.c: questions on their way, by UDP and streams
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Of client.c, udp.c and stream.c. */

#include "config.h"

#include <glib.h>

#include "../lib/dns-peer.h"
#include "core/error.h"
#include "dns/client.h"

#define SECOND G_USEC_PER_SEC

typedef struct
{
  GMainContext *context;
  GsockWorker *worker;
  GPtrArray *peers;   /* (element-type DnsPeer) */
  GPtrArray *servers; /* (element-type GsockDnsServer) */
  GsockDns *dns;
} Scene;

typedef struct
{
  guint told;
  GError *error;
  GByteArray *bytes; /* of the answer */
  char *server;
  GsockDnsVia via;
} Outcome;

static void
add_server (Scene *scene, const char *text)
{
  g_autoptr (GError) error = NULL;
  GsockDnsServer *server = gsock_dns_server_parse (text, &error);

  g_assert_no_error (error);
  g_ptr_array_add (scene->servers, server);
}

static DnsPeer *
add_peer (Scene *scene, const char *scheme)
{
  DnsPeer *peer = dns_peer_new (scene->context);
  g_autofree char *text = g_strdup_printf ("%s127.0.0.1:%u", scheme,
                                           peer->port);

  g_ptr_array_add (scene->peers, peer);
  add_server (scene, text);
  return peer;
}

static void
set_up (Scene *scene)
{
  g_autoptr (GError) error = NULL;

  scene->context = g_main_context_new ();
  scene->worker = gsock_worker_new (scene->context, &error);
  g_assert_no_error (error);
  scene->peers = g_ptr_array_new_with_free_func (
      (GDestroyNotify) dns_peer_free);
  scene->servers = g_ptr_array_new_with_free_func (
      (GDestroyNotify) gsock_dns_server_free);
  scene->dns = NULL;
}

/* With the servers that are there. */
static void
start (Scene *scene, gint64 timeout, guint attempts)
{
  const GsockDnsConfig config = { .servers = scene->servers,
                                  .timeout = timeout,
                                  .attempts = attempts,
                                  .window = 64 };

  scene->dns = gsock_dns_new (&config, scene->worker);
}

static void
tear_down (Scene *scene)
{
  gsock_dns_free (scene->dns);
  g_ptr_array_unref (scene->servers);
  g_ptr_array_unref (scene->peers);
  gsock_worker_free (scene->worker);
  g_main_context_unref (scene->context);
}

static void
outcome_clear (Outcome *outcome)
{
  g_clear_error (&outcome->error);
  g_clear_pointer (&outcome->bytes, g_byte_array_unref);
  g_clear_pointer (&outcome->server, g_free);
}

static void
answered_cb (const GsockDnsReply *reply, const GError *error, gpointer data)
{
  Outcome *outcome = data;

  outcome->told++;
  if (error != NULL)
    {
      outcome->error = g_error_copy (error);
      return;
    }
  outcome->bytes = g_byte_array_new ();
  g_byte_array_append (outcome->bytes, reply->data, (guint) reply->size);
  outcome->server = g_strdup (reply->server->text);
  outcome->via = reply->via;
}

static GsockDnsQuery *
ask (Scene *scene, const char *name, Outcome *outcome)
{
  GsockDnsQuestion question;

  g_assert_true (gsock_dns_question_init (&question, name, GSOCK_DNS_A, NULL));
  return gsock_dns_ask (scene->dns, &question,
                        GSOCK_DNS_RECURSE | GSOCK_DNS_EDNS, answered_cb,
                        outcome);
}

static void
wait_for (Scene *scene, const Outcome *outcome)
{
  while (outcome->told == 0)
    g_main_context_iteration (scene->context, TRUE);
}

static void
ask_and_wait (Scene *scene, const char *name, Outcome *outcome)
{
  outcome_clear (outcome);
  outcome->told = 0;
  ask (scene, name, outcome);
  g_assert_cmpuint (outcome->told, ==, 0);
  wait_for (scene, outcome);
}

static guint8
rcode_of (const Outcome *outcome)
{
  g_assert_no_error (outcome->error);
  return outcome->bytes->data[3] & 15;
}

/* One server, one question each. */
static void
test_answers (void)
{
  static const struct
  {
    const char *scheme;
    const char *name;
    guint8 rcode;
    GsockDnsVia via;
    guint by_udp, by_tcp;
  } rows[] = {
    { "", "good.test", 0, GSOCK_DNS_UDP, 1, 0 },
    { "", "none.test", 3, GSOCK_DNS_UDP, 1, 0 },
    { "", "fail.test", 2, GSOCK_DNS_UDP, 1, 0 },
    { "", "lossy.test", 0, GSOCK_DNS_UDP, 2, 0 },
    { "", "old.test", 0, GSOCK_DNS_UDP, 2, 0 },
    { "", "forged.test", 0, GSOCK_DNS_UDP, 1, 0 },
    { "", "cut.test", 0, GSOCK_DNS_TCP, 1, 1 },
    { "", "shy.test", 0, GSOCK_DNS_TCP, 1, 2 },
    { "tcp://", "good.test", 0, GSOCK_DNS_TCP, 0, 1 },
    { "tcp://", "old.test", 0, GSOCK_DNS_TCP, 0, 2 },
    { "tcp://", "shy.test", 0, GSOCK_DNS_TCP, 0, 2 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Scene scene;
      Outcome outcome = { 0 };
      const DnsPeer *peer;

      g_test_message ("%s%s", rows[i].scheme, rows[i].name);
      set_up (&scene);
      peer = add_peer (&scene, rows[i].scheme);
      start (&scene, 20 * SECOND, 3);
      ask_and_wait (&scene, rows[i].name, &outcome);
      g_assert_cmpuint (rcode_of (&outcome), ==, rows[i].rcode);
      g_assert_cmpint (outcome.via, ==, rows[i].via);
      /* More where this process had to wait for its turn. */
      g_assert_cmpuint (peer->by_udp, >=, rows[i].by_udp);
      g_assert_cmpuint (peer->by_tcp, ==, rows[i].by_tcp);
      outcome_clear (&outcome);
      tear_down (&scene);
    }
}

static void
test_failures (void)
{
  static const struct
  {
    const char *scheme;
    const char *name;
    gint64 timeout;
    int code;
    const char *words;
  } rows[] = {
    { "", "silent.test", SECOND / 20, GSOCK_ERROR_TIMED_OUT,
      "No answer came from udp://127.0.0.1:" },
    { "", "closing.test", 20 * SECOND, GSOCK_ERROR_CUT,
      "closed the connection without an answer" },
    { "tcp://", "closing.test", 20 * SECOND, GSOCK_ERROR_CUT,
      "closed the connection without an answer" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Scene scene;
      Outcome outcome = { 0 };

      g_test_message ("%s%s", rows[i].scheme, rows[i].name);
      set_up (&scene);
      add_peer (&scene, rows[i].scheme);
      start (&scene, rows[i].timeout, 1);
      ask_and_wait (&scene, rows[i].name, &outcome);
      g_assert_error (outcome.error, GSOCK_ERROR, rows[i].code);
      g_assert_nonnull (strstr (outcome.error->message, rows[i].words));
      outcome_clear (&outcome);
      tear_down (&scene);
    }
}

/* Ports that are taken, and where nobody listens: a datagram socket that is
 * connected hears nobody else. */
typedef struct
{
  int udp, tcp;
  guint16 port;
} Nobody;

static Nobody
nobody_new (void)
{
  GMainContext *context = g_main_context_new ();
  DnsPeer *peer = dns_peer_new (context);
  struct sockaddr_in address = { .sin_family = AF_INET };
  Nobody nobody = { dup (peer->udp), -1, peer->port };

  address.sin_addr.s_addr = g_htonl (INADDR_LOOPBACK);
  address.sin_port = g_htons (1);
  g_assert_cmpint (
      connect (nobody.udp, (struct sockaddr *) &address, sizeof address), ==,
      0);
  dns_peer_free (peer);
  g_main_context_unref (context);
  address.sin_port = g_htons (nobody.port);
  nobody.tcp = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  /* Whoever has it, listens for something else. */
  (void) !bind (nobody.tcp, (struct sockaddr *) &address, sizeof address);
  return nobody;
}

static void
nobody_free (Nobody nobody)
{
  close (nobody.udp);
  close (nobody.tcp);
}

static void
test_nobody (void)
{
  static const char *const schemes[] = { "", "tcp://" };

  for (gsize i = 0; i < G_N_ELEMENTS (schemes); i++)
    {
      Nobody nobody = nobody_new ();
      g_autofree char *text = g_strdup_printf ("%s127.0.0.1:%u", schemes[i],
                                               nobody.port);
      Scene scene;
      Outcome outcome = { 0 };

      set_up (&scene);
      add_server (&scene, text);
      start (&scene, 20 * SECOND, 2);
      ask_and_wait (&scene, "good.test", &outcome);
      g_assert_error (outcome.error, GSOCK_ERROR, GSOCK_ERROR_CONNECT);
      outcome_clear (&outcome);
      tear_down (&scene);
      nobody_free (nobody);
    }
}

/* One that is not there, or fails, is passed over for the next, and not asked
 * again; where all fail, the last one's word counts. */
static void
test_next_server (void)
{
  Nobody nobody = nobody_new ();
  g_autofree char *text = g_strdup_printf ("127.0.0.1:%u", nobody.port);
  Scene scene;
  Outcome outcome = { 0 };
  const DnsPeer *first, *second;

  set_up (&scene);
  add_server (&scene, text);
  first = add_peer (&scene, "");
  second = add_peer (&scene, "");
  start (&scene, 20 * SECOND, 2);
  ask_and_wait (&scene, "good.test", &outcome);
  g_assert_cmpuint (rcode_of (&outcome), ==, 0);
  g_assert_cmpuint (first->by_udp, >=, 1);
  ask_and_wait (&scene, "refused.test", &outcome);
  g_assert_cmpuint (rcode_of (&outcome), ==, 5);
  g_assert_cmpuint (first->by_udp, >=, 2);
  g_assert_cmpuint (second->by_udp, >=, 1);
  outcome_clear (&outcome);
  tear_down (&scene);
  nobody_free (nobody);
}

/* Whether the time-out names @peer. */
static void
assert_silent (const Outcome *outcome, const DnsPeer *peer, gboolean silent)
{
  g_autofree char *text = g_strdup_printf ("127.0.0.1:%u", peer->port);

  g_assert_error (outcome->error, GSOCK_ERROR, GSOCK_ERROR_TIMED_OUT);
  g_assert_cmpint (strstr (outcome->error->message, text) != NULL, ==, silent);
}

/* A server that was silent once gets its turn again; the names are all told. */
static void
test_silent_servers (void)
{
  Scene scene;
  Outcome outcome = { 0 };
  const DnsPeer *first, *second;

  set_up (&scene);
  first = add_peer (&scene, "");
  second = add_peer (&scene, "tcp://");
  start (&scene, SECOND / 20, 2);
  ask_and_wait (&scene, "silent.test", &outcome);
  g_assert_cmpuint (first->by_udp, >=, 1);
  g_assert_cmpuint (second->by_tcp, >=, 1);
  assert_silent (&outcome, first, TRUE);
  assert_silent (&outcome, second, TRUE);
  outcome_clear (&outcome);
  /* But not one that did say something. */
  ask_and_wait (&scene, "parted.test", &outcome);
  assert_silent (&outcome, first, FALSE);
  assert_silent (&outcome, second, TRUE);
  outcome_clear (&outcome);
  tear_down (&scene);
}

/* Many at once, over several sockets, each answered once. */
static void
test_many (void)
{
  static Outcome outcomes[600];
  Scene scene;
  const DnsPeer *peer;

  set_up (&scene);
  peer = add_peer (&scene, "");
  start (&scene, 20 * SECOND, 3);
  for (gsize i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      g_autofree char *name = g_strdup_printf ("n%" G_GSIZE_FORMAT ".test", i);

      ask (&scene, name, &outcomes[i]);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      wait_for (&scene, &outcomes[i]);
      g_assert_cmpuint (rcode_of (&outcomes[i]), ==, 0);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      g_assert_cmpuint (outcomes[i].told, ==, 1);
      outcome_clear (&outcomes[i]);
    }
  g_assert_cmpuint (peer->by_udp, >=, G_N_ELEMENTS (outcomes));
  tear_down (&scene);
}

/* Over a stream many share one connection. */
static void
test_one_stream (void)
{
  static Outcome outcomes[100];
  Scene scene;
  const DnsPeer *peer;

  set_up (&scene);
  peer = add_peer (&scene, "tcp://");
  start (&scene, 20 * SECOND, 3);
  for (gsize i = 0; i < G_N_ELEMENTS (outcomes); i++)
    ask (&scene, "good.test", &outcomes[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      wait_for (&scene, &outcomes[i]);
      g_assert_cmpuint (rcode_of (&outcomes[i]), ==, 0);
      outcome_clear (&outcomes[i]);
    }
  g_assert_cmpuint (peer->connections, ==, 1);
  tear_down (&scene);
}

/* What is given up is never told, wherever it is on its way. */
static void
test_cancel (void)
{
  static const char *const schemes[] = { "", "tcp://" };

  for (gsize i = 0; i < G_N_ELEMENTS (schemes); i++)
    {
      Scene scene;
      Outcome gone = { 0 }, outcome = { 0 };
      GsockDnsQuery *query;

      set_up (&scene);
      add_peer (&scene, schemes[i]);
      start (&scene, 20 * SECOND, 3);
      gsock_dns_cancel (ask (&scene, "good.test", &gone));
      query = ask (&scene, "good.test", &gone);
      ask_and_wait (&scene, "none.test", &outcome);
      if (gone.told == 0)
        gsock_dns_cancel (query);
      g_assert_cmpuint (gone.told, <=, 1);
      g_assert_cmpuint (rcode_of (&outcome), ==, 3);
      outcome_clear (&gone);
      outcome_clear (&outcome);
      tear_down (&scene);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dns-client/answers", test_answers);
  g_test_add_func ("/dns-client/failures", test_failures);
  g_test_add_func ("/dns-client/nobody", test_nobody);
  g_test_add_func ("/dns-client/next-server", test_next_server);
  g_test_add_func ("/dns-client/silent-servers", test_silent_servers);
  g_test_add_func ("/dns-client/many", test_many);
  g_test_add_func ("/dns-client/one-stream", test_one_stream);
  g_test_add_func ("/dns-client/cancel", test_cancel);
  return g_test_run ();
}

/* test-lookup.c: a name with all its types, and the search list
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib.h>

#include "../lib/dns-peer.h"
#include "core/error.h"
#include "dns/lookup.h"

typedef struct
{
  GMainContext *context;
  GsockWorker *worker;
  DnsPeer *peer;
  GsockDns *dns;
  guint told;
  GPtrArray *answers;
  char *host;
  GError *error;
} Scene;

static void
set_up (Scene *scene)
{
  g_autoptr (GPtrArray) servers = g_ptr_array_new_with_free_func (
      (GDestroyNotify) gsock_dns_server_free);
  GsockDnsConfig config = { .servers = servers,
                            .timeout = 20 * G_USEC_PER_SEC,
                            .attempts = 2,
                            .window = 16 };
  g_autofree char *text = NULL;

  memset (scene, 0, sizeof *scene);
  scene->context = g_main_context_new ();
  scene->worker = gsock_worker_new (scene->context, NULL);
  scene->peer = dns_peer_new (scene->context);
  text = g_strdup_printf ("127.0.0.1:%u", scene->peer->port);
  g_ptr_array_add (servers, gsock_dns_server_parse (text, NULL));
  scene->dns = gsock_dns_new (&config, scene->worker);
}

static void
tear_down (Scene *scene)
{
  g_clear_pointer (&scene->answers, g_ptr_array_unref);
  g_clear_error (&scene->error);
  g_free (scene->host);
  gsock_dns_free (scene->dns);
  dns_peer_free (scene->peer);
  gsock_worker_free (scene->worker);
  g_main_context_unref (scene->context);
}

static void
told_cb (GPtrArray *answers, const char *host, const GError *error,
         gpointer data)
{
  Scene *scene = data;

  scene->told++;
  scene->answers = answers;
  scene->host = g_strdup (host);
  scene->error = error != NULL ? g_error_copy (error) : NULL;
}

/* @names: with blanks between them. */
static GsockDnsLookup *
start (Scene *scene, const char *names, GError **error)
{
  static const guint16 types[] = { GSOCK_DNS_A, GSOCK_DNS_AAAA };
  g_auto (GStrv) words = g_strsplit (names, " ", -1);
  GPtrArray *candidates = g_ptr_array_new_with_free_func (g_free);

  for (gsize i = 0; words[i] != NULL; i++)
    g_ptr_array_add (candidates, g_strdup (words[i]));
  return gsock_dns_lookup_start (
      scene->dns, candidates, types, G_N_ELEMENTS (types),
      GSOCK_DNS_RECURSE | GSOCK_DNS_EDNS, told_cb, scene, error);
}

static void
test_lookups (void)
{
  static const struct
  {
    const char *names;
    const char *host; /* the one that was told of */
    GsockDnsVerdict verdict;
    guint records; /* of A */
  } rows[] = {
    { "good.test", "good.test", GSOCK_DNS_FOUND, 1 },
    { "alias.test", "alias.test", GSOCK_DNS_FOUND, 2 },
    { "empty.test", "empty.test", GSOCK_DNS_NO_DATA, 0 },
    { "none.test", "none.test", GSOCK_DNS_NO_NAME, 0 },
    { "fail.test", "fail.test", GSOCK_DNS_FAILED, 0 },
    /* The search list ends where a name exists, and tells the first. */
    { "none.test good.test", "good.test", GSOCK_DNS_FOUND, 1 },
    { "none.test empty.test good.test", "empty.test", GSOCK_DNS_NO_DATA, 0 },
    { "none.test none.other.test", "none.test", GSOCK_DNS_NO_NAME, 0 },
    /* Who says no more than SERVFAIL is asked for each alias. */
    { "circle1.test", "circle1.test", GSOCK_DNS_LOOP, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Scene scene;
      const GsockDnsAnswer *answer;

      g_test_message ("%s", rows[i].names);
      set_up (&scene);
      g_assert_nonnull (start (&scene, rows[i].names, NULL));
      while (scene.told == 0)
        g_main_context_iteration (scene.context, TRUE);
      g_assert_no_error (scene.error);
      g_assert_cmpstr (scene.host, ==, rows[i].host);
      g_assert_cmpuint (scene.answers->len, ==, 2);
      answer = g_ptr_array_index (scene.answers, 0);
      g_assert_cmpint (answer->type, ==, GSOCK_DNS_A);
      g_assert_cmpint (answer->verdict, ==, rows[i].verdict);
      g_assert_cmpuint (answer->records->len, ==, rows[i].records);
      g_assert_cmpint (
          ((const GsockDnsAnswer *) g_ptr_array_index (scene.answers, 1))->type,
          ==, GSOCK_DNS_AAAA);
      tear_down (&scene);
    }
}

static void
test_errors (void)
{
  Scene scene;
  const GsockDnsAnswer *answer;
  g_autoptr (GError) error = NULL;

  set_up (&scene);
  g_assert_null (start (&scene, "a..b", &error));
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_NAME);
  /* The second name can't be one: that shows only when its turn comes. */
  g_assert_nonnull (start (&scene, "none.test a..b", NULL));
  while (scene.told == 0)
    g_main_context_iteration (scene.context, TRUE);
  g_assert_error (scene.error, GSOCK_ERROR, GSOCK_ERROR_NAME);
  g_assert_null (scene.answers);
  tear_down (&scene);

  /* The address that one type has is not lost with the other one's answer. */
  set_up (&scene);
  g_assert_nonnull (start (&scene, "short6.test", NULL));
  while (scene.told == 0)
    g_main_context_iteration (scene.context, TRUE);
  g_assert_no_error (scene.error);
  answer = g_ptr_array_index (scene.answers, 0);
  g_assert_cmpint (answer->verdict, ==, GSOCK_DNS_FOUND);
  g_assert_cmpuint (answer->records->len, ==, 1);
  answer = g_ptr_array_index (scene.answers, 1);
  g_assert_cmpint (answer->verdict, ==, GSOCK_DNS_NO_ANSWER);
  g_assert_error (answer->error, GSOCK_ERROR, GSOCK_ERROR_FAILED);
  tear_down (&scene);

  set_up (&scene);
  g_assert_nonnull (start (&scene, "short.test", NULL));
  while (scene.told == 0)
    g_main_context_iteration (scene.context, TRUE);
  g_assert_error (scene.error, GSOCK_ERROR, GSOCK_ERROR_FAILED);
  g_assert_nonnull (strstr (scene.error->message, "answered with"));
  tear_down (&scene);
}

/* What has come when somebody waits no longer. */
static void
test_take (void)
{
  static const struct
  {
    const char *names;
    guint asked;
    GsockDnsVerdict verdict; /* NO_ANSWER: nothing is given */
  } rows[] = { { "silent.test", 2, GSOCK_DNS_NO_ANSWER },
               { "silent6.test", 2, GSOCK_DNS_FOUND },
               /* The first name was answered, the second was not. */
               { "none.test silent.test", 4, GSOCK_DNS_NO_ANSWER } };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Scene scene;
      GsockDnsLookup *lookup;
      g_autoptr (GPtrArray) answers = NULL;

      g_test_message ("%s", rows[i].names);
      set_up (&scene);
      lookup = start (&scene, rows[i].names, NULL);
      while (scene.peer->by_udp < rows[i].asked)
        g_main_context_iteration (scene.context, TRUE);
      while (g_main_context_iteration (scene.context, FALSE))
        continue;
      answers = gsock_dns_lookup_take (lookup);
      gsock_dns_lookup_cancel (lookup);
      g_assert_cmpuint (scene.told, ==, 0);
      g_assert_cmpint (answers != NULL, ==,
                       rows[i].verdict != GSOCK_DNS_NO_ANSWER);
      for (guint n = 0; answers != NULL && n < 2; n++)
        g_assert_cmpint (
            ((const GsockDnsAnswer *) g_ptr_array_index (answers, n))->verdict,
            ==, n == 0 ? rows[i].verdict : GSOCK_DNS_NO_ANSWER);
      tear_down (&scene);
    }
}

static void
test_cancel (void)
{
  Scene scene;
  GsockDnsLookup *lookup;

  set_up (&scene);
  gsock_dns_lookup_cancel (start (&scene, "good.test", NULL));
  lookup = start (&scene, "circle1.test", NULL);
  while (scene.peer->by_udp < 4)
    g_main_context_iteration (scene.context, TRUE);
  if (scene.told == 0)
    gsock_dns_lookup_cancel (lookup);
  g_assert_cmpuint (scene.told, <=, 1);
  tear_down (&scene);
}

static void
test_reverse_names (void)
{
  static const struct
  {
    const char *host;
    const char *name; /* NULL: no number */
  } rows[] = {
    { "192.0.2.1", "1.2.0.192.in-addr.arpa." },
    { "2001:db8::1", "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0."
                     "8.b.d.0.1.0.0.2.ip6.arpa." },
    { "fe80::1%lo", "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0."
                    "0.0.0.0.0.8.e.f.ip6.arpa." },
    { "www.example.org", NULL },
    { "host1", NULL },
    { "1.2.3", NULL },
    { "", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *name = gsock_dns_reverse_name (rows[i].host);

      g_assert_cmpstr (name, ==, rows[i].name);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lookup/lookups", test_lookups);
  g_test_add_func ("/lookup/errors", test_errors);
  g_test_add_func ("/lookup/take", test_take);
  g_test_add_func ("/lookup/cancel", test_cancel);
  g_test_add_func ("/lookup/reverse-names", test_reverse_names);
  return g_test_run ();
}

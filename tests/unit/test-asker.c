/* test-asker.c: names that core looks up, asked of one server
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib.h>

#include "../lib/dns-peer.h"
#include "../lib/fds.h"
#include "core/error.h"
#include "core/resolve.h"
#include "core/srv.h"
#include "dns/asker.h"

/* There is one asker a program, so there is one scene. */
static GMainContext *context;
static DnsPeer *peer;

typedef struct
{
  guint told;
  GString *found;
  GError *error;
} Outcome;

static void
resolved_cb (const GArray *addresses, const GError *error, gpointer data)
{
  Outcome *outcome = data;

  outcome->told++;
  outcome->error = error != NULL ? g_error_copy (error) : NULL;
  for (guint i = 0; addresses != NULL && i < addresses->len; i++)
    {
      g_autofree char *host = gsock_address_host_to_string (
          &g_array_index (addresses, GsockAddress, i));

      g_string_append_printf (outcome->found, "%s ", host);
    }
}

static void
hosts_cb (const GPtrArray *hosts, const GError *error, gpointer data)
{
  Outcome *outcome = data;

  outcome->told++;
  outcome->error = error != NULL ? g_error_copy (error) : NULL;
  for (guint i = 0; hosts != NULL && i < hosts->len; i++)
    {
      const GsockSrvHost *host = g_ptr_array_index (hosts, i);

      g_string_append_printf (outcome->found, "%u %u %u %s ", host->priority,
                              host->weight, host->port, host->host);
    }
}

static void
outcome_clear (Outcome *outcome)
{
  g_string_free (outcome->found, TRUE);
  g_clear_error (&outcome->error);
}

static Outcome
look_up (const char *address, int family)
{
  Outcome outcome = { .found = g_string_new (NULL) };
  const GsockResolveWish wish = { family, family == AF_INET ? "-4" : NULL };
  g_autoptr (GError) error = NULL;
  GsockEndpoint *endpoint = gsock_endpoint_parse (
      address, GSOCK_ENDPOINT_FOR_CLIENT, &error);

  g_assert_no_error (error);
  if (g_str_has_prefix (address, "srv:"))
    gsock_srv_start (endpoint, context, hosts_cb, &outcome);
  else
    gsock_resolve_start (endpoint, &wish, context, resolved_cb, &outcome);
  while (outcome.told == 0)
    g_main_context_iteration (context, TRUE);
  gsock_endpoint_unref (endpoint);
  return outcome;
}

static void
test_found (void)
{
  static const struct
  {
    const char *address;
    int family;
    const char *found;
  } rows[] = {
    { "good.test:80", AF_UNSPEC, "2001:db8::1 192.0.2.1 " },
    { "alias.test:80", AF_INET, "192.0.2.1 " },
    { "alias.test:80", AF_INET6, "2001:db8::1 " },
    { "mixed.test:80", AF_UNSPEC, "2001:db8::1 192.0.2.1 " },
    { "srv:_web._tcp.good.test", AF_UNSPEC, "1 2 80 good.test " },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Outcome outcome = look_up (rows[i].address, rows[i].family);

      g_test_message ("%s", rows[i].address);
      g_assert_no_error (outcome.error);
      g_assert_cmpstr (outcome.found->str, ==, rows[i].found);
      outcome_clear (&outcome);
    }
}

static void
test_errors (void)
{
  static const struct
  {
    const char *address;
    int code;
  } rows[] = {
    { "none.test:80", GSOCK_ERROR_NAME },
    { "empty.test:80", GSOCK_ERROR_REMOTE },
    { "other.test:80", GSOCK_ERROR_REMOTE },
    { "fail.test:80", GSOCK_ERROR_REMOTE },
    { "circle1.test:80", GSOCK_ERROR_REMOTE },
    { "short.test:80", GSOCK_ERROR_FAILED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Outcome outcome = look_up (rows[i].address, AF_UNSPEC);

      g_test_message ("%s", rows[i].address);
      g_assert_error (outcome.error, GSOCK_ERROR, rows[i].code);
      outcome_clear (&outcome);
    }
}

/* The answer to what nobody wants any more is for nobody. */
static void
test_cancel (void)
{
  Outcome outcome = { .found = g_string_new (NULL) };
  const GsockResolveWish wish = { AF_UNSPEC, NULL };
  GsockEndpoint *endpoint = gsock_endpoint_parse (
      "good.test:80", GSOCK_ENDPOINT_FOR_CLIENT, NULL);
  guint before = peer->by_udp;

  gsock_resolve_cancel (
      gsock_resolve_start (endpoint, &wish, context, resolved_cb, &outcome));
  while (peer->by_udp < before + 2)
    g_main_context_iteration (context, TRUE);
  outcome_clear (&outcome);
  outcome = look_up ("good.test:80", AF_UNSPEC);
  g_assert_cmpuint (outcome.told, ==, 1);
  outcome_clear (&outcome);
  gsock_endpoint_unref (endpoint);
}

/* Who still waits is told that it is over, and nothing is open any more. */
static void
test_end (void)
{
  Outcome outcome = { .found = g_string_new (NULL) };
  const GsockResolveWish wish = { AF_UNSPEC, NULL };
  GsockEndpoint *endpoint = gsock_endpoint_parse (
      "silent.test:80", GSOCK_ENDPOINT_FOR_CLIENT, NULL);
  guint before = peer->by_udp;
  guint open;

  gsock_resolve_start (endpoint, &wish, context, resolved_cb, &outcome);
  while (peer->by_udp < before + 2)
    g_main_context_iteration (context, TRUE);
  g_assert_cmpuint (outcome.told, ==, 0);
  open = count_fds ();
  gsock_dns_asker.end ();
  g_assert_cmpuint (outcome.told, ==, 1);
  g_assert_error (outcome.error, GSOCK_ERROR, GSOCK_ERROR_FAILED);
  g_assert_cmpuint (count_fds (), <, open);
  outcome_clear (&outcome);
  gsock_endpoint_unref (endpoint);
}

int
main (int argc, char **argv)
{
  g_autofree char *text = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  context = g_main_context_new ();
  peer = dns_peer_new (context);
  text = g_strdup_printf ("127.0.0.1:%u", peer->port);
  gsock_dns_asker.begin (gsock_dns_server_parse (text, NULL), NULL);
  g_test_add_func ("/asker/found", test_found);
  g_test_add_func ("/asker/errors", test_errors);
  g_test_add_func ("/asker/cancel", test_cancel);
  g_test_add_func ("/asker/end", test_end);
  status = g_test_run ();
  dns_peer_free (peer);
  g_main_context_unref (context);
  return status;
}

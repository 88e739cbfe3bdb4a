/* test-dns-resolver.c: a GResolver that asks a name server in the test itself
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <gio/gio.h>

#include "../lib/dns-peer.h"
#include "../lib/fds.h"
#include "core/connect.h"
#include "core/error.h"
#include "core/resolve.h"
#include "core/srv.h"
#include "dns/resolver.h"

/* Some tests wait for the answer, so the peer has a thread of its own. */
static DnsPeer *peer;

static GsockDnsServer *
parse_server (void)
{
  g_autofree char *text = g_strdup_printf ("127.0.0.1:%u", peer->port);
  g_autoptr (GError) error = NULL;
  GsockDnsServer *server = gsock_dns_server_parse (text, &error);

  g_assert_no_error (error);
  return server;
}

static GResolver *
new_resolver (void)
{
  g_autoptr (GPtrArray) servers = g_ptr_array_new_with_free_func (
      (GDestroyNotify) gsock_dns_server_free);

  g_ptr_array_add (servers, parse_server ());
  return gsock_dns_resolver_new (servers, NULL);
}

/* --- What it says, as text ----------------------------------------------- */

static char *
addresses_to_text (GList *addresses)
{
  GString *text = g_string_new (NULL);

  for (GList *item = addresses; item != NULL; item = item->next)
    {
      g_autofree char *host = g_inet_address_to_string (item->data);

      g_string_append_printf (text, "%s ", host);
    }
  g_resolver_free_addresses (addresses);
  return g_string_free (text, FALSE);
}

static char *
records_to_text (GList *records)
{
  GString *text = g_string_new (NULL);

  for (GList *item = records; item != NULL; item = item->next)
    {
      g_autofree char *shown = g_variant_print (item->data, FALSE);

      g_string_append_printf (text, "%s ", shown);
    }
  g_list_free_full (records, (GDestroyNotify) g_variant_unref);
  return g_string_free (text, FALSE);
}

static void
result_cb (GObject *source G_GNUC_UNUSED, GAsyncResult *result, gpointer data)
{
  GAsyncResult **to = data;

  *to = g_object_ref (result);
}

static void
wait_for (GMainContext *context, GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (context, TRUE);
}

/* --- Names --------------------------------------------------------------- */

static const struct
{
  const char *host;
  GResolverNameLookupFlags flags;
  const char *found;
} name_rows[] = {
  { "good.test", G_RESOLVER_NAME_LOOKUP_FLAGS_DEFAULT,
    "2001:db8::1 192.0.2.1 " },
  { "alias.test", G_RESOLVER_NAME_LOOKUP_FLAGS_IPV4_ONLY, "192.0.2.1 " },
  { "good.test.", G_RESOLVER_NAME_LOOKUP_FLAGS_IPV6_ONLY, "2001:db8::1 " },
};

static void
test_names_at_once (void)
{
  g_autoptr (GResolver) resolver = new_resolver ();

  for (gsize i = 0; i < G_N_ELEMENTS (name_rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *found = addresses_to_text (
          g_resolver_lookup_by_name_with_flags (
              resolver, name_rows[i].host, name_rows[i].flags, NULL, &error));

      g_assert_no_error (error);
      g_assert_cmpstr (found, ==, name_rows[i].found);
    }
}

static void
test_names_later (void)
{
  g_autoptr (GResolver) resolver = new_resolver ();

  for (gsize i = 0; i < G_N_ELEMENTS (name_rows); i++)
    {
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *found = NULL;

      g_resolver_lookup_by_name_with_flags_async (resolver, name_rows[i].host,
                                                  name_rows[i].flags, NULL,
                                                  result_cb, &result);
      g_assert_null (result);
      wait_for (NULL, &result);
      found = addresses_to_text (g_resolver_lookup_by_name_with_flags_finish (
          resolver, result, &error));
      g_assert_no_error (error);
      g_assert_cmpstr (found, ==, name_rows[i].found);
    }
}

static void
test_plain (void)
{
  g_autoptr (GResolver) resolver = new_resolver ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *found = addresses_to_text (
      g_resolver_lookup_by_name (resolver, "good.test", NULL, NULL));
  g_autofree char *later = NULL;

  g_assert_cmpstr (found, ==, "2001:db8::1 192.0.2.1 ");
  g_resolver_lookup_by_name_async (resolver, "good.test", NULL, result_cb,
                                   &result);
  wait_for (NULL, &result);
  later = addresses_to_text (
      g_resolver_lookup_by_name_finish (resolver, result, NULL));
  g_assert_cmpstr (later, ==, found);
}

static void
test_address (void)
{
  g_autoptr (GResolver) resolver = new_resolver ();
  g_autoptr (GInetAddress)
      address = g_inet_address_new_from_string ("192.0.2.1");
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *name = g_resolver_lookup_by_address (resolver, address, NULL,
                                                        NULL);
  g_autofree char *later = NULL;

  g_assert_cmpstr (name, ==, "good.test");
  g_resolver_lookup_by_address_async (resolver, address, NULL, result_cb,
                                      &result);
  wait_for (NULL, &result);
  later = g_resolver_lookup_by_address_finish (resolver, result, NULL);
  g_assert_cmpstr (later, ==, "good.test");
}

/* --- Records ------------------------------------------------------------- */

static const struct
{
  GResolverRecordType type;
  const char *found;
} record_rows[] = {
  { G_RESOLVER_RECORD_SRV, "(1, 2, 80, 'good.test') " },
  { G_RESOLVER_RECORD_MX, "(10, 'good.test') " },
  { G_RESOLVER_RECORD_TXT, "(['a\"b\\\\\xef\xbf\xbd', 'x y'],) " },
  { G_RESOLVER_RECORD_SOA,
    "('good.test', 'root.test', 1, 2, 3, 4, 4294967295) " },
  { G_RESOLVER_RECORD_NS, "('good.test',) " },
};

static void
test_records (void)
{
  g_autoptr (GResolver) resolver = new_resolver ();

  for (gsize i = 0; i < G_N_ELEMENTS (record_rows); i++)
    {
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *found = records_to_text (g_resolver_lookup_records (
          resolver, "good.test", record_rows[i].type, NULL, &error));
      g_autofree char *later = NULL;

      g_assert_no_error (error);
      g_assert_cmpstr (found, ==, record_rows[i].found);
      g_resolver_lookup_records_async (
          resolver, "good.test", record_rows[i].type, NULL, result_cb, &result);
      wait_for (NULL, &result);
      later = records_to_text (
          g_resolver_lookup_records_finish (resolver, result, &error));
      g_assert_no_error (error);
      g_assert_cmpstr (later, ==, record_rows[i].found);
    }
}

/* GResolver makes a service's hosts of the records. */
static void
test_service (void)
{
  g_autoptr (GResolver) resolver = new_resolver ();
  g_autoptr (GError) error = NULL;
  GList *targets = g_resolver_lookup_service (resolver, "web", "tcp",
                                              "good.test", NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_list_length (targets), ==, 1);
  g_assert_cmpstr (g_srv_target_get_hostname (targets->data), ==, "good.test");
  g_assert_cmpuint (g_srv_target_get_port (targets->data), ==, 80);
  g_resolver_free_targets (targets);
}

/* --- What goes wrong ----------------------------------------------------- */

static void
test_errors (void)
{
  static const struct
  {
    const char *host;
    int code;
  } rows[] = {
    { "none.test", GSOCK_ERROR_NAME },
    { "empty.test", GSOCK_ERROR_REMOTE },
    { "fail.test", GSOCK_ERROR_REMOTE },
    { "circle1.test", GSOCK_ERROR_REMOTE },
    { "short.test", GSOCK_ERROR_FAILED },
    { "a..test", GSOCK_ERROR_NAME },
  };
  g_autoptr (GResolver) resolver = new_resolver ();

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", rows[i].host);
      g_assert_null (
          g_resolver_lookup_by_name (resolver, rows[i].host, NULL, &error));
      g_assert_error (error, GSOCK_ERROR, rows[i].code);
      g_clear_error (&error);
      g_resolver_lookup_by_name_async (resolver, rows[i].host, NULL, result_cb,
                                       &result);
      g_assert_null (result);
      wait_for (NULL, &result);
      g_assert_null (
          g_resolver_lookup_by_name_finish (resolver, result, &error));
      g_assert_error (error, GSOCK_ERROR, rows[i].code);
    }
}

/* Of the peer's own thread. */
static guint
count_questions (void)
{
  return (guint) g_atomic_int_get ((int *) &peer->by_udp);
}

/* Nobody waits for a server that is silent longer than he wants to: it is not
 * asked the second time, after five seconds.  What asks then is answered. */
static void
test_cancel (void)
{
  guint before = count_questions ();
  g_autoptr (GResolver) resolver = new_resolver ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *found = NULL;

  g_resolver_lookup_by_name_async (resolver, "silent.test", cancellable,
                                   result_cb, &result);
  g_cancellable_cancel (cancellable);
  wait_for (NULL, &result);
  g_assert_null (g_resolver_lookup_by_name_finish (resolver, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_null (
      g_resolver_lookup_by_name (resolver, "silent.test", cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  /* Two types, by two who were called off. */
  g_assert_cmpuint (count_questions () - before, <=, 4);
  found = addresses_to_text (
      g_resolver_lookup_by_name (resolver, "good.test", NULL, NULL));
  g_assert_cmpstr (found, ==, "2001:db8::1 192.0.2.1 ");
}

/* --- Contexts ------------------------------------------------------------ */

/* The first keeps its stub; another's lookup has one of its own, and each is
 * answered where it was asked. */
static void
test_contexts (void)
{
  g_autoptr (GResolver) resolver = new_resolver ();
  g_autoptr (GMainContext) other = g_main_context_new ();
  g_autoptr (GAsyncResult) first = NULL, second = NULL;
  g_autofree char *found = NULL;

  g_resolver_lookup_by_name_async (resolver, "good.test", NULL, result_cb,
                                   &first);
  g_main_context_push_thread_default (other);
  g_resolver_lookup_by_name_async (resolver, "alias.test", NULL, result_cb,
                                   &second);
  g_main_context_pop_thread_default (other);
  wait_for (other, &second);
  g_assert_null (first);
  wait_for (NULL, &first);
  found = addresses_to_text (
      g_resolver_lookup_by_name_finish (resolver, second, NULL));
  g_assert_cmpstr (found, ==, "2001:db8::1 192.0.2.1 ");
  g_resolver_free_addresses (
      g_resolver_lookup_by_name_finish (resolver, first, NULL));
}

static void
forget_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  guint *told = data;

  g_resolver_free_addresses (
      g_resolver_lookup_by_name_finish (G_RESOLVER (source), result, NULL));
  *told += 1;
}

/* The last who knows it is the lookup. */
static void
test_last_reference (void)
{
  GResolver *resolver = new_resolver ();
  guint told = 0;

  g_resolver_lookup_by_name_async (resolver, "good.test", NULL, forget_cb,
                                   &told);
  g_object_add_weak_pointer (G_OBJECT (resolver), (gpointer *) &resolver);
  g_object_unref (resolver);
  while (told == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (resolver);
}

/* --- For core ------------------------------------------------------------ */

typedef struct
{
  GString *found;
  GError *error;
  gboolean told;
} Outcome;

static void
resolved_cb (const GArray *addresses, const GError *error, gpointer data)
{
  Outcome *outcome = data;

  outcome->told = TRUE;
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

  outcome->told = TRUE;
  outcome->error = error != NULL ? g_error_copy (error) : NULL;
  for (guint i = 0; hosts != NULL && i < hosts->len; i++)
    {
      const GsockSrvHost *host = g_ptr_array_index (hosts, i);

      g_string_append_printf (outcome->found, "%s:%u ", host->host, host->port);
    }
}

/* The server's own words come through to who connects. */
static void
test_default (void)
{
  static const struct
  {
    const char *address;
    const char *found;
    int code;
    const char *words;
  } rows[] = {
    { "good.test:80", "2001:db8::1 192.0.2.1 ", 0, NULL },
    { "none.test:80", "", GSOCK_ERROR_NAME, "NXDOMAIN from udp://127.0.0.1:" },
    { "fail.test:80", "", GSOCK_ERROR_REMOTE, "SERVFAIL" },
    { "srv:_web._tcp.good.test", "good.test:80 ", 0, NULL },
    { "srv:_none._tcp.good.test", "", GSOCK_ERROR_NAME, "NXDOMAIN" },
  };
  const GsockResolveWish wish = { AF_UNSPEC, NULL };

  gsock_dns_default_resolver.begin (parse_server (), NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Outcome outcome = { .found = g_string_new (NULL) };
      g_autoptr (GsockEndpoint) endpoint = gsock_endpoint_parse (
          rows[i].address, GSOCK_ENDPOINT_FOR_CLIENT, NULL);

      g_test_message ("%s", rows[i].address);
      if (g_str_has_prefix (rows[i].address, "srv:"))
        gsock_srv_start (endpoint, g_main_context_default (), hosts_cb,
                         &outcome);
      else
        gsock_resolve_start (endpoint, &wish, g_main_context_default (),
                             resolved_cb, &outcome);
      while (!outcome.told)
        g_main_context_iteration (NULL, TRUE);
      g_assert_cmpstr (outcome.found->str, ==, rows[i].found);
      if (rows[i].words == NULL)
        g_assert_no_error (outcome.error);
      else
        {
          g_assert_error (outcome.error, GSOCK_ERROR, rows[i].code);
          g_assert_nonnull (strstr (outcome.error->message, rows[i].words));
        }
      g_clear_error (&outcome.error);
      g_string_free (outcome.found, TRUE);
    }
}

/* Who still waits is told that it is over, and nothing is open any more. */
static void
test_end (void)
{
  Outcome outcome = { .found = g_string_new (NULL) };
  Outcome other = { .found = g_string_new (NULL) };
  const GsockResolveWish wish = { AF_UNSPEC, NULL };
  g_autoptr (GsockEndpoint) silent = gsock_endpoint_parse (
      "silent.test:80", GSOCK_ENDPOINT_FOR_CLIENT, NULL);
  g_autoptr (GsockEndpoint) good = gsock_endpoint_parse (
      "good.test:80", GSOCK_ENDPOINT_FOR_CLIENT, NULL);
  guint open;

  gsock_dns_default_resolver.begin (parse_server (), NULL);
  gsock_resolve_start (silent, &wish, g_main_context_default (), resolved_cb,
                       &outcome);
  gsock_resolve_start (good, &wish, g_main_context_default (), resolved_cb,
                       &other);
  while (!other.told)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (outcome.told);
  open = count_fds ();
  gsock_dns_default_resolver.end ();
  g_assert_true (outcome.told);
  g_assert_error (outcome.error, GSOCK_ERROR, GSOCK_ERROR_FAILED);
  g_assert_cmpuint (count_fds (), <, open);
  g_clear_error (&outcome.error);
  g_string_free (outcome.found, TRUE);
  g_string_free (other.found, TRUE);
}

/* --- The peer's thread --------------------------------------------------- */

static gpointer
serve (gpointer data)
{
  g_main_loop_run (data);
  return NULL;
}

int
main (int argc, char **argv)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (context, FALSE);
  GThread *thread;
  int status;

  g_test_init (&argc, &argv, NULL);
  peer = dns_peer_new (context);
  thread = g_thread_new ("peer", serve, loop);
  g_test_add_func ("/dns-resolver/names-at-once", test_names_at_once);
  g_test_add_func ("/dns-resolver/names-later", test_names_later);
  g_test_add_func ("/dns-resolver/plain", test_plain);
  g_test_add_func ("/dns-resolver/address", test_address);
  g_test_add_func ("/dns-resolver/records", test_records);
  g_test_add_func ("/dns-resolver/service", test_service);
  g_test_add_func ("/dns-resolver/errors", test_errors);
  g_test_add_func ("/dns-resolver/cancel", test_cancel);
  g_test_add_func ("/dns-resolver/contexts", test_contexts);
  g_test_add_func ("/dns-resolver/last-reference", test_last_reference);
  g_test_add_func ("/dns-resolver/default", test_default);
  g_test_add_func ("/dns-resolver/end", test_end);
  status = g_test_run ();
  g_main_loop_quit (loop);
  g_thread_join (thread);
  dns_peer_free (peer);
  return status;
}

/* test-resolve.c: names asked of a getaddrinfo and of a GResolver of our own
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <gio/gio.h>

#include "../lib/events.h"
#include "../lib/names.h"
#include "core/error.h"
#include "core/gio.h"
#include "core/resolve-gio.h"
#include "core/resolve.h"
#include "core/srv.h"

/* Of each test that waits; far over what it takes. */
#define PATIENCE_SECONDS 20

static const GsockResolveWish all = { AF_UNSPEC, NULL };
static const GsockResolveWish four = { AF_INET, "-4" };
static const GsockResolveWish six = { AF_INET6, "-6" };

/* --- A GResolver --------------------------------------------------------- */

/* What it answers, and what it was asked; main thread. */
static struct
{
  const char *addresses[4];
  int error;     /* a GResolverError, or -1 */
  gboolean mute; /* no answer before it is cancelled */
  guint asked;
  guint cancelled;
  char *host;
  GResolverNameLookupFlags flags;
} own;

typedef GResolver TestResolver;
typedef GResolverClass TestResolverClass;
GType test_resolver_get_type (void);
G_DEFINE_TYPE (TestResolver, test_resolver, G_TYPE_RESOLVER)

static void
free_addresses (gpointer data)
{
  g_resolver_free_addresses (data);
}

static gboolean
mute_cb (GCancellable *cancellable G_GNUC_UNUSED, gpointer data)
{
  GTask *task = data;

  own.cancelled++;
  g_task_return_error_if_cancelled (task);
  return G_SOURCE_REMOVE;
}

static void
test_resolver_flags_async (GResolver *resolver, const char *hostname,
                           GResolverNameLookupFlags flags,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, data);
  GList *found = NULL;

  own.asked++;
  own.flags = flags;
  g_free (own.host);
  own.host = g_strdup (hostname);
  if (own.mute)
    {
      g_autoptr (GSource) source = g_cancellable_source_new (cancellable);

      g_task_attach_source (task, source, G_SOURCE_FUNC (mute_cb));
      return;
    }
  if (own.error >= 0)
    {
      g_task_return_new_error (task, G_RESOLVER_ERROR, own.error, "no");
      return;
    }
  for (gsize i = 0; own.addresses[i] != NULL; i++)
    found = g_list_append (found,
                           g_inet_address_new_from_string (own.addresses[i]));
  g_task_return_pointer (task, found, free_addresses);
}

static void
test_resolver_plain_async (GResolver *resolver, const char *hostname,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer data)
{
  test_resolver_flags_async (resolver, hostname,
                             G_RESOLVER_NAME_LOOKUP_FLAGS_DEFAULT, cancellable,
                             callback, data);
}

static GList *
test_resolver_lookup_finish (GResolver *resolver G_GNUC_UNUSED,
                             GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
test_resolver_records_async (GResolver *resolver, const char *name,
                             GResolverRecordType type,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, data);

  own.asked++;
  g_free (own.host);
  own.host = g_strdup (name);
  g_assert_cmpint (type, ==, G_RESOLVER_RECORD_SRV);
  if (own.error >= 0)
    g_task_return_new_error (task, G_RESOLVER_ERROR, own.error, "no");
  else
    g_task_return_pointer (
        task,
        g_list_append (NULL, g_variant_ref_sink (g_variant_new (
                                 "(qqqs)", 1, 2, 80, "db.example"))),
        NULL);
}

static void
test_resolver_init (TestResolver *resolver G_GNUC_UNUSED)
{
}

static void
test_resolver_class_init (TestResolverClass *class)
{
  class->lookup_by_name_async = test_resolver_plain_async;
  class->lookup_by_name_finish = test_resolver_lookup_finish;
  class->lookup_by_name_with_flags_async = test_resolver_flags_async;
  class->lookup_by_name_with_flags_finish = test_resolver_lookup_finish;
  class->lookup_records_async = test_resolver_records_async;
  class->lookup_records_finish = test_resolver_lookup_finish;
}

static GResolver *systems_resolver;

static void
use_resolver (const char *first, const char *second, const char *third)
{
  g_autoptr (GResolver)
      resolver = g_object_new (test_resolver_get_type (), NULL);

  g_free (own.host);
  memset (&own, 0, sizeof own);
  own.error = -1;
  own.addresses[0] = first;
  own.addresses[1] = second;
  own.addresses[2] = third;
  g_resolver_set_default (resolver);
}

static void
use_system (void)
{
  g_resolver_set_default (systems_resolver);
}

/* --- Asking -------------------------------------------------------------- */

typedef struct
{
  GPtrArray *hosts; /* (element-type char *), with the port: "::1 80" */
  GError *error;
  guint calls;
} Answer;

static void
answer_cb (const GArray *addresses, const GError *error, gpointer data)
{
  Answer *answer = data;

  g_assert_true ((addresses == NULL) != (error == NULL));
  answer->calls++;
  answer->error = error != NULL ? g_error_copy (error) : NULL;
  answer->hosts = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; addresses != NULL && i < addresses->len; i++)
    {
      const GsockAddress *address = &g_array_index (addresses, GsockAddress, i);
      g_autofree char *host = gsock_address_host_to_string (address);

      g_ptr_array_add (
          answer->hosts,
          g_strdup_printf ("%s %u", host, g_ntohs (address->inet.sin_port)));
    }
}

static void
answer_clear (Answer *answer)
{
  g_clear_pointer (&answer->hosts, g_ptr_array_unref);
  g_clear_error (&answer->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)

static gboolean
out_of_patience_cb (gpointer data G_GNUC_UNUSED)
{
  g_error ("this test waits for something that doesn't come");
  return G_SOURCE_REMOVE;
}

static void
iterate_until (guint *counter)
{
  guint patience = g_timeout_add_seconds (PATIENCE_SECONDS, out_of_patience_cb,
                                          NULL);

  while (*counter == 0)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (patience);
}

static void
iterate_pending (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

static GsockEndpoint *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  GsockEndpoint *endpoint = gsock_endpoint_parse (
      text, GSOCK_ENDPOINT_FOR_CLIENT, &error);

  g_assert_no_error (error);
  return endpoint;
}

static void
ask (Answer *answer, const char *text, const GsockResolveWish *wish)
{
  g_autoptr (GsockEndpoint) endpoint = parse (text);

  g_assert_true (gsock_resolve_is_name (endpoint));
  gsock_resolve_start (endpoint, wish, g_main_context_default (), answer_cb,
                       answer);
  g_assert_cmpuint (answer->calls, ==, 0);
  iterate_until (&answer->calls);
  iterate_pending ();
  g_assert_cmpuint (answer->calls, ==, 1);
}

/* @hosts: "HOST PORT" each, separated by commas. */
static void
assert_hosts (Answer *answer, const char *hosts)
{
  g_autofree char *text = NULL;

  g_assert_no_error (answer->error);
  g_ptr_array_add (answer->hosts, NULL);
  text = g_strjoinv (",", (char **) answer->hosts->pdata);
  g_assert_cmpstr (text, ==, hosts);
}

static void
assert_failed (Answer *answer, GsockErrorCode code, const char *part)
{
  g_assert_error (answer->error, GSOCK_ERROR, (int) code);
  assert_contains (answer->error->message, part);
  g_assert_null (strchr (answer->error->message, '\n'));
}

/* --- What is a name ------------------------------------------------------ */

typedef struct
{
  const char *text;
  GsockEndpointUse use;
  gboolean is_name;
} NameRow;

static const NameRow name_rows[] = {
  { "db.example:80", GSOCK_ENDPOINT_FOR_CLIENT, TRUE },
  { "localhost:80", GSOCK_ENDPOINT_FOR_CLIENT, TRUE },
  { "80", GSOCK_ENDPOINT_FOR_CLIENT, TRUE },
  { "127.0.0.1:80", GSOCK_ENDPOINT_FOR_CLIENT, FALSE },
  { "[::1]:80", GSOCK_ENDPOINT_FOR_CLIENT, FALSE },
  { "[fe80::1%gsocknone0]:80", GSOCK_ENDPOINT_FOR_CLIENT, FALSE },
  { "*:80", GSOCK_ENDPOINT_FOR_SERVER, FALSE },
  { "/run/x", GSOCK_ENDPOINT_FOR_CLIENT, FALSE },
  { "@x", GSOCK_ENDPOINT_FOR_CLIENT, FALSE },
  { "fd:3", GSOCK_ENDPOINT_FOR_CLIENT, FALSE },
};

static void
test_is_name (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (name_rows); i++)
    {
      g_autoptr (GsockEndpoint) endpoint = gsock_endpoint_parse (
          name_rows[i].text, name_rows[i].use, NULL);

      g_assert_cmpint (gsock_resolve_is_name (endpoint), ==,
                       name_rows[i].is_name);
    }
}

typedef struct
{
  const char *text;
  const GsockResolveWish *wish;
  int code;         /* -1: it is an address */
  const char *part; /* of the error */
} LiteralRow;

static const LiteralRow literal_rows[] = {
  { "127.0.0.1:80", &all, -1, NULL },
  { "127.0.0.1:80", &four, -1, NULL },
  { "127.0.0.1:80", &six, GSOCK_ERROR_USAGE,
    "Cannot connect to 127.0.0.1:80: it has no IPv6 address, and -6" },
  { "[::1]:80", &six, -1, NULL },
  { "[::1]:80", &four, GSOCK_ERROR_USAGE, "no IPv4 address, and -4" },
  { "[fe80::1%gsocknone0]:80", &all, GSOCK_ERROR_NAME, "no network interface" },
  { "/run/x", &four, -1, NULL },
};

static void
test_literal (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (literal_rows); i++)
    {
      const LiteralRow *row = &literal_rows[i];
      g_autoptr (GsockEndpoint) endpoint = parse (row->text);
      g_autoptr (GError) error = NULL;
      GsockAddress address;
      gboolean good = gsock_resolve_literal (&address, endpoint, row->wish,
                                             &error);

      g_assert_cmpint (good, ==, row->code < 0);
      if (good)
        g_assert_cmpuint (address.size, >, 0);
      else
        {
          g_assert_error (error, GSOCK_ERROR, row->code);
          assert_contains (error->message, row->part);
        }
    }
}

/* --- Order --------------------------------------------------------------- */

typedef struct
{
  const char *found[4];
  const char *hosts;
} OrderRow;

/* RFC 8305 section 4, the first address's family first. */
static const OrderRow order_rows[] = {
  { { "127.0.0.1" }, "127.0.0.1 80" },
  { { "10.0.0.1", "10.0.0.2", "::1" }, "10.0.0.1 80,::1 80,10.0.0.2 80" },
  { { "::1", "::2", "10.0.0.1" }, "::1 80,10.0.0.1 80,::2 80" },
  { { "10.0.0.2", "10.0.0.1" }, "10.0.0.2 80,10.0.0.1 80" },
  { { "10.0.0.1", "10.0.0.1" }, "10.0.0.1 80" },
  { { "10.0.0.1", "::1", "10.0.0.1" }, "10.0.0.1 80,::1 80" },
  { { "::1", "::1", "::2" }, "::1 80,::2 80" },
};

static void
test_order_of_system (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (order_rows); i++)
    {
      const OrderRow *row = &order_rows[i];
      g_auto (Answer) answer = { .calls = 0 };

      use_names (row->found[0], row->found[1], row->found[2]);
      ask (&answer, "db.example:80", &all);
      assert_hosts (&answer, row->hosts);
    }
}

static void
test_order_of_resolver (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (order_rows); i++)
    {
      const OrderRow *row = &order_rows[i];
      g_auto (Answer) answer = { .calls = 0 };

      use_resolver (row->found[0], row->found[1], row->found[2]);
      ask (&answer, "db.example:80", &all);
      assert_hosts (&answer, row->hosts);
    }
  use_system ();
}

/* --- The system ---------------------------------------------------------- */

/* AI_ADDRCONFIG would hide what a machine without a network has in its
 * /etc/hosts; without a type each address would come three times. */
static void
test_question (void)
{
  g_auto (Answer) answer = { .calls = 0 };

  use_names ("127.0.0.1", NULL, NULL);
  ask (&answer, "db.example:65535", &all);
  assert_hosts (&answer, "127.0.0.1 65535");
  g_assert_cmpstr (names.host, ==, "db.example");
  g_assert_cmpstr (names.port, ==, "65535");
  g_assert_cmpint (names.hints.ai_flags, ==, AI_NUMERICSERV);
  g_assert_cmpint (names.hints.ai_socktype, ==, SOCK_STREAM);
  g_assert_cmpint (names.hints.ai_family, ==, AF_UNSPEC);
}

static void
test_international (void)
{
  g_auto (Answer) answer = { .calls = 0 };

  use_names ("127.0.0.1", NULL, NULL);
  ask (&answer,
       "\xc3\xb1"
       "and\xc3\xba.example:80",
       &all);
  g_assert_cmpstr (names.host, ==, "xn--and-6ma2c.example");
}

static void
test_scope (void)
{
  g_auto (Answer) answer = { .calls = 0 };

  use_names ("fe80::1%lo", NULL, NULL);
  ask (&answer, "db.example:80", &all);
  assert_hosts (&answer, "fe80::1%lo 80");
}

static void
test_family (void)
{
  g_auto (Answer) good = { .calls = 0 };
  g_auto (Answer) none = { .calls = 0 };

  use_names ("127.0.0.1", "::1", NULL);
  ask (&good, "db.example:80", &six);
  assert_hosts (&good, "::1 80");
  g_assert_cmpint (names.hints.ai_family, ==, AF_INET6);

  use_names ("127.0.0.1", NULL, NULL);
  ask (&none, "db.example:80", &six);
  assert_failed (&none, GSOCK_ERROR_NAME,
                 "'db.example' doesn't exist or has no IPv6 address (-6)");
}

typedef struct
{
  int result;
  int errnum;
  const GsockResolveWish *wish;
  const char *part;
} FailureRow;

static const FailureRow failure_rows[] = {
  { EAI_NONAME, 0, &all, "'db.exmaple' doesn't exist (name not found)" },
  { EAI_NODATA, 0, &all, "'db.exmaple' exists, but has no address" },
  { EAI_ADDRFAMILY, 0, &all, "'db.exmaple' exists, but has no address" },
  { 0, 0, &all, "'db.exmaple' exists, but has no address" },
  { EAI_AGAIN, 0, &all, "no name server answers" },
  { EAI_AGAIN, 0, &four, "no name server answers" },
  { EAI_FAIL, 0, &all, "Cannot look up 'db.exmaple': " },
  { EAI_SYSTEM, EMFILE, &all, "Cannot look up 'db.exmaple': " },
  { EAI_NONAME, 0, &four, "has no IPv4 address (-4)" },
  { EAI_ADDRFAMILY, 0, &six, "has no IPv6 address (-6)" },
};

static void
test_failures (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (failure_rows); i++)
    {
      const FailureRow *row = &failure_rows[i];
      g_auto (Answer) answer = { .calls = 0 };

      use_names (NULL, NULL, NULL);
      names.result = row->result;
      names.errnum = row->errnum;
      ask (&answer, "db.exmaple:80", row->wish);
      assert_failed (&answer, GSOCK_ERROR_NAME, row->part);
      if (row->errnum != 0)
        assert_contains (answer.error->message, gsock_errno_text (row->errnum));
    }
}

static void
test_told (void)
{
  const char *const good[] = { "\"event\":\"resolving\"",
                               "\"name\":\"db.example\"",
                               "getaddrinfo",
                               "::1, 127.0.0.1, 127.0.0.2",
                               "\"event\":\"resolved\"",
                               "::1, 127.0.0.1, 127.0.0.2",
                               NULL };
  const char *const bad[] = { "\"event\":\"resolving\"", "getaddrinfo",
                              "EAI_NONAME", NULL };
  g_auto (Answer) found = { .calls = 0 };
  g_auto (Answer) none = { .calls = 0 };
  g_autofree char *log = NULL;
  g_autofree char *other = NULL;

  use_names ("::1", "127.0.0.1", "127.0.0.2");
  listen_to_events (TRUE);
  ask (&found, "db.example:80", &all);
  log = stop_listening ();
  assert_order (log, good);

  names.result = EAI_NONAME;
  listen_to_events (TRUE);
  ask (&none, "db.exmaple:80", &all);
  other = stop_listening ();
  assert_order (other, bad);
  g_assert_null (strstr (other, "\"resolved\""));
}

/* --- GResolver ----------------------------------------------------------- */

static void
test_resolver (void)
{
  g_auto (Answer) any = { .calls = 0 };
  g_auto (Answer) some = { .calls = 0 };
  g_auto (Answer) other = { .calls = 0 };

  use_names (NULL, NULL, NULL);
  use_resolver ("127.0.0.1", "::1", NULL);
  ask (&any, "\xc3\xb1.example:80", &all);
  assert_hosts (&any, "127.0.0.1 80,::1 80");
  g_assert_cmpstr (own.host, ==, "xn--ida.example");
  g_assert_cmpint (own.flags, ==, G_RESOLVER_NAME_LOOKUP_FLAGS_DEFAULT);

  ask (&some, "db.example:80", &four);
  assert_hosts (&some, "127.0.0.1 80");
  g_assert_cmpint (own.flags, ==, G_RESOLVER_NAME_LOOKUP_FLAGS_IPV4_ONLY);

  /* It needn't heed its flags. */
  use_resolver ("127.0.0.1", NULL, NULL);
  ask (&other, "db.example:80", &six);
  assert_failed (&other, GSOCK_ERROR_USAGE,
                 "Cannot connect to db.example:80: it has no IPv6 address, and "
                 "-6 asks for one");
  g_assert_cmpint (own.flags, ==, G_RESOLVER_NAME_LOOKUP_FLAGS_IPV6_ONLY);
  g_assert_cmpuint (names.asked, ==, 0);
  use_system ();
}

typedef struct
{
  int error;
  const char *part;
} ResolverRow;

static const ResolverRow resolver_rows[] = {
  { G_RESOLVER_ERROR_NOT_FOUND, "'db.exmaple' doesn't exist" },
  { G_RESOLVER_ERROR_TEMPORARY_FAILURE, "no name server answers" },
  { G_RESOLVER_ERROR_INTERNAL, "Cannot look up 'db.exmaple': " },
  { -1, "'db.exmaple' exists, but has no address" },
};

static void
test_resolver_failures (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (resolver_rows); i++)
    {
      g_auto (Answer) answer = { .calls = 0 };

      use_resolver (NULL, NULL, NULL);
      own.error = resolver_rows[i].error;
      ask (&answer, "db.exmaple:80", &all);
      assert_failed (&answer, GSOCK_ERROR_NAME, resolver_rows[i].part);
    }
  use_system ();
}

/* A resolver can't be asked where its own server is. */
static void
test_resolver_exception (void)
{
  g_auto (Answer) server = { .calls = 0 };
  g_auto (Answer) other = { .calls = 0 };

  use_names ("127.0.0.1", NULL, NULL);
  use_resolver ("127.0.0.2", NULL, NULL);
  gsock_resolve_gio_except ("dns.example");
  ask (&server, "DNS.example:80", &all);
  assert_hosts (&server, "127.0.0.1 80");
  g_assert_cmpuint (own.asked, ==, 0);
  ask (&other, "db.example:80", &all);
  assert_hosts (&other, "127.0.0.2 80");
  use_system ();
}

static void
service_cb (const GPtrArray *hosts, const GError *error, gpointer data)
{
  Answer *answer = data;

  answer->calls++;
  answer->error = error != NULL ? g_error_copy (error) : NULL;
  answer->hosts = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; hosts != NULL && i < hosts->len; i++)
    {
      const GsockSrvHost *host = g_ptr_array_index (hosts, i);

      g_ptr_array_add (answer->hosts,
                       g_strdup_printf ("%s %u", host->host, host->port));
    }
}

static void
test_resolver_service (void)
{
  static const struct
  {
    int error;
    int code;
  } rows[] = {
    { -1, -1 },
    { G_RESOLVER_ERROR_NOT_FOUND, GSOCK_ERROR_NAME },
    { G_RESOLVER_ERROR_TEMPORARY_FAILURE, GSOCK_ERROR_REMOTE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (Answer) answer = { .calls = 0 };
      g_autoptr (GsockEndpoint) endpoint = parse ("srv:_x._tcp.example");

      use_resolver (NULL, NULL, NULL);
      own.error = rows[i].error;
      gsock_srv_start (endpoint, g_main_context_default (), service_cb,
                       &answer);
      iterate_until (&answer.calls);
      g_assert_cmpstr (own.host, ==, "_x._tcp.example");
      if (rows[i].code >= 0)
        g_assert_error (answer.error, GSOCK_ERROR, rows[i].code);
      else
        assert_hosts (&answer, "db.example 80");
    }
  use_system ();
}

/* Nobody is asked, and so nobody is said to have been. */
static void
test_localhost (void)
{
  static const char *const texts[] = { "localhost:80", "LocalHost:80",
                                       "db.localhost:80", "80" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_auto (Answer) answer = { .calls = 0 };
      g_autofree char *log = NULL;

      use_names (NULL, NULL, NULL);
      listen_to_events (TRUE);
      ask (&answer, texts[i], &four);
      log = stop_listening ();
      assert_hosts (&answer, "127.0.0.1 80");
      g_assert_cmpuint (names.asked, ==, 0);
      g_assert_null (strstr (log, "getaddrinfo"));
    }
}

/* --- Cancelling ---------------------------------------------------------- */

static GsockResolve *
begin (Answer *answer)
{
  g_autoptr (GsockEndpoint) endpoint = parse ("db.example:80");

  return gsock_resolve_start (endpoint, &all, g_main_context_default (),
                              answer_cb, answer);
}

static void
test_cancel_system (void)
{
  Answer answer = { .calls = 0 };
  GsockResolve *resolve;

  use_names ("127.0.0.1", NULL, NULL);
  names.mute = TRUE;
  resolve = begin (&answer);
  while (names_count (&names.asked) == 0)
    iterate_pending ();
  gsock_resolve_cancel (resolve);
  iterate_pending ();
  names_speak ();
  iterate_pending ();
  g_assert_cmpuint (answer.calls, ==, 0);
}

/* It has answered already, but its answer was not looked at. */
static void
test_cancel_answered (void)
{
  Answer answer = { .calls = 0 };
  GsockResolve *resolve;

  use_names ("127.0.0.1", NULL, NULL);
  resolve = begin (&answer);
  while (names_count (&names.answered) == 0)
    g_thread_yield ();
  gsock_resolve_cancel (resolve);
  iterate_pending ();
  g_assert_cmpuint (answer.calls, ==, 0);
}

static void
test_cancel_resolver (void)
{
  Answer answer = { .calls = 0 };
  GsockResolve *resolve;

  use_resolver (NULL, NULL, NULL);
  own.mute = TRUE;
  resolve = begin (&answer);
  iterate_until (&own.asked);
  gsock_resolve_cancel (resolve);
  iterate_pending ();
  g_assert_cmpuint (answer.calls, ==, 0);
  g_assert_cmpuint (own.cancelled, ==, 1);
  use_system ();
}

/* In a context of its own, where nothing of the default one runs. */
static void
test_own_context (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GsockEndpoint) endpoint = parse ("db.example:80");
  g_auto (Answer) answer = { .calls = 0 };

  use_names ("127.0.0.1", NULL, NULL);
  gsock_resolve_start (endpoint, &all, context, answer_cb, &answer);
  for (guint round = 0; answer.calls == 0 && round < 1000; round++)
    g_main_context_iteration (context, TRUE);
  assert_hosts (&answer, "127.0.0.1 80");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  gsock_use_gio ();
  systems_resolver = g_resolver_get_default ();
  g_test_add_func ("/resolve/is-name", test_is_name);
  g_test_add_func ("/resolve/literal", test_literal);
  g_test_add_func ("/resolve/order/system", test_order_of_system);
  g_test_add_func ("/resolve/order/resolver", test_order_of_resolver);
  g_test_add_func ("/resolve/system/question", test_question);
  g_test_add_func ("/resolve/system/international", test_international);
  g_test_add_func ("/resolve/system/scope", test_scope);
  g_test_add_func ("/resolve/system/family", test_family);
  g_test_add_func ("/resolve/system/failures", test_failures);
  g_test_add_func ("/resolve/system/told", test_told);
  g_test_add_func ("/resolve/resolver", test_resolver);
  g_test_add_func ("/resolve/resolver/failures", test_resolver_failures);
  g_test_add_func ("/resolve/resolver/exception", test_resolver_exception);
  g_test_add_func ("/resolve/resolver/service", test_resolver_service);
  g_test_add_func ("/resolve/localhost", test_localhost);
  g_test_add_func ("/resolve/cancel/system", test_cancel_system);
  g_test_add_func ("/resolve/cancel/answered", test_cancel_answered);
  g_test_add_func ("/resolve/cancel/resolver", test_cancel_resolver);
  g_test_add_func ("/resolve/own-context", test_own_context);
  return g_test_run ();
}

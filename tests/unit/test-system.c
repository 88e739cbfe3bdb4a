/* test-system.c: what the C library says of a name, put together
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib.h>

#include "../lib/names.h"
#include "core/error.h"
#include "core/log.h"
#include "dns/system.h"

/* The C library's other calls; what a program has itself comes before them. */
static struct
{
  const char *canonical;  /* NULL: no such name */
  const char *aliases[4]; /* NULL ends */
  gsize size;             /* of the buffer that is enough */
  guint calls, too_small;
} hostents;

static int
fill_hostent (struct hostent *host, char *buffer, size_t size,
              struct hostent **found, int *problem)
{
  static char *none[] = { NULL };

  hostents.calls++;
  *found = NULL;
  *problem = HOST_NOT_FOUND;
  if (size < hostents.size)
    {
      hostents.too_small++;
      return ERANGE;
    }
  if (hostents.canonical == NULL)
    return 0;
  (void) buffer;
  *host = (struct hostent) { .h_name = (char *) (guintptr) hostents.canonical,
                             .h_aliases = (char **) hostents.aliases,
                             .h_addr_list = none };
  *found = host;
  return 0;
}

int
gethostbyname2_r (const char *name G_GNUC_UNUSED, int family,
                  struct hostent *host, char *buffer, size_t size,
                  struct hostent **found, int *problem)
{
  int result = fill_hostent (host, buffer, size, found, problem);

  host->h_addrtype = family;
  host->h_length = family == AF_INET6 ? 16 : 4;
  return result;
}

int
gethostbyaddr_r (const void *address G_GNUC_UNUSED,
                 socklen_t length G_GNUC_UNUSED, int family G_GNUC_UNUSED,
                 struct hostent *host, char *buffer, size_t size,
                 struct hostent **found, int *problem)
{
  return fill_hostent (host, buffer, size, found, problem);
}

int
getnameinfo (const struct sockaddr *address G_GNUC_UNUSED,
             socklen_t length G_GNUC_UNUSED, char *host, socklen_t size,
             char *service G_GNUC_UNUSED, socklen_t service_size G_GNUC_UNUSED,
             int flags G_GNUC_UNUSED)
{
  if (names.result == 0)
    g_strlcpy (host, hostents.canonical, size);
  errno = names.errnum;
  return names.result;
}

typedef struct
{
  guint told;
  GsockNames *names;
  GError *error;
} Outcome;

static void
told_cb (GsockNames *answer, const GError *error, gpointer data)
{
  Outcome *outcome = data;

  outcome->told++;
  outcome->names = answer;
  outcome->error = error != NULL ? g_error_copy (error) : NULL;
}

static void
outcome_clear (Outcome *outcome)
{
  g_clear_pointer (&outcome->names, gsock_names_free);
  g_clear_error (&outcome->error);
}

static Outcome
look_up (const char *host, int family)
{
  GMainContext *context = g_main_context_new ();
  GsockSystem *system = gsock_system_new (2, context);
  Outcome outcome = { 0 };

  gsock_system_start (system, host, family, told_cb, &outcome);
  g_assert_cmpuint (outcome.told, ==, 0);
  while (outcome.told == 0)
    g_main_context_iteration (context, TRUE);
  gsock_system_free (system);
  g_main_context_unref (context);
  return outcome;
}

static void
use_hostent (const char *canonical, const char *first, const char *second)
{
  memset (&hostents, 0, sizeof hostents);
  hostents.canonical = canonical;
  hostents.aliases[0] = first;
  hostents.aliases[1] = second;
}

static char *
list_addresses (const GsockNames *answer)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < answer->addresses->len; i++)
    {
      g_autofree char *host = gsock_address_host_to_string (
          &g_array_index (answer->addresses, GsockAddress, i));

      g_string_append_printf (list, "%s%s", i == 0 ? "" : " ", host);
    }
  return g_string_free (list, FALSE);
}

static char *
list_aliases (const GsockNames *answer)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < answer->aliases->len; i++)
    g_string_append_printf (list, "%s%s", i == 0 ? "" : " ",
                            (char *) g_ptr_array_index (answer->aliases, i));
  return g_string_free (list, FALSE);
}

static void
test_names (void)
{
  Outcome outcome;
  g_autofree char *addresses = NULL;
  g_autofree char *aliases = NULL;

  use_names ("2001:db8::1", "192.0.2.1", "192.0.2.1");
  use_hostent ("real.test", "WWW.test", "www.test");
  outcome = look_up ("www.test", AF_UNSPEC);
  g_assert_no_error (outcome.error);
  g_assert_false (outcome.names->reverse);
  g_assert_cmpstr (outcome.names->canonical, ==, "real.test");
  addresses = list_addresses (outcome.names);
  g_assert_cmpstr (addresses, ==, "2001:db8::1 192.0.2.1");
  aliases = list_aliases (outcome.names);
  g_assert_cmpstr (aliases, ==, "WWW.test");
  /* Once for each family that there is. */
  g_assert_cmpuint (hostents.calls, ==, 2);
  outcome_clear (&outcome);
}

static void
test_families (void)
{
  Outcome outcome;
  g_autofree char *addresses = NULL;

  use_names ("2001:db8::1", "192.0.2.1", "fe80::1%lo");
  use_hostent ("real.test", NULL, NULL);
  outcome = look_up ("www.test", AF_INET6);
  addresses = list_addresses (outcome.names);
  g_assert_cmpstr (addresses, ==, "2001:db8::1 fe80::1%lo");
  g_assert_cmpint (names.hints.ai_family, ==, AF_INET6);
  g_assert_cmpint (names.hints.ai_flags & AI_ADDRCONFIG, ==, 0);
  g_assert_cmpuint (hostents.calls, ==, 1);
  outcome_clear (&outcome);
}

/* More room is given as often as it is asked for. */
static void
test_room (void)
{
  Outcome outcome;

  use_names ("192.0.2.1", NULL, NULL);
  use_hostent ("real.test", NULL, NULL);
  hostents.size = 100 * 1024;
  outcome = look_up ("www.test", AF_UNSPEC);
  g_assert_cmpstr (outcome.names->canonical, ==, "real.test");
  g_assert_cmpuint (hostents.too_small, >, 0);
  outcome_clear (&outcome);
  /* But not for ever. */
  hostents.size = 1024 * 1024 * 1024;
  outcome = look_up ("www.test", AF_UNSPEC);
  g_assert_null (outcome.names->canonical);
  g_assert_cmpuint (outcome.names->addresses->len, ==, 1);
  outcome_clear (&outcome);
}

static void
test_addresses (void)
{
  Outcome outcome;
  g_autofree char *aliases = NULL;

  use_names (NULL, NULL, NULL);
  use_hostent ("here.test", "alias.test", NULL);
  outcome = look_up ("192.0.2.7", AF_UNSPEC);
  g_assert_no_error (outcome.error);
  g_assert_true (outcome.names->reverse);
  g_assert_cmpstr (outcome.names->canonical, ==, "here.test");
  aliases = list_aliases (outcome.names);
  g_assert_cmpstr (aliases, ==, "alias.test");
  outcome_clear (&outcome);
  outcome = look_up ("2001:db8::7", AF_UNSPEC);
  g_assert_cmpstr (outcome.names->canonical, ==, "here.test");
  outcome_clear (&outcome);
}

static void
test_errors (void)
{
  static const struct
  {
    const char *host;
    int result;
    int errnum;
    int code;
  } rows[] = {
    { "www.test", EAI_NONAME, 0, GSOCK_ERROR_NAME },
    { "www.test", EAI_AGAIN, 0, GSOCK_ERROR_REMOTE },
    { "www.test", EAI_FAIL, 0, GSOCK_ERROR_REMOTE },
    { "www.test", EAI_NODATA, 0, GSOCK_ERROR_REMOTE },
    { "www.test", EAI_ADDRFAMILY, 0, GSOCK_ERROR_REMOTE },
    { "www.test", EAI_SYSTEM, EMFILE, GSOCK_ERROR_FAILED },
    { "www.test", EAI_MEMORY, 0, GSOCK_ERROR_FAILED },
    { "192.0.2.1", EAI_NONAME, 0, GSOCK_ERROR_NAME },
    { "192.0.2.1", EAI_AGAIN, 0, GSOCK_ERROR_REMOTE },
    /* A name with no address that we could use. */
    { "www.test", 0, 0, GSOCK_ERROR_REMOTE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Outcome outcome;

      use_names (NULL, NULL, NULL);
      use_hostent (NULL, NULL, NULL);
      names.result = rows[i].result;
      names.errnum = rows[i].errnum;
      outcome = look_up (rows[i].host, AF_UNSPEC);
      g_test_message ("%s: %d", rows[i].host, rows[i].result);
      g_assert_null (outcome.names);
      g_assert_error (outcome.error, GSOCK_ERROR, rows[i].code);
      /* The C library is not asked twice where nobody answers. */
      g_assert_cmpuint (hostents.calls, ==, 0);
      outcome_clear (&outcome);
    }
}

/* A look-up that the C library does not end holds nobody up: its thread is left
 * to it, and another one takes its place. */
static void
test_cancel (void)
{
  GMainContext *context = g_main_context_new ();
  GsockSystem *system = gsock_system_new (1, context);
  Outcome gone = { 0 }, outcome = { 0 };
  GsockSystemLookup *lookup;

  use_names ("192.0.2.1", NULL, NULL);
  use_hostent ("here.test", NULL, NULL);
  names.mute = TRUE;
  lookup = gsock_system_start (system, "slow.test", AF_UNSPEC, told_cb, &gone);
  while (names_count (&names.asked) == 0)
    g_thread_yield ();
  gsock_system_cancel (lookup);
  /* No name: the thread that is stuck has the names' lock in no way. */
  gsock_system_start (system, "192.0.2.7", AF_UNSPEC, told_cb, &outcome);
  while (outcome.told == 0)
    g_main_context_iteration (context, TRUE);
  g_assert_no_error (outcome.error);
  g_assert_cmpuint (gone.told, ==, 0);
  outcome_clear (&outcome);
  names_speak ();
  /* The pool is as large as before once the thread has come back. */
  outcome.told = 0;
  gsock_system_start (system, "www.test", AF_UNSPEC, told_cb, &outcome);
  while (outcome.told == 0)
    g_main_context_iteration (context, TRUE);
  g_assert_no_error (outcome.error);
  g_assert_cmpuint (gone.told, ==, 0);
  outcome_clear (&outcome);
  gsock_system_free (system);
  g_main_context_unref (context);
}

static void
test_add_alias (void)
{
  g_autoptr (GsockNames) answer = gsock_names_new ();
  g_autofree char *aliases = NULL;

  gsock_names_add_alias (answer, "a.test");
  gsock_names_add_alias (answer, "A.TEST");
  answer->canonical = g_strdup ("real.test");
  gsock_names_add_alias (answer, "Real.test");
  gsock_names_add_alias (answer, "b.test");
  aliases = list_aliases (answer);
  g_assert_cmpstr (aliases, ==, "a.test b.test");
}

static void
collect_cb (const char *text, gsize size, gpointer data)
{
  g_string_append_len (data, text, (gssize) size);
}

/* Each call in its turn, with what it is about. */
static void
test_explain (void)
{
  static const char *const order[] = {
    "nsswitch (/etc/nsswitch.conf, \"hosts:\") = ",
    "getaddrinfo (\"www.test\", NULL, {AF_UNSPEC, SOCK_STREAM}) = 0 "
    "192.0.2.1, 127.0.0.1",
    ", 127.0.0.1:0, SOCK_DGRAM) = 0 from 127.0.0.1",
    "gethostbyname2_r (\"www.test\", AF_INET) = 0 h_name \"real.test\", "
    "h_length 4, h_aliases \"www\\x1b.test\"",
    "inet_ntop (AF_INET, {c0 00 02 01}) = 0 \"192.0.2.1\", s_addr 0x",
    ", ntohl 0xc0000201",
  };
  const GsockLogOptions explain = { .explain = TRUE };
  const GsockLogOptions plain = { .program = "test" };
  g_autoptr (GString) told = g_string_new (NULL);
  const char *at;
  Outcome outcome;

  use_names ("192.0.2.1", "127.0.0.1", NULL);
  use_hostent ("real.test", "www\033.test", NULL);
  gsock_log_setup (&explain);
  gsock_log_set_sink (collect_cb, told);
  outcome = look_up ("www.test", AF_UNSPEC);
  gsock_log_setup (&plain);
  gsock_log_set_sink (NULL, NULL);
  g_assert_no_error (outcome.error);
  outcome_clear (&outcome);
  at = told->str;
  for (gsize i = 0; i < G_N_ELEMENTS (order); i++)
    {
      at = strstr (at, order[i]);
      if (at == NULL)
        g_test_message ("no %s in: %s", order[i], told->str);
      g_assert_nonnull (at);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/system/names", test_names);
  g_test_add_func ("/system/families", test_families);
  g_test_add_func ("/system/room", test_room);
  g_test_add_func ("/system/addresses", test_addresses);
  g_test_add_func ("/system/errors", test_errors);
  g_test_add_func ("/system/cancel", test_cancel);
  g_test_add_func ("/system/add-alias", test_add_alias);
  g_test_add_func ("/system/explain", test_explain);
  return g_test_run ();
}

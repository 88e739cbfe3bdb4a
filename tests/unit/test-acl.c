/* test-acl.c: who may connect: rules, files, reloads, and what is refused
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "core/acl.h"
#include "core/error.h"

/* "10.0.0.1", "::1", "uid:1000", "gid:100", "" for an unknown one. */
static GsockPeer
peer (const char *text)
{
  GsockPeer result = { .family = AF_UNSPEC };
  struct sockaddr_in v4 = { .sin_family = AF_INET };
  struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };

  if (inet_pton (AF_INET, text, &v4.sin_addr) == 1)
    gsock_peer_init_from_native (&result, (struct sockaddr *) &v4, sizeof v4);
  else if (inet_pton (AF_INET6, text, &v6.sin6_addr) == 1)
    gsock_peer_init_from_native (&result, (struct sockaddr *) &v6, sizeof v6);
  else if (*text != '\0')
    {
      result.family = AF_UNIX;
      result.local.pid = 1;
      result.local.uid = *text == 'u' ? (uid_t) atoi (text + 4) : 4000;
      result.local.gid = *text == 'g' ? (gid_t) atoi (text + 4) : 4000;
    }
  return result;
}

/* Rules as "+10.0.0.0/8 -uid:0". */
static GsockAcl *
acl_of (const char *rules)
{
  g_autoptr (GsockAcl) acl = gsock_acl_new ();
  g_auto (GStrv) words = g_strsplit (rules, " ", -1);

  for (guint i = 0; words[i] != NULL && *words[i] != '\0'; i++)
    {
      g_autoptr (GError) error = NULL;

      gsock_acl_add (acl, *words[i] == '+', words[i] + 1, &error);
      g_assert_no_error (error);
    }
  return g_steal_pointer (&acl);
}

static void
assert_allows (GsockAcl *acl, const char *who, gboolean allowed,
               const char *rule)
{
  GsockPeer subject = peer (who);
  const char *decided = "unset";

  g_test_message ("%s", who);
  g_assert_cmpint (gsock_acl_allows (acl, &subject, &decided), ==, allowed);
  g_assert_cmpstr (decided, ==, rule);
  g_assert_cmpint (gsock_acl_allows (acl, &subject, NULL), ==, allowed);
}

static const struct
{
  const char *rules;
  const char *who;
  gboolean allowed;
  const char *rule;
} table[] = {
  { "", "10.0.0.1", TRUE, NULL },
  { "", "", TRUE, NULL },
  { "", "uid:0", TRUE, NULL },
  /* One rule, and the default that follows from it. */
  { "+10.0.0.0/8", "10.255.255.255", TRUE, "10.0.0.0/8" },
  { "+10.0.0.0/8", "11.0.0.0", FALSE, NULL },
  { "-10.0.0.0/8", "10.0.0.0", FALSE, "10.0.0.0/8" },
  { "-10.0.0.0/8", "9.255.255.255", TRUE, NULL },
  { "+192.0.2.1", "192.0.2.1", TRUE, "192.0.2.1" },
  { "+192.0.2.1", "192.0.2.2", FALSE, NULL },
  { "+192.0.2.128/25", "192.0.2.127", FALSE, NULL },
  { "+192.0.2.128/25", "192.0.2.128", TRUE, "192.0.2.128/25" },
  { "+192.0.2.1/32", "192.0.2.1", TRUE, "192.0.2.1/32" },
  { "+0.0.0.0/0", "203.0.113.9", TRUE, "0.0.0.0/0" },
  { "+0.0.0.0/0", "::1", FALSE, NULL },
  /* IPv6 */
  { "+2001:db8::/33", "2001:db8:7fff::1", TRUE, "2001:db8::/33" },
  { "+2001:db8::/33", "2001:db8:8000::1", FALSE, NULL },
  { "-::1", "::1", FALSE, "::1" },
  { "-::/0", "2001:db8::1", FALSE, "::/0" },
  { "-::/0", "10.0.0.1", TRUE, NULL },
  /* IPv4 in IPv6: the peer is folded, and so is the rule. */
  { "+10.0.0.0/8", "::ffff:10.1.2.3", TRUE, "10.0.0.0/8" },
  { "-10.1.2.3", "::ffff:10.1.2.3", FALSE, "10.1.2.3" },
  { "-::ffff:10.0.0.0/104", "10.1.2.3", FALSE, "::ffff:10.0.0.0/104" },
  { "-::ffff:10.1.2.3", "::ffff:10.1.2.3", FALSE, "::ffff:10.1.2.3" },
  /* The first match wins. */
  { "-10.0.0.1 +10.0.0.0/8", "10.0.0.1", FALSE, "10.0.0.1" },
  { "-10.0.0.1 +10.0.0.0/8", "10.0.0.2", TRUE, "10.0.0.0/8" },
  { "+10.0.0.0/8 -10.0.0.1", "10.0.0.1", TRUE, "10.0.0.0/8" },
  { "+10.0.0.1 -10.0.0.0/8", "192.0.2.1", FALSE, NULL },
  { "-10.0.0.1 -10.0.0.2", "10.0.0.3", TRUE, NULL },
  /* Local peers */
  { "+uid:1000", "uid:1000", TRUE, "uid:1000" },
  { "+uid:1000", "uid:1001", FALSE, NULL },
  { "+uid:0", "uid:0", TRUE, "uid:0" },
  { "+uid:root", "uid:0", TRUE, "uid:root" },
  { "+uid:1000", "gid:1000", FALSE, NULL },
  { "+gid:100", "gid:100", TRUE, "gid:100" },
  { "+gid:root", "gid:0", TRUE, "gid:root" },
  { "+gid:100", "uid:100", FALSE, NULL },
  { "-uid:4294967294", "uid:1", TRUE, NULL },
  /* A rule of one kind says nothing of the peers of another. */
  { "+uid:0", "127.0.0.1", FALSE, NULL },
  { "-uid:0", "127.0.0.1", TRUE, NULL },
  { "+0.0.0.0/0 +::/0", "uid:1000", FALSE, NULL },
  /* Who can't be named gets past no list. */
  { "-10.0.0.1", "", FALSE, NULL },
  { "+0.0.0.0/0", "", FALSE, NULL },
  { "-uid:5", "uid:-1", FALSE, NULL },
};

static void
test_rules (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (GsockAcl) acl = acl_of (table[i].rules);

      g_test_message ("%s", table[i].rules);
      assert_allows (acl, table[i].who, table[i].allowed, table[i].rule);
      g_assert_cmpint (gsock_acl_is_empty (acl), ==, *table[i].rules == '\0');
    }
}

static const struct
{
  const char *rule;
  const char *message;
} bad[] = {
  { "", "'' is not a rule; write an address, a network as in 10.0.0.0/8, "
        "uid:USER, gid:GROUP or @FILE" },
  { "@", "'@' is not a rule; write an address, a network as in 10.0.0.0/8, "
         "uid:USER, gid:GROUP or @FILE" },
  { "localhost", "...'localhost' is not a rule" },
  { "10.0.0", "...is not a rule" },
  { "10.0.0.1:80", "...is not a rule" },
  { "10.0.0.010", "...is not a rule" },
  { " 10.0.0.1", "...is not a rule" },
  { "[::1]", "...is not a rule" },
  { "/8", "...is not a rule" },
  { "\x1b[2J", "...'\\x1b[2J' is not a rule" },
  { "10.0.0.0/", "The rule '10.0.0.0/' needs a number of bits from 0 to 32 "
                 "after the '/'" },
  { "10.0.0.0/33", "...from 0 to 32" },
  { "::/129", "...from 0 to 128" },
  { "10.0.0.0/-1", "...from 0 to 32" },
  { "10.0.0.0/+8", "...from 0 to 32" },
  { "10.0.0.0/8/8", "...from 0 to 32" },
  /* 2^32 + 8: what strtoul() and a cast would take for 8 */
  { "10.0.0.0/4294967304", "...from 0 to 32" },
  { "10.0.0.0/255.0.0.0", "...from 0 to 32" },
  { "10.0.0.1/8", "The rule '10.0.0.1/8' has bits after its prefix, so it may "
                  "not mean what it says; write 10.0.0.0/8, or the address "
                  "alone" },
  { "192.0.2.130/25", "...write 192.0.2.128/25," },
  { "1.2.3.4/0", "...write 0.0.0.0/0," },
  { "2001:db8::1/33", "...write 2001:db8::/33," },
  { "::ffff:10.0.0.1/104", "...write 10.0.0.0/8," },
  { "uid:", "The rule 'uid:' needs a user: a name, or a number under "
            "4294967295" },
  { "uid:4294967295", "...needs a user" },
  { "uid:99999999999999999999", "...needs a user" },
  { "uid:no-such-user", "The rule 'uid:no-such-user': this machine has no "
                        "such user" },
  { "uid:-1", "...has no such user" },
  { "gid:", "...needs a group: a name, or a number under 4294967295" },
  { "gid:4294967295", "...needs a group" },
  { "gid:no-such-group", "The rule 'gid:no-such-group': this machine has no "
                         "such group" },
  { "@/nonexistent/rules",
    "...The rules of /nonexistent/rules can't be read: no such file" },
  { "@/", "The rules of / can't be read: it is not a regular file, and SIGHUP "
          "reads it again" },
};

static void
assert_message (const GError *error, const char *expected)
{
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
  if (!g_str_has_prefix (expected, "..."))
    {
      g_assert_cmpstr (error->message, ==, expected);
      return;
    }
  if (strstr (error->message, expected + 3) == NULL)
    g_error ("'%s' is not in '%s'", expected + 3, error->message);
}

static void
test_bad (void)
{
  g_autoptr (GsockAcl) acl = gsock_acl_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (gsock_acl_add (acl, TRUE, bad[i].rule, &error));
      g_test_message ("%s", error->message);
      assert_message (error, bad[i].message);
      g_assert_false (gsock_acl_add (acl, TRUE, bad[i].rule, NULL));
    }
  /* Nothing is left of them, not even "an allow denies the rest". */
  g_assert_true (gsock_acl_is_empty (acl));
  assert_allows (acl, "10.0.0.1", TRUE, NULL);
}

/* --- Files ------------------------------------------------------------- */

typedef struct
{
  char *folder;
  char *path;
  char *rule; /* "@PATH" */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  fixture->folder = g_dir_make_tmp ("gsock-acl-XXXXXX", NULL);
  g_assert_nonnull (fixture->folder);
  fixture->path = g_build_filename (fixture->folder, "rules", NULL);
  fixture->rule = g_strconcat ("@", fixture->path, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_unlink (fixture->path);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->rule);
  g_free (fixture->path);
  g_free (fixture->folder);
}

static void
write_rules (Fixture *fixture, const char *text, gssize size)
{
  g_assert_true (g_file_set_contents (fixture->path, text, size, NULL));
}

static void
test_file (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GsockAcl) acl = acl_of ("-10.0.0.1");
  g_autoptr (GError) error = NULL;

  write_rules (fixture,
               "\xef\xbb\xbf# the office\n\n 10.0.0.0/8 \t# all\r\n\r\n"
               "2001:db8::/32#here\nuid:0",
               -1);
  gsock_acl_add (acl, TRUE, fixture->rule, &error);
  g_assert_no_error (error);
  assert_allows (acl, "10.0.0.1", FALSE, "10.0.0.1");
  assert_allows (acl, "10.0.0.2", TRUE, "10.0.0.0/8");
  assert_allows (acl, "2001:db8::9", TRUE, "2001:db8::/32");
  assert_allows (acl, "uid:0", TRUE, "uid:0");
  assert_allows (acl, "192.0.2.1", FALSE, NULL);
}

static void
test_file_errors (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  static const struct
  {
    const char *text;
    gsize size;
    guint line;
    const char *message;
  } files[] = {
    { "10.0.0.1\n# x\nlocalhost\n", 24, 3,
      "'localhost' is not a rule; write an address, a network as in "
      "10.0.0.0/8, uid:USER, gid:GROUP or @FILE" },
    { "10.0.0.1/8", 10, 1,
      "The rule '10.0.0.1/8' has bits after its prefix, so it may not mean "
      "what it says; write 10.0.0.0/8, or the address alone" },
    { "\n@other", 7, 2, "A file of rules can't name another one" },
    { "10.0.0.1\n10.0.0.2\0x\n", 20, 2, "the line has a NUL byte" },
    { "10.0.0.1\n\0", 10, 2, "the line has a NUL byte" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GsockAcl) acl = acl_of ("-192.0.2.1");
      g_autoptr (GError) error = NULL;
      g_autofree char *message = g_strdup_printf (
          "%s:%u: %s", fixture->path, files[i].line, files[i].message);

      write_rules (fixture, files[i].text, (gssize) files[i].size);
      g_assert_false (gsock_acl_add (acl, TRUE, fixture->rule, &error));
      g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
      g_assert_cmpstr (error->message, ==, message);
      /* No rule of a bad file counts, those before the mistake neither. */
      assert_allows (acl, "10.0.0.1", TRUE, NULL);
      assert_allows (acl, "192.0.2.1", FALSE, "192.0.2.1");
    }
}

static void
test_file_size (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GsockAcl) acl = gsock_acl_new ();
  g_autoptr (GError) error = NULL;

  write_rules (fixture, "", 0);
  g_assert_cmpint (truncate (fixture->path, 16 * 1024 * 1024 + 1), ==, 0);
  g_assert_false (gsock_acl_add (acl, TRUE, fixture->rule, &error));
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
  g_assert_nonnull (strstr (error->message, "more than 16777216 bytes"));
}

/* An open() of a FIFO that nobody writes to must not hang. */
static void
test_file_fifo (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GsockAcl) acl = gsock_acl_new ();
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (mkfifo (fixture->path, 0600), ==, 0);
  g_assert_false (gsock_acl_add (acl, TRUE, fixture->rule, &error));
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
  g_assert_nonnull (strstr (error->message, "not a regular file"));
}

/* The trap of "an allow denies the rest": a file that was emptied, by
 * mistake or half written, must not open the server to everybody. */
static void
test_file_empty (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GsockAcl) acl = gsock_acl_new ();
  g_autoptr (GError) error = NULL;

  write_rules (fixture, "# nobody yet\n", -1);
  gsock_acl_add (acl, TRUE, fixture->rule, &error);
  g_assert_no_error (error);
  g_assert_false (gsock_acl_is_empty (acl));
  assert_allows (acl, "10.0.0.1", FALSE, NULL);

  write_rules (fixture, "10.0.0.1", -1);
  g_assert_true (gsock_acl_reload (acl, NULL));
  assert_allows (acl, "10.0.0.1", TRUE, "10.0.0.1");

  write_rules (fixture, "", -1);
  g_assert_true (gsock_acl_reload (acl, NULL));
  assert_allows (acl, "10.0.0.1", FALSE, NULL);
}

static void
test_reload (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GsockAcl) acl = acl_of ("-10.0.0.1");
  g_autoptr (GError) error = NULL;
  GsockPeer office = peer ("10.0.0.2");
  const char *rule = NULL;

  write_rules (fixture, "10.0.0.2", -1);
  g_assert_true (gsock_acl_add (acl, FALSE, fixture->rule, NULL));
  g_assert_true (gsock_acl_add (acl, FALSE, "10.0.0.4", NULL));
  g_assert_false (gsock_acl_allows (acl, &office, &rule));

  write_rules (fixture, "10.0.0.3", -1);
  assert_allows (acl, "10.0.0.2", FALSE, "10.0.0.2");
  gsock_acl_reload (acl, &error);
  g_assert_no_error (error);
  assert_allows (acl, "10.0.0.1", FALSE, "10.0.0.1");
  assert_allows (acl, "10.0.0.2", TRUE, NULL);
  assert_allows (acl, "10.0.0.3", FALSE, "10.0.0.3");
  assert_allows (acl, "10.0.0.4", FALSE, "10.0.0.4");
  /* The text of a rule that is gone may still be in somebody's log line. */
  g_assert_cmpstr (rule, ==, "10.0.0.2");
}

static void
test_reload_error (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GsockAcl) acl = gsock_acl_new ();
  g_autoptr (GError) error = NULL;

  write_rules (fixture, "10.0.0.2", -1);
  g_assert_true (gsock_acl_add (acl, FALSE, fixture->rule, NULL));

  write_rules (fixture, "10.0.0.3\noops", -1);
  g_assert_false (gsock_acl_reload (acl, &error));
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
  g_assert_nonnull (strstr (error->message, "rules:2: 'oops'"));
  assert_allows (acl, "10.0.0.2", FALSE, "10.0.0.2");
  assert_allows (acl, "10.0.0.3", TRUE, NULL);

  g_assert_cmpint (g_unlink (fixture->path), ==, 0);
  g_assert_false (gsock_acl_reload (acl, NULL));
  assert_allows (acl, "10.0.0.2", FALSE, "10.0.0.2");
}

/* A relative name means the file it meant at the start. */
static void
test_reload_elsewhere (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GsockAcl) acl = gsock_acl_new ();
  g_autofree char *here = g_get_current_dir ();

  write_rules (fixture, "10.0.0.2", -1);
  g_assert_cmpint (g_chdir (fixture->folder), ==, 0);
  g_assert_true (gsock_acl_add (acl, FALSE, "@rules", NULL));
  g_assert_cmpint (g_chdir ("/"), ==, 0);
  write_rules (fixture, "10.0.0.3", -1);
  g_assert_true (gsock_acl_reload (acl, NULL));
  g_assert_cmpint (g_chdir (here), ==, 0);
  assert_allows (acl, "10.0.0.3", FALSE, "10.0.0.3");
}

/* --- Others ------------------------------------------------------------ */

static void
test_names_users (void)
{
  static const struct
  {
    const char *rules;
    gboolean names;
  } lists[] = {
    { "", FALSE },
    { "-uid:5", FALSE },
    { "-10.0.0.0/8", FALSE },
    { "+uid:0", TRUE },
    { "-uid:5 +uid:0 +uid:1000", TRUE },
    { "+uid:0 +gid:0", FALSE },
    { "+uid:0 -gid:0", TRUE },
    { "+gid:0", FALSE },
    { "+10.0.0.0/8", FALSE },
    { "+uid:0 +10.0.0.0/8", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      g_autoptr (GsockAcl) acl = acl_of (lists[i].rules);

      g_test_message ("%s", lists[i].rules);
      g_assert_cmpint (gsock_acl_names_users (acl), ==, lists[i].names);
    }
}

static gpointer
ask_cb (gpointer data)
{
  GsockAcl *acl = data;
  GsockPeer subject = peer ("10.0.0.1");
  guint denied = 0;

  for (int i = 0; i < 20000; i++)
    denied += !gsock_acl_allows (acl, &subject, NULL);
  gsock_acl_unref (acl);
  return GUINT_TO_POINTER (denied);
}

/* A reader sees the old list or the new one, and both deny. */
static void
test_threads (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GsockAcl) acl = gsock_acl_new ();
  GThread *thread;

  write_rules (fixture, "10.0.0.0/8\n10.0.0.1\n", -1);
  g_assert_true (gsock_acl_add (acl, FALSE, fixture->rule, NULL));
  thread = g_thread_new ("ask", ask_cb, gsock_acl_ref (acl));
  for (int i = 0; i < 200; i++)
    g_assert_true (gsock_acl_reload (acl, NULL));
  g_assert_cmpuint (GPOINTER_TO_UINT (g_thread_join (thread)), ==, 20000);
}

static void
test_random (void)
{
  g_autoptr (GsockAcl) acl = gsock_acl_new ();

  for (int i = 0; i < 5000; i++)
    {
      static const char alphabet[] = "0123456789abcdef:./uidg@-\x1b\xff";
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (GError) error = NULL;

      for (int j = g_test_rand_int_range (0, 20); j > 0; j--)
        g_string_append_c (
            text, alphabet[g_test_rand_int_range (0, sizeof alphabet - 1)]);
      if (!gsock_acl_add (acl, i % 2, text->str, &error))
        for (const char *p = error->message; *p != '\0'; p++)
          g_assert_true (g_ascii_isprint (*p));
    }
}

#define ADD_FILE_TEST(name, function) \
  g_test_add (name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/acl/rules", test_rules);
  g_test_add_func ("/acl/bad", test_bad);
  ADD_FILE_TEST ("/acl/file/good", test_file);
  ADD_FILE_TEST ("/acl/file/errors", test_file_errors);
  ADD_FILE_TEST ("/acl/file/size", test_file_size);
  ADD_FILE_TEST ("/acl/file/fifo", test_file_fifo);
  ADD_FILE_TEST ("/acl/file/empty", test_file_empty);
  ADD_FILE_TEST ("/acl/reload/good", test_reload);
  ADD_FILE_TEST ("/acl/reload/error", test_reload_error);
  ADD_FILE_TEST ("/acl/reload/elsewhere", test_reload_elsewhere);
  ADD_FILE_TEST ("/acl/threads", test_threads);
  g_test_add_func ("/acl/names-users", test_names_users);
  g_test_add_func ("/acl/random", test_random);
  return g_test_run ();
}

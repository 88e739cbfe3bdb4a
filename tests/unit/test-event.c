/* test-event.c: names, sentences and JSON of every kind of event
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <locale.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/wait.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "core/call.h"
#include "core/error.h"
#include "core/event.h"
#include "core/gio.h"

/* Facts for events of any kind. */
typedef struct
{
  GsockEndpoint *local;
  GsockEndpoint *remote;
  GsockPeer peer;
  GError *error;
} Facts;

static void
facts_init (Facts *facts)
{
  struct sockaddr_in address = { .sin_family = AF_INET };

  address.sin_port = g_htons (40322);
  address.sin_addr.s_addr = g_htonl (INADDR_LOOPBACK);
  facts->local = gsock_endpoint_parse ("127.0.0.1:3490",
                                       GSOCK_ENDPOINT_FOR_SERVER, NULL);
  facts->remote = gsock_endpoint_parse ("/run/app.sock",
                                        GSOCK_ENDPOINT_FOR_CLIENT, NULL);
  gsock_peer_init_from_native (&facts->peer, (const struct sockaddr *) &address,
                               sizeof address);
  facts->error = g_error_new_literal (GSOCK_ERROR, GSOCK_ERROR_FRAME_TOO_BIG,
                                      "It is too big");
  g_assert_nonnull (facts->local);
  g_assert_nonnull (facts->remote);
}

static void
facts_clear (Facts *facts)
{
  gsock_endpoint_unref (facts->local);
  gsock_endpoint_unref (facts->remote);
  g_clear_error (&facts->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Facts, facts_clear)

static GsockEvent
event_of (GsockEventKind kind, const Facts *facts)
{
  GsockEvent event = {
    .kind = kind,
    .id = 7,
    .local = facts->local,
    .remote = facts->remote,
    .peer = &facts->peer,
    .text = kind == GSOCK_EVENT_DATA ? "in" : "text",
    .detail = "detail",
    .data = "data",
    .size = 4,
    .in = 5,
    .out = 35,
    .count = 3,
    .active = 2,
    .duration = 2100,
    .errnum = ECONNREFUSED,
    .error = facts->error,
    .call = GSOCK_CALL_BIND,
  };

  return event;
}

/* One line, the time made a T. */
static char *
json_of (const GsockEvent *event)
{
  g_autoptr (GString) string = g_string_new (NULL);
  const char *time;

  gsock_event_append_json (string, event);
  g_assert_true (g_str_has_suffix (string->str, "}\n"));
  g_assert_cmpuint (strlen (string->str), ==, string->len);
  time = strstr (string->str, "\"time\":\"");
  g_assert_nonnull (time);
  g_assert_true (g_regex_match_simple (
      "\"time\":\"20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z\"",
      time, 0, 0));
  g_string_erase (string, time + 8 - string->str,
                  (gssize) strlen ("2026-11-22T20:02:53.412Z"));
  g_string_insert_c (string, time + 8 - string->str, 'T');
  g_string_truncate (string, string->len - 1);
  return g_strdup (string->str);
}

/* Nothing that drives a terminal: C0, DEL, C1 raw or as UTF-8, bidi. */
static void
assert_harmless (const char *text, gsize size)
{
  g_assert_true (g_utf8_validate (text, (gssize) size, NULL));
  for (const char *at = text; at < text + size; at += g_utf8_skip[(guchar) *at])
    {
      gunichar c = g_utf8_get_char (at);

      g_assert_cmpuint (c, >=, 0x20);
      g_assert_false (c >= 0x7f && c <= 0x9f);
      g_assert_false (c >= 0x200b && c <= 0x200f);
      g_assert_false (c >= 0x202a && c <= 0x202e);
      g_assert_false (c >= 0x2066 && c <= 0x2069);
    }
}

static void
test_names (void)
{
  g_autoptr (GHashTable)
      seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (GsockEventKind kind = 0; kind < GSOCK_N_EVENTS; kind++)
    {
      const char *name = gsock_event_name (kind);

      g_assert_nonnull (name);
      g_assert_cmpuint (strspn (name, "abcdefghijklmnopqrstuvwxyz-"), ==,
                        strlen (name));
      g_assert_true (g_hash_table_add (seen, g_strdup (name)));
    }
  g_assert_cmpstr (gsock_event_name (GSOCK_EVENT_TOO_SLOW), ==, "too-slow");
  g_assert_cmpint (gsock_event_level (GSOCK_EVENT_ERROR), ==,
                   GSOCK_LEVEL_ERROR);
  g_assert_cmpint (gsock_event_level (GSOCK_EVENT_LISTENING), ==,
                   GSOCK_LEVEL_NOTICE);
  g_assert_cmpint (gsock_event_level (GSOCK_EVENT_ACCEPTED), ==,
                   GSOCK_LEVEL_INFO);
  g_assert_cmpint (gsock_event_level (GSOCK_EVENT_CALL), ==, GSOCK_LEVEL_CALL);
  /* A kind of a newer release in an older one's hands. */
  g_assert_nonnull (gsock_event_name (GSOCK_N_EVENTS));
}

/* A placeholder that is none of the kind's facts would stay in braces. */
static void
test_placeholders (void)
{
  g_auto (Facts) facts = { 0 };

  facts_init (&facts);
  for (GsockEventKind kind = 0; kind < GSOCK_N_EVENTS; kind++)
    for (guint count = 0; count < 3; count++)
      {
        GsockEvent event = event_of (kind, &facts);
        g_autofree char *text = NULL;

        event.count = count;
        if (kind == GSOCK_EVENT_DATA && count == 1)
          event.text = "out";
        text = gsock_event_to_text (&event);
        g_assert_cmpuint (strlen (text), >, 0);
        g_assert_null (strpbrk (text, "{}"));
        assert_harmless (text, strlen (text));
      }
}

static void
test_sentences (void)
{
  g_auto (Facts) facts = { 0 };
  const struct
  {
    GsockEventKind kind;
    const char *text;
    guint64 count;
    const char *sentence;
  } rows[] = {
    { GSOCK_EVENT_ERROR, NULL, 0, "It is too big" },
    { GSOCK_EVENT_LISTENING, NULL, 0, "Listening on 127.0.0.1:3490" },
    { GSOCK_EVENT_DENIED, "10.0.0.0/8", 0,
      "Refused 127.0.0.1:40322 on 127.0.0.1:3490: 10.0.0.0/8" },
    { GSOCK_EVENT_DENIED, NULL, 0,
      "Refused 127.0.0.1:40322 on 127.0.0.1:3490: no rule allows it" },
    { GSOCK_EVENT_DENIED, "--accept-proxy", 0,
      "Refused 127.0.0.1:40322 on 127.0.0.1:3490: it is not trusted to send a "
      "PROXY header (--accept-proxy)" },
    { GSOCK_EVENT_BAD_HEADER, NULL, 0,
      "Refused 127.0.0.1:40322 on 127.0.0.1:3490: it It is too big" },
    { GSOCK_EVENT_FULL, NULL, 1,
      "Full with 1 client; new ones wait in the backlog" },
    { GSOCK_EVENT_FULL, NULL, 2,
      "Full with 2 clients; new ones wait in the backlog" },
    { GSOCK_EVENT_STOPPING, "SIGTERM", 0,
      "Stopping (SIGTERM); 0 clients are still connected" },
    { GSOCK_EVENT_STOPPING, "accept-timeout", 1,
      "Stopping (no client came in time); 1 client is still connected" },
    { GSOCK_EVENT_STOPPING, NULL, 2,
      "Stopping (an error); 2 clients are still connected" },
    { GSOCK_EVENT_REMOVED, "/run/a\nb\\c\033", 0,
      "Removed /run/a\\x0ab\\\\c\\x1b" },
    { GSOCK_EVENT_CONNECTED, NULL, 0, "Connected to /run/app.sock" },
  };

  facts_init (&facts);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      GsockEvent event = event_of (rows[i].kind, &facts);
      g_autofree char *text = NULL;

      event.text = rows[i].text;
      event.count = rows[i].count;
      text = gsock_event_to_text (&event);
      g_assert_cmpstr (text, ==, rows[i].sentence);
    }
}

/* Who has connected for somebody is told where somebody has. */
static void
test_via (void)
{
  g_auto (Facts) facts = { 0 };
  GsockPeer balancer = { .family = AF_INET, .port = 9 };
  GsockEvent event;
  g_autofree char *text = NULL;
  g_autofree char *json = NULL;

  facts_init (&facts);
  event = event_of (GSOCK_EVENT_ACCEPTED, &facts);
  event.via = &balancer;
  text = gsock_event_to_text (&event);
  g_assert_cmpstr (text, ==,
                   "Connection 7: 127.0.0.1:40322 connected to 127.0.0.1:3490 "
                   "through 0.0.0.0:9");
  json = json_of (&event);
  g_assert_nonnull (strstr (json, "\"peer\":\"tcp:127.0.0.1:40322\","
                                  "\"via\":\"tcp:0.0.0.0:9\"}"));
}

/* ... that says where its client came to. */
static void
test_called (void)
{
  g_auto (Facts) facts = { 0 };
  GsockPeer balancer = { .family = AF_INET, .port = 9 };
  g_autoptr (GsockEndpoint) called = gsock_endpoint_parse (
      "tcp:198.51.100.2:80", GSOCK_ENDPOINT_FOR_SERVER, NULL);
  GsockEvent event;
  g_autofree char *text = NULL;
  g_autofree char *json = NULL;

  facts_init (&facts);
  event = event_of (GSOCK_EVENT_ACCEPTED, &facts);
  event.via = &balancer;
  event.called = called;
  text = gsock_event_to_text (&event);
  g_assert_cmpstr (text, ==,
                   "Connection 7: 127.0.0.1:40322 connected to "
                   "198.51.100.2:80, and 0.0.0.0:9 for it to 127.0.0.1:3490");
  json = json_of (&event);
  g_assert_nonnull (strstr (json, "\"via\":\"tcp:0.0.0.0:9\","
                                  "\"called\":\"tcp:198.51.100.2:80\"}"));
}

/* A client's peer on a UNIX socket is its path; one that is gone, too. */
static void
test_peer (void)
{
  g_auto (Facts) facts = { 0 };
  GsockEvent event;
  g_autofree char *known = NULL;
  g_autofree char *gone = NULL;
  g_autofree char *nothing = NULL;

  facts_init (&facts);
  event = event_of (GSOCK_EVENT_HALF_CLOSED, &facts);
  known = gsock_event_to_text (&event);
  g_assert_nonnull (strstr (known, "127.0.0.1:40322"));
  event.peer = NULL;
  gone = gsock_event_to_text (&event);
  g_assert_nonnull (strstr (gone, "/run/app.sock"));
  event.remote = NULL;
  nothing = gsock_event_to_text (&event);
  g_assert_nonnull (strstr (nothing, "the other side"));
}

/* Emitters may leave out any pointer. */
static void
test_missing (void)
{
  for (GsockEventKind kind = 0; kind < GSOCK_N_EVENTS; kind++)
    {
      GsockEvent event = { .kind = kind };
      g_autofree char *text = gsock_event_to_text (&event);
      g_autofree char *json = json_of (&event);

      g_assert_null (strpbrk (text, "{}"));
      g_assert_null (strstr (json, "\"id\""));
      g_assert_null (strstr (json, "\"peer\""));
    }
}

static void
test_hostile (void)
{
  g_auto (Facts) facts = { 0 };
  g_autoptr (GString) bytes = g_string_new (NULL);

  facts_init (&facts);
  for (guint byte = 1; byte < 256; byte++)
    g_string_append_c (bytes, (char) byte);
  /* U+009B, right-to-left override, and a brace of theirs. */
  g_string_append (bytes, "\xc2\x9b \xe2\x80\xae {peer}\t\n");
  g_free (facts.error->message);
  facts.error->message = g_strdup (bytes->str);

  for (GsockEventKind kind = 0; kind < GSOCK_N_EVENTS; kind++)
    {
      GsockEvent event = event_of (kind, &facts);
      g_autofree char *text = NULL;
      g_autofree char *json = NULL;

      event.text = event.detail = event.data = bytes->str;
      event.size = bytes->len;
      text = gsock_event_to_text (&event);
      assert_harmless (text, strlen (text));
      json = json_of (&event);
      assert_harmless (json, strlen (json));
    }
}

static void
test_message (void)
{
  g_autoptr (GError) error = g_error_new_literal (
      GSOCK_ERROR, GSOCK_ERROR_CONNECT, "a\\x1b \303\261\tb\033[2J\n");
  GsockEvent event = { .kind = GSOCK_EVENT_ERROR, .error = error };
  g_autofree char *text = gsock_event_to_text (&event);

  g_assert_cmpstr (text, ==, "a\\x1b \303\261\\x09b\\x1b[2J\\x0a");
}

static void
test_json (void)
{
  g_auto (Facts) facts = { 0 };
  static const struct
  {
    GsockEventKind kind;
    const char *json;
  } rows[] = {
    { GSOCK_EVENT_ERROR,
      "\"error\",\"time\":\"T\",\"id\":7,\"peer\":\"tcp:127.0.0.1:40322\","
      "\"domain\":\"gsock\",\"code\":\"frame-too-big\","
      "\"message\":\"It is too big\"}" },
    { GSOCK_EVENT_LISTENING,
      "\"listening\",\"time\":\"T\",\"local\":\"tcp:127.0.0.1:3490\"}" },
    { GSOCK_EVENT_READY, "\"ready\",\"time\":\"T\"}" },
    { GSOCK_EVENT_ACCEPTED,
      "\"accepted\",\"time\":\"T\",\"id\":7,\"local\":\"tcp:127.0.0.1:3490\","
      "\"peer\":\"tcp:127.0.0.1:40322\"}" },
    { GSOCK_EVENT_BAD_HEADER,
      "\"bad-proxy-header\",\"time\":\"T\",\"local\":\"tcp:127.0.0.1:3490\","
      "\"peer\":\"tcp:127.0.0.1:40322\",\"domain\":\"gsock\","
      "\"code\":\"frame-too-big\",\"message\":\"It is too big\"}" },
    { GSOCK_EVENT_ATTEMPT_FAILED,
      "\"attempt-failed\",\"time\":\"T\",\"remote\":\"unix:/run/app.sock\","
      "\"errno\":\"ECONNREFUSED\"}" },
    { GSOCK_EVENT_CLOSED,
      "\"closed\",\"time\":\"T\",\"id\":7,\"peer\":\"tcp:127.0.0.1:40322\","
      "\"in\":5,\"out\":35,\"seconds\":0.0021,\"reason\":\"text\"}" },
    { GSOCK_EVENT_DATA,
      "\"data\",\"time\":\"T\",\"id\":7,\"peer\":\"tcp:127.0.0.1:40322\","
      "\"direction\":\"in\",\"size\":4,\"data\":\"data\"}" },
    { GSOCK_EVENT_STATS,
      "\"stats\",\"time\":\"T\",\"active\":2,\"clients\":3,\"in\":5,"
      "\"out\":35,\"seconds\":0.0021}" },
  };

  facts_init (&facts);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      GsockEvent event = event_of (rows[i].kind, &facts);
      g_autofree char *json = json_of (&event);
      g_autofree char *wanted = g_strconcat ("{\"event\":", rows[i].json, NULL);

      g_assert_cmpstr (json, ==, wanted);
    }
}

static void
test_json_zeros (void)
{
  GsockEvent event = { .kind = GSOCK_EVENT_CLOSED, .id = 1, .text = "clean" };
  g_autofree char *json = json_of (&event);

  g_assert_cmpstr (json, ==,
                   "{\"event\":\"closed\",\"time\":\"T\",\"id\":1,\"in\":0,"
                   "\"out\":0,\"seconds\":0,\"reason\":\"clean\"}");
}

static void
test_json_unix_peer (void)
{
  GsockPeer peer = { .family = AF_UNIX };
  GsockEvent event = { .kind = GSOCK_EVENT_STOP_WORD, .id = 3, .peer = &peer };
  g_autofree char *whole = NULL;
  g_autofree char *foreign = NULL;

  peer.local.pid = 812;
  peer.local.uid = 0;
  peer.local.gid = 100;
  whole = json_of (&event);
  g_assert_cmpstr (whole, ==,
                   "{\"event\":\"stop-word\",\"time\":\"T\",\"id\":3,"
                   "\"peer\":\"unix:\",\"pid\":812,\"uid\":0,\"gid\":100}");
  /* Outside of our PID namespace. */
  peer.local.pid = -1;
  foreign = json_of (&event);
  g_assert_null (strstr (foreign, "pid"));
  g_assert_nonnull (strstr (foreign, "\"uid\":0"));
}

static void
test_json_errors (void)
{
  const struct
  {
    GQuark domain;
    int code;
    const char *json;
  } rows[] = {
    { GSOCK_ERROR, GSOCK_ERROR_CUT, "\"domain\":\"gsock\",\"code\":\"cut\"" },
    { G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED,
      "\"domain\":\"g-io-error-quark\",\"code\":\"connection-refused\"" },
    { G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND,
      "\"domain\":\"g-resolver-error-quark\",\"code\":\"not-found\"" },
    { G_IO_ERROR, 9999, "\"domain\":\"g-io-error-quark\",\"code\":\"9999\"" },
    { G_FILE_ERROR, 3, "\"domain\":\"g-file-error-quark\",\"code\":\"3\"" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError)
          error = g_error_new_literal (rows[i].domain, rows[i].code, "x");
      GsockEvent event = { .kind = GSOCK_EVENT_WARNING, .error = error };
      g_autofree char *json = json_of (&event);
      g_autofree char *wanted = g_strdup_printf (
          "{\"event\":\"warning\",\"time\":\"T\",%s,"
          "\"message\":\"x\"}",
          rows[i].json);

      g_assert_cmpstr (json, ==, wanted);
    }
}

static void
test_json_call (void)
{
  GsockEvent event = { .kind = GSOCK_EVENT_CALL,
                       .call = GSOCK_CALL_BIND,
                       .text = "5, [::]:3490" };
  g_autofree char *done = json_of (&event);
  g_autofree char *failed = NULL;

  g_assert_cmpstr (done, ==,
                   "{\"event\":\"call\",\"time\":\"T\",\"call\":\"bind\","
                   "\"arguments\":\"5, [::]:3490\",\"result\":0,"
                   "\"glib\":\"g_socket_bind\"}");
  event.result = -1;
  event.errnum = EADDRINUSE;
  failed = json_of (&event);
  g_assert_nonnull (
      strstr (failed, "\"result\":-1,\"errno\":\"EADDRINUSE\",\"glib\""));
}

static void
test_json_seconds (void)
{
  static const struct
  {
    gint64 duration;
    const char *json;
  } rows[] = {
    { 0, "\"seconds\":0}" },
    { 1, "\"seconds\":0.000001}" },
    { 2100, "\"seconds\":0.0021}" },
    { 1000000, "\"seconds\":1}" },
    { 10500000, "\"seconds\":10.5}" },
    { -1, "\"seconds\":0}" },
    { G_MAXINT64, "\"seconds\":9223372036854.775807}" },
  };

  /* A decimal comma, where the machine has such a locale. */
  if (setlocale (LC_NUMERIC, "es_ES.UTF-8") == NULL)
    g_test_message ("no Spanish locale here: tested in C only");
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      GsockEvent event = { .kind = GSOCK_EVENT_STOPPED,
                           .duration = rows[i].duration };
      g_autofree char *json = json_of (&event);

      g_assert_true (g_str_has_suffix (json, rows[i].json));
    }
  setlocale (LC_NUMERIC, "C");
}

/* Every kind, full and bare, against the schema that the scripts use too. */
static void
test_schema (void)
{
  static const char script[] =
      "import json, sys\n"
      "try:\n"
      "    import jsonschema\n"
      "    judge = jsonschema.Draft202012Validator\n"
      "except (ImportError, AttributeError):\n"
      "    sys.exit(77)\n"
      "schema = json.load(open(sys.argv[1]))\n"
      "judge.check_schema(schema)\n"
      "for line in open(sys.argv[2], encoding='utf-8'):\n"
      "    judge(schema).validate(json.loads(line))\n";
  g_auto (Facts) facts = { 0 };
  g_autoptr (GString) lines = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *schema = g_test_build_filename (G_TEST_DIST,
                                                   "events.schema.json", NULL);
  g_autofree char *directory = g_dir_make_tmp ("gsock-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "events", NULL);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) argv = NULL;
  int status = 0;

  facts_init (&facts);
  for (GsockEventKind kind = 0; kind < GSOCK_N_EVENTS; kind++)
    {
      GsockEvent event = event_of (kind, &facts);

      gsock_event_append_json (lines, &event);
      event.text = kind == GSOCK_EVENT_DATA ? "out" : "\xff";
      event.data = "\xff\xfe\xfd";
      event.size = 3;
      event.errnum = 9999;
      event.result = -1;
      gsock_event_append_json (lines, &event);
    }
  g_assert_true (g_file_set_contents (path, lines->str, -1, NULL));
  g_strv_builder_add_many (builder, "python3", "-c", script, schema, path,
                           NULL);
  argv = g_strv_builder_end (builder);
  g_spawn_sync (NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL,
                &status, &error);
  g_remove (path);
  g_rmdir (directory);
  if (g_error_matches (error, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT)
      || (error == NULL && WIFEXITED (status) && WEXITSTATUS (status) == 77))
    {
      g_test_skip ("no python3-jsonschema");
      return;
    }
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
}

static int
compare_strings_cb (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* The {placeholders} of a text, sorted, each once: "{in} {out} ". */
static char *
placeholders_of (const char *text)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GRegex) regex = g_regex_new ("\\{[a-z]+\\}", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  GString *list = g_string_new (NULL);

  for (g_regex_match (regex, text, 0, &match); g_match_info_matches (match);
       g_match_info_next (match, NULL))
    g_ptr_array_add (found, g_match_info_fetch (match, 0));
  g_ptr_array_sort (found, compare_strings_cb);
  for (guint i = 0; i < found->len; i++)
    if (i == 0
        || strcmp (g_ptr_array_index (found, i),
                   g_ptr_array_index (found, i - 1))
               != 0)
      g_string_append_printf (list, "%s ",
                              (const char *) g_ptr_array_index (found, i));
  return g_string_free (list, FALSE);
}

/* What a catalogue's entry says under @keyword, "msgid" or "msgstr[1]": the
 * quoted lines joined.  NULL: it has none. */
static char *
field_of (const char *entry, const char *keyword)
{
  g_autofree char *pattern = g_strdup_printf ("^%s ((?:\".*\"\\n?)+)", keyword);
  g_autoptr (GRegex) regex = g_regex_new (pattern, G_REGEX_MULTILINE, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *quoted = NULL;
  g_auto (GStrv) pieces = NULL;

  g_assert_nonnull (regex);
  if (!g_regex_match (regex, entry, 0, &match))
    return NULL;
  quoted = g_match_info_fetch (match, 1);
  pieces = g_strsplit_set (quoted, "\"\n", -1);
  return g_strjoinv ("", pieces);
}

static void
check_entry (const char *entry)
{
  static const char *const keywords[] = { "msgstr", "msgid_plural",
                                          "msgstr\\[0\\]", "msgstr\\[1\\]",
                                          "msgstr\\[2\\]" };
  g_autofree char *id = field_of (entry, "msgid");
  g_autofree char *wanted = NULL;

  if (id == NULL || strchr (id, '{') == NULL)
    return;
  wanted = placeholders_of (id);
  for (gsize i = 0; i < G_N_ELEMENTS (keywords); i++)
    {
      g_autofree char *text = field_of (entry, keywords[i]);
      g_autofree char *has = NULL;

      /* Not yet translated is another test's concern. */
      if (text == NULL || *text == '\0')
        continue;
      has = placeholders_of (text);
      if (strcmp (has, wanted) != 0)
        g_test_message ("in the translation of \"%s\"", id);
      g_assert_cmpstr (has, ==, wanted);
    }
}

/* A translation that loses {peer}, or writes {par}, loses a fact. */
static void
test_translations (void)
{
  g_autofree char *linguas_path = g_test_build_filename (G_TEST_DIST, "..",
                                                         "po", "LINGUAS", NULL);
  g_autofree char *linguas = NULL;
  g_auto (GStrv) languages = NULL;

  if (!g_file_get_contents (linguas_path, &linguas, NULL, NULL))
    {
      g_test_skip ("the source tree is not here");
      return;
    }
  languages = g_strsplit_set (linguas, " \n", -1);
  for (char **language = languages; *language != NULL; language++)
    {
      g_autofree char *name = g_strconcat (*language, ".po", NULL);
      g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "po",
                                                     name, NULL);
      g_autofree char *text = NULL;
      g_auto (GStrv) entries = NULL;

      if (!g_file_get_contents (path, &text, NULL, NULL))
        continue;
      /* Sentences by count come into catalogues by a keyword of their own in
       * po/Makevars, NP_:1,2; without it they would stay English unnoticed. */
      if (strstr (text, "msgid \"Listening on {local}\"") != NULL)
        g_assert_nonnull (strstr (text, "msgid_plural \"Full with {clients}"));
      entries = g_strsplit (text, "\n\n", -1);
      for (char **entry = entries; *entry != NULL; entry++)
        if (!g_str_has_prefix (*entry, "#~"))
          check_entry (*entry);
    }
}

int
main (int argc, char **argv)
{
  g_setenv ("LANGUAGE", "en", TRUE);
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  gsock_use_gio ();
  g_test_add_func ("/event/names", test_names);
  g_test_add_func ("/event/placeholders", test_placeholders);
  g_test_add_func ("/event/sentences", test_sentences);
  g_test_add_func ("/event/peer", test_peer);
  g_test_add_func ("/event/via", test_via);
  g_test_add_func ("/event/called", test_called);
  g_test_add_func ("/event/missing", test_missing);
  g_test_add_func ("/event/hostile", test_hostile);
  g_test_add_func ("/event/message", test_message);
  g_test_add_func ("/event/json", test_json);
  g_test_add_func ("/event/json/zeros", test_json_zeros);
  g_test_add_func ("/event/json/unix-peer", test_json_unix_peer);
  g_test_add_func ("/event/json/errors", test_json_errors);
  g_test_add_func ("/event/json/call", test_json_call);
  g_test_add_func ("/event/json/seconds", test_json_seconds);
  g_test_add_func ("/event/json/schema", test_schema);
  g_test_add_func ("/event/translations", test_translations);
  return g_test_run ();
}

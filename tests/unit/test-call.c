/* test-call.c: calls as they are told, and what they teach
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <locale.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <glib.h>

#include "core/call.h"

static void
collect_cb (const char *text, gsize size, gpointer data)
{
  g_string_append_len (data, text, (gssize) size);
}

/* From here calls are told to @got. */
static void
explain_to (GString *got, gboolean json)
{
  const GsockLogOptions options = { .explain = TRUE, .json = json };

  g_string_truncate (got, 0);
  gsock_log_setup (&options);
  gsock_log_set_sink (collect_cb, got);
}

static void
explain_end (void)
{
  const GsockLogOptions options = { .program = "test" };

  gsock_log_setup (&options);
  gsock_log_set_sink (NULL, NULL);
}

/* The call alone, without its counterpart and its lesson. */
static char *
first_column (const GString *told)
{
  const char *end = strstr (told->str, "  g_");

  if (end == NULL)
    end = told->str + strcspn (told->str, "\n");
  return g_strchomp (g_strndup (told->str, (gsize) (end - told->str)));
}

static void
test_names (void)
{
  for (int call = 0; call < GSOCK_N_CALLS; call++)
    g_assert_nonnull (gsock_call_name (call));
  g_assert_cmpstr (gsock_call_name (GSOCK_CALL_BIND), ==, "bind");
  g_assert_cmpstr (gsock_call_counterpart (GSOCK_CALL_BIND), ==,
                   "g_socket_bind");
  g_assert_cmpstr (gsock_call_counterpart (GSOCK_CALL_RECV), ==,
                   "g_socket_receive");
  g_assert_null (gsock_call_counterpart (GSOCK_CALL_FLOCK));
  g_assert_nonnull (gsock_call_name (-1));
  g_assert_nonnull (gsock_call_name (GSOCK_N_CALLS));
  g_assert_null (gsock_call_counterpart (GSOCK_N_CALLS));
  g_assert_cmpstr (gsock_call_family (AF_INET6), ==, "AF_INET6");
  g_assert_cmpstr (gsock_call_family (999), ==, "999");
  g_assert_cmpstr (gsock_call_type (SOCK_STREAM | SOCK_CLOEXEC), ==,
                   "SOCK_STREAM");
  g_assert_cmpstr (gsock_call_type (SOCK_DGRAM), ==, "SOCK_DGRAM");
}

static char *
format_unix (const char *path, gsize size)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };

  memcpy (address.sun_path, path, size);
  return gsock_call_sockaddr (&address,
                              offsetof (struct sockaddr_un, sun_path) + size);
}

static void
test_sockaddr (void)
{
  static const struct
  {
    const char *path;
    gsize size;
    const char *text;
  } rows[] = {
    { "", 0, "" },
    { "/tmp/socket", 12, "/tmp/socket" },
    { "/tmp/socket", 11, "/tmp/socket" },
    { "\0name", 5, "@name" },
    { "\0na\0me", 6, "@na\\x00me" },
    { "/tmp/\033[2J", 10, "/tmp/\\x1b[2J" },
  };
  struct sockaddr_in inet = { .sin_family = AF_INET };
  struct sockaddr_in6 inet6 = { .sin6_family = AF_INET6 };
  g_autofree char *v4 = NULL;
  g_autofree char *v6 = NULL;
  g_autofree char *scoped = NULL;
  g_autofree char *cut = NULL;
  char longest[108];
  g_autofree char *whole = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = format_unix (rows[i].path, rows[i].size);

      g_assert_cmpstr (text, ==, rows[i].text);
    }
  /* The kernel may leave no room for a NUL. */
  memset (longest, 'a', sizeof longest);
  whole = format_unix (longest, sizeof longest);
  g_assert_cmpuint (strlen (whole), ==, sizeof longest);

  inet.sin_port = g_htons (3490);
  inet.sin_addr.s_addr = g_htonl (INADDR_LOOPBACK);
  v4 = gsock_call_sockaddr (&inet, sizeof inet);
  g_assert_cmpstr (v4, ==, "127.0.0.1:3490");
  inet6.sin6_port = g_htons (3490);
  v6 = gsock_call_sockaddr (&inet6, sizeof inet6);
  g_assert_cmpstr (v6, ==, "[::]:3490");
  inet6.sin6_scope_id = 77777;
  scoped = gsock_call_sockaddr (&inet6, sizeof inet6);
  g_assert_cmpstr (scoped, ==, "[::%77777]:3490");
  cut = gsock_call_sockaddr (&inet, 1);
  g_assert_cmpstr (cut, ==, "?");
}

/* Lessons by call, topic (NULL: found by itself) and how it came out. */
static const struct
{
  GsockCall call;
  const char *topic;
  const char *arguments;
  gint64 result;
  int errnum;
  const char *lesson; /* a part of it */
} lesson_rows[] = {
  { GSOCK_CALL_GETADDRINFO, NULL, "example.org, 3490", 0, 0, "nsswitch" },
  { GSOCK_CALL_GETADDRINFO, NULL, "x", EAI_NONAME, 0, "knows this name" },
  { GSOCK_CALL_GETADDRINFO, NULL, "x", EAI_AGAIN, 0, "No name server" },
  { GSOCK_CALL_GETADDRINFO, NULL, "x", -1, 0, "could not be turned" },
  { GSOCK_CALL_GETADDRINFO, NULL, "x", EAI_FAIL, 0, "could not be turned" },
  { GSOCK_CALL_SOCKET, NULL, "AF_UNIX, SOCK_STREAM, 0", 5, 0,
    "AF_UNIX reaches" },
  { GSOCK_CALL_SOCKET, NULL, "AF_INET, SOCK_STREAM, 0", 5, 0, "over IPv4:" },
  { GSOCK_CALL_SOCKET, NULL, "AF_INET6, SOCK_STREAM, 0", 5, 0, "V6ONLY off" },
  { GSOCK_CALL_SOCKET, "AF_INET", "AF_INET, SOCK_DGRAM, 0", 5, 0,
    "overtake each other" },
  { GSOCK_CALL_SOCKET, "AF_INET6", "AF_INET6, SOCK_STREAM, 0", -1, EAFNOSUPPORT,
    "family of addresses" },
  { GSOCK_CALL_SOCKET, "AF_INET", "AF_INET, SOCK_STREAM, 0", -1, EMFILE,
    "ulimit -n" },
  { GSOCK_CALL_SETSOCKOPT, NULL, "5, SOL_SOCKET, SO_REUSEADDR, 1", 0, 0,
    "TIME_WAIT" },
  { GSOCK_CALL_SETSOCKOPT, NULL, "5, IPPROTO_IPV6, IPV6_V6ONLY, 0", 0, 0,
    "::ffff:" },
  { GSOCK_CALL_SETSOCKOPT, "SO_KEEPALIVE", "5, SOL_SOCKET, SO_KEEPALIVE, 1", 0,
    0, "long silence" },
  { GSOCK_CALL_SETSOCKOPT, NULL, "5, IPPROTO_TCP, TCP_KEEPCNT, 3", 0, 0,
    "unanswered" },
  { GSOCK_CALL_SETSOCKOPT, "TCP_KEEPIDLE", "", 0, 0, "unanswered" },
  { GSOCK_CALL_SETSOCKOPT, "TCP_NODELAY", "5, IPPROTO_TCP, TCP_NODELAY, 1", 0,
    0, "Nagle" },
  { GSOCK_CALL_SETSOCKOPT, "SO_NEW", "5, SOL_SOCKET, SO_NEW, 1", 0, 0,
    "socket(7)" },
  { GSOCK_CALL_SETSOCKOPT, "SO_MARK", "5, SOL_SOCKET, SO_MARK, 1", -1, EPERM,
    "CAP_NET_ADMIN" },
  { GSOCK_CALL_GETSOCKOPT, "SO_ERROR", "5, SOL_SOCKET, SO_ERROR", 0, 0,
    "it stands" },
  { GSOCK_CALL_GETSOCKOPT, "SO_ERROR",
    "5, SOL_SOCKET, SO_ERROR, [ECONNREFUSED]", 0, ECONNREFUSED, "(RST)" },
  { GSOCK_CALL_GETSOCKOPT, "SO_PEERCRED", "5, SOL_SOCKET, SO_PEERCRED", 0, 0,
    "password" },
  { GSOCK_CALL_BIND, NULL, "5, /run/.x.tmp", 0, 0, "temporary name" },
  { GSOCK_CALL_BIND, "AF_UNIX", "5, @name", 0, 0, "zero byte" },
  { GSOCK_CALL_BIND, "AF_INET6", "5, [::]:3490", 0, 0,
    "every address of this machine, port 3490 (0x0da2, sent as 0d a2: "
    "network byte order)" },
  { GSOCK_CALL_BIND, "AF_INET", "5, 0.0.0.0:80", 0, 0,
    "port 80 (0x0050, sent as 00 50:" },
  { GSOCK_CALL_BIND, NULL, "5, 127.0.0.1:3490", 0, 0, "only this machine" },
  { GSOCK_CALL_BIND, NULL, "5, [::1]:3490", 0, 0, "only this machine" },
  { GSOCK_CALL_BIND, NULL, "5, 192.0.2.1:65535", 0, 0,
    "65535 (0xffff, sent as ff ff" },
  { GSOCK_CALL_BIND, "AF_INET6", "5, [::]:0", 0, 0, "getsockname" },
  { GSOCK_CALL_BIND, "AF_UNIX", "5, /run/x", -1, EADDRINUSE,
    "stands at this path" },
  { GSOCK_CALL_BIND, "AF_UNIX", "5, @x", -1, EADDRINUSE, "of this name open" },
  { GSOCK_CALL_BIND, "AF_INET", "5, 127.0.0.1:80", -1, EADDRINUSE,
    "Another socket has this port" },
  { GSOCK_CALL_BIND, "AF_INET", "5, 127.0.0.1:80", -1, EACCES, "below 1024" },
  { GSOCK_CALL_BIND, "AF_UNIX", "5, /x", -1, EACCES, "may write" },
  { GSOCK_CALL_BIND, "AF_UNIX", "5, /no/x", -1, ENOENT, "not the directory" },
  { GSOCK_CALL_BIND, NULL, "5, 192.0.2.1:1", -1, EADDRNOTAVAIL, "interface" },
  { GSOCK_CALL_BIND, NULL, "5, /x", -1, ENAMETOOLONG, "107 bytes" },
  { GSOCK_CALL_LISTEN, NULL, "5, 4096", 0, 0, "up to 4096 of them" },
  { GSOCK_CALL_LISTEN, NULL, "5, 4096", -1, EADDRINUSE, "listens on this" },
  { GSOCK_CALL_ACCEPT, NULL, "5", 9, 0, "alone; 5 goes on listening" },
  { GSOCK_CALL_ACCEPT, NULL, "5", -1, EAGAIN, "queue is empty" },
  { GSOCK_CALL_ACCEPT, NULL, "5", -1, EMFILE, "stays in the queue" },
  { GSOCK_CALL_CONNECT, "AF_UNIX", "4, /tmp/socket", 0, 0, "no packet" },
  { GSOCK_CALL_CONNECT, "AF_INET", "4, 127.0.0.1:1", 0, 0, "SYN-ACK" },
  { GSOCK_CALL_CONNECT, "AF_INET6", "4, [::1]:1", 0, 0, "SYN-ACK" },
  { GSOCK_CALL_CONNECT, "SOCK_DGRAM", "4, [::1]:1", 0, 0, "Nothing was sent" },
  { GSOCK_CALL_CONNECT, NULL, "4, 127.0.0.1:1", -1, EINPROGRESS,
    "Not an error" },
  { GSOCK_CALL_CONNECT, NULL, "4, /tmp/socket", -1, ECONNREFUSED,
    "The file exists" },
  { GSOCK_CALL_CONNECT, "AF_UNIX", "4, @x", -1, ECONNREFUSED,
    "An abstract name" },
  { GSOCK_CALL_CONNECT, NULL, "4, 127.0.0.1:1", -1, ECONNREFUSED, "(RST)" },
  { GSOCK_CALL_CONNECT, NULL, "4, /tmp/socket", -1, ENOENT, "no such file" },
  { GSOCK_CALL_CONNECT, NULL, "4, /tmp/socket", -1, EACCES, "(w)" },
  { GSOCK_CALL_CONNECT, NULL, "4, /tmp/socket", -1, EAGAIN, "is full" },
  { GSOCK_CALL_CONNECT, NULL, "4, 192.0.2.1:1", -1, ETIMEDOUT, "swallows" },
  { GSOCK_CALL_CONNECT, NULL, "4, 192.0.2.1:1", -1, EHOSTUNREACH, "nobody" },
  { GSOCK_CALL_CONNECT, NULL, "4, [2001:db8::1]:1", -1, ENETUNREACH,
    "no route" },
  { GSOCK_CALL_CONNECT, NULL, "4, 192.0.2.1:1", -1, EADDRNOTAVAIL, "no port" },
  { GSOCK_CALL_SEND, NULL, "9, \"x\", 1", 1, 0, "will deliver" },
  { GSOCK_CALL_SEND, "SHORT", "9, \"x\", 10", 3, 0, "took 3 bytes" },
  { GSOCK_CALL_SEND, NULL, "9, \"x\", 1", -1, EPIPE, "SIGPIPE" },
  { GSOCK_CALL_SEND, NULL, "9, \"x\", 1", -1, ECONNRESET, "lost" },
  { GSOCK_CALL_SEND, NULL, "9, \"x\", 1", -1, EAGAIN, "buffer is full" },
  { GSOCK_CALL_RECV, NULL, "9, \"x\", 100", 1, 0, "no messages" },
  { GSOCK_CALL_RECV, "EOF", "9, \"\", 100", 0, 0, "end of file" },
  { GSOCK_CALL_RECV, NULL, "9, \"\", 100", -1, EAGAIN, "Nothing has arrived" },
  { GSOCK_CALL_RECV, NULL, "9, \"\", 100", -1, ECONNRESET, "crashed" },
  { GSOCK_CALL_RECV, NULL, "9, \"\", 100", -1, ETIMEDOUT, "acknowledged" },
  { GSOCK_CALL_SHUTDOWN, NULL, "9, SHUT_WR", 0, 0, "no more to say" },
  { GSOCK_CALL_SHUTDOWN, "SHUT_RDWR", "9, SHUT_RDWR", 0, 0, "both" },
  { GSOCK_CALL_SHUTDOWN, "SHUT_WR", "9, SHUT_WR", -1, ENOTCONN, "over" },
  { GSOCK_CALL_CLOSE, NULL, "9", 0, 0, "descriptor back" },
  { GSOCK_CALL_CLOSE, "listening", "5", 0, 0, "nobody can connect" },
  { GSOCK_CALL_FLOCK, NULL, "6, LOCK_EX", 0, 0, "one at a time" },
  { GSOCK_CALL_FLOCK, NULL, "6, LOCK_EX | LOCK_NB", -1, EAGAIN, "starting" },
  { GSOCK_CALL_CHMOD, NULL, "/run/.x.tmp, 0600", 0, 0, "may connect" },
  { GSOCK_CALL_CHOWN, NULL, "/run/.x.tmp, 0, 0", 0, 0, "its group" },
  { GSOCK_CALL_CHOWN, NULL, "/run/.x.tmp, 0, 0", -1, EPERM, "root only" },
  { GSOCK_CALL_RENAME, NULL, "/run/.x.tmp, /run/x", 0, 0, "in one step" },
  { GSOCK_CALL_RENAME, NULL, "/run/.x.tmp, /run/x", -1, EROFS, "read-only" },
  { GSOCK_CALL_UNLINK, NULL, "/run/x", 0, 0, "left behind" },
  { GSOCK_CALL_UNLINK, NULL, "/run/x", -1, ENOENT, "gone already" },
  /* Nothing is taught where there is nothing to say. */
  { GSOCK_CALL_LISTEN, NULL, "5, 1", -1, EXDEV, NULL },
  { GSOCK_CALL_LISTEN, NULL, "5, 1", -1, 0, NULL },
};

static void
test_lessons (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (lesson_rows); i++)
    {
      const GsockEvent event = { .kind = GSOCK_EVENT_CALL,
                                 .call = lesson_rows[i].call,
                                 .topic = lesson_rows[i].topic,
                                 .text = lesson_rows[i].arguments,
                                 .result = lesson_rows[i].result,
                                 .errnum = lesson_rows[i].errnum };
      g_autofree char *lesson = gsock_call_lesson_text (&event);

      g_assert_cmpint (lesson == NULL, ==, lesson_rows[i].lesson == NULL);
      if (lesson == NULL)
        continue;
      if (strstr (lesson, lesson_rows[i].lesson) == NULL)
        g_test_message ("row %" G_GSIZE_FORMAT ": %s", i, lesson);
      g_assert_nonnull (strstr (lesson, lesson_rows[i].lesson));
      g_assert_null (strpbrk (lesson, "{}\n"));
      g_assert_true (g_str_has_suffix (lesson, ".")
                     || g_str_has_suffix (lesson, "?"));
    }
}

/* Whatever the arguments, even none, there is something to read. */
static void
test_no_arguments (void)
{
  for (int call = 0; call < GSOCK_N_CALLS; call++)
    {
      const GsockEvent event = { .kind = GSOCK_EVENT_CALL, .call = call };
      g_autofree char *lesson = gsock_call_lesson_text (&event);

      g_assert_cmpint (lesson != NULL, ==, call != GSOCK_CALL_SHUTDOWN);
      g_assert_true (lesson == NULL || strpbrk (lesson, "{}") == NULL);
    }
}

static void
test_glib (void)
{
  GsockEvent event = { .kind = GSOCK_EVENT_CALL,
                       .call = GSOCK_CALL_SETSOCKOPT,
                       .topic = "SO_KEEPALIVE" };

  g_assert_cmpstr (gsock_call_glib (&event), ==, "g_socket_set_keepalive");
  event.topic = NULL;
  event.text = "5, SOL_SOCKET, SO_REUSEADDR, 1";
  g_assert_cmpstr (gsock_call_glib (&event), ==,
                   "g_socket_bind (…, allow_reuse)");
  event.text = "5, IPPROTO_TCP, TCP_NODELAY, 1";
  g_assert_cmpstr (gsock_call_glib (&event), ==, "g_socket_set_option");
}

static void
test_failures (void)
{
  static const struct
  {
    GsockCall call;
    gint64 result;
    int errnum;
    const char *name;
  } rows[] = {
    { GSOCK_CALL_BIND, 0, EADDRINUSE, NULL },
    { GSOCK_CALL_BIND, -1, EADDRINUSE, "EADDRINUSE" },
    { GSOCK_CALL_BIND, -1, 9999, "9999" },
    { GSOCK_CALL_BIND, -1, 0, NULL },
    { GSOCK_CALL_GETADDRINFO, EAI_NONAME, 0, "EAI_NONAME" },
    { GSOCK_CALL_GETADDRINFO, -1, 0, NULL },
    { GSOCK_CALL_GETADDRINFO, -999, 0, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const GsockEvent event = { .kind = GSOCK_EVENT_CALL,
                                 .call = rows[i].call,
                                 .result = rows[i].result,
                                 .errnum = rows[i].errnum };

      g_assert_cmpstr (gsock_call_failure (&event), ==, rows[i].name);
    }
}

static void
test_told (void)
{
  g_autoptr (GString) got = g_string_new (NULL);
  g_autofree char *done = NULL;
  g_autofree char *failed = NULL;
  g_autofree char *hostile = NULL;

  explain_to (got, FALSE);
  errno = EDOM;
  gsock_call (GSOCK_CALL_ACCEPT, NULL, 9, 0, "from 127.0.0.1:40322", "%d", 5);
  g_assert_cmpint (errno, ==, EDOM);
  done = first_column (got);
  explain_to (got, FALSE);
  gsock_call (GSOCK_CALL_CONNECT, "AF_UNIX", -1, ECONNREFUSED, NULL, "%d, %s",
              4, "/tmp/socket");
  failed = first_column (got);
  explain_to (got, FALSE);
  gsock_call (GSOCK_CALL_UNLINK, NULL, 0, 0, NULL, "%s", "/run/\033[2J\nx\\y");
  hostile = first_column (got);
  explain_end ();

  g_assert_cmpstr (done, ==, "accept (5) = 9 from 127.0.0.1:40322");
  g_assert_cmpstr (failed, ==, "connect (4, /tmp/socket) = -1 ECONNREFUSED");
  g_assert_cmpstr (hostile, ==, "unlink (/run/\\x1b[2J\\x0ax\\y) = 0");
}

static void
test_silent (void)
{
  g_autoptr (GString) got = g_string_new (NULL);

  explain_end ();
  gsock_log_set_sink (collect_cb, got);
  gsock_call (GSOCK_CALL_CLOSE, NULL, 0, 0, NULL, "9");
  gsock_call_io (GSOCK_CALL_SEND, 9, "x", 1, 1, 0);
  explain_end ();
  g_assert_cmpstr (got->str, ==, "");
}

#define TEN "0123456789"
#define FIFTY TEN TEN TEN TEN TEN
#define SIXTY FIFTY TEN

static void
test_io (void)
{
  static const struct
  {
    GsockCall call;
    const char *data;
    gsize size;
    gint64 result;
    int errnum;
    const char *told;
  } rows[] = {
    { GSOCK_CALL_SEND, "This is a test string from server!\n", 35, 35, 0,
      "send (9, \"This is a test string from server!\\n\", 35) = 35" },
    { GSOCK_CALL_SEND, "hola\n", 5, 2, 0, "send (9, \"hola\\n\", 5) = 2" },
    { GSOCK_CALL_SEND, "hola", 4, -1, EPIPE,
      "send (9, \"hola\", 4) = -1 EPIPE" },
    { GSOCK_CALL_SEND, "a\"b\\c\t\r\0\033\xc2\x9b\xff\xc3\xb1", 14, 14, 0,
      "send (9, \"a\\\"b\\\\c\\t\\r\\x00\\x1b\\xc2\\x9b\\xff\xc3\xb1\", 14) "
      "= 14" },
    /* Of a recv only what came counts. */
    { GSOCK_CALL_RECV, "hola\ngarbage", 12, 5, 0,
      "recv (9, \"hola\\n\", 12) = 5" },
    { GSOCK_CALL_RECV, "garbage", 7, 0, 0, "recv (9, \"\", 7) = 0" },
    { GSOCK_CALL_RECV, NULL, 7, -1, EAGAIN, "recv (9, \"\", 7) = -1 EAGAIN" },
    { GSOCK_CALL_SEND, SIXTY, 60, 60, 0, "send (9, \"" SIXTY "\", 60) = 60" },
    { GSOCK_CALL_SEND, SIXTY "x", 61, 61, 0,
      "send (9, \"" SIXTY "\"…, 61) = 61" },
    /* No character is cut in two. */
    { GSOCK_CALL_SEND, FIFTY "012345678\xc3\xb1", 61, 61, 0,
      "send (9, \"" FIFTY "012345678\"…, 61) = 61" },
    { GSOCK_CALL_SEND, FIFTY "01234567\xf0\x9f\x98\x80", 62, 62, 0,
      "send (9, \"" FIFTY "01234567\"…, 62) = 62" },
  };
  g_autoptr (GString) got = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *told = NULL;

      explain_to (got, FALSE);
      gsock_call_io (rows[i].call, 9, rows[i].data, rows[i].size,
                     rows[i].result, rows[i].errnum);
      told = first_column (got);
      g_assert_cmpstr (told, ==, rows[i].told);
    }
  explain_end ();
}

/* Of what says who we are only the beginning is shown, and how much there was. */
static void
test_veiled (void)
{
  static const struct
  {
    GsockCall call;
    gsize open;
    gint64 result;
    const char *told;
  } rows[] = {
    { GSOCK_CALL_SEND, 5, 12, "send (9, \"name:\"…, 12) = 12" },
    { GSOCK_CALL_SEND, 5, 3, "send (9, \"name:\"…, 12) = 3" },
    { GSOCK_CALL_SEND, 0, 12, "send (9, \"\"…, 12) = 12" },
    { GSOCK_CALL_SEND, 12, 12, "send (9, \"name: secret\", 12) = 12" },
    { GSOCK_CALL_SEND, G_MAXSIZE, 12, "send (9, \"name: secret\", 12) = 12" },
    { GSOCK_CALL_RECV, 5, 12, "recv (9, \"name:\"…, 12) = 12" },
    { GSOCK_CALL_RECV, 5, 3, "recv (9, \"nam\", 12) = 3" },
    { GSOCK_CALL_RECV, 0, 12, "recv (9, \"\"…, 12) = 12" },
  };
  g_autoptr (GString) got = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *told = NULL;

      explain_to (got, FALSE);
      gsock_call_veiled_io (rows[i].call, 9, "name: secret", rows[i].open, 12,
                            rows[i].result, 0);
      told = first_column (got);
      g_assert_cmpstr (told, ==, rows[i].told);
    }
  explain_end ();
}

/* Data that names a topic is no topic; and how it came out is one. */
static void
test_io_lessons (void)
{
  g_autoptr (GString) got = g_string_new (NULL);

  explain_to (got, FALSE);
  gsock_call_io (GSOCK_CALL_SEND, 9, "SHORT", 5, 5, 0);
  g_assert_nonnull (strstr (got->str, "The kernel has taken"));
  gsock_call_io (GSOCK_CALL_SEND, 9, "xxxxx", 5, 3, 0);
  g_assert_nonnull (strstr (got->str, "The kernel took 3 bytes"));
  gsock_call_io (GSOCK_CALL_RECV, 9, "EOF", 3, 3, 0);
  g_assert_null (strstr (got->str, "end of file"));
  gsock_call_io (GSOCK_CALL_RECV, 9, NULL, 3, 0, 0);
  g_assert_nonnull (strstr (got->str, "end of file"));
  explain_end ();
}

/* All bytes, alone and among others, as text and as JSON. */
static void
test_io_bytes (void)
{
  g_autoptr (GString) got = g_string_new (NULL);

  for (guint i = 0; i < 512; i++)
    {
      const char data[] = { 'a', (char) (i & 0xff), '\xc2', (char) (i & 0xff) };

      explain_to (got, i >= 256);
      gsock_call_io (GSOCK_CALL_SEND, 9, data, sizeof data, 4, 0);
      g_assert_cmpint (got->str[got->len - 1], ==, '\n');
      g_assert_true (g_utf8_validate (got->str, (gssize) got->len, NULL));
      for (const char *at = got->str; *at != '\0';
           at += g_utf8_skip[(guchar) *at])
        g_assert_true (*at == '\n'
                       || !g_unichar_iscntrl (g_utf8_get_char (at)));
      if (i >= 256)
        g_assert_cmpuint (strcspn (got->str, "\n"), ==, got->len - 1);
    }
  explain_end ();
}

/* A server's life: each call, its result, its counterpart at 62. */
static void
test_session (void)
{
  static const char *const wanted[] = {
    "socket (AF_INET6, SOCK_STREAM, 0) = 5                         "
    "g_socket_new\n",
    "setsockopt (5, SOL_SOCKET, SO_REUSEADDR, 1) = 0               "
    "g_socket_bind (…, allow_reuse)\n",
    "bind (5, [::]:3490) = 0                                       "
    "g_socket_bind\n",
    "send (9, \"This is a test string from server!\\n\", 35) = 35     "
    "g_socket_send\n",
    "shutdown (9, SHUT_WR) = 0                                     "
    "g_socket_shutdown\n",
    "close (9) = 0                                                 "
    "g_object_unref\n",
  };
  g_autoptr (GString) got = g_string_new (NULL);

  explain_to (got, FALSE);
  gsock_call (GSOCK_CALL_SOCKET, "AF_INET6", 5, 0, NULL, "%s, %s, 0",
              gsock_call_family (AF_INET6), gsock_call_type (SOCK_STREAM));
  gsock_call (GSOCK_CALL_SETSOCKOPT, NULL, 0, 0, NULL,
              "5, SOL_SOCKET, SO_REUSEADDR, 1");
  gsock_call (GSOCK_CALL_BIND, NULL, 0, 0, NULL, "5, [::]:3490");
  gsock_call_io (GSOCK_CALL_SEND, 9, "This is a test string from server!\n", 35,
                 35, 0);
  gsock_call (GSOCK_CALL_SHUTDOWN, NULL, 0, 0, NULL, "9, SHUT_WR");
  gsock_call (GSOCK_CALL_CLOSE, NULL, 0, 0, NULL, "9");
  explain_end ();
  for (gsize i = 0; i < G_N_ELEMENTS (wanted); i++)
    g_assert_nonnull (strstr (got->str, wanted[i]));
  for (const char *line = got->str; *line != '\0';
       line = strchr (line, '\n') + 1)
    if (g_str_has_prefix (line, "    "))
      g_assert_cmpuint (strcspn (line, "\n"), <=, 78);
}

int
main (int argc, char **argv)
{
  g_setenv ("LANGUAGE", "en", TRUE);
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/call/names", test_names);
  g_test_add_func ("/call/sockaddr", test_sockaddr);
  g_test_add_func ("/call/lessons", test_lessons);
  g_test_add_func ("/call/no-arguments", test_no_arguments);
  g_test_add_func ("/call/glib", test_glib);
  g_test_add_func ("/call/failures", test_failures);
  g_test_add_func ("/call/told", test_told);
  g_test_add_func ("/call/silent", test_silent);
  g_test_add_func ("/call/io", test_io);
  g_test_add_func ("/call/veiled", test_veiled);
  g_test_add_func ("/call/io/lessons", test_io_lessons);
  g_test_add_func ("/call/io/bytes", test_io_bytes);
  g_test_add_func ("/call/session", test_session);
  return g_test_run ();
}

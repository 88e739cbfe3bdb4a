/* test-sink.c: a file appears when it is whole, and only where it may
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "http/sink.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/error.h"

static const GsockSinkOptions anew = { .resume = FALSE };
static const GsockSinkOptions again = { .resume = TRUE };
static const GsockSinkOptions careful = { .keep_old = TRUE };

/* Renamed before the next lock, as by who had it. */
static const char *rename_from, *rename_to;

int
flock (int fd, int operation)
{
  if (rename_from != NULL)
    g_assert_no_errno (g_rename (rename_from, rename_to));
  rename_from = NULL;
  return (int) syscall (SYS_flock, fd, operation);
}

/* A directory of our own, and the names that may be in it. */
typedef struct
{
  char *directory;
  char *path, *part, *info;
} Place;

static void
place_init (Place *place)
{
  place->directory = g_dir_make_tmp ("gsock-XXXXXX", NULL);
  place->path = g_build_filename (place->directory, "file", NULL);
  place->part = g_strconcat (place->path, ".part", NULL);
  place->info = g_strconcat (place->part, ".info", NULL);
}

/* And nothing else may be left in it. */
static void
place_clear (Place *place)
{
  g_unlink (place->path);
  g_assert_no_errno (g_rmdir (place->directory));
  g_free (place->directory);
  g_free (place->path);
  g_free (place->part);
  g_free (place->info);
}

static gboolean
is_there (const char *path)
{
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
assert_holds (const char *path, const char *text)
{
  g_autofree char *got = NULL;

  g_assert_true (g_file_get_contents (path, &got, NULL, NULL));
  g_assert_cmpstr (got, ==, text);
}

static void
put (const char *path, const char *text)
{
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
begin (GsockSink *sink, gboolean keep, const char *validator)
{
  const GsockSinkOrigin origin = {
    .url = (char *) (guintptr) "http://h/file",
    .validator = (char *) (guintptr) validator,
    .length = 10,
  };
  g_autoptr (GError) error = NULL;

  g_assert_true (gsock_sink_begin (sink, keep, &origin, NULL, &error));
  g_assert_no_error (error);
}

static void
write_text (GsockSink *sink, const char *text)
{
  g_assert_true (gsock_sink_write (sink, text, strlen (text), NULL));
}

static GsockSink *
prepared (const char *path, const GsockSinkOptions *options)
{
  GsockSink *sink = gsock_sink_new_file (path, options);
  g_autoptr (GError) error = NULL;

  g_assert_true (gsock_sink_prepare (sink, &error));
  g_assert_no_error (error);
  return sink;
}

static void
assert_refused (const char *path, const GsockSinkOptions *options,
                GsockErrorCode code, const char *why)
{
  g_autoptr (GsockSink) sink = gsock_sink_new_file (path, options);
  g_autoptr (GError) error = NULL;

  g_assert_false (gsock_sink_prepare (sink, &error));
  g_assert_error (error, GSOCK_ERROR, (gint) code);
  g_assert_nonnull (strstr (error->message, why));
  g_assert_cmpuint (gsock_sink_abandon (sink), ==, 0);
}

static void
test_whole (void)
{
  g_autoptr (GsockSink) sink = NULL;
  Place place;

  place_init (&place);
  put (place.path, "old");
  sink = prepared (place.path, &anew);
  begin (sink, FALSE, "\"v1\"");
  write_text (sink, "01234");
  write_text (sink, "56789");
  g_assert_false (gsock_sink_is_full (sink));
  assert_holds (place.path, "old");
  assert_holds (place.part, "0123456789");
  g_assert_true (is_there (place.info));
  g_assert_true (gsock_sink_commit (sink, NULL));
  assert_holds (place.path, "0123456789");
  g_assert_false (is_there (place.part));
  g_assert_false (is_there (place.info));
  place_clear (&place);
}

/* Half of it stays where it can be gone on with. */
static void
test_resumed (void)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *want = g_compute_checksum_for_string (G_CHECKSUM_SHA256,
                                                         "0123456789", -1);
  g_autoptr (GError) error = NULL;
  GsockSinkOrigin origin = { .length = 10 };
  GsockSink *sink;
  Place place;

  place_init (&place);
  sink = prepared (place.path, &anew);
  begin (sink, FALSE, "\"v1\"");
  write_text (sink, "01234");
  g_assert_cmpuint (gsock_sink_abandon (sink), ==, 5);
  gsock_sink_free (sink);
  g_assert_false (is_there (place.path));
  assert_holds (place.part, "01234");

  sink = prepared (place.path, &again);
  g_assert_cmpuint (gsock_sink_get_offset (sink), ==, 5);
  g_assert_nonnull (gsock_sink_get_origin (sink));
  g_assert_cmpstr (gsock_sink_get_origin (sink)->url, ==, "http://h/file");
  g_assert_cmpstr (gsock_sink_get_origin (sink)->validator, ==, "\"v1\"");
  g_assert_cmpint (gsock_sink_get_origin (sink)->length, ==, 10);
  origin.url = g_strdup ("http://h/file");
  origin.validator = g_strdup ("\"v1\"");
  g_assert_true (gsock_sink_begin (sink, TRUE, &origin, sum, &error));
  g_checksum_update (sum, (const guchar *) "56789", 5);
  g_assert_cmpstr (g_checksum_get_string (sum), ==, want);
  write_text (sink, "56789");
  g_assert_true (gsock_sink_commit (sink, &error));
  g_assert_no_error (error);
  gsock_sink_free (sink);
  gsock_sink_origin_clear (&origin);
  assert_holds (place.path, "0123456789");
  place_clear (&place);
}

/* What it was a part of is not what comes now. */
static void
test_begun_anew (void)
{
  g_autoptr (GsockSink) sink = NULL;
  Place place;

  place_init (&place);
  put (place.part, "a longer one");
  sink = prepared (place.path, &again);
  g_assert_cmpuint (gsock_sink_get_offset (sink), ==, 12);
  g_assert_null (gsock_sink_get_origin (sink));
  begin (sink, FALSE, NULL);
  write_text (sink, "short");
  assert_holds (place.info, "url http://h/file\nlength 10\n");
  g_assert_true (gsock_sink_commit (sink, NULL));
  assert_holds (place.path, "short");
  g_assert_false (is_there (place.info));
  place_clear (&place);
}

static void
test_there (void)
{
  g_autoptr (GsockSink) sink = NULL;
  guint64 size = 0;
  Place place;

  place_init (&place);
  put (place.path, "whole");
  sink = prepared (place.path, &again);
  g_assert_true (gsock_sink_is_there (sink, &size));
  g_assert_cmpuint (size, ==, 5);
  g_assert_false (is_there (place.part));
  g_assert_cmpuint (gsock_sink_abandon (sink), ==, 0);
  assert_holds (place.path, "whole");
  place_clear (&place);
}

/* Without a validator, without a byte, or wrong: nothing of it stays. */
static void
test_abandoned (void)
{
  static const struct
  {
    const char *validator;
    const char *text;
    gboolean spoilt;
  } rows[] = {
    { NULL, "01234", FALSE },
    { "\"v1\"", "", FALSE },
    { "\"v1\"", "01234", TRUE },
    { "\"v\n1\"", "01234", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GsockSink) sink = NULL;
      Place place;

      place_init (&place);
      sink = prepared (place.path, &anew);
      begin (sink, FALSE, rows[i].validator);
      write_text (sink, rows[i].text);
      if (rows[i].spoilt)
        gsock_sink_spoil (sink);
      g_assert_cmpuint (gsock_sink_abandon (sink), ==, 0);
      place_clear (&place);
    }
}

/* An info file that others have written is not believed. */
static void
test_info (void)
{
  static const struct
  {
    const char *text;
    gboolean known;
    gint64 length;
  } rows[] = {
    { "url http://h/f\nvalidator \"v1\"\nlength 10\n", TRUE, 10 },
    { "url http://h/f\nvalidator \"v1\"\nlength -1\n", TRUE, -1 },
    { "url http://h/f\nvalidator \"v1\"\nlength 99999999999999999999\n", TRUE,
      -1 },
    { "url http://h/f\nlength 10\n", FALSE, 0 },
    { "validator \"v1\"\n", FALSE, 0 },
    { "url\nvalidator\n", FALSE, 0 },
    { "\n\n", FALSE, 0 },
    { "", FALSE, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GsockSink) sink = NULL;
      const GsockSinkOrigin *origin;
      Place place;

      g_test_message ("%s", rows[i].text);
      place_init (&place);
      put (place.part, "01234");
      put (place.info, rows[i].text);
      sink = prepared (place.path, &again);
      origin = gsock_sink_get_origin (sink);
      g_assert_cmpint (origin != NULL, ==, rows[i].known);
      if (origin != NULL)
        g_assert_cmpint (origin->length, ==, rows[i].length);
      g_assert_cmpuint (gsock_sink_abandon (sink), ==,
                        (origin != NULL ? 5 : 0));
      assert_holds (place.part, "01234");
      g_assert_no_errno (g_unlink (place.part));
      g_assert_no_errno (g_unlink (place.info));
      place_clear (&place);
    }
}

/* What was there before, and was not begun, is nobody's to remove. */
static void
test_not_begun (void)
{
  const GsockSinkOptions *options[] = { &anew, &again };

  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    {
      g_autoptr (GsockSink) sink = NULL;
      Place place;

      place_init (&place);
      put (place.part, "precious");
      sink = prepared (place.path, options[i]);
      g_assert_cmpuint (gsock_sink_abandon (sink), ==, 0);
      assert_holds (place.part, "precious");
      g_assert_no_errno (g_unlink (place.part));
      place_clear (&place);
    }
}

/* Where nothing may be replaced, that is what a fetch has left, or nothing. */
static void
test_not_replaced (void)
{
  GsockSink *sink;
  Place place;

  place_init (&place);
  put (place.part, "precious");
  assert_refused (place.path, &careful, GSOCK_ERROR_OUTPUT, "no fetch");
  assert_holds (place.part, "precious");
  put (place.info, "url http://h/other\n");
  sink = prepared (place.path, &careful);
  begin (sink, FALSE, NULL);
  write_text (sink, "mine");
  g_assert_true (gsock_sink_commit (sink, NULL));
  gsock_sink_free (sink);
  assert_holds (place.path, "mine");
  place_clear (&place);
}

/* A link at one of the names leads nowhere. */
static void
test_links (void)
{
  g_autoptr (GsockSink) sink = NULL;
  g_autofree char *other = NULL;
  Place place;

  place_init (&place);
  other = g_build_filename (place.directory, "other", NULL);
  put (other, "untouched");

  g_assert_no_errno (symlink ("other", place.path));
  assert_refused (place.path, &anew, GSOCK_ERROR_OUTPUT, "symbolic link");
  g_assert_no_errno (g_unlink (place.path));
  g_assert_no_errno (symlink ("other", place.part));
  assert_refused (place.path, &anew, GSOCK_ERROR_OUTPUT, "symbolic link");
  g_assert_no_errno (g_unlink (place.part));
  g_assert_no_errno (link (other, place.part));
  assert_refused (place.path, &anew, GSOCK_ERROR_OUTPUT, "no regular file");
  g_assert_no_errno (g_unlink (place.part));

  g_assert_no_errno (symlink ("other", place.info));
  sink = prepared (place.path, &again);
  begin (sink, FALSE, "\"v1\"");
  write_text (sink, "01234");
  assert_holds (other, "untouched");
  g_assert_false (g_file_test (place.info, G_FILE_TEST_IS_SYMLINK));
  g_assert_true (gsock_sink_commit (sink, NULL));
  g_assert_no_errno (g_unlink (other));
  place_clear (&place);
}

static void
test_kinds (void)
{
  g_autofree char *nowhere = NULL;
  Place place;

  place_init (&place);
  nowhere = g_build_filename (place.directory, "none", "file", NULL);
  assert_refused (place.directory, &anew, GSOCK_ERROR_OUTPUT, "directory");
  assert_refused (nowhere, &anew, GSOCK_ERROR_OUTPUT, "none/file.part");
  put (place.path, "old");
  assert_refused (place.path, &careful, GSOCK_ERROR_OUTPUT, "exists already");
  assert_holds (place.path, "old");
  place_clear (&place);
}

/* Two at once would mix. */
static void
test_locked (void)
{
  GsockSink *sink;
  Place place;

  place_init (&place);
  sink = prepared (place.path, &anew);
  assert_refused (place.path, &anew, GSOCK_ERROR_OUTPUT, "another process");
  g_assert_true (is_there (place.part));
  begin (sink, FALSE, NULL);
  g_assert_true (gsock_sink_commit (sink, NULL));
  gsock_sink_free (sink);
  assert_holds (place.path, "");
  place_clear (&place);
}

/* What another has put in its place before we had the lock is no part. */
static void
test_put_in_place (void)
{
  g_autoptr (GsockSink) sink = NULL;
  Place place;

  place_init (&place);
  put (place.part, "theirs");
  rename_from = place.part;
  rename_to = place.path;
  sink = prepared (place.path, &anew);
  g_assert_null (rename_from);
  g_assert_cmpuint (gsock_sink_get_offset (sink), ==, 0);
  begin (sink, FALSE, NULL);
  write_text (sink, "half");
  assert_holds (place.path, "theirs");
  assert_holds (place.part, "half");
  g_assert_cmpuint (gsock_sink_abandon (sink), ==, 0);
  assert_holds (place.path, "theirs");
  place_clear (&place);
}

/* What has come to stand at the name meanwhile is looked at again. */
static void
test_meanwhile (void)
{
  const GsockSinkOptions *options[] = { &anew, &careful };

  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    {
      g_autoptr (GsockSink) sink = NULL;
      g_autoptr (GError) error = NULL;
      Place place;

      place_init (&place);
      sink = prepared (place.path, options[i]);
      begin (sink, FALSE, NULL);
      write_text (sink, "mine");
      if (options[i] == &anew)
        g_assert_no_errno (symlink ("/dev/null", place.path));
      else
        put (place.path, "theirs");
      g_assert_false (gsock_sink_commit (sink, &error));
      g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_OUTPUT);
      if (options[i] != &anew)
        assert_holds (place.path, "theirs");
      gsock_sink_abandon (sink);
      place_clear (&place);
    }
}

/* Two ends of a connection of TCP; the first does not block. */
static void
connect_pair (int fds[2])
{
  struct sockaddr_in address = { .sin_family = AF_INET };
  socklen_t size = sizeof address;
  int listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  g_assert_no_errno (bind (listener, (struct sockaddr *) &address, size));
  g_assert_no_errno (listen (listener, 1));
  g_assert_no_errno (
      getsockname (listener, (struct sockaddr *) &address, &size));
  fds[1] = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_no_errno (connect (fds[1], (struct sockaddr *) &address, size));
  fds[0] = accept4 (listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
  g_assert_cmpint (fds[0], >=, 0);
  close (listener);
}

static gssize
take (GsockSink *sink, int fd, gsize size)
{
  GsockPipes pipes = { 0 };
  g_autoptr (GError) error = NULL;
  gssize n = gsock_sink_take (sink, &pipes, fd, size, &error);
  int errnum = errno;

  g_assert_no_error (error);
  gsock_pipes_clear (&pipes);
  g_assert_cmpuint (pipes.count, ==, 0);
  errno = errnum;
  return n;
}

/* Nobody wants the bytes: the socket is rid of as many as were asked for. */
static void
test_dropped (void)
{
  g_autoptr (GsockSink) sink = prepared ("/dev/null", &anew);
  char left[8];
  int fds[2];

  begin (sink, FALSE, "\"v1\"");
  connect_pair (fds);
  errno = 0;
  g_assert_cmpint (take (sink, fds[0], 5), ==, -1);
  g_assert_cmpint (errno, ==, EAGAIN);
  g_assert_cmpint (send (fds[1], "01234567", 8, 0), ==, 8);
  g_assert_cmpint (take (sink, fds[0], 5), ==, 5);
  g_assert_cmpint (recv (fds[0], left, sizeof left, 0), ==, 3);
  g_assert_cmpmem (left, 3, "567", 3);
  g_assert_no_errno (shutdown (fds[1], SHUT_WR));
  g_assert_cmpint (take (sink, fds[0], 5), ==, 0);
  g_assert_true (gsock_sink_commit (sink, NULL));
  close (fds[0]);
  close (fds[1]);
}

/* A file gets them, and neither more nor less. */
static void
test_moved (void)
{
  g_autoptr (GsockSink) sink = NULL;
  char left[8];
  int fds[2];
  Place place;

  place_init (&place);
  sink = prepared (place.path, &anew);
  begin (sink, FALSE, "\"v1\"");
  write_text (sink, "ab");
  connect_pair (fds);
  g_assert_cmpint (take (sink, fds[0], 5), ==, -1);
  g_assert_cmpint (errno, ==, EAGAIN);
  g_assert_cmpint (send (fds[1], "01234567", 8, 0), ==, 8);
  g_assert_cmpint (take (sink, fds[0], 5), ==, 5);
  g_assert_cmpint (recv (fds[0], left, sizeof left, 0), ==, 3);
  g_assert_no_errno (shutdown (fds[1], SHUT_WR));
  g_assert_cmpint (take (sink, fds[0], 5), ==, 0);
  g_assert_cmpuint (gsock_sink_get_offset (sink), ==, 7);
  write_text (sink, "z");
  g_assert_true (gsock_sink_commit (sink, NULL));
  assert_holds (place.path, "ab01234z");
  close (fds[0]);
  close (fds[1]);
  place_clear (&place);
}

/* A device that takes nothing: its error is told, and not the socket's. */
static void
test_full (void)
{
  g_autoptr (GsockSink) sink = prepared ("/dev/full", &anew);
  g_autoptr (GError) error = NULL;

  begin (sink, FALSE, NULL);
  g_assert_false (gsock_sink_write (sink, "0", 1, &error));
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_OUTPUT);
}

/* What MSG_TRUNC would mean something else to is left alone. */
static void
test_not_dropped (void)
{
  g_autoptr (GsockSink) sink = prepared ("/dev/null", &anew);
  char left[8];
  int fds[2];

  begin (sink, FALSE, NULL);
  g_assert_no_errno (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds));
  g_assert_cmpint (send (fds[1], "0123", 4, 0), ==, 4);
  g_assert_cmpint (take (sink, fds[0], 4), ==, -1);
  g_assert_cmpint (errno, ==, EINVAL);
  g_assert_cmpint (recv (fds[0], left, sizeof left, MSG_DONTWAIT), ==, 4);
  close (fds[0]);
  close (fds[1]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sink/whole", test_whole);
  g_test_add_func ("/sink/resumed", test_resumed);
  g_test_add_func ("/sink/begun-anew", test_begun_anew);
  g_test_add_func ("/sink/there", test_there);
  g_test_add_func ("/sink/abandoned", test_abandoned);
  g_test_add_func ("/sink/info", test_info);
  g_test_add_func ("/sink/not-begun", test_not_begun);
  g_test_add_func ("/sink/not-replaced", test_not_replaced);
  g_test_add_func ("/sink/links", test_links);
  g_test_add_func ("/sink/kinds", test_kinds);
  g_test_add_func ("/sink/locked", test_locked);
  g_test_add_func ("/sink/put-in-place", test_put_in_place);
  g_test_add_func ("/sink/meanwhile", test_meanwhile);
  g_test_add_func ("/sink/dropped", test_dropped);
  g_test_add_func ("/sink/not-dropped", test_not_dropped);
  g_test_add_func ("/sink/moved", test_moved);
  g_test_add_func ("/sink/full", test_full);
  return g_test_run ();
}

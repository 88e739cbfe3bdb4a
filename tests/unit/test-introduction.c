/* test-introduction.c: a header is taken to its last byte, and no further
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/error.h"
#include "core/fd.h"
#include "core/introduction.h"

#define DEADLINE (30 * G_USEC_PER_SEC)
#define BYTES(literal) literal, sizeof literal - 1
#define LINE "PROXY TCP4 192.0.2.7 198.51.100.2 4000 80\r\n"
#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"
#define BINARY \
  SIGNATURE "\x21\x11\0\14" \
            "\300\0\2\7" \
            "\306\63\144\2" \
            "\17\240" \
            "\0\120"
#define LOCAL SIGNATURE "\x20\0\0\0"
/* 20,000 bytes are said to follow. */
#define LONG SIGNATURE "\x21\x11\x4e\x20"

typedef struct
{
  GsockWorker *worker;
  GsockIntroduction *introduction; /* NULL: it is over */
  int peer;                        /* the balancer's end */
  guint calls;
  GsockCarrier carrier;
  GsockProxyHeader header;
  GError *error;
} Fixture;

static void
introduced_cb (GsockCarrier *carrier, const GsockProxyHeader *header,
               const GError *error, gpointer data)
{
  Fixture *f = data;

  f->calls++;
  f->introduction = NULL;
  if (error != NULL)
    {
      g_assert_null (header);
      g_assert_null (carrier->klass);
      f->error = g_error_copy (error);
      return;
    }
  g_assert_nonnull (carrier->klass);
  f->header = *header;
  f->carrier = gsock_carrier_steal (carrier);
}

/* @type: of the two sockets; 0: a file instead, which nothing can watch. */
static void
begin (Fixture *f, int type)
{
  GsockCarrier carrier;
  int pair[2] = { -1, -1 };

  *f = (Fixture) { .peer = -1, .carrier = { .fd = -1 } };
  f->worker = gsock_worker_new (g_main_context_default (), NULL);
  if (type != 0)
    g_assert_cmpint (
        socketpair (AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair), ==,
        0);
  else
    pair[0] = open ("/proc/self/status", O_RDONLY | O_CLOEXEC);
  f->peer = pair[1];
  carrier = gsock_carrier_plain (pair[0], NULL, NULL);
  f->introduction = gsock_introduction_start (&carrier, f->worker,
                                              introduced_cb, f);
  g_assert_cmpint (carrier.fd, ==, -1);
  g_assert_cmpuint (f->calls, ==, 0);
}

static void
finish (Fixture *f)
{
  if (f->introduction != NULL)
    gsock_introduction_cancel (f->introduction);
  gsock_carrier_close (&f->carrier);
  gsock_fd_clear (&f->peer);
  g_clear_error (&f->error);
  gsock_worker_free (f->worker);
}

static void
turn (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

static void
wait_for_it (Fixture *f)
{
  gint64 began = g_get_monotonic_time ();

  while (f->calls == 0)
    {
      g_assert_cmpint (g_get_monotonic_time () - began, <, DEADLINE);
      g_main_context_iteration (NULL, TRUE);
    }
}

static void
say (Fixture *f, const char *data, gsize size)
{
  g_assert_cmpint (send (f->peer, data, size, MSG_NOSIGNAL), ==, (gssize) size);
}

/* What is behind the header is the next reader's. */
static void
assert_rest (Fixture *f, const char *rest)
{
  char got[64];
  gssize n = recv (f->carrier.fd, got, sizeof got, 0);

  if (*rest == '\0')
    {
      g_assert_cmpint (n, ==, -1);
      g_assert_cmpint (errno, ==, EAGAIN);
      return;
    }
  g_assert_cmpmem (got, MAX (n, 0), rest, strlen (rest));
}

static const struct
{
  const char *data;
  gsize size;
  guint version;
  gboolean is_local;
  const char *source; /* or NULL */
} good[] = {
  { BYTES (LINE), 1, FALSE, "192.0.2.7" },
  { BYTES (BINARY), 2, FALSE, "192.0.2.7" },
  { BYTES (LOCAL), 2, TRUE, NULL },
  { BYTES ("PROXY UNKNOWN\r\n"), 1, FALSE, NULL },
};

static void
assert_good (Fixture *f, gsize i)
{
  g_autofree char *source = NULL;

  wait_for_it (f);
  g_assert_no_error (f->error);
  g_assert_cmpuint (f->calls, ==, 1);
  g_assert_cmpuint (f->header.version, ==, good[i].version);
  g_assert_cmpint (f->header.is_local, ==, good[i].is_local);
  if (f->header.source.size > 0)
    source = gsock_address_host_to_string (&f->header.source);
  g_assert_cmpstr (source, ==, good[i].source);
}

static void
test_whole (void)
{
  static const char *const rests[] = { "", "hola\n", LINE };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (rests); j++)
      {
        g_autofree char *both = g_malloc (good[i].size + strlen (rests[j]));
        Fixture f;

        memcpy (both, good[i].data, good[i].size);
        memcpy (both + good[i].size, rests[j], strlen (rests[j]));
        begin (&f, SOCK_STREAM);
        say (&f, both, good[i].size + strlen (rests[j]));
        assert_good (&f, i);
        assert_rest (&f, rests[j]);
        finish (&f);
      }
}

/* Byte by byte; nothing is taken before it is whole. */
static void
test_pieces (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      Fixture f;

      begin (&f, SOCK_STREAM);
      for (gsize j = 0; j < good[i].size; j++)
        {
          turn ();
          g_assert_cmpuint (f.calls, ==, 0);
          say (&f, good[i].data + j, 1);
        }
      assert_good (&f, i);
      say (&f, BYTES ("hola\n"));
      assert_rest (&f, "hola\n");
      finish (&f);
    }
}

/* Whoever has said all and ended is heard. */
static void
test_ended (void)
{
  Fixture f;

  begin (&f, SOCK_STREAM);
  say (&f, BYTES (LINE "hola\n"));
  g_assert_cmpint (shutdown (f.peer, SHUT_WR), ==, 0);
  assert_good (&f, 0);
  assert_rest (&f, "hola\n");
  finish (&f);
}

static const struct
{
  const char *data;
  gsize size;
  gboolean ends;
  int code;
} bad[] = {
  { BYTES ("GET / HTTP/1.0\r\n\r\n"), FALSE, GSOCK_ERROR_FRAME_BAD },
  { BYTES ("\x16\3\1"), FALSE, GSOCK_ERROR_FRAME_BAD },
  { BYTES ("PROXY TCP9 "), FALSE, GSOCK_ERROR_FRAME_BAD },
  { BYTES (LONG), FALSE, GSOCK_ERROR_FRAME_TOO_BIG },
  { BYTES (""), TRUE, GSOCK_ERROR_CUT },
  { BYTES ("PROXY TCP4 192.0.2.7"), TRUE, GSOCK_ERROR_CUT },
  { BYTES (SIGNATURE "\x21\x11\0\14\300\0\2"), TRUE, GSOCK_ERROR_CUT },
};

static void
test_bad (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      char byte;
      Fixture f;

      begin (&f, SOCK_STREAM);
      if (bad[i].size > 0)
        say (&f, bad[i].data, bad[i].size);
      if (bad[i].ends)
        g_assert_cmpint (shutdown (f.peer, SHUT_WR), ==, 0);
      wait_for_it (&f);
      g_assert_error (f.error, GSOCK_ERROR, bad[i].code);
      g_assert_cmpint (f.carrier.fd, ==, -1);
      /* It is closed, with what came unread: no word of ours. */
      g_assert_cmpint (recv (f.peer, &byte, 1, 0), <=, 0);
      finish (&f);
    }
}

/* Gone altogether, and not only its direction. */
static void
test_gone (void)
{
  Fixture f;

  begin (&f, SOCK_STREAM);
  say (&f, BYTES ("PROXY"));
  turn ();
  gsock_fd_clear (&f.peer);
  wait_for_it (&f);
  g_assert_error (f.error, GSOCK_ERROR, GSOCK_ERROR_CUT);
  finish (&f);
}

/* Who asks for it is told in a later round, and not before it has an answer. */
static void
test_unwatchable (void)
{
  Fixture f;

  begin (&f, 0);
  wait_for_it (&f);
  g_assert_error (f.error, GSOCK_ERROR, GSOCK_ERROR_FAILED);
  g_assert_cmpuint (f.calls, ==, 1);
  finish (&f);
}

static void
test_cancel (void)
{
  char byte;
  Fixture f;

  begin (&f, SOCK_STREAM);
  say (&f, BYTES ("PROXY TCP4 "));
  turn ();
  gsock_introduction_cancel (f.introduction);
  f.introduction = NULL;
  turn ();
  g_assert_cmpuint (f.calls, ==, 0);
  g_assert_cmpint (recv (f.peer, &byte, 1, 0), <=, 0);
  finish (&f);
}

/* What has not come in that time never will. */
static void
test_time (void)
{
  Fixture f;
  gint64 began = g_get_monotonic_time ();

  begin (&f, SOCK_STREAM);
  say (&f, BYTES ("PROXY TCP4 "));
  wait_for_it (&f);
  g_assert_error (f.error, GSOCK_ERROR, GSOCK_ERROR_TIMED_OUT);
  g_assert_cmpint (g_get_monotonic_time () - began, >=,
                   GSOCK_INTRODUCTION_TIMEOUT);
  finish (&f);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/introduction/whole", test_whole);
  g_test_add_func ("/introduction/pieces", test_pieces);
  g_test_add_func ("/introduction/ended", test_ended);
  g_test_add_func ("/introduction/bad", test_bad);
  g_test_add_func ("/introduction/gone", test_gone);
  g_test_add_func ("/introduction/unwatchable", test_unwatchable);
  g_test_add_func ("/introduction/cancel", test_cancel);
  g_test_add_func ("/introduction/time", test_time);
  return g_test_run ();
}

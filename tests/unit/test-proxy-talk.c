/* test-proxy-talk.c: tests core/proxy.c and core/proxy-talk.c: what is said to a
 * proxy and what it may answer, in whatever pieces
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <glib.h>

#include "core/error.h"
#include "core/proxy.h"

/* A string of bytes that may have a NUL in it, without the closing one. */
#define BYTES(text) text, sizeof (text) - 1

typedef struct
{
  const char *url, *password;
  const char *target;
  const char *said; /* all that we say, in the end */
  gsize said_size;
  const char *answers; /* all that it answers */
  gsize answers_size;
  int code; /* a GsockErrorCode; -1: a tunnel */
} Row;

static const Row rows[] = {
  { "socks4a://h", NULL, "example.org:80",
    BYTES ("\4\1\0\x50\0\0\0\1\0example.org\0"), BYTES ("\0\x5a\0\0\0\0\0\0"),
    -1 },
  { "socks4a://ana@h", NULL, "a:80", BYTES ("\4\1\0\x50\0\0\0\1ana\0a\0"),
    BYTES ("\0\x5d\0\0\0\0\0\0"), GSOCK_ERROR_DENIED },
  { "socks4a://h", NULL, "a:80", BYTES ("\4\1\0\x50\0\0\0\1\0a\0"),
    BYTES ("\0\x5b\0\0\0\0\0\0"), GSOCK_ERROR_CONNECT },
  { "socks4a://h", NULL, "a:80", BYTES ("\4\1\0\x50\0\0\0\1\0a\0"),
    BYTES ("HTTP/1.1"), GSOCK_ERROR_FRAME_BAD },
  { "socks5://h", NULL, "a:80", BYTES ("\5\1\0\5\1\0\3\1a\0\x50"),
    BYTES ("\5\0\5\0\0\1\1\2\3\4\0\1"), -1 },
  { "socks5://h", NULL, "127.0.0.1:80",
    BYTES ("\5\1\0\5\1\0\1\x7f\0\0\1\0\x50"), BYTES ("\5\0\5\0\0\3\3xyz\0\1"),
    -1 },
  { "socks5://h", NULL, "[::1]:80",
    BYTES ("\5\1\0\5\1\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\x50"),
    BYTES ("\5\0\5\0\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\1"), -1 },
  { "socks5://ana@h", "pw", "a:80",
    BYTES ("\5\2\0\2\1\3ana\2pw\5\1\0\3\1a\0\x50"),
    BYTES ("\5\2\1\0\5\0\0\1\1\2\3\4\0\1"), -1 },
  { "socks5://ana@h", "pw", "a:80", BYTES ("\5\2\0\2\1\3ana\2pw"),
    BYTES ("\5\2\1\1"), GSOCK_ERROR_DENIED },
  { "socks5://h", NULL, "a:80", BYTES ("\5\1\0"), BYTES ("\5\xff"),
    GSOCK_ERROR_DENIED },
  { "socks5://h", NULL, "a:80", BYTES ("\5\1\0"), BYTES ("\4\0"),
    GSOCK_ERROR_FRAME_BAD },
  { "socks5://h", NULL, "a:80", BYTES ("\5\1\0\5\1\0\3\1a\0\x50"),
    BYTES ("\5\0\5\2\0\1"), GSOCK_ERROR_DENIED },
  { "socks5://h", NULL, "a:80", BYTES ("\5\1\0\5\1\0\3\1a\0\x50"),
    BYTES ("\5\0\5\5\0\1"), GSOCK_ERROR_CONNECT },
  { "socks5://h", NULL, "a:80", BYTES ("\5\1\0\5\1\0\3\1a\0\x50"),
    BYTES ("\5\0\5\xfe\0\1"), GSOCK_ERROR_CONNECT },
  { "socks5://h", NULL, "a:80", BYTES ("\5\1\0\5\1\0\3\1a\0\x50"),
    BYTES ("\5\0\5\0\0\7"), GSOCK_ERROR_FRAME_BAD },
  { "http://h", NULL, "a:80",
    BYTES ("CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n"),
    BYTES ("HTTP/1.1 200 Yes\r\nX: y\r\n\r\n"), -1 },
  { "http://h", NULL, "[::1]:80",
    BYTES ("CONNECT [::1]:80 HTTP/1.1\r\nHost: [::1]:80\r\n\r\n"),
    BYTES ("HTTP/1.0 299 \n\n"), -1 },
  { "http://ana@h", "pw", "a:80",
    BYTES ("CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n"
           "Proxy-Authorization: Basic YW5hOnB3\r\n\r\n"),
    BYTES ("HTTP/1.1 407 No\r\n\r\n"), GSOCK_ERROR_DENIED },
  { "http://h", NULL, "a:80",
    BYTES ("CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n"),
    BYTES ("HTTP/1.1 502 No\r\n\r\n"), GSOCK_ERROR_CONNECT },
  { "http://h", NULL, "a:80",
    BYTES ("CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n"),
    BYTES ("HTTP/1.1 2000 No\r\n\r\n"), GSOCK_ERROR_FRAME_BAD },
  { "http://h", NULL, "a:80",
    BYTES ("CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n"), BYTES ("SSH-2"),
    GSOCK_ERROR_FRAME_BAD },
};

/* Pieces of @step bytes at most; what is behind the answer stays unread. */
static void
converse (const Row *row, gsize step)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GsockProxy)
      proxy = gsock_proxy_parse (row->url, row->password, &error);
  g_autoptr (GsockEndpoint) target = gsock_endpoint_parse (
      row->target, GSOCK_ENDPOINT_FOR_CLIENT, &error);
  GsockProxyTalk talk;
  gsize done = 0, wants;

  g_assert_no_error (error);
  g_assert_true (gsock_proxy_talk_init (&talk, proxy, target, NULL, &error));
  while (error == NULL && (wants = gsock_proxy_talk_wants (&talk)) > 0)
    {
      gsize n = MIN (MIN (wants, step), row->answers_size - done);

      (void) gsock_proxy_talk_take (&talk, row->answers + done, n, &error);
      done += n;
    }
  g_assert_cmpmem (talk.out->data, talk.out->len, row->said, row->said_size);
  if (row->code >= 0)
    g_assert_error (error, GSOCK_ERROR, row->code);
  else
    {
      g_assert_no_error (error);
      g_assert_cmpuint (done, ==, row->answers_size);
    }
  gsock_proxy_talk_clear (&talk);
}

static void
test_talk (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    for (gsize step = 1; step < 16; step++)
      converse (&rows[i], step);
}

/* Every answer that is cut short is an error, and never a tunnel. */
static void
test_cut (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    for (gsize size = 0; rows[i].code < 0 && size < rows[i].answers_size;
         size++)
      {
        g_autoptr (GsockProxy)
            proxy = gsock_proxy_parse (rows[i].url, rows[i].password, NULL);
        g_autoptr (GsockEndpoint) target = gsock_endpoint_parse (
            rows[i].target, GSOCK_ENDPOINT_FOR_CLIENT, NULL);
        g_autoptr (GError) error = NULL;
        GsockProxyTalk talk;

        g_assert_true (
            gsock_proxy_talk_init (&talk, proxy, target, NULL, &error));
        for (gsize done = 0; error == NULL && done <= size; done++)
          {
            g_assert_cmpuint (gsock_proxy_talk_wants (&talk), >, 0);
            (void) gsock_proxy_talk_take (&talk, rows[i].answers + done,
                                          done < size, &error);
          }
        g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_CUT);
        gsock_proxy_talk_clear (&talk);
      }
}

static void
test_urls (void)
{
  static const struct
  {
    const char *url, *endpoint; /* NULL: refused */
  } urls[] = {
    { "socks5://h", "tcp:h:1080" },
    { "socks5h://h:9", "tcp:h:9" },
    { "http://h", "tcp:h:80" },
    { "https://h/", "tls:tcp:h:443" },
    { "socks4://[::1]:7", "tcp:[::1]:7" },
    { "h:1080", NULL },
    { "ftp://h", NULL },
    { "http://", NULL },
    { "http://h/x", NULL },
    { "http://h?x", NULL },
    { "http://ana:pw@h", NULL },
    { "http://h:70000", NULL },
    { "", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (urls); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GsockProxy)
          proxy = gsock_proxy_parse (urls[i].url, NULL, &error);

      if (urls[i].endpoint == NULL)
        {
          g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpstr (
          gsock_endpoint_to_string (gsock_proxy_get_endpoint (proxy)), ==,
          urls[i].endpoint);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/proxy/urls", test_urls);
  g_test_add_func ("/proxy/talk", test_talk);
  g_test_add_func ("/proxy/cut", test_cut);
  return g_test_run ();
}

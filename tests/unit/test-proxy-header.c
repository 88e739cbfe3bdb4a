/* test-proxy-header.c: good and bad headers, byte by byte; what is written
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>
#include <sys/un.h>

#include "core/error.h"
#include "core/peer.h"
#include "core/proxy-header.h"

#define BYTES(literal) literal, sizeof literal - 1
#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"
#define INET \
  "\300\0\2\1" \
  "\306\63\144\2" \
  "\334\4" \
  "\1\273"
#define INET6 \
  "\40\1\15\270\0\0\0\0\0\0\0\0\0\0\0\7" \
  "\40\1\15\270\0\0\0\0\0\0\0\0\0\0\0\10" \
  "\334\4" \
  "\1\273"
#define ZEROS_36 \
  "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" \
  "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
/* "/run/a" and nothing. */
#define UNIX \
  "/run/" \
  "a\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" ZEROS_36 \
      ZEROS_36 ZEROS_36 ZEROS_36 ZEROS_36

/* What comes, and what becomes of it: "VERSION SOURCE DESTINATION", or what it
 * is instead of addresses. */
typedef struct
{
  const char *data;
  gsize size;
  const char *outcome;
} Good;

static const Good good[] = {
  { BYTES ("PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\n"),
    "1 tcp:192.168.0.1:56324 tcp:192.168.0.11:443" },
  { BYTES ("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n"),
    "1 tcp:255.255.255.255:65535 tcp:255.255.255.255:65535" },
  { BYTES ("PROXY TCP4 0.0.0.0 0.0.0.0 0 0\r\n"),
    "1 tcp:0.0.0.0:0 tcp:0.0.0.0:0" },
  { BYTES ("PROXY TCP6 2001:db8::7 2001:DB8::8 56324 443\r\n"),
    "1 tcp:[2001:db8::7]:56324 tcp:[2001:db8::8]:443" },
  { BYTES ("PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff "
           "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n"),
    "1 tcp:[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535 "
    "tcp:[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535" },
  { BYTES ("PROXY TCP6 ::ffff:192.0.2.1 ::1 1 2\r\n"),
    "1 tcp:192.0.2.1:1 tcp:[::1]:2" },
  { BYTES ("PROXY UNKNOWN\r\n"), "1 unknown" },
  { BYTES ("PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff "
           "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n"),
    "1 unknown" },
  { BYTES ("PROXY UNKNOWN what\never\r was\0 said\r\n"), "1 unknown" },

  { BYTES (SIGNATURE "\x20\0\0\0"), "2 local" },
  /* "must not assume zero is presented for LOCAL", nor look at what is. */
  { BYTES (SIGNATURE "\x20\x11\0\14" INET), "2 local" },
  { BYTES (SIGNATURE "\x20\xff\0\3abc"), "2 local" },
  { BYTES (SIGNATURE "\x21\0\0\0"), "2 unknown" },
  { BYTES (SIGNATURE "\x21\0\0\5hello"), "2 unknown" },
  { BYTES (SIGNATURE "\x21\1\0\0"), "2 unknown" },
  { BYTES (SIGNATURE "\x21\x10\0\0"), "2 unknown" },
  { BYTES (SIGNATURE "\x21\x11\0\14" INET),
    "2 tcp:192.0.2.1:56324 tcp:198.51.100.2:443" },
  { BYTES (SIGNATURE "\x21\x12\0\14" INET),
    "2 tcp:192.0.2.1:56324 tcp:198.51.100.2:443 datagrams" },
  { BYTES (SIGNATURE "\x21\x21\0\44" INET6),
    "2 tcp:[2001:db8::7]:56324 tcp:[2001:db8::8]:443" },
  { BYTES (SIGNATURE "\x21\x22\0\44" INET6),
    "2 tcp:[2001:db8::7]:56324 tcp:[2001:db8::8]:443 datagrams" },
  { BYTES (SIGNATURE "\x21\x31\0\330" UNIX), "2 unix: unix:" },
  { BYTES (SIGNATURE "\x21\x32\0\330" UNIX), "2 unix: unix: datagrams" },
  /* Extensions: a NOOP of one byte, an empty one of a custom type. */
  { BYTES (SIGNATURE "\x21\x11\0\23" INET "\4\0\1n"
                     "\340\0\0"),
    "2 tcp:192.0.2.1:56324 tcp:198.51.100.2:443" },
  /* ... and a right checksum. */
  { BYTES (SIGNATURE "\x21\x11\0\27" INET "\4\0\1n"
                     "\3\0\4\34\317\244\331"),
    "2 tcp:192.0.2.1:56324 tcp:198.51.100.2:443" },
};

/* @at: how many bytes of it tell that it is none. */
typedef struct
{
  const char *data;
  gsize size;
  gsize at;
  const char *message; /* all of it */
} Bad;

static const Bad bad[] = {
  { BYTES ("GET / HTTP/1.1\r\n"), 1,
    "sent 'G' where a PROXY header should begin" },
  { BYTES ("\x16\3\1"), 1, "sent '\\x16' where a PROXY header should begin" },
  { BYTES ("PROXY\n"), 6,
    "sent 'PROXY\\x0a' where a PROXY header should "
    "begin" },
  { BYTES ("proxy TCP4"), 1, NULL },
  { BYTES ("PROXY  TCP4 1.2.3.4"), 7,
    "sent a PROXY header with ' ' in place of TCP4, TCP6, UNKNOWN" },
  { BYTES ("PROXY TCP5 "), 10,
    "sent a PROXY header with 'TCP5' in place of TCP4, TCP6, UNKNOWN" },
  { BYTES ("PROXY TCP4\r\n"), 11, NULL },
  { BYTES ("PROXY UDP4 "), 8, NULL },
  { BYTES ("PROXY UNKNOWN\rx"), 15, NULL },
  { BYTES ("PROXY UNKNOWNS\r\n"), 14, NULL },
  { BYTES ("PROXY TCP4 1.2.3.4 1.2.3.4 1 2\n"), 31,
    "sent a PROXY header that does not end in CR LF" },
  { BYTES ("PROXY TCP4 1.2.3.4 1.2.3.4 1 2\r\r\n"), 33,
    "sent a PROXY header with '2\\x0d' in place of a port number" },
  { BYTES ("PROXY TCP4 1.2.3.4 1.2.3.4 1\r\n"), 30,
    "sent a PROXY header with '' in place of a port number" },
  { BYTES ("PROXY TCP4 1.2.3.4 1.2.3.4 1 2 3\r\n"), 34,
    "sent a PROXY header with '2 3' in place of a port number" },
  { BYTES ("PROXY TCP4 1.2.3.4 1.2.3.4 1 2 \r\n"), 33, NULL },
  { BYTES ("PROXY TCP4  1.2.3.4 1.2.3.4 1 2\r\n"), 33,
    "sent a PROXY header with '' in place of an IPv4 address" },
  { BYTES ("PROXY TCP4 1.2.3.04 1.2.3.4 1 2\r\n"), 33,
    "sent a PROXY header with '1.2.3.04' in place of an IPv4 address" },
  { BYTES ("PROXY TCP4 1.2.3.256 1.2.3.4 1 2\r\n"), 34, NULL },
  { BYTES ("PROXY TCP4 1.2.3 1.2.3.4 1 2\r\n"), 30, NULL },
  { BYTES ("PROXY TCP4 ::1 1.2.3.4 1 2\r\n"), 28, NULL },
  { BYTES ("PROXY TCP6 1.2.3.4 ::1 1 2\r\n"), 28,
    "sent a PROXY header with '1.2.3.4' in place of an IPv6 address" },
  { BYTES ("PROXY TCP6 ::1 1::2::3 1 2\r\n"), 28, NULL },
  { BYTES ("PROXY TCP6 fe80::1%lo ::1 1 2\r\n"), 31, NULL },
  { BYTES ("PROXY TCP4 1.2.3.4 1.2.3.4 01 2\r\n"), 33,
    "sent a PROXY header with '01' in place of a port number" },
  { BYTES ("PROXY TCP4 1.2.3.4 1.2.3.4 65536 2\r\n"), 36, NULL },
  { BYTES ("PROXY TCP4 1.2.3.4 1.2.3.4 1 999999999999\r\n"), 43, NULL },
  { BYTES ("PROXY TCP4 1.2.3.4 1.2.3.4 -1 2\r\n"), 33, NULL },
  { BYTES ("PROXY TCP4 1.2.3.4 1.2.3.4 +1 2\r\n"), 33, NULL },
  { BYTES ("PROXY TCP4 1.2.3.4\0 1.2.3.4 1 2\r\n"), 33,
    "sent a PROXY header with a NUL in it" },
  { BYTES ("PROXY TCP4 \33[2J 1.2.3.4 1 2\r\n"), 29,
    "sent a PROXY header with '\\x1b[2J' in place of an IPv4 address" },
  { BYTES ("PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff "
           "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 655350\r\n"),
    107, "sent a PROXY header without an end in its first 107 bytes" },

  { BYTES ("\r\n\r\n\1"), 5,
    "sent '\\x0d\\x0a\\x0d\\x0a\\x01' where a PROXY header should begin" },
  { BYTES (SIGNATURE "\x11\x11\0\14"), 13,
    "sent a PROXY header of the unknown version 1" },
  { BYTES (SIGNATURE "\x31\x11\0\14"), 13, NULL },
  { BYTES (SIGNATURE "\x22\x11\0\14"), 13,
    "sent a PROXY header with the unknown command 2" },
  { BYTES (SIGNATURE "\x2f\x11\0\14"), 13, NULL },
  { BYTES (SIGNATURE "\x21\x41\0\14"), 14,
    "sent a PROXY header of the unknown family and protocol 0x41" },
  { BYTES (SIGNATURE "\x21\x13\0\14"), 14, NULL },
  { BYTES (SIGNATURE "\x21\xff\0\14"), 14, NULL },
  { BYTES (SIGNATURE "\x21\x11\0\13"), 16,
    "announces 11 bytes of addresses in its PROXY header, where there must be "
    "12" },
  { BYTES (SIGNATURE "\x21\x21\0\14" INET), 16, NULL },
  { BYTES (SIGNATURE "\x21\x31\0\327"), 16, NULL },
  { BYTES (SIGNATURE "\x21\x11\x3f\xf1"), 16,
    "announces a PROXY header of 16385 bytes; the limit is 16384" },
  { BYTES (SIGNATURE "\x20\0\xff\xff"), 16, NULL },
  { BYTES (SIGNATURE "\x21\x11\0\15" INET "\4"), 29,
    "sent a PROXY header with an extension (TLV) that is cut" },
  { BYTES (SIGNATURE "\x21\x11\0\16" INET "\4\0"), 30, NULL },
  { BYTES (SIGNATURE "\x21\x11\0\20" INET "\4\0\2n"), 32, NULL },
  { BYTES (SIGNATURE "\x21\x11\0\20" INET "\4\xff\xff"
                     "n"),
    32, NULL },
  { BYTES (SIGNATURE "\x21\x11\0\23" INET "\3\0\4abcd"), 35,
    "sent a PROXY header whose checksum is not right" },
  { BYTES (SIGNATURE "\x21\x11\0\21" INET "\3\0\2ab"), 33, NULL },
};

static void
describe (GString *text, const GsockAddress *address)
{
  g_autofree char *shown = NULL;
  GsockPeer peer;

  gsock_peer_init_from_native (&peer, &address->any, address->size);
  shown = gsock_peer_to_string (&peer);
  g_string_append_printf (text, " %s", shown);
}

static char *
outcome_of (const GsockProxyHeader *header)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%u", header->version);
  if (header->is_local)
    g_string_append (text, " local");
  else if (header->source.size == 0)
    g_string_append (text, " unknown");
  else
    {
      describe (text, &header->source);
      describe (text, &header->destination);
    }
  if (header->is_dgram)
    g_string_append (text, " datagrams");
  return g_string_free (text, FALSE);
}

/* Of exactly @size bytes, so that a sanitizer sees a look behind them. */
static GsockDecode
decode (const char *data, gsize size, GsockProxyHeader *header, gsize *used,
        GError **error)
{
  g_autofree char *copy = size > 0 ? g_memdup2 (data, size) : g_malloc (1);

  return gsock_proxy_header_decode (copy, size, header, used, error);
}

static void
test_good (gconstpointer row)
{
  const Good *test = row;
  g_autoptr (GString) data = g_string_new_len (test->data, (gssize) test->size);
  g_autofree char *outcome = NULL;
  GsockProxyHeader header;
  GError *error = NULL;
  gsize used;

  for (gsize n = 0; n < data->len; n++)
    {
      g_assert_cmpint (decode (data->str, n, &header, &used, &error), ==,
                       GSOCK_DECODE_MORE);
      g_assert_no_error (error);
    }
  for (guint more = 0; more < 2; more++)
    {
      g_assert_cmpint (decode (data->str, data->len, &header, &used, &error),
                       ==, GSOCK_DECODE_FRAME);
      g_assert_no_error (error);
      g_assert_cmpuint (used, ==, data->len - more * strlen ("\r\nPROXY"));
      g_string_append (data, "\r\nPROXY"); /* the client's own bytes */
    }
  outcome = outcome_of (&header);
  g_assert_cmpstr (outcome, ==, test->outcome);
}

static void
test_bad (gconstpointer row)
{
  const Bad *test = row;
  GsockProxyHeader header;
  gsize used;

  for (gsize n = 0; n < test->at; n++)
    g_assert_cmpint (decode (test->data, n, &header, &used, NULL), ==,
                     GSOCK_DECODE_MORE);
  /* What is none stays none, whatever comes. */
  for (gsize n = test->size; n >= test->at; n--)
    {
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (decode (test->data, n, &header, &used, &error), ==,
                       GSOCK_DECODE_BAD);
      g_assert_true (error != NULL && error->domain == GSOCK_ERROR);
      if (n == test->at && test->message != NULL)
        g_assert_cmpstr (error->message, ==, test->message);
    }
}

/* Any byte of a header with a checksum that is another one. */
static void
test_checksum (void)
{
  char data[] = SIGNATURE "\x21\x11\0\27" INET "\4\0\1n\3\0\4"
                          "\34\317\244\331";
  const gsize size = sizeof data - 1;
  GsockProxyHeader header;
  gsize used;

  g_assert_cmpint (decode (data, size, &header, &used, NULL), ==,
                   GSOCK_DECODE_FRAME);
  for (gsize i = 16; i < size; i++)
    for (guint bit = 0; bit < 8; bit++)
      {
        /* Another type, or length, may hide the checksum. */
        if (i >= 28 && i < 35 && i != 31)
          continue;
        data[i] ^= (char) (1 << bit);
        g_assert_cmpint (decode (data, size, &header, &used, NULL), ==,
                         GSOCK_DECODE_BAD);
        data[i] ^= (char) (1 << bit);
      }
}

/* The longest that we take, and what it costs to look at. */
static void
test_longest (void)
{
  g_autofree char *data = g_malloc0 (GSOCK_PROXY_HEADER_MAX);
  const gsize rest = GSOCK_PROXY_HEADER_MAX - 16;
  const gsize value = rest - 12 - 3;
  GsockProxyHeader header;
  gsize used;

  memcpy (data, SIGNATURE "\x21\x11", 14);
  data[14] = (char) (rest >> 8);
  data[15] = (char) (rest & 0xff);
  data[28] = 4;
  data[29] = (char) (value >> 8);
  data[30] = (char) (value & 0xff);
  g_assert_cmpint (gsock_proxy_header_decode (data, GSOCK_PROXY_HEADER_MAX - 1,
                                              &header, &used, NULL),
                   ==, GSOCK_DECODE_MORE);
  g_assert_cmpint (gsock_proxy_header_decode (data, GSOCK_PROXY_HEADER_MAX,
                                              &header, &used, NULL),
                   ==, GSOCK_DECODE_FRAME);
  g_assert_cmpuint (used, ==, GSOCK_PROXY_HEADER_MAX);
}

/* What every good header says is written in both versions, and read again. */
static void
test_again (gconstpointer row)
{
  const Good *test = row;
  GsockProxyHeader header, again;
  char data[GSOCK_PROXY_HEADER_OWN_MAX];
  g_autofree char *outcome = NULL, *plain = NULL;
  gsize size, used;

  gsock_proxy_header_decode (test->data, test->size, &header, &used, NULL);
  header.version = 2;
  size = gsock_proxy_header_encode (&header, data);
  g_assert_cmpint (decode (data, size, &again, &used, NULL), ==,
                   GSOCK_DECODE_FRAME);
  g_assert_cmpuint (used, ==, size);
  outcome = outcome_of (&again);
  g_assert_cmpstr (outcome + 1, ==, test->outcome + 1);

  header.version = 1;
  size = gsock_proxy_header_encode (&header, data);
  g_assert_cmpint (decode (data, size, &again, &used, NULL), ==,
                   GSOCK_DECODE_FRAME);
  g_assert_cmpuint (used, ==, size);
  plain = outcome_of (&again);
  if (header.is_local || header.is_dgram || header.source.size == 0
      || header.source.any.sa_family == AF_UNIX)
    g_assert_cmpstr (plain, ==, "1 unknown");
  else
    g_assert_cmpstr (plain + 1, ==, test->outcome + 1);
}

static void
assert_bytes (const char *got, gsize got_size, const char *want, gsize size)
{
  g_assert_cmpmem (got, got_size, want, size);
}

static void
test_written (void)
{
  GsockProxyHeader header = { .version = 1 };
  char data[GSOCK_PROXY_HEADER_OWN_MAX + 1];
  struct sockaddr_un un = { .sun_family = AF_UNIX };
  gsize size;

  /* One of each family: both as IPv6. */
  g_assert_true (gsock_address_parse (&header.source, "192.0.2.1:9", NULL));
  g_assert_true (
      gsock_address_parse (&header.destination, "[2001:db8::8]:80", NULL));
  size = gsock_proxy_header_encode (&header, data);
  assert_bytes (data, size,
                BYTES ("PROXY TCP6 ::ffff:192.0.2.1 2001:db8::8 9 80\r\n"));
  /* A path and an address have nothing in common. */
  memcpy (&header.destination.storage, &un, sizeof un.sun_family);
  header.destination.size = sizeof un.sun_family;
  size = gsock_proxy_header_encode (&header, data);
  assert_bytes (data, size, BYTES ("PROXY UNKNOWN\r\n"));
  header.version = 2;
  size = gsock_proxy_header_encode (&header, data);
  assert_bytes (data, size, BYTES (SIGNATURE "\x21\0\0\0"));
  /* A client's socket has no name, a server's may have. */
  strcpy (un.sun_path, "/run/a");
  memcpy (&header.source.storage, &un, sizeof un);
  header.source.size = G_STRUCT_OFFSET (struct sockaddr_un, sun_path)
                       + (socklen_t) strlen ("/run/a");
  size = gsock_proxy_header_encode (&header, data);
  assert_bytes (data, size, BYTES (SIGNATURE "\x21\x31\0\330" UNIX));
  g_assert_cmpuint (size, ==, GSOCK_PROXY_HEADER_OWN_MAX);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree char *name = g_strdup_printf ("/proxy-header/good/%u", i);
      g_autofree char *again = g_strdup_printf ("/proxy-header/again/%u", i);

      g_test_add_data_func (name, &good[i], test_good);
      g_test_add_data_func (again, &good[i], test_again);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *name = g_strdup_printf ("/proxy-header/bad/%u", i);

      g_test_add_data_func (name, &bad[i], test_bad);
    }
  g_test_add_func ("/proxy-header/checksum", test_checksum);
  g_test_add_func ("/proxy-header/longest", test_longest);
  g_test_add_func ("/proxy-header/written", test_written);
  return g_test_run ();
}

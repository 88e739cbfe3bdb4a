/* test-endpoint.c: the grammar of addresses, what it refuses and what it says
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <gio/gnetworking.h>
#include <gio/gunixsocketaddress.h>

#include "core/endpoint.h"
#include "core/error.h"
#include "core/fd.h"

#define SERVER GSOCK_ENDPOINT_FOR_SERVER
#define CLIENT GSOCK_ENDPOINT_FOR_CLIENT

#define TCP GSOCK_ENDPOINT_TCP
#define UDP GSOCK_ENDPOINT_UDP
#define UNIX GSOCK_ENDPOINT_UNIX
#define DGRAM GSOCK_ENDPOINT_UNIX_DGRAM
#define SEQPACKET GSOCK_ENDPOINT_UNIX_SEQPACKET

#define TEN "0123456789"
#define FIFTY TEN TEN TEN TEN TEN
#define HUNDRED_SEVEN FIFTY FIFTY "0123456"

typedef struct
{
  const char *text;
  GsockEndpointUse use;
  GsockEndpointKind kind;
  const char *string;
  const char *display;
} Good;

static const Good good[] = {
  /* TCP */
  { "db.example:5432", CLIENT, TCP, "tcp:db.example:5432", "db.example:5432" },
  { "tcp:db.example:5432", CLIENT, TCP, "tcp:db.example:5432",
    "db.example:5432" },
  { "TCP:DB.Example:5432", CLIENT, TCP, "tcp:db.example:5432",
    "db.example:5432" },
  { "db.example.:1", CLIENT, TCP, "tcp:db.example.:1", "db.example.:1" },
  { "my_host-1:1", CLIENT, TCP, "tcp:my_host-1:1", "my_host-1:1" },
  { "127.0.0.1:0", SERVER, TCP, "tcp:127.0.0.1:0", "127.0.0.1:0" },
  { "127.0.0.1:65535", SERVER, TCP, "tcp:127.0.0.1:65535", "127.0.0.1:65535" },
  { "127.0.0.1:00080", SERVER, TCP, "tcp:127.0.0.1:80", "127.0.0.1:80" },
  { "0.0.0.0:1", SERVER, TCP, "tcp:0.0.0.0:1", "0.0.0.0:1" },
  { "[::1]:3490", SERVER, TCP, "tcp:[::1]:3490", "[::1]:3490" },
  { "[::]:3490", SERVER, TCP, "tcp:[::]:3490", "[::]:3490" },
  { "[0:0:0::0001]:3490", CLIENT, TCP, "tcp:[::1]:3490", "[::1]:3490" },
  { "[FE80::1%eth0]:9", CLIENT, TCP, "tcp:[fe80::1%eth0]:9",
    "[fe80::1%eth0]:9" },
  { "[fe80::1%7]:9", CLIENT, TCP, "tcp:[fe80::1%7]:9", "[fe80::1%7]:9" },
  { "[::ffff:10.0.0.1]:9", CLIENT, TCP, "tcp:[::ffff:10.0.0.1]:9",
    "[::ffff:10.0.0.1]:9" },
  { "3490", CLIENT, TCP, "tcp:localhost:3490", "localhost:3490" },
  { "3490", SERVER, TCP, "tcp:3490", "localhost:3490" },
  { "0", SERVER, TCP, "tcp:0", "localhost:0" },
  { "*:3490", SERVER, TCP, "tcp:*:3490", "*:3490" },
  { "tcp:*:0", SERVER, TCP, "tcp:*:0", "*:0" },
  /* A scheme word ends at the first colon and binds before all else. */
  { "tcp:80", SERVER, TCP, "tcp:80", "localhost:80" },
  { "tcp:80", CLIENT, TCP, "tcp:localhost:80", "localhost:80" },
  { "udp:80", CLIENT, UDP, "udp:localhost:80", "localhost:80" },
  { "tcp:tcp:80", CLIENT, TCP, "tcp:tcp:80", "tcp:80" },
  { "tcp:ipx:80", CLIENT, TCP, "tcp:ipx:80", "ipx:80" },
  { "tcp:fd:3", CLIENT, TCP, "tcp:fd:3", "fd:3" },
  { "unix:tcp:80", CLIENT, UNIX, "unix:tcp:80", "tcp:80" },
  { "unix:fd:3", CLIENT, UNIX, "unix:fd:3", "fd:3" },
  { "unix-dgrams:80", CLIENT, TCP, "tcp:unix-dgrams:80", "unix-dgrams:80" },
  /* UDP */
  { "udp:*:53", SERVER, UDP, "udp:*:53", "*:53" },
  { "udp:224.0.0.251:5353", SERVER, UDP, "udp:224.0.0.251:5353",
    "224.0.0.251:5353" },
  { "udp:[ff02::fb%lo]:5353", SERVER, UDP, "udp:[ff02::fb%lo]:5353",
    "[ff02::fb%lo]:5353" },
  /* UNIX */
  { "/run/x", SERVER, UNIX, "unix:/run/x", "/run/x" },
  { "./x", SERVER, UNIX, "unix:./x", "./x" },
  { "a/b:80", SERVER, UNIX, "unix:a/b:80", "a/b:80" },
  { "./tcp:x", SERVER, UNIX, "unix:./tcp:x", "./tcp:x" },
  { "./http://x", SERVER, UNIX, "unix:./http://x", "./http://x" },
  { "//run/x", SERVER, UNIX, "unix://run/x", "//run/x" },
  { "unix:///run/x", SERVER, UNIX, "unix:///run/x", "///run/x" },
  { "unix:http://x", SERVER, UNIX, "unix:http://x", "http://x" },
  { "unix:x", SERVER, UNIX, "unix:x", "x" },
  { "unix:tls:x", SERVER, UNIX, "unix:tls:x", "tls:x" },
  { "/run/con espacio, coma", SERVER, UNIX, "unix:/run/con espacio, coma",
    "/run/con espacio, coma" },
  { "/a\\b", SERVER, UNIX, "unix:/a\\b", "/a\\\\b" },
  { "/a\x1b[2J\n", SERVER, UNIX, "unix:/a\x1b[2J\n", "/a\\x1b[2J\\x0a" },
  { "/\xff", SERVER, UNIX, "unix:/\xff", "/\\xff" },
  { "@name", SERVER, UNIX, "unix:@name", "@name" },
  { "@a/b:c", SERVER, UNIX, "unix:@a/b:c", "@a/b:c" },
  { "unix:@name", CLIENT, UNIX, "unix:@name", "@name" },
  { "@@name", CLIENT, UNIX, "unix:@@name", "@@name" },
  { "./@name", CLIENT, UNIX, "unix:./@name", "./@name" },
  { "@" HUNDRED_SEVEN, CLIENT, UNIX, "unix:@" HUNDRED_SEVEN,
    "@" HUNDRED_SEVEN },
  { "unix:" HUNDRED_SEVEN, CLIENT, UNIX, "unix:" HUNDRED_SEVEN, HUNDRED_SEVEN },
  { "unix-dgram:/dev/log", CLIENT, DGRAM, "unix-dgram:/dev/log", "/dev/log" },
  { "unix-dgram:@x", CLIENT, DGRAM, "unix-dgram:@x", "@x" },
  { "unix-seqpacket:/run/x", CLIENT, SEQPACKET, "unix-seqpacket:/run/x",
    "/run/x" },
  /* The others */
  { "tls:db.example:443", CLIENT, TCP, "tls:tcp:db.example:443",
    "db.example:443" },
  { "tls:443", SERVER, TCP, "tls:tcp:443", "localhost:443" },
  { "tls:tcp:[::1]:443", CLIENT, TCP, "tls:tcp:[::1]:443", "[::1]:443" },
  { "tls:unix:/run/x", CLIENT, UNIX, "tls:unix:/run/x", "/run/x" },
  { "tls:@x", CLIENT, UNIX, "tls:unix:@x", "@x" },
  { "tls:fd:3", CLIENT, GSOCK_ENDPOINT_FD, "tls:fd:3", "fd:3" },
  { "tls:srv:_imaps._tcp.example.org", CLIENT, GSOCK_ENDPOINT_SRV,
    "tls:srv:_imaps._tcp.example.org", "_imaps._tcp.example.org" },
  { "fd:0", SERVER, GSOCK_ENDPOINT_FD, "fd:0", "fd:0" },
  { "fd:003", CLIENT, GSOCK_ENDPOINT_FD, "fd:3", "fd:3" },
  { "fd:2147483647", SERVER, GSOCK_ENDPOINT_FD, "fd:2147483647",
    "fd:2147483647" },
  { "sd:", SERVER, GSOCK_ENDPOINT_SD, "sd:", "sd:" },
  { "sd:my echo.socket", SERVER, GSOCK_ENDPOINT_SD, "sd:my echo.socket",
    "sd:my echo.socket" },
  { "srv:_XMPP-client._TCP.Example.org", CLIENT, GSOCK_ENDPOINT_SRV,
    "srv:_xmpp-client._tcp.example.org", "_xmpp-client._tcp.example.org" },
  { "srv:_sip._udp.example.org.", CLIENT, GSOCK_ENDPOINT_SRV,
    "srv:_sip._udp.example.org.", "_sip._udp.example.org." },
};

static void
test_good (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GsockEndpoint)
          endpoint = gsock_endpoint_parse (good[i].text, good[i].use, &error);
      g_autoptr (GsockEndpoint) again = NULL;
      g_autofree char *display = NULL;

      g_test_message ("%s", good[i].display);
      g_assert_no_error (error);
      g_assert_nonnull (endpoint);
      g_assert_cmpint (gsock_endpoint_get_kind (endpoint), ==, good[i].kind);
      g_assert_cmpstr (gsock_endpoint_to_string (endpoint), ==, good[i].string);
      display = gsock_endpoint_to_display (endpoint);
      g_assert_cmpstr (display, ==, good[i].display);

      again = gsock_endpoint_parse (good[i].string, good[i].use, &error);
      g_assert_no_error (error);
      g_assert_true (gsock_endpoint_equal (endpoint, again));
      g_assert_cmpstr (gsock_endpoint_to_string (again), ==, good[i].string);
    }
}

typedef struct
{
  const char *text;
  GsockEndpointUse use;
  const char *message; /* all of it, or its part where it begins with "..." */
} Bad;

static const Bad bad[] = {
  { "", SERVER,
    "An address is missing; write HOST:PORT, PORT, @NAME or a path with a "
    "'/'" },
  { "tls:", SERVER, "...An address is missing" },
  { "tcp:", SERVER,
    "'tcp:' has no host and no port; write tcp:localhost:3490" },
  { "unix:", SERVER, "A path is missing after 'unix:'; write unix:PATH" },
  { "unix-dgram:", SERVER,
    "A path is missing after 'unix-dgram:'; write unix-dgram:PATH" },
  { "@", SERVER, "A name is missing after the @; write @NAME" },
  { "unix:@", SERVER, "A name is missing after the @; write @NAME" },
  /* Ports */
  { "localhost", CLIENT,
    "'localhost' has no port; write localhost:3490, or ./localhost for a "
    "UNIX socket's path" },
  { "udp:localhost", CLIENT,
    "'localhost' has no port; write udp:localhost:3490" },
  { "localhost:", CLIENT,
    "'localhost:' has no port after the colon; write localhost:3490" },
  { "tls:localhost:", CLIENT,
    "'localhost:' has no port after the colon; write tls:localhost:3490" },
  { ":80", CLIENT, "':80' has no host before the colon; write localhost:80" },
  { ":80", SERVER,
    "':80' has no host before the colon; write localhost:80 for this machine "
    "alone, or *:80 for every address it has" },
  { ":", CLIENT, "':' has no host before the colon; write localhost:3490" },
  { "h:65536", CLIENT, "Port 65536 is too big; ports go from 0 to 65535" },
  { "70000", CLIENT, "Port 70000 is too big; ports go from 0 to 65535" },
  { "h:99999999999999999999999", CLIENT, "...is too big; ports go from" },
  { "h:nosuchservice", CLIENT,
    "'nosuchservice' is not a port: no tcp service has that name in "
    "/etc/services; write a number from 0 to 65535" },
  { "udp:h:nosuchservice", CLIENT, "...no udp service" },
  { "h:-1", CLIENT, "...'-1' is not a port" },
  { "h:+80", CLIENT, "...'+80' is not a port" },
  { "h: 80", CLIENT, "...' 80' is not a port" },
  { "h:80 ", CLIENT, "...'80 ' is not a port" },
  { "h:0x50", CLIENT, "...'0x50' is not a port" },
  { "h:\x1b[2J", CLIENT, "...'\\x1b[2J' is not a port" },
  { "*", SERVER, "'*' has no port; write *:3490" },
  { "*", CLIENT, "...A client can't connect to '*'" },
  { "*:80", CLIENT,
    "A client can't connect to '*', which stands for every address of a "
    "server; write localhost or a name" },
  /* IPv6 */
  { "::1", SERVER,
    "'::1' is an IPv6 address without brackets, so its port can't be told; "
    "write [::1]:3490" },
  { "::1:80", SERVER, "...write [::1]:80" },
  { "tls:fe80::1%eth0", CLIENT, "...write tls:[fe80::1%eth0]:3490" },
  { "udp:fe80::1%eth0:53", CLIENT, "...write udp:[fe80::1%eth0]:53" },
  { "1:2:3:4:5:6:7:8", CLIENT, "...write [1:2:3:4:5:6:7:8]:3490" },
  { "1:2:3:4:5:6:7:8:9", CLIENT, "...write [1:2:3:4:5:6:7:8]:9" },
  { "::", SERVER, "...write [::]:3490" },
  { "a:b:c", CLIENT,
    "'a:b:c' has too many colons; write HOST:PORT, or "
    "unix:PATH for a path" },
  { "h:80:", CLIENT, "...has too many colons" },
  { "[::1]", CLIENT, "'[::1]' has no port; write [::1]:3490" },
  { "udp:[fe80::1%lo]:", CLIENT, "...write udp:[fe80::1%lo]:3490" },
  { "tcp:[::1", CLIENT, "...write as in tcp:[::1]:3490" },
  { "[::1]80", CLIENT, "...write as in [::1]:3490" },
  { "[]:80", CLIENT, "...write as in [::1]:3490" },
  { "[", CLIENT, "...has brackets" },
  { "[::g]:80", CLIENT, "'::g' is not an IPv6 address" },
  { "[127.0.0.1]:80", CLIENT,
    "Brackets are for IPv6 addresses; write 127.0.0.1:80" },
  { "tls:[host]:80", CLIENT,
    "Brackets are for IPv6 addresses; write tls:host:80" },
  { "[fe80::1%]:80", CLIENT,
    "'fe80::1%' names no network interface after the %; write its name or "
    "number, as in fe80::1%eth0" },
  { "[fe80::1%sixteen-bytes-xx]:80", CLIENT, "...no network interface" },
  { "[fe80::1%4294967296]:80", CLIENT, "...no network interface" },
  { "[fe80::1%e\x1b]:80", CLIENT, "...no network interface" },
  { "[fe80::1%a%b]:80", CLIENT, "...no network interface" },
  /* Hosts */
  { "a b:80", CLIENT, "...'a b' can't be a host" },
  { "a\n:80", CLIENT, "...'a\\x0a' can't be a host" },
  { "\x1b]0;x\x07:80", CLIENT, "...'\\x1b]0;x\\x07' can't be a host" },
  { "\xff:80", CLIENT, "...'\\xff' can't be a host" },
  { "a\xc2\x9b:80", CLIENT, "...can't be a host" },
  { "a\xe2\x80\xae:80", CLIENT, "...can't be a host" },
  { "a@b:80", CLIENT, "...names have letters, digits, '-', '_' and '.'" },
  { "a%20b:80", CLIENT, "...names have letters" },
  { "a,b:80", CLIENT, "...names have letters" },
  /* U+FF0F and U+FF1A become '/' and ':' */
  { "a\xef\xbc\x8f"
    "b:80",
    CLIENT, "...names have letters" },
  { "a\xef\xbc\x9a"
    "b:80",
    CLIENT, "...names have letters" },
  { ".:80", CLIENT, "...its parts between dots" },
  { "a..b:80", CLIENT, "...its parts between dots" },
  { ".a:80", CLIENT, "...its parts between dots" },
  { "a..:80", CLIENT, "...its parts between dots" },
  { FIFTY TEN "abcd.example:80", CLIENT, "...its parts between dots" },
  { "127.0.0.256:80", CLIENT,
    "'127.0.0.256' is not a whole IPv4 address: write four numbers from 0 to "
    "255 with no zeros before them, as in 127.0.0.1" },
  { "127.1:80", CLIENT, "...is not a whole IPv4 address" },
  { "127.0.0.010:80", CLIENT, "...is not a whole IPv4 address" },
  { "0x7f000001:80", CLIENT, "...is not a whole IPv4 address" },
  { "2130706433:80", CLIENT, "...is not a whole IPv4 address" },
  { "1.2.3.4.:80", CLIENT, "...is not a whole IPv4 address" },
  /* Full-width "127.0.0.1" */
  { "\xef\xbc\x91\xef\xbc\x92\xef\xbc\x97.0.0.1:80", CLIENT,
    "...is not a whole IPv4 address" },
  { "tcp:/run/x", CLIENT,
    "'/run/x' can't be HOST:PORT: neither has a '/'; a UNIX socket's path is "
    "written unix:/run/x" },
  { "udp:a/b:80", CLIENT, "...neither has a '/'" },
  /* Paths */
  { "/" HUNDRED_SEVEN, SERVER,
    "The path has 108 bytes; a UNIX socket's path can have 107" },
  { "unix:" HUNDRED_SEVEN TEN TEN "0123", SERVER,
    "The path has 131 bytes; a UNIX socket's path can have 107" },
  { "unix-seqpacket:" HUNDRED_SEVEN "8", SERVER, "...The path has 108" },
  { "@" HUNDRED_SEVEN "8", SERVER,
    "The name after the @ has 108 bytes; a UNIX socket's name can have 107" },
  /* Schemes */
  { "http://example.com/x", CLIENT,
    "http:// is not spoken here: bytes are carried as they are, without "
    "HTTP; for a bare connection write example.com:80" },
  { "http://example.com:8080/x?y", CLIENT, "...write example.com:8080" },
  { "https://ana:secret@example.com", CLIENT, "...write tls:example.com:443" },
  { "HTTPS://[::1]/x", CLIENT, "...write tls:[::1]:443" },
  { "ws://[::1]:81/x", CLIENT, "...write [::1]:81" },
  { "ssh://db.example", CLIENT,
    "ssh:// is not known here; for TCP write db.example:PORT, for a UNIX "
    "socket unix:PATH" },
  { "socks5://", CLIENT, "...for TCP write HOST:PORT," },
  { "tls:http://example.com", CLIENT, "...http:// is not spoken here" },
  { "tcp://h:80", CLIENT,
    "A scheme here ends in its colon, with no // behind as URLs have; write "
    "tcp:h:80" },
  { "tls://h:443/", CLIENT, "...write tls:h:443" },
  { "udp://", CLIENT, "...write udp:HOST:PORT" },
  { "vsock:2:1024", CLIENT, "...vsock: sockets join a virtual machine" },
  { "vsock://2:1024", CLIENT, "...vsock: sockets join a virtual machine" },
  { "ax25:LU1ABC", CLIENT, "...ax25: sockets are amateur radio's" },
  { "ipx:1", CLIENT, "...ipx: sockets were Novell's" },
  { "AppleTalk:x", SERVER, "...appletalk: sockets carry datagrams" },
  { "tls:udp:h:1", CLIENT,
    "TLS needs a stream, and udp: keeps message boundaries; write tls: "
    "before TCP or unix: addresses only" },
  { "tls:unix-dgram:/x", CLIENT, "...TLS needs a stream, and unix-dgram:" },
  { "tls:unix-seqpacket:/x", CLIENT, "...TLS needs a stream" },
  { "tls:srv:_sip._udp.h", CLIENT, "...TLS needs a stream, and srv:" },
  { "tls:tls:h:1", CLIENT, "TLS inside TLS is not carried; write one tls:" },
  { "fd:", SERVER,
    "fd: takes the number of an open descriptor, as in fd:3, not ''" },
  { "fd:-1", SERVER, "...not '-1'" },
  { "fd:x", SERVER, "...not 'x'" },
  { "fd:2147483648", SERVER, "...not '2147483648'" },
  { "sd:a:b", SERVER, "...'a:b' can't be a name after sd:" },
  { "sd:\x1b", SERVER, "...'\\x1b' can't be a name after sd:" },
  { "sd:", CLIENT, "...a client writes fd:N" },
  { "srv:_imap._tcp.h", SERVER, "...a server listens on an address" },
  { "srv:", CLIENT, "...'' is not the name of a service" },
  { "srv:h:80", CLIENT,
    "'h:80' is not the name of a service; write _SERVICE._PROTO.DOMAIN with "
    "_tcp or _udp, as in srv:_imap._tcp.example.org" },
  { "srv:_imap._tcp", CLIENT, "...is not the name of a service" },
  { "srv:_imap._sctp.h", CLIENT, "...is not the name of a service" },
  { "srv:_._tcp.h", CLIENT, "...is not the name of a service" },
  { "srv:_i p._tcp.h", CLIENT, "...is not the name of a service" },
  { "srv:_imap._tcp.a b", CLIENT, "...can't be a host" },
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
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      GsockEndpoint *endpoint = gsock_endpoint_parse (bad[i].text, bad[i].use,
                                                      &error);

      g_assert_null (endpoint);
      g_test_message ("%s", error->message);
      assert_message (error, bad[i].message);
      g_assert_null (gsock_endpoint_parse (bad[i].text, bad[i].use, NULL));
    }
}

/* What is written for the user to copy must be good itself. */
static void
test_hints (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GError) hint_error = NULL;
      g_autoptr (GsockEndpoint) endpoint = NULL;
      g_autofree char *word = NULL;
      const char *write;

      gsock_endpoint_parse (bad[i].text, bad[i].use, &error);
      write = strstr (error->message, "write ");
      if (write == NULL)
        continue;
      write += strlen ("write ");
      write += g_str_has_prefix (write, "as in ") ? strlen ("as in ") : 0;
      word = g_strndup (write, strcspn (write, " ,;"));
      /* Not the ones that stand for something, or that go on as prose. */
      if (strpbrk (word, "0123456789") == NULL)
        continue;
      endpoint = gsock_endpoint_parse (word, bad[i].use, &hint_error);
      if (hint_error != NULL)
        g_error ("of '%s': '%s': %s", bad[i].text, word, hint_error->message);
    }
}

static void
test_long (void)
{
  g_autofree char *text = g_strnfill (100000, 'x');
  g_autofree char *colons = g_strnfill (100000, ':');
  const char *prefixes[] = { "",    "tcp:", "udp:[",     "srv:_",  "sd:",
                             "fd:", "h:",   "[fe80::1%", "http://" };

  for (gsize i = 0; i < G_N_ELEMENTS (prefixes); i++)
    for (int j = 0; j < 2; j++)
      {
        g_autofree char *whole = g_strconcat (
            prefixes[i], j == 0 ? text : colons, ":80", NULL);
        g_autoptr (GError) error = NULL;

        g_assert_null (gsock_endpoint_parse (whole, CLIENT, &error));
        g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
        g_assert_cmpuint (strlen (error->message), <, 500);
      }
}

/* --- Mutations and random bytes ---------------------------------------- */

static void
check_property (const char *text, GsockEndpointUse use)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GsockEndpoint) endpoint = gsock_endpoint_parse (text, use, &error);
  g_autoptr (GsockEndpoint) again = NULL;
  g_autofree char *display = NULL;
  const char *string;

  if (endpoint == NULL)
    {
      g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
      g_assert_cmpuint (strlen (error->message), >, 0);
      for (const char *p = error->message; *p != '\0'; p++)
        if (!g_ascii_isprint (*p))
          g_error ("an unescaped byte in '%s'", error->message);
      return;
    }
  g_assert_no_error (error);
  string = gsock_endpoint_to_string (endpoint);
  again = gsock_endpoint_parse (string, use, &error);
  if (again == NULL)
    g_error ("'%s' gave '%s': %s", text, string, error->message);
  g_assert_true (gsock_endpoint_equal (endpoint, again));
  g_assert_cmpstr (gsock_endpoint_to_string (again), ==, string);
  g_assert_cmpint (gsock_endpoint_is_tls (endpoint), ==,
                   gsock_endpoint_is_tls (again));
  g_assert_cmpint (gsock_endpoint_get_kind (endpoint), ==,
                   gsock_endpoint_get_kind (again));
  display = gsock_endpoint_to_display (endpoint);
  for (const char *p = display; *p != '\0'; p++)
    g_assert_true (g_ascii_isprint (*p));
}

static const char *
random_base (void)
{
  if (g_test_rand_int_range (0, 2) == 0)
    return good[g_test_rand_int_range (0, G_N_ELEMENTS (good))].text;
  return bad[g_test_rand_int_range (0, G_N_ELEMENTS (bad))].text;
}

static void
mutate (GString *text)
{
  static const char alphabet[] = "::::[]@/.%*-_0123456789atcpudsunix \t\x1b\\";
  static const char *const words[] = { "tcp:", "tls:", "unix:", "udp:",
                                       "fd:",  "srv:", "://",   "::1" };
  gssize at = g_test_rand_int_range (0, (gint32) text->len + 1);

  switch (g_test_rand_int_range (0, 5))
    {
    case 0:
      g_string_insert_c (
          text, at, alphabet[g_test_rand_int_range (0, sizeof alphabet - 1)]);
      break;
    case 1:
      if (at < (gssize) text->len)
        g_string_erase (text, at, 1);
      break;
    case 2:
      g_string_insert_c (text, at, (char) g_test_rand_int_range (1, 256));
      break;
    case 3:
      g_string_insert (text, at,
                       words[g_test_rand_int_range (0, G_N_ELEMENTS (words))]);
      break;
    default:
      g_string_append (text, random_base ());
      break;
    }
}

static void
test_mutations (void)
{
  for (int i = 0; i < 20000; i++)
    {
      g_autoptr (GString) text = g_string_new (random_base ());

      for (int j = g_test_rand_int_range (1, 5); j > 0; j--)
        mutate (text);
      check_property (text->str, i % 2 == 0 ? SERVER : CLIENT);
    }
}

static void
test_random_bytes (void)
{
  for (int i = 0; i < 20000; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);

      for (int j = g_test_rand_int_range (0, 130); j > 0; j--)
        g_string_append_c (text, (char) g_test_rand_int_range (1, 256));
      check_property (text->str, i % 2 == 0 ? SERVER : CLIENT);
    }
}

/* --- What it says of itself -------------------------------------------- */

static void
test_facts (void)
{
  g_autoptr (GsockEndpoint) pair = gsock_endpoint_parse ("80", SERVER, NULL);
  g_autoptr (GsockEndpoint) local = gsock_endpoint_parse ("80", CLIENT, NULL);
  g_autoptr (GsockEndpoint) any = gsock_endpoint_parse ("*:80", SERVER, NULL);
  g_autoptr (GsockEndpoint)
      all = gsock_endpoint_parse ("[::]:80", SERVER, NULL);
  g_autoptr (GsockEndpoint)
      path = gsock_endpoint_parse ("tls:unix:/x", SERVER, NULL);
  g_autoptr (GsockEndpoint) name = gsock_endpoint_parse ("@x", SERVER, NULL);
  g_autoptr (GsockEndpoint) fd = gsock_endpoint_parse ("fd:7", SERVER, NULL);
  g_autoptr (GsockEndpoint) sd = gsock_endpoint_parse ("sd:", SERVER, NULL);
  g_autoptr (GsockEndpoint) sd_x = gsock_endpoint_parse ("sd:x", SERVER, NULL);
  g_autoptr (GsockEndpoint)
      scoped = gsock_endpoint_parse ("[fe80::1%lo]:80", CLIENT, NULL);

  g_assert_true (gsock_endpoint_is_loopback_pair (pair));
  g_assert_false (gsock_endpoint_is_loopback_pair (local));
  g_assert_false (gsock_endpoint_equal (pair, local));
  g_assert_cmpstr (gsock_endpoint_get_host (pair), ==, "localhost");
  g_assert_cmpuint (gsock_endpoint_get_port (pair), ==, 80);
  g_assert_null (gsock_endpoint_get_path (pair));
  g_assert_cmpint (gsock_endpoint_get_fd (pair), ==, -1);
  g_assert_true (gsock_endpoint_is_any (any));
  g_assert_false (gsock_endpoint_is_any (all));
  g_assert_cmpstr (gsock_endpoint_get_host (all), ==, "::");
  g_assert_cmpstr (gsock_endpoint_get_host (scoped), ==, "fe80::1%lo");
  g_assert_true (gsock_endpoint_is_tls (path));
  g_assert_true (gsock_endpoint_is_unix (path));
  g_assert_false (gsock_endpoint_is_abstract (path));
  g_assert_null (gsock_endpoint_get_host (path));
  g_assert_cmpstr (gsock_endpoint_get_path (path), ==, "/x");
  g_assert_true (gsock_endpoint_is_abstract (name));
  g_assert_cmpstr (gsock_endpoint_get_path (name), ==, "x");
  g_assert_cmpint (gsock_endpoint_get_fd (fd), ==, 7);
  g_assert_null (gsock_endpoint_get_name (sd));
  g_assert_cmpstr (gsock_endpoint_get_name (sd_x), ==, "x");
}

static void
test_streams (void)
{
  static const struct
  {
    const char *text;
    gboolean stream;
  } table[] = {
    { "h:1", TRUE },
    { "udp:h:1", FALSE },
    { "/x", TRUE },
    { "unix-dgram:/x", FALSE },
    { "unix-seqpacket:/x", FALSE },
    { "fd:3", TRUE },
    { "srv:_x._tcp.h", TRUE },
    { "srv:_x._udp.h", FALSE },
    { "srv:_x._UDP.h._tcp.x", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (GsockEndpoint)
          endpoint = gsock_endpoint_parse (table[i].text, CLIENT, NULL);

      g_assert_cmpint (gsock_endpoint_is_stream (endpoint), ==,
                       table[i].stream);
    }
}

static void
test_boxed (void)
{
  g_autoptr (GsockEndpoint)
      endpoint = gsock_endpoint_parse ("h:80", CLIENT, NULL);
  GsockEndpoint *copy = g_boxed_copy (GSOCK_TYPE_ENDPOINT, endpoint);

  g_assert_true (copy == endpoint);
  g_boxed_free (GSOCK_TYPE_ENDPOINT, copy);
  g_assert_cmpstr (gsock_endpoint_to_string (endpoint), ==, "tcp:h:80");
}

static void
test_with_port (void)
{
  static const char *const table[][2] = {
    { "*:0", "tcp:*:3490" },
    { "0", "tcp:3490" },
    { "tls:[fe80::1%lo]:1", "tls:tcp:[fe80::1%lo]:3490" },
    { "udp:h:1", "udp:h:3490" },
    { "/x", "unix:/x" },
    { "tls:@x", "tls:unix:@x" },
    { "fd:3", "fd:3" },
    { "sd:x", "sd:x" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (GsockEndpoint)
          endpoint = gsock_endpoint_parse (table[i][0], SERVER, NULL);
      g_autoptr (GsockEndpoint)
          other = gsock_endpoint_with_port (endpoint, 3490);
      g_autoptr (GsockEndpoint)
          again = gsock_endpoint_parse (table[i][1], SERVER, NULL);

      g_assert_cmpstr (gsock_endpoint_to_string (other), ==, table[i][1]);
      g_assert_true (gsock_endpoint_equal (other, again));
    }
}

/* Skips where the machine has no /etc/services (netbase). */
static void
test_services (void)
{
  g_autoptr (GsockEndpoint) tcp = gsock_endpoint_parse ("h:http", CLIENT, NULL);
  g_autoptr (GsockEndpoint)
      udp = gsock_endpoint_parse ("udp:h:tftp", CLIENT, NULL);

  if (getservbyname ("http", "tcp") == NULL
      || getservbyname ("tftp", "udp") == NULL)
    {
      g_test_skip ("this machine knows no services");
      return;
    }
  g_assert_cmpstr (gsock_endpoint_to_string (tcp), ==, "tcp:h:80");
  g_assert_cmpstr (gsock_endpoint_to_string (udp), ==, "udp:h:69");
  if (getservbyname ("tftp", "tcp") == NULL)
    g_assert_null (gsock_endpoint_parse ("h:tftp", CLIENT, NULL));
}

static void
test_host_port (void)
{
  static const struct
  {
    const char *host, *port, *string, *message;
  } table[] = {
    { "localhost", "3490", "tcp:localhost:3490", NULL },
    { "tcp", "80", "tcp:tcp:80", NULL },
    { "127.0.0.1", "80", "tcp:127.0.0.1:80", NULL },
    { "::1", "80", "tcp:[::1]:80", NULL },
    { "[::1]", "80", "tcp:[::1]:80", NULL },
    { "fe80::1%lo", "80", "tcp:[fe80::1%lo]:80", NULL },
    { "", "80", NULL, "...HOST and PORT can't be empty" },
    { "h", "", NULL, "...HOST and PORT can't be empty" },
    { "*", "80", NULL, "...A client can't connect to '*'" },
    { "h", "65536", NULL, "...too big" },
    { "h:1", "80", NULL,
      "'h:1' can't be a host, as it has a colon; write an "
      "address with a scheme or a port as one word" },
    { "tls:h", "80", NULL, "...as one word" },
    { "/run/x", "80", NULL, "...can't be a host" },
    { "[h]", "80", NULL, "...is not an IPv6 address" },
    { "[", "80", NULL, "...can't be a host" },
    { "[]", "80", NULL, "...can't be a host" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GsockEndpoint) endpoint = gsock_endpoint_parse_host_port (
          table[i].host, table[i].port, &error);

      g_test_message ("%s %s", table[i].host, table[i].port);
      if (table[i].message != NULL)
        {
          g_assert_null (endpoint);
          assert_message (error, table[i].message);
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpstr (gsock_endpoint_to_string (endpoint), ==,
                       table[i].string);
    }
}

/* --- From and to the kernel -------------------------------------------- */

static char *
native_string (const char *text, int socket_type)
{
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GsockEndpoint)
      endpoint = gsock_endpoint_parse (text, CLIENT, NULL);
  g_autoptr (GsockEndpoint) back = NULL;
  struct sockaddr_storage native = { 0 };
  gssize size;

  address = gsock_endpoint_to_address (endpoint);
  g_assert_nonnull (address);
  size = g_socket_address_get_native_size (address);
  g_assert_true (
      g_socket_address_to_native (address, &native, sizeof native, NULL));
  back = gsock_endpoint_new_from_native (&native, (gsize) size, socket_type);
  return g_strdup (gsock_endpoint_to_string (back));
}

static void
test_native_round (void)
{
  static const struct
  {
    const char *text;
    int socket_type;
    const char *string;
  } table[] = {
    { "127.0.0.1:80", SOCK_STREAM, "tcp:127.0.0.1:80" },
    { "[::1]:80", SOCK_STREAM, "tcp:[::1]:80" },
    { "[::1]:80", SOCK_DGRAM, "udp:[::1]:80" },
    { "[::]:80", SOCK_STREAM, "tcp:[::]:80" },
    { "[fe80::1%lo]:80", SOCK_STREAM, "tcp:[fe80::1%lo]:80" },
    { "[fe80::1%1]:80", SOCK_STREAM, "tcp:[fe80::1%lo]:80" },
    { "[fe80::1%999999]:80", SOCK_STREAM, "tcp:[fe80::1%999999]:80" },
    { "[::ffff:10.0.0.1]:80", SOCK_STREAM, "tcp:10.0.0.1:80" },
    { "/run/x", SOCK_STREAM, "unix:/run/x" },
    { "/run/x", SOCK_DGRAM, "unix-dgram:/run/x" },
    { "/run/x", SOCK_SEQPACKET, "unix-seqpacket:/run/x" },
    { "unix:" HUNDRED_SEVEN, SOCK_STREAM, "unix:" HUNDRED_SEVEN },
    { "@x", SOCK_STREAM, "unix:@x" },
    { "@" HUNDRED_SEVEN, SOCK_STREAM, "unix:@" HUNDRED_SEVEN },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autofree char *string = native_string (table[i].text,
                                               table[i].socket_type);

      g_assert_cmpstr (string, ==, table[i].string);
    }
}

static GsockEndpoint *
from_unix (const char *name, gsize size)
{
  struct sockaddr_un native = { .sun_family = AF_UNIX };

  memcpy (native.sun_path, name, size);
  return gsock_endpoint_new_from_native (
      &native, offsetof (struct sockaddr_un, sun_path) + size, SOCK_STREAM);
}

static void
test_native_unix (void)
{
  char full[108];
  g_autoptr (GsockEndpoint) unnamed = from_unix ("", 0);
  g_autoptr (GsockEndpoint) closed = from_unix ("/x\0", 3);
  g_autoptr (GsockEndpoint) open = from_unix ("/x", 2);
  g_autoptr (GsockEndpoint) at = from_unix ("@x", 3);
  g_autoptr (GsockEndpoint) padded = from_unix ("\0x\0\0", 4);
  g_autoptr (GsockEndpoint) whole = NULL;
  g_autofree char *display = gsock_endpoint_to_display (unnamed);

  memset (full, 'x', sizeof full);
  whole = from_unix (full, sizeof full);
  g_assert_cmpstr (gsock_endpoint_to_string (unnamed), ==, "unix:");
  g_assert_cmpstr (gsock_endpoint_get_path (unnamed), ==, "");
  g_assert_cmpstr (display, ==, "unix:");
  g_assert_cmpstr (gsock_endpoint_to_string (closed), ==, "unix:/x");
  g_assert_true (gsock_endpoint_equal (closed, open));
  /* A file "@x" is not the abstract name. */
  g_assert_cmpstr (gsock_endpoint_to_string (at), ==, "unix:./@x");
  g_assert_false (gsock_endpoint_is_abstract (at));
  g_assert_cmpstr (gsock_endpoint_to_string (padded), ==, "unix:@x@@");
  g_assert_null (gsock_endpoint_to_address (padded));
  g_assert_null (gsock_endpoint_to_connectable (padded));
  g_assert_cmpuint (strlen (gsock_endpoint_get_path (whole)), ==, 108);
}

static void
test_native_bad (void)
{
  struct sockaddr_storage native = { .ss_family = AF_INET };

  g_assert_null (gsock_endpoint_new_from_native (&native, 0, SOCK_STREAM));
  g_assert_null (gsock_endpoint_new_from_native (&native, 1, SOCK_STREAM));
  g_assert_null (gsock_endpoint_new_from_native (&native, 8, SOCK_STREAM));
  native.ss_family = AF_INET6;
  g_assert_null (gsock_endpoint_new_from_native (
      &native, sizeof (struct sockaddr_in), SOCK_STREAM));
  native.ss_family = AF_NETLINK;
  g_assert_null (
      gsock_endpoint_new_from_native (&native, sizeof native, SOCK_STREAM));
}

/* A real socket, the kernel's own words. */
static void
test_native_socket (void)
{
  g_auto (GsockFd) fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct sockaddr_in address = { .sin_family = AF_INET };
  socklen_t size = sizeof address;
  g_autoptr (GsockEndpoint) endpoint = NULL;
  g_autofree char *expected = NULL;

  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, size), ==, 0);
  g_assert_cmpint (getsockname (fd, (struct sockaddr *) &address, &size), ==,
                   0);
  endpoint = gsock_endpoint_new_from_native (&address, size, SOCK_STREAM);
  expected = g_strdup_printf ("tcp:127.0.0.1:%u", ntohs (address.sin_port));
  g_assert_cmpstr (gsock_endpoint_to_string (endpoint), ==, expected);
}

static void
test_scope (void)
{
  g_autoptr (GsockEndpoint)
      named = gsock_endpoint_parse ("[fe80::1%lo]:80", CLIENT, NULL);
  g_autoptr (GsockEndpoint)
      number = gsock_endpoint_parse ("[fe80::1%4000000000]:80", CLIENT, NULL);
  g_autoptr (GsockEndpoint)
      none = gsock_endpoint_parse ("[fe80::1%nosuchif]:80", CLIENT, NULL);
  g_autoptr (GSocketAddress) named_address = gsock_endpoint_to_address (named);
  g_autoptr (GSocketAddress)
      number_address = gsock_endpoint_to_address (number);
  g_autoptr (GSocketConnectable)
      connectable = gsock_endpoint_to_connectable (none);

  g_assert_cmpuint (g_inet_socket_address_get_scope_id (
                        G_INET_SOCKET_ADDRESS (named_address)),
                    ==, if_nametoindex ("lo"));
  g_assert_cmpuint (g_inet_socket_address_get_scope_id (
                        G_INET_SOCKET_ADDRESS (number_address)),
                    ==, 4000000000u);
  g_assert_null (gsock_endpoint_to_address (none));
  g_assert_true (G_IS_NETWORK_ADDRESS (connectable));
}

static void
test_connectable (void)
{
  static const struct
  {
    const char *text;
    GsockEndpointUse use;
    const char *type;
    const char *string;
  } table[] = {
    { "127.0.0.1:80", CLIENT, "GInetSocketAddress", "127.0.0.1:80" },
    { "[fe80::1%7]:80", CLIENT, "GInetSocketAddress", "[fe80::1%7]:80" },
    { "*:80", SERVER, "GInetSocketAddress", "[::]:80" },
    { "localhost:80", CLIENT, "GNetworkAddress", "localhost:80" },
    { "80", CLIENT, "GNetworkAddress", "localhost:80" },
    { "80", SERVER, "GNetworkAddress", "localhost:80" },
    { "\xc3\xb1"
      "and\xc3\xba.example:80",
      CLIENT, "GNetworkAddress", "xn--and-6ma2c.example:80" },
    { "xn--and-6ma2c.example:80", CLIENT, "GNetworkAddress",
      "xn--and-6ma2c.example:80" },
    { "/run/x", CLIENT, "GUnixSocketAddress", "/run/x" },
    { "fd:3", CLIENT, NULL, NULL },
    { "sd:", SERVER, NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GsockEndpoint)
          endpoint = gsock_endpoint_parse (table[i].text, table[i].use, &error);
      g_autoptr (GSocketConnectable) connectable = NULL;
      g_autofree char *string = NULL;

      g_assert_no_error (error);
      connectable = gsock_endpoint_to_connectable (endpoint);
      if (table[i].type == NULL)
        {
          g_assert_null (connectable);
          continue;
        }
      g_assert_cmpstr (G_OBJECT_TYPE_NAME (connectable), ==, table[i].type);
      string = g_socket_connectable_to_string (connectable);
      g_assert_cmpstr (string, ==, table[i].string);
    }
}

static void
test_service (void)
{
  g_autoptr (GsockEndpoint)
      endpoint = gsock_endpoint_parse ("tls:srv:_IMAP._TCP.\xc3\xb1"
                                       "and\xc3\xba.example",
                                       CLIENT, NULL);
  g_autoptr (GSocketConnectable)
      connectable = gsock_endpoint_to_connectable (endpoint);
  GNetworkService *service = G_NETWORK_SERVICE (connectable);

  g_assert_cmpstr (g_network_service_get_service (service), ==, "imap");
  g_assert_cmpstr (g_network_service_get_protocol (service), ==, "tcp");
  g_assert_cmpstr (g_network_service_get_domain (service), ==,
                   "xn--and-6ma2c.example");
  g_assert_null (gsock_endpoint_get_host (endpoint));
}

static void
test_address_none (void)
{
  static const char *const names[] = { "localhost:80", "80", "fd:3", "sd:" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GsockEndpoint)
          endpoint = gsock_endpoint_parse (names[i], SERVER, NULL);

      g_assert_null (gsock_endpoint_to_address (endpoint));
    }
}

/* The kernel gets all of the 107 bytes, and the name is really abstract. */
static void
test_abstract_bind (void)
{
  g_autofree char *text = g_strdup_printf ("@gsock-test-%d-", (int) getpid ());
  g_autofree char *fill = g_strnfill (108 - strlen (text), 'x');
  g_autofree char *whole = g_strconcat (text, fill, NULL);
  g_autoptr (GsockEndpoint)
      endpoint = gsock_endpoint_parse (whole, SERVER, NULL);
  g_autoptr (GsockEndpoint) back = NULL;
  g_autoptr (GSocketAddress) address = gsock_endpoint_to_address (endpoint);
  g_auto (GsockFd) fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct sockaddr_un native = { 0 };
  socklen_t size = sizeof native;

  g_assert_true (
      g_socket_address_to_native (address, &native, sizeof native, NULL));
  g_assert_cmpint (
      bind (fd, (struct sockaddr *) &native,
            (socklen_t) g_socket_address_get_native_size (address)),
      ==, 0);
  memset (&native, 0xff, sizeof native);
  g_assert_cmpint (getsockname (fd, (struct sockaddr *) &native, &size), ==, 0);
  back = gsock_endpoint_new_from_native (&native, size, SOCK_STREAM);
  g_assert_true (gsock_endpoint_equal (endpoint, back));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/endpoint/good", test_good);
  g_test_add_func ("/endpoint/bad", test_bad);
  g_test_add_func ("/endpoint/hints", test_hints);
  g_test_add_func ("/endpoint/long", test_long);
  g_test_add_func ("/endpoint/mutations", test_mutations);
  g_test_add_func ("/endpoint/random-bytes", test_random_bytes);
  g_test_add_func ("/endpoint/facts", test_facts);
  g_test_add_func ("/endpoint/streams", test_streams);
  g_test_add_func ("/endpoint/boxed", test_boxed);
  g_test_add_func ("/endpoint/with-port", test_with_port);
  g_test_add_func ("/endpoint/services", test_services);
  g_test_add_func ("/endpoint/host-port", test_host_port);
  g_test_add_func ("/endpoint/native/round", test_native_round);
  g_test_add_func ("/endpoint/native/unix", test_native_unix);
  g_test_add_func ("/endpoint/native/bad", test_native_bad);
  g_test_add_func ("/endpoint/native/socket", test_native_socket);
  g_test_add_func ("/endpoint/scope", test_scope);
  g_test_add_func ("/endpoint/connectable", test_connectable);
  g_test_add_func ("/endpoint/service", test_service);
  g_test_add_func ("/endpoint/address-none", test_address_none);
  g_test_add_func ("/endpoint/abstract-bind", test_abstract_bind);
  return g_test_run ();
}

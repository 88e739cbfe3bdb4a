/* endpoint-inet.c: addresses of TCP and UDP as text: hosts, ports, brackets
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include <glib/gi18n-lib.h>

#include "core/endpoint-private.h"
#include "core/error.h"
#include "core/escape.h"
#include "core/units.h"

#define HOST_MAX 253

/* --- Ports ------------------------------------------------------------- */

/* getservbyname() has one answer for all threads; this one has its own. */
static gboolean
find_service (const char *name, const char *protocol, guint16 *port)
{
  struct servent entry, *found = NULL;
  gsize size = 1024;

  for (; size <= 64 * 1024; size *= 4)
    {
      g_autofree char *buffer = g_malloc (size);
      int result = getservbyname_r (name, protocol, &entry, buffer, size,
                                    &found);

      if (result == ERANGE)
        continue;
      if (result != 0 || found == NULL)
        return FALSE;
      *port = g_ntohs ((guint16) entry.s_port);
      return TRUE;
    }
  return FALSE;
}

static gboolean
parse_port (const char *text, GsockEndpointKind kind, guint16 *port,
            GError **error)
{
  const char *protocol = kind == GSOCK_ENDPOINT_UDP ? "udp" : "tcp";
  guint64 number;
  g_autofree char *word = NULL;

  if (g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT16, &number, NULL))
    {
      *port = (guint16) number;
      return TRUE;
    }
  word = gsock_escape_brief (text);
  if (gsock_is_digits (text))
    return gsock_refuse (error, _ ("Port %s is too big; ports go from 0 to %u"),
                         word, (guint) G_MAXUINT16);
  /* A service's name has at most 15 characters (RFC 6335); older ones in
   * /etc/services have a few more. */
  if (strlen (text) <= GSOCK_LABEL_MAX && find_service (text, protocol, port))
    return TRUE;

  /* TRANSLATORS: the second %s is "tcp" or "udp". */
  return gsock_refuse (error,
                       _ ("'%s' is not a port: no %s service has that name in "
                          "/etc/services; write a number from 0 to %u"),
                       word, protocol, (guint) G_MAXUINT16);
}

/* --- Hosts ------------------------------------------------------------- */

static gboolean
is_ascii_host (const char *host)
{
  for (; *host != '\0'; host++)
    if (!g_ascii_isalnum (*host) && strchr ("-_.", *host) == NULL)
      return FALSE;
  return TRUE;
}

/* Controls, spaces and invisible format characters would make the name look
 * like another one, or drive the terminal that shows it. */
static gboolean
is_visible (const char *host)
{
  if (!g_utf8_validate (host, -1, NULL))
    return FALSE;
  for (; *host != '\0'; host += g_utf8_skip[(guchar) *host])
    if (!g_unichar_isgraph (g_utf8_get_char (host)))
      return FALSE;
  return TRUE;
}

static gboolean
labels_fit (const char *ascii)
{
  gsize size = strlen (ascii);

  if (size > 0 && ascii[size - 1] == '.') /* "db.example." is absolute */
    size--;
  if (size == 0 || size > HOST_MAX)
    return FALSE;

  for (const char *label = ascii, *end = ascii + size; label <= end;)
    {
      gsize length = strcspn (label, ".");

      if (length == 0 || length > GSOCK_LABEL_MAX)
        return FALSE;
      label += length + 1;
    }
  return TRUE;
}

/* "127.0.0.256", "127.1", "010.0.0.1", "0x7f.1": inet_aton() takes some of
 * them for addresses that nobody reads in them (010 is octal), so a name whose
 * last label is a number is none, as browsers hold too. */
static gboolean
ends_in_number (const char *ascii)
{
  g_autofree char *copy = g_strdup (ascii);
  gsize size = strlen (copy);
  const char *last;

  if (size > 0 && copy[size - 1] == '.')
    copy[size - 1] = '\0';
  last = strrchr (copy, '.');
  last = last != NULL ? last + 1 : copy;
  if (last[0] == '0' && (last[1] == 'x' || last[1] == 'X'))
    return last[2 + strspn (last + 2, "0123456789abcdefABCDEF")] == '\0';
  return gsock_is_digits (last);
}

/* A name of DNS: anything that is no address. */
gboolean
gsock_endpoint_parse_name (GsockEndpointParser *parser, const char *host,
                           GError **error)
{
  g_autofree char *word = gsock_escape_brief (host);
  g_autofree char *ascii = NULL;

  if (!is_visible (host))
    return gsock_refuse (error,
                         _ ("'%s' can't be a host: it has a space, a control "
                            "character or bytes that are no UTF-8"),
                         word);
  /* The longest UTF-8 form of a name that fits is far under this. */
  if (strlen (host) <= 8 * HOST_MAX)
    ascii = g_hostname_to_ascii (host);
  if (ascii == NULL || !labels_fit (ascii))
    return gsock_refuse (
        error,
        _ ("'%s' can't be a host: its parts between dots have 1 "
           "to %d characters, all of it at most %d"),
        word, GSOCK_LABEL_MAX, HOST_MAX);
  /* Checked after the conversion, as that turns full-width forms of '/',
   * ':' or digits into the ASCII ones. */
  if (!is_ascii_host (ascii))
    return gsock_refuse (error,
                         _ ("'%s' can't be a host: names have letters, digits, "
                            "'-', '_' and '.'"),
                         word);
  if (ends_in_number (ascii))
    return gsock_refuse (
        error,
        _ ("'%s' is not a whole IPv4 address: write four numbers "
           "from 0 to 255 with no zeros before them, as in "
           "127.0.0.1"),
        word);

  parser->endpoint->host = g_ascii_strdown (host, -1);
  return TRUE;
}

static gboolean
is_inet6 (const char *text)
{
  struct in6_addr address;

  return inet_pton (AF_INET6, text, &address) == 1;
}

static gboolean
is_scope (const char *scope)
{
  guint64 number;

  if (gsock_is_digits (scope))
    return g_ascii_string_to_unsigned (scope, 10, 0, G_MAXUINT32, &number,
                                       NULL);
  return *scope != '\0' && strlen (scope) < IF_NAMESIZE && is_visible (scope)
         && strpbrk (scope, "[]%/:") == NULL;
}

/* The literal and its %scope apart, or NULL if @text is no IPv6 address. */
char *
gsock_endpoint_split_inet6 (const char *text, const char **scope)
{
  gsize size = strcspn (text, "%");
  g_autofree char *address = g_strndup (text, size);

  *scope = text[size] == '%' ? text + size + 1 : NULL;
  return is_inet6 (address) ? g_steal_pointer (&address) : NULL;
}

static gboolean
parse_inet6 (GsockEndpointParser *parser, const char *text, GError **error)
{
  const char *scope;
  g_autofree char *address = gsock_endpoint_split_inet6 (text, &scope);
  g_autofree char *word = gsock_escape_brief (text);
  char canonical[INET6_ADDRSTRLEN];
  struct in6_addr binary;

  if (address == NULL)
    return gsock_refuse (error, _ ("'%s' is not an IPv6 address"), word);
  if (scope != NULL && !is_scope (scope))
    return gsock_refuse (
        error,
        _ ("'%s' names no network interface after the %%; write "
           "its name or number, as in fe80::1%%eth0"),
        word);

  inet_pton (AF_INET6, address, &binary);
  inet_ntop (AF_INET6, &binary, canonical, sizeof canonical);
  parser->endpoint->family = AF_INET6;
  parser->endpoint->host = g_strconcat (canonical, scope != NULL ? "%" : "",
                                        scope, NULL);
  return TRUE;
}

static gboolean
parse_any (GsockEndpointParser *parser, GError **error)
{
  if (parser->use == GSOCK_ENDPOINT_FOR_CLIENT)
    return gsock_refuse (
        error, _ ("A client can't connect to '*', which stands for every "
                  "address of a server; write localhost or a name"));
  parser->endpoint->any = TRUE;
  parser->endpoint->host = g_strdup ("*");
  return TRUE;
}

/* "239.1.2.3%eth0": an IPv4 address has no scope, but a group needs one. */
static gboolean
is_group_with_interface (const GsockEndpointParser *parser, const char *host)
{
  const char *percent = strchr (host, '%');
  g_autofree char *group = NULL;
  struct in_addr address;

  if (percent == NULL || parser->endpoint->kind != GSOCK_ENDPOINT_UDP
      || !is_scope (percent + 1))
    return FALSE;
  group = g_strndup (host, (gsize) (percent - host));
  return inet_pton (AF_INET, group, &address) == 1
         && IN_MULTICAST (g_ntohl (address.s_addr));
}

static gboolean
parse_host (GsockEndpointParser *parser, const char *host, GError **error)
{
  struct in_addr address;

  if (strcmp (host, "*") == 0)
    return parse_any (parser, error);
  if (is_group_with_interface (parser, host))
    {
      parser->endpoint->family = AF_INET;
      parser->endpoint->host = g_strdup (host);
      return TRUE;
    }
  if (inet_pton (AF_INET, host, &address) != 1)
    return gsock_endpoint_parse_name (parser, host, error);
  parser->endpoint->family = AF_INET;
  parser->endpoint->host = g_strdup (host);
  return TRUE;
}

/* --- TCP and UDP ------------------------------------------------------- */

static gboolean
parse_port_alone (GsockEndpointParser *parser, const char *rest, GError **error)
{
  GsockEndpoint *endpoint = parser->endpoint;

  if (!parse_port (rest, endpoint->kind, &endpoint->port, error))
    return FALSE;
  endpoint->host = g_strdup ("localhost");
  endpoint->loopback_pair = parser->use == GSOCK_ENDPOINT_FOR_SERVER;
  return TRUE;
}

static gboolean
refuse_bracket (GsockEndpointParser *parser, const char *rest, GError **error)
{
  g_autofree char *word = gsock_escape_brief (rest);
  g_autofree char *write = gsock_endpoint_hint (parser, rest, "[::1]:3490",
                                                NULL, NULL);

  return gsock_refuse (
      error,
      _ ("'%s' has brackets, but not around an IPv6 address and "
         "with a port behind; write as in %s"),
      word, write);
}

static gboolean
refuse_bracket_port (GsockEndpointParser *parser, const char *rest,
                     const char *inside, GError **error)
{
  g_autofree char *word = gsock_escape_brief (rest);
  g_autofree char *write = gsock_endpoint_hint (parser, rest, "[", inside,
                                                "]:3490");

  return gsock_refuse (error, _ ("'%s' has no port; write %s"), word, write);
}

static gboolean
parse_bracketed (GsockEndpointParser *parser, const char *rest, GError **error)
{
  const char *close = strchr (rest, ']');
  g_autofree char *inside = NULL;
  g_autofree char *address = NULL;
  const char *scope;

  if (close == NULL)
    return refuse_bracket (parser, rest, error);
  inside = g_strndup (rest + 1, (gsize) (close - rest - 1));
  address = gsock_endpoint_split_inet6 (inside, &scope);
  if (address != NULL && (close[1] == '\0' || strcmp (close + 1, ":") == 0))
    return refuse_bracket_port (parser, rest, inside, error);
  if (close[1] != ':' || close[2] == '\0' || *inside == '\0')
    return refuse_bracket (parser, rest, error);
  if (address == NULL && strchr (inside, ':') == NULL)
    {
      g_autofree char *write = gsock_endpoint_hint (parser, rest, inside,
                                                    close + 1, NULL);

      return gsock_refuse (
          error, _ ("Brackets are for IPv6 addresses; write %s"), write);
    }
  return parse_inet6 (parser, inside, error)
         && parse_port (close + 2, parser->endpoint->kind,
                        &parser->endpoint->port, error);
}

/* "::1:3490" might be read in two ways, so it is in neither; but the hint can
 * guess which one was meant. */
static gboolean
refuse_colons (GsockEndpointParser *parser, const char *rest, GError **error)
{
  const char *last = strrchr (rest, ':');
  g_autofree char *head = g_strndup (rest, (gsize) (last - rest));
  const char *scope;
  g_autofree char *whole = gsock_endpoint_split_inet6 (rest, &scope);
  g_autofree char *before = gsock_endpoint_split_inet6 (head, &scope);
  g_autofree char *word = gsock_escape_brief (rest);
  g_autofree char *write = NULL;

  if (before != NULL && gsock_is_digits (last + 1))
    write = gsock_endpoint_hint (parser, rest, "[", head, "]");
  else if (whole != NULL)
    write = gsock_endpoint_hint (parser, rest, "[", rest, "]");
  else
    return gsock_refuse (error,
                         _ ("'%s' has too many colons; write HOST:PORT, or "
                            "unix:PATH for a path"),
                         word);

  return gsock_refuse (
      error,
      _ ("'%s' is an IPv6 address without brackets, so its port "
         "can't be told; write %s:%s"),
      word, write,
      before != NULL && gsock_is_digits (last + 1) ? last + 1 : "3490");
}

static gboolean
refuse_no_port (GsockEndpointParser *parser, const char *rest, GError **error)
{
  g_autofree char *word = gsock_escape_brief (rest);
  g_autofree char *write = gsock_endpoint_hint (parser, rest, rest, ":3490",
                                                NULL);
  gboolean any = strcmp (rest, "*") == 0;

  if (any && !parse_any (parser, error))
    return FALSE;
  if (*rest == '\0')
    return gsock_refuse (error,
                         _ ("'%s' has no host and no port; write "
                            "%slocalhost:3490"),
                         parser->text, parser->text);
  if (rest == parser->text && !any)
    /* TRANSLATORS: "'db' has no port; write db:3490, or ./db for ..." */
    return gsock_refuse (error,
                         _ ("'%s' has no port; write %s, or ./%s for a UNIX "
                            "socket's path"),
                         word, write, word);
  return gsock_refuse (error, _ ("'%s' has no port; write %s"), word, write);
}

static gboolean
refuse_half (GsockEndpointParser *parser, const char *rest, const char *colon,
             GError **error)
{
  g_autofree char *word = gsock_escape_brief (rest);
  g_autofree char *head = g_strndup (rest, (gsize) (colon - rest));
  g_autofree char *local = NULL;
  g_autofree char *every = NULL;

  if (colon[1] == '\0' && colon != rest)
    {
      local = gsock_endpoint_hint (parser, rest, head, ":3490", NULL);
      return gsock_refuse (
          error, _ ("'%s' has no port after the colon; write %s"), word, local);
    }
  local = gsock_endpoint_hint (parser, rest, "localhost", rest,
                               colon[1] ? NULL : "3490");
  every = gsock_endpoint_hint (parser, rest, "*", rest,
                               colon[1] ? NULL : "3490");
  if (parser->use == GSOCK_ENDPOINT_FOR_CLIENT)
    return gsock_refuse (
        error, _ ("'%s' has no host before the colon; write %s"), word, local);
  return gsock_refuse (
      error,
      _ ("'%s' has no host before the colon; write %s for this "
         "machine alone, or %s for every address it has"),
      word, local, every);
}

/* What stands behind "tcp:", or where no scheme is. */
gboolean
gsock_endpoint_parse_inet (GsockEndpointParser *parser, const char *rest,
                           GError **error)
{
  const char *colon = strchr (rest, ':');
  g_autofree char *host = NULL;
  g_autofree char *word = NULL;

  if (gsock_is_digits (rest))
    return parse_port_alone (parser, rest, error);
  if (strchr (rest, '/') != NULL)
    {
      word = gsock_escape_brief (rest);
      return gsock_refuse (
          error,
          _ ("'%s' can't be HOST:PORT: neither has a '/'; a UNIX "
             "socket's path is written unix:%s"),
          word, word);
    }
  if (*rest == '[')
    return parse_bracketed (parser, rest, error);
  if (colon == NULL)
    return refuse_no_port (parser, rest, error);
  if (colon == rest && strrchr (rest, ':') == colon)
    return refuse_half (parser, rest, colon, error);
  if (strrchr (rest, ':') != colon)
    return refuse_colons (parser, rest, error);
  if (colon[1] == '\0')
    return refuse_half (parser, rest, colon, error);

  host = g_strndup (rest, (gsize) (colon - rest));
  return parse_host (parser, host, error)
         && parse_port (colon + 1, parser->endpoint->kind,
                        &parser->endpoint->port, error);
}

/* --- HOST and PORT apart ----------------------------------------------- */

/* In two words a host needs no brackets, but may have them. */
static gboolean
parse_lone_host (GsockEndpointParser *parser, GError **error)
{
  const char *host = parser->text;
  gsize size = strlen (host);
  g_autofree char *inside = NULL;
  g_autofree char *word = NULL;

  if (size > 2 && host[0] == '[' && host[size - 1] == ']')
    {
      inside = g_strndup (host + 1, size - 2);
      return parse_inet6 (parser, inside, error);
    }
  if (strchr (host, ':') == NULL || strchr (host, '/') != NULL)
    return parse_host (parser, host, error);
  inside = gsock_endpoint_split_inet6 (host, &(const char *) { NULL });
  if (inside != NULL)
    return parse_inet6 (parser, host, error);

  word = gsock_escape_brief (host);
  return gsock_refuse (error,
                       _ ("'%s' can't be a host, as it has a colon; write an "
                          "address with a scheme or a port as one word"),
                       word);
}

/**
 * gsock_endpoint_parse_host_port:
 * @host: a name, an IPv4 or an IPv6 address, this with or without brackets
 * @port: a number or a service's name
 * @error: %GSOCK_ERROR_USAGE
 *
 * A client's address in two words, for TCP.
 *
 * Returns: (transfer full): the endpoint, or %NULL
 */
GsockEndpoint *
gsock_endpoint_parse_host_port (const char *host, const char *port,
                                GError **error)
{
  g_autoptr (GsockEndpoint) endpoint = gsock_endpoint_new ();
  GsockEndpointParser parser = { .text = host,
                                 .use = GSOCK_ENDPOINT_FOR_CLIENT,
                                 .endpoint = endpoint };

  endpoint->kind = GSOCK_ENDPOINT_TCP;
  if (*host == '\0' || *port == '\0')
    {
      gsock_refuse (error, _ ("HOST and PORT can't be empty; write as in "
                              "localhost 3490"));
      return NULL;
    }
  if (!parse_lone_host (&parser, error)
      || !parse_port (port, endpoint->kind, &endpoint->port, error))
    return NULL;
  return gsock_endpoint_finish (g_steal_pointer (&endpoint));
}

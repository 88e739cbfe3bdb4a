/* endpoint-parse.c: the grammar of addresses, and what it refuses
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* [SCHEME:]REST.  The first colon after a known scheme word ends the scheme
 * and all the rest is literal: nothing is unescaped and there are no options
 * inside, so that each name has one way to be written and each text one
 * meaning.  Without a scheme, in this order:
 *
 *   WORD://...   refused: people paste URLs, and a URL has a '/'
 *   @NAME        a UNIX socket in the abstract namespace
 *   .../...      a UNIX socket's path
 *   the rest     TCP: PORT, HOST:PORT, [V6]:PORT, *:PORT
 *
 * What is refused is told with what to write instead, made of the user's own
 * words wherever they are good for it. */

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/endpoint-private.h"
#include "core/error.h"
#include "core/escape.h"

#define SD_NAME_MAX 255

typedef gboolean (*ParseFunc) (GsockEndpointParser *parser, const char *rest,
                               GError **error);

typedef struct
{
  const char *word;
  GsockEndpointKind kind;
  ParseFunc parse;
  const char *lesson; /* why it is refused; untranslated */
} Scheme;

static gboolean parse_unix (GsockEndpointParser *parser, const char *rest,
                            GError **error);
static gboolean parse_tls (GsockEndpointParser *parser, const char *rest,
                           GError **error);
static gboolean parse_fd (GsockEndpointParser *parser, const char *rest,
                          GError **error);
static gboolean parse_sd (GsockEndpointParser *parser, const char *rest,
                          GError **error);
static gboolean parse_srv (GsockEndpointParser *parser, const char *rest,
                           GError **error);

static const Scheme schemes[] = {
  { "tcp", GSOCK_ENDPOINT_TCP, gsock_endpoint_parse_inet, NULL },
  { "udp", GSOCK_ENDPOINT_UDP, gsock_endpoint_parse_inet, NULL },
  { "unix", GSOCK_ENDPOINT_UNIX, parse_unix, NULL },
  { "unix-dgram", GSOCK_ENDPOINT_UNIX_DGRAM, parse_unix, NULL },
  { "unix-seqpacket", GSOCK_ENDPOINT_UNIX_SEQPACKET, parse_unix, NULL },
  { "tls", GSOCK_ENDPOINT_TCP, parse_tls, NULL },
  { "fd", GSOCK_ENDPOINT_FD, parse_fd, NULL },
  { "sd", GSOCK_ENDPOINT_SD, parse_sd, NULL },
  { "srv", GSOCK_ENDPOINT_SRV, parse_srv, NULL },
  /* TRANSLATORS: "vsock:" and HOST:PORT are typed as they are. */
  { "vsock", 0, NULL,
    N_ ("vsock: sockets join a virtual machine to its host and are not carried "
        "here; use the machine's network, HOST:PORT") },
  /* TRANSLATORS: "ax25:" and HOST:PORT are typed as they are. */
  { "ax25", 0, NULL,
    N_ ("ax25: sockets are amateur radio's own network and need its hardware "
        "and kernel module; where a station also speaks IP, write "
        "HOST:PORT") },
  /* TRANSLATORS: "ipx:" and HOST:PORT are typed as they are. */
  { "ipx", 0, NULL,
    N_ ("ipx: sockets were Novell's network and Linux dropped them in 2018 "
        "(4.18); what ran on it runs on TCP, HOST:PORT") },
  /* TRANSLATORS: "appletalk:" and HOST:PORT are typed as they are. */
  { "appletalk", 0, NULL,
    N_ ("appletalk: sockets carry datagrams of Apple's old network, which "
        "Apple itself dropped in 2009; its file service runs on TCP, "
        "HOST:548") },
};

/* The scheme of @kind, without its colon. */
const char *
gsock_endpoint_kind_word (GsockEndpointKind kind)
{
  for (gsize i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (schemes[i].kind == kind)
      return schemes[i].word;
  return "";
}

/* The user's schemes before @rest, "tls:tcp:", then the arguments. */
char *
gsock_endpoint_hint (const GsockEndpointParser *parser, const char *rest,
                     const char *a, const char *b, const char *c)
{
  gsize size = (gsize) (rest - parser->text);
  g_autofree char *prefix = g_strndup (parser->text, size);
  g_autofree char *whole = g_strconcat (prefix, a, b, c, NULL);

  return gsock_escape_brief (whole);
}

/* --- UNIX sockets ------------------------------------------------------ */

static gboolean
check_unix_size (gsize size, gboolean abstract, GError **error)
{
  if (size <= GSOCK_UNIX_PATH_MAX)
    return TRUE;
  if (abstract)
    return gsock_refuse (
        error,
        g_dngettext (GETTEXT_PACKAGE,
                     "The name after the @ has %u byte; a UNIX socket's name "
                     "can have %u",
                     "The name after the @ has %u bytes; a UNIX socket's name "
                     "can have %u",
                     (gulong) size),
        (guint) size, (guint) GSOCK_UNIX_PATH_MAX);
  return gsock_refuse (
      error,
      g_dngettext (GETTEXT_PACKAGE,
                   "The path has %u byte; a UNIX socket's path can have %u",
                   "The path has %u bytes; a UNIX socket's path can have %u",
                   (gulong) size),
      (guint) size, (guint) GSOCK_UNIX_PATH_MAX);
}

static gboolean
parse_unix (GsockEndpointParser *parser, const char *rest, GError **error)
{
  GsockEndpoint *endpoint = parser->endpoint;

  if (*rest == '@')
    {
      endpoint->abstract = TRUE;
      rest++;
    }
  if (*rest == '\0' && endpoint->abstract)
    return gsock_refuse (error,
                         _ ("A name is missing after the @; write @NAME"));
  if (*rest == '\0')
    return gsock_refuse (error,
                         _ ("A path is missing after '%s'; write %sPATH"),
                         parser->text, parser->text);
  if (!check_unix_size (strlen (rest), endpoint->abstract, error))
    return FALSE;
  endpoint->path = g_strdup (rest);
  return TRUE;
}

/* --- Descriptors and services ------------------------------------------ */

static gboolean
parse_fd (GsockEndpointParser *parser, const char *rest, GError **error)
{
  guint64 number;
  g_autofree char *word = gsock_escape_brief (rest);

  if (!g_ascii_string_to_unsigned (rest, 10, 0, G_MAXINT, &number, NULL))
    return gsock_refuse (error,
                         _ ("fd: takes the number of an open descriptor, as in "
                            "fd:3, not '%s'"),
                         word);
  parser->endpoint->fd = (int) number;
  return TRUE;
}

/* What systemd takes in FileDescriptorName=. */
static gboolean
is_sd_name (const char *name)
{
  if (strlen (name) > SD_NAME_MAX)
    return FALSE;
  for (; *name != '\0'; name++)
    if (!g_ascii_isprint (*name) || *name == ':')
      return FALSE;
  return TRUE;
}

static gboolean
parse_sd (GsockEndpointParser *parser, const char *rest, GError **error)
{
  g_autofree char *word = gsock_escape_brief (rest);

  if (parser->use == GSOCK_ENDPOINT_FOR_CLIENT)
    return gsock_refuse (
        error, _ ("sd: stands for the listening sockets systemd hands to "
                  "a server; a client writes fd:N for a connected one"));
  if (!is_sd_name (rest))
    return gsock_refuse (
        error,
        _ ("'%s' can't be a name after sd:; systemd's "
           "FileDescriptorName= takes up to %d ASCII characters "
           "and no colon"),
        word, SD_NAME_MAX);
  if (*rest != '\0')
    parser->endpoint->name = g_strdup (rest);
  return TRUE;
}

static gboolean
is_service_word (const char *word)
{
  if (*word == '\0' || strlen (word) > GSOCK_LABEL_MAX - 1)
    return FALSE;
  for (; *word != '\0'; word++)
    if (!g_ascii_isalnum (*word) && *word != '-' && *word != '_')
      return FALSE;
  return TRUE;
}

/* "_imap._tcp.example.org": three parts, the domain with its own dots. */
char **
gsock_endpoint_split_service (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, ".", 3);

  if (g_strv_length (parts) != 3 || parts[0][0] != '_'
      || !is_service_word (parts[0] + 1)
      || (g_ascii_strcasecmp (parts[1], "_tcp") != 0
          && g_ascii_strcasecmp (parts[1], "_udp") != 0))
    return NULL;
  return g_steal_pointer (&parts);
}

static gboolean
parse_srv (GsockEndpointParser *parser, const char *rest, GError **error)
{
  GsockEndpoint *endpoint = parser->endpoint;
  g_auto (GStrv) parts = gsock_endpoint_split_service (rest);
  g_autofree char *word = gsock_escape_brief (rest);

  if (parser->use == GSOCK_ENDPOINT_FOR_SERVER)
    return gsock_refuse (error,
                         _ ("srv: asks DNS where a service is, for a client; a "
                            "server listens on an address, as in *:3490"));
  if (parts == NULL)
    return gsock_refuse (error,
                         _ ("'%s' is not the name of a service; write "
                            "_SERVICE._PROTO.DOMAIN with _tcp or _udp, as in "
                            "srv:_imap._tcp.example.org"),
                         word);
  if (!gsock_endpoint_parse_name (parser, parts[2], error))
    return FALSE;
  g_clear_pointer (&endpoint->host, g_free);
  endpoint->name = g_ascii_strdown (rest, -1);
  return TRUE;
}

/* --- Schemes ----------------------------------------------------------- */

static const Scheme *
find_scheme (const char *text, const char **rest)
{
  const char *colon = strchr (text, ':');

  for (gsize i = 0; colon != NULL && i < G_N_ELEMENTS (schemes); i++)
    {
      gsize size = strlen (schemes[i].word);

      if ((gsize) (colon - text) == size
          && g_ascii_strncasecmp (text, schemes[i].word, size) == 0)
        {
          *rest = colon + 1;
          return &schemes[i];
        }
    }
  return NULL;
}

/* WORD of "WORD://", or NULL. */
static char *
url_word (const char *text)
{
  const char *end = strstr (text, "://");

  if (end == NULL || end == text)
    return NULL;
  for (const char *p = text; p < end; p++)
    if (!g_ascii_isalnum (*p) && strchr ("+-._", *p) == NULL)
      return NULL;
  return g_strndup (text, (gsize) (end - text));
}

/* HOST[:PORT] of a URL, if it has one that could be written here. */
static char *
url_authority (const char *text)
{
  const char *start = strstr (text, "//") + 2;
  gsize size = strcspn (start, "/?#");
  const char *at = memrchr (start, '@', size);

  if (at != NULL)
    {
      size -= (gsize) (at + 1 - start);
      start = at + 1;
    }
  return size > 0 ? g_strndup (start, size) : NULL;
}

static gboolean
refuse_url (const char *text, const char *scheme, GError **error)
{
  g_autofree char *authority = url_authority (text);
  g_autofree char *host = gsock_escape_brief (authority != NULL ? authority
                                                                : "HOST:PORT");
  g_autofree char *word = gsock_escape_brief (scheme);
  /* After the last ']' a colon begins a port, in IPv6 hosts too. */
  const char *tail = strrchr (host, ']');
  gboolean has_port = strchr (tail != NULL ? tail : host, ':') != NULL;
  gboolean secure = g_ascii_strcasecmp (scheme, "https") == 0
                    || g_ascii_strcasecmp (scheme, "wss") == 0;
  const char *port = secure ? ":443" : ":80";

  if (secure || g_ascii_strcasecmp (scheme, "http") == 0
      || g_ascii_strcasecmp (scheme, "ws") == 0)
    return gsock_refuse (
        error,
        _ ("%s:// is not spoken here: bytes are carried as they "
           "are, without HTTP; for a bare connection write "
           "%s%s%s"),
        word, secure ? "tls:" : "", host, has_port ? "" : port);
  if (!has_port)
    port = ":PORT";
  return gsock_refuse (
      error,
      _ ("%s:// is not known here; for TCP write %s%s, for a UNIX "
         "socket unix:PATH"),
      word, host, has_port ? "" : port);
}

static gboolean
parse_scheme (GsockEndpointParser *parser, const Scheme *scheme,
              const char *rest, GError **error)
{
  if (scheme->parse == NULL)
    return gsock_refuse (error, "%s", _ (scheme->lesson));
  parser->endpoint->kind = scheme->kind;
  /* A path begins with as many slashes as it likes; nothing else does. */
  if (g_str_has_prefix (rest, "//")
      && !gsock_endpoint_is_unix (parser->endpoint))
    {
      g_autofree char *authority = url_authority (rest);
      g_autofree char *write = gsock_endpoint_hint (
          parser, rest, authority != NULL ? authority : "HOST:PORT", NULL,
          NULL);

      return gsock_refuse (
          error,
          _ ("A scheme here ends in its colon, with no // behind "
             "as URLs have; write %s"),
          write);
    }
  return scheme->parse (parser, rest, error);
}

static gboolean
parse_rest (GsockEndpointParser *parser, const char *rest, GError **error)
{
  const char *after = NULL;
  const Scheme *scheme = find_scheme (rest, &after);
  g_autofree char *word = NULL;

  if (*rest == '\0')
    return gsock_refuse (
        error, _ ("An address is missing; write HOST:PORT, PORT, @NAME "
                  "or a path with a '/'"));
  if (scheme != NULL)
    return parse_scheme (parser, scheme, after, error);
  word = url_word (rest);
  if (word != NULL)
    return refuse_url (rest, word, error);

  if (*rest == '@' || strchr (rest, '/') != NULL)
    {
      parser->endpoint->kind = GSOCK_ENDPOINT_UNIX;
      return parse_unix (parser, rest, error);
    }
  parser->endpoint->kind = GSOCK_ENDPOINT_TCP;
  return gsock_endpoint_parse_inet (parser, rest, error);
}

static gboolean
parse_tls (GsockEndpointParser *parser, const char *rest, GError **error)
{
  if (parser->endpoint->tls)
    return gsock_refuse (error,
                         _ ("TLS inside TLS is not carried; write one tls:"));
  parser->endpoint->tls = TRUE;
  if (!parse_rest (parser, rest, error))
    return FALSE;
  if (!gsock_endpoint_is_stream (parser->endpoint))
    return gsock_refuse (
        error,
        _ ("TLS needs a stream, and %s: keeps message boundaries; "
           "write tls: before TCP or unix: addresses only"),
        gsock_endpoint_kind_word (parser->endpoint->kind));
  return TRUE;
}

/**
 * gsock_endpoint_parse:
 * @text: `[SCHEME:]REST`, in any encoding; paths are bytes
 * @use: which side reads it
 * @error: %GSOCK_ERROR_USAGE with one line that says why and what to write
 *
 * Nothing is looked up but a service's port in /etc/services: a host that
 * doesn't exist is found out when it is resolved, a path when it is used.
 *
 * Returns: (transfer full): the endpoint, or %NULL
 */
GsockEndpoint *
gsock_endpoint_parse (const char *text, GsockEndpointUse use, GError **error)
{
  g_autoptr (GsockEndpoint) endpoint = gsock_endpoint_new ();
  GsockEndpointParser parser = { .text = text,
                                 .use = use,
                                 .endpoint = endpoint };

  if (!parse_rest (&parser, text, error))
    return NULL;
  return gsock_endpoint_finish (g_steal_pointer (&endpoint));
}

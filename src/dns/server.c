/* server.c: a name server, and how it is to be asked
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "dns/server.h"

#include <netdb.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"
#include "core/resolve.h"

/* Where no path is given. */
#define DEFAULT_PATH "/dns-query"

static const struct
{
  const char *name;
  const char *port;
} vias[] = {
  [GSOCK_DNS_UDP] = { "udp", "53" },
  [GSOCK_DNS_TCP] = { "tcp", "53" },
  [GSOCK_DNS_TLS] = { "tls", "853" },
  [GSOCK_DNS_HTTPS] = { "https", "443" },
};

/**
 * gsock_dns_via_name:
 * @via: how a server is asked
 *
 * Returns: "udp", "tcp", "tls" or "https"
 */
const char *
gsock_dns_via_name (GsockDnsVia via)
{
  return vias[via].name;
}

/* What follows "udp://", in upper or lower case; without such a word it is UDP. */
static const char *
take_via (const char *text, GsockDnsVia *via)
{
  *via = GSOCK_DNS_UDP;
  for (gsize i = 0; i < G_N_ELEMENTS (vias); i++)
    {
      gsize size = strlen (vias[i].name);

      if (g_ascii_strncasecmp (text, vias[i].name, size) == 0
          && strncmp (text + size, "://", 3) == 0)
        {
          *via = (GsockDnsVia) i;
          return text + size + 3;
        }
    }
  return text;
}

/* "/dns-query" of an https:// one, which is off @rest then; "" of others; NULL:
 * it has what can't be there. */
static char *
take_path (GsockDnsVia via, char *rest)
{
  char *path = strchr (rest, '/');
  char *taken;

  if (via != GSOCK_DNS_HTTPS)
    return g_strdup ("");
  if (path == NULL || path[1] == '\0')
    taken = g_strdup (DEFAULT_PATH);
  else
    taken = g_strdup (path);
  if (path != NULL)
    *path = '\0';
  /* As RFC 8484 writes URLs. */
  if (g_str_has_suffix (taken, "{?dns}"))
    taken[strlen (taken) - strlen ("{?dns}")] = '\0';
  for (const char *c = taken; *c != '\0'; c++)
    if (!g_ascii_isgraph (*c) || strchr ("\"#<>[\\]^`{|}", *c) != NULL)
      {
        g_free (taken);
        return NULL;
      }
  return taken;
}

/* "HOST", "HOST:PORT", "V6", "[V6]", "[V6]:PORT". */
static gboolean
split (const char *text, char **host, char **port)
{
  const char *colon = strchr (text, ':');
  const char *end = strchr (text, ']');

  if (text[0] == '[')
    {
      if (end == NULL || (end[1] != '\0' && end[1] != ':'))
        return FALSE;
      *host = g_strndup (text + 1, (gsize) (end - text - 1));
      *port = end[1] == ':' ? g_strdup (end + 2) : NULL;
      return TRUE;
    }
  if (colon == NULL || strchr (colon + 1, ':') != NULL)
    {
      *host = g_strdup (text);
      return text[0] != '\0' && strchr (text, '/') == NULL;
    }
  *host = g_strndup (text, (gsize) (colon - text));
  *port = g_strdup (colon + 1);
  /* A word that is none of these, and what it could be elsewhere. */
  return colon > text && strchr (colon, '/') == NULL;
}

static gboolean
look_up (GsockDnsServer *server, const char *host, guint16 port, GError **error)
{
  const GsockResolveWish wish = { AF_UNSPEC, NULL };
  struct addrinfo hints = { .ai_socktype = SOCK_DGRAM };
  struct addrinfo *info = NULL;
  int result = getaddrinfo (host, NULL, &hints, &info);

  if (result != 0)
    {
      gsock_resolve_set_error (error, host, &wish, result, 0);
      return FALSE;
    }
  server->address.size = info->ai_addrlen;
  memcpy (&server->address.storage, info->ai_addr, info->ai_addrlen);
  freeaddrinfo (info);
  if (server->address.any.sa_family == AF_INET6)
    server->address.inet6.sin6_port = g_htons (port);
  else
    server->address.inet.sin_port = g_htons (port);
  return TRUE;
}

static gboolean
set_up (GsockDnsServer *server, const char *host, const char *port,
        const char *path, GError **error)
{
  const char *tls = server->via >= GSOCK_DNS_TLS ? "tls:" : "";
  g_autofree char *address = g_strdup_printf (
      strchr (host, ':') != NULL ? "%s[%s]:%s" : "%s%s:%s", tls, host, port);

  server->endpoint = gsock_endpoint_parse (address, GSOCK_ENDPOINT_FOR_CLIENT,
                                           error);
  if (server->endpoint == NULL)
    return FALSE;
  server->text = g_strdup_printf (
      strchr (host, ':') != NULL ? "%s://[%s]:%u%s" : "%s://%s:%u%s",
      vias[server->via].name, host, gsock_endpoint_get_port (server->endpoint),
      path);
  return server->via != GSOCK_DNS_UDP
         || look_up (server, host, gsock_endpoint_get_port (server->endpoint),
                     error);
}

/**
 * gsock_dns_server_parse:
 * @text: "[udp://|tcp://|tls://]HOST[:PORT]", "https://HOST[:PORT][/PATH]"
 * @error: %GSOCK_ERROR_USAGE, %GSOCK_ERROR_NAME
 *
 * Returns: (transfer full) (nullable): the server
 */
GsockDnsServer *
gsock_dns_server_parse (const char *text, GError **error)
{
  g_autoptr (GsockDnsServer) server = g_new0 (GsockDnsServer, 1);
  g_autofree char *rest = g_strdup (take_via (text, &server->via));
  g_autofree char *path = take_path (server->via, rest);
  g_autofree char *host = NULL;
  g_autofree char *port = NULL;
  g_autofree char *shown = NULL;

  if (path != NULL && split (rest, &host, &port))
    return set_up (server, host, port != NULL ? port : vias[server->via].port,
                   path, error)
               ? g_steal_pointer (&server)
               : NULL;
  shown = gsock_escape_brief (text);
  gsock_refuse (error,
                /* TRANSLATORS: what was written, then the forms it may have. */
                _ ("'%s' is not a name server; write %s"), shown,
                "HOST, HOST:PORT, udp://HOST, tcp://HOST, tls://HOST, "
                "https://HOST/PATH");
  return NULL;
}

/**
 * gsock_dns_server_free:
 * @server: (transfer full): to be freed
 */
void
gsock_dns_server_free (GsockDnsServer *server)
{
  g_free (server->text);
  g_clear_pointer (&server->endpoint, gsock_endpoint_unref);
  g_clear_pointer (&server->tls, gsock_tls_unref);
  g_free (server);
}

/* hints.c: where the servers of the root are, to begin with
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "dns/hints.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/address.h"
#include "core/error.h"
#include "dns/file.h"
#include "dns/message.h"

#define SERVERS_MAX 64
#define ADDRESSES_MAX 8

/* As https://www.internic.net/domain/named.root has them. */
static const struct
{
  const char *name, *inet, *inet6;
} root[] = {
  { "a.root-servers.net.", "198.41.0.4", "2001:503:ba3e::2:30" },
  { "b.root-servers.net.", "170.247.170.2", "2801:1b8:10::b" },
  { "c.root-servers.net.", "192.33.4.12", "2001:500:2::c" },
  { "d.root-servers.net.", "199.7.91.13", "2001:500:2d::d" },
  { "e.root-servers.net.", "192.203.230.10", "2001:500:a8::e" },
  { "f.root-servers.net.", "192.5.5.241", "2001:500:2f::f" },
  { "g.root-servers.net.", "192.112.36.4", "2001:500:12::d0d" },
  { "h.root-servers.net.", "198.97.190.53", "2001:500:1::53" },
  { "i.root-servers.net.", "192.36.148.17", "2001:7fe::53" },
  { "j.root-servers.net.", "192.58.128.30", "2001:503:c27::2:30" },
  { "k.root-servers.net.", "193.0.14.129", "2001:7fd::1" },
  { "l.root-servers.net.", "199.7.83.42", "2001:500:9f::42" },
  { "m.root-servers.net.", "202.12.27.33", "2001:dc3::35" },
};

/**
 * gsock_dns_name_server_new:
 * @name: with a dot at its end
 *
 * Returns: (transfer full): one without addresses
 */
GsockDnsNameServer *
gsock_dns_name_server_new (const char *name)
{
  GsockDnsNameServer *server = g_new0 (GsockDnsNameServer, 1);

  server->name = g_strdup (name);
  server->addresses = g_ptr_array_new_with_free_func (g_free);
  return server;
}

/**
 * gsock_dns_name_server_free:
 * @server: (transfer full): to be freed
 */
void
gsock_dns_name_server_free (GsockDnsNameServer *server)
{
  g_free (server->name);
  g_ptr_array_unref (server->addresses);
  g_free (server);
}

static GPtrArray *
list_new (void)
{
  return g_ptr_array_new_with_free_func (
      (GDestroyNotify) gsock_dns_name_server_free);
}

/**
 * gsock_dns_hints_new:
 *
 * Begins with any of them, so that not all the world asks the first.
 *
 * Returns: (transfer full) (element-type GsockDnsNameServer): the root's
 */
GPtrArray *
gsock_dns_hints_new (void)
{
  GPtrArray *servers = list_new ();
  guint first = (guint) g_random_int_range (0, G_N_ELEMENTS (root));

  for (guint i = 0; i < G_N_ELEMENTS (root); i++)
    {
      guint at = (first + i) % G_N_ELEMENTS (root);
      GsockDnsNameServer *server = gsock_dns_name_server_new (root[at].name);

      g_ptr_array_add (server->addresses, g_strdup (root[at].inet));
      g_ptr_array_add (server->addresses, g_strdup (root[at].inet6));
      g_ptr_array_add (servers, server);
    }
  return servers;
}

/* --- A file --------------------------------------------------------------- */

static void
add_address (GPtrArray *servers, const char *owner, const char *address)
{
  GsockDnsNameServer *server = NULL;

  for (guint i = 0; i < servers->len && server == NULL; i++)
    {
      GsockDnsNameServer *other = g_ptr_array_index (servers, i);

      if (g_ascii_strcasecmp (other->name, owner) == 0)
        server = other;
    }
  if (server == NULL && servers->len < SERVERS_MAX)
    {
      server = gsock_dns_name_server_new (owner);
      g_ptr_array_add (servers, server);
    }
  if (server != NULL && server->addresses->len < ADDRESSES_MAX)
    g_ptr_array_add (server->addresses, g_strdup (address));
}

/* "OWNER TTL CLASS A ADDRESS", the owner that of the line before where there
 * is none; other records say nothing new. */
static void
take_line (GPtrArray *servers, char *line, char **owner)
{
  gboolean has_owner = !g_ascii_isspace (line[0]);
  g_auto (GStrv) words = NULL;
  GsockAddress address;
  GsockDnsQuestion question;
  guint count;

  line[strcspn (line, ";")] = '\0';
  words = g_strsplit_set (g_strstrip (line), " \t\r", -1);
  /* Empty ones, where there are two blanks. */
  count = 0;
  for (guint i = 0; words[i] != NULL; i++)
    if (words[i][0] != '\0')
      {
        char *word = words[i];

        words[i] = words[count];
        words[count++] = word;
      }
  if (count < 3)
    return;
  if (has_owner)
    {
      g_free (*owner);
      *owner = g_strdup (words[0]);
    }
  if (*owner == NULL
      || (g_ascii_strcasecmp (words[count - 2], "A") != 0
          && g_ascii_strcasecmp (words[count - 2], "AAAA") != 0)
      || !gsock_address_init_from_host (&address, words[count - 1])
      || !gsock_dns_question_init (&question, *owner, 0, NULL))
    return;
  add_address (servers, *owner, words[count - 1]);
}

/**
 * gsock_dns_hints_parse:
 * @text: of a zone file, one record a line
 * @error: %GSOCK_ERROR_FAILED
 *
 * Returns: (transfer full) (nullable): the servers that have addresses in it
 */
GPtrArray *
gsock_dns_hints_parse (const char *text, GError **error)
{
  g_autoptr (GPtrArray) servers = list_new ();
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autofree char *owner = NULL;

  for (guint i = 0; lines[i] != NULL; i++)
    take_line (servers, lines[i], &owner);
  if (servers->len > 0)
    return g_steal_pointer (&servers);
  g_set_error_literal (error, GSOCK_ERROR, GSOCK_ERROR_FAILED,
                       _ ("no address of a server of the root is in it"));
  return NULL;
}

static gpointer
parse (const char *text, GError **error)
{
  return gsock_dns_hints_parse (text, error);
}

/**
 * gsock_dns_hints_read:
 * @path: of a file as gsock_dns_hints_parse() takes it
 * @error: %GSOCK_ERROR_USAGE, the file named
 *
 * Returns: (transfer full) (nullable): the servers that have addresses in it
 */
GPtrArray *
gsock_dns_hints_read (const char *path, GError **error)
{
  return gsock_dns_file_load (path, parse, error);
}

/* resolv-conf.c: what /etc/resolv.conf says
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "dns/resolv-conf.h"

#include <string.h>

#include "core/address.h"
#include "dns/message.h"

#define PATH "/etc/resolv.conf"
/* As the C library has them; it takes three servers, we take more. */
#define SERVERS_MAX 8
#define SEARCH_MAX 32
#define NDOTS_MAX 15
#define TIMEOUT_MAX 30
#define ATTEMPTS_MAX 5

static void
read_number (const char *word, const char *name, guint maximum, guint *number)
{
  gsize size = strlen (name);
  guint64 value;

  if (strncmp (word, name, size) != 0 || !g_ascii_isdigit (word[size]))
    return;
  value = g_ascii_strtoull (word + size, NULL, 10);
  *number = (guint) MIN (value, maximum);
}

/* A name here is not looked up: who would be asked? */
static gboolean
is_address (const char *word)
{
  GsockAddress address;

  return gsock_address_init_from_host (&address, word);
}

static void
read_line (GsockResolvConf *conf, char **words)
{
  if (strcmp (words[0], "nameserver") == 0 && words[1] != NULL
      && conf->servers->len < SERVERS_MAX && is_address (words[1]))
    g_ptr_array_add (conf->servers, g_strdup (words[1]));
  if (strcmp (words[0], "search") == 0 || strcmp (words[0], "domain") == 0)
    {
      /* The last such line counts. */
      g_ptr_array_set_size (conf->search, 0);
      for (gsize i = 1; words[i] != NULL && conf->search->len < SEARCH_MAX; i++)
        g_ptr_array_add (conf->search, g_strdup (words[i]));
    }
  if (strcmp (words[0], "options") != 0)
    return;
  for (gsize i = 1; words[i] != NULL; i++)
    {
      read_number (words[i], "ndots:", NDOTS_MAX, &conf->ndots);
      read_number (words[i], "timeout:", TIMEOUT_MAX, &conf->timeout);
      read_number (words[i], "attempts:", ATTEMPTS_MAX, &conf->attempts);
    }
}

/* The words of @line, blanks between them however many. */
static char **
split_words (const char *line)
{
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  g_auto (GStrv) parts = g_strsplit_set (line, " \t\r", -1);

  for (gsize i = 0; parts[i] != NULL; i++)
    if (parts[i][0] != '\0')
      g_strv_builder_add (words, parts[i]);
  return g_strv_builder_end (words);
}

/**
 * gsock_resolv_conf_clear:
 * @conf: what is in it is freed
 */
void
gsock_resolv_conf_clear (GsockResolvConf *conf)
{
  g_clear_pointer (&conf->servers, g_ptr_array_unref);
  g_clear_pointer (&conf->search, g_ptr_array_unref);
}

/**
 * gsock_resolv_conf_parse:
 * @conf: (out caller-allocates): what @text says, and the C library's values
 *   for what it doesn't
 * @text: a file of that form
 *
 * What isn't known is passed over, as the C library does.
 */
void
gsock_resolv_conf_parse (GsockResolvConf *conf, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  conf->servers = g_ptr_array_new_with_free_func (g_free);
  conf->search = g_ptr_array_new_with_free_func (g_free);
  conf->ndots = 1;
  conf->timeout = 5;
  conf->attempts = 2;
  for (gsize i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) words = split_words (lines[i]);

      if (words[0] != NULL && lines[i][0] != '#' && lines[i][0] != ';')
        read_line (conf, words);
    }
  if (conf->servers->len == 0)
    g_ptr_array_add (conf->servers, g_strdup ("127.0.0.1"));
  conf->timeout = MAX (conf->timeout, 1);
  conf->attempts = MAX (conf->attempts, 1);
}

/**
 * gsock_resolv_conf_read:
 * @conf: (out caller-allocates): what the machine's file says
 */
void
gsock_resolv_conf_read (GsockResolvConf *conf)
{
  g_autofree char *text = NULL;

  g_file_get_contents (PATH, &text, NULL, NULL);
  gsock_resolv_conf_parse (conf, text != NULL ? text : "");
}

static guint
count_dots (const char *host)
{
  guint dots = 0;

  for (; *host != '\0'; host++)
    dots += *host == '.';
  return dots;
}

/* @host in @domain, unless that would be too long for a name, or isn't one. */
static void
add_within (GPtrArray *names, const char *host, const char *domain)
{
  g_autofree char *name = g_strdup_printf ("%s.%s", host, domain);
  GsockDnsQuestion question;

  if (gsock_dns_question_init (&question, name, 0, NULL))
    g_ptr_array_add (names, g_steal_pointer (&name));
}

/**
 * gsock_resolv_conf_candidates:
 * @conf: whose search list
 * @host: a name; one that ends in a dot is tried as it is.  So it is where the
 *   list has the root (".")
 *
 * Returns: (transfer full) (element-type utf8): names to be tried in turn
 */
GPtrArray *
gsock_resolv_conf_candidates (const GsockResolvConf *conf, const char *host)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  gboolean tried = count_dots (host) >= conf->ndots
                   || g_str_has_suffix (host, ".");

  if (tried)
    g_ptr_array_add (names, g_strdup (host));
  if (g_str_has_suffix (host, "."))
    return names;
  for (guint i = 0; i < conf->search->len; i++)
    {
      const char *domain = g_ptr_array_index (conf->search, i);

      if (strcmp (domain, ".") != 0)
        add_within (names, host, domain);
      else if (!tried)
        {
          g_ptr_array_add (names, g_strdup (host));
          tried = TRUE;
        }
    }
  if (!tried)
    g_ptr_array_add (names, g_strdup (host));
  return names;
}

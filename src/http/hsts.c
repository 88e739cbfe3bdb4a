/* hsts.c: hosts that are asked by https only
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "http/hsts.h"

#include <gio/gio.h>
#include <stdio.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"
#include "http/redirect.h"
#include "http/state-file.h"

#define AGE_MAX (G_GINT64_CONSTANT (10) * 366 * 24 * 60 * 60)
#define FOREVER G_MAXINT64
#define EXAMPLE ".example.org \"20271231 23:59:59\""

typedef struct
{
  gint64 expires; /* seconds since 1970; FOREVER in a file only */
  gboolean subdomains;
} Policy;

struct _GsockHsts
{
  GHashTable *hosts; /* lower case, no dot at either end: to a Policy */
  gboolean changed;
};

/* What a field says. */
typedef struct
{
  gint64 age; /* -1: not given, and it must be */
  gboolean subdomains;
} Directives;

static const char head[] =
    "# Hosts that are asked by https only, each with the time (UTC) until\n"
    "# which that holds; a dot before it: its subdomains too.  gsock-get\n"
    "# writes it anew; curl's --hsts has the same format.\n";

/**
 * gsock_hsts_new:
 *
 * Returns: (transfer full): knows no host
 */
GsockHsts *
gsock_hsts_new (void)
{
  GsockHsts *hsts = g_new0 (GsockHsts, 1);

  hsts->hosts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return hsts;
}

/**
 * gsock_hsts_free:
 * @hsts: (transfer full): what is known
 */
void
gsock_hsts_free (GsockHsts *hsts)
{
  g_hash_table_unref (hsts->hosts);
  g_free (hsts);
}

/**
 * gsock_hsts_count:
 * @hsts: what is known
 *
 * Returns: of how many hosts, expired ones too
 */
guint
gsock_hsts_count (const GsockHsts *hsts)
{
  return g_hash_table_size (hsts->hosts);
}

/* NULL: an address, which can have no policy, whatever dots are behind it. */
static char *
normalize (const char *host)
{
  gsize size = strlen (host);
  g_autofree char *name = NULL;

  while (size > 0 && host[size - 1] == '.')
    size--;
  name = g_ascii_strdown (host, (gssize) size);
  return size > 0 && !g_hostname_is_ip_address (name) ? g_steal_pointer (&name)
                                                      : NULL;
}

/* "31536000" or "\"31536000\"". */
static gboolean
parse_age (char *text, gint64 *age)
{
  gsize size = strlen (text);

  if (size >= 2 && *text == '"' && text[size - 1] == '"')
    {
      text[size - 1] = '\0';
      text++;
    }
  if (*text == '\0')
    return FALSE;
  for (*age = 0; *text != '\0'; text++)
    {
      if (!g_ascii_isdigit (*text))
        return FALSE;
      *age = MIN (*age * 10 + (*text - '0'), AGE_MAX);
    }
  return TRUE;
}

static gboolean
take_directive (Directives *directives, const char *name, char *value)
{
  if (g_ascii_strcasecmp (name, "max-age") == 0)
    return directives->age < 0 && value != NULL
           && parse_age (value, &directives->age);
  if (g_ascii_strcasecmp (name, "includeSubDomains") == 0)
    {
      if (directives->subdomains || value != NULL)
        return FALSE;
      directives->subdomains = TRUE;
    }
  return TRUE;
}

/* RFC 6797, 6.1: no directive twice, those unknown ignored. */
static gboolean
parse_field (Directives *directives, const char *field)
{
  g_auto (GStrv) parts = g_strsplit (field, ";", 32);

  *directives = (Directives) { .age = -1 };
  for (guint i = 0; parts[i] != NULL; i++)
    {
      char *equals = strchr (parts[i], '=');

      if (equals != NULL)
        *equals++ = '\0';
      if (!take_directive (directives, g_strstrip (parts[i]),
                           equals != NULL ? g_strstrip (equals) : NULL))
        return FALSE;
    }
  return directives->age >= 0;
}

static gboolean
is_over_cb (gpointer host G_GNUC_UNUSED, gpointer policy, gpointer now)
{
  return ((Policy *) policy)->expires <= *(gint64 *) now;
}

static void
set_policy (GsockHsts *hsts, const char *host, gint64 expires,
            gboolean subdomains)
{
  Policy *policy = g_hash_table_lookup (hsts->hosts, host);

  if (policy != NULL && policy->expires == expires
      && policy->subdomains == subdomains)
    return;
  policy = g_new (Policy, 1);
  *policy = (Policy) { expires, subdomains };
  g_hash_table_replace (hsts->hosts, g_strdup (host), policy);
  hsts->changed = TRUE;
}

/**
 * gsock_hsts_note:
 * @hsts: what is known
 * @url: what was asked; by https, or the field means nothing
 * @field: its first Strict-Transport-Security, as received
 * @now: seconds since 1970
 *
 * Returns: whether it was taken: one that is malformed, of an address, or came
 *   in the clear isn't
 */
gboolean
gsock_hsts_note (GsockHsts *hsts, GUri *url, const char *field, gint64 now)
{
  g_autofree char *host = normalize (g_uri_get_host (url));
  Directives directives;

  if (host == NULL || strcmp (g_uri_get_scheme (url), "https") != 0
      || !parse_field (&directives, field))
    return FALSE;
  if (directives.age == 0)
    {
      hsts->changed |= g_hash_table_remove (hsts->hosts, host);
      return TRUE;
    }
  if (gsock_hsts_count (hsts) >= GSOCK_HSTS_MAX
      && !g_hash_table_contains (hsts->hosts, host))
    {
      g_hash_table_foreach_remove (hsts->hosts, is_over_cb, &now);
      if (gsock_hsts_count (hsts) >= GSOCK_HSTS_MAX)
        return FALSE;
    }
  set_policy (hsts, host, now + directives.age, directives.subdomains);
  return TRUE;
}

static gboolean
is_known (const GsockHsts *hsts, const char *host, gint64 now)
{
  const char *domain = host;

  while (domain != NULL)
    {
      const Policy *policy = g_hash_table_lookup (hsts->hosts, domain);

      if (policy != NULL && policy->expires > now
          && (domain == host || policy->subdomains))
        return TRUE;
      domain = strchr (domain, '.');
      if (domain != NULL)
        domain++;
    }
  return FALSE;
}

/**
 * gsock_hsts_upgrade:
 * @hsts: what is known
 * @url: what is to be asked
 * @now: seconds since 1970
 *
 * Returns: (transfer full) (nullable): what is to be asked instead
 */
GUri *
gsock_hsts_upgrade (const GsockHsts *hsts, GUri *url, gint64 now)
{
  g_autofree char *host = normalize (g_uri_get_host (url));
  guint port = gsock_url_get_port (url);

  if (host == NULL || strcmp (g_uri_get_scheme (url), "http") != 0
      || !is_known (hsts, host, now))
    return NULL;
  return g_uri_build (GSOCK_URL_FLAGS, "https", g_uri_get_userinfo (url),
                      g_uri_get_host (url), port == 80 ? -1 : (int) port,
                      g_uri_get_path (url), g_uri_get_query (url),
                      g_uri_get_fragment (url));
}

/* A digit for each d of @form, else what it has. */
static gboolean
has_form (const char *text, const char *form)
{
  for (; *form != '\0'; text++, form++)
    if (*form == 'd' ? !g_ascii_isdigit (*text) : *text != *form)
      return FALSE;
  return *text == '\0';
}

/* "20271125 12:00:00" or "unlimited", in quotes. */
static gboolean
parse_time (const char *text, gint64 *seconds)
{
  g_autoptr (GDateTime) time = NULL;
  guint n[6];

  if (strcmp (text, "\"unlimited\"") == 0)
    {
      *seconds = FOREVER;
      return TRUE;
    }
  if (!has_form (text, "\"dddddddd dd:dd:dd\"")
      || sscanf (text, "\"%4u%2u%2u %2u:%2u:%2u\"", &n[0], &n[1], &n[2], &n[3],
                 &n[4], &n[5])
             != 6)
    return FALSE;
  time = g_date_time_new_utc ((int) n[0], (int) n[1], (int) n[2], (int) n[3],
                              (int) n[4], n[5]);
  if (time == NULL)
    return FALSE;
  *seconds = g_date_time_to_unix (time);
  return TRUE;
}

static gboolean
take_line (GsockHsts *hsts, char *line)
{
  gboolean subdomains = *line == '.';
  g_autofree char *host = NULL;
  char *blank;
  gint64 expires;

  g_strchomp (line);
  if (*line == '\0' || *line == '#')
    return TRUE;
  blank = strchr (line, ' ');
  if (blank == NULL)
    return FALSE;
  *blank = '\0';
  host = normalize (line + (subdomains ? 1 : 0));
  if (host == NULL || !parse_time (blank + 1, &expires))
    return FALSE;
  if (gsock_hsts_count (hsts) < GSOCK_HSTS_MAX)
    set_policy (hsts, host, expires, subdomains);
  return TRUE;
}

/**
 * gsock_hsts_load:
 * @hsts: what is known
 * @path: a file
 * @error: %GSOCK_ERROR_USAGE
 *
 * Returns: whether all of it is known now
 */
gboolean
gsock_hsts_load (GsockHsts *hsts, const char *path, GError **error)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!gsock_state_file_read (path, &text, NULL, error))
    return FALSE;
  if (text == NULL)
    return TRUE;

  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autofree char *shown = NULL;

      if (take_line (hsts, lines[i]))
        continue;
      shown = gsock_escape_brief (path);
      return gsock_refuse (
          error,
          /* TRANSLATORS: a file, a line's number, an example. */
          _ ("%s:%u: this line is not like %s"), shown, i + 1, EXAMPLE);
    }
  hsts->changed = FALSE;
  return TRUE;
}

static void
append_line (GString *text, const char *host, const Policy *policy)
{
  g_autoptr (GDateTime) time = NULL;
  g_autofree char *words = NULL;

  if (policy->expires == FOREVER)
    words = g_strdup ("unlimited");
  else
    {
      time = g_date_time_new_from_unix_utc (policy->expires);
      words = g_date_time_format (time, "%Y%m%d %H:%M:%S");
    }
  g_string_append_printf (text, "%s%s \"%s\"\n", policy->subdomains ? "." : "",
                          host, words);
}

/**
 * gsock_hsts_save:
 * @hsts: what is known
 * @path: a file
 * @now: seconds since 1970: what is over is not written
 * @error: %GSOCK_ERROR_OUTPUT
 *
 * Returns: whether the file says what is known
 */
gboolean
gsock_hsts_save (GsockHsts *hsts, const char *path, gint64 now, GError **error)
{
  g_autoptr (GString) text = NULL;
  g_autoptr (GList) hosts = NULL;

  if (!hsts->changed)
    return TRUE;

  text = g_string_new (head);
  hosts = g_list_sort (g_hash_table_get_keys (hsts->hosts),
                       (GCompareFunc) strcmp);
  for (GList *item = hosts; item != NULL; item = item->next)
    {
      const Policy *policy = g_hash_table_lookup (hsts->hosts, item->data);

      if (policy->expires > now)
        append_line (text, item->data, policy);
    }
  if (!gsock_state_file_write (path, text->str, text->len, error))
    return FALSE;
  hsts->changed = FALSE;
  return TRUE;
}

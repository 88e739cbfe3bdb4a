/* resolve-text.c: what is known of a name, for people
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/call.h"
#include "core/escape.h"
#include "dns/words.h"
#include "tools/resolve-options.h"
#include "tools/resolve-result.h"

/* The labels of a block, all of which have the width of the longest. */
enum
{
  LABEL_NAME,
  LABEL_ADDRESS,
  LABEL_CANONICAL,
  LABEL_ALIASES,
  LABEL_NAMES,
  LABEL_LENGTH,
  LABEL_ADDRESSES,
  N_LABELS,
};

static const char *const labels[N_LABELS] = {
  /* TRANSLATORS: what was asked for, at the head of a block of lines. */
  [LABEL_NAME] = N_ ("Name"),
  [LABEL_ADDRESS] = N_ ("Address"),
  /* TRANSLATORS: DNS: the name that all aliases lead to. */
  [LABEL_CANONICAL] = N_ ("Canonical name"),
  [LABEL_ALIASES] = N_ ("Aliases"),
  [LABEL_NAMES] = N_ ("Names"),
  /* TRANSLATORS: how many bytes an address has. */
  [LABEL_LENGTH] = N_ ("Address length"),
  [LABEL_ADDRESSES] = N_ ("Addresses"),
};

static void
append_label (GString *string, int label)
{
  glong width = 0, used = 0;

  for (int i = 0; i < N_LABELS; i++)
    width = MAX (width, g_utf8_strlen (_ (labels[i]), -1));
  if (label < N_LABELS)
    {
      g_string_append (string, _ (labels[label]));
      used = g_utf8_strlen (_ (labels[label]), -1);
    }
  while (used++ < width + 2)
    g_string_append_c (string, ' ');
}

/* As people write it: in their letters where it is an IDN. */
static void
append_name (GString *string, const char *name)
{
  g_autofree char *unicode = g_hostname_is_ascii_encoded (name)
                                     && g_get_charset (NULL)
                                 ? g_hostname_to_unicode (name)
                                 : NULL;
  g_autofree char *shown = gsock_escape (unicode != NULL ? unicode : name, -1);

  g_string_append (string, shown);
}

/* Further names go below the first. */
static void
append_line (GString *string, int *label, const char *name)
{
  append_label (string, *label);
  append_name (string, name);
  g_string_append_c (string, '\n');
  *label = N_LABELS;
}

static void
append_addresses (GString *string, const GArray *addresses, int label)
{
  for (guint i = 0; i < addresses->len; i++)
    {
      g_autofree char *host = gsock_address_host_to_string (
          &g_array_index (addresses, GsockAddress, i));

      append_line (string, &label, host);
    }
}

/* The lab sheet's h_length, of each family that there is. */
static void
append_lengths (GString *string, const GArray *addresses)
{
  gboolean told[2] = { FALSE, FALSE };
  int label = LABEL_LENGTH;

  for (guint i = 0; i < addresses->len; i++)
    {
      int family = g_array_index (addresses, GsockAddress, i).any.sa_family;
      guint bytes = family == AF_INET6 ? 16 : 4;

      if (told[family == AF_INET6])
        continue;
      told[family == AF_INET6] = TRUE;
      append_label (string, label);
      label = N_LABELS;
      g_string_append_printf (string,
                              /* TRANSLATORS: a count, "AF_INET" */
                              ngettext ("%u byte (%s)", "%u bytes (%s)", bytes),
                              bytes, gsock_call_family (family));
      g_string_append_c (string, '\n');
    }
}

static void
append_aliases (GString *string, const GsockNames *names, int label)
{
  for (guint i = 0; i < names->aliases->len; i++)
    append_line (string, &label, g_ptr_array_index (names->aliases, i));
}

static void
append_block (GString *string, const GsockResult *result)
{
  const GsockNames *names = result->names;
  int label = names->reverse ? LABEL_ADDRESS : LABEL_NAME;

  append_line (string, &label, result->asked);
  if (names->canonical != NULL)
    {
      label = names->reverse ? LABEL_NAMES : LABEL_CANONICAL;
      append_line (string, &label, names->canonical);
    }
  append_aliases (string, names, names->reverse ? label : LABEL_ALIASES);
  append_lengths (string, names->addresses);
  if (!names->reverse)
    append_addresses (string, names->addresses, LABEL_ADDRESSES);
}

static void
append_brief (GString *string, const GsockNames *names)
{
  for (guint i = 0; !names->reverse && i < names->addresses->len; i++)
    {
      g_autofree char *host = gsock_address_host_to_string (
          &g_array_index (names->addresses, GsockAddress, i));

      g_string_append_printf (string, "%s\n", host);
    }
  if (!names->reverse)
    return;
  for (guint i = 0; i <= names->aliases->len; i++)
    {
      g_autofree char *name = gsock_escape (
          i == 0 ? names->canonical
                 : (char *) g_ptr_array_index (names->aliases, i - 1),
          -1);

      g_string_append_printf (string, "%s\n", name);
    }
}

/* --- Records of DNS ------------------------------------------------------- */

/* What was asked for and the aliases that lead to it are the answer; the rest
 * only shows what a server says. */
static gboolean
is_told (const GsockDnsAnswer *answer, const GsockDnsRecord *record,
         gboolean brief)
{
  return !brief || (answer->verdict == GSOCK_DNS_FOUND && !record->stray);
}

/* The same record may be in the answers to several types: an alias. */
static gboolean
is_repeated (const GPtrArray *answers, guint index,
             const GsockDnsRecord *record, gboolean brief)
{
  for (guint i = 0; i < index; i++)
    {
      const GsockDnsAnswer *answer = g_ptr_array_index (answers, i);

      for (guint n = 0; n < answer->records->len; n++)
        {
          const GsockDnsRecord *other = g_ptr_array_index (answer->records, n);

          if (is_told (answer, other, brief) && other->type == record->type
              && strcmp (other->owner, record->owner) == 0
              && strcmp (other->data, record->data) == 0)
            return TRUE;
        }
    }
  return FALSE;
}

/* ldns escapes as zone files do, which leaves nothing that drives a terminal
 * but what the locale takes for letters. */
static char *
make_safe (const char *text)
{
  GString *safe = g_string_new (NULL);

  gsock_escape_append_message (safe, text, strlen (text), g_get_charset (NULL));
  return g_string_free (safe, FALSE);
}

static void
append_record (GString *string, const GsockDnsRecord *record, int owner_width,
               gboolean brief)
{
  g_autofree char *owner = make_safe (record->owner);
  g_autofree char *data = make_safe (record->data);

  if (brief)
    g_string_append_printf (string, "%s\n", data);
  else
    g_string_append_printf (string, "%-*s  %6u  %-6s  %s\n", owner_width, owner,
                            record->ttl, record->type_name, data);
}

/**
 * gsock_result_foreach_record:
 * @result: what is known of a name
 * @brief: the answers alone
 * @func: called for each record of DNS, once
 * @data: for @func
 */
void
gsock_result_foreach_record (const GsockResult *result, gboolean brief,
                             GFunc func, gpointer data)
{
  for (guint i = 0; result->answers != NULL && i < result->answers->len; i++)
    {
      const GsockDnsAnswer *answer = g_ptr_array_index (result->answers, i);

      for (guint n = 0; n < answer->records->len; n++)
        {
          gpointer record = g_ptr_array_index (answer->records, n);

          if (is_told (answer, record, brief)
              && !is_repeated (result->answers, i, record, brief))
            func (record, data);
        }
    }
}

typedef struct
{
  GString *string;
  int width;
  gboolean brief;
} Records;

static void
measure_cb (gpointer record, gpointer data)
{
  Records *records = data;

  records->width = MAX (records->width,
                        (int) strlen (((GsockDnsRecord *) record)->owner));
}

static void
record_cb (gpointer record, gpointer data)
{
  const Records *records = data;

  append_record (records->string, record, MIN (records->width, 60),
                 records->brief);
}

static void
append_records (GString *string, const GsockResult *result, gboolean brief)
{
  Records records = { string, 0, brief };

  gsock_result_foreach_record (result, brief, measure_cb, &records);
  gsock_result_foreach_record (result, brief, record_cb, &records);
}

/* --- Where the two differ ------------------------------------------------- */

/* Addresses of a kind are compared where both were asked for them. */
static gboolean
is_asked (const GsockResult *result, int family)
{
  int wanted = gsock_resolve_options_family ();
  guint16 type = family == AF_INET6 ? GSOCK_DNS_AAAA : GSOCK_DNS_A;

  if (wanted != AF_UNSPEC && wanted != family)
    return FALSE;
  for (guint i = 0; i < result->answers->len; i++)
    if (((const GsockDnsAnswer *) g_ptr_array_index (result->answers, i))->type
        == type)
      return TRUE;
  return FALSE;
}

static void
address_cb (gpointer data, gpointer user_data)
{
  const GsockDnsRecord *record = data;

  if (record->type == GSOCK_DNS_A || record->type == GSOCK_DNS_AAAA)
    g_ptr_array_add (user_data, data);
}

static gboolean
dns_has_address (const GPtrArray *records, const char *host)
{
  for (guint i = 0; i < records->len; i++)
    if (strcmp (((const GsockDnsRecord *) g_ptr_array_index (records, i))->data,
                host)
        == 0)
      return TRUE;
  return FALSE;
}

static gboolean
system_has_address (const GsockNames *names, const char *host)
{
  for (guint i = 0; i < names->addresses->len; i++)
    {
      g_autofree char *other = gsock_address_host_to_string (
          &g_array_index (names->addresses, GsockAddress, i));

      if (strcmp (other, host) == 0)
        return TRUE;
    }
  return FALSE;
}

/**
 * gsock_result_differences:
 * @result: of both sources, compared
 * @system: (element-type utf8): gets addresses that only the system has
 * @dns: (element-type utf8): gets those that only DNS has
 *
 * Returns: %TRUE if there is one that both have
 */
gboolean
gsock_result_differences (const GsockResult *result, GPtrArray *system,
                          GPtrArray *dns)
{
  g_autoptr (GsockNames) none = gsock_names_new ();
  const GsockNames *names = result->names != NULL ? result->names : none;
  g_autoptr (GPtrArray) records = g_ptr_array_new ();
  gboolean common = FALSE;

  gsock_result_foreach_record (result, TRUE, address_cb, records);
  for (guint i = 0; i < names->addresses->len; i++)
    {
      const GsockAddress *address = &g_array_index (names->addresses,
                                                    GsockAddress, i);
      g_autofree char *host = gsock_address_host_to_string (address);

      if (dns_has_address (records, host))
        common = TRUE;
      else if (is_asked (result, address->any.sa_family))
        g_ptr_array_add (system, g_steal_pointer (&host));
    }
  for (guint i = 0; i < records->len; i++)
    {
      const GsockDnsRecord *record = g_ptr_array_index (records, i);
      int family = record->type == GSOCK_DNS_A ? AF_INET : AF_INET6;

      if (!system_has_address (names, record->data)
          && is_asked (result, family))
        g_ptr_array_add (dns, g_strdup (record->data));
    }
  return common;
}

static void
append_difference (GString *string, const char *format, GPtrArray *hosts)
{
  g_autofree char *list = NULL;

  if (hosts->len == 0)
    return;
  g_ptr_array_add (hosts, NULL);
  list = g_strjoinv (", ", (char **) hosts->pdata);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  g_string_append_printf (string, format, list);
#pragma GCC diagnostic pop
  g_string_append_c (string, '\n');
}

static void
append_differences (GString *string, const GsockResult *result)
{
  g_autoptr (GPtrArray) system = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) dns = g_ptr_array_new_with_free_func (g_free);

  if (gsock_result_differences (result, system, dns) && system->len == 0
      && dns->len == 0)
    g_string_append_printf (string, "%s\n",
                            _ ("The system and DNS agree on the addresses"));
  /* TRANSLATORS: addresses */
  append_difference (string, _ ("Only the system has %s"), system);
  append_difference (string, _ ("Only DNS has %s"), dns);
}

/**
 * gsock_result_clear:
 * @result: what is in it is freed
 */
void
gsock_result_clear (GsockResult *result)
{
  g_clear_pointer (&result->asked, g_free);
  g_clear_pointer (&result->host, g_free);
  g_clear_pointer (&result->names, gsock_names_free);
  g_clear_pointer (&result->answers, g_ptr_array_unref);
  g_clear_error (&result->error);
}

/**
 * gsock_result_append_text:
 * @string: what is printed
 * @result: what is known of a name
 * @brief: the answers alone
 *
 * Everything that came from outside is escaped.
 */
void
gsock_result_append_text (GString *string, const GsockResult *result,
                          gboolean brief)
{
  if (result->names != NULL && brief)
    append_brief (string, result->names);
  else if (result->names != NULL)
    append_block (string, result);
  if (!brief && result->names != NULL && result->answers != NULL)
    g_string_append_c (string, '\n');
  if (!brief)
    gsock_result_append_steps_text (string, result);
  if (!brief || (result->names == NULL && !gsock_result_is_doubtful (result)))
    append_records (string, result, brief);
  if (!brief)
    gsock_result_append_security_text (string, result);
  if (!brief && result->compared)
    append_differences (string, result);
}

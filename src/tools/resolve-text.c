/* resolve-text.c: what is known of a name, for people
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/call.h"
#include "core/escape.h"
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
  if (result->names == NULL)
    return;
  if (brief)
    append_brief (string, result->names);
  else
    append_block (string, result);
}

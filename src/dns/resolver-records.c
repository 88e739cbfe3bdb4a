/* resolver-records.c: records as GResolver hands them out
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What a record says is in the words of a zone file here.  A GVariant's strings
 * are UTF-8, and DNS's are any bytes: those that are none are replaced. */

#include "config.h"

#include "dns/resolver-private.h"

#include <string.h>

#include <gio/gio.h>

#include "dns/words.h"

/* --- Addresses and names ------------------------------------------------- */

static gpointer
make_addresses (const GPtrArray *records)
{
  GList *list = NULL;

  for (guint i = records->len; i > 0; i--)
    {
      const GsockDnsRecord *record = g_ptr_array_index (records, i - 1);
      GInetAddress *address = g_inet_address_new_from_string (record->data);

      if (address != NULL)
        list = g_list_prepend (list, address);
    }
  return list;
}

static void
free_addresses (gpointer list)
{
  g_resolver_free_addresses (list);
}

const ResolverProduct resolver_addresses = { make_addresses, free_addresses };

/* "good.test." without its last dot; but "." is the root. */
static char *
dup_name (const char *text)
{
  gsize size = strlen (text);
  g_autofree char *name = g_strndup (
      text, size > 1 && text[size - 1] == '.' ? size - 1 : size);

  return g_utf8_make_valid (name, -1);
}

static gpointer
make_name (const GPtrArray *records)
{
  const GsockDnsRecord *record = g_ptr_array_index (records, 0);

  return dup_name (record->data);
}

const ResolverProduct resolver_name = { make_name, g_free };

/* --- Records ------------------------------------------------------------- */

/* A character of a string: itself, "\"" or "\032"; moves @at behind it. */
static char
read_character (const char **at)
{
  const char *text = *at;

  if (text[0] != '\\' || text[1] == '\0')
    {
      *at += 1;
      return text[0];
    }
  if (g_ascii_isdigit (text[1]) && g_ascii_isdigit (text[2])
      && g_ascii_isdigit (text[3]))
    {
      *at += 4;
      return (char) ((text[1] - '0') * 100 + (text[2] - '0') * 10
                     + (text[3] - '0'));
    }
  *at += 2;
  return text[1];
}

/* '"one" "two"'. */
static GVariant *
make_text (const char *text)
{
  g_auto (GVariantBuilder)
      strings = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_STRING_ARRAY);

  while ((text = strchr (text, '"')) != NULL)
    {
      g_autoptr (GString) string = g_string_new (NULL);

      text++;
      while (*text != '"' && *text != '\0')
        g_string_append_c (string, read_character (&text));
      if (*text == '"')
        text++;
      /* A NUL is the end of a GVariant's string. */
      g_variant_builder_add_value (
          &strings,
          g_variant_new_take_string (g_utf8_make_valid (string->str, -1)));
    }
  return g_variant_new ("(as)", &strings);
}

/* The words of a record that has @count of them, or NULL. */
static GStrv
split (const char *text, guint count)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  return g_strv_length (words) == count ? g_steal_pointer (&words) : NULL;
}

static guint32
number (const char *word)
{
  return (guint32) g_ascii_strtoull (word, NULL, 10);
}

static GVariant *
make_service (const char *text)
{
  g_auto (GStrv) words = split (text, 4);

  if (words == NULL)
    return NULL;
  return g_variant_new ("(qqq@s)", (guint16) number (words[0]),
                        (guint16) number (words[1]),
                        (guint16) number (words[2]),
                        g_variant_new_take_string (dup_name (words[3])));
}

static GVariant *
make_exchange (const char *text)
{
  g_auto (GStrv) words = split (text, 2);

  if (words == NULL)
    return NULL;
  return g_variant_new ("(q@s)", (guint16) number (words[0]),
                        g_variant_new_take_string (dup_name (words[1])));
}

static GVariant *
make_authority (const char *text)
{
  g_auto (GStrv) words = split (text, 7);

  if (words == NULL)
    return NULL;
  return g_variant_new ("(@s@suuuuu)",
                        g_variant_new_take_string (dup_name (words[0])),
                        g_variant_new_take_string (dup_name (words[1])),
                        number (words[2]), number (words[3]), number (words[4]),
                        number (words[5]), number (words[6]));
}

static GVariant *
make_record (const GsockDnsRecord *record)
{
  switch (record->type)
    {
    case GSOCK_DNS_SRV:
      return make_service (record->data);
    case GSOCK_DNS_MX:
      return make_exchange (record->data);
    case GSOCK_DNS_TXT:
      return make_text (record->data);
    case GSOCK_DNS_SOA:
      return make_authority (record->data);
    case GSOCK_DNS_NS:
      return g_variant_new (
          "(@s)", g_variant_new_take_string (dup_name (record->data)));
    default:
      return NULL;
    }
}

static gpointer
make_records (const GPtrArray *records)
{
  GList *list = NULL;

  for (guint i = records->len; i > 0; i--)
    {
      GVariant *value = make_record (g_ptr_array_index (records, i - 1));

      if (value != NULL)
        list = g_list_prepend (list, g_variant_ref_sink (value));
    }
  return list;
}

static void
free_records (gpointer list)
{
  g_list_free_full (list, (GDestroyNotify) g_variant_unref);
}

const ResolverProduct resolver_records = { make_records, free_records };

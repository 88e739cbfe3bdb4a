/* resolve-json.c: what is known of a name, for programs
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <net/if.h>
#include <string.h>

#include "core/error.h"
#include "core/escape.h"
#include "tools/resolve-result.h"

static void
json_text (GString *string, const char *key, const char *value)
{
  gsock_json_key (string, key);
  gsock_json_append (string, value, strlen (value));
}

static void
json_address (GString *string, const GsockAddress *address)
{
  gboolean six = address->any.sa_family == AF_INET6;
  g_autofree char *host = gsock_address_host_to_string (address);
  char *scope = strchr (host, '%');

  if (scope != NULL)
    *scope++ = '\0';
  g_string_append (string, "{\"address\":");
  gsock_json_append (string, host, strlen (host));
  json_text (string, "family", six ? "inet6" : "inet");
  g_string_append_printf (string, ",\"length\":%d", six ? 16 : 4);
  if (scope != NULL)
    json_text (string, "scope", scope);
  g_string_append_c (string, '}');
}

static void
json_names (GString *string, const GsockNames *names)
{
  const GArray *addresses = names->addresses;

  if (names->canonical != NULL)
    json_text (string, names->reverse ? "first" : "canonical",
               names->canonical);
  gsock_json_key (string, names->reverse ? "names" : "aliases");
  g_string_append_c (string, '[');
  if (names->reverse && names->canonical != NULL)
    gsock_json_append (string, names->canonical, strlen (names->canonical));
  for (guint i = 0; i < names->aliases->len; i++)
    {
      const char *name = g_ptr_array_index (names->aliases, i);

      if (i > 0 || names->reverse)
        g_string_append_c (string, ',');
      gsock_json_append (string, name, strlen (name));
    }
  g_string_append (string, "],\"addresses\":[");
  for (guint i = 0; i < addresses->len; i++)
    {
      if (i > 0)
        g_string_append_c (string, ',');
      json_address (string, &g_array_index (addresses, GsockAddress, i));
    }
  g_string_append_c (string, ']');
}

static void
json_error (GString *string, const GError *error)
{
  const char *code = error->domain == GSOCK_ERROR
                         ? gsock_error_code_name (error->code)
                         : "failed";

  gsock_json_key (string, "error");
  g_string_append (string, "{\"code\":");
  gsock_json_append (string, code, strlen (code));
  g_string_append_printf (string, ",\"status\":%d",
                          gsock_error_exit_status (error));
  json_text (string, "message", error->message);
  g_string_append_c (string, '}');
}

/**
 * gsock_result_append_json:
 * @string: what is printed
 * @result: what is known of a name
 *
 * "name", "host" (where that is another), "source", the answer, "error",
 * "seconds", in this order; names are as DNS has them.
 */
void
gsock_result_append_json (GString *string, const GsockResult *result)
{
  g_string_append (string, "{\"name\":");
  gsock_json_append (string, result->asked, strlen (result->asked));
  if (result->host != NULL && strcmp (result->host, result->asked) != 0)
    json_text (string, "host", result->host);
  json_text (string, "source", result->source);
  if (result->names != NULL)
    json_names (string, result->names);
  if (result->error != NULL)
    json_error (string, result->error);
  g_string_append_printf (string, ",\"seconds\":%" G_GINT64_FORMAT ".%06d}\n",
                          result->duration / G_USEC_PER_SEC,
                          (int) (result->duration % G_USEC_PER_SEC));
}

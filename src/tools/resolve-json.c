/* resolve-json.c: what is known of a name, for programs
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "core/error.h"
#include "core/escape.h"
#include "dns/words.h"
#include "tools/resolve-result.h"

/**
 * gsock_result_append_member:
 * @string: an object that is being written
 * @key: a member's name
 * @value: (nullable): what it says; no member where there is none
 */
void
gsock_result_append_member (GString *string, const char *key, const char *value)
{
  if (value == NULL)
    return;
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
  gsock_result_append_member (string, "family", six ? "inet6" : "inet");
  g_string_append_printf (string, ",\"length\":%d", six ? 16 : 4);
  gsock_result_append_member (string, "scope", scope);
  g_string_append_c (string, '}');
}

static void
json_names (GString *string, const GsockNames *names)
{
  const GArray *addresses = names->addresses;

  if (names->canonical != NULL)
    gsock_result_append_member (string, names->reverse ? "first" : "canonical",
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
record_cb (gpointer data, gpointer user_data)
{
  const GsockDnsRecord *record = data;
  GString *string = user_data;

  if (string->str[string->len - 1] != '[')
    g_string_append_c (string, ',');
  g_string_append (string, "{\"name\":");
  gsock_json_append (string, record->owner, strlen (record->owner));
  gsock_result_append_member (string, "type", record->type_name);
  g_string_append_printf (string, ",\"ttl\":%u", record->ttl);
  gsock_result_append_member (string, "data", record->data);
  g_string_append_c (string, '}');
}

/* All types had the same server, or one that did as well; but where one of them
 * failed it is the one that is described. */
static void
json_answers (GString *string, const GsockResult *result)
{
  const GsockDnsAnswer *answer = gsock_dns_answers_get_main (result->answers);

  if (answer->server != NULL)
    {
      gsock_result_append_member (string, "server", answer->server);
      gsock_result_append_member (string, "via", answer->via);
      gsock_result_append_member (string, "rcode",
                                  gsock_dns_rcode_name (answer->rcode));
    }
  gsock_result_append_member (string, "verdict",
                              gsock_dns_verdict_name (answer->verdict));
  gsock_json_key (string, "ad");
  g_string_append (string, answer->ad ? "true" : "false");
  if (answer->target != NULL)
    gsock_result_append_member (string, "target", answer->target);
  if (answer->ede >= 0)
    {
      g_string_append_printf (string, ",\"ede\":{\"code\":%d", answer->ede);
      if (answer->ede_text != NULL)
        gsock_result_append_member (string, "text", answer->ede_text);
      g_string_append_c (string, '}');
    }
  g_string_append (string, ",\"records\":[");
  gsock_result_foreach_record (result, FALSE, record_cb, string);
  g_string_append_c (string, ']');
  gsock_result_append_security_json (string, result);
  gsock_result_append_steps_json (string, result);
}

static void
json_list (GString *string, const char *key, const GPtrArray *list)
{
  gsock_json_key (string, key);
  g_string_append_c (string, '[');
  for (guint i = 0; i < list->len; i++)
    {
      const char *text = g_ptr_array_index (list, i);

      if (i > 0)
        g_string_append_c (string, ',');
      gsock_json_append (string, text, strlen (text));
    }
  g_string_append_c (string, ']');
}

static void
json_differences (GString *string, const GsockResult *result)
{
  g_autoptr (GPtrArray) system = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) dns = g_ptr_array_new_with_free_func (g_free);

  gsock_result_differences (result, system, dns);
  json_list (string, "only_system", system);
  json_list (string, "only_dns", dns);
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
  gsock_result_append_member (string, "message", error->message);
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
    gsock_result_append_member (string, "host", result->host);
  gsock_result_append_member (string, "source", result->source);
  if (result->names != NULL)
    json_names (string, result->names);
  if (result->answers != NULL)
    json_answers (string, result);
  if (result->compared)
    json_differences (string, result);
  if (result->error != NULL)
    json_error (string, result->error);
  g_string_append_printf (string, ",\"seconds\":%" G_GINT64_FORMAT ".%06d}\n",
                          result->duration / G_USEC_PER_SEC,
                          (int) (result->duration % G_USEC_PER_SEC));
}

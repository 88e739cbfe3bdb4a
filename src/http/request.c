/* request.c: what is asked of a server
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "http/request.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"
#include "http/headers.h"

/**
 * gsock_request_new:
 * @method: "GET"
 * @url: where to
 * @error: %GSOCK_ERROR_USAGE
 *
 * Returns: (transfer full) (nullable): a request without any field
 */
GsockRequest *
gsock_request_new (const char *method, GsockUrl *url, GError **error)
{
  GsockRequest *request;

  if (!gsock_http_is_token (method, strlen (method)))
    {
      g_autofree char *shown = gsock_escape_brief (method);

      gsock_refuse (error, _ ("'%s' is no method of HTTP"), shown);
      return NULL;
    }
  request = g_new0 (GsockRequest, 1);
  request->url = gsock_url_ref (url);
  request->method = g_strdup (method);
  request->fields = g_ptr_array_new_with_free_func (g_free);
  return request;
}

/**
 * gsock_request_free:
 * @request: (nullable) (transfer full): a request
 */
void
gsock_request_free (GsockRequest *request)
{
  if (request == NULL)
    return;
  gsock_url_unref (request->url);
  g_free (request->method);
  g_ptr_array_unref (request->fields);
  g_clear_pointer (&request->body, g_bytes_unref);
  g_free (request);
}

/**
 * gsock_request_add:
 * @request: a request
 * @name: of a field
 * @value: its value
 * @error: %GSOCK_ERROR_USAGE
 *
 * Returns: %FALSE where the two can't be one field
 */
gboolean
gsock_request_add (GsockRequest *request, const char *name, const char *value,
                   GError **error)
{
  if (!gsock_http_is_token (name, strlen (name))
      || !gsock_http_is_value (value, strlen (value)))
    {
      g_autofree char *shown_name = gsock_escape_brief (name);
      g_autofree char *shown_value = gsock_escape_brief (value);

      return gsock_refuse (error,
                           /* TRANSLATORS: a header's name and value */
                           _ ("'%s: %s' is no header line"), shown_name,
                           shown_value);
    }
  g_ptr_array_add (request->fields, g_strdup (name));
  g_ptr_array_add (request->fields, g_strdup (value));
  return TRUE;
}

/**
 * gsock_request_set:
 * @request: a request
 * @name: of a field
 * @value: (nullable): its value
 * @error: %GSOCK_ERROR_USAGE
 *
 * Returns: %FALSE where the two can't be one field
 */
gboolean
gsock_request_set (GsockRequest *request, const char *name, const char *value,
                   GError **error)
{
  for (guint i = request->fields->len; i >= 2; i -= 2)
    if (g_ascii_strcasecmp (request->fields->pdata[i - 2], name) == 0)
      g_ptr_array_remove_range (request->fields, i - 2, 2);
  return value == NULL || gsock_request_add (request, name, value, error);
}

/**
 * gsock_request_get:
 * @request: a request
 * @name: of a field
 *
 * Returns: (nullable): the value of the first of that name
 */
const char *
gsock_request_get (const GsockRequest *request, const char *name)
{
  for (guint i = 0; i < request->fields->len; i += 2)
    if (g_ascii_strcasecmp (request->fields->pdata[i], name) == 0)
      return request->fields->pdata[i + 1];
  return NULL;
}

/**
 * gsock_method_is_idempotent:
 * @method: "GET"
 *
 * Returns: %TRUE if to ask twice is to ask once (RFC 9110, 9.2.2)
 */
gboolean
gsock_method_is_idempotent (const char *method)
{
  static const char *const methods[] = { "GET",     "HEAD",  "PUT", "DELETE",
                                         "OPTIONS", "TRACE", NULL };

  return g_strv_contains (methods, method);
}

/**
 * gsock_request_to_http1:
 * @request: a request
 * @target: (nullable): what the request line asks for; a proxy wants the whole
 *   URL
 *
 * Returns: (transfer full): its bytes, the body too
 */
GString *
gsock_request_to_http1 (const GsockRequest *request, const char *target)
{
  GString *bytes = g_string_sized_new (512);

  if (target == NULL)
    target = request->url->target;
  if (request->simple)
    {
      g_string_append_printf (bytes, "%s %s\n", request->method, target);
      return bytes;
    }
  g_string_append_printf (bytes, "%s %s HTTP/1.1\r\n", request->method, target);
  for (guint i = 0; i < request->fields->len; i += 2)
    g_string_append_printf (bytes, "%s: %s\r\n",
                            (const char *) request->fields->pdata[i],
                            (const char *) request->fields->pdata[i + 1]);
  g_string_append (bytes, "\r\n");
  if (request->body != NULL)
    g_string_append_len (bytes, g_bytes_get_data (request->body, NULL),
                         (gssize) g_bytes_get_size (request->body));
  return bytes;
}

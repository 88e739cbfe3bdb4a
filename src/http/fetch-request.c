/* fetch-request.c: what a transfer asks for, given what it has already
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "core/error.h"
#include "http/fetch-private.h"

/* A part, or the file that may be whole already. */
gboolean
fetch_is_resuming (const GsockFetch *fetch)
{
  return fetch->offset > 0;
}

static const char *
validator_of (const GsockFetch *fetch)
{
  const GsockSinkOrigin *origin = gsock_sink_get_origin (fetch->sink);

  return origin != NULL && g_str_equal (origin->url, fetch->url->text)
             ? origin->validator
             : NULL;
}

/* Where the next request begins: at the end of a part that is known to be of
 * this URL; at the end of a file that may be whole; at 0. */
static void
choose_offset (GsockFetch *fetch)
{
  guint64 size;

  fetch->offset = 0;
  if (fetch->restarted || fetch->options->range != NULL)
    return;
  if (gsock_sink_is_there (fetch->sink, &size))
    fetch->offset = size;
  else if (validator_of (fetch) != NULL)
    fetch->offset = gsock_sink_get_offset (fetch->sink);
}

static gboolean
add_range (GsockFetch *fetch, GsockRequest *request, GError **error)
{
  const char *validator = validator_of (fetch);
  g_autofree char *range = NULL;

  if (fetch->options->range != NULL)
    range = g_strconcat ("bytes=", fetch->options->range, NULL);
  else if (fetch->offset > 0)
    range = g_strdup_printf ("bytes=%" G_GUINT64_FORMAT "-", fetch->offset);
  if (range == NULL)
    return TRUE;
  if (!gsock_request_add (request, "Range", range, error))
    return FALSE;
  return fetch->options->range != NULL || validator == NULL
         || gsock_request_add (request, "If-Range", validator, error);
}

/* Those given by hand take the place of ours, and are for the first origin
 * only. */
static gboolean
add_given (GsockFetch *fetch, GsockRequest *request, GError **error)
{
  const GPtrArray *fields = fetch->options->fields;

  if (fields == NULL || fetch->foreign)
    return TRUE;
  for (guint i = 0; i < fields->len; i += 2)
    if (!gsock_request_set (request, fields->pdata[i], NULL, error))
      return FALSE;
  for (guint i = 0; i < fields->len; i += 2)
    if (fields->pdata[i + 1] != NULL
        && !gsock_request_add (request, fields->pdata[i], fields->pdata[i + 1],
                               error))
      return FALSE;
  return TRUE;
}

static gboolean
add_body (GsockFetch *fetch, GsockRequest *request, GError **error)
{
  g_autofree char *length = NULL;

  if (fetch->body == NULL)
    return TRUE;
  request->body = g_bytes_ref (fetch->body);
  length = g_strdup_printf ("%" G_GSIZE_FORMAT, g_bytes_get_size (fetch->body));
  return gsock_request_add (request, "Content-Type", fetch->options->type,
                            error)
         && gsock_request_add (request, "Content-Length", length, error);
}

/* Nothing that is known of the first origin goes to another one. */
static gboolean
add_auth (GsockFetch *fetch, GsockRequest *request, GError **error)
{
  g_autoptr (GError) failure = NULL;

  fetch->auth = NULL;
  g_clear_pointer (&fetch->auth_sent, g_free);
  if (fetch->foreign || fetch->options->session == NULL)
    return TRUE;
  fetch->auth = gsock_session_get_auth (fetch->options->session, fetch->url,
                                        &failure);
  if (fetch->auth != NULL)
    fetch->auth_sent = gsock_auth_answer (fetch->auth, fetch->method,
                                          fetch->current->target, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  return fetch->auth_sent == NULL
         || gsock_request_add (request, "Authorization", fetch->auth_sent,
                               error);
}

/* The jar knows to whom each one may go. */
static gboolean
add_cookies (GsockFetch *fetch, GsockRequest *request, GError **error)
{
  g_autofree char *cookies = NULL;

  if (fetch->options->session == NULL)
    return TRUE;
  cookies = gsock_session_dup_cookies (fetch->options->session, fetch->current);
  return cookies == NULL
         || gsock_request_add (request, "Cookie", cookies, error);
}

static gboolean
may_compress (const GsockFetch *fetch)
{
  return fetch->options->compressed && fetch->offset == 0;
}

static gboolean
fill (GsockFetch *fetch, GsockRequest *request, GError **error)
{
  return gsock_request_add (request, "Host", fetch->current->authority, error)
         && gsock_request_add (request, "User-Agent",
                               fetch->options->user_agent, error)
         && gsock_request_add (request, "Accept", "*/*", error)
         && (!may_compress (fetch)
             || gsock_request_add (request, "Accept-Encoding",
                                   gsock_decoder_accepts (), error))
         && add_auth (fetch, request, error)
         && add_cookies (fetch, request, error)
         && add_range (fetch, request, error)
         && add_body (fetch, request, error)
         && add_given (fetch, request, error);
}

/* The next one of @fetch; GSOCK_ERROR_USAGE where something in it can't be
 * sent. */
GsockRequest *
fetch_new_request (GsockFetch *fetch, GError **error)
{
  g_autoptr (GsockRequest)
      request = gsock_request_new (fetch->method, fetch->current, error);

  if (request == NULL)
    return NULL;
  choose_offset (fetch);
  request->simple = fetch->options->simple;
  if (!request->simple && !fill (fetch, request, error))
    return NULL;
  return g_steal_pointer (&request);
}

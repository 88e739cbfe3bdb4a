/* fetch-denial.c: a proxy that will not ask for us
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"
#include "http/challenge.h"
#include "http/fetch-private.h"

/* "Digest, NTLM" */
static char *
schemes_of (const GPtrArray *challenges)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < challenges->len; i++)
    g_string_append_printf (
        names, i > 0 ? ", %s" : "%s",
        ((const GsockChallenge *) challenges->pdata[i])->scheme);
  return gsock_escape_brief (names->str);
}

static gboolean
takes_basic (const GPtrArray *challenges)
{
  for (guint i = 0; i < challenges->len; i++)
    if (g_ascii_strcasecmp (
            ((const GsockChallenge *) challenges->pdata[i])->scheme, "Basic")
        == 0)
      return TRUE;
  return challenges->len == 0;
}

static GError *
new_denial (const GsockProxy *proxy, const GPtrArray *challenges)
{
  g_autofree char *shown = gsock_endpoint_to_display (
      gsock_proxy_get_endpoint (proxy));
  g_autofree char *schemes = NULL;

  if (!takes_basic (challenges))
    {
      schemes = schemes_of (challenges);
      return g_error_new (
          GSOCK_ERROR, GSOCK_ERROR_DENIED,
          /* TRANSLATORS: a proxy's address; names of ways to tell who one is,
             "Digest, NTLM" */
          _ ("the proxy %s wants to know who we are by %s; only Basic is told "
             "to proxies"),
          shown, schemes);
    }
  if (gsock_proxy_has_user (proxy))
    return g_error_new (
        GSOCK_ERROR, GSOCK_ERROR_DENIED,
        /* TRANSLATORS: a proxy's address */
        _ ("the proxy %s says that the user or the password is wrong"), shown);
  return g_error_new (
      GSOCK_ERROR, GSOCK_ERROR_DENIED,
      _ ("the proxy %s wants to know who we are; write USER@ before its host, "
         "and the password into $GSOCK_PROXY_PASSWORD"),
      shown);
}

/**
 * fetch_take_denial:
 * @fetch: a fetch
 * @head: of the answer to it
 *
 * Returns: %TRUE if it is no server's, but the proxy's that has asked for us
 */
gboolean
fetch_take_denial (GsockFetch *fetch, const GsockHttpHead *head)
{
  const GsockProxy *proxy = gsock_exchange_get_forwarder (fetch->exchange);
  g_autoptr (GPtrArray) challenges = g_ptr_array_new_with_free_func (
      (GDestroyNotify) gsock_challenge_free);
  const char *field;
  guint index = 0;

  if (head->status != 407 || proxy == NULL)
    return FALSE;
  while ((field = gsock_http_head_next (head, "Proxy-Authenticate", &index))
         != NULL)
    (void) gsock_challenges_parse (challenges, field);
  g_clear_error (&fetch->error);
  fetch->error = new_denial (proxy, challenges);
  fetch->fate = FETCH_BODY_DISCARD;
  return TRUE;
}

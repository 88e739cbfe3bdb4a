/* forward-options.c: where the options of gsock-server connect clients on to
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tools/forward-options.h"

#include <sys/socket.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"
#include "core/log.h"
#include "tools/options.h"
#include "tools/send-proxy.h"
#include "tools/server-options.h"
#include "tools/tls-options.h"

/* Where a stream has no frame, messages of the other side have no bounds. */
static void
warn_of_bounds (const GPtrArray *endpoints, const GsockEndpoint *upstream)
{
  for (guint i = 0; i < endpoints->len; i++)
    {
      const GsockEndpoint *endpoint = g_ptr_array_index (endpoints, i);
      g_autoptr (GError) error = NULL;
      g_autofree char *here = NULL, *there = NULL;

      if (gsock_endpoint_get_kind (endpoint) == GSOCK_ENDPOINT_SD
          || gsock_endpoint_get_kind (endpoint) == GSOCK_ENDPOINT_FD
          || gsock_endpoint_get_kind (upstream) == GSOCK_ENDPOINT_FD
          || gsock_endpoint_is_stream (endpoint)
                 == gsock_endpoint_is_stream (upstream))
        continue;
      /* With their schemes, which are what it is about. */
      here = gsock_escape (gsock_endpoint_to_string (endpoint), -1);
      there = gsock_escape (gsock_endpoint_to_string (upstream), -1);
      error = g_error_new (
          GSOCK_ERROR, GSOCK_ERROR_USAGE,
          /* TRANSLATORS: two addresses, an option. */
          _ ("Between %s and %s messages lose their bounds, for a stream has "
             "none; to mark them there: %s"),
          here, there, "--frame");
      gsock_log (GSOCK_EVENT_WARNING, .error = error);
      return;
    }
}

/**
 * gsock_forward_options_fill:
 * @forward: gets everything
 * @config: as gsock_server_options_fill() has filled it; gets what is read
 *   again on SIGHUP
 * @error: %GSOCK_ERROR_USAGE
 *
 * Returns: %TRUE if the TLS options go with the address
 */
gboolean
gsock_forward_options_fill (GsockForward *forward, GsockServerConfig *config,
                            GError **error)
{
  GsockEndpoint *upstream = gsock_server_options_get ()->upstream;
  GsockDialOptions dial = { .connect = { .family = AF_UNSPEC } };

  if (!gsock_send_proxy_check (upstream, error)
      || !gsock_tool_requires (gsock_endpoint_get_kind (upstream)
                                   == GSOCK_ENDPOINT_FD,
                               "--forward=fd:", config->once, "--once", error))
    return FALSE;
  gsock_options_fill_dial (&dial);
  dial.send_proxy = gsock_send_proxy_get_version ();
  if (gsock_endpoint_is_tls (upstream)
      && !gsock_tls_options_fill_dial (&dial, upstream, error))
    return FALSE;
  config->upstream_tls = dial.tls;
  if (config->connection.codec->raw)
    warn_of_bounds (config->endpoints, upstream);
  gsock_forward_init (forward, upstream, &dial, &config->connection);
  return TRUE;
}

/* dial.c: from an endpoint to a carrier: the socket, and what is laid over it
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Each step hands what it has made to the next, and the first that fails ends
 * all:
 *
 *   connect:  endpoint, or the proxy -> a connected socket
 *   secure:   TLS over it, where the proxy is an https: one
 *   look up:  the endpoint's address, where the proxy wants to be told it
 *   tunnel:   the proxy connects on to the endpoint
 *   announce: a PROXY header, where the endpoint is to know whose it is
 *   secure:   TLS over that, where the endpoint is a tls: one
 *   finish:   the carrier is the caller's */

#include "config.h"

#include "core/dial.h"

#include <errno.h>
#include <sys/socket.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/resolve.h"
#include "core/srv.h"
#include "core/tunnel.h"

/* Belongs to the thread of its context. */
struct _GsockDial
{
  GsockConnect *connect; /* while there is no socket */
  GsockTlsHandshake *handshake;
  GsockResolve *resolve;
  GsockTunnel *tunnel;
  GsockEndpoint *endpoint;
  GsockEndpoint *meant;     /* or NULL */
  GsockProxy *proxy;        /* or NULL */
  GsockTls *tls;            /* or NULL */
  guint send_proxy;         /* a version; 0: no header */
  GsockProxyHeader *header; /* or NULL: ours */
  const char *const *alpn;  /* or NULL */
  GMainContext *context;
  GsockWorker *worker; /* of handshake and tunnel; or NULL so far */
  gint64 timeout;      /* microseconds; 0: none */
  gint64 deadline;     /* monotonic microseconds, of a timeout */
  GsockCarrier carrier;
  gboolean is_through;         /* the proxy, if there is one */
  gint64 *connected, *secured; /* the caller's, or NULL */
  GsockDialFunc func;
  gpointer data;
};

static void
dial_free (GsockDial *dial)
{
  g_clear_pointer (&dial->connect, gsock_connect_cancel);
  g_clear_pointer (&dial->handshake, gsock_tls_handshake_cancel);
  g_clear_pointer (&dial->resolve, gsock_resolve_cancel);
  g_clear_pointer (&dial->tunnel, gsock_tunnel_cancel);
  gsock_carrier_close (&dial->carrier);
  g_clear_pointer (&dial->worker, gsock_worker_free);
  g_clear_pointer (&dial->tls, gsock_tls_unref);
  g_clear_pointer (&dial->proxy, gsock_proxy_unref);
  gsock_endpoint_unref (dial->endpoint);
  g_clear_pointer (&dial->meant, gsock_endpoint_unref);
  g_main_context_unref (dial->context);
  g_free (dial->header);
  g_free (dial);
}

static void
finish (GsockDial *dial, const GError *error)
{
  g_auto (GsockCarrier) carrier = gsock_carrier_steal (&dial->carrier);

  dial->func (&carrier, error, dial->data);
  dial_free (dial);
}

/* What fails before the proxy is reached is not the endpoint's fault. */
static void
fail_or_finish (GsockDial *dial, const GError *error)
{
  g_autoptr (GError) failure = NULL;

  if (error != NULL && dial->proxy != NULL && !dial->is_through)
    failure = gsock_proxy_new_error (error);
  finish (dial, failure != NULL ? failure : error);
}

static void
note_time (gint64 *when)
{
  if (when != NULL)
    *when = g_get_monotonic_time ();
}

static void go_on (GsockDial *dial);

/* Of all the steps. */
static GsockTimeLimit
limit_of (const GsockDial *dial)
{
  return (GsockTimeLimit) {
    .given = dial->timeout,
    .left = MAX (dial->deadline - g_get_monotonic_time (), 1),
  };
}

static gboolean
has_worker (GsockDial *dial)
{
  g_autoptr (GError) error = NULL;

  if (dial->worker == NULL)
    dial->worker = gsock_worker_new (dial->context, &error);
  if (dial->worker != NULL)
    return TRUE;
  gsock_carrier_close (&dial->carrier);
  finish (dial, error);
  return FALSE;
}

/* TLS */

static void
secured_cb (GsockCarrier *carrier, const GError *error, gpointer data)
{
  GsockDial *dial = data;

  dial->handshake = NULL;
  dial->carrier = gsock_carrier_steal (carrier);
  if (error == NULL && !dial->is_through)
    {
      go_on (dial); /* it was the proxy's */
      return;
    }
  if (error == NULL)
    note_time (dial->secured);
  fail_or_finish (dial, error);
}

/* Whom TLS is with next. */
static const GsockEndpoint *
party_of (const GsockDial *dial)
{
  if (!dial->is_through)
    return gsock_proxy_get_endpoint (dial->proxy);
  return dial->meant != NULL ? dial->meant : dial->endpoint;
}

/* What is shown to the endpoint, and trusted of it, is not for the proxy. */
static void
secure (GsockDial *dial)
{
  GsockTlsParty party = {
    .remote = party_of (dial),
    .limit = limit_of (dial),
    .alpn = dial->is_through ? dial->alpn : NULL,
  };

  if (has_worker (dial))
    dial->handshake = gsock_tls_handshake_start (
        dial->is_through ? dial->tls : NULL, &dial->carrier, &party,
        dial->worker, secured_cb, dial);
}

/* The proxy */

static void
tunnelled_cb (GsockCarrier *carrier, const GError *error, gpointer data)
{
  GsockDial *dial = data;

  dial->tunnel = NULL;
  dial->is_through = TRUE;
  dial->carrier = gsock_carrier_steal (carrier);
  if (error == NULL && gsock_endpoint_is_tls (dial->endpoint))
    secure (dial);
  else
    finish (dial, error);
}

static void
tunnel (GsockDial *dial, const GsockAddress *address)
{
  if (has_worker (dial))
    dial->tunnel = gsock_tunnel_start (dial->proxy, &dial->carrier,
                                       dial->endpoint, address, limit_of (dial),
                                       dial->worker, tunnelled_cb, dial);
}

static void
resolved_cb (const GArray *addresses, const GError *error, gpointer data)
{
  GsockDial *dial = data;

  dial->resolve = NULL;
  if (error != NULL)
    {
      gsock_carrier_close (&dial->carrier);
      finish (dial, error);
    }
  else
    tunnel (dial, &g_array_index (addresses, GsockAddress, 0));
}

/* The proxy is reached, and TLS with it if it speaks that. */
static void
go_on (GsockDial *dial)
{
  static const GsockResolveWish ipv4 = { AF_INET, "socks4" };
  g_autoptr (GError) error = NULL;
  GsockAddress address = { .size = 0 };

  if (!gsock_proxy_wants_address (dial->proxy))
    tunnel (dial, NULL);
  else if (gsock_resolve_is_name (dial->endpoint))
    dial->resolve = gsock_resolve_start (dial->endpoint, &ipv4, dial->context,
                                         resolved_cb, dial);
  else if (gsock_resolve_literal (&address, dial->endpoint, &ipv4, &error))
    tunnel (dial, &address);
  else
    {
      gsock_carrier_close (&dial->carrier);
      finish (dial, error);
    }
}

/* The PROXY header */

typedef int (*NameFunc) (int fd, struct sockaddr *address, socklen_t *size);

static void
take_name (GsockAddress *address, int fd, NameFunc name)
{
  GsockPeer peer;

  address->size = sizeof address->storage;
  if (name (fd, &address->any, &address->size) != 0
      || address->size > sizeof address->storage)
    address->size = 0;
  /* What is IPv4 in an IPv6 socket is told as IPv4. */
  gsock_peer_init_from_native (&peer, &address->any, address->size);
  if (peer.family == AF_INET)
    gsock_address_init_from_peer (address, &peer);
}

/* "The sender must ensure that all the protocol header is sent at once": it is
 * the first that this socket carries, so there is room for it. */
static gboolean
announce (GsockDial *dial, GError **error)
{
  GsockProxyHeader own = { .version = 0 };
  GsockProxyHeader *header = dial->header != NULL ? dial->header : &own;
  char data[GSOCK_PROXY_HEADER_OWN_MAX];
  g_autofree char *who = NULL;
  gsize size;
  gssize n;

  if (dial->header == NULL)
    {
      take_name (&own.source, dial->carrier.fd, getsockname);
      take_name (&own.destination, dial->carrier.fd, getpeername);
    }
  header->version = dial->send_proxy;
  size = gsock_proxy_header_encode (header, data);
  n = dial->carrier.klass->send (&dial->carrier, data, size, error);
  if (n == (gssize) size)
    return TRUE;
  if (n < 0 && *error != NULL)
    return FALSE;
  who = gsock_endpoint_to_display (dial->endpoint);
  gsock_set_error_errno (error, GSOCK_ERROR_RESET, n < 0 ? errno : EMSGSIZE,
                         /* TRANSLATORS: an address. */
                         _ ("Cannot send the PROXY header to %s"), who);
  return FALSE;
}

/* DNS may have been lied to: whoever is reached must be the domain that was
 * asked for (RFC 6125), not the host that it named. */
static GsockEndpoint *
domain_of (const GsockEndpoint *endpoint)
{
  g_autofree char *domain = NULL, *text = NULL;

  if (gsock_endpoint_get_kind (endpoint) != GSOCK_ENDPOINT_SRV
      || !gsock_endpoint_is_tls (endpoint))
    return NULL;
  domain = gsock_srv_domain (endpoint);
  text = g_strdup_printf ("tls:%s:443", domain);
  return gsock_endpoint_parse (text, GSOCK_ENDPOINT_FOR_CLIENT, NULL);
}

static void
connected_cb (int fd, const GError *error, gpointer data)
{
  GsockDial *dial = data;
  g_autoptr (GError) failure = NULL;

  dial->connect = NULL;
  if (fd < 0)
    {
      fail_or_finish (dial, error);
      return;
    }
  note_time (dial->connected);
  if (dial->meant == NULL)
    dial->meant = domain_of (dial->endpoint);
  dial->carrier = gsock_carrier_for_socket (fd, NULL, NULL);
  dial->is_through = dial->proxy == NULL;
  if (dial->send_proxy != 0 && dial->is_through && !announce (dial, &failure))
    {
      gsock_carrier_close (&dial->carrier);
      finish (dial, failure);
      return;
    }
  if (gsock_endpoint_is_tls (dial->is_through
                                 ? dial->endpoint
                                 : gsock_proxy_get_endpoint (dial->proxy)))
    secure (dial);
  else if (!dial->is_through)
    go_on (dial);
  else
    finish (dial, NULL);
}

/**
 * gsock_dial_start:
 * @endpoint: what to reach
 * @options: how; copied
 * @context: the context whose thread calls this, and in which @func is called
 * @func: told the outcome, once, never before this has returned
 * @data: for @func
 *
 * Connects as gsock_connect_start() does, and says its errors; through a proxy,
 * those of gsock_tunnel_start(); then, for a tls: endpoint, those of
 * gsock_tls_handshake_start().  With a proxy @endpoint has a host and a port.
 *
 * Returns: (transfer none): it frees itself when it has called @func
 */
GsockDial *
gsock_dial_start (const GsockEndpoint *endpoint,
                  const GsockDialOptions *options, GMainContext *context,
                  GsockDialFunc func, gpointer data)
{
  GsockDial *dial = g_new0 (GsockDial, 1);

  dial->func = func;
  dial->data = data;
  dial->connected = options->connected;
  dial->secured = options->secured;
  dial->alpn = options->alpn;
  dial->carrier.fd = -1;
  dial->send_proxy = options->send_proxy;
  if (options->header != NULL)
    dial->header = g_memdup2 (options->header, sizeof *options->header);
  dial->context = g_main_context_ref (context);
  dial->endpoint = gsock_endpoint_ref ((GsockEndpoint *) (guintptr) endpoint);
  if (options->meant != NULL)
    dial->meant = gsock_endpoint_ref (
        (GsockEndpoint *) (guintptr) options->meant);
  if (options->tls != NULL)
    dial->tls = gsock_tls_ref (options->tls);
  dial->timeout = options->connect.timeout;
  dial->deadline = g_get_monotonic_time () + dial->timeout;
  if (options->proxy != NULL)
    dial->proxy = gsock_proxy_ref (options->proxy);
  dial->connect = gsock_connect_start (
      dial->proxy != NULL ? gsock_proxy_get_endpoint (dial->proxy) : endpoint,
      &options->connect, context, connected_cb, dial);
  return dial;
}

/**
 * gsock_dial_cancel:
 * @dial: (transfer full): one whose func has not been called
 *
 * Closes what it has opened and frees it; its func is not called any more.
 */
void
gsock_dial_cancel (GsockDial *dial)
{
  dial_free (dial);
}

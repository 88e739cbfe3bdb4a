/* tls.h: TLS over any carrier: what we show, whom we trust, the handshake
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/carrier.h"
#include "core/endpoint.h"
#include "core/peer.h"
#include "core/worker.h"

G_BEGIN_DECLS

/* Of GsockTlsOptions.cert: a server makes a key and a certificate for itself,
 * in memory, and whoever connects has to know its pin. */
#define GSOCK_TLS_CERT_AUTO "auto"

/* A server drops whoever has not shaken hands after this. */
#define GSOCK_TLS_TIMEOUT (10 * G_TIME_SPAN_SECOND)

/* Borrowed, all of it may be 0. */
typedef struct
{
  gboolean is_server;
  const char *cert; /* PEM file: ours and its chain, the key too if there is no
                       @key; GSOCK_TLS_CERT_AUTO; NULL: we show none */
  const char *key;  /* PEM file */
  /* PEM file of certificates to trust, and of lists of revoked ones.  NULL: a
   * client trusts the system's, a server asks for no certificate. */
  const char *trust;
  GPtrArray *pins;         /* (element-type GBytes) from gsock_tls_pin_parse:
                              trust these and no others, whatever they say; */
  gboolean insecure;       /* trust anybody */
  const char *server_name; /* whom a client means, if not the host it called */
  const char *const *alpn; /* protocols by preference, NULL at the end */
} GsockTlsOptions;

/* One side's identity and trust.  Counted, and thread-safe once made: each
 * handshake takes what it is at its start, so a reload disturbs none. */
typedef struct _GsockTls GsockTls;

GsockTls *gsock_tls_new (const GsockTlsOptions *options, GError **error);
GsockTls *gsock_tls_ref (GsockTls *tls);
void gsock_tls_unref (GsockTls *tls);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GsockTls, gsock_tls_unref)

/* Reads its files again; FALSE with @error: everything stays as it was. */
gboolean gsock_tls_reload (GsockTls *tls, GError **error);

/* "sha256:9f86…", of the certificate we show; NULL: none.  g_free. */
char *gsock_tls_dup_pin (GsockTls *tls);

/* "sha256:HEX", colons allowed: SHA-256 of the certificate in DER, what
 * "openssl x509 -fingerprint -sha256" shows. */
GBytes *gsock_tls_pin_parse (const char *text, GError **error);

/* Whom a handshake is with; copied. */
typedef struct
{
  const GsockEndpoint *remote; /* a client's: its host is asked for by SNI and
                                  has to be in the certificate; or NULL */
  const GsockPeer *peer;       /* a server's; NULL: as getpeername says */
  /* Protocols by preference, where the GsockTls has none of its own; or NULL. */
  const char *const *alpn;
  guint64 id; /* in events */
  GsockTimeLimit limit;
} GsockTlsParty;

/* Belongs to the thread of its worker. */
typedef struct _GsockTlsHandshake GsockTlsHandshake;

/* Called once: @carrier is the callee's to steal, and closed if it doesn't; with
 * @error it is of no class. */
typedef void (*GsockTlsFunc) (GsockCarrier *carrier, const GError *error,
                              gpointer data);

/* Never calls @func before it returns, never blocks, takes no thread.  Frees
 * itself after @func.  @tls: NULL: a client with the system's trust.
 * GSOCK_ERROR_TLS, _TIMED_OUT. */
GsockTlsHandshake *gsock_tls_handshake_start (GsockTls *tls,
                                              GsockCarrier *carrier,
                                              const GsockTlsParty *party,
                                              GsockWorker *worker,
                                              GsockTlsFunc func, gpointer data);
/* Closes all and frees it; func is not called any more. */
void gsock_tls_handshake_cancel (GsockTlsHandshake *handshake);

gboolean gsock_tls_carrier_is (const GsockCarrier *carrier);
/* The protocol that was agreed on; NULL: none, or not TLS.  g_free. */
char *gsock_tls_carrier_dup_alpn (const GsockCarrier *carrier);

G_END_DECLS

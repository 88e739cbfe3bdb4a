/* tls-options.c: the TLS options, and what they become in core
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A client calls, a server is called, and a server that forwards does both.
 * Whom to trust (--cacert, --pin, --insecure, --server-name) is asked of those
 * who are called; what to show (--cert, --key) goes to either side. */

#include "config.h"

#include "tools/tls-options.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "tools/options.h"

/* What ALPN can carry. */
#define PROTOCOL_MAX 255

/* Filled in once, by the main thread. */
static struct
{
  char *cacert, *cert, *key, *server_name;
  gboolean insecure;
  GPtrArray *pins; /* (element-type GBytes), or NULL */
  char **alpn;     /* or NULL */
} options;

/* What was given to a client and to a server; kept for the life of the
 * program. */
static GsockTls *made_for_client, *made_for_server;

/* --cert=auto is for those who call us, and nobody else would know it. */
static gboolean made_auto;

static gboolean
pin_cb (const char *option, const char *text, G_GNUC_UNUSED gpointer data,
        GError **error)
{
  GBytes *pin = gsock_tls_pin_parse (text, error);

  if (pin == NULL)
    return gsock_options_check (FALSE, option, error);
  if (options.pins == NULL)
    options.pins = g_ptr_array_new_with_free_func (
        (GDestroyNotify) g_bytes_unref);
  g_ptr_array_add (options.pins, pin);
  return TRUE;
}

static gboolean
alpn_cb (const char *option, const char *text, G_GNUC_UNUSED gpointer data,
         GError **error)
{
  g_auto (GStrv) protocols = g_strsplit (text, ",", -1);

  for (guint i = 0; protocols[i] != NULL || i == 0; i++)
    if (protocols[i] == NULL || protocols[i][0] == '\0'
        || strlen (protocols[i]) > PROTOCOL_MAX)
      return gsock_refuse (error,
                           /* TRANSLATORS: an option, its value, examples. */
                           _ ("%s: '%s' is no list of protocols such as %s"),
                           option, text, "h2,http/1.1");
  g_strfreev (options.alpn);
  options.alpn = g_steal_pointer (&protocols);
  return TRUE;
}

/* Whom to trust; all that is to be said to a name server. */
#define TRUST_ENTRIES \
  { "cacert", \
    0, \
    GSOCK_OPTION_STRING, \
    &options.cacert, \
    N_ ("trust the authorities in this file instead of the system's; revoked " \
        "certificates may be listed in it"), \
    N_ ("FILE") }, \
  { \
    "pin", 0, GSOCK_OPTION_CALLBACK, pin_cb, \
        N_ ("trust exactly the certificate whose SHA-256 this is " \
            "(sha256:HEX)"), \
        N_ ("PIN") \
  }

static const GOptionEntry tls_entries[] = {
  { "cert", 0, GSOCK_OPTION_STRING, &options.cert,
    N_ ("show this certificate (PEM); a server's may be auto: one made for "
        "this run, known by its pin"),
    N_ ("FILE") },
  { "key", 0, GSOCK_OPTION_STRING, &options.key,
    N_ ("its key, if that is in another file"), N_ ("FILE") },
  TRUST_ENTRIES,
  { "insecure", 'k', GSOCK_OPTION_FLAG, &options.insecure,
    N_ ("talk to anybody, without checking who it is"), NULL },
  { "server-name", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_FILENAME,
    &options.server_name,
    N_ ("whom the certificate must name (the host called)"), N_ ("NAME") },
  { "alpn", 0, GSOCK_OPTION_RARE_CALLBACK, alpn_cb,
    N_ ("protocols to agree on, the preferred one first: h2,http/1.1"),
    N_ ("LIST") },
  G_OPTION_ENTRY_NULL,
};
const GsockOptionGroup gsock_options_tls = { N_ ("Encryption (TLS):"),
                                             tls_entries, NULL };

static const GOptionEntry trust_entries[] = {
  TRUST_ENTRIES,
  G_OPTION_ENTRY_NULL,
};
const GsockOptionGroup gsock_options_trust = { NULL, trust_entries, NULL };

/**
 * gsock_tls_options_are_insecure:
 *
 * Returns: whether --insecure was given
 */
gboolean
gsock_tls_options_are_insecure (void)
{
  return options.insecure;
}

/**
 * gsock_tls_options_get_cert:
 *
 * Returns: (nullable): the file of --cert
 */
const char *
gsock_tls_options_get_cert (void)
{
  return made_auto ? NULL : options.cert;
}

/**
 * gsock_tls_options_get_key:
 *
 * Returns: (nullable): the file of --key
 */
const char *
gsock_tls_options_get_key (void)
{
  return options.key;
}

/* One that was given, of those that are about whom we call; NULL. */
static const char *
first_of_trust (void)
{
  if (options.cacert != NULL)
    return "--cacert";
  if (options.pins != NULL)
    return "--pin";
  if (options.insecure)
    return "--insecure";
  return options.server_name != NULL ? "--server-name" : NULL;
}

static const char *
first_given (void)
{
  if (options.cert != NULL)
    return "--cert";
  if (options.key != NULL)
    return "--key";
  return options.alpn != NULL ? "--alpn" : first_of_trust ();
}

static gboolean
check_together (GError **error)
{
  return gsock_tool_requires (options.key != NULL, "--key",
                              options.cert != NULL, "--cert", error)
         && gsock_tool_excludes (options.key != NULL, "--key",
                                 g_strcmp0 (options.cert, GSOCK_TLS_CERT_AUTO)
                                     == 0,
                                 "--cert=auto", error)
         && gsock_tool_excludes (options.insecure, "--insecure",
                                 options.pins != NULL, "--pin", error)
         && gsock_tool_excludes (options.insecure, "--insecure",
                                 options.cacert != NULL, "--cacert", error)
         && gsock_tool_excludes (options.pins != NULL, "--pin",
                                 options.cacert != NULL, "--cacert", error);
}

/**
 * gsock_tls_options_fill_dial:
 * @dial: gets what the options say
 * @remote: whom it calls
 * @error: %GSOCK_ERROR_USAGE, or _TLS: no GnuTLS
 *
 * Options that say nothing leave @dial without: nothing is read before it has
 * to be.
 *
 * Returns: whether the options make sense
 */
gboolean
gsock_tls_options_fill_dial (GsockDialOptions *dial,
                             const GsockEndpoint *remote, GError **error)
{
  const GsockTlsOptions tls = {
    .cert = made_auto ? NULL : options.cert,
    .key = options.key,
    .trust = options.cacert,
    .pins = options.pins,
    .insecure = options.insecure,
    .server_name = options.server_name,
    .alpn = (const char *const *) options.alpn,
  };
  const char *given = first_given ();

  if (given == NULL)
    return TRUE;
  if (!gsock_tool_requires (TRUE, given, gsock_endpoint_is_tls (remote),
                            "tls:", error)
      || !check_together (error))
    return FALSE;
  g_clear_pointer (&made_for_client, gsock_tls_unref);
  made_for_client = gsock_tls_new (&tls, error);
  dial->tls = made_for_client;
  return dial->tls != NULL;
}

/**
 * gsock_tls_options_make_trust:
 * @remote: (nullable): whom it calls
 * @what: an option that would have it call somebody by TLS
 * @tls: (out) (transfer none): %NULL where the options say nothing
 * @error: %GSOCK_ERROR_USAGE, or _TLS: no GnuTLS
 *
 * Returns: whether the options make sense
 */
gboolean
gsock_tls_options_make_trust (const GsockEndpoint *remote, const char *what,
                              GsockTls **tls, GError **error)
{
  const GsockTlsOptions made = { .trust = options.cacert,
                                 .pins = options.pins };
  const char *given = first_of_trust ();

  *tls = NULL;
  if (given == NULL)
    return TRUE;
  if (!gsock_tool_requires (TRUE, given,
                            remote != NULL && gsock_endpoint_is_tls (remote),
                            what, error)
      || !check_together (error))
    return FALSE;
  if (made_for_client == NULL)
    made_for_client = gsock_tls_new (&made, error);
  *tls = made_for_client;
  return *tls != NULL;
}

static gboolean
has_tls (GPtrArray *endpoints)
{
  for (guint i = 0; i < endpoints->len; i++)
    if (gsock_endpoint_is_tls (g_ptr_array_index (endpoints, i)))
      return TRUE;
  return FALSE;
}

/**
 * gsock_tls_options_make_server:
 * @endpoints: (element-type GsockEndpoint): what it serves
 * @client_ca: (nullable): who signs clients' certificates
 * @remote: (nullable): whom it calls itself
 * @tls: (out) (transfer none): NULL where no endpoint needs it
 * @error: %GSOCK_ERROR_USAGE, or _TLS: no GnuTLS
 *
 * Returns: whether the options make sense
 */
gboolean
gsock_tls_options_make_server (GPtrArray *endpoints, const char *client_ca,
                               const GsockEndpoint *remote, GsockTls **tls,
                               GError **error)
{
  const GsockTlsOptions made = {
    .is_server = TRUE,
    .cert = options.cert,
    .key = options.key,
    .trust = client_ca,
    .alpn = (const char *const *) options.alpn,
  };
  gboolean calls = remote != NULL && gsock_endpoint_is_tls (remote);
  gboolean serves = has_tls (endpoints);
  const char *given = first_given ();

  *tls = NULL;
  if (!gsock_tool_requires (client_ca != NULL, "--client-ca", serves,
                            "tls:", error)
      || !gsock_tool_requires (first_of_trust () != NULL, first_of_trust (),
                               calls, "--forward=tls:", error)
      || !gsock_tool_requires (given != NULL, given, serves || calls,
                               "tls:", error)
      || !check_together (error))
    return FALSE;
  if (!serves)
    return TRUE;
  if (options.cert == NULL)
    return gsock_refuse (error, _ ("To serve tls: takes a certificate: give "
                                   "--cert=FILE, or --cert=auto to make one"));
  made_auto = g_str_equal (options.cert, GSOCK_TLS_CERT_AUTO);
  g_clear_pointer (&made_for_server, gsock_tls_unref);
  made_for_server = gsock_tls_new (&made, error);
  *tls = made_for_server;
  return *tls != NULL;
}

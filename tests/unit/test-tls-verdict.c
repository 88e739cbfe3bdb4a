/* test-tls-verdict.c: what is wrong with a certificate, each in its sentence
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "../lib/certificates.h"
#include "core/error.h"

#define ANY -1

/* Who signs. */
typedef enum
{
  BY_AUTHORITY,
  BY_STRANGER,
  BY_ITSELF,
  BY_EXPIRED,
} Signer;

typedef struct
{
  const char *name;
  Wish wish;
  Signer signer;
  gboolean is_revoked; /* by a list of its authority's */
  gboolean is_server;  /* and so it is a client's */
  gboolean insecure;
  const char *server_name;
  const char *pin;  /* "its", "another"; NULL: none */
  const char *want; /* with * and ?; NULL: it is trusted */
  int alert;        /* or ANY */
} Row;

#define GOOD .subject = "good", .names = "host.example"

static const Row rows[] = {
  { "good", { GOOD }, .want = NULL },
  { "by-wildcard",
    { .names = "*.b.example" },
    .server_name = "host.b.example",
    .want = NULL },
  { "by-subject", { .subject = "host.example" }, .want = NULL },
  { "other-name",
    { .names = "old.example" },
    .want = "The certificate of host.example:443 is for old.example, not for "
            "'host.example' (expires *); to trust exactly it: --pin=sha256:*",
    .alert = GNUTLS_A_BAD_CERTIFICATE },
  { "no-name",
    { .subject = NULL },
    .want = "The certificate of host.example:443 is for ?, not for "
            "'host.example' (expires *",
    .alert = GNUTLS_A_BAD_CERTIFICATE },
  { "server-name",
    { GOOD },
    .server_name = "old.example",
    .want = "* is for host.example, not for 'old.example' *",
    .alert = GNUTLS_A_BAD_CERTIFICATE },
  { "expired",
    { GOOD, .from = -9, .to = -2 },
    .want = "The certificate of host.example:443 (for host.example) expired on "
            "*; to trust exactly it: --pin=sha256:*",
    .alert = GNUTLS_A_CERTIFICATE_EXPIRED },
  { "not-yet",
    { GOOD, .from = 2, .to = 9 },
    .want = "* is not valid before *; is this machine's clock right?; to "
            "trust exactly it: *",
    .alert = ANY },
  { "self-signed",
    { GOOD },
    .signer = BY_ITSELF,
    .want = "* is signed by nobody but itself; to trust exactly it: --pin=*",
    .alert = GNUTLS_A_UNKNOWN_CA },
  { "stranger",
    { GOOD },
    .signer = BY_STRANGER,
    .want = "* is signed by 'stranger', whom nobody here trusts; its own "
            "certificate can be given with --cacert; *",
    .alert = GNUTLS_A_UNKNOWN_CA },
  { "stranger-client",
    { GOOD },
    .signer = BY_STRANGER,
    .is_server = TRUE,
    .want = "* is signed by 'stranger', * can be given with --client-ca",
    .alert = GNUTLS_A_UNKNOWN_CA },
  { "expired-authority",
    { GOOD },
    .signer = BY_EXPIRED,
    .want = "An authority above the certificate of host.example:443 (for "
            "host.example) has expired, or is not valid yet; *",
    .alert = ANY },
  /* Nobody may pin what its own authority takes back. */
  { "revoked",
    { GOOD },
    .is_revoked = TRUE,
    .want = "The certificate of host.example:443 (for host.example) was "
            "revoked by its authority",
    .alert = GNUTLS_A_CERTIFICATE_REVOKED },
  /* GnuTLS looks one that has expired up in no list. */
  { "revoked-and-expired",
    { GOOD, .from = -9, .to = -2 },
    .is_revoked = TRUE,
    .want = "* expired on *",
    .alert = GNUTLS_A_CERTIFICATE_EXPIRED },
  { "for-clients",
    { GOOD, .purpose = GNUTLS_KP_TLS_WWW_CLIENT },
    .want = "* is not one for servers; to trust exactly it: --pin=*",
    .alert = GNUTLS_A_BAD_CERTIFICATE },
  { "for-servers",
    { GOOD, .purpose = GNUTLS_KP_TLS_WWW_SERVER },
    .is_server = TRUE,
    .want = "* is not one for clients",
    .alert = GNUTLS_A_BAD_CERTIFICATE },
  { "client", { .subject = "ana" }, .is_server = TRUE, .want = NULL },
  { "pin", { .subject = "?" }, BY_ITSELF, .pin = "its", .want = NULL },
  { "pin-expired", { GOOD, .from = -9, .to = -2 }, .pin = "its", .want = NULL },
  { "other-pin",
    { GOOD },
    .pin = "another",
    .want = "The certificate of host.example:443 (for host.example) is not the "
            "pinned one: its pin is sha256:*",
    .alert = GNUTLS_A_BAD_CERTIFICATE },
  { "insecure",
    { .subject = "anybody", .from = -9, .to = -2 },
    BY_ITSELF,
    .insecure = TRUE,
    .want = NULL },
  { "escaped",
    { .subject = "evil\033[2J" },
    .want = "* is for evil\\x1b[2J, not for *",
    .alert = GNUTLS_A_BAD_CERTIFICATE },
};

static Made authority, stranger, expired;
/* What the peer of the session has shown. */
static gnutls_datum_t shown[2];
static guint n_shown;

static const gnutls_datum_t *
get_peers (gnutls_session_t session G_GNUC_UNUSED, unsigned int *n)
{
  *n = n_shown;
  return n_shown > 0 ? shown : NULL;
}

static const Made *
signer_of (const Row *row)
{
  switch (row->signer)
    {
    case BY_AUTHORITY:
      return &authority;
    case BY_STRANGER:
      return &stranger;
    case BY_EXPIRED:
      return &expired;
    case BY_ITSELF:
    default:
      return NULL;
    }
}

/* The authority and the one that has expired are trusted. */
static GsockTlsTrust *
make_trust (const Row *row, const Made *made)
{
  g_autofree char *one = made_pem (&authority);
  g_autofree char *other = made_pem (&expired);
  g_autofree char *list = row->is_revoked ? made_list_pem (&authority, made)
                                          : g_strdup ("");
  g_autofree char *pem = g_strconcat (one, other, list, NULL);
  g_autoptr (GBytes) bytes = g_bytes_new (pem, strlen (pem));
  g_autoptr (GError) error = NULL;
  GsockTlsTrust *trust = gsock_tls_trust_new ("FILE", bytes, &error);

  g_assert_no_error (error);
  return trust;
}

static GPtrArray *
make_pins (const Row *row, const Made *made)
{
  GPtrArray *pins;
  const Made *of = g_strcmp0 (row->pin, "its") == 0 ? made : &stranger;
  gnutls_datum_t der = made_datum (of);
  g_autofree char *pin = gsock_tls_pin_of (der.data, der.size);

  if (row->pin == NULL)
    return NULL;
  pins = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_ptr_array_add (pins, gsock_tls_pin_parse (pin, NULL));
  return pins;
}

static void
check (const Row *row, const GsockTlsSession *session, const GError *error)
{
  if (row->want == NULL)
    {
      g_assert_no_error (error);
      g_assert_cmpint (session->alert, ==, 0);
      return;
    }
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_TLS);
  if (!g_pattern_match_simple (row->want, error->message))
    g_test_fail_printf ("'%s' is not '%s'", error->message, row->want);
  if (row->alert != ANY)
    g_assert_cmpint ((int) session->alert, ==, row->alert);
}

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  Made made = make_certificate (&row->wish, signer_of (row));
  g_autoptr (GsockEndpoint) remote = gsock_endpoint_parse (
      "tls:host.example:443", GSOCK_ENDPOINT_FOR_CLIENT, NULL);
  GsockTlsSnapshot snapshot = {
    .is_server = row->is_server,
    .insecure = row->insecure,
    .trust = make_trust (row, &made),
    .pins = make_pins (row, &made),
    .server_name = (char *) (guintptr) row->server_name,
  };
  GsockTlsSession session = {
    .snapshot = &snapshot,
    .remote = remote,
    .host = (char *) "host.example",
    .under = { .fd = -1 },
  };
  g_autoptr (GError) error = NULL;

  shown[0] = made_datum (&made);
  n_shown = 1;
  if (row->signer == BY_EXPIRED)
    shown[n_shown++] = made_datum (&expired);
  error = gsock_tls_verdict (&session);
  check (row, &session, error);
  gsock_tls_trust_free (snapshot.trust);
  g_clear_pointer (&snapshot.pins, g_ptr_array_unref);
  made_clear (&made);
}

/* Who shows nothing, or garbage. */
static void
test_unreadable (void)
{
  static guchar garbage[] = "no certificate";
  GsockTlsSnapshot snapshot = { .is_server = FALSE };
  GsockTlsSession session = { .snapshot = &snapshot, .under = { .fd = -1 } };

  shown[0] = (gnutls_datum_t) { garbage, sizeof garbage };
  for (n_shown = 0; n_shown < 2; n_shown++)
    {
      g_autoptr (GError) error = gsock_tls_verdict (&session);

      g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_TLS);
      g_assert_nonnull (strstr (error->message, "can't be read"));
    }
}

int
main (int argc, char **argv)
{
  const Wish wishes[] = {
    { .subject = "authority", .is_authority = TRUE },
    { .subject = "stranger", .is_authority = TRUE },
    { .subject = "old", .is_authority = TRUE, .from = -9, .to = -2 },
  };
  int status;

  g_test_init (&argc, &argv, NULL);
  authority = make_certificate (&wishes[0], NULL);
  stranger = make_certificate (&wishes[1], NULL);
  expired = make_certificate (&wishes[2], NULL);
  gnutls.certificate_get_peers = get_peers;
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/tls-verdict/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], test_row);
    }
  g_test_add_func ("/tls-verdict/unreadable", test_unreadable);
  status = g_test_run ();
  made_clear (&authority);
  made_clear (&stranger);
  made_clear (&expired);
  return status;
}

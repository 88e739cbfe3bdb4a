/* test-tls-certificate.c: pins, names and dates in certificates; one of our own
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "../lib/certificates.h"
#include "../lib/events.h"
#include "core/error.h"

#define HALF "00112233445566778899aabbccddeeff"
#define HEX HALF "0f1e2d3c4b5a69788796a5b4c3d2e1f0"

/* %NULL: it is none. */
static const struct
{
  const char *text, *hex;
} pins[] = {
  { "sha256:" HEX, HEX },
  { "SHA256:" HEX, HEX },
  { "sha256:00112233445566778899AABBCCDDEEFF"
    "0F1E2D3C4B5A69788796A5B4C3D2E1F0",
    HEX },
  { "sha256:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff:"
    "0f:1e:2d:3c:4b:5a:69:78:87:96:a5:b4:c3:d2:e1:f0",
    HEX },
  { "sha256:0011:2233445566778899aabbccddeeff"
    "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    HEX },
  { HEX, NULL },
  { "", NULL },
  { "sha256", NULL },
  { "sha256:", NULL },
  { "sha256:" HALF, NULL },
  { "sha256:" HEX "00", NULL },
  { "sha256:" HEX ":", NULL },
  { "sha256::" HEX, NULL },
  { "sha256:0011223344556677 8899aabbccddeeff" HALF, NULL },
  { "sha256:" HALF "0f1e2d3c4b5a69788796a5b4c3d2e1f", NULL },
  { "sha256:" HALF "0f1e2d3c4b5a69788796a5b4c3d2e1fg", NULL },
  { "sha1:" HEX, NULL },
};

static void
test_pins (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (pins); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) pin = gsock_tls_pin_parse (pins[i].text, &error);
      GString *hex = g_string_new (NULL);
      const guint8 *bytes;
      gsize size = 0;

      if (pin == NULL)
        g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
      else
        g_assert_no_error (error);
      g_assert_cmpint (pin != NULL, ==, pins[i].hex != NULL);
      bytes = pin != NULL ? g_bytes_get_data (pin, &size) : NULL;
      for (gsize j = 0; j < size; j++)
        g_string_append_printf (hex, "%02x", bytes[j]);
      g_assert_cmpstr (hex->str, ==, pins[i].hex != NULL ? pins[i].hex : "");
      g_string_free (hex, TRUE);
    }
}

/* Of nothing, as everybody has it. */
static void
test_pin_of (void)
{
  g_autofree char *pin = gsock_tls_pin_of ("", 0);

  g_assert_cmpstr (pin, ==,
                   "sha256:e3b0c44298fc1c149afbf4c8996fb924"
                   "27ae41e4649b934ca495991b7852b855");
}

static const struct
{
  Wish wish;
  const char *shown;
} named[] = {
  { { .subject = "one" }, "one" },
  { { .subject = "one", .names = "two.example" }, "two.example" },
  { { .names = "two.example,192.0.2.7,2001:db8::7" },
    "two.example, 192.0.2.7, 2001:db8::7" },
  { { .names = "*.example" }, "*.example" },
  { { .names = "a,b,c,d,e" }, "a, b, c, d, e" },
  { { .names = "a,b,c,d,e,f,g" }, "a, b, c, d, e… (+2)" },
  { { .subject = NULL }, "" },
  { { .subject = "evil\033[2J" }, "evil\\x1b[2J" },
};

static void
test_names (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (named); i++)
    {
      Made made = make_certificate (&named[i].wish, NULL);
      gnutls_datum_t der = made_datum (&made);
      g_autofree char *names = gsock_tls_names (made.certificate);
      g_autofree char *again = gsock_tls_names_of (&der);

      g_assert_cmpstr (names, ==, named[i].shown);
      g_assert_cmpstr (again, ==, named[i].shown);
      made_clear (&made);
    }
}

/* What is no certificate has no names. */
static void
test_garbage (void)
{
  guchar bytes[] = "no certificate";
  gnutls_datum_t der = { bytes, sizeof bytes };
  gnutls_datum_t empty = { bytes, 0 };
  g_autofree char *names = NULL;
  g_autofree char *none = NULL;

  g_assert_true (gsock_gnutls_load (NULL));
  names = gsock_tls_names_of (&der);
  none = gsock_tls_names_of (&empty);
  g_assert_cmpstr (names, ==, "");
  g_assert_cmpstr (none, ==, "");
}

static void
test_dates (void)
{
  static const struct
  {
    gint64 when;
    const char *date;
  } dates[] = {
    { 0, "1970-01-01" },          { 951782400, "2000-02-29" },
    { 1803945599, "2027-03-01" }, { 4102444800, "2100-01-01" },
    { G_MAXINT64, "?" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (dates); i++)
    {
      g_autofree char *date = NULL;

      if ((gint64) (time_t) dates[i].when != dates[i].when)
        continue;
      date = gsock_tls_date ((time_t) dates[i].when);
      g_assert_cmpstr (date, ==, dates[i].date);
    }
}

/* Ours, which no client will take any more. */
static void
test_warns (void)
{
  const Wish expired = { .subject = "ours", .from = -9, .to = -1 };
  const Wish valid = { .subject = "ours" };
  Made made = make_certificate (&expired, NULL);
  g_autofree char *told = NULL;
  g_autofree char *quiet = NULL;

  listen_to_events (FALSE);
  gsock_tls_warn_of_time (made.certificate);
  told = stop_listening ();
  assert_contains (told, "Our own certificate, for ours, expired on");
  made_clear (&made);

  made = make_certificate (&valid, NULL);
  listen_to_events (FALSE);
  gsock_tls_warn_of_time (made.certificate);
  quiet = stop_listening ();
  g_assert_cmpstr (quiet, ==, "");
  made_clear (&made);
}

/* Made for a run: its own each time, and it stays when files are read again. */
static void
test_auto (void)
{
  const GsockTlsOptions options = { .is_server = TRUE,
                                    .cert = GSOCK_TLS_CERT_AUTO };
  g_autoptr (GError) error = NULL;
  g_autoptr (GsockTls) one = NULL;
  g_autoptr (GsockTls) other = NULL;
  g_autofree char *told = NULL;
  g_autofree char *pin = NULL;
  g_autofree char *later = NULL;
  g_autofree char *another = NULL;

  listen_to_events (FALSE);
  one = gsock_tls_new (&options, &error);
  g_assert_no_error (error);
  told = stop_listening ();
  other = gsock_tls_new (&options, &error);
  g_assert_no_error (error);
  pin = gsock_tls_dup_pin (one);
  another = gsock_tls_dup_pin (other);
  assert_contains (told, pin);
  g_assert_cmpstr (pin, !=, another);
  g_assert_true (gsock_tls_reload (one, &error));
  later = gsock_tls_dup_pin (one);
  g_assert_cmpstr (later, ==, pin);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tls-certificate/pins", test_pins);
  g_test_add_func ("/tls-certificate/pin-of", test_pin_of);
  g_test_add_func ("/tls-certificate/names", test_names);
  g_test_add_func ("/tls-certificate/garbage", test_garbage);
  g_test_add_func ("/tls-certificate/dates", test_dates);
  g_test_add_func ("/tls-certificate/warns", test_warns);
  g_test_add_func ("/tls-certificate/auto", test_auto);
  return g_test_run ();
}

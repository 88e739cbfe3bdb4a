/* fuzz-hsts.c: Strict-Transport-Security, and the file that keeps it
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <unistd.h>

#include "fuzz.h"
#include "http/hsts.h"
#include "http/redirect.h"

#define NOW 1800000000

static void
take_field (const char *field, GUri *secure, GUri *clear)
{
  g_autoptr (GsockHsts) hsts = gsock_hsts_new ();
  g_autoptr (GUri) upgraded = NULL;

  g_assert_false (gsock_hsts_note (hsts, clear, field, NOW));
  (void) gsock_hsts_note (hsts, secure, field, NOW);
  upgraded = gsock_hsts_upgrade (hsts, clear, NOW);
  g_assert_cmpint (upgraded != NULL, ==, gsock_hsts_count (hsts) == 1);
}

/* What was read can be written, once there is news of a host, and says the same
 * when it is read again. */
static void
write_again (GsockHsts *hsts, GUri *clear)
{
  g_autoptr (GUri)
      other = g_uri_parse ("https://z.example/", GSOCK_URL_FLAGS, NULL);
  g_autofree char *path = fuzz_new_path ("hsts");
  g_autoptr (GsockHsts) again = gsock_hsts_new ();
  g_autoptr (GUri) first = NULL;
  g_autoptr (GUri) second = NULL;
  g_autoptr (GError) error = NULL;

  if (!gsock_hsts_note (hsts, other, "max-age=1000", NOW))
    return; /* it knows as many as it may */
  first = gsock_hsts_upgrade (hsts, clear, NOW);
  if (!gsock_hsts_save (hsts, path, NOW, &error)
      || !gsock_hsts_load (again, path, &error))
    g_error ("%s", error->message);
  (void) unlink (path);
  second = gsock_hsts_upgrade (again, clear, NOW);
  g_assert_cmpint (first != NULL, ==, second != NULL);
  g_assert_cmpuint (gsock_hsts_count (again), <=, gsock_hsts_count (hsts));
}

static void
take_file (const char *text, GUri *clear)
{
  g_autoptr (GsockHsts) hsts = gsock_hsts_new ();
  g_autoptr (GError) error = NULL;
  FuzzFile file;
  gboolean loaded;

  fuzz_file_init (&file, text, strlen (text));
  loaded = gsock_hsts_load (hsts, file.path, &error);
  fuzz_file_clear (&file);
  if (loaded)
    write_again (hsts, clear);
  else
    g_assert_true (fuzz_is_clean (error->message));
}

/* The first line is a field, the others are a file. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *field = fuzz_text (data, size);
  char *rest = strchr (field, '\n');
  g_autoptr (GUri)
      secure = g_uri_parse ("https://h.example/", GSOCK_URL_FLAGS, NULL);
  g_autoptr (GUri)
      clear = g_uri_parse ("http://h.example/", GSOCK_URL_FLAGS, NULL);

  if (rest != NULL)
    *rest++ = '\0';
  take_field (field, secure, clear);
  if (rest != NULL)
    take_file (rest, clear);
  return 0;
}

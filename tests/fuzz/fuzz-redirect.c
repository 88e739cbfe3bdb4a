/* fuzz-redirect.c: Location fields, and the names of files
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fuzz.h"
#include "http/filename.h"
#include "http/redirect.h"

/* What is followed is http or https, names a host, and breaks no line. */
static void
check (GUri *url, const GsockRedirect *next)
{
  g_autofree char *text = g_uri_to_string (next->url);
  gboolean secure = g_str_has_prefix (text, "https://");

  g_assert_true (secure
                 || (g_str_has_prefix (text, "http://")
                     && strcmp (g_uri_get_scheme (url), "http") == 0));
  g_assert_true (*g_uri_get_host (next->url) != '\0');
  g_assert_true (fuzz_is_clean (text) && strchr (text, ' ') == NULL);
  g_assert_null (g_uri_get_userinfo (next->url));
}

/* A line is a Location; they come one after the other, to a limit. */
static void
follow (const char *from, const char *method, gboolean has_body, guint status,
        const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", 20);
  g_auto (GsockRedirects) chain = { 0 };
  g_autoptr (GUri) url = g_uri_parse (from, GSOCK_URL_FLAGS, NULL);

  g_assert_true (gsock_redirect_is (status));
  gsock_redirects_init (&chain, 5);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GsockRedirect) next = { 0 };
      g_autoptr (GError) error = NULL;

      if (!gsock_redirects_next (&chain, url, method, has_body, status,
                                 lines[i], &next, &error))
        {
          g_assert_true (fuzz_is_clean (error->message));
          continue;
        }
      check (url, &next);
      g_assert_false (has_body && !next.drop_body && next.foreign);
      method = next.method;
      has_body = has_body && !next.drop_body;
      g_uri_unref (url);
      url = g_steal_pointer (&next.url);
      if (i == 3)
        gsock_redirects_forget (&chain);
    }
}

static void
name (const char *path)
{
  g_autofree char *name = gsock_filename_from_path (path, NULL);
  g_autofree char *part = NULL;
  g_autofree char *info = NULL;

  if (name == NULL)
    return;
  part = gsock_filename_part (name);
  info = gsock_filename_info (name);
  g_assert_true (fuzz_is_clean (name) && strchr (name, '/') == NULL);
  g_assert_true (*name != '.' && strlen (name) <= GSOCK_FILENAME_MAX);
  g_assert_cmpuint (strlen (part), <=, GSOCK_FILENAME_MAX);
  g_assert_cmpuint (strlen (info), <=, GSOCK_FILENAME_MAX);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = fuzz_text (data, size);

  follow ("https://h.example/a", "GET", FALSE, 302, text);
  follow ("http://h.example/a", "POST", TRUE, 301, text);
  follow ("http://h.example/a", "POST", TRUE, 303, text);
  follow ("http://h.example/a", "POST", TRUE, 307, text);
  follow ("http://h.example/a", "HEAD", FALSE, 303, text);
  name (text);
  return 0;
}

/* filename.c: a file's name out of a URL, and the names beside it
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "http/filename.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"

#define PART ".part"
#define INFO ".part.info"
#define DIGEST_SIZE 16 /* hexadecimal digits of it in a name */

/* Whether all of it may stand in a terminal and a listing as it is: no control
 * character, no bytes that are no UTF-8.  A backslash is a character. */
static gboolean
is_plain_text (const char *name, gsize size)
{
  g_autoptr (GString) escaped = g_string_new (NULL);

  gsock_escape_append_message (escaped, name, size, TRUE);
  return escaped->len == size && memcmp (escaped->str, name, size) == 0
         && memchr (name, '\t', size) == NULL
         && memchr (name, '\n', size) == NULL;
}

/* NULL: nothing. */
static const char *
find_fault (const char *name, gsize size)
{
  if (size == 0)
    return N_ ("it ends in no name");
  if (memchr (name, '\0', size) != NULL)
    return N_ ("its last part has a NUL");
  if (memchr (name, '/', size) != NULL)
    return N_ ("its last part has a slash, written %2F");
  if (*name == '.')
    return N_ ("its last part begins with a dot");
  if (!is_plain_text (name, size))
    return N_ ("its last part has a control character, or is no UTF-8");
  if (size > GSOCK_FILENAME_MAX)
    return N_ ("its last part is longer than 255 bytes");
  return NULL;
}

/**
 * gsock_filename_from_path:
 * @path: a URL's path, as g_uri_get_path gives it with G_URI_FLAGS_ENCODED
 * @error: %GSOCK_ERROR_USAGE: a whole sentence, with the way out
 *
 * A server has no part in the name: it is of the URL that was asked for, not
 * of one it led to, and no header field counts.
 *
 * Returns: (transfer full) (nullable): a name that is one entry of a directory,
 *   neither hidden nor unprintable
 */
char *
gsock_filename_from_path (const char *path, GError **error)
{
  const char *slash = strrchr (path, '/');
  const char *last = slash != NULL ? slash + 1 : path;
  g_autoptr (GBytes) name = g_uri_unescape_bytes (last, -1, NULL, NULL);
  g_autofree char *shown = NULL;
  const char *data = NULL;
  const char *fault = N_ ("its last part has a % without two digits");
  gsize size = 0;

  if (name != NULL)
    {
      data = g_bytes_get_data (name, &size);
      fault = find_fault (data, size);
    }
  if (fault == NULL)
    return g_strndup (data, size);

  shown = gsock_escape_brief (path);
  gsock_refuse (error,
                /* TRANSLATORS: -O takes the name from the URL; a path, then
                 * what is wrong with it. */
                _ ("The path '%s' gives no file name: %s; write one with -o"),
                shown, _ (fault));
  return NULL;
}

static char *
beside (const char *path, const char *suffix)
{
  const char *slash = strrchr (path, '/');
  const char *name = slash != NULL ? slash + 1 : path;
  gsize room = GSOCK_FILENAME_MAX - strlen (INFO);
  g_autofree char *digest = NULL;

  /* The longest suffix decides for both. */
  if (strlen (name) <= room)
    return g_strconcat (path, suffix, NULL);

  digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, name, -1);
  room -= DIGEST_SIZE + 1;
  return g_strdup_printf ("%.*s%.*s~%.*s%s", (int) (name - path), path,
                          (int) gsock_escape_fit (name, strlen (name), room),
                          name, DIGEST_SIZE, digest, suffix);
}

/**
 * gsock_filename_part:
 * @path: of a file
 *
 * Returns: (transfer full): where it is while it is not whole
 */
char *
gsock_filename_part (const char *path)
{
  return beside (path, PART);
}

/**
 * gsock_filename_info:
 * @path: of a file
 *
 * Returns: (transfer full): where it is written what the part is a part of
 */
char *
gsock_filename_info (const char *path)
{
  return beside (path, INFO);
}

/* get-input.c: a list of URLs, each with its digest if it has one
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tools/get-input.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"
#include "core/fd.h"

#define DIGITS 64

static gboolean
take_line (char *line, GsockGetInputFunc func, gpointer data, GError **error)
{
  char *url = g_strstrip (line);
  const char *sha256 = NULL;

  if (*url == '\0' || *url == '#')
    return TRUE;
  if (strspn (url, "0123456789abcdefABCDEF") == DIGITS
      && g_ascii_isspace (url[DIGITS]))
    {
      sha256 = url;
      url[DIGITS] = '\0';
      url = g_strchug (url + DIGITS + 1);
      if (*url == '*')
        url++; /* as "sha256sum --binary" marks it */
    }
  return func (url, sha256, data, error);
}

static gboolean
read_lines (FILE *file, const char *shown, GsockGetInputFunc func,
            gpointer data, GError **error)
{
  char *line = NULL;
  size_t size = 0;
  gssize length;
  guint number = 0;
  gboolean done = TRUE;

  while (done && (length = getline (&line, &size, file)) >= 0)
    {
      number++;
      if (strlen (line) < (gsize) length)
        done = gsock_refuse (error, _ ("%s:%u: the line has a NUL byte"), shown,
                             number);
      else if (!take_line (line, func, data, error))
        {
          g_prefix_error (error, "%s:%u: ", shown, number);
          done = FALSE;
        }
    }
  free (line);
  if (done && ferror (file))
    {
      gsock_set_error_errno (error, GSOCK_ERROR_USAGE, errno,
                             _ ("Cannot read %s"), shown);
      done = FALSE;
    }
  return done;
}

/**
 * gsock_get_input_read:
 * @path: a file; "-": standard input
 * @func: gets each URL
 * @data: for @func
 * @error: %GSOCK_ERROR_USAGE, or what @func said, after the line
 *
 * Returns: %TRUE if all of it was read, and taken
 */
gboolean
gsock_get_input_read (const char *path, GsockGetInputFunc func, gpointer data,
                      GError **error)
{
  g_autofree char *shown = gsock_escape (path, -1);
  gboolean is_stdin = strcmp (path, "-") == 0;
  FILE *file = is_stdin ? stdin : fopen (path, "re");
  gboolean done;

  /* Where it was closed /dev/null stands in for it, as if there were nothing to
   * do. */
  if (is_stdin && !gsock_fd_is_readable (STDIN_FILENO))
    {
      gsock_set_error_errno (error, GSOCK_ERROR_USAGE, EBADF,
                             _ ("Cannot read standard input"));
      return FALSE;
    }
  if (file == NULL)
    {
      gsock_set_error_errno (error, GSOCK_ERROR_USAGE, errno,
                             _ ("Cannot read %s"), shown);
      return FALSE;
    }
  done = read_lines (file, shown, func, data, error);
  if (!is_stdin)
    fclose (file);
  return done;
}

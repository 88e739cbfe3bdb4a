/* resolve-names.c: the names to be looked up, of the command line and a file
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tools/resolve-names.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"
#include "core/fd.h"
#include "core/input.h"

struct _GsockResolveNames
{
  char **words;      /* the next */
  int fd;            /* of the file, if it is ours; else -1 */
  GsockInput *input; /* NULL: none, or ended */
  GString *lines;    /* of the input, from @taken on not yet used */
  GString *odd;      /* a line that has a NUL */
  gsize taken;
  guint64 past; /* bytes of the input before @lines */
  guint64 size; /* of the file; 0: it is none */
  GsockResolveNamesFunc func;
  gpointer data;
  GError *error;
};

/* No name has a NUL, which would hide what is behind it: U+FFFD in its place is
 * refused and can be shown. */
static char *
replace_nul (GString *odd, const char *line, gsize size)
{
  g_string_truncate (odd, 0);
  for (gsize i = 0; i < size; i++)
    if (line[i] == '\0')
      g_string_append (odd, "\xef\xbf\xbd");
    else
      g_string_append_c (odd, line[i]);
  return odd->str;
}

/* The next line of the input, ended by a NUL; NULL: none as yet, or none at
 * all.  Empty ones and those that begin with a # are no names. */
static const char *
next_line (GsockResolveNames *names)
{
  for (;;)
    {
      char *line = names->lines->str + names->taken;
      gsize left = names->lines->len - names->taken;
      char *end = memchr (line, '\n', left);

      if (end == NULL && (names->input != NULL || left == 0))
        return NULL;
      if (end == NULL)
        end = line + left;
      names->taken += MIN ((gsize) (end - line) + 1, left);
      if (memchr (line, '\0', (gsize) (end - line)) != NULL)
        line = replace_nul (names->odd, line, (gsize) (end - line));
      else
        *end = '\0';
      g_strstrip (line);
      if (line[0] != '\0' && line[0] != '#')
        return line;
    }
}

/**
 * gsock_resolve_names_next:
 * @names: the names
 *
 * Returns: (transfer none) (nullable): the next one
 */
const char *
gsock_resolve_names_next (GsockResolveNames *names)
{
  const char *name;

  if (*names->words != NULL)
    return *names->words++;
  name = next_line (names);
  if (name != NULL || names->input == NULL)
    return name;
  names->past += names->taken;
  g_string_erase (names->lines, 0, (gssize) names->taken);
  names->taken = 0;
  gsock_input_release (names->input);
  return NULL;
}

/**
 * gsock_resolve_names_are_over:
 * @names: the names
 *
 * Returns: %TRUE if gsock_resolve_names_next() will give none any more
 */
gboolean
gsock_resolve_names_are_over (const GsockResolveNames *names)
{
  return names->input == NULL && *names->words == NULL
         && names->taken == names->lines->len;
}

/**
 * gsock_resolve_names_get_error:
 * @names: the names
 *
 * Returns: (transfer none) (nullable): what went wrong with the file
 */
const GError *
gsock_resolve_names_get_error (const GsockResolveNames *names)
{
  return names->error;
}

/**
 * gsock_resolve_names_get_part:
 * @names: the names
 * @done: (out): bytes of the file
 * @all: (out): bytes of the file
 *
 * Returns: %FALSE if it has no size
 */
gboolean
gsock_resolve_names_get_part (const GsockResolveNames *names, guint64 *done,
                              guint64 *all)
{
  *done = names->past + names->taken;
  *all = names->size;
  return names->size > 0;
}

static void
bytes_cb (const char *data, gsize size, gpointer user_data)
{
  GsockResolveNames *names = user_data;
  GString *lines = names->lines;

  gsock_input_hold (names->input);
  g_string_append_len (lines, data, (gssize) size);
  /* Of a line without an end enough is kept for it to be refused. */
  if (lines->len > GSOCK_RESOLVE_LINE_MAX
      && memchr (lines->str, '\n', lines->len) == NULL)
    {
      names->past += lines->len - GSOCK_RESOLVE_LINE_MAX;
      g_string_truncate (lines, GSOCK_RESOLVE_LINE_MAX);
    }
  names->func (names->data);
}

static void
ended_cb (const GError *error, gpointer user_data)
{
  GsockResolveNames *names = user_data;

  if (error != NULL)
    names->error = g_error_copy (error);
  g_clear_pointer (&names->input, gsock_input_free);
  names->func (names->data);
}

static gboolean
open_input (GsockResolveNames *names, const char *path, GMainContext *context,
            GError **error)
{
  static const GsockInputNotify notify = { bytes_cb, ended_cb };
  g_autofree char *shown = gsock_escape_brief (path);
  gboolean is_stdin = strcmp (path, "-") == 0;
  struct stat status;
  int fd = STDIN_FILENO;

  if (is_stdin && !gsock_fd_is_readable (STDIN_FILENO))
    {
      gsock_set_error_errno (error, GSOCK_ERROR_FAILED, EBADF,
                             _ ("Cannot read standard input"));
      return FALSE;
    }
  if (!is_stdin)
    {
      fd = names->fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
      if (fd < 0)
        {
          gsock_set_error_errno (error, GSOCK_ERROR_FAILED, errno,
                                 /* TRANSLATORS: a file's name */
                                 _ ("Cannot read %s"), shown);
          return FALSE;
        }
    }
  if (fstat (fd, &status) == 0 && S_ISREG (status.st_mode))
    names->size = (guint64) status.st_size;
  names->input = gsock_input_new (fd, &notify, names, context);
  if (!is_stdin)
    gsock_input_set_name (names->input, shown);
  return TRUE;
}

/**
 * gsock_resolve_names_new:
 * @words: names that come first; borrowed
 * @path: (nullable): a file, or "-"
 * @context: where it is read
 * @func: told that there may be another name
 * @data: for @func
 * @error: %GSOCK_ERROR_FAILED
 *
 * Returns: (transfer full) (nullable): the names
 */
GsockResolveNames *
gsock_resolve_names_new (char **words, const char *path, GMainContext *context,
                         GsockResolveNamesFunc func, gpointer data,
                         GError **error)
{
  GsockResolveNames *names = g_new0 (GsockResolveNames, 1);

  names->words = words;
  names->fd = -1;
  names->lines = g_string_new (NULL);
  names->odd = g_string_new (NULL);
  names->func = func;
  names->data = data;
  if (path == NULL || open_input (names, path, context, error))
    return names;
  gsock_resolve_names_free (names);
  return NULL;
}

/**
 * gsock_resolve_names_free:
 * @names: (transfer full): to be freed
 */
void
gsock_resolve_names_free (GsockResolveNames *names)
{
  g_clear_pointer (&names->input, gsock_input_free);
  if (names->fd >= 0)
    gsock_fd_close (names->fd);
  g_string_free (names->lines, TRUE);
  g_string_free (names->odd, TRUE);
  g_clear_error (&names->error);
  g_free (names);
}
